namespace Autonoomi.Marketplace.World;

/// <param name="Bid">Effective bid: after placement percentage and dynamic bidding, per click.</param>
/// <param name="Quality">Expected click rate × relevance over usual; above 0.</param>
internal readonly record struct Bidder(double Bid, double Quality);

/// <summary>One slot of one page view.</summary>
/// <param name="Bidder">Place among the bidders given.</param>
/// <param name="Slot">0 is the best.</param>
/// <param name="Price">Of a click.</param>
internal readonly record struct Award(int Bidder, int Slot, double Price);

/// <param name="QualityPower">α: 0 ranks by bid alone, 1 by expected revenue.</param>
/// <param name="ReserveScore">Scores below it are not shown, and a click costs at least what this score would bid.</param>
/// <param name="SmallestCharge">Of a click, unless the bid itself is lower.</param>
internal readonly record struct AuctionRules(double QualityPower, double ReserveScore, double SmallestCharge = 0)
{
    public double Weight(double quality) => QualityPower == 1 ? quality : Math.Pow(quality, QualityPower);
}

/// <summary>
/// One generalised second-price auction. Score = bid × quality^α; the highest scores take the slots in order; a slot's click costs the lowest bid that
/// would have kept it, (next score) / own quality^α, at least the reserve and never more than the own bid. Equal scores: the earlier bidder is ahead.
/// </summary>
internal static class Auction
{
    public static IReadOnlyList<Award> Run(IReadOnlyList<Bidder> bidders, int slots, AuctionRules rules)
    {
        var ranked = bidders.Select((bidder, place) => (Place: place, Bid: bidder.Bid, Weight: rules.Weight(bidder.Quality)))
            .Select(entry => (entry.Place, entry.Bid, entry.Weight, Score: entry.Bid * entry.Weight))
            .Where(entry => entry.Bid > 0 && entry.Score >= rules.ReserveScore)
            .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Place).ToList();
        return [.. ranked.Take(slots).Select((entry, slot) => new Award(
            entry.Place, slot, PriceOf(entry.Bid, entry.Weight, slot + 1 < ranked.Count ? ranked[slot + 1].Score : 0, rules)))];
    }

    /// <summary>The same for one bidder against rivals of whom only the scores are known; nothing is allocated.</summary>
    /// <param name="bid">Effective bid per click.</param>
    /// <param name="weight">Own quality^α: <see cref="AuctionRules.Weight"/>.</param>
    /// <param name="rivals">Scores, in any order.</param>
    /// <param name="slots">On the page.</param>
    /// <param name="rules">Of this auction.</param>
    /// <returns>Slot, or −1 when not shown, and the price of a click.</returns>
    public static (int Slot, double Price) Against(double bid, double weight, ReadOnlySpan<double> rivals, int slots, AuctionRules rules)
    {
        var score = bid * weight;
        if (bid <= 0 || score < rules.ReserveScore) return (-1, 0);
        var above = 0;
        var next = 0d;
        foreach (var rival in rivals)
        {
            if (rival > score) above++;
            else if (rival > next) next = rival;
        }

        return above < slots ? (above, PriceOf(bid, weight, next, rules)) : (-1, 0);
    }

    private static double PriceOf(double bid, double weight, double nextScore, AuctionRules rules) =>
        Math.Min(bid, Math.Max(Math.Max(nextScore, rules.ReserveScore) / weight, rules.SmallestCharge));
}

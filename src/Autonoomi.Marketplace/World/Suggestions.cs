using Autonoomi.Core.Advertising;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace;

namespace Autonoomi.Marketplace.World;

/// <summary>What Amazon suggests to bid for one target: low, middle and high of recent winning bids. Per click, in the marketplace's currency and step.</summary>
public sealed record BidSuggestion(long TargetId, decimal Low, decimal Median, decimal High);

/// <summary>Rivals of one search on one day.</summary>
/// <param name="Count">Present.</param>
/// <param name="Median">Of their scores.</param>
internal readonly record struct RivalField(int Count, double Median);

/// <summary>
/// Suggested bids: quartiles of the bids that won a slot at the top of a target's searches today, weighted by the searches' volume, told with an error
/// of 15 % that changes every week. Of a target's searches only the twelve most frequent count.
/// </summary>
internal sealed class Suggestions(Dice dice, Market market, AdAccount ads, MarketplaceLimits limits, double spread)
{
    private const double Noise = 0.15;
    private const int Searches = 12;
    private const int TopSlots = 4;
    private static readonly double[] Points = [0.125, 0.375, 0.625, 0.875];

    private readonly Dictionary<(long Target, int Product), Query[]> frequent = [];
    private readonly Dictionary<int, double[]> winners = [];

    /// <param name="matches">Searches that a target reaches for a product.</param>
    /// <param name="rivals">Of a search today.</param>
    /// <param name="day">Today, since the first day.</param>
    /// <param name="wanted">Whom it is asked about; enabled ones are answered.</param>
    /// <returns>In the order asked; none for a target that reaches nothing.</returns>
    public List<BidSuggestion> Of(IEnumerable<WorldTarget> wanted, Func<WorldTarget, Product, int[]> matches, Func<Query, RivalField> rivals, int day)
    {
        var products = market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        var advertised = ads.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroupId, ad => products[ad.Sku]);
        var wins = new List<(double Bid, double Weight)>();
        var found = new List<BidSuggestion>();
        foreach (var target in wanted.Where(target => target.State == EntityState.Enabled))
        {
            wins.Clear();
            foreach (var product in advertised[target.AdGroupId])
            {
                foreach (var query in Frequent(target, product, matches).Where(query => query.BornOn <= day)) AddWins(wins, query, rivals(query));
            }

            if (wins.Count == 0) continue;
            wins.Sort(static (one, other) => one.Bid.CompareTo(other.Bid));
            var error = dice.LogNormal(Noise, Draw.Suggested, target.Id, Math.DivRem(day, 7).Quotient);
            found.Add(new BidSuggestion(target.Id, Round(At(wins, 0.25) * error), Round(At(wins, 0.5) * error), Round(At(wins, 0.75) * error)));
        }

        return found;
    }

    private Query[] Frequent(WorldTarget target, Product product, Func<WorldTarget, Product, int[]> matches)
    {
        var key = (target.Id, product.Index);
        if (!frequent.TryGetValue(key, out var found))
        {
            frequent[key] = found = [.. matches(target, product).Select(index => market.Queries[index]).OrderByDescending(query => query.Volume).Take(Searches)];
        }

        return found;
    }

    private void AddWins(List<(double Bid, double Weight)> wins, Query query, RivalField rivals)
    {
        foreach (var winner in Winners(rivals.Count)) wins.Add((rivals.Median * winner, query.Volume));
    }

    // Scores over the median. The best of the rivals win: those above the quantile at which as many are left as there are slots.
    private double[] Winners(int count)
    {
        if (winners.TryGetValue(count, out var known)) return known;
        var losers = Math.Max(0, 1 - (TopSlots / (double)Math.Max(1, count)));
        return winners[count] = [.. Points.Select(point => Math.Exp(spread * Quantile(losers + ((1 - losers) * point))))];
    }

    private static double At(List<(double Bid, double Weight)> wins, double share)
    {
        var wanted = share * wins.Sum(win => win.Weight);
        var sum = 0d;
        foreach (var (bid, weight) in wins)
        {
            sum += weight;
            if (sum >= wanted) return bid;
        }

        return wins[^1].Bid;
    }

    private decimal Round(double bid) => Math.Clamp(decimal.Round((decimal)bid / limits.BidStep) * limits.BidStep, limits.MinimumBid, limits.MaximumBid);

    // Logistic approximation to the normal quantile: off by less than 0.1, far below the error that is added anyway.
    private static double Quantile(double uniform) => Math.Log(uniform / (1 - uniform)) / 1.702;
}

using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>One page view on which our ad was shown.</summary>
/// <param name="Minute">Within the hour.</param>
/// <param name="Pair">Product and query.</param>
/// <param name="Cell">Placement.</param>
/// <param name="Number">Counts the cell's views of the hour.</param>
/// <param name="ClickRate">Of the slot, relevance applied.</param>
/// <param name="Price">Of a click.</param>
/// <param name="IsClicked">Whether this shopper clicks.</param>
internal readonly record struct Showing(int Minute, Pair Pair, Cell Cell, int Number, double ClickRate, double Price, bool IsClicked);

/// <summary>
/// Plays every page view as an auction against rivals drawn for it. The draws belong to query, product, placement, hour and view, so every policy meets the same.
/// What the landscapes tell in the mean, this tells one by one.
/// </summary>
internal sealed class AuctionHouse(Dice dice, Market market, Reactions reactions)
{
    private readonly List<Showing> views = [];
    private double[] scores = new double[32];

    /// <param name="live">Pairs with ads.</param>
    /// <param name="today">The day.</param>
    /// <param name="regime">Part of the day.</param>
    /// <param name="time">Hour since the world began: key of the draws.</param>
    /// <param name="share">The hour's share of the day.</param>
    /// <returns>Views on which an ad of ours was shown, in the order of their minutes; valid until the next call.</returns>
    public List<Showing> Play(List<Pair> live, MarketDay today, int regime, long time, double share)
    {
        views.Clear();
        foreach (var pair in live)
        {
            var visitors = today.Demand[pair.Query.Type] * today.Offered[pair.Product] * share;
            if (visitors <= 0) continue;
            foreach (var cell in pair.Cells)
            {
                if (cell.Line is not null) Play(pair, cell, dice.Poisson(cell.Views * visitors, Draw.Auction, cell.Key, time), today.Day, regime, time);
            }
        }

        views.Sort(static (one, other) => (one.Minute, one.Cell.Key, one.Number).CompareTo((other.Minute, other.Cell.Key, other.Number)));
        return views;
    }

    private void Play(Pair pair, Cell cell, int count, int day, int regime, long time)
    {
        if (count == 0) return;
        var query = pair.Query;
        var median = query.RivalMedian * Math.Exp(market.Rivals.LogLevel(query, day));
        var rivals = market.Rivals.Count(query, day, regime);
        var parameters = market.Parameters;
        var raised = Math.Pow(1 + parameters.ReactionStep, reactions.StepOf(query));
        var slots = Landscape.SlotsOf((Placement)cell.Placement);
        var rules = new AuctionRules(parameters.QualityPower, Landscape.Reserve * median, market.SmallestCharge);
        if (scores.Length < rivals) scores = new double[rivals];
        for (var view = 0; view < count; view++)
        {
            for (var rival = 0; rival < rivals; rival++)
            {
                // The bits that the score does not use tell whether this rival reacts.
                var bits = dice.Bits(Draw.Auction, cell.Key, time, ((view + 1L) * 64) + rival);
                var isRaised = raised > 1 && (bits & 2047) < parameters.ReactingShare * 2048;
                scores[rival] = median * Math.Exp(market.Rivals.Spread * Dice.Quantile(Dice.ToUnit(bits))) * (isRaised ? raised : 1);
            }

            var (slot, price) = Auction.Against(cell.Bid, pair.Quality, scores.AsSpan(0, rivals), slots.Length, rules);
            if (slot < 0) continue;
            var rate = slots[slot] * pair.Relevance;
            var luck = dice.Uniform(Draw.Clicks, cell.Key, time, view);
            var minute = dice.Pick(60, Draw.ClickMinute, cell.Key, time, view);
            views.Add(new Showing(minute, pair, cell, view, rate, price, luck < rate));
        }
    }
}

namespace Autonoomi.Marketplace.World;

/// <summary>
/// The relaxed oracle O1: knows every parameter and sets an effective bid for every product, query, placement and part of the day on its own, without
/// campaigns, steps or daily budgets; only the seller's monthly budget couples, through one price. See docs/maths/market.md.
/// </summary>
internal sealed class Oracle(Market market, Season season)
{
    /// <param name="day">Day number since the first.</param>
    /// <param name="served">Share of the day's shoppers a product could have served, by part of the day (stock as it was).</param>
    /// <param name="price">Price of a unit of budget, 0 when it does not bind.</param>
    /// <returns>Expected profit and spend of the oracle at that price.</returns>
    public (double Profit, double Spend) Day(int day, double[,] served, double price)
    {
        var demand = season.Demand(day);
        var logRivals = season.LogRivals(day);
        var lagrangian = 0d;
        var spend = 0d;
        foreach (var pair in market.Pairs)
        {
            var query = pair.Query;
            if (query.BornOn > day) continue;
            var quality = Math.Exp(pair.LogQuality);
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                var shoppers = served[pair.Product, regime] * demand[query.Type] * (1 - Market.InvalidShare);
                if (shoppers <= 0) continue;
                var unit = query.RivalMedian * Math.Exp(logRivals[query.Type]) * Season.RivalLevel[regime] / quality;
                foreach (var cell in pair.Cells)
                {
                    var value = market.ClickValue(pair, cell.Placement, regime) / (unit * (1 + price));
                    var (profit, cost) = market.LandscapeOf(cell.Placement, query).Best(value);
                    var scale = shoppers * cell.Views * pair.Relevance * unit;
                    lagrangian += scale * (1 + price) * profit;
                    spend += scale * cost;
                }
            }
        }

        return (lagrangian + (price * spend), spend);
    }

    /// <summary>What a policy that bids <paramref name="share"/> of every click's true value would expect; a yardstick for the oracle itself.</summary>
    public (double Profit, double Spend) Shaded(int day, double[,] served, double share)
    {
        var demand = season.Demand(day);
        var logRivals = season.LogRivals(day);
        var profit = 0d;
        var spend = 0d;
        foreach (var pair in market.Pairs)
        {
            if (pair.Query.BornOn > day) continue;
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                var shoppers = served[pair.Product, regime] * demand[pair.Query.Type] * (1 - Market.InvalidShare);
                var median = pair.Query.RivalMedian * Math.Exp(logRivals[pair.Query.Type]) * Season.RivalLevel[regime];
                foreach (var cell in pair.Cells)
                {
                    var value = market.ClickValue(pair, cell.Placement, regime);
                    if (value <= 0) continue;
                    var (_, clicks, cost) = market.LandscapeOf(cell.Placement, pair.Query).At(Math.Log(share * value / median) + pair.LogQuality);
                    var scale = shoppers * cell.Views * pair.Relevance;
                    var paid = scale * cost * median / Math.Exp(pair.LogQuality);
                    spend += paid;
                    profit += (scale * clicks * value) - paid;
                }
            }
        }

        return (profit, spend);
    }
}

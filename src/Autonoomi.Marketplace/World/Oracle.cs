namespace Autonoomi.Marketplace.World;

/// <summary>What an oracle pursues with every click: so much for its contribution, so much for its sales, less so much for its price.</summary>
/// <param name="Profit">Weight of the contribution before ads.</param>
/// <param name="Sales">Weight of the sales.</param>
/// <param name="Cost">Weight of the price paid; above 0.</param>
internal readonly record struct Aim(double Profit, double Sales, double Cost)
{
    /// <summary>True counts of an order only what would not have come without the ad.</summary>
    public bool Incremental { get; init; }

    /// <summary>Price of a unit of stock by product, in the market's currency; null when shelves are full.</summary>
    public IReadOnlyList<double>? UnitPrices { get; init; }

    /// <summary>Contribution after ads when a unit of money costs <paramref name="price"/> more than its face.</summary>
    public static Aim Earn(double price) => new(1, 0, 1 + price);
}

/// <summary>Expected figures of one day or span.</summary>
/// <param name="Profit">Contribution less cost of clicks.</param>
/// <param name="Sales">Sales that the clicks lead to.</param>
/// <param name="Spend">Cost of clicks.</param>
/// <param name="Objective">What the aim counts.</param>
internal readonly record struct Expected(double Profit, double Sales, double Spend, double Objective)
{
    public static Expected operator +(Expected one, Expected other) =>
        new(one.Profit + other.Profit, one.Sales + other.Sales, one.Spend + other.Spend, one.Objective + other.Objective);
}

/// <summary>
/// The relaxed oracle O1: knows every parameter and sets an effective bid for every product, query, placement and part of the day on its own, without
/// campaigns, steps, rounding or daily budgets. What couples days or products (money, ACoS, stock) comes in as prices. See docs/maths/oracles.md.
/// </summary>
internal sealed class Oracle(Market market, Season season)
{
    // Rivals may fall, conversion rise and prices change later; what could not earn even then is left out from the start.
    private const double Headroom = 5;

    private Seat[]? seats;

    /// <param name="day">Day number since the first.</param>
    /// <param name="served">Share of the day's shoppers a product could have served, by part of the day.</param>
    /// <param name="price">Price of a unit of budget, 0 when it does not bind.</param>
    /// <returns>Expected profit and spend of the oracle at that price.</returns>
    public (double Profit, double Spend) Day(int day, double[,] served, double price)
    {
        var found = Day(day, served, Aim.Earn(price));
        return (found.Profit, found.Spend);
    }

    /// <param name="day">Day number since the first.</param>
    /// <param name="served">Share of the day's shoppers a product could have served, by part of the day.</param>
    /// <param name="aim">What is sought.</param>
    /// <param name="orders">When given, the expected orders by advertised product are added to it.</param>
    public Expected Day(int day, double[,] served, Aim aim, double[]? orders = null) =>
        Sum(day, served, aim, orders, static (best, worth, _) => best.At(worth));

    /// <summary>What a policy that bids <paramref name="share"/> of every click's true value would expect; a yardstick for the oracle itself.</summary>
    public (double Profit, double Spend) Shaded(int day, double[,] served, double share)
    {
        var found = Sum(day, served, Aim.Earn(0), null, (_, worth, landscape) =>
        {
            var (_, clicks, cost) = landscape.At(Math.Log(share * worth));
            return (clicks, cost);
        });
        return (found.Profit, found.Spend);
    }

    private Expected Sum(int day, double[,] served, Aim aim, double[]? orders, Func<BestBids, double, Landscape, (double Clicks, double Cost)> choose)
    {
        var demand = season.Demand(day);
        var logRivals = season.LogRivals(day);
        var perOrder = market.Products.Select(product => PerOrder(product.Index, aim)).ToArray();
        var sum = default(Expected);
        foreach (ref readonly var seat in Seats().AsSpan())
        {
            if (seat.Query.BornOn > day) continue;
            var (worth, contribution, sales) = perOrder[seat.Product];
            var kept = Shop.KeptShare * (aim.Incremental ? 1 - Simulation.CannibalShare(seat.Query) : 1);
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                var shoppers = served[seat.Product, regime] * demand[seat.Query.Type] * (1 - Market.InvalidShare);
                if (shoppers <= 0) continue;
                var unit = seat.RivalMedian * Math.Exp(logRivals[seat.Query.Type]) * Season.RivalLevel[regime];
                var chance = Math.Min(0.6, seat.Chance * Season.Readiness[regime]);
                var (clicks, cost) = choose(seat.Best, chance * kept * worth / (aim.Cost * unit), seat.Landscape);
                if (clicks <= 0) continue;
                clicks *= shoppers * seat.Views;
                cost *= shoppers * seat.Views * unit;
                var bought = clicks * chance;
                sum += new Expected((bought * kept * contribution) - cost, bought * kept * sales, cost, (bought * kept * worth) - (aim.Cost * cost));
                if (orders is not null) orders[seat.Product] += bought;
            }
        }

        return sum;
    }

    private (double Worth, double Contribution, double Sales) PerOrder(int product, Aim aim)
    {
        const double UnitsPerOrder = 1 / (1 - Product.OneMoreUnit);
        var contribution = market.OverOrders(product, static sold => sold.OrderContribution);
        var sales = market.OverOrders(product, static sold => UnitsPerOrder * (double)sold.Price);
        var stock = aim.UnitPrices is { } prices ? market.OverOrders(product, sold => UnitsPerOrder * prices[sold.Index]) : 0;
        return ((aim.Profit * contribution) + (aim.Sales * sales) - stock, contribution, sales);
    }

    // Every product before every query, whether or not a target of today would match: tomorrow's might.
    private Seat[] Seats()
    {
        if (seats is not null) return seats;
        var best = new Dictionary<Landscape, BestBids>();
        var found = new List<Seat>();
        foreach (var product in market.Products)
        {
            var value = market.OverOrders(product.Index, static sold => sold.OrderContribution);
            foreach (var query in market.Queries)
            {
                var (conversion, relevance) = market.Rates(product, query);
                var unit = query.RivalMedian / market.QualityOf(relevance);
                foreach (var (placement, views) in Market.ViewsOf(query))
                {
                    var landscape = market.LandscapeOf(placement, query);
                    if (!best.TryGetValue(landscape, out var bids)) best[landscape] = bids = new BestBids(landscape);
                    var chance = conversion * Market.PlacementConversion[placement];
                    if (chance * value * Headroom < bids.Lowest * unit) continue;
                    found.Add(new Seat(product.Index, query, views * relevance, unit, chance, landscape, bids));
                }
            }
        }

        return seats = [.. found];
    }

    /// <param name="Product">Whose ad.</param>
    /// <param name="Query">Before which search or page.</param>
    /// <param name="Views">A day at average demand, times relevance.</param>
    /// <param name="RivalMedian">In own bids: the rivals' median over own quality, on the first day.</param>
    /// <param name="Chance">Of an order after a click, before the hour.</param>
    /// <param name="Landscape">What bids buy here.</param>
    /// <param name="Best">The bids worth making.</param>
    private readonly record struct Seat(int Product, Query Query, double Views, double RivalMedian, double Chance, Landscape Landscape, BestBids Best);
}

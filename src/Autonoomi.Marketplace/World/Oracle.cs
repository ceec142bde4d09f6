using System.Runtime.InteropServices;

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
/// <param name="Units">Units of the advertised product that the shelf loses through the ads.</param>
internal readonly record struct Expected(double Profit, double Sales, double Spend, double Objective, double Units)
{
    public static Expected operator +(Expected one, Expected other) =>
        new(one.Profit + other.Profit, one.Sales + other.Sales, one.Spend + other.Spend, one.Objective + other.Objective, one.Units + other.Units);
}

/// <summary>
/// The relaxed oracle O1: knows every parameter and sets an effective bid for every product, query, placement and part of the day on its own, without
/// campaigns, steps, rounding or daily budgets. What couples days or products (money, ACoS, stock) comes in as prices. See docs/maths/oracles.md.
/// </summary>
internal sealed class Oracle(Market market)
{
    private readonly List<Seat> seats = [];
    private int seatedQueries;

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
    public Expected Day(int day, double[,] served, Aim aim)
    {
        var sum = default(Expected);
        foreach (var product in ByProduct(day, served, aim)) sum += product;
        return sum;
    }

    /// <summary>The same by advertised product.</summary>
    public Expected[] ByProduct(int day, double[,] served, Aim aim) => Sum(day, served, aim, static (landscape, worth) => landscape.Best.At(worth));

    /// <summary>What a policy that bids <paramref name="share"/> of every click's true value would expect; a yardstick for the oracle itself.</summary>
    public (double Profit, double Spend) Shaded(int day, double[,] served, double share)
    {
        var found = Sum(day, served, Aim.Earn(0), (landscape, worth) =>
        {
            var (_, clicks, cost) = landscape.At(Math.Log(share * worth));
            return (clicks, cost);
        });
        return (found.Sum(product => product.Profit), found.Sum(product => product.Spend));
    }

    /// <returns>Shoppers of a day over an average day, mean over the types.</returns>
    public double DemandOn(int day) => market.On(day).Demand.Average();

    private Expected[] Sum(int day, double[,] served, Aim aim, Func<Landscape, double, (double Clicks, double Cost)> choose)
    {
        var terms = new DayTerms(market, day, aim);
        var sums = new Expected[market.Products.Length];
        foreach (ref readonly var seat in Seats(day))
        {
            // Nothing is cheaper than the reserve: most products before most searches of others need no look.
            var order = terms.Order(seat);
            var price = aim.Cost * terms.Unit(seat);
            if (terms.Chance(seat, Season.Readiest) * order.Worth <= price * Landscape.Reserve) continue;
            var (all, unit) = (terms.Views(seat), terms.Unit(seat));
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                var views = served[seat.Product, regime] * all;
                if (views <= 0) continue;
                var chance = terms.Chance(seat, regime);
                var (clicks, cost) = choose(terms.Landscape(seat, regime), chance * order.Worth / price);
                if (clicks <= 0) continue;
                clicks *= views;
                cost *= views * unit;
                var bought = clicks * chance;
                sums[seat.Product] += new Expected((bought * order.Contribution) - cost, bought * order.Sales, cost, (bought * order.Worth) - (aim.Cost * cost), bought * order.Units);
            }
        }

        return sums;
    }

    // Every product before every query, whether or not a target of today would match: tomorrow's might. Left out is what could not pay the reserve
    // even if rivals fell, conversion rose and prices changed a good deal.
    private ReadOnlySpan<Seat> Seats(int day)
    {
        const double Headroom = 5;
        market.GrowTo(day);
        for (; seatedQueries < market.Queries.Count; seatedQueries++)
        {
            var query = market.Queries[seatedQueries];
            foreach (var product in market.Products)
            {
                var value = market.OverOrders(product.Index, static sold => sold.OrderContribution);
                var (odds, relevance) = market.Rates(product, query);
                foreach (var (placement, views) in Market.ViewsOf(query))
                {
                    var seat = new Seat(product.Index, query, placement, views * relevance, market.QualityOf(relevance), odds);
                    if (odds * value * Headroom >= Landscape.Reserve * query.RivalMedian / seat.Quality) seats.Add(seat);
                }
            }
        }

        return CollectionsMarshal.AsSpan(seats);
    }
}

/// <summary>One product before one query in one placement, as an oracle or a plan sees it.</summary>
/// <param name="Product">Whose ad.</param>
/// <param name="Query">Which search or page.</param>
/// <param name="Placement">Where.</param>
/// <param name="Views">A day at average demand, times relevance: clicks are this times the landscape's click rate.</param>
/// <param name="Quality">Weight of a bid in the auction's score.</param>
/// <param name="Odds">Of an order after a click at rest of search, before the day and the hour.</param>
internal readonly record struct Seat(int Product, Query Query, int Placement, double Views, double Quality, double Odds);

/// <summary>
/// The truth about one day in the form in which bids are judged: who looks, what a click is worth, what rivals ask. Rivals stand where they stand when nobody
/// provokes them: reactions only make it dearer.
/// </summary>
internal sealed class DayTerms
{
    private readonly MarketDay today;
    private readonly double[] rivals;
    private readonly OrderTerms[] orders;
    private readonly Market market;
    private readonly Aim aim;

    public DayTerms(Market market, int day, Aim aim)
    {
        market.GrowTo(day);
        (this.market, this.aim) = (market, aim);
        today = market.On(day);
        rivals = [.. market.Queries.Select(query => query.RivalMedian * Math.Exp(market.Rivals.LogLevel(query, day)))];
        orders = [.. market.Products.Select(product => Terms(product.Index))];
    }

    /// <returns>Valid views of the whole day, times relevance.</returns>
    public double Views(in Seat seat) => seat.Query.BornOn > today.Day ? 0
        : seat.Views * today.Demand[seat.Query.Type] * today.Offered[seat.Product] * (1 - market.Parameters.InvalidShare);

    /// <returns>The rivals' median in own bids: a bid of so much scores 1 on the landscape.</returns>
    public double Unit(in Seat seat) => rivals[seat.Query.Index] / seat.Quality;

    /// <returns>Orders per click.</returns>
    public double Chance(in Seat seat, int regime) => market.OrderChance(seat.Odds, seat.Product, seat.Placement, regime, today);

    public Landscape Landscape(in Seat seat, int regime) => market.LandscapeOf(seat.Placement, seat.Query, today.Day, regime);

    /// <returns>What an order after a click is worth to the aim, brings before ads, sells and takes from the shelf.</returns>
    public OrderTerms Order(in Seat seat)
    {
        var added = 1 - market.CannibalShare(seat.Query);
        var order = aim.Incremental ? orders[seat.Product] * added : orders[seat.Product];

        // What an ad takes from the organic listing costs the shelf nothing more; orders of siblings are not counted against theirs.
        var units = Shop.KeptShare * Product.UnitsPerOrder * added * (market.Siblings(seat.Product).Count == 0 ? 1 : 1 - market.Parameters.HaloShare);
        return order with { Worth = order.Worth - (units * (aim.UnitPrices?[seat.Product] ?? 0)), Units = units };
    }

    private OrderTerms Terms(int product)
    {
        var (contribution, sales) = (today.OrderValue[product], today.OrderSales[product]);
        return new OrderTerms((aim.Profit * contribution) + (aim.Sales * sales), contribution, sales, 0);
    }
}

/// <param name="Worth">To the aim.</param>
/// <param name="Contribution">Before ads.</param>
/// <param name="Sales">At the price of the day.</param>
/// <param name="Units">Taken from the advertised product's shelf that would not have been taken anyway.</param>
internal readonly record struct OrderTerms(double Worth, double Contribution, double Sales, double Units)
{
    public static OrderTerms operator *(OrderTerms terms, double share) => new(terms.Worth * share, terms.Contribution * share, terms.Sales * share, terms.Units * share);
}

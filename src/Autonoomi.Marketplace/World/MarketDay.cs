namespace Autonoomi.Marketplace.World;

/// <summary>What one day brings whatever the seller advertises. Arrays are by type or by product.</summary>
internal sealed class MarketDay
{
    public required int Day { get; init; }

    /// <summary>Shoppers over an average day, by type.</summary>
    public required double[] Demand { get; init; }

    public required RetailDay[] Retail { get; init; }

    /// <summary>Share of the shoppers who see an offer of ours to advertise, by product: buy box, 0 while the listing is suppressed.</summary>
    public required double[] Offered { get; init; }

    /// <summary>Odds of an order over usual: season and price gap, by product.</summary>
    public required double[] Odds { get; init; }

    /// <summary>Contribution of one unit before ads, by product.</summary>
    public required double[] UnitContribution { get; init; }

    /// <summary>Contribution of an order that a click brings: kept orders, own and sibling products.</summary>
    public required double[] OrderValue { get; init; }

    /// <summary>Sales of an order that a click brings, as reports count them in the end.</summary>
    public required double[] OrderSales { get; init; }

    public static MarketDay Of(int day, Season season, Retail retail, Product[] products, Product[][] siblings, double haloShare)
    {
        var days = products.Select(product => retail.On(product.Index, day)).ToArray();
        var unit = products.Select(product => product.ContributionAt(days[product.Index].Price, days[product.Index].CostOfGoods)).ToArray();
        var price = days.Select(offer => (double)offer.Price).ToArray();
        return new MarketDay
        {
            Day = day,
            Demand = season.Demand(day),
            Retail = days,
            Offered = [.. days.Select(offer => offer.IsSuppressed ? 0 : offer.BuyBoxShare)],
            Odds = [.. days.Select(offer => offer.Conversion * season.Conversion(day))],
            UnitContribution = unit,
            OrderValue = [.. products.Select(product => PerOrder(product.Index, unit))],
            OrderSales = [.. products.Select(product => PerOrder(product.Index, price))],
        };

        double PerOrder(int product, double[] perUnit) => Shop.KeptShare * Product.UnitsPerOrder * (siblings[product].Length == 0
            ? perUnit[product]
            : ((1 - haloShare) * perUnit[product]) + (haloShare * siblings[product].Average(sibling => perUnit[sibling.Index])));
    }
}

using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Inventory;

/// <summary>What a unit in stock is worth kept for buyers who come without an ad, while stock does not last until the next delivery. See docs/maths/inventory.md.</summary>
internal sealed class StockPrices
{
    private const int DefaultLeadTimeDays = 30;
    private const int DemandDays = 30;

    public StockPrices(Measurement measured, DecisionSettings settings)
    {
        var products = measured.Structure.Products.Length;
        Price = new double[products];
        IsOut = new bool[products];
        CoverDays = new double[products];
        HorizonDays = new double[products];
        Array.Fill(CoverDays, double.PositiveInfinity);

        var (stock, inbound) = LatestStock(measured);
        var units = UnitsPerDay(measured);
        for (var product = 0; product < products; product++)
        {
            if (double.IsNaN(stock[product])) continue;
            IsOut[product] = stock[product] <= 0;
            if (measured.Products[product] is not { IsKnown: true } economics || economics.ContributionPerUnit <= 0) continue;

            var byAds = Math.Min(units[product], measured.AdUnits30[product] / DemandDays);
            var organic = units[product] - byAds;
            var lead = economics.LeadTimeDays > 0 ? economics.LeadTimeDays : DefaultLeadTimeDays;

            // Goods on their way are taken to be half way.
            var horizon = inbound[product] > 0 ? Math.Ceiling(lead / 2.0) : lead;
            HorizonDays[product] = horizon;
            CoverDays[product] = units[product] > 0 ? stock[product] / units[product] : double.PositiveInfinity;
            Price[product] = Find(stock[product], organic * horizon, byAds * horizon, economics.ContributionPerUnit, settings.ClickElasticity) * settings.InventoryWeight;
        }
    }

    /// <summary>Per product: money per unit, zero while stock lasts.</summary>
    public double[] Price { get; }

    /// <summary>Per product: nothing left to sell.</summary>
    public bool[] IsOut { get; }

    /// <summary>Per product: days that stock lasts at today's sales; infinite without sales or without a figure.</summary>
    public double[] CoverDays { get; }
    public double[] HorizonDays { get; }

    /// <summary>The price at which expected demand just meets the stock.</summary>
    /// <param name="stock">Units available.</param>
    /// <param name="organic">Units that sell without ads until the delivery.</param>
    /// <param name="byAds">Units that ads sell until the delivery at the present bids.</param>
    /// <param name="contribution">Of a unit before ads, above zero.</param>
    /// <param name="elasticity">Percent less ad demand per percent less value.</param>
    /// <returns>Money per unit, 0 to <paramref name="contribution"/>.</returns>
    public static double Find(double stock, double organic, double byAds, double contribution, double elasticity)
    {
        if (stock >= organic + byAds) return 0;
        if (stock <= organic) return contribution;
        var (low, high) = (0.0, contribution);
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            if (organic + byAds * Math.Pow((contribution - middle) / contribution, elasticity) > stock) low = middle;
            else high = middle;
        }

        return high;
    }

    private static (double[] Stock, double[] Inbound) LatestStock(Measurement measured)
    {
        var structure = measured.Structure;
        var (stock, inbound, latest) = (new double[structure.Products.Length], new double[structure.Products.Length], new int[structure.Products.Length]);
        Array.Fill(stock, double.NaN);
        var table = measured.Workspace.InventoryDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var fulfillable = table.Longs("fulfillable");
        var coming = table.Longs("inbound");
        for (var row = 0; row < table.Rows; row++)
        {
            var product = productOf[skus.Codes[row]];
            if (product < 0 || days[row] < latest[product] || days[row] > measured.Workspace.Today.DayNumber) continue;
            (stock[product], inbound[product], latest[product]) = (fulfillable[row], coming[row], days[row]);
        }

        return (stock, inbound);
    }

    // Mean units a day over the last 30; orders where there are any, economics otherwise. Days without stock sold nothing and are left out.
    private static double[] UnitsPerDay(Measurement measured)
    {
        var structure = measured.Structure;
        var today = measured.Workspace.Today.DayNumber;
        var orders = Sum(measured.Workspace.OrderDays, "units", structure, today);
        var economics = Sum(measured.Workspace.SkuDays, "units_ordered", structure, today);
        var empty = EmptyDays(measured.Workspace, structure, today);
        var units = new double[orders.Length];
        for (var product = 0; product < units.Length; product++)
            units[product] = Math.Max(orders[product], economics[product]) / Math.Max(7, DemandDays - empty[product]);
        return units;
    }

    private static double[] Sum(FactTable table, string column, Structure structure, int today)
    {
        var sums = new double[structure.Products.Length];
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var units = table.Longs(column);
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] >= today - DemandDays && days[row] < today && productOf[skus.Codes[row]] is >= 0 and var product) sums[product] += units[row];
        }

        return sums;
    }

    private static int[] EmptyDays(Workspace workspace, Structure structure, int today)
    {
        var empty = new int[structure.Products.Length];
        var table = workspace.InventoryDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var fulfillable = table.Longs("fulfillable");
        for (var row = 0; row < table.Rows; row++)
        {
            if (fulfillable[row] > 0 || days[row] < today - DemandDays || days[row] >= today) continue;
            if (structure.Product(new Sku(skus[row])) is >= 0 and var product) empty[product]++;
        }

        return empty;
    }
}

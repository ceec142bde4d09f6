using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.OtherAds;

/// <summary>
/// What an order of an ad group with several products leaves: by what its clicks bought, where Amazon tells it (Sponsored Brands), pulled towards the advertised products'
/// own mix with twenty orders; else by that mix, which follows their own sales. See docs/maths/other-ads.md.
/// </summary>
internal sealed class OtherWorth
{
    /// <summary>Orders that the advertised products' own mix counts for.</summary>
    public const double PseudoOrders = 20;

    private readonly Measurement measured;
    private readonly List<int>[] advertised;
    private readonly double[] sold;
    private readonly double[] boughtWorth;

    /// <param name="measured">Of one ad product; its contributions are overwritten where a group says more than its first product.</param>
    /// <param name="brands">Sponsored Brands, of which Amazon lists every product that was bought.</param>
    public OtherWorth(Measurement measured, bool brands)
    {
        this.measured = measured;
        var structure = measured.Structure;
        advertised = [.. structure.GroupProduct.Select(_ => new List<int>())];
        foreach (var ad in measured.Workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).OrderBy(ad => ad.Sku.Value, StringComparer.Ordinal))
        {
            if (structure.Group(ad.AdGroup) is >= 0 and var group && structure.Product(ad.Sku) is >= 0 and var product && !advertised[group].Contains(product)) advertised[group].Add(product);
        }

        sold = Sold(measured);
        (BoughtOrders, boughtWorth) = (new double[advertised.Length], new double[advertised.Length]);
        if (brands) ReadBought(measured.Workspace.BrandsPurchaseDays);
        for (var target = 0; target < measured.Contribution.Length; target++)
        {
            if (structure.TargetGroup[target] is not (>= 0 and var group) || (!brands && advertised[group].Count < 2)) continue;
            measured.Contribution[target] = Of(BoughtOrders[group], boughtWorth[group], Own(group));
        }
    }

    /// <summary>Per ad group: orders of which is known what they bought, and what it leaves.</summary>
    public double[] BoughtOrders { get; }

    /// <param name="orders">Of which is known what they bought; zero or more.</param>
    /// <param name="contribution">What these orders left together, before ads.</param>
    /// <param name="own">What an order of the advertised products leaves, by their own sales.</param>
    /// <returns>What an order leaves; not a number where the advertised products' costs are not known.</returns>
    public static double Of(double orders, double contribution, double own) => (contribution + (PseudoOrders * own)) / (orders + PseudoOrders);

    /// <summary>Mean contribution of an order by units sold; each product counts one unit more, so that new ones count at all.</summary>
    /// <param name="units">Of each product, zero or more.</param>
    /// <param name="contributions">Of an order of each, in the same order.</param>
    public static double Mix(ReadOnlySpan<double> units, ReadOnlySpan<double> contributions)
    {
        double sum = 0, weights = 0;
        for (var at = 0; at < units.Length; at++) (sum, weights) = (sum + ((units[at] + 1) * contributions[at]), weights + units[at] + 1);
        return weights > 0 ? sum / weights : double.NaN;
    }

    // One advertised product whose costs are missing leaves the group undecided.
    private double Own(int group) => advertised[group].TrueForAll(product => measured.Products[product] is { IsKnown: true })
        ? Mix([.. advertised[group].Select(product => sold[product])], [.. advertised[group].Select(product => measured.Products[product]!.ContributionPerOrder)])
        : double.NaN;

    // What this storefront does not list leaves its seller nothing here; what it lists without a cost says nothing either way.
    private void ReadBought(FactTable table)
    {
        var structure = measured.Structure;
        var skus = measured.Workspace.Listings.GroupBy(listing => listing.Asin.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => structure.Product(group.First().Sku), StringComparer.Ordinal);
        var asins = table.Texts("asin");
        var productOf = asins.Words.Select(word => skus.GetValueOrDefault(word, -1)).ToArray();
        var keys = table.Keys("ad_group_id");
        var groupOf = structure.Groups(keys);
        var days = table.Ints("day");
        var orders = table.Longs("orders");
        var units = table.Longs("units");
        for (var row = 0; row < table.Rows; row++)
        {
            var group = groupOf[keys.Codes[row]];
            if (group < 0 || days[row] >= measured.Workspace.Today.DayNumber) continue;
            var product = productOf[asins.Codes[row]];
            if (product >= 0 && measured.Products[product] is not { IsKnown: true }) continue;
            BoughtOrders[group] += orders[row];
            if (product >= 0) boughtWorth[group] += units[row] * measured.Products[product]!.ContributionPerUnit;
        }

        // Corrections may leave less than nothing.
        for (var group = 0; group < BoughtOrders.Length; group++)
            if (BoughtOrders[group] <= 0) (BoughtOrders[group], boughtWorth[group]) = (0, 0);
    }

    private static double[] Sold(Measurement measured)
    {
        var (sold, reported) = (Units(measured.Workspace.OrderDays, "units"), Units(measured.Workspace.SkuDays, "units_ordered"));
        return [.. sold.Zip(reported, Math.Max)];

        double[] Units(FactTable table, string column)
        {
            var sums = new double[measured.Structure.Products.Length];
            var skus = table.Texts("sku");
            var productOf = skus.Words.Select(word => measured.Structure.Product(new Sku(word))).ToArray();
            var days = table.Ints("day");
            var units = table.Longs(column);
            for (var row = 0; row < table.Rows; row++)
            {
                if (productOf[skus.Codes[row]] is >= 0 and var product && measured.Workspace.Today.DayNumber - days[row] is > 0 and <= StockDays.Days) sums[product] += units[row];
            }

            return [.. sums.Select(sum => Math.Max(0, sum))];
        }
    }
}

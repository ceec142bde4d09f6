using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Inventory;

/// <summary>How often the seller's offer stood first on its page, over the newest days of visits. Without reports of visits nothing is known of any product.</summary>
internal sealed class BuyBox
{
    /// <summary>Share of page views below which an offer counts as beaten.</summary>
    public const double LeastShare = 0.5;

    /// <summary>Finished days looked back on; Amazon is some days behind with visits.</summary>
    public const int Days = 10;

    private const long FewestViews = 50;

    public BuyBox(Workspace workspace, Structure structure)
    {
        (Views, Share) = (new long[structure.Products.Length], new double[structure.Products.Length]);
        var first = new long[Views.Length];
        var table = workspace.TrafficDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var views = table.Longs("page_views");
        var boxes = table.Longs("buy_box_views");
        for (var row = 0; row < table.Rows; row++)
        {
            if (workspace.Today.DayNumber - days[row] - 1 is < 0 or >= Days || productOf[skus.Codes[row]] is not (>= 0 and var product)) continue;
            Views[product] += views[row];
            first[product] += boxes[row];
        }

        for (var product = 0; product < Share.Length; product++) Share[product] = Views[product] >= FewestViews ? (double)first[product] / Views[product] : double.NaN;
    }

    /// <summary>Per product: page views of the window.</summary>
    public long[] Views { get; }

    /// <summary>Per product: 0 to 1; not a number where too few looked.</summary>
    public double[] Share { get; }

    /// <returns>True where it is known that the offer mostly does not stand first.</returns>
    public bool IsLost(int product) => Share[product] < LeastShare;
}

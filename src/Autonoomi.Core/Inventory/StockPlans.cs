using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Inventory;

/// <summary>Amazon's planning figures of its warehouses, product by product. Without the report nothing is known of any.</summary>
internal sealed class StockPlans
{
    /// <summary>Units that have lain for longer than this are counted as old; from then on Amazon charges for their age.</summary>
    public const int OldAfterDays = 180;

    public StockPlans(Workspace workspace, Structure structure)
    {
        var products = structure.Products.Length;
        (Old, Storage) = (new double[products], new double[products]);
        Array.Fill(Storage, double.NaN);
        var table = workspace.StockPlans;
        var skus = table.Texts("sku");
        var aged = table.Longs("aged_over_180_days");
        var storage = table.Longs("storage_next_month");
        for (var row = 0; row < table.Rows; row++)
        {
            if (structure.Product(new Sku(skus.Words[skus.Codes[row]])) is not (>= 0 and var product)) continue;
            Old[product] = Math.Max(0, aged[row]);
            if (storage[row] >= 0) Storage[product] = storage[row] / 1e6;
        }
    }

    /// <summary>Per product: units older than <see cref="OldAfterDays"/>; zero without a figure.</summary>
    public double[] Old { get; }

    /// <summary>Per product: what Amazon expects storage to cost next month; not a number without a figure.</summary>
    public double[] Storage { get; }
}

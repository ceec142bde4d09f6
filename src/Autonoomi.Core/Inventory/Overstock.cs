namespace Autonoomi.Core.Inventory;

/// <summary>Stock that costs more storage than it should: more than sells in four months, or old. See docs/maths/inventory.md.</summary>
/// <param name="Units">In stock.</param>
/// <param name="UnitsADay">That sell.</param>
/// <param name="OldUnits">Older than <see cref="StockPlans.OldAfterDays"/>.</param>
/// <param name="Storage">What storing all of it costs in a month.</param>
internal readonly record struct Overstock(double Units, double UnitsADay, double OldUnits, double Storage)
{
    /// <summary>Days of cover beyond which stock is too much.</summary>
    public const double MostCoverDays = 120;

    private const double MonthDays = 30;

    /// <summary>Old units that a month of sales leaves: the oldest go first.</summary>
    public double OldLeft => Math.Max(0, Math.Min(OldUnits, Units) - (MonthDays * UnitsADay));

    /// <summary>Units beyond 120 days of sales, or old ones that a month leaves, whichever are more.</summary>
    public double Excess => Math.Max(OldLeft, Math.Max(0, Units - (MostCoverDays * UnitsADay)));

    /// <summary>Storage of a month that goes to them.</summary>
    public double Cost => Units > 0 ? Storage * Excess / Units : 0;

    /// <returns>Null where the shelf or its sales are not known.</returns>
    public static Overstock? Of(StockPrices stock, Signals.Measurement measured, int product)
    {
        if (stock.HorizonDays[product] <= 0 || stock.IsOut[product] || measured.Products[product] is not { IsKnown: true } economics) return null;
        var (units, sold) = (stock.Units[product], stock.UnitsADay[product]);

        // Amazon's own figure where there is one; else what storage cost per unit sold.
        var storage = double.IsNaN(stock.Plans.Storage[product]) ? economics.StorageFee * sold * MonthDays : stock.Plans.Storage[product];
        return new Overstock(units, sold, stock.Plans.Old[product], storage);
    }
}

using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>The fact tables of one storefront, each day as it was last read.</summary>
internal sealed class FactBook(MarketWorld world)
{
    private static readonly Dataset[] Reports = [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay];

    private readonly Dictionary<Dataset, DayTable> tables = Enum.GetValues<Dataset>().Where(dataset => TableSchema.Of(dataset).IsDaily).ToDictionary(dataset => dataset, dataset => new DayTable(dataset));
    private readonly Dictionary<int, AdDay> adDays = [];
    private readonly ReportOrder order = new(world.Ads);
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);

    /// <summary>Products without a unit on the shelf when it was last looked at.</summary>
    public int EmptyShelves { get; private set; }

    /// <param name="span">Finished days that are read anew.</param>
    /// <param name="today">The day of today's stock and orders.</param>
    public void Read(DateSpan span, DateOnly today)
    {
        ReadReports(span);
        ReadEconomics(span);
        ReadOrders(new DateSpan(span.First, today));
        ReadStock(today);
    }

    /// <summary>Drops the days before this one.</summary>
    public void Forget(DateOnly first)
    {
        foreach (var table in tables.Values) table.Forget(first.DayNumber - 1);
        foreach (var day in adDays.Keys.Where(day => day < first.DayNumber).ToList()) adDays.Remove(day);
    }

    public FactTable Table(Dataset dataset) => tables[dataset].Join();

    private void ReadReports(DateSpan span)
    {
        var (now, lag) = ((long)(world.Now - Midnight(world.FirstDay)).TotalMinutes, world.Settings.OrderReportLagHours * 60L);
        var reports = Reports.Select(dataset => tables[dataset]).ToArray();
        order.Refresh();
        for (var day = span.First; day <= span.Last; day = day.AddDays(1))
        {
            var place = day.DayNumber - world.FirstDay.DayNumber;
            if (place < 0 || place >= world.Simulation.Days.Count) continue;
            if (!adDays.TryGetValue(day.DayNumber, out var known)) adDays[day.DayNumber] = known = new AdDay(world, world.Simulation.Days[place], day.DayNumber, order, reports);
            known.Update(now, lag);
        }
    }

    private void ReadEconomics(DateSpan span)
    {
        var table = tables[Dataset.SkuDay];
        foreach (var day in ByDay(span, table, world.EconomicsRows(span), row => row.Day))
        {
            var rows = new DayRows(table.Schema, day.Count());
            foreach (var (row, item) in day.OrderBy(row => row.Sku).Index())
            {
                rows.Ints[0]![row] = day.Key.DayNumber;
                rows.Ints[1]![row] = table.Code(item.Sku);
                Fill(rows, row, 2, item.UnitsOrdered, item.UnitsRefunded, Amounts.Micros(item.OrderedSales), Amounts.Micros(item.RefundedSales), Amounts.Micros(item.ReferralFee), Amounts.Micros(item.FulfilmentFee), Amounts.Micros(item.StorageFee), 0, Amounts.Micros(item.AdCharge));
            }

            table.Put(day.Key.DayNumber, rows);
        }
    }

    private void ReadOrders(DateSpan span)
    {
        // Amazon's list of orders ends two minutes ago.
        var table = tables[Dataset.OrderDay];
        var orders = world.OrdersPurchased(Midnight(span.First), world.Now - TimeSpan.FromMinutes(2)).Where(order => order.Status != OrderStatus.Cancelled);
        foreach (var day in ByDay(span, table, orders, order => world.DayOf(order.PurchasedAt)))
        {
            var skus = day.GroupBy(order => order.Sku, StringComparer.Ordinal).OrderBy(sku => sku.Key).ToArray();
            var rows = new DayRows(table.Schema, skus.Length);
            foreach (var (row, sku) in skus.Index())
            {
                rows.Ints[0]![row] = day.Key.DayNumber;
                rows.Ints[1]![row] = table.Code(sku.Key);
                Fill(rows, row, 2, sku.Count(), sku.Sum(order => order.Quantity), sku.Sum(order => Amounts.Micros(order.UnitPrice * order.Quantity)));
            }

            table.Put(day.Key.DayNumber, rows);
        }
    }

    private void ReadStock(DateOnly today)
    {
        var table = tables[Dataset.InventoryDay];
        var stock = world.Stock().OrderBy(level => level.Sku, StringComparer.Ordinal).ToArray();
        var rows = new DayRows(table.Schema, stock.Length);
        foreach (var (row, level) in stock.Index())
        {
            rows.Ints[0]![row] = today.DayNumber;
            rows.Ints[1]![row] = table.Code(level.Sku);
            Fill(rows, row, 2, level.Fulfillable, level.Inbound, level.Reserved);
        }

        table.Put(today.DayNumber, rows);
        EmptyShelves = stock.Count(level => level.Fulfillable <= 0);
    }

    // Days that are read and have no rows now have none from now on.
    private static IEnumerable<IGrouping<DateOnly, T>> ByDay<T>(DateSpan span, DayTable table, IEnumerable<T> rows, Func<T, DateOnly> dayOf)
    {
        for (var day = span.First; day <= span.Last; day = day.AddDays(1)) table.Remove(day.DayNumber);
        return rows.GroupBy(dayOf);
    }

    private static void Fill(DayRows rows, int row, int first, params ReadOnlySpan<long> values)
    {
        for (var column = 0; column < values.Length; column++) rows.Longs[first + column]![row] = values[column];
    }

    private DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

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

    // Rows of one day come in the order in which the product's client sorts them.
    private readonly string[] skus = [.. world.Listings().Select(listing => listing.Sku.Value).Order()];
    private readonly Dictionary<string, int> skuRanks = world.Listings().Select(listing => listing.Sku.Value).Order().Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
    private readonly ReportOrder order = new(world.Ads);
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);

    /// <summary>Products without a unit on the shelf when it was last looked at.</summary>
    public int EmptyShelves { get; private set; }

    /// <param name="span">Finished days that are read anew.</param>
    /// <param name="reports">Days whose advertising reports are read anew.</param>
    /// <param name="today">The day of today's stock and orders.</param>
    public void Read(DateSpan span, IReadOnlyList<DateSpan> reports, DateOnly today)
    {
        foreach (var days in reports) ReadReports(days);
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

    /// <summary>The rows of some days alone.</summary>
    public FactTable Table(Dataset dataset, IReadOnlyList<DateSpan> spans) =>
        tables[dataset].Join(day => spans.Any(span => day >= span.First.DayNumber && day <= span.Last.DayNumber));

    private void ReadReports(DateSpan span)
    {
        var (now, lag) = ((long)(world.Now - Midnight(world.FirstDay)).TotalMinutes, world.Settings.OrderReportLagHours * 60L);
        var reports = Reports.Select(dataset => tables[dataset]).ToArray();
        order.Refresh();
        for (var day = span.First; day <= span.Last; day = day.AddDays(1))
        {
            var place = day.DayNumber - world.FirstDay.DayNumber;
            if (place < 0 || place >= world.Simulation.Days.Count || !world.IsReported(day)) continue;
            if (!adDays.TryGetValue(day.DayNumber, out var known)) adDays[day.DayNumber] = known = new AdDay(world, world.Simulation.Days[place], day.DayNumber, order, reports);
            known.Update(now, lag);
        }
    }

    private void ReadEconomics(DateSpan span)
    {
        var table = tables[Dataset.SkuDay];
        var served = world.EconomicsRows(span);
        table.Remove(span);
        for (var from = 0; from < served.Count;)
        {
            var day = served[from].Day;
            var until = from;
            while (until < served.Count && served[until].Day == day) until++;
            var places = Enumerable.Range(from, until - from).OrderBy(place => skuRanks[served[place].Sku]).ToArray();
            var rows = new DayRows(table.Schema, places.Length);
            for (var row = 0; row < places.Length; row++)
            {
                var item = served[places[row]];
                Head(rows, row, day, table.Code(item.Sku));
                Fill(rows, row, item.UnitsOrdered, item.UnitsRefunded, Amounts.Micros(item.OrderedSales), Amounts.Micros(item.RefundedSales),
                    Amounts.Micros(item.ReferralFee), Amounts.Micros(item.FulfilmentFee), Amounts.Micros(item.StorageFee), 0, Amounts.Micros(item.AdCharge));
            }

            table.Put(day.DayNumber, rows);
            from = until;
        }
    }

    private void ReadOrders(DateSpan span)
    {
        // Amazon's list of orders ends two minutes ago; it comes in the order of the purchases.
        var table = tables[Dataset.OrderDay];
        table.Remove(span);
        var sums = new (int Orders, long Units, decimal Sales)[skuRanks.Count];
        var (day, end) = (span.First, Midnight(span.First.AddDays(1)));
        foreach (var order in world.OrdersPurchased(Midnight(span.First), world.Now - TimeSpan.FromMinutes(2)))
        {
            for (; order.PurchasedAt >= end; end = Midnight(day.AddDays(1)))
            {
                Close();
                day = day.AddDays(1);
            }

            if (order.Status == OrderStatus.Cancelled) continue;
            ref var sum = ref sums[skuRanks[order.Sku]];
            sum = (sum.Orders + 1, sum.Units + order.Quantity, sum.Sales + (order.UnitPrice * order.Quantity));
        }

        Close();

        void Close()
        {
            var rows = new DayRows(table.Schema, sums.Count(sum => sum.Orders > 0));
            var row = 0;
            for (var rank = 0; rank < sums.Length; rank++)
            {
                if (sums[rank].Orders == 0) continue;
                Head(rows, row, day, table.Code(skus[rank]));
                Fill(rows, row++, sums[rank].Orders, sums[rank].Units, Amounts.Micros(sums[rank].Sales));
            }

            table.Put(day.DayNumber, rows);
            Array.Clear(sums);
        }
    }

    private void ReadStock(DateOnly today)
    {
        var table = tables[Dataset.InventoryDay];
        var stock = world.Stock().OrderBy(level => level.Sku, StringComparer.Ordinal).ToArray();
        var rows = new DayRows(table.Schema, stock.Length);
        for (var row = 0; row < stock.Length; row++)
        {
            Head(rows, row, today, table.Code(stock[row].Sku));
            Fill(rows, row, stock[row].Fulfillable, stock[row].Inbound, stock[row].Reserved);
        }

        table.Put(today.DayNumber, rows);
        EmptyShelves = stock.Count(level => level.Fulfillable <= 0);
    }

    private static void Head(DayRows rows, int row, DateOnly day, int sku) => (rows.Ints[0]![row], rows.Ints[1]![row]) = (day.DayNumber, sku);

    // Measures follow day and SKU.
    private static void Fill(DayRows rows, int row, params ReadOnlySpan<long> values)
    {
        for (var column = 0; column < values.Length; column++) rows.Longs[2 + column]![row] = values[column];
    }

    private DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

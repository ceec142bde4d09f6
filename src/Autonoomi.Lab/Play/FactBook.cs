using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>The fact tables of one storefront, day by day, as last read.</summary>
internal sealed class FactBook(MarketWorld world)
{
    private readonly Dictionary<Dataset, SortedDictionary<int, FactTable>> days = Enum.GetValues<Dataset>().Where(dataset => TableSchema.Of(dataset).IsDaily)
        .ToDictionary(dataset => dataset, _ => new SortedDictionary<int, FactTable>());

    private DateOnly? begin;

    /// <param name="span">Days whose reports are read anew.</param>
    /// <param name="today">The day of today's stock and orders.</param>
    public void Read(DateSpan span, DateOnly today)
    {
        begin ??= span.First;
        Put(Dataset.TargetDay, span, world.TargetRows(span), row => row.Day, (table, row) =>
            Measures(table.Day(row.Day).Long(row.CampaignId).Long(row.AdGroupId).Long(row.TargetId), row.Metrics));
        Put(Dataset.SearchTermDay, span, world.SearchTermRows(span), row => row.Day, (table, row) =>
            Measures(table.Day(row.Day).Long(row.CampaignId).Long(row.AdGroupId).Long(row.TargetId).Text(row.SearchTerm), row.Metrics));
        Put(Dataset.PlacementDay, span, world.PlacementRows(span), row => row.Day, (table, row) =>
            Measures(table.Day(row.Day).Long(row.CampaignId).Int((int)row.Placement), row.Metrics));
        Put(Dataset.ProductDay, span, world.ProductRows(span), row => row.Day, (table, row) =>
            Measures(table.Day(row.Day).Long(row.CampaignId).Long(row.AdGroupId).Long(row.AdId).Text(row.Sku), row.Metrics));
        Put(Dataset.SkuDay, span, world.EconomicsRows(span).OrderBy(row => row.Day).ThenBy(row => row.Sku), row => row.Day, (table, row) => table
            .Day(row.Day).Text(row.Sku).Long(row.UnitsOrdered).Long(row.UnitsRefunded).Long(Micros(row.OrderedSales)).Long(Micros(row.RefundedSales))
            .Long(Micros(row.ReferralFee)).Long(Micros(row.FulfilmentFee)).Long(Micros(row.StorageFee)).Long(0).Long(Micros(row.AdCharge)));
        Put(Dataset.InventoryDay, new DateSpan(today, today), world.Stock().OrderBy(level => level.Sku, StringComparer.Ordinal), _ => today, (table, level) => table
            .Day(today).Text(level.Sku).Long(level.Fulfillable).Long(level.Inbound).Long(level.Reserved));
        ReadOrders(new DateSpan(span.First, today));
    }

    /// <summary>Days before this one are dropped.</summary>
    public void Forget(DateOnly before)
    {
        foreach (var table in days.Values)
        {
            while (table.Count > 0 && table.First().Key <= before.DayNumber) table.Remove(table.First().Key);
        }
    }

    public FactTable Table(Dataset dataset) => FactTable.Concat(dataset, [.. days[dataset].Values.Where(table => table.Rows > 0)]);

    private void ReadOrders(DateSpan span)
    {
        // Amazon's list of orders ends two minutes ago.
        var zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
        var midnight = span.First.ToDateTime(TimeOnly.MinValue);
        var orders = world.OrdersPurchased(new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)), world.Now - TimeSpan.FromMinutes(2)).Where(order => order.Status != OrderStatus.Cancelled)
            .GroupBy(order => (Day: world.DayOf(order.PurchasedAt), order.Sku)).OrderBy(group => group.Key.Day).ThenBy(group => group.Key.Sku);
        Put(Dataset.OrderDay, span, orders, group => group.Key.Day, (table, group) => table
            .Day(group.Key.Day).Text(group.Key.Sku).Long(group.Count()).Long(group.Sum(order => order.Quantity)).Long(group.Sum(order => Micros(order.UnitPrice * order.Quantity))));
    }

    private void Put<T>(Dataset dataset, DateSpan span, IEnumerable<T> rows, Func<T, DateOnly> dayOf, Action<FactTableBuilder, T> add)
    {
        var byDay = days[dataset];
        for (var day = span.First; day <= span.Last; day = day.AddDays(1)) byDay.Remove(day.DayNumber);
        foreach (var day in rows.GroupBy(dayOf))
        {
            var table = new FactTableBuilder(TableSchema.Of(dataset));
            foreach (var row in day) add(table, row);
            byDay[day.Key.DayNumber] = table.Build();
        }
    }

    private static void Measures(FactTableBuilder table, Metrics metrics) => table
        .Long(metrics.Impressions).Long(metrics.Clicks).Long(Micros(metrics.Cost))
        .Long(metrics.Within7Days.Orders).Long(metrics.Within7Days.Units).Long(Micros(metrics.Within7Days.Sales));

    private static long Micros(decimal amount) => (long)decimal.Round(amount * Money.MicrosPerUnit, 0, MidpointRounding.ToEven);
}

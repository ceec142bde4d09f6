using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class HourlyStreamTests
{
    private static readonly MarketWorld World = new(7, new WorldSettings { Products = 4, HistoryDays = 75 });

    [Fact]
    public void Distinct_messages_of_settled_days_sum_to_the_reports_to_the_cent()
    {
        var settled = new DateSpan(World.FirstDay, World.Today.AddDays(-61));
        var sums = Distinct(World.StreamRows(settled)).GroupBy(row => (row.CampaignId, row.TargetId)).ToDictionary(rows => rows.Key, rows => (
            rows.Sum(row => row.Impressions), rows.Sum(row => row.Clicks), rows.Sum(row => row.Cost), rows.Sum(row => row.Orders), rows.Sum(row => row.Units), rows.Sum(row => row.Sales)));

        var reported = World.TargetRows(settled).GroupBy(row => (row.CampaignId, row.TargetId)).ToDictionary(rows => rows.Key, rows => (
            rows.Sum(row => row.Metrics.Impressions), rows.Sum(row => row.Metrics.Clicks), rows.Sum(row => row.Metrics.Cost), rows.Sum(row => row.Metrics.Within7Days.Orders),
            rows.Sum(row => row.Metrics.Within7Days.Units), rows.Sum(row => row.Metrics.Within7Days.Sales)));

        Assert.InRange(reported.Values.Sum(sum => sum.Item2), 500, int.MaxValue);
        Assert.Equal(reported.OrderBy(pair => pair.Key), sums.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void The_same_holds_by_placement_and_day()
    {
        var settled = new DateSpan(World.FirstDay, World.Today.AddDays(-61));
        var sums = Distinct(World.StreamRows(settled)).GroupBy(row => (World.DayOf(row.Hour), row.CampaignId, row.Placement))
            .ToDictionary(rows => rows.Key, rows => (rows.Sum(row => row.Impressions), rows.Sum(row => row.Clicks), rows.Sum(row => row.Cost), rows.Sum(row => row.Orders)));

        Assert.Equal(
            World.PlacementRows(settled).ToDictionary(row => (row.Day, row.CampaignId, row.Placement), row => (row.Metrics.Impressions, row.Metrics.Clicks, row.Metrics.Cost, row.Metrics.Within7Days.Orders)).OrderBy(pair => pair.Key),
            sums.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Messages_come_twice_late_and_negative()
    {
        var rows = World.StreamRows(World.AllDays());
        var distinct = Distinct(rows);
        var clicks = distinct.Where(row => row.Clicks > 0).ToList();

        Assert.InRange((rows.Count - distinct.Count) / (double)distinct.Count, 0.01, 0.03);
        Assert.InRange(clicks.Count(row => row.DeliveredAt - row.Hour > TimeSpan.FromHours(3)) / (double)clicks.Count, 0.015, 0.05);
        Assert.Contains(distinct, row => row is { Dataset: StreamDataset.Traffic, Clicks: < 0, Cost: < 0 });
        Assert.Contains(distinct, row => row is { Dataset: StreamDataset.Conversion, Orders: < 0, Sales: < 0 });
        Assert.All(rows, row => Assert.True(row.DeliveredAt <= World.Now && row.DeliveredAt > row.Hour));
        Assert.Equal(rows.OrderBy(row => row.DeliveredAt).Select(row => row.DeliveredAt), rows.Select(row => row.DeliveredAt));
    }

    [Fact]
    public void What_was_delivered_stays_delivered_and_never_changes()
    {
        var world = Worlds.Small(3, 2, 5);
        var span = new DateSpan(world.FirstDay, world.Today.AddDays(30));
        var before = world.StreamRows(span);

        world.AdvanceHours(30);
        var now = world.Now.AddHours(-30);

        Assert.NotEmpty(before);
        Assert.Equal(before, world.StreamRows(span).Where(row => row.DeliveredAt <= now));
    }

    private static List<StreamRow> Distinct(IEnumerable<StreamRow> rows) => [.. rows.DistinctBy(row => row.Id)];
}

using System.Globalization;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Tests.Play;

/// <summary>What a policy is shown: the rows that the world would serve, of the days that the product would ask for.</summary>
public sealed class ObserverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, 12, false)]
    [InlineData(5, 48, false)]
    [InlineData(6, 12, true)]
    public void Every_table_holds_what_reports_of_the_days_asked_for_showed_when_they_were_last_asked_for(int seed, int lagHours, bool troubled)
    {
        var served = new ServedReports();
        var settings = new WorldSettings
        {
            Products = 2,
            OrderReportLagHours = lagHours,
            MoneyScale = troubled ? 2 : 1,
            Events = troubled ? [new MissingReports(6, 2), new PriceChange(4, 1, 1.2, 1), new Suppression(9, 3, 0.5)] : [],
        };
        var changes = 0;
        var result = Episodes.Play(settings, (ulong)seed, 24, () => PolicyCatalogue.Find("ours").Create(new PolicySettings()), new EpisodeOptions
        {
            LookOn = (world, view) =>
            {
                served.Read(world, view.Day);
                Assert.Equal(served.Rows(Dataset.TargetDay), Rows(view.Workspace.TargetDays));
                Assert.Equal(served.Rows(Dataset.SearchTermDay), Rows(view.Workspace.SearchTermDays));
                Assert.Equal(served.Rows(Dataset.PlacementDay), Rows(view.Workspace.PlacementDays));
                Assert.Equal(served.Rows(Dataset.ProductDay), Rows(view.Workspace.ProductDays));
                changes += served.Restated;
            },
        }, Stop);

        Assert.Equal(troubled, served.Lacks(result.Days[6].Day));
        Assert.True(changes > 100, $"only {changes} rows were ever restated: the test would not notice a day that is not read again");
        Assert.True(result.Actions["set-bid"] > 0);
    }

    [Fact]
    public void After_ninety_days_the_oldest_day_is_forgotten()
    {
        var workspaces = new List<Workspace>();
        Episodes.Play(new WorldSettings { Products = 1 }, 1, 33, () => new Idle(), new EpisodeOptions { LookOn = (_, view) => workspaces.Add(view.Workspace) }, Stop);

        Assert.Equal(60, Days(workspaces[0].TargetDays).Count);
        Assert.Equal(workspaces[0].Today.AddDays(-60).DayNumber, Days(workspaces[0].TargetDays).Min);
        Assert.Equal(workspaces[^1].Today.AddDays(-89).DayNumber, Days(workspaces[^1].TargetDays).Min);
        Assert.Equal(workspaces[^1].Today.AddDays(-1).DayNumber, Days(workspaces[^1].TargetDays).Max);
    }

    [Fact]
    public void Nothing_of_an_order_shows_before_its_lag_and_later_days_do_restate_it()
    {
        var (first, last) = (new Dictionary<int, long>(), new Dictionary<int, long>());
        Episodes.Play(new WorldSettings { Products = 2 }, 4, 20, () => new Idle(), new EpisodeOptions
        {
            LookOn = (_, view) =>
            {
                var orders = PerDay(view.Workspace.TargetDays, "orders");
                first[view.Workspace.Today.DayNumber - 1] = orders.GetValueOrDefault(view.Workspace.Today.DayNumber - 1);
                foreach (var day in first.Keys) last[day] = orders.GetValueOrDefault(day);
            },
        }, Stop);

        // On the first morning a day lacks its last twelve hours and whoever buys later.
        Assert.True(first.Values.Sum() < 0.75 * last.Values.Sum(), $"{first.Values.Sum()} at first, {last.Values.Sum()} at last");
    }

    private static IEnumerable<string> Rows(FactTable table) => Enumerable.Range(0, table.Rows).Select(row => string.Join('|', table.Schema.Columns.Select((_, column) => table[column] switch
    {
        LongColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        IntColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        TextColumn text => text[row],
        _ => "",
    })));

    private static SortedSet<int> Days(FactTable table) => [.. table.Ints("day").ToArray()];

    private static Dictionary<int, long> PerDay(FactTable table, string measure) =>
        table.Ints("day").ToArray().Zip(table.Longs(measure).ToArray()).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Second));

    private sealed class Idle : IPolicy
    {
        public IReadOnlyList<Core.Proposals.Change> Decide(PolicyView view) => [];
    }

    /// <summary>The same book kept the slow way: every row of every day asked for is served by the world and replaces what was there.</summary>
    private sealed class ServedReports
    {
        private readonly Dictionary<Dataset, SortedDictionary<int, List<string>>> days = [];

        /// <summary>Rows of the last reading that another reading had shown differently.</summary>
        public int Restated { get; private set; }

        /// <returns>Whether no report of the day ever came.</returns>
        public bool Lacks(DateOnly day) => days[Dataset.TargetDay][day.DayNumber].Count == 0;

        public IEnumerable<string> Rows(Dataset dataset) => days[dataset].Values.SelectMany(rows => rows);

        public void Read(MarketWorld world, int day)
        {
            Restated = 0;
            var today = world.Today;
            Read(world, DateSpan.Ending(today.AddDays(-1), day == 0 ? 60 : 14));

            // Amazon restates orders a last time four weeks after them.
            if (day > 0) Read(world, new DateSpan(today.AddDays(-35), today.AddDays(-28)));
        }

        private void Read(MarketWorld world, DateSpan span)
        {
            Put(Dataset.TargetDay, span, world.TargetRows(span).Select(row => (row.Day, $"{row.CampaignId}|{row.AdGroupId}|{row.TargetId}", row.Metrics)));
            Put(Dataset.SearchTermDay, span, world.SearchTermRows(span).Select(row => (row.Day, $"{row.CampaignId}|{row.AdGroupId}|{row.TargetId}|{row.SearchTerm}", row.Metrics)));
            Put(Dataset.PlacementDay, span, world.PlacementRows(span).Select(row => (row.Day, $"{row.CampaignId}|{(int)row.Placement}", row.Metrics)));
            Put(Dataset.ProductDay, span, world.ProductRows(span).Select(row => (row.Day, $"{row.CampaignId}|{row.AdGroupId}|{row.AdId}|{row.Sku}", row.Metrics)));
        }

        private void Put(Dataset dataset, DateSpan span, IEnumerable<(DateOnly Day, string Key, Metrics Metrics)> rows)
        {
            if (!days.TryGetValue(dataset, out var known)) days[dataset] = known = [];
            var before = known.Values.SelectMany(day => day).ToHashSet(StringComparer.Ordinal);
            for (var day = span.First; day <= span.Last; day = day.AddDays(1)) known[day.DayNumber] = [];
            foreach (var (day, key, metrics) in rows)
            {
                var seven = metrics.Within7Days;
                var row = string.Create(CultureInfo.InvariantCulture, $"{day.DayNumber}|{key}|{metrics.Impressions}|{metrics.Clicks}|{(long)(metrics.Cost * 1_000_000)}|{seven.Orders}|{seven.Units}|{(long)(seven.Sales * 1_000_000)}");
                if (day < span.Last && before.Count > 0 && !before.Contains(row)) Restated++;
                known[day.DayNumber].Add(row);
            }
        }
    }
}

using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using CsCheck;

namespace Autonoomi.App.Tests.Run;

public sealed class ReportPlanTests
{
    private static readonly DateOnly Today = new(2026, 10, 5);
    private static readonly HashSet<Dataset> Sponsored = [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay];
    private static readonly HashSet<Dataset> All = [.. Sponsored, Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay];

    [Fact]
    public void The_first_import_begins_with_two_weeks_of_every_report_and_goes_back_to_what_amazon_keeps()
    {
        var asks = Plan([], Today, isFirst: true, All);

        Assert.Equal(
            [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay, Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay],
            asks.Take(9).Select(ask => ask.Dataset));
        Assert.All(asks.Take(9), ask => Assert.Equal(DateSpan.Ending(Today.AddDays(-1), 14), ask.Days));
        Assert.Equal(94, asks.Where(ask => ask.Dataset == Dataset.TargetDay).Sum(ask => ask.Days.Days));
        Assert.Equal(59, asks.Where(ask => ask.Dataset == Dataset.BrandsTargetDay).Sum(ask => ask.Days.Days));
        Assert.Equal(64, asks.Where(ask => ask.Dataset == Dataset.DisplayTargetDay).Sum(ask => ask.Days.Days));
        Assert.All(asks, ask => Assert.InRange(ask.Days.Days, 1, 31));

        // What Amazon's list of known issues takes back may fail without failing the run.
        Assert.All(asks, ask => Assert.Equal(ask.Days.First < Today.AddDays(-60), ask.Optional));
    }

    [Fact]
    public void Every_night_reads_the_last_days_and_those_that_turn_a_restated_age_in_two_requests()
    {
        var asks = Plan(Nightly(All, 60), Today, isFirst: false, [Dataset.TargetDay, Dataset.BrandsTargetDay]);

        Assert.Equal(
            [(Dataset.TargetDay, 1, 14), (Dataset.BrandsTargetDay, 1, 14), (Dataset.TargetDay, 28, 35), (Dataset.BrandsTargetDay, 28, 42)],
            asks.Select(ask => (ask.Dataset, Age(ask.Days.Last), Age(ask.Days.First))));
    }

    [Fact]
    public void Reports_of_an_ad_product_are_read_where_there_are_such_campaigns_and_each_total_has_its_whole()
    {
        var every = Enum.GetValues<Core.Advertising.AdProduct>();

        Assert.Equal(ReportPlan.All.ToHashSet(), ReportPlan.Of(every));
        Assert.DoesNotContain(ReportPlan.Of([]), dataset => dataset.ToString().StartsWith("Brands", StringComparison.Ordinal) || dataset.ToString().StartsWith("Display", StringComparison.Ordinal));
        foreach (var dataset in ReportPlan.All.Where(dataset => ReportPlan.Whole(dataset) is not null))
        {
            // Both are due on the same nights for the same days, or their totals could never be held against each other.
            var whole = ReportPlan.Whole(dataset)!.Value;
            var asks = Plan(Nightly([dataset, whole], 60), Today, isFirst: false, [dataset, whole]);
            Assert.Equal(asks.Where(ask => ask.Dataset == whole).Select(ask => ask.Days), asks.Where(ask => ask.Dataset == dataset).Select(ask => ask.Days));
        }
    }

    [Fact]
    public void What_was_read_today_is_not_asked_for_again()
    {
        var readings = Nightly(Sponsored, 60);
        Note(readings, Plan(readings, Today, isFirst: false, Sponsored), Today);

        Assert.Empty(Plan(readings, Today, isFirst: false, Sponsored));
    }

    [Fact]
    public void A_first_import_that_broke_off_asks_only_for_what_is_missing()
    {
        var readings = new Dictionary<Dataset, StoredReadings>();
        var whole = Plan(readings, Today, isFirst: true, Sponsored);
        Note(readings, whole.Take(7), Today);

        Assert.Equal(whole.Skip(7), Plan(readings, Today, isFirst: true, Sponsored), EqualityComparer<ReportAsk>.Default);
    }

    [Fact]
    public void A_week_away_is_made_good_at_once()
    {
        var asks = Plan(Nightly(Sponsored, 60), Today.AddDays(9), isFirst: false, [Dataset.TargetDay]);

        var covered = asks.SelectMany(ask => Enumerable.Range(0, ask.Days.Days).Select(day => ask.Days.First.AddDays(day))).ToHashSet();
        Assert.All(Enumerable.Range(1, 14), age => Assert.Contains(Today.AddDays(9 - age), covered));
        Assert.InRange(asks.Length, 1, 2);
    }

    [Fact]
    public void Every_night_for_a_year_with_gaps_keeps_to_the_limits_and_reads_each_day_at_every_age_at_which_it_is_restated() =>
        Gen.Select(Gen.Int[0, 9].Array[160], Gen.Int[0, 2]).Sample((gaps, kind) =>
        {
            var dataset = new[] { Dataset.TargetDay, Dataset.BrandsTargetDay, Dataset.DisplayTargetDay }[kind];
            var readings = new Dictionary<Dataset, StoredReadings>();
            var seen = new Dictionary<DateOnly, List<int>>();
            var today = Today;
            for (var night = 0; night < gaps.Length; night++)
            {
                var asks = Plan(readings, today, isFirst: night == 0, [dataset]);
                foreach (var ask in asks)
                {
                    Assert.InRange(ask.Days.Days, 1, 31);
                    Assert.True(ask.Days.Last < today && ask.Days.First >= today.AddDays(dataset switch { Dataset.TargetDay => -95, Dataset.BrandsTargetDay => -60, _ => -65 }));
                    for (var day = ask.Days.First; day <= ask.Days.Last; day = day.AddDays(1)) (seen.TryGetValue(day, out var ages) ? ages : seen[day] = []).Add(today.DayNumber - day.DayNumber);
                }

                Assert.True(night == 0 || asks.Length <= 2, $"{asks.Length} requests in one night");
                Assert.Equal(asks.Length, asks.SelectMany(ask => new[] { ask.Days.First, ask.Days.Last }.Distinct()).Distinct().Count() - asks.Count(ask => ask.Days.Days > 1));
                Note(readings, asks, today);

                // Most nights run; now and then one is missed.
                today = today.AddDays(gaps[night] == 0 ? 2 : 1);
            }

            // A day that had its time: read on the first days, after a week, two and four, and once its attribution is over.
            foreach (var (day, ages) in seen.Where(item => item.Key > Today && item.Key < today.AddDays(-50)))
            {
                foreach (var (from, to) in new[] { (1, 2), (2, 3), (3, 5), (7, 9), (14, 16), (28, 31), (35, 43) })
                    Assert.True(ages.Exists(age => age >= from && age <= to), $"{day}: read at {string.Join(", ", ages)}, not from {from} to {to}");
            }
        }, iter: 40, threads: 1);

    private static int Age(DateOnly day) => Today.DayNumber - day.DayNumber;

    private static System.Collections.Immutable.ImmutableArray<ReportAsk> Plan(Dictionary<Dataset, StoredReadings> readings, DateOnly today, bool isFirst, HashSet<Dataset> wanted) => ReportPlan.For(readings, wanted, today, isFirst);

    /// <summary>As many nights before today, none missed.</summary>
    private static Dictionary<Dataset, StoredReadings> Nightly(HashSet<Dataset> wanted, int nights)
    {
        var readings = new Dictionary<Dataset, StoredReadings>();
        for (var night = nights; night >= 1; night--) Note(readings, Plan(readings, Today.AddDays(-night), isFirst: night == nights, wanted), Today.AddDays(-night));
        return readings;
    }

    private static void Note(Dictionary<Dataset, StoredReadings> readings, IEnumerable<ReportAsk> asks, DateOnly on)
    {
        foreach (var ask in asks) readings[ask.Dataset] = (readings.GetValueOrDefault(ask.Dataset) ?? StoredReadings.None).With(new(ask.Days.First, ask.Days.Last, on));
    }
}

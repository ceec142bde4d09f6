using System.Text.Json;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Tests.Run;

public sealed class SyncPlanTests
{
    private static readonly DateOnly Today = new(2026, 10, 6);
    private static readonly SyncMark LastNight = new(new(2026, 10, 5, 6, 0, 0, TimeSpan.Zero), Today.AddDays(-2));

    [Fact]
    public void A_first_import_orders_the_newest_two_weeks_of_all_reports_before_it_reads_anything_else()
    {
        var steps = SyncPlan.Steps(Asks(isFirst: true), null, null, null, Today);

        var recent = steps.TakeWhile(step => step.Kind == StepNames.Report).Select(Notes).ToList();
        Assert.Equal(ReportPlan.Of([AdProduct.SponsoredProducts, AdProduct.SponsoredBrands]).Order(), recent.Select(notes => notes.Dataset).Order());
        Assert.All(recent, notes => Assert.Equal(DateSpan.Ending(Today.AddDays(-1), 14), new(notes.First, notes.Last)));
        Assert.Equal(
            [StepNames.OrderFile, StepNames.Listings, StepNames.Orders, StepNames.Economics, StepNames.Controls, StepNames.Suggestions, StepNames.Finish],
            steps.Where(step => step.Kind != StepNames.Report).Select(step => step.Kind));
        Assert.Equal(StepNames.Finish, steps[^1].Kind);

        // Every ask is there once, and what is older comes behind what is read at once.
        Assert.Equal(Asks(isFirst: true).Count, steps.Count(step => step.Kind == StepNames.Report));
        Assert.True(steps.ToList().FindLastIndex(step => step.Kind == StepNames.Report) > steps.ToList().FindIndex(step => step.Kind == StepNames.Controls));
    }

    [Fact]
    public void The_newest_reports_of_a_first_import_open_the_overview_and_no_others()
    {
        var first = SyncPlan.Steps(Asks(isFirst: true), null, null, null, Today).Where(step => step.Kind == StepNames.Report).Select(Notes).ToList();
        var nightly = SyncPlan.Steps(Asks(isFirst: false), LastNight, null, null, Today).Where(step => step.Kind == StepNames.Report).Select(Notes).ToList();

        Assert.All(first, notes => Assert.Equal(notes.Last == Today.AddDays(-1), notes.Opens));
        Assert.Contains(first, notes => notes is { Opens: true, Dataset: Dataset.TargetDay });
        Assert.Equal(Dataset.TargetDay, first[0].Dataset);
        Assert.Contains(first, notes => !notes.Opens);
        Assert.NotEmpty(nightly);
        Assert.DoesNotContain(nightly, notes => notes.Opens);
    }

    [Theory]
    [InlineData(null, 60)] // never read, whatever else was
    [InlineData(1, 14)]
    [InlineData(20, 34)] // a gap, and two weeks behind it
    [InlineData(200, 60)]
    public void Fees_and_orders_go_back_to_where_they_were_read_last(int? daysAgo, int days)
    {
        DateOnly? through = daysAgo is { } ago ? Today.AddDays(-1 - ago) : null;

        var steps = SyncPlan.Steps([], LastNight, through, through, Today).ToDictionary(step => step.Kind, step => step.Notes is null ? null : Notes(step));

        Assert.NotEqual(0, Today.DayNumber % 7);
        Assert.Equal(DateSpan.Ending(Today.AddDays(-1), days), new(steps[StepNames.Economics]!.First, steps[StepNames.Economics]!.Last));
        Assert.Equal(DateSpan.Ending(Today, Math.Min(60, days + 1)), new(steps[StepNames.OrderFile]!.First, steps[StepNames.OrderFile]!.Last));
        Assert.Equal(DateSpan.Ending(Today, 3), new(steps[StepNames.Orders]!.First, steps[StepNames.Orders]!.Last));
        Assert.Equal(DateSpan.Ending(Today.AddDays(-1), 14), new(steps[StepNames.Finish]!.First, steps[StepNames.Finish]!.Last));
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(14, 1)]
    [InlineData(1, 1)]
    public void Files_of_orders_follow_each_other_without_a_gap_and_none_is_longer_than_thirty_days(int days, int files)
    {
        var us = Marketplace.Find("ATVPDKIKX0DER");
        var now = new DateTimeOffset(2026, 11, 10, 20, 0, 0, TimeSpan.Zero); // summer time ended on the 1st
        var first = OrderSpans.Midnight(new DateOnly(2026, 11, 10).AddDays(1 - days), us);

        var spans = OrderSpans.Of(first, now);

        Assert.Equal(files, spans.Count);
        Assert.Equal((first, now.AddMinutes(-3)), (spans[^1].From, spans[0].Until));
        Assert.All(spans, span => Assert.InRange(span.Until - span.From, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)));
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.Equal(pair.First.From, pair.Second.Until));
        Assert.Empty(OrderSpans.Of(now.AddMinutes(-2), now));
    }

    private static List<ReportAsk> Asks(bool isFirst)
    {
        var wanted = ReportPlan.Of([AdProduct.SponsoredProducts, AdProduct.SponsoredBrands]);
        var readings = isFirst ? [] : wanted.ToDictionary(dataset => dataset, _ => StoredReadings.None.With(new(Today.AddDays(-60), Today.AddDays(-2), Today.AddDays(-1))));
        return [.. ReportPlan.For(readings, wanted, Today, isFirst)];
    }

    private static ReportNotes Notes(NewStep step) => JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
}

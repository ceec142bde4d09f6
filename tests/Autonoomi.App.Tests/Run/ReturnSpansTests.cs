using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Tests.Run;

/// <summary>Which days of returns are asked for, and which are known.</summary>
public sealed class ReturnSpansTests
{
    private static readonly DateOnly Today = new(2026, 10, 6);

    [Fact]
    public void A_sync_asks_for_the_newest_days_and_once_a_week_for_a_month_and_for_what_is_missing()
    {
        var yesterday = Today.AddDays(-1);
        Assert.NotEqual(0, Today.DayNumber % 7);
        var sunday = Today.AddDays(7 - (Today.DayNumber % 7));
        var whole = new ReturnsMark([new(Today.AddDays(-200), yesterday)]);

        var first = SellingPlan.ReturnSpans(null, Today);
        Assert.Equal((Today.AddDays(-120), yesterday, 120), (first[0].First, first[^1].Last, first.Sum(span => span.Days)));
        Assert.All(first, span => Assert.Equal(30, span.Days));
        Assert.Equal([DateSpan.Ending(yesterday, 8)], SellingPlan.ReturnSpans(whole, Today));
        Assert.Equal([DateSpan.Ending(sunday.AddDays(-1), 30)], SellingPlan.ReturnSpans(new([new(sunday.AddDays(-200), sunday.AddDays(-1))]), sunday));

        // After a gap from where it was read last, and never further back than at first; once a week what could not be had at first.
        Assert.Equal(Today.AddDays(-48), SellingPlan.ReturnSpans(new([new(Today.AddDays(-90), Today.AddDays(-41))]), Today)[0].First);
        Assert.Equal(Today.AddDays(-120), SellingPlan.ReturnSpans(new([new(Today.AddDays(-400), Today.AddDays(-300))]), Today)[0].First);
        Assert.Equal(sunday.AddDays(-120), SellingPlan.ReturnSpans(new([new(sunday.AddDays(-30), sunday.AddDays(-1))]), sunday)[0].First);
    }

    [Fact]
    public void Days_that_were_read_are_known_as_far_as_there_is_no_gap()
    {
        var (a, b, c, d) = (Span(1, 10), Span(11, 20), Span(21, 30), Span(16, 31));

        Assert.Null(new ReturnsMark([]).Newest);
        Assert.Equal(Span(21, 30), new ReturnsMark([]).With(c).With(a).Newest);
        Assert.Equal(Span(1, 30), new ReturnsMark([]).With(c).With(a).With(b).Newest);
        Assert.Equal(Span(1, 31), new ReturnsMark([]).With(a).With(b).With(d).With(c).Newest);
        Assert.Equal(Span(1, 30), new ReturnsMark([]).With(Span(1, 30)).With(b).Newest);

        static DateSpan Span(int first, int last) => new(new DateOnly(2026, 10, first), new DateOnly(2026, 10, last));
    }
}

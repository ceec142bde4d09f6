using System.IO;
using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>What people must do by hand: when it is due, to the tick, and that the page says the same as the code.</summary>
public sealed class DutyTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    [Promise("P-3-d", "P-8-b", "P-8-h")]
    public void A_duty_is_overdue_from_the_very_moment_on_and_done_again_it_is_not()
    {
        foreach (var duty in DutyTable.All)
        {
            var due = Began.AddTicks(TimeSpan.TicksPerDay * duty.EveryDays);
            Assert.Equal((false, false, due), Of(DutyTable.Standing(duty, Began, null, due.AddTicks(-1))));
            Assert.Equal((true, false, due), Of(DutyTable.Standing(duty, Began, null, due)));
            Assert.Equal((false, true, due.AddDays(duty.EveryDays)), Of(DutyTable.Standing(duty, Began, due, due)));
            Assert.Equal((true, true, due.AddDays(duty.EveryDays)), Of(DutyTable.Standing(duty, Began, due, due.AddDays(duty.EveryDays))));
            Assert.StartsWith("due in 0 days, never done", DutyTable.Standing(duty, Began, null, due.AddTicks(-1)).InWords(due.AddTicks(-1)), StringComparison.Ordinal);
            Assert.StartsWith("OVERDUE by 1 day, never done; counted from 2026-01-31", DutyTable.Standing(duty, Began, null, due.AddDays(1)).InWords(due.AddDays(1)), StringComparison.Ordinal);
        }

        static (bool, bool, DateTimeOffset) Of(DutyStanding standing) => (standing.IsOverdue, standing.WasDone, standing.DueAt);
    }

    [Theory]
    [InlineData(DutyTable.AccessReview, 91)] // Amazon: at least every quarter
    [InlineData(DutyTable.IncidentDrill, 184)]
    [InlineData(DutyTable.IncidentPlan, 184)]
    [InlineData("vulnerability-scan", 30)]
    [InlineData("log-review", 14)]
    [InlineData("network-review", 31)]
    [InlineData(DutyTable.PenetrationTest, 365)]
    [InlineData(DutyTable.SecurityAudit, 365)]
    [InlineData(DutyTable.KeyRotation, 365)]
    [InlineData(DutyTable.SubProcessors, 365)]
    [InlineData("training", 365)]
    [InlineData("restore-test", 92)]
    public void No_duty_rests_longer_than_those_who_demand_it_allow(string id, int days) => Assert.InRange(DutyTable.Find(id)!.EveryDays, 1, days);

    [Fact]
    public void Ids_are_words_that_stand_once_and_every_duty_says_what_why_and_what_shows_it()
    {
        Assert.Equal(DutyTable.All.Length, DutyTable.All.Select(duty => duty.Id).Distinct().Count());
        Assert.All(DutyTable.All, duty => Assert.All(duty.Id, letter => Assert.True(char.IsAsciiLetterLower(letter) || letter == '-')));
        Assert.All(DutyTable.All, duty => Assert.True(duty.What.Length > 20 && duty.Source.Length > 3 && duty.Evidence.Length > 3, duty.Id));
        Assert.Null(DutyTable.Find("no-such-duty"));
    }

    [Fact]
    public void The_page_of_duties_has_a_row_for_each_with_its_days()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "privacy", "duties.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(DutyTable.All.Select(duty => $"| `{duty.Id}` | {duty.EveryDays} | {duty.What} | {duty.Source} | {duty.Evidence} |"), rows);
    }
}

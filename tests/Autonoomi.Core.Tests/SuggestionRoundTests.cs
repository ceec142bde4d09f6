using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class SuggestionRoundTests
{
    private static readonly DateOnly Day = new(2026, 11, 2);
    private static readonly Currency Usd = Marketplace.Find("ATVPDKIKX0DER").Currency;

    [Fact]
    public void Every_enabled_target_is_asked_about_when_new_and_then_once_a_week() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 5], Gen.Int[0, 1000]).Sample((groups, perGroup, shift) =>
        {
            var targets = Targets(groups, perGroup, shift);
            IReadOnlyList<AskedSuggestion> known = [];
            var questions = 0;
            for (var day = 0; day < 29; day++)
            {
                var today = Day.AddDays(day);
                var due = SuggestionRound.Due(targets, known, today).SelectMany(group => group).ToList();
                Assert.True(day > 0 || due.Count == targets.Length);
                questions += due.Count;
                known = SuggestionRound.Learn(targets, known, SuggestionRound.Answered(due, [], today));
                Assert.All(known, each => Assert.InRange(today.DayNumber - each.On.DayNumber, 0, 6));
                Assert.Equal(targets.Length, known.Count);
                Assert.Empty(SuggestionRound.Due(targets, known, today));
            }

            // At the start, then at most once in seven days.
            Assert.InRange(questions, 5 * targets.Length - targets.Length, 5 * targets.Length);
        }, iter: 40);

    [Fact]
    public void A_large_account_begins_with_the_longest_unasked_ad_groups_and_takes_several_days()
    {
        var targets = Targets(1200, 1, 0);
        IReadOnlyList<AskedSuggestion> known = [];
        for (var day = 0; day < 3; day++)
        {
            var today = Day.AddDays(day);
            var due = SuggestionRound.Due(targets, known, today);
            Assert.True(day < 2 ? due.Count == SuggestionRound.MaximumAdGroups : due.Count < SuggestionRound.MaximumAdGroups, $"{due.Count} on day {day}");
            known = SuggestionRound.Learn(targets, known, SuggestionRound.Answered(due.SelectMany(group => group), [], today));
        }

        Assert.Equal(targets.Length, known.Count);
    }

    [Fact]
    public void Suggestions_survive_storage_and_paused_targets_are_forgotten()
    {
        var targets = Targets(2, 2, 0);
        var answer = new BidSuggestion(targets[0].Id, new(0.61m, Usd), new(0.82m, Usd), new(1.13m, Usd));
        var known = SuggestionRound.Learn(targets, [], SuggestionRound.Answered(targets, [answer], Day));

        var read = EntityTables.Suggestions(EntityTables.ToTable(known), Usd);

        Assert.Equal(known, read);
        Assert.Equal([answer], read.Told());
        var paused = targets.Select((target, index) => index == 0 ? target with { State = EntityState.Paused } : target).ToArray();
        Assert.Equal(targets.Skip(1).Select(target => target.Id), SuggestionRound.Learn(paused, known, []).Select(each => each.Target));
    }

    private static Target[] Targets(int groups, int perGroup, int shift) => [.. Enumerable.Range(0, groups * perGroup).Select(index => new Target(
        new(1000 + index), new(1), new(1 + shift + index / perGroup), TargetKind.Keyword, MatchType.Exact, $"word {index}", EntityState.Enabled, new(1m, Usd)))];
}

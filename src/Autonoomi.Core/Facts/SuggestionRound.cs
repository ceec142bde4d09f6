using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Facts;

/// <param name="Target">Whom Amazon was asked about.</param>
/// <param name="On">Reporting day of the question.</param>
/// <param name="Suggestion">What it said; null when it has no suggestion for this target.</param>
public sealed record AskedSuggestion(TargetId Target, DateOnly On, BidSuggestion? Suggestion);

/// <summary>
/// Which targets Amazon is asked about today. Its suggestions move weekly and a call answers for one ad group, so each enabled target is asked about when it
/// is new, again on the weekday of its ad group, and in any case after seven days; of a large account the longest unasked ad groups come first.
/// </summary>
public static class SuggestionRound
{
    /// <summary>Most ad groups of one day: at five calls a second less than two minutes.</summary>
    public const int MaximumAdGroups = 500;

    private const int Week = 7;

    /// <param name="targets">All targets of the storefront.</param>
    /// <param name="known">What was learnt before.</param>
    /// <param name="today">Current reporting day.</param>
    /// <returns>Enabled targets to ask about, ad group by ad group.</returns>
    public static IReadOnlyList<IGrouping<AdGroupId, Target>> Due(IEnumerable<Target> targets, IEnumerable<AskedSuggestion> known, DateOnly today)
    {
        var asked = known.ToDictionary(each => each.Target, each => each.On);
        return
        [
            .. targets.Where(target => target.State == EntityState.Enabled && IsDue(target.AdGroup, asked.TryGetValue(target.Id, out var on) ? on : null))
                .GroupBy(target => target.AdGroup)
                .OrderBy(group => group.Min(target => asked.TryGetValue(target.Id, out var on) ? on.DayNumber : 0)).ThenBy(group => group.Key.Value)
                .Take(MaximumAdGroups),
        ];

        bool IsDue(AdGroupId group, DateOnly? on) => on is not { } day
            || today.DayNumber - day.DayNumber >= Week
            || (day < today && (group.Value - today.DayNumber) % Week == 0);
    }

    /// <param name="targets">All targets of the storefront; what is not enabled is forgotten.</param>
    /// <param name="known">What was learnt before.</param>
    /// <param name="asked">What was learnt today.</param>
    /// <returns>What is known now, in order of the targets' ids.</returns>
    public static ImmutableArray<AskedSuggestion> Learn(IEnumerable<Target> targets, IEnumerable<AskedSuggestion> known, IEnumerable<AskedSuggestion> asked)
    {
        var enabled = targets.Where(target => target.State == EntityState.Enabled).Select(target => target.Id).ToHashSet();
        var all = known.Where(each => enabled.Contains(each.Target)).ToDictionary(each => each.Target);
        foreach (var each in asked) all[each.Target] = each;
        return [.. all.Values.OrderBy(each => each.Target.Value)];
    }

    /// <returns>The suggestions themselves, in the same order.</returns>
    public static ImmutableArray<BidSuggestion> Told(this IEnumerable<AskedSuggestion> known) => [.. known.Where(each => each.Suggestion is not null).Select(each => each.Suggestion!)];

    /// <param name="targets">The targets of one question.</param>
    /// <param name="answers">Amazon's answers; a target may be missing.</param>
    /// <param name="today">Current reporting day.</param>
    public static IEnumerable<AskedSuggestion> Answered(IEnumerable<Target> targets, IEnumerable<BidSuggestion> answers, DateOnly today)
    {
        var found = answers.ToDictionary(answer => answer.Target);
        return targets.Select(target => new AskedSuggestion(target.Id, today, found.GetValueOrDefault(target.Id)));
    }
}

using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.ChangeLog;

/// <summary>A moment as people recognise it: when, and what had just moved.</summary>
public static class MomentWords
{
    /// <summary>"1 Jun 2026, 01:00 · after 101 bids and 8 placement increases, from here".</summary>
    public static string Of(Moment moment, string timeZone)
    {
        var at = Display.Instant(moment.At, timeZone);
        if (moment.Moves.IsEmpty) return $"Before {at} · as it stood before the first move that is kept";
        var kinds = moment.Moves.GroupBy(move => Kind(move.Change)).OrderByDescending(group => group.Count()).Select(group => Display.Count(group.Count(), group.Key.Singular, group.Key.Plural)).ToList();
        var what = kinds.Count == 1 ? kinds[0] : $"{string.Join(", ", kinds.Take(kinds.Count - 1))} and {kinds[^1]}";
        return $"{at} · after {what}, {(moment.Ours == 0 ? "by others" : moment.Ours == moment.Moves.Length ? "from here" : $"{Display.Count(moment.Ours)} of them from here")}";
    }

    private static (string Singular, string Plural) Kind(Change change) => change switch
    {
        SetBid => ("bid", "bids"),
        SetBudget => ("budget", "budgets"),
        SetPlacement => ("placement increase", "placement increases"),
        SetTargetState or SetCampaignState or SetAdGroupState => ("state", "states"),
        CreateTarget => ("new target", "new targets"),
        AddNegative => ("new negative", "new negatives"),
        ArchiveNegative => ("removed negative", "removed negatives"),
        _ => ("other thing", "other things"),
    };
}

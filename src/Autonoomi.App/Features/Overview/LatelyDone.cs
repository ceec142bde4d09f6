using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Overview;

/// <summary>What was written to Amazon lately, in one sentence.</summary>
public static class LatelyDone
{
    /// <param name="changes">Applied changes.</param>
    /// <param name="since">The first instant that counts.</param>
    /// <returns>Null when nothing was written.</returns>
    public static string? Sentence(IEnumerable<AppliedChange> changes, DateTimeOffset since)
    {
        var lately = changes.Where(change => change.At >= since).ToArray();
        if (lately.Length == 0) return null;
        var kinds = lately.GroupBy(change => Kind(change.Change)).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Many, StringComparer.Ordinal)
            .Select(group => Display.Count(group.Count(), group.Key.One, group.Key.Many)).ToArray();
        var own = lately.Count(change => change.ByPerson);
        var words = kinds.Length == 1 ? kinds[0] : $"{string.Join(", ", kinds[..^1])} and {kinds[^1]}";
        return own == 0 ? $"{words}." : own == lately.Length ? $"{words}, as you decided." : $"{words}; {Display.Count(own)} of them as you decided.";
    }

    /// <summary>Last day of each source of facts; null where there is none.</summary>
    public static IReadOnlyList<(string Source, DateOnly? Through)> Sources(Workspace workspace) =>
    [
        ("Ads", Last(workspace.TargetDays, workspace)),
        ("Orders", Last(workspace.OrderDays, workspace)),
        ("Fees and sales", Last(workspace.SkuDays, workspace)),
        ("Stock", Last(workspace.InventoryDays, workspace)),
        ("Money movements", Last(workspace.LedgerDays, workspace)),
        ("Visits", Last(workspace.TrafficDays, workspace)),
        ("Returns", workspace.ReturnsRead?.Last),
    ];

    private static DateOnly? Last(FactTable table, Workspace workspace)
    {
        var last = int.MinValue;
        foreach (var day in table.Ints("day"))
        {
            if (day <= workspace.Today.DayNumber) last = Math.Max(last, day);
        }

        return last == int.MinValue ? null : DateOnly.FromDayNumber(last);
    }

    private static (string One, string Many) Kind(Change change) => change switch
    {
        SetBid bid when bid.After > bid.Before => ("bid raised", "bids raised"),
        SetBid => ("bid lowered", "bids lowered"),
        SetBudget => ("budget changed", "budgets changed"),
        SetPlacement => ("placement changed", "placements changed"),
        SetTargetState => ("target switched", "targets switched"),
        CreateTarget => ("target created", "targets created"),
        AddNegative => ("search blocked", "searches blocked"),
        ArchiveNegative => ("search allowed again", "searches allowed again"),
        _ => ("other change", "other changes"),
    };
}

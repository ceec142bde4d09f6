using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>B00: every target gets Amazon's median suggestion times a factor once, and keeps it.</summary>
/// <remarks>
/// Source: Amazon's own suggestions, as a seller without a tool takes them. Gaps filled (*): the factor is tuned
/// (<see cref="PolicySettings.TargetOfBreakEven"/> carries it); a target is set on the first morning on which it has a suggestion; a write that failed is
/// repeated.
/// </remarks>
internal sealed class B00StaticSuggested(PolicySettings settings) : IBidRule
{
    public static PeerKind Kind { get; } = new("B00", "Static suggested bid",
        "Amazon's suggested bids. *Factor on the median tuned, set once per target.", settings => new B00StaticSuggested(settings));

    private readonly Dictionary<long, double> given = [];

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var id = account.Targets[target].Id.Value;
            if (!given.TryGetValue(id, out var bid))
            {
                if (account.SuggestedOrNone(target) is not { } suggested) continue;
                given.Add(id, bid = settings.TargetOfBreakEven * suggested);
            }

            bids.Set(target, bid);
        }
    }
}

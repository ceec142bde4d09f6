using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B05, Scale Insights: on 30 days without the latest 2 the bid goes in small daily steps towards bid × target / ACoS; a target that spent 10 dollars without
/// an order is paused; one that is hardly clicked is raised.
/// </summary>
/// <remarks>
/// Source: docs.scaleinsights.com (30 days skipping 2, small steps with 2 % a day as the example, pause at 0 orders and 10 dollars in 30 days).
/// Gaps filled (*): 3 % a day; under 3 clicks +2 % a day up to 1.2 × suggestion.
/// </remarks>
internal sealed class B05ScaleInsights : IBidRule
{
    public static PeerKind Kind { get; } = new("B05", "Scale Insights",
        "Scale Insights documentation. *3 % a day, under 3 clicks +2 % a day to 1.2·suggested.", _ => new B05ScaleInsights());

    private const int WindowDays = 30;
    private const int SkipDays = 2;
    private const double DailyStep = 0.03;
    private const double PauseDollars = 10;
    private const int FewClicks = 3;
    private const double Raise = 1.02;
    private const double RaiseUpToSuggested = 1.2;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var sums = account.Window(WindowDays, SkipDays).Targets;
        var pauseAt = account.Dollars(PauseDollars);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var bid = bids.Current(target);
            if (sums.Acos(target) is { } acos)
            {
                var optimum = acos > 0 ? B01Ratio.Optimum(bid, acos, account.TargetAcosOf(target)) : double.MaxValue;
                bids.Set(target, Math.Clamp(optimum, bid * (1 - DailyStep), bid * (1 + DailyStep)));
            }
            else if (sums.Orders[target] <= 0 && sums.Cost[target] >= pauseAt)
            {
                var entry = account.Targets[target];
                changes.Add(new SetTargetState(entry.Campaign, entry.AdGroup, entry.Id, entry.Kind, EntityState.Enabled, EntityState.Paused));
            }
            else if (sums.Clicks[target] < FewClicks && bid < RaiseUpToSuggested * account.Suggested(target))
            {
                bids.Set(target, Math.Min(Raise * bid, RaiseUpToSuggested * account.Suggested(target)));
            }
        }
    }
}

using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.History;

/// <summary>Three facts about one value that we wrote: what we set, what Amazon says now, and when both last agreed.</summary>
/// <param name="EntityKey">What is meant: <see cref="Change.EntityKey"/>.</param>
/// <param name="WeSet">Our last value, as text without currency.</param>
/// <param name="SetAt">When.</param>
/// <param name="AmazonSays">The value of the last sync; null when it is gone.</param>
/// <param name="LastAgreed">The last instant at which both were the same: the sync where they are, else the event that parted them; null when nothing tells.</param>
public sealed record Standing(string EntityKey, string WeSet, DateTimeOffset SetAt, string? AmazonSays, DateTimeOffset? LastAgreed)
{
    public bool Agrees => WeSet == AmazonSays;
}

public static class Standings
{
    /// <returns>One line for each value that we wrote and that Amazon can be asked for: bids, budgets, placements and states; creations and negatives stand or do not.</returns>
    public static IReadOnlyList<Standing> Of(Workspace workspace, IReadOnlyList<AttributedEvent> events)
    {
        var targets = workspace.Targets.ToDictionary(target => target.Id);
        var campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id);
        var groups = workspace.AdGroups.ToDictionary(group => group.Id);
        var foreign = events.Where(item => !item.IsOurs).ToLookup(item => (item.Event.Field, item.Event.Id), item => item.Event.At);
        return
        [
            .. from applied in workspace.Changes
               group applied by applied.Change.EntityKey into same
               let last = same.MaxBy(applied => applied.At)
               let facts = Facts(last.Change)
               where facts is not null
               let now = facts.Value.Now
               orderby same.Key
               select new Standing(same.Key, facts.Value.Set, last.At, now, facts.Value.Set == now ? workspace.SyncedAt : Parted(facts.Value.Subject, last.At)),
        ];

        (string Set, string? Now, (EventField, long) Subject)? Facts(Change change) => change switch
        {
            SetBid bid => (Text(bid.After.Amount), targets.GetValueOrDefault(bid.Target) is { } target ? Text(target.Bid.Amount) : null, (EventField.Bid, bid.Target.Value)),
            SetTargetState state => (state.After.ToString(), targets.GetValueOrDefault(state.Target)?.State.ToString() ?? nameof(EntityState.Archived), (EventField.State, state.Target.Value)),
            SetCampaignState state => (state.After.ToString(), campaigns.GetValueOrDefault(state.Campaign)?.State.ToString() ?? nameof(EntityState.Archived), (EventField.State, state.Campaign.Value)),
            SetAdGroupState state => (state.After.ToString(), groups.GetValueOrDefault(state.AdGroup)?.State.ToString() ?? nameof(EntityState.Archived), (EventField.State, state.AdGroup.Value)),
            SetBudget budget => (Text(budget.After.Amount), campaigns.GetValueOrDefault(budget.Campaign) is { } campaign ? Text(campaign.DailyBudget.Amount) : null, (EventField.Budget, budget.Campaign.Value)),
            SetPlacement placement => (Text(placement.AfterPercent), campaigns.GetValueOrDefault(placement.Campaign) is { } campaign ? Text(campaign.PercentAt(placement.Placement)) : null, (EventField.Placement, placement.Campaign.Value)),
            _ => null,
        };

        DateTimeOffset? Parted((EventField, long) subject, DateTimeOffset setAt) => foreign[subject].Where(at => at >= setAt).Select(at => (DateTimeOffset?)at).Min();
    }

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}

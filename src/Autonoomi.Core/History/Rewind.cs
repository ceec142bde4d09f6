using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.History;

/// <param name="Change">What is written.</param>
/// <param name="Note">What differs from then all the same; null when nothing does.</param>
public sealed record WayBack(Change Change, string? Note)
{
    /// <summary>When it is written: budgets that rise (0), then everything else (1), then budgets that fall (2).</summary>
    public int Turn => Change is SetBudget budget ? budget.After > budget.Before ? 0 : 2 : 1;
}

/// <param name="Move">What happened since.</param>
/// <param name="Why">Why it stays so.</param>
public sealed record StaysAsIs(Change Move, string Why);

/// <summary>How an account comes back to how it stood at a moment, and what does not.</summary>
/// <param name="Writes">No two of one entity. Budgets that rise come first and those that fall last, so that no bid ever stands above its budget.</param>
/// <param name="Left">What cannot be taken back.</param>
public sealed record RewindPlan(ImmutableArray<WayBack> Writes, ImmutableArray<StaysAsIs> Left);

/// <summary>Takes back everything that happened since a moment, whoever did it. See docs/maths/time-machine.md.</summary>
public static class Rewind
{
    /// <param name="now">As Amazon has it.</param>
    /// <param name="since">Everything that moved after the moment, oldest first.</param>
    /// <param name="within">Which of it is taken back: the whole account, or one campaign.</param>
    public static RewindPlan Plan(Workspace now, IEnumerable<Move> since, Func<Change, bool> within)
    {
        var campaigns = now.Campaigns.Where(campaign => campaign.State != EntityState.Archived).ToDictionary(campaign => campaign.Id);
        var groups = now.AdGroups.Where(group => group.State != EntityState.Archived && campaigns.ContainsKey(group.Campaign)).ToDictionary(group => group.Id);
        var targets = now.Targets.Where(target => target.State != EntityState.Archived && groups.ContainsKey(target.AdGroup)).ToDictionary(target => target.Id);
        var negatives = now.Negatives.Where(negative => negative.State == EntityState.Enabled && campaigns.ContainsKey(negative.Campaign) && (negative.AdGroup is not { } group || groups.ContainsKey(group)))
            .ToLookup(negative => new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text).EntityKey, StringComparer.Ordinal);

        // The first move of a thing after the moment tells how it stood then.
        var first = new Dictionary<string, Move>(StringComparer.Ordinal);
        var order = new List<string>();
        var isNew = new HashSet<TargetId>();
        foreach (var move in since.Where(move => within(move.Change)))
        {
            var key = move is { Change: CreateTarget, CreatedId: { } id } ? $"target:{id}:state" : move.Change.EntityKey;
            if (!first.TryAdd(key, move)) continue;
            order.Add(key);
            if (move is { Change: CreateTarget, CreatedId: { } created }) isNew.Add(new(created));
        }

        var (writes, left) = (new List<WayBack>(), ImmutableArray.CreateBuilder<StaysAsIs>());
        foreach (var move in order.Select(key => first[key]))
        {
            switch (move.Change)
            {
                case SetBid bid when targets.TryGetValue(bid.Target, out var target) && !isNew.Contains(bid.Target):
                    if (target.Bid != bid.Before) Write(bid with { Before = target.Bid, After = bid.Before });
                    break;
                case SetBudget budget when campaigns.TryGetValue(budget.Campaign, out var campaign):
                    if (campaign.DailyBudget != budget.Before) Write(budget with { Before = campaign.DailyBudget, After = budget.Before });
                    break;
                case SetPlacement placement when campaigns.TryGetValue(placement.Campaign, out var campaign):
                    if (campaign.PercentAt(placement.Placement) is var percent && percent != placement.BeforePercent) Write(placement with { BeforePercent = percent, AfterPercent = placement.BeforePercent });
                    break;
                case SetTargetState state when targets.TryGetValue(state.Target, out var target):
                    if (target.State != state.Before) Write(state with { Before = target.State, After = state.Before });
                    break;
                case SetTargetState state when groups.ContainsKey(state.AdGroup):
                    left.Add(new(state, "It was archived since, and Amazon never brings a target back: add it again as a new one."));
                    break;
                case CreateTarget create when targets.TryGetValue(new(move.CreatedId ?? 0), out var target):
                    if (target.State == EntityState.Enabled)
                        Write(new SetTargetState(create.Campaign, create.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Paused) { AdProduct = create.AdProduct }, "It did not exist then. Amazon keeps it: it is paused.");
                    break;
                case SetCampaignState state when campaigns.TryGetValue(state.Campaign, out var campaign):
                    if (state.Before != EntityState.Archived && campaign.State != state.Before) Write(state with { Before = campaign.State, After = state.Before });
                    else if (state.Before == EntityState.Archived && campaign.State == EntityState.Enabled) Write(state with { Before = EntityState.Enabled, After = EntityState.Paused }, "It did not exist then. It is paused and can be archived by hand.");
                    break;
                case SetCampaignState { Before: not EntityState.Archived } state:
                    left.Add(new(state, "It was archived since, and Amazon never brings a campaign back: launch a new one."));
                    break;
                case SetAdGroupState state when groups.TryGetValue(state.AdGroup, out var group):
                    if (state.Before != EntityState.Archived && group.State != state.Before) Write(state with { Before = group.State, After = state.Before });
                    else if (state.Before == EntityState.Archived && group.State == EntityState.Enabled) Write(state with { Before = EntityState.Enabled, After = EntityState.Paused }, "It did not exist then. It is paused.");
                    break;
                case SetAdGroupState { Before: not EntityState.Archived } state when campaigns.ContainsKey(state.Campaign):
                    left.Add(new(state, "It was archived since, and Amazon never brings an ad group back."));
                    break;
                case AddNegative added:
                    if (negatives[added.EntityKey].FirstOrDefault() is { } negative) Write(new ArchiveNegative(negative.Campaign, negative.AdGroup, negative.Id, negative.Match, negative.Text) { AdProduct = added.AdProduct });
                    break;
                case ArchiveNegative gone when !negatives[gone.EntityKey].Any() && campaigns.ContainsKey(gone.Campaign) && (gone.AdGroup is not { } of || groups.ContainsKey(of)):
                    if (gone.Match is NegativeMatch.Exact or NegativeMatch.Phrase or NegativeMatch.Product) Write(new AddNegative(gone.Campaign, gone.AdGroup, gone.Match, gone.Text) { AdProduct = gone.AdProduct }, "It comes back under a new id.");
                    else left.Add(new(gone, "Negatives of this kind are chosen by people at Amazon."));
                    break;
            }
        }

        return Judged(now, writes, left);

        void Write(Change change, string? note = null) => writes.Add(new(change, note));
    }

    // The seller's limits of today hold for values of then, judged as the campaigns will stand.
    private static RewindPlan Judged(Workspace now, List<WayBack> writes, ImmutableArray<StaysAsIs>.Builder left)
    {
        var campaigns = now.Campaigns.ToDictionary(campaign => campaign.Id);
        foreach (var change in writes.Select(way => way.Change))
        {
            if (campaigns.TryGetValue(change.Campaign, out var campaign))
                campaigns[change.Campaign] = change switch
                {
                    SetBudget budget => campaign with { DailyBudget = budget.After },
                    SetPlacement { Placement: Placement.TopOfSearch } placement => campaign with { TopOfSearchPercent = placement.AfterPercent },
                    SetPlacement { Placement: Placement.RestOfSearch } placement => campaign with { RestOfSearchPercent = placement.AfterPercent },
                    SetPlacement { Placement: Placement.ProductPages } placement => campaign with { ProductPagesPercent = placement.AfterPercent },
                    _ => campaign,
                };
        }

        var (rules, then) = (new EditRules(now), new EditRules(now with { Campaigns = [.. now.Campaigns.Select(campaign => campaigns[campaign.Id])] }));
        var kept = new List<WayBack>();
        foreach (var way in writes)
        {
            // Settings of whole campaigns are held against how they stand; what lies below against how they will stand.
            var judged = (way.Change is SetBudget or SetPlacement or SetCampaignState ? rules : then).Judge(way.Change);
            if (judged.Refusal is { } refusal) left.Add(new(way.Change, refusal));
            else kept.Add(way);
        }

        return new([.. kept.OrderBy(way => way.Turn)], left.ToImmutable());
    }
}

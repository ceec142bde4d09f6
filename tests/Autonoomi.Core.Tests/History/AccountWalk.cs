using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.History;

/// <summary>An account that anybody changes: what Amazon does with a change, told in a few lines.</summary>
internal sealed class AccountWalk(Workspace start, int seed)
{
    private readonly Random random = new(seed);
    private long next = 90_000_000;

    public Workspace Now { get; private set; } = start;

    /// <summary>One change that Amazon takes, whoever makes it.</summary>
    public void Step()
    {
        var campaign = Now.Campaigns[random.Next(Now.Campaigns.Length)];
        var target = Now.Targets[random.Next(Now.Targets.Length)];
        var (dice, currency) = (random.Next(100), campaign.DailyBudget.Currency);
        Take(dice switch
        {
            < 40 => new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, new(random.Next(10, 300) / 100m, currency)),
            < 55 => new SetBudget(campaign.Id, campaign.DailyBudget, new(random.Next(5, 400), currency)),
            < 65 => new SetPlacement(campaign.Id, (Placement)random.Next(3), 0, random.Next(10) * 10),
            < 75 => new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, target.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
            < 77 => new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, EntityState.Archived),
            < 81 => new SetCampaignState(campaign.Id, campaign.State, campaign.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
            < 82 when Now.Campaigns.Length > 3 => new SetCampaignState(campaign.Id, campaign.State, EntityState.Archived),
            < 86 => new SetAdGroupState(target.Campaign, target.AdGroup, EntityState.Enabled, Now.AdGroups.Single(group => group.Id == target.AdGroup).State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
            < 91 => new CreateTarget(target.Campaign, target.AdGroup, MatchType.Exact, $"new words {next}", target.Bid),
            _ when dice < 96 || Now.Negatives.IsEmpty => new AddNegative(target.Campaign, random.Next(2) == 0 ? null : target.AdGroup, NegativeMatch.Exact, $"never {random.Next(30)}"),
            _ => Now.Negatives[random.Next(Now.Negatives.Length)] is var gone ? new ArchiveNegative(gone.Campaign, gone.AdGroup, gone.Id, gone.Match, gone.Text) : null!,
        });
    }

    /// <summary>Amazon's lists afterwards: what is archived is in none of them.</summary>
    public void Take(Change change)
    {
        Now = change switch
        {
            SetBid bid => Now with { Targets = [.. Now.Targets.Select(target => target.Id == bid.Target ? target with { Bid = bid.After } : target)] },
            SetBudget budget => Campaign(budget.Campaign, campaign => campaign with { DailyBudget = budget.After }),
            SetPlacement { Placement: Placement.TopOfSearch } placement => Campaign(placement.Campaign, campaign => campaign with { TopOfSearchPercent = placement.AfterPercent }),
            SetPlacement { Placement: Placement.RestOfSearch } placement => Campaign(placement.Campaign, campaign => campaign with { RestOfSearchPercent = placement.AfterPercent }),
            SetPlacement placement => Campaign(placement.Campaign, campaign => campaign with { ProductPagesPercent = placement.AfterPercent }),
            SetTargetState { After: EntityState.Archived } gone => Now with { Targets = Now.Targets.RemoveAll(target => target.Id == gone.Target) },
            SetTargetState state => Now with { Targets = [.. Now.Targets.Select(target => target.Id == state.Target ? target with { State = state.After } : target)] },
            SetCampaignState { After: EntityState.Archived } gone => Now with
            {
                Campaigns = Now.Campaigns.RemoveAll(campaign => campaign.Id == gone.Campaign), AdGroups = Now.AdGroups.RemoveAll(group => group.Campaign == gone.Campaign),
                Targets = Now.Targets.RemoveAll(target => target.Campaign == gone.Campaign), Negatives = Now.Negatives.RemoveAll(negative => negative.Campaign == gone.Campaign),
            },
            SetCampaignState state => Campaign(state.Campaign, campaign => campaign with { State = state.After }),
            SetAdGroupState state => Now with { AdGroups = [.. Now.AdGroups.Select(group => group.Id == state.AdGroup ? group with { State = state.After } : group)] },
            CreateTarget create => Now with { Targets = Now.Targets.Add(new(new(next++), create.Campaign, create.AdGroup, TargetKind.Keyword, create.Match, create.Text, EntityState.Enabled, create.Bid)) },
            AddNegative add when Now.Negatives.Any(each => (each.Campaign, each.AdGroup, each.Match, each.Text) == (add.Campaign, add.AdGroup, add.Match, add.Text)) => Now,
            AddNegative add => Now with { Negatives = Now.Negatives.Add(new(new(next++), add.Campaign, add.AdGroup, add.Match, add.Text, EntityState.Enabled)) },
            ArchiveNegative gone => Now with { Negatives = Now.Negatives.RemoveAll(negative => negative.Id == gone.Negative) },
            _ => throw new InvalidOperationException(change.GetType().Name),
        };
    }

    private Workspace Campaign(CampaignId id, Func<Campaign, Campaign> change) => Now with { Campaigns = [.. Now.Campaigns.Select(campaign => campaign.Id == id ? change(campaign) : campaign)] };
}

using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.History;

/// <summary>One difference between two readings of an account, whoever made it, told as the change that leads from the earlier to the later.</summary>
/// <param name="Change">
/// A campaign or ad group that is new was archived before; a target that is new is created; what is gone is archived. Of what is new or gone as a whole nothing below it is told.
/// </param>
/// <param name="CreatedId">Amazon's id of a new target or negative; null otherwise.</param>
public sealed record Move(Change Change, long? CreatedId = null);

/// <summary>What of an account can be set: everything that lives at one moment.</summary>
public sealed record AccountState(ImmutableArray<Campaign> Campaigns, ImmutableArray<AdGroup> AdGroups, ImmutableArray<Target> Targets, ImmutableArray<Negative> Negatives)
{
    public static AccountState Of(Workspace workspace) => new(workspace.Campaigns, workspace.AdGroups, workspace.Targets, workspace.Negatives);

    /// <returns>What leads from this state to a later one, campaigns first.</returns>
    public ImmutableArray<Move> MovesTo(AccountState later)
    {
        var moves = ImmutableArray.CreateBuilder<Move>();
        var (campaigns, then) = (Living(Campaigns, campaign => campaign.State).ToDictionary(campaign => campaign.Id), Living(later.Campaigns, campaign => campaign.State).ToDictionary(campaign => campaign.Id));
        foreach (var campaign in campaigns.Values.OrderBy(campaign => campaign.Id.Value))
        {
            if (then.TryGetValue(campaign.Id, out var now)) Of(campaign, now);
            else Add(campaign, new SetCampaignState(campaign.Id, campaign.State, EntityState.Archived));
        }

        foreach (var campaign in then.Values.Where(campaign => !campaigns.ContainsKey(campaign.Id)).OrderBy(campaign => campaign.Id.Value)) Add(campaign, new SetCampaignState(campaign.Id, EntityState.Archived, campaign.State));

        // Below campaigns that are new or gone nothing is told.
        var both = campaigns.Keys.Where(then.ContainsKey).ToHashSet();
        var groups = Living(AdGroups, group => group.State).Where(group => both.Contains(group.Campaign)).ToDictionary(group => group.Id);
        var groupsThen = Living(later.AdGroups, group => group.State).Where(group => both.Contains(group.Campaign)).ToDictionary(group => group.Id);
        foreach (var group in groups.Values.OrderBy(group => group.Id.Value))
        {
            var state = groupsThen.TryGetValue(group.Id, out var now) ? now.State : EntityState.Archived;
            if (state != group.State) Add(then[group.Campaign], new SetAdGroupState(group.Campaign, group.Id, group.State, state));
        }

        foreach (var group in groupsThen.Values.Where(group => !groups.ContainsKey(group.Id)).OrderBy(group => group.Id.Value)) Add(then[group.Campaign], new SetAdGroupState(group.Campaign, group.Id, EntityState.Archived, group.State));

        var shared = groups.Keys.Where(groupsThen.ContainsKey).ToHashSet();
        var targets = Living(Targets, target => target.State).Where(target => shared.Contains(target.AdGroup)).ToDictionary(target => target.Id);
        var targetsThen = Living(later.Targets, target => target.State).Where(target => shared.Contains(target.AdGroup)).ToDictionary(target => target.Id);
        foreach (var target in targets.Values.OrderBy(target => target.Id.Value))
        {
            var campaign = then[target.Campaign];
            if (!targetsThen.TryGetValue(target.Id, out var now))
            {
                Add(campaign, new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, EntityState.Archived));
                continue;
            }

            if (now.Bid != target.Bid) Add(campaign, new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, now.Bid));
            if (now.State != target.State) Add(campaign, new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, now.State));
        }

        foreach (var target in targetsThen.Values.Where(target => !targets.ContainsKey(target.Id)).OrderBy(target => target.Id.Value))
            Add(then[target.Campaign], new CreateTarget(target.Campaign, target.AdGroup, target.Match, target.Text, target.Bid), target.Id.Value);

        bool Stays(Negative negative) => both.Contains(negative.Campaign) && (negative.AdGroup is not { } group || shared.Contains(group));
        var negatives = Living(Negatives, negative => negative.State).Where(Stays).ToDictionary(negative => negative.Id);
        var negativesThen = Living(later.Negatives, negative => negative.State).Where(Stays).ToDictionary(negative => negative.Id);
        foreach (var negative in negatives.Values.Where(negative => !negativesThen.ContainsKey(negative.Id)).OrderBy(negative => negative.Id.Value))
            Add(then[negative.Campaign], new ArchiveNegative(negative.Campaign, negative.AdGroup, negative.Id, negative.Match, negative.Text));
        foreach (var negative in negativesThen.Values.Where(negative => !negatives.ContainsKey(negative.Id)).OrderBy(negative => negative.Id.Value))
            Add(then[negative.Campaign], new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text), negative.Id.Value);
        return moves.ToImmutable();

        void Of(Campaign campaign, Campaign now)
        {
            if (now.State != campaign.State) Add(now, new SetCampaignState(campaign.Id, campaign.State, now.State));
            if (now.DailyBudget != campaign.DailyBudget) Add(now, new SetBudget(campaign.Id, campaign.DailyBudget, now.DailyBudget));
            foreach (var placement in Enum.GetValues<Placement>())
                if (now.PercentAt(placement) != campaign.PercentAt(placement)) Add(now, new SetPlacement(campaign.Id, placement, campaign.PercentAt(placement), now.PercentAt(placement)));
        }

        void Add(Campaign campaign, Change change, long? created = null) => moves.Add(new(change with { AdProduct = campaign.AdProduct }, created));
    }

    private static IEnumerable<T> Living<T>(IEnumerable<T> all, Func<T, EntityState> state) => all.Where(each => state(each) != EntityState.Archived);
}

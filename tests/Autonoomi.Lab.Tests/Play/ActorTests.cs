using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Play;

/// <summary>The lab writes as the product's writer does. That both leave the same account behind is shown end to end; here is what that journey rarely meets.</summary>
public sealed class ActorTests
{
    private readonly MarketWorld world = new(1, new WorldSettings { Products = 1, HistoryDays = 1 });

    [Fact]
    public void Kinds_of_operation_are_written_in_the_writers_order_whatever_order_they_come_in()
    {
        var campaign = Manual();
        var keyword = Keyword(campaign);
        var clause = world.Ads.Targets.First(target => target.Kind == TargetKind.Auto);
        var budget = world.Ads.Campaign(clause.CampaignId)!.DailyBudget;
        IReadOnlyList<Change> changes =
        [
            new AddNegative(new(campaign.Id), new(keyword.AdGroupId), NegativeMatch.Exact, "something else"),
            new CreateTarget(new(campaign.Id), new(keyword.AdGroupId), MatchType.Exact, "brand new words", Usd(0.5m)),
            new SetPlacement(new(campaign.Id), Placement.TopOfSearch, campaign.TopOfSearchPercent, 30),
            new SetBudget(new(clause.CampaignId), Usd(budget), Usd(budget + 1)),
            new SetTargetState(new(campaign.Id), new(keyword.AdGroupId), new(keyword.Id), TargetKind.Keyword, EntityState.Enabled, EntityState.Paused),
            new SetBid(new(clause.CampaignId), new(clause.AdGroupId), new(clause.Id), TargetKind.Auto, Usd(1), Usd(0.31m)),
            new SetBid(new(campaign.Id), new(keyword.AdGroupId), new(keyword.Id), TargetKind.Keyword, Usd(1), Usd(0.32m)),
        ];

        var (taken, refused) = new Actor(world.Ads).Apply(changes);

        Assert.Equal(changes, taken);
        Assert.Equal(0, refused);
        Assert.Equal(
            [AdEntityKind.Keyword, AdEntityKind.Target, AdEntityKind.Keyword, AdEntityKind.Campaign, AdEntityKind.Campaign, AdEntityKind.Keyword, AdEntityKind.NegativeKeyword],
            world.Ads.Writes.Select(write => write.Entity));
        Assert.Equal(0.32m, world.Ads.Target(keyword.Id)!.Bid);
        Assert.Equal(EntityState.Paused, world.Ads.Target(keyword.Id)!.State);
        Assert.Equal(0.31m, world.Ads.Target(clause.Id)!.Bid);
        Assert.Equal(30, world.Ads.Campaign(campaign.Id)!.TopOfSearchPercent);
    }

    [Fact]
    public void Placements_of_one_campaign_are_one_write_and_the_one_not_named_stays()
    {
        var campaign = Manual();
        world.Ads.Update(new CampaignEdit(campaign.Id, TopOfSearchPercent: 10, RestOfSearchPercent: 20, ProductPagesPercent: 40));
        var before = world.Ads.Writes.Count;

        var (taken, _) = new Actor(world.Ads).Apply([new SetPlacement(new(campaign.Id), Placement.TopOfSearch, 10, 25), new SetPlacement(new(campaign.Id), Placement.RestOfSearch, 20, 0)]);

        Assert.Equal(2, taken.Count);
        Assert.Equal(before + 1, world.Ads.Writes.Count);
        var after = world.Ads.Campaign(campaign.Id)!;
        Assert.Equal((25, 0, 40), (after.TopOfSearchPercent, after.RestOfSearchPercent, after.ProductPagesPercent));
    }

    [Fact]
    public void What_Amazon_refuses_is_not_taken_and_the_rest_is()
    {
        var campaign = Manual();
        var keyword = Keyword(campaign);
        var twin = new CreateTarget(new(campaign.Id), new(keyword.AdGroupId), keyword.Match, keyword.Text, Usd(0.5m));
        var clause = new CreateTarget(new(campaign.Id), new(keyword.AdGroupId), MatchType.LooseMatch, "", Usd(0.5m));
        var good = new SetBid(new(campaign.Id), new(keyword.AdGroupId), new(keyword.Id), TargetKind.Keyword, Usd(1), Usd(0.77m));

        var (taken, refused) = new Actor(world.Ads).Apply([twin, clause, good, good with { After = Usd(0.99m) }]);

        Assert.Equal([good], taken);
        Assert.Equal(2, refused);
        Assert.Equal(0.77m, world.Ads.Target(keyword.Id)!.Bid);
    }

    [Fact]
    public void A_negative_is_archived_where_it_lives_and_an_archived_target_stays_archived()
    {
        var campaign = Manual();
        var keyword = Keyword(campaign);
        var actor = new Actor(world.Ads);
        actor.Apply([new AddNegative(new(campaign.Id), new(keyword.AdGroupId), NegativeMatch.Phrase, "toy"), new AddNegative(new(campaign.Id), null, NegativeMatch.Product, "B012345678")]);
        var negatives = world.Ads.Negatives.TakeLast(2).ToArray();

        var (taken, refused) = actor.Apply(
        [
            .. negatives.Select(negative => new ArchiveNegative(new(negative.CampaignId), negative.AdGroupId is { } group ? new AdGroupId(group) : null, new(negative.Id), negative.Match, negative.Text)),
            new SetTargetState(new(campaign.Id), new(keyword.AdGroupId), new(keyword.Id), TargetKind.Keyword, EntityState.Enabled, EntityState.Archived),
        ]);

        Assert.Equal((3, 0), (taken.Count, refused));
        Assert.All(negatives, negative => Assert.Equal(EntityState.Archived, world.Ads.Negative(negative.Id)!.State));
        Assert.Equal(WriteOperation.Archive, world.Ads.Writes[^1].Operation);
        Assert.Equal(EntityState.Archived, world.Ads.Target(keyword.Id)!.State);
    }

    [Fact]
    public void A_write_that_fails_at_Amazons_side_is_sent_again_until_it_is_taken()
    {
        var failing = new MarketWorld(2, new WorldSettings { Products = 4, HistoryDays = 1, WriteFailureShare = 0.05 });
        var bids = failing.Ads.Targets.Select(target => new SetBid(new(target.CampaignId), new(target.AdGroupId), new(target.Id), target.Kind, Usd(1), Usd(0.44m))).ToArray();

        var (taken, refused) = new Actor(failing.Ads).Apply(bids);

        Assert.Equal((bids.Length, 0), (taken.Count, refused));
        Assert.Contains(failing.Ads.Writes, write => !write.Accepted);
        Assert.Equal(bids.Length, failing.Ads.Writes.Count(write => write.Accepted));
        Assert.All(failing.Ads.Targets, target => Assert.Equal(0.44m, target.Bid));
    }

    private WorldCampaign Manual() => world.Ads.Campaigns.First(campaign => campaign.Targeting == TargetingType.Manual);

    private WorldTarget Keyword(WorldCampaign campaign) => world.Ads.Targets.First(target => target.CampaignId == campaign.Id && target.Match == MatchType.Exact);

    private static Money Usd(decimal amount) => new(amount, new Currency("USD"));
}

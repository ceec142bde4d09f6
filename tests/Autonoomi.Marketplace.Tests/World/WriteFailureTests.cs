using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class WriteFailureTests
{
    private static MarketWorld World(double share) => new(7, new WorldSettings { Products = 3, HistoryDays = 2, WriteFailureShare = share });

    [Fact]
    public void Right_writes_fail_as_often_as_the_world_says_and_change_nothing()
    {
        var world = World(0.2);
        var results = Raise(world, world.Ads.Targets);

        Assert.InRange(results.Count(result => result is Refused) / (double)results.Count, 0.1, 0.3);
        Assert.All(results.OfType<Refused>(), refused => Assert.Equal(("internalServerError", "INTERNAL_ERROR"), (refused.Selector, refused.Reason)));
        Assert.Equal(results.Select(result => result is Accepted), world.Ads.Targets.Select(target => target.Bid == 0.31m));
        Assert.Equal(results.Count(result => result is Refused), world.Ads.Writes.Count(write => write.Reason == "INTERNAL_ERROR"));
    }

    [Fact]
    public void Another_try_is_another_chance()
    {
        var world = World(0.2);
        for (var attempt = 0; attempt < 12; attempt++) Raise(world, world.Ads.Targets.Where(target => target.Bid != 0.31m).ToList());

        Assert.All(world.Ads.Targets, target => Assert.Equal(0.31m, target.Bid));
    }

    [Fact]
    public void What_was_written_elsewhere_does_not_matter()
    {
        var (all, some) = (World(0.2), World(0.2));
        var every = Raise(all, all.Ads.Targets);
        var second = Raise(some, some.Ads.Targets.Where((_, place) => place % 2 == 1).Reverse().ToList());

        Assert.Equal(every.Where((_, place) => place % 2 == 1).Reverse(), second);
    }

    [Fact]
    public void A_wrong_write_is_refused_for_what_is_wrong_and_uses_up_no_chance()
    {
        var (wrong, right) = (World(0.2), World(0.2));
        foreach (var target in wrong.Ads.Targets) Assert.Equal("BID_OUT_OF_MARKET_PLACE_RANGE", ((Refused)Write(wrong, target, 5_000)).Reason);

        Assert.Equal(Raise(right, right.Ads.Targets), Raise(wrong, wrong.Ads.Targets));
    }

    [Fact]
    public void New_things_fail_too_and_the_sellers_own_past_never_did()
    {
        var world = World(0.2);
        Assert.Empty(world.Ads.Writes);
        var group = world.Ads.AdGroups.First(group => world.Ads.Targets.Any(target => target.AdGroupId == group.Id && target.Kind == TargetKind.Keyword));

        var results = Enumerable.Range(0, 100).Select(word => world.Ads.Create(new KeywordDraft(group.CampaignId, group.Id, $"word {word}", MatchType.Exact, EntityState.Enabled, 0.3m))).ToList();

        Assert.InRange(results.Count(result => result is Refused), 8, 35);
    }

    [Fact]
    public void Without_a_share_nothing_fails()
    {
        var world = World(0);

        Assert.All(Raise(world, world.Ads.Targets), result => Assert.IsType<Accepted>(result));
    }

    private static List<WriteResult> Raise(MarketWorld world, IReadOnlyList<WorldTarget> targets) => [.. targets.ToList().Select(target => Write(world, target, 0.31m))];

    private static WriteResult Write(MarketWorld world, WorldTarget target, decimal bid) =>
        world.Ads.Update(new TargetEdit(target.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target, target.Id, Bid: bid));
}

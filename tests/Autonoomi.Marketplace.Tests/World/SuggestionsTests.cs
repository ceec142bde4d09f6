using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class SuggestionsTests
{
    private static readonly MarketWorld World = Worlds.Small();

    [Fact]
    public void Every_target_that_reaches_a_search_gets_three_bids_in_order_and_on_the_step()
    {
        var suggestions = World.SuggestedBids();

        Assert.InRange(suggestions.Count, World.Ads.Targets.Count * 9 / 10, World.Ads.Targets.Count);
        Assert.Equal(suggestions.Count, suggestions.Select(suggestion => suggestion.TargetId).Distinct().Count());
        Assert.All(suggestions, suggestion =>
        {
            Assert.True(World.Marketplace.MinimumBid <= suggestion.Low && suggestion.Low <= suggestion.Median && suggestion.Median <= suggestion.High);
            Assert.Equal(0, decimal.Remainder(suggestion.Median, World.Marketplace.BidStep));
        });
    }

    [Fact]
    public void The_same_world_suggests_the_same_and_asking_changes_nothing()
    {
        var (one, other) = (Worlds.Small(3, 2, 3), Worlds.Small(3, 2, 3));
        var first = one.SuggestedBids();

        Assert.Equal(first, one.SuggestedBids());
        Assert.Equal(first, other.SuggestedBids());
        one.AdvanceDays(1);
        other.AdvanceDays(1);
        Assert.Equal(other.Fingerprint(), one.Fingerprint());
    }

    [Fact]
    public void Suggestions_lie_above_the_rivals_median_because_winners_do_and_vary_by_their_noise()
    {
        var exact = World.Ads.Targets.Where(target => target.Match == MatchType.Exact).ToList();
        var suggested = World.SuggestedBids().ToDictionary(suggestion => suggestion.TargetId, suggestion => (double)suggestion.Median);
        var ratios = exact.Select(target => (target, Query: World.Market.Queries.FirstOrDefault(query => query.Text == target.Text))).Where(pair => pair.Query is not null)
            .Select(pair => Math.Log(suggested[pair.target.Id] / pair.Query!.RivalMedian)).ToList();
        var mean = ratios.Average();
        var sd = Math.Sqrt(ratios.Average(ratio => Math.Pow(ratio - mean, 2)));

        // Four winners of five to eight rivals, σ 0.5 to 0.75: the winners' median is about e^(0.35 σ) above the median of all.
        Assert.InRange(mean, 0.05, 0.50);
        Assert.InRange(sd, 0.10, 0.25);
    }

    [Fact]
    public void A_paused_target_and_one_that_reaches_nothing_have_no_suggestion()
    {
        var world = Worlds.Small(5, 2, 2);
        var paused = world.Ads.Targets[4];
        world.Ads.Update(new TargetEdit(paused.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target, paused.Id, EntityState.Paused));
        var group = world.Ads.Targets.First(target => target.Kind == TargetKind.Keyword).AdGroupId;
        var nothing = (Accepted)world.Ads.Create(new KeywordDraft(world.Ads.AdGroup(group)!.CampaignId, group, "nobody types this", MatchType.Exact, EntityState.Enabled, 0.5m));

        var suggested = world.SuggestedBids().Select(suggestion => suggestion.TargetId).ToHashSet();

        Assert.DoesNotContain(paused.Id, suggested);
        Assert.DoesNotContain(nothing.Id, suggested);
    }
}

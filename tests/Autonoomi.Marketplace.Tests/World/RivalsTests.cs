using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using CsCheck;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class RivalsTests
{
    [Fact]
    public void Reactions_only_make_it_dearer()
    {
        var steps = Enumerable.Range(0, 9).Select(step => new Landscape(Placement.TopOfSearch, 6, 0.6, 0.2, step * Math.Log(1.05))).ToArray();

        Gen.Select(Gen.Int[1, 8], Gen.Double[-3, 3.1], Gen.Double[0.05, 10]).Sample((step, at, value) =>
        {
            var (frozen, raised) = (steps[step - 1].At(at), steps[step].At(at));
            var (best, provoked) = (steps[step - 1].Best.At(value), steps[step].Best.At(value));
            return raised.Clicks <= frozen.Clicks + 1e-12 && (provoked.Clicks * value) - provoked.Cost <= (best.Clicks * value) - best.Cost + 1e-12;
        });
    }

    [Fact]
    public void Rivals_go_up_while_outranked_to_their_limit_and_come_down_again()
    {
        var market = new Market(new Dice(7), new WorldSettings { Products = 1 }, new DateOnly(2026, 4, 2));
        var reactions = new Reactions(market.Parameters);
        var query = market.TopSearches[0];
        var cell = query.Pairs[0].Cells[0];
        Assert.Equal(0, reactions.StepOf(query));

        cell.LogScore = 0.1;
        cell.Line = Line();
        for (var day = 0; day < 3; day++) reactions.EndDay(market.TopSearches, _ => 0);
        Assert.Equal(3, reactions.StepOf(query)); // 0.1 lies above two steps of 5 %, no longer above three

        cell.LogScore = 9;
        for (var day = 0; day < 20; day++) reactions.EndDay(market.TopSearches, _ => 0);
        Assert.Equal(8, reactions.StepOf(query));
        Assert.Equal(0, reactions.StepOf(market.TopSearches[1]));

        cell.Line = null;
        for (var day = 0; day < 8; day++) reactions.EndDay(market.TopSearches, _ => 0);
        Assert.Equal(0, reactions.StepOf(query));

        static AdLine Line() => new(0, new Route(0, new GroupLane(new CampaignLane(1)), new MatchText(new WorldTarget(1, 1, 1, TargetKind.Auto, MatchType.CloseMatch, "", EntityState.Enabled, null, default, default))), new AdLane(0, 0, new GroupLane(new CampaignLane(1))));
    }

    [Fact]
    public void Some_rivals_are_out_of_budget_in_the_evening_and_none_comes_back()
    {
        var market = new Market(new Dice(7), new WorldSettings { Products = 5 }, new DateOnly(2026, 4, 2));
        var present = Enumerable.Range(0, Season.Regimes).Select(regime => market.Queries.Average(query => market.Rivals.Count(query, 3, regime))).ToArray();

        Assert.InRange(present[1] / present[0], 0.90, 0.96);
        Assert.InRange(present[2] / present[0], 0.76, 0.84);
        Assert.All(market.Queries, query => Assert.InRange(market.Rivals.Count(query, 3, 2), 0, market.Rivals.Count(query, 3, 0)));
    }

    [Fact]
    public void A_shock_raises_its_share_of_the_searches_for_good_and_brings_entrants()
    {
        var settings = new WorldSettings { Products = 5, HistoryDays = 10, Events = [new RivalShock(5, 0.5, 1.35, 2)] };
        var (calm, shocked) = (new Market(new Dice(7), settings with { Events = [] }, new DateOnly(2026, 4, 2)), new Market(new Dice(7), settings, new DateOnly(2026, 4, 2)));
        var hit = Share(15);

        Assert.Equal(0, Share(14));
        Assert.InRange(hit, 0.45, 0.55);
        Assert.Equal(hit, Share(100));
        Assert.All(shocked.Queries, query => Assert.Equal(
            shocked.Rivals.LogLevel(query, 20) > calm.Rivals.LogLevel(query, 20) ? 2 : 0, shocked.Rivals.Count(query, 20, 0) - calm.Rivals.Count(query, 20, 0)));

        double Share(int day) => shocked.Queries.Average(query => Math.Abs(shocked.Rivals.LogLevel(query, day) - calm.Rivals.LogLevel(query, day) - Math.Log(1.35)) < 1e-12 ? 1d : 0);
    }
}

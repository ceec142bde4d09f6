using System.Collections.Immutable;
using System.IO;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Lab.Protocol;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Protocol;

/// <summary>The judge of predictions is judged: orders drawn from a belief fit it, and gains said of a bid are what the world then brings.</summary>
public sealed class PredictionTests
{
    private const int Days = 20;

    private static readonly WorldSettings Settings = new() { Products = 1, HistoryDays = 20, StockRunsOut = false, Market = new MarketParameters { ReactingShare = 0 } };

    [Theory]
    [InlineData(3.0, 40.0)]
    [InlineData(12.0, 6.0)]
    public void Orders_drawn_from_what_is_believed_fall_into_its_intervals_as_often_as_these_say_and_narrower_beliefs_are_found_out(double orders, double clicks)
    {
        var random = new Random(5);
        var belief = Posterior.Of(orders, clicks, 0.1, 20);
        var narrow = Posterior.Of(400 * belief.Mean, 400, belief.Mean, 20);
        var (held, heldNarrow) = (0, 0);
        for (var draw = 0; draw < 4000; draw++)
        {
            var rate = RateOf(belief, random.NextDouble());
            var came = 0;
            for (var click = 0; click < 60; click++) came += random.NextDouble() < rate ? 1 : 0;
            var lot = random.NextDouble();
            if (PredictionStudy.Below(belief, 60, came, lot) is >= 0.1 and <= 0.9) held++;
            if (PredictionStudy.Below(narrow, 60, came, lot) is >= 0.1 and <= 0.9) heldNarrow++;
        }

        // A Gamma belief lets a click bring two orders, which these draws do not: a little wider than needed.
        Assert.InRange(held / 4000.0, 0.78, orders > clicks ? 0.85 : 0.82);
        Assert.InRange(heldNarrow / 4000.0, 0.2, 0.72);
    }

    [Fact]
    public void Chances_of_all_numbers_of_orders_add_up_to_one()
    {
        Assert.Equal(1, PredictionStudy.Below(Posterior.Of(2, 30, 0.1, 20), 25, 25, 1), 9);
        Assert.Equal(1, PredictionStudy.Below(Posterior.Of(12, 6, 0.1, 20), 25, 200, 1), 6);
        Assert.Equal(0, PredictionStudy.Below(Posterior.Of(2, 30, 0.1, 20), 25, 0, 0));
    }

    [Theory]
    [InlineData(1, 1.6)]
    [InlineData(2, 0.5)]
    [InlineData(3, 2.5)]
    public void What_a_bid_is_said_to_gain_is_what_the_world_then_brings(int seed, double factor)
    {
        var said = 0.0;
        var with = Play(seed, world =>
        {
            var target = Busiest(world);
            var bid = Bid(world, target, factor);
            said = new TrueGains(world, ImmutableDictionary<long, (double[], double)>.Empty, [bid]).Of(bid)!.Value;
            world.Ads.Update(new TargetEdit(AdEntityKind.Keyword, target.Id, Bid: bid.After.Amount));
        });
        var without = Play(seed, _ => { });

        var gained = 30 * (with - without) / Days;
        Assert.True(Math.Abs(gained) > 1, "nothing to judge");
        Assert.InRange(said / gained, 0.7, 1.4);
    }

    [Fact]
    public void Two_targets_that_answer_the_same_searches_share_what_their_bids_gain_together()
    {
        var world = new MarketWorld(1, Settings);
        Room(world);
        var changes = world.Ads.Targets.Where(target => target is { State: EntityState.Enabled, Kind: TargetKind.Keyword }).Select(target => Bid(world, target, 1.4)).ToList();
        var truth = new TrueGains(world, ImmutableDictionary<long, (double[], double)>.Empty, changes);

        var together = truth.OfAllBids();
        Assert.InRange(changes.Sum(change => truth.Of(change)!.Value) / together, 0.8, 1.25);
        Assert.Equal(0, truth.Of(changes[0] with { Target = new TargetId(-1) }));
    }

    [Fact]
    public async Task The_command_says_and_writes_how_many_intervals_held_and_what_changes_gained()
    {
        using var bench = new Bench();

        Assert.Equal(0, await bench.RunAsync("predict", "--families", "S1", "--worlds", "1", "--seed", "52", "--days", "29", "--json", bench.File("out.json")));

        var report = JsonNode.Parse(File.ReadAllText(bench.File("out.json")))!;
        var all = report["gains"]!.AsArray().Single(row => (string?)row!["kind"] == "all" && (string?)row["family"] == "all")!;
        Assert.InRange((double)all["covered"]!, 0.5, 1);
        Assert.Equal((double)all["gained"]! / (double)all["expected"]!, (double)all["ratio"]!, 9);
        var orders = report["coverage"]!.AsArray().Where(row => (string?)row!["of"] == "orders of 28 days").ToList();
        Assert.All(orders, row => Assert.Equal(1, (double)row!["covered"]! + (double)row["under"]! + (double)row["over"]!, 9));
        Assert.Contains("gained / expected", bench.Output, StringComparison.Ordinal);
    }

    private static double RateOf(Posterior belief, double share)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 40; step++)
        {
            if (belief.Cdf((low + high) / 2) < share) low = (low + high) / 2;
            else high = (low + high) / 2;
        }

        return low;
    }

    // Expected profit of the days after the write.
    private static double Play(int seed, Action<MarketWorld> write)
    {
        var world = new MarketWorld((ulong)seed, Settings);
        Room(world);
        var first = world.Today.DayNumber - world.FirstDay.DayNumber;
        write(world);
        world.AdvanceDays(Days);
        return world.Simulation.Days.Skip(first).Take(Days).Sum(day => day.ExpectedProfit);
    }

    private static void Room(MarketWorld world)
    {
        foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 100_000));
        world.AdvanceDays(1);
    }

    private static WorldTarget Busiest(MarketWorld world)
    {
        var clicks = world.Simulation.Days.SelectMany(day => day.Clicks).CountBy(click => click.Target).ToDictionary();
        return world.Ads.Targets.Index().Where(target => target.Item is { State: EntityState.Enabled, Kind: TargetKind.Keyword }).MaxBy(target => clicks.GetValueOrDefault(target.Index)).Item;
    }

    private static SetBid Bid(MarketWorld world, WorldTarget target, double factor)
    {
        var bid = world.Ads.BidInForce(target);
        var currency = world.Marketplace.Currency;
        return new SetBid(new(target.CampaignId), new(target.AdGroupId), new TargetId(target.Id), target.Kind, new Money(bid, currency), new Money(decimal.Round(bid * (decimal)factor, 2), currency));
    }
}

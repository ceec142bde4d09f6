using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Tests.Play;

/// <summary>Judgements of search-term decisions against what the same world earns with and without them.</summary>
public sealed class TermScoringTests
{
    private const int Days = 20;

    // Nothing but the decision differs: shelves are full and budgets never run dry.
    private static readonly WorldSettings Settings = new() { Products = 1, HistoryDays = 20, StockRunsOut = false, Market = new MarketParameters { ReactingShare = 0 } };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void What_a_negative_is_said_to_block_or_avoid_is_what_the_world_then_lacks_or_saves(int seed, bool best)
    {
        var with = Play(seed, world => Negatives(world, best ? BestLoose(world) : WorstLoose(world)));
        var without = Play(seed, _ => []);

        // A negative stops its plural and a few more words too, so that both amounts may be there; their difference is what shows.
        var lacks = 30 * without.Days.Zip(with.Days, (free, closed) => free.ExpectedProfit - closed.ExpectedProfit).Average();
        Assert.True(with.Terms.Negatives > 0);
        Assert.InRange((with.Terms.BlockedProfit - with.Terms.AvoidedLoss) / lacks, 0.8, 1.25);
        Assert.True(lacks > 0 ? with.Terms.BlockedProfit > 0 : with.Terms.AvoidedLoss > 0);
        Assert.Equal((0, 0d, 0d), (without.Terms.Negatives, without.Terms.BlockedProfit, without.Terms.AvoidedLoss));
        if (!best) Assert.True(lacks < 0, "a stray should not pay");
    }

    [Fact]
    public void An_exact_keyword_for_the_best_search_counts_as_a_harvest_that_pays_and_one_for_a_stray_does_not()
    {
        var good = Play(1, world => [Keyword(world, BestLoose(world).Query)]);
        Assert.Equal((1, 1), (good.Terms.Harvests, good.Terms.PayingHarvests));
        Assert.Equal(1, good.Terms.HarvestPrecision);
        Assert.InRange(good.Terms.HarvestRecall!.Value, 0.01, 1);

        var bad = Play(1, world => [Keyword(world, WorstLoose(world).Query)]);
        Assert.Equal((1, 0), (bad.Terms.Harvests, bad.Terms.PayingHarvests));
        Assert.Equal(0, bad.Terms.HarvestedGain);

        var none = Play(1, _ => []);
        Assert.Null(none.Terms.HarvestPrecision);
        Assert.Equal(0, none.Terms.HarvestRecall);

        // What there was to find differs only by the clicks that the keyword itself took.
        Assert.InRange(good.Terms.PossibleGain, 0.8 * none.Terms.PossibleGain, 1.2 * none.Terms.PossibleGain);
    }

    [Fact]
    public void Twice_the_money_doubles_the_amounts_and_leaves_the_shares_alone()
    {
        var scaled = Settings with { MoneyScale = 2 };
        var (one, two) = (Ours(Settings), Ours(scaled));

        Assert.Equal((one.Harvests, one.PayingHarvests, one.Negatives), (two.Harvests, two.PayingHarvests, two.Negatives));
        Assert.Equal(2 * one.PossibleGain, two.PossibleGain, 1e-6 * one.PossibleGain);
        Assert.Equal(one.HarvestRecall!.Value, two.HarvestRecall!.Value, 1e-9);

        TermScore Ours(WorldSettings settings) => Episodes.Play(settings, 4, 30, () => new Once(world => [Keyword(world, BestLoose(world).Query), .. Negatives(world, WorstLoose(world))]), EpisodeOptions.Default, Stop).Terms;
    }

    private static EpisodeResult Play(int seed, Func<MarketWorld, IReadOnlyList<Change>> firstDay) =>
        Episodes.Play(Settings, (ulong)seed, Days, () => new Once(firstDay), EpisodeOptions.Default, Stop);

    private static List<Change> Negatives(MarketWorld world, Pair pair) =>
    [
        .. pair.Candidates.Select(candidate => world.Ads.Targets[candidate.Line.Route.Place]).DistinctBy(target => target.AdGroupId)
            .Select(target => new AddNegative(new(target.CampaignId), new AdGroupId(target.AdGroupId), NegativeMatch.Exact, pair.Query.Text)),
    ];

    private static CreateTarget Keyword(MarketWorld world, Query query)
    {
        var home = world.Ads.Targets.First(target => target.Match == MatchType.Exact);
        return new CreateTarget(new(home.CampaignId), new(home.AdGroupId), MatchType.Exact, query.Text, new Money(0.5m * world.Settings.MoneyScale, world.Marketplace.Currency));
    }

    // Searches that only loose targets reach and that were clicked.
    private static IEnumerable<Pair> Loose(MarketWorld world) => world.Simulation.Days.SelectMany(day => day.Clicks).Select(click => world.Market.PairOf(click.Product, click.Query)).Distinct()
        .Where(pair => !pair.Query.IsPage && pair.Candidates.Count > 0 && pair.Candidates.TrueForAll(candidate => candidate.Line.Route.Text.Match != MatchType.Exact && candidate.Blocks == 0))
        .OrderBy(pair => pair.Query.Index);

    // Most money left when every click costs what the median rival would pay.
    private static Pair BestLoose(MarketWorld world) => Loose(world).MaxBy(pair =>
        pair.Query.Volume * ((world.Market.Products[pair.Product].OrderContribution * pair.Odds / (1 + pair.Odds)) - pair.Query.RivalMedian))!;

    private static Pair WorstLoose(MarketWorld world) => Loose(world).Where(pair => pair.Query.IsStray).MinBy(pair => pair.Odds / pair.Query.Volume)!;

    /// <summary>Writes on its first day and never again.</summary>
    private sealed class Once(Func<MarketWorld, IReadOnlyList<Change>> changes) : IInsider
    {
        public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view)
        {
            if (view.Day > 0) return [];
            foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 100_000));
            return changes(world);
        }
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.References;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Tests.Oracles;

/// <summary>Whatever anybody does, O1 expects more.</summary>
public sealed class UpperBoundTests
{
    private const int Seeds = 26;
    private const int RandomPolicies = 18;

    [Fact]
    public void No_policy_beats_O1_in_any_of_more_than_500_policy_worlds()
    {
        var played = 0;
        var highest = 0d;
        var failures = new List<string>();
        Parallel.For(1, Seeds + 1, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            var seed = (ulong)number;
            var settings = Settings(number);
            var oracle = RelaxedOracle.Of(new MarketWorld(seed, settings), Tiny.Days, new OracleOptions());
            var results = new List<(string Name, double[] Profit)>();
            for (var policy = 0; policy < RandomPolicies; policy++)
            {
                var which = policy;
                results.Add(($"random {which}", Tiny.Play(seed, settings, Tiny.Days, (world, day) => Anything(world, day, which))));
            }

            results.Add(("O2 without steps", Insider(seed, settings, () => new ImplementableOracle(Tiny.Days, new ImplementableOptions { StepLimits = false, Restarts = 2 }))));
            results.Add(("B14", Insider(seed, settings, () => new TrueRates(Tiny.Days))));
            if (number % 5 == 0)
            {
                foreach (var id in new[] { "ours", "B03", "B08", "B11z" }) results.Add((id, Policy(seed, settings, id)));
            }

            lock (failures)
            {
                played += results.Count;
                highest = Math.Max(highest, results.Max(result => result.Profit.Sum() / oracle.Total));
                failures.AddRange(results.Where(result => result.Profit.Sum() > oracle.Total).Select(result => $"{result.Name} in world {seed}: {result.Profit.Sum():0.00} over {oracle.Total:0.00}"));
                failures.AddRange(results.SelectMany(result => result.Profit.Index().Where(day => day.Item > oracle.Profit[day.Index] * (1 + 1e-9) && day.Item > 0)
                    .Select(day => $"{result.Name} in world {seed} on day {day.Index}: {day.Item:0.00} over {oracle.Profit[day.Index]:0.00}")));
            }
        });

        Assert.Empty(failures);
        Assert.True(played >= 500, $"{played} policy-worlds");

        // The bound is not idle: somebody comes within a fifth of it.
        Assert.InRange(highest, 0.8, 1);
    }

    // Two products each; every third world has reacting rivals in plenty, every fourth an event, every fifth shelves that run empty.
    private static WorldSettings Settings(int number) => Tiny.Settings() with
    {
        Past = number % 2 == 0 ? SellerPast.Mature : SellerPast.Usual,
        StockRunsOut = number % 5 == 0,
        Market = number % 3 == 0 ? new MarketParameters { ReactingShare = 0.4, ReactionStep = 0.08 } : new MarketParameters(),
        Events = (number % 8) switch
        {
            0 => [new DemandPeak(8, 6, 2.5, 1.35)],
            4 => [new RivalShock(6, 0.5, 1.35, 2), new PriceChange(12, 0.5, 0.9, 1.1)],
            _ => [],
        },
    };

    // Bids from a hundredth to ten times what they were, multipliers, strategies, pauses, budgets from loose to tight: some once, some every day.
    private static void Anything(MarketWorld world, int day, int policy)
    {
        var random = new Random((int)world.Seed * 10_000 + policy * 100 + day);
        if (day == 0 && policy % 4 != 3) Tiny.Loosen(world);
        if (day > 0 && random.NextDouble() > (policy % 3) / 2d) return;
        var level = (policy % 6) switch { 0 => 0.5, 1 => 1, 2 => 2, 3 => 0.2, 4 => 6, _ => 1.3 };
        foreach (var target in world.Ads.Targets.ToList())
        {
            if (policy == 0 && target.State == EntityState.Enabled && random.NextDouble() < 0.2) Tiny.SetState(world, target, EntityState.Paused);
            else if (target.State == EntityState.Enabled) Tiny.Bid(world, target, Math.Min((double)Math.Min(20, world.Ads.Campaign(target.CampaignId)!.DailyBudget), (double)world.Ads.BidInForce(target) * (day == 0 ? level : 1) * Math.Exp((random.NextDouble() - 0.5) * (policy % 5))));
        }

        foreach (var campaign in world.Ads.Campaigns.ToList())
        {
            if (random.NextDouble() < 0.5) continue;
            Assert.IsType<Accepted>(world.Ads.Update(new CampaignEdit(
                campaign.Id, Strategy: (BiddingStrategy)random.Next(3), TopOfSearchPercent: random.Next(300), RestOfSearchPercent: random.Next(100), ProductPagesPercent: random.Next(100))));
        }
    }

    private static double[] Insider(ulong seed, WorldSettings settings, Func<IInsider> insider) =>
        [.. Episodes.Play(settings, seed, Tiny.Days, insider, EpisodeOptions.Default, TestContext.Current.CancellationToken).Days.Select(day => day.ExpectedProfit)];

    private static double[] Policy(ulong seed, WorldSettings settings, string id) =>
        [.. Episodes.Play(settings, seed, Tiny.Days, () => PolicyCatalogue.Find(id).Create(new PolicySettings { Seed = seed }), EpisodeOptions.Default, TestContext.Current.CancellationToken)
            .Days.Select(day => day.ExpectedProfit)];
}

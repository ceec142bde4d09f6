using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Outcomes;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Outcomes;

/// <summary>Moves of bids whose effect is known, because the days were made up with it.</summary>
public sealed class OutcomeLedgerTests
{
    private static readonly DateOnly Moved = SomeStorefront.Today.AddDays(-30);

    [Fact]
    public void Without_an_effect_one_in_five_is_called_one_all_told_and_with_a_large_one_nearly_all_are()
    {
        var (calm, wrong, found, right) = (0, 0, 0, 0);
        for (var seed = 1; seed <= 34; seed++)
        {
            foreach (var (factor, demand) in new[] { (1.0, 1.0), (1.0, 1.6), (0.0, 1.0), (3.0, 1.6) })
            {
                var ledger = OutcomeLedger.Of(Shop(seed, factor, demand));
                foreach (var outcome in ledger.Outcomes.Where(outcome => outcome.Effect is not null))
                {
                    if (factor == 1) (calm, wrong) = (calm + 1, wrong + (outcome.Grade is Grade.Gained or Grade.Lost ? 1 : 0));
                    else (found, right) = (found + 1, right + (outcome.Grade == (factor > 1 ? Grade.Gained : Grade.Lost) ? 1 : 0));
                }
            }
        }

        Assert.True(calm > 1500 && found > 1500, $"{calm} and {found} prove nothing");
        Testing.Figures.Tell($"outcomes: {calm:#,0} moves without an effect, {100.0 * wrong / calm:0.0} % called one (80 % intervals: 20); {found:#,0} with all orders lost or twice as many more, {100.0 * right / found:0.0} % called so");
        Assert.InRange(wrong / (double)calm, 0.08, 0.24);
        Assert.InRange(right / (double)found, 0.80, 1);
    }

    [Fact]
    public void The_sum_of_a_reason_covers_the_true_effect_four_times_in_five()
    {
        var (covered, worlds) = (0, 60);
        for (var seed = 100; seed < 100 + worlds; seed++)
        {
            var sum = OutcomeLedger.Of(Shop(seed, 1, seed % 2 == 0 ? 1 : 1.4)).Sums.Single(each => each.Reason == ReasonCode.LowerBid);
            covered += sum.Effect.Low.Amount <= 0 && sum.Effect.High.Amount >= 0 ? 1 : 0;
        }

        Testing.Figures.Tell($"outcomes: sums of a reason hold the truth in {covered} of {worlds} worlds");
        Assert.InRange(covered, 40, 58);
    }

    [Fact]
    public void Days_that_have_not_settled_and_bids_that_moved_again_wait()
    {
        var shop = Shop(3, 1, 1);
        var first = shop.Changes[0];
        var bid = (SetBid)first.Change;
        var again = shop with { Changes = [.. shop.Changes, first with { At = first.At.AddDays(10), Change = bid with { Before = bid.After, After = bid.After with { Amount = bid.After.Amount - 0.05m } } }] };

        var outcome = OutcomeLedger.Of(again).Outcomes.Single(each => each.Target == bid.Target);

        Assert.Equal((2, Grade.TooEarly, Moved.AddDays(10 + 14 + 9)), (outcome.Moves, outcome.Grade, outcome.SettlesOn));
        Assert.Equal(bid.Before, outcome.First);
        Assert.DoesNotContain(OutcomeLedger.Of(shop with { Today = Moved.AddDays(22) }).Outcomes, each => each.Effect is not null);
        Assert.Contains(OutcomeLedger.Of(shop with { Today = Moved.AddDays(23) }).Outcomes, each => each.Effect is not null);
    }

    [Fact]
    public void Without_look_alikes_or_costs_nothing_is_claimed()
    {
        var shop = Shop(3, 0, 1);
        var all = shop with { Changes = [.. shop.Targets.Select(target => Lowered(target))] };
        Assert.All(OutcomeLedger.Of(all).Outcomes, outcome => Assert.Equal((Grade.NothingToCompareWith, null), (outcome.Grade, outcome.Effect)));
        Assert.All(OutcomeLedger.Of(shop with { Costs = [] }).Outcomes, outcome => Assert.Equal(Grade.NothingToCompareWith, outcome.Grade));
        Assert.Null(OutcomeLedger.Of(shop with { Changes = [] }).Whole);
    }

    // Half of the keywords are moved; from then on their orders come as often as the factor says, and everybody's demand moves.
    private static Workspace Shop(int seed, double factor, double demand)
    {
        var shop = new SomeStorefront { Seed = seed, Products = 4, ClicksPerDay = 0.1 }.Build();
        var random = new Random(seed);
        var moved = shop.Targets.Where(target => target.Kind == TargetKind.Keyword && random.Next(3) == 0).Select(target => target.Id).ToHashSet();
        var price = shop.Listings.ToDictionary(listing => listing.Sku, listing => listing.Price);
        var sku = shop.ProductAds.ToDictionary(ad => ad.AdGroup, ad => ad.Sku);
        var days = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        for (var day = SomeStorefront.Today.AddDays(-60); day < SomeStorefront.Today; day = day.AddDays(1))
        {
            foreach (var target in shop.Targets)
            {
                var isAfter = day > Moved;
                var clicks = Poisson(random, 8 * (isAfter ? demand : 1));
                var rate = 0.10 * (isAfter && moved.Contains(target.Id) ? factor : 1);
                long orders = 0;
                for (var click = 0; click < clicks; click++) orders += random.NextDouble() < rate ? 1 : 0;
                days.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Long(clicks * 100).Long(clicks).Long((long)(clicks * 0.4e6)).Long(orders).Long(orders).Long(orders * price[sku[target.AdGroup]].ToMicros());
            }
        }

        return shop with { TargetDays = days.Build(), Changes = [.. shop.Targets.Where(target => moved.Contains(target.Id)).Select(Lowered)] };
    }

    private static AppliedChange Lowered(Target target) => new(
        new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid with { Amount = target.Bid.Amount + 0.1m }, target.Bid), new(Moved, new(20, 0), TimeSpan.Zero), false) { Reason = ReasonCode.LowerBid, Module = Module.Bidding };

    private static long Poisson(Random random, double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0L);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}

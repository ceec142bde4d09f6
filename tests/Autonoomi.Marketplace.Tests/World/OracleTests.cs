using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using CsCheck;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class OracleTests
{
    [Fact]
    public void No_policy_beats_the_oracle_on_any_day()
    {
        var world = Worlds.Small(products: 5, days: 6);
        var random = new Random(11);
        for (var round = 0; round < 4; round++)
        {
            world.SetEveryBid(_ => decimal.Round((decimal)Math.Exp((random.NextDouble() * 4) - 2.5), 2));
            world.AdvanceDays(1);
        }

        Assert.All(world.Truth(world.TruthDays), day => Assert.True(day.ExpectedProfit <= day.OracleProfit, $"{day.Day}: {day.ExpectedProfit} above {day.OracleProfit}"));
        Assert.All(Worlds.Demo.Truth(Worlds.Demo.TruthDays), day => Assert.True(day.ExpectedProfit <= day.OracleProfit));
    }

    [Fact]
    public void Bidding_a_share_of_the_true_value_comes_close_to_the_oracle_and_never_passes_it()
    {
        var world = Worlds.Demo;
        var served = world.Simulation.Days[10].Served;
        var best = world.Oracle.Day(10, served, 0).Profit;

        Assert.InRange(world.Oracle.Shaded(10, served, 0.8).Profit / best, 0.85, 1);
        Assert.All(new[] { 0.4, 0.6, 0.9, 1.0, 1.3 }, share => Assert.True(world.Oracle.Shaded(10, served, share).Profit <= best));
    }

    [Fact]
    public void A_price_on_budget_lowers_spend_and_profit()
    {
        var world = Worlds.Demo;
        var served = world.Simulation.Days[10].Served;
        var free = world.Oracle.Day(10, served, 0);
        var priced = world.Oracle.Day(10, served, 0.5);

        Assert.True(priced.Spend < 0.8 * free.Spend);
        Assert.InRange(priced.Profit, 0.5 * free.Profit, free.Profit);
    }

    [Fact]
    public void A_landscape_never_gives_less_for_more_and_its_best_is_the_best()
    {
        var landscapes = Enum.GetValues<Placement>().SelectMany(placement => new[] { 5, 8 }.Select(rivals => new Landscape(placement, rivals, 0.6))).ToArray();

        Gen.Select(Gen.Int[0, 5], Gen.Double[-3.1, 3.1], Gen.Double[0, 2], Gen.Double[0.02, 20]).Sample((which, low, more, value) =>
        {
            var (_, few, cheap) = landscapes[which].At(low);
            var (_, many, dear) = landscapes[which].At(low + more);
            var best = landscapes[which].Best.At(value);
            return many >= few - 1e-12 && dear >= cheap - 1e-12 && cheap <= few * Math.Exp(low + Landscape.Step)
                && (best.Clicks * value) - best.Cost >= (many * value) - dear - 1e-9;
        });
    }
}

using Autonoomi.Core.Bidding;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Health;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Placements;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Rollback;
using Autonoomi.Core.Seasons;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests.Properties;

/// <summary>No rule makes a number that is none, nor leaves its limits, for anything non-negative up to a billion.</summary>
public sealed class NumbersTests
{
    private static readonly Currency Dollars = new("USD");

    private static readonly Gen<double> Any = Gen.OneOf(Gen.Double[0, 1e9], Gen.Double[0, 10], Gen.OneOf(Gen.Const(0.0), Gen.Const(1e-9), Gen.Const(1.0), Gen.Const(1e9)));

    [Fact]
    public void Bids() => Gen.Select(Any.Array[6], Gen.Double[1e-4, 0.6], Gen.Double[4, 200], Gen.Int[2, 100_000], Gen.Double[0, 10]).Sample((x, mean, strength, cents, price) =>
    {
        var result = BidRule.Apply(new BidInputs
        {
            Clicks = x[0], Orders = x[1], PriorMean = mean, PriorStrength = strength, Contribution = x[3], Addition = x[4], Incrementality = 1, Season = 1, InventoryPrice = x[5], Shading = 0.8, BudgetPrice = price,
            PlacementMultiplier = 1 + Math.Min(9, x[2]), BidBefore = cents / 100.0, DayBid = cents / 100.0, WeekBid = cents / 100.0, Step = 0.25, WeeklyRise = 0.6, DeadBand = 0.02, SingleStep = 1, MaximumBid = 1000, MarketMinimum = 0.02, MarketMaximum = 1000, BidStep = 0.01,
        });
        Assert.True(double.IsFinite(result.Wanted) && double.IsFinite(result.ClickValue) && result.Bid is >= 0.02m and <= 1000m && result.Bid % 0.01m == 0);
    });

    [Fact]
    public void Budgets() => Gen.Select(Any, Any, Gen.Double[0, 1], Gen.Int[100, 100_000_000], Gen.Int[0, 1]).Sample((planned, price, scale, cents, fall) =>
    {
        var budget = new BudgetInputs(planned, price, 1.15, scale, cents / 100.0, cents / 100.0, 0.25, fall, 1, 1_000_000, 0.01).Budget();
        Assert.True(budget is >= 1m and <= 1_000_000m && (fall == 1 || Math.Abs((double)budget / (cents / 100.0) - 1) <= 0.2500001));
    });

    [Fact]
    public void Start_bids_of_new_targets() => Gen.Select(Any.Array[4], Gen.Double[1e-4, 0.6], Gen.Double[0.02, 50], Any).Sample((x, mean, source, gain) =>
    {
        var inputs = new HarvestInputs
        {
            Clicks = x[0], Orders = x[1], PriorMean = mean, PriorStrength = 20, Contribution = x[2], Shading = 0.8, PlacementMultiplier = 1, SourceBid = source, HighestSourceBid = source, Separable = 1,
            Clicks30 = Math.Max(1, x[3]), ClickPrice = source * 0.8, ClickElasticity = 1.4, PriceElasticity = 0.9, MinimumGain = gain, Chance = 0.8, MaximumBid = 20, MarketMinimum = 0.02, MarketMaximum = 1000, BidStep = 0.01,
        };
        var bid = inputs.Bid();
        Assert.True(bid is null or (>= 0.02m and <= 20m));
        if (bid is { } amount) Assert.True(double.IsFinite(inputs.Gain) && inputs.Effect(Dollars) is { ProbabilityPositive: >= 0 and <= 1 });
    });

    [Fact]
    public void Evidence_against_terms() => Gen.Select(Any, Any, Gen.Double[1e-4, 0.6], Any, Any, Any).Sample((clicks, orders, mean, contribution, price, clicks30) =>
    {
        var inputs = new NegationInputs(clicks, orders, mean, 20, contribution, price, clicks30, 1, 1.4, 0.9, 0.05, 20, 1);
        Assert.False(double.IsNaN(inputs.ChanceToPay) || double.IsNaN(inputs.LogEvidence) || double.IsNaN(inputs.Saving));
        Assert.False(inputs.Holds && inputs.ChanceToPay > 0.05);
    });

    [Fact]
    public void Placements() => Gen.Select(Any, Any, Gen.Double[1e-4, 0.6], Gen.Double[0.1, 10], Gen.Int[0, 900]).Sample((exposure, orders, rate, ratio, before) =>
    {
        var inputs = new PlacementInputs(exposure, orders, rate, ratio, 200, before, 25);
        inputs = inputs with { LowestRatio = inputs.Ratio / 2 };
        Assert.True(double.IsFinite(inputs.Ratio) && inputs.After is >= 0 and <= 900 && Math.Abs(inputs.After - before) <= 25);
    });

    [Fact]
    public void Prices_of_stock_and_of_budgets() => Gen.Select(Any, Any, Any, Gen.Double[0.01, 1e6], Gen.Double[0.6, 3]).Sample((stock, organic, ads, contribution, elasticity) =>
    {
        Assert.InRange(StockPrices.Find(stock, organic, ads, contribution, elasticity), 0, contribution);
        Assert.InRange(BudgetPricing.Price([new SpendCell(ads, 1 + Math.Min(20, organic), 0.01, true)], stock, elasticity), 0, 10);
    });

    [Fact]
    public void Expected_effects() => Gen.Select(Any, Any, Gen.Double[1e-4, 0.6], Any, Any, Gen.Double[0.01, 10]).Sample((clicks, orders, mean, margin, price, ratio) =>
    {
        var effect = Effects.OfBid(new BidMove(Posterior.Of(orders, Math.Max(clicks, orders / 3), mean, 20), Math.Min(margin, 1e6), clicks, Math.Min(price, 1e6), Math.Log(ratio), Math.Log(ratio) * 2, -Math.Log(ratio)), Dollars);
        Assert.True(effect.Low <= effect.High && effect.ProbabilityPositive is >= 0 and <= 1);
    });

    [Fact]
    public void Duplicates() => Gen.Select(Any.Array[8], Gen.Double[1e-4, 0.6], Gen.Double[0, 10]).Sample((x, mean, price) =>
    {
        var inputs = new DuplicateInputs(x[0], x[1], mean, 20, x[2], x[3], x[4], x[5], x[6], price, 1.4, 0.9, x[7]);
        if (inputs.Holds) Whole(inputs.Effect(Dollars));
        Assert.False(inputs.Holds && inputs.OwnBid >= inputs.SourceBid);
    });

    [Fact]
    public void Waking() => Gen.Select(Any.Array[6], Gen.Double[1e-4, 0.6]).Sample((x, mean) =>
    {
        var inputs = new WakeInputs(x[0], x[1], mean, 20, x[2], x[3], x[4], 0.8, x[5]);
        Assert.True(double.IsFinite(inputs.ClickValue) && inputs.ChanceToPay is >= 0 and <= 1);
        Whole(inputs.Effect(Dollars));
        Assert.False(inputs.Pays && (inputs.ClickValue <= inputs.ClickPrice || inputs.ChanceToPay < 0.8));
    });

    [Fact]
    public void Landscapes_of_sales() => Gen.Select(Any.Array[4], Gen.Double[0, 50], Gen.Double[0, 1], Gen.OneOf(Gen.Double[0, 20], Gen.Const(double.PositiveInfinity)), Gen.Double[0, 1], Gen.Double[0, 5]).Sample((x, perTau, shading, profit, least, acos) =>
    {
        var landscape = new SalesLandscape([new LandscapeCell(x[0], x[1], x[2], x[3], perTau, shading, 0.3, profit, least), new LandscapeCell(x[3], x[2], x[1], x[0], 0, 0, 0, 1, 1)], 1.4, 0.9);
        foreach (var tau in new[] { 1e-3, 0.3, 1, SalesLandscape.Highest })
        {
            var point = landscape.At(tau);
            Assert.True(double.IsFinite(point.Cost) && double.IsFinite(point.Sales) && double.IsFinite(point.Profit) && point.Cost >= 0 && point.Sales >= 0 && !double.IsNaN(point.Acos));
        }

        Assert.True(landscape.Solve(acos) is null or (>= 0.0009 and <= SalesLandscape.Highest));
        Assert.InRange(landscape.MostProfit(), 0.0009, SalesLandscape.Highest);
        Assert.InRange(landscape.LeastFor(x[0]), 0.0009, SalesLandscape.Highest);
    });

    [Fact]
    public void Seasons() => Gen.Select(Any.Array[0, 40], Any.Array[40], Gen.Bool.Array[40]).Sample((orders, expected, isEvent) =>
    {
        if (orders.Length == 0) return;
        Assert.InRange(SeasonIndex.Find(orders, expected.AsSpan(0, orders.Length), isEvent.AsSpan(0, orders.Length)), 0.6, 1.8);
    });

    [Fact]
    public void Hours() => Gen.Select(Any.Array[24], Any.Array[24], Gen.Double[10, 500]).Sample((orders, expected, pseudo) =>
    {
        var rates = new HourRates(orders, expected, pseudo);
        for (var hour = 0; hour < HourRates.Hours; hour++)
        {
            var (mean, deviation) = rates.At(hour);
            Assert.True(double.IsFinite(mean) && mean > 0 && double.IsFinite(deviation) && deviation > 0);
        }

        Assert.All(rates.Classes(), kind => Assert.InRange(kind, -1, 1));
        if (Dayparter.Plan(orders, expected, DecisionSettings.Default) is { } blocks)
            Assert.All(blocks, block => Assert.True(block.Worth is >= HourRates.Lowest and <= HourRates.Highest && block.Low <= block.Worth && block.Worth <= block.High && block.FromHour < block.UntilHour));
    });

    [Fact]
    public void Health() => Gen.Select(Any.Array[4], Gen.Bool, Gen.Double[0.01, 1]).Sample((x, loses, scale) =>
    {
        var now = loses ? -x[0] : x[0];
        Within(HealthRules.Efficiency(now, x[1]));
        Within(HealthRules.Ceiling(now, x[1]));
        Within(HealthRules.Waste(x[2]));
        Within(HealthRules.Loss(x[2], now, x[3], scale));
        Within(HealthRules.Brand(x[2]));

        static void Within(double? score) => Assert.True(score is null or (>= 0 and <= 100), $"{score}");
    });

    [Fact]
    public void Bids_taken_back() => Gen.Select(Gen.Int[2, 100_000], Any.Array[4], Gen.Double[0, 1e6], Gen.Double[5, 1e6]).Sample((cents, x, log, threshold) =>
    {
        var now = cents / 100.0;
        var bid = new RollbackInputs(now, Math.Floor(Math.Min(x[0], 1e7)) / 100, Math.Min(x[1], 1e6), Math.Min(x[2], 1e6), 0.25, 0.6, 0.01, 0.02, Math.Min(1000, Math.Max(0.02, x[3])), log, threshold).Bid();
        Assert.True(bid % 0.01m == 0 && bid >= 0 && (bid == (decimal)now || log >= Math.Log(threshold)));
        Assert.True(bid <= Math.Max((decimal)now, Math.Max(0.02m, (decimal)x[3])), $"{now} to {bid}");
    });

    [Fact]
    public void Outliers_and_thresholds_of_the_kill_switch()
    {
        Gen.Select(Any, Any.Array[0, 40]).Sample((value, earlier) => Assert.True(double.IsFinite(KillSwitch.RobustDeviations(value, earlier))));
        Gen.Select(Gen.Double[0.5, 2], Gen.Double[1.9, 9]).Sample((usual, leap) =>
        {
            var days = Enumerable.Repeat(usual, 28).ToArray();
            Assert.True(KillSwitch.RobustDeviations(usual * leap, days) > 6);
            Assert.True(KillSwitch.RunsAway(151, 100, KillSwitch.RobustDeviations(usual * leap, days), 0));
            Assert.False(KillSwitch.RunsAway(149, 100, 100, 0) || KillSwitch.RunsAway(1000, 100, 5.9, 5.9));
        });
        Assert.True(KillSwitch.LosesTwice(81, 100, 0.4) && !KillSwitch.LosesTwice(80, 100, 0.4) && !KillSwitch.LosesTwice(80, 0, 0.4));
        Assert.True(KillSwitch.TooManyErrors(10, 3) && !KillSwitch.TooManyErrors(10, 2) && !KillSwitch.TooManyErrors(9, 9));
    }

    [Fact]
    public void On_facts_with_a_hole_or_before_the_first_import_nothing_is_decided()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var table = workspace.TargetDays;
        var builder = new Facts.FactTableBuilder(table.Schema);
        for (var row = 0; row < table.Rows; row++)
        {
            if (table.Ints("day")[row] == workspace.Today.DayNumber - 3) continue;
            builder.Int(table.Ints("day")[row]);
            foreach (var column in table.Schema.Columns.Skip(1)) builder.Long(table.Longs(column.Name)[row]);
        }

        Assert.NotEmpty(Optimiser.Decide(workspace, DecisionSettings.Default).Proposals);
        Assert.Empty(Optimiser.Decide(workspace with { TargetDays = builder.Build() }, DecisionSettings.Default).Proposals);
        Assert.Empty(Optimiser.Decide(workspace with { SyncedAt = null }, DecisionSettings.Default).Proposals);
        Assert.Empty(Optimiser.Decide(workspace with { Settings = workspace.Settings with { Frozen = true } }, DecisionSettings.Default).Proposals);
    }

    private static void Whole(Effect effect) => Assert.True(effect.Low <= effect.High && effect.ProbabilityPositive is >= 0 and <= 1);
}

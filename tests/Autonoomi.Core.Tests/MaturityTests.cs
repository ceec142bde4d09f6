using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class MaturityTests
{
    private static readonly DateOnly Day = new(2026, 11, 2);
    private static readonly Workspace Plain = new SomeStorefront().Build();

    // Share of the final orders that shows at each age, of a storefront where people buy faster than assumed.
    private static readonly double[] Fast = [.75, .82, .87, .90, .93, .95, .97, 1, 1, 1, 1, 1, 1, 1, 1];

    [Fact]
    public void The_worked_example_of_the_page()
    {
        // 300 orders on the first morning, 360 on the second: (360 + 200 × .70/.55) / (300 + 200), instead of .70/.55.
        var maturity = Maturity.Of(With((Day, 0, 300), (Day, 1, 360)), AdProduct.SponsoredProducts, DecisionSettings.Default);

        Assert.Equal(0.70 / 1.2291, maturity.VisibleShare(0), 0.0005);
        Assert.Equal(0.70, maturity.VisibleShare(1), 1e-9);
        Assert.True(maturity.IsLearnt);
        Assert.Equal(300, maturity.OrdersSeen);
    }

    [Fact]
    public void Without_restatements_the_assumed_curve_holds_for_each_ad_product()
    {
        foreach (var product in Enum.GetValues<AdProduct>())
            for (var age = -1; age < 40; age++) Assert.Equal(Maturity.Assumed(product).VisibleShare(age), Maturity.Of(Plain, product, DecisionSettings.Default).VisibleShare(age), 1e-12);
        Assert.Equal(0, Maturity.Assumed(AdProduct.SponsoredProducts).VisibleShare(-1));
        Assert.Equal(21, Maturity.Assumed(AdProduct.SponsoredBrands).SettledAge);
        Assert.Equal(0.50, Maturity.Assumed(AdProduct.SponsoredDisplay).VisibleShare(0));
    }

    [Theory]
    [InlineData(200, 0.13)]
    [InlineData(1000, 0.07)]
    [InlineData(5000, 0.03)]
    [InlineData(30000, 0.01)]
    public void Another_delay_is_learnt_from_so_many_orders(int orders, double within)
    {
        var random = new Random(orders);
        var rows = new List<(DateOnly, int, long)>();
        for (var day = 0; day < 40; day++)
        {
            // Each order shows from an age drawn from the true curve on.
            var arrivals = Enumerable.Range(0, orders / 40).Select(_ => random.NextDouble()).Select(draw => Array.FindIndex(Fast, share => share > draw)).ToArray();
            for (var age = 0; age <= 14; age++) rows.Add((Day.AddDays(day), age, arrivals.Count(arrival => arrival <= age)));
        }

        var learnt = Maturity.Of(With([.. rows]), AdProduct.SponsoredProducts, DecisionSettings.Default);

        var worst = Enumerable.Range(0, 15).Max(age => Math.Abs(learnt.VisibleShare(age) - Fast[age]));
        Assert.True(worst < within, $"{worst} off after {orders} orders");
    }

    [Fact]
    public void Whatever_the_restatements_the_curve_lies_between_nought_and_one_and_never_falls() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Long[0, 5000]).Array[0, 120].Sample(rows =>
        {
            var distinct = rows.DistinctBy(row => (row.Item1, row.Item2)).Select(row => (Day.AddDays(row.Item1), row.Item2, row.Item3)).ToArray();
            var maturity = Maturity.Of(With(distinct), AdProduct.SponsoredProducts, DecisionSettings.Default);
            for (var age = 0; age < 30; age++) Assert.True(maturity.VisibleShare(age) is > 0 and <= 1 && maturity.VisibleShare(age) <= maturity.VisibleShare(age + 1));
            Assert.Equal(1, maturity.VisibleShare(14));
        });

    [Fact]
    public void A_brands_campaign_is_judged_by_its_longer_attribution_and_bids_within_its_own_limits()
    {
        var brands = Plain with { Campaigns = [.. Plain.Campaigns.Select(campaign => campaign with { AdProduct = AdProduct.SponsoredBrands, CostType = CostType.PerClick, Strategy = BiddingStrategy.Fixed })] };

        var (seven, fourteen) = (new Measurement(Plain, DecisionSettings.Default), new Measurement(brands, DecisionSettings.Default));
        Assert.True(fourteen.Exposure.Sum() < seven.Exposure.Sum());
        Assert.Equal(seven.Orders.Sum(), fourteen.Orders.Sum());
        Assert.Equal([CostType.PerThousandViews], EntityTables.Campaigns(EntityTables.ToTable([brands.Campaigns[0] with { CostType = CostType.PerThousandViews }]), Plain.Marketplace.Currency).Select(campaign => campaign.CostType));
        Assert.Equal(brands.Campaigns, EntityTables.Campaigns(EntityTables.ToTable(brands.Campaigns), Plain.Marketplace.Currency));

        var dear = brands with { Costs = [.. brands.Costs.Select(cost => cost with { CostOfGoods = cost.CostOfGoods with { Amount = 1000 } })], Targets = [.. brands.Targets.Select(target => target with { Bid = target.Bid with { Amount = 0.11m } })] };
        var bids = Optimiser.Decide(dear, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change).OfType<Core.Proposals.SetBid>().ToList();
        Assert.NotEmpty(bids);
        Assert.All(bids, bid => Assert.Equal(0.10m, bid.After.Amount));
        Assert.All(Marketplace.All, marketplace => Assert.True(marketplace.For(AdProduct.SponsoredBrands).MinimumBid > marketplace.MinimumBid && marketplace.For(AdProduct.SponsoredDisplay) == marketplace));
    }

    [Fact]
    public void The_first_reading_of_a_day_at_an_age_stays_and_old_days_are_dropped()
    {
        var workspace = new SomeStorefront().Build();
        var read = DateSpan.Ending(workspace.Today.AddDays(-1), 14);
        var first = MaturityBook.Add(FactTable.Empty(Dataset.MaturityDay), read.First, workspace.TargetDays, workspace.Campaigns, read);
        var again = MaturityBook.Add(first, read.First, FactTable.Concat(Dataset.TargetDay, [workspace.TargetDays, workspace.TargetDays]), workspace.Campaigns, read);
        var next = MaturityBook.Add(first, read.First.AddDays(1), workspace.TargetDays, workspace.Campaigns, new DateSpan(read.First.AddDays(1), read.Last.AddDays(1)));

        Assert.True(first.Rows > 0);
        Assert.Equal(Rows(first), Rows(again));
        Assert.All(first.Ints("day").ToArray().Zip(first.Ints("age").ToArray()), pair => Assert.Equal(read.Last.DayNumber, pair.First + pair.Second));
        Assert.DoesNotContain(read.First.DayNumber, next.Ints("day").ToArray());
        Assert.Equal(workspace.TargetDays.Longs("orders").ToArray().Zip(workspace.TargetDays.Ints("day").ToArray()).Where(pair => read.Contains(DateOnly.FromDayNumber(pair.Second))).Sum(pair => pair.First), first.Longs("orders").ToArray().Sum());
    }

    private static string[] Rows(FactTable table) => [.. table.Ints("day").ToArray().Zip(table.Ints("age").ToArray(), table.Longs("orders").ToArray()).Select(row => row.ToString())];

    private static Workspace With(params (DateOnly Day, int Age, long Orders)[] rows)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.MaturityDay));
        foreach (var (day, age, orders) in rows) table.Day(day).Int((int)AdProduct.SponsoredProducts).Int(age).Long(orders * 10).Long(orders);
        return Plain with { MaturityDays = table.Build() };
    }
}

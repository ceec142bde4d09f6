using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class FamiliesTests
{
    public static TheoryData<string> Ids => [.. Families.All.Select(family => family.Id)];

    [Fact]
    public void All_thirteen_families_are_there_and_two_of_them_are_for_the_sealed_test_alone()
    {
        Assert.Equal(Enumerable.Range(1, 13).Select(number => $"S{number}"), Families.All.Select(family => family.Id).Where(id => !id.Contains('-', StringComparison.Ordinal)));
        Assert.Equal(["S9", "S13"], Families.All.Where(family => family.SealedOnly).Select(family => family.Id));
        Assert.Equal("S11", Families.Find("s11")!.Id);
        Assert.Null(Families.Find("S14"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_seed_always_draws_the_same_world_and_another_seed_another_one(string id)
    {
        var family = Families.Find(id)!;

        var once = family.Storefronts(7, Split.Development);
        var again = family.Storefronts(7, Split.Development);

        Assert.Equal(once.Select(Shown), again.Select(Shown));
        Assert.NotEqual(once.Select(Shown), family.Storefronts(8, Split.Development).Select(Shown));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Draws_stay_in_their_ranges_and_the_sealed_ranges_reach_further(string id)
    {
        var family = Families.Find(id)!;
        var development = Enumerable.Range(0, 100).SelectMany(seed => family.Storefronts((ulong)seed, Split.Development)).ToList();
        var shifted = Enumerable.Range(5000, 100).SelectMany(seed => family.Storefronts((ulong)seed, Split.Shifted)).ToList();

        Assert.All(development, world => Assert.InRange(world.Market.VolumeSpread!.Value, 1.1, 1.6));
        Assert.All(shifted, world => Assert.InRange(world.Market.VolumeSpread!.Value, 0.9, 2.0));
        Assert.Contains(shifted, world => world.Market.VolumeSpread < 1.1);
        Assert.Contains(shifted, world => world.Market.VolumeSpread > 1.6);
        Assert.All(development, world => Assert.Equal(MarketMode.Fluid, world.Mode));
        Assert.All(shifted, world => Assert.Equal(MarketMode.Event, world.Mode));
    }

    [Fact]
    public void A_seed_is_the_same_market_in_every_family()
    {
        var mature = Assert.Single(Families.Find("S2")!.Storefronts(11, Split.Development));
        var shock = Assert.Single(Families.Find("S5")!.Storefronts(11, Split.Development));

        Assert.Equal(Shown(mature), Shown(shock with { Events = [] }));
        Assert.IsType<RivalShock>(Assert.Single(shock.Events));
    }

    [Fact]
    public void Families_say_what_makes_them()
    {
        WorldSettings One(string id) => Assert.Single(Families.Find(id)!.Storefronts(3, Split.Development));

        Assert.Equal((0, SellerPast.Launch, 90), (One("S1").HistoryDays, One("S1").Past, Families.Find("S1")!.Days));
        var peak = Assert.IsType<DemandPeak>(Assert.Single(One("S3").Events));
        Assert.Equal(12, peak.Days);
        Assert.IsType<ThinStock>(Assert.Single(One("S4").Events));
        Assert.True(One("S4").StockRunsOut);
        Assert.False(One("S2").StockRunsOut);
        Assert.Equal(3_000, One("S6").Products * One("S6").KeywordsPerProduct);
        Assert.Equal(50_000, One("S6-50k").Products * One("S6-50k").KeywordsPerProduct);
        Assert.Equal(0.35, One("S7").BudgetFactor);
        Assert.InRange(One("S10").Market.BrandVolume, 4, 6);
        Assert.NotInRange(One("S11").TypedCostFactor, 0.88, 1.12);
        Assert.Equal(0.45, Families.Find("S12")!.TargetOfBreakEven);

        var three = Families.Find("S13")!.Storefronts(5000, Split.Shifted);
        Assert.Equal(["USD", "EUR", "JPY"], three.Select(world => Core.Primitives.Marketplace.Find(world.MarketplaceId).Currency.Code));
        Assert.Equal([1m, 1m, 100m], three.Select(world => world.MoneyScale));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(storefront => Families.WorldSeed(5000, storefront)).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_familys_worlds_can_be_built_and_live_a_day(string id)
    {
        if (id == "S6-50k") return; // S6 is the same family in a size for tests

        foreach (var settings in Families.Find(id)!.Storefronts(2, Split.Development))
        {
            var world = new MarketWorld(2, settings with { HistoryDays = Math.Min(2, settings.HistoryDays), KeywordsPerProduct = Math.Min(50, settings.KeywordsPerProduct) });
            world.AdvanceDays(1);

            Assert.Equal(settings.MarketplaceId, world.Marketplace.Id);
            Assert.Contains(world.TargetRows(new(world.Today.AddDays(-1), world.Today)), row => row.Metrics.Impressions > 0);
        }
    }

    // Records compare their lists by reference; JSON shows what is in them.
    private static string Shown(WorldSettings world) => System.Text.Json.JsonSerializer.Serialize(world with { Events = [] }) + string.Join(";", world.Events);
}

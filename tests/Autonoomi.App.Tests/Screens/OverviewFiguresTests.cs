using Autonoomi.App.Features.Overview;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Two products that sell 100.00 a day each for 30 days; A is advertised for 10.00 a day, which sells 40.00.</summary>
public sealed class OverviewFiguresTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Today = new(2026, 11, 2);

    [Fact]
    public void With_all_costs_the_profit_is_told_and_how_settled_it_is()
    {
        var (fresh, old) = (Of(Shop(["A", "B"])), Of(Shop(["A", "B"]) with { Today = Today.AddDays(40) }));

        // 6,000 of sales, 15 % referral, 30 a unit at 100; 300 of ads.
        Assert.Equal("$3,000", Tile(fresh, "Profit after costs").Value);
        Assert.StartsWith("not settled, ads expected +", Tile(fresh, "Profit after costs").Beside, StringComparison.Ordinal);
        Assert.Equal("not settled", Tile(old, "Profit after costs").Beside);
        Assert.Equal("of $6,000 total sales, break-even 55.0%, not settled", Tile(old, "TACoS").Beside);
        Assert.InRange(fresh.Now.Settling!.More, 0.001, 0.5);
        Assert.Equal($"break-even 55.0%, expected {Platform.Shell.Display.Percent(300 / (1200 * (1 + fresh.Now.Settling.More)))}", Tile(fresh, "ACoS").Beside);
        Assert.Equal("60 orders, settled", Tile(old, "Ad sales").Beside);
        Assert.Equal("settled", Tile(old, "Ad spend").Beside);
        Assert.Empty(old.Notes());
    }

    [Fact]
    [Promise("P-2-c")]
    public void A_missing_cost_shows_unknown_beside_the_known_part_and_its_share_and_the_sentence_stays_true()
    {
        var figures = Of(Shop(["A"]));
        var advertised = Of(Shop(["B"]));

        // A alone: 3,000 − 450 − 900 − 300.
        Assert.Equal(("unknown", "$1,350 known, of 50.0% of sales"), (Tile(figures, "Profit after costs").Value, Tile(figures, "Profit after costs").Beside));
        Assert.Contains("break-even unknown", Tile(figures, "TACoS").Beside, StringComparison.Ordinal);
        Assert.False(figures.WholeProfit);
        Assert.All(figures.Now.Days, day => Assert.Null(day.Figures.TotalProfit));
        Assert.StartsWith("Ads earned ", figures.Sentence(), StringComparison.Ordinal);

        // Where the advertised product lacks its cost, nothing that ads earned is told: B alone is 3,000 − 450 − 900 without ads.
        Assert.Equal(("unknown", "$1,650 known, of 50.0% of sales"), (Tile(advertised, "Profit after costs").Value, Tile(advertised, "Profit after costs").Beside));
        Assert.Equal("unknown", Tile(advertised, "Ad profit").Value);
        Assert.Equal("Ads cost $300 and brought $1,200 of sales in the last 30 days. What they earned is unknown until every advertised product has its cost.", advertised.Sentence());
    }

    [Fact]
    public void Ad_spend_is_told_by_ad_type()
    {
        var brands = new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay));
        brands.Day(Today.AddDays(-3)).Long(999).Long(1).Long(1).Long(100).Long(5).Long(120_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(20_000_000);

        var figures = Of(Shop(["A", "B"]) with { BrandsTargetDays = brands.Build() });

        Assert.Equal(("$420", "Products $300, Brands $120"), (Tile(figures, "Ad spend").Value, Tile(figures, "Ad spend").Beside));

        // Ad sales, ad profit and ACoS are of the same ads: 1,220 of which 55 % is left.
        Assert.Equal(("$1,220", "$251", Platform.Shell.Display.Percent(420 / 1220.0)), (Tile(figures, "Ad sales").Value, Tile(figures, "Ad profit").Value, Tile(figures, "ACoS").Value));
        Assert.Equal("$2,880", Tile(figures, "Profit after costs").Value);
    }

    [Fact]
    public void What_makes_figures_differ_is_said_in_words()
    {
        var shop = Shop(["A", "B"]);
        var orders = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay)).Day(Today.AddDays(-1)).Text("A").Long(1).Long(1).Long(100_000_000).Build();
        var late = shop with { SkuDays = Sold(Today.AddDays(-30), 29, "A", "B"), OrderDays = orders };
        var apart = shop with { ProductDays = FactTable.Concat(Dataset.ProductDay, [shop.ProductDays, new FactTableBuilder(TableSchema.Of(Dataset.ProductDay)).Day(Today.AddDays(-1)).Long(7).Long(8).Long(9).Text("A").Long(10).Long(1).Long(5_000_000).Long(0).Long(0).Long(0).Build()]) };

        Assert.Equal("Fees of 1 day are expected ones: Amazon has not reported it yet.", Assert.Single(Of(late).Notes()));
        Assert.Equal("Amazon's reports by target tell $300 of ad spend, those by product $305: ACoS and ad profit go by the first, profit and TACoS by the second.", Assert.Single(Of(apart).Notes()));
        Assert.Equal(("$305", "25.0%"), (Tile(Of(apart), "Ad spend").Value, Tile(Of(apart), "ACoS").Value));
    }

    private static Tile Tile(OverviewFigures figures, string name) => figures.Tiles.Single(tile => tile.Name == name);

    private static OverviewFigures Of(Workspace workspace) => OverviewFigures.Of(new ProfitBooks(workspace).Figures(Performance.LastDays(workspace, 30)!.Value), null);

    private static FactTable Sold(DateOnly first, int days, params string[] products)
    {
        var skus = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        for (var day = first; day < first.AddDays(days); day = day.AddDays(1))
        {
            foreach (var sku in products) skus.Day(day).Text(sku).Long(1).Long(0).Long(100_000_000).Long(0).Long(15_000_000).Long(0).Long(0).Long(0).Long(0);
        }

        return skus.Build();
    }

    private static Workspace Shop(string[] costed)
    {
        var targets = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var products = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        for (var day = Today.AddDays(-30); day < Today; day = day.AddDays(1))
        {
            targets.Day(day).Long(1).Long(2).Long(3).Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
            products.Day(day).Long(1).Long(2).Long(4).Text("A").Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
        }

        Money Usd(decimal amount) => new(amount, Us.Currency);
        return new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Today,
            SyncedAt = null,
            Campaigns = [new(new(1), "Kitchen", TargetingType.Manual, EntityState.Enabled, Usd(10), BiddingStrategy.DownOnly, 0, 0, 0)],
            AdGroups = [new(new(2), new(1), "Exact", EntityState.Enabled, Usd(0.5m))],
            ProductAds = [new(new(4), new(1), new(2), new("A"), new("B000000001"), EntityState.Enabled)],
            Targets = [new(new(3), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "kettle", EntityState.Enabled, Usd(0.5m))],
            Listings = [new(new("A"), new("B000000001"), "Kettle", Usd(100), true), new(new("B"), new("B000000002"), "Mug", Usd(100), true)],
            Costs = [.. costed.Select(sku => new ProductCost(new(sku), Today.AddDays(-30), Usd(30), Usd(0), null, 30))],
            TargetDays = targets.Build(),
            ProductDays = products.Build(),
            SkuDays = Sold(Today.AddDays(-30), 30, "A", "B"),
            Settings = new(AutomationMode.Watch, Usd(100), Usd(2), [], [], Frozen: false),
        };
    }
}

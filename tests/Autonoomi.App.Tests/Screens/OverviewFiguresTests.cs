using Autonoomi.App.Features.Overview;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

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
        Assert.StartsWith("expected +", Tile(fresh, "Profit after costs").Beside, StringComparison.Ordinal);
        Assert.Equal("settled", Tile(old, "Profit after costs").Beside);
        Assert.Equal("of $6,000 total sales, break-even 55.0%, settled", Tile(old, "TACoS").Beside);
        Assert.InRange(fresh.Settling!.More, 0.001, 0.5);
        Assert.Equal($"of $6,000 total sales, break-even 55.0%, expected {Platform.Shell.Display.Percent(300 / (6000 + (1200 * fresh.Settling.More)))}", Tile(fresh, "TACoS").Beside);
        Assert.Equal("settled", Tile(old, "Ad spend").Beside);
    }

    [Fact]
    public void A_missing_cost_shows_unknown_beside_the_known_part_and_its_share_and_the_sentence_stays_true()
    {
        var figures = Of(Shop(["A"]));
        var advertised = Of(Shop(["B"]));

        // A alone: 3,000 − 450 − 900 − 300.
        Assert.Equal(("unknown", "$1,350 known, of 50.0% of sales"), (Tile(figures, "Profit after costs").Value, Tile(figures, "Profit after costs").Beside));
        Assert.Contains("break-even unknown", Tile(figures, "TACoS").Beside, StringComparison.Ordinal);
        Assert.False(figures.WholeProfit);
        Assert.All(figures.Days, day => Assert.Null(day.Figures.TotalProfit));
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
        brands.Day(Today.AddDays(-3)).Long(999).Long(1).Long(1).Long(100).Long(5).Long(120_000_000).Long(1).Long(1).Long(20_000_000);

        var tile = Tile(Of(Shop(["A", "B"]) with { BrandsTargetDays = brands.Build() }), "Ad spend");

        Assert.Equal(("$420", "Products $300, Brands $120"), (tile.Value, tile.Beside));
    }

    private static Tile Tile(OverviewFigures figures, string name) => figures.Tiles.Single(tile => tile.Name == name);

    private static OverviewFigures Of(Workspace workspace) => OverviewFigures.Of(workspace, 30)!;

    private static Workspace Shop(string[] costed)
    {
        var targets = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var products = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        var skus = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        for (var day = Today.AddDays(-30); day < Today; day = day.AddDays(1))
        {
            targets.Day(day).Long(1).Long(2).Long(3).Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
            products.Day(day).Long(1).Long(2).Long(4).Text("A").Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
            foreach (var sku in (string[])["A", "B"]) skus.Day(day).Text(sku).Long(1).Long(0).Long(100_000_000).Long(0).Long(15_000_000).Long(0).Long(0).Long(0).Long(0);
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
            SkuDays = skus.Build(),
            Settings = new(AutomationMode.Watch, Usd(100), Usd(2), [], [], Frozen: false),
        };
    }
}

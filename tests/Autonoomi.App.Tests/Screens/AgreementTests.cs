using System.Globalization;
using Autonoomi.App.Features.Overview;
using Autonoomi.App.Features.Profit;
using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Screens;

/// <summary>One definition of the figures: Overview, Profit, Targets and their files say the same of the same days, whatever is sold, advertised, settled or missing.</summary>
public sealed class AgreementTests
{
    internal static readonly Marketplace Germany = Marketplace.Find("A1PA6795UKMFR9");
    private static readonly DateOnly Today = new(2026, 11, 2);
    internal static readonly DateSpan Month = DateSpan.Ending(Today.AddDays(-1), 30);
    private static readonly string[] Skus = ["A", "B", "C"];
    private static readonly GridQuery All = GridQuery.All with { Columns = "sku,spend,sales,tacos,even-tacos" };

    /// <summary>What the shop is like.</summary>
    public static TheoryData<string> Shops => ["usual", "old", "cost missing", "settled", "some days estimated", "nothing sold", "sold late"];

    [Theory, MemberData(nameof(Shops))]
    [Promise("P-2-c")]
    public async Task Every_page_and_file_says_the_same_of_the_same_days_to_the_cent(string shop)
    {
        var (workspace, overview, profit, targets) = Pages(shop);
        var (now, whole, rows) = (overview.Now.Whole, profit.Whole, targets.Sheet.Ask(All).Rows);
        var all = targets.Figures.Sum(rows);

        // Ad sales, ad spend and ACoS are of all three ad products.
        Assert.Equal(3, workspace.Campaigns.Select(campaign => campaign.AdProduct).Distinct().Count());
        Assert.All(Enum.GetValues<AdProduct>(), ad => Assert.True(now.Left.Spend(ad).Amount > 0));
        Assert.Equal((whole.Ads.Sales, whole.Ads.AdSpend, whole.Acos), (now.Ads.Sales, now.Ads.Cost, now.Ads.Acos));
        Assert.Equal((whole.Ads.Sales, whole.Ads.AdSpend), (all.Totals.Sales + targets.Unlisted.Sales, all.Totals.Cost + targets.Unlisted.Cost));
        Assert.True(targets.Unlisted.Cost.Amount > 0);

        // Spend and profit of all.
        Assert.Equal((whole.Whole.AdSpend, whole.Tacos, whole.Whole.Sales), (now.AdSpend, now.Tacos, now.Left.Sales));
        Assert.Equal((whole.Whole.Profit, whole.BreakEvenTacos), (now.TotalProfit, now.BreakEvenTacos));
        Assert.Equal(whole.Whole.Profit is { } known ? Display.Rounded(known) : "unknown", Tile(overview, "Profit after costs").Value);

        // Profit of ads, in all and by target.
        Same(whole.Ads.Profit, now.Ads.Profit);
        Assert.Equal(Display.Percent(whole.BreakEvenAcos), Display.Percent(whole.Whole.IsComplete ? now.Ads.BreakEvenAcos : null));
        Same(whole.Ads.Profit, all.Totals.Profit + targets.Unlisted.Profit);
        var byTarget = profit.Ask(new(ProfitBy.Target, ProfitColumn.Name, false)).Where(item => item.Key != "~").ToDictionary(item => item.Parts[0].Target);
        foreach (var row in rows.Where(row => byTarget.ContainsKey(targets.Grid.Targets[row].Id.Value)))
        {
            var item = byTarget[targets.Grid.Targets[row].Id.Value];
            Assert.Equal((item.Whole.AdSpend, item.Whole.Sales, item.Acos), (targets.Grid[row].Cost, targets.Grid[row].Sales, targets.Grid[row].Acos));
            if (profit.Table.Sold is not null) Same(item.Whole.Profit, targets.Grid[row].Profit);
            Assert.Equal(ProfitBoard.Words(item), targets.State(row));
        }

        // By day, as in the table under the chart.
        var byDay = profit.Ask(new(ProfitBy.Day, ProfitColumn.Name, false)).ToDictionary(item => item.Key);
        foreach (var day in overview.Now.Days)
        {
            var item = byDay[day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)];
            Assert.Equal((item.Whole.Profit, item.Whole.AdSpend, item.Ads.Sales, item.Acos, item.Tacos), (day.Figures.TotalProfit, day.Figures.AdSpend, day.Figures.Ads.Sales, day.Figures.Ads.Acos, day.Figures.Tacos));
        }

        // How settled they are: one word for it everywhere.
        Assert.Equal(whole.Settling is null, overview.Now.Settling is null);
        Assert.Equal(whole.Settling?.More ?? 0, overview.Now.Settling?.More ?? 0, 12);
        if (whole.Whole.IsComplete) Assert.Equal(ProfitBoard.Words(whole), Tile(overview, "Profit after costs").Beside);
        Assert.EndsWith(SettlingWords.Of(whole.Settling), Tile(overview, "Ad sales").Beside, StringComparison.Ordinal);

        // The files.
        var figures = Csv(ProfitEndpoints.Write(profit.Ask(new(ProfitBy.Product, ProfitColumn.Name, false)), Germany.Currency, null));
        Assert.Equal(now.AdSpend.Amount, figures.Sum(row => Number(row["Ad spend"])));
        if (now.TotalProfit is { } left) Assert.Equal(left.Amount, figures.Sum(row => Number(row["Contribution"])));
        else Assert.Contains(figures, row => row["Contribution"] == "unknown");
        var exported = Csv(await SheetFiles.CsvAsync(targets.Sheet, All));
        Assert.Equal((all.Totals.Cost.Amount, all.Totals.Sales.Amount), (exported.Sum(row => Number(row["Spend"])), exported.Sum(row => Number(row["Sales"]))));

        // TACoS: of the storefront beside the targets' totals, of the product where a target advertises one.
        Assert.Equal((now.Tacos, now.BreakEvenTacos), (targets.Storefront.Tacos, targets.Storefront.BreakEvenTacos));
        var products = profit.Ask(new(ProfitBy.Product, ProfitColumn.Name, false)).ToDictionary(item => item.Key, item => (SpreadsheetText.Ratio(item.Tacos), SpreadsheetText.Ratio(item.BreakEvenTacos)));
        Assert.NotEmpty(exported);
        foreach (var row in exported)
        {
            var told = (row["TACoS of the product"], row["Break-even TACoS of the product"]);
            Assert.Equal(row["SKU"].Trim('"') is { Length: > 0 } sku && products.TryGetValue(sku, out var of) ? of : ("", ""), told);
        }
    }

    [Fact]
    public void Batches_other_costs_and_tax_count_on_the_overview_as_on_the_page_of_profit()
    {
        var (workspace, overview, profit, _) = Pages("usual");
        var plain = workspace with { VatRates = [], Settings = workspace.Settings with { Batches = [], OtherCosts = [] } };

        Assert.NotEqual(0, profit.Whole.Whole.Line(ProfitLine.OtherCosts)!.Value.Amount);
        Assert.NotEqual(0, profit.Whole.Whole.Line(ProfitLine.Vat)!.Value.Amount);
        Assert.NotEqual(new ProfitBooks(plain).Figures(Month).Whole.Left.Line(ProfitLine.Goods), overview.Now.Whole.Left.Line(ProfitLine.Goods));
        Assert.Equal(profit.Whole.Whole.Line(ProfitLine.Goods), overview.Now.Whole.Left.Line(ProfitLine.Goods));
    }

    private static void Same(Money? left, Money? right)
    {
        Assert.Equal(left is null, right is null);
        if (left is { } one && right is { } other) Assert.Equal(decimal.Round(one.Amount, 2), decimal.Round(other.Amount, 2));
    }

    private static Tile Tile(OverviewFigures figures, string name) => figures.Tiles.Single(tile => tile.Name == name);

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static List<Dictionary<string, string>> Csv(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToArray();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private static (Workspace Workspace, OverviewFigures Overview, ProfitBoard Profit, TargetBoard Targets) Pages(string shop)
    {
        var workspace = Shop(shop);
        var books = new ProfitBooks(workspace);
        Assert.Equal(Month, Performance.LastDays(workspace, 30));
        var figures = books.Figures(Month);
        return (workspace, OverviewFigures.Of(figures, null), new ProfitBoard(workspace, books.Table(Month), books.SettledSales(Month)), new TargetBoard(workspace, figures, ProductTacos.Of(books.Table(Month))));
    }

    internal static Workspace Shop(string kind)
    {
        var random = new Random(11);
        FactTableBuilder Table(Dataset dataset) => new(TableSchema.Of(dataset));
        var (targets, terms, brands, display, products, displayed, sold) = (Table(Dataset.TargetDay), Table(Dataset.SearchTermDay), Table(Dataset.BrandsTargetDay), Table(Dataset.DisplayTargetDay), Table(Dataset.ProductDay), Table(Dataset.DisplayProductDay), Table(Dataset.SkuDay));
        var orders = Table(Dataset.OrderDay);
        var ledger = Table(Dataset.LedgerDay);
        for (var day = Month.First; day <= Month.Last; day = day.AddDays(1))
        {
            // A target of one product, one of two, and one that Amazon no longer lists.
            var spent = new long[3];
            foreach (var (at, campaign, group, target) in new[] { (0, 1L, 2L, 3L), (1, 5L, 6L, 7L), (2, 1L, 2L, 999L) })
            {
                var (cost, sales) = (random.NextInt64(1, 9_000_000), random.Next(2) * random.NextInt64(90_000_000));
                spent[at] = cost;
                targets.Day(day).Long(campaign).Long(group).Long(target).Long(1000).Long(20).Long(cost).Long(sales > 0 ? 2 : 0).Long(2).Long(sales);
                terms.Day(day).Long(campaign).Long(group).Long(target).Text($"term {random.Next(5)}").Long(500).Long(9).Long(cost / 3).Long(1).Long(1).Long(sales / 7);
            }

            products.Day(day).Long(1).Long(2).Long(4).Text("A").Long(1000).Long(20).Long(spent[0] + spent[2]).Long(2).Long(2).Long(40_000_000);
            products.Day(day).Long(5).Long(6).Long(8).Text("B").Long(1000).Long(20).Long(spent[1]).Long(2).Long(2).Long(40_000_000);

            // Brands: one campaign whose products are known, one whose are not.
            brands.Day(day).Long(20).Long(21).Long(22).Long(1000).Long(5).Long(random.NextInt64(1, 5_000_000)).Long(1).Long(1).Long(random.NextInt64(1, 60_000_000)).Long(1).Long(1_000_000);
            brands.Day(day).Long(25).Long(26).Long(27).Long(1000).Long(5).Long(random.NextInt64(1, 5_000_000)).Long(1).Long(1).Long(random.NextInt64(1, 60_000_000)).Long(1).Long(1_000_000);
            var shown = random.NextInt64(1, 4_000_000);
            display.Day(day).Long(30).Long(31).Long(32).Long(1000).Long(5).Long(shown).Long(1).Long(1).Long(random.NextInt64(1, 60_000_000)).Long(1).Long(1).Long(1_000_000);
            displayed.Day(day).Long(30).Long(31).Long(33).Text("C").Long(1000).Long(5).Long(shown).Long(1).Long(1).Long(1);

            var isReported = kind switch { "some days estimated" => day < Month.Last.AddDays(-2), "nothing sold" => false, "sold late" => day > Month.First.AddDays(12), _ => true };
            foreach (var sku in Skus)
            {
                var (units, price) = (random.Next(1, 9), 21_990_000L);
                if (isReported) sold.Day(day).Text(sku).Long(units).Long(random.Next(2)).Long(units * price).Long(random.Next(2) * price).Long(units * 3_298_500).Long(units * 4_410_000).Long(500_000).Long(0).Long(0);
                if (kind == "some days estimated") orders.Day(day).Text(sku).Long(units).Long(units).Long(units * price);
            }
        }

        // Two settlements from a few days before to a few days after.
        for (var settlement = 1; kind == "settled" && settlement <= 3; settlement++)
        {
            var first = Month.First.AddDays((14 * (settlement - 1)) - 5);
            for (var at = 0; at < 14; at++)
            {
                foreach (var (kindOf, amount, units) in new[] { (LedgerKind.ProductCharge, 24_990_000L, 1), (LedgerKind.ReferralFee, -3_748_500L, 0), (LedgerKind.FulfilmentFee, -4_410_000L, 0) })
                    new Movement(first.AddDays(at), (100 * settlement) + at, new Sku(Skus[at % 3]), kindOf, LedgerSource.Settlement, (int)kindOf, LedgerState.Released, units, amount, settlement).AddTo(ledger);
            }

            new Movement(first.AddDays(13), 0, new Sku(""), LedgerKind.Payout, LedgerSource.Settlement, 99, LedgerState.Released, 14, -14 * 16_831_500L, settlement).AddTo(ledger);
        }

        Money Euro(decimal amount) => new(amount, Germany.Currency);
        Campaign Campaign(long id, AdProduct ad) => new(new(id), $"Campaign {id}", TargetingType.Manual, EntityState.Enabled, Euro(10), BiddingStrategy.DownOnly, 0, 0, 0) { AdProduct = ad };
        AdGroup Group(long id, long campaign) => new(new(id), new(campaign), $"Group {id}", EntityState.Enabled, Euro(0.5m));
        ProductAd Ad(long id, long campaign, long group, string sku) => new(new(id), new(campaign), new(group), new(sku), new($"B00000000{sku}"), EntityState.Enabled);
        Target Target(long id, long campaign, long group) => new(new(id), new(campaign), new(group), TargetKind.Keyword, MatchType.Exact, $"keyword {id}", EntityState.Enabled, Euro(0.5m));
        var workspace = new Workspace
        {
            Storefront = new(1), Marketplace = Germany, Today = kind == "old" ? Today.AddDays(40) : Today, SyncedAt = null,
            Campaigns = [Campaign(1, AdProduct.SponsoredProducts), Campaign(5, AdProduct.SponsoredProducts), Campaign(20, AdProduct.SponsoredBrands), Campaign(25, AdProduct.SponsoredBrands), Campaign(30, AdProduct.SponsoredDisplay)],
            AdGroups = [Group(2, 1), Group(6, 5), Group(21, 20), Group(26, 25), Group(31, 30)],
            ProductAds = [Ad(4, 1, 2, "A"), Ad(8, 5, 6, "A"), Ad(9, 5, 6, "B"), Ad(28, 25, 26, "B"), Ad(29, 25, 26, "C"), Ad(33, 30, 31, "C")],
            Targets = [Target(3, 1, 2), Target(7, 5, 6), Target(22, 20, 21), Target(27, 25, 26), Target(32, 30, 31)],
            Listings = [.. Skus.Select(sku => new Listing(new(sku), new($"B00000000{sku}"), $"Product {sku}", Euro(21.99m), true))],
            Costs = [.. Skus.Where(sku => kind != "cost missing" || sku != "C").Select(sku => new ProductCost(new(sku), Month.First, Euro(5.13m), Euro(0.42m), null, 30))],
            TargetDays = targets.Build(), SearchTermDays = terms.Build(), BrandsTargetDays = brands.Build(), DisplayTargetDays = display.Build(), ProductDays = products.Build(), DisplayProductDays = displayed.Build(), SkuDays = sold.Build(), OrderDays = orders.Build(), LedgerDays = ledger.Build(),
            VatRates = VatBook.Standard(Germany),
            Settings = new(AutomationMode.Watch, Euro(100), Euro(2), [], [], Frozen: false)
            {
                Batches = [new GoodsBatch(new("B"), Month.First, 30, Euro(3.07m), Euro(0.31m)), new GoodsBatch(new("B"), Month.First.AddDays(9), 60, Euro(4.4m), Euro(0.3m))],
                OtherCosts = [new OtherCost(null, Month.First, Month.Last, Euro(31)) { Name = "Photographer" }, new OtherCost(new Sku("A"), Month.First.AddDays(-40), Month.Last, Euro(29)) { Name = "Licence", Monthly = true }],
            },
        };
        return workspace;
    }
}

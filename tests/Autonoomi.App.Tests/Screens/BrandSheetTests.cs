using Autonoomi.App.Features.BrandAnalytics;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Searches of all shoppers: two products, three searches, two weeks.</summary>
[Collection<PeopleTests>]
public sealed class BrandSheetTests(RunningProduct product)
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Sunday = new(2026, 10, 18);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_row_has_the_newest_week_its_shares_its_rank_and_the_closest_keyword()
    {
        var sheet = BrandSheet.Of(Shop());
        var rows = sheet.Ask(GridQuery.All).Rows;
        string[] Row(int row) => [.. new[] { "search", "product", "week", "volume", "rank", "impressions", "clicks", "purchases", "targeted", "standing", "sum-clicks" }.Select(id => sheet.Columns.Single(column => column.Id == id).Words(row, Us.Currency))];

        Assert.Equal(["Red kettle", "Kettle", "2026-10-18", "900", "4,321", "10.00%", "25.00%", "50.00%", "Exact", "Sells better", "77"], Row(rows[0]));
        Assert.Equal(["mug", "Mug", "2026-10-11", "300", "–", "5.00%", "2.00%", "–", "Not targeted", "Few clicks", "–"], Row(rows[1]));

        // Only the ranking tells this one, of the product that is the seller's own.
        Assert.Equal(["teapot", "Mug", "2026-10-18", "–", "12", "–", "–", "–", "Broad", "Few clicks", "–"], Row(rows[2]));
        Assert.Equal(3, rows.Length);
        Assert.Equal([rows[1]], sheet.Ask(GridQuery.All.With("targeted", "none")).Rows);
        Assert.Equal(["3", "1", "50", "10"], sheet.Totals(rows).Select(total => total.Words));
        Assert.False(BrandSheet.IsTold(Shop() with { SearchQueryWeeks = FactTable.Empty(Dataset.SearchQueryWeek), SearchTermWeeks = FactTable.Empty(Dataset.SearchTermWeek) }));
    }

    [Fact]
    public async Task The_page_shows_the_vaults_searches_and_says_why_where_there_are_none()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var today = product.Services.GetRequiredService<Platform.Environments.BusinessClock>().Today(Us);
        await Run.SmallShop.FillAsync(vault, storefront, today, 30, Stop);
        Assert.Contains("brand-silent", await browser.ReadAsync("/brand-analytics"), StringComparison.Ordinal);

        var sunday = today.AddDays(-(int)today.DayOfWeek - 14);
        var weeks = new FactTableBuilder(TableSchema.Of(Dataset.SearchQueryWeek));
        Add(weeks, sunday, "B000000001", "copper kettle", 1234, 1000, 100, 40, 10, 4, 1);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchQueryWeek, storefront, new DateSpan(sunday, sunday), weeks.Build()), Stop);
        product.Services.GetRequiredService<Workspaces>().FactsReplaced(seller, storefront);
        var page = await browser.ReadAsync("/brand-analytics");

        Assert.Contains("copper kettle", page, StringComparison.Ordinal);
        Assert.Contains("1,234", page, StringComparison.Ordinal);
        Assert.DoesNotContain("brand-silent", page, StringComparison.Ordinal);
        Assert.Contains("copper kettle", await (await browser.GetAsync("/brand-analytics/export.csv")).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static Workspace Shop()
    {
        var weeks = new FactTableBuilder(TableSchema.Of(Dataset.SearchQueryWeek));
        Add(weeks, Sunday.AddDays(-7), "B000000001", "red kettle", 800, 900, 9, 90, 9, 9, 1);
        Add(weeks, Sunday, "B000000001", "Red kettle", 900, 1000, 100, 160, 40, 20, 10);
        Add(weeks, Sunday.AddDays(-7), "B000000002", "mug", 300, 2000, 100, 500, 10, 0, 0);
        var ranks = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermWeek));
        ranks.Day(Sunday).Text("Kitchen").Text("red kettle").Text("B000000001").Long(7).Int(1).Long(250_000).Long(100_000);
        ranks.Day(Sunday).Text("Amazon.com").Text("red kettle").Text("B000000001").Long(4321).Int(1).Long(250_000).Long(100_000);
        ranks.Day(Sunday).Text("Amazon.com").Text("teapot").Text("B000000002").Long(12).Int(2).Long(100_000).Long(100_000);
        ranks.Day(Sunday).Text("Amazon.com").Text("teapot").Text("B00OTHERS1").Long(12).Int(1).Long(300_000).Long(100_000);
        var sums = new FactTableBuilder(TableSchema.Of(Dataset.SearchCatalogueWeek));
        sums.Day(Sunday.AddDays(-7)).Text("B000000001").Long(9).Long(9).Long(9).Long(9).Long(9);
        sums.Day(Sunday).Text("B000000001").Long(900).Long(77).Long(20).Long(12).Long(300_000_000);
        Money Usd(decimal amount) => new(amount, Us.Currency);
        return new Workspace
        {
            Storefront = new(1), Marketplace = Us, Today = new(2026, 11, 2), SyncedAt = null,
            Campaigns = [new(new(1), "Kitchen", TargetingType.Manual, EntityState.Enabled, Usd(10), BiddingStrategy.DownOnly, 0, 0, 0)],
            AdGroups = [new(new(2), new(1), "Kettles", EntityState.Enabled, Usd(0.5m)), new(new(3), new(1), "Mugs", EntityState.Enabled, Usd(0.5m))],
            ProductAds = [new(new(4), new(1), new(2), new("A"), new("B000000001"), EntityState.Enabled), new(new(5), new(1), new(3), new("B"), new("B000000002"), EntityState.Enabled)],
            Targets =
            [
                new(new(6), new(1), new(2), TargetKind.Keyword, MatchType.Broad, "red kettle", EntityState.Enabled, Usd(0.5m)), new(new(7), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "Red  Kettle", EntityState.Enabled, Usd(0.5m)),
                new(new(8), new(1), new(3), TargetKind.Keyword, MatchType.Broad, "teapot", EntityState.Enabled, Usd(0.5m)), new(new(9), new(1), new(3), TargetKind.Keyword, MatchType.Exact, "teapot", EntityState.Archived, Usd(0.5m)),
                new(new(10), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "mug", EntityState.Enabled, Usd(0.5m)),
            ],
            Listings = [new(new("A"), new("B000000001"), "Kettle", Usd(100), true), new(new("B"), new("B000000002"), "Mug", Usd(100), true)],
            SearchQueryWeeks = weeks.Build(), SearchTermWeeks = ranks.Build(), SearchCatalogueWeeks = sums.Build(), Settings = Workspaces.DefaultSettings(Us),
        };
    }

    private static void Add(FactTableBuilder weeks, DateOnly sunday, string asin, string search, long volume, long impressions, long own, long clicks, long ownClicks, long purchases, long ownPurchases) =>
        weeks.Day(sunday).Text(asin).Text(search).Long(volume).Long(impressions).Long(own).Long(clicks).Long(ownClicks).Long(purchases).Long(ownPurchases);
}

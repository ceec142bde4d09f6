using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Tests.Adapters;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests;

/// <summary>Reports of Sponsored Brands and Display against the pretend Amazon: what they say adds up, among themselves and with what Amazon charges.</summary>
public sealed class OtherReportsTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Costs_clicks_and_charges_of_three_ad_products_agree()
    {
        await using var shop = new AdShop(historyDays: 24);
        await shop.InitializeAsync();
        var now = await shop.Amazon.ClockAsync(Ct);
        var marketplace = shop.Session.Marketplace;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone)).DateTime);
        var days = DateSpan.Ending(today.AddDays(-1), 20);
        var facts = new Dictionary<Dataset, FactTable>();
        foreach (var dataset in new[] { Dataset.ProductDay, Dataset.TargetDay, Dataset.PurchaseDay, Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay, Dataset.SearchTermDay, Dataset.CampaignDay, Dataset.BrandsCampaignDay, Dataset.DisplayCampaignDay, Dataset.BrandsPurchaseDay, Dataset.DisplayPurchaseDay })
        {
            var id = await shop.Client.RequestReportAsync(dataset, days, Ct);
            var status = await shop.Client.ReportStatusAsync(id, Ct);
            while (status.State == ReportState.Waiting) status = await shop.Client.ReportStatusAsync(id, Ct);
            facts[dataset] = await shop.Client.DownloadReportAsync(dataset, status.Location!, Ct);
            if (dataset != Dataset.DisplayPurchaseDay) Assert.True(facts[dataset].Rows >= 20, $"{dataset} has {facts[dataset].Rows} rows");
        }

        // Every target that reports speak of is in the lists, with all its digits.
        var campaigns = await shop.Client.CampaignsAsync(Ct);
        var targets = (await shop.Client.TargetsAsync(await shop.Client.AdGroupsAsync(Ct), Ct)).ToDictionary(target => target.Id.Value);
        foreach (var (dataset, product) in new[] { (Dataset.BrandsTargetDay, AdProduct.SponsoredBrands), (Dataset.BrandsSearchTermDay, AdProduct.SponsoredBrands), (Dataset.DisplayTargetDay, AdProduct.SponsoredDisplay) })
        {
            var known = campaigns.Where(campaign => campaign.AdProduct == product).Select(campaign => campaign.Id.Value).ToHashSet();
            Assert.All(facts[dataset].Longs("target_id").ToArray(), id => Assert.True(id > 1L << 53 && targets.ContainsKey(id), $"{dataset} speaks of {id}"));
            Assert.All(facts[dataset].Longs("campaign_id").ToArray(), id => Assert.Contains(id, known));
        }

        // Brands and subjects among them: what they cost is theirs, not somebody unlisted's.
        foreach (var (dataset, match) in new[] { (Dataset.BrandsTargetDay, MatchType.Brand), (Dataset.DisplayTargetDay, MatchType.Brand), (Dataset.DisplayTargetDay, MatchType.ContentCategory) })
            Assert.Contains(facts[dataset].Longs("target_id").ToArray(), id => targets[id].Match == match);

        // A row of Sponsored Products names a keyword or a target by one and the same column, and finds exactly one entity, of the kind that its own report says it is.
        var sponsored = campaigns.Where(campaign => campaign.AdProduct == AdProduct.SponsoredProducts).Select(campaign => campaign.Id).ToHashSet();
        var kinds = (await shop.Client.TargetsAsync(await shop.Client.AdGroupsAsync(Ct), Ct)).Where(target => sponsored.Contains(target.Campaign)).GroupBy(target => target.Id.Value).ToDictionary(group => group.Key, group => Assert.Single(group).Kind);
        Assert.Equal([TargetKind.Keyword, TargetKind.Product, TargetKind.Auto], kinds.Values.Distinct().Order());
        foreach (var dataset in new[] { Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PurchaseDay })
            Assert.All(facts[dataset].Longs("target_id").ToArray(), id => Assert.True(kinds.ContainsKey(id), $"{dataset} speaks of {id}"));

        // The parts are the whole.
        foreach (var (part, whole) in new[] { (Dataset.CampaignDay, Dataset.TargetDay), (Dataset.BrandsCampaignDay, Dataset.BrandsTargetDay), (Dataset.DisplayCampaignDay, Dataset.DisplayTargetDay) })
        {
            Assert.Equal(Sum(facts[whole], "cost"), Sum(facts[part], "cost"));
            Assert.Equal(Sum(facts[whole], "clicks"), Sum(facts[part], "clicks"));
        }

        foreach (var column in new[] { "orders", "units", "sales" }) Assert.Equal(Sum(facts[Dataset.BrandsTargetDay], column), Sum(facts[Dataset.BrandsPurchaseDay], column));
        var own = (await (await shop.SellerAsync()).ListingsAsync(Ct)).Select(listing => listing.Asin.Value).ToHashSet();
        foreach (var dataset in new[] { Dataset.PurchaseDay, Dataset.BrandsPurchaseDay }) Assert.All(Enumerable.Range(0, facts[dataset].Rows), row => Assert.Contains(facts[dataset].Texts("asin")[row], own));
        Assert.Equal(Sum(facts[Dataset.BrandsTargetDay], "cost"), Sum(facts[Dataset.BrandsPlacementDay], "cost"));
        Assert.Equal(Sum(facts[Dataset.BrandsTargetDay], "impressions"), Sum(facts[Dataset.BrandsPlacementDay], "impressions"));
        Assert.Equal(Sum(facts[Dataset.BrandsTargetDay], "sales"), Sum(facts[Dataset.BrandsPlacementDay], "sales"));
        Assert.Equal(Sum(facts[Dataset.DisplayTargetDay], "cost"), Sum(facts[Dataset.DisplayProductDay], "cost"));
        Assert.Equal(Sum(facts[Dataset.DisplayTargetDay], "orders"), Sum(facts[Dataset.DisplayProductDay], "orders"));

        // Orders after views count among all orders and never among those after clicks; where clicks are paid for there are none.
        var displayed = facts[Dataset.DisplayTargetDay];
        var perClick = campaigns.Where(campaign => campaign.PaysPerClick).Select(campaign => campaign.Id.Value).ToHashSet();
        Assert.InRange(Sum(displayed, "click_orders"), 1, Sum(displayed, "orders") - 1);
        for (var row = 0; row < displayed.Rows; row++)
        {
            Assert.InRange(displayed.Longs("click_sales")[row], 0, displayed.Longs("sales")[row]);
            if (perClick.Contains(displayed.Longs("campaign_id")[row])) Assert.Equal((displayed.Longs("orders")[row], displayed.Longs("units")[row]), (displayed.Longs("click_orders")[row], displayed.Longs("click_units")[row]));
        }

        var branded = facts[Dataset.BrandsTargetDay];
        for (var row = 0; row < branded.Rows; row++)
        {
            Assert.InRange(branded.Longs("click_orders")[row], 0, branded.Longs("orders")[row]);
            if (perClick.Contains(branded.Longs("campaign_id")[row])) Assert.Equal((branded.Longs("orders")[row], branded.Longs("sales")[row]), (branded.Longs("click_orders")[row], branded.Longs("click_sales")[row]));
        }

        var searched = 0L;
        var table = facts[Dataset.BrandsTargetDay];
        for (var row = 0; row < table.Rows; row++)
            if (targets[table.Longs("target_id")[row]].Kind != TargetKind.Product) searched += table.Longs("clicks")[row];
        Assert.Equal(searched, Sum(facts[Dataset.BrandsSearchTermDay], "clicks"));
        Assert.Contains(targets.Values, target => target.Text == "Theme: your brand");
        Assert.True(Sum(table, "orders") > 0 && Sum(facts[Dataset.DisplayTargetDay], "orders") > 0, "Nothing was ordered.");
        Assert.True(Sum(facts[Dataset.PurchaseDay], "orders") is > 0 and var others && others < Sum(facts[Dataset.TargetDay], "orders"));

        // What Amazon charges is what the reports say was spent.
        var seller = await shop.SellerAsync();
        var query = await seller.RequestEconomicsAsync(days, Ct);
        var asked = await seller.QueryStatusAsync(query, Ct);
        while (asked.State == SellingPartner.QueryState.Waiting) asked = await seller.QueryStatusAsync(query, Ct);
        var economics = await seller.DownloadEconomicsAsync(asked.DocumentId!, Ct);
        Assert.Equal(Sum(facts[Dataset.ProductDay], "cost") + Sum(table, "cost") + Sum(facts[Dataset.DisplayTargetDay], "cost"), Sum(economics, "ad_charge"));
        await Assert.ThrowsAsync<AmazonApiException>(() => shop.Client.RequestReportAsync(Dataset.BrandsTargetDay, new DateSpan(today.AddDays(-61), today.AddDays(-60)), Ct));
        Assert.True(shop.Clients.Violations.Count == 0, string.Join(Environment.NewLine, shop.Clients.Violations));
    }

    private static long Sum(FactTable table, string column)
    {
        long sum = 0;
        foreach (var value in table.Longs(column)) sum += value;
        return sum;
    }
}

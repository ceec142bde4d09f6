using System.Collections.Concurrent;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Amazon.Tests.Adapters.V1;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;

namespace Autonoomi.Amazon.Tests.Adapters;

/// <summary>All that the clients can ask of Amazon, asked at least once of the pretend Amazon over real HTTP: each request and each success held against Amazon's specifications.</summary>
public sealed partial class ContractTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // What is read stands in the field manifest with its operation. These write or cancel, and of their answers nothing but verdicts is read.
    private static readonly string[] Writes =
    [
        "POST /sp/campaigns", "POST /sp/adGroups", "POST /sp/productAds",
        "PUT /sp/campaigns", "POST /sp/campaigns/delete", "PUT /sp/adGroups", "PUT /sp/keywords", "PUT /sp/targets", "POST /sp/keywords", "POST /sp/targets", "POST /sp/keywords/delete", "POST /sp/targets/delete",
        "POST /sp/negativeKeywords", "POST /sp/negativeTargets", "POST /sp/campaignNegativeKeywords", "POST /sp/campaignNegativeTargets",
        "POST /sp/negativeKeywords/delete", "POST /sp/negativeTargets/delete", "POST /sp/campaignNegativeKeywords/delete", "POST /sp/campaignNegativeTargets/delete",
        "PUT /sb/v4/campaigns", "POST /sb/v4/campaigns/delete", "PUT /sb/v4/adGroups", "PUT /sb/keywords", "POST /sb/keywords", "PUT /sb/targets", "POST /sb/targets", "PUT /sb/themes",
        "POST /sb/negativeKeywords", "PUT /sb/negativeKeywords", "POST /sb/negativeTargets", "PUT /sb/negativeTargets",
        "PUT /sd/campaigns", "PUT /sd/adGroups", "PUT /sd/targets", "POST /sd/targets", "POST /sd/negativeTargets", "PUT /sd/negativeTargets",
        "POST /adsApi/v1/create/campaigns", "POST /adsApi/v1/create/adGroups", "POST /adsApi/v1/create/ads",
        "POST /adsApi/v1/update/campaigns", "POST /adsApi/v1/delete/campaigns", "POST /adsApi/v1/update/adGroups", "POST /adsApi/v1/update/targets", "POST /adsApi/v1/create/targets", "POST /adsApi/v1/delete/targets",
        "DELETE /reporting/reports/{reportId}", "DELETE /reports/2021-06-30/reports/{reportId}", "DELETE /dataKiosk/2023-11-15/queries/{queryId}",
    ];

    // What these tests send to set a scene, and no client.
    private static readonly string[] Staged = ["POST /sb/v4/adGroups", "POST /sd/adGroups", "POST /sp/budgetRules", "POST /sb/budgetRules", "POST /sd/budgetRules"];

    // Consent pages and tokens, which no specification describes, and the name of a row of our own.
    private static readonly string[] NoOperation = ["/", "/ap/oa", "/apps/", "/auth/o2/token", "/payout"];

    private static IReadOnlyList<string> Operations { get; } = [.. FieldManifest.Sources.SelectMany(source => source.Operations)
        .Where(operation => MethodAndPath().IsMatch(operation) && SpecValidator.Covers(operation.Split(' ')[1])).Concat(Writes).Distinct(StringComparer.Ordinal)];

    [Fact]
    [Promise("P-5-a")]
    public async Task Every_operation_that_the_clients_can_send_fits_the_specifications_in_request_and_in_answer()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        var seen = new ConcurrentDictionary<(string Operation, int Status), int>();

        await PlayAsync(seen, AdaptersAsync(shop => new SponsoredProductsV3Tests(shop), shop => new SponsoredProductsV3(shop.Session)));
        await PlayAsync(seen, AdaptersAsync(shop => new SponsoredBrandsV4Tests(shop), shop => new SponsoredBrandsV4(shop.Session)));
        await PlayAsync(seen, AdaptersAsync(shop => new SponsoredDisplayTests(shop), null));
        await PlayAsync(seen, AdaptersAsync(shop => new UnifiedSponsoredProductsTests(shop), null));
        await PlayAsync(seen, AdaptersAsync(shop => new UnifiedSponsoredBrandsTests(shop), null));
        await PlayAsync(seen, ServicesAsync);
        await PlayAsync(seen, SellingAsync);

        var ids = Operations.ToDictionary(operation => operation, Id);
        Assert.Empty(ids.GroupBy(pair => pair.Value, pair => pair.Key).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same)}"));
        var succeeded = seen.Where(pair => pair.Key.Status is >= 200 and < 300).Select(pair => pair.Key.Operation).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(ids.Where(pair => !succeeded.Contains(pair.Value)).Select(pair => $"{pair.Key} was never answered with success"));
        Assert.Empty(seen.Keys.Select(each => each.Operation).Distinct(StringComparer.Ordinal).Except(ids.Values).Except(Staged.Select(Id)).Select(operation => $"{operation} is sent and stands in no list"));
        Figures.Tell($"{Operations.Count} operations of Amazon that the clients can send ({Writes.Length} of them write or cancel): {seen.Values.Sum()} exchanges in {seen.Count} pairs of operation and status, each request and answer as specified");
    }

    [Fact]
    public void Every_path_that_the_clients_hold_belongs_to_a_listed_operation()
    {
        var paths = Operations.Select(operation => Bare(operation.Split(' ')[1])).ToList();
        var held = Held().Where(text => !NoOperation.Any(each => text == each || (each.Length > 1 && each.EndsWith('/') && text.StartsWith(each, StringComparison.Ordinal)))).ToList();

        Assert.True(held.Count > 50, $"{held.Count} paths");
        Assert.All(held, text => Assert.Contains(paths, path => $"{path}/".Contains(Bare(text.Split('?')[0]), StringComparison.Ordinal)));
        Figures.Tell($"{held.Count} paths in the clients' code, each part of one of {Operations.Count} listed operations");
    }

    [Fact]
    public async Task Documents_of_Data_Kiosk_and_of_Brand_Analytics_fit_their_published_types()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        await using var shop = new AdShop(historyDays: 24);
        await shop.InitializeAsync();
        shop.Clients.KeepsDocuments = true;
        var seller = await shop.SellerAsync();
        var today = DateOnly.FromDateTime((await shop.Amazon.ClockAsync(Ct)).UtcDateTime).AddDays(-1);
        var days = new DateSpan(today.AddDays(-6), today.AddDays(-4));

        Assert.NotEqual(0, (await seller.DownloadEconomicsAsync(await QueriedAsync(seller, await seller.RequestEconomicsAsync(days, Ct)), Ct)).Rows);
        var lines = Lines(GraphQlSchemaCheck.Economics, seller.EconomicsQuery(days), ("\"unitsOrdered\":", "\"unitsSold\":"), ("\"totalAmount\":{\"amount\":", "\"totalAmount\":{\"amount\":null,\"was\":"), ("\"startDate\":\"20", "\"startDate\":\"the day 20"));
        Assert.NotEqual(0, (await seller.DownloadTrafficAsync(await QueriedAsync(seller, await seller.RequestTrafficAsync(days.First, Ct)), Ct)).Rows);
        lines += Lines(GraphQlSchemaCheck.Traffic, seller.TrafficQuery(days.First), ("\"sessions\":", "\"sessions\":0.5,\"visits\":"), ("\"buyBoxPercentage\":", "\"buyBoxPercentage\":\"all\",\"was\":"));

        var sunday = today.AddDays(-(int)today.DayOfWeek - 14);
        var asins = SellingPartnerClient.AsinBatches((await seller.ListingsAsync(Ct)).Select(listing => listing.Asin))[0];
        Assert.NotEqual(0, (await seller.DownloadSearchQueriesAsync(await ReportedAsync(seller, await seller.RequestSearchQueriesAsync(sunday, asins, Ct)), Ct)).Rows);
        Whole("sellingPartnerSearchQueryPerformanceReport.json", ("\"searchQueryVolume\":", "\"searchVolume\":"), ("\"asinClickCount\":", "\"asinClickCount\":1.5,\"was\":"));
        Assert.NotEqual(0, (await seller.DownloadSearchCatalogueAsync(await ReportedAsync(seller, await seller.RequestSearchCatalogueAsync(sunday, Ct)), Ct)).Rows);
        Whole("sellingPartnerSearchCatalogPerformanceReport.json", ("\"purchaseCount\":", "\"purchases\":"), ("\"startDate\":\"20", "\"startDate\":\"the day 20"));
        Assert.NotEqual(0, (await seller.DownloadSearchTermsAsync(await ReportedAsync(seller, await seller.RequestSearchTermsAsync(sunday, Ct)), sunday, [], asins, Ct)).Rows);
        Whole("sellingPartnerSearchTermsReport.json", ("\"searchFrequencyRank\":", "\"rank\":"), ("\"searchFrequencyRank\":", "\"searchFrequencyRank\":0.5,\"was\":"));
        Figures.Tell($"{lines} lines of two data sets of Data Kiosk and three reports of Brand Analytics as their published types ask");

        int Lines(GraphQlSchemaCheck schema, string query, params (string Good, string Bad)[] mistakes)
        {
            var all = shop.Clients.LastDocument.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(all);
            Assert.Empty(all.SelectMany(line => schema.ValidateLine(query, line)).Distinct().Take(10));

            // The check bites.
            foreach (var (good, bad) in mistakes)
            {
                var line = all.First(each => each.Contains(good, StringComparison.Ordinal));
                Assert.NotEmpty(schema.ValidateLine(query, line.Replace(good, bad, StringComparison.Ordinal)));
            }

            return all.Length;
        }

        void Whole(string schema, params (string Good, string Bad)[] mistakes)
        {
            var document = shop.Clients.LastDocument;
            Assert.Empty(DocumentSchema.Validate(schema, document).Distinct().Take(10));
            foreach (var (good, bad) in mistakes)
            {
                Assert.Contains(good, document, StringComparison.Ordinal);
                Assert.NotEmpty(DocumentSchema.Validate(schema, document.Replace(good, bad, StringComparison.Ordinal)));
            }
        }
    }

    private static async Task<string> QueriedAsync(SellingPartnerClient seller, string query)
    {
        var status = await seller.QueryStatusAsync(query, Ct);
        for (var poll = 0; status.State == QueryState.Waiting && poll < 10; poll++) status = await seller.QueryStatusAsync(query, Ct);
        return status.DocumentId!;
    }

    private static async Task<string> ReportedAsync(SellingPartnerClient seller, OrderedReport order)
    {
        var report = await seller.PartnerReportAsync(order.Id!, Ct);
        for (var poll = 0; report.State == PartnerReportState.Waiting && poll < 10; poll++) report = await seller.PartnerReportAsync(order.Id!, Ct);
        return report.DocumentId!;
    }

    private static async Task PlayAsync(ConcurrentDictionary<(string Operation, int Status), int> seen, Func<AdShop, Task> act)
    {
        await using var shop = new AdShop();
        await shop.InitializeAsync();
        await act(shop);
        Assert.True(shop.Clients.Violations.Count == 0, string.Join(Environment.NewLine, shop.Clients.Violations.Distinct().Take(10)));
        foreach (var (exchange, count) in shop.Clients.Exchanges) seen.AddOrUpdate(exchange, count, (_, before) => before + count);
    }

    /// <summary>The compliance suite reads and changes everything that an ad product has; what it leaves out follows.</summary>
    private static Func<AdShop, Task> AdaptersAsync(Func<AdShop, AdAdapterCompliance> suite, Func<AdShop, IAdAdapter>? more) => async shop =>
    {
        var tests = suite(shop);
        await tests.All_entities_are_read_and_hang_together();
        await tests.Every_kind_of_change_it_supports_is_untouched_then_accepted_then_done();
        await tests.Campaigns_and_ad_groups_rest_and_wake_again();
        if (tests is SponsoredProductsCompliance made) await made.A_launch_is_made_whole_within_a_paused_campaign();
        if (more is not null) await RareAsync(more(shop));
        await tests.ArchiveACampaignAsync();
    };

    /// <summary>Auto targets and themes, targets of products that were there before, and, where there are any, product negatives of whole campaigns.</summary>
    private static async Task RareAsync(IAdAdapter adapter)
    {
        var groups = await adapter.AdGroupsAsync(Ct);
        var living = (await adapter.CampaignsAsync(Ct)).Where(campaign => campaign.State == EntityState.Enabled).Select(campaign => campaign.Id).ToHashSet();
        var targets = (await adapter.TargetsAsync(groups, Ct)).Where(target => target.State == EntityState.Enabled && living.Contains(target.Campaign)).ToList();
        var autos = targets.Where(target => target.Kind == TargetKind.Auto).Take(2).ToList();
        Assert.Equal(2, autos.Count);
        List<Change> changes =
        [
            new SetBid(autos[0].Campaign, autos[0].AdGroup, autos[0].Id, TargetKind.Auto, autos[0].Bid, autos[0].Bid with { Amount = autos[0].Bid.Amount + 0.03m }) { AdProduct = adapter.AdProduct },
            new SetTargetState(autos[1].Campaign, autos[1].AdGroup, autos[1].Id, TargetKind.Auto, EntityState.Enabled, EntityState.Paused) { AdProduct = adapter.AdProduct },
        ];
        var product = targets.First(target => target.Kind == TargetKind.Product);
        if (adapter.AdProduct == AdProduct.SponsoredBrands) changes.Add(new SetBid(product.Campaign, product.AdGroup, product.Id, TargetKind.Product, product.Bid, product.Bid with { Amount = product.Bid.Amount + 0.04m }) { AdProduct = adapter.AdProduct });
        else
        {
            changes.Add(new SetTargetState(product.Campaign, product.AdGroup, product.Id, TargetKind.Product, EntityState.Enabled, EntityState.Archived));
            changes.Add(new AddNegative(autos[0].Campaign, null, NegativeMatch.Product, "B0CONTRACT"));
        }

        changes.Add(new SetCampaignState(autos[1].Campaign, EntityState.Enabled, EntityState.Paused) { AdProduct = adapter.AdProduct });
        changes.Add(new SetAdGroupState(product.Campaign, product.AdGroup, EntityState.Enabled, EntityState.Paused) { AdProduct = adapter.AdProduct });
        await AcceptedAsync(adapter, changes);
        if (adapter.AdProduct == AdProduct.SponsoredProducts)
        {
            var negative = (await adapter.NegativesAsync(Ct)).Single(each => each.Text == "B0CONTRACT");
            await AcceptedAsync(adapter, [new ArchiveNegative(negative.Campaign, null, negative.Id, negative.Match, negative.Text)]);
        }
    }

    private static async Task AcceptedAsync(IAdAdapter adapter, IReadOnlyList<Change> changes)
    {
        Assert.All(await adapter.ObserveAsync(changes, Ct), observed => Assert.Equal(Observation.Untouched, observed));
        Assert.All(await adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        Assert.All(await adapter.ObserveAsync(changes, Ct), observed => Assert.Equal(Observation.Done, observed));
    }

    private static async Task ServicesAsync(AdShop shop)
    {
        var (client, usd) = (shop.Client, shop.Session.Marketplace.Currency);
        var structure = await client.StructureAsync(exports: true, Ct);
        Assert.Null(structure.WithoutExports);
        var keyword = structure.Targets.First(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled } && structure.Campaigns.Any(campaign => campaign.Id == target.Campaign && campaign.AdProduct == AdProduct.SponsoredProducts));
        Assert.NotEmpty(await client.SuggestedBidsAsync(keyword.Campaign, keyword.AdGroup, [keyword], Ct));
        foreach (var product in new[] { AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay })
        {
            var paid = structure.Campaigns.Where(campaign => campaign.AdProduct == product && campaign.PaysPerClick).Select(campaign => campaign.Id).ToHashSet();
            foreach (var group in structure.Targets.Where(target => paid.Contains(target.Campaign)).GroupBy(target => (target.Campaign, target.AdGroup)))
                Assert.NotEmpty(await client.SuggestedBidsAsync(product, group.Key.Campaign, group.Key.AdGroup, [.. group], [.. structure.ProductAds.Where(ad => ad.AdGroup == group.Key.AdGroup).Select(ad => ad.Asin)], Ct));
        }

        foreach (var product in Enum.GetValues<AdProduct>())
        {
            var campaigns = structure.Campaigns.Where(campaign => campaign.AdProduct == product).Select(campaign => campaign.Id).ToList();
            Assert.Equal(campaigns.OrderBy(id => id.Value), (await client.BudgetUseAsync(product, campaigns, Ct)).Select(use => use.Campaign).OrderBy(id => id.Value));
            var prefix = product switch { AdProduct.SponsoredProducts => "sp", AdProduct.SponsoredBrands => "sb", AdProduct.SponsoredDisplay => "sd" };
            await shop.SendAsync(HttpMethod.Post, $"/{prefix}/budgetRules", "application/json",
                """{"budgetRulesDetails":[{"name":"Black week","ruleType":"SCHEDULE","budgetIncreaseBy":{"type":"PERCENT","value":30},"duration":{"dateRangeTypeRuleDuration":{"startDate":"20261120","endDate":"20261130"}},"recurrence":{"type":"DAILY"}}]}"""u8.ToArray());
            Assert.Empty(await client.CampaignsUnderBudgetRulesAsync(product, Ct));
        }

        var portfolio = (await client.CreatePortfolioAsync("Contract", new Money(900m, usd), Ct)).CreatedId!.Value;
        Assert.Equal(OutcomeKind.Accepted, (await client.SetPortfolioBudgetAsync(portfolio, new Money(1_000m, usd), Ct)).Kind);
        Assert.Contains(portfolio, (await client.PortfoliosAsync(Ct)).Select(each => each.Id));
        Assert.Empty(await client.CampaignsInPortfolioAsync(portfolio, Ct));
        Assert.Empty(await client.PromotedAdGroupsAsync(Ct));
        var now = await shop.Amazon.ClockAsync(Ct);
        Assert.Empty(await client.HistoryAsync(now.AddMinutes(-1), now.AddMinutes(1), Ct));

        var yesterday = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-2);
        var report = await client.RequestReportAsync(Dataset.TargetDay, new DateSpan(yesterday, yesterday), Ct);
        await client.CancelReportAsync(report, Ct);
        report = await client.RequestReportAsync(Dataset.TargetDay, new DateSpan(yesterday, yesterday), Ct);
        Assert.NotEqual(ReportState.Failed, (await client.ReportStatusAsync(report, Ct)).State);
    }

    private static async Task SellingAsync(AdShop shop)
    {
        var seller = await shop.SellerAsync();
        var now = await shop.Amazon.ClockAsync(Ct);
        var today = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1);
        var days = new DateSpan(today.AddDays(-1), today.AddDays(-1));
        Assert.NotEmpty(await seller.ParticipationsAsync(Ct));
        var listings = await seller.ListingsAsync(Ct);
        Assert.NotEmpty(listings);
        Assert.NotEmpty(await seller.CatalogueAsync([.. listings.Select(listing => listing.Asin)], Ct));
        Assert.NotEqual(0, (await seller.InventoryAsync(today, Ct)).Rows);
        Assert.NotEqual(0, (await seller.OrdersAsync(now.AddDays(-3), Ct)).Rows);
        Assert.NotEqual(0, (await seller.FeeEstimatesAsync([.. listings.Take(3)], today, Ct)).Rows);
        Assert.NotEqual(0, (await seller.TransactionsAsync(new DateSpan(today.AddDays(-3), today), now, SellingShop.Keys, Ct)).Rows.Rows);

        var query = await seller.RequestEconomicsAsync(days, Ct);
        var status = await seller.QueryStatusAsync(query, Ct);
        for (var poll = 0; status.State == QueryState.Waiting && poll < 10; poll++) status = await seller.QueryStatusAsync(query, Ct);
        Assert.NotEqual(0, (await seller.DownloadEconomicsAsync(status.DocumentId!, Ct)).Rows);
        await seller.CancelQueryAsync(await seller.RequestTrafficAsync(days.First, Ct), Ct);

        var order = await seller.RequestStockPlanAsync(Ct);
        var report = await seller.PartnerReportAsync(order, Ct);
        for (var poll = 0; report.State == PartnerReportState.Waiting && poll < 10; poll++) report = await seller.PartnerReportAsync(order, Ct);
        Assert.NotEqual(0, (await seller.DownloadStockPlanAsync(report.DocumentId!, Ct)).Rows);
        await seller.CancelReportAsync(await seller.RequestStockPlanAsync(Ct), Ct);
        Assert.NotEmpty(await seller.PartnerReportsAsync(PartnerReportTypes.StockPlan, now.AddDays(-1), Ct));
    }

    private static string Id(string operation)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        return SpecValidator.Amazon.OperationOf(method, path) ?? throw new InvalidOperationException($"No specification has '{operation}'.");
    }

    // One name for whatever a path's parameter is called.
    private static string Bare(string path) => Parameter().Replace(path, "{}");

    /// <summary>All texts in the clients' assembly that begin like a path.</summary>
    private static List<string> Held()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(AdsClient).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        var found = new List<string>();
        for (var text = MetadataTokens.UserStringHandle(0); ;)
        {
            text = metadata.GetNextHandle(text);
            if (text.IsNil) return [.. found.Distinct(StringComparer.Ordinal)];
            if (metadata.GetUserString(text) is ['/', ..] path) found.Add(path);
        }
    }

    [GeneratedRegex("^(GET|POST|PUT|DELETE) /", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex MethodAndPath();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Parameter();
}

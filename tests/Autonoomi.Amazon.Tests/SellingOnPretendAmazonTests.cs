using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>What a seller's side of Amazon says, read from the pretend Amazon over real HTTP; every exchange is held against Amazon's specifications.</summary>
public sealed class SellingOnPretendAmazonTests(SellingShop shop) : IClassFixture<SellingShop>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transactions_and_settlements_tell_the_same_money_and_the_same_fees_as_economics()
    {
        var (partner, today, now) = (shop.Partner, shop.Today, shop.Now);
        var all = new DateSpan(today.AddDays(-50), today);

        var transactions = await partner.TransactionsAsync(all, now, SellingShop.Keys, Ct);
        Assert.Empty(transactions.UnknownWords);
        Assert.Contains((int)LedgerState.Deferred, transactions.Rows.Ints("state").ToArray());
        Assert.Contains((int)LedgerState.DeferredReleased, transactions.Rows.Ints("state").ToArray());

        var settlements = new List<SettlementReport>();
        foreach (var report in await partner.SettlementsAsync(now.AddDays(-89), Ct)) settlements.Add(await partner.DownloadSettlementAsync(report.DocumentId!, SellingShop.Keys, Ct));
        Assert.True(settlements.Count >= 3, $"{settlements.Count} settlements");
        Assert.All(settlements, settlement => Assert.Empty(settlement.UnknownWords));
        Assert.All(settlements, settlement => Assert.Equal(0, settlement.Rows.Longs("amount").ToArray().Sum()));

        // Of the orders that are settled, both sources say the same, kind by kind.
        var settled = Sums(settlements.Select(settlement => settlement.Rows), order => order != 0);
        var last = settlements.Max(settlement => settlement.Days.Last);
        var posted = Sums([Once(transactions.Rows, last, LedgerState.Released)], order => order != 0);
        Assert.Equal(posted[LedgerKind.ProductCharge], settled[LedgerKind.ProductCharge]);
        Assert.Equal(posted[LedgerKind.ReferralFee], settled[LedgerKind.ReferralFee]);
        Assert.Equal(posted[LedgerKind.FulfilmentFee], settled[LedgerKind.FulfilmentFee]);
        Assert.Equal(posted[LedgerKind.RefundProduct], settled[LedgerKind.RefundProduct]);

        // And economics, of the days of which every order is shipped by now.
        var days = new DateSpan(today.AddDays(-50), today.AddDays(-5));
        var economics = await shop.EconomicsAsync(days, Ct);
        var orders = await shop.OrderFileAsync(days, Ct);
        Assert.Equal(economics.Longs("units_ordered").ToArray().Sum(), orders.Days.Longs("units").ToArray().Sum());
        var wanted = orders.Lines.Longs("order_key").ToArray().ToHashSet();
        var shipped = Sums([Once(transactions.Rows, today)], wanted.Contains);
        Assert.Equal(economics.Longs("ordered_sales").ToArray().Sum(), shipped[LedgerKind.ProductCharge]);
        Assert.Equal(economics.Longs("referral_fee").ToArray().Sum(), -shipped[LedgerKind.ReferralFee]);
        Assert.Equal(economics.Longs("fulfilment_fee").ToArray().Sum(), -shipped[LedgerKind.FulfilmentFee]);
        Assert.Equal(economics.Longs("refunded_sales").ToArray().Sum(), -Sums([Once(transactions.Rows, days.Last)], order => order != 0)[LedgerKind.RefundProduct]);
        shop.AssertSpecified();
    }

    [Fact]
    public async Task Stock_plan_fees_catalogue_and_traffic_fit_the_listings()
    {
        var (partner, today) = (shop.Partner, shop.Today);
        var listings = await partner.ListingsAsync(Ct);

        var plan = await partner.DownloadStockPlanAsync(await shop.DoneAsync(await partner.RequestStockPlanAsync(Ct), Ct), Ct);
        Assert.Equal(listings.Select(listing => listing.Sku.Value).Order(StringComparer.Ordinal), plan.Texts("sku").Words.Order(StringComparer.Ordinal));
        var inventory = await partner.InventoryAsync(today, Ct);
        Assert.Equal(inventory.Longs("fulfillable").ToArray().Sum(), plan.Longs("available").ToArray().Sum());

        var fees = await partner.FeeEstimatesAsync([.. listings, listings[0] with { Sku = new("NOT-MINE") }], today, Ct);
        Assert.Equal(listings.Count, fees.Rows);
        Assert.All(Enumerable.Range(0, fees.Rows), row => Assert.Equal(decimal.Round(fees.Longs("price")[row] / 1_000_000m * 0.15m, 2), fees.Longs("referral_fee")[row] / 1_000_000m));
        Assert.All(fees.Longs("fulfilment_fee").ToArray(), fee => Assert.True(fee > 2_000_000));

        var items = await partner.CatalogueAsync([.. listings.Select(listing => listing.Asin), new("B0NOBODY00")], Ct);
        Assert.Equal(listings.Select(listing => listing.Title).Order(StringComparer.Ordinal), items.Select(item => item.Title).Order(StringComparer.Ordinal));
        Assert.All(items, item => Assert.NotEmpty(item.Brand));

        var day = today.AddDays(-4);
        var status = await shop.AskedAsync(await partner.RequestTrafficAsync(day, Ct), Ct);
        var traffic = await partner.DownloadTrafficAsync(status.DocumentId!, Ct);
        var economics = await shop.EconomicsAsync(new DateSpan(day, day), Ct);
        Assert.Equal(economics.Longs("units_ordered").ToArray().Sum(), traffic.Longs("units").ToArray().Sum());
        Assert.Equal(economics.Longs("ordered_sales").ToArray().Sum(), traffic.Longs("sales").ToArray().Sum());
        Assert.All(Enumerable.Range(0, traffic.Rows), row => Assert.True(traffic.Longs("buy_box_views")[row] <= traffic.Longs("page_views")[row] && traffic.Longs("sessions")[row] <= traffic.Longs("page_views")[row]));
        shop.AssertSpecified();
    }

    [Fact]
    [Promise("P-1.2-f")]
    public async Task Brand_analytics_come_where_the_role_is_and_without_it_a_reason_and_no_error()
    {
        var partner = shop.Partner;
        var sunday = shop.Today.AddDays(-(int)shop.Today.DayOfWeek - 14);
        var batches = SellingPartnerClient.AsinBatches((await partner.ListingsAsync(Ct)).Select(listing => listing.Asin));

        var order = await partner.RequestSearchQueriesAsync(sunday, batches[0], Ct);
        var queries = await partner.DownloadSearchQueriesAsync(await shop.DoneAsync(order.Id!, Ct), Ct);
        Assert.True(queries.Rows > 10, $"{queries.Rows} rows");
        Assert.All(Enumerable.Range(0, queries.Rows), row => Assert.True(queries.Longs("own_clicks")[row] <= queries.Longs("clicks")[row] && queries.Ints("day")[row] == sunday.DayNumber));

        var catalogue = await partner.DownloadSearchCatalogueAsync(await shop.DoneAsync((await partner.RequestSearchCatalogueAsync(sunday, Ct)).Id!, Ct), Ct);
        Assert.True(catalogue.Rows > 0);

        var wanted = queries.Texts("search_query").Words.Take(3).ToArray();
        var ranks = await partner.DownloadSearchTermsAsync(await shop.DoneAsync((await partner.RequestSearchTermsAsync(sunday, Ct)).Id!, Ct), sunday, wanted.Select(word => word.ToUpperInvariant()), [], Ct);
        Assert.Equal(wanted.Order(StringComparer.Ordinal), ranks.Texts("search_term").Words.Order(StringComparer.Ordinal));
        Assert.All(ranks.Ints("click_rank").ToArray(), rank => Assert.InRange(rank, 1, 3));

        await shop.FaultsAsync(new { removeRoles = new[] { "brandAnalytics" } }, Ct);
        var refused = await partner.RequestSearchCatalogueAsync(sunday, Ct);
        await shop.FaultsAsync(new { removeRoles = Array.Empty<string>() }, Ct);
        Assert.Null(refused.Id);
        Assert.Contains("Brand Analytics", refused.Refusal, StringComparison.Ordinal);
        shop.AssertSpecified();
    }

    [Fact]
    public async Task A_report_that_fails_says_why_and_one_without_data_is_no_failure()
    {
        var partner = shop.Partner;
        await shop.FaultsAsync(new { fatalReports = 1 }, Ct);
        var fatal = await shop.EndedAsync(await partner.RequestStockPlanAsync(Ct), Ct);
        Assert.Equal(PartnerReportState.Failed, fatal.State);
        Assert.Contains("could not be made", fatal.Failure, StringComparison.Ordinal);

        await shop.FaultsAsync(new { cancelledReports = 1 }, Ct);
        Assert.Equal(PartnerReportState.NoData, (await shop.EndedAsync(await partner.RequestStockPlanAsync(Ct), Ct)).State);

        var waiting = await partner.RequestStockPlanAsync(Ct);
        await partner.CancelReportAsync(waiting, Ct);
        Assert.Equal(PartnerReportState.NoData, (await partner.PartnerReportAsync(waiting, Ct)).State);
        Assert.Contains(waiting, (await partner.PartnerReportsAsync(PartnerReportTypes.StockPlan, shop.Now.AddDays(-1), Ct)).Select(report => report.Id));
        shop.AssertSpecified();
    }

    [Fact]
    public async Task Planted_mistakes_of_Amazon_stand_in_the_ledger_and_nowhere_else()
    {
        var all = new DateSpan(shop.Today.AddDays(-50), shop.Today);
        var clean = await shop.Partner.TransactionsAsync(all, shop.Now, SellingShop.Keys, Ct);
        await shop.FaultsAsync(new { ledgerErrors = 20 }, Ct);
        var planted = (await shop.Amazon.GetAsync("/world/ledger", Ct)).GetProperty("planted").EnumerateArray().ToList();
        var wrong = await shop.Partner.TransactionsAsync(all, shop.Now, SellingShop.Keys, Ct);
        await shop.FaultsAsync(new { ledgerErrors = 0 }, Ct);

        var expected = planted.Select(each => SellingShop.Keys.Of(System.Text.Encoding.UTF8.GetBytes(each.GetProperty("orderId").GetString()!))).ToHashSet();
        var before = ByOrder(clean.Rows);
        var after = ByOrder(wrong.Rows);
        var changed = after.Where(order => order.Value != before[order.Key]).Select(order => order.Key).ToHashSet();
        Assert.True(changed.Count > 10, $"{changed.Count} orders changed");
        Assert.Equal(expected.Where(before.ContainsKey).Order(), changed.Order());
    }

    private static Dictionary<long, long> ByOrder(FactTable rows) => Enumerable.Range(0, rows.Rows).GroupBy(row => rows.Longs("order_key")[row]).ToDictionary(group => group.Key, group => group.Sum(row => rows.Longs("amount")[row]));

    private static Dictionary<LedgerKind, long> Sums(IEnumerable<FactTable> tables, Func<long, bool> isWanted) => tables
        .SelectMany(table => Enumerable.Range(0, table.Rows).Where(row => isWanted(table.Longs("order_key")[row])).Select(row => (Kind: (LedgerKind)table.Ints("kind")[row], Amount: table.Longs("amount")[row])))
        .GroupBy(row => row.Kind).ToDictionary(group => group.Key, group => group.Sum(row => row.Amount));

    /// <summary>Of each movement the most certain state, as far as it was known on a day.</summary>
    private static FactTable Once(FactTable rows, DateOnly until, LedgerState least = LedgerState.Deferred)
    {
        var best = Enumerable.Range(0, rows.Rows).Where(row => rows.Ints("day")[row] <= until.DayNumber && rows.Ints("state")[row] >= (int)least).GroupBy(row => rows.Longs("line")[row])
            .Select(line => line.MaxBy(row => rows.Ints("state")[row]));
        var table = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay));
        foreach (var row in best)
            table.Int(rows.Ints("day")[row]).Long(rows.Longs("order_key")[row]).Text(rows.Texts("sku")[row]).Int(rows.Ints("kind")[row]).Int(rows.Ints("source")[row]).Long(rows.Longs("line")[row])
                .Int(rows.Ints("state")[row]).Long(rows.Longs("quantity")[row]).Long(rows.Longs("amount")[row]).Long(rows.Longs("settlement")[row]);
        return table.Build();
    }
}

/// <summary>One pretend Amazon with seven weeks of history, and a seller who consented.</summary>
public class SellingShop : IAsyncLifetime
{
    public static readonly OrderKeys Keys = new(Enumerable.Range(0, 32).Select(number => (byte)number).ToArray());
    private static readonly Uri Redirect = new("http://127.0.0.1:5000/connect/done");
    private Clients clients = null!;

    protected virtual int HistoryDays => 50;

    public PretendAmazon Amazon { get; private set; } = null!;

    public SellingPartnerClient Partner { get; private set; } = null!;

    public DateTimeOffset Now { get; private set; }

    public DateOnly Today { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Amazon = await PretendAmazon.StartAsync(historyDays: HistoryDays, more: ["--products", "6"]);
        clients = PretendAmazonTests.Connect(Amazon);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("decision", "allow")]);
        using var answer = await browser.PostAsync(clients.Login.SellerConsentAddress("state", Redirect), form);
        var code = answer.Headers.Location!.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        var grant = new GrantHandle("sp", GrantKind.SellingPartner, (await clients.Login.ExchangeAsync(GrantKind.SellingPartner, code["spapi_oauth_code"], Redirect, null, default)).RefreshToken);
        Partner = clients.Connections.SellingPartner(grant, code["selling_partner_id"], Clients.Us);
        Now = await Amazon.ClockAsync(default);
        Today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, TimeZoneInfo.FindSystemTimeZoneById(Clients.Us.TimeZone)).DateTime);
    }

    public async ValueTask DisposeAsync()
    {
        await clients.DisposeAsync();
        await Amazon.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public void AssertSpecified()
    {
        Assert.True(clients.Violations.Count == 0, string.Join("\n", clients.Violations.Distinct().Take(10)));
        Assert.True(Repository.Specs is null || clients.Exchanges.Count > 3);
    }

    public Task FaultsAsync(object faults, CancellationToken cancellationToken) => Amazon.SetFaultsAsync(faults, cancellationToken);

    public async Task<PartnerReport> EndedAsync(string id, CancellationToken cancellationToken)
    {
        var report = await Partner.PartnerReportAsync(id, cancellationToken);
        for (var poll = 0; report.State == PartnerReportState.Waiting && poll < 10; poll++) report = await Partner.PartnerReportAsync(id, cancellationToken);
        return report;
    }

    public async Task<string> DoneAsync(string id, CancellationToken cancellationToken)
    {
        var report = await EndedAsync(id, cancellationToken);
        Assert.True(report.State == PartnerReportState.Done, $"{report.State}: {report.Failure}");
        return report.DocumentId!;
    }

    public async Task<QueryStatus> AskedAsync(string id, CancellationToken cancellationToken)
    {
        var status = await Partner.QueryStatusAsync(id, cancellationToken);
        for (var poll = 0; status.State == QueryState.Waiting && poll < 10; poll++) status = await Partner.QueryStatusAsync(id, cancellationToken);
        Assert.Equal(QueryState.Done, status.State);
        return status;
    }

    public async Task<FactTable> EconomicsAsync(DateSpan days, CancellationToken cancellationToken) =>
        await Partner.DownloadEconomicsAsync((await AskedAsync(await Partner.RequestEconomicsAsync(days, cancellationToken), cancellationToken)).DocumentId!, cancellationToken);

    /// <summary>The orders bought on some days: the file goes by changes, so it is asked for in parts of thirty days.</summary>
    public async Task<OrderFile> OrderFileAsync(DateSpan days, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Clients.Us.TimeZone);
        DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue)));
        var (parts, lines) = (new List<FactTable>(), new List<FactTable>());
        for (var from = Midnight(days.First); from < Now; from = from.AddDays(30))
        {
            var until = from.AddDays(30) < Now ? from.AddDays(30) : Now.AddMinutes(-3);
            var id = await EndedAsync(await Partner.RequestOrderFileAsync(from, until, cancellationToken), cancellationToken);
            var file = await Partner.DownloadOrderFileAsync(id.DocumentId!, Midnight(days.First), Keys, cancellationToken);
            parts.Add(file.Days);
            lines.Add(file.Lines);
        }

        return new(Until(FactTable.Concat(Dataset.OrderDay, parts), days.Last), Until(FactTable.Concat(Dataset.LedgerDay, lines), days.Last));
    }

    private static FactTable Until(FactTable table, DateOnly last)
    {
        var kept = Enumerable.Range(0, table.Rows).Where(row => table.Ints("day")[row] <= last.DayNumber).ToArray();
        return new(table.Schema, [.. Enumerable.Range(0, table.Schema.Columns.Length).Select(index => (Column)(table[index] switch
        {
            LongColumn longs => new LongColumn([.. kept.Select(row => longs.Values[row])]),
            IntColumn ints => new IntColumn([.. kept.Select(row => ints.Values[row])]),
            TextColumn texts => new TextColumn([.. kept.Select(row => texts.Codes[row])], texts.Words),
            var other => throw new InvalidOperationException(other.GetType().Name),
        }))]);
    }
}

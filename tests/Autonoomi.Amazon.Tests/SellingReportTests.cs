using System.IO;
using System.Text;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;
using CsCheck;

namespace Autonoomi.Amazon.Tests;

/// <summary>Money, reports and documents of the selling side where a pretend Amazon would be too polite.</summary>
public sealed class SellingReportTests
{
    private const string Documents = "GET /reports/2021-06-30/documents/d1";
    private const string Transactions = "GET /finances/2024-06-19/transactions";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 10, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateSpan October = new(new(2026, 10, 1), new(2026, 10, 19));

    [Fact]
    public async Task An_address_that_is_over_is_asked_for_again_once()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On(Documents, $$"""{"reportDocumentId":"d1","url":"{{stub.Address}}old"}""", $$"""{"reportDocumentId":"d1","url":"{{stub.Address}}new","compressionAlgorithm":"GZIP"}""");
        stub.On("GET /old", new Answer("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", 403, "application/xml"));
        stub.On("GET /new", Answer.Gzip("sku\tavailable\nS-1\t4\n"));
        await using var clients = new Clients(stub.Address);

        Assert.Equal(4, (await clients.Seller.DownloadStockPlanAsync("d1", Ct)).Longs("available")[0]);
        Assert.DoesNotContain(stub.To("GET /new").Single().Headers.Keys, name => name.StartsWith("x-amz", StringComparison.OrdinalIgnoreCase) || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));

        stub.On("GET /new", new Answer("<Error/>", 403, "application/xml"));
        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Seller.DownloadStockPlanAsync("d1", Ct));
        Assert.Equal(3, stub.To("GET /new").Count);
    }

    [Fact]
    public async Task A_file_that_is_packed_twice_is_refused()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, new Answer("") { Bytes = Answer.Pack(Answer.Pack("sku\tavailable\nS-1\t4\n"u8)) });

        var refused = await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Seller.DownloadStockPlanAsync("d1", Ct));

        Assert.Contains("packed twice", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flat_file_is_read_in_its_charset_over_the_wire()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, new Answer("", MediaType: "text/plain; charset=Shift_JIS") { Bytes = Answer.Pack(CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes("sku\tavailable\n板ソ-1\t4\n")) });

        Assert.Equal("板ソ-1", (await clients.Seller.DownloadStockPlanAsync("d1", Ct)).Texts("sku")[0]);
    }

    [Fact]
    public async Task The_stock_plan_keeps_minus_one_where_Amazon_has_no_figure_and_adds_conditions_up()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip("""
            snapshot-date	sku	condition	available	inv-age-181-to-270-days	inv-age-271-to-365-days	inv-age-365-plus-days	units-shipped-t30	days-of-supply	estimated-storage-cost-next-month	estimated-excess-quantity	currency	Total Reserved Quantity
            2026-10-01	S-1	New	10	1	2	3	30	-1		-1	USD	2
            2026-10-01	S-1	Used	5	1	0	0		12	0.55	7	USD	0
            2026-10-01	S-2	New	0						-1			0
            """));

        var plan = await clients.Seller.DownloadStockPlanAsync("d1", Ct);

        Assert.Equal(["S-1", "S-2"], plan.Texts("sku").Words);
        Assert.Equal((15, 7, 30, 12, 550_000, 7, -1), (plan.Longs("available")[0], plan.Longs("aged_over_180_days")[0], plan.Longs("shipped_30_days")[0], plan.Ints("days_of_supply")[0], plan.Longs("storage_next_month")[0], plan.Longs("excess")[0], plan.Longs("inbound")[0]));
        Assert.Equal((0, -1, -1, -1, -1), (plan.Longs("available")[1], plan.Longs("aged_over_180_days")[1], plan.Longs("shipped_30_days")[1], plan.Ints("days_of_supply")[1], plan.Longs("storage_next_month")[1]));
    }

    [Fact]
    public async Task A_stock_scan_whose_token_died_begins_anew_and_gives_up_in_the_end()
    {
        const string Route = "GET /fba/inventory/v1/summaries";
        static string Page(string sku, string? next) => $$"""{"payload":{"inventorySummaries":[{"sellerSku":"{{sku}}","inventoryDetails":{"fulfillableQuantity":5} }]},"pagination":{"nextToken":"{{next}}"} }""";
        var dead = new Answer("""{"errors":[{"code":"InvalidInput","message":"The page token has expired.","details":""}]}""", 400);
        await using var stub = await StubAmazon.StartAsync();
        stub.On(Route, Page("S-1", "t1"), dead, Page("S-1", "t2"), Page("S-2", null));
        await using var clients = new Clients(stub.Address);

        var stock = await clients.Seller.InventoryAsync(new(2026, 10, 1), Ct);

        Assert.Equal(["S-1", "S-2"], stock.Texts("sku").Words);
        Assert.Equal([5, 5], stock.Longs("fulfillable").ToArray());
        stub.On(Route, [.. Enumerable.Range(0, 10).SelectMany(_ => new[] { Page("S-1", "t1"), dead })]);
        var refused = await Assert.ThrowsAnyAsync<AmazonApiException>(() => clients.Seller.InventoryAsync(new(2026, 10, 1), Ct));
        Assert.Contains("page token", refused.Message, StringComparison.Ordinal);
        stub.On(Route, dead);
        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Seller.InventoryAsync(new(2026, 10, 1), Ct));
    }

    [Fact]
    public async Task Leaves_alone_are_added_up_empty_pages_are_no_end_and_what_parts_leave_unsaid_is_kept()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On(Transactions, """{"payload":{"transactions":[],"nextToken":"a"}}""",
            """
            {"payload":{"transactions":[{"transactionId":"t1","transactionType":"Shipment","transactionStatus":"RELEASED","postedDate":"2026-10-02T06:00:00Z","totalAmount":{"currencyCode":"USD","currencyAmount":9.80},
              "relatedIdentifiers":[{"relatedIdentifierName":"ORDER_ID","relatedIdentifierValue":"111-0000001-0000001"}],"breakdowns":[{"breakdownType":"Sales","breakdownAmount":{"currencyCode":"USD","currencyAmount":15.99}}],
              "items":[{"totalAmount":{"currencyCode":"USD","currencyAmount":9.81},"contexts":[{"contextType":"PaymentsContext","paymentMethod":"CANARY"},{"contextType":"ProductContext","sku":"S-1","asin":"B0","quantityShipped":2}],
                "breakdowns":[{"breakdownType":"ProductCharges","breakdownAmount":{"currencyCode":"USD","currencyAmount":15.99}},{"breakdownType":"AmazonFees","breakdownAmount":{"currencyCode":"USD","currencyAmount":-6.18},
                  "breakdowns":[{"breakdownType":"Commission","breakdownAmount":{"currencyCode":"USD","currencyAmount":-2.40}},{"breakdownType":"FBAPerUnitFulfillmentFee","breakdownAmount":{"currencyCode":"USD","currencyAmount":-3.78}}]}]}]}],"nextToken":"b"}}
            """, """{"payload":{"transactions":[],"nextToken":"c"}}""", """{"payload":{"transactions":[]}}""");
        await using var clients = new Clients(stub.Address);

        var facts = await clients.Seller.TransactionsAsync(October, Now, SellingShop.Keys, Ct);

        var rows = facts.Rows;
        Assert.Equal(9_800_000, rows.Longs("amount").ToArray().Sum());
        Assert.Equal([(LedgerKind.Other, -10_000L, 0L), (LedgerKind.ProductCharge, 15_990_000L, 2L), (LedgerKind.ReferralFee, -2_400_000L, 0L), (LedgerKind.FulfilmentFee, -3_780_000L, 2L)],
            Enumerable.Range(0, rows.Rows).Select(row => ((LedgerKind)rows.Ints("kind")[row], rows.Longs("amount")[row], rows.Longs("quantity")[row])).OrderBy(row => row.Item1));
        Assert.All(rows.Ints("day").ToArray(), day => Assert.Equal(new DateOnly(2026, 10, 1).DayNumber, day));
        Assert.All(rows.Longs("order_key").ToArray(), key => Assert.Equal(SellingShop.Keys.Of("111-0000001-0000001"u8), key));
        Assert.Equal(4, rows.Longs("line").ToArray().Distinct().Count());
        Assert.Equal(4, stub.To(Transactions).Count);
        Assert.Contains("postedAfter=2026-10-01T07%3A00%3A00Z", stub.To(Transactions)[0].Query, StringComparison.Ordinal);
        Assert.EndsWith("&nextToken=c", stub.To(Transactions)[3].Query, StringComparison.Ordinal);
        Assert.DoesNotContain("111-0000001", clients.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_has_the_lines_of_what_was_held_back_and_a_transaction_listed_twice_counts_once()
    {
        static string Transaction(string id, string status, string day, string more = "") => $$"""
            {"transactionId":"{{id}}","transactionType":"Shipment","transactionStatus":"{{status}}","postedDate":"{{day}}T20:00:00Z","totalAmount":{"currencyCode":"USD","currencyAmount":5},"relatedIdentifiers":[{"relatedIdentifierName":"ORDER_ID","relatedIdentifierValue":"1"}{{more}}],
             "items":[{"contexts":[{"contextType":"ProductContext","sku":"S-1","quantityShipped":1}],"breakdowns":[{"breakdownType":"ProductCharges","breakdownAmount":{"currencyCode":"USD","currencyAmount":5} }] }] }
            """;
        var release = Transaction("t2", "RELEASED", "2026-10-09", """,{"relatedIdentifierName":"DEFERRED_TRANSACTION_ID","relatedIdentifierValue":"t1"}""");
        await using var stub = await StubAmazon.StartAsync();
        stub.On(Transactions, $$"""{"payload":{"transactions":[{{Transaction("t1", "DEFERRED_RELEASED", "2026-10-02")}},{{release}},{{release}},{{Transaction("t3", "DEFERRED", "2026-10-12")}}] } }""");
        await using var clients = new Clients(stub.Address);

        var rows = (await clients.Seller.TransactionsAsync(October, Now, SellingShop.Keys, Ct)).Rows;

        Assert.Equal([(int)LedgerState.DeferredReleased, (int)LedgerState.Released, (int)LedgerState.Deferred], rows.Ints("state").ToArray());
        Assert.Equal(rows.Longs("line")[0], rows.Longs("line")[1]);
        Assert.NotEqual(rows.Longs("line")[0], rows.Longs("line")[2]);
    }

    [Fact]
    public async Task A_settlement_adds_up_to_its_total_or_is_refused()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip(Settlement("5.32", ("Order", "111-1", "ItemPrice", "Principal", "9.99", "S-1", "1"), ("Order", "111-1", "ItemFees", "Commission", "-1.50", "S-1", ""), ("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-3.17", "", ""))));

        var settlement = await clients.Seller.DownloadSettlementAsync("d1", SellingShop.Keys, Ct);

        Assert.Equal(("12345678901", new DateSpan(new(2026, 9, 20), new(2026, 10, 3)), 5.32m), (settlement.Id, settlement.Days, settlement.Total.Amount));
        Assert.Equal([LedgerKind.ProductCharge, LedgerKind.ReferralFee, LedgerKind.Advertising, LedgerKind.Payout], settlement.Rows.Ints("kind").ToArray().Select(kind => (LedgerKind)kind).Order());
        Assert.Equal(0, settlement.Rows.Longs("amount").ToArray().Sum());
        Assert.All(settlement.Rows.Longs("settlement").ToArray(), id => Assert.Equal(12_345_678_901, id));
        var payout = Enumerable.Range(0, settlement.Rows.Rows).Single(row => settlement.Rows.Ints("kind")[row] == (int)LedgerKind.Payout);
        Assert.Equal((14, new DateOnly(2026, 10, 3).DayNumber, -5_320_000), (settlement.Rows.Longs("quantity")[payout], settlement.Rows.Ints("day")[payout], settlement.Rows.Longs("amount")[payout]));

        stub.On("GET /file", Answer.Gzip(Settlement("5.33", ("Order", "111-1", "ItemPrice", "Principal", "5.32", "S-1", "1"))));
        var wrong = await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Seller.DownloadSettlementAsync("d1", SellingShop.Keys, Ct));
        Assert.Contains("5.32 USD, and it says 5.33 USD", wrong.Message, StringComparison.Ordinal);
        stub.On("GET /file", Answer.Gzip(Settlement("5.32", ("Order", "111-1", "ItemPrice", "Principal", "5.32", "S-1", "1")).Replace("USD", "EUR", StringComparison.Ordinal)));
        Assert.Equal("currency", (await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Seller.DownloadSettlementAsync("d1", SellingShop.Keys, Ct))).Field);
    }

    [Fact]
    public async Task Any_settlement_gives_a_ledger_that_adds_up_to_the_cent()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, "");
        var seller = clients.Seller;
        await Gen.Select(Gen.Select(One("Order", "Refund", "other-transaction", "ServiceFee"), One("ItemPrice", "ItemFees", "Promotion", "other-transaction", "Nobody Knows"), One("Principal", "Tax", "Commission", "Storage Fee", "New Word"), Gen.Int[-500_000, 500_000]).Array[0, 60], Gen.Bool)
            .SampleAsync(async (rows, comma) =>
            {
                string Written(long cents) => (cents / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture).Replace(".", comma ? "," : ".", StringComparison.Ordinal);
                stub.On("GET /file", Answer.Gzip(Settlement(Written(rows.Sum(row => (long)row.Item4)), [.. rows.Select((row, index) => (row.Item1, $"111-{index % 7}", row.Item2, row.Item3, Written(row.Item4), $"S-{index % 3}", ""))])));
                var settlement = await seller.DownloadSettlementAsync("d1", SellingShop.Keys, CancellationToken.None);
                return settlement.Rows.Longs("amount").ToArray().Sum() == 0 && settlement.Rows.Rows == rows.Count(row => row.Item4 != 0) + 1 && settlement.Rows.Longs("line").ToArray().Distinct().Count() == settlement.Rows.Rows
                    && settlement.Total.Amount == rows.Sum(row => (long)row.Item4) / 100m;
            }, iter: 40, threads: 1);
    }

    [Fact]
    public async Task The_file_of_orders_gives_days_and_lines_without_anybody_in_them()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip("""
            amazon-order-id	purchase-date	last-updated-date	order-status	sales-channel	sku	quantity	currency	item-price	shipping-price	item-promotion-discount	ship-city	ship-postal-code	buyer-email
            111-1	2026-10-03T06:59:00+00:00	2026-10-04T00:00:00+00:00	Shipped	Amazon.com	S-1	2	USD	31.98	2.00	1.50	CANARYVILLE	90210	canary@example.com
            111-1	2026-10-03T06:59:00+00:00	2026-10-04T00:00:00+00:00	Shipped	Amazon.com	S-2	1	USD	10.00			CANARYVILLE	90210	canary@example.com
            111-2	2026-10-03T07:00:00+00:00	2026-10-04T00:00:00+00:00	Pending	Amazon.com	S-1	1				 	CANARYVILLE	90210	canary@example.com
            111-3	2026-10-03T08:00:00+00:00	2026-10-04T00:00:00+00:00	Cancelled	Amazon.com	S-1	0				 	CANARYVILLE	90210	canary@example.com
            111-4	2026-09-01T08:00:00+00:00	2026-10-04T00:00:00+00:00	Shipped	Amazon.com	S-1	9	USD	99.00		 	CANARYVILLE	90210	canary@example.com
            """));

        var file = await clients.Seller.DownloadOrderFileAsync("d1", new(2026, 10, 1, 7, 0, 0, TimeSpan.Zero), SellingShop.Keys, Ct);

        Assert.Equal([2, 1, 1], file.Days.Longs("units").ToArray());
        Assert.Equal([31_980_000, 10_000_000, 0], file.Days.Longs("sales").ToArray());
        Assert.Equal([new DateOnly(2026, 10, 2).DayNumber, new DateOnly(2026, 10, 2).DayNumber, new DateOnly(2026, 10, 3).DayNumber], file.Days.Ints("day").ToArray());
        Assert.Equal([-1_500_000, 2_000_000, 10_000_000, 31_980_000], file.Lines.Longs("amount").ToArray().Order());
        Assert.Single(file.Lines.Longs("order_key").ToArray().Distinct());
        Assert.All(file.Lines.Ints("source").ToArray(), source => Assert.Equal((int)LedgerSource.Order, source));
    }

    [Fact]
    public async Task The_file_of_returns_gives_goods_by_day_and_order_and_nothing_that_a_buyer_wrote()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /reports/2021-06-30/reports", new Answer("""{"reportId":"r1"}""", 202));
        await using var clients = Serve(stub, Answer.Gzip("""
            return-date	order-id	sku	asin	fnsku	product-name	quantity	fulfillment-center-id	detailed-disposition	reason	status	license-plate-number	customer-comments
            2026-10-03T06:59:00+00:00	111-1	S-1	B0	X0	Board	1	PHX7	SELLABLE	UNWANTED_ITEM	Unit returned to inventory	LPNCANARY	CANARY words
            2026-10-03T05:00:00+00:00	111-1	S-1	B0	X0	Board	2	PHX7	SELLABLE	UNWANTED_ITEM	Unit returned to inventory	LPNCANARY	
            2026-10-03T07:00:00+00:00	111-1	S-1	B0	X0	Board	1	PHX7	CUSTOMER_DAMAGED	DEFECTIVE	Unit returned to inventory	LPNCANARY	CANARY
            2026-10-03T08:00:00+00:00	111-2	S-2	B0	X0	Mug	1	PHX7	CARRIER_DAMAGED	DAMAGED_BY_CARRIER	Reimbursed	LPNCANARY	
            2026-10-04		S-2	B0	X0	Mug	1	PHX7	Damaged	DAMAGED_BY_FC	Reimbursed	LPNCANARY	
            2026-10-04	111-3	S-2	B0	X0	Mug	1	PHX7	A NEW WORD	DAMAGED_BY_FC	Reimbursed	LPNCANARY	
            2026-10-04	111-3	S-2	B0	X0	Mug	0	PHX7	SELLABLE	DAMAGED_BY_FC	Reimbursed	LPNCANARY	
            """));

        var goods = ReturnedGoods.Of(await clients.Seller.DownloadReturnsAsync("d1", SellingShop.Keys, Ct));

        var (second, third, fourth) = (new DateOnly(2026, 10, 2), new DateOnly(2026, 10, 3), new DateOnly(2026, 10, 4));
        Assert.Equal(
            new[]
            {
                new ReturnedGoods(Key("111-1"), new("S-1"), second, 3, ReturnOutcome.Sellable), new(Key("111-1"), new("S-1"), third, 1, ReturnOutcome.Unsellable), new(Key("111-2"), new("S-2"), third, 1, ReturnOutcome.DamagedByAmazon),
                new(0, new("S-2"), fourth, 1, ReturnOutcome.DamagedByAmazon), new(Key("111-3"), new("S-2"), fourth, 1, ReturnOutcome.Unsellable),
            }.OrderBy(each => (each.Day, each.OrderKey)),
            goods.OrderBy(each => (each.Day, each.OrderKey)));

        // Days of the marketplace, to their last second.
        await clients.Seller.RequestReturnsAsync(new DateSpan(second, fourth), Ct);
        Assert.Contains("\"dataStartTime\":\"2026-10-02T07:00:00Z\",\"dataEndTime\":\"2026-10-05T06:59:59Z\"", stub.To("POST /reports/2021-06-30/reports").Single().Body, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => clients.Seller.RequestReturnsAsync(DateSpan.Ending(fourth, 31), Ct));

        static long Key(string order) => SellingShop.Keys.Of(Encoding.UTF8.GetBytes(order));
    }

    [Fact]
    public async Task An_order_that_two_files_name_counts_as_the_newer_tells_it()
    {
        const string Head = "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\tcurrency\titem-price\n";
        const string Old = Head + "111-1\t2026-09-05T08:00:00+00:00\tPending\tS-1\t2\t\t\n111-2\t2026-09-06T08:00:00+00:00\tShipped\tS-1\t1\tUSD\t10.00\n111-3\t2026-09-06T09:00:00+00:00\tShipped\tS-1\t1\tUSD\t10.00\n";
        const string New = Head + "111-1\t2026-09-05T08:00:00+00:00\tShipped\tS-1\t1\tUSD\t10.00\n111-1\t2026-09-05T08:00:00+00:00\tShipped\tS-1\t1\tUSD\t11.00\n111-3\t2026-09-06T09:00:00+00:00\tCancelled\tS-1\t0\t\t\n";
        await using var stub = await StubAmazon.StartAsync();
        foreach (var (name, text) in new[] { ("new", New), ("old", Old) })
        {
            stub.On($"GET /reports/2021-06-30/documents/{name}", $$"""{"reportDocumentId":"{{name}}","url":"{{stub.Address}}{{name}}"}""");
            stub.On($"GET /{name}", Answer.Gzip(text));
        }

        await using var clients = new Clients(stub.Address);

        var file = await clients.Seller.DownloadOrderFilesAsync(["new", "old"], new(2026, 9, 1, 7, 0, 0, TimeSpan.Zero), SellingShop.Keys, Ct);

        Assert.Equal([(1, 2, 21_000_000), (1, 1, 10_000_000)], Enumerable.Range(0, file.Days.Rows).Select(row => ((int)file.Days.Longs("orders")[row], (int)file.Days.Longs("units")[row], (int)file.Days.Longs("sales")[row])));
        Assert.Equal([10_000_000, 10_000_000, 11_000_000], file.Lines.Longs("amount").ToArray().Order());
        Assert.Equal(3, file.Lines.Longs("line").ToArray().Distinct().Count());
    }

    [Fact]
    public async Task Orders_of_brand_analytics_name_one_week_and_few_enough_products()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /reports/2021-06-30/reports", new Answer("""{"reportId":"r1"}""", 202), new Answer("""{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}""", 403));
        await using var clients = new Clients(stub.Address, checkSpecs: true);
        var batches = SellingPartnerClient.AsinBatches(Enumerable.Range(0, 41).Select(number => new Asin($"B{number:000000000}")));

        Assert.Equal([18, 18, 5], batches.Select(batch => batch.Count));
        Assert.Equal("r1", (await clients.Seller.RequestSearchQueriesAsync(new(2026, 10, 4), batches[0], Ct)).Id);
        var body = stub.To("POST /reports/2021-06-30/reports")[0].Body;
        Assert.Contains("\"dataStartTime\":\"2026-10-04T00:00:00Z\",\"dataEndTime\":\"2026-10-10T00:00:00Z\"", body, StringComparison.Ordinal);
        Assert.Null((await clients.Seller.RequestSearchCatalogueAsync(new(2026, 10, 4), Ct)).Id);
        await Assert.ThrowsAsync<ArgumentException>(() => clients.Seller.RequestSearchCatalogueAsync(new(2026, 10, 5), Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => clients.Seller.RequestSearchQueriesAsync(new(2026, 10, 4), [.. batches[0], .. batches[1]], Ct));
        Assert.Empty(clients.Violations);
    }

    [Theory]
    [InlineData("sellingPartnerSearchQueryPerformanceReport.json")]
    [InlineData("sellingPartnerSearchCatalogPerformanceReport.json")]
    [InlineData("sellingPartnerSearchTermsReport.json")]
    public async Task Amazons_own_examples_of_brand_analytics_are_read(string schema)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        using var published = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Specs, "sp-api-schemas", schema), Ct));
        var example = published.RootElement.GetProperty("examples")[0];
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip(example.GetRawText()));

        if (schema.Contains("Query", StringComparison.Ordinal)) Assert.Equal(example.GetProperty("dataByAsin").GetArrayLength(), (await clients.Seller.DownloadSearchQueriesAsync("d1", Ct)).Rows);
        else if (schema.Contains("Catalog", StringComparison.Ordinal)) Assert.Equal(999_500_000, (await clients.Seller.DownloadSearchCatalogueAsync("d1", Ct)).Longs("sales")[0]);
        else Assert.Equal(new[] { 1, 2, 3 }, (await clients.Seller.DownloadSearchTermsAsync("d1", new(2021, 6, 6), ["Search Term Rank Two"], [], Ct)).Ints("click_rank").ToArray());
    }

    [Fact]
    public async Task Of_all_searches_those_are_kept_that_are_named_and_those_that_lead_to_own_products_with_all_three()
    {
        static string Row(string term, int place, string asin, int rank) =>
            $$"""{"departmentName":"Amazon.com","searchTerm":"{{term}}","searchFrequencyRank":{{rank}},"clickedAsin":"{{asin}}","clickShareRank":{{place}},"clickShare":0.{{4 - place}},"conversionShare":0.05}""";
        string[] rows =
        [
            Row("someone else's", 1, "B0OTHER001", 1), Row("someone else's", 2, "B0OTHER002", 1),
            Row("leads here", 1, "B0OTHER001", 2), Row("leads here", 2, "B0OTHER002", 2), Row("leads here", 3, "B0MINE0001", 2),
            Row("Named Search", 1, "B0OTHER003", 3), Row("Named Search", 2, "B0OTHER004", 3),
            .. Enumerable.Range(0, 20_000).Select(number => Row($"nobody's {number}", 1, "B0OTHER009", 4 + number)),
        ];
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip($$"""{"reportSpecification":{},"dataByDepartmentAndSearchTerm":[{{string.Join(',', rows)}}]}"""));

        var table = await clients.Seller.DownloadSearchTermsAsync("d1", new(2026, 10, 4), ["named search", "never searched"], [new("B0MINE0001")], Ct);

        Assert.Equal([("leads here", "B0OTHER001", 2L), ("leads here", "B0OTHER002", 2), ("leads here", "B0MINE0001", 2), ("Named Search", "B0OTHER003", 3), ("Named Search", "B0OTHER004", 3)],
            Enumerable.Range(0, table.Rows).Select(row => (table.Texts("search_term")[row], table.Texts("asin")[row], table.Longs("rank")[row])));
        Assert.Equal([300_000, 200_000, 100_000, 300_000, 200_000], table.Longs("click_share").ToArray());
        Assert.All(table.Ints("day").ToArray(), day => Assert.Equal(new DateOnly(2026, 10, 4).DayNumber, day));
    }

    [Theory]
    [InlineData("\"clickShareRank\":1", "\"clickShareRank\":4", "clickShareRank")]
    [InlineData("\"clickShare\":0.3", "\"clickShare\":30", "clickShare")]
    [InlineData("\"clickedAsin\":\"B0OTHER001\",", "", "clickedAsin")]
    [InlineData("\"searchTerm\":\"oak board\",", "", "searchTerm")]
    public async Task A_ranking_that_breaks_a_rule_is_refused_with_its_field(string old, string wrong, string field)
    {
        const string Good = """{"departmentName":"Amazon.com","searchTerm":"oak board","searchFrequencyRank":1,"clickedAsin":"B0OTHER001","clickShareRank":1,"clickShare":0.3,"conversionShare":0.05}""";
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = Serve(stub, Answer.Gzip($$"""{"dataByDepartmentAndSearchTerm":[{{Good.Replace(old, wrong, StringComparison.Ordinal)}}]}"""));

        Assert.Equal(field, (await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Seller.DownloadSearchTermsAsync("d1", new(2026, 10, 4), ["oak board"], [], Ct))).Field);
    }

    [Fact]
    public async Task The_traffic_query_fits_the_published_schema()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        await using var clients = new Clients(new("http://127.0.0.1:1"));

        var query = clients.Seller.TrafficQuery(new(2026, 10, 1));

        Assert.Empty(GraphQlSchemaCheck.Traffic.Validate(query));
        Assert.NotEmpty(GraphQlSchemaCheck.Traffic.Validate(query.Replace("sessions", "visitors", StringComparison.Ordinal)));
    }

    private static Gen<string> One(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static Clients Serve(StubAmazon stub, Answer file)
    {
        stub.On(Documents, $$"""{"reportDocumentId":"d1","url":"{{stub.Address}}file"}""");
        stub.On("GET /file", file);
        return new Clients(stub.Address);
    }

    private static string Settlement(string total, params (string Transaction, string Order, string Type, string Description, string Amount, string Sku, string Quantity)[] rows) =>
        "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\tposted-date-time\tsku\tquantity-purchased\n"
        + $"12345678901\t2026-09-20 07:00:00 UTC\t2026-10-04 06:59:59 UTC\t2026-10-06 07:00:00 UTC\t{total}\tUSD\t\t\t\t\t\t\t\t\t\n"
        + string.Concat(rows.Select(row => $"12345678901\t\t\t\t\t\t{row.Transaction}\t{row.Order}\t{row.Type}\t{row.Description}\t{row.Amount}\t2026-09-21\t2026-09-21 10:00:00 UTC\t{row.Sku}\t{row.Quantity}\n"));
}

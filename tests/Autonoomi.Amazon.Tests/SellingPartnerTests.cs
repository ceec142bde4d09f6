using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;

namespace Autonoomi.Amazon.Tests;

public sealed class SellingPartnerTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.2-g")]
    public async Task Orders_are_added_up_by_the_marketplaces_day_and_nothing_about_buyers_is_asked_for()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /orders/2026-01-01/orders",
            """
            {"orders":[{"orderId":"1","createdTime":"2026-10-03T06:59:00Z","buyer":{"buyerName":"Canary Person"},"orderItems":[
               {"orderItemId":"a","quantityOrdered":2,"product":{"sellerSku":"S1"},"proceeds":{"breakdowns":[{"type":"ITEM","subtotal":{"amount":"31.98","currencyCode":"USD"}},{"type":"SHIPPING","subtotal":{"amount":"5.00","currencyCode":"USD"}}]}}]}],
             "pagination":{"nextToken":"a+b/c="}}
            """,
            """
            {"orders":[{"orderId":"1","createdTime":"2026-10-03T06:59:00Z","orderItems":[{"orderItemId":"a","quantityOrdered":2,"product":{"sellerSku":"S1"}}]},
                       {"orderId":"2","createdTime":"2026-10-03T07:00:00Z","orderItems":[{"orderItemId":"b","quantityOrdered":1,"product":{"sellerSku":"S1","price":{"unitPrice":{"amount":"15.99","currencyCode":"USD"}}}}]}]}
            """);
        await using var clients = new Clients(stub.Address);

        var table = await clients.Seller.OrdersAsync(new(2026, 10, 2, 7, 0, 0, TimeSpan.Zero), Ct);

        // 06:59 UTC is still the evening before in Los Angeles.
        Assert.Equal([new DateOnly(2026, 10, 2).DayNumber, new DateOnly(2026, 10, 3).DayNumber], table.Ints("day").ToArray());
        Assert.Equal([31_980_000, 15_990_000], table.Longs("sales").ToArray());
        Assert.Equal([2, 1], table.Longs("units").ToArray());
        var asked = stub.To("GET /orders/2026-01-01/orders");
        Assert.Contains("includedData=PROCEEDS&", asked[0].Query, StringComparison.Ordinal);
        Assert.DoesNotContain("CANCELLED", asked[0].Query, StringComparison.Ordinal);
        Assert.EndsWith("&paginationToken=a%2Bb%2Fc%3D", asked[1].Query, StringComparison.Ordinal);
        Assert.Equal(asked[0].Query, asked[1].Query[..asked[0].Query.Length]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task More_pages_of_orders_than_wanted_are_not_read(int atMost, bool isRead)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /orders/2026-01-01/orders", """{"orders":[],"pagination":{"nextToken":"more"}}""", """{"orders":[]}""");
        await using var clients = new Clients(stub.Address);

        Assert.Equal(isRead, await clients.Seller.OrdersAsync(new(2026, 10, 2, 7, 0, 0, TimeSpan.Zero), atMost, Ct) is not null);

        Assert.Equal(atMost, stub.To("GET /orders/2026-01-01/orders").Count);
    }

    [Fact]
    public async Task Stock_of_several_conditions_is_added_up()
    {
        await using var stub = await StubAmazon.StartAsync();
        const string Details = """{"fulfillableQuantity":5,"inboundWorkingQuantity":1,"inboundShippedQuantity":2,"inboundReceivingQuantity":3,"reservedQuantity":{"totalReservedQuantity":4}}""";
        stub.On("GET /fba/inventory/v1/summaries", $$"""{"payload":{"inventorySummaries":[{"sellerSku":"S1","condition":"NewItem","inventoryDetails":{{Details}} },{"sellerSku":"S1","condition":"UsedGood","inventoryDetails":{{Details}} }] } }""");
        await using var clients = new Clients(stub.Address);

        var table = await clients.Seller.InventoryAsync(new(2026, 10, 3), Ct);

        Assert.Equal((10, 12, 8), (table.Longs("fulfillable")[0], table.Longs("inbound")[0], table.Longs("reserved")[0]));
    }

    [Fact]
    public async Task Economics_are_ordered_as_the_schema_says_and_fees_find_their_column()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /dataKiosk/2023-11-15/queries", new Answer("""{"queryId":"q1"}""", 202));
        stub.On("GET /dataKiosk/2023-11-15/documents/d1", $$"""{"documentId":"d1","documentUrl":"{{stub.Address}}economics"}""");
        stub.On("GET /economics", Answer.Gzip("""
            {"startDate":"2026-10-01","endDate":"2026-10-01","msku":"S1","sales":{"orderedProductSales":{"amount":100.1,"currencyCode":"USD"},"refundedProductSales":{"amount":10,"currencyCode":"USD"},"unitsOrdered":5,"unitsRefunded":1},"fees":[{"feeTypeName":"Referral fees","charges":[{"aggregatedDetail":{"totalAmount":{"amount":15,"currencyCode":"USD"}}},{"aggregatedDetail":{"totalAmount":{"amount":0.02,"currencyCode":"USD"}}}]},{"feeTypeName":"FBA fulfillment fees","charges":[{"aggregatedDetail":{"totalAmount":{"amount":20,"currencyCode":"USD"}}}]},{"feeTypeName":"Monthly inventory storage fees","charges":[{"aggregatedDetail":{"totalAmount":{"amount":1,"currencyCode":"USD"}}}]},{"feeTypeName":"Digital services fee","charges":null}],"ads":[{"adTypeName":"Sponsored Products charge","charge":{"totalAmount":{"amount":7.5,"currencyCode":"USD"}}}]}

            {"startDate":"2026-10-02","endDate":"2026-10-02","msku":"S1","sales":{"orderedProductSales":{"amount":0,"currencyCode":"USD"},"refundedProductSales":{"amount":0,"currencyCode":"USD"},"unitsOrdered":0,"unitsRefunded":0},"fees":null,"ads":null}
            """));
        await using var clients = new Clients(stub.Address);

        Assert.Equal("q1", await clients.Seller.RequestEconomicsAsync(new DateSpan(new(2026, 10, 1), new(2026, 10, 2)), Ct));
        var table = await clients.Seller.DownloadEconomicsAsync("d1", Ct);

        Assert.Equal(2, table.Rows);
        Assert.Equal((100_100_000, 15_020_000, 20_000_000, 1_000_000, 7_500_000), (table.Longs("ordered_sales")[0], table.Longs("referral_fee")[0], table.Longs("fulfilment_fee")[0], table.Longs("storage_fee")[0], table.Longs("ad_charge")[0]));
    }

    [Fact]
    public async Task The_question_for_economics_fits_the_schema()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        await using var clients = new Clients(new("http://127.0.0.1:1"));

        Assert.Empty(GraphQlSchemaCheck.Economics.Validate(clients.Seller.EconomicsQuery(new DateSpan(new(2026, 10, 1), new(2026, 10, 2)))));
    }

    [Theory]
    [InlineData("""{"startDate":"2026-10-01","sales":{}}""", "msku")]
    [InlineData("""{"startDate":"1.10.2026","msku":"S1","sales":{}}""", "startDate")]
    [InlineData("""{"startDate":"2026-10-01","msku":"S1","sales":{"unitsOrdered":-1,"unitsRefunded":0}}""", "unitsOrdered")]
    [InlineData("""{"startDate":"2026-10-01","msku":"S1","sales":{"unitsOrdered":1,"unitsRefunded":0,"orderedProductSales":{"amount":1,"currencyCode":"EUR"}}}""", "orderedProductSales")]
    [InlineData("not json", null)]
    public async Task Economics_that_break_a_rule_are_named(string line, string? field)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /dataKiosk/2023-11-15/documents/d1", $$"""{"documentId":"d1","documentUrl":"{{stub.Address}}economics"}""");
        stub.On("GET /economics", line);
        await using var clients = new Clients(stub.Address);

        var broken = await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Seller.DownloadEconomicsAsync("d1", Ct));

        Assert.Equal((1, field), ((int)broken.Row, broken.Field));
    }

    [Fact]
    [Promise("P-1.2-g")]
    public void No_type_of_the_clients_can_hold_a_buyer()
    {
        string[] words = ["buyer", "recipient", "address", "email", "phone", "gift"];
        var names = typeof(SellingPartnerClient).Assembly.GetTypes().Where(type => type.Namespace?.EndsWith(".Wire", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetProperties()).Select(property => property.Name).ToList();

        Assert.True(names.Count > 50);
        Assert.DoesNotContain(names, name => words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}

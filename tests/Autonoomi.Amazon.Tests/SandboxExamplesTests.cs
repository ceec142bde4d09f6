using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>The static sandbox examples of Amazon's own models, for every operation that our clients use: each one is answered over HTTP and read by the client.</summary>
public sealed class SandboxExamplesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, (string Model, Func<Clients, Example, Task> Read)> Used = new(StringComparer.Ordinal)
    {
        ["getMarketplaceParticipations"] = ("sellers.json", ParticipationsAsync),
        ["searchListingsItems"] = ("listingsItems_2021-08-01.json", ListingsAsync),
        ["searchCatalogItems"] = ("catalogItems_2022-04-01.json", CatalogueAsync),
        ["searchOrders"] = ("orders_2026-01-01.json", OrdersAsync),
        ["createReport"] = ("reports_2021-06-30.json", async (clients, example) => Assert.Equal(example.Text("reportId"), await clients.Seller.RequestStockPlanAsync(Ct))),
        ["getReport"] = ("reports_2021-06-30.json", ReportAsync),
        ["getReports"] = ("reports_2021-06-30.json", ReportsAsync),
        ["cancelReport"] = ("reports_2021-06-30.json", (clients, example) => clients.Seller.CancelReportAsync(example.PathValue("reportId"), Ct)),
        ["getReportDocument"] = ("reports_2021-06-30.json", (clients, example) => DocumentAsync(example, "url", () => clients.Seller.DownloadStockPlanAsync(example.PathValue("reportDocumentId"), Ct))),
        ["createQuery"] = ("dataKiosk_2023-11-15.json", async (clients, example) => Assert.Equal(example.Text("queryId"), await clients.Seller.RequestTrafficAsync(new(2026, 9, 1), Ct))),
        ["getQuery"] = ("dataKiosk_2023-11-15.json", async (clients, example) => Assert.Equal(new QueryStatus(QueryState.Done, example.Text("dataDocumentId"), null, null), await clients.Seller.QueryStatusAsync(example.PathValue("queryId"), Ct))),
        ["cancelQuery"] = ("dataKiosk_2023-11-15.json", (clients, example) => clients.Seller.CancelQueryAsync(example.PathValue("queryId"), Ct)),
        ["getDocument"] = ("dataKiosk_2023-11-15.json", (clients, example) => DocumentAsync(example, "documentUrl", () => clients.Seller.DownloadTrafficAsync(example.PathValue("documentId"), Ct))),
        ["getMyFeesEstimates"] = ("productFeesV0.json", FeesAsync),
        ["listTransactions"] = ("finances_2024-06-19.json", TransactionsAsync),
    };

    public static TheoryData<string, int, int> Examples
    {
        get
        {
            // Without the models one row stands for all of them: it says why nothing was read.
            if (Repository.Specs is null) return new TheoryData<string, int, int> { { "no example", 0, 0 } };
            var rows = new TheoryData<string, int, int>();
            foreach (var (operation, status, index) in Used.Keys.SelectMany(operation => Load(operation).Select(example => (operation, example.Status, example.Index)))) rows.Add(operation, status, index);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Our_client_reads_the_example(string operation, int status, int index)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        var example = Load(operation).Single(each => each.Status == status && each.Index == index);
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address, checkSpecs: true);
        var answer = new Answer(example.Response?.GetRawText() ?? "", example.Status, example.Response is null ? "text/plain" : "application/json");
        // A list that goes on would go on for ever here: its second page is the same without a token.
        stub.On($"{example.Method} {example.Path}", answer, answer with { Body = WithoutTokens(answer.Body) });

        if (example.Status < 400)
        {
            await Used[operation].Read(clients, example);
            Assert.DoesNotContain(clients.Violations, violation => violation.Contains(" request: ", StringComparison.Ordinal));
        }
        else
        {
            var refused = await Assert.ThrowsAsync<AmazonApiException>(() => Used[operation].Read(clients, example));
            var error = example.Response!.Value.GetProperty("errors")[0];
            Assert.Equal(example.Status, (int)refused.Status!.Value);
            Assert.Equal(error.GetProperty("code").GetString(), refused.Code);
            Assert.Contains(error.GetProperty("message").GetString()!, refused.Message, StringComparison.Ordinal);
            if (error.TryGetProperty("details", out var details)) Assert.Contains(details.GetString()!, refused.Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty(stub.To($"{example.Method} {example.Path}"));
    }

    [Fact]
    public void Every_operation_that_is_used_has_its_examples()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);

        var examples = Used.Keys.SelectMany(Load).ToList();
        Figures.Tell($"{examples.Count} sandbox examples of {Used.Count} operations, {examples.Count(example => example.Status >= 400)} of them refusals");

        Assert.All(Used.Keys, operation => Assert.Contains(Load(operation), example => example.Status < 400));
        Assert.True(examples.Count >= 34, $"{examples.Count} examples");
    }

    private static async Task ParticipationsAsync(Clients clients, Example example)
    {
        var expected = example.Response!.Value.GetProperty("payload").EnumerateArray().Where(each => each.GetProperty("participation").GetProperty("isParticipating").GetBoolean())
            .Select(each => each.GetProperty("marketplace").GetProperty("id").GetString()!).Where(Marketplace.IsKnown).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, (await clients.Seller.ParticipationsAsync(Ct)).Select(each => each.Marketplace.Id));
    }

    private static async Task ListingsAsync(Clients clients, Example example)
    {
        var marketplace = example.Marketplace;
        var found = Assert.Single(await clients.SellerIn(marketplace).ListingsAsync(Ct));
        var item = example.Response!.Value.GetProperty("items")[0];
        var summary = item.GetProperty("summaries").EnumerateArray().First(each => each.GetProperty("marketplaceId").GetString() == marketplace.Id);
        Assert.Equal((item.GetProperty("sku").GetString(), summary.GetProperty("asin").GetString(), summary.GetProperty("itemName").GetString()), (found.Sku.Value, found.Asin.Value, found.Title));
    }

    private static async Task CatalogueAsync(Clients clients, Example example)
    {
        var found = (await clients.SellerIn(example.Marketplace).CatalogueAsync([new("B07N4M94X4")], Ct))[0];
        var item = example.Response!.Value.GetProperty("items")[0];
        var summary = item.GetProperty("summaries")[0];
        Assert.Equal((item.GetProperty("asin").GetString(), summary.GetProperty("itemName").GetString(), summary.GetProperty("brand").GetString()), (found.Asin.Value, found.Title, found.Brand));
    }

    private static async Task OrdersAsync(Clients clients, Example example)
    {
        var table = await clients.SellerIn(example.Marketplace).OrdersAsync(new(2024, 12, 20, 0, 0, 0, TimeSpan.Zero), Ct);
        var items = example.Response!.Value.GetProperty("orders").EnumerateArray().SelectMany(order => order.GetProperty("orderItems").EnumerateArray()).ToList();
        Assert.Equal(items.Sum(item => item.GetProperty("quantityOrdered").GetInt64()), table.Longs("units").ToArray().Sum());
        Assert.Equal(items.Select(item => item.GetProperty("product").GetProperty("sellerSku").GetString()).Distinct().Order(StringComparer.Ordinal), table.Texts("sku").Words.Order(StringComparer.Ordinal));
    }

    private static async Task ReportAsync(Clients clients, Example example)
    {
        var report = await clients.Seller.PartnerReportAsync(example.PathValue("reportId"), Ct);
        Assert.Equal((example.Text("reportId"), PartnerReportState.Waiting, DateTimeOffset.Parse(example.Text("createdTime"), CultureInfo.InvariantCulture)), (report.Id, report.State, report.CreatedAt));
    }

    private static async Task ReportsAsync(Clients clients, Example example)
    {
        var reports = await clients.Seller.PartnerReportsAsync(PartnerReportTypes.Settlement, new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero), Ct);
        Assert.Equal(example.Response!.Value.GetProperty("reports").EnumerateArray().Select(each => each.GetProperty("reportId").GetString()), reports.Select(report => report.Id));
    }

    // The address is read, and nothing is fetched from a host that this installation does not know.
    private static async Task DocumentAsync(Example example, string field, Func<Task> download)
    {
        if (example.Status >= 400)
        {
            await download();
            return;
        }

        var elsewhere = await Assert.ThrowsAsync<AmazonDocumentException>(download);
        Assert.StartsWith("https://", example.Text(field), StringComparison.Ordinal);
        Assert.Contains("its host is not on the list", elsewhere.Message, StringComparison.Ordinal);
    }

    private static async Task FeesAsync(Clients clients, Example example)
    {
        var answers = example.Response!.Value.ValueKind == JsonValueKind.Array ? example.Response.Value.EnumerateArray().ToList() : [];
        foreach (var (marketplace, id, amount) in answers.Count == 0 ? [("ATVPDKIKX0DER", "any", 0m)] : answers.Select(answer => (
            answer.GetProperty("FeesEstimateIdentifier").GetProperty("MarketplaceId").GetString()!, answer.GetProperty("FeesEstimateIdentifier").GetProperty("IdValue").GetString()!,
            answer.GetProperty("FeesEstimate").GetProperty("TotalFeesEstimate").GetProperty("Amount").GetDecimal())))
        {
            var place = Marketplace.Find(marketplace);
            var table = await clients.SellerIn(place).FeeEstimatesAsync([new Listing(new(id), new("B000000000"), "", new(10, place.Currency), true)], new(2026, 10, 1), Ct);
            Assert.Equal(amount, (table.Longs("referral_fee")[0] + table.Longs("fulfilment_fee")[0] + table.Longs("other_fee")[0]) / 1_000_000m);
        }
    }

    private static async Task TransactionsAsync(Clients clients, Example example)
    {
        var facts = await clients.Seller.TransactionsAsync(new(new(2020, 7, 1), new(2020, 7, 31)), new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), SellingShop.Keys, Ct);
        var transaction = example.Response!.Value.GetProperty("payload").GetProperty("transactions")[0];
        Assert.Equal(1, facts.Rows.Rows);
        Assert.Equal(transaction.GetProperty("totalAmount").GetProperty("currencyAmount").GetDecimal(), facts.Rows.Longs("amount")[0] / 1_000_000m);
        Assert.Equal((SellingShop.Keys.Of("8129762527551"u8), (int)LedgerSource.Transaction), (facts.Rows.Longs("order_key")[0], facts.Rows.Ints("source")[0]));
    }

    private static string WithoutTokens(string body)
    {
        if (body.Length == 0 || JsonNode.Parse(body) is not JsonObject whole) return body;
        whole.Remove("pagination");
        whole.Remove("nextToken");
        (whole["payload"] as JsonObject)?.Remove("nextToken");
        return whole.ToJsonString();
    }

    private static List<Example> Load(string operation)
    {
        using var model = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Specs!, "sp-api", Used[operation].Model)));
        var (path, method) = model.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, Method: method)))
            .Single(each => each.Method.Value.ValueKind == JsonValueKind.Object && each.Method.Value.TryGetProperty("operationId", out var id) && id.GetString() == operation);
        return [.. method.Value.GetProperty("responses").EnumerateObject().SelectMany(response => response.Value.TryGetProperty("x-amzn-api-sandbox", out var sandbox) && sandbox.TryGetProperty("static", out var examples)
            ? examples.EnumerateArray().Select((each, index) => new Example(method.Name.ToUpperInvariant(), path, int.Parse(response.Name, CultureInfo.InvariantCulture), index,
                each.GetProperty("request").GetProperty("parameters").Clone(), each.TryGetProperty("response", out var body) && response.Name != "204" ? body.Clone() : null))
            : [])];
    }

    private sealed record Example(string Method, string Pattern, int Status, int Index, JsonElement Parameters, JsonElement? Response)
    {
        /// <summary>Of the first marketplace that the example asks for; the United States when it asks for none that exists.</summary>
        public Marketplace Marketplace => Parameters.TryGetProperty("marketplaceIds", out var ids) && ids.GetProperty("value").EnumerateArray().Select(each => each.GetString()!).FirstOrDefault(Marketplace.IsKnown) is { } id ? Marketplace.Find(id) : Clients.Us;

        public string Path => string.Join('/', Pattern.Split('/').Select(part => !part.StartsWith('{') ? part : part == "{sellerId}" ? "A1SELLER" : PathValue(part[1..^1])));

        public string PathValue(string name) => Parameters.TryGetProperty(name, out var value) && value.GetProperty("value").GetString() is { Length: > 0 } text ? text : "any";

        public string Text(string name) => Response!.Value.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.SellingPartner;

public sealed partial class SellingPartnerClient
{
    private const string Queries = "/dataKiosk/2023-11-15/queries";
    private const string EconomicsName = "The economics document";

    /// <summary>Orders Data Kiosk economics by day and SKU.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestEconomicsAsync(DateSpan days, CancellationToken cancellationToken) => OrderQueryAsync(EconomicsQuery(days), null, cancellationToken);

    /// <summary>Orders the next page of economics: the same days, and the token of <see cref="QueryStatus.NextPage"/>.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestEconomicsAsync(DateSpan days, string nextPage, CancellationToken cancellationToken) => OrderQueryAsync(EconomicsQuery(days), nextPage, cancellationToken);

    public async Task<QueryStatus> QueryStatusAsync(string queryId, CancellationToken cancellationToken)
    {
        var query = await calls.ReadAsync(grant, Get($"{Queries}/{Uri.EscapeDataString(queryId)}", "", "query", Rates.GetQuery, Queries + "/{id}"), SellingPartnerJson.Default.Query, cancellationToken).ConfigureAwait(false);
        return query.ProcessingStatus switch
        {
            "DONE" => new(QueryState.Done, query.DataDocumentId, string.IsNullOrEmpty(query.Pagination?.NextToken) ? null : query.Pagination.NextToken, null),
            "FATAL" => new(QueryState.Failed, null, null, query.ErrorDocumentId is null ? "Amazon gave up on the query" : "Amazon gave up on the query and left an error document"),
            "CANCELLED" => new(QueryState.Failed, null, null, "The query was cancelled"),
            _ => new(QueryState.Waiting, null, null, null),
        };
    }

    /// <summary>Cancels a query that is still waiting: Amazon's queue loses some, and they are ordered anew.</summary>
    public async Task CancelQueryAsync(string queryId, CancellationToken cancellationToken)
    {
        var call = new AmazonCalls.Call(HttpMethod.Delete, Address($"{Queries}/{Uri.EscapeDataString(queryId)}"), new CallPlan($"DELETE {Queries}/{{id}}", Lane("cancel-query"), Rates.CancelQuery, Repeatable: true));
        using var done = await calls.SendAsync(grant, call, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>SkuDay.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadEconomicsAsync(string documentId, CancellationToken cancellationToken) => DownloadQueryAsync(EconomicsName, documentId, async (plain, ct) =>
    {
        var sums = new SortedDictionary<(int Day, string Sku), long[]>();
        await JsonLines.ReadAsync(EconomicsName, plain.Content, (line, row) => Add(sums, line, row), ct).ConfigureAwait(false);
        var table = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        foreach (var ((day, sku), values) in sums)
        {
            table.Int(day).Text(sku);
            foreach (var value in values) table.Long(value);
        }

        return table.Build();
    }, cancellationToken);

    /// <summary>The columns of SkuDay after its key, in order.</summary>
    private enum SkuColumn { UnitsOrdered, UnitsRefunded, OrderedSales, RefundedSales, ReferralFee, FulfilmentFee, StorageFee, OtherFee, AdCharge }

    internal string EconomicsQuery(DateSpan days) => string.Create(CultureInfo.InvariantCulture,
        $$"""query{analytics_economics_2024_03_15{economics(startDate:"{{days.First:yyyy-MM-dd}}",endDate:"{{days.Last:yyyy-MM-dd}}",marketplaceIds:["{{marketplace.Id}}"],aggregateBy:{date:DAY,productId:MSKU}){startDate endDate marketplaceId msku sales{orderedProductSales{amount currencyCode}refundedProductSales{amount currencyCode}unitsOrdered unitsRefunded}fees{feeTypeName charges{aggregatedDetail{totalAmount{amount currencyCode} } } }ads{adTypeName charge{totalAmount{amount currencyCode} } } } } }""");

    private async Task<string> OrderQueryAsync(string text, string? nextPage, CancellationToken cancellationToken)
    {
        // A repeated order costs quota and nothing else.
        var call = new AmazonCalls.Call(HttpMethod.Post, Address(Queries), new CallPlan($"POST {Queries}", Lane("create-query"), Rates.CreateQuery, Repeatable: true, Slow: true),
            Body: JsonSerializer.SerializeToUtf8Bytes(new QueryRequest(text) { PaginationToken = nextPage }, SellingPartnerJson.Default.QueryRequest));
        var made = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.QueryCreated, cancellationToken).ConfigureAwait(false);
        return made.QueryId ?? throw new AmazonApiException(call.Plan.Operation, null, null, "the answer has no queryId", null);
    }

    private Task<T> DownloadQueryAsync<T>(string name, string documentId, Func<PlainDocument, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => documents.ReadAsync(grant, name, async ct =>
    {
        // The address lives for five minutes: it is asked for just before it is used, and again when its host says it is over.
        const string Path = "/dataKiosk/2023-11-15/documents";
        var document = await calls.ReadAsync(grant, Get($"{Path}/{Uri.EscapeDataString(documentId)}", "", "document", Rates.GetDocument, Path + "/{id}"), SellingPartnerJson.Default.Document, ct).ConfigureAwait(false);
        return Uri.TryCreate(document.DocumentUrl, UriKind.Absolute, out var location) ? location : throw new AmazonDocumentException(name, 0, "documentUrl", "an address was expected, and there is none");
    }, read, cancellationToken);

    private void Add(SortedDictionary<(int Day, string Sku), long[]> sums, ReadOnlySpan<byte> line, long number)
    {
        var row = Parsed(EconomicsName, line, number, SellingPartnerJson.Default.EconomicsRow);
        var day = DayOf(EconomicsName, number, "startDate", row.StartDate);
        if (string.IsNullOrEmpty(row.Msku)) throw new AmazonDocumentException(EconomicsName, number, "msku", "the SKU is missing");
        var sales = row.Sales ?? throw new AmazonDocumentException(EconomicsName, number, "sales", "the field is missing");
        if (!sums.TryGetValue((day, row.Msku), out var values)) sums[(day, row.Msku)] = values = new long[Enum.GetValues<SkuColumn>().Length];
        Put(SkuColumn.UnitsOrdered, Count(EconomicsName, number, "unitsOrdered", sales.UnitsOrdered));
        Put(SkuColumn.UnitsRefunded, Count(EconomicsName, number, "unitsRefunded", sales.UnitsRefunded));
        Put(SkuColumn.OrderedSales, Micros(sales.OrderedProductSales, EconomicsName, number, "orderedProductSales"));
        Put(SkuColumn.RefundedSales, Micros(sales.RefundedProductSales, EconomicsName, number, "refundedProductSales"));
        foreach (var fee in row.Fees ?? [])
        {
            foreach (var charge in fee.Charges ?? []) Put(ColumnOf(fee.FeeTypeName), Micros(charge.AggregatedDetail?.TotalAmount, EconomicsName, number, "fees.totalAmount"));
        }

        foreach (var ad in row.Ads ?? []) Put(SkuColumn.AdCharge, Micros(ad.Charge?.TotalAmount, EconomicsName, number, "ads.totalAmount"));

        void Put(SkuColumn column, long value) => values[(int)column] += value;
    }

    private static T Parsed<T>(string document, ReadOnlySpan<byte> json, long row, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException();
        }
        catch (JsonException wrong)
        {
            throw new AmazonDocumentException(document, row, wrong.Path is { Length: > 2 } path ? path[2..] : null, "it has another type than expected, or is not JSON");
        }
    }

    private static int DayOf(string document, long row, string field, string? written) => DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.DayNumber
        : throw new AmazonDocumentException(document, row, field, "a day is written YYYY-MM-DD, and this one is missing or is not");

    private static long Count(string document, long row, string field, long? count) => count switch
    {
        null => throw new AmazonDocumentException(document, row, field, "the field is missing"),
        < 0 => throw new AmazonDocumentException(document, row, field, "a count is zero or more, and this one is negative"),
        _ => count.Value,
    };

    // Fee names are words for people and differ a little by marketplace and year.
    private static SkuColumn ColumnOf(string? fee) =>
        fee is null ? SkuColumn.OtherFee
        : fee.Contains("referral", StringComparison.OrdinalIgnoreCase) ? SkuColumn.ReferralFee
        : fee.Contains("storage", StringComparison.OrdinalIgnoreCase) ? SkuColumn.StorageFee
        : fee.Contains("fulfil", StringComparison.OrdinalIgnoreCase) ? SkuColumn.FulfilmentFee
        : SkuColumn.OtherFee;
}

public enum QueryState { Waiting, Done, Failed }

/// <param name="State">Where it stands.</param>
/// <param name="DocumentId">What to download; null while waiting, and when a finished query has no rows.</param>
/// <param name="NextPage">Token with which the next page is ordered; null when there is none.</param>
/// <param name="Failure">What is known of a failure.</param>
public sealed record QueryStatus(QueryState State, string? DocumentId, string? NextPage, string? Failure);

using System.Globalization;
using System.Text.Json;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.SellingPartner;

public sealed partial class SellingPartnerClient
{
    private const string Queries = "/dataKiosk/2023-11-15/queries";

    /// <summary>Orders Data Kiosk economics by day and SKU.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestEconomicsAsync(DateSpan days, CancellationToken cancellationToken) => RequestAsync(days, null, cancellationToken);

    /// <summary>Orders the next page of economics: the same days, and the token of <see cref="QueryStatus.NextPage"/>.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestEconomicsAsync(DateSpan days, string nextPage, CancellationToken cancellationToken) => RequestAsync(days, nextPage, cancellationToken);

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

    /// <returns>SkuDay.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public async Task<FactTable> DownloadEconomicsAsync(string documentId, CancellationToken cancellationToken)
    {
        // The address lives for five minutes: it is asked for just before it is used.
        var document = await calls.ReadAsync(grant, Get($"/dataKiosk/2023-11-15/documents/{Uri.EscapeDataString(documentId)}", "", "document", Rates.GetDocument, "/dataKiosk/2023-11-15/documents/{id}"), SellingPartnerJson.Default.Document, cancellationToken).ConfigureAwait(false);
        if (!Uri.TryCreate(document.DocumentUrl, UriKind.Absolute, out var location)) throw new AmazonDocumentException("The economics document", 0, "documentUrl", "an address was expected, and there is none");
        return await documents.ReadAsync("The economics document", location, async (plain, ct) =>
        {
            var sums = new SortedDictionary<(int Day, string Sku), long[]>();
            await JsonLines.ReadAsync("The economics document", plain, (line, row) => Add(sums, line, row), ct).ConfigureAwait(false);
            var table = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
            foreach (var ((day, sku), values) in sums)
            {
                table.Int(day).Text(sku);
                foreach (var value in values) table.Long(value);
            }

            return table.Build();
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The columns of SkuDay after its key, in order.</summary>
    private enum SkuColumn { UnitsOrdered, UnitsRefunded, OrderedSales, RefundedSales, ReferralFee, FulfilmentFee, StorageFee, OtherFee, AdCharge }

    internal string EconomicsQuery(DateSpan days) => string.Create(CultureInfo.InvariantCulture,
        $$"""query{analytics_economics_2024_03_15{economics(startDate:"{{days.First:yyyy-MM-dd}}",endDate:"{{days.Last:yyyy-MM-dd}}",marketplaceIds:["{{marketplace.Id}}"],aggregateBy:{date:DAY,productId:MSKU}){startDate endDate marketplaceId msku sales{orderedProductSales{amount currencyCode}refundedProductSales{amount currencyCode}unitsOrdered unitsRefunded}fees{feeTypeName charges{aggregatedDetail{totalAmount{amount currencyCode} } } }ads{adTypeName charge{totalAmount{amount currencyCode} } } } } }""");

    private async Task<string> RequestAsync(DateSpan days, string? nextPage, CancellationToken cancellationToken)
    {
        // A repeated order costs quota and nothing else.
        var call = new AmazonCalls.Call(HttpMethod.Post, Address(Queries), new CallPlan($"POST {Queries}", Lane("create-query"), Rates.CreateQuery, Repeatable: true, Slow: true),
            Body: JsonSerializer.SerializeToUtf8Bytes(new QueryRequest(EconomicsQuery(days)) { PaginationToken = nextPage }, SellingPartnerJson.Default.QueryRequest));
        var made = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.QueryCreated, cancellationToken).ConfigureAwait(false);
        return made.QueryId ?? throw new AmazonApiException(call.Plan.Operation, null, null, "the answer has no queryId", null);
    }

    private void Add(SortedDictionary<(int Day, string Sku), long[]> sums, ReadOnlySpan<byte> line, long number)
    {
        const string Name = "The economics document";
        EconomicsRow row;
        try
        {
            row = JsonSerializer.Deserialize(line, SellingPartnerJson.Default.EconomicsRow) ?? throw new JsonException();
        }
        catch (JsonException wrong)
        {
            throw new AmazonDocumentException(Name, number, wrong.Path is { Length: > 2 } path ? path[2..] : null, "it has another type than expected, or is not JSON");
        }

        if (!DateOnly.TryParseExact(row.StartDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) throw new AmazonDocumentException(Name, number, "startDate", "a day is written YYYY-MM-DD, and this one is missing or is not");
        if (string.IsNullOrEmpty(row.Msku)) throw new AmazonDocumentException(Name, number, "msku", "the SKU is missing");
        var sales = row.Sales ?? throw new AmazonDocumentException(Name, number, "sales", "the field is missing");
        if (!sums.TryGetValue((day.DayNumber, row.Msku), out var values)) sums[(day.DayNumber, row.Msku)] = values = new long[Enum.GetValues<SkuColumn>().Length];
        Put(SkuColumn.UnitsOrdered, Count(sales.UnitsOrdered, "unitsOrdered"));
        Put(SkuColumn.UnitsRefunded, Count(sales.UnitsRefunded, "unitsRefunded"));
        Put(SkuColumn.OrderedSales, Micros(sales.OrderedProductSales, Name, number, "orderedProductSales"));
        Put(SkuColumn.RefundedSales, Micros(sales.RefundedProductSales, Name, number, "refundedProductSales"));
        foreach (var fee in row.Fees ?? [])
        {
            foreach (var charge in fee.Charges ?? []) Put(ColumnOf(fee.FeeTypeName), Micros(charge.AggregatedDetail?.TotalAmount, Name, number, "fees.totalAmount"));
        }

        foreach (var ad in row.Ads ?? []) Put(SkuColumn.AdCharge, Micros(ad.Charge?.TotalAmount, Name, number, "ads.totalAmount"));

        void Put(SkuColumn column, long value) => values[(int)column] += value;

        long Count(long? count, string field) => count switch
        {
            null => throw new AmazonDocumentException(Name, number, field, "the field is missing"),
            < 0 => throw new AmazonDocumentException(Name, number, field, "a count is zero or more, and this one is negative"),
            _ => count.Value,
        };
    }

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

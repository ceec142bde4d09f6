using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Net;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Reports 2021-06-30: order, look, list, cancel, fetch.</summary>
public sealed partial class SellingPartnerClient
{
    private const string ReportsPath = "/reports/2021-06-30/reports";

    /// <summary>Cancels a report that is still waiting: Amazon's queue loses some, and they are ordered anew.</summary>
    public async Task CancelReportAsync(string reportId, CancellationToken cancellationToken)
    {
        var call = new AmazonCalls.Call(HttpMethod.Delete, Address($"{ReportsPath}/{Uri.EscapeDataString(reportId)}"), new CallPlan($"DELETE {ReportsPath}/{{id}}", Lane("cancel-report"), Rates.ListPartnerReports, Repeatable: true));
        using var done = await calls.SendAsync(grant, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How a report stands. The words of a failure are those of Amazon's error document, where there is one.</summary>
    public async Task<PartnerReport> PartnerReportAsync(string reportId, CancellationToken cancellationToken)
    {
        var wire = await calls.ReadAsync(grant, Get($"{ReportsPath}/{Uri.EscapeDataString(reportId)}", "", "report", Rates.GetPartnerReport, ReportsPath + "/{id}"), SellingPartnerJson.Default.ReportWire, cancellationToken).ConfigureAwait(false);
        var report = Read(wire);
        return report.State == PartnerReportState.Failed && wire.ReportDocumentId is { } errors
            ? report with { Failure = $"{report.Failure}: {await ErrorWordsAsync(errors, cancellationToken).ConfigureAwait(false)}" }
            : report;
    }

    /// <summary>Reports of one type in this marketplace, newest first: those that Amazon makes by itself too, at most 90 days old.</summary>
    /// <param name="reportType">Amazon's name of the type, see <see cref="PartnerReportTypes"/>.</param>
    /// <param name="createdSince">Made at or after this instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PartnerReport>> PartnerReportsAsync(string reportType, DateTimeOffset createdSince, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, PartnerReport>(StringComparer.Ordinal);
        var query = $"?reportTypes={reportType}&marketplaceIds={marketplace.Id}&pageSize=100&createdSince={Instant(createdSince)}";
        string? next = null;
        do
        {
            // With a token nothing else may be sent.
            var call = Get(ReportsPath, next is null ? query : $"?nextToken={Uri.EscapeDataString(next)}", "list-reports", Rates.ListPartnerReports);
            var page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.ReportsPage, cancellationToken).ConfigureAwait(false);
            foreach (var wire in page.Reports ?? []) found[wire.ReportId] = Read(new ReportWire(wire.ReportId, wire.ProcessingStatus, wire.ReportDocumentId, wire.CreatedTime)) with { Marketplaces = [.. wire.MarketplaceIds ?? []] };
            next = Next(call, next, new(page.NextToken));
        }
        while (next is not null);

        return [.. found.Values.OrderByDescending(report => report.CreatedAt).ThenBy(report => report.Id, StringComparer.Ordinal)];
    }

    private Task<string> OrderReportAsync(string reportType, (DateTimeOffset From, DateTimeOffset Until)? span, IReadOnlyDictionary<string, string>? options, CancellationToken cancellationToken) =>
        OrderReportAsync(new ReportOrder(reportType, [marketplace.Id]) { DataStartTime = span is { } begin ? Written(begin.From) : null, DataEndTime = span is { } end ? Written(end.Until) : null, ReportOptions = options }, cancellationToken);

    private async Task<string> OrderReportAsync(ReportOrder order, CancellationToken cancellationToken)
    {
        // A repeated order costs quota and nothing else.
        var call = new AmazonCalls.Call(HttpMethod.Post, Address(ReportsPath), new CallPlan($"POST {ReportsPath}", Lane("create-report"), Rates.CreatePartnerReport, Repeatable: true, Slow: true),
            Body: JsonSerializer.SerializeToUtf8Bytes(order, SellingPartnerJson.Default.ReportOrder));
        var made = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.ReportOrdered, cancellationToken).ConfigureAwait(false);
        return made.ReportId ?? throw new AmazonApiException(call.Plan.Operation, null, null, "the answer has no reportId", null);
    }

    /// <summary>For what depends on a role: a refusal that is not about the token is an answer, not an error.</summary>
    private async Task<OrderedReport> OrderIfAllowedAsync(string reportType, (DateTimeOffset From, DateTimeOffset Until) span, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken)
    {
        try
        {
            return new(await OrderReportAsync(reportType, span, options, cancellationToken).ConfigureAwait(false), null);
        }
        catch (AmazonApiException refused) when (refused.Status == HttpStatusCode.Forbidden)
        {
            return new(null, "Amazon does not let this application read Brand Analytics of this seller: the role Brand Analytics or the seller's Brand Registry is missing.");
        }
    }

    private Task<T> DownloadAsync<T>(string name, string documentId, Func<PlainDocument, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => documents.ReadAsync(grant, name, async ct =>
    {
        // The address lives for five minutes: it is asked for just before it is used, and again when its host says it is over.
        const string Path = "/reports/2021-06-30/documents";
        var document = await calls.ReadAsync(grant, Get($"{Path}/{Uri.EscapeDataString(documentId)}", "", "report-document", Rates.GetPartnerDocument, Path + "/{id}"), SellingPartnerJson.Default.ReportDocument, ct).ConfigureAwait(false);
        return Uri.TryCreate(document.Url, UriKind.Absolute, out var location) ? location : throw new AmazonDocumentException(name, 0, "url", "an address was expected, and there is none");
    }, read, cancellationToken);

    private async Task<string> ErrorWordsAsync(string documentId, CancellationToken cancellationToken)
    {
        try
        {
            return await DownloadAsync("The error document", documentId, async (plain, ct) =>
            {
                var head = new byte[4096];
                var length = await plain.Content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
                return Words(head.AsMemory(0, length));
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonApiException)
        {
            return "its error document cannot be read";
        }

        static string Words(ReadOnlyMemory<byte> body)
        {
            try
            {
                using var json = JsonDocument.Parse(body);
                var root = json.RootElement;
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("errorDetails", out var details) && details.ValueKind == JsonValueKind.String) return AmazonError.Clean(details.GetString())!;
            }
            catch (JsonException)
            {
                // Flat files fail in plain text.
            }

            return AmazonError.Clean(Encoding.Latin1.GetString(body.Span).ReplaceLineEndings(" ").Trim())!;
        }
    }

    private static PartnerReport Read(ReportWire wire)
    {
        var (state, failure) = wire.ProcessingStatus switch
        {
            "DONE" => (PartnerReportState.Done, null),
            "CANCELLED" => (PartnerReportState.NoData, null),
            "FATAL" => (PartnerReportState.Failed, "Amazon gave up on the report"),
            _ => (PartnerReportState.Waiting, (string?)null),
        };
        return new(wire.ReportId, state, state == PartnerReportState.Done ? wire.ReportDocumentId : null, wire.CreatedTime ?? default, failure);
    }

    private static string Written(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Amazon's names of the reports that are read here.</summary>
public static class PartnerReportTypes
{
    public const string StockPlan = "GET_FBA_INVENTORY_PLANNING_DATA";
    public const string Orders = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

    public const string Returns = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";

    /// <summary>Made by Amazon alone: found with <see cref="SellingPartnerClient.PartnerReportsAsync"/>, never ordered.</summary>
    public const string Settlement = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";

    public const string SearchTerms = "GET_BRAND_ANALYTICS_SEARCH_TERMS_REPORT";
    public const string SearchQueries = "GET_BRAND_ANALYTICS_SEARCH_QUERY_PERFORMANCE_REPORT";
    public const string SearchCatalogue = "GET_BRAND_ANALYTICS_SEARCH_CATALOG_PERFORMANCE_REPORT";
}

/// <summary>NoData: Amazon cancelled it, which it does when there is nothing to report.</summary>
public enum PartnerReportState { Waiting, Done, NoData, Failed }

/// <param name="Id">Amazon's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="DocumentId">What to download; only when done.</param>
/// <param name="CreatedAt">When it was ordered or made.</param>
/// <param name="Failure">What is known of a failure.</param>
public sealed record PartnerReport(string Id, PartnerReportState State, string? DocumentId, DateTimeOffset CreatedAt, string? Failure)
{
    /// <summary>Ids of the marketplaces that Amazon lists it for; empty when it was asked for by its own id.</summary>
    public ImmutableArray<string> Marketplaces { get; init; } = [];
}

/// <param name="Id">Amazon's id; null when it was not allowed.</param>
/// <param name="Refusal">Why not, in a person's words; null when it was ordered.</param>
public sealed record OrderedReport(string? Id, string? Refusal);

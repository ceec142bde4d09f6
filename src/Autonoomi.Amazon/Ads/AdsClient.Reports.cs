using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

public sealed partial class AdsClient
{
    private const int LongestReportDays = 31;
    private const int DuplicateRounds = 4;

    // 425 has no name in .NET.
    private const HttpStatusCode Duplicate = (HttpStatusCode)425;

    /// <summary>Orders a report; an equal one that Amazon is still making is adopted.</summary>
    /// <param name="dataset">TargetDay, SearchTermDay, PlacementDay, ProductDay, CampaignDay or PurchaseDay of Sponsored Products; one of the tables of Sponsored Brands or Display.</param>
    /// <param name="days">At most 31 days, not older than 95 (Sponsored Brands 60, Sponsored Display 65).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Amazon's report id.</returns>
    public async Task<string> RequestReportAsync(Dataset dataset, DateSpan days, CancellationToken cancellationToken)
    {
        if (days.Days > LongestReportDays) throw new ArgumentOutOfRangeException(nameof(days), days, $"A report covers at most {LongestReportDays} days.");
        var layout = ReportLayout.Of(dataset);
        var wanted = new ReportRequest($"autonoomi {dataset} {days}", Day(days.First), Day(days.Last), new(layout.AdProduct, layout.ReportTypeId, [layout.GroupBy], "DAILY", "GZIP_JSON", layout.Columns));

        // Safe to repeat: whatever a lost answer began comes back as a duplicate, and is adopted.
        var plan = new CallPlan("POST /reporting/reports", $"reports:{session.Grant.Key}:{session.Storefront}", Rates.CreateReport, Repeatable: true, Slow: true);
        var call = new AmazonCalls.Call(HttpMethod.Post, session.Address("/reporting/reports"), plan, session.Scope, "application/vnd.createasyncreportrequest.v3+json",
            JsonSerializer.SerializeToUtf8Bytes(wanted, AdsJson.Default.ReportRequest), "application/vnd.createasyncreportresponse.v3+json", Duplicate);
        for (var round = 1; ; round++)
        {
            using var response = await session.Calls.SendAsync(session.Grant, call, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != Duplicate)
            {
                var made = await AmazonCalls.DeserializeAsync(plan.Operation, response, AdsJson.Default.Report, cancellationToken).ConfigureAwait(false);
                return made.ReportId ?? throw new AmazonApiException(plan.Operation, response.StatusCode, null, "the answer has no reportId", AmazonError.RequestId(response));
            }

            // Amazon has been seen to call a DAILY report a duplicate of a SUMMARY one: only the same is adopted.
            var refusal = await AmazonError.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            if (ReportId().Match(refusal.Message) is { Success: true } named)
            {
                var other = await ReportAsync(named.Value, cancellationToken).ConfigureAwait(false);
                if (other.Status != "FAILED" && IsSame(other, wanted)) return named.Value;
            }

            if (round == DuplicateRounds) throw new AmazonApiException(plan.Operation, response.StatusCode, refusal.Code, $"Amazon takes the {dataset} report of {days} for a duplicate of another one that is not the same", AmazonError.RequestId(response));
            await Task.Delay(session.Options.DuplicateWait, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<ReportStatus> ReportStatusAsync(string reportId, CancellationToken cancellationToken)
    {
        var report = await ReportAsync(reportId, cancellationToken).ConfigureAwait(false);
        return report.Status switch
        {
            // Finished without an address has been seen for reports without rows.
            "COMPLETED" => new(ReportState.Done, string.IsNullOrEmpty(report.Url) ? null : Location("The report", report.Url), null),
            "FAILED" => new(ReportState.Failed, null, AmazonError.Clean(report.FailureReason) ?? "Amazon gave no reason"),
            _ => new(ReportState.Waiting, null, null),
        };
    }

    /// <summary>Gives up a report that is stuck. One that Amazon no longer lets go is left to itself.</summary>
    public async Task CancelReportAsync(string reportId, CancellationToken cancellationToken)
    {
        var plan = new CallPlan("DELETE /reporting/reports/{id}", session.Lane, Rate: null, Repeatable: true);
        var call = new AmazonCalls.Call(HttpMethod.Delete, session.Address("/reporting/reports/" + Uri.EscapeDataString(reportId)), plan, session.Scope, Accept: "application/vnd.deleteasyncreportresponse.v3+json");
        try
        {
            using var response = await session.Calls.SendAsync(session.Grant, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonApiException refused) when (refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            // In work, finished meanwhile, or gone: the next request shows which.
        }
    }

    /// <summary>Fetches a finished report and reads it row by row into a table.</summary>
    /// <exception cref="AmazonDocumentException">It is not the report that was asked for, or too many rows break a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadReportAsync(Dataset dataset, Uri location, CancellationToken cancellationToken) =>
        DownloadReportAsync(dataset, location, (parts, ct) => parts.TableAsync(ct), cancellationToken);

    /// <summary>The same in tables of bounded size, so that memory does not grow with the report.</summary>
    /// <param name="dataset">As it was requested.</param>
    /// <param name="location">Where the finished report lies.</param>
    /// <param name="take">Gets the report's tables in order; called again, with the report from its beginning, when the transport breaks.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="AmazonDocumentException">It is not the report that was asked for, or too many rows break a rule: whatever was taken so far must not be kept.</exception>
    public Task<T> DownloadReportAsync<T>(Dataset dataset, Uri location, Func<ReportParts, CancellationToken, Task<T>> take, CancellationToken cancellationToken) =>
        documents.ReadAsync(session.Grant, $"{dataset} report", location, (plain, ct) => take(new ReportParts(dataset, plain, session.Marketplace.Currency), ct), cancellationToken);

    internal static Uri Location(string document, string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var location) ? location : throw new AmazonDocumentException(document, 0, "url", "an address was expected, and there is none");

    private Task<Report> ReportAsync(string reportId, CancellationToken cancellationToken)
    {
        var plan = new CallPlan("GET /reporting/reports/{id}", session.Lane, Rate: null, Repeatable: true);
        var call = new AmazonCalls.Call(HttpMethod.Get, session.Address("/reporting/reports/" + Uri.EscapeDataString(reportId)), plan, session.Scope, Accept: "application/vnd.getasyncreportresponse.v3+json");
        return session.ReadAsync(call, AdsJson.Default.Report, cancellationToken);
    }

    private static bool IsSame(Report other, ReportRequest wanted) =>
        other.StartDate == wanted.StartDate && other.EndDate == wanted.EndDate && other.Configuration is { } found
        && found.AdProduct == wanted.Configuration.AdProduct && found.ReportTypeId == wanted.Configuration.ReportTypeId && found.TimeUnit == wanted.Configuration.TimeUnit
        && found.GroupBy.ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Configuration.GroupBy)
        && found.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Configuration.Columns)
        && (found.Filters is not { ValueKind: JsonValueKind.Array } filters || filters.GetArrayLength() == 0);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex ReportId();
}

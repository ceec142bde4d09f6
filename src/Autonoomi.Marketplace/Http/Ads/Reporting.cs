using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.Http.Ads;

internal sealed record ReportFilter(string Field, IReadOnlyList<string> Values);

/// <summary>A report request that was found good.</summary>
internal sealed record ReportOrder(ReportType Type, DateSpan Days, bool IsDaily, IReadOnlyList<string> Columns, IReadOnlyList<ReportFilter> Filters, JsonObject Configuration, string? Name)
{
    /// <summary>Equal orders ask for the same file.</summary>
    public string Key { get; } = $"{Days}|{string.Join('&', Configuration.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value?.ToJsonString()}"))}";
}

/// <summary>Reporting v3: order, poll, download. A file shows what was visible when it was completed.</summary>
internal sealed class Reporting(WorldGate gate, Downloads downloads)
{
    private static readonly TimeSpan AddressLife = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Report> reports = new(StringComparer.Ordinal);

    public void Map(Routes routes)
    {
        routes.Post("/reporting/reports", Create);
        routes.Get("/reporting/reports/{reportId}", Get);
        routes.Delete("/reporting/reports/{reportId}", Cancel);
    }

    private Answer Create(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != "application/vnd.createasyncreportrequest.v3+json") return Error(call, 400, "The content type is not application/vnd.createasyncreportrequest.v3+json.");
        ReportOrder order;
        try
        {
            order = Read(new Item(call.Json() ?? throw new MalformedBodyException("The body is not a JSON object."), "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Error(call, 400, problem.Message);
        }

        if (reports.Values.FirstOrDefault(each => !each.IsFinished && each.Order.Key == order.Key) is { } twin)
            return Error(call, 425, $"The Request is a duplicate of : {twin.Id}");

        var report = new Report(gate.NewId().ToString(), order, gate.Now, gate.Faults.PollsBeforeCompletion);
        if (gate.Faults.FailedReports > 0)
        {
            gate.Faults.FailedReports--;
            report.WillFail = true;
        }

        reports[report.Id] = report;
        return Answer.Json(200, Describe(call, report), "application/vnd.createasyncreportresponse.v3+json");
    }

    private Answer Get(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (!reports.TryGetValue(call.Route("reportId"), out var report)) return Error(call, 404, "The report was not found.");
        if (report.Poll(gate.Now)) report.File = downloads.Keep(ReportRows.Render(gate.World, gate.Others, report.Order), isEncoded: false);
        return Answer.Json(200, Describe(call, report), "application/vnd.getasyncreportresponse.v3+json");
    }

    private Answer Cancel(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (!reports.TryGetValue(call.Route("reportId"), out var report)) return Error(call, 404, "The report was not found.");
        if (report.Status != "PENDING") return Error(call, 400, "Only a pending report can be cancelled.");
        reports.Remove(report.Id);
        return Answer.Json(200, new JsonObject { ["reportId"] = report.Id, ["code"] = "200", ["detail"] = "Report cancelled." }, "application/vnd.deleteasyncreportresponse.v3+json");
    }

    private ReportOrder Read(Item body)
    {
        var first = body.Day("startDate") ?? throw new MalformedBodyException("startDate is required.");
        var last = body.Day("endDate") ?? throw new MalformedBodyException("endDate is required.");
        var configuration = body.Object("configuration") ?? throw new MalformedBodyException("configuration is required.");
        var adProduct = configuration.Text("adProduct") ?? "";
        if (ReportType.All.All(each => each.AdProduct != adProduct)) throw new MalformedBodyException($"configuration adProduct includes invalid values. Allowed values: ({string.Join(", ", ReportType.All.Select(each => each.AdProduct).Distinct())}).");
        if (configuration.Text("format") != "GZIP_JSON") throw new MalformedBodyException("configuration format includes invalid values. Allowed values: (GZIP_JSON).");
        var isDaily = configuration.Text("timeUnit") switch
        {
            "DAILY" => true,
            "SUMMARY" => false,
            _ => throw new MalformedBodyException("configuration timeUnit includes invalid values. Allowed values: (DAILY, SUMMARY)."),
        };
        var type = TypeOf(configuration, adProduct);
        CheckDays(type, first, last);
        var columns = configuration.Texts("columns") is { Count: > 0 } asked ? asked : throw new MalformedBodyException("configuration columns is required.");
        CheckColumns(type, isDaily, columns);
        var filters = (configuration.Objects("filters") ?? []).Select(each => new ReportFilter(each.Text("field") ?? "", each.Texts("values") ?? [])).ToList();
        if (filters.FirstOrDefault(each => !type.Filters.Contains(each.Field)) is { } wrong)
            throw new MalformedBodyException($"configuration filters includes invalid values: ({wrong.Field}). Allowed values: ({string.Join(", ", type.Filters)}).");
        return new ReportOrder(type, new DateSpan(first, last), isDaily, columns, filters, (JsonObject)configuration.Fields.DeepClone(), body.Text("name"));
    }

    private static ReportType TypeOf(Item configuration, string adProduct)
    {
        var ofId = ReportType.All.Where(each => each.AdProduct == adProduct && each.Id == configuration.Text("reportTypeId")).ToList();
        if (ofId.Count == 0) throw new MalformedBodyException($"configuration reportTypeId includes invalid values. Allowed values: ({string.Join(", ", ReportType.All.Where(each => each.AdProduct == adProduct).Select(each => each.Id).Distinct())}).");
        var groups = configuration.Texts("groupBy") ?? [];
        return groups.Count == 1 && ofId.Find(each => each.GroupBy == groups[0]) is { } type
            ? type
            : throw new MalformedBodyException($"configuration groupBy includes invalid values: ({string.Join(", ", groups)}). Allowed values: ({string.Join(", ", ofId.Select(each => each.GroupBy))}).");
    }

    private void CheckDays(ReportType type, DateOnly first, DateOnly last)
    {
        if (last < first) throw new MalformedBodyException("endDate lies before startDate.");
        if (last > gate.World.Today) throw new MalformedBodyException("endDate lies in the future.");
        if (new DateSpan(first, last).Days > type.LongestRangeDays) throw new MalformedBodyException($"The date range exceeds the maximum of {type.LongestRangeDays} days.");
        if (first < gate.World.Today.AddDays(-type.RetentionDays)) throw new MalformedBodyException($"startDate lies more than {type.RetentionDays} days back.");
    }

    private static void CheckColumns(ReportType type, bool isDaily, IReadOnlyList<string> columns)
    {
        var legal = type.Columns.Where(each => isDaily ? each is not ("startDate" or "endDate") : each != "date").ToList();
        var wrong = columns.Where(each => !legal.Contains(each)).ToList();
        if (wrong.Count > 0) throw new MalformedBodyException($"configuration columns includes invalid values: ({string.Join(", ", wrong)}). Allowed values: ({string.Join(", ", legal)}).");
        if (isDaily && !columns.Contains("date")) throw new MalformedBodyException("configuration columns must include date when timeUnit is DAILY.");
    }

    private JsonObject Describe(Call call, Report report) => new()
    {
        ["reportId"] = report.Id,
        ["status"] = report.Status,
        ["createdAt"] = AdView.Instant(report.CreatedAt),
        ["updatedAt"] = AdView.Instant(report.UpdatedAt),
        ["startDate"] = report.Order.Days.First.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["endDate"] = report.Order.Days.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["name"] = report.Order.Name,
        ["configuration"] = report.Order.Configuration.DeepClone(),
        ["url"] = report.File is { } file ? downloads.Address(call, file, $"report-{report.Id}.json.gz", AddressLife) : null,
        ["urlExpiresAt"] = report.File is null ? null : AdView.Instant(gate.Now + AddressLife),
        ["fileSize"] = report.File is { } size ? downloads.SizeOf(size) : null,
        ["generatedAt"] = report.File is null ? null : AdView.Instant(report.UpdatedAt),
        ["failureReason"] = report.Status == "FAILED" ? "Report generation failed; request it again." : null,
    };

    private static Answer Error(Call call, int status, string detail) => Family.Error(call.Path, status, "", detail);

    private sealed class Report(string id, ReportOrder order, DateTimeOffset createdAt, int polls)
    {
        private int asked;

        public string Id => id;

        public ReportOrder Order => order;

        public DateTimeOffset CreatedAt { get; } = createdAt;

        public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

        public string Status { get; private set; } = "PENDING";

        public bool IsFinished => Status is "COMPLETED" or "FAILED";

        public bool WillFail { get; set; }

        public string? File { get; set; }

        /// <returns>True when this very poll completed the report.</returns>
        public bool Poll(DateTimeOffset now)
        {
            if (IsFinished) return false;
            asked++;
            UpdatedAt = now;
            Status = asked < polls ? "PENDING" : asked == polls ? "PROCESSING" : WillFail ? "FAILED" : "COMPLETED";
            return Status == "COMPLETED";
        }
    }
}

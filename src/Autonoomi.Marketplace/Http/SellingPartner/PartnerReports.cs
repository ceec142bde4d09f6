using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Ledger;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>Reports 2021-06-30: the planning report, the files of orders and of returns, Brand Analytics by week, and settlements, which appear by themselves.</summary>
internal sealed class PartnerReports(WorldGate gate, PartnerAccess access, Downloads downloads)
{
    private const string Base = "/reports/2021-06-30";
    private const string Settlement = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";
    private const string Tabs = "text/tab-separated-values";

    private static readonly string[] Statuses = ["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"];
    private static readonly TimeSpan AddressLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private readonly Dictionary<string, Job> jobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);

    public void Map(Routes routes)
    {
        routes.Post($"{Base}/reports", access.Guard("createReport", new Plan(0.0167, 15), Create));
        routes.Get($"{Base}/reports", access.Guard("getReports", new Plan(0.0222, 10), List));
        routes.Get($"{Base}/reports/{{reportId}}", access.Guard("getReport", new Plan(2, 15), Get));
        routes.Delete($"{Base}/reports/{{reportId}}", access.Guard("cancelReport", new Plan(0.0222, 10), Cancel));
        routes.Get($"{Base}/documents/{{reportDocumentId}}", access.Guard("getReportDocument", new Plan(0.0167, 15), Document));
    }

    private Answer Create(Call call)
    {
        var body = call.Json() ?? throw new BadInputException("The body is not a JSON object.");
        var type = (string?)(body["reportType"] as JsonValue) ?? throw new BadInputException("reportType is missing.");
        if (access.RefuseMarketplaces(call, [.. (body["marketplaceIds"] as JsonArray ?? []).Select(each => (string?)each ?? "")]) is { } refusal) return refusal;
        if (type == Settlement) throw new BadInputException("Settlement reports are made by Amazon and cannot be requested.");
        if (!ReportFiles.Knows(type)) throw new BadInputException($"The report type '{type}' is not known.");
        if ((ReportFiles.IsBrandAnalytics(type) && gate.Faults.LacksRole("brandAnalytics")) || (ReportFiles.IsReturns(type) && gate.Faults.LacksRole("customerReturns"))) return PartnerAccess.Denied(call);

        var order = new ReportOrder(type, Instant(body, "dataStartTime"), Instant(body, "dataEndTime"),
            (body["reportOptions"] as JsonObject ?? []).ToDictionary(each => each.Key, each => (string?)each.Value ?? "", StringComparer.Ordinal));
        if (order.Until > gate.Now && !ReportFiles.IsBrandAnalytics(type)) throw new BadInputException("dataEndTime lies in the future.");
        var outcome = gate.Faults.TakeOutcome() ?? "DONE";
        var job = new Job(gate.NewId().ToString("N")[..12], order, gate.Now, gate.Faults.PollsBeforeCompletion, outcome);
        jobs[job.Id] = job;
        return Answer.Json(202, new JsonObject { ["reportId"] = job.Id });
    }

    private Answer Get(Call call)
    {
        Appear();
        if (Find(call) is not { } job) return Family.Error(call.Path, 404, "NotFound", "The report was not found.");
        if (job.Poll(gate.Now)) Finish(job);
        return Answer.Json(200, Show(job));
    }

    private Answer List(Call call)
    {
        Appear();
        var question = call.Query("nextToken") is { } token && call.Http.Query.Count > 1 ? throw new BadInputException("nextToken is sent alone.") : call.Query("nextToken");
        // The token carries the question, so that nothing else need be sent with it.
        var parts = question is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(question)).Split('|');
        var types = parts is null ? call.QueryList("reportTypes") : parts[0].Split(',', StringSplitOptions.RemoveEmptyEntries);
        var size = parts is null ? Listings.Number(call, "pageSize", 10, 100) : int.Parse(parts[1], CultureInfo.InvariantCulture);
        var since = parts is null ? Written(call.Query("createdSince"), "createdSince") ?? gate.Now - Retention : DateTimeOffset.Parse(parts[2], CultureInfo.InvariantCulture);
        var from = parts is null ? 0 : int.Parse(parts[3], CultureInfo.InvariantCulture);
        if (parts is null)
        {
            if (types.Length is 0 or > 10) throw new BadInputException("1 to 10 reportTypes are asked.");
            if (types.Contains(Settlement) && gate.Faults.LacksRole("settlements")) return PartnerAccess.Denied(call);
            if (call.QueryList("processingStatuses").FirstOrDefault(each => !Statuses.Contains(each)) is { } unknown) throw new BadInputException($"processingStatuses '{unknown}' is not known.");
            if (call.QueryList("marketplaceIds") is { Length: > 0 } marketplaces && access.RefuseMarketplaces(call, marketplaces) is { } refusal) return refusal;
        }

        var statuses = call.QueryList("processingStatuses");
        var found = jobs.Values.Where(job => types.Contains(job.Order.Type) && job.CreatedAt >= since && gate.Now - job.CreatedAt <= Retention && (statuses.Length == 0 || statuses.Contains(job.Status)))
            .OrderByDescending(job => job.CreatedAt).ThenBy(job => job.Id, StringComparer.Ordinal).ToList();
        var answer = new JsonObject { ["reports"] = new JsonArray([.. found.Skip(from).Take(size).Select(job => (JsonNode)Show(job))]) };
        if (from + size < found.Count)
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', types)}|{size}|{since:O}|{from + size}")));
        return Answer.Json(200, answer);
    }

    private Answer Cancel(Call call)
    {
        if (Find(call) is not { } job) return Family.Error(call.Path, 404, "NotFound", "The report was not found.");
        if (job.Status != "IN_QUEUE") throw new BadInputException("Only a waiting report can be cancelled.");
        job.Cancel(gate.Now);
        return Answer.Empty(200);
    }

    private Answer Document(Call call)
    {
        var id = call.Route("reportDocumentId");
        if (!files.TryGetValue(id, out var file)) return Family.Error(call.Path, 404, "NotFound", "The document was not found.");
        return Answer.Json(200, new JsonObject { ["reportDocumentId"] = id, ["url"] = downloads.Address(call, file, "report.txt", AddressLife), ["compressionAlgorithm"] = "GZIP" });
    }

    /// <summary>Amazon's own reports come without being asked for.</summary>
    private void Appear()
    {
        var together = gate.SettledTogether;
        var money = together[0].Money;
        foreach (var settlement in money.Settlements().Where(settlement => gate.Now - settlement.ReadyAt <= Retention))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"S{settlement.Number}");
            if (jobs.ContainsKey(id)) continue;
            var order = new ReportOrder(Settlement, money.Midnight(settlement.Days.First), money.Midnight(settlement.Days.Last.AddDays(1)), new(StringComparer.Ordinal));
            var job = new Job(id, order, settlement.ReadyAt, 0, "DONE")
            {
                Document = Keep(SettlementFile.Write([.. together.Select(each => (each.World, each.Money))], settlement), Tabs), Marketplaces = [.. together.Select(each => each.World.Marketplace.Id)],
            };
            job.Poll(settlement.ReadyAt);
            jobs[id] = job;
        }
    }

    private void Finish(Job job)
    {
        if (job.Status == "FATAL")
        {
            job.Document = Keep("{\"errorDetails\":\"The report could not be made.\"}", "application/json");
            return;
        }

        if (job.Status != "DONE") return;
        switch (ReportFiles.Make(gate, job.Order))
        {
            case (null, null):
                job.EndAs("CANCELLED");
                break;
            case (null, { } problem):
                job.EndAs("FATAL");
                job.Document = Keep(new JsonObject { ["errorDetails"] = problem }.ToJsonString(), "application/json");
                break;
            case ({ } content, _):
                job.Document = Keep(content, ReportFiles.IsBrandAnalytics(job.Order.Type) ? "application/json" : Tabs);
                break;
        }
    }

    private string Keep(string content, string mediaType)
    {
        // Flat files come in the marketplace's old charset.
        var charset = mediaType != Tabs ? "UTF-8" : gate.World.Marketplace.Country == "JP" ? "Shift_JIS" : gate.World.Marketplace.Currency.Code == "EUR" ? "ISO-8859-1" : "UTF-8";
        var bytes = charset switch { "Shift_JIS" => CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(content), "ISO-8859-1" => Encoding.Latin1.GetBytes(content), _ => Encoding.UTF8.GetBytes(content) };
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest)) gzip.Write(bytes);
        var id = $"amzn1.spdoc.1.4.{gate.NewId():D}";
        files[id] = downloads.Keep(file.ToArray(), isEncoded: false, $"{mediaType}; charset={charset}");
        return id;
    }

    private Job? Find(Call call) => jobs.TryGetValue(call.Route("reportId"), out var job) && gate.Now - job.CreatedAt <= Retention ? job : null;

    private JsonObject Show(Job job)
    {
        var shown = new JsonObject
        {
            ["reportId"] = job.Id, ["reportType"] = job.Order.Type, ["marketplaceIds"] = new JsonArray([.. (job.Marketplaces ?? [gate.World.Marketplace.Id]).Select(each => (JsonNode)each)]), ["createdTime"] = AdView.Instant(job.CreatedAt), ["processingStatus"] = job.Status,
        };
        if (job.Order.From is { } from) shown["dataStartTime"] = AdView.Instant(from);
        if (job.Order.Until is { } until) shown["dataEndTime"] = AdView.Instant(until);
        if (job.StartedAt is { } started) shown["processingStartTime"] = AdView.Instant(started);
        if (job.EndedAt is { } ended) shown["processingEndTime"] = AdView.Instant(ended);
        if (job.Document is { } document) shown["reportDocumentId"] = document;
        return shown;
    }

    private static DateTimeOffset? Instant(JsonObject body, string name) => Written((string?)(body[name] as JsonValue), name);

    private static DateTimeOffset? Written(string? text, string name) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : throw new BadInputException($"{name} is no instant.");

    private sealed class Job(string id, ReportOrder order, DateTimeOffset createdAt, int polls, string outcome) : PolledJob(createdAt, polls, outcome)
    {
        public string Id => id;

        public ReportOrder Order => order;

        public string? Document { get; set; }

        /// <summary>Which it is for; null for this storefront's alone.</summary>
        public string[]? Marketplaces { get; init; }
    }
}

/// <param name="Type">Amazon's name.</param>
/// <param name="From">First instant; null where the report is a snapshot.</param>
/// <param name="Until">Last instant.</param>
/// <param name="Options">As they were sent.</param>
internal sealed record ReportOrder(string Type, DateTimeOffset? From, DateTimeOffset? Until, Dictionary<string, string> Options);

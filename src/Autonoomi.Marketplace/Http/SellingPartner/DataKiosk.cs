using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>Data Kiosk with two data sets, economics and traffic by product. A document shows what was visible when its query was done.</summary>
internal sealed class DataKiosk(WorldGate gate, PartnerAccess access, Downloads downloads)
{
    private const int LongestQuery = 8000;

    private static readonly TimeSpan AddressLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private readonly Dictionary<string, Query> queries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Text, int Page)> pages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string File, DateTimeOffset MadeAt)> documents = new(StringComparer.Ordinal);

    public void Map(Routes routes)
    {
        const string Base = "/dataKiosk/2023-11-15";
        routes.Post($"{Base}/queries", access.Guard("createQuery", new Plan(0.0167, 15), Create));
        routes.Get($"{Base}/queries/{{queryId}}", access.Guard("getQuery", new Plan(2, 15), Get));
        routes.Delete($"{Base}/queries/{{queryId}}", access.Guard("cancelQuery", new Plan(0.0222, 10), Cancel));
        routes.Get($"{Base}/documents/{{documentId}}", access.Guard("getDocument", new Plan(0.0167, 15), Document));
    }

    private Answer Create(Call call)
    {
        var text = (string?)(call.Json()?["query"] as JsonValue) ?? throw new BadInputException("query is missing.");
        if (text.Length > LongestQuery) throw new BadInputException($"query is longer than {LongestQuery} characters.");
        var page = (string?)(call.Json()!["paginationToken"] as JsonValue) is not { } token ? 0
            : pages.TryGetValue(token, out var known) && known.Text == text ? known.Page
            : throw new BadInputException("paginationToken belongs to no query.");
        var asked = KioskText.Parse(text, gate.World.Today);
        if (access.RefuseMarketplaces(call, [.. asked.Marketplaces]) is { } refusal) return refusal;

        var query = new Query(gate.NewId().ToString("N")[..16], text, page, asked, gate.Now, gate.Faults.PollsBeforeCompletion, gate.Faults.FatalQueries > 0);
        if (gate.Faults.FatalQueries > 0) gate.Faults.FatalQueries--;
        queries[query.Id] = query;
        return Answer.Json(202, new JsonObject { ["queryId"] = query.Id });
    }

    private Answer Get(Call call)
    {
        if (Find(call) is not { } query) return Missing(call, "query");
        if (query.Poll(gate.Now))
        {
            if (query.Status == "FATAL") query.ErrorDocument = Keep(Gzip("{\"errors\":[{\"message\":\"The query could not be processed.\"}]}"));
            else if (query.Asked.Render(gate.World, gate.Others) is { } content) query.DataDocument = Keep(PageOf(query, content));
        }

        var answer = new JsonObject { ["queryId"] = query.Id, ["query"] = query.Text, ["createdTime"] = AdView.Instant(query.CreatedAt), ["processingStatus"] = query.Status };
        if (query.StartedAt is { } started) answer["processingStartTime"] = AdView.Instant(started);
        if (query.EndedAt is { } ended) answer["processingEndTime"] = AdView.Instant(ended);
        if (query.DataDocument is { } data) answer["dataDocumentId"] = data;
        if (query.ErrorDocument is { } error) answer["errorDocumentId"] = error;
        if (query.NextToken is { } next) answer["pagination"] = new JsonObject { ["nextToken"] = next };
        return Answer.Json(200, answer);
    }

    private Answer Cancel(Call call)
    {
        if (Find(call) is not { } query) return Missing(call, "query");
        if (query.Status != "IN_QUEUE") throw new BadInputException("Only a waiting query can be cancelled.");
        query.Cancel(gate.Now);
        return Answer.Empty(204);
    }

    private Answer Document(Call call)
    {
        if (!documents.TryGetValue(call.Route("documentId"), out var document) || gate.Now - document.MadeAt > Retention) return Missing(call, "document");
        return Answer.Json(200, new JsonObject
        {
            ["documentId"] = call.Route("documentId"),
            ["documentUrl"] = downloads.Address(call, document.File, "rows.jsonl", AddressLife),
        });
    }

    private byte[] PageOf(Query query, byte[] content)
    {
        var rows = gate.Faults.QueryPageRows;
        if (rows == 0) return content;
        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var text = new StreamReader(gzip, Encoding.UTF8);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if ((query.Page + 1) * rows < lines.Length) pages[query.NextToken = gate.NewId().ToString("N")] = (query.Text, query.Page + 1);
        return Gzip(string.Concat(lines.Skip(query.Page * rows).Take(rows).Select(line => line + "\n")));
    }

    private string Keep(byte[] content)
    {
        var id = $"amzn1.pretend.doc.{gate.NewId():N}";
        documents[id] = (downloads.Keep(content, isEncoded: true), gate.Now);
        return id;
    }

    private Query? Find(Call call) => queries.TryGetValue(call.Route("queryId"), out var query) && gate.Now - query.CreatedAt <= Retention ? query : null;

    private static Answer Missing(Call call, string what) => Family.Error(call.Path, 404, "NotFound", $"The {what} was not found.");

    private static byte[] Gzip(string text)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return file.ToArray();
    }

    private sealed class Query(string id, string text, int page, IKioskQuery asked, DateTimeOffset createdAt, int polls, bool willFail) : PolledJob(createdAt, polls, willFail ? "FATAL" : "DONE")
    {
        public string Id => id;

        public string Text => text;

        /// <summary>From 0.</summary>
        public int Page => page;

        public IKioskQuery Asked => asked;

        /// <summary>With which the next page is ordered; null when this is the last.</summary>
        public string? NextToken { get; set; }

        public string? DataDocument { get; set; }

        public string? ErrorDocument { get; set; }
    }
}

using System.IO;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <param name="AdProducts">Wanted ad products.</param>
/// <param name="States">Wanted states.</param>
/// <param name="Negative">Of targets: wanted signs; null for both.</param>
internal sealed record ExportOrder(IReadOnlyList<string> AdProducts, IReadOnlyList<string> States, IReadOnlyList<bool>? Negative);

/// <summary>Entity exports: order, poll with the same media type, download. A file shows what stood there when it was completed.</summary>
internal sealed class Exports(WorldGate gate, Downloads downloads, IReadOnlyList<IExportSource> sources)
{
    private const int MostUnfinished = 5;
    private static readonly TimeSpan AddressLife = TimeSpan.FromHours(1);

    // One that nobody polls is finished at Amazon all the same.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly string[] Kinds = ["campaigns", "adGroups", "ads", "targets"];
    private static readonly string[] Products = ["SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY"];
    private static readonly string[] States = ["ENABLED", "PAUSED", "ARCHIVED"];
    private readonly Dictionary<string, Export> exports = new(StringComparer.Ordinal);

    public static bool Covers(string path) => path.StartsWith("/exports/", StringComparison.Ordinal) || Kinds.Any(kind => path == $"/{kind}/export");

    public void Map(Routes routes)
    {
        foreach (var kind in Kinds) routes.Post($"/{kind}/export", call => Create(kind, call));
        routes.Get("/exports/{exportId}", Get);
    }

    private static string Media(string kind) => $"application/vnd.{kind.ToLowerInvariant()}export.v1+json";

    private Answer Create(string kind, Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != Media(kind) || (call.Header("Accept") is { Length: > 0 } accept && accept != Media(kind))) return Error(call, 406, $"Content-Type and Accept are {Media(kind)}.");
        ExportOrder order;
        try
        {
            order = Read(kind, new Item(call.Json() ?? throw new MalformedBodyException("The body is not a JSON object."), "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Error(call, 400, problem.Message);
        }

        if (exports.Values.Count(each => each.Kind == kind && !each.IsFinished && gate.Now < each.CreatedAt + Forgotten) >= MostUnfinished) return Error(call, 429, $"At most {MostUnfinished} exports of {kind} may be unfinished.");
        var export = new Export(gate.NewId().ToString(), kind, order, gate.Now, gate.Faults.PollsBeforeCompletion) { WillFail = gate.Faults.TakeFailedExport() };
        exports[export.Id] = export;
        return Answer.Json(202, Describe(call, export), Media(kind));
    }

    private Answer Get(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (!exports.TryGetValue(call.Route("exportId"), out var export) || gate.Now > export.FinishedAt + Life) return Error(call, 404, "There is no such export.");
        if (call.Header("Accept") != Media(export.Kind)) return Error(call, 406, $"The export was made as {Media(export.Kind)}.");
        if (export.Poll(gate.Now)) export.File = downloads.Keep(Render(export), isEncoded: false);
        return Answer.Json(200, Describe(call, export), Media(export.Kind));
    }

    private static ExportOrder Read(string kind, Item body)
    {
        var negative = kind == "targets" && body.Fields["negativeFilter"] is JsonArray signs
            ? signs.Select(each => each is JsonValue value && value.TryGetValue<bool>(out var sign) ? sign : throw new MalformedBodyException("$.negativeFilter holds true and false.")).ToList()
            : null;
        return new(Choices(body, "adProductFilter", Products), Choices(body, "stateFilter", States[..2]), negative);

        static IReadOnlyList<string> Choices(Item body, string name, string[] otherwise)
        {
            var known = name == "stateFilter" ? States : Products;
            return body.Texts(name) is not { } given ? otherwise
                : given.Count is > 0 and <= 3 && given.All(known.Contains) ? given
                : throw new MalformedBodyException($"$.{name} holds one to three of {string.Join(", ", known)}.");
        }
    }

    private byte[] Render(Export export)
    {
        using var buffer = new MemoryStream();
        using (var packed = new GZipStream(buffer, CompressionLevel.Fastest))
        using (var json = new Utf8JsonWriter(packed))
        {
            json.WriteStartArray();
            foreach (var source in sources.Where(source => export.Order.AdProducts.Contains(source.Name)))
                foreach (var row in source.Rows(export.Kind, export.Order)) row.WriteTo(json);
            json.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private JsonObject Describe(Call call, Export export)
    {
        var body = new JsonObject { ["exportId"] = export.Id, ["status"] = export.Status, ["createdAt"] = AdView.Instant(export.CreatedAt) };
        if (export.Status == "FAILED") body["error"] = new JsonObject { ["errorCode"] = "INTERNAL_ERROR", ["message"] = "The export could not be made; request it again." };
        if (export.File is not { } file) return body;
        body["url"] = downloads.Address(call, file, $"{export.Kind}-{export.Id}.json.gz", AddressLife);
        body["urlExpiresAt"] = AdView.Instant(gate.Now + AddressLife);
        body["generatedAt"] = AdView.Instant(export.FinishedAt!.Value);
        body["fileSize"] = downloads.SizeOf(file);
        return body;
    }

    private static Answer Error(Call call, int status, string message) => Family.Error(call.Path, status, "", message);

    private sealed class Export(string id, string kind, ExportOrder order, DateTimeOffset createdAt, int polls)
    {
        private int asked;

        public string Id => id;

        public string Kind => kind;

        public ExportOrder Order => order;

        public DateTimeOffset CreatedAt => createdAt;

        public DateTimeOffset? FinishedAt { get; private set; }

        public string Status { get; private set; } = "PROCESSING";

        public bool IsFinished => Status != "PROCESSING";

        public bool WillFail { get; init; }

        public string? File { get; set; }

        /// <returns>True when this very poll completed the export.</returns>
        public bool Poll(DateTimeOffset now)
        {
            if (IsFinished || asked++ < polls) return false;
            FinishedAt = now;
            Status = WillFail ? "FAILED" : "COMPLETED";
            return !WillFail;
        }
    }
}

/// <summary>One ad product's rows for exports, in the common model.</summary>
internal interface IExportSource
{
    /// <summary>Amazon's word, for example <c>SPONSORED_PRODUCTS</c>.</summary>
    string Name { get; }

    /// <param name="kind"><c>campaigns</c>, <c>adGroups</c>, <c>ads</c> or <c>targets</c>.</param>
    /// <param name="order">Which of them.</param>
    IEnumerable<JsonObject> Rows(string kind, ExportOrder order);
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http;

/// <summary>One HTTP answer as plain data, so that handlers are functions from a call to an answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Content type, or null without a body.</param>
/// <param name="Body">The bytes.</param>
internal sealed record Answer(int Status, string? MediaType, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The connection is cut instead of answering: what was done stays done.</summary>
    public bool IsLost { get; init; }

    public static Answer Json(int status, JsonNode body, string mediaType = "application/json") =>
        new(status, mediaType, JsonSerializer.SerializeToUtf8Bytes(body, Relaxed));

    public static Answer Html(int status, string page) => new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page));

    public static Answer Redirect(string address) => new Answer(302, null, default).With("Location", address);

    public static Answer Empty(int status) => new(status, null, default);

    public Answer With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}

/// <summary>One HTTP call with its body already read.</summary>
/// <param name="Http">Headers, path, query.</param>
/// <param name="Body">The body; empty when there is none.</param>
/// <param name="BaseAddress">The address under which the caller reached us, for links that lead back here.</param>
internal sealed record Call(HttpRequest Http, ReadOnlyMemory<byte> Body, string BaseAddress)
{
    public string Path => Http.Path.Value ?? "/";

    /// <summary>What befalls every second item of a batch, beginning with the second; null for nothing.</summary>
    public FaultKind? ItemFault { get; init; }

    public bool IsThrottled(int index) => ItemFault == FaultKind.ThrottledItems && index % 2 == 1;

    public bool IsSilent(int index) => ItemFault == FaultKind.SilentItems && index % 2 == 1;

    public string? Header(string name) => Http.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <returns>The first value of the query parameter, or null.</returns>
    public string? Query(string name) => Http.Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    /// <returns>A comma-separated query parameter; empty when absent.</returns>
    public string[] QueryList(string name) => Query(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public string Route(string name) => (string?)Http.RouteValues[name] ?? "";

    /// <returns>The body as a JSON array; null when it is something else.</returns>
    public JsonArray? JsonList()
    {
        try
        {
            return Body.Length == 0 ? null : JsonNode.Parse(Body.Span) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The body as a JSON object; an empty object for an empty body; null when it is something else.</returns>
    public JsonObject? Json()
    {
        if (Body.Length == 0) return [];
        try
        {
            return JsonNode.Parse(Body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The content type without parameters, as it was written.</summary>
    public string ContentType => (Http.ContentType ?? "").Split(';')[0].Trim();
}

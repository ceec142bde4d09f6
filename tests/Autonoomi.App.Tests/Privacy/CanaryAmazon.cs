using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>An Amazon that answers from its official schemas, with a canary in every field that nobody here may read.</summary>
internal sealed partial class CanaryAmazon : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<(string File, JsonElement Root, string Method, Regex Path, JsonElement Node)> operations = [];
    private readonly Dictionary<string, HashSet<string>> listed = new(StringComparer.Ordinal);

    /// <summary>Values of single paths by operation: <c>POST /sp/campaigns/list</c> and <c>campaigns[].name</c>.</summary>
    public Dictionary<string, Dictionary<string, JsonNode?>> Own { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers that no schema describes: files and log-in.</summary>
    public Dictionary<string, Func<string>> Files { get; } = new(StringComparer.Ordinal);

    private CanaryAmazon(WebApplication app, SchemaCanaries canaries) => (this.app, Canaries) = (app, canaries);

    public SchemaCanaries Canaries { get; }

    public Uri Address => new(app.Urls.First());

    /// <summary>Operations that were answered.</summary>
    public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);

    public List<string> Unknown { get; } = [];

    public static async Task<CanaryAmazon> StartAsync(string mark)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var amazon = new CanaryAmazon(builder.Build(), new(mark));
        foreach (var source in FieldManifest.Sources)
            foreach (var operation in source.Operations)
            {
                if (!amazon.listed.TryGetValue(operation, out var paths)) amazon.listed[operation] = paths = new(StringComparer.Ordinal);
                foreach (var field in source.Fields) paths.Add(field.Path);
            }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Specs!, "ads"), "*.json").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Specs!, "sp-api"), "*.json")).Order(StringComparer.Ordinal))
        {
            var root = JsonDocument.Parse(await File.ReadAllBytesAsync(file)).RootElement;
            foreach (var path in root.GetProperty("paths").EnumerateObject())
                foreach (var method in path.Value.EnumerateObject().Where(each => each.Name is "get" or "post" or "put"))
                    amazon.operations.Add((Path.GetFileNameWithoutExtension(file), root, $"{method.Name.ToUpperInvariant()} {path.Name}", new($"^{Parameter().Replace(Regex.Escape(path.Name).Replace(@"\{", "{", StringComparison.Ordinal), "[^/]+")}$"), method.Value));
        }

        amazon.app.Run(amazon.AnswerAsync);
        await amazon.app.StartAsync();
        return amazon;
    }

    /// <summary>Rows of a document whose schema is known: JSON, with canaries where the manifest lists nothing.</summary>
    public JsonNode Row(string source, JsonElement root, JsonElement schema, string below = "", Dictionary<string, JsonNode?>? own = null) =>
        Canaries.Make(source, root, schema, listed.GetValueOrDefault(source, []).Select(path => below + path).ToHashSet(StringComparer.Ordinal), own ?? [])!;

    public IReadOnlySet<string> Listed(string source) => listed[source];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (Files.TryGetValue(path, out var file))
        {
            var packed = path.StartsWith("/file", StringComparison.Ordinal);
            context.Response.ContentType = packed ? "application/octet-stream" : "application/json";
            await context.Response.Body.WriteAsync(packed ? Pack(file()) : Encoding.UTF8.GetBytes(file()));
            return;
        }

        // Ads API v1 has one path in a file per ad product: the question says which is meant.
        var asked = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
        var product = asked.Contains("SPONSORED_BRANDS", StringComparison.Ordinal) ? "Brands" : "Products";
        var found = operations.Where(each => each.Method.StartsWith(context.Request.Method + " ", StringComparison.Ordinal) && each.Path.IsMatch(path) && (!path.StartsWith("/adsApi/", StringComparison.Ordinal) || each.File.EndsWith(product, StringComparison.Ordinal)))
            .OrderBy(each => each.Method.Count(letter => letter == '{')).FirstOrDefault();
        if (found.Method is null)
        {
            lock (Unknown) Unknown.Add($"{context.Request.Method} {path}");
            context.Response.StatusCode = 404;
            return;
        }

        var (status, media, schema) = Success(found.Root, found.Node, context.Request.Headers.Accept.ToString());
        JsonNode? body;
        lock (Answered)
        {
            Answered.Add(found.Method);
            body = schema is null ? null : Canaries.Make(path.StartsWith("/adsApi/", StringComparison.Ordinal) ? $"{found.Method} {product}" : found.Method, found.Root, schema.Value, listed.GetValueOrDefault(found.Method, []), Own.GetValueOrDefault(found.Method, []));
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = media;
        context.Response.Headers["x-amzn-RequestId"] = "request-1";
        if (body is not null) await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static (int Status, string Media, JsonElement? Schema) Success(JsonElement root, JsonElement operation, string accept)
    {
        var (code, response) = operation.GetProperty("responses").EnumerateObject().Where(each => each.Name[0] == '2').Select(each => (each.Name, each.Value)).First();
        while (response.TryGetProperty("$ref", out var reference))
        {
            var target = root;
            foreach (var part in reference.GetString()!.TrimStart('#', '/').Split('/')) target = target.GetProperty(part);
            response = target;
        }

        var status = int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
        if (response.TryGetProperty("schema", out var schema)) return (status, "application/json", schema);
        if (!response.TryGetProperty("content", out var content)) return (status, "application/json", null);
        var first = content.EnumerateObject().OrderByDescending(each => each.Name.Equals(accept, StringComparison.OrdinalIgnoreCase)).First();
        return (status, first.Name, first.Value.GetProperty("schema"));
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

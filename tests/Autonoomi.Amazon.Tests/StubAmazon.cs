using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autonoomi.Amazon.Tests;

/// <summary>A real web server that answers what a test tells it to: for the ugly ways of a transport.</summary>
internal sealed class StubAmazon : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Answer>> script = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Answer> last = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Seen> requests = new();

    private StubAmazon(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public IReadOnlyList<Seen> Requests => [.. requests];

    public static async Task<StubAmazon> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubAmazon(builder.Build());
        stub.app.Run(stub.AnswerAsync);
        await stub.app.StartAsync();
        stub.On("POST /auth/o2/token", """{"access_token":"Atza|access-canary-0001","refresh_token":"Atzr|refresh-canary-0001","token_type":"bearer","expires_in":3600}""");
        return stub;
    }

    /// <summary>Answers in turn; the last one stays.</summary>
    public void On(string route, params Answer[] answers)
    {
        script[route] = new(answers);
        last[route] = answers[^1];
    }

    public IReadOnlyList<Seen> To(string route) => [.. requests.Where(request => request.Route == route)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var route = $"{context.Request.Method} {context.Request.Path}";
        requests.Enqueue(new(route, context.Request.QueryString.Value ?? "", context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        var answer = script.TryGetValue(route, out var turns) && turns.TryDequeue(out var turn) ? turn : last.GetValueOrDefault(route) ?? new("{}", 404);
        if (answer.Delay > TimeSpan.Zero) await Task.Delay(answer.Delay, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.MediaType;
        context.Response.Headers["x-amzn-RequestId"] = "request-1";
        foreach (var (name, value) in answer.Headers ?? []) context.Response.Headers[name] = value;
        var bytes = answer.Bytes ?? Encoding.UTF8.GetBytes(answer.Body);
        if (answer.Announced is { } length) context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(bytes);
        if (answer.Announced > bytes.Length)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }
}

internal sealed record Answer(string Body, int Status = 200, string MediaType = "application/json")
{
    public byte[]? Bytes { get; init; }
    public (string Name, string Value)[]? Headers { get; init; }
    public TimeSpan Delay { get; init; }

    /// <summary>Announced length beyond what is sent: the connection breaks off.</summary>
    public long? Announced { get; init; }

    public static implicit operator Answer(string body) => new(body);

    public static Answer Gzip(string text) => new("", MediaType: "application/octet-stream") { Bytes = Pack(Encoding.UTF8.GetBytes(text)) };

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }
}

internal sealed record Seen(string Route, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

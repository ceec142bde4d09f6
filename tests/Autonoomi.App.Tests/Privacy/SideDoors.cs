using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>Everything that anybody could read from traces and metrics of this process.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly ConcurrentQueue<string> seen = new();
    private readonly ActivityListener traces;
    private readonly MeterListener metrics;

    public Telemetry()
    {
        traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue($"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {Words(activity.TagObjects)} {Words(activity.Baggage.Select(item => new KeyValuePair<string, object?>(item.Key, item.Value)))} {string.Join(' ', activity.Events.Select(happened => $"{happened.Name} {Words(happened.Tags)}"))}"),
        };
        ActivitySource.AddActivityListener(traces);
        metrics = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        metrics.SetMeasurementEventCallback<long>(Measured);
        metrics.SetMeasurementEventCallback<int>(Measured);
        metrics.SetMeasurementEventCallback<double>(Measured);
        metrics.Start();
    }

    public string Text => string.Join('\n', seen);

    public int Count => seen.Count;

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private void Measured<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) => seen.Enqueue($"{instrument.Name} {value} {Words(tags.ToArray())}");

    private static string Words(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}

/// <summary>An Amazon that gives tokens out and otherwise talks too much: every answer is a refusal that repeats the caller's token and names people.</summary>
internal sealed class TalkativeAmazon : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Func<string> token;
    private readonly Func<string> person;
    private int answers;

    private TalkativeAmazon(WebApplication app, Func<string> token, Func<string> person) => (this.app, this.token, this.person) = (app, token, person);

    public Uri Address => new(app.Urls.First());

    public int Answers => answers;

    public static async Task<TalkativeAmazon> StartAsync(Func<string> token, Func<string> person)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var amazon = new TalkativeAmazon(builder.Build(), token, person);
        amazon.app.Run(amazon.AnswerAsync);
        await amazon.app.StartAsync();
        return amazon;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var sent = await reader.ReadToEndAsync(context.RequestAborted);
        var number = Interlocked.Increment(ref answers);
        if (context.Request.Path == "/auth/o2/token" && number % 3 != 0)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"access_token":"Atza|{{token()}}","refresh_token":"Atzr|{{token()}}","token_type":"bearer","expires_in":3600}""", context.RequestAborted);
            return;
        }

        var authority = context.Request.Headers.Authorization.ToString() + context.Request.Headers["x-amz-access-token"];
        var words = $"{person()} of {person()}@example.com said {authority} {sent}".Replace('"', '\'');
        (context.Response.StatusCode, context.Response.ContentType) = (number % 5) switch { 0 => (400, "application/json"), 1 => (403, "application/json"), 2 => (404, "application/json"), 3 => (422, "text/html"), _ => (409, "text/plain") };
        context.Response.Headers["x-amzn-RequestId"] = $"request-{number}";
        await context.Response.WriteAsync(context.Response.ContentType == "application/json" ? $$"""{"code":"INVALID_ARGUMENT","message":"{{words}}","details":"{{person()}}"}""" : $"<html>{words}</html>", context.RequestAborted);
    }
}

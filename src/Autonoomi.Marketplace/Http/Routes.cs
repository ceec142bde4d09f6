using System.IO;

namespace Autonoomi.Marketplace.Http;

/// <summary>Between ASP.NET and the handlers: reads the body, lets faults strike, holds the lock, writes the answer.</summary>
internal sealed class Routes(IEndpointRouteBuilder app, WorldGate gate)
{
    public void Get(string pattern, Func<Call, Answer> handle) => Map("GET", pattern, handle);

    public void Post(string pattern, Func<Call, Answer> handle) => Map("POST", pattern, handle);

    public void Put(string pattern, Func<Call, Answer> handle) => Map("PUT", pattern, handle);

    public void Delete(string pattern, Func<Call, Answer> handle) => Map("DELETE", pattern, handle);

    public static async Task WriteAsync(HttpContext context, Answer answer)
    {
        if (answer.IsLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.MediaType is null) return;
        context.Response.ContentType = answer.MediaType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private void Map(string method, string pattern, Func<Call, Answer> handle) => app.MapMethods(pattern, [method], async (HttpContext context) =>
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var call = new Call(context.Request, buffer.ToArray(), $"{context.Request.Scheme}://{context.Request.Host}");
        var answer = Play(call, handle);
        answer.Headers.TryAdd(Family.Of(call.Path) == ApiFamily.SellingPartner ? "x-amzn-RequestId" : "x-amz-request-id", Guid.NewGuid().ToString());
        if (answer.Headers.Remove(CutMark))
        {
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = answer.MediaType;
            foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
            await context.Response.Body.WriteAsync(answer.Body[..(answer.Body.Length / 2)], context.RequestAborted);
            return;
        }

        await WriteAsync(context, answer);
    });

    private const string CutMark = "pretend-cut";

    private Answer Play(Call call, Func<Call, Answer> handle)
    {
        if (Family.Of(call.Path) == ApiFamily.Control || gate.TakeFault(call.Http.Method, call.Path) is not { } fault) return gate.Run(call, handle);
        return fault.Kind switch
        {
            FaultKind.LostAnswer => gate.Run(call, handle) with { IsLost = true },
            FaultKind.ThrottledButAccepted => After(gate.Run(call, handle), Family.Of(fault, call.Path)),
            FaultKind.CutDownload => gate.Run(call, handle).With(CutMark, "1"),
            FaultKind.Throttle or FaultKind.ThrottleHtml or FaultKind.Error or FaultKind.Html => Family.Of(fault, call.Path),
        };
    }

    private static Answer After(Answer done, Answer told) => done.Status < 400 ? told : done;
}

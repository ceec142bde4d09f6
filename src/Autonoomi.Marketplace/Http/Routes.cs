using System.IO;

namespace Autonoomi.Marketplace.Http;

/// <summary>The routes of one storefront: handlers by method and pattern.</summary>
internal sealed class Routes
{
    private readonly Dictionary<(string Method, string Pattern), Func<Call, Answer>> handlers = [];

    public IReadOnlyDictionary<(string Method, string Pattern), Func<Call, Answer>> Handlers => handlers;

    public void Get(string pattern, Func<Call, Answer> handle) => handlers.Add(("GET", pattern), handle);

    public void Post(string pattern, Func<Call, Answer> handle) => handlers.Add(("POST", pattern), handle);

    public void Put(string pattern, Func<Call, Answer> handle) => handlers.Add(("PUT", pattern), handle);

    public void Delete(string pattern, Func<Call, Answer> handle) => handlers.Add(("DELETE", pattern), handle);
}

/// <summary>Between ASP.NET and the handlers: reads the body, lets faults strike, finds the storefront under the lock, writes the answer.</summary>
internal sealed class Edge(Front front, Memory memory)
{
    private const string CutMark = "pretend-cut";

    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var (method, pattern) in front.Patterns) Map(app, method, pattern);
    }

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

    private void Map(IEndpointRouteBuilder app, string method, string pattern) => app.MapMethods(pattern, [method], async (HttpContext context) =>
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var call = new Call(context.Request, buffer.ToArray(), $"{context.Request.Scheme}://{context.Request.Host}");
        var answer = Play(method, pattern, call);
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

    private Answer Play(string method, string pattern, Call call)
    {
        lock (memory.Gate)
        {
            // Whoever has hung up meanwhile is not served: a busy machine must not do later what its caller has given up.
            call.Http.HttpContext.RequestAborted.ThrowIfCancellationRequested();
            if (Family.Of(call.Path) == ApiFamily.Control || memory.Faults.Take(call.Http.Method, call.Path) is not { } fault) return front.Handle(method, pattern, call);
            return fault.Kind switch
            {
                FaultKind.LostAnswer => front.Handle(method, pattern, call) with { IsLost = true },
                FaultKind.ThrottledButAccepted => After(front.Handle(method, pattern, call), Family.Of(fault, call.Path)),
                FaultKind.CutDownload => front.Handle(method, pattern, call).With(CutMark, "1"),
                FaultKind.ThrottledItems or FaultKind.SilentItems => front.Handle(method, pattern, call with { ItemFault = fault.Kind }),
                FaultKind.Throttle or FaultKind.ThrottleHtml or FaultKind.Error or FaultKind.Html => Family.Of(fault, call.Path),
            };
        }
    }

    private static Answer After(Answer done, Answer told) => done.Status < 400 ? told : done;
}

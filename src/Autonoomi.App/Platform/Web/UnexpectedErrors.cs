using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace Autonoomi.App.Platform.Web;

/// <summary>
/// What nobody expected while a request was answered: a page without details, and a log line with the kinds of failure and where they happened. Their messages
/// stay out of both: a framework's may quote what somebody typed.
/// </summary>
internal static partial class UnexpectedErrors
{
    private const int Frames = 16;

    public static ExceptionHandlerOptions Options { get; } = new()
    {
        ExceptionHandler = HandleAsync,
        StatusCodeSelector = failure => failure is BadHttpRequestException bad ? bad.StatusCode : IsUnreadable(failure) ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
        SuppressDiagnosticsCallback = _ => true, // its own line has the message
    };

    /// <returns>Kinds and places, outermost first; no message.</returns>
    internal static string Kinds(Exception failure)
    {
        var chain = new List<string>();
        for (var at = failure; at is not null; at = at.InnerException) chain.Add(at.GetType().FullName ?? at.GetType().Name);
        var frames = new StackTrace(failure, fNeedFileInfo: false).GetFrames().Take(Frames).Select(frame => frame.GetMethod() is { } method ? $"{method.DeclaringType?.FullName}.{method.Name}" : "?");
        return $"{string.Join(" because of ", chain)}, at {string.Join(" < ", frames)}";
    }

    private static Task HandleAsync(HttpContext context)
    {
        var failed = context.Features.Get<IExceptionHandlerFeature>();
        if (failed?.Error is { } failure)
        {
            if (IsUnreadable(failure)) return PlainPage.WriteAsync(context, StatusCodes.Status400BadRequest, "This address cannot be read", "A number in it is none. Take that part out of the address, or come by a link; nothing was changed.", "/", "Go to the overview", context.RequestAborted);
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Autonoomi.App.Unexpected");
            LogUnexpected(log, (failed.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route", Kinds(failure));
        }

        return PlainPage.WriteAsync(context, context.Response.StatusCode, context.RequestAborted);
    }

    // A number of an address that is none: the framework has no type of its own for it.
    private static bool IsUnreadable(Exception failure) =>
        failure is InvalidOperationException && failure.Source?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) == true && failure.Message.StartsWith("Cannot parse the value ", StringComparison.Ordinal);

    [LoggerMessage(LogLevel.Error, "A request failed unexpectedly at {Route}: {Failure}")]
    private static partial void LogUnexpected(ILogger log, string route, string failure);
}

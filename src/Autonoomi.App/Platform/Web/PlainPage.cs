using System.Net;
using System.Security.Claims;
using System.Text;

namespace Autonoomi.App.Platform.Web;

/// <summary>A page that needs nothing but a response: no database, no circuit, no details of what went wrong.</summary>
public static partial class PlainPage
{
    public static Task WriteAsync(HttpContext context, int status, CancellationToken cancellationToken)
    {
        var (title, text) = Words(status);
        return WriteAsync(context, status, title, text, "/", "Go to the overview", cancellationToken);
    }

    /// <param name="context">Its response must not have begun.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="title">What happened.</param>
    /// <param name="text">What to do.</param>
    /// <param name="link">Where the button leads: an address of ours.</param>
    /// <param name="linkText">Words on the button.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task WriteAsync(HttpContext context, int status, string title, string text, string link, string linkText, CancellationToken cancellationToken) =>
        WriteAsync(context, status, title, text, $"<a class=\"btn btn-primary btn-wide\" href=\"{WebUtility.HtmlEncode(link)}\">{WebUtility.HtmlEncode(linkText)}</a>", cancellationToken);

    /// <summary>A question with one button, which sends this very address back: looking at it does nothing.</summary>
    public static Task AskAsync(HttpContext context, string title, string text, string button, CancellationToken cancellationToken) =>
        WriteAsync(context, StatusCodes.Status200OK, title, text, $"<form method=\"post\"><button class=\"btn btn-primary btn-wide\" type=\"submit\">{WebUtility.HtmlEncode(button)}</button></form>", cancellationToken);

    // What follows the text is HTML of ours, encoded where it holds words.
    private static async Task WriteAsync(HttpContext context, int status, string title, string text, string after, CancellationToken cancellationToken)
    {
        var response = context.Response;
        if (response.HasStarted) return;
        response.StatusCode = status;
        if (status is 400 or 401 or 403 or 405 or 413 or 429) NoteRefused(context, status);
        if (context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await response.WriteAsJsonAsync(new PlainProblem(title, text, status), PlainJson.Default.PlainProblem, "application/problem+json", cancellationToken);
            return;
        }

        response.ContentType = "text/html; charset=utf-8";
        var page = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"robots\" content=\"noindex\"><title>").Append(WebUtility.HtmlEncode(title)).Append(" · Autonoomi</title>")
            .Append("<link rel=\"stylesheet\" href=\"/build/app.css\"><link rel=\"icon\" href=\"/mark.svg\" type=\"image/svg+xml\"></head>")
            .Append("<body><main class=\"auth\" id=\"main\"><a class=\"brand-line\" href=\"/\"><span>Autonoomi</span></a><div class=\"auth-card\"><h1>")
            .Append(WebUtility.HtmlEncode(title)).Append("</h1><p class=\"soft\">").Append(WebUtility.HtmlEncode(text))
            .Append("</p>").Append(after).Append("</div></main></body></html>");
        await response.WriteAsync(page.ToString(), cancellationToken);
    }

    // The route as it is written in the code, never the address: that may hold what somebody typed.
    private static void NoteRefused(HttpContext context, int status)
    {
        if (context.RequestServices?.GetService<ILoggerFactory>() is not { } logs) return;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "no route";
        LogRefused(logs.CreateLogger("Autonoomi.App.Refused"), status, route, Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var person) ? person : null);
    }

    [LoggerMessage(LogLevel.Warning, "Refused with {Status} at {Route}, person {Person}")]
    private static partial void LogRefused(ILogger log, int status, string route, Guid? person);

    private static (string Title, string Text) Words(int status) => status switch
    {
        400 => ("This form was out of date", "The page was open for long, or you signed in or out in another tab. Go back, load the page again and send it once more; nothing was changed."),
        401 or 403 => ("This is not allowed", "The request came from another site, or your role does not permit it. Nothing was changed."),
        404 => ("This page does not exist", "The address may be mistyped, or the page has moved."),
        413 => ("The file is too large", "Files of at most 10 MiB are taken. Leave out columns that are not needed, or split it into several files. Nothing was stored."),
        429 => ("Too many tries", "For everybody's safety this can be done a few times only. Wait a little, then try again."),
        >= 500 => ("Something failed here", "It is our fault and has been noted, without your data. Nothing half done was stored. Try again in a moment."),
        _ => ("This did not work", "The request was not understood. Go back and try again; nothing was changed."),
    };
}

internal sealed record PlainProblem(string Title, string Detail, int Status);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(PlainProblem))]
internal sealed partial class PlainJson : System.Text.Json.Serialization.JsonSerializerContext;

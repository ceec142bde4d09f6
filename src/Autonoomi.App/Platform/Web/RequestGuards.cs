using Microsoft.AspNetCore.Antiforgery;

namespace Autonoomi.App.Platform.Web;

/// <summary>Requests that are turned away before anything of the product sees them.</summary>
internal static class RequestGuards
{
    /// <summary>The circuit's own addresses: guarded by origin and cookie, they carry no form token.</summary>
    private const string Circuit = "/_blazor";

    /// <summary>Too large by its own word: refused without reading a byte.</summary>
    public static Task SizeAsync(HttpContext context, RequestDelegate next) => context.Request.ContentLength > WebSetup.LargestRequest
        ? PlainPage.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, context.RequestAborted)
        : next(context);

    /// <summary>
    /// Browsers say who asked (Sec-Fetch-Site). Other sites may link to a page, nothing else: no form, no script, no image, no socket.
    /// A client without these headers is no browser in which a foreign page could act.
    /// </summary>
    public static Task FetchMetadataAsync(HttpContext context, RequestDelegate next)
    {
        var site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "" or "same-origin" or "none") return next(context);
        var links = HttpMethods.IsGet(context.Request.Method)
            && context.Request.Headers["Sec-Fetch-Mode"] == "navigate" && context.Request.Headers["Sec-Fetch-Dest"] == "document";
        return links ? next(context) : PlainPage.WriteAsync(context, StatusCodes.Status403Forbidden, context.RequestAborted);
    }

    /// <summary>Every unsafe verb needs a form token, whether or not its endpoint thought of it.</summary>
    public static async Task FormTokenAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
            || context.Request.Path.StartsWithSegments(Circuit, StringComparison.Ordinal)
            || (context.Features.Get<IAntiforgeryValidationFeature>() is { } checkedAlready ? checkedAlready.IsValid : await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)))
        {
            await next(context);
            return;
        }

        await PlainPage.WriteAsync(context, StatusCodes.Status400BadRequest, context.RequestAborted);
    }
}

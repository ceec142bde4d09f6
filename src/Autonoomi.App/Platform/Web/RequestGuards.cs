using Microsoft.AspNetCore.Antiforgery;

namespace Autonoomi.App.Platform.Web;

/// <summary>Marks an endpoint whose address nobody can guess and that acts for whoever has it, without session: a form token would prove nothing more.</summary>
internal sealed class ProofInAddress;

/// <summary>Requests that are turned away before anything of the product sees them.</summary>
internal static class RequestGuards
{
    /// <summary>The circuit's own addresses: guarded by origin and cookie, they carry no form token.</summary>
    private const string Circuit = "/_blazor";

    /// <summary>TRACE would send a request's headers back, its cookies among them; nothing here needs it.</summary>
    public static Task MethodAsync(HttpContext context, RequestDelegate next) => HttpMethods.IsTrace(context.Request.Method)
        ? PlainPage.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, context.RequestAborted)
        : next(context);

    /// <summary>A socket is opened by our own pages only. Browsers name the page's origin; a client that names none is no browser.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What follows.</param>
    /// <param name="publicAddress">Where browsers reach the product when that is not what the request says; null or empty when nobody said.</param>
    public static Task OriginAsync(HttpContext context, RequestDelegate next, string? publicAddress)
    {
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length == 0 || !context.Request.Path.StartsWithSegments(Circuit, StringComparison.Ordinal) || IsOurs(origin, context.Request, publicAddress)
            ? next(context)
            : PlainPage.WriteAsync(context, StatusCodes.Status403Forbidden, context.RequestAborted);
    }

    // A proxy that ends TLS may leave the scheme as http: a page under https at the same host is ours as well.
    private static bool IsOurs(string origin, HttpRequest request, string? publicAddress) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && ((page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) && (page.Scheme == Uri.UriSchemeHttps || page.Scheme == request.Scheme))
            || (Uri.TryCreate(publicAddress, UriKind.Absolute, out var ours) && page.GetLeftPart(UriPartial.Authority) == ours.GetLeftPart(UriPartial.Authority)));

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

    /// <summary>Every unsafe verb needs a form token, whether or not its endpoint thought of it; but for those that carry their own proof in the address.</summary>
    public static async Task FormTokenAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method)
            || context.Request.Path.StartsWithSegments(Circuit, StringComparison.Ordinal)
            || context.GetEndpoint()?.Metadata.GetMetadata<ProofInAddress>() is not null
            || (context.Features.Get<IAntiforgeryValidationFeature>() is { } checkedAlready ? checkedAlready.IsValid : await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)))
        {
            await next(context);
            return;
        }

        await PlainPage.WriteAsync(context, StatusCodes.Status400BadRequest, context.RequestAborted);
    }
}

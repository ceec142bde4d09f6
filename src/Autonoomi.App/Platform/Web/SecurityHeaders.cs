using System.Net;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Shell;
using Microsoft.AspNetCore.StaticAssets;

namespace Autonoomi.App.Platform.Web;

/// <summary>Headers of every response, the ones of errors and static files included.</summary>
internal sealed class SecurityHeaders(AmazonOptions amazon, SignOnSettings signOn)
{
    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), " +
        "payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

    // A form may lead to Amazon's consent pages, and to the operator's single sign-on: browsers hold redirects after a form to form-action too.
    private readonly string policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
        $"form-action 'self' {string.Join(' ', ConsentHosts(amazon).Concat(SignOnSetup.FormPlaces(signOn)).Distinct(StringComparer.Ordinal))}; frame-ancestors 'none'; base-uri 'self'; object-src 'none'";

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var (context, policy) = ((HttpContext, string))state;
            Set(context, policy);
            return Task.CompletedTask;
        }, (context, policy));
        return next(context);
    }

    private static void Set(HttpContext context, string policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Permitted-Cross-Domain-Policies"] = "none";
        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        if (context.Request.IsHttps && !IsLoopback(context.Request.Host.Host)) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        if (headers.ContentType.ToString() is { Length: > 0 } type && NeedsCharset(type)) headers.ContentType = type + "; charset=utf-8";
        // What the browser still holds of the person goes with the session.
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path == ShellAddresses.SignOut && context.Response.StatusCode == StatusCodes.Status302Found) headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        // Only the bundled files may be kept: everything else can show a seller's figures.
        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null) headers.CacheControl = "no-store";
    }

    /// <summary>Text without a character set is read by guess.</summary>
    private static bool NeedsCharset(string type) =>
        !type.Contains("charset=", StringComparison.OrdinalIgnoreCase) && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("xml", StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static IEnumerable<string> ConsentHosts(AmazonOptions amazon) =>
        amazon.Regions.Values.Select(region => region.AdsConsent).Concat(amazon.SellerCentral.Values).Concat(amazon.SellerCentralAliases.Values)
            .Select(address => address.GetLeftPart(UriPartial.Authority)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}

using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Connect;

/// <summary>Section <c>Autonoomi:Web</c>.</summary>
public sealed class ConnectSettings
{
    /// <summary>The product's address as registered with Amazon, for example <c>https://ppc.example.com</c>; empty takes the request's, which is fine on loopback.</summary>
    public string PublicAddress { get; set; } = "";

    public Uri Redirect(GrantKind kind, HttpRequest request) =>
        new((PublicAddress.Length > 0 ? PublicAddress.TrimEnd('/') : $"{request.Scheme}://{request.Host}") + ConnectEndpoints.Callback(kind));
}

public static class ConnectEndpoints
{
    public static string Callback(GrantKind kind) => kind switch { GrantKind.Ads => "/connect/ads/callback", GrantKind.SellingPartner => "/connect/seller/callback" };

    public static WebApplicationBuilder AddConnect(this WebApplicationBuilder builder)
    {
        var settings = new ConnectSettings();
        builder.Configuration.GetSection("Autonoomi:Web").Bind(settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddScoped<StartConsentHandler>();
        builder.Services.AddScoped<FinishConsentHandler>();
        builder.Services.AddScoped<PasteCredentialsHandler>();
        builder.Services.AddScoped<RenewSecretHandler>();
        return builder;
    }

    public static void MapConnect(this WebApplication app)
    {
        var group = app.MapGroup("/connect").RequireAuthorization();
        group.MapPost("/ads/start", (HttpContext context) => StartAsync(GrantKind.Ads, context)).RequireRateLimiting(RatePolicy.Consent);
        group.MapPost("/seller/start", (HttpContext context) => StartAsync(GrantKind.SellingPartner, context)).RequireRateLimiting(RatePolicy.Consent);
        group.MapPost("/appstore/start", (HttpContext context) => StartAsync(GrantKind.SellingPartner, context, appstore: true)).RequireRateLimiting(RatePolicy.Consent);
        group.MapPost("/ads/own/start", (HttpContext context) => StartAsync(GrantKind.Ads, context, own: true)).RequireRateLimiting(RatePolicy.Consent);
        group.MapPost("/seller/paste", PasteAsync).RequireRateLimiting(RatePolicy.Consent);
        group.MapPost("/client/secret", RenewSecretAsync).RequireRateLimiting(RatePolicy.Consent);
        group.MapGet("/ads/callback", (HttpContext context) => FinishAsync(GrantKind.Ads, context));
        group.MapGet("/seller/callback", (HttpContext context) => FinishAsync(GrantKind.SellingPartner, context));
    }

    private static async Task StartAsync(GrantKind kind, HttpContext context, bool appstore = false, bool own = false)
    {
        var services = context.RequestServices;
        var current = services.GetRequiredService<CurrentStorefront>();
        if (!await MayBeginAsync(context, current)) return;

        var storage = services.GetRequiredService<StorageSettings>();
        var cookie = IdentitySetup.CookieName(storage.Environment != DataEnvironment.Production, "consent");
        var browser = context.Request.Cookies[cookie] is { Length: 43 } kept ? kept : StartConsentHandler.NewBrowser();
        context.Response.Cookies.Append(cookie, browser, new CookieOptions
        {
            HttpOnly = true, Secure = storage.Environment == DataEnvironment.Production || context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromHours(1),
        });

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        SellerId? again = Guid.TryParse(form["again"], out var account) && current.Choices.Any(choice => choice.Seller.Value == account) ? new SellerId(account) : null;
        var country = form["country"].ToString() is { Length: > 0 } chosen ? chosen : "US";
        var redirect = services.GetRequiredService<ConnectSettings>().Redirect(kind, context.Request);
        var typed = own ? OwnCredentials.Client(form, secretEnds: false, services.GetRequiredService<TimeProvider>().GetUtcNow()) : default;
        if (own && typed.Error is { } wrong)
        {
            await FailAsync(context, wrong.Message);
            return;
        }

        var started = await services.GetRequiredService<StartConsentHandler>().Handle(new StartConsent(
            current.User, current.Organisation, kind, browser, redirect, country, again, own ? typed.Value : null,
            appstore ? new(One(form["amazon_callback_uri"]), One(form["amazon_state"]), One(form["selling_partner_id"])) : null), context.RequestAborted);
        if (started.Error is { } error) await FailAsync(context, error.Message);
        else context.Response.Redirect(started.Value.AbsoluteUri);
    }

    private static async Task PasteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var current = services.GetRequiredService<CurrentStorefront>();
        if (!await MayBeginAsync(context, current)) return;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var client = OwnCredentials.Client(form, secretEnds: true, services.GetRequiredService<TimeProvider>().GetUtcNow());
        if (client.Error is { } wrong)
        {
            await FailAsync(context, wrong.Message);
            return;
        }

        var pasted = await services.GetRequiredService<PasteCredentialsHandler>().Handle(
            new(current.Organisation, form["country"].ToString(), form["seller"].ToString().Trim(), client.Value, form["token"].ToString().Trim(), Actor.Of(current)), context.RequestAborted);
        if (pasted.Error is { } error) await FailAsync(context, error.Message);
        else context.Response.Redirect($"{ShellAddresses.Connection}?from={(pasted.Value.Missing is null ? "complete" : "half")}");
    }

    private static async Task RenewSecretAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var current = services.GetRequiredService<CurrentStorefront>();
        if (!await MayBeginAsync(context, current)) return;
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var renewed = await services.GetRequiredService<RenewSecretHandler>().Handle(
            new(current.Organisation, Guid.TryParse(form["client"], out var client) ? client : Guid.Empty, form["secret"].ToString().Trim(), form["made"].ToString(), Actor.Of(current)), context.RequestAborted);
        if (renewed.Error is { } error) await FailAsync(context, error.Message);
        else context.Response.Redirect($"{ShellAddresses.Connection}?from=secret");
    }

    private static async Task FinishAsync(GrantKind kind, HttpContext context)
    {
        var services = context.RequestServices;
        var current = services.GetRequiredService<CurrentStorefront>();
        if (!await MayConnectAsync(context, current)) return;

        var query = context.Request.Query;
        var storage = services.GetRequiredService<StorageSettings>();
        var cookie = IdentitySetup.CookieName(storage.Environment != DataEnvironment.Production, "consent");
        var finished = await services.GetRequiredService<FinishConsentHandler>().Handle(new FinishConsent(
            current.User, current.Organisation, kind, context.Request.Cookies[cookie], services.GetRequiredService<ConnectSettings>().Redirect(kind, context.Request),
            One(query["state"]), One(kind == GrantKind.Ads ? query["code"] : query["spapi_oauth_code"]), One(query["selling_partner_id"]), One(query["error"])), context.RequestAborted);
        if (finished.Error is { } error) await FailAsync(context, error.Message);
        else context.Response.Redirect($"{ShellAddresses.Connection}?from={(finished.Value.Missing is null ? "complete" : "half")}");
    }

    // A parameter that stands twice is no answer of Amazon's.
    private static string? One(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 1 ? values[0] : null;

    private static async Task<bool> MayConnectAsync(HttpContext context, CurrentStorefront current)
    {
        if (await current.LoadAsync(context.User, context.RequestAborted)
            && await context.RequestServices.GetRequiredService<Rights>().RefusalAsync(Actor.Of(current), Right.Decide, current.Organisation, AuditAction.Connected, context.RequestAborted) is null) return true;
        await PlainPage.WriteAsync(context, StatusCodes.Status403Forbidden, "Your role may not connect accounts", "Ask an owner or manager of your organisation to do it.", "/", "Go to the overview", context.RequestAborted);
        return false;
    }

    /// <summary>Who begins a connection in production has more than a password.</summary>
    private static async Task<bool> MayBeginAsync(HttpContext context, CurrentStorefront current)
    {
        if (!await MayConnectAsync(context, current)) return false;
        var users = context.RequestServices.GetRequiredService<UserManager<AppUser>>();
        var storage = context.RequestServices.GetRequiredService<StorageSettings>();
        if (storage.Environment != DataEnvironment.Production || await users.GetUserAsync(context.User) is not { } user || user.TwoFactor || (await users.GetPasskeysAsync(user)).Count > 0) return true;
        context.Response.Redirect($"{ShellAddresses.Security}?from=connect");
        return false;
    }

    private static Task FailAsync(HttpContext context, string text) =>
        PlainPage.WriteAsync(context, StatusCodes.Status400BadRequest, "The connection was not made", text, ShellAddresses.Connection, "Back to the connection", context.RequestAborted);
}

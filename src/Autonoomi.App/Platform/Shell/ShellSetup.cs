using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Addresses that the frame links to.</summary>
public static class ShellAddresses
{
    public const string SignIn = "/account/sign-in";
    public const string Forgot = "/account/forgot";
    public const string SignOut = "/account/sign-out";
    public const string Security = "/account/security";
    public const string People = "/account/people";
    public const string Join = "/account/join";
    public const string YourData = "/account/your-data";
    public const string Collected = YourData + "/collected";
    public const string ReadIn = YourData + "/read-in";
    public const string Connection = "/connect";
    public const string Start = "/start";
    public const string StartCosts = Start + "/costs";
    public const string StartGoals = Start + "/goals";
    public const string Economics = "/economics";
    public const string Control = "/control";
    public const string Imports = "/imports";
    public const string Promises = "/promises";
    public const string Destinations = "/destinations";
    public const string Policy = "/privacy";
    public const string Changes = "/account/changes";
    public const string DataMap = "/privacy/data";
    public const string PolicyVersions = "/privacy/versions";

    /// <summary>The bytes of a version of the policy, as they were hashed.</summary>
    public static string PolicyText(int version) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{PolicyVersions}/{version}.txt");

    public const string PutNoticeAway = "/notices/put-away";
}

/// <summary>The frame around every page: components, static files, icons.</summary>
public static class ShellSetup
{
    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddScoped<ShellState>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    /// <summary>Call after authentication, authorisation and antiforgery.</summary>
    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapGet("/storefront", async (HttpContext http, CurrentStorefront current, string seller, string marketplace) =>
        {
            // Only a storefront of the person's own organisation is remembered; anything else leaves the choice as it was.
            if (await current.LoadAsync(http.User, http.RequestAborted) && Guid.TryParse(seller, out var id) && current.Select(new(id), marketplace))
                http.Response.Cookies.Append(SiteCookies.NameOf(http.Request, CurrentStorefront.Cookie), CurrentStorefront.CookieValue(current.Selected!), new() { HttpOnly = true, Path = "/", Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
            return Results.LocalRedirect("/");
        }).RequireAuthorization();
        app.MapPost(ShellAddresses.PutNoticeAway, async (HttpContext http, CurrentStorefront current, NoticeBook notices) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (!await current.LoadAsync(http.User, http.RequestAborted)) return Results.Forbid();
            await notices.PutAwayAsync(current.Organisation, current.User, form["notice"].ToString(), http.RequestAborted);
            var back = form["back"].ToString();
            return Results.LocalRedirect(back is ['/', not ('/' or '\\'), ..] ? back : "/");
        }).RequireAuthorization();
        app.MapRazorComponents<Document>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}

namespace Autonoomi.App.Platform.Shell;

/// <summary>Addresses that the frame links to.</summary>
public static class ShellAddresses
{
    public const string SignIn = "/account/sign-in";
    public const string SignOut = "/account/sign-out";
    public const string Security = "/account/security";
    public const string Connection = "/connect";
    public const string Economics = "/economics";
}

/// <summary>The frame around every page: components, static files, icons.</summary>
public static class ShellSetup
{
    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    /// <summary>Call after authentication, authorisation and antiforgery.</summary>
    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<Document>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
    }
}

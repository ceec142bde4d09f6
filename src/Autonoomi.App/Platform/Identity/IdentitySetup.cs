using System.Security.Claims;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity.SignOn;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Who may make an account. Section <c>Autonoomi:Accounts</c>.</summary>
public sealed class AccountSettings
{
    /// <summary>False: the sign-up page says that registration is closed.</summary>
    public bool Registration { get; set; } = true;

    /// <summary>Host name for which passkeys are made; empty takes the host of the request, which is fine on localhost only.</summary>
    public string PasskeyDomain { get; set; } = "";
}

public static class IdentitySetup
{
    // Name of a session in its ticket, and in the request that carries it.
    private const string Session = "session";

    /// <summary>The session's name, told to open pages in memory; never in a page.</summary>
    internal const string SessionClaim = "session";

    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var services = builder.Services;
        var accounts = new AccountSettings();
        builder.Configuration.GetSection("Autonoomi:Accounts").Bind(accounts);
        services.AddSingleton(accounts);
        services.AddScoped<SealedUserStore>();
        services.AddScoped<IUserStore<AppUser>>(provider => provider.GetRequiredService<SealedUserStore>());
        services.AddScoped<OneTimeCodes>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<KnownDevices>();
        services.AddScoped<AuthenticationStateProvider, CircuitWatch>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddAuthorization();
        services.AddIdentityCore<AppUser>(options =>
            {
                options.Password.RequiredLength = 12;
                // Length carries the strength; rules about kinds of characters only make passwords easier to guess.
                options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
                options.Password.RequiredUniqueChars = 5;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.Tokens.AuthenticatorTokenProvider = TokenOptions.DefaultAuthenticatorProvider;
            })
            .AddUserManager<AppUsers>()
            .AddPasswordValidator<PasswordWords>()
            .AddSignInManager<AppSignIn>()
            .AddClaimsPrincipalFactory<PersonClaims>()
            .AddTokenProvider<OneTimeCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 210_000);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(5));
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.IsAllowedAlgorithm = algorithm => IsAllowedForPasskeys(algorithm);
            if (accounts.PasskeyDomain.Length > 0) options.ServerDomain = accounts.PasskeyDomain;
        });

        var plain = storage.Environment != DataEnvironment.Production;
        services.ConfigureApplicationCookie(options =>
        {
            Harden(options, plain, "session");
            options.LoginPath = "/account/sign-in";
            options.AccessDeniedPath = "/account/sign-in";
            options.ReturnUrlParameter = "returnUrl";
            options.ExpireTimeSpan = Sessions.Idle;
            options.SlidingExpiration = true;
            options.Events.OnSigningIn = async context =>
            {
                // A new session ends the one before it in the same browser; a ticket that is only renewed keeps its name.
                if (!context.Properties.Items.TryAdd(Session, Sessions.NewName())) return;
                await EndAsync(context.HttpContext);
                await SessionsOf(context.HttpContext).BeginAsync(
                    context.Properties.Items[Session]!, UserOf(context.Principal!), DeviceWords.Of(context.Request.Headers.UserAgent), Now(context.HttpContext), context.HttpContext.RequestAborted);
            };
            options.Events.OnSigningOut = context => EndAsync(context.HttpContext);
            options.Events.OnValidatePrincipal = async context =>
            {
                if (!context.Properties.Items.TryGetValue(Session, out var session) || session is null
                    || !await SessionsOf(context.HttpContext).IsOpenAsync(session, UserOf(context.Principal!), used: true, context.HttpContext.RequestAborted))
                {
                    context.RejectPrincipal();
                    await context.HttpContext.RequestServices.GetRequiredService<SignInManager<AppUser>>().SignOutAsync();
                    return;
                }

                context.HttpContext.Items[typeof(Sessions)] = session;
                await SecurityStampValidator.ValidatePrincipalAsync(context);
                if (context.Principal?.Identity is ClaimsIdentity known && !known.HasClaim(claim => claim.Type == SessionClaim)) known.AddClaim(new Claim(SessionClaim, session));
            };
        });
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, options => Harden(options, plain, "second-factor"));
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorRememberMeScheme, options => Harden(options, plain, "remembered"));
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.ExternalScheme, options =>
        {
            Harden(options, plain, "external");
            // As long as somebody may take to read what they agree to.
            options.ExpireTimeSpan = TimeSpan.FromMinutes(15);
            options.SlidingExpiration = false;
        });
        return builder.AddSignOn(storage);
    }

    /// <summary>Cookie name: with the prefix that pins it to this host over HTTPS, or plain where a demo runs on http loopback, to which browsers would not give such a cookie.</summary>
    public static string CookieName(bool plain, string name) => plain ? $"autonoomi-{name}" : $"__Host-autonoomi-{name}";

    private static void Harden(CookieAuthenticationOptions options, bool plain, string name)
    {
        options.Cookie.Name = CookieName(plain, name);
        options.Cookie.HttpOnly = true;
        options.Cookie.Path = "/";
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = plain ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
    }

    // The one that the request came with.
    private static async Task EndAsync(HttpContext context)
    {
        if (context.Items[typeof(Sessions)] is string session) await SessionsOf(context).EndAsync(UserOf(context.User), Sessions.IdOf(session), CancellationToken.None);
    }

    /// <summary>The session of this request, as it is listed; null for none.</summary>
    internal static string? SessionOf(HttpContext context) => context.Items[typeof(Sessions)] is string session ? Sessions.IdOf(session) : null;

    private static Sessions SessionsOf(HttpContext context) => context.RequestServices.GetRequiredService<Sessions>();

    private static Guid UserOf(ClaimsPrincipal person) => Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var user) ? user : Guid.Empty;

    /// <summary>ECDSA, RSA-PSS and RSA with SHA-256, 384 and 512, by their numbers in COSE; nothing older.</summary>
    internal static bool IsAllowedForPasskeys(int? algorithm) => algorithm is -7 or -35 or -36 or -37 or -38 or -39 or -257 or -258 or -259;

    private static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}

/// <summary>What a session says about a person: id, display name, security stamp. Never the e-mail address.</summary>
internal sealed class PersonClaims(UserManager<AppUser> users, Microsoft.Extensions.Options.IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<AppUser>(users, options)
{
    protected override Task<ClaimsIdentity> GenerateClaimsAsync(AppUser user)
    {
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()));
        identity.AddClaim(new Claim(ClaimTypes.Name, user.Name));
        identity.AddClaim(new Claim(Options.ClaimsIdentity.SecurityStampClaimType, user.SecurityStamp));
        return Task.FromResult(identity);
    }
}

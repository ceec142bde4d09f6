using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy.Egress;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <summary>The framework's OpenID Connect client, held to one provider. Without a configured provider nothing of it is there: no scheme, no address, no request.</summary>
public static class SignOnSetup
{
    public const string Scheme = "sign-on";

    /// <summary>Where the provider sends people back to; register it there.</summary>
    public const string Callback = "/account/sign-on/callback";

    /// <summary>Where the answer is used, once it was checked.</summary>
    public const string Done = "/account/sign-on/done";

    /// <summary>Cookies of one way to the provider and back; each name goes on with a dot and random letters.</summary>
    public const string Cookie = "sign-on";

    // Beside the purpose in the sealed state: the framework's own state holds no more of us.
    private const string PurposeItem = "purpose";
    private const string BeganItem = "began";
    private const string UserItem = "user";
    private const string ReturnItem = "return";

    // The provider may ask for a password, a second factor and a new device on the way.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    public static WebApplicationBuilder AddSignOn(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var settings = new SignOnSettings();
        builder.Configuration.GetSection("Autonoomi:SignOn").Bind(settings);
        if (settings.Faults(storage.Environment).FirstOrDefault() is { } fault) throw new SetupException(fault);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<SignOnBook>();
        if (!settings.IsOn) return builder;

        var plain = storage.Environment != DataEnvironment.Production;
        // The framework repeats what a provider or a forged answer says; ours are the lines that count.
        services.PostConfigure<LoggerFilterOptions>(options =>
        {
            foreach (var category in (string[])["Microsoft.AspNetCore.Authentication.OpenIdConnect", "Microsoft.IdentityModel"]) options.Rules.Add(new(null, category, LogLevel.None, null));
        });
        services.AddScoped<SignOnEvents>();
        services.AddSingleton<ProviderMetadata>();
        services.AddAuthentication().AddOpenIdConnect(Scheme, options =>
        {
            options.SignInScheme = IdentityConstants.ExternalScheme;
            options.EventsType = typeof(SignOnEvents);
            options.Authority = settings.Issuer;
            options.MetadataAddress = settings.Metadata.AbsoluteUri;
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.Secret.Reveal();
            options.CallbackPath = Callback;
            options.RemoteSignOutPath = options.SignedOutCallbackPath = default;
            options.RequireHttpsMetadata = storage.Environment != DataEnvironment.Development;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // As a link: the session's cookie comes along with it, which it would not with a form of another site.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.SaveTokens = false;
            options.GetClaimsFromUserInfoEndpoint = false;
            options.MapInboundClaims = false;
            options.DisableTelemetry = true;
            options.RemoteAuthenticationTimeout = Longest;
            options.BackchannelTimeout = TimeSpan.FromSeconds(15);
            options.Scope.Clear();
            foreach (var scope in (string[])["openid", "email", "profile"]) options.Scope.Add(scope);
            var tokens = options.TokenValidationParameters;
            tokens.ValidIssuer = settings.Issuer;
            tokens.ValidAudience = settings.ClientId;
            tokens.ValidAlgorithms = SignOnRules.Algorithms;
            tokens.ValidateIssuer = tokens.ValidateAudience = tokens.ValidateLifetime = tokens.ValidateIssuerSigningKey = true;
            tokens.RequireSignedTokens = tokens.RequireExpirationTime = tokens.RequireAudience = true;
            tokens.ClockSkew = SignOnRules.Skew;
            Harden(options.CorrelationCookie, plain, $"{Cookie}.");
            Harden(options.NonceCookie, plain, $"{Cookie}-nonce.");
        });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<EgressDoor, ProviderMetadata>((options, door, metadata) =>
        {
            options.BackchannelHttpHandler = door.Handler(EgressPurpose.SignOn);
            options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(settings.Metadata.AbsoluteUri, metadata, new Documents(options));
        });
        return builder;
    }

    /// <summary>What a way to the provider is for, sealed into its state.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="user">Who is signed in here; empty for nobody.</param>
    /// <param name="returnUrl">An address of ours, where the person wanted to go.</param>
    /// <param name="now">When it begins.</param>
    public static AuthenticationProperties Way(SignOnPurpose purpose, Guid user, string returnUrl, DateTimeOffset now)
    {
        var way = new OpenIdConnectChallengeProperties { RedirectUri = Done };
        way.Items[PurposeItem] = purpose.ToString();
        way.Items[BeganItem] = now.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        way.Items[UserItem] = user.ToString("N");
        way.Items[ReturnItem] = returnUrl;
        if (purpose == SignOnPurpose.SignIn) return way;

        // Whatever session the provider has, the person signs in there once more; auth_time shows whether they did.
        way.Prompt = "login";
        way.MaxAge = TimeSpan.Zero;
        return way;
    }

    /// <returns>Null for properties that no way of ours made.</returns>
    internal static (SignOnPurpose Purpose, Guid User, string ReturnUrl, DateTimeOffset Began)? WayOf(AuthenticationProperties? properties) =>
        properties is not null && Enum.TryParse<SignOnPurpose>(properties.GetString(PurposeItem), out var purpose) && Guid.TryParse(properties.GetString(UserItem), out var user)
        && DateTimeOffset.TryParseExact(properties.GetString(BeganItem), "O", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.RoundtripKind, out var began)
            ? (purpose, user, properties.GetString(ReturnItem) ?? "/", began)
            : null;

    /// <summary>Where requests for single sign-on may go: to the provider as it is configured, and to its further hosts.</summary>
    internal static EgressRule Rule(SignOnSettings? settings) => settings is { IsOn: true } ? new([.. settings.HostList], [new(settings.Issuer)]) : EgressRule.Nowhere;

    /// <summary>Where a form may lead when it begins a sign-on.</summary>
    internal static IEnumerable<string> FormPlaces(SignOnSettings settings) =>
        settings.IsOn ? [new Uri(settings.Issuer).GetLeftPart(UriPartial.Authority), .. settings.HostList.Select(host => $"https://{host}")] : [];

    private static void Harden(CookieBuilder cookie, bool plain, string name)
    {
        cookie.Name = IdentitySetup.CookieName(plain, name);
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = plain ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
    }

    // The backchannel is made after these settings, so it is asked for when it is used.
    private sealed class Documents(OpenIdConnectOptions options) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
            new HttpDocumentRetriever(options.Backchannel) { RequireHttps = options.RequireHttpsMetadata, SendAdditionalHeaderData = false }.GetDocumentAsync(address, cancel);
    }
}

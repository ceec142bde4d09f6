using System.Net.Security;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Identity.SignOn;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Web;

/// <summary>How often one person or address may do what is worth guarding. Section <c>Autonoomi:RateLimits</c>.</summary>
public sealed class RateLimits
{
    /// <summary>Sign-in, sign-up and second-factor attempts per minute for one account.</summary>
    public int SignInPerAccount { get; set; } = 5;

    /// <summary>The same per address block (IPv4 /24, IPv6 /48).</summary>
    public int SignInPerAddress { get; set; } = 20;

    /// <summary>Consents begun per hour and person.</summary>
    public int ConsentStarts { get; set; } = 10;

    /// <summary>Files uploaded per hour and person.</summary>
    public int Uploads { get; set; } = 10;

    /// <summary>Files made for download per hour and person.</summary>
    public int Exports { get; set; } = 60;

    /// <summary>Links of mails followed per minute and address block; those who carry mail follow many for many.</summary>
    public int MailLinks { get; set; } = 120;

    /// <summary>Requests of any kind per minute and person, or address block where nobody is signed in; bundled files do not count.</summary>
    public int Requests { get; set; } = 1_200;
}

/// <summary>Names of the limits that endpoints and pages ask for.</summary>
public static class RatePolicy
{
    public const string SignIn = "sign-in";
    public const string Consent = "consent";
    public const string Upload = "upload";
    public const string Export = "export";

    /// <summary>Links in mails, which anybody may follow.</summary>
    public const string MailLink = "mail-link";
}

/// <summary>What guards every page and endpoint, whatever it does.</summary>
public static class WebSetup
{
    /// <summary>Largest request of all: an upload of 10 MiB with its form around it.</summary>
    public const long LargestRequest = (10 * 1024 * 1024) + (256 * 1024);

    /// <summary>Header in which scripts send the form token.</summary>
    public const string TokenHeader = "X-Form-Token";

    // Keys of one connection open no other, and nothing is encrypted without being authenticated. Windows knows suites for the whole machine only.
#pragma warning disable CA1416 // asked first
    private static readonly CipherSuitesPolicy? Suites = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? new(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]) : null;
#pragma warning restore CA1416

    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var plain = storage.Environment != DataEnvironment.Production;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
#pragma warning disable CA5398 // the oldest version that may be spoken is a promise; newer ones come with the framework
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13;
                https.OnAuthenticate = (_, tls) => tls.CipherSuitesPolicy = Suites;
            });
#pragma warning restore CA5398
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        });
        var services = builder.Services;
        services.Configure<FormOptions>(form =>
        {
            // Never spills into a temporary file: what a person uploads would rest there in clear.
            form.MemoryBufferThreshold = (int)LargestRequest;
            form.MultipartBodyLengthLimit = LargestRequest;
            form.ValueCountLimit = 20_000;
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = IdentitySetup.CookieName(plain, "form");
            options.Cookie.HttpOnly = true;
            options.Cookie.Path = "/";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = plain ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            options.HeaderName = TokenHeader;
            options.SuppressXFrameOptionsHeader = true;
        });
        var limits = new RateLimits();
        builder.Configuration.GetSection("Autonoomi:RateLimits").Bind(limits);
        services.AddSingleton(limits);
        services.AddSingleton<AttemptLimiter>();
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(RatePolicy.SignIn, context => HttpMethods.IsPost(context.Request.Method)
                ? Window(AddressBlock.Of(context.Connection.RemoteIpAddress), limits.SignInPerAddress, TimeSpan.FromMinutes(1))
                : RateLimitPartition.GetNoLimiter(""));
            options.AddPolicy(RatePolicy.Consent, context => Window(Person(context), limits.ConsentStarts, TimeSpan.FromHours(1)));
            options.AddPolicy(RatePolicy.Upload, context => context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true
                ? Window(Person(context), limits.Uploads, TimeSpan.FromHours(1))
                : RateLimitPartition.GetNoLimiter(""));
            options.AddPolicy(RatePolicy.Export, context => Window(Person(context), limits.Exports, TimeSpan.FromHours(1)));
            options.AddPolicy(RatePolicy.MailLink, context => Window(AddressBlock.Of(context.Connection.RemoteIpAddress), limits.MailLinks, TimeSpan.FromMinutes(1)));
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null
                ? Window(Person(context), limits.Requests, TimeSpan.FromMinutes(1))
                : RateLimitPartition.GetNoLimiter(""));
            options.OnRejected = async (rejected, cancellationToken) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
                rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
                await PlainPage.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, cancellationToken);
            };
        });
        return builder;
    }

    /// <summary>
    /// The guards in their order, authentication and authorisation among them. Call before anything is mapped; after it nothing else of
    /// this kind (exception page, HSTS, antiforgery) is needed.
    /// </summary>
    public static void UseWeb(this WebApplication app)
    {
        var headers = new SecurityHeaders(app.Services.GetRequiredService<IOptions<AmazonOptions>>().Value, app.Services.GetRequiredService<SignOnSettings>());
        app.Use(headers.InvokeAsync);
        app.UseExceptionHandler(UnexpectedErrors.Options);
        app.UseStatusCodePages(status => PlainPage.WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode, status.HttpContext.RequestAborted));
        app.Use(RequestGuards.MethodAsync);
        app.Use(RequestGuards.SizeAsync);
        app.Use(RequestGuards.FetchMetadataAsync);
        var publicAddress = app.Configuration[Transport.PublicSetting];
        app.Use((context, next) => RequestGuards.OriginAsync(context, next, publicAddress));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(PrivacySignal.InvokeAsync);
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.Use(RequestGuards.FormTokenAsync);
    }

    private static RateLimitPartition<string> Window(string who, int permits, TimeSpan window) => RateLimitPartition.GetSlidingWindowLimiter(who,
        _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = window, SegmentsPerWindow = 6, QueueLimit = 0 });

    private static string Person(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? AddressBlock.Of(context.Connection.RemoteIpAddress);
}

/// <summary>Sign-in attempts per account, whatever the addresses they come from.</summary>
public sealed class AttemptLimiter(RateLimits limits) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(account => RateLimitPartition.GetSlidingWindowLimiter(account,
        _ => new SlidingWindowRateLimiterOptions { PermitLimit = limits.SignInPerAccount, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 }));

    // As many and as long as an account's rest after wrong passwords, which does not hold up a known browser.
    private readonly PartitionedRateLimiter<string> known = PartitionedRateLimiter.Create<string, string>(device => RateLimitPartition.GetSlidingWindowLimiter(device,
        _ => new SlidingWindowRateLimiterOptions { PermitLimit = 5, Window = TimeSpan.FromMinutes(15), SegmentsPerWindow = 15, QueueLimit = 0 }));

    /// <param name="device">Random name of a browser in which the person signed in before.</param>
    public bool TryFromKnown(string device)
    {
        using var lease = known.AttemptAcquire(device);
        return lease.IsAcquired;
    }

    /// <param name="account">Keyed hash of what was typed as e-mail, so that memory holds no address.</param>
    public bool TryAttempt(string account)
    {
        using var lease = limiter.AttemptAcquire(account);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        limiter.Dispose();
        known.Dispose();
    }
}

/// <summary>Neighbouring addresses count as one: whoever has a block would otherwise have as many tries as addresses.</summary>
internal static class AddressBlock
{
    public static string Of(System.Net.IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.AsSpan(0, bytes.Length == 4 ? 3 : 6));
    }
}

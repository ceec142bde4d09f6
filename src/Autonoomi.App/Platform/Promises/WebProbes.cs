using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Asks its own front door for a page as a stranger would, and looks at the headers and at what the page loads.</summary>
internal sealed partial class HeadersProbe(OwnDoor door, StorageSettings storage) : IProbe
{
    public string Id => "headers";
    public string Asks => "Pages come with the headers that keep other sites out, and load nothing from anywhere else.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var (answer, text) = await door.GetAsync(ShellAddresses.SignIn, cancellationToken);
        using var _ = answer;
        var headers = answer.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var named = answer.RequestMessage?.Headers.Host is { } host && !host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase);
        var faults = Faults(headers, text, demandHsts: storage.Environment == DataEnvironment.Production && named).ToList();
        if (answer.StatusCode != HttpStatusCode.OK) faults.Add($"the page answered {(int)answer.StatusCode}");
        return Measurement.Of(faults, $"{Display.Count(headers.Count, "header")} and {Display.Count(Loaded(text).Count(), "loaded file")} of the sign-in page");
    }

    /// <param name="headers">As they came, by name.</param>
    /// <param name="page">The page's text.</param>
    /// <param name="demandHsts">In production under the public name: browsers must be told to stay with TLS for two years.</param>
    internal static IEnumerable<string> Faults(IReadOnlyDictionary<string, string> headers, string page, bool demandHsts)
    {
        var policy = headers.GetValueOrDefault("Content-Security-Policy", "");
        foreach (var rule in (string[])["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "object-src 'none'"])
            if (!policy.Split(';', StringSplitOptions.TrimEntries).Contains(rule)) yield return $"the content security policy lacks {rule}";
        if (policy.Contains("unsafe", StringComparison.Ordinal)) yield return "the content security policy lets unsafe scripts or styles in";
        foreach (var (name, value) in ((string, string)[])[("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"), ("Cache-Control", "no-store")])
            if (headers.GetValueOrDefault(name) != value) yield return $"{name} is not {value}";
        if (headers.ContainsKey("Server")) yield return "the server names itself";
        if (demandHsts && !headers.GetValueOrDefault("Strict-Transport-Security", "").StartsWith("max-age=63072000", StringComparison.Ordinal)) yield return "Strict-Transport-Security is not two years";
        foreach (var address in Loaded(page).Where(address => address.Contains("//", StringComparison.Ordinal))) yield return $"the page loads {new Uri(new Uri("https://here"), address).Host}";
    }

    private static IEnumerable<string> Loaded(string page) => Loading().Matches(page).Select(match => match.Groups["address"].Value);

    [GeneratedRegex("<(?:script|img|iframe|link|source|video|audio)\\b[^>]*?\\b(?:src|href)=\"(?<address>[^\"]+)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}

/// <summary>Looks at the cookies that a stranger really gets, and at how those of a session are made.</summary>
internal sealed class CookiesProbe(OwnDoor door, StorageSettings storage, IOptionsMonitor<CookieAuthenticationOptions> schemes) : IProbe
{
    public string Id => "cookies";
    public string Asks => "Cookies are those of the published list, out of scripts' reach where they matter, and pinned to this host in production.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var (answer, _) = await door.GetAsync(ShellAddresses.SignIn, cancellationToken);
        using var __ = answer;
        var sent = answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.ToList() : [];
        var production = storage.Environment == DataEnvironment.Production;
        var faults = sent.SelectMany(line => Faults(line, production)).ToList();
        foreach (var scheme in (string[])[IdentityConstants.ApplicationScheme, IdentityConstants.TwoFactorUserIdScheme])
        {
            var cookie = schemes.Get(scheme).Cookie;
            var built = cookie.Build(new DefaultHttpContext { Request = { IsHttps = production } }).CreateCookieHeader(cookie.Name!, "x").ToString();
            faults.AddRange(Faults(built, production));
        }

        if (sent.Count == 0) faults.Add("the sign-in page gave no cookie for its form");
        return Measurement.Of(faults, $"{Display.Count(sent.Count, "cookie")} sent to a stranger, 2 of a session as they are made");
    }

    /// <param name="line">As in Set-Cookie.</param>
    /// <param name="production">Cookies are then pinned to this host over HTTPS.</param>
    internal static IEnumerable<string> Faults(string line, bool production)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries);
        var name = parts[0].Split('=')[0];
        if (SiteCookies.Find(name) is not { } cookie)
        {
            yield return $"{name} is on no list";
            yield break;
        }

        if (!cookie.ForScripts && !parts.Contains("httponly", StringComparer.OrdinalIgnoreCase)) yield return $"scripts can read {name}";
        if (!parts.Any(part => part.StartsWith("samesite=lax", StringComparison.OrdinalIgnoreCase) || part.StartsWith("samesite=strict", StringComparison.OrdinalIgnoreCase))) yield return $"{name} goes along with requests of other sites";
        if (parts.Any(part => part.StartsWith("domain=", StringComparison.OrdinalIgnoreCase))) yield return $"{name} goes to other hosts";
        if (production && !name.StartsWith("__Host-", StringComparison.Ordinal)) yield return $"{name} is not pinned to this host";
        if (production && !parts.Contains("secure", StringComparer.OrdinalIgnoreCase)) yield return $"{name} would travel in clear";
    }
}

/// <summary>How everything that travels is protected: listeners, Amazon, and the way to a PostgreSQL server.</summary>
internal sealed class TlsProbe(OwnDoor door, StorageSettings storage, AppDbs databases, IConfiguration configuration, IOptions<AmazonOptions> amazon) : IProbe
{
    public string Id => "tls";
    public string Asks => "What leaves the machine travels under TLS 1.2 or newer.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var measured = new List<string>();
        try
        {
            Transport.Demand(door.Addresses, storage.Environment, configuration.GetValue<bool>(Transport.ProxySetting));
        }
        catch (SetupException plain)
        {
            faults.Add(plain.Message);
        }

        if (door.Addresses.Count == 0) faults.Add("nothing listens");
        measured.Add($"{Display.Count(door.Addresses.Count, "listener")} ({string.Join(", ", door.Addresses.Select(address => address.Split(':')[0]).Distinct())})");
        if (door.Address is { Scheme: "https" } own)
        {
            measured.Add($"spoken to under {await SpokenAsync(own, SslProtocols.None, cancellationToken) ?? "nothing"}");
#pragma warning disable SYSLIB0039, CA5397 // asked for in order to be refused
            if (await SpokenAsync(own, SslProtocols.Tls | SslProtocols.Tls11, cancellationToken) is { } old) faults.Add($"{old} was accepted");
#pragma warning restore SYSLIB0039, CA5397
        }

        var calls = amazon.Value.Regions.Values.SelectMany(region => new[] { region.AdsConsent, region.Token, region.Ads, region.SellingPartner }).Distinct().ToList();
        var clear = calls.Count(address => address.Scheme != Uri.UriSchemeHttps && !(address.IsLoopback && storage.Environment != DataEnvironment.Production));
        if (clear > 0) faults.Add($"{clear} of Amazon's addresses are not https");
        measured.Add($"{Display.Count(calls.Count, "address", "addresses")} of Amazon's");
        if (storage.Provider == StorageEngine.Postgres) await AskPostgresAsync(faults, measured, cancellationToken);
        return Measurement.Of(faults, string.Join("; ", measured));
    }

    private async Task AskPostgresAsync(List<string> faults, List<string> measured, CancellationToken cancellationToken)
    {
        if (PostgresTransport.Fault(storage.ConnectionString!) is { } fault && storage.Environment == DataEnvironment.Production) faults.Add(fault);
        await using var db = databases.System();
        var version = (await db.Database.SqlQueryRaw<string>("select coalesce((select version from pg_stat_ssl where pid = pg_backend_pid() and ssl), '') as \"Value\"").ToListAsync(cancellationToken))[0];
        if (version is "TLSv1" or "TLSv1.1") faults.Add($"PostgreSQL speaks {version}");
        if (version.Length == 0 && !PostgresTransport.IsOnThisMachine(storage.ConnectionString!)) faults.Add("PostgreSQL on another machine is spoken to in clear");
        measured.Add(version.Length == 0 ? "PostgreSQL on this machine" : $"PostgreSQL under {version}");
    }

    /// <returns>The version that both sides settled on; null when they did not.</returns>
    private static async Task<string?> SpokenAsync(Uri address, SslProtocols wanted, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host.Trim('[', ']'), address.Port, cancellationToken);
        await using var stream = new SslStream(client.GetStream());
        try
        {
#pragma warning disable CA5359 // the peer is this process, reached over loopback
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.Host, EnabledSslProtocols = wanted, RemoteCertificateValidationCallback = (_, _, _, _) => true }, cancellationToken);
#pragma warning restore CA5359
            return stream.SslProtocol.ToString();
        }
        catch (Exception refused) when (refused is AuthenticationException or System.IO.IOException)
        {
            return null;
        }
    }
}

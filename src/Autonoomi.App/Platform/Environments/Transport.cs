using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Autonoomi.App.Platform.Environments;

/// <summary>Production speaks TLS: by itself, or behind a proxy on the same machine that does.</summary>
public static class Transport
{
    /// <summary>Configuration word: a proxy in front ends TLS, and this process listens on loopback only.</summary>
    public const string ProxySetting = "Autonoomi:TlsAtProxy";

    /// <summary>Section in which listeners can be configured one by one.</summary>
    public const string Endpoints = "Kestrel:Endpoints";

    /// <summary>Where the product listens when nobody said.</summary>
    public const string DefaultAddress = "https://localhost:5443";

    /// <summary>Where the product will listen as it is configured.</summary>
    public static IReadOnlyList<string> Configured(IConfiguration configuration) => configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList() is { Count: > 0 } listed
        ? listed
        : (configuration["urls"] is { Length: > 0 } urls ? urls : DefaultAddress).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <param name="addresses">What the server will listen on.</param>
    /// <param name="environment">Tag of the data.</param>
    /// <param name="tlsAtProxy">The operator says that a proxy in front ends TLS.</param>
    /// <exception cref="SetupException">Passwords and figures would travel in clear.</exception>
    public static void Demand(IEnumerable<string> addresses, DataEnvironment environment, bool tlsAtProxy)
    {
        foreach (var address in addresses)
        {
            if (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) continue;
            var loopback = IsLoopback(address);
            if (loopback && (environment != DataEnvironment.Production || tlsAtProxy)) continue;
            if (!loopback && environment == DataEnvironment.Development) continue;
            throw new SetupException(environment == DataEnvironment.Production && loopback
                ? $"Production refuses plain HTTP ({address}). Give a certificate and an https:// address, or set {ProxySetting}=true when a proxy on this machine ends TLS."
                : $"Plain HTTP on {address} would be readable on the way. Use an https:// address with a certificate, or listen on loopback behind a proxy that ends TLS.");
        }
    }

    /// <summary>Configuration word: the address under which browsers reach the product.</summary>
    public const string PublicSetting = "Autonoomi:Web:PublicAddress";

    /// <summary>Believes a proxy on this machine, and its last entry alone.</summary>
    public static void UseProxyHeaders(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>(ProxySetting)) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedFor };
        // Proxies pass on what they do not set, so a host is taken only where it is the one that the operator named.
        if (Uri.TryCreate(app.Configuration[PublicSetting], UriKind.Absolute, out var address))
        {
            options.ForwardedHeaders |= ForwardedHeaders.XForwardedHost;
            options.AllowedHosts.Add(address.Host);
        }

        app.UseForwardedHeaders(options);
    }

    private static bool IsLoopback(string address)
    {
        if (address.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase)) return true;
        if (!Uri.TryCreate(address.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri)) return false;
        return uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}

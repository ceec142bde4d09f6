using System.Net;
using System.Net.Security;
using Autonoomi.Privacy.Egress;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Addresses that the product listens on, when they are not those of this process: a command looks at a store while the product may run elsewhere.</summary>
/// <param name="Addresses">As configured.</param>
internal sealed record AnnouncedAddresses(IReadOnlyList<string> Addresses);

/// <summary>This process's own front door, as a stranger meets it. Requests never leave the machine.</summary>
internal sealed class OwnDoor(IServer server, IHttpClientFactory clients, IConfiguration configuration, AnnouncedAddresses? announced = null)
{
    /// <summary>Name of its client.</summary>
    public const string Client = "own-door";

    /// <summary>What the product listens on.</summary>
    public IReadOnlyList<string> Addresses => announced?.Addresses ?? Listening;

    private IReadOnlyList<string> Listening => [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>Where a request from this machine gets in; null before the server listens.</summary>
    public Uri? Address => Listening.Select(Local).FirstOrDefault(address => address is not null);

    /// <summary>What a stranger gets for a page: answer and text. As browsers see it: under the public name, and over TLS where a proxy ends it.</summary>
    public async Task<(HttpResponseMessage Answer, string Text)> GetAsync(string path, CancellationToken cancellationToken)
    {
        var address = Address ?? throw new InvalidOperationException("the product does not listen yet");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        AsSeenOutside(request);
        var answer = await clients.CreateClient(Client).SendAsync(request, cancellationToken);
        return (answer, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>What a program gets that posts to an address as RFC 8058 says: no cookie, no token of a form.</summary>
    public async Task<HttpStatusCode> PostAsync(string path, CancellationToken cancellationToken)
    {
        var address = Address ?? throw new InvalidOperationException("the product does not listen yet");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path)) { Content = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]) };
        AsSeenOutside(request);
        using var answer = await clients.CreateClient(Client).SendAsync(request, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The client's handler: it reaches this process's own listeners alone, and takes our own certificate whatever name stands in it.</summary>
    public static HttpMessageHandler Handler(IServiceProvider provider) => provider.GetRequiredService<EgressDoor>().Handler(EgressPurpose.OwnDoor, transport => transport.SslOptions = new SslClientAuthenticationOptions
    {
#pragma warning disable CA5359 // the peer is this process; its certificate names the public host
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    });

    /// <summary>Where this process listens, as a request from this machine would name it.</summary>
    public static IEnumerable<Uri> Origins(IServer server) => (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(Local).OfType<Uri>();

    private void AsSeenOutside(HttpRequestMessage request)
    {
        if (Uri.TryCreate(configuration["Autonoomi:Web:PublicAddress"], UriKind.Absolute, out var name)) request.Headers.Host = name.Authority;
        if (configuration.GetValue<bool>(Environments.Transport.ProxySetting)) request.Headers.Add("X-Forwarded-Proto", "https");
    }

    /// <summary>The same listener, reached over loopback.</summary>
    internal static Uri? Local(string listening)
    {
        var text = listening.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.StartsWith("unix", StringComparison.OrdinalIgnoreCase)) return null;
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = ip.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri
            : address;
    }
}

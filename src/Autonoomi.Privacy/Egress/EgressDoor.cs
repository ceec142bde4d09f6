using System.IO;
using System.Net;
using System.Net.Sockets;

namespace Autonoomi.Privacy.Egress;

/// <summary>A request was not sent, or not connected: it would have left by a way that nobody allowed. Its words hold nothing of the address.</summary>
public sealed class EgressRefusedException(EgressPurpose purpose, string rule)
    : HttpRequestException($"nothing was sent ({purpose}): {rule}")
{
    public EgressPurpose Purpose { get; } = purpose;

    public string Rule { get; } = rule;
}

/// <summary>Counts what leaves. Called for every request, before it is sent, from any thread.</summary>
public interface IEgressLedger
{
    /// <param name="purpose">What it is for.</param>
    /// <param name="host">Where it goes; empty when it was refused.</param>
    /// <param name="seller">For which seller account; null for none.</param>
    void Count(EgressPurpose purpose, string host, string? seller);
}

/// <summary>Where nobody counts.</summary>
public sealed class NoEgressLedger : IEgressLedger
{
    public void Count(EgressPurpose purpose, string host, string? seller)
    {
    }
}

/// <param name="host">A name, or an address in its usual form.</param>
/// <param name="cancellationToken">Ends the wait.</param>
/// <returns>What the name stands for at this moment.</returns>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <param name="addresses">Tried in turn; no name is asked for again.</param>
/// <param name="port">The port.</param>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate Task<Stream> ConnectTo(IPAddress[] addresses, int port, CancellationToken cancellationToken);

/// <summary>
/// The one place where anything that speaks HTTP to others is made. Each request is looked at (scheme, host, port, as written) against the list of its
/// purpose; each new connection resolves the name once, looks at every address that came, and connects to these addresses and to nothing else, so that
/// a name cannot change its meaning between the look and the connection. No redirections, no cookies, no proxy, no headers of traces.
/// </summary>
/// <param name="rules">Where requests of a purpose may go, asked for each request: configuration may name an origin late.</param>
/// <param name="ledger">Counts.</param>
/// <param name="resolve">Null is the system's resolver.</param>
/// <param name="connect">Null is TCP.</param>
public sealed class EgressDoor(Func<EgressPurpose, EgressRule> rules, IEgressLedger ledger, ResolveHost? resolve = null, ConnectTo? connect = null)
{
    private static readonly HttpRequestOptionsKey<string> SellerKey = new("autonoomi.egress.seller");
    private readonly ResolveHost resolve = resolve ?? Dns.GetHostAddressesAsync;
    private readonly ConnectTo connect = connect ?? ConnectAsync;

    /// <summary>What a client gets that nobody gave a purpose: it sends nothing.</summary>
    public static HttpMessageHandler Closed() => new ClosedHandler();

    /// <summary>Says for which seller account a request is, for the counts.</summary>
    public static void For(HttpRequestMessage request, string seller) => request.Options.Set(SellerKey, seller);

    /// <returns>Why nothing may be sent to an address for a purpose; null when it may.</returns>
    public string? Refusal(EgressPurpose purpose, Uri? address) => rules(purpose).Refusal(address);

    /// <summary>Where requests of a purpose may go at this moment.</summary>
    public EgressRule Rule(EgressPurpose purpose) => rules(purpose);

    /// <param name="purpose">What its requests are for.</param>
    /// <param name="more">Further settings of the transport.</param>
    public HttpMessageHandler Handler(EgressPurpose purpose, Action<SocketsHttpHandler>? more = null)
    {
#pragma warning disable RS0030 // this is the door
        var transport = new SocketsHttpHandler
#pragma warning restore RS0030
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, cancellationToken) => new(OpenAsync(purpose, context.InitialRequestMessage.RequestUri!, context.DnsEndPoint, cancellationToken)),
        };
        more?.Invoke(transport);
        return new CheckingHandler(this, purpose) { InnerHandler = transport };
    }

    /// <summary>Resolves a host once, looks at what came, and connects to that.</summary>
    /// <param name="purpose">What the connection is for.</param>
    /// <param name="address">Of the request that needs it.</param>
    /// <param name="endPoint">Where the transport wants to connect.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EgressRefusedException">The host is not on the list, or stands for an address that is not public.</exception>
    public async Task<Stream> OpenAsync(EgressPurpose purpose, Uri address, DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(endPoint);
        var rule = rules(purpose);
        if (rule.Refusal(address) is { } refusal) throw new EgressRefusedException(purpose, refusal);
        if (!endPoint.Host.Trim('[', ']').Equals(address.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) || endPoint.Port != address.Port)
            throw new EgressRefusedException(purpose, "the connection is for another host than the request");
        var origin = rule.OriginOf(address);
        var addresses = await resolve(endPoint.Host.Trim('[', ']'), cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0) throw new EgressRefusedException(purpose, "its host stands for no address");
        // One address among several that is not public is reason enough: Amazon's names have none.
        if (!Array.TrueForAll(addresses, found => origin is not null ? PublicAddresses.MayBeOrigin(found, origin.IsLoopback) : PublicAddresses.Contains(found)))
            throw new EgressRefusedException(purpose, "its host stands for an address that is not public");
        return await connect(addresses, endPoint.Port, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class CheckingHandler(EgressDoor door, EgressPurpose purpose) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var seller = request.Options.TryGetValue(SellerKey, out var known) ? known : null;
            if (door.Refusal(purpose, request.RequestUri) is { } refusal)
            {
                door.Refused(purpose, seller);
                throw new EgressRefusedException(purpose, refusal);
            }

            // A name in the Host header that is not the address would be a second destination; only the own door has one, its public name.
            if (request.Headers.Host is not null && purpose != EgressPurpose.OwnDoor)
            {
                door.Refused(purpose, seller);
                throw new EgressRefusedException(purpose, "it names another host in its header");
            }

            door.Sending(purpose, request.RequestUri!.Host, seller);
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException failed) when (failed.InnerException is EgressRefusedException refused)
            {
                // The transport wraps what the connection said, and adds the host.
                door.Refused(purpose, seller);
                throw new EgressRefusedException(purpose, refused.Rule);
            }
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException("Requests leave asynchronously.");
    }

    private void Sending(EgressPurpose purpose, string host, string? seller) => ledger.Count(purpose, host.ToLowerInvariant(), seller);

    private void Refused(EgressPurpose purpose, string? seller) => ledger.Count(purpose, "", seller);

    private sealed class ClosedHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This client has no purpose: give it one with EgressDoor.Handler, and the purpose a list of places.");

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => throw new InvalidOperationException("This client has no purpose.");
    }
}

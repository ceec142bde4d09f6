using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Autonoomi.Privacy.Egress;

/// <summary>Which network addresses belong to the public internet. Source: IANA's registries of special-purpose addresses for IPv4 and IPv6.</summary>
public static class PublicAddresses
{
    // This network, private, shared by providers, loopback, link-local (cloud metadata), protocol assignments, documentation, relays, benchmarks, multicast, reserved, broadcast.
    private static readonly ImmutableArray<IPNetwork> NotPublic4 =
        [.. new[] { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4" }.Select(text => IPNetwork.Parse(text))];

    // Of IPv6 one block is given out. Everything beside it is something else: loopback, mapped and translated IPv4 (NAT64), unique local, link-local, multicast.
    private static readonly IPNetwork GivenOut6 = IPNetwork.Parse("2000::/3");

    // Within it: Teredo and its neighbours, documentation, 6to4.
    private static readonly ImmutableArray<IPNetwork> NotPublic6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    public static bool Contains(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !NotPublic4.Any(block => block.Contains(address)),
        // A mapped address is asked about first: the runtime finds some of them within blocks that they do not lie in (seen with .NET 10.0).
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && address.ScopeId == 0 && GivenOut6.Contains(address) && !NotPublic6.Any(block => block.Contains(address)),
        _ => false,
    };

    /// <summary>Whether a place that the configuration names may lie there: a name of this machine on this machine only, another one anywhere but where no server can be meant.</summary>
    /// <param name="address">What its name stands for now.</param>
    /// <param name="onThisMachine">Its name is one of this machine.</param>
    public static bool MayBeOrigin(IPAddress address, bool onThisMachine)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (onThisMachine) return IPAddress.IsLoopback(address);
        var special = address.AddressFamily == AddressFamily.InterNetwork
            ? NotPublic4[0].Contains(address) || NotPublic4[4].Contains(address) || NotPublic4[^2].Contains(address) || NotPublic4[^1].Contains(address)
            : address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any);
        return !special;
    }
}

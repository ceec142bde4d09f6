using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy.Egress;

/// <summary>What a request that leaves this process is for. Every one has exactly one purpose, and every purpose its own list of places.</summary>
public enum EgressPurpose
{
    /// <summary>Login with Amazon: codes and tokens.</summary>
    Login,

    /// <summary>The Ads API.</summary>
    Ads,

    /// <summary>The Selling Partner API.</summary>
    SellingPartner,

    /// <summary>Report files, where Amazon's answers say they lie.</summary>
    Documents,

    /// <summary>This process's own front door, for the probes.</summary>
    OwnDoor,

    /// <summary>A demo's pretend Amazon: its controls and its consent pages.</summary>
    Pretend,

    /// <summary>The provider of single sign-on that the operator configured: its description, its keys, codes for tokens. Nothing of a seller goes there.</summary>
    SignOn,

    /// <summary>The operator's mail server: what the product itself has to tell people.</summary>
    Mail,
}

/// <summary>Where requests of one purpose may go.</summary>
/// <param name="Hosts">Public hosts, over https on their own port; a leading dot means any host below. Of <c>.amazonaws.com</c> only the storage service: machines of other customers have names there too.</param>
/// <param name="Origins">Places that the configuration names exactly (scheme, host, port) and that need not be public: a pretend Amazon, the own front door, a provider of single sign-on.</param>
public sealed partial record EgressRule(ImmutableArray<string> Hosts, ImmutableArray<Uri> Origins)
{
    private const string Storage = ".amazonaws.com";
    private const int LongestAddress = 8_192;
    private const int LongestHost = 253;

    /// <summary>Reaches nothing.</summary>
    public static EgressRule Nowhere { get; } = new([], []);

    /// <param name="address">As it was given; its text counts, not only what it was read as.</param>
    /// <returns>Why nothing may be sent there, without a word of the address; null when it may.</returns>
    public string? Refusal(Uri? address)
    {
        if (address is null || !address.IsAbsoluteUri) return "it is no whole address";
        var text = address.OriginalString;
        if (text.Length > LongestAddress) return "it is too long";
        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0) return "it has blanks, control characters or letters that an address cannot have";
        if (text.Contains('\\', StringComparison.Ordinal)) return "it has backslashes";
        if (!text.StartsWith($"{address.Scheme}://", StringComparison.OrdinalIgnoreCase)) return "it is not written as scheme and host";

        // What stands between the slashes must be the host and nothing else, letter by letter: no user, no escapes, no second way to write it.
        var authority = text.AsSpan(address.Scheme.Length + 3);
        if (authority.IndexOfAny("/?#") is >= 0 and var end) authority = authority[..end];
        var host = address.Host;
        var plain = authority.Equals(host, StringComparison.OrdinalIgnoreCase) || authority.Equals($"{host}:{address.Port}", StringComparison.OrdinalIgnoreCase);
        if (!plain) return "its host is not written plainly";
        if (OriginOf(address) is not null) return null;
        if (address.Scheme != Uri.UriSchemeHttps) return "it is not https";
        if (!address.IsDefaultPort) return "its port is not that of https";
        if (address.HostNameType != UriHostNameType.Dns || host.Length > LongestHost || !Labels().IsMatch(host)) return "its host is no name of a public host";
        return EntryOf(host) is null ? "its host is not on the list" : null;
    }

    /// <returns>The configured place that an address lies in; null when it lies in none.</returns>
    public Uri? OriginOf(Uri address) => Origins.FirstOrDefault(origin => origin.Scheme == address.Scheme && origin.Port == address.Port && origin.Host.Equals(address.Host, StringComparison.OrdinalIgnoreCase));

    /// <returns>The entry of the list that lets a host through; null when none does.</returns>
    public string? EntryOf(string host) => Hosts.FirstOrDefault(entry => !entry.StartsWith('.')
        ? host.Equals(entry, StringComparison.OrdinalIgnoreCase)
        : host.Length > entry.Length && host.EndsWith(entry, StringComparison.OrdinalIgnoreCase) && (entry != Storage || StorageHost().IsMatch(host)));

    // Letters, digits and hyphens within; no punycode, which none of Amazon's names has.
    [GeneratedRegex(@"\A(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!xn--)[a-z][a-z0-9-]{0,61}[a-z0-9]\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Labels();

    // bucket.s3.amazonaws.com, s3.eu-west-1.amazonaws.com, bucket.s3-external-1.amazonaws.com, bucket.s3.dualstack.eu-west-1.amazonaws.com and their like.
    [GeneratedRegex(@"\A(?:[a-z0-9.-]+\.)?s3(?:-external-\d|-accelerate(?:\.dualstack)?|(?:[.-]|\.dualstack\.)[a-z]{2}(?:-[a-z]+)+-\d{1,2})?\.amazonaws\.com\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StorageHost();
}

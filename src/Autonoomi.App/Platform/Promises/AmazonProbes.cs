using System.Web;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Privacy.Egress;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Every host that the clients may talk to as they are configured now, what the door says to addresses of other kinds, and every host that was really called.</summary>
internal sealed class EgressProbe(IOptions<AmazonOptions> amazon, StorageSettings storage, EgressDoor door, EgressBook book) : IProbe
{
    /// <summary>Amazon's own domains, and those of its storage from which reports are fetched.</summary>
    private static readonly string[] Amazons =
    [
        "amazon.com", "amazon.ca", "amazon.com.mx", "amazon.com.br", "amazon.co.uk", "amazon.de", "amazon.fr", "amazon.it", "amazon.es", "amazon.com.be", "amazon.nl", "amazon.se", "amazon.pl",
        "amazon.ie", "amazon.com.tr", "amazon.ae", "amazon.sa", "amazon.in", "amazon.co.za", "amazon.co.jp", "amazon.com.au", "amazon.sg", "amazonaws.com", "cloudfront.net",
    ];

    /// <summary>One address of each kind that must never be called, and its kind.</summary>
    private static readonly (string Kind, string Address)[] Strangers =
    [
        ("another host", "https://collector.example.com/"), ("a longer name", "https://bucket.s3.amazonaws.com.example.com/"), ("a neighbouring name", "https://bucket-amazonaws.com/"),
        ("another customer's machine", "https://ec2-203-0-113-7.compute-1.amazonaws.com/"), ("a user in front", "https://bucket.s3.amazonaws.com@example.com/"), ("another port", "https://bucket.s3.amazonaws.com:8443/"),
        ("plain HTTP", "http://bucket.s3.amazonaws.com/"), ("a file", "file:///etc/passwd"), ("this machine", "https://127.0.0.1/"), ("the cloud's metadata", "http://169.254.169.254/latest/meta-data/"),
        ("a private network", "https://10.0.0.1/"), ("a number", "https://2130706433/"), ("this machine in IPv6", "https://[::1]/"), ("a mapped address", "https://[::ffff:127.0.0.1]/"), ("a dot at the end", "https://bucket.s3.amazonaws.com./"),
    ];

    private static readonly EgressPurpose[] Purposes = [EgressPurpose.Login, EgressPurpose.Ads, EgressPurpose.SellingPartner, EgressPurpose.Documents];
    private const int Days = 30;

    public string Id => "egress";
    public string Asks => "The product may talk to hosts of Amazon's and to no other.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var hosts = Hosts(amazon.Value).Distinct().ToList();
        var called = (await book.DestinationsAsync(null, Days, cancellationToken)).Where(place => Array.IndexOf(Purposes, place.Purpose) >= 0 || place.Purpose == EgressPurpose.Pretend).ToList();
        var sent = called.Where(place => place.Host.Length > 0).ToList();
        var faults = Faults(amazon.Value, storage.Environment).ToList();
        foreach (var purpose in Purposes)
            faults.AddRange(Strangers.Where(stranger => door.Refusal(purpose, new(stranger.Address)) is null).Select(stranger => $"{stranger.Kind} would be called ({purpose})"));
        faults.AddRange(sent.Where(place => !IsAmazons(place.Host) && !IsPretend(place.Host, storage.Environment)).Select(place => $"{place.Host} was called, which is none of Amazon's"));
        return Measurement.Of(faults, $"{Display.Count(hosts.Count, "host")} that calls and downloads may go to; {Purposes.Length * Strangers.Length} other addresses refused; {Display.Count(sent.Sum(place => place.All), "request")} to {Display.Count(sent.Select(place => place.Host).Distinct().Count(), "host")} in {Days} days, {called.Sum(place => place.All) - sent.Sum(place => place.All)} refused");
    }

    /// <returns>Scheme (empty for downloads, which have their own rule) and host.</returns>
    private static IEnumerable<(string Scheme, string Host)> Hosts(AmazonOptions options) =>
        options.Regions.Values.SelectMany(region => new[] { region.AdsConsent, region.Token, region.Ads, region.SellingPartner })
            .Concat(options.SellerCentral.Values).Concat(options.SellerCentralAliases.Values).Select(address => (address.Scheme, address.Host))
            .Concat(options.DownloadHosts.Select(host => ("", host.TrimStart('.'))));

    internal static IEnumerable<string> Faults(AmazonOptions options, DataEnvironment environment)
    {
        foreach (var (scheme, host) in Hosts(options).Distinct())
        {
            // A demo or a trial talks to a pretend Amazon on the same machine.
            if (IsPretend(host, environment)) continue;
            if (!IsAmazons(host)) yield return $"{host} is none of Amazon's";
            else if (scheme is not ("" or "https")) yield return $"{host} is spoken to without TLS";
        }

        if (environment == DataEnvironment.Production && options.AllowPlainHttp) yield return "downloads over plain HTTP are allowed";
    }

    private static bool IsPretend(string host, DataEnvironment environment) => environment != DataEnvironment.Production && host is "localhost" or "127.0.0.1" or "[::1]";

    private static bool IsAmazons(string host) => Array.Exists(Amazons, known => host.Equals(known, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + known, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The consent addresses as they would be opened now, against the scopes that the field manifest needs.</summary>
internal sealed class ScopesProbe(LoginWithAmazon login, IOptions<AmazonOptions> amazon) : IProbe
{
    public string Id => "scopes";
    public string Asks => "Consent pages are asked for the scopes that the field manifest needs, and for nothing else.";

    public Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var back = new Uri("https://localhost/connect/back");
        var addresses = amazon.Value.Regions.Keys.Select(region => login.AdsConsentAddress("state", "challenge", back, region))
            .Concat(amazon.Value.SellerCentral.Keys.Select(country => Marketplaces(country) is { } marketplace ? login.SellerConsentAddress("state", back, marketplace) : null).OfType<Uri>())
            .ToList();
        return Task.FromResult(Measurement.Of([.. addresses.SelectMany(Faults).Distinct()], $"{Display.Count(addresses.Count, "consent address", "consent addresses")}"));
    }

    private static Marketplace? Marketplaces(string country) => Marketplace.All.FirstOrDefault(marketplace => marketplace.Country == country);

    /// <returns>What an address asks beyond the manifest; the roles of a Selling Partner application are registered at Amazon and never part of an address.</returns>
    internal static IEnumerable<string> Faults(Uri address)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        var scopes = (query["scope"] ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var ads = address.AbsolutePath == "/ap/oa";
        var wanted = ads ? ConsentScopes.Ads : [];
        foreach (var scope in scopes.Except(wanted)) yield return $"the scope {scope} is asked for without need";
        foreach (var scope in wanted.Except(scopes)) yield return $"the scope {scope} is not asked for";
        string[] known = ads ? ["client_id", "scope", "response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method"] : ["application_id", "state", "redirect_uri", "version"];
        foreach (var name in query.AllKeys.Except(known)) yield return $"the address carries {name}";
    }
}

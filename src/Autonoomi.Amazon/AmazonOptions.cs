using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon;

/// <summary>Where Amazon is and who we are there. Production addresses are the defaults; <see cref="PointAt"/> turns all of them to one pretend Amazon.</summary>
public sealed class AmazonOptions
{
    /// <summary>Hosts per region.</summary>
    public Dictionary<AmazonRegion, RegionAddresses> Regions { get; } = new()
    {
        [AmazonRegion.NorthAmerica] = new(new("https://www.amazon.com"), new("https://api.amazon.com"), new("https://advertising-api.amazon.com"), new("https://sellingpartnerapi-na.amazon.com")),
        [AmazonRegion.Europe] = new(new("https://eu.account.amazon.com"), new("https://api.amazon.co.uk"), new("https://advertising-api-eu.amazon.com"), new("https://sellingpartnerapi-eu.amazon.com")),
        [AmazonRegion.FarEast] = new(new("https://apac.account.amazon.com"), new("https://api.amazon.co.jp"), new("https://advertising-api-fe.amazon.com"), new("https://sellingpartnerapi-fe.amazon.com")),
    };

    /// <summary>Seller Central by country, where a seller consents.</summary>
    public Dictionary<string, Uri> SellerCentral { get; } = new(StringComparer.Ordinal)
    {
        ["US"] = new("https://sellercentral.amazon.com"), ["CA"] = new("https://sellercentral.amazon.ca"), ["MX"] = new("https://sellercentral.amazon.com.mx"),
        ["BR"] = new("https://sellercentral.amazon.com.br"), ["UK"] = new("https://sellercentral-europe.amazon.com"), ["DE"] = new("https://sellercentral-europe.amazon.com"),
        ["FR"] = new("https://sellercentral-europe.amazon.com"), ["IT"] = new("https://sellercentral-europe.amazon.com"), ["ES"] = new("https://sellercentral-europe.amazon.com"),
        ["BE"] = new("https://sellercentral.amazon.com.be"), ["NL"] = new("https://sellercentral.amazon.nl"), ["SE"] = new("https://sellercentral.amazon.se"),
        ["PL"] = new("https://sellercentral.amazon.pl"), ["IE"] = new("https://sellercentral.amazon.ie"), ["TR"] = new("https://sellercentral.amazon.com.tr"),
        ["AE"] = new("https://sellercentral.amazon.ae"), ["SA"] = new("https://sellercentral.amazon.sa"), ["IN"] = new("https://sellercentral.amazon.in"),
        ["ZA"] = new("https://sellercentral.amazon.co.za"), ["JP"] = new("https://sellercentral.amazon.co.jp"), ["AU"] = new("https://sellercentral.amazon.com.au"),
        ["SG"] = new("https://sellercentral.amazon.sg"),
    };

    /// <summary>More hosts of Seller Central, by country: they answer like the one above, and the Appstore may send a seller from them.</summary>
    public Dictionary<string, Uri> SellerCentralAliases { get; } = new(StringComparer.Ordinal)
    {
        ["UK"] = new("https://sellercentral.amazon.co.uk"), ["DE"] = new("https://sellercentral.amazon.de"), ["FR"] = new("https://sellercentral.amazon.fr"),
        ["IT"] = new("https://sellercentral.amazon.it"), ["ES"] = new("https://sellercentral.amazon.es"),
    };

    /// <summary>Login with Amazon client of the Ads API.</summary>
    public string AdsClientId { get; set; } = "";

    public string AdsClientSecret { get; set; } = "";

    /// <summary>Login with Amazon client of the Selling Partner API: another one than that of the Ads API.</summary>
    public string SellingPartnerClientId { get; set; } = "";

    public string SellingPartnerClientSecret { get; set; } = "";

    /// <summary>The day on which that secret was made: Amazon ends it 180 days later. Null when nobody said.</summary>
    public DateOnly? SellingPartnerClientSecretMade { get; set; }

    /// <summary>Id of the Selling Partner application (<c>amzn1.sp.solution.…</c>), not its login client.</summary>
    public string SellingPartnerApplicationId { get; set; } = "";

    /// <summary>True while the Selling Partner application is a draft: the consent page demands it, and refuses it afterwards.</summary>
    public bool SellingPartnerApplicationIsDraft { get; set; }

    /// <summary>At most 500 characters; the Selling Partner API refuses calls without it.</summary>
    public string UserAgent { get; set; } = "Autonoomi/0.1 (Language=C#/14; Platform=DotNet/10)";

    /// <summary>The family of operations that campaigns are read and written through.</summary>
    public AdsAdapter AdsAdapter { get; set; } = AdsAdapter.Product;

    /// <summary>Whether a structure sync asks for exports first; lists are what remains.</summary>
    public bool UseExports { get; set; } = true;

    /// <summary>How long a structure sync waits for exports before it reads lists; Amazon mostly needs less than a minute.</summary>
    public TimeSpan ExportPatience { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Wait before an export is asked for again; doubled each time.</summary>
    public TimeSpan ExportPollFirst { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait between two polls of an export.</summary>
    public TimeSpan ExportPollLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for one attempt of one call; downloads have their own.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for one whole download.</summary>
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many times a read is sent at most, throttling and outages included; 1 to 10.</summary>
    public int MaximumAttempts { get; set; } = 6;

    /// <summary>First step of the exponential back-off; every delay is drawn between zero and the step (full jitter).</summary>
    public TimeSpan BackOffBase { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest single delay.</summary>
    public TimeSpan BackOffLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a call may wait for its token bucket; beyond, it fails as throttled.</summary>
    public TimeSpan LongestQueue { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a host that has been down for a while is left in peace before it is tried again; doubles with each failed try, up to ten times itself.</summary>
    public TimeSpan HostRest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a first <c>invalid_grant</c> the token service is asked once more: single wrong answers are known to happen.</summary>
    public TimeSpan RevocationRecheck { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long to wait when Amazon takes a report for a duplicate of another one that is not the same.</summary>
    public TimeSpan DuplicateWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Factor on all local rates; 1 is Amazon's published default, a pretend Amazon in a hurry takes more.</summary>
    public double RateMultiplier { get; set; } = 1;

    /// <summary>Seed of the jitter; two processes of one installation should differ.</summary>
    public int JitterSeed { get; set; } = Environment.ProcessId;

    /// <summary>Hosts from which documents may be fetched; a leading dot means any host below, of <c>.amazonaws.com</c> the storage service alone. Nothing else is ever downloaded.</summary>
    public List<string> DownloadHosts { get; } = [".amazonaws.com", ".cloudfront.net"];

    /// <summary>Downloads over plain HTTP: only for a pretend Amazon on loopback.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Largest compressed document in bytes.</summary>
    public long LargestDownload { get; set; } = 1L << 30;

    /// <summary>Largest document after decompression in bytes.</summary>
    public long LargestDocument { get; set; } = 32L << 30;

    /// <summary>Decompressed over compressed bytes beyond which a document is taken for a bomb; JSON reports reach about 60, deflate's bound is 1032.</summary>
    public int LargestRatio { get; set; } = 400;

    /// <summary>The pretend Amazon that everything was turned to; null for Amazon itself.</summary>
    public Uri? PretendAt { get; private set; }

    /// <summary>Everything at one address: a pretend Amazon serves all hosts, and documents come from it too.</summary>
    public void PointAt(Uri baseAddress)
    {
        foreach (var region in Enum.GetValues<AmazonRegion>()) Regions[region] = new(baseAddress, baseAddress, baseAddress, baseAddress);
        foreach (var country in SellerCentral.Keys.ToList()) SellerCentral[country] = baseAddress;
        SellerCentralAliases.Clear();
        PretendAt = baseAddress;
        DownloadHosts.Clear();
        DownloadHosts.Add(baseAddress.Host);
        AllowPlainHttp = baseAddress.IsLoopback;
    }
}

/// <param name="AdsConsent">Where an advertiser consents.</param>
/// <param name="Token">Login with Amazon's token service.</param>
/// <param name="Ads">Ads API.</param>
/// <param name="SellingPartner">Selling Partner API.</param>
public sealed record RegionAddresses(Uri AdsConsent, Uri Token, Uri Ads, Uri SellingPartner);

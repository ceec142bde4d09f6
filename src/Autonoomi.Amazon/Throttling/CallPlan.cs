using Autonoomi.Privacy.Egress;

namespace Autonoomi.Amazon.Throttling;

/// <summary>What the pipeline must know of one call; travels with the request.</summary>
/// <param name="Operation">For messages: method and path pattern, no ids.</param>
/// <param name="Lane">Who shares the rate: seller or profile, and operation. The last part, after a colon, is no secret.</param>
/// <param name="Rate">Published rate; null for the Ads API, which publishes none.</param>
/// <param name="Repeatable">True when sending it twice does no harm: reads, and creations that Amazon recognises as duplicates.</param>
/// <param name="Slow">Back-off from 30 seconds instead of two: report queues.</param>
internal sealed record CallPlan(string Operation, string Lane, CallRate? Rate, bool Repeatable, bool Slow = false)
{
    private static readonly HttpRequestOptionsKey<CallPlan> Key = new("autonoomi.amazon.plan");

    /// <summary>For whom: whoever waits for what all share is served in turn with the others. Set from the grant.</summary>
    public string Seller { get; init; } = "";

    /// <summary>Names the bucket of this seller where buckets are kept: no merchant's id is part of it.</summary>
    public string Bucket => $"{Operation} {Lane[(Lane.LastIndexOf(':') + 1)..]}";

    public void AttachTo(HttpRequestMessage request)
    {
        request.Options.Set(Key, this);
        if (Seller.Length > 0) EgressDoor.For(request, Seller);
    }

    public static CallPlan? Of(HttpRequestMessage? request) => request is not null && request.Options.TryGetValue(Key, out var plan) ? plan : null;
}

/// <param name="PerSecond">Tokens a second.</param>
/// <param name="Burst">Tokens at most.</param>
/// <param name="Application">What all sellers of this installation share besides; null for nothing.</param>
internal readonly record struct CallRate(double PerSecond, int Burst, SharedRate? Application = null);

/// <param name="Name">Names the bucket.</param>
/// <param name="PerSecond">Tokens a second.</param>
/// <param name="Burst">Tokens at most.</param>
internal sealed record SharedRate(string Name, double PerSecond, int Burst);

/// <summary>Default rates per operation and seller. Source: the usage plan of each Selling Partner API model; docs/amazon/clients.md.</summary>
internal static class Rates
{
    public static readonly CallRate Participations = new(0.016, 15);
    public static readonly CallRate CatalogueSearch = new(2, 2, new("catalogue search", 500, 500));
    public static readonly CallRate CatalogueItem = new(2, 2, new("catalogue item", 250, 250));
    public static readonly CallRate Listings = new(5, 5);
    public static readonly CallRate Listing = new(5, 10);
    public static readonly CallRate Inventory = new(2, 2);
    public static readonly CallRate Orders = new(0.0056, 20);
    public static readonly CallRate Order = new(0.5, 30);
    public static readonly CallRate CreatePartnerReport = new(0.0167, 15);
    public static readonly CallRate ListPartnerReports = new(0.0222, 10);
    public static readonly CallRate GetPartnerReport = new(2, 15);
    public static readonly CallRate GetPartnerDocument = new(0.0167, 15);
    public static readonly CallRate CreateQuery = new(0.0167, 15);
    public static readonly CallRate GetQuery = new(2, 15);
    public static readonly CallRate GetDocument = new(0.0167, 15);
    public static readonly CallRate CancelQuery = new(0.0222, 10);
    public static readonly CallRate FeeEstimate = new(1, 2);
    public static readonly CallRate FeeEstimates = new(0.5, 1);
    public static readonly CallRate Transactions = new(0.5, 10);

    // Not published; the slow lane that integrators found to keep report creation free of 429.
    public static readonly CallRate CreateReport = new(0.1, 5);

    // Not published either: where a profile's lane begins, and what all profiles of one region may take together.
    public static readonly CallRate Ads = new(5, 2, new("ads", 25, 25));

    // Not published: tokens live for an hour, so this is far more than anybody needs.
    public static readonly CallRate Login = new(1, 5, new("login", 5, 20));
}

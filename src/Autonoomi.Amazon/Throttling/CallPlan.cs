
namespace Autonoomi.Amazon.Throttling;

/// <summary>What the pipeline must know of one call; travels with the request.</summary>
/// <param name="Operation">For messages: method and path pattern, no ids.</param>
/// <param name="Lane">Who shares the rate: seller or profile, and operation.</param>
/// <param name="Rate">Published rate; null for the adaptive lane of the Ads API.</param>
/// <param name="Repeatable">True when sending it twice does no harm: reads, and creations that Amazon recognises as duplicates.</param>
/// <param name="Slow">Back-off from 30 seconds instead of two: report queues.</param>
internal sealed record CallPlan(string Operation, string Lane, CallRate? Rate, bool Repeatable, bool Slow = false)
{
    private static readonly HttpRequestOptionsKey<CallPlan> Key = new("autonoomi.amazon.plan");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public static CallPlan? Of(HttpRequestMessage? request) => request is not null && request.Options.TryGetValue(Key, out var plan) ? plan : null;
}

/// <param name="PerSecond">Tokens a second.</param>
/// <param name="Burst">Tokens at most.</param>
internal readonly record struct CallRate(double PerSecond, int Burst);

/// <summary>Default rates per operation and seller. Source: the usage plan of each Selling Partner API model; docs/amazon/clients.md.</summary>
internal static class Rates
{
    public static readonly CallRate Participations = new(0.016, 15);
    public static readonly CallRate Listings = new(5, 5);
    public static readonly CallRate Inventory = new(2, 2);
    public static readonly CallRate Orders = new(0.0056, 20);
    public static readonly CallRate CreateQuery = new(0.0167, 15);
    public static readonly CallRate GetQuery = new(2, 15);
    public static readonly CallRate GetDocument = new(0.0167, 15);

    // Not published; the slow lane that integrators found to keep report creation free of 429.
    public static readonly CallRate CreateReport = new(0.1, 5);
}

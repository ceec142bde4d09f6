namespace Autonoomi.Marketplace.Http;

/// <summary>How the pretend Amazon is served.</summary>
public sealed record MarketplaceSettings
{
    /// <summary>Where it listens; port 0 picks a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>What the control routes ask for in <c>X-World-Key</c>.</summary>
    public required string WorldKey { get; init; }

    /// <summary>True gives each seller Sponsored Brands and Sponsored Display campaigns beside Sponsored Products.</summary>
    public bool OtherAds { get; init; }

    /// <summary>What goes wrong from the first call on, until the control routes say otherwise.</summary>
    internal FaultScenario? Faults { get; init; }

    /// <summary>Multiplies the Selling Partner API's rates and bursts. 1 is Amazon's; the default keeps a demo from waiting.</summary>
    public double RateFactor { get; init; } = 1000;
}

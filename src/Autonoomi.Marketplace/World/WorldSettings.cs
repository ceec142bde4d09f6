namespace Autonoomi.Marketplace.World;

/// <summary>How large the market is and how it behaves. The defaults are the demo seller.</summary>
public sealed record WorldSettings
{
    /// <summary>Amazon's marketplace id; decides currency, limits and the reporting zone.</summary>
    public string MarketplaceId { get; init; } = "ATVPDKIKX0DER";

    /// <summary>Reporting days simulated under the seller's own campaigns before the clock is handed over, 0 to 400.</summary>
    public int HistoryDays { get; init; } = 60;

    /// <summary>The clock when the history has been simulated.</summary>
    public DateTimeOffset HistoryEnd { get; init; } = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Products the seller offers, 1 to 40.</summary>
    public int Products { get; init; } = 20;

    /// <summary>Multiplies the number of shoppers; 1 is the demo.</summary>
    public double Demand { get; init; } = 1;

    /// <summary>Suggested monthly budget over what the relaxed oracle would spend in 30 days; 0.35 makes it bind hard.</summary>
    public double BudgetFactor { get; init; } = 1.5;

    /// <summary>Hours until an attributed order shows in advertising reports.</summary>
    public int OrderReportLagHours { get; init; } = 12;

    /// <summary>False leaves the ad account empty (no campaigns); for tests.</summary>
    public bool NaiveCampaigns { get; init; } = true;
}

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

    /// <summary>Products the seller offers, 1 to 400.</summary>
    public int Products { get; init; } = 20;

    /// <summary>Multiplies the number of shoppers; 1 is the demo.</summary>
    public double Demand { get; init; } = 1;

    /// <summary>Suggested monthly budget over what the relaxed oracle would spend in 30 days; 0.35 makes it bind hard.</summary>
    public double BudgetFactor { get; init; } = 1.5;

    /// <summary>Hours until an attributed order shows in advertising reports.</summary>
    public int OrderReportLagHours { get; init; } = 12;

    /// <summary>False leaves the ad account empty (no campaigns); for tests.</summary>
    public bool NaiveCampaigns { get; init; } = true;

    public MarketParameters Market { get; init; } = new();

    public IReadOnlyList<MarketEvent> Events { get; init; } = [];

    public MarketMode Mode { get; init; }

    public SellerPast Past { get; init; }

    /// <summary>Keywords of the seller's past per product, all match types together; 0 keeps the demo's number.</summary>
    public int KeywordsPerProduct { get; init; }

    /// <summary>False keeps shelves full: nothing is ever out of stock (families in which stock plays no part).</summary>
    public bool StockRunsOut { get; init; } = true;

    /// <summary>Ceiling of all campaigns' spend in a calendar month together (a portfolio's cap); null when there is none.</summary>
    public decimal? AccountMonthlyCap { get; init; }

    /// <summary>Share of accepted-looking writes that fail with an internal error, decided by counter so that every policy meets the same; 0 to 0.05.</summary>
    public double WriteFailureShare { get; init; }

    /// <summary>What the seller types in for cost of goods over the truth: 1.15 is 15 % too high (S11).</summary>
    public double TypedCostFactor { get; init; } = 1;

    /// <summary>
    /// Multiplies every amount of the market (prices, costs, fees, bids of rivals and of the seller's past, budgets, the smallest charge) after it was drawn:
    /// 100 for yen, 2 in the test that doubling all money changes no score.
    /// </summary>
    public decimal MoneyScale { get; init; } = 1;

    /// <summary>The marketplace's limits; null takes Amazon's own. For tests that scale all money.</summary>
    public Autonoomi.Core.Primitives.Marketplace? Limits { get; init; }
}

using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Facts;

/// <summary>An immutable snapshot of one storefront: all that screens, optimiser and narration may ask. Reads need no lock.</summary>
public sealed record Workspace
{
    public required StorefrontId Storefront { get; init; }
    public required Marketplace Marketplace { get; init; }

    /// <summary>The current reporting day; facts of it are not complete.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>When the facts were last read from Amazon; null before the first sync.</summary>
    public required DateTimeOffset? SyncedAt { get; init; }

    public ImmutableArray<Campaign> Campaigns { get; init; } = [];
    public ImmutableArray<AdGroup> AdGroups { get; init; } = [];
    public ImmutableArray<ProductAd> ProductAds { get; init; } = [];
    public ImmutableArray<Target> Targets { get; init; } = [];
    public ImmutableArray<Negative> Negatives { get; init; } = [];
    public ImmutableArray<Listing> Listings { get; init; } = [];

    public FactTable TargetDays { get; init; } = FactTable.Empty(Dataset.TargetDay);
    public FactTable SearchTermDays { get; init; } = FactTable.Empty(Dataset.SearchTermDay);
    public FactTable PlacementDays { get; init; } = FactTable.Empty(Dataset.PlacementDay);
    public FactTable ProductDays { get; init; } = FactTable.Empty(Dataset.ProductDay);
    public FactTable SkuDays { get; init; } = FactTable.Empty(Dataset.SkuDay);
    public FactTable OrderDays { get; init; } = FactTable.Empty(Dataset.OrderDay);
    public FactTable InventoryDays { get; init; } = FactTable.Empty(Dataset.InventoryDay);

    /// <summary>What the account showed of each click day at each age at which it was first read: how orders arrive.</summary>
    public FactTable MaturityDays { get; init; } = FactTable.Empty(Dataset.MaturityDay);

    // Sponsored Brands and Display, each as its report tells it.
    public FactTable BrandsTargetDays { get; init; } = FactTable.Empty(Dataset.BrandsTargetDay);
    public FactTable BrandsPlacementDays { get; init; } = FactTable.Empty(Dataset.BrandsPlacementDay);
    public FactTable BrandsSearchTermDays { get; init; } = FactTable.Empty(Dataset.BrandsSearchTermDay);
    public FactTable DisplayTargetDays { get; init; } = FactTable.Empty(Dataset.DisplayTargetDay);
    public FactTable DisplayProductDays { get; init; } = FactTable.Empty(Dataset.DisplayProductDay);

    // What was bought after clicks on whose ads; see Profit.Bought.
    public FactTable PurchaseDays { get; init; } = FactTable.Empty(Dataset.PurchaseDay);
    public FactTable BrandsPurchaseDays { get; init; } = FactTable.Empty(Dataset.BrandsPurchaseDay);
    public FactTable DisplayPurchaseDays { get; init; } = FactTable.Empty(Dataset.DisplayPurchaseDay);

    /// <summary>Single movements of money; empty until settlements or postings were read.</summary>
    public FactTable LedgerDays { get; init; } = FactTable.Empty(Dataset.LedgerDay);

    /// <summary>Goods that came back; empty where returns are not read.</summary>
    public FactTable ReturnDays { get; init; } = FactTable.Empty(Dataset.ReturnDay);

    /// <summary>The days up to the newest of which returns were read without a gap; null where they are not read.</summary>
    public DateSpan? ReturnsRead { get; init; }

    /// <summary>Amazon's own estimates of its fees; empty until it was asked.</summary>
    public FactTable FeeEstimates { get; init; } = FactTable.Empty(Dataset.FeeEstimate);

    /// <summary>Amazon's planning figures of its warehouses, as last read; empty where the report was not read.</summary>
    public FactTable StockPlans { get; init; } = FactTable.Empty(Dataset.StockPlan);

    /// <summary>Visits by product; empty where they are not read.</summary>
    public FactTable TrafficDays { get; init; } = FactTable.Empty(Dataset.TrafficDay);

    /// <summary>What shoppers of all sellers searched for, by week and product, of the newest weeks; empty where Amazon does not tell it. See Signals.Searched.</summary>
    public FactTable SearchQueryWeeks { get; init; } = FactTable.Empty(Dataset.SearchQueryWeek);

    /// <summary>What all searches together brought each product, by week, of the newest weeks; empty where Amazon does not tell it.</summary>
    public FactTable SearchCatalogueWeeks { get; init; } = FactTable.Empty(Dataset.SearchCatalogueWeek);

    /// <summary>Which products are clicked most after the searches that concern the seller, by week, of the newest weeks; empty where Amazon does not tell it. See Signals.Searched.</summary>
    public FactTable SearchTermWeeks { get; init; } = FactTable.Empty(Dataset.SearchTermWeek);

    /// <summary>Facts by hour; empty where the seller has no hourly stream.</summary>
    public FactTable HourDays { get; init; } = FactTable.Empty(Dataset.HourDay);

    /// <summary>Amazon's suggested bids for enabled targets, as last read; a target without one is missing.</summary>
    public ImmutableArray<BidSuggestion> Suggestions { get; init; } = [];

    /// <summary>What the seller entered per product, with the day from which it holds.</summary>
    public ImmutableArray<ProductCost> Costs { get; init; } = [];

    /// <summary>Value added tax that prices hold: what the seller set, then the storefront's standard rate. Empty: prices hold none.</summary>
    public ImmutableArray<VatRate> VatRates { get; init; } = [];

    /// <summary>Goals, mode and limits that the seller set.</summary>
    public required StorefrontSettings Settings { get; init; }

    /// <summary>True while nothing may be written: the stop switch, or a day that the seller froze.</summary>
    public bool IsFrozen => Settings.IsFrozenOn(Today);

    /// <summary>Changes applied in the last 90 days, oldest first.</summary>
    public ImmutableArray<AppliedChange> Changes { get; init; } = [];

    /// <summary>Campaigns whose budget was lowered today to keep the day's cap: it is given back with the next day.</summary>
    public ImmutableArray<CampaignId> LoweredToday { get; init; } = [];

    /// <summary>What Amazon itself holds, raises and promotes; null where nobody asks Amazon, and then the seller's word counts.</summary>
    public AmazonControls? Controls { get; init; }

    /// <summary>The month's spend at which Amazon itself stops: as the seller says, or only as far as Amazon confirms it where Amazon was asked.</summary>
    public Money? HeldMonth => Controls is null ? Settings.PortfolioCap : Budgeting.PortfolioCheck.Of(this).Held;

    /// <summary>Ad spend of the month so far that these facts do not tell, because the snapshot shows a part of the storefront; null where they tell all.</summary>
    public Money? SpentElsewhere { get; init; }

    /// <summary>Search terms on their way from a source to a target of their own.</summary>
    public ImmutableArray<Handover> Handovers { get; init; } = [];
}

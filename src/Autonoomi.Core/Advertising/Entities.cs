using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Advertising;

public enum EntityState { Enabled, Paused, Archived }

/// <summary>Amazon's advertising products. They differ in attribution window and lowest bid.</summary>
public enum AdProduct
{
    /// <summary>Orders within 7 days of the click.</summary>
    SponsoredProducts,

    /// <summary>Orders within 14 days of the click.</summary>
    SponsoredBrands,

    /// <summary>Orders within 14 days of the click.</summary>
    SponsoredDisplay,
}

public static class AdProducts
{
    /// <summary>As Amazon calls it.</summary>
    public static string Name(this AdProduct product) => product switch
    {
        AdProduct.SponsoredProducts => "Sponsored Products",
        AdProduct.SponsoredBrands => "Sponsored Brands",
        AdProduct.SponsoredDisplay => "Sponsored Display",
    };
}

/// <summary>What a campaign of Sponsored Brands or Display pays for, and so what its bids are for. Sponsored Products always pays per click.</summary>
public enum CostType
{
    /// <summary>Not told, or a word that is not known: nobody may take its bids for bids per click.</summary>
    Unknown,

    /// <summary>Bids are per click.</summary>
    PerClick,

    /// <summary>Bids are per thousand views.</summary>
    PerThousandViews,
}

/// <summary>What a budget of Sponsored Brands is for. Budgets of Sponsored Products and Display are always daily.</summary>
public enum BudgetPeriod
{
    /// <summary>Not told, or a word that is not known: nobody may take its use for spend of the day.</summary>
    Unknown,

    Daily,

    /// <summary>For all days until the campaign ends.</summary>
    Lifetime,
}

public enum TargetingType { Auto, Manual }

/// <summary>How Amazon may move a bid in one auction.</summary>
public enum BiddingStrategy
{
    /// <summary>Lower only, when a sale looks unlikely.</summary>
    DownOnly,

    /// <summary>Lower, or raise by at most 100 %.</summary>
    UpAndDown,

    /// <summary>The bid as it is.</summary>
    Fixed,

    /// <summary>Amazon's own rule moves bids; we never bid into such a campaign.</summary>
    RuleBased,
}

public enum Placement { TopOfSearch, RestOfSearch, ProductPages }

public enum TargetKind { Keyword, Product, Auto }

/// <summary>What lets a target answer a shopper: three keyword match types, a product, one of Amazon's four auto clauses, or one of the rarer kinds. Stored as numbers: add at the end only.</summary>
public enum MatchType
{
    Exact, Phrase, Broad, Product, Category, CloseMatch, LooseMatch, Substitutes, Complements,

    /// <summary>Pages of all products of a brand.</summary>
    Brand,

    /// <summary>Sponsored Products: searches that Amazon gathers under a theme.</summary>
    KeywordGroup,

    /// <summary>Sponsored Display: pages about a subject, also away from Amazon's shop.</summary>
    ContentCategory,

    /// <summary>A kind that is not known here; the text holds Amazon's own words. Shown, and never decided on.</summary>
    Other,
}

/// <summary>Stored as numbers: add at the end only.</summary>
public enum NegativeMatch
{
    Exact, Phrase, Product, Brand,

    /// <summary>As <see cref="MatchType.Other"/>.</summary>
    Other,
}

/// <param name="Id">Amazon's id.</param>
/// <param name="Name">At most 128 characters.</param>
/// <param name="Targeting">Fixed at creation.</param>
/// <param name="State">Archived never comes back.</param>
/// <param name="DailyBudget">Average daily budget; Amazon may spend up to twice as much on one day.</param>
/// <param name="Strategy">Dynamic bidding.</param>
/// <param name="TopOfSearchPercent">Placement increase in whole percent, 0 to 900.</param>
/// <param name="RestOfSearchPercent">As above.</param>
/// <param name="ProductPagesPercent">As above.</param>
public sealed record Campaign(
    CampaignId Id, string Name, TargetingType Targeting, EntityState State, Money DailyBudget, BiddingStrategy Strategy,
    int TopOfSearchPercent, int RestOfSearchPercent, int ProductPagesPercent)
{
    public AdProduct AdProduct { get; init; } = AdProduct.SponsoredProducts;

    /// <summary>As Amazon tells it of Sponsored Brands and Display; it says nothing of Sponsored Products.</summary>
    public CostType CostType { get; init; }

    /// <summary>As Amazon tells it of Sponsored Brands alone.</summary>
    public BudgetPeriod BudgetPeriod { get; init; }

    /// <summary>True where the use of the budget is known to be the day's.</summary>
    public bool BudgetIsDaily => AdProduct != AdProduct.SponsoredBrands || BudgetPeriod == BudgetPeriod.Daily;

    /// <summary>True where bids are known to be per click.</summary>
    public bool PaysPerClick => AdProduct == AdProduct.SponsoredProducts || CostType == CostType.PerClick;

    /// <summary>True where bids are per click and the seller's: no rule of Amazon's moves them, nor does Amazon place those of Sponsored Brands.</summary>
    public bool BidsAreOurs => PaysPerClick && (AdProduct == AdProduct.SponsoredBrands ? Strategy == BiddingStrategy.Fixed : Strategy != BiddingStrategy.RuleBased);

    /// <returns>The placement increase in whole percent, 0 to 900.</returns>
    public int PercentAt(Placement placement) => placement switch
    {
        Placement.TopOfSearch => TopOfSearchPercent,
        Placement.RestOfSearch => RestOfSearchPercent,
        Placement.ProductPages => ProductPagesPercent,
    };
}

public sealed record AdGroup(AdGroupId Id, CampaignId Campaign, string Name, EntityState State, Money DefaultBid);

public sealed record ProductAd(AdId Id, CampaignId Campaign, AdGroupId AdGroup, Sku Sku, Asin Asin, EntityState State);

/// <param name="Id">Amazon's id.</param>
/// <param name="Campaign">Parent.</param>
/// <param name="AdGroup">Parent.</param>
/// <param name="Kind">Routes writes: keywords and targets have different operations.</param>
/// <param name="Match">Match type, auto clause or one of the rarer kinds.</param>
/// <param name="Text">Keyword text, ASIN, id of a category or brand, or Amazon's name of what is reached; empty for auto clauses.</param>
/// <param name="State">Archived never comes back.</param>
/// <param name="Bid">Bid in force: the target's own or, where it has none, the ad group's default.</param>
public sealed record Target(
    TargetId Id, CampaignId Campaign, AdGroupId AdGroup, TargetKind Kind, MatchType Match, string Text, EntityState State, Money Bid);

/// <param name="Id">Amazon's id.</param>
/// <param name="Campaign">Parent.</param>
/// <param name="AdGroup">Parent; null for a negative of the whole campaign.</param>
/// <param name="Match">Exact, phrase, product, brand or other.</param>
/// <param name="Text">Keyword text, ASIN or the brand's id.</param>
/// <param name="State">Enabled or archived.</param>
public sealed record Negative(NegativeId Id, CampaignId Campaign, AdGroupId? AdGroup, NegativeMatch Match, string Text, EntityState State);

/// <summary>One offer of the seller in one storefront.</summary>
/// <param name="Sku">The seller's article number.</param>
/// <param name="Asin">Amazon's article number.</param>
/// <param name="Title">Listing title.</param>
/// <param name="Price">Current price including taxes where the storefront shows them so.</param>
/// <param name="Buyable">False when the offer is suppressed or closed.</param>
public sealed record Listing(Sku Sku, Asin Asin, string Title, Money Price, bool Buyable);

/// <summary>Amazon's suggestion for one target: quantiles of recent winning bids of similar products.</summary>
/// <param name="Target">Which target.</param>
/// <param name="Low">Per click.</param>
/// <param name="Median">Per click.</param>
/// <param name="High">Per click.</param>
public sealed record BidSuggestion(TargetId Target, Money Low, Money Median, Money High);

using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What the seller knows about a product and Amazon does not.</summary>
/// <param name="Sku">The seller's article number.</param>
/// <param name="From">First day on which these figures hold; a later entry replaces them.</param>
/// <param name="CostOfGoods">Per unit, zero or more: purchase or production.</param>
/// <param name="InboundPerUnit">Per unit, zero or more: freight and preparation until the unit is in Amazon's warehouse.</param>
/// <param name="TargetMargin">Wanted contribution after ads as a fraction of the price, 0 to 0.9; null when the seller has no wish.</param>
/// <param name="LeadTimeDays">Days from order to available stock, 0 to 365.</param>
public sealed record ProductCost(Sku Sku, DateOnly From, Money CostOfGoods, Money InboundPerUnit, double? TargetMargin, int LeadTimeDays)
{
    /// <summary>True where nobody has told the cost and a share of the price stands in for it: reckoned with like any other, and named as a guess wherever profit is shown.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool Guessed { get; init; }
}

public enum AutomationMode
{
    /// <summary>Shows what it would do.</summary>
    Watch,

    /// <summary>Applies what a person approved.</summary>
    Ask,

    /// <summary>Applies by itself within the limits.</summary>
    Auto,
}

/// <summary>What the seller decided for one storefront.</summary>
/// <param name="Mode">How far the software may go.</param>
/// <param name="MonthlyBudget">Ceiling of ad spend per calendar month.</param>
/// <param name="MaximumBid">The highest bid per click that may ever be set.</param>
/// <param name="ProtectedTerms">Search terms and words that are never negated, lower case.</param>
/// <param name="ProtectedCampaigns">Campaigns that are never touched.</param>
/// <param name="Frozen">True stops every write (kill switch).</param>
public sealed record StorefrontSettings(
    AutomationMode Mode, Money MonthlyBudget, Money MaximumBid,
    System.Collections.Immutable.ImmutableArray<string> ProtectedTerms,
    System.Collections.Immutable.ImmutableArray<CampaignId> ProtectedCampaigns,
    bool Frozen)
{
    /// <summary>What the seller wants of products without a goal of their own.</summary>
    public Goal Goal { get; init; } = Goal.Profit;

    /// <summary>Goals of single products, at most one each.</summary>
    public System.Collections.Immutable.ImmutableArray<ProductGoal> Goals { get; init; } = [];

    /// <summary>Words of the seller's own brand, lower case: searches that hold one count as brand searches.</summary>
    public System.Collections.Immutable.ImmutableArray<string> BrandTerms { get; init; } = [];

    /// <summary>The most that one click may ever cost with placements and dynamic bidding on top of the bid, above zero; null: three times its value is the only limit.</summary>
    public Money? MaximumClickCost { get; init; }

    /// <summary>The most that all campaigns together may spend on one day, above zero; null: the month's budget alone limits. Amazon may spend twice a daily budget, so budgets share half of it.</summary>
    public Money? DailyCap { get; init; }

    /// <summary>
    /// Monthly budget that the seller gave at Amazon to one portfolio with all campaigns, above zero; null without one. Where it is no more than <see cref="MonthlyBudget"/>
    /// Amazon itself ends the month's spend, whatever becomes of this software, and daily budgets need not fit into the month's rest.
    /// </summary>
    public Money? PortfolioCap { get; init; }

    /// <summary>Share of the products that are left as they are, so that the others can be compared with them, 0 to 0.2; see docs/maths/rollback.md.</summary>
    public double HoldOutShare { get; init; }

    /// <summary>True: an order counts only for the share that would not have come without the ad, by kind of search; false: as Amazon attributes it.</summary>
    public bool CountIncrementality { get; init; }

    /// <summary>Value added tax that the seller's prices hold, where it is not the storefront's standard rate.</summary>
    public System.Collections.Immutable.ImmutableArray<VatRate> VatRates { get; init; } = [];

    /// <summary>Goods bought together, for costs first in first out; products without any cost what held on the day.</summary>
    public System.Collections.Immutable.ImmutableArray<GoodsBatch> Batches { get; init; } = [];

    /// <summary>Costs beside goods, fees and ads.</summary>
    public System.Collections.Immutable.ImmutableArray<OtherCost> OtherCosts { get; init; } = [];

    /// <summary>Days on which more or fewer people buy than usual, as the seller knows them beforehand.</summary>
    public System.Collections.Immutable.ImmutableArray<PlannedEvent> Events { get; init; } = [];

    /// <summary>Products of which nothing is touched: neither ad groups with them nor, as a whole, campaigns that advertise them.</summary>
    public System.Collections.Immutable.ImmutableArray<Sku> ProtectedProducts { get; init; } = [];

    /// <summary>Modes of single campaigns, at most one each; a campaign never goes further than the storefront.</summary>
    public System.Collections.Immutable.ImmutableArray<CampaignMode> CampaignModes { get; init; } = [];

    /// <summary>Days on which nothing is written.</summary>
    public System.Collections.Immutable.ImmutableArray<FreezeSpan> FreezeDates { get; init; } = [];

    /// <summary>The most changes of all kinds together within 20 hours, 1 or more; null: the guardrails' own numbers alone limit.</summary>
    public int? MaximumChangesPerDay { get; init; }

    /// <summary>True where nothing may be written on the day, by the stop switch or by a date.</summary>
    public bool IsFrozenOn(DateOnly day) => Frozen || (!FreezeDates.IsDefaultOrEmpty && FreezeDates.Any(span => span.First <= day && day <= span.Last));

    /// <summary>How far the software may go in a campaign: the more careful of its own mode and the storefront's.</summary>
    public AutomationMode ModeOf(CampaignId campaign)
    {
        if (CampaignModes.IsDefaultOrEmpty) return Mode;
        foreach (var own in CampaignModes)
            if (own.Campaign == campaign) return own.Mode < Mode ? own.Mode : Mode;
        return Mode;
    }
}

/// <param name="Campaign">Which.</param>
/// <param name="Mode">How far the software may go in it.</param>
public sealed record CampaignMode(CampaignId Campaign, AutomationMode Mode);

/// <param name="First">First day.</param>
/// <param name="Last">Last day, not before the first.</param>
/// <param name="Name">What for, in the seller's words; may be empty.</param>
public sealed record FreezeSpan(DateOnly First, DateOnly Last, string Name);

/// <summary>Days that the seller expects to differ from usual ones.</summary>
/// <param name="Name">For people.</param>
/// <param name="FirstDay">First day.</param>
/// <param name="LastDay">Last day, not before the first.</param>
/// <param name="Demand">Shoppers over usual, 0.1 to 10.</param>
/// <param name="Conversion">Orders per click over usual, 0.3 to 3.</param>
public sealed record PlannedEvent(string Name, DateOnly FirstDay, DateOnly LastDay, double Demand, double Conversion);

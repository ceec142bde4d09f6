using System.Collections.Immutable;
using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core;

/// <summary>Everything one look at a storefront leads to. The same workspace and settings give the same decision, element by element.</summary>
public sealed record Decision
{
    /// <summary>What may be written, largest expected effect first; nothing in it breaks a guardrail, alone or together.</summary>
    public required ImmutableArray<Proposal> Proposals { get; init; }

    /// <summary>What the optimiser wanted and a guardrail refused.</summary>
    public required ImmutableArray<Withheld> Withheld { get; init; }

    /// <summary>
    /// Every hand-over of the storefront after this decision: store it in place of all earlier ones.
    /// An entry in state <see cref="HandoverState.Created"/> whose target never comes (rejected, expired) disappears by itself.
    /// </summary>
    public required ImmutableArray<Handover> Handovers { get; init; }

    /// <summary>λ: profit that one more currency unit of ad budget would return, 0 when the budget does not bind.</summary>
    public required double BudgetPrice { get; init; }

    /// <summary>Spend on Sponsored Products expected today at the bids decided.</summary>
    public required Money PlannedSpend { get; init; }

    /// <summary>The same by campaign; empty where nothing could be decided.</summary>
    public ImmutableArray<CampaignPlan> Plan { get; init; } = [];

    /// <summary>Campaigns whose hours differ for certain, where there are figures by the hour.</summary>
    public ImmutableArray<DaypartPlan> Dayparts { get; init; } = [];

    /// <summary>What the data lacks and what was assumed or held because of it.</summary>
    public required ImmutableArray<DataNote> Notes { get; init; }
}

/// <param name="Campaign">Which.</param>
/// <param name="Spend">Ad spend expected today, zero or more.</param>
public sealed record CampaignPlan(CampaignId Campaign, Money Spend);

/// <param name="Proposal">What was wanted.</param>
/// <param name="Guardrail">G1 to G12, or <c>hold-out</c> for products that are left alone.</param>
/// <param name="Why">One sentence.</param>
public sealed record Withheld(Proposal Proposal, string Guardrail, string Why);

public enum DataIssue
{
    MissingCosts, MissingPrice, MissingStock, MissingFees, NegativeContribution,
    NeverSynced, StaleFacts, MissingDays, NoBudget, DelayCurveAssumed, BudgetTimeAssumed, TaxesNotModelled, SeveralProducts, Frozen, AcosOutOfReach, Emergency, RollbackWatch, BelowHoldOut, WritesFail,
    DoubtfulReport, PortfolioDiffers, AmazonRaisesBudgets, AmazonPromotesKeywords, BidsStay, DayCap, RunsAway,
}

/// <param name="Issue">What is wrong or assumed.</param>
/// <param name="Product">The product it concerns; null when it concerns the storefront.</param>
/// <param name="Text">One sentence for people, with the fix where there is one.</param>
/// <param name="Holds">True when decisions are held because of it.</param>
public sealed record DataNote(DataIssue Issue, Sku? Product, string Text, bool Holds);

using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Guardrails;

/// <param name="Proposal">What may pass, perhaps less than was asked.</param>
/// <param name="Why">Why nothing may pass; null otherwise.</param>
internal readonly record struct Verdict(Proposal Proposal, string? Why)
{
    public static Verdict Pass(Proposal proposal) => new(proposal, null);
    public static Verdict Hold(Proposal proposal, string why) => new(proposal, why);
}

/// <summary>One thing that no proposal may break. Each judges a proposal alone; what only the sum can break is the coordinator's.</summary>
internal abstract class Guardrail(string id)
{
    /// <summary>Name under which a ceiling set by a guardrail stands in the evidence.</summary>
    public const string Ceiling = "guardrailCeiling";

    public string Id => id;

    public abstract Verdict Judge(Proposal proposal, GuardContext context);

    /// <summary>In order; the first that refuses names the reason.</summary>
    public static IReadOnlyList<Guardrail> All { get; } =
    [
        new CompleteData(), new OneWriter(), new WholeRecord(), new BidLimits(), new BidSteps(), new BudgetSteps(), new HardCaps(),
        new ProvenTraffic(), new ProfitableTargets(), new Emergencies(), new Sellable(),
    ];

    protected static Verdict Capped(Proposal proposal, Change change, decimal ceiling) =>
        Verdict.Pass(proposal with
        {
            Change = change,
            Evidence = new Evidence(proposal.Evidence.Values.RemoveAll(value => value.Name == Ceiling).Add(new EvidenceValue(Ceiling, (double)ceiling, change is SetBid bid ? bid.After.Currency.Code : "factor"))),
        });
}

/// <summary>G1: within the marketplace's and the seller's limits; the worst click never costs more than three times its value.</summary>
internal sealed class BidLimits() : Guardrail("G1")
{
    public const double WorstOverValue = 3;

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        var market = context.Workspace.Marketplace;
        switch (proposal.Change)
        {
            case SetBid bid:
                if (Outside(bid.After, bid.Campaign, context) is { } refused) return Verdict.Hold(proposal, refused);
                if (bid.After <= bid.Before) return Verdict.Pass(proposal);
                if (context.Measured.Structure.Target(bid.Target) is not (>= 0 and var target) || context.Measured.Structure.Campaign(bid.Campaign) is not (>= 0 and var home)) return Verdict.Hold(proposal, "the target is not known");
                var highest = Highest(context.Measured.ClickValue(target), context.Workspace.Campaigns[home], market);
                if (bid.After.Amount <= highest) return Verdict.Pass(proposal);
                return highest > bid.Before.Amount
                    ? Capped(proposal, bid with { After = bid.After with { Amount = highest } }, highest)
                    : Verdict.Hold(proposal, "with placements and dynamic bidding one click could cost more than three times its value");

            case CreateTarget create:
                if (Outside(create.Bid, create.Campaign, context) is { } outside) return Verdict.Hold(proposal, outside);
                if (context.Measured.Structure.Campaign(create.Campaign) is not (>= 0 and var destination)) return Verdict.Hold(proposal, "the campaign is not known");
                var value = Graduation.HarvestInputs.Read(proposal.Evidence) is var inputs ? inputs.Posterior.Mean * inputs.Contribution : 0;
                return create.Bid.Amount <= Highest(value, context.Workspace.Campaigns[destination], market)
                    ? Verdict.Pass(proposal)
                    : Verdict.Hold(proposal, "with placements and dynamic bidding one click could cost more than three times its value");

            case SetBudget budget:
                return budget.After.Amount >= market.MinimumBudget && budget.After.Amount <= market.MaximumBudget
                    ? Verdict.Pass(proposal)
                    : Verdict.Hold(proposal, "the budget is outside Amazon's limits");

            case SetPlacement placement:
                return placement.AfterPercent is >= 0 and <= 900 ? Verdict.Pass(proposal) : Verdict.Hold(proposal, "the percentage is outside 0 to 900");

            default:
                return Verdict.Pass(proposal);
        }
    }

    private static string? Outside(Money bid, CampaignId campaign, GuardContext context) =>
        bid.Amount < context.Workspace.Marketplace.MinimumBid || bid.Amount > context.Workspace.Marketplace.MaximumBid ? "the bid is outside Amazon's limits"
        : bid.Amount > Math.Max(context.Workspace.Settings.MaximumBid.Amount, context.Workspace.Marketplace.MinimumBid) ? "the bid is above your highest bid"
        : context.Measured.Structure.Campaign(campaign) is >= 0 and var home && bid > context.Workspace.Campaigns[home].DailyBudget ? "the bid is above the campaign's daily budget, which Amazon refuses"
        : null;

    private static decimal Highest(double value, Campaign campaign, Marketplace market) =>
        Math.Floor((decimal)Math.Min(1e7, WorstOverValue * value / Signals.Measurement.WorstMultiplier(campaign)) / market.BidStep) * market.BidStep;
}

/// <summary>G2: no leaps.</summary>
internal sealed class BidSteps() : Guardrail("G2")
{
    private const double SingleStepDays = 2.8;

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (proposal.Change is CreateTarget && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to add anything");
        if (proposal.Change is not SetBid bid) return Verdict.Pass(proposal);
        if (bid.After > bid.Before && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to raise a bid");
        var history = context.Measured.History.Bid(bid.EntityKey, bid.Before.Amount);
        var step = (decimal)(context.Measured.History.IsFirstWeek ? context.Settings.FirstWeekStep : context.Settings.DailyStep);
        var single = Math.Abs(bid.After.Amount - bid.Before.Amount) <= context.Workspace.Marketplace.BidStep && history.DaysSinceChange >= SingleStepDays;
        if (single) return Verdict.Pass(proposal);
        if (bid.After.Amount > history.DayStart * (1 + step)) return Verdict.Hold(proposal, "the rise is more than a day's step");
        if (bid.After > bid.Before && bid.After.Amount > history.WeekStart * (1 + (decimal)context.Settings.WeeklyRise)) return Verdict.Hold(proposal, "the rise over seven days would be too much");

        // A bid above the seller's own limit comes down at once.
        var overLimit = bid.Before > context.Workspace.Settings.MaximumBid;
        return bid.After.Amount < history.DayStart * (1 - step) && !overLimit ? Verdict.Hold(proposal, "the cut is more than a day's step") : Verdict.Pass(proposal);
    }
}

/// <summary>G3: budgets move by a quarter a day at most; down faster only to keep the month's cap.</summary>
internal sealed class BudgetSteps() : Guardrail("G3")
{
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (proposal.Change is not SetBudget budget) return Verdict.Pass(proposal);
        var start = context.Measured.History.Budget(budget.EntityKey, budget.Before.Amount).DayStart;
        var step = (decimal)context.Settings.BudgetStep;
        if (budget.After > budget.Before && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to raise a budget");
        if (budget.After.Amount > start * (1 + step)) return Verdict.Hold(proposal, "the rise is more than a day's step");
        return budget.After.Amount < start * (1 - step) && proposal.Evidence["freeFall"] != 1 ? Verdict.Hold(proposal, "the cut is more than a day's step") : Verdict.Pass(proposal);
    }
}

/// <summary>G4: once the month's money is gone nothing is raised. That all budgets together stay inside is the coordinator's part.</summary>
internal sealed class HardCaps() : Guardrail("G4")
{
    public override Verdict Judge(Proposal proposal, GuardContext context) =>
        GuardContext.Raises(proposal.Change) && proposal.Change is not ArchiveNegative && context.Measured.MonthToDate >= (double)context.Workspace.Settings.MonthlyBudget.Amount
            ? Verdict.Hold(proposal, "the month's ad budget is spent")
            : Verdict.Pass(proposal);
}

/// <summary>G5: proven traffic and protected words are never cut.</summary>
internal sealed class ProvenTraffic() : Guardrail("G5")
{
    public const double HighestOrderShare = 0.02;

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (proposal.Change is not AddNegative negative) return Verdict.Pass(proposal);
        if (negative.AdGroup is null) return Verdict.Hold(proposal, "whole campaigns are never closed to a term");
        if (ProtectedTerms.Holds(context.Workspace.Settings.ProtectedTerms, negative.Text)) return Verdict.Hold(proposal, "the term is protected");
        if (context.Closed.Covers(negative.Campaign, negative.AdGroup, negative.Match, negative.Text)) return Verdict.Hold(proposal, "the term is closed already");
        if (proposal.Reason == ReasonCode.IsolateSource)
            return Graduation.HandoverRule.Delivers(proposal.Evidence["impressions7"], proposal.Evidence["clicks7"]) && HasOwnTarget(proposal, negative, context)
                ? Verdict.Pass(proposal)
                : Verdict.Hold(proposal, "the term has no target of its own that delivers");
        return context.OrderShare(negative.Campaign, negative.Text) > HighestOrderShare ? Verdict.Hold(proposal, "more than 2 % of the campaign's orders came through this term") : Verdict.Pass(proposal);
    }

    private static bool HasOwnTarget(Proposal proposal, AddNegative negative, GuardContext context)
    {
        var structure = context.Measured.Structure;
        return structure.ExactByGroup.Values.Any(texts => texts.TryGetValue(negative.Text, out var target)
            && context.Workspace.Targets[target].State == EntityState.Enabled
            && context.Workspace.Targets[target].AdGroup != negative.AdGroup
            && structure.TargetProduct[target] is >= 0 and var product && structure.Products[product] == proposal.Product
            && context.Measured.IsManaged(structure.TargetCampaign[target]));
    }
}

/// <summary>G6: nothing that earns money is switched off, unless it cannot be sold.</summary>
internal sealed class ProfitableTargets() : Guardrail("G6")
{
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (proposal.Change is not SetTargetState { After: not EntityState.Enabled } state) return Verdict.Pass(proposal);
        var target = context.Measured.Structure.Target(state.Target);
        if (target >= 0 && context.CannotSell(context.Measured.Structure.TargetProduct[target])) return Verdict.Pass(proposal);
        return target < 0 || double.IsNaN(context.Measured.Contribution[target]) || context.Measured.ClickValue(target) >= context.Measured.ClickPrice(target) * 0.5
            ? Verdict.Hold(proposal, "the target may earn money")
            : Verdict.Pass(proposal);
    }
}

/// <summary>G7: hands off what is protected, frozen, changed by somebody else or taken back by a person.</summary>
internal sealed class OneWriter() : Guardrail("G7")
{
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        var (workspace, structure) = (context.Workspace, context.Measured.Structure);
        if (workspace.Settings.Frozen) return Verdict.Hold(proposal, "all writes are frozen");
        if (workspace.Settings.ProtectedCampaigns.Contains(proposal.Change.Campaign)) return Verdict.Hold(proposal, "the campaign is protected");
        var campaign = structure.Campaign(proposal.Change.Campaign);
        if (campaign < 0 || !context.Measured.IsManaged(campaign)) return Verdict.Hold(proposal, "the campaign is not enabled, or Amazon's own rule moves its bids");
        var why = proposal.Change switch
        {
            SetBid bid => structure.Target(bid.Target) is not (>= 0 and var target) || workspace.Targets[target].State != EntityState.Enabled ? "the target is not enabled"
                : workspace.Targets[target].Bid != bid.Before ? "the bid changed on Amazon meanwhile"
                : context.Measured.History.Bid(bid.EntityKey, bid.Before.Amount).UndoneByPerson ? "a person took the last change back"
                : null,
            SetBudget budget => workspace.Campaigns[campaign].DailyBudget != budget.Before ? "the budget changed on Amazon meanwhile"
                : context.Measured.History.Budget(budget.EntityKey, budget.Before.Amount).UndoneByPerson ? "a person took the last change back"
                : null,
            SetPlacement placement => workspace.Campaigns[campaign].PercentAt(placement.Placement) != placement.BeforePercent ? "the percentage changed on Amazon meanwhile" : null,
            SetTargetState state => structure.Target(state.Target) is not (>= 0 and var target) || workspace.Targets[target].State != state.Before ? "the target changed on Amazon meanwhile" : null,
            CreateTarget create => structure.Group(create.AdGroup) is not (>= 0 and var group) || workspace.AdGroups[group].State != EntityState.Enabled ? "the ad group is not enabled" : null,
            AddNegative negative => TookBack(context, negative.EntityKey) ? "a person took the last change back" : null,
            ArchiveNegative => null,
            _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal.Change, "A change without a guardrail."),
        };
        return why is null ? Verdict.Pass(proposal) : Verdict.Hold(proposal, why);
    }

    // A negative that a person removed within half a year stays removed.
    private static bool TookBack(GuardContext context, string key) => context.Measured.History.Of(key) is { Count: > 0 } changes && changes[^1] is { ByPerson: true, Change: ArchiveNegative };
}

/// <summary>G9: no more fuel into a fire.</summary>
internal sealed class Emergencies() : Guardrail("G9")
{
    public override Verdict Judge(Proposal proposal, GuardContext context) =>
        context.Emergency is { } why && GuardContext.Raises(proposal.Change) && proposal.Change is not ArchiveNegative ? Verdict.Hold(proposal, why) : Verdict.Pass(proposal);
}

/// <summary>G10: nothing is decided on nothing.</summary>
internal sealed class CompleteData() : Guardrail("G10")
{
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (context.Measured.HoldAll) return Verdict.Hold(proposal, "the facts are not complete");
        if (proposal.Product is not { } sku) return Verdict.Pass(proposal);
        var product = context.Measured.Structure.Product(sku);
        return product < 0 || context.Measured.MaturedClicks[product] < 1
            ? Verdict.Hold(proposal, string.Create(CultureInfo.InvariantCulture, $"no click of {sku} is old enough to have shown its orders"))
            : Verdict.Pass(proposal);
    }
}

/// <summary>G11: every write says what stood there, why, and what it should bring.</summary>
internal sealed class WholeRecord() : Guardrail("G11")
{
    public override Verdict Judge(Proposal proposal, GuardContext context) =>
        proposal.Id.Value.Length > 0 && !proposal.Evidence.Values.IsEmpty && proposal.Evidence.Values.All(value => value.Unit == "text" || double.IsFinite(value.Value))
        && double.IsFinite(proposal.Effect.ProbabilityPositive) && SameCurrency(proposal.Change, context.Workspace.Marketplace.Currency)
            ? Verdict.Pass(proposal)
            : Verdict.Hold(proposal, "the record of its reasons is not complete");

    private static bool SameCurrency(Change change, Currency currency) => change switch
    {
        SetBid bid => bid.Before.Currency == currency && bid.After.Currency == currency,
        SetBudget budget => budget.Before.Currency == currency && budget.After.Currency == currency,
        CreateTarget create => create.Bid.Currency == currency,
        _ => true,
    };
}

/// <summary>G12: what cannot be sold is not pushed.</summary>
internal sealed class Sellable() : Guardrail("G12")
{
    public override Verdict Judge(Proposal proposal, GuardContext context) =>
        proposal is { Product: { } sku, Change: SetBid or CreateTarget } && GuardContext.Raises(proposal.Change) && context.CannotSell(context.Measured.Structure.Product(sku))
            ? Verdict.Hold(proposal, "the product is sold out or cannot be bought")
            : Verdict.Pass(proposal);
}

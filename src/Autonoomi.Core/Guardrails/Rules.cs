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
    private const string TooDear = "with placements and dynamic bidding one click could cost more than three times its value, or than you allow";

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        var market = context.Workspace.Marketplace;
        switch (proposal.Change)
        {
            case SetBid bid:
                if (Outside(bid.After, bid.Campaign, context) is { } refused) return Verdict.Hold(proposal, refused);
                if (bid.After <= bid.Before) return Verdict.Pass(proposal);
                if (context.Measured.Structure.Target(bid.Target) is not (>= 0 and var target) || context.Measured.Structure.Campaign(bid.Campaign) is not (>= 0 and var home)) return Verdict.Hold(proposal, "the target is not known");
                var highest = Highest(context.ClickValue(target), home, context);
                if (bid.After.Amount <= highest) return Verdict.Pass(proposal);
                return highest > bid.Before.Amount
                    ? Capped(proposal, bid with { After = bid.After with { Amount = highest } }, highest)
                    : Verdict.Hold(proposal, TooDear);

            case CreateTarget create:
                if (Outside(create.Bid, create.Campaign, context) is { } outside) return Verdict.Hold(proposal, outside);
                if (context.Measured.Structure.Campaign(create.Campaign) is not (>= 0 and var destination)) return Verdict.Hold(proposal, "the campaign is not known");
                var value = Graduation.HarvestInputs.Read(proposal.Evidence) is var inputs ? Math.Min(inputs.Posterior.Mean * inputs.Contribution, inputs.SafeValue) : 0;
                return create.Bid.Amount <= Highest(value, destination, context) ? Verdict.Pass(proposal) : Verdict.Hold(proposal, TooDear);

            case SetBudget budget:
                return budget.After.Amount >= market.MinimumBudget && budget.After.Amount <= market.MaximumBudget
                    ? Verdict.Pass(proposal)
                    : Verdict.Hold(proposal, "the budget is outside Amazon's limits");

            case SetPlacement placement:
                if (placement.AfterPercent is < 0 or > 900) return Verdict.Hold(proposal, "the percentage is outside 0 to 900");
                return placement.AfterPercent > placement.BeforePercent && context.Measured.Structure.Campaign(placement.Campaign) is >= 0 and var moved && context.PlacementCostsTooMuch(moved)
                    ? Verdict.Hold(proposal, TooDear)
                    : Verdict.Pass(proposal);

            case SetTargetState { After: EntityState.Enabled } state:
                if (context.Measured.Structure.Target(state.Target) is not (>= 0 and var woken) || context.Measured.Structure.Campaign(state.Campaign) is not (>= 0 and var its)) return Verdict.Hold(proposal, "the target is not known");
                return context.Workspace.Targets[woken].Bid.Amount <= Math.Max(market.MinimumBid, Highest(context.ClickValue(woken), its, context)) ? Verdict.Pass(proposal) : Verdict.Hold(proposal, TooDear);

            default:
                return Verdict.Pass(proposal);
        }
    }

    private static string? Outside(Money bid, CampaignId campaign, GuardContext context)
    {
        var home = context.Measured.Structure.Campaign(campaign) is >= 0 and var index ? context.Workspace.Campaigns[index] : null;
        var market = context.Workspace.Marketplace.For(home?.AdProduct ?? AdProduct.SponsoredProducts);
        return bid.Amount < market.MinimumBid || bid.Amount > market.MaximumBid ? "the bid is outside Amazon's limits"
            : bid.Amount > Math.Max(context.Workspace.Settings.MaximumBid.Amount, market.MinimumBid) ? "the bid is above your highest bid"
            : bid > home?.DailyBudget ? "the bid is above the campaign's daily budget, which Amazon refuses"
            : null;
    }

    // The value limits, and the seller's own ceiling for one click, both at the dearest placement that may be in force by tomorrow.
    private static decimal Highest(double value, int campaign, GuardContext context)
    {
        var (worst, step) = (context.WorstMultiplier(campaign), context.Workspace.Marketplace.BidStep);
        var money = Math.Min(WorstOverValue * value, (double)(context.Workspace.Settings.MaximumClickCost?.Amount ?? 10_000_000m));
        return Math.Floor((decimal)Math.Min(1e7, money / worst) / step) * step;
    }
}

/// <summary>G2: no leaps.</summary>
internal sealed class BidSteps() : Guardrail("G2")
{
    /// <summary>Percentage points that a placement may move within seven days.</summary>
    public const int PlacementPoints = 25;

    private const double SingleStepDays = 2.8;

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        var adds = proposal.Change is CreateTarget or SetTargetState { After: EntityState.Enabled };
        if (adds && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to add anything");
        if (proposal.Change is SetPlacement placement) return Placement(proposal, placement, context);
        if (proposal.Change is not SetBid bid) return Verdict.Pass(proposal);
        if (bid.After > bid.Before && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to raise a bid");
        var history = context.Measured.History.Bid(bid.EntityKey, bid.Before.Amount);
        var step = (decimal)(context.Measured.History.IsFirstWeek ? context.Settings.FirstWeekStep : context.Settings.DailyStep);
        var single = Math.Abs(bid.After.Amount - bid.Before.Amount) <= context.Workspace.Marketplace.BidStep && history.DaysSinceChange >= SingleStepDays;
        if (single || context.IsReturn(bid)) return Verdict.Pass(proposal);
        if (bid.After.Amount > history.DayStart * (1 + step)) return Verdict.Hold(proposal, "the rise is more than a day's step");
        if (bid.After > bid.Before && bid.After.Amount > history.WeekStart * (1 + (decimal)context.Settings.WeeklyRise)) return Verdict.Hold(proposal, "the rise over seven days would be too much");

        // A bid above the seller's own limit comes down at once.
        var overLimit = bid.Before > context.Workspace.Settings.MaximumBid;
        return bid.After.Amount < history.DayStart * (1 - step) && !overLimit ? Verdict.Hold(proposal, "the cut is more than a day's step") : Verdict.Pass(proposal);
    }

    private static Verdict Placement(Proposal proposal, SetPlacement placement, GuardContext context)
    {
        if (placement.AfterPercent > placement.BeforePercent && context.Measured.HoldRaises) return Verdict.Hold(proposal, "facts are too old, or no budget is set, to raise a placement");
        var week = context.Measured.History.Percent(placement.EntityKey, placement.BeforePercent).WeekStart;
        return Math.Abs(placement.AfterPercent - week) > PlacementPoints || Math.Abs(placement.AfterPercent - placement.BeforePercent) > PlacementPoints
            ? Verdict.Hold(proposal, "a placement moves by 25 points within seven days at most")
            : Verdict.Pass(proposal);
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
        return budget.After < budget.Before && budget.After.Amount < start * (1 - step) && proposal.Evidence["freeFall"] != 1 ? Verdict.Hold(proposal, "the cut is more than a day's step") : Verdict.Pass(proposal);
    }
}

/// <summary>G4: once the month's money is gone nothing is raised. That all budgets together stay inside is the coordinator's part.</summary>
internal sealed class HardCaps() : Guardrail("G4")
{
    public override Verdict Judge(Proposal proposal, GuardContext context) =>
        GuardContext.Raises(proposal.Change) && proposal.Change is not ArchiveNegative && context.Measured.MonthToDate >= (double)context.Workspace.Settings.MonthlyBudget.Amount
            ? Verdict.Hold(proposal, "the month's ad budget is spent")
            : proposal.Change is SetBudget && GuardContext.Raises(proposal.Change) && context.Workspace.LoweredToday.Contains(proposal.Change.Campaign)
            ? Verdict.Hold(proposal, "the budget was lowered to keep today's cap; it is given back with the next day")
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
        if (Protects(context.Workspace.Settings.ProtectedTerms, negative) || Protects(context.Workspace.Settings.BrandTerms, negative)) return Verdict.Hold(proposal, "the term is protected, or your own brand");
        if (context.Closed.Covers(negative.Campaign, negative.AdGroup, negative.Match, negative.Text)) return Verdict.Hold(proposal, "the term is closed already");
        if (proposal.Reason == ReasonCode.IsolateSource)
            return Graduation.HandoverRule.Delivers(proposal.Evidence["impressions7"], proposal.Evidence["clicks7"]) && HasOwnTarget(proposal, negative, context)
                ? Verdict.Pass(proposal)
                : Verdict.Hold(proposal, "the term has no target of its own that delivers");
        return context.OrderShare(negative) > HighestOrderShare ? Verdict.Hold(proposal, "more than 2% of the campaign's orders came through this term") : Verdict.Pass(proposal);
    }

    // A negative that is part of protected words would close them too.
    private static bool Protects(IReadOnlyList<string> words, AddNegative negative) => ProtectedTerms.Holds(words, negative.Text)
        || (negative.Match == NegativeMatch.Phrase && words.Any(word => GuardContext.HoldsWords(word.Trim(), negative.Text.Trim())));

    private static bool HasOwnTarget(Proposal proposal, AddNegative negative, GuardContext context)
    {
        var structure = context.Measured.Structure;
        return Candidates(negative, structure).Any(target => context.Workspace.Targets[target].State == EntityState.Enabled
            && context.Workspace.Targets[target].AdGroup != negative.AdGroup
            && structure.TargetProduct[target] is >= 0 and var product && structure.Products[product] == proposal.Product
            && context.Measured.IsManaged(structure.TargetCampaign[target]));
    }

    private static IEnumerable<int> Candidates(AddNegative negative, Facts.Structure structure) => negative.Match == NegativeMatch.Product
        ? Enumerable.Range(0, structure.Workspace.Targets.Length).Where(target => structure.Workspace.Targets[target] is { Match: MatchType.Product } entry && string.Equals(entry.Text.Trim(), negative.Text, StringComparison.OrdinalIgnoreCase))
        : structure.ExactByGroup.Values.Select(texts => texts.GetValueOrDefault(negative.Text, -1)).Where(target => target >= 0);
}

/// <summary>G6: nothing that earns money is switched off, unless it cannot be sold.</summary>
internal sealed class ProfitableTargets() : Guardrail("G6")
{
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (proposal.Change is not SetTargetState { After: not EntityState.Enabled } state) return Verdict.Pass(proposal);
        var target = context.Measured.Structure.Target(state.Target);
        if (target < 0) return Verdict.Hold(proposal, "the target is not known");
        if (context.CannotSell(context.Measured.Structure.TargetProduct[target])) return Verdict.Pass(proposal);

        return double.IsNaN(context.Measured.Contribution[target]) || context.ClickValue(target) >= context.Measured.ClickPrice(target) * 0.5
            ? Verdict.Hold(proposal, "the target may earn money")
            : Verdict.Pass(proposal);
    }
}

/// <summary>G7: hands off what is protected, frozen, changed by somebody else or taken back by a person.</summary>
internal sealed class OneWriter() : Guardrail("G7")
{
    private static readonly TimeSpan RollbackRest = TimeSpan.FromDays(7);

    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        var (workspace, structure) = (context.Workspace, context.Measured.Structure);
        if (workspace.IsFrozen) return Verdict.Hold(proposal, "all writes are frozen");
        if (workspace.Settings.ProtectedCampaigns.Contains(proposal.Change.Campaign)) return Verdict.Hold(proposal, "the campaign is protected");
        if (context.TouchesProtectedProduct(proposal.Change)) return Verdict.Hold(proposal, "a product that it would touch is protected");
        var campaign = structure.Campaign(proposal.Change.Campaign);
        if (campaign < 0 || !context.Measured.IsManaged(campaign)) return Verdict.Hold(proposal, "the campaign is not enabled, or Amazon's own rule moves its bids");
        var why = proposal.Change switch
        {
            SetBid bid => structure.Target(bid.Target) is not (>= 0 and var target) || workspace.Targets[target].State != EntityState.Enabled ? "the target is not enabled"
                : workspace.Targets[target].Bid != bid.Before ? "the bid changed on Amazon meanwhile"
                : context.Measured.History.Bid(bid.EntityKey, bid.Before.Amount).UndoneByPerson ? "a person took the last change back"
                : null,
            SetBudget budget when workspace.Controls?.UnderRule.Contains(budget.Campaign) == true => "a budget rule at Amazon moves this campaign's budget",
            SetBudget budget => workspace.Campaigns[campaign].DailyBudget != budget.Before ? "the budget changed on Amazon meanwhile"
                : context.Measured.History.Budget(budget.EntityKey, budget.Before.Amount).UndoneByPerson ? "a person took the last change back"
                : null,
            SetPlacement placement => workspace.Campaigns[campaign].PercentAt(placement.Placement) != placement.BeforePercent ? "the percentage changed on Amazon meanwhile"
                : context.Measured.History.Percent(placement.EntityKey, placement.BeforePercent).UndoneByPerson ? "a person took the last change back"
                : null,
            SetTargetState state => structure.Target(state.Target) is not (>= 0 and var target) || workspace.Targets[target].State != state.Before ? "the target changed on Amazon meanwhile"
                : state.Before == EntityState.Archived || state.After == EntityState.Archived ? "what is archived never comes back"
                : SetByPerson(context, state) ? "a person set the target's state"
                : null,
            CreateTarget create => structure.Group(create.AdGroup) is not (>= 0 and var group) || workspace.AdGroups[group].State != EntityState.Enabled ? "the ad group is not enabled"
                : context.HasTwin(create) ? "the target exists already"
                : null,
            AddNegative negative => TookBack(context, negative.EntityKey) ? "a person took the last change back" : null,
            ArchiveNegative archive => workspace.Negatives.Any(entry => entry.Id == archive.Negative && entry.State == EntityState.Enabled) ? null : "the negative is gone already",
            _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal.Change, "A change without a guardrail."),
        };
        why ??= Rests(proposal, context);
        return why is null ? Verdict.Pass(proposal) : Verdict.Hold(proposal, why);
    }

    // What was rolled back is left alone for a week, so that the old value can show what it does.
    private static string? Rests(Proposal proposal, GuardContext context)
    {
        if (proposal.Module == Module.Rollback || context.Measured.History.Of(proposal.Change.EntityKey) is not { Count: > 0 } changes) return null;
        var now = Signals.ChangeHistory.Now(context.Workspace);
        return changes.Any(applied => applied.Module == Module.Rollback && applied.At <= now && now - applied.At < RollbackRest) ? "it was rolled back less than seven days ago" : null;
    }

    // A state that a person set stands for half a year, as far as it is remembered.
    private static bool SetByPerson(GuardContext context, SetTargetState state) => context.Measured.History.Of(state.EntityKey) is { Count: > 0 } changes && changes[^1].ByPerson;

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
    public override Verdict Judge(Proposal proposal, GuardContext context)
    {
        if (!GuardContext.Raises(proposal.Change) || proposal.Change is ArchiveNegative) return Verdict.Pass(proposal);
        var structure = context.Measured.Structure;
        var product = proposal.Change switch
        {
            SetBid bid => structure.Target(bid.Target) is >= 0 and var target ? structure.TargetProduct[target] : -1,
            SetTargetState state => structure.Target(state.Target) is >= 0 and var target ? structure.TargetProduct[target] : -1,
            CreateTarget create => structure.Group(create.AdGroup) is >= 0 and var group ? structure.GroupProduct[group] : -1,
            _ => -1,
        };
        var idle = context.CannotSell(product) || (proposal.Product is { } sku && context.CannotSell(structure.Product(sku))) || !context.CampaignSells(structure.Campaign(proposal.Change.Campaign));
        return idle ? Verdict.Hold(proposal, "the product is sold out or cannot be bought") : Verdict.Pass(proposal);
    }
}

using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.Recommendations;

/// <summary>One step of a formula with its numbers.</summary>
/// <param name="Name">What it works out.</param>
/// <param name="Working">The numbers that go in.</param>
/// <param name="Result">What comes out.</param>
public sealed record FormulaStep(string Name, string Working, string Result);

/// <summary>What recomputing a proposal from its stored inputs says.</summary>
/// <param name="Same">True when the same change comes out to the last digit.</param>
/// <param name="Words">The same in a sentence.</param>
public sealed record ReplayResult(bool Same, string Words);

/// <summary>How a decision came about, told from the proposal's stored evidence alone.</summary>
public static class DecisionCard
{
    /// <summary>The formula of the change with its numbers; empty where the evidence is of an older make or the rule is a test, which <see cref="Rule"/> tells in words.</summary>
    public static IReadOnlyList<FormulaStep> Formula(Proposal proposal) => proposal.Change switch
    {
        SetBid when proposal.Reason != ReasonCode.RollBack && Has(proposal, "clicks", "orders", "priorMean", "priorStrength", "clickValue", "wantedBid", "shading", "budgetPrice", "placementMultiplier") => Bid(proposal),
        CreateTarget create when Has(proposal, "clicks", "orders", "priorMean", "priorStrength", "contribution", "wantedBid", "highestSourceBid") => Created(proposal, create),
        SetBudget budget when proposal.Reason != ReasonCode.KeepDay && Has(proposal, "planned", "poolScale", "wantedBudget", "clickPrice") => Budget(proposal, budget),
        SetPlacement placement when Has(proposal, "clicks", "orders", "campaignRate", "accountRatio", "pseudoClicks", "ratio", "lowestRatio", "wantedPercent") => Placed(proposal, placement),
        AddNegative when proposal.Reason == ReasonCode.NegateTerm && Has(proposal, "fairPrice", "contribution", "breakEvenRate", "chanceToPay", "clicks30", "saving", "chance") => Negative(proposal),
        _ => [],
    };

    /// <summary>The rule behind this kind of change, in words.</summary>
    public static string Rule(Proposal proposal) => Catalogue.Of(proposal) is var entry ? $"{char.ToUpperInvariant(entry.Trigger[0])}{entry.Trigger[1..]}. Expected effect: {entry.Formula}." : "";

    /// <summary>Limits that hold the change short of what the figures want.</summary>
    /// <returns>One sentence each; empty where none bit.</returns>
    public static IReadOnlyList<string> Limits(Proposal proposal)
    {
        var (evidence, currency) = (proposal.Evidence, proposal.Effect.Mean.Currency);
        string Money(double amount) => Display.Amount(new Money((decimal)Math.Clamp(amount, -1e12, 1e12), currency));
        var said = new List<string>();
        if (evidence.Find("guardrailCeiling") is { } ceiling && proposal.Change is SetBid or SetBudget) said.Add($"A guardrail lets {Money(ceiling)} pass today and no more.");
        switch (proposal.Change)
        {
            case SetBid { After.Amount: var after } bid when evidence.Find("wantedBid") is { } wanted && evidence.Find("bidStep") is { } step && Math.Abs(wanted - (double)after) > step:
                var rises = bid.After > bid.Before;
                if (rises && evidence.Find("maximumBid") is { } own && Near(after, own, step)) said.Add($"Your highest bid of {Money(own)} ends the rise.");
                if (rises && evidence.Find("marketMaximum") is { } most && Near(after, most, step)) said.Add($"Amazon's highest bid is {Money(most)}.");
                if (!rises && evidence.Find("marketMinimum") is { } least && Near(after, least, step)) said.Add($"Amazon's lowest bid is {Money(least)}.");
                if (evidence.Find("dayBid") is { } day && evidence.Find("dailyStep") is { } daily && Near(after, day * (rises ? 1 + daily : 1 - daily), step)) said.Add($"A day's step is {Display.Percent(daily, 0)} at most: from {Money(day)} no further than {Money((double)after)}.");
                if (rises && evidence.Find("weekBid") is { } week && evidence.Find("weeklyRise") is { } weekly && Near(after, week * (1 + weekly), step)) said.Add($"A week's rise is {Display.Percent(weekly, 0)} at most: from {Money(week)} no further than {Money((double)after)}.");
                break;
            case SetBudget { After.Amount: var after } budget when evidence.Find("wantedBudget") is { } wanted && evidence.Find("unit") is { } unit && Math.Abs(wanted - (double)after) > unit:
                if (evidence.Find("dayBudget") is { } dayBudget && evidence.Find("dailyStep") is { } move && Near(after, dayBudget * (budget.After > budget.Before ? 1 + move : 1 - move), unit)) said.Add($"A budget moves by {Display.Percent(move, 0)} a day at most: from {Money(dayBudget)} no further than {Money((double)after)}.");
                if (evidence.Find("minimum") is { } lowest && Near(after, lowest, unit)) said.Add($"Amazon's lowest daily budget is {Money(lowest)}.");
                break;
            case SetPlacement placement when evidence.Find("wantedPercent") is { } wanted && evidence.Find("step") is { } step && Math.Abs(wanted - placement.AfterPercent) > 1:
                said.Add($"An increase moves by {step.ToString("0", CultureInfo.InvariantCulture)} points at a time: {wanted.ToString("0", CultureInfo.InvariantCulture)}% are wanted.");
                break;
        }

        return said;
    }

    /// <summary>Decides again from the stored inputs alone.</summary>
    public static ReplayResult Replayed(Proposal proposal)
    {
        try
        {
            var again = Replay.Recompute(proposal);
            return again == proposal.Change
                ? new(true, $"Decided again from the stored inputs: {Told(again)}. Identical to what was proposed.")
                : new(false, $"Decided again from the stored inputs: {Told(again)}, where {Told(proposal.Change)} was proposed. It was made by another version of the deciding code, or its record was changed.");
        }
        catch (Exception fault) when (fault is InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            return new(false, "The stored inputs lead to no change: they are of another version of the deciding code, or incomplete.");
        }
    }

    private static string Told(Change change) => change switch
    {
        SetBid bid => $"bid {Display.Amount(bid.Before)} → {Exact(bid.After)}",
        SetBudget budget => $"daily budget {Display.Amount(budget.Before)} → {Exact(budget.After)}",
        SetPlacement placement => $"increase {placement.BeforePercent}% → {placement.AfterPercent}%",
        CreateTarget create => $"a target for '{create.Text}' at {Exact(create.Bid)}",
        AddNegative negative => $"block '{negative.Text}'",
        ArchiveNegative archive => $"allow '{archive.Text}' again",
        SetTargetState state => $"state {TargetWords.State(state.Before)} → {TargetWords.State(state.After)}",
        _ => change.GetType().Name,
    };

    private static string Exact(Money money) => $"{Display.Symbol(money.Currency)}{money.Amount.ToString("N" + money.Currency.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)}";

    private static List<FormulaStep> Bid(Proposal proposal)
    {
        var evidence = proposal.Evidence;
        var (value, wanted) = (evidence["clickValue"], evidence["wantedBid"]);
        var rate = Rate(evidence);
        var steps = new List<FormulaStep> { RateStep(evidence, rate) };
        steps.Add(new("A click is worth", $"{Percent(rate)} × {Money(proposal, rate > 0 ? value / rate : 0)} that an order counts", Money(proposal, value)));
        steps.Add(new("Bid wanted", $"{Number(evidence["shading"])} × {Money(proposal, value)} ÷ ({Number(1 + evidence["budgetPrice"])} price of money × {Number(evidence["placementMultiplier"])} placements)", Money(proposal, wanted)));
        if (proposal.Change is SetBid bid) steps.Add(new("Bid set", "rounded to Amazon's step, within the limits below", Exact(bid.After)));
        return steps;
    }

    private static List<FormulaStep> Created(Proposal proposal, CreateTarget create)
    {
        var evidence = proposal.Evidence;
        var rate = Rate(evidence);
        var counts = evidence.Find("incrementality") ?? 1;
        return
        [
            RateStep(evidence, rate),
            new("A click is worth", $"{Percent(rate)} × {Money(proposal, evidence["contribution"])} left per order{(counts == 1 ? "" : $" × {Percent(counts)} that the ad brings")}", Money(proposal, rate * evidence["contribution"] * counts)),
            new("Start bid", $"the larger of {Money(proposal, evidence["wantedBid"])} wanted and a little above the source's {Money(proposal, evidence["highestSourceBid"])}", Exact(create.Bid)),
        ];
    }

    private static List<FormulaStep> Budget(Proposal proposal, SetBudget budget)
    {
        var evidence = proposal.Evidence;
        return
        [
            new("Planned spend a day", "what the bids decided are expected to cost", Money(proposal, evidence["planned"])),
            new("Budget wanted", evidence["poolScale"] >= 2 ? $"planned spend with room for busy days at {Money(proposal, evidence["clickPrice"])} a click" : $"its share of the month's rest ({Number(Math.Min(1, evidence["poolScale"]))} of the plan{(evidence["poolScale"] > 1 ? $" and {Number(evidence["poolScale"] - 1)} of the room for busy days" : "")})", Money(proposal, evidence["wantedBudget"])),
            new("Budget set", "within the limits below", Exact(budget.After)),
        ];
    }

    private static List<FormulaStep> Placed(Proposal proposal, SetPlacement placement)
    {
        var evidence = proposal.Evidence;
        return
        [
            new("Clicks here against the mean click", $"({Number(evidence["orders"])} orders + {Number(evidence["pseudoClicks"])} × {Percent(evidence["campaignRate"])} × {Number(evidence["accountRatio"])}) ÷ (({Number(evidence["clicks"])} clicks + {Number(evidence["pseudoClicks"])}) × {Percent(evidence["campaignRate"])})", $"×{Number(evidence["ratio"])}"),
            new("Increase wanted", $"100 × (×{Number(evidence["ratio"])} ÷ ×{Number(evidence["lowestRatio"])} at the weakest placement − 1)", $"{evidence["wantedPercent"].ToString("0", CultureInfo.InvariantCulture)}%"),
            new("Increase set", "within the limits below", $"{placement.AfterPercent}%"),
        ];
    }

    private static List<FormulaStep> Negative(Proposal proposal)
    {
        var evidence = proposal.Evidence;
        return
        [
            new("Orders per click that pay", $"{Money(proposal, evidence["fairPrice"])} a click ÷ {Money(proposal, evidence["contribution"])} left per order", Percent(evidence["breakEvenRate"])),
            new("Chance that it pays", $"after {Number(evidence["clicks"])} clicks and {Number(evidence["orders"])} orders; at most {Percent(evidence["chance"])} to block", Percent(evidence["chanceToPay"])),
            new("Saved in 30 days", $"{Number(evidence["clicks30"])} clicks × (price − worth)", Money(proposal, evidence["saving"])),
        ];
    }

    private static double Rate(Evidence evidence) => evidence["priorMean"] > 0 && evidence["priorStrength"] > 0
        ? Posterior.Of(Math.Max(0, evidence["orders"]), Math.Max(evidence["clicks"], evidence["orders"] / 3), evidence["priorMean"], evidence["priorStrength"]).Mean
        : 0;

    private static FormulaStep RateStep(Evidence evidence, double rate) => new("Orders per click",
        $"({Number(evidence["orders"])} orders + {Number(evidence["priorStrength"])} × {Percent(evidence["priorMean"])} expected before) ÷ ({Number(evidence["clicks"])} clicks + {Number(evidence["priorStrength"])})", Percent(rate));

    private static bool Has(Proposal proposal, params string[] names) => names.All(name => proposal.Evidence.Find(name) is { } value && double.IsFinite(value));

    private static bool Near(decimal amount, double limit, double step) => Math.Abs((double)amount - limit) <= step;

    private static string Money(Proposal proposal, double amount) =>
        ChangeWords.Figure(new EvidenceValue("amount", amount, proposal.Effect.Mean.Currency.Code));

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Percent(double fraction) => (fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}

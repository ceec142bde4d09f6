using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Proposals;

/// <summary>One English sentence or three per proposal, made of its stored numbers.</summary>
public static class ProposalText
{
    /// <returns>What changes and why, with money and uncertainty.</returns>
    public static string Sentence(Proposal proposal) => proposal.Reason == ReasonCode.RollBack ? RollBack(proposal) : proposal.Change switch
    {
        SetBid bid => Bid(proposal, bid),
        SetBudget budget when proposal.Reason == ReasonCode.KeepDay => KeepDay(proposal, budget),
        SetBudget budget => Budget(proposal, budget),
        CreateTarget create => $"'{create.Text}' sells through a shared bid of {Amount(proposal, "sourceBid")}; as a keyword of its own at {Amount(create.Bid)} it is expected to add {Range(proposal.Effect)} a month.{(proposal.Evidence.Find("incrementality") is < 1 and var counted ? $" Of its orders {Percent(counted)} count: the others would have come without the ad." : "")} Its source is closed to it only after the new keyword delivers.",
        AddNegative negative when proposal.Reason == ReasonCode.IsolateSource => $"'{negative.Text}' now has a keyword of its own that was shown {Number(proposal, "impressions7")} times and clicked {Number(proposal, "clicks7")} times within a week; its source is closed to it so that the two do not bid against each other. {NoMoney} The gain was told with the keyword.",
        AddNegative negative when proposal.Reason == ReasonCode.RemoveDuplicate => $"'{negative.Text}' has a target of its own at {Amount(proposal, "ownBid")}, but a looser one at {Amount(proposal, "sourceBid")} took {Number(proposal, "clicks30")} of its clicks in 30 days at {Amount(proposal, "clickPrice")} each; it is closed to the term. Expected {Range(proposal.Effect)} a month.",
        AddNegative negative => $"'{negative.Text}' needs {Percent(proposal.Evidence["breakEvenRate"])} of its clicks to buy at {Amount(proposal, "clickPrice")} a click; after {Number(proposal, "clicks")} clicks and {Number(proposal, "orders")} orders the chance that it does is {Percent(proposal.Evidence["chanceToPay"])}.{Brought(proposal)} Closing it saves {Range(proposal.Effect)} a month.",
        ArchiveNegative archive => $"'{archive.Text}' brings {Number(proposal, "clicksPerDay")} clicks a day as a keyword of its own, against {Number(proposal, "sourceClicksPerDay")} in its source before; the source is opened to it again.{Missed(proposal)} {Money(proposal)}",
        SetPlacement placement => Placed(proposal, placement),
        SetTargetState state => $"The target goes from {state.Before} to {state.After}. {Money(proposal)}",
        _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal.Change, "A change without a sentence."),
    };

    private const string NoMoney = "This step alone changes nothing in money.";

    /// <summary>What every sentence ends with: the expected amount and its 80 % interval, or that there is none.</summary>
    private static string Money(Proposal proposal) =>
        proposal.Effect is { Mean.Amount: 0, Low.Amount: 0, High.Amount: 0 } ? NoMoney : $"Expected {Range(proposal.Effect)} a month.";

    private static string Missed(Proposal proposal) => proposal.Evidence.Find("clicksMissed") is > 0
        ? $" About {Number(proposal, "clicksMissed")} clicks a month are missing, worth {Amount(proposal, "clickValue")} each at about {Amount(proposal, "clickPrice")}."
        : "";

    private static string Placed(Proposal proposal, SetPlacement placement)
    {
        var where = placement.Placement switch { Placement.TopOfSearch => "at the top of search", Placement.RestOfSearch => "in the rest of search", _ => "on product pages" };
        // What was proposed by an earlier version holds no ratios.
        if (proposal.Evidence.Find("ratio") is not { } ratio || proposal.Evidence.Find("lowestRatio") is not { } lowest) return $"The increase {where} goes from {placement.BeforePercent}% to {placement.AfterPercent}%, and base bids make room. {Money(proposal)}";
        return $"Clicks {where} buy {Times(ratio)} times as often as the campaign's mean click{(proposal.Evidence.Find("clicks") is null ? "" : $" (from {Number(proposal, "clicks")} clicks and {Number(proposal, "orders")} orders there)")}, {(ratio > lowest ? $"those of its weakest placement {Times(lowest)} times" : "less often than at any other placement")}: "
            + $"the increase goes from {placement.BeforePercent}% to {placement.AfterPercent}%, and base bids make room. {Money(proposal)}";
    }

    private static string Brought(Proposal proposal) => Stored(proposal.Evidence, "incrementality") is > 0 and var share ? $" Of such orders {Percent(share)} count: the others would come without the ad." : "";

    private static string RollBack(Proposal proposal)
    {
        var what = proposal.Change switch
        {
            SetBid bid => $"{Named(bid)} {Amount(bid.Before)} → {Amount(bid.After)}, on its way back to {Amount(proposal, "lastGood")}.",
            SetTargetState state => $"The target goes from {state.Before} back to {state.After}.",
            ArchiveNegative archive => $"The negative '{archive.Text}' is removed again.",
            _ => throw new ArgumentOutOfRangeException(nameof(proposal), proposal.Change, "A change that is never taken back."),
        };
        return $"{what} It is {(proposal.Evidence["changes"] == 1 ? "the change" : $"one of {Number(proposal, "changes")} changes")} after which the product earned {Amount(proposal, "profitMade")} a day where {Amount(proposal, "profitExpected")} was expected "
            + $"(evidence {Math.Exp(Math.Min(20, proposal.Evidence["logEvidence"])).ToString("0", CultureInfo.InvariantCulture)}:1 after {Number(proposal, "daysAfter")} days). Expected {Range(proposal.Effect)} a month.";
    }

    private static string Bid(Proposal proposal, SetBid bid)
    {
        var evidence = proposal.Evidence;
        var own = evidence["clicks"] / (evidence["clicks"] + evidence["priorStrength"]);
        var text = $"{Named(bid)} {Amount(bid.Before)} → {Amount(bid.After)}. A click is worth {Amount(proposal, "clickValue")} (80%: {Amount(proposal, "clickValueLow")} to {Amount(proposal, "clickValueHigh")}): "
            + $"{Number(proposal, "clicks")} clicks and {Number(proposal, "orders")} orders, {Percent(own)} own data, and {Amount(proposal, "contribution")} left per order{(Stored(evidence, "boughtOrders") > 0 ? $", by what {Number(proposal, "boughtOrders")} orders of its ad group bought" : "")}.";
        if (evidence["inventoryPrice"] > 0) text += $"{Cover(proposal)} Stock runs out before the next delivery: each unit is worth {Amount(proposal, "inventoryPrice")} to buyers who come without an ad.";
        if (Stored(evidence, "addition") != 0) text += $" Its goal counts an order {Amount(proposal, "addition")} higher.";
        if (Stored(evidence, "acosWorth") > 0)
        {
            if (Stored(evidence, "acosOnly") == 1) text += $" The target ACoS decides alone: an order counts {Amount(proposal, "acosWorth")}.";
            else if (evidence["acosWorth"] < evidence["contribution"]) text += $" The ACoS ceiling lets an order count {Amount(proposal, "acosWorth")} at most.";
        }
        if (Stored(evidence, "incrementality") is > 0 and < 1 and var share) text += $" Of its orders {Percent(share)} count: the others would have come without the ad.";
        if (Stored(evidence, "season") is > 0 and var season && season != 1) text += string.Create(CultureInfo.InvariantCulture, $" Today a click brings {season:0.00} times its usual orders.");
        if (proposal.Reason == ReasonCode.Resume) text += $" Stock is there again: the bid goes back towards {Amount(proposal, "resumeBid")}, where it stood before stock ran short.";
        if (evidence["budgetPrice"] > 0) text += string.Create(CultureInfo.InvariantCulture, $" The month's budget binds: each {Unit(bid.After.Currency)} must return {1 + evidence["budgetPrice"]:0.00}.");
        if (Math.Abs(evidence["wantedBid"] - (double)bid.After.Amount) > Math.Max(0.05 * (double)bid.After.Amount, Stored(evidence, "bidStep"))) text += $" The goal is {Amount(proposal, "wantedBid")}; {Limit(evidence, bid.After > bid.Before)}.";
        return $"{text} {Money(proposal)}";
    }

    private static string Cover(Proposal proposal) => proposal.Evidence.Find("coverDays") is not null
        ? $" Stock lasts for {Number(proposal, "coverDays")} days and the next delivery is likely within {Number(proposal, "deliveryDays")}."
        : "";

    private static string Named(SetBid bid) => bid.AdProduct switch
    {
        AdProduct.SponsoredProducts => "Bid",
        AdProduct.SponsoredBrands => "Sponsored Brands bid",
        AdProduct.SponsoredDisplay => "Sponsored Display bid",
    };

    // Why today's bid is not the goal.
    private static string Limit(Evidence evidence, bool rises) =>
        evidence.Find(Guardrails.Guardrail.Ceiling) is not null ? "a guardrail lets no more pass today"
        : evidence.Find("daysLeft") is > 0 and var days ? $"a day's step is {Percent(evidence["dailyStep"])} at most{(rises ? $", a week's rise {Percent(evidence["weeklyRise"])}" : "")}: about {Figure.Number(days)} more {(days == 1 ? "day" : "days")} if the evidence holds"
        : "a limit of yours or of Amazon's ends it here";

    // What is neutral is not stored.
    private static double Stored(Evidence evidence, string name) => evidence.Values.FirstOrDefault(entry => entry.Name == name)?.Value ?? 0;

    private static string Budget(Proposal proposal, SetBudget budget)
    {
        var days = (int)proposal.Evidence["daysOutOfBudget"];
        var room = $"Daily budget {Amount(budget.Before)} → {Amount(budget.After)}: the bids decided are expected to spend {Amount(proposal, "planned")} a day.";
        if (days > 0) room += $" It ran out on {days} of the last 7 days.";
        if (proposal.Evidence["poolScale"] < Budgeting.BudgetInputs.FullPool) room += " All budgets share what is left of the month.";
        if (proposal.Evidence.Find("marginalReturn") is { } more && proposal.Evidence.Find("budgetPrice") is { } price)
        {
            room += string.Create(CultureInfo.InvariantCulture, $" One more {Unit(budget.After.Currency)} of clicks here returns {1 + more:0.00} (80%: {1 + proposal.Evidence["marginalLow"]:0.00} to {1 + proposal.Evidence["marginalHigh"]:0.00}), where the account's money must return {1 + price:0.00}.");
        }

        return proposal.Effect is { Mean.Amount: 0, Low.Amount: 0, High.Amount: 0 } ? $"{room} {NoMoney} What the bids spend was told with the bids." : $"{room} {Money(proposal)}";
    }

    private static string KeepDay(Proposal proposal, SetBudget budget)
    {
        var own = $"The campaign has spent {Amount(proposal, "spent")} of its {Amount(proposal, "planned")} planned for the day";
        return proposal.Evidence["stops"] == 1
            ? $"Daily budget {Amount(budget.Before)} → {Amount(budget.After)} until the day ends: all campaigns together have spent {Amount(proposal, "spentByAll")}, and the day may cost {Amount(proposal, "cap")}. {own}. The next day's decision gives the budget back."
            : $"Daily budget {Amount(budget.Before)} → {Amount(budget.After)} until the day ends: all campaigns together were on the way to {Amount(proposal, "forecastOfAll")}, and the day may cost {Amount(proposal, "cap")}. {own} and was on the way to {Amount(proposal, "forecast")}. The next day's decision gives the budget back.";
    }

    private static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Range(Effect effect) => Figure.Range(effect);
    private static string Amount(Money money) => Figure.Amount(money);
    private static string Amount(Proposal proposal, string name) => Amount(new Money((decimal)Math.Clamp(proposal.Evidence[name], -1e12, 1e12), CurrencyOf(proposal)));
    private static string Number(Proposal proposal, string name) => Figure.Number(proposal.Evidence[name]);
    private static string Percent(double fraction) => Figure.Percent(fraction);
    private static Currency CurrencyOf(Proposal proposal) => proposal.Effect.Mean.Currency;
    private static string Unit(Currency currency) => currency.Code switch { "USD" => "dollar", "EUR" => "euro", "GBP" => "pound", "JPY" => "yen", _ => currency.Code };
}

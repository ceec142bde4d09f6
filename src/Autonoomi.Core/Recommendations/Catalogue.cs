using System.Collections.Immutable;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Recommendations;

/// <summary>One kind of recommendation: when it speaks, what it shows, what it is worth and what it asks for.</summary>
/// <param name="Id">R01 to R30.</param>
/// <param name="Title">What to do, a few words.</param>
/// <param name="Trigger">When it speaks.</param>
/// <param name="Shows">Evidence shown.</param>
/// <param name="Formula">How the expected effect is worked out.</param>
/// <param name="Action">What is written, or what a person does.</param>
/// <param name="Effort">Minutes of a person, above zero: the divisor of the ranking.</param>
/// <param name="Reasons">Reasons of proposals that it gathers; empty for a task.</param>
public sealed record CatalogueEntry(
    string Id, string Title, string Trigger, string Shows, string Formula, string Action, double Effort, ImmutableArray<ReasonCode> Reasons)
{
    public bool IsTask => Reasons.IsEmpty;
}

/// <summary>All kinds that may speak; numbers of those that were taken out are not used again. The same table stands in docs/maths/recommendations.md.</summary>
public static class Catalogue
{
    // Minutes: a group that is approved at a glance, one that is read term by term, work outside Autonoomi.
    private const double Glance = 1, Read = 3, Work = 20;

    public static ImmutableArray<CatalogueEntry> All { get; } =
    [
        Of("R01", "Lower bids", "bid above what a click is worth", "value of a click with its interval, clicks, orders, price of a click", "profit at the new bid less profit now", "set bid", Glance, [ReasonCode.LowerBid]),
        Of("R02", "Raise bids", "bid below what a click is worth, and money for it", "the same", "profit at the new bid less profit now", "set bid", Glance, [ReasonCode.RaiseBid]),
        Of("R04", "Block search terms that do not pay", "both tests of docs/maths/negation.md", "break-even rate, clicks, orders, chance to pay, e-value", "clicks × (price − value)", "negative exact or product", Read, [ReasonCode.NegateTerm]),
        Of("R07", "Give proven search terms a target of their own", "gain test of docs/maths/graduation.md", "the term's clicks, orders, price, gain", "profit at a bid of its own less profit now", "create keyword, later close the source", Read, [ReasonCode.HarvestExact, ReasonCode.IsolateSource]),
        Of("R08", "Target products that sell", "shoppers who look at other products buy", "members", "sum of the members' gains", "create product target", Read, [ReasonCode.HarvestProduct]),
        Of("R09", "Repair a hand-over", "the new target does not deliver", "clicks before and after", "profit lost", "archive the negative", Glance, [ReasonCode.RestoreSource]),
        Of("R10", "Change placement increases", "clicks at a placement convert unlike the others", "clicks, orders, ratio by placement", "profit at the new percentages less profit now", "set placement and base bids together", Read, [ReasonCode.PlacementChange]),
        Of("R11", "Raise daily budgets", "spend planned above the budget", "days out of budget, planned spend, what one more unit of money returns and must return", "clicks bought × (value − price)", "set budget", Glance, [ReasonCode.BudgetUp]),
        Of("R12", "Move budgets", "money planned elsewhere", "planned spend", "clicks given up × (price − value)", "set budget", Glance, [ReasonCode.BudgetDown, ReasonCode.KeepDay]),
        Of("R13", "Lower bids instead of running out of budget", "the month's budget binds, and clicks return less than its price", "budget price, value and price of a click", "profit at the new bid less profit now", "set bid", Glance, [ReasonCode.LowerBid]),
        Of("R14", "Follow the hours", "hours differ in value", "hours with their intervals", "profit by hours less profit now", "schedule", Read, [ReasonCode.Daypart]),
        Of("R15", "Slow down before stock runs out", "stock does not last until the delivery, or is there again", "days of cover, days to the delivery, price of a unit kept", "profit at the new bid less profit now", "set bid; after the restock back to where it stood", Glance, [ReasonCode.LowStock, ReasonCode.Resume]),
        Of("R16", "Sell what costs storage", "stock for more than 120 days, or units older than 180 days that a month of sales leaves", "units, cover, old units, storage of a month", "none: at stake is the storage of what is too much", "a person chooses the goal to clear stock; then bids count it until a date", Glance, []),
        Of("R17", "Mend offers that cannot be bought", "an advertised offer is hidden or sold out, or stands first on less than half of its page views", "ad spend of the last 7 days, share of page views", "none: what is at stake is the spend", "a person mends the listing; Amazon shows no ads meanwhile", Work, []),
        Of("R18", "Find out why fewer clicks buy", "orders of two settled weeks far below what the eight weeks before promised", "orders seen and expected, clicks, chance that it is luck", "none: at stake is the profit of the missing orders", "task: look at rating, price, rivals; bids follow by themselves", Work, []),
        Of("R19", "Prepare for an event", "an event within 21 days", "its days, demand and conversion expected", "clicks × demand × (value × conversion − price) less usual days", "task until planned; then bids and budgets follow the plan", Work, []),
        Of("R20", "Test what brand ads really add", "more than 3% of spend goes to one's own name", "spend on brand searches, share that ads are taken to bring", "none: at stake is the spend on orders that come anyway", "task: leave the brand's bids out for two weeks", Work, []),
        Of("R21", "Remove duplicates", "two targets of one product answer the same searches", "clicks, orders and price of both", "profit of the better one less profit now", "pause or negate", Read, [ReasonCode.RemoveDuplicate]),
        Of("R22", "Enter what products cost", "advertised products without a cost of goods", "spend on them", "none: at stake is the spend that nobody steers", "task: enter the cost", Work, []),
        Of("R23", "Change the bidding strategy", "an experiment of dynamic bidding favours another", "measured result", "as measured", "set strategy", Read, []),
        Of("R24", "Rethink an ACoS goal out of reach", "the goal's price stands at its bound", "frontier of ACoS, sales and profit", "profit at the nearest reachable goal less profit now", "task: choose another goal", Work, []),
        Of("R25", "Split mixed ad groups", "products of one ad group differ more than twofold in price", "lowest and highest price, spend", "none: at stake is the group's spend", "task: one ad group per product", Work, []),
        Of("R27", "Start paused targets again", "a paused target would pay today", "what changed", "profit", "task: switch it on", Glance, []),
        Of("R28", "Work on a listing", "a product's clicks buy 30% less often than those of the seller's other products", "orders per click of both, clicks", "none: at stake is the profit of the missing orders", "task: pictures, text, price, reviews", Work, []),
        Of("R29", "Limit what one click may cost", "bid × placement × dynamic bidding above three times a click's value", "the multiplication", "none: at stake is what such clicks cost too much", "lower percentage or strategy", Read, []),
        Of("R30", "Take changes back", "the days after a change earned less than expected", "profit seen and expected", "loss avoided", "restore the bids before", Read, [ReasonCode.RollBack]),
    ];

    private static readonly Dictionary<ReasonCode, CatalogueEntry> ByReason = All.Where(entry => entry.Id != "R13").SelectMany(entry => entry.Reasons, (entry, reason) => (entry, reason)).ToDictionary(pair => pair.reason, pair => pair.entry);

    /// <exception cref="ArgumentException">There is none of that id.</exception>
    public static CatalogueEntry Find(string id) => All.FirstOrDefault(entry => entry.Id == id) ?? throw new ArgumentException($"The catalogue has no '{id}'.", nameof(id));

    /// <summary>Where a proposal belongs: a bid lowered because money is short is another recommendation than one lowered because its clicks do not pay.</summary>
    public static CatalogueEntry Of(Proposal proposal) =>
        proposal is { Reason: ReasonCode.LowerBid } && proposal.Evidence.Values.Any(value => value is { Name: "budgetPrice", Value: > 0 }) ? Find("R13") : ByReason[proposal.Reason];

    private static CatalogueEntry Of(string id, string title, string trigger, string shows, string formula, string action, double effort, ImmutableArray<ReasonCode> reasons) =>
        new(id, title, trigger, shows, formula, action, effort, reasons);
}

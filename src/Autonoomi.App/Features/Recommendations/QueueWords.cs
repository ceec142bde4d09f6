using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Recommendations;

/// <summary>What a person decided about a proposal and how long it counts, in sentences.</summary>
public static class QueueWords
{
    /// <returns>Null where nothing more is to be said than the proposal says itself.</returns>
    public static string? Decided(ListedProposal item) => item switch
    {
        { State: ProposalState.Snoozed, Snooze: { } snooze } => $"Put aside until {Display.Day(snooze.Until)}{(snooze.Moved is { } moved ? $", or until its expected gain of {Display.Rounded(snooze.Gain)} has changed by {Display.Rounded(moved)}" : "")}.{(item.Note is { Length: > 0 } note ? $" {note}" : "")}",
        { State: ProposalState.Rejected, Rejection: { } no } => $"Your reason: {item.Note ?? "none given"}. {Memory(no)}",
        { State: ProposalState.Rejected, Note: { Length: > 0 } why } => $"Your reason: {why}.",
        { Own: { } own } => $"Your value: {Value(own)} in place of {Value(item.Proposal.Change)}.{(item.Note is { Length: > 0 } note ? $" {note}" : "")}",
        { Note: { Length: > 0 } note } => note,
        _ => null,
    };

    /// <summary>How long the same change is not proposed again.</summary>
    public static string Memory(Rejection no) =>
        $"The same change is not proposed again before {Display.Day(no.Until)}{(no.Enough is { } enough ? $" unless it is expected to bring {Display.Rounded(enough)} or more" : "")}."
        + (no is { AskedOn: { } on, AskedGain: { } gain } ? $" Newer figures last asked for it on {Display.Day(on)} ({Display.Gain(gain)})." : "");

    /// <summary>A value as people read it.</summary>
    public static string Value(Change change) => change switch
    {
        SetBid bid => Display.Amount(bid.After),
        SetBudget budget => Display.Amount(budget.After),
        SetPlacement placement => $"{placement.AfterPercent}%",
        CreateTarget create => Display.Amount(create.Bid),
        _ => "",
    };

    /// <summary>What bounds a person's own value, for the dialog.</summary>
    public static string Limits(Change change, Workspace workspace)
    {
        var (market, settings) = (workspace.Marketplace, workspace.Settings);
        string Amount(decimal amount) => Display.Amount(new Money(amount, market.Currency));
        return change switch
        {
            SetBid or CreateTarget => $"From {Amount(market.MinimumBid)}, Amazon's lowest, to {Amount(Math.Min(market.MaximumBid, settings.MaximumBid.Amount))}, {(settings.MaximumBid.Amount <= market.MaximumBid ? "your highest bid" : "Amazon's highest")}.{(settings.MaximumClickCost is { } most ? $" With placements on top a click may cost {Display.Amount(most)}." : "")}",
            SetBudget => $"From {Amount(market.MinimumBudget)}, Amazon's lowest.{(settings.DailyCap is { } cap ? $" Your cap of a day for all campaigns is {Display.Amount(cap)}, and Amazon may spend twice a budget on one day." : "")}",
            SetPlacement => "Whole percents from 0 to 900.",
            _ => "",
        };
    }

    /// <summary>By money: what moves together is one unit, told by its placement, and the most valuable unit comes first.</summary>
    public static IReadOnlyList<IReadOnlyList<ListedProposal>> Ranked(IEnumerable<ListedProposal> items) =>
    [
        .. items.GroupBy(item => (item.State, Unit: item.Together.Length > 1 ? item.Together[0].Value : item.Proposal.Id.Value))
            .Select(IReadOnlyList<ListedProposal> (unit) => [.. unit.OrderByDescending(item => item.Proposal.Change is SetPlacement).ThenByDescending(item => item.Proposal.Effect.Mean.Amount).ThenBy(item => item.Proposal.Id.Value, StringComparer.Ordinal)])
            .OrderByDescending(Worth).ThenBy(unit => unit[0].Proposal.Id.Value, StringComparer.Ordinal),
    ];

    /// <summary>What a unit is expected to bring in 30 days.</summary>
    public static decimal Worth(IReadOnlyList<ListedProposal> unit) => unit.Sum(item => item.Proposal.Effect.Mean.Amount);

    /// <summary>"2 placements and 33 bids".</summary>
    public static string Parts(IReadOnlyList<ListedProposal> unit)
    {
        var placements = unit.Count(item => item.Proposal.Change is SetPlacement);
        var bids = unit.Count(item => item.Proposal.Change is SetBid);
        var parts = new[] { placements > 0 ? Display.Count(placements, "placement") : "", bids > 0 ? Display.Count(bids, "bid") : "", unit.Count > placements + bids ? Display.Count(unit.Count - placements - bids, "other change") : "" };
        return string.Join(" and ", parts.Where(part => part.Length > 0));
    }
}

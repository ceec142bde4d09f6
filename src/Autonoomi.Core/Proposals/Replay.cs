using Autonoomi.Core.Bidding;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Placements;
using Autonoomi.Core.Rollback;

namespace Autonoomi.Core.Proposals;

/// <summary>Decides again from stored evidence alone.</summary>
public static class Replay
{
    /// <returns>The change that the evidence leads to: the proposal's own, to the cent.</returns>
    /// <exception cref="InvalidOperationException">The evidence does not lead to any change.</exception>
    public static Change Recompute(Proposal proposal)
    {
        var evidence = proposal.Evidence;
        if (proposal.Reason == ReasonCode.RollBack && proposal.Change is not SetBid)
            return evidence["logEvidence"] >= Math.Log(evidence["threshold"]) ? proposal.Change : throw Nothing(proposal);
        switch (proposal.Change)
        {
            case SetBid taken when proposal.Reason == ReasonCode.RollBack:
                return taken with { Before = taken.Before with { Amount = (decimal)evidence["bidBefore"] }, After = taken.After with { Amount = Capped(RollbackInputs.Read(evidence).Bid(), evidence) } };

            case SetBid bid:
                var amount = Capped(BidRule.Apply(BidEvidence.Read(evidence)).Bid, evidence);
                return bid with { Before = bid.Before with { Amount = (decimal)evidence["bidBefore"] }, After = bid.After with { Amount = amount } };

            case SetBudget kept when proposal.Reason == ReasonCode.KeepDay:
                var day = Intraday.DayProposals.Read(evidence);
                return kept with { Before = kept.Before with { Amount = day.Before }, After = kept.After with { Amount = day.Budget() } };

            case SetBudget budget:
                return budget with { Before = budget.Before with { Amount = (decimal)evidence["budgetBefore"] }, After = budget.After with { Amount = BudgetInputs.Read(evidence).Budget() } };

            case SetPlacement placement:
                var percent = PlacementInputs.Read(evidence);
                return placement with { BeforePercent = percent.Before, AfterPercent = percent.After };

            case CreateTarget create:
                var start = HarvestInputs.Read(evidence).Bid() ?? throw Nothing(proposal);
                return create with { Bid = create.Bid with { Amount = start }, Text = Spelled(evidence.Text("term") ?? throw Nothing(proposal), create.Match == Advertising.MatchType.Product) };

            case AddNegative negative when proposal.Reason == ReasonCode.IsolateSource:
                return HandoverRule.Delivers(evidence["impressions7"], evidence["clicks7"]) ? negative with { Text = Spelled(evidence.Text("term") ?? throw Nothing(proposal), negative.Match == Advertising.NegativeMatch.Product) } : throw Nothing(proposal);

            case AddNegative negative when proposal.Reason == ReasonCode.RemoveDuplicate:
                return DuplicateInputs.Read(evidence).Holds ? negative with { Text = Spelled(evidence.Text("term") ?? throw Nothing(proposal), negative.Match == Advertising.NegativeMatch.Product) } : throw Nothing(proposal);

            case AddNegative negative:
                var text = evidence.Text("term") ?? throw Nothing(proposal);
                return NegationInputs.Read(evidence).Holds ? negative with { Text = Spelled(text, negative.Match == Advertising.NegativeMatch.Product) } : throw Nothing(proposal);

            case ArchiveNegative archive:
                return HandoverRule.IsLost(evidence["clicksPerDay"], evidence["sourceClicksPerDay"], evidence["bid"], evidence["sourceBid"]) || evidence["bid"] == 0 ? archive : throw Nothing(proposal);

            default:
                throw Nothing(proposal);
        }
    }

    // A guardrail may have permitted less than was asked.
    private static decimal Capped(decimal amount, Evidence evidence)
    {
        foreach (var entry in evidence.Values)
        {
            if (entry.Name == Guardrail.Ceiling) amount = Math.Min(amount, (decimal)entry.Value);
        }

        return amount;
    }

    private static string Spelled(string term, bool asin) => asin ? term.ToUpperInvariant() : term;

    private static InvalidOperationException Nothing(Proposal proposal) => new($"The evidence of proposal {proposal.Id} leads to no {proposal.Change.GetType().Name}.");
}

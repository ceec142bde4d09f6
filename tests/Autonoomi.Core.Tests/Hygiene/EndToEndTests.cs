using Autonoomi.Core.Advertising;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Hygiene;

/// <summary>Duplicates and product pages, from a storefront's facts to what is written.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public void A_looser_target_that_outbids_the_own_one_at_a_loss_is_closed_to_the_search_and_watched()
    {
        var workspace = HygieneStorefronts.WithDuplicates();

        var decision = Optimiser.Decide(workspace, DecisionSettings.Default);

        var closing = decision.Proposals.Where(proposal => proposal.Reason == ReasonCode.RemoveDuplicate).ToList();
        Assert.True(closing.Count > 0, string.Join("; ", decision.Withheld.Where(held => held.Proposal.Reason == ReasonCode.RemoveDuplicate).Select(held => $"{held.Guardrail} {held.Why}").Distinct()));
        foreach (var proposal in closing)
        {
            var negative = Assert.IsType<AddNegative>(proposal.Change);
            var own = workspace.Targets.Where(target => target.Match == MatchType.Exact && target.Text == negative.Text).ToList();
            Assert.Contains(own, target => workspace.ProductAds.Any(ad => ad.AdGroup == target.AdGroup && ad.Sku == proposal.Product));
            Assert.True(proposal.Evidence["ownBid"] < proposal.Evidence["sourceBid"]);
            Assert.True(proposal.Effect.Mean.Amount >= 1, proposal.ToString());
            Assert.Equal(negative, Replay.Recompute(proposal));
            Assert.Contains(decision.Handovers, handover => handover.Term == negative.Text && handover.SourceAdGroup == negative.AdGroup && handover.State == HandoverState.Delivering);
        }

        Assert.Empty(GuardrailAudit.Check(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)]));

        // Once closed, it is not asked for again, and the hand-over goes on from there.
        var next = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], new Random(1), 4) with { Handovers = decision.Handovers };
        var later = Optimiser.Decide(next, DecisionSettings.Default);
        Assert.Empty(later.Proposals.Select(proposal => proposal.Change.EntityKey).Intersect(closing.Select(proposal => proposal.Change.EntityKey)));
        Assert.All(closing, proposal => Assert.Contains(later.Handovers, handover => handover.Term == ((AddNegative)proposal.Change).Text && handover.SourceAdGroup == ((AddNegative)proposal.Change).AdGroup && handover.State == HandoverState.Isolated));
    }

    [Fact]
    public void Where_the_own_bid_is_the_higher_one_nothing_is_closed()
    {
        var workspace = HygieneStorefronts.WithDuplicates();
        workspace = workspace with { Targets = [.. workspace.Targets.Select(target => target.Match == MatchType.Exact ? target with { Bid = target.Bid with { Amount = 4 } } : target)] };

        Assert.DoesNotContain(Optimiser.Decide(workspace, DecisionSettings.Default).Proposals, proposal => proposal.Reason == ReasonCode.RemoveDuplicate);
    }

    [Fact]
    public void A_product_page_that_sells_gets_a_target_of_its_own_among_product_pages_and_its_source_is_closed_once_it_delivers()
    {
        var workspace = HygieneStorefronts.WithSoldProductPage();

        var decision = Optimiser.Decide(workspace, DecisionSettings.Default);

        var proposal = Assert.Single(decision.Proposals, entry => entry.Reason == ReasonCode.HarvestProduct);
        var create = Assert.IsType<CreateTarget>(proposal.Change);
        Assert.Equal((MatchType.Product, "B0PAGE0001", 880_001L), (create.Match, create.Text, create.AdGroup.Value));
        Assert.Equal(create, Replay.Recompute(proposal));
        Assert.Empty(GuardrailAudit.Check(workspace, [.. decision.Proposals.Select(entry => entry.Change)]));
        Assert.Contains(decision.Handovers, handover => handover.Term == HygieneStorefronts.Page && handover.State == HandoverState.Created);

        // It is shown and clicked for some days; then its sources are closed to the page by a product negative.
        var (random, closed) = (new Random(4), new List<AddNegative>());
        for (var day = 0; day < 8; day++)
        {
            workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(entry => entry.Change)], random, 4) with { Handovers = decision.Handovers };
            decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            Assert.Empty(GuardrailAudit.Check(workspace, [.. decision.Proposals.Select(entry => entry.Change)]));
            closed.AddRange(decision.Proposals.Where(entry => entry.Reason == ReasonCode.IsolateSource).Select(entry => entry.Change).OfType<AddNegative>().Where(negative => negative.Text == "B0PAGE0001"));
        }

        Assert.NotEmpty(closed);
        Assert.All(closed, negative => Assert.Equal(NegativeMatch.Product, negative.Match));
        Assert.Contains(decision.Handovers, handover => handover.Term == HygieneStorefronts.Page && handover.State is HandoverState.Isolated or HandoverState.Confirmed);
    }
}

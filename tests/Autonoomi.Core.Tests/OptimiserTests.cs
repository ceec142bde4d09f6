using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests;

public sealed class OptimiserTests
{
    [Fact]
    public void The_same_workspace_gives_the_same_decision()
    {
        var first = Optimiser.Decide(new SomeStorefront().Build(), DecisionSettings.Default);
        var second = Optimiser.Decide(new SomeStorefront().Build(), DecisionSettings.Default);

        Assert.NotEmpty(first.Proposals);
        Assert.Equal(first.Proposals.Select(proposal => (proposal.Id, proposal.Change, proposal.Effect)), second.Proposals.Select(proposal => (proposal.Id, proposal.Change, proposal.Effect)));
        Assert.Equal(first.Handovers, second.Handovers);
    }

    [Fact]
    public void Every_proposal_replays_to_the_cent_from_its_evidence_and_has_a_sentence()
    {
        var seen = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var decision = Optimiser.Decide(new SomeStorefront { Seed = seed, Products = 12, MonthlyBudget = seed % 2 == 0 ? 1500 : 1_000_000, DailyBudget = 30, ClicksPerDay = 2 }.Build(), DecisionSettings.Default);
            foreach (var proposal in decision.Proposals)
            {
                Assert.Equal(proposal.Change, Replay.Recompute(proposal));
                Assert.NotEmpty(ProposalText.Sentence(proposal));
                seen++;
            }
        }

        Assert.True(seen > 1000, $"only {seen} proposals");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Tests.Fuzz;
using Autonoomi.Testing;

namespace Autonoomi.Core.Tests.Proposals;

public sealed class ReplayTests
{
    // As the product stores proposals: camel case, words for enums, NaN by name.
    private static readonly JsonSerializerOptions Stored = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() },
    };

    [Fact]
    public void Ten_thousand_stored_proposals_lead_to_the_identical_change_again()
    {
        var (replayed, kinds, reasons) = (0, new HashSet<string>(), new HashSet<ReasonCode>());
        foreach (var proposal in Proposals())
        {
            var stored = JsonSerializer.Deserialize<Proposal>(JsonSerializer.SerializeToUtf8Bytes(proposal, Stored), Stored)!;

            Assert.Equal(proposal.Change, Replay.Recompute(stored));
            Assert.Equal(ProposalText.Sentence(proposal), ProposalText.Sentence(stored));
            kinds.Add(proposal.Change.GetType().Name);
            reasons.Add(proposal.Reason);
            if (++replayed >= 12_000) break;
        }

        Assert.True(replayed >= 10_000, $"only {replayed}");
        Figures.Tell($"{replayed} proposals: {string.Join(", ", reasons)}");
        Assert.Superset(new HashSet<string> { nameof(SetBid), nameof(SetBudget), nameof(SetPlacement), nameof(SetTargetState), nameof(CreateTarget), nameof(AddNegative), nameof(ArchiveNegative) }, kinds);
        Assert.Superset(new HashSet<ReasonCode>
        {
            ReasonCode.LowerBid, ReasonCode.RaiseBid, ReasonCode.LowStock, ReasonCode.BudgetUp, ReasonCode.BudgetDown, ReasonCode.PlacementChange, ReasonCode.NegateTerm, ReasonCode.HarvestExact,
            ReasonCode.IsolateSource, ReasonCode.RollBack,
        }, reasons);
    }

    [Fact]
    public void Evidence_that_is_tampered_with_leads_elsewhere()
    {
        var bids = Optimiser.Decide(new SomeStorefront { ClicksPerDay = 3 }.Build(), DecisionSettings.Default).Proposals.Where(proposal => proposal.Change is SetBid && proposal.Reason != ReasonCode.RollBack).ToArray();
        var tampered = bids.Select(proposal => proposal with { Evidence = new Evidence([.. proposal.Evidence.Values.Select(value => value.Name == "dayBid" ? value with { Value = value.Value / 2 } : value)]) });

        Assert.Contains(bids.Zip(tampered), pair => !pair.First.Change.Equals(Replay.Recompute(pair.Second)));
    }

    // What was taken back first, so that every kind is among them; then fuzzed storefronts, which live on.
    private static IEnumerable<Proposal> Proposals()
    {
        foreach (var proposal in Optimiser.Decide(Rollback.RollbackTests.WithEveryKind(), DecisionSettings.Default).Proposals) yield return proposal;
        for (var seed = 1; seed <= 400; seed++)
        {
            var (workspace, random) = (FuzzedWorld.Make(1000 + seed), new Random(seed));
            if (workspace.SyncedAt is null || workspace.Settings.Frozen) continue;
            for (var day = 0; day < 2; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                foreach (var proposal in decision.Proposals) yield return proposal;
                workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 2) with { Handovers = decision.Handovers };
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;

namespace Autonoomi.Core.Tests.Fuzz;

/// <summary>Thousands of decisions on odd storefronts; <c>AUTONOOMI_FUZZ=1000000</c> in the environment asks for more, <c>AUTONOOMI_FUZZ_FROM=1662</c> begins at that seed.</summary>
public sealed class FuzzTests
{
    private const int Usual = 20_000;

    [Fact]
    public void Decisions_on_fuzzed_storefronts_break_no_guardrail_hold_no_number_that_is_none_and_keep_to_the_bid_step()
    {
        var wanted = int.TryParse(Environment.GetEnvironmentVariable("AUTONOOMI_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : Usual;
        var first = int.TryParse(Environment.GetEnvironmentVariable("AUTONOOMI_FUZZ_FROM"), CultureInfo.InvariantCulture, out var from) ? from : 1;
        var (worlds, decided, kinds) = (0, 0, new ConcurrentDictionary<string, int>());
        for (var seed = first; decided < wanted; seed++, worlds++)
        {
            var random = new Random(seed);
            var workspace = FuzzedWorld.Make(seed);
            for (var day = 0; day < 4; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                var changes = decision.Proposals.Select(proposal => proposal.Change).ToList();
                var breaches = GuardrailAudit.Check(workspace, changes);
                Assert.True(breaches.IsEmpty, $"seed {seed}, day {day}: {breaches.FirstOrDefault()}");
                foreach (var proposal in decision.Proposals) Check(workspace.Marketplace, proposal, $"seed {seed}, day {day}: {proposal}");
                Assert.True(double.IsFinite(decision.BudgetPrice) && decision.PlannedSpend.Amount >= 0, $"seed {seed}, day {day}");
                foreach (var proposal in decision.Proposals) kinds.AddOrUpdate($"{proposal.Change.GetType().Name} {proposal.Reason}", 1, (_, count) => count + 1);
                decided += changes.Count;
                if (workspace.SyncedAt is null || workspace.Settings.Frozen) break;
                var reasons = decision.Proposals.ToDictionary(proposal => proposal.Change.EntityKey, StringComparer.Ordinal);
                var next = SomeStorefront.NextDay(workspace, changes, random, 2);
                workspace = next with
                {
                    Handovers = decision.Handovers,
                    Changes = [.. workspace.Changes, .. next.Changes.Skip(workspace.Changes.Length).Select(applied => reasons[applied.Change.EntityKey] is var why ? applied with { Module = why.Module, Reason = why.Reason, Product = why.Product } : applied)],
                };
            }
        }

        Figures.Tell($"{decided:N0} decisions on {worlds:N0} storefronts: {string.Join(", ", kinds.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value:N0}"))}");
        Assert.Superset(new HashSet<string> { nameof(SetBid), nameof(SetBudget), nameof(SetPlacement), nameof(CreateTarget), nameof(AddNegative) }, kinds.Keys.Select(key => key.Split(' ')[0]).ToHashSet());
    }

    private static void Check(Core.Primitives.Marketplace market, Proposal proposal, string who)
    {
        var bid = proposal.Change switch { SetBid set => set.After, CreateTarget create => create.Bid, _ => (Core.Primitives.Money?)null };
        if (bid is { } amount) Assert.True(amount.Amount % market.BidStep == 0 && amount.Amount >= market.MinimumBid && amount.Amount <= market.MaximumBid && amount.Currency == market.Currency, who);
        if (proposal.Change is SetBudget budget) Assert.True(budget.After.Amount >= market.MinimumBudget && decimal.Round(budget.After.Amount, market.Currency.Decimals) == budget.After.Amount, who);
        Assert.True(proposal.Evidence.Values.All(value => value.Unit == "text" || double.IsFinite(value.Value)), who);
        Assert.True(proposal.Effect.ProbabilityPositive is >= 0 and <= 1 && proposal.Effect.Low <= proposal.Effect.High, who);
        Assert.Equal(proposal.Change, Replay.Recompute(proposal));
        Assert.NotEmpty(ProposalText.Sentence(proposal));
    }
}

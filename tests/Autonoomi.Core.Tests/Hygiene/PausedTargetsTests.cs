using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests.Hygiene;

/// <summary>The worked numbers of docs/maths/hygiene.md, and which paused targets are suggested.</summary>
public sealed class PausedTargetsTests
{
    private static readonly Workspace Busy = new SomeStorefront { Seed = 3, Products = 2, ClicksPerDay = 3 }.Build();

    [Theory]
    [InlineData(true), InlineData(null)]
    public void What_a_person_paused_and_would_pay_is_suggested_and_never_switched_on(bool? byPerson)
    {
        var target = Best(Busy);

        var review = Optimiser.Review(Paused(Busy, target, byPerson), DecisionSettings.Default);

        Assert.DoesNotContain(review.Decision.Proposals.Concat(review.Decision.Withheld.Select(held => held.Proposal)), proposal => proposal.Change is SetTargetState);
        var advice = Assert.Single(review.Recommendations, item => item.Entry == "R27");
        Assert.True(advice.IsTask);
        Assert.Contains($"You paused '{target.Text}'", RecommendationText.Sentence(advice), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_paused_to_take_harm_back_is_not_called_a_persons_pause()
    {
        var review = Optimiser.Review(Paused(Busy, Best(Busy), byPerson: false), DecisionSettings.Default);

        Assert.DoesNotContain(review.Recommendations, item => item.Entry == "R27");
    }

    // 60 clicks and 9 orders, prior 10 % worth 20 clicks; an order leaves 10.00, clicks cost 0.50, 20 a month.
    [Fact]
    public void A_paused_target_at_13_75_percent_and_50_cents_a_click_brings_17_50_a_month()
    {
        var inputs = new WakeInputs(60, 9, 0.10, 20, 10, 0.50, 20, 0.8, 1);

        Assert.Equal(1.375, inputs.ClickValue, 9);
        Assert.InRange(inputs.ChanceToPay, 0.98, 1);
        Assert.True(inputs.Pays);
        Assert.Equal(17.5, (double)inputs.Effect(Busy.Marketplace.Currency).Mean.Amount, 0.3);

        // At 1.20 a click 14.4 % would be needed.
        Assert.False((inputs with { ClickPrice = 1.20 }).Pays);
        Assert.False((inputs with { Clicks30 = 1 }).Pays);
    }

    [Fact]
    public void A_paused_target_that_would_lose_is_not_suggested() =>
        Assert.DoesNotContain(Optimiser.Review(Paused(Busy, Worst(Busy), byPerson: true), DecisionSettings.Default).Recommendations, item => item.Entry == "R27");

    [Fact]
    public void A_guardrail_keeps_what_may_earn_from_being_paused()
    {
        var target = Best(Busy);
        var measured = new Measurement(Busy, DecisionSettings.Default);
        var pause = new Proposal(
            new("wrong"), Module.Hygiene, ReasonCode.RemoveDuplicate, measured.Structure.Products[0], new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Paused), new Evidence([new("clicks", 80, "clicks")]),
            Effects.Certain(1, Busy.Marketplace.Currency));

        Assert.Equal("G6", Assert.Single(Coordinator.Compose([pause], new GuardContext(Optimiser.Look(measured, DecisionSettings.Default))).Withheld).Guardrail);
    }

    private static Target Best(Workspace workspace) => ByProfit(workspace)[^1];

    private static Target Worst(Workspace workspace) => ByProfit(workspace)[0];

    private static Target[] ByProfit(Workspace workspace)
    {
        var measured = new Measurement(workspace, DecisionSettings.Default);
        double Profit(Target target) => measured.Structure.Target(target.Id) is var index ? measured.Clicks30[index] * (measured.ClickValue(index) - (2 * measured.ClickPrice(index))) : 0;
        return [.. workspace.Targets.Where(target => target.Match == MatchType.Exact).OrderBy(Profit)];
    }

    private static Workspace Paused(Workspace workspace, Target target, bool? byPerson) => workspace with
    {
        Targets = [.. workspace.Targets.Select(entry => entry.Id == target.Id ? entry with { State = EntityState.Paused } : entry)],
        Changes = byPerson is { } person
            ? [new AppliedChange(new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Paused), workspace.SyncedAt!.Value.AddDays(-20), person)]
            : [],
    };
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests.Hygiene;

/// <summary>The worked numbers of docs/maths/hygiene.md, and what is paused and woken by whom.</summary>
public sealed class RestingTests
{
    // 80 clicks without an order where 8 % were to be expected; an order leaves 10.00, clicks cost 0.90.
    private static readonly HopelessInputs Worked = new(80, 0, 0.08, 20, 10, 0.90, 0.60, 0.02, 0, 0.05);

    private static readonly DecisionSettings Tidy = DecisionSettings.Default with { HopelessChance = 0.05 };

    private static readonly Workspace Busy = new SomeStorefront { Seed = 3, Products = 2, ClicksPerDay = 3 }.Build();

    [Fact]
    public void Eighty_clicks_without_an_order_leave_no_hope_at_a_price_of_ninety_cents()
    {
        // Beta(1.6, 98.4), and 0.6 × 0.90 / 10 = 5.4 % would be needed.
        Assert.InRange(Worked.ChanceToPay, 0.005, 0.02);
        Assert.True(Worked.IsHopeless);
        Assert.False((Worked with { Orders = 4 }).IsHopeless);
        Assert.False((Worked with { ClickPrice = 0.20 }).IsHopeless);

        // 30 clicks at 8 %: three orders were not to be expected yet.
        Assert.False((Worked with { Clicks = 30 }).IsHopeless);
        Assert.False((Worked with { Chance = 0 }).IsHopeless);
    }

    [Fact]
    public void It_is_paused_only_after_sixty_days_at_the_lowest_bid()
    {
        Assert.False(Worked.Pauses);
        Assert.False((Worked with { DaysAtRest = 90 }).Pauses);
        Assert.False((Worked with { Bid = 0.02, DaysAtRest = 59 }).Pauses);
        Assert.True((Worked with { Bid = 0.02, DaysAtRest = 60 }).Pauses);
    }

    [Fact]
    public void A_bid_without_hope_goes_down_in_steps_and_its_reasons_lead_to_it_again()
    {
        var demoted = Optimiser.Decide(Busy, Tidy).Proposals.Where(proposal => proposal.Reason == ReasonCode.PauseHopeless).ToList();

        Assert.NotEmpty(demoted);
        Assert.All(demoted, proposal =>
        {
            var bid = Assert.IsType<SetBid>(proposal.Change);
            Assert.True(bid.After < bid.Before && bid.After.Amount >= bid.Before.Amount * 0.6m);
            Assert.Equal(bid, Replay.Recompute(proposal));
            Assert.Throws<InvalidOperationException>(() => Replay.Recompute(With(proposal, "orders", 50)));
            Assert.Contains("the chance that its clicks pay", ProposalText.Sentence(proposal), StringComparison.Ordinal);
        });
        Assert.Empty(GuardrailAudit.Check(Busy, [.. demoted.Select(proposal => proposal.Change)]));
        Assert.DoesNotContain(Optimiser.Decide(Busy, DecisionSettings.Default).Proposals, proposal => proposal.Reason == ReasonCode.PauseHopeless);
    }

    [Fact]
    public void After_two_months_at_the_lowest_bid_it_is_paused_but_not_where_its_source_would_open_again()
    {
        var resting = Rested(Busy, Hopeless(Busy), days: 61);

        var pause = Assert.Single(Optimiser.Decide(resting, Tidy).Proposals, proposal => proposal.Change is SetTargetState);
        Assert.Equal(new SetTargetState(Hopeless(Busy).Campaign, Hopeless(Busy).AdGroup, Hopeless(Busy).Id, Hopeless(Busy).Kind, EntityState.Enabled, EntityState.Paused), pause.Change);
        Assert.Equal(pause.Change, Replay.Recompute(pause));
        Assert.Throws<InvalidOperationException>(() => Replay.Recompute(With(pause, "daysAtRest", 20)));
        Assert.Contains("61 days at the lowest bid", ProposalText.Sentence(pause), StringComparison.Ordinal);
        Assert.Empty(GuardrailAudit.Check(resting, [pause.Change]));

        Assert.DoesNotContain(Optimiser.Decide(Rested(Busy, Hopeless(Busy), days: 40), Tidy).Proposals, proposal => proposal.Change is SetTargetState);
        var source = Busy.AdGroups.First(group => group.Id != Hopeless(Busy).AdGroup);
        var handover = new Handover(Hopeless(Busy).Text, Busy.ProductAds.First(ad => ad.AdGroup == Hopeless(Busy).AdGroup).Sku, source.Campaign, source.Id, Hopeless(Busy).Campaign, Hopeless(Busy).AdGroup, HandoverState.Confirmed, Busy.Today, 1);
        var held = resting with { Handovers = [handover], Negatives = [new(new(777), source.Campaign, source.Id, NegativeMatch.Exact, handover.Term, EntityState.Enabled)] };
        Assert.DoesNotContain(Optimiser.Decide(held, Tidy).Proposals, proposal => proposal.Change is SetTargetState);
    }

    [Fact]
    public void What_we_paused_comes_back_when_it_pays_and_what_a_person_paused_is_only_suggested()
    {
        var target = Best(Busy);
        var ours = Paused(Busy, target, byPerson: false);

        var wake = Assert.Single(Optimiser.Decide(ours, DecisionSettings.Default).Proposals, proposal => proposal.Reason == ReasonCode.Reactivate);
        Assert.Equal(new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Paused, EntityState.Enabled), wake.Change);
        Assert.Equal(wake.Change, Replay.Recompute(wake));
        Assert.Throws<InvalidOperationException>(() => Replay.Recompute(With(wake, "orders", 0)));
        Assert.Empty(GuardrailAudit.Check(ours, [wake.Change]));
        Assert.DoesNotContain(Optimiser.Review(ours, DecisionSettings.Default).Recommendations, item => item.Entry == "R27" && item.IsTask);

        foreach (var theirs in new[] { Paused(Busy, target, byPerson: true), Paused(Busy, target, byPerson: null) })
        {
            var review = Optimiser.Review(theirs, DecisionSettings.Default);
            Assert.DoesNotContain(review.Decision.Proposals, proposal => proposal.Change is SetTargetState);
            var advice = Assert.Single(review.Recommendations, item => item.Entry == "R27");
            Assert.True(advice.IsTask);
            Assert.Contains($"You paused '{target.Text}'", RecommendationText.Sentence(advice), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_was_paused_to_take_harm_back_is_neither_woken_after_its_rest_nor_called_a_persons_pause()
    {
        var ours = PausedByUs();
        Assert.Contains(Optimiser.Decide(ours, DecisionSettings.Default).Proposals, proposal => proposal.Reason == ReasonCode.Reactivate);

        // Twenty days ago: the seven days of rest (G7) are over.
        var takenBack = ours with { Changes = [.. ours.Changes.Select(applied => applied with { Module = Module.Rollback, Reason = ReasonCode.RollBack })] };
        var review = Optimiser.Review(takenBack, DecisionSettings.Default);

        Assert.DoesNotContain(review.Decision.Proposals.Concat(review.Decision.Withheld.Select(held => held.Proposal)), proposal => proposal.Change is SetTargetState);
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
    public void A_paused_target_that_would_lose_sleeps_on() =>
        Assert.DoesNotContain(Optimiser.Decide(Paused(Busy, Hopeless(Busy), byPerson: false), Tidy).Proposals, proposal => proposal.Change is SetTargetState);

    [Fact]
    public void A_guardrail_keeps_what_may_earn_from_being_paused()
    {
        var (target, evidence) = (Best(Busy), new EvidenceList("USD"));
        new HopelessInputs(80, 0, 0.08, 20, 10, 0.90, 0.02, 0.02, 60, 0.05).Write(evidence);
        var measured = new Measurement(Busy, DecisionSettings.Default);
        var pause = new Proposal(
            new("wrong"), Module.Hygiene, ReasonCode.PauseHopeless, measured.Structure.Products[0], new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Paused), evidence.Take(),
            Effects.Certain(1, Busy.Marketplace.Currency));

        Assert.Equal("G6", Assert.Single(Coordinator.Compose([pause], new GuardContext(Optimiser.Look(measured, DecisionSettings.Default))).Withheld).Guardrail);
    }

    /// <summary>The best keyword was paused by us twenty days ago and would pay today.</summary>
    internal static Workspace PausedByUs() => Paused(Busy, Best(Busy), byPerson: false);

    private static Proposal With(Proposal proposal, string name, double value) =>
        proposal with { Evidence = new Evidence([.. proposal.Evidence.Values.Select(entry => entry.Name == name ? entry with { Value = value } : entry)]) };

    // An exact keyword that is given up today.
    private static Target Hopeless(Workspace workspace)
    {
        var given = Optimiser.Decide(workspace, Tidy).Proposals.Where(proposal => proposal.Reason == ReasonCode.PauseHopeless).Select(proposal => ((SetBid)proposal.Change).Target).ToHashSet();
        return workspace.Targets.First(target => given.Contains(target.Id) && target.Match == MatchType.Exact);
    }

    private static Target Best(Workspace workspace)
    {
        var measured = new Measurement(workspace, DecisionSettings.Default);
        return workspace.Targets.Where(target => target.Match == MatchType.Exact).MaxBy(target => measured.Clicks30[measured.Structure.Target(target.Id)] * (measured.ClickValue(measured.Structure.Target(target.Id)) - (2 * measured.ClickPrice(measured.Structure.Target(target.Id)))))!;
    }

    private static Workspace Rested(Workspace workspace, Target target, int days)
    {
        var lowest = target.Bid with { Amount = workspace.Marketplace.MinimumBid };
        return workspace with
        {
            Targets = [.. workspace.Targets.Select(entry => entry.Id == target.Id ? entry with { Bid = lowest } : entry)],
            Changes = [new AppliedChange(new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, lowest), workspace.SyncedAt!.Value.AddDays(-days), false)],
        };
    }

    private static Workspace Paused(Workspace workspace, Target target, bool? byPerson) => workspace with
    {
        Targets = [.. workspace.Targets.Select(entry => entry.Id == target.Id ? entry with { State = EntityState.Paused } : entry)],
        Changes = byPerson is { } person
            ? [new AppliedChange(new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Paused), workspace.SyncedAt!.Value.AddDays(-20), person)]
            : [],
    };
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Rollback;

namespace Autonoomi.Core.Tests.Rollback;

public sealed class RollbackTests
{
    private static readonly Sku Harmed = new("SKU-000");

    [Fact]
    public void Changes_after_which_a_product_loses_money_are_taken_back_step_by_step_and_replay()
    {
        var workspace = WithHarm(14);

        var decision = Optimiser.Decide(workspace, DecisionSettings.Default);

        var back = decision.Proposals.Where(proposal => proposal.Reason == ReasonCode.RollBack).ToArray();
        Assert.NotEmpty(back);
        Assert.All(back, proposal => Assert.Equal(Harmed, proposal.Product));
        Assert.All(back, proposal => Assert.Equal(proposal.Change, Replay.Recompute(proposal)));
        Assert.All(back, proposal => Assert.Contains("was expected", ProposalText.Sentence(proposal), StringComparison.Ordinal));
        Assert.All(back.Select(proposal => proposal.Change).OfType<SetBid>(), bid => Assert.True(bid.After < bid.Before));
        Assert.Contains(decision.Notes, note => note.Issue == DataIssue.RollbackWatch && note.Product == Harmed);
        Assert.Empty(GuardrailAudit.Check(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)]));
    }

    [Fact]
    public void The_same_losses_without_a_change_are_nobodys_to_take_back() =>
        Assert.DoesNotContain(Optimiser.Decide(WithHarm(14) with { Changes = [] }, DecisionSettings.Default).Proposals, proposal => proposal.Reason == ReasonCode.RollBack);

    [Fact]
    public void What_taking_back_is_said_to_bring_lies_between_what_is_missed_and_what_the_changes_were_expected_to_bring()
    {
        (double Said, double Missed) Of(double mean, double error)
        {
            var workspace = WithHarm(14);
            Money Money(double amount) => new((decimal)amount, workspace.Marketplace.Currency);
            var expected = new Effect(Money(mean), Money(mean - error), Money(mean + error), 0.5);
            var back = Optimiser.Decide(workspace with { Changes = [.. workspace.Changes.Select(applied => applied with { Expected = expected })] }, DecisionSettings.Default).Proposals.Where(proposal => proposal.Reason == ReasonCode.RollBack).ToList();
            return (back.Average(proposal => (double)proposal.Effect.Mean.Amount), 30 * (back[0].Evidence["profitExpected"] - back[0].Evidence["profitMade"]));
        }

        var (certain, missed) = Of(2, 0.01);
        var (open, _) = Of(2, 5_000);
        var (between, _) = Of(2, 20);

        Assert.True(missed > 0);
        Assert.True(certain < 0, $"{certain}");
        Assert.True(between > certain && between < open, $"{certain}, {between}, {open}");
        Assert.InRange(open, 0.02 * missed, missed);
    }

    [Fact]
    public void What_was_taken_back_rests_for_seven_days_and_is_free_again_afterwards()
    {
        var workspace = WithHarm(14);
        var now = workspace.SyncedAt!.Value;
        AppliedChange TakenBack(double days) => new(Bid(workspace.Targets.First(target => IsHarmed(workspace, target)), 0.8m), now.AddDays(-days), false) { Module = Module.Rollback, Product = Harmed };
        bool Moves(double days)
        {
            var resting = TakenBack(days);
            var after = workspace with { Changes = [.. workspace.Changes, resting] };
            return Optimiser.Decide(after, DecisionSettings.Default).Proposals.Any(proposal => proposal.Module != Module.Rollback && proposal.Change.EntityKey == resting.Change.EntityKey);
        }

        Assert.False(Moves(2));
        Assert.True(Moves(8));
        Assert.Contains(GuardrailAudit.Check(workspace with { Changes = [.. workspace.Changes, TakenBack(2)] }, [Bid(workspace.Targets.First(target => IsHarmed(workspace, target)), 1.1m)]), breach => breach.Guardrail == "G7");
    }

    [Fact]
    public void A_product_in_ten_is_left_alone_the_same_ones_every_day_and_none_of_a_few()
    {
        var workspace = new SomeStorefront { Products = 20, KeywordsPerGroup = 1, Days = 20 }.Build();

        var alone = HoldOut.Of(workspace, 0.1);

        Assert.Equal(2, alone.Count);
        Assert.Equal(alone, HoldOut.Of(workspace with { Today = workspace.Today.AddDays(9), ProductAds = [.. workspace.ProductAds.Reverse()] }, 0.1));
        Assert.Empty(HoldOut.Of(workspace, 0));
        Assert.Single(HoldOut.Of(new SomeStorefront { Products = 8, KeywordsPerGroup = 1, Days = 2 }.Build(), 0.01));
        Assert.Empty(HoldOut.Of(new SomeStorefront { Products = 7, KeywordsPerGroup = 1, Days = 2 }.Build(), 0.2));
        var decision = Optimiser.Decide(workspace with { Settings = workspace.Settings with { HoldOutShare = 0.1 } }, DecisionSettings.Default);
        Assert.NotEmpty(decision.Proposals);
        Assert.DoesNotContain(decision.Proposals, proposal => proposal.Product is { } sku && alone.Contains(sku));
        Assert.Contains(decision.Withheld, withheld => withheld.Guardrail == "hold-out");
    }

    /// <summary>A harmed product at which targets and negatives were made as well: every kind of change is taken back.</summary>
    internal static Workspace WithEveryKind()
    {
        var workspace = WithHarm(14);
        var at = workspace.SyncedAt!.Value.AddDays(-14);
        var made = workspace.Targets.First(target => target.Match == MatchType.Exact && IsHarmed(workspace, target));
        var worthless = workspace.Targets.Where(target => target.Match == MatchType.Phrase && IsHarmed(workspace, target)).Take(1).Select(target => target with { Id = new(999_999), Text = "made in vain" }).Single();
        var negative = new Negative(new(4242), made.Campaign, made.AdGroup, NegativeMatch.Exact, "closed in vain", EntityState.Enabled);
        return workspace with
        {
            Targets = [.. workspace.Targets, worthless],
            Negatives = [negative],
            Changes =
            [
                .. workspace.Changes,
                new AppliedChange(new CreateTarget(worthless.Campaign, worthless.AdGroup, worthless.Match, worthless.Text, worthless.Bid), at, false) { Module = Module.Graduation, Product = Harmed },
                new AppliedChange(new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text), at, false) { Module = Module.Negation, Product = Harmed },
            ],
        };
    }

    [Fact]
    public void New_targets_are_paused_and_new_negatives_removed()
    {
        var back = Optimiser.Decide(WithEveryKind(), DecisionSettings.Default).Proposals.Where(proposal => proposal.Reason == ReasonCode.RollBack).Select(proposal => proposal.Change).ToArray();

        Assert.Contains(back, change => change is SetTargetState { After: EntityState.Paused });
        Assert.Contains(back, change => change is ArchiveNegative { Text: "closed in vain" });
    }

    private static bool IsHarmed(Workspace workspace, Target target) => workspace.ProductAds.Any(ad => ad.AdGroup == target.AdGroup && ad.Sku == Harmed);

    private static SetBid Bid(Target target, decimal factor) =>
        new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = Math.Floor(target.Bid.Amount * factor * 100) / 100 });

    // All bids of a product were raised by half some days ago; since then it sells a tenth.
    private static Workspace WithHarm(int daysAgo)
    {
        var workspace = new SomeStorefront { Seed = 3, Products = 3, ClicksPerDay = 4 }.Build();
        var first = workspace.Today.DayNumber - daysAgo;
        var harmed = workspace.Targets.Where(target => IsHarmed(workspace, target)).Select(target => target.Id.Value).ToHashSet();
        var (table, builder) = (workspace.TargetDays, new FactTableBuilder(workspace.TargetDays.Schema));
        for (var row = 0; row < table.Rows; row++)
        {
            var hit = table.Ints("day")[row] >= first && harmed.Contains(table.Longs("target_id")[row]);
            builder.Int(table.Ints("day")[row]);
            foreach (var column in table.Schema.Columns.Skip(1))
            {
                var value = table.Longs(column.Name)[row];
                builder.Long(hit && column.Name is "orders" or "units" or "sales" && hit ? value / 10 : hit && column.Name == "cost" ? value * 2 : value);
            }
        }

        return workspace with
        {
            TargetDays = builder.Build(),
            Changes = [.. workspace.Targets.Where(target => IsHarmed(workspace, target)).Select(target => new AppliedChange(
                new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid with { Amount = Math.Round(target.Bid.Amount / 1.5m, 2) }, target.Bid),
                workspace.SyncedAt!.Value.AddDays(-daysAgo), false) { Module = Module.Bidding, Reason = ReasonCode.RaiseBid, Product = Harmed })],
        };
    }
}

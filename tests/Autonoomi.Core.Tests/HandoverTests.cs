using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests;

public sealed class HandoverTests
{
    [Fact]
    public void A_source_is_never_closed_to_a_proven_term_before_its_own_target_delivers()
    {
        var (harvested, isolated, ended) = (0, 0, new HashSet<HandoverState>());
        for (var seed = 1; seed <= 6; seed++)
        {
            var random = new Random(seed);
            var workspace = new SomeStorefront { Seed = seed, Products = 3, TermsPerGroup = 3, ClicksPerDay = 3, DailyBudget = 300 }.Build();
            for (var day = 0; day < 30; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                foreach (var proposal in decision.Proposals)
                {
                    if (proposal.Reason == ReasonCode.HarvestExact) harvested++;
                    if (proposal.Reason != ReasonCode.IsolateSource) continue;
                    isolated++;
                    var own = workspace.Targets.Single(target => target.Match == MatchType.Exact && target.State == EntityState.Enabled && target.Text == ((AddNegative)proposal.Change).Text
                        && workspace.Handovers.Any(handover => handover.Term == target.Text && handover.TargetAdGroup == target.AdGroup && handover.SourceAdGroup == ((AddNegative)proposal.Change).AdGroup));
                    var (impressions, clicks) = LastWeek(workspace, own.Id.Value);
                    Assert.True(impressions >= 50 || clicks >= 5, $"seed {seed}, day {day}: {impressions} impressions, {clicks} clicks");
                }

                // No term is lost sight of: what was under way is still there, one step on at most, or was never created.
                foreach (var earlier in workspace.Handovers)
                {
                    var now = decision.Handovers.SingleOrDefault(handover => (handover.Term, handover.SourceAdGroup, handover.TargetAdGroup) == (earlier.Term, earlier.SourceAdGroup, earlier.TargetAdGroup));
                    if (now is null) Assert.Equal(HandoverState.Created, earlier.State);
                    else if (now.State != earlier.State) Assert.Contains((earlier.State, now.State), Allowed);
                    if (now is not null) ended.Add(now.State);
                }

                workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 3) with { Handovers = decision.Handovers };
            }
        }

        Assert.True(harvested > 5 && isolated > 5, $"{harvested} harvested, {isolated} isolated");
        Assert.Contains(HandoverState.Confirmed, ended);
    }

    [Fact]
    public void A_term_whose_traffic_does_not_arrive_goes_back_to_its_source()
    {
        var workspace = WithLostTraffic();
        var text = workspace.Negatives[0].Text;

        var decision = Optimiser.Decide(workspace, DecisionSettings.Default);

        var restored = Assert.Single(decision.Proposals, proposal => proposal.Reason == ReasonCode.RestoreSource);
        Assert.Equal(77, ((ArchiveNegative)restored.Change).Negative.Value);

        // 3 clicks a day are missing.
        Assert.Equal(90, restored.Evidence["clicksMissed"], 9);
        Assert.Equal(90 * (restored.Evidence["clickValue"] - restored.Evidence["clickPrice"]), (double)restored.Effect.Mean.Amount, 0.05 * Math.Abs(90 * restored.Evidence["clickValue"]));
        var after = Optimiser.Decide(workspace with { Negatives = [workspace.Negatives[0] with { State = EntityState.Archived }] }, DecisionSettings.Default);
        Assert.Equal(HandoverState.Restored, Assert.Single(after.Handovers, handover => handover.Term == text).State);
    }

    /// <summary>A source was closed to a term two weeks ago, and the term's own keyword brings nothing at a high bid.</summary>
    internal static Workspace WithLostTraffic()
    {
        var workspace = new SomeStorefront().Build();
        var own = workspace.Targets.First(target => target.Match == MatchType.Exact);
        var source = workspace.Targets.First(target => target.Match == MatchType.Broad && Sku(workspace, target) == Sku(workspace, own));
        var days = workspace.TargetDays;
        var quiet = Without(days, own.Id.Value);
        return workspace with
        {
            TargetDays = quiet,
            Negatives = [new Negative(new(77), source.Campaign, source.AdGroup, NegativeMatch.Exact, own.Text, EntityState.Enabled)],
            Handovers = [new Handover(own.Text, Sku(workspace, own), source.Campaign, source.AdGroup, own.Campaign, own.AdGroup, HandoverState.Isolated, workspace.Today.AddDays(-14), 3)],
            Targets = [.. workspace.Targets.Select(target => target.Id == own.Id ? target with { Bid = target.Bid with { Amount = 3 } } : target)],
        };
    }

    private static readonly (HandoverState, HandoverState)[] Allowed =
    [
        (HandoverState.Created, HandoverState.Delivering), (HandoverState.Created, HandoverState.Isolated), (HandoverState.Created, HandoverState.Abandoned),
        (HandoverState.Delivering, HandoverState.Isolated), (HandoverState.Delivering, HandoverState.Abandoned),
        (HandoverState.Isolated, HandoverState.Confirmed), (HandoverState.Isolated, HandoverState.Restored), (HandoverState.Confirmed, HandoverState.Restored),
    ];

    private static Primitives.Sku Sku(Workspace workspace, Target target) => workspace.ProductAds.First(ad => ad.AdGroup == target.AdGroup).Sku;

    private static (long Impressions, long Clicks) LastWeek(Workspace workspace, long target)
    {
        var (ids, days) = (workspace.TargetDays.Longs("target_id").ToArray(), workspace.TargetDays.Ints("day").ToArray());
        var (shown, clicked) = (workspace.TargetDays.Longs("impressions").ToArray(), workspace.TargetDays.Longs("clicks").ToArray());
        var rows = Enumerable.Range(0, ids.Length).Where(row => ids[row] == target && days[row] >= workspace.Today.DayNumber - 7 && days[row] < workspace.Today.DayNumber).ToArray();
        return (rows.Sum(row => shown[row]), rows.Sum(row => clicked[row]));
    }

    private static FactTable Without(FactTable days, long target)
    {
        var builder = new FactTableBuilder(days.Schema);
        var ids = days.Longs("target_id").ToArray();
        for (var row = 0; row < days.Rows; row++)
        {
            if (ids[row] == target) continue;
            builder.Int(days.Ints("day")[row]);
            foreach (var column in days.Schema.Columns.Skip(1)) builder.Long(days.Longs(column.Name)[row]);
        }

        return builder.Build();
    }
}

using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Properties;

public sealed class OrderAndCurrencyTests
{
    [Theory]
    [InlineData(70)]
    [InlineData(71)]
    [InlineData(72)]
    public void In_whatever_order_the_same_things_come_the_same_is_decided(int seed)
    {
        var random = new Random(seed);
        var workspace = new SomeStorefront { Seed = seed, Products = 5, ClicksPerDay = 3, TermsPerGroup = 6, MonthlyBudget = seed == 70 ? 1500 : 100_000, DailyBudget = 30 }.Build();
        for (var day = 0; day < 4; day++)
        {
            var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            var shuffled = Optimiser.Decide(Shuffled(workspace, random), DecisionSettings.Default);

            Assert.NotEmpty(decision.Proposals);
            Assert.Equal(decision.Proposals.Select(proposal => (proposal.Id, proposal.Reason, proposal.Change)).OrderBy(one => one.Id.Value), shuffled.Proposals.Select(proposal => (proposal.Id, proposal.Reason, proposal.Change)).OrderBy(one => one.Id.Value));
            Assert.All(decision.Proposals.OrderBy(one => one.Id.Value).Zip(shuffled.Proposals.OrderBy(one => one.Id.Value)), pair => Assert.True(Math.Abs(pair.First.Effect.Mean.Amount - pair.Second.Effect.Mean.Amount) <= 0.01m));
            Assert.Equal(decision.BudgetPrice, shuffled.BudgetPrice, 9);
            Assert.Equal(decision.Handovers.ToHashSet(), shuffled.Handovers.ToHashSet());
            workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 3) with { Handovers = decision.Handovers };
        }
    }

    [Fact]
    public void In_yen_at_150_every_bid_ends_within_a_step_of_the_one_in_dollars()
    {
        var (dollars, yen) = (Bids(new SomeStorefront { ClicksPerDay = 2 }.Build()), Bids(new SomeStorefront { ClicksPerDay = 2, Marketplace = Marketplace.Find("A1VC38T7YXB528"), Money = 150 }.Build()));

        var worst = dollars.Select(pair => (pair.Key, Dollars: pair.Value, Yen: yen[pair.Key] / 150m)).MaxBy(one => Math.Abs(one.Dollars - one.Yen) / (0.03m + 0.02m * one.Dollars));

        // A cent and a yen of rounding, the dead band of two percent, and one step that the other currency does not make.
        Assert.True(Math.Abs(worst.Dollars - worst.Yen) <= 0.03m + 0.03m * worst.Dollars, $"{worst}");
        Assert.Contains(dollars, pair => pair.Value > 0.5m);
    }

    // Bids after the decision, of every target.
    private static Dictionary<TargetId, decimal> Bids(Workspace workspace)
    {
        var bids = workspace.Targets.ToDictionary(target => target.Id, target => target.Bid.Amount);
        foreach (var bid in Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change).OfType<SetBid>()) bids[bid.Target] = bid.After.Amount;
        return bids;
    }

    internal static Workspace Shuffled(Workspace workspace, Random random) => workspace with
    {
        Campaigns = Shuffled(workspace.Campaigns, random), AdGroups = Shuffled(workspace.AdGroups, random), ProductAds = Shuffled(workspace.ProductAds, random), Targets = Shuffled(workspace.Targets, random),
        Negatives = Shuffled(workspace.Negatives, random), Listings = Shuffled(workspace.Listings, random), Costs = Shuffled(workspace.Costs, random), Suggestions = Shuffled(workspace.Suggestions, random),
        Changes = Shuffled(workspace.Changes, random), Handovers = Shuffled(workspace.Handovers, random),
        TargetDays = Shuffled(workspace.TargetDays, random), SearchTermDays = Shuffled(workspace.SearchTermDays, random), PlacementDays = Shuffled(workspace.PlacementDays, random), ProductDays = Shuffled(workspace.ProductDays, random),
        SkuDays = Shuffled(workspace.SkuDays, random), OrderDays = Shuffled(workspace.OrderDays, random), InventoryDays = Shuffled(workspace.InventoryDays, random),
    };

    private static ImmutableArray<T> Shuffled<T>(ImmutableArray<T> items, Random random)
    {
        var copy = items.ToArray();
        random.Shuffle(copy);
        return [.. copy];
    }

    private static FactTable Shuffled(FactTable table, Random random)
    {
        var (builder, rows) = (new FactTableBuilder(table.Schema), Enumerable.Range(0, table.Rows).ToArray());
        random.Shuffle(rows);
        foreach (var row in rows)
        {
            foreach (var column in table.Schema.Columns)
            {
                if (column.Kind == ColumnKind.Text) builder.Text(table.Texts(column.Name)[row]);
                else if (column.Kind is ColumnKind.Day or ColumnKind.Int) builder.Int(table.Ints(column.Name)[row]);
                else builder.Long(table.Longs(column.Name)[row]);
            }
        }

        return builder.Build();
    }
}

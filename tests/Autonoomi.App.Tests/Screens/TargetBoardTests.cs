using Autonoomi.App.Features.Targets;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Tests.Screens;

public sealed class TargetBoardTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Day = new(2026, 11, 2);
    private static readonly TargetQuery All = new("", null, null, TargetColumn.Spend, Descending: true);

    [Fact]
    public void Totals_are_ratios_of_sums_not_means_of_ratios()
    {
        var answer = Board((1, 10, 100), (2, 90, 100)).Ask(All);

        Assert.Equal(0.5, answer.Totals.Acos);
        Assert.Equal(new Money(100m, Us.Currency), answer.Totals.Cost);
    }

    [Fact]
    public void A_target_without_sales_sorts_last_by_acos_in_both_directions()
    {
        var board = Board((1, 10, 100), (2, 50, 0), (3, 30, 100));

        Assert.Equal([1, 3, 2], Ids(board, All with { Sort = TargetColumn.Acos, Descending = false }));
        Assert.Equal([3, 1, 2], Ids(board, All with { Sort = TargetColumn.Acos }));
    }

    [Fact]
    public void All_words_of_a_filter_must_occur_somewhere()
    {
        var board = Board((1, 10, 100), (2, 50, 0));

        Assert.Equal([1], Ids(board, All with { Text = "KITCHEN keyword1" }));
        Assert.Empty(Ids(board, All with { Text = "keyword1 garden" }));
    }

    [Fact]
    public void A_filter_by_match_leaves_only_that_match() => Assert.Empty(Ids(Board((1, 10, 100)), All with { Match = MatchType.Broad }));

    [Fact]
    public void An_export_has_one_line_per_row_shown_and_figures_that_add_up()
    {
        var board = Board((1, 10.5m, 100), (2, 50.25m, 0));

        var lines = ExportTargets.Write(board, board.Ask(All)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("\"keyword2\",Exact,Enabled,\"Kitchen\",\"Exact\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(",50.25,", lines[1], StringComparison.Ordinal);
    }

    private static long[] Ids(TargetBoard board, TargetQuery query) => [.. board.Ask(query).Rows.Select(row => board.Grid.Targets[row].Id.Value)];

    private static TargetBoard Board(params (long Id, decimal Cost, decimal Sales)[] targets)
    {
        var facts = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        foreach (var (id, cost, sales) in targets)
            facts.Day(Day).Long(1).Long(2).Long(id).Long(1000).Long(50).Long((long)(cost * 1_000_000)).Long(sales > 0 ? 4 : 0).Long(sales > 0 ? 4 : 0).Long((long)(sales * 1_000_000));
        return new TargetBoard(new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Day.AddDays(1),
            SyncedAt = null,
            Campaigns = [new(new(1), "Kitchen", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0)],
            AdGroups = [new(new(2), new(1), "Exact", EntityState.Enabled, new Money(0.5m, Us.Currency))],
            Targets = [.. targets.Select(target => new Target(new(target.Id), new(1), new(2), TargetKind.Keyword, MatchType.Exact, $"keyword{target.Id}", EntityState.Enabled, new Money(0.5m, Us.Currency)))],
            TargetDays = facts.Build(),
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        }, new DateSpan(Day, Day));
    }
}

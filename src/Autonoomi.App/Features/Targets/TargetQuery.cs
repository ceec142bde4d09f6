using System.Collections.Immutable;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Targets;

public enum TargetColumn { Target, Campaign, AdType, Match, Bid, Spend, Sales, Acos, BreakEvenAcos, Profit, Orders, Clicks, ConversionRate, Ctr, Impressions, Cpc }

/// <summary>Which targets are shown and in which order.</summary>
/// <param name="Text">Words that must all occur in target, campaign, ad group or SKU; case does not matter.</param>
/// <param name="State">Null for all.</param>
/// <param name="Match">Null for all.</param>
/// <param name="Ad">Null for all.</param>
/// <param name="Sort">Column.</param>
/// <param name="Descending">Largest first. Rows without a value always come last.</param>
public sealed record TargetQuery(string Text, EntityState? State, MatchType? Match, AdProduct? Ad, TargetColumn Sort, bool Descending);

/// <summary>The answer to a query: row numbers of the grid in order, and their true sums.</summary>
/// <param name="Rows">Row numbers of the grid.</param>
/// <param name="Totals">Sums of exactly these rows; ratios are ratios of sums. Contribution is null when a spending row lacks costs.</param>
/// <param name="KnownProfit">Profit of the rows whose costs are known: their own spend is taken off, no other.</param>
/// <param name="RowsWithoutCosts">Rows with spend or sales whose costs are missing: left out of the profit.</param>
/// <param name="State">Whether orders and sales of these rows are settled, in words.</param>
public sealed record TargetAnswer(int[] Rows, AdFigures Totals, Money KnownProfit, int RowsWithoutCosts, string State);

/// <summary>One storefront's targets over some days, ready to be asked.</summary>
public sealed class TargetBoard
{
    private readonly string[] haystacks;
    private readonly string[] campaigns;
    private readonly string[] adGroups;
    private readonly AdProduct[] ads;

    /// <param name="workspace">Names.</param>
    /// <param name="figures">Of the days shown.</param>
    public TargetBoard(Workspace workspace, SpanFigures figures)
    {
        (Grid, Unlisted, Storefront) = (figures.Targets, figures.Unlisted, figures.Whole);
        var campaignNames = workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.Name);
        var products = workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        var groupNames = workspace.AdGroups.ToDictionary(group => group.Id, group => group.Name);
        campaigns = new string[Grid.Rows];
        adGroups = new string[Grid.Rows];
        haystacks = new string[Grid.Rows];
        ads = new AdProduct[Grid.Rows];
        for (var row = 0; row < Grid.Rows; row++)
        {
            var target = Grid.Targets[row];
            campaigns[row] = campaignNames.GetValueOrDefault(target.Campaign, "");
            adGroups[row] = groupNames.GetValueOrDefault(target.AdGroup, "");
            ads[row] = products.GetValueOrDefault(target.Campaign, AdProduct.SponsoredProducts);
            haystacks[row] = string.Join('\n', TargetWords.Name(target), campaigns[row], adGroups[row], Grid.Products[row]?.Value ?? "");
        }
    }

    public TargetGrid Grid { get; }

    /// <summary>What targets did that Amazon no longer lists: part of the storefront's figures, in no row here.</summary>
    public AdFigures Unlisted { get; }

    /// <summary>The storefront as a whole: all sales and all ads, whatever is shown.</summary>
    public Figures Storefront { get; }

    public string Campaign(int row) => campaigns[row];

    public string AdGroup(int row) => adGroups[row];

    public AdProduct Ad(int row) => ads[row];

    /// <summary>Whether the row's orders and sales are settled, in words.</summary>
    public string State(int row) => State(Maturing(row));

    public TargetAnswer Ask(TargetQuery query)
    {
        var words = query.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rows = new List<int>(Grid.Rows);
        for (var row = 0; row < Grid.Rows; row++)
        {
            var target = Grid.Targets[row];
            if (query.State is { } state && target.State != state) continue;
            if (query.Match is { } match && target.Match != match) continue;
            if (query.Ad is { } ad && ads[row] != ad) continue;
            if (!words.All(word => haystacks[row].Contains(word, StringComparison.OrdinalIgnoreCase))) continue;
            rows.Add(row);
        }

        var sorted = Sorted([.. rows], query);
        return Summed(sorted);
    }

    private int[] Sorted(int[] rows, TargetQuery query)
    {
        if (query.Sort is TargetColumn.Target or TargetColumn.Campaign or TargetColumn.AdType or TargetColumn.Match)
        {
            var words = Array.ConvertAll(rows, row => query.Sort switch
            {
                TargetColumn.Target => TargetWords.Name(Grid.Targets[row]),
                TargetColumn.Campaign => campaigns[row],
                TargetColumn.AdType => ads[row].Name(),
                _ => TargetWords.Match(Grid.Targets[row].Match),
            });
            // Equal words keep the workspace's order in both directions.
            var order = Enumerable.Range(0, rows.Length);
            var sorted = query.Descending ? order.OrderByDescending(at => words[at], StringComparer.OrdinalIgnoreCase) : order.OrderBy(at => words[at], StringComparer.OrdinalIgnoreCase);
            return [.. sorted.Select(at => rows[at])];
        }

        var keys = new (double Value, int Row)[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            var value = Number(rows[at], query.Sort);
            keys[at] = (value is null ? double.PositiveInfinity : query.Descending ? -value.Value : value.Value, rows[at]);
        }

        Array.Sort(keys, rows);
        return rows;
    }

    private double? Number(int row, TargetColumn column) => column switch
    {
        TargetColumn.Bid => (double)Grid.Targets[row].Bid.Amount,
        TargetColumn.Spend => Grid.Cost[row],
        TargetColumn.Sales => Grid.Sales[row],
        TargetColumn.Acos => Grid[row].Acos,
        TargetColumn.BreakEvenAcos => Grid[row].BreakEvenAcos,
        TargetColumn.Profit => Grid.Contribution[row] == long.MinValue ? null : Grid.Contribution[row] - Grid.Cost[row],
        TargetColumn.Orders => Grid.Orders[row],
        TargetColumn.Clicks => Grid.Clicks[row],
        TargetColumn.ConversionRate => Grid[row].ConversionRate,
        TargetColumn.Ctr => Grid[row].Ctr,
        TargetColumn.Impressions => Grid.Impressions[row],
        TargetColumn.Cpc => Grid.Clicks[row] == 0 ? null : (double)Grid.Cost[row] / Grid.Clicks[row],
        _ => null,
    };

    private TargetAnswer Summed(int[] rows)
    {
        long impressions = 0, clicks = 0, cost = 0, orders = 0, units = 0, sales = 0, contribution = 0, profit = 0;
        var without = 0;
        var maturing = new Maturing[Enum.GetValues<AdProduct>().Length];
        foreach (var row in rows)
        {
            impressions += Grid.Impressions[row];
            clicks += Grid.Clicks[row];
            maturing[(int)ads[row]] += Maturing(row);
            cost += Grid.Cost[row];
            orders += Grid.Orders[row];
            units += Grid.Units[row];
            sales += Grid.Sales[row];
            if (Grid.Contribution[row] != long.MinValue)
            {
                contribution += Grid.Contribution[row];
                profit += Grid.Contribution[row] - Grid.Cost[row];
            }
            else if (Grid.Cost[row] != 0 || Grid.Sales[row] != 0)
            {
                without++;
            }
        }

        return new(rows, new(impressions, clicks, Money.FromMicros(cost, Grid.Currency), orders, units, Money.FromMicros(sales, Grid.Currency),
            without == 0 ? Money.FromMicros(contribution, Grid.Currency) : null), Money.FromMicros(profit, Grid.Currency), without, State(maturing));
    }

    private Maturing Maturing(int row) => new(Grid.VisibleCost[row], Grid.Cost[row] - Grid.VisibleCost[row], Grid.Orders[row], Grid.Sales[row]);

    private static string State(params Maturing[] products) => SettlingWords.Of(Settling.Of(products), Settling.HiddenShare(products));
}

/// <summary>The grid's columns in their order.</summary>
public static class TargetColumns
{
    public static ImmutableArray<(TargetColumn Column, string Title, int Width, bool Number)> All { get; } =
    [
        (TargetColumn.Target, "Target", 250, false), (TargetColumn.Campaign, "Campaign", 200, false), (TargetColumn.AdType, "Ad type", 96, false), (TargetColumn.Match, "Match", 124, false),
        (TargetColumn.Bid, "Bid", 74, true), (TargetColumn.Spend, "Spend", 88, true), (TargetColumn.Sales, "Sales", 92, true), (TargetColumn.Acos, "ACoS", 92, true),
        (TargetColumn.BreakEvenAcos, "Break-even", 104, true),
        (TargetColumn.Profit, "Profit", 92, true), (TargetColumn.Orders, "Orders", 78, true), (TargetColumn.Clicks, "Clicks", 76, true),
        (TargetColumn.ConversionRate, "Conv. rate", 96, true), (TargetColumn.Ctr, "CTR", 76, true), (TargetColumn.Impressions, "Impressions", 110, true), (TargetColumn.Cpc, "CPC", 76, true),
    ];
}

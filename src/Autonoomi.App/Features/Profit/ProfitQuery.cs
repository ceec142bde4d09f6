using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.Profit;

/// <summary>By what the profit is split.</summary>
public enum ProfitBy { Product, Campaign, AdGroup, Target, Term, Day }

public enum ProfitColumn { Name, Sales, AdSpend, Profit, Acos, BreakEvenAcos, Tacos, BreakEvenTacos, Settled }

/// <param name="By">Split.</param>
/// <param name="Sort">Column.</param>
/// <param name="Descending">Largest first. Rows without the figure stand last either way.</param>
public sealed record ProfitQuery(ProfitBy By, ProfitColumn Sort, bool Descending);

/// <summary>One row of the page.</summary>
/// <param name="Key">Stable among the rows of a split.</param>
/// <param name="Name">What it is.</param>
/// <param name="Under">What it belongs to; empty for none.</param>
/// <param name="Whole">All of it.</param>
/// <param name="Ads">The part that ads are credited with.</param>
/// <param name="Tacos">Ad spend over all sales as a fraction: of a product or day its own, of ads those of the storefront; null without sales.</param>
/// <param name="BreakEvenTacos">At which ads leave nothing, as a fraction; null for ads, and while a cost is missing.</param>
/// <param name="Settled">Share of its sales that is in settlements, 0 to 1; null where sales are credited and not posted.</param>
/// <param name="Maturing">How far the orders of its clicks are visible, by ad product.</param>
/// <param name="Parts">What it is the sum of, by day.</param>
public sealed record ProfitItem(string Key, string Name, string Under, Contribution Whole, Contribution Ads, double? Tacos, double? BreakEvenTacos, double? Settled, ImmutableArray<Maturing> Maturing, ImmutableArray<ProfitRow> Parts)
{
    /// <summary>Sales that its clicks are still expected to bring; null where all are visible, or nothing was sold that could be scaled.</summary>
    public Settling? Settling { get; } = Settling.Of(Maturing);

    /// <returns>Ad spend over the sales that ads are credited with, as a fraction; null without such sales.</returns>
    public double? Acos => Ads.Tacos;

    /// <returns>The ACoS at which ads leave nothing, as a fraction; null without credited sales, and while a cost is missing.</returns>
    public double? BreakEvenAcos => Whole.IsComplete && Ads.IsComplete ? Ads.BreakEven : null;
}

/// <summary>What the page asks of a profit table. Pure; see docs/maths/profit.md.</summary>
public sealed class ProfitBoard
{
    private readonly DateOnly today;
    private readonly decimal sales;
    private readonly ImmutableDictionary<(Sku Sku, DateOnly Day), long> settled;
    private readonly Dictionary<long, string> campaigns, groups, targets;
    private readonly Maturity[] maturity;
    private readonly ILookup<string, string> titles;

    /// <param name="workspace">Names and today.</param>
    /// <param name="table">Parts of the span.</param>
    /// <param name="settled">Sales in settlements by product and day, micros.</param>
    public ProfitBoard(Workspace workspace, ProfitTable table, ImmutableDictionary<(Sku Sku, DateOnly Day), long> settled)
    {
        (today, Table, this.settled, sales) = (workspace.Today, table, settled, table.Whole.Sales.Amount);
        campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id.Value, campaign => campaign.Name);
        groups = workspace.AdGroups.ToDictionary(group => group.Id.Value, group => group.Name);
        targets = workspace.Targets.ToDictionary(target => target.Id.Value, target => $"{TargetWords.Name(target)} ({TargetWords.Match(target.Match)})");
        maturity = [.. Enum.GetValues<AdProduct>().Select(ad => Maturity.Of(workspace, ad))];
        titles = workspace.Listings.ToLookup(listing => listing.Sku.Value, listing => listing.Title, StringComparer.Ordinal);
        Whole = Item("", "Storefront", "", table.Rows, settled.Values.Sum(), isAds: false);
    }

    public ProfitTable Table { get; }

    /// <summary>The storefront as one row.</summary>
    public ProfitItem Whole { get; }

    /// <summary>Products that sold or were advertised and have no cost, in order of SKU.</summary>
    public ImmutableArray<Sku> WithoutCost => [.. Table.Rows.Where(row => !row.CostKnown).Select(row => row.Sku).Distinct().OrderBy(sku => sku.Value, StringComparer.Ordinal)];

    /// <returns>All rows of the split in the order asked for.</returns>
    public ImmutableArray<ProfitItem> Ask(ProfitQuery query)
    {
        var items = query.By switch
        {
            ProfitBy.Product => Table.Rows.GroupBy(row => row.Sku.Value, StringComparer.Ordinal).Select(group => Product(group.Key, [.. group])),
            ProfitBy.Day => Table.Rows.GroupBy(row => row.Day).Select(group => Day(group.Key, [.. group])),
            ProfitBy.Campaign => Credited(row => row.Campaign, id => (Campaign(id), "")),
            ProfitBy.AdGroup => Credited(row => (row.Campaign, row.AdGroup), id => (AdGroup(id.AdGroup), Campaign(id.Campaign))),
            ProfitBy.Target => Credited(row => (row.Campaign, row.AdGroup, row.Target), id => (Target(id.Target), Campaign(id.Campaign))),
            ProfitBy.Term => Credited(row => row.SearchTerm, term => (term.Length == 0 ? "Searches that Amazon does not tell" : term, "")),
        };
        double? Figure(ProfitItem item) => query.Sort switch
        {
            ProfitColumn.Name => null,
            ProfitColumn.Sales => (double)item.Whole.Sales.Amount,
            ProfitColumn.AdSpend => (double)item.Whole.AdSpend.Amount,
            ProfitColumn.Profit => (double?)item.Whole.Profit?.Amount,
            ProfitColumn.Acos => item.Acos,
            ProfitColumn.BreakEvenAcos => item.BreakEvenAcos,
            ProfitColumn.Tacos => item.Tacos,
            ProfitColumn.BreakEvenTacos => item.BreakEvenTacos,
            ProfitColumn.Settled => item.Settled ?? 1 / (1 + (item.Settling?.More ?? 0)),
        };
        var known = items.ToLookup(item => query.Sort == ProfitColumn.Name || Figure(item) is not null);
        var sorted = query.Sort == ProfitColumn.Name ? query.Descending ? known[true].OrderByDescending(item => item.Name, StringComparer.OrdinalIgnoreCase) : known[true].OrderBy(item => item.Name, StringComparer.OrdinalIgnoreCase)
            : query.Descending ? known[true].OrderByDescending(Figure) : known[true].OrderBy(Figure);
        return [.. sorted.ThenBy(item => item.Key, StringComparer.Ordinal), .. known[false].OrderBy(item => item.Key, StringComparer.Ordinal)];
    }

    /// <summary>One product; null where the span has nothing of it.</summary>
    public ProfitItem? Product(string sku) => Table.Rows.Where(row => row.Sku.Value == sku).ToImmutableArray() is { IsEmpty: false } rows ? Product(sku, rows) : null;

    /// <summary>"settled", "62.0% settled", "not settled", "expected +4.1%", "orders may still come", or both; a dash for what no ad is credited with.</summary>
    public static string Words(ProfitItem item)
    {
        var isAdvertised = item.Ads.AdSpend.Amount != 0 || item.Ads.Sales.Amount != 0;
        return SettlingWords.Books(item.Settled, isAdvertised ? SettlingWords.Of(item.Settling, Settling.HiddenShare(item.Maturing)) : null);
    }

    private ProfitItem Product(string sku, ImmutableArray<ProfitRow> rows) =>
        Item(sku, sku.Length == 0 ? "Of no single product" : titles[sku].FirstOrDefault() ?? sku, sku, rows, settled.Where(sale => sale.Key.Sku.Value == sku).Sum(sale => sale.Value), isAds: false);

    private ProfitItem Day(DateOnly day, ImmutableArray<ProfitRow> rows)
    {
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return Item(name, name, "", rows, settled.Where(sale => sale.Key.Day == day).Sum(sale => sale.Value), isAds: false, Table.Sold?.Contains(day) == true);
    }

    private IEnumerable<ProfitItem> Credited<TKey>(Func<ProfitRow, TKey> key, Func<TKey, (string Name, string Under)> name) where TKey : notnull => Table.Rows
        .Where(row => row.Campaign != 0).GroupBy(key)
        .Select(group => (Key: group.Key.ToString()!, Words: name(group.Key), Rows: group.ToImmutableArray()))
        .Select(group => Item(group.Key, group.Words.Name, group.Words.Under, group.Rows, null, isAds: true))
        .Concat(Table.Rows.Any(row => row.Campaign == 0) ? [Rest([.. Table.Rows.Where(row => row.Campaign == 0)])] : []);

    /// <summary>What no ad is credited with: with the ads' rows it makes up the whole.</summary>
    private ProfitItem Rest(ImmutableArray<ProfitRow> rows) =>
        new("~", "No ad is credited", "organic sales, and what reports differ by", Contribution.Of(rows, Table.Currency), Contribution.Of([], Table.Currency), null, null, null, [], rows);

    private ProfitItem Item(string key, string name, string under, ImmutableArray<ProfitRow> rows, long? posted, bool isAds, bool? salesKnown = null)
    {
        var whole = Contribution.Of(rows, Table.Currency, salesKnown ?? Table.Sold is not null);
        var ads = Contribution.Of(rows.Where(row => row.Campaign != 0), Table.Currency);
        var tacos = isAds ? Ratio(whole.AdSpend.Amount, sales) : whole.Tacos;
        double? settledShare = posted is not { } micros ? null : Table.Source == ProfitSource.Settlements ? 1 : whole.Sales.Amount <= 0 ? null : Math.Clamp((double)(Money.FromMicros(micros, Table.Currency).Amount / whole.Sales.Amount), 0, 1);
        return new ProfitItem(key, name, under, whole, ads, tacos, !isAds && whole.IsComplete ? whole.BreakEven : null, settledShare, Of(rows), rows);
    }

    private ImmutableArray<Maturing> Of(ImmutableArray<ProfitRow> rows)
    {
        var sums = new Maturing[maturity.Length];
        foreach (var row in rows)
        {
            if (row.Ad is not { } ad) continue;
            var (share, spent) = (maturity[(int)ad].VisibleShare(today.DayNumber - row.Day.DayNumber - 1), row.Lines.AdSpend);
            sums[(int)ad] += new Maturing(share * spent, (1 - share) * spent, 0, row.Lines.Sales);
        }

        return [.. sums];
    }

    private string Campaign(long id) => campaigns.GetValueOrDefault(id) ?? $"Campaign {id.ToString(CultureInfo.InvariantCulture)}";

    private string AdGroup(long id) => id == 0 ? "Without ad group" : groups.GetValueOrDefault(id) ?? $"Ad group {id.ToString(CultureInfo.InvariantCulture)}";

    private string Target(long id) => id == 0 ? "Without target" : targets.GetValueOrDefault(id) ?? $"Target {id.ToString(CultureInfo.InvariantCulture)}";

    private static double? Ratio(decimal numerator, decimal denominator) => denominator == 0 ? null : (double)(numerator / denominator);
}

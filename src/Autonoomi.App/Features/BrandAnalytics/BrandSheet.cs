using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.BrandAnalytics;

/// <summary>The page Brand Analytics: a row is a search at Amazon and a product of the seller's that it led to, in the newest week that tells them.</summary>
public sealed class BrandSheet : GridSource
{
    private static readonly ImmutableArray<BadgeWord> Targets = [new("exact", "Exact"), new("phrase", "Phrase"), new("broad", "Broad"), new("none", "Not targeted")];
    private static readonly ImmutableArray<BadgeWord> Standings = [new("better", "Sells better"), new("worse", "Sells worse"), new("as", "As others"), new("few", "Few clicks")];

    public override string Path => "/brand-analytics";
    public override string Title => "Brand Analytics";
    public override string Row => "search";
    public override string RowsName => "searches";
    public override string Found => "search, product or SKU";
    public override bool HasDays => false;

    public override Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) => Task.FromResult(Of(ask.Workspace));

    /// <returns>True where Amazon gave the seller any of it.</returns>
    public static bool IsTold(Workspace workspace) => workspace.SearchQueryWeeks.Rows > 0 || workspace.SearchTermWeeks.Rows > 0;

    public static Sheet Of(Workspace workspace)
    {
        var offers = workspace.Listings.GroupBy(listing => listing.Asin.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var (ranks, rows) = (Ranks(workspace), Rows(workspace, offers));
        var sums = Catalogue(workspace);
        var targeted = Targeted(workspace);
        BrandRank? Rank(int row) => ranks.GetValueOrDefault(rows[row].Text);
        string Match(int row) => targeted.TryGetValue((rows[row].Asin, rows[row].Text), out var best) ? best.ToString().ToLowerInvariant() : "none";
        CatalogueSum? Sum(int row) => sums.GetValueOrDefault(rows[row].Asin);
        return new Sheet(rows.Count, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("search", "Search", 260, row => rows[row].Search) with { Link = row => "/search-terms" + new GridQuery { Text = rows[row].Search }.ToParameters(), Meaning = "What shoppers of all sellers typed; opens what your ads brought for it." },
            GridColumn.OfText("product", "Product", 220, row => offers.GetValueOrDefault(rows[row].Asin)?.Title ?? rows[row].Asin),
            GridColumn.OfText("week", "Week of", 104, row => (rows[row].Week ?? Rank(row)?.Week)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "") with { Meaning = "The Sunday on which its week began." },
            GridColumn.OfCount("volume", "Searches", 100, row => rows[row].Volume) with { Meaning = "How often it was searched for in the week, by all shoppers." },
            GridColumn.OfCount("rank", "Rank", 90, row => Rank(row)?.Rank) with { Meaning = "Search frequency rank: 1 for the commonest search. Told only for common searches." },
            GridColumn.OfPercent("impressions", "Impression share", 126, row => rows[row].Share?.OfImpressions) with { Decimals = 2 },
            GridColumn.OfPercent("clicks", "Click share", 104, row => rows[row].Share?.OfClicks) with { Decimals = 2 },
            GridColumn.OfPercent("purchases", "Purchase share", 120, row => rows[row].Share?.OfPurchases) with { Decimals = 2 },
            GridColumn.OfCount("own-clicks", "Your clicks", 100, row => rows[row].Share?.OwnClicks) with { Meaning = "Of this product after this search, with and without ads." },
            GridColumn.OfCount("own-purchases", "Your purchases", 116, row => rows[row].Share?.OwnPurchases) with { Meaning = "Of this product after this search, with and without ads." },
            GridColumn.OfPercent("conversion", "Your conversion", 122, row => rows[row].Share?.Conversion) with { IsShown = false },
            GridColumn.OfPercent("all-conversion", "All conversion", 116, row => rows[row].Share?.AllConversion) with { IsShown = false, Meaning = "Purchases per click of all products after this search." },
            GridColumn.OfBadge("standing", "Per click", 118, Standings, row => rows[row].Share is { OwnClicks: >= SearchShare.FewestClicks } share ? share.Standing switch { > 0 => "better", < 0 => "worse", _ => "as" } : "few") with { IsQuick = true, Meaning = "Whether it sells plainly more or less often per click than all products do: from 20 clicks, beyond two standard deviations." },
            GridColumn.OfBadge("targeted", "Targeted", 124, Targets, Match) with
            {
                IsQuick = true, Link = row => "/targets" + new GridQuery { Text = rows[row].Search }.ToParameters(), Meaning = "The closest keyword with this very text in an ad group that shows the product.",
            },
            GridColumn.OfText("department", "Department", 140, row => Rank(row)?.Department ?? "") with { IsShown = false, Meaning = "Part of the shop that the rank is of." },
            GridColumn.OfCount("sum-clicks", "Clicks, all searches", 140, row => Sum(row)?.Clicks) with { IsShown = false, Meaning = "Of the product after all searches of its newest week." },
            GridColumn.OfCount("sum-purchases", "Purchases, all searches", 160, row => Sum(row)?.Purchases) with { IsShown = false, Meaning = "Of the product after all searches of its newest week." },
            GridColumn.OfMoney("sum-sales", "Sales, all searches", 140, row => Sum(row)?.Sales) with { IsShown = false, Meaning = "Of the product after all searches of its newest week." },
        ])
        {
            Find = row => string.Join('\n', rows[row].Search, offers.GetValueOrDefault(rows[row].Asin)?.Title, offers.GetValueOrDefault(rows[row].Asin)?.Sku.Value, rows[row].Asin),
            Id = row => (rows[row].Asin, rows[row].Text),
            Sort = "volume",
            Edits = new([], null)
            {
                Keyword = row => offers.TryGetValue(rows[row].Asin, out var offer) && NewKeywords.Takes(rows[row].Search) ? new(offer.Sku, rows[row].Search) : null,
            },
            Totals = shown =>
            [
                new("different", "Different searches", Display.Count(shown.Select(row => rows[row].Text).Distinct(StringComparer.Ordinal).Count())),
                new("untargeted", "Not targeted", Display.Count(shown.Count(row => Match(row) == "none"))),
                new("own-clicks", "Your clicks", Display.Count(shown.Sum(row => rows[row].Share?.OwnClicks ?? 0))),
                new("own-purchases", "Your purchases", Display.Count(shown.Sum(row => rows[row].Share?.OwnPurchases ?? 0))),
            ],
        };
    }

    private static List<BrandRow> Rows(Workspace workspace, Dictionary<string, Listing> offers)
    {
        var table = workspace.SearchQueryWeeks;
        var days = table.Ints("day");
        var asins = table.Texts("asin");
        var searches = table.Texts("search_query");
        var newest = new Dictionary<(string Asin, string Text), int>();
        for (var row = 0; row < table.Rows; row++)
        {
            var key = (asins[row], TermText.Plain(searches[row]));
            if (!newest.TryGetValue(key, out var held) || days[row] > days[held]) newest[key] = row;
        }

        var dayOf = days.ToArray();
        long Of(string column, int row) => table.Longs(column)[row];
        var rows = newest.OrderBy(pair => pair.Value).Select(pair => new BrandRow(pair.Key.Asin, searches[pair.Value], pair.Key.Text, DateOnly.FromDayNumber(dayOf[pair.Value]), Of("volume", pair.Value), new SearchShare(
            new(pair.Key.Asin), offers.GetValueOrDefault(pair.Key.Asin), Of("impressions", pair.Value), Of("own_impressions", pair.Value), Of("clicks", pair.Value), Of("own_clicks", pair.Value), Of("purchases", pair.Value), Of("own_purchases", pair.Value)))).ToList();

        // Searches after which one of the own products is among the three most clicked, of which the other report says nothing.
        var ranked = workspace.SearchTermWeeks;
        var terms = ranked.Texts("search_term");
        var clicked = ranked.Texts("asin");
        var known = newest.Keys.ToHashSet();
        for (var row = 0; row < ranked.Rows; row++)
        {
            if (offers.ContainsKey(clicked[row]) && known.Add((clicked[row], TermText.Plain(terms[row])))) rows.Add(new(clicked[row], terms[row], TermText.Plain(terms[row]), null, null, null));
        }

        return rows;
    }

    // Of the newest week, in the department of the whole shop where there is one.
    private static Dictionary<string, BrandRank> Ranks(Workspace workspace)
    {
        var table = workspace.SearchTermWeeks;
        var days = table.Ints("day");
        var terms = table.Texts("search_term");
        var departments = table.Texts("department");
        var ranks = table.Longs("rank");
        var all = new Dictionary<string, BrandRank>(StringComparer.Ordinal);
        for (var row = 0; row < table.Rows; row++)
        {
            var next = new BrandRank(DateOnly.FromDayNumber(days[row]), departments[row], ranks[row]);
            var text = TermText.Plain(terms[row]);
            if (!all.TryGetValue(text, out var held) || next.IsBefore(held)) all[text] = next;
        }

        return all;
    }

    private static Dictionary<string, CatalogueSum> Catalogue(Workspace workspace)
    {
        var table = workspace.SearchCatalogueWeeks;
        var days = table.Ints("day");
        var asins = table.Texts("asin");
        var clicks = table.Longs("clicks");
        var purchases = table.Longs("purchases");
        var sales = table.Longs("sales");
        var all = new Dictionary<string, CatalogueSum>(StringComparer.Ordinal);
        for (var row = 0; row < table.Rows; row++)
        {
            if (!all.TryGetValue(asins[row], out var held) || days[row] > held.Day) all[asins[row]] = new(days[row], clicks[row], purchases[row], sales[row]);
        }

        return all;
    }

    // The closest match: exact before phrase before broad.
    private static Dictionary<(string Asin, string Text), MatchType> Targeted(Workspace workspace)
    {
        var shown = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroup, ad => ad.Asin.Value);
        var all = new Dictionary<(string, string), MatchType>();
        foreach (var target in workspace.Targets.Where(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled, Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad }))
        {
            foreach (var asin in shown[target.AdGroup])
            {
                var key = (asin, TermText.Plain(target.Text));
                if (!all.TryGetValue(key, out var held) || target.Match < held) all[key] = target.Match;
            }
        }

        return all;
    }

    private sealed record BrandRow(string Asin, string Search, string Text, DateOnly? Week, long? Volume, SearchShare? Share);

    private sealed record CatalogueSum(int Day, long Clicks, long Purchases, long Sales);

    private sealed record BrandRank(DateOnly Week, string Department, long Rank)
    {
        private bool IsWhole => Department.StartsWith("Amazon", StringComparison.OrdinalIgnoreCase);

        public bool IsBefore(BrandRank other) => Week != other.Week ? Week > other.Week : IsWhole != other.IsWhole ? IsWhole : string.CompareOrdinal(Department, other.Department) < 0;
    }
}

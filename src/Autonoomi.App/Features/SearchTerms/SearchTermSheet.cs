using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.SearchTerms;

/// <summary>The page Search terms: a row is a term and the target that it came through.</summary>
public sealed class SearchTermSheet(ProfitShelf shelf, ProposalBook proposals) : GridSource
{
    public override string Path => "/search-terms";
    public override string Title => "Search terms";
    public override string Row => "search term";
    public override string Found => "term, target, campaign or ad group";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken)
    {
        var (seller, storefront) = (ask.Seller, ask.Workspace.Storefront);
        var table = await shelf.TableAsync(seller, storefront, ask.Span, cancellationToken);
        var open = await proposals.ListAsync(seller, storefront, ProposalState.Open, cancellationToken);
        return Of(ask.Workspace, ask.Span, ask.Query.Days, table, open.Select(listed => listed.Proposal));
    }

    /// <param name="workspace">Facts, targets, negatives and hand-overs.</param>
    /// <param name="span">Days.</param>
    /// <param name="days">As the address says them, for links.</param>
    /// <param name="table">Profit of the same days.</param>
    /// <param name="open">Proposals that wait.</param>
    public static Sheet Of(Workspace workspace, DateSpan span, int days, ProfitTable table, IEnumerable<Proposal> open)
    {
        var (rows, places) = Rows(workspace, span);
        var byKey = rows.Select((row, at) => (row, at)).ToDictionary(pair => (pair.row.Campaign, pair.row.AdGroup, pair.row.Target, pair.row.Term), pair => pair.at);
        var figures = FigureTable.Of(workspace, span, [.. rows.Select(row => row.Ad)], AdReports.Terms(workspace), report =>
        {
            var place = places[report];
            return fact => place[fact];
        })
            .Credit(table, part => part.SearchTerm.Length == 0 ? -1 : byKey.GetValueOrDefault((part.Campaign, part.AdGroup, part.Target, part.SearchTerm), -1));
        var targets = workspace.Targets.ToDictionary(target => target.Id.Value);
        var campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id.Value, campaign => campaign.Name);
        var groups = workspace.AdGroups.ToDictionary(group => group.Id.Value, group => group.Name);
        var through = rows.Select(row => targets.GetValueOrDefault(row.Target)).ToArray();
        var skus = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).GroupBy(ad => ad.AdGroup.Value).ToDictionary(group => group.Key, group => group.First().Sku);
        var standing = new TermStanding(workspace, open);
        string Campaign(int row) => campaigns.GetValueOrDefault(rows[row].Campaign, "");
        string AdGroup(int row) => groups.GetValueOrDefault(rows[row].AdGroup, "");
        string Through(int row) => through[row] is { } target ? TargetWords.Name(target) : "";
        return new Sheet(rows.Count, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("term", "Search term", 260, row => rows[row].Term),
            GridColumn.OfText("through", "Through", 190, Through) with { Meaning = "The target that answered the search; empty where Amazon does not tell." },
            GridColumn.OfBadge("match", "Match", 124, Enum.GetValues<MatchType>().Select(match => new BadgeWord(match.ToString(), TargetWords.Match(match))), row => through[row]?.Match.ToString() ?? "") with { IsQuick = true },
            GridColumn.OfText("campaign", "Campaign", 200, Campaign) with { Link = row => "/search-terms" + new GridQuery { Days = days, Campaign = rows[row].Campaign }.ToParameters() },
            GridColumn.OfText("group", "Ad group", 180, AdGroup) with { IsShown = false },
            GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, row => rows[row].Ad) with { IsQuick = true, IsShown = false, Brief = row => TargetWords.ShortAd(rows[row].Ad) },
            .. FigureColumns.Of(figures),
            GridColumn.OfTrend(new DayTrend(workspace, rows.Count, AdReports.Terms(workspace), report =>
            {
                var place = places[report];
                return fact => place[fact];
            })) with { IsShown = false, Meaning = "As far as the days shown reach." },
            GridColumn.OfBadge("own", "Own target", 104, TermStanding.Owns, row => standing.Own(rows[row], through[row])) with { IsQuick = true, Meaning = "Whether an exact keyword or product target with this text exists for the product." },
            GridColumn.OfBadge("negated", "Negated", 96, TermStanding.Closed, row => standing.Negated(rows[row])) with { Meaning = "Closed by a negative of the ad group or campaign." },
            GridColumn.OfText("next", "Next step", 230, row => standing.Next(rows[row])) with { Meaning = "Where the term stands on its way to a target of its own, or what waits for a decision." },
        ])
        {
            Find = row => string.Join('\n', rows[row].Term, Through(row), Campaign(row), AdGroup(row)),
            Id = row => rows[row],
            Sort = "spend",
            Edits = new([], null)
            {
                Keyword = row => skus.TryGetValue(rows[row].AdGroup, out var sku) && NewKeywords.Takes(rows[row].Term) ? new(sku, rows[row].Term) : null,
            },
            Home = row => (rows[row].Campaign, rows[row].AdGroup),
            Totals = shown => FigureColumns.Totals(figures.Sum(shown), "search term", "search terms"),
        };
    }

    private static (List<TermRow> Rows, Dictionary<FactTable, int[]> Places) Rows(Workspace workspace, DateSpan span)
    {
        var rows = new List<TermRow>();
        var places = new Dictionary<FactTable, int[]>(ReferenceEqualityComparer.Instance);
        foreach (var (ad, report) in AdReports.Terms(workspace))
        {
            var known = new Dictionary<(long Group, long Target, int Term), int>();
            var place = places[report] = new int[report.Rows];
            var days = report.Ints("day");
            var campaigns = report.Longs("campaign_id");
            var groups = report.Longs("ad_group_id");
            var targets = report.Longs("target_id");
            var terms = report.Texts("search_term");
            for (var fact = 0; fact < report.Rows; fact++)
            {
                place[fact] = -1;
                if (days[fact] < span.First.DayNumber || days[fact] > span.Last.DayNumber) continue;
                var key = (groups[fact], targets[fact], terms.Codes[fact]);
                if (!known.TryGetValue(key, out place[fact]))
                {
                    known.Add(key, place[fact] = rows.Count);
                    rows.Add(new TermRow(ad, campaigns[fact], groups[fact], targets[fact], terms[fact]));
                }
            }
        }

        return (rows, places);
    }
}

/// <param name="Ad">Ad product.</param>
/// <param name="Campaign">Id.</param>
/// <param name="AdGroup">Id.</param>
/// <param name="Target">Id; 0 where Amazon does not tell.</param>
/// <param name="Term">As the shopper typed it.</param>
public sealed record TermRow(AdProduct Ad, long Campaign, long AdGroup, long Target, string Term);

using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Placements;

/// <summary>The page Placements: a row is a campaign and a place where its ads stand. Sponsored Display has none.</summary>
public sealed class PlacementSheet(ProfitShelf shelf) : GridSource
{
    private const string LeftMeaning = "What the campaign's ad sales left on average, for the sales of the placement, less its spend. Amazon does not tell which product was sold where.";

    public override string Path => "/placements";
    public override string Title => "Placements";
    public override string Row => "placement";
    public override string Found => "campaign name";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) =>
        Of(ask.Workspace, ask.Span, ask.Query.Days, await shelf.TableAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken));

    /// <param name="workspace">Campaigns and facts.</param>
    /// <param name="span">Days.</param>
    /// <param name="days">As the address says them, for links.</param>
    /// <param name="table">Profit of the same days.</param>
    public static Sheet Of(Workspace workspace, DateSpan span, int days, ProfitTable table)
    {
        var reported = AdReports.Placements(workspace).SelectMany(report => report.Table.Keys("campaign_id").Values).ToHashSet();
        var rows = (
            from campaign in workspace.Campaigns
            where campaign.AdProduct == AdProduct.SponsoredProducts || reported.Contains(campaign.Id.Value)
            from placement in Enum.GetValues<Placement>()
            select (Campaign: campaign, Placement: placement)).ToArray();
        var places = rows.Select((row, at) => (row, at)).ToDictionary(pair => (pair.row.Campaign.Id.Value, (int)pair.row.Placement), pair => pair.at);
        var figures = FigureTable.Of(workspace, span, [.. rows.Select(row => row.Campaign.AdProduct)], AdReports.Placements(workspace), report =>
        {
            var (campaigns, placements) = ((LongColumn)report[report.Schema.IndexOf("campaign_id")], (IntColumn)report[report.Schema.IndexOf("placement")]);
            return fact => places.GetValueOrDefault((campaigns.Values[fact], placements.Values[fact]), -1);
        });
        var campaignsOf = AdReports.Places(workspace.Campaigns.Select(campaign => campaign.Id.Value));
        var whole = AdReports.ByCampaign(workspace, span, table);
        figures.Credit(row => Left(figures, row, whole, campaignsOf[rows[row].Campaign.Id.Value]));
        return new Sheet(rows.Length, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("campaign", "Campaign", 280, row => rows[row].Campaign.Name) with
            {
                State = row => rows[row].Campaign.State, Link = row => "/placements" + new GridQuery { Days = days, Campaign = rows[row].Campaign.Id.Value }.ToParameters(),
            },
            GridColumn.OfBadge("placement", "Placement", 140, Name, row => rows[row].Placement) with { IsQuick = true },
            GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, row => rows[row].Campaign.AdProduct) with { IsQuick = true, Brief = row => TargetWords.ShortAd(rows[row].Campaign.AdProduct) },
            GridColumn.OfState(row => rows[row].Campaign.State),
            GridColumn.OfPercent("percent", "Adjustment", 104, row => rows[row].Campaign.PercentAt(rows[row].Placement) / 100.0) with { Decimals = 0, Meaning = "By how much bids are raised here." },
            .. FigureColumns.Of(figures).Select(column => column.Id is "profit" or "even" ? column with { Meaning = LeftMeaning } : column),
        ])
        {
            Find = row => rows[row].Campaign.Name,
            Id = row => (rows[row].Campaign.Id, rows[row].Placement),
            Sort = "spend",
            Edits = new(
            [
                new("percent", "adjustment")
                {
                    Now = row => rows[row].Campaign.State == EntityState.Archived ? null : rows[row].Campaign.PercentAt(rows[row].Placement),
                    Step = _ => 1,
                    To = (row, after) => new SetPlacement(rows[row].Campaign.Id, rows[row].Placement, rows[row].Campaign.PercentAt(rows[row].Placement), (int)Math.Clamp(after, -1, 1_000_000)),
                },
            ], null),
            Home = row => (rows[row].Campaign.Id.Value, 0),
            Totals = shown => FigureColumns.Totals(figures.Sum(shown), "placement", "placements"),
        };
    }

    private static string Name(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "Top of search",
        Placement.RestOfSearch => "Rest of search",
        Placement.ProductPages => "Product pages",
    };

    // Without a sale of the campaign nothing tells what one leaves.
    private static long? Left(FigureTable figures, int row, FigureTable whole, int campaign)
    {
        if (figures.Sales(row) == 0) return figures.Cost(row) == 0 || whole.Contribution(campaign) is not null ? 0 : null;
        return whole.Contribution(campaign) is { } left && whole.Sales(campaign) > 0 ? (long)((Int128)left * figures.Sales(row) / whole.Sales(campaign)) : null;
    }
}

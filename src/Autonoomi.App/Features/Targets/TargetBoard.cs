using System.Collections.Immutable;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Targets;

/// <summary>One storefront's targets over some days.</summary>
public sealed class TargetBoard
{
    private const string TacosMeaning = "Spend of all ads over all sales of the storefront, whatever the filter shows. Total sales exist per storefront and product, not per target: the details of a target, and the columns of its product, show those of its product.";
    private readonly string[] campaigns;
    private readonly string[] adGroups;
    private readonly AdProduct[] ads;

    /// <param name="workspace">Names.</param>
    /// <param name="figures">Of the days shown.</param>
    /// <param name="tacos">By product; null while nobody asked for it.</param>
    public TargetBoard(Workspace workspace, SpanFigures figures, ImmutableDictionary<Sku, ProductTacos>? tacos = null)
    {
        (Grid, Unlisted, Storefront) = (figures.Targets, figures.Unlisted, figures.Whole);
        var campaignNames = workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.Name);
        var products = workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        var groupNames = workspace.AdGroups.ToDictionary(group => group.Id, group => group.Name);
        campaigns = [.. Grid.Targets.Select(target => campaignNames.GetValueOrDefault(target.Campaign, ""))];
        adGroups = [.. Grid.Targets.Select(target => groupNames.GetValueOrDefault(target.AdGroup, ""))];
        ads = [.. Grid.Targets.Select(target => products.GetValueOrDefault(target.Campaign, AdProduct.SponsoredProducts))];
        Figures = FigureTable.Of(Grid, ads);
        Sheet = new Sheet(Grid.Rows, Grid.Currency, Columns(tacos ?? ImmutableDictionary<Sku, ProductTacos>.Empty, Trend(workspace)))
        {
            Find = row => string.Join('\n', TargetWords.Name(Grid.Targets[row]), campaigns[row], adGroups[row], Grid.Products[row]?.Value ?? ""),
            Id = row => Grid.Targets[row].Id,
            Sort = "spend",
            Edits = new(
            [
                new("bid", "bid")
                {
                    Now = row => Grid.Targets[row].State == EntityState.Archived ? null : Grid.Targets[row].Bid.Amount,
                    Step = row => workspace.Marketplace.For(ads[row]).BidStep,
                    To = (row, after) => Bid(Grid.Targets[row], after),
                },
            ], (row, state) => Grid.Targets[row] is { State: not EntityState.Archived } target && target.State != state ? new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, state) : null),
            Of = this,
            Home = row => (Grid.Targets[row].Campaign.Value, Grid.Targets[row].AdGroup.Value),
            Totals = rows => FigureColumns.Totals(Figures.Sum(rows), "target", "targets",
                [.. Beside(), new("tacos", "TACoS of the storefront", Display.Percent(Storefront.Tacos)) { Meaning = TacosMeaning, Beside = Storefront.BreakEvenTacos is { } even ? $"break-even {Display.Percent(even)}" : null }]),
        };
    }

    public TargetGrid Grid { get; }

    public FigureTable Figures { get; }

    public Sheet Sheet { get; }

    /// <summary>What targets did that Amazon no longer lists: part of the storefront's figures, in no row here.</summary>
    public AdFigures Unlisted { get; }

    /// <summary>The storefront as a whole: all sales and all ads, whatever is shown.</summary>
    public Figures Storefront { get; }

    public string Campaign(int row) => campaigns[row];

    public string AdGroup(int row) => adGroups[row];

    public AdProduct Ad(int row) => ads[row];

    /// <summary>Whether the row's orders and sales are settled, in words.</summary>
    public string State(int row) => Figures.State(row);

    private DayTrend Trend(Workspace workspace) => new(workspace, Grid.Rows, AdReports.Targets(workspace), report => AdReports.By("target_id", AdReports.Places(Grid.Targets.Select(target => target.Id.Value)))(report));

    private static SetBid Bid(Target target, decimal after) => new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = after });

    private GridTotal[] Beside() => Unlisted.Cost.Amount == 0 && Unlisted.Sales.Amount == 0 ? []
        : [new("unlisted", "", $"besides {Display.Amount(Unlisted.Cost)} spent for {Display.Amount(Unlisted.Sales)} by targets that Amazon no longer lists") { IsNote = true }];

    private ImmutableArray<GridColumn> Columns(ImmutableDictionary<Sku, ProductTacos> tacos, DayTrend trend) =>
    [
        GridColumn.OfText("target", "Target", 250, row => TargetWords.Name(Grid.Targets[row])) with { State = row => Grid.Targets[row].State },
        GridColumn.OfText("campaign", "Campaign", 200, Campaign),
        GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, Ad) with { IsQuick = true, Brief = row => TargetWords.ShortAd(ads[row]) },
        GridColumn.OfBadge("match", "Match", 124, TargetWords.Match, row => Grid.Targets[row].Match) with { IsQuick = true },
        GridColumn.OfState(row => Grid.Targets[row].State),
        GridColumn.OfText("group", "Ad group", 180, AdGroup) with { IsShown = false },
        GridColumn.OfText("sku", "SKU", 130, row => Grid.Products[row]?.Value ?? "") with { IsShown = false, Meaning = "The product that the ad group advertises." },
        GridColumn.OfMoney("bid", "Bid", 74, row => Grid.Targets[row].Bid.ToMicros()),
        .. FigureColumns.Of(Figures),
        GridColumn.OfTrend(trend) with { IsShown = false },
        GridColumn.OfPercent("tacos", TargetSheet.Tacos, 150, row => ProductTacos.Of(tacos, this, row)?.Share) with { IsShown = false, Meaning = TacosMeaning },
        GridColumn.OfPercent("even-tacos", TargetSheet.EvenTacos, 170, row => ProductTacos.Of(tacos, this, row)?.BreakEven) with { IsShown = false, Meaning = TacosMeaning },
    ];
}

/// <summary>The page Targets.</summary>
public sealed class TargetSheet(ProfitShelf shelf) : GridSource
{
    internal const string Tacos = "TACoS of the product";
    internal const string EvenTacos = "Break-even TACoS of the product";

    public override string Path => "/targets";
    public override string Title => "Targets";
    public override string Row => "target";
    public override string Found => "target, campaign, ad group or SKU";

    // Total sales of products are drawn up only when somebody asks for them.
    public override string Reading(GridAsk ask) => ask.Needs("tacos") || ask.Needs("even-tacos") ? "tacos" : "";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) => (await BoardAsync(ask, cancellationToken)).Sheet;

    public async Task<TargetBoard> BoardAsync(GridAsk ask, CancellationToken cancellationToken)
    {
        var figures = await shelf.FiguresAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken);
        return new TargetBoard(ask.Workspace, figures, Reading(ask).Length == 0 ? null : ProductTacos.Of(await shelf.TableAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken)));
    }
}

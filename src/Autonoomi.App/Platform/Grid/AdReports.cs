using System.Collections.Immutable;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Grid;

/// <summary>Which reports tell what, and sums of them by campaign.</summary>
public static class AdReports
{
    public static ImmutableArray<(AdProduct Ad, FactTable Table)> Targets(Workspace workspace) =>
        [(AdProduct.SponsoredProducts, workspace.TargetDays), (AdProduct.SponsoredBrands, workspace.BrandsTargetDays), (AdProduct.SponsoredDisplay, workspace.DisplayTargetDays)];

    /// <summary>Sponsored Display tells no search terms.</summary>
    public static ImmutableArray<(AdProduct Ad, FactTable Table)> Terms(Workspace workspace) =>
        [(AdProduct.SponsoredProducts, workspace.SearchTermDays), (AdProduct.SponsoredBrands, workspace.BrandsSearchTermDays)];

    /// <summary>Sponsored Display tells no placements.</summary>
    public static ImmutableArray<(AdProduct Ad, FactTable Table)> Placements(Workspace workspace) =>
        [(AdProduct.SponsoredProducts, workspace.PlacementDays), (AdProduct.SponsoredBrands, workspace.BrandsPlacementDays)];

    /// <summary>Counts each row of a report to the one with its id.</summary>
    /// <param name="column">Ids in the reports.</param>
    /// <param name="ids">Ids of the rows.</param>
    public static Func<FactTable, Func<int, int>> By(string column, IReadOnlyDictionary<long, int> ids) => table =>
    {
        var keys = table.Keys(column);
        var places = Array.ConvertAll(keys.Values, id => ids.TryGetValue(id, out var row) ? row : -1);
        return fact => places[keys.Codes[fact]];
    };

    /// <summary>One row per campaign of the workspace.</summary>
    public static FigureTable ByCampaign(Workspace workspace, DateSpan span, ProfitTable table)
    {
        var ids = Places(workspace.Campaigns.Select(campaign => campaign.Id.Value));
        return FigureTable.Of(workspace, span, [.. workspace.Campaigns.Select(campaign => campaign.AdProduct)], Targets(workspace), By("campaign_id", ids)).Credit(table, part => ids.GetValueOrDefault(part.Campaign, -1));
    }

    /// <returns>What is in no row because Amazon no longer lists its entity; empty where there is nothing.</returns>
    /// <param name="table">Of the same days.</param>
    /// <param name="isListed">True for parts that stand in a row.</param>
    /// <param name="rows">What rows are.</param>
    public static ImmutableArray<GridTotal> Unlisted(ProfitTable table, Func<ProfitRow, bool> isListed, string rows)
    {
        long spent = 0, sold = 0;
        foreach (var part in table.Rows)
        {
            if (part.Campaign == 0 || isListed(part)) continue;
            spent += part.Lines.AdSpend;
            sold += part.Lines.Sales;
        }

        return spent == 0 && sold == 0 ? []
            : [new("unlisted", "", $"besides {Display.Amount(Money.FromMicros(spent, table.Currency))} spent for {Display.Amount(Money.FromMicros(sold, table.Currency))} by {rows} that Amazon no longer lists") { IsNote = true }];
    }

    public static Dictionary<long, int> Places(IEnumerable<long> ids)
    {
        var places = new Dictionary<long, int>();
        foreach (var (place, id) in ids.Index()) places[id] = place;
        return places;
    }
}

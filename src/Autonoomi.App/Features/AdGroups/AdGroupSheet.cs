using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.AdGroups;

/// <summary>The page Ad groups.</summary>
public sealed class AdGroupSheet(ProfitShelf shelf) : GridSource
{
    public override string Path => "/ad-groups";
    public override string Title => "Ad groups";
    public override string Row => "ad group";
    public override string Found => "ad group, campaign or SKU";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) =>
        Of(ask.Workspace, ask.Span, ask.Query.Days, await shelf.TableAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken));

    /// <param name="workspace">Ad groups and facts.</param>
    /// <param name="span">Days.</param>
    /// <param name="days">As the address says them, for links.</param>
    /// <param name="table">Profit of the same days.</param>
    public static Sheet Of(Workspace workspace, DateSpan span, int days, ProfitTable table)
    {
        var groups = workspace.AdGroups;
        var known = workspace.Campaigns.ToDictionary(campaign => campaign.Id);
        var campaigns = groups.Select(group => known.GetValueOrDefault(group.Campaign)).ToArray();
        var ads = campaigns.Select(campaign => campaign?.AdProduct ?? AdProduct.SponsoredProducts).ToArray();
        var skus = workspace.ProductAds.Where(ad => ad.State != EntityState.Archived).ToLookup(ad => ad.AdGroup, ad => ad.Sku.Value);
        var products = groups.Select(group => string.Join(", ", skus[group.Id].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))).ToArray();
        var targets = workspace.Targets.Where(target => target.State == EntityState.Enabled).CountBy(target => target.AdGroup).ToDictionary();
        var places = AdReports.Places(groups.Select(group => group.Id.Value));
        var figures = FigureTable.Of(workspace, span, ads, AdReports.Targets(workspace), AdReports.By("ad_group_id", places)).Credit(table, part => places.GetValueOrDefault(part.AdGroup, -1));
        return new Sheet(groups.Length, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("group", "Ad group", 240, row => groups[row].Name) with
            {
                State = row => groups[row].State, Link = row => "/targets" + new GridQuery { Days = days, Campaign = groups[row].Campaign.Value, AdGroup = groups[row].Id.Value }.ToParameters(),
            },
            GridColumn.OfText("campaign", "Campaign", 220, row => campaigns[row]?.Name ?? "") with { Link = row => "/ad-groups" + new GridQuery { Days = days, Campaign = groups[row].Campaign.Value }.ToParameters() },
            GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, row => ads[row]) with { IsQuick = true, Brief = row => TargetWords.ShortAd(ads[row]) },
            GridColumn.OfState(row => groups[row].State),
            GridColumn.OfText("sku", "SKU", 150, row => products[row]) with { Meaning = "The products that its ads show." },
            GridColumn.OfMoney("bid", "Default bid", 100, row => groups[row].DefaultBid.ToMicros()) with { Meaning = "In force for targets without a bid of their own." },
            GridColumn.OfCount("targets", "Targets", 84, row => targets.GetValueOrDefault(groups[row].Id)) with { Meaning = "Enabled ones." },
            .. FigureColumns.Of(figures),
            GridColumn.OfTrend(new DayTrend(workspace, groups.Length, AdReports.Targets(workspace), AdReports.By("ad_group_id", places))),
        ])
        {
            Find = row => string.Join('\n', groups[row].Name, campaigns[row]?.Name, products[row]),
            Id = row => groups[row].Id,
            Sort = "spend",
            Edits = new([], (row, state) => groups[row].State is EntityState.Archived || groups[row].State == state ? null : new SetAdGroupState(groups[row].Campaign, groups[row].Id, groups[row].State, state)),
            Home = row => (groups[row].Campaign.Value, groups[row].Id.Value),
            Totals = rows => FigureColumns.Totals(figures.Sum(rows), "ad group", "ad groups", [.. AdReports.Unlisted(table, part => places.ContainsKey(part.AdGroup), "ad groups")]),
        };
    }
}

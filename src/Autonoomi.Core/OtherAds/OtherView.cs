using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.OtherAds;

/// <summary>
/// Sponsored Brands or Display as a workspace of its own: its entities, and its facts where those of Sponsored Products stand, so that the same functions measure, bid and
/// guard. See docs/maths/other-ads.md.
/// </summary>
internal static class OtherView
{
    /// <summary>
    /// Facts of campaigns that pay per click alone, with the orders that followed clicks; rows that do not tell those apart from views are left out. What else was spent in
    /// the month, on all ads, stands in <see cref="Workspace.SpentElsewhere"/>. Products, costs, stock, orders and settings are the storefront's.
    /// </summary>
    /// <param name="whole">The storefront with all ad products.</param>
    /// <param name="product">Brands or Display.</param>
    public static Workspace Of(Workspace whole, AdProduct product)
    {
        var brands = product == AdProduct.SponsoredBrands;
        var campaigns = whole.Campaigns.Where(campaign => campaign.AdProduct == product).ToDictionary(campaign => campaign.Id);
        var clicked = Clicked(brands ? whole.BrandsTargetDays : whole.DisplayTargetDays, campaigns.Values.Where(campaign => campaign.PaysPerClick).Select(campaign => campaign.Id.Value).ToHashSet(), brands);
        var month = new[] { whole.TargetDays, whole.BrandsTargetDays, whole.DisplayTargetDays }.Sum(table => MonthToDate(table, whole.Today)) - MonthToDate(clicked, whole.Today);
        return whole.Entities(campaigns.ContainsKey) with
        {
            TargetDays = clicked,
            SearchTermDays = brands ? whole.BrandsSearchTermDays : FactTable.Empty(Dataset.SearchTermDay),
            PlacementDays = brands ? whole.BrandsPlacementDays : FactTable.Empty(Dataset.PlacementDay),
            HourDays = FactTable.Empty(Dataset.HourDay),
            Suggestions = [],
            Handovers = [],
            SpentElsewhere = Money.FromMicros(month, whole.Marketplace.Currency),
        };
    }

    private static FactTable Clicked(FactTable table, HashSet<long> campaigns, bool brands)
    {
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay), Math.Max(1, table.Rows));
        var facts = new AdColumns(table);
        var ids = table.Longs("campaign_id");
        var groups = table.Longs("ad_group_id");
        var targets = table.Longs("target_id");
        var orders = table.Longs("click_orders");
        var units = brands ? [] : table.Longs("click_units");
        var sales = table.Longs("click_sales");
        for (var row = 0; row < table.Rows; row++)
        {
            if (orders[row] < 0 || !campaigns.Contains(ids[row])) continue;
            builder.Int(facts.Days[row]).Long(ids[row]).Long(groups[row]).Long(targets[row]).Long(facts.Impressions[row]).Long(facts.Clicks[row]).Long(facts.Cost[row])
                .Long(orders[row]).Long(brands ? Share(facts.Units[row], orders[row], facts.Orders[row]) : units[row]).Long(sales[row]);
        }

        return builder.Build();
    }

    // Brands tells units of all orders alone: those after clicks have their share of them.
    private static long Share(long units, long clicked, long all) => all > 0 ? (long)Math.Round((double)units * Math.Min(clicked, all) / all) : 0;

    private static long MonthToDate(FactTable table, DateOnly today)
    {
        var days = table.Ints("day");
        var cost = table.Longs("cost");
        var first = new DateOnly(today.Year, today.Month, 1).DayNumber;
        long sum = 0;
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] >= first && days[row] < today.DayNumber) sum += cost[row];
        }

        return sum;
    }
}

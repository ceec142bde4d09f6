using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Spend and attributed sales of all ad types from their tables.</summary>
internal static class AdTables
{
    /// <summary>Spend by product: Sponsored Products and Display tell it; a brand campaign's goes to the products that it advertises, or to all where Amazon does not say which.</summary>
    public static ImmutableArray<AdSpend> Spend(Workspace workspace, DateSpan span)
    {
        var all = ImmutableArray.CreateBuilder<AdSpend>();
        foreach (var (ad, table) in new[] { (AdProduct.SponsoredProducts, workspace.ProductDays), (AdProduct.SponsoredDisplay, workspace.DisplayProductDays) })
        {
            var skus = table.Texts("sku");
            var facts = new AdColumns(table);
            for (var row = 0; row < table.Rows; row++)
            {
                var day = DateOnly.FromDayNumber(facts.Days[row]);
                if (span.Contains(day) && facts.Cost[row] != 0) all.Add(new AdSpend(day, ad, [new Sku(skus[row])], facts.Cost[row]));
            }
        }

        var advertised = Advertised(workspace);
        all.AddRange(Read(workspace.BrandsTargetDays, AdProduct.SponsoredBrands, advertised, span)
            .GroupBy(fact => (fact.Day, fact.Campaign))
            .Select(group => new AdSpend(group.Key.Day, AdProduct.SponsoredBrands, [.. group.SelectMany(fact => fact.Products).Distinct()], group.Sum(fact => fact.Cost))));
        return all.DrainToImmutable();
    }

    /// <summary>What targets, and their search terms where reports tell them, are credited with.</summary>
    public static ImmutableArray<AdFact> Facts(Workspace workspace, DateSpan span)
    {
        var advertised = Advertised(workspace);
        return
        [
            .. AdProfit.ByTerm(Read(workspace.TargetDays, AdProduct.SponsoredProducts, advertised, span), Read(workspace.SearchTermDays, AdProduct.SponsoredProducts, advertised, span)),
            .. AdProfit.ByTerm(Read(workspace.BrandsTargetDays, AdProduct.SponsoredBrands, advertised, span), Read(workspace.BrandsSearchTermDays, AdProduct.SponsoredBrands, advertised, span)),
            .. Read(workspace.DisplayTargetDays, AdProduct.SponsoredDisplay, advertised, span),
        ];
    }

    /// <summary>Targets of every ad product; each one's orders by its own attribution.</summary>
    public static ImmutableArray<(AdProduct Ad, FactTable Table)> Targets(Workspace workspace) =>
        [(AdProduct.SponsoredProducts, workspace.TargetDays), (AdProduct.SponsoredBrands, workspace.BrandsTargetDays), (AdProduct.SponsoredDisplay, workspace.DisplayTargetDays)];

    /// <summary>Products of an ad group's ads; under the negative of its id those of a campaign, for ads whose group has none.</summary>
    public static ILookup<long, Sku> Advertised(Workspace workspace) => workspace.ProductAds
        .SelectMany(ad => new[] { (Key: ad.AdGroup.Value, ad.Sku), (Key: -ad.Campaign.Value, ad.Sku) })
        .Distinct().ToLookup(pair => pair.Key, pair => pair.Sku);

    private static ImmutableArray<AdFact> Read(FactTable table, AdProduct ad, ILookup<long, Sku> advertised, DateSpan span)
    {
        var facts = new AdColumns(table);
        var campaigns = table.Longs("campaign_id");
        var groups = table.Longs("ad_group_id");
        var targets = table.Longs("target_id");
        var terms = table.Schema.Columns.Any(column => column.Name == "search_term") ? table.Texts("search_term") : null;
        var products = new Dictionary<(long, long), ImmutableArray<Sku>>();
        var all = ImmutableArray.CreateBuilder<AdFact>();
        for (var row = 0; row < table.Rows; row++)
        {
            var day = DateOnly.FromDayNumber(facts.Days[row]);
            if (!span.Contains(day) || (facts.Cost[row] == 0 && facts.Sales[row] == 0)) continue;
            if (!products.TryGetValue((campaigns[row], groups[row]), out var own))
            {
                own = [.. advertised[advertised.Contains(groups[row]) ? groups[row] : -campaigns[row]]];
                products.Add((campaigns[row], groups[row]), own);
            }

            all.Add(new AdFact(day, ad, campaigns[row], groups[row], targets[row], terms?[row] ?? "", own, facts.Sales[row], facts.Cost[row]));
        }

        return all.DrainToImmutable();
    }
}

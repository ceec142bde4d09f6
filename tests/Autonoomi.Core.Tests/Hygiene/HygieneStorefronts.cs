using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Tests.Hygiene;

/// <summary>Storefronts in which a search has two bids, or a product page sells.</summary>
internal static class HygieneStorefronts
{
    /// <summary>A product page that shoppers came from and bought, as reports spell it.</summary>
    public const string Page = "b0page0001";

    /// <summary>Exact keywords stand on the very searches that looser targets catch at higher bids, at 3.00 a click. None of the searches brings 2 % of its campaign's orders.</summary>
    public static Workspace WithDuplicates()
    {
        var workspace = new SomeStorefront { Seed = 5, Products = 3, ClicksPerDay = 4, TermsPerGroup = 80 }.Build();
        var skus = workspace.ProductAds.ToDictionary(ad => ad.AdGroup, ad => ad.Sku);
        var (number, table) = (0, workspace.SearchTermDays);
        return workspace with
        {
            Targets = [.. workspace.Targets.Select(target => target.Match == MatchType.Exact
                ? target with { Text = $"term {skus[target.AdGroup]} {number++}".ToLowerInvariant(), Bid = target.Bid with { Amount = 0.40m } }
                : target with { Bid = target.Bid with { Amount = 3.50m } })],
            SearchTermDays = Rewritten(table, text => text, (column, row, value) => column == "cost" ? table.Longs("clicks")[row] * 3_000_000 : value),
        };
    }

    /// <summary>Product 0 has an ad group of product pages, and one of its searches is such a page, where every fourth click buys.</summary>
    public static Workspace WithSoldProductPage()
    {
        var workspace = new SomeStorefront { Seed = 2, Products = 3, ClicksPerDay = 4, TermsPerGroup = 4 }.Build();
        var ad = workspace.ProductAds.First(entry => entry.Sku.Value == "SKU-000" && workspace.Campaigns.Any(campaign => campaign.Id == entry.Campaign && campaign.Targeting == TargetingType.Manual));
        var group = new AdGroup(new(880_001), ad.Campaign, "Pages", EntityState.Enabled, workspace.AdGroups[0].DefaultBid);
        var table = workspace.SearchTermDays;
        return workspace with
        {
            AdGroups = workspace.AdGroups.Add(group),
            ProductAds = workspace.ProductAds.Add(ad with { Id = new(880_002), AdGroup = group.Id }),
            Targets = workspace.Targets.Add(new Target(new(880_003), ad.Campaign, group.Id, TargetKind.Product, MatchType.Product, "B0OTHER001", EntityState.Enabled, group.DefaultBid)),
            SearchTermDays = Rewritten(table, text => text == Sold ? Page : text, (column, row, value) => column is "orders" or "units" && table.Texts("search_term")[row] == Sold ? table.Longs("clicks")[row] / 4 : value),
        };
    }

    private const string Sold = "term sku-000 1";

    private static FactTable Rewritten(FactTable table, Func<string, string> text, Func<string, int, long, long> number)
    {
        var builder = new FactTableBuilder(table.Schema);
        for (var row = 0; row < table.Rows; row++)
        {
            foreach (var column in table.Schema.Columns)
            {
                if (column.Kind == ColumnKind.Text) builder.Text(text(table.Texts(column.Name)[row]));
                else if (column.Kind == ColumnKind.Day) builder.Int(table.Ints(column.Name)[row]);
                else builder.Long(number(column.Name, row, table.Longs(column.Name)[row]));
            }
        }

        return builder.Build();
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Rows of the reports of Sponsored Brands, Sponsored Display and purchased products: a function from a column to a value each.</summary>
internal static class OtherReportRows
{
    private static readonly Comparer<Key> InOrder = Comparer<Key>.Create((one, other) =>
        (one.Campaign, one.AdGroup, one.Target, one.Ad, one.Place).CompareTo((other.Campaign, other.AdGroup, other.Target, other.Ad, other.Place)) is not 0 and var order ? order : string.CompareOrdinal(one.Term, other.Term));

    private sealed record Key(long Campaign, long AdGroup, long Target, long Ad, BrandPlacement Place, string Term);

    /// <returns>Null for reports of another kind.</returns>
    public static IEnumerable<Func<string, object?>>? Of(MarketWorld world, OtherMarket others, ReportOrder order) => order.Type.Id switch
    {
        "spPurchasedProduct" => Purchased(world, order),
        "sbTargeting" => Rows(world, others, order, AdProduct.SponsoredBrands, shown => new(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, shown.Target.Id, 0, default, "")),
        "sbCampaignPlacement" => Rows(world, others, order, AdProduct.SponsoredBrands, shown => new(shown.Target.AdGroup.Campaign.Id, 0, 0, 0, shown.Place == BrandPlacement.Home ? BrandPlacement.Other : shown.Place, "")),
        "sbSearchTerm" => Terms(world, others, order),
        "sdTargeting" => Rows(world, others, order, AdProduct.SponsoredDisplay, shown => new(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, shown.Target.Id, 0, default, "")),
        "sdAdvertisedProduct" => Rows(world, others, order, AdProduct.SponsoredDisplay, shown => new(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, 0, shown.Ad.Id, default, "")),
        "sbCampaigns" => Rows(world, others, order, AdProduct.SponsoredBrands, shown => new(shown.Target.AdGroup.Campaign.Id, 0, 0, 0, default, "")),
        "sdCampaigns" => Rows(world, others, order, AdProduct.SponsoredDisplay, shown => new(shown.Target.AdGroup.Campaign.Id, 0, 0, 0, default, "")),
        "sbPurchasedProduct" => Sold(world, others, order, AdProduct.SponsoredBrands, shown => new(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, 0, 0, default, world.Market.Products[shown.Product].Asin)),

        // Its shoppers buy what they clicked on, so only an ad of several products has a halo here.
        "sdPurchasedProduct" => Sold(world, others, order, AdProduct.SponsoredDisplay, shown => shown.Product == shown.Ad.Products[0] ? null
            : new(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, 0, shown.Ad.Id, default, world.Market.Products[shown.Product].Asin)),
        _ => null,
    };

    /// <summary>The same rows, as far as anything was bought; the key's term is the product's ASIN.</summary>
    private static IEnumerable<Func<string, object?>> Sold(MarketWorld world, OtherMarket others, ReportOrder order, AdProduct product, Func<OtherShown, Key?> key) =>
        Whole(order, others.Rows(product, order.Days, key, InOrder)).Where(row => row.Figures.Orders > 0).Select(row => (Func<string, object?>)(column => Value(world, others.Account, order, row.Day, row.Key, row.Figures, column)));

    private static IEnumerable<Func<string, object?>> Rows(MarketWorld world, OtherMarket others, ReportOrder order, AdProduct product, Func<OtherShown, Key?> key) =>
        Whole(order, others.Rows(product, order.Days, key, InOrder)).Select(row => (Func<string, object?>)(column => Value(world, others.Account, order, row.Day, row.Key, row.Figures, column)));

    // Impressions of a term: the target's, by its share of the clicks.
    private static IEnumerable<Func<string, object?>> Terms(MarketWorld world, OtherMarket others, ReportOrder order)
    {
        var ofTargets = others.Rows(AdProduct.SponsoredBrands, order.Days, shown => new Key(0, 0, shown.Target.Id, 0, default, ""), InOrder).ToDictionary(row => (row.Day, row.Key.Target), row => row.Figures);
        var terms = others.Rows(AdProduct.SponsoredBrands, order.Days, shown => shown.Term is { } term ? new Key(shown.Target.AdGroup.Campaign.Id, shown.Target.AdGroup.Id, shown.Target.Id, 0, default, term) : null, InOrder)
            .Select(row => (row.Day, row.Key, row.Figures with { Impressions = Math.Max(row.Figures.Clicks, ofTargets[(row.Day, row.Key.Target)].Impressions * row.Figures.Clicks / Math.Max(1, ofTargets[(row.Day, row.Key.Target)].Clicks)) }));
        return Whole(order, terms).Select(row => (Func<string, object?>)(column => Value(world, others.Account, order, row.Day, row.Key, row.Figures, column)));
    }

    private static IEnumerable<(DateOnly Day, Key Key, OtherFigures Figures)> Whole(ReportOrder order, IEnumerable<(DateOnly Day, Key Key, OtherFigures Figures)> rows) => order.IsDaily ? rows
        : rows.GroupBy(row => row.Key).Select(group => (order.Days.First, group.Key, group.Select(row => row.Figures).Aggregate((one, other) => one + other)));

    private static object? Value(MarketWorld world, OtherAdAccount account, ReportOrder order, DateOnly day, Key key, OtherFigures figures, string column)
    {
        var campaign = account.Campaign(key.Campaign)!;
        switch (column)
        {
            case "date": return ReportRows.Day(day);
            case "startDate": return ReportRows.Day(order.Days.First);
            case "endDate": return ReportRows.Day(order.Days.Last);
            case "impressions" or "viewableImpressions" or "impressionsViews": return figures.Impressions;
            case "clicks" or "detailPageViews" or "detailPageViewsClicks": return figures.Clicks;
            case "cost": return figures.Cost;
            case "purchases" or "purchasesPromoted": return figures.Orders;
            case "purchasesClicks" or "purchasesPromotedClicks": return figures.ClickOrders;
            case "unitsSold": return figures.Units;
            case "unitsSoldClicks": return figures.ClickUnits;
            case "sales" or "salesPromoted": return figures.Sales;
            case "salesClicks" or "salesPromotedClicks": return figures.ClickSales;
            case "orders14d" or "ordersClicks14d" or "conversionsBrandHalo" or "conversionsBrandHaloClicks": return figures.Orders;
            case "unitsSold14d" or "unitsSoldClicks14d" or "unitsSoldBrandHalo" or "unitsSoldBrandHaloClicks": return figures.Units;
            case "sales14d" or "salesClicks14d" or "salesBrandHalo" or "salesBrandHaloClicks": return figures.Sales;
            case "purchasedAsin" or "asinBrandHalo": return key.Term;
            case "productName": return world.Market.Products.First(item => item.Asin == key.Term).Title;
            case "productCategory": return "";
            case "attributionType": return "Promoted";
            case "campaignPriceTypeCode" or "costType": return campaign.IsPerThousand ? "VCPM" : "CPC";
            case "campaignId": return campaign.Id;
            case "campaignName": return campaign.Name;
            case "campaignStatus": return AdView.StateWord(campaign.State);
            case "campaignBudgetAmount": return campaign.DailyBudget;
            case "campaignBudgetType": return "DAILY_BUDGET";
            case "campaignBudgetCurrencyCode": return world.Marketplace.Currency.Code;
            case "adGroupId": return key.AdGroup;
            case "adGroupName": return account.AdGroup(key.AdGroup)!.Name;
            case "adId": return key.Ad;
            case "promotedSku": return world.Market.Products[account.Ads.First(ad => ad.Id == key.Ad).Products[0]].Sku;
            case "promotedAsin": return world.Market.Products[account.Ads.First(ad => ad.Id == key.Ad).Products[0]].Asin;
            case "bidOptimization": return campaign.IsPerThousand ? "reach" : "clicks";
            case "searchTerm": return key.Term;
            case "placementClassification": return key.Place switch
            {
                BrandPlacement.TopOfSearch => "Top of Search on-Amazon",
                BrandPlacement.DetailPage => "Detail Page on-Amazon",
                _ => "Other on-Amazon",
            };
        }

        if (column is "keywordId" or "keywordText" or "keywordType" or "keywordBid" or "matchType" or "adKeywordStatus" or "targetingId" or "targetingText" or "targetingExpression" or "targetingType")
            return OfTarget(account.Target(key.Target)!, column);
        return column.EndsWith("Rate", StringComparison.Ordinal) || column.Contains("Percentage", StringComparison.Ordinal) || column.Contains("eCP", StringComparison.OrdinalIgnoreCase) || column is "topOfSearchImpressionShare" or "longTermROAS" or "impressionsFrequencyAverage" ? null : 0L;
    }

    // Keywords and themes stand in the keyword's columns, product targets and audiences in the target's.
    private static object? OfTarget(OtherTarget target, string column)
    {
        var isKeyword = target.Kind is OtherTargetKind.Keyword or OtherTargetKind.Theme;
        var type = target.Kind switch
        {
            OtherTargetKind.Keyword => OtherItems.Word(target.Match).ToUpperInvariant(),
            OtherTargetKind.Theme => "THEME",
            _ => "TARGETING_EXPRESSION",
        };
        return column switch
        {
            "keywordId" => isKeyword ? target.Id : null,
            "keywordText" => isKeyword ? target.Text : null,
            "keywordBid" => target.BidInForce,
            "keywordType" or "matchType" => type,
            "adKeywordStatus" => AdView.StateWord(target.State),
            "targetingId" => isKeyword ? null : target.Id,
            "targetingType" => isKeyword ? null : type,
            _ => isKeyword ? null : target.Kind switch
            {
                OtherTargetKind.Product => $"asin=\"{target.Text}\"",
                OtherTargetKind.Category => $"category=\"{target.Text}\"",
                OtherTargetKind.Similar => "similar-product",
                OtherTargetKind.Brand => $"brand=\"{target.Text}\"",
                OtherTargetKind.ContentCategory => $"content-category=\"{target.Text}\"",
                _ => target.Text,
            },
        };
    }

    /// <summary>What was bought that was not advertised: orders after clicks on Sponsored Products that went to another product.</summary>
    private static IEnumerable<Func<string, object?>> Purchased(MarketWorld world, ReportOrder order)
    {
        var now = (long)(world.Now - world.Start).TotalMinutes;
        var lag = world.Settings.OrderReportLagHours * 60L;
        var first = Math.Max(0, order.Days.First.DayNumber - world.FirstDay.DayNumber);
        var bought = Enumerable.Range(first, Math.Max(0, Math.Min(order.Days.Last.DayNumber - world.FirstDay.DayNumber, world.Simulation.Days.Count - 1) - first + 1))
            .Where(day => world.IsReported(world.FirstDay.AddDays(day)))
            .SelectMany(day => world.Simulation.Days[day].Clicks.Where(click => !(click.CreditedMinute <= now) && click.Order is { Sale: not null } each && each.Product != each.AdvertisedProduct && each.IsVisible(now, lag, 30))
                .Select(click => (Day: order.IsDaily ? day : first, Target: click.Target, Ad: click.Ad, click.Order!.Product, Order: click.Order!)));
        return bought.GroupBy(each => (each.Day, each.Target, each.Ad, each.Product)).OrderBy(group => group.Key)
            .Select(group => (Func<string, object?>)(column => Bought(world, order, world.FirstDay.AddDays(group.Key.Day), world.Ads.Targets[group.Key.Target], world.Ads.ProductAds[group.Key.Ad], world.Market.Products[group.Key.Product], [.. group.Select(each => each.Order)], now, lag, column)));
    }

    private static object? Bought(MarketWorld world, ReportOrder order, DateOnly day, WorldTarget target, WorldProductAd ad, Product product, IReadOnlyList<AdOrder> orders, long now, long lag, string column)
    {
        switch (column)
        {
            case "date": return ReportRows.Day(day);
            case "startDate": return ReportRows.Day(order.Days.First);
            case "endDate": return ReportRows.Day(order.Days.Last);
            case "campaignId": return ad.CampaignId;
            case "campaignName": return world.Ads.Campaign(ad.CampaignId)!.Name;
            case "portfolioId": return world.Ads.Campaign(ad.CampaignId)!.PortfolioId;
            case "adGroupId": return ad.AdGroupId;
            case "adGroupName": return world.Ads.AdGroup(ad.AdGroupId)!.Name;
            case "keywordId": return target.Id;
            case "keyword": return target.Text;
            case "keywordType" or "matchType": return target.Kind switch
            {
                TargetKind.Keyword => target.Match.ToString().ToUpperInvariant(),
                TargetKind.Product => "TARGETING_EXPRESSION",
                TargetKind.Auto => "TARGETING_EXPRESSION_PREDEFINED",
            };
            case "advertisedAsin": return ad.Asin;
            case "advertisedSku": return ad.Sku;
            case "purchasedAsin": return product.Asin;
            case "campaignBudgetCurrencyCode": return world.Marketplace.Currency.Code;
        }

        var window = column.EndsWith("14d", StringComparison.Ordinal) ? 14 : column.EndsWith("30d", StringComparison.Ordinal) ? 30 : column.EndsWith("7d", StringComparison.Ordinal) ? 7 : 1;
        var visible = orders.Where(each => each.IsVisible(now, lag, window)).ToList();
        return column.StartsWith("purchases", StringComparison.Ordinal) ? visible.Count
            : column.StartsWith("unitsSold", StringComparison.Ordinal) ? visible.Sum(each => each.Units)
            : column.StartsWith("sales", StringComparison.Ordinal) ? visible.Sum(each => each.Units * each.Sale!.UnitPrice)
            : 0L;
    }
}

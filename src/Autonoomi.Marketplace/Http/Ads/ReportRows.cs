using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text.Json;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>One row of a report before its columns are chosen.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="Campaign">Always known.</param>
/// <param name="Target">Targeting and search term reports.</param>
/// <param name="Ad">Advertised product report.</param>
/// <param name="SearchTerm">Search term report.</param>
/// <param name="Placement">Placement report.</param>
/// <param name="AdGroupId">0 in campaign reports.</param>
/// <param name="Metrics">As visible now.</param>
internal sealed record ReportRow(DateOnly Day, long Campaign, long AdGroupId, long Target, long Ad, string? SearchTerm, Placement? Placement, Metrics Metrics);

/// <summary>Renders a report file: one JSON array, gzip.</summary>
internal static class ReportRows
{
    /// <returns>The gzip file.</returns>
    public static byte[] Render(MarketWorld world, OtherMarket others, ReportOrder order)
    {
        var rows = OtherReportRows.Of(world, others, order)?.Where(value => order.Filters.All(filter => filter.Values.Contains(value(filter.Field) as string ?? "", StringComparer.Ordinal))) ?? Products(world, order);
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var json = new Utf8JsonWriter(gzip))
        {
            json.WriteStartArray();
            foreach (var value in rows)
            {
                json.WriteStartObject();
                foreach (var column in order.Columns) Write(json, column, value(column));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return file.ToArray();
    }

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<Func<string, object?>> Products(MarketWorld world, ReportOrder order)
    {
        var rows = Rows(world, order).Where(row => order.Filters.All(filter => filter.Values.Contains(Value(world, order, row, filter.Field) as string ?? "", StringComparer.Ordinal)));
        if (!order.IsDaily)
            rows = rows.GroupBy(row => (row.Campaign, row.AdGroupId, row.Target, row.Ad, row.SearchTerm, row.Placement))
                .Select(group => group.First() with { Metrics = group.Select(row => row.Metrics).Aggregate(Sum) });
        return rows.Select(row => (Func<string, object?>)(column => Value(world, order, row, column)));
    }

    private static IEnumerable<ReportRow> Rows(MarketWorld world, ReportOrder order) => (order.Type.Id, order.Type.GroupBy) switch
    {
        ("spCampaigns", "campaign") => world.CampaignRows(order.Days).Select(row => new ReportRow(row.Day, row.CampaignId, 0, 0, 0, null, null, row.Metrics)),
        ("spCampaigns", _) => world.PlacementRows(order.Days).Select(row => new ReportRow(row.Day, row.CampaignId, 0, 0, 0, null, row.Placement, row.Metrics)),
        ("spTargeting", _) => world.TargetRows(order.Days).Select(row => new ReportRow(row.Day, row.CampaignId, row.AdGroupId, row.TargetId, 0, null, null, row.Metrics)),
        ("spSearchTerm", _) => world.SearchTermRows(order.Days).Select(row => new ReportRow(row.Day, row.CampaignId, row.AdGroupId, row.TargetId, 0, row.SearchTerm, null, row.Metrics)),
        _ => world.ProductRows(order.Days).Select(row => new ReportRow(row.Day, row.CampaignId, row.AdGroupId, 0, row.AdId, null, null, row.Metrics)),
    };

    private static object? Value(MarketWorld world, ReportOrder order, ReportRow row, string column)
    {
        var metrics = row.Metrics;
        switch (column)
        {
            case "date": return Day(row.Day);
            case "startDate": return Day(order.Days.First);
            case "endDate": return Day(order.Days.Last);
            case "impressions": return metrics.Impressions;
            case "clicks": return metrics.Clicks;
            case "cost" or "spend": return metrics.Cost;
            case "costPerClick": return metrics.Clicks == 0 ? null : decimal.Round(metrics.Cost / metrics.Clicks, 4);
            case "clickThroughRate": return metrics.Impressions == 0 ? null : decimal.Round(100m * metrics.Clicks / metrics.Impressions, 4);
            case "acosClicks7d": return Ratio(100 * metrics.Cost, metrics.Within7Days.Sales);
            case "acosClicks14d": return Ratio(100 * metrics.Cost, metrics.Within14Days.Sales);
            case "roasClicks7d": return Ratio(metrics.Within7Days.Sales, metrics.Cost);
            case "roasClicks14d": return Ratio(metrics.Within14Days.Sales, metrics.Cost);
            case "salesOtherSku7d": return metrics.Within7Days.Sales - metrics.Within7Days.SameSkuSales;
            case "unitsSoldOtherSku7d": return metrics.Within7Days.Units - metrics.Within7Days.SameSkuUnits;
            case "searchTerm": return row.SearchTerm;
            case "placementClassification": return row.Placement switch
            {
                Placement.TopOfSearch => "Top of Search on-Amazon",
                Placement.ProductPages => "Detail Page on-Amazon",
                _ => "Other on-Amazon",
            };
            case "campaignBudgetType": return "DAILY_BUDGET";
            case "campaignBudgetCurrencyCode": return world.Marketplace.Currency.Code;
            case "addToList" or "qualifiedBorrows" or "royaltyQualifiedBorrows" or "kindleEditionNormalizedPagesRead14d" or "kindleEditionNormalizedPagesRoyalties14d": return 0L;
            case "campaignRuleBasedBudgetAmount" or "campaignApplicableBudgetRuleId" or "campaignApplicableBudgetRuleName" or "topOfSearchImpressionShare": return null;
        }

        if (Window(column, metrics) is { } attributed) return attributed;
        return column.StartsWith("campaign", StringComparison.Ordinal) || column == "portfolioId" ? OfCampaign(world.Ads.Campaign(row.Campaign)!, column)
            : column.StartsWith("adGroup", StringComparison.Ordinal) ? OfAdGroup(world.Ads.AdGroup(row.AdGroupId)!, column)
            : column is "adId" or "advertisedAsin" or "advertisedSku" or "adCreativeStatus" ? OfAd(world.Ads.ProductAd(row.Ad)!, column)
            : OfTarget(world, world.Ads.Target(row.Target)!, column);
    }

    private static object? Window(string column, Metrics metrics)
    {
        Attributed attributed;
        string name;
        if (column.EndsWith("14d", StringComparison.Ordinal)) (attributed, name) = (metrics.Within14Days, column[..^3]);
        else if (column.EndsWith("30d", StringComparison.Ordinal)) (attributed, name) = (metrics.Within30Days, column[..^3]);
        else if (column.EndsWith("1d", StringComparison.Ordinal)) (attributed, name) = (metrics.Within1Day, column[..^2]);
        else if (column.EndsWith("7d", StringComparison.Ordinal)) (attributed, name) = (metrics.Within7Days, column[..^2]);
        else return null;
        return name switch
        {
            "purchases" => (long)attributed.Orders,
            "purchasesSameSku" => (long)attributed.SameSkuOrders,
            "unitsSoldClicks" => (long)attributed.Units,
            "unitsSoldSameSku" => (long)attributed.SameSkuUnits,
            "sales" => attributed.Sales,
            "attributedSalesSameSku" => attributed.SameSkuSales,
            _ => null,
        };
    }

    private static object? OfCampaign(WorldCampaign campaign, string column) => column switch
    {
        "campaignId" => campaign.Id,
        "campaignName" => campaign.Name,
        "campaignStatus" => AdView.StateWord(campaign.State),
        "campaignBudgetAmount" => campaign.DailyBudget,
        "campaignBiddingStrategy" => campaign.Strategy switch
        {
            BiddingStrategy.DownOnly => "legacy", BiddingStrategy.UpAndDown => "optimizeForSales", BiddingStrategy.Fixed => "manual", BiddingStrategy.RuleBased => "ruleBased",
        },
        "portfolioId" => campaign.PortfolioId,
        "campaignSite" => "",
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "A legal column without a value."),
    };

    private static object OfAdGroup(WorldAdGroup group, string column) => column == "adGroupId" ? group.Id : group.Name;

    private static object OfAd(WorldProductAd ad, string column) => column switch
    {
        "adId" => ad.Id,
        "advertisedAsin" => ad.Asin,
        "advertisedSku" => ad.Sku,
        _ => AdView.StateWord(ad.State),
    };

    private static object? OfTarget(MarketWorld world, WorldTarget target, string column) => column switch
    {
        "keywordId" => target.Id,
        "keyword" or "targeting" => TargetText(target),
        "keywordBid" => target.Bid ?? world.Ads.AdGroup(target.AdGroupId)!.DefaultBid,
        "keywordType" or "matchType" => target.Kind switch
        {
            TargetKind.Keyword => target.Match.ToString().ToUpperInvariant(),
            TargetKind.Product => "TARGETING_EXPRESSION",
            TargetKind.Auto => "TARGETING_EXPRESSION_PREDEFINED",
        },
        "adKeywordStatus" => AdView.StateWord(target.State),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "A legal column without a value."),
    };

    private static string TargetText(WorldTarget target) => target.Match switch
    {
        CoreMatch.Product => $"asin=\"{target.Text}\"",
        CoreMatch.Category => $"category=\"{target.Text}\"",
        CoreMatch.CloseMatch => "close-match",
        CoreMatch.LooseMatch => "loose-match",
        CoreMatch.Substitutes => "substitutes",
        CoreMatch.Complements => "complements",
        CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad or CoreMatch.Brand or CoreMatch.KeywordGroup or CoreMatch.ContentCategory or CoreMatch.Other => target.Text,
    };

    private static decimal? Ratio(decimal above, decimal below) => below == 0 ? null : decimal.Round(above / below, 4);

    private static void Write(Utf8JsonWriter json, string column, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(column); break;
            case string text: json.WriteString(column, text); break;
            case long whole: json.WriteNumber(column, whole); break;
            case int whole: json.WriteNumber(column, whole); break;
            case decimal amount: json.WriteNumber(column, amount); break;
            default: throw new NotSupportedException($"A report value of type {value.GetType()}.");
        }
    }

    private static Metrics Sum(Metrics left, Metrics right) => new(
        left.Impressions + right.Impressions, left.Clicks + right.Clicks, left.Cost + right.Cost, Sum(left.Within1Day, right.Within1Day),
        Sum(left.Within7Days, right.Within7Days), Sum(left.Within14Days, right.Within14Days), Sum(left.Within30Days, right.Within30Days));

    private static Attributed Sum(Attributed left, Attributed right) => new(
        left.Orders + right.Orders, left.Units + right.Units, left.Sales + right.Sales,
        left.SameSkuOrders + right.SameSkuOrders, left.SameSkuUnits + right.SameSkuUnits, left.SameSkuSales + right.SameSkuSales);
}

using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Facts;

/// <summary>Entity snapshots as tables and back: how structure rests in segments.</summary>
public static class EntityTables
{
    public static FactTable ToTable(IEnumerable<Campaign> campaigns) => Fill(Dataset.Campaign, campaigns, (row, campaign) => row
        .Long(campaign.Id.Value).Text(campaign.Name).Int((int)campaign.Targeting).Int((int)campaign.State).Long(campaign.DailyBudget.ToMicros())
        .Int((int)campaign.Strategy).Int(campaign.TopOfSearchPercent).Int(campaign.RestOfSearchPercent).Int(campaign.ProductPagesPercent).Int((int)campaign.AdProduct).Int((int)campaign.CostType).Int((int)campaign.BudgetPeriod));

    public static ImmutableArray<Campaign> Campaigns(FactTable table, Currency currency)
    {
        var ids = table.Longs("campaign_id");
        var names = table.Texts("name");
        var targeting = table.Ints("targeting");
        var states = table.Ints("state");
        var budgets = table.Longs("daily_budget");
        var strategies = table.Ints("strategy");
        var top = table.Ints("top_percent");
        var rest = table.Ints("rest_percent");
        var product = table.Ints("product_percent");
        var adProducts = table.Ints("ad_product");
        var costTypes = table.Ints("cost_type");
        var periods = table.Ints("budget_period");
        var all = ImmutableArray.CreateBuilder<Campaign>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(ids[row]), names[row], (TargetingType)targeting[row], (EntityState)states[row], Money.FromMicros(budgets[row], currency), (BiddingStrategy)strategies[row], top[row], rest[row], product[row]) { AdProduct = (AdProduct)adProducts[row], CostType = (CostType)costTypes[row], BudgetPeriod = (BudgetPeriod)periods[row] });
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<AdGroup> adGroups) => Fill(Dataset.AdGroup, adGroups, (row, group) => row
        .Long(group.Id.Value).Long(group.Campaign.Value).Text(group.Name).Int((int)group.State).Long(group.DefaultBid.ToMicros()));

    public static ImmutableArray<AdGroup> AdGroups(FactTable table, Currency currency)
    {
        var ids = table.Longs("ad_group_id");
        var campaigns = table.Longs("campaign_id");
        var names = table.Texts("name");
        var states = table.Ints("state");
        var bids = table.Longs("default_bid");
        var all = ImmutableArray.CreateBuilder<AdGroup>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(ids[row]), new(campaigns[row]), names[row], (EntityState)states[row], Money.FromMicros(bids[row], currency)));
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<ProductAd> ads) => Fill(Dataset.ProductAd, ads, (row, ad) => row
        .Long(ad.Id.Value).Long(ad.Campaign.Value).Long(ad.AdGroup.Value).Text(ad.Sku.Value).Text(ad.Asin.Value).Int((int)ad.State));

    public static ImmutableArray<ProductAd> ProductAds(FactTable table)
    {
        var ids = table.Longs("ad_id");
        var campaigns = table.Longs("campaign_id");
        var groups = table.Longs("ad_group_id");
        var skus = table.Texts("sku");
        var asins = table.Texts("asin");
        var states = table.Ints("state");
        var all = ImmutableArray.CreateBuilder<ProductAd>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(ids[row]), new(campaigns[row]), new(groups[row]), new(skus[row]), new(asins[row]), (EntityState)states[row]));
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<Target> targets) => Fill(Dataset.Target, targets, (row, target) => row
        .Long(target.Id.Value).Long(target.Campaign.Value).Long(target.AdGroup.Value).Int((int)target.Kind).Int((int)target.Match)
        .Text(target.Text).Int((int)target.State).Long(target.Bid.ToMicros()));

    public static ImmutableArray<Target> Targets(FactTable table, Currency currency)
    {
        var ids = table.Longs("target_id");
        var campaigns = table.Longs("campaign_id");
        var groups = table.Longs("ad_group_id");
        var kinds = table.Ints("kind");
        var matches = table.Ints("match");
        var texts = table.Texts("text");
        var states = table.Ints("state");
        var bids = table.Longs("bid");
        var all = ImmutableArray.CreateBuilder<Target>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(ids[row]), new(campaigns[row]), new(groups[row]), (TargetKind)kinds[row], (MatchType)matches[row], texts[row], (EntityState)states[row], Money.FromMicros(bids[row], currency)));
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<Negative> negatives) => Fill(Dataset.Negative, negatives, (row, negative) => row
        .Long(negative.Id.Value).Long(negative.Campaign.Value).Long(negative.AdGroup?.Value ?? 0).Int((int)negative.Match).Text(negative.Text).Int((int)negative.State));

    public static ImmutableArray<Negative> Negatives(FactTable table)
    {
        var ids = table.Longs("negative_id");
        var campaigns = table.Longs("campaign_id");
        var groups = table.Longs("ad_group_id");
        var matches = table.Ints("match");
        var texts = table.Texts("text");
        var states = table.Ints("state");
        var all = ImmutableArray.CreateBuilder<Negative>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(ids[row]), new(campaigns[row]), groups[row] == 0 ? null : new AdGroupId(groups[row]), (NegativeMatch)matches[row], texts[row], (EntityState)states[row]));
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<Listing> listings) => Fill(Dataset.Listing, listings, (row, listing) => row
        .Text(listing.Sku.Value).Text(listing.Asin.Value).Text(listing.Title).Long(listing.Price.ToMicros()).Int(listing.Buyable ? 1 : 0));

    public static ImmutableArray<Listing> Listings(FactTable table, Currency currency)
    {
        var skus = table.Texts("sku");
        var asins = table.Texts("asin");
        var titles = table.Texts("title");
        var prices = table.Longs("price");
        var buyable = table.Ints("buyable");
        var all = ImmutableArray.CreateBuilder<Listing>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new(new(skus[row]), new(asins[row]), titles[row], Money.FromMicros(prices[row], currency), buyable[row] == 1));
        return all.MoveToImmutable();
    }

    public static FactTable ToTable(IEnumerable<AskedSuggestion> suggestions) => Fill(Dataset.Suggestion, suggestions, (row, asked) => row
        .Long(asked.Target.Value).Int(asked.On.DayNumber)
        .Long(asked.Suggestion?.Low.ToMicros() ?? 0).Long(asked.Suggestion?.Median.ToMicros() ?? 0).Long(asked.Suggestion?.High.ToMicros() ?? 0));

    public static ImmutableArray<AskedSuggestion> Suggestions(FactTable table, Currency currency)
    {
        var ids = table.Longs("target_id");
        var days = table.Ints("asked_on");
        var lows = table.Longs("low");
        var medians = table.Longs("median");
        var highs = table.Longs("high");
        var all = ImmutableArray.CreateBuilder<AskedSuggestion>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
        {
            var target = new TargetId(ids[row]);
            all.Add(new(target, DateOnly.FromDayNumber(days[row]), medians[row] == 0
                ? null
                : new BidSuggestion(target, Money.FromMicros(lows[row], currency), Money.FromMicros(medians[row], currency), Money.FromMicros(highs[row], currency))));
        }

        return all.MoveToImmutable();
    }

    private static FactTable Fill<T>(Dataset dataset, IEnumerable<T> items, Action<FactTableBuilder, T> add)
    {
        var builder = new FactTableBuilder(TableSchema.Of(dataset));
        foreach (var item in items) add(builder, item);
        return builder.Build();
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.OtherAds;

/// <summary>Campaigns of Sponsored Brands and Display beside a storefront's Sponsored Products, the same for the same seed: per click, per thousand views, placed by Amazon, and untold.</summary>
internal static class SomeOtherAds
{
    public const long Brands = 70_000_000, BrandsSeen = 70_000_100, BrandsPlaced = 70_000_200, BrandsUntold = 70_000_300, Display = 80_000_000, DisplaySeen = 80_000_100, DisplayTwo = 80_000_200;

    public static Workspace With(Workspace plain, int seed = 1, double clicksPerDay = 3)
    {
        var random = new Random(seed);
        var currency = plain.Marketplace.Currency;
        var advertised = plain.ProductAds.Where(ad => plain.Listings.Any(listing => listing.Sku == ad.Sku)).DistinctBy(ad => ad.Sku).OrderBy(ad => ad.Sku.Value, StringComparer.Ordinal).Take(3).ToList();
        var level = (double)plain.Listings.Select(listing => listing.Price.Amount).DefaultIfEmpty(30m).Average() / 30;
        var (campaigns, groups, ads, targets) = (plain.Campaigns.ToBuilder(), plain.AdGroups.ToBuilder(), plain.ProductAds.ToBuilder(), plain.Targets.ToBuilder());
        foreach (var (id, product, cost, strategy, products) in new[]
        {
            (Brands, AdProduct.SponsoredBrands, CostType.PerClick, BiddingStrategy.Fixed, 2), (BrandsSeen, AdProduct.SponsoredBrands, CostType.PerThousandViews, BiddingStrategy.Fixed, 1),
            (BrandsPlaced, AdProduct.SponsoredBrands, CostType.PerClick, BiddingStrategy.DownOnly, 1), (BrandsUntold, AdProduct.SponsoredBrands, CostType.Unknown, BiddingStrategy.Fixed, 1),
            (Display, AdProduct.SponsoredDisplay, CostType.PerClick, BiddingStrategy.UpAndDown, 1), (DisplaySeen, AdProduct.SponsoredDisplay, CostType.PerThousandViews, BiddingStrategy.UpAndDown, 1),
            (DisplayTwo, AdProduct.SponsoredDisplay, CostType.PerClick, BiddingStrategy.UpAndDown, 2),
        })
        {
            var isBrands = product == AdProduct.SponsoredBrands;
            var daily = new Money(decimal.Round(400 * (decimal)level, currency.Decimals), currency);
            campaigns.Add(new Campaign(new(id), $"{product} {id}", TargetingType.Manual, EntityState.Enabled, daily, strategy, isBrands ? 20 : 0, isBrands ? -30 : 0, 0) { AdProduct = product, CostType = cost });
            groups.Add(new AdGroup(new(id + 1), new(id), "Group", EntityState.Enabled, new Money(0, currency)));
            for (var at = 0; at < Math.Min(products, advertised.Count); at++) ads.Add(new ProductAd(new(id + 10 + at), new(id), new(id + 1), advertised[at].Sku, advertised[at].Asin, EntityState.Enabled));
            for (var at = 0; at < 8; at++)
            {
                var (kind, match) = isBrands && at < 6 ? (TargetKind.Keyword, at % 2 == 0 ? MatchType.Exact : MatchType.Phrase) : at == 7 ? (TargetKind.Auto, MatchType.Complements) : (TargetKind.Product, MatchType.Product);
                var market = plain.Marketplace.For(product);
                var bid = Math.Clamp(decimal.Floor((decimal)(level * (0.1 + (1.6 * random.NextDouble()))) / market.BidStep) * market.BidStep, market.MinimumBid, market.MaximumBid);
                targets.Add(new Target(new(id + 20 + at), new(id), new(id + 1), kind, match, kind == TargetKind.Product ? $"B0RIVAL{at:000}" : $"others {at}", EntityState.Enabled, new Money(bid, currency)));
            }
        }

        var whole = plain with { Campaigns = campaigns.ToImmutable(), AdGroups = groups.ToImmutable(), ProductAds = ads.ToImmutable(), Targets = targets.ToImmutable() };
        for (var day = plain.Today.AddDays(-50); day < plain.Today; day = day.AddDays(1)) whole = WithDay(whole, day, random, clicksPerDay);
        return whole;
    }

    /// <summary>Tomorrow: bids of these ads taken, one more day of their facts. Sponsored Products stand still.</summary>
    public static Workspace NextDay(Workspace whole, IReadOnlyList<Proposal> taken, Random random, double clicksPerDay = 3)
    {
        var bids = taken.Where(proposal => proposal.Change.AdProduct != AdProduct.SponsoredProducts).ToDictionary(proposal => ((SetBid)proposal.Change).Target);
        return WithDay(whole with
        {
            Targets = [.. whole.Targets.Select(target => bids.TryGetValue(target.Id, out var proposal) ? target with { Bid = ((SetBid)proposal.Change).After } : target)],
            Changes = [.. whole.Changes, .. bids.Values.Select(proposal => new AppliedChange(proposal.Change, whole.SyncedAt!.Value.AddMinutes(5), false) { Module = proposal.Module, Reason = proposal.Reason, Product = proposal.Product, Expected = proposal.Effect })],
            Today = whole.Today.AddDays(1), SyncedAt = whole.SyncedAt!.Value.AddDays(1),
        }, whole.Today, random, clicksPerDay);
    }

    private static Workspace WithDay(Workspace whole, DateOnly day, Random random, double clicksPerDay)
    {
        var (brands, display) = (new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay)), new FactTableBuilder(TableSchema.Of(Dataset.DisplayTargetDay)));
        var bought = new FactTableBuilder(TableSchema.Of(Dataset.BrandsPurchaseDay));
        var others = whole.Campaigns.Where(campaign => campaign.AdProduct != AdProduct.SponsoredProducts).ToDictionary(campaign => campaign.Id);
        foreach (var target in whole.Targets)
        {
            if (!others.TryGetValue(target.Campaign, out var campaign)) continue;
            var clicks = (long)Math.Round(clicksPerDay * 2 * random.NextDouble());
            var rate = 0.01 + (0.14 * (target.Id.Value * 2_654_435_761L % 1000 / 1000.0));
            long orders = 0, seen = 0;
            for (var click = 0; click < clicks; click++) orders += random.NextDouble() < rate ? 1 : 0;
            if (!campaign.PaysPerClick) seen = random.Next(3);
            var cost = campaign.PaysPerClick ? (long)(clicks * (double)target.Bid.Amount * (0.5 + (0.3 * random.NextDouble())) * 1e6) : (long)((double)target.Bid.Amount * 1e6);
            var ad = whole.ProductAds.FirstOrDefault(each => each.AdGroup == target.AdGroup);
            var price = whole.Listings.FirstOrDefault(listing => ad is not null && listing.Sku == ad.Sku)?.Price.ToMicros() ?? 0;
            var table = campaign.AdProduct == AdProduct.SponsoredBrands ? brands : display;
            table.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Long((clicks * 100) + 50).Long(clicks).Long(cost).Long(orders + seen).Long(orders + seen).Long((orders + seen) * price).Long(orders);
            (table == brands ? table : table.Long(orders)).Long(orders * price);
            if (table != brands || orders + seen == 0) continue;
            var asin = whole.Listings.Length == 0 ? "B0NOTHING0" : whole.Listings[random.Next(whole.Listings.Length)].Asin.Value;
            bought.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Text(random.Next(8) == 0 ? "B0STRANGER" : asin).Long(orders + seen).Long(orders + seen).Long((orders + seen) * price);
        }

        return whole with
        {
            BrandsTargetDays = FactTable.Concat(Dataset.BrandsTargetDay, [whole.BrandsTargetDays, brands.Build()]),
            DisplayTargetDays = FactTable.Concat(Dataset.DisplayTargetDay, [whole.DisplayTargetDays, display.Build()]),
            BrandsPurchaseDays = FactTable.Concat(Dataset.BrandsPurchaseDay, [whole.BrandsPurchaseDays, bought.Build()]),
        };
    }
}

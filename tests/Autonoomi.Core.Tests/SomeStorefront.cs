using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests;

/// <summary>A made-up storefront, the same for the same seed: products with an automatic and a manual campaign each, sixty days of facts.</summary>
internal sealed class SomeStorefront
{
    public static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    public static readonly DateOnly Today = new(2026, 3, 11);

    public int Seed { get; init; } = 1;
    public int Products { get; init; } = 4;
    public int KeywordsPerGroup { get; init; } = 6;
    public int TermsPerGroup { get; init; } = 10;
    public int Days { get; init; } = 60;
    public Marketplace Marketplace { get; init; } = Us;
    public decimal Money { get; init; } = 1;
    public decimal MonthlyBudget { get; init; } = 1_000_000;
    public decimal DailyBudget { get; init; } = 500;
    public Func<int, bool> HasCosts { get; init; } = _ => true;
    public Func<int, long> Stock { get; init; } = _ => 100_000;

    /// <summary>Mean clicks of a target on a day.</summary>
    public double ClicksPerDay { get; init; } = 1;

    public Workspace Build()
    {
        var random = new Random(Seed);
        var currency = Marketplace.Currency;
        Money Of(double amount) => new(decimal.Round((decimal)amount * Money, currency.Decimals), currency);

        var campaigns = ImmutableArray.CreateBuilder<Campaign>();
        var groups = ImmutableArray.CreateBuilder<AdGroup>();
        var ads = ImmutableArray.CreateBuilder<ProductAd>();
        var targets = ImmutableArray.CreateBuilder<Target>();
        var listings = ImmutableArray.CreateBuilder<Listing>();
        var costs = ImmutableArray.CreateBuilder<ProductCost>();
        var rates = new List<double>();
        var ids = 1000L;
        for (var product = 0; product < Products; product++)
        {
            var sku = new Sku($"SKU-{product:000}");
            var asin = new Asin($"B0{product:00000000}");
            var price = 15 + random.NextDouble() * 30;
            listings.Add(new Listing(sku, asin, $"Product {product}", Of(price), true));
            if (HasCosts(product)) costs.Add(new ProductCost(sku, Today.AddDays(-30), Of(price * 0.25), Of(price * 0.03), null, 30));
            foreach (var targeting in new[] { TargetingType.Auto, TargetingType.Manual })
            {
                var strategy = random.Next(4) == 0 ? BiddingStrategy.UpAndDown : BiddingStrategy.DownOnly;
                var campaign = new Campaign(new(ids++), $"C{ids}", targeting, EntityState.Enabled, Of((double)DailyBudget), strategy, random.Next(3) * 20, 0, random.Next(2) * 10);
                campaigns.Add(campaign);
                MatchType[] matches = targeting == TargetingType.Auto ? [MatchType.CloseMatch] : [MatchType.Exact, MatchType.Phrase, MatchType.Broad];
                foreach (var match in matches)
                {
                    var group = new AdGroup(new(ids++), campaign.Id, $"G{ids}", EntityState.Enabled, Of(0.75));
                    groups.Add(group);
                    ads.Add(new ProductAd(new(ids++), campaign.Id, group.Id, sku, asin, EntityState.Enabled));
                    var count = targeting == TargetingType.Auto ? 4 : KeywordsPerGroup;
                    for (var index = 0; index < count; index++)
                    {
                        var kind = targeting == TargetingType.Auto ? TargetKind.Auto : TargetKind.Keyword;
                        var which = targeting == TargetingType.Auto ? MatchType.CloseMatch + index : match;
                        targets.Add(new Target(new(ids++), campaign.Id, group.Id, kind, which, kind == TargetKind.Auto ? "" : $"words {product} {index}", EntityState.Enabled, Of(0.2 + random.NextDouble() * 2)));
                        rates.Add(0.11 * Math.Exp(0.6 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)) * (random.Next(4) == 0 ? 0.1 : 1));
                    }
                }
            }
        }

        var targetDays = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var termDays = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        var placementDays = new FactTableBuilder(TableSchema.Of(Dataset.PlacementDay));
        var productDays = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        var skuDays = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        var orderDays = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay));
        var stockDays = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        var adOf = ads.ToDictionary(ad => ad.AdGroup);
        var priceOf = listings.ToDictionary(listing => listing.Sku, listing => listing.Price);
        for (var day = Today.AddDays(-Days); day < Today; day = day.AddDays(1))
        {
            var unitsOf = listings.ToDictionary(listing => listing.Sku, _ => 0L);
            for (var index = 0; index < targets.Count; index++)
            {
                var target = targets[index];
                var clicks = Poisson(random, ClicksPerDay * (0.2 + 1.6 * random.NextDouble()));
                var ad = adOf[target.AdGroup];
                var price = priceOf[ad.Sku];
                long orders = 0;
                for (var click = 0; click < clicks; click++) orders += random.NextDouble() < rates[index] ? 1 : 0;
                var cost = (long)(clicks * (double)target.Bid.Amount * (0.6 + 0.2 * random.NextDouble()) * 1e6);
                var sales = orders * price.ToMicros();
                unitsOf[ad.Sku] += orders;
                targetDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Long(clicks * 150 + random.Next(20)).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
                productDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(ad.Id.Value).Text(ad.Sku.Value).Long(clicks * 150).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
                if (clicks == 0) continue;
                var term = target.Match == MatchType.Exact ? target.Text : $"term {ad.Sku} {random.Next(TermsPerGroup)}".ToLowerInvariant();
                termDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Text(term).Long(clicks * 100).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
            }

            foreach (var campaign in campaigns)
            {
                for (var placement = 0; placement < 3; placement++)
                    placementDays.Day(day).Long(campaign.Id.Value).Int(placement).Long(500).Long(random.Next(6)).Long(1_000_000).Long(random.Next(2)).Long(0).Long(0);
            }

            var product = 0;
            foreach (var listing in listings)
            {
                var units = unitsOf[listing.Sku] + random.Next(4);
                var sales = units * listing.Price.ToMicros();
                skuDays.Day(day).Text(listing.Sku.Value).Long(units).Long(random.Next(10) == 0 ? 1 : 0).Long(sales).Long(0).Long(sales * 15 / 100).Long(sales * 12 / 100).Long(sales / 100).Long(0).Long(0);
                orderDays.Day(day).Text(listing.Sku.Value).Long(units).Long(units).Long(sales);
                stockDays.Day(day).Text(listing.Sku.Value).Long(Stock(product)).Long(0).Long(0);
                product++;
            }
        }

        return new Workspace
        {
            Storefront = new(4711), Marketplace = Marketplace, Today = Today, SyncedAt = new DateTimeOffset(2026, 3, 11, 12, 0, 0, TimeSpan.Zero),
            Campaigns = campaigns.ToImmutable(), AdGroups = groups.ToImmutable(), ProductAds = ads.ToImmutable(), Targets = targets.ToImmutable(), Listings = listings.ToImmutable(), Costs = costs.ToImmutable(),
            TargetDays = targetDays.Build(), SearchTermDays = termDays.Build(), PlacementDays = placementDays.Build(), ProductDays = productDays.Build(),
            SkuDays = skuDays.Build(), OrderDays = orderDays.Build(), InventoryDays = stockDays.Build(),
            Settings = new StorefrontSettings(AutomationMode.Auto, Of((double)MonthlyBudget), Of(5), [], [], false),
        };
    }

    /// <summary>The storefront a day later: changes taken, one more day of facts at the new bids. Exact keywords that were created sell what their term sold.</summary>
    public static Workspace NextDay(Workspace workspace, IReadOnlyList<Change> applied, Random random, double clicksPerDay = 1)
    {
        var campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id);
        var targets = workspace.Targets.ToDictionary(target => target.Id);
        var negatives = workspace.Negatives.ToDictionary(negative => negative.Id);
        var next = 50_000_000L + workspace.Today.DayNumber * 1000L;
        foreach (var change in applied)
        {
            switch (change)
            {
                case SetBid bid: targets[bid.Target] = targets[bid.Target] with { Bid = bid.After }; break;
                case SetBudget budget: campaigns[budget.Campaign] = campaigns[budget.Campaign] with { DailyBudget = budget.After }; break;
                case SetPlacement { Placement: Placement.TopOfSearch } top: campaigns[top.Campaign] = campaigns[top.Campaign] with { TopOfSearchPercent = top.AfterPercent }; break;
                case SetPlacement { Placement: Placement.RestOfSearch } rest: campaigns[rest.Campaign] = campaigns[rest.Campaign] with { RestOfSearchPercent = rest.AfterPercent }; break;
                case SetPlacement pages: campaigns[pages.Campaign] = campaigns[pages.Campaign] with { ProductPagesPercent = pages.AfterPercent }; break;
                case SetTargetState state: targets[state.Target] = targets[state.Target] with { State = state.After }; break;
                case CreateTarget create: targets.Add(new(++next), new Target(new(next), create.Campaign, create.AdGroup, create.Match == MatchType.Product ? TargetKind.Product : TargetKind.Keyword, create.Match, create.Text, EntityState.Enabled, create.Bid)); break;
                case AddNegative negative: negatives.Add(new(++next), new Negative(new(next), negative.Campaign, negative.AdGroup, negative.Match, negative.Text, EntityState.Enabled)); break;
                case ArchiveNegative archive: negatives[archive.Negative] = negatives[archive.Negative] with { State = EntityState.Archived }; break;
                default: throw new InvalidOperationException(change.GetType().Name);
            }
        }

        var targetDays = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var termDays = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        var skuOf = workspace.ProductAds.ToDictionary(ad => ad.AdGroup, ad => ad.Sku);
        var priceOf = workspace.Listings.ToDictionary(listing => listing.Sku, listing => listing.Price);
        foreach (var target in targets.Values)
        {
            var (day, clicks) = (workspace.Today, Poisson(random, clicksPerDay * Math.Min(3, (double)target.Bid.Amount)));
            var rate = 0.02 + 0.2 * (target.Id.Value * 2654435761L % 1000 / 1000.0);
            long orders = 0;
            for (var click = 0; click < clicks; click++) orders += random.NextDouble() < rate ? 1 : 0;
            var cost = (long)(clicks * (double)target.Bid.Amount * 0.7e6);
            var sales = orders * priceOf[skuOf[target.AdGroup]].ToMicros();
            targetDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Long(clicks * 100 + 5).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
            var term = target.Match == MatchType.Exact ? target.Text : $"term {skuOf[target.AdGroup]} {random.Next(10)}".ToLowerInvariant();
            if (clicks > 0) termDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Text(term).Long(clicks * 90).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
        }

        return workspace with
        {
            Today = workspace.Today.AddDays(1), SyncedAt = workspace.SyncedAt!.Value.AddDays(1),
            Campaigns = [.. campaigns.Values.OrderBy(campaign => campaign.Id.Value)], Targets = [.. targets.Values.OrderBy(target => target.Id.Value)], Negatives = [.. negatives.Values.OrderBy(negative => negative.Id.Value)],
            TargetDays = FactTable.Concat(Dataset.TargetDay, [workspace.TargetDays, targetDays.Build()]),
            SearchTermDays = FactTable.Concat(Dataset.SearchTermDay, [workspace.SearchTermDays, termDays.Build()]),
            Changes = [.. workspace.Changes, .. applied.Select(change => new AppliedChange(change, workspace.SyncedAt!.Value.AddMinutes(5), false))],
        };
    }

    /// <summary>Amazon's suggestions for four targets in five.</summary>
    /// <param name="workspace">Whose targets.</param>
    /// <param name="random">Dice.</param>
    /// <param name="spread">Standard deviation of their logarithms around the bids in force; one in twenty is the lowest or the highest bid there is.</param>
    public static ImmutableArray<BidSuggestion> Suggested(Workspace workspace, Random random, double spread)
    {
        var (market, found) = (workspace.Marketplace, ImmutableArray.CreateBuilder<BidSuggestion>());
        foreach (var target in workspace.Targets)
        {
            if (random.Next(5) == 0) continue;
            var normal = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            var median = random.Next(40) switch { 0 => market.MinimumBid, 1 => market.MaximumBid, _ => target.Bid.Amount * (decimal)Math.Exp(2 * spread * normal) };
            Money Of(decimal amount) => new(Math.Clamp(decimal.Round(amount, market.Currency.Decimals), market.MinimumBid, market.MaximumBid), market.Currency);
            found.Add(new BidSuggestion(target.Id, Of(median * 0.7m), Of(median), Of(median * 1.4m)));
        }

        return found.ToImmutable();
    }

    private static long Poisson(Random random, double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0L);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}

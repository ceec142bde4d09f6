using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Benchmarks;

/// <summary>
/// One decision for 50,000 targets and 500,000 search terms with 60 days of facts; against one pass that sums every fact row by target and by search term, which
/// is the least that anything must do that looks at all facts.
/// </summary>
/// <remarks>Processor time of all threads, each contestant in a process of its own, warmed up once. The facts are made before the clock starts.</remarks>
internal static class DecideBenchmark
{
    private const double Seconds = 5;
    private const int Days = 60;
    private static readonly DateOnly Today = new(2026, 3, 11);

    /// <param name="wanted">Another number of targets, for a quick look; ten search terms to each.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        var targets = wanted ?? 50_000;
        var size = targets.ToString(CultureInfo.InvariantCulture);
        var decided = await Contestant.StartAsync(["decide", "decide", size], cancellationToken);
        var summed = await Contestant.StartAsync(["decide", "sum", size], cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"decide {targets:N0} x {targets * 10:N0}");
        var goal = Seconds * targets / 50_000;
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"  {name}: {decided.ProcessorSeconds:0.00} s of processor time ({decided.Seconds:0.00} s by the clock), peak {decided.PeakMegabytes} MB with the facts; one pass over the facts {summed.ProcessorSeconds:0.00} s, {summed.PeakMegabytes} MB ({decided.ProcessorSeconds / summed.ProcessorSeconds:0.0} times)"));
        return
        [
            new($"{name} (of the goal)", string.Create(CultureInfo.InvariantCulture, $"{goal:0.##} s; one pass summing all facts took {summed.ProcessorSeconds:0.00} s"),
                decided.ProcessorSeconds, goal, "s", decided.ProcessorSeconds / goal, 1, decided.ProcessorSeconds <= goal, decided.PeakMegabytes),
        ];
    }

    /// <summary>In a contestant's own process.</summary>
    /// <param name="arguments">Name, targets.</param>
    public static Task CompeteAsync(string[] arguments)
    {
        var workspace = Make(int.Parse(arguments[1], CultureInfo.InvariantCulture));
        return Contestant.RunAsync(() =>
        {
            if (arguments[0] == "sum") Sum(workspace);
            else if (Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.IsEmpty) throw new InvalidOperationException("Nothing was decided: nothing was measured.");
            return Task.CompletedTask;
        });
    }

    private static void Sum(Workspace workspace)
    {
        var targets = new Dictionary<long, (long Clicks, long Cost, long Orders)>();
        var (ids, clicks, cost, orders) = (workspace.TargetDays.Longs("target_id").ToArray(), workspace.TargetDays.Longs("clicks").ToArray(), workspace.TargetDays.Longs("cost").ToArray(), workspace.TargetDays.Longs("orders").ToArray());
        for (var row = 0; row < ids.Length; row++)
        {
            var sum = targets.GetValueOrDefault(ids[row]);
            targets[ids[row]] = (sum.Clicks + clicks[row], sum.Cost + cost[row], sum.Orders + orders[row]);
        }

        var terms = new Dictionary<(long Group, int Term), (long Clicks, long Cost, long Orders)>();
        var texts = workspace.SearchTermDays.Texts("search_term");
        (ids, clicks, cost, orders) = (workspace.SearchTermDays.Longs("ad_group_id").ToArray(), workspace.SearchTermDays.Longs("clicks").ToArray(), workspace.SearchTermDays.Longs("cost").ToArray(), workspace.SearchTermDays.Longs("orders").ToArray());
        for (var row = 0; row < ids.Length; row++)
        {
            var key = (ids[row], texts.Codes[row]);
            var sum = terms.GetValueOrDefault(key);
            terms[key] = (sum.Clicks + clicks[row], sum.Cost + cost[row], sum.Orders + orders[row]);
        }

        if (targets.Count == 0 || terms.Count == 0) throw new InvalidOperationException("There were no facts.");
    }

    // Long tail: 25 targets to an ad group, 4 ad groups to a product, a few targets with most of the clicks, ten searches to a target of which most were clicked once.
    private static Workspace Make(int count)
    {
        var random = new Random(5);
        var market = Core.Primitives.Marketplace.Find("ATVPDKIKX0DER");
        Money Of(double amount) => new(decimal.Round((decimal)amount, 2), market.Currency);
        var (campaigns, groups, ads, targets, listings, costs, changes) = (
            ImmutableArray.CreateBuilder<Campaign>(), ImmutableArray.CreateBuilder<AdGroup>(), ImmutableArray.CreateBuilder<ProductAd>(), ImmutableArray.CreateBuilder<Target>(),
            ImmutableArray.CreateBuilder<Listing>(), ImmutableArray.CreateBuilder<ProductCost>(), ImmutableArray.CreateBuilder<AppliedChange>());
        var now = new DateTimeOffset(Today.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);
        var (targetDays, termDays, placementDays, productDays, skuDays, orderDays, stockDays) = (
            new FactTableBuilder(TableSchema.Of(Dataset.TargetDay)), new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay)), new FactTableBuilder(TableSchema.Of(Dataset.PlacementDay)),
            new FactTableBuilder(TableSchema.Of(Dataset.ProductDay)), new FactTableBuilder(TableSchema.Of(Dataset.SkuDay)), new FactTableBuilder(TableSchema.Of(Dataset.OrderDay)), new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay)));
        MatchType[] matches = [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Broad];
        var rates = new double[count];
        for (var index = 0; index < count; index++)
        {
            var (product, group) = (index / 100, index / 25);
            var sku = new Sku($"SKU-{product:00000}");
            if (index % 100 == 0)
            {
                listings.Add(new Listing(sku, new Asin($"B0{product:00000000}"), $"Product {product}", Of(15 + random.NextDouble() * 30), true));
                costs.Add(new ProductCost(sku, Today.AddDays(-300), Of(5), Of(0.5), null, 30));
                campaigns.Add(new Campaign(new(1_000_000 + product), $"Campaign {product}", TargetingType.Manual, EntityState.Enabled, Of(200), BiddingStrategy.DownOnly, 20, 0, 0));
            }

            if (index % 25 == 0)
            {
                groups.Add(new AdGroup(new(2_000_000 + group), new(1_000_000 + product), $"Group {group}", EntityState.Enabled, Of(0.6)));
                ads.Add(new ProductAd(new(3_000_000 + group), new(1_000_000 + product), new(2_000_000 + group), sku, new Asin($"B0{product:00000000}"), EntityState.Enabled));
            }

            targets.Add(new Target(new(4_000_000 + index), new(1_000_000 + product), new(2_000_000 + group), TargetKind.Keyword, matches[group % 4], $"word{random.Next(400)} word{random.Next(400)} {index}", EntityState.Enabled, Of(0.2 + random.NextDouble())));
            rates[index] = 0.04 * Math.Exp(1.4 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            if (index % 2 == 0) changes.Add(new AppliedChange(new SetBid(targets[index].Campaign, targets[index].AdGroup, targets[index].Id, TargetKind.Keyword, targets[index].Bid * 0.9m, targets[index].Bid), now.AddDays(-random.Next(2, 60)), false));
        }

        var terms = 0;
        for (var day = Today.AddDays(-Days); day < Today; day = day.AddDays(1))
        {
            for (var index = 0; index < count; index++)
            {
                var target = targets[index];
                var clicks = random.NextDouble() < rates[index] ? 1 + random.Next(1 + (int)(2 * rates[index])) : 0;
                if (clicks == 0 && random.NextDouble() > 0.35) continue;
                var orders = random.NextDouble() < 0.1 * clicks ? 1 : 0;
                var cost = clicks * (long)((double)target.Bid.Amount * 700_000);
                targetDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Long(clicks * 150 + random.Next(20)).Long(clicks).Long(cost).Long(orders).Long(orders).Long(orders * 25_000_000L);
                if (clicks > 0) productDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(3_000_000 + index / 25).Text($"SKU-{index / 100:00000}").Long(clicks * 150).Long(clicks).Long(cost).Long(orders).Long(orders).Long(orders * 25_000_000L);
            }

            // So many searches a day that the terms of sixty days are ten to a target.
            for (var row = 0; row < count * 10 / Days; row++)
            {
                var target = targets[(int)(count * Math.Pow(random.NextDouble(), 2))];
                var fresh = random.Next(8) > 0;
                termDays.Day(day).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Text(fresh ? $"word{random.Next(400)} word{random.Next(400)} search {terms++}" : $"word{random.Next(400)} word{random.Next(20)} again")
                    .Long(100).Long(1).Long(600_000).Long(random.Next(12) == 0 ? 1 : 0).Long(0).Long(0);
            }

            foreach (var campaign in campaigns)
                for (var placement = 0; placement < 3; placement++) placementDays.Day(day).Long(campaign.Id.Value).Int(placement).Long(500).Long(random.Next(6)).Long(1_000_000).Long(random.Next(2)).Long(0).Long(0);
            foreach (var listing in listings)
            {
                skuDays.Day(day).Text(listing.Sku.Value).Long(5).Long(0).Long(125_000_000).Long(0).Long(18_000_000).Long(20_000_000).Long(1_000_000).Long(0).Long(0);
                orderDays.Day(day).Text(listing.Sku.Value).Long(5).Long(5).Long(125_000_000);
                stockDays.Day(day).Text(listing.Sku.Value).Long(5_000).Long(0).Long(0);
            }
        }

        return new Workspace
        {
            Storefront = new(1), Marketplace = market, Today = Today, SyncedAt = now,
            Campaigns = campaigns.ToImmutable(), AdGroups = groups.ToImmutable(), ProductAds = ads.ToImmutable(), Targets = targets.ToImmutable(), Listings = listings.ToImmutable(), Costs = costs.ToImmutable(),
            TargetDays = targetDays.Build(), SearchTermDays = termDays.Build(), PlacementDays = placementDays.Build(), ProductDays = productDays.Build(), SkuDays = skuDays.Build(), OrderDays = orderDays.Build(), InventoryDays = stockDays.Build(),
            Changes = [.. changes.OrderBy(change => change.At)],
            Settings = new StorefrontSettings(AutomationMode.Auto, Of(10_000_000), Of(10), [], [], Frozen: false),
        };
    }
}

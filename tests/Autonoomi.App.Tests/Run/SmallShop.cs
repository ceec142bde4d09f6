using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Vault;

namespace Autonoomi.App.Tests.Run;

/// <summary>Two products with eight keywords each, and the same facts day after day: dear keywords that never sell, cheap ones that often do.</summary>
internal static class SmallShop
{
    public const int Keywords = 8;
    public const decimal Price = 25;

    private static readonly Currency Usd = new("USD");
    private static readonly string[] Products = ["A-1", "B-2"];

    /// <summary>Structure, costs and settings as they are, and facts of the days before.</summary>
    /// <param name="vault">Of the seller.</param>
    /// <param name="storefront">Of the United States.</param>
    /// <param name="today">The reporting day that runs.</param>
    /// <param name="days">How many days of facts.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <param name="settings">Null leaves the defaults.</param>
    public static Task FillAsync(SellerVault vault, StorefrontId storefront, DateOnly today, int days, CancellationToken stop, StorefrontSettings? settings = null)
    {
        var write = new VaultWrite()
            .ReplaceSnapshot(Dataset.Listing, storefront, EntityTables.ToTable(Products.Select((sku, index) => new Listing(new(sku), new($"B00000000{index + 1}"), $"Kettle {index + 1}", new(Price, Usd), true))))
            .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable(Products.Select((_, index) => new Campaign(new(index + 1), $"Kitchen {index + 1}", TargetingType.Manual, EntityState.Enabled, new(200, Usd), BiddingStrategy.DownOnly, 0, 0, 0))))
            .ReplaceSnapshot(Dataset.AdGroup, storefront, EntityTables.ToTable(Products.Select((_, index) => new AdGroup(new(index + 11), new(index + 1), "Exact", EntityState.Enabled, new(0.5m, Usd)))))
            .ReplaceSnapshot(Dataset.ProductAd, storefront, EntityTables.ToTable(Products.Select((sku, index) => new ProductAd(new(index + 21), new(index + 1), new(index + 11), new(sku), new($"B00000000{index + 1}"), EntityState.Enabled))))
            .ReplaceSnapshot(Dataset.Target, storefront, EntityTables.ToTable(Enumerable.Range(0, Keywords * Products.Length).Select(at => new Target(
                new(Id(at)), new((at / Keywords) + 1), new((at / Keywords) + 11), TargetKind.Keyword, MatchType.Exact, $"kettle {at}", EntityState.Enabled, new(Bid(at), Usd)))));
        foreach (var sku in Products)
            write.Put(RecordKind.Cost, RecordKind.RecordId(storefront, $"2026-01-01/{sku}"), new ProductCost(new(sku), today.AddDays(-days), new(6, Usd), new(0, Usd), null, 30), StoredJson.Default.ProductCost, "set");
        if (settings is not null) write.Put(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), settings, StoredJson.Default.StorefrontSettings, "set");
        Days(write, storefront, today.AddDays(-days), today);
        return vault.CommitAsync(write, stop);
    }

    /// <summary>Facts of the days that have passed since.</summary>
    public static Task GoOnAsync(SellerVault vault, StorefrontId storefront, DateOnly before, DateOnly today, CancellationToken stop, Func<int, double>? more = null)
    {
        var write = new VaultWrite();
        Days(write, storefront, before, today, more);
        return vault.CommitAsync(write, stop);
    }

    public static long Id(int at) => 101 + at;

    /// <summary>Even keywords are dear and never sell, odd ones are cheap and sell every other click.</summary>
    public static decimal Bid(int at) => at % 2 == 0 ? 1.20m + (0.05m * at) : 0.20m + (0.01m * at);

    public static long Clicks(int at) => at % 2 == 0 ? 6 : 4;

    private static long Cost(int at) => (long)(Bid(at) * 0.8m * Clicks(at) * 1_000_000);

    private static long Orders(int at) => at % 2 == 0 ? 0 : 1;

    private static void Days(VaultWrite write, StorefrontId storefront, DateOnly first, DateOnly today, Func<int, double>? more = null)
    {
        var targets = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var ads = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        var skus = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        var stock = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        var price = (long)(Price * 1_000_000);
        for (var day = first; day < today; day = day.AddDays(1))
        {
            for (var at = 0; at < Keywords * Products.Length; at++)
            {
                var times = more?.Invoke(at) ?? 1;
                var (clicks, cost) = ((long)(Clicks(at) * times), (long)(Cost(at) * times));
                targets.Day(day).Long((at / Keywords) + 1).Long((at / Keywords) + 11).Long(Id(at)).Long(clicks * 50).Long(clicks).Long(cost).Long(Orders(at)).Long(Orders(at)).Long(Orders(at) * price);
            }

            for (var product = 0; product < Products.Length; product++)
            {
                var mine = Enumerable.Range(product * Keywords, Keywords).Select(at => (Times: more?.Invoke(at) ?? 1, At: at)).ToArray();
                var orders = mine.Sum(one => Orders(one.At));
                var clicks = mine.Sum(one => (long)(Clicks(one.At) * one.Times));
                ads.Day(day).Long(product + 1).Long(product + 11).Long(product + 21).Text(Products[product]).Long(clicks * 50).Long(clicks).Long(mine.Sum(one => (long)(Cost(one.At) * one.Times))).Long(orders).Long(orders).Long(orders * price);
                skus.Day(day).Text(Products[product]).Long(orders + 2).Long(0).Long((orders + 2) * price).Long(0).Long((orders + 2) * price * 15 / 100).Long(0).Long(0).Long(0).Long(0);
                stock.Day(day.AddDays(1)).Text(Products[product]).Long(10_000).Long(0).Long(0);
            }
        }

        var span = new DateSpan(first, today.AddDays(-1));
        write.ReplaceDays(Dataset.TargetDay, storefront, span, targets.Build()).ReplaceDays(Dataset.ProductDay, storefront, span, ads.Build()).ReplaceDays(Dataset.SkuDay, storefront, span, skus.Build())
            .ReplaceDays(Dataset.InventoryDay, storefront, new DateSpan(first.AddDays(1), today), stock.Build());
        write.Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(today, new(12, 0), TimeSpan.Zero), today.AddDays(-1)), StoredJson.Default.SyncMark, "done");
    }
}

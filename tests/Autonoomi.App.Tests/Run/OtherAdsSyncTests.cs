using System.Text;
using System.Text.Json;
using Autonoomi.App.Features.ChangeLog;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>What a sync reads of Sponsored Brands and Display: of several products in one ad, and of campaigns that have ended.</summary>
public sealed class OtherAdsSyncTests : IAsyncLifetime
{
    private static readonly Dataset[] Brands = [Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.BrandsCampaignDay, Dataset.BrandsPurchaseDay];
    private static readonly Dataset[] Display = [Dataset.DisplayTargetDay, Dataset.DisplayProductDay, Dataset.DisplayCampaignDay, Dataset.DisplayPurchaseDay];
    private readonly Ended ended = new();
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 3, "--products", "6", "--other-ads");
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, services => services.AddHttpClient("autonoomi-amazon-ads").AddHttpMessageHandler(() => new EndedHandler(ended)), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task Reports_of_archived_campaigns_are_asked_for_whole_at_first_and_then_until_amazon_restates_nothing_more()
    {
        var living = await AskedAsync();
        Assert.Superset(Brands.Concat(Display).ToHashSet(), living.Keys.ToHashSet());

        // All campaigns of Brands and Display were archived before anything was read.
        ended.All = true;
        Assert.Equal(living, await AskedAsync());
        Assert.Equal((59, 64), (living[Dataset.BrandsTargetDay], living[Dataset.DisplayTargetDay]));

        // They are read until three days ago, and Brands cost something 42 days ago for the last time, Display 43 days ago.
        var today = await TodayAsync();
        await ReadAsync(Dataset.BrandsTargetDay, today, daysAgo: 42);
        await ReadAsync(Dataset.DisplayTargetDay, today, daysAgo: 43);
        var later = (await AskedAsync()).Keys.ToHashSet();
        Assert.Superset(Brands.ToHashSet(), later);
        Assert.Empty(later.Intersect(Display));

        // A living campaign is reason enough.
        ended.All = false;
        Assert.Superset(Brands.Concat(Display).ToHashSet(), (await AskedAsync()).Keys.ToHashSet());
    }

    [Fact]
    public async Task An_account_to_which_amazon_does_not_open_an_ad_product_is_read_without_it()
    {
        await amazon.SetFaultsAsync(new { faults = new[] { new { path = "/sb/", kind = "error", status = 403, count = -1 } } }, Stop);

        var asked = await AskedAsync();

        Assert.Empty(asked.Keys.Intersect(Brands));
        Assert.Superset(Display.ToHashSet(), asked.Keys.ToHashSet());
    }

    [Fact]
    public async Task Spend_of_an_ad_with_several_products_is_spread_over_all_of_them_and_the_change_log_names_them()
    {
        await WriteListingsAndStructureAsync();
        var workspace = await shop.Services.GetRequiredService<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop);
        var brands = workspace.Campaigns.Where(campaign => campaign.AdProduct == AdProduct.SponsoredBrands).Select(campaign => campaign.Id).ToHashSet();
        var ad = workspace.ProductAds.Where(item => brands.Contains(item.Campaign)).GroupBy(item => item.Id).Select(items => items.ToList()).MaxBy(items => items.Count)!;
        Assert.True(ad.Count >= 3, $"{ad.Count} products");
        Assert.Equal(ad.Count, ad.Select(item => item.Sku).Distinct().Count());

        // Nothing was sold on that day: equal parts, and no millionth is lost.
        var day = workspace.Today.AddDays(-1);
        var cost = (ad.Count * 1_000_000) + 1;
        var spend = new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay)).Day(day).Long(ad[0].Campaign.Value).Long(ad[0].AdGroup.Value).Long(1).Long(10).Long(2).Long(cost).Long(0).Long(0).Long(0).Long(0).Long(0).Build();
        var spent = new ProfitBooks(workspace with { BrandsTargetDays = spend, OrderDays = FactTable.Empty(Dataset.OrderDay), SkuDays = FactTable.Empty(Dataset.SkuDay), LedgerDays = FactTable.Empty(Dataset.LedgerDay) })
            .Table(new DateSpan(day, day)).Rows.GroupBy(row => row.Sku).ToDictionary(rows => rows.Key, rows => rows.Sum(row => row.Lines.AdSpend));
        Assert.Equal(ad.Select(item => item.Sku).OrderBy(sku => sku.Value, StringComparer.Ordinal), spent.Where(part => part.Value != 0).Select(part => part.Key).OrderBy(sku => sku.Value, StringComparer.Ordinal));
        Assert.Equal(cost, spent.Values.Sum());
        Assert.All(ad, item => Assert.InRange(spent[item.Sku], 1_000_000, 1_000_001));

        var changed = new StoredHistory(DateTimeOffset.UnixEpoch.AddDays(20_000), [new(DateTimeOffset.UnixEpoch.AddDays(19_999), EventEntity.Ad, ad[0].Id.Value, EventField.State, "enabled", "paused", ad[0].Campaign)]);
        Assert.Equal($"Ad of {string.Join(", ", ad.Select(item => item.Sku.Value))}", Assert.Single(ForeignChanges.Of(workspace, changed)).View.What);
    }

    /// <returns>Days that the sync would ask for, by report.</returns>
    private async Task<SortedDictionary<Dataset, int>> AskedAsync()
    {
        var step = new StepContext(Guid.NewGuid(), RunKind.Full, 0, shop.Seller, shop.Storefront, 0, null, await shop.VaultAsync(Stop));
        var result = Assert.IsType<StepResult.Finished>(await shop.Services.GetServices<IStep>().Single(handler => handler.Kind == StepNames.Structure).RunAsync(step, Stop));
        var asked = new SortedDictionary<Dataset, int>();
        foreach (var notes in result.Then!.Where(next => next.Kind == StepNames.Report).Select(next => JsonSerializer.Deserialize(next.Notes!, NotesJson.Default.ReportNotes)!))
            asked[notes.Dataset] = asked.GetValueOrDefault(notes.Dataset) + new DateSpan(notes.First, notes.Last).Days;
        return asked;
    }

    private async Task ReadAsync(Dataset dataset, DateOnly today, int daysAgo)
    {
        var day = today.AddDays(-daysAgo);
        var row = new FactTableBuilder(TableSchema.Of(dataset)).Day(day).Long(1).Long(2).Long(3).Long(10).Long(2).Long(1_000_000).Long(0).Long(0).Long(0);
        for (var column = 10; column < TableSchema.Of(dataset).Columns.Length; column++) row = row.Long(0);
        await (await shop.VaultAsync(Stop)).CommitAsync(new VaultWrite().ReplaceDays(dataset, shop.Storefront, new DateSpan(day, day), row.Build())
            .Put(RecordKind.Reading, RecordKind.RecordId(shop.Storefront, dataset.ToString()), StoredReadings.None.With(new(today.AddDays(-60), today.AddDays(-3), today.AddDays(-2))), StoredJson.Default.StoredReadings, "read"), Stop);
    }

    private async Task WriteListingsAndStructureAsync()
    {
        var link = shop.Services.GetRequiredService<SellerLink>();
        var write = new VaultWrite();
        StructureStep.Snapshot(await (await link.AdsAsync(shop.Seller, shop.Storefront, Stop)).StructureAsync(exports: false, Stop), shop.Storefront, write);
        var listings = await (await link.SellingPartnerAsync(shop.Seller, shop.Storefront, Stop)).ListingsAsync(Stop);
        await (await shop.VaultAsync(Stop)).CommitAsync(write.ReplaceSnapshot(Dataset.Listing, shop.Storefront, EntityTables.ToTable(listings)), Stop);
        shop.Services.GetRequiredService<Workspaces>().FactsReplaced(shop.Seller, shop.Storefront);
    }

    private async Task<DateOnly> TodayAsync() =>
        shop.Services.GetRequiredService<BusinessClock>().Today(await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop));

    private sealed class Ended
    {
        public bool All { get; set; }
    }

    /// <summary>Lists show what lives as archived, and what is archived as living: as though every campaign had ended.</summary>
    private sealed class EndedHandler(Ended ended) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!ended.All) return await base.SendAsync(request, cancellationToken);
            var address = request.RequestUri!.AbsoluteUri;
            if (address.Contains("/sd/campaigns", StringComparison.Ordinal))
                request.RequestUri = new(address.Contains("stateFilter=archived", StringComparison.Ordinal) ? address.Replace("stateFilter=archived", "stateFilter=enabled,paused", StringComparison.Ordinal) : address[..address.IndexOf("stateFilter", StringComparison.Ordinal)] + "stateFilter=archived");
            if (address.EndsWith("/sb/v4/campaigns/list", StringComparison.Ordinal))
            {
                var asked = await request.Content!.ReadAsStringAsync(cancellationToken);
                var content = new ByteArrayContent(Encoding.UTF8.GetBytes(asked.Contains("ARCHIVED", StringComparison.Ordinal) ? asked.Replace("\"ARCHIVED\"", "\"ENABLED\",\"PAUSED\"", StringComparison.Ordinal) : asked.Replace("\"ENABLED\",\"PAUSED\"", "\"ARCHIVED\"", StringComparison.Ordinal)));
                content.Headers.ContentType = request.Content.Headers.ContentType;
                request.Content = content;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}

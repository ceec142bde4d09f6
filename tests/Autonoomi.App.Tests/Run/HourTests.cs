using System.Net.Http.Json;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>The hourly look at what the day has cost so far, on a SQLite vault against the pretend Amazon.</summary>
public sealed class HourTests : IAsyncLifetime
{
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 20, "--products", "4", "--other-ads");
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
        var ads = await shop.Services.GetRequiredService<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);
        var write = new VaultWrite();
        StructureStep.Snapshot(await ads.StructureAsync(exports: false, Stop), shop.Storefront, write);
        await (await shop.VaultAsync(Stop)).CommitAsync(write, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task Each_look_adds_one_count_of_every_enabled_campaign_and_the_next_day_keeps_the_hours_alone()
    {
        await AdvanceAsync(hours: 24 - (int)(await DayHourAsync()));
        for (var hour = 1; hour <= 23; hour++)
        {
            await AdvanceAsync(hours: 1);
            await LookAsync();
        }

        var seen = (await StoredAsync())!;
        var enabled = EntityTables.Campaigns(await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.Campaign, shop.Storefront, null, Stop), new Currency("USD")).Where(campaign => campaign.State == EntityState.Enabled).ToList();
        Assert.Equal(enabled.Select(campaign => campaign.Id).OrderBy(id => id.Value), seen.Today.Campaigns.Select(campaign => campaign.Campaign));
        Assert.All(seen.Today.Campaigns, campaign => Assert.Equal(23, campaign.Counts.Length));
        Assert.Equal(Enum.GetValues<AdProduct>(), enabled.Select(campaign => campaign.AdProduct).Distinct().Order());
        foreach (var product in enabled.GroupBy(campaign => campaign.AdProduct, campaign => campaign.Id))
            Assert.True(seen.Today.Campaigns.Where(campaign => product.Contains(campaign.Campaign)).Sum(campaign => campaign.Counts[^1].Spent) > 0, $"a day without any spend of {product.Key} proves nothing");
        Assert.All(seen.Today.Campaigns, campaign => Assert.True(campaign.Counts.Zip(campaign.Counts.Skip(1)).All(pair => pair.Second.Spent >= pair.First.Spent && pair.Second.At == pair.First.At.AddHours(1))));
        Assert.Empty(seen.Earlier);

        await AdvanceAsync(hours: 2);
        await LookAsync();
        var next = (await StoredAsync())!;
        Assert.Equal(seen.Today.Date.AddDays(1), next.Today.Date);
        Assert.All(next.Today.Campaigns, campaign => Assert.Single(campaign.Counts));
        var hours = Assert.Single(next.Earlier);
        Assert.Equal(seen.Today.Date, hours.Date);

        // The last hour goes on as the one before it.
        var last = seen.Today.Campaigns.Sum(campaign => campaign.Counts[^1].Spent - campaign.Counts[^2].Spent);
        Assert.Equal(seen.Today.Spent + last, hours.Spent.Sum(), 2);
    }

    [Fact]
    public async Task An_answer_that_stands_still_is_no_new_hour_and_an_outage_keeps_what_is_known()
    {
        await AdvanceAsync(hours: 24 - (int)(await DayHourAsync()) + 6);
        await amazon.SetFaultsAsync(new { usageStands = true }, Stop);
        await LookAsync();
        var first = (await StoredAsync())!;
        await AdvanceAsync(hours: 1);
        await LookAsync();
        Assert.Equal(first.Today.Campaigns.Select(campaign => campaign.Counts.Single()), (await StoredAsync())!.Today.Campaigns.Select(campaign => campaign.Counts.Single()));

        await amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { path = "/sp/campaigns/budget/usage", kind = "error", status = 500, count = -1 } } }, Stop);
        Assert.Equal(RunState.Failed, (await LookAsync(expect: RunState.Failed)).State);
        Assert.Equal(first.Today.Campaigns.Length, (await StoredAsync())!.Today.Campaigns.Length);

        // Where it is not permitted, the look ends well and the operation is noted.
        await amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { path = "/sp/campaigns/budget/usage", kind = "error", status = 403, count = -1 } } }, Stop);
        await LookAsync();
        Assert.Contains("POST /sp/campaigns/budget/usage", (await shop.Services.GetRequiredService<GrantBook>().OfAsync(shop.Seller, Stop)).Single(grant => grant.Kind == Amazon.Login.GrantKind.Ads).Missing);

        await amazon.SetFaultsAsync(new { clear = true }, Stop);
        await LookAsync();
        Assert.All((await StoredAsync())!.Today.Campaigns, campaign => Assert.Equal(2, campaign.Counts.Length));

        // Those of Brands may come an hour later; the others' are told.
        var brands = EntityTables.Campaigns(await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.Campaign, shop.Storefront, null, Stop), new Currency("USD")).Where(campaign => campaign.AdProduct == AdProduct.SponsoredBrands).Select(campaign => campaign.Id).ToHashSet();
        await AdvanceAsync(hours: 1);
        await amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { path = "/sb/campaigns/budget/usage", kind = "error", status = 403, count = -1 } } }, Stop);
        await LookAsync();
        Assert.All((await StoredAsync())!.Today.Campaigns, campaign => Assert.Equal(brands.Contains(campaign.Campaign) ? 2 : 3, campaign.Counts.Length));
        Assert.Contains("POST /sb/campaigns/budget/usage", (await shop.Services.GetRequiredService<GrantBook>().OfAsync(shop.Seller, Stop)).Single(grant => grant.Kind == Amazon.Login.GrantKind.Ads).Missing);
    }

    [Fact]
    public async Task A_restart_in_the_middle_asks_once_more_and_counts_once()
    {
        await AdvanceAsync(hours: 24 - (int)(await DayHourAsync()) + 6);
        await LookAsync();
        await AdvanceAsync(hours: 1);
        var run = await shop.RequestAsync(RunKind.Hour, [new(StepNames.Hour, null)], Stop);
        await shop.RestartAsync(Stop);
        await FreezeAsync();
        await shop.PumpAsync(Stop);

        Assert.Equal(RunState.Done, (await shop.Services.GetRequiredService<Runs>().WaitAsync(run, Stop)).State);
        Assert.All((await StoredAsync())!.Today.Campaigns, campaign => Assert.Equal(2, campaign.Counts.Length));
    }

    [Fact]
    public async Task Sellers_and_storefronts_do_not_mix_each_keeps_the_hours_of_its_own_campaigns_and_its_own_day()
    {
        await using var several = await PretendAmazon.StartAsync(seed: 6, historyDays: 5, "--products", "2", "--sellers", "US+JP,UK");
        await using var all = await Workshop.AtPretendAmazonAsync(several, null, null, Stop);
        Assert.Equal(3, all.Connected.Count);
        var seen = new List<CampaignId>();
        foreach (var place in all.Connected)
        {
            await all.TurnToAsync(place, Stop);
            var ads = await all.Services.GetRequiredService<SellerLink>().AdsAsync(all.Seller, all.Storefront, Stop);
            var write = new VaultWrite();
            StructureStep.Snapshot(await ads.StructureAsync(exports: false, Stop), all.Storefront, write);
            await (await all.VaultAsync(Stop)).CommitAsync(write, Stop);
            var run = await all.RunAsync(RunKind.Hour, [new(StepNames.Hour, null)], Stop);
            Assert.True(run.State == RunState.Done, run.Error);
        }

        foreach (var place in all.Connected)
        {
            await all.TurnToAsync(place, Stop);
            var vault = await all.VaultAsync(Stop);
            Assert.Equal(all.Connected.Count(other => other.Seller == place.Seller), (await vault.RecordsAsync(RecordKind.Hours, StoredJson.Default.StoredHours, null, Stop)).Count);
            var stored = (await vault.RecordAsync(RecordKind.Hours, RecordKind.RecordId(place.Storefront, "latest"), StoredJson.Default.StoredHours, Stop))!;
            var marketplace = await all.Services.GetRequiredService<SellerLink>().MarketplaceAsync(place.Seller, place.Storefront, Stop);
            var own = EntityTables.Campaigns(await vault.ReadAsync(Dataset.Campaign, place.Storefront, null, Stop), marketplace.Currency).Where(campaign => campaign.State == EntityState.Enabled).Select(campaign => campaign.Id).OrderBy(id => id.Value);
            Assert.Equal(own, stored.Today.Campaigns.Select(campaign => campaign.Campaign));
            Assert.Equal(all.Services.GetRequiredService<BusinessClock>().Today(marketplace), stored.Today.Date);
            seen.AddRange(stored.Today.Campaigns.Select(campaign => campaign.Campaign));
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    private async Task<RunView> LookAsync(RunState expect = RunState.Done)
    {
        var run = await shop.RunAsync(RunKind.Hour, [new(StepNames.Hour, null)], Stop);
        Assert.True(run.State == expect, run.Error);
        return run;
    }

    private async Task AdvanceAsync(int hours)
    {
        using var response = await amazon.Control.PostAsJsonAsync("/world/advance", new { hours }, Stop);
        response.EnsureSuccessStatusCode();
        await FreezeAsync();
    }

    private async Task FreezeAsync() => shop.Services.GetRequiredService<BusinessClock>().Freeze(await amazon.ClockAsync(Stop));

    private async Task<double> DayHourAsync()
    {
        var marketplace = await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop);
        var clock = shop.Services.GetRequiredService<BusinessClock>();
        return (clock.GetUtcNow() - clock.Day(marketplace).Start).TotalHours;
    }

    private async Task<StoredHours?> StoredAsync() => await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Hours, RecordKind.RecordId(shop.Storefront, "latest"), StoredJson.Default.StoredHours, Stop);
}

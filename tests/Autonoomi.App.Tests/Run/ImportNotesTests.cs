using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Run;

/// <summary>What an import says about itself, and what it remembers.</summary>
public sealed class ImportNotesTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 8, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 9, 8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_of_the_same_days_that_disagree_and_rows_left_out_are_said()
    {
        await using var shop = await Workshop.AtStubAsync(new("http://127.0.0.1:9"), Now, null, Stop);
        var write = new VaultWrite();
        void Read(Dataset dataset, long cost, long rejected) => write.Put(RecordKind.Reading, RecordKind.RecordId(shop.Storefront, dataset.ToString()),
            StoredReadings.None.With(new(Today.AddDays(-14), Today.AddDays(-1), Today, new ReportTotal(5_000, rejected, 900, cost))), StoredJson.Default.StoredReadings, "read");
        Read(Dataset.TargetDay, 1_000_000_000, 0);
        Read(Dataset.PlacementDay, 950_000_000, 0);
        Read(Dataset.ProductDay, 1_005_000_000, 0);
        Read(Dataset.SearchTermDay, 700_000_000, 3);
        write.Put(RecordKind.Rejects, RecordKind.RecordId(shop.Storefront, nameof(Dataset.SearchTermDay)), new StoredRejects(Today.AddDays(-14), Today.AddDays(-1), Today, [new RejectedRow(17, "clicks", "a count is zero or more, and this one is negative")]), StoredJson.Default.StoredRejects, "left-out");
        var vault = await shop.VaultAsync(Stop);
        await vault.CommitAsync(write, Stop);
        var step = new StepContext(Guid.NewGuid(), RunKind.Full, 0, shop.Seller, shop.Storefront, 0, null, vault);

        var notes = await Readings.DoubtsAsync(step, Today, new Currency("USD"), Stop);

        Assert.Equal(2, notes.Length);
        Assert.Contains("3 of the 5,000 rows of Amazon's search term report", notes[0].Text, StringComparison.Ordinal);
        Assert.Contains("row 17: clicks", notes[0].Text, StringComparison.Ordinal);
        Assert.Contains("placement report of 2026-08-25..2026-09-07 adds up to $950.00 of ad cost, its targeting report to $1,000", notes[1].Text, StringComparison.Ordinal);
        Assert.All(notes, note => Assert.False(note.Holds));
        Assert.Empty(await Readings.DoubtsAsync(step, Today.AddDays(1), new Currency("USD"), Stop));
    }

    [Theory]
    [InlineData(Dataset.CampaignDay, Dataset.TargetDay, "campaign report", "its targeting report")]
    [InlineData(Dataset.BrandsCampaignDay, Dataset.BrandsTargetDay, "Brands campaign report", "its Brands targeting report")]
    [InlineData(Dataset.DisplayCampaignDay, Dataset.DisplayTargetDay, "Display campaign report", "its Display targeting report")]
    public async Task Campaigns_that_cost_more_than_their_targets_are_said_by_name(Dataset part, Dataset whole, string report, string other)
    {
        await using var shop = await Workshop.AtStubAsync(new("http://127.0.0.1:9"), Now, null, Stop);
        var days = new DateSpan(Today.AddDays(-14), Today.AddDays(-1));
        var usd = new Currency("USD");
        var parts = new FactTableBuilder(TableSchema.Of(part));
        parts.Day(days.Last).Long(1).Long(50).Long(100_000_000).Day(days.Last).Long(2).Long(50).Long(40_000_000);
        var wholes = new FactTableBuilder(TableSchema.Of(whole));
        wholes.Day(days.Last).Long(1).Long(10).Long(11).Long(500).Long(50).Long(100_000_000).Long(0).Long(0).Long(0);
        if (whole == Dataset.DisplayTargetDay) wholes.Long(0).Long(0).Long(0);
        if (whole == Dataset.BrandsTargetDay) wholes.Long(0).Long(0);
        var write = new VaultWrite()
            .ReplaceSnapshot(Dataset.Campaign, shop.Storefront, EntityTables.ToTable(new[] { 1L, 2L }.Select(id => new Campaign(new(id), $"Campaign no. {id}", TargetingType.Manual, EntityState.Enabled, new Money(10m, usd), BiddingStrategy.DownOnly, 0, 0, 0))))
            .ReplaceDays(part, shop.Storefront, days, parts.Build()).ReplaceDays(whole, shop.Storefront, days, wholes.Build());
        foreach (var (dataset, cost) in new[] { (part, 140_000_000L), (whole, 100_000_000L) })
            write.Put(RecordKind.Reading, RecordKind.RecordId(shop.Storefront, dataset.ToString()), StoredReadings.None.With(new(days.First, days.Last, Today, new ReportTotal(2, 0, 100, cost))), StoredJson.Default.StoredReadings, "read");
        var vault = await shop.VaultAsync(Stop);
        await vault.CommitAsync(write, Stop);

        var note = Assert.Single(await Readings.DoubtsAsync(new StepContext(Guid.NewGuid(), RunKind.Full, 0, shop.Seller, shop.Storefront, 0, null, vault), Today, usd, Stop));

        Assert.Equal($"Amazon's {report} of 2026-08-25..2026-09-07 adds up to $140.00 of ad cost, {other} to $100.00, furthest apart in campaign 'Campaign no. 2'. Decisions rest on the targeting report; both are read again every night.", note.Text);
    }

    [Theory]
    [InlineData(100_000_000, 100_900_000, false)]
    [InlineData(100_000_000, 101_500_000, true)]
    [InlineData(1_000_000, 1_900_000, false)]
    [InlineData(0, 5_000_000, true)]
    public void More_than_one_in_a_hundred_and_more_than_one_unit_is_apart(long one, long other, bool apart)
    {
        Assert.Equal(apart, Readings.IsApart(one, other));
        Assert.Equal(apart, Readings.IsApart(other, one));
    }

    [Fact]
    public void The_time_left_follows_the_pace_of_the_last_steps()
    {
        var ends = Enumerable.Range(0, 20).Select(step => Now.AddSeconds(step < 8 ? step * 100 : 800 + ((step - 8) * 5))).ToList();

        Assert.Equal(TimeSpan.FromSeconds(50), RunProgress.TimeLeft(ends, 10));
        Assert.Null(RunProgress.TimeLeft(ends.Take(3).ToList(), 10));
        Assert.Null(RunProgress.TimeLeft(ends, 0));
        Assert.Equal("less than a minute left", Display.TimeLeft(TimeSpan.FromSeconds(50)));
        Assert.Equal("about 4 minutes left", Display.TimeLeft(TimeSpan.FromSeconds(230)));
        Assert.Equal("about 3 hours left", Display.TimeLeft(TimeSpan.FromHours(2.6)));
    }

    [Fact]
    public async Task A_slow_bucket_outlives_the_process_and_says_nothing_more_than_it_must()
    {
        await using var shop = await Workshop.AtStubAsync(new("http://127.0.0.1:9"), Now, null, Stop);
        var store = shop.Services.GetRequiredService<IBucketStore>();
        var seller = shop.Seller.ToString();
        Assert.Null(await store.FindAsync(seller, "GET /orders", Stop));
        await store.SaveAsync(seller, "GET /orders", new(19, Now), Stop);
        await store.SaveAsync(seller, "GET /orders", new(3.25, Now.AddMinutes(1)), Stop);
        await store.SaveAsync("ads-probe", "GET /orders", new(1, Now), Stop);

        await shop.RestartAsync(Stop);

        var kept = await shop.Services.GetRequiredService<IBucketStore>().FindAsync(seller, "GET /orders", Stop);
        Assert.Equal(new BucketLevel(3.25, Now.AddMinutes(1)), kept);
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        Assert.Equal((shop.Seller.Value, "GET /orders"), await db.RateBuckets.Select(row => new ValueTuple<Guid, string>(row.Seller, row.Operation)).SingleAsync(Stop));
    }
}

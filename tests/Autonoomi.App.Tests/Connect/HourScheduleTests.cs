using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Connect;

/// <summary>When the hourly look is due: a query over rows and a clock that the test moves.</summary>
public sealed class HourScheduleTests(Connected connected) : IClassFixture<Connected>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SellerLedger Ledger => connected.Get<SellerLedger>();

    [Fact]
    public async Task It_begins_with_the_first_whole_run_comes_every_hour_and_each_seller_has_hours_of_its_own()
    {
        var (one, other) = (await connected.ConnectAsync(Stop), await connected.ConnectAsync(Stop));
        Assert.Empty(await Ledger.HoursDueAsync(one, Stop));
        await WholeRunAsync(one);
        await WholeRunAsync(other);
        var storefront = Assert.Single(await Ledger.HoursDueAsync(one, Stop));

        var run = await connected.Get<Runs>().HourAsync(one, storefront, Stop);
        Assert.Equal(run, await connected.Get<Runs>().HourAsync(one, storefront, Stop)); // one at a time
        await EndAsync(run);
        Assert.Empty(await Ledger.HoursDueAsync(one, Stop));
        Assert.Single(await Ledger.HoursDueAsync(other, Stop));
        Assert.Null(await connected.Get<RunProgress>().LatestAsync(one, storefront, Stop) is { Kind: RunKind.Hour } shown ? shown : null);

        // Parked, the seller wakes for its next hour and not a moment earlier: the look at its consents is done, the next whole run is a day away.
        Assert.False(await connected.Grants.LookAsync(one, Stop));
        var epoch = await Ledger.AcquireAsync(one, "test", Stop);
        Assert.True(await Ledger.ParkAsync(one, epoch, Stop));
        Assert.Equal(connected.Now + SellerLedger.Hour, await DueAsync(one));

        connected.Pass(TimeSpan.FromMinutes(59));
        Assert.Empty(await Ledger.HoursDueAsync(one, Stop));
        connected.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(await Ledger.HoursDueAsync(one, Stop));
    }

    [Fact]
    [Promise("P-8-a")]
    public async Task Without_a_consent_nobody_looks_and_looks_of_more_than_a_week_ago_are_forgotten()
    {
        var seller = await connected.ConnectAsync(Stop);
        await WholeRunAsync(seller);
        var storefront = Assert.Single(await Ledger.HoursDueAsync(seller, Stop));
        for (var day = 0; day < 9; day++)
        {
            await EndAsync(await connected.Get<Runs>().HourAsync(seller, storefront, Stop));
            connected.Pass(TimeSpan.FromDays(1));
        }

        await connected.Get<Runs>().HourAsync(seller, storefront, Stop);
        await using (var db = connected.Db())
        {
            var kept = await db.Runs.Where(item => item.Seller == seller.Value && item.Kind == RunKind.Hour).Select(item => item.Id).ToListAsync(Stop);
            Assert.Equal(8, kept.Count);
            Assert.Equal(8, await db.Steps.CountAsync(item => item.Seller == seller.Value && kept.Contains(item.Run), Stop));
            Assert.Single(await db.Runs.Where(item => item.Seller == seller.Value && item.Kind == RunKind.Full).ToListAsync(Stop));
            await db.Grants.Where(item => item.Seller == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, GrantState.ReauthRequired), Stop);
        }

        Assert.Empty(await Ledger.HoursDueAsync(seller, Stop));
    }

    private async Task WholeRunAsync(SellerId seller)
    {
        await using var db = connected.Db();
        var storefront = await db.Storefronts.Where(row => row.Seller == seller.Value && row.Active).Select(row => row.Storefront).SingleAsync(Stop);
        db.Runs.Add(new() { Id = Guid.NewGuid(), Seller = seller.Value, Storefront = storefront, Kind = RunKind.Full, State = RunState.Done, RequestedAt = connected.Now, FinishedAt = connected.Now });
        await db.SaveChangesAsync(Stop);
    }

    private async Task EndAsync(Guid run)
    {
        await using var db = connected.Db();
        await db.Runs.Where(item => item.Id == run).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, RunState.Done).SetProperty(item => item.FinishedAt, connected.Now), Stop);
    }

    private async Task<DateTimeOffset> DueAsync(SellerId seller)
    {
        await using var db = connected.Db();
        return DateTimeOffset.UnixEpoch.AddMicroseconds((await db.Sellers.Where(row => row.Id == seller.Value).Select(row => row.DueAt).SingleAsync(Stop))!.Value);
    }
}

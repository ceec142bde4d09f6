using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Connect;

/// <summary>What the daily look makes of everything that can be wrong with a consent, over HTTP against the pretend Amazon.</summary>
public sealed class GrantBookTests(Connected connected) : IClassFixture<Connected>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_refusal_alone_marks_nothing()
    {
        var seller = await NextDayAsync();
        await connected.Amazon.SetFaultsAsync(new { failRefreshes = 1 }, Stop);

        Assert.True(await connected.Grants.LookAsync(seller, Stop)); // the Selling Partner consent comes first
        Assert.Equal(GrantState.Suspected, (await connected.ViewAsync(seller, GrantKind.SellingPartner, Stop)).State);
        connected.Pass(TimeSpan.FromSeconds(60));
        Assert.False(await connected.Grants.LookAsync(seller, Stop));

        Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Equal(GrantState.Active, view.State));
        Assert.Empty(await connected.NoticesAsync(seller, Stop));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("expireGrant")]
    [Promise("P-7-d", "P-8-a")]
    public async Task Two_refusals_a_minute_apart_end_one_consent_and_delete_nothing(string how)
    {
        var seller = await NextDayAsync();
        var before = await RowsAsync(seller);
        await connected.Amazon.SetFaultsAsync(new Dictionary<string, object> { [how] = new[] { "ads" } }, Stop);

        Assert.True(await connected.Grants.LookAsync(seller, Stop));
        connected.Pass(TimeSpan.FromSeconds(30));
        Assert.True(await connected.Grants.LookAsync(seller, Stop));
        Assert.Equal(GrantState.Suspected, (await connected.ViewAsync(seller, GrantKind.Ads, Stop)).State);
        connected.Pass(TimeSpan.FromSeconds(31));
        Assert.False(await connected.Grants.LookAsync(seller, Stop));

        Assert.Equal(GrantState.ReauthRequired, (await connected.ViewAsync(seller, GrantKind.Ads, Stop)).State);
        Assert.Equal(GrantState.Active, (await connected.ViewAsync(seller, GrantKind.SellingPartner, Stop)).State);
        Assert.Equal(NoticeKind.ReauthRequired, Assert.Single(await connected.NoticesAsync(seller, Stop)).Kind);
        Assert.Equal(before, await RowsAsync(seller));
        Assert.Empty(await connected.Get<SellerLedger>().DueStorefrontsAsync(seller, Stop)); // runs wait for a person
        await Assert.ThrowsAsync<GrantRevokedException>(() => AdsAsync(seller));
    }

    [Fact]
    public async Task Consenting_again_finds_the_same_account_and_sets_everything_right()
    {
        var house = Guid.NewGuid();
        var seller = await connected.ConnectAsync(Stop, house);
        await connected.Grants.RefusedTwiceAsync(seller, GrantKind.Ads, Stop);
        await connected.Grants.RefusedTwiceAsync(seller, GrantKind.SellingPartner, Stop);
        var before = await RowsAsync(seller);

        Assert.Equal(GrantKind.Ads, (await connected.SellerAsync(house, Stop)).Missing);
        var linked = await connected.AdsAsync(house, Stop);

        Assert.Null(linked.Missing);
        Assert.Equal([seller], linked.Sellers);
        Assert.Equal(before, await RowsAsync(seller));
        Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Equal((GrantState.Active, connected.Now), (view.State, view.ConsentedAt)));
        Assert.NotNull(await connected.Link.AdsAsync(seller, await StorefrontAsync(seller), Stop));
    }

    [Fact]
    public async Task A_broken_operator_secret_stops_its_client_marks_no_seller_and_heals()
    {
        var one = await connected.ConnectAsync(Stop);
        var other = await connected.ConnectAsync(Stop);
        connected.Pass(TimeSpan.FromHours(25));
        await connected.Amazon.SetFaultsAsync(new { expireSecret = new[] { "ads" } }, Stop);

        Assert.False(await connected.Grants.LookAsync(one, Stop));
        Assert.False(await connected.Grants.LookAsync(other, Stop));

        foreach (var seller in (SellerId[])[one, other])
        {
            Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Equal(GrantState.Active, view.State));
            Assert.Empty(await connected.NoticesAsync(seller, Stop));
            Assert.Equal(connected.Now, (await connected.ViewAsync(seller, GrantKind.Ads, Stop)).ClientRefusedAt);
            Assert.Null((await connected.ViewAsync(seller, GrantKind.SellingPartner, Stop)).ClientRefusedAt);
        }

        await using (var db = connected.Db())
        {
            var alert = Assert.Single(await db.Notices.Where(row => row.Kind == NoticeKind.ClientRefused && row.RaisedAt == connected.Now).ToListAsync(Stop));
            Assert.Equal(Guid.Empty, alert.Organisation);
        }

        // All grants of the client rest, although Amazon would take it again; a quarter of an hour later one is tried.
        await connected.Amazon.SetFaultsAsync(new { restoreSecret = new[] { "ads" } }, Stop);
        await Assert.ThrowsAsync<OperatorCredentialsException>(() => AdsAsync(other));
        connected.Pass(GrantBook.ClientRest);
        var ads = await connected.Link.AdsAsync(other, await StorefrontAsync(other), Stop);
        Assert.NotEmpty(await ads.ProfilesAsync(Stop));
        connected.Pass(TimeSpan.FromHours(25));
        await connected.Grants.LookAsync(one, Stop);
        Assert.Null((await connected.ViewAsync(other, GrantKind.Ads, Stop)).ClientRefusedAt);
    }

    [Fact]
    public async Task An_outage_changes_nothing()
    {
        var seller = await NextDayAsync();
        await connected.Amazon.SetFaultsAsync(new { faults = new object[] { new { path = "/auth/o2/token", kind = "error", status = 503, count = 1 }, new { path = "/auth/o2/token", kind = "lostAnswer", count = 1 } } }, Stop);

        Assert.False(await connected.Grants.LookAsync(seller, Stop));

        Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Equal((GrantState.Active, (DateTimeOffset?)null), (view.State, view.ClientRefusedAt)));
        Assert.Empty(await connected.NoticesAsync(seller, Stop));
    }

    [Fact]
    public async Task A_missing_permission_is_noted_for_its_operation_only_and_forgotten_when_it_is_back()
    {
        var seller = await NextDayAsync();
        var storefront = await StorefrontAsync(seller);
        await connected.Amazon.SetFaultsAsync(new { closeProfiles = new[] { storefront.ToString() }, removeRoles = new[] { "/sellers/" } }, Stop);

        Assert.False(await connected.Grants.LookAsync(seller, Stop));

        var (partner, ads) = (await connected.ViewAsync(seller, GrantKind.SellingPartner, Stop), await connected.ViewAsync(seller, GrantKind.Ads, Stop));
        Assert.Equal((GrantState.Active, GrantState.Active), (partner.State, ads.State));
        Assert.Equal([$"Ads profile {storefront}"], ads.Missing);
        Assert.Equal(["GET /sellers/v1/marketplaceParticipations"], partner.Missing);
        Assert.NotNull(await connected.Link.AdsAsync(seller, storefront, Stop)); // everything else goes on

        await connected.Amazon.SetFaultsAsync(new { clear = true }, Stop);
        connected.Pass(TimeSpan.FromHours(49));
        await connected.Grants.LookAsync(seller, Stop);
        Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Empty(view.Missing));
    }

    [Fact]
    public async Task An_operation_that_stays_forbidden_with_a_new_token_names_itself()
    {
        var seller = await connected.ConnectAsync(Stop);
        await connected.Amazon.SetFaultsAsync(new { removeRoles = new[] { "/listings/" } }, Stop);
        var client = await connected.Link.SellingPartnerAsync(seller, await StorefrontAsync(seller), Stop);

        var forbidden = await Assert.ThrowsAsync<AmazonApiException>(() => client.ListingsAsync(Stop));

        Assert.True(forbidden.IsForbidden);
        Assert.Equal(GrantKind.SellingPartner, forbidden.Grant);
        Assert.Equal(GrantAction.NotePermission, await connected.Grants.HeardAsync(seller, GrantKind.SellingPartner, GrantAnswer.Forbidden, forbidden.Operation, Stop));
        Assert.Equal([forbidden.Operation], (await connected.ViewAsync(seller, GrantKind.SellingPartner, Stop)).Missing);
        Assert.NotEmpty(await client.ParticipationsAsync(Stop));
    }

    [Fact]
    public async Task A_run_that_went_well_is_proof_enough_and_nothing_is_asked()
    {
        var seller = await NextDayAsync();
        await connected.Amazon.SetFaultsAsync(new { revoke = new[] { "ads", "sellingPartner" } }, Stop); // asking would find out
        await using (var db = connected.Db())
        {
            var run = new RunRow { Id = Guid.NewGuid(), Seller = seller.Value, Storefront = (await StorefrontAsync(seller)).Value, Kind = RunKind.Full, State = RunState.Done, RequestedAt = connected.Now.AddHours(-1), FinishedAt = connected.Now.AddMinutes(-30) };
            db.Runs.Add(run);
            await db.SaveChangesAsync(Stop);
        }

        Assert.False(await connected.Grants.LookAsync(seller, Stop));

        Assert.All(await connected.Grants.OfAsync(seller, Stop), view => Assert.Equal(GrantState.Active, view.State));
        Assert.False(await connected.Get<SellerLedger>().LookIsDueAsync(seller, Stop));
        connected.Pass(TimeSpan.FromHours(25));
        Assert.True(await connected.Get<SellerLedger>().LookIsDueAsync(seller, Stop));
        Assert.True(await connected.Grants.LookAsync(seller, Stop)); // nothing ran since: now it is asked
    }

    [Fact]
    public async Task Ends_are_said_sixty_thirty_seven_and_one_day_before_once_each()
    {
        var house = Guid.NewGuid();
        var seller = await connected.ConnectAsync(Stop, house);
        var (partner, client, token) = await Connected.SelfAuthoriseAsync(connected.Amazon, Stop);
        var own = new OwnClient(new(client, new Secret("pretend-own-selling-partner-client-secret")), connected.Now + GrantClock.SecretLife);
        Assert.Null((await connected.Link.AcceptSellerAsync(house, partner, new Secret(token), AmazonRegion.NorthAmerica, own, Platform.Audit.Actor.Operator, Stop)).Error);

        var began = connected.Now;
        foreach (var day in (int[])[1, 119, 120, 121, 149, 150, 151, 172, 173, 178, 179, 180, 181, 304, 305, 306, 334, 335, 336, 357, 358, 359, 363, 364, 365, 366])
        {
            connected.Pass(began.AddDays(day) - connected.Now);
            await connected.Grants.LookAsync(seller, Stop);
        }

        await using var db = connected.Db();
        var notices = await db.Notices.Where(row => row.Organisation == house).OrderBy(row => row.RaisedAt).ToListAsync(Stop);
        Assert.Equal([60, 30, 7, 1], notices.Where(row => row.Kind == NoticeKind.ConsentEnds).Select(row => row.Days!.Value));
        Assert.Equal([60, 30, 7, 1], notices.Where(row => row.Kind == NoticeKind.SecretEnds).Select(row => row.Days!.Value));
        Assert.All(notices, row => Assert.Equal(row.Days, (int)(row.EndsAt!.Value - row.RaisedAt).TotalDays));
        Assert.All(notices.Where(row => row.Kind == NoticeKind.ConsentEnds), row => Assert.Equal(GrantKind.Ads, row.Grant)); // no end is documented for the other
    }

    [Theory]
    [InlineData(61, null)]
    [InlineData(60, 60)]
    [InlineData(31, 60)]
    [InlineData(30, 30)]
    [InlineData(7, 7)]
    [InlineData(2, 7)]
    [InlineData(1, 1)]
    [InlineData(-5, 1)]
    public void The_nearest_reminder_counts(int left, int? reached) => Assert.Equal(reached, GrantClock.Reached(connected.Now.AddDays(left), connected.Now));

    private async Task<SellerId> NextDayAsync()
    {
        var seller = await connected.ConnectAsync(Stop);
        connected.Pass(TimeSpan.FromHours(25));
        return seller;
    }

    private async Task<StorefrontId> StorefrontAsync(SellerId seller)
    {
        await using var db = connected.Db();
        return new(await db.Storefronts.Where(row => row.Seller == seller.Value && row.Active).Select(row => row.Storefront).FirstAsync(Stop));
    }

    private async Task<Amazon.Ads.AdsClient> AdsAsync(SellerId seller) => await connected.Link.AdsAsync(seller, await StorefrontAsync(seller), Stop);

    private async Task<(int, int, int)> RowsAsync(SellerId seller)
    {
        await using var db = connected.Db();
        return (await db.SellerAccounts.CountAsync(row => row.Seller == seller.Value, Stop), await db.Storefronts.CountAsync(row => row.Seller == seller.Value && row.Active, Stop), await db.Grants.CountAsync(row => row.Seller == seller.Value, Stop));
    }
}

using System.Net;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Doctor;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Connect;

/// <summary>Notices above the pages: what is open is shown, what is resolved or put away is not, and what stops everything stays.</summary>
[Collection<PeopleTests>]
public sealed class NoticeTests(RunningProduct product)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    [Fact]
    public async Task A_consent_that_ends_is_said_above_every_page_until_it_is_renewed()
    {
        var shop = await OpenAsync();
        await shop.GrantAsync(GrantKind.Ads, Now - GrantClock.ConsentLife + TimeSpan.FromDays(25.5));
        await shop.RaiseConsentEndsAsync(60);
        await shop.RaiseConsentEndsAsync(30);

        foreach (var page in new[] { "/", "/connect", "/account/security" })
        {
            var words = WebUtility.HtmlDecode(await shop.Browser.ReadAsync(page));
            Assert.Single(Split(words));
            Assert.Contains("The consent for the advertising account of Test shop ends on", words, StringComparison.Ordinal);
            Assert.Contains("in 25 days", words, StringComparison.Ordinal);
        }

        await shop.GrantAsync(GrantKind.Ads, Now);
        Assert.Empty(Split(await shop.Browser.ReadAsync("/")));
    }

    [Fact]
    public async Task A_reminder_is_put_away_by_one_person_alone_and_the_next_one_shows_again()
    {
        var shop = await OpenAsync();
        await shop.GrantAsync(GrantKind.Ads, Now - GrantClock.ConsentLife + TimeSpan.FromDays(25.5));
        await shop.RaiseConsentEndsAsync(30);
        var key = Assert.Single(await shop.OpenNoticesAsync()).Key;

        var answer = await shop.Browser.PostAsync(ShellAddresses.PutNoticeAway, new() { ["notice"] = key, ["back"] = "/targets?q=x", ["__RequestVerificationToken"] = await shop.Browser.TokenAsync("/") });

        Assert.Equal((HttpStatusCode.Redirect, "/targets?q=x"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Empty(Split(await shop.Browser.ReadAsync("/")));
        Assert.Single(await product.Services.GetRequiredService<NoticeBook>().OpenAsync(shop.Organisation, Guid.NewGuid(), Stop));

        await shop.RaiseConsentEndsAsync(7);
        Assert.Single(Split(await shop.Browser.ReadAsync("/")));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("")]
    public async Task Putting_away_leads_nowhere_else(string back)
    {
        var shop = await OpenAsync();

        var answer = await shop.Browser.PostAsync(ShellAddresses.PutNoticeAway, new() { ["notice"] = "x", ["back"] = back, ["__RequestVerificationToken"] = await shop.Browser.TokenAsync("/") });

        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task What_stops_everything_cannot_be_put_away_and_goes_when_it_is_resolved()
    {
        var shop = await OpenAsync();
        await shop.GrantAsync(GrantKind.SellingPartner, Now);
        await product.Services.GetRequiredService<GrantBook>().RefusedTwiceAsync(shop.Seller, GrantKind.SellingPartner, Stop);

        var notice = Assert.Single(await shop.OpenNoticesAsync());
        Assert.Equal(NoticeKind.ReauthRequired, notice.Kind);
        var page = WebUtility.HtmlDecode(await shop.Browser.ReadAsync("/"));
        Assert.Contains("Amazon no longer accepts the consent for the seller account of Test shop", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ShellAddresses.PutNoticeAway, page, StringComparison.Ordinal);
        Assert.False(await product.Services.GetRequiredService<NoticeBook>().PutAwayAsync(shop.Organisation, shop.User, notice.Key, Stop));
        Assert.Single(await shop.OpenNoticesAsync());

        await shop.GrantAsync(GrantKind.SellingPartner, Now.AddSeconds(1));
        Assert.Empty(await shop.OpenNoticesAsync());
    }

    [Fact]
    public async Task A_refused_client_and_its_ending_secret_are_said_to_who_uses_it_and_to_nobody_else()
    {
        var shop = await OpenAsync();
        var stranger = await OpenAsync();
        var client = Guid.NewGuid();
        var ends = Now.AddDays(0.5);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
        {
            db.LoginClients.Add(new() { Id = client, Organisation = shop.Organisation, Kind = GrantKind.SellingPartner, ClientHash = client.ToString("N"), SealedClient = [1], SecretEndsAt = ends, RefusedAt = Now });
            db.Notices.Add(new() { Key = $"client/{client:N}/20260908120000", Organisation = shop.Organisation, Kind = NoticeKind.ClientRefused, Grant = GrantKind.SellingPartner, RaisedAt = Now });
            db.Notices.Add(new() { Key = $"secret/{client:N}/20260908120000/1", Organisation = shop.Organisation, Kind = NoticeKind.SecretEnds, Grant = GrantKind.SellingPartner, RaisedAt = Now, EndsAt = ends, Days = 1 });
            await db.SaveChangesAsync(Stop);
        }

        Assert.Empty(await shop.OpenNoticesAsync()); // no consent uses it
        await shop.GrantAsync(GrantKind.SellingPartner, Now, client);
        await stranger.GrantAsync(GrantKind.SellingPartner, Now);
        var now = Now;
        Assert.Equal([NoticeKind.SecretEnds, NoticeKind.ClientRefused], (await shop.OpenNoticesAsync()).OrderBy(notice => notice.Kind).Select(notice => notice.Kind));
        Assert.All(await shop.OpenNoticesAsync(), notice => Assert.True(notice.IsEssential(now)));
        Assert.Empty(await stranger.OpenNoticesAsync());

        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.LoginClients.Where(row => row.Id == client).ExecuteUpdateAsync(set => set.SetProperty(row => row.RefusedAt, (DateTimeOffset?)null).SetProperty(row => row.SecretEndsAt, ends.AddDays(180)), Stop);
        Assert.Empty(await shop.OpenNoticesAsync());
    }

    [Fact]
    public void Every_notice_has_words_and_the_installation_s_own_ask_nothing_of_a_seller()
    {
        var now = new DateTimeOffset(2026, 9, 8, 12, 0, 0, TimeSpan.Zero);
        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            foreach (var grant in Enum.GetValues<GrantKind>())
            {
                foreach (var installation in (bool[])[true, false])
                {
                    DateTimeOffset? ends = kind is NoticeKind.ConsentEnds or NoticeKind.SecretEnds ? now.AddDays(7) : null;
                    var words = NoticeWords.Of(new("k", kind, grant, null, now, ends, installation), null, now);
                    Assert.NotEmpty(words.Title);
                    Assert.NotEmpty(words.Sentence);
                    if (installation && kind is NoticeKind.SecretEnds or NoticeKind.ClientRefused) Assert.Equal(!installation, words.Here);
                }
            }
        }

        var ending = new OpenNotice("k", NoticeKind.SecretEnds, GrantKind.SellingPartner, null, now, now.AddDays(7), true);
        Assert.Contains("ends on 15 September 2026, in 7 days", NoticeWords.Of(ending, null, now).Title, StringComparison.Ordinal);
        Assert.Contains("ended on 15 September 2026", NoticeWords.Of(ending, null, now.AddDays(8)).Title, StringComparison.Ordinal);
        Assert.Equal((false, true), (ending.IsEssential(now), ending.IsEssential(now.AddDays(6.5))));
    }

    [Theory]
    [InlineData("2026-06-01", 0, "ok", "ends on 2026-11-28, in 180 days")]
    [InlineData("2026-06-01", 121, "note", "ends on 2026-11-28, in 59 days: make a new one")]
    [InlineData("2026-06-01", 181, "wrong", "ended on 2026-11-28: make a new one")]
    [InlineData("1.6.2026", 0, "wrong", "write the day as 2026-11-24")]
    [InlineData(null, 0, "note", "SellingPartnerClientSecretMade is not set")]
    public void The_doctor_says_on_which_day_the_Selling_Partner_secret_ends(string? made, int age, string mark, string words)
    {
        var life = SecretLife.OfInstallation(made, new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero).AddDays(age));

        Assert.Contains(words, life.Words, StringComparison.Ordinal);
        Assert.Equal(mark, life.Ended ? "wrong" : life.Soon ? "note" : "ok");
    }

    private static string[] Split(string page) => page.Split("data-notice=")[1..];

    private async Task<Shop> OpenAsync()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        return new(product.Services, browser, who.Organisation, who.User, seller);
    }

    private sealed record Shop(IServiceProvider Services, Browser Browser, Guid Organisation, Guid User, SellerId Seller)
    {
        public Task<IReadOnlyList<OpenNotice>> OpenNoticesAsync() => Services.GetRequiredService<NoticeBook>().OpenAsync(Organisation, User, Stop);

        public async Task GrantAsync(GrantKind kind, DateTimeOffset consented, Guid? client = null)
        {
            await using var db = Services.GetRequiredService<AppDbs>().System();
            await db.Grants.Where(row => row.Seller == Seller.Value && row.Kind == kind).ExecuteDeleteAsync(Stop);
            var token = Services.GetRequiredService<KeyChain>().Application.SealText("grant", "token", GrantBook.Key(Seller, kind), "Atzr|test");
            db.Grants.Add(new() { Seller = Seller.Value, Kind = kind, Organisation = Organisation, ConsentedAt = consented, LookedAt = Now, State = GrantState.Active, SealedToken = token, Client = client });
            await db.SaveChangesAsync(Stop);
        }

        public async Task RaiseConsentEndsAsync(int days)
        {
            await using var db = Services.GetRequiredService<AppDbs>().System();
            var grant = await db.Grants.AsNoTracking().SingleAsync(row => row.Seller == Seller.Value && row.Kind == GrantKind.Ads, Stop);
            var ends = grant.ConsentedAt + GrantClock.ConsentLife;
            db.Notices.Add(new() { Key = $"consent/{Seller.Value:N}/Ads/{ends:yyyyMMddHHmmss}/{days}", Organisation = Organisation, Seller = Seller.Value, Kind = NoticeKind.ConsentEnds, Grant = GrantKind.Ads, RaisedAt = ends.AddDays(-days), EndsAt = ends, Days = days });
            await db.SaveChangesAsync(Stop);
        }
    }
}

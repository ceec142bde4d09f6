using System.Net;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Tests.Promises;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy.Egress;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Egress;

/// <summary>What is counted of requests that leave, who sees it, and that production knows no pretend Amazon.</summary>
public sealed class EgressBookTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    [Promise("P-1.2-i")]
    public async Task Requests_are_counted_by_day_host_purpose_and_seller_and_nothing_else_is_kept(bool postgres)
    {
        await using var probed = await Probed.StartAsync(postgres);
        var (book, mine, other) = (probed.Get<EgressBook>(), probed.Seller.Value, Guid.NewGuid());

        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => Task.Run(() => book.Count(number % 4 == 0 ? EgressPurpose.Documents : EgressPurpose.Ads, number % 4 == 0 ? "bucket.s3.amazonaws.com" : "advertising-api.amazon.com", (number % 2 == 0 ? mine : other).ToString()), Stop)));
        await book.FlushAsync(Stop);
        book.Count(EgressPurpose.Ads, "", mine.ToString());
        book.Count(EgressPurpose.Ads, "advertising-api.amazon.com", "ads-1");

        Assert.Equal([(EgressPurpose.Ads, "", 1L), (EgressPurpose.Ads, "advertising-api.amazon.com", 100L), (EgressPurpose.Documents, "bucket.s3.amazonaws.com", 100L)], (await book.DestinationsAsync(mine, 30, Stop)).Select(place => (place.Purpose, place.Host, place.All)));
        Assert.Equal([1L, 301L, 100L], (await book.DestinationsAsync(null, 30, Stop)).Select(place => place.All));
        Assert.All(await book.DestinationsAsync(null, 30, Stop), place => Assert.Equal((place.All, place.All), (place.Today, place.Week)));
        await using var db = probed.Db();
        Assert.Equal(["Day", "Host", "Purpose", "Requests", "Seller"], db.Model.FindEntityType(typeof(EgressDayRow))!.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

        await db.EgressDays.Where(row => row.Host == "bucket.s3.amazonaws.com").ExecuteDeleteAsync(Stop);
        db.EgressDays.Add(new EgressDayRow { Day = new(DateTimeOffset.UtcNow.AddDays(-7).Date, TimeSpan.Zero), Seller = mine, Purpose = EgressPurpose.Documents, Host = "bucket.s3.amazonaws.com", Requests = 7 });
        await db.SaveChangesAsync(Stop);
        var old = (await book.DestinationsAsync(mine, 30, Stop)).Single(place => place.Purpose == EgressPurpose.Documents);
        Assert.Equal((0L, 0L, 7L), (old.Today, old.Week, old.All));
        Assert.DoesNotContain(await book.DestinationsAsync(mine, 7, Stop), place => place.Purpose == EgressPurpose.Documents);
    }

    [Fact]
    public async Task A_real_request_is_counted_and_a_client_without_a_purpose_sends_nothing()
    {
        await using var probed = await Probed.StartAsync(postgres: false);
        var (answer, _) = await probed.Get<OwnDoor>().GetAsync("/account/sign-in", Stop);
        using var _ = answer;

        Assert.Equal([(EgressPurpose.OwnDoor, "127.0.0.1", 1L)], (await probed.Get<EgressBook>().DestinationsAsync(null, 1, Stop)).Select(place => (place.Purpose, place.Host, place.All)));
        using var nameless = probed.Get<IHttpClientFactory>().CreateClient("world");
        await Assert.ThrowsAsync<InvalidOperationException>(() => nameless.GetAsync(new Uri("http://127.0.0.1:9/"), Stop));
        using var elsewhere = probed.Get<IHttpClientFactory>().CreateClient(OwnDoor.Client);
        await Assert.ThrowsAsync<EgressRefusedException>(() => elsewhere.GetAsync(new Uri("http://127.0.0.1:9/"), Stop));
    }

    [Fact]
    [Promise("P-1.2-i")]
    public async Task A_seller_sees_the_own_destinations_and_no_others()
    {
        await using var probed = await Probed.StartAsync(postgres: false);
        var (browser, who) = await RunningProduct.SignedInAsync(probed.App);
        using var mine = browser;
        Assert.Contains("Nothing was sent yet", await mine.ReadAsync("/destinations"), StringComparison.Ordinal);
        var (seller, _) = await RunningProduct.ConnectAsync(probed.App.Services, who.Organisation);

        var book = probed.Get<EgressBook>();
        for (var request = 0; request < 12; request++) book.Count(EgressPurpose.Ads, "advertising-api.amazon.com", seller.ToString());
        book.Count(EgressPurpose.Documents, "", seller.ToString());
        book.Count(EgressPurpose.SellingPartner, "sellingpartnerapi-eu.amazon.com", probed.Seller.ToString());
        book.Count(EgressPurpose.Login, "api.amazon.co.jp", null);
        var page = WebUtility.HtmlDecode(await mine.ReadAsync("/destinations"));

        Assert.Contains("<tr data-host=\"advertising-api.amazon.com\"><td><b>advertising-api.amazon.com</b></td><td>Amazon's Ads API</td><td class=\"num\">12</td>", page, StringComparison.Ordinal);
        Assert.Contains("1 request stopped before anything was sent", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-host=\"sellingpartnerapi-eu", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-host=\"api.amazon.co.jp", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/destinations\"", page, StringComparison.Ordinal);
        using var stranger = new Browser(new(probed.App.Urls.First()));
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/destinations")).StatusCode);
    }

    [Fact]
    public void Production_knows_no_pretend_Amazon_whatever_its_addresses_say()
    {
        var amazon = new AmazonOptions();
        amazon.PointAt(new("http://127.0.0.1:5081"));
        Uri address = new("http://127.0.0.1:5081/x");
        foreach (var purpose in Enum.GetValues<EgressPurpose>().Where(purpose => purpose is not (EgressPurpose.OwnDoor or EgressPurpose.SignOn or EgressPurpose.Mail)))
        {
            Assert.Null(EgressServices.Rule(purpose, amazon, DataEnvironment.Demo, () => [], MailSettings.Off).Refusal(address));
            Assert.NotNull(EgressServices.Rule(purpose, amazon, DataEnvironment.Production, () => [], MailSettings.Off).Refusal(address));
        }

        Assert.NotNull(EgressServices.Rule(EgressPurpose.OwnDoor, amazon, DataEnvironment.Demo, () => [], MailSettings.Off).Refusal(address));
        Assert.NotNull(EgressServices.Rule(EgressPurpose.OwnDoor, amazon, DataEnvironment.Demo, () => [new("http://127.0.0.1:5082")], MailSettings.Off).Refusal(address));
        Assert.Null(EgressServices.Rule(EgressPurpose.OwnDoor, amazon, DataEnvironment.Production, () => [new("http://127.0.0.1:5081")], MailSettings.Off).Refusal(address));
    }
}

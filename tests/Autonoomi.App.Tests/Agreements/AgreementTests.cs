using System.Net;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Agreements;

/// <summary>What signing up, a button and a browser's signal leave behind, and who sees it.</summary>
[Collection<PeopleTests>]
public sealed class AgreementTests(RunningProduct product)
{
    private const string Page = "/account/your-data";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-0-c")]
    public async Task Signing_up_records_version_hash_words_time_and_person_and_the_person_reads_it()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var (browser, who) = await product.SignedInAsync();

        var rows = await RowsAsync(who.User);
        var policy = PrivacyPolicy.Versions[0];
        Assert.Equal([AgreedTo.Policy, AgreedTo.Adult, AgreedTo.Authority], rows.Select(row => row.What));
        Assert.Equal((policy.Number, policy.Sha256, "I have read the privacy policy and agree to it."), (rows[0].Version, rows[0].TextHash, rows[0].Words));
        Assert.All(rows, row =>
        {
            Assert.Equal((true, AgreedBy.Page, who.Organisation), (row.Given, row.Channel, row.Organisation));
            Assert.InRange(row.At, before, DateTimeOffset.UtcNow);
        });
        var page = WebUtility.HtmlDecode(await browser.ReadAsync(Page));
        foreach (var needed in (string[])[rows[0].Words, $"Version {policy.Number}, SHA-256 {policy.Sha256[..12]}", "I am 18 or older.", "I may act for this organisation"]) Assert.Contains(needed, page, StringComparison.Ordinal);
        var told = new List<string?>();
        await foreach (var line in product.Services.GetRequiredService<AuditLog>().LinesAsync(Stop))
            if (line.Action == AuditAction.SignedUp) told.Add(line.Object);
        Assert.Contains(told, text => text!.StartsWith($"Policy {policy.Number} {policy.Sha256[..16]}; Adult 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(999)]
    [Promise("P-0-c")]
    public async Task Without_a_yes_to_the_version_that_holds_there_is_no_account(int? policy)
    {
        await using var scope = product.Services.CreateAsyncScope();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var (people, rows) = (await db.Users.CountAsync(Stop), await db.Agreements.CountAsync(Stop));

        var result = await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("House", "Ada", $"p{Guid.NewGuid():N}@example.com", RunningProduct.Password, true, true, policy), Stop);

        Assert.Equal("policy", Assert.IsType<WrongField>(result.Error).Field);
        Assert.Equal((people, rows), (await db.Users.CountAsync(Stop), await db.Agreements.CountAsync(Stop)));
    }

    [Fact]
    [Promise("P-0-c")]
    public async Task Nobody_is_without_an_agreement()
    {
        _ = await product.SignUpAsync();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();

        Assert.Equal(0, await db.Users.CountAsync(user => !db.Agreements.Any(row => row.User == user.Id && row.What == AgreedTo.Policy), Stop));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("yes", false)]
    [Promise("P-9.2-c")]
    public async Task The_browsers_signal_is_an_objection_recorded_once_and_shown(string sent, bool heard)
    {
        var (browser, who) = await product.SignedInAsync();
        for (var turn = 0; turn < 3; turn++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Page, UriKind.Relative));
            request.Headers.Add(PrivacySignal.Header, sent);
            var answer = await browser.SendAsync(request);
            Assert.Equal(heard, (await answer.Content.ReadAsStringAsync(Stop)).Contains("Global Privacy Control", StringComparison.Ordinal));
        }

        var objections = (await RowsAsync(who.User)).Where(row => row.What == AgreedTo.NoSale).ToList();
        if (!heard) Assert.Empty(objections);
        else Assert.Equal((true, AgreedBy.Signal), (Assert.Single(objections).Given, objections[0].Channel));
        Assert.Equal(heard, await product.Services.GetRequiredService<AgreementBook>().StandingAsync(who.User, AgreedTo.NoSale, Stop) is not null);
    }

    [Fact]
    [Promise("P-9.2-c")]
    public async Task A_strangers_signal_is_written_down_for_nobody_and_the_site_says_that_it_heeds_it()
    {
        using var stranger = product.Open();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var before = await db.Agreements.CountAsync(Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/account/sign-in", UriKind.Relative));
        request.Headers.Add(PrivacySignal.Header, "1");
        Assert.Equal(HttpStatusCode.OK, (await stranger.SendAsync(request)).StatusCode);

        Assert.Equal(before, await db.Agreements.CountAsync(Stop));
        Assert.Equal("{\"gpc\":true,\"lastUpdate\":\"2026-11-30\"}", await stranger.ReadAsync("/.well-known/gpc.json"));
    }

    [Theory]
    [InlineData(AgreedTo.NoSale)]
    [InlineData(AgreedTo.NoAddressInProbes)]
    [Promise("P-9.1-b", "P-9.2-c")]
    public async Task A_person_objects_takes_it_back_and_every_word_stays(AgreedTo what)
    {
        var (browser, who) = await product.SignedInAsync();
        var book = product.Services.GetRequiredService<AgreementBook>();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();

        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, $"say-{what}", [])).StatusCode);
        Assert.NotNull(await book.StandingAsync(who.User, what, Stop));
        Assert.Contains(who.User, await AgreementBook.ObjectorsAsync(db, what, Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, $"say-{what}", [])).StatusCode);
        Assert.Null(await book.StandingAsync(who.User, what, Stop));
        Assert.DoesNotContain(who.User, await AgreementBook.ObjectorsAsync(db, what, Stop));
        await book.SayAsync(who.Organisation, who.User, what, given: false, Stop);

        Assert.Equal([true, false], (await RowsAsync(who.User)).Where(row => row.What == what).Select(row => row.Given));
        var (other, _) = await product.SignedInAsync();
        Assert.DoesNotContain($"data-agreement=\"{what}\"", await other.ReadAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-9.1-b")]
    public async Task Whoever_objected_is_not_looked_for()
    {
        var (_, who) = await product.SignedInAsync();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var people = await db.Users.AsNoTracking().OrderByDescending(user => user.CreatedAt).Select(user => user.Id).Take(1).SingleAsync(Stop);
        Assert.Equal(who.User, people);

        var looked = await Platform.Promises.AtRestProbe.LookedForAsync(db, Stop);
        await product.Services.GetRequiredService<AgreementBook>().SayAsync(who.Organisation, who.User, AgreedTo.NoAddressInProbes, given: true, Stop);

        Assert.Contains(who.User, looked);
        Assert.DoesNotContain(who.User, await Platform.Promises.AtRestProbe.LookedForAsync(db, Stop));
    }

    [Fact]
    [Promise("P-0-c", "P-9.1-a")]
    public void A_row_cannot_be_changed_once_it_is_made() => Assert.All(typeof(AgreementRow).GetProperties(), property =>
        Assert.Contains(typeof(System.Runtime.CompilerServices.IsExternalInit), property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));

    private async Task<List<AgreementRow>> RowsAsync(Guid user)
    {
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        return await db.Agreements.AsNoTracking().Where(row => row.User == user).OrderBy(row => row.At).ThenBy(row => row.What).ToListAsync(Stop);
    }
}

using System.Net;
using System.Web;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Connect;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Tests.Connect;

/// <summary>T-06 and T-07: an answer of Amazon's counts only for the person, browser, provider and address that asked, once, in time.</summary>
[Collection<PeopleTests>]
public sealed class ConsentTests(RunningProduct product)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid House = Guid.NewGuid();

    private static readonly (string Name, Func<FinishConsent, FinishConsent> Change, ConsentProblem Expected)[] Wrongs =
    [
        ("no state", answer => answer with { State = null }, ConsentProblem.MissingState),
        ("empty state", answer => answer with { State = "" }, ConsentProblem.MissingState),
        ("endless state", answer => answer with { State = new string('a', 201) }, ConsentProblem.MissingState),
        ("invented state", answer => answer with { State = StartConsentHandler.NewBrowser() }, ConsentProblem.UnknownState),
        ("state with one letter changed", answer => answer with { State = (answer.State![0] == 'A' ? 'B' : 'A') + answer.State[1..] }, ConsentProblem.UnknownState),
        ("state cut short", answer => answer with { State = answer.State![..^1] }, ConsentProblem.UnknownState),
        ("state with a blank behind", answer => answer with { State = answer.State + " " }, ConsentProblem.UnknownState),
        ("state twice", answer => answer with { State = answer.State + answer.State }, ConsentProblem.UnknownState),
        ("the hash of the state", answer => answer with { State = StartConsentHandler.StateHash(answer.State!) }, ConsentProblem.UnknownState),
        ("a percent sign for a state", answer => answer with { State = "%" }, ConsentProblem.UnknownState),
        ("another person", answer => answer with { User = Guid.NewGuid() }, ConsentProblem.OtherPerson),
        ("nobody", answer => answer with { User = Guid.Empty }, ConsentProblem.OtherPerson),
        ("another organisation", answer => answer with { Organisation = Guid.NewGuid() }, ConsentProblem.OtherPerson),
        ("another person of another organisation", answer => answer with { User = Guid.NewGuid(), Organisation = Guid.NewGuid() }, ConsentProblem.OtherPerson),
        ("another browser", answer => answer with { Browser = StartConsentHandler.NewBrowser() }, ConsentProblem.OtherBrowser),
        ("no cookie", answer => answer with { Browser = null }, ConsentProblem.OtherBrowser),
        ("empty cookie", answer => answer with { Browser = "" }, ConsentProblem.OtherBrowser),
        ("the cookie in capitals", answer => answer with { Browser = answer.Browser!.ToUpperInvariant() + "x" }, ConsentProblem.OtherBrowser),
        ("the other provider", answer => answer with { Kind = Other(answer.Kind) }, ConsentProblem.OtherProvider),
        ("the other provider at its own address", answer => answer with { Kind = Other(answer.Kind), Redirect = Callback(Other(answer.Kind)) }, ConsentProblem.OtherProvider),
        ("the other provider's address", answer => answer with { Redirect = Callback(Other(answer.Kind)) }, ConsentProblem.OtherProvider),
        ("another host", answer => answer with { Redirect = new Uri("https://evil.example" + answer.Redirect.AbsolutePath) }, ConsentProblem.OtherProvider),
        ("another port", answer => answer with { Redirect = new Uri("http://localhost:1" + answer.Redirect.AbsolutePath) }, ConsentProblem.OtherProvider),
        ("access denied", answer => answer with { Refused = "access_denied" }, ConsentProblem.Refused),
        ("refused with a code all the same", answer => answer with { Refused = "server_error" }, ConsentProblem.Refused),
        ("no code", answer => answer with { Code = null }, ConsentProblem.MissingCode),
        ("empty code", answer => answer with { Code = "" }, ConsentProblem.MissingCode),
    ];

    public static TheoryData<GrantKind, string> Cases
    {
        get
        {
            var cases = new TheoryData<GrantKind, string>();
            foreach (var kind in Enum.GetValues<GrantKind>())
                foreach (var wrong in Wrongs) cases.Add(kind, wrong.Name);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    [Promise("P-1.2-a")]
    public async Task A_wrong_answer_is_refused_with_words(GrantKind kind, string name)
    {
        var wrong = Wrongs.Single(item => item.Name == name);
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(kind, clock);

        var problem = Assert.IsType<ConsentFailed>((await Finish(clock).Handle(wrong.Change(answer), Stop)).Error);

        Assert.Equal(wrong.Expected, problem.Problem);
        Assert.True(problem.Text.Length > 40);
        Assert.DoesNotContain(answer.State!, problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GrantKind.Ads, 0, ConsentProblem.AmazonDown)]
    [InlineData(GrantKind.Ads, 600, ConsentProblem.AmazonDown)]
    [InlineData(GrantKind.Ads, 601, ConsentProblem.Late)]
    [InlineData(GrantKind.Ads, 86_000, ConsentProblem.Late)]
    [InlineData(GrantKind.SellingPartner, 600, ConsentProblem.AmazonDown)]
    [InlineData(GrantKind.SellingPartner, 601, ConsentProblem.Late)]
    [Promise("P-1.2-a")]
    public async Task After_ten_minutes_the_answer_is_too_late(GrantKind kind, int seconds, ConsentProblem expected)
    {
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(kind, clock);
        clock.Now += TimeSpan.FromSeconds(seconds);

        Assert.Equal(expected, Assert.IsType<ConsentFailed>((await Finish(clock).Handle(answer, Stop)).Error).Problem);
    }

    [Theory]
    [InlineData(GrantKind.Ads)]
    [InlineData(GrantKind.SellingPartner)]
    [Promise("P-1.2-a")]
    public async Task A_state_works_once_even_in_parallel(GrantKind kind)
    {
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(kind, clock);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Finish(clock).Handle(answer with { Refused = "access_denied" }, Stop)));

        Assert.Equal(1, outcomes.Count(outcome => outcome.Error is ConsentFailed { Problem: ConsentProblem.Refused }));
        Assert.Equal(5, outcomes.Count(outcome => outcome.Error is ConsentFailed { Problem: ConsentProblem.Used }));
    }

    [Theory]
    [InlineData(GrantKind.Ads)]
    [InlineData(GrantKind.SellingPartner)]
    [Promise("P-1.2-a")]
    public async Task A_stranger_cannot_use_the_state_up(GrantKind kind)
    {
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(kind, clock);

        await Finish(clock).Handle(answer with { User = Guid.NewGuid() }, Stop);
        await Finish(clock).Handle(answer with { Browser = StartConsentHandler.NewBrowser() }, Stop);

        Assert.Equal(ConsentProblem.AmazonDown, Assert.IsType<ConsentFailed>((await Finish(clock).Handle(answer, Stop)).Error).Problem); // got as far as Amazon
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("A1")]
    [InlineData("A1SELLER<script>")]
    [InlineData("A1234567890123456789012345678901234567890X")]
    public async Task A_seller_consent_without_a_seller_is_refused(string? sellingPartner)
    {
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(GrantKind.SellingPartner, clock) with { SellingPartnerId = sellingPartner };

        Assert.Equal(ConsentProblem.MissingSeller, Assert.IsType<ConsentFailed>((await Finish(clock).Handle(answer, Stop)).Error).Problem);
    }

    [Fact]
    public async Task Renewing_with_another_seller_account_is_refused()
    {
        var (who, _) = await product.SignUpAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        var clock = new FixedClock(Noon);
        var answer = await StartAsync(GrantKind.SellingPartner, clock, seller);

        Assert.Equal(ConsentProblem.OtherSeller, Assert.IsType<ConsentFailed>((await Finish(clock).Handle(answer, Stop)).Error).Problem);
    }

    [Fact]
    public async Task The_consent_address_carries_a_fresh_state_and_for_ads_the_proof_key()
    {
        var clock = new FixedClock(Noon);
        var start = Start(clock);
        var first = await start.Handle(new StartConsent(Me, House, GrantKind.Ads, "b", Callback(GrantKind.Ads)), Stop);
        var second = await start.Handle(new StartConsent(Me, House, GrantKind.Ads, "b", Callback(GrantKind.Ads)), Stop);

        var query = HttpUtility.ParseQueryString(first.Value.Query);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["state"]!.Length);
        Assert.NotEqual(query["state"], HttpUtility.ParseQueryString(second.Value.Query)["state"]);
    }

    [Fact]
    public async Task Over_http_a_foreign_callback_gets_a_page_with_the_fix_and_starting_needs_a_form_token()
    {
        using var browser = (await product.SignedInAsync()).Browser;

        var foreign = await browser.GetAsync("/connect/ads/callback?code=x&state=" + StartConsentHandler.NewBrowser());
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        Assert.Contains("belongs to no connection that was begun here", await foreign.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/connect/seller/start", [])).StatusCode);
        var started = await browser.PostAsync("/connect/seller/start", new() { ["country"] = "US", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") });
        Assert.StartsWith("http://127.0.0.1:9/apps/authorize/consent", started.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.True(browser.Cookies.ContainsKey("autonoomi-consent"));

        var state = HttpUtility.ParseQueryString(started.Headers.Location!.Query)["state"];
        browser.Forget("autonoomi-consent");
        var elsewhere = await browser.GetAsync($"/connect/seller/callback?spapi_oauth_code=x&selling_partner_id=A1TESTSELLER&state={state}");
        Assert.Contains("another browser", await elsewhere.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0, "Not connected")]
    [InlineData(GrantState.Active, 10, "Connected")]
    [InlineData(GrantState.Active, 340, "Ends soon")]
    [InlineData(GrantState.Active, 366, "Expired")]
    [InlineData(GrantState.ReauthRequired, 10, "Withdrawn")]
    public void The_state_of_a_consent_is_said_in_words(GrantState? state, int days, string word) =>
        Assert.Equal(word, ConsentWords.Of(state is { } known ? new(GrantKind.Ads, known, Noon.AddDays(-days), Noon.AddDays(365 - days), null, null, null, false, []) : null, Noon).Word);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static GrantKind Other(GrantKind kind) => kind == GrantKind.Ads ? GrantKind.SellingPartner : GrantKind.Ads;

    private static Uri Callback(GrantKind kind) => new("http://localhost:5080" + ConnectEndpoints.Callback(kind));

    private StartConsentHandler Start(FixedClock clock) =>
        new(product.Services.GetRequiredService<AppDbs>(), product.Services.GetRequiredService<KeyChain>(), product.Services.GetRequiredService<LoginWithAmazon>(), clock);

    private FinishConsentHandler Finish(FixedClock clock) => new(
        product.Services.GetRequiredService<AppDbs>(), product.Services.GetRequiredService<KeyChain>(), product.Services.GetRequiredService<LoginWithAmazon>(),
        product.Services.GetRequiredService<SellerLink>(), product.Services.GetRequiredService<Runs>(), clock, NullLogger<FinishConsentHandler>.Instance);

    private async Task<FinishConsent> StartAsync(GrantKind kind, FixedClock clock, Core.Primitives.SellerId? again = null)
    {
        var browser = StartConsentHandler.NewBrowser();
        var started = await Start(clock).Handle(new StartConsent(Me, House, kind, browser, Callback(kind), Again: again), Stop);
        var state = HttpUtility.ParseQueryString(started.Value.Query)["state"];
        return new FinishConsent(Me, House, kind, browser, Callback(kind), state, "code", kind == GrantKind.SellingPartner ? "A1NOBODYSELLER" : null, null);
    }
}

using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.RegularExpressions;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>Sessions as their person sees them, ends them, and as they end by themselves.</summary>
[Collection<PeopleTests>]
public sealed partial class SessionTests(RunningProduct product)
{
    private const string Page = "/account/security";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.7";
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Sessions Sessions => product.Services.GetRequiredService<Sessions>();

    [Fact]
    [Promise("P-1.3-b")]
    public async Task A_person_sees_where_they_are_signed_in_and_ends_one_or_all()
    {
        var (who, email) = await product.SignUpAsync();
        using var desk = await SignInAsync(email, Firefox);
        using var phone = await SignInAsync(email, Chrome);
        var (other, _) = await product.SignedInAsync();

        var page = await desk.ReadAsync(Page);
        Assert.Contains("Firefox on Linux", page, StringComparison.Ordinal);
        Assert.Contains("Chrome on Windows", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "This one"));
        Assert.DoesNotContain("Firefox on Linux", await other.ReadAsync(Page), StringComparison.Ordinal);
        var name = Assert.Single(EndButton().Matches(page)).Groups[1].Value;

        // somebody else cannot end it, and its id opens nothing
        await other.SubmitAsync(Page, "end-session", new() { ["session"] = name });
        await phone.ReadAsync(Page);
        Assert.False(await Sessions.IsOpenAsync(name, who.User, used: true, Stop));

        Assert.Contains("from=ended", (await desk.SubmitAsync(Page, "end-session", new() { ["session"] = name })).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync(Page)).StatusCode);
        Assert.DoesNotContain("Chrome on Windows", await desk.ReadAsync(Page), StringComparison.Ordinal);

        using var second = await SignInAsync(email, Chrome);
        Assert.Contains("/account/sign-in", (await desk.SubmitAsync(Page, "end-all", [])).Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await desk.GetAsync(Page)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync(Page)).StatusCode);
        Assert.Empty(await Sessions.OfAsync(who.User, Stop));
        await other.ReadAsync(Page);
    }

    [Fact]
    public async Task Nothing_of_a_browser_rests_but_two_words_and_those_sealed()
    {
        var (who, email) = await product.SignUpAsync();
        using var desk = await SignInAsync(email, Firefox);
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var row = await db.Sessions.AsNoTracking().SingleAsync(item => item.User == who.User, Stop);

        Assert.Equal("Firefox on Linux", product.Services.GetRequiredService<KeyChain>().Application.OpenText("session", "device", row.Id, row.SealedDevice));
        Assert.DoesNotContain("Firefox", Encoding.UTF8.GetString(row.SealedDevice), StringComparison.Ordinal);
        Assert.DoesNotContain(row.Id, desk.Cookies["autonoomi-session"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_ended_in_one_process_is_ended_in_another_and_after_a_restart()
    {
        var (who, _) = await product.SignUpAsync();
        var name = Sessions.NewName();
        await Sessions.BeginAsync(name, who.User, "Firefox on Linux", DateTimeOffset.UtcNow, Stop);
        var elsewhere = new Sessions(product.Services.GetRequiredService<AppDbs>(), product.Services.GetRequiredService<KeyChain>(), TimeProvider.System);
        Assert.True(await elsewhere.IsOpenAsync(name, who.User, used: true, Stop));

        Assert.Equal(1, await Sessions.EndAllAsync(who.User, null, Stop));

        Assert.False(await elsewhere.IsOpenAsync(name, who.User, used: true, Stop));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(12, true)]
    [InlineData(12.08, true)] // seen is noted every five minutes only
    [InlineData(12.09, false)]
    [InlineData(24, false)]
    public async Task A_session_that_nobody_uses_ends(double hours, bool open)
    {
        var (who, _) = await product.SignUpAsync();
        var clock = new FixedClock(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var sessions = At(clock);
        var name = Sessions.NewName();
        await sessions.BeginAsync(name, who.User, "Firefox on Linux", clock.Now, Stop);

        clock.Now += TimeSpan.FromHours(hours);

        Assert.Equal(open, await sessions.IsOpenAsync(name, who.User, used: true, Stop));
        Assert.Equal(open ? 1 : 0, (await sessions.OfAsync(who.User, Stop)).Count);
    }

    [Fact]
    public async Task Use_keeps_a_session_open_for_seven_days_and_looking_at_an_open_page_is_no_use()
    {
        var (who, _) = await product.SignUpAsync();
        var clock = new FixedClock(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var (sessions, began) = (At(clock), clock.Now);
        var (used, watched) = (Sessions.NewName(), Sessions.NewName());
        foreach (var name in new[] { used, watched }) await sessions.BeginAsync(name, who.User, "Firefox on Linux", clock.Now, Stop);

        var asked = 0;
        for (; clock.Now <= began + Sessions.Absolute; clock.Now += TimeSpan.FromHours(6), asked++)
        {
            Assert.True(await sessions.IsOpenAsync(used, who.User, used: true, Stop), clock.Now.ToString("u"));
            Assert.Equal(clock.Now - began <= TimeSpan.FromHours(12), await sessions.IsOpenAsync(watched, who.User, used: false, Stop));
        }

        Assert.False(await sessions.IsOpenAsync(used, who.User, used: true, Stop));
        Assert.Equal(29, asked);
    }

    [Fact]
    public async Task An_open_page_ends_in_the_moment_in_which_its_session_does()
    {
        var (who, _) = await product.SignUpAsync();
        var name = Sessions.NewName();
        await Sessions.BeginAsync(name, who.User, "Firefox on Linux", DateTimeOffset.UtcNow, Stop);
        await using var scope = product.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByIdAsync(who.User.ToString()))!;
        var person = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<AppUser>>().CreateAsync(user);
        ((ClaimsIdentity)person.Identity!).AddClaim(new("session", name));
        var watch = Assert.IsType<CircuitWatch>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        watch.SetAuthenticationState(Task.FromResult(new AuthenticationState(person)));
        var changed = new TaskCompletionSource();
        watch.AuthenticationStateChanged += _ => changed.TrySetResult();

        // another person's end does not matter
        await Sessions.EndAllAsync(Guid.NewGuid(), null, Stop);
        Assert.True((await watch.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
        await Sessions.EndAsync(who.User, Sessions.IdOf(name), Stop);

        await changed.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        Assert.False((await watch.GetAuthenticationStateAsync()).User.Identity!.IsAuthenticated);
    }

    [Theory]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData(Chrome, "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome on iPad")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari on Mac")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.5.0", "Unknown browser on unknown system")]
    [InlineData("<script>alert(1)</script>", "Unknown browser on unknown system")]
    [InlineData(null, "Unknown browser")]
    public void A_device_is_two_words(string? agent, string words) => Assert.Equal(words, DeviceWords.Of(agent));

    [Fact]
    public void Five_hundred_browsers_are_at_most_forty_three_words()
    {
        var dice = new Random(7);
        string[] systems = ["X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "Linux; Android 14; SM-S918B", "iPhone; CPU iPhone OS 18_1 like Mac OS X", "iPad; CPU OS 17_4 like Mac OS X", "X11; CrOS x86_64 14541.0.0", "PlayStation 5"];
        string[] browsers = ["Firefox/{0}", "Chrome/{0} Safari/537.36", "Version/{0} Safari/605.1", "Chrome/{0} Safari/537.36 Edg/{0}", "Chrome/{0} Safari/537.36 OPR/{0}", "Strange/{0}"];

        var words = Enumerable.Range(0, 500).Select(_ => DeviceWords.Of($"Mozilla/5.0 ({systems[dice.Next(systems.Length)]}) {string.Format(System.Globalization.CultureInfo.InvariantCulture, browsers[dice.Next(browsers.Length)], $"{dice.Next(1, 200)}.{dice.Next(9)}")}")).Distinct().ToList();

        Assert.InRange(words.Count, 20, 43);
        Assert.All(words, word => Assert.DoesNotMatch("[0-9]", word));
    }

    private Sessions At(TimeProvider clock) => new(product.Services.GetRequiredService<AppDbs>(), product.Services.GetRequiredService<KeyChain>(), clock);

    private async Task<Browser> SignInAsync(string email, string agent)
    {
        var browser = new Browser(product.Address) { Agent = agent };
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })).StatusCode);
        return browser;
    }

    [GeneratedRegex("form=\"end-session\" name=\"session\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex EndButton();
}

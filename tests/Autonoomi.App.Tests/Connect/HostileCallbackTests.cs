using System.Net;
using System.Web;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Connect;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Connect;

/// <summary>
/// Answers that no consent of Amazon's gives, over HTTP against the product's own routes, with a pretend Amazon behind: each is refused with a page, says
/// nothing back of what came in, and stores nothing. Those that are not the answer of whoever asked leave the question open: the true answer still works.
/// </summary>
public sealed class HostileCallbackTests
{
    private const string Canary = "zqcanaryzq";
    private const string NotMade = "The connection was not made";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.2-a")]
    public async Task Every_hostile_answer_is_refused_stores_nothing_and_uses_no_open_question_up()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 1);
        await using var product = new RunningProduct { More = { ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString(), ["Autonoomi:Runs:PollFirst"] = "00:10:00" } };
        await product.InitializeAsync();
        using var at = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var (mine, who) = await product.SignedInAsync();
        var (theirs, _) = await product.SignedInAsync();
        var (looking, viewer) = await product.SignedInAsync();
        using var me = mine;
        using var attacker = theirs;
        using var onlooker = looking;
        using var stranger = product.Open();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        await db.Memberships.Where(row => row.User == viewer.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Viewer), Stop);
        var (left, used, faults) = (0, 0, new List<string>());

        foreach (var kind in (GrantKind[])[GrantKind.SellingPartner, GrantKind.Ads])
        {
            // What belongs to another question: the true answer still works afterwards.
            var asked = await AskAsync(me, at, kind);
            var foreign = await AskAsync(attacker, at, kind);
            var crossed = await AskAsync(me, at, kind == GrantKind.Ads ? GrantKind.SellingPartner : GrantKind.Ads);
            foreach (var hostile in LeavesOpen(asked, foreign, crossed, me, attacker, onlooker, stranger))
            {
                left++;
                await JudgeAsync(hostile, asked, mustBeOpen: true);
            }

            Assert.Contains("?from=", (await me.GetAsync(asked.Path)).Headers.Location?.ToString(), StringComparison.Ordinal);
            foreach (var again in (string[])[asked.Path, asked.Path + "&x=1", asked.Path.Replace(asked.Code, "another", StringComparison.Ordinal)])
            {
                left++;
                await JudgeAsync(new("replayed", me, new(HttpMethod.Get, again), NotMade), asked, mustBeOpen: false);
            }

            // What comes to the right place with something wrong in it: the question is closed by it, and nothing more.
            foreach (var (name, change) in Spoils(kind))
            {
                var question = await AskAsync(me, at, kind);
                used++;
                await JudgeAsync(new(name, me, new(HttpMethod.Get, change(question)), NotMade), question, mustBeOpen: false);
                Assert.True(await IsUsedAsync(question), name);
            }

            // A code that Amazon gave for another question: the proof key of this one does not fit it, or it is good for one exchange alone.
            var (first, second) = (await AskAsync(me, at, kind), await AskAsync(attacker, at, kind));
            if (kind == GrantKind.Ads)
            {
                used++;
                await JudgeAsync(new("another's code", me, new(HttpMethod.Get, first.Path.Replace(Uri.EscapeDataString(first.Code), Uri.EscapeDataString(second.Code), StringComparison.Ordinal)), NotMade), first, mustBeOpen: false);
            }

            // Too late.
            var late = await AskAsync(me, at, kind);
            await db.ConsentStates.Where(row => row.StateHash == late.Hash).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, DateTimeOffset.UtcNow.AddSeconds(-1)), Stop);
            left++;
            await JudgeAsync(new("late", me, new(HttpMethod.Get, late.Path), NotMade), late, mustBeOpen: true);

            // In parallel one gets through, whoever else hurries; the account is known already, so the counts stay.
            var parallel = await AskAsync(me, at, kind);
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => me.GetAsync(parallel.Path)));
            used += answers.Length - 1;
            Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect));
            Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(left + used >= 200, $"only {left + used}");
        Figures.Tell($"consents: {left + used} hostile answers refused over HTTP ({left} left the question open or found it closed, {used} closed their own), 0 stored, 0 repeated");
        Assert.Equal(1, await db.SellerAccounts.CountAsync(row => row.Organisation == who.Organisation, Stop));
        Assert.Equal(0, await db.SellerAccounts.CountAsync(row => row.Organisation != who.Organisation, Stop));

        async Task JudgeAsync(Hostile hostile, Question question, bool mustBeOpen)
        {
            var before = await StoredAsync();
            using var answer = await hostile.From.SendAsync(hostile.Request);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            var said = $"{text}\n{answer.Headers.Location}";
            void Fault(string what) => faults.Add($"{question.Kind}, {hostile.Name}: {what} ({(int)answer.StatusCode})");

            if (hostile.Words.StartsWith('/'))
            {
                if (answer.StatusCode != HttpStatusCode.Redirect || !new Uri(product.Address, answer.Headers.Location!).AbsolutePath.StartsWith(hostile.Words, StringComparison.Ordinal)) Fault($"did not lead to {hostile.Words}");
            }
            else
            {
                if ((int)answer.StatusCode is < 400 or > 499) Fault("was not refused");
                if (!text.Contains(hostile.Words, StringComparison.Ordinal)) Fault($"lacks '{hostile.Words}'");
                if (hostile.Words == NotMade && text.Split("<p class=\"soft\">")[^1].Split("</p>")[0].Length < 40) Fault("says no sentence");
                if (said.Contains(Canary, StringComparison.OrdinalIgnoreCase)) Fault("repeats what came in");
                if (said.Contains(question.State, StringComparison.Ordinal) || (question.Code.Length > 0 && said.Contains(question.Code, StringComparison.Ordinal))) Fault("repeats the state or the code");
            }

            if (await StoredAsync() != before) Fault("stored something");
            if (mustBeOpen && await IsUsedAsync(question)) Fault("used the question up");
        }

        async Task<(int, int, int, int, int, int)> StoredAsync()
        {
            await using var look = product.Services.GetRequiredService<AppDbs>().System();
            return (await look.SellerAccounts.CountAsync(Stop), await look.Grants.CountAsync(Stop), await look.Storefronts.CountAsync(Stop), await look.LoginClients.CountAsync(Stop), await look.Sellers.CountAsync(Stop), await look.ConsentStates.CountAsync(Stop));
        }

        async Task<bool> IsUsedAsync(Question question)
        {
            await using var look = product.Services.GetRequiredService<AppDbs>().System();
            return (await look.ConsentStates.AsNoTracking().SingleAsync(row => row.StateHash == question.Hash, Stop)).UsedAt is not null;
        }
    }

    private static IEnumerable<Hostile> LeavesOpen(Question asked, Question foreign, Question crossed, Browser me, Browser attacker, Browser onlooker, Browser stranger)
    {
        var state = asked.State;
        Hostile With(string name, string text, string? words = null) => new(name, me, new(HttpMethod.Get, asked.At(text)), words ?? NotMade);

        // The mark itself: missing, twice, altered, in other letters, endless, with something hidden in it.
        yield return new("no state", me, new(HttpMethod.Get, asked.Without("state")), NotMade);
        yield return new("no parameter at all", me, new(HttpMethod.Get, asked.Route), NotMade);
        yield return new("state twice, the same", me, new(HttpMethod.Get, $"{asked.Path}&state={state}"), NotMade);
        yield return new("state twice, another first", me, new(HttpMethod.Get, asked.Path.Replace("state=", $"state={Canary}&state=", StringComparison.Ordinal)), NotMade);
        yield return new("state twice, another last", me, new(HttpMethod.Get, $"{asked.Path}&state={foreign.State}"), NotMade);
        yield return new("state twice, in capitals", me, new(HttpMethod.Get, $"{asked.Path}&STATE={Canary}"), NotMade);
        yield return new("state as a list", me, new(HttpMethod.Get, asked.Path.Replace("state=", "state[]=", StringComparison.Ordinal)), NotMade);
        yield return new("state as an object", me, new(HttpMethod.Get, asked.Path.Replace("state=", "state.value=", StringComparison.Ordinal)), NotMade);
        yield return new("state after a semicolon", me, new(HttpMethod.Get, asked.Path.Replace("&state=", ";state=", StringComparison.Ordinal).Replace("?state=", "?;state=", StringComparison.Ordinal)), NotMade);
        yield return new("the state of another person's question", me, new(HttpMethod.Get, asked.At(foreign.State)), NotMade);
        yield return new("the state of the other consent", me, new(HttpMethod.Get, asked.At(crossed.State)), NotMade);
        yield return new("the other consent's answer at this address", me, new(HttpMethod.Get, asked.Route + crossed.Path[crossed.Path.IndexOf('?', StringComparison.Ordinal)..]), NotMade);
        yield return new("this answer at the other consent's address", me, new(HttpMethod.Get, crossed.Route + asked.Path[asked.Path.IndexOf('?', StringComparison.Ordinal)..]), NotMade);
        foreach (var number in Enumerable.Range(0, 14)) yield return With($"letter {number * 3} changed", state[..(number * 3)] + (state[number * 3] == 'A' ? 'B' : 'A') + state[((number * 3) + 1)..]);
        foreach (var (name, text) in ((string, string)[])[
            ("empty", ""), ("one letter", "a"), ("cut at the end", state[..^1]), ("cut at the beginning", state[1..]), ("one letter more", state + "A"), ("twice in one", state + state), ("backwards", string.Concat(state.Reverse())),
            ("in capitals", state.ToUpperInvariant() + "x"), ("padded", state + "%3D"), ("padded twice", state + "=="), ("a blank behind", state + "%20"), ("a plus behind", state + "+"), ("a blank before", "%20" + state), ("a line behind", state + "%0A"), ("CR LF and a header", state + "%0D%0ASet-Cookie:%20" + Canary),
            ("a null behind", state + "%00"), ("a null before", "%00" + state), ("a tab", state + "%09"), ("no-break space", state + "%C2%A0"), ("zero width", state + "%E2%80%8B"), ("right to left", "%E2%80%AE" + state), ("broken UTF-8", "%C0%80" + state), ("half a letter", state + "%E2%80"), ("a lone byte", "%FF" + state),
            ("full-width letters", string.Concat(state.Select(letter => letter is >= '!' and <= '~' ? Uri.EscapeDataString(((char)(letter + 0xFEE0)).ToString()) : letter.ToString()))), ("escaped twice", Uri.EscapeDataString(Uri.EscapeDataString(state + "/"))),
            ("its hash", StartConsentHandler.StateHash(state)), ("its hash in small letters", Convert.ToHexStringLower(Convert.FromHexString(StartConsentHandler.StateHash(state)))), ("zeros", new string('0', 43)), ("a UUID", Guid.Empty.ToString()), ("null", "null"), ("undefined", "undefined"), ("true", "true"),
            ("script", Canary + "%3Cscript%3Ealert(1)%3C/script%3E"), ("an image that runs", Canary + "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"), ("script address", "javascript:" + Canary), ("a template", "%7B%7B7*7%7D%7D" + Canary), ("razor", "@(1%2B1)" + Canary), ("SQL", "%27%20OR%201=1--" + Canary), ("SQL wildcard", "%25"), ("SQL union", Canary + "%27%20UNION%20SELECT%20*%20FROM%20grant--"),
            ("a path", "../../etc/passwd" + Canary), ("a format", "%25s%25n%7B0%7D" + Canary), ("an expression", "%24%7Bjndi:ldap://x/" + Canary + "%7D"), ("JSON", "%7B%22%24ne%22:null%7D"), ("200 letters", new string('a', 200)), ("201 letters", new string('a', 201)), ("4,000 letters", new string('a', 4_000) + Canary), ("the browser's own mark", asked.Browser), ("a star", "*"), ("a minus", "-1"),
        ]) yield return With($"state: {name}", text);
        yield return With("state: 40,000 letters", new string('a', 40_000), "");

        // Whoever else comes with the true answer.
        yield return new("another person", attacker, new(HttpMethod.Get, asked.Path), NotMade);
        yield return new("another person refuses for me", attacker, new(HttpMethod.Get, $"{asked.Route}?error=access_denied&state={state}"), NotMade);
        yield return new("a person who may only look", onlooker, new(HttpMethod.Get, asked.Path), "Your role may not connect accounts");
        yield return new("nobody who signed in", stranger, new(HttpMethod.Get, asked.Path), "/account/sign-in");
        yield return new("an attacker's whole answer in my browser", me, new(HttpMethod.Get, foreign.Path), NotMade);
        yield return new("an attacker's state with my code", me, new(HttpMethod.Get, asked.At(foreign.State)), NotMade);
        foreach (var (name, cookie) in ((string, string?)[])[
            ("no cookie", null), ("an empty cookie", ""), ("another cookie", StartConsentHandler.NewBrowser()), ("the attacker's cookie", foreign.Browser), ("the cookie cut short", asked.Browser[..^1]), ("the cookie and more", asked.Browser + "A"),
            ("the cookie in capitals", asked.Browser.ToUpperInvariant() + "-"), ("the state as a cookie", state), ("a script as a cookie", $"<script>{Canary}</script>"), ("an endless cookie", new string('b', 3_000)), ("the cookie quoted", $"\"{asked.Browser[..^2]}\"")])
            yield return new(name, Copy(me, cookie), new(HttpMethod.Get, asked.Path), NotMade);
        yield return new("two cookies, a foreign one first", Copy(me, $"{foreign.Browser}; autonoomi-consent={foreign.Browser}"), new(HttpMethod.Get, asked.Path), NotMade);

        // Another way to the same place.
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch]) yield return new($"by {method}", me, new(method, asked.Path), "This form was out of date");
        foreach (var method in (HttpMethod[])[HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace]) yield return new($"by {method}", me, new(method, asked.Path), "");
        foreach (var (mode, destination) in ((string, string)[])[("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe"), ("navigate", "embed"), ("websocket", "websocket"), ("no-cors", "script")])
        {
            var embedded = new HttpRequestMessage(HttpMethod.Get, asked.Path);
            foreach (var (header, value) in ((string, string)[])[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)]) embedded.Headers.Add(header, value);
            yield return new($"embedded elsewhere as {destination} ({mode})", me, embedded, "This is not allowed");
        }

        foreach (var host in (string[])["evil.example", "localhost.evil.example", "127.0.0.1:1", "localhost:1", "[::1]"])
            yield return new($"under the host {host}", me, new(HttpMethod.Get, asked.Path) { Headers = { Host = host } }, "");
        foreach (var path in (string[])[
            asked.Route + "/x", asked.Route + "%2f", asked.Route + ".json", asked.Route.Replace("/callback", "/callback/callback", StringComparison.Ordinal), asked.Route.Replace("callback", "callbac%6b%00", StringComparison.Ordinal), "/connect/callback", "/connect/other/callback", asked.Route.Replace("/callback", "//callback", StringComparison.Ordinal)])
            yield return new($"at {path}", me, new(HttpMethod.Get, path + asked.Path[asked.Path.IndexOf('?', StringComparison.Ordinal)..]), "");
    }

    /// <summary>Changes of an answer that comes to the right place, from the right person, in time.</summary>
    private static IEnumerable<(string Name, Func<Question, string> Change)> Spoils(GrantKind kind)
    {
        var (code, other) = kind == GrantKind.Ads ? ("code", "spapi_oauth_code") : ("spapi_oauth_code", "code");
        foreach (var error in (string[])["access_denied", "server_error", "temporarily_unavailable", "invalid_scope", "unauthorized_client", "unsupported_response_type", "invalid_request", "interaction_required", Canary, $"{Canary}%3Cscript%3Ealert(1)%3C/script%3E", new string('e', 4_000), "%00", "0", "%20"])
            yield return ($"error {(error.Length > 40 ? error[..40] : error)}", question => $"{question.Route}?state={question.State}&error={error}&error_description={Canary}%3Cb%3E&error_uri=https://evil.example/{Canary}");
        yield return ("an error beside a code", question => $"{question.Path}&error={Canary}");
        yield return ("two errors and no code", question => $"{question.Without(code)}&error=a&error={Canary}");
        yield return ("no code", question => question.Without(code));
        yield return ("the code twice", question => $"{question.Path}&{code}={Canary}");
        yield return ("the code under the other consent's name", question => question.Path.Replace($"{code}=", $"{other}=", StringComparison.Ordinal));
        foreach (var (name, text) in ((string, string)[])[("empty", ""), ("invented", Canary), ("script", $"%3Cscript%3E{Canary}"), ("a line break", $"{Canary}%0D%0AX-Injected:%201"), ("null", $"{Canary}%00"), ("4,000 letters", Canary + new string('c', 4_000)), ("another parameter", $"{Canary}%26grant_type%3Drefresh_token"), ("broken UTF-8", "%C0%AF"), ("other letters", "%F0%9F%92%A3")])
            yield return ($"code: {name}", question => question.With(code, text));
        if (kind != GrantKind.SellingPartner) yield break;
        yield return ("no seller", question => question.Without("selling_partner_id"));
        yield return ("the seller twice", question => $"{question.Path}&selling_partner_id=A1OTHERSELLER");
        foreach (var (name, text) in ((string, string)[])[("empty", ""), ("short", "A1"), ("long", new string('A', 41)), ("script", $"A1%3Cscript%3E{Canary}"), ("blanks", "A1%20SELLER%20X"), ("a path", "../../A1SELLER"), ("SQL", "A1%27%20OR%201=1"), ("other letters", "A1SELL%D0%95R"), ("digits of others", "A1SELLER%D9%A1"), ("null", "A1SELLER%00"), ("a line break", "A1SELLER%0A"), ("a list", "A1SELLER,A2SELLER"), ("a percent sign", "A1SELLER%25")])
            yield return ($"seller: {name}", question => question.With("selling_partner_id", text));
    }

    private static Browser Copy(Browser browser, string? consent)
    {
        var copy = browser.Twin();
        copy.Forget("autonoomi-consent");
        if (consent is not null) copy.Keep("autonoomi-consent", consent);
        return copy;
    }

    /// <summary>Begins a consent and gives it at Amazon; the answer is not delivered.</summary>
    private static async Task<Question> AskAsync(Browser browser, HttpClient at, GrantKind kind)
    {
        var started = await browser.PostAsync(kind == GrantKind.Ads ? "/connect/ads/start" : "/connect/seller/start", new() { ["country"] = "US", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") });
        using var given = await at.PostAsync(started.Headers.Location, new FormUrlEncodedContent([new("decision", "allow")]), Stop);
        var query = HttpUtility.ParseQueryString(given.Headers.Location!.Query);
        return new(kind, given.Headers.Location.PathAndQuery, given.Headers.Location.AbsolutePath, query["state"]!, query[kind == GrantKind.Ads ? "code" : "spapi_oauth_code"]!, browser.Cookies["autonoomi-consent"]);
    }

    /// <param name="Kind">Which consent.</param>
    /// <param name="Path">The true answer: path and query.</param>
    /// <param name="Route">Its path alone.</param>
    /// <param name="State">Our mark.</param>
    /// <param name="Code">Amazon's code.</param>
    /// <param name="Browser">The cookie's value.</param>
    private sealed record Question(GrantKind Kind, string Path, string Route, string State, string Code, string Browser)
    {
        public string Hash => StartConsentHandler.StateHash(State);

        public string At(string state) => With("state", state);

        public string Without(string name) => $"{Route}?{string.Join('&', Pairs.Where(pair => !pair.StartsWith(name + "=", StringComparison.Ordinal)))}";

        public string With(string name, string text) => $"{Route}?{string.Join('&', Pairs.Select(pair => pair.StartsWith(name + "=", StringComparison.Ordinal) ? $"{name}={text}" : pair))}";

        private string[] Pairs => Path[(Path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&');
    }

    /// <param name="Name">For the list of faults.</param>
    /// <param name="From">Whose browser.</param>
    /// <param name="Request">What it sends.</param>
    /// <param name="Words">What the page says; an address of ours for a redirection; empty where a server below the product answers.</param>
    private sealed record Hostile(string Name, Browser From, HttpRequestMessage Request, string Words);
}

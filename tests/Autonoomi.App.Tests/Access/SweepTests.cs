using System.IO;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>
/// Every route of the running product, every parameter of its address, every form and the storefront cookie, filled with everything by which another
/// organisation's things can be named, by whoever may try. A route, form or parameter that is not known here fails the test.
/// </summary>
[Collection<PeopleTests>]
public sealed partial class SweepTests(RunningProduct product)
{
    private int calls;
    private int named;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>For everybody, and about nobody.</summary>
    private static readonly string[] Open =
    [
        "GET /.well-known/gpc.json", "GET /.well-known/security.txt", "GET /privacy/versions/{number:int}.txt", "POST /account/passkey/request-options", "POST /account/passkey/sign-in", "POST /account/sign-out",
        "GET /mail/leave", "POST /mail/leave", "page /account/forgot", "page /account/reset", "page /demonstration", // MailChoiceTests and ResetTests play the values in their addresses
        "page /account/join", "page /account/second-factor", "page /account/sign-in", "page /account/sign-on/first", "page /account/sign-up", "page /not-found", "page /privacy", "page /privacy/data", "page /privacy/versions", "GET /test/throw",
    ];

    /// <summary>For those who are signed in: what the pages show and the endpoints give.</summary>
    private static readonly string[] Reads =
    [
        "GET /account/your-data/certificate/{id:guid}", "GET /economics/template.csv", "GET /palette", "GET /profit/export.csv", "GET /storefront",
        "GET /campaigns/export.csv", "GET /ad-groups/export.csv", "GET /targets/export.csv", "GET /search-terms/export.csv", "GET /products/export.csv", "GET /placements/export.csv", "GET /negatives/export.csv", "GET /brand-analytics/export.csv",
        "GET /campaigns/export.xlsx", "GET /ad-groups/export.xlsx", "GET /targets/export.xlsx", "GET /search-terms/export.xlsx", "GET /products/export.xlsx", "GET /placements/export.xlsx", "GET /negatives/export.xlsx", "GET /brand-analytics/export.xlsx",
        "page /", "page /storefronts", "page /account/authenticator", "page /account/changes", "page /account/people", "page /account/prove", "page /account/security", "page /account/your-data", "page /account/your-data/collected", "page /account/your-data/read-in", "page /changes", "page /changes/outcomes", "page /changes/return", "page /connect", "page /connect/appstore", "page /control", "page /destinations", "page /economics", "page /imports",
        "page /profit", "page /promises", "page /recommendations", "page /recommendations/{Id}", "page /score", "page /start", "page /start/costs", "page /start/goals", "page /stock", "page /strategies", "page /targets", "page /graduation", "page /launch", "page /launch/{Id}",
        "page /campaigns", "page /ad-groups", "page /search-terms", "page /products", "page /placements", "page /negatives", "page /brand-analytics", "page /hours", "page /budgets",
    ];

    /// <summary>What writes, with the fields that its form has. The right is null where it concerns the person alone.</summary>
    private static readonly Dictionary<string, (Right? Needs, string[] Fields)> Writes = new(StringComparer.Ordinal)
    {
        ["GET /connect/ads/callback"] = (Right.Decide, ["state", "code", "error"]),
        ["GET /connect/seller/callback"] = (Right.Decide, ["state", "spapi_oauth_code", "selling_partner_id", "error"]),
        ["POST /connect/ads/start"] = (Right.Decide, ["again", "country"]),
        ["POST /connect/seller/start"] = (Right.Decide, ["again", "country"]),
        ["POST /connect/appstore/start"] = (Right.Decide, ["amazon_callback_uri", "amazon_state", "selling_partner_id"]),
        ["POST /connect/ads/own/start"] = (Right.Decide, ["client", "secret", "again"]),
        ["POST /connect/seller/paste"] = (Right.Decide, ["client", "secret", "country", "seller", "token"]),
        ["POST /connect/client/secret"] = (Right.Decide, ["client", "secret", "made"]),
        ["POST /account/your-data/copy"] = (null, ["what", "proof"]), // RoleTests and CopyPageTests play who may take which
        ["POST /palette/read-again"] = (Right.Decide, []),
        ["POST /palette/stop"] = (Right.Decide, []),
        ["POST /notices/put-away"] = (null, ["notice", "back"]),
        ["POST /account/passkey/creation-options"] = (null, ["proof"]),
        ["POST /account/passkey/prove"] = (null, ["credential", "returnUrl"]),
        ["POST /account/passkey/add"] = (null, ["credential", "name", "returnUrl"]),
    };

    /// <summary>Forms of pages. {0} is an id in the form's own name.</summary>
    private static readonly Dictionary<string, (string Page, Right? Needs, Dictionary<string, string> Fields)> Forms = new(StringComparer.Ordinal)
    {
        ["goals"] = ("/control", Right.Decide, new() { ["mode"] = "Auto", ["budget"] = "1500", ["bid"] = "2.50", ["terms"] = "x", ["frozen"] = "true" }),
        ["aims"] = ("/control", Right.Decide, new() { ["kind.0"] = "Profit", ["brand"] = "acme", ["cap"] = "80", ["hold"] = "10" }),
        ["start-costs"] = ("/start/costs", Right.Decide, new() { ["sku.0"] = "A-1", ["cost.0"] = "6", ["share"] = "30", ["act"] = "guess" }),
        ["start-goals"] = ("/start/goals", Right.Decide, new() { ["kind.0"] = "Profit", ["budget"] = "1500", ["mode"] = "Auto" }),
        ["limits"] = ("/control", Right.Decide, new() { ["changes"] = "5", ["products"] = "A-1", ["freezeFirst.0"] = "2026-01-01", ["freezeLast.0"] = "2026-01-02", ["freeze.0"] = "peak" }),
        ["goods"] = ("/economics", Right.Decide, new() { ["batch.0"] = "A-1", ["received.0"] = "2026-01-01", ["quantity.0"] = "5", ["unit.0"] = "3" }),
        ["exchange"] = ("/economics", Right.Decide, new() { ["reporting"] = "EUR", ["rate.0"] = "0.9", ["rateSince.0"] = "2026-01-01" }),
        ["costs"] = ("/economics", Right.Decide, new() { ["validFrom"] = "2026-01-15", ["sku.0"] = "A-1", ["cost.0"] = "6", ["inbound.0"] = "0", ["margin.0"] = "", ["lead.0"] = "25" }),
        ["file"] = ("/economics", Right.Decide, new() { ["mark"] = "Detect" }),
        ["map-file"] = ("/economics", Right.Decide, new() { ["file-token"] = "", ["mark"] = "Detect", ["map.sku"] = "0" }),
        ["confirm-file"] = ("/economics", Right.Decide, new() { ["token"] = "" }),
        ["read-in"] = ("/account/your-data/read-in", Right.Decide, new() { ["into"] = "" }),
        ["delete-{0}"] = ("/account/your-data", Right.Own, new() { ["seller"] = "", ["proof"] = RunningProduct.Password }),
        ["back-{0}"] = ("/account/your-data", Right.Own, new() { ["deletion"] = "" }),
        ["allow-{0}"] = ("/account/your-data", Right.Own, new() { ["proof"] = RunningProduct.Password }),
        ["agree-{0}"] = ("/account/changes", Right.Own, new() { ["version"] = "1" }),
        ["mail-{0}"] = ("/account/your-data", null, []),
        ["say-{0}"] = ("/account/your-data", null, []),
        ["open-case"] = ("/account/your-data", null, new() { ["kind"] = "Question", ["text"] = "" }),
        ["report-child"] = ("/account/your-data", null, new() { ["proof"] = "" }), // a right one would freeze whoever sends it
        ["correct-name"] = ("/account/your-data", null, new() { ["name"] = "" }),
        ["correct-email"] = ("/account/your-data", null, new() { ["email"] = "", ["proof"] = "" }), // a right one would sign out whoever sends it
        ["correct-organisation"] = ("/account/your-data", Right.Own, new() { ["organisation"] = "" }),
        ["end-grant"] = ("/account/your-data", Right.Decide, new() { ["grant"] = "" }),
        ["cancel"] = ("/account/your-data", Right.Own, new() { ["proof"] = RunningProduct.Password }),
        ["invite"] = ("/account/people", Right.Own, new() { ["role"] = "Owner", ["proof"] = RunningProduct.Password }),
        ["take-invitation-back"] = ("/account/people", Right.Own, new() { ["invitation"] = "" }),
        ["member-{0}"] = ("/account/people", Right.Own, new() { ["member"] = "", ["role"] = "Viewer", ["act"] = "remove", ["proof"] = RunningProduct.Password }),
        ["join"] = ("/account/join", null, []),
        ["join-new"] = ("/account/join", null, new() { ["name"] = "Eve", ["email"] = "", ["password"] = "five quiet other words" }),
        ["remove-passkey"] = ("/account/security", null, new() { ["credential"] = "", ["proof"] = RunningProduct.Password }),
        ["unlink"] = ("/account/security", null, new() { ["signOn"] = "", ["proof"] = RunningProduct.Password }), // SignOnTests plays it where there is a provider
        ["first-password"] = ("/account/security", null, new() { ["new"] = "", ["proof"] = RunningProduct.Password }),
        ["prove"] = ("/account/prove", null, new() { ["proof"] = "" }),
        ["first"] = ("/account/sign-on/first", null, new() { ["organisation"] = "", ["name"] = "Eve" }),
        ["end-session"] = ("/account/security", null, new() { ["session"] = "" }),
        ["turn-off"] = ("/account/security", null, new() { ["proof"] = "" }),
        ["password"] = ("/account/security", null, new() { ["old"] = "", ["new"] = "" }),
        ["confirm"] = ("/account/authenticator", null, new() { ["code"] = "", ["proof"] = RunningProduct.Password }),
        ["sign-in"] = ("/account/sign-in", null, new() { ["email"] = "", ["password"] = "" }),
        ["sign-up"] = ("/account/sign-up", null, new() { ["email"] = "" }),
        ["code"] = ("/account/second-factor", null, new() { ["code"] = "" }),
        ["recovery"] = ("/account/second-factor", null, new() { ["recovery"] = "" }),
        ["inquire"] = ("/demonstration", null, new() { ["name"] = "Eve", ["email"] = "", ["text"] = "Please show me." }),
        ["forgot"] = ("/account/forgot", null, new() { ["email"] = "" }),
        ["reset"] = ("/account/reset", null, new() { ["password"] = "five quiet other words", ["code"] = "" }),
        ["end-all"] = ("/account/security", null, []), // last: whoever sends it is outside afterwards
    };

    [Fact]
    public void Every_route_and_form_is_known()
    {
        string[] known = [.. Open, .. Reads, .. Writes.Keys];
        Assert.Empty(Routes().Keys.Except(known)); // say in this class what a new route gives, to whom, and how it is filled
        Assert.Empty(known.Except(Routes().Keys));

        var forms = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Autonoomi.App"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => FormName().Matches(File.ReadAllText(file)).Select(match => Slot().Replace(match.Groups[1].Value.Trim('@', '(', ')', '$', '"'), "{0}"))).Distinct();
        Assert.Empty(forms.Except(Forms.Keys));
        Assert.Empty(Forms.Keys.Except(forms));
    }

    [Fact]
    [Promise("P-3-c")]
    public async Task Nobody_reaches_what_is_not_theirs()
    {
        var (owner, who) = await product.SignedInAsync();
        var victim = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (stranger, other) = await product.SignedInAsync();
        await FilledHouse.MakeAsync(product.Services, other.Organisation, other.User, Stop);
        using var nobody = product.Open();

        // One of the operator's people, with everything but the seller's yes.
        var (staff, helper) = await product.SignedInAsync();
        var approver = (await product.SignUpAsync()).Who.User;
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
        {
            await db.Memberships.Where(row => row.User == helper.User).ExecuteDeleteAsync(Stop);
            await db.Users.Where(row => row.Id == helper.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, true), Stop);
        }

        var access = product.Services.GetRequiredService<StaffAccess>();
        await access.AddAsync(helper.User, StaffRole.Support, Stop);
        await access.AddAsync(approver, StaffRole.Approver, Stop);
        Assert.Null(await access.ApproveAsync((await access.RequestAsync(new(helper.User, victim.Seller, "Nobody has said yes to this one", "C-1", 480), Stop)).Value, approver, Stop));
        Browser[] outsiders = [stranger, staff];
        var members = new Dictionary<MemberRole, Browser> { [MemberRole.Owner] = owner };
        foreach (var role in new[] { MemberRole.Viewer, MemberRole.Analyst, MemberRole.Manager })
        {
            var (browser, person) = await product.SignedInAsync();
            await victim.AdmitAsync(person.User, role, Stop);
            members[role] = browser;
        }

        // The marks are there to be seen by those who may: a sweep that finds them nowhere would prove nothing.
        Assert.Contains(victim.ShopName, await owner.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains(victim.Title, await members[MemberRole.Viewer].ReadAsync("/economics/template.csv"), StringComparison.Ordinal);
        Assert.Contains(victim.Certificate, await members[MemberRole.Viewer].ReadAsync($"/account/your-data/certificate/{victim.Deletion}"), StringComparison.Ordinal);

        var before = await victim.StateAsync(Stop);
        foreach (var (key, route) in Routes().Where(route => !route.Key.Contains("/test/", StringComparison.Ordinal)))
        {
            var pattern = key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            var isNamed = pattern.Contains('{', StringComparison.Ordinal) && !Open.Contains(key);
            if (!Writes.ContainsKey(key) && !key.StartsWith("POST", StringComparison.Ordinal))
            {
                var filled = Paths(pattern, victim).ToList();
                var slots = Slots(route).ToList();
                await LookAsync(nobody, filled[0], victim, signedOut: !Open.Contains(key), named: isNamed);
                await Task.WhenAll(outsiders.Select(async outsider =>
                {
                    // Each id at once wherever the address takes one, and in the cookie.
                    foreach (var (number, id) in victim.Ids.Values.Index())
                    {
                        outsider.Keep(CurrentStorefront.Cookie, id);
                        await LookAsync(outsider, filled[number % filled.Count] + (slots.Count == 0 ? "" : "?" + string.Join('&', slots.Select(slot => $"{slot}={Uri.EscapeDataString(id)}"))), victim, named: isNamed);
                        outsider.Forget(CurrentStorefront.Cookie);
                    }
                }));
                foreach (var member in members.Values) await LookAsync(member, filled[0], null);
                continue;
            }

            if (!Writes.TryGetValue(key, out var write)) continue; // open to everybody: signing in and out
            Dictionary<string, string> Filled(string id) => write.Fields.ToDictionary(field => field, field => field == "proof" ? RunningProduct.Password : id, StringComparer.Ordinal);
            var first = Filled(victim.Seller.ToString());
            Assert.True(IsDoor(await CallAsync(nobody, key, first)), $"{key} as nobody");
            foreach (var (role, member) in members.Where(member => write.Needs is { } needs && !Rights.Has(member.Key, needs)))
                Assert.True((await CallAsync(member, key, first)).StatusCode == HttpStatusCode.Forbidden, $"{key} as {role}");
            await Task.WhenAll(outsiders.Select(async outsider =>
            {
                foreach (var id in write.Fields.Length == 0 ? victim.Ids.Values.Take(1) : victim.Ids.Values) await CallAsync(outsider, key, Filled(id), victim);
            }));

            Assert.Equal(before, await victim.StateAsync(Stop));
        }

        foreach (var (name, (page, needs, fields)) in Forms)
        {
            // By the victim's cookie, with each id where the form or its name takes one.
            var takesIds = name.Contains("{0}", StringComparison.Ordinal) || fields.Any(field => field.Key != "proof" && field.Value.Length == 0);
            foreach (var outsider in outsiders) outsider.Keep(CurrentStorefront.Cookie, victim.StorefrontCookie);
            foreach (var (number, id) in (takesIds ? victim.Ids.Values : victim.Ids.Values.Take(1)).Index())
            {
                var filled = fields.ToDictionary(field => field.Key, field => field.Value.Length > 0 || field.Key == "proof" ? field.Value : id, StringComparer.Ordinal);
                filled["_handler"] = name.Replace("{0}", id.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal);
                if (number == 0 && !Open.Contains($"page {page}")) Assert.True(IsDoor(await PostAsync(nobody, page, filled)), $"{name} as nobody");

                // A stranger may cancel the own organisation, and would be outside then.
                await Task.WhenAll((name == "cancel" ? [staff] : outsiders).Select(async outsider => await SafeAsync(await PostAsync(outsider, page, filled), $"{name} as somebody else", victim)));
                foreach (var (role, member) in members.Where(member => needs is { } right && !Rights.Has(member.Key, right) && (number == 0 || name.Contains("{0}", StringComparison.Ordinal))))
                    await SafeAsync(await PostAsync(member, page, filled), $"{name} as {role}", null);
            }

            Assert.Equal(before, await victim.StateAsync(Stop));
        }

        Figures.Tell($"sweep: {Routes().Count} routes, {Forms.Count} forms, {victim.Ids.Count} ways to name another's things, 7 kinds of callers: {calls} calls, {named} of them by another's id in the path, 0 answers with anything of another's, 0 changes");
        Assert.True(calls > 1_500, $"{calls} calls");
    }

    private Dictionary<string, RouteEndpoint> Routes() => product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<StaticAssetDescriptor>() is null && !Framework().IsMatch(route.RoutePattern.RawText ?? ""))
        .SelectMany(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? [($"page {Slashed(route)}", route)]
            : (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]).Select(method => ($"{method} {Slashed(route)}", route)))
        .GroupBy(item => item.Item1, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().route, StringComparer.Ordinal);

    private static string Slashed(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/');

    /// <summary>Every text and id that the address may carry after the question mark, read from the code: pages by their attributes, endpoints by their parameters.</summary>
    private static IEnumerable<string> Slots(RouteEndpoint route)
    {
        if (route.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
            return page.Type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(property => property.PropertyType == typeof(string)).Select(property => (property, property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
                .Where(item => item.Item2 is not null).Select(item => item.Item2!.Name ?? item.property.Name);
        return route.Metadata.GetMetadata<MethodInfo>()?.GetParameters().Where(parameter => parameter.ParameterType == typeof(string) || parameter.ParameterType == typeof(Guid)).Select(parameter => parameter.Name!) ?? [];
    }

    // Every id in the path's own slots; a path without any as it is.
    private static IEnumerable<string> Paths(string pattern, FilledHouse victim) => !pattern.Contains('{', StringComparison.Ordinal) ? [pattern]
        : victim.Ids.OrderByDescending(id => id.Key == "deletion").Select(id => Slot().Replace(pattern, Uri.EscapeDataString(id.Value)));

    private async Task LookAsync(Browser browser, string address, FilledHouse? victim, bool signedOut = false, bool named = false)
    {
        Interlocked.Increment(ref calls);
        using var answer = await browser.GetAsync(address);
        if (signedOut) Assert.True(IsDoor(answer) || (named && answer.StatusCode == HttpStatusCode.NotFound), $"{address} as nobody: {(int)answer.StatusCode}");
        if (named) Interlocked.Increment(ref this.named);
        if (named) Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden || IsDoor(answer), $"{address} as somebody else: {(int)answer.StatusCode}");
        await SafeAsync(answer, address, victim);
    }

    // What speaks JSON says 401 in place of leading to the door.
    private static bool IsDoor(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.Unauthorized || answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location!.ToString().Contains("/account/sign-in", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> CallAsync(Browser browser, string key, Dictionary<string, string> fields, FilledHouse? victim = null)
    {
        var (method, path) = (key[..key.IndexOf(' ', StringComparison.Ordinal)], key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        Interlocked.Increment(ref calls);
        HttpResponseMessage answer;
        if (method == "GET") answer = await browser.GetAsync($"{path}?{string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"))}");
        else if (path.StartsWith("/account/passkey/", StringComparison.Ordinal))
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(fields), Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Form-Token", await FormTokenAsync(browser));
            answer = await browser.SendAsync(request);
        }
        else answer = await browser.PostAsync(path, new(fields) { ["__RequestVerificationToken"] = await FormTokenAsync(browser) });
        if (victim is not null) await SafeAsync(answer, key, victim);
        return answer;
    }

    private async Task<HttpResponseMessage> PostAsync(Browser browser, string page, Dictionary<string, string> fields)
    {
        Interlocked.Increment(ref calls);
        return await browser.PostAsync(page, new(fields) { ["__RequestVerificationToken"] = await FormTokenAsync(browser) });
    }

    // Tokens are bound to the person, not to the page: one for each browser will do.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Browser, string> tokens = [];

    private async Task<string> FormTokenAsync(Browser browser)
    {
        if (tokens.TryGetValue(browser, out var known)) return known;
        using var page = await browser.GetAsync("/account/security");
        return tokens[browser] = page.StatusCode == HttpStatusCode.OK ? Token().Match(await page.Content.ReadAsStringAsync(Stop)).Groups[1].Value : await browser.TokenAsync("/account/sign-in");
    }

    private static async Task SafeAsync(HttpResponseMessage answer, string what, FilledHouse? victim)
    {
        Assert.True((int)answer.StatusCode < 500, $"{what}: {(int)answer.StatusCode}");
        if (victim is null) return;
        var said = await answer.Content.ReadAsStringAsync(Stop) + answer.Headers;
        foreach (var mark in victim.Marks) Assert.False(said.Contains(mark, StringComparison.Ordinal), $"{what} shows {mark}");
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies)) Assert.DoesNotContain(cookies, cookie => cookie.Contains(victim.Seller.ToString(), StringComparison.Ordinal));
    }

    [GeneratedRegex("^/?(_blazor|_framework|\\{\\*\\*path:file\\})")]
    private static partial Regex Framework();

    [GeneratedRegex("""@formname="(@\(\$"[^"]*"\)|[^"]*)""")]
    private static partial Regex FormName();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Slot();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

using System.Globalization;
using System.IO;
using System.Text;
using System.Web;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Connect;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Connect;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>
/// 64 secrets and 200 words about people go in through every door that takes any: configuration, forms, addresses, Amazon's tokens, and an Amazon whose errors
/// repeat what they were sent. Then everything that leaves by a side door is searched: logs of all levels, traces, metrics, files, backups, the audit log handed
/// out, output of commands that end well and badly, exceptions, and every page for what is not its reader's own.
/// </summary>
public sealed class LeakRunTests
{
    private const int SecretCount = 64;
    private const int PersonCount = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-3-g")]
    public async Task Nothing_leaves_by_a_side_door()
    {
        var (found, told) = await RunAsync(planted: false);

        Assert.True(found.Count == 0, string.Join('\n', found.Take(20)));
        Figures.Tell(told);
    }

    [Fact]
    public async Task The_search_finds_what_is_put_there()
    {
        var (found, _) = await RunAsync(planted: true);

        foreach (var place in (string[])["log", "telemetry", "files", "page"]) Assert.Contains(found, one => one.StartsWith(place, StringComparison.Ordinal));
    }

    [Fact]
    [Promise("P-3-g")]
    public void A_parameter_with_a_class_of_data_is_erased_before_any_log_sees_it()
    {
        using var lines = new KeptLines();
        var builder = Product.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(lines).SetMinimumLevel(LogLevel.Trace);
        using var provider = builder.Services.BuildServiceProvider();
        var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("classes");

        log.LogClassed(7, "a-secret", "a-buyer", "a-cost", "a-term", "a-name", "plain");

        Assert.Contains("7 plain", lines.Text, StringComparison.Ordinal);
        foreach (var value in (string[])["a-secret", "a-buyer", "a-cost", "a-term", "a-name"]) Assert.DoesNotContain(value, lines.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace")]
    [InlineData("Logging:LogLevel:Default", "Trace")]
    [InlineData("Logging:Console:LogLevel:Microsoft.AspNetCore", "Debug")]
    [InlineData("Logging:Console:LogLevel:Default", "Information")]
    public void No_configuration_makes_the_framework_tell_of_requests(string setting, string level)
    {
        var builder = Product.CreateBuilder();
        builder.Configuration[setting] = level;
        using var provider = builder.Services.BuildServiceProvider();

        Assert.False(provider.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
        Assert.False(provider.GetRequiredService<ILoggerFactory>().CreateLogger("System.Net.Http.HttpClient").IsEnabled(LogLevel.Debug));
    }

    private static async Task<(List<string> Found, string Told)> RunAsync(bool planted)
    {
        var (secrets, people) = (new Canaries("zs", SecretCount), new Canaries("zp", PersonCount));
        var folder = Directory.CreateTempSubdirectory("autonoomi-leaks-").FullName;
        var found = new List<string>();
        var pages = 0;
        using var lines = new KeptLines();
        using var telemetry = new Telemetry();
        await using var amazon = await TalkativeAmazon.StartAsync(() => secrets.Next(16, 24), () => people.Next(90, 60));
        try
        {
            var output = new StringBuilder();
            var app = RunningProduct.Build(folder, new()
            {
                ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString(), ["Autonoomi:Amazon:BackOffBase"] = "00:00:00.001", ["Autonoomi:Amazon:RevocationRecheck"] = "00:00:00.001", ["Logging:LogLevel:Default"] = "Trace",
                ["Autonoomi:Amazon:AdsClientSecret"] = secrets[0], ["Autonoomi:Amazon:SellingPartnerClientSecret"] = secrets[1],
            }, services =>
            {
                services.RemoveAll<ILoggerProvider>();
                services.AddSingleton<ILoggerProvider>(lines);
            });
            await using (app)
            {
                app.MapGet("/test/throw", string () => throw new InvalidOperationException($"{secrets[0]} {people[0]}", new FormatException(secrets[1])));
                await StoreStart.PrepareAsync(app.Services, Stop);
                await app.StartAsync(Stop);
                var address = new Uri($"http://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}");

                // Eight people sign up; each may see the own name, and nobody a secret or another's name.
                for (var number = 0; number < 8; number++)
                {
                    var own = new[] { people[number * 3], people[(number * 3) + 1], people[(number * 3) + 2] };
                    using var browser = new Browser(address);
                    await KeepAsync(await browser.SubmitAsync("/account/sign-up", "sign-up", new() { ["organisation"] = $"House {own[0]}", ["name"] = $"Ada {own[1]}", ["email"] = $"{own[2]}@example.com", ["password"] = secrets[2 + number], ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}" }), own);
                    await KeepAsync(await browser.SubmitAsync("/account/sign-up", "sign-up", new() { ["organisation"] = people[24 + number], ["name"] = people[32 + number], ["email"] = $"{own[2]}@example.com", ["password"] = secrets[2 + number] }), [.. own, people[24 + number], people[32 + number]]);
                    await KeepAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = $"{people[40 + number]}@example.com", ["password"] = secrets[10 + (number % 6)] }), [people[40 + number]]);
                    await KeepAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = $"{own[2]}@example.com", ["password"] = secrets[2 + number] }), own);
                    foreach (var path in (string[])["/", "/connect", "/account/security", "/account/your-data", "/promises", "/destinations"]) await KeepAsync(await browser.GetAsync(path), own);
                    await KeepAsync(await browser.SubmitAsync("/account/security", "password", new() { ["old"] = secrets[10 + (number % 6)], ["new"] = secrets[40 + (number % 4)] }), own);
                    await KeepAsync(await browser.SubmitAsync("/account/your-data", "cancel", new() { ["proof"] = secrets[44 + (number % 4)] }), own);

                    // Answers of consents: codes that Amazon takes and then talks about, states that are none, and words in every parameter.
                    foreach (var kind in (string[])["ads", "seller"])
                    {
                        var started = await browser.PostAsync($"/connect/{kind}/start", new() { ["country"] = "US", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") });
                        var state = HttpUtility.ParseQueryString(started.Headers.Location?.Query ?? "")["state"];
                        await KeepAsync(await browser.GetAsync($"/connect/{kind}/callback?code={secrets[48 + number]}&spapi_oauth_code={secrets[48 + number]}&selling_partner_id=A1SELLER{number}&state={state}"), own);
                        await KeepAsync(await browser.GetAsync($"/connect/{kind}/callback?code={secrets[48 + number]}&state={people[48 + number]}&error={people[56 + number]}&error_description={people[64 + number]}"), own);
                    }

                    await KeepAsync(await browser.PostAsync("/connect/seller/paste", new() { ["country"] = "US", ["seller"] = $"A1{number}SELLER", ["client"] = $"amzn1.{people[72 + number]}", ["secret"] = secrets[56 + (number % 4)], ["token"] = $"Atzr|{secrets[60 + (number % 4)]}", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") }), own);
                    await KeepAsync(await browser.GetAsync($"/targets?q={people[80 + number]}+{people[88 + (number % 2)]}"), [.. own, people[80 + number], people[88 + (number % 2)]]);
                    await KeepAsync(await browser.GetAsync("/test/throw"), own);
                    await KeepAsync(await browser.GetAsync($"/nothing?q={people[150 + number]}"), own);
                    await KeepAsync(await browser.GetAsync($"/privacy/versions?of={people[88 + (number % 2)]}"), own);
                }

                // Further calls with a consent, whatever Amazon says to them: the exceptions are what a log or a crash would print.
                await CallAsync(app, secrets, people, output);
                if (planted) Plant(app, secrets, folder, telemetry);
                await app.StopAsync(Stop);
            }

            Assert.Contains("System.InvalidOperationException because of System.FormatException, at ", lines.Text, StringComparison.Ordinal);
            found.AddRange(CanaryScan.InText("log", lines.Text, [.. secrets.All, .. people.All]));
            found.AddRange(CanaryScan.InText("telemetry", telemetry.Text, [.. secrets.All, .. people.All]));
            found.AddRange(CanaryScan.InText("exceptions", output.ToString(), secrets.All));
            var commands = planted ? 0 : await CommandsAsync(folder, amazon.Address, secrets, people, found);
            found.AddRange(CanaryScan.InFiles([Path.Combine(folder, "data"), .. Directory.Exists(Path.Combine(folder, "sets")) ? [Path.Combine(folder, "sets")] : Array.Empty<string>()], [.. secrets.All, .. people.All]).Select(canary => $"files: {canary}"));
            if (planted) found.AddRange(CanaryScan.InText("page", secrets[0], secrets.All));
            Assert.True(telemetry.Count > 500 && lines.Text.Length > 10_000 && pages > 100 && amazon.Answers > 20, $"{telemetry.Count} measurements, {lines.Text.Length} letters of log, {pages} pages, {amazon.Answers} answers");
            Assert.True(planted || (secrets.Used == SecretCount && people.Used == PersonCount), $"only {secrets.Used} secrets and {people.Used} words went in: {string.Join(", ", secrets.Unused.Concat(people.Unused))}");
            return (found, string.Create(CultureInfo.InvariantCulture, $"leaks: {secrets.Used} secrets and {people.Used} words about people went in; {lines.Text.Length / 1024} KB of log, {telemetry.Count} traces and measurements, {pages} pages, {commands} commands, data files and a backup searched: {found.Count} found"));
        }
        finally
        {
            SqliteFiles.Release(folder);
            Directory.Delete(folder, recursive: true);
        }

        async Task KeepAsync(HttpResponseMessage answer, string[] own)
        {
            using var _ = answer;
            pages++;

            // A redirection leads the person's own browser to where its own words belong: to Amazon, or back to the page that they were typed into.
            var text = $"{string.Join('\n', answer.Headers.Where(header => header.Key is not ("Set-Cookie" or "Location")).Select(header => string.Join(' ', header.Value)))}\n{await answer.Content.ReadAsStringAsync(Stop)}";
            found.AddRange(CanaryScan.InText($"page {(int)answer.StatusCode} of {answer.RequestMessage?.RequestUri?.AbsolutePath}", text, [.. secrets.All, .. people.All.Except(own)]));
        }
    }

    private static async Task CallAsync(WebApplication app, Canaries secrets, Canaries people, StringBuilder output)
    {
        var connections = app.Services.GetRequiredService<AmazonConnections>();
        var us = Marketplace.Find("ATVPDKIKX0DER");
        for (var round = 0; round < 12; round++)
        {
            var ads = connections.Ads(new($"leak{round}/ads", GrantKind.Ads, new Secret($"Atzr|{secrets[60 + (round % 4)]}")), new StorefrontId(1), us);
            var partner = connections.SellingPartner(new($"leak{round}/sp", GrantKind.SellingPartner, new Secret($"Atzr|{secrets[60 + (round % 4)]}")), "A1SELLER", us);
            foreach (var call in (Func<Task>[])[() => ads.ProfilesAsync(Stop), () => ads.CampaignsAsync(Stop), () => ads.AdGroupsAsync(Stop), () => partner.ParticipationsAsync(Stop)])
            {
                try
                {
                    await call();
                }
                catch (Exception failed) when (failed is AmazonApiException or GrantRevokedException or OperatorCredentialsException)
                {
                    output.AppendLine(failed.ToString());
                }
            }
        }

        // What people search for, in the product's own words.
        for (var number = 158; number < PersonCount; number++)
        {
            var refused = await app.Services.CreateScope().ServiceProvider.GetRequiredService<PasteCredentialsHandler>().Handle(
                new(Guid.NewGuid(), people[number], people[number], new(new($"amzn1.{people[number]}", new Secret(secrets[56 + (number % 4)])), null), $"Atzr|{secrets[60 + (number % 4)]}", Platform.Audit.Actor.Operator), Stop);
            Assert.NotNull(refused.Error);
        }
    }

    /// <summary>Commands on what the run left behind, and starts that must fail, as processes of their own: what they print is searched.</summary>
    private static async Task<int> CommandsAsync(string folder, Uri amazon, Canaries secrets, Canaries people, List<string> found)
    {
        var good = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Autonoomi__Storage__Environment"] = "Demo", ["Autonoomi__Storage__DataFolder"] = Path.Combine(folder, "data"), ["Autonoomi__Storage__KeyFolder"] = Path.Combine(folder, "keys"), ["Autonoomi__Amazon__BaseAddress"] = amazon.ToString(),
            ["Autonoomi__Amazon__AdsClientId"] = "amzn1.application-oa2-client.ads", ["Autonoomi__Amazon__SellingPartnerClientId"] = "amzn1.application-oa2-client.sp", ["Autonoomi__Amazon__SellingPartnerApplicationId"] = "amzn1.sp.solution.x",
            ["Autonoomi__Amazon__AdsClientSecret"] = secrets[0], ["Autonoomi__Amazon__SellingPartnerClientSecret"] = secrets[1], ["Logging__LogLevel__Default"] = "Trace", ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        };
        var runs = new (string[] Arguments, Dictionary<string, string> More)[]
        {
            (["doctor"], []),
            (["audit", "verify"], []),
            (["audit", "export", "--json", Path.Combine(folder, "audit.json")], []),
            (["backup", "--to", Path.Combine(folder, "sets")], []),
            (["promises", "--json", Path.Combine(folder, "promises.json")], []),
            (["destinations", "--json", Path.Combine(folder, "destinations.json")], []),
            (["serve"], new() { ["Autonoomi__Storage__Provider"] = "Postgres", ["Autonoomi__Storage__ConnectionString"] = $"Host=127.0.0.1;Port=9;Timeout=2;Username=somebody;Password={secrets[2]}" }),
            (["serve"], new() { ["Autonoomi__Storage__Provider"] = "Postgres", ["Autonoomi__Storage__ConnectionString"] = $"Host=127.0.0.1;Password={secrets[3]};No Reset On Close=true" }),
            (["serve"], new() { ["Autonoomi__Storage__Provider"] = "Postgres", ["Autonoomi__Storage__ConnectionString"] = $"Host=127.0.0.1;Password={secrets[4]};Nonsense={secrets[5]}" }),
            (["serve"], new() { ["Autonoomi__Storage__Environment"] = "Production" }),
            (["serve"], new() { ["Autonoomi__Storage__KeyFolder"] = Path.Combine(folder, "no-keys") }),
            (["serve"], new() { ["Autonoomi__Amazon__BaseAddress"] = $"http://user:{secrets[6]}@127.0.0.1:9 {secrets[7]}" }),
            (["doctor"], new() { ["Autonoomi__Storage__Provider"] = "Postgres", ["Autonoomi__Storage__ConnectionString"] = $"Host=127.0.0.1;Port=9;Timeout=2;Username=somebody;Password={secrets[8]}" }),
        };
        foreach (var (arguments, more) in runs)
        {
            var environment = new Dictionary<string, string>(good, StringComparer.Ordinal);
            foreach (var (name, value) in more) environment[name] = value;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            var (code, output, errors) = await DemoChild.RunAsync(arguments, limit.Token, environment);
            // Whether every promise holds on such a store is not the question here.
            if (arguments[0] is not "promises") Assert.True((arguments[0] is "serve" || more.Count > 0) == (code != 0), $"{string.Join(' ', arguments)} ended with {code}: {output} {errors}");
            found.AddRange(CanaryScan.InText($"output of {string.Join(' ', arguments.Take(2))} ({code})", output + errors, [.. secrets.All, .. people.All]));
        }

        foreach (var file in (string[])["audit.json", "promises.json", "destinations.json"])
            found.AddRange(CanaryScan.InText(file, await File.ReadAllTextAsync(Path.Combine(folder, file), Stop), [.. secrets.All, .. people.All]));
        return runs.Length;
    }

    private static void Plant(WebApplication app, Canaries secrets, string folder, Telemetry telemetry)
    {
        app.Services.GetRequiredService<ILogger<LeakRunTests>>().LogPlanted(secrets[0]);
        File.WriteAllText(Path.Combine(folder, "data", "planted.txt"), secrets[1]);
        using var source = new System.Diagnostics.ActivitySource("planted");
        source.StartActivity("planted")?.AddTag("secret", secrets[2]).Dispose();
        Assert.Contains(secrets[2], telemetry.Text, StringComparison.Ordinal);
    }

    /// <summary>Texts that stand nowhere else; those that were asked for count as planted.</summary>
    private sealed class Canaries(string prefix, int count)
    {
        private readonly string[] texts = [.. Enumerable.Range(0, count).Select(number => $"{prefix}{number:000}{Guid.NewGuid():N}"[..26])];
        private readonly bool[] used = new bool[count];
        private int turn;

        public IReadOnlyList<string> All => texts;

        public int Used => used.Count(one => one);

        public IEnumerable<string> Unused => texts.Where((_, number) => !used[number]);

        public string this[int number]
        {
            get
            {
                used[number] = true;
                return texts[number];
            }
        }

        /// <returns>The next of some in turn.</returns>
        public string Next(int first, int length) => this[first + (Interlocked.Increment(ref turn) % length)];
    }
}

internal static partial class Classed
{
    [LoggerMessage(LogLevel.Information, "{Count} {Plain} {Secret} {Buyer} {Cost} {Term} {Name}")]
    public static partial void LogClassed(this ILogger log, int count, [SecretData] string secret, [BuyerData] string buyer, [SellerData] string cost, [AmazonData] string term, [IdentityData] string name, string plain);
}

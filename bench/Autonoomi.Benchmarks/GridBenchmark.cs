using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using EntityState = Autonoomi.Core.Advertising.EntityState;
using MatchType = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Benchmarks;

/// <summary>The sheet of targets with 100,000 rows over 60 days: what the server takes to sort, filter and add up, and what a person waits for in a real browser, from the click until the rows are painted.</summary>
/// <remarks>A demo makes the account, its structure is replaced by a large one while it is stopped, and the product alone serves it.</remarks>
internal static partial class GridBenchmark
{
    private const int Days = 60;
    private const int Rounds = 40;
    private const double ServerLimit = 0.010;
    private const double BrowserLimit = 0.150;
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] Sorts = ["orders", "clicks", "bid", "sales", "spend", "acos"];
    private static readonly string[] Words = ["mug", "lid", "travel", "12", "blue", "gift", "steel", "cup 7", "set", "tea"];

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        var browser = Browsers.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("No Chromium is installed (apt-get install chromium).");
        var folder = Directory.CreateTempSubdirectory("autonoomi-bench-").FullName;
        try
        {
            var (user, password) = await AccountAsync(folder, cancellationToken);
            var server = await FillAsync(folder, wanted ?? 100_000, cancellationToken);
            await using var served = await ServedAsync(folder, cancellationToken);
            var seen = await SeenAsync(browser, served.Address, user, password, cancellationToken);
            var memory = served.PeakMegabytes;
            return
            [
                Limit("grid: server, 95 %", "10 ms", server, ServerLimit, memory),
                .. seen.Select(part => Limit($"grid: {part.Name}, 95 %", "150 ms, as the browser sees it", part.Seconds, BrowserLimit, memory)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static BenchResult Limit(string name, string baseline, IReadOnlyList<double> seconds, double limit, int memory)
    {
        var sorted = seconds.Order().ToArray();
        var late = sorted[(int)Math.Ceiling(sorted.Length * 0.95) - 1];
        return new(name, string.Create(CultureInfo.InvariantCulture, $"{baseline}; median {sorted[sorted.Length / 2] * 1000:0} ms of {sorted.Length}"), late, limit, "s", late / limit, 1, late <= limit, memory);
    }

    /// <summary>A demo until it has printed how to sign in; it leaves an account with one storefront.</summary>
    private static async Task<(string User, string Password)> AccountAsync(string folder, CancellationToken cancellationToken)
    {
        using var demo = Start(["demo", "--marketplace", Built("Autonoomi.Marketplace"), "--port", "0", "--products", "3", "--sellers", "US", "--data", folder], []);
        try
        {
            var (user, password) = ("", "");
            while (password.Length == 0)
            {
                var line = await demo.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The demo ended before it was ready: " + await demo.StandardError.ReadToEndAsync(cancellationToken));
                if (Printed().Match(line) is not { Success: true } printed) continue;
                if (printed.Groups["name"].Value == "User") user = printed.Groups["value"].Value;
                else password = printed.Groups["value"].Value;
            }

            return (user, password);
        }
        finally
        {
            demo.Kill(entireProcessTree: true);
            await demo.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Puts the large structure and its days in place of the demo's.</summary>
    /// <returns>Seconds that sorting, filtering and adding up took, one by one.</returns>
    private static async Task<IReadOnlyList<double>> FillAsync(string folder, int targets, CancellationToken cancellationToken)
    {
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(folder, "data"), KeyFolder = Path.Combine(folder, "keys") };
        var databases = new AppDbs(tenant => DataServices.Open(storage, tenant));
        using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        StorefrontRow row;
        await using (var database = databases.System()) row = await database.Storefronts.AsNoTracking().SingleAsync(item => item.Active, cancellationToken);
        var (seller, storefront, currency) = (new SellerId(row.Seller), new StorefrontId(row.Storefront), Core.Primitives.Marketplace.Find(row.MarketplaceId).Currency);
        var vaults = new SellerVaults(databases.System, keys);
        var clock = new BusinessClock(TimeProvider.System);
        var span = DateSpan.Ending(clock.Today(Core.Primitives.Marketplace.Find(row.MarketplaceId)).AddDays(-1), Days);
        await WriteAsync(await vaults.OpenAsync(seller, Purpose.Run, cancellationToken), storefront, currency, targets, span, cancellationToken);

        var workspaces = new Workspaces(vaults, databases, clock);
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        using var shelf = new ProfitShelf(vaults, workspaces);
        var sheet = await new TargetSheet(shelf).ReadAsync(new(seller, workspace, span, GridQuery.All with { Days = Days }), cancellationToken);
        if (sheet.Rows != targets) throw new InvalidOperationException($"{sheet.Rows} of {targets} targets are in the sheet: something would not be measured.");
        var seconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // Twice unmeasured: what is worked out the first time is kept, and code is compiled.
            foreach (var query in Queries(round))
            {
                var begun = Stopwatch.GetTimestamp();
                sheet.TotalsOf(sheet.Ask(query));
                if (round > 1) seconds.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
        }

        return seconds;
    }

    private static IEnumerable<GridQuery> Queries(int round)
    {
        var all = GridQuery.All with { Days = Days };
        foreach (var sort in Sorts) yield return all with { Sort = sort, Up = round % 2 == 0 };
        yield return all with { Text = Words[round % Words.Length] };
        yield return all.With("acos", ">30%");
    }

    private static async Task WriteAsync(SellerVault vault, StorefrontId storefront, Currency currency, int targets, DateSpan span, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var (groups, campaigns) = (targets / 20 + 1, targets / 80 + 1);
        Money Amount(int cents) => new(cents / 100m, currency);
        var structure = new VaultWrite()
            .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable(Enumerable.Range(0, campaigns).Select(at => new Campaign(new(1_000_000 + at), $"Campaign {at}", TargetingType.Manual, EntityState.Enabled, Amount(2000), BiddingStrategy.DownOnly, 0, 0, 0))))
            .ReplaceSnapshot(Dataset.AdGroup, storefront, EntityTables.ToTable(Enumerable.Range(0, groups).Select(at => new AdGroup(new(2_000_000 + at), new(1_000_000 + at / 4), $"Ad group {at}", EntityState.Enabled, Amount(70)))))
            .ReplaceSnapshot(Dataset.Target, storefront, EntityTables.ToTable(Enumerable.Range(0, targets).Select(at => new Target(new(10_000_000 + at), new(1_000_000 + at / 80), new(2_000_000 + at / 20), TargetKind.Keyword, (MatchType)(at % 3), Text(at), EntityState.Enabled, Amount(20 + at % 300)))));
        await vault.CommitAsync(structure, cancellationToken);
        foreach (var part in Enumerable.Range(0, span.Days).Select(span.First.AddDays).Chunk(10))
        {
            var builder = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay), targets * part.Length);
            foreach (var day in part)
                for (var at = 0; at < targets; at++)
                {
                    var impressions = (long)(-Math.Log(1 - random.NextDouble()) * 120);
                    var clicks = random.NextInt64(impressions / 60 + 1);
                    var orders = clicks > 4 ? random.NextInt64(clicks / 4) : 0;
                    builder.Day(day).Long(1_000_000 + at / 80).Long(2_000_000 + at / 20).Long(10_000_000 + at)
                        .Long(impressions).Long(clicks).Long(clicks * random.NextInt64(30, 240) * 10_000).Long(orders).Long(orders).Long(orders * 24_990_000);
                }

            await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, storefront, new(part[0], part[^1]), builder.Build()), cancellationToken);
        }
    }

    private static string Text(int at) => string.Create(CultureInfo.InvariantCulture, $"{Words[at % Words.Length]} {Words[at / 7 % Words.Length]} {at}");

    /// <summary>Waits of a person, by what was done.</summary>
    private static async Task<IReadOnlyList<(string Name, List<double> Seconds)>> SeenAsync(string browserPath, Uri address, string user, string password, CancellationToken cancellationToken)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = browserPath, Args = ["--no-sandbox", "--disable-gpu"] });
        var context = await browser.NewContextAsync(new() { BaseURL = address.ToString(), ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("E-mail").FillAsync(user);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(found => !found.Contains("sign-in", StringComparison.Ordinal));

        // Once to read the facts; the second visit is what every later one is like.
        for (var visit = 0; visit < 2; visit++)
        {
            await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/targets?days={Days}"));
            await page.WaitForSelectorAsync(".shell[data-live]");
            await page.WaitForSelectorAsync("#target-grid td[tabindex='0']");
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        }

        var paint = await page.EvaluateAsync<double[]>("""
            () => [performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].transferSize,
                performance.getEntriesByType('resource').reduce((sum, one) => sum + one.encodedBodySize, 0)]
            """);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  first paint after {paint[0]:0} ms, document {paint[1] / 1024:0} KB, scripts, styles and fonts {paint[2] / 1024:0} KB"));
        await page.EvaluateAsync(Measure);
        var results = new List<(string, List<double>)>();
        foreach (var (name, call) in new (string, Func<int, string>)[]
        {
            ("sort", round => $"measured.sort('{Sorts[round % Sorts.Length]}')"),
            // One word and two in turn: so many rows fewer or more that the count tells when they are drawn.
            ("filter", round => $"measured.filter('{Words[round % Words.Length]}{(round % 2 == 0 ? "" : " " + Words[(round + 3) % Words.Length])}')"),
            ("jump", round => string.Create(CultureInfo.InvariantCulture, $"measured.jump({round * 0.61803 % 1})")),
        })
        {
            var seconds = new List<double>();
            for (var round = -2; round < Rounds; round++)
            {
                var took = await page.EvaluateAsync<double>(call(round < 0 ? round + 4 : round)); // twice to warm up
                if (round >= 0) seconds.Add(took / 1000);
                await Task.Delay(50, cancellationToken);
            }

            if (name == "filter") await page.EvaluateAsync<double>("measured.filter('')");
            results.Add((name, seconds));
        }

        return results;
    }

    // Time runs from the act until what was asked for is in the page and the next frame has been drawn.
    private const string Measure = """
        () => {
            const grid = () => document.getElementById('target-grid');
            const run = (act, done) => new Promise((resolve, reject) => {
                const begun = performance.now();
                const late = setTimeout(() => reject(new Error('not drawn within 30 s')), 30000);
                const look = () => { if (done()) { clearTimeout(late); requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun))); } else requestAnimationFrame(look); };
                act();
                requestAnimationFrame(look);
            });
            window.measured = {
                sort(column) {
                    const head = () => grid().querySelector(`th:has([data-sort=${column}])`), before = head().ariaSort;
                    return run(() => head().querySelector('button').click(), () => head().ariaSort !== before);
                },
                filter(text) {
                    const count = () => document.getElementById('target-count').textContent, field = document.getElementById('target-filter'), before = count();
                    return run(() => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); }, () => count() !== before);
                },
                jump(share) {
                    const box = grid(), height = box.querySelector('tr[aria-rowindex] td').parentElement.getBoundingClientRect().height;
                    const top = Math.floor(share * (box.scrollHeight - box.clientHeight));
                    return run(() => { box.scrollTop = top; }, () => {
                        const first = Math.floor(box.scrollTop / height), last = Math.floor((box.scrollTop + box.clientHeight - 60) / height);
                        return box.querySelector(`tr[aria-rowindex='${first + 3}']`) && box.querySelector(`tr[aria-rowindex='${last}']`);
                    });
                },
            };
        }
        """;

    private static async Task<Served> ServedAsync(string folder, CancellationToken cancellationToken)
    {
        // Amazon is nowhere: what is shown is in the vault.
        var process = Start(["serve", "--urls", "http://127.0.0.1:0"], new()
        {
            ["Autonoomi__Storage__Environment"] = nameof(DataEnvironment.Demo),
            ["Autonoomi__Storage__DataFolder"] = Path.Combine(folder, "data"),
            ["Autonoomi__Storage__KeyFolder"] = Path.Combine(folder, "keys"),
            ["Autonoomi__Amazon__BaseAddress"] = "http://127.0.0.1:9/",
            ["Logging__LogLevel__Default"] = "None",
        });
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            if (Listens().Match(line) is { Success: true } listens) return new(process, new UriBuilder(listens.Groups["address"].Value) { Host = "localhost" }.Uri);
        throw new InvalidOperationException("The product ended before it listened: " + await process.StandardError.ReadToEndAsync(cancellationToken));
    }

    private static Process Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Repository.Root, ArgumentList = { Built("Autonoomi.App") } };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static string Built(string project) => Path.Combine(Repository.Root, "src", project, "bin", "Release", "net10.0", project + ".dll");

    [GeneratedRegex(@"^\s*(?<name>User|Password)\s+(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Printed();

    [GeneratedRegex(@"listens on (?<address>http://[^\s,]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listens();

    private sealed class Served(Process process, Uri address) : IAsyncDisposable
    {
        public Uri Address => address;

        public int PeakMegabytes
        {
            get
            {
                process.Refresh();
                return (int)(process.PeakWorkingSet64 >> 20);
            }
        }

        public async ValueTask DisposeAsync()
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}

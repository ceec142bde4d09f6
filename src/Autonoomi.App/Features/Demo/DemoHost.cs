#pragma warning disable RS0030 // the command-line edge

using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Privacy.Egress;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Demo;

/// <summary>One demo: the pretend Amazon, the product on loopback, the demo seller, and the days that pass.</summary>
internal sealed class DemoHost(DemoOptions options, string folder)
{
    private const int DefaultPort = 5080;
    private const int ProfitDays = 30;
    private const string StateKind = "demo";
    private const string OneSeller = "US";
    private const string TwoSellers = "US+JP,UK+DE";

    private readonly Stopwatch total = Stopwatch.StartNew();

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, "data");
        if (options.Amazon is null && File.Exists(Path.Combine(data, "autonoomi.db")))
            throw new SetupException($"'{folder}' holds a demo whose pretend Amazon is gone, and a new one would not know its consents. Choose another folder, or name its running pretend Amazon with --amazon.");

        using var pretend = options.Amazon is null ? await PretendProcess.StartAsync(options.Marketplace ?? Environment("AUTONOOMI_MARKETPLACE"), options.Seed, options.Products, options.Sellers ?? (options.Headless ? OneSeller : TwoSellers), otherAds: !options.Headless, Path.Combine(folder, "world"), cancellationToken) : null;
        var address = options.Amazon ?? pretend!.Address;
        await using var app = Build(data, address);
        var services = app.Services;
        var clients = services.GetRequiredService<IHttpClientFactory>();
        var world = World.At(clients.CreateClient("world"), address, options.WorldKeyFile ?? pretend!.KeyFile);
        var clock = services.GetRequiredService<BusinessClock>();
        var now = await world.ClockAsync(cancellationToken);
        clock.Freeze(now.Now);

        await StoreStart.PrepareAsync(services, cancellationToken);
        await app.StartAsync(cancellationToken);
        var product = new Uri(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var seller = new DemoSeller(services, world, clients.CreateClient("demo-browser"), product);

        using var show = new DemoProgress(services.GetRequiredService<RunProgress>());
        var connect = Stopwatch.StartNew();
        show.Say("Signing up and connecting the demo seller");
        var (organisation, password) = await seller.SignUpAsync(cancellationToken);
        var storefronts = await seller.ConnectAsync(organisation, cancellationToken);
        connect.Stop();
        var (id, storefront) = storefronts[0];
        var state = await StateAsync(services, id, now, cancellationToken);
        for (var number = 0; number < storefronts.Count; number++)
            await seller.TypeInAsync(number, storefronts[number].Seller, storefronts[number].Storefront, options.Headless ? AutomationMode.Auto : AutomationMode.Ask, state.FirstDay.AddDays(-400), cancellationToken);

        var runs = services.GetRequiredService<Runs>();
        var result = options.Headless
            ? await ManageAsync(services, world, clock, runs, show, id, storefront, state, connect.Elapsed, cancellationToken)
            : await ServeAsync(app, world, clock, runs, show, storefronts, product, password, cancellationToken);
        await app.StopAsync(CancellationToken.None);
        return result;
    }

    private WebApplication Build(string data, Uri address)
    {
        var builder = Product.CreateBuilder();
        var configuration = builder.Configuration;
        foreach (var (name, value) in new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["urls"] = $"http://127.0.0.1:{options.Port ?? (options.Headless ? 0 : DefaultPort)}",
            ["Logging:LogLevel:Default"] = configuration["AUTONOOMI_LOG"] ?? "Warning",
            ["Logging:LogLevel:Microsoft"] = "Error",
            ["Logging:LogLevel:Orleans"] = "Error",
            ["Logging:LogLevel:Microsoft.Extensions.Hosting"] = "None", // what stops a start is said in words, without a trace
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace", // standard output is for the result
            ["Autonoomi:Storage:Environment"] = nameof(DataEnvironment.Demo),
            ["Autonoomi:Storage:DataFolder"] = data,
            ["Autonoomi:Storage:KeyFolder"] = Path.Combine(folder, "keys"),
            ["Autonoomi:Amazon:BaseAddress"] = address.ToString(),
            ["Autonoomi:Amazon:AdsClientId"] = "amzn1.application-oa2-client.pretend0ads00000000000000000000",
            ["Autonoomi:Amazon:AdsClientSecret"] = "pretend-ads-client-secret",
            ["Autonoomi:Amazon:SellingPartnerClientId"] = "amzn1.application-oa2-client.pretend0sp000000000000000000000",
            ["Autonoomi:Amazon:SellingPartnerClientSecret"] = "pretend-selling-partner-client-secret",
            ["Autonoomi:Amazon:SellingPartnerApplicationId"] = "amzn1.sp.solution.pretend0-0000-0000-0000-000000000000",
            ["Autonoomi:Amazon:RateMultiplier"] = "1000",
            ["Autonoomi:Amazon:BackOffBase"] = "00:00:00.050",
            ["Autonoomi:Amazon:ExportPollFirst"] = "00:00:00.010",
            ["Autonoomi:Amazon:RevocationRecheck"] = "00:00:00.200",
            ["Autonoomi:Runs:PollFirst"] = "00:00:00.010",
            ["Autonoomi:Runs:PollLimit"] = "00:00:00.200",
            ["Autonoomi:Runs:RetryFirst"] = "00:00:00.200",
            ["Autonoomi:Runs:WriteLimit"] = "00:00:05",
            ["Autonoomi:Runs:WriteSlack"] = "00:00:00.500",
        }) configuration[name] = value;
        foreach (var client in (string[])["world", "demo-browser"])
            builder.Services.AddHttpClient(client).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<EgressDoor>().Handler(EgressPurpose.Pretend));
        return Product.Build(builder);
    }

    private static string? Environment(string name) => new ConfigurationBuilder().AddEnvironmentVariables().Build()[name];

    private async Task<DemoState> StateAsync(IServiceProvider services, SellerId seller, WorldClock now, CancellationToken cancellationToken)
    {
        var vault = await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Instruct, cancellationToken);
        if (await vault.RecordAsync(StateKind, "state", DemoJson.Default.DemoState, cancellationToken) is { } known) return known;
        var state = new DemoState(now.Now, now.Today, options.Seed);
        await vault.CommitAsync(new VaultWrite().Put(StateKind, "state", state, DemoJson.Default.DemoState, "running"), cancellationToken);
        return state;
    }

    private async Task<int> ServeAsync(
        WebApplication app, World world, BusinessClock clock, Runs runs, DemoProgress show, IReadOnlyList<(SellerId Seller, StorefrontId Storefront)> storefronts, Uri product, string? password, CancellationToken cancellationToken)
    {
        // The first storefront is worth looking at; the others import while somebody does.
        await OneRunAsync(runs, show, storefronts[0].Seller, storefronts[0].Storefront, cancellationToken);
        Console.WriteLine();
        // By name, because passkeys are bound to a host name.
        Console.WriteLine($"  Address   {new UriBuilder(product) { Host = "localhost" }.Uri}");
        Console.WriteLine($"  User      {DemoSeller.Email}");
        Console.WriteLine($"  Password  {password ?? "as printed at the first start"}{(password is null ? "" : "   (one-time: change it after signing in)")}");
        Console.WriteLine();
        Console.WriteLine($"  Everything here is invented by a pretend Amazon. Ready after {total.Elapsed.TotalSeconds:0} s.");
        Console.WriteLine(Console.IsInputRedirected ? "  Ctrl+C ends the demo." : "  n + Enter lets a day pass and runs again; Ctrl+C ends the demo.");
        if (storefronts.Count > 1) Console.WriteLine($"  {storefronts.Count - 1} more storefronts import now: choose them at the top left.");
        foreach (var (seller, storefront) in storefronts.Skip(1)) await runs.RequestAsync(seller, storefront, cancellationToken);
        if (!Console.IsInputRedirected) _ = Task.Run(() => DaysAsync(app, world, clock, runs, show, storefronts, cancellationToken), cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task DaysAsync(WebApplication app, World world, BusinessClock clock, Runs runs, DemoProgress show, IReadOnlyList<(SellerId Seller, StorefrontId Storefront)> storefronts, CancellationToken cancellationToken)
    {
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Trim() is not ("n" or "N")) continue;
            try
            {
                var now = await world.AdvanceDayAsync(cancellationToken);
                clock.Freeze(now.Now);
                foreach (var (seller, storefront) in storefronts) await OneRunAsync(runs, show, seller, storefront, cancellationToken);
                Console.WriteLine($"  It is {now.Today:yyyy-MM-dd} in the demo.");
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync(CommandEdge.InWords(failure));
            }
        }

        GC.KeepAlive(app);
    }

    /// <summary>Run, let a day pass, repeat. Where it stands is read from the ledger and the world's clock alone, so a killed demo goes on where it was.</summary>
    private async Task<int> ManageAsync(
        IServiceProvider services, World world, BusinessClock clock, Runs runs, DemoProgress show, SellerId seller, StorefrontId storefront, DemoState state, TimeSpan connect, CancellationToken cancellationToken)
    {
        TimeSpan? import = null;
        TimeSpan? decide = null;
        while (true)
        {
            var now = await world.ClockAsync(cancellationToken);
            clock.Freeze(now.Now);
            var passed = now.Today.DayNumber - state.FirstDay.DayNumber;
            var done = await FullRunsDoneAsync(services, seller, storefront, cancellationToken);
            if (done >= options.Days && passed >= options.Days) break;
            if (done == passed)
            {
                show.Day(passed + 1, options.Days);
                var (imported, decided) = await OneRunAsync(runs, show, seller, storefront, cancellationToken);
                import ??= imported;
                decide ??= decided;
            }
            else if (done == passed + 1)
            {
                await world.AdvanceDayAsync(cancellationToken);
            }
            else
            {
                throw new InvalidOperationException($"{passed} days passed in the world and {done} runs were made: this folder belongs to another pretend Amazon.");
            }
        }

        var report = await ReportAsync(services, world, seller, storefront, state, new(Seconds(connect), Seconds(import), Seconds(decide), Seconds(total.Elapsed)), cancellationToken);
        var text = JsonSerializer.Serialize(report, DemoJson.Default.DemoReport);
        if (options.Json is { } file) await File.WriteAllTextAsync(file, text + "\n", cancellationToken);
        show.Dispose();
        Console.WriteLine(text);
        return 0;
    }

    private static async Task<(TimeSpan Import, TimeSpan Decide)> OneRunAsync(Runs runs, DemoProgress show, SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var run = await runs.RequestAsync(seller, storefront, cancellationToken);
        show.Follow(run);
        var view = await runs.WaitAsync(run, cancellationToken);
        if (view.State != RunState.Done) throw new SetupException($"The run stopped while '{view.Step}': {view.Error}");
        var import = show.ImportedAfter ?? watch.Elapsed;
        return (import, watch.Elapsed - import);
    }

    private async Task<DemoReport> ReportAsync(IServiceProvider services, World world, SellerId seller, StorefrontId storefront, DemoState state, DemoSeconds seconds, CancellationToken cancellationToken)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        var steps = await (from step in db.Steps.AsNoTracking()
                           join run in db.Runs on step.Run equals run.Id
                           where run.Seller == seller.Value && run.Storefront == storefront.Value
                           select new { step.Kind, step.Count }).ToListAsync(cancellationToken);
        var vault = await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Show, cancellationToken);
        var audits = await vault.RecordsAsync(RecordKind.Audit, StoredJson.Default.StoredAudit, null, cancellationToken);
        foreach (var breach in audits.SelectMany(audit => audit.Value.Breaches)) await Console.Error.WriteLineAsync($"guardrail breach: {breach}");

        var before = await world.TruthAsync(state.FirstDay.AddDays(-ProfitDays), state.FirstDay.AddDays(-1), cancellationToken);
        var after = await world.TruthAsync(state.FirstDay, state.FirstDay.AddDays(options.Days - 1), cancellationToken);
        var managed = after.Days.Sum(day => day.ExpectedProfit);
        var oracle = after.Days.Sum(day => day.OracleProfit);
        return new DemoReport(
            state.Seed, options.Days, steps.Where(step => StepNames.ReadsRows(step.Kind)).Sum(step => step.Count), steps.Where(step => step.Kind == StepNames.Decide).Sum(step => step.Count),
            steps.Where(step => step.Kind == StepNames.Write).Sum(step => step.Count), audits.Sum(audit => audit.Value.Breaches.Length),
            Per30(before), Per30(after), oracle == 0 ? 0 : Math.Round((double)(100 * managed / oracle), 1), seconds);
    }

    private static DemoAmount Per30(WorldTruth truth) => new(truth.Days.Count == 0 ? 0 : decimal.Round(truth.Days.Sum(day => day.ExpectedProfit) * ProfitDays / truth.Days.Count, 2), truth.Currency);

    private static async Task<int> FullRunsDoneAsync(IServiceProvider services, SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        return await db.Runs.CountAsync(run => run.Seller == seller.Value && run.Storefront == storefront.Value && run.Kind == RunKind.Full && run.State == RunState.Done, cancellationToken);
    }

    private static double Seconds(TimeSpan? time) => Math.Round(time?.TotalSeconds ?? 0, 1);
}

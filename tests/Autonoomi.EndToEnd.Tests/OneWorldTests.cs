using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>
/// The lab and the served Amazon are one world: the same seed, driven by the real product through HTTP and by the lab directly, leads to the same
/// clicks, orders, costs and writes.
/// </summary>
public sealed class OneWorldTests
{
    private const int Products = 2;

    // The last morning's snapshot holds the days before it.
    private const int Days = 30;
    private const int Mornings = Days + 1;

    private static readonly string[] MoneyRoutes = ["/finances/", "/products/", "settlements"];

    private static readonly WorldSettings Settings = new() { Products = Products };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_product_through_HTTP_and_the_lab_directly_live_the_same_thirty_days() => Task.WhenAll(BothAsync(3), BothAsync(7), BothAsync(11));

    private static async Task BothAsync(int seed)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-one-world-").FullName;
        try
        {
            await using var amazon = await PretendAmazon.StartAsync(seed, 60, "--products", Products.ToString(CultureInfo.InvariantCulture));

            // The lab's seller has no ledger and no fee estimates, so this one gets none either: they would make fees truer and decisions other ones.
            await amazon.SetFaultsAsync(new { removeRoles = MoneyRoutes }, Stop);
            var (product, end) = await ManagedAsync(amazon, folder);
            var served = await ServedAsync(amazon, end);

            var policy = PolicyCatalogue.Find("ours").Create(new PolicySettings());
            var lab = await Task.Run(() => Played(seed, policy), Stop);
            Assert.Empty(Differences(product, lab.LastMorning).Take(5));
            Assert.True(served.Writes.Count > 100, $"{served.Writes.Count} writes");
            Assert.Equal(served.Writes, lab.Writes);
            Assert.Equal(served.Truth, lab.Truth);

            // What the product holds after its last writes is what the lab's account holds.
            var after = new Observer(lab.World).Look().Workspace;
            Assert.Equal(product.Campaigns, after.Campaigns);
            Assert.Equal(product.AdGroups, after.AdGroups);
            Assert.Equal(product.ProductAds, after.ProductAds);
            Assert.Equal(product.Targets, after.Targets);
            Assert.Equal(product.Negatives, after.Negatives);
            Assert.Equal(product.Handovers.ToHashSet(), policy.Handovers.ToHashSet());

            // The comparison can fail: one bid, a tenth lower on one day, and the money is no longer the same.
            var touched = await Task.Run(() => Played(seed, new OneBidLower(PolicyCatalogue.Find("ours").Create(new PolicySettings()))), Stop);
            Assert.Contains(Differences(product, touched.LastMorning), difference => difference.StartsWith("cost of ", StringComparison.Ordinal));
            Assert.NotEqual(served.Truth, touched.Truth);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The real product against the pretend Amazon for so many mornings.</summary>
    /// <returns>Its snapshot as of the last of them, and the reporting day after it.</returns>
    private static async Task<(Workspace Workspace, DateOnly End)> ManagedAsync(PretendAmazon amazon, string folder)
    {
        var key = Path.Combine(folder, "world.key");
        await File.WriteAllTextAsync(key, amazon.WorldKey, Stop);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(Repository.Root, "src", "Autonoomi.App", "bin", configuration, "net10.0", "Autonoomi.App.dll"), "demo", "--headless",
            "--days", Mornings.ToString(CultureInfo.InvariantCulture), "--amazon", amazon.Address.ToString(), "--world-key-file", key, "--data", folder,
        ])
        { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };

        // It lives for half a minute: profiling the code and a heap per core would not pay.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        using var product = Process.Start(start)!;
        var output = product.StandardOutput.ReadToEndAsync(Stop);
        var errors = product.StandardError.ReadToEndAsync(Stop);
        try
        {
            await product.WaitForExitAsync(Stop);
        }
        finally
        {
            if (!product.HasExited) product.Kill(entireProcessTree: true);
        }

        Assert.True(product.ExitCode == 0, await errors);
        var text = await output;
        using var report = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal(0, report.RootElement.GetProperty("guardrailBreaches").GetInt32());

        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(folder, "data"), KeyFolder = Path.Combine(folder, "keys") };
        var databases = new AppDbs(tenant => DataServices.Open(storage, tenant));
        using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        await using var database = databases.System();
        var storefront = await database.Storefronts.SingleAsync(row => row.Active, Stop);
        var clock = new BusinessClock(TimeProvider.System);
        var now = await amazon.ClockAsync(Stop);
        clock.Freeze(now.AddDays(-1));
        var workspace = await new Workspaces(new SellerVaults(databases.System, keys), databases, clock).GetAsync(new(storefront.Seller), new(storefront.Storefront), Stop);
        return (workspace, workspace.Today.AddDays(1));
    }

    private static async Task<Traces> ServedAsync(PretendAmazon amazon, DateOnly end)
    {
        var writes = (await amazon.GetAsync("/world/writes", Stop)).GetProperty("writes").EnumerateArray().Select(write => string.Join(' ',
            write.GetProperty("at").GetDateTimeOffset().ToString("O", CultureInfo.InvariantCulture), write.GetProperty("entity").GetString(), write.GetProperty("operation").GetString(),
            write.GetProperty("id").ToString(), string.Join(',', write.GetProperty("fields").EnumerateObject().Select(field => $"{field.Name}={field.Value}")), write.GetProperty("accepted").GetBoolean()));
        var truth = (await amazon.GetAsync($"/world/truth?from={end.AddDays(-Mornings):yyyy-MM-dd}&to={end.AddDays(-1):yyyy-MM-dd}", Stop)).GetProperty("days").EnumerateArray()
            .Select(day => (day.GetProperty("day").GetString()!, day.GetProperty("expectedProfit").GetDouble(), day.GetProperty("realisedProfit").GetDouble(), day.GetProperty("expectedSpend").GetDouble()));
        return new Traces([.. writes], [.. truth]);
    }

    private static Episode Played(int seed, IPolicy policy)
    {
        var (world, last) = (default(MarketWorld), default(Workspace));
        Episodes.Play(Settings, (ulong)seed, Mornings, () => policy, new EpisodeOptions { LookOn = (seen, view) => (world, last) = (seen, view.Workspace) }, Stop);
        var writes = world!.Ads.Writes.Select(write => string.Join(' ',
            write.At.ToString("O", CultureInfo.InvariantCulture), JsonNamingPolicy.CamelCase.ConvertName(write.Entity.ToString()), JsonNamingPolicy.CamelCase.ConvertName(write.Operation.ToString()),
            write.Id?.ToString(CultureInfo.InvariantCulture) ?? "", string.Join(',', write.Fields.Select(field => $"{field.Key}={field.Value}")), write.Accepted));
        var truth = world.Truth(new DateSpan(world.Today.AddDays(-Mornings), world.Today.AddDays(-1)))
            .Select(day => (day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.ExpectedProfit, day.RealisedProfit, day.ExpectedSpend));
        return new Episode(world, last!, [.. writes], [.. truth]);
    }

    /// <summary>First what money and shoppers did day by day, then every cell of every table and all that was written before.</summary>
    private static IEnumerable<string> Differences(Workspace product, Workspace lab)
    {
        foreach (var measure in new[] { "clicks", "orders", "cost", "sales", "impressions" })
        {
            var (served, played) = (PerDay(product.TargetDays, measure), PerDay(lab.TargetDays, measure));
            foreach (var day in served.Keys.Union(played.Keys).Order())
            {
                if (served.GetValueOrDefault(day) != played.GetValueOrDefault(day))
                    yield return $"{measure} of {DateOnly.FromDayNumber(day):yyyy-MM-dd}: {served.GetValueOrDefault(day)} served, {played.GetValueOrDefault(day)} played";
            }
        }

        foreach (var (one, other) in Tables(product).Zip(Tables(lab)))
        {
            var rows = Rows(one).Zip(Rows(other)).Index().FirstOrDefault(pair => pair.Item.First != pair.Item.Second);
            if (rows.Item.First is not null) yield return $"{one.Schema.Dataset} row {rows.Index}: {rows.Item.First} served, {rows.Item.Second} played";
            if (one.Rows != other.Rows) yield return $"{one.Schema.Dataset}: {one.Rows} rows served, {other.Rows} played";
            foreach (var column in one.Schema.Columns.Where(column => column.Kind == ColumnKind.Text))
                if (!one.Texts(column.Name).Words.SequenceEqual(other.Texts(column.Name).Words, StringComparer.Ordinal)) yield return $"{one.Schema.Dataset}: the words of {column.Name}";
        }

        if (!product.Changes.Where(change => change.At < lab.SyncedAt).SequenceEqual(lab.Changes)) yield return "changes";
        if (!product.Listings.SequenceEqual(lab.Listings)) yield return "listings";
        if (product.Suggestions.IsEmpty || !product.Suggestions.SequenceEqual(lab.Suggestions)) yield return "suggestions";
        if (!product.Costs.SequenceEqual(lab.Costs)) yield return "costs";
        if (product.Settings.ToString() != lab.Settings.ToString()) yield return "settings";
        if ((product.Storefront, product.Marketplace, product.Today, product.SyncedAt) != (lab.Storefront, lab.Marketplace, lab.Today, lab.SyncedAt)) yield return "storefront and time";
    }

    private static FactTable[] Tables(Workspace workspace) =>
        [workspace.TargetDays, workspace.SearchTermDays, workspace.PlacementDays, workspace.ProductDays, workspace.SkuDays, workspace.OrderDays, workspace.InventoryDays, workspace.MaturityDays, workspace.HourDays];

    private static Dictionary<int, long> PerDay(FactTable table, string measure)
    {
        var (days, values) = (table.Ints("day").ToArray(), table.Longs(measure).ToArray());
        return days.Zip(values).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Second));
    }

    private static IEnumerable<string> Rows(FactTable table) => Enumerable.Range(0, table.Rows).Select(row => string.Join('|', Enumerable.Range(0, table.Schema.Columns.Length).Select(column => table[column] switch
    {
        LongColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        IntColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        TextColumn text => text[row],
        _ => throw new NotSupportedException("A column of a new kind."),
    })));

    private sealed record Traces(IReadOnlyList<string> Writes, IReadOnlyList<(string Day, double Expected, double Realised, double Spend)> Truth);

    private sealed record Episode(MarketWorld World, Workspace LastMorning, IReadOnlyList<string> Writes, IReadOnlyList<(string Day, double Expected, double Realised, double Spend)> Truth);

    /// <summary>The same policy, except that one bid of its first day is a tenth lower: that of the most clicked target among those that it changes.</summary>
    private sealed class OneBidLower(IPolicy policy) : IPolicy
    {
        public System.Collections.Immutable.ImmutableArray<Handover> Handovers => policy.Handovers;

        public IReadOnlyDictionary<string, Proposal> Reasons => policy.Reasons;

        public IReadOnlyList<Change> Decide(PolicyView view)
        {
            var changes = policy.Decide(view).ToList();
            if (view.Day > 0) return changes;
            var (ids, clicks) = (view.Workspace.TargetDays.Longs("target_id").ToArray(), view.Workspace.TargetDays.Longs("clicks").ToArray());
            var clicked = ids.Zip(clicks).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Second));
            var bid = changes.OfType<SetBid>().MaxBy(change => clicked.GetValueOrDefault(change.Target.Value))!;
            changes[changes.IndexOf(bid)] = bid with { After = bid.After with { Amount = decimal.Round(bid.After.Amount * 0.9m, 2) } };
            return changes;
        }
    }
}

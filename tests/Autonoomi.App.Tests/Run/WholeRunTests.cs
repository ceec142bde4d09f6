using System.IO;
using System.Text;
using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Run;

/// <summary>The main job on real storage against the real pretend Amazon: connect, import, decide, apply, read back.</summary>
public sealed class WholeRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_embedded_storage_the_whole_run_works_and_rests_sealed()
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-whole-").FullName;
        try
        {
            await WholeAsync(folder, new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(folder, "demo", "data"), KeyFolder = Path.Combine(folder, "demo", "keys") }, new Dictionary<string, string>(), Path.Combine(folder, "demo", "data"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task On_PostgreSQL_the_whole_run_works_and_rests_sealed()
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        var folder = Directory.CreateTempSubdirectory("autonoomi-whole-").FullName;
        await using var server = await PostgresServer.StartAsync();
        try
        {
            var connection = await server.CreateDatabaseAsync("whole");
            var storage = new StorageSettings
            {
                Environment = DataEnvironment.Demo, Provider = StorageEngine.Postgres, ConnectionString = connection,
                DataFolder = Path.Combine(folder, "demo", "data"), KeyFolder = Path.Combine(folder, "demo", "keys"),
            };
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["Autonoomi__Storage__Provider"] = "Postgres", ["Autonoomi__Storage__ConnectionString"] = connection };
            // Here without the role for Brand Analytics, and with a report that Amazon gives up on: the run is a whole one all the same.
            await WholeAsync(folder, storage, environment, server.Folder, new { removeRoles = new[] { "brandAnalytics" }, fatalReports = 1 });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WholeAsync(string folder, StorageSettings storage, IReadOnlyDictionary<string, string> environment, string atRest, object? faults = null)
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 3, more: "--other-ads");
        if (faults is not null) await amazon.SetFaultsAsync(faults, Stop);
        var (code, output, errors) = await DemoChild.RunAsync(
            DemoChild.Headless(amazon, await DemoChild.KeyFileAsync(amazon, folder, Stop), Path.Combine(folder, "demo"), 2), Stop, environment);
        Assert.True(code == 0, errors);
        using var report = JsonDocument.Parse(output);
        Assert.True(report.RootElement.GetProperty("rowsImported").GetInt64() > 10_000, output);
        Assert.Equal(0, report.RootElement.GetProperty("guardrailBreaches").GetInt32());

        var open = new AppDbs(tenant => DataServices.Open(storage, tenant));
        using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        var vaults = new SellerVaults(open.System, keys);
        await using var db = open.System();
        Assert.False(db.Database.HasPendingModelChanges());
        var storefront = await db.Storefronts.SingleAsync(row => row.Active, Stop);
        var vault = await vaults.OpenAsync(new SellerId(storefront.Seller), Purpose.Run, Stop);
        var changes = await vault.RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, Stop);

        // Every change is confirmed by reading back, and no intent is left open.
        Assert.Equal(report.RootElement.GetProperty("changesApplied").GetInt32(), changes.Count);
        Assert.All(changes, change => Assert.Equal(ChangeOutcomeKind.Confirmed, change.Value.Outcome));
        Assert.Empty(await db.Intents.Where(intent => intent.State == IntentState.Open).ToListAsync(Stop));
        Assert.All(await db.Runs.ToListAsync(Stop), run => Assert.Equal(RunState.Done, run.State));

        // Restated days replace themselves: no natural key is there twice.
        var days = await vault.ReadAsync(Dataset.TargetDay, new(storefront.Storefront), null, Stop);
        Assert.Equal(days.Rows, Enumerable.Range(0, days.Rows).Select(row => (days.Ints("day")[row], days.Longs("target_id")[row])).Distinct().Count());

        // All three ad products are there with their facts, and campaigns of Brands and Display that pay for views.
        var campaigns = EntityTables.Campaigns(await vault.ReadAsync(Dataset.Campaign, new(storefront.Storefront), null, Stop), Marketplace.Find(storefront.MarketplaceId).Currency).ToDictionary(campaign => campaign.Id);
        Assert.Equal(Enum.GetValues<AdProduct>(), campaigns.Values.Select(campaign => campaign.AdProduct).Distinct().Order());
        Assert.Equal([AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay], campaigns.Values.Where(campaign => campaign.CostType == CostType.PerThousandViews).Select(campaign => campaign.AdProduct).Order());
        foreach (var dataset in new[] { Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay })
            Assert.True((await vault.ReadAsync(dataset, new(storefront.Storefront), null, Stop)).Rows > 100, dataset.ToString());

        // Of Brands and Display bids are written, each by its own operations, where clicks are paid for and the bid is the seller's, and nothing else.
        Assert.All(changes, change => Assert.Equal(campaigns[change.Value.Applied.Change.Campaign].AdProduct, change.Value.Applied.Change.AdProduct));
        var others = changes.Select(change => change.Value.Applied).Where(applied => applied.Change.AdProduct != AdProduct.SponsoredProducts).OrderBy(applied => applied.At).ToList();
        Assert.All(others, applied => Assert.True(applied.Change is SetBid && campaigns[applied.Change.Campaign].BidsAreOurs));
        Assert.Equal([AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay], others.Select(applied => applied.Change.AdProduct).Distinct().Order());

        // No write is repeated: Amazon took as many as there are changes, each goes on from the one before, and Amazon has the last.
        var written = (await amazon.GetAsync("/world/writes", Stop)).GetProperty("otherWrites").EnumerateArray().Where(item => item.GetProperty("accepted").GetBoolean()).ToList();
        Assert.Equal(others.Count, written.Count);
        Assert.All(written, item => Assert.Equal("update", item.GetProperty("operation").GetString()));
        var targets = EntityTables.Targets(await vault.ReadAsync(Dataset.Target, new(storefront.Storefront), null, Stop), Marketplace.Find(storefront.MarketplaceId).Currency).ToDictionary(target => target.Id);
        foreach (var bids in others.Select(applied => (SetBid)applied.Change).GroupBy(bid => bid.Target))
        {
            Assert.All(bids.Zip(bids.Skip(1)), pair => Assert.Equal(pair.First.After, pair.Second.Before));
            Assert.Equal(bids.Last().After, targets[bids.Key].Bid);
        }

        // What comes behind the overview: money that adds up per settlement, visits, plans, fees; searches where the role is, a reason where it is not.
        foreach (var dataset in new[] { Dataset.TrafficDay, Dataset.LedgerDay, Dataset.StockPlan, Dataset.FeeEstimate }) Assert.True((await vault.ReadAsync(dataset, new(storefront.Storefront), null, Stop)).Rows > 0, $"{dataset} is empty");
        var ledger = await vault.ReadAsync(Dataset.LedgerDay, new(storefront.Storefront), null, Stop);
        var settled = Enumerable.Range(0, ledger.Rows).Where(row => ledger.Longs("settlement")[row] != 0).GroupBy(row => ledger.Longs("settlement")[row]).ToList();
        Assert.True(settled.Count >= 4, $"{settled.Count} settlements");
        Assert.All(settled, rows => Assert.Equal(0, rows.Sum(row => ledger.Longs("amount")[row])));
        var searches = await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(new(storefront.Storefront), "searches"), StoredJson.Default.SearchesMark, Stop);
        Assert.Equal(faults is not null, searches?.Refusal is not null);
        foreach (var dataset in new[] { Dataset.SearchQueryWeek, Dataset.SearchTermWeek }) Assert.Equal(faults is null, (await vault.ReadAsync(dataset, new(storefront.Storefront), null, Stop)).Rows > 0);

        // At rest: nothing that Amazon or a person said can be read in any file.
        var canaries = await CanariesAsync(amazon, vault, new(storefront.Storefront));
        Assert.True(canaries.Count >= 64, $"{canaries.Count} canaries");
        Assert.Empty(Found(atRest, canaries));
        var leak = Directory.CreateDirectory(Path.Combine(folder, "leak")).FullName;
        await File.WriteAllTextAsync(Path.Combine(leak, "leak.bin"), "before" + string.Join('\0', canaries) + "after", Stop);
        Assert.Equal(canaries.Count, Found(leak, canaries).Count);
    }

    private static async Task<HashSet<string>> CanariesAsync(PretendAmazon amazon, SellerVault vault, StorefrontId storefront)
    {
        var known = await amazon.GetAsync("/world/seller", Stop);
        var canaries = new HashSet<string>(StringComparer.Ordinal) { "demo@autonoomi.example", "Demo seller", "Atzr|", known.GetProperty("storeName").GetString()!, known.GetProperty("sellingPartnerId").GetString()! };
        foreach (var product in known.GetProperty("products").EnumerateArray())
            foreach (var name in new[] { "sku", "asin", "title" }) canaries.Add(product.GetProperty(name).GetString()!);
        canaries.UnionWith((await vault.ReadAsync(Dataset.SearchTermDay, storefront, null, Stop)).Texts("search_term").Words.Where(term => term.Length >= 8).Take(200));
        canaries.UnionWith((await vault.ReadAsync(Dataset.Campaign, storefront, null, Stop)).Texts("name").Words.Where(name => name.Length >= 6));
        return canaries;
    }

    private static List<string> Found(string folder, IReadOnlyCollection<string> canaries)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToList();
        Assert.NotEmpty(files);
        return [.. canaries.Where(canary => files.Exists(file => file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0))];
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Run;

/// <summary>The same two thousand operations once in calm and once while every fifth call suffers from something: both must leave the same.</summary>
public sealed class SoakTests
{
    internal const int Operations = 2000;
    internal const int Rounds = 8;

    // Of a report, a query or an export, before it is finished.
    private const int Polls = 2;

    // So many times Amazon's own pace: the local limits are in force, and the test ends within two minutes on a busy machine.
    private const double Hurry = 4000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal sealed record Outcome(SortedDictionary<Dataset, string> Content, List<string> Exports, List<string> Changes, List<string> Writes, IReadOnlyList<Request> Requests, JsonElement Faults, int Planned, TimeSpan Took);

    /// <param name="Lane">Who shares the rate.</param>
    /// <param name="Target">Method and path.</param>
    /// <param name="At">Since the beginning.</param>
    internal sealed record Request(string Lane, string Target, TimeSpan At);

    [Fact]
    public async Task Two_thousand_operations_in_a_storm_leave_what_they_leave_in_calm()
    {
        // Beside each other: both wait more than they work.
        var runs = await Task.WhenAll(PlayAsync(storm: 0, Operations, Rounds), PlayAsync(storm: 0.2, Operations, Rounds));
        var (calm, rough) = (runs[0], runs[1]);
        var suffered = Stormed(calm, rough);
        Figures.Tell(string.Create(CultureInfo.InvariantCulture,
            $"{Operations} operations; calm: {calm.Requests.Count} requests in {calm.Took.TotalSeconds:0} s; storm: {rough.Requests.Count} in {rough.Took.TotalSeconds:0} s, of which {Struck(rough).Values.Sum()} suffered ({suffered:P0}): {string.Join(", ", Struck(rough).Select(kind => $"{kind.Key} {kind.Value}"))}"));
        LeftTheSame(calm, rough);

        // Waiting is waiting: no lane is faster than its limit, what fails is not asked for over and over, and what Amazon still works on is asked for less and less often.
        Assert.InRange(rough.Requests.Count, calm.Requests.Count, 2.5 * calm.Requests.Count);
        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"The busiest minute of a lane, at Amazon's pace, took {Busiest(calm, rough):P0} of what its limit allows"));
        Patient(calm.Requests);

        // What is read beside the reports, and reports of the selling side that Amazon gave up on.
        Assert.Equal((0, 0), (rough.Faults.GetProperty("fatalReports").GetInt32(), rough.Faults.GetProperty("cancelledReports").GetInt32()));
        foreach (var target in new[] { "POST /history", "POST /portfolios/list", "POST /sp/campaigns/budget/usage", "POST /sb/campaigns/budget/usage", "POST /sd/campaigns/budget/usage", "POST /sb/recommendations/bids", "POST /sd/targets/bid/recommendations" }) Assert.Contains(rough.Requests, request => request.Target == target);
    }

    /// <summary>No lane of either run was faster than its limit.</summary>
    /// <returns>The busiest minute of a lane, as a fraction of what its limit allows.</returns>
    internal static double Busiest(Outcome calm, Outcome rough)
    {
        var busiest = 0.0;
        foreach (var (run, requests) in new[] { ("storm", rough.Requests), ("calm", calm.Requests) })
            foreach (var lane in requests.GroupBy(request => request.Lane, StringComparer.Ordinal)) busiest = Math.Max(busiest, Within(run, lane.Key, [.. lane.Select(request => request.At)]));
        return busiest;
    }

    /// <summary>It did storm, with everything that there is; what was ordered besides has struck.</summary>
    internal static double Stormed(Outcome calm, Outcome rough)
    {
        Assert.Equal(["cutDownload", "error", "html", "lostAnswer", "silentItems", "throttle", "throttleHtml", "throttledButAccepted", "throttledItems"], Struck(rough).Keys.Order(StringComparer.Ordinal));
        Assert.Empty(calm.Faults.GetProperty("struck").EnumerateObject());
        Assert.Empty(rough.Faults.GetProperty("faults").EnumerateArray());
        var suffered = Struck(rough).Values.Sum() / (double)rough.Requests.Count;
        Assert.InRange(suffered, 0.15, 0.25);
        return suffered;
    }

    internal static Dictionary<string, int> Struck(Outcome run) => run.Faults.GetProperty("struck").EnumerateObject().ToDictionary(kind => kind.Name, kind => kind.Value.GetInt32());

    /// <summary>Nothing was lost, nothing was done twice, and the same rows stand there to the last byte of their content; exports say the same after each round.</summary>
    internal static void LeftTheSame(Outcome calm, Outcome rough)
    {
        Assert.Equal(calm.Planned, calm.Changes.Count);
        Assert.Equal(calm.Changes, rough.Changes);
        Assert.Equal(calm.Writes, rough.Writes);
        Assert.Equal(calm.Content, rough.Content);
        Assert.Superset(new HashSet<Dataset>
        {
            Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay, Dataset.PurchaseDay, Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay,
            Dataset.DisplayTargetDay, Dataset.DisplayProductDay, Dataset.SkuDay, Dataset.OrderDay, Dataset.InventoryDay, Dataset.LedgerDay, Dataset.FeeEstimate, Dataset.TrafficDay, Dataset.StockPlan,
            Dataset.Campaign, Dataset.Target, Dataset.Negative, Dataset.Listing, Dataset.Suggestion,
            Dataset.CampaignDay, Dataset.BrandsCampaignDay, Dataset.DisplayCampaignDay, Dataset.BrandsPurchaseDay, Dataset.ReturnDay, Dataset.SearchQueryWeek, Dataset.SearchCatalogueWeek, Dataset.SearchTermWeek,
        }, rough.Content.Keys.ToHashSet());
        Assert.Equal(calm.Exports, rough.Exports);
    }

    internal static async Task<Outcome> PlayAsync(double storm, int operations, int rounds, bool unified = false)
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 9, historyDays: 35, "--products", "8", "--other-ads", "--rate-factor", Hurry.ToString(CultureInfo.InvariantCulture));
        var meter = new Meter();
        await using var shop = await Workshop.AtPretendAmazonAsync(amazon, new(StringComparer.Ordinal)
        {
            ["Autonoomi:Amazon:RateMultiplier"] = Hurry.ToString(CultureInfo.InvariantCulture),
            ["Autonoomi:Amazon:MaximumAttempts"] = "8",
            ["Autonoomi:Amazon:AdsAdapter"] = unified ? "Unified" : "Product",
            ["Autonoomi:Amazon:ExportPollFirst"] = "00:00:00.005",
            ["Autonoomi:Amazon:ExportPollLimit"] = "00:00:00.050",
            ["Autonoomi:Runs:Attempts"] = "10",
            ["Autonoomi:Runs:WriteLimit"] = "00:00:01",
            ["Autonoomi:Runs:WriteSlack"] = "00:00:00.200",
        }, services =>
        {
            foreach (var name in new[] { "autonoomi-amazon-ads", "autonoomi-amazon-selling-partner", "autonoomi-amazon-login", "autonoomi-amazon-documents" }) services.AddHttpClient(name).AddHttpMessageHandler(() => new Metered(meter));
        }, Stop);

        // A good hour behind it: else a storm that begins with writes without an answer stops writing altogether, as it should.
        var vault = await shop.VaultAsync(Stop);
        var now = shop.Services.GetRequiredService<BusinessClock>().GetUtcNow();
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Writes, RecordKind.RecordId(shop.Storefront, "hour"), new StoredWrites([new(now, 2000, 0)]), StoredJson.Default.StoredWrites, "counted"), Stop);
        var ads = await shop.Services.GetRequiredService<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);
        await ads.ApplyAsync(await BeforeAsync(ads), Stop);
        var write = new VaultWrite();
        StructureStep.Snapshot(await ads.StructureAsync(exports: false, Stop), shop.Storefront, write);
        await vault.CommitAsync(write, Stop);
        var marketplace = await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop);
        var plan = await SoakPlan.MakeAsync(vault, shop.Storefront, marketplace, shop.Services.GetRequiredService<BusinessClock>().Today(marketplace), operations, rounds);

        meter.Begin();
        var watch = Stopwatch.StartNew();
        await amazon.SetFaultsAsync(new { pollsBeforeCompletion = Polls }, Stop);
        if (storm > 0) await amazon.SetFaultsAsync(new { storm = new { share = storm, seed = 4 }, failedReports = 2, fatalQueries = 1, fatalReports = 2, cancelledReports = 2, faults = HalfDone(unified) }, Stop);
        var exports = new List<string>();
        foreach (var round in plan.Rounds)
        {
            if (storm > 0) await amazon.SetFaultsAsync(new { forgetAccessTokens = true, failRefreshes = 1 }, Stop);
            var run = await shop.RunAsync(RunKind.Apply, round, Stop);
            Assert.True(run.State == RunState.Done, run.Error);
            exports.Add(Told(await ads.StructureAsync(exports: true, Stop)));
        }

        var took = watch.Elapsed;
        var faults = await amazon.GetAsync("/world/faults", Stop);
        await amazon.SetFaultsAsync(new { clear = true }, Stop);
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        Assert.Empty(await db.Intents.Where(intent => intent.State == IntentState.Open).ToListAsync(Stop));
        var changes = (await (await shop.VaultAsync(Stop)).RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, Stop)).Select(record => record.Value).ToList();
        var content = await shop.ContentAsync(Stop);
        content[Dataset.ReturnDay] = Returns(await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.ReturnDay, shop.Storefront, null, Stop));
        content[Dataset.LedgerDay] = Ledger(await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.LedgerDay, shop.Storefront, null, Stop));
        return new(content, exports,
            [.. changes.Select(change => $"{change.Applied.At:O} {change.Outcome} {change.Applied.ByPerson} {JsonSerializer.Serialize(change.Applied.Change, StoredJson.Default.StoredChange.Options)}").Order(StringComparer.Ordinal)],
            [.. (await DemoChild.AcceptedAsync(amazon, Stop)).Concat(await OthersAcceptedAsync(amazon)).Order(StringComparer.Ordinal)], meter.Requests, faults, plan.Changes, took);
    }

    /// <summary>Besides the storm, which strikes where it will: for each sort of batch of each ad product one of which half is throttled and one of which half goes unmentioned.</summary>
    private static object[] HalfDone(bool unified) => unified ?
    [
        .. from path in new[] { "/adsApi/v1/update/targets", "/adsApi/v1/update/campaigns" }
           from kind in new[] { "throttledItems", "silentItems" }
           select new { kind, path, method = "POST", count = 1 },
        new { kind = "cutDownload", path = "/pretend-storage/", method = "GET", count = 1 },
    ] :
    [
        .. from path in new[] { "/sp/keywords", "/sp/targets", "/sp/campaigns", "/sb/keywords", "/sb/targets", "/sb/v4/campaigns", "/sd/targets", "/sd/campaigns" }
           from kind in new[] { "throttledItems", "silentItems" }
           select new { kind, path, method = "PUT", count = 1 },
    ];

    /// <summary>Negatives of each ad product, for the plan to archive.</summary>
    private static async Task<List<Change>> BeforeAsync(AdsClient ads)
    {
        var products = (await ads.CampaignsAsync(Stop)).ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        var targets = (await ads.TargetsAsync(await ads.AdGroupsAsync(Stop), Stop)).ToLookup(target => products[target.Campaign]);
        var before = new List<Change>();
        foreach (var (number, keyword) in targets[AdProduct.SponsoredProducts].Where(target => target.Kind == TargetKind.Keyword).Take(2 * Rounds).Index())
            before.Add(new AddNegative(keyword.Campaign, number % 2 == 0 ? keyword.AdGroup : null, NegativeMatch.Exact, $"was there before {number}"));
        var (brands, display) = (targets[AdProduct.SponsoredBrands].First(target => target.Kind == TargetKind.Keyword), targets[AdProduct.SponsoredDisplay].First(target => target.Kind == TargetKind.Product));
        for (var round = 0; round < Rounds; round++)
        {
            before.Add(new AddNegative(brands.Campaign, brands.AdGroup, NegativeMatch.Exact, $"was there before {round}") { AdProduct = AdProduct.SponsoredBrands });
            before.Add(new AddNegative(display.Campaign, display.AdGroup, NegativeMatch.Product, $"B0BEFORE{round:00}") { AdProduct = AdProduct.SponsoredDisplay });
        }

        return before;
    }

    /// <summary>Writes to Sponsored Brands and Display that the pretend Amazon took; a creation has a new id each time it is done.</summary>
    private static async Task<IEnumerable<string>> OthersAcceptedAsync(PretendAmazon amazon) => (await amazon.GetAsync("/world/writes", Stop)).GetProperty("otherWrites").EnumerateArray()
        .Where(write => write.GetProperty("accepted").GetBoolean())
        .Select(write => $"{write.GetProperty("adProduct").GetString()} {write.GetProperty("entity").GetString()} {write.GetProperty("operation").GetString()} {(write.GetProperty("operation").GetString() == "create" ? "" : write.GetProperty("id").GetRawText())}");

    private static string Told(AdStructure structure) => Hash(
    [
        .. structure.Campaigns.OrderBy(item => item.Id.Value).Select(item => item.ToString()), .. structure.AdGroups.OrderBy(item => item.Id.Value).Select(item => item.ToString()),
        .. structure.ProductAds.OrderBy(item => item.Id.Value).Select(item => item.ToString()), .. structure.Targets.OrderBy(item => (item.Id.Value, item.Kind)).Select(item => item.ToString()),
        .. structure.Negatives.OrderBy(item => item.Id.Value).Select(item => item.ToString()),
    ]);

    /// <summary>The ledger without the keys of orders and lines, which are another installation's each time: the rows of one order still stand together.</summary>
    private static string Ledger(FactTable table)
    {
        var (days, kinds, sources, states, orders, lines) = (table.Ints("day").ToArray(), table.Ints("kind").ToArray(), table.Ints("source").ToArray(), table.Ints("state").ToArray(), table.Longs("order_key").ToArray(), table.Longs("line").ToArray());
        var (quantities, amounts, settlements, skus) = (table.Longs("quantity").ToArray(), table.Longs("amount").ToArray(), table.Longs("settlement").ToArray(), table.Texts("sku"));
        var groups = Enumerable.Range(0, table.Rows).GroupBy(row => orders[row]).Select(order => $"{order.Key == 0} {order.Select(row => lines[row]).Distinct().Count()} " + string.Join(';',
            order.Select(row => string.Create(CultureInfo.InvariantCulture, $"{days[row]} {skus[row]} {kinds[row]} {sources[row]} {states[row]} {quantities[row]} {amounts[row]} {settlements[row]}")).Order(StringComparer.Ordinal)));
        return $"{table.Rows} rows {Hash(groups.Order(StringComparer.Ordinal))}";
    }

    /// <summary>Goods that came back, without the keys of their orders: those of one order still stand together.</summary>
    private static string Returns(FactTable table)
    {
        var (days, orders, outcomes, quantities, skus) = (table.Ints("day").ToArray(), table.Longs("order_key").ToArray(), table.Ints("outcome").ToArray(), table.Longs("quantity").ToArray(), table.Texts("sku"));
        var groups = Enumerable.Range(0, table.Rows).GroupBy(row => orders[row]).Select(order => $"{order.Key == 0} " + string.Join(';', order.Select(row => string.Create(CultureInfo.InvariantCulture, $"{days[row]} {skus[row]} {outcomes[row]} {quantities[row]}")).Order(StringComparer.Ordinal)));
        return $"{table.Rows} rows {Hash(groups.Order(StringComparer.Ordinal))}";
    }

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];

    /// <summary>Without any trouble, one job is looked at as often as Amazon needs and no more often, and each wait is at least the one before it should be.</summary>
    private static void Patient(IReadOnlyList<Request> requests)
    {
        var jobs = requests.Where(request => request.Target.StartsWith("GET /reporting/reports/", StringComparison.Ordinal) || request.Target.StartsWith("GET /dataKiosk/2023-11-15/queries/", StringComparison.Ordinal))
            .GroupBy(request => request.Target, StringComparer.Ordinal).ToList();
        Assert.True(jobs.Count > 10 * Rounds, $"{jobs.Count} jobs");
        foreach (var job in jobs)
        {
            var looks = job.Select(request => request.At).Order().ToList();
            // Equal requests are one job to Amazon: each of the two steps that wait for it looks on its own.
            if (looks.Count > Polls + 1) continue;
            for (var look = 1; look < looks.Count; look++)
                Assert.True(looks[look] - looks[look - 1] >= TimeSpan.FromMilliseconds(4), $"{job.Key}: look {look + 1} came {looks[look] - looks[look - 1]} after the one before");
        }

        Assert.True(jobs.Count(job => job.Count() == Polls + 1) > jobs.Count * 3 / 4, "Most jobs are looked at on their own.");
    }

    /// <summary>However long a stretch of the run one looks at, a lane sent no more than its burst and what was refilled meanwhile.</summary>
    /// <returns>The busiest minute of Amazon's clock, as a fraction of what the limit allows in one.</returns>
    private static double Within(string run, string lane, List<TimeSpan> instants)
    {
        var (perSecond, burst) = lane switch
        {
            "GET /finances/2024-06-19/transactions" => (0.5, 10),
            "GET /reports/2021-06-30/reports" => (0.0222, 10),
            "GET a report of the partner" => (2.0, 15),
            "POST /reports/2021-06-30/reports" => (0.0167, 15),
            "GET /reports/2021-06-30/documents" => (0.0167, 15),
            "POST /products/fees/v0/feesEstimate" => (0.5, 1),
            "POST /reporting/reports" => (0.1, 5),
            "GET /orders/2026-01-01/orders" => (0.0056, 20),
            "POST /dataKiosk/2023-11-15/queries" => (0.0167, 15),
            "GET /dataKiosk/2023-11-15/documents" => (0.0167, 15),
            "GET /dataKiosk/2023-11-15/queries" => (2.0, 15),
            "GET /fba/inventory/v1/summaries" => (2.0, 2),
            "GET /listings/2021-08-01/items" => (5.0, 5),
            _ => (5.0, 2),
        };

        // Between the turn and the wire lie a few milliseconds of a busy machine.
        var slack = 4;
        for (var first = 0; first < instants.Count; first++)
            for (var last = first; last < instants.Count; last++)
                Assert.True(last - first + 1 <= burst + slack + ((instants[last] - instants[first]).TotalSeconds * perSecond * Hurry), $"{run}, {lane}: {last - first + 1} requests within {instants[last] - instants[first]}");
        var minute = TimeSpan.FromMinutes(1) / Hurry;
        return instants.Max(from => instants.Count(at => at >= from && at < from + minute)) / (burst + (60 * perSecond));
    }

    private sealed class Meter
    {
        private readonly ConcurrentQueue<Request> requests = new();
        private long began = Stopwatch.GetTimestamp();

        public IReadOnlyList<Request> Requests => [.. requests];

        public void Begin()
        {
            requests.Clear();
            began = Stopwatch.GetTimestamp();
        }

        public void Note(string lane, string target) => requests.Enqueue(new(lane, target, Stopwatch.GetElapsedTime(began)));
    }

    private sealed class Metered(Meter meter) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            meter.Note(Lane(request.Method, path), $"{request.Method} {path}");
            return base.SendAsync(request, cancellationToken);
        }

        private static string Lane(HttpMethod method, string path)
        {
            bool Begins(string with) => path.StartsWith(with, StringComparison.Ordinal);
            if (new[] { "/orders/2026-01-01/orders", "/dataKiosk/2023-11-15/queries", "/dataKiosk/2023-11-15/documents", "/fba/inventory/v1/summaries", "/listings/2021-08-01/items", "/finances/2024-06-19/transactions", "/reports/2021-06-30/documents", "/products/fees/v0/feesEstimate" }
                .FirstOrDefault(Begins) is { } known) return $"{method} {known}";
            if (Begins("/reports/2021-06-30/reports/")) return "GET a report of the partner";
            if (path is "/reports/2021-06-30/reports" or "/reporting/reports") return $"{method} {path}";
            if (path is "/sp/targets/bid/recommendations" or "/sb/recommendations/bids" or "/sd/targets/bid/recommendations") return "suggested bids";
            if (Begins("/sp/") || Begins("/sb/") || Begins("/sd/") || Begins("/adsApi/") || Begins("/reporting/") || Begins("/exports/") || path.EndsWith("/export", StringComparison.Ordinal)) return "Ads of the profile";
            return Begins("/pretend-storage/") ? "documents" : path;
        }
    }
}

/// <summary>
/// The same through Ads API v1, where it has the operations: in short, 300 operations struck by the same kinds of faults; all 2,000 where <c>AUTONOOMI_SOAK=1</c> asks for them.
/// </summary>
public sealed class UnifiedSoakTests
{
    [Fact]
    public async Task Operations_by_the_unified_model_leave_in_a_storm_what_they_leave_in_calm()
    {
        var (operations, rounds) = Environment.GetEnvironmentVariable("AUTONOOMI_SOAK") == "1" ? (SoakTests.Operations, SoakTests.Rounds) : (300, 2);
        var runs = await Task.WhenAll(SoakTests.PlayAsync(storm: 0, operations, rounds, unified: true), SoakTests.PlayAsync(storm: 0.2, operations, rounds, unified: true));
        var (calm, rough) = (runs[0], runs[1]);
        var suffered = SoakTests.Stormed(calm, rough);
        Figures.Tell(string.Create(CultureInfo.InvariantCulture,
            $"{operations} operations by Ads API v1; calm: {calm.Requests.Count} requests in {calm.Took.TotalSeconds:0} s; storm beside it: {rough.Requests.Count} in {rough.Took.TotalSeconds:0} s, of which {SoakTests.Struck(rough).Values.Sum()} suffered ({suffered:P0})"));

        SoakTests.LeftTheSame(calm, rough);
        Assert.InRange(SoakTests.Busiest(calm, rough), 0.01, 1);
        foreach (var entity in new[] { "campaigns", "targets" }) Assert.Contains(rough.Requests, request => request.Target == $"POST /adsApi/v1/update/{entity}");
        Assert.DoesNotContain(rough.Requests, request => request.Target is "PUT /sp/keywords" or "PUT /sb/keywords" or "PUT /sp/campaigns" or "PUT /sb/v4/campaigns");
    }
}

/// <summary>
/// Which operations, drawn from a seed and the structure that is there: every kind of change of every ad product, their reports, listings, stock, orders, economics, visits, transactions and
/// settlements, the file of orders, returns, Brand Analytics, fee estimates, suggested bids, controls and history, use of budgets, reading back.
/// </summary>
internal sealed record SoakPlan(IReadOnlyList<IReadOnlyList<NewStep>> Rounds, int Changes)
{
    private const int BatchSize = 100;
    private const int ReadsARound = 2;
    private const int Kinds = 13;

    public static async Task<SoakPlan> MakeAsync(SellerVault vault, StorefrontId storefront, Marketplace marketplace, DateOnly today, int operations, int rounds)
    {
        var stop = TestContext.Current.CancellationToken;
        var campaigns = EntityTables.Campaigns(await vault.ReadAsync(Dataset.Campaign, storefront, null, stop), marketplace.Currency).Where(campaign => campaign.State != EntityState.Archived).ToImmutableArray();
        var products = campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        var targets = EntityTables.Targets(await vault.ReadAsync(Dataset.Target, storefront, null, stop), marketplace.Currency).Where(target => products.ContainsKey(target.Campaign) && target.State != EntityState.Archived).ToList();
        var negatives = EntityTables.Negatives(await vault.ReadAsync(Dataset.Negative, storefront, null, stop)).Where(negative => products.ContainsKey(negative.Campaign) && negative.State != EntityState.Archived).ToLookup(negative => products[negative.Campaign]);
        var asins = string.Join(' ', (await vault.ReadAsync(Dataset.ProductAd, storefront, null, stop)).Texts("asin").Words.Order(StringComparer.Ordinal).Take(5));
        var dice = new Random(11);
        var groups = EntityTables.AdGroups(await vault.ReadAsync(Dataset.AdGroup, storefront, null, stop), marketplace.Currency).Where(group => products.ContainsKey(group.Campaign) && group.State != EntityState.Archived).ToImmutableArray();
        var state = new State(campaigns, groups, targets);
        var made = new List<IReadOnlyList<NewStep>>();
        var changes = 0;
        for (var round = 0; round < rounds; round++)
        {

            // Many rounds read the rarer things in every second one; of few rounds each reads all, so that what one had to leave out the next one reads.
            var reads = Reads(dice, today, asins, rarer: round % 2 == 0 || rounds < 4).ToList();
            var wanted = (operations * (round + 1) / rounds) - (operations * round / rounds) - reads.Count;

            // However few they are, some of every kind are created.
            var updates = state.Updates(dice, round, Math.Min(wanted * 19 / 20, wanted - Kinds - 4));
            var creations = new List<Change>();
            var archived = negatives[AdProduct.SponsoredProducts].Skip(round * 2).Take(2).Concat(negatives[AdProduct.SponsoredBrands].Skip(round).Take(1)).Concat(negatives[AdProduct.SponsoredDisplay].Skip(round).Take(1)).ToList();
            for (var number = 0; updates.Count + creations.Count + archived.Count < wanted; number++) creations.Add(Creation(number, round, dice, marketplace.Currency, targets, campaigns, products));
            creations.AddRange(archived.Select(negative => new ArchiveNegative(negative.Campaign, negative.AdGroup, negative.Id, negative.Match, negative.Text) { AdProduct = products[negative.Campaign] }));

            // Amazon draws ids in the order in which things are created, so that each creation travels alone.
            var steps = updates.Chunk(BatchSize).Concat(creations.Select(change => new[] { change })).Select(batch => NewStep.With(StepNames.Write,
                new WriteNotes([.. batch.Select(change => new PlannedWrite(change, null, null))], Verify: false), NotesJson.Default.WriteNotes)).ToList();
            foreach (var read in reads) steps.Insert(dice.Next(steps.Count + 1), read);
            steps.Add(new(StepNames.ReadBack, null));
            made.Add(steps);
            changes += updates.Count + creations.Count;
        }

        // A kind of change that this plan has not learned must not be left out in silence.
        var planned = made.SelectMany(steps => steps).Where(step => step.Kind == StepNames.Write).SelectMany(step => JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.WriteNotes)!.Writes).Select(write => (write.Change.AdProduct, write.Change.GetType().Name)).Distinct();
        var kinds = typeof(Change).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Change)));
        var possible = Enum.GetValues<AdProduct>().SelectMany(product => kinds.Where(kind => product != AdProduct.SponsoredDisplay || kind != typeof(SetPlacement)).Select(kind => (product, kind.Name)));
        Assert.Equal(possible.Order(), planned.Order());
        return new(made, changes);
    }

    private static IEnumerable<NewStep> Reads(Random dice, DateOnly today, string asins, bool rarer)
    {
        Dataset[] reports =
        [
            Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay, Dataset.PurchaseDay,
            Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay,
        ];
        Dataset[] totals = [Dataset.CampaignDay, Dataset.BrandsCampaignDay, Dataset.DisplayCampaignDay, Dataset.BrandsPurchaseDay, Dataset.DisplayPurchaseDay];
        foreach (var dataset in rarer ? [.. reports, .. totals] : reports)
        {
            var last = today.AddDays(-1 - dice.Next(10));
            yield return NewStep.With(StepNames.Report, new ReportNotes(dataset, last.AddDays(-dice.Next(20)), last, Today: today), NotesJson.Default.ReportNotes);
        }

        // The same days each round: what one round had to leave out, the next one reads.
        for (var back = 1; back <= 2; back++) yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.TrafficDay, today.AddDays(-back), today.AddDays(-back)), NotesJson.Default.ReportNotes);
        yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.StockPlan, today, today), NotesJson.Default.ReportNotes);
        if (rarer) yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.ReturnDay, today.AddDays(-20), today.AddDays(-1)), NotesJson.Default.ReportNotes);
        if (rarer) yield return NewStep.With(StepNames.OrderFile, new ReportNotes(Dataset.OrderDay, today.AddDays(-20), today, Today: today), NotesJson.Default.ReportNotes);
        var sunday = today.AddDays(-(int)today.DayOfWeek - 14);
        if (rarer) yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.SearchQueryWeek, sunday, sunday, Products: asins), NotesJson.Default.ReportNotes);
        if (rarer) yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.SearchCatalogueWeek, sunday, sunday), NotesJson.Default.ReportNotes);
        if (rarer) yield return NewStep.With(StepNames.Selling, new ReportNotes(Dataset.SearchTermWeek, sunday, sunday), NotesJson.Default.ReportNotes);
        yield return new(StepNames.Ledger, null);
        yield return new(StepNames.Fees, null);
        yield return new(StepNames.Controls, null);
        yield return new(StepNames.Hour, null);

        for (var number = 0; number < ReadsARound; number++)
        {
            yield return new(StepNames.Listings, null);
            yield return NewStep.With(StepNames.Orders, new ReportNotes(Dataset.OrderDay, today.AddDays(-2), today, Today: today), NotesJson.Default.ReportNotes);
            yield return NewStep.With(StepNames.Economics, new ReportNotes(Dataset.SkuDay, today.AddDays(-10), today.AddDays(-1)), NotesJson.Default.ReportNotes);
        }

        yield return new(StepNames.Suggestions, null);
    }

    private static Change Creation(int number, int round, Random dice, Currency currency, List<Target> all, ImmutableArray<Campaign> campaigns, Dictionary<CampaignId, AdProduct> products)
    {
        var targets = all.Where(target => products[target.Campaign] == AdProduct.SponsoredProducts).ToList();
        var keyword = targets.Where(target => target.Kind == TargetKind.Keyword).ElementAt(dice.Next(targets.Count(target => target.Kind == TargetKind.Keyword)));
        var brands = all.First(target => products[target.Campaign] == AdProduct.SponsoredBrands && target.Kind == TargetKind.Keyword);
        var display = all.First(target => products[target.Campaign] == AdProduct.SponsoredDisplay && target.Kind == TargetKind.Product);
        var text = $"soak word {round} {number}";
        var asin = string.Create(CultureInfo.InvariantCulture, $"B0{(round * 10_000) + number:00000000}");
        var product = targets.FirstOrDefault(target => target.Match == MatchType.Product);
        var auto = campaigns.FirstOrDefault(campaign => campaign.AdProduct == AdProduct.SponsoredProducts && campaign.Targeting == TargetingType.Auto);
        var autoTarget = targets.FirstOrDefault(target => auto is not null && target.Campaign == auto.Id) ?? keyword;
        return ((number + (round * 5)) % Kinds) switch
        {
            8 => new CreateTarget(brands.Campaign, brands.AdGroup, MatchType.Exact, text, new Money(0.5m, currency)) { AdProduct = AdProduct.SponsoredBrands },
            9 => new AddNegative(brands.Campaign, brands.AdGroup, NegativeMatch.Phrase, text) { AdProduct = AdProduct.SponsoredBrands },
            10 => new AddNegative(brands.Campaign, brands.AdGroup, NegativeMatch.Product, asin) { AdProduct = AdProduct.SponsoredBrands },
            11 => new CreateTarget(display.Campaign, display.AdGroup, MatchType.Product, asin, new Money(0.5m, currency)) { AdProduct = AdProduct.SponsoredDisplay },
            12 => new AddNegative(display.Campaign, display.AdGroup, NegativeMatch.Product, asin) { AdProduct = AdProduct.SponsoredDisplay },
            0 => new CreateTarget(keyword.Campaign, keyword.AdGroup, MatchType.Exact, text, new Money(0.5m, currency)),
            1 => new CreateTarget(keyword.Campaign, keyword.AdGroup, MatchType.Phrase, text, new Money(0.4m, currency)),
            2 => new AddNegative(keyword.Campaign, keyword.AdGroup, NegativeMatch.Exact, text),
            3 => new AddNegative(keyword.Campaign, null, NegativeMatch.Phrase, text),
            4 => new AddNegative(autoTarget.Campaign, autoTarget.AdGroup, NegativeMatch.Product, asin),
            5 => new AddNegative(autoTarget.Campaign, null, NegativeMatch.Product, asin),
            6 when product is not null => new CreateTarget(product.Campaign, product.AdGroup, MatchType.Product, asin, new Money(0.6m, currency)),
            _ => new CreateTarget(keyword.Campaign, keyword.AdGroup, MatchType.Broad, text, new Money(0.3m, currency)),
        };
    }

    /// <summary>What stands at Amazon while the plan goes on: each change says truly what stood there before.</summary>
    private sealed class State(ImmutableArray<Campaign> campaigns, ImmutableArray<AdGroup> groups, List<Target> targets)
    {
        private readonly Dictionary<(CampaignId Campaign, TargetId Id), Target> target = targets.ToDictionary(item => (item.Campaign, item.Id));
        private readonly Dictionary<CampaignId, AdProduct> product = campaigns.ToDictionary(item => item.Id, item => item.AdProduct);
        private readonly Dictionary<CampaignId, Money> budget = campaigns.ToDictionary(item => item.Id, item => item.DailyBudget);
        private readonly Dictionary<(CampaignId, Placement), int> placement = [];
        private readonly Dictionary<CampaignId, EntityState> campaignState = campaigns.ToDictionary(item => item.Id, item => item.State);
        private readonly Dictionary<(CampaignId, AdGroupId), EntityState> groupState = groups.ToDictionary(item => (item.Campaign, item.Id), item => item.State);

        private static EntityState Other(EntityState state) => state == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled;

        /// <summary>No two of one round change the same thing.</summary>
        public List<Change> Updates(Random dice, int round, int most)
        {
            var possible = new List<Change>();
            foreach (var item in target.Values)
            {
                possible.Add(new SetBid(item.Campaign, item.AdGroup, item.Id, item.Kind, item.Bid, item.Bid + new Money(0.01m * (1 + (round % 5)), item.Bid.Currency)) { AdProduct = product[item.Campaign] });
                possible.Add(new SetTargetState(item.Campaign, item.AdGroup, item.Id, item.Kind, item.State, item.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled) { AdProduct = product[item.Campaign] });
            }

            foreach (var campaign in campaigns)
            {
                possible.Add(new SetCampaignState(campaign.Id, campaignState[campaign.Id], Other(campaignState[campaign.Id])) { AdProduct = campaign.AdProduct });
                possible.Add(new SetBudget(campaign.Id, budget[campaign.Id], budget[campaign.Id] + new Money(1, budget[campaign.Id].Currency)) { AdProduct = campaign.AdProduct });
                // Display has no placements that can be bid on, and where Amazon places a brand's bids itself it takes none.
                if (campaign.AdProduct == AdProduct.SponsoredDisplay || (campaign.AdProduct == AdProduct.SponsoredBrands && campaign.Strategy != BiddingStrategy.Fixed)) continue;
                foreach (var place in Enum.GetValues<Placement>())
                {
                    var percent = placement.TryGetValue((campaign.Id, place), out var known) ? known : campaign.PercentAt(place);
                    possible.Add(new SetPlacement(campaign.Id, place, percent, (percent + 7) % 300) { AdProduct = campaign.AdProduct });
                }
            }

            foreach (var ((campaign, id), standing) in groupState) possible.Add(new SetAdGroupState(campaign, id, standing, Other(standing)) { AdProduct = product[campaign] });

            // However few they are, one of every kind of every ad product.
            var shuffled = possible.OrderBy(_ => dice.Next()).ToList();
            var chosen = shuffled.DistinctBy(change => (change.AdProduct, change.GetType())).Concat(shuffled).Distinct().Take(most).ToList();
            foreach (var change in chosen)
            {
                switch (change)
                {
                    case SetBid bid: target[(bid.Campaign, bid.Target)] = target[(bid.Campaign, bid.Target)] with { Bid = bid.After }; break;
                    case SetTargetState turned: target[(turned.Campaign, turned.Target)] = target[(turned.Campaign, turned.Target)] with { State = turned.After }; break;
                    case SetBudget spent: budget[spent.Campaign] = spent.After; break;
                    case SetCampaignState turned: campaignState[turned.Campaign] = turned.After; break;
                    case SetAdGroupState turned: groupState[(turned.Campaign, turned.AdGroup)] = turned.After; break;
                    case SetPlacement placed: placement[(placed.Campaign, placed.Placement)] = placed.AfterPercent; break;
                }
            }

            return chosen;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
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
    private const int Operations = 2000;
    private const int Rounds = 8;

    // So many times Amazon's own pace: the local limits are in force, and the test ends within a minute.
    private const double Hurry = 4000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Outcome(SortedDictionary<Dataset, string> Content, List<string> Changes, List<string> Writes, IReadOnlyList<(string Lane, TimeSpan At)> Requests, JsonElement Faults, int Planned, TimeSpan Took);

    [Fact]
    public async Task Two_thousand_operations_in_a_storm_leave_what_they_leave_in_calm()
    {
        var calm = await PlayAsync(storm: 0);
        var rough = await PlayAsync(storm: 0.2);
        var struck = rough.Faults.GetProperty("struck").EnumerateObject().ToDictionary(kind => kind.Name, kind => kind.Value.GetInt32());
        var suffered = struck.Values.Sum() / (double)rough.Requests.Count;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Operations} operations; calm: {calm.Requests.Count} requests in {calm.Took.TotalSeconds:0} s; storm: {rough.Requests.Count} in {rough.Took.TotalSeconds:0} s, of which {struck.Values.Sum()} suffered ({suffered:P0}): {string.Join(", ", struck.Select(kind => $"{kind.Key} {kind.Value}"))}"));

        // It did storm, with everything that there is.
        Assert.InRange(suffered, 0.15, 0.25);
        Assert.Equal(["cutDownload", "error", "html", "lostAnswer", "silentItems", "throttle", "throttleHtml", "throttledButAccepted", "throttledItems"], struck.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(calm.Faults.GetProperty("struck").EnumerateObject());

        // Nothing was lost, and nothing was done twice.
        Assert.Equal(calm.Planned, calm.Changes.Count);
        Assert.Equal(calm.Changes, rough.Changes);
        Assert.Equal(calm.Writes, rough.Writes);

        // The same rows, to the last byte of their content.
        Assert.Equal(calm.Content, rough.Content);
        Assert.Superset(new HashSet<Dataset> { Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay, Dataset.SkuDay, Dataset.OrderDay, Dataset.InventoryDay, Dataset.Campaign, Dataset.Target, Dataset.Negative, Dataset.Listing, Dataset.Suggestion }, rough.Content.Keys.ToHashSet());

        // Waiting is waiting: no lane is faster than its limit, and what fails is not asked for over and over.
        Assert.InRange(rough.Requests.Count, calm.Requests.Count, 2.5 * calm.Requests.Count);
        foreach (var lane in rough.Requests.Concat(calm.Requests.Select(request => (Lane: $"calm {request.Lane}", request.At))).GroupBy(request => request.Lane, StringComparer.Ordinal)) Within(lane.Key, [.. lane.Select(request => request.At)]);
    }

    private static async Task<Outcome> PlayAsync(double storm)
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 9, historyDays: 35, "--products", "8", "--rate-factor", Hurry.ToString(CultureInfo.InvariantCulture));
        var meter = new Meter();
        await using var shop = await Workshop.AtPretendAmazonAsync(amazon, new(StringComparer.Ordinal)
        {
            ["Autonoomi:Amazon:RateMultiplier"] = Hurry.ToString(CultureInfo.InvariantCulture),
            ["Autonoomi:Amazon:MaximumAttempts"] = "8",
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
        var keywords = (await ads.TargetsAsync(await ads.AdGroupsAsync(Stop), Stop)).Where(target => target.Kind == TargetKind.Keyword).ToList();
        await ads.ApplyAsync([.. Enumerable.Range(0, 2 * Rounds).Select(number => new AddNegative(keywords[number].Campaign, number % 2 == 0 ? keywords[number].AdGroup : null, NegativeMatch.Exact, $"was there before {number}"))], Stop);
        var (_, _, structure) = await StructureStep.ReadAsync(ads, shop.Storefront, Stop);
        var write = new VaultWrite();
        structure(write);
        await vault.CommitAsync(write, Stop);
        var marketplace = await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop);
        var plan = await SoakPlan.MakeAsync(vault, shop.Storefront, marketplace, shop.Services.GetRequiredService<BusinessClock>().Today(marketplace), Operations, Rounds);

        meter.Begin();
        var watch = Stopwatch.StartNew();
        if (storm > 0) await amazon.SetFaultsAsync(new { storm = new { share = storm, seed = 4 }, failedReports = 2, fatalQueries = 1 }, Stop);
        foreach (var round in plan.Rounds)
        {
            if (storm > 0) await amazon.SetFaultsAsync(new { forgetAccessTokens = true, failRefreshes = 1 }, Stop);
            var run = await shop.RunAsync(RunKind.Apply, round, Stop);
            Assert.True(run.State == RunState.Done, run.Error);
        }

        var took = watch.Elapsed;
        var faults = await amazon.GetAsync("/world/faults", Stop);
        await amazon.SetFaultsAsync(new { clear = true }, Stop);
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        Assert.Empty(await db.Intents.Where(intent => intent.State == IntentState.Open).ToListAsync(Stop));
        var changes = (await (await shop.VaultAsync(Stop)).RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, Stop)).Select(record => record.Value).ToList();
        return new(await shop.ContentAsync(Stop),
            [.. changes.Select(change => $"{change.Applied.At:O} {change.Outcome} {change.Applied.ByPerson} {JsonSerializer.Serialize(change.Applied.Change, StoredJson.Default.StoredChange.Options)}").Order(StringComparer.Ordinal)],
            [.. (await DemoChild.AcceptedAsync(amazon, Stop)).Order(StringComparer.Ordinal)], meter.Requests, faults, plan.Changes, took);
    }

    /// <summary>However long a stretch of the run one looks at, a lane sent no more than its burst and what was refilled meanwhile.</summary>
    private static void Within(string lane, List<TimeSpan> instants)
    {
        var (perSecond, burst) = lane.Replace("calm ", "", StringComparison.Ordinal) switch
        {
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
                Assert.True(last - first + 1 <= burst + slack + ((instants[last] - instants[first]).TotalSeconds * perSecond * Hurry), $"{lane}: {last - first + 1} requests within {instants[last] - instants[first]}");
    }

    private sealed class Meter
    {
        private readonly ConcurrentQueue<(string Lane, TimeSpan At)> requests = new();
        private long began = Stopwatch.GetTimestamp();

        public IReadOnlyList<(string Lane, TimeSpan At)> Requests => [.. requests];

        public void Begin()
        {
            requests.Clear();
            began = Stopwatch.GetTimestamp();
        }

        public void Note(string lane) => requests.Enqueue((lane, Stopwatch.GetElapsedTime(began)));
    }

    private sealed class Metered(Meter meter) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var known = new[] { "/orders/2026-01-01/orders", "/dataKiosk/2023-11-15/queries", "/dataKiosk/2023-11-15/documents", "/fba/inventory/v1/summaries", "/listings/2021-08-01/items" }.FirstOrDefault(lane => path.StartsWith(lane, StringComparison.Ordinal));
            meter.Note(known is not null ? $"{request.Method} {known}"
                : path == "/reporting/reports" ? "POST /reporting/reports"
                : path.StartsWith("/sp/", StringComparison.Ordinal) && !path.Contains("bid/recommendations", StringComparison.Ordinal) || path.StartsWith("/reporting/", StringComparison.Ordinal) ? "Ads of the profile"
                : path.StartsWith("/pretend-storage/", StringComparison.Ordinal) ? "documents" : path);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>Which operations, drawn from a seed and the structure that is there: every kind of change, reports, listings, stock, orders, economics, suggested bids, reading back.</summary>
internal sealed record SoakPlan(IReadOnlyList<IReadOnlyList<NewStep>> Rounds, int Changes)
{
    private const int BatchSize = 100;
    private const int ReportsARound = 8;
    private const int ReadsARound = 3;

    public static async Task<SoakPlan> MakeAsync(SellerVault vault, StorefrontId storefront, Marketplace marketplace, DateOnly today, int operations, int rounds)
    {
        var stop = TestContext.Current.CancellationToken;
        var campaigns = EntityTables.Campaigns(await vault.ReadAsync(Dataset.Campaign, storefront, null, stop), marketplace.Currency).Where(campaign => campaign.AdProduct == AdProduct.SponsoredProducts && campaign.State != EntityState.Archived).ToImmutableArray();
        var mine = campaigns.Select(campaign => campaign.Id).ToHashSet();
        var targets = EntityTables.Targets(await vault.ReadAsync(Dataset.Target, storefront, null, stop), marketplace.Currency).Where(target => mine.Contains(target.Campaign) && target.State != EntityState.Archived).ToList();
        var negatives = EntityTables.Negatives(await vault.ReadAsync(Dataset.Negative, storefront, null, stop)).Where(negative => mine.Contains(negative.Campaign) && negative.State != EntityState.Archived).ToList();
        var dice = new Random(11);
        var state = new State(campaigns, targets);
        var made = new List<IReadOnlyList<NewStep>>();
        var changes = 0;
        for (var round = 0; round < rounds; round++)
        {
            var reads = Reads(dice, today).ToList();
            var wanted = (operations * (round + 1) / rounds) - (operations * round / rounds) - reads.Count;
            var updates = state.Updates(dice, round, wanted * 19 / 20);
            var creations = new List<Change>();
            for (var number = 0; updates.Count + creations.Count < wanted; number++) creations.Add(Creation(number, round, dice, marketplace.Currency, targets, campaigns));
            foreach (var (at, negative) in negatives.Skip(round * 2).Take(2).Index()) creations[^(at + 1)] = new ArchiveNegative(negative.Campaign, negative.AdGroup, negative.Id, negative.Match, negative.Text);

            // Amazon draws ids in the order in which things are created, so that each creation travels alone.
            var steps = updates.Chunk(BatchSize).Concat(creations.Select(change => new[] { change })).Select(batch => NewStep.With(StepNames.Write,
                new WriteNotes([.. batch.Select(change => new PlannedWrite(change, null, null))], Verify: false), NotesJson.Default.WriteNotes)).ToList();
            foreach (var read in reads) steps.Insert(dice.Next(steps.Count + 1), read);
            steps.Add(new(StepNames.ReadBack, null));
            made.Add(steps);
            changes += updates.Count + creations.Count;
        }

        // A kind of change that this plan has not learned must not be left out in silence.
        var planned = made.SelectMany(steps => steps).Where(step => step.Kind == StepNames.Write).SelectMany(step => JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.WriteNotes)!.Writes).Select(write => write.Change.GetType()).Distinct();
        Assert.Equal(typeof(Change).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Change))).OrderBy(type => type.Name, StringComparer.Ordinal), planned.OrderBy(type => type.Name, StringComparer.Ordinal));
        return new(made, changes);
    }

    private static IEnumerable<NewStep> Reads(Random dice, DateOnly today)
    {
        var reports = new[] { Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay };
        for (var number = 0; number < ReportsARound; number++)
        {
            var last = today.AddDays(-1 - dice.Next(10));
            yield return NewStep.With(StepNames.Report, new ReportNotes(reports[number % reports.Length], last.AddDays(-dice.Next(20)), last, Today: today), NotesJson.Default.ReportNotes);
        }

        for (var number = 0; number < ReadsARound; number++)
        {
            yield return new(StepNames.Listings, null);
            yield return NewStep.With(StepNames.Orders, new ReportNotes(Dataset.OrderDay, today.AddDays(-2), today), NotesJson.Default.ReportNotes);
            yield return NewStep.With(StepNames.Economics, new ReportNotes(Dataset.SkuDay, today.AddDays(-10), today.AddDays(-1)), NotesJson.Default.ReportNotes);
        }

        yield return new(StepNames.Suggestions, null);
    }

    private static Change Creation(int number, int round, Random dice, Currency currency, List<Target> targets, ImmutableArray<Campaign> campaigns)
    {
        var keyword = targets.Where(target => target.Kind == TargetKind.Keyword).ElementAt(dice.Next(targets.Count(target => target.Kind == TargetKind.Keyword)));
        var text = $"soak word {round} {number}";
        var asin = string.Create(CultureInfo.InvariantCulture, $"B0{(round * 10_000) + number:00000000}");
        var product = targets.FirstOrDefault(target => target.Kind == TargetKind.Product);
        var auto = campaigns.FirstOrDefault(campaign => campaign.Targeting == TargetingType.Auto);
        var autoTarget = targets.FirstOrDefault(target => auto is not null && target.Campaign == auto.Id) ?? keyword;
        return (number % 8) switch
        {
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
    private sealed class State(ImmutableArray<Campaign> campaigns, List<Target> targets)
    {
        private readonly Dictionary<TargetId, Target> target = targets.ToDictionary(item => item.Id);
        private readonly Dictionary<CampaignId, Money> budget = campaigns.ToDictionary(item => item.Id, item => item.DailyBudget);
        private readonly Dictionary<(CampaignId, Placement), int> placement = [];

        /// <summary>No two of one round change the same thing.</summary>
        public List<Change> Updates(Random dice, int round, int most)
        {
            var possible = new List<Change>();
            foreach (var item in target.Values)
            {
                possible.Add(new SetBid(item.Campaign, item.AdGroup, item.Id, item.Kind, item.Bid, item.Bid + new Money(0.01m * (1 + (round % 5)), item.Bid.Currency)));
                possible.Add(new SetTargetState(item.Campaign, item.AdGroup, item.Id, item.Kind, item.State, item.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled));
            }

            foreach (var campaign in campaigns)
            {
                possible.Add(new SetBudget(campaign.Id, budget[campaign.Id], budget[campaign.Id] + new Money(1, budget[campaign.Id].Currency)));
                foreach (var place in Enum.GetValues<Placement>())
                {
                    var percent = placement.TryGetValue((campaign.Id, place), out var known) ? known : campaign.PercentAt(place);
                    possible.Add(new SetPlacement(campaign.Id, place, percent, (percent + 7) % 300));
                }
            }

            var chosen = possible.OrderBy(_ => dice.Next()).Take(most).ToList();
            foreach (var change in chosen)
            {
                switch (change)
                {
                    case SetBid bid: target[bid.Target] = target[bid.Target] with { Bid = bid.After }; break;
                    case SetTargetState turned: target[turned.Target] = target[turned.Target] with { State = turned.After }; break;
                    case SetBudget spent: budget[spent.Campaign] = spent.After; break;
                    case SetPlacement placed: placement[(placed.Campaign, placed.Placement)] = placed.AfterPercent; break;
                }
            }

            return chosen;
        }
    }
}

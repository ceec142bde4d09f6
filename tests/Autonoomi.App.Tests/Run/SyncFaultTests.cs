using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>A sync meets one thing that is wrong, and everything else goes on: the product's steps on a SQLite vault against the pretend Amazon.</summary>
public sealed class SyncFaultTests : IAsyncLifetime
{
    private readonly Wire wire = new();
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 40, "--products", "4");
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, services =>
        {
            foreach (var name in new[] { "autonoomi-amazon-ads", "autonoomi-amazon-selling-partner", "autonoomi-amazon-documents" }) services.AddHttpClient(name).AddHttpMessageHandler(() => new Tap(wire));
        }, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task The_first_import_orders_its_newest_reports_first_and_their_targets_open_the_overview_long_before_its_end()
    {
        var workspaces = shop.Services.GetRequiredService<Workspaces>();
        var progress = shop.Services.GetRequiredService<RunProgress>();
        var opened = new ConcurrentQueue<(int Done, int Total)>();
        workspaces.Changed += (seller, storefront) => opened.Enqueue(progress.Current(seller, storefront) is { } view ? (view.StepsDone, view.StepsTotal) : default);
        Assert.Equal(0, (await workspaces.GetAsync(shop.Seller, shop.Storefront, Stop)).TargetDays.Rows);

        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        var (ordered, others) = (Places("POST /reporting/reports"), new[] { "GET /listings/", "GET /orders/", "POST /dataKiosk/", "POST /reports/", "POST /sp/targets/bid/recommendations", "POST /portfolios/list" }.SelectMany(Places).ToList());
        var newest = ReportPlan.Of([Autonoomi.Core.Advertising.AdProduct.SponsoredProducts]).Count;
        Assert.True(ordered.Count > newest, $"{ordered.Count} reports");
        Assert.True(others.Count >= 6, $"{others.Count} other calls");
        Assert.True(ordered[newest - 1] < others.Min(), $"report {newest} was ordered as call {ordered[newest - 1]}, another call was {others.Min()}");

        // The first one to open it brings targets; half of the import is still to come then.
        Assert.True(opened.TryPeek(out var first) && first.Total > 0 && first.Done * 2 < first.Total, $"{first}");
        Assert.True(opened.Count > newest, "each of the newest reports shows itself");
        Assert.True((await workspaces.GetAsync(shop.Seller, shop.Storefront, Stop)).TargetDays.Rows > 0);
    }

    [Fact]
    [Promise("P-1.2-f")]
    public async Task Where_roles_are_missing_the_run_goes_on_with_what_is_known_and_every_operation_is_noted()
    {
        var steps = Reads(await TodayAsync());
        var before = await shop.RunAsync(RunKind.Apply, steps, Stop);
        Assert.True(before.State == RunState.Done, before.Error);
        var known = await shop.ContentAsync(Stop);
        Assert.Superset(new HashSet<Dataset> { Dataset.Listing, Dataset.InventoryDay, Dataset.OrderDay, Dataset.SkuDay, Dataset.LedgerDay, Dataset.FeeEstimate, Dataset.TrafficDay, Dataset.StockPlan, Dataset.ReturnDay }, known.Keys.ToHashSet());

        await amazon.SetFaultsAsync(new { removeRoles = new[] { "/listings/", "/orders/", "/dataKiosk/", "/finances/", "/products/fees/", "/reports/" } }, Stop);
        await (await shop.VaultAsync(Stop)).CommitAsync(new VaultWrite().Delete(RecordKind.Sync, RecordKind.RecordId(shop.Storefront, "fees")), Stop); // all fees are due again
        var run = await shop.RunAsync(RunKind.Apply, steps, Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        Assert.Equal(known, await shop.ContentAsync(Stop));
        var view = (await shop.Services.GetRequiredService<GrantBook>().OfAsync(shop.Seller, Stop)).Single(grant => grant.Kind == GrantKind.SellingPartner);
        Assert.Equal(GrantState.Active, view.State);
        Assert.Equal(
            ["GET /finances/2024-06-19/transactions", "GET /listings/2021-08-01/items/{sellerId}", "GET /orders/2026-01-01/orders", "POST /dataKiosk/2023-11-15/queries", "POST /products/fees/v0/feesEstimate", "POST /reports/2021-06-30/reports"],
            view.Missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_first_import_without_any_role_of_the_selling_side_ends_well()
    {
        await amazon.SetFaultsAsync(new { removeRoles = new[] { "/listings/", "/fba/", "/orders/", "/dataKiosk/", "/finances/", "/products/fees/", "/reports/" } }, Stop);

        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        var content = await shop.ContentAsync(Stop);
        Assert.Contains(Dataset.TargetDay, content.Keys);
        Assert.DoesNotContain(Dataset.SkuDay, content.Keys);
    }

    [Fact]
    public async Task Without_the_right_to_campaigns_a_run_ends_with_amazons_words()
    {
        await amazon.SetFaultsAsync(new { closeProfiles = new[] { shop.Storefront.ToString() } }, Stop);

        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);

        Assert.Equal(RunState.Failed, run.State);
        Assert.NotEmpty((await shop.Services.GetRequiredService<GrantBook>().OfAsync(shop.Seller, Stop)).Single(grant => grant.Kind == GrantKind.Ads).Missing);
    }

    [Fact]
    public async Task Economics_and_visits_over_several_pages_are_the_same_as_in_one()
    {
        var today = await TodayAsync();
        IReadOnlyList<NewStep> steps = [Days(StepNames.Economics, Dataset.SkuDay, today.AddDays(-10), today.AddDays(-1), today), Days(StepNames.Selling, Dataset.TrafficDay, today.AddDays(-4), today.AddDays(-4), today)];
        await amazon.SetFaultsAsync(new { queryPageRows = 3 }, Stop);
        var paged = await shop.RunAsync(RunKind.Apply, steps, Stop);
        Assert.True(paged.State == RunState.Done, paged.Error);
        var pages = await shop.ContentAsync(Stop);
        var queries = Places("POST /dataKiosk/").Count;

        await amazon.SetFaultsAsync(new { queryPageRows = 0 }, Stop);
        var whole = await shop.RunAsync(RunKind.Apply, steps, Stop);

        Assert.True(whole.State == RunState.Done, whole.Error);
        Assert.Equal(2, Places("POST /dataKiosk/").Count - queries);
        Assert.True(queries > 10, $"{queries} queries");
        Assert.Equal(pages, await shop.ContentAsync(Stop));
        Assert.Superset(new HashSet<Dataset> { Dataset.SkuDay, Dataset.TrafficDay }, pages.Keys.ToHashSet());
        Assert.True((await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.TrafficDay, shop.Storefront, null, Stop)).Rows > 3, "more than a page of visits");
    }

    [Fact]
    public async Task A_settlement_that_cannot_be_read_is_said_and_left_alone_and_the_others_are_kept()
    {
        var vault = await shop.VaultAsync(Stop);
        var today = await TodayAsync();
        var latest = RecordKind.RecordId(shop.Storefront, "latest");
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Decision, latest, new StoredDecision(today, 0, 0, new(0, new Currency("USD")), [], System.Collections.Immutable.ImmutableSortedDictionary<string, int>.Empty), StoredJson.Default.StoredDecision, "latest"), Stop);
        wire.BreaksSettlement = true;

        for (var sync = 1; sync <= 4; sync++)
        {
            var run = await shop.RunAsync(RunKind.Apply, [new(StepNames.Ledger, null)], Stop);
            Assert.True(run.State == RunState.Done, run.Error);
            var mark = (await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(shop.Storefront, "ledger"), StoredJson.Default.LedgerMark, Stop))!;
            var unread = Assert.Single(mark.NotRead);
            Assert.Equal(Math.Min(sync, 3), unread.Tries);
            Assert.Contains("add up to", unread.Why, StringComparison.Ordinal);
            Assert.NotEmpty(mark.Settlements);
            Assert.DoesNotContain(unread.Id, mark.Settlements);
        }

        // Three times in vain, then never again; the others once each, and all of theirs is there.
        Assert.Equal(3, wire.Broken);
        var ledger = await vault.ReadAsync(Dataset.LedgerDay, shop.Storefront, null, Stop);
        var numbers = ledger.Longs("settlement").ToArray().Where(number => number != 0).ToHashSet();
        Assert.NotEmpty(numbers);
        Assert.DoesNotContain(wire.Chosen, numbers);
        Assert.Contains((int)LedgerSource.Transaction, ledger.Ints("source").ToArray());

        // It stands beside the newest decision at once, and the next decision says it too.
        var notes = (await vault.RecordAsync(RecordKind.Decision, latest, StoredJson.Default.StoredDecision, Stop))!.Notes;
        Assert.Contains("settlement report of", Assert.Single(notes).Text, StringComparison.Ordinal);
        var step = new StepContext(Guid.NewGuid(), RunKind.Full, 0, shop.Seller, shop.Storefront, 0, null, vault);
        Assert.Equal(notes, await Readings.DoubtsAsync(step, today, new Currency("USD"), Stop));
    }

    [Theory]
    [InlineData("cut in the middle")]
    [InlineData("a page of HTML")]
    [InlineData("a negative number")]
    public async Task A_hostile_document_of_the_selling_side_leaves_what_was_stored(string how)
    {
        var today = await TodayAsync();
        IReadOnlyList<NewStep> documents =
        [
            Days(StepNames.OrderFile, Dataset.OrderDay, today.AddDays(-20), today, today), Days(StepNames.Selling, Dataset.ReturnDay, today.AddDays(-20), today.AddDays(-1), today),
            Days(StepNames.Selling, Dataset.StockPlan, today, today, today), Days(StepNames.Selling, Dataset.TrafficDay, today.AddDays(-4), today.AddDays(-4), today),
            Days(StepNames.Economics, Dataset.SkuDay, today.AddDays(-10), today.AddDays(-1), today),
        ];
        var first = await shop.RunAsync(RunKind.Apply, documents, Stop);
        Assert.True(first.State == RunState.Done, first.Error);
        var known = await shop.ContentAsync(Stop);
        Assert.Superset(new HashSet<Dataset> { Dataset.OrderDay, Dataset.LedgerDay, Dataset.ReturnDay, Dataset.StockPlan, Dataset.TrafficDay, Dataset.SkuDay }, known.Keys.ToHashSet());

        foreach (var document in documents)
        {
            var (before, kind) = (wire.Spoiled, JsonSerializer.Deserialize(document.Notes!, NotesJson.Default.ReportNotes)!.Dataset);
            wire.Spoils = how;
            var run = await shop.RunAsync(RunKind.Apply, [document], Stop);
            wire.Spoils = null;

            Assert.True(run.State is RunState.Done or RunState.Failed, $"{kind}: {run.State}");
            Assert.DoesNotContain("PRETEND", run.Error ?? "", StringComparison.Ordinal);
            Assert.True(wire.Spoiled > before, $"{kind} was not spoiled");
            Assert.Equal(known, await shop.ContentAsync(Stop));
        }

        // What was spoiled is read like new once it is whole.
        var last = await shop.RunAsync(RunKind.Apply, documents, Stop);
        Assert.True(last.State == RunState.Done, last.Error);
        Assert.Equal(known, await shop.ContentAsync(Stop));
    }

    private List<int> Places(string call) => [.. wire.Calls.Index().Where(item => item.Item.StartsWith(call, StringComparison.Ordinal)).Select(item => item.Index)];

    private async Task<DateOnly> TodayAsync() =>
        shop.Services.GetRequiredService<BusinessClock>().Today(await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop));

    private static List<NewStep> Reads(DateOnly today) =>
    [
        Days(StepNames.OrderFile, Dataset.OrderDay, today.AddDays(-20), today, today), new(StepNames.Listings, null), Days(StepNames.Orders, Dataset.OrderDay, today.AddDays(-2), today, today),
        Days(StepNames.Economics, Dataset.SkuDay, today.AddDays(-10), today.AddDays(-1), today), new(StepNames.Ledger, null), new(StepNames.Fees, null),
        Days(StepNames.Selling, Dataset.StockPlan, today, today, today), Days(StepNames.Selling, Dataset.TrafficDay, today.AddDays(-4), today.AddDays(-4), today),
        Days(StepNames.Selling, Dataset.ReturnDay, today.AddDays(-20), today.AddDays(-1), today),
    ];

    private static NewStep Days(string kind, Dataset dataset, DateOnly first, DateOnly last, DateOnly today) => NewStep.With(kind, new ReportNotes(dataset, first, last, Today: today), NotesJson.Default.ReportNotes);

    /// <summary>What went over the wire, and one settlement that loses its last row on the way.</summary>
    private sealed class Wire
    {
        public ConcurrentQueue<string> Calls { get; } = new();

        public bool BreaksSettlement { get; set; }

        /// <summary>The settlement that came first.</summary>
        public long Chosen { get; private set; }

        public int Broken { get; private set; }

        /// <summary>How every document is spoiled on the way; null for not at all.</summary>
        public string? Spoils { get; set; }

        public int Spoiled { get; private set; }

        public byte[] Pass(byte[] packed)
        {
            if (Spoils is { } how)
            {
                Spoiled++;
                return how switch
                {
                    "cut in the middle" => packed[..(packed.Length / 2)],
                    "a page of HTML" => Pack("<html><body>PRETEND outage</body></html>"),
                    _ => Pack(Negative(Unpacked(packed))),
                };
            }

            var lines = Unpacked(packed).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (!lines[0].StartsWith("settlement-id\t", StringComparison.Ordinal)) return packed;
            var number = long.Parse(lines[1].Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
            if (Chosen == 0) Chosen = number;
            if (number != Chosen) return packed;
            Broken++;
            return Pack(string.Join('\n', lines[..^1]) + "\n");
        }

        // The last line of a flat file or of a Data Kiosk document, with a count below nothing.
        private static string Negative(string text)
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var head = lines[0].Split('\t');
            if (head.Length == 1) lines[^1] = Regex.Replace(lines[^1], "\"(unitsOrdered|pageViews)\":\\d+", "\"$1\":-5");
            else
            {
                var cells = lines[^1].Split('\t');
                cells[Array.FindIndex(head, name => name is "quantity" or "available")] = "-5";
                lines[^1] = string.Join('\t', cells);
            }

            return string.Join('\n', lines) + "\n";
        }

        private static string Unpacked(byte[] packed)
        {
            using var text = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
            return text.ReadToEnd();
        }

        private static byte[] Pack(string text)
        {
            using var file = new MemoryStream();
            using (var gzip = new GZipStream(file, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
            return file.ToArray();
        }
    }

    private sealed class Tap(Wire wire) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            wire.Calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");
            var response = await base.SendAsync(request, cancellationToken);
            if ((!wire.BreaksSettlement && wire.Spoils is null) || !request.RequestUri.AbsolutePath.StartsWith("/pretend-storage/", StringComparison.Ordinal)) return response;
            var content = new ByteArrayContent(wire.Pass(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
            content.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content = content;
            return response;
        }
    }
}

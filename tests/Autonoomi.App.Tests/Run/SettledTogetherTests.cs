using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>A seller with a German and a French storefront whose money the pretend Amazon settles in one file, listed for both: every row is in one ledger, once.</summary>
public sealed class SettledTogetherTests : IAsyncLifetime
{
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;
    private (SellerId Seller, StorefrontId Storefront) german;
    private (SellerId Seller, StorefrontId Storefront) french;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 33, "--products", "3", "--sellers", "US,DE+FR");
        await amazon.SetFaultsAsync(new { sharedSettlements = true }, Stop);
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
        foreach (var connected in shop.Connected)
        {
            var marketplace = await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(connected.Seller, connected.Storefront, Stop);
            if (marketplace.Country == "DE") german = connected;
            if (marketplace.Country == "FR") french = connected;
        }

        Assert.Equal(german.Seller, french.Seller);
        await shop.TurnToAsync(german, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task Both_read_the_same_files_and_their_ledgers_add_up_to_them_to_the_cent_whoever_reads_first()
    {
        var files = await FilesAsync();
        Assert.True(files.Count >= 2, $"{files.Count} files");

        await SettleAsync(french);
        var first = await SettledAsync();
        await SettleAsync(german);
        await SettleAsync(french);

        Assert.Equal(first, await SettledAsync());
        foreach (var (number, total) in files)
        {
            var mine = first.Where(row => row.Settlement == number).ToList();
            Assert.Equal(total, mine.Where(row => row.Kind != LedgerKind.Payout).Sum(row => row.Micros));
            Assert.Equal(-total, mine.Where(row => row.Kind == LedgerKind.Payout).Sum(row => row.Micros));
            var moved = mine.Where(row => row.Kind != LedgerKind.Payout).ToList();
            Assert.Equal(moved.Count, moved.Select(row => row.Line).Distinct().Count());
            foreach (var storefront in new[] { german.Storefront, french.Storefront }) Assert.Contains(mine, row => row.Storefront == storefront && row.Kind == LedgerKind.ProductCharge);
        }

        // Orders stand where Amazon posted them.
        foreach (var storefront in new[] { german, french })
        {
            var ledger = Movement.Of(await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.LedgerDay, storefront.Storefront, null, Stop));
            var posted = ledger.Where(movement => movement.Source == LedgerSource.Transaction).Select(movement => movement.OrderKey).ToHashSet();
            Assert.DoesNotContain(ledger, movement => movement.Source == LedgerSource.Settlement && movement.OrderKey != 0 && !posted.Contains(movement.OrderKey));
            Assert.All(Settlements.Of(ledger).All, settlement => Assert.True(settlement.AddsUp));
        }
    }

    [Fact]
    public async Task Money_of_a_marketplace_without_a_storefront_is_listed_until_there_is_one_and_then_moves_there()
    {
        var files = await FilesAsync();
        await ProfileAsync(french.Storefront, 0);
        await SettleAsync(german);

        var alone = await SettledAsync();
        var elsewhere = Assert.Single(await shop.Services.GetRequiredService<LedgerBook>().ElsewhereAsync(german.Seller, german.Storefront, Stop));
        Assert.Equal(("Amazon.fr", files.Count), (elsewhere.Name, elsewhere.Reports));
        Assert.True(elsewhere.Rows > 10, $"{elsewhere.Rows} rows");
        Assert.Equal($"Amazon.fr, {Platform.Shell.Display.Amount(elsewhere.Total)} in {Platform.Shell.Display.Count(elsewhere.Rows)} rows of {elsewhere.Reports} settlements", Features.Profit.ProfitWords.Of(elsewhere));
        Assert.DoesNotContain(alone, row => row.Storefront == french.Storefront);
        Assert.Equal(files.Values.Sum(), alone.Where(row => row.Kind != LedgerKind.Payout).Sum(row => row.Micros) + elsewhere.Total.ToMicros());

        await ProfileAsync(new(0), french.Storefront.Value);
        await SettleAsync(german);

        Assert.Empty(await shop.Services.GetRequiredService<LedgerBook>().ElsewhereAsync(german.Seller, german.Storefront, Stop));
        var both = await SettledAsync();
        Assert.Equal(elsewhere.Total.ToMicros(), both.Where(row => row.Storefront == french.Storefront && row.Kind is not (LedgerKind.Payout or LedgerKind.Advertising or LedgerKind.StorageMonthly)).Sum(row => row.Micros));
        Assert.Equal(files.Values.Sum(), both.Where(row => row.Kind != LedgerKind.Payout).Sum(row => row.Micros));
    }

    [Fact]
    public async Task Files_that_were_read_before_rows_were_told_apart_are_read_once_more_and_what_was_counted_twice_goes()
    {
        await SettleAsync(german);
        await SettleAsync(french);
        var right = await SettledAsync();
        var vault = await shop.VaultAsync(Stop);

        // As it stood before: each storefront took every file whole.
        foreach (var storefront in new[] { german, french })
        {
            var others = await vault.ReadAsync(Dataset.LedgerDay, storefront == german ? french.Storefront : german.Storefront, null, Stop);
            var (kinds, sources) = (others.Ints("kind").ToArray(), others.Ints("source").ToArray());
            var wrong = Autonoomi.App.Features.Run.Rows.Where(others, row => sources[row] == (int)LedgerSource.Settlement && kinds[row] != (int)LedgerKind.Payout);
            var own = await vault.ReadAsync(Dataset.LedgerDay, storefront.Storefront, null, Stop);
            var id = RecordKind.RecordId(storefront.Storefront, "ledger");
            var mark = (await vault.RecordAsync(RecordKind.Sync, id, StoredJson.Default.LedgerMark, Stop))!;
            var all = FactTable.Concat(Dataset.LedgerDay, [own, wrong]);
            var days = all.Ints("day").ToArray();
            pending.Add(write => write.ReplaceDays(Dataset.LedgerDay, storefront.Storefront, new(DateOnly.FromDayNumber(days.Min()), DateOnly.FromDayNumber(days.Max())), all)
                .Put(RecordKind.Sync, id, new LedgerMark(mark.PostedThrough, mark.Settlements.IsEmpty ? ["S1"] : mark.Settlements, [], Divided: false, []), StoredJson.Default.LedgerMark, "done"));
        }

        var doubled = new Autonoomi.Vault.VaultWrite();
        foreach (var add in pending) add(doubled);
        await vault.CommitAsync(doubled, Stop);
        Assert.NotEqual(right, await SettledAsync());

        await SettleAsync(german);

        Assert.Equal(right, await SettledAsync());
        await SettleAsync(french);
        Assert.Equal(right, await SettledAsync());
    }

    private readonly List<Action<Autonoomi.Vault.VaultWrite>> pending = [];

    private async Task SettleAsync((SellerId Seller, StorefrontId Storefront) storefront)
    {
        await shop.TurnToAsync(storefront, Stop);
        var run = await shop.RunAsync(RunKind.Apply, [new(StepNames.Ledger, null)], Stop);
        Assert.True(run.State == RunState.Done, run.Error);
    }

    /// <returns>What each settlement file says that it pays, in millionths, by its number.</returns>
    private async Task<SortedDictionary<long, long>> FilesAsync()
    {
        var (link, now) = (shop.Services.GetRequiredService<SellerLink>(), shop.Services.GetRequiredService<BusinessClock>().GetUtcNow());
        var seller = await link.SellingPartnerAsync(german.Seller, german.Storefront, Stop);
        var found = new SortedDictionary<long, long>();
        foreach (var report in await seller.SettlementsAsync(now.AddDays(-89), Stop))
        {
            Assert.Equal(2, report.Marketplaces.Length);
            var file = await seller.DownloadSettlementAsync(report.DocumentId!, link.OrderKeys(german.Seller), Stop);
            Assert.Equal(["", "Amazon.de", "Amazon.fr"], file.Parts.Select(part => part.Name));
            found.Add(file.Payout.Longs("settlement")[0], file.Total.ToMicros());
        }

        return found;
    }

    private async Task<List<(StorefrontId Storefront, long Settlement, LedgerKind Kind, long Line, long Micros)>> SettledAsync()
    {
        var vault = await shop.VaultAsync(Stop);
        var found = new List<(StorefrontId Storefront, long Settlement, LedgerKind Kind, long Line, long Micros)>();
        foreach (var storefront in new[] { german.Storefront, french.Storefront })
        {
            found.AddRange(Movement.Of(await vault.ReadAsync(Dataset.LedgerDay, storefront, null, Stop)).Where(movement => movement.Source == LedgerSource.Settlement)
                .Select(movement => (storefront, movement.Settlement, movement.Kind, movement.Line, movement.Micros)).OrderBy(row => row.Settlement).ThenBy(row => row.Line).ThenBy(row => row.Micros));
        }

        return found;
    }

    /// <summary>Takes the advertising profile from a storefront, or gives it one.</summary>
    private async Task ProfileAsync(StorefrontId from, long to)
    {
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        var row = await db.Storefronts.SingleAsync(item => item.Seller == french.Seller.Value && item.Storefront == from.Value && item.MarketplaceId == "A13V1IB3VIYZZH", Stop);
        row.Storefront = to;
        await db.SaveChangesAsync(Stop);
    }
}

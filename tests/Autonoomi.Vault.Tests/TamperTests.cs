using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault.Tests;

/// <summary>Somebody with full rights on the database, and without the keys.</summary>
public abstract class TamperTests(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>With <see cref="SealedBytesTests"/> on both engines: more than 10,000.</summary>
    private const int Tamperings = 200;

    [Fact]
    public async Task Of_random_tamperings_with_rows_none_is_accepted()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var (mine, other) = (await FilledAsync(store, 1), await FilledAsync(store, 2));
        var random = new Random(20261101);
        var accepted = new List<string>();
        var kinds = new Dictionary<string, int>();
        for (var time = 0; time < Tamperings; time++)
        {
            var before = await RowsOf(store, mine);
            await using (var db = store.OpenAsIntruder())
            {
                var what = await TamperAsync(db, mine, other, random);
                kinds[what] = kinds.GetValueOrDefault(what) + 1;
                if (await ReadsAsync(store, mine)) accepted.Add($"{time}: {what}");
            }

            await PutBackAsync(store, mine, before);
            if (time % 50 == 0) Assert.True(await ReadsAsync(store, mine), "The untouched data must open, or the test proves nothing.");
        }

        Assert.Empty(accepted);
        Assert.Equal(Operations, kinds.Count);
        Assert.True(await ReadsAsync(store, mine));
        Assert.True(await ReadsAsync(store, other));
    }

    [Fact]
    public async Task A_whole_old_database_is_refused_also_after_a_restart()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await FilledAsync(store, 1);
        var old = await RowsOf(store, seller);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        await vault.CommitAsync(new VaultWrite().Put("score", "new", new Note("newer", 9), TestJson.Default.Note, "new"), Cancel);
        await PutBackAsync(store, seller, old);

        Assert.Contains("revision", (await Assert.ThrowsAsync<SealBrokenException>(() => vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SealBrokenException>(() => vault.CommitAsync(new VaultWrite().Delete("score", "1"), Cancel));
        store.Restart();
        Assert.Contains("anchors", (await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.OpenAsync(seller, Purpose.Run, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_went_its_own_way_to_the_same_revision_is_refused()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await FilledAsync(store, 1);
        var fork = await RowsOf(store, seller);
        var anchor = System.IO.File.ReadAllBytes(AnchorOf(store, seller));
        await CommitNoteAsync(store, seller, "one");
        var here = System.IO.File.ReadAllBytes(AnchorOf(store, seller));
        await PutBackAsync(store, seller, fork);
        System.IO.File.WriteAllBytes(AnchorOf(store, seller), anchor);
        store.Restart();
        await CommitNoteAsync(store, seller, "two");

        System.IO.File.WriteAllBytes(AnchorOf(store, seller), here);
        store.Restart();

        Assert.Contains("own way", (await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.OpenAsync(seller, Purpose.Run, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_between_commit_and_anchor_loses_nothing()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await FilledAsync(store, 1);
        var anchor = System.IO.File.ReadAllBytes(AnchorOf(store, seller));
        await CommitNoteAsync(store, seller, "committed");
        System.IO.File.WriteAllBytes(AnchorOf(store, seller), anchor);

        store.Restart();

        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        Assert.Equal("committed", (await vault.RecordAsync("score", "late", TestJson.Default.Note, Cancel))?.Text);
        Assert.NotEqual(anchor, System.IO.File.ReadAllBytes(AnchorOf(store, seller)));
    }

    [Fact]
    public async Task An_anchor_cut_off_while_it_was_written_still_holds_the_one_before()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await FilledAsync(store, 1);
        var old = await RowsOf(store, seller);
        await CommitNoteAsync(store, seller, "one");
        await CommitNoteAsync(store, seller, "two");
        var whole = System.IO.File.ReadAllBytes(AnchorOf(store, seller));

        foreach (var slot in (int[])[0, 128])
        {
            var torn = (byte[])whole.Clone();
            torn.AsSpan(slot, 40).Clear();
            System.IO.File.WriteAllBytes(AnchorOf(store, seller), torn);
            store.Restart();
            _ = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        }

        whole.AsSpan().Clear();
        System.IO.File.WriteAllBytes(AnchorOf(store, seller), whole);
        store.Restart();
        Assert.Contains("Anchor", (await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.OpenAsync(seller, Purpose.Run, Cancel))).Message, StringComparison.Ordinal);

        // Deleting it is how an operator accepts a backup; it takes access to the key folder.
        await PutBackAsync(store, seller, old);
        System.IO.File.Delete(AnchorOf(store, seller));
        store.Restart();
        _ = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
    }

    [Fact]
    [Promise("P-3-i")]
    public async Task A_database_of_another_key_or_environment_is_refused_at_start()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        await store.Vaults.VerifyStoreAsync(Cancel);
        await store.Vaults.VerifyStoreAsync(Cancel);
        using var demo = KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "demo-keys"), "demo");
        using (KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "empty"), "test")) { }
        using var again = KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "empty"), "test");
        using var fresh = KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "fresh"), "test");

        await Assert.ThrowsAsync<WrongMasterKeyException>(() => new SellerVaults(store.OpenDb, again).VerifyStoreAsync(Cancel));
        Assert.Contains("taken back", (await Assert.ThrowsAsync<MasterKeyMissingException>(() => new SellerVaults(store.OpenDb, fresh).VerifyStoreAsync(Cancel))).Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(fresh.MasterKeyFile));
        await Assert.ThrowsAsync<MasterKeyMissingException>(() => new SellerVaults(store.OpenDb, demo).VerifyStoreAsync(Cancel));
        using var known = KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "known"), "demo");
        using var knownDemo = KeyChain.OpenOrCreate(System.IO.Path.Combine(store.Root, "known"), "demo");
        Assert.Contains("environment 'test'", (await Assert.ThrowsAsync<WrongMasterKeyException>(() => new SellerVaults(store.OpenDb, knownDemo).VerifyStoreAsync(Cancel))).Message, StringComparison.Ordinal);
        await using var db = store.OpenAsIntruder();
        await db.Stamps.ExecuteUpdateAsync(row => row.SetProperty(stamp => stamp.MasterKeyId, again.MasterKeyId), Cancel);
        await Assert.ThrowsAsync<WrongMasterKeyException>(() => new SellerVaults(store.OpenDb, again).VerifyStoreAsync(Cancel));
    }

    [Fact]
    public async Task A_seller_whose_row_was_deleted_is_not_made_anew()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await FilledAsync(store, 1);
        await using (var db = store.OpenAsIntruder()) await db.Sellers.Where(row => row.Id == seller.Value).ExecuteDeleteAsync(Cancel);
        store.Restart();

        await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.OpenAsync(seller, Purpose.Run, Cancel));
        await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.CreateAsync(seller, Cancel));
    }

    private const int Operations = 17;

    /// <summary>One random change to the rows of a seller that a database administrator could make.</summary>
    private static async Task<string> TamperAsync(VaultTestDb db, SellerId mine, SellerId other, Random random)
    {
        var segments = await db.Segments.Where(row => row.Seller == mine.Value).OrderBy(row => row.Dataset).ThenBy(row => row.Partition).ThenBy(row => row.Part).ToListAsync(Cancel);
        var records = await db.Records.Where(row => row.Seller == mine.Value).OrderBy(row => row.Kind).ThenBy(row => row.Id).ToListAsync(Cancel);
        var segment = segments[random.Next(segments.Count)];
        var second = segments.Where(row => row != segment).ElementAt(random.Next(segments.Count - 1));
        var record = records[random.Next(records.Count)];
        var secondRecord = records.Where(row => row != record).ElementAt(random.Next(records.Count - 1));
        var seller = await db.Sellers.SingleAsync(row => row.Id == mine.Value, Cancel);
        string what;
        switch (random.Next(Operations))
        {
            case 0: segment.Sealed = Flipped(segment.Sealed, random); what = "bit of a segment"; break;
            case 1: record.Sealed = Flipped(record.Sealed, random); what = "bit of a record"; break;
            case 2: seller.Head = Flipped(seller.Head, random); what = "bit of the head"; break;
            case 13: segment.Seal = Flipped(segment.Seal, random); what = "bit of a segment's seal"; break;
            case 14:
                (record.Sealed, record.Seal, secondRecord.Sealed, secondRecord.Seal) = (secondRecord.Sealed, secondRecord.Seal, record.Sealed, record.Seal);
                what = "swapped records with their seals";
                break;
            case 3: segment.Sealed = segment.Sealed[..random.Next(segment.Sealed.Length)]; what = "cut segment"; break;
            case 4: (segment.Sealed, second.Sealed) = (second.Sealed, segment.Sealed); what = "swapped segments"; break;
            case 5: (record.Sealed, secondRecord.Sealed) = (secondRecord.Sealed, record.Sealed); what = "swapped records"; break;
            case 6: db.Remove(segment); what = "removed segment"; break;
            case 7: db.Remove(record); what = "removed record"; break;
            case 8: segment.Revision--; what = "older revision"; break;
            case 9: record.State = record.State == "open" ? "expired" : "open"; what = "changed state"; break;
            case 10: record.DueAt = (record.DueAt ?? 0) + 1; what = "changed due time"; break;
            case 11: seller.Revision += random.Next(2) == 0 ? 1 : -1; what = "changed head revision"; break;
            case 12:
                var foreign = await db.Segments.AsNoTracking().Where(row => row.Seller == other.Value && row.Dataset == segment.Dataset && row.Partition == segment.Partition && row.Part == segment.Part).FirstAsync(Cancel);
                (segment.Sealed, segment.Rows) = (foreign.Sealed, foreign.Rows);
                what = "another seller's segment";
                break;
            case 15:
                db.Remove(segment);
                db.Add(new SegmentRow { Seller = mine.Value, Dataset = segment.Dataset, Storefront = segment.Storefront, Partition = segment.Partition, Part = segment.Part + 1, Revision = segment.Revision, Rows = segment.Rows, Seal = segment.Seal, Sealed = segment.Sealed });
                what = "changed part";
                break;
            default:
                db.Add(new RecordRow { Seller = mine.Value, Kind = record.Kind, Id = "added" + random.Next(), Revision = record.Revision, State = record.State, DueAt = record.DueAt, Seal = record.Seal, Sealed = record.Sealed });
                what = "copied record";
                break;
        }

        await db.SaveChangesAsync(Cancel);
        return what;
    }

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        var changed = (byte[])bytes.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    /// <summary>Reads all of a seller as a process that has just started.</summary>
    private static async Task<bool> ReadsAsync(Store store, SellerId seller)
    {
        try
        {
            var vault = await new SellerVaults(store.OpenDb, store.Keys).OpenAsync(seller, Purpose.Run, Cancel);
            Assert.Equal(40, (await vault.ReadAsync(Dataset.SearchTermDay, Facts.Shop, null, Cancel)).Rows);
            Assert.Equal(10, (await vault.ReadAsync(Dataset.Campaign, Facts.Shop, null, Cancel)).Rows);
            Assert.Equal(6, (await vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
            return true;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private static async Task<SellerId> FilledAsync(Store store, int seed)
    {
        var seller = await store.NewSellerAsync(Cancel);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        for (var number = 0; number < 6; number++)
            await vault.CommitAsync(new VaultWrite().Put("score", $"{number}", new Note($"note {number}", number), TestJson.Default.Note, number % 2 == 0 ? "open" : "done", number < 3 ? DateTimeOffset.UnixEpoch.AddDays(number) : null), Cancel);
        await vault.CommitAsync(new VaultWrite()
            .ReplaceDays(Dataset.SearchTermDay, Facts.Shop, Facts.Days(4), Facts.Table(Dataset.SearchTermDay, 4, 10, seed))
            .ReplaceSnapshot(Dataset.Campaign, Facts.Shop, Facts.Table(Dataset.Campaign, 1, 10, seed)), Cancel);
        return seller;
    }

    private static async Task CommitNoteAsync(Store store, SellerId seller, string text)
    {
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        await vault.CommitAsync(new VaultWrite().Put("score", "late", new Note(text, 0), TestJson.Default.Note, "new"), Cancel);
    }

    private static string AnchorOf(Store store, SellerId seller) => System.IO.Path.Combine(store.KeyFolder, "anchors", seller.ToString());

    private static async Task<(SellerRow Seller, List<SegmentRow> Segments, List<RecordRow> Records)> RowsOf(Store store, SellerId seller)
    {
        await using var db = store.OpenAsIntruder();
        return (await db.Sellers.AsNoTracking().SingleAsync(row => row.Id == seller.Value, Cancel),
            await db.Segments.AsNoTracking().Where(row => row.Seller == seller.Value).ToListAsync(Cancel),
            await db.Records.AsNoTracking().Where(row => row.Seller == seller.Value).ToListAsync(Cancel));
    }

    private static async Task PutBackAsync(Store store, SellerId seller, (SellerRow Seller, List<SegmentRow> Segments, List<RecordRow> Records) rows)
    {
        await using var db = store.OpenAsIntruder();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await db.Sellers.Where(row => row.Id == seller.Value).ExecuteDeleteAsync(Cancel);
        await db.Segments.Where(row => row.Seller == seller.Value).ExecuteDeleteAsync(Cancel);
        await db.Records.Where(row => row.Seller == seller.Value).ExecuteDeleteAsync(Cancel);
        db.Add(rows.Seller);
        db.AddRange(rows.Segments);
        db.AddRange(rows.Records);
        await db.SaveChangesAsync(Cancel);
        await transaction.CommitAsync(Cancel);
    }
}

public sealed class SqliteTamperTests() : TamperTests(Engine.Sqlite);

public sealed class PostgresTamperTests() : TamperTests(Engine.Postgres);

using System.IO;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault.Tests;

/// <summary>New keys for a seller: the same data, none of it under the old key, whoever reads and writes meanwhile.</summary>
public abstract class RotationTests(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_rotation_every_row_rests_under_the_new_key_and_says_the_same()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var facts = Facts.Table(Dataset.TargetDay, days: 5, rows: 40, seed: 3);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, Facts.Shop, Facts.Days(5), facts), Cancel);
        await vault.CommitAsync(Enumerable.Range(0, 50).Aggregate(new VaultWrite(), (write, number) => write.Put("score", $"id {number}", new Note($"text {number}", number), TestJson.Default.Note, "new")), Cancel);

        for (var version = 2; version <= 4; version++)
        {
            await store.Vaults.RotateAsync(seller, null, Cancel);

            await AssertAllUnderAsync(store, seller, version);
            await AssertContentAsync(await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel));
            store.Restart();
            await AssertContentAsync(await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel));
        }

        // The vault that was open before the first rotation reads on; a write of its own was decided on older data and is decided again.
        await AssertContentAsync(vault);
        await Assert.ThrowsAsync<VaultConflictException>(() => vault.CommitAsync(new VaultWrite().Delete("score", "id 1"), Cancel));

        async Task AssertContentAsync(SellerVault open)
        {
            Facts.AssertEqual(facts, await open.ReadAsync(Dataset.TargetDay, Facts.Shop, null, Cancel));
            Assert.Equal(Enumerable.Range(0, 50), (await open.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Select(note => note.Value.Number).Order());
            Assert.Equal("text 7", (await open.RecordAsync("score", "id 7", TestJson.Default.Note, Cancel))?.Text);
        }
    }

    [Fact]
    public async Task A_thousand_writes_of_two_processes_during_rotations_by_a_third_all_arrive()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var epoch = await store.Vaults.TakeOwnershipAsync(seller, "owner", Cancel);
        using var others = KeyChain.OpenOrCreate(store.KeyFolder, "test");
        using var rotator = KeyChain.OpenOrCreate(store.KeyFolder, "test");
        SellerVaults[] processes = [store.Vaults, new(store.OpenDb, others)];
        var third = new SellerVaults(store.OpenDb, rotator);

        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                var vault = await processes[writer % 2].OpenAsync(seller, Purpose.Run, Cancel);
                for (var number = writer; number < 1000; number += 4)
                {
                    await vault.CommitAsync(new VaultWrite(epoch).Put("score", $"id {number}", new Note("text", number), TestJson.Default.Note, "new"), Cancel);
                    if (number % 100 < 4) Assert.Equal(number, (await vault.RecordAsync("score", $"id {number}", TestJson.Default.Note, Cancel))?.Number);
                }
            },
            Cancel)));
        var rotations = 0;
        for (; !writing.IsCompleted || rotations == 0; rotations++)
        {
            await third.RotateAsync(seller, null, Cancel);
            rotator.RotateMaster(DateTimeOffset.UnixEpoch.AddDays(rotations));
            await Task.Delay(50, Cancel);
        }

        await writing;
        Assert.True(rotations >= 3, $"{rotations} rotations");
        store.Restart();
        var after = await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).RecordsAsync("score", TestJson.Default.Note, null, Cancel);
        Assert.Equal(Enumerable.Range(0, 1000), after.Select(note => note.Value.Number).Order());
        await AssertAllUnderAsync(store, seller, rotations + 1);
    }

    [Fact]
    public async Task Who_comes_late_to_the_anchor_with_a_key_of_before_takes_nothing_from_what_is_newer()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var older = store.Keys.BeginRotation(seller);
        store.Keys.FinishRotation(seller);
        var newer = store.Keys.BeginRotation(seller);
        store.Keys.FinishRotation(seller);
        var anchor = store.Keys.AnchorOf(seller);

        anchor.Write(newer, 1001, default);
        anchor.Write(newer, 1002, default);
        anchor.Write(older, 999, default);
        anchor.Write(older, 1000, default);

        Assert.Equal(1002, anchor.Read()?.Revision);
    }

    [Fact]
    public async Task A_stop_before_or_after_the_rows_are_committed_leaves_a_seller_that_opens_and_a_rotation_that_ends()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        await WriteAsync(store, seller, 1);

        store.Keys.BeginRotation(seller);
        store.Restart();
        await WriteAsync(store, seller, 2);
        var ledger = Path.Combine(store.KeyFolder, "ledger.json");
        var anchor = Path.Combine(store.KeyFolder, "anchors", seller.ToString());
        var (bothKeys, oldAnchor) = (await File.ReadAllBytesAsync(ledger, Cancel), await File.ReadAllBytesAsync(anchor, Cancel));

        // As if the process had died right after the commit: rows under the new key, ledger and anchor of before.
        await store.Vaults.RotateAsync(seller, null, Cancel);
        await File.WriteAllBytesAsync(ledger, bothKeys, Cancel);
        await File.WriteAllBytesAsync(anchor, oldAnchor, Cancel);
        store.Restart();
        Assert.Equal(2, (await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
        await WriteAsync(store, seller, 3);

        await store.Vaults.RotateAsync(seller, null, Cancel);

        store.Restart();
        Assert.Equal(3, (await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
        await AssertAllUnderAsync(store, seller, 2);
    }

    [Fact]
    public async Task A_changed_row_stops_the_rotation_and_nothing_is_lost()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        await WriteAsync(store, seller, 1);
        await WriteAsync(store, seller, 2);
        byte[] before;
        await using (var db = store.OpenAsIntruder())
        {
            var row = await db.Records.FirstAsync(record => record.Seller == seller.Value, Cancel);
            before = row.Sealed;
            row.Sealed = [.. before];
            row.Sealed[^1] ^= 1;
            await db.SaveChangesAsync(Cancel);
        }

        await Assert.ThrowsAsync<SealBrokenException>(() => store.Vaults.RotateAsync(seller, null, Cancel));

        await using (var db = store.OpenAsIntruder())
        {
            foreach (var record in await db.Records.Where(record => record.Seller == seller.Value).ToListAsync(Cancel))
                if (record.Seal.AsSpan().SequenceEqual(before.AsSpan(17, 16))) record.Sealed = before;
            await db.SaveChangesAsync(Cancel);
        }

        await store.Vaults.RotateAsync(seller, null, Cancel);
        await AssertAllUnderAsync(store, seller, 2);
    }

    [Fact]
    public async Task Columns_of_control_tables_under_the_sellers_key_open_during_the_rotation_and_after_it()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var (first, second) = (store.Keys.ForSeller(seller).SealText("t", "c", "1", "one"), Array.Empty<byte>());

        await store.Vaults.RotateAsync(
            seller,
            (_, sealer, _) =>
            {
                second = sealer.SealText("t", "c", "2", "two");
                first = sealer.SealText("t", "c", "1", sealer.OpenText("t", "c", "1", first));
                Assert.Equal("two", store.Keys.ForSeller(seller).OpenText("t", "c", "2", second));
                return Task.CompletedTask;
            },
            Cancel);

        store.Restart();
        Assert.Equal("one", store.Keys.ForSeller(seller).OpenText("t", "c", "1", first));
        Assert.Equal("two", store.Keys.ForSeller(seller).OpenText("t", "c", "2", second));
        Assert.Equal((2, 2), (Cipher.VersionOf(first), Cipher.VersionOf(second)));
    }

    [Fact]
    public async Task A_seller_without_rows_gets_a_new_key_and_a_shredded_one_none()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        SellerId bare = new(Guid.NewGuid()), gone = await store.NewSellerAsync(Cancel);
        store.Keys.CreateSeller(bare);
        await store.Vaults.ShredAsync(gone, Cancel);

        await store.Vaults.RotateAsync(bare, null, Cancel);
        await Assert.ThrowsAsync<SellerKeyMissingException>(() => store.Vaults.RotateAsync(gone, null, Cancel));

        Assert.Equal([bare], store.Keys.Sellers());
        await store.Vaults.CreateAsync(bare, Cancel);
        await WriteAsync(store, bare, 1);
    }

    [Fact]
    public async Task A_database_of_before_a_master_rotation_is_taken_to_the_new_key_by_the_next_start()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        await store.Vaults.VerifyStoreAsync(Cancel);
        var (old, next) = store.Keys.RotateMaster(DateTimeOffset.UnixEpoch);
        store.Restart();

        await store.Vaults.VerifyStoreAsync(Cancel);

        Assert.NotEqual(old, next);
        await using var db = store.OpenDb();
        Assert.Equal(next, (await db.Stamps.SingleAsync(Cancel)).MasterKeyId);
        await store.Vaults.VerifyStoreAsync(Cancel);
    }

    private static async Task WriteAsync(Store store, SellerId seller, int number) =>
        await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(new VaultWrite().Put("score", $"id {number}", new Note("text", number), TestJson.Default.Note, "new"), Cancel);

    private static async Task AssertAllUnderAsync(Store store, SellerId seller, int version)
    {
        await using var db = store.OpenAsIntruder();
        var sealedBytes = (await db.Records.Where(row => row.Seller == seller.Value).Select(row => row.Sealed).ToListAsync(Cancel))
            .Concat(await db.Segments.Where(row => row.Seller == seller.Value).Select(row => row.Sealed).ToListAsync(Cancel))
            .Append((await db.Sellers.SingleAsync(row => row.Id == seller.Value, Cancel)).Head).ToList();
        Assert.All(sealedBytes, bytes => Assert.Equal(version, Cipher.VersionOf(bytes)));
        Assert.DoesNotContain("\"next\"", await File.ReadAllTextAsync(Path.Combine(store.KeyFolder, "ledger.json"), Cancel), StringComparison.Ordinal);
    }
}

public sealed class SqliteRotationTests() : RotationTests(Engine.Sqlite);

public sealed class PostgresRotationTests() : RotationTests(Engine.Postgres);

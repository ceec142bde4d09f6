using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault.Tests;

public abstract class FencingTests(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stale_owners_write_is_refused_and_leaves_nothing()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var old = await store.Vaults.TakeOwnershipAsync(seller, "process one", Cancel);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        await vault.CommitAsync(Note(new VaultWrite(old), "1"), Cancel);

        var next = await store.Vaults.TakeOwnershipAsync(seller, "process two", Cancel);

        Assert.Equal(old + 1, next);
        var ran = false;
        var stale = await Assert.ThrowsAsync<StaleOwnerException>(() => vault.CommitAsync(Note(new VaultWrite(old), "2").Also((_, _) =>
        {
            ran = true;
            return Task.CompletedTask;
        }), Cancel));
        Assert.Contains($"epoch {next}", stale.Message, StringComparison.Ordinal);
        Assert.False(ran);
        await vault.CommitAsync(Note(new VaultWrite(next), "3"), Cancel);
        Assert.Equal(["1", "3"], (await vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Select(record => record.Id));
    }

    [Fact]
    public async Task A_write_without_epoch_on_an_old_revision_conflicts_and_works_after_opening_again()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var screen = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var elsewhere = new SellerVaults(store.OpenDb, store.Keys);
        await (await elsewhere.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(Note(new VaultWrite(), "1"), Cancel);

        await Assert.ThrowsAsync<VaultConflictException>(() => screen.CommitAsync(Note(new VaultWrite(), "2"), Cancel));
        Assert.Single(await screen.RecordsAsync("score", TestJson.Default.Note, null, Cancel));
        await Assert.ThrowsAsync<VaultConflictException>(() => screen.CommitAsync(Note(new VaultWrite(), "2"), Cancel));

        screen = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        await screen.CommitAsync(Note(new VaultWrite(), "2"), Cancel);
        await screen.CommitAsync(Note(new VaultWrite(), "3"), Cancel);
        Assert.Equal(3, (await screen.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
    }

    [Fact]
    public async Task The_owners_write_is_repeated_on_top_of_others_commits()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var epoch = await store.Vaults.TakeOwnershipAsync(seller, "owner", Cancel);
        var owner = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var elsewhere = new SellerVaults(store.OpenDb, store.Keys);

        for (var number = 0; number < 5; number++)
        {
            await (await elsewhere.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(Note(new VaultWrite(), $"screen {number}"), Cancel);
            await owner.CommitAsync(Note(new VaultWrite(epoch), $"owner {number}"), Cancel);
        }

        Assert.Equal(10, (await owner.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
    }

    [Fact]
    public async Task Many_writers_and_readers_at_once_lose_nothing_and_see_only_whole_commits()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var epoch = await store.Vaults.TakeOwnershipAsync(seller, "owner", Cancel);
        var processes = Enumerable.Range(0, 2).Select(_ => new SellerVaults(store.OpenDb, store.Keys)).ToArray();
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            var vault = await processes[number].OpenAsync(seller, Purpose.Run, Cancel);
            while (!done.IsCancellationRequested)
            {
                // Each commit writes one day and one note with its number of rows.
                var notes = await vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel);
                Assert.True((await vault.ReadAsync(Dataset.SkuDay, Facts.Shop, null, Cancel)).Rows >= notes.Count);
            }
        }, Cancel)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var vault = await processes[writer % 2].OpenAsync(seller, Purpose.Run, Cancel);
            for (var number = 0; number < 10; number++)
            {
                var day = Facts.Day.AddDays(-(writer * 10 + number));
                var table = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay)).Day(day).Text("S").Long(1).Long(1).Long(1).Long(1).Long(1).Long(1).Long(1).Long(1).Long(1).Build();
                await vault.CommitAsync(Note(new VaultWrite(epoch), $"{writer} {number}").ReplaceDays(Dataset.SkuDay, Facts.Shop, new(day, day), table), Cancel);
            }
        }, Cancel)));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        store.Restart();
        var after = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        Assert.Equal(40, (await after.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Count);
        Assert.Equal(40, (await after.ReadAsync(Dataset.SkuDay, Facts.Shop, null, Cancel)).Rows);
    }

    [Fact]
    public async Task After_shredding_nothing_opens_and_nothing_is_left()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var (gone, stays) = (await store.NewSellerAsync(Cancel), await store.NewSellerAsync(Cancel));
        foreach (var seller in (SellerId[])[gone, stays])
            await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(Note(new VaultWrite(), "1"), Cancel);
        var open = await store.Vaults.OpenAsync(gone, Purpose.Run, Cancel);
        var token = store.Keys.ForSeller(gone).SealText("grant", "token", "1", "refresh");

        await store.Vaults.ShredAsync(gone, Cancel);
        await store.Vaults.ShredAsync(gone, Cancel);

        await Assert.ThrowsAsync<SellerKeyMissingException>(() => open.RecordsAsync("score", TestJson.Default.Note, null, Cancel));
        await Assert.ThrowsAsync<SellerKeyMissingException>(() => open.CommitAsync(Note(new VaultWrite(), "2"), Cancel));
        await Assert.ThrowsAsync<SellerKeyMissingException>(() => store.Vaults.OpenAsync(gone, Purpose.Run, Cancel));
        await Assert.ThrowsAsync<SellerKeyMissingException>(() => store.Vaults.CreateAsync(gone, Cancel));
        Assert.Throws<SellerKeyMissingException>(() => store.Keys.ForSeller(gone).OpenText("grant", "token", "1", token));
        Assert.DoesNotContain(gone.Value.ToString("D"), System.IO.File.ReadAllText(System.IO.Path.Combine(store.KeyFolder, "ledger.json")).Split("\"destroyed\"")[0], StringComparison.Ordinal);
        await using var db = store.OpenAsIntruder();
        Assert.Equal(0, await db.Records.CountAsync(row => row.Seller == gone.Value, Cancel) + await db.Sellers.CountAsync(row => row.Id == gone.Value, Cancel));
        Assert.Single(await (await store.Vaults.OpenAsync(stays, Purpose.Run, Cancel)).RecordsAsync("score", TestJson.Default.Note, null, Cancel));
    }

    private static VaultWrite Note(VaultWrite write, string id) => write.Put("score", id, new Note("text", 1), TestJson.Default.Note, "new");
}

public sealed class SqliteFencingTests() : FencingTests(Engine.Sqlite);

public sealed class PostgresFencingTests() : FencingTests(Engine.Postgres);

using System.IO;
using System.Text;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault.Tests;

public abstract class AtRestTests(Engine engine)
{
    private const int Canaries = 64;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_canary_is_in_any_file_of_the_data_folder() => Assert.Equal(0, await FoundAsync(sealingOff: false));

    [Fact]
    public async Task The_same_scan_finds_every_canary_when_sealing_is_off() => Assert.Equal(Canaries, await FoundAsync(sealingOff: true));

    /// <returns>How many of the planted strings the raw bytes of the data folder hold.</returns>
    private async Task<int> FoundAsync(bool sealingOff)
    {
        var canaries = Enumerable.Range(0, Canaries).Select(number => $"canary{number:00}{Guid.NewGuid():N}"[..24]).ToArray();
        await using var store = await Store.StartAsync(engine, sealingOff, Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);
        for (var number = 0; number < Canaries; number++)
        {
            var (canary, day) = (canaries[number], Facts.Day.AddDays(-number));
            var write = (number % 6) switch
            {
                0 => new VaultWrite().ReplaceDays(Dataset.SearchTermDay, Facts.Shop, new(day, day),
                    new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay)).Day(day).Long(1).Long(2).Long(3).Text(canary).Long(1).Long(1).Long(1).Long(1).Long(1).Long(1).Build()),
                1 => new VaultWrite().ReplaceSnapshot(Dataset.Campaign, new(number),
                    new FactTableBuilder(TableSchema.Of(Dataset.Campaign)).Long(1).Text(canary).Int(0).Int(0).Long(1).Int(0).Int(0).Int(0).Int(0).Int(0).Int(0).Int(0).Build()),
                2 => new VaultWrite().ReplaceSnapshot(Dataset.Listing, new(number),
                    new FactTableBuilder(TableSchema.Of(Dataset.Listing)).Text("S").Text("A").Text(canary).Long(1).Int(1).Build()),
                3 => new VaultWrite().Put("cost", canary, new Note("by article number", 1), TestJson.Default.Note, "current"),
                4 => new VaultWrite().Put("score", $"{number}", new Note(canary, 1), TestJson.Default.Note, "current"),
                _ => new VaultWrite().Also((db, _) =>
                {
                    db.Add(new StepRow { Id = number, Name = Convert.ToBase64String(store.Keys.Application.SealText("step", "name", $"{number}", canary)) });
                    return Task.CompletedTask;
                }),
            };
            await vault.CommitAsync(write, Cancel);
        }

        // Sealed bytes of a control column rest as Base64 here, so the scan looks for both spellings.
        await store.FlushAsync(Cancel);

        // An open connection keeps SQLite's write-ahead log where it is while it is read.
        await using var open = store.OpenAsIntruder();
        await open.Database.OpenConnectionAsync(Cancel);
        var files = Directory.GetFiles(store.Data, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0).ToArray();
        if (engine == Engine.Sqlite) Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        var left = canaries.Select((canary, number) => (Text: Encoding.ASCII.GetBytes(canary), Coded: Coded(canary))).ToList();
        foreach (var file in files)
        {
            // A running PostgreSQL throws away caches of its catalogue meanwhile; what is gone holds nothing.
            if (await SharedReadAsync(file) is not { } bytes) continue;
            left.RemoveAll(canary => bytes.AsSpan().IndexOf(canary.Text) >= 0 || bytes.AsSpan().IndexOf(canary.Coded) >= 0);
        }

        return Canaries - left.Count;
    }

    /// <summary>The middle of the Base64 form after the cipher's 33 bytes of header, which end on a group of three.</summary>
    private static byte[] Coded(string canary) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes(canary)));

    private static async Task<byte[]?> SharedReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, Cancel);
            return copy.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

public sealed class SqliteAtRestTests() : AtRestTests(Engine.Sqlite);

public sealed class PostgresAtRestTests() : AtRestTests(Engine.Postgres);

public sealed class RowSecurityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_setting_or_with_another_sellers_a_plain_role_sees_no_row()
    {
        await using var store = await Store.StartAsync(Engine.Postgres, cancellationToken: Cancel);
        var (mine, other) = (await store.NewSellerAsync(Cancel), await store.NewSellerAsync(Cancel));
        foreach (var seller in (Core.Primitives.SellerId[])[mine, other])
            await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(new VaultWrite()
                .Put("score", "1", new Note("x", 1), TestJson.Default.Note, "new").ReplaceSnapshot(Dataset.Campaign, Facts.Shop, Facts.Table(Dataset.Campaign, 1, 3, 1)), Cancel);

        await using var db = store.OpenDb();
        Assert.Equal((0, 0, 0), await CountsAsync(db));
        await using (await VaultEngine.BeginAsync(db, mine, write: false, Cancel))
        {
            Assert.Equal((1, 1, 1), await CountsAsync(db));
            Assert.Equal(mine.Value, await db.Records.Select(row => row.Seller).SingleAsync(Cancel));
        }

        Assert.Equal((0, 0, 0), await CountsAsync(db));
        await using (await db.Database.BeginTransactionAsync(Cancel))
        {
            await VaultEngine.AsPollerAsync(db, Cancel);
            Assert.Equal((2, 0, 0), await CountsAsync(db));
        }

        await using var intruder = store.OpenAsIntruder();
        Assert.Equal((2, 2, 2), await CountsAsync(intruder));
    }

    [Fact]
    public async Task A_row_for_another_seller_cannot_be_written()
    {
        await using var store = await Store.StartAsync(Engine.Postgres, cancellationToken: Cancel);
        var (mine, other) = (await store.NewSellerAsync(Cancel), await store.NewSellerAsync(Cancel));
        await using var db = store.OpenDb();
        await using var transaction = await VaultEngine.BeginAsync(db, mine, write: true, Cancel);

        Assert.Equal(0, await db.Sellers.Where(row => row.Id == other.Value).ExecuteUpdateAsync(row => row.SetProperty(seller => seller.Owner, "thief"), Cancel));
        db.Add(new RecordRow { Seller = other.Value, Kind = "score", Id = "1", State = "new", Seal = [], Sealed = [1] });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));
    }

    [Fact]
    public async Task A_setting_outside_a_transaction_is_refused()
    {
        await using var store = await Store.StartAsync(Engine.Postgres, cancellationToken: Cancel);
        await using var db = store.OpenDb();

        await Assert.ThrowsAsync<InvalidOperationException>(() => VaultEngine.AsSellerAsync(db, new(Guid.NewGuid()), Cancel));
        Assert.Throws<ArgumentException>(() => VaultEngine.ConfigurePostgres(new DbContextOptionsBuilder(), "Host=h;No Reset On Close=true"));
    }

    private static async Task<(int Sellers, int Segments, int Records)> CountsAsync(VaultTestDb db) =>
        (await db.Sellers.CountAsync(Cancel), await db.Segments.CountAsync(Cancel), await db.Records.CountAsync(Cancel));
}

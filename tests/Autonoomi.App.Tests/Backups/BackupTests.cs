using System.IO;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Backups;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Backups;

/// <summary>The store comes back whole, without those who left, or not at all.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
    private readonly string root = Directory.CreateTempSubdirectory("autonoomi-backups-").FullName;
    private readonly Guid organisation = Guid.NewGuid();
    private WebApplication? app;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Sets => Path.Combine(root, "sets");

    private StorageSettings Storage => new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(root, "data"), KeyFolder = Path.Combine(root, "keys") }.Completed();

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task After_a_shred_an_older_set_brings_back_every_other_seller_whole_and_nothing_of_the_shredded_one()
    {
        List<(SellerId Seller, StorefrontId Storefront)> sellers = [];
        for (var number = 0; number < 3; number++) sellers.Add(await SellerAsync());
        var before = new Dictionary<SellerId, string>();
        foreach (var (seller, storefront) in sellers) before[seller] = await ContentAsync(seller, storefront);

        // While the product runs: the copy is of one moment.
        var taken = await TakeBackup.RunAsync(Storage, Sets, Now, Stop);
        Assert.True(taken.Bytes > 0);
        await Services.GetRequiredService<SellerVaults>().ShredAsync(sellers[0].Seller, Stop);
        var vault = await Services.GetRequiredService<SellerVaults>().OpenAsync(sellers[1].Seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Listing, sellers[1].Storefront, FactTable.Empty(Dataset.Listing)), Stop);
        await StopAsync();

        var restored = await RestoreBackup.RunAsync(Storage, Sets, replace: true, Now.AddDays(13), Stop);

        Assert.Equal(taken.Folder, restored.Folder);
        Assert.Equal(2, restored.Sellers);
        Assert.True(restored.Forgotten >= 4);
        await StartAsync();
        await AssertNothingOfAsync(sellers[0].Seller);
        foreach (var (seller, storefront) in sellers.Skip(1)) Assert.Equal(before[seller], await ContentAsync(seller, storefront));
        Assert.Empty(Directory.GetFiles(Storage.DataFolder, "*copy*"));
        Assert.True((await Services.GetRequiredService<AuditLog>().VerifyAsync(Stop)).IsWhole);

        // Life goes on with the restored keys and anchors.
        var again = await Services.GetRequiredService<SellerVaults>().OpenAsync(sellers[1].Seller, Purpose.Run, Stop);
        await again.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Listing, sellers[1].Storefront, FactTable.Empty(Dataset.Listing)), Stop);
    }

    [Fact]
    public async Task A_database_file_that_somebody_put_back_by_hand_shows_nothing_of_a_shredded_seller_after_the_next_start()
    {
        var (gone, _) = await SellerAsync();
        var (stays, storefront) = await SellerAsync();
        var content = await ContentAsync(stays, storefront);
        await StopAsync();
        var older = Path.Combine(root, "older.db");
        File.Copy(Storage.DatabaseFile, older);
        await StartAsync();
        await Services.GetRequiredService<SellerVaults>().ShredAsync(gone, Stop);
        await StopAsync();
        File.Copy(older, Storage.DatabaseFile, overwrite: true);

        await StartAsync();

        await AssertNothingOfAsync(gone);
        Assert.Equal(content, await ContentAsync(stays, storefront));
    }

    [Fact]
    public async Task On_a_new_machine_the_master_key_and_a_set_are_enough()
    {
        var (seller, storefront) = await SellerAsync();
        var content = await ContentAsync(seller, storefront);
        await TakeBackup.RunAsync(Storage, Sets, Now, Stop);
        await StopAsync();
        var master = await File.ReadAllTextAsync(Path.Combine(Storage.KeyFolder, "master.key"), Stop);
        Directory.Delete(Storage.DataFolder, recursive: true);
        Directory.Delete(Storage.KeyFolder, recursive: true);
        await Assert.ThrowsAsync<MasterKeyMissingException>(() => RestoreBackup.RunAsync(Storage, Sets, replace: false, Now, Stop));
        await File.WriteAllTextAsync(Path.Combine(Storage.KeyFolder, "master.key"), master, Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(Storage.KeyFolder, "master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await RestoreBackup.RunAsync(Storage, Sets, replace: false, Now, Stop);

        await StartAsync();
        Assert.Equal(content, await ContentAsync(seller, storefront));
    }

    [Fact]
    public async Task What_is_refused_changes_nothing()
    {
        var (seller, storefront) = await SellerAsync();
        var content = await ContentAsync(seller, storefront);
        var taken = await TakeBackup.RunAsync(Storage, Sets, Now, Stop);

        Assert.Contains("Another Autonoomi", (await Assert.ThrowsAsync<SetupException>(() => RestoreBackup.RunAsync(Storage, Sets, replace: true, Now, Stop))).Message, StringComparison.Ordinal);
        await StopAsync();
        Assert.Contains("--replace", (await Assert.ThrowsAsync<SetupException>(() => RestoreBackup.RunAsync(Storage, Sets, replace: false, Now, Stop))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BackupException>(() => RestoreBackup.RunAsync(Storage, taken.Folder, replace: true, Now.AddDays(15), Stop));
        var production = new StorageSettings { Environment = DataEnvironment.Production, DataFolder = Storage.DataFolder, KeyFolder = Storage.KeyFolder }.Completed();
        Assert.Contains("'demo'", (await Assert.ThrowsAsync<BackupException>(() => RestoreBackup.RunAsync(production, taken.Folder, replace: true, Now, Stop))).Message, StringComparison.Ordinal);
        var cut = Path.Combine(taken.Folder, "store.sealed");
        var whole = await File.ReadAllBytesAsync(cut, Stop);
        await File.WriteAllBytesAsync(cut, whole[..^1], Stop);
        await Assert.ThrowsAsync<BackupException>(() => RestoreBackup.RunAsync(Storage, Sets, replace: true, Now, Stop));

        await StartAsync();
        Assert.Equal(content, await ContentAsync(seller, storefront));
    }

    [Fact]
    public async Task The_product_does_not_start_on_half_a_restore()
    {
        await SellerAsync();
        await TakeBackup.RunAsync(Storage, Sets, Now, Stop);
        await StopAsync();
        await File.WriteAllTextAsync(StoreStart.RestoreMark(Storage), "", Stop);

        Assert.Contains("cut off", (await Assert.ThrowsAsync<SetupException>(StartAsync)).Message, StringComparison.Ordinal);
        await StopAsync();

        await RestoreBackup.RunAsync(Storage, Sets, replace: false, Now, Stop);
        await StartAsync();
    }

    [Fact]
    public async Task Backups_of_PostgreSQL_are_refused_with_the_tool_that_takes_them()
    {
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, Provider = StorageEngine.Postgres, ConnectionString = "Host=localhost", DataFolder = Path.Combine(root, "data"), KeyFolder = Path.Combine(root, "keys") };

        Assert.Contains("pg_dump", (await Assert.ThrowsAsync<SetupException>(() => TakeBackup.RunAsync(storage, Sets, Now, Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("pg_restore", (await Assert.ThrowsAsync<SetupException>(() => RestoreBackup.RunAsync(storage, Sets, false, Now, Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_does_not_lie_where_the_data_or_the_keys_lie()
    {
        await Assert.ThrowsAsync<SetupException>(() => TakeBackup.RunAsync(Storage, Path.Combine(Storage.DataFolder, "sets"), Now, Stop));
        await Assert.ThrowsAsync<SetupException>(() => TakeBackup.RunAsync(Storage, Storage.KeyFolder, Now, Stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_a_destroyed_seller_go_from_every_table_that_names_a_seller(bool postgres)
    {
        await using var copy = postgres ? await PostgresCopies.TakeAsync() : null;
        var folder = Path.Combine(root, "second");
        var more = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (copy is not null) (more["Autonoomi:Storage:Provider"], more["Autonoomi:Storage:ConnectionString"]) = ("Postgres", copy.Connection);
        await using var product = RunningProduct.Build(folder, more);
        await StoreStart.PrepareAsync(product.Services, Stop);
        var open = product.Services.GetRequiredService<AppDbs>();
        var (gone, _) = await RunningProduct.ConnectAsync(product.Services, organisation);
        var (stays, _) = await RunningProduct.ConnectAsync(product.Services, organisation);
        product.Services.GetRequiredService<KeyChain>().DestroySeller(gone);

        var deleted = await ForgottenSellers.DeleteAsync(open.System, [gone], Stop);

        Assert.Equal(4, deleted);
        await using var db = open.System();
        Assert.Equal([stays.Value], await db.SellerAccounts.Select(row => row.Seller).ToListAsync(Stop));
        Assert.Equal([stays.Value], await db.Storefronts.Select(row => row.Seller).ToListAsync(Stop));
        foreach (var (seller, rows) in new[] { (gone, 0), (stays, 1) })
        {
            await using var vault = open.System();
            await using var transaction = await VaultEngine.BeginAsync(vault, seller, write: false, Stop);
            Assert.Equal(rows, await vault.Sellers.CountAsync(row => row.Id == seller.Value, Stop));
            Assert.Equal(rows, await vault.Segments.CountAsync(row => row.Seller == seller.Value, Stop));
        }

        if (!postgres) SqliteFiles.Release(folder);
    }

    private IServiceProvider Services => app!.Services;

    private async Task StartAsync()
    {
        app = RunningProduct.Build(root, []);
        await StoreStart.PrepareAsync(app.Services, Stop);
    }

    private async Task StopAsync()
    {
        if (app is not null) await app.DisposeAsync();
        app = null;
        SqliteFiles.Release(root);
    }

    private async Task<(SellerId Seller, StorefrontId Storefront)> SellerAsync()
    {
        var (seller, storefront) = await RunningProduct.ConnectAsync(Services, organisation);
        var keys = Services.GetRequiredService<KeyChain>();
        await using var db = Services.GetRequiredService<AppDbs>().System();
        db.Grants.Add(new GrantRow { Seller = seller.Value, Kind = GrantKind.Ads, Organisation = organisation, ConsentedAt = Now, State = GrantState.Active, SealedToken = keys.Application.SealText("grant", "token", $"{seller}/Ads", "Atzr|canary") });
        await db.SaveChangesAsync(Stop);
        return (seller, storefront);
    }

    private async Task<string> ContentAsync(SellerId seller, StorefrontId storefront)
    {
        var vault = await Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var table = await vault.ReadAsync(Dataset.Listing, storefront, null, Stop);
        await using var db = Services.GetRequiredService<AppDbs>().System();
        var account = await db.SellerAccounts.AsNoTracking().SingleAsync(row => row.Seller == seller.Value, Stop);
        return string.Join('|', EntityTables.Listings(table, new Currency("USD")).Select(listing => listing.ToString()).Append(Services.GetRequiredService<KeyChain>().Application.OpenText("seller_account", "name", seller.ToString(), account.SealedName)));
    }

    /// <summary>No key, and 0 rows in any table.</summary>
    private async Task AssertNothingOfAsync(SellerId seller)
    {
        await Assert.ThrowsAsync<SellerKeyMissingException>(() => Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop));
        await using var db = Services.GetRequiredService<AppDbs>().System();
        var tables = DeletionSaga.SellerTables(db.Model);
        Assert.True(tables.Count >= 10);
        foreach (var (table, column) in tables)
        {
#pragma warning disable EF1002 // names of the model's own tables and columns
            var rows = await db.Database.SqlQueryRaw<int>($"SELECT count(*) AS \"Value\" FROM \"{table}\" WHERE \"{column}\" = {{0}}", seller.Value).SingleAsync(Stop);
#pragma warning restore EF1002
            Assert.Equal(0, rows);
        }
    }
}

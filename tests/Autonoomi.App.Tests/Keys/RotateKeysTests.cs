using System.IO;
using Autonoomi.App.Features.Keys;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Keys;

/// <summary>The command that rotates, beside a product that runs.</summary>
public sealed class RotateKeysTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_stay_signed_in_and_data_stay_readable_through_a_rotation_and_a_restart_and_the_old_master_key_is_refused()
    {
        var root = Directory.CreateTempSubdirectory("autonoomi-rotate-").FullName;
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(root, "data"), KeyFolder = Path.Combine(root, "keys") }.Completed();
        var master = Path.Combine(storage.KeyFolder, "master.key");
        try
        {
            string cookie, old;
            SellerId seller;
            StorefrontId storefront;
            await using (var running = RunningProduct.Build(root, []))
            {
                await StoreStart.PrepareAsync(running.Services, Stop);
                (seller, storefront) = await RunningProduct.ConnectAsync(running.Services, Guid.NewGuid());
                await running.Services.GetRequiredService<AuditLog>().WriteAsync(new(AuditAction.SignIn, Actor.Operator, seller, "told of the seller"), Stop);
                cookie = Protector(running.Services).Protect("signed in");
                old = await File.ReadAllTextAsync(master, Stop);
                await using var db = running.Services.GetRequiredService<AppDbs>().System();
                var ring = await db.ProtectionKeys.AsNoTracking().Select(row => row.SealedXml).ToListAsync(Stop);

                var rotated = await RotateKeys.RunAsync(storage, Now, null, Stop);

                Assert.Equal(1, rotated.Sellers);
                Assert.Contains(rotated.OldMaster, old, StringComparison.Ordinal);
                Assert.NotEqual(old, await File.ReadAllTextAsync(master, Stop));
                Assert.NotEmpty(ring);
                Assert.Equal("signed in", Protector(running.Services).Unprotect(cookie));
                Assert.Equal(3, (await ReadAsync(running.Services, seller, storefront)).Rows);
            }

            SqliteFiles.Release(root);
            await using (var next = RunningProduct.Build(root, []))
            {
                await StoreStart.PrepareAsync(next.Services, Stop);
                Assert.Equal("signed in", Protector(next.Services).Unprotect(cookie));
                Assert.Equal(3, (await ReadAsync(next.Services, seller, storefront)).Rows);
                var told = await next.Services.GetRequiredService<AuditLog>().LinesAsync(Stop).ToListAsync(Stop);
                Assert.Contains(told, line => line.Object == "told of the seller");
                Assert.All(told, line => Assert.True(line.TextsOpen));
            }

            SqliteFiles.Release(root);
            await File.WriteAllTextAsync(master, old, Stop);
            Assert.Throws<WrongMasterKeyException>(() => RunningProduct.Build(root, []));
        }
        finally
        {
            SqliteFiles.Release(root);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_store_there_is_nothing_to_rotate_and_no_key_is_made()
    {
        var root = Directory.CreateTempSubdirectory("autonoomi-rotate-").FullName;
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(root, "data"), KeyFolder = Path.Combine(root, "keys") }.Completed();

        await Assert.ThrowsAsync<SetupException>(() => RotateKeys.RunAsync(storage, Now, null, Stop));

        Assert.False(Directory.Exists(storage.KeyFolder));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void No_column_rests_under_a_sellers_key_that_the_rotation_does_not_know()
    {
        // Whoever seals a column by KeyChain.ForSeller hands it to SellerVaults.RotateAsync in RotateKeys, and names its file here.
        string[] known = ["AuditLog.cs"];
        var source = Path.Combine(Repository.Root, "src", "Autonoomi.App");

        var files = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(source, file).StartsWith("obj", StringComparison.Ordinal) && File.ReadAllText(file).Contains(".ForSeller(", StringComparison.Ordinal));

        Assert.Equal(known, files.Select(Path.GetFileName).Order());
    }

    private static IDataProtector Protector(IServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static async Task<FactTable> ReadAsync(IServiceProvider services, SellerId seller, StorefrontId storefront) =>
        await (await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop)).ReadAsync(Dataset.Listing, storefront, null, Stop);
}

using System.IO;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Privacy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Data;

/// <summary>72 canaries go in through every door of the product; the raw bytes of every file it leaves behind are searched for them.</summary>
public sealed class AtRestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.1-c", "P-1.1-d", "P-3-b", "P-3-f")]
    public async Task On_SQLite_no_canary_rests_in_clear() => Assert.Empty(await FoundAsync(postgres: false, sealingOff: false));

    [Fact]
    public async Task On_SQLite_the_same_scan_finds_them_all_without_sealing() => Assert.Equal(72, (await FoundAsync(postgres: false, sealingOff: true)).Count);

    [Fact]
    [Promise("P-1.1-c", "P-1.1-d", "P-3-b", "P-3-f")]
    public async Task On_PostgreSQL_no_canary_rests_in_clear() => Assert.Empty(await FoundAsync(postgres: true, sealingOff: false));

    [Fact]
    public async Task On_PostgreSQL_the_same_scan_finds_them_all_without_sealing() => Assert.Equal(72, (await FoundAsync(postgres: true, sealingOff: true)).Count);

    private static async Task<List<string>> FoundAsync(bool postgres, bool sealingOff)
    {
        Assert.SkipWhen(postgres && PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        var folder = Directory.CreateTempSubdirectory("autonoomi-rest-").FullName;
        await using var server = postgres ? await PostgresServer.StartAsync() : null;
        try
        {
            var more = new Dictionary<string, string?>(StringComparer.Ordinal);
            if (server is not null) (more["Autonoomi:Storage:Provider"], more["Autonoomi:Storage:ConnectionString"]) = ("Postgres", await server.CreateDatabaseAsync("rest"));
            var canaries = Enumerable.Range(0, 72).Select(number => $"canary{number:00}{Guid.NewGuid():N}"[..24]).ToArray();
            await using (var app = RunningProduct.Build(folder, more, services =>
            {
                if (sealingOff) services.Replace(ServiceDescriptor.Singleton(_ => KeyChain.OpenUnsealed(Path.Combine(folder, "keys"), "demo")));
            }))
            {
                await StoreStart.PrepareAsync(app.Services, Stop);
                await PlantAsync(app.Services, canaries);
                if (postgres)
                {
                    await using var db = app.Services.GetRequiredService<AppDbs>().System();
                    await db.Database.ExecuteSqlRawAsync("checkpoint", Stop);
                }
                else
                {
                    // The write-ahead log is part of what rests: scan before a clean end folds it away, too.
                    Assert.Contains(Directory.GetFiles(Path.Combine(folder, "data")), file => file.EndsWith("-wal", StringComparison.Ordinal));
                }

                return CanaryScan.InFiles([Path.Combine(folder, "data"), .. server is null ? Array.Empty<string>() : [server.Folder]], canaries);
            }
        }
        finally
        {
            SqliteFiles.Release(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Catalogue, search terms, campaign names, costs, user name, e-mail, organisation, tokens and goals, eight each.</summary>
    private static async Task PlantAsync(IServiceProvider services, string[] canaries)
    {
        var keys = services.GetRequiredService<KeyChain>();
        var usd = new Currency("USD");
        for (var number = 0; number < 8; number++)
        {
            SignedUp who;
            await using (var scope = services.CreateAsyncScope())
            {
                who = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>()
                    .Handle(new SignUp(canaries[number], canaries[8 + number], $"{canaries[16 + number]}@example.com", RunningProduct.Password, true, true, RunningProduct.Policy), Stop)).Value;
            }

            var (seller, storefront) = await RunningProduct.ConnectAsync(services, who.Organisation);
            var day = new DateOnly(2026, 5, 1);
            var vault = await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
            await vault.CommitAsync(new VaultWrite()
                .ReplaceSnapshot(Dataset.Listing, storefront, EntityTables.ToTable([new Core.Advertising.Listing(new("A-1"), new("B000000001"), canaries[24 + number], new(20m, usd), true)]))
                .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable([new Core.Advertising.Campaign(new(1), canaries[32 + number], Core.Advertising.TargetingType.Auto, Core.Advertising.EntityState.Enabled, new(10m, usd), Core.Advertising.BiddingStrategy.DownOnly, 0, 0, 0)]))
                .ReplaceDays(Dataset.SearchTermDay, storefront, new DateSpan(day, day), new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay))
                    .Day(day).Long(1).Long(2).Long(3).Text(canaries[40 + number]).Long(9).Long(1).Long(1).Long(1).Long(1).Long(1).Build()), Stop);
            var stored = await services.GetRequiredService<SaveCostsHandler>()
                .Handle(new SaveCosts(seller, storefront, [new ProductCost(new Sku(canaries[48 + number]), day, new(3m, usd), new(0m, usd), null, 30)], Platform.Audit.Actor.Operator), Stop);
            Assert.Equal(1, stored.Value);
            var settings = new StorefrontSettings(AutomationMode.Ask, new(900m, usd), new(2m, usd), [], [], Frozen: false) { Goals = [new(new Sku(canaries[64 + number]), new Goal(GoalKind.TargetAcos) { TargetAcos = 0.25 })] };
            await (await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop))
                .CommitAsync(new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), settings, StoredJson.Default.StorefrontSettings, "set"), Stop);

            await using var db = services.GetRequiredService<AppDbs>().System();
            var token = keys.Application.SealText("grant", "token", $"{seller}/{GrantKind.Ads}", canaries[56 + number]);
            db.Grants.Add(new GrantRow { Seller = seller.Value, Kind = GrantKind.Ads, Organisation = who.Organisation, SealedToken = token, ConsentedAt = DateTimeOffset.UnixEpoch, State = GrantState.Active });
            await db.SaveChangesAsync(Stop);
        }
    }
}

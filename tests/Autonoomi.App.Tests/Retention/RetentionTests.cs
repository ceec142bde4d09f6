using System.IO;
using System.Reflection;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Retention;

/// <summary>Everything that can be kept has a rule, and no rule is about nothing.</summary>
public sealed class RetentionTableTests
{
    [Fact]
    public void Every_data_set_has_a_rule_whose_clock_fits()
    {
        Assert.Equal(Enum.GetNames<Dataset>().Order(StringComparer.Ordinal), Names(RetainedAs.Dataset));
        Assert.All(Enum.GetValues<Dataset>(), dataset => Assert.Equal(TableSchema.Of(dataset).IsDaily ? RetentionClock.Day : RetentionClock.LastReading, RetentionTable.Of(RetainedAs.Dataset, dataset.ToString()).Clock));
    }

    [Fact]
    public void Every_kind_of_record_has_a_rule()
    {
        var kinds = typeof(RecordKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Append("demo").Append("canary").Append(RetentionTable.Quarantine);

        Assert.Equal(kinds.Order(StringComparer.Ordinal), Names(RetainedAs.Record));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_table_of_the_model_has_a_rule(bool postgres)
    {
        var storage = postgres
            ? new Platform.Environments.StorageSettings { Provider = Platform.Environments.StorageEngine.Postgres, ConnectionString = "Host=localhost" }
            : new Platform.Environments.StorageSettings { DataFolder = "." };
        using var db = DataServices.Open(storage, new());

        Assert.Equal(db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct().Order(StringComparer.Ordinal), Names(RetainedAs.Table));
    }

    [Fact]
    public void Nothing_of_Amazons_is_kept_beyond_540_days_and_each_rule_says_why()
    {
        Assert.All(RetentionTable.Rules.Where(rule => rule.FromAmazon), rule => Assert.InRange(rule.Days ?? int.MaxValue, 1, RetentionTable.AmazonDays));
        Assert.All(RetentionTable.Rules, rule => Assert.Equal(rule.Clock is RetentionClock.Account or RetentionClock.Installation, rule.Days is null));
        Assert.All(RetentionTable.Rules, rule => Assert.NotEmpty(rule.Why));
        Assert.Equal(RetentionTable.Rules.Length, RetentionTable.Rules.Select(rule => (rule.As, rule.Name)).Distinct().Count());
        Assert.Equal((540, 25, 13), (RetentionTable.AmazonDays, RetentionTable.BuyerDays, RetentionTable.AuditMonths));
    }

    [Fact]
    public void A_rule_lets_go_on_the_very_day_whatever_the_history()
    {
        // An oracle that counts days one by one, against the rule's own arithmetic.
        var today = new DateOnly(2028, 3, 1);
        foreach (var rule in RetentionTable.Rules.Where(rule => rule.Days is not null))
        {
            var (day, age) = (today, 0);
            for (; age < 600; age++, day = day.AddDays(-1)) Assert.Equal(age >= rule.Days, rule.IsOver(day, today));
            Assert.False(rule.IsOver(today.AddDays(30), today));
            Assert.Equal(today.AddDays(-rule.Days!.Value), rule.LastOver(today));
        }
    }

    [Fact]
    public void Days_of_a_shopper_count_from_delivery_else_dispatch_else_purchase_and_never_from_later_than_the_find()
    {
        var found = new DateTimeOffset(2026, 3, 20, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset?[] instants = [null, found.AddDays(-30), found.AddDays(-3), found.AddDays(4)];
        foreach (var delivered in instants)
            foreach (var dispatched in instants)
                foreach (var purchased in instants)
                {
                    var since = BuyerQuarantine.Since(found, delivered, dispatched, purchased);
                    var told = delivered ?? dispatched ?? purchased ?? found;
                    Assert.Equal(told < found ? told : found, since);
                }
    }

    private static IEnumerable<string> Names(RetainedAs kind) => RetentionTable.Rules.Where(rule => rule.As == kind).Select(rule => rule.Name).Order(StringComparer.Ordinal);
}

public sealed class SqliteRetentionTests : RetentionSuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresRetentionTests : RetentionSuite
{
    private PostgresCopy? copy;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>The job on a real store, with a clock that the test moves.</summary>
public abstract class RetentionSuite : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-retention-").FullName;
    private readonly FixedClock clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<string?> DatabaseAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        app = RunningProduct.Build(folder, database is null ? [] : new() { ["Autonoomi:Storage:Provider"] = "Postgres", ["Autonoomi:Storage:ConnectionString"] = database },
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        SqliteFiles.Release(folder);
        await StopAsync();
        GC.SuppressFinalize(this);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Promise("P-6-b")]
    public async Task A_row_of_539_days_stays_and_one_of_540_or_541_goes()
    {
        var (seller, storefront) = await ShopAsync();
        var vault = await VaultAsync(seller);
        var write = new VaultWrite();
        foreach (var age in new[] { 0, 538, 539, 540, 541, 700 })
        {
            var day = Today.AddDays(-age);
            write.ReplaceDays(Dataset.SearchTermDay, storefront, new DateSpan(day, day), new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay)).Day(day).Long(1).Long(2).Long(3).Text("kettle").Long(9).Long(1).Long(1).Long(1).Long(1).Long(1).Build());
            write.Put(RecordKind.Score, RecordKind.RecordId(storefront, $"{day:yyyy-MM-dd}"), new StoredScore(day, 50, 40, 60, new(0m, new("USD"))), StoredJson.Default.StoredScore, "scored");
        }

        await vault.CommitAsync(write, Stop);
        Assert.Equal([0, 538, 539, 540, 541, 700], await AgesAsync(seller, storefront));
        var before = await OldestAsync(seller);
        Assert.Equal((Today.AddDays(-700), false), before("SearchTermDay"));

        await PurgeAsync(seller);

        Assert.Equal([0, 538, 539], await AgesAsync(seller, storefront));
        Assert.Equal((Today.AddDays(-539), true), (await OldestAsync(seller))("SearchTermDay"));
        Assert.Equal((Today.AddDays(-539), true), (await OldestAsync(seller))("score"));
        Assert.NotEqual(0, (await vault.ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);

        clock.Now = clock.Now.AddDays(1);
        await PurgeAsync(seller);
        Assert.Equal([1, 539], await AgesAsync(seller, storefront));
    }

    [Fact]
    public async Task What_each_reading_replaces_goes_once_nobody_has_read_for_540_days()
    {
        var (seller, storefront) = await ShopAsync();
        var vault = await VaultAsync(seller);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(clock.Now, Today), StoredJson.Default.SyncMark, "done"), Stop);
        var read = clock.Now;
        await using (var db = Db())
        {
            db.Runs.Add(new() { Id = Guid.NewGuid(), Seller = seller.Value, Storefront = storefront.Value, Kind = RunKind.Full, State = RunState.Done, RequestedAt = read, FinishedAt = read });
            await db.SaveChangesAsync(Stop);
        }

        clock.Now = read.AddDays(539);
        await PurgeAsync(seller);
        Assert.NotEqual(0, (await (await VaultAsync(seller)).ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);

        clock.Now = read.AddDays(540);
        await PurgeAsync(seller);
        vault = await VaultAsync(seller);
        Assert.Equal(0, (await vault.ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);
        Assert.Null(await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), StoredJson.Default.SyncMark, Stop));
    }

    [Fact]
    [Promise("P-6-a", "P-8-e")]
    public async Task Anything_about_a_shopper_is_set_apart_sealed_and_gone_on_day_25()
    {
        var (seller, _) = await ShopAsync();
        var quarantine = app.Services.GetRequiredService<BuyerQuarantine>();
        var delivered = clock.Now.AddDays(-20);
        await quarantine.PutAsync(seller, "rejection reason", "ship to Ada Canary 4711", delivered, null, null, Stop);
        await quarantine.PutAsync(seller, "rejection reason", "ship to Eve Canary 4712", null, null, null, Stop);
        Assert.Equal(2, await quarantine.HeldAsync(seller, Stop));

        clock.Now = delivered.AddDays(24);
        await PurgeAsync(seller);
        Assert.Equal(2, await quarantine.HeldAsync(seller, Stop));
        clock.Now = delivered.AddDays(25);
        await PurgeAsync(seller);
        Assert.Equal(1, await quarantine.HeldAsync(seller, Stop));
        clock.Now = delivered.AddDays(45);
        await PurgeAsync(seller);
        Assert.Equal(0, await quarantine.HeldAsync(seller, Stop));
    }

    [Fact]
    public async Task Tables_without_a_seller_lose_what_has_reached_its_limit()
    {
        var keeper = app.Services.GetRequiredService<RetentionKeeper>();
        var audit = app.Services.GetRequiredService<AuditLog>();
        await audit.WriteAsync(new(AuditAction.Settings, Actor.Operator), Stop);
        await audit.MarkAsync(Stop);
        var began = clock.Now;
        await using (var db = Db())
        {
            db.ConsentStates.Add(new() { StateHash = "one", ExpiresAt = began });
            db.RateBuckets.Add(new() { Seller = Guid.NewGuid(), Operation = "GET /x", At = began });
            db.Notices.Add(new() { Key = "n", RaisedAt = began });
            await db.SaveChangesAsync(Stop);
        }

        Assert.Equal(0, await keeper.PassAsync(began.AddDays(2).AddSeconds(-1), Stop));
        Assert.Equal(1, await keeper.PassAsync(began.AddDays(2), Stop));
        Assert.Equal(1, await keeper.PassAsync(began.AddDays(30), Stop));
        Assert.Equal(0, await keeper.PassAsync(began.AddMonths(13), Stop));
        clock.Now = began.AddMonths(13).AddSeconds(1);
        Assert.Equal(1, await keeper.PassAsync(clock.Now, Stop));
        Assert.All(await keeper.OldestAsync(began.AddDays(540), Stop), row => Assert.True(row.IsKept));
        Assert.Contains(await keeper.OldestAsync(began.AddDays(541), Stop), row => !row.IsKept && row.Rule.Name == "notice");
        Assert.Equal(1, await keeper.PassAsync(began.AddDays(540), Stop));
        Assert.True((await audit.VerifyAsync(Stop)).IsWhole);
    }

    private AppDb Db() => app.Services.GetRequiredService<AppDbs>().System();

    private async Task<(SellerId Seller, StorefrontId Storefront)> ShopAsync() => await RunningProduct.ConnectAsync(app.Services, Guid.NewGuid());

    private Task<SellerVault> VaultAsync(SellerId seller) => app.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Retain, Stop);

    // As the daily step does it.
    private async Task PurgeAsync(SellerId seller)
    {
        await using (var db = Db())
            await db.SellerAccounts.Where(row => row.Seller == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)), Stop);
        var vault = await VaultAsync(seller);
        var expired = await app.Services.GetRequiredService<SellerRetention>().ExpiredAsync(vault, DateOnly.FromDateTime(clock.Now.UtcDateTime), Stop);
        var write = new VaultWrite();
        expired.Put(write);
        await vault.CommitAsync(write, Stop);
    }

    private async Task<IEnumerable<int>> AgesAsync(SellerId seller, StorefrontId storefront)
    {
        var table = await (await VaultAsync(seller)).ReadAsync(Dataset.SearchTermDay, storefront, null, Stop);
        var today = DateOnly.FromDateTime(clock.Now.UtcDateTime).DayNumber;
        return table.Ints("day").ToArray().Select(day => today - day).Order();
    }

    private async Task<Func<string, (DateOnly?, bool)>> OldestAsync(SellerId seller)
    {
        var rows = await app.Services.GetRequiredService<SellerRetention>().OldestAsync(await VaultAsync(seller), DateOnly.FromDateTime(clock.Now.UtcDateTime), Stop);
        return name => rows.Where(row => row.Rule.Name == name && row.Rule.As != RetainedAs.Table).Select(row => (row.Oldest, row.IsKept)).Single();
    }
}

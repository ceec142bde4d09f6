using System.IO;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Tests.Audit;

public sealed class SqliteAuditTests : AuditSuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresAuditTests : AuditSuite
{
    private PostgresCopy? copy;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>The log on a real store: written with what it tells of, without gaps, and proven from outside.</summary>
public abstract class AuditSuite : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-audit-").FullName;
    private readonly FixedClock clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private AuditLog Audit => app.Services.GetRequiredService<AuditLog>();

    private string HeadFile => Path.Combine(folder, "keys", "audit.head");

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
    public async Task Entries_stand_with_what_they_tell_of_or_not_at_all()
    {
        var (who, seller, storefront) = await ShopAsync();
        var costs = app.Services.GetRequiredService<SaveCostsHandler>();
        await costs.Handle(new SaveCosts(seller, storefront, [Cost("A-1")], Actor.Person(who.User)), Stop);
        Assert.NotNull((await costs.Handle(new SaveCosts(seller, storefront, [Cost("A-1") with { LeadTimeDays = -1 }], Actor.Person(who.User)), Stop)).Error);

        // A transaction that ends badly takes its entry and the number with it.
        await using (var db = app.Services.GetRequiredService<AppDbs>().System())
        await using (await db.Database.BeginTransactionAsync(Stop))
            await Audit.AppendAsync(db, new(AuditAction.Settings, Actor.Operator, seller), Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var bare = app.Services.GetRequiredService<AppDbs>().System();
            await Audit.AppendAsync(bare, new(AuditAction.Settings, Actor.Operator), Stop);
        });

        var lines = await LinesAsync();
        Assert.Equal([(1, AuditAction.SignedUp), (2, AuditAction.Costs)], lines.Select(line => ((int)line.Seq, line.Action)));
        Assert.Equal(("1 costs of products", ActorKind.Person, AuditOutcome.Done), (lines[1].Object, lines[1].ActorKind, lines[1].Outcome));
        Assert.NotNull(lines[1].Seller);
        Assert.NotEqual(lines[0].Actor, lines[1].Actor); // one person, another seller's pepper
        Assert.DoesNotContain(who.User.ToString("N"), string.Join('\n', lines), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(seller.ToString(), string.Join('\n', lines), StringComparison.OrdinalIgnoreCase);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Several_processes_write_one_chain_without_gaps()
    {
        var (who, seller, _) = await ShopAsync();
        var others = new[] { Audit, AnotherProcess(), AnotherProcess() };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            for (var number = 0; number < 10; number++)
            {
                await others[worker % 3].WriteAsync(new(AuditAction.Settings, number % 2 == 0 ? Actor.Person(who.User) : Actor.Product, number % 3 == 0 ? null : seller, $"{worker}/{number}"), Stop);
                if (number % 4 == 0) await others[worker % 3].MarkAsync(Stop);
            }
        }, Stop)));

        await Audit.MarkAsync(Stop);
        var lines = await LinesAsync();
        Assert.Equal(Enumerable.Range(1, 121), lines.Select(line => (int)line.Seq));
        Assert.Equal(121, lines.Select(line => line.Object).Distinct().Count());
        Assert.Single(lines.Where(line => line.Seller is not null).Select(line => line.Seller).Distinct());
        await AssertWholeAsync();
    }

    [Fact]
    public async Task A_crash_between_entry_and_file_is_no_fault_and_the_next_start_catches_up()
    {
        await FillAsync(5);
        await Audit.MarkAsync(Stop);
        var before = await File.ReadAllBytesAsync(HeadFile, Stop);
        await FillAsync(3);
        Assert.Equal(before, await File.ReadAllBytesAsync(HeadFile, Stop));
        await AssertWholeAsync();

        Assert.Equal(8, await AnotherProcess().MarkAsync(Stop));
        Assert.NotEqual(before, await File.ReadAllBytesAsync(HeadFile, Stop));

        // Torn while it was written: one slot is left, and the log is still proven.
        var torn = await File.ReadAllBytesAsync(HeadFile, Stop);
        torn.AsSpan(20, 60).Clear();
        await File.WriteAllBytesAsync(HeadFile, torn, Stop);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task What_somebody_does_to_the_tables_is_found()
    {
        await FillAsync(12);
        await Audit.MarkAsync(Stop);
        string[] lies =
        [
            """UPDATE audit_entry SET "Action" = 'settings.seen' WHERE "Seq" = 5""",
            """UPDATE audit_entry SET "Outcome" = 2 WHERE "Seq" = 1""",
            """UPDATE audit_entry SET "At" = "At" + 1 WHERE "Seq" = 12""",
            """UPDATE audit_entry SET "ActorKind" = 4000 WHERE "Seq" = 3""",
            """UPDATE audit_entry SET "SellerPseudonym" = NULL, "ActorPseudonym" = 'somebody' WHERE "Seq" = 7""",
            """UPDATE audit_entry SET "Seq" = -4 WHERE "Seq" = 7""",
            """DELETE FROM audit_entry WHERE "Seq" = 6""",
            """DELETE FROM audit_entry WHERE "Seq" > 8""",
            """DELETE FROM audit_entry""",
            """DELETE FROM audit_head""",
            """DELETE FROM audit_key""",
            """UPDATE audit_head SET "Seq" = 8, "Mac" = (SELECT "Mac" FROM audit_entry WHERE "Seq" = 8)""",
            """INSERT INTO audit_entry ("Seq", "At", "ActorKind", "Action", "Outcome", "SealedText", "Mac") SELECT 13, "At", "ActorKind", "Action", "Outcome", "SealedText", "Mac" FROM audit_entry WHERE "Seq" = 12""",
        ];
        foreach (var lie in lies)
        {
            await using var db = app.Services.GetRequiredService<AppDbs>().System();
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(lie, Stop));
            await transaction.CommitAsync(Stop);
            Assert.False((await AnotherProcess().VerifyAsync(Stop)).IsWhole, lie);
            await RestoreAsync();
            await AssertWholeAsync();
        }

        // The end cut off with the head set back to match: only the file outside knows better.
        await using (var db = app.Services.GetRequiredService<AppDbs>().System())
        {
            await db.Database.ExecuteSqlRawAsync("""DELETE FROM audit_entry WHERE "Seq" > 8""", Stop);
            await db.Database.ExecuteSqlRawAsync("""UPDATE audit_head SET "Seq" = 8, "Mac" = (SELECT "Mac" FROM audit_entry WHERE "Seq" = 8)""", Stop);
        }

        Assert.Contains("seen entry 12", Assert.Single((await Audit.VerifyAsync(Stop)).Faults), StringComparison.Ordinal);

        // And going on from there does not make the file forget.
        await FillAsync(9);
        await Audit.MarkAsync(Stop);
        Assert.False((await Audit.VerifyAsync(Stop)).IsWhole);
    }

    [Fact]
    public async Task Entries_leave_after_thirteen_months_with_a_checkpoint()
    {
        await FillAsync(10);
        var first = clock.Now;
        clock.Now = first.AddMonths(6);
        await FillAsync(10);
        await Audit.MarkAsync(Stop);
        clock.Now = first.AddMonths(AuditLog.Months);
        Assert.Equal(0, await Audit.PurgeAsync(clock.Now, Stop));
        clock.Now = clock.Now.AddSeconds(1);
        Assert.Equal(10, await Audit.PurgeAsync(clock.Now, Stop));
        Assert.Equal(0, await Audit.PurgeAsync(clock.Now, Stop));

        var verdict = await Audit.VerifyAsync(Stop);
        Assert.Equal((true, 11L, 21L), (verdict.IsWhole, verdict.First, verdict.Last));
        Assert.Equal("10 entries up to 10", (await LinesAsync())[^1].Object);
        await Audit.MarkAsync(Stop);
        await AssertWholeAsync();

        await using var db = app.Services.GetRequiredService<AppDbs>().System();
        await db.AuditCheckpoints.ExecuteUpdateAsync(set => set.SetProperty(row => row.Left, 9L), Stop);
        Assert.False((await Audit.VerifyAsync(Stop)).IsWhole);
    }

    [Fact]
    public async Task After_the_sellers_key_is_destroyed_nobody_can_say_whose_entries_they_were()
    {
        var (who, seller, _) = await ShopAsync();
        await Audit.WriteAsync(new(AuditAction.Exported, Actor.Person(who.User), seller, "file of the page Targets"), Stop);
        await Audit.MarkAsync(Stop);
        Assert.True((await LinesAsync())[^1].TextsOpen);

        app.Services.GetRequiredService<KeyChain>().DestroySeller(seller);

        var line = (await LinesAsync())[^1];
        Assert.Equal((false, null, null), (line.TextsOpen, line.Object, line.Reason));
        Assert.NotNull(line.Seller);
        await Audit.WriteAsync(new(AuditAction.Settings, Actor.Person(who.User), seller, "after the end"), Stop);
        Assert.Null((await LinesAsync())[^1].Seller);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Without_its_file_the_log_is_not_proven_until_the_next_start_says_so_in_the_log()
    {
        await FillAsync(3);
        await Audit.MarkAsync(Stop);
        File.Delete(HeadFile);
        Assert.False((await Audit.VerifyAsync(Stop)).IsWhole);

        await AnotherProcess().BeginAsync(Stop);

        await AssertWholeAsync();
        Assert.Equal((AuditAction.HeadMadeAnew, "entry 3"), ((await LinesAsync())[^1].Action, (await LinesAsync())[^1].Object));
    }

    private readonly Dictionary<long, AuditRow> kept = [];
    private AuditHeadRow? keptHead;
    private List<AuditKeyRow> keptKeys = [];

    private async Task FillAsync(int count)
    {
        for (var number = 0; number < count; number++) await Audit.WriteAsync(new(AuditAction.Settings, number % 2 == 0 ? Actor.Product : Actor.Operator, Object: $"number {number}"), Stop);
        await using var db = app.Services.GetRequiredService<AppDbs>().System();
        foreach (var row in await db.Audit.AsNoTracking().ToListAsync(Stop)) kept[row.Seq] = row;
        keptHead = await db.AuditHeads.AsNoTracking().SingleAsync(Stop);
        keptKeys = await db.AuditKeys.AsNoTracking().ToListAsync(Stop);
    }

    private async Task RestoreAsync()
    {
        await using var db = app.Services.GetRequiredService<AppDbs>().System();
        await db.Audit.ExecuteDeleteAsync(Stop);
        await db.AuditHeads.ExecuteDeleteAsync(Stop);
        await db.AuditKeys.ExecuteDeleteAsync(Stop);
        db.AddRange(kept.Values);
        db.Add(keptHead!);
        db.AddRange(keptKeys);
        await db.SaveChangesAsync(Stop);
    }

    private AuditLog AnotherProcess() => new(
        app.Services.GetRequiredService<AppDbs>(), app.Services.GetRequiredService<KeyChain>(), app.Services.GetRequiredService<StorageSettings>(), clock, NullLogger<AuditLog>.Instance);

    private async Task<(SignedUp Who, SellerId Seller, StorefrontId Storefront)> ShopAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var who = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("House", "Ada", "ada@example.com", RunningProduct.Password, true, true, RunningProduct.Policy), Stop)).Value;
        var (seller, storefront) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        return (who, seller, storefront);
    }

    private async Task<List<AuditLine>> LinesAsync()
    {
        var lines = new List<AuditLine>();
        await foreach (var line in Audit.LinesAsync(Stop)) lines.Add(line);
        return lines;
    }

    private async Task AssertWholeAsync() => Assert.Empty((await Audit.VerifyAsync(Stop)).Faults);

    private static ProductCost Cost(string sku) => new(new Sku(sku), new DateOnly(2026, 1, 1), new(3m, new("USD")), new(0m, new("USD")), null, 30);
}

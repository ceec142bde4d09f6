using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
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
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Tests.Deletion;

public sealed class SqliteDeletionTests : DeletionSuite
{
    protected override int Sellers => 200;

    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresDeletionTests : DeletionSuite
{
    private PostgresCopy? copy;

    protected override int Sellers => 40;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>Deletions on a real store, with a clock that the test moves.</summary>
public abstract class DeletionSuite : IAsyncLifetime
{
    private static readonly DateOnly Day = new(2026, 2, 1);
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-deletion-").FullName;
    private readonly FixedClock clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private string? database;
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DeletionBook Book => Get<DeletionBook>();

    private DeletionSaga Saga => Get<DeletionSaga>();

    protected abstract int Sellers { get; }

    protected abstract Task<string?> DatabaseAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        database = await DatabaseAsync();
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
    [Promise("P-6-c", "P-7-c", "P-8-f", "P-9.2-b")]
    public async Task Of_those_who_leave_nothing_is_left_and_of_the_others_everything()
    {
        var shops = new List<(Guid Organisation, SellerId Seller, StorefrontId Storefront)>();
        for (var number = 0; number < Sellers; number++) shops.Add(await ShopAsync());
        var leaving = shops.Where((_, number) => number % 4 == 1).ToList();
        var staying = shops.Except(leaving).ToList();
        var before = await RowsAsync(staying.Select(shop => shop.Seller));
        for (var number = 0; number < leaving.Count; number++)
        {
            var (organisation, seller, _) = leaving[number];
            switch (number % 5)
            {
                case 0: Assert.True((await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now, Actor.Operator, Stop)).IsOk); break;
                case 1: Assert.True((await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Operator, clock.Now, Actor.Operator, Stop)).IsOk); break;
                case 2: Assert.True((await Book.StartOrganisationAsync(organisation, clock.Now, Actor.Operator, Stop)).IsOk); break;
                case 3:
                    await Get<GrantBook>().RefusedTwiceAsync(seller, GrantKind.Ads, Stop);
                    await Get<GrantBook>().RefusedTwiceAsync(seller, GrantKind.SellingPartner, Stop);
                    break;
                default: // asked for and cancelled: the earlier day counts
                    Assert.True((await Book.StartOrganisationAsync(organisation, clock.Now, Actor.Operator, Stop)).IsOk);
                    Assert.True((await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now.AddHours(-12), Actor.Operator, Stop)).IsOk);
                    break;
            }
        }

        await Saga.PassAsync(Stop);
        clock.Now += DeletionClock.Window - TimeSpan.FromSeconds(1);
        await Saga.PassAsync(Stop);
        Assert.NotEmpty(await RowsAsync([leaving[0].Seller]));
        clock.Now += TimeSpan.FromSeconds(1);
        await Saga.PassAsync(Stop);
        Assert.All(await Book.OpenAsync(Stop), open => Assert.Null(open.Late));

        // Nothing readable: no row in any table, no key, no name in the raw file.
        Assert.Empty(await RowsAsync(leaving.Select(shop => shop.Seller)));
        var keys = Get<KeyChain>();
        Assert.All(leaving, shop => Assert.False(keys.HasSeller(shop.Seller)));
        foreach (var (_, seller, _) in leaving.Take(5)) await Assert.ThrowsAsync<SellerKeyMissingException>(() => Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop));
        await using (var db = Db())
        {
            var gone = leaving.Select(shop => shop.Seller.Value).ToList();
            Assert.Equal(0, await db.AuditKeys.CountAsync(row => gone.Contains(row.Id), Stop));
            var organisations = leaving.Where((_, number) => number % 5 is 2 or 4).Select(shop => shop.Organisation).ToList();
            Assert.Equal(0, await db.Memberships.CountAsync(row => organisations.Contains(row.Organisation), Stop));
            Assert.Equal(0, await db.Organisations.CountAsync(row => organisations.Contains(row.Id), Stop));
            Assert.Equal(shops.Count - organisations.Count, await db.Users.CountAsync(Stop));
        }

        // The others: every row, and every value still opens.
        Assert.Equal(before, await RowsAsync(staying.Select(shop => shop.Seller)));
        foreach (var (_, seller, storefront) in staying) Assert.Equal(3, (await (await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop)).ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);

        clock.Now += DeletionClock.Backups;
        await Saga.PassAsync(Stop);
        Assert.Empty(await Book.OpenAsync(Stop));
        foreach (var (organisation, seller, _) in leaving)
        {
            var closed = (await Book.OfAsync(organisation, Stop)).Single(row => row.SellerId == seller.Value && row.Scope == RetainedFrom.Both);
            Assert.True(closed.EndedAt - closed.StartedAt <= DeletionClock.Everywhere);
            AssertSigned(closed);
        }

        await Get<AuditLog>().MarkAsync(Stop);
        Assert.Empty((await Get<AuditLog>().VerifyAsync(Stop)).Faults);
    }

    [Fact]
    public async Task Killed_at_any_command_it_goes_on_and_does_each_step_once()
    {
        var killer = new Killer();
        var kills = 0;
        for (var at = 1; ; at += database is null ? 1 : 3)
        {
            var (organisation, seller, _) = await ShopAsync();
            await Book.StartOrganisationAsync(organisation, clock.Now, Actor.Operator, Stop);
            var told = await ActionsAsync();
            killer.Arm(at);
            foreach (var pause in new[] { TimeSpan.Zero, DeletionClock.Window, DeletionClock.Backups })
            {
                clock.Now += pause;
                try
                {
                    await AnotherProcess(killer).PassAsync(Stop);
                }
                catch (Exception killed) when (Killer.Is(killed))
                {
                    kills++;
                    await AnotherProcess(null).PassAsync(Stop);
                }
            }

            Assert.Empty(await Book.OpenAsync(Stop));
            Assert.Empty(await RowsAsync([seller]));
            Assert.False(Get<KeyChain>().HasSeller(seller));
            Assert.All(await Book.OfAsync(organisation, Stop), AssertSigned);
            var now = await ActionsAsync();
            foreach (var action in new[] { AuditAction.DeletionStopped, AuditAction.DeletionRowsGone, AuditAction.DeletionKeyGone, AuditAction.DeletionClosed })
                Assert.Equal(told.GetValueOrDefault(action) + 2, now.GetValueOrDefault(action)); // the account's and the organisation's
            if (killer.Left > 0) break;
        }

        Assert.InRange(kills, 25, 1000);
    }

    [Fact]
    [Promise("P-8-f")]
    public async Task Of_several_starts_the_earliest_counts_in_whatever_order_they_come()
    {
#pragma warning disable RS0030 // seeded
        var dice = new Random(11);
#pragma warning restore RS0030
        for (var round = 0; round < 20; round++)
        {
            var (organisation, seller, _) = await ShopAsync();
            var starts = Enumerable.Range(0, 1 + dice.Next(5)).Select(_ => clock.Now.AddHours(dice.Next(-200, 40))).ToArray();
            foreach (var start in starts) await Book.StartAsync(organisation, seller, RetainedFrom.Both, (DeletionCause)dice.Next(4), start, Actor.Operator, Stop);

            var row = Assert.Single(await Book.OfAsync(organisation, Stop));
            Assert.Equal(starts.Append(clock.Now).Min(), row.StartedAt);
        }
    }

    [Fact]
    public async Task Nothing_runs_once_it_is_stopped_and_taken_back_everything_goes_on()
    {
        var (organisation, seller, storefront) = await ShopAsync();
        var runs = Get<Runs>();
        var running = await runs.RequestAsync(seller, storefront, Stop);
        var epoch = await Get<SellerLedger>().AcquireAsync(seller, "somebody", Stop);
        var deletion = (await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now, Actor.Operator, Stop)).Value;
        await Saga.PassAsync(Stop);

        Assert.Equal(RunState.Failed, (await runs.WaitAsync(running, Stop)).State);
        Assert.False(await Get<SellerLedger>().ExtendAsync(seller, epoch, Stop));
        Assert.Equal((RunState.Failed, Runs.Leaving), (await runs.WaitAsync(await runs.RequestAsync(seller, storefront, Stop), Stop)) is var refused ? (refused.State, refused.Error) : default);
        Assert.Empty(await Get<SellerLedger>().DueStorefrontsAsync(seller, Stop));
        Assert.False(await Get<SellerLedger>().LookIsDueAsync(seller, Stop));

        Assert.NotNull(await Book.TakeBackAsync(Guid.NewGuid(), deletion.Id, Actor.Operator, Stop)); // somebody else's
        Assert.Null(await Book.TakeBackAsync(organisation, deletion.Id, Actor.Operator, Stop));
        clock.Now += DeletionClock.Window;
        await Saga.PassAsync(Stop);
        Assert.NotEmpty(await RowsAsync([seller]));
        Assert.NotEmpty(await Get<SellerLedger>().DueStorefrontsAsync(seller, Stop));

        // Once more, to the end: then never again.
        var last = (await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now, Actor.Operator, Stop)).Value;
        await Saga.PassAsync(Stop);
        clock.Now += DeletionClock.Window;
        await Saga.PassAsync(Stop);
        Assert.NotNull(await Book.TakeBackAsync(organisation, last.Id, Actor.Operator, Stop));
        Assert.NotNull((await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now, Actor.Operator, Stop)).Error);
    }

    [Fact]
    [Promise("P-6-d")]
    public async Task One_withdrawn_consent_takes_what_it_brought_and_no_guess_takes_anything()
    {
        var (organisation, seller, storefront) = await ShopAsync();
        var ended = await ShopAsync();
        await using (var db = Db()) await db.Grants.Where(row => row.Seller == ended.Seller.Value).ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsentedAt, clock.Now.AddDays(-365)), Stop);
        var grants = Get<GrantBook>();
        foreach (var answer in new[] { GrantAnswer.Silent, GrantAnswer.Refused, GrantAnswer.Accepted, GrantAnswer.ClientRefused, GrantAnswer.Forbidden }) await grants.HeardAsync(seller, GrantKind.Ads, answer, "GET /x", Stop);
        await grants.RefusedTwiceAsync(ended.Seller, GrantKind.Ads, Stop); // its year is over: it may have ended by itself
        Assert.Empty(await Book.OfAsync(organisation, Stop));
        Assert.Empty(await Book.OfAsync(ended.Organisation, Stop));

        await grants.RefusedTwiceAsync(seller, GrantKind.Ads, Stop);
        Assert.Equal((RetainedFrom.Ads, DeletionCause.Withdrawal), Assert.Single(await Book.OfAsync(organisation, Stop)) is var withdrawn ? (withdrawn.Scope, withdrawn.Cause) : default);
        await Saga.PassAsync(Stop);
        clock.Now += DeletionClock.Window;
        await Saga.PassAsync(Stop);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        Assert.Equal(0, (await vault.ReadAsync(Dataset.SearchTermDay, storefront, null, Stop)).Rows);
        Assert.Null(await vault.RecordAsync(RecordKind.Score, RecordKind.RecordId(storefront, "2026-02-01"), StoredJson.Default.StoredScore, Stop));
        Assert.Equal(3, (await vault.ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);
        Assert.Equal([GrantKind.SellingPartner], (await grants.OfAsync(seller, Stop)).Select(view => view.Kind));
        clock.Now += DeletionClock.Backups;
        await Saga.PassAsync(Stop);
        var closed = Assert.Single(await Book.OfAsync(organisation, Stop));
        AssertSigned(closed);
        Assert.True(Get<KeyChain>().HasSeller(seller));
    }

    [Fact]
    [Promise("P-2-i", "P-6-e")]
    public async Task A_hold_keeps_what_it_names_until_it_ends_and_nothing_else()
    {
        var (organisation, seller, storefront) = await ShopAsync();
        var holds = Get<LegalHolds>();
        string[] scope = ["Dataset:SearchTermDay"];
        const string basis = "Section 147 of the fiscal code, asked for by the tax office";
        Assert.NotNull((await holds.RequestAsync(new(seller, scope, basis, clock.Now, "Ada"), Stop)).Error);
        Assert.NotNull((await holds.RequestAsync(new(seller, scope, basis, clock.Now.AddDays(2000), "Ada"), Stop)).Error);
        Assert.NotNull((await holds.RequestAsync(new(seller, scope, "because", clock.Now.AddDays(20), "Ada"), Stop)).Error);
        Assert.NotNull((await holds.RequestAsync(new(seller, [], basis, clock.Now.AddDays(20), "Ada"), Stop)).Error);
        Assert.NotNull((await holds.RequestAsync(new(seller, ["Table:user"], basis, clock.Now.AddDays(20), "Ada"), Stop)).Error);
        Assert.NotNull((await holds.RequestAsync(new(seller, ["Dataset:Everything"], basis, clock.Now.AddDays(20), "Ada"), Stop)).Error);
        var hold = (await holds.RequestAsync(new(seller, scope, basis, clock.Now.AddDays(20), "Ada"), Stop)).Value;
        Assert.NotNull(await holds.ApproveAsync(hold, " ada", Stop));
        await using (var db = Db()) Assert.Empty(await LegalHolds.HeldAsync(db, seller, clock.Now, Stop));
        Assert.Null(await holds.ApproveAsync(hold, "Eve", Stop));
        await using (var db = Db()) Assert.Equal("SearchTermDay", Assert.Single(await LegalHolds.HeldAsync(db, seller, clock.Now, Stop)).Name);

        await Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, clock.Now, Actor.Operator, Stop);
        await Saga.PassAsync(Stop);
        clock.Now += DeletionClock.Window;
        await Saga.PassAsync(Stop);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        Assert.Equal(1, (await vault.ReadAsync(Dataset.SearchTermDay, storefront, null, Stop)).Rows);
        Assert.Equal(0, (await vault.ReadAsync(Dataset.Listing, storefront, null, Stop)).Rows);
        await using (var db = Db())
        {
            Assert.False(await db.SellerAccounts.AnyAsync(row => row.Seller == seller.Value, Stop));
            Assert.False(await db.Grants.AnyAsync(row => row.Seller == seller.Value, Stop));
        }

        Assert.Equal(DeletionState.RowsGone, Assert.Single(await Book.OfAsync(organisation, Stop)).State);
        clock.Now += TimeSpan.FromDays(7);
        await Saga.PassAsync(Stop);
        Assert.Equal(DeletionState.KeyGone, Assert.Single(await Book.OfAsync(organisation, Stop)).State);
        Assert.False(Get<KeyChain>().HasSeller(seller));
        Assert.Empty(await RowsAsync([seller]));
    }

    [Fact]
    public async Task A_hold_stops_the_daily_purge_for_its_scope_alone()
    {
        var (_, seller, storefront) = await ShopAsync();
        var holds = Get<LegalHolds>();
        clock.Now = clock.Now.AddDays(600);
        var hold = (await holds.RequestAsync(new(seller, ["Dataset:SearchTermDay"], "Section 147 of the fiscal code, asked for by the tax office", clock.Now.AddDays(20), "Ada"), Stop)).Value;
        await holds.ApproveAsync(hold, "Eve", Stop);
        var today = DateOnly.FromDateTime(clock.Now.UtcDateTime);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Retain, Stop);

        var held = await Get<SellerRetention>().ExpiredAsync(vault, today, Stop);
        Assert.DoesNotContain(held.Days, item => item.Dataset == Dataset.SearchTermDay);
        Assert.Contains(held.Records, item => item.Kind == RecordKind.Score);
        Assert.Null(await holds.ReleaseAsync(hold, Stop));
        Assert.Contains((await Get<SellerRetention>().ExpiredAsync(vault, today, Stop)).Days, item => item.Dataset == Dataset.SearchTermDay && item.Storefront == storefront);
    }

    private T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    private AppDb Db() => Get<AppDbs>().System();

    // A seller with consents, a person, days, records and a run.
    private async Task<(Guid Organisation, SellerId Seller, StorefrontId Storefront)> ShopAsync()
    {
        SignedUp who;
        await using (var db = Db())
        {
            // As a sign-up leaves it; hashing 200 passwords would take its time.
            who = new(Guid.NewGuid(), Guid.NewGuid());
            var keys = Get<KeyChain>();
            db.Users.Add(new() { Id = who.User, EmailHash = who.User.ToString("N"), SealedEmail = keys.Application.SealText("user", "email", "x", "x"), SealedName = keys.Application.SealText("user", "name", "x", "x"), CreatedAt = clock.Now });
            db.Organisations.Add(new() { Id = who.Organisation, SealedName = keys.Application.SealText("organisation", "name", who.Organisation.ToString("N"), "House"), CreatedAt = clock.Now });
            db.Memberships.Add(new() { Organisation = who.Organisation, User = who.User, Role = MemberRole.Owner });
            await db.SaveChangesAsync(Stop);
        }

        var (seller, storefront) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite()
            .ReplaceDays(Dataset.SearchTermDay, storefront, new DateSpan(Day, Day), new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay)).Day(Day).Long(1).Long(2).Long(3).Text("kettle").Long(9).Long(1).Long(1).Long(1).Long(1).Long(1).Build())
            .Put(RecordKind.Score, RecordKind.RecordId(storefront, "2026-02-01"), new StoredScore(Day, 50, 40, 60, new(0m, new("USD"))), StoredJson.Default.StoredScore, "scored"), Stop);
        await using (var db = Db())
        {
            foreach (var kind in new[] { GrantKind.Ads, GrantKind.SellingPartner })
                db.Grants.Add(new() { Seller = seller.Value, Kind = kind, Organisation = who.Organisation, ConsentedAt = clock.Now, State = GrantState.Active, SealedToken = Get<KeyChain>().Application.SealText("grant", "token", $"{seller}/{kind}", "Atzr|test") });
            db.Notices.Add(new() { Key = $"consent/{seller}/Ads", Organisation = who.Organisation, Seller = seller.Value, RaisedAt = clock.Now });
            db.RateBuckets.Add(new() { Seller = seller.Value, Operation = "GET /x", At = clock.Now });
            await db.SaveChangesAsync(Stop);
        }

        return (who.Organisation, seller, storefront);
    }

    private async Task<SortedDictionary<string, long>> RowsAsync(IEnumerable<SellerId> sellers)
    {
        var found = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var seller in sellers)
        {
            await using var db = Db();
            var tables = DeletionSaga.SellerTables(db.Model);
            Assert.Contains(tables, item => item.Table == "segment");
            Assert.True(tables.Count >= 11, string.Join(' ', tables));
            await using var transaction = await VaultEngine.BeginAsync(db, seller, write: false, Stop);
            foreach (var (table, column) in tables)
            {
#pragma warning disable EF1003 // names of the model's own tables and columns
                var count = await db.Database.SqlQueryRaw<long>("SELECT count(*) AS \"Value\" FROM \"" + table + "\" WHERE \"" + column + "\" = {0}", seller.Value).SingleAsync(Stop);
#pragma warning restore EF1003
                if (count > 0) found[table] = found.GetValueOrDefault(table) + count;
            }
        }

        return found;
    }

    private async Task<Dictionary<string, int>> ActionsAsync()
    {
        await using var db = Db();
        return await db.Audit.GroupBy(row => row.Action).ToDictionaryAsync(group => group.Key, group => group.Count(), Stop);
    }

    private static void AssertSigned(DeletionRow row)
    {
        Assert.Equal(DeletionState.Closed, row.State);
        var signed = JsonSerializer.Deserialize(row.Certificate!, CertificateJson.Default.SignedCertificate)!;
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(signed.PublicKey), out _);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(signed.Text), Convert.FromBase64String(signed.Signature), HashAlgorithmName.SHA256));
        Assert.False(key.VerifyData(Encoding.UTF8.GetBytes(signed.Text + " "), Convert.FromBase64String(signed.Signature), HashAlgorithmName.SHA256));
        var certificate = JsonSerializer.Deserialize(signed.Text, CertificateJson.Default.Certificate)!;
        Assert.Equal((row.Id, row.SellerId), (certificate.Deletion, certificate.SellerAccount));
        Assert.NotEmpty(certificate.Rows);
        Assert.All(certificate.Rows.Values, rows => Assert.Equal(0, rows.After));
    }

    private DeletionSaga AnotherProcess(Killer? killer)
    {
        var storage = Get<StorageSettings>();
        var keys = Get<KeyChain>();
        var databases = killer?.Databases(storage) ?? Get<AppDbs>();
        var audit = new AuditLog(databases, keys, storage, clock, NullLogger<AuditLog>.Instance);
        return new(databases, keys, new SellerVaults(databases.System, keys), Get<Workspaces>(), new DeletionBook(databases, keys, Get<Outbox>(), audit, clock), audit, clock, NullLogger<DeletionSaga>.Instance);
    }
}

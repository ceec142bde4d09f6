using System.IO;
using System.IO.Compression;
using System.Text;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Requests;

public sealed class SqliteCaseTests : CaseSuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresCaseTests : CaseSuite
{
    private PostgresCopy? copy;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>Requests on a real store, with a clock that the test moves.</summary>
public abstract class CaseSuite : IAsyncLifetime
{
    private static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-cases-").FullName;
    private readonly FixedClock clock = new(Began);
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CaseBook Cases => Get<CaseBook>();

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
    [Promise("P-1.1-f")]
    public async Task A_message_rests_sealed_is_answered_stands_in_the_copy_and_goes_after_24_months()
    {
        var who = await PersonAsync();
        Assert.False((await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Question, "short", Stop)).IsOk);
        Assert.False((await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Child, "an account of a child", Stop)).IsOk);
        var asked = (await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Question, "Where is the order of canary.shopper@example.com?\nIt is marvellous-canary-8812.", Stop)).Value;

        var found = Assert.Single(await Cases.OfAsync(who.Organisation, who.User, Stop));
        Assert.DoesNotContain("canary.shopper", found.Messages.Single().Text, StringComparison.Ordinal);
        Assert.Contains("marvellous-canary-8812", found.Messages.Single().Text, StringComparison.Ordinal);
        await using (var db = Db())
            foreach (var row in await db.CaseMessages.ToListAsync(Stop)) Assert.DoesNotContain("canary", Encoding.UTF8.GetString(row.SealedText), StringComparison.Ordinal);

        Assert.NotNull(await Cases.CloseAsync(asked.Id, Stop)); // nothing was answered yet
        Assert.Null(await Cases.AnswerAsync(asked.Id, "It is on its way, look at Imports.", Stop));
        Assert.Null(await Cases.CloseAsync(asked.Id, Stop));
        Assert.NotNull(await Cases.AnswerAsync(asked.Id, "One more word too late.", Stop));
        var other = await PersonAsync();
        Assert.Empty(await Cases.OfAsync(other.Organisation, other.User, Stop));
        Assert.Contains("marvellous-canary-8812", await CopyAsync(CopyWhat.Person, who.Organisation, who.User), StringComparison.Ordinal);
        Assert.DoesNotContain("marvellous-canary-8812", await CopyAsync(CopyWhat.Organisation, other.Organisation, other.User), StringComparison.Ordinal);

        var keeper = Get<RetentionKeeper>();
        await keeper.PassAsync(Began.AddDays(729), Stop);
        Assert.NotEmpty(await Cases.OfAsync(who.Organisation, who.User, Stop));
        await keeper.PassAsync(Began.AddDays(731), Stop);
        await using (var db = Db()) Assert.Equal((0, 0), (await db.Cases.CountAsync(Stop), await db.CaseMessages.CountAsync(Stop)));
    }

    [Fact]
    [Promise("P-1.1-f")]
    public async Task Messages_go_with_the_organisation()
    {
        var who = await PersonAsync();
        await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Access, "What do you keep of me?", Stop);
        await Get<DeletionBook>().StartOrganisationAsync(who.Organisation, clock.Now, Actor.Operator, Stop);
        await Get<DeletionSaga>().PassAsync(Stop);
        clock.Now = clock.Now.AddDays(13);
        await Get<DeletionSaga>().PassAsync(Stop);

        await using var db = Db();
        Assert.Equal((0, 0, 0), (await db.Cases.CountAsync(Stop), await db.CaseMessages.CountAsync(Stop), await db.Users.CountAsync(row => row.Id == who.User, Stop)));
    }

    [Fact]
    public async Task A_request_is_late_one_instant_after_thirty_days_and_is_told_until_it_is_answered()
    {
        var who = await PersonAsync();
        var asked = (await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Objection, "I object to this use.", Stop)).Value;
        Assert.Equal(Began.AddDays(30), asked.DueAt);
        foreach (var (days, late, soon) in new[] { (0.0, false, false), (20.9, false, false), (21.0, false, true), (30.0, false, true), (30.001, true, false), (90.0, true, false) })
        {
            clock.Now = Began.AddDays(days);
            var row = (await Cases.ListAsync(all: false, Stop)).Single(item => item.Id == asked.Id);
            Assert.Equal((late, soon), (CaseClock.IsLate(row, clock.Now), CaseClock.IsSoon(row, clock.Now)));
            Assert.Equal(late ? 1 : 0, await Get<CaseKeeper>().PassAsync(Stop));
        }

        Assert.Null(await Cases.RejectAsync(asked.Id, "The law demands this use.", Stop));
        Assert.Equal(0, await Get<CaseKeeper>().PassAsync(Stop));
        Assert.Equal(CaseState.Rejected, (await Cases.ListAsync(all: true, Stop)).Single().State);
        for (var more = 0; more < CaseBook.MostOpen; more++) Assert.True((await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Question, $"Question number {more} of many", Stop)).IsOk);
        Assert.False((await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Question, "One question too many", Stop)).IsOk);
    }

    [Fact]
    [Promise("P-11-b")]
    public async Task A_childs_account_is_frozen_at_once_and_gone_within_seven_days_with_what_it_alone_owns()
    {
        var who = await PersonAsync("Kim Canary 3391");
        await Cases.OpenAsync(who.Organisation, who.User, CaseKind.Question, "I am twelve years old", Stop);
        Assert.True(await SeesAsync(who.User));
        var stamp = (await UserAsync(who.User))!.SecurityStamp;

        var frozen = (await Cases.FreezeChildAsync(who.Organisation, who.User, Actor.Person(who.User), Stop)).Value;

        Assert.Equal(Began.AddDays(7), frozen.DueAt);
        Assert.False(await SeesAsync(who.User));
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            var user = (await users.FindByIdAsync(who.User.ToString()))!;
            Assert.True(await users.IsLockedOutAsync(user));
            Assert.NotEqual(stamp, user.SecurityStamp);
        }

        Assert.Equal(frozen.Id, (await Cases.FreezeChildAsync(who.Organisation, who.User, Actor.Operator, Stop)).Value.Id);
        Assert.NotNull(await Cases.CloseAsync(frozen.Id, Stop));
        Assert.Equal(Began, Assert.Single(await Get<DeletionBook>().OfAsync(who.Organisation, Stop)).StartedAt);
        clock.Now = Began.AddDays(6).AddSeconds(-1);
        Assert.Equal(0, await Cases.EraseChildrenAsync(Stop));
        Assert.NotNull(await UserAsync(who.User));

        clock.Now = Began.AddDays(6);
        Assert.Equal(1, await Cases.EraseChildrenAsync(Stop));
        Assert.Equal(0, await Cases.EraseChildrenAsync(Stop));
        Assert.Null(await UserAsync(who.User));
        await using var db = Db();
        Assert.Equal((0, 0, 0, 0), (await db.Memberships.CountAsync(row => row.User == who.User, Stop), await db.CaseMessages.CountAsync(Stop), await db.Passkeys.CountAsync(row => row.User == who.User, Stop), await db.AuditKeys.CountAsync(row => row.Id == who.User, Stop)));
        Assert.Equal((CaseState.Answered, (DateTimeOffset?)clock.Now), (Ended(await db.Cases.SingleAsync(row => row.Id == frozen.Id, Stop))));

        clock.Now = Began.AddDays(14);
        await Get<DeletionSaga>().PassAsync(Stop);
        Assert.Equal(0, await db.Organisations.CountAsync(row => row.Id == who.Organisation, Stop));
        Assert.Empty((await Get<AuditLog>().VerifyAsync(Stop)).Faults);

        static (CaseState, DateTimeOffset?) Ended(CaseRow row) => (row.State, row.ErasedAt);
    }

    [Fact]
    [Promise("P-11-b")]
    public async Task A_report_that_was_wrong_gives_the_account_back_and_nobody_freezes_others_but_an_owner()
    {
        var who = await PersonAsync();
        var colleague = await PersonAsync();
        await using (var db = Db())
        {
            db.Memberships.Add(new MembershipRow { Organisation = who.Organisation, User = colleague.User, Role = MemberRole.Manager });
            await db.SaveChangesAsync(Stop);
        }

        Assert.False((await Cases.FreezeChildAsync(who.Organisation, who.User, Actor.Person(colleague.User), Stop)).IsOk);
        Assert.False((await Cases.FreezeChildAsync(who.Organisation, Guid.NewGuid(), Actor.Operator, Stop)).IsOk);
        Assert.True(await SeesAsync(who.User));
        Assert.True((await Cases.FreezeChildAsync(who.Organisation, colleague.User, Actor.Person(who.User), Stop)).IsOk);
        Assert.Empty(await Get<DeletionBook>().OfAsync(who.Organisation, Stop)); // the owner stays

        var frozen = (await Cases.FreezeChildAsync(who.Organisation, who.User, Actor.Operator, Stop)).Value;
        Assert.Single(await Get<DeletionBook>().OfAsync(who.Organisation, Stop));
        clock.Now = Began.AddDays(3);
        Assert.Null(await Cases.RejectAsync(frozen.Id, "The person proved to be of age.", Stop));

        Assert.True(await SeesAsync(who.User));
        Assert.Null((await UserAsync(who.User))!.LockedUntil);
        Assert.Equal(DeletionState.TakenBack, Assert.Single(await Get<DeletionBook>().OfAsync(who.Organisation, Stop)).State);
        clock.Now = Began.AddDays(8);
        Assert.Equal(1, await Cases.EraseChildrenAsync(Stop)); // the colleague
        Assert.NotNull(await UserAsync(who.User));
    }

    [Fact]
    [Promise("P-4-k")]
    public async Task A_demand_is_disclosed_as_narrowly_as_it_is_on_two_words_once_and_told_when_the_law_allows()
    {
        var who = await PersonAsync();
        var (seller, storefront) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var write = new VaultWrite().Put(RecordKind.Score, RecordKind.RecordId(storefront, "2026-02-01"), new StoredScore(new(2026, 2, 1), 50, 40, 60, new(0m, new("USD"))), StoredJson.Default.StoredScore, "scored");
        for (var day = 1; day <= 9; day++)
            write.ReplaceDays(Dataset.CampaignDay, storefront, new DateSpan(new(2026, 2, day), new(2026, 2, day)), new FactTableBuilder(TableSchema.Of(Dataset.CampaignDay)).Day(new(2026, 2, day)).Long(day).Long(1).Long(1).Build());
        await vault.CommitAsync(write, Stop);
        var demands = Get<LawDemands>();
        var narrow = new NewDemand(seller, ["Dataset:CampaignDay"], new DateSpan(new(2026, 2, 3), new(2026, 2, 5)), "Order 17/2026 of the court of Testing", Began.AddDays(40), "Ann Clerk");
        foreach (var wrong in new[] { narrow with { Scope = [] }, narrow with { Scope = ["Table:user"] }, narrow with { Scope = ["Record:quarantine"] }, narrow with { Basis = "because" }, narrow with { SilentUntil = Began.AddDays(400) }, narrow with { Seller = new(Guid.NewGuid()) } })
            Assert.False((await demands.RequestAsync(wrong, Stop)).IsOk);

        var id = (await demands.RequestAsync(narrow, Stop)).Value;
        using var nothing = new MemoryStream();
        Assert.False((await demands.DiscloseAsync(id, nothing, Stop)).IsOk);
        Assert.NotNull(await demands.ApproveAsync(id, " ann clerk ", Stop));
        Assert.Equal(0, nothing.Length);
        Assert.Null(await demands.ApproveAsync(id, "Bob Counsel", Stop));
        using var file = new MemoryStream();
        Assert.True((await demands.DiscloseAsync(id, file, Stop)).IsOk);
        Assert.False((await demands.DiscloseAsync(id, nothing, Stop)).IsOk);

        using var zip = new ZipArchive(new MemoryStream(file.ToArray()), ZipArchiveMode.Read);
        var name = CopyFormat.Facts(seller.Value, storefront.Value, "CampaignDay");
        Assert.Equal([CopyFormat.Readme, CopyFormat.Manifest, CopyFormat.Schema, name + CopyFormat.Sheet, name + CopyFormat.Lines], zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(zip.GetEntry(name + CopyFormat.Lines)!.Open());
        Assert.Equal(["2026-02-03", "2026-02-04", "2026-02-05"], (await reader.ReadToEndAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('"')[3]));

        // Silent as long as the law demands: neither the page, nor a copy, nor the seller's part of the log tells it.
        clock.Now = Began.AddDays(40).AddSeconds(-1);
        Assert.Empty(await demands.ToldAsync(who.Organisation, Stop));
        Assert.DoesNotContain("Order 17/2026", await CopyAsync(CopyWhat.Organisation, who.Organisation, who.User), StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.DemandDisclosed, await CopyAsync(CopyWhat.Organisation, who.Organisation, who.User), StringComparison.Ordinal);
        clock.Now = Began.AddDays(40);
        var told = Assert.Single(await demands.ToldAsync(who.Organisation, Stop));
        Assert.Equal(("Dataset:CampaignDay", narrow.Days, narrow.Basis, Began), (told.Scope, told.Days, told.Basis, told.At));
        Assert.Contains("Order 17/2026", await CopyAsync(CopyWhat.Organisation, who.Organisation, who.User), StringComparison.Ordinal);
        Assert.DoesNotContain("Ann Clerk", await CopyAsync(CopyWhat.Organisation, who.Organisation, who.User), StringComparison.Ordinal);
        var other = await PersonAsync();
        Assert.Empty(await demands.ToldAsync(other.Organisation, Stop));
    }

    private T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    private AppDb Db() => Get<AppDbs>().System();

    private async Task<SignedUp> PersonAsync(string name = "Ada Test")
    {
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Test house", name, $"p{Guid.NewGuid():N}@example.com", RunningProduct.Password, true, true, RunningProduct.Policy), Stop)).Value;
    }

    private async Task<UserRow?> UserAsync(Guid user)
    {
        await using var db = Db();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == user, Stop);
    }

    private async Task<bool> SeesAsync(Guid user)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var person = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.NameIdentifier, user.ToString())], "test"));
        return await scope.ServiceProvider.GetRequiredService<Platform.Tenancy.CurrentStorefront>().LoadAsync(person, Stop);
    }

    private async Task<string> CopyAsync(CopyWhat what, Guid organisation, Guid user)
    {
        using var body = new MemoryStream();
        await Get<CopyMaker>().WriteAsync(what, (await Get<CopyMaker>().ScopeAsync(what, organisation, user, null, Stop)).Value, null, body, Stop);
        using var zip = new ZipArchive(new MemoryStream(body.ToArray()), ZipArchiveMode.Read);
        var text = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            text.Append(await reader.ReadToEndAsync(Stop));
        }

        return text.ToString();
    }
}

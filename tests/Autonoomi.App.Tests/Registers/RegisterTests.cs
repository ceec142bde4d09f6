using System.IO;
using System.Net;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Tests.Registers;

public sealed class SqliteRegisterTests : RegisterSuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresRegisterTests : RegisterSuite
{
    private PostgresCopy? copy;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>Incidents and duties on a real store, with a clock that the test moves, processes that are killed and rows that are changed by hand.</summary>
public abstract class RegisterSuite : IAsyncLifetime
{
    private static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IncidentFacts Unknown = new(IncidentKind.Failure, IncidentSeverity.Suspected, null, null);

    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-registers-").FullName;
    private readonly FixedClock clock = new(Began);
    private string? database;
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IncidentBook Incidents => Get<IncidentBook>();

    private DutyBook Duties => Get<DutyBook>();

    protected abstract Task<string?> DatabaseAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        database = await DatabaseAsync();
        app = RunningProduct.Build(folder, database is null ? [] : new() { ["Autonoomi:Storage:Provider"] = "Postgres", ["Autonoomi:Storage:ConnectionString"] = database }, services =>
        {
            services.RemoveAll<IHostedService>();
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        });
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
    [Promise("P-8-i")]
    public async Task An_incident_from_opening_to_closing_with_its_clocks_its_notices_and_its_entries_in_the_audit_log()
    {
        var (organisation, seller) = await ShopAsync();
        var (otherHouse, other) = await ShopAsync();
        var number = (await Incidents.OpenAsync("A laptop was lost.", Unknown, clock.Now.AddHours(-2), drill: false, "Ada", Stop)).Value;
        Assert.Equal("22 h 0 min left", IncidentClock.InWords(IncidentClock.Of((await Incidents.FindAsync(number, Stop))!, IncidentNotice.Amazon, clock.Now)));

        await AddAsync(number, IncidentStep.Contained, "Sessions were ended.");
        await AddAsync(number, IncidentStep.Assessed, "Judged.", facts: new(IncidentKind.Loss, IncidentSeverity.High, [TouchedData.Amazon], [seller.Value, Guid.NewGuid()])); // one account left meanwhile
        clock.Now += TimeSpan.FromHours(5);
        await AddAsync(number, IncidentStep.Told, "To Amazon.", IncidentNotice.Amazon, "id 1");
        clock.Now += TimeSpan.FromHours(70);
        await AddAsync(number, IncidentStep.Told, "Dear seller.", IncidentNotice.Sellers);
        await AddAsync(number, IncidentStep.NotOwed, "No people's data were on it, says the list.", IncidentNotice.Authority);
        await AddAsync(number, IncidentStep.Closed, "Disks of laptops are encrypted from now on.");

        var incident = (await Incidents.FindAsync(number, Stop))!;
        Assert.Equal([ClockStanding.InTime, ClockStanding.TooLate, ClockStanding.NotOwed], IncidentClock.Of(incident, clock.Now).Select(deadline => deadline.Standing));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await NumbersAsync(db => db.IncidentEntries.OrderBy(row => row.Ordinal).Select(row => row.Ordinal)));
        Assert.Empty(await Incidents.ListAsync(closed: false, Stop));

        // Those whom it concerns are told in the product, and nobody else.
        var notice = Assert.Single(await Get<NoticeBook>().OpenAsync(organisation, Guid.NewGuid(), Stop));
        Assert.Equal((NoticeKind.Incident, seller), (notice.Kind, notice.Seller));
        Assert.Equal([new SellerNotice(number, Began.AddHours(75), "Dear seller.")], await Incidents.ToldAsync(seller, Stop));
        Assert.Empty(await Get<NoticeBook>().OpenAsync(otherHouse, Guid.NewGuid(), Stop));
        Assert.Empty(await Incidents.ToldAsync(other, Stop));

        var lines = await LinesAsync();
        Assert.Equal(["Opened", "Contained", "Assessed", "Told Amazon", "Told Sellers", "NotOwed Authority", "Closed"], lines.Where(line => line.Action == AuditAction.Incident).Select(line => line.Reason));
        Assert.All(lines.Where(line => line.Action == AuditAction.Incident), line => Assert.Equal("incident 1", line.Object));
        Assert.Empty((await Get<AuditLog>().VerifyAsync(Stop)).Faults);
    }

    [Fact]
    public async Task What_the_register_refuses_leaves_nothing_behind()
    {
        Assert.Contains("future", (await Incidents.OpenAsync("x", Unknown, clock.Now.AddSeconds(1), false, "Ada", Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("By:", (await Incidents.OpenAsync("x", Unknown, null, false, " ", Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("There is no incident 9", (await Incidents.AddAsync(9, (_, now) => new(IncidentStep.Noted, now, "Ada", "x"), Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.Empty(await NumbersAsync(db => db.Incidents.Select(row => row.Number)));
        Assert.DoesNotContain(await LinesAsync(), line => line.Action == AuditAction.Incident);
    }

    [Fact]
    public async Task A_process_that_is_killed_anywhere_leaves_a_whole_step_or_none()
    {
        var (organisation, seller) = await ShopAsync();
        var killer = new Killer();
        var (kills, whole) = (0, 0);

        // A notice to a seller, and the closing of a drill, which completes a duty: the two steps that write most.
        foreach (var drill in (bool[])[false, true])
        {
            for (var at = 1; at < 100; at++)
            {
                var number = (await Incidents.OpenAsync("Killed in between.", new(IncidentKind.Failure, IncidentSeverity.Low, [], [seller.Value]), null, drill, "Ada", Stop)).Value;
                foreach (var to in Enum.GetValues<IncidentNotice>().Where(_ => drill)) await AddAsync(number, IncidentStep.NotOwed, "Nobody outside is told of a drill.", to);
                if (drill) await AddAsync(number, IncidentStep.Contained, "It was a drill.");
                var before = await CountsAsync(number, organisation);
                killer.Arm(at);
                try
                {
                    await AnotherProcess(killer).AddAsync(number, (_, now) => drill
                        ? new(IncidentStep.Closed, now, "Ada", "Long enough to be a lesson.")
                        : new(IncidentStep.Told, now, "Ada", "Dear seller.", To: IncidentNotice.Sellers), Stop);
                }
                catch (Exception killed) when (Killer.Is(killed))
                {
                    kills++;
                }

                var after = await CountsAsync(number, organisation);
                var stepped = (before.Entries + 1, before.Audit + (drill ? 2 : 1), before.Notices + (drill ? 0 : 1), before.Drills + (drill ? 1 : 0));
                Assert.True(after == before || after == stepped, $"killed at {at}: {before} became {after}");
                if (after == stepped) whole++;
                clock.Now += TimeSpan.FromSeconds(1);
                if (killer.Left > 0) break;
            }
        }

        Assert.InRange(kills, 10, 150);
        Assert.True(whole >= 2, $"{whole}");
        Assert.Empty((await Get<AuditLog>().VerifyAsync(Stop)).Faults);
    }

    [Fact]
    public async Task Several_processes_number_incidents_and_entries_without_gaps_and_one_cause_opens_one()
    {
        var books = new[] { Incidents, AnotherProcess(null), AnotherProcess(null) };
        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            var opened = await books[worker % 3].OpenAsync($"Incident of {worker}", Unknown, null, false, "Ada", Stop);
            Assert.True(opened.IsOk);
            await books[worker % 3].SuspectAsync(new("one/cause", IncidentKind.Tampering, "Found."), Stop);
        }, Stop)));
        await Task.WhenAll(Enumerable.Range(0, 9).Select(worker => Task.Run(async () => Assert.True((await books[worker % 3].AddAsync(1, (_, now) => new(IncidentStep.Noted, now, "Ada", $"Note {worker}"), Stop)).IsOk), Stop)));

        Assert.Equal(Enumerable.Range(1, 13), await NumbersAsync(db => db.Incidents.OrderBy(row => row.Number).Select(row => row.Number)));
        Assert.Equal(Enumerable.Range(1, 10), await NumbersAsync(db => db.IncidentEntries.Where(row => row.Incident == 1).OrderBy(row => row.Ordinal).Select(row => row.Ordinal)));
        Assert.Single((await Incidents.ListAsync(closed: true, Stop)), incident => incident.Entries[0].By == Incident.ByProduct);
        Assert.Null(await Incidents.SuspectAsync(new("one/cause", IncidentKind.Tampering, "Found."), Stop));
        Assert.NotNull(await Incidents.SuspectAsync(new("another/cause", IncidentKind.Tampering, "Found."), Stop));
    }

    [Fact]
    public async Task What_is_changed_by_hand_does_not_open()
    {
        var number = (await Incidents.OpenAsync("A laptop was lost.", Unknown, null, false, "Ada", Stop)).Value;
        await AddAsync(number, IncidentStep.Noted, "First.");
        await AddAsync(number, IncidentStep.Noted, "Second.");
        await ExecuteAsync("update incident_entry set \"Ordinal\" = 9 where \"Ordinal\" = 2");
        await Assert.ThrowsAsync<SealBrokenException>(() => Incidents.FindAsync(number, Stop));
        await ExecuteAsync("delete from incident_entry where \"Ordinal\" = 9");
        Assert.Contains("lacks entries", (await Assert.ThrowsAsync<SealBrokenException>(() => Incidents.FindAsync(number, Stop))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_was_typed_stands_in_clear()
    {
        var number = (await Incidents.OpenAsync("Canary sentence 4711.", Unknown, null, false, "Canary Person", Stop)).Value;
        await AddAsync(number, IncidentStep.Noted, "Canary note 4711.");
        Assert.True((await Duties.WriteAsync("training", null, "Canary Person", "Canary evidence 4711.", Stop)).IsOk);
        await using var db = Get<AppDbs>().System();
        var bytes = (await db.IncidentEntries.Select(row => row.SealedEntry).ToListAsync(Stop)).Concat((await db.Duties.Where(row => row.Done).ToListAsync(Stop)).SelectMany(row => new[] { row.SealedBy!, row.SealedNote! })).ToList();

        Assert.Equal(4, bytes.Count);
        Assert.All(bytes, value => Assert.DoesNotContain("Canary", System.Text.Encoding.UTF8.GetString(value), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_audit_log_opens_one_incident_however_often_it_is_looked_at()
    {
        for (var entry = 0; entry < 5; entry++) await Get<AuditLog>().WriteAsync(new(AuditAction.Settings, Actor.Operator, Object: $"{entry}"), Stop);
        await ExecuteAsync("update audit_entry set \"Outcome\" = 2 where \"Seq\" = 3");

        for (var look = 0; look < 3; look++)
        {
            var keeper = new AuditKeeper(Get<AuditLog>(), Incidents, clock, NullLogger<AuditKeeper>.Instance);
            await keeper.StartAsync(Stop);
            while (keeper.Latest is null || (await Incidents.ListAsync(false, Stop)).Count == 0) await Task.Delay(20, Stop);
            await keeper.StopAsync(Stop);
        }

        var opened = Assert.Single(await Incidents.ListAsync(closed: false, Stop));
        Assert.Equal((IncidentKind.Tampering, IncidentSeverity.Suspected, Incident.ByProduct), (opened.Facts.Kind, opened.Facts.Severity, opened.Entries[0].By));
        Assert.Contains("Entry 3 is not as it was written", opened.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_is_known_again_though_its_numbers_grow_and_another_entry_is_another_fault()
    {
        Assert.Equal(AuditKeeper.Found("The log ends with entry 5, its head stands at entry 7: the end was cut off or put on.").Cause, AuditKeeper.Found("The log ends with entry 9, its head stands at entry 11: the end was cut off or put on.").Cause);
        Assert.NotEqual(AuditKeeper.Found("Entry 3 is not as it was written.").Cause, AuditKeeper.Found("Entry 4 is not as it was written.").Cause);
    }

    [Fact]
    public async Task An_incident_opens_even_where_the_audit_log_takes_nothing()
    {
        await ExecuteAsync("delete from audit_head");

        Assert.NotNull(await Incidents.SuspectAsync(new("audit-log/head", IncidentKind.Tampering, "The head is gone."), Stop));
        Assert.Single(await Incidents.ListAsync(closed: false, Stop));
    }

    [Fact]
    public async Task A_vault_that_refuses_opens_an_incident_that_names_its_seller()
    {
        var (_, seller) = await ShopAsync();
        await using (var db = Get<AppDbs>().System())
        {
            await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, Stop);
            Assert.True(await db.Segments.Where(row => row.Seller == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(row => row.Revision, row => row.Revision + 1), Stop) > 0);
            await transaction.CommitAsync(Stop);
        }

        StorefrontId storefront;
        await using (var db = Get<AppDbs>().System()) storefront = new(await db.Storefronts.Where(row => row.Seller == seller.Value).Select(row => row.Storefront).SingleAsync(Stop));
        for (var look = 0; look < 2; look++) await Assert.ThrowsAsync<SealBrokenException>(() => Get<Workspaces>().GetAsync(seller, storefront, Stop));

        var opened = Assert.Single(await Incidents.ListAsync(closed: false, Stop));
        Assert.Equal([seller.Value], opened.Facts.Sellers!);
        Assert.Equal(IncidentKind.Tampering, opened.Facts.Kind);
    }

    [Fact]
    public async Task What_else_is_met_of_a_refusing_vault_belongs_to_its_open_incident()
    {
        var (_, seller) = await ShopAsync();
        var other = new SellerId(Guid.NewGuid());
        Task<int?> MeetAsync(SellerId whose, string words) => Incidents.SuspectAsync(Suspicion.OfVault(whose, new SealBrokenException(words)), Stop);

        Assert.Equal(1, await MeetAsync(seller, "Segment Listing/1/0/0 does not open."));
        Assert.Null(await MeetAsync(seller, "Its rows are not the rows of revision 1."));
        Assert.Equal(2, await MeetAsync(other, "Its rows are not the rows of revision 1."));

        // When it is over, what was met before stays known, and something new is another incident.
        foreach (var to in Enum.GetValues<IncidentNotice>()) await AddAsync(1, IncidentStep.NotOwed, "It was a test of ours.", to);
        await AddAsync(1, IncidentStep.Contained, "It was a test of ours.");
        await AddAsync(1, IncidentStep.Closed, "Long enough to be a lesson.");
        Assert.Null(await MeetAsync(seller, "Segment Listing/1/0/0 does not open."));
        Assert.Equal(3, await MeetAsync(seller, "Its rows are not the rows of revision 1."));
    }

    [Fact]
    public async Task Something_about_a_shopper_opens_one_incident_for_its_place()
    {
        var (_, seller) = await ShopAsync();
        for (var find = 0; find < 3; find++) await Get<BuyerQuarantine>().PutAsync(seller, "a search term", $"Jane Canary {find}", null, null, null, Stop);
        await Get<BuyerQuarantine>().PutAsync(seller, "a campaign's name", "Jane Canary", null, null, null, Stop);

        var opened = await Incidents.ListAsync(closed: false, Stop);
        Assert.Equal(2, opened.Count);
        Assert.All(opened, incident => Assert.Equal((TouchedData.Buyers, seller.Value), (incident.Facts.Data!.Single(), incident.Facts.Sellers!.Single())));
        Assert.All(opened, incident => Assert.DoesNotContain("Canary", incident.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_foreign_environment_that_a_probe_meets_opens_an_incident()
    {
        await ExecuteAsync("update vault_stamp set environment = 'production'");
        var found = (await Get<ProbeBook>().AskAllAsync(Stop)).Select(ProbeHour.Found).OfType<Suspicion>().ToList();
        await Incidents.SuspectAsync(Assert.Single(found, suspicion => suspicion.Kind == IncidentKind.ForeignEnvironment), Stop);

        Assert.Contains("the database is stamped 'production'", Assert.Single(await Incidents.ListAsync(false, Stop)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_measured_breach_is_a_suspicion()
    {
        Assert.Null(ProbeHour.Found(new("environment", clock.Now, true, "all well")));
        Assert.Null(ProbeHour.Found(new("environment", clock.Now, false, "could not be asked: TimeoutException")));
        Assert.Null(ProbeHour.Found(new("policy", clock.Now, false, "the page lacks the date")));
        Assert.Equal(ProbeHour.Found(new("age", clock.Now, false, "oldest 541 days"))!.Cause, ProbeHour.Found(new("age", clock.Now, false, "oldest 542 days"))!.Cause);
    }

    [Fact]
    public async Task A_deletion_that_is_late_opens_an_incident_and_every_running_clock_is_said()
    {
        await using (var db = Get<AppDbs>().System())
        {
            db.Deletions.Add(new() { Id = Guid.NewGuid(), Organisation = Guid.NewGuid(), SellerId = Guid.NewGuid(), Cause = DeletionCause.Owner, StartedAt = clock.Now.AddDays(-20), State = DeletionState.Stopped });
            await db.SaveChangesAsync(Stop);
        }

        var hour = new IncidentHour(Incidents, Get<Platform.Deletion.DeletionBook>(), clock, NullLogger<IncidentHour>.Instance);
        for (var look = 0; look < 2; look++) Assert.Equal(3, await hour.LookAsync(Stop));
        Assert.Contains("is late", Assert.Single(await Incidents.ListAsync(false, Stop)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_incident_leaves_after_three_years_and_an_open_one_stays()
    {
        var closed = (await Incidents.OpenAsync("Closed.", Unknown, null, false, "Ada", Stop)).Value;
        await AddAsync(closed, IncidentStep.Contained, "Done.");
        foreach (var to in Enum.GetValues<IncidentNotice>()) await AddAsync(closed, IncidentStep.NotOwed, "There was nothing to tell anybody.", to);
        await AddAsync(closed, IncidentStep.Closed, "Long enough to be a lesson.");
        var open = (await Incidents.OpenAsync("Open.", Unknown, null, false, "Ada", Stop)).Value;
        Assert.True((await Duties.WriteAsync("training", null, "Ada", "Everybody took part.", Stop)).IsOk);

        clock.Now = Began.AddDays(1095).AddTicks(-10);
        await Get<RetentionKeeper>().PassAsync(clock.Now, Stop);
        Assert.Equal([closed, open], await NumbersAsync(db => db.Incidents.OrderBy(row => row.Number).Select(row => row.Number)));
        clock.Now = Began.AddDays(1095);
        await Get<RetentionKeeper>().PassAsync(clock.Now, Stop);
        Assert.Equal([open], await NumbersAsync(db => db.Incidents.Select(row => row.Number)));
        Assert.Equal([open], await NumbersAsync(db => db.IncidentEntries.Select(row => row.Incident).Distinct()));
        Assert.Empty(await Duties.DoneAsync("training", Stop));
        Assert.Equal(DutyTable.All.Length, (await Duties.StandingAsync(Stop)).Count(standing => standing.CountedFrom == Began)); // from when they count stays
    }

    [Fact]
    [Promise("P-8-h")]
    public async Task A_closed_drill_completes_its_duty_and_tells_nobody()
    {
        var (organisation, seller) = await ShopAsync();
        clock.Now = Began.AddDays(183);
        Assert.True(await OverdueAsync(DutyTable.IncidentDrill));
        var drill = (await Incidents.OpenAsync("Practice.", new(IncidentKind.Access, IncidentSeverity.High, [], [seller.Value]), null, drill: true, "Ada", Stop)).Value;
        await AddAsync(drill, IncidentStep.Contained, "As the plan says.");
        await AddAsync(drill, IncidentStep.Told, "Practice.", IncidentNotice.Amazon, "not sent");
        await AddAsync(drill, IncidentStep.Told, "Practice.", IncidentNotice.Sellers);
        await AddAsync(drill, IncidentStep.Told, "Practice.", IncidentNotice.Authority, "not sent");
        Assert.True(await OverdueAsync(DutyTable.IncidentDrill)); // begun is not done
        await AddAsync(drill, IncidentStep.Closed, "The contact's number was an old one.");

        Assert.False(await OverdueAsync(DutyTable.IncidentDrill));
        Assert.Equal(("Ada", $"incident {drill}, a drill"), (await Duties.DoneAsync(DutyTable.IncidentDrill, Stop)).Select(done => (done.By, done.Note)).Single());
        Assert.Empty(await Get<NoticeBook>().OpenAsync(organisation, Guid.NewGuid(), Stop));
        Assert.Contains(await LinesAsync(), line => line is { Action: AuditAction.DutyDone, Object: "duty incident-drill" });
    }

    [Fact]
    [Promise("P-3-d", "P-8-b", "P-8-h")]
    public async Task What_is_overdue_is_said_until_somebody_writes_down_that_it_was_done()
    {
        var probes = Get<ProbeBook>();
        var day = new DutyDay(Duties, clock, NullLogger<DutyDay>.Instance);
        Assert.Equal(0, await day.LookAsync(Stop));
        foreach (var (probe, after, duties) in ((string, int, string[])[])[("drills", 183, [DutyTable.IncidentDrill, DutyTable.IncidentPlan]), ("audits", 365, [DutyTable.SecurityAudit, DutyTable.PenetrationTest, "vulnerability-scan"])])
        {
            clock.Now = Began.AddDays(probe == "audits" ? 30 : after).AddTicks(-10);
            Assert.True((await AskAsync(probe)).Holds);
            clock.Now = Began.AddDays(after);
            Assert.False((await AskAsync(probe)).Holds);
            foreach (var duty in duties)
            {
                Assert.Contains($"{duty} is OVERDUE", (await AskAsync(probe)).Measured, StringComparison.Ordinal);
                Assert.True((await Duties.WriteAsync(duty, null, "Ada", "The report is in the safe.", Stop)).IsOk);
                Assert.DoesNotContain($"{duty} is OVERDUE", (await AskAsync(probe)).Measured, StringComparison.Ordinal);
            }

            Assert.True((await AskAsync(probe)).Holds);
        }

        Assert.False((await AskAsync("duties")).Holds); // all the others
        foreach (var standing in (await Duties.StandingAsync(Stop)).Where(standing => standing.IsOverdue)) Assert.True((await Duties.WriteAsync(standing.Duty.Id, null, "Ada", "Done as the table says.", Stop)).IsOk);
        Assert.True((await AskAsync("duties")).Holds);
        Assert.Equal(0, await day.LookAsync(Stop));

        async Task<ProbeResult> AskAsync(string id) => await probes.AskAsync(probes.Probes.Single(probe => probe.Id == id), Stop);
    }

    [Fact]
    public async Task A_duty_is_not_called_done_without_a_name_evidence_and_a_day_that_counts()
    {
        foreach (var (duty, at, by, note, words) in ((string, DateTimeOffset?, string, string, string)[])[
            ("no-such", null, "Ada", "long enough a note", "there is no 'no-such'"), ("training", null, " ", "long enough a note", "By:"), ("training", null, "Ada", "done", "Note:"),
            ("training", clock.Now.AddTicks(1), "Ada", "long enough a note", "future"), ("training", clock.Now.AddDays(-365).AddTicks(-1), "Ada", "long enough a note", "longer ago than the 365 days")])
            Assert.Contains(words, (await Duties.WriteAsync(duty, at, by, note, Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.Empty(await Duties.DoneAsync("training", Stop));

        Assert.True((await Duties.WriteAsync("training", clock.Now.AddDays(-300), "Ada", "Everybody took part.", Stop)).IsOk);
        Assert.Equal(Began.AddDays(65), (await Duties.StandingAsync(Stop)).Single(standing => standing.Duty.Id == "training").DueAt);
    }

    [Fact]
    public async Task Work_that_completes_a_duty_says_so_in_its_own_transaction_or_not_at_all()
    {
        foreach (var commit in (bool[])[false, true])
        {
            await using (var db = Get<AppDbs>().System())
            {
                await using var transaction = await db.Database.BeginTransactionAsync(Stop);
                Assert.True((await Duties.WriteAsync(db, DutyTable.AccessReview, null, "Ada", "12 accounts kept, 1 closed", Stop)).IsOk);
                if (commit) await transaction.CommitAsync(Stop);
            }

            Assert.Equal(commit ? 1 : 0, (await Duties.DoneAsync(DutyTable.AccessReview, Stop)).Count);
            Assert.Equal(commit ? 1 : 0, (await LinesAsync()).Count(line => line.Action == AuditAction.DutyDone));
        }
    }

    [Fact]
    public async Task A_duty_that_comes_with_a_later_version_counts_from_its_first_start()
    {
        await ExecuteAsync("delete from duty where \"Duty\" = 'training'");
        clock.Now = Began.AddDays(400);
        await Duties.BeginAsync(Stop);
        await Duties.BeginAsync(Stop);

        var standing = await Duties.StandingAsync(Stop);
        Assert.Equal(clock.Now, standing.Single(one => one.Duty.Id == "training").CountedFrom);
        Assert.All(standing.Where(one => one.Duty.Id != "training"), one => Assert.Equal(Began, one.CountedFrom));
        Assert.Equal(DutyTable.All.Length, (await NumbersAsync(db => db.Duties.Select(_ => 1))).Count);
    }

    private T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    private async Task<bool> OverdueAsync(string duty) => (await Duties.StandingAsync(Stop)).Single(standing => standing.Duty.Id == duty).IsOverdue;

    private async Task AddAsync(int number, IncidentStep step, string text, IncidentNotice? to = null, string? proof = null, IncidentFacts? facts = null)
    {
        var added = await Incidents.AddAsync(number, (_, now) => new(step, now, "Ada", text, facts, to, proof), Stop);
        Assert.True(added.IsOk, added.Error?.Message);
    }

    private async Task<(Guid Organisation, SellerId Seller)> ShopAsync()
    {
        var organisation = Guid.NewGuid();
        var (seller, _) = await RunningProduct.ConnectAsync(app.Services, organisation);
        return (organisation, seller);
    }

    private async Task<List<int>> NumbersAsync(Func<AppDb, IQueryable<int>> ask)
    {
        await using var db = Get<AppDbs>().System();
        return await ask(db).ToListAsync(Stop);
    }

    private async Task<(int Entries, int Audit, int Notices, int Drills)> CountsAsync(int number, Guid organisation)
    {
        await using var db = Get<AppDbs>().System();
        return (await db.IncidentEntries.CountAsync(row => row.Incident == number, Stop), await db.Audit.CountAsync(Stop), await db.Notices.CountAsync(row => row.Organisation == organisation, Stop), await db.Duties.CountAsync(row => row.Done && row.Duty == DutyTable.IncidentDrill, Stop));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var db = Get<AppDbs>().System();
        Assert.True(await db.Database.ExecuteSqlRawAsync(sql, Stop) > 0, sql);
    }

    private async Task<List<AuditLine>> LinesAsync()
    {
        var lines = new List<AuditLine>();
        await foreach (var line in Get<AuditLog>().LinesAsync(Stop)) lines.Add(line);
        return lines;
    }

    private IncidentBook AnotherProcess(Killer? killer)
    {
        var storage = Get<StorageSettings>();
        var keys = Get<KeyChain>();
        var databases = killer?.Databases(storage) ?? Get<AppDbs>();
        var audit = new AuditLog(databases, keys, storage, clock, NullLogger<AuditLog>.Instance);
        return new(databases, keys, audit, new DutyBook(databases, keys, audit, clock), clock, NullLogger<IncidentBook>.Instance);
    }
}

/// <summary>The register as people meet it: at the command line, and in the product of those whom an incident concerns.</summary>
[Collection<PeopleTests>]
public sealed class RegisterPagesTests(RunningProduct product)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-8-i")]
    public async Task A_seller_whom_it_concerns_is_told_in_the_product_and_nobody_else_is()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        var (stranger, other) = await product.SignedInAsync();
        await product.ConnectAsync(other.Organisation);
        var book = product.Services.GetRequiredService<IncidentBook>();
        var number = (await book.OpenAsync("Inner words that no seller reads.", new(IncidentKind.Loss, IncidentSeverity.High, [TouchedData.Amazon], [seller.Value]), null, false, "Ada", Stop)).Value;
        Assert.DoesNotContain("data-notice=\"Incident\"", await browser.ReadAsync("/connect"), StringComparison.Ordinal);

        Assert.True((await book.AddAsync(number, (_, now) => new(IncidentStep.Told, now, "Ada", "We lost a <b>disk</b>.\nIt was encrypted.", To: IncidentNotice.Sellers), Stop)).IsOk);

        Assert.Contains("An incident may concern the data of Test shop", WebUtility.HtmlDecode(await browser.ReadAsync("/connect")), StringComparison.Ordinal);
        var page = await browser.ReadAsync("/account/your-data");
        Assert.Contains("We lost a &lt;b&gt;disk&lt;/b&gt;.</p>", page, StringComparison.Ordinal);
        Assert.Contains("<p>It was encrypted.</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Inner words", page, StringComparison.Ordinal);
        foreach (var path in (string[])["/connect", "/account/your-data"])
            Assert.DoesNotContain("incident", (await stranger.ReadAsync(path)).ToLowerInvariant(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_open_note_contain_tell_close_and_list_and_say_what_is_late()
    {
        var settings = product.Services.GetRequiredService<StorageSettings>();
        Dictionary<string, string> configuration = new() { ["Autonoomi__Storage__Environment"] = "Demo", ["Autonoomi__Storage__KeyFolder"] = settings.KeyFolder, ["Autonoomi__Operator__Name"] = "Test Operator" };
        var evidence = Path.Combine(Path.GetTempPath(), $"autonoomi-evidence-{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(evidence, "evidence", Stop);

        var yesterday = TimeProvider.System.GetUtcNow().AddHours(-25).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var (code, opened) = await RunAsync("open", "--what", "A token was posted.", "--by", "Ada", "--detected", yesterday);
        Assert.Equal(0, code);
        var number = System.Text.RegularExpressions.Regex.Match(opened, @"^incident (\d+) ").Groups[1].Value;
        Assert.Contains("Amazon, by ", opened, StringComparison.Ordinal);
        Assert.Contains("LATE by 1 h", opened, StringComparison.Ordinal);
        Assert.Equal((1, true), With(await RunAsync("list"), "told too late or not at all"));
        Assert.Equal((1, true), With(await RunAsync("close", number, "--by", "Ada", "--lessons", "Tokens are never pasted anywhere."), "not contained yet"));
        Assert.Equal((0, true), With(await RunAsync("contain", number, "--by", "Ada", "--text", "The secret was renewed."), "contained, by"));
        Assert.Equal((0, true), With(await RunAsync("note", number, "--by", "Ada", "--kind", "secret", "--severity", "critical", "--data-classes", "Secrets", "Amazon", "--no-sellers", "--evidence", evidence), "Critical, a secret that others may know"));
        Assert.Equal((0, true), With(await RunAsync("tell", number, "--to", "amazon"), "From: Test Operator")); // the draft
        Assert.Equal((1, true), With(await RunAsync("tell", number, "--to", "amazon", "--by", "Ada"), "Proof:"));
        Assert.Equal((0, true), With(await RunAsync("tell", number, "--to", "amazon", "--by", "Ada", "--proof", "id 1"), "too late"));
        foreach (var to in (string[])["sellers", "authority"]) Assert.Equal((0, true), With(await RunAsync("tell", number, "--to", to, "--by", "Ada", "--not-owed", "The token opened an empty test account."), "need not be told"));
        Assert.Equal((0, true), With(await RunAsync("close", number, "--by", "Ada", "--lessons", "Tokens are never pasted anywhere."), "closed"));
        var (_, whole) = await RunAsync("list", number);
        Assert.Contains($"8 bytes, SHA-256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("evidence"u8))}", whole, StringComparison.Ordinal);
        Assert.Contains("What happened: A token was posted.", whole, StringComparison.Ordinal); // the draft as it was told

        var duties = await DemoOutputAsync(["duties", "list", "--data", settings.DataFolder]);
        Assert.Equal((0, true), With(duties, "19 duties, 0 overdue"));
        Assert.Equal((0, true), With(await DemoOutputAsync(["duties", "done", "training", "--by", "Ada", "--note", "Everybody took part.", "--data", settings.DataFolder]), "training is done"));
        Assert.Equal((1, true), With(await DemoOutputAsync(["duties", "done", "training", "--by", "Ada", "--note", "yes", "--data", settings.DataFolder]), "Note:"));
        File.Delete(evidence);

        Task<(int Code, string Output)> RunAsync(params string[] words) => DemoOutputAsync(["incident", .. words, "--data", settings.DataFolder]);

        async Task<(int Code, string Output)> DemoOutputAsync(string[] words)
        {
            var (exit, output, errors) = await Run.DemoChild.RunAsync(words, Stop, configuration);
            return (exit, output + errors);
        }

        static (int, bool) With((int Code, string Output) ran, string words) => ran.Output.Contains(words, StringComparison.Ordinal) ? (ran.Code, true) : throw new InvalidOperationException($"'{words}' is not in: {ran.Output}");
    }
}

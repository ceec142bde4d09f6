using System.Net;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>The operator's own people: nothing without a grant, and with one no more than it says. SweepTests plays them without one on every route.</summary>
[Collection<PeopleTests>]
public sealed class StaffTests(RunningProduct product)
{
    private const string Reason = "The figures of May do not add up, the seller asked us";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FixedClock clock = new(Start);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private StaffAccess Access => new(Get<AppDbs>(), Get<KeyChain>(), Get<AuditLog>(), Get<Rights>(), clock);

    private StaffAccess Now => Get<StaffAccess>();

    [Fact]
    [Promise("P-3-c", "P-4-m")]
    public async Task A_grant_opens_the_pages_to_look_at_and_the_seller_sees_it_and_ends_it()
    {
        var (owner, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (browser, support) = await StaffAsync(Now, StaffRole.Support);
        var (_, approver) = await StaffAsync(Now, StaffRole.Approver);
        string[] pages = ["/", "/storefronts", "/recommendations", "/targets", "/campaigns", "/search-terms", "/products", "/brand-analytics", "/hours", "/budgets", "/profit", "/changes", "/changes/return", "/changes/outcomes", "/imports", "/score", "/strategies", "/graduation", "/launch", "/stock", "/economics", "/control", "/start", "/start/costs", "/start/goals"];
        await NothingAsync(browser, house, pages);

        var grant = (await Now.RequestAsync(new(support, house.Seller, Reason, "C-17", 60), Stop)).Value;
        await NothingAsync(browser, house, pages);
        var asked = await owner.ReadAsync("/account/your-data");
        Assert.Contains("waits for a second person", asked, StringComparison.Ordinal);
        Assert.Contains(Reason, WebUtility.HtmlDecode(asked), StringComparison.Ordinal);

        // Two of the operator's people do not suffice: an owner says yes, and says who they are.
        Assert.Null(await Now.ApproveAsync(grant, approver, Stop));
        await NothingAsync(browser, house, pages);
        Assert.Contains("asks to look at your account for 60 minutes", await owner.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains("neither your password", await (await owner.SubmitAsync("/account/your-data", $"allow-{grant:N}", new() { ["proof"] = "not the password" })).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        await NothingAsync(browser, house, pages);
        Assert.Contains("from=allowed", (await owner.SubmitAsync("/account/your-data", $"allow-{grant:N}", new() { ["proof"] = RunningProduct.Password })).Headers.Location!.ToString(), StringComparison.Ordinal);
        foreach (var page in pages)
        {
            var shown = await browser.ReadAsync(page);
            Assert.True(shown.Contains(house.ShopName, StringComparison.Ordinal), page);
            Assert.Contains("every page is written down", shown, StringComparison.Ordinal);
        }

        // It opens nothing but these pages, and nothing is changed, uploaded or downloaded.
        var before = await house.StateAsync(Stop);
        foreach (var path in new[] { "/targets/export.csv", "/profit/export.csv", "/economics/template.csv", $"/account/your-data/certificate/{house.Deletion}" })
            Assert.DoesNotContain(house.Title, await (await browser.GetAsync(path)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        foreach (var path in new[] { "/account/people", "/account/your-data", "/connect" }) Assert.DoesNotContain(house.ShopName, (await browser.ReadAsync(path)).Split("<main")[1], StringComparison.Ordinal);
        await browser.SubmitAsync("/control", "goals", new() { ["mode"] = "Auto", ["budget"] = "1500", ["bid"] = "2.50", ["terms"] = "x" });
        await browser.SubmitAsync("/economics", "costs", new() { ["validFrom"] = "2026-01-15", ["sku.0"] = "A-1", ["cost.0"] = "6", ["inbound.0"] = "0", ["margin.0"] = "", ["lead.0"] = "25" });
        Assert.Equal(Rights.Words(Right.Decide), (await Get<ProposalBook>().ApproveAsync(house.Seller, house.Storefront, [new(FilledHouse.Open)], Actor.Person(support), Stop)).Refusal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/connect/ads/start", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/security") })).StatusCode);
        Assert.Equal(before, await house.StateAsync(Stop));

        var seen = WebUtility.HtmlDecode(await owner.ReadAsync("/account/your-data"));
        Assert.Contains("may look now", seen, StringComparison.Ordinal);
        foreach (var page in new[] { "Overview", "Recommendations", "Targets", "Campaigns", "SearchTerms", "Products", "Profit", "ChangeLog", "Imports", "Health", "Strategies", "Products and costs" }) Assert.Contains($"<td>page {page}</td>", seen, StringComparison.Ordinal);
        Assert.Contains("may look at your account", await owner.ReadAsync("/"), StringComparison.Ordinal);
        var lines = await LinesAsync(grant);
        Assert.Equal(pages.Length, lines.Count(line => line.Action == AuditAction.StaffLooked && line.Reason == $"grant {grant:N}"));

        Assert.Contains("from=grant", (await owner.SubmitAsync("/account/your-data", "end-grant", new() { ["grant"] = grant.ToString() })).Headers.Location!.ToString(), StringComparison.Ordinal);
        await NothingAsync(browser, house, pages);
        Assert.Contains("ended early", await owner.ReadAsync("/account/your-data"), StringComparison.Ordinal);
        Assert.Equal([AuditAction.StaffAsked, AuditAction.StaffApproved, AuditAction.StaffAllowed, AuditAction.StaffEnded], (await LinesAsync(grant)).Where(line => line.Action != AuditAction.StaffLooked).Select(line => line.Action));
        Assert.Equal(pages.Length, (await LinesAsync(grant)).Count(line => line.Action == AuditAction.StaffLooked));
    }

    [Fact]
    [Promise("P-3-c")]
    public async Task To_the_second_whatever_its_length()
    {
        var (house, support, approver) = await ThreeAsync();
        var tried = 0;
        foreach (var (number, minutes) in new[] { 1, 5, 30, 59, 60, 61, 120, 240, 479, 480 }.Index())
        {
            clock.Now = Start.AddDays(2 * number);
            var grant = await LiveAsync(house, support, approver, minutes);
            var allowed = clock.Now;
            foreach (var (seconds, open) in new[] { (-1.0, false), (0, true), (1, true), ((minutes * 60) - 1, true), (minutes * 60, false), ((minutes * 60) + 1, false), (86_400.0, false) })
            {
                clock.Now = allowed.AddSeconds(seconds);
                Assert.Equal(open, await Access.IsLiveAsync(grant, Stop));
                Assert.Equal(open ? grant : null, (await Access.LiveAsync(support, Stop))?.Id);
                Assert.Equal(open, await Access.UseAsync(grant, $"page {tried}", Stop));
                tried++;
            }
        }

        Figures.Tell($"staff: {tried} moments around the ends of ten grants");
    }

    [Fact]
    [Promise("P-3-c")]
    public async Task Nobody_approves_alone_twice_late_or_without_the_role()
    {
        var (house, support, approver) = await ThreeAsync();
        var (_, second) = await StaffAsync(Access, StaffRole.Approver);
        var (_, colleague) = await StaffAsync(Access, StaffRole.Support);
        var (outsider, _) = await product.SignUpAsync();

        var own = (await Access.RequestAsync(new(approver, house.Seller, Reason, "C-1", 60), Stop)).Value;
        Assert.Contains("themselves", (await Access.ApproveAsync(own, approver, Stop))!.Message, StringComparison.Ordinal);
        Assert.Null(await Access.LiveAsync(approver, Stop));
        Assert.Null(await Access.ApproveAsync(own, second, Stop)); // by somebody else it may

        var grant = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-2", 60), Stop)).Value;
        foreach (var nobody in new[] { support, colleague, outsider.User, OwnerOf(house), Guid.NewGuid() })
        {
            Assert.NotNull(await Access.ApproveAsync(grant, nobody, Stop));
            Assert.NotNull((await YesAsync(grant, house)).Error);
            Assert.Null(await Access.LiveAsync(support, Stop));
        }

        Assert.Null(await Access.ApproveAsync(grant, approver, Stop));
        Assert.True((await YesAsync(grant, house)).IsOk);
        var ends = (await Access.LiveAsync(support, Stop))!.EndsAt;
        clock.Now += TimeSpan.FromMinutes(30);
        foreach (var again in new[] { approver, second }) Assert.Contains("decided on once", (await Access.ApproveAsync(grant, again, Stop))!.Message, StringComparison.Ordinal);
        Assert.Equal(ends, (await Access.LiveAsync(support, Stop))!.EndsAt);
        clock.Now += TimeSpan.FromMinutes(30);
        Assert.NotNull((await YesAsync(grant, house)).Error); // nor is it opened again once it is over
        Assert.Null(await Access.LiveAsync(support, Stop));

        var refused = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-3", 60), Stop)).Value;
        Assert.Null(await Access.EndAsync(refused, house.Organisation, Actor.Person(house.Owner), Stop));
        Assert.NotNull(await Access.ApproveAsync(refused, approver, Stop));

        foreach (var (late, taken) in new[] { (-1, true), (0, false), (3600, false) })
        {
            var old = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-4", 60), Stop)).Value;
            clock.Now += StaffAccess.RequestLife + TimeSpan.FromSeconds(late);
            Assert.Equal(taken, await Access.ApproveAsync(old, approver, Stop) is null);
        }

        static Guid OwnerOf(FilledHouse house) => house.Owner;
    }

    [Fact]
    [Promise("P-4-m")]
    public async Task Nobody_but_an_owner_says_yes()
    {
        var (house, support, approver) = await ThreeAsync();
        var (stranger, _) = await product.SignUpAsync();
        var (manager, _) = await product.SignUpAsync();
        await house.AdmitAsync(manager.User, MemberRole.Manager, Stop);
        var grant = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-1", 60), Stop)).Value;
        Assert.Contains("has approved", (await YesAsync(grant, house)).Error!.Message, StringComparison.Ordinal);
        Assert.Null(await Access.ApproveAsync(grant, approver, Stop));

        foreach (var by in new[] { Actor.Person(support), Actor.Person(approver), Actor.Person(stranger.User), Actor.Person(manager.User), Actor.Operator, Actor.Product, Actor.Amazon, Actor.Stranger })
            Assert.Equal(Rights.Words(Right.Own), (await Access.AllowAsync(grant, house.Organisation, by, Stop)).Error?.Message);
        Assert.NotNull((await Access.AllowAsync(grant, stranger.Organisation, Actor.Person(stranger.User), Stop)).Error); // nor for another organisation's
        await house.AdmitAsync(approver, MemberRole.Owner, Stop);
        Assert.NotNull((await Access.AllowAsync(grant, house.Organisation, Actor.Person(approver), Stop)).Error); // nor one of the operator's people who is an owner too
        Assert.False(await Access.IsLiveAsync(grant, Stop));

        // A yes that is written into the table is none.
        await using (var db = Get<AppDbs>().System())
            await db.StaffGrants.Where(row => row.Id == grant).ExecuteUpdateAsync(set => set.SetProperty(row => row.AllowedBy, house.Owner).SetProperty(row => row.AllowedAt, clock.Now).SetProperty(row => row.EndsAt, clock.Now.AddMinutes(60)), Stop);
        Assert.False(await Access.IsLiveAsync(grant, Stop));
        await using (var db = Get<AppDbs>().System())
            await db.StaffGrants.Where(row => row.Id == grant).ExecuteUpdateAsync(set => set.SetProperty(row => row.AllowedBy, (Guid?)null).SetProperty(row => row.AllowedAt, (DateTimeOffset?)null).SetProperty(row => row.EndsAt, (DateTimeOffset?)null), Stop);

        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(clock.Now.AddMinutes(60), (await YesAsync(grant, house)).Value);
        Assert.True(await Access.IsLiveAsync(grant, Stop));
        Assert.NotNull((await YesAsync(grant, house)).Error); // once
        clock.Now += TimeSpan.FromMinutes(60);
        Assert.False(await Access.IsLiveAsync(grant, Stop));
    }

    [Theory]
    [InlineData("too short", "C-1", 60)]
    [InlineData("                              ", "C-1", 60)]
    [InlineData(Reason, "", 60)]
    [InlineData(Reason, "   ", 60)]
    [InlineData(Reason, "C-1", 0)]
    [InlineData(Reason, "C-1", -5)]
    [InlineData(Reason, "C-1", 481)]
    [InlineData(Reason, "C-1", int.MaxValue)]
    public async Task A_request_says_why_for_which_case_and_for_at_most_eight_hours(string reason, string number, int minutes)
    {
        var (house, support, _) = await ThreeAsync();

        Assert.NotNull((await Access.RequestAsync(new(support, house.Seller, reason, number, minutes), Stop)).Error);
        Assert.NotNull((await Access.RequestAsync(new(house.Owner, house.Seller, Reason, "C-1", 60), Stop)).Error); // none of the operator's people
        Assert.NotNull((await Access.RequestAsync(new(support, new(Guid.NewGuid()), Reason, "C-1", 60), Stop)).Error); // no such account
        Assert.Single(await Access.ListAsync(house.Organisation, Stop)); // the one that was there
    }

    public static TheoryData<string> Edits =>
    [
        "\"Minutes\" = 400", "\"EndsAt\" = \"EndsAt\" + 3600000000", "\"EndsAt\" = \"EndsAt\" - 1", "\"ApprovedAt\" = \"ApprovedAt\" - 1", "\"RequestedAt\" = \"RequestedAt\" + 1", "\"Mac\" = 'made up'", "\"Mac\" = null",
        "\"ApprovedBy\" = \"Staff\"", "\"ApprovedBy\" = null", "\"AllowedBy\" = \"Staff\"", "\"AllowedBy\" = \"ApprovedBy\"", "\"AllowedBy\" = null", "\"AllowedAt\" = \"AllowedAt\" - 1", "\"AllowedAt\" = null", "\"SealedReason\" = \"SealedCase\"", "\"SealedCase\" = \"SealedReason\"", "\"Organisation\" = \"Seller\"", "\"Seller\" = \"Organisation\"", "\"Id\" = \"Organisation\"",
    ];

    [Theory, MemberData(nameof(Edits))]
    [Promise("P-3-c")]
    public async Task A_grant_that_was_changed_after_its_approval_opens_nothing(string edit)
    {
        var (house, support, approver) = await ThreeAsync();
        var grant = await LiveAsync(house, support, approver, 60);
        Assert.NotNull(await Access.LiveAsync(support, Stop));

        await using (var db = Get<AppDbs>().System())
#pragma warning disable EF1002 // written above
            Assert.Equal(1, await db.Database.ExecuteSqlRawAsync($"update staff_grant set {edit} where \"Id\" = {{0}}", [grant], Stop));
#pragma warning restore EF1002

        Assert.Null(await Access.LiveAsync(support, Stop));
        Assert.False(await Access.UseAsync(grant, "page", Stop));
    }

    [Fact]
    public async Task A_grant_handed_to_somebody_else_opens_nothing()
    {
        var (house, support, approver) = await ThreeAsync();
        var (_, thief) = await StaffAsync(Access, StaffRole.Support);
        var grant = await LiveAsync(house, support, approver, 60);
        Assert.Null(await Access.LiveAsync(thief, Stop));

        await using (var db = Get<AppDbs>().System()) await db.StaffGrants.Where(row => row.Id == grant).ExecuteUpdateAsync(set => set.SetProperty(row => row.Staff, thief), Stop);

        Assert.Null(await Access.LiveAsync(thief, Stop));
        Assert.Null(await Access.LiveAsync(support, Stop));
    }

    [Fact]
    public async Task A_grant_is_for_one_account_and_its_neighbour_stays_closed()
    {
        var (house, support, approver) = await ThreeAsync();
        var neighbour = await FilledHouse.MakeAsync(product.Services, house.Organisation, house.Owner, Stop);
        await LiveAsync(house, support, approver, 60);
        await using var scope = product.Services.CreateAsyncScope();
        var current = scope.ServiceProvider.GetRequiredService<CurrentStorefront>();

        Assert.True(await current.LoadGrantedAsync((await Access.LiveAsync(support, Stop))!, Stop));

        Assert.Equal([house.Seller], current.Choices.Select(choice => choice.Seller).Distinct());
        Assert.False(current.Select(neighbour.Seller, "ATVPDKIKX0DER"));
        Assert.False(current.MayDecide);
        current.Forget();
        Assert.Empty(current.Choices);
        Assert.False(current.IsReady);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("without second factor")]
    [InlineData("not looked at for a quarter")]
    [InlineData("account being deleted")]
    [InlineData("ended by the seller")]
    [InlineData("ended by the operator")]
    public async Task What_else_closes_it_at_once(string what)
    {
        var (house, support, approver) = await ThreeAsync();
        var grant = await LiveAsync(house, support, approver, 60);
        var access = Access;
        var heard = new List<Guid>();
        access.Ended += heard.Add;
        await using var db = Get<AppDbs>().System();

        switch (what)
        {
            case "removed": Assert.True(await access.RemoveAsync(support, Stop)); break;
            case "without second factor": await db.Users.Where(row => row.Id == support).ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, false), Stop); break;
            case "not looked at for a quarter": await db.StaffAccounts.Where(row => row.User == support).ExecuteUpdateAsync(set => set.SetProperty(row => row.AddedAt, Start.AddDays(-93)), Stop); break;
            case "account being deleted": await Get<DeletionBook>().StartAsync(house.Organisation, house.Seller, RetainedFrom.Both, DeletionCause.Operator, DateTimeOffset.UtcNow, Actor.Operator, Stop); break;
            case "ended by the seller": Assert.Null(await access.EndAsync(grant, house.Organisation, Actor.Person(house.Owner), Stop)); break;
            default: Assert.Null(await access.EndAsync(grant, house.Organisation, Actor.Operator, Stop)); break;
        }

        Assert.Null(await access.LiveAsync(support, Stop));
        Assert.False(await access.UseAsync(grant, "page", Stop));
        if (what.StartsWith("ended", StringComparison.Ordinal) || what == "removed") Assert.Equal([grant], heard);
    }

    [Fact]
    public async Task Of_many_who_decide_in_the_same_moment_one_does()
    {
        var (house, support, approver) = await ThreeAsync();
        var (_, second) = await StaffAsync(Access, StaffRole.Approver);
        for (var round = 0; round < 5; round++)
        {
            var grant = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-5", 60), Stop)).Value;
            var approvals = await Task.WhenAll(new[] { approver, second, approver, second }.Select(person => Task.Run(() => Access.ApproveAsync(grant, person, Stop))));
            Assert.Single(approvals, approval => approval is null);
            var yeses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => YesAsync(grant, house))));
            Assert.Single(yeses, yes => yes.IsOk);

            var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => Access.EndAsync(grant, house.Organisation, number % 2 == 0 ? Actor.Operator : Actor.Person(house.Owner), Stop))));
            Assert.Single(ends, end => end is null);
        }
    }

    private T Get<T>() where T : notnull => product.Services.GetRequiredService<T>();

    private async Task<(FilledHouse House, Guid Support, Guid Approver)> ThreeAsync()
    {
        var (who, _) = await product.SignUpAsync();
        return (await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop), (await StaffAsync(Access, StaffRole.Support)).User, (await StaffAsync(Access, StaffRole.Approver)).User);
    }

    private async Task<Guid> LiveAsync(FilledHouse house, Guid support, Guid approver, int minutes)
    {
        var grant = (await Access.RequestAsync(new(support, house.Seller, Reason, "C-0", minutes), Stop)).Value;
        Assert.Null(await Access.ApproveAsync(grant, approver, Stop));
        clock.Now += TimeSpan.FromMinutes(7);
        Assert.Equal(clock.Now.AddMinutes(minutes), (await YesAsync(grant, house)).Value);
        return grant;
    }

    private Task<Platform.Result<DateTimeOffset>> YesAsync(Guid grant, FilledHouse house) => Access.AllowAsync(grant, house.Organisation, Actor.Person(house.Owner), Stop);

    // With a second factor and without an organisation.
    private async Task<(Browser Browser, Guid User)> StaffAsync(StaffAccess access, StaffRole role)
    {
        var (browser, who) = await product.SignedInAsync();
        await using var db = Get<AppDbs>().System();
        await db.Memberships.Where(row => row.User == who.User).ExecuteDeleteAsync(Stop);
        await db.Users.Where(row => row.Id == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, true), Stop);
        await access.AddAsync(who.User, role, Stop);
        return (browser, who.User);
    }

    private static async Task NothingAsync(Browser browser, FilledHouse house, string[] pages)
    {
        foreach (var page in pages)
        {
            var shown = await browser.ReadAsync(page);
            foreach (var mark in house.Marks) Assert.False(shown.Contains(mark, StringComparison.Ordinal), $"{page} shows {mark}");
        }
    }

    private async Task<List<AuditLine>> LinesAsync(Guid grant)
    {
        var lines = new List<AuditLine>();
        await foreach (var line in Get<AuditLog>().LinesAsync(Stop))
            if (line.Object == $"grant {grant:N}" || line.Reason == $"grant {grant:N}") lines.Add(line);
        return lines;
    }
}

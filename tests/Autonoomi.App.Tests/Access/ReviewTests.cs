using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>Once a quarter somebody looks at every access, and what was not looked at is said.</summary>
public sealed class ReviewTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RunningProduct product = new();
    private readonly FixedClock clock = new(Start);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => product.InitializeAsync();

    public ValueTask DisposeAsync() => product.DisposeAsync();

    private AccessReviews Reviews => new(Get<AppDbs>(), Get<AuditLog>(), Get<Rights>(), clock);

    [Fact]
    [Promise("P-3-e")]
    public async Task Members_are_looked_at_by_an_owner_every_92_days()
    {
        var (who, other) = await TwoAsync();
        foreach (var (days, due, overdue) in new[] { (0, false, false), (78, false, false), (79, true, false), (91, true, false), (92, true, false), (93, true, true) })
        {
            clock.Now = Start.AddDays(days);
            var access = (await Reviews.OfAsync(who.Organisation, Stop)).Single(item => item.User == other);
            Assert.Equal((due, overdue), (access.IsDue(clock.Now), access.IsOverdue(clock.Now)));
            Assert.Equal(overdue ? 2 : 0, (await Reviews.OverdueAsync(Stop)).Count);
        }

        Assert.Null(await Reviews.ConfirmAsync(who.Organisation, other, Actor.Person(who.User), Stop));
        Assert.Equal(who.User, Assert.Single(await Reviews.OverdueAsync(Stop)).User);
        Assert.Null(await Reviews.ConfirmAsync(who.Organisation, who.User, Actor.Person(who.User), Stop));
        Assert.Empty(await Reviews.OverdueAsync(Stop));
        clock.Now = clock.Now.AddDays(93);
        Assert.Equal(2, (await Reviews.OverdueAsync(Stop)).Count);

        // Who is alone has nothing to look at; the record of who was removed stays.
        Assert.Null(await Get<MemberBook>().RemoveAsync(who.Organisation, other, Actor.Person(who.User), Stop));
        Assert.Empty(await Reviews.OverdueAsync(Stop));
        await using var db = Get<AppDbs>().System();
        Assert.Equal([(other, (int)MemberRole.Analyst, true, who.User), (who.User, (int)MemberRole.Owner, true, who.User), (other, (int)MemberRole.Analyst, false, who.User)],
            (await db.AccessReviews.AsNoTracking().OrderBy(row => row.At).ToListAsync(Stop)).OrderBy(row => row.Kept ? 0 : 1).ThenBy(row => row.User == other ? 0 : 1).Select(row => (row.User, row.Role, row.Kept, row.By)));
    }

    [Fact]
    [Promise("P-3-e")]
    public async Task Of_the_operators_people_an_access_that_nobody_confirmed_opens_nothing()
    {
        var (who, _) = await product.SignUpAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var access = new StaffAccess(Get<AppDbs>(), Get<KeyChain>(), Get<AuditLog>(), Get<Rights>(), clock);
        var (support, approver) = (await StaffAsync(access, StaffRole.Support), await StaffAsync(access, StaffRole.Approver));
        foreach (var (days, open) in new[] { (0, true), (91, true), (92, true), (93, false), (200, false) })
        {
            clock.Now = Start.AddDays(days);
            var grant = (await access.RequestAsync(new(support, house.Seller, "A question about the figures of May", "C-1", 60), Stop)).Value;
            Assert.Null(await access.ApproveAsync(grant, approver, Stop));
            Assert.True((await access.AllowAsync(grant, who.Organisation, Actor.Person(who.User), Stop)).IsOk);
            Assert.Equal(open, await access.IsLiveAsync(grant, Stop));
            Assert.Equal(open ? 0 : 2, (await Reviews.OverdueAsync(Stop)).Count);
        }

        Assert.NotNull(await Reviews.ConfirmAsync(AccessReviews.Operator, support, Actor.Person(support), Stop)); // not by themselves
        Assert.Null(await access.LiveAsync(support, Stop));
        Assert.Null(await Reviews.ConfirmAsync(AccessReviews.Operator, support, Actor.Operator, Stop));
        Assert.NotNull(await access.LiveAsync(support, Stop));

        // Whoever is removed and added again begins anew; the old look does not count for it.
        Assert.True(await access.RemoveAsync(support, Stop));
        Assert.Null(await access.LiveAsync(support, Stop));
        Assert.Equal([approver], (await Reviews.OfAsync(AccessReviews.Operator, Stop)).Select(item => item.User));
    }

    [Fact]
    public async Task The_page_says_so_and_takes_the_confirmation()
    {
        var (browser, who) = await product.SignedInAsync();
        var (other, _) = await product.SignUpAsync();
        await using (var db = Get<AppDbs>().System())
        {
            await db.Memberships.Where(row => row.User == other.User).ExecuteDeleteAsync(Stop);
            db.Memberships.Add(new() { Organisation = who.Organisation, User = other.User, Role = MemberRole.Viewer });
            await db.SaveChangesAsync(Stop);
            await db.Users.Where(row => row.Id == other.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, DateTimeOffset.UtcNow.AddDays(-100)), Stop);
        }

        var page = await browser.ReadAsync("/account/people");
        Assert.Contains("It is time to look at who has access", page, StringComparison.Ordinal);
        Assert.Contains(">overdue<", page, StringComparison.Ordinal);

        Assert.Contains("from=confirm", (await browser.SubmitAsync("/account/people", $"member-{other.User:N}", new() { ["member"] = other.User.ToString(), ["role"] = "Viewer", ["act"] = "confirm", ["proof"] = RunningProduct.Password })).Headers.Location!.ToString(), StringComparison.Ordinal);

        Assert.DoesNotContain(">overdue<", await browser.ReadAsync("/account/people"), StringComparison.Ordinal);
    }

    private T Get<T>() where T : notnull => product.Services.GetRequiredService<T>();

    private async Task<(Features.Account.SignedUp Who, Guid Other)> TwoAsync()
    {
        var (who, _) = await product.SignUpAsync();
        var (other, _) = await product.SignUpAsync();
        await using var db = Get<AppDbs>().System();
        await db.Memberships.Where(row => row.User == other.User).ExecuteDeleteAsync(Stop);
        db.Memberships.Add(new() { Organisation = who.Organisation, User = other.User, Role = MemberRole.Analyst });
        await db.SaveChangesAsync(Stop);
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, Start), Stop);
        return (who, other.User);
    }

    private async Task<Guid> StaffAsync(StaffAccess access, StaffRole role)
    {
        var (who, _) = await product.SignUpAsync();
        await using var db = Get<AppDbs>().System();
        await db.Memberships.Where(row => row.User == who.User).ExecuteDeleteAsync(Stop);
        await db.Users.Where(row => row.Id == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.TwoFactorEnabled, true), Stop);
        await access.AddAsync(who.User, role, Stop);
        return who.User;
    }
}

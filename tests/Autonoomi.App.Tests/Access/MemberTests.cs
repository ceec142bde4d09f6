using System.Net;
using System.Text.RegularExpressions;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>Invited, joined, given another role, removed; RoleTests plays who may not.</summary>
[Collection<PeopleTests>]
public sealed partial class MemberTests(RunningProduct product)
{
    private const string Page = "/account/people";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MemberBook Book => product.Services.GetRequiredService<MemberBook>();

    [Fact]
    [Promise("P-4-m")]
    public async Task An_owner_invites_by_a_link_that_is_shown_once_and_works_once()
    {
        var (owner, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        Assert.Contains("neither your password", await BodyAsync(await owner.SubmitAsync(Page, "invite", new() { ["role"] = "Viewer", ["proof"] = "not the password" })), StringComparison.Ordinal);
        var shown = await BodyAsync(await owner.SubmitAsync(Page, "invite", new() { ["role"] = "Viewer", ["proof"] = RunningProduct.Password }));
        var link = new Uri(Link().Match(shown).Groups[1].Value);
        Assert.DoesNotMatch(Link(), await owner.ReadAsync(Page));

        using var guest = product.Open();
        Assert.Contains("Join Test house", await guest.ReadAsync(link.PathAndQuery), StringComparison.Ordinal);
        var email = $"p{Guid.NewGuid():N}@example.com";
        var fields = new Dictionary<string, string> { ["name"] = "Bea Guest", ["email"] = email, ["password"] = "short", ["adult"] = "true", ["policy"] = "1" };
        Assert.Contains("at least 12 characters", await BodyAsync(await guest.SubmitAsync(link.PathAndQuery, "join-new", fields)), StringComparison.Ordinal);
        fields["password"] = RunningProduct.Password;
        Assert.Contains("from=sign-up", Location(await guest.SubmitAsync(link.PathAndQuery, "join-new", fields)), StringComparison.Ordinal);

        // the second time it opens nothing, and no account comes to be
        using var late = product.Open();
        Assert.Contains("not good any more", await late.ReadAsync(link.PathAndQuery), StringComparison.Ordinal);
        await late.PostAsync(link.PathAndQuery, new() { ["_handler"] = "join-new", ["__RequestVerificationToken"] = await late.TokenAsync("/account/sign-in"), ["name"] = "Eve", ["email"] = "late@example.com", ["password"] = RunningProduct.Password, ["adult"] = "true", ["policy"] = "1" });

        await guest.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password });
        Assert.Contains(house.ShopName, await guest.ReadAsync("/"), StringComparison.Ordinal);
        Assert.Contains("You belong to Test house", await guest.ReadAsync(link.PathAndQuery), StringComparison.Ordinal);
        var seen = await guest.ReadAsync(Page);
        Assert.Contains("Bea Guest", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(email, seen, StringComparison.Ordinal); // addresses are for owners
        Assert.DoesNotContain("_handler\" value=\"invite", seen, StringComparison.Ordinal);
        Assert.Contains(email, await owner.ReadAsync(Page), StringComparison.Ordinal);
        Assert.Equal([MemberRole.Owner, MemberRole.Viewer], (await Book.ListAsync(house.Organisation, false, Stop)).Select(member => member.Role));
    }

    [Fact]
    [Promise("P-4-m")]
    public async Task A_removed_member_is_outside_at_once_and_may_be_invited_again()
    {
        var (owner, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (guest, person) = await product.SignedInAsync();
        await house.AdmitAsync(person.User, MemberRole.Manager, Stop);
        await guest.ReadAsync(Page);
        var form = $"member-{person.User:N}";
        Dictionary<string, string> Fields(string act, string role = "Viewer") => new() { ["member"] = person.User.ToString(), ["role"] = role, ["act"] = act, ["proof"] = RunningProduct.Password };

        Assert.Contains("from=role", Location(await owner.SubmitAsync(Page, form, Fields("role"))), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await guest.PostAsync("/connect/ads/start", new() { ["__RequestVerificationToken"] = await guest.TokenAsync("/account/security") })).StatusCode);
        Assert.Contains("from=sessions", Location(await owner.SubmitAsync(Page, form, Fields("sessions"))), StringComparison.Ordinal);
        Assert.Contains("/account/sign-in", Location(await guest.GetAsync(Page)), StringComparison.Ordinal);

        var name = Sessions.NewName();
        await product.Services.GetRequiredService<Sessions>().BeginAsync(name, person.User, "Firefox on Linux", DateTimeOffset.UtcNow, Stop);
        Assert.Contains("from=remove", Location(await owner.SubmitAsync(Page, form, Fields("remove"))), StringComparison.Ordinal);
        Assert.False(await product.Services.GetRequiredService<Sessions>().IsOpenAsync(name, person.User, used: true, Stop));
        Assert.Single(await Book.ListAsync(house.Organisation, false, Stop));

        // with the account that is left, a new invitation is followed after signing in
        var token = (await Book.InviteAsync(house.Organisation, MemberRole.Analyst, Actor.Person(who.User), Stop)).Value;
        Assert.Null(await Book.JoinAsync(token, person.User, Stop));
        Assert.Equal([MemberRole.Owner, MemberRole.Analyst], (await Book.ListAsync(house.Organisation, false, Stop)).Select(member => member.Role));

        var acts = new List<string>();
        await foreach (var line in product.Services.GetRequiredService<AuditLog>().LinesAsync(Stop))
            if (line.Object?.Contains($"{person.User:N}", StringComparison.Ordinal) == true) acts.Add(line.Action);
        Assert.Equal([AuditAction.RoleChanged, AuditAction.SessionEnded, AuditAction.MemberRemoved], acts);
    }

    [Fact]
    public async Task Who_belongs_to_an_organisation_joins_no_other_and_the_invitation_stays_good()
    {
        var (_, who) = await product.SignedInAsync();
        var (_, other) = await product.SignedInAsync();
        var token = (await Book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).Value;

        Assert.Contains("nobody belongs to two", (await Book.JoinAsync(token, other.User, Stop))!.Message, StringComparison.Ordinal);

        Assert.NotNull(await Book.FindAsync(token, Stop));
        Assert.Null(await Book.FindAsync(token[..^1] + (token[^1] == 'A' ? 'B' : 'A'), Stop));
        Assert.Null(await Book.FindAsync(null, Stop));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(259_199, true)]
    [InlineData(259_200, false)]
    [InlineData(400_000, false)]
    public async Task An_invitation_is_good_for_72_hours(int seconds, bool good)
    {
        var (_, who) = await product.SignedInAsync();
        var clock = new FixedClock(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var book = At(clock);
        var token = (await book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).Value;
        var person = await LonelyAsync();

        clock.Now += TimeSpan.FromSeconds(seconds);

        Assert.Equal(good, await book.FindAsync(token, Stop) is not null);
        Assert.Equal(good ? 1 : 0, (await book.InvitationsAsync(who.Organisation, Stop)).Count);
        Assert.Equal(good, await book.JoinAsync(token, person, Stop) is null);
    }

    [Fact]
    public async Task Of_two_who_use_a_link_in_the_same_moment_one_joins()
    {
        var (_, who) = await product.SignedInAsync();
        for (var round = 0; round < 10; round++)
        {
            var token = (await Book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).Value;
            Guid[] both = [await LonelyAsync(), await LonelyAsync()];

            var outcomes = await Task.WhenAll(both.Select(person => Task.Run(() => Book.JoinAsync(token, person, Stop))));

            Assert.Single(outcomes, outcome => outcome is null);
        }

        Assert.Equal(11, (await Book.ListAsync(who.Organisation, false, Stop)).Count);
    }

    [Fact]
    public async Task The_last_owner_stays_also_when_two_remove_each_other()
    {
        var (_, who) = await product.SignedInAsync();
        var by = Actor.Person(who.User);
        Assert.Contains("last owner", (await Book.RemoveAsync(who.Organisation, who.User, by, Stop))!.Message, StringComparison.Ordinal);
        Assert.Contains("last owner", (await Book.ChangeRoleAsync(who.Organisation, who.User, MemberRole.Manager, by, Stop))!.Message, StringComparison.Ordinal);
        Assert.NotNull(await Book.ChangeRoleAsync(who.Organisation, who.User, (MemberRole)9, by, Stop));
        Assert.NotNull(await Book.RemoveAsync(who.Organisation, Guid.NewGuid(), by, Stop));

        for (var round = 0; round < 10; round++)
        {
            var (_, house) = await product.SignedInAsync();
            var other = await LonelyAsync();
            var token = (await Book.InviteAsync(house.Organisation, MemberRole.Owner, Actor.Person(house.User), Stop)).Value;
            Assert.Null(await Book.JoinAsync(token, other, Stop));

            var outcomes = await Task.WhenAll(
                Task.Run(() => Book.RemoveAsync(house.Organisation, other, Actor.Person(house.User), Stop)),
                Task.Run(() => round % 2 == 0 ? Book.RemoveAsync(house.Organisation, house.User, Actor.Person(other), Stop) : Book.ChangeRoleAsync(house.Organisation, house.User, MemberRole.Viewer, Actor.Person(other), Stop)));

            Assert.Single(outcomes, outcome => outcome is null);
            Assert.Single(await Book.ListAsync(house.Organisation, false, Stop), member => member.Role == MemberRole.Owner);
        }
    }

    [Fact]
    public async Task At_most_twenty_invitations_are_open()
    {
        var (_, who) = await product.SignedInAsync();
        for (var number = 0; number < MemberBook.MostInvitations; number++) Assert.True((await Book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).IsOk);

        Assert.False((await Book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).IsOk);

        var open = await Book.InvitationsAsync(who.Organisation, Stop);
        Assert.Null(await Book.TakeBackAsync(who.Organisation, open[0].Id, Actor.Person(who.User), Stop));
        Assert.True((await Book.InviteAsync(who.Organisation, MemberRole.Viewer, Actor.Person(who.User), Stop)).IsOk);
    }

    // An account whose organisation is gone.
    private async Task<Guid> LonelyAsync()
    {
        var (who, _) = await product.SignUpAsync();
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        await db.Memberships.Where(row => row.User == who.User).ExecuteDeleteAsync(Stop);
        return who.User;
    }

    private MemberBook At(TimeProvider clock) => new(
        product.Services.GetRequiredService<AppDbs>(), product.Services.GetRequiredService<KeyChain>(), product.Services.GetRequiredService<Sessions>(), product.Services.GetRequiredService<Outbox>(), product.Services.GetRequiredService<AuditLog>(), product.Services.GetRequiredService<Rights>(), clock);

    private static Task<string> BodyAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Stop);

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.ToString() ?? $"status {answer.StatusCode}";

    [GeneratedRegex("id=\"invitation-link\">([^<]+)<")]
    private static partial Regex Link();
}

using System.Reflection;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>Every act of a person, called as a page's circuit calls it, by every role: the act itself refuses, whatever the page showed.</summary>
[Collection<PeopleTests>]
public sealed class RoleTests(RunningProduct product)
{
    private const string Nobody = "nobody";
    private const string Foreign = "foreign";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private sealed record Act(Right Needs, string Action, Func<RoleTests, FilledHouse, Actor, Task<string?>> Do, bool Stores = true);

    private static readonly Dictionary<string, Act> Acts = new(StringComparer.Ordinal)
    {
        ["ProposalBook.ApproveAsync"] = new(Right.Decide, AuditAction.Approved, async (at, house, by) => (await at.Get<ProposalBook>().ApproveAsync(house.Seller, house.Storefront, [new(FilledHouse.Open)], by, Stop)).Refusal),
        ["ProposalBook.RejectAsync"] = new(Right.Decide, AuditAction.Rejected, async (at, house, by) => (await at.Get<ProposalBook>().RejectAsync(house.Seller, house.Storefront, [new(FilledHouse.Open)], "why", by, Stop)).Refusal),
        ["ProposalBook.ReopenAsync"] = new(Right.Decide, AuditAction.Reopened, async (at, house, by) => (await at.Get<ProposalBook>().ReopenAsync(house.Seller, house.Storefront, [new(FilledHouse.Approved)], by, Stop)).Refusal),
        ["ProposalBook.SnoozeAsync"] = new(Right.Decide, AuditAction.Snoozed, async (at, house, by) => (await at.Get<ProposalBook>().SnoozeAsync(house.Seller, house.Storefront, [new(FilledHouse.Open)], 3, null, by, Stop)).Refusal),
        ["ProposalBook.EditAsync"] = new(Right.Decide, AuditAction.OwnValue, async (at, house, by) => (await at.Get<ProposalBook>().EditAsync(house.Seller, house.Storefront, new(FilledHouse.Open), 0.77m, by, Stop)).Refusal),
        ["ProposalBook.WakeAsync"] = new(Right.Decide, AuditAction.Woken, async (at, house, by) => (await at.Get<ProposalBook>().WakeAsync(house.Seller, house.Storefront, [new(FilledHouse.Aside)], by, Stop)).Refusal),
        ["ProposalBook.ApplyNowAsync"] = new(Right.Decide, AuditAction.ApplyNow, async (at, house, by) => (await at.Get<ProposalBook>().ApplyNowAsync(house.Seller, house.Storefront, by, Stop)).Error?.Message),
        ["ChangeBook.UndoAsync"] = new(Right.Decide, AuditAction.Undo, async (at, house, by) => await at.Get<ChangeBook>().UndoAsync(house.Seller, house.Storefront, FilledHouse.Change, by, Stop) is { Run: null } refused ? refused.Words : null),
        ["ChangeBook.UndoBatchAsync"] = new(Right.Decide, AuditAction.Undo, async (at, house, by) => await at.Get<ChangeBook>().UndoBatchAsync(house.Seller, house.Storefront, FilledHouse.Batch, by, Stop) is { Run: null } refused ? refused.Words : null),
        ["EditBook.ApplyAsync"] = new(Right.Decide, AuditAction.Edit, async (at, house, by) => await at.Get<EditBook>().ApplyAsync(house.Seller, house.Storefront, [FilledHouse.Edit], by, Stop) is var result && result.IsOk ? result.Value.Edits[0].Refusal : result.Error!.Message),
        ["LaunchBook.BeginAsync"] = new(Right.Decide, AuditAction.Launch, async (at, house, by) => (await at.Get<LaunchBook>().BeginAsync(house.Seller, house.Storefront, "Boards", FilledHouse.Plan, switchOn: false, by, Stop)).Error?.Message),
        ["LaunchBook.GoOnAsync"] = new(Right.Decide, AuditAction.Launch, async (at, house, by) => (await at.Get<LaunchBook>().GoOnAsync(house.Seller, house.Storefront, house.Launch, by, Stop)).Error?.Message),
        ["LaunchBook.KeepAsync"] = new(Right.Decide, AuditAction.Settings, async (at, house, by) => (await at.Get<LaunchBook>().KeepAsync(house.Seller, house.Storefront, "Mine", FilledHouse.Layout, by, Stop)).Error?.Message),
        ["LaunchBook.ForgetAsync"] = new(Right.Decide, AuditAction.Settings, async (at, house, by) => (await at.Get<LaunchBook>().ForgetAsync(house.Seller, house.Storefront, "Usual", by, Stop)).Error?.Message),
        ["MoveBook.ReturnAsync"] = new(Right.Decide, AuditAction.Undo, async (at, house, by) => (await at.Get<MoveBook>().ReturnAsync(house.Seller, house.Storefront, FilledHouse.Moment, null, by, Stop)).Error?.Message),
        ["ReviewBook.UseGoalAsync"] = new(Right.Decide, AuditAction.Settings, (at, house, by) => at.Get<ReviewBook>().UseGoalAsync(house.Seller, house.Storefront, new("A-1"), Goal.Profit, by, Stop)),
        ["StopSwitch.StopAsync"] = new(Right.Decide, AuditAction.Automation, async (at, house, by) => (await at.Get<StopSwitch>().StopAsync(house.Seller, house.Storefront, by, Stop))?.Message),
        ["ReportingBook.StoreAsync"] = new(Right.Decide, AuditAction.Exchange, async (at, house, by) => (await at.Get<ReportingBook>().StoreAsync(house.Seller, house.Storefront, Reporting.None, by, Stop)) is [var fault] ? fault : null),
        ["SaveCostsHandler.Handle"] = new(Right.Decide, AuditAction.Costs, async (at, house, by) => (await at.Get<SaveCostsHandler>().Handle(new(house.Seller, house.Storefront, [new(new("A-1"), new(2026, 1, 1), new(3, new("USD")), new(0, new("USD")), null, 30)], by), Stop)).Error?.Message),
        ["TypeCostsHandler.Handle"] = new(Right.Decide, AuditAction.Costs, async (at, house, by) => (await at.Get<TypeCostsHandler>().Handle(house.Seller, house.Storefront, [new("A-1", "4", "0", "", "25")], "2026-01-15", null, by, Stop)).Error?.Message),
        ["SaveSettingsHandler.Handle"] = new(Right.Decide, AuditAction.Settings, (at, house, by) => at.SetAsync(house, by, settings => settings with { Mode = AutomationMode.Auto })),
        ["SaveSettingsHandler.Handle, the emergency stop"] = new(Right.Decide, AuditAction.Settings, (at, house, by) => at.SetAsync(house, by, settings => settings with { Frozen = true })),
        ["Runs.RequestAsync"] = new(Right.Decide, AuditAction.RunNow, async (at, house, by) => (await at.Get<Runs>().RequestAsync(house.Seller, house.Storefront, by, Stop)).Error?.Message),
        ["PreviewCostsHandler.Handle"] = new(Right.Decide, AuditAction.Costs, async (at, house, by) => by.Kind != ActorKind.Person ? Rights.Words(Right.Decide)
            : (await at.Get<PreviewCostsHandler>().Handle(new(by.User, house.Seller, house.Storefront, "sku,cost_of_goods\nA-1,5\n"u8.ToArray(), DecimalMark.Detect), Stop)).Error?.Message, Stores: false),
        ["MemberBook.InviteAsync"] = new(Right.Own, AuditAction.Invited, async (at, house, by) => (await at.Get<MemberBook>().InviteAsync(house.Organisation, MemberRole.Viewer, by, Stop)).Error?.Message),
        ["MemberBook.TakeBackAsync"] = new(Right.Own, AuditAction.InvitationTakenBack, async (at, house, by) => (await at.Get<MemberBook>().TakeBackAsync(house.Organisation, house.Invitation, by, Stop))?.Message),
        ["MemberBook.ChangeRoleAsync"] = new(Right.Own, AuditAction.RoleChanged, async (at, house, by) => (await at.Get<MemberBook>().ChangeRoleAsync(house.Organisation, at.other, MemberRole.Manager, by, Stop))?.Message),
        ["MemberBook.RemoveAsync"] = new(Right.Own, AuditAction.MemberRemoved, async (at, house, by) => (await at.Get<MemberBook>().RemoveAsync(house.Organisation, at.other, by, Stop))?.Message),
        ["MemberBook.EndSessionsAsync"] = new(Right.Own, AuditAction.SessionEnded, async (at, house, by) => (await at.Get<MemberBook>().EndSessionsAsync(house.Organisation, at.other, by, Stop))?.Message, Stores: false),
        ["ReadInHandler.Handle"] = new(Right.Decide, AuditAction.ReadIn, async (at, house, by) =>
            (await at.Get<ReadInHandler>().Handle(new(house.Organisation, house.Seller, "no archive"u8.ToArray(), by), Stop)).Problems.Select(problem => problem.Rule).FirstOrDefault(rule => rule == Rights.Words(Right.Decide)), Stores: false),
        ["StaffAccess.AllowAsync"] = new(Right.Own, AuditAction.StaffAllowed, async (at, house, by) => (await at.Get<StaffAccess>().AllowAsync(house.Grant, house.Organisation, by, Stop)).Error?.Message),
        ["StaffAccess.EndAsync"] = new(Right.Decide, AuditAction.StaffEnded, async (at, house, by) => (await at.Get<StaffAccess>().EndAsync(house.Grant, house.Organisation, by, Stop))?.Message),
        ["AccessReviews.ConfirmAsync"] = new(Right.Own, AuditAction.AccessReviewed, async (at, house, by) => (await at.Get<AccessReviews>().ConfirmAsync(house.Organisation, at.other, by, Stop))?.Message, Stores: false),
        ["DeletionBook.StartAsync"] = new(Right.Own, AuditAction.DeletionStarted, async (at, house, by) => (await at.Get<DeletionBook>().StartAsync(house.Organisation, house.Seller, RetainedFrom.Both, DeletionCause.Owner, TimeProvider.System.GetUtcNow(), by, Stop)).Error?.Message),
        ["DeletionBook.StartOrganisationAsync"] = new(Right.Own, AuditAction.DeletionStarted, async (at, house, by) => (await at.Get<DeletionBook>().StartOrganisationAsync(house.Organisation, TimeProvider.System.GetUtcNow(), by, Stop)).Error?.Message),
        ["DeletionBook.TakeBackAsync"] = new(Right.Own, AuditAction.DeletionTakenBack, async (at, house, by) => (await at.Get<DeletionBook>().TakeBackAsync(house.Organisation, at.begun, by, Stop))?.Message),
    };

    // Take an actor and are reached only through something that has asked already, named beside.
    private static readonly Dictionary<string, string> Behind = new(StringComparer.Ordinal)
    {
        ["AgreementBook.RecordAsync"] = "signing up, joining, a consent: told in the same transaction",
        ["CaseBook.FreezeChildAsync"] = "a person's own account after password or code, and the operator's command",
        ["DeletionBook.RejoinedAsync"] = "a consent that was given anew",
        ["GrantBook.RenewSecretAsync"] = "/connect, see EdgeTests.Who_only_looks_changes_nothing",
        ["SellerLink.AcceptSellerAsync"] = "/connect, see EdgeTests.Who_only_looks_changes_nothing",
        ["SellerLink.AcceptAdsAsync"] = "/connect, see EdgeTests.Who_only_looks_changes_nothing",
        ["PasteCredentialsHandler.Handle"] = "/connect, see EdgeTests.Who_only_looks_changes_nothing",
        ["RenewSecretHandler.Handle"] = "/connect, see EdgeTests.Who_only_looks_changes_nothing",
        ["AccessReviews.Note"] = "MemberBook.RemoveAsync, AccessReviews.ConfirmAsync",
        ["Rights.RefusalAsync"] = "the rule itself",
    };

    private Guid begun;
    private Guid other;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var act in Acts.Keys)
                foreach (var who in Enum.GetNames<MemberRole>().Concat([Foreign, Nobody])) cases.Add(act, who);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    [Promise("P-4-m")]
    public async Task An_act_asks_for_the_role_itself(string name, string who)
    {
        var act = Acts[name];
        var house = await HouseAsync();
        if (name.EndsWith("TakeBackAsync", StringComparison.Ordinal))
            begun = (await Get<DeletionBook>().StartAsync(house.Organisation, house.Seller, RetainedFrom.Both, DeletionCause.Operator, TimeProvider.System.GetUtcNow(), Actor.Operator, Stop)).Value.Id;
        if (name.StartsWith("MemberBook", StringComparison.Ordinal) || name.StartsWith("AccessReviews", StringComparison.Ordinal))
        {
            other = (await product.SignUpAsync()).Who.User;
            await house.AdmitAsync(other, MemberRole.Analyst, Stop);
        }

        if (name == "StaffAccess.AllowAsync")
        {
            var approver = (await product.SignUpAsync()).Who.User;
            await Get<StaffAccess>().AddAsync(approver, StaffRole.Approver, Stop);
            Assert.Null(await Get<StaffAccess>().ApproveAsync(house.Grant, approver, Stop));
        }

        var by = Actor.Stranger;
        if (who != Nobody)
        {
            var (person, _) = await product.SignUpAsync(); // owns another organisation
            by = Actor.Person(person.User);
            if (who != Foreign) await house.AdmitAsync(person.User, Enum.Parse<MemberRole>(who), Stop);
        }

        var before = await house.StateAsync(Stop);
        var refusal = await act.Do(this, house, by);
        var after = await house.StateAsync(Stop);

        if (Enum.TryParse<MemberRole>(who, out var role) && Rights.Has(role, act.Needs))
        {
            Assert.Null(refusal);
            if (act.Stores) Assert.NotEqual(before, after);
            return;
        }

        Assert.Equal(Rights.Words(act.Needs), refusal);
        Assert.Equal(before, after);
        if (name.StartsWith("PreviewCosts", StringComparison.Ordinal) && who == Nobody) return; // it takes a person only
        var lines = new List<AuditLine>();
        await foreach (var line in Get<AuditLog>().LinesAsync(Stop)) lines.Add(line);
        Assert.Contains(lines, line => line.Action == act.Action && line.Outcome == AuditOutcome.Refused && line.Object == "refused");
    }

    [Fact]
    public void Nothing_that_takes_an_actor_is_left_out()
    {
        var takes = typeof(Product).Assembly.GetTypes().Where(type => !type.IsNested)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(method => method.IsPublic || method.IsAssembly))
            .Where(method => method.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null && method.GetParameters().Any(parameter => IsActor(parameter.ParameterType)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").Where(name => !name.Contains(".set_", StringComparison.Ordinal) && !name.EndsWith(".Deconstruct", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

        var known = Acts.Keys.Where(name => !name.Contains(',', StringComparison.Ordinal)).Concat(Behind.Keys).Where(name => name != "PreviewCostsHandler.Handle").Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(known, takes);
        Testing.Figures.Tell($"roles: {Acts.Count} acts by {Enum.GetNames<MemberRole>().Length} roles, a stranger and a member of another organisation: {Acts.Count * (Enum.GetNames<MemberRole>().Length + 2)} cases");
    }

    private static bool IsActor(Type type) => type == typeof(Actor) || (type.Namespace != typeof(Actor).Namespace && type.GetProperty("By")?.PropertyType == typeof(Actor));

    [Fact]
    public async Task A_page_that_was_opened_as_a_manager_decides_nothing_once_the_role_is_lower()
    {
        var house = await HouseAsync();
        var (person, _) = await product.SignUpAsync();
        await house.AdmitAsync(person.User, MemberRole.Manager, Stop);
        await using var circuit = product.Services.CreateAsyncScope();
        var current = circuit.ServiceProvider.GetRequiredService<CurrentStorefront>();
        await current.LoadAsync(new(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.NameIdentifier, person.User.ToString())], "test")), Stop);
        Assert.True(current.MayDecide);

        await house.AdmitAsync(person.User, MemberRole.Viewer, Stop);
        var before = await house.StateAsync(Stop);
        var decided = await Get<ProposalBook>().ApproveAsync(current.Seller, current.Storefront, [new(FilledHouse.Open)], Actor.Of(current), Stop);

        Assert.True(current.MayDecide); // the open page still shows its buttons
        Assert.Equal(Rights.Words(Right.Decide), decided.Refusal);
        Assert.Equal(before, await house.StateAsync(Stop));
    }

    private T Get<T>() where T : notnull => product.Services.GetRequiredService<T>();

    private async Task<FilledHouse> HouseAsync()
    {
        var (who, _) = await product.SignUpAsync();
        return await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
    }

    private async Task<string?> SetAsync(FilledHouse house, Actor by, Func<StorefrontSettings, StorefrontSettings> change)
    {
        var settings = (await Get<Workspaces>().GetAsync(house.Seller, house.Storefront, Stop)).Settings;
        return (await Get<SaveSettingsHandler>().Handle(new(house.Seller, house.Storefront, change(settings), by), Stop)).Error?.Message;
    }
}

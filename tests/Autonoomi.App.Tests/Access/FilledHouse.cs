using System.Collections.Immutable;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Access;

/// <summary>An organisation with one connected seller account, something of everything that can be decided on, and names that are found again wherever they turn up.</summary>
internal sealed class FilledHouse
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly Day = new(2026, 3, 4);

    private static readonly Evidence Evidence = new(
    [
        .. ImmutableArray.Create("clicks", "orders", "priorStrength", "contribution", "clickValue", "clickValueLow", "clickValueHigh", "inventoryPrice", "budgetPrice", "learningWeight", "wantedBid")
            .Select(name => new EvidenceValue(name, name is "inventoryPrice" or "budgetPrice" or "learningWeight" ? 0 : 1, "factor")),
    ]);

    public const string Open = "canary-open";
    public const string Approved = "canary-approved";
    public const string Aside = "canary-aside";
    public const string Change = "canary-change";

    /// <summary>An earlier moment, since which the campaign's budget moved.</summary>
    public const string Moment = "canary-moment-1";

    /// <summary>The run that wrote <see cref="Change"/>.</summary>
    public static Guid Batch { get; } = new("0198a1c0-0000-7000-8000-00000000000b");

    /// <summary>Something that a person might change.</summary>
    public static Change Edit { get; } = new SetBudget(new(1), new(10, Usd), new(12, Usd));

    /// <summary>A layout that a person might keep.</summary>
    public static LaunchLayout Layout { get; } = new([LaunchPart.Auto], LaunchLayout.UsualPattern, new(30, Usd), BiddingStrategy.DownOnly);

    /// <summary>Something that a person might launch.</summary>
    public static LaunchPlan Plan { get; } = new([new("Kettles again", TargetingType.Auto, new(10, Usd), BiddingStrategy.DownOnly, Day, [new("Auto", new(0.50m, Usd), [new("A-1")], [])])]);

    private IServiceProvider services = null!;

    public Guid Organisation { get; private set; }
    public Guid Owner { get; private set; }
    public SellerId Seller { get; private set; }
    public StorefrontId Storefront { get; private set; }
    public string ShopName { get; private set; } = "";
    public string Title { get; private set; } = "";
    public string Certificate { get; private set; } = "";
    public Guid Deletion { get; private set; }
    public Guid Run { get; private set; }
    public string Invitation { get; private set; } = "";
    public Guid Grant { get; private set; }
    public Guid Case { get; private set; }

    /// <summary>A launch whose id no other house has.</summary>
    public string Launch { get; private set; } = "";

    /// <summary>A proposal whose id no other house has.</summary>
    public string Card { get; private set; } = "";
    public string StorefrontCookie => $"{Seller}.ATVPDKIKX0DER";

    /// <summary>Whatever tells that something of this organisation was shown.</summary>
    public IEnumerable<string> Marks => [ShopName, Title, Certificate, Title.Replace("Kettle", "Reason", StringComparison.Ordinal), Title.Replace("Kettle", "Question", StringComparison.Ordinal)];

    /// <summary>Everything by which something of this organisation can be named in an address, a form or a cookie.</summary>
    public IReadOnlyDictionary<string, string> Ids => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["organisation"] = Organisation.ToString(), ["person"] = Owner.ToString(), ["seller"] = Seller.Value.ToString(), ["seller without dashes"] = Seller.Value.ToString("N"),
        ["storefront"] = Storefront.ToString()!, ["storefront cookie"] = StorefrontCookie, ["copy of the account"] = $"account:{Seller.Value}", ["copy of what was typed in"] = $"given:{Seller.Value}", ["run"] = Run.ToString(), ["invitation"] = Invitation, ["grant"] = Grant.ToString(), ["request"] = Case.ToString(), ["deletion"] = Deletion.ToString(), ["change"] = Change, ["launch"] = Launch, ["proposal"] = Card,
    };

    public static async Task<FilledHouse> MakeAsync(IServiceProvider services, Guid organisation, Guid owner, CancellationToken stop)
    {
        var mark = Guid.NewGuid().ToString("N")[..10];
        var house = new FilledHouse { services = services, Organisation = organisation, Owner = owner, ShopName = $"Shop {mark}", Title = $"Kettle {mark}", Certificate = $"certificate-{mark}", Card = $"card-{mark}", Launch = $"launch-{mark}" };
        (house.Seller, house.Storefront) = await RunningProduct.ConnectAsync(services, organisation);
        var keys = services.GetRequiredService<KeyChain>();
        var vault = await services.GetRequiredService<SellerVaults>().OpenAsync(house.Seller, Purpose.Run, stop);
        var write = new VaultWrite()
            .ReplaceSnapshot(Dataset.Listing, house.Storefront, EntityTables.ToTable((Listing[])[new Listing(new Sku("A-1"), new Asin("B000000001"), house.Title, new Money(20m, Usd), true)]))
            .ReplaceSnapshot(Dataset.Campaign, house.Storefront, EntityTables.ToTable((Campaign[])[new Campaign(new(1), "Kettles", TargetingType.Manual, Core.Advertising.EntityState.Enabled, new(10, Usd), BiddingStrategy.DownOnly, 0, 0, 0)]))
            .ReplaceSnapshot(Dataset.Target, house.Storefront, EntityTables.ToTable((Target[])[new Target(new(11), new(1), new(1), TargetKind.Keyword, MatchType.Exact, "kettle", Core.Advertising.EntityState.Enabled, new(1.00m, Usd))]))
            .Put(RecordKind.Moves, RecordKind.RecordId(house.Storefront, Moment), new StoredMoves(new(Day, new(6, 0), TimeSpan.Zero), Batch, []), StoredJson.Default.StoredMoves, "seen")
            .Put(RecordKind.Moves, RecordKind.RecordId(house.Storefront, "canary-moment-2"), new StoredMoves(new(Day, new(7, 0), TimeSpan.Zero), Batch, [new(new SetBudget(new(1), new(8, Usd), new(10, Usd)))]), StoredJson.Default.StoredMoves, "seen")
            .Put(RecordKind.Sync, RecordKind.RecordId(house.Storefront, "mark"), new SyncMark(new(Day, new(6, 0), TimeSpan.Zero), Day.AddDays(-1)), StoredJson.Default.SyncMark, "done")
            .Put(RecordKind.Proposal, RecordKind.RecordId(house.Storefront, Open), new StoredProposal(Of(Open, 11), Day), StoredJson.Default.StoredProposal, ProposalState.Open)
            .Put(RecordKind.Proposal, RecordKind.RecordId(house.Storefront, Approved), new StoredProposal(Of(Approved, 12), Day), StoredJson.Default.StoredProposal, ProposalState.Approved)
            .Put(RecordKind.Proposal, RecordKind.RecordId(house.Storefront, house.Card), new StoredProposal(Of(house.Card, 15), Day), StoredJson.Default.StoredProposal, ProposalState.Open)
            .Put(RecordKind.Proposal, RecordKind.RecordId(house.Storefront, Aside), new StoredProposal(Of(Aside, 14), Day) { Snooze = new(Day.AddDays(7), new Money(10m, Usd)) }, StoredJson.Default.StoredProposal, ProposalState.Snoozed)
            .Put(RecordKind.Launch, RecordKind.RecordId(house.Storefront, house.Launch), new StoredLaunch(house.Launch, "Kettles", new(Day, new(7, 0), TimeSpan.Zero), Plan, false, ImmutableDictionary<string, MadePart>.Empty), StoredJson.Default.StoredLaunch, LaunchState.Stopped)
            .Put(RecordKind.Layout, RecordKind.RecordId(house.Storefront, "all"), new StoredLayouts([new("Usual", Layout)]), StoredJson.Default.StoredLayouts, "set")
            .Put(RecordKind.Change, RecordKind.RecordId(house.Storefront, Change), new StoredChange(Change, new AppliedChange(Bid(13), new(Day, new(7, 0), TimeSpan.Zero), true), null, null, ChangeOutcomeKind.Confirmed, Run: Batch), StoredJson.Default.StoredChange, "written");
        await vault.CommitAsync(write, stop);
        await using var db = services.GetRequiredService<AppDbs>().System();
        var name = keys.Application.SealText("seller_account", "name", house.Seller.Value.ToString("N"), house.ShopName);
        await db.SellerAccounts.Where(row => row.Seller == house.Seller.Value).ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedName, name), stop);
        var now = DateTimeOffset.UtcNow;
        db.Deletions.Add(new DeletionRow { Id = house.Deletion = Guid.CreateVersion7(), Organisation = organisation, SellerId = Guid.NewGuid(), Scope = RetainedFrom.Both, Cause = DeletionCause.Owner, StartedAt = now.AddDays(-40), EndedAt = now, State = DeletionState.Closed, Certificate = house.Certificate });
        db.Runs.Add(new RunRow { Id = house.Run = Guid.CreateVersion7(), Seller = house.Seller.Value, Storefront = house.Storefront.Value, Kind = RunKind.Full, State = RunState.Done, RequestedAt = now, FinishedAt = now });
        db.StaffGrants.Add(new StaffGrantRow
        {
            Id = house.Grant = Guid.CreateVersion7(), Organisation = organisation, Seller = house.Seller.Value, Staff = Guid.NewGuid(), Minutes = 60, RequestedAt = now,
            SealedReason = keys.Application.SealText("staff_grant", "reason", house.Grant.ToString("N"), $"Reason {mark}"), SealedCase = keys.Application.SealText("staff_grant", "case", house.Grant.ToString("N"), "Case 7"),
        });
        db.Cases.Add(new CaseRow { Id = house.Case = Guid.CreateVersion7(), Organisation = organisation, User = owner, Kind = CaseKind.Question, OpenedAt = now, DueAt = now.AddDays(30) });
        var message = Guid.CreateVersion7();
        db.CaseMessages.Add(new CaseMessageRow { Id = message, Organisation = organisation, Case = house.Case, At = now, SealedText = keys.Application.SealText("request_message", "text", message.ToString("N"), $"Question {mark}") });
        db.Invitations.Add(new InvitationRow { Id = house.Invitation = Platform.Identity.LinkValue.IdOf(mark), Organisation = organisation, Role = MemberRole.Viewer, By = owner, CreatedAt = now, ExpiresAt = now.AddHours(72) });
        await db.SaveChangesAsync(stop);
        return house;
    }

    /// <summary>Everything of this organisation that anybody could have changed, as one text.</summary>
    public async Task<string> StateAsync(CancellationToken stop)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        var told = new List<string>();
        await foreach (var row in db.Records.AsNoTracking().Where(row => row.Seller == Seller.Value).OrderBy(row => row.Kind).ThenBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"record {row.Kind} {row.Id} {row.Revision} {row.State}");
        await foreach (var row in db.Runs.AsNoTracking().Where(row => row.Seller == Seller.Value).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"run {row.Id} {row.Kind}");
        await foreach (var row in db.Deletions.AsNoTracking().Where(row => row.Organisation == Organisation).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"deletion {row.Id} {row.State}");
        await foreach (var row in db.Memberships.AsNoTracking().Where(row => row.Organisation == Organisation).OrderBy(row => row.User).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"member {row.User} {row.Role}");
        await foreach (var row in db.Invitations.AsNoTracking().Where(row => row.Organisation == Organisation).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"invitation {row.Id} {row.Role}");
        await foreach (var row in db.Cases.AsNoTracking().Where(row => row.Organisation == Organisation && row.User == Owner).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"request {row.Id} {row.State}");
        await foreach (var row in db.StaffGrants.AsNoTracking().Where(row => row.Organisation == Organisation).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"staff {row.Id} {row.ApprovedAt} {row.AllowedAt} {row.EndedAt}");
        await foreach (var row in db.Grants.AsNoTracking().Where(row => row.Organisation == Organisation).OrderBy(row => row.Kind).AsAsyncEnumerable().WithCancellation(stop)) told.Add($"consent {row.Kind} {row.State} {Convert.ToHexString(row.SealedToken)}");
        told.Add($"{await db.LoginClients.CountAsync(row => row.Organisation == Organisation, stop)} clients, {await db.ConsentStates.CountAsync(row => row.Organisation == Organisation, stop)} consents on their way, {await db.SellerAccounts.CountAsync(row => row.Organisation == Organisation, stop)} accounts");
        return string.Join('\n', told);
    }

    /// <summary>Gives a person who signed up this organisation in place of the own one.</summary>
    public async Task AdmitAsync(Guid user, MemberRole role, CancellationToken stop)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        await db.Memberships.Where(row => row.User == user).ExecuteDeleteAsync(stop);
        db.Memberships.Add(new MembershipRow { Organisation = Organisation, User = user, Role = role });
        await db.SaveChangesAsync(stop);
    }

    private static SetBid Bid(long target) => new(new(1), new(1), new(target), TargetKind.Keyword, new(1.00m, Usd), new(0.85m, Usd));

    private static Proposal Of(string id, long target) => new(new(id), Module.Bidding, ReasonCode.LowerBid, null, Bid(target), Evidence, new Effect(new(10, Usd), new(2, Usd), new(18, Usd), 0.9));
}

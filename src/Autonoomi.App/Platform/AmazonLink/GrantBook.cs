using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.AmazonLink;

/// <param name="Client">Credentials that a person typed in.</param>
/// <param name="SecretEndsAt">When Amazon ends the secret; null when it has no end.</param>
public sealed record OwnClient(LoginClient Client, DateTimeOffset? SecretEndsAt);

/// <summary>One consent as a page shows it; nothing secret.</summary>
/// <param name="Kind">Which consent.</param>
/// <param name="State">How it stands.</param>
/// <param name="ConsentedAt">When it was given last.</param>
/// <param name="EndsAt">When Amazon ends it; null where no end is documented.</param>
/// <param name="OwnClient">The account's own login client; null for the installation's.</param>
/// <param name="SecretEndsAt">End of that client's secret, as far as somebody said.</param>
/// <param name="ClientRefusedAt">Since when Amazon refuses the login client, own or not; null while it is taken.</param>
/// <param name="SelfAuthorised">Renewed by pasting a token, not on a consent page.</param>
/// <param name="Missing">Operations that Amazon refuses although the consent is good.</param>
public sealed record GrantView(
    GrantKind Kind, GrantState State, DateTimeOffset ConsentedAt, DateTimeOffset? EndsAt, Guid? OwnClient, DateTimeOffset? SecretEndsAt, DateTimeOffset? ClientRefusedAt, bool SelfAuthorised, IReadOnlyList<string> Missing);

/// <summary>Consents at rest: opened, kept, and what Amazon's answers mean for them. Tokens and client secrets are opened here and nowhere else.</summary>
public sealed partial class GrantBook(AppDbs databases, KeyChain keys, AmazonConnections connections, IOptions<AmazonOptions> amazon, AuditLog audit, AgreementBook agreements, DeletionBook deletions, TimeProvider clock, ILogger<GrantBook> log)
{
    /// <summary>A client that Amazon refused is left alone this long before somebody may try it again.</summary>
    public static readonly TimeSpan ClientRest = TimeSpan.FromMinutes(15);

    /// <summary>A permission that nobody missed for this long is taken for given again.</summary>
    public static readonly TimeSpan PermissionMemory = TimeSpan.FromDays(2);

    // A new start may bring a new secret: whatever was refused before it is tried once.
    private readonly DateTimeOffset started = clock.GetUtcNow();

    internal static string Key(SellerId seller, GrantKind kind) => $"{seller}/{kind}";

    /// <exception cref="GrantRevokedException">The consent is missing or known to be gone.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon refused the login client a moment ago: nothing is sent.</exception>
    internal async Task<GrantHandle> OpenAsync(AppDb db, SellerId seller, GrantKind kind, CancellationToken cancellationToken)
    {
        var row = await db.Grants.AsNoTracking().SingleOrDefaultAsync(item => item.Seller == seller.Value && item.Kind == kind, cancellationToken);
        if (row is null or { State: GrantState.ReauthRequired }) throw new GrantRevokedException(kind, null);
        var client = await ClientAsync(db, row, cancellationToken);
        if (client?.RefusedAt is { } refused && IsResting(refused)) throw new OperatorCredentialsException(kind, "invalid_client", null, row.Client is not null);
        return Handle(row, client);
    }

    /// <summary>Keeps a consent in the caller's transaction: new, or anew over the one before.</summary>
    internal async Task KeepAsync(AppDb db, Guid organisation, SellerId seller, GrantKind kind, Secret refreshToken, OwnClient? own, bool selfAuthorised, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var client = own is null ? null : await KeepClientAsync(db, organisation, kind, own, cancellationToken);
        var sealedToken = keys.Application.SealText("grant", "token", Key(seller, kind), refreshToken.Reveal());
        var row = await db.Grants.SingleOrDefaultAsync(item => item.Seller == seller.Value && item.Kind == kind, cancellationToken);
        if (row is null) db.Grants.Add(row = new GrantRow { Seller = seller.Value, Kind = kind, Organisation = organisation, SealedToken = sealedToken });
        (row.State, _) = GrantStates.Next(row.State, GrantAnswer.Consented, null, amazon.Value.RevocationRecheck);
        (row.SealedToken, row.ConsentedAt, row.LookedAt, row.SuspectedAt, row.Client, row.SelfAuthorised) = (sealedToken, now, now, null, client?.Id, selfAuthorised);
        await db.MissingPermissions.Where(item => item.Seller == seller.Value && item.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        if (client is null && await InstallationAsync(db, kind, cancellationToken) is { } installation) installation.RefusedAt = null;
        connections.Forget(Key(seller, kind));
    }

    /// <summary>What an answer of Amazon's means for a consent, written down.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="kind">Which consent.</param>
    /// <param name="answer">What Amazon said.</param>
    /// <param name="operation">With <see cref="GrantAnswer.Forbidden"/>: which operation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<GrantAction> HeardAsync(SellerId seller, GrantKind kind, GrantAnswer answer, string? operation, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Grants.SingleOrDefaultAsync(item => item.Seller == seller.Value && item.Kind == kind, cancellationToken) is not { } row) return GrantAction.Nothing;
        var now = clock.GetUtcNow();
        var before = row.State;
        (row.State, var action) = GrantStates.Next(before, answer, now - row.SuspectedAt, amazon.Value.RevocationRecheck);
        row.SuspectedAt = row.State == GrantState.Suspected ? row.SuspectedAt ?? now : null;
        if (answer == GrantAnswer.Accepted && await ClientAsync(db, row, cancellationToken) is { RefusedAt: not null } accepted) accepted.RefusedAt = null;
        if (action == GrantAction.NotePermission) await NoteAsync(db, row, operation ?? "", now, cancellationToken);
        await SaveAsync(db, row, before, cancellationToken);
        if (row.State != before) LogState(kind, seller.Value, before, row.State);
        if (action == GrantAction.TellSeller) await TellSellerAsync(row, cancellationToken);
        if (action == GrantAction.StopClient) await StopClientAsync(row, cancellationToken);
        return action;
    }

    /// <summary>The clients below asked twice, as far apart as a recheck must be, and were refused twice.</summary>
    public async Task RefusedTwiceAsync(SellerId seller, GrantKind kind, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Grants.SingleOrDefaultAsync(item => item.Seller == seller.Value && item.Kind == kind, cancellationToken) is not { } row) return;
        var before = row.State;
        var recheck = amazon.Value.RevocationRecheck;
        var (once, _) = GrantStates.Next(before, GrantAnswer.Refused, null, recheck);
        (row.State, var action) = GrantStates.Next(once, GrantAnswer.Refused, recheck, recheck);
        row.SuspectedAt = null;
        await SaveAsync(db, row, before, cancellationToken);
        connections.Forget(Key(seller, kind));
        if (row.State != before) LogState(kind, seller.Value, before, row.State);
        if (action == GrantAction.TellSeller) await TellSellerAsync(row, cancellationToken);
    }

    /// <summary>
    /// The daily look: does Amazon still take the seller's consents, does anything run out? Nothing is asked where a whole run went well since the last look.
    /// </summary>
    /// <returns>True when Amazon refused one for the first time: look again after <see cref="AmazonOptions.RevocationRecheck"/>.</returns>
    public async Task<bool> LookAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var again = false;
        foreach (var row in await db.Grants.AsNoTracking().Where(item => item.Seller == seller.Value && item.State != GrantState.ReauthRequired).OrderBy(item => item.Kind).ToListAsync(cancellationToken))
        {
            var since = row.LookedAt ?? row.ConsentedAt;
            var proven = row.State == GrantState.Active && await db.Runs.AnyAsync(run => run.Seller == seller.Value && run.Kind == RunKind.Full && run.State == RunState.Done && run.FinishedAt > since, cancellationToken);
            if (row.State == GrantState.Active && row.LookedAt > now - LookRhythm / 2) continue;
            if (!proven && await AskAsync(db, row, cancellationToken) == GrantAction.AskAgain) again = true;
            else await db.Grants.Where(item => item.Seller == row.Seller && item.Kind == row.Kind).ExecuteUpdateAsync(set => set.SetProperty(item => item.LookedAt, now), cancellationToken);
        }

        var forgotten = now - PermissionMemory;
        await db.MissingPermissions.Where(item => item.Seller == seller.Value && item.NotedAt < forgotten).ExecuteDeleteAsync(cancellationToken);
        await RemindAsync(db, seller, now, cancellationToken);
        return again;
    }

    /// <summary>How often somebody looks.</summary>
    public static readonly TimeSpan LookRhythm = TimeSpan.FromHours(24);

    /// <returns>The seller's consents for a page, Selling Partner first.</returns>
    public async Task<IReadOnlyList<GrantView>> OfAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var views = new List<GrantView>();
        foreach (var row in await db.Grants.AsNoTracking().Where(item => item.Seller == seller.Value).OrderBy(item => item.Kind).ToListAsync(cancellationToken))
        {
            var client = await ClientAsync(db, row, cancellationToken);
            var missing = await db.MissingPermissions.AsNoTracking().Where(item => item.Seller == row.Seller && item.Kind == row.Kind).OrderBy(item => item.Operation).Select(item => item.Operation).ToListAsync(cancellationToken);
            views.Add(new(row.Kind, row.State, row.ConsentedAt, EndsAt(row), row.Client, client?.SecretEndsAt, client?.RefusedAt, row.SelfAuthorised, missing));
        }

        return views;
    }

    /// <summary>Puts a new secret in the place of an own client's old one, after Amazon took it. Refresh tokens survive the change.</summary>
    /// <returns>What Amazon said; only <see cref="GrantAnswer.Accepted"/> changed anything. Null when the organisation has no such client in use.</returns>
    public async Task<GrantAnswer?> RenewSecretAsync(Guid organisation, Guid client, Secret secret, DateTimeOffset? endsAt, Actor by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.LoginClients.SingleOrDefaultAsync(item => item.Organisation == organisation && item.Id == client && item.SealedClient != null, cancellationToken) is not { } row) return null;
        if (await db.Grants.AsNoTracking().FirstOrDefaultAsync(item => item.Client == client && item.State != GrantState.ReauthRequired, cancellationToken) is not { } grant) return null;
        var renewed = Open(row)! with { ClientSecret = secret };
        var answer = await connections.AskAsync(Handle(grant, row) with { Key = $"secret-probe/{Guid.NewGuid():N}", Client = renewed }, cancellationToken);
        if (answer != GrantAnswer.Accepted) return answer;
        (row.SealedClient, row.SecretEndsAt, row.RefusedAt) = (Seal(row.Id, renewed), endsAt, null);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.SecretRenewed, by, Object: $"client {client:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    internal static DateTimeOffset? EndsAt(GrantRow row) => row.SelfAuthorised ? null : row.ConsentedAt + GrantClock.ConsentLife;

    private async Task SaveAsync(AppDb db, GrantRow row, GrantState before, CancellationToken cancellationToken)
    {
        if (row.State != GrantState.ReauthRequired || before == GrantState.ReauthRequired)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        var (seller, now) = (new SellerId(row.Seller), clock.GetUtcNow());
        var proven = DeletionBook.IsProven(EndsAt(row), now);
        await audit.AppendAsync(db, new(AuditAction.Withdrawn, Actor.Amazon, seller, $"consent {row.Kind}", proven ? "refused twice within its year: withdrawn" : "refused twice after its year: ended"), cancellationToken);
        if (proven)
        {
            await agreements.RecordAsync(db, row.Organisation, Actor.Amazon, seller, given: false, AgreedBy.Amazon, [Agreed.To(row.Kind == GrantKind.Ads ? AgreedTo.Ads : AgreedTo.SellingPartner)], null, cancellationToken);
            // The last good consent gone, everything goes; while the other stands, what this one brought.
            var last = !await db.Grants.AnyAsync(item => item.Seller == row.Seller && item.State != GrantState.ReauthRequired, cancellationToken);
            await deletions.StartAsync(db, row.Organisation, seller, last ? RetainedFrom.Both : DeletionBook.ScopeOf(row.Kind), DeletionCause.Withdrawal, now, Actor.Amazon, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private bool IsResting(DateTimeOffset refused) => refused >= started && clock.GetUtcNow() - refused < ClientRest;

    private async Task<GrantAction> AskAsync(AppDb db, GrantRow row, CancellationToken cancellationToken)
    {
        var seller = new SellerId(row.Seller);
        var handle = Handle(row, await ClientAsync(db, row, cancellationToken));
        var answer = await connections.AskAsync(handle, cancellationToken);
        var action = await HeardAsync(seller, row.Kind, answer, null, cancellationToken);
        if (answer == GrantAnswer.Accepted) await CheckPermissionsAsync(db, row, handle, cancellationToken);

        // An outage after a first refusal: the next look decides, not a loop that holds up the seller's other work.
        return answer == GrantAnswer.Silent ? GrantAction.Nothing : action;
    }

    /// <summary>The token is good: is what it opened at the time of consent still open?</summary>
    private async Task CheckPermissionsAsync(AppDb db, GrantRow row, GrantHandle handle, CancellationToken cancellationToken)
    {
        var seller = new SellerId(row.Seller);
        try
        {
            if (row.Kind == GrantKind.Ads)
            {
                var listed = (await connections.Ads(handle, null, null).ProfilesAsync(cancellationToken)).Select(profile => profile.Id.Value).ToHashSet();
                var ours = await db.Storefronts.AsNoTracking().Where(item => item.Seller == row.Seller && item.Storefront != 0).Select(item => item.Storefront).ToListAsync(cancellationToken);
                foreach (var profile in ours)
                {
                    var operation = string.Create(CultureInfo.InvariantCulture, $"Ads profile {profile}");
                    if (listed.Contains(profile)) await db.MissingPermissions.Where(item => item.Seller == row.Seller && item.Kind == row.Kind && item.Operation == operation).ExecuteDeleteAsync(cancellationToken);
                    else await HeardAsync(seller, row.Kind, GrantAnswer.Forbidden, operation, cancellationToken);
                }
            }
            else
            {
                var account = await db.SellerAccounts.AsNoTracking().SingleAsync(item => item.Seller == row.Seller, cancellationToken);
                await connections.SellingPartner(handle, "", Marketplace.All.First(marketplace => marketplace.Region == account.Region)).ParticipationsAsync(cancellationToken);
            }
        }
        catch (AmazonApiException forbidden) when (forbidden.IsForbidden)
        {
            await HeardAsync(seller, row.Kind, GrantAnswer.Forbidden, forbidden.Operation, cancellationToken);
        }
        catch (OperatorCredentialsException)
        {
            await HeardAsync(seller, row.Kind, GrantAnswer.ClientRefused, null, cancellationToken);
        }
        catch (AmazonApiException)
        {
            // The token was taken; that the next call met an outage says nothing more.
        }
    }

    private static async Task NoteAsync(AppDb db, GrantRow row, string operation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.MissingPermissions.SingleOrDefaultAsync(item => item.Seller == row.Seller && item.Kind == row.Kind && item.Operation == operation, cancellationToken);
        if (known is not null) known.NotedAt = now;
        else db.MissingPermissions.Add(new MissingPermissionRow { Seller = row.Seller, Kind = row.Kind, Organisation = row.Organisation, Operation = operation, NotedAt = now });
    }

    private Task TellSellerAsync(GrantRow row, CancellationToken cancellationToken)
    {
        return RaiseAsync(new() { Key = NoticeKeys.Reauth(row), Organisation = row.Organisation, Seller = row.Seller, Kind = NoticeKind.ReauthRequired, Grant = row.Kind, RaisedAt = clock.GetUtcNow() }, cancellationToken);
    }

    private async Task StopClientAsync(GrantRow row, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var client = await ClientAsync(db, row, cancellationToken);
        if (client is null)
        {
            client = new LoginClientRow { Id = Guid.NewGuid(), Organisation = Guid.Empty, Kind = row.Kind, ClientHash = InstallationHash(row.Kind) };
            db.LoginClients.Add(client);
        }

        if (client.RefusedAt is { } known && IsResting(known)) return;
        var first = client.RefusedAt is null;
        client.RefusedAt = now;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            return; // another seller's work met the same refusal in this moment and wrote it down
        }

        LogClientRefused(row.Kind, row.Client is null ? "installation" : "account", client.Id);
        if (first) await RaiseAsync(new() { Key = string.Create(CultureInfo.InvariantCulture, $"{NoticeKeys.Client(client)}/{now:yyyyMMddHHmmss}"), Organisation = client.Organisation, Kind = NoticeKind.ClientRefused, Grant = row.Kind, RaisedAt = now }, cancellationToken);
    }

    private async Task RemindAsync(AppDb db, SellerId seller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.Grants.AsNoTracking().Where(item => item.Seller == seller.Value).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (row.State != GrantState.ReauthRequired && EndsAt(row) is { } ends)
                await RemindAsync($"consent/{row.Seller:N}/{row.Kind}", NoticeKind.ConsentEnds, row.Kind, row.Organisation, row.Seller, ends, now, cancellationToken);
            if (row.Client is { } id && await db.LoginClients.AsNoTracking().SingleOrDefaultAsync(item => item.Id == id, cancellationToken) is { SecretEndsAt: { } end } client)
                await RemindAsync(NoticeKeys.Secret(client), NoticeKind.SecretEnds, row.Kind, client.Organisation, null, end, now, cancellationToken);
        }

        if (amazon.Value.SellingPartnerClientSecretMade is { } made && rows.Exists(row => row is { Kind: GrantKind.SellingPartner, Client: null }))
            await RemindAsync(NoticeKeys.InstallationSecret, NoticeKind.SecretEnds, GrantKind.SellingPartner, Guid.Empty, null, GrantClock.SecretEnds(made), now, cancellationToken);
    }

    private async Task RemindAsync(string about, NoticeKind kind, GrantKind grant, Guid organisation, Guid? seller, DateTimeOffset ends, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (GrantClock.Reached(ends, now) is not { } days) return;
        var key = string.Create(CultureInfo.InvariantCulture, $"{about}/{ends:yyyyMMddHHmmss}/{days}");
        await RaiseAsync(new() { Key = key, Organisation = organisation, Seller = seller, Kind = kind, Grant = grant, RaisedAt = now, EndsAt = ends, Days = days }, cancellationToken);
    }

    private async Task RaiseAsync(NoticeRow notice, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Notices.AnyAsync(item => item.Key == notice.Key, cancellationToken)) return;
        db.Notices.Add(notice);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            return; // raised by somebody else in this moment
        }

        LogNotice(notice.Kind, notice.Grant, notice.Seller, notice.Days);
    }

    private Task<LoginClientRow?> ClientAsync(AppDb db, GrantRow row, CancellationToken cancellationToken) => row.Client is { } own
        ? db.LoginClients.SingleOrDefaultAsync(item => item.Id == own, cancellationToken)
        : InstallationAsync(db, row.Kind, cancellationToken);

    private Task<LoginClientRow?> InstallationAsync(AppDb db, GrantKind kind, CancellationToken cancellationToken)
    {
        var hash = InstallationHash(kind);
        return db.LoginClients.SingleOrDefaultAsync(item => item.Organisation == Guid.Empty && item.Kind == kind && item.ClientHash == hash, cancellationToken);
    }

    private async Task<LoginClientRow> KeepClientAsync(AppDb db, Guid organisation, GrantKind kind, OwnClient own, CancellationToken cancellationToken)
    {
        var hash = keys.Application.LookupHash("login-client", own.Client.Id);
        var row = await db.LoginClients.SingleOrDefaultAsync(item => item.Organisation == organisation && item.Kind == kind && item.ClientHash == hash, cancellationToken)
            ?? db.LoginClients.Local.SingleOrDefault(item => item.Organisation == organisation && item.Kind == kind && item.ClientHash == hash);
        if (row is null) db.LoginClients.Add(row = new LoginClientRow { Id = Guid.NewGuid(), Organisation = organisation, Kind = kind, ClientHash = hash });
        (row.SealedClient, row.SecretEndsAt, row.RefusedAt) = (Seal(row.Id, own.Client), own.SecretEndsAt, null);
        return row;
    }

    private string InstallationHash(GrantKind kind) => keys.Application.LookupHash("login-client", kind == GrantKind.Ads ? amazon.Value.AdsClientId : amazon.Value.SellingPartnerClientId);

    private GrantHandle Handle(GrantRow row, LoginClientRow? client)
    {
        var key = Key(new(row.Seller), row.Kind);
        return new(key, row.Kind, new Secret(keys.Application.OpenText("grant", "token", key, row.SealedToken)), row.Client is null || client is null ? null : Open(client));
    }

    private byte[] Seal(Guid id, LoginClient client) =>
        keys.Application.Seal("login_client", "client", id.ToString("N"), JsonSerializer.SerializeToUtf8Bytes(new SealedLoginClient(client.Id, client.ClientSecret.Reveal()), GrantJson.Default.SealedLoginClient));

    private LoginClient? Open(LoginClientRow row)
    {
        if (row.SealedClient is null) return null;
        var open = JsonSerializer.Deserialize(keys.Application.Open("login_client", "client", row.Id.ToString("N"), row.SealedClient), GrantJson.Default.SealedLoginClient)!;
        return new(open.Id, new Secret(open.Secret));
    }

    [LoggerMessage(LogLevel.Warning, "Consent {Kind} of seller {Seller}: {Before} -> {After}")]
    private partial void LogState(GrantKind kind, Guid seller, GrantState before, GrantState after);

    [LoggerMessage(LogLevel.Error, "Amazon refuses the {Kind} login client of the {Whose} ({Client}): its grants rest; put the current client id and secret in place")]
    private partial void LogClientRefused(GrantKind kind, string whose, Guid client);

    [LoggerMessage(LogLevel.Warning, "Notice {Notice} about {Grant} of seller {Seller}, {Days} days before the end")]
    private partial void LogNotice(NoticeKind notice, GrantKind grant, Guid? seller, int? days);
}

internal sealed record SealedLoginClient(string Id, string Secret);

[JsonSerializable(typeof(SealedLoginClient))]
internal sealed partial class GrantJson : JsonSerializerContext;

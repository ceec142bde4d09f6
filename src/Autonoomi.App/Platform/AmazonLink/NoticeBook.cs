using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.AmazonLink;

/// <summary>Beginnings of the keys of notices: what, and whose.</summary>
internal static class NoticeKeys
{
    public const string InstallationSecret = "secret/installation";

    public static string Reauth(GrantRow row) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"reauth/{row.Seller:N}/{row.Kind}/{row.ConsentedAt:yyyyMMddHHmmss}");

    public static string Client(LoginClientRow client) => $"client/{client.Id:N}";

    public static string Secret(LoginClientRow client) => $"secret/{client.Id:N}";
}

/// <summary>Something that is still as the notice says.</summary>
/// <param name="Key">Names the occasion.</param>
/// <param name="Kind">What happened or ends.</param>
/// <param name="Grant">Which consent.</param>
/// <param name="Seller">Whose consent; null where a login client is meant.</param>
/// <param name="RaisedAt">When it was said first.</param>
/// <param name="EndsAt">When it ends; null where nothing runs out.</param>
/// <param name="Installation">True when it is about the installation's own login client, which its operator looks after.</param>
public sealed record OpenNotice(string Key, NoticeKind Kind, GrantKind Grant, SellerId? Seller, DateTimeOffset RaisedAt, DateTimeOffset? EndsAt, bool Installation)
{
    /// <summary>True when nothing runs, or will run tomorrow, before somebody acted: such a notice cannot be put away.</summary>
    public bool IsEssential(DateTimeOffset now) => Kind switch
    {
        NoticeKind.ReauthRequired or NoticeKind.ClientRefused => true,
        NoticeKind.Incident => false, // it is read on the page Your data, and stays there
        NoticeKind.ConsentEnds or NoticeKind.SecretEnds => EndsAt is { } ends && GrantClock.Reached(ends, now) == GrantClock.ReminderDays[^1],
    };
}

/// <summary>Which notices are still open for a person: raised, not resolved meanwhile, not put away.</summary>
public sealed class NoticeBook(AppDbs databases, IOptions<AmazonOptions> amazon, TimeProvider clock)
{
    /// <returns>The essential ones first, then what ends soonest; of one thing only what was said last.</returns>
    public async Task<IReadOnlyList<OpenNotice>> OpenAsync(Guid organisation, Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var notices = await db.Notices.AsNoTracking().Where(row => row.Organisation == organisation || row.Organisation == Guid.Empty).ToListAsync(cancellationToken);
        if (notices.Count == 0) return [];
        var grants = await db.Grants.AsNoTracking().Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        var clients = await db.LoginClients.AsNoTracking().Where(row => row.Organisation == organisation || row.Organisation == Guid.Empty).ToListAsync(cancellationToken);
        var seen = await db.NoticesSeen.AsNoTracking().Where(row => row.User == user).Select(row => row.Notice).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return
        [
            .. notices.Select(row => (Row: row, About: About(row, grants, clients)))
                .Where(item => item.About is not null)
                .GroupBy(item => item.About).Select(group => group.MaxBy(item => item.Row.RaisedAt).Row)
                .Select(row => new OpenNotice(row.Key, row.Kind, row.Grant, row.Seller is { } seller ? new SellerId(seller) : null, row.RaisedAt, row.EndsAt, row.Organisation == Guid.Empty))
                .Where(notice => notice.IsEssential(now) || !seen.Contains(notice.Key))
                .OrderByDescending(notice => notice.IsEssential(now)).ThenBy(notice => notice.EndsAt).ThenBy(notice => notice.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Puts a notice away for one person. The next one about the same thing shows again.</summary>
    /// <returns>False when there is no such open notice, or it is essential and stays.</returns>
    public async Task<bool> PutAwayAsync(Guid organisation, Guid user, string key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if ((await OpenAsync(organisation, user, cancellationToken)).FirstOrDefault(notice => notice.Key == key) is not { } open || open.IsEssential(now)) return false;
        await using var db = databases.System();
        db.NoticesSeen.Add(new() { Notice = key, User = user, Organisation = organisation, At = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            // Put away twice in this moment, which is as good as once.
        }

        return true;
    }

    /// <returns>What the notice is about, while it is still so; null once it is resolved.</returns>
    private string? About(NoticeRow notice, List<GrantRow> grants, List<LoginClientRow> clients)
    {
        switch (notice.Kind)
        {
            case NoticeKind.Incident:
                return notice.Key; // what was told stays told
            case NoticeKind.ConsentEnds:
                return grants.Exists(row => row.Seller == notice.Seller && row.Kind == notice.Grant && row.State != GrantState.ReauthRequired && GrantBook.EndsAt(row) == notice.EndsAt) ? $"consent/{notice.Seller}/{notice.Grant}" : null;
            case NoticeKind.ReauthRequired:
                return grants.Exists(row => row.State == GrantState.ReauthRequired && NoticeKeys.Reauth(row) == notice.Key) ? notice.Key : null;
            case NoticeKind.SecretEnds when notice.Organisation == Guid.Empty:
                return amazon.Value.SellingPartnerClientSecretMade is { } made && GrantClock.SecretEnds(made) == notice.EndsAt && grants.Exists(row => row is { Kind: GrantKind.SellingPartner, Client: null }) ? NoticeKeys.InstallationSecret : null;
            case NoticeKind.SecretEnds:
                return clients.Find(client => IsAbout(notice, NoticeKeys.Secret(client)) && client.SecretEndsAt == notice.EndsAt && InUse(client)) is { } ending ? NoticeKeys.Secret(ending) : null;
            case NoticeKind.ClientRefused:
                return clients.Find(client => IsAbout(notice, NoticeKeys.Client(client)) && client.RefusedAt is not null && InUse(client)) is { } refused ? NoticeKeys.Client(refused) : null;
            default:
                throw new InvalidOperationException($"A notice of kind {notice.Kind} has no end here.");
        }

        bool InUse(LoginClientRow client) => grants.Exists(row => client.SealedClient is null ? row.Client is null && row.Kind == client.Kind : row.Client == client.Id);

        static bool IsAbout(NoticeRow notice, string about) => notice.Key.StartsWith(about + "/", StringComparison.Ordinal);
    }
}

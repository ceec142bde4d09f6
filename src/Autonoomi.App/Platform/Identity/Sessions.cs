using System.Security.Cryptography;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Identity;

/// <param name="Id">Names it in forms; it opens nothing.</param>
/// <param name="Device">Kind of browser and system.</param>
/// <param name="StartedAt">When it was signed in to.</param>
/// <param name="SeenAt">The last request, to five minutes.</param>
public sealed record OpenSession(string Id, string Device, DateTimeOffset StartedAt, DateTimeOffset SeenAt);

/// <summary>Which sessions are open, in the database: ended in one process, a session is ended in all, and a restart forgets nothing.</summary>
public sealed class Sessions(AppDbs databases, KeyChain keys, TimeProvider clock)
{
    /// <summary>Longest time between two requests of one session.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>A session ends after this, used or not.</summary>
    public static readonly TimeSpan Absolute = TimeSpan.FromDays(7);

    /// <summary>How long a fresh proof counts in its session.</summary>
    public static readonly TimeSpan ProofLife = TimeSpan.FromMinutes(5);

    // So that not every request writes.
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(5);

    private const string Table = "session";

    /// <summary>Raised with the person, and the id of the one session that stays if there is one, in this process, when some of their sessions ended: open pages look again.</summary>
    public event Action<Guid, string?>? Ended;

    /// <returns>128 random bits.</returns>
    public static string NewName() => RandomNumberGenerator.GetHexString(32);

    /// <param name="name">From <see cref="NewName"/>; it goes into the sealed ticket and nowhere else.</param>
    /// <param name="user">Whose.</param>
    /// <param name="device">As <see cref="DeviceWords"/> says it.</param>
    /// <param name="startedAt">Of the sign-in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task BeginAsync(string name, Guid user, string device, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var id = IdOf(name);
        await using var db = databases.System();
        db.Sessions.Add(new SessionRow { Id = id, User = user, StartedAt = startedAt, SeenAt = clock.GetUtcNow(), SealedDevice = keys.Application.SealText(Table, "device", id, device) });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether a session may go on.</summary>
    /// <param name="name">From the ticket.</param>
    /// <param name="user">From the ticket.</param>
    /// <param name="used">True for a request, which is noted; false for a look at an open page, which is no use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> IsOpenAsync(string name, Guid user, bool used, CancellationToken cancellationToken)
    {
        var (id, now) = (IdOf(name), clock.GetUtcNow());
        await using var db = databases.System();
        if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.User == user, cancellationToken) is not { } row || IsOver(row, now)) return false;
        if (used && now - row.SeenAt >= Coarse) await db.Sessions.Where(item => item.Id == id).ExecuteUpdateAsync(set => set.SetProperty(item => item.SeenAt, now), cancellationToken);
        return true;
    }

    /// <summary>Notes that the person has just proven afresh who they are.</summary>
    /// <param name="user">Whose session.</param>
    /// <param name="id">As it is listed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task NoteProofAsync(Guid user, string id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await db.Sessions.Where(row => row.Id == id && row.User == user).ExecuteUpdateAsync(set => set.SetProperty(row => row.ProvenAt, now), cancellationToken);
    }

    /// <summary>Whether the last fresh proof of a session still counts.</summary>
    public async Task<bool> IsProvenAsync(Guid user, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Sessions.AsNoTracking().Where(row => row.Id == id && row.User == user).Select(row => row.ProvenAt).SingleOrDefaultAsync(cancellationToken) is { } proven
            && clock.GetUtcNow() - proven is var age && age >= TimeSpan.Zero && age < ProofLife;
    }

    /// <returns>Those that are open, the one seen last first.</returns>
    public async Task<IReadOnlyList<OpenSession>> OfAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        return
        [
            .. (await db.Sessions.AsNoTracking().Where(row => row.User == user).ToListAsync(cancellationToken)).Where(row => !IsOver(row, now))
                .OrderByDescending(row => row.SeenAt).ThenBy(row => row.Id, StringComparer.Ordinal)
                .Select(row => new OpenSession(row.Id, keys.Application.OpenText(Table, "device", row.Id, row.SealedDevice), row.StartedAt, row.SeenAt)),
        ];
    }

    /// <returns>False when the person has no such session.</returns>
    public async Task<bool> EndAsync(Guid user, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var ended = await db.Sessions.Where(row => row.Id == id && row.User == user).ExecuteDeleteAsync(cancellationToken);
        if (ended > 0) Ended?.Invoke(user, null);
        return ended > 0;
    }

    /// <param name="user">Whose.</param>
    /// <param name="except">Id of one that stays; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many ended.</returns>
    public async Task<int> EndAllAsync(Guid user, string? except, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var ended = await db.Sessions.Where(row => row.User == user && row.Id != except).ExecuteDeleteAsync(cancellationToken);
        if (ended > 0) Ended?.Invoke(user, except);
        return ended;
    }

    /// <summary>The id under which a session's name is stored.</summary>
    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static bool IsOver(SessionRow row, DateTimeOffset now) => now - row.StartedAt > Absolute || now - row.SeenAt > Idle + Coarse;
}

/// <summary>What is kept of a device: one of six kinds of browser and one of seven systems. Versions, models and the rest of the header are dropped at once.</summary>
public static class DeviceWords
{
    /// <param name="agent">The header User-Agent; null or anything else gives "unknown".</param>
    public static string Of(string? agent) => agent is null ? "Unknown browser" : $"{Browser(agent)} on {Machine(agent)}";

    private static string Browser(string agent) => agent switch
    {
        _ when Has(agent, "Edg") => "Edge",
        _ when Has(agent, "OPR/") => "Opera",
        _ when Has(agent, "Firefox/") || Has(agent, "FxiOS/") => "Firefox",
        _ when Has(agent, "Chrome/") || Has(agent, "CriOS/") => "Chrome",
        _ when Has(agent, "Safari/") => "Safari",
        _ => "Unknown browser",
    };

    private static string Machine(string agent) => agent switch
    {
        _ when Has(agent, "iPhone") => "iPhone",
        _ when Has(agent, "iPad") => "iPad",
        _ when Has(agent, "Android") => "Android",
        _ when Has(agent, "Windows") => "Windows",
        _ when Has(agent, "Macintosh") => "Mac",
        _ when Has(agent, "Linux") || Has(agent, "CrOS") => "Linux",
        _ => "unknown system",
    };

    private static bool Has(string agent, string word) => agent.Contains(word, StringComparison.Ordinal);
}

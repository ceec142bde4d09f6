using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Mail;

/// <summary>
/// Takes mail from the outbox to the mail server. Each step is one statement that moves the state on, so that several processes may do it and any may be
/// killed between two steps: before <see cref="MailState.Handing"/> nothing has left and another begins anew; once the server's answer is stored, nobody
/// sends it again. In between nobody can know: what everybody must be told is then sent once more under the same Message-ID, what was chosen is not.
/// </summary>
internal sealed partial class Postman(AppDbs databases, Outbox outbox, MailPaper paper, MailDoor door, TimeProvider clock, ILogger<Postman> log) : Keeper(Round, Again)
{
    /// <summary>Who works on a mail for longer is dead: <see cref="MailDoor.Longest"/> several times over.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>After so many beginnings nothing is sent once more on suspicion.</summary>
    internal const int MostOnSuspicion = 3;

    private const int Batch = 100;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>Sends what is due.</summary>
    /// <returns>How many the server took.</returns>
    public async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        var now = clock.GetUtcNow();
        List<Guid> due;
        await using (var db = databases.System())
            due = await db.Mails.AsNoTracking().Where(row => row.State == MailState.Waiting && row.DueAt <= now).OrderBy(row => row.DueAt).ThenBy(row => row.Id).Select(row => row.Id).Take(Batch).ToListAsync(cancellationToken);
        var sent = 0;
        foreach (var id in due)
            if (await SendAsync(id, cancellationToken)) sent++;
        return sent;
    }

    /// <returns>How long until the next try after so many beginnings.</returns>
    internal static TimeSpan Wait(int attempts) => Waits[Math.Clamp(attempts, 1, Waits.Length) - 1];

    protected override Task RoundAsync(CancellationToken stoppingToken) => PassAsync(stoppingToken);

    protected override void Failed(Exception failure) => LogAway(failure.GetType().Name);

    private async Task<bool> SendAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await ClaimAsync(id, cancellationToken) is not { } row) return false;
        var claimed = row.ClaimedAt;
        Letter letter;
        try
        {
            letter = outbox.Open(row);
        }
        catch (SealBrokenException)
        {
            // What was changed at rest is not sent, and not kept.
            await EndAsync(id, claimed, MailState.Claimed, MailState.Refused, cancellationToken);
            LogRefused(id, row.Kind, "its seal is broken");
            return false;
        }

        using var mail = paper.Write(row, letter, clock.GetUtcNow());
        var delivery = await door.SendAsync(mail, stop => HandAsync(row, claimed, stop), cancellationToken);
        switch (delivery.How)
        {
            case Handed.Taken:
                await EndAsync(id, claimed, MailState.Handing, MailState.Sent, cancellationToken);
                LogSent(id, row.Kind);
                return true;
            case Handed.Refused:
                await EndAsync(id, claimed, MailState.Handing, MailState.Refused, cancellationToken);
                LogRefused(id, row.Kind, delivery.Why);
                return false;
            case Handed.NotYet:
                await WaitAsync(id, claimed, Wait(row.Attempts), cancellationToken);
                LogLater(id, row.Kind, delivery.Why, row.Attempts);
                return false;
            case Handed.Unknown:
                if (MayRepeat(row)) await WaitAsync(id, claimed, Lease, cancellationToken);
                else await EndAsync(id, claimed, MailState.Handing, MailState.Unknown, cancellationToken);
                LogUnknown(id, row.Kind, delivery.Why);
                return false;
            default:
                return false;
        }
    }

    /// <summary>What dead processes left behind, and what comes too late.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var dead = now - Lease;
        await using var db = databases.System();
        await db.Mails.Where(row => row.State == MailState.Claimed && row.ClaimedAt <= dead)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MailState.Waiting).SetProperty(row => row.ClaimedAt, (DateTimeOffset?)null), cancellationToken);
        foreach (var row in await db.Mails.AsNoTracking().Where(row => row.State == MailState.Handing && row.ClaimedAt <= dead).ToListAsync(cancellationToken))
        {
            if (MayRepeat(row)) await WaitAsync(row.Id, row.ClaimedAt, TimeSpan.Zero, cancellationToken);
            else await EndAsync(row.Id, row.ClaimedAt, MailState.Handing, MailState.Unknown, cancellationToken);
            LogUnknown(row.Id, row.Kind, "the process ended");
        }

        var late = await db.Mails.Where(row => row.State == MailState.Waiting && row.GoodUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MailState.Late).SetProperty(row => row.EndedAt, now).SetProperty(row => row.SealedLetter, (byte[]?)null), cancellationToken);
        if (late > 0) LogLate(late);
    }

    private async Task<MailRow?> ClaimAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var mine = await db.Mails.Where(row => row.Id == id && row.State == MailState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MailState.Claimed).SetProperty(row => row.ClaimedAt, now).SetProperty(row => row.Attempts, row => row.Attempts + 1), cancellationToken) == 1;
        return mine ? await db.Mails.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) : null;
    }

    // The last look: what was chosen is still wanted, and nobody else has taken it over.
    private async Task<bool> HandAsync(MailRow row, DateTimeOffset? claimed, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (row.User is { } user && !await MailChoices.WantsAsync(db, user, row.Kind, cancellationToken))
        {
            await db.Mails.Where(item => item.Id == row.Id && item.State == MailState.Claimed && item.ClaimedAt == claimed).ExecuteDeleteAsync(cancellationToken);
            return false;
        }

        return await db.Mails.Where(item => item.Id == row.Id && item.State == MailState.Claimed && item.ClaimedAt == claimed).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, MailState.Handing), cancellationToken) == 1;
    }

    private async Task EndAsync(Guid id, DateTimeOffset? claimed, MailState from, MailState to, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await db.Mails.Where(row => row.Id == id && row.State == from && row.ClaimedAt == claimed)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, to).SetProperty(row => row.EndedAt, now).SetProperty(row => row.SealedLetter, (byte[]?)null), cancellationToken);
    }

    private async Task WaitAsync(Guid id, DateTimeOffset? claimed, TimeSpan wait, CancellationToken cancellationToken)
    {
        var due = clock.GetUtcNow() + wait;
        await using var db = databases.System();
        await db.Mails.Where(row => row.Id == id && (row.State == MailState.Claimed || row.State == MailState.Handing) && row.ClaimedAt == claimed)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MailState.Waiting).SetProperty(row => row.DueAt, due).SetProperty(row => row.ClaimedAt, (DateTimeOffset?)null), cancellationToken);
    }

    private static bool MayRepeat(MailRow row) => MailRule.Of(row.Kind).IsEssential && row.Attempts < MostOnSuspicion;

    [LoggerMessage(LogLevel.Information, "Mail {Mail} ({Kind}) was taken by the mail server")]
    private partial void LogSent(Guid mail, MailKind kind);

    [LoggerMessage(LogLevel.Warning, "Mail {Mail} ({Kind}) was refused: {Why}")]
    private partial void LogRefused(Guid mail, MailKind kind, string why);

    [LoggerMessage(LogLevel.Warning, "Mail {Mail} ({Kind}) could not be sent yet ({Why}), try {Attempt}")]
    private partial void LogLater(Guid mail, MailKind kind, string why, int attempt);

    [LoggerMessage(LogLevel.Warning, "Whether mail {Mail} ({Kind}) left is not known: {Why}")]
    private partial void LogUnknown(Guid mail, MailKind kind, string why);

    [LoggerMessage(LogLevel.Warning, "{Count} mails were given up because their time was over")]
    private partial void LogLate(int count);

    [LoggerMessage(LogLevel.Warning, "The outbox could not be looked at ({Failure}); trying again")]
    private partial void LogAway(string failure);
}

using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Mail;

/// <summary>
/// Mail that is to leave. It is put in within the transaction of what it tells, so that both stand or neither does; <see cref="Postman"/> takes it from
/// there. While mail is off nothing is put in.
/// </summary>
public sealed class Outbox(MailSettings settings, KeyChain keys, TimeProvider clock)
{
    /// <summary>A mail that could not be sent for this long is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    private const string Table = "mail";

    /// <summary>True where this installation sends mail.</summary>
    public bool IsOn => settings.IsOn;

    /// <summary>To an address, in the caller's transaction.</summary>
    /// <param name="db">Saved by the caller.</param>
    /// <param name="kind">What it is about.</param>
    /// <param name="organisation">Of which organisation.</param>
    /// <param name="user">To whom; null for somebody without an account.</param>
    /// <param name="to">The address.</param>
    /// <param name="letter">What it says.</param>
    /// <param name="goodUntil">Not sent after; null for <see cref="Patience"/>.</param>
    internal void Add(AppDb db, MailKind kind, Guid organisation, Guid? user, string to, Letter letter, DateTimeOffset? goodUntil = null)
    {
        if (!IsOn) return;
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        db.Mails.Add(new()
        {
            Id = id, Organisation = organisation, User = user, Kind = kind, State = MailState.Waiting, CreatedAt = now, DueAt = now, GoodUntil = goodUntil ?? now + Patience,
            SealedLetter = keys.Application.Seal(Table, "letter", id.ToString("N"), JsonSerializer.SerializeToUtf8Bytes(letter with { To = to }, LetterJson.Default.Letter)),
        });
    }

    /// <summary>To a person, in the caller's transaction: of an optional kind only when they chose it.</summary>
    internal async Task AddForAsync(AppDb db, MailKind kind, Guid user, Letter letter, CancellationToken cancellationToken, DateTimeOffset? goodUntil = null)
    {
        if (!IsOn || (!MailRule.Of(kind).IsEssential && !await MailChoices.WantsAsync(db, user, kind, cancellationToken))) return;
        if (await db.Users.AsNoTracking().Where(row => row.Id == user).Select(row => row.SealedEmail).SingleOrDefaultAsync(cancellationToken) is not { } address) return;
        var organisation = await db.Memberships.AsNoTracking().Where(row => row.User == user).Select(row => (Guid?)row.Organisation).FirstOrDefaultAsync(cancellationToken);
        Add(db, kind, organisation ?? Guid.Empty, user, keys.Application.OpenText("user", "email", user.ToString("N"), address), letter, goodUntil);
    }

    /// <summary>To everybody who belongs to an organisation, in the caller's transaction.</summary>
    internal async Task AddForAllAsync(AppDb db, MailKind kind, Letter letter, CancellationToken cancellationToken)
    {
        if (!IsOn) return;
        foreach (var user in await db.Memberships.AsNoTracking().Select(row => row.User).Distinct().ToListAsync(cancellationToken)) await AddForAsync(db, kind, user, letter, cancellationToken);
    }

    /// <summary>To the owners of an organisation, in the caller's transaction.</summary>
    internal async Task AddForOwnersAsync(AppDb db, MailKind kind, Guid organisation, Letter letter, CancellationToken cancellationToken)
    {
        if (!IsOn) return;
        foreach (var user in await db.Memberships.AsNoTracking().Where(row => row.Organisation == organisation && row.Role == MemberRole.Owner).Select(row => row.User).ToListAsync(cancellationToken)) await AddForAsync(db, kind, user, letter, cancellationToken);
    }

    /// <exception cref="SealBrokenException">The row was changed or moved.</exception>
    internal Letter Open(MailRow row) =>
        JsonSerializer.Deserialize(keys.Application.Open(Table, "letter", row.Id.ToString("N"), row.SealedLetter ?? throw new InvalidOperationException("This mail has ended; its words are gone.")), LetterJson.Default.Letter)!;
}

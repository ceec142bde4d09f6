using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Account;

/// <summary>Mails the link that replaces a forgotten password; answers the same way, after the same time, whether or not the e-mail is known.</summary>
internal sealed class AskResetHandler(AppDbs databases, SealedUserStore store, AttemptLimiter attempts, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    /// <summary>A link is good for this long.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    /// <summary>So many mails go to one person within <see cref="Life"/>: a mailbox is not to be filled by strangers.</summary>
    public const int MostOpen = 3;

    /// <returns>False when what was typed as e-mail was tried too often within a minute.</returns>
    public async Task<bool> Handle(string email, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var taken = await TryAsync(email.Trim(), cancellationToken);
        var left = SignInHandler.Pad - clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
        return taken;
    }

    private async Task<bool> TryAsync(string email, CancellationToken cancellationToken)
    {
        if (!outbox.IsOn || email.Length is 0 or > 254) return true;
        var hash = store.EmailHash(email);
        if (!attempts.TryAttempt($"reset/{hash}")) return false;
        var now = clock.GetUtcNow();
        var since = now - Life;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var user = await db.Users.AsNoTracking().Where(row => row.EmailHash == hash).Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        var refused = user is not { } found ? "unknown e-mail"
            : await CaseBook.IsFrozenAsync(db, found, cancellationToken) ? "frozen"
            : !await db.Users.AnyAsync(row => row.Id == found && row.PasswordHash != null, cancellationToken) ? "no password to replace"
            : await db.Mails.CountAsync(row => row.User == found && row.Kind == MailKind.Reset && row.CreatedAt > since, cancellationToken) >= MostOpen ? "too many links" : null;
        if (refused is null && await db.Users.AnyAsync(row => row.Id == user && !row.TwoFactorEnabled && db.Passkeys.Any(passkey => passkey.User == row.Id), cancellationToken))
        {
            // A mailbox alone opens no account that has a passkey.
            await outbox.AddForAsync(db, MailKind.Reset, user!.Value, Letters.ResetByPasskey(), cancellationToken, now + Life);
            await db.SaveChangesAsync(cancellationToken);
        }
        else if (refused is null)
        {
            var token = LinkValue.New();
            db.PasswordResets.Add(new() { Id = LinkValue.IdOf(token), User = user!.Value, CreatedAt = now, ExpiresAt = now + Life });
            await outbox.AddForAsync(db, MailKind.Reset, user.Value, Letters.Reset($"/account/reset?link={token}", (int)Life.TotalMinutes), cancellationToken, now + Life);
            await db.SaveChangesAsync(cancellationToken);
        }

        await audit.AppendAsync(db, new(AuditAction.ResetAsked, user is { } who ? Actor.Person(who) : Actor.Stranger, Reason: refused, Outcome: refused is null ? AuditOutcome.Done : AuditOutcome.Refused), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}

public sealed record ResetRefused(string Text) : Error(Text);

/// <param name="User">Whose.</param>
/// <param name="AsksCode">A code of the second factor is asked for too.</param>
internal sealed record OpenReset(Guid User, bool AsksCode);

/// <summary>Follows the link: a new password, once. Where a second factor is set up it is asked for here, and again when signing in.</summary>
internal sealed class ResetHandler(AppDbs databases, UserManager<AppUser> users, AttemptLimiter attempts, Sessions sessions, SignInNotices notices, AuditLog audit, TimeProvider clock)
{
    /// <summary>After so many wrong codes a link opens nothing any more.</summary>
    public const int MostWrongCodes = 5;

    /// <returns>What a link opens; null when it is unknown, used, or too old: these are never told apart.</returns>
    public async Task<OpenReset?> FindAsync(string? link, CancellationToken cancellationToken)
    {
        return await OpenAsync(link, cancellationToken) is { } user ? new(user.Id, user.TwoFactor) : null;
    }

    private async Task<AppUser?> OpenAsync(string? link, CancellationToken cancellationToken)
    {
        if (!LinkValue.IsOne(link)) return null;
        var (id, now) = (LinkValue.IdOf(link), clock.GetUtcNow());
        await using var db = databases.System();
        if (await db.PasswordResets.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row || row.ExpiresAt <= now || row.WrongCodes >= MostWrongCodes) return null;
        return await users.FindByIdAsync(row.User.ToString());
    }

    /// <returns>What is wrong; null when the password is the new one, and every session has ended.</returns>
    public async Task<Error?> Handle(string? link, string password, string code, CancellationToken cancellationToken)
    {
        if (await OpenAsync(link, cancellationToken) is not { } user) return Gone;
        if (password.Length > 200) return new ResetRefused("Passwords have at most 200 characters.");
        if (await NewPerson.WeakAsync(users, user, password) is { } weak) return new ResetRefused(weak);

        var id = LinkValue.IdOf(link!);
        if (user.TwoFactor && await CodeWrongAsync(user, id, code, cancellationToken) is { } wrong) return wrong;

        // A code that was used moved the account on.
        if (await users.FindByIdAsync(user.Id.ToString()) is not { } fresh) return Gone;
        await using (var db = databases.System())
        {
            // Whoever deletes it has used it; the other links of the person go with it.
            if (await db.PasswordResets.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) != 1) return Gone;
            await db.PasswordResets.Where(row => row.User == fresh.Id).ExecuteDeleteAsync(cancellationToken);
        }

        fresh.OneTimePassword = false;
        var changed = await ((AppUsers)users).ReplacePasswordAsync(fresh, password);
        await audit.WriteAsync(new(AuditAction.PasswordReset, Actor.Person(fresh.Id), Outcome: changed.Succeeded ? AuditOutcome.Done : AuditOutcome.Refused), cancellationToken);
        if (!changed.Succeeded) return new ResetRefused("Something about this account was changed at the same moment. Ask for a new link.");
        await sessions.EndAllAsync(fresh.Id, null, cancellationToken);
        await notices.TellAsync(fresh.Id, SignInNotices.Reset, cancellationToken);
        return null;
    }

    private static ResetRefused Gone => new("This link is not good any more: it was used, or is older than 30 minutes. Ask for a new one.");

    private async Task<Error?> CodeWrongAsync(AppUser user, string id, string code, CancellationToken cancellationToken)
    {
        if (!attempts.TryAttempt($"second/{user.Id:N}")) return new ResetRefused("Too many tries. Wait a minute, then try again.");
        if (await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code.Replace(" ", "", StringComparison.Ordinal))) return null;
        if ((await users.RedeemTwoFactorRecoveryCodeAsync(user, code.Trim())).Succeeded) return null;
        await using var db = databases.System();
        await db.PasswordResets.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.WrongCodes, row => row.WrongCodes + 1), cancellationToken);
        await audit.WriteAsync(new(AuditAction.PasswordReset, Actor.Person(user.Id), Reason: "wrong code", Outcome: AuditOutcome.Refused), cancellationToken);
        return new ResetRefused("This is neither a code of your authenticator app nor an unused recovery code. After five wrong ones the link opens nothing any more.");
    }
}

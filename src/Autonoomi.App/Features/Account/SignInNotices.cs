using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;

namespace Autonoomi.App.Features.Account;

/// <summary>Tells a person by mail that how they sign in has changed, so that whoever was not there learns of it.</summary>
public sealed class SignInNotices(AppDbs databases, Outbox outbox)
{
    public const string Password = "The password of your account was changed. All other sessions have ended.";
    public const string Reset = "The password of your account was replaced by a link in a mail. All sessions have ended.";
    public const string AuthenticatorOn = "An authenticator app was set up for your account: a code is asked for after the password.";
    public const string AuthenticatorOff = "The authenticator app of your account was turned off: the password alone signs in.";
    public const string PasskeyAdded = "A passkey was added to your account.";
    public const string PasskeyRemoved = "A passkey was removed from your account.";
    public const string SignOnLinked = "Single sign-on was linked to your account: it signs in now.";
    public const string SignOnUnlinked = "Single sign-on was unlinked from your account: it does not sign in any more.";
    public const string Email = "The e-mail address of your account was changed: you do not sign in with this one any more. All sessions have ended.";

    /// <param name="user">Who.</param>
    /// <param name="what">One of the sentences above.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task TellAsync(Guid user, string what, CancellationToken cancellationToken)
    {
        if (!outbox.IsOn) return;
        await using var db = databases.System();
        await outbox.AddForAsync(db, MailKind.Security, user, Letters.SignInChanged(what), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }
}

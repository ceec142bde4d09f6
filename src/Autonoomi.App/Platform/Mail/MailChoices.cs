using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Mail;

/// <summary>Which optional mail a person wants. Each yes and no is a row of what was agreed; without a yes nothing of the kind is sent.</summary>
public sealed class MailChoices(AppDbs databases, AgreementBook agreements)
{
    /// <returns>True for a kind that this person chose, or that nobody can leave.</returns>
    public static async Task<bool> WantsAsync(AppDb db, Guid user, MailKind kind, CancellationToken cancellationToken) =>
        MailRule.Of(kind).Choice is not { } choice
        || await db.Agreements.AsNoTracking().Where(row => row.User == user && row.What == choice).OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Select(row => row.Given).FirstOrDefaultAsync(cancellationToken);

    /// <summary>A person chooses, or leaves, a kind of optional mail. What waits of a kind that is left goes unsent in the same moment.</summary>
    /// <param name="user">Who.</param>
    /// <param name="kind">An optional one.</param>
    /// <param name="wanted">True for a yes.</param>
    /// <param name="channel">A page, or the link in a mail.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task SayAsync(Guid user, MailKind kind, bool wanted, AgreedBy channel, CancellationToken cancellationToken)
    {
        if (MailRule.Of(kind).Choice is not { } choice) throw new ArgumentException($"{kind} is no optional kind of mail.", nameof(kind));
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // What was handed to the mail server already has left; whoever is about to do it finds no row any more.
        if (!wanted) await db.Mails.Where(row => row.User == user && row.Kind == kind && (row.State == MailState.Waiting || row.State == MailState.Claimed)).ExecuteDeleteAsync(cancellationToken);
        if (await WantsAsync(db, user, kind, cancellationToken) != wanted
            && await db.Memberships.AsNoTracking().Where(row => row.User == user).Select(row => (Guid?)row.Organisation).FirstOrDefaultAsync(cancellationToken) is { } organisation)
            await agreements.RecordAsync(db, organisation, Actor.Person(user), null, wanted, channel, [Agreed.To(choice)], null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

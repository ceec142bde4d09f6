using System.Data.Common;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Mail;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Account;

/// <param name="Field">What was corrected.</param>
/// <param name="Before">As it was before.</param>
/// <param name="At">When.</param>
public sealed record Corrected(CorrectedField Field, string Before, DateTimeOffset At);

public sealed record NotCorrected(string Text) : Error(Text);

/// <summary>Corrects a person's name and address and the organisation's name, and keeps what stood there before. Each is one transaction.</summary>
public sealed partial class CorrectHandler(AppDbs databases, KeyChain keys, SealedUserStore users, Outbox outbox, AuditLog audit, TimeProvider clock, ILogger<CorrectHandler> log)
{
    /// <summary>So often may somebody change their address in <see cref="Span"/>, whether or not it could be taken: the list of accounts is not to be tried out.</summary>
    public const int MostAddresses = 5;

    public static readonly TimeSpan Span = TimeSpan.FromDays(30);

    private const string Table = "correction";

    /// <returns>What is wrong; null when it was stored.</returns>
    public async Task<Error?> NameAsync(Guid organisation, AppUser user, string name, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (PersonRules.Name(name) is { } wrong) return wrong;
        if (name == user.Name) return null;
        var (before, next, sealedName) = (user.ConcurrencyStamp, NewStamp(), keys.Application.SealText("user", "name", user.Id.ToString("N"), name));
        return await ChangeAsync(organisation, user.Id, CorrectedField.Name, user.Name,
            (db, stop) => db.Users.Where(row => row.Id == user.Id && row.ConcurrencyStamp == before).ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedName, sealedName).SetProperty(row => row.ConcurrencyStamp, next), stop), cancellationToken);
    }

    /// <summary>Changes the address with which somebody signs in; all sessions end. Whether another account has it already, nobody is told here.</summary>
    /// <returns>What is wrong with what was typed; null when it was stored or could not be taken.</returns>
    public async Task<Error?> EmailAsync(Guid organisation, AppUser user, string email, CancellationToken cancellationToken)
    {
        email = email.Trim();
        if (PersonRules.Email(email) is { } wrong) return wrong;
        var since = clock.GetUtcNow() - Span;
        await using (var look = databases.System())
            if (await look.Corrections.CountAsync(row => row.User == user.Id && row.Field == CorrectedField.Email && row.At > since, cancellationToken) >= MostAddresses)
                return new NotCorrected($"The address was changed or tried {MostAddresses} times within 30 days, which is the most. Write to the address in the privacy policy if it must be changed now.");
        var (id, before, next, stamp, hash) = (user.Id.ToString("N"), user.ConcurrencyStamp, NewStamp(), NewStamp(), users.EmailHash(email));
        var sealedEmail = keys.Application.SealText("user", "email", id, email);
        bool taken;
        await using (var look = databases.System()) taken = await look.Users.AnyAsync(row => row.EmailHash == hash && row.Id != user.Id, cancellationToken);
        if (!taken)
        {
            try
            {
                return await ChangeAsync(organisation, user.Id, CorrectedField.Email, user.Email,
                    (db, stop) => db.Users.Where(row => row.Id == user.Id && row.ConcurrencyStamp == before).ExecuteUpdateAsync(set => set
                        .SetProperty(row => row.EmailHash, hash).SetProperty(row => row.SealedEmail, sealedEmail).SetProperty(row => row.SecurityStamp, stamp).SetProperty(row => row.ConcurrencyStamp, next), stop), cancellationToken);
            }
            catch (DbException)
            {
                // Somebody else took it in the same moment, or the database is away: then the next line fails too.
            }
        }

        // What could not be taken looks the same: it is counted, and every session ends.
        return await ChangeAsync(organisation, user.Id, CorrectedField.Email, null,
            (db, stop) => db.Users.Where(row => row.Id == user.Id && row.ConcurrencyStamp == before).ExecuteUpdateAsync(set => set.SetProperty(row => row.SecurityStamp, stamp).SetProperty(row => row.ConcurrencyStamp, next), stop), cancellationToken);
    }

    /// <returns>What is wrong; null when it was stored.</returns>
    public async Task<Error?> OrganisationAsync(Guid organisation, Guid user, string before, string name, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (PersonRules.Organisation(name) is { } wrong) return wrong;
        if (name == before) return null;
        var sealedName = keys.Application.SealText("organisation", "name", organisation.ToString("N"), name);
        return await ChangeAsync(organisation, user, CorrectedField.OrganisationName, before,
            (db, stop) => db.Organisations.Where(row => row.Id == organisation).ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedName, sealedName), stop), cancellationToken);
    }

    /// <param name="user">Whose own corrections.</param>
    /// <param name="organisation">Whose name's; null for somebody who may not change it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<Corrected>> HistoryAsync(Guid user, Guid? organisation, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Corrections.AsNoTracking().Where(row => row.SealedBefore != null && ((row.User == user && row.Field != CorrectedField.OrganisationName) || (row.Organisation == organisation && row.Field == CorrectedField.OrganisationName)))
            .OrderByDescending(row => row.At).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Corrected(row.Field, keys.Application.OpenText(Table, "before", row.Id.ToString("N"), row.SealedBefore!), row.At))];
    }

    private async Task<Error?> ChangeAsync(Guid organisation, Guid user, CorrectedField field, string? before, Func<AppDb, CancellationToken, Task<int>> change, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await change(db, cancellationToken) != 1) return new NotCorrected("Something about this account was changed at the same moment. Nothing was corrected; try again.");
        db.Corrections.Add(new CorrectionRow { Id = id, Organisation = organisation, User = user, Field = field, At = now, SealedBefore = before is null ? null : keys.Application.SealText(Table, "before", id.ToString("N"), before) });

        // To the address of before: whoever reads it there and did not do it learns of it.
        if (field == CorrectedField.Email && before is not null) outbox.Add(db, MailKind.Security, organisation, user, before, Letters.SignInChanged(SignInNotices.Email));
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.Corrected, Actor.Person(user), Object: Words(field), Outcome: before is null ? AuditOutcome.Refused : AuditOutcome.Done), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogCorrected(user, field);
        return null;
    }

    private static string Words(CorrectedField field) => field switch
    {
        CorrectedField.Name => "name of a person",
        CorrectedField.Email => "e-mail address",
        CorrectedField.OrganisationName => "name of the organisation",
    };

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    [LoggerMessage(LogLevel.Information, "User {User} corrected {Field}")]
    private partial void LogCorrected(Guid user, CorrectedField field);
}

using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Tenancy;

/// <summary>What a role opens; each right holds the ones before it.</summary>
public enum Right
{
    /// <summary>See pages and download their files.</summary>
    Look,

    /// <summary>Decide on proposals, undo, stop, write costs and settings, upload, connect accounts, start runs.</summary>
    Decide,

    /// <summary>Have data deleted, invite and remove people, end their sessions.</summary>
    Own,
}

public sealed record NotAllowed(string Text) : Error(Text);

/// <summary>
/// The one rule about who may do what. It is asked by whatever acts, in the moment in which it acts, and reads the role from the database: a page that
/// was opened under another role, or a call that no button made, opens nothing. A refusal is written into the audit log.
/// </summary>
public sealed class Rights(AppDbs databases, AuditLog audit)
{
    public static bool Has(MemberRole role, Right right) => right switch
    {
        Right.Look => role >= MemberRole.Viewer,
        Right.Decide => role >= MemberRole.Manager,
        Right.Own => role >= MemberRole.Owner,
    };

    /// <param name="by">Who acts. The product itself, the operator's commands and Amazon's answers have no role and pass.</param>
    /// <param name="right">What the act needs.</param>
    /// <param name="seller">Whose data it touches.</param>
    /// <param name="action">One of <see cref="AuditAction"/>, for the entry of a refusal.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it may happen.</returns>
    public async Task<NotAllowed?> RefusalAsync(Actor by, Right right, SellerId seller, string action, CancellationToken cancellationToken)
    {
        if (HasNoRole(by)) return null;
        await using var db = databases.System();
        var organisation = await db.SellerAccounts.Where(row => row.Seller == seller.Value).Select(row => (Guid?)row.Organisation).SingleOrDefaultAsync(cancellationToken);
        return await JudgeAsync(db, by, right, organisation, organisation is null ? null : seller, action, cancellationToken);
    }

    /// <summary>The same for what concerns the whole organisation.</summary>
    public async Task<NotAllowed?> RefusalAsync(Actor by, Right right, Guid organisation, string action, CancellationToken cancellationToken)
    {
        if (HasNoRole(by)) return null;
        await using var db = databases.System();
        return await JudgeAsync(db, by, right, organisation, null, action, cancellationToken);
    }

    /// <summary>What somebody is told whose role does not suffice.</summary>
    public static string Words(Right right) => right == Right.Own
        ? "Your role does not permit this: ask an owner of your organisation. Nothing was changed."
        : "Your role does not permit this: ask an owner or manager of your organisation. Nothing was changed.";

    private static bool HasNoRole(Actor by) => by.Kind is ActorKind.Product or ActorKind.Operator or ActorKind.Amazon;

    private async Task<NotAllowed?> JudgeAsync(AppDb db, Actor by, Right right, Guid? organisation, SellerId? seller, string action, CancellationToken cancellationToken)
    {
        var role = by.Kind != ActorKind.Person ? null
            : await db.Memberships.Where(row => row.User == by.User && row.Organisation == organisation).Select(row => (MemberRole?)row.Role).SingleOrDefaultAsync(cancellationToken);
        if (role is { } held && Has(held, right)) return null;
        await audit.WriteAsync(new(action, by, seller, "refused", role is { } low ? $"role {low}" : "no member", AuditOutcome.Refused), cancellationToken);
        return new NotAllowed(Words(right));
    }
}

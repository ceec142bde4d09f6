using System.Collections.Concurrent;
using System.Globalization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Agreements;

/// <param name="What">To what.</param>
/// <param name="Version">Of the words, or of the policy.</param>
/// <param name="TextHash">Of the words, or of the policy.</param>
/// <param name="Words">As shown.</param>
public sealed record Agreed(AgreedTo What, int Version, string TextHash, string Words)
{
    /// <summary>In the words that are shown now.</summary>
    public static Agreed To(AgreedTo what)
    {
        var text = AgreementTexts.Of(what);
        return new(what, text.Version, text.Sha256, text.Words);
    }

    public static Agreed To(PolicyVersion policy) => new(AgreedTo.Policy, policy.Number, policy.Sha256, AgreementTexts.Of(AgreedTo.Policy).Words);
}

/// <summary>What people agreed and objected to: written once, told to the audit log in the same transaction, never changed.</summary>
public sealed class AgreementBook(AppDbs databases, AuditLog audit, TimeProvider clock)
{
    // People whose browser's signal is on record: it comes with every request, and is written down once.
    private readonly ConcurrentDictionary<Guid, bool> heard = [];

    /// <summary>Writes it in the caller's transaction. Call it near its end: the audit log is held until then.</summary>
    /// <param name="db">In a transaction.</param>
    /// <param name="organisation">Whose.</param>
    /// <param name="by">Who.</param>
    /// <param name="seller">About which seller account; null where it is about the person.</param>
    /// <param name="given">A yes, or taking it back.</param>
    /// <param name="channel">How it came.</param>
    /// <param name="agreed">To what.</param>
    /// <param name="action">The act of which it is a part, for the audit log; null for one of its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task RecordAsync(AppDb db, Guid organisation, Actor by, SellerId? seller, bool given, AgreedBy channel, IReadOnlyList<Agreed> agreed, string? action, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var item in agreed)
            db.Agreements.Add(new AgreementRow
            {
                Id = Guid.CreateVersion7(now), Organisation = organisation, User = by.Kind == ActorKind.Person ? by.User : null, Seller = seller?.Value, What = item.What, Version = item.Version,
                TextHash = item.TextHash, Words = item.Words, Given = given, Channel = channel, At = now,
            });
        await db.SaveChangesAsync(cancellationToken);
        var texts = string.Join("; ", agreed.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.What} {item.Version} {item.TextHash[..16]}")));
        await audit.AppendAsync(db, new(action ?? (given ? AuditAction.Agreed : AuditAction.AgreementEnded), by, seller, texts, channel.ToString()), cancellationToken);
    }

    /// <returns>What this person said, and what was agreed about the organisation's seller accounts, newest first.</returns>
    public async Task<IReadOnlyList<AgreementRow>> OfAsync(Guid organisation, Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Agreements.AsNoTracking().Where(row => row.Organisation == organisation && (row.User == user || row.Seller != null)).OrderByDescending(row => row.At).ThenByDescending(row => row.Id).ToListAsync(cancellationToken);
    }

    /// <returns>The newest word of this person on it, while it is a yes; null otherwise.</returns>
    public async Task<AgreementRow?> StandingAsync(Guid user, AgreedTo what, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await NewestAsync(db, user, what, cancellationToken) is { Given: true } standing ? standing : null;
    }

    /// <summary>A person says something about himself on a page: an objection, or taking it back. Saying twice what stands is nothing.</summary>
    public async Task SayAsync(Guid organisation, Guid user, AgreedTo what, bool given, CancellationToken cancellationToken)
    {
        await SayAsync(organisation, user, what, given, AgreedBy.Page, cancellationToken);
        if (!given) heard.TryRemove(user, out _);
    }

    /// <summary>The browser of this person sends the signal: an objection to sale and sharing, for as long as it is sent.</summary>
    public async Task HeardSignalAsync(Guid user, CancellationToken cancellationToken)
    {
        if (heard.ContainsKey(user)) return;
        await using var db = databases.System();
        if (await db.Memberships.AsNoTracking().Where(row => row.User == user).Select(row => (Guid?)row.Organisation).FirstOrDefaultAsync(cancellationToken) is not { } organisation) return;
        await SayAsync(organisation, user, AgreedTo.NoSale, given: true, AgreedBy.Signal, cancellationToken);
        heard[user] = true;
    }

    /// <returns>Everybody who objects to it now.</returns>
    internal static async Task<IReadOnlyList<Guid>> ObjectorsAsync(AppDb db, AgreedTo what, CancellationToken cancellationToken)
    {
        var rows = await db.Agreements.AsNoTracking().Where(row => row.What == what && row.User != null).Select(row => new { User = row.User!.Value, row.At, row.Id, row.Given }).ToListAsync(cancellationToken);
        return [.. rows.GroupBy(row => row.User).Where(person => person.OrderBy(row => row.At).ThenBy(row => row.Id).Last().Given).Select(person => person.Key)];
    }

    private async Task SayAsync(Guid organisation, Guid user, AgreedTo what, bool given, AgreedBy channel, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if ((await NewestAsync(db, user, what, cancellationToken))?.Given == true == given) return;
        await RecordAsync(db, organisation, Actor.Person(user), null, given, channel, [Agreed.To(what)], null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task<AgreementRow?> NewestAsync(AppDb db, Guid user, AgreedTo what, CancellationToken cancellationToken) =>
        db.Agreements.AsNoTracking().Where(row => row.User == user && row.What == what).OrderByDescending(row => row.At).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
}

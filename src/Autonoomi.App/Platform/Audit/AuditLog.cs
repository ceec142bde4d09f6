using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Audit;

/// <param name="Object">What it was done to.</param>
/// <param name="Reason">Why.</param>
internal sealed record AuditText(string? Object, string? Reason);

[JsonSerializable(typeof(AuditText))]
internal sealed partial class AuditTextJson : JsonSerializerContext;

/// <summary>An entry as it is handed out: pseudonyms, and the texts as far as their key still lives.</summary>
/// <param name="Seq">Number.</param>
/// <param name="At">Instant.</param>
/// <param name="ActorKind">What kind of somebody.</param>
/// <param name="Actor">Pseudonym.</param>
/// <param name="Seller">Pseudonym.</param>
/// <param name="Action">What.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Object">Null also when the seller's key was destroyed.</param>
/// <param name="Reason">Null also when the seller's key was destroyed.</param>
/// <param name="TextsOpen">False when the texts cannot be opened any more.</param>
/// <param name="Mac">Hexadecimal.</param>
public sealed record AuditLine(
    long Seq, DateTimeOffset At, ActorKind ActorKind, string? Actor, string? Seller, string Action, AuditOutcome Outcome, string? Object, string? Reason, bool TextsOpen, string Mac);

/// <summary>An entry as the organisation that it is about reads it.</summary>
/// <param name="Seq">Number.</param>
/// <param name="At">Instant.</param>
/// <param name="ActorKind">What kind of somebody.</param>
/// <param name="Person">Who, of the organisation's people; null for everybody else.</param>
/// <param name="Seller">About which account; null for none.</param>
/// <param name="Action">What.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Object">What it was done to.</param>
/// <param name="Reason">Why.</param>
public sealed record AuditTold(long Seq, DateTimeOffset At, ActorKind ActorKind, Guid? Person, Guid? Seller, string Action, AuditOutcome Outcome, string? Object, string? Reason);

/// <summary>
/// What people and the product did that somebody may have to answer for. One chain per store: the head row is held until the writer's transaction
/// ends, so that numbers have no gap whatever fails and however many processes write.
/// </summary>
public sealed partial class AuditLog(AppDbs databases, KeyChain keys, StorageSettings storage, TimeProvider clock, ILogger<AuditLog> log)
{
    /// <summary>Entries leave when they are older than this many months.</summary>
    public const int Months = Privacy.RetentionTable.AuditMonths;

    private const int HeadId = 1;
    private const string KeyTable = "audit_key";
    private readonly AuditHeadFile file = new(HeadFileOf(storage));
    private KeptKey? own;

    /// <summary>Raised when entries were appended: the file outside the database should follow once they are committed.</summary>
    internal event Action? Appended;

    /// <summary>Where the file outside the database lies. A restore takes it away: the log is older on purpose then, and tells so.</summary>
    internal static string HeadFileOf(StorageSettings storage) => Path.Combine(storage.KeyFolder, "audit.head");

    /// <summary>Re-encrypts a seller's audit key while the seller's data key is rotated, in that transaction.</summary>
    /// <param name="db">In the rotation's transaction.</param>
    /// <param name="seller">Whose.</param>
    /// <param name="sealer">Opens the old and seals under the new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task RewrapAsync(AppDb db, SellerId seller, FieldSealer sealer, CancellationToken cancellationToken)
    {
        // Whoever makes a key holds the head meanwhile: none is made under the old one behind our back.
        await db.AuditHeads.Where(row => row.Id == HeadId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Seq, row => row.Seq), cancellationToken);
        if (await db.AuditKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == seller.Value && row.Kind == AuditKeyKind.Seller, cancellationToken) is not { } known) return;
        var again = sealer.Seal(KeyTable, "key", Row(known.Id), sealer.Open(KeyTable, "key", Row(known.Id), known.SealedKey));
        await db.AuditKeys.Where(row => row.Id == known.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedKey, again), cancellationToken);
    }

    /// <summary>Makes what is missing of an empty log, or opens the one that is there. Call once at start, after migrations.</summary>
    /// <exception cref="SealBrokenException">The log's key does not open, or is gone although there are entries.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (!await db.AuditHeads.AnyAsync(cancellationToken))
        {
            db.AuditHeads.Add(new AuditHeadRow { Id = HeadId, Seq = 0, Mac = AuditMark.None.Mac });
            db.AuditKeys.Add(new AuditKeyRow { Id = Guid.Empty, Kind = AuditKeyKind.Log, SealedKey = keys.Application.Seal(KeyTable, "key", Row(Guid.Empty), KeptKey.NewBytes()) });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                file.Write(await OwnAsync(db, cancellationToken), AuditMark.None, anew: true);
                return;
            }
            catch (DbUpdateException failure) when (failure.IsTaken)
            {
                // Another process began it in the same moment.
            }
        }

        db.ChangeTracker.Clear();
        var key = await OwnAsync(db, cancellationToken);
        if (file.Exists || await HeadAsync(db, cancellationToken) is not { } head) return;

        // Taken away by hand, to accept a restored database: that is allowed, and told in the log itself.
        LogHeadMadeAnew(head.Seq);
        file.Write(key, head, anew: true);
        await WriteAsync(new(AuditAction.HeadMadeAnew, Actor.Operator, Object: $"entry {head.Seq}"), cancellationToken);
    }

    /// <summary>Writes an entry in the caller's transaction, so that it tells of what happened, or nothing happened. Call it last: whoever holds the head keeps others waiting.</summary>
    /// <exception cref="InvalidOperationException">There is no transaction.</exception>
    public async Task AppendAsync(AppDb db, AuditEvent told, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("An audit entry is written inside a transaction, so that its number has no gap.");
        var key = await OwnAsync(db, cancellationToken);
        if (await db.AuditHeads.Where(row => row.Id == HeadId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Seq, row => row.Seq + 1), cancellationToken) != 1)
            throw new InvalidOperationException("The audit log was not begun: call BeginAsync at start.");
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(row => row.Id == HeadId, cancellationToken);
        var sellers = told.Seller is { } seller && keys.HasSeller(seller) ? await KeyOfAsync(db, AuditKeyKind.Seller, seller.Value, cancellationToken) : null;
        var persons = told.By.Kind == ActorKind.Person ? sellers ?? await KeyOfAsync(db, AuditKeyKind.Person, told.By.User, cancellationToken) : null;
        var text = JsonSerializer.Serialize(new AuditText(told.Object, told.Reason), AuditTextJson.Default.AuditText);
        var row = new AuditRow
        {
            Seq = head.Seq,
            At = (clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            ActorKind = (int)told.By.Kind,
            ActorPseudonym = persons?.Pseudonym("person", told.By.User),
            SellerPseudonym = sellers?.Pseudonym("seller", told.Seller!.Value.Value),
            Action = told.Action,
            Outcome = (int)told.Outcome,
            SealedText = (sellers ?? key).Seal(Place(head.Seq), text),
            Mac = [],
        };
        var mac = AuditChain.MacOf(key, row, head.Mac);
        db.Audit.Add(Signed(row, mac));
        await db.SaveChangesAsync(cancellationToken);
        await db.AuditHeads.Where(item => item.Id == HeadId).ExecuteUpdateAsync(set => set.SetProperty(item => item.Mac, mac), cancellationToken);
        Appended?.Invoke();
    }

    /// <summary>Writes an entry of something that has no transaction of its own.</summary>
    public async Task WriteAsync(AuditEvent told, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await AppendAsync(db, told, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Lets the file outside the database follow what is committed.</summary>
    /// <returns>The entry at which the log stands.</returns>
    public async Task<long> MarkAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await HeadAsync(db, cancellationToken) is not { } head) return 0;
        var key = await OwnAsync(db, cancellationToken);
        if (file.Read(key) is { } seen && seen.Seq > 0)
        {
            // A log that does not hold what the file has seen is another log: the file must go on saying so.
            var there = await db.Audit.AsNoTracking().Where(row => row.Seq == seen.Seq).Select(row => row.Mac).SingleOrDefaultAsync(cancellationToken);
            if (!seen.Is(seen.Seq, there) && !await db.AuditCheckpoints.AnyAsync(row => row.Seq >= seen.Seq, cancellationToken)) return seen.Seq;
        }

        file.Write(key, head);
        return head.Seq;
    }

    /// <summary>Looks at every entry, the head, the checkpoint and the file outside the database. Garbage is a fault, never an exception.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = databases.System();
            var key = await OwnAsync(db, cancellationToken, again: true);

            // The file is read first: what is committed in between only puts the database ahead of it.
            var seen = file.Read(key);
            await using var transaction = await VaultEngine.BeginAsync(db, default, write: false, cancellationToken);
            var checkpoint = await db.AuditCheckpoints.AsNoTracking().OrderByDescending(row => row.Seq).FirstOrDefaultAsync(cancellationToken);
            var head = await HeadAsync(db, cancellationToken);
            return await AuditChain.VerifyAsync(key, checkpoint, db.Audit.AsNoTracking().OrderBy(row => row.Seq).AsAsyncEnumerable(), head, seen);
        }
        catch (Exception garbage) when (AuditChain.IsGarbage(garbage) || garbage is VaultException or IOException)
        {
            return new(0, 0, 0, [garbage is VaultException broken ? broken.Message : $"The log cannot be read ({garbage.GetType().Name})."]);
        }
    }

    /// <summary>Takes away what is older than <see cref="Months"/>, with a signed checkpoint in its place. What does not hang together stays.</summary>
    /// <returns>How many entries left.</returns>
    public async Task<long> PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = (now.AddMonths(-Months).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        await using var db = databases.System();
        if (!await db.Audit.AnyAsync(row => row.At < before, cancellationToken)) return 0;
        if (!(await VerifyAsync(cancellationToken)).IsWhole)
        {
            LogNotPurged();
            return 0;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.AuditHeads.Where(row => row.Id == HeadId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Seq, row => row.Seq), cancellationToken);
        var stays = await db.Audit.Where(row => row.At >= before).OrderBy(row => row.Seq).Select(row => (long?)row.Seq).FirstOrDefaultAsync(cancellationToken) ?? long.MaxValue;
        if (await db.Audit.AsNoTracking().Where(row => row.Seq < stays).OrderByDescending(row => row.Seq).FirstOrDefaultAsync(cancellationToken) is not { } last) return 0;
        var left = await db.Audit.Where(row => row.Seq <= last.Seq).ExecuteDeleteAsync(cancellationToken);
        var at = (now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        var checkpoint = new AuditCheckpointRow { Seq = last.Seq, LastMac = last.Mac, Left = left, At = at, Mac = [] };
        var mac = AuditChain.MacOf(await OwnAsync(db, cancellationToken), checkpoint);
        db.AuditCheckpoints.Add(new AuditCheckpointRow { Seq = checkpoint.Seq, LastMac = checkpoint.LastMac, Left = checkpoint.Left, At = checkpoint.At, Mac = mac });
        await AppendAsync(db, new(AuditAction.EntriesLeft, Actor.Product, Object: $"{left} entries up to {last.Seq}", Reason: $"older than {Months} months"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return left;
    }

    /// <returns>The oldest entry's instant; null when there is none.</returns>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Audit.OrderBy(row => row.At).Select(row => (long?)row.At).FirstOrDefaultAsync(cancellationToken) is { } at ? DateTimeOffset.UnixEpoch.AddMicroseconds(at) : null;
    }

    /// <returns>All entries in their order, with the texts that still open.</returns>
    public async IAsyncEnumerable<AuditLine> LinesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var key = await OwnAsync(db, cancellationToken);
        var sellers = await SellersAsync(db, cancellationToken);
        await foreach (var row in db.Audit.AsNoTracking().OrderBy(row => row.Seq).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var opens = (row.SellerPseudonym is null ? key : sellers.GetValueOrDefault(row.SellerPseudonym)) is { } own && own.TryOpen(Place(row.Seq), row.SealedText, out var plain)
                ? JsonSerializer.Deserialize(plain, AuditTextJson.Default.AuditText)
                : null;
            yield return new(row.Seq, DateTimeOffset.UnixEpoch.AddMicroseconds(row.At), (ActorKind)row.ActorKind, row.ActorPseudonym, row.SellerPseudonym, row.Action, (AuditOutcome)row.Outcome,
                opens?.Object, opens?.Reason, opens is not null, Convert.ToHexStringLower(row.Mac));
        }
    }

    /// <summary>Entries about seller accounts, whoever acted, and what people did, whatever it was about; in their order.</summary>
    /// <param name="sellers">Accounts whose entries are wanted.</param>
    /// <param name="people">People whose own acts are wanted.</param>
    /// <param name="accounts">All accounts of their organisation: their keys tell pseudonyms apart.</param>
    /// <param name="members">All people of the organisation: they are named by their id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<AuditTold> OfAsync(
        IReadOnlyCollection<Guid> sellers, IReadOnlyCollection<Guid> people, IReadOnlyCollection<Guid> accounts, IReadOnlyCollection<Guid> members,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var key = await OwnAsync(db, cancellationToken);
        var (known, names) = (new Dictionary<string, (Guid Seller, KeptKey Key)>(StringComparer.Ordinal), new Dictionary<string, Guid>(StringComparer.Ordinal));
        foreach (var row in await db.AuditKeys.AsNoTracking().Where(row => (row.Kind == AuditKeyKind.Seller && accounts.Contains(row.Id)) || (row.Kind == AuditKeyKind.Person && members.Contains(row.Id))).ToListAsync(cancellationToken))
        {
            if (row.Kind == AuditKeyKind.Person) names[Unwrapped(keys.Application, row).Pseudonym("person", row.Id)] = row.Id;
            else if (keys.HasSeller(new SellerId(row.Id)))
            {
                var own = Unwrapped(keys.ForSeller(new SellerId(row.Id)), row);
                known[own.Pseudonym("seller", row.Id)] = (row.Id, own);
                foreach (var member in members) names[own.Pseudonym("person", member)] = member;
            }
        }

        var wanted = known.Where(item => sellers.Contains(item.Value.Seller)).Select(item => item.Key).ToList();
        var acting = names.Where(item => people.Contains(item.Value)).Select(item => item.Key).ToList();
        var rows = db.Audit.AsNoTracking().Where(row => (row.SellerPseudonym != null && wanted.Contains(row.SellerPseudonym)) || (row.ActorPseudonym != null && acting.Contains(row.ActorPseudonym)));
        await foreach (var row in rows.OrderBy(row => row.Seq).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var seller = row.SellerPseudonym is { } name && known.TryGetValue(name, out var found) ? found : default;
            var opens = (row.SellerPseudonym is null ? key : seller.Key)?.TryOpen(Place(row.Seq), row.SealedText, out var plain) == true ? JsonSerializer.Deserialize(plain!, AuditTextJson.Default.AuditText) : null;
            yield return new(row.Seq, DateTimeOffset.UnixEpoch.AddMicroseconds(row.At), (ActorKind)row.ActorKind, row.ActorPseudonym is { } actor && names.TryGetValue(actor, out var person) ? person : null,
                seller.Key is null ? null : seller.Seller, row.Action, (AuditOutcome)row.Outcome, opens?.Object, opens?.Reason);
        }
    }

    private static string Place(long seq) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"audit_entry/{seq}");

    private static string Row(Guid id) => id.ToString("N");

    private static AuditRow Signed(AuditRow row, byte[] mac) => new()
    {
        Seq = row.Seq, At = row.At, ActorKind = row.ActorKind, ActorPseudonym = row.ActorPseudonym, SellerPseudonym = row.SellerPseudonym, Action = row.Action, Outcome = row.Outcome, SealedText = row.SealedText, Mac = mac,
    };

    private static async Task<AuditMark?> HeadAsync(AppDb db, CancellationToken cancellationToken) =>
        await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(row => row.Id == HeadId, cancellationToken) is { } row ? new(row.Seq, row.Mac) : null;

    private async Task<KeptKey> OwnAsync(AppDb db, CancellationToken cancellationToken, bool again = false)
    {
        if (own is { } known && !again) return known;
        var row = await db.AuditKeys.AsNoTracking().SingleOrDefaultAsync(item => item.Id == Guid.Empty && item.Kind == AuditKeyKind.Log, cancellationToken)
            ?? throw new SealBrokenException("The key of the audit log is gone from table audit_key: nothing in the log can be proven. Restore the database from a backup.");
        return own = Unwrapped(keys.Application, row);
    }

    /// <summary>The audit key of a person or seller, made on first use. The head is held by now, so no two are made.</summary>
    private async Task<KeptKey> KeyOfAsync(AppDb db, AuditKeyKind kind, Guid id, CancellationToken cancellationToken)
    {
        var sealer = kind == AuditKeyKind.Seller ? keys.ForSeller(new SellerId(id)) : keys.Application;
        if (await db.AuditKeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } known) return Unwrapped(sealer, known);
        var bytes = KeptKey.NewBytes();
        db.AuditKeys.Add(new AuditKeyRow { Id = id, Kind = kind, SealedKey = sealer.Seal(KeyTable, "key", Row(id), bytes) });
        return new(bytes);
    }

    private async Task<Dictionary<string, KeptKey>> SellersAsync(AppDb db, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, KeptKey>(StringComparer.Ordinal);
        foreach (var row in await db.AuditKeys.AsNoTracking().Where(row => row.Kind == AuditKeyKind.Seller).ToListAsync(cancellationToken))
        {
            var seller = new SellerId(row.Id);
            if (!keys.HasSeller(seller)) continue;
            var key = Unwrapped(keys.ForSeller(seller), row);
            found[key.Pseudonym("seller", row.Id)] = key;
        }

        return found;
    }

    private static KeptKey Unwrapped(FieldSealer sealer, AuditKeyRow row) => new(sealer.Open(KeyTable, "key", Row(row.Id), row.SealedKey));

    [LoggerMessage(LogLevel.Warning, "The head file of the audit log was gone and is made anew at entry {Seq}")]
    private partial void LogHeadMadeAnew(long seq);

    [LoggerMessage(LogLevel.Error, "The audit log does not hang together, so nothing of it is taken away; run: autonoomi audit verify")]
    private partial void LogNotPurged();
}

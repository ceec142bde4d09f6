using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Duties;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Incidents;

/// <summary>The register does not take this.</summary>
public sealed record WrongIncident(string What) : Error(What);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IncidentEntry))]
internal sealed partial class IncidentJson : JsonSerializerContext;

/// <summary>Something that the product found by itself.</summary>
/// <param name="Cause">Names the finding: one cause opens one incident, however often it is met.</param>
/// <param name="Kind">What kind of thing it looks like.</param>
/// <param name="Text">What was found, in words and counts.</param>
/// <param name="Data">Classes of data, where they are known.</param>
/// <param name="Seller">Whose data, where it is known.</param>
/// <param name="Subject">How the causes of one subject begin: while an incident of it is open, whatever else is met there belongs to that one. Null where each cause stands for itself.</param>
public sealed record Suspicion(string Cause, IncidentKind Kind, string Text, IReadOnlyList<TouchedData>? Data = null, SellerId? Seller = null, string? Subject = null)
{
    /// <summary>What a vault refused to open. One change from outside is met in many places, each with its own words.</summary>
    public static Suspicion OfVault(SellerId seller, SealBrokenException broken)
    {
        var subject = $"vault/{seller.Value:N}";
        return new(IncidentBook.CauseOf(subject, broken.Message), IncidentKind.Tampering, $"Data of a seller does not open: {broken.Message}", [TouchedData.Amazon, TouchedData.Economics], seller, $"{subject}/");
    }
}

/// <summary>A notice as a seller reads it.</summary>
/// <param name="Number">Of the incident.</param>
/// <param name="ToldAt">When it was told.</param>
/// <param name="Text">The notice.</param>
public sealed record SellerNotice(int Number, DateTimeOffset ToldAt, string Text);

/// <summary>
/// The register of incidents. An incident is its entries, and entries are only added; each is one transaction together with its entry of the audit log, the
/// notices it puts before sellers and the duty it completes. Whoever is killed in between, it is all there or nothing is.
/// </summary>
public sealed partial class IncidentBook(AppDbs databases, KeyChain keys, AuditLog audit, DutyBook duties, TimeProvider clock, ILogger<IncidentBook> log)
{
    private const string Table = "incident_entry";
    private const int Tries = 50;

    /// <summary>Opens an incident: the instant and a sentence are enough.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="facts">What is known; kind and severity may be judged later.</param>
    /// <param name="detectedAt">When it was first suspected; null for now.</param>
    /// <param name="drill">True when it is practice.</param>
    /// <param name="by">Who opens it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its number.</returns>
    public async Task<Result<int>> OpenAsync(string what, IncidentFacts facts, DateTimeOffset? detectedAt, bool drill, string by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var first = new IncidentEntry(IncidentStep.Opened, now, by.Trim(), what.Trim(), facts);
        if (Incident.Refusal(first, detectedAt ?? now) is { } refused) return new WrongIncident(refused);
        return (await InsertAsync(first, detectedAt ?? now, drill, null, Actor.Operator, cancellationToken))!.Value; // only a cause may be known already
    }

    /// <summary>Opens a suspected incident because of what the product found; the same cause opens it once. Never throws but for cancellation: whoever found something has work to do.</summary>
    /// <returns>Its number, when this call opened it.</returns>
    public async Task<int?> SuspectAsync(Suspicion found, CancellationToken cancellationToken)
    {
        try
        {
            await using (var db = databases.System())
                if (await IsKnownAsync(db, found.Cause, found.Subject, cancellationToken)) return null;
            var now = clock.GetUtcNow();
            var first = new IncidentEntry(IncidentStep.Opened, now, Incident.ByProduct, found.Text, new(found.Kind, IncidentSeverity.Suspected, found.Data, found.Seller is { } seller ? [seller.Value] : null));
            var number = await InsertAsync(first, now, drill: false, found.Cause, Actor.Product, cancellationToken, found.Subject);
            if (number is { } opened) LogSuspected(opened, found.Kind);
            return number;
        }
#pragma warning disable CA1031 // a find must not stop what found it; what cannot be written down is at least in the log
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnwritten(failure, found.Kind);
            return null;
        }
    }

    /// <summary>A cause from words: digits are left out, so that counts and numbers of entries that grow do not make a new finding of an old one.</summary>
    public static string CauseOf(string subject, string words) =>
        $"{subject}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(words.Where(letter => !char.IsAsciiDigit(letter))))).AsSpan(0, 8))}";

    /// <summary>Adds an entry. A notice to sellers is put before them in the product; the closing of a drill completes that duty.</summary>
    /// <param name="number">Of the incident.</param>
    /// <param name="entry">Makes the entry from the incident as it stands in the moment of writing, and the instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The incident with its new entry.</returns>
    public async Task<Result<Incident>> AddAsync(int number, Func<Incident, DateTimeOffset, IncidentEntry> entry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var db = databases.System();
                await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                if (await ReadAsync(db, number, cancellationToken) is not { } incident) return new WrongIncident($"There is no incident {number}: incident list shows them.");
                var next = entry(incident, clock.GetUtcNow());
                if (incident.Refusal(next) is { } refused) return new WrongIncident(refused);
                Add(db, number, incident.Entries.Length + 1, next);
                if (next is { Step: IncidentStep.Told, To: IncidentNotice.Sellers } && !incident.IsDrill) await TellSellersAsync(db, incident, next.At, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                if (next.Step == IncidentStep.Closed && incident.IsDrill)
                {
                    var done = await duties.WriteAsync(db, DutyTable.IncidentDrill, null, next.By, $"incident {number}, a drill", cancellationToken);
                    if (done.Error is { } wrong) return wrong;
                }

                await AuditAsync(db, number, next, Actor.Operator, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return incident with { Entries = incident.Entries.Add(next) };
            }
            catch (DbUpdateException conflict) when (attempt < Tries && conflict.IsTaken)
            {
                // Somebody else added an entry in this moment: look again, and ask again whether this one may follow.
            }
        }
    }

    /// <returns>Null when there is none of that number.</returns>
    public async Task<Incident?> FindAsync(int number, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await ReadAsync(db, number, cancellationToken);
    }

    /// <param name="closed">Whether those that are closed are wanted too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<Incident>> ListAsync(bool closed, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Incidents.AsNoTracking().OrderByDescending(row => row.Number).ToListAsync(cancellationToken);
        var entries = (await db.IncidentEntries.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.Incident);
        return [.. rows.Select(row => Of(row, entries[row.Number])).Where(incident => closed || !incident.IsClosed)];
    }

    /// <returns>The notices that concern a seller account, the newest first; with what was written, and nothing about anybody else.</returns>
    public async Task<IReadOnlyList<SellerNotice>> ToldAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var prefix = NoticePrefix;
        var keysOf = await db.Notices.AsNoTracking().Where(row => row.Seller == seller.Value && row.Kind == NoticeKind.Incident && row.Key.StartsWith(prefix)).Select(row => row.Key).ToListAsync(cancellationToken);
        var found = new List<SellerNotice>();
        foreach (var (number, ordinal) in keysOf.Select(key => key.Split('/')).Select(parts => (int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture))).OrderDescending())
            if (await ReadAsync(db, number, cancellationToken) is { } incident && ordinal <= incident.Entries.Length)
                found.Add(new(number, incident.Entries[ordinal - 1].At, incident.Entries[ordinal - 1].Text));
        return found;
    }

    /// <summary>Deletes closed incidents that are past their time. Open ones stay, however old.</summary>
    /// <returns>How many entries left.</returns>
    internal static async Task<long> PurgeAsync(AppDb db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var over = await db.IncidentEntries.Where(row => row.Step == IncidentStep.Closed && row.At <= before).Select(row => row.Incident).ToListAsync(cancellationToken);
        if (over.Count == 0) return 0;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var left = await db.IncidentEntries.Where(row => over.Contains(row.Incident)).ExecuteDeleteAsync(cancellationToken);
        await db.Incidents.Where(row => over.Contains(row.Number)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return left;
    }

    private const string NoticePrefix = "incident/";

    /// <returns>The number; null when the same cause has opened one meanwhile.</returns>
    private async Task<int?> TryInsertAsync(IncidentEntry first, DateTimeOffset detectedAt, bool drill, string? cause, string? subject, Actor by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (cause is not null && await IsKnownAsync(db, cause, subject, cancellationToken)) return null;
        var number = (await db.Incidents.MaxAsync(row => (int?)row.Number, cancellationToken) ?? 0) + 1;
        db.Incidents.Add(new() { Number = number, DetectedAt = detectedAt, Drill = drill, Cause = cause });
        Add(db, number, 1, first);
        await db.SaveChangesAsync(cancellationToken);
        try
        {
            await AuditAsync(db, number, first, by, cancellationToken);
        }
        catch (Exception broken) when (cause is not null && broken is (InvalidOperationException or VaultException))
        {
            // The audit log itself may be what is broken: the incident is opened all the same.
            LogUnaudited(number, broken.GetType().Name);
        }

        await transaction.CommitAsync(cancellationToken);
        return number;
    }

    private static Task<bool> IsKnownAsync(AppDb db, string cause, string? subject, CancellationToken cancellationToken) =>
        db.Incidents.AnyAsync(row => row.Cause == cause || (subject != null && row.Cause!.StartsWith(subject) && !db.IncidentEntries.Any(entry => entry.Incident == row.Number && entry.Step == IncidentStep.Closed)), cancellationToken);

    private async Task<int?> InsertAsync(IncidentEntry first, DateTimeOffset detectedAt, bool drill, string? cause, Actor by, CancellationToken cancellationToken, string? subject = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryInsertAsync(first, detectedAt, drill, cause, subject, by, cancellationToken);
            }
            catch (DbUpdateException conflict) when (attempt < Tries && conflict.IsTaken)
            {
                // Another process took the number, or found the same cause: look again.
            }
        }
    }

    private void Add(AppDb db, int number, int ordinal, IncidentEntry entry) => db.IncidentEntries.Add(new()
    {
        Incident = number, Ordinal = ordinal, At = entry.At, Step = entry.Step,
        SealedEntry = keys.Application.Seal(Table, "entry", Place(number, ordinal), JsonSerializer.SerializeToUtf8Bytes(entry, IncidentJson.Default.IncidentEntry)),
    });

    // Accounts that left meanwhile have nobody who could be told here.
    private static async Task TellSellersAsync(AppDb db, Incident incident, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var told = incident.Facts.Sellers ?? [];
        foreach (var account in await db.SellerAccounts.AsNoTracking().Where(row => told.Contains(row.Seller)).Select(row => new { row.Seller, row.Organisation }).ToListAsync(cancellationToken))
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{NoticePrefix}{incident.Number}/{account.Seller:N}/{incident.Entries.Length + 1}");
            db.Notices.Add(new() { Key = key, Organisation = account.Organisation, Seller = account.Seller, Kind = NoticeKind.Incident, RaisedAt = at });
        }
    }

    private Task AuditAsync(AppDb db, int number, IncidentEntry entry, Actor by, CancellationToken cancellationToken) =>
        audit.AppendAsync(db, new(AuditAction.Incident, by, Object: $"incident {number}", Reason: entry.To is { } to ? $"{entry.Step} {to}" : entry.Step.ToString()), cancellationToken);

    private async Task<Incident?> ReadAsync(AppDb db, int number, CancellationToken cancellationToken) =>
        await db.Incidents.AsNoTracking().SingleOrDefaultAsync(row => row.Number == number, cancellationToken) is { } row
            ? Of(row, await db.IncidentEntries.AsNoTracking().Where(entry => entry.Incident == number).ToListAsync(cancellationToken))
            : null;

    /// <exception cref="SealBrokenException">An entry was changed, moved or taken away.</exception>
    private Incident Of(IncidentRow row, IEnumerable<IncidentEntryRow> entries)
    {
        var ordered = entries.OrderBy(entry => entry.Ordinal).ToList();
        if (ordered.Count == 0 || ordered[^1].Ordinal != ordered.Count) throw new SealBrokenException($"Incident {row.Number} lacks entries: the register was changed by hand. Look into the audit log (autonoomi audit verify) and restore the database from a backup.");
        return new(row.Number, row.DetectedAt, row.Drill,
            [.. ordered.Select(entry => JsonSerializer.Deserialize(keys.Application.Open(Table, "entry", Place(entry.Incident, entry.Ordinal), entry.SealedEntry), IncidentJson.Default.IncidentEntry)!)]);
    }

    private static string Place(int number, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{number}/{ordinal}");

    [LoggerMessage(LogLevel.Error, "Incident {Number} was opened by what the product found ({Kind}): its 24 hours run; see: autonoomi incident list")]
    private partial void LogSuspected(int number, IncidentKind kind);

    [LoggerMessage(LogLevel.Critical, "Something was found ({Kind}) and no incident could be opened: open one by hand, autonoomi incident open")]
    private partial void LogUnwritten(Exception failure, IncidentKind kind);

    [LoggerMessage(LogLevel.Error, "Incident {Number} was opened without its entry of the audit log ({Failure})")]
    private partial void LogUnaudited(int number, string failure);
}

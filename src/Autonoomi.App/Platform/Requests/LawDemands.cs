using System.IO;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Requests;

public sealed record WrongDemand(string Text) : Error(Text);

/// <param name="Seller">Whose data.</param>
/// <param name="Scope">Data sets and kinds of records that the order names, for example <c>Dataset:LedgerDay</c>.</param>
/// <param name="Days">Days of data sets; null where the order names none.</param>
/// <param name="Basis">The statute or order and who demands, in at least 20 characters.</param>
/// <param name="SilentUntil">Until when the law forbids to tell the seller; null where it does not.</param>
/// <param name="By">Name of who writes it down.</param>
public sealed record NewDemand(SellerId Seller, IReadOnlyList<string> Scope, DateSpan? Days, string Basis, DateTimeOffset? SilentUntil, string By);

/// <param name="Scope">What was disclosed.</param>
/// <param name="Days">Days of data sets; null for all.</param>
/// <param name="Basis">Why.</param>
/// <param name="At">When.</param>
public sealed record Disclosed(string Scope, DateSpan? Days, string Basis, DateTimeOffset At);

/// <summary>Demands of authorities: what the order names, and nothing else, on the word of two people; the seller is told as soon as the law allows.</summary>
public sealed class LawDemands(AppDbs databases, KeyChain keys, CopyMaker copies, AuditLog audit, TimeProvider clock)
{
    /// <summary>No order keeps somebody in the dark for longer without being looked at again.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromDays(366);

    private const string Table = "demand";

    /// <summary>Writes a demand down; nothing leaves before somebody else has approved it.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<Guid>> RequestAsync(NewDemand request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (request.Basis.Trim().Length < 20) return new WrongDemand("Basis: name the statute or order and who demands, in at least 20 characters.");
        if (request.By.Trim().Length < 2) return new WrongDemand("By: say who writes it down.");
        if (request.SilentUntil is { } silent && (silent <= now || silent > now + LongestSilence)) return new WrongDemand("Silent until: a day in the future, a year away at most; look at it again then.");
        if (request.Scope.Count == 0) return new WrongDemand("Scope: name each data set or kind of record that the order names, for example Dataset:LedgerDay. A demand is never for everything.");
        foreach (var name in request.Scope)
            if (Rule(name) is null) return new WrongDemand($"Scope: '{name}' is no data set or kind of record of an account. Names are those of docs/privacy/retention.md, for example Dataset:LedgerDay.");
        await using var db = databases.System();
        if (await db.SellerAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.Seller == request.Seller.Value, cancellationToken) is not { } account) return new WrongDemand("Seller: there is no such seller account.");
        var id = Guid.CreateVersion7(now);
        db.Demands.Add(new DemandRow
        {
            Id = id, Organisation = account.Organisation, SellerId = request.Seller.Value, Scope = string.Join(' ', request.Scope.Distinct(StringComparer.Ordinal)),
            FirstDay = request.Days?.First.DayNumber, LastDay = request.Days?.Last.DayNumber, RequestedAt = now, TellFrom = request.SilentUntil ?? now,
            SealedBasis = keys.Application.SealText(Table, "basis", id.ToString("N"), request.Basis.Trim()), SealedRequester = keys.Application.SealText(Table, "requester", id.ToString("N"), request.By.Trim()),
        });
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.DemandRequested, Actor.Operator, Object: $"demand {id:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <returns>What is wrong; null when it may be disclosed from now on.</returns>
    public async Task<Error?> ApproveAsync(Guid demand, string by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Demands.SingleOrDefaultAsync(row => row.Id == demand && row.SealedApprover == null, cancellationToken) is not { } row) return new WrongDemand("There is no such demand that waits for approval.");
        var requester = keys.Application.OpenText(Table, "requester", demand.ToString("N"), row.SealedRequester);
        if (by.Trim().Length < 2 || string.Equals(by.Trim(), requester, StringComparison.OrdinalIgnoreCase)) return new WrongDemand("By: a demand is approved by somebody else than who wrote it down.");
        row.SealedApprover = keys.Application.SealText(Table, "approver", demand.ToString("N"), by.Trim());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.DemandApproved, Actor.Operator, Object: $"demand {demand:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Writes what an approved demand names into a stream, once.</summary>
    /// <returns>The list of its files.</returns>
    public async Task<Result<CopyManifest>> DiscloseAsync(Guid demand, Stream body, CancellationToken cancellationToken)
    {
        DemandRow row;
        var now = clock.GetUtcNow();
        await using (var db = databases.System())
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (await db.Demands.SingleOrDefaultAsync(item => item.Id == demand, cancellationToken) is not { } found) return new WrongDemand("There is no such demand.");
            if (found.SealedApprover is null) return new WrongDemand("Nothing is disclosed before somebody else has approved the demand: cases approve ID --by NAME.");
            if (found.DisclosedAt is not null) return new WrongDemand("This demand was disclosed already. A new order is a new demand.");
            (row, found.DisclosedAt) = (found, now);
            await db.SaveChangesAsync(cancellationToken);

            // While the law forbids to tell, it stands in no seller's part of the log, which the seller may read.
            await audit.AppendAsync(db, new(AuditAction.DemandDisclosed, Actor.Operator, row.TellFrom <= now ? new SellerId(row.SellerId) : null, $"demand {demand:N}: {row.Scope}"), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        var scope = await copies.ScopeAsync(CopyWhat.Named, row.Organisation, Guid.Empty, new SellerId(row.SellerId), cancellationToken);
        return scope.IsOk
            ? await copies.WriteAsync(CopyWhat.Named, scope.Value, new CopyOnly(row.Scope.Split(' ').Select(Rule).OfType<RetentionRule>().ToHashSet(), Days(row)), body, cancellationToken)
            : scope.Error!;
    }

    /// <returns>What was disclosed of an organisation's accounts, as far as it may be told now; the newest first.</returns>
    public async Task<IReadOnlyList<Disclosed>> ToldAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var rows = await db.Demands.AsNoTracking().Where(row => row.Organisation == organisation && row.DisclosedAt != null && row.TellFrom <= now).ToListAsync(cancellationToken);
        return [.. rows.OrderByDescending(row => row.DisclosedAt).Select(row => new Disclosed(row.Scope, Days(row), keys.Application.OpenText(Table, "basis", row.Id.ToString("N"), row.SealedBasis), row.DisclosedAt!.Value))];
    }

    /// <returns>All demands, oldest first.</returns>
    public async Task<IReadOnlyList<DemandRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Demands.AsNoTracking().OrderBy(row => row.RequestedAt).ToListAsync(cancellationToken);
    }

    private static DateSpan? Days(DemandRow row) => row is { FirstDay: { } first, LastDay: { } last } ? new(DateOnly.FromDayNumber(first), DateOnly.FromDayNumber(last)) : null;

    private static RetentionRule? Rule(string name) =>
        name.Split(':') is [var kind, var rule] && Enum.TryParse<RetainedAs>(kind, out var kept) && kept != RetainedAs.Table && CopyMap.WhyNot(kept, rule) is null ? RetentionTable.Rules.FirstOrDefault(item => item.As == kept && item.Name == rule) : null;
}

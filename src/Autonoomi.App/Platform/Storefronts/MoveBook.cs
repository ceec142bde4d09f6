using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Facts;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>A moment to which a storefront can return: a reading of its structure that found something different.</summary>
/// <param name="Id">Its name; later moments have later names. <see cref="MoveBook.Beginning"/> is how it stood before anything that is kept moved.</param>
/// <param name="At">When it was read.</param>
/// <param name="Moves">What had moved since the reading before; nothing at the beginning.</param>
/// <param name="Ours">How many of them the run itself had written.</param>
public sealed record Moment(string Id, DateTimeOffset At, ImmutableArray<Move> Moves, int Ours);

/// <param name="Id">As <see cref="Moment.Id"/>.</param>
/// <param name="Read">What was found different.</param>
public sealed record Reading(string Id, StoredMoves Read);

public sealed record NoSuchMoment(string Text) : Error(Text);

/// <summary>The way back to an earlier moment, for the whole storefront or one campaign.</summary>
public sealed class MoveBook(SellerVaults vaults, Workspaces workspaces, Runs runs, RunOptions options, Rights rights)
{
    /// <summary>The moment before the first move that is kept.</summary>
    public const string Beginning = "0";

    // Runs are named in the order in which they began, so that two readings of one instant have an order too.
    internal static string RecordId(StorefrontId storefront, DateTimeOffset at, Guid run, int step) =>
        RecordKind.RecordId(storefront, string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{run:N}-{step:0000}"));

    /// <returns>Everything that was seen to move, oldest first.</returns>
    public async Task<IReadOnlyList<Reading>> ListAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Moves, StoredJson.Default.StoredMoves, null, cancellationToken);
        var prefix = storefront + "/";
        return [.. records.Where(record => record.Id.StartsWith(prefix, StringComparison.Ordinal)).Select(record => new Reading(record.Id[prefix.Length..], record.Value)).OrderBy(reading => reading.Id, StringComparer.Ordinal)];
    }

    /// <param name="readings">As <see cref="ListAsync"/> gives them.</param>
    /// <param name="changes">What was written from here.</param>
    /// <returns>The newest first, the beginning last; empty where nothing moved yet.</returns>
    public static IReadOnlyList<Moment> Moments(IReadOnlyList<Reading> readings, IEnumerable<StoredChange> changes)
    {
        var written = changes.Select(change => (change.Run, change.Applied.Change.EntityKey)).ToHashSet();
        return
        [
            .. readings.Reverse().Select(reading => new Moment(reading.Id, reading.Read.At, reading.Read.Moves, reading.Read.Moves.Count(move => written.Contains((reading.Read.Run, move.Change.EntityKey))))),
            .. readings.Take(1).Select(first => new Moment(Beginning, first.Read.At, [], 0)),
        ];
    }

    /// <param name="workspace">As it stands.</param>
    /// <param name="readings">As <see cref="ListAsync"/> gives them.</param>
    /// <param name="moment">Where to return to: everything that was seen to move after it is taken back.</param>
    /// <param name="campaign">Only of this campaign; null for the whole storefront.</param>
    public static RewindPlan Plan(Workspace workspace, IReadOnlyList<Reading> readings, string moment, CampaignId? campaign) =>
        Rewind.Plan(workspace, readings.Where(reading => string.CompareOrdinal(reading.Id, moment) > 0).SelectMany(reading => reading.Read.Moves), change => campaign is null || change.Campaign == campaign);

    /// <summary>Begins one run that writes the way back; Amazon is asked first whether everything stands as it was seen.</summary>
    /// <returns>The run and what it does; no run where nothing is to be written.</returns>
    public async Task<Result<(Guid? Run, RewindPlan Plan)>> ReturnAsync(SellerId seller, StorefrontId storefront, string moment, CampaignId? campaign, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Undo, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        var readings = await ListAsync(seller, storefront, cancellationToken);
        if (moment != Beginning && readings.All(reading => reading.Id != moment)) return new NoSuchMoment("There is no such moment in this storefront. Nothing was changed.");
        var plan = Plan(workspace, readings, moment, campaign);
        if (plan.Writes.IsEmpty) return (null, plan);

        // Budgets that rise are written before anything that needs them, budgets that fall after it.
        var parts = plan.Writes.GroupBy(way => way.Turn).OrderBy(group => group.Key).Select(group => group.Select(way => new PlannedWrite(way.Change, null, null)));
        var run = await runs.BeginAsync(seller, storefront, RunKind.Undo, WriteNotes.Steps(options.BatchSize, parts), shared: false, cancellationToken, new(AuditAction.Undo, by, seller, $"return to an earlier moment, {plan.Writes.Length} changes"));
        return (run, plan);
    }
}

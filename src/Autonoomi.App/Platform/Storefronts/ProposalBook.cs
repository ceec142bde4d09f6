using System.Collections.Immutable;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <param name="Proposal">With evidence and effect.</param>
/// <param name="State">One of <see cref="ProposalState"/>.</param>
/// <param name="Created">Reporting day on which it was made.</param>
/// <param name="Note">Why it was refused, in a person's words.</param>
public sealed record ListedProposal(Proposal Proposal, string State, DateOnly Created, string? Note)
{
    /// <summary>Until when a person put it aside; null when nobody did.</summary>
    public Snooze? Snooze { get; init; }

    /// <summary>A person's no; null when nobody said no.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>The value that a person set instead; null where it stands as proposed.</summary>
    public Change? Own { get; init; }

    /// <summary>On what it was decided; null where that was not kept.</summary>
    public DecisionBasis? Basis { get; init; }

    /// <summary>What is written once it is approved.</summary>
    public Change Wanted => Own ?? Proposal.Change;

    /// <summary>The proposals that are decided on together with this one, itself among them; empty when it stands alone.</summary>
    public ImmutableArray<ProposalId> Together { get; init; } = [];
}

/// <summary>What became of an approval or rejection.</summary>
/// <param name="Changed">How many proposals took the new state.</param>
/// <param name="Stale">Those that were no longer open: decided by somebody else, expired or applied meanwhile.</param>
/// <param name="Along">How many of them were not named but move together with one that was.</param>
/// <param name="Refusal">Why nothing was decided at all, in a person's words; null otherwise.</param>
public sealed record DecisionResult(int Changed, IReadOnlyList<ProposalId> Stale, int Along = 0, string? Refusal = null);

/// <summary>A storefront's proposals and what people decide about them.</summary>
public sealed class ProposalBook(SellerVaults vaults, Workspaces workspaces, Runs runs, AuditLog audit, Rights rights)
{
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="state">One of <see cref="ProposalState"/>; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The most valuable first.</returns>
    public async Task<IReadOnlyList<ListedProposal>> ListAsync(SellerId seller, StorefrontId storefront, string? state, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Proposal, StoredJson.Default.StoredProposal, state, cancellationToken);
        var mine = records.Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal)).ToList();
        var together = new Dictionary<ProposalId, ImmutableArray<ProposalId>>();
        foreach (var group in mine.GroupBy(record => (record.Value.Created, record.State)).SelectMany(decision => MovesTogether.Groups(decision.Select(record => record.Value.Proposal))))
        {
            var ids = group.Select(proposal => proposal.Id).ToImmutableArray();
            foreach (var id in ids) together[id] = ids;
        }

        return
        [
            .. mine.Select(record => new ListedProposal(record.Value.Proposal, record.State, record.Value.Created, record.Value.Note)
            {
                Together = together.GetValueOrDefault(record.Value.Proposal.Id, []), Snooze = record.Value.Snooze, Rejection = record.Value.Rejection, Own = record.Value.Own, Basis = record.Value.Basis,
            })
                .OrderByDescending(item => item.Proposal.Effect.Mean.Amount).ThenBy(item => item.Proposal.Id.Value, StringComparer.Ordinal),
        ];
    }

    /// <returns>One proposal with what moves together with it; null when there is none of that id in this storefront.</returns>
    public async Task<ListedProposal?> FindAsync(SellerId seller, StorefrontId storefront, ProposalId proposal, CancellationToken cancellationToken) =>
        (await ListAsync(seller, storefront, null, cancellationToken)).FirstOrDefault(item => item.Proposal.Id == proposal);

    /// <summary>Approves these, and what moves together with them: placements and the bids that make room for them are written together or not at all.</summary>
    public Task<DecisionResult> ApproveAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Open, ProposalState.Snoozed], ProposalState.Approved, (stored, _) => stored with { Note = null, Snooze = null }, AuditAction.Approved, by, cancellationToken);

    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="proposals">Which.</param>
    /// <param name="why">The person's reason, kept with the proposal; null when none was given.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DecisionResult> RejectAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, string? why, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Open, ProposalState.Approved, ProposalState.Snoozed], ProposalState.Rejected,
            (stored, today) => stored with { Note = why, Snooze = null, Own = null, Rejection = new(today, stored.Proposal.Effect.Mean) }, AuditAction.Rejected, by, cancellationToken);

    /// <summary>Puts these aside, and what moves together with them. Later decisions keep them aside until they are due.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="proposals">Which.</param>
    /// <param name="days">For how many days, 1 to <see cref="Snooze.LongestDays"/>.</param>
    /// <param name="moved">They come back sooner once the expected gain has changed by this much, above zero; null where the days alone count.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<DecisionResult> SnoozeAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, int days, Money? moved, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Snoozed, cancellationToken) is { } refusal) return new(0, [], Refusal: refusal.Message);
        if (days is < 1 or > Snooze.LongestDays) return new(0, [], Refusal: $"Days: something can be put aside for 1 to {Snooze.LongestDays} days, and {days} lies outside.");
        if (moved is { Amount: <= 0 }) return new(0, [], Refusal: "Amount: figures always move a little, so it is above zero. Write by how much the expected gain must have changed.");
        return await DecideAsync(seller, storefront, proposals, [ProposalState.Open, ProposalState.Approved], ProposalState.Snoozed,
            (stored, today) => stored with { Note = null, Own = null, Snooze = new(today.AddDays(days), stored.Proposal.Effect.Mean, moved) }, AuditAction.Snoozed, by, cancellationToken);
    }

    /// <summary>Asks again for what was put aside, and for what moves together with it.</summary>
    public Task<DecisionResult> WakeAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Snoozed], ProposalState.Open, (stored, _) => stored with { Note = null, Snooze = null }, AuditAction.Woken, by, cancellationToken);

    /// <summary>Approves one with another value than the proposed one, as the person's own: see <see cref="OwnValue"/>. What moves together with others keeps its value.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="proposal">Which.</param>
    /// <param name="value">Money of the storefront, or whole percent of a placement.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<DecisionResult> EditAsync(SellerId seller, StorefrontId storefront, ProposalId proposal, decimal value, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.OwnValue, cancellationToken) is { } refusal) return new(0, [], Refusal: refusal.Message);
        if (await FindAsync(seller, storefront, proposal, cancellationToken) is not { } item) return new(0, [proposal]);
        if (item.Together.Length > 1) return new(0, [], Refusal: "This change was worked out together with others: another value here would make theirs wrong. Approve or reject them as they are.");
        var own = OwnValue.Of(item.Proposal, value, await workspaces.GetAsync(seller, storefront, cancellationToken));
        if (own.Change is not { } change) return new(0, [], Refusal: own.Refusal);
        return await DecideAsync(seller, storefront, [proposal], [ProposalState.Open, ProposalState.Approved, ProposalState.Snoozed], ProposalState.Approved,
            (stored, _) => stored with { Note = null, Snooze = null, Own = change == stored.Proposal.Change ? null : change }, AuditAction.OwnValue, by, cancellationToken);
    }

    /// <summary>Takes an approval or rejection back while nothing was written.</summary>
    public Task<DecisionResult> ReopenAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Approved, ProposalState.Rejected], ProposalState.Open, (stored, _) => stored with { Note = null, Own = null, Rejection = null }, AuditAction.Reopened, by, cancellationToken);

    /// <summary>Starts a run that writes all approved proposals; follow it with <see cref="RunProgress"/> or <see cref="Runs.WaitAsync"/>.</summary>
    public async Task<Result<Guid>> ApplyNowAsync(SellerId seller, StorefrontId storefront, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.ApplyNow, cancellationToken) is { } refusal) return refusal;
        return await runs.BeginAsync(seller, storefront, RunKind.Apply, [new(StepNames.Apply, null)], shared: true, cancellationToken, new(AuditAction.ApplyNow, by, seller, "approved proposals"));
    }

    private async Task<DecisionResult> DecideAsync(
        SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, string[] from, string to, Func<StoredProposal, DateOnly, StoredProposal> decided, string action, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, action, cancellationToken) is { } refusal) return new(0, [], Refusal: refusal.Message);
        var today = (await workspaces.GetAsync(seller, storefront, cancellationToken)).Today;
        for (var attempt = 1; ; attempt++)
        {
            var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
            var known = (await vault.RecordsAsync(RecordKind.Proposal, StoredJson.Default.StoredProposal, null, cancellationToken)).ToDictionary(record => record.Id, StringComparer.Ordinal);
            var write = new VaultWrite(null);
            var named = new HashSet<ProposalId>();
            var stale = new List<ProposalId>();
            foreach (var proposal in proposals.Distinct())
            {
                if (known.TryGetValue(RecordKind.RecordId(storefront, proposal.Value), out var record) && from.Contains(record.State)) named.Add(proposal);
                else stale.Add(proposal);
            }

            if (named.Count == 0) return new(0, stale);
            var all = named.Concat(Along(known.Values.Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal) && from.Contains(record.State)), named)).ToHashSet();
            foreach (var proposal in all)
            {
                var record = known[RecordKind.RecordId(storefront, proposal.Value)];
                write.Put(RecordKind.Proposal, record.Id, decided(record.Value, today), StoredJson.Default.StoredProposal, to);
            }

            write.Also((db, stop) => audit.AppendAsync((AppDb)db, new(action, by, seller, $"{all.Count} proposals"), stop));
            try
            {
                await vault.CommitAsync(write, cancellationToken);
                workspaces.RecordsChanged(seller, storefront);
                return new(all.Count, stale, all.Count - named.Count);
            }
            catch (VaultConflictException) when (attempt < 50)
            {
                // Another write won; look again at what is still open.
            }
        }
    }

    private static IEnumerable<ProposalId> Along(IEnumerable<VaultRecord<StoredProposal>> records, HashSet<ProposalId> named) =>
        records.Select(record => record.Value).GroupBy(stored => stored.Created)
            .SelectMany(decision => MovesTogether.Groups(decision.Select(stored => stored.Proposal)))
            .Where(group => group.Any(proposal => named.Contains(proposal.Id)))
            .SelectMany(group => group.Select(proposal => proposal.Id));
}

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
            .. mine.Select(record => new ListedProposal(record.Value.Proposal, record.State, record.Value.Created, record.Value.Note) { Together = together.GetValueOrDefault(record.Value.Proposal.Id, []) })
                .OrderByDescending(item => item.Proposal.Effect.Mean.Amount).ThenBy(item => item.Proposal.Id.Value, StringComparer.Ordinal),
        ];
    }

    /// <summary>Approves these, and what moves together with them: placements and the bids that make room for them are written together or not at all.</summary>
    public Task<DecisionResult> ApproveAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Open], ProposalState.Approved, null, AuditAction.Approved, by, cancellationToken);

    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="proposals">Which.</param>
    /// <param name="why">The person's reason, kept with the proposal; null when none was given.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DecisionResult> RejectAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, string? why, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Open, ProposalState.Approved], ProposalState.Rejected, why, AuditAction.Rejected, by, cancellationToken);

    /// <summary>Takes an approval or rejection back while nothing was written.</summary>
    public Task<DecisionResult> ReopenAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, Actor by, CancellationToken cancellationToken) =>
        DecideAsync(seller, storefront, proposals, [ProposalState.Approved, ProposalState.Rejected], ProposalState.Open, null, AuditAction.Reopened, by, cancellationToken);

    /// <summary>Starts a run that writes all approved proposals; follow it with <see cref="RunProgress"/> or <see cref="Runs.WaitAsync"/>.</summary>
    public async Task<Result<Guid>> ApplyNowAsync(SellerId seller, StorefrontId storefront, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.ApplyNow, cancellationToken) is { } refusal) return refusal;
        return await runs.BeginAsync(seller, storefront, RunKind.Apply, [new(StepNames.Apply, null)], shared: true, cancellationToken, new(AuditAction.ApplyNow, by, seller, "approved proposals"));
    }

    private async Task<DecisionResult> DecideAsync(
        SellerId seller, StorefrontId storefront, IReadOnlyList<ProposalId> proposals, string[] from, string to, string? note, string action, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, action, cancellationToken) is { } refusal) return new(0, [], Refusal: refusal.Message);
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
                write.Put(RecordKind.Proposal, record.Id, record.Value with { Note = note }, StoredJson.Default.StoredProposal, to);
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

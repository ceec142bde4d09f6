using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>What the newest look at a storefront found, and the goals that a person chooses because of it.</summary>
public sealed class ReviewBook(SellerVaults vaults, Workspaces workspaces, AuditLog audit, Rights rights)
{
    private const int Attempts = 5;

    /// <returns>Null before the first look.</returns>
    public async Task<StoredReview?> LatestAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return (await vault.RecordAsync(RecordKind.Review, RecordKind.RecordId(storefront, "latest"), StoredJson.Default.StoredReview, cancellationToken))?.Whole();
    }

    /// <returns>Null before the first decision.</returns>
    public async Task<StoredDecision?> DecisionAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return (await vault.RecordAsync(RecordKind.Decision, RecordKind.RecordId(storefront, "latest"), StoredJson.Default.StoredDecision, cancellationToken))?.Whole();
    }

    /// <returns>One score a day, oldest first.</returns>
    public async Task<IReadOnlyList<StoredScore>> ScoresAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Score, StoredJson.Default.StoredScore, null, cancellationToken);
        return [.. records.Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal)).Select(record => record.Value).OrderBy(score => score.Day)];
    }

    /// <summary>Gives a product a goal of its own, in place of the one it had; it holds from the next decision on.</summary>
    /// <returns>What is wrong with the goal, in a person's words; null when it was stored.</returns>
    public async Task<string?> UseGoalAsync(SellerId seller, StorefrontId storefront, Sku product, Goal goal, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Settings, cancellationToken) is { } refusal) return refusal.Message;
        if (goal.Faults().FirstOrDefault() is { } fault) return fault;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var settings = (await workspaces.GetAsync(seller, storefront, cancellationToken)).Settings;
            var goals = settings.Goals.IsDefault ? [] : settings.Goals;
            var chosen = settings with { Goals = [.. goals.Where(own => own.Sku != product), new ProductGoal(product, goal)] };
            try
            {
                var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), chosen, StoredJson.Default.StorefrontSettings, "set")
                    .Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.Settings, by, seller, "goal of a product"), stop)), cancellationToken);
                workspaces.RecordsChanged(seller, storefront);
                return null;
            }
            catch (VaultConflictException)
            {
                // A run or another person wrote in between: their settings are read again before this goal is added.
            }
        }

        return "Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.";
    }
}

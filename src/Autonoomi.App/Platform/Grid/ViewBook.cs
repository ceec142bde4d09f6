using System.Collections.Immutable;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Grid;

public sealed record ViewRefused(string Text) : Error(Text);

/// <summary>The views that people saved, each for themselves: filters, order, columns and period of a grid under a name. One sealed record per storefront.</summary>
public sealed class ViewBook(SellerVaults vaults, AppDbs databases, Rights rights)
{
    /// <summary>Of one person on one page.</summary>
    public const int Most = 30;

    public const int MostLetters = 60;

    private const int Attempts = 5;

    /// <returns>One person's views of a page, by name.</returns>
    public async Task<ImmutableArray<SavedView>> ListAsync(SellerId seller, StorefrontId storefront, Guid user, string page, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var stored = await vault.RecordAsync(RecordKind.View, RecordKind.RecordId(storefront, "all"), StoredJson.Default.StoredViews, cancellationToken);
        return Of(stored, user, page);
    }

    /// <summary>Saves a view; one of the same name is replaced.</summary>
    public Task<Result<ImmutableArray<SavedView>>> SaveAsync(SellerId seller, StorefrontId storefront, Guid user, string page, string name, GridQuery query, CancellationToken cancellationToken)
    {
        var tidy = name.Trim();
        return ChangeAsync(seller, storefront, user, page, mine =>
            tidy.Length is 0 or > MostLetters ? new ViewRefused($"Give the view a name of 1 to {MostLetters} letters.")
            : mine.Length >= Most && !mine.Any(view => Same(view, tidy)) ? new ViewRefused($"There are {Most} views of this page already: delete one first.")
            : Result(mine.Where(view => !Same(view, tidy)).Append(new SavedView(user, page, tidy, query.ToParameters(), mine.Any(view => Same(view, tidy) && view.IsDefault)))), cancellationToken);
    }

    public Task<Result<ImmutableArray<SavedView>>> RenameAsync(SellerId seller, StorefrontId storefront, Guid user, string page, string name, string to, CancellationToken cancellationToken)
    {
        var tidy = to.Trim();
        return ChangeAsync(seller, storefront, user, page, mine =>
            tidy.Length is 0 or > MostLetters ? new ViewRefused($"Give the view a name of 1 to {MostLetters} letters.")
            : mine.Any(view => Same(view, tidy) && !Same(view, name)) ? new ViewRefused($"Another view is called {tidy}: choose another name.")
            : Result(mine.Select(view => Same(view, name) ? view with { Name = tidy } : view)), cancellationToken);
    }

    public Task<Result<ImmutableArray<SavedView>>> DeleteAsync(SellerId seller, StorefrontId storefront, Guid user, string page, string name, CancellationToken cancellationToken) =>
        ChangeAsync(seller, storefront, user, page, mine => Result(mine.Where(view => !Same(view, name))), cancellationToken);

    /// <summary>The page opens with this view from now on; asked for again, with none.</summary>
    public Task<Result<ImmutableArray<SavedView>>> MakeDefaultAsync(SellerId seller, StorefrontId storefront, Guid user, string page, string name, CancellationToken cancellationToken) =>
        ChangeAsync(seller, storefront, user, page, mine => Result(mine.Select(view => view with { IsDefault = Same(view, name) && !view.IsDefault })), cancellationToken);

    private async Task<Result<ImmutableArray<SavedView>>> ChangeAsync(
        SellerId seller, StorefrontId storefront, Guid user, string page, Func<ImmutableArray<SavedView>, Result<ImmutableArray<SavedView>>> change, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(Actor.Person(user), Right.Look, seller, AuditAction.Settings, cancellationToken) is { } refusal) return refusal;
        var members = await MembersAsync(seller, cancellationToken);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
            var id = RecordKind.RecordId(storefront, "all");
            var stored = await vault.RecordAsync(RecordKind.View, id, StoredJson.Default.StoredViews, cancellationToken);
            var changed = change(Of(stored, user, page));
            if (!changed.IsOk) return changed;

            // Views of people who are no longer members go with the next one that is saved.
            var others = (stored?.Views ?? []).Where(view => (view.User != user || view.Page != page) && members.Contains(view.User));
            try
            {
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.View, id, new StoredViews([.. others, .. changed.Value]), StoredJson.Default.StoredViews, "set"), cancellationToken);
                return Sorted(changed.Value);
            }
            catch (VaultConflictException)
            {
                // A run or somebody else committed in between; views do not depend on what it wrote.
            }
        }

        return new ViewRefused("Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.");
    }

    private async Task<HashSet<Guid>> MembersAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return [.. await db.SellerAccounts.Where(account => account.Seller == seller.Value).Join(db.Memberships, account => account.Organisation, membership => membership.Organisation, (_, membership) => membership.User).ToListAsync(cancellationToken)];
    }

    private static ImmutableArray<SavedView> Of(StoredViews? stored, Guid user, string page) => Sorted((stored?.Views ?? []).Where(view => view.User == user && view.Page == page));

    private static ImmutableArray<SavedView> Sorted(IEnumerable<SavedView> views) => [.. views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase)];

    private static Result<ImmutableArray<SavedView>> Result(IEnumerable<SavedView> views) => views.ToImmutableArray();

    private static bool Same(SavedView view, string name) => view.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

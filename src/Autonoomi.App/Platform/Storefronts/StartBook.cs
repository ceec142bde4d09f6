using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>What a storefront needs before its figures can be trusted, in the order in which people do it.</summary>
public enum StartStep { Connect, Costs, Goals, Import }

/// <summary>How far a storefront's beginning has come. Read from what is stored: nothing is remembered apart, so it can be left and taken up anywhere.</summary>
/// <param name="Connected">Both consents are there.</param>
/// <param name="Products">Products that count: those with an enabled ad, or all that are listed while no ad is known.</param>
/// <param name="WithCost">Of these, those with a cost, guessed ones included.</param>
/// <param name="AnyCost">True where any cost is stored at all, also of products that Amazon has not listed yet.</param>
/// <param name="Chosen">A person stored goals, budget and mode.</param>
/// <param name="Imported">An import was complete.</param>
public sealed record Beginning(bool Connected, int Products, int WithCost, bool AnyCost, bool Chosen, bool Imported)
{
    public static Beginning None { get; } = new(false, 0, 0, false, false, false);

    public static ImmutableArray<StartStep> Steps { get; } = [.. Enum.GetValues<StartStep>()];

    /// <summary>The first that is not done; null when all are.</summary>
    public StartStep? Next => Steps.Select(step => (StartStep?)step).FirstOrDefault(step => !IsDone(step!.Value));

    public int Done => Steps.Count(IsDone);

    public bool IsDone(StartStep step) => step switch
    {
        StartStep.Connect => Connected,
        StartStep.Costs => Products > 0 ? WithCost == Products : AnyCost,
        StartStep.Goals => Chosen,
        StartStep.Import => Imported,
    };

    /// <param name="workspace">Of a storefront with both consents.</param>
    /// <param name="chosen">A person stored goals, budget and mode.</param>
    public static Beginning Of(Workspace workspace, bool chosen)
    {
        var advertised = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).Select(ad => ad.Sku).ToHashSet();
        var counted = workspace.Listings.Select(listing => listing.Sku).Where(sku => advertised.Count == 0 || advertised.Contains(sku)).ToHashSet();
        var costed = workspace.Costs.Select(cost => cost.Sku).ToHashSet();
        return new(true, counted.Count, counted.Count(costed.Contains), costed.Count > 0, chosen, workspace.SyncedAt is not null);
    }
}

/// <summary>Where the beginning of a storefront stands.</summary>
public sealed class StartBook(SellerVaults vaults)
{
    public async Task<Beginning> OfAsync(SellerId seller, Workspace workspace, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var settings = await vault.RecordAsync(RecordKind.Settings, RecordKind.RecordId(workspace.Storefront, "all"), StoredJson.Default.StorefrontSettings, cancellationToken);
        return Beginning.Of(workspace, settings is not null);
    }
}

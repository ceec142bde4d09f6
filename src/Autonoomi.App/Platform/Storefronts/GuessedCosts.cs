using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>Products whose cost in force is a guess.</summary>
public static class GuessedCosts
{
    /// <returns>In the order of listings; a product with an own word of the seller's that holds today is none of them.</returns>
    public static ImmutableArray<Listing> Of(Workspace workspace)
    {
        var guessed = workspace.Costs.GroupBy(cost => cost.Sku)
            .Where(group => (group.Where(cost => cost.From <= workspace.Today).MaxBy(cost => cost.From) ?? group.MinBy(cost => cost.From)!).Guessed)
            .Select(group => group.Key).ToHashSet();
        return guessed.Count == 0 ? [] : [.. workspace.Listings.Where(listing => guessed.Contains(listing.Sku))];
    }
}

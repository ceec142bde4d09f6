using Autonoomi.App.Platform;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>Stores what products cost; an entry with the same SKU and first day is replaced, all others stay.</summary>
/// <param name="Seller">Whose vault.</param>
/// <param name="Storefront">Costs are in this storefront's currency.</param>
/// <param name="Costs">All or nothing: one wrong entry and none is stored.</param>
public sealed record SaveCosts(SellerId Seller, StorefrontId Storefront, IReadOnlyList<ProductCost> Costs);

public sealed class SaveCostsHandler
{
    /// <returns>How many entries were stored.</returns>
    public Task<Result<int>> Handle(SaveCosts request, CancellationToken cancellationToken) => throw new NotSupportedException("Waits for the vault.");
}

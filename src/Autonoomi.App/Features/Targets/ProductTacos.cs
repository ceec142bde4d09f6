using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Targets;

/// <summary>Ad spend of all ads over all sales of a product. Total sales exist per product and storefront: a target has none of its own, so it shows those of the one product that it advertises.</summary>
/// <param name="Share">As a fraction; null without sales.</param>
/// <param name="BreakEven">Share of all sales that is left before ads; null while a cost is missing or without sales.</param>
public readonly record struct ProductTacos(double? Share, double? BreakEven)
{
    /// <returns>By product, of the days of the table.</returns>
    public static ImmutableDictionary<Sku, ProductTacos> Of(ProfitTable table) =>
        table.By(row => row.Sku).ToImmutableDictionary(product => product.Key, product => new ProductTacos(product.Value.Tacos, product.Value.IsComplete ? product.Value.BreakEven : null));

    /// <returns>Of the product that a target's ad group advertises; null where it advertises several, or one that neither sold nor was advertised.</returns>
    public static ProductTacos? Of(ImmutableDictionary<Sku, ProductTacos> products, TargetBoard board, int row) =>
        board.Grid.Products[row] is { } sku && products.TryGetValue(sku, out var known) ? known : null;
}

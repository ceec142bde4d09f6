using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What each product costs on each day.</summary>
internal sealed class CostBook
{
    private readonly Dictionary<Sku, ProductCost[]> entries;

    public CostBook(ImmutableArray<ProductCost> costs) => entries = costs
        .GroupBy(cost => cost.Sku)
        .ToDictionary(group => group.Key, group => group.OrderBy(cost => cost.From).ToArray());

    /// <summary>The entry that holds on the day. The earliest entry also speaks for the days before it: a seller who types costs today means the history too.</summary>
    public ProductCost? At(Sku sku, DateOnly day)
    {
        if (!entries.TryGetValue(sku, out var known)) return null;
        var held = known[0];
        for (var index = 1; index < known.Length && known[index].From <= day; index++) held = known[index];
        return held;
    }
}

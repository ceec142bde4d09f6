using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Sums per target, column by column, one row per target of the workspace in its order: sort and filter row numbers, then ask for the rows shown.</summary>
public sealed class TargetGrid
{
    internal TargetGrid(ImmutableArray<Target> targets, Currency currency) => (Targets, Currency) = (targets, currency);

    public Currency Currency { get; }
    public ImmutableArray<Target> Targets { get; }
    public int Rows => Targets.Length;

    public required ImmutableArray<long> Impressions { get; init; }
    public required ImmutableArray<long> Clicks { get; init; }

    /// <summary>Ad spend in micros.</summary>
    public required ImmutableArray<long> Cost { get; init; }
    public required ImmutableArray<long> Orders { get; init; }
    public required ImmutableArray<long> Units { get; init; }

    /// <summary>Attributed sales in micros.</summary>
    public required ImmutableArray<long> Sales { get; init; }

    /// <summary>What its sales left before ad spend in micros; <see cref="long.MinValue"/> where costs are missing.</summary>
    public required ImmutableArray<long> Contribution { get; init; }

    /// <summary>Ad spend as far as its orders are visible, in micros; at most <see cref="Cost"/>.</summary>
    public required ImmutableArray<double> VisibleCost { get; init; }

    /// <summary>The advertised product, null where the ad group has none.</summary>
    public required ImmutableArray<Sku?> Products { get; init; }

    /// <param name="row">0 to <see cref="Rows"/> − 1.</param>
    public AdFigures this[int row] => new(Impressions[row], Clicks[row], Money.FromMicros(Cost[row], Currency), Orders[row], Units[row],
        Money.FromMicros(Sales[row], Currency), Contribution[row] == long.MinValue ? null : Money.FromMicros(Contribution[row], Currency));
}

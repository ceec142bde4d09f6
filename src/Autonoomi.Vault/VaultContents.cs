using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>What a vault holds, without opening any of it.</summary>
/// <param name="Revision">At which it holds this.</param>
/// <param name="Tables">Datasets that have rows, by name and storefront.</param>
/// <param name="Kinds">Records by kind.</param>
public sealed record VaultContents(long Revision, ImmutableArray<HeldTable> Tables, ImmutableSortedDictionary<string, int> Kinds);

/// <param name="Dataset">Which.</param>
/// <param name="Storefront">Of which storefront.</param>
/// <param name="Parts">Oldest first; a snapshot has one, without a day.</param>
public sealed record HeldTable(Dataset Dataset, StorefrontId Storefront, ImmutableArray<HeldPart> Parts);

/// <param name="Day">Reporting day; null of a snapshot.</param>
/// <param name="Rows">1 or more.</param>
public readonly record struct HeldPart(DateOnly? Day, long Rows);

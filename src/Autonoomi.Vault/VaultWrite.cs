using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>What one commit changes: all of it or nothing.</summary>
/// <param name="epoch">The owner's epoch: the commit is refused when the seller has a newer owner. Null for a write by somebody who is not the owner (a screen): refused when anything was committed since the vault was opened.</param>
public sealed class VaultWrite(long? epoch = null)
{
    private static readonly SearchValues<char> WordLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    internal long? Epoch => epoch;
    internal List<SegmentsWrite> Segments { get; } = [];
    internal Dictionary<(string Kind, string Id), RecordWrite?> Records { get; } = [];
    internal List<Func<VaultDb, CancellationToken, Task>> Others { get; } = [];

    /// <summary>All covered days get exactly the rows given; a covered day without rows becomes empty.</summary>
    /// <exception cref="ArgumentException">The dataset is not daily, the table is of another dataset, or a row lies outside the covered days.</exception>
    public VaultWrite ReplaceDays(Dataset dataset, StorefrontId storefront, DateSpan covered, FactTable facts)
    {
        Demand(dataset, covered, facts);
        Segments.Add(SegmentsWrite.Of(dataset, storefront, covered) with { Facts = facts });
        return this;
    }

    /// <summary>The same with rows that were taken in part by part; the caller disposes them after the commit.</summary>
    public VaultWrite ReplaceDays(StagedDays staged)
    {
        Segments.Add(SegmentsWrite.Of(staged.Dataset, staged.Storefront, staged.Covered) with { Staged = staged });
        return this;
    }

    /// <summary>The snapshot of an entity dataset, whole.</summary>
    public VaultWrite ReplaceSnapshot(Dataset dataset, StorefrontId storefront, FactTable facts)
    {
        Demand(dataset, facts, daily: false);
        Segments.Add(new(dataset, storefront, 0, 0) { Facts = facts });
        return this;
    }

    /// <summary>Adds or replaces a record. A later call for the same kind and id wins.</summary>
    /// <param name="kind">Lower-case word; stored in clear.</param>
    /// <param name="id">Any text of the caller's; stored as a keyed hash, and sealed.</param>
    /// <param name="value">Sealed.</param>
    /// <param name="type">From a source-generated context.</param>
    /// <param name="state">Lower-case word; stored in clear, so that it can be asked for.</param>
    /// <param name="dueAt">When somebody has to look at it; stored in clear.</param>
    public VaultWrite Put<T>(string kind, string id, T value, JsonTypeInfo<T> type, string state, DateTimeOffset? dueAt = null)
    {
        Records[(Word(kind), NotEmpty(id))] = new(Word(state), dueAt is { } due ? Micros(due) : null, RecordCodec.Encode(id, value, type));
        return this;
    }

    /// <summary>Removes a record; nothing happens when there is none.</summary>
    public VaultWrite Delete(string kind, string id)
    {
        Records[(Word(kind), NotEmpty(id))] = null;
        return this;
    }

    /// <summary>Control rows in the same transaction. Add or change rows on the context; the vault saves it.</summary>
    /// <remarks>May run again when the owner's commit meets another commit and is repeated; each time on a fresh context.</remarks>
    public VaultWrite Also(Func<VaultDb, CancellationToken, Task> change)
    {
        Others.Add(change);
        return this;
    }

    internal static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    internal static string Word(string word)
    {
        if (word.Length is 0 or > 40 || word.AsSpan().ContainsAnyExcept(WordLetters))
            throw new ArgumentException("A kind or state is stored in clear: 1 to 40 lower-case letters, digits, '-' or '_', so that nobody's data ends up in it.", nameof(word));
        return word;
    }

    private static string NotEmpty(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return id;
    }

    internal static void Demand(Dataset dataset, DateSpan covered, FactTable facts)
    {
        Demand(dataset, facts, daily: true);
        foreach (var day in facts.Ints("day"))
            if (day < covered.First.DayNumber || day > covered.Last.DayNumber)
                throw new ArgumentException($"A row of {dataset} is of {DateOnly.FromDayNumber(day):yyyy-MM-dd}, outside the covered days {covered}.", nameof(facts));
    }

    private static void Demand(Dataset dataset, FactTable facts, bool daily)
    {
        if (facts.Schema.Dataset != dataset) throw new ArgumentException($"The table holds {facts.Schema.Dataset}, {dataset} was named.", nameof(facts));
        if (facts.Schema.IsDaily != daily) throw new ArgumentException(daily ? $"{dataset} is a snapshot: use ReplaceSnapshot." : $"{dataset} is kept by day: use ReplaceDays.", nameof(dataset));
    }
}

/// <summary>Partitions from first to last get exactly these rows: a table, or rows that were staged before.</summary>
internal sealed record SegmentsWrite(Dataset Dataset, StorefrontId Storefront, int First, int Last)
{
    public FactTable? Facts { get; init; }
    public StagedDays? Staged { get; init; }

    public static SegmentsWrite Of(Dataset dataset, StorefrontId storefront, DateSpan covered) => new(dataset, storefront, Manifest.Partition(covered.First), Manifest.Partition(covered.Last));
}

internal sealed record RecordWrite(string State, long? DueAt, byte[] Plain);

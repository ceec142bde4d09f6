using System.Collections.Immutable;
using System.IO;
using System.Runtime.ExceptionServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>Daily facts of any size, taken in part by part, compressed, and held until a commit seals them: memory does not grow with the rows.</summary>
/// <remarks>Belongs to nobody yet and can be committed several times. Dispose it after the commit.</remarks>
public sealed class StagedDays : IDisposable
{
    private readonly Spool spool;
    private readonly List<StagedPiece> pieces = [];
    private readonly Dictionary<int, int> parts = [];

    private StagedDays(Dataset dataset, StorefrontId storefront, DateSpan covered, Spool spool) => (Dataset, Storefront, Covered, this.spool) = (dataset, storefront, covered, spool);

    public Dataset Dataset { get; }

    public StorefrontId Storefront { get; }

    /// <summary>The days that a commit replaces.</summary>
    public DateSpan Covered { get; }

    /// <summary>Rows taken in.</summary>
    public long Rows { get; private set; }

    internal IReadOnlyList<StagedPiece> Pieces => pieces;

    /// <summary>Takes in rows that come in parts. A day may be spread over several parts, and days may come in any order.</summary>
    /// <param name="dataset">Of all parts; a daily one.</param>
    /// <param name="storefront">Whose rows.</param>
    /// <param name="covered">The days that the parts stand for, also those without rows.</param>
    /// <param name="facts">The parts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The dataset is not daily, a part is of another dataset, or a row lies outside the covered days.</exception>
    public static async Task<StagedDays> TakeAsync(Dataset dataset, StorefrontId storefront, DateSpan covered, IAsyncEnumerable<FactTable> facts, CancellationToken cancellationToken)
    {
        var staged = new StagedDays(dataset, storefront, covered, new Spool());
        try
        {
            await foreach (var part in facts.WithCancellation(cancellationToken))
            {
                VaultWrite.Demand(dataset, covered, part);
                await Task.Run(() => staged.Add(part, compress: true), cancellationToken);
            }

            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    /// <summary>A table that is at hand, whole.</summary>
    internal static StagedDays Of(SegmentsWrite write, FactTable facts, Spool spool, bool compress)
    {
        var staged = new StagedDays(write.Dataset, write.Storefront, default, spool);
        if (facts.Schema.IsDaily) staged.Add(facts, compress);
        else staged.AddPiece(facts, 0, null, RowSelection.All(facts), compress);
        return staged;
    }

    /// <summary>Adds the rows up once more, from the very bytes that will be sealed: an independent look at what is about to be stored.</summary>
    /// <returns>Sums by column: counts as they are, money in micros; ids are left out.</returns>
    /// <exception cref="OverflowException">A sum cannot be held.</exception>
    public Task<ImmutableSortedDictionary<string, long>> SumAsync(CancellationToken cancellationToken) => Task.Run(() =>
    {
        string[] names = [.. TableSchema.Of(Dataset).Columns.Where(IsSummed).Select(column => column.Name)];
        var sums = new long[names.Length];
        try
        {
            Parallel.ForEach(pieces, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new long[names.Length], (piece, _, mine) => Add(mine, piece, names), mine =>
            {
                lock (sums)
                    for (var column = 0; column < sums.Length; column++) sums[column] += mine[column];
            });
        }
        catch (AggregateException broken)
        {
            // One piece that does not open is enough.
            ExceptionDispatchInfo.Throw(broken.InnerExceptions[0]);
        }

        return names.Zip(sums).ToImmutableSortedDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }, cancellationToken);

    public void Dispose() => spool.Dispose();

    private long[] Add(long[] sums, StagedPiece piece, string[] names)
    {
        var rows = Read(piece, packed => SegmentCodec.Sum(packed, names, sums));
        return rows == piece.Rows ? sums : throw new InvalidDataException($"A segment of {piece.Rows} rows was packed with {rows}.");
    }

    private static bool IsSummed(ColumnSpec column) => column is { Kind: ColumnKind.Long or ColumnKind.Micros, Key: false };

    internal T Read<T>(StagedPiece piece, Func<ReadOnlySpan<byte>, T> take) => spool.Read(piece.Sheet, take);

    private void Add(FactTable facts, bool compress)
    {
        foreach (var (day, rows) in RowSelection.ByDay(facts.Ints("day"))) AddPiece(facts, Manifest.Partition(DateOnly.FromDayNumber(day)), day, rows, compress);
    }

    private void AddPiece(FactTable facts, int partition, int? day, RowSelection rows, bool compress)
    {
        var part = parts.GetValueOrDefault(partition);
        parts[partition] = part + 1;
        pieces.Add(new(partition, part, rows.Count, SegmentCodec.Encode(facts, rows, day, compress, spool.Add)));
        Rows += rows.Count;
    }
}

/// <summary>One segment to be.</summary>
/// <param name="Partition">The day as yyyymmdd; 0 for a snapshot.</param>
/// <param name="Part">Number within the partition, from 0, in the order of the rows.</param>
/// <param name="Rows">How many.</param>
/// <param name="Sheet">Where its bytes are.</param>
internal readonly record struct StagedPiece(int Partition, int Part, int Rows, Sheet Sheet);

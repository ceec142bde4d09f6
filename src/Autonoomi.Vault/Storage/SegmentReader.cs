using System.Buffers;
using System.Globalization;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>Fetches segments and opens them, several at a time, straight into the columns of one table.</summary>
internal static class SegmentReader
{
    /// <exception cref="SealBrokenException">What the database returns is not what the manifest promises.</exception>
    public static async Task<(IReadOnlyList<SegmentStamp> Stamps, byte[][] Sealed)> FetchAsync(
        VaultDb db, Manifest manifest, Dataset dataset, StorefrontId storefront, DateSpan? days, CancellationToken cancellationToken)
    {
        var (keys, expected) = (manifest.Keys, manifest.SegmentsOf(dataset, storefront, days));
        if (expected.Count == 0) return (expected, []);
        var seller = keys.Seller.Value;
        var name = Manifest.NameOf(dataset);
        var (first, last) = (expected[0].Partition, expected[^1].Partition);
        var rows = db.Segments.AsNoTracking()
            .Where(row => row.Seller == seller && row.Dataset == name && row.Storefront == storefront.Value && row.Partition >= first && row.Partition <= last)
            .OrderBy(row => row.Partition).ThenBy(row => row.Part);
        var blobs = new byte[expected.Count][];
        var at = 0;
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var found = new SegmentStamp(row.Dataset, row.Storefront, row.Partition, row.Part, row.Revision, row.Rows, Cipher.TagOf(row.Sealed));
            if (at == expected.Count || found != expected[at]) throw Manifest.Broken(keys, $"Segment {Name(found)} does not open: it is not the one of the last commit");
            blobs[at++] = row.Sealed;
        }

        return at == expected.Count ? (expected, blobs) : throw Manifest.Broken(keys, $"Segment {Name(expected[at])} is gone");
    }

    public static FactTable Open(SellerKeys keys, TableSchema schema, IReadOnlyList<SegmentStamp> stamps, byte[][] blobs, CancellationToken cancellationToken)
    {
        if (stamps.Count == 0) return FactTable.Empty(schema.Dataset);
        var table = new TableAssembler(schema, [.. stamps.Select(stamp => stamp.Rows)]);
        if (stamps.Count == 1) OpenOne(keys, stamps[0], blobs[0], table, 0);
        else
        {
            // One seller's read must not take every core of a machine that serves many.
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, 4), CancellationToken = cancellationToken };
            try
            {
                Parallel.For(0, stamps.Count, options, part => OpenOne(keys, stamps[part], blobs[part], table, part));
            }
            catch (AggregateException several) when (several.InnerExceptions[0] is SealBrokenException broken)
            {
                throw new SealBrokenException(broken.Message, several);
            }
        }

        return table.Build();
    }

    private static void OpenOne(SellerKeys keys, SegmentStamp stamp, byte[] blob, TableAssembler table, int part)
    {
        var plain = ArrayPool<byte>.Shared.Rent(Cipher.PlainLength(blob));
        try
        {
            if (!keys.TryOpen(stamp, blob, plain)) throw Manifest.Broken(keys, $"Segment {Name(stamp)} (revision {stamp.Revision}) does not open: changed, moved or rolled back");
            SegmentCodec.Decode(plain.AsSpan(0, Cipher.PlainLength(blob)), table, part);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static string Name(SegmentStamp stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp.Dataset}/{stamp.Storefront}/{stamp.Partition}/{stamp.Part}");
}

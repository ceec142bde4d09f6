using System.Buffers.Binary;
using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>Which rows a seller has at one revision, proven against the sealed head. Whatever is read later is held against it.</summary>
internal sealed record Manifest
{
    /// <summary>By partition and part; a daily dataset has a partition per day, a snapshot has partition 0.</summary>
    public required ImmutableDictionary<(string Dataset, long Storefront), ImmutableSortedDictionary<(int Partition, int Part), SegmentStamp>> Segments { get; init; }

    /// <summary>By row id, per kind.</summary>
    public required ImmutableDictionary<string, ImmutableDictionary<string, RecordStamp>> Records { get; init; }

    public required MultisetHash Hash { get; init; }
    public required long Revision { get; init; }

    /// <summary>The keys under which all of these rows rest.</summary>
    public required SellerKeys Keys { get; init; }

    public static Manifest Empty(SellerKeys keys) => new()
    {
        Segments = ImmutableDictionary<(string, long), ImmutableSortedDictionary<(int Partition, int Part), SegmentStamp>>.Empty,
        Records = ImmutableDictionary<string, ImmutableDictionary<string, RecordStamp>>.Empty,
        Hash = default,
        Revision = 0,
        Keys = keys,
    };

    public static string NameOf(Dataset dataset) => dataset.ToString();

    public byte[] SealHead()
    {
        var plain = new byte[8 + MultisetHash.Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(plain, Revision);
        Hash.Write(plain.AsSpan(8));
        return Keys.SealHead(Revision, plain);
    }

    /// <summary>The seller's segments of a dataset, oldest partition first.</summary>
    public IReadOnlyList<SegmentStamp> SegmentsOf(Dataset dataset, StorefrontId storefront, DateSpan? days)
    {
        return days is { } span
            ? SegmentsOf(dataset, storefront, Partition(span.First), Partition(span.Last))
            : SegmentsOf(dataset, storefront, 0, int.MaxValue);
    }

    public IReadOnlyList<SegmentStamp> SegmentsOf(Dataset dataset, StorefrontId storefront, int first, int last) =>
        Segments.TryGetValue((NameOf(dataset), storefront.Value), out var partitions)
            ? [.. partitions.Values.Where(stamp => stamp.Partition >= first && stamp.Partition <= last)]
            : [];

    public RecordStamp? Find(string kind, string id) => Records.TryGetValue(kind, out var ids) && ids.TryGetValue(id, out var stamp) ? stamp : null;

    public static int Partition(DateOnly day) => day.Year * 10_000 + day.Month * 100 + day.Day;

    /// <summary>Reads every row's clear columns in the current transaction and proves them against the seller's sealed head.</summary>
    /// <exception cref="SealBrokenException">A row is missing, foreign, moved or of another revision; or the head itself does not open.</exception>
    public static async Task<Manifest> ReadAsync(VaultDb db, SellerKeys keys, SellerRow row, CancellationToken cancellationToken)
    {
        if (!keys.TryOpenHead(row.Revision, row.Head, out var head) || head!.Length != 8 + MultisetHash.Bytes || BinaryPrimitives.ReadInt64LittleEndian(head) != row.Revision)
            throw Broken(keys, $"The sealed head of its data (revision {row.Revision}) does not open");
        var seller = keys.Seller.Value;
        var builder = new ManifestBuilder(Empty(keys));
        await foreach (var segment in db.Segments.AsNoTracking().Where(segment => segment.Seller == seller)
            .Select(segment => new { segment.Dataset, segment.Storefront, segment.Partition, segment.Part, segment.Revision, segment.Rows, segment.Seal }).AsAsyncEnumerable().WithCancellation(cancellationToken))
            builder.Add(new SegmentStamp(segment.Dataset, segment.Storefront, segment.Partition, segment.Part, segment.Revision, segment.Rows, Tag(segment.Seal)));
        await foreach (var record in db.Records.AsNoTracking().Where(record => record.Seller == seller)
            .Select(record => new { record.Kind, record.Id, record.Revision, record.State, record.DueAt, record.Seal }).AsAsyncEnumerable().WithCancellation(cancellationToken))
            builder.Add(new RecordStamp(record.Kind, record.Id, record.Revision, record.State, record.DueAt, Tag(record.Seal)));
        var manifest = builder.Build(row.Revision);
        return manifest.Hash == MultisetHash.Read(head.AsSpan(8))
            ? manifest
            : throw Broken(keys, $"Its rows are not the rows of revision {row.Revision}: one was removed, added, moved or put back to an older state");
    }

    public static byte[] Seal(UInt128 tag)
    {
        var seal = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(seal, tag);
        return seal;
    }

    private static UInt128 Tag(byte[] seal) => seal.Length == 16 ? BinaryPrimitives.ReadUInt128LittleEndian(seal) : 0;

    public static SealBrokenException Broken(SellerKeys keys, string what) =>
        new($"The data of seller {keys.Seller} was changed outside the product. {what}. Nothing of it is used. Restore the database from a backup, or shred the seller and import again.");
}

/// <summary>A manifest in the making: the next revision's, or the one that is being read.</summary>
internal sealed class ManifestBuilder(Manifest from)
{
    private readonly SellerKeys keys = from.Keys;
    private readonly Dictionary<(string, long), ImmutableSortedDictionary<(int Partition, int Part), SegmentStamp>.Builder> segments = [];
    private readonly Dictionary<string, ImmutableDictionary<string, RecordStamp>.Builder> records = [];
    private MultisetHash hash = from.Hash;

    public void Add(SegmentStamp stamp)
    {
        Partitions(stamp.Dataset, stamp.Storefront).Add((stamp.Partition, stamp.Part), stamp);
        hash = hash.With(keys.Stamp, keys.Summand(stamp));
    }

    public void Remove(SegmentStamp stamp)
    {
        Partitions(stamp.Dataset, stamp.Storefront).Remove((stamp.Partition, stamp.Part));
        hash = hash.Without(keys.Stamp, keys.Summand(stamp));
    }

    public void Add(RecordStamp stamp)
    {
        Ids(stamp.Kind).Add(stamp.Id, stamp);
        hash = hash.With(keys.Stamp, keys.Summand(stamp));
    }

    public void Remove(RecordStamp stamp)
    {
        Ids(stamp.Kind).Remove(stamp.Id);
        hash = hash.Without(keys.Stamp, keys.Summand(stamp));
    }

    public Manifest Build(long revision) => new()
    {
        Segments = from.Segments.SetItems(segments.Select(group => KeyValuePair.Create(group.Key, group.Value.ToImmutable()))),
        Records = from.Records.SetItems(records.Select(kind => KeyValuePair.Create(kind.Key, kind.Value.ToImmutable()))),
        Hash = hash,
        Revision = revision,
        Keys = keys,
    };

    private ImmutableSortedDictionary<(int Partition, int Part), SegmentStamp>.Builder Partitions(string dataset, long storefront)
    {
        if (segments.TryGetValue((dataset, storefront), out var builder)) return builder;
        builder = from.Segments.TryGetValue((dataset, storefront), out var known) ? known.ToBuilder() : ImmutableSortedDictionary.CreateBuilder<(int Partition, int Part), SegmentStamp>();
        segments.Add((dataset, storefront), builder);
        return builder;
    }

    private ImmutableDictionary<string, RecordStamp>.Builder Ids(string kind)
    {
        if (records.TryGetValue(kind, out var builder)) return builder;
        builder = from.Records.TryGetValue(kind, out var known) ? known.ToBuilder() : ImmutableDictionary.CreateBuilder<string, RecordStamp>(StringComparer.Ordinal);
        records.Add(kind, builder);
        return builder;
    }
}

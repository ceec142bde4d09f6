using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>What one seller's data key opens, by use.</summary>
internal sealed class SellerKeys
{
    private readonly SubKey segment;
    private readonly SubKey record;
    private readonly SubKey head;
    private readonly SubKey rowId;
    private readonly string environment;
    private readonly string owner;

    public SellerKeys(SellerId seller, byte[] dataKey, int version, string environment, bool sealingOff)
    {
        (this.environment, owner, Seller) = (environment, seller.Value.ToString("D"), seller);
        segment = SubKey.Derive(dataKey, "segment", version, sealingOff);
        record = SubKey.Derive(dataKey, "record", version, sealingOff);
        head = SubKey.Derive(dataKey, "head", version, sealingOff);
        rowId = SubKey.Derive(dataKey, "row-id", version, sealingOff);
        Stamp = SubKey.Derive(dataKey, "stamp", version, sealingOff);
        Anchor = SubKey.Derive(dataKey, "anchor", version, sealingOff);
        Fields = new FieldSealer(dataKey, version, environment, owner, sealingOff);
    }

    public SellerId Seller { get; }
    public SubKey Stamp { get; }
    public SubKey Anchor { get; }
    public FieldSealer Fields { get; }
    public bool SealingOff => segment.SealingOff;

    /// <summary>Version of the data key; stands in clear in all that it seals.</summary>
    public int Version => segment.Version;

    public byte[] Seal(SegmentStamp stamp, ReadOnlySpan<byte> plain) => Cipher.Seal(segment, Context(stamp), plain);

    public bool TryOpen(SegmentStamp stamp, ReadOnlySpan<byte> cipher, Span<byte> plain) => Cipher.TryOpen(segment, Context(stamp), cipher, plain);

    public byte[] Seal(RecordStamp stamp, ReadOnlySpan<byte> plain) => Cipher.Seal(record, Context(stamp), plain);

    public bool TryOpen(RecordStamp stamp, ReadOnlySpan<byte> cipher, out byte[]? plain) => Cipher.TryOpen(record, Context(stamp), cipher, out plain);

    public byte[] SealHead(long revision, ReadOnlySpan<byte> plain) => Cipher.Seal(head, Context("head", Text(revision)), plain);

    public bool TryOpenHead(long revision, ReadOnlySpan<byte> cipher, out byte[]? plain) => Cipher.TryOpen(head, Context("head", Text(revision)), cipher, out plain);

    /// <returns>22 URL-safe characters; the id itself when sealing is off.</returns>
    public string RowId(string kind, string id) => SealingOff
        ? id
        : Base64Url.EncodeToString(HMACSHA256.HashData(rowId.Bytes, Context("row-id", kind, id)).AsSpan(0, 16));

    /// <summary>What the head adds up for a row: its context and its seal.</summary>
    public byte[] Summand(SegmentStamp stamp) => Summand(Context(stamp), stamp.Tag);

    public byte[] Summand(RecordStamp stamp) => Summand(Context(stamp), stamp.Tag);

    /// <summary>All that identifies a row and stands in clear beside it, except the seal, which only comes to be with it.</summary>
    private byte[] Context(SegmentStamp stamp) =>
        Context("segment", stamp.Dataset, Text(stamp.Storefront), Text(stamp.Partition), Text(stamp.Part), Text(stamp.Revision), Text(stamp.Rows));

    private byte[] Context(RecordStamp stamp) =>
        Context("record", stamp.Kind, stamp.Id, Text(stamp.Revision), stamp.State, stamp.DueAt is { } due ? Text(due) : "never");

    private byte[] Context(params ReadOnlySpan<string> parts) => Cipher.Context([environment, owner, Text(segment.Version), .. parts]);

    private static byte[] Summand(byte[] context, UInt128 tag)
    {
        var summand = new byte[context.Length + 16];
        context.CopyTo(summand, 0);
        BinaryPrimitives.WriteUInt128LittleEndian(summand.AsSpan(context.Length), tag);
        return summand;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The clear columns of a segment.</summary>
internal readonly record struct SegmentStamp(string Dataset, long Storefront, int Partition, int Part, long Revision, int Rows, UInt128 Tag = default);

/// <summary>The clear columns of a record.</summary>
internal readonly record struct RecordStamp(string Kind, string Id, long Revision, string State, long? DueAt, UInt128 Tag = default);

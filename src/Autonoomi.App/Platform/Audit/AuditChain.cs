using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Audit;

/// <summary>Where a log stands: its last entry and that entry's keyed hash.</summary>
/// <param name="Seq">0 before the first.</param>
/// <param name="Mac">32 bytes; zeros before the first.</param>
public sealed record AuditMark(long Seq, byte[] Mac)
{
    public static AuditMark None { get; } = new(0, new byte[32]);

    public bool Is(long seq, byte[]? mac) => Seq == seq && CryptographicOperations.FixedTimeEquals(Mac, mac ?? []);
}

/// <param name="Entries">How many entries were looked at.</param>
/// <param name="First">The oldest entry's number; 0 when there is none.</param>
/// <param name="Last">The newest entry's number; 0 when there is none.</param>
/// <param name="Faults">What is wrong, the first few; empty when every entry is as it was written and none is missing.</param>
public sealed record AuditVerdict(long Entries, long First, long Last, IReadOnlyList<string> Faults)
{
    public bool IsWhole => Faults.Count == 0;
}

/// <summary>The rule of the log: each entry's hash covers its bytes and the hash of the entry before. Pure.</summary>
public static class AuditChain
{
    /// <param name="key">The log's.</param>
    /// <param name="row">Everything but its own hash.</param>
    /// <param name="before">The hash of the entry before.</param>
    public static byte[] MacOf(KeptKey key, AuditRow row, byte[] before)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        Text(bytes, "entry/1");
        Number(bytes, row.Seq);
        Number(bytes, row.At);
        Number(bytes, row.ActorKind);
        Text(bytes, row.ActorPseudonym);
        Text(bytes, row.SellerPseudonym);
        Text(bytes, row.Action);
        Number(bytes, row.Outcome);
        Block(bytes, row.SealedText);
        Block(bytes, before);
        return key.Mac(bytes.WrittenSpan);
    }

    public static byte[] MacOf(KeptKey key, AuditCheckpointRow row)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        Text(bytes, "checkpoint/1");
        Number(bytes, row.Seq);
        Block(bytes, row.LastMac);
        Number(bytes, row.Left);
        Number(bytes, row.At);
        return key.Mac(bytes.WrittenSpan);
    }

    /// <summary>Looks at the whole log. Garbage is a fault, never an exception.</summary>
    /// <param name="key">The log's.</param>
    /// <param name="checkpoint">The newest; null when nothing left yet.</param>
    /// <param name="rows">In the order of their numbers.</param>
    /// <param name="head">As the database says; null when that row is gone.</param>
    /// <param name="seen">As the file outside the database says; null when it is gone or damaged.</param>
    public static async Task<AuditVerdict> VerifyAsync(KeptKey key, AuditCheckpointRow? checkpoint, IAsyncEnumerable<AuditRow> rows, AuditMark? head, AuditMark? seen)
    {
        var faults = new Faults();
        var at = AuditMark.None;
        if (checkpoint is not null)
        {
            if (Equal(MacOf(key, checkpoint), checkpoint.Mac)) at = new(checkpoint.Seq, checkpoint.LastMac);
            else faults.Add($"The checkpoint at entry {checkpoint.Seq} is not ours.");
        }

        if (seen is not null && seen.Seq < at.Seq) seen = at; // the file fell behind before those entries left
        var wasSeen = seen is not null && seen.Is(at.Seq, at.Mac);
        long count = 0, first = 0;
        try
        {
            await foreach (var row in rows)
            {
                count++;
                if (first == 0) first = row.Seq;
                if (row.Seq != at.Seq + 1) faults.Add($"Entry {row.Seq} follows entry {at.Seq}: something is missing, or stands twice.");
                if (!Equal(MacOf(key, row, at.Mac), row.Mac)) faults.Add($"Entry {row.Seq} is not as it was written, or not where it was written.");
                at = new(row.Seq, row.Mac ?? []);
                if (seen is not null && seen.Is(at.Seq, at.Mac)) wasSeen = true;
                if (faults.AreMany) break;
            }
        }
        catch (Exception garbage) when (IsGarbage(garbage))
        {
            faults.Add($"What stands after entry {at.Seq} cannot be read ({garbage.GetType().Name}).");
        }

        if (!faults.AreMany)
        {
            if (head is null) faults.Add("The head of the log is gone from the database.");
            else if (!head.Is(at.Seq, at.Mac)) faults.Add($"The log ends with entry {at.Seq}, its head stands at entry {head.Seq}: the end was cut off or put on.");
            if (seen is null) faults.Add("The head file outside the database is gone or damaged.");
            else if (!wasSeen) faults.Add($"The head file has seen entry {seen.Seq}, and this log does not hold that very entry: its end was cut off, or it is another log.");
        }

        return new(count, first, count == 0 ? 0 : at.Seq, faults.Found);
    }

    /// <summary>What a database that holds nonsense makes its reader say.</summary>
    internal static bool IsGarbage(Exception failure) =>
        failure is InvalidCastException or FormatException or OverflowException or ArgumentException or InvalidOperationException or System.Data.Common.DbException;

    private static bool Equal(byte[] one, byte[]? other) => CryptographicOperations.FixedTimeEquals(one, other ?? []);

    private static void Number(ArrayBufferWriter<byte> to, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), number);
        to.Advance(8);
    }

    private static void Text(ArrayBufferWriter<byte> to, string? text) => Block(to, text is null ? null : Encoding.UTF8.GetBytes(text));

    // Its length stands before it, and nothing is told from empty: no two entries have the same bytes.
    private static void Block(ArrayBufferWriter<byte> to, byte[]? block)
    {
        Number(to, block?.Length ?? -1);
        to.Write(block);
    }

    private sealed class Faults
    {
        private const int Most = 20;
        private readonly List<string> found = [];

        public IReadOnlyList<string> Found => found;

        public bool AreMany => found.Count >= Most;

        public void Add(string fault)
        {
            if (!AreMany) found.Add(fault);
        }
    }
}

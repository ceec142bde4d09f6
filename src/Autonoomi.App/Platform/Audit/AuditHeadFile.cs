using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Audit;

/// <summary>
/// How far the log has come, kept beside the keys and not in the database: a log whose end was cut off, or that was put back from an older copy, is seen by it.
/// Two slots written in turn, so that a write that is cut off leaves the other. The database is always first: it may be ahead of the file, never behind.
/// </summary>
internal sealed class AuditHeadFile(string file)
{
    private const int SlotBytes = 128;
    private const int Used = 8 + 32;

    public bool Exists => File.Exists(file);

    /// <returns>Null when there is no file, or nothing in it is ours.</returns>
    public AuditMark? Read(KeptKey key)
    {
        if (!File.Exists(file)) return null;
        using var stream = Open(FileMode.Open);
        return Slots(stream, key).Best;
    }

    /// <summary>Moves the mark on; one that is behind what the file knows is passed over, unless the file is to begin anew.</summary>
    public void Write(KeptKey key, AuditMark mark, bool anew = false)
    {
        using var stream = Open(FileMode.OpenOrCreate);
        if (anew) stream.SetLength(0);
        var (best, at) = Slots(stream, key);
        if (best is not null && best.Seq >= mark.Seq) return;
        var slot = new byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, mark.Seq);
        mark.Mac.CopyTo(slot, 8);
        key.Mac([.. "head/1"u8, .. slot.AsSpan(0, Used)]).CopyTo(slot, Used);
        stream.Position = at == 0 ? SlotBytes : 0;
        stream.Write(slot);
        stream.Flush(flushToDisk: true);
    }

    private static (AuditMark? Best, int At) Slots(FileStream stream, KeptKey key)
    {
        var bytes = new byte[2 * SlotBytes];
        stream.Position = 0;
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        (AuditMark? Best, int At) found = (null, SlotBytes);
        for (var at = 0; at + SlotBytes <= read; at += SlotBytes)
        {
            var slot = bytes.AsSpan(at, SlotBytes);
            var seq = BinaryPrimitives.ReadInt64LittleEndian(slot);
            if (CryptographicOperations.FixedTimeEquals(key.Mac([.. "head/1"u8, .. slot[..Used]]), slot.Slice(Used, 32)) && !(found.Best?.Seq > seq)) found = (new(seq, slot.Slice(8, 32).ToArray()), at);
        }

        return found;
    }

    // One process at a time: another's newer mark must not be lost under an older one.
    private FileStream Open(FileMode mode)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return OperatingSystem.IsWindows()
                    ? new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None)
                    : new FileStream(file, new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = mode == FileMode.Open ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite });
            }
            catch (IOException) when (attempt < 100 && (mode != FileMode.Open || File.Exists(file)))
            {
                Thread.Sleep(20);
            }
        }
    }
}

using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>The files of the key folder: who may read them, and how they are replaced without ever being half written.</summary>
internal sealed class KeyFiles(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Master => Path.Combine(folder, "master.key");
    public string Ledger => Path.Combine(folder, "ledger.json");
    public string Anchors => Path.Combine(folder, "anchors");

    /// <summary>The master key before the ledger that it opens is safe on disk; see <see cref="KeyChain"/>.</summary>
    public string NewMaster => Master + ".new";

    public void MakeFolder()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Anchors);
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            Directory.CreateDirectory(Anchors, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <exception cref="KeyFileException">Group or others may touch the file.</exception>
    public static string ReadPrivate(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
            throw new KeyFileException($"Key file {file} may be read by others than its owner (mode {Convert.ToString((int)File.GetUnixFileMode(file), 8)}); it must have mode 600. Run: chmod 600 '{file}', and if others could have copied it, rotate the master key.");
        return File.ReadAllText(file);
    }

    /// <summary>Writes beside, flushes to disk, renames over: a reader sees the old text or the new one. What was replaced is overwritten.</summary>
    /// <remarks>The old file keeps a second name until it is overwritten, so that a crash at any step leaves nothing that <see cref="WipeLeftovers"/> would miss.</remarks>
    public static void Replace(string file, string text)
    {
        WipeLeftovers(file);
        var (beside, before) = (Beside(file), Before(file));
        File.Delete(beside);
        using (var stream = Create(beside))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows() && File.Exists(file) && Unix.Link(file, before) != 0)
            throw new IOException($"File {file} cannot be given a second name (error {Marshal.GetLastPInvokeError()}), and without one its old content could not be overwritten. Put the key folder on a file system with hard links.");
        File.Move(beside, file, overwrite: true);
        FlushFolder(Path.GetDirectoryName(file)!);
        Wipe(before);
    }

    /// <summary>Overwrites what a crash left behind of a replaced file: a new text that was never used, or an old one that may hold a key that is destroyed by now.</summary>
    public static void WipeLeftovers(string file)
    {
        // Nobody but a stranger's hand leaves one of these without the file itself, and then they may be all that is left.
        if (!File.Exists(file)) return;
        Wipe(Beside(file));

        // A crash between the second name and the rename: both names are the file that is in use.
        if (File.Exists(Before(file)) && File.ReadAllBytes(Before(file)).AsSpan().SequenceEqual(File.ReadAllBytes(file))) File.Delete(Before(file));
        else Wipe(Before(file));
    }

    /// <summary>Overwrites the file with zeros, on disk, and removes it; nothing happens when there is none.</summary>
    public static void Wipe(string file)
    {
        if (!File.Exists(file)) return;
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            var zeros = new byte[4096];
            for (var left = stream.Length; left > 0; left -= zeros.Length) stream.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(file);
    }

    internal static string Beside(string file) => file + ".tmp";

    internal static string Before(string file) => file + ".old";

    public static FileStream Create(string file) => new(file, OperatingSystem.IsWindows()
        ? new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }
        : new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });

    public static void FlushFolder(string path)
    {
        // A rename is only durable once its folder is, and .NET opens no folders. Windows has no such call and needs none.
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Unix.Open(path, 0);
        if (descriptor < 0) throw new IOException($"Folder {path} cannot be opened to flush it (error {Marshal.GetLastPInvokeError()}).");
        var flushed = Unix.Flush(descriptor);
        _ = Unix.Close(descriptor);
        if (flushed != 0) throw new IOException($"Folder {path} cannot be flushed to disk (error {Marshal.GetLastPInvokeError()}).");
    }

    /// <summary>Only one process changes the key folder at a time.</summary>
    public IDisposable Lock()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "ledger.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 200)
            {
                Thread.Sleep(50);
            }
            catch (IOException held)
            {
                throw new KeyFileException($"Another process has held the lock of key folder {folder} for 10 seconds. Stop it, or give this process a key folder of its own.", held);
            }
        }
    }
}

internal static partial class Unix
{
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string file, string secondName);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);
}

/// <summary>The master key: one line, <c>anm1|environment|key id|base64</c>. The id is a hash of the key, so a damaged line is seen.</summary>
internal sealed record MasterKey(string Environment, string Id, byte[] Bytes)
{
    public static MasterKey Create(string environment)
    {
        var bytes = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
        return new(environment, IdOf(bytes), bytes);
    }

    public string ToLine() => $"anm1|{Environment}|{Id}|{Convert.ToBase64String(Bytes)}\n";

    /// <exception cref="KeyFileException">Not such a line.</exception>
    public static MasterKey Parse(string line, string file)
    {
        var parts = line.Trim().Split('|');
        var bytes = new byte[Cipher.KeyBytes];
        if (parts is not ["anm1", var environment, var id, var text] || !Convert.TryFromBase64String(text, bytes, out var length) || length != bytes.Length || IdOf(bytes) != id)
            throw new KeyFileException($"Master key file {file} is damaged: it must be one line 'anm1|environment|key id|key' as it was written at the first start. Put back your backup of the file; without it the data cannot be opened.");
        return new(environment, id, bytes);
    }

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "autonoomi/master-key-id"u8).AsSpan(0, 8));

    public override string ToString() => Id;
}

/// <summary>Wrapped keys, apart from the data they open. Destroying a seller's entry destroys the seller's data.</summary>
internal sealed record LedgerFile
{
    public required string Format { get; init; }
    public required string Environment { get; init; }
    public required string MasterKeyId { get; init; }
    public required byte[] EnvironmentKey { get; init; }
    public required byte[] ApplicationKey { get; init; }

    /// <summary>By seller id.</summary>
    public required SortedDictionary<Guid, LedgerEntry> Sellers { get; init; }

    /// <summary>Ids whose key was destroyed; never given out again.</summary>
    public required SortedSet<Guid> Destroyed { get; init; }

    /// <summary>Environment keys of before a rotation, for the backups that were made with them; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RetiredKey>? Retired { get; init; }

    /// <summary>Ids of master keys of before a rotation: a database that names one is taken to the new one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? FormerMasters { get; init; }

    /// <summary>Under the environment key, over everything above.</summary>
    public required string Mac { get; init; }

    public string ToText() => JsonSerializer.Serialize(this, LedgerJson.Default.LedgerFile);

    public LedgerFile Signed(byte[] environmentKey) => this with { Mac = MacOf(environmentKey) };

    public bool IsGenuine(byte[] environmentKey) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(MacOf(environmentKey)), Encoding.UTF8.GetBytes(Mac));

    private string MacOf(byte[] environmentKey) => Convert.ToHexStringLower(HMACSHA256.HashData(
        SubKey.Derive(environmentKey, "ledger", 1, sealingOff: false).Bytes, Encoding.UTF8.GetBytes((this with { Mac = "" }).ToText())));

    /// <exception cref="KeyFileException">Torn, or not a ledger.</exception>
    public static LedgerFile Parse(string text, string file)
    {
        LedgerFile? ledger;
        try
        {
            ledger = JsonSerializer.Deserialize(text, LedgerJson.Default.LedgerFile);
        }
        catch (JsonException broken)
        {
            throw Damaged(file, broken);
        }

        return ledger is { Format: "anl1" } ? ledger : throw Damaged(file, null);
    }

    public static KeyFileException Damaged(string file, Exception? inner) =>
        new($"Key ledger {file} is damaged (cut off or changed). It holds the wrapped keys of all sellers, so none is opened. Put back your newest backup of it.", inner);
}

/// <param name="Version">Version of the data key.</param>
/// <param name="Key">Wrapped with the environment's key.</param>
/// <param name="Next">While the seller's data are re-encrypted: the key of the next version, wrapped likewise.</param>
internal sealed record LedgerEntry(int Version, byte[] Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Next = null);

/// <param name="Key">Wrapped with the environment key of now.</param>
/// <param name="Until">No backup that needs it may be older by then.</param>
internal sealed record RetiredKey(byte[] Key, DateTimeOffset Until);

[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LedgerFile))]
internal sealed partial class LedgerJson : JsonSerializerContext;

/// <summary>Remembers, outside the database, the last head that this key folder has seen of a seller, so that a whole old database is recognised.</summary>
/// <remarks>
/// Two slots, written in turn: a write that is cut off leaves the other slot. The database is written first, so it may be ahead of the anchor, never behind.
/// Several processes write: one that comes late, with a revision of before a rotation, takes no slot from a newer one.
/// </remarks>
/// <param name="folder">Of the anchors.</param>
/// <param name="seller">Whose.</param>
/// <param name="known">The seller's keys: two while its data are re-encrypted.</param>
internal sealed class Anchor(string folder, SellerId seller, Func<IReadOnlyList<SellerKeys>> known)
{
    private const int SlotBytes = 128;
    private const int MarkBytes = 72; // revision, hash, and what proves both
    private const int Looks = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Lock gate = new();
    private readonly string file = Path.Combine(folder, seller.ToString());

    /// <returns>Null when there is no anchor: a new seller, or an operator who deleted it to accept a restored backup.</returns>
    /// <exception cref="SealBrokenException">There is a file and no slot of it is ours.</exception>
    public (long Revision, MultisetHash Hash)? Read()
    {
        lock (gate)
        {
            if (!File.Exists(file)) return null;

            // A key that comes in between two looks has come by the next, and so is what another process was just writing.
            for (var look = 0; look < Looks; look++)
            {
                if (look > 1) Thread.Sleep(Pause);
                if (Best(known()) is { } best) return best;
            }

            throw new SealBrokenException($"Anchor {file} is damaged, so nothing proves that the database is not an old copy. Put it back from the backup of the key folder, or delete the file to accept the database as it is.");
        }
    }

    public void Write(SellerKeys keys, long revision, MultisetHash hash)
    {
        Span<byte> slot = stackalloc byte[MarkBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(slot, revision);
        hash.Write(slot[8..]);
        Mac(keys, slot[..40]).CopyTo(slot[40..]);
        lock (gate)
        {
            using var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var there = new byte[MarkBytes];
            if (RandomAccess.Read(handle, there, revision % 2 * SlotBytes) == there.Length && RevisionIn(there) > revision && IsOurs(there, known())) return;
            RandomAccess.Write(handle, slot, revision % 2 * SlotBytes);
        }
    }

    private (long Revision, MultisetHash Hash)? Best(IReadOnlyList<SellerKeys> keys)
    {
        var bytes = File.ReadAllBytes(file);
        (long Revision, MultisetHash Hash)? best = null;
        for (var at = 0; at + MarkBytes <= bytes.Length; at += SlotBytes)
        {
            var slot = bytes.AsMemory(at, MarkBytes);
            var revision = RevisionIn(slot);
            if (best?.Revision > revision || !IsOurs(slot, keys)) continue;
            best = (revision, MultisetHash.Read(slot.Span[8..]));
        }

        return best;
    }

    public void Delete() => File.Delete(file);

    private static long RevisionIn(ReadOnlyMemory<byte> slot) => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(slot.Span);

    private static bool IsOurs(ReadOnlyMemory<byte> slot, IReadOnlyList<SellerKeys> keys) =>
        keys.Any(key => CryptographicOperations.FixedTimeEquals(Mac(key, slot.Span[..40]), slot.Span[40..]));

    private static byte[] Mac(SellerKeys keys, ReadOnlySpan<byte> slot) => HMACSHA256.HashData(keys.Anchor.Bytes, Cipher.Context("anchor", keys.Seller.Value.ToString("D", CultureInfo.InvariantCulture), Convert.ToHexStringLower(slot)));
}

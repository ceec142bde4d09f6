using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Vault;

/// <summary>A backup of the store: the database file in sealed pieces, a copy of the key ledger, and a manifest that proves both.</summary>
/// <remarks>Each set has a key of its own, wrapped with the environment's key. Without the master key a set says only when it was made and how large it is.</remarks>
public sealed class BackupSet : IDisposable
{
    /// <summary>No set may be older: a destroyed key must be gone from every copy by then.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(14);

    /// <summary>Sets of this age are removed: with a backup a day, none reaches <see cref="Limit"/>.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(13);

    internal const string ManifestName = "manifest.json";
    internal const string StoreName = "store.sealed";
    internal const string LedgerName = "ledger.json";
    private const string Unfinished = ".unfinished";
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";
    private readonly BackupManifest manifest;
    private readonly byte[] key;

    private BackupSet(string folder, BackupManifest manifest, byte[] key, KeyChain keys) => (Folder, this.manifest, this.key, Keys) = (folder, manifest, key, keys);

    public string Folder { get; }

    public DateTimeOffset MadeAt => manifest.MadeAt;

    /// <summary>Name of the newest migration of the store.</summary>
    public string Schema => manifest.Schema;

    /// <summary>The keys that go with the data of this set, in memory; see <see cref="AdoptKeys"/>.</summary>
    public KeyChain Keys { get; }

    /// <summary>Writes a set beside the others; it gets its name only when all of it is on disk.</summary>
    /// <param name="folder">Where the sets lie; made when it does not exist.</param>
    /// <param name="keys">Of the environment.</param>
    /// <param name="storeFile">A copy of the database that nobody writes.</param>
    /// <param name="schema">Name of the newest migration in it.</param>
    /// <param name="now">Counted to the second.</param>
    /// <param name="pieceBytes">Bytes of a sealed piece; the tests take fewer.</param>
    /// <returns>The set's own folder.</returns>
    public static string Write(string folder, KeyChain keys, string storeFile, string schema, DateTimeOffset now, int pieceBytes = 1 << 20)
    {
        var named = Path.Combine(folder, NameOf(keys.Environment, now));
        if (Directory.Exists(named)) throw new BackupException($"There is a backup set '{named}' already. Start again a second later.");
        var working = named + Unfinished;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(working);
        else Directory.CreateDirectory(working, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var key = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
        var set = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var manifest = new BackupManifest
        {
            Format = "anb1",
            Environment = keys.Environment,
            Set = set,
            MadeAt = now,
            Schema = schema,
            StoreBytes = new FileInfo(storeFile).Length,
            PieceBytes = pieceBytes,
            Key = keys.WrapBackupKey(key, set),
            Files = [],
            Mac = "",
        };
        manifest.Files[StoreName] = Seal(manifest, key, storeFile, Path.Combine(working, StoreName));

        // After the store: a seller that came in between has a key and no rows, which harms nobody; the reverse would.
        var ledger = Encoding.UTF8.GetBytes(keys.LedgerText());
        manifest.Files[LedgerName] = new(ledger.Length, Convert.ToHexStringLower(SHA256.HashData(ledger)));
        Save(Path.Combine(working, LedgerName), ledger);
        Save(Path.Combine(working, ManifestName), Encoding.UTF8.GetBytes(manifest.Signed(key).ToText()));
        CryptographicOperations.ZeroMemory(key);
        KeyFiles.FlushFolder(working);
        Directory.Move(working, named);
        KeyFiles.FlushFolder(folder);
        return named;
    }

    /// <returns>The sets of an environment, newest first.</returns>
    public static IReadOnlyList<(string Folder, DateTimeOffset MadeAt)> In(string folder, string environment) =>
        [.. Named(folder, environment).Where(set => !set.Folder.EndsWith(Unfinished, StringComparison.Ordinal)).OrderByDescending(set => set.MadeAt)];

    /// <summary>Removes sets of <see cref="Kept"/> and older, the copy of the ledger first and overwritten, and what a backup left that was cut off a day ago.</summary>
    /// <returns>How many sets went.</returns>
    public static int Prune(string folder, string environment, DateTimeOffset now)
    {
        var removed = 0;
        foreach (var (set, madeAt) in Named(folder, environment))
        {
            var unfinished = set.EndsWith(Unfinished, StringComparison.Ordinal);
            if (now - madeAt < (unfinished ? TimeSpan.FromDays(1) : Kept)) continue;
            KeyFiles.Wipe(Path.Combine(set, LedgerName));
            KeyFiles.Wipe(Path.Combine(set, ManifestName));
            Directory.Delete(set, recursive: true);
            if (!unfinished) removed++;
        }

        return removed;
    }

    /// <summary>Opens a set and checks all of it but the pieces, which <see cref="CopyStoreTo"/> checks. Changes nothing.</summary>
    /// <param name="folder">The set's own folder.</param>
    /// <param name="keyFolder">With the master key.</param>
    /// <param name="environment">Of this process.</param>
    /// <param name="now">A set past <see cref="Limit"/> is refused.</param>
    /// <exception cref="VaultException">Damaged, incomplete, too old, of another environment, or made with other keys.</exception>
    public static BackupSet Open(string folder, string keyFolder, string environment, DateTimeOffset now)
    {
        var manifest = BackupManifest.Read(folder);
        if (manifest.Environment != environment)
            throw new BackupException($"Backup set '{folder}' is of environment '{manifest.Environment}', this process runs as '{environment}'. Data never crosses environments. Nothing was restored.");
        foreach (var name in (string[])[StoreName, LedgerName])
            if (!manifest.Files.ContainsKey(name) || !File.Exists(Path.Combine(folder, name)))
                throw new BackupException($"File {name} of backup set '{folder}' is missing. Nothing was restored. Take another set.");
        var text = File.ReadAllBytes(Path.Combine(folder, LedgerName));
        var ledger = LedgerOf(folder) ?? throw Damaged(folder, LedgerName);
        var around = Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent ? Named(parent, environment).Select(set => LedgerOf(set.Folder)).OfType<LedgerFile>() : [];
        var keys = KeyChain.OfBackup(keyFolder, environment, ledger, around);
        try
        {
            var key = keys.UnwrapBackupKey(manifest.Key, manifest.Set);
            if (key is null || !manifest.IsGenuine(key)) throw BackupManifest.Damaged(folder, null);
            var expected = manifest.Files[LedgerName];
            if (text.Length != expected.Bytes || Convert.ToHexStringLower(SHA256.HashData(text)) != expected.Sha256) throw Damaged(folder, LedgerName);
            if (now - manifest.MadeAt > Limit)
                throw new BackupException($"Backup set '{folder}' was made on {manifest.MadeAt:yyyy-MM-dd}, more than {Limit.Days} days ago: what was to be deleted since could come back with it. Nothing was restored. Take a newer set and remove this one.");
            var length = new FileInfo(Path.Combine(folder, StoreName)).Length;
            if (length != manifest.SealedBytes || length != manifest.Files[StoreName].Bytes)
                throw new BackupException($"File {StoreName} of backup set '{folder}' has {length} bytes instead of {manifest.SealedBytes}: it was cut off or added to. Nothing was restored. Take another set.");
            return new(folder, manifest, key, keys);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Opens every piece into a new file.</summary>
    /// <exception cref="BackupException">A piece does not open; the file is removed again.</exception>
    public void CopyStoreTo(string file)
    {
        try
        {
            using var source = File.OpenRead(Path.Combine(Folder, StoreName));
            using var target = KeyFiles.Create(file);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var pieces = SubKey.Derive(key, "piece", 1, sealingOff: false);
            for (var piece = 0; piece < manifest.Pieces; piece++)
            {
                var cipher = new byte[Math.Min(manifest.PieceBytes, manifest.StoreBytes - ((long)piece * manifest.PieceBytes)) + Cipher.Overhead];
                source.ReadExactly(cipher);
                hash.AppendData(cipher);
                if (!Cipher.TryOpen(pieces, manifest.Context(piece), cipher, out var plain))
                    throw new BackupException($"Piece {piece + 1} of {manifest.Pieces} of {StoreName} in backup set '{Folder}' does not open: it was changed or moved. Nothing was restored. Take another set.");
                target.Write(plain);
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != manifest.Files[StoreName].Sha256) throw Damaged(Folder, StoreName);
            target.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    /// <summary>Writes the set's keys, without those of destroyed sellers, into the key folder. The last step of a restore but one.</summary>
    public void AdoptKeys() => Keys.Adopt();

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(key);
        Keys.Dispose();
    }

    private static BackupFile Seal(BackupManifest manifest, byte[] key, string from, string to)
    {
        using var source = File.OpenRead(from);
        using var target = KeyFiles.Create(to);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pieces = SubKey.Derive(key, "piece", 1, sealingOff: false);
        for (var piece = 0; piece < manifest.Pieces; piece++)
        {
            var plain = new byte[Math.Min(manifest.PieceBytes, manifest.StoreBytes - ((long)piece * manifest.PieceBytes))];
            source.ReadExactly(plain);
            var cipher = Cipher.Seal(pieces, manifest.Context(piece), plain);
            hash.AppendData(cipher);
            target.Write(cipher);
        }

        target.Flush(flushToDisk: true);
        return new(target.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Save(string file, byte[] bytes)
    {
        using var stream = KeyFiles.Create(file);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    /// <returns>Null when there is none that can be read: then it says nothing of destroyed sellers.</returns>
    private static LedgerFile? LedgerOf(string folder)
    {
        var file = Path.Combine(folder, LedgerName);
        try
        {
            return File.Exists(file) ? LedgerFile.Parse(File.ReadAllText(file), file) : null;
        }
        catch (KeyFileException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Folder, DateTimeOffset MadeAt)> Named(string folder, string environment)
    {
        var prefix = $"autonoomi-{environment}-";
        if (!Directory.Exists(folder)) yield break;
        foreach (var set in Directory.EnumerateDirectories(folder, prefix + "*"))
        {
            var stamp = Path.GetFileName(set)[prefix.Length..];
            if (stamp.EndsWith(Unfinished, StringComparison.Ordinal)) stamp = stamp[..^Unfinished.Length];
            if (DateTimeOffset.TryParseExact(stamp, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var madeAt)) yield return (set, madeAt);
        }
    }

    private static string NameOf(string environment, DateTimeOffset now) => $"autonoomi-{environment}-{now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}";

    private static BackupException Damaged(string folder, string name) => new($"File {name} of backup set '{folder}' is damaged or was changed. Nothing was restored. Take another set.");
}

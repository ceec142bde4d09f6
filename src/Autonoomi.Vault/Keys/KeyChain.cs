using System.Buffers;
using System.IO;
using System.Security.Cryptography;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>Master key → one key-encryption key of the environment → one data key per seller and one application key.</summary>
/// <remarks>
/// The first start writes <c>master.key.new</c>, then the ledger, then renames the first: a crash in between leaves nothing that the next start cannot
/// finish, and a master key without a ledger (or the reverse) is always a loss that must be reported, never a new beginning.
/// </remarks>
public sealed class KeyChain : IDisposable
{
    private static readonly SearchValues<char> EnvironmentLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private readonly Lock gate = new();
    private readonly KeyFiles files;
    private readonly bool sealingOff;
    private readonly Dictionary<(Guid Seller, int Version), SellerKeys> opened = [];
    private MasterKey master;
    private byte[] environmentKey;
    private LedgerFile ledger;
    private (DateTime At, long Length) ledgerSeen;

    /// <summary>True while the ledger is a backup's and on no disk yet.</summary>
    private bool pending;

    private KeyChain(KeyFiles files, MasterKey master, LedgerFile ledger, byte[] environmentKey)
    {
        (this.files, this.master, this.ledger, this.environmentKey, pending) = (files, master, ledger, environmentKey, true);
        Application = new FieldSealer(Unwrap(ledger.ApplicationKey, environmentKey, "application"), 1, Environment, "application", sealingOff);
    }

    private KeyChain(KeyFiles files, MasterKey master, bool created, bool sealingOff)
    {
        (this.files, this.master, Created, this.sealingOff) = (files, master, created, sealingOff);
        (ledger, environmentKey) = ReadLedger();
        Application = new FieldSealer(Unwrap(ledger.ApplicationKey, environmentKey, "application"), 1, Environment, "application", sealingOff);
    }

    /// <summary>True when the master key was made just now: tell the operator, loudly, to back it up.</summary>
    public bool Created { get; }

    /// <summary>Where the master key rests.</summary>
    public string MasterKeyFile => files.Master;

    public string Environment => master.Environment;

    /// <summary>Seals control tables that belong to no seller.</summary>
    public FieldSealer Application { get; }

    internal string MasterKeyId => master.Id;

    /// <param name="keyFolder">A folder apart from the data folder; made with mode 0700.</param>
    /// <param name="environment">For example <c>demo</c> or <c>production</c>; bound into every key.</param>
    /// <param name="dataExists">True when the data folder or database already holds something: then a missing key is an error and none is made.</param>
    /// <exception cref="VaultException">Missing, wrong, damaged or too openly readable key files.</exception>
    public static KeyChain OpenOrCreate(string keyFolder, string environment, bool dataExists = false) => Open(keyFolder, environment, dataExists, sealingOff: false);

    /// <summary>For the test that shows that the at-rest scan can fail. Nothing in the product calls it.</summary>
    internal static KeyChain OpenUnsealed(string keyFolder, string environment) => Open(keyFolder, environment, dataExists: false, sealingOff: true);

    /// <returns>The environment that the master key in a folder says it is of; null when there is none. Nothing is opened with it.</returns>
    /// <exception cref="KeyFileException">Damaged, or open to others.</exception>
    public static string? TagIn(string keyFolder) =>
        new KeyFiles(keyFolder).Master is var file && File.Exists(file) ? MasterKey.Parse(KeyFiles.ReadPrivate(file), file).Environment : null;

    public bool HasSeller(SellerId seller)
    {
        lock (gate)
        {
            Refresh();
            return ledger.Sellers.ContainsKey(seller.Value);
        }
    }

    /// <summary>Makes a data key; nothing happens when the seller has one.</summary>
    /// <exception cref="SellerKeyMissingException">The seller's key was destroyed; an id is never used again.</exception>
    public void CreateSeller(SellerId seller)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            if (ledger.Sellers.ContainsKey(seller.Value)) return;
            if (ledger.Destroyed.Contains(seller.Value)) throw Missing(seller);
            var key = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
            Write(ledger with { Sellers = new(ledger.Sellers) { [seller.Value] = new(1, Wrap(key, environmentKey, Purpose(seller))) } });
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Destroys the data key: what was sealed with it stays sealed for ever. May be repeated, after a crash too.</summary>
    /// <remarks>A new ledger without the key is on disk and the old one is overwritten when this returns. <see cref="SellerVaults.ShredAsync"/> does this and deletes the vault's rows.</remarks>
    public void DestroySeller(SellerId seller)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            KeyFiles.WipeLeftovers(files.Ledger);
            Forget(gone => gone == seller.Value);
            if (ledger.Sellers.ContainsKey(seller.Value))
            {
                var left = new SortedDictionary<Guid, LedgerEntry>(ledger.Sellers);
                left.Remove(seller.Value);
                Write(ledger with { Sellers = left, Destroyed = [.. ledger.Destroyed, seller.Value] });
            }

            if (ledger.Destroyed.Contains(seller.Value)) File.Delete(Path.Combine(files.Anchors, seller.ToString()));
        }
    }

    /// <summary>Sellers whose key was destroyed, ever.</summary>
    public IReadOnlySet<SellerId> Destroyed()
    {
        lock (gate)
        {
            Refresh();
            return ledger.Destroyed.Select(seller => new SellerId(seller)).ToHashSet();
        }
    }

    /// <summary>Seals columns of control tables that belong to a seller: shredding the seller shreds them too.</summary>
    /// <remarks>Whoever rests a column under it hands it to <see cref="SellerVaults.RotateAsync"/>, which re-encrypts it; ask anew for each use, the key may be rotated in between.</remarks>
    /// <exception cref="SellerKeyMissingException">The seller has no key.</exception>
    public FieldSealer ForSeller(SellerId seller)
    {
        lock (gate)
        {
            Refresh();
            if (!ledger.Sellers.TryGetValue(seller.Value, out var entry)) throw Missing(seller);
            var fields = Opened(seller, entry, entry.Version)!.Fields;
            return Opened(seller, entry, entry.Version + 1) is { } next ? next.Fields.After(fields) : fields;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(master.Bytes);
        CryptographicOperations.ZeroMemory(environmentKey);
    }

    /// <summary>All sellers that have a key.</summary>
    public IReadOnlyList<SellerId> Sellers()
    {
        lock (gate)
        {
            Refresh();
            return [.. ledger.Sellers.Keys.Select(seller => new SellerId(seller))];
        }
    }

    /// <summary>
    /// Makes a new master key and a new environment key and wraps all keys anew; what is sealed stays as it is. The old master key is overwritten and
    /// refused from now on. May run while the product does: it takes the new keys up with its next look at the ledger.
    /// </summary>
    /// <param name="now">The old environment key is kept, wrapped, as long as a backup may need it: <see cref="BackupSet.Limit"/> from now.</param>
    /// <returns>Ids of the old and the new master key.</returns>
    public (string Old, string New) RotateMaster(DateTimeOffset now)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            var next = MasterKey.Create(Environment);
            var nextKey = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
            var retired = (ledger.Retired ?? []).Where(old => old.Until > now).Select(old => old with { Key = Rewrapped(old.Key, "retired", environmentKey, nextKey, Environment) });
            var rewrapped = ledger with
            {
                MasterKeyId = next.Id,
                EnvironmentKey = Wrap(nextKey, next.Bytes, "environment"),
                ApplicationKey = Rewrapped(ledger.ApplicationKey, "application", environmentKey, nextKey, Environment),
                Sellers = new(ledger.Sellers.ToDictionary(seller => seller.Key, seller => Rewrapped(seller.Value, seller.Key, environmentKey, nextKey, Environment))),
                Retired = [.. retired, new(Wrap(environmentKey, nextKey, "retired"), now + BackupSet.Limit)],
                FormerMasters = [.. ledger.FormerMasters ?? [], master.Id],
            };

            // In this order a stop at any point leaves a ledger with a master key that opens it; see FinishSwap.
            KeyFiles.Replace(files.NewMaster, next.ToLine());
            KeyFiles.Replace(files.Ledger, rewrapped.Signed(nextKey).ToText());
            FinishSwap(files);
            var old = master.Id;
            (ledger, ledgerSeen, master, environmentKey) = (rewrapped, Seen(), next, nextKey);
            return (old, next.Id);
        }
    }

    /// <summary>Drops environment keys of before a rotation that no backup needs any more.</summary>
    public void DropRetired(DateTimeOffset now)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            if (ledger.Retired is not { } retired || retired.All(old => old.Until > now)) return;
            RetiredKey[] left = [.. retired.Where(old => old.Until > now)];
            Write(ledger with { Retired = left.Length == 0 ? null : left });
        }
    }

    internal bool IsFormerMaster(string id)
    {
        lock (gate)
        {
            Refresh();
            return ledger.FormerMasters?.Contains(id, StringComparer.Ordinal) is true;
        }
    }

    internal SellerKeys Keys(SellerId seller)
    {
        lock (gate)
        {
            Refresh();
            return ledger.Sellers.TryGetValue(seller.Value, out var entry) ? Opened(seller, entry, entry.Version)! : throw Missing(seller);
        }
    }

    /// <returns>Null when the seller has no key of this version.</returns>
    internal SellerKeys? Keys(SellerId seller, int version)
    {
        lock (gate)
        {
            Refresh();
            return ledger.Sellers.TryGetValue(seller.Value, out var entry) ? Opened(seller, entry, version) : null;
        }
    }

    /// <summary>Puts a key of the next version beside the seller's; nothing happens when there is one.</summary>
    /// <returns>The next keys.</returns>
    internal SellerKeys BeginRotation(SellerId seller)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            if (!ledger.Sellers.TryGetValue(seller.Value, out var entry)) throw Missing(seller);
            if (entry.Next is null)
            {
                var key = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
                Write(ledger with { Sellers = new(ledger.Sellers) { [seller.Value] = entry = entry with { Next = Wrap(key, environmentKey, Purpose(seller)) } } });
                CryptographicOperations.ZeroMemory(key);
            }

            return Opened(seller, entry, entry.Version + 1)!;
        }
    }

    /// <summary>Retires the seller's old key: nothing is left that rests under it.</summary>
    internal void FinishRotation(SellerId seller)
    {
        lock (gate)
        {
            using var held = files.Lock();
            Refresh();
            if (!ledger.Sellers.TryGetValue(seller.Value, out var entry)) throw Missing(seller);
            if (entry.Next is null) return;
            Write(ledger with { Sellers = new(ledger.Sellers) { [seller.Value] = new(entry.Version + 1, entry.Next) } });
            opened.Remove((seller.Value, entry.Version));
        }
    }

    internal Anchor AnchorOf(SellerId seller) => new(files.Anchors, seller, () => KeysKnown(seller));

    private SellerKeys[] KeysKnown(SellerId seller)
    {
        lock (gate)
        {
            Refresh();
            if (!ledger.Sellers.TryGetValue(seller.Value, out var entry)) return [];
            return [.. new[] { Opened(seller, entry, entry.Version), Opened(seller, entry, entry.Version + 1) }.OfType<SellerKeys>()];
        }
    }

    private SellerKeys? Opened(SellerId seller, LedgerEntry entry, int version)
    {
        if (opened.TryGetValue((seller.Value, version), out var keys)) return keys;
        var wrapped = version == entry.Version ? entry.Key : version == entry.Version + 1 ? entry.Next : null;
        if (wrapped is null) return null;
        var key = Unwrap(wrapped, environmentKey, Purpose(seller));
        opened.Add((seller.Value, version), keys = new SellerKeys(seller, key, version, Environment, sealingOff));
        CryptographicOperations.ZeroMemory(key);
        return keys;
    }

    private void Forget(Predicate<Guid> gone)
    {
        foreach (var seller in opened.Keys.Where(key => gone(key.Seller)).ToArray()) opened.Remove(seller);
    }

    /// <summary>Takes back key files that were made a moment ago for a database that turned out to belong to another key.</summary>
    internal void Withdraw()
    {
        if (!Created) return;
        File.Delete(files.Master);
        File.Delete(files.Ledger);
    }

    /// <summary>The keys that go with a backup set: this folder's, the sellers' keys as they were when the set was made, and none of a seller that was destroyed since.</summary>
    /// <param name="keyFolder">With the master key; a ledger that is lost is taken from the set.</param>
    /// <param name="environment">Of this process.</param>
    /// <param name="ofSet">The set's copy of the ledger.</param>
    /// <param name="others">Copies of neighbouring sets: they may know of destructions that a lost ledger knew.</param>
    /// <returns>Nothing is written before <see cref="Adopt"/>.</returns>
    /// <exception cref="VaultException">No master key, or none of its keys made this set.</exception>
    internal static KeyChain OfBackup(string keyFolder, string environment, LedgerFile ofSet, IEnumerable<LedgerFile> others)
    {
        var files = new KeyFiles(keyFolder);
        files.MakeFolder();
        using var current = File.Exists(files.Ledger) ? Open(keyFolder, environment, dataExists: true, sealingOff: false) : null;
        if (!File.Exists(files.Master))
            throw new MasterKeyMissingException($"There is no master key at {files.Master}, and without it no backup opens. Put the copy of the master key there that is kept apart from the backups (mode 600), then restore again.");
        var master = ReadMaster(files, environment);
        byte[][] known = current is not null ? [.. current.EnvironmentKeys()] : UnwrapEnvironmentKey(master, ofSet, environment) is { } lost ? [lost] : [];
        var key = known.FirstOrDefault(ofSet.IsGenuine)
            ?? throw new WrongMasterKeyException($"The backup was made with master key {ofSet.MasterKeyId} of environment '{ofSet.Environment}', and no key in {keyFolder} opens it (its master key is {master.Id}). Nothing was changed. Put back master key {ofSet.MasterKeyId}, or take a newer set.");
        var merged = current?.ledger ?? ofSet;
        var environmentKey = (byte[])(current?.environmentKey ?? key).Clone();
        SortedSet<Guid> destroyed = [.. merged.Destroyed, .. ofSet.Destroyed, .. others.Where(other => known.Any(other.IsGenuine)).SelectMany(other => other.Destroyed)];
        var sellers = new SortedDictionary<Guid, LedgerEntry>(merged.Sellers);
        foreach (var (seller, entry) in ofSet.Sellers) sellers[seller] = Rewrapped(entry, seller, key, environmentKey, environment);
        foreach (var gone in destroyed) sellers.Remove(gone);
        return new KeyChain(files, master, merged with { Sellers = sellers, Destroyed = destroyed }, environmentKey);
    }

    /// <summary>Writes the keys of a backup set into the key folder, and forgets what the folder has seen of the sellers: the restored data are older on purpose.</summary>
    internal void Adopt()
    {
        lock (gate)
        {
            using var held = files.Lock();
            foreach (var anchor in Directory.EnumerateFiles(files.Anchors)) File.Delete(anchor);
            Write(ledger);
            pending = false;
        }
    }

    /// <summary>The ledger as it rests, for a backup set.</summary>
    internal string LedgerText()
    {
        lock (gate)
        {
            Refresh();
            return ledger.Signed(environmentKey).ToText();
        }
    }

    internal byte[] WrapBackupKey(byte[] key, string set) => Wrap(key, environmentKey, "backup/" + set);

    /// <returns>Null when the set was made with other keys.</returns>
    internal byte[]? UnwrapBackupKey(byte[] wrapped, string set)
    {
        foreach (var known in EnvironmentKeys())
            if (Cipher.TryOpen(Wrapping(known), WrapContext("backup/" + set, Environment), wrapped, out var key)) return key;
        return null;
    }

    /// <summary>The environment's key, and those of before a rotation that a backup may still need.</summary>
    private IEnumerable<byte[]> EnvironmentKeys() => [environmentKey, .. (ledger.Retired ?? []).Select(old => Unwrap(old.Key, environmentKey, "retired"))];

    private static LedgerEntry Rewrapped(LedgerEntry entry, Guid seller, byte[] from, byte[] to, string environment)
    {
        var purpose = Purpose(new SellerId(seller));
        return entry with { Key = Rewrapped(entry.Key, purpose, from, to, environment), Next = entry.Next is null ? null : Rewrapped(entry.Next, purpose, from, to, environment) };
    }

    private static byte[] Rewrapped(byte[] wrapped, string purpose, byte[] from, byte[] to, string environment)
    {
        if (!Cipher.TryOpen(Wrapping(from), WrapContext(purpose, environment), wrapped, out var key)) throw LedgerFile.Damaged("of these keys", null);
        var again = Wrap(key, to, purpose, environment);
        CryptographicOperations.ZeroMemory(key);
        return again;
    }

    private static MasterKey ReadMaster(KeyFiles files, string environment)
    {
        var master = MasterKey.Parse(KeyFiles.ReadPrivate(files.Master), files.Master);
        if (master.Environment != environment)
            throw new WrongMasterKeyException($"Master key {files.Master} belongs to environment '{master.Environment}', this process runs as '{environment}'. Keys never cross environments: set the key folder of '{environment}', or start with environment '{master.Environment}'.");
        return master;
    }

    private static byte[]? UnwrapEnvironmentKey(MasterKey master, LedgerFile ledger, string environment) =>
        ledger.MasterKeyId == master.Id && ledger.Environment == environment && Cipher.TryOpen(Wrapping(master.Bytes), WrapContext("environment", environment), ledger.EnvironmentKey, out var key) ? key : null;

    private static KeyChain Open(string keyFolder, string environment, bool dataExists, bool sealingOff)
    {
        if (environment.Length is 0 or > 40 || environment.AsSpan().ContainsAnyExcept(EnvironmentLetters))
            throw new ArgumentException("An environment's name is 1 to 40 lower-case letters, digits or '-'.", nameof(environment));
        var files = new KeyFiles(keyFolder);
        files.MakeFolder();
        using var held = files.Lock();
        FinishSwap(files);
        KeyFiles.WipeLeftovers(files.Ledger);
        var created = !File.Exists(files.Master);
        if (created)
        {
            if (dataExists || File.Exists(files.Ledger))
                throw new MasterKeyMissingException($"There is data, but no master key at {files.Master}. A new key could not open it, so none was made. Put back your backup of the key folder; if the data may be lost, move it away and start again.");
            Begin(files, MasterKey.Create(environment));
        }

        return new KeyChain(files, ReadMaster(files, environment), created, sealingOff);
    }

    private static void Begin(KeyFiles files, MasterKey master)
    {
        KeyFiles.Replace(files.NewMaster, master.ToLine());
        var environmentKey = RandomNumberGenerator.GetBytes(Cipher.KeyBytes);
        var ledger = new LedgerFile
        {
            Format = "anl1",
            Environment = master.Environment,
            MasterKeyId = master.Id,
            EnvironmentKey = Wrap(environmentKey, master.Bytes, "environment", master.Environment),
            ApplicationKey = Wrap(RandomNumberGenerator.GetBytes(Cipher.KeyBytes), environmentKey, "application", master.Environment),
            Sellers = [],
            Destroyed = [],
            Mac = "",
        };
        KeyFiles.Replace(files.Ledger, ledger.Signed(environmentKey).ToText());
        File.Move(files.NewMaster, files.Master);
        KeyFiles.FlushFolder(Path.GetDirectoryName(files.Master)!);
    }

    /// <summary>A first start or a rotation that was cut off: the new master key counts once there is a ledger that it opens.</summary>
    private static void FinishSwap(KeyFiles files)
    {
        KeyFiles.WipeLeftovers(files.Master);
        if (!File.Exists(files.NewMaster)) return;
        var line = KeyFiles.ReadPrivate(files.NewMaster);
        if (File.Exists(files.Ledger) && LedgerFile.Parse(KeyFiles.ReadPrivate(files.Ledger), files.Ledger).MasterKeyId == MasterKey.Parse(line, files.NewMaster).Id) KeyFiles.Replace(files.Master, line);
        KeyFiles.Wipe(files.NewMaster);
    }

    private (LedgerFile Ledger, byte[] EnvironmentKey) ReadLedger()
    {
        if (!File.Exists(files.Ledger))
            throw new KeyFileException($"Master key {files.Master} is there, but the key ledger {files.Ledger} is not. It holds the wrapped keys of all sellers. Put back your newest backup with the command restore.");
        while (true)
        {
            var read = ReadWhole();
            if (read.MasterKeyId != master.Id)
            {
                if (RotatedTo(read.MasterKeyId) is { } rotated) master = rotated;
                else if (Seen() != ledgerSeen) continue;
                else throw new WrongMasterKeyException($"Key ledger {files.Ledger} was written with master key {read.MasterKeyId}, but {files.Master} holds {master.Id}. Put back master key {read.MasterKeyId}.");
            }

            if (UnwrapEnvironmentKey(master, read, Environment) is not { } key)
                throw new WrongMasterKeyException($"Master key {master.Id} of environment '{Environment}' does not open key ledger {files.Ledger} (environment '{read.Environment}'). Put back the key folder of this environment as one piece.");
            return read.IsGenuine(key) ? (read, key) : throw LedgerFile.Damaged(files.Ledger, null);
        }
    }

    /// <summary>A ledger that another process replaces while it is read is overwritten under the reader's eyes: then the new one is read.</summary>
    private LedgerFile ReadWhole()
    {
        while (true)
        {
            ledgerSeen = Seen();
            try
            {
                return LedgerFile.Parse(KeyFiles.ReadPrivate(files.Ledger), files.Ledger);
            }
            catch (KeyFileException) when (Seen() != ledgerSeen)
            {
            }
        }
    }

    /// <summary>The master key after a rotation by another process, which writes it beside, then the ledger, then in its place.</summary>
    private MasterKey? RotatedTo(string id)
    {
        foreach (var file in (string[])[files.Master, files.NewMaster, files.Master])
        {
            try
            {
                if (MasterKey.Parse(KeyFiles.ReadPrivate(file), file) is var found && found.Id == id && found.Environment == Environment) return found;
            }
            catch (Exception gone) when (gone is KeyFileException or FileNotFoundException)
            {
                // It is replaced at this moment: the other name, or the next look, has it.
            }
        }

        return null;
    }

    /// <summary>Another process may have added, changed or destroyed a key.</summary>
    private void Refresh()
    {
        if (pending || Seen() == ledgerSeen) return;
        (ledger, environmentKey) = ReadLedger();
        Forget(seller => !ledger.Sellers.ContainsKey(seller));
    }

    private void Write(LedgerFile next)
    {
        KeyFiles.Replace(files.Ledger, next.Signed(environmentKey).ToText());
        (ledger, ledgerSeen) = (next, Seen());
    }

    private (DateTime At, long Length) Seen()
    {
        var file = new FileInfo(files.Ledger);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private SellerKeyMissingException Missing(SellerId seller) => new(ledger.Destroyed.Contains(seller.Value)
        ? $"The data key of seller {seller} was destroyed: its data cannot be opened any more, and its id is not used again. Connect the account anew."
        : $"There is no data key for seller {seller} in {files.Ledger}. If the seller existed, put back your newest backup of the key folder; otherwise create the seller first.");

    private byte[] Wrap(byte[] key, byte[] with, string purpose) => Wrap(key, with, purpose, Environment);

    private static byte[] Wrap(byte[] key, byte[] with, string purpose, string environment) => Cipher.Seal(Wrapping(with), WrapContext(purpose, environment), key);

    private byte[] Unwrap(byte[] wrapped, byte[] with, string purpose) =>
        Cipher.TryOpen(Wrapping(with), WrapContext(purpose, Environment), wrapped, out var key) ? key : throw LedgerFile.Damaged(files.Ledger, null);

    private static SubKey Wrapping(byte[] key) => SubKey.Derive(key, "wrap", 1, sealingOff: false);

    private static byte[] WrapContext(string purpose, string environment) => Cipher.Context("wrap", environment, purpose);

    private static string Purpose(SellerId seller) => "seller/" + seller.Value.ToString("D");
}

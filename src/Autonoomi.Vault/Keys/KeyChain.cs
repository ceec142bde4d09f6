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
    private readonly MasterKey master;
    private readonly bool sealingOff;
    private readonly Dictionary<Guid, SellerKeys> opened = [];
    private readonly byte[] environmentKey;
    private LedgerFile ledger;
    private (DateTime At, long Length) ledgerSeen;

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
            opened.Remove(seller.Value);
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

    /// <summary>Seals columns of control tables that belong to a seller (tokens, names): shredding the seller shreds them too.</summary>
    /// <exception cref="SellerKeyMissingException">The seller has no key.</exception>
    public FieldSealer ForSeller(SellerId seller) => Keys(seller).Fields;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(master.Bytes);
        CryptographicOperations.ZeroMemory(environmentKey);
    }

    internal SellerKeys Keys(SellerId seller)
    {
        lock (gate)
        {
            Refresh();
            if (opened.TryGetValue(seller.Value, out var keys)) return keys;
            if (!ledger.Sellers.TryGetValue(seller.Value, out var entry)) throw Missing(seller);
            var key = Unwrap(entry.Key, environmentKey, Purpose(seller));
            opened.Add(seller.Value, keys = new SellerKeys(seller, key, entry.Version, Environment, sealingOff));
            CryptographicOperations.ZeroMemory(key);
            return keys;
        }
    }

    internal Anchor AnchorOf(SellerKeys keys) => new(files.Anchors, keys);

    /// <summary>Takes back key files that were made a moment ago for a database that turned out to belong to another key.</summary>
    internal void Withdraw()
    {
        if (!Created) return;
        File.Delete(files.Master);
        File.Delete(files.Ledger);
    }

    private static KeyChain Open(string keyFolder, string environment, bool dataExists, bool sealingOff)
    {
        if (environment.Length is 0 or > 40 || environment.AsSpan().ContainsAnyExcept(EnvironmentLetters))
            throw new ArgumentException("An environment's name is 1 to 40 lower-case letters, digits or '-'.", nameof(environment));
        var files = new KeyFiles(keyFolder);
        files.MakeFolder();
        using var held = files.Lock();
        FinishFirstStart(files);
        KeyFiles.WipeLeftovers(files.Ledger);
        var created = !File.Exists(files.Master);
        if (created)
        {
            if (dataExists || File.Exists(files.Ledger))
                throw new MasterKeyMissingException($"There is data, but no master key at {files.Master}. A new key could not open it, so none was made. Put back your backup of the key folder; if the data may be lost, move it away and start again.");
            Begin(files, MasterKey.Create(environment));
        }

        var master = MasterKey.Parse(KeyFiles.ReadPrivate(files.Master), files.Master);
        if (master.Environment != environment)
            throw new WrongMasterKeyException($"Master key {files.Master} belongs to environment '{master.Environment}', this process runs as '{environment}'. Keys never cross environments: set the key folder of '{environment}', or start with environment '{master.Environment}'.");
        return new KeyChain(files, master, created, sealingOff);
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

    private static void FinishFirstStart(KeyFiles files)
    {
        if (!File.Exists(files.NewMaster)) return;
        if (!File.Exists(files.Master) && File.Exists(files.Ledger)) File.Move(files.NewMaster, files.Master);
        else File.Delete(files.NewMaster);
    }

    private (LedgerFile Ledger, byte[] EnvironmentKey) ReadLedger()
    {
        if (!File.Exists(files.Ledger))
            throw new KeyFileException($"Master key {files.Master} is there, but the key ledger {files.Ledger} is not. It holds the wrapped keys of all sellers. Put back your newest backup of the key folder.");
        var read = ReadWhole();
        if (read.MasterKeyId != master.Id)
            throw new WrongMasterKeyException($"Key ledger {files.Ledger} was written with master key {read.MasterKeyId}, but {files.Master} holds {master.Id}. Put back master key {read.MasterKeyId}.");
        if (read.Environment != Environment || !Cipher.TryOpen(Wrapping(master.Bytes), WrapContext("environment", Environment), read.EnvironmentKey, out var key))
            throw new WrongMasterKeyException($"Master key {master.Id} of environment '{Environment}' does not open key ledger {files.Ledger} (environment '{read.Environment}'). Put back the key folder of this environment as one piece.");
        return read.IsGenuine(key) ? (read, key) : throw LedgerFile.Damaged(files.Ledger, null);
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

    /// <summary>Another process may have added or destroyed a key.</summary>
    private void Refresh()
    {
        if (Seen() == ledgerSeen) return;
        (ledger, _) = ReadLedger();
        foreach (var gone in opened.Keys.Where(seller => !ledger.Sellers.ContainsKey(seller)).ToArray()) opened.Remove(gone);
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

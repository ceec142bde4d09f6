using System.Collections.Concurrent;
using System.IO;
using System.Text;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Win32.SafeHandles;

namespace Autonoomi.App.Platform.Promises;

/// <summary>
/// Puts a fresh canary through both doors of the store (a seller's vault, a sealed column), then looks for it, and for people's e-mail addresses, in the
/// raw bytes: every file of the data folder on SQLite, every column of every table on PostgreSQL. Also looks at the first byte of every sealed column.
/// </summary>
internal sealed class AtRestProbe(AppDbs databases, SellerVaults vaults, KeyChain keys, StorageSettings storage, TimeProvider clock) : IProbe
{
    /// <summary>A seller of the probe's own: no account, no storefront, one record.</summary>
    internal static readonly SellerId CanarySeller = new(new Guid("ca9a0000-0000-4000-8000-000000000001"));

    /// <summary>Row of the probe's own beside its answers.</summary>
    internal const string CanaryRow = "canary";

    /// <summary>E-mail addresses that are looked for beside the canaries: the newest.</summary>
    private const int Addresses = 12;

    /// <summary>Handles of database files, kept for as long as the process lives: closing one would drop the locks that SQLite holds on the file (POSIX locks belong to the process).</summary>
    private static readonly ConcurrentDictionary<string, SafeFileHandle> Lasting = new(StringComparer.Ordinal);

    // The first byte of what AES-256-GCM sealed here; see docs/privacy/vault-format.md.
    private const byte Sealed = 1;

    public string Id => "at-rest";
    public string Asks => "What rests is sealed with AES-256-GCM, and nothing of a seller or person stands in clear.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var canaries = new[] { $"canary-{Guid.NewGuid():N}", $"canary-{Guid.NewGuid():N}" };
        await PlantAsync(canaries, cancellationToken);
        await using var db = databases.System();
        var addresses = await AddressesAsync(db, cancellationToken);
        var wanted = canaries.Concat(addresses).ToList();
        var faults = new List<string>();
        var looked = storage.Provider == StorageEngine.Sqlite
            ? await ScanFilesAsync(wanted, faults, cancellationToken)
            : await ScanColumnsAsync(db, wanted, faults, cancellationToken);
        var values = await SealedValuesAsync(db, faults, cancellationToken);
        return Measurement.Of(faults, $"{Display.Count(canaries.Length, "canary", "canaries")} and {Display.Count(addresses.Count, "e-mail address", "e-mail addresses")} looked for in {looked}; {Display.Count(values, "sealed value")} looked at");
    }

    private async Task PlantAsync(string[] canaries, CancellationToken cancellationToken)
    {
        await vaults.CreateAsync(CanarySeller, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var vault = await vaults.OpenAsync(CanarySeller, Purpose.Prove, cancellationToken);
            try
            {
                await vault.CommitAsync(new VaultWrite().Put(RetentionTable.Canary, "probe", canaries[0], ProbeJson.Default.String, "planted"), cancellationToken);
                break;
            }
            catch (VaultConflictException) when (attempt < 5)
            {
                // Another process planted its own in the same moment.
            }
        }

        if (await (await vaults.OpenAsync(CanarySeller, Purpose.Prove, cancellationToken)).RecordAsync(RetentionTable.Canary, "probe", ProbeJson.Default.String, cancellationToken) is null)
            throw new InvalidOperationException("The canary that was planted is not there.");
        await using var db = databases.System();
        await ProbeBook.KeepAsync(db, keys, CanaryRow, clock.GetUtcNow(), holds: true, canaries[1], cancellationToken);
    }

    /// <returns>Whose e-mail addresses are looked for: the newest people, without those who objected.</returns>
    internal static async Task<List<Guid>> LookedForAsync(AppDb db, CancellationToken cancellationToken)
    {
        var left = await AgreementBook.ObjectorsAsync(db, AgreedTo.NoAddressInProbes, cancellationToken);
        return await db.Users.AsNoTracking().Where(user => !left.Contains(user.Id)).OrderByDescending(user => user.CreatedAt).Take(Addresses).Select(user => user.Id).ToListAsync(cancellationToken);
    }

    private async Task<List<string>> AddressesAsync(AppDb db, CancellationToken cancellationToken)
    {
        var people = await LookedForAsync(db, cancellationToken);
        var rows = await db.Users.AsNoTracking().Where(user => people.Contains(user.Id)).Select(user => new { user.Id, user.SealedEmail }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => keys.Application.OpenText("user", "email", row.Id.ToString("N"), row.SealedEmail))];
    }

    private async Task<string> ScanFilesAsync(List<string> wanted, List<string> faults, CancellationToken cancellationToken)
    {
        var patterns = Patterns(wanted);
        var (files, bytes) = (0, 0L);
        foreach (var file in Directory.EnumerateFiles(storage.DataFolder, "*", SearchOption.AllDirectories))
        {
            // The shared memory of SQLite holds page numbers alone, and closing it here would drop the locks that SQLite holds on it.
            if (Path.GetFileName(file) == DataFolderLock.FileName || file.EndsWith("-shm", StringComparison.Ordinal)) continue;
            var (read, found) = await ScanFileAsync(file, patterns, cancellationToken);
            (files, bytes) = (files + 1, bytes + read);
            if (found > 0) faults.Add($"{found} of them stand in clear in {Path.GetFileName(file)}");
        }

        if (bytes == 0) faults.Add("there was no file to look at");
        return $"{bytes >> 10} KiB of {files} raw files";
    }

    /// <summary>Block by block, each with the end of the one before, so that nothing hides on a border.</summary>
    private async Task<(long Bytes, int Found)> ScanFileAsync(string file, byte[][] patterns, CancellationToken cancellationToken)
    {
        var longest = patterns.Max(pattern => pattern.Length);
        var block = new byte[(1 << 20) + longest];
        var found = new HashSet<int>();
        var (kept, total) = (0, 0L);
        var lasting = file == storage.DatabaseFile;
        SafeFileHandle? handle = null;
        try
        {
            handle = lasting ? Lasting.GetOrAdd(file, Open) : Open(file);
            while (await RandomAccess.ReadAsync(handle, block.AsMemory(kept), total, cancellationToken) is > 0 and var read)
            {
                total += read;
                var filled = kept + read;
                for (var at = 0; at < patterns.Length; at++)
                    if (block.AsSpan(0, filled).IndexOf(patterns[at]) >= 0) found.Add(at);
                kept = Math.Min(longest - 1, filled);
                block.AsSpan(filled - kept, kept).CopyTo(block);
            }
        }
        catch (FileNotFoundException)
        {
            // SQLite takes its write-ahead log away when the last connection closes.
        }
        finally
        {
            if (!lasting) handle?.Dispose();
        }

        return (total, found.Count);

        static SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
    }

    private static byte[][] Patterns(IEnumerable<string> wanted) => [.. wanted.SelectMany(text => new[] { Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text) })];

    private async Task<string> ScanColumnsAsync(AppDb db, List<string> wanted, List<string> faults, CancellationToken cancellationToken)
    {
        var columns = await StoredColumns.ReadAsync(db, cancellationToken);
        foreach (var column in columns)
        {
            var test = column.Type switch
            {
                "bytea" => $"position(convert_to({{0}}, 'UTF8') in \"{column.Name}\") > 0",
                "text" or "character varying" or "character" => $"position({{0}} in \"{column.Name}\") > 0",
                _ => null,
            };
            if (test is null) continue;
            var found = 0;
            foreach (var text in wanted)
                found += await CountAsync(CanarySeller, $"select count(*)::int as \"Value\" from \"{column.Table}\" where {test}", text, cancellationToken) > 0 ? 1 : 0;
            if (found > 0) faults.Add($"{found} of them stand in clear in {column.Table}.{column.Name}");
        }

        if (columns.Count == 0) faults.Add("there was no column to look at");
        return $"{columns.Count} columns";
    }

    /// <summary>Every column that is meant to be sealed begins with the byte of the cipher and is long enough to be one.</summary>
    private async Task<long> SealedValuesAsync(AppDb db, List<string> faults, CancellationToken cancellationToken)
    {
        var sellers = await db.SellerAccounts.AsNoTracking().Select(account => account.Seller).ToListAsync(cancellationToken);
        var owners = sellers.Select(seller => new SellerId(seller)).Append(CanarySeller).ToList();
        var postgres = db.Database.IsNpgsql();
        long total = 0;
        foreach (var (table, column) in SealedColumns(db.Model))
        {
            var bare = postgres
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"(length(\"{column}\") < 33 or get_byte(\"{column}\", 0) <> {Sealed})")
                : $"(length(\"{column}\") < 33 or substr(\"{column}\", 1, 1) <> x'{Sealed:x2}')";
            long wrong = 0;
            // Forced row level security shows the vault's rows one seller at a time; SQLite shows all at once.
            foreach (var owner in postgres && table is "seller" or "segment" or "record" ? owners : [CanarySeller])
            {
                total += await CountAsync(owner, $"select cast(count(*) as integer) as \"Value\" from \"{table}\" where \"{column}\" is not null", "", cancellationToken);
                wrong += await CountAsync(owner, $"select cast(count(*) as integer) as \"Value\" from \"{table}\" where \"{column}\" is not null and {bare}", "", cancellationToken);
            }

            if (wrong > 0) faults.Add($"{wrong} values of {table}.{column} are not sealed");
        }

        return total;
    }

    /// <summary>Bytes that are proofs and not values: the cipher's own, keyed hashes of the audit log, the public half of a key.</summary>
    private static readonly HashSet<string> Proofs = new(StringComparer.Ordinal) { nameof(RecordRow.Seal), nameof(AuditRow.Mac), nameof(AuditCheckpointRow.LastMac), nameof(SigningKeyRow.Public) };

    /// <summary>Every column of bytes but these.</summary>
    internal static IEnumerable<(string Table, string Column)> SealedColumns(IModel model) =>
        from entity in model.GetEntityTypes()
        from property in entity.GetProperties()
        where property.ClrType == typeof(byte[]) && !Proofs.Contains(property.Name)
        select (entity.GetTableName()!, property.GetColumnName());

    private async Task<int> CountAsync(SellerId owner, string sql, string text, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, owner, write: false, cancellationToken);
        // Names of tables and columns come from the model and the catalogue; the only value is a parameter.
        return (await db.Database.SqlQueryRaw<int>(sql, text.Length == 0 ? [] : [text]).ToListAsync(cancellationToken))[0];
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ProbeJson : System.Text.Json.Serialization.JsonSerializerContext;

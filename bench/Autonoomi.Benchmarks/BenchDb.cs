using System.IO;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Benchmarks;

internal sealed class BenchDb(DbContextOptions options) : VaultDb(options);

/// <summary>A vault in a temporary folder.</summary>
internal sealed class BenchStore : IDisposable
{
    private readonly List<KeyChain> chains = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("autonoomi-bench-").FullName;

    public SellerId Seller { get; } = new(Guid.NewGuid());

    public async Task<SellerVaults> CreateAsync(CancellationToken cancellationToken)
    {
        await using (var db = Open()) await db.Database.EnsureCreatedAsync(cancellationToken);
        var vaults = FromCold();
        await vaults.CreateAsync(Seller, cancellationToken);
        return vaults;
    }

    /// <summary>As a process that has just started: keys, connections and manifests are read anew.</summary>
    public SellerVaults FromCold()
    {
        SqliteConnection.ClearAllPools();
        chains.Add(KeyChain.OpenOrCreate(Path.Combine(Folder, "keys"), "bench"));
        return new SellerVaults(Open, chains[^1]);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        foreach (var chain in chains) chain.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private BenchDb Open() => new(VaultEngine.ConfigureSqlite(new DbContextOptionsBuilder<BenchDb>(), Path.Combine(Folder, "vault.db")).Options);
}

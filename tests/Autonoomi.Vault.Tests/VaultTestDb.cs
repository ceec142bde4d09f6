using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault.Tests;

/// <summary>The vault's tables and one control table beside them.</summary>
internal sealed class VaultTestDb(DbContextOptions options) : VaultDb(options)
{
    public DbSet<StepRow> Steps => Set<StepRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<StepRow>().ToTable("step").HasKey(row => row.Id);
    }
}

internal sealed class StepRow
{
    public int Id { get; init; }
    public required string Name { get; init; }
}

using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>A seller as the database sees it: who owns it, when it is due, and the sealed head of its data.</summary>
public sealed class SellerRow
{
    public Guid Id { get; init; }

    /// <summary>Fence: grows by one with every change of ownership.</summary>
    public long Epoch { get; set; }

    /// <summary>Grows by one with every commit of the seller's vault. Only the vault writes it.</summary>
    public long Revision { get; set; }

    /// <summary>Sealed summary of every row of the seller. Only the vault writes it.</summary>
    public byte[] Head { get; set; } = [];

    /// <summary>When work is due, in microseconds since 1970 (UTC); null when nothing is planned.</summary>
    public long? DueAt { get; set; }

    /// <summary>The process that owns the seller, for people who look; the fence is <see cref="Epoch"/>.</summary>
    public string? Owner { get; set; }
}

/// <summary>One sealed piece of a dataset: a day of facts or a part of it, or a whole entity snapshot.</summary>
public sealed class SegmentRow
{
    public Guid Seller { get; init; }
    public required string Dataset { get; init; }
    public long Storefront { get; init; }

    /// <summary>The day as yyyymmdd, or 0 for a snapshot.</summary>
    public int Partition { get; init; }

    /// <summary>Number within the partition, from 0: a large report is sealed in several parts.</summary>
    public int Part { get; init; }

    public long Revision { get; set; }
    public int Rows { get; set; }

    /// <summary>The 16 bytes by which the cipher proves <see cref="Sealed"/>: the head adds them up, so that the head can be checked without the large column.</summary>
    public required byte[] Seal { get; set; }

    public required byte[] Sealed { get; set; }
}

/// <summary>One sealed value that changes by itself.</summary>
public sealed class RecordRow
{
    public Guid Seller { get; init; }
    public required string Kind { get; init; }

    /// <summary>Keyed hash of the record's id: ids may be article numbers, and those are the seller's.</summary>
    public required string Id { get; init; }

    public long Revision { get; set; }
    public required string State { get; set; }

    /// <summary>Microseconds since 1970 (UTC).</summary>
    public long? DueAt { get; set; }

    /// <summary>As in <see cref="SegmentRow.Seal"/>.</summary>
    public required byte[] Seal { get; set; }

    public required byte[] Sealed { get; set; }
}

/// <summary>Which environment and key this database was written with; one row.</summary>
public sealed class StampRow
{
    public int Id { get; init; }
    public required string Environment { get; init; }
    public required string MasterKeyId { get; init; }
    public required byte[] Check { get; init; }
}

/// <summary>The tables of the vault. A product derives its own context from it, so that its control rows commit in the vault's transactions.</summary>
public abstract class VaultDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<SellerRow> Sellers => Set<SellerRow>();
    public DbSet<SegmentRow> Segments => Set<SegmentRow>();
    public DbSet<RecordRow> Records => Set<RecordRow>();
    public DbSet<StampRow> Stamps => Set<StampRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SellerRow>(seller =>
        {
            seller.ToTable("seller").HasKey(row => row.Id);
            seller.Property(row => row.Id).HasColumnName("seller").ValueGeneratedNever();
            seller.Property(row => row.Epoch).HasColumnName("epoch");
            seller.Property(row => row.Revision).HasColumnName("revision");
            seller.Property(row => row.Head).HasColumnName("head");
            seller.Property(row => row.DueAt).HasColumnName("due_at");
            seller.Property(row => row.Owner).HasColumnName("owner").HasMaxLength(200);
            seller.HasIndex(row => row.DueAt).HasDatabaseName("ix_seller_due");
        });
        modelBuilder.Entity<SegmentRow>(segment =>
        {
            segment.ToTable("segment").HasKey(row => new { row.Seller, row.Dataset, row.Storefront, row.Partition, row.Part });
            segment.Property(row => row.Seller).HasColumnName("seller");
            segment.Property(row => row.Dataset).HasColumnName("dataset").HasMaxLength(40);
            segment.Property(row => row.Storefront).HasColumnName("storefront");
            segment.Property(row => row.Partition).HasColumnName("partition");
            segment.Property(row => row.Part).HasColumnName("part");
            segment.Property(row => row.Revision).HasColumnName("revision");
            segment.Property(row => row.Rows).HasColumnName("row_count");
            segment.Property(row => row.Seal).HasColumnName("seal").HasMaxLength(16);
            segment.Property(row => row.Sealed).HasColumnName("sealed");
        });
        modelBuilder.Entity<RecordRow>(record =>
        {
            record.ToTable("record").HasKey(row => new { row.Seller, row.Kind, row.Id });
            record.Property(row => row.Seller).HasColumnName("seller");
            record.Property(row => row.Kind).HasColumnName("kind").HasMaxLength(40);
            record.Property(row => row.Id).HasColumnName("id").HasMaxLength(80);
            record.Property(row => row.Revision).HasColumnName("revision");
            record.Property(row => row.State).HasColumnName("state").HasMaxLength(40);
            record.Property(row => row.DueAt).HasColumnName("due_at");
            record.Property(row => row.Seal).HasColumnName("seal").HasMaxLength(16);
            record.Property(row => row.Sealed).HasColumnName("sealed");
            // Covers the check of the head, which reads every row's stamp and no sealed value.
            record.HasIndex(row => new { row.Seller, row.Kind, row.Id, row.Revision, row.State, row.DueAt, row.Seal }).HasDatabaseName("ix_record_stamp");
        });
        modelBuilder.Entity<StampRow>(stamp =>
        {
            stamp.ToTable("vault_stamp").HasKey(row => row.Id);
            stamp.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            stamp.Property(row => row.Environment).HasColumnName("environment").HasMaxLength(40);
            stamp.Property(row => row.MasterKeyId).HasColumnName("master_key_id").HasMaxLength(40);
            stamp.Property(row => row.Check).HasColumnName("check");
        });
    }
}

using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>One entry of the audit log. In clear: place, instant, kind of act, pseudonyms. The texts are sealed; nothing of Amazon's is in them.</summary>
public sealed class AuditRow
{
    /// <summary>1, 2, 3 and so on, without a gap.</summary>
    public long Seq { get; init; }

    /// <summary>Microseconds since 1970 (UTC).</summary>
    public long At { get; init; }
    public int ActorKind { get; init; }

    /// <summary>Pseudonym of a person; null for everybody else.</summary>
    public string? ActorPseudonym { get; init; }

    /// <summary>Pseudonym of the seller account; null where it is about none.</summary>
    public string? SellerPseudonym { get; init; }

    /// <summary>Word of the product's own, for example <c>settings.changed</c>.</summary>
    public required string Action { get; init; }
    public int Outcome { get; init; }

    /// <summary>What it is about and why, by the seller's audit key or, without a seller, by the log's.</summary>
    public required byte[] SealedText { get; init; }

    /// <summary>Keyed hash over everything above and the entry before.</summary>
    public required byte[] Mac { get; init; }
}

/// <summary>Where the log stands; one row, and whoever holds it writes.</summary>
public sealed class AuditHeadRow
{
    public int Id { get; init; }
    public long Seq { get; set; }
    public required byte[] Mac { get; set; }
}

/// <summary>Entries that left because of their age: how many, up to which, and the hash that the next entry continues.</summary>
public sealed class AuditCheckpointRow
{
    /// <summary>The last entry that left.</summary>
    public long Seq { get; init; }

    /// <summary>Its keyed hash.</summary>
    public required byte[] LastMac { get; init; }

    /// <summary>Entries that left with this checkpoint.</summary>
    public long Left { get; init; }

    /// <summary>Microseconds since 1970 (UTC).</summary>
    public long At { get; init; }

    /// <summary>Keyed hash over everything above.</summary>
    public required byte[] Mac { get; init; }
}

public enum AuditKeyKind { Log, Person, Seller }

/// <summary>A key of the audit log, wrapped: the log's and persons' by the application key, sellers' by the seller's own, with which it dies.</summary>
public sealed class AuditKeyRow
{
    /// <summary>User or seller; empty for the log.</summary>
    public Guid Id { get; init; }
    public AuditKeyKind Kind { get; init; }
    public required byte[] SealedKey { get; init; }
}

internal static class AuditModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<AuditRow>().ToTable("audit_entry").HasKey(row => row.Seq);
        model.Entity<AuditRow>().Property(row => row.Seq).ValueGeneratedNever();
        model.Entity<AuditRow>().HasIndex(row => row.At);
        model.Entity<AuditHeadRow>().ToTable("audit_head").HasKey(row => row.Id);
        model.Entity<AuditHeadRow>().Property(row => row.Id).ValueGeneratedNever();
        model.Entity<AuditCheckpointRow>().ToTable("audit_checkpoint").HasKey(row => row.Seq);
        model.Entity<AuditCheckpointRow>().Property(row => row.Seq).ValueGeneratedNever();
        model.Entity<AuditKeyRow>().ToTable("audit_key").HasKey(row => row.Id);
        model.Entity<AuditKeyRow>().Property(row => row.Id).ValueGeneratedNever(); // empty is the log's own
    }
}

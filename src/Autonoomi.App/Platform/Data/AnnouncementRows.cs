using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

public enum AnnouncementKind
{
    /// <summary>A new version of the privacy policy.</summary>
    Policy,

    /// <summary>The service gets another operator.</summary>
    Handover,
}

/// <summary>Something that everybody is told ahead. Of a version of the policy it is the record of its review too: without it the version does not hold.</summary>
public sealed class AnnouncementRow
{
    public Guid Id { get; init; }
    public AnnouncementKind Kind { get; init; }

    /// <summary>Of the policy; null otherwise.</summary>
    public int? Version { get; init; }

    /// <summary>SHA-256 of the text that was reviewed: another text under that number does not hold.</summary>
    public string? TextHash { get; init; }

    /// <summary>True where somebody has to agree.</summary>
    public bool Material { get; init; }

    /// <summary>What changed, or who comes; by the application key.</summary>
    public required byte[] SealedWords { get; init; }

    /// <summary>Who reviewed the text, or who announced; by the application key.</summary>
    public required byte[] SealedBy { get; init; }

    /// <summary>When the text was reviewed.</summary>
    public DateTimeOffset? ReviewedOn { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>From when it holds.</summary>
    public DateTimeOffset HoldsAt { get; init; }

    /// <summary>Taken back before it held.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<AnnouncementRow>().ToTable("announcement").HasKey(row => row.Id);
}

using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>An incident, as it was opened; everything else is said by its entries. Neither is ever changed.</summary>
public sealed class IncidentRow
{
    /// <summary>1, 2, 3 and so on.</summary>
    public int Number { get; init; }

    /// <summary>From when its clocks run.</summary>
    public DateTimeOffset DetectedAt { get; init; }

    /// <summary>True when it is practice.</summary>
    public bool Drill { get; init; }

    /// <summary>What the product found, as an id that names one finding once; null where a person opened it.</summary>
    public string? Cause { get; init; }
}

/// <summary>An entry of the register of incidents.</summary>
public sealed class IncidentEntryRow
{
    public int Incident { get; init; }

    /// <summary>1, 2, 3 and so on, without a gap.</summary>
    public int Ordinal { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>What it says, as a kind.</summary>
    public Privacy.IncidentStep Step { get; init; }

    /// <summary>The entry, by the application key: names of people and words about what happened.</summary>
    public required byte[] SealedEntry { get; init; }
}

internal static class IncidentModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<IncidentRow>().ToTable("incident").HasKey(row => row.Number);
        model.Entity<IncidentRow>().Property(row => row.Number).ValueGeneratedNever();
        model.Entity<IncidentRow>().HasIndex(row => row.Cause).IsUnique();
        model.Entity<IncidentEntryRow>().ToTable("incident_entry").HasKey(row => new { row.Incident, row.Ordinal });
    }
}

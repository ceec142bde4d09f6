using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>A duty was done, or began to count. Never changed.</summary>
public sealed class DutyRow
{
    public Guid Id { get; init; }

    /// <summary>Word of <see cref="Privacy.DutyTable"/>.</summary>
    public required string Duty { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>False in the one row from which the first time counts.</summary>
    public bool Done { get; init; }

    /// <summary>Who did it; by the application key, null where <see cref="Done"/> is false.</summary>
    public byte[]? SealedBy { get; init; }

    /// <summary>What shows it; by the application key, null where <see cref="Done"/> is false.</summary>
    public byte[]? SealedNote { get; init; }
}

internal static class DutyModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<DutyRow>().ToTable("duty").HasKey(row => row.Id);
        model.Entity<DutyRow>().Property(row => row.Id).ValueGeneratedNever();
        model.Entity<DutyRow>().HasIndex(row => new { row.Duty, row.At });
    }
}

using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>The newest answer of a probe.</summary>
public sealed class ProbeRow
{
    /// <summary>Id of the probe.</summary>
    public required string Probe { get; init; }
    public DateTimeOffset At { get; set; }
    public bool Holds { get; set; }

    /// <summary>What was measured, in words, sealed by the application key.</summary>
    public required byte[] SealedMeasured { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<ProbeRow>().ToTable("probe").HasKey(row => row.Probe);
}

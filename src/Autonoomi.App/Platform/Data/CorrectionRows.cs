using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>What a person can correct about themselves and their organisation.</summary>
public enum CorrectedField { Name, Email, OrganisationName }

/// <summary>A correction, with what stood there before: sealed, and shown to the person alone.</summary>
public sealed class CorrectionRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }

    /// <summary>Who corrected it, and of a name or address whose it is.</summary>
    public Guid User { get; init; }
    public CorrectedField Field { get; init; }

    /// <summary>As it was before; null where the new value could not be taken and nothing changed.</summary>
    public byte[]? SealedBefore { get; init; }
    public DateTimeOffset At { get; init; }

    internal static void Map(ModelBuilder model)
    {
        model.Entity<CorrectionRow>().HasKey(row => row.Id);
        model.Entity<CorrectionRow>().HasIndex(row => row.User);
    }
}

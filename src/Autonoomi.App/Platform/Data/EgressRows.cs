using Autonoomi.Privacy.Egress;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>How many requests left for one host on one day: a count, no address beyond the host's name, nothing of what was sent.</summary>
public sealed class EgressDayRow
{
    /// <summary>Its first moment in UTC.</summary>
    public DateTimeOffset Day { get; init; }

    /// <summary>For which seller account; zeros for none.</summary>
    public Guid Seller { get; init; }
    public EgressPurpose Purpose { get; init; }

    /// <summary>Empty for requests that were refused before anything was sent.</summary>
    public required string Host { get; init; }
    public long Requests { get; set; }

    internal static void Map(ModelBuilder model) => model.Entity<EgressDayRow>().ToTable("egress_day").HasKey(row => new { row.Day, row.Seller, row.Purpose, row.Host });
}

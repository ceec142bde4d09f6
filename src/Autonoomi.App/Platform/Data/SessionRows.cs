using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>A session of a person: its cookie opens nothing without this row. It is deleted when the session ends.</summary>
public sealed class SessionRow
{
    /// <summary>SHA-256 of the session's random name, hexadecimal; the name itself stands in the sealed ticket only.</summary>
    public required string Id { get; init; }
    public Guid User { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The last request, to five minutes.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>When its person last proved afresh who they are; null for not since signing in.</summary>
    public DateTimeOffset? ProvenAt { get; set; }

    /// <summary>Kind of browser and system in a few words, by the application key.</summary>
    public required byte[] SealedDevice { get; init; }
}

internal static class SessionModel
{
    public static void Configure(ModelBuilder model) => model.Entity<SessionRow>(row =>
    {
        row.ToTable("session").HasKey(session => session.Id);
        row.HasIndex(session => session.User);
    });
}

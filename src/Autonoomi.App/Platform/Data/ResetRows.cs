using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>A link by which a forgotten password is replaced. It is deleted when it is used.</summary>
public sealed class PasswordResetRow
{
    /// <summary>SHA-256 of the random value in the link, hexadecimal; the value itself is never stored.</summary>
    public required string Id { get; init; }
    public Guid User { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Wrong codes of the second factor that were typed in with it.</summary>
    public int WrongCodes { get; set; }
}

internal static class PasswordResetModel
{
    public static void Configure(ModelBuilder model) => model.Entity<PasswordResetRow>(row =>
    {
        row.ToTable("password_reset").HasKey(reset => reset.Id);
        row.HasIndex(reset => reset.User);
    });
}

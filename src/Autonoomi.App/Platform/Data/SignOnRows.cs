using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>An account at a provider of single sign-on that is linked with a person here.</summary>
public sealed class SignOnRow
{
    /// <summary>Keyed hash of issuer and subject.</summary>
    public required string Id { get; init; }
    public Guid User { get; init; }

    /// <summary>Issuer and subject, by the application key.</summary>
    public required byte[] SealedProvider { get; init; }
    public DateTimeOffset LinkedAt { get; init; }
}

internal static class SignOnModel
{
    public static void Configure(ModelBuilder model) => model.Entity<SignOnRow>(row =>
    {
        row.ToTable("sign_on").HasKey(linked => linked.Id);
        row.HasIndex(linked => linked.User);
    });
}

using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>An invitation into an organisation. It is deleted when it is used or taken back.</summary>
public sealed class InvitationRow : IOrganisationOwned
{
    /// <summary>SHA-256 of the random value in the link, hexadecimal; the value itself is never stored.</summary>
    public required string Id { get; init; }
    public Guid Organisation { get; init; }
    public MemberRole Role { get; init; }

    /// <summary>The owner who invited.</summary>
    public Guid By { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

internal static class InvitationModel
{
    public static void Configure(ModelBuilder model) => model.Entity<InvitationRow>().HasIndex(row => row.Organisation);
}

using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>What somebody of the operator's may do: nothing by itself opens a seller's data.</summary>
public enum StaffRole
{
    /// <summary>Asks for grants, and looks while one lives.</summary>
    Support,

    /// <summary>The same, and approves what others ask for.</summary>
    Approver,
}

/// <summary>A person who works for whoever runs the installation.</summary>
public sealed class StaffAccountRow
{
    public Guid User { get; init; }
    public StaffRole Role { get; set; }
    public DateTimeOffset AddedAt { get; init; }
}

/// <summary>Who ended a grant before its time, or refused it.</summary>
public enum GrantEnd { Staff, Seller }

/// <summary>Leave for one person of the operator's to look at one seller account for a short while.</summary>
public sealed class StaffGrantRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }
    public Guid Seller { get; init; }

    /// <summary>Who asked, and who may look.</summary>
    public Guid Staff { get; init; }

    /// <summary>How long it lives from the seller's yes.</summary>
    public int Minutes { get; init; }
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Why, by the application key.</summary>
    public required byte[] SealedReason { get; init; }

    /// <summary>Which case, by the application key.</summary>
    public required byte[] SealedCase { get; init; }
    public Guid? ApprovedBy { get; set; }
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>The owner of the organisation who said yes.</summary>
    public Guid? AllowedBy { get; set; }
    public DateTimeOffset? AllowedAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public GrantEnd? EndedBy { get; set; }

    /// <summary>Keyed hash over what was approved: a grant that was changed afterwards opens nothing.</summary>
    public string? Mac { get; set; }
}

/// <summary>One look under a grant.</summary>
public sealed class StaffUseRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }
    public Guid Seller { get; init; }
    public Guid Grant { get; init; }
    public DateTimeOffset At { get; init; }

    /// <summary>Which page, by the application key.</summary>
    public required byte[] SealedWhat { get; init; }
}

/// <summary>Somebody looked whether an access is still needed. Of the operator's own people the organisation is empty.</summary>
public sealed class AccessReviewRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }

    /// <summary>Whose access.</summary>
    public Guid User { get; init; }

    /// <summary>Their role then: <see cref="MemberRole"/>, or <see cref="StaffRole"/> of the operator's people.</summary>
    public int Role { get; init; }

    /// <summary>False: it was taken away.</summary>
    public bool Kept { get; init; }

    /// <summary>Who looked; empty for a command of the operator's.</summary>
    public Guid By { get; init; }
    public DateTimeOffset At { get; init; }
}

internal static class StaffModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<StaffAccountRow>().ToTable("staff_account").HasKey(row => row.User);
        model.Entity<StaffGrantRow>().HasIndex(row => row.Seller);
        model.Entity<StaffGrantRow>().HasIndex(row => row.Staff);
        model.Entity<StaffUseRow>().HasIndex(row => row.Grant);
        model.Entity<AccessReviewRow>().HasIndex(row => row.User);
    }
}

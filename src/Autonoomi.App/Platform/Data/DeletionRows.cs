using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>Why data is deleted.</summary>
public enum DeletionCause
{
    /// <summary>An owner asked for it.</summary>
    Owner,

    /// <summary>The organisation was cancelled.</summary>
    Organisation,

    /// <summary>A consent was withdrawn at Amazon, proven by two refusals.</summary>
    Withdrawal,

    /// <summary>Whoever runs the installation.</summary>
    Operator,
}

/// <summary>How far a deletion has come. Each step is taken once, whatever is killed in between.</summary>
public enum DeletionState
{
    /// <summary>Asked for; nothing has happened yet.</summary>
    Requested,

    /// <summary>Nothing runs any more. Until the rows go it can be taken back.</summary>
    Stopped,

    /// <summary>The rows are deleted, but for those that a legal hold names.</summary>
    RowsGone,

    /// <summary>The key is destroyed: nothing of it opens any more, in backups neither.</summary>
    KeyGone,

    /// <summary>Every backup that could hold anything is past its life; the certificate is signed.</summary>
    Closed,

    /// <summary>Taken back before the rows went.</summary>
    TakenBack,
}

/// <summary>A deletion under way or done. It outlives what it deletes: ids, states and instants, no name.</summary>
public sealed class DeletionRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }

    /// <summary>The seller account; null where the organisation itself goes, with its people.</summary>
    public Guid? SellerId { get; init; }

    /// <summary>One consent's data, or all.</summary>
    public RetainedFrom Scope { get; init; }
    public DeletionCause Cause { get; set; }

    /// <summary>From when its days count: the earliest of all that started it.</summary>
    public DateTimeOffset StartedAt { get; set; }
    public DeletionState State { get; set; }
    public DateTimeOffset? StoppedAt { get; set; }
    public DateTimeOffset? RowsGoneAt { get; set; }
    public DateTimeOffset? KeyGoneAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Rows by table, <c>before/after</c>; JSON of counts.</summary>
    public string? Counts { get; set; }

    /// <summary>Signed, once closed.</summary>
    public string? Certificate { get; set; }
}

/// <summary>Why a part of a seller's data must not be deleted yet: with a basis, a list of rules, an end, and two people.</summary>
public sealed class LegalHoldRow
{
    public Guid Id { get; init; }
    public Guid SellerId { get; init; }

    /// <summary>Rules of <see cref="RetentionTable"/> that it is about, for example <c>Dataset:LedgerDay</c>, separated by blanks.</summary>
    public required string Scope { get; init; }

    /// <summary>The statute or order, and who asks; by the application key.</summary>
    public required byte[] SealedBasis { get; init; }

    /// <summary>Who asked for it; by the application key.</summary>
    public required byte[] SealedRequester { get; init; }

    /// <summary>Who approved it; null while nobody did, and it holds nothing until then.</summary>
    public byte[]? SealedApprover { get; set; }
    public DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTimeOffset? ReleasedAt { get; set; }
}

/// <summary>The key that signs certificates; its private half by the application key.</summary>
public sealed class SigningKeyRow
{
    public int Id { get; init; }
    public required byte[] SealedPrivate { get; init; }
    public required byte[] Public { get; init; }
}

internal static class DeletionModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<LegalHoldRow>().ToTable("legal_hold").HasKey(row => row.Id);
        model.Entity<LegalHoldRow>().HasIndex(row => row.SellerId);
        model.Entity<SigningKeyRow>().ToTable("signing_key").HasKey(row => row.Id);
        model.Entity<SigningKeyRow>().Property(row => row.Id).ValueGeneratedNever();
    }
}

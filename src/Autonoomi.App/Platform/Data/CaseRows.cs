using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>What a person asks for.</summary>
public enum CaseKind
{
    /// <summary>A question, or a message to support.</summary>
    Question,

    /// <summary>A copy, or to know what is kept, beyond what the page gives.</summary>
    Access,

    /// <summary>Something is wrong that the person cannot correct.</summary>
    Correction,

    /// <summary>Something is to be deleted that the page does not delete.</summary>
    Deletion,

    /// <summary>A use is objected to.</summary>
    Objection,

    /// <summary>A use is to rest for a while.</summary>
    Restriction,

    /// <summary>An account is a child's: frozen at once, deleted within seven days.</summary>
    Child,
}

public enum CaseState { Open, Answered, Rejected }

/// <summary>A request of a person with its clock: ids, kinds and instants. What was written is in <see cref="CaseMessageRow"/>.</summary>
public sealed class CaseRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }

    /// <summary>Who asks; of a child that the operator was told of the child itself.</summary>
    public Guid User { get; init; }
    public CaseKind Kind { get; init; }
    public CaseState State { get; set; }
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Answered by then.</summary>
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The account that is a child's; null for every other kind.</summary>
    public Guid? Subject { get; init; }

    /// <summary>When that account was frozen; null again once the report was found wrong.</summary>
    public DateTimeOffset? FrozenAt { get; set; }

    /// <summary>When that account was deleted.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
}

/// <summary>A message of a request or its answer.</summary>
public sealed class CaseMessageRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }
    public Guid Case { get; init; }

    /// <summary>True for an answer of whoever runs the installation.</summary>
    public bool FromOperator { get; init; }

    /// <summary>By the application key.</summary>
    public required byte[] SealedText { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A demand of an authority: what it names is disclosed on the word of two people, and nothing else.</summary>
public sealed class DemandRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }
    public Guid SellerId { get; init; }

    /// <summary>Data sets and kinds of records, for example <c>Dataset:LedgerDay</c>, separated by blanks.</summary>
    public required string Scope { get; init; }

    /// <summary>First and last day of data sets, as day numbers; null for all days.</summary>
    public int? FirstDay { get; init; }
    public int? LastDay { get; init; }

    /// <summary>The statute or order, and who demands; by the application key.</summary>
    public required byte[] SealedBasis { get; init; }

    /// <summary>Who wrote it down; by the application key.</summary>
    public required byte[] SealedRequester { get; init; }

    /// <summary>Who approved it; null while nobody did, and nothing is disclosed until then.</summary>
    public byte[]? SealedApprover { get; set; }
    public DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? DisclosedAt { get; set; }

    /// <summary>From when the seller may be told: at once, unless the law forbids it until a day.</summary>
    public DateTimeOffset TellFrom { get; init; }
}

internal static class CaseModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<CaseRow>().HasKey(row => row.Id);
        model.Entity<CaseRow>().HasIndex(row => row.User);
        model.Entity<CaseRow>().HasIndex(row => row.Subject);
        model.Entity<CaseMessageRow>().HasKey(row => row.Id);
        model.Entity<CaseMessageRow>().HasIndex(row => row.Case);
        model.Entity<DemandRow>().HasKey(row => row.Id);
        model.Entity<DemandRow>().HasIndex(row => row.SellerId);
    }
}

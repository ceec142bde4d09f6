using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>What a mail is about; <see cref="Mail.MailRule"/> says which of them somebody may leave. Stored as numbers: a new one is added at the end.</summary>
public enum MailKind
{
    /// <summary>An invitation into an organisation.</summary>
    Invitation,

    /// <summary>A new version of the policy, or another operator.</summary>
    Policy,

    /// <summary>The link that makes a new password.</summary>
    Reset,

    /// <summary>How somebody signs in has changed.</summary>
    Security,

    /// <summary>A deletion: planned, taken back, done.</summary>
    Deletion,

    /// <summary>An incident that concerns somebody.</summary>
    Incident,

    /// <summary>Last week's totals; chosen.</summary>
    WeeklySummary,

    /// <summary>Something of the account wants attention; chosen.</summary>
    Alert,

    /// <summary>How to use the product; chosen.</summary>
    Tip,
}

/// <summary>How far a mail has come. Stored as numbers.</summary>
public enum MailState
{
    /// <summary>Nobody works on it; it goes when <see cref="MailRow.DueAt"/> has come.</summary>
    Waiting,

    /// <summary>A process is connecting. Nothing of it has left.</summary>
    Claimed,

    /// <summary>It is being handed to the mail server: from here on it may have left.</summary>
    Handing,

    /// <summary>The mail server took it.</summary>
    Sent,

    /// <summary>The mail server refused it for good.</summary>
    Refused,

    /// <summary>Its time was over before a mail server could be reached.</summary>
    Late,

    /// <summary>It was handed over and no answer came; it is not tried again.</summary>
    Unknown,
}

/// <summary>A mail on its way. Address and words rest sealed, and go as soon as it has ended; what is left are instants.</summary>
public sealed class MailRow : IOrganisationOwned
{
    /// <summary>Names it, and stands in its Message-ID.</summary>
    public Guid Id { get; init; }

    /// <summary>Of which organisation; empty for somebody who belongs to none.</summary>
    public Guid Organisation { get; init; }

    /// <summary>To whom; null for somebody without an account.</summary>
    public Guid? User { get; init; }
    public MailKind Kind { get; init; }
    public MailState State { get; set; }

    /// <summary>Address and words, by the application key; null once it has ended.</summary>
    public byte[]? SealedLetter { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not tried before.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Not sent after.</summary>
    public DateTimeOffset GoodUntil { get; init; }

    /// <summary>Since when a process works on it.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
}

internal static class MailModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<MailRow>().HasKey(row => row.Id);
        model.Entity<MailRow>().HasIndex(row => new { row.State, row.DueAt });
        model.Entity<MailRow>().HasIndex(row => row.User);
    }
}

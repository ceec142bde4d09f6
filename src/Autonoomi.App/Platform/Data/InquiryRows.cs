using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>What somebody without an account wrote to ask for a demonstration. It belongs to no organisation.</summary>
public sealed class InquiryRow
{
    public Guid Id { get; init; }

    /// <summary>As the person wrote it; by the application key.</summary>
    public required byte[] SealedName { get; init; }

    /// <summary>Where the answer goes; by the application key.</summary>
    public required byte[] SealedMail { get; init; }

    /// <summary>What was written; by the application key.</summary>
    public required byte[] SealedText { get; init; }
    public DateTimeOffset At { get; init; }
}

internal static class InquiryModel
{
    public static void Configure(ModelBuilder model) => model.Entity<InquiryRow>().ToTable("inquiry").HasKey(row => row.Id);
}

using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Data;

/// <summary>How it came to us.</summary>
public enum AgreedBy
{
    /// <summary>By a box or button of a page.</summary>
    Page,

    /// <summary>By the browser's signal against sale and sharing (Global Privacy Control).</summary>
    Signal,

    /// <summary>Amazon said so.</summary>
    Amazon,

    /// <summary>By a command of whoever runs the installation.</summary>
    Command,

    /// <summary>By the link in a mail, which only its reader has.</summary>
    Mail,
}

/// <summary>That somebody agreed, objected, or took it back. Rows are added and never changed: the newest of a kind says how things stand.</summary>
public sealed class AgreementRow : IOrganisationOwned
{
    /// <summary>Grows with time.</summary>
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }

    /// <summary>Who; null where no person did.</summary>
    public Guid? User { get; init; }

    /// <summary>About which seller account; null where it is about the person.</summary>
    public Guid? Seller { get; init; }
    public AgreedTo What { get; init; }

    /// <summary>Of the words; of the privacy policy its number.</summary>
    public int Version { get; init; }

    /// <summary>SHA-256 of the words; of the privacy policy that of its text. Lower-case hexadecimal.</summary>
    public required string TextHash { get; init; }

    /// <summary>Our own words, as they were shown.</summary>
    public required string Words { get; init; }

    /// <summary>True for a yes (to an objection: that it stands), false for taking it back.</summary>
    public bool Given { get; init; }
    public AgreedBy Channel { get; init; }
    public DateTimeOffset At { get; init; }

    internal static void Map(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<AgreementRow> row)
    {
        row.HasKey(agreement => agreement.Id);
        row.HasIndex(agreement => new { agreement.Organisation, agreement.What });
        row.HasIndex(agreement => agreement.User);
    }
}

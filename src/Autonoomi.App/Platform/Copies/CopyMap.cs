using System.Collections.Immutable;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Copies;

/// <param name="As">Kind of records or table.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Why">Why no copy holds it, in plain words; the copy's manifest repeats them.</param>
public sealed record LeftOut(RetainedAs As, string Name, string Why);

/// <summary>What of all that can be kept stands in a copy. What is neither in a copy nor here does not pass the tests.</summary>
public static class CopyMap
{
    /// <summary>Kinds of records that a person typed in: written in a form that another account can read in again.</summary>
    public static ImmutableArray<string> Given { get; } = [RecordKind.Settings, RecordKind.Cost, RecordKind.Exchange];

    /// <summary>Kinds of records that the product worked out, or remembers about its work.</summary>
    public static ImmutableArray<string> Worked { get; } =
    [
        RecordKind.Proposal, RecordKind.Change, RecordKind.Handover, RecordKind.Decision, RecordKind.Review, RecordKind.Score, RecordKind.Audit, RecordKind.Refusal, RecordKind.Moves, RecordKind.Writes, RecordKind.Hours, RecordKind.Controls, RecordKind.History,
        RecordKind.Sync, RecordKind.Reading, RecordKind.SellingReading, RecordKind.Rejects, RecordKind.View, RecordKind.Launch, RecordKind.Layout,
    ];

    /// <summary>What no copy holds.</summary>
    public static ImmutableArray<LeftOut> NotCopied { get; } =
    [
        Record(RetentionTable.Quarantine, "It is about shoppers, nobody works with it, and it goes within 25 days."),
        Record("canary", "Noise that the product looks for in its own files; it is of no seller."),
        Record("demo", "Days of a demonstration; it says nothing about anybody."),
        Table("inquiry", "What people without an account wrote to ask for a demonstration; it belongs to no account."),
        Table("password_reset", "Hashes of links for a new password; each is good for half an hour and gone after a day."),
        Table("seller", "Bookkeeping of the vault; the account itself is in seller_account."),
        Table("segment", "Data sets as they rest, sealed; each is copied in the open below facts."),
        Table("record", "Records as they rest, sealed; each is copied in the open below given and records."),
        Table("vault_stamp", "Which key the installation uses."),
        Table("protection_key", "A key of the installation."),
        Table("signing_key", "A key of the installation."),
        Table("staff_account", "Who works for the operator."),
        Table("audit_key", "Keys of the pseudonyms in the audit log."),
        Table("audit_head", "Where the installation's audit log stands."),
        Table("audit_checkpoint", "Which entries of the installation's audit log left because of their age."),
        Table("announcement", "What everybody is told ahead; it stands above every page and on the page What changes."),
        Table("probe", "What the installation measured about itself."),
        Table("incident", "The operator's register over all accounts; what concerns yours was told to you and stands on the page Your data."),
        Table("incident_entry", "The operator's register over all accounts; what concerns yours was told to you and stands on the page Your data."),
        Table("duty", "What people of the operator did by hand; it says nothing about you."),
        Table("consent_state", "Hashes of consents on their way; each is good for ten minutes and gone after two days."),
        Table("intent", "Writes on their way to Amazon; what was written is in the change log (records, change)."),
    ];

    /// <returns>Why no copy holds it; null where copies do.</returns>
    public static string? WhyNot(RetainedAs kind, string name) => NotCopied.FirstOrDefault(left => left.As == kind && left.Name == name)?.Why;

    private static LeftOut Record(string name, string why) => new(RetainedAs.Record, name, why);

    private static LeftOut Table(string name, string why) => new(RetainedAs.Table, name, why);
}

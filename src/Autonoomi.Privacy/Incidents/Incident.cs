using System.Collections.Immutable;

namespace Autonoomi.Privacy;

/// <summary>What kind of thing happened.</summary>
public enum IncidentKind
{
    /// <summary>Data was seen by somebody who may not see it.</summary>
    Disclosure,

    /// <summary>Data or keys are lost.</summary>
    Loss,

    /// <summary>Something at rest is not as it was written.</summary>
    Tampering,

    /// <summary>Somebody got in: an account, a machine, a session.</summary>
    Access,

    /// <summary>A key, token or client secret may be known to others.</summary>
    Secret,

    /// <summary>Something about a shopper was found where none may be.</summary>
    BuyerData,

    /// <summary>Data, keys or addresses of another environment turned up.</summary>
    ForeignEnvironment,

    /// <summary>The product cannot be reached, or what must be deleted is not.</summary>
    Failure,
}

/// <summary>How bad it is; docs/privacy/incident-plan.md has the table by which it is decided.</summary>
public enum IncidentSeverity
{
    /// <summary>Nobody has judged yet. Its clocks run as for the worst.</summary>
    Suspected,

    /// <summary>No data left, changed or was lost.</summary>
    Low,

    /// <summary>Data of one seller or person may have left, changed or been lost.</summary>
    High,

    /// <summary>Secrets, anything about shoppers, or data of several sellers.</summary>
    Critical,
}

/// <summary>Classes of data that an incident touches.</summary>
public enum TouchedData
{
    /// <summary>K0: keys, tokens, client secrets, passwords.</summary>
    Secrets,

    /// <summary>K1: anything about a shopper.</summary>
    Buyers,

    /// <summary>K2: what sellers told: costs, goals, budgets.</summary>
    Economics,

    /// <summary>K3: what Amazon told.</summary>
    Amazon,

    /// <summary>K4: names, e-mail addresses, organisations.</summary>
    Identity,

    /// <summary>K5: logs, jobs, counts.</summary>
    Operational,
}

/// <summary>Who must be told.</summary>
public enum IncidentNotice { Amazon, Sellers, Authority }

/// <summary>What an entry of the register says.</summary>
public enum IncidentStep
{
    Opened,
    Noted,

    /// <summary>Kind, severity, classes or sellers were judged (again).</summary>
    Assessed,

    /// <summary>What stops the damage was done.</summary>
    Contained,

    /// <summary>A notice went out.</summary>
    Told,

    /// <summary>Somebody decided, with a reason, that one of the three need not be told.</summary>
    NotOwed,

    /// <summary>Over, with what was learned.</summary>
    Closed,
}

/// <summary>What is known of an incident; a later judgement replaces an earlier one.</summary>
/// <param name="Kind">What kind of thing happened.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Data">Classes of data that are touched; null while nobody has judged.</param>
/// <param name="Sellers">Seller accounts that are touched, by id; null while nobody has judged.</param>
public sealed record IncidentFacts(IncidentKind Kind, IncidentSeverity Severity, IReadOnlyList<TouchedData>? Data, IReadOnlyList<Guid>? Sellers);

/// <param name="Name">Of the file, without its folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record IncidentEvidence(string Name, long Bytes, string Sha256);

/// <summary>One entry; none is ever changed or taken away.</summary>
/// <param name="Step">What it says.</param>
/// <param name="At">When it was written.</param>
/// <param name="By">Who wrote it, or <see cref="Incident.ByProduct"/>.</param>
/// <param name="Text">In words: what happened, what was done, what was sent, why not, what was learned.</param>
/// <param name="Facts">Of an opening or a judgement.</param>
/// <param name="To">Of a notice: to whom.</param>
/// <param name="Proof">Of a notice: message id, number of a case, name of whoever took the call.</param>
/// <param name="Evidence">A file that was looked at or kept.</param>
public sealed record IncidentEntry(
    IncidentStep Step, DateTimeOffset At, string By, string Text, IncidentFacts? Facts = null, IncidentNotice? To = null, string? Proof = null, IncidentEvidence? Evidence = null);

/// <summary>An incident as its entries tell it. Pure: entries in, state out.</summary>
/// <param name="Number">1, 2, 3 and so on.</param>
/// <param name="DetectedAt">When somebody or the product first suspected it: every clock runs from here.</param>
/// <param name="IsDrill">True when it is practice: the same steps and clocks, and nobody outside is told.</param>
/// <param name="Entries">In their order; the first opens it.</param>
public sealed record Incident(int Number, DateTimeOffset DetectedAt, bool IsDrill, ImmutableArray<IncidentEntry> Entries)
{
    /// <summary>Who writes entries that nobody typed.</summary>
    public const string ByProduct = "the product";

    /// <summary>Reasons and lessons have at least so many characters: a word is none.</summary>
    public const int ShortestReason = 20;

    /// <summary>No text is longer.</summary>
    public const int LongestText = 8000;

    public IncidentFacts Facts => Entries.Last(entry => entry.Facts is not null).Facts!;

    public string What => Entries[0].Text;

    public bool IsClosed => Entries[^1].Step == IncidentStep.Closed;

    /// <summary>When it was contained first; null while it is not.</summary>
    public DateTimeOffset? ContainedAt => First(IncidentStep.Contained)?.At;

    /// <summary>The first notice to one of the three: later ones do not move its clock.</summary>
    public IncidentEntry? ToldTo(IncidentNotice to) => Entries.FirstOrDefault(entry => entry.Step == IncidentStep.Told && entry.To == to);

    /// <summary>The newest decision that one of the three need not be told; null also once it was told all the same.</summary>
    public IncidentEntry? NotOwedTo(IncidentNotice to) => ToldTo(to) is not null ? null : Entries.LastOrDefault(entry => entry.Step == IncidentStep.NotOwed && entry.To == to);

    /// <summary>Whether an entry may follow.</summary>
    /// <returns>Null when it may; else what is wrong, the rule and the fix.</returns>
    public string? Refusal(IncidentEntry next)
    {
        if (Wrong(next) is { } wrong) return wrong;
        if (IsClosed) return $"Incident {Number} is closed and takes nothing more. Open another one and name this one in it.";
        switch (next.Step)
        {
            case IncidentStep.Opened:
                return $"Incident {Number} is open already.";
            case IncidentStep.Assessed when next.Facts is null:
                return "A judgement says kind, severity, classes of data or sellers: --kind, --severity, --data-classes, --sellers.";
            case IncidentStep.Told or IncidentStep.NotOwed when next.To is null:
                return "Say who was told: amazon, sellers or authority.";
            case IncidentStep.Told when next.To != IncidentNotice.Sellers && string.IsNullOrWhiteSpace(next.Proof):
                return "Proof: write down the message id, the number of the case or who took the call, so that it can be shown later (--proof).";
            case IncidentStep.Told when next.To == IncidentNotice.Sellers && !IsDrill && Facts.Sellers is not { Count: > 0 }:
                return "Sellers: the register does not know whom it touches. Say so first: note --sellers ID … or note --all-sellers.";
            case IncidentStep.NotOwed when next.Text.Trim().Length < ShortestReason:
                return $"Reason: why this one need not be told, in at least {ShortestReason} characters.";
            case IncidentStep.NotOwed when ToldTo(next.To!.Value) is not null:
                return $"{IncidentWords.Of(next.To!.Value)} was told already.";
            case IncidentStep.Closed:
                return Unfinished(next);
            default:
                return null;
        }
    }

    /// <summary>Whether an incident may begin with this entry.</summary>
    /// <param name="first">Its first entry.</param>
    /// <param name="detectedAt">From when its clocks run.</param>
    public static string? Refusal(IncidentEntry first, DateTimeOffset detectedAt)
    {
        if (Wrong(first) is { } wrong) return wrong;
        if (first.Step != IncidentStep.Opened || first.Facts is null) return "An incident begins with its opening.";
        return detectedAt > first.At ? "Detected: the instant lies in the future. Write when it was first suspected, in UTC: 2026-11-30T14:05Z." : null;
    }

    private static string? Wrong(IncidentEntry entry) =>
        string.IsNullOrWhiteSpace(entry.By) ? "By: write down who does it (--by)."
        : string.IsNullOrWhiteSpace(entry.Text) ? "Text: one sentence is enough, none is too few."
        : entry.Text.Length > LongestText ? $"Text: at most {LongestText} characters; put the rest into a file and note it (--evidence)."
        : null;

    private string? Unfinished(IncidentEntry next)
    {
        if (ContainedAt is null) return "It is not contained yet: contain it first, or write there why there was nothing to contain.";
        var owed = Enum.GetValues<IncidentNotice>().Where(to => ToldTo(to) is null && NotOwedTo(to) is null).Select(to => IncidentWords.Of(to)).ToList();
        if (owed.Count > 0) return $"Not told and not decided about: {string.Join(", ", owed)}. Tell them, or write down why they need not be told.";
        return next.Text.Trim().Length < ShortestReason ? $"Lessons: what was learned and what changes, in at least {ShortestReason} characters." : null;
    }

    private IncidentEntry? First(IncidentStep step) => Entries.FirstOrDefault(entry => entry.Step == step);
}

using System.Collections.Immutable;
using System.Globalization;

namespace Autonoomi.Privacy;

/// <summary>Something that people must do by hand, again and again; the software knows when, and whether somebody said that it was done.</summary>
/// <param name="Id">Word by which it is called.</param>
/// <param name="EveryDays">At most so many days, of 24 hours each, between two times.</param>
/// <param name="What">What is to be done, in a sentence.</param>
/// <param name="Source">Who demands it.</param>
/// <param name="Evidence">What the note should name.</param>
public sealed record Duty(string Id, int EveryDays, string What, string Source, string Evidence);

/// <param name="Duty">Which.</param>
/// <param name="CountedFrom">When it was done last; before the first time, when the installation began.</param>
/// <param name="WasDone">False before the first time.</param>
/// <param name="DueAt">Until when it must be done again.</param>
/// <param name="IsOverdue">True from that moment on.</param>
public sealed record DutyStanding(Duty Duty, DateTimeOffset CountedFrom, bool WasDone, DateTimeOffset DueAt, bool IsOverdue)
{
    /// <returns>For example <c>due in 12 days</c>; whole days, rounded down.</returns>
    public string InWords(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture,
        $"{(IsOverdue ? $"OVERDUE by {Days((now - DueAt).Days)}" : $"due in {Days((DueAt - now).Days)}")}, {(WasDone ? "last done on" : "never done; counted from")} {CountedFrom.UtcDateTime:yyyy-MM-dd}");

    private static string Days(int days) => days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days");
}

/// <summary>What whoever runs the installation owes by hand. The software cannot do it; it counts the days.</summary>
public static class DutyTable
{
    public const string AccessReview = "access-review";
    public const string IncidentDrill = "incident-drill";
    public const string IncidentPlan = "incident-plan";
    public const string KeyRotation = "key-rotation";
    public const string SubProcessors = "sub-processors";
    public const string SecurityAudit = "security-audit";
    public const string PenetrationTest = "penetration-test";

    private const int Fortnight = 14;
    private const int Month = 30;
    private const int Quarter = 91;
    private const int HalfYear = 183;
    private const int Year = 365;

    public static ImmutableArray<Duty> All { get; } =
    [
        new("log-review", Fortnight, "Look through warnings and errors of the log and the newest entries of the audit log.", "Amazon DPP 2.6", "what was seen"),
        new("vulnerability-scan", Month, "Scan machines and dependencies for known weaknesses; again after every big change.", "Amazon DPP 2.7", "tool, day, number of findings"),
        new("network-review", Month, "Look at firewall, address lists and intrusion detection of the machines.", "Amazon DPP 1.1", "what was looked at"),
        new("incident-contact", Month, "Reach the incident contact by the way that the configuration names.", "Amazon DPP 1.6", "who answered"),
        new("amazon-policies", Month, "Read Amazon's Data Protection Policy and Acceptable Use Policy and compare them with docs/privacy/amazon-policies.md.", "Amazon DPP and AUP", "date of the text"),
        new(AccessReview, Quarter, "Go through everybody who has access to machines, backups and the product, and take away what nobody needs.", "Amazon DPP 1.2", "accounts kept and closed"),
        new("asset-inventory", Quarter, "List the machines and programs that hold or reach Amazon's data.", "Amazon DPP 2.3", "where the list is"),
        new("device-protection", Quarter, "Confirm that devices of everybody with access run protection against malware that they cannot switch off.", "Amazon DPP 1.1", "number of devices"),
        new("restore-test", Quarter, "Restore the newest backup on another machine, with the master key from its safe place.", "Amazon DPP 2.7", "set, rows, time to restore"),
        new(IncidentDrill, HalfYear, "Practise an incident from opening to closing: ./run incident drill.", "Amazon DPP 1.6", "number of the drill"),
        new(IncidentPlan, HalfYear, "Read the incident plan, its roles and contacts, and put right what changed; again after every big change.", "Amazon DPP 1.6", "what changed"),
        new(SecurityAudit, Year, "Have the measures of docs/privacy/asvs.md, threats.md and controls.md audited.", "privacy policy", "who, where the report is, its SHA-256"),
        new(PenetrationTest, Year, "Have the installation attacked by somebody who is paid for it, and attacked again after the repairs.", "Amazon DPP 2.7", "who, where the report is, its SHA-256"),
        new("risk-assessment", Year, "Assess the risks together with the management.", "Amazon DPP 1.6", "where it is"),
        new("training", Year, "Train everybody with access in security and privacy.", "Amazon DPP 1.1", "who took part"),
        new(KeyRotation, Year, "Make new keys and client secrets (./run rotate-keys, Amazon's console).", "Amazon DPP 1.4", "ids of the new keys"),
        new(SubProcessors, Year, "Look at every sub-processor's contract and security, and renew its evidence.", "Amazon DPP 2.8", "names and days"),
        new("policy-review", Year, "Read the privacy policy against what is done, and publish a new version where they differ.", "GDPR, CCPA", "number of the version"),
        new("impact-assessment", Year, "Assess the impact on the people whose data is processed.", "GDPR article 35", "where it is"),
    ];

    /// <returns>Null when there is none of that name.</returns>
    public static Duty? Find(string id) => All.FirstOrDefault(duty => duty.Id == id);

    /// <param name="duty">Which.</param>
    /// <param name="began">When the installation, or this duty in it, began to count.</param>
    /// <param name="done">When it was done last; null before the first time.</param>
    /// <param name="now">To tell what is overdue.</param>
    public static DutyStanding Standing(Duty duty, DateTimeOffset began, DateTimeOffset? done, DateTimeOffset now)
    {
        var from = done ?? began;
        var due = from.AddDays(duty.EveryDays);
        return new(duty, from, done is not null, due, now >= due);
    }
}

using System.Globalization;
using System.Text;

namespace Autonoomi.Privacy;

/// <summary>Who is written to and who writes, as the operator configured it; nothing of it is in the code.</summary>
/// <param name="Operator">Name of who runs the service.</param>
/// <param name="Address">Postal address.</param>
/// <param name="Contact">The person or mail box that answers for incidents, reachable at any hour.</param>
/// <param name="AmazonMail">Where Amazon wants to be told.</param>
/// <param name="Authority">Which authority, and how it is told.</param>
public sealed record IncidentContacts(string Operator, string Address, string Contact, string AmazonMail, string Authority)
{
    public string For(IncidentNotice to) => to switch
    {
        IncidentNotice.Amazon => AmazonMail.Length > 0 ? AmazonMail : "(Autonoomi:Operator:AmazonIncidentMail is not set)",
        IncidentNotice.Sellers => "the sellers that it concerns, in the product",
        IncidentNotice.Authority => Authority.Length > 0 ? Authority : "(Autonoomi:Operator:Authority is not set)",
    };
}

/// <summary>Incidents in words, and drafts of the three notices, filled from the register's own facts.</summary>
public static class IncidentWords
{
    public static string Of(IncidentNotice to) => to switch { IncidentNotice.Amazon => "Amazon", IncidentNotice.Sellers => "the sellers", IncidentNotice.Authority => "the authority" };

    public static string Of(IncidentKind kind) => kind switch
    {
        IncidentKind.Disclosure => "disclosure",
        IncidentKind.Loss => "loss",
        IncidentKind.Tampering => "tampering",
        IncidentKind.Access => "access by somebody who had no right to it",
        IncidentKind.Secret => "a secret that others may know",
        IncidentKind.BuyerData => "data about shoppers where none may be",
        IncidentKind.ForeignEnvironment => "data, keys or addresses of another environment",
        IncidentKind.Failure => "failure",
    };

    public static string Of(TouchedData data) => data switch
    {
        TouchedData.Secrets => "keys, tokens or passwords",
        TouchedData.Buyers => "data about shoppers",
        TouchedData.Economics => "costs, goals and budgets that sellers gave",
        TouchedData.Amazon => "Amazon Information (campaigns, search terms, sales, stock)",
        TouchedData.Identity => "names and e-mail addresses of people who sign in",
        TouchedData.Operational => "logs and counts",
    };

    public static string Of(IReadOnlyList<TouchedData>? data) => data switch
    {
        null => "not known yet",
        { Count: 0 } => "none",
        _ => string.Join("; ", data.Distinct().Order().Select(each => Of(each))),
    };

    /// <summary>A draft; sending it is for a person.</summary>
    /// <param name="incident">What the register knows. Ids of sellers are never in a draft.</param>
    /// <param name="to">For whom.</param>
    /// <param name="contacts">From the configuration.</param>
    /// <param name="now">For the instant at the top.</param>
    public static string Draft(Incident incident, IncidentNotice to, IncidentContacts contacts, DateTimeOffset now)
    {
        var text = new StringBuilder();
        if (incident.IsDrill) Line("*** DRILL: practice, not to be sent ***", "");
        Line($"To: {contacts.For(to)}", $"From: {contacts.Operator}, {contacts.Address}", $"Date: {At(now)}");
        Line($"Subject: {(to == IncidentNotice.Sellers ? "An incident that concerns your data" : "Notice of a security incident")} ({incident.Number})", "");
        Line(to switch
        {
            IncidentNotice.Amazon => "We report an incident that may concern Amazon Information, as the Data Protection Policy asks within 24 hours of its detection.",
            IncidentNotice.Sellers => "We promised to tell you within 72 hours when something happens that may concern your data. It has, and this is what we know.",
            IncidentNotice.Authority => "We notify a personal data breach, or the suspicion of one, within 72 hours of having become aware of it.",
        }, "");
        Line($"Detected: {At(incident.DetectedAt)}", $"What happened: {incident.What}", $"Kind: {Of(incident.Facts.Kind)}{(incident.Facts.Severity == IncidentSeverity.Suspected ? "; not confirmed yet" : "")}");
        Line($"Data concerned: {Of(incident.Facts.Data)}");
        if (to != IncidentNotice.Sellers) Line($"Seller accounts concerned: {(incident.Facts.Sellers is { } sellers ? Count(sellers.Count) : "not known yet")}");
        var done = incident.Entries.Where(entry => entry.Step == IncidentStep.Contained).ToList();
        Line(done.Count == 0 ? "Done so far: we are working on it." : "Done so far:");
        foreach (var entry in done) Line($"- {At(entry.At)}: {entry.Text}");
        if (incident.Facts is { Data: null } or { Sellers: null } or { Severity: IncidentSeverity.Suspected }) Line("What is not known yet is being found out; we write again when it is.");
        if (to == IncidentNotice.Sellers) Line("You need to do nothing unless this notice says so. Your rights are in our privacy policy, the right to complain to an authority among them.");
        Line("", $"Contact for this incident: {contacts.Contact}");
        return text.ToString();

        void Line(params ReadOnlySpan<string> lines)
        {
            foreach (var line in lines) text.Append(line).Append('\n');
        }
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

using System.Net.Mail;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Policy;

/// <summary>Who runs this installation. Section <c>Autonoomi:Operator</c>; production refuses to start without it.</summary>
public sealed class OperatorSettings
{
    /// <summary>Name of the company or person.</summary>
    public string Name { get; set; } = "";

    /// <summary>Postal address, in one line.</summary>
    public string Address { get; set; } = "";

    /// <summary>Takes questions and requests about data.</summary>
    public string PrivacyMail { get; set; } = "";

    /// <summary>Takes reports of weaknesses.</summary>
    public string SecurityMail { get; set; } = "";

    /// <summary>Who answers for incidents and how that person is reached at any hour: name, telephone or mail.</summary>
    public string IncidentContact { get; set; } = "";

    /// <summary>Where Amazon wants to be told of an incident.</summary>
    public string AmazonIncidentMail { get; set; } = "";

    /// <summary>Which authority is told of a breach, and how; empty until somebody found out.</summary>
    public string Authority { get; set; } = "";

    /// <summary>File with the companies that help to run the service (docs/privacy/sub-processors.md); empty: there are none.</summary>
    public string SubProcessorFile { get; set; } = "";

    /// <summary>What a demonstration shows in the place of an operator.</summary>
    public OperatorSettings OrExample()
    {
        return new OperatorSettings
        {
            Name = Name.Length > 0 ? Name : "Example Operator",
            Address = Address.Length > 0 ? Address : "1 Example Street, Exampletown",
            PrivacyMail = PrivacyMail.Length > 0 ? PrivacyMail : "privacy@example.com",
            SecurityMail = SecurityMail.Length > 0 ? SecurityMail : "security@example.com",
            IncidentContact = IncidentContact.Length > 0 ? IncidentContact : "Example Contact, security@example.com",
            AmazonIncidentMail = AmazonIncidentMail,
            Authority = Authority,
            SubProcessorFile = SubProcessorFile,
        };
    }

    /// <summary>What the notices of an incident are filled in with.</summary>
    public IncidentContacts Contacts() => new(Name, Address, IncidentContact, AmazonIncidentMail, Authority);

    /// <returns>What production lacks: field, rule and fix, one sentence each.</returns>
    public IEnumerable<string> Faults()
    {
        foreach (var (field, value) in ((string, string)[])[(nameof(Name), Name), (nameof(Address), Address)])
            if (string.IsNullOrWhiteSpace(value) || value.Contains("Example", StringComparison.Ordinal)) yield return $"Autonoomi:Operator:{field} is '{value}': the privacy policy names who runs the service. Write it down.";
        foreach (var (field, value) in ((string, string)[])[(nameof(PrivacyMail), PrivacyMail), (nameof(SecurityMail), SecurityMail), (nameof(AmazonIncidentMail), AmazonIncidentMail)])
            if (!MailAddress.TryCreate(value, out var mail) || mail.Address != value || IsPlaceholder(mail.Host)) yield return $"Autonoomi:Operator:{field} is '{value}': people must be able to write to it. Give a mail address that is read.";
        if (string.IsNullOrWhiteSpace(IncidentContact) || IncidentContact.Contains("Example", StringComparison.Ordinal)) yield return $"Autonoomi:Operator:IncidentContact is '{IncidentContact}': somebody must answer for incidents at any hour. Write down who, and how to reach them.";
    }

    private static bool IsPlaceholder(string host) =>
        host is "example.com" or "example.net" or "example.org" || host.EndsWith(".example.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".example", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);
}

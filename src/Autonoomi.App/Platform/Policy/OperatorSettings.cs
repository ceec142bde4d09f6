using System.Net.Mail;

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

    /// <summary>Who helps to run the service and may come near data: hosting, mail.</summary>
    public List<SubProcessor> SubProcessors { get; } = [];

    /// <summary>What a demonstration shows in the place of an operator.</summary>
    public OperatorSettings OrExample()
    {
        var shown = new OperatorSettings
        {
            Name = Name.Length > 0 ? Name : "Example Operator",
            Address = Address.Length > 0 ? Address : "1 Example Street, Exampletown",
            PrivacyMail = PrivacyMail.Length > 0 ? PrivacyMail : "privacy@example.com",
            SecurityMail = SecurityMail.Length > 0 ? SecurityMail : "security@example.com",
        };
        shown.SubProcessors.AddRange(SubProcessors);
        return shown;
    }

    /// <returns>What production lacks: field, rule and fix, one sentence each.</returns>
    public IEnumerable<string> Faults()
    {
        foreach (var (field, value) in ((string, string)[])[(nameof(Name), Name), (nameof(Address), Address)])
            if (string.IsNullOrWhiteSpace(value) || value.Contains("Example", StringComparison.Ordinal)) yield return $"Autonoomi:Operator:{field} is '{value}': the privacy policy names who runs the service. Write it down.";
        foreach (var (field, value) in ((string, string)[])[(nameof(PrivacyMail), PrivacyMail), (nameof(SecurityMail), SecurityMail)])
            if (!MailAddress.TryCreate(value, out var mail) || mail.Address != value || IsPlaceholder(mail.Host)) yield return $"Autonoomi:Operator:{field} is '{value}': people must be able to write to it. Give a mail address that is read.";
        foreach (var other in SubProcessors)
            if (other.Name.Length == 0 || other.Task.Length == 0 || other.Data.Length == 0 || other.Place.Length == 0) yield return $"Autonoomi:Operator:SubProcessors: '{other.Name}' needs Name, Task, Data and Place.";
    }

    private static bool IsPlaceholder(string host) =>
        host is "example.com" or "example.net" or "example.org" || host.EndsWith(".example.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".example", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A company that helps to run the service.</summary>
public sealed class SubProcessor
{
    public string Name { get; set; } = "";

    /// <summary>What it does.</summary>
    public string Task { get; set; } = "";

    /// <summary>Which data it can come near.</summary>
    public string Data { get; set; } = "";

    /// <summary>Country.</summary>
    public string Place { get; set; } = "";
}

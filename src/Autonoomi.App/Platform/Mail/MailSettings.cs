using System.Globalization;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy;
using MimeKit;

namespace Autonoomi.App.Platform.Mail;

/// <summary>How the connection to the mail server is kept from being read.</summary>
public enum MailTls
{
    /// <summary>In clear at first, TLS before anything is said; a server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Implicit,

    /// <summary>None: outside production and to this machine alone.</summary>
    None,
}

/// <summary>Through which server mail leaves. Section <c>Autonoomi:Mail</c>; without a host nothing is mailed, and everything else works.</summary>
/// <param name="Host">Of the mail server; empty: no mail.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">How it is spoken to.</param>
/// <param name="User">Signs in at the server; empty for a server that asks nobody.</param>
/// <param name="Password">Of that user.</param>
/// <param name="From">The address that mail comes from.</param>
/// <param name="Own">The operator runs the server itself; another's company stands in the list of sub-processors.</param>
/// <param name="Product">Where links in mails lead: <see cref="Transport.PublicSetting"/>.</param>
public sealed record MailSettings(string Host, int Port, MailTls Tls, string User, Secret? Password, string From, bool Own, Uri? Product)
{
    private const string Section = "Autonoomi:Mail";
    private const int Submission = 587;
    private const int SubmissionOverTls = 465;

    public static MailSettings Off { get; } = new("", 0, MailTls.StartTls, "", null, "", false, null);

    public bool IsOn => Host.Length > 0;

    /// <summary>The server as a place, for the list of places that the product may reach.</summary>
    public Uri Server => new(string.Create(CultureInfo.InvariantCulture, $"smtp://{Host}:{Port}"));

    /// <exception cref="SetupException">A number or word cannot be read.</exception>
    public static MailSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section["Host"]?.Trim() is not { Length: > 0 } host) return Off;
        var port = section["Port"] is { Length: > 0 } typed
            ? int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65_535 ? number : throw new SetupException($"{Section}:Port is '{typed}': a port is a number from 1 to 65535, mostly {Submission} or {SubmissionOverTls}.")
            : Submission;
        var tls = section["Tls"] is { Length: > 0 } word
            ? Enum.TryParse<MailTls>(word, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : throw new SetupException($"{Section}:Tls is '{word}': it is StartTls, Implicit, or None for a mail server on this machine outside production.")
            : port == SubmissionOverTls ? MailTls.Implicit : MailTls.StartTls;
        var own = section["Own"] is { Length: > 0 } said && (bool.TryParse(said, out var truth) ? truth : throw new SetupException($"{Section}:Own is '{said}': it is true or false."));
        var product = configuration[Transport.PublicSetting] is { Length: > 0 } address && Uri.TryCreate(address, UriKind.Absolute, out var found) ? found : null;
        return new(host, port, tls, section["User"] ?? "", section["Password"] is { Length: > 0 } password ? new(password.TrimEnd('\r', '\n')) : null, section["From"]?.Trim() ?? "", own, product);
    }

    /// <returns>What keeps mail from leaving as it should: field, rule and fix, one sentence each; none while mail is off.</returns>
    public IEnumerable<string> Faults(DataEnvironment environment)
    {
        if (!IsOn) yield break;
        var production = environment == DataEnvironment.Production;
        var server = Uri.TryCreate(string.Create(CultureInfo.InvariantCulture, $"smtp://{Host}:{Port}"), UriKind.Absolute, out var place) && place.Host.Equals(Host, StringComparison.OrdinalIgnoreCase) ? place : null;
        if (server is null) yield return $"{Section}:Host is '{Host}': write the name of the mail server alone, without scheme and port.";
        else if (Tls == MailTls.None && (production || !server.IsLoopback)) yield return $"{Section}:Tls is None: mail would be readable on its way. Use StartTls or Implicit; None is for a mail server on this machine, outside production.";
        if ((User.Length > 0) != (Password is not null)) yield return $"{Section}:User and Password go together: one is set and the other is not. Put the password into a file of Autonoomi:SecretsFolder named Autonoomi__Mail__Password.";
        if (!MailboxAddress.TryParse(From, out var from) || from.Address != From || !from.Domain.Contains('.', StringComparison.Ordinal)) yield return $"{Section}:From is '{From}': write the address that mail comes from, like notices@example.com.";
        if (Product is null) yield return $"{Transport.PublicSetting} is not set, or no whole address: links in mails lead there. Write it like https://ads.example.com.";
        else if (Product.Scheme != Uri.UriSchemeHttps && (production || !Product.IsLoopback)) yield return $"{Transport.PublicSetting} is '{Product}': links in mails lead there, and go over https.";
    }
}

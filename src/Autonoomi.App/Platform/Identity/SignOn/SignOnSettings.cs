using System.Net.Mail;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <summary>For whom a first sign-in through the provider makes an account.</summary>
public enum NewPeople
{
    /// <summary>Only people who have an account here and linked it come in.</summary>
    Nobody,

    /// <summary>Also whoever follows an invitation of an owner.</summary>
    Invited,

    /// <summary>Also anybody whom the provider and the lists below let through: with an organisation of their own.</summary>
    Anybody,
}

/// <summary>Single sign-on by OpenID Connect. Section <c>Autonoomi:SignOn</c>; without an issuer there is none.</summary>
public sealed class SignOnSettings
{
    private const int LongestName = 40;

    /// <summary>The provider, letter by letter as it names itself, for example <c>https://login.example.com/tenant</c>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>How the provider knows the product.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>What the product proves itself with; best a file of <c>SecretsFolder</c>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>On the button.</summary>
    public string Name { get; set; } = "Single sign-on";

    /// <summary>Further public hosts that the provider's own addresses (codes, tokens, keys) lie on, with commas between; each by its whole name.</summary>
    public string Hosts { get; set; } = "";

    /// <summary>Domains of e-mail addresses that are let through, with commas between; empty lets all through.</summary>
    public string AllowedDomains { get; set; } = "";

    /// <summary>Claim that says to which of the provider's organisations a person belongs, for example <c>hd</c> or <c>tid</c>.</summary>
    public string OrganisationClaim { get; set; } = "";

    /// <summary>Values of that claim that are let through, with commas between; empty lets all through.</summary>
    public string AllowedOrganisations { get; set; } = "";

    /// <summary>The provider has checked every e-mail address that it names, though it does not say so of each.</summary>
    public bool EmailsAreVerified { get; set; }

    public NewPeople NewPeople { get; set; } = NewPeople.Nobody;

    public bool IsOn => Issuer.Length > 0;

    /// <summary>Where the provider describes itself.</summary>
    public Uri Metadata => new(Issuer.TrimEnd('/') + "/.well-known/openid-configuration");

    /// <summary>The client secret as it is handed to the sign-on's handler, and to nothing else.</summary>
    public Secret Secret => new(ClientSecret);

    public IReadOnlyList<string> HostList => Listed(Hosts);
    public IReadOnlyList<string> DomainList => Listed(AllowedDomains);
    public IReadOnlyList<string> OrganisationList => Listed(AllowedOrganisations);

    /// <param name="environment">Plain HTTP is for Development alone.</param>
    /// <returns>What is wrong, one sentence each with field, rule and fix; none when single sign-on is not configured.</returns>
    public IEnumerable<string> Faults(DataEnvironment environment)
    {
        if (!IsOn)
        {
            if (ClientId.Length > 0 || ClientSecret.Length > 0) yield return "Autonoomi:SignOn:Issuer is empty and a client is set: single sign-on needs its provider. Set the issuer, or take the client out.";
            yield break;
        }

        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Query.Length > 0 || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0 || issuer.Scheme is not ("https" or "http"))
            yield return "Autonoomi:SignOn:Issuer is no address without query: write it as the provider's own description does, for example https://login.example.com/tenant.";
        else if (issuer.Scheme != Uri.UriSchemeHttps && environment != DataEnvironment.Development)
            yield return "Autonoomi:SignOn:Issuer is not https: names and codes would travel in clear. Use the provider's https address.";
        if (ClientId.Length == 0) yield return "Autonoomi:SignOn:ClientId is empty: register the product with the provider and set the id that it gives.";
        if (ClientSecret.Length == 0) yield return "Autonoomi:SignOn:ClientSecret is empty: put the secret that the provider gave into a file of Autonoomi:SecretsFolder.";
        if (Name.Trim().Length is 0 or > LongestName || Name.Any(char.IsControl)) yield return $"Autonoomi:SignOn:Name stands on a button: write it on one line, at most {LongestName} characters.";
        foreach (var host in HostList)
            if (Uri.CheckHostName(host) != UriHostNameType.Dns || !host.Contains('.', StringComparison.Ordinal)) yield return $"Autonoomi:SignOn:Hosts names '{host}', which is no whole name of a host: write names like keys.example.com, with commas between.";
        foreach (var domain in DomainList)
            if (!MailAddress.TryCreate($"name@{domain}", out var mail) || mail.Host != domain) yield return $"Autonoomi:SignOn:AllowedDomains names '{domain}', which is no domain: write domains like example.com, with commas between.";
        if (OrganisationList.Count > 0 && OrganisationClaim.Length == 0) yield return "Autonoomi:SignOn:OrganisationClaim is empty and organisations are listed: name the claim that holds them, for example hd.";
        if (!Enum.IsDefined(NewPeople)) yield return "Autonoomi:SignOn:NewPeople is unknown: write Nobody, Invited or Anybody.";
    }

    private static string[] Listed(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

using Autonoomi.Privacy.Egress;

namespace Autonoomi.App.Features.Destinations;

/// <summary>Purposes and places in a seller's words.</summary>
internal static class DestinationWords
{
    /// <summary>How far back the page and the command look.</summary>
    public const int Days = 30;

    /// <summary>Purposes that concern a seller.</summary>
    public static IReadOnlyList<EgressPurpose> Shown { get; } = [EgressPurpose.Login, EgressPurpose.Ads, EgressPurpose.SellingPartner, EgressPurpose.Documents];

    public static string Of(EgressPurpose purpose) => purpose switch
    {
        EgressPurpose.Login => "Login with Amazon",
        EgressPurpose.Ads => "Amazon's Ads API",
        EgressPurpose.SellingPartner => "Amazon's Selling Partner API",
        EgressPurpose.Documents => "Report files of Amazon's",
        EgressPurpose.OwnDoor => "The product's own pages, for probes",
        EgressPurpose.Pretend => "The demo's pretend Amazon",
        EgressPurpose.SignOn => "The operator's single sign-on",
        EgressPurpose.Mail => "Mail that the product itself sends",
    };

    /// <returns>The entries of a list as a person reads them.</returns>
    public static IEnumerable<string> Places(EgressRule rule) => rule.Hosts
        .Select(host => host == ".amazonaws.com" ? "Amazon's storage service (s3, amazonaws.com)" : host.StartsWith('.') ? $"hosts below {host[1..]}" : host).Distinct()
        .Concat(rule.Origins.Select(origin => $"{origin.Authority} (pretend Amazon)")).DefaultIfEmpty("nothing");
}

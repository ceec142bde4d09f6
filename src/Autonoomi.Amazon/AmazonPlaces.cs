using Autonoomi.Privacy.Egress;

namespace Autonoomi.Amazon;

/// <summary>Where each kind of call may go, from the options as they stand.</summary>
public static class AmazonPlaces
{
    /// <param name="purpose">What the call is for.</param>
    /// <param name="options">Whose hosts count; a pretend Amazon is let through exactly, with its port.</param>
    /// <returns>Nowhere for purposes that are not Amazon's.</returns>
    public static EgressRule Of(EgressPurpose purpose, AmazonOptions options) => purpose switch
    {
        EgressPurpose.Login => Api(options, region => region.Token),
        EgressPurpose.Ads => Api(options, region => region.Ads),
        EgressPurpose.SellingPartner => Api(options, region => region.SellingPartner),
        EgressPurpose.Documents => Files(options),
        _ => EgressRule.Nowhere,
    };

    private static EgressRule Api(AmazonOptions options, Func<RegionAddresses, Uri> of)
    {
        var addresses = options.Regions.Values.Select(of).Distinct().ToList();
        return new([.. addresses.Where(address => address != options.PretendAt).Select(address => address.Host)], options.PretendAt is { } pretend && addresses.Contains(pretend) ? [pretend] : []);
    }

    private static EgressRule Files(AmazonOptions options)
    {
        var pretend = options.PretendAt is { } at && options.DownloadHosts.Contains(at.Host) && (options.AllowPlainHttp || at.Scheme == Uri.UriSchemeHttps) ? at : null;
        return new([.. options.DownloadHosts.Where(host => host != pretend?.Host)], pretend is null ? [] : [pretend]);
    }
}

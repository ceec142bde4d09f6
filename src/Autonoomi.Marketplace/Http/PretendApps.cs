namespace Autonoomi.Marketplace.Http;

/// <summary>The applications that the pretend Amazon knows. Their secrets open nothing but a pretend Amazon, so they are no secrets.</summary>
public static class PretendApps
{
    /// <summary>Login client of the Ads API.</summary>
    public const string AdsClientId = "amzn1.application-oa2-client.pretend0ads00000000000000000000";

    public const string AdsClientSecret = "pretend-ads-client-secret";

    /// <summary>Login client of the Selling Partner API: another one than that of the Ads API.</summary>
    public const string SellingPartnerClientId = "amzn1.application-oa2-client.pretend0sp000000000000000000000";

    public const string SellingPartnerClientSecret = "pretend-selling-partner-client-secret";

    /// <summary>The id that the consent page of Seller Central asks for; the application counts as published, so no <c>version=beta</c>.</summary>
    public const string SellingPartnerApplicationId = "amzn1.sp.solution.pretend0-0000-0000-0000-000000000000";

    /// <summary>A Selling Partner application that is still a draft: its consent page wants <c>version=beta</c>. Same login client as the published one.</summary>
    public const string DraftApplicationId = "amzn1.sp.solution.pretend0-0000-0000-0000-00000000beta";

    /// <summary>A seller's own security profile for the Ads API.</summary>
    public const string OwnAdsClientId = "amzn1.application-oa2-client.pretend0ownads000000000000000";

    public const string OwnAdsClientSecret = "pretend-own-ads-client-secret";

    /// <summary>Login client of a seller's own private application, authorised without a consent page.</summary>
    public const string OwnSellingPartnerClientId = "amzn1.application-oa2-client.pretend0ownsp0000000000000000";

    public const string OwnSellingPartnerClientSecret = "pretend-own-selling-partner-client-secret";

    public const string AdsScope = "advertising::campaign_management";

    /// <summary>Codes that fault injection may switch to: <c>ads</c> or <c>sellingPartner</c>.</summary>
    internal static string? SecretOf(string clientId) => clientId switch
    {
        AdsClientId => AdsClientSecret,
        SellingPartnerClientId => SellingPartnerClientSecret,
        OwnAdsClientId => OwnAdsClientSecret,
        OwnSellingPartnerClientId => OwnSellingPartnerClientSecret,
        _ => null,
    };
}

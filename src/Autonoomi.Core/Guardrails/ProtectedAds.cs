using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Guardrails;

/// <summary>Where protected products are advertised.</summary>
internal sealed class ProtectedAds
{
    private readonly HashSet<AdGroupId> groups = [];
    private readonly HashSet<CampaignId> campaigns = [];

    public static ProtectedAds Of(Workspace workspace)
    {
        var ads = new ProtectedAds();
        if (workspace.Settings.ProtectedProducts.IsDefaultOrEmpty) return ads;
        var products = workspace.Settings.ProtectedProducts.ToHashSet();
        foreach (var ad in workspace.ProductAds)
        {
            if (ad.State == EntityState.Archived || !products.Contains(ad.Sku)) continue;
            ads.groups.Add(ad.AdGroup);
            ads.campaigns.Add(ad.Campaign);
        }

        return ads;
    }

    public bool Holds(Change change) => campaigns.Count > 0 && (Group(change) is { } group ? groups.Contains(group) : campaigns.Contains(change.Campaign));

    public bool Holds(CampaignId campaign) => campaigns.Contains(campaign);

    // What names no ad group changes the campaign as a whole.
    private static AdGroupId? Group(Change change) => change switch
    {
        SetBid bid => bid.AdGroup,
        SetTargetState state => state.AdGroup,
        SetAdGroupState state => state.AdGroup,
        CreateTarget create => create.AdGroup,
        AddNegative negative => negative.AdGroup,
        ArchiveNegative archive => archive.AdGroup,
        _ => null,
    };
}

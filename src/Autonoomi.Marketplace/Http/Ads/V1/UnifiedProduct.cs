using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>The four kinds of thing that Ads API v1 knows: keywords, products, auto clauses and negatives are all targets.</summary>
internal enum UnifiedKind { Campaign, AdGroup, Ad, Target }

/// <summary>One kind of thing on the wire of Ads API v1.</summary>
/// <param name="Kind">Our word.</param>
/// <param name="Key">Name of the list in paths and bodies.</param>
/// <param name="Single">Name of the full object in a mutation's answer.</param>
/// <param name="Id">Name of the id.</param>
internal sealed record UnifiedResource(UnifiedKind Kind, string Key, string Single, string Id)
{
    public static readonly UnifiedResource[] All =
    [
        new(UnifiedKind.Campaign, "campaigns", "campaign", "campaignId"),
        new(UnifiedKind.AdGroup, "adGroups", "adGroup", "adGroupId"),
        new(UnifiedKind.Ad, "ads", "ad", "adId"),
        new(UnifiedKind.Target, "targets", "target", "targetId"),
    ];
}

/// <summary>One entity as queries filter it and bodies show it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="CampaignId">Its campaign, or itself.</param>
/// <param name="AdGroupId">Its ad group, itself, or null.</param>
/// <param name="State">As it stands.</param>
/// <param name="Text">Name, keyword or product.</param>
/// <param name="Body">The entity on the wire.</param>
/// <param name="TargetType">Of targets.</param>
/// <param name="Match">Of targets.</param>
/// <param name="Negative">Of targets.</param>
/// <param name="PortfolioId">Of campaigns.</param>
internal sealed record UnifiedView(
    long Id, long CampaignId, long? AdGroupId, EntityState State, string Text, Func<JsonObject> Body, string? TargetType = null, string? Match = null, bool Negative = false, long? PortfolioId = null);

/// <param name="Items">Items of a mutation at most.</param>
/// <param name="Page">Largest page of a query.</param>
/// <param name="Ids">Own ids in a filter at most.</param>
/// <param name="Parents">Ids of parents in a filter at most.</param>
internal sealed record UnifiedLimits(int Items, int Page, int Ids, int Parents);

/// <summary>One advertising product behind the unified model.</summary>
internal interface IUnifiedProduct
{
    /// <summary>Amazon's word, for example <c>SPONSORED_PRODUCTS</c>.</summary>
    string Name { get; }

    UnifiedLimits Limits(UnifiedKind kind);

    IEnumerable<UnifiedView> All(UnifiedKind kind);

    /// <summary>Reads the whole item first, so that a malformed one refuses the request before anything is written.</summary>
    /// <exception cref="MalformedBodyException">The item does not have the schema's types.</exception>
    Func<WriteResult> Create(UnifiedKind kind, Item item);

    /// <summary>As <see cref="Create"/>.</summary>
    Func<WriteResult> Update(UnifiedKind kind, long id, Item item);

    WriteResult Archive(UnifiedKind kind, long id);

    /// <returns>Whether this product has an entity of this id.</returns>
    bool Has(UnifiedKind kind, long id);
}

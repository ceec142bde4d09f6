#pragma warning disable MA0025, IDE0005, IDE0052, CA1823, S4487, CS0414 // signatures first; bodies follow today
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>The seller's Sponsored Products account: entities, Amazon's rules for changing them, and a log of every attempt.</summary>
public sealed class AdAccount
{
    private readonly MarketWorld world;

    internal AdAccount(MarketWorld world) => this.world = world;

    // In order of id.
    public IReadOnlyCollection<WorldCampaign> Campaigns => throw new NotImplementedException();
    public IReadOnlyCollection<WorldAdGroup> AdGroups => throw new NotImplementedException();
    public IReadOnlyCollection<WorldProductAd> ProductAds => throw new NotImplementedException();
    public IReadOnlyCollection<WorldTarget> Targets => throw new NotImplementedException();
    public IReadOnlyCollection<WorldNegative> Negatives => throw new NotImplementedException();

    public IReadOnlyList<WriteEntry> Writes => throw new NotImplementedException();

    public WorldCampaign? Campaign(long id) => throw new NotImplementedException();
    public WorldAdGroup? AdGroup(long id) => throw new NotImplementedException();
    public WorldProductAd? ProductAd(long id) => throw new NotImplementedException();
    public WorldTarget? Target(long id) => throw new NotImplementedException();
    public WorldNegative? Negative(long id) => throw new NotImplementedException();

    public WriteResult Create(CampaignDraft draft) => throw new NotImplementedException();
    public WriteResult Create(AdGroupDraft draft) => throw new NotImplementedException();
    public WriteResult Create(ProductAdDraft draft) => throw new NotImplementedException();
    public WriteResult Create(KeywordDraft draft) => throw new NotImplementedException();
    public WriteResult Create(TargetDraft draft) => throw new NotImplementedException();
    public WriteResult Create(NegativeDraft draft) => throw new NotImplementedException();

    public WriteResult Update(CampaignEdit edit) => throw new NotImplementedException();
    public WriteResult Update(AdGroupEdit edit) => throw new NotImplementedException();
    public WriteResult Update(ProductAdEdit edit) => throw new NotImplementedException();
    public WriteResult Update(TargetEdit edit) => throw new NotImplementedException();
    public WriteResult Update(NegativeEdit edit) => throw new NotImplementedException();

    /// <summary>Amazon's delete operations: archive for ever.</summary>
    public WriteResult Archive(AdEntityKind kind, long id) => throw new NotImplementedException();
}

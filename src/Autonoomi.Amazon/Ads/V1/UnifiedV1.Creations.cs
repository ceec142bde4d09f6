using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;

namespace Autonoomi.Amazon.Ads.V1;

internal sealed partial class UnifiedV1
{
    public async Task<IReadOnlyList<ChangeOutcome>> CreateAsync(IReadOnlyList<Creation> creations, CancellationToken cancellationToken)
    {
        if (product != AdProduct.SponsoredProducts) return Writes.Same(creations.Count, Writes.NoSuchOperation("Campaigns, ad groups and product ads are made of Sponsored Products alone."));
        var outcomes = new ChangeOutcome?[creations.Count];
        await EachAsync<CreateCampaign>(limits.CampaignsPerWrite, campaign => campaign.Strategy != BiddingStrategy.RuleBased, (batch, ct) =>
            SendAsync(Call("create/campaigns", repeatable: false, new CampaignCreations([.. batch.Select(Written)]), UnifiedJson.Default.CampaignCreations), batch.Count, "campaign", ct)).ConfigureAwait(false);
        await EachAsync<CreateAdGroup>(Limits.AdGroupsPerWrite, _ => true, (batch, ct) => SendAsync(Call("create/adGroups", repeatable: false, new AdGroupCreations([.. batch.Select(group =>
            new AdGroupCreation(UnifiedWords.Written(product), UnifiedWords.Text(group.Campaign.Value), group.Name, UnifiedWords.Written(EntityState.Enabled), new(group.DefaultBid.Amount)))]), UnifiedJson.Default.AdGroupCreations), batch.Count, "adGroup", ct)).ConfigureAwait(false);
        await EachAsync<CreateProductAd>(Limits.AdsPerWrite, _ => true, (batch, ct) => SendAsync(Call("create/ads", repeatable: false, new AdCreations([.. batch.Select(ad =>
            new AdCreation(UnifiedWords.Written(product), UnifiedWords.Text(ad.AdGroup.Value), "PRODUCT_AD", UnifiedWords.Written(EntityState.Enabled), new(new(new(new(ad.Sku.Value, "SKU", null, null))), null)))]), UnifiedJson.Default.AdCreations), batch.Count, "ad", ct)).ConfigureAwait(false);

        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation(SponsoredProductsV3.NoRules))];

        Task EachAsync<T>(int batchSize, Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Creation => Writes.EachAsync(creations, outcomes, batchSize, belongs, write, cancellationToken);
    }

    public async Task<IReadOnlyList<Twin?>> FindAsync(IReadOnlyList<Creation> wanted, CancellationToken cancellationToken) => product != AdProduct.SponsoredProducts ? new Twin?[wanted.Count] : await Twins.FindAsync(
        wanted,
        async (names, ct) => (await CampaignsAsync(new UnifiedQuery { NameFilter = new(names), StateFilter = Living }, ct).ConfigureAwait(false)).Select(Read),
        async (names, campaigns, ct) => (await AdGroupsAsync(new UnifiedQuery { CampaignIdFilter = new([.. campaigns.Select(UnifiedWords.Text)]), NameFilter = new(names), StateFilter = Living }, ct).ConfigureAwait(false)).Select(Read),
        async (adGroups, ct) => await AdsAsync(new UnifiedQuery { AdGroupIdFilter = new([.. adGroups.Select(UnifiedWords.Text)]), StateFilter = Living }, ct).ConfigureAwait(false),
        cancellationToken).ConfigureAwait(false);

    private CampaignCreation Written(CreateCampaign campaign)
    {
        // A placement that is not named has no increase.
        var placements = Enum.GetValues<Placement>().Where(placement => campaign.PercentAt(placement) != 0).Select(placement => new PlacementAdjustment(UnifiedWords.Written(placement), campaign.PercentAt(placement))).ToArray();
        return new(
            UnifiedWords.Written(product), campaign.Name, UnifiedWords.Written(EntityState.Paused), "SINGLE_MARKETPLACE", [UnifiedWords.Country(session.Marketplace)], UnifiedWords.Midnight(session.Marketplace, campaign.Start),
            new(campaign.Targeting == TargetingType.Auto), [new("MONETARY", "DAILY", new(new(new(campaign.DailyBudget.Amount))))],
            new(new(UnifiedWords.Written(campaign.Strategy), placements.Length == 0 ? null : new(placements))));
    }
}

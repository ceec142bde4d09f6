using System.Globalization;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredProductsV3
{
    public async Task<IReadOnlyList<ChangeOutcome>> CreateAsync(IReadOnlyList<Creation> creations, CancellationToken cancellationToken)
    {
        var outcomes = new ChangeOutcome?[creations.Count];
        await EachAsync<CreateCampaign>(campaign => campaign.Strategy != BiddingStrategy.RuleBased, (batch, ct) => WriteAsync(HttpMethod.Post, Route.Campaigns,
            [.. batch.Select(campaign => new CampaignCreation(
                campaign.Name, campaign.Targeting == TargetingType.Auto ? "AUTO" : "MANUAL", Written(EntityState.Paused), campaign.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                new(campaign.DailyBudget.Amount, "DAILY"), new(Written(campaign.Strategy), Placements(campaign))))],
            AdsJson.Default.DictionaryStringCampaignCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<CreateAdGroup>(_ => true, (batch, ct) => WriteAsync(HttpMethod.Post, Route.AdGroups,
            [.. batch.Select(group => new AdGroupCreation(Text(group.Campaign.Value), group.Name, group.DefaultBid.Amount, Written(EntityState.Enabled)))], AdsJson.Default.DictionaryStringAdGroupCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<CreateProductAd>(_ => true, (batch, ct) => WriteAsync(HttpMethod.Post, Route.ProductAds,
            [.. batch.Select(ad => new ProductAdCreation(Text(ad.Campaign.Value), Text(ad.AdGroup.Value), ad.Sku.Value, Written(EntityState.Enabled)))], AdsJson.Default.DictionaryStringProductAdCreationArray, ct)).ConfigureAwait(false);

        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation(NoRules))];

        Task EachAsync<T>(Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Creation => Writes.EachAsync(creations, outcomes, ItemsPerWrite, belongs, write, cancellationToken);
    }

    public Task<IReadOnlyList<Twin?>> FindAsync(IReadOnlyList<Creation> wanted, CancellationToken cancellationToken) => Twins.FindAsync(
        wanted,
        async (names, ct) => (await ListAsync(Route.Campaigns, new ListRequest { NameFilter = new(names), StateFilter = Living, MaxResults = CampaignsPerPage }, page => page.Campaigns, item => item.CampaignId, ct).ConfigureAwait(false)).Select(Read),
        async (names, campaigns, ct) => (await ListAsync(Route.AdGroups, new ListRequest { CampaignIdFilter = new([.. campaigns.Select(Text)]), NameFilter = new(names), StateFilter = Living, MaxResults = OthersPerPage }, page => page.AdGroups, item => item.AdGroupId, ct).ConfigureAwait(false)).Select(Read),
        async (adGroups, ct) => (await ListAsync(Route.ProductAds, new ListRequest { AdGroupIdFilter = new([.. adGroups.Select(Text)]), StateFilter = Living, MaxResults = OthersPerPage }, page => page.ProductAds, item => item.AdId, ct).ConfigureAwait(false)).Select(Read),
        cancellationToken);

    internal const string NoRules = "A campaign whose bids a rule of Amazon's moves is made in Amazon's console: its rule has to be chosen there.";

    // A placement that is not named has no increase.
    private static PlacementBid[]? Placements(CreateCampaign campaign) =>
        Enum.GetValues<Placement>().Where(placement => campaign.PercentAt(placement) != 0).Select(placement => new PlacementBid(Written(placement), campaign.PercentAt(placement))).ToArray() is { Length: > 0 } named ? named : null;

    private static string Written(BiddingStrategy strategy) => strategy switch
    {
        BiddingStrategy.DownOnly => "LEGACY_FOR_SALES",
        BiddingStrategy.UpAndDown => "AUTO_FOR_SALES",
        BiddingStrategy.Fixed => "MANUAL",
        BiddingStrategy.RuleBased => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "Never created here."),
    };
}

using System.Text.Json.Serialization.Metadata;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads.V1;

/// <summary>
/// Adapter B: Ads API v1, one model for Sponsored Products and Sponsored Brands (<c>POST /adsApi/v1/{query|create|update|delete}/…</c>). Keywords, products, auto clauses and negatives are all targets with one id;
/// ids are those of the older APIs. Amazon has no bid suggestions, exports or reports here: those stay with the older services.
/// </summary>
internal sealed partial class UnifiedV1(AdsSession session, AdProduct product) : IAdAdapter
{
    private const string Root = "/adsApi/v1/";
    private static readonly Include<string> Living = new(["ENABLED", "PAUSED"]);
    private static readonly Include<string> AnyState = new(["ENABLED", "PAUSED", "ARCHIVED"]);
    private readonly Limits limits = Limits.Of(product);

    public AdProduct AdProduct => product;

    private Include<string> Only => new([UnifiedWords.Written(product)]);

    public async Task<IReadOnlyList<Campaign>> CampaignsAsync(CancellationToken cancellationToken) =>
        [.. (await CampaignsAsync(new UnifiedQuery { StateFilter = Living }, cancellationToken).ConfigureAwait(false)).Select(Read)];

    public async Task<bool> HasArchivedAsync(CancellationToken cancellationToken) =>
        (await CampaignsAsync(new UnifiedQuery { StateFilter = new(["ARCHIVED"]) }, cancellationToken).ConfigureAwait(false)).Count > 0;

    public async Task<IReadOnlyList<AdGroup>> AdGroupsAsync(CancellationToken cancellationToken) =>
        [.. (await AdGroupsAsync(new UnifiedQuery { StateFilter = Living }, cancellationToken).ConfigureAwait(false)).Select(Read)];

    public Task<IReadOnlyList<ProductAd>> ProductAdsAsync(CancellationToken cancellationToken) => AdsAsync(new UnifiedQuery { StateFilter = Living }, cancellationToken);

    public async Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<AdGroup> adGroups, CancellationToken cancellationToken)
    {
        var parents = adGroups.ToDictionary(group => group.Id);
        var all = new List<Target>();
        foreach (var item in await TargetsAsync(negative: false, new UnifiedQuery { StateFilter = Living }, cancellationToken).ConfigureAwait(false))
        {
            if (item.AdGroupId is null) continue;
            var (kind, match, text) = UnifiedWords.Clause(item, product);
            var group = new AdGroupId(UnifiedWords.Number(item.AdGroupId, "adGroupId"));
            var parent = parents.GetValueOrDefault(group);

            // Without an own bid and without a living ad group there is nothing in force.
            if (Bid(item) is not { } bid) continue;
            all.Add(new(new(UnifiedWords.Number(item.TargetId, "targetId")), Campaign(item, parent?.Campaign), group, kind, match, text, UnifiedWords.State(item.State), bid));

            Money? Bid(UnifiedTarget target) => target.Bid?.Amount is { } own ? new Money(own, session.Marketplace.Currency) : parent is { DefaultBid.Amount: > 0 } ? parent.DefaultBid : null;
        }

        return all;
    }

    public async Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken)
    {
        var found = await TargetsAsync(negative: true, new UnifiedQuery { StateFilter = Living }, cancellationToken).ConfigureAwait(false);

        // The campaign of a negative may be left out where its ad group is named.
        var parents = found.All(item => item.CampaignId is not null) ? [] : (await AdGroupsAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(group => group.Id, group => group.Campaign);
        var all = new List<Negative>();
        foreach (var item in found)
        {
            var (_, match, text) = UnifiedWords.Clause(item, product);
            var group = item.AdGroupId is null ? (AdGroupId?)null : new AdGroupId(UnifiedWords.Number(item.AdGroupId, "adGroupId"));
            if (item.CampaignId is null && !(group is { } known && parents.ContainsKey(known))) continue;
            all.Add(new(new(UnifiedWords.Number(item.TargetId, "targetId")), Campaign(item, group is { } id ? parents.GetValueOrDefault(id) : null), group, UnifiedWords.Negated(match), text, UnifiedWords.State(item.State)));
        }

        return all;
    }

    private Campaign Read(UnifiedCampaign item) => new(
        new(UnifiedWords.Number(item.CampaignId, "campaignId")), item.Name ?? "", item.AutoCreationSettings is { AutoCreateTargets: true } ? TargetingType.Auto : TargetingType.Manual, UnifiedWords.State(item.State),
        new Money(Budget(item) ?? 0m, session.Marketplace.Currency), Strategy(item),
        Percent(item, Placement.TopOfSearch), Percent(item, Placement.RestOfSearch), Percent(item, Placement.ProductPages))
    {
        AdProduct = product,
        CostType = CostTypes.Of(item.CostType),
        BudgetPeriod = product == AdProduct.SponsoredBrands && item.Budgets is [{ } budget, ..] ? CostTypes.Budget(budget.RecurrenceTimePeriod) : BudgetPeriod.Unknown,
    };

    private AdGroup Read(UnifiedAdGroup item) => new(
        new(UnifiedWords.Number(item.AdGroupId, "adGroupId")), new(UnifiedWords.Number(item.CampaignId, "campaignId")), item.Name ?? "", UnifiedWords.State(item.State),
        new Money(item.Bid?.Amount ?? 0m, session.Marketplace.Currency));

    private async Task<IReadOnlyList<ProductAd>> AdsAsync(UnifiedQuery query, CancellationToken cancellationToken)
    {
        var found = await QueryAsync("ads", query with { MaxResults = limits.AdsPerPage }, page => page.Ads, item => item.AdId, cancellationToken).ConfigureAwait(false);

        // An ad of Sponsored Brands shows several products: it stands once for each of them.
        return [.. from item in found
                   where UnifiedWords.State(item.State) != EntityState.Archived
                   from shown in Products(item.Creative).Select(product => (Sku: Product(product, "SKU"), Asin: Product(product, "ASIN"))).Distinct().DefaultIfEmpty((Sku: "", Asin: ""))
                   select new ProductAd(
                       new(UnifiedWords.Number(item.AdId, "adId")), new(UnifiedWords.Number(item.CampaignId, "campaignId")), new(UnifiedWords.Number(item.AdGroupId, "adGroupId")),
                       new(shown.Sku), new(shown.Asin), UnifiedWords.State(item.State))];
    }

    private static CampaignId Campaign(UnifiedTarget target, CampaignId? ofAdGroup) => target.CampaignId is null && ofAdGroup is { } parent ? parent : new(UnifiedWords.Number(target.CampaignId, "campaignId"));

    // Sponsored Brands has two words of its own: bids as they are, or placed by Amazon, which lowers them away from the top of search.
    private BiddingStrategy Strategy(UnifiedCampaign campaign) => (product, campaign.Optimizations?.BidSettings?.BidStrategy) switch
    {
        (AdProduct.SponsoredBrands, "MANUAL") => BiddingStrategy.Fixed,
        (AdProduct.SponsoredBrands, _) => BiddingStrategy.DownOnly,
        (_, var strategy) => UnifiedWords.Strategy(strategy),
    };

    private static decimal? Budget(UnifiedCampaign campaign) => campaign.Budgets is [{ } budget, ..] ? budget.BudgetValue.MonetaryBudgetValue.MonetaryBudget.Value : null;

    private static int Percent(UnifiedCampaign campaign, Placement placement) =>
        campaign.Optimizations?.BidSettings?.BidAdjustments?.PlacementBidAdjustments?.FirstOrDefault(entry => entry.Placement == UnifiedWords.Written(placement))?.Percentage ?? 0;

    private static IEnumerable<AdvertisedProduct> Products(Creative? creative) => creative switch
    {
        { ProductCreative.ProductCreativeSettings.AdvertisedProduct: { } product } => [product],
        { ComponentCreative: { } component } => [.. component.ProductCollectionSettings?.Products ?? [], .. component.ProductVideoSettings?.Products ?? [], .. component.ResponsiveEcommerceSettings?.Products ?? []],
        _ => [],
    };

    private static string Product(AdvertisedProduct product, string type) =>
        (product.ProductIdType == type ? product.ProductId : product.ResolvedProductIdType == type ? product.ResolvedProductId : null) ?? "";

    private Task<IReadOnlyList<UnifiedCampaign>> CampaignsAsync(UnifiedQuery query, CancellationToken cancellationToken) =>
        QueryAsync("campaigns", query with { MaxResults = limits.CampaignsPerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken);

    private Task<IReadOnlyList<UnifiedAdGroup>> AdGroupsAsync(UnifiedQuery query, CancellationToken cancellationToken) =>
        QueryAsync("adGroups", query with { MaxResults = limits.AdGroupsPerPage }, page => page.AdGroups, item => item.AdGroupId, cancellationToken);

    /// <param name="negative">Null for both.</param>
    /// <param name="query">Further filters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task<IReadOnlyList<UnifiedTarget>> TargetsAsync(bool? negative, UnifiedQuery query, CancellationToken cancellationToken)
    {
        var asked = query with { MaxResults = limits.TargetsPerPage, NegativeFilter = negative is { } wanted ? new([wanted]) : null };
        return await QueryAsync("targets", asked, page => page.Targets, item => item.TargetId ?? "", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All pages of one query. Pages are no snapshot, so an entity may come twice: the later one counts.</summary>
    private async Task<IReadOnlyList<T>> QueryAsync<T>(string entity, UnifiedQuery query, Func<UnifiedPage, T[]?> items, Func<T, string> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var call = Call($"query/{entity}", repeatable: true, query with { AdProductFilter = Only, NextToken = next }, UnifiedJson.Default.UnifiedQuery);
            var page = await session.ReadAsync(call, UnifiedJson.Default.UnifiedPage, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page) ?? []) found[id(item)] = item;
            if (page.NextToken is { Length: > 0 } token && token == next) throw new AmazonApiException(call.Plan.Operation, null, null, "the list gives the same page for ever", null);
            next = string.IsNullOrEmpty(page.NextToken) ? null : page.NextToken;
        }
        while (next is not null);

        return [.. found.Values];
    }

    private AmazonCalls.Call Call<T>(string path, bool repeatable, T body, JsonTypeInfo<T> type) =>
        session.Call(HttpMethod.Post, Root + path, "application/json", repeatable, body, type) with { ClientIdHeader = "Amazon-Ads-ClientId" };

    /// <summary>Where the three specifications of Ads API v1 differ (July 2026).</summary>
    /// <param name="CampaignsPerWrite">Campaigns of one mutation.</param>
    /// <param name="CampaignsPerPage">Of one query.</param>
    /// <param name="AdGroupsPerPage">Of one query.</param>
    /// <param name="AdsPerPage">Of one query.</param>
    /// <param name="TargetsPerPage">Of one query.</param>
    /// <param name="CampaignIds">In a filter.</param>
    /// <param name="AdGroupIds">In a filter.</param>
    /// <param name="CampaignNegatives">Whether a negative can stand for a whole campaign.</param>
    private sealed record Limits(
        int CampaignsPerWrite, int CampaignsPerPage, int AdGroupsPerPage, int AdsPerPage, int TargetsPerPage, int CampaignIds, int AdGroupIds, bool CampaignNegatives)
    {
        public const int TargetsPerWrite = 1000;
        public const int AdGroupsPerWrite = 1000;
        public const int AdsPerWrite = 1000;
        public const int TargetIds = 100;
        public const int Parents = 100;

        public static Limits Of(AdProduct product) => product switch
        {
            // A page of campaigns with more than 500 has been seen to fail in the older API (ads-advanced-tools-docs issue 287).
            AdProduct.SponsoredProducts => new(1000, 500, 1000, 1000, 1000, 1000, 1000, CampaignNegatives: true),
            AdProduct.SponsoredBrands => new(10, 100, 100, 100, 5000, 10, 100, CampaignNegatives: false),
            AdProduct.SponsoredDisplay => throw new NotSupportedException("Sponsored Display is read and written by its own operations: an ad of Ads API v1 names its product by one id alone."),
        };
    }
}

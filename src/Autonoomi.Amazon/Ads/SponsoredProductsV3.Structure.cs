using System.Globalization;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredProductsV3
{
    // A page of campaigns with more than 500 has been seen to fail at Amazon (ads-advanced-tools-docs issue 287).
    private const int CampaignsPerPage = 500;
    private const int OthersPerPage = 1000;
    internal const string Refined = " (refined)";
    private static readonly Ids Living = new(["ENABLED", "PAUSED"]);
    private static readonly Ids AnyState = new(["ENABLED", "PAUSED", "ARCHIVED"]);

    public async Task<IReadOnlyList<Core.Advertising.Campaign>> CampaignsAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync(Route.Campaigns, new ListRequest { StateFilter = Living, MaxResults = CampaignsPerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    public async Task<bool> HasArchivedAsync(CancellationToken cancellationToken) =>
        (await ListAsync(Route.Campaigns, new ListRequest { StateFilter = new(["ARCHIVED"]), MaxResults = CampaignsPerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken).ConfigureAwait(false)).Count > 0;

    public async Task<IReadOnlyList<Core.Advertising.AdGroup>> AdGroupsAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync(Route.AdGroups, new ListRequest { StateFilter = Living, MaxResults = OthersPerPage }, page => page.AdGroups, item => item.AdGroupId, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    public async Task<IReadOnlyList<Core.Advertising.ProductAd>> ProductAdsAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync(Route.ProductAds, new ListRequest { StateFilter = Living, MaxResults = OthersPerPage }, page => page.ProductAds, item => item.AdId, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Read)];
    }

    public async Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<Core.Advertising.AdGroup> adGroups, CancellationToken cancellationToken)
    {
        var defaults = adGroups.ToDictionary(group => group.Id, group => group.DefaultBid);
        var all = new List<Target>();
        foreach (var item in await ListAsync(Route.Keywords, new ListRequest { StateFilter = Living, MaxResults = OthersPerPage }, page => page.Keywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false))
        {
            var (match, text) = KeywordMatch(item.MatchType) is { } known ? (known, item.KeywordText ?? "") : (MatchType.Other, ClauseWords.OtherKeyword(item.MatchType, item.KeywordText));
            var group = new AdGroupId(Number(item.AdGroupId, "adGroupId"));
            if (Bid(item.Bid, group) is { } bid)
                all.Add(new(new(Number(item.KeywordId, "keywordId")), new(Number(item.CampaignId, "campaignId")), group, TargetKind.Keyword, match, text, State(item.State), bid));
        }

        foreach (var item in await ListAsync(Route.Targets, new ListRequest { StateFilter = Living, MaxResults = OthersPerPage }, page => page.TargetingClauses, item => item.TargetId, cancellationToken).ConfigureAwait(false))
        {
            var (kind, match, text) = ClauseWords.Of(item.Expression ?? []);
            var group = new AdGroupId(Number(item.AdGroupId, "adGroupId"));
            if (Bid(item.Bid, group) is { } bid)
                all.Add(new(new(Number(item.TargetId, "targetId")), new(Number(item.CampaignId, "campaignId")), group, kind, match, text, State(item.State), bid));
        }

        return all;

        // Without an own bid and without a living ad group there is nothing in force.
        Money? Bid(decimal? own, AdGroupId group) => own is { } amount ? new Money(amount, session.Marketplace.Currency) : defaults.TryGetValue(group, out var inherited) ? inherited : null;
    }

    public async Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken)
    {
        var all = new List<Negative>();
        var filter = new ListRequest { StateFilter = Living, MaxResults = OthersPerPage };
        foreach (var item in await ListAsync(Route.NegativeKeywords, filter, page => page.NegativeKeywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false)) Add(item);
        foreach (var item in await ListAsync(Route.CampaignNegativeKeywords, filter, page => page.CampaignNegativeKeywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false)) Add(item);
        foreach (var item in await ListAsync(Route.NegativeTargets, filter, page => page.NegativeTargetingClauses, item => item.TargetId, cancellationToken).ConfigureAwait(false)) AddClause(item);
        foreach (var item in await ListAsync(Route.CampaignNegativeTargets, filter, page => page.CampaignNegativeTargetingClauses, item => item.TargetId, cancellationToken).ConfigureAwait(false)) AddClause(item);
        return all;

        void Add(Keyword item)
        {
            if (NegativeKeywordMatch(item.MatchType) is { } match)
                all.Add(new(new(Number(item.KeywordId, "keywordId")), new(Number(item.CampaignId, "campaignId")), Group(item.AdGroupId), match, item.KeywordText ?? "", State(item.State)));
        }

        void AddClause(Clause item)
        {
            var (match, text) = ClauseWords.Negated(item.Expression ?? []);
            all.Add(new(new(Number(item.TargetId, "targetId")), new(Number(item.CampaignId, "campaignId")), Group(item.AdGroupId), match, text, State(item.State)));
        }

        static AdGroupId? Group(string? id) => string.IsNullOrEmpty(id) ? null : new AdGroupId(Number(id, "adGroupId"));
    }

    private Core.Advertising.Campaign Read(Wire.Campaign item) => new(
        new(Number(item.CampaignId, "campaignId")), item.Name ?? "", item.TargetingType == "AUTO" ? TargetingType.Auto : TargetingType.Manual, State(item.State),
        new Money(item.Budget?.Amount ?? 0m, session.Marketplace.Currency), Strategy(item.DynamicBidding?.Strategy),
        Percent(item, "PLACEMENT_TOP"), Percent(item, "PLACEMENT_REST_OF_SEARCH"), Percent(item, "PLACEMENT_PRODUCT_PAGE"));

    private Core.Advertising.AdGroup Read(Wire.AdGroup item) =>
        new(new(Number(item.AdGroupId, "adGroupId")), new(Number(item.CampaignId, "campaignId")), item.Name ?? "", State(item.State), new Money(item.DefaultBid, session.Marketplace.Currency));

    private static Core.Advertising.ProductAd Read(Wire.ProductAd item) =>
        new(new(Number(item.AdId, "adId")), new(Number(item.CampaignId, "campaignId")), new(Number(item.AdGroupId, "adGroupId")), new(item.Sku ?? ""), new(item.Asin ?? ""), State(item.State));

    private static long Number(string? id, string field) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new AmazonDocumentException("A list of the Ads API", 0, field, "an id is a whole number from 1 to 2^63 - 1, and this one is not");

    internal static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static EntityState State(string? state) => state switch
    {
        "ENABLED" or "ENABLING" => EntityState.Enabled,
        "ARCHIVED" or "USER_DELETED" => EntityState.Archived,
        _ => EntityState.Paused,
    };

    private static BiddingStrategy Strategy(string? strategy) => strategy switch
    {
        // Absent means Amazon's default.
        null or "LEGACY_FOR_SALES" => BiddingStrategy.DownOnly,
        "AUTO_FOR_SALES" => BiddingStrategy.UpAndDown,
        "MANUAL" => BiddingStrategy.Fixed,
        _ => BiddingStrategy.RuleBased,
    };

    private static int Percent(Wire.Campaign campaign, string placement) =>
        campaign.DynamicBidding?.PlacementBidding?.FirstOrDefault(entry => entry.Placement == placement)?.Percentage ?? 0;

    private static MatchType? KeywordMatch(string? match) => match switch
    {
        "EXACT" => MatchType.Exact,
        "PHRASE" => MatchType.Phrase,
        "BROAD" => MatchType.Broad,
        _ => null,
    };

    private static NegativeMatch? NegativeKeywordMatch(string? match) => match switch
    {
        "NEGATIVE_EXACT" => NegativeMatch.Exact,
        "NEGATIVE_PHRASE" => NegativeMatch.Phrase,
        _ => null,
    };
}

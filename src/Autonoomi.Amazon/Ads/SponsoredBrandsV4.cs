using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Ads.Wire.Brands;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>
/// Adapter A for Sponsored Brands: campaigns, ad groups and ads by version 4 (ids as text, upper-case words, 10 items a write, pages of 100); keywords, product targets,
/// their negatives and themes by version 3 (ids as numbers, lower-case words, 100 items a write). Ad groups have no default bid: theirs is 0.
/// </summary>
/// <remarks>
/// A theme stands as an auto target whose text names it. A lifetime budget stands as it is.
/// Ads that the old console made have no id and are left out.
/// </remarks>
internal sealed partial class SponsoredBrandsV4(AdsSession session) : IAdAdapter
{
    private const string CampaignType = "application/vnd.sbcampaignresource.v4+json";
    private const string AdGroupType = "application/vnd.sbadgroupresource.v4+json";
    private const string AdType = "application/vnd.sbadresource.v4+json";

    // Without the version in Accept only campaigns of the old kind come back (ads-advanced-tools-docs issues 41, 78).
    private const string KeywordListType = "application/vnd.sbkeyword.v3.2+json";
    private const string NegativeKeywordListType = "application/vnd.sbnegativekeyword.v3.2+json";
    private const string TargetListType = "application/vnd.sblisttargetsresponse.v3.2+json";
    private const string NegativeTargetListType = "application/vnd.sblistnegativetargetsresponse.v3.2+json";
    private const string ThemeListType = "application/vnd.sbthemeslistresponse.v3+json";

    private const int PerPage = 100;
    private const int TargetsPerPage = 1000;
    private const int IdsPerFilter = 10;
    private static readonly Ids LivingStates = new(["ENABLED", "PAUSED"]);
    private const string ThemePrefix = "Theme: ";

    private static readonly Dictionary<string, string> ThemeTexts = new(StringComparer.Ordinal)
    {
        ["KEYWORDS_RELATED_TO_YOUR_BRAND"] = "Theme: your brand",
        ["KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"] = "Theme: your landing pages",
    };

    public AdProduct AdProduct => AdProduct.SponsoredBrands;

    public async Task<IReadOnlyList<Core.Advertising.Campaign>> CampaignsAsync(CancellationToken cancellationToken)
    {
        var found = await PagesAsync("/sb/v4/campaigns/list", CampaignType, new BrandList { StateFilter = LivingStates, MaxResults = PerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(Of)];
    }

    public async Task<bool> HasArchivedAsync(CancellationToken cancellationToken) =>
        (await PagesAsync("/sb/v4/campaigns/list", CampaignType, new BrandList { StateFilter = new(["ARCHIVED"]), MaxResults = PerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken).ConfigureAwait(false)).Count > 0;

    private Core.Advertising.Campaign Of(Wire.Brands.Campaign item) => new(
        new(Number(item.CampaignId)), item.Name ?? "", TargetingType.Manual, State(item.State), new Money(item.Budget, session.Marketplace.Currency),
        item.Bidding?.BidOptimization == false ? BiddingStrategy.Fixed : BiddingStrategy.DownOnly,
        Percent(item, Placement.TopOfSearch), Percent(item, Placement.RestOfSearch), Percent(item, Placement.ProductPages)) { AdProduct = AdProduct, CostType = CostTypes.Of(item.CostType), BudgetPeriod = CostTypes.Budget(item.BudgetType) };

    public async Task<IReadOnlyList<Core.Advertising.AdGroup>> AdGroupsAsync(CancellationToken cancellationToken)
    {
        var found = await PagesAsync("/sb/v4/adGroups/list", AdGroupType, new BrandList { StateFilter = LivingStates, MaxResults = PerPage }, page => page.AdGroups, item => item.AdGroupId, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(item => new Core.Advertising.AdGroup(new(Number(item.AdGroupId)), new(Number(item.CampaignId)), item.Name ?? "", State(item.State), new Money(0, session.Marketplace.Currency)))];
    }

    /// <summary>An ad shows up to a hundred products: it stands once for each of them, in Amazon's order.</summary>
    public async Task<IReadOnlyList<Core.Advertising.ProductAd>> ProductAdsAsync(CancellationToken cancellationToken)
    {
        var found = await PagesAsync("/sb/v4/ads/list", AdType, new BrandList { StateFilter = LivingStates, MaxResults = PerPage }, page => page.Ads, item => item.AdId ?? "", cancellationToken).ConfigureAwait(false);
        return [.. from item in found
                   where !string.IsNullOrEmpty(item.AdId)
                   from asin in (item.Creative?.Asins is { Length: > 0 } shown ? shown : item.LandingPage?.Asins ?? []).Distinct(StringComparer.Ordinal).DefaultIfEmpty("")
                   select new Core.Advertising.ProductAd(new(Number(item.AdId)), new(Number(item.CampaignId)), new(Number(item.AdGroupId)), new(""), new(asin), State(item.State))];
    }

    public async Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<Core.Advertising.AdGroup> adGroups, CancellationToken cancellationToken)
    {
        var currency = session.Marketplace.Currency;
        var all = new List<Target>();
        foreach (var item in await KeywordsAsync("/sb/keywords", KeywordListType, "", cancellationToken).ConfigureAwait(false))
        {
            if (State(item.State) == EntityState.Archived || item.Bid is not { } bid) continue;
            var (match, text) = Match(item.MatchType) is { } known ? (known, item.KeywordText ?? "") : (MatchType.Other, ClauseWords.OtherKeyword(item.MatchType, item.KeywordText));
            all.Add(new(new(Id(item.KeywordId)), new(Id(item.CampaignId)), new(Id(item.AdGroupId)), TargetKind.Keyword, match, text, State(item.State), new Money(bid, currency)));
        }

        foreach (var item in await ClausesAsync("/sb/targets/list", TargetListType, States(["enabled", "paused"]), page => page.Targets, cancellationToken).ConfigureAwait(false))
        {
            if (State(item.State) == EntityState.Archived || item.Bid is not { } bid) continue;

            // Whatever it reaches, it is written where products are; auto targets here are themes.
            var (_, match, text) = ClauseWords.Of(Predicates(item.Expressions));
            all.Add(new(new(Id(item.TargetId)), new(Id(item.CampaignId)), new(Id(item.AdGroupId)), TargetKind.Product, match, text, State(item.State), new Money(bid, currency)));
        }

        foreach (var item in await ThemesAsync(new ThemeList(TargetsPerPage, null) { StateFilter = new(["enabled", "paused"]) }, cancellationToken).ConfigureAwait(false))
        {
            if (State(item.State) != EntityState.Archived && item.Bid is { } bid)
                all.Add(new(new(Number(item.ThemeId)), new(Number(item.CampaignId)), new(Number(item.AdGroupId)), TargetKind.Auto, ThemeMatch(item.ThemeType), ThemeText(item.ThemeType), State(item.State), new Money(bid, currency)));
        }

        return all;
    }

    public async Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken)
    {
        var all = new List<Negative>();
        foreach (var item in await KeywordsAsync("/sb/negativeKeywords", NegativeKeywordListType, "&stateFilter=enabled", cancellationToken).ConfigureAwait(false))
        {
            if (NegativeMatchOf(item.MatchType) is { } match && State(item.State) != EntityState.Archived)
                all.Add(new(new(Id(item.KeywordId)), new(Id(item.CampaignId)), new AdGroupId(Id(item.AdGroupId)), match, item.KeywordText ?? "", State(item.State)));
        }

        foreach (var item in await ClausesAsync("/sb/negativeTargets/list", NegativeTargetListType, States(["enabled"]), page => page.NegativeTargets, cancellationToken).ConfigureAwait(false))
        {
            if (State(item.State) == EntityState.Archived) continue;
            var (match, text) = ClauseWords.Negated(Predicates(item.Expressions));
            all.Add(new(new(Id(item.TargetId)), new(Id(item.CampaignId)), new AdGroupId(Id(item.AdGroupId)), match, text, State(item.State)));
        }

        return all;
    }

    private async Task<IReadOnlyList<T>> PagesAsync<T>(string path, string mediaType, BrandList filter, Func<Wire.Brands.Page, T[]?> items, Func<T, string> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        for (string? next = null; ;)
        {
            var call = session.Call(HttpMethod.Post, path, mediaType, repeatable: true, filter with { NextToken = next }, BrandsJson.Default.BrandList);
            var page = await session.ReadAsync(call, BrandsJson.Default.Page, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page) ?? []) found[id(item)] = item;
            if (!Continues(call, ref next, page.NextToken)) return [.. found.Values];
        }
    }

    private async Task<IReadOnlyList<Wire.Brands.Keyword>> KeywordsAsync(string path, string accept, string filter, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, Wire.Brands.Keyword>();
        for (var start = 0; ; start += PerPage)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"{path}?startIndex={start}&count={PerPage}{filter}");
            var call = new AmazonCalls.Call(HttpMethod.Get, session.Address(query), new CallPlan($"GET {path}", session.Lane, Rate: null, Repeatable: true), session.Scope, Accept: accept);
            var page = await session.ReadAsync(call, BrandsJson.Default.KeywordArray, cancellationToken).ConfigureAwait(false);
            foreach (var item in page) found[item.KeywordId] = item;
            if (page.Length < PerPage) return [.. found.Values];
        }
    }

    private async Task<IReadOnlyList<Wire.Brands.Clause>> ClausesAsync(string path, string accept, ClauseFilter filter, Func<ClausePage, Wire.Brands.Clause[]?> items, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, Wire.Brands.Clause>();
        for (string? next = null; ;)
        {
            var call = Call(HttpMethod.Post, path, accept, repeatable: true, new ClauseList(TargetsPerPage, next, [filter]), BrandsJson.Default.ClauseList);
            var page = await session.ReadAsync(call, BrandsJson.Default.ClausePage, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page) ?? []) found[item.TargetId] = item;
            if (!Continues(call, ref next, page.NextToken)) return [.. found.Values];
        }
    }

    private async Task<IReadOnlyList<Theme>> ThemesAsync(ThemeList filter, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Theme>(StringComparer.Ordinal);
        for (string? next = null; ;)
        {
            var call = Call(HttpMethod.Post, "/sb/themes/list", ThemeListType, repeatable: true, filter with { NextToken = next }, BrandsJson.Default.ThemeList);
            var page = await session.ReadAsync(call, BrandsJson.Default.ThemePage, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Themes ?? []) found[item.ThemeId] = item;
            if (!Continues(call, ref next, page.NextToken)) return [.. found.Values];
        }
    }

    private static bool Continues(AmazonCalls.Call call, ref string? next, string? token)
    {
        if (token is { Length: > 0 } && token == next) throw new AmazonApiException(call.Plan.Operation, null, null, "the list gives the same page for ever", null);
        next = string.IsNullOrEmpty(token) ? null : token;
        return next is not null;
    }

    /// <summary>Version 3: the body is plain JSON whatever comes back (a vendor type is answered 415).</summary>
    private AmazonCalls.Call Call<T>(HttpMethod method, string path, string accept, bool repeatable, T body, JsonTypeInfo<T> type) =>
        new(method, session.Address(path), new CallPlan($"{method} {path}", session.Lane, Rate: null, repeatable), session.Scope, "application/json", JsonSerializer.SerializeToUtf8Bytes(body, type), accept);

    private static ClauseFilter States(string[] states) => new("TARGETING_STATE", JsonSerializer.SerializeToElement(states, BrandsJson.Default.StringArray));

    private static long Number(string? id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Id(number) : Id(0);

    private static long Id(long id) => id > 0 ? id : throw new AmazonDocumentException("A list of Sponsored Brands", 0, "id", "an id is a whole number from 1 to 2^63 - 1, and this one is not");

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    // A draft is not delivered: as good as paused.
    private static EntityState State(string? state) => state?.ToLowerInvariant() switch
    {
        "enabled" => EntityState.Enabled,
        "archived" => EntityState.Archived,
        _ => EntityState.Paused,
    };

    private static int Percent(Wire.Brands.Campaign campaign, Placement placement) =>
        (int)(campaign.Bidding?.BidAdjustmentsByPlacement?.FirstOrDefault(entry => entry.Placement == Written(placement))?.Percentage ?? 0);

    private static MatchType? Match(string? match) => match switch
    {
        "exact" => MatchType.Exact,
        "phrase" => MatchType.Phrase,
        "broad" => MatchType.Broad,
        _ => null,
    };

    private static NegativeMatch? NegativeMatchOf(string? match) => match switch
    {
        "negativeExact" => NegativeMatch.Exact,
        "negativePhrase" => NegativeMatch.Phrase,
        _ => null,
    };

    // The theme of the own brand reaches the nearer searches, that of the landing pages the wider ones.
    internal static MatchType ThemeMatch(string? theme) => theme == "KEYWORDS_RELATED_TO_YOUR_BRAND" ? MatchType.CloseMatch : MatchType.LooseMatch;

    internal static string ThemeText(string? theme) => ThemeTexts.GetValueOrDefault(theme ?? "", ThemePrefix + theme);

    /// <summary>A target as suggested bids are asked for: a keyword, a clause or a theme. Null where the list told too little to ask (refined categories, unknown kinds).</summary>
    internal static object? Asked(Target target) => target.Match switch
    {
        MatchType.Exact or MatchType.Phrase or MatchType.Broad => new AskedKeyword(target.Text, target.Match.ToString().ToLowerInvariant()),
        MatchType.Product => new AskedClause(new("asinSameAs", target.Text)),
        MatchType.Category or MatchType.Brand when target.Text.EndsWith(SponsoredProductsV3.Refined, StringComparison.Ordinal) => null,
        MatchType.Category => new AskedClause(new("asinCategorySameAs", target.Text)),
        MatchType.Brand => new AskedClause(new("asinBrandSameAs", target.Text)),
        MatchType.CloseMatch or MatchType.LooseMatch => new AskedTheme(ThemeType(target.Text)),
        _ => null,
    };

    private static string ThemeType(string text) => ThemeTexts.FirstOrDefault(theme => theme.Value == text).Key ?? text[ThemePrefix.Length..];

    /// <summary>Predicates of a target; a negative one's come as one object, not as a list.</summary>
    private static IReadOnlyList<Predicate> Predicates(JsonElement? expressions) => expressions switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(One).OfType<Predicate>()],
        { ValueKind: JsonValueKind.Object } one => [.. new[] { One(one) }.OfType<Predicate>()],
        _ => [],
    };

    private static Predicate? One(JsonElement json) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        ? new(type.GetString(), json.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        : null;

    private static string Written(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "TOP_OF_SEARCH",
        Placement.RestOfSearch => "OTHER",
        Placement.ProductPages => "DETAIL_PAGE",
    };
}

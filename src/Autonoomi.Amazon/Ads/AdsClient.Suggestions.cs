using System.Net;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

public sealed partial class AdsClient
{
    private const string SuggestionsPath = "/sp/targets/bid/recommendations";
    private const string SuggestionsMediaType = "application/vnd.spthemebasedbidrecommendation.v5+json";
    private const string EverydayTheme = "CONVERSION_OPPORTUNITIES";
    private const int ExpressionsPerCall = 100;

    /// <summary>Amazon's suggested bids (theme-based bid recommendations, version 5) for targets of one ad group, by 100 a call.</summary>
    /// <param name="campaign">The ad group's campaign.</param>
    /// <param name="adGroup">The ad group.</param>
    /// <param name="targets">Of this ad group; refined categories have no expression here and are never answered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The everyday suggestions, in the order of the targets. A target without one is missing; all are when Amazon does not suggest for this ad group (422).</returns>
    public async Task<IReadOnlyList<BidSuggestion>> SuggestedBidsAsync(CampaignId campaign, AdGroupId adGroup, IReadOnlyList<Target> targets, CancellationToken cancellationToken)
    {
        var found = new List<BidSuggestion>();
        foreach (var chunk in targets.Select(target => (target.Id, Expression: Expression(target))).Where(each => each.Expression is not null).Chunk(ExpressionsPerCall))
        {
            var request = new BidRecommendationRequest(SponsoredProductsV3.Text(campaign.Value), SponsoredProductsV3.Text(adGroup.Value), [.. chunk.Select(each => each.Expression!)]);

            // A heavy service that throttles early: its own lane, so that the others keep their pace.
            var call = session.Call(HttpMethod.Post, SuggestionsPath, SuggestionsMediaType, repeatable: true, request, AdsJson.Default.BidRecommendationRequest) with
            {
                Plan = new CallPlan($"POST {SuggestionsPath}", $"{session.Lane}:suggestions", Rate: null, Repeatable: true),
                AlsoExpected = HttpStatusCode.UnprocessableEntity,
            };
            using var response = await session.Calls.SendAsync(session.Grant, call, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.UnprocessableEntity) return [];
            var answer = await AmazonCalls.DeserializeAsync(call.Plan.Operation, response, AdsJson.Default.BidRecommendations, cancellationToken).ConfigureAwait(false);

            // Event themes (Prime Day and the like) may come beside it; they are not what a bid costs on an ordinary day.
            var theme = answer.Themes?.FirstOrDefault(each => each.Theme == EverydayTheme);
            var bids = new Dictionary<string, BidValue[]>(StringComparer.Ordinal);
            foreach (var item in theme?.Expressions ?? []) bids[Key(item.TargetingExpression)] = item.BidValues ?? [];
            foreach (var (id, expression) in chunk)
            {
                if (bids.TryGetValue(Key(expression), out var values) && values is [{ SuggestedBid: > 0 } low, { SuggestedBid: > 0 } middle, { SuggestedBid: > 0 } high])
                    found.Add(new BidSuggestion(id, Amount(low), Amount(middle), Amount(high)));
            }
        }

        return found;

        Money Amount(BidValue value) => new(value.SuggestedBid, session.Marketplace.Currency);

        static string Key(Predicate? expression) => SponsoredProductsV3.Key(null, expression?.Type, expression?.Value);
    }

    private static Predicate? Expression(Target target) => target.Match switch
    {
        MatchType.Exact => new("KEYWORD_EXACT_MATCH", target.Text),
        MatchType.Phrase => new("KEYWORD_PHRASE_MATCH", target.Text),
        MatchType.Broad => new("KEYWORD_BROAD_MATCH", target.Text),
        MatchType.Product => new("PAT_ASIN", target.Text),
        MatchType.Category when target.Text.EndsWith(SponsoredProductsV3.Refined, StringComparison.Ordinal) => null,
        MatchType.Category => new("PAT_CATEGORY", target.Text),
        MatchType.CloseMatch => new("CLOSE_MATCH", null),
        MatchType.LooseMatch => new("LOOSE_MATCH", null),
        MatchType.Substitutes => new("SUBSTITUTES", null),
        MatchType.Complements => new("COMPLEMENTS", null),

        // Asked for by words that lists do not tell.
        MatchType.Brand or MatchType.KeywordGroup or MatchType.ContentCategory or MatchType.Other => null,
    };
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire.Brands;
using Autonoomi.Amazon.Ads.Wire.Display;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <content>Suggested bids of Sponsored Brands and Display: services of their own, asked for campaigns that pay per click.</content>
public sealed partial class AdsClient
{
    private const string BrandsSuggestionsPath = "/sb/recommendations/bids";
    private const string BrandsSuggestionsType = "application/vnd.sbbidsrecommendation.v3+json";
    private const string DisplaySuggestionsPath = "/sd/targets/bid/recommendations";

    // The newest version whose answer Amazon's description draws (July 2026): 3.4 stands there as a question alone.
    private const string DisplaySuggestionsType = "application/vnd.sdtargetingrecommendations.v3.3+json";
    private const int ThemesPerCall = 10;

    /// <summary>Amazon's suggested bids per click for targets of one ad group of any ad product.</summary>
    /// <param name="product">Whose campaign it is; campaigns of Brands and Display pay per click.</param>
    /// <param name="campaign">The ad group's campaign.</param>
    /// <param name="adGroup">The ad group.</param>
    /// <param name="targets">Of this ad group.</param>
    /// <param name="shown">Products that its ads show; Display tailors its suggestions to them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>In the order of the targets. A target that Amazon has no operation or no suggestion for is missing; all are where Amazon does not suggest for this campaign.</returns>
    public Task<IReadOnlyList<BidSuggestion>> SuggestedBidsAsync(
        AdProduct product, CampaignId campaign, AdGroupId adGroup, IReadOnlyList<Target> targets, IReadOnlyList<Asin> shown, CancellationToken cancellationToken) => product switch
        {
            AdProduct.SponsoredProducts => SuggestedBidsAsync(campaign, adGroup, targets, cancellationToken),
            AdProduct.SponsoredBrands => BrandsSuggestionsAsync(campaign, targets, cancellationToken),
            AdProduct.SponsoredDisplay => DisplaySuggestionsAsync(adGroup, targets, shown, cancellationToken),
        };

    private async Task<IReadOnlyList<BidSuggestion>> BrandsSuggestionsAsync(CampaignId campaign, IReadOnlyList<Target> targets, CancellationToken cancellationToken)
    {
        var found = new Dictionary<TargetId, BidSuggestion>();
        foreach (var batch in Batches(targets.Select(target => (target.Id, Word: SponsoredBrandsV4.Asked(target))).Where(each => each.Word is not null)))
        {
            var keywords = batch.Where(each => each.Word is AskedKeyword).ToList();
            var clauses = batch.Where(each => each.Word is AskedClause).ToList();
            var themes = batch.Where(each => each.Word is AskedTheme).ToList();
            var question = new BidQuestion(campaign.Value)
            {
                Keywords = Some(keywords.Select(each => (AskedKeyword)each.Word!)), Targets = Some(clauses.Select(each => new[] { ((AskedClause)each.Word!).Predicate })), ThemeTypes = Some(themes.Select(each => ((AskedTheme)each.Word!).Type)),
            };
            var answer = await SuggestAsync(BrandsSuggestionsPath, "application/json", BrandsSuggestionsType, question, BrandsJson.Default.BidQuestion, BrandsJson.Default.BidAnswer, cancellationToken).ConfigureAwait(false);
            if (answer is null) return [];
            foreach (var item in answer.KeywordsBidsRecommendationSuccessResults ?? []) Keep(keywords, item.KeywordIndex, item.RecommendedBid);
            foreach (var item in answer.TargetsBidsRecommendationSuccessResults ?? []) Keep(clauses, item.TargetsIndex, item.RecommendedBid);
            foreach (var item in answer.ThemesRecommendationSuccessResults ?? []) Keep(themes, item.ThemeIndex, item.RecommendedBid);
        }

        return [.. targets.Where(target => found.ContainsKey(target.Id)).Select(target => found[target.Id])];

        void Keep(List<(TargetId Id, object? Word)> asked, decimal? index, SuggestedRange? range)
        {
            if (index is { } at && at >= 0 && at < asked.Count && at == decimal.Truncate(at) && Suggestion(asked[(int)at].Id, range?.RangeStart, range?.Recommended, range?.RangeEnd) is { } told) found[told.Target] = told;
        }

        static T[]? Some<T>(IEnumerable<T> items) => items.ToArray() is { Length: > 0 } some ? some : null;
    }

    // A hundred in sum, and no more themes than an answer has places for.
    private static IEnumerable<List<(TargetId Id, object? Word)>> Batches(IEnumerable<(TargetId Id, object? Word)> asked)
    {
        var batch = new List<(TargetId Id, object? Word)>();
        foreach (var each in asked)
        {
            if (batch.Count == ExpressionsPerCall || (each.Word is AskedTheme && batch.Count(other => other.Word is AskedTheme) == ThemesPerCall))
            {
                yield return batch;
                batch = [];
            }

            batch.Add(each);
        }

        if (batch.Count > 0) yield return batch;
    }

    private async Task<IReadOnlyList<BidSuggestion>> DisplaySuggestionsAsync(AdGroupId adGroup, IReadOnlyList<Target> targets, IReadOnlyList<Asin> shown, CancellationToken cancellationToken)
    {
        var asked = targets.Select(target => (target.Id, Clause: SponsoredDisplay.Asked(target))).Where(each => each.Clause is not null).ToList();
        if (asked.Count == 0) return [];

        // What the ad group is optimised for is part of the question; views are paid for per thousand, and nobody asks for those.
        var optimisation = await new SponsoredDisplay(session).OptimisationAsync(adGroup, cancellationToken).ConfigureAwait(false);
        if (optimisation is not ("clicks" or "conversions")) return [];
        DisplayProduct[]? products = shown.Where(asin => asin.Value.Length > 0).Distinct().Select(asin => new DisplayProduct(asin.Value)).ToArray() is { Length: > 0 } some ? some : null;
        var found = new List<BidSuggestion>();
        foreach (var batch in asked.Chunk(ExpressionsPerCall))
        {
            var question = new DisplayBidQuestion(optimisation, "cpc", products, [.. batch.Select(each => new DisplayBidClause(each.Clause!))]);
            var answer = await SuggestAsync(DisplaySuggestionsPath, DisplaySuggestionsType, DisplaySuggestionsType, question, DisplayJson.Default.DisplayBidQuestion, DisplayJson.Default.DisplayBidAnswer, cancellationToken).ConfigureAwait(false);
            if (answer is null) return [];

            // Items have no names: an answer of another length belongs to nobody.
            if (answer.BidRecommendations is not { } items || items.Length != batch.Length) continue;
            for (var at = 0; at < items.Length; at++)
            {
                if (Suggestion(batch[at].Id, items[at]?.RangeLower, items[at]?.Recommended, items[at]?.RangeUpper) is { } told) found.Add(told);
            }
        }

        return found;
    }

    /// <returns>Null where Amazon takes no such question for this campaign (400).</returns>
    private async Task<TAnswer?> SuggestAsync<TQuestion, TAnswer>(
        string path, string mediaType, string accept, TQuestion question, JsonTypeInfo<TQuestion> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var call = new AmazonCalls.Call(HttpMethod.Post, session.Address(path), new CallPlan($"POST {path}", $"{session.Lane}:suggestions", Rate: null, Repeatable: true), session.Scope, mediaType,
            JsonSerializer.SerializeToUtf8Bytes(question, type), accept, HttpStatusCode.BadRequest);
        using var response = await session.Calls.SendAsync(session.Grant, call, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.BadRequest ? null : await AmazonCalls.DeserializeAsync(call.Plan.Operation, response, answer, cancellationToken).ConfigureAwait(false);
    }

    private BidSuggestion? Suggestion(TargetId target, decimal? low, decimal? middle, decimal? high) =>
        low is > 0 && middle >= low && high >= middle ? new(target, Amount(low.Value), Amount(middle.Value), Amount(high.Value)) : null;
}

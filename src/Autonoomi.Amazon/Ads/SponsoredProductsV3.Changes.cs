using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredProductsV3
{
    private const int ItemsPerWrite = 1000;

    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var outcomes = new ChangeOutcome?[changes.Count];
        await EachAsync<SetBid>(change => change.Kind == TargetKind.Keyword, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Keywords,
            [.. batch.Select(change => new KeywordUpdate(Text(change.Target.Value)) { Bid = change.After.Amount })], AdsJson.Default.DictionaryStringKeywordUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetBid>(change => change.Kind != TargetKind.Keyword, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Targets,
            [.. batch.Select(change => new ClauseUpdate(Text(change.Target.Value)) { Bid = change.After.Amount })], AdsJson.Default.DictionaryStringClauseUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(change => change.Kind == TargetKind.Keyword && change.After != EntityState.Archived, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Keywords,
            [.. batch.Select(change => new KeywordUpdate(Text(change.Target.Value)) { State = Written(change.After) })], AdsJson.Default.DictionaryStringKeywordUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(change => change.Kind != TargetKind.Keyword && change.After != EntityState.Archived, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Targets,
            [.. batch.Select(change => new ClauseUpdate(Text(change.Target.Value)) { State = Written(change.After) })], AdsJson.Default.DictionaryStringClauseUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(change => change.Kind == TargetKind.Keyword && change.After == EntityState.Archived, (batch, ct) =>
            ArchiveAsync(Route.Keywords, "keywordIdFilter", [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(change => change.Kind != TargetKind.Keyword && change.After == EntityState.Archived, (batch, ct) =>
            ArchiveAsync(Route.Targets, "targetIdFilter", [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetBudget>(_ => true, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Campaigns,
            [.. batch.Select(change => new CampaignUpdate(Text(change.Campaign.Value)) { Budget = new(change.After.Amount, "DAILY") })], AdsJson.Default.DictionaryStringCampaignUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(change => change.After != EntityState.Archived, (batch, ct) => WriteAsync(HttpMethod.Put, Route.Campaigns,
            [.. batch.Select(change => new CampaignUpdate(Text(change.Campaign.Value)) { State = Written(change.After) })], AdsJson.Default.DictionaryStringCampaignUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(change => change.After == EntityState.Archived, (batch, ct) =>
            ArchiveAsync(Route.Campaigns, "campaignIdFilter", [.. batch.Select(change => change.Campaign.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetAdGroupState>(change => change.After != EntityState.Archived, (batch, ct) => WriteAsync(HttpMethod.Put, Route.AdGroups,
            [.. batch.Select(change => new AdGroupUpdate(Text(change.AdGroup.Value), Written(change.After)))], AdsJson.Default.DictionaryStringAdGroupUpdateArray, ct)).ConfigureAwait(false);
        await EachAsync<SetPlacement>(_ => true, PlacementsAsync).ConfigureAwait(false);
        await EachAsync<CreateTarget>(change => IsKeyword(change.Match), (batch, ct) => WriteAsync(HttpMethod.Post, Route.Keywords,
            [.. batch.Select(change => new KeywordCreation(Text(change.Campaign.Value), Text(change.AdGroup.Value), change.Text, Written(change.Match), "ENABLED") { Bid = change.Bid.Amount })],
            AdsJson.Default.DictionaryStringKeywordCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<CreateTarget>(change => change.Match is MatchType.Product or MatchType.Category, (batch, ct) => WriteAsync(HttpMethod.Post, Route.Targets,
            [.. batch.Select(change => new ClauseCreation(Text(change.Campaign.Value), Text(change.AdGroup.Value), [new(Written(change.Match), change.Text)], "ENABLED") { ExpressionType = "MANUAL", Bid = change.Bid.Amount })],
            AdsJson.Default.DictionaryStringClauseCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => !ClauseWords.IsClause(change.Match) && change.AdGroup is not null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.NegativeKeywords,
            [.. batch.Select(change => new KeywordCreation(Text(change.Campaign.Value), Text(change.AdGroup!.Value.Value), change.Text, Written(change.Match), "ENABLED"))], AdsJson.Default.DictionaryStringKeywordCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => !ClauseWords.IsClause(change.Match) && change.AdGroup is null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.CampaignNegativeKeywords,
            [.. batch.Select(change => new KeywordCreation(Text(change.Campaign.Value), null, change.Text, Written(change.Match), "ENABLED"))], AdsJson.Default.DictionaryStringKeywordCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => change.Match == NegativeMatch.Product && change.AdGroup is not null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.NegativeTargets,
            [.. batch.Select(change => new ClauseCreation(Text(change.Campaign.Value), Text(change.AdGroup!.Value.Value), [new("ASIN_SAME_AS", change.Text)], "ENABLED"))], AdsJson.Default.DictionaryStringClauseCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => change.Match == NegativeMatch.Product && change.AdGroup is null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.CampaignNegativeTargets,
            [.. batch.Select(change => new ClauseCreation(Text(change.Campaign.Value), null, [new("ASIN_SAME_AS", change.Text)], "ENABLED"))], AdsJson.Default.DictionaryStringClauseCreationArray, ct)).ConfigureAwait(false);
        foreach (var place in NegativePlaces)
        {
            await EachAsync<ArchiveNegative>(change => place.Holds(change.Match, change.AdGroup is not null), (batch, ct) =>
                ArchiveAsync(place.Route, place.Filter, [.. batch.Select(change => change.Negative.Value)], ct)).ConfigureAwait(false);
        }

        // What no operation exists for is refused here, and so is a kind of change that this writer has not learned.
        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation("No operation for this change: auto clauses come with their ad group, and brands and keyword groups are chosen by people."))];

        Task EachAsync<T>(Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Change => Writes.EachAsync(changes, outcomes, ItemsPerWrite, belongs, write, cancellationToken);
    }

    /// <summary>All placements of a campaign are one field: what is not changed is read first and written back with the rest.</summary>
    private async Task<IReadOnlyList<ChangeOutcome>> PlacementsAsync(IReadOnlyList<SetPlacement> batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(change => Text(change.Campaign.Value)).Distinct(StringComparer.Ordinal).ToList();
        var present = (await CampaignsByIdAsync(ids, cancellationToken).ConfigureAwait(false)).ToDictionary(campaign => campaign.CampaignId, StringComparer.Ordinal);
        var known = ids.Where(present.ContainsKey).ToList();
        var updates = known.Select(id =>
        {
            var bidding = present[id].DynamicBidding;
            var placements = (bidding?.PlacementBidding ?? []).ToDictionary(entry => entry.Placement, entry => entry.Percentage, StringComparer.Ordinal);
            foreach (var change in batch.Where(change => Text(change.Campaign.Value) == id)) placements[Written(change.Placement)] = change.AfterPercent;
            return new CampaignUpdate(id)
            {
                DynamicBidding = new(bidding?.Strategy is "OTHER" ? null : bidding?.Strategy, [.. placements.Select(entry => new PlacementBid(entry.Key, entry.Value))]) { ShopperCohortBidding = bidding?.ShopperCohortBidding },
            };
        }).ToArray();
        var answers = updates.Length == 0 ? [] : await WriteAsync(HttpMethod.Put, Route.Campaigns, updates, AdsJson.Default.DictionaryStringCampaignUpdateArray, cancellationToken).ConfigureAwait(false);
        return [.. batch.Select(change => known.IndexOf(Text(change.Campaign.Value)) is >= 0 and var at ? answers[at] : new ChangeOutcome(OutcomeKind.Refused, Code: "ENTITY_NOT_FOUND", Message: "The campaign is not there."))];
    }

    private Task<IReadOnlyList<ChangeOutcome>> ArchiveAsync(Route route, string filter, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var call = session.Call(HttpMethod.Post, route.Path + "/delete", route.MediaType, repeatable: false, new Dictionary<string, Ids>(StringComparer.Ordinal) { [filter] = new([.. ids.Select(Text)]) }, AdsJson.Default.DictionaryStringIds);
        return Writes.SendAsync(session, call, ids.Count, body => Writes.Indexed(body, route.Payload, ids.Count, ids), cancellationToken);
    }

    private Task<IReadOnlyList<ChangeOutcome>> WriteAsync<T>(HttpMethod method, Route route, T[] items, JsonTypeInfo<Dictionary<string, T[]>> type, CancellationToken cancellationToken)
    {
        var call = session.Call(method, route.Path, route.MediaType, repeatable: false, new Dictionary<string, T[]>(StringComparer.Ordinal) { [route.Payload] = items }, type);
        return Writes.SendAsync(session, call, items.Length, body => Writes.Indexed(body, route.Payload, items.Length, null), cancellationToken);
    }

    private static bool IsKeyword(MatchType match) => match is MatchType.Exact or MatchType.Phrase or MatchType.Broad;

    private static string Written(EntityState state) => state == EntityState.Enabled ? "ENABLED" : "PAUSED";

    private static string Written(MatchType match) => match switch
    {
        MatchType.Exact => "EXACT",
        MatchType.Phrase => "PHRASE",
        MatchType.Broad => "BROAD",
        MatchType.Product => "ASIN_SAME_AS",
        MatchType.Category => "ASIN_CATEGORY_SAME_AS",
        _ => throw new ArgumentOutOfRangeException(nameof(match), match, "Never created here."),
    };

    private static string Written(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => "NEGATIVE_EXACT",
        NegativeMatch.Phrase => "NEGATIVE_PHRASE",
        NegativeMatch.Product => "ASIN_SAME_AS",
        NegativeMatch.Brand => "ASIN_BRAND_SAME_AS",
        NegativeMatch.Other => throw new ArgumentOutOfRangeException(nameof(match), match, "Never created here."),
    };

    private static string Written(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "PLACEMENT_TOP",
        Placement.RestOfSearch => "PLACEMENT_REST_OF_SEARCH",
        Placement.ProductPages => "PLACEMENT_PRODUCT_PAGE",
    };
}

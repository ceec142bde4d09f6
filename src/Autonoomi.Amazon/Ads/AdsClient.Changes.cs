using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

public sealed partial class AdsClient
{
    private const int ItemsPerWrite = 1000;
    private const int Rounds = 3;

    /// <summary>Writes, in batches. Amazon judges each item alone, so nothing of this is a transaction.</summary>
    /// <remarks>A batch that Amazon throttled is looked at and sent again, without what is done by then; a batch whose answer never came is not.</remarks>
    /// <param name="changes">No two with the same <see cref="Change.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per change, in the order given. A batch whose answer never came is <see cref="OutcomeKind.Unknown"/> for each of its changes: observe before repeating.</returns>
    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        if (changes.GroupBy(change => change.EntityKey, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"Two changes of one batch write the same thing ({twice.Key.Split(':')[0]}): one of them would be lost.", nameof(changes));

        var outcomes = new ChangeOutcome[changes.Count];
        var pending = Enumerable.Range(0, changes.Count).ToList();
        for (var round = 0; pending.Count > 0; round++)
        {
            if (round > 0)
            {
                // Item-level refusals carry no hint; the lane has its own memory of those that do.
                await Task.Delay(BackOff.Delay(calls.Options, jitter, round - 1, hint: null, slow: false), clock, cancellationToken).ConfigureAwait(false);
                var seen = await ObserveAsync([.. pending.Select(index => changes[index])], cancellationToken).ConfigureAwait(false);
                for (var at = pending.Count - 1; at >= 0; at--)
                {
                    if (seen[at] == Observation.Untouched) continue;
                    outcomes[pending[at]] = seen[at] == Observation.Done
                        ? new(OutcomeKind.Accepted)
                        : new(OutcomeKind.Refused, Code: seen[at] == Observation.Gone ? "GONE" : "CHANGED_MEANWHILE", Message: "Somebody else changed it while Amazon was throttling.");
                    pending.RemoveAt(at);
                }
            }

            await SendAsync(changes, pending, outcomes, cancellationToken).ConfigureAwait(false);
            pending = round + 1 < Rounds ? [.. pending.Where(index => outcomes[index].Kind == OutcomeKind.Retryable)] : [];
        }

        return outcomes;
    }

    private async Task SendAsync(IReadOnlyList<Change> changes, List<int> pending, ChangeOutcome[] outcomes, CancellationToken cancellationToken)
    {
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
        await EachAsync<SetPlacement>(_ => true, PlacementsAsync).ConfigureAwait(false);
        await EachAsync<CreateTarget>(change => IsKeyword(change.Match), (batch, ct) => WriteAsync(HttpMethod.Post, Route.Keywords,
            [.. batch.Select(change => new KeywordCreation(Text(change.Campaign.Value), Text(change.AdGroup.Value), change.Text, Written(change.Match), "ENABLED") { Bid = change.Bid.Amount })],
            AdsJson.Default.DictionaryStringKeywordCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<CreateTarget>(change => change.Match is MatchType.Product or MatchType.Category, (batch, ct) => WriteAsync(HttpMethod.Post, Route.Targets,
            [.. batch.Select(change => new ClauseCreation(Text(change.Campaign.Value), Text(change.AdGroup.Value), [new(Written(change.Match), change.Text)], "ENABLED") { ExpressionType = "MANUAL", Bid = change.Bid.Amount })],
            AdsJson.Default.DictionaryStringClauseCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => change.Match != NegativeMatch.Product && change.AdGroup is not null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.NegativeKeywords,
            [.. batch.Select(change => new KeywordCreation(Text(change.Campaign.Value), Text(change.AdGroup!.Value.Value), change.Text, Written(change.Match), "ENABLED"))], AdsJson.Default.DictionaryStringKeywordCreationArray, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => change.Match != NegativeMatch.Product && change.AdGroup is null, (batch, ct) => WriteAsync(HttpMethod.Post, Route.CampaignNegativeKeywords,
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
        foreach (var index in pending)
            outcomes[index] ??= new(OutcomeKind.Refused, Code: "NO_SUCH_OPERATION", Message: "Amazon has no operation for this change: auto clauses come with their ad group and cannot be created.");

        async Task EachAsync<T>(Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Change
        {
            foreach (var batch in pending.Where(index => changes[index] is T change && belongs(change)).Chunk(ItemsPerWrite))
            {
                var answers = await write([.. batch.Select(index => (T)changes[index])], cancellationToken).ConfigureAwait(false);
                for (var at = 0; at < batch.Length; at++) outcomes[batch[at]] = answers[at];
            }
        }
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

    private Task<IReadOnlyList<ChangeOutcome>> ArchiveAsync(Route route, string filter, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        SendWriteAsync(Call(HttpMethod.Post, route.Path + "/delete", route.MediaType, repeatable: false,
            new Dictionary<string, Ids>(StringComparer.Ordinal) { [filter] = new([.. ids.Select(Text)]) }, AdsJson.Default.DictionaryStringIds), route, ids.Count, ids, cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> WriteAsync<T>(HttpMethod method, Route route, T[] items, JsonTypeInfo<Dictionary<string, T[]>> type, CancellationToken cancellationToken) =>
        SendWriteAsync(Call(method, route.Path, route.MediaType, repeatable: false, new Dictionary<string, T[]>(StringComparer.Ordinal) { [route.Payload] = items }, type), route, items.Length, null, cancellationToken);

    private async Task<IReadOnlyList<ChangeOutcome>> SendWriteAsync(AmazonCalls.Call call, Route route, int count, IReadOnlyList<long>? ids, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await calls.SendAsync(grant, call, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MultiStatus or HttpStatusCode.OK)) return Same(count, new(OutcomeKind.Unknown, Code: ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return Outcomes(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), route.Payload, count, ids);
        }
        catch (AmazonApiException throttled) when (throttled.Status == HttpStatusCode.TooManyRequests)
        {
            return Same(count, new(OutcomeKind.Retryable, Code: throttled.Code ?? "429", Message: "Amazon asked to slow down."));
        }
        catch (AmazonApiException outage) when (outage.IsTransient)
        {
            return Same(count, new(OutcomeKind.Unknown, Code: outage.Code ?? (outage.Status is { } status ? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture) : "NO_ANSWER"), Message: "No answer says whether Amazon took it."));
        }
        catch (AmazonApiException refused) when (refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity)
        {
            // The request as a whole was wrong; the other batches are judged on their own.
            return Same(count, new(OutcomeKind.Refused, Code: refused.Code ?? "INVALID_ARGUMENT", Message: refused.Message));
        }
    }

    private static ChangeOutcome[] Same(int count, ChangeOutcome outcome) => [.. Enumerable.Repeat(outcome, count)];

    /// <summary>The two lists of a multi-status answer, brought back into the order of the request. An index in neither list is unknown.</summary>
    internal static IReadOnlyList<ChangeOutcome> Outcomes(ReadOnlyMemory<byte> body, string payload, int count, IReadOnlyList<long>? ids)
    {
        var outcomes = Same(count, new(OutcomeKind.Unknown, Code: "NOT_MENTIONED", Message: "Amazon's answer does not mention it."));
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(payload, out var lists) || lists.ValueKind != JsonValueKind.Object) return outcomes;
            foreach (var item in Items(lists, "success"))
            {
                var id = item.EnumerateObject().FirstOrDefault(property => property.Name.EndsWith("Id", StringComparison.Ordinal)).Value;
                var number = id.ValueKind == JsonValueKind.String && long.TryParse(id.GetString(), out var parsed) ? parsed : (long?)null;
                if (Position(item, number) is { } at) outcomes[at] = new(OutcomeKind.Accepted, number);
            }

            foreach (var item in Items(lists, "error"))
            {
                if (Position(item, null) is { } at) outcomes[at] = Refusal(item);
            }
        }
        catch (JsonException)
        {
            // An answer that cannot be read says nothing about any item.
        }

        return outcomes;

        static IEnumerable<JsonElement> Items(JsonElement lists, string name) =>
            lists.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

        int? Position(JsonElement item, long? number)
        {
            if (item.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var at) && at >= 0 && at < count) return at;
            for (var place = 0; number is not null && ids is not null && place < ids.Count; place++)
                if (ids[place] == number) return place;
            return null;
        }
    }

    private static ChangeOutcome Refusal(JsonElement item)
    {
        if (item.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
        {
            foreach (var error in errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object))
            {
                var type = error.TryGetProperty("errorType", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
                var kind = type is "throttledError" or "internalServerError" ? OutcomeKind.Retryable : OutcomeKind.Refused;
                if (!error.TryGetProperty("errorValue", out var value) || value.ValueKind != JsonValueKind.Object) return new(kind, Code: AmazonError.Clean(type, 60));
                var selected = value.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Object).Value;
                return new(kind, Code: AmazonError.Clean(Word(selected, "reason") ?? type, 60), Message: AmazonError.Clean(Word(selected, "message")));
            }
        }

        return new(OutcomeKind.Refused, Code: "NO_REASON");

        static string? Word(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
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
        _ => throw new ArgumentOutOfRangeException(nameof(match), match, "Auto clauses are never created."),
    };

    private static string Written(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => "NEGATIVE_EXACT",
        NegativeMatch.Phrase => "NEGATIVE_PHRASE",
        NegativeMatch.Product => "ASIN_SAME_AS",
    };

    private static string Written(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "PLACEMENT_TOP",
        Placement.RestOfSearch => "PLACEMENT_REST_OF_SEARCH",
        Placement.ProductPages => "PLACEMENT_PRODUCT_PAGE",
    };
}

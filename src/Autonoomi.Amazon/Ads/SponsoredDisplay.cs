using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire.Display;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

/// <summary>
/// Adapter A for Sponsored Display: plain JSON, arrays as bodies, ids as numbers, lower-case words, 100 items a write. There are no keywords, no placements that can be bid
/// on and no negatives of a whole campaign.
/// </summary>
/// <remarks>Products and categories stand as such; similar products as an auto target, audiences too, with a text that describes them. Targets of brands have no word here and are left out.</remarks>
internal sealed class SponsoredDisplay(AdsSession session) : IAdAdapter
{
    private const int ItemsPerWrite = 100;
    private const int PerPage = 100;
    private const string Living = "&stateFilter=enabled%2C%20paused";
    private const string AudiencePrefix = "Audience: ";

    public AdProduct AdProduct => AdProduct.SponsoredDisplay;

    public async Task<IReadOnlyList<Core.Advertising.Campaign>> CampaignsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("/sd/campaigns", Living, DisplayJson.Default.CampaignArray, item => item.CampaignId, cancellationToken).ConfigureAwait(false)).Select(Of)];

    public async Task<bool> HasArchivedAsync(CancellationToken cancellationToken) =>
        (await ListAsync("/sd/campaigns", "&stateFilter=archived", DisplayJson.Default.CampaignArray, item => item.CampaignId, cancellationToken).ConfigureAwait(false)).Count > 0;

    public async Task<IReadOnlyList<Core.Advertising.AdGroup>> AdGroupsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("/sd/adGroups", Living, DisplayJson.Default.AdGroupArray, item => item.AdGroupId, cancellationToken).ConfigureAwait(false)).Select(item => new Core.Advertising.AdGroup(
            new(Id(item.AdGroupId)), new(Id(item.CampaignId)), item.Name ?? "", State(item.State), new Money(item.DefaultBid ?? 0, session.Marketplace.Currency)))];

    public async Task<IReadOnlyList<Core.Advertising.ProductAd>> ProductAdsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("/sd/productAds", Living, DisplayJson.Default.ProductAdArray, item => item.AdId, cancellationToken).ConfigureAwait(false)).Select(item => new Core.Advertising.ProductAd(
            new(Id(item.AdId)), new(Id(item.CampaignId)), new(Id(item.AdGroupId)), new(item.Sku ?? ""), new(item.Asin ?? ""), State(item.State)))];

    public async Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<Core.Advertising.AdGroup> adGroups, CancellationToken cancellationToken)
    {
        var defaults = adGroups.ToDictionary(group => group.Id, group => group.DefaultBid);
        var all = new List<Target>();
        foreach (var item in await ListAsync("/sd/targets", Living, DisplayJson.Default.ClauseArray, item => item.TargetId, cancellationToken).ConfigureAwait(false))
        {
            var group = new AdGroupId(Id(item.AdGroupId));
            var bid = item.Bid is { } own ? new Money(own, session.Marketplace.Currency) : defaults.TryGetValue(group, out var inherited) ? inherited : (Money?)null;
            if (bid is not { } inForce) continue;
            var (kind, match, text) = Clause(item.Expression);
            all.Add(new(new(Id(item.TargetId)), new(Id(item.CampaignId)), group, kind, match, text, State(item.State), inForce));
        }

        return all;
    }

    public async Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken)
    {
        var found = await ListAsync("/sd/negativeTargets", Living, DisplayJson.Default.ClauseArray, item => item.TargetId, cancellationToken).ConfigureAwait(false);
        if (found.Count == 0) return [];

        // Negative targets name their ad group alone.
        var campaigns = (await AdGroupsAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(group => group.Id, group => group.Campaign);
        return [.. found.Where(item => campaigns.ContainsKey(new(item.AdGroupId))).Select(item => (Item: item, Clause: ClauseWords.Negated(Predicates(item.Expression))))
            .Select(pair => new Negative(new(Id(pair.Item.TargetId)), campaigns[new(pair.Item.AdGroupId)], new AdGroupId(pair.Item.AdGroupId), pair.Clause.Match, pair.Clause.Text, State(pair.Item.State)))];
    }

    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var outcomes = new ChangeOutcome?[changes.Count];
        await EachAsync<SetBid>(change => change.Kind != TargetKind.Keyword, (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/targets", "targetId",
            [.. batch.Select(change => new Wire.Display.ClauseUpdate(change.Target.Value) { Bid = change.After.Amount })], DisplayJson.Default.ClauseUpdateArray, [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(change => change.Kind != TargetKind.Keyword, (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/targets", "targetId",
            [.. batch.Select(change => new Wire.Display.ClauseUpdate(change.Target.Value) { State = Written(change.After) })], DisplayJson.Default.ClauseUpdateArray, [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetBudget>(_ => true, (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/campaigns", "campaignId",
            [.. batch.Select(change => new Wire.Display.CampaignUpdate(change.Campaign.Value) { Budget = change.After.Amount })], DisplayJson.Default.CampaignUpdateArray, [.. batch.Select(change => change.Campaign.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(_ => true, (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/campaigns", "campaignId",
            [.. batch.Select(change => new Wire.Display.CampaignUpdate(change.Campaign.Value) { State = Written(change.After) })], DisplayJson.Default.CampaignUpdateArray, [.. batch.Select(change => change.Campaign.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetAdGroupState>(change => change.After != EntityState.Archived, (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/adGroups", "adGroupId",
            [.. batch.Select(change => new Wire.Display.AdGroupUpdate(change.AdGroup.Value, Written(change.After)))], DisplayJson.Default.AdGroupUpdateArray, [.. batch.Select(change => change.AdGroup.Value)], ct)).ConfigureAwait(false);
        await EachAsync<CreateTarget>(change => change.Match is MatchType.Product or MatchType.Category, (batch, ct) => WriteAsync(HttpMethod.Post, "/sd/targets", "targetId",
            [.. batch.Select(change => new Wire.Display.ClauseCreation(change.AdGroup.Value, [new(change.Match == MatchType.Product ? "asinSameAs" : "asinCategorySameAs", change.Text)], "manual", "enabled") { Bid = change.Bid.Amount })],
            DisplayJson.Default.ClauseCreationArray, null, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(change => change is { AdGroup: not null, Match: NegativeMatch.Product }, (batch, ct) => WriteAsync(HttpMethod.Post, "/sd/negativeTargets", "targetId",
            [.. batch.Select(change => new Wire.Display.ClauseCreation(change.AdGroup!.Value.Value, [new("asinSameAs", change.Text)], "manual", "enabled"))], DisplayJson.Default.ClauseCreationArray, null, ct)).ConfigureAwait(false);
        await EachAsync<ArchiveNegative>(change => ClauseWords.IsClause(change.Match), (batch, ct) => WriteAsync(HttpMethod.Put, "/sd/negativeTargets", "targetId",
            [.. batch.Select(change => new Wire.Display.ClauseUpdate(change.Negative.Value) { State = "archived" })], DisplayJson.Default.ClauseUpdateArray, [.. batch.Select(change => change.Negative.Value)], ct)).ConfigureAwait(false);

        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation("Sponsored Display has no operation for this change: it knows neither keywords nor placements, and negatives belong to ad groups."))];

        Task EachAsync<T>(Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Change => Writes.EachAsync(changes, outcomes, ItemsPerWrite, belongs, write, cancellationToken);
    }

    public async Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var sight = new Sight();
        foreach (var filter in Filters("campaignIdFilter", change => change is SetBudget or SetPlacement or SetCampaignState or CreateTarget or AddNegative ? change.Campaign.Value : null))
            foreach (var item in await ListAsync("/sd/campaigns", Living + filter, DisplayJson.Default.CampaignArray, item => item.CampaignId, cancellationToken).ConfigureAwait(false)) sight.Campaigns[Id(item.CampaignId)] = Of(item);

        // Ad groups of bids too: a target without a bid of its own takes theirs.
        var defaults = new Dictionary<long, decimal?>();
        foreach (var filter in Filters("adGroupIdFilter", change => change switch { CreateTarget creation => creation.AdGroup.Value, AddNegative negative => negative.AdGroup?.Value, SetBid bid => bid.AdGroup.Value, SetAdGroupState state => state.AdGroup.Value, _ => null }))
            foreach (var item in await ListAsync("/sd/adGroups", Living + filter, DisplayJson.Default.AdGroupArray, item => item.AdGroupId, cancellationToken).ConfigureAwait(false)) (defaults[Id(item.AdGroupId)], sight.AdGroups[Id(item.AdGroupId)]) = (item.DefaultBid, State(item.State));

        foreach (var filter in Filters("targetIdFilter", change => change switch { SetBid bid => bid.Target.Value, SetTargetState state => state.Target.Value, _ => null })
            .Concat(Filters("adGroupIdFilter", change => change is CreateTarget creation ? creation.AdGroup.Value : null)))
        {
            foreach (var item in await ListAsync("/sd/targets", Living + filter, DisplayJson.Default.ClauseArray, item => item.TargetId, cancellationToken).ConfigureAwait(false))
            {
                sight.Targets[Id(item.TargetId)] = (State(item.State), item.Bid ?? defaults.GetValueOrDefault(item.AdGroupId));
                var (_, match, text) = Clause(item.Expression);
                sight.Twins.Add(Sight.Key(item.AdGroupId, match, text));
            }
        }

        foreach (var filter in Filters("adGroupIdFilter", change => change switch { AddNegative negative => negative.AdGroup?.Value, ArchiveNegative negative => negative.AdGroup?.Value, _ => null }))
        {
            foreach (var item in await ListAsync("/sd/negativeTargets", Living + filter, DisplayJson.Default.ClauseArray, item => item.TargetId, cancellationToken).ConfigureAwait(false))
            {
                sight.Negatives.Add(Id(item.TargetId));
                var (match, text) = ClauseWords.Negated(Predicates(item.Expression));
                sight.Twins.Add(Sight.Key(item.AdGroupId, match, text));
            }
        }

        return [.. changes.Select(sight.See)];

        IEnumerable<string> Filters(string name, Func<Change, long?> id) => changes.Select(id).OfType<long>().Distinct().Chunk(PerPage)
            .Select(chunk => $"&{name}=" + string.Join("%2C", chunk.Select(each => each.ToString(CultureInfo.InvariantCulture))));
    }

    /// <returns>What Amazon serves an ad group for (<c>clicks</c>, <c>conversions</c>, <c>reach</c>); null where it is not told or the ad group is gone.</returns>
    internal async Task<string?> OptimisationAsync(AdGroupId adGroup, CancellationToken cancellationToken) =>
        (await ListAsync("/sd/adGroups", string.Create(CultureInfo.InvariantCulture, $"{Living}&adGroupIdFilter={adGroup.Value}"), DisplayJson.Default.AdGroupArray, item => item.AdGroupId, cancellationToken).ConfigureAwait(false)) is [var group, ..] ? group.BidOptimization : null;

    /// <summary>A target as suggested bids are asked for. Null where Amazon takes no such question (similar products, content categories) or the list told too little to ask (refined categories, unknown kinds).</summary>
    internal static DisplayClause? Asked(Target target) => target.Match switch
    {
        MatchType.Product => Manual("asinSameAs", target.Text),
        MatchType.Category or MatchType.Brand when target.Text.EndsWith(SponsoredProductsV3.Refined, StringComparison.Ordinal) => null,
        MatchType.Category => Manual("asinCategorySameAs", target.Text),
        MatchType.Brand => Manual("asinBrandSameAs", target.Text),
        MatchType.Complements when target.Text.StartsWith(AudiencePrefix, StringComparison.Ordinal) && target.Text[AudiencePrefix.Length..].Split(", ") is [{ Length: > 0 } sort, .. var parts] =>
            new("manual", [new(sort, new JsonArray([.. parts.Where(part => part.Length > 0).Select(Part)]))]),
        _ => null,
    };

    private static DisplayClause Manual(string type, string value) => new("manual", [new(type, value)]);

    // As Audience wrote it: a type alone, or a type and its value.
    private static JsonNode Part(string text) => text.Split(' ', 2) is [var type, var value] ? new JsonObject { ["type"] = type, ["value"] = value } : new JsonObject { ["type"] = text };

    private Core.Advertising.Campaign Of(Wire.Display.Campaign item) =>
        new(new(Id(item.CampaignId)), item.Name ?? "", TargetingType.Manual, State(item.State), new Money(item.Budget ?? 0, session.Marketplace.Currency), BiddingStrategy.UpAndDown, 0, 0, 0) { AdProduct = AdProduct, CostType = CostTypes.Of(item.CostType) };

    private async Task<IReadOnlyList<T>> ListAsync<T>(string path, string filter, JsonTypeInfo<T[]> type, Func<T, long> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, T>();
        for (var start = 0; ; start += PerPage)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"{path}?startIndex={start}&count={PerPage}{filter}");
            var call = new AmazonCalls.Call(HttpMethod.Get, session.Address(query), new CallPlan($"GET {path}", session.Lane, Rate: null, Repeatable: true), session.Scope);
            var page = await session.ReadAsync(call, type, cancellationToken).ConfigureAwait(false);
            foreach (var item in page) found[id(item)] = item;
            if (page.Length < PerPage) return [.. found.Values];
        }
    }

    private Task<IReadOnlyList<ChangeOutcome>> WriteAsync<T>(HttpMethod method, string path, string idName, T[] items, JsonTypeInfo<T[]> type, IReadOnlyList<long>? ids, CancellationToken cancellationToken) => Writes.SendAsync(session,
        session.Call(method, path, "application/json", repeatable: false, items, type), items.Length, body => Writes.Ordered(body, idName, items.Length, ids), cancellationToken);

    private static long Id(long id) => id > 0 ? id : throw new AmazonDocumentException("A list of Sponsored Display", 0, "id", "an id is a whole number from 1 to 2^63 - 1, and this one is not");

    private static EntityState State(string? state) => state switch
    {
        "enabled" => EntityState.Enabled,
        "archived" => EntityState.Archived,
        _ => EntityState.Paused,
    };

    private static string Written(EntityState state) => state switch { EntityState.Enabled => "enabled", EntityState.Paused => "paused", EntityState.Archived => "archived" };

    // An audience is one predicate with a list inside.
    private static (TargetKind Kind, MatchType Match, string Text) Clause(JsonElement? expression) =>
        expression is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && Word(list[0], "type") is "views" or "purchases" or "audience"
            ? (TargetKind.Auto, MatchType.Complements, Audience(list[0]))
            : ClauseWords.Of(Predicates(expression));

    private static string Audience(JsonElement predicate)
    {
        var parts = predicate.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(part => Word(part, "value") is { Length: > 0 } of ? $"{Word(part, "type")} {of}" : Word(part, "type"))
            : [];
        return $"{AudiencePrefix}{Word(predicate, "type")}, {string.Join(", ", parts)}";
    }

    private static IReadOnlyList<Wire.Predicate> Predicates(JsonElement? expression) =>
        expression is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(each => new Wire.Predicate(Word(each, "type"), Word(each, "value")))] : [];

    private static string? Word(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

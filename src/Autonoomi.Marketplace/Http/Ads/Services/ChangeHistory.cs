using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads.V1;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>What became of entities since the server began, whoever wrote it: Amazon names no author.</summary>
internal sealed class ChangeHistory
{
    private const int MaximumIds = 10;
    private const int LongestDays = 90;
    private static readonly string[] Types = ["CAMPAIGN", "AD_GROUP", "AD", "KEYWORD", "NEGATIVE_KEYWORD", "PRODUCT_TARGETING", "THEME"];
    private readonly WorldGate gate;
    private readonly Dictionary<(AdEntityKind Kind, long Id, string Field), string> before = [];

    public ChangeHistory(WorldGate gate)
    {
        this.gate = gate;
        var ads = gate.World.Ads;
        foreach (var each in ads.Campaigns)
        {
            Stood(AdEntityKind.Campaign, each.Id, ("name", each.Name), ("state", each.State), ("budget", each.DailyBudget), ("strategy", each.Strategy),
                ("topOfSearchPercent", each.TopOfSearchPercent), ("restOfSearchPercent", each.RestOfSearchPercent), ("productPagesPercent", each.ProductPagesPercent));
        }

        foreach (var each in ads.AdGroups) Stood(AdEntityKind.AdGroup, each.Id, ("name", each.Name), ("state", each.State), ("defaultBid", each.DefaultBid));
        foreach (var each in ads.ProductAds) Stood(AdEntityKind.ProductAd, each.Id, ("state", each.State));
        foreach (var each in ads.Targets) Stood(each.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target, each.Id, ("state", each.State), ("bid", each.Bid));
        foreach (var each in ads.Negatives) Stood(each.Kind, each.Id, ("state", each.State));
    }

    private sealed record Event(DateTimeOffset At, string EntityType, long Id, string ChangeType, string? Previous, string Now, JsonObject Metadata, long Campaign, long? AdGroup);

    public void Map(Routes routes) => routes.Post("/history", call => ServiceDesk.Serve(gate, call, "application/json", body => Handle(body)));

    private Answer Handle(Item body)
    {
        var from = Instant(body, "fromDate");
        var to = Instant(body, "toDate");
        if (from < gate.Now.AddDays(-LongestDays)) throw new MalformedBodyException($"fromDate lies more than {LongestDays} days back.");
        if (to < from) throw new MalformedBodyException("toDate lies before fromDate.");
        var types = body.Object("eventTypes") ?? throw new MalformedBodyException("eventTypes is required.");
        if (types.Fields.FirstOrDefault(each => !Types.Contains(each.Key)) is { Key: { } unknown }) throw new MalformedBodyException($"eventTypes.{unknown} is not one of {string.Join(", ", Types)}.");
        var count = body.Whole("count") ?? 100;
        if (count is < 50 or > 200) throw new MalformedBodyException("count is from 50 to 200.");
        var wanted = types.Fields.Select(each => each.Key).ToDictionary(name => name, name => Filter(types.Object(name)!.Value), StringComparer.Ordinal);
        var found = Events().Where(each => each.At >= from && each.At <= to && wanted.TryGetValue(each.EntityType, out var filter) && filter(each)).ToList();
        if (body.Object("sort")?.Text("direction") != "ASC") found.Reverse();

        var mark = PageMark.Of(body);
        var start = 0L;
        if (body.Text("nextToken") is { } token && !PageMark.TryRead(token, mark, out start)) throw new MalformedBodyException("nextToken does not belong to this request.");
        var answer = new JsonObject { ["events"] = new JsonArray([.. found.Skip((int)start).Take(count).Select(each => (JsonNode)Show(each))]) };
        if (start + count < found.Count) answer["nextToken"] = PageMark.Make(start + count, mark);
        return Answer.Json(200, answer);
    }

    private static DateTimeOffset Instant(Item body, string name) => body.Number(name) is { } millis and > 0 and < 10_000_000_000_000
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)millis) : throw new MalformedBodyException($"{name} is required, in milliseconds.");

    private static Predicate<Event> Filter(Item type)
    {
        var ids = type.Texts("eventTypeIds");
        var parents = type.Objects("parents");
        if (ids is null && parents is null) throw new MalformedBodyException($"{type.Where} names ids or parents.");
        if (ids?.Count > MaximumIds || parents?.Count > MaximumIds) throw new MalformedBodyException($"{type.Where} names at most {MaximumIds} ids or parents.");
        var fields = type.Texts("filters");
        return found => (fields is null || fields.Contains(found.ChangeType))
            && ((ids?.Contains(AdView.Id2(found.Id)) ?? false) || (parents?.Any(parent => parent.Flag("useProfileIdAdvertiser") || parent.Id("campaignId") == found.Campaign || (parent.Id("adGroupId") is { } group && group == found.AdGroup)) ?? false));
    }

    private List<Event> Events()
    {
        var values = new Dictionary<(AdEntityKind, long, string), string>(before);
        var events = new List<Event>();
        foreach (var write in gate.World.Ads.Writes.Where(each => each.Accepted))
        {
            if (Place(write.Entity, write.Id!.Value) is not var (type, campaign, adGroup, metadata)) continue;
            foreach (var (field, text) in write.Fields)
            {
                if (ChangeType(field) is not { } change) continue;
                var key = (write.Entity, write.Id.Value, field);
                var old = values.GetValueOrDefault(key);
                values[key] = text;

                // A creation shows as the first state of what is new, and as nothing else.
                if (old == text || (write.Operation == WriteOperation.Create && field != "state")) continue;
                events.Add(new(write.At, type, write.Id.Value, change, Word(field, old), Word(field, text)!, metadata, campaign, adGroup));
            }
        }

        // The other ad products' own, each at its time.
        return [.. events.Concat(gate.Others.Account.Events.Select(each => new Event(each.At, each.Type, each.Id, each.Field, each.Before is { Length: > 0 } old ? old : null, each.After, Parents(each.Campaign, each.AdGroup), each.Campaign, each.AdGroup))).OrderBy(each => each.At)];
    }

    private (string Type, long Campaign, long? AdGroup, JsonObject Metadata)? Place(AdEntityKind kind, long id)
    {
        var ads = gate.World.Ads;
        switch (kind)
        {
            case AdEntityKind.Campaign: return ("CAMPAIGN", id, null, new JsonObject { ["campaignId"] = AdView.Id2(id), ["campaignBudgetType"] = "DAILY" });
            case AdEntityKind.AdGroup: return ("AD_GROUP", ads.AdGroup(id)!.CampaignId, id, Parents(ads.AdGroup(id)!.CampaignId, id));
            case AdEntityKind.ProductAd: return ("AD", ads.ProductAd(id)!.CampaignId, ads.ProductAd(id)!.AdGroupId, Parents(ads.ProductAd(id)!.CampaignId, ads.ProductAd(id)!.AdGroupId));
            case AdEntityKind.Keyword or AdEntityKind.Target:
                var target = ads.Target(id)!;
                var metadata = Parents(target.CampaignId, target.AdGroupId);
                if (kind == AdEntityKind.Keyword) (metadata["keyword"], metadata["keywordType"]) = (target.Text, $"KEYWORD_{target.Match.ToString().ToUpperInvariant()}");
                return (kind == AdEntityKind.Keyword ? "KEYWORD" : "PRODUCT_TARGETING", target.CampaignId, target.AdGroupId, metadata);
            case AdEntityKind.NegativeKeyword or AdEntityKind.CampaignNegativeKeyword:
                var negative = ads.Negative(id)!;
                return ("NEGATIVE_KEYWORD", negative.CampaignId, negative.AdGroupId, Parents(negative.CampaignId, negative.AdGroupId));
            default: return null;
        }
    }

    private static JsonObject Parents(long campaign, long? adGroup)
    {
        var metadata = new JsonObject { ["campaignId"] = AdView.Id2(campaign) };
        if (adGroup is { } group) metadata["adGroupId"] = AdView.Id2(group);
        return metadata;
    }

    private static string? ChangeType(string field) => field switch
    {
        "state" => "STATUS",
        "budget" => "BUDGET_AMOUNT",
        "bid" => "BID_AMOUNT",
        "defaultBid" => "DEFAULT_BID_AMOUNT",
        "name" => "NAME",
        "strategy" => "SMART_BIDDING_STRATEGY",
        "topOfSearchPercent" or "restOfSearchPercent" or "productPagesPercent" => "PLACEMENT_GROUP",
        _ => null,
    };

    private static string? Word(string field, string? text) => field is "state" or "strategy" ? text?.ToUpperInvariant() : text;

    private static JsonObject Show(Event found)
    {
        var body = new JsonObject
        {
            ["timestamp"] = found.At.ToUnixTimeMilliseconds(), ["entityType"] = found.EntityType, ["entityId"] = AdView.Id2(found.Id), ["changeType"] = found.ChangeType,
            ["newValue"] = found.Now, ["metadata"] = found.Metadata.DeepClone(),
        };
        if (found.Previous is not null) body["previousValue"] = found.Previous;
        return body;
    }

    private void Stood(AdEntityKind kind, long id, params ReadOnlySpan<(string Field, object? Value)> values)
    {
        foreach (var (field, value) in values)
            if (value is not null) before[(kind, id, field)] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
    }
}

using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Theme-based bid recommendations, version 5: suggested bids for targeting expressions of one ad group.</summary>
internal sealed class BidRecommendations(WorldGate gate)
{
    public const string Path = "/sp/targets/bid/recommendations";
    public const string MediaType = "application/vnd.spthemebasedbidrecommendation.v5+json";

    private const int MaximumExpressions = 100;

    // Types that the pretend market has targets of, and those that it knows the name of only.
    private static readonly Dictionary<string, CoreMatch?> Types = new(StringComparer.Ordinal)
    {
        ["KEYWORD_EXACT_MATCH"] = CoreMatch.Exact, ["KEYWORD_PHRASE_MATCH"] = CoreMatch.Phrase, ["KEYWORD_BROAD_MATCH"] = CoreMatch.Broad,
        ["PAT_ASIN"] = CoreMatch.Product, ["PAT_CATEGORY"] = CoreMatch.Category,
        ["CLOSE_MATCH"] = CoreMatch.CloseMatch, ["LOOSE_MATCH"] = CoreMatch.LooseMatch, ["SUBSTITUTES"] = CoreMatch.Substitutes, ["COMPLEMENTS"] = CoreMatch.Complements,
        ["PAT_CATEGORY_REFINEMENT"] = null, ["KEYWORD_GROUP"] = null,
    };

    public void Map(Routes routes) => routes.Post(Path, Handle);

    private Answer Handle(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != MediaType) return Refuse(415, "UNSUPPORTED_MEDIA_TYPE", $"Cannot consume content type; {MediaType} is expected.");
        if (call.Header("Accept") is { Length: > 0 } accept && !accept.Split(',').Select(each => each.Split(';')[0].Trim()).Any(each => each is MediaType or "*/*"))
            return Refuse(406, "NOT_ACCEPTABLE", $"Only {MediaType} can be produced.");
        if (call.Json() is not { } body) return Refuse(400, "INVALID_ARGUMENT", "The body is not a JSON object.");
        try
        {
            return Recommend(new Item(body, "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Refuse(400, "INVALID_ARGUMENT", problem.Message);
        }
    }

    private Answer Recommend(Item body)
    {
        if (body.Text("recommendationType") != "BIDS_FOR_EXISTING_AD_GROUP") throw new MalformedBodyException("$.recommendationType: the pretend market recommends for existing ad groups only.");
        var (campaign, group) = (body.Id("campaignId"), body.Id("adGroupId"));
        var expressions = body.Objects("targetingExpressions") ?? throw new MalformedBodyException("$.targetingExpressions is required.");
        if (expressions.Count > MaximumExpressions) throw new MalformedBodyException($"$.targetingExpressions holds {expressions.Count} entries; at most {MaximumExpressions} are allowed.");
        if (campaign is null || group is null) throw new MalformedBodyException("$.campaignId and $.adGroupId are required.");
        var asked = expressions.Select(expression => (Match: Match(expression), Text: expression.Text("value") ?? "", expression.Fields)).ToList();

        var ads = gate.World.Ads;
        if (ads.AdGroup(group.Value) is not { State: not EntityState.Archived } found || found.CampaignId != campaign) return Refuse(422, "UNPROCESSABLE_ENTITY", "The campaign has no such ad group.");
        if (!ads.ProductAds.Any(ad => ad.AdGroupId == group && ad.State != EntityState.Archived)) return Refuse(422, "UNPROCESSABLE_ENTITY", "Invalid Advertiser and ASINs combination in the request");

        var targets = ads.Targets.Where(target => target.AdGroupId == group && target.State == EntityState.Enabled).ToLookup(target => (target.Match, Normal(target.Text)));
        var wanted = asked.Select(each => (Target: each.Match is { } match ? targets[(match, Normal(each.Text))].FirstOrDefault() : null, each.Fields)).Where(each => each.Target is not null).ToList();
        var bids = gate.World.SuggestedBids(wanted.Select(each => each.Target!).Distinct()).ToDictionary(bid => bid.TargetId);
        return Answer.Json(200, new JsonObject
        {
            ["bidRecommendations"] = new JsonArray(new JsonObject
            {
                ["theme"] = "CONVERSION_OPPORTUNITIES",
                ["bidRecommendationsForTargetingExpressions"] = new JsonArray([.. wanted.Where(each => bids.ContainsKey(each.Target!.Id)).Select(each => (JsonNode)new JsonObject
                {
                    ["targetingExpression"] = each.Fields.DeepClone(),
                    ["bidValues"] = Values(bids[each.Target!.Id]),
                })]),
            }),
        }, MediaType);
    }

    private static CoreMatch? Match(Item expression) => Types.TryGetValue(expression.Text("type") ?? "", out var match)
        ? match
        : throw new MalformedBodyException($"{expression.Where}.type is not one of {string.Join(", ", Types.Keys)}.");

    private static JsonArray Values(World.BidSuggestion bid) => [.. new[] { bid.Low, bid.Median, bid.High }.Select(value => (JsonNode)new JsonObject { ["suggestedBid"] = value })];

    private static string Normal(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static Answer Refuse(int status, string code, string message) => Family.Error(Path, status, code, message);
}

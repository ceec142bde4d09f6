using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Suggested bids of Sponsored Brands (for a campaign; answered by places in three lists) and of Sponsored Display (for clauses of whatever campaign; answered in order).</summary>
internal sealed class OtherBidRecommendations(WorldGate gate)
{
    public const string Brands = "/sb/recommendations/bids";
    public const string Display = "/sd/targets/bid/recommendations";

    private const string BrandsMedia = "application/vnd.sbbidsrecommendation.v3+json";
    private const string DisplayMedia = "application/vnd.sdtargetingrecommendations.v3.3+json";
    private const int MaximumItems = 100;

    private static readonly Dictionary<string, CoreMatch> Matches = new(StringComparer.Ordinal) { ["exact"] = CoreMatch.Exact, ["phrase"] = CoreMatch.Phrase, ["broad"] = CoreMatch.Broad };

    private static readonly Dictionary<string, OtherTargetKind> Clauses = new(StringComparer.Ordinal)
    {
        ["asinSameAs"] = OtherTargetKind.Product, ["asinCategorySameAs"] = OtherTargetKind.Category, ["asinBrandSameAs"] = OtherTargetKind.Brand,
    };

    public void Map(Routes routes)
    {
        routes.Post(Brands, call => Guarded(call, "application/json", BrandsMedia, body => OfBrands(body)));
        routes.Post(Display, call => Guarded(call, DisplayMedia, DisplayMedia, body => OfDisplay(body)));
    }

    private Answer Guarded(Call call, string asked, string told, Func<Item, Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != asked) return Family.Error(call.Path, 415, "UNSUPPORTED_MEDIA_TYPE", $"Cannot consume content type; {asked} is expected.");
        if (call.Header("Accept") is { Length: > 0 } accept && !accept.Split(',').Select(each => each.Split(';')[0].Trim()).Any(each => each == told || each == "*/*"))
            return Family.Error(call.Path, 406, "NOT_ACCEPTABLE", $"Only {told} can be produced.");
        if (call.Json() is not { } body) return Family.Error(call.Path, 400, "INVALID_ARGUMENT", "The body is not a JSON object.");
        try
        {
            return handle(new Item(body, "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Family.Error(call.Path, 400, "INVALID_ARGUMENT", problem.Message);
        }
    }

    private Answer OfBrands(Item body)
    {
        var id = OtherItems.Id(body, "campaignId") ?? throw new MalformedBodyException("$.campaignId: the pretend market recommends for campaigns that are there.");
        if (gate.Others.Account.Campaign(id) is not { AdProduct: AdProduct.SponsoredBrands, State: not EntityState.Archived }) throw new MalformedBodyException("$.campaignId names no living campaign of Sponsored Brands.");
        var keywords = body.Objects("keywords") ?? [];
        var clauses = body.Fields["targets"] as JsonArray ?? [];
        var themes = body.Texts("themeTypes") ?? [];
        if (keywords.Count + clauses.Count + themes.Count is not (> 0 and <= MaximumItems)) throw new MalformedBodyException($"$.keywords, $.targets and $.themeTypes hold {keywords.Count + clauses.Count + themes.Count} entries together; 1 to {MaximumItems} are allowed.");

        var mine = gate.Others.Account.Targets.Where(target => target.AdGroup.Campaign.Id == id && target.State != EntityState.Archived).ToList();
        var answer = new JsonObject();
        Tell("keywords", "keyword", keywords.Select(keyword => ((JsonNode)keyword.Fields, Find(OtherTargetKind.Keyword, keyword.Text("keywordText"), keyword.Choice("matchType", Matches)))));
        Tell("targets", "targets", clauses.Select((clause, index) => (clause!, OneOf(clause, $"$.targets[{index}]") is var (kind, value) ? Find(kind, value, null) : null)));
        Tell("themes", "themeType", themes.Select(theme => ((JsonNode)JsonValue.Create(theme)!, Find(OtherTargetKind.Theme, theme, null))));
        return Answer.Json(200, answer, BrandsMedia);

        OtherTarget? Find(OtherTargetKind kind, string? text, CoreMatch? match) => mine.Find(target => target.Kind == kind && target.Match == match && Same(target.Text, text));

        void Tell(string list, string name, IEnumerable<(JsonNode Asked, OtherTarget? Target)> asked)
        {
            var (success, error) = (new JsonArray(), new JsonArray());
            var index = list switch { "keywords" => "keywordIndex", "targets" => "targetsIndex", _ => "themeIndex" };
            foreach (var (place, (what, target)) in asked.Index())
            {
                if (target is not null && gate.Others.SuggestedBid(target) is var (low, middle, high))
                {
                    success.Add(new JsonObject
                    {
                        [index] = place, [name] = what.DeepClone(), ["recommendationId"] = target.Id.ToString(CultureInfo.InvariantCulture),
                        ["recommendedBid"] = new JsonObject { ["rangeStart"] = low, ["recommended"] = middle, ["rangeEnd"] = high },
                    });
                }
                else error.Add(new JsonObject { [index] = place, ["code"] = "NOT_FOUND", ["details"] = "There is no recommendation for this item." });
            }

            var prefix = list == "themes" ? "themesRecommendation" : $"{list}BidsRecommendation";
            (answer[prefix + "SuccessResults"], answer[prefix + "ErrorResults"]) = (success, error);
        }
    }

    private static (OtherTargetKind Kind, string? Value)? OneOf(JsonNode? clause, string where) => clause is JsonArray { Count: > 0 } list && list.All(each => each is JsonObject)
        ? list is [JsonObject only] && new Item(only, where).Text("type") is { } type && Clauses.TryGetValue(type, out var kind) ? (kind, new Item(only, where).Text("value")) : null
        : throw new MalformedBodyException($"{where} is not a list of objects.");

    private Answer OfDisplay(Item body)
    {
        var cost = body.Text("costType") ?? "";
        if (cost is not ("cpc" or "vcpm")) throw new MalformedBodyException("$.costType is cpc or vcpm.");
        var optimisation = body.Text("bidOptimization");
        if (optimisation is not ("clicks" or "conversions" or "reach") || (optimisation == "reach") != (cost == "vcpm")) throw new MalformedBodyException("$.bidOptimization is clicks or conversions where clicks are paid for, and reach where views are.");
        var clauses = body.Objects("targetingClauses") is { Count: > 0 and <= MaximumItems } given ? given : throw new MalformedBodyException($"$.targetingClauses holds 1 to {MaximumItems} clauses.");
        var shown = body.Objects("products")?.Select(product => product.Text("asin") ?? throw new MalformedBodyException($"{product.Where}.asin is required.")).ToHashSet(StringComparer.Ordinal);
        var living = gate.Others.Account.Targets.Where(target => target.AdGroup.Campaign.AdProduct == AdProduct.SponsoredDisplay && target.State != EntityState.Archived && target.AdGroup.Campaign.IsPerThousand == (cost == "vcpm") && Shows(target.AdGroup)).ToList();

        // What every clause says is read before anything is answered.
        var asked = clauses.Select(clause => clause.Object("targetingClause") is { } inner ? Clause(inner) : throw new MalformedBodyException($"{clause.Where}.targetingClause is required.")).ToList();
        return Answer.Json(207, new JsonObject
        {
            ["costType"] = cost, ["bidOptimization"] = optimisation,
            ["bidRecommendations"] = new JsonArray([.. asked.Select(each => living.Find(target => target.Kind == each.Kind && Same(target.Text, each.Text)) is { } target && gate.Others.SuggestedBid(target) is var (low, middle, high)
                ? (JsonNode)new JsonObject { ["code"] = "200", ["rangeLower"] = low, ["recommended"] = middle, ["rangeUpper"] = high }
                : new JsonObject { ["code"] = "422", ["details"] = "There is no recommendation for this clause." })]),
        }, DisplayMedia);

        bool Shows(OtherAdGroup group) => shown is null || gate.Others.Account.Ads.Any(ad => ad.AdGroup == group && ad.Products.Any(product => shown.Contains(gate.World.Market.Products[product].Asin)));
    }

    private static (OtherTargetKind Kind, string Text) Clause(Item clause)
    {
        if (clause.Text("expressionType") is not ("manual" or "auto")) throw new MalformedBodyException($"{clause.Where}.expressionType is manual or auto.");
        var parts = clause.Objects("expression") is { Count: > 0 } some ? some : throw new MalformedBodyException($"{clause.Where}.expression is required.");
        var type = parts[0].Text("type");
        if (parts is [var only] && type is "views" or "purchases" or "audience")
        {
            // As the market writes its audiences: the event, what it was done with, how long ago.
            var inner = only.Objects("value") ?? throw new MalformedBodyException($"{only.Where}.value is a list.");
            return (OtherTargetKind.Audience, string.Join(':', inner.Select(part => part.Text("value") ?? part.Text("type")).Prepend(type)));
        }

        return parts.Count == 1 && Clauses.TryGetValue(type ?? "", out var kind) ? (kind, parts[0].Text("value") ?? "") : throw new MalformedBodyException($"{clause.Where}.expression: the pretend market recommends for single products, whole categories, brands and audiences.");
    }

    private static bool Same(string text, string? other) => text.Equals(other?.Trim(), StringComparison.OrdinalIgnoreCase);
}

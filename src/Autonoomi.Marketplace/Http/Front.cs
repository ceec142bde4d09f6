using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Login;

namespace Autonoomi.Marketplace.Http;

/// <summary>One storefront and everything that answers for it.</summary>
internal sealed record Storefront(WorldGate Gate, Routes Routes)
{
    public string Profile { get; } = Gate.World.ProfileId.ToString(CultureInfo.InvariantCulture);

    public Answer Handle(string method, string pattern, Call call) => Routes.Handlers[(method, pattern)](call);
}

/// <summary>
/// Finds whose call it is. Advertising calls name a profile; Selling Partner calls belong to the account that consented and mostly name a marketplace; whatever names an id
/// alone is answered by the account's first storefront that knows it. A token never reaches another seller's storefront.
/// </summary>
internal sealed class Front(Memory memory, IReadOnlyList<Storefront> storefronts)
{
    private const string ProfilesPath = "/v2/profiles";
    private const string ParticipationsPath = "/sellers/v1/marketplaceParticipations";
    private const string AdvancePath = "/world/advance";

    public IEnumerable<(string Method, string Pattern)> Patterns => storefronts[0].Routes.Handlers.Keys;

    public Answer Handle(string method, string pattern, Call call)
    {
        Answer Ask(Storefront storefront) => storefront.Handle(method, pattern, call);
        if (storefronts.Count == 1) return Ask(storefronts[0]);
        if (call.Path == AdvancePath) return storefronts.Select(Ask).ToList()[0];
        if (Family.Of(call.Path) == ApiFamily.Control) return Ask(Numbered(call));
        var mine = Of(call);
        if (call.Path == ProfilesPath) return Merged(mine.Select(Ask), answer => answer.AsArray(), all => all);
        if (call.Path.StartsWith(ProfilesPath, StringComparison.Ordinal)) return Ask(mine.FirstOrDefault(each => call.Path.EndsWith("/" + each.Profile, StringComparison.Ordinal)) ?? mine[0]);
        if (call.Header("Amazon-Advertising-API-Scope") is { } scope) return Ask(mine.FirstOrDefault(each => each.Profile == scope) ?? mine[0]);
        if (call.Header("x-amz-access-token") is null) return Ask(mine[0]);
        if (call.Path == ParticipationsPath) return Merged(mine.Select(Ask), answer => answer["payload"]!.AsArray(), all => new JsonObject { ["payload"] = all });
        return Named(call, mine) is { } named ? Ask(named) : FirstThatKnows(mine, Ask);
    }

    private Storefront Numbered(Call call) =>
        int.TryParse(call.Query("storefront"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < storefronts.Count ? storefronts[number] : storefronts[0];

    /// <summary>The storefronts that the call's token opens; all of them for calls without one.</summary>
    private List<Storefront> Of(Call call)
    {
        var advertising = call.Header("Authorization") is { } authorization && authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization["Bearer ".Length..] : null;
        var partner = call.Header("x-amz-access-token");
        if ((advertising ?? partner) is not { } token) return [.. storefronts];
        var kind = advertising is null ? GrantKind.SellingPartner : GrantKind.Ads;
        if (memory.Grants.Inspect(token, kind, storefronts[0].Gate.Now, out var grant) != TokenState.Good) return [.. storefronts];
        var mine = storefronts.Where(each => each.Gate.Seller.Owns(grant!.Owner, kind, each.Gate.World.Marketplace.Region)).ToList();
        return mine.Count > 0 ? mine : [.. storefronts];
    }

    private static Storefront? Named(Call call, List<Storefront> mine)
    {
        var query = call.Http.QueryString.Value ?? "";
        var body = Encoding.UTF8.GetString(call.Body.Span);
        return mine.FirstOrDefault(each => query.Contains(each.Gate.World.Marketplace.Id, StringComparison.Ordinal) || body.Contains(each.Gate.World.Marketplace.Id, StringComparison.Ordinal));
    }

    private static Answer FirstThatKnows(List<Storefront> mine, Func<Storefront, Answer> ask)
    {
        Answer? first = null;
        foreach (var storefront in mine)
        {
            var answer = ask(storefront);
            if (answer.Status is not (400 or 403 or 404)) return answer;
            first ??= answer;
        }

        return first!;
    }

    /// <summary>One answer of several; the first refusal where there is one.</summary>
    private static Answer Merged(IEnumerable<Answer> answers, Func<JsonNode, JsonArray> items, Func<JsonArray, JsonNode> whole)
    {
        var all = answers.ToList();
        if (all.FirstOrDefault(answer => answer.Status != 200) is { } refused) return refused;
        var merged = Answer.Json(200, whole([.. all.SelectMany(answer => items(JsonNode.Parse(answer.Body.Span)!).Select(item => item!.DeepClone()))]));
        foreach (var (name, value) in all[0].Headers) merged.With(name, value);
        return merged;
    }
}

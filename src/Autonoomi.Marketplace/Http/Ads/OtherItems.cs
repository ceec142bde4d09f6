using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>What the older services of Sponsored Brands (version 3) and Sponsored Display share: lower-case words, ids as numbers, lists as bodies, pages by offset.</summary>
internal static class OtherItems
{
    private const int LargestPage = 1000;

    private static readonly Dictionary<string, EntityState> States = new(StringComparer.Ordinal) { ["enabled"] = EntityState.Enabled, ["paused"] = EntityState.Paused, ["archived"] = EntityState.Archived };

    /// <returns>The items of a body that is a list.</returns>
    public static IReadOnlyList<Item> List(Call call, int most)
    {
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(call.Body.Span);
        }
        catch (JsonException)
        {
            throw new MalformedBodyException("The body is not JSON.");
        }

        if (body is not JsonArray list) throw new MalformedBodyException("The body is not a list.");
        if (list.Count > most) throw new MalformedBodyException($"The list holds {list.Count} items; at most {most} are allowed.");
        return [.. list.Select((each, index) => each is JsonObject item ? new Item(item, $"$[{index}]") : throw new MalformedBodyException($"$[{index}] is not an object."))];
    }

    /// <returns>An id that is a number; null when absent.</returns>
    public static long? Id(Item item, string name) => item.Number(name) is not { } number ? null : number == decimal.Truncate(number) && number is > 0 and <= long.MaxValue ? (long)number : -1;

    public static EntityState? State(Item item) => item.Choice("state", States);

    public static string Word(EntityState state) => state switch { EntityState.Enabled => "enabled", EntityState.Paused => "paused", EntityState.Archived => "archived" };

    public static string Word(MatchType? match) => match switch { MatchType.Exact => "exact", MatchType.Phrase => "phrase", _ => "broad" };

    /// <returns>States of the query's filter; what it leaves out is as the service says.</returns>
    public static HashSet<EntityState> Wanted(Call call, params EntityState[] otherwise) =>
        call.QueryList("stateFilter") is { Length: > 0 } words ? [.. words.Select(word => States.TryGetValue(word.Trim(), out var state) ? state : throw new MalformedBodyException($"stateFilter knows no '{word.Trim()}'."))] : [.. otherwise];

    /// <returns>True for everything when the query has no such filter.</returns>
    public static Func<long, bool> Among(Call call, string name)
    {
        var ids = call.QueryList(name).Select(text => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1).ToHashSet();
        return ids.Count == 0 ? _ => true : ids.Contains;
    }

    public static IEnumerable<T> Page<T>(Call call, IEnumerable<T> all) => all.Skip(Number(call, "startIndex", 0)).Take(Math.Min(Number(call, "count", LargestPage), LargestPage));

    /// <summary>Words of our choice where Amazon documents none; see docs/amazon/pretend-amazon.md.</summary>
    public static string Code(OtherRefusal refusal) => refusal switch
    {
        OtherRefusal.NotFound => "NOT_FOUND",
        OtherRefusal.Duplicate => "DUPLICATE_VALUE",
        OtherRefusal.Throttled => "THROTTLED",
        OtherRefusal.BidOutOfRange => "BID_OUT_OF_RANGE",
        OtherRefusal.BudgetOutOfRange => "BUDGET_OUT_OF_RANGE",
        OtherRefusal.Archived or OtherRefusal.ParentArchived => "ARCHIVED_ENTITY",
        OtherRefusal.Invalid => "INVALID_ARGUMENT",
    };

    private static int Number(Call call, string name, int otherwise) => call.Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new MalformedBodyException($"{name} is not a whole number.");
}

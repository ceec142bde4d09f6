using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>Pieces of wire that all products of the unified model share.</summary>
internal static class UnifiedWords
{
    /// <summary>The unified model calls the United Kingdom GB; profiles and the older APIs call it UK.</summary>
    public static string Country(MarketWorld world) => world.Marketplace.Country == "UK" ? "GB" : world.Marketplace.Country;

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A day of the older APIs is a midnight of the marketplace here.</summary>
    public static string Midnight(MarketWorld world, DateOnly day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    public static JsonObject Status(IReadOnlyList<string> reasons) => new()
    {
        ["deliveryStatus"] = reasons.Count == 0 ? "DELIVERING" : "NOT_DELIVERING",
        ["deliveryReasons"] = new JsonArray([.. reasons.Select(each => (JsonNode)each)]),
    };

    public static JsonObject Amount(MarketWorld world, string name, decimal value) => new() { [name] = value, ["currencyCode"] = world.Marketplace.Currency.Code };

    public static JsonArray Budgets(MarketWorld world, decimal value, decimal? underRule) => [new JsonObject
    {
        ["budgetType"] = "MONETARY",
        ["recurrenceTimePeriod"] = "DAILY",
        ["budgetValue"] = new JsonObject { ["monetaryBudgetValue"] = new JsonObject { ["monetaryBudget"] = Monetary(world, value, underRule) } },
    }];

    private static JsonObject Monetary(MarketWorld world, decimal value, decimal? underRule)
    {
        var budget = Amount(world, "value", value);
        if (underRule is { } raised) budget["ruleValue"] = raised;
        return budget;
    }

    /// <returns>The one daily budget of an item; null when it names none.</returns>
    public static decimal? Budget(Item item)
    {
        if (item.Objects("budgets") is not { } budgets) return null;
        if (budgets.Count != 1) throw new MalformedBodyException($"{item.Where}.budgets holds exactly one budget.");
        if (budgets[0].Text("budgetType") != "MONETARY") throw new MalformedBodyException($"{budgets[0].Where}.budgetType is not one of MONETARY.");
        if (budgets[0].Text("recurrenceTimePeriod") != "DAILY") throw new MalformedBodyException($"{budgets[0].Where}.recurrenceTimePeriod is not one of DAILY.");
        return budgets[0].Object("budgetValue")?.Object("monetaryBudgetValue")?.Object("monetaryBudget")?.Number("value")
            ?? throw new MalformedBodyException($"{budgets[0].Where}.budgetValue.monetaryBudgetValue.monetaryBudget.value is required.");
    }

    /// <returns>The day of an instant in the marketplace; null when absent.</returns>
    public static DateOnly? Day(MarketWorld world, Item item, string name) => item.Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && text.Contains('T', StringComparison.Ordinal)
            ? world.DayOf(at) : throw new MalformedBodyException($"{item.Where}.{name} is not a date and time.");

    public static bool? Flag(Item item, string name) => item.Has(name) ? item.Flag(name) : null;
}

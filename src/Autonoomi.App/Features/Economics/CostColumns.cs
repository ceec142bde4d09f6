namespace Autonoomi.App.Features.Economics;

/// <summary>The columns of a file of costs, and which headings mean them.</summary>
public static class CostColumns
{
    public const string Sku = "sku";
    public const string CostOfGoods = "cost_of_goods";

    public static IReadOnlyList<string> Required { get; } = [Sku, CostOfGoods];
    public static IReadOnlyList<string> Optional { get; } = ["inbound_per_unit", "target_margin", "lead_time_days", "valid_from"];
    public static IReadOnlyList<string> All { get; } = [.. Required, .. Optional];

    private static readonly Dictionary<string, string[]> Likely = new(StringComparer.Ordinal)
    {
        [Sku] = ["seller_sku", "merchant_sku", "msku", "item_sku", "product_sku", "article", "article_number", "item_number", "product_id", "artikelnummer"],
        [CostOfGoods] = ["cogs", "cost", "costs", "unit_cost", "product_cost", "cost_per_unit", "cost_price", "purchase_price", "landed_cost", "einkaufspreis", "ek", "kosten"],
        ["inbound_per_unit"] = ["inbound", "freight", "shipping", "inbound_cost", "shipping_cost", "freight_per_unit", "fracht"],
        ["target_margin"] = ["margin", "wanted_margin", "marge"],
        ["lead_time_days"] = ["lead_time", "lead_days", "lieferzeit"],
        ["valid_from"] = ["from", "since", "date", "start_date", "gueltig_ab", "ab"],
    };

    /// <returns>The column that the heading names exactly; null for any other.</returns>
    public static string? Of(string heading) => Normal(heading) is var name && All.Contains(name, StringComparer.Ordinal) ? name : null;

    /// <returns>Which column of the file each field most likely is, from 0; fields that no heading speaks of are missing.</returns>
    public static IReadOnlyDictionary<string, int> Guess(IReadOnlyList<string> headings)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in All)
        {
            var at = First(headings, heading => Of(heading) == field);
            if (at < 0) at = First(headings, heading => Likely[field].Contains(Normal(heading), StringComparer.Ordinal));
            if (at < 0) at = First(headings, heading => Likely[field].Append(field).Any(word => word.Length > 3 && Normal(heading).Contains(word, StringComparison.Ordinal)));
            if (at >= 0 && !found.ContainsValue(at)) found[field] = at;
        }

        return found;
    }

    public static string Normal(string heading) => heading.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Trim('_');

    private static int First(IReadOnlyList<string> headings, Func<string, bool> fits)
    {
        for (var at = 0; at < headings.Count; at++)
            if (fits(headings[at])) return at;
        return -1;
    }
}

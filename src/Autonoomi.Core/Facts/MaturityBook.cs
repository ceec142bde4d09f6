using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Facts;

/// <summary>Keeps what each click day showed at each age, so that the delay of orders can be learnt from restatements.</summary>
public static class MaturityBook
{
    /// <param name="known">What was kept before.</param>
    /// <param name="from">Rows of earlier days are dropped.</param>
    /// <param name="targetDays">Facts by target and day, as they are now.</param>
    /// <param name="campaigns">They tell the ad product; a campaign that is gone counts as Sponsored Products.</param>
    /// <param name="read">Days that were just read anew; the last of them is yesterday.</param>
    /// <returns>Known rows and those of this reading, by day, ad product and age. The first reading of a day at an age stays.</returns>
    public static FactTable Add(FactTable known, DateOnly from, FactTable targetDays, IEnumerable<Campaign> campaigns, DateSpan read)
    {
        var sums = new SortedDictionary<(int Day, int Product, int Age), (long Clicks, long Orders)>();
        var days = targetDays.Ints("day");
        var keys = targetDays.Keys("campaign_id");
        var products = campaigns.ToDictionary(campaign => campaign.Id.Value, campaign => (int)campaign.AdProduct);
        var productOf = keys.Values.ToArray().Select(id => products.GetValueOrDefault(id)).ToArray();
        var clicks = targetDays.Longs("clicks");
        var orders = targetDays.Longs("orders");
        var (first, last, kinds) = (read.First.DayNumber, read.Last.DayNumber, Enum.GetValues<AdProduct>().Length);
        var (clicked, ordered, seen) = (new long[read.Days * kinds], new long[read.Days * kinds], new bool[read.Days * kinds]);
        for (var row = 0; row < targetDays.Rows; row++)
        {
            if (days[row] < first || days[row] > last) continue;
            var at = (days[row] - first) * kinds + productOf[keys.Codes[row]];
            clicked[at] += clicks[row];
            ordered[at] += orders[row];
            seen[at] = true;
        }

        for (var at = 0; at < seen.Length; at++)
            if (seen[at]) sums[(first + at / kinds, at % kinds, last - first - at / kinds)] = (clicked[at], ordered[at]);

        days = known.Ints("day");
        var knownProducts = known.Ints("ad_product");
        var ages = known.Ints("age");
        clicks = known.Longs("clicks");
        orders = known.Longs("orders");
        for (var row = 0; row < known.Rows; row++)
            if (days[row] >= from.DayNumber) sums[(days[row], knownProducts[row], ages[row])] = (clicks[row], orders[row]);

        var builder = new FactTableBuilder(TableSchema.Of(Dataset.MaturityDay));
        foreach (var ((day, product, age), sum) in sums) builder.Day(DateOnly.FromDayNumber(day)).Int(product).Int(age).Long(sum.Clicks).Long(sum.Orders);
        return builder.Build();
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>
/// One finished day of advertising in the four reports that the product reads. Built once; afterwards only clicks whose fate is open (an order that shows,
/// is cancelled or restated, a credit) are looked at again.
/// </summary>
internal sealed class AdDay
{
    // Attribution that sellers' reports show for Sponsored Products.
    private const int WindowDays = 7;

    private readonly Sheet[] sheets;
    private readonly List<Open> open = [];

    /// <param name="world">Whose day.</param>
    /// <param name="book">A closed day.</param>
    /// <param name="day">Its day number.</param>
    /// <param name="tables">Target, search-term, placement and product table, in this order; the day's rows are put there.</param>
    public AdDay(MarketWorld world, DayBook book, int day, DayTable[] tables)
    {
        var ads = world.Ads;
        var targets = new Rows<(long, long, long)>();
        var terms = new Rows<(long, long, long, string)>(TermOrder);
        var placements = new Rows<(long, int)>();
        var products = new Rows<(long, long, long)>();
        foreach (var (line, top, rest, pages) in book.Impressions!.Lines)
        {
            foreach (var (placement, shown) in new[] { (0, top), (1, rest), (2, pages) })
            {
                if (shown == 0) continue;
                targets.Add(OfTarget(line.Route.Place), shown);
                placements.Add((line.Campaign.Id, placement), shown);
                products.Add(OfAd(line.Ad.Place), shown);
            }
        }

        foreach (var click in book.Clicks) terms.Add(OfTerm(click), 0);
        var fates = new int[book.Clicks.Count][];
        for (var index = 0; index < fates.Length; index++)
        {
            var click = book.Clicks[index];
            fates[index] =
            [
                targets.Number(OfTarget(click.Target)), terms.Number(OfTerm(click)),
                placements.Number((ads.Targets[click.Target].CampaignId, click.Placement)), products.Number(OfAd(click.Ad)),
            ];
            terms.Shown[fates[index][1]] = book.Impressions.Terms.GetValueOrDefault((click.Target, click.Query.Index));
        }

        sheets =
        [
            targets.ToSheet(tables[0], day, (rows, row, key) => (rows.Longs[1]![row], rows.Longs[2]![row], rows.Longs[3]![row]) = key),
            terms.ToSheet(tables[1], day, (rows, row, key) =>
            {
                (rows.Longs[1]![row], rows.Longs[2]![row], rows.Longs[3]![row]) = (key.Item1, key.Item2, key.Item3);
                rows.Ints[4]![row] = tables[1].Code(key.Item4);
            }),
            placements.ToSheet(tables[2], day, (rows, row, key) => (rows.Longs[1]![row], rows.Ints[2]![row]) = key),
            products.ToSheet(tables[3], day, (rows, row, key) =>
            {
                (rows.Longs[1]![row], rows.Longs[2]![row], rows.Longs[3]![row]) = key;
                rows.Ints[4]![row] = tables[3].Code(ads.ProductAd(key.Item3)!.Sku);
            }),
        ];
        for (var index = 0; index < fates.Length; index++)
        {
            var click = book.Clicks[index];
            var places = fates[index].Select((number, sheet) => sheets[sheet].Places[number]).ToArray();
            if (click.CreditedMinute is null && click.Order is null) Count(places, 1, click.Cents);
            else open.Add(new Open(click, places));
        }

        (long, long, long) OfTarget(int target) => (ads.Targets[target].CampaignId, ads.Targets[target].AdGroupId, ads.Targets[target].Id);
        (long, long, long) OfAd(int ad) => (ads.ProductAds[ad].CampaignId, ads.ProductAds[ad].AdGroupId, ads.ProductAds[ad].Id);
        (long, long, long, string) OfTerm(Click click)
        {
            var (campaign, group, target) = OfTarget(click.Target);
            return (campaign, group, target, click.Query.Text);
        }
    }

    /// <summary>Brings the day up to what a report drawn now would show.</summary>
    public void Update(Market market, long nowMinute, long lagMinutes)
    {
        foreach (var each in open)
        {
            var counts = !(each.Click.CreditedMinute <= nowMinute);
            var order = counts && each.Click.Order is { } bought && bought.IsVisible(nowMinute, lagMinutes, WindowDays) ? bought : null;
            if (counts != each.Counts)
            {
                Count(each.Places, counts ? 1 : -1, counts ? each.Click.Cents : -each.Click.Cents);
                each.Counts = counts;
            }

            if (order is not null == each.Ordered) continue;
            var sign = order is not null ? 1 : -1;
            var (units, sales) = (each.Click.Order!.Units, Micros(each.Click.Order.Units * each.Click.Order.Sale?.UnitPrice ?? 0));
            for (var sheet = 0; sheet < sheets.Length; sheet++) sheets[sheet].Sell(each.Places[sheet], sign, sign * units, sign * sales);
            each.Ordered = order is not null;
        }

        // A term whose clicks were all credited is in no report.
        sheets[1].LeaveOutUnclicked();
    }

    private void Count(int[] places, int clicks, long cents)
    {
        for (var sheet = 0; sheet < sheets.Length; sheet++) sheets[sheet].Click(places[sheet], clicks, cents * (Money.MicrosPerUnit / 100));
    }

    private static long Micros(decimal amount) => (long)decimal.Round(amount * Money.MicrosPerUnit, 0, MidpointRounding.ToEven);

    private static readonly Comparer<(long, long, long, string)> TermOrder = Comparer<(long, long, long, string)>.Create(static (one, other) =>
    {
        var order = (one.Item1, one.Item2, one.Item3).CompareTo((other.Item1, other.Item2, other.Item3));
        return order != 0 ? order : string.CompareOrdinal(one.Item4, other.Item4);
    });

    /// <summary>A click whose report may still change, with its row in each of the four reports.</summary>
    private sealed class Open(Click click, int[] places)
    {
        public Click Click => click;
        public int[] Places => places;
        public bool Counts { get; set; }
        public bool Ordered { get; set; }
    }

    /// <summary>Distinct keys of a report, numbered as they come and sorted once.</summary>
    private sealed class Rows<TKey>(IComparer<TKey>? order = null)
        where TKey : notnull
    {
        private readonly Dictionary<TKey, int> numbers = [];

        public List<long> Shown { get; } = [];

        public int Number(TKey key)
        {
            if (numbers.TryGetValue(key, out var number)) return number;
            numbers.Add(key, Shown.Count);
            Shown.Add(0);
            return Shown.Count - 1;
        }

        public void Add(TKey key, long shown) => Shown[Number(key)] += shown;

        public Sheet ToSheet(DayTable table, int day, Action<DayRows, int, TKey> setKey)
        {
            var rows = new DayRows(table.Schema, numbers.Count);
            var sheet = new Sheet(rows, table.Schema.IndexOf("impressions"), new int[numbers.Count]);
            var row = 0;
            foreach (var (key, number) in numbers.OrderBy(pair => pair.Key, order))
            {
                rows.Ints[0]![row] = day;
                setKey(rows, row, key);
                sheet.Show(row, Shown[number]);
                sheet.Places[number] = row++;
            }

            table.Put(day, rows);
            return sheet;
        }
    }

    /// <summary>The measures of one report's day.</summary>
    /// <param name="rows">Where they stand.</param>
    /// <param name="first">Position of the first measure.</param>
    /// <param name="places">Row of each key by its number.</param>
    private sealed class Sheet(DayRows rows, int first, int[] places)
    {
        public int[] Places => places;

        public void Show(int row, long impressions) => rows.Longs[first]![row] = impressions;

        public void Click(int row, int clicks, long cost)
        {
            rows.Longs[first + 1]![row] += clicks;
            rows.Longs[first + 2]![row] += cost;
        }

        public void Sell(int row, int orders, int units, long sales)
        {
            rows.Longs[first + 3]![row] += orders;
            rows.Longs[first + 4]![row] += units;
            rows.Longs[first + 5]![row] += sales;
        }

        public void LeaveOutUnclicked()
        {
            var clicks = rows.Longs[first + 1]!;
            rows.Left = clicks.AsSpan().Contains(0) ? [.. clicks.Select(count => count == 0)] : null;
        }
    }
}

using System.Runtime.InteropServices;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>The account's entities in the order in which reports list them, worked out again when something was created.</summary>
internal sealed class ReportOrder(AdAccount ads)
{
    private readonly Dictionary<long, int> campaignPlaces = [];

    /// <summary>Places of targets.</summary>
    public int[] Targets { get; private set; } = [];

    /// <summary>Position in <see cref="Targets"/> by place.</summary>
    public int[] TargetRanks { get; private set; } = [];

    /// <summary>Places of product ads.</summary>
    public int[] Ads { get; private set; } = [];

    /// <summary>Places of campaigns.</summary>
    public int[] Campaigns { get; private set; } = [];

    public int PlaceOf(long campaign) => campaignPlaces[campaign];

    public void Refresh()
    {
        if (Targets.Length != ads.Targets.Count)
        {
            Targets = [.. Enumerable.Range(0, ads.Targets.Count).OrderBy(place => (ads.Targets[place].CampaignId, ads.Targets[place].AdGroupId, ads.Targets[place].Id))];
            TargetRanks = new int[Targets.Length];
            for (var rank = 0; rank < Targets.Length; rank++) TargetRanks[Targets[rank]] = rank;
        }

        if (Ads.Length != ads.ProductAds.Count)
            Ads = [.. Enumerable.Range(0, ads.ProductAds.Count).OrderBy(place => (ads.ProductAds[place].CampaignId, ads.ProductAds[place].AdGroupId, ads.ProductAds[place].Id))];
        if (Campaigns.Length == ads.Campaigns.Count) return;
        Campaigns = [.. Enumerable.Range(0, ads.Campaigns.Count).OrderBy(place => ads.Campaigns[place].Id)];
        for (var place = 0; place < ads.Campaigns.Count; place++) campaignPlaces[ads.Campaigns[place].Id] = place;
    }
}

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
    private readonly long unitMicros;

    /// <param name="world">Whose day.</param>
    /// <param name="book">A closed day.</param>
    /// <param name="day">Its day number.</param>
    /// <param name="order">Up to date.</param>
    /// <param name="tables">Target, search-term, placement and product table, in this order; the day's rows are put there.</param>
    public AdDay(MarketWorld world, DayBook book, int day, ReportOrder order, DayTable[] tables)
    {
        var ads = world.Ads;
        unitMicros = Amounts.Micros(world.Market.SmallestUnit);
        var impressions = book.Impressions ?? throw new InvalidOperationException("The day is not over yet.");
        var (byTarget, byAd, byPlacement) = (new long[ads.Targets.Count], new long[ads.ProductAds.Count], new long[ads.Campaigns.Count * 3]);
        foreach (var (line, top, rest, pages) in impressions.Lines)
        {
            var campaign = order.PlaceOf(line.Campaign.Id) * 3;
            byTarget[line.Route.Place] += top + rest + pages;
            byAd[line.Ad.Place] += top + rest + pages;
            byPlacement[campaign] += top;
            byPlacement[campaign + 1] += rest;
            byPlacement[campaign + 2] += pages;
        }

        var terms = new Dictionary<(int Target, int Query), int>();
        var clicks = CollectionsMarshal.AsSpan(book.Clicks);
        foreach (var click in clicks) terms[(click.Line.Route.Place, click.Query.Index)] = 0;
        var sorted = terms.Keys.Select(key => (order.TargetRanks[key.Target], world.Market.Queries[key.Query].Text, Key: key)).ToArray();
        Array.Sort(sorted, static (one, other) => one.Item1 != other.Item1 ? one.Item1.CompareTo(other.Item1) : string.CompareOrdinal(one.Text, other.Text));
        for (var row = 0; row < sorted.Length; row++) terms[sorted[row].Key] = row;

        // Whoever was clicked was shown, so impressions alone decide who has a row.
        var targets = RowsOf(order.Targets, byTarget);
        var products = RowsOf(order.Ads, byAd);
        var placements = RowsOf([.. order.Campaigns.SelectMany(place => (int[])[place * 3, (place * 3) + 1, (place * 3) + 2])], byPlacement);
        sheets =
        [
            Sheet.Of(tables[0], day, targets.Shown, (rows, row) => Head(rows, row, ads.Targets[targets.Places[row]])),
            Sheet.Of(tables[1], day, [.. sorted.Select(term => (long)impressions.Terms.GetValueOrDefault(term.Key))], (rows, row) =>
            {
                Head(rows, row, ads.Targets[sorted[row].Key.Target]);
                rows.Ints[4]![row] = tables[1].Code(sorted[row].Text);
            }),
            Sheet.Of(tables[2], day, placements.Shown, (rows, row) =>
                (rows.Longs[1]![row], rows.Ints[2]![row]) = (ads.Campaigns[placements.Places[row] / 3].Id, placements.Places[row] % 3)),
            Sheet.Of(tables[3], day, products.Shown, (rows, row) =>
            {
                var ad = ads.ProductAds[products.Places[row]];
                (rows.Longs[1]![row], rows.Longs[2]![row], rows.Longs[3]![row]) = (ad.CampaignId, ad.AdGroupId, ad.Id);
                rows.Ints[4]![row] = tables[3].Code(ad.Sku);
            }),
        ];
        foreach (var click in clicks)
        {
            var line = click.Line;
            var rows = (targets.Rows[line.Route.Place], terms[(line.Route.Place, click.Query.Index)], placements.Rows[(order.PlaceOf(line.Campaign.Id) * 3) + click.Placement], products.Rows[line.Ad.Place]);
            if (click.CreditedMinute is null && click.Order is null) Count(rows, 1, click.Cents);
            else open.Add(new Open(click, rows));
        }

        static void Head(DayRows rows, int row, WorldTarget target) => (rows.Longs[1]![row], rows.Longs[2]![row], rows.Longs[3]![row]) = (target.CampaignId, target.AdGroupId, target.Id);
    }

    /// <summary>Brings the day up to what a report drawn now would show.</summary>
    public void Update(long nowMinute, long lagMinutes)
    {
        foreach (var each in open)
        {
            var counts = !(each.Click.CreditedMinute <= nowMinute);
            var order = counts && each.Click.Order is { } bought && bought.IsVisible(nowMinute, lagMinutes, WindowDays) ? bought : null;
            if (counts != each.Counts)
            {
                Count(each.Rows, counts ? 1 : -1, counts ? each.Click.Cents : -each.Click.Cents);
                each.Counts = counts;
            }

            if (order is not null && each.Ordered is null) Sell(each.Rows, 1, order);
            else if (order is null && each.Ordered is { } gone) Sell(each.Rows, -1, gone);
            each.Ordered = order;
        }

        // A term whose clicks were all credited is in no report.
        sheets[1].SkipUnclicked();
    }

    private void Count((int, int, int, int) rows, int clicks, int cents)
    {
        var cost = cents * unitMicros;
        sheets[0].Click(rows.Item1, clicks, cost);
        sheets[1].Click(rows.Item2, clicks, cost);
        sheets[2].Click(rows.Item3, clicks, cost);
        sheets[3].Click(rows.Item4, clicks, cost);
    }

    private void Sell((int, int, int, int) rows, int sign, AdOrder order)
    {
        var (units, sales) = (sign * order.Units, sign * Amounts.Micros(order.Units * order.Sale!.UnitPrice));
        sheets[0].Sell(rows.Item1, sign, units, sales);
        sheets[1].Sell(rows.Item2, sign, units, sales);
        sheets[2].Sell(rows.Item3, sign, units, sales);
        sheets[3].Sell(rows.Item4, sign, units, sales);
    }

    // Those that were shown, in the report's order; and the row of each by its place.
    private static (int[] Places, int[] Rows, long[] Shown) RowsOf(int[] order, long[] shown)
    {
        var places = Array.FindAll(order, place => shown[place] > 0);
        var rows = new int[shown.Length];
        for (var row = 0; row < places.Length; row++) rows[places[row]] = row;
        return (places, rows, Array.ConvertAll(places, place => shown[place]));
    }

    /// <summary>A click whose report may still change, with its row in each of the four reports.</summary>
    private sealed class Open(Click click, (int Target, int Term, int Placement, int Product) rows)
    {
        public Click Click => click;
        public (int, int, int, int) Rows => rows;
        public bool Counts { get; set; }

        /// <summary>The order as it is counted now.</summary>
        public AdOrder? Ordered { get; set; }
    }

    /// <summary>The measures of one report's day.</summary>
    private sealed class Sheet(DayRows rows, int first)
    {
        private readonly long[] clicks = rows.Longs[first + 1]!;
        private readonly long[] cost = rows.Longs[first + 2]!;
        private readonly long[] orders = rows.Longs[first + 3]!;
        private readonly long[] units = rows.Longs[first + 4]!;
        private readonly long[] sales = rows.Longs[first + 5]!;

        public static Sheet Of(DayTable table, int day, long[] shown, Action<DayRows, int> setKey)
        {
            var rows = new DayRows(table.Schema, shown.Length);
            var first = table.Schema.IndexOf("impressions");
            Array.Fill(rows.Ints[0]!, day);
            shown.CopyTo(rows.Longs[first]!, 0);
            for (var row = 0; row < shown.Length; row++) setKey(rows, row);
            table.Put(day, rows);
            return new Sheet(rows, first);
        }

        public void Click(int row, int count, long paid)
        {
            clicks[row] += count;
            cost[row] += paid;
        }

        public void Sell(int row, int bought, int sold, long earned)
        {
            orders[row] += bought;
            units[row] += sold;
            sales[row] += earned;
        }

        public void SkipUnclicked() => rows.Skipped = clicks.AsSpan().Contains(0) ? [.. Enumerable.Range(0, clicks.Length).Where(row => clicks[row] == 0)] : [];
    }
}

using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.World;

/// <summary>Draws report rows from the day books as they look at one moment.</summary>
internal sealed class Reports(IReadOnlyList<DayBook> days, AdAccount ads, Market market, DateOnly firstDay, long nowMinute, long lagMinutes)
{
    private static readonly int[] Windows = [1, 7, 14, 30];

    public IReadOnlyList<CampaignRow> Campaigns(DateSpan span) => Rows(
        span, entry => ads.Targets[entry.Target].CampaignId, click => ads.Targets[click.Target].CampaignId,
        (day, key, metrics) => new CampaignRow(day, key, metrics));

    public IReadOnlyList<TargetRow> Targets(DateSpan span) => Rows(
        span, entry => KeyOf(entry.Target), click => KeyOf(click.Target),
        (day, key, metrics) => new TargetRow(day, key.Campaign, key.AdGroup, key.Target, metrics));

    public IReadOnlyList<PlacementRow> Placements(DateSpan span) => Rows(
        span, entry => (ads.Targets[entry.Target].CampaignId, entry.Placement), click => (ads.Targets[click.Target].CampaignId, click.Placement),
        (day, key, metrics) => new PlacementRow(day, key.CampaignId, (Placement)key.Placement, metrics));

    public IReadOnlyList<ProductRow> Products(DateSpan span) => Rows(
        span, entry => AdKeyOf(entry.Ad), click => AdKeyOf(click.Ad),
        (day, key, metrics) => new ProductRow(day, key.Campaign, key.AdGroup, key.Ad, ads.ProductAd(key.Ad)!.Sku, ads.ProductAd(key.Ad)!.Asin, metrics));

    /// <summary>Only terms with at least one click that still counts.</summary>
    public IReadOnlyList<SearchTermRow> SearchTerms(DateSpan span)
    {
        var rows = new List<SearchTermRow>();
        foreach (var (date, book) in Span(span))
        {
            var sums = new Dictionary<(int Target, int Query), Sum>();
            foreach (var click in book.Clicks)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(sums, (click.Target, click.Query.Index), out _) ??= new Sum()).Add(click, this);
            }

            foreach (var ((target, query), sum) in sums)
            {
                if (sum.Clicks == 0) continue;
                sum.Impressions = book.TermImpressions.GetValueOrDefault((target, query));
                var key = KeyOf(target);
                rows.Add(new SearchTermRow(date, key.Campaign, key.AdGroup, key.Target, market.Queries[query].Text, sum.ToMetrics()));
            }
        }

        rows.Sort(static (one, other) =>
        {
            var order = (one.Day, one.CampaignId, one.AdGroupId, one.TargetId).CompareTo((other.Day, other.CampaignId, other.AdGroupId, other.TargetId));
            return order != 0 ? order : string.CompareOrdinal(one.SearchTerm, other.SearchTerm);
        });
        return rows;
    }

    /// <returns>What Amazon charged for clicks on a product's ads on one day, as of now.</returns>
    public decimal AdCharge(int day, int product) =>
        day < days.Count ? days[day].Clicks.Where(click => click.Product == product && !(click.CreditedMinute <= nowMinute)).Sum(click => click.Cents) / 100m : 0;

    private List<TRow> Rows<TKey, TRow>(
        DateSpan span, Func<(int Target, int Ad, int Placement), TKey> ofImpressions, Func<Click, TKey> ofClick, Func<DateOnly, TKey, Metrics, TRow> toRow)
        where TKey : notnull
    {
        var rows = new List<TRow>();
        foreach (var (date, book) in Span(span))
        {
            var sums = new SortedDictionary<TKey, Sum>();
            foreach (var (entry, shown) in book.Impressions) Of(ofImpressions(entry)).Impressions += shown;
            foreach (var click in book.Clicks) Of(ofClick(click)).Add(click, this);
            rows.AddRange(sums.Where(entry => entry.Value.Impressions > 0 || entry.Value.Clicks > 0).Select(entry => toRow(date, entry.Key, entry.Value.ToMetrics())));

            Sum Of(TKey key)
            {
                if (!sums.TryGetValue(key, out var sum)) sums[key] = sum = new Sum();
                return sum;
            }
        }

        return rows;
    }

    private IEnumerable<(DateOnly Date, DayBook Book)> Span(DateSpan span)
    {
        var first = Math.Max(0, span.First.DayNumber - firstDay.DayNumber);
        var last = Math.Min(span.Last.DayNumber - firstDay.DayNumber, days.Count - 1);
        for (var day = first; day <= last; day++) yield return (firstDay.AddDays(day), days[day]);
    }

    private (long Campaign, long AdGroup, long Target) KeyOf(int target) =>
        (ads.Targets[target].CampaignId, ads.Targets[target].AdGroupId, ads.Targets[target].Id);

    private (long Campaign, long AdGroup, long Ad) AdKeyOf(int ad) => (ads.ProductAds[ad].CampaignId, ads.ProductAds[ad].AdGroupId, ads.ProductAds[ad].Id);

    private sealed class Sum
    {
        private readonly Attributed[] attributed = new Attributed[Windows.Length];
        private long cents;

        public long Impressions { get; set; }
        public long Clicks { get; private set; }

        public void Add(Click click, Reports reports)
        {
            if (click.CreditedMinute <= reports.nowMinute) return;
            Clicks++;
            cents += click.Cents;
            if (click.Order is not { } order) return;
            var sales = order.Units * reports.market.Products[order.Product].Price;
            var same = order.Product == order.AdvertisedProduct;
            for (var window = 0; window < Windows.Length; window++)
            {
                if (!order.IsVisible(reports.nowMinute, reports.lagMinutes, Windows[window])) continue;
                var sum = attributed[window];
                attributed[window] = new Attributed(
                    sum.Orders + 1, sum.Units + order.Units, sum.Sales + sales,
                    sum.SameSkuOrders + (same ? 1 : 0), sum.SameSkuUnits + (same ? order.Units : 0), sum.SameSkuSales + (same ? sales : 0));
            }
        }

        public Metrics ToMetrics() => new(Impressions, Clicks, cents / 100m, attributed[0], attributed[1], attributed[2], attributed[3]);
    }

    private readonly long nowMinute = nowMinute;
    private readonly long lagMinutes = lagMinutes;
    private readonly Market market = market;
}

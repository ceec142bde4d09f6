using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Draws report rows from the day books as they look at one moment. A finished day's rows are kept until something about one of its clicks changes,
/// so asking for a month every morning costs little more than asking for the last few days.
/// </summary>
internal sealed class Reports(Simulation simulation, AdAccount ads, Market market, DateOnly firstDay, WorldSettings settings)
{
    private readonly long lagMinutes = settings.OrderReportLagHours * 60L;
    private readonly MissingReports[] missing = [.. settings.Events.OfType<MissingReports>()];
    private readonly List<long> changesAt = [];
    private readonly Kept<CampaignRow> campaigns = new();
    private readonly Kept<TargetRow> targets = new();
    private readonly Kept<PlacementRow> placements = new();
    private readonly Kept<ProductRow> products = new();
    private readonly Kept<SearchTermRow> terms = new();
    private readonly Kept<decimal> charges = new();

    public IReadOnlyList<CampaignRow> Campaigns(DateSpan span, long now) => Rows(campaigns, span, now, day =>
        Sums(day, now, (line, _) => line.Campaign.Id, (key, metrics) => new CampaignRow(firstDay.AddDays(day), key, metrics)));

    public IReadOnlyList<TargetRow> Targets(DateSpan span, long now) => Rows(targets, span, now, day =>
        Sums(day, now, (line, _) => KeyOf(line.Route.Place), (key, metrics) => new TargetRow(firstDay.AddDays(day), key.Campaign, key.AdGroup, key.Target, metrics)));

    public IReadOnlyList<PlacementRow> Placements(DateSpan span, long now) => Rows(placements, span, now, day =>
        Sums(day, now, (line, placement) => (line.Campaign.Id, placement), (key, metrics) => new PlacementRow(firstDay.AddDays(day), key.Id, (Placement)key.placement, metrics)));

    public IReadOnlyList<ProductRow> Products(DateSpan span, long now) => Rows(products, span, now, day =>
        Sums(day, now, (line, _) => line.Ad.Place, (place, metrics) =>
        {
            var ad = ads.ProductAds[place];
            return new ProductRow(firstDay.AddDays(day), ad.CampaignId, ad.AdGroupId, ad.Id, ad.Sku, ad.Asin, metrics);
        }).OrderBy(row => (row.CampaignId, row.AdGroupId, row.AdId)));

    /// <summary>Only terms with at least one click that still counts.</summary>
    public IReadOnlyList<SearchTermRow> SearchTerms(DateSpan span, long now) => Rows(terms, span, now, day =>
    {
        var sums = new Dictionary<(int Target, int Query), Sum>();
        foreach (var click in simulation.Days[day].Clicks)
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(sums, (click.Line.Route.Place, click.Query.Index), out _) ??= new Sum()).Add(click, now, lagMinutes);
        }

        var rows = new List<SearchTermRow>();
        var shown = simulation.ImpressionsOf(day).Terms;
        foreach (var ((target, query), sum) in sums)
        {
            if (sum.Clicks == 0) continue;
            sum.Impressions = shown.GetValueOrDefault((target, query));
            var key = KeyOf(target);
            rows.Add(new SearchTermRow(firstDay.AddDays(day), key.Campaign, key.AdGroup, key.Target, market.Queries[query].Text, sum.ToMetrics(market.SmallestUnit)));
        }

        rows.Sort(static (one, other) =>
        {
            var order = (one.CampaignId, one.AdGroupId, one.TargetId).CompareTo((other.CampaignId, other.AdGroupId, other.TargetId));
            return order != 0 ? order : string.CompareOrdinal(one.SearchTerm, other.SearchTerm);
        });
        return rows;
    });

    /// <returns>What Amazon charged for clicks on a product's ads on one day, as of now.</returns>
    public decimal AdCharge(int day, int product, long now)
    {
        if (day >= simulation.Days.Count) return 0;
        return charges.Of(day, now, ChangeAfter(day, now), () =>
        {
            var sums = new decimal[market.Products.Length];
            foreach (var click in simulation.Days[day].Clicks)
            {
                if (!(click.CreditedMinute <= now)) sums[click.Product] += click.Cents * market.SmallestUnit;
            }

            return sums;
        })[product];
    }

    /// <returns>Whether the reports of advertising on a day, counted since the first, ever come.</returns>
    public bool IsReported(int day) => !Array.Exists(missing, gap => day >= settings.HistoryDays + gap.Day && day < settings.HistoryDays + gap.Day + gap.Days);

    private List<TRow> Rows<TRow>(Kept<TRow> kept, DateSpan span, long now, Func<int, IEnumerable<TRow>> draw)
    {
        var first = Math.Max(0, span.First.DayNumber - firstDay.DayNumber);
        var last = Math.Min(span.Last.DayNumber - firstDay.DayNumber, simulation.Days.Count - 1);
        var rows = new List<TRow>();
        for (var day = first; day <= last; day++)
        {
            if (IsReported(day)) rows.AddRange(kept.Of(day, now, ChangeAfter(day, now), () => [.. draw(day)]));
        }

        return rows;
    }

    // The next minute at which a row of the day may tell something else; an open day changes at once.
    private long ChangeAfter(int day, long now)
    {
        var book = simulation.Days[day];
        if (!book.IsClosed) return now;
        while (changesAt.Count <= day) changesAt.Add(long.MinValue);
        if (now < changesAt[day]) return changesAt[day];
        var next = long.MaxValue;
        foreach (var click in book.Clicks)
        {
            if (click.CreditedMinute > now) next = Math.Min(next, click.CreditedMinute.Value);
            if (click.Order is { } order) next = Math.Min(next, order.ChangesAfter(now, lagMinutes));
        }

        return changesAt[day] = next;
    }

    private List<TRow> Sums<TKey, TRow>(int day, long now, Func<AdLine, int, TKey> keyOf, Func<TKey, Metrics, TRow> toRow) where TKey : notnull
    {
        var sums = new Dictionary<TKey, Sum>();
        foreach (var (line, top, rest, pages) in simulation.ImpressionsOf(day).Lines)
        {
            if (top > 0) Of(line, 0).Impressions += top;
            if (rest > 0) Of(line, 1).Impressions += rest;
            if (pages > 0) Of(line, 2).Impressions += pages;
        }

        foreach (var click in simulation.Days[day].Clicks) Of(click.Line, click.Placement).Add(click, now, lagMinutes);
        return [.. sums.OrderBy(entry => entry.Key).Select(entry => toRow(entry.Key, entry.Value.ToMetrics(market.SmallestUnit)))];

        Sum Of(AdLine line, int placement) => CollectionsMarshal.GetValueRefOrAddDefault(sums, keyOf(line, placement), out _) ??= new Sum();
    }

    private (long Campaign, long AdGroup, long Target) KeyOf(int target) =>
        (ads.Targets[target].CampaignId, ads.Targets[target].AdGroupId, ads.Targets[target].Id);

    /// <summary>Rows of finished days and until when they hold.</summary>
    private sealed class Kept<TRow>
    {
        private readonly Dictionary<int, (TRow[] Rows, long Until)> days = [];

        public TRow[] Of(int day, long now, long changesAt, Func<TRow[]> draw)
        {
            if (days.TryGetValue(day, out var kept) && now < kept.Until) return kept.Rows;
            var rows = draw();
            days[day] = (rows, changesAt);
            return rows;
        }
    }

    private sealed class Sum
    {
        private static readonly int[] Windows = [1, 7, 14, 30];
        private Attributed[]? attributed;
        private long cents;

        public long Impressions { get; set; }
        public long Clicks { get; private set; }

        public void Add(Click click, long now, long lagMinutes)
        {
            if (click.CreditedMinute <= now) return;
            Clicks++;
            cents += click.Cents;
            if (click.Order is not { Sale: { } sale } order) return;
            var sales = order.Units * sale.UnitPrice;
            var same = order.Product == order.AdvertisedProduct;
            attributed ??= new Attributed[Windows.Length];
            for (var window = 0; window < Windows.Length; window++)
            {
                if (!order.IsVisible(now, lagMinutes, Windows[window])) continue;
                var sum = attributed[window];
                attributed[window] = new Attributed(
                    sum.Orders + 1, sum.Units + order.Units, sum.Sales + sales,
                    sum.SameSkuOrders + (same ? 1 : 0), sum.SameSkuUnits + (same ? order.Units : 0), sum.SameSkuSales + (same ? sales : 0));
            }
        }

        public Metrics ToMetrics(decimal unit) => attributed is null
            ? new(Impressions, Clicks, cents * unit, default, default, default, default)
            : new(Impressions, Clicks, cents * unit, attributed[0], attributed[1], attributed[2], attributed[3]);
    }
}

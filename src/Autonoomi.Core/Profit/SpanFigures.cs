using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Profit;

/// <summary>Rows by product and day of a span, from one source.</summary>
internal sealed record BookedDays(ProfitSource Source, ImmutableArray<ProfitRow> Products)
{
    /// <inheritdoc cref="ProfitTable.Sold"/>
    public DateSpan? Sold { get; } = Moved(Products);

    private static DateSpan? Moved(ImmutableArray<ProfitRow> products)
    {
        var days = products.Where(row => Statement.Lines.Any(line => line < ProfitLine.OtherCosts && row.Lines[line] != 0)).Select(row => row.Day).ToArray();
        return days.Length == 0 ? null : new DateSpan(days.Min(), days.Max());
    }
}

/// <summary>
/// The figures of some days: ad sales, ad spend, ACoS, TACoS, ad profit and profit of all ad products, as every screen and file shows them. They are sums of the
/// <see cref="ProfitTable"/> of the same days, without its parts by term and day. Decisions do not go by them. See docs/maths/profit.md.
/// </summary>
public sealed class SpanFigures
{
    private static readonly AdProduct[] AdProducts = Enum.GetValues<AdProduct>();

    internal SpanFigures(Workspace workspace, DateSpan span, BookedDays booked, LeftOfSales left, long settledSales)
    {
        (Span, Source) = (span, booked.Source);
        var currency = workspace.Marketplace.Currency;
        var ads = new AdSums(workspace, span, booked.Products, left);
        var whole = Contribution.Of(booked.Products, currency, booked.Sold is not null);
        var byDay = booked.Products.GroupBy(row => row.Day).ToDictionary(day => day.Key);
        Whole = new Figures(ads.Whole, whole);
        Targets = ads.Targets;
        Unlisted = ads.Unlisted;
        Maturing = [.. ads.Maturing];
        Settling = Settling.Of(ads.Maturing);
        Settled = Source == ProfitSource.Settlements ? 1 : whole.Sales.Amount <= 0 ? null : Math.Clamp((double)(Money.FromMicros(settledSales, currency).Amount / whole.Sales.Amount), 0, 1);
        var estimated = Source == ProfitSource.Settlements ? [] : Estimated(workspace);
        Days =
        [
            .. Enumerable.Range(0, span.Days).Select(index => (Index: index, Day: span.First.AddDays(index))).Select(at => new DayPerformance(
                at.Day, new Figures(ads.Days[at.Index], Contribution.Of(byDay.TryGetValue(at.Day, out var rows) ? rows : [], currency, booked.Sold?.Contains(at.Day) == true)), ads.IsSettled[at.Index], estimated.Contains(at.Day)) { Settling = Settling.Of(ads.MaturingByDay[at.Index]) }),
        ];
        MissingDays = ads.HasFacts.Count(has => !has);
    }

    public DateSpan Span { get; }

    /// <summary>From what the profit is drawn up.</summary>
    public ProfitSource Source { get; }

    public Figures Whole { get; }

    /// <summary>One entry per day of the span, also for days without facts.</summary>
    public ImmutableArray<DayPerformance> Days { get; }

    /// <summary>One row per target of the workspace.</summary>
    public TargetGrid Targets { get; }

    /// <summary>What targets did that Amazon no longer lists: part of the whole, in no row of <see cref="Targets"/>.</summary>
    public AdFigures Unlisted { get; }

    /// <summary>How far orders of each ad product's clicks are visible, by <see cref="AdProduct"/>.</summary>
    public ImmutableArray<Maturing> Maturing { get; }

    /// <summary>What clicks are still expected to bring; null where all is settled, or nothing was sold that could be scaled.</summary>
    public Settling? Settling { get; }

    /// <summary>Share of all sales that is in settlements, 0 to 1; null without sales.</summary>
    public double? Settled { get; }

    /// <summary>Days whose orders are still being attributed or restated.</summary>
    public int UnsettledDays => Days.Count(day => !day.Settled);

    /// <summary>Days whose fees are estimated.</summary>
    public int EstimatedDays => Days.Count(day => day.Estimated);

    /// <summary>Days without any ad fact.</summary>
    public int MissingDays { get; }

    // Amazon has not reported their economics: orders stand in for them.
    private static HashSet<DateOnly> Estimated(Workspace workspace)
    {
        var days = new HashSet<DateOnly>();
        foreach (var day in workspace.OrderDays.Ints("day")) days.Add(DateOnly.FromDayNumber(day));
        foreach (var day in workspace.SkuDays.Ints("day")) days.Remove(DateOnly.FromDayNumber(day));
        return days;
    }

    /// <summary>One pass over the targets' reports of all ad products.</summary>
    private sealed class AdSums
    {
        private readonly LeftOfSales left;
        private readonly Currency currency;

        public AdSums(Workspace workspace, DateSpan span, ImmutableArray<ProfitRow> products, LeftOfSales left)
        {
            (this.left, currency) = (left, workspace.Marketplace.Currency);
            var structure = new Structure(workspace);
            var advertised = AdTables.Advertised(workspace);
            var sales = AdProfit.SalesByDay(products);
            var (whole, days, rows, unlisted) = (new Sum(), Sums(span.Days), Sums(workspace.Targets.Length), new Sum());
            var visible = new double[workspace.Targets.Length];
            (HasFacts, IsSettled) = (new bool[span.Days], new bool[span.Days]);
            MaturingByDay = [.. Enumerable.Range(0, span.Days).Select(_ => new Maturing[AdProducts.Length])];
            Array.Fill(IsSettled, true);
            foreach (var (ad, table) in AdTables.Targets(workspace))
            {
                if (table.Rows == 0) continue;
                var maturity = Maturity.Of(workspace, ad);
                var shares = Enumerable.Range(0, span.Days).Select(index => maturity.VisibleShare(workspace.Today.DayNumber - span.First.DayNumber - index - 1)).ToArray();
                var keys = table.Keys("target_id");
                var campaigns = table.Longs("campaign_id");
                var groups = table.Longs("ad_group_id");
                var facts = new AdColumns(table);
                var positions = structure.Targets(keys);
                var shown = new Dictionary<(long, long), ImmutableArray<Sku>>();
                for (var row = 0; row < table.Rows; row++)
                {
                    var at = facts.Days[row] - span.First.DayNumber;
                    if (at < 0 || at >= span.Days) continue;
                    if (ad == AdProduct.SponsoredProducts) HasFacts[at] = true;
                    var target = positions[keys.Codes[row]];
                    var (cost, sold) = (facts.Cost[row], facts.Sales[row]);
                    ReadOnlySpan<Sum> into = [whole, days[at], target < 0 ? unlisted : rows[target]];
                    foreach (var sum in into) sum.Add(facts.Impressions[row], facts.Clicks[row], cost, facts.Orders[row], facts.Units[row], sold);
                    if (cost == 0 && sold == 0) continue;
                    if (shares[at] < 1) IsSettled[at] = false;
                    if (target >= 0) visible[target] += shares[at] * cost;
                    var clicks = new Maturing(shares[at] * cost, (1 - shares[at]) * cost, facts.Orders[row], sold);
                    Maturing[(int)ad] += clicks;
                    MaturingByDay[at][(int)ad] += clicks;
                    ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(shown, (campaigns[row], groups[row]), out var exists);
                    if (!exists) own = [.. advertised[advertised.Contains(groups[row]) ? groups[row] : -campaigns[row]]];
                    if (own.Length == 1)
                    {
                        foreach (var sum in into) sum.Credit(own[0], sold);
                        continue;
                    }

                    foreach (var (sku, part) in ProductProfit.BySales(sold, own, sales.GetValueOrDefault(span.First.AddDays(at)) ?? []))
                    {
                        foreach (var sum in into) sum.Credit(sku, part);
                    }
                }
            }

            (Whole, Unlisted, Days) = (Of(whole), Of(unlisted), [.. days.Select(Of)]);
            Targets = Grid(workspace, structure, rows, visible);
        }

        public AdFigures Whole { get; }
        public AdFigures Unlisted { get; }
        public AdFigures[] Days { get; }
        public TargetGrid Targets { get; }
        public Maturing[] Maturing { get; } = new Maturing[AdProducts.Length];
        public Maturing[][] MaturingByDay { get; }
        public bool[] HasFacts { get; }
        public bool[] IsSettled { get; }

        private static Sum[] Sums(int count) => [.. Enumerable.Range(0, count).Select(_ => new Sum())];

        private AdFigures Of(Sum sum) => new(sum.Impressions, sum.Clicks, Money.FromMicros(sum.Cost, currency), sum.Orders, sum.Units, Money.FromMicros(sum.Sales, currency),
            Contribution(sum) is { } micros ? Money.FromMicros(micros, currency) : null);

        private long? Contribution(Sum sum)
        {
            var all = 0L;
            foreach (var (sku, sold) in sum.Credited)
            {
                if (!left.IsKnown(sku)) return null;
                all += left.Of(sku, sold).Total;
            }

            return all;
        }

        private TargetGrid Grid(Workspace workspace, Structure structure, Sum[] rows, double[] visible)
        {
            ImmutableArray<long> Column(Func<Sum, long> of) => [.. rows.Select(of)];
            return new TargetGrid(workspace.Targets, currency)
            {
                Impressions = Column(row => row.Impressions), Clicks = Column(row => row.Clicks), Cost = Column(row => row.Cost), Orders = Column(row => row.Orders), Units = Column(row => row.Units), Sales = Column(row => row.Sales),
                Contribution = Column(row => Contribution(row) ?? long.MinValue),
                VisibleCost = [.. visible],
                Products = [.. structure.TargetProduct.Select(product => product < 0 ? (Sku?)null : structure.Products[product])],
            };
        }
    }

    private sealed class Sum
    {
        private readonly Dictionary<Sku, long> credited = new(1);

        public long Impressions { get; private set; }
        public long Clicks { get; private set; }
        public long Cost { get; private set; }
        public long Orders { get; private set; }
        public long Units { get; private set; }
        public long Sales { get; private set; }

        /// <summary>Attributed sales by the product that is credited, micros.</summary>
        public IReadOnlyDictionary<Sku, long> Credited => credited;

        public void Add(long impressions, long clicks, long cost, long orders, long units, long sales)
        {
            Impressions += impressions;
            Clicks += clicks;
            Cost += cost;
            Orders += orders;
            Units += units;
            Sales += sales;
        }

        public void Credit(Sku sku, long sales)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(credited, sku, out _);
            sum += sales;
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What screens ask of a workspace. Pure loops over columns; safe from many threads.</summary>
public static class Performance
{
    /// <summary>Orders of a click are attributed for 7 days and restated for as long again.</summary>
    private const int RestatementDays = 14;

    // What does not depend on the span is worked out once per snapshot and dropped with it.
    private static readonly ConditionalWeakTable<Workspace, Prepared> Known = [];

    /// <returns>True once Amazon no longer changes the day's orders.</returns>
    public static bool IsSettled(DateOnly day, DateOnly today) => day.AddDays(RestatementDays) <= today;

    public static PerformanceTotals Totals(Workspace workspace, DateSpan span)
    {
        var days = ByDay(workspace, span);
        var hasFacts = new bool[span.Days];
        foreach (var day in workspace.TargetDays.Ints("day"))
        {
            if (Within(span, day)) hasFacts[day - span.First.DayNumber] = true;
        }

        var ads = days.Select(day => day.Figures.Ads).Aggregate(Add);
        var sales = days.Select(day => day.Figures.Sales).OfType<SalesFigures>().ToArray();
        var figures = new Figures(ads, sales.Length == 0 ? null : sales.Aggregate(Add)) { BrandsSpend = Sum(day => day.BrandsSpend), DisplaySpend = Sum(day => day.DisplaySpend), SpendWithoutCosts = Sum(day => day.SpendWithoutCosts), OtherCosts = Sum(day => day.OtherCosts) };
        return new PerformanceTotals(span, figures, days.Count(day => !day.Settled), hasFacts.Count(has => !has));

        Money? Sum(Func<Figures, Money?> what) => days.Select(day => what(day.Figures)).Aggregate((sum, next) => sum is { } left && next is { } right ? left + right : sum ?? next);
    }

    /// <summary>One entry per day of the span, also for days without facts.</summary>
    public static ImmutableArray<DayPerformance> ByDay(Workspace workspace, DateSpan span)
    {
        var prepared = Of(workspace);
        var ads = new AdSums[span.Days];
        SumTargets(workspace.TargetDays, prepared, span, (_, day) => day - span.First.DayNumber, ads);
        var sales = SumSales(workspace, prepared, span, (_, day) => day - span.First.DayNumber, span.Days, out var estimated);
        var others = OtherSpend.ByDay(workspace, prepared.Costs, span);

        var currency = workspace.Marketplace.Currency;
        var all = ImmutableArray.CreateBuilder<DayPerformance>(span.Days);
        for (var index = 0; index < span.Days; index++)
        {
            var day = span.First.AddDays(index);
            all.Add(new DayPerformance(day, With(new Figures(ads[index].Figures(currency), sales[index]?.Figures(currency)) { OtherCosts = OtherCosts(workspace, day) }, others[index]), IsSettled(day, workspace.Today), estimated[index]));
        }

        return all.MoveToImmutable();
    }

    public static TargetGrid ByTarget(Workspace workspace, DateSpan span)
    {
        var prepared = Of(workspace);
        var rows = workspace.Targets.Length;
        var columns = new long[6][];
        for (var column = 0; column < 6; column++) columns[column] = new long[rows];
        foreach (var table in TargetTables(workspace)) SumTargets(prepared, table, span, columns);

        var contribution = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            var margin = prepared.TargetMargin[row];
            contribution[row] = double.IsNaN(margin) ? long.MinValue : (long)Math.Round(columns[5][row] * margin);
        }

        return new TargetGrid(workspace.Targets, workspace.Marketplace.Currency)
        {
            Impressions = ImmutableCollectionsMarshal.AsImmutableArray(columns[0]),
            Clicks = ImmutableCollectionsMarshal.AsImmutableArray(columns[1]),
            Cost = ImmutableCollectionsMarshal.AsImmutableArray(columns[2]),
            Orders = ImmutableCollectionsMarshal.AsImmutableArray(columns[3]),
            Units = ImmutableCollectionsMarshal.AsImmutableArray(columns[4]),
            Sales = ImmutableCollectionsMarshal.AsImmutableArray(columns[5]),
            Contribution = ImmutableCollectionsMarshal.AsImmutableArray(contribution),
            Products = prepared.TargetProducts,
        };
    }

    /// <summary>One entry per product that is listed, advertised or costed, in order of SKU.</summary>
    public static ImmutableArray<ProductPerformance> ByProduct(Workspace workspace, DateSpan span)
    {
        var prepared = Of(workspace);
        var structure = prepared.Structure;
        var ads = new AdSums[structure.Products.Length];
        var table = workspace.ProductDays;
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var facts = new AdColumns(table);
        for (var row = 0; row < table.Rows; row++)
        {
            var product = productOf[skus.Codes[row]];
            if (product < 0 || !Within(span, facts.Days[row])) continue;
            ads[product].Add(facts.Impressions[row], facts.Clicks[row], facts.Cost[row], facts.Orders[row], facts.Units[row], facts.Sales[row], prepared.ProductMargin[product]);
        }

        var all = SumSales(workspace, prepared, span, (product, _) => product, structure.Products.Length, out _);
        var others = OtherSpend.ByProduct(workspace, prepared.Costs, span);
        var titles = workspace.Listings.GroupBy(listing => listing.Sku).ToDictionary(group => group.Key, group => group.First().Title);
        var currency = workspace.Marketplace.Currency;
        return [.. structure.Products.Select((sku, index) => new ProductPerformance(
            sku, titles.GetValueOrDefault(sku), With(new Figures(ads[index].Figures(currency), all[index]?.Figures(currency)), others.GetValueOrDefault(sku))))];
    }

    /// <summary>One entry per campaign of the workspace, in its order.</summary>
    public static ImmutableArray<CampaignPerformance> ByCampaign(Workspace workspace, DateSpan span)
    {
        var prepared = Of(workspace);
        var ads = new AdSums[workspace.Campaigns.Length];
        foreach (var table in TargetTables(workspace))
        {
            var keys = table.Keys("campaign_id");
            var positions = prepared.Structure.Campaigns(keys);
            SumTargets(table, prepared, span, (row, _) => positions[keys.Codes[row]], ads);
        }

        var currency = workspace.Marketplace.Currency;
        return [.. workspace.Campaigns.Select((campaign, index) => new CampaignPerformance(campaign, ads[index].Figures(currency)))];
    }

    /// <summary>The days that screens sum over.</summary>
    /// <param name="workspace">Facts and today.</param>
    /// <param name="days">How many days until yesterday, 1 to 366; fewer where fewer are imported.</param>
    /// <returns>Complete days only; null before the first import.</returns>
    public static DateSpan? LastDays(Workspace workspace, int days)
    {
        if (Coverage(workspace) is not { } coverage) return null;
        var last = coverage.Last < workspace.Today ? coverage.Last : workspace.Today.AddDays(-1);
        if (last < coverage.First) last = coverage.Last;
        var first = last.AddDays(1 - Math.Clamp(days, 1, 366));
        return new DateSpan(first < coverage.First ? coverage.First : first, last);
    }

    /// <summary>Days of which there are ad facts, first to last; null before the first import.</summary>
    public static DateSpan? Coverage(Workspace workspace)
    {
        var (first, last) = (int.MaxValue, int.MinValue);
        foreach (var day in workspace.TargetDays.Ints("day"))
        {
            first = Math.Min(first, day);
            last = Math.Max(last, day);
        }

        return last < first ? null : new DateSpan(DateOnly.FromDayNumber(first), DateOnly.FromDayNumber(last));
    }

    private static bool Within(DateSpan span, int day) => day >= span.First.DayNumber && day <= span.Last.DayNumber;

    private static Prepared Of(Workspace workspace) => Known.GetValue(workspace, static key => new Prepared(key));

    /// <summary>Targets of every ad product; each one's orders by its own attribution.</summary>
    private static IEnumerable<FactTable> TargetTables(Workspace workspace) => new[] { workspace.TargetDays, workspace.BrandsTargetDays, workspace.DisplayTargetDays }.Where(table => table.Rows > 0);

    private static void SumTargets(Prepared prepared, FactTable table, DateSpan span, long[][] columns)
    {
        var keys = table.Keys("target_id");
        var codes = keys.Codes;
        var (first, last) = (span.First.DayNumber, span.Last.DayNumber);

        // Six sums side by side per target: one cache line per row instead of six.
        var sums = new long[keys.Values.Length * 8];
        var facts = new AdColumns(table);
        for (var row = 0; row < codes.Length; row++)
        {
            if (facts.Days[row] < first || facts.Days[row] > last) continue;
            var into = sums.AsSpan(codes[row] * 8, 6);
            into[0] += facts.Impressions[row];
            into[1] += facts.Clicks[row];
            into[2] += facts.Cost[row];
            into[3] += facts.Orders[row];
            into[4] += facts.Units[row];
            into[5] += facts.Sales[row];
        }

        var positions = prepared.Structure.Targets(keys);
        for (var code = 0; code < positions.Length; code++)
        {
            if (positions[code] < 0) continue;
            for (var column = 0; column < 6; column++) columns[column][positions[code]] += sums[code * 8 + column];
        }
    }

    private static void SumTargets(FactTable table, Prepared prepared, DateSpan span, Func<int, int, int> slot, AdSums[] into)
    {
        var keys = table.Keys("target_id");
        var groups = table.Keys("ad_group_id");
        var margins = prepared.Structure.Groups(groups).Select(group => group < 0 ? double.NaN : prepared.GroupMargin[group]).ToArray();
        var facts = new AdColumns(table);
        for (var row = 0; row < table.Rows; row++)
        {
            if (!Within(span, facts.Days[row])) continue;
            var at = slot(row, facts.Days[row]);
            if (at >= 0) into[at].Add(facts.Impressions[row], facts.Clicks[row], facts.Cost[row], facts.Orders[row], facts.Units[row], facts.Sales[row], margins[groups.Codes[row]]);
        }
    }

    /// <summary>Sales by slot; days of which Amazon has no economics yet are filled from orders with expected fees.</summary>
    private static SalesSums?[] SumSales(Workspace workspace, Prepared prepared, DateSpan span, Func<int, int, int> slot, int slots, out bool[] estimated)
    {
        var sums = new SalesSums?[slots];
        estimated = new bool[slots];
        var reported = new bool[span.Days];

        var table = workspace.SkuDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var products = skus.Words.Select(word => prepared.Structure.Product(new Sku(word))).ToArray();
        var units = table.Longs("units_ordered");
        var refunded = table.Longs("units_refunded");
        var sales = table.Longs("ordered_sales");
        var back = table.Longs("refunded_sales");
        var referral = table.Longs("referral_fee");
        var fulfilment = table.Longs("fulfilment_fee");
        var storage = table.Longs("storage_fee");
        var other = table.Longs("other_fee");
        for (var row = 0; row < table.Rows; row++)
        {
            if (!Within(span, days[row])) continue;
            reported[days[row] - span.First.DayNumber] = true;
            var at = slot(products[skus.Codes[row]], days[row]);
            if (at < 0) continue;
            var sum = sums[at] ??= new SalesSums();

            // A day of fees alone has no goods.
            var goods = units[row] == 0 && refunded[row] == 0 ? 0
                : prepared.Costs.At(new Sku(skus[row]), DateOnly.FromDayNumber(days[row])) is { } cost ? (double)(cost.CostOfGoods.Amount + cost.InboundPerUnit.Amount) * 1e6
                : double.NaN;
            var kept = units[row] - (1 - ProductEconomics.LostShareOfRefundedGoods) * refunded[row];
            var tax = (double)prepared.Vat.Held(sales[row] - back[row], new Sku(skus[row]), DateOnly.FromDayNumber(days[row]));
            sum.Add(units[row], sales[row], sales[row] - back[row] - tax - referral[row] - fulfilment[row] - storage[row] - other[row] - goods * kept);
        }

        table = workspace.OrderDays;
        days = table.Ints("day");
        skus = table.Texts("sku");
        units = table.Longs("units");
        sales = table.Longs("sales");
        for (var row = 0; row < table.Rows; row++)
        {
            if (!Within(span, days[row]) || reported[days[row] - span.First.DayNumber]) continue;
            var sku = new Sku(skus[row]);
            var at = slot(prepared.Structure.Product(sku), days[row]);
            if (at < 0) continue;
            var sum = sums[at] ??= new SalesSums();
            estimated[at] = true;
            var margin = prepared.Economics.TryGetValue(sku, out var economics) && economics.BreakEvenAcos is { } share ? share : double.NaN;
            sum.Add(units[row], sales[row], sales[row] == 0 && units[row] == 0 ? 0 : sales[row] * margin);
        }

        return sums;
    }

    private static Money? OtherCosts(Workspace workspace, DateOnly day) => workspace.Settings.OtherCosts.Sum(cost => cost.On(day)) is var micros and not 0 ? Money.FromMicros(micros, workspace.Marketplace.Currency) : null;

    private static Figures With(Figures figures, OtherSpend.Spent spent) => figures with { BrandsSpend = spent.Brands, DisplaySpend = spent.Display, SpendWithoutCosts = spent.WithoutCosts };

    private static AdFigures Add(AdFigures left, AdFigures right) => new(
        left.Impressions + right.Impressions, left.Clicks + right.Clicks, left.Cost + right.Cost, left.Orders + right.Orders,
        left.Units + right.Units, left.Sales + right.Sales, left.Contribution + right.Contribution);

    private static SalesFigures Add(SalesFigures left, SalesFigures right) => new(
        left.Units + right.Units, left.Sales + right.Sales,
        left.ProfitBeforeAds is null ? right.ProfitBeforeAds : right.ProfitBeforeAds is null ? left.ProfitBeforeAds : left.ProfitBeforeAds + right.ProfitBeforeAds,
        left.SalesWithoutCosts + right.SalesWithoutCosts, left.CostsMissing || right.CostsMissing);

    private struct AdSums
    {
        private long impressions, clicks, cost, orders, units, sales;
        private double contribution;

        public void Add(long shown, long clicked, long paid, long ordered, long sold, long earned, double margin)
        {
            impressions += shown;
            clicks += clicked;
            cost += paid;
            orders += ordered;
            units += sold;
            sales += earned;
            if (earned != 0) contribution += earned * margin;
        }

        public readonly AdFigures Figures(Currency currency) => new(
            impressions, clicks, Money.FromMicros(cost, currency), orders, units, Money.FromMicros(sales, currency),
            double.IsNaN(contribution) ? null : Money.FromMicros((long)Math.Round(contribution), currency));
    }

    private sealed class SalesSums
    {
        private long units, sales, withoutCosts;
        private double profit;
        private bool known, missing;

        public void Add(long sold, long earned, double left)
        {
            units += sold;
            sales += earned;
            if (double.IsNaN(left)) (withoutCosts, missing) = (withoutCosts + earned, true);
            else (profit, known) = (profit + left, true);
        }

        public SalesFigures Figures(Currency currency) => new(
            units, Money.FromMicros(sales, currency), known ? Money.FromMicros((long)Math.Round(profit), currency) : null, Money.FromMicros(withoutCosts, currency), missing);
    }

    private sealed class Prepared
    {
        public Prepared(Workspace workspace)
        {
            Structure = new Structure(workspace);
            Economics = Profit.Economics.Of(workspace);
            Costs = new CostBook(workspace.Costs);
            Vat = new VatBook(workspace.VatRates);
            ProductMargin = [.. Structure.Products.Select(sku => Economics.TryGetValue(sku, out var found) ? found.BreakEvenAcos ?? double.NaN : double.NaN)];
            GroupMargin = [.. Structure.GroupProduct.Select(product => product < 0 ? double.NaN : ProductMargin[product])];
            TargetMargin = [.. Structure.TargetProduct.Select(product => product < 0 ? double.NaN : ProductMargin[product])];
            TargetProducts = [.. Structure.TargetProduct.Select(product => product < 0 ? (Sku?)null : Structure.Products[product])];
        }

        public Structure Structure { get; }
        public System.Collections.Frozen.FrozenDictionary<Sku, ProductEconomics> Economics { get; }
        public CostBook Costs { get; }
        public VatBook Vat { get; }
        public double[] ProductMargin { get; }
        public double[] GroupMargin { get; }
        public double[] TargetMargin { get; }
        public ImmutableArray<Sku?> TargetProducts { get; }
    }
}

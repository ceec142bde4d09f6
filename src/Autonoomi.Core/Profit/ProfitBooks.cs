using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Profit;

/// <summary>A month as it is shown to the seller.</summary>
/// <param name="Days">Its days, as far as there are facts.</param>
/// <param name="Closed">True once settlements cover it to its end: from then on only the seller's own costs change it, and goods of which Amazon tells late that they came back.</param>
/// <param name="Contribution">What it left; of settlements when it is closed, else of reports, where there are any of it.</param>
/// <param name="Corrections">What came to light in it of earlier, closed months; part of <paramref name="Contribution"/> where it is closed itself.</param>
/// <param name="AdsKnown">False where ad spend was not read for all of its days, so that what it left is not known.</param>
public sealed record ProfitMonth(DateSpan Days, bool Closed, Contribution Contribution, Money Corrections, bool AdsKnown)
{
    /// <summary>Profit after ads; null while a cost or ad spend is missing.</summary>
    public Money? Profit => AdsKnown ? Contribution.Profit : null;
}

/// <summary>
/// The books of a storefront from the first day that is known of it: months, order lines, drift of fees and what the audit found. Batches are used up and months are
/// closed only once, because nothing is left out at the front. Each part is worked out when it is asked for first. See docs/maths/profit.md.
/// </summary>
public sealed class ProfitBooks
{
    private readonly Workspace workspace;
    private readonly ImmutableArray<Movement> ledger;
    private readonly FeeBook fees;
    private readonly Lazy<Counted> counted;
    private readonly Lazy<ImmutableArray<OrderLine>> lines;
    private readonly Lazy<ImmutableArray<FeeDrift>> drift;
    private readonly Lazy<ImmutableArray<Finding>> findings;
    private readonly Lazy<ImmutableArray<ProfitMonth>> months;
    private readonly Lazy<FrozenDictionary<Sku, ProductEconomics>> economics;
    private readonly ConcurrentDictionary<DateSpan, Lazy<BookedDays>> booked = [];

    /// <param name="workspace">With ledger, returns, sales by product, orders and spend by product of all days, not only those in memory.</param>
    public ProfitBooks(Workspace workspace)
    {
        this.workspace = workspace;
        ledger = Movement.Of(workspace.LedgerDays);
        Settlements = Settlements.Of(ledger);
        Returns = workspace.ReturnsRead is { } read ? new KnownReturns(read, ReturnedGoods.Of(workspace.ReturnDays)) : null;
        fees = FeeBook.Of(workspace.FeeEstimates);
        counted = new(() => Counted.Of(ledger));
        lines = new(() => OrderLine.Of(ledger, counted.Value, fees, Currency));
        drift = new(() => FeeDrift.Of(lines.Value, fees, Currency));
        findings = new(() => LedgerAudit.Of(ledger, fees, Returns, AuditRules.For(Currency), Currency, workspace.Today));
        months = new(MonthsOf);
        economics = new(() => Economics.Of(workspace));
    }

    /// <summary>Settlements that were read.</summary>
    public Settlements Settlements { get; }

    /// <summary>One order and product each.</summary>
    public ImmutableArray<OrderLine> Lines => lines.Value;

    /// <summary>Charged fees against expected ones.</summary>
    public ImmutableArray<FeeDrift> Drift => drift.Value;

    /// <summary>What the audit found; goods that did not come back only as far as returns are known.</summary>
    public ImmutableArray<Finding> Findings => findings.Value;

    /// <summary>Goods that came back; null where returns are not read.</summary>
    public KnownReturns? Returns { get; }

    /// <summary>The newest first; empty before there are sales.</summary>
    public ImmutableArray<ProfitMonth> Months => months.Value;

    private Currency Currency => workspace.Marketplace.Currency;

    /// <summary>Parts of what the days left.</summary>
    /// <param name="span">Days.</param>
    /// <param name="facts">Its ad facts are those of the span; null: those in memory.</param>
    public ProfitTable Table(DateSpan span, Workspace? facts = null)
    {
        var days = Booked(span);
        return new(days.Source, AdProfit.Of(days.Products, AdTables.Facts(facts ?? workspace, span), economics.Value), Currency) { Sold = days.Sold };
    }

    /// <summary>What screens show of the days: sums of the same table, without its parts.</summary>
    /// <param name="span">Days.</param>
    /// <param name="facts">Its ad facts are those of the span; null: those in memory.</param>
    public SpanFigures Figures(DateSpan span, Workspace? facts = null)
    {
        var days = Booked(span);
        return new(facts ?? workspace, span, days, new LeftOfSales(days.Products, economics.Value), SettledSales(span).Values.Sum());
    }

    /// <summary>Sales that are in settlements, by product and day of posting, micros.</summary>
    public ImmutableDictionary<(Sku Sku, DateOnly Day), long> SettledSales(DateSpan span) => counted.Value.Movements
        .Where(movement => movement is { Kind: LedgerKind.ProductCharge, Source: LedgerSource.Settlement } && span.Contains(movement.Day))
        .GroupBy(movement => (movement.Sku, movement.Day))
        .ToImmutableDictionary(group => group.Key, group => group.Sum(movement => movement.Micros));

    /// <summary>What settlements hold by product and line of the statement, on the day of posting; tax that is held in prices, goods, ads and what the seller adds are in none.</summary>
    public ImmutableDictionary<Sku, Statement> SettledLines(DateSpan span) => counted.Value.Movements
        .Where(movement => movement.Source == LedgerSource.Settlement && span.Contains(movement.Day) && !LedgerLines.PassesThrough(movement.Kind))
        .GroupBy(movement => movement.Sku)
        .ToImmutableDictionary(group => group.Key, group => Statement.Of(group.Select(movement => (LedgerLines.Of(movement.Kind)!.Value, movement.Micros))));

    /// <summary>How far the orders of the days are from expected to settled, kind by kind.</summary>
    public ImmutableArray<KindTruth> Truth(DateSpan span) => KindTruth.Of(Lines.Where(line => span.Contains(line.Day)), Currency);

    /// <summary>
    /// What the unit costs that is sold next, of each product with batches, from today on: decisions go by it. It is what the next sale will be booked at, counted by what reports
    /// tell, or by the ledger while there is no report. Empty without batches.
    /// </summary>
    public ImmutableArray<ProductCost> CostsOfBatches()
    {
        if (workspace.Settings.Batches.IsEmpty) return [];
        var reported = ProfitTable.Reported(workspace, economics.Value);
        var movements = reported.IsEmpty ? ledger : reported;
        var units = ProductProfit.Units(movements, ProfitTable.Returned(workspace, ledger, movements));
        var (goods, dated) = (ProfitTable.Basis(workspace).Goods, new CostBook(workspace.Costs));
        var all = ImmutableArray.CreateBuilder<ProductCost>();
        foreach (var sku in workspace.Settings.Batches.Select(batch => batch.Sku).Distinct().OrderBy(sku => sku.Value, StringComparer.Ordinal))
        {
            if (goods.Of(sku, [.. units[sku].Where(sold => sold.Day <= workspace.Today), (workspace.Today, 1)])[^1] is not { } next) continue;
            var held = dated.At(sku, workspace.Today);
            all.Add(new ProductCost(sku, workspace.Today, Money.FromMicros(next.Goods, Currency), Money.FromMicros(next.Inbound, Currency), held?.TargetMargin, held?.LeadTimeDays ?? 0));
        }

        return all.DrainToImmutable();
    }

    private BookedDays Booked(DateSpan span) => booked.GetOrAdd(span, days => new(() =>
    {
        var source = Settlements.CompletedBy(days) is null ? ProfitSource.Reports : ProfitSource.Settlements;
        var movements = source == ProfitSource.Settlements ? ledger : ProfitTable.Reported(workspace, economics.Value);
        return new(source, ProductProfit.Of(movements, ProfitTable.Returned(workspace, ledger, movements), AdTables.Spend(workspace, days), ProfitTable.Basis(workspace), days, ProfitDate.Booked));
    })).Value;

    private ImmutableArray<ProfitMonth> MonthsOf()
    {
        var reported = ProfitTable.Reported(workspace, economics.Value);
        var known = reported.Select(movement => movement.Day).Concat(counted.Value.Movements.Select(movement => movement.Day)).Where(day => day < workspace.Today).ToArray();
        if (known.Length == 0) return [];
        var all = new DateSpan(known.Min(), known.Max());
        var books = Ledger.Months.Of(ledger).ToDictionary(month => month.First);
        var (basis, spend) = (ProfitTable.Basis(workspace), AdTables.Spend(workspace, all));
        var settled = ProductProfit.Of(ledger, ProfitTable.Returned(workspace, ledger, ledger), spend, basis, all, ProfitDate.Booked).ToLookup(row => First(row.Day));
        var told = ProductProfit.Of(reported, ProfitTable.Returned(workspace, ledger, reported), spend, basis, all, ProfitDate.Posted).ToLookup(row => First(row.Day));
        var adsFrom = FirstDay(workspace.ProductDays);
        var result = ImmutableArray.CreateBuilder<ProfitMonth>();
        for (var first = First(all.First); first <= all.Last; first = first.AddMonths(1))
        {
            var book = books.GetValueOrDefault(first);
            var closed = book is { Closed: true };
            var rows = closed || !told.Contains(first) ? settled[first] : told[first];
            var days = closed ? new DateSpan(first, first.AddMonths(1).AddDays(-1)) : Days(rows);
            if (days is not { } span) continue;
            var corrections = (book?.Corrections ?? []).Where(movement => !LedgerLines.PassesThrough(movement.Kind)).Sum(movement => movement.Micros);
            result.Add(new ProfitMonth(span, closed, Contribution.Of(rows, Currency), Money.FromMicros(corrections, Currency), adsFrom is null || adsFrom <= span.First));
        }

        result.Reverse();
        return result.DrainToImmutable();
    }

    // Reports may begin within a month: of the days before them nothing is told.
    private static DateSpan? Days(IEnumerable<ProfitRow> rows)
    {
        var days = rows.Where(row => row.Lines.Sales != 0).Select(row => row.Day).ToArray();
        return days.Length == 0 ? null : new DateSpan(days.Min(), days.Max());
    }

    private static DateOnly? FirstDay(FactTable table)
    {
        var first = int.MaxValue;
        foreach (var day in table.Ints("day")) first = Math.Min(first, day);
        return first == int.MaxValue ? null : DateOnly.FromDayNumber(first);
    }

    private static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);
}

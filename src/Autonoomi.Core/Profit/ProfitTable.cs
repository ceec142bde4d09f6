using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Profit;

/// <summary>From what a profit table is drawn up. One table has one source: the days of orders and of postings are never mixed.</summary>
public enum ProfitSource
{
    /// <summary>Settlements cover every day: final.</summary>
    Settlements,

    /// <summary>What Amazon reports by day and product, estimated from orders where it has not reported yet.</summary>
    Reports,
}

/// <summary>Profit of a storefront in parts that add up: by product, campaign, ad group, target, search term and day. See docs/maths/profit.md.</summary>
/// <param name="Source">From what.</param>
/// <param name="Rows">Parts; any sums of them are profits. Those without a campaign are sales that no ad is credited with.</param>
/// <param name="Currency">Of the storefront.</param>
public sealed record ProfitTable(ProfitSource Source, ImmutableArray<ProfitRow> Rows, Currency Currency)
{
    /// <summary>From the first to the last day on which anything but ads moved; null where nothing did: then nobody knows what was left.</summary>
    public required DateSpan? Sold { get; init; }

    /// <summary>The sum of all rows.</summary>
    public Contribution Whole => Contribution.Of(Rows, Currency, Sold is not null);

    /// <summary>Sums by whatever the caller asks for.</summary>
    public ImmutableDictionary<TKey, Contribution> By<TKey>(Func<ProfitRow, TKey> key) where TKey : notnull =>
        Rows.GroupBy(key).ToImmutableDictionary(group => group.Key, group => Contribution.Of(group, Currency, Sold is not null));

    /// <param name="workspace">Facts, costs and tax of the storefront.</param>
    /// <param name="span">Days, not beyond the facts in memory.</param>
    public static ProfitTable Of(Workspace workspace, DateSpan span) => new ProfitBooks(workspace).Table(span);

    /// <summary>What the seller adds to what Amazon tells.</summary>
    internal static ProfitBasis Basis(Workspace workspace) => new(workspace.Marketplace.Currency, new VatBook(workspace.VatRates), new GoodsCosts(workspace.Costs, workspace.Settings.Batches), workspace.Settings.OtherCosts);

    /// <summary>
    /// Goods that came back of this storefront's orders: other storefronts of the seller show up in the same report, and an order that is not known cannot tell. Those from
    /// before the first movement are left out, since their sale is not counted either.
    /// </summary>
    /// <param name="workspace">With returns.</param>
    /// <param name="ledger">Tells the orders.</param>
    /// <param name="counted">What the profit is drawn up from.</param>
    internal static ImmutableArray<ReturnedGoods> Returned(Workspace workspace, ImmutableArray<Movement> ledger, ImmutableArray<Movement> counted)
    {
        if (workspace.ReturnDays.Rows == 0 || counted.IsEmpty) return [];
        var first = counted.Min(movement => movement.Day);
        var orders = ledger.Where(movement => movement.OrderKey != 0).Select(movement => movement.OrderKey).ToHashSet();
        return [.. ReturnedGoods.Of(workspace.ReturnDays).Where(goods => goods.Day >= first && orders.Contains(goods.OrderKey))];
    }

    /// <summary>Reported figures of a day and product in the form of movements, so that one reckoning serves both sources.</summary>
    internal static ImmutableArray<Movement> Reported(Workspace workspace, IReadOnlyDictionary<Sku, ProductEconomics> economics)
    {
        var all = ImmutableArray.CreateBuilder<Movement>();
        var reported = new HashSet<int>();
        var table = workspace.SkuDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var units = table.Longs("units_ordered");
        var refunded = table.Longs("units_refunded");
        var (sales, back) = (Column(table, "ordered_sales"), Column(table, "refunded_sales"));
        var (referral, fulfilment, storage, other) = (Column(table, "referral_fee"), Column(table, "fulfilment_fee"), Column(table, "storage_fee"), Column(table, "other_fee"));
        for (var row = 0; row < table.Rows; row++)
        {
            reported.Add(days[row]);
            var (day, sku) = (DateOnly.FromDayNumber(days[row]), new Sku(skus[row]));
            Add(day, sku, LedgerKind.ProductCharge, units[row], sales[row]);
            Add(day, sku, LedgerKind.RefundProduct, refunded[row], -back[row]);
            Add(day, sku, LedgerKind.ReferralFee, 0, -referral[row]);
            Add(day, sku, LedgerKind.FulfilmentFee, 0, -fulfilment[row]);
            Add(day, sku, LedgerKind.StorageMonthly, 0, -storage[row]);
            Add(day, sku, LedgerKind.SellingFee, 0, -other[row]);
        }

        table = workspace.OrderDays;
        days = table.Ints("day");
        skus = table.Texts("sku");
        units = table.Longs("units");
        sales = Column(table, "sales");
        for (var row = 0; row < table.Rows; row++)
        {
            if (reported.Contains(days[row])) continue;
            var (day, sku) = (DateOnly.FromDayNumber(days[row]), new Sku(skus[row]));
            Add(day, sku, LedgerKind.ProductCharge, units[row], sales[row]);
            if (!economics.TryGetValue(sku, out var expected)) continue;
            Add(day, sku, LedgerKind.ReferralFee, 0, -Micros(expected.ReferralRate * sales[row] / 1e6));
            Add(day, sku, LedgerKind.RefundReferralFee, 0, Micros((1 - ProductEconomics.KeptShareOfReferralFee) * expected.RefundRate * expected.ReferralRate * sales[row] / 1e6));
            Add(day, sku, LedgerKind.FulfilmentFee, 0, -Micros(expected.FulfilmentFee * units[row]));
            Add(day, sku, LedgerKind.StorageMonthly, 0, -Micros(expected.StorageFee * units[row]));
            Add(day, sku, LedgerKind.SellingFee, 0, -Micros(expected.OtherFee * units[row]));
            Add(day, sku, LedgerKind.RefundProduct, 0, -Micros(expected.RefundRate * sales[row] / 1e6));
        }

        return all.ToImmutable();

        // The day stands for the order: tax is reckoned by order line, here a product's whole day.
        void Add(DateOnly day, Sku sku, LedgerKind kind, long quantity, long micros)
        {
            if (quantity != 0 || micros != 0) all.Add(new Movement(day, 1 + day.DayNumber, sku, kind, LedgerSource.Transaction, all.Count, LedgerState.Released, quantity, micros, 0));
        }
    }

    private static long[] Column(FactTable table, string name) => table.Longs(name).ToArray();

    private static long Micros(double amount) => (long)Math.Round(amount * Money.MicrosPerUnit);
}

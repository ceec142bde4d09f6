using System.Globalization;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Two flat files: Amazon's planning figures of its warehouses, and all orders by last change.</summary>
public sealed partial class SellingPartnerClient
{
    private const int NotKnown = -1;

    /// <summary>Orders the planning report of Amazon's warehouses, as of now.</summary>
    /// <returns>Amazon's report id.</returns>
    public Task<string> RequestStockPlanAsync(CancellationToken cancellationToken) => OrderReportAsync(PartnerReportTypes.StockPlan, null, null, cancellationToken);

    /// <returns>StockPlan; several conditions of one SKU are added up, and -1 stands where Amazon has no figure.</returns>
    /// <exception cref="AmazonDocumentException">The file breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadStockPlanAsync(string documentId, CancellationToken cancellationToken) => DownloadAsync("The inventory planning report", documentId, async (plain, ct) =>
    {
        string[] optional =
        [
            "inbound-quantity", "unfulfillable-quantity", "units-shipped-t30", "days-of-supply", "estimated-storage-cost-next-month", "estimated-excess-quantity", "currency",
            "inv-age-181-to-270-days", "inv-age-271-to-365-days", "inv-age-365-plus-days",
        ];
        var plans = new SortedDictionary<string, Plan>(StringComparer.Ordinal);
        await FlatFile.ReadAsync("The inventory planning report", plain, ["sku", "available"], optional, row =>
        {
            if (!row.IsEmpty(8) && row.Text(8) != marketplace.Currency.Code) throw row.Wrong(8, $"{marketplace.Currency} was expected, and it is another currency");
            var aged = Sum(Figure(row, 9), Figure(row, 10), Figure(row, 11));
            var sku = row.Needed(0);
            var one = new Plan(row.Count(1), Figure(row, 2), Figure(row, 3), aged, Figure(row, 4), Figure(row, 5), Storage(row), Figure(row, 7));
            plans[sku] = plans.TryGetValue(sku, out var other) ? other.Add(one) : one;
        }, ct).ConfigureAwait(false);

        var table = new FactTableBuilder(TableSchema.Of(Dataset.StockPlan));
        foreach (var (sku, plan) in plans)
            table.Text(sku).Long(plan.Available).Long(plan.Inbound).Long(plan.Unfulfillable).Long(plan.Aged).Long(plan.Shipped).Int((int)plan.Days).Long(plan.Storage).Long(plan.Excess);
        return table.Build();

        static long Figure(FlatFile.Row row, int column) => row.Whole(column) is { } value and >= 0 ? Math.Min(value, int.MaxValue) : NotKnown;

        static long Storage(FlatFile.Row row) => row.IsEmpty(6) || row.Bytes(6).SequenceEqual("-1"u8) ? NotKnown : row.Micros(6);
    }, cancellationToken);

    /// <summary>Orders the flat file of all orders that changed in a span: for shops and histories that the Orders API is too slow for.</summary>
    /// <param name="from">First instant.</param>
    /// <param name="until">Last instant, at most 30 days later and at least two minutes ago.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Amazon's report id.</returns>
    public Task<string> RequestOrderFileAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        OrderReportAsync(PartnerReportTypes.Orders, (from, until), null, cancellationToken);

    /// <summary>The same figures as <see cref="OrdersAsync(DateTimeOffset, CancellationToken)"/>, from the flat file, and what was sold at which price for the ledger. No column about a buyer is read; of order ids the keyed hash is kept.</summary>
    /// <param name="documentId">From the finished report.</param>
    /// <param name="since">Orders bought before this instant are left out: of their days the file shows only what changed.</param>
    /// <param name="keys">The seller's keys for order ids.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="AmazonDocumentException">The file breaks a rule; nothing is kept.</exception>
    public Task<OrderFile> DownloadOrderFileAsync(string documentId, DateTimeOffset since, OrderKeys keys, CancellationToken cancellationToken) => DownloadOrderFilesAsync([documentId], since, keys, cancellationToken);

    /// <summary>Files of spans that follow each other, as one: an order stands where it changed last, and what changed while the files were made counts as the newest tells it.</summary>
    /// <param name="documentIds">From the finished reports, that of the newest span first.</param>
    /// <param name="since">Orders bought before this instant are left out: of their days the files show only what changed.</param>
    /// <param name="keys">The seller's keys for order ids.</param>
    /// <param name="cancellationToken">Ends the downloads.</param>
    /// <exception cref="AmazonDocumentException">A file breaks a rule; nothing is kept.</exception>
    public async Task<OrderFile> DownloadOrderFilesAsync(IReadOnlyList<string> documentIds, DateTimeOffset since, OrderKeys keys, CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<(int Day, string Sku), (long Orders, long Units, long Sales)>();
        var ledger = new LedgerRows(keys, LedgerSource.Order, settlement: 0);
        var known = new HashSet<long>();
        foreach (var documentId in documentIds)
        {
            var (lines, orders) = await OrderLinesAsync(documentId, since, keys, cancellationToken).ConfigureAwait(false);
            foreach (var line in lines.Where(line => !known.Contains(line.Order)))
            {
                var sum = sums.GetValueOrDefault((line.Day, line.Sku));
                sums[(line.Day, line.Sku)] = (sum.Orders + (line.Number == 1 ? 1 : 0), sum.Units + line.Units, sum.Sales + line.Price);
                // A pending order has no price yet, and none is expected of it.
                if (line.Price == 0) continue;
                Put(line, LedgerKind.ProductCharge, line.Units, line.Price);
                if (line.Shipping != 0) Put(line, LedgerKind.ShippingCharge, 0, line.Shipping);
                if (line.Discount != 0) Put(line, LedgerKind.Promotion, 0, -Math.Abs(line.Discount));
            }

            known.UnionWith(orders);
        }

        var table = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay));
        foreach (var ((day, sku), sum) in sums) table.Int(day).Text(sku).Long(sum.Orders).Long(sum.Units).Long(sum.Sales);
        return new OrderFile(table.Build(), ledger.Build());

        void Put(FileLine line, LedgerKind kind, long quantity, long amount) => ledger.Add(
            line.Day, line.Order, line.Sku, kind, string.Create(CultureInfo.InvariantCulture, $"order/{line.Order}/{line.Sku}/{kind}/{line.Number}"), LedgerState.Released, quantity, amount);
    }

    /// <returns>The lines that count, in the order of the file, and all orders that it names, cancelled ones among them.</returns>
    private Task<(List<FileLine> Lines, HashSet<long> Orders)> OrderLinesAsync(string documentId, DateTimeOffset since, OrderKeys keys, CancellationToken cancellationToken) => DownloadAsync("The file of orders", documentId, async (plain, ct) =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        var (lines, orders) = (new List<FileLine>(), new HashSet<long>());
        var seen = new Dictionary<(long Order, string Sku), int>();
        await FlatFile.ReadAsync("The file of orders", plain, ["amazon-order-id", "purchase-date", "order-status", "sku", "quantity"], ["item-price", "currency", "item-status", "sales-channel", "shipping-price", "item-promotion-discount"], row =>
        {
            var order = keys.Of(row.Bytes(0));
            if (order != 0) orders.Add(order);
            if (row.Is(2, "Cancelled"u8) || row.Is(2, "Canceled"u8) || row.Is(7, "Cancelled"u8) || row.Is(8, "Non-Amazon"u8)) return;
            var bought = row.Instant(1);
            if (bought < since) return;
            if (!row.IsEmpty(5) && !row.IsEmpty(6) && row.Text(6) != marketplace.Currency.Code) throw row.Wrong(6, $"{marketplace.Currency} was expected, and it is another currency");
            var (sku, units, price) = (row.Needed(3), row.Count(4), row.Micros(5));
            if (order == 0) throw row.Wrong(0, "the field is empty");
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(bought, zone).DateTime).DayNumber;
            var number = seen[(order, sku)] = seen.GetValueOrDefault((order, sku)) + 1;
            lines.Add(new(order, sku, number, day, units, price, row.Micros(9), row.Micros(10)));
        }, ct).ConfigureAwait(false);
        return (lines, orders);
    }, cancellationToken);

    /// <param name="Order">Keyed hash.</param>
    /// <param name="Sku">The product.</param>
    /// <param name="Number">From 1, among the lines of this order and product.</param>
    /// <param name="Day">Day number of the purchase.</param>
    /// <param name="Units">Units.</param>
    /// <param name="Price">Of all units, in micros; 0 while the order is pending.</param>
    /// <param name="Shipping">In micros.</param>
    /// <param name="Discount">In micros, of either sign.</param>
    private readonly record struct FileLine(long Order, string Sku, int Number, int Day, long Units, long Price, long Shipping, long Discount);

    private static long Sum(params ReadOnlySpan<long> figures)
    {
        long sum = NotKnown;
        foreach (var figure in figures)
            if (figure >= 0) sum = Math.Max(0, sum) + figure;
        return sum;
    }

    private readonly record struct Plan(long Available, long Inbound, long Unfulfillable, long Aged, long Shipped, long Days, long Storage, long Excess)
    {
        public Plan Add(Plan other) => new(
            Available + other.Available, Sum(Inbound, other.Inbound), Sum(Unfulfillable, other.Unfulfillable), Sum(Aged, other.Aged), Sum(Shipped, other.Shipped),
            Math.Max(Days, other.Days), Sum(Storage, other.Storage), Sum(Excess, other.Excess));
    }
}

/// <param name="Days">OrderDay.</param>
/// <param name="Lines">LedgerDay with the source of orders: what was sold at which price, on the day of the purchase.</param>
public sealed record OrderFile(FactTable Days, FactTable Lines);

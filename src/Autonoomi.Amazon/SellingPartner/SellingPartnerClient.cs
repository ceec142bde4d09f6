using System.Globalization;
using System.Net;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>The Selling Partner API for one seller and marketplace. No operation that returns anything about a buyer is here. Made by <see cref="AmazonConnections"/>.</summary>
/// <remarks>Every member may throw <see cref="AmazonApiException"/>, <see cref="GrantRevokedException"/> and <see cref="OperatorCredentialsException"/>.</remarks>
public sealed partial class SellingPartnerClient
{
    // Cancelled and unfulfillable orders are filtered away by Amazon, so that no data set about fulfilment (gift texts!) has to be asked for.
    private const string SoldStatuses = "PENDING_AVAILABILITY,PENDING,UNSHIPPED,PARTIALLY_SHIPPED,SHIPPED";
    private const int InventoryScans = 4;
    private readonly AmazonCalls calls;
    private readonly Documents documents;
    private readonly GrantHandle grant;
    private readonly string sellingPartnerId;
    private readonly Marketplace marketplace;

    internal SellingPartnerClient(AmazonCalls calls, Documents documents, GrantHandle grant, string sellingPartnerId, Marketplace marketplace) =>
        (this.calls, this.documents, this.grant, this.sellingPartnerId, this.marketplace) = (calls, documents, grant, sellingPartnerId, marketplace);

    /// <summary>Marketplaces of the consent's region in which the seller takes part; those that we do not know are left out.</summary>
    public async Task<IReadOnlyList<Participation>> ParticipationsAsync(CancellationToken cancellationToken)
    {
        var answer = await calls.ReadAsync(grant, Get("/sellers/v1/marketplaceParticipations", "", "participations", Rates.Participations), SellingPartnerJson.Default.Participations, cancellationToken).ConfigureAwait(false);
        return [.. (answer.Payload ?? [])
            .Where(entry => entry is { Marketplace.Id: { } id, Participation.IsParticipating: true } && Marketplace.IsKnown(id))
            .Select(entry => new Participation(Marketplace.Find(entry.Marketplace!.Id!), entry.StoreName ?? "", entry.Participation!.HasSuspendedListings))];
    }

    /// <summary>All listings of the marketplace. A listing without a price has one of zero and is not buyable.</summary>
    public async Task<IReadOnlyList<Listing>> ListingsAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Listing>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var query = $"?marketplaceIds={marketplace.Id}&includedData=summaries,offers&pageSize=20{Token("pageToken", next)}";
            var call = Get($"/listings/2021-08-01/items/{Uri.EscapeDataString(sellingPartnerId)}", query, "listings", Rates.Listings, "/listings/2021-08-01/items/{sellerId}");
            var page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.ListingsPage, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                if (item.Summaries?.FirstOrDefault(summary => summary.MarketplaceId == marketplace.Id) is not { Asin: { } asin } summary) continue;
                var price = item.Offers?.FirstOrDefault(offer => offer.MarketplaceId == marketplace.Id && offer.OfferType == "B2C")?.Price;
                var amount = price is { Value: > 0 } && price.CurrencyCode == marketplace.Currency.Code ? price.Value : 0m;
                found[item.Sku] = new(new(item.Sku), new(asin), summary.ItemName ?? "", new(amount, marketplace.Currency), amount > 0 && (summary.Status ?? []).Contains("BUYABLE", StringComparer.Ordinal));
            }

            next = Next(call, next, page.Pagination);
        }
        while (next is not null);

        return [.. found.Values];
    }

    /// <summary>A full scan of Amazon's warehouses; several conditions of one SKU are added up.</summary>
    /// <param name="today">The storefront's current day: the day of every row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>InventoryDay. A SKU that is missing is unknown, not zero.</returns>
    public async Task<FactTable> InventoryAsync(DateOnly today, CancellationToken cancellationToken)
    {
        // A scan by change date misses rows (SPM 2583), so it is always a full one. Its token lives for 30 seconds: when a slow page kills it, the scan begins anew.
        for (var scan = 1; ; scan++)
        {
            try
            {
                return await ScanInventoryAsync(today, cancellationToken).ConfigureAwait(false);
            }
            catch (DeadTokenException) when (scan < InventoryScans)
            {
                // Nothing of the broken scan is kept.
            }
        }
    }

    private async Task<FactTable> ScanInventoryAsync(DateOnly today, CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<string, (long Fulfillable, long Inbound, long Reserved)>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var call = Get("/fba/inventory/v1/summaries", $"?details=true&granularityType=Marketplace&granularityId={marketplace.Id}&marketplaceIds={marketplace.Id}{Token("nextToken", next)}", "inventory", Rates.Inventory);
            Envelope<InventoryPayload> page;
            try
            {
                page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.Inventory, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonApiException refused) when (next is not null && refused.Status == HttpStatusCode.BadRequest)
            {
                throw new DeadTokenException(refused);
            }

            foreach (var item in page.Payload?.InventorySummaries ?? [])
            {
                if (item is not { SellerSku: { Length: > 0 } sku, InventoryDetails: { } details }) continue;
                var sum = sums.GetValueOrDefault(sku);
                sums[sku] = (
                    sum.Fulfillable + Whole(details.FulfillableQuantity, "fulfillableQuantity"),
                    sum.Inbound + Whole(details.InboundWorkingQuantity, "inboundWorkingQuantity") + Whole(details.InboundShippedQuantity, "inboundShippedQuantity") + Whole(details.InboundReceivingQuantity, "inboundReceivingQuantity"),
                    sum.Reserved + Whole(details.ReservedQuantity?.TotalReservedQuantity, "totalReservedQuantity"));
            }

            next = Next(call, next, page.Pagination);
        }
        while (next is not null);

        var table = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        foreach (var (sku, sum) in sums) table.Day(today).Text(sku).Long(sum.Fulfillable).Long(sum.Inbound).Long(sum.Reserved);
        return table.Build();

        static long Whole(long? count, string field) => count switch
        {
            null => 0,
            >= 0 => count.Value,
            _ => throw new AmazonDocumentException("The inventory", 0, field, "a count is zero or more, and this one is negative"),
        };
    }

    /// <summary>Orders created since an instant, added up by day of purchase (in the marketplace's time zone) and SKU. Cancelled ones are left out; order ids are forgotten.</summary>
    /// <param name="since">Begin it at a midnight of the marketplace, or the first day is a part of a day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>OrderDay.</returns>
    public async Task<FactTable> OrdersAsync(DateTimeOffset since, CancellationToken cancellationToken) => (await OrdersAsync(since, int.MaxValue, cancellationToken).ConfigureAwait(false))!;

    /// <summary>The same as far as a number of pages holds it: after a burst of twenty Amazon gives a page of a hundred every three minutes, and what is more than that is better read from the file of orders.</summary>
    /// <param name="since">Begin it at a midnight of the marketplace, or the first day is a part of a day.</param>
    /// <param name="atMostPages">One or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>OrderDay; null when there are more pages.</returns>
    public async Task<FactTable?> OrdersAsync(DateTimeOffset since, int atMostPages, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        var sums = new SortedDictionary<(int Day, string Sku), (long Orders, long Units, long Sales)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        var pages = 0;
        do
        {
            if (pages++ == atMostPages) return null;
            var query = $"?createdAfter={Instant(since)}&marketplaceIds={marketplace.Id}&fulfillmentStatuses={SoldStatuses}&includedData=PROCEEDS&maxResultsPerPage=100{Token("paginationToken", next)}";
            var call = Get("/orders/2026-01-01/orders", query, "orders", Rates.Orders);
            var page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.OrdersPage, cancellationToken).ConfigureAwait(false);
            foreach (var order in page.Orders ?? [])
            {
                // Pages are no snapshot: an order may come twice.
                if (!seen.Add(order.OrderId)) continue;
                var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(order.CreatedTime, zone).DateTime).DayNumber;
                foreach (var items in (order.OrderItems ?? []).Where(item => !string.IsNullOrEmpty(item.Product?.SellerSku)).GroupBy(item => item.Product!.SellerSku!, StringComparer.Ordinal))
                {
                    var sum = sums.GetValueOrDefault((day, items.Key));
                    sums[(day, items.Key)] = (sum.Orders + 1, sum.Units + items.Sum(item => item.QuantityOrdered), sum.Sales + items.Sum(Sales));
                }
            }

            next = Next(call, next, page.Pagination);
        }
        while (next is not null);

        var table = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay));
        foreach (var ((day, sku), sum) in sums) table.Int(day).Text(sku).Long(sum.Orders).Long(sum.Units).Long(sum.Sales);
        return table.Build();
    }

    // The goods alone, without shipping and tax; a pending order has only its price, if that.
    private long Sales(OrderItem item)
    {
        var goods = (item.Proceeds?.Breakdowns ?? []).Where(part => part.Type == "ITEM" && part.Subtotal is not null).Select(part => part.Subtotal!).ToList();
        if (goods.Count == 0 && item.Product?.Price?.UnitPrice is { } unit) goods.Add(unit with { Value = unit.Value * item.QuantityOrdered });
        return goods.Sum(amount => Micros(amount, "An order item", 0, "amount"));
    }

    /// <summary>A page after the first was refused.</summary>
    private sealed class DeadTokenException(AmazonApiException refused) : AmazonApiException("GET /fba/inventory/v1/summaries", refused.Status, refused.Code, "Amazon refused each page token before the scan was through", refused.RequestId, refused);

    private long Micros(Amount? amount, string document, long row, string field)
    {
        if (amount is null) return 0;
        if (amount.CurrencyCode != marketplace.Currency.Code) throw new AmazonDocumentException(document, row, field, $"{marketplace.Currency} was expected, and it is in another currency");
        return new Money(amount.Value, marketplace.Currency).ToMicros();
    }

    private AmazonCalls.Call Get(string path, string query, string operation, CallRate rate, string? pattern = null) =>
        new(HttpMethod.Get, Address(path + query), new CallPlan($"GET {pattern ?? path}", Lane(operation), rate, Repeatable: true));

    private Uri Address(string path) => new(calls.Options.Regions[marketplace.Region].SellingPartner, path);

    // Rates hold per operation, application, seller and region: not per marketplace.
    private string Lane(string operation) => $"sp:{sellingPartnerId}:{marketplace.Region}:{operation}";

    private static string Token(string name, string? token) => token is null ? "" : $"&{name}={Uri.EscapeDataString(token)}";

    private static string? Next(AmazonCalls.Call call, string? before, Pagination? pagination)
    {
        var next = string.IsNullOrEmpty(pagination?.NextToken) ? null : pagination.NextToken;
        if (next is not null && next == before) throw new AmazonApiException(call.Plan.Operation, null, null, "the list gives the same page for ever", null);
        return next;
    }

    private static string Instant(DateTimeOffset instant) => Uri.EscapeDataString(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}

/// <param name="Marketplace">Where the seller takes part.</param>
/// <param name="StoreName">The seller's public name there.</param>
/// <param name="HasSuspendedListings">Amazon stopped listings there.</param>
public sealed record Participation(Marketplace Marketplace, string StoreName, bool HasSuspendedListings);

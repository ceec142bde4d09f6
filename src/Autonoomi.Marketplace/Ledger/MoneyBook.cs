using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Ledger;

internal enum PostingType { Shipment, Refund, Storage, Advertising }

internal enum Part { Principal, Commission, FulfilmentFee, RefundCommission, StorageFee, AdvertisingCharge }

/// <summary>One booking between Amazon and the seller. Money to the seller is positive.</summary>
/// <param name="Id">Amazon's id of the transaction.</param>
/// <param name="Type">What happened.</param>
/// <param name="PostedAt">When it was booked.</param>
/// <param name="ReleasedAt">When the money was free; the same instant when it was never held back.</param>
/// <param name="OrderId">Null where no order is concerned.</param>
/// <param name="Sku">Null where no product is concerned.</param>
/// <param name="Asin">The product's.</param>
/// <param name="Units">Units of the product; 0 without one.</param>
/// <param name="Parts">What it is made of.</param>
internal sealed record Posting(
    string Id, PostingType Type, DateTimeOffset PostedAt, DateTimeOffset ReleasedAt, string? OrderId, string? Sku, string? Asin, int Units, IReadOnlyList<(Part Part, decimal Amount)> Parts)
{
    public bool IsDeferred => ReleasedAt > PostedAt;

    public decimal Total => Parts.Sum(part => part.Amount);
}

/// <param name="Number">Amazon's number.</param>
/// <param name="Days">Which days it covers.</param>
/// <param name="ReadyAt">When its report appears.</param>
internal sealed record SettlementPeriod(long Number, DateSpan Days, DateTimeOffset ReadyAt);

internal enum BookingError { WrongFee, MissedRefund, DoubleCharge }

/// <summary>A mistake of Amazon's that was planted.</summary>
internal sealed record PlantedError(BookingError Kind, string OrderId, string Sku, decimal Amount);

/// <summary>Refunded goods that came back to a warehouse.</summary>
/// <param name="At">When they were booked in.</param>
/// <param name="OrderId">Their order.</param>
/// <param name="Sku">The product.</param>
/// <param name="Asin">The product's.</param>
/// <param name="Units">At least 1.</param>
/// <param name="Disposition">Amazon's word for their state.</param>
internal sealed record GoodsBack(DateTimeOffset At, string OrderId, string Sku, string Asin, int Units, string Disposition);

/// <summary>Refunded goods that never come back, on purpose.</summary>
/// <param name="Day">Of the refund.</param>
/// <param name="OrderId">Their order.</param>
/// <param name="Sku">The product.</param>
/// <param name="Units">At least 1.</param>
internal sealed record GoodsKept(DateOnly Day, string OrderId, string Sku, int Units);

/// <summary>
/// What Amazon booked for the seller's orders, refunds, storage and ads: the money behind the world's sales, consistent with its economics. Fees of shipments are those of
/// economics; a refund gives the referral fee back and keeps a fifth of it, as Amazon's rules say, which economics do not show. The world itself knows no order of a refund,
/// so one that fits in price and age is taken, always the same.
/// </summary>
internal sealed class MoneyBook(MarketWorld world, OtherMarket? others = null)
{
    private const int SettlementDays = 14;
    private const decimal KeptShareOfReferralFee = 0.2m;

    // One order in eight is held back until a week after it was shipped.
    private const ulong DeferredOneIn = 8;
    private static readonly TimeSpan Hold = TimeSpan.FromDays(7);

    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
    private readonly Dictionary<int, decimal> adWeeks = [];
    private (DateTimeOffset Now, int PerMille, int KeptPerMille) builtAt = (DateTimeOffset.MinValue, -1, -1);
    private List<Posting> postings = [];
    private List<PlantedError> planted = [];
    private List<GoodsBack> back = [];
    private List<GoodsKept> kept = [];

    /// <summary>Mistakes of each kind in a thousand orders (of missed refunds: in a thousand refunds); 0 to 300. Changing it changes the past.</summary>
    public int ErrorsPerMille { get; set; }

    /// <summary>Orders in a thousand whose refunded goods never come back; 0 to 1000. Changing it changes the past.</summary>
    public int KeptPerMille { get; set; }

    /// <returns>Goods that came back until now, oldest first.</returns>
    public IReadOnlyList<GoodsBack> Returned()
    {
        Build();
        return back;
    }

    /// <returns>Goods of refunds until now that never come back.</returns>
    public IReadOnlyList<GoodsKept> Kept()
    {
        Build();
        return kept;
    }

    /// <returns>Everything booked until now, oldest first.</returns>
    public IReadOnlyList<Posting> Postings()
    {
        Build();
        return postings;
    }

    /// <returns>The mistakes among them.</returns>
    public IReadOnlyList<PlantedError> Planted()
    {
        Build();
        return planted;
    }

    /// <returns>Settlements whose reports are there, oldest first.</returns>
    public IReadOnlyList<SettlementPeriod> Settlements()
    {
        var found = new List<SettlementPeriod>();
        for (var (number, first) = (0, world.FirstDay); ; number++, first = first.AddDays(SettlementDays))
        {
            var days = new DateSpan(first, first.AddDays(SettlementDays - 1));
            var ready = Midnight(days.Last.AddDays(1)).AddHours(6);
            if (ready > world.Now) return found;
            found.Add(new(20_000_000_000L + (long)(Hash($"settlement/{number}") % 10_000_000_000UL), days, ready));
        }
    }

    /// <returns>What the settlement paid: bookings whose money was free on its days.</returns>
    public IReadOnlyList<Posting> Of(SettlementPeriod settlement) => [.. Postings().Where(posting => settlement.Days.Contains(world.DayOf(posting.ReleasedAt)))];

    public DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <returns>A number that follows from the world's seed and the text.</returns>
    public ulong Hash(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{world.Seed}/{text}"))));

    private void Build()
    {
        if (builtAt == (world.Now, ErrorsPerMille, KeptPerMille)) return;
        (postings, planted, back, kept, builtAt) = ([], [], [], [], (world.Now, ErrorsPerMille, KeptPerMille));
        var products = world.Market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        var orders = world.OrdersPurchased(Midnight(world.FirstDay).AddDays(-1), world.Now).Where(order => order.Status == OrderStatus.Shipped).ToList();
        var closed = world.Today > world.FirstDay ? world.EconomicsRows(new DateSpan(world.FirstDay, world.Today.AddDays(-1))) : [];

        foreach (var order in orders) postings.Add(Shipment(order, products[order.Sku]));
        foreach (var refund in Refunds(closed, orders))
        {
            postings.Add(Refund(refund.Day, refund.Order, refund.Units, refund.Amount, products[refund.Order.Sku]));
            AddGoods(refund.Day, refund.Order, refund.Units);
        }

        AddStorage(closed);
        AddAdvertising(closed);
        back = [.. back.OrderBy(goods => goods.At).ThenBy(goods => goods.OrderId, StringComparer.Ordinal)];
        postings = [.. postings.Where(posting => posting.PostedAt <= world.Now).OrderBy(posting => posting.PostedAt).ThenBy(posting => posting.Id, StringComparer.Ordinal)];
    }

    private Posting Shipment(OrderRecord order, Product product)
    {
        var commission = order.Quantity * product.ReferralFeeAt(order.UnitPrice);
        var fulfilment = order.Quantity * product.FulfilmentFee;
        var parts = new List<(Part, decimal)> { (Part.Principal, order.Quantity * order.UnitPrice), (Part.Commission, -commission) };
        switch (ErrorIn(order.OrderId))
        {
            case BookingError.WrongFee:
                var wrong = fulfilment + Cents(0.3m * fulfilment) + Cents(0.25m * world.Settings.MoneyScale);
                planted.Add(new(BookingError.WrongFee, order.OrderId, order.Sku, wrong - fulfilment));
                fulfilment = wrong;
                break;
            case BookingError.DoubleCharge:
                planted.Add(new(BookingError.DoubleCharge, order.OrderId, order.Sku, commission));
                parts.Add((Part.Commission, -commission));
                break;
        }

        parts.Add((Part.FulfilmentFee, -fulfilment));
        var released = Hash($"hold/{order.OrderId}") % DeferredOneIn == 0 ? order.UpdatedAt + Hold : order.UpdatedAt;
        return new(IdOf($"shipment/{order.OrderId}"), PostingType.Shipment, order.UpdatedAt, released, order.OrderId, order.Sku, order.Asin, order.Quantity, parts);
    }

    private Posting Refund(DateOnly day, OrderRecord order, int units, decimal amount, Product product)
    {
        var commission = units * product.ReferralFeeAt(order.UnitPrice);
        var parts = new List<(Part, decimal)> { (Part.Principal, -amount) };
        if (Hash($"refund-error/{order.OrderId}") % 1000 < (ulong)ErrorsPerMille) planted.Add(new(BookingError.MissedRefund, order.OrderId, order.Sku, commission - Cents(commission * KeptShareOfReferralFee)));
        else
        {
            parts.Add((Part.Commission, commission));
            parts.Add((Part.RefundCommission, -Cents(commission * KeptShareOfReferralFee)));
        }

        var at = Midnight(day.AddDays(1)).AddHours(-1);
        return new(IdOf($"refund/{order.OrderId}/{day.DayNumber}"), PostingType.Refund, at, at, order.OrderId, order.Sku, order.Asin, units, parts);
    }

    // Goods are back one to twenty days after the refund, most of them as good as new.
    private void AddGoods(DateOnly day, OrderRecord order, int units)
    {
        if (Hash($"kept/{order.OrderId}") % 1000 < (ulong)KeptPerMille)
        {
            kept.Add(new(day, order.OrderId, order.Sku, units));
            return;
        }

        var draw = Hash($"back/{order.OrderId}/{day.DayNumber}");
        var at = Midnight(day.AddDays(1 + (int)(draw % 20))).AddHours(11);
        if (at <= world.Now) back.Add(new(at, order.OrderId, order.Sku, order.Asin, units, (draw / 20 % 10) switch { < 6 => "SELLABLE", < 8 => "CUSTOMER_DAMAGED", _ => "DEFECTIVE" }));
    }

    // A refund comes five to twenty days after the purchase, at the price that was paid.
    private IEnumerable<(DateOnly Day, OrderRecord Order, int Units, decimal Amount)> Refunds(IReadOnlyList<EconomicsRow> days, List<OrderRecord> orders)
    {
        var left = orders.ToDictionary(order => order.OrderId, order => order.Quantity, StringComparer.Ordinal);
        var bySku = orders.ToLookup(order => order.Sku, StringComparer.Ordinal);
        foreach (var row in days.Where(row => row.UnitsRefunded > 0).OrderBy(row => row.Day).ThenBy(row => row.Sku, StringComparer.Ordinal))
        {
            var old = bySku[row.Sku].Where(order => left[order.OrderId] > 0 && row.Day.DayNumber - world.DayOf(order.PurchasedAt).DayNumber is >= 4 and <= 21)
                .OrderBy(order => Hash($"refund-of/{order.OrderId}")).ToList();
            var taken = new Dictionary<string, (OrderRecord Order, int Units)>(StringComparer.Ordinal);
            foreach (var price in Prices(row.RefundedSales, row.UnitsRefunded, [.. old.Select(order => order.UnitPrice).Distinct().OrderDescending()]))
            {
                if ((old.Find(order => left[order.OrderId] > 0 && order.UnitPrice == price) ?? old.Find(order => left[order.OrderId] > 0)) is not { } order) continue;
                left[order.OrderId]--;
                taken[order.OrderId] = (order, taken.GetValueOrDefault(order.OrderId).Units + 1);
            }

            // What fits no price is booked with the last one: the day's refunds add up to what economics say.
            var rest = row.RefundedSales - taken.Values.Sum(each => each.Units * each.Order.UnitPrice);
            var last = taken.Values.LastOrDefault();
            foreach (var (order, units) in taken.Values) yield return (row.Day, order, units, (units * order.UnitPrice) + (order == last.Order ? rest : 0));
        }
    }

    /// <returns>Prices of single units that add up to the sum; the average where none do.</returns>
    private static List<decimal> Prices(decimal sum, int units, decimal[] known)
    {
        var found = new List<decimal>();
        return Fill(sum, units, 0) ? found : [.. Enumerable.Repeat(sum / units, units)];

        bool Fill(decimal open, int count, int from)
        {
            if (count == 0) return open == 0;
            for (var index = from; index < known.Length; index++)
            {
                if (known[index] > open) continue;
                found.Add(known[index]);
                if (Fill(open - known[index], count - 1, index)) return true;
                found.RemoveAt(found.Count - 1);
            }

            return false;
        }
    }

    // A month's storage is charged on the tenth of the next.
    private void AddStorage(IReadOnlyList<EconomicsRow> days)
    {
        foreach (var month in days.GroupBy(row => new DateOnly(row.Day.Year, row.Day.Month, 1)))
        {
            var at = Midnight(month.Key.AddMonths(1).AddDays(9)).AddHours(8);
            var fee = Cents(month.Sum(row => row.StorageFee));
            if (fee > 0 && at <= world.Now) postings.Add(new(IdOf($"storage/{month.Key.DayNumber}"), PostingType.Storage, at, at, null, null, null, 0, [(Part.StorageFee, -fee)]));
        }
    }

    // A week's clicks (Sunday to Saturday) are charged on the Friday after, when credits for invalid ones are known; once booked it stays.
    private void AddAdvertising(IReadOnlyList<EconomicsRow> days)
    {
        foreach (var week in days.GroupBy(row => row.Day.AddDays(-(int)row.Day.DayOfWeek)))
        {
            var at = Midnight(week.Key.AddDays(12)).AddHours(9);
            if (at > world.Now) continue;
            if (!adWeeks.TryGetValue(week.Key.DayNumber, out var charge)) adWeeks[week.Key.DayNumber] = charge = week.Sum(row => row.AdCharge) + week.Select(row => row.Day).Distinct().Sum(OtherCharges);
            if (charge > 0) postings.Add(new(IdOf($"ads/{week.Key.DayNumber}"), PostingType.Advertising, at, at, null, null, null, 0, [(Part.AdvertisingCharge, -charge)]));
        }
    }

    private decimal OtherCharges(DateOnly day) => others is null ? 0 : others.Charges(AdProduct.SponsoredBrands, day).Values.Sum() + others.Charges(AdProduct.SponsoredDisplay, day).Values.Sum();

    private BookingError? ErrorIn(string orderId)
    {
        var draw = Hash($"error/{orderId}") % 1000;
        return draw < (ulong)ErrorsPerMille ? BookingError.WrongFee : draw < 2 * (ulong)ErrorsPerMille ? BookingError.DoubleCharge : null;
    }

    private decimal Cents(decimal amount) => decimal.Round(amount / world.Settings.MoneyScale, 2) * world.Settings.MoneyScale;

    private string IdOf(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{world.Seed}/transaction/{what}"))).AsSpan(0, 16));
}

using System.Globalization;
using System.Text;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Testing;

/// <summary>
/// Half a year of a made-up seller's settlements, the same for the same seed, written in Amazon's words and decimals, with errors planted on purpose. What is right
/// is worked out here from the announced rates with decimals, apart from the code under test.
/// </summary>
public sealed class SomeSettlements
{
    public sealed record Row(long Settlement, string Type, string AmountType, string Description, long Order, string Sku, DateOnly Posted, int Quantity, decimal Amount);

    public sealed record Plant(FindingKind Kind, LedgerKind About, long Order, string Sku, decimal? Owed);

    public static readonly DateOnly Start = new(2026, 1, 1);
    private const int SettlementDays = 14;
    private readonly Random random;

    public SomeSettlements(int seed, int lines, int plantsOfEachKind)
    {
        random = new Random(seed);
        for (var product = 0; product < 60; product++)
        {
            var sku = $"SKU-{product:00}";
            Prices[sku] = 8 + random.Next(4000) / 100m;
            var fee = 2.5m + random.Next(400) / 100m;
            Rates.Add(new FeeRate(new Sku(sku), Start.AddDays(-30), 0.15m, 0.30m, fee));
            Rates.Add(new FeeRate(new Sku(sku), Start.AddDays(80), random.Next(3) == 0 ? 0.17m : 0.15m, 0.30m, fee + 0.27m));
        }

        var skus = Prices.Keys.ToArray();
        for (var line = 0; line < lines; line++)
        {
            // The planted troubles go to the first lines; every other line is in order.
            var trouble = line < plantsOfEachKind * Troubles.Length ? Troubles[line / plantsOfEachKind] : Trouble.None;
            AddLine(1_000_000 + line, skus[random.Next(skus.Length)], Start.AddDays(random.Next(150)), trouble);
        }

        // Ordered lately: nothing is posted yet, and nothing is wrong with that.
        for (var line = 0; line < 200; line++) AddOrder(5_000_000 + line, skus[random.Next(skus.Length)], Today.AddDays(-3), 1, 0, 0);
        AddAccount(skus, plantsOfEachKind);
        for (var settlement = 7000L; EndOf(settlement) <= Today; settlement++) Totals[settlement] = Rows.Where(row => row.Settlement == settlement).Sum(row => row.Amount);
    }

    public static DateOnly Today => Start.AddDays(18 * SettlementDays - 1);

    public Dictionary<string, decimal> Prices { get; } = [];
    public List<FeeRate> Rates { get; } = [];

    /// <summary>The settlement files.</summary>
    public List<Row> Rows { get; } = [];

    /// <summary>The total that each file says at its top.</summary>
    public Dictionary<long, decimal> Totals { get; } = [];

    public List<ReturnedGoods> Returns { get; } = [];

    /// <summary>Returns of all days, from before the first order.</summary>
    public KnownReturns KnownReturns => new(new DateSpan(Start.AddDays(-30), Today), [.. Returns]);

    public List<Plant> Plants { get; } = [];

    /// <summary>Order data, and what Finances said before the settlements came.</summary>
    public IReadOnlyList<Movement> Others => others;

    private readonly List<Movement> others = [];

    /// <summary>All as a sync would store it.</summary>
    public List<Movement> Movements()
    {
        var words = new LedgerWords();
        var all = new List<Movement>(others);
        for (var index = 0; index < Rows.Count; index++)
        {
            var row = Rows[index];
            all.Add(new Movement(row.Posted, row.Order, new Sku(row.Sku), words.OfSettlement(row.Type, row.AmountType, row.Description), LedgerSource.Settlement, index + 1, LedgerState.Released, row.Quantity, (long)(row.Amount * 1_000_000), row.Settlement));
        }

        if (words.Unknown.Count > 0) throw new InvalidOperationException($"The ledger knows no kind for {string.Join(", ", words.Unknown.Keys)}.");
        foreach (var (settlement, total) in Totals)
            all.Add(new Movement(EndOf(settlement), 0, new Sku(""), LedgerKind.Payout, LedgerSource.Settlement, 0, LedgerState.Released, SettlementDays, -(long)(total * 1_000_000), settlement));
        return all;
    }

    /// <summary>One settlement as Amazon's flat file V2: a row with its days and its total, then a row for each movement.</summary>
    /// <param name="settlement">One of <see cref="Totals"/>.</param>
    /// <param name="marketplace">Whose currency and days it tells of.</param>
    /// <param name="name">The marketplace that a row names.</param>
    public string File(long settlement, Marketplace marketplace, Func<Row, string> name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        var last = EndOf(settlement);
        var file = new StringBuilder("settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\n");
        file.Append(CultureInfo.InvariantCulture, $"{settlement}\t{Utc(last.AddDays(1 - SettlementDays), 0)}\t{Utc(last.AddDays(1), -1)}\t{Utc(last.AddDays(2), 0)}\t{Totals[settlement]:0.00}\t{marketplace.Currency.Code}{new string('\t', 17)}\n");
        foreach (var (number, row) in Rows.Where(row => row.Settlement == settlement).Index())
        {
            // At all hours of the marketplace's day, whatever day that is in UTC.
            var posted = Utc(row.Posted, number % 86_400);
            file.Append(CultureInfo.InvariantCulture, $"{settlement}\t\t\t\t\t\t{row.Type}\t{OrderId(row.Order)}\t\t\t\t{name(row)}\t{row.AmountType}\t{row.Description}\t{row.Amount:0.00}\tAFN\t{posted[..10]}\t{posted}\t\t\t\t{row.Sku}\t{(row.Quantity == 0 ? "" : row.Quantity.ToString(CultureInfo.InvariantCulture))}\n");
        }

        return file.ToString();

        string Utc(DateOnly day, int seconds) => TimeZoneInfo.ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), zone).AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <returns>An order's number as Amazon writes it; empty for 0, which is no order.</returns>
    public static string OrderId(long order) => order == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"111-{order:0000000}-{order * 7919 % 10_000_000:0000000}");

    private enum Trouble { None, ReferralHigh, ReferralLow, FulfilmentHigh, FulfilmentLow, ReferralTwice, FulfilmentTwice, RefundTwice, NoReferralBack, KeptTooMuch, GoodsLost, NeverSettled, HalfSettled }

    private static readonly Trouble[] Troubles = Enum.GetValues<Trouble>()[1..];

    private void AddLine(long order, string sku, DateOnly day, Trouble trouble)
    {
        var refundTrouble = trouble is Trouble.RefundTwice or Trouble.NoReferralBack or Trouble.KeptTooMuch or Trouble.GoodsLost;
        var units = trouble == Trouble.HalfSettled ? 2 : random.Next(8) == 0 ? 2 + random.Next(2) : 1;
        var promotion = random.Next(10) == 0 ? decimal.Round(Prices[sku] * units * 0.1m, 2) : 0;
        var shipping = trouble is Trouble.NeverSettled or Trouble.HalfSettled || random.Next(10) != 0 ? 0 : 4.99m;
        AddOrder(order, sku, day, units, promotion, shipping);
        if (trouble == Trouble.NeverSettled)
        {
            Plants.Add(new(FindingKind.MissingSettlement, LedgerKind.ProductCharge, order, sku, Net(sku, day, units, promotion)));
            return;
        }

        // Some orders leave in two parcels, each settled on its own.
        var parts = trouble == Trouble.HalfSettled || (units > 1 && trouble == Trouble.None && random.Next(2) == 0) ? new[] { 1, units - 1 } : [units];
        var rate = Rate(sku, day);
        decimal paidAll = 0, referralAll = 0;
        var left = promotion;
        var last = day;
        foreach (var (part, quantity) in parts.Index())
        {
            var off = part == parts.Length - 1 ? left : decimal.Round(promotion * quantity / units, 2);
            left -= off;
            if (trouble == Trouble.HalfSettled && part == 1)
            {
                Plants.Add(new(FindingKind.MissingSettlement, LedgerKind.ProductCharge, order, sku, null));
                break;
            }

            var posted = day.AddDays(1 + random.Next(5) + 3 * part);
            if (posted > last) last = posted;
            var price = Prices[sku] * quantity;
            var charge = part == 0 ? shipping : 0;
            var tax = decimal.Round((price - off) * 0.0825m, 2);
            var referral = Cents(Math.Max(rate.ReferralRate * (price - off), rate.ReferralMinimum * quantity));
            var fulfilment = Cents(rate.FulfilmentFee * quantity);
            (paidAll, referralAll) = (paidAll + price - off, referralAll + referral);
            var deferred = random.Next(10) == 0;
            Put("Order", "ItemPrice", "Principal", quantity, price);
            Put("Order", "ItemPrice", "Tax", 0, tax);
            Put("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", 0, -tax);
            if (off > 0) Put("Order", "Promotion", "Principal", 0, -off);
            if (charge > 0)
            {
                Put("Order", "ItemPrice", "Shipping", 0, charge);
                Put("Order", "ItemFees", "ShippingChargeback", 0, -charge);
            }

            var wrong = part > 0 ? 0 : 0.10m + random.Next(200) / 100m;
            Put("Order", "ItemFees", "Commission", 0, -(referral + Wrong(Trouble.ReferralHigh, LedgerKind.ReferralFee, wrong) + Wrong(Trouble.ReferralLow, LedgerKind.ReferralFee, -Math.Min(wrong, Cents(referral / 2)))));
            Put("Order", "ItemFees", "FBAPerUnitFulfillmentFee", 0, -(fulfilment + Wrong(Trouble.FulfilmentHigh, LedgerKind.FulfilmentFee, wrong) + Wrong(Trouble.FulfilmentLow, LedgerKind.FulfilmentFee, -Math.Min(wrong, Cents(fulfilment / 2)))));
            if (Is(Trouble.ReferralTwice, part)) Twice("Commission", LedgerKind.ReferralFee, referral);
            if (Is(Trouble.FulfilmentTwice, part)) Twice("FBAPerUnitFulfillmentFee", LedgerKind.FulfilmentFee, fulfilment);

            void Put(string type, string amountType, string description, int count, decimal amount) => Add(type, amountType, description, order, sku, posted, count, amount, deferred);

            decimal Wrong(Trouble which, LedgerKind about, decimal amount)
            {
                if (!Is(which, part)) return 0;
                Plants.Add(new(FindingKind.WrongFee, about, order, sku, amount));
                return amount;
            }

            void Twice(string description, LedgerKind about, decimal amount)
            {
                Put("Order", "ItemFees", description, 0, -amount);
                Plants.Add(new(FindingKind.DoubleCharge, about, order, sku, amount));
            }
        }

        if (refundTrouble || (trouble == Trouble.None && random.Next(16) == 0)) AddRefund(order, sku, last.AddDays(5 + random.Next(15)), units, promotion, paidAll, referralAll, trouble);

        bool Is(Trouble which, int part) => trouble == which && part == 0;
    }

    private void AddRefund(long order, string sku, DateOnly posted, int units, decimal promotion, decimal paid, decimal referral, Trouble trouble)
    {
        // A concession gives back a fifth and the buyer keeps the goods; otherwise all, or one unit of several.
        var concession = trouble == Trouble.None && random.Next(5) == 0;
        var count = concession ? 0 : trouble != Trouble.None || random.Next(3) > 0 ? units : 1;
        var price = concession ? decimal.Round(Prices[sku] * units * 0.2m, 2) : Prices[sku] * count;
        var off = concession ? 0 : decimal.Round(promotion * count / units, 2);
        var back = decimal.Round(referral * (price - off) / paid, 2);
        var kept = decimal.Round(Math.Min(5, back * 0.2m), 2, MidpointRounding.ToZero);
        Put("ItemPrice", "Principal", Math.Max(1, count), -price);
        if (off > 0) Put("Promotion", "Principal", 0, off);
        if (trouble == Trouble.RefundTwice)
        {
            Put("ItemPrice", "Principal", count, -price);
            Plants.Add(new(FindingKind.DoubleCharge, LedgerKind.RefundProduct, order, sku, price));
        }

        if (trouble == Trouble.NoReferralBack) Plants.Add(new(FindingKind.ReferralFeeNotReturned, LedgerKind.RefundReferralFee, order, sku, back - kept));
        else
        {
            Put("ItemFees", "Commission", 0, back);
            var more = trouble == Trouble.KeptTooMuch ? 0.25m : 0;
            Put("ItemFees", "RefundCommission", 0, -(kept + more));
            if (more > 0) Plants.Add(new(FindingKind.RefundFeeTooHigh, LedgerKind.RefundAdministrationFee, order, sku, more));
        }

        if (concession) return;
        if (trouble == Trouble.GoodsLost) Plants.Add(new(FindingKind.GoodsNotReturned, LedgerKind.Reimbursement, order, sku, null));
        else if (random.Next(6) > 0) Returns.Add(new ReturnedGoods(order, new Sku(sku), posted.AddDays(8), count, random.Next(2) == 0 ? ReturnOutcome.Sellable : ReturnOutcome.Unsellable));
        else
        {
            Returns.Add(new ReturnedGoods(order, new Sku(sku), posted.AddDays(8), count, ReturnOutcome.DamagedByAmazon));
            Add("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE", order, sku, posted.AddDays(45), count, decimal.Round(price * 0.7m, 2), false);
        }

        void Put(string amountType, string description, int quantity, decimal amount) => Add("Refund", amountType, description, order, sku, posted, quantity, amount, false);
    }

    private void AddOrder(long order, string sku, DateOnly day, int units, decimal promotion, decimal shipping)
    {
        Ordered(LedgerKind.ProductCharge, units, Prices[sku] * units);
        if (promotion > 0) Ordered(LedgerKind.Promotion, 0, -promotion);
        if (shipping > 0) Ordered(LedgerKind.ShippingCharge, 0, shipping);

        void Ordered(LedgerKind kind, int quantity, decimal amount) =>
            others.Add(new Movement(day, order, new Sku(sku), kind, LedgerSource.Order, 1, LedgerState.Released, quantity, (long)(amount * 1_000_000), 0));
    }

    private void AddAccount(string[] skus, int plants)
    {
        for (var month = 0; month < 7; month++)
        {
            var day = Start.AddMonths(month).AddDays(15);
            Add("other-transaction", "other-transaction", "Subscription Fee", 0, "", day.AddDays(-10), 0, -39.99m, false);
            foreach (var sku in skus) Add("other-transaction", "other-transaction", "Storage Fee", 0, sku, day, 0, -(1 + random.Next(3000) / 100m), false);
            for (var time = 0; time < 6; time++) Add("ServiceFee", "Cost of Advertising", "TransactionTotalAmount", 0, "", day.AddDays(time), 0, -500m, false);
            Add("other-transaction", "other-transaction", "FBAInboundTransportationFee", 0, "", day, 0, -120m, false);
            Add("other-transaction", "other-transaction", "FBAInboundTransportationFee", 0, "", day, 0, -120m, false);
            Add("other-transaction", "other-transaction", "Current Reserve Amount", 0, "", day, 0, -1000m, false);
            Add("other-transaction", "other-transaction", "Previous Reserve Amount Balance", 0, "", day.AddDays(14), 0, 1000m, false);
        }

        foreach (var row in Rows.Where(row => row.Description is "Storage Fee").Take(plants).ToArray())
        {
            Add(row.Type, row.AmountType, row.Description, 0, row.Sku, row.Posted.AddDays(2), 0, row.Amount, false);
            Plants.Add(new(FindingKind.DoubleCharge, LedgerKind.StorageMonthly, 0, row.Sku, -row.Amount));
        }

        Add("other-transaction", "other-transaction", "Subscription Fee", 0, "", Start.AddDays(20), 0, -39.99m, false);
        Plants.Add(new(FindingKind.DoubleCharge, LedgerKind.Subscription, 0, "", 39.99m));
    }

    private void Add(string type, string amountType, string description, long order, string sku, DateOnly posted, int quantity, decimal amount, bool deferred)
    {
        // Finances tells of each third movement before its settlement does, and of deferred ones twice: when held back and when released.
        var released = deferred ? posted.AddDays(9) : posted;
        if (deferred || random.Next(3) == 0)
        {
            var kind = new LedgerWords().OfSettlement(type, amountType, description);
            var line = Rows.Count + 10_000_000L;
            if (deferred) others.Add(new Movement(posted, order, new Sku(sku), kind, LedgerSource.Transaction, line, random.Next(2) == 0 ? LedgerState.Deferred : LedgerState.DeferredReleased, quantity, (long)(amount * 1_000_000), 0));
            others.Add(new Movement(released, order, new Sku(sku), kind, LedgerSource.Transaction, line, LedgerState.Released, quantity, (long)(amount * 1_000_000), 0));
        }

        Rows.Add(new Row(7000 + (released.DayNumber - Start.DayNumber) / SettlementDays, type, amountType, description, order, sku, released, quantity, amount));
    }

    private static DateOnly EndOf(long settlement) => Start.AddDays((int)(settlement - 7000 + 1) * SettlementDays - 1);

    private FeeRate Rate(string sku, DateOnly day) => Rates.Last(rate => rate.Sku.Value == sku && rate.From <= day);

    private decimal Net(string sku, DateOnly day, int units, decimal promotion)
    {
        var rate = Rate(sku, day);
        var paid = Prices[sku] * units - promotion;
        return paid - Cents(Math.Max(rate.ReferralRate * paid, rate.ReferralMinimum * units)) - Cents(rate.FulfilmentFee * units);
    }

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}

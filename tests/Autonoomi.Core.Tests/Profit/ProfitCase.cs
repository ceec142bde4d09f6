using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

/// <summary>A small shop with everything that can happen to a sale, the same for the same seed, and beside it what it earned, added up naively with decimals.</summary>
internal sealed class ProfitCase
{
    public static readonly DateOnly Start = new(2026, 4, 1);
    public static readonly DateSpan Span = new(Start.AddDays(2), Start.AddDays(11));
    private static readonly string[] Markets = ["ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1PA6795UKMFR9", "A1VC38T7YXB528"];
    private static readonly Dictionary<string, decimal> Taxes = new() { ["US"] = 0, ["UK"] = 0.20m, ["DE"] = 0.19m, ["JP"] = 0.10m };
    private readonly Random random;
    private readonly string[] skus;
    private readonly Dictionary<(string Sku, DateOnly Day), decimal[]> truth = [];
    private readonly Dictionary<(string Sku, DateOnly Day), int> units = [];
    private readonly List<VatRate> rates = [];
    private readonly List<ProductCost> costs = [];
    private readonly List<GoodsBatch> batches = [];
    private readonly List<OtherCost> others = [];
    private readonly bool byOrder;
    private long line;

    public ProfitCase(int seed)
    {
        random = new Random(seed);
        Marketplace = Marketplace.Find(Markets[random.Next(4)]);
        skus = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(index => $"P{index}")];
        Date = (ProfitDate)random.Next(2);
        byOrder = Date == ProfitDate.Ordered;
        if (random.Next(3) == 0) rates.Add(new VatRate(Start.AddDays(random.Next(8)), random.Next(2) == 0 ? new Sku(skus[0]) : null, random.Next(3) * 0.07m));
        foreach (var sku in skus) AddCosts(sku);
        var orders = random.Next(13);
        for (var order = 1; order <= orders; order++) AddOrder(order, skus[random.Next(skus.Length)]);
        AddAccount();
        foreach (var sku in skus) AddGoods(sku);
        foreach (var key in truth.Keys.Where(key => !Span.Contains(key.Day)).ToArray()) truth.Remove(key);
        AddSpend();

        // Who neither sold nor was advertised needs no cost.
        Unknown.RemoveWhere(key => !units.Any(pair => pair.Key.Sku == key.Sku && Span.Contains(pair.Key.Day) && pair.Value != 0) && !truth.Any(pair => pair.Key.Sku == key.Sku && pair.Value[(int)ProfitLine.SponsoredProducts..].Any(amount => amount != 0)));
    }

    public Marketplace Marketplace { get; }
    public ProfitDate Date { get; }
    public List<Movement> Movements { get; } = [];
    public List<ReturnedGoods> Returned { get; } = [];
    public List<AdSpend> Spend { get; } = [];
    public ProfitBasis Basis => new(Marketplace.Currency, new VatBook([.. rates, .. VatBook.Standard(Marketplace)]), new GoodsCosts([.. costs], [.. batches]), [.. others]);

    /// <summary>What was earned by product and day: amounts by profit line. Where goods have no cost, they are zero here and the key is in <see cref="Unknown"/>.</summary>
    public IReadOnlyDictionary<(string Sku, DateOnly Day), decimal[]> Truth => truth;

    public HashSet<(string Sku, DateOnly Day)> Unknown { get; } = [];

    private void AddCosts(string sku)
    {
        if (random.Next(3) > 0) costs.Add(new ProductCost(new Sku(sku), Start.AddDays(random.Next(5)), Amount(5), Amount(1), null, 0));
        if (random.Next(3) == 0 && costs.Count > 0) costs.Add(new ProductCost(new Sku(sku), Start.AddDays(6), Amount(5), Amount(1), null, 0));
        for (var batch = random.Next(2) * random.Next(4); batch > 0; batch--) batches.Add(new GoodsBatch(new Sku(sku), Start.AddDays(random.Next(6)), 1 + random.Next(6), Amount(5), Amount(1)));
    }

    private void AddOrder(long order, string sku)
    {
        var ordered = Start.AddDays(random.Next(10));
        var posted = ordered.AddDays(random.Next(3));
        var known = random.Next(2) == 0;
        var count = 1 + random.Next(3);
        var price = Cents(10 + 20 * (decimal)random.NextDouble()) * count;
        if (known) Movements.Add(new Movement(ordered, order, new Sku(sku), LedgerKind.ProductCharge, LedgerSource.Order, 1, LedgerState.Released, count, (long)(price * 1_000_000), 0));
        var counted = byOrder ? known ? ordered : posted : posted;
        var tax = random.Next(3);
        Book(LedgerKind.ProductCharge, ProfitLine.ProductSales, price, posted, count);
        units[(sku, counted)] = units.GetValueOrDefault((sku, counted)) + count;
        if (tax == 0) { Book(LedgerKind.TaxCollected, null, Cents(price * 0.1m), posted); Book(LedgerKind.TaxWithheld, null, -Cents(price * 0.1m), posted); }
        if (tax == 1) Book(LedgerKind.TaxWithheld, ProfitLine.Vat, -Cents(price * 0.15m), posted);
        if (random.Next(3) == 0) Book(LedgerKind.Promotion, ProfitLine.Promotions, -Cents(price * 0.1m), posted);
        if (random.Next(3) == 0) Book(LedgerKind.ShippingCharge, ProfitLine.ShippingSales, Cents(3.99m), posted);
        Book(LedgerKind.ReferralFee, ProfitLine.ReferralFees, -Cents(price * 0.15m), posted);
        Book(LedgerKind.FulfilmentFee, ProfitLine.FulfilmentFees, -Cents(3.2m * count), posted);
        if (random.Next(4) == 0) Book(LedgerKind.SellingFee, ProfitLine.OtherFees, -Cents(1.8m), posted);
        if (random.Next(3) > 0) return;

        var later = posted.AddDays(1 + random.Next(3));
        var back = random.Next(2) == 0 ? price : Cents(price / 3);
        Book(LedgerKind.RefundProduct, ProfitLine.Refunds, -back, later, 1);
        Book(LedgerKind.RefundReferralFee, ProfitLine.ReferralFees, Cents(back * 0.15m), later);
        Book(LedgerKind.RefundAdministrationFee, ProfitLine.RefundHandling, -Cents(back * 0.03m), later);
        Book(LedgerKind.ReturnedUnitFee, ProfitLine.RefundHandling, -Cents(1.5m), later);
        if (random.Next(3) == 0) Book(LedgerKind.Reimbursement, ProfitLine.Reimbursements, Cents(back * 0.6m), later.AddDays(1));
        if (random.Next(2) == 0) return;
        Returned.Add(new ReturnedGoods(order, new Sku(sku), later.AddDays(1), 1, random.Next(3) == 0 ? ReturnOutcome.Unsellable : ReturnOutcome.Sellable));
        var into = (sku, byOrder ? counted : later.AddDays(1));
        if (Returned[^1].Outcome == ReturnOutcome.Sellable) units[into] = units.GetValueOrDefault(into) - 1;

        void Book(LedgerKind kind, ProfitLine? at, decimal amount, DateOnly day, int quantity = 0)
        {
            Move(order, sku, kind, amount, day, quantity);
            var on = byOrder ? counted : day;
            if (at is not null) Add(sku, on, at.Value, amount);
            if (tax != 2 || at is not (ProfitLine.ProductSales or ProfitLine.ShippingSales or ProfitLine.Promotions or ProfitLine.Refunds)) return;
            var rate = rates.Where(rate => rate.From <= day && (rate.Sku is null || rate.Sku.Value.Value == sku)).OrderBy(rate => rate.Sku is null).FirstOrDefault()?.InPrices ?? Taxes[Marketplace.Country];
            Add(sku, on, ProfitLine.Vat, -(amount - amount / (1 + rate)));
        }
    }

    private void AddAccount()
    {
        foreach (var sku in skus.Where(_ => random.Next(2) == 0)) Account(sku, LedgerKind.StorageMonthly, ProfitLine.StorageFees, -Cents(6.5m), Start.AddDays(random.Next(12)));
        Account("", LedgerKind.Subscription, ProfitLine.OtherFees, -Cents(39), Start.AddDays(4));
        Account("", LedgerKind.InboundFee, ProfitLine.Inbound, -Cents(12), Start.AddDays(5));
        Account("", LedgerKind.Advertising, null, -Cents(77), Start.AddDays(5));
        Account("", LedgerKind.Transfer, null, -Cents(500), Start.AddDays(6));

        void Account(string sku, LedgerKind kind, ProfitLine? at, decimal amount, DateOnly day)
        {
            Move(0, sku, kind, amount, day, 0);
            if (at is not null) Add(sku, day, at.Value, amount);
        }
    }

    // Unit by unit: the first unit in is the first unit out.
    private void AddGoods(string sku)
    {
        var dated = costs.Where(cost => cost.Sku.Value == sku).OrderBy(cost => cost.From).ToArray();
        var own = batches.Where(batch => batch.Sku.Value == sku).OrderBy(batch => batch.Received).ToArray();
        var stock = own.SelectMany(batch => Enumerable.Repeat(batch, (int)batch.Quantity)).ToArray();
        var taken = 0;
        foreach (var day in truth.Keys.Concat(units.Keys).Where(key => key.Sku == sku).Select(key => key.Day).Distinct().Order().ToArray())
        {
            var cost = dated.LastOrDefault(cost => cost.From <= day) ?? dated.FirstOrDefault();
            var left = units.GetValueOrDefault((sku, day));
            if ((own.Length == 0 || day < own[0].Received) && cost is null) Unknown.Add((sku, day));
            else if (own.Length == 0 || day < own[0].Received) Pay(cost!.CostOfGoods.Amount * left, cost.InboundPerUnit.Amount * left);
            else
            {
                (decimal Goods, decimal Inbound) paid = (0, 0);
                var unknown = false;
                for (; left > 0; left--, taken++) Take(taken, 1);
                for (; left < 0 && taken > 0; left++) Take(--taken, -1);
                if (unknown) Unknown.Add((sku, day));
                else Pay(paid.Goods, paid.Inbound);

                void Take(int unit, int sign)
                {
                    if (unit < stock.Length) paid = (paid.Goods + sign * stock[unit].CostOfGoods.Amount, paid.Inbound + sign * stock[unit].InboundPerUnit.Amount);
                    else if (cost is not null) paid = (paid.Goods + sign * cost.CostOfGoods.Amount, paid.Inbound + sign * cost.InboundPerUnit.Amount);
                    else unknown = true;
                }
            }

            void Pay(decimal goods, decimal inbound)
            {
                Add(sku, day, ProfitLine.Goods, -goods);
                Add(sku, day, ProfitLine.Inbound, -inbound);
            }
        }
    }

    private void AddSpend()
    {
        var sales = truth.ToDictionary(pair => pair.Key, pair => pair.Value[(int)ProfitLine.ProductSales]);
        for (var day = Start; day <= Span.Last; day = day.AddDays(1))
        {
            if (random.Next(2) == 0) Ads(AdProduct.SponsoredProducts, ProfitLine.SponsoredProducts, [skus[random.Next(skus.Length)]]);
            if (random.Next(3) == 0) Ads(AdProduct.SponsoredBrands, ProfitLine.SponsoredBrands, random.Next(2) == 0 ? [] : skus);
            if (random.Next(4) == 0) Ads(AdProduct.SponsoredDisplay, ProfitLine.SponsoredDisplay, [skus[0]]);

            void Ads(AdProduct ad, ProfitLine at, string[] among)
            {
                var cost = Cents(5 * (decimal)random.NextDouble());
                Spend.Add(new AdSpend(day, ad, [.. among.Select(sku => new Sku(sku))], (long)(cost * 1_000_000)));
                if (Span.Contains(day)) Share(day, at, -cost, among);
            }
        }

        if (random.Next(2) == 0) Other(null, Start.AddDays(random.Next(5)), 1 + random.Next(9));
        if (random.Next(2) == 0) Other(skus[^1], Start.AddDays(random.Next(5)), 1 + random.Next(9));

        void Other(string? sku, DateOnly first, int days)
        {
            var amount = Amount(30);
            others.Add(new OtherCost(sku is null ? null : new Sku(sku), first, first.AddDays(days - 1), amount));
            for (var day = first; day < first.AddDays(days); day = day.AddDays(1)) if (Span.Contains(day)) Share(day, ProfitLine.OtherCosts, -amount.Amount / days, sku is null ? [] : [sku]);
        }

        void Share(DateOnly day, ProfitLine at, decimal amount, string[] among)
        {
            var parts = (among.Length == 0 ? skus.Where(sku => sales.GetValueOrDefault((sku, day)) > 0) : among).ToDictionary(sku => sku, sku => sales.GetValueOrDefault((sku, day)));
            if (parts.Count == 0) Add("", day, at, amount);
            foreach (var (sku, sold) in parts)
            {
                if (!truth.ContainsKey((sku, day)) && !costs.Any(cost => cost.Sku.Value == sku) && !batches.Any(batch => batch.Sku.Value == sku && batches.Where(other => other.Sku.Value == sku).Min(other => other.Received) <= day)) Unknown.Add((sku, day));
                Add(sku, day, at, parts.Values.Sum() == 0 ? amount / parts.Count : amount * sold / parts.Values.Sum());
            }
        }
    }

    private void Move(long order, string sku, LedgerKind kind, decimal amount, DateOnly day, int quantity) =>
        Movements.Add(new Movement(day, order, new Sku(sku), kind, LedgerSource.Settlement, ++line, LedgerState.Released, quantity, (long)(amount * 1_000_000), 1));

    private void Add(string sku, DateOnly day, ProfitLine at, decimal amount)
    {
        if (!truth.TryGetValue((sku, day), out var amounts)) truth.Add((sku, day), amounts = new decimal[Enum.GetValues<ProfitLine>().Length]);
        amounts[(int)at] += amount;
    }

    private Money Amount(double most) => new(Cents((decimal)(random.NextDouble() * most)), Marketplace.Currency);

    private decimal Cents(decimal amount) => Marketplace.Currency.Decimals == 0 ? decimal.Round(amount * 100) : decimal.Round(amount, 2);
}

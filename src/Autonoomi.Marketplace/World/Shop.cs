using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.World;

/// <summary>One purchase, organic or after a click.</summary>
internal sealed class Sale
{
    public required string OrderId { get; init; }
    public required long Minute { get; init; }
    public required int Product { get; init; }
    public required int Units { get; init; }

    /// <summary>Of one unit on the day of the sale.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>Minute at which the buyer called it off; null when kept.</summary>
    public long? CancelMinute { get; init; }
}

/// <summary>The seller's warehouse and till: stock, replenishment, organic sales, refunds.</summary>
internal sealed class Shop
{
    private const double CancelChance = 0.02;
    private const int MinutesPerDay = 1440;

    private readonly Dice dice;
    private readonly Product[] products;
    private readonly int[] fulfillable;
    private readonly List<(long Minute, int Units)>[] inbound;
    private readonly double[] velocity;
    private readonly double[] organicVelocity;
    private readonly int[] soldToday;
    private readonly int[] cannibalised;
    private readonly PriorityQueue<Sale, (long, long)> cancellations = new();
    private readonly PriorityQueue<(int Product, decimal UnitPrice), (long Minute, long)> refunds = new();
    private readonly List<ShopDay> days = [];
    private ShopDay open;
    private MarketDay? today;
    private long queued;
    private long ordersNumbered;

    public Shop(Dice dice, Product[] products)
    {
        open = new ShopDay(products.Length, 0);
        this.dice = dice;
        this.products = products;
        fulfillable = new int[products.Length];
        inbound = new List<(long, int)>[products.Length];
        velocity = new double[products.Length];
        organicVelocity = new double[products.Length];
        soldToday = new int[products.Length];
        cannibalised = new int[products.Length];
        foreach (var product in products)
        {
            inbound[product.Index] = [];
            velocity[product.Index] = (product.OrganicPerDay * 1.1) + 4;
            organicVelocity[product.Index] = velocity[product.Index];
            fulfillable[product.Index] = (int)Math.Ceiling(velocity[product.Index] * CoverAtStart(product.Index));
        }
    }

    // Most shelves are full; one product in eight is about to run out before its next delivery.
    private double CoverAtStart(int product) => dice.Uniform(Draw.Supply, product) < 0.125
        ? dice.Uniform(Draw.Supply, product, 10, 18, 0, 1)
        : dice.Uniform(Draw.Supply, product, 50, 120, 0, 1);

    public List<Sale> Sales { get; } = [];

    public bool IsInStock(int product) => fulfillable[product] > 0;

    /// <summary>Sets the shelf by hand; for tests and scenarios.</summary>
    public void SetStock(int product, int units, bool cancelInbound)
    {
        fulfillable[product] = units;
        if (cancelInbound) inbound[product].Clear();
    }

    public StockLevel Level(int product, long minute)
    {
        var reserved = 0;
        for (var index = Sales.Count - 1; index >= 0 && Sales[index].Minute > minute - MinutesPerDay; index--)
        {
            if (Sales[index].Product == product && !(Sales[index].CancelMinute <= minute)) reserved += Sales[index].Units;
        }

        return new StockLevel(products[product].Sku, products[product].Asin, fulfillable[product], inbound[product].Sum(lot => lot.Units), reserved);
    }

    /// <summary>What arrives and what comes back during the coming hour is on the shelf at its start.</summary>
    public void Receive(long minute, MarketDay day)
    {
        today = day;
        while (refunds.TryPeek(out var refund, out var due) && due.Minute < minute + 60)
        {
            refunds.Dequeue();
            open.Refunded[refund.Product]++;
            open.RefundedSales[refund.Product] += refund.UnitPrice;
        }

        foreach (var product in products)
        {
            var lots = inbound[product.Index];
            for (var lot = lots.Count - 1; lot >= 0; lot--)
            {
                if (lots[lot].Minute > minute) continue;
                fulfillable[product.Index] += lots[lot].Units;
                lots.RemoveAt(lot);
            }
        }

        while (cancellations.TryPeek(out var sale, out _) && sale.CancelMinute <= minute)
        {
            cancellations.Dequeue();
            fulfillable[sale.Product] += sale.Units;
        }
    }

    /// <summary>Shoppers who come by themselves. An order that an ad took from the organic listing is missing here.</summary>
    public void SellOrganically(long minute, long hour, double share)
    {
        foreach (var product in products)
        {
            // Rank follows sales: twice the usual velocity sells a third more organically.
            var rank = Math.Clamp(Math.Pow(velocity[product.Index] / organicVelocity[product.Index], 0.4), 0.6, 1.5);
            var count = dice.Poisson(product.OrganicPerDay * today!.Demand[product.Type] * Organic(product.Index) * share * rank, Draw.Organic, product.Index, hour);
            for (var order = 0; order < count; order++)
            {
                if (cannibalised[product.Index] > 0)
                {
                    cannibalised[product.Index]--;
                    continue;
                }

                var units = UnitsOf(product.Index, hour, order + 1_000);
                var at = minute + dice.Pick(60, Draw.OrganicMinute, product.Index, hour, order);
                TrySell(at, product.Index, units, hour, order + 1_000);
            }
        }
    }

    /// <summary>1.15 units on average, at most 6.</summary>
    public int UnitsOf(long entity, long hour, long draw)
    {
        var units = 1;
        var chance = dice.Uniform(Draw.Units, entity, hour, draw);
        for (var bar = Product.OneMoreUnit; chance < bar && units < 6; bar *= Product.OneMoreUnit) units++;
        return units;
    }

    public void Cannibalise(int product) => cannibalised[product]++;

    /// <returns>Null when the shelf cannot serve it.</returns>
    public Sale? TrySell(long minute, int product, int units, long hour, long draw)
    {
        if (fulfillable[product] < units) return null;

        fulfillable[product] -= units;
        soldToday[product] += units;
        var cancelled = dice.Uniform(Draw.Void, product, hour, draw) < CancelChance;
        var sale = new Sale
        {
            OrderId = NextOrderId(),
            Minute = minute,
            Product = product,
            Units = units,
            UnitPrice = today!.Retail[product].Price,
            CancelMinute = cancelled ? minute + (MinutesPerDay * 3 / 4) : null,
        };
        Sales.Add(sale);
        if (cancelled)
        {
            cancellations.Enqueue(sale, (sale.CancelMinute!.Value, queued++));
            return sale;
        }

        for (var unit = 0; unit < units; unit++)
        {
            if (dice.Uniform(Draw.Refund, product, hour, (draw * 8) + unit) >= products[product].RefundRate) continue;
            var daysLater = 5 + (15 * dice.Uniform(Draw.Refund, product, hour, 1_000_000 + (draw * 8) + unit));
            refunds.Enqueue((product, sale.UnitPrice), (minute + (long)(daysLater * MinutesPerDay), queued++));
        }

        return sale;
    }

    public static double KeptShare => 1 - CancelChance;

    /// <summary>Midnight: storage is charged, velocity learned, and the seller reorders when stock and inbound no longer cover the lead time.</summary>
    public void CloseDay(long minute, int day)
    {
        foreach (var product in products)
        {
            var index = product.Index;
            open.Storage[index] = fulfillable[index] * product.StoragePerUnitDay;
            if (fulfillable[index] > 0 || soldToday[index] > 0)
            {
                velocity[index] += (soldToday[index] - velocity[index]) * (2d / 15);
                organicVelocity[index] += (soldToday[index] - organicVelocity[index]) * (2d / 120);
            }

            soldToday[index] = 0;
            var position = fulfillable[index] + inbound[index].Sum(lot => lot.Units);
            var pace = Math.Max(0.3, velocity[index]);
            if (position >= pace * (product.LeadTimeDays + 20)) continue;
            var late = dice.Normal(Draw.Supply, index, day, 1) * 2.5;
            var arrival = minute + (long)(Math.Max(5, product.LeadTimeDays + late) * MinutesPerDay);
            inbound[index].Add((arrival, (int)Math.Ceiling(pace * 50)));
        }

        open.SalesUntil = Sales.Count;
        days.Add(open);
        open = new ShopDay(products.Length, Sales.Count);
    }

    /// <summary>One row per product and day of the span that has begun.</summary>
    /// <param name="span">Reporting days.</param>
    /// <param name="firstDay">Day 0.</param>
    /// <param name="nowMinute">Later cancellations are not known yet.</param>
    /// <param name="prices">Price of a unit by day number and product.</param>
    /// <param name="adCharge">Cost of clicks by day number and product.</param>
    public IReadOnlyList<EconomicsRow> Economics(DateSpan span, DateOnly firstDay, long nowMinute, Func<int, MarketDay> prices, Func<int, int, decimal> adCharge)
    {
        var rows = new List<EconomicsRow>();
        var first = Math.Max(0, span.First.DayNumber - firstDay.DayNumber);
        var last = Math.Min(span.Last.DayNumber - firstDay.DayNumber, days.Count - (today is null ? 1 : 0));
        for (var number = first; number <= last; number++)
        {
            var day = number < days.Count ? days[number] : open;
            var until = number < days.Count ? day.SalesUntil : Sales.Count;
            var ordered = new int[products.Length];
            for (var sale = day.SalesFrom; sale < until; sale++)
            {
                if (!(Sales[sale].CancelMinute <= nowMinute)) ordered[Sales[sale].Product] += Sales[sale].Units;
            }

            foreach (var product in products)
            {
                var index = product.Index;
                var price = prices(number).Retail[index].Price;
                rows.Add(new EconomicsRow(
                    firstDay.AddDays(number), product.Sku, product.Asin, ordered[index], day.Refunded[index], ordered[index] * price, day.RefundedSales[index],
                    ordered[index] * product.ReferralFeeAt(price), ordered[index] * product.FulfilmentFee, day.Storage[index], adCharge(number, index)));
            }
        }

        return rows;
    }

    // The offer must be on the page and its price like others'.
    private double Organic(int product) => today!.Offered[product] * today.Odds[product];

    private string NextOrderId()
    {
        var bits = dice.Bits(Draw.OrderNumber, ordersNumbered++);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{100 + (bits % 20):000}-{(bits >> 8) % 10_000_000:0000000}-{(bits >> 34) % 10_000_000:0000000}");
    }

    /// <summary>What one day brought beside the sales themselves, by product.</summary>
    private sealed class ShopDay(int products, int salesFrom)
    {
        public int SalesFrom { get; } = salesFrom;
        public int SalesUntil { get; set; }
        public int[] Refunded { get; } = new int[products];
        public decimal[] RefundedSales { get; } = new decimal[products];
        public decimal[] Storage { get; } = new decimal[products];
    }
}

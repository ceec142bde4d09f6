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

/// <summary>The seller's till: organic sales, orders after clicks, cancellations, refunds, storage.</summary>
internal sealed class Shop
{
    private const double CancelChance = 0.02;
    private const int MinutesPerDay = 1440;

    private readonly Dice dice;
    private readonly Product[] products;
    private readonly Warehouse warehouse;
    private readonly OrganicRank[] ranks;
    private readonly int[] soldToday;
    private readonly int[] cannibalised;
    private readonly PriorityQueue<Sale, (long, long)> cancellations = new();
    private readonly PriorityQueue<(int Product, decimal UnitPrice), (long Minute, long)> refunds = new();
    private readonly List<ShopDay> days = [];
    private ShopDay open;
    private MarketDay? today;
    private long queued;
    private long ordersNumbered;

    public Shop(Dice dice, Market market, WorldSettings settings)
    {
        this.dice = dice;
        products = market.Products;
        warehouse = new Warehouse(dice, products, settings);
        ranks = [.. products.Select(product => new OrganicRank(market, product, warehouse.Velocity[product.Index]))];
        soldToday = new int[products.Length];
        cannibalised = new int[products.Length];
        open = new ShopDay(products.Length, 0);
    }

    public List<Sale> Sales { get; } = [];

    public bool IsInStock(int product) => warehouse.Has(product);

    /// <summary>For oracles: units on the shelf and the minute of the next delivery (null when none is on its way).</summary>
    public (int Units, long? Delivery) Supply(int product) => (warehouse.OnShelf(product), warehouse.NextDelivery(product));

    /// <returns>Units that shoppers who come by themselves take at least on a day, however low the product's rank.</returns>
    public static double LeastOrganic(Product product, MarketDay day) =>
        product.OrganicPerDay * day.Demand[product.Type] * day.Offered[product.Index] * day.Odds[product.Index] * OrganicRank.Lowest * Product.UnitsPerOrder * KeptShare;

    /// <summary>Sets the shelf by hand; for tests.</summary>
    public void SetStock(int product, int units, bool cancelInbound) => warehouse.Set(product, units, cancelInbound);

    public StockLevel Level(int product, long minute)
    {
        var reserved = 0;
        for (var index = Sales.Count - 1; index >= 0 && Sales[index].Minute > minute - MinutesPerDay; index--)
        {
            if (Sales[index].Product == product && !(Sales[index].CancelMinute <= minute)) reserved += Sales[index].Units;
        }

        return new StockLevel(products[product].Sku, products[product].Asin, warehouse.OnShelf(product), warehouse.Inbound(product), reserved);
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

        warehouse.Receive(minute);
        while (cancellations.TryPeek(out var sale, out _) && sale.CancelMinute <= minute)
        {
            cancellations.Dequeue();
            warehouse.Return(sale.Product, sale.Units);
        }
    }

    /// <summary>Shoppers who come by themselves. An order that an ad took from the organic listing is missing here.</summary>
    public void SellOrganically(long minute, long hour, double share)
    {
        foreach (var product in products)
        {
            var rank = ranks[product.Index];
            var count = dice.Poisson(product.OrganicPerDay * today!.Demand[product.Type] * Organic(product.Index) * share * rank.Factor, Draw.Organic, product.Index, hour);
            for (var order = 0; order < count; order++)
            {
                if (cannibalised[product.Index] > 0)
                {
                    cannibalised[product.Index]--;
                    continue;
                }

                var units = UnitsOf(product.Index, hour, order + 1_000);
                var at = minute + dice.Pick(60, Draw.OrganicMinute, product.Index, hour, order);
                TrySell(at, product.Index, units, hour, order + 1_000, rank.Pick(dice.Uniform(Draw.Organic, product.Index, hour, order + 1)));
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

    /// <returns>Where a sale of a product after a click on a search counts for its rank.</returns>
    public int RankPlaceOf(int product, Query query) => ranks[product].PlaceOf(query);

    /// <returns>Null when the shelf cannot serve it.</returns>
    public Sale? TrySell(long minute, int product, int units, long hour, long draw, int rankPlace)
    {
        if (!warehouse.TryTake(product, units)) return null;

        ranks[product].Sold(rankPlace, units);
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

    /// <summary>Midnight: storage is charged, ranks move, the seller reorders.</summary>
    public void CloseDay(long minute, int day)
    {
        foreach (var product in products)
        {
            var index = product.Index;
            open.Storage[index] = warehouse.OnShelf(index) * product.StoragePerUnitDay;
            ranks[index].EndDay(wasOffered: warehouse.Has(index) || soldToday[index] > 0);
        }

        warehouse.EndDay(minute, day, soldToday);
        Array.Clear(soldToday);
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

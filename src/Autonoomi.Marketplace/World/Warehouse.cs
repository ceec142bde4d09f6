namespace Autonoomi.Marketplace.World;

/// <summary>What lies on the shelves and what is on its way: the seller reorders by sales and lead time, or a scenario decides.</summary>
internal sealed class Warehouse
{
    private const int MinutesPerDay = 1440;
    private const int ReorderDays = 50;

    private readonly Dice dice;
    private readonly Product[] products;
    private readonly bool runsOut;
    private readonly int handOver;
    private readonly ThinStock? thin;
    private readonly int[] fulfillable;
    private readonly List<(long Minute, int Units)>[] inbound;
    private readonly long[] noOrderBefore;

    public Warehouse(Dice dice, Product[] products, WorldSettings settings)
    {
        this.dice = dice;
        this.products = products;
        runsOut = settings.StockRunsOut;
        handOver = settings.HistoryDays;
        thin = settings.Events.OfType<ThinStock>().FirstOrDefault();
        inbound = [.. products.Select(_ => new List<(long, int)>())];
        noOrderBefore = new long[products.Length];
        Velocity = [.. products.Select(product => (product.OrganicPerDay * 1.1) + 4)];
        fulfillable = [.. products.Select(product => (int)Math.Ceiling(Velocity[product.Index] * CoverAtStart(product.Index)))];
        if (handOver == 0) StartThin(0);
    }

    /// <summary>Units sold a day, by product; learnt over two weeks.</summary>
    public double[] Velocity { get; }

    public bool Has(int product) => fulfillable[product] > 0;

    public int OnShelf(int product) => fulfillable[product];

    /// <summary>Minute of the next delivery; null when none is on its way.</summary>
    public long? NextDelivery(int product) => inbound[product].Count == 0 ? null : inbound[product].Min(lot => lot.Minute);

    public int Inbound(int product) => inbound[product].Sum(lot => lot.Units);

    /// <summary>Sets the shelf by hand; for tests.</summary>
    public void Set(int product, int units, bool cancelInbound)
    {
        fulfillable[product] = units;
        if (cancelInbound) inbound[product].Clear();
    }

    public void Return(int product, int units) => fulfillable[product] += units;

    public bool TryTake(int product, int units)
    {
        if (!runsOut && fulfillable[product] <= units) fulfillable[product] += ReorderUnits(product);
        if (fulfillable[product] < units) return false;
        fulfillable[product] -= units;
        return true;
    }

    public void Receive(long minute)
    {
        for (var product = 0; product < inbound.Length; product++)
        {
            var lots = inbound[product];
            for (var lot = lots.Count - 1; lot >= 0; lot--)
            {
                if (lots[lot].Minute > minute) continue;
                fulfillable[product] += lots[lot].Units;
                lots.RemoveAt(lot);
            }
        }
    }

    /// <param name="minute">Midnight.</param>
    /// <param name="day">The day that ended.</param>
    /// <param name="sold">Units sold on it, by product.</param>
    public void EndDay(long minute, int day, int[] sold)
    {
        foreach (var product in products)
        {
            var index = product.Index;
            if (fulfillable[index] > 0 || sold[index] > 0) Velocity[index] += (sold[index] - Velocity[index]) * (2d / 15);
            if (minute < noOrderBefore[index]) continue;
            var pace = Pace(index);
            if (fulfillable[index] + Inbound(index) >= pace * (product.LeadTimeDays + 20)) continue;
            var late = dice.Normal(Draw.Supply, index, day, 1) * 2.5;
            inbound[index].Add((minute + (runsOut ? (long)(Math.Max(5, product.LeadTimeDays + late) * MinutesPerDay) : 0), ReorderUnits(index)));
        }

        if (day + 1 == handOver) StartThin(minute);
    }

    // Shelves hold so many days, one delivery is on its way, and nothing else can be ordered before it has come.
    private void StartThin(long minute)
    {
        if (thin is null) return;
        foreach (var product in products)
        {
            var index = product.Index;
            var days = Math.Max(1, thin.InboundDay + (thin.Noise * dice.Normal(Draw.Supply, index, 0, 2)));
            fulfillable[index] = (int)Math.Ceiling(Pace(index) * thin.CoverDays);
            noOrderBefore[index] = minute + (long)(days * MinutesPerDay);
            inbound[index].Clear();
            inbound[index].Add((noOrderBefore[index], ReorderUnits(index)));
        }
    }

    private double Pace(int product) => Math.Max(0.3, Velocity[product]);

    private int ReorderUnits(int product) => (int)Math.Ceiling(Pace(product) * ReorderDays);

    // Most shelves are full; one product in eight is about to run out before its next delivery.
    private double CoverAtStart(int product) => dice.Uniform(Draw.Supply, product) < 0.125
        ? dice.Uniform(Draw.Supply, product, 10, 18, 0, 1)
        : dice.Uniform(Draw.Supply, product, 50, 120, 0, 1);
}

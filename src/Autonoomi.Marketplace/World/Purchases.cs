namespace Autonoomi.Marketplace.World;

/// <summary>What follows a click: whether, what, when and how much is bought. Every draw is keyed by the click, not by what happened before.</summary>
internal sealed class Purchases(Dice dice, Market market, Shop shop, List<DayBook> days, OrderDelay delay)
{
    private readonly PriorityQueue<AdOrder, (long Minute, long Order)> pending = new();
    private long queued;

    /// <param name="click">An honest click.</param>
    /// <param name="key">Whose draws: the cell's key.</param>
    /// <param name="time">Day or hour of the draws.</param>
    /// <param name="number">Number of the click within that time.</param>
    /// <param name="day">Day of the click.</param>
    public void Order(Click click, long key, long time, long number, int day)
    {
        var bought = click.Product;
        if (dice.Uniform(Draw.Halo, key, time, number) < market.Parameters.HaloShare && market.Siblings(click.Product) is { Count: > 0 } siblings)
        {
            bought = siblings[dice.Pick(siblings.Count, Draw.Halo, key, time, number + 1_000_000)].Index;
        }

        var minute = click.Minute + delay.Minutes(dice.Uniform(Draw.Delay, key, time, number));
        click.Order = new AdOrder
        {
            ClickMinute = click.Minute,
            Minute = minute,
            Query = click.Query,
            AdvertisedProduct = click.Product,
            Product = bought,
            Units = shop.UnitsOf(key, time, number),
            Restatement = delay.Restate(minute, dice.Uniform(Draw.Void, key, time, number)),
            Time = time,
            Draw = (key * 4096) + number,
            ClickDay = day,
        };
        pending.Enqueue(click.Order, (minute, queued++));
        if (dice.Uniform(Draw.Cannibal, key, time, number) < market.CannibalShare(click.Query)) shop.Cannibalise(bought);
    }

    /// <summary>Lets everything be bought that is due before a minute.</summary>
    public void Until(long minute, MarketDay today)
    {
        while (pending.TryPeek(out var order, out _) && order.Minute < minute)
        {
            pending.Dequeue();
            order.Sale = shop.TrySell(order.Minute, order.Product, order.Units, order.Time, order.Draw, shop.RankPlaceOf(order.Product, order.Query));
            if (order.Sale is { CancelMinute: null }) days[order.ClickDay].RealisedProfit += today.UnitContribution[order.Product] * order.Units;
        }
    }
}

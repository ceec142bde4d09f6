namespace Autonoomi.Marketplace.World;

/// <summary>How one product stands in the shop on one day.</summary>
/// <param name="BuyBoxShare">Share of its page's visitors who see our offer first, 0 to 1; ads run for that share only.</param>
/// <param name="IsSuppressed">The listing cannot be bought at all.</param>
/// <param name="Price">Of a unit, in the market's currency.</param>
/// <param name="CostOfGoods">Of a unit.</param>
/// <param name="PriceGap">Own price over what rivals ask for the like, minus 1; 0 on a usual day.</param>
internal readonly record struct RetailDay(double BuyBoxShare, bool IsSuppressed, decimal Price, decimal CostOfGoods, double PriceGap)
{
    /// <summary>Orders per click over usual: 10 % dearer than rivals sells 13 % less.</summary>
    public double Conversion => Math.Pow(1 + PriceGap, -1.5);
}

/// <summary>
/// What happens to listings whatever anybody advertises: buy box, suppression, prices, costs. Functions of seed, product, day and the scenario's events
/// alone, so every policy meets the same shop and the oracle can ask about any day.
/// </summary>
/// <param name="dice">The world's.</param>
/// <param name="products">All products of the seller.</param>
/// <param name="events">Counted from <paramref name="handOver"/>.</param>
/// <param name="handOver">Day number, since the first simulated day, on which policies take over.</param>
/// <param name="moneyScale">Changed amounts are rounded before it applies.</param>
internal sealed class Retail(Dice dice, IReadOnlyList<Product> products, IReadOnlyList<MarketEvent> events, int handOver, decimal moneyScale = 1)
{
    private const int BlockDays = 30;
    private const double EpisodeChance = 0.15;
    private const double RivalSaleChance = 0.25;
    private readonly Dictionary<MarketEvent, HashSet<int>> chosen = events
        .Select((happening, place) => (happening, place)).DistinctBy(entry => entry.happening)
        .ToDictionary(entry => entry.happening, entry => Choose(dice, products.Count, ShareOf(entry.happening), entry.place));

    public RetailDay On(int product, int day)
    {
        var price = products[product].Price;
        var goods = products[product].CostOfGoods;
        var isSuppressed = false;
        var ownChange = 1d;
        foreach (var happening in events)
        {
            if (!chosen[happening].Contains(product)) continue;
            if (happening is PriceChange change && day >= handOver + change.Day)
            {
                price = Math.Round(price / moneyScale * (decimal)change.Price, 2) * moneyScale;
                goods = Math.Round(goods / moneyScale * (decimal)change.CostOfGoods, 2) * moneyScale;
                ownChange *= change.Price;
            }
            else if (happening is Suppression { Day: var first, Days: var length })
            {
                isSuppressed |= day >= handOver + first && day < handOver + first + length;
            }
        }

        return new RetailDay(BuyBox(product, day), isSuppressed, price, goods, (ownChange / RivalLevel(product, day)) - 1);
    }

    // A seller of an own brand nearly always has the buy box; now and then another offer undercuts it for some days.
    private double BuyBox(int product, int day) =>
        Episode(product, day, 0, EpisodeChance, 2, 5) is { } episode ? dice.Uniform(Draw.Retail, product, 0.55, 0.88, episode, 3) : 1;

    // Rivals' sales: a month in four sees them 5 to 15 % cheaper for some days.
    private double RivalLevel(int product, int day) =>
        Episode(product, day, 10, RivalSaleChance, 3, 7) is { } episode ? 1 - dice.Uniform(Draw.Retail, product, 0.05, 0.15, episode, 13) : 1;

    /// <returns>The block of days whose episode covers a day; null on usual days. An episode stays within its block.</returns>
    private long? Episode(int product, int day, int draw, double chance, int shortest, int longest)
    {
        var block = (long)Math.Floor(day / (double)BlockDays);
        if (dice.Uniform(Draw.Retail, product, block, draw) >= chance) return null;
        var length = shortest + dice.Pick(longest - shortest + 1, Draw.Retail, product, block, draw + 1);
        var first = (block * BlockDays) + dice.Pick(BlockDays - length + 1, Draw.Retail, product, block, draw + 2);
        return day >= first && day < first + length ? block : null;
    }

    private static double ShareOf(MarketEvent happening) => happening switch
    {
        PriceChange change => change.ShareOfProducts,
        Suppression suppression => suppression.ShareOfProducts,
        _ => 0,
    };

    // A fixed number of products, at least one where the share is not 0, so that small worlds are hit as well.
    private static HashSet<int> Choose(Dice dice, int products, double share, int place) => share <= 0
        ? []
        : [.. Enumerable.Range(0, products).OrderBy(product => dice.Bits(Draw.Retail, product, place, 20)).Take(Math.Max(1, (int)Math.Round(share * products)))];
}

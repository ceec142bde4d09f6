using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class RetailTests
{
    private const int HandOver = 60;
    private static readonly Dice Dice = new(7);
    private static readonly Product[] Products = [.. Enumerable.Range(0, 10).Select(index => Product.Make(Dice, index))];

    [Fact]
    public void The_buy_box_is_ours_on_nearly_all_days_and_lost_in_short_episodes()
    {
        var retail = new Retail(Dice, Products, [], HandOver);
        var days = Products.SelectMany(product => Enumerable.Range(0, 3_000).Select(day => retail.On(product.Index, day))).ToList();

        Assert.InRange(days.Count(day => day.BuyBoxShare < 0.9) / (double)days.Count, 0.010, 0.025);
        Assert.All(days, day => Assert.True(day.BuyBoxShare is 1 or (>= 0.55 and <= 0.88)));
    }

    [Fact]
    public void A_price_change_hits_its_share_of_the_products_from_its_day_on()
    {
        var retail = new Retail(Dice, Products, [new PriceChange(45, 0.4, 0.9, 1.2)], HandOver);

        var changed = Products.Where(product => retail.On(product.Index, HandOver + 45).Price != product.Price).ToList();

        Assert.Equal(4, changed.Count);
        foreach (var product in changed)
        {
            Assert.Equal((product.Price, product.CostOfGoods), (retail.On(product.Index, HandOver + 44).Price, retail.On(product.Index, HandOver + 44).CostOfGoods));
            Assert.Equal(Math.Round(product.Price * 0.9m, 2), retail.On(product.Index, HandOver + 400).Price);
            Assert.Equal(Math.Round(product.CostOfGoods * 1.2m, 2), retail.On(product.Index, HandOver + 400).CostOfGoods);
        }
    }

    [Fact]
    public void Cheaper_than_rivals_converts_better_and_the_other_way_round()
    {
        var cheaper = new Retail(Dice, Products, [new PriceChange(0, 1, 0.9, 1)], HandOver);
        var usual = new Retail(Dice, Products, [], HandOver);
        var quiet = Enumerable.Range(HandOver, 300).First(day => usual.On(0, day).PriceGap == 0);

        Assert.Equal(1, usual.On(0, quiet).Conversion);
        Assert.Equal(-0.1, cheaper.On(0, quiet).PriceGap, 10);
        Assert.Equal(Math.Pow(0.9, -1.5), cheaper.On(0, quiet).Conversion, 10);
        Assert.Equal(0.8668, new RetailDay(1, false, 1, 1, 0.1).Conversion, 4);
    }

    [Fact]
    public void Suppression_lasts_its_days_and_hits_at_least_one_product()
    {
        var retail = new Retail(Dice, Products[..3], [new Suppression(10, 5, 0.1)], HandOver);

        var hit = Enumerable.Range(0, 3).Where(product => retail.On(product, HandOver + 12).IsSuppressed).ToList();

        Assert.Single(hit);
        Assert.Equal(5, Enumerable.Range(0, 200).Count(day => retail.On(hit[0], day).IsSuppressed));
        Assert.True(retail.On(hit[0], HandOver + 10).IsSuppressed && retail.On(hit[0], HandOver + 14).IsSuppressed);
    }

    [Fact]
    public void Days_can_be_asked_in_any_order_and_answer_the_same()
    {
        MarketEvent[] events = [new PriceChange(5, 0.5, 1.1, 1), new Suppression(3, 4, 0.5)];
        var (one, other) = (new Retail(Dice, Products, events, HandOver), new Retail(Dice, Products, events, HandOver));
        var forward = Enumerable.Range(-30, 150).Select(day => one.On(3, day)).ToList();

        Assert.Equal(forward, Enumerable.Range(-30, 150).Reverse().Select(day => other.On(3, day)).Reverse());
    }
}

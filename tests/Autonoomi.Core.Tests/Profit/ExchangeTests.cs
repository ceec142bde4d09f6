using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Tests.Profit;

public sealed class ExchangeTests
{
    private static readonly Currency Gbp = new("GBP"), Eur = new("EUR"), Jpy = new("JPY");
    private static readonly DateOnly October = new(2026, 10, 15), November = new(2026, 11, 1);
    private static readonly ExchangeRate Old = new(Gbp, Eur, October, 1.15m), New = new(Gbp, Eur, November, 1.1425m);

    [Fact]
    public void The_worked_example_is_160_31_euros_and_26_687_yen()
    {
        var sales = new[] { (new DateOnly(2026, 10, 31), 40_000_000L), (November, 33_350_000), (November.AddDays(1), 33_350_000), (November.AddDays(2), 33_350_000) };

        // Rounded by day it would be 46.00 + 3 × 38.10.
        var euros = new Exchange(Gbp, Eur, [New, Old]).Convert(sales)!;
        Assert.Equal(new Money(160.31m, Eur), euros.Amount);
        Assert.Equal([Old, New], euros.Rates);

        // 140.05 × 190.55 = 26,686.53, and yen have no decimals.
        Assert.Equal(new Money(26_687m, Jpy), new Exchange(Gbp, Jpy, [new(Gbp, Jpy, October, 190.55m)]).Convert(sales)!.Amount);
    }

    [Fact]
    public void A_rate_holds_from_its_day_until_the_next_one_and_never_before_nor_the_other_way_round()
    {
        var exchange = new Exchange(Gbp, Eur, [New, Old, new(Eur, Gbp, new(2020, 1, 1), 0.87m), new(Gbp, Jpy, new(2020, 1, 1), 190m)]);

        Assert.Null(exchange.On(October.AddDays(-1)));
        Assert.Equal([Old, Old, New, New], new[] { October, November.AddDays(-1), November, November.AddYears(1) }.Select(exchange.On));
        Assert.Null(new Exchange(Gbp, Eur, [new(Eur, Gbp, October, 0.87m)]).On(November));
    }

    [Fact]
    public void One_day_without_a_rate_leaves_the_whole_unknown_unless_nothing_moved_on_it()
    {
        var exchange = new Exchange(Gbp, Eur, [Old]);

        Assert.Null(exchange.Convert([(October.AddDays(-1), 1), (October, 100_000_000)]));
        Assert.Equal(new Money(115m, Eur), exchange.Convert([(October.AddDays(-1), 5), (October.AddDays(-1), -5), (October, 100_000_000)])!.Amount);
        Assert.Equal((new Money(0m, Eur), 0), (exchange.Convert([])!.Amount, exchange.Convert([])!.Rates.Length));
    }

    [Fact]
    public void Rows_tell_which_rates_hold_and_which_days_have_none()
    {
        ProfitRow Row(DateOnly day, params (ProfitLine, long)[] lines) => new(day, new Sku("A"), 0, 0, 0, "", Statement.Of(lines), CostKnown: true);
        ProfitRow[] rows = [Row(November, (ProfitLine.ProductSales, 10_000_000), (ProfitLine.Goods, -4_000_000)), Row(October.AddDays(-2), (ProfitLine.StorageFees, -1_000_000)), Row(October.AddDays(-9)), Row(October, (ProfitLine.ProductSales, 20_000_000))];
        var exchange = new Exchange(Gbp, Eur, [Old, New]);

        Assert.Equal([October.AddDays(-2)], exchange.Missing(rows));
        Assert.Equal([Old, New], exchange.Held(rows));
        Assert.Equal(new Money((20 * 1.15m) + 11.42m, Eur), exchange.Convert(rows, lines => lines.Sales)!.Amount);
        Assert.Null(exchange.Convert(rows, lines => lines.Total));
    }

    [Fact]
    public void Nothing_is_converted_into_the_storefronts_own_currency_or_into_none_and_no_rate_is_zero()
    {
        Assert.Null(new Reporting(Gbp, [Old]).Of(Gbp));
        Assert.Null(new Reporting(null, [Old]).Of(Gbp));
        Assert.Equal(Old, new Reporting(Eur, [Old]).Of(Gbp)!.On(October));
        Assert.Throws<ArgumentException>(() => new Exchange(Gbp, Eur, [Old with { Rate = 0 }]));
    }
}

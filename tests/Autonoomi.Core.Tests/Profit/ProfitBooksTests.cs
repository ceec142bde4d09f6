using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

/// <summary>Fortnights of settlements from 1 January 2026: one sale of 20 a day, of which 3 are referral fee.</summary>
public sealed class ProfitBooksTests
{
    private static readonly Sku Kettle = new("SKU-000");
    private static readonly Currency Usd = SomeStorefront.Us.Currency;

    [Fact]
    public void A_closed_month_stays_as_it_is_and_what_comes_later_is_counted_when_it_comes()
    {
        var late = new Movement(new DateOnly(2026, 1, 20), 0, Kettle, LedgerKind.StorageMonthly, LedgerSource.Settlement, 99, LedgerState.Released, 0, -7_000_000, 5);
        var before = new ProfitBooks(Shop(Settled(1, 2, 3, 4), 5));
        var after = new ProfitBooks(Shop([.. Settled(1, 2, 3, 4, 5), late], 5));

        Assert.True(before.Months[^1].Closed);
        Assert.Equal(before.Months[^1], after.Months[^1]);
        Assert.Equal(new Money(31 * (20 - 3 - 5), Usd), before.Months[^1].Profit);
        Assert.Equal(new Money(-7, Usd), after.Months.Single(month => month.Days.First.Month == 3).Corrections);

        // The table of the closed month says the same as the list of months.
        var january = new DateSpan(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31));
        Assert.Equal(after.Months[^1].Contribution, after.Table(january).Whole);
        Assert.Equal(ProfitSource.Settlements, after.Table(january).Source);
    }

    [Fact]
    public void Batches_are_used_up_by_all_sales_from_the_beginning_and_not_anew_in_every_span()
    {
        var batches = new GoodsBatch[] { new(Kettle, new DateOnly(2026, 1, 1), 40, new(2, Usd), new(0, Usd)), new(Kettle, new DateOnly(2026, 1, 5), 1000, new(4, Usd), new(0, Usd)) };
        var shop = Shop(Settled(1, 2, 3, 4, 5), 5);
        var books = new ProfitBooks(shop with { Settings = shop.Settings with { Batches = [.. batches] } });

        // Forty units at 2: 31 in January, 9 in February.
        Assert.Equal(new Money(-62, Usd), books.Months[^1].Contribution.Line(ProfitLine.Goods));
        Assert.Equal(new Money(-18 - (19 * 4), Usd), books.Months[^2].Contribution.Line(ProfitLine.Goods));
        Assert.Equal(new Money(-18 - (19 * 4), Usd), books.Table(new DateSpan(new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 28))).Whole.Line(ProfitLine.Goods));
    }

    [Fact]
    public void Decisions_go_by_the_cost_of_the_unit_that_is_sold_next()
    {
        var batches = new GoodsBatch[] { new(Kettle, new DateOnly(2026, 1, 1), 40, new(2, Usd), new(0.5m, Usd)), new(Kettle, new DateOnly(2026, 1, 5), 1000, new(4, Usd), new(0, Usd)) };
        var shop = Shop(Settled(1, 2, 3, 4, 5), 5) with { Today = new DateOnly(2026, 2, 1) };
        var other = new ProductCost(new Sku("SKU-001"), shop.Today, new(7, Usd), new(0, Usd), 0.2, 14);
        Workspace With(DateOnly today, params GoodsBatch[] known) => shop with { Today = today, Settings = shop.Settings with { Batches = [.. known] }, Costs = [.. shop.Costs, other] };
        ProductCost Next(DateOnly today, params GoodsBatch[] known) => Assert.Single(new ProfitBooks(With(today, known)).CostsOfBatches());

        // Thirty-one are sold by the end of January, fifty-nine by the end of February.
        var february = Next(new(2026, 2, 1), batches);
        Assert.Equal((Kettle, new DateOnly(2026, 2, 1), new Money(2, Usd), new Money(0.5m, Usd), 30), (february.Sku, february.From, february.CostOfGoods, february.InboundPerUnit, february.LeadTimeDays));
        Assert.Equal(new Money(4, Usd), Next(new(2026, 3, 1), batches).CostOfGoods);
        Assert.Equal(new Money(5, Usd), Next(new(2026, 3, 1), batches[0]).CostOfGoods);
        Assert.Equal(new Money(5, Usd), Next(new(2026, 2, 1), batches[0] with { Received = new(2026, 2, 2) }).CostOfGoods);
        Assert.Empty(new ProfitBooks(With(new(2026, 3, 1))).CostsOfBatches());

        // It is what the next sale is booked at, and what break-even goes by; other products are left as they are.
        var march = With(new(2026, 3, 1), batches);
        Assert.Equal(-new ProfitBooks(march).Table(new DateSpan(march.Today, march.Today)).Whole.Line(ProfitLine.Goods)!.Value, Next(march.Today, batches).CostOfGoods);
        var decided = march with { Costs = [.. march.Costs, .. new ProfitBooks(march).CostsOfBatches()] };
        Assert.Equal((4, 5), (Economics.Of(decided)[Kettle].CostOfGoods, Economics.Of(march)[Kettle].CostOfGoods));
        Assert.Equal(Economics.Of(march)[other.Sku], Economics.Of(decided)[other.Sku]);
    }

    [Fact]
    public void Without_ad_spend_of_all_days_a_month_tells_no_profit()
    {
        var shop = Shop(Settled(1, 2, 3, 4, 5), 5);
        var ads = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        ads.Day(new DateOnly(2026, 1, 10)).Long(1).Long(1).Long(1).Text(Kettle.Value).Long(10).Long(5).Long(2_000_000).Long(0).Long(0).Long(0);

        var months = new ProfitBooks(shop with { ProductDays = ads.Build() }).Months;

        Assert.Equal((null, false), (months[^1].Profit, months[^1].AdsKnown));
        Assert.NotNull(months[^2].Profit);
    }

    [Fact]
    public void Orders_that_are_not_posted_yet_are_expected_and_settled_sales_are_told_by_product_and_day()
    {
        var order = new Movement(new DateOnly(2026, 3, 9), 9001, Kettle, LedgerKind.ProductCharge, LedgerSource.Order, 1, LedgerState.Released, 2, 40_000_000, 0);

        var books = new ProfitBooks(Shop([.. Settled(1, 2), order], 5));

        Assert.Equal((LineStage.Estimated, 40_000_000), (books.Lines[^1].Stage, books.Lines[^1].Best));
        Assert.Equal(28, books.Lines.Count(line => line.Stage == LineStage.Settled));
        Assert.Equal(20_000_000, books.SettledSales(new DateSpan(new DateOnly(2026, 1, 3), new DateOnly(2026, 1, 3)))[(Kettle, new DateOnly(2026, 1, 3))]);
        Assert.Empty(books.SettledSales(new DateSpan(new DateOnly(2026, 3, 9), new DateOnly(2026, 3, 9))));
    }

    [Fact]
    public void Each_kind_of_money_is_settled_posted_or_still_expected_and_settled_lines_are_told_by_product()
    {
        // Three ordered, one posted and in no settlement yet, beside a fortnight of settled orders.
        Movement[] order =
        [
            new(new DateOnly(2026, 1, 9), 9001, Kettle, LedgerKind.ProductCharge, LedgerSource.Order, 1, LedgerState.Released, 3, 60_000_000, 0),
            new(new DateOnly(2026, 1, 20), 9001, Kettle, LedgerKind.ProductCharge, LedgerSource.Transaction, 1, LedgerState.Released, 1, 20_000_000, 0),
            new(new DateOnly(2026, 1, 20), 9001, Kettle, LedgerKind.ReferralFee, LedgerSource.Transaction, 2, LedgerState.Released, 0, -3_500_000, 0),
        ];
        var books = new ProfitBooks(Shop([.. Settled(1), .. order], 5));
        var fortnight = new DateSpan(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 14));

        var truth = books.Truth(fortnight).ToDictionary(kind => kind.Kind);
        var (sales, referral) = (truth[LedgerKind.ProductCharge], truth[LedgerKind.ReferralFee]);
        Assert.Equal([LedgerKind.ProductCharge, LedgerKind.ReferralFee], truth.Keys);
        Assert.Equal((new Money(14 * 20, Usd), new Money(20, Usd), new Money(40, Usd), new Money(20, Usd)), (sales.Settled, sales.Posted, sales.Open, sales.Expected!.Value));
        Assert.Equal((new Money(14 * -3, Usd), new Money(-3.5m, Usd), new Money(0, Usd), null), (referral.Settled, referral.Posted, referral.Open, referral.Expected));
        Assert.Equal((280d / 340, 42d / 45.5), (sales.Share!.Value, referral.Share!.Value), (left, right) => Math.Abs(left.Item1 - right.Item1) < 1e-9 && Math.Abs(left.Item2 - right.Item2) < 1e-9);
        Assert.Equal(books.Lines.Where(line => fortnight.Contains(line.Day)).Sum(line => line.Best), truth.Values.Sum(kind => kind.Best.ToMicros()));

        var settled = books.SettledLines(new DateSpan(new DateOnly(2026, 1, 3), new DateOnly(2026, 1, 4)));
        Assert.Equal(Statement.Of((ProfitLine.ProductSales, 40_000_000), (ProfitLine.ReferralFees, -6_000_000)), Assert.Single(settled).Value);
        Assert.Empty(books.SettledLines(new DateSpan(new DateOnly(2026, 1, 20), new DateOnly(2026, 1, 20))));
    }

    [Fact]
    public void Goods_that_are_back_in_stock_are_not_lost()
    {
        var january = new DateSpan(new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31));
        var shop = Shop(Settled(1, 2, 3, 4, 5), 5);

        // Of the first sale and of a later one: two units of 31 came back; the others are no good, of another storefront, of an order that is not said, or from before the first sale.
        var books = new ProfitBooks(shop with
        {
            ReturnsRead = january,
            ReturnDays = Back((100, new(2026, 1, 9), ReturnOutcome.Sellable), (110, new(2026, 1, 20), ReturnOutcome.Sellable), (101, new(2026, 1, 10), ReturnOutcome.Unsellable),
                (102, new(2026, 1, 10), ReturnOutcome.DamagedByAmazon), (9999, new(2026, 1, 10), ReturnOutcome.Sellable), (0, new(2026, 1, 10), ReturnOutcome.Sellable), (103, new(2025, 12, 31), ReturnOutcome.Sellable)),
        });

        Assert.Equal(new Money(-29 * 5, Usd), books.Months[^1].Contribution.Line(ProfitLine.Goods));
        Assert.Equal(new Money(-29 * 5, Usd), books.Table(january).Whole.Line(ProfitLine.Goods));
        Assert.Equal(new Money(-31 * 5, Usd), new ProfitBooks(shop).Table(january).Whole.Line(ProfitLine.Goods));
        Assert.Equal((january, 7), (books.Returns!.Days, books.Returns.Goods.Length));
        Assert.Null(new ProfitBooks(shop).Returns);
    }

    private static FactTable Back(params (long Order, DateOnly Day, ReturnOutcome Outcome)[] goods)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.ReturnDay));
        foreach (var (order, day, outcome) in goods) table.Day(day).Long(order).Text(Kettle.Value).Int((int)outcome).Long(1);
        return table.Build();
    }

    private static Movement[] Settled(params int[] fortnights) => [.. fortnights.SelectMany(fortnight =>
    {
        var first = new DateOnly(2026, 1, 1).AddDays(14 * (fortnight - 1));
        return Enumerable.Range(0, 14).SelectMany(day => new[]
            {
                new Movement(first.AddDays(day), 100 * fortnight + day, Kettle, LedgerKind.ProductCharge, LedgerSource.Settlement, 1, LedgerState.Released, 1, 20_000_000, fortnight),
                new Movement(first.AddDays(day), 100 * fortnight + day, Kettle, LedgerKind.ReferralFee, LedgerSource.Settlement, 2, LedgerState.Released, 0, -3_000_000, fortnight),
            })
            .Append(new Movement(first.AddDays(13), 0, new Sku(""), LedgerKind.Payout, LedgerSource.Settlement, 3, LedgerState.Released, 14, -14 * 17_000_000, fortnight));
    })];

    private static Workspace Shop(IEnumerable<Movement> movements, decimal cost)
    {
        var ledger = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay));
        foreach (var movement in movements) movement.AddTo(ledger);
        var shop = new SomeStorefront { Products = 1 }.Build();
        return new Workspace
        {
            Storefront = shop.Storefront, Marketplace = shop.Marketplace, Today = SomeStorefront.Today, SyncedAt = null, Settings = shop.Settings, Listings = shop.Listings,
            Costs = [new ProductCost(Kettle, new DateOnly(2026, 1, 1), new(cost, Usd), new(0, Usd), null, 30)],
            LedgerDays = ledger.Build(),
        };
    }
}

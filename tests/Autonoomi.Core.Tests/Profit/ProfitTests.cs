using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;
using CsCheck;

namespace Autonoomi.Core.Tests.Profit;

public sealed class ProfitTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly Day = new(2026, 4, 2);

    [Fact]
    public void A_thousand_small_shops_earn_what_adding_up_by_hand_says_line_by_line_and_day_by_day()
    {
        var (cells, unknown) = (0, 0);
        for (var seed = 0; seed < 1000; seed++)
        {
            var shop = new ProfitCase(seed);
            var rows = Rows(shop).ToDictionary(row => (row.Sku.Value, row.Day));
            foreach (var (key, amounts) in shop.Truth)
            {
                // VAT is rounded to a millionth per movement, shares of spend to a millionth per part.
                var row = rows.GetValueOrDefault(key);
                foreach (var line in Statement.Lines)
                    Assert.True(Math.Abs(amounts[(int)line] - (row?.Lines[line] ?? 0) / 1_000_000m) < 0.00005m, $"seed {seed}, {key}, {line}: {amounts[(int)line]} by hand, {row?.Lines[line]} micros");
                if (row is null) continue;
                Assert.True(row.CostKnown != shop.Unknown.Contains(key), $"seed {seed}, {key}: cost known {row.CostKnown}");
                cells++;
                unknown += row.CostKnown ? 0 : 1;
            }

            // Nothing else, but goods back in stock whose cost is not known.
            Assert.All(rows.Where(pair => !shop.Truth.ContainsKey(pair.Key)), pair => Assert.True(pair.Value.Lines.Equals(Statement.Empty) && shop.Unknown.Contains(pair.Key)));
        }

        Assert.InRange(cells, 8_000, 30_000);
        Assert.InRange(unknown, 500, cells / 2);
    }

    [Fact]
    public void Profit_of_the_worked_example_is_2_32_and_its_parts_are_as_the_page_says()
    {
        var germany = Marketplace.Find("A1PA6795UKMFR9");
        var sku = new Sku("BOARD");
        Movement[] movements =
        [
            Move(1, LedgerKind.ProductCharge, 59.50m, 2), Move(2, LedgerKind.Promotion, -2.38m), Move(3, LedgerKind.ReferralFee, -8.57m), Move(4, LedgerKind.FulfilmentFee, -9.40m),
            Move(5, LedgerKind.RefundProduct, -29.75m, 1), Move(6, LedgerKind.RefundReferralFee, 4.29m), Move(7, LedgerKind.RefundAdministrationFee, -0.86m),
        ];
        var basis = new ProfitBasis(germany.Currency, new VatBook(VatBook.Standard(germany)),
            new GoodsCosts([], [new GoodsBatch(sku, Day.AddDays(-9), 1, Euro(2), Euro(0.2m)), new GoodsBatch(sku, Day.AddDays(-1), 5, Euro(3), Euro(0.3m))]), []);

        var rows = ProductProfit.Of(movements, [], [new AdSpend(Day, AdProduct.SponsoredProducts, [sku], 640_000)], basis, new DateSpan(Day, Day), ProfitDate.Posted);
        var contribution = Contribution.Of(rows, germany.Currency);

        // 27.37 stay of prices: 23.00 net and 4.37 tax.
        Assert.Equal(Euro(-4.37m), contribution.Line(ProfitLine.Vat));
        Assert.Equal(Euro(-5), contribution.Line(ProfitLine.Goods));
        Assert.Equal(Euro(-0.5m), contribution.Line(ProfitLine.Inbound));
        Assert.Equal(Euro(2.32m), contribution.Profit);
        Assert.Equal(2.96 / 59.50, contribution.BreakEven!.Value, 12);
        Assert.Equal(0.64 / 59.50, contribution.Tacos!.Value, 12);

        Money Euro(decimal amount) => new(amount, germany.Currency);

        Movement Move(long line, LedgerKind kind, decimal amount, int quantity = 0) => new(Day, 1, sku, kind, LedgerSource.Settlement, line, LedgerState.Released, quantity, (long)(amount * 1_000_000), 1);
    }

    [Fact]
    public void A_missing_cost_is_unknown_and_says_how_much_of_the_sales_it_concerns()
    {
        Movement[] movements = [Sale(1, "KNOWN", 30), Sale(2, "UNKNOWN", 10)];
        var basis = new ProfitBasis(Usd, new VatBook([]), new GoodsCosts([new ProductCost(new Sku("KNOWN"), Day, new(8, Usd), new(1, Usd), null, 0)], []), []);

        var rows = ProductProfit.Of(movements, [], [], basis, new DateSpan(Day, Day), ProfitDate.Posted);
        var both = Contribution.Of(rows, Usd);

        Assert.Null(both.Profit);
        Assert.Null(both.Line(ProfitLine.Goods));
        Assert.Equal(new Money(21, Usd), both.KnownProfit);
        Assert.Equal(0.25, both.ShareWithoutCost);
        Assert.Equal(0.7, both.BreakEven);
        Assert.Equal(new Money(21, Usd), Contribution.Of(rows.Where(row => row.CostKnown), Usd).Profit);
        Assert.Null(Contribution.Of(rows.Where(row => !row.CostKnown), Usd).BreakEven);
    }

    [Fact]
    public void What_moves_in_the_ledger_is_what_stands_in_the_statement_tax_transfers_and_advertising_left_out() => Gen.Int[0, 100_000].Sample(seed =>
    {
        var shop = new ProfitCase(seed);
        var nothing = new ProfitBasis(Usd, new VatBook([]), new GoodsCosts([], []), []);

        var rows = ProductProfit.Of(shop.Movements, [], [], nothing, new DateSpan(ProfitCase.Start, ProfitCase.Start.AddDays(30)), shop.Date);

        Assert.Equal(
            shop.Movements.Where(movement => movement.Source == LedgerSource.Settlement && !LedgerLines.PassesThrough(movement.Kind)).Sum(movement => movement.Micros),
            rows.Sum(row => row.Lines.Total - row.Lines[ProfitLine.Vat]));
    }, iter: 300);

    [Fact]
    public void Parts_by_campaign_group_target_term_product_and_day_add_up_in_any_grouping_and_order() => Gen.Int[0, 100_000].Sample(seed =>
    {
        var shop = new ProfitCase(seed);
        var products = Rows(shop);
        var (facts, terms) = SomeFacts(new Random(seed), products);
        var random = new Random(seed);
        var byTerm = AdProfit.ByTerm(facts, terms);

        var rows = AdProfit.Of(products, byTerm);
        var shuffled = AdProfit.Of([.. products.OrderBy(_ => random.Next())], [.. byTerm.OrderBy(_ => random.Next())]);

        // Terms add up to their targets, parts to products and days, and both to the whole: line by line, to the last micro.
        Assert.Equal((facts.Sum(fact => fact.Sales), facts.Sum(fact => fact.Cost)), (byTerm.Sum(fact => fact.Sales), byTerm.Sum(fact => fact.Cost)));
        Same(products, rows, row => (row.Sku, row.Day));
        Same(rows, shuffled, row => (row.Sku, row.Day, row.Campaign, row.AdGroup, row.Target, row.SearchTerm));
        var whole = Statement.Sum(products.Select(row => row.Lines));
        Func<ProfitRow, object>[] groupings = [row => row.Campaign, row => (row.Campaign, row.AdGroup), row => row.Target, row => row.SearchTerm, row => row.Day, row => row.Sku, row => (row.Day.Month, row.CostKnown), row => (row.Target, row.Day)];
        foreach (var grouping in groupings)
            Assert.Equal(whole, Statement.Sum(rows.OrderBy(_ => random.Next()).GroupBy(grouping).Select(group => Statement.Sum(group.Select(row => row.Lines)))));
    }, iter: 200);

    [Fact]
    public void Parts_of_a_whole_add_up_and_each_is_within_one_of_its_share() => Gen.Select(Gen.Long[-1_000_000_000_000, 1_000_000_000_000], Gen.Long[0, 1_000_000_000].Array[1, 9]).Sample((whole, weights) =>
    {
        var parts = Parts.Of(whole, weights);
        var sum = weights.Sum(weight => (decimal)weight);

        Assert.Equal(whole, parts.Sum());
        Assert.All(parts.Zip(weights), pair => Assert.InRange(pair.First - whole * (sum == 0 ? 1m / weights.Length : pair.Second / sum), -1.001m, 1.001m));
    }, iter: 2000);

    [Fact]
    public void Batches_are_used_up_first_in_first_out_and_a_return_gives_the_latest_unit_back()
    {
        var sku = new Sku("A");
        var costs = new GoodsCosts([], [new GoodsBatch(sku, Day, 3, new(2, Usd), new(0, Usd)), new GoodsBatch(sku, Day.AddDays(2), 2, new(5, Usd), new(1, Usd))]);

        var all = costs.Of(sku, [(Day.AddDays(-1), 1), (Day, 2), (Day.AddDays(1), 2), (Day.AddDays(2), -1), (Day.AddDays(3), 2), (Day.AddDays(4), 1)]);

        // Before the first batch and beyond the last there is no cost; five units cost 2, 2, 2, 5, 5.
        Assert.Equal([null, (4_000_000, 0), (7_000_000, 1_000_000), (-5_000_000, -1_000_000), (10_000_000, 2_000_000), null], all);
    }

    [Fact]
    public void Vat_is_netted_out_by_storefront_unless_the_seller_says_otherwise()
    {
        var sku = new Sku("BOOK");
        var book = new VatBook([new VatRate(Day, sku, 0.07m), new VatRate(Day.AddDays(10), null, 0), .. VatBook.Standard(Marketplace.Find("A1PA6795UKMFR9"))]);

        Assert.Equal(19_000_000, book.Held(119_000_000, new Sku("BOARD"), Day));
        Assert.Equal(19_000_000, book.Held(119_000_000, sku, Day.AddDays(-1)));
        Assert.Equal(7_000_000, book.Held(107_000_000, sku, Day));
        Assert.Equal(-7_000_000, book.Held(-107_000_000, sku, Day.AddDays(20)));
        Assert.Equal(0, book.Held(119_000_000, new Sku("BOARD"), Day.AddDays(10)));
        Assert.Equal(0, new VatBook(VatBook.Standard(SomeStorefront.Us)).Held(119_000_000, sku, Day));
        Assert.Equal(1_000_000, new VatBook(VatBook.Standard(Marketplace.Find("A1VC38T7YXB528"))).Held(11_000_000, sku, Day));
    }

    [Fact]
    public void A_cost_is_spread_over_its_days_and_a_monthly_one_over_each_calendar_month_to_the_last_micro()
    {
        var once = new OtherCost(null, Day, Day.AddDays(6), new Money(10m, Usd));
        var monthly = new OtherCost(null, new DateOnly(2026, 1, 31), new DateOnly(2026, 3, 15), new Money(31m, Usd)) { Monthly = true };
        var year = Enumerable.Range(0, 365).Select(index => new DateOnly(2026, 1, 1).AddDays(index)).ToArray();

        Assert.Equal(10_000_000, year.Sum(once.On));
        Assert.Equal((0, 1_428_572, 1_428_571, 0), (once.On(Day.AddDays(-1)), once.On(Day), once.On(Day.AddDays(6)), once.On(Day.AddDays(7))));
        Assert.Equal(1_000_000, monthly.On(new DateOnly(2026, 1, 31)));
        Assert.Equal(31_000_000, year.Where(day => day.Month == 2).Sum(monthly.On));
        Assert.Equal(15_000_000, year.Where(day => day.Month == 3).Sum(monthly.On));
    }

    private static ImmutableArray<ProfitRow> Rows(ProfitCase shop) => ProductProfit.Of(shop.Movements, [.. shop.Returned], [.. shop.Spend], shop.Basis, ProfitCase.Span, shop.Date);

    private static (ImmutableArray<AdFact> Targets, ImmutableArray<AdFact> Terms) SomeFacts(Random random, ImmutableArray<ProfitRow> products)
    {
        var targets = ImmutableArray.CreateBuilder<AdFact>();
        var terms = ImmutableArray.CreateBuilder<AdFact>();
        foreach (var row in products)
        {
            for (var target = random.Next(4); target > 0; target--)
            {
                ImmutableArray<Sku> advertised = random.Next(4) switch { 0 => [], 1 => [new Sku("P0"), new Sku("P1"), new Sku("P9")], _ => [row.Sku] };
                var fact = new AdFact(row.Day, (AdProduct)random.Next(3), 1 + target % 2, 10 + target, 100 + target, "", advertised, random.Next(90_000_000), random.Next(9_000_000));
                if (targets.Any(other => (other.Day, other.Ad, other.Target) == (fact.Day, fact.Ad, fact.Target))) continue;
                targets.Add(fact);
                for (var term = random.Next(3); term > 0; term--) terms.Add(fact with { SearchTerm = $"term {term}", Sales = fact.Sales / 4, Cost = fact.Cost / 3 });
            }
        }

        return (targets.ToImmutable(), terms.ToImmutable());
    }

    private static void Same<TKey>(IEnumerable<ProfitRow> left, IEnumerable<ProfitRow> right, Func<ProfitRow, TKey> key)
    {
        var (one, other) = (left.ToLookup(key, row => row.Lines), right.ToLookup(key, row => row.Lines));
        foreach (var group in one.Select(group => group.Key).Union(other.Select(group => group.Key))) Assert.Equal(Statement.Sum(one[group]), Statement.Sum(other[group]));
    }

    private static Movement Sale(long order, string sku, decimal amount) => new(Day, order, new Sku(sku), LedgerKind.ProductCharge, LedgerSource.Settlement, 1, LedgerState.Released, 1, (long)(amount * 1_000_000), 1);
}

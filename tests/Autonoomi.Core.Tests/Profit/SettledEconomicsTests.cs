using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

public sealed class SettledEconomicsTests
{
    private static readonly Sku First = new("SKU-000");
    private static readonly DateSpan Month = DateSpan.Ending(SomeStorefront.Today.AddDays(-1), 30);

    [Fact]
    public void Settled_fees_take_the_place_of_reported_ones_once_thirty_units_are_settled()
    {
        var shop = new SomeStorefront().Build();
        var reported = Economics.Of(shop)[First];

        var few = Economics.Of(shop with { LedgerDays = Ledger(29) })[First];
        var enough = Economics.Of(shop with { LedgerDays = Ledger(3000) })[First];

        // Settled: 17 % and 6.10 a unit at a price of 20.
        Assert.Equal(reported, few);
        Assert.Equal(0.17, enough.ReferralRate, 3);
        Assert.Equal(6.10, enough.FulfilmentFee, 1);
        Assert.Equal(reported.StorageFee, enough.StorageFee, 1);
        Assert.Equal(Economics.Of(shop)[new Sku("SKU-001")], Economics.Of(shop with { LedgerDays = Ledger(3000) })[new Sku("SKU-001")]);
    }

    [Fact]
    public void A_product_that_never_sold_is_judged_by_amazons_own_estimate_of_its_fees()
    {
        var shop = new SomeStorefront().Build() with { SkuDays = FactTable.Empty(Dataset.SkuDay) };
        var estimates = new FactTableBuilder(TableSchema.Of(Dataset.FeeEstimate));
        estimates.Text(First.Value).Int(SomeStorefront.Today.DayNumber - 1).Long(20_000_000).Long(1_600_000).Long(5_000_000).Long(0).Int(SomeStorefront.Today.DayNumber - 1);

        var economics = Economics.Of(shop with { FeeEstimates = estimates.Build() })[First];

        Assert.Equal(0.08, economics.ReferralRate, 10);
        Assert.Equal(5, economics.FulfilmentFee, 10);
    }

    [Fact]
    public void Value_added_tax_lowers_what_a_sale_leaves_by_its_share_of_the_price()
    {
        var shop = new SomeStorefront().Build();
        var taxed = shop with { VatRates = [new VatRate(DateOnly.MinValue, null, 0.25m)] };
        var (before, after) = (Economics.Of(shop)[First], Economics.Of(taxed)[First]);
        var (free, owed) = (new ProfitBooks(shop).Figures(Month).Whole.Left, new ProfitBooks(taxed).Figures(Month).Whole.Left);

        Assert.Equal(0.2, after.VatShare, 12);
        Assert.Equal(before.KeptUnit - 0.2 * after.Price, after.KeptUnit, 10);
        Assert.Equal(before.RefundedUnit, after.RefundedUnit);
        Assert.Equal((double)(free.Profit!.Value.Amount - (free.Sales + free.Line(ProfitLine.Refunds)!.Value).Amount * 0.2m), (double)owed.Profit!.Value.Amount, 0.01);
    }

    [Fact]
    public void Profit_counts_the_spend_of_all_ad_types_and_brand_spend_goes_to_the_products_that_sold()
    {
        var shop = new SomeStorefront().Build();
        var campaign = shop.Campaigns[0].Id;
        var day = Month.Last;
        var brands = new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay));
        brands.Day(day).Long(999).Long(1).Long(1).Long(100).Long(5).Long(12_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(20_000_000);
        brands.Day(day).Long(campaign.Value).Long(1).Long(1).Long(100).Long(5).Long(2_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(20_000_000);
        var display = new FactTableBuilder(TableSchema.Of(Dataset.DisplayTargetDay));
        display.Day(day).Long(998).Long(1).Long(1).Long(100).Long(5).Long(3_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(1).Long(20_000_000);
        var displayed = new FactTableBuilder(TableSchema.Of(Dataset.DisplayProductDay));
        displayed.Day(day).Long(998).Long(1).Long(1).Text("SKU-001").Long(100).Long(5).Long(3_000_000).Long(1).Long(1).Long(20_000_000);
        var all = shop with { BrandsTargetDays = brands.Build(), DisplayTargetDays = display.Build(), DisplayProductDays = displayed.Build() };

        var (before, after) = (new ProfitBooks(shop).Figures(Month).Whole, new ProfitBooks(all).Figures(Month).Whole);
        var products = ProfitTable.Of(all, Month).By(row => row.Sku);

        Assert.Equal((14, 3), (after.Left.Spend(AdProduct.SponsoredBrands).Amount, after.Left.Spend(AdProduct.SponsoredDisplay).Amount));
        Assert.Equal(before.TotalProfit - new Money(17, SomeStorefront.Us.Currency), after.TotalProfit);
        Assert.True(after.Tacos > before.Tacos);
        Assert.Equal(before.BreakEvenTacos, after.BreakEvenTacos);

        // The campaign's own product bears all of its 2; the campaign without known products is borne by sales of the day; display names its product.
        var sold = ProfitTable.Of(shop, new DateSpan(day, day)).By(row => row.Sku).ToDictionary(product => product.Key, product => product.Value.Sales.Amount);
        foreach (var (sku, product) in products)
        {
            var expected = 12 * sold[sku] / sold.Values.Sum() + (sku == First ? 2 : 0) + (sku.Value == "SKU-001" ? 3 : 0);
            Assert.Equal((double)expected, (double)(product.Spend(AdProduct.SponsoredBrands) + product.Spend(AdProduct.SponsoredDisplay)).Amount, 0.00001);
        }
    }

    [Fact]
    public void Fees_that_are_asked_for_again_hold_since_they_were_first_told_and_changed_ones_from_today()
    {
        var before = Estimates(("SAME", 10, 20, 3, 5), ("DEARER", 10, 20, 3, 5), ("PRICE", 10, 20, 3, 5));
        var now = Estimates(("SAME", 40, 20, 3, 5), ("DEARER", 40, 20, 3, 5.27m), ("PRICE", 40, 33.33m, 5, 5), ("NEW", 40, 8, 1.2m, 3));

        var held = FeeBook.Since(before, now, SomeStorefront.Us.Currency);

        Assert.Equal([10, 40, 10, 40], held.Ints("asked_on").ToArray()[..4]);
        Assert.Equal(now.Longs("referral_fee").ToArray(), held.Longs("referral_fee").ToArray()[..4]);
        Assert.Null(FeeBook.Of(held).At(new Sku("DEARER"), DateOnly.FromDayNumber(39)));
        Assert.Equal(0.15m, FeeBook.Of(held).At(new Sku("PRICE"), DateOnly.FromDayNumber(10))!.ReferralRate, 3);
    }

    [Fact]
    public void Fees_that_were_superseded_stay_for_the_orders_of_their_days_and_nobody_is_judged_by_the_days_between()
    {
        var first = Estimates(("BOARD", 10, 20, 3, 5), ("BRUSH", 10, 8, 1.2m, 3));
        var told = FeeBook.Since(first, Estimates(("BOARD", 33, 20, 3, 5)), SomeStorefront.Us.Currency);
        var raised = FeeBook.Since(told, Estimates(("BOARD", 40, 20, 3, 5.27m)), SomeStorefront.Us.Currency);
        var again = FeeBook.Since(raised, Estimates(("BOARD", 47, 20, 3, 5.27m), ("BRUSH", 47, 8, 1.2m, 3)), SomeStorefront.Us.Currency);

        decimal? Fee(FactTable table, string sku, int day) => FeeBook.Of(table).At(new Sku(sku), DateOnly.FromDayNumber(day))?.FulfilmentFee;
        Assert.Equal([null, 5m, 5m, null, null, 5.27m, 5.27m], new[] { 9, 10, 33, 34, 39, 40, 90 }.Select(day => Fee(again, "BOARD", day)));
        Assert.Equal([null, 3m, 3m, 3m], new[] { 9, 10, 40, 90 }.Select(day => Fee(again, "BRUSH", day)));
        Assert.Equal(3, again.Rows);

        // A second change keeps both, an answer of the same day takes the place of the first, and what nobody can be judged by any more goes.
        var twice = FeeBook.Since(again, Estimates(("BOARD", 61, 20, 3, 5.50m)), SomeStorefront.Us.Currency);
        var corrected = FeeBook.Since(twice, Estimates(("BOARD", 61, 20, 3, 5.60m)), SomeStorefront.Us.Currency);
        Assert.Equal([5m, null, 5.27m, null, 5.60m], new[] { 33, 34, 47, 48, 61 }.Select(day => Fee(corrected, "BOARD", day)));
        Assert.Equal([5.60m], new[] { 1000 }.Select(day => Fee(corrected, "BOARD", day)));
        var late = FeeBook.Since(corrected, Estimates(("BOARD", 47 + 540, 20, 3, 5.60m)), SomeStorefront.Us.Currency);
        Assert.Equal([null, 5.27m, 5.60m], new[] { 33, 47, 61 }.Select(day => Fee(late, "BOARD", day)));
    }

    [Fact]
    public void Fees_stored_before_their_last_day_was_known_held_on_their_first()
    {
        var older = new FactTableBuilder(TableSchema.Of(Dataset.FeeEstimate)).Text("BOARD").Int(10).Long(20_000_000).Long(3_000_000).Long(5_000_000).Long(0).Int(0).Build();

        var held = FeeBook.Of(FeeBook.Since(older, Estimates(("BOARD", 40, 20, 3, 5.27m)), SomeStorefront.Us.Currency));

        Assert.Equal([5m, null, 5.27m], new[] { 10, 11, 40 }.Select(day => held.At(new Sku("BOARD"), DateOnly.FromDayNumber(day))?.FulfilmentFee));
    }

    private static FactTable Estimates(params (string Sku, int Asked, decimal Price, decimal Referral, decimal Fulfilment)[] rows)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.FeeEstimate));
        foreach (var row in rows) table.Text(row.Sku).Int(row.Asked).Long((long)(row.Price * 1_000_000)).Long((long)(row.Referral * 1_000_000)).Long((long)(row.Fulfilment * 1_000_000)).Long(0).Int(row.Asked);
        return table.Build();
    }

    private static FactTable Ledger(int units)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay));
        for (var order = 1; order <= units; order++)
        {
            Add(LedgerKind.ProductCharge, 1, 20);
            Add(LedgerKind.ReferralFee, 0, -3.40m);
            Add(LedgerKind.FulfilmentFee, 0, -6.10m);

            void Add(LedgerKind kind, int quantity, decimal amount) =>
                new Movement(SomeStorefront.Today.AddDays(-10), order, First, kind, LedgerSource.Settlement, (int)kind, LedgerState.Released, quantity, (long)(amount * 1_000_000), 1).AddTo(table);
        }

        return table.Build();
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Tests.Profit;

public sealed class MissingCostTests
{
    private static readonly DateSpan Month = DateSpan.Ending(SomeStorefront.Today.AddDays(-1), 30);
    private static readonly Sku Lacking = new("SKU-001");

    [Fact]
    public void A_missing_cost_makes_the_total_unknown_and_the_known_part_bears_its_own_ads_alone()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();

        var figures = Of(shop);
        var products = ProfitTable.Of(shop, Month).By(row => row.Sku);

        Assert.True(figures.Left.CostsMissing);
        Assert.Null(figures.TotalProfit);
        Assert.Null(figures.Ads.Profit);
        Assert.Null(figures.BreakEvenTacos);
        Assert.Equal(products.Where(product => product.Key != Lacking).Sum(product => product.Value.Profit!.Value.Amount), figures.Left.KnownProfit.Amount);
        Assert.Equal((double)(1 - products[Lacking].Sales.Amount / figures.Left.Sales.Amount), figures.ShareWithCosts!.Value, 9);
        Assert.Null(products[Lacking].Profit);
    }

    [Fact]
    public void A_product_that_was_only_advertised_needs_a_cost_too()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();
        var advertised = shop with { SkuDays = Without(shop.SkuDays), OrderDays = FactTable.Empty(Dataset.OrderDay) };
        var neither = advertised with { ProductDays = Without(shop.ProductDays) };

        Assert.Null(Of(advertised).TotalProfit);
        Assert.Equal(1, Of(advertised).ShareWithCosts);
        Assert.NotNull(Of(neither).TotalProfit);
        Assert.Null(ProfitTable.Of(advertised, Month).By(row => row.Sku)[Lacking].Profit);
    }

    [Fact]
    public void Fees_of_a_product_that_did_not_sell_are_known_without_its_cost()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();
        var idle = shop with { SkuDays = Idle(Without(shop.SkuDays)), ProductDays = Without(shop.ProductDays), OrderDays = FactTable.Empty(Dataset.OrderDay), TargetDays = FactTable.Empty(Dataset.TargetDay), SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) };

        Assert.False(Of(idle).Left.CostsMissing);
        Assert.Equal(new Money(-3, SomeStorefront.Us.Currency), ProfitTable.Of(idle, Month).By(row => row.Sku)[Lacking].Profit);
    }

    [Fact]
    public void Spend_is_told_by_ad_type()
    {
        var shop = new SomeStorefront().Build();
        var brands = new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay));
        brands.Day(Month.Last).Long(999).Long(1).Long(1).Long(100).Long(5).Long(12_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(20_000_000);
        var display = new FactTableBuilder(TableSchema.Of(Dataset.DisplayTargetDay));
        display.Day(Month.Last).Long(998).Long(1).Long(1).Long(100).Long(5).Long(3_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(1).Long(20_000_000);

        var displayed = new FactTableBuilder(TableSchema.Of(Dataset.DisplayProductDay));
        displayed.Day(Month.Last).Long(998).Long(1).Long(1).Text("SKU-001").Long(100).Long(5).Long(3_000_000).Long(1).Long(1).Long(20_000_000);

        var (before, after) = (Of(shop), Of(shop with { BrandsTargetDays = brands.Build(), DisplayTargetDays = display.Build(), DisplayProductDays = displayed.Build() }));

        Assert.Equal((12, 3), (after.Left.Spend(AdProduct.SponsoredBrands).Amount, after.Left.Spend(AdProduct.SponsoredDisplay).Amount));
        Assert.Equal((before.AdSpend.Amount + 15, before.Ads.Cost.Amount + 15, before.Ads.Sales.Amount + 40), (after.AdSpend.Amount, after.Ads.Cost.Amount, after.Ads.Sales.Amount));
        Assert.Equal(0, before.Left.Spend(AdProduct.SponsoredBrands).Amount);
    }

    [Fact]
    public void Before_any_sale_was_read_nobody_knows_what_was_left_and_days_outside_of_the_sales_are_unknown_too()
    {
        var shop = new SomeStorefront().Build();
        var unsold = shop with { SkuDays = FactTable.Empty(Dataset.SkuDay), OrderDays = FactTable.Empty(Dataset.OrderDay) };
        var from = Month.Last.AddDays(-9);
        var late = shop with { SkuDays = Since(shop.SkuDays, from), OrderDays = FactTable.Empty(Dataset.OrderDay) };

        Assert.False(Of(unsold).Left.CostsMissing);
        Assert.Null(Of(unsold).TotalProfit);
        Assert.Null(ProfitTable.Of(unsold, Month).Whole.Profit);
        Assert.True(Of(unsold).AdSpend.Amount > 0);
        Assert.All(new ProfitBooks(late).Figures(Month).Days, day => Assert.Equal(day.Day >= from, day.Figures.TotalProfit is not null));
    }

    private static Figures Of(Workspace shop) => new ProfitBooks(shop).Figures(Month).Whole;

    private static FactTable Since(FactTable table, DateOnly first)
    {
        var days = table.Ints("day").ToArray();
        return Cut(table, row => days[row] >= first.DayNumber);
    }

    private static FactTable Idle(FactTable table)
    {
        var fees = new FactTableBuilder(table.Schema);
        fees.Day(Month.Last).Text(Lacking.Value).Long(0).Long(0).Long(0).Long(0).Long(0).Long(0).Long(3_000_000).Long(0).Long(0);
        return FactTable.Concat(Dataset.SkuDay, [table, fees.Build()]);
    }

    /// <summary>The table without the product that lacks a cost.</summary>
    private static FactTable Without(FactTable table)
    {
        var skus = table.Texts("sku");
        return Cut(table, row => skus[row] != Lacking.Value);
    }

    private static FactTable Cut(FactTable table, Func<int, bool> stays)
    {
        var rows = Enumerable.Range(0, table.Rows).Where(stays).ToArray();
        return new FactTable(table.Schema, [.. Enumerable.Range(0, table.Schema.Columns.Length).Select(column => table[column] switch
        {
            LongColumn longs => new LongColumn([.. rows.Select(row => longs.Values[row])]),
            IntColumn ints => (Column)new IntColumn([.. rows.Select(row => ints.Values[row])]),
            TextColumn texts => new TextColumn([.. rows.Select(row => texts.Codes[row])], texts.Words),
            var other => throw new InvalidOperationException(other.ToString()),
        })]);
    }
}

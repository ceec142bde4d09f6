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

        var figures = Performance.Totals(shop, Month).Figures;
        var products = Performance.ByProduct(shop, Month);

        Assert.True(figures.CostsMissing);
        Assert.Null(figures.TotalProfit);
        Assert.Equal((double)products.Where(product => product.Sku != Lacking).Sum(product => product.Figures.TotalProfit!.Value.Amount), (double)figures.KnownProfit!.Value.Amount, 0.01);
        Assert.Equal((double)(1 - products.Single(product => product.Sku == Lacking).Figures.Sales!.Value.Sales.Amount / figures.Sales!.Value.Sales.Amount), figures.ShareWithCosts!.Value, 9);
        Assert.Null(products.Single(product => product.Sku == Lacking).Figures.TotalProfit);

        // The table of profit says the same.
        Assert.Equal((double)ProfitTable.Of(shop, Month).Whole.KnownProfit.Amount, (double)figures.KnownProfit!.Value.Amount, 0.01);
    }

    [Fact]
    public void A_product_that_was_only_advertised_needs_a_cost_too()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();
        var advertised = shop with { SkuDays = Without(shop.SkuDays), OrderDays = FactTable.Empty(Dataset.OrderDay) };
        var neither = advertised with { ProductDays = Without(shop.ProductDays) };

        Assert.Null(Performance.Totals(advertised, Month).Figures.TotalProfit);
        Assert.Equal(1, Performance.Totals(advertised, Month).Figures.ShareWithCosts);
        Assert.NotNull(Performance.Totals(neither, Month).Figures.TotalProfit);
        Assert.Null(ProfitTable.Of(advertised, Month).By(row => row.Sku)[Lacking].Profit);
    }

    [Fact]
    public void Fees_of_a_product_that_did_not_sell_are_known_without_its_cost()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();
        var idle = shop with { SkuDays = Idle(Without(shop.SkuDays)), ProductDays = Without(shop.ProductDays), OrderDays = FactTable.Empty(Dataset.OrderDay), TargetDays = FactTable.Empty(Dataset.TargetDay), SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) };

        Assert.False(Performance.Totals(idle, Month).Figures.CostsMissing);
        Assert.Equal(new Money(-3, SomeStorefront.Us.Currency), Performance.ByProduct(idle, Month).Single(product => product.Sku == Lacking).Figures.Sales!.Value.ProfitBeforeAds);
        Assert.Equal(new Money(-3, SomeStorefront.Us.Currency), ProfitTable.Of(idle, Month).By(row => row.Sku)[Lacking].Profit);
    }

    [Fact]
    public void Spend_is_told_by_ad_type()
    {
        var shop = new SomeStorefront().Build();
        var brands = new FactTableBuilder(TableSchema.Of(Dataset.BrandsTargetDay));
        brands.Day(Month.Last).Long(999).Long(1).Long(1).Long(100).Long(5).Long(12_000_000).Long(1).Long(1).Long(20_000_000);
        var display = new FactTableBuilder(TableSchema.Of(Dataset.DisplayTargetDay));
        display.Day(Month.Last).Long(998).Long(1).Long(1).Long(100).Long(5).Long(3_000_000).Long(1).Long(1).Long(20_000_000).Long(1).Long(1).Long(20_000_000);

        var figures = Performance.Totals(shop with { BrandsTargetDays = brands.Build(), DisplayTargetDays = display.Build() }, Month).Figures;

        Assert.Equal((12, 3, 15), (figures.BrandsSpend?.Amount, figures.DisplaySpend?.Amount, figures.OtherAdSpend?.Amount));
        Assert.Null(Performance.Totals(shop, Month).Figures.OtherAdSpend);
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
        var rows = Enumerable.Range(0, table.Rows).Where(row => skus[row] != Lacking.Value).ToArray();
        return new FactTable(table.Schema, [.. Enumerable.Range(0, table.Schema.Columns.Length).Select(column => table[column] switch
        {
            LongColumn longs => new LongColumn([.. rows.Select(row => longs.Values[row])]),
            IntColumn ints => (Column)new IntColumn([.. rows.Select(row => ints.Values[row])]),
            TextColumn texts => new TextColumn([.. rows.Select(row => texts.Codes[row])], texts.Words),
            var other => throw new InvalidOperationException(other.ToString()),
        })]);
    }
}

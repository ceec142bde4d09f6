using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

public sealed class ProfitTableTests
{
    private static readonly DateSpan Month = DateSpan.Ending(SomeStorefront.Today.AddDays(-1), 30);

    [Fact]
    public void The_table_of_a_storefront_tells_the_same_profit_as_its_overview_and_its_parts_add_up_to_it()
    {
        var shop = new SomeStorefront().Build() with { VatRates = [new VatRate(DateOnly.MinValue, null, 0.1m)] };

        var table = ProfitTable.Of(shop, Month);
        var overview = Performance.Totals(shop, Month).Figures;

        Assert.Equal(ProfitSource.Reports, table.Source);
        Assert.Equal((double)overview.TotalProfit!.Value.Amount, (double)table.Whole.Profit!.Value.Amount, 0.01);
        Assert.Equal(overview.Sales!.Value.Sales, table.Whole.Sales);
        Assert.Equal(overview.Tacos!.Value, table.Whole.Tacos!.Value, 9);
        Assert.Equal(overview.BreakEvenTacos!.Value, table.Whole.BreakEven!.Value, 6);

        // Every campaign that spent has its own profit, and all of its spend; with what no ad is credited with they are the whole.
        var campaigns = table.By(row => row.Campaign);
        foreach (var campaign in Performance.ByCampaign(shop, Month)) Assert.Equal(campaign.Ads.Cost, campaigns[campaign.Campaign.Id.Value].AdSpend);
        Assert.Equal(table.Whole.KnownProfit.Amount, campaigns.Values.Sum(part => part.KnownProfit.Amount));
        Assert.Equal(table.Whole.KnownProfit.Amount, table.By(row => (row.Sku, row.Day)).Values.Sum(part => part.KnownProfit.Amount));
        Assert.Equal(table.Whole.KnownProfit.Amount, table.By(row => row.SearchTerm).Values.Sum(part => part.KnownProfit.Amount));
        Assert.True(table.By(row => row.SearchTerm).Count > 20);
    }

    [Fact]
    public void A_product_without_a_cost_makes_the_whole_unknown_and_leaves_the_others_known()
    {
        var shop = new SomeStorefront { HasCosts = product => product != 1 }.Build();

        var table = ProfitTable.Of(shop, Month);
        var products = table.By(row => row.Sku.Value);

        Assert.Null(table.Whole.Profit);
        Assert.Null(products["SKU-001"].Profit);
        Assert.NotNull(products["SKU-000"].Profit);
        Assert.InRange(table.Whole.ShareWithoutCost!.Value, 0.05, 0.6);
        Assert.Equal(products["SKU-001"].Sales.Amount / table.Whole.Sales.Amount, (decimal)table.Whole.ShareWithoutCost.Value, 9);
    }

    [Fact]
    public void Once_settlements_cover_all_days_they_alone_make_up_the_table()
    {
        var shop = new SomeStorefront().Build();

        var half = ProfitTable.Of(shop with { LedgerDays = Fortnights(1, 2) }, Month);
        var whole = ProfitTable.Of(shop with { LedgerDays = Fortnights(1, 2, 3) }, Month);

        // A sale of 20 on each of the thirty days.
        Assert.Equal(ProfitSource.Reports, half.Source);
        Assert.Equal(ProfitSource.Settlements, whole.Source);
        Assert.Equal(new Money(600, SomeStorefront.Us.Currency), whole.Whole.Sales);
        Assert.Equal(ProfitTable.Of(shop, Month).Whole, half.Whole);
    }

    private static FactTable Fortnights(params int[] settlements)
    {
        var ledger = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay));
        foreach (var settlement in settlements)
        {
            var first = Month.First.AddDays(14 * (settlement - 1) - 5);
            for (var day = 0; day < 14; day++) Add(first.AddDays(day), 100 * settlement + day, "SKU-000", LedgerKind.ProductCharge, 1, 20_000_000, settlement);
            Add(first.AddDays(13), 0, "", LedgerKind.Payout, 14, -280_000_000, settlement);
        }

        return ledger.Build();

        void Add(DateOnly day, long order, string sku, LedgerKind kind, long quantity, long micros, long settlement) =>
            new Movement(day, order, new Sku(sku), kind, LedgerSource.Settlement, 1, LedgerState.Released, quantity, micros, settlement).AddTo(ledger);
    }
}

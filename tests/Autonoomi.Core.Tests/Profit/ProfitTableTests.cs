using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

public sealed class ProfitTableTests
{
    private static readonly DateSpan Month = DateSpan.Ending(SomeStorefront.Today.AddDays(-1), 30);

    [Fact]
    public void The_table_of_a_storefront_tells_the_same_figures_as_its_overview_and_its_parts_add_up_to_it()
    {
        var shop = new SomeStorefront().Build() with { VatRates = [new VatRate(DateOnly.MinValue, null, 0.1m)] };

        var table = ProfitTable.Of(shop, Month);
        var overview = new ProfitBooks(shop).Figures(Month);

        Assert.Equal(ProfitSource.Reports, table.Source);
        Assert.Equal(overview.Whole.Left, table.Whole);
        Assert.Equal(Micros(overview.Days.Sum(day => day.Figures.TotalProfit!.Value.Amount)), Micros(table.Whole.Profit!.Value.Amount));
        var credited = Contribution.Of(table.Rows.Where(row => row.Campaign != 0), table.Currency);
        Assert.Equal((credited.Sales, credited.AdSpend), (overview.Whole.Ads.Sales, overview.Whole.Ads.Cost));
        Assert.Equal((double)credited.Profit!.Value.Amount, (double)overview.Whole.Ads.Profit!.Value.Amount, 0.001);
        var targets = table.By(row => row.Target);
        Assert.All(Enumerable.Range(0, overview.Targets.Rows).Where(row => targets.ContainsKey(overview.Targets.Targets[row].Id.Value)),
            row => Assert.Equal((double)targets[overview.Targets.Targets[row].Id.Value].Profit!.Value.Amount, (double)overview.Targets[row].Profit!.Value.Amount, 0.001));

        // Every campaign that spent has its own profit, and all of its spend; with what no ad is credited with they are the whole.
        var campaigns = table.By(row => row.Campaign);
        foreach (var campaign in shop.Targets.Select((target, row) => (target.Campaign, Cost: overview.Targets.Cost[row])).GroupBy(target => target.Campaign)) Assert.Equal(campaign.Sum(target => target.Cost), Micros(campaigns[campaign.Key.Value].AdSpend.Amount));
        Assert.Equal(table.Whole.KnownProfit.Amount, campaigns.Values.Sum(part => part.KnownProfit.Amount));
        Assert.Equal(table.Whole.KnownProfit.Amount, table.By(row => (row.Sku, row.Day)).Values.Sum(part => part.KnownProfit.Amount));
        Assert.Equal(table.Whole.KnownProfit.Amount, table.By(row => row.SearchTerm).Values.Sum(part => part.KnownProfit.Amount));
        Assert.True(table.By(row => row.SearchTerm).Count > 20);
    }

    [Fact]
    public void Days_that_Amazon_has_not_reported_are_estimated_from_orders_at_what_a_unit_is_expected_to_leave()
    {
        var shop = new SomeStorefront().Build();
        var orders = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay));
        orders.Day(SomeStorefront.Today).Text("SKU-000").Long(9).Long(10).Long(200_000_000);
        var today = new DateSpan(SomeStorefront.Today, SomeStorefront.Today);
        var ordered = shop with { OrderDays = orders.Build(), Today = SomeStorefront.Today.AddDays(1), TargetDays = FactTable.Empty(Dataset.TargetDay), ProductDays = FactTable.Empty(Dataset.ProductDay), SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) };
        var unit = Economics.Of(ordered)[new Sku("SKU-000")];

        var figures = new ProfitBooks(ordered).Figures(today);

        Assert.Equal((1, true), (figures.EstimatedDays, figures.Days[0].Estimated));
        Assert.Equal((10 * unit.ContributionPerUnit) + ((200 - (10 * unit.Price)) * (1 - unit.RefundRate - (unit.ReferralRate * (1 - (0.8 * unit.RefundRate))))), (double)figures.Whole.TotalProfit!.Value.Amount, 0.001);
        Assert.Equal(0, new ProfitBooks(shop).Figures(Month).EstimatedDays);
    }

    [Fact]
    public void A_credited_sale_of_a_product_that_did_not_sell_in_the_span_leaves_what_a_unit_is_expected_to()
    {
        var shop = new SomeStorefront().Build();
        var quiet = new Sku("SKU-001");
        var rows = ProfitTable.Of(shop, Month).Rows.Where(row => row.Sku != quiet && row.Campaign == 0).ToArray();
        var fact = new AdFact(Month.Last, Core.Advertising.AdProduct.SponsoredProducts, 1, 2, 3, "", [quiet], 100_000_000, 5_000_000);
        var economics = Economics.Of(shop);

        var credited = AdProfit.Of([.. rows], [fact], economics).Single(row => row.Campaign == 1);

        Assert.Equal(economics[quiet].BreakEvenAcos!.Value * 100 - 5, credited.Lines.Total / 1e6, 0.0001);
        Assert.True(credited.CostKnown);
        Assert.False(AdProfit.Of([.. rows], [fact]).Single(row => row.Campaign == 1).CostKnown);
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

    private static long Micros(decimal amount) => (long)(amount * 1_000_000);

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

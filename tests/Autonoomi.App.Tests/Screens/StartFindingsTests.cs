using Autonoomi.App.Features.Start;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Tests.Screens;

public sealed class StartFindingsTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Today = new(2026, 11, 30);

    private static readonly (int DaysAgo, string Term, int Clicks, decimal Cost, int Orders, decimal Sales)[] Rows =
    [
        (40, "blue kettle", 30, 21.00m, 3, 90m), (2, "blue kettle", 10, 8.00m, 0, 0m),
        (40, "toaster", 25, 18.50m, 0, 0m), (3, "toaster", 5, 4.50m, 0, 0m),
        (20, "tea pot", 8, 6.00m, 0, 0m),
        (9, "red kettle", 12, 9.00m, 1, 30m),
        (0, "half a day", 50, 40.00m, 0, 0m),
        (9, "only seen", 0, 0m, 0, 0m),
    ];

    [Fact]
    public void Figures_are_those_of_the_rows_that_were_read_and_a_day_that_runs_is_left_out()
    {
        var found = StartFindings.Of(Shop());

        var whole = Rows.Where(row => row.DaysAgo > 0).ToList();
        var unsold = whole.GroupBy(row => row.Term).Where(term => term.Sum(row => row.Orders) == 0 && term.Sum(row => row.Clicks) > 0).ToList();
        Assert.Equal(new DateSpan(Today.AddDays(-40), Today.AddDays(-2)), found.Days);
        Assert.Equal((whole.Sum(row => row.Clicks), whole.Sum(row => row.Cost), 4), (found.Clicks, found.Spend.Amount, found.Terms));
        Assert.Equal((unsold.Sum(term => term.Sum(row => row.Cost)), unsold.Count, unsold.Sum(term => term.Sum(row => row.Clicks))), (found.Unsold.Amount, found.UnsoldTerms, found.UnsoldClicks));
        Assert.Equal(unsold.Sum(term => term.Where(row => row.DaysAgo <= 14).Sum(row => row.Cost)), found.UnsoldYoung.Amount);
        Assert.Equal(["toaster", "tea pot"], found.Dearest.Select(term => term.Term));
        Assert.Equal([("blue kettle", 29.00m, 3, 90m), ("red kettle", 9.00m, 1, 30m)], found.Winners.Select(term => (term.Term, term.Cost.Amount, (int)term.Orders, term.Sales.Amount)));
        Assert.Equal(29.0 / 90, found.Winners[0].Acos!.Value, 12);
    }

    [Fact]
    public void Break_even_is_what_a_sale_leaves_and_says_where_the_cost_is_guessed_or_not_known()
    {
        var shop = Shop();

        var products = StartFindings.Of(shop).Products.ToDictionary(product => product.Listing.Sku.Value);

        // 20 less 15% referral, fees for a typical parcel, storage and 5% returns at their cost, less 6 of goods: worked out by hand from docs/maths/profit.md.
        double price = 20, referral = 0.15 * price, fulfilment = 0.18 * price, storage = 0.01 * price, goods = 6;
        var kept = price - referral - fulfilment - storage - goods;
        var refunded = fulfilment + storage + 0.2 * referral + goods;
        Assert.Equal((kept * 0.95 - 0.05 * refunded) / price, products["A"].BreakEvenAcos!.Value, 9);
        Assert.True(products["A"].Guessed);
        Assert.False(products["B"].Guessed);
        Assert.Null(products["C"].BreakEvenAcos);
    }

    [Fact]
    public void Nothing_read_is_no_finding() => Assert.Null(StartFindings.Of(Shop() with { SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) }).Days);

    [Fact]
    public void A_report_shows_what_was_read_and_what_is_still_to_come()
    {
        var read = StoredReadings.None.With(new(Today.AddDays(-14), Today.AddDays(-1), Today, new ReportTotal(5_000, 0, 1, 1)));
        var reports = ImportedReport.Of(
            [new ReadReport(Dataset.SearchTermDay, read, null)],
            [new AwaitedReport(Dataset.TargetDay, new(Today.AddDays(-14), Today.AddDays(-1)), true), new AwaitedReport(Dataset.SearchTermDay, new(Today.AddDays(-45), Today.AddDays(-15)), false), new AwaitedReport(Dataset.SearchTermDay, new(Today.AddDays(-60), Today.AddDays(-46)), false)]);

        Assert.Equal(
            [new ImportedReport(Dataset.TargetDay, null, 0, new(Today.AddDays(-14), Today.AddDays(-1)), true), new ImportedReport(Dataset.SearchTermDay, new(Today.AddDays(-14), Today.AddDays(-1)), 5_000, new(Today.AddDays(-60), Today.AddDays(-15)), false)],
            reports);
    }

    private static Workspace Shop()
    {
        var terms = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        foreach (var row in Rows) terms.Day(Today.AddDays(-row.DaysAgo)).Long(1).Long(2).Long(3).Text(row.Term).Long(row.Clicks * 20).Long(row.Clicks).Long((long)(row.Cost * 1_000_000)).Long(row.Orders).Long(row.Orders).Long((long)(row.Sales * 1_000_000));
        Money Dollars(decimal amount) => new(amount, Us.Currency);
        return new Workspace
        {
            Storefront = new(1), Marketplace = Us, Today = Today, SyncedAt = null, SearchTermDays = terms.Build(),
            Listings = [new(new("A"), new("B000000001"), "Kettle", Dollars(20), true), new(new("B"), new("B000000002"), "Mug", Dollars(10), true), new(new("C"), new("B000000003"), "Pot", Dollars(10), true)],
            Costs = [new(new("A"), Today, Dollars(6), Dollars(0), null, 30) { Guessed = true }, new(new("B"), Today, Dollars(3), Dollars(0), null, 30)],
            Settings = new(AutomationMode.Watch, Dollars(100), Dollars(2), [], [], Frozen: false),
        };
    }
}

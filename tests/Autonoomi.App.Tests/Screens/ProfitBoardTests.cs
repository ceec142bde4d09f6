using System.Collections.Immutable;
using Autonoomi.App.Features.Profit;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Two products that sell 100.00 a day each for 30 days at a cost of 30.00 and 15 % referral; A is advertised by two campaigns for 10.00 and 20.00 a day, of which only the first sells, 40.00.</summary>
public sealed class ProfitBoardTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Today = new(2026, 11, 2);
    private static readonly DateSpan Month = DateSpan.Ending(Today.AddDays(-1), 30);
    private static readonly ProfitBy[] Splits = Enum.GetValues<ProfitBy>();

    [Fact]
    [Promise("P-2-c")]
    public void Every_split_adds_up_to_the_storefront_to_the_last_cent()
    {
        var board = Of(Shop(["A", "B"]));

        // 6,000 − 900 − 1,800 − 900.
        Assert.Equal(Usd(2400), board.Whole.Whole.Profit);
        Assert.All(Splits, by => Assert.Equal(2400m, board.Ask(new(by, ProfitColumn.Profit, true)).Sum(item => item.Whole.Profit!.Value.Amount)));
        Assert.All(Splits, by => Assert.Equal(900m, board.Ask(new(by, ProfitColumn.Profit, true)).Sum(item => item.Whole.AdSpend.Amount)));
        Assert.Equal(board.Whole.Tacos!.Value, board.Ask(new(ProfitBy.Campaign, ProfitColumn.Tacos, true)).Sum(item => item.Tacos ?? 0), 12);
        Assert.Equal(30, board.Ask(new(ProfitBy.Day, ProfitColumn.Name, false)).Length);
    }

    [Fact]
    public void A_row_has_acos_and_tacos_beside_their_break_even()
    {
        var board = Of(Shop(["A", "B"]));
        var products = board.Ask(new(ProfitBy.Product, ProfitColumn.Name, false)).ToDictionary(item => item.Key);
        var campaign = board.Ask(new(ProfitBy.Campaign, ProfitColumn.Sales, true)).Single(item => item.Name == "Kitchen");

        Assert.Equal(["Kettle", "Mug"], products.Values.Select(item => item.Name));
        Assert.Equal((0.75, 0.55), (Math.Round(products["A"].Acos!.Value, 9), Math.Round(products["A"].BreakEvenAcos!.Value, 9)));
        Assert.Equal((0.3, 0.55), (Math.Round(products["A"].Tacos!.Value, 9), Math.Round(products["A"].BreakEvenTacos!.Value, 9)));
        Assert.Equal((null, 0d), (products["B"].Acos, products["B"].Tacos));
        Assert.Equal((0.25, 0.55, 0.05), (Math.Round(campaign.Acos!.Value, 9), Math.Round(campaign.BreakEvenAcos!.Value, 9), Math.Round(campaign.Tacos!.Value, 9)));
        Assert.Equal(Usd(1200m * 0.55m - 300), campaign.Whole.Profit);
    }

    [Fact]
    [Promise("P-2-c")]
    public void What_has_no_cost_is_unknown_and_the_known_part_stands_beside_its_share()
    {
        var board = Of(Shop(["A"]));
        var mug = board.Product("B")!;

        Assert.Null(board.Whole.Whole.Profit);
        Assert.Null(board.Whole.BreakEvenTacos);
        Assert.Equal([new Sku("B")], board.WithoutCost);
        Assert.Equal((Usd(750), 0.5), (board.Whole.Whole.KnownProfit, board.Whole.Whole.ShareWithoutCost));
        Assert.Equal((null, null), (mug.Whole.Profit, mug.BreakEvenTacos));
        var csv = ProfitEndpoints.Write(Of(Shop(["A"]) with { Today = Today.AddDays(40) }).Ask(new(ProfitBy.Product, ProfitColumn.Name, false)), Us.Currency, null).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, csv.Length);
        Assert.All(csv, line => Assert.Equal(csv[0].Split(',').Length, line.Split(',').Length));
        Assert.StartsWith("\"Kettle\",\"A\",USD,3000,", csv[1], StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", csv[1], StringComparison.Ordinal);
        Assert.Contains("unknown", csv[2], StringComparison.Ordinal);
        Assert.Null(board.Product("C"));
    }

    [Fact]
    public void A_file_has_the_amounts_in_the_reporting_currency_and_names_the_rates_or_the_days_without()
    {
        var euro = new Currency("EUR");
        ExchangeRate[] rates = [new(Us.Currency, euro, Month.First, 0.9m), new(Us.Currency, euro, Month.First.AddDays(20), 0.95m)];
        var items = Of(Shop(["A"])).Ask(new(ProfitBy.Product, ProfitColumn.Name, false));

        string[] Csv(params ExchangeRate[] known) => ProfitEndpoints.Write(items, Us.Currency, new Exchange(Us.Currency, euro, known)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        // Kettles: 3,000 − 450 − 900 − 900 in 30 days, a thirtieth each: twenty days at 0.90, ten at 0.95.
        var whole = Csv(rates);
        Assert.EndsWith(",Contribution in EUR,Ad spend in EUR,Rates from USD to EUR", whole[0], StringComparison.Ordinal);
        Assert.Contains($",{100 * ((20 * 0.9m) + (10 * 0.95m)):0.##},", whole[1], StringComparison.Ordinal);
        Assert.EndsWith($",{25 * ((20 * 0.9m) + (10 * 0.95m)):0.##},{30 * ((20 * 0.9m) + (10 * 0.95m)):0.##},\"converted at 0.9000 since 2026-10-03 and 0.9500 since 2026-10-23\"", whole[1], StringComparison.Ordinal);
        Assert.EndsWith($",unknown,{0:0},\"converted at 0.9000 since 2026-10-03 and 0.9500 since 2026-10-23\"", whole[2], StringComparison.Ordinal);

        var late = Csv(rates[1]);
        Assert.EndsWith(",unknown,unknown,\"converted at 0.9500 since 2026-10-23; no rate holds on 20 days, 2026-10-03 to 2026-10-22\"", late[1], StringComparison.Ordinal);
        Assert.EndsWith(",unknown,unknown,\"no rate holds on 30 days, 2026-10-03 to 2026-11-01\"", Csv()[1], StringComparison.Ordinal);
        Assert.StartsWith("\"Kettle\",\"A\",USD,3000,", late[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_the_figure_stand_last_in_both_directions()
    {
        var board = Of(Shop(["A", "B"]));

        Assert.Equal(["Kitchen", "Garden", "No ad is credited"], board.Ask(new(ProfitBy.Campaign, ProfitColumn.Acos, true)).Select(item => item.Name));
        Assert.Equal(["Kitchen", "Garden", "No ad is credited"], board.Ask(new(ProfitBy.Campaign, ProfitColumn.Acos, false)).Select(item => item.Name));
        Assert.Equal(["No ad is credited", "Kitchen", "Garden"], board.Ask(new(ProfitBy.Campaign, ProfitColumn.Sales, true)).Select(item => item.Name));
    }

    [Fact]
    public void A_row_says_what_is_settled_and_what_is_expected()
    {
        var shop = Shop(["A", "B"]);
        var settled = new Dictionary<(Sku, DateOnly), long> { [(new Sku("A"), Today.AddDays(-30))] = 1_500_000_000 }.ToImmutableDictionary();
        var (fresh, old) = (Of(shop), Of(shop with { Today = Today.AddDays(40) }));
        var half = new ProfitBoard(shop with { Today = Today.AddDays(40) }, ProfitTable.Of(shop, Month), settled);

        Assert.StartsWith("not settled, ads expected +", ProfitBoard.Words(fresh.Product("A")!), StringComparison.Ordinal);
        Assert.StartsWith("expected +", ProfitBoard.Words(fresh.Ask(new(ProfitBy.Campaign, ProfitColumn.Sales, true)).Single(item => item.Name == "Kitchen")), StringComparison.Ordinal);
        Assert.Equal("settled", ProfitBoard.Words(old.Ask(new(ProfitBy.Campaign, ProfitColumn.Sales, true)).Single(item => item.Name == "Kitchen")));
        Assert.Equal(Platform.Shell.Display.None, ProfitBoard.Words(old.Ask(new(ProfitBy.Campaign, ProfitColumn.Sales, true)).Single(item => item.Name == "No ad is credited")));
        Assert.Equal("50.0% settled", ProfitBoard.Words(half.Product("A")!));
        Assert.Equal("not settled", ProfitBoard.Words(half.Product("B")!));
        Assert.Equal("25.0% settled", ProfitBoard.Words(half.Whole));
    }

    [Fact]
    public void The_steps_of_the_waterfall_add_up_to_the_profit_of_the_storefront_and_of_each_product()
    {
        var board = Of(Shop(["A", "B"]));
        foreach (var (item, profit) in new[] { (board.Whole, 2400m), (board.Product("A")!, 3000m - 450 - 900 - 900), (board.Product("B")!, 3000m - 450 - 900) })
        {
            var fall = Waterfall.Of(item.Whole, ProfitSource.Reports, Statement.Empty);
            Assert.Equal(profit, fall.Steps.Where(step => step.Source != StepSource.Sum).Sum(step => step.Amount!.Value.Amount));
            Assert.Equal((Usd(profit), 0m, profit), (fall.Steps[^1].Amount!.Value, fall.Steps[^1].From, fall.Steps[^1].To));

            // Each bar begins where the one before it ended.
            var steps = fall.Steps.Where(step => step.Source != StepSource.Sum).ToArray();
            Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        }

        Assert.Equal([(ProfitLine?)ProfitLine.ProductSales, ProfitLine.ReferralFees, ProfitLine.Goods, null, ProfitLine.SponsoredProducts, null], Waterfall.Of(board.Product("A")!.Whole, ProfitSource.Reports, Statement.Empty).Steps.Select(step => step.Line));
    }

    [Fact]
    public void A_step_splits_into_what_is_settled_and_what_is_not_and_a_cost_that_is_missing_is_unknown()
    {
        var settled = Statement.Of((ProfitLine.ProductSales, 750_000_000), (ProfitLine.ReferralFees, -900_000_000), (ProfitLine.StorageFees, -5_000_000));
        var board = Of(Shop(["A"]));
        WaterfallStep Step(Waterfall fall, ProfitLine line) => fall.Steps.Single(step => step.Line == line);

        var kettle = Waterfall.Of(board.Product("A")!.Whole, ProfitSource.Reports, settled);
        var (sales, referral) = (Step(kettle, ProfitLine.ProductSales), Step(kettle, ProfitLine.ReferralFees));
        Assert.Equal((Usd(750), Usd(2250), 0.25), (sales.Settled!.Value, sales.Unsettled!.Value, sales.SettledShare!.Value));

        // More was posted on these days than belongs to them: no more than the amount is settled.
        Assert.Equal((Usd(-450), Usd(0)), (referral.Settled!.Value, referral.Unsettled!.Value));
        Assert.Equal(["25.0% settled", "settled", "your costs", "", "ads reports", ""], kettle.Steps.Select(ProfitWords.Of));

        var mug = Waterfall.Of(board.Product("B")!.Whole, ProfitSource.Reports, Statement.Empty);
        Assert.Equal((null, "unknown"), (Step(mug, ProfitLine.Goods).Amount, ProfitWords.Of(Step(mug, ProfitLine.Goods))));
        Assert.Equal((null, 0m, 0m), (mug.Steps[^1].Amount, mug.Steps[^1].From, mug.Steps[^1].To));
        Assert.Equal("not settled", ProfitWords.Of(Step(mug, ProfitLine.ProductSales)));
        Assert.All(Waterfall.Of(board.Whole.Whole, ProfitSource.Settlements, Statement.Empty).Steps.Where(step => step.Source == StepSource.Amazon), step => Assert.Equal(1, step.SettledShare));
    }

    private static Money Usd(decimal amount) => new(amount, Us.Currency);

    private static ProfitBoard Of(Workspace workspace) => new(workspace, ProfitTable.Of(workspace, Month), ImmutableDictionary<(Sku Sku, DateOnly Day), long>.Empty);

    private static Workspace Shop(string[] costed)
    {
        var targets = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        var products = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
        var skus = new FactTableBuilder(TableSchema.Of(Dataset.SkuDay));
        for (var day = Month.First; day <= Month.Last; day = day.AddDays(1))
        {
            targets.Day(day).Long(1).Long(2).Long(3).Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
            targets.Day(day).Long(5).Long(6).Long(7).Long(1000).Long(20).Long(20_000_000).Long(0).Long(0).Long(0);
            products.Day(day).Long(1).Long(2).Long(4).Text("A").Long(1000).Long(20).Long(10_000_000).Long(2).Long(2).Long(40_000_000);
            products.Day(day).Long(5).Long(6).Long(8).Text("A").Long(1000).Long(20).Long(20_000_000).Long(0).Long(0).Long(0);
            foreach (var sku in (string[])["A", "B"]) skus.Day(day).Text(sku).Long(1).Long(0).Long(100_000_000).Long(0).Long(15_000_000).Long(0).Long(0).Long(0).Long(0);
        }

        Campaign Campaign(long id, string name) => new(new(id), name, TargetingType.Manual, EntityState.Enabled, Usd(10), BiddingStrategy.DownOnly, 0, 0, 0);
        return new Workspace
        {
            Storefront = new(1), Marketplace = Us, Today = Today, SyncedAt = null,
            Campaigns = [Campaign(1, "Kitchen"), Campaign(5, "Garden")],
            AdGroups = [new(new(2), new(1), "Exact", EntityState.Enabled, Usd(0.5m)), new(new(6), new(5), "Broad", EntityState.Enabled, Usd(0.5m))],
            ProductAds = [new(new(4), new(1), new(2), new("A"), new("B000000001"), EntityState.Enabled), new(new(8), new(5), new(6), new("A"), new("B000000001"), EntityState.Enabled)],
            Targets = [new(new(3), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "kettle", EntityState.Enabled, Usd(0.5m)), new(new(7), new(5), new(6), TargetKind.Keyword, MatchType.Broad, "garden", EntityState.Enabled, Usd(0.5m))],
            Listings = [new(new("A"), new("B000000001"), "Kettle", Usd(100), true), new(new("B"), new("B000000002"), "Mug", Usd(100), true)],
            Costs = [.. costed.Select(sku => new ProductCost(new(sku), Month.First, Usd(30), Usd(0), null, 30))],
            TargetDays = targets.Build(), ProductDays = products.Build(), SkuDays = skus.Build(),
            Settings = new(AutomationMode.Watch, Usd(100), Usd(2), [], [], Frozen: false),
        };
    }
}

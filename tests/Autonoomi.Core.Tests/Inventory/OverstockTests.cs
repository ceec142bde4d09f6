using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Strategies;

namespace Autonoomi.Core.Tests.Inventory;

public sealed class OverstockTests
{
    private static readonly Sku First = new("SKU-000");

    [Fact]
    public void A_thousand_units_at_five_a_day_are_400_too_many_and_cost_two_fifths_of_the_storage()
    {
        var stock = new Overstock(1000, 5, 0, 60);

        Assert.Equal(400, stock.Excess);
        Assert.Equal(24, stock.Cost, 9);
        Assert.Equal(0, new Overstock(600, 5, 0, 60).Cost);
    }

    [Fact]
    public void Old_units_count_as_far_as_a_month_of_sales_leaves_them()
    {
        // 200 old ones, 150 sell in a month: 50 stay, and pay a tenth of the storage of 500.
        var stock = new Overstock(500, 5, 200, 60);

        Assert.Equal(50, stock.OldLeft);
        Assert.Equal(6, stock.Cost, 9);
        Assert.Equal(0, new Overstock(500, 5, 149, 60).Excess);

        // Never more than there are.
        Assert.Equal(100, new Overstock(100, 0, 900, 60).Excess);
    }

    [Fact]
    public void Too_much_stock_is_a_task_at_Amazons_own_price_until_the_goal_is_chosen()
    {
        var workspace = Storefront(old: 0, storage: 90);
        var task = Task(workspace, "R16")!;

        var (units, cover) = (task.Evidence["unitsInStock"], task.Evidence["coverDays"]);
        Assert.True(cover > 120);
        Assert.Equal(90 * (1 - (120 / cover)), (double)task.AtStake!.Value.Amount, 0.006);
        Assert.Equal(4000, units);
        Assert.Contains("Storage costs about $90.00 next month", RecommendationText.Sentence(task), StringComparison.Ordinal);

        var chosen = workspace with { Settings = workspace.Settings with { Goals = [new ProductGoal(First, new Goal(GoalKind.ClearStock) { From = workspace.Today, Until = workspace.Today.AddDays(60) })] } };
        Assert.Null(Task(chosen, "R16"));
    }

    [Fact]
    public void Old_units_alone_make_the_task_and_suggest_to_clear_stock()
    {
        var sound = Storefront(old: 0, storage: 90, stock: 300);
        Assert.Null(Task(sound, "R16"));
        Assert.NotEqual(GoalKind.ClearStock, Strategy(sound).Suggested.Kind);

        var old = Storefront(old: 290, storage: 90, stock: 300);
        Assert.Contains("290 units are older than 180 days", RecommendationText.Sentence(Task(old, "R16")!), StringComparison.Ordinal);
        Assert.Equal(GoalKind.ClearStock, Strategy(old).Suggested.Kind);
        Assert.Contains("290 units are older than 180 days", StrategyText.Sentence(Strategy(old)), StringComparison.Ordinal);
    }

    [Fact]
    public void Planning_figures_move_no_bid() => Assert.Equal(
        Optimiser.Decide(Storefront(old: 0, storage: 90) with { StockPlans = FactTable.Empty(Dataset.StockPlan) }, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change),
        Optimiser.Decide(Storefront(old: 290, storage: 90), DecisionSettings.Default).Proposals.Select(proposal => proposal.Change));

    [Fact]
    public void An_offer_that_stands_behind_another_is_a_task_and_lowers_retail_readiness()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2, Stock = _ => 300 }.Build();
        Assert.Null(Task(workspace, "R17"));
        Assert.Null(Task(workspace with { TrafficDays = Visits(views: 4, first: 1) }, "R17"));
        Assert.Null(Task(workspace with { TrafficDays = Visits(views: 40, first: 20) }, "R17"));

        var beaten = workspace with { TrafficDays = Visits(views: 40, first: 10) };
        var task = Task(beaten, "R17")!;

        Assert.Equal(First, task.Product);
        Assert.Contains("stood first on 25% of 400 page views in the last 10 days", RecommendationText.Sentence(task), StringComparison.Ordinal);
        Assert.Equal(0.75 * task.Evidence["spend7"] / 7 * 30, (double)task.AtStake!.Value.Amount, 0.006);

        var (before, after) = (Retail(workspace), Retail(beaten));
        Assert.True(after.Score < before.Score, $"{after.Score} after {before.Score}");
        Assert.DoesNotContain(before.Figures, figure => figure.Name == "spendOnOffersThatStandFirst");
        Assert.Equal(0, after.Figures.Single(figure => figure.Name == "spendOnOffersThatStandFirst").Value);
    }

    [Fact]
    public void An_offer_that_cannot_be_bought_is_told_as_that_alone()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var hidden = workspace with { TrafficDays = Visits(views: 40, first: 0), Listings = [.. workspace.Listings.Select(listing => listing.Sku == First ? listing with { Buyable = false } : listing)] };

        Assert.Null(Assert.Single(Optimiser.Review(hidden, DecisionSettings.Default).Recommendations, item => item.Entry == "R17").Evidence.Find("buyBoxShare"));
    }

    private static Workspace Storefront(long old, int storage, long stock = 4000) => new SomeStorefront { Products = 1, ClicksPerDay = 2, Stock = _ => stock }.Build() with
    {
        StockPlans = new FactTableBuilder(TableSchema.Of(Dataset.StockPlan)).Text(First.Value).Long(stock).Long(-1).Long(-1).Long(old).Long(-1).Int(-1).Long(storage * 1_000_000L).Long(-1).Build(),
    };

    private static FactTable Visits(long views, long first)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.TrafficDay));
        for (var day = SomeStorefront.Today.AddDays(-30); day < SomeStorefront.Today; day = day.AddDays(1))
            table.Day(day).Text(First.Value).Long(views).Long(views).Long(first).Long(0).Long(0).Long(0);
        return table.Build();
    }

    private static Recommendation? Task(Workspace workspace, string entry) => Optimiser.Review(workspace, DecisionSettings.Default).Recommendations.SingleOrDefault(item => item.IsTask && item.Entry == entry && item.Product == First);

    private static StrategyProposal Strategy(Workspace workspace) => Assert.Single(Optimiser.Review(workspace, DecisionSettings.Default).Strategies);

    private static HealthComponent Retail(Workspace workspace) => Optimiser.Review(workspace, DecisionSettings.Default).Health.Parts.Single(part => part.Part == HealthPart.RetailReadiness);
}

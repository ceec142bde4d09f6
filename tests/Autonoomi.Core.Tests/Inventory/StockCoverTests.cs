namespace Autonoomi.Core.Tests.Inventory;

public sealed class StockCoverTests
{
    [Fact]
    public void The_look_tells_how_long_stock_lasts_and_what_would_be_missed()
    {
        var workspace = new SomeStorefront { Stock = product => product == 1 ? 20 : 100_000 }.Build();

        var stock = Optimiser.ReviewAll(workspace, DecisionSettings.Default).Stock;

        Assert.Equal(workspace.Listings.Length, stock.Length);
        var first = stock[0];
        Assert.Equal("SKU-001", first.Product.Value);
        Assert.Equal(20, first.Units);
        Assert.Equal(first.Units / first.UnitsADay, first.CoverDays, 9);
        Assert.True(first is { RunsShort: true, AdSpendPerDay.Amount: > 0 });

        // Units that will be missing until the delivery, at what a unit leaves.
        Assert.Equal((double)first.PerUnit.Amount * (Math.Min(30, first.DeliveryDays) - first.CoverDays) * first.UnitsADay, (double)first.AtStake.Amount, 6);
        Assert.All(stock.Skip(1), cover => Assert.Equal((false, 0m), (cover.RunsShort, cover.AtStake.Amount)));
        Assert.Equal(stock.OrderBy(cover => cover.CoverDays), stock);

        // Ad spend of the last seven days, read from the reports themselves.
        var days = workspace.ProductDays.Ints("day");
        var skus = workspace.ProductDays.Texts("sku");
        var cost = workspace.ProductDays.Longs("cost");
        var spent = 0m;
        for (var row = 0; row < workspace.ProductDays.Rows; row++)
        {
            if (skus[row] == "SKU-001" && workspace.Today.DayNumber - days[row] is >= 1 and <= 7) spent += cost[row] / 1e6m / 7;
        }

        Assert.InRange((double)first.AdSpendPerDay.Amount, (double)spent * 0.98, (double)spent * 1.02);
    }
}

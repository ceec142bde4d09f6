namespace Autonoomi.Marketplace.Tests.Http;

public sealed class ControlTests : IAsyncLifetime
{
    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(historyDays: 4, products: 2);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Theory]
    [InlineData("/world/clock")]
    [InlineData("/world/truth")]
    [InlineData("/world/writes")]
    [InlineData("/world/seller")]
    [InlineData("/world/faults")]
    public async Task Nothing_of_the_world_is_told_without_its_key(string route)
    {
        await shop.ControlAsync(HttpMethod.Get, route, expected: 401, key: "");
        await shop.ControlAsync(HttpMethod.Get, route, expected: 401, key: Shop.WorldKey[..^1]);
        await shop.ControlAsync(HttpMethod.Get, route);
    }

    [Fact]
    public async Task The_clock_moves_by_days_and_hours_and_never_by_nonsense()
    {
        var before = (DateTimeOffset)(await shop.ControlAsync(HttpMethod.Get, "/world/clock"))["now"]!;
        var byHours = (DateTimeOffset)(await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { hours = 6 }))["now"]!;
        var byDays = (DateTimeOffset)(await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 1 }))["now"]!;
        foreach (var wrong in new object[] { new { days = 0 }, new { days = -1 }, new { days = 401 }, new { minutes = 5 }, new { days = 1, hours = 1 }, new { } })
            await shop.ControlAsync(HttpMethod.Post, "/world/advance", wrong, expected: 400);

        Assert.Equal(TimeSpan.FromHours(6), byHours - before);
        Assert.Equal(TimeSpan.FromDays(1), byDays - byHours);
    }

    [Fact]
    public async Task The_truth_is_told_by_day_and_the_seller_knows_the_costs()
    {
        var truth = (await shop.ControlAsync(HttpMethod.Get, "/world/truth"))["days"]!.AsArray();
        var seller = await shop.ControlAsync(HttpMethod.Get, "/world/seller");

        Assert.Equal(shop.World.TruthDays.Days, truth.Count);
        Assert.All(truth, day => Assert.True((double)day!["oracleProfit"]! >= 0));
        Assert.Equal(2, seller["products"]!.AsArray().Count);
        Assert.All(seller["products"]!.AsArray(), product => Assert.True((decimal)product!["costOfGoods"]! > 0));
        Assert.True((decimal)seller["suggestedMonthlyBudget"]! > 0);
    }

    [Fact]
    public async Task An_unknown_switch_of_the_fault_board_is_refused()
    {
        await shop.ControlAsync(HttpMethod.Post, "/world/faults", new { throtle = 1 }, expected: 400);
        await shop.ControlAsync(HttpMethod.Post, "/world/faults", new { faults = new[] { new { path = "/sp/", kind = "earthquake" } } }, expected: 400);
        await shop.ControlAsync(HttpMethod.Post, "/world/faults", new { revoke = new[] { "everything" } }, expected: 400);
    }

    [Fact]
    public async Task Equal_worlds_tell_equal_stories()
    {
        await using var twin = await Shop.OpenAsync(historyDays: 4, products: 2);
        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 2 });
        await twin.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 2 });

        Assert.Equal((await shop.ControlAsync(HttpMethod.Get, "/world/truth")).ToJsonString(), (await twin.ControlAsync(HttpMethod.Get, "/world/truth")).ToJsonString());
        Assert.Equal((await shop.ControlAsync(HttpMethod.Get, "/world/seller")).ToJsonString(), (await twin.ControlAsync(HttpMethod.Get, "/world/seller")).ToJsonString());
    }
}

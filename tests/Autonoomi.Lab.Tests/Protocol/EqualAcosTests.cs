using Autonoomi.Core.Goals;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.Protocol;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class EqualAcosTests
{
    [Fact]
    public void Sales_are_read_off_between_the_two_neighbours_and_never_beyond_the_ends()
    {
        (double, double)[] played = [(0.40, 1600), (0.10, 400), (0.20, 800)];

        Assert.Equal(400 * Math.Sqrt(2), EqualAcos.SalesAt(0.10 * Math.Sqrt(2), played)!.Value, 6);
        Assert.Equal(1600, EqualAcos.SalesAt(0.40, played)!.Value, 6);
        Assert.Null(EqualAcos.SalesAt(0.09, played));
        Assert.Null(EqualAcos.SalesAt(0.41, played));
    }

    [Fact]
    public void The_policy_sees_the_goal_that_the_seller_typed_and_profit_without_one()
    {
        var world = new MarketWorld(3, new WorldSettings { Products = 1 });

        Assert.Equal(Goal.Profit, new Observer(world).Look().Workspace.Settings.Goal);
        Assert.Equal(0.17, new Observer(world, goal: new Goal(GoalKind.TargetAcos) { TargetAcos = 0.17 }).Look().Workspace.Settings.Goal.TargetAcos);
    }
}

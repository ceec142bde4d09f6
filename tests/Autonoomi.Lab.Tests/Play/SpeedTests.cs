using System.Diagnostics;
using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Tests.Play;

public sealed class SpeedTests
{
    [Fact]
    public void A_morning_of_a_world_with_some_350_targets_is_seen_in_five_milliseconds()
    {
        var world = new MarketWorld(6, new WorldSettings { Products = 9 });
        Assert.InRange(world.Ads.Targets.Count, 300, 400);
        var observer = new Observer(world);
        var watch = new Stopwatch();
        for (var day = 0; day < 60; day++)
        {
            // The first mornings warm up and read sixty days.
            if (day == 20) watch.Restart();
            watch.Start();
            observer.Look();
            watch.Stop();
            observer.Remember([], []);
            world.AdvanceDays(1);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalMilliseconds / 40:0.00} ms a morning");
        Assert.True(watch.Elapsed.TotalMilliseconds / 40 < 5, $"{watch.Elapsed.TotalMilliseconds / 40:0.00} ms a morning");
    }
}

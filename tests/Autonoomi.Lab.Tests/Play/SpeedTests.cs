using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Play;

public sealed class SpeedTests
{
    private const int WarmUp = 20;
    private const int Mornings = 40;

    [Fact]
    public void A_morning_of_a_world_with_some_350_targets_is_seen_in_five_milliseconds()
    {
        var world = new MarketWorld(6, new WorldSettings { Products = 9 });
        Assert.InRange(world.Ads.Targets.Count, 300, 400);
        var observer = new Observer(world);
        var clock = new ProcessorClock();
        for (var day = 0; day < WarmUp + Mornings; day++)
        {
            // The first mornings warm up and read sixty days.
            if (day == WarmUp) clock = new ProcessorClock();
            clock.Start();
            observer.Look();
            clock.Stop();
            observer.Remember([], []);
            world.AdvanceDays(1);
        }

        var each = clock.Seconds * 1000 / Mornings;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each:0.00} ms a morning");
        Assert.True(each < 5, $"{each:0.00} ms of processor time a morning");
    }
}

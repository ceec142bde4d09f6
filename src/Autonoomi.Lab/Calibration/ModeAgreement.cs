using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Calibration;

/// <summary>One world lived twice, with an auction at every page view and with the fluid market: event over fluid.</summary>
/// <param name="Clicks">Of the whole history.</param>
/// <param name="Spend">Of the whole history.</param>
/// <param name="Profit">Realised profit, orders at their luck.</param>
internal sealed record ModeAgreement(double Clicks, double Spend, double Profit)
{
    /// <param name="seed">The world's.</param>
    /// <param name="settings">The world's; the mode is set here.</param>
    public static ModeAgreement Of(ulong seed, WorldSettings settings)
    {
        var (fluid, each) = (Totals(new MarketWorld(seed, settings with { Mode = MarketMode.Fluid })), Totals(new MarketWorld(seed, settings with { Mode = MarketMode.Event })));
        return new ModeAgreement(each.Clicks / fluid.Clicks, each.Spend / fluid.Spend, each.Profit / fluid.Profit);
    }

    private static (double Clicks, double Spend, double Profit) Totals(MarketWorld world)
    {
        var days = world.Simulation.Days;
        return (days.Sum(day => (double)day.Clicks.Count), days.Sum(day => day.Clicks.Sum(click => click.Cents / 100d)), days.Sum(day => day.RealisedProfit));
    }
}

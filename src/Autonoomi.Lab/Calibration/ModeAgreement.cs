using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Calibration;

/// <summary>One world lived twice, with an auction at every page view and with the fluid market: event over fluid.</summary>
/// <param name="Clicks">Of the whole history, as they came.</param>
/// <param name="Spend">Expected at the slots and prices won.</param>
/// <param name="Profit">The same.</param>
/// <param name="EventProfit">Per day, with single auctions.</param>
/// <param name="FluidProfit">Per day.</param>
internal sealed record ModeAgreement(double Clicks, double Spend, double Profit, double EventProfit, double FluidProfit)
{
    /// <param name="seed">The world's.</param>
    /// <param name="settings">The world's; the mode is set here.</param>
    public static ModeAgreement Of(ulong seed, WorldSettings settings)
    {
        var (fluid, each) = (Totals(new MarketWorld(seed, settings with { Mode = MarketMode.Fluid })), Totals(new MarketWorld(seed, settings with { Mode = MarketMode.Event })));
        return new ModeAgreement(each.Clicks / fluid.Clicks, each.Spend / fluid.Spend, each.Profit / fluid.Profit, each.Profit, fluid.Profit);
    }

    private static (double Clicks, double Spend, double Profit) Totals(MarketWorld world)
    {
        var days = world.Simulation.Days;
        return (days.Sum(day => (double)day.Clicks.Count), days.Sum(day => day.ExpectedSpend), days.Average(day => day.ExpectedProfit));
    }
}

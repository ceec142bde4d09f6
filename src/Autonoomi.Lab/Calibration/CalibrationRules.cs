using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Calibration;

/// <summary>One check: a figure and the ranges it must lie in.</summary>
/// <param name="Name">For people.</param>
/// <param name="Low">Least for one world.</param>
/// <param name="High">Most for one world.</param>
/// <param name="MedianLow">Least for the median over a family's worlds: where public figures lie.</param>
/// <param name="MedianHigh">Most for that median.</param>
/// <param name="IsPercent">How to print it.</param>
/// <param name="Of">The figure.</param>
internal sealed record CalibrationRule(string Name, double Low, double High, double MedianLow, double MedianHigh, bool IsPercent, Func<CalibrationFigures, double> Of)
{
    public bool Allows(CalibrationFigures figures) => Of(figures) >= Low && Of(figures) <= High;

    public string Text(double value) => IsPercent ? FormattableString.Invariant($"{100 * value:0.0} %") : FormattableString.Invariant($"{value:0.00}");
}

/// <summary>Which markets are fit for use; the wanted ranges and their sources are in docs/maths/calibration.md.</summary>
internal static class CalibrationRules
{
    private const int DaysWanted = 60;

    public static IReadOnlyList<CalibrationRule> All { get; } =
    [
        new("ACoS of the account", 0.15, 0.50, 0.25, 0.35, true, figures => figures.Acos),
        new("top of search price over rest of search", 0.10, 0.70, 0.20, 0.60, true, figures => figures.TopOfSearchPremium),
        new("clicked terms without an order in 60 days", 0.55, 0.85, 0.60, 0.80, true, figures => figures.TermsWithoutOrder),
        new("Gini of spend over targets", 0.70, 0.99, 0.80, 0.99, false, figures => figures.Gini),
        new("a week's orders seen after four days", 0.86, 0.94, 0.87, 0.93, true, figures => figures.Delay[3]),
        new("price per click over bid", 0.50, 0.95, 0.55, 0.90, false, figures => figures.PriceOverBid),
        new("click rate", 0.002, 0.015, 0.003, 0.010, true, figures => figures.ClickRate),
        new("orders per click", 0.05, 0.16, 0.08, 0.125, true, figures => figures.Conversion),
        new("credited clicks", 0.003, 0.035, 0.005, 0.030, true, figures => figures.InvalidShare),
    ];

    /// <returns>What is wrong with a market, in words; empty when it may be used.</returns>
    public static IReadOnlyList<string> Faults(CalibrationFigures figures) =>
        [.. All.Where(rule => !rule.Allows(figures)).Select(rule => $"{rule.Name} is {rule.Text(rule.Of(figures))}, wanted {rule.Text(rule.Low)} to {rule.Text(rule.High)}")];

    /// <summary>
    /// The world by which it is decided whether a study uses it: itself, when an ordinary or a well-kept account has lived in it for 60 days; else its
    /// <see cref="Twin"/>. Accounts of launches, messy accounts and long tails say nothing about their market.
    /// </summary>
    public static MarketWorld Judged(MarketWorld world)
    {
        var settings = world.Settings;
        var isOrdinary = settings.Past is SellerPast.Usual or SellerPast.Mature && settings.HistoryDays >= DaysWanted && settings.NaiveCampaigns && settings.KeywordsPerProduct == 0
            && world.Today == world.DayOf(settings.HistoryEnd);
        return isOrdinary ? world : Twin(world.Seed, settings);
    }

    /// <summary>The same market after 60 days of an ordinary seller: public figures are those of ordinary sellers.</summary>
    public static MarketWorld Twin(ulong seed, WorldSettings settings) => new(seed, settings with
    {
        Past = SellerPast.Usual,
        HistoryDays = DaysWanted,
        KeywordsPerProduct = 0,
        NaiveCampaigns = true,
        AccountMonthlyCap = null,
    });
}

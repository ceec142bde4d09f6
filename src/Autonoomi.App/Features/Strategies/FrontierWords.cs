using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Goals;

namespace Autonoomi.App.Features.Strategies;

/// <summary>What a frontier says, in two or three sentences; every number in them is a point's.</summary>
public static class FrontierWords
{
    // Less than that away, two points are one to a reader.
    private const double SamePlace = 0.02;

    /// <param name="frontier">With points.</param>
    public static string Of(Frontier frontier)
    {
        var now = frontier.Points.Single(point => point.Multiple == 1);
        var text = $"In 30 days, at the bids that today's goal leads to, these ads of Sponsored Products are expected to cost {Display.Rounded(now.Cost)}, sell for {Display.Rounded(now.Sales)} at an ACoS of {Acos(now)} and earn {Display.Rounded(now.Profit)}.";
        text += Best(frontier) is { } best ? $" The most they can earn is {Display.Rounded(best.Profit)}, at an ACoS of {Acos(best)}." : " That is the most they can earn.";

        if (frontier.Target is { } goal)
        {
            text += frontier.IsFeasible
                ? $" The goal is an ACoS of {Display.Percent(goal)}."
                : $" The goal of {Display.Percent(goal)} would leave hardly any sales: bids stop where a fifth of the sales at most profit is left.";
        }

        return text;
    }

    /// <returns>The point of most profit; null where that is today's.</returns>
    public static FrontierPoint? Best(Frontier frontier) => frontier.MostProfit is { } best && Math.Abs(best.Multiple - 1) > SamePlace ? best : null;

    public static string Acos(FrontierPoint point) => double.IsFinite(point.Acos) ? Display.Percent(point.Acos) : Display.None;
}

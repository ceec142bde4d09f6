using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Whether figures that orders go into may still grow, in few words.</summary>
public static class SettlingWords
{
    /// <summary>Less than this share is not worth a word.</summary>
    public const double LeastToSay = 0.0005;

    /// <param name="settling">What is still expected; null where all is settled, or nothing was sold that could be scaled.</param>
    /// <param name="hidden">Share of the clicks whose orders are still to come, 0 to 1: without any order nobody can say how many there will be.</param>
    public static string Of(Settling? settling, double hidden = 0) => settling switch
    {
        { More: >= LeastToSay } => $"expected +{Display.Percent(settling.More)}",
        null when hidden >= LeastToSay => "orders may still come",
        _ => "settled",
    };
}

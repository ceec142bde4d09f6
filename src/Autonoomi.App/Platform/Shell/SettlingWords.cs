using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Whether figures that orders go into may still grow, in few words.</summary>
public static class SettlingWords
{
    /// <summary>Less than this share is not worth a word.</summary>
    public const double LeastToSay = 0.0005;

    /// <param name="settling">What is still expected; null where all is settled, or nothing was sold that could be scaled.</param>
    /// <param name="hidden">Share of the ad spend whose orders are still to come, 0 to 1: without any order nobody can say how many there will be.</param>
    public static string Of(Settling? settling, double hidden = 0) => settling switch
    {
        { More: >= LeastToSay } => $"expected +{Display.Percent(settling.More)}",
        null when hidden >= LeastToSay => "orders may still come",
        _ => "settled",
    };

    /// <summary>"settled", "62.0% settled" or "not settled": how much of the sales is in settlements.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Books(double share) => share >= 1 - LeastToSay ? "settled" : share < LeastToSay ? "not settled" : $"{Display.Percent(share)} settled";

    /// <summary>The same, and what the ads among them may still bring: "62.0% settled, ads expected +4.1%".</summary>
    /// <param name="share">0 to 1; null where sales are credited and not posted.</param>
    /// <param name="ads">From <see cref="Of"/>; null where no ad is credited.</param>
    public static string Books(double? share, string? ads) => share is not { } posted ? ads ?? Display.None : ads is null or "settled" ? Books(posted) : $"{Books(posted)}, ads {ads}";
}

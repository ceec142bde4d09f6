using System.Globalization;
using System.Text.Json;

namespace Autonoomi.Marketplace.Http;

/// <summary>A storm to begin with, as the command line names it: <c>mixed:0.2</c>, or one kind of fault alone, <c>throttle:0.1</c>.</summary>
/// <param name="Kind">What happens; null for everything that fits a call.</param>
/// <param name="Share">Share of the calls that suffer, 0 to 0.9.</param>
internal sealed record FaultScenario(FaultKind? Kind, double Share)
{
    public const double LargestShare = 0.9;
    public const string Mixed = "mixed";

    /// <summary>Which calls suffer.</summary>
    public int Seed { get; init; } = 1;

    /// <returns>Null for what is no scenario.</returns>
    public static FaultScenario? Read(string words)
    {
        if (words.Split(':') is not [var name, var part] || !double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share is not (>= 0 and <= LargestShare)) return null;
        if (name == Mixed) return new(null, share);
        return Enum.GetValues<FaultKind>().Where(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) == name).Select(kind => new FaultScenario(kind, share)).FirstOrDefault();
    }
}

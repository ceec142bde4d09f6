using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Shell;

/// <param name="Mode">How far the software may go.</param>
/// <param name="Word">Its name.</param>
/// <param name="Sentence">What it will and will not do.</param>
public sealed record ModeWord(AutomationMode Mode, string Word, string Sentence);

/// <summary>How far the software may go, each in one sentence.</summary>
public static class ModeWords
{
    public static IReadOnlyList<ModeWord> All { get; } =
    [
        new(AutomationMode.Watch, "Watch", "Reads and shows what it would do; it writes nothing to Amazon."),
        new(AutomationMode.Ask, "Ask", "Writes what you approved; it writes nothing that you did not approve."),
        new(AutomationMode.Auto, "Auto", "Writes by itself within your limits, and every change can be undone; it writes nothing beyond a limit."),
    ];
}

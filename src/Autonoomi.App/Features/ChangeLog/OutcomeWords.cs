using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Outcomes;

namespace Autonoomi.App.Features.ChangeLog;

/// <summary>Outcomes in a seller's words.</summary>
public static class OutcomeWords
{
    public static (string Word, string Tone) Of(Outcome outcome) => outcome.Grade switch
    {
        Grade.TooEarly => ($"Too early, {Display.Day(outcome.SettlesOn)}", ""),
        Grade.NothingToCompareWith => ("Nothing to compare with", ""),
        Grade.NoDifferenceSeen => ("No difference seen", "info"),
        Grade.Gained => ("Gained", "ok"),
        Grade.Lost => ("Lost", "warning"),
    };

    /// <summary>"+$12 (−$4 to +$28)".</summary>
    public static string Range(MeasuredEffect effect) => $"{Display.Gain(effect.Mean)} ({Display.Gain(effect.Low)} to {Display.Gain(effect.High)})";

    /// <summary>The whole in one sentence.</summary>
    public static string Sentence(Ledger ledger)
    {
        var waiting = ledger.Outcomes.Count(outcome => outcome.Grade == Grade.TooEarly);
        if (ledger.Whole is not { } whole)
            return waiting > 0
                ? $"{Display.Count(waiting, "bid")} moved, and the days since have not settled: the first can be judged on {Display.Day(ledger.Outcomes.Where(outcome => outcome.Grade == Grade.TooEarly).Min(outcome => outcome.SettlesOn))}."
                : ledger.Outcomes.IsEmpty ? "No bid was moved in the days that are kept." : "No bid can be judged: too few look-alikes were left alone, or costs are missing.";
        var verdict = whole.Effect.Low.Amount > 0 ? "so they earned more than leaving them alone" : whole.Effect.High.Amount < 0 ? "so they earned less than leaving them alone" : "which does not tell a gain from a loss";
        return $"{Display.Count(whole.Judged, "bid")} that moved and settled brought {Range(whole.Effect)} within a fortnight against look-alikes that were left alone, {verdict}.{(waiting > 0 ? $" {Display.Count(waiting, "other")} {(waiting == 1 ? "is" : "are")} still too young." : "")}";
    }
}

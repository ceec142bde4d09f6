using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Rollback;

/// <summary>Takes back what did harm: bids to where they stood, new targets paused, new negatives removed. See docs/maths/rollback.md.</summary>
internal static class Rollbacks
{
    /// <summary>Evidence from which on people are told, though nothing is taken back yet.</summary>
    public const double Watch = 5;

    private const double Confidence95 = 1.645;
    private const double WorseThanHoldOut = 0.10;

    /// <returns>What people should know: cohorts under watch, cohorts taken back, a store behind its hold-out.</returns>
    public static ImmutableArray<DataNote> Propose(Situation situation, List<Proposal> into)
    {
        var notes = ImmutableArray.CreateBuilder<DataNote>();
        foreach (var cohort in Cohorts.Of(situation))
        {
            var log = cohort.LogEvidence;
            if (log < Math.Log(Watch)) continue;
            var sku = situation.Measured.Structure.Products[cohort.Product];
            var since = DateOnly.FromDayNumber(cohort.First);
            var far = string.Create(CultureInfo.InvariantCulture, $"{cohort.Changes.Count} changes of {sku} since {since:yyyy-MM-dd} ({cohort.Module}) earn {cohort.Inputs.MeanAfter:0.##} a day where {cohort.Inputs.Expected:0.##} was expected, evidence {Math.Exp(Math.Min(log, 20)):0}:1");
            var harmful = log >= Math.Log(situation.Settings.RollbackEvidence);
            notes.Add(new DataNote(DataIssue.RollbackWatch, sku, harmful ? $"{far}: they are taken back and rest for seven days." : $"{far}: they are watched.", false));
            if (harmful) TakeBack(situation, cohort, log, into);
        }

        if (IsBehindHoldOut(situation) is { } behind) notes.Add(new DataNote(DataIssue.BelowHoldOut, null, behind, false));
        return notes.ToImmutable();
    }

    private static void TakeBack(Situation situation, Cohort cohort, double log, List<Proposal> into)
    {
        var workspace = situation.Workspace;
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        var changes = cohort.Changes.DistinctBy(applied => applied.Change.EntityKey, StringComparer.Ordinal).ToList();
        foreach (var applied in changes)
        {
            if (Inverse(situation, applied.Change, log, evidence) is not { } change) continue;
            evidence.Days("daysBefore", cohort.Inputs.DaysBefore).Days("daysAfter", cohort.Inputs.DaysAfter).SharedMoney("profitExpected", cohort.Inputs.Expected).SharedMoney("profitMade", cohort.Inputs.MeanAfter)
                .SharedFactor("changes", cohort.Changes.Count).Word("cohort", string.Create(CultureInfo.InvariantCulture, $"{cohort.Module} {DateOnly.FromDayNumber(cohort.First):yyyy-MM-dd}"));
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Rollback, change.EntityKey), Module.Rollback, ReasonCode.RollBack, situation.Measured.Structure.Products[cohort.Product], change, evidence.Take(),
                EffectOf(cohort, changes.Count, workspace.Marketplace.Currency)));
        }
    }

    // Null where it stands as it did before, or somebody else has moved it since.
    private static Change? Inverse(Situation situation, Change change, double log, EvidenceList evidence)
    {
        var (measured, workspace, settings) = (situation.Measured, situation.Workspace, situation.Settings);
        switch (change)
        {
            case SetBid bid when measured.Structure.Target(bid.Target) is >= 0 and var index && workspace.Targets[index] is { State: EntityState.Enabled } target:
                var history = measured.History.Bid(bid.EntityKey, target.Bid.Amount);
                var inputs = new RollbackInputs(
                    (double)target.Bid.Amount, (double)bid.Before.Amount, (double)history.DayStart, (double)history.WeekStart, settings.DailyStep, settings.WeeklyRise, (double)workspace.Marketplace.BidStep,
                    (double)workspace.Marketplace.MinimumBid, (double)Math.Min(workspace.Settings.MaximumBid.Amount, workspace.Marketplace.MaximumBid), log, settings.RollbackEvidence);
                if (inputs.Bid() is var amount && amount == target.Bid.Amount) return null;
                inputs.Write(evidence);
                return bid with { Before = target.Bid, After = target.Bid with { Amount = amount } };

            case CreateTarget create when workspace.Targets.FirstOrDefault(target => target.AdGroup == create.AdGroup && target.Match == create.Match && target.State == EntityState.Enabled
                && string.Equals(target.Text.Trim(), create.Text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } made:
                evidence.SharedFactor("logEvidence", log).SharedFactor("threshold", settings.RollbackEvidence);
                return new SetTargetState(create.Campaign, create.AdGroup, made.Id, made.Kind, EntityState.Enabled, EntityState.Paused);

            case AddNegative added when workspace.Negatives.FirstOrDefault(entry => entry.Campaign == added.Campaign && entry.AdGroup == added.AdGroup && entry.Match == added.Match && entry.State == EntityState.Enabled
                && string.Equals(entry.Text.Trim(), added.Text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } negative:
                evidence.SharedFactor("logEvidence", log).SharedFactor("threshold", settings.RollbackEvidence);
                return new ArchiveNegative(added.Campaign, added.AdGroup, negative.Id, negative.Match, negative.Text);

            default:
                return null;
        }
    }

    // What is missed in a month, shared among the changes taken back. A product's profit wanders without anybody's doing, so what is missed counts only as far as the changes can have caused it: they were
    // expected to bring something, within an interval, and what came is weighed against that.
    private static Effect EffectOf(Cohort cohort, int changes, Currency currency)
    {
        var (brought, doubt) = (0d, 0d);
        foreach (var applied in cohort.Changes)
        {
            if (applied.Expected is not { } told) continue;
            brought += (double)told.Mean.Amount;
            doubt += (double)(told.High.Amount - told.Low.Amount) / (Effects.High - Effects.Low);
        }

        var (seen, variance) = (30 * (cohort.Inputs.Expected - cohort.Inputs.MeanAfter), 900 * cohort.Inputs.ErrorVariance);
        // Changes of which nothing was told may have done what a product's profit does by itself.
        if (doubt <= 0) doubt = 30 * HarmTest.Drift * cohort.Inputs.Gross;
        var share = doubt * doubt / ((doubt * doubt) + variance);
        var (gap, error) = (((share * seen) - ((1 - share) * brought)) / changes, Math.Sqrt(share * variance) / changes);
        Span<(double, double)> points = stackalloc (double, double)[11];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (gap + (-1.7 + 0.34 * slice) * error, 1.0 / points.Length);
        return Effects.Of(points, currency);
    }

    // The last 28 days against the 28 before, products that are moved against those that are left alone.
    private static string? IsBehindHoldOut(Situation situation)
    {
        var alone = HoldOut.Of(situation);
        if (alone.Count == 0) return null;
        var (moved, left) = Cohorts.MovedAndLeft(situation, alone);
        if (!(left.Before > 0) || !(moved.Before > 0)) return null;
        var (ratio, index) = (moved.After / moved.Before, left.After / left.Before);
        var error = Math.Sqrt(moved.RelativeVariance + index * index * left.RelativeVariance);
        return ratio - index < -WorseThanHoldOut * index - Confidence95 * error
            ? string.Create(CultureInfo.InvariantCulture, $"Over 28 days products that are managed stand at {ratio:0.00} of their earlier profit, those left alone at {index:0.00}: set the store to ask before writing until the reason is found.")
            : null;
    }
}

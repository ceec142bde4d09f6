using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>When a hand-over may go on; the numbers on which each step rests.</summary>
internal static class HandoverRule
{
    public const int PatienceDays = 14;
    public const int CheckDays = 14;

    /// <summary>The new target is seen or clicked enough within a week to take the traffic over.</summary>
    public static bool Delivers(double impressions7, double clicks7) => impressions7 >= 50 || clicks7 >= 5;

    /// <summary>Less than half of the traffic arrived although the bid is no lower than the source's: the term goes back to its source.</summary>
    public static bool IsLost(double clicksPerDay, double sourceClicksPerDay, double bid, double sourceBid) =>
        clicksPerDay < 0.5 * sourceClicksPerDay && bid >= 0.9 * sourceBid;
}

/// <summary>Moves each hand-over one step, by what the workspace shows; asks for the write that the next step needs. Safe to repeat.</summary>
internal static class HandoverSteps
{
    private const int KeptDays = 180;

    /// <summary>Lets a young target inherit what its term showed in the source: it is the same shoppers' words.</summary>
    public static void Inherit(Measurement measured, SearchTerms terms)
    {
        var heirs = new Dictionary<(int Product, string Term), int>();
        foreach (var handover in measured.Workspace.Handovers)
        {
            if (handover.State is HandoverState.Restored or HandoverState.Abandoned || Find(measured, handover) is not (>= 0 and var target)) continue;
            heirs[(measured.Structure.Product(handover.Sku), handover.Term)] = target;
        }

        if (heirs.Count == 0) return;
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || !heirs.TryGetValue((measured.Structure.GroupProduct[cell.Group], terms.Words[cell.Term].Trim().ToLowerInvariant()), out var heir)) continue;
            measured.Exposure[heir] += Math.Max(0, cell.Exposure);
            measured.Orders[heir] += Math.Max(0, cell.Orders);
        }
    }

    public static List<Handover> Step(Measurement measured, SearchTerms terms, List<Proposal> into)
    {
        var workspace = measured.Workspace;
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        var all = new List<Handover>();
        if (workspace.Handovers.IsEmpty) return all;
        var delivered = Delivered(measured);
        foreach (var handover in workspace.Handovers.OrderBy(entry => entry.Term, StringComparer.Ordinal).ThenBy(entry => entry.SourceAdGroup.Value))
        {
            if (workspace.Today.DayNumber - handover.Since.DayNumber > KeptDays && handover.State is HandoverState.Restored or HandoverState.Abandoned) continue;
            var target = Find(measured, handover);
            var negative = FindNegative(workspace, handover);
            if (Next(measured, handover, target, negative, delivered, terms, evidence, into) is { } next) all.Add(next);
        }

        return all;
    }

    private static Handover? Next(
        Measurement measured, Handover handover, int target, Negative? negative, Dictionary<int, long[]> delivered, SearchTerms terms, EvidenceList evidence, List<Proposal> into)
    {
        var today = measured.Workspace.Today;
        var waited = today.DayNumber - handover.Since.DayNumber;
        Handover Now(HandoverState state) => handover with { State = state, Since = today };
        switch (handover.State)
        {
            case HandoverState.Created when target < 0:
                // Never applied: the term is a candidate again. Applied but not yet visible: wait.
                var created = measured.History.Of(new CreateTarget(handover.TargetCampaign, handover.TargetAdGroup, MatchType.Exact, handover.Term, default).EntityKey);
                if (created.Count == 0) return null;
                return waited >= HandoverRule.PatienceDays ? Now(HandoverState.Abandoned) : handover;

            case HandoverState.Created or HandoverState.Delivering when target >= 0 && negative is not null:
                return Now(HandoverState.Isolated);

            case HandoverState.Created or HandoverState.Delivering:
                if (target < 0 || measured.Workspace.Targets[target].State != EntityState.Enabled) return Now(HandoverState.Abandoned);
                var seen = delivered.GetValueOrDefault(target) ?? new long[3];
                if (!HandoverRule.Delivers(seen[0], seen[1])) return waited >= HandoverRule.PatienceDays ? Now(HandoverState.Abandoned) : handover;
                Isolate(measured, handover, seen, evidence, into);
                return handover.State == HandoverState.Delivering ? handover : Now(HandoverState.Delivering);

            case HandoverState.Isolated or HandoverState.Confirmed when negative is null:
                return Now(HandoverState.Restored);

            case HandoverState.Isolated or HandoverState.Confirmed when target < 0 || measured.Workspace.Targets[target].State != EntityState.Enabled:
                Restore(measured, handover, negative!, 0, 0, 0, evidence, into);
                return handover;

            case HandoverState.Isolated when waited >= HandoverRule.CheckDays:
                var clicksPerDay = (delivered.GetValueOrDefault(target)?[2] ?? 0) / (double)HandoverRule.CheckDays;
                var bid = (double)measured.Workspace.Targets[target].Bid.Amount;
                var sourceBid = SourceBid(measured, handover, terms);
                if (!HandoverRule.IsLost(clicksPerDay, handover.SourceClicksPerDay, bid, sourceBid)) return Now(HandoverState.Confirmed);
                Restore(measured, handover, negative!, clicksPerDay, bid, sourceBid, evidence, into);
                return handover;

            case HandoverState.Isolated or HandoverState.Confirmed or HandoverState.Restored or HandoverState.Abandoned:
                return handover;

            default:
                throw new ArgumentOutOfRangeException(nameof(handover), handover.State, "A hand-over state without a rule.");
        }
    }

    private static void Isolate(Measurement measured, Handover handover, long[] seen, EvidenceList evidence, List<Proposal> into)
    {
        var change = new AddNegative(handover.SourceCampaign, handover.SourceAdGroup, NegativeMatch.Exact, handover.Term);
        evidence.Clicks("impressions7", seen[0]).Clicks("clicks7", seen[1]).Clicks("sourceClicksPerDay", handover.SourceClicksPerDay).Word("term", handover.Term);
        Add(measured, handover, ReasonCode.IsolateSource, change, evidence, into);
    }

    private static void Restore(Measurement measured, Handover handover, Negative negative, double clicksPerDay, double bid, double sourceBid, EvidenceList evidence, List<Proposal> into)
    {
        var change = new ArchiveNegative(handover.SourceCampaign, negative.AdGroup, negative.Id, negative.Match, negative.Text);
        evidence.Clicks("clicksPerDay", clicksPerDay).Clicks("sourceClicksPerDay", handover.SourceClicksPerDay).Money("bid", bid).Money("sourceBid", sourceBid).Word("term", handover.Term);
        Add(measured, handover, ReasonCode.RestoreSource, change, evidence, into);
    }

    private static void Add(Measurement measured, Handover handover, ReasonCode reason, Change change, EvidenceList evidence, List<Proposal> into) =>
        into.Add(new Proposal(
            ProposalNames.Of(measured.Workspace, Module.Graduation, change.EntityKey), Module.Graduation, reason, handover.Sku, change, evidence.Take(),
            Effects.Certain(0, measured.Workspace.Marketplace.Currency)));

    private static int Find(Measurement measured, Handover handover)
    {
        var workspace = measured.Workspace;
        if (!measured.Structure.ExactByGroup.TryGetValue(handover.TargetAdGroup.Value, out var exact)) return -1;
        return exact.TryGetValue(handover.Term, out var target) && workspace.Targets[target].State != EntityState.Archived ? target : -1;
    }

    private static Negative? FindNegative(Workspace workspace, Handover handover)
    {
        foreach (var negative in workspace.Negatives)
        {
            if (negative.State == EntityState.Enabled && negative.Match == NegativeMatch.Exact && negative.Campaign == handover.SourceCampaign
                && (negative.AdGroup is null || negative.AdGroup == handover.SourceAdGroup)
                && string.Equals(negative.Text.Trim(), handover.Term, StringComparison.OrdinalIgnoreCase)) return negative;
        }

        return null;
    }

    // Impressions and clicks of the last 7 days, clicks of the last 14, of targets under way.
    private static Dictionary<int, long[]> Delivered(Measurement measured)
    {
        var wanted = measured.Workspace.Handovers.Select(handover => Find(measured, handover)).Where(target => target >= 0).ToHashSet();
        var sums = new Dictionary<int, long[]>();
        if (wanted.Count == 0) return sums;
        var table = measured.Workspace.TargetDays;
        var keys = table.Keys("target_id");
        var targetOf = measured.Structure.Targets(keys).Select(target => wanted.Contains(target) ? target : -1).ToArray();
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var target = targetOf[keys.Codes[row]];
            var age = measured.Workspace.Today.DayNumber - facts.Days[row] - 1;
            if (target < 0 || age is < 0 or >= HandoverRule.CheckDays) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, target, out _);
            sum ??= new long[3];
            if (age < 7) (sum[0], sum[1]) = (sum[0] + facts.Impressions[row], sum[1] + facts.Clicks[row]);
            sum[2] += facts.Clicks[row];
        }

        return sums;
    }

    private static double SourceBid(Measurement measured, Handover handover, SearchTerms terms)
    {
        var group = measured.Structure.Group(handover.SourceAdGroup);
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.Group == group && !cell.IsExact && cell.Source >= 0 && string.Equals(terms.Words[cell.Term].Trim(), handover.Term, StringComparison.OrdinalIgnoreCase))
                return (double)measured.Workspace.Targets[cell.Source].Bid.Amount;
        }

        return group < 0 ? 0 : (double)measured.Workspace.AdGroups[group].DefaultBid.Amount;
    }
}

using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
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

    /// <summary>
    /// Lets a young target inherit what its term showed in the source: it is the same shoppers' words. What a source is closed to no longer speaks of the source.
    /// </summary>
    public static void Inherit(Measurement measured, SearchTerms terms)
    {
        var own = new OwnTargets(measured);
        var heirs = new Dictionary<(int Product, string Term), int>();
        foreach (var handover in measured.Workspace.Handovers)
        {
            if (handover.State is HandoverState.Restored or HandoverState.Abandoned || own.Find(handover) is not (>= 0 and var target)) continue;
            heirs[(measured.Structure.Product(handover.Sku), handover.Term)] = target;
        }

        foreach (var (target, (exposure, orders)) in terms.Left)
        {
            measured.Exposure[target] = Math.Max(0, measured.Exposure[target] - exposure);
            measured.Orders[target] = Math.Max(0, measured.Orders[target] - orders);
        }

        if (heirs.Count == 0) return;
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || !heirs.TryGetValue((measured.Structure.GroupProduct[cell.Group], TermText.Plain(terms.Words[cell.Term])), out var heir)) continue;
            measured.Exposure[heir] += Math.Max(0, cell.Exposure);
            measured.Orders[heir] += Math.Max(0, cell.Orders);
        }
    }

    public static List<Handover> Step(Situation situation, List<Proposal> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        var all = new List<Handover>();
        if (workspace.Handovers.IsEmpty) return all;
        var own = new OwnTargets(measured);
        var delivered = Delivered(measured, own);
        var negatives = Negatives(workspace);
        var sources = Sources(measured, situation.Terms);
        var floors = new Dictionary<TargetId, decimal>();
        foreach (var handover in workspace.Handovers.OrderBy(entry => entry.Term, StringComparer.Ordinal).ThenBy(entry => entry.SourceAdGroup.Value))
        {
            if (workspace.Today.DayNumber - handover.Since.DayNumber > KeptDays && handover.State is HandoverState.Restored or HandoverState.Abandoned) continue;
            var target = own.Find(handover);
            var negative = negatives.GetValueOrDefault((handover.SourceAdGroup.Value, handover.Term)) ?? negatives.GetValueOrDefault((-handover.SourceCampaign.Value, handover.Term));
            if (Next(situation, handover, target, negative, delivered, sources, evidence, into) is not { } next) continue;
            all.Add(next);
            if (target < 0 || next.State is not (HandoverState.Created or HandoverState.Delivering)) continue;

            // Under its sources' bids the new target would never be shown, and its sources never be closed.
            var id = workspace.Targets[target].Id;
            var floor = (decimal)(HarvestInputs.AboveSource * SourceBid(situation, handover, target, sources));
            floors[id] = Math.Max(floor, floors.GetValueOrDefault(id));
        }

        if (floors.Count > 0)
            into.RemoveAll(proposal => proposal.Change is SetBid bid && bid.After < bid.Before && bid.Before <= workspace.Settings.MaximumBid && floors.TryGetValue(bid.Target, out var floor) && bid.After.Amount < floor);
        return all;
    }

    private static Handover? Next(
        Situation situation, Handover handover, int target, Negative? negative, Dictionary<int, long[]> delivered, Dictionary<(int Group, string Term), int> sources, EvidenceList evidence, List<Proposal> into)
    {
        var measured = situation.Measured;
        var today = measured.Workspace.Today;
        var waited = today.DayNumber - handover.Since.DayNumber;
        Handover Now(HandoverState state) => handover with { State = state, Since = today };
        switch (handover.State)
        {
            case HandoverState.Created when target < 0:
                // Never applied: the term is a candidate again. Applied but not yet visible: wait.
                var created = measured.History.Of(OwnTargets.KeyOf(handover));
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
                Restore(situation, handover, target, sources, negative!, 0, 0, 0, evidence, into);
                return handover;

            case HandoverState.Isolated when waited >= HandoverRule.CheckDays:
                var clicksPerDay = (delivered.GetValueOrDefault(target)?[2] ?? 0) / (double)HandoverRule.CheckDays;
                var bid = (double)measured.Workspace.Targets[target].Bid.Amount;
                var sourceBid = SourceBid(situation, handover, target, sources);
                if (!HandoverRule.IsLost(clicksPerDay, handover.SourceClicksPerDay, bid, sourceBid)) return Now(HandoverState.Confirmed);
                Restore(situation, handover, target, sources, negative!, clicksPerDay, bid, sourceBid, evidence, into);
                return handover;

            case HandoverState.Isolated or HandoverState.Confirmed or HandoverState.Restored or HandoverState.Abandoned:
                return handover;

            default:
                throw new ArgumentOutOfRangeException(nameof(handover), handover.State, "A hand-over state without a rule.");
        }
    }

    private static void Isolate(Measurement measured, Handover handover, long[] seen, EvidenceList evidence, List<Proposal> into)
    {
        var change = new AddNegative(handover.SourceCampaign, handover.SourceAdGroup, MatchOf(handover), OwnTargets.TextOf(handover));
        evidence.Clicks("impressions7", seen[0]).Clicks("clicks7", seen[1]).Clicks("sourceClicksPerDay", handover.SourceClicksPerDay).Word("term", handover.Term);
        Add(measured, handover, ReasonCode.IsolateSource, change, evidence, into);
    }

    private static void Restore(
        Situation situation, Handover handover, int target, Dictionary<(int Group, string Term), int> sources, Negative negative, double clicksPerDay, double bid, double sourceBid, EvidenceList evidence, List<Proposal> into)
    {
        var change = new ArchiveNegative(handover.SourceCampaign, negative.AdGroup, negative.Id, negative.Match, negative.Text);
        evidence.Clicks("clicksPerDay", clicksPerDay).Clicks("sourceClicksPerDay", handover.SourceClicksPerDay).Money("bid", bid).Money("sourceBid", sourceBid).Word("term", handover.Term);
        Add(situation.Measured, handover, ReasonCode.RestoreSource, change, evidence, into, Regained(situation, handover, target, sources, clicksPerDay, evidence));
    }

    // The clicks that went missing come back at what they cost in the source, and buy as the term did there.
    private static Effect? Regained(Situation situation, Handover handover, int target, Dictionary<(int Group, string Term), int> sources, double clicksPerDay, EvidenceList evidence)
    {
        var measured = situation.Measured;
        var source = measured.Structure.Group(handover.SourceAdGroup) is >= 0 and var group ? sources.GetValueOrDefault((group, handover.Term), -1) : -1;
        var like = target >= 0 ? target : source;
        if (like < 0 || double.IsNaN(measured.Contribution[like])) return null;
        var missed = 30 * Math.Max(0, handover.SourceClicksPerDay - clicksPerDay);
        var (price, posterior) = (measured.ClickPrice(source >= 0 ? source : like), measured.Posterior(like));
        var worth = situation.Worth.Lasting(like, measured.Contribution[like], situation.Worth.Incrementality[like]);
        evidence.Clicks("clicksMissed", missed).Money("clickValue", posterior.Mean * worth).Money("clickPrice", price);
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (missed * ((posterior.Quantile(Effects.Slice(slice)) * worth) - price), 1.0 / points.Length);
        return Effects.Of(points, measured.Workspace.Marketplace.Currency);
    }

    private static void Add(Measurement measured, Handover handover, ReasonCode reason, Change change, EvidenceList evidence, List<Proposal> into, Effect? effect = null) =>
        into.Add(new Proposal(
            ProposalNames.Of(measured.Workspace, Module.Graduation, change.EntityKey), Module.Graduation, reason, handover.Sku, change, evidence.Take(),
            effect ?? Effects.Certain(0, measured.Workspace.Marketplace.Currency)));

    private static NegativeMatch MatchOf(Handover handover) => Harvest.IsAsin(handover.Term) ? NegativeMatch.Product : NegativeMatch.Exact;

    // By ad group, or by the negative of the campaign's number; phrases are no part of a hand-over.
    private static Dictionary<(long Home, string Text), Negative> Negatives(Workspace workspace)
    {
        var negatives = new Dictionary<(long, string), Negative>();
        foreach (var negative in workspace.Negatives)
        {
            if (negative.State == EntityState.Enabled && negative.Match != NegativeMatch.Phrase) negatives[(negative.AdGroup?.Value ?? -negative.Campaign.Value, TermText.Plain(negative.Text))] = negative;
        }

        return negatives;
    }

    // Target through which each term under way mostly comes.
    private static Dictionary<(int Group, string Term), int> Sources(Measurement measured, SearchTerms terms)
    {
        var sources = new Dictionary<(int, string), int>();
        foreach (var handover in measured.Workspace.Handovers) sources[(measured.Structure.Group(handover.SourceAdGroup), handover.Term)] = -1;
        var groups = sources.Keys.Select(key => key.Item1).ToHashSet();
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || cell.Source < 0 || !groups.Contains(cell.Group)) continue;
            var key = (cell.Group, TermText.Plain(terms.Words[cell.Term]));
            if (sources.ContainsKey(key)) sources[key] = cell.Source;
        }

        return sources;
    }

    // Impressions and clicks of the last 7 days, clicks of the last 14, of targets under way.
    private static Dictionary<int, long[]> Delivered(Measurement measured, OwnTargets own)
    {
        var wanted = measured.Workspace.Handovers.Select(own.Find).Where(target => target >= 0).ToHashSet();
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

    // The source's bid as it would stand in the target's campaign.
    private static double SourceBid(Situation situation, Handover handover, int target, Dictionary<(int Group, string Term), int> sources)
    {
        var measured = situation.Measured;
        var group = measured.Structure.Group(handover.SourceAdGroup);
        if (group < 0) return 0;
        var source = sources.GetValueOrDefault((group, handover.Term), -1);
        var bid = (double)(source < 0 ? measured.Workspace.AdGroups[group].DefaultBid : measured.Workspace.Targets[source].Bid).Amount;
        return bid * situation.Multipliers[measured.Structure.GroupCampaign[group]] / situation.Multipliers[measured.Structure.TargetCampaign[target]];
    }
}

/// <summary>Finds the target of a hand-over: an exact keyword, or a product target for an ASIN.</summary>
internal sealed class OwnTargets
{
    private readonly Measurement measured;
    private readonly Dictionary<(long Group, string Asin), int> products = [];

    public OwnTargets(Measurement measured)
    {
        this.measured = measured;
        var targets = measured.Workspace.Targets;
        for (var target = 0; target < targets.Length; target++)
        {
            if (targets[target] is { Match: MatchType.Product, State: not EntityState.Archived } entry) products[(entry.AdGroup.Value, TermText.Plain(entry.Text))] = target;
        }
    }

    /// <returns>Position in the workspace; −1 when it is not there, or archived.</returns>
    public int Find(Handover handover)
    {
        if (Harvest.IsAsin(handover.Term)) return products.GetValueOrDefault((handover.TargetAdGroup.Value, handover.Term), -1);
        if (!measured.Structure.ExactByGroup.TryGetValue(handover.TargetAdGroup.Value, out var exact)) return -1;
        return exact.TryGetValue(handover.Term, out var target) && measured.Workspace.Targets[target].State != EntityState.Archived ? target : -1;
    }

    /// <returns>The text as Amazon writes it.</returns>
    public static string TextOf(Handover handover) => Harvest.IsAsin(handover.Term) ? handover.Term.ToUpperInvariant() : handover.Term;

    /// <returns>Key of the write that created the target.</returns>
    public static string KeyOf(Handover handover) =>
        new CreateTarget(handover.TargetCampaign, handover.TargetAdGroup, Harvest.IsAsin(handover.Term) ? MatchType.Product : MatchType.Exact, TextOf(handover), default).EntityKey;
}

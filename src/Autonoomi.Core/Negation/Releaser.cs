using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Negation;

/// <summary>Opens ad groups again to terms that pay by today's price, costs and bids. What a person closed is only suggested. See docs/maths/negation.md.</summary>
internal static class Releaser
{
    /// <summary>Clicks that a term gets before it may be closed again.</summary>
    public const double TrialClicks = 10;

    private const int RestDays = 14;
    private const int WindowDays = 90;
    private const double HighestBidRatio = 1.5;

    /// <returns>True when a closed term is expected to pay for more than the smallest worthwhile amount.</returns>
    public static bool Pays(in NegationInputs inputs) => inputs.BreakEvenRate > 0 && inputs.ChanceToPay >= inputs.Chance && -inputs.Saving >= inputs.MinimumSaving;

    public static void Propose(Situation situation, IReadOnlyList<Handover> handovers, List<Proposal> into)
    {
        var (measured, terms, settings, workspace) = (situation.Measured, situation.Terms, situation.Settings, situation.Workspace);
        if (settings.ReleaseChance >= 1 || measured.HoldRaises) return;
        var structure = measured.Structure;
        var closed = Closed(situation, handovers);
        if (closed.Count == 0) return;
        var seen = LastSeen(situation, closed.Keys);
        var goals = new BidGoals(situation);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || cell.Source < 0 || cell.Clicks <= 0 || cell.Cost <= 0 || !closed.TryGetValue((cell.Group, cell.Term), out var negative) || !measured.IsDecidable(cell.Source)) continue;
            if (structure.GroupProduct[cell.Group] is not (>= 0 and var product) || structure.SeveralProducts[cell.Group] || measured.Products[product] is not { IsKnown: true, ContributionPerOrder: > 0 } economics) continue;
            if (situation.Stock.IsOut[product] || situation.Stock.Price[product] > 0) continue;
            var (first, last) = seen[(cell.Group, cell.Term)];
            var daysClosed = workspace.Today.DayNumber - last - 1;
            if (daysClosed < RestDays) continue;

            // Clicks as they came while the term was open, at the bid that the source is on its way to today.
            var source = workspace.Targets[cell.Source];
            var now = (double)source.Bid.Amount;
            var then = (double)measured.History.Bid(new SetBid(source.Campaign, source.AdGroup, source.Id, source.Kind, source.Bid, source.Bid).EntityKey, source.Bid.Amount).At(daysClosed, source.Bid.Amount);
            var ratio = then > 0 ? Math.Clamp(goals.RatioOf(cell.Source) * now / then, 1e-3, HighestBidRatio) : 1;
            var share = situation.Worth.Searches.OfSearch(terms.Words[cell.Term], Harvest.IsAsin(terms.Words[cell.Term]));
            var inputs = new NegationInputs(
                Math.Max(0, cell.Exposure), Math.Max(0, cell.Orders), terms.PriorMean(cell), terms.Strength, situation.Worth.Lasting(cell.Source, economics.ContributionPerOrder, share), cell.Cost / cell.Clicks,
                cell.Clicks * 30 / Math.Max(30, last - first + 1), ratio, settings.ClickElasticity, settings.PriceElasticity, settings.ReleaseChance, 1, situation.MinimumGain);
            if (!Pays(inputs)) continue;
            var change = new ArchiveNegative(negative.Campaign, negative.AdGroup, negative.Id, negative.Match, negative.Text);
            inputs.Write(evidence);
            if (share != 1) evidence.Fraction("incrementality", share);
            evidence.Days("daysClosed", daysClosed).Clicks("trialClicks", TrialClicks).Word("term", terms.Words[cell.Term].Trim().ToLowerInvariant());
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Negation, change.EntityKey), Module.Negation, ReasonCode.ReleaseNegative, structure.Products[product], change, evidence.Take(), EffectOf(inputs, workspace)));
        }
    }

    /// <summary>Terms that were opened again and have not had their clicks yet, by position of the ad group.</summary>
    public static HashSet<(int Group, string Text)> OnTrial(Situation situation)
    {
        var (workspace, structure) = (situation.Workspace, situation.Measured.Structure);
        var since = new Dictionary<(int Group, string Text), int>();
        foreach (var applied in workspace.Changes)
        {
            if (applied is { Reason: ReasonCode.ReleaseNegative, Change: ArchiveNegative { AdGroup: { } home } opened } && structure.Group(home) is >= 0 and var group)
                since[(group, opened.Text.Trim().ToLowerInvariant())] = DateOnly.FromDateTime(applied.At.UtcDateTime).DayNumber;
        }

        if (since.Count == 0) return [];
        var table = workspace.SearchTermDays;
        var (keys, texts) = (table.Keys("ad_group_id"), table.Texts("search_term"));
        var groupOf = structure.Groups(keys);
        var asked = since.Keys.Select(key => key.Text).ToHashSet(StringComparer.Ordinal);
        var wanted = Array.ConvertAll(texts.Words, word => asked.Contains(word.Trim().ToLowerInvariant()));
        var clicks = new Dictionary<(int, string), double>();
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            if (!wanted[texts.Codes[row]]) continue;
            var key = (groupOf[keys.Codes[row]], texts.Words[texts.Codes[row]].Trim().ToLowerInvariant());
            if (since.TryGetValue(key, out var day) && facts.Days[row] >= day) clicks[key] = clicks.GetValueOrDefault(key) + facts.Clicks[row];
        }

        return [.. since.Keys.Where(key => clicks.GetValueOrDefault(key) < TrialClicks)];
    }

    // Exact negatives of ad groups that nobody else needs: not part of a hand-over, not standing for a target of the term's own, not set by a person here.
    private static Dictionary<(int Group, int Term), Negative> Closed(Situation situation, IReadOnlyList<Handover> handovers)
    {
        var (workspace, structure) = (situation.Workspace, situation.Measured.Structure);
        var needed = handovers.Where(handover => handover.State is not (HandoverState.Restored or HandoverState.Abandoned)).Select(handover => (handover.SourceAdGroup.Value, handover.Term)).ToHashSet();
        var own = new HashSet<(int, string)>();
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (workspace.Targets[target] is { Match: MatchType.Exact or MatchType.Product, State: not EntityState.Archived } entry) own.Add((structure.TargetProduct[target], entry.Text.Trim().ToLowerInvariant()));
        }

        var found = new Dictionary<(int Group, string Text), Negative>();
        var campaignWide = new HashSet<(CampaignId, string)>();
        foreach (var negative in workspace.Negatives)
        {
            if (negative.State != EntityState.Enabled) continue;
            var text = negative.Text.Trim().ToLowerInvariant();
            if (negative.AdGroup is null) campaignWide.Add((negative.Campaign, text));
            if (negative.Match == NegativeMatch.Phrase || negative.AdGroup is not { } place || structure.Group(place) is not (>= 0 and var group)) continue;
            if (needed.Contains((place.Value, text)) || own.Contains((structure.GroupProduct[group], text)) || !MayOpen(situation, negative)) continue;

            // Of two that say the same the older goes; the other follows.
            if (!found.TryGetValue((group, text), out var other) || negative.Id.Value < other.Id.Value) found[(group, text)] = negative;
        }

        var closed = new Dictionary<(int, int), Negative>();
        if (found.Count == 0) return closed;
        var codes = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var asked = found.Keys.Select(key => key.Text).ToHashSet(StringComparer.Ordinal);
        for (var term = 0; term < situation.Terms.Words.Length; term++)
        {
            var text = situation.Terms.Words[term].Trim().ToLowerInvariant();
            if (!asked.Contains(text)) continue;
            if (!codes.TryGetValue(text, out var list)) codes.Add(text, list = []);
            list.Add(term);
        }

        var phrases = workspace.Negatives.Where(negative => negative is { State: EntityState.Enabled, Match: NegativeMatch.Phrase }).ToLookup(negative => negative.Campaign);
        foreach (var ((group, text), negative) in found)
        {
            if (!codes.TryGetValue(text, out var list)) continue;

            // Opening one lock of two opens nothing.
            if (campaignWide.Contains((negative.Campaign, text)) || phrases[negative.Campaign].Any(phrase => (phrase.AdGroup is null || phrase.AdGroup == negative.AdGroup) && Guardrails.GuardContext.HoldsWords(text, phrase.Text.Trim()))) continue;
            foreach (var term in list) closed[(group, term)] = negative;
        }

        return closed;
    }

    // Ours, by what the last 90 days remember; of unknown origin where a person approves every write. What a person closed here stays closed.
    private static bool MayOpen(Situation situation, Negative negative)
    {
        var key = new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text).EntityKey;
        var last = situation.Measured.History.Of(key).LastOrDefault(applied => applied.Change is AddNegative);
        return last is null ? situation.Workspace.Settings.Mode != AutomationMode.Auto : !last.ByPerson && last.Module == Module.Negation;
    }

    private static Dictionary<(int Group, int Term), (int First, int Last)> LastSeen(Situation situation, IEnumerable<(int Group, int Term)> closed)
    {
        var table = situation.Workspace.SearchTermDays;
        var (keys, texts) = (table.Keys("ad_group_id"), table.Texts("search_term"));
        var days = table.Ints("day");
        var groupOf = situation.Measured.Structure.Groups(keys);
        var seen = closed.ToDictionary(key => key, _ => (First: int.MaxValue, Last: 0));
        var wanted = new bool[texts.Words.Length];
        foreach (var (_, term) in seen.Keys) wanted[term] = true;
        var oldest = situation.Workspace.Today.DayNumber - WindowDays;
        var first = int.MaxValue;
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] < oldest) continue;
            first = Math.Min(first, days[row]);
            if (!wanted[texts.Codes[row]]) continue;
            ref var span = ref CollectionsMarshal.GetValueRefOrNullRef(seen, (groupOf[keys.Codes[row]], texts.Codes[row]));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref span)) span.Last = Math.Max(span.Last, days[row]);
        }

        foreach (var key in seen.Keys.ToList()) seen[key] = (first, seen[key].Last);
        return seen;
    }

    private static Effect EffectOf(in NegationInputs inputs, Workspace workspace)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (-inputs.SavingAt(inputs.Posterior.Quantile(Effects.Slice(slice))), 1.0 / points.Length);
        return Effects.Of(points, workspace.Marketplace.Currency);
    }
}

using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Negation;

/// <summary>Closes ad groups to search terms that do not pay, once two independent tests agree. See docs/maths/negation.md.</summary>
internal static class Negator
{
    private const double MaturedShare = 0.8;
    private const double CampaignSpendShare = 0.002;
    private const int MaximumLetters = 80;
    private const int MaximumWords = 10;

    public static void Propose(Situation situation, IReadOnlyList<Handover> handovers, List<Proposal> into)
    {
        if (situation.Settings.NegationChance <= 0) return;
        var (measured, terms, settings, workspace, structure) = (situation.Measured, situation.Terms, situation.Settings, situation.Workspace, situation.Measured.Structure);
        var spend = new double[workspace.Campaigns.Length];
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (structure.TargetCampaign[target] is >= 0 and var campaign) spend[campaign] += measured.Cost30[target];
        }

        var closed = NegativeIndex.Of(workspace.Negatives);
        var pipeline = handovers.Where(handover => handover.State is not (HandoverState.Restored or HandoverState.Abandoned))
            .Select(handover => (structure.Product(handover.Sku), handover.Term)).ToHashSet();
        var goals = new BidGoals(situation);
        var takers = new Takers(situation, goals);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            var product = structure.GroupProduct[cell.Group];
            var campaign = structure.GroupCampaign[cell.Group];

            // An exact keyword has a bid of its own: bidding corrects it, a negative would only hide it.
            if (cell.IsExact || product < 0 || !measured.IsManaged(campaign) || workspace.AdGroups[cell.Group].State != EntityState.Enabled) continue;
            if (measured.Products[product] is not { IsKnown: true } economics || economics.ContributionPerOrder <= 0) continue;
            if (cell.Clicks30 <= 0 || cell.Cost30 <= 0 || cell.MaturedClicks < MaturedShare * cell.Clicks) continue;
            var share = situation.Worth.Searches.OfSearch(terms.Words[cell.Term], Harvest.IsAsin(terms.Words[cell.Term]));
            var inputs = new NegationInputs(
                Math.Max(0, cell.Exposure), Math.Max(0, cell.Orders), 0, terms.Strength, situation.Worth.Lasting(cell.Source, economics.ContributionPerOrder, share), cell.Cost30 / cell.Clicks30, cell.Clicks30,
                goals.RatioOf(cell.Source), settings.ClickElasticity, settings.PriceElasticity, settings.NegationChance, settings.NegationEvidence, Math.Max(situation.MinimumGain, CampaignSpendShare * spend[campaign]));

            // The cheap test first: it throws out all but a handful of half a million terms.
            if (inputs.LogEvidence < Math.Log(settings.NegationEvidence)) continue;
            inputs = inputs with { PriorMean = SearchTerms.PriorMean(cell) };
            if (!inputs.Holds) continue;
            var text = TermText.Plain(terms.Words[cell.Term]);
            var asin = Harvest.IsAsin(text);
            if (text.Length is 0 or > MaximumLetters || text.AsSpan().Count(' ') >= MaximumWords || SearchTerms.IsMasked(text)) continue;
            if (ProtectedTerms.Holds(workspace.Settings.ProtectedTerms, text) || pipeline.Contains((product, text))) continue;

            // Converting elsewhere for the same product: the words are right, this ad group is not the judge.
            if (terms.OrdersOf(product, cell.Term) > cell.AllOrders) continue;
            var group = workspace.AdGroups[cell.Group];
            var match = asin ? NegativeMatch.Product : NegativeMatch.Exact;
            if (closed.Covers(group.Campaign, group.Id, match, text)) continue;

            var change = new AddNegative(group.Campaign, group.Id, match, asin ? text.ToUpperInvariant() : text);
            inputs.Write(evidence);
            if (share != 1) evidence.Fraction("incrementality", share);
            evidence.Word("term", text);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Negation, change.EntityKey), Module.Negation, ReasonCode.NegateTerm, structure.Products[product], change, evidence.Take(),
                EffectOf(inputs, takers.RatioOf(cell.Source, cell.Group, product, text), workspace)));
        }
    }

    // What the closed searches cost, less what they go on costing through the next target that finds them.
    private static Effect EffectOf(in NegationInputs inputs, double taker, Workspace workspace)
    {
        var next = inputs with { BidRatio = Math.Min(1, inputs.BidRatio * taker) };
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++)
            points[slice] = (inputs.SavingAt(inputs.Posterior.Quantile(Effects.Slice(slice))) - (taker > 0 ? next.SavingAt(inputs.Posterior.Quantile(Effects.Slice(slice))) : 0), 1.0 / points.Length);
        return Effects.Of(points, workspace.Marketplace.Currency);
    }
}

/// <summary>Where each target's bid is on its way to, worked out once.</summary>
internal sealed class BidGoals(Situation situation)
{
    private readonly double[] ratios = new double[situation.Workspace.Targets.Length];

    /// <param name="target">Position in the workspace; −1 where the target is gone.</param>
    /// <returns>The goal over the bid in force, above 0 and at most 1.</returns>
    public double RatioOf(int target)
    {
        if (target < 0) return 1;
        ref var ratio = ref ratios[target];
        if (ratio > 0) return ratio;
        var bid = (double)situation.Workspace.Targets[target].Bid.Amount;
        var goal = Bidder.TryInputs(situation, target, out var inputs) ? Math.Max(inputs.MarketMinimum, BidRule.Apply(inputs).Wanted) : bid;
        return ratio = bid > 0 ? Math.Clamp(goal / bid, 1e-3, 1) : 1;
    }
}

/// <summary>Which target of the account finds a search next, once an ad group is closed to it.</summary>
internal sealed class Takers(Situation situation, BidGoals goals)
{
    private readonly ILookup<int, int> loose = Enumerable.Range(0, situation.Workspace.Targets.Length)
        .Where(target => situation.Measured.IsDecidable(target) && situation.Workspace.Targets[target].Match is not (MatchType.Exact or MatchType.Product))
        .ToLookup(target => situation.Measured.Structure.TargetProduct[target]);
    private readonly ClosedTerms closed = ClosedTerms.Of(situation.Workspace, situation.Measured.Structure);

    /// <param name="source">Position of the target that is closed; −1 where it is gone.</param>
    /// <param name="group">Its ad group.</param>
    /// <param name="product">Its product.</param>
    /// <param name="text">The search.</param>
    /// <returns>The next target's bid over the source's, both where they are on their way to and with their placements; 0 where nobody else of the account bids on it.</returns>
    public double RatioOf(int source, int group, int product, string text)
    {
        if (source < 0) return 0;
        var (own, best) = (BidOf(source), 0.0);
        foreach (var target in loose[product])
        {
            if (situation.Measured.Structure.TargetGroup[target] is var other && (other == group || closed.Holds(other, text)) || !Finds(situation.Workspace.Targets[target], text)) continue;
            best = Math.Max(best, BidOf(target));
        }

        return own > 0 ? best / own : 0;
    }

    private double BidOf(int target) => (double)situation.Workspace.Targets[target].Bid.Amount * goals.RatioOf(target) * situation.Multipliers[situation.Measured.Structure.TargetCampaign[target]];

    private static bool Finds(Target target, string text) => target.Kind switch
    {
        TargetKind.Auto => Harvest.IsAsin(text) == target.Match is MatchType.Substitutes or MatchType.Complements,
        TargetKind.Keyword when target.Match == MatchType.Phrase => GuardContext.HoldsWords(text, target.Text.Trim()),
        TargetKind.Keyword when target.Match == MatchType.Broad => Tokens.Of(target.Text).TrueForAll(Tokens.Of(text).Contains),
        _ => false,
    };
}

/// <summary>What is closed already, by campaign, ad group, match and text.</summary>
internal sealed class NegativeIndex
{
    private readonly HashSet<(long Campaign, long Group, NegativeMatch Match, string Text)> closed = [];

    public static NegativeIndex Of(IEnumerable<Negative> negatives)
    {
        var index = new NegativeIndex();
        foreach (var negative in negatives.Where(negative => negative.State == EntityState.Enabled))
            index.closed.Add((negative.Campaign.Value, negative.AdGroup?.Value ?? 0, negative.Match, TermText.Plain(negative.Text)));
        return index;
    }

    public bool Covers(Primitives.CampaignId campaign, Primitives.AdGroupId? group, NegativeMatch match, string text)
    {
        var key = TermText.Plain(text);
        return closed.Contains((campaign.Value, 0, match, key)) || (group is { } id && closed.Contains((campaign.Value, id.Value, match, key)));
    }
}

/// <summary>Words that the seller never wants closed.</summary>
internal static class ProtectedTerms
{
    /// <summary>The term itself, or a term that contains the protected words side by side.</summary>
    public static bool Holds(IReadOnlyList<string> words, string text)
    {
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index].Trim();
            if (word.Length > 0 && $" {text} ".Contains($" {word} ", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

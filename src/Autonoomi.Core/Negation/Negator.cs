using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Proposals;

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
        var (measured, terms, settings, workspace, structure) = (situation.Measured, situation.Terms, situation.Settings, situation.Workspace, situation.Measured.Structure);
        var spend = new double[workspace.Campaigns.Length];
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (structure.TargetCampaign[target] is >= 0 and var campaign) spend[campaign] += measured.Cost30[target];
        }

        var closed = NegativeIndex.Of(workspace.Negatives);
        var pipeline = handovers.Where(handover => handover.State is not (HandoverState.Restored or HandoverState.Abandoned))
            .Select(handover => (structure.Product(handover.Sku), handover.Term)).ToHashSet();
        var trials = Releaser.OnTrial(situation);
        var goals = new BidGoals(situation);
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
            inputs = inputs with { PriorMean = terms.PriorMean(cell) };
            if (!inputs.Holds) continue;
            var text = terms.Words[cell.Term].Trim().ToLowerInvariant();
            var asin = Harvest.IsAsin(text);
            if (text.Length is 0 or > MaximumLetters || text.AsSpan().Count(' ') >= MaximumWords) continue;
            if (ProtectedTerms.Holds(workspace.Settings.ProtectedTerms, text) || pipeline.Contains((product, text)) || trials.Contains((cell.Group, text))) continue;

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
                EffectOf(inputs, workspace)));
        }
    }

    private static Effect EffectOf(in NegationInputs inputs, Workspace workspace)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++)
            points[slice] = (inputs.SavingAt(inputs.Posterior.Quantile(Effects.Slice(slice))), 1.0 / points.Length);
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

/// <summary>What is closed already, by campaign, ad group, match and text.</summary>
internal sealed class NegativeIndex
{
    private readonly HashSet<(long Campaign, long Group, NegativeMatch Match, string Text)> closed = [];

    public static NegativeIndex Of(IEnumerable<Negative> negatives)
    {
        var index = new NegativeIndex();
        foreach (var negative in negatives.Where(negative => negative.State == EntityState.Enabled))
            index.closed.Add((negative.Campaign.Value, negative.AdGroup?.Value ?? 0, negative.Match, negative.Text.Trim().ToLowerInvariant()));
        return index;
    }

    public bool Covers(Primitives.CampaignId campaign, Primitives.AdGroupId? group, NegativeMatch match, string text)
    {
        var key = text.Trim().ToLowerInvariant();
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

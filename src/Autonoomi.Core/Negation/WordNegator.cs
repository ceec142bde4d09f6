using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core.Negation;

/// <summary>Closes ad groups to words whose searches lose money together, though no single search was clicked often enough to tell. See docs/maths/negation.md.</summary>
internal sealed class WordNegator
{
    // Orders by which the rest of a product's searches is pulled towards what its targets promise.
    private const double RestOrders = 2;

    // Words through which so much of a product's orders came are its own.
    private const double CoreShare = 0.05;

    private readonly Situation situation;
    private readonly Dictionary<int, List<string>> keywords = [];
    private readonly ILookup<int, (string Text, double Orders)> sold;
    private readonly ILookup<int, string> underWay;
    private readonly ClosedTerms closed;
    private readonly HashSet<(int Group, string Text)> closing = [];
    private readonly NegativeIndex standing;
    private readonly string[] titles;
    private readonly System.Collections.Immutable.ImmutableArray<string> brand;
    private readonly BidGoals goals;
    private readonly double[] expected;
    private readonly double[] orders;

    private WordNegator(Situation situation, IReadOnlyList<Handover> handovers, IEnumerable<Proposal> before)
    {
        this.situation = situation;
        var (workspace, structure) = (situation.Workspace, situation.Measured.Structure);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (workspace.Targets[target] is not { Kind: TargetKind.Keyword, State: not EntityState.Archived } keyword || structure.TargetGroup[target] is not (>= 0 and var group)) continue;
            if (!keywords.TryGetValue(group, out var list)) keywords.Add(group, list = []);
            list.Add(keyword.Text.Trim());
        }

        var cells = CollectionsMarshal.AsSpan(situation.Terms.Cells);
        var bought = new List<(int Product, string Text, double Orders)>();
        (expected, orders) = (new double[structure.Products.Length], new double[structure.Products.Length]);
        foreach (ref readonly var cell in cells)
        {
            if (structure.GroupProduct[cell.Group] is not (>= 0 and var product)) continue;
            if (cell.AllOrders > 0) bought.Add((product, situation.Terms.Words[cell.Term], cell.AllOrders));
            if (cell.IsExact) continue;
            expected[product] += cell.PriorClicks;
            orders[product] += Math.Max(0, cell.Orders);
        }

        sold = bought.ToLookup(entry => entry.Product, entry => (entry.Text, entry.Orders));
        underWay = handovers.Where(handover => handover.State is HandoverState.Created or HandoverState.Delivering).ToLookup(handover => structure.Product(handover.Sku), handover => handover.Term);
        closed = ClosedTerms.Of(workspace, structure);
        standing = NegativeIndex.Of(workspace.Negatives);
        foreach (var proposal in before)
        {
            if (proposal.Change is AddNegative { AdGroup: { } home } negative) closing.Add((structure.Group(home), negative.Text.ToLowerInvariant()));
        }

        titles = new string[structure.Products.Length];
        foreach (var listing in workspace.Listings)
        {
            if (structure.Product(listing.Sku) is >= 0 and var product) titles[product] = listing.Title;
        }

        brand = BrandWords.Of(workspace);
        goals = new BidGoals(situation);
    }

    public static void Propose(Situation situation, IReadOnlyList<Handover> handovers, List<Proposal> into)
    {
        if (situation.Settings.WordNegationChance <= 0) return;
        var (measured, structure) = (situation.Measured, situation.Measured.Structure);
        var contribution = Array.ConvertAll(measured.Products, product => product is { IsKnown: true } economics ? economics.ContributionPerOrder : 0);
        var grams = Grams.Find(situation.Terms, structure, contribution);
        if (grams.Count == 0) return;
        new WordNegator(situation, handovers, into).Propose(grams, into);
    }

    private void Propose(IReadOnlyList<Gram> grams, List<Proposal> into)
    {
        var (workspace, structure) = (situation.Workspace, situation.Measured.Structure);
        var tests = grams.Where(gram => !IsOwn(gram)).SelectMany(Tests).ToList();
        var threshold = WordInputs.ThresholdOf([.. tests.Select(test => test.Inputs.Tail)]);
        var chosen = new List<(int Group, string Text)>();
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);

        // The largest saving first; what another choice closes already is not closed twice, and of words that were always seen together all are named.
        foreach (var (group, text, alone) in tests.Where(test => test.Inputs.HoldsAlone).OrderByDescending(test => Math.Round(test.Inputs.Saving, 6)).ThenByDescending(test => test.Text.Length)
            .ThenBy(test => test.Text, StringComparer.Ordinal).ThenBy(test => workspace.AdGroups[test.Group].Id.Value))
        {
            var inputs = alone with { Threshold = threshold };
            if (!inputs.Holds || chosen.Exists(other => other.Group == group && (GuardContext.HoldsWords(other.Text, text) || GuardContext.HoldsWords(text, other.Text)))) continue;
            chosen.Add((group, text));
            var home = workspace.AdGroups[group];
            var change = new AddNegative(home.Campaign, home.Id, NegativeMatch.Phrase, text);
            inputs.Write(evidence);
            evidence.Word("words", text);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Negation, change.EntityKey), Module.Negation, ReasonCode.NegateWords, structure.Products[structure.GroupProduct[group]], change, evidence.Take(), EffectOf(inputs)));
        }
    }

    // Words of the seller's own: protected, of the brand, of the title, or those through which the product sells.
    private bool IsOwn(Gram gram)
    {
        var settings = situation.Workspace.Settings;
        bool Touches(string words) => GuardContext.HoldsWords(gram.Text, words.Trim()) || GuardContext.HoldsWords(words, gram.Text);
        if (settings.ProtectedTerms.Any(Touches) || settings.BrandTerms.Any(Touches) || brand.Any(Touches)) return true;

        // Words beside the brand's would close searches for the brand.
        if (gram.Cells.Exists(index => BrandWords.Holds(brand, Search(index)) || ProtectedTerms.Holds(settings.ProtectedTerms, Search(index)))) return true;
        if (titles[gram.Product] is { } title)
        {
            var own = Tokens.Of(title);
            if (Tokens.Of(gram.Text).TrueForAll(own.Contains)) return true;
        }

        double with = 0, all = 0;
        foreach (var (text, bought) in sold[gram.Product])
        {
            all += bought;
            if (GuardContext.HoldsWords(text, gram.Text)) with += bought;
        }

        return with > CoreShare * all || underWay[gram.Product].Any(term => GuardContext.HoldsWords(term, gram.Text));
    }

    private string Search(int cell) => situation.Terms.Words[situation.Terms.Cells[cell].Term];

    private IEnumerable<(int Group, string Text, WordInputs Inputs)> Tests(Gram gram)
    {
        var (measured, terms, settings, workspace, structure) = (situation.Measured, situation.Terms, situation.Settings, situation.Workspace, situation.Measured.Structure);
        var cells = gram.Cells.Select(index => terms.Cells[index]).OrderBy(cell => workspace.AdGroups[cell.Group].Id.Value).ThenBy(cell => terms.Words[cell.Term], StringComparer.Ordinal).ToList();
        double clicks = 0, bought = 0, promised = 0, cost = 0;
        foreach (var cell in cells)
        {
            var exposure = Math.Max(0, cell.Exposure);
            (clicks, bought, promised, cost) = (clicks + exposure, bought + Math.Max(0, cell.Orders), promised + cell.PriorClicks, cost + cell.Cost);
        }

        if (!(clicks > 0)) yield break;
        var rest = (Math.Max(0, orders[gram.Product] - bought) + RestOrders) / (Math.Max(0, expected[gram.Product] - promised) + RestOrders);
        var usual = Math.Clamp(promised / clicks * rest, 1e-4, 0.6);
        var distinct = cells.Select(cell => cell.Term).Distinct().Count();
        var minimum = situation.MinimumGain;
        var economics = measured.Products[gram.Product]!;
        foreach (var home in cells.GroupBy(cell => cell.Group))
        {
            var group = home.Key;
            var campaign = structure.GroupCampaign[group];
            if (!measured.IsManaged(campaign) || workspace.AdGroups[group].State != EntityState.Enabled || structure.SeveralProducts[group]) continue;

            // A keyword that holds the words would be closed itself: its own bid is the remedy.
            if (keywords.TryGetValue(group, out var own) && own.Exists(text => GuardContext.HoldsWords(text, gram.Text))) continue;
            if (standing.Covers(workspace.AdGroups[group].Campaign, workspace.AdGroups[group].Id, NegativeMatch.Phrase, gram.Text)) continue;
            double clicks30 = 0, cost30 = 0, worth = 0;
            var open = home.Where(cell => cell is { Clicks30: > 0, Cost30: > 0 } && !closed.Holds(group, cell.Term) && !closing.Contains((group, terms.Words[cell.Term].Trim().ToLowerInvariant()))).ToList();
            foreach (var cell in open)
            {
                var ratio = goals.RatioOf(cell.Source);
                var fair = cell.Clicks30 * Math.Pow(ratio, settings.ClickElasticity);
                clicks30 += fair;
                cost30 += fair * cell.Cost30 / cell.Clicks30 * Math.Pow(ratio, settings.PriceElasticity);
                worth += fair * situation.Worth.Lasting(cell.Source, economics.ContributionPerOrder, situation.Worth.Searches.OfSearch(terms.Words[cell.Term], Harvest.IsAsin(terms.Words[cell.Term])));
            }

            if (!(clicks30 > 0)) continue;
            var inputs = new WordInputs(
                clicks, bought, usual, distinct, cost, worth / clicks30, clicks30, cost30 / clicks30, 0, settings.WordNegationChance, settings.NegationEvidence, 0, minimum);
            if (!(inputs.Contribution > 0)) continue;

            // Searches that pay in spite of the words: told by their own orders, from what the words promise.
            var collateral = 0.0;
            var factor = inputs.Posterior.Mean / usual * rest;
            foreach (var cell in open)
            {
                var ratio = goals.RatioOf(cell.Source);
                var exposure = Math.Max(0, cell.Exposure);
                var mean = ((terms.Strength * Math.Clamp(cell.PriorClicks / Math.Max(1e-9, exposure) * factor, 1e-4, 0.6)) + Math.Max(0, cell.Orders)) / (terms.Strength + exposure);
                collateral += Math.Max(0, cell.Clicks30 * Math.Pow(ratio, settings.ClickElasticity) * ((mean * inputs.Contribution) - (cell.Cost30 / cell.Clicks30 * Math.Pow(ratio, settings.PriceElasticity))));
            }

            yield return (group, gram.Text, inputs with { Collateral = collateral });
        }
    }

    private Effect EffectOf(in WordInputs inputs)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (inputs.SavingAt(inputs.Posterior.Quantile(Effects.Slice(slice))), 1.0 / points.Length);
        return Effects.Of(points, situation.Workspace.Marketplace.Currency);
    }
}

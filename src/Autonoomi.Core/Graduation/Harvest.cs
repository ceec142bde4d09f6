using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>Gives search terms that earn money a target of their own. See docs/maths/graduation.md.</summary>
internal static class Harvest
{
    /// <param name="handovers">Hand-overs under way; new ones are added.</param>
    public static void Propose(Situation situation, List<Handover> handovers, List<Proposal> into)
    {
        var (measured, terms, stock, workspace) = (situation.Measured, situation.Terms, situation.Stock, situation.Workspace);
        var structure = measured.Structure;
        var destinations = new Destinations(measured);
        var closed = ClosedTerms.Of(workspace, structure);
        var taken = OwnTexts(measured);
        foreach (var handover in handovers)
        {
            if (structure.Product(handover.Sku) is >= 0 and var product) taken.Add((product, handover.Term));
        }

        var productProfit = ProductProfit30(measured);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        foreach (var group in Candidates(terms, structure).OrderBy(pair => pair.Key.Product).ThenBy(pair => terms.Words[pair.Key.Term], StringComparer.Ordinal))
        {
            var (product, term) = group.Key;
            var text = TermText.Plain(terms.Words[term]);
            var asin = IsAsin(text);
            if ((!asin && TargetText.Keyword(text, TargetText.MostWords) is not null) || taken.Contains((product, text))) continue;
            if (stock.IsOut[product] || stock.Price[product] > 0 || measured.Products[product] is not { IsKnown: true }) continue;
            var known = group.Value.Select(index => terms.Cells[index]).Where(cell => cell.Source >= 0).OrderBy(cell => workspace.AdGroups[cell.Group].Id.Value).ToList();
            var sources = known.Where(cell => measured.IsDecidable(cell.Source) && !closed.Holds(cell.Group, cell.Term)).ToList();
            if (sources.Count == 0 || destinations.For(product, asin, sources, closed, text) is not (>= 0 and var destination)) continue;
            if (InputsOf(situation, sources, known, destination, destinations.RivalBid(destination, text), productProfit[product], situation.Worth.Searches.OfSearch(text, asin)) is not { } inputs || inputs.Bid() is not { } bid) continue;

            var home = workspace.AdGroups[destination];
            var change = new CreateTarget(home.Campaign, home.Id, asin ? MatchType.Product : MatchType.Exact, asin ? text.ToUpperInvariant() : text, new Money(bid, workspace.Marketplace.Currency));
            inputs.Write(evidence);
            evidence.Money("cost90", sources.Sum(cell => cell.Cost)).Orders("orders90", sources.Sum(cell => cell.AllOrders)).Word("term", text);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Graduation, change.EntityKey), Module.Graduation, asin ? ReasonCode.HarvestProduct : ReasonCode.HarvestExact, structure.Products[product], change, evidence.Take(),
                inputs.Effect(workspace.Marketplace.Currency)));
            foreach (var cell in sources)
            {
                // A negative in the target's own ad group would close the target itself.
                if (cell.Group == destination) continue;
                var from = workspace.AdGroups[cell.Group];
                handovers.Add(new Handover(text, structure.Products[product], from.Campaign, from.Id, home.Campaign, home.Id, HandoverState.Created, workspace.Today, cell.Clicks30 / 30));
            }
        }
    }

    // All ways in which the term reached the product speak for it together.
    private static HarvestInputs? InputsOf(Situation situation, List<TermCell> sources, List<TermCell> known, int destination, double rivalBid, double productProfit, double incrementality)
    {
        var (measured, terms, settings, workspace) = (situation.Measured, situation.Terms, situation.Settings, situation.Workspace);
        var multiplier = situation.Multipliers[measured.Structure.GroupCampaign[destination]];
        double clicks = 0, orders = 0, prior = 0, clicks30 = 0, cost30 = 0, bids = 0, highest = rivalBid, worth = 0;
        foreach (var cell in sources)
        {
            var exposure = Math.Max(0, cell.Exposure);
            var bid = (double)workspace.Targets[cell.Source].Bid.Amount * situation.Multipliers[measured.Structure.GroupCampaign[cell.Group]] / multiplier;
            (clicks, orders, prior) = (clicks + exposure, orders + Math.Max(0, cell.Orders), prior + (exposure * SearchTerms.PriorMean(cell)));
            (clicks30, cost30, bids) = (clicks30 + cell.Clicks30, cost30 + cell.Cost30, bids + (cell.Clicks30 * bid));
            worth += cell.Clicks30 * situation.Worth.Lasting(cell.Source, measured.Contribution[cell.Source]);
            highest = Math.Max(highest, bid);
        }

        if (clicks <= 0 || clicks30 <= 0 || cost30 <= 0) return null;
        var inputs = new HarvestInputs
        {
            Clicks = clicks, Orders = orders, PriorMean = Math.Clamp(prior / clicks, 1e-4, 0.6), PriorStrength = terms.Strength, Contribution = worth / clicks30, Incrementality = incrementality,
            Shading = settings.Shading, BudgetPrice = situation.BudgetPrice, PlacementMultiplier = multiplier,
            SourceBid = bids / clicks30, HighestSourceBid = highest, Separable = rivalBid == 0 && sources.TrueForAll(cell => cell.Group != destination) ? 1 : 0, Clicks30 = clicks30, ClickPrice = cost30 / clicks30,
            ClickElasticity = settings.ClickElasticity, PriceElasticity = settings.PriceElasticity,
            MinimumGain = Math.Max(situation.MinimumGain, settings.HarvestProfitShare * productProfit), Chance = settings.HarvestChance,
            MaximumBid = (double)workspace.Settings.MaximumBid.Amount, MarketMinimum = (double)workspace.Marketplace.MinimumBid, MarketMaximum = (double)workspace.Marketplace.MaximumBid,
            BidStep = (double)workspace.Marketplace.BidStep,
        };
        var usual = measured.Products[measured.Structure.GroupProduct[destination]]!.ContributionPerOrder;
        return inputs.Start() is { } start ? inputs with { SafeValue = known.Max(cell => terms.Posterior(cell).Mean) * Math.Max(0, usual), NewSpend = NewSpend(known, workspace, start, settings) } : null;
    }

    // As guardrail G8 reckons: the source with most clicks, at the new bid.
    private static double NewSpend(List<TermCell> sources, Facts.Workspace workspace, decimal start, DecisionSettings settings)
    {
        var most = sources.OrderByDescending(cell => cell.Clicks).ThenBy(cell => workspace.AdGroups[cell.Group].Id.Value).First();
        var bid = workspace.Targets[most.Source].Bid.Amount;
        return bid <= 0 ? 0 : Math.Max(0, most.Cost30 / 30 * (Math.Pow((double)(start / bid), settings.ClickElasticity + settings.PriceElasticity) - 1));
    }

    public static bool IsAsin(string term) =>
        term.Length == 10 && term.StartsWith("b0", StringComparison.OrdinalIgnoreCase) && term.All(char.IsAsciiLetterOrDigit);

    private static Dictionary<(int Product, int Term), List<int>> Candidates(SearchTerms terms, Facts.Structure structure)
    {
        var cells = CollectionsMarshal.AsSpan(terms.Cells);
        var groups = new Dictionary<(int, int), List<int>>();
        for (var index = 0; index < cells.Length; index++)
        {
            if (cells[index].IsExact || structure.GroupProduct[cells[index].Group] is not (>= 0 and var product) || terms.OrdersOf(product, cells[index].Term) < 2) continue;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (product, cells[index].Term), out _);
            (list ??= []).Add(index);
        }

        return groups;
    }

    // Texts that have a target of their own, paused ones too: those wait for a reason to come back.
    private static HashSet<(int Product, string Text)> OwnTexts(Measurement measured)
    {
        var texts = new HashSet<(int, string)>();
        for (var target = 0; target < measured.Workspace.Targets.Length; target++)
        {
            var entry = measured.Workspace.Targets[target];
            if (entry.Match is MatchType.Exact or MatchType.Product && entry.State != EntityState.Archived && measured.Structure.TargetProduct[target] is >= 0 and var product)
                texts.Add((product, TermText.Plain(entry.Text)));
        }

        return texts;
    }

    private static double[] ProductProfit30(Measurement measured)
    {
        var profit = new double[measured.Structure.Products.Length];
        for (var target = 0; target < measured.Clicks30.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is >= 0 and var product && !double.IsNaN(measured.Contribution[target]))
                profit[product] += measured.Clicks30[target] * measured.ClickValue(target) - measured.Cost30[target];
        }

        return profit;
    }
}

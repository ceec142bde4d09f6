using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>Gives search terms that earn money a target of their own. See docs/maths/graduation.md.</summary>
internal static class Harvest
{
    private const int MaximumLetters = 80;
    private const int MaximumWords = 10;
    private const double ProductProfitShare = 0.005;

    /// <param name="handovers">Hand-overs under way; new ones are added.</param>
    public static void Propose(Situation situation, List<Handover> handovers, List<Proposal> into)
    {
        var (measured, terms, stock, settings, workspace) = (situation.Measured, situation.Terms, situation.Stock, situation.Settings, situation.Workspace);
        var structure = measured.Structure;
        var destinations = Destinations(measured);
        var taken = ExactTexts(measured);
        foreach (var handover in handovers)
        {
            if (structure.Product(handover.Sku) is >= 0 and var product) taken.Add((product, handover.Term));
        }

        var productProfit = ProductProfit30(measured);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        var cells = CollectionsMarshal.AsSpan(terms.Cells);
        foreach (var group in Candidates(cells, structure).OrderBy(pair => pair.Key.Product).ThenBy(pair => terms.Words[pair.Key.Term], StringComparer.Ordinal))
        {
            var (product, term) = group.Key;
            var text = terms.Words[term].Trim().ToLowerInvariant();
            if (!IsKeyword(text) || taken.Contains((product, text)) || destinations[product] is not (>= 0 and var destination)) continue;
            if (stock.IsOut[product] || stock.Price[product] > 0 || measured.Products[product] is not { IsKnown: true } economics) continue;

            // The source with most clicks speaks for the term; the others are closed to it as well once the target delivers.
            var source = group.Value.Select(index => terms.Cells[index]).OrderByDescending(cell => cell.Clicks).ThenBy(cell => workspace.AdGroups[cell.Group].Id.Value).First();
            var campaign = structure.GroupCampaign[destination];
            if (source.Source < 0 || source.Clicks30 <= 0 || !measured.IsDecidable(source.Source)) continue;
            var inputs = new HarvestInputs(
                Math.Max(0, source.Exposure), Math.Max(0, source.Orders), SearchTerms.PriorMean(source), terms.Strength, situation.Worth.Lasting(source.Source, economics.ContributionPerOrder), settings.Shading, situation.BudgetPrice, situation.Multipliers[campaign],
                (double)workspace.Targets[source.Source].Bid.Amount, source.Clicks30, source.Cost30 / source.Clicks30, settings.ClickElasticity, settings.PriceElasticity,
                Math.Max(situation.MinimumGain, ProductProfitShare * productProfit[product]), settings.HarvestChance, (double)workspace.Settings.MaximumBid.Amount,
                (double)workspace.Marketplace.MinimumBid, (double)workspace.Marketplace.MaximumBid, (double)workspace.Marketplace.BidStep);
            if (inputs.Bid() is not { } bid) continue;

            var home = workspace.AdGroups[destination];
            var change = new CreateTarget(home.Campaign, home.Id, MatchType.Exact, text, new Money(bid, workspace.Marketplace.Currency));
            inputs.Write(evidence);
            evidence.Money("cost90", source.Cost).Orders("orders90", source.AllOrders).Word("term", text);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Graduation, change.EntityKey), Module.Graduation, ReasonCode.HarvestExact, structure.Products[product], change, evidence.Take(),
                inputs.Effect((double)bid, workspace.Marketplace.Currency)));
            foreach (var index in group.Value)
            {
                var cell = terms.Cells[index];
                if (cell.Group == destination && cell.IsExact) continue;
                var from = workspace.AdGroups[cell.Group];
                handovers.Add(new Handover(text, structure.Products[product], from.Campaign, from.Id, home.Campaign, home.Id, HandoverState.Created, workspace.Today, cell.Clicks30 / 30));
            }
        }
    }

    public static bool IsAsin(string term) =>
        term.Length == 10 && term.StartsWith("b0", StringComparison.OrdinalIgnoreCase) && term.All(char.IsAsciiLetterOrDigit);

    private static bool IsKeyword(string text) =>
        text.Length is > 0 and <= MaximumLetters && text.AsSpan().Count(' ') < MaximumWords && !IsAsin(text) && !text.Contains('*', StringComparison.Ordinal);

    private static Dictionary<(int Product, int Term), List<int>> Candidates(ReadOnlySpan<TermCell> cells, Facts.Structure structure)
    {
        var proven = new HashSet<(int, int)>();
        foreach (ref readonly var cell in cells)
        {
            if (!cell.IsExact && cell.AllOrders >= 2 && structure.GroupProduct[cell.Group] is >= 0 and var product) proven.Add((product, cell.Term));
        }

        var groups = new Dictionary<(int, int), List<int>>();
        for (var index = 0; index < cells.Length; index++)
        {
            if (cells[index].IsExact || structure.GroupProduct[cells[index].Group] is not (>= 0 and var product) || !proven.Contains((product, cells[index].Term))) continue;
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, (product, cells[index].Term), out _);
            (list ??= []).Add(index);
        }

        return groups;
    }

    // Per product the enabled manual ad group for it alone that holds most exact keywords.
    private static int[] Destinations(Measurement measured)
    {
        var (workspace, structure) = (measured.Workspace, measured.Structure);
        var (exact, other) = (new int[workspace.AdGroups.Length], new int[workspace.AdGroups.Length]);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (structure.TargetGroup[target] is not (>= 0 and var group) || workspace.Targets[target].State == EntityState.Archived) continue;
            if (workspace.Targets[target] is { Kind: TargetKind.Keyword, Match: MatchType.Exact }) exact[group]++;
            else other[group] += workspace.Targets[target].Kind == TargetKind.Keyword ? 1 : 1000; // product targeting and keywords do not share an ad group
        }

        var best = new int[structure.Products.Length];
        Array.Fill(best, -1);
        foreach (var group in Enumerable.Range(0, workspace.AdGroups.Length).OrderBy(index => workspace.AdGroups[index].Id.Value))
        {
            var product = structure.GroupProduct[group];
            if (product < 0 || structure.SeveralProducts[group] || !measured.IsManaged(structure.GroupCampaign[group])) continue;
            if (workspace.AdGroups[group].State != EntityState.Enabled || workspace.Campaigns[structure.GroupCampaign[group]].Targeting != TargetingType.Manual || other[group] >= 1000) continue;
            if (workspace.Settings.ProtectedCampaigns.Contains(workspace.AdGroups[group].Campaign)) continue;
            if (best[product] < 0 || exact[group] > exact[best[product]]) best[product] = group;
        }

        return best;
    }

    private static HashSet<(int Product, string Text)> ExactTexts(Measurement measured)
    {
        var texts = new HashSet<(int, string)>();
        for (var target = 0; target < measured.Workspace.Targets.Length; target++)
        {
            var entry = measured.Workspace.Targets[target];
            if (entry is { Kind: TargetKind.Keyword, Match: MatchType.Exact } && entry.State != EntityState.Archived && measured.Structure.TargetProduct[target] is >= 0 and var product)
                texts.Add((product, entry.Text.Trim().ToLowerInvariant()));
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

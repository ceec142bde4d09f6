using Autonoomi.Core.Advertising;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>Where a term's own target may live: enabled manual ad groups of the product alone, those with most targets of the kind first.</summary>
internal sealed class Destinations
{
    private readonly List<int>[] keywords;
    private readonly List<int>[] products;

    // By ad group: loose keywords that are on, as sets of tokens, with their bids.
    private readonly Dictionary<int, List<(List<string> Tokens, double Bid)>> loose = [];

    public Destinations(Measurement measured)
    {
        var (workspace, structure) = (measured.Workspace, measured.Structure);
        var (exact, words, pages) = (new int[workspace.AdGroups.Length], new int[workspace.AdGroups.Length], new int[workspace.AdGroups.Length]);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (structure.TargetGroup[target] is not (>= 0 and var group) || workspace.Targets[target].State == EntityState.Archived) continue;
            // A group of keywords shares its ad group with them.
            if (workspace.Targets[target].Match == MatchType.KeywordGroup) continue;
            if (workspace.Targets[target].Kind != TargetKind.Keyword) pages[group]++;
            else if (workspace.Targets[target].Match == MatchType.Exact) exact[group]++;
            else
            {
                words[group]++;
                if (workspace.Targets[target] is not { State: EntityState.Enabled } keyword) continue;
                if (!loose.TryGetValue(group, out var list)) loose.Add(group, list = []);
                list.Add((Tokens.Of(keyword.Text), (double)keyword.Bid.Amount));
            }
        }

        (keywords, products) = (new List<int>[structure.Products.Length], new List<int>[structure.Products.Length]);
        foreach (var group in Enumerable.Range(0, workspace.AdGroups.Length).OrderBy(index => workspace.AdGroups[index].Id.Value))
        {
            var product = structure.GroupProduct[group];
            if (product < 0 || structure.SeveralProducts[group] || !measured.IsManaged(structure.GroupCampaign[group])) continue;
            if (workspace.AdGroups[group].State != EntityState.Enabled || workspace.Campaigns[structure.GroupCampaign[group]].Targeting != TargetingType.Manual) continue;
            if (workspace.Settings.ProtectedCampaigns.Contains(workspace.AdGroups[group].Campaign)) continue;
            if (!workspace.Settings.ProtectedProducts.IsDefaultOrEmpty && workspace.Settings.ProtectedProducts.Contains(structure.Products[product])) continue;

            // Product targeting and keywords do not share an ad group.
            if (pages[group] == 0) (keywords[product] ??= []).Add(group);
            else if (exact[group] + words[group] == 0) (products[product] ??= []).Add(group);
        }

        foreach (var list in keywords) list?.Sort((one, other) => exact[one] != exact[other] ? exact[other].CompareTo(exact[one]) : workspace.AdGroups[one].Id.Value.CompareTo(workspace.AdGroups[other].Id.Value));
        foreach (var list in products) list?.Sort((one, other) => pages[one] != pages[other] ? pages[other].CompareTo(pages[one]) : workspace.AdGroups[one].Id.Value.CompareTo(workspace.AdGroups[other].Id.Value));
    }

    /// <returns>The best ad group in which nothing looser catches the term, or else one where something does; −1 when all are closed to the term or there is none.</returns>
    public int For(int product, bool asin, List<TermCell> sources, ClosedTerms closed, string text)
    {
        var shared = -1;
        foreach (var group in (asin ? products : keywords)[product] ?? [])
        {
            if (closed.Holds(group, text)) continue;
            if (sources.TrueForAll(cell => cell.Group != group) && RivalBid(group, text) == 0) return group;
            if (shared < 0) shared = group;
        }

        return shared;
    }

    /// <returns>Highest bid of the ad group's loose keywords that may catch the text; 0 when none does. They cannot be closed to it without closing its own keyword.</returns>
    public double RivalBid(int group, string text)
    {
        if (!loose.TryGetValue(group, out var list)) return 0;
        var tokens = Tokens.Of(text);
        var highest = 0.0;
        foreach (var (words, bid) in list)
        {
            if (bid > highest && words.TrueForAll(tokens.Contains)) highest = bid;
        }

        return highest;
    }
}

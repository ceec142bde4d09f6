using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Health;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Hygiene;

/// <summary>One of the targets that answered a search, over the last 30 days.</summary>
/// <param name="Target">Which.</param>
/// <param name="Clicks">Of this search, one or more.</param>
/// <param name="Orders">Of this search that can be seen by now.</param>
/// <param name="ClickPrice">What a click of it cost on average.</param>
/// <param name="Bid">The target's bid in force.</param>
/// <param name="Proposed">Why its ad group is to be closed to the search; null where it is not.</param>
public sealed record TermServer(TargetId Target, long Clicks, long Orders, Money ClickPrice, Money Bid, ReasonCode? Proposed);

/// <summary>A search that two or more enabled targets of one product answered within 30 days.</summary>
/// <param name="Term">As Amazon reports it.</param>
/// <param name="Product">Whose ads.</param>
/// <param name="Spend">On it through all of them, 30 days.</param>
/// <param name="Harvested">True where a target of its own is proposed for it.</param>
/// <param name="Servers">Most clicked first, two or more.</param>
public sealed record SharedTerm(string Term, Sku Product, Money Spend, bool Harvested, ImmutableArray<TermServer> Servers);

/// <summary>Which searches a product's targets take from each other; ad groups that are closed to a search by now do not count. See docs/maths/hygiene.md.</summary>
internal static class SharedTerms
{
    /// <summary>How many are told, the dearest first.</summary>
    public const int Most = 50;

    private const int Days = 30;

    public static ImmutableArray<SharedTerm> Of(Situation situation, Decision decision)
    {
        var (workspace, structure, currency) = (situation.Workspace, situation.Measured.Structure, situation.Workspace.Marketplace.Currency);
        var closed = ClosedTerms.Of(workspace, structure);
        var words = situation.Terms.Words;
        var proposed = decision.Proposals.Where(proposal => proposal.Change is AddNegative)
            .GroupBy(proposal => Place((AddNegative)proposal.Change)).ToDictionary(group => group.Key, group => group.First().Reason);
        var created = decision.Proposals.Select(proposal => (proposal.Product, Created: proposal.Change as CreateTarget)).Where(pair => pair.Created is not null)
            .Select(pair => (pair.Product, Spelled(pair.Created!.Text))).ToHashSet();

        var shared = new List<SharedTerm>();
        foreach (var term in Sums(workspace, structure).GroupBy(entry => (entry.Key.Product, entry.Key.Term)))
        {
            var text = words[term.Key.Term];
            var servers = term.Where(entry => !closed.Holds(structure.TargetGroup[entry.Key.Target], term.Key.Term)).ToList();
            if (servers.Count < 2) continue;
            var product = structure.Products[term.Key.Product];
            shared.Add(new SharedTerm(text, product, HealthScore.Amount(servers.Sum(entry => entry.Value.Cost) / 1e6, currency), created.Contains((product, Spelled(text))),
            [
                .. servers.OrderByDescending(entry => entry.Value.Clicks).ThenBy(entry => workspace.Targets[entry.Key.Target].Id.Value).Select(entry =>
                {
                    var target = workspace.Targets[entry.Key.Target];
                    ReasonCode? why = proposed.TryGetValue((target.Campaign, target.AdGroup, Spelled(text)), out var here) || proposed.TryGetValue((target.Campaign, null, Spelled(text)), out here) ? here : null;
                    return new TermServer(target.Id, entry.Value.Clicks, entry.Value.Orders, HealthScore.Amount(entry.Value.Cost / 1e6 / entry.Value.Clicks, currency), target.Bid, why);
                }),
            ]));
        }

        return [.. shared.OrderByDescending(term => term.Spend.Amount).ThenBy(term => term.Product.Value, StringComparer.Ordinal).ThenBy(term => term.Term, StringComparer.Ordinal).Take(Most)];
    }

    // Clicks, orders and cost (micros) by product, search and target; enabled targets alone.
    private static Dictionary<(int Product, int Term, int Target), (long Clicks, long Orders, double Cost)> Sums(Workspace workspace, Structure structure)
    {
        var table = workspace.SearchTermDays;
        var terms = table.Texts("search_term");
        var keys = table.Keys("target_id");
        var targetOf = structure.Targets(keys);
        var facts = new AdColumns(table);
        var sums = new Dictionary<(int, int, int), (long Clicks, long Orders, double Cost)>();
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age is < 0 or >= Days || facts.Clicks[row] <= 0 || targetOf[keys.Codes[row]] is not (>= 0 and var target)) continue;
            if (structure.TargetProduct[target] is not (>= 0 and var product) || !IsServed(workspace, structure, target)) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (product, terms.Codes[row], target), out _);
            sum = (sum.Clicks + facts.Clicks[row], sum.Orders + facts.Orders[row], sum.Cost + facts.Cost[row]);
        }

        return sums;
    }

    private static bool IsServed(Workspace workspace, Structure structure, int target) =>
        workspace.Targets[target].State == EntityState.Enabled && workspace.AdGroups[structure.TargetGroup[target]].State == EntityState.Enabled
        && structure.TargetCampaign[target] is >= 0 and var campaign && workspace.Campaigns[campaign].State == EntityState.Enabled;

    private static (CampaignId Campaign, AdGroupId? AdGroup, string Text) Place(AddNegative negative) => (negative.Campaign, negative.AdGroup, Spelled(negative.Text));

    private static string Spelled(string text) => text.Trim().ToUpperInvariant();
}

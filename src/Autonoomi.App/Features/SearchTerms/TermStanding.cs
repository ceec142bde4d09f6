using System.Collections.Immutable;
using Autonoomi.App.Platform.Grid;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.SearchTerms;

/// <summary>Where a search term stands: whether it has a target of its own, is closed by a negative, and what comes next.</summary>
public sealed class TermStanding
{
    public static readonly ImmutableArray<BadgeWord> Owns = [new("yes", "Has one"), new("itself", "Is it"), new("no", "None")];
    public static readonly ImmutableArray<BadgeWord> Closed = [new("yes", "Negated"), new("no", "")];

    private readonly HashSet<(string? Sku, string Text)> own = [];
    private readonly Dictionary<long, string?> products;
    private readonly HashSet<(long Home, string Text)> exact = [];
    private readonly Dictionary<long, List<string>> phrases = [];
    private readonly Dictionary<(long AdGroup, string Term), HandoverState> handovers = [];
    private readonly HashSet<string> harvested = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(long Home, string Text)> negated = [];

    /// <param name="workspace">Targets, negatives, hand-overs.</param>
    /// <param name="open">Proposals that wait.</param>
    public TermStanding(Workspace workspace, IEnumerable<Proposal> open)
    {
        // Of the product that the ad group shows; of several the first by name, as far as it goes for a word on screen.
        products = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).GroupBy(ad => ad.AdGroup.Value).ToDictionary(group => group.Key, group => group.Min(ad => ad.Sku.Value));
        foreach (var target in workspace.Targets.Where(target => target.Match is MatchType.Exact or MatchType.Product && target.State != EntityState.Archived))
            own.Add((products.GetValueOrDefault(target.AdGroup.Value), Tidy(target.Text)));
        foreach (var negative in workspace.Negatives.Where(negative => negative.State == EntityState.Enabled))
        {
            var home = Home(negative.Campaign, negative.AdGroup);
            if (negative.Match != NegativeMatch.Phrase) exact.Add((home, Tidy(negative.Text)));
            else if (phrases.TryGetValue(home, out var list)) list.Add($" {Tidy(negative.Text)} ");
            else phrases.Add(home, [$" {Tidy(negative.Text)} "]);
        }

        foreach (var handover in workspace.Handovers) handovers[(handover.SourceAdGroup.Value, handover.Term)] = handover.State;
        foreach (var proposal in open)
        {
            if (proposal.Change is CreateTarget create) harvested.Add(create.Text);
            else if (proposal.Change is AddNegative add) negated.Add((Home(add.Campaign, add.AdGroup), Tidy(add.Text)));
        }
    }

    /// <returns>One of <see cref="Owns"/>.</returns>
    public string Own(TermRow row, Target? through)
    {
        var text = Tidy(row.Term);
        if (through is { Match: MatchType.Exact or MatchType.Product } && Tidy(through.Text) == text) return "itself";
        return own.Contains((products.GetValueOrDefault(row.AdGroup), text)) ? "yes" : "no";
    }

    /// <returns>One of <see cref="Closed"/>.</returns>
    public string Negated(TermRow row)
    {
        var text = Tidy(row.Term);
        return Holds(row.AdGroup, text) || Holds(-row.Campaign, text) ? "yes" : "no";
    }

    /// <returns>In words; empty where nothing is under way.</returns>
    public string Next(TermRow row)
    {
        var text = Tidy(row.Term);
        if (handovers.TryGetValue((row.AdGroup, text), out var state)) return Words(state);
        if (negated.Contains((row.AdGroup, text)) || negated.Contains((-row.Campaign, text))) return "Negative waits for a decision";
        return harvested.Contains(text) ? "Own target waits for a decision" : "";
    }

    public static string Words(HandoverState state) => state switch
    {
        HandoverState.Created => "Own target made, not yet shown",
        HandoverState.Delivering => "Own target delivers",
        HandoverState.Isolated => "Closed here, own target takes over",
        HandoverState.Confirmed => "Moved to its own target",
        HandoverState.Restored => "Given back to this target",
        HandoverState.Abandoned => "Given up: stays here",
    };

    private bool Holds(long home, string text)
    {
        if (exact.Contains((home, text))) return true;
        var padded = $" {text} ";
        return phrases.TryGetValue(home, out var list) && list.Exists(phrase => padded.Contains(phrase, StringComparison.Ordinal));
    }

    // A negative of the whole campaign stands under the negative of its number.
    private static long Home(CampaignId campaign, AdGroupId? group) => group?.Value ?? -campaign.Value;

    private static string Tidy(string text) => text.Trim().ToLowerInvariant();
}

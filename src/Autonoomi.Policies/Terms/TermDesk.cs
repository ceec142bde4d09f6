using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Terms;

/// <summary>
/// Writes new keywords and negatives within Amazon's limits: 80 characters, 10 words, 4 for a negative phrase; never what exists already, never a negative on
/// a term that the seller protects.
/// </summary>
internal sealed class TermDesk
{
    private const int MaximumLetters = 80;
    private const int MaximumWords = 10;
    private const int MaximumWordsOfNegativePhrase = 4;

    private readonly Account account;
    private readonly List<Change> changes;
    private readonly HashSet<(int Product, MatchType Match, string Text)> keywords = [];
    private readonly HashSet<(long Campaign, long Group, NegativeMatch Match, string Text)> negatives = [];
    private readonly int[] homes;

    /// <param name="account">Whose keywords and negatives are known.</param>
    /// <param name="changes">Where writes go.</param>
    public TermDesk(Account account, List<Change> changes)
    {
        (this.account, this.changes) = (account, changes);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            var entry = account.Targets[target];
            if (entry.Kind == TargetKind.Keyword && entry.State != EntityState.Archived && account.TargetProduct[target] >= 0)
                keywords.Add((account.TargetProduct[target], entry.Match, entry.Text.Trim().ToLowerInvariant()));
        }

        foreach (var negative in account.Workspace.Negatives)
        {
            if (negative.State != EntityState.Archived) negatives.Add((negative.Campaign.Value, negative.AdGroup?.Value ?? 0, negative.Match, negative.Text.Trim().ToLowerInvariant()));
        }

        homes = Homes(account);
    }

    /// <summary>Creates a keyword in the product's manual ad group of that match type.</summary>
    /// <param name="term">The term to promote.</param>
    /// <param name="match">Exact, phrase or broad.</param>
    /// <param name="bid">Per click, zero or more.</param>
    /// <returns>The position of the ad group; −1 when nothing was created because it exists, cannot be a keyword or has no place.</returns>
    public int Create(in Term term, MatchType match, double bid)
    {
        var product = account.GroupProduct[term.Group];
        var home = Home(term, match);
        if (home < 0 || term.IsAsin || !Fits(term.Text, MaximumWords) || !keywords.Add((product, match, term.Text))) return -1;
        var group = account.Workspace.AdGroups[home];
        var highest = Math.Min(account.Workspace.Marketplace.MaximumBid, account.Workspace.Settings.MaximumBid.Amount);
        changes.Add(new CreateTarget(group.Campaign, group.Id, match, term.Text, BidMoves.Rounded(account.Workspace.Marketplace, bid, highest)));
        return home;
    }

    /// <returns>The position of the ad group in which a keyword of the term would be created; −1 when there is none.</returns>
    public int Home(in Term term, MatchType match) => homes[account.GroupProduct[term.Group] * 3 + (int)match];

    /// <summary>Creates a keyword and closes the ad group in which the term was found to it, unless the new keyword lives there.</summary>
    public void Move(in Term term, MatchType match, double bid)
    {
        if (Create(term, match, bid) is >= 0 and var home && home != term.Group) Negate(term.Group, NegativeMatch.Exact, term);
    }

    /// <summary>Closes an ad group to a term; a product page is closed by its ASIN.</summary>
    /// <param name="group">Position of the ad group.</param>
    /// <param name="match">Exact or phrase.</param>
    /// <param name="term">The term.</param>
    /// <returns>Whether the negative was added.</returns>
    public bool Negate(int group, NegativeMatch match, in Term term)
    {
        if (term.IsAsin) match = NegativeMatch.Product;
        if (!Fits(term.Text, match == NegativeMatch.Phrase ? MaximumWordsOfNegativePhrase : MaximumWords) || IsProtected(term.Text)) return false;
        var entry = account.Workspace.AdGroups[group];
        if (negatives.Contains((entry.Campaign.Value, 0, match, term.Text)) || !negatives.Add((entry.Campaign.Value, entry.Id.Value, match, term.Text))) return false;
        changes.Add(new AddNegative(entry.Campaign, entry.Id, match, term.IsAsin ? term.Text.ToUpperInvariant() : term.Text));
        return true;
    }

    private static bool Fits(string text, int words) => text.Length is > 0 and <= MaximumLetters && text.AsSpan().Count(' ') < words && !text.Contains('*', StringComparison.Ordinal);

    // A protected word protects every term that holds it.
    private bool IsProtected(string text)
    {
        var padded = $" {text} ";
        foreach (var term in account.Workspace.Settings.ProtectedTerms)
        {
            if (padded.Contains($" {term} ", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // Per product and match type the open manual ad group with most keywords of that match; where none has any, the one with most keywords at all.
    private static int[] Homes(Account account)
    {
        var counts = new int[account.GroupProduct.Length * 4];
        for (var target = 0; target < account.Targets.Length; target++)
        {
            var entry = account.Targets[target];
            if (account.TargetGroup[target] is not (>= 0 and var group) || entry.State == EntityState.Archived) continue;
            if (entry.Kind != TargetKind.Keyword) counts[group * 4 + 3] = -1_000_000; // keywords do not share an ad group with product targets
            else
            {
                counts[group * 4 + (int)entry.Match]++;
                counts[group * 4 + 3]++;
            }
        }

        var homes = new int[account.Products * 3];
        Array.Fill(homes, -1);
        for (var group = 0; group < account.GroupProduct.Length; group++)
        {
            if (account.GroupProduct[group] is not (>= 0 and var product) || counts[group * 4 + 3] < 0 || !account.IsOpenGroup(group)) continue;
            if (account.Campaigns[account.GroupCampaign[group]].Targeting != TargetingType.Manual) continue;
            for (var match = 0; match < 3; match++)
            {
                ref var best = ref homes[product * 3 + match];
                if (best < 0 || (counts[group * 4 + match], counts[group * 4 + 3]).CompareTo((counts[best * 4 + match], counts[best * 4 + 3])) > 0) best = group;
            }
        }

        return homes;
    }
}

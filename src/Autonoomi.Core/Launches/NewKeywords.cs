using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Launches;

/// <param name="Sku">The product that is to be found.</param>
/// <param name="Text">The search.</param>
public sealed record KeywordWish(Sku Sku, string Text);

/// <summary>Searches that a person wants as keywords, put where the product's keywords of the match type already stand, at bids of the model.</summary>
public static class NewKeywords
{
    /// <returns>True where Amazon takes the text as a keyword, and it is no product.</returns>
    public static bool Takes(string text) => !Harvest.IsAsin(text) && TargetText.Keyword(text, TargetText.MostWords) is null;

    /// <param name="workspace">The storefront.</param>
    /// <param name="wanted">Products and searches.</param>
    /// <param name="match">Exact, phrase or broad.</param>
    /// <param name="settings">Numbers of the model.</param>
    /// <returns>One per wish, in order; null where no ad group of the product takes keywords.</returns>
    public static ImmutableArray<CreateTarget?> Of(Workspace workspace, IReadOnlyList<KeywordWish> wanted, MatchType match, DecisionSettings settings)
    {
        var homes = wanted.Select(wish => wish.Sku).Distinct().ToDictionary(sku => sku, sku => Home(workspace, sku, match));
        var least = new Money(workspace.Marketplace.MinimumBid, workspace.Marketplace.Currency);
        var changes = wanted.Select(wish => homes[wish.Sku] is { } home ? new CreateTarget(home.Campaign, home.Id, match, TermText.Plain(wish.Text), least) : null).ToList();
        var priced = new Queue<CreateTarget>(LaunchPrices.Set(workspace, [.. changes.OfType<CreateTarget>()], settings));
        return [.. changes.Select(change => change is null ? null : priced.Dequeue())];
    }

    // Enabled, with enabled keywords; first where those of the match type are, then where the product stands alone, then where most are.
    private static AdGroup? Home(Workspace workspace, Sku sku, MatchType match)
    {
        var campaigns = workspace.Campaigns.Where(campaign => campaign is { AdProduct: AdProduct.SponsoredProducts, State: EntityState.Enabled, Targeting: TargetingType.Manual }).Select(campaign => campaign.Id).ToHashSet();
        var ads = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroup, ad => ad.Sku);
        var keywords = workspace.Targets.Where(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled }).ToLookup(target => target.AdGroup, target => target.Match);
        return workspace.AdGroups.Where(group => group.State == EntityState.Enabled && campaigns.Contains(group.Campaign) && ads[group.Id].Contains(sku) && keywords[group.Id].Any())
            .OrderByDescending(group => keywords[group.Id].Contains(match)).ThenBy(group => ads[group.Id].Distinct().Count()).ThenByDescending(group => keywords[group.Id].Count(of => of == match)).ThenBy(group => group.Id.Value)
            .FirstOrDefault();
    }
}

using Autonoomi.Core.Advertising;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Targets in the trade's words.</summary>
public static class TargetWords
{
    public static string Name(Target target) => target.Kind switch
    {
        TargetKind.Keyword => target.Text,
        TargetKind.Product => target.Match switch
        {
            MatchType.Category => $"Category {target.Text}",
            MatchType.Brand => $"Brand {target.Text}",
            _ => target.Text,
        },
        // Themes of Sponsored Brands, keyword groups and audiences of Sponsored Display bring words of their own.
        TargetKind.Auto => target.Match == MatchType.ContentCategory ? $"Content category {target.Text}" : target.Text.Length > 0 ? target.Text : Match(target.Match),
    };

    public static string Match(MatchType match) => match switch
    {
        MatchType.Exact => "Exact",
        MatchType.Phrase => "Phrase",
        MatchType.Broad => "Broad",
        MatchType.Product => "Product",
        MatchType.Category => "Category",
        MatchType.CloseMatch => "Close match",
        MatchType.LooseMatch => "Loose match",
        MatchType.Substitutes => "Substitutes",
        MatchType.Complements => "Complements",
        MatchType.Brand => "Brand",
        MatchType.KeywordGroup => "Keyword group",
        MatchType.ContentCategory => "Content category",
        MatchType.Other => "Other",
    };

    /// <summary>As Amazon calls it, where there is little room.</summary>
    public static string ShortAd(AdProduct product) => product.Name()["Sponsored ".Length..];

    /// <returns>Why the bid of a target is left as it stands; null where it is decided on.</returns>
    public static string? BidStays(Campaign campaign, Target target) => BidStays(campaign)
        ?? (target.Match == MatchType.Other ? "Amazon has a kind of target here that Autonoomi does not know yet; its figures are counted, and Autonoomi leaves its bid as you set it." : null);

    /// <returns>Why bids of a campaign are left as they stand; null where they are decided on.</returns>
    public static string? BidStays(Campaign campaign) => campaign switch
    {
        { BidsAreOurs: true } => null,
        { AdProduct: AdProduct.SponsoredProducts } => "A rule of Amazon's moves the bids of this campaign; Autonoomi leaves them to it.",
        { CostType: CostType.PerThousandViews } => "This campaign pays per thousand views, not per click; Autonoomi leaves its bids as you set them.",
        { PaysPerClick: false } => "Amazon does not say whether this campaign pays for clicks or for views; Autonoomi leaves its bids as you set them.",
        _ => "Amazon places the bids of this campaign by itself; Autonoomi leaves them as you set them.",
    };

    public static string State(EntityState state) => state switch
    {
        EntityState.Enabled => "Enabled",
        EntityState.Paused => "Paused",
        EntityState.Archived => "Archived",
    };
}

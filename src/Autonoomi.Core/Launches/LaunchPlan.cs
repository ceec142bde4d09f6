using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>Campaigns of Sponsored Products as they are to be made, whole. Everything in it is within Amazon's limits and the seller's; see <see cref="LaunchRules"/>.</summary>
public sealed record LaunchPlan(ImmutableArray<PlannedCampaign> Campaigns)
{
    public static LaunchPlan Empty { get; } = new([]);

    /// <summary>Of all campaigns together, in the storefront's currency; null without a campaign.</summary>
    public Money? DailyBudget => Campaigns.IsEmpty ? null : Campaigns.Select(campaign => campaign.DailyBudget).Aggregate((sum, next) => sum + next);

    public int Targets => Campaigns.Sum(campaign => campaign.AdGroups.Sum(group => group.Targets.Length));

    public int Negatives => Campaigns.Sum(campaign => campaign.Negatives.Length + campaign.AdGroups.Sum(group => group.Negatives.Length));
}

/// <param name="Name">At most 128 characters, unlike every other campaign's.</param>
/// <param name="Targeting">An auto campaign has no targets of its own: Amazon gives each ad group four clauses at its default bid.</param>
/// <param name="DailyBudget">In the storefront's currency.</param>
/// <param name="Strategy">Dynamic bidding.</param>
/// <param name="Start">First day, in the storefront's zone.</param>
/// <param name="AdGroups">One or more.</param>
public sealed record PlannedCampaign(string Name, TargetingType Targeting, Money DailyBudget, BiddingStrategy Strategy, DateOnly Start, ImmutableArray<PlannedAdGroup> AdGroups)
{
    /// <summary>Placement increase in whole percent, 0 to 900.</summary>
    public int TopOfSearchPercent { get; init; }
    public int RestOfSearchPercent { get; init; }
    public int ProductPagesPercent { get; init; }

    /// <summary>Of the whole campaign.</summary>
    public ImmutableArray<PlannedNegative> Negatives { get; init; } = [];
}

/// <param name="Name">At most 255 characters, unlike every other ad group's of the campaign.</param>
/// <param name="DefaultBid">Per click.</param>
/// <param name="Products">What is advertised; one or more.</param>
/// <param name="Targets">Keywords or products; none in an auto campaign.</param>
public sealed record PlannedAdGroup(string Name, Money DefaultBid, ImmutableArray<Sku> Products, ImmutableArray<PlannedTarget> Targets)
{
    /// <summary>Of this ad group alone.</summary>
    public ImmutableArray<PlannedNegative> Negatives { get; init; } = [];

    /// <summary>Why the default bid is what it is; null where no model was asked.</summary>
    public BidGrounds? Grounds { get; init; }
}

/// <param name="Match">Exact, phrase, broad, product or category.</param>
/// <param name="Text">Keyword, ASIN or the category's id.</param>
/// <param name="Bid">Per click.</param>
public sealed record PlannedTarget(MatchType Match, string Text, Money Bid)
{
    /// <summary>Why the bid is what it is; null where no model was asked.</summary>
    public BidGrounds? Grounds { get; init; }
}

/// <param name="Match">Exact, phrase or product.</param>
/// <param name="Text">Search term, words or ASIN.</param>
public sealed record PlannedNegative(NegativeMatch Match, string Text);

/// <summary>What a bid for something that nobody has bid on yet rests on.</summary>
/// <param name="OrdersPerClick">Expected, 0 to 1: of the product, its words and the match type, as far as the storefront knows them.</param>
/// <param name="OrderWorth">What an order is worth before ads, its goal counted.</param>
/// <param name="ClickWorth">The product of the two.</param>
public sealed record BidGrounds(double OrdersPerClick, Money OrderWorth, Money ClickWorth);

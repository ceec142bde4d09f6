using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Facts;

/// <summary>What Amazon itself does with this storefront's money and keywords, as last read from Amazon.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Caps">Portfolios with a budget for each month.</param>
/// <param name="UnderRule">Campaigns whose daily budget a rule at Amazon raises.</param>
/// <param name="Promoted">Ad groups from which Amazon itself carries searches over into manual campaigns.</param>
public sealed record AmazonControls(DateTimeOffset At, ImmutableArray<CappedPortfolio> Caps, ImmutableArray<CampaignId> UnderRule, ImmutableArray<AdGroupId> Promoted)
{
    /// <summary>How far budgets of enabled campaigns were used when Amazon was asked; campaigns that Amazon says nothing of are missing.</summary>
    public ImmutableArray<BudgetUsed> Budgets { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Nothing was read yet.</summary>
    public static AmazonControls Unread { get; } = new(DateTimeOffset.MinValue, [], [], []);
}

/// <param name="Campaign">Which campaign.</param>
/// <param name="Share">Spent of the day's budget, a fraction of 0 or more; 1 is all of it, and Amazon may go beyond.</param>
/// <param name="At">When Amazon counted.</param>
public sealed record BudgetUsed(CampaignId Campaign, decimal Share, DateTimeOffset At);

/// <param name="Id">Amazon's id.</param>
/// <param name="Name">As the seller named it.</param>
/// <param name="Monthly">Amazon ends the spend of its campaigns here, each calendar month.</param>
/// <param name="Campaigns">Living campaigns in it.</param>
public sealed record CappedPortfolio(long Id, string Name, Money Monthly, ImmutableArray<CampaignId> Campaigns);

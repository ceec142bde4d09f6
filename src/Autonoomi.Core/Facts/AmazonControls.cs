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
    /// <summary>Nothing was read yet.</summary>
    public static AmazonControls Unread { get; } = new(DateTimeOffset.MinValue, [], [], []);
}

/// <param name="Id">Amazon's id.</param>
/// <param name="Name">As the seller named it.</param>
/// <param name="Monthly">Amazon ends the spend of its campaigns here, each calendar month.</param>
/// <param name="Campaigns">Living campaigns in it.</param>
public sealed record CappedPortfolio(long Id, string Name, Money Monthly, ImmutableArray<CampaignId> Campaigns);

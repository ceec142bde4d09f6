using System.Text.Json.Serialization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>
/// A part of Sponsored Products that a launch makes at Amazon, its parents already there. Keywords, product targets and negatives are changes like any other
/// (<see cref="Proposals.CreateTarget"/>, <see cref="Proposals.AddNegative"/>).
/// </summary>
public abstract record Creation
{
    /// <summary>What is made: Amazon accepts no second living thing with the same key.</summary>
    [JsonIgnore]
    public abstract string EntityKey { get; }
}

/// <summary>Made paused, so that nothing is spent before all of it stands.</summary>
/// <param name="Name">At most 128 characters, unlike every other campaign's of the account.</param>
/// <param name="Targeting">Fixed once made. Amazon itself gives the ad groups of an auto campaign their four clauses.</param>
/// <param name="DailyBudget">In the storefront's currency.</param>
/// <param name="Strategy">Never <see cref="BiddingStrategy.RuleBased"/>.</param>
/// <param name="Start">First day, in the storefront's zone.</param>
/// <param name="TopOfSearchPercent">Placement increase in whole percent, 0 to 900.</param>
/// <param name="RestOfSearchPercent">As above.</param>
/// <param name="ProductPagesPercent">As above.</param>
public sealed record CreateCampaign(
    string Name, TargetingType Targeting, Money DailyBudget, BiddingStrategy Strategy, DateOnly Start, int TopOfSearchPercent = 0, int RestOfSearchPercent = 0, int ProductPagesPercent = 0) : Creation
{
    [JsonIgnore]
    public override string EntityKey => $"campaign:{Name}";

    /// <returns>The placement increase in whole percent, 0 to 900.</returns>
    public int PercentAt(Placement placement) => placement switch
    {
        Placement.TopOfSearch => TopOfSearchPercent,
        Placement.RestOfSearch => RestOfSearchPercent,
        Placement.ProductPages => ProductPagesPercent,
    };
}

/// <param name="Campaign">Parent.</param>
/// <param name="Name">At most 255 characters, unlike every other ad group's of the campaign.</param>
/// <param name="DefaultBid">For targets without a bid of their own, those of auto campaigns among them.</param>
public sealed record CreateAdGroup(CampaignId Campaign, string Name, Money DefaultBid) : Creation
{
    [JsonIgnore]
    public override string EntityKey => $"ad-group:{Campaign.Value}:{Name}";
}

/// <param name="Campaign">Parent.</param>
/// <param name="AdGroup">Parent.</param>
/// <param name="Sku">The offer that is advertised.</param>
public sealed record CreateProductAd(CampaignId Campaign, AdGroupId AdGroup, Sku Sku) : Creation
{
    [JsonIgnore]
    public override string EntityKey => $"product-ad:{AdGroup.Value}:{Sku.Value}";
}

using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>All living entities of a profile.</summary>
/// <param name="Campaigns">Archived ones excluded, as everywhere here.</param>
/// <param name="AdGroups">Parents of the others.</param>
/// <param name="ProductAds">What is shown.</param>
/// <param name="Targets">With the bid in force.</param>
/// <param name="Negatives">Of ad groups and of campaigns.</param>
public sealed record AdStructure(
    IReadOnlyList<Campaign> Campaigns, IReadOnlyList<AdGroup> AdGroups, IReadOnlyList<ProductAd> ProductAds, IReadOnlyList<Target> Targets, IReadOnlyList<Negative> Negatives)
{
    /// <summary>Why lists were read in place of exports; null when exports sufficed.</summary>
    public AmazonTrouble? WithoutExports { get; init; }
}

/// <param name="Words">Operation, rule and Amazon's words: no ids, nothing of the account.</param>
public sealed record AmazonTrouble(string Words);

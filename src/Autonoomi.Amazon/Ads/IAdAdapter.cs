using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

/// <summary>
/// One family of Amazon's campaign operations behind the words of the unified model: Sponsored Products v3, Sponsored Brands v4 with v3 keywords and targets,
/// Sponsored Display, or Ads API v1 for any of them. All implementations stand the same compliance suite.
/// </summary>
internal interface IAdAdapter
{
    /// <summary>Which campaigns it reads and writes.</summary>
    AdProduct AdProduct { get; }

    Task<IReadOnlyList<Campaign>> CampaignsAsync(CancellationToken cancellationToken);

    /// <returns>True when there are archived campaigns: lists leave them out, and reports tell of them.</returns>
    Task<bool> HasArchivedAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<AdGroup>> AdGroupsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<ProductAd>> ProductAdsAsync(CancellationToken cancellationToken);

    /// <param name="adGroups">For targets without a bid of their own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<AdGroup> adGroups, CancellationToken cancellationToken);

    Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken);

    /// <summary>Sends each change at most once; what Amazon throttled comes back as retryable, and repeating is the caller's.</summary>
    /// <param name="changes">All of this ad product, no two of one <see cref="Change.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per change, in order, whatever Amazon's batches, indexes and partial failures were.</returns>
    Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken);

    /// <returns>How each change stands at Amazon now, in order.</returns>
    Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken);

    /// <summary>Sends each creation at most once. Campaigns are made paused, ad groups and product ads enabled.</summary>
    /// <param name="creations">No two of one <see cref="Creation.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per creation, in order, as of <see cref="ApplyAsync"/>.</returns>
    Task<IReadOnlyList<ChangeOutcome>> CreateAsync(IReadOnlyList<Creation> creations, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ChangeOutcome>>(Writes.Same(creations.Count, Writes.NoSuchOperation("Campaigns, ad groups and product ads are made of Sponsored Products alone.")));

    /// <returns>For each, in order, what lives at Amazon under the same key; null where nothing does.</returns>
    Task<IReadOnlyList<Twin?>> FindAsync(IReadOnlyList<Creation> wanted, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Twin?>>(new Twin?[wanted.Count]);
}

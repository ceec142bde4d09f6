using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

/// <summary>The Ads API for one profile of one consent: Sponsored Products v3 and Reporting v3. Made by <see cref="AmazonConnections"/>.</summary>
/// <remarks>Every member may throw <see cref="AmazonApiException"/>, <see cref="GrantRevokedException"/> and <see cref="OperatorCredentialsException"/>.</remarks>
public sealed class AdsClient
{
    /// <summary>The profiles that this consent reaches, on every regional host, or on the marketplace's host when the client has one. Sellers only.</summary>
    public Task<IReadOnlyList<AdsProfile>> ProfilesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>All campaigns, archived ones excluded.</summary>
    public Task<IReadOnlyList<Campaign>> CampaignsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AdGroup>> AdGroupsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ProductAd>> ProductAdsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Keywords, product targets and auto clauses together. Clauses that Core has no word for (brands, refinements, keyword groups) are left out.</summary>
    /// <param name="adGroups">Whose default bid stands where a target has none of its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<AdGroup> adGroups, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Negatives of ad groups and of campaigns, keywords and products.</summary>
    public Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Writes, in batches. Amazon judges each item alone, so nothing of this is a transaction.</summary>
    /// <param name="changes">No two with the same <see cref="Change.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per change, in the order given. A batch whose answer never came is <see cref="OutcomeKind.Unknown"/> for each of its changes: observe before repeating.</returns>
    public Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Reads what the changes speak of and says how it stands now.</summary>
    /// <returns>One observation per change, in the order given.</returns>
    public Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Orders a report; an equal one that Amazon is still making is adopted.</summary>
    /// <param name="dataset">TargetDay, SearchTermDay, PlacementDay or ProductDay.</param>
    /// <param name="days">At most 31 days, not older than 95.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Amazon's report id.</returns>
    public Task<string> RequestReportAsync(Dataset dataset, DateSpan days, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReportStatus> ReportStatusAsync(string reportId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Fetches a finished report and reads it row by row into a table.</summary>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadReportAsync(Dataset dataset, Uri location, CancellationToken cancellationToken) => throw new NotSupportedException();
}

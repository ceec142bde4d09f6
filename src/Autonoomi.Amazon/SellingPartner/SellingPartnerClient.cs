using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>The Selling Partner API for one seller and marketplace. No operation that returns anything about a buyer is here. Made by <see cref="AmazonConnections"/>.</summary>
/// <remarks>Every member may throw <see cref="AmazonApiException"/>, <see cref="GrantRevokedException"/> and <see cref="OperatorCredentialsException"/>.</remarks>
public sealed class SellingPartnerClient
{
    /// <summary>Marketplaces of the consent's region in which the seller takes part; those that we do not know are left out.</summary>
    public Task<IReadOnlyList<Participation>> ParticipationsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>All listings of the marketplace. A listing without a price has one of zero and is not buyable.</summary>
    public Task<IReadOnlyList<Listing>> ListingsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>A full scan of Amazon's warehouses; several conditions of one SKU are added up.</summary>
    /// <param name="today">The storefront's current day: the day of every row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>InventoryDay. A SKU that is missing is unknown, not zero.</returns>
    public Task<FactTable> InventoryAsync(DateOnly today, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Orders created since an instant, added up by day of purchase (in the marketplace's time zone) and SKU. Cancelled ones are left out.</summary>
    /// <param name="since">Begin it at a midnight of the marketplace, or the first day is a part of a day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>OrderDay.</returns>
    public Task<FactTable> OrdersAsync(DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Orders Data Kiosk economics by day and SKU.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestEconomicsAsync(DateSpan days, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Orders the next page of economics: the same days, and the token of <see cref="QueryStatus.NextPage"/>.</summary>
    public Task<string> RequestEconomicsAsync(DateSpan days, string nextPage, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<QueryStatus> QueryStatusAsync(string queryId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <returns>SkuDay.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadEconomicsAsync(string documentId, CancellationToken cancellationToken) => throw new NotSupportedException();
}

/// <param name="Marketplace">Where the seller takes part.</param>
/// <param name="StoreName">The seller's public name there.</param>
/// <param name="HasSuspendedListings">Amazon stopped listings there.</param>
public sealed record Participation(Marketplace Marketplace, string StoreName, bool HasSuspendedListings);

public enum QueryState { Waiting, Done, Failed }

/// <param name="State">Where it stands.</param>
/// <param name="DocumentId">What to download; null while waiting, and when a finished query has no rows.</param>
/// <param name="NextPage">Token with which the next page is ordered; null when there is none.</param>
/// <param name="Failure">What is known of a failure.</param>
public sealed record QueryStatus(QueryState State, string? DocumentId, string? NextPage, string? Failure);

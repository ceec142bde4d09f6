using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>One advertiser in one marketplace; names are not taken over.</summary>
/// <param name="Id">Profile id.</param>
/// <param name="Marketplace">One that we know; profiles elsewhere are left out.</param>
/// <param name="TimeZone">IANA zone of the reporting day.</param>
/// <param name="AccountId">For sellers the merchant token: joins with the Selling Partner consent.</param>
public sealed record AdsProfile(StorefrontId Id, Marketplace Marketplace, string TimeZone, string AccountId);

public enum OutcomeKind
{
    /// <summary>Amazon took it.</summary>
    Accepted,

    /// <summary>Amazon will not take it: see the code.</summary>
    Refused,

    /// <summary>Not taken now (throttled, inner error of Amazon's for this item): may be sent again.</summary>
    Retryable,

    /// <summary>Nobody said: observe before sending again.</summary>
    Unknown,
}

/// <param name="Kind">What became of the change.</param>
/// <param name="CreatedId">Amazon's id of what a creation made.</param>
/// <param name="Code">Amazon's reason, for example <c>BID_OUT_OF_MARKET_PLACE_RANGE</c>.</param>
/// <param name="Message">Amazon's words.</param>
public sealed record ChangeOutcome(OutcomeKind Kind, long? CreatedId = null, string? Code = null, string? Message = null);

/// <summary>How a change stands at Amazon now.</summary>
public enum Observation
{
    /// <summary>As the change wanted it; for a creation: a twin exists, for an archiving: it is archived or gone.</summary>
    Done,

    /// <summary>As it was before.</summary>
    Untouched,

    /// <summary>Neither: somebody else changed it.</summary>
    Different,

    /// <summary>The thing to change, or its parent, is archived or not there.</summary>
    Gone,
}

/// <summary>What lives at Amazon under the key of a creation.</summary>
/// <param name="Id">Amazon's id.</param>
/// <param name="Difference">
/// Null when it is what the creation would have made; otherwise in plain English what differs, for example <c>its daily budget is 20 USD, not 30 USD</c>.
/// </param>
public sealed record Twin(long Id, string? Difference);

public enum ReportState { Waiting, Done, Failed }

/// <param name="State">Where it stands.</param>
/// <param name="Location">Where to fetch it, for about an hour; null while waiting, and when a finished report has no rows.</param>
/// <param name="Failure">Amazon's reason when it failed.</param>
public sealed record ReportStatus(ReportState State, Uri? Location, string? Failure);

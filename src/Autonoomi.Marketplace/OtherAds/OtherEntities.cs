using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.OtherAds;

/// <summary>Where Sponsored Brands shows an ad.</summary>
internal enum BrandPlacement { TopOfSearch, Other, DetailPage, Home }

/// <summary>What a target of Sponsored Brands or Display reaches.</summary>
internal enum OtherTargetKind
{
    Keyword, Product, Category,

    /// <summary>Sponsored Brands: searches that Amazon finds for the brand or the landing pages.</summary>
    Theme,

    /// <summary>Sponsored Display: pages of products like the advertised one.</summary>
    Similar,

    /// <summary>Sponsored Display: people who looked at or bought something.</summary>
    Audience,

    /// <summary>Pages of a brand's products.</summary>
    Brand,

    /// <summary>Sponsored Display: pages about a subject.</summary>
    ContentCategory,
}

internal enum OtherNegativeKind { Exact, Phrase, Product, Brand }

internal sealed class OtherCampaign
{
    public required long Id { get; init; }
    public required AdProduct AdProduct { get; init; }
    public required string Name { get; init; }
    public required DateOnly StartDate { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required decimal DailyBudget { get; set; }
    public EntityState State { get; set; } = EntityState.Enabled;
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Sponsored Brands: Amazon places the bids itself, and adjustments are not allowed.</summary>
    public bool IsBidAutomatic { get; set; }

    /// <summary>Bids are for a thousand views, and views cost; clicks are free.</summary>
    public bool IsPerThousand { get; init; }

    /// <summary>Sponsored Brands: whole percent, −99 to 900.</summary>
    public Dictionary<BrandPlacement, int> Adjustments { get; } = [];

    /// <summary>Sponsored Display: audiences (true) or products (false).</summary>
    public bool ReachesAudiences { get; init; }

    /// <summary>Charged on the day on which it last paid for a click; a new day begins at nothing.</summary>
    public (int Day, decimal Amount) Spent { get; set; }
}

internal sealed class OtherAdGroup
{
    public required long Id { get; init; }
    public required OtherCampaign Campaign { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public EntityState State { get; set; } = EntityState.Enabled;
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Sponsored Display only; Sponsored Brands has none.</summary>
    public decimal? DefaultBid { get; init; }
}

/// <summary>Sponsored Brands shows several products in one ad, Sponsored Display one.</summary>
internal sealed class OtherAd
{
    public required long Id { get; init; }
    public required OtherAdGroup AdGroup { get; init; }

    /// <summary>Places among the world's products.</summary>
    public required IReadOnlyList<int> Products { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public EntityState State { get; set; } = EntityState.Enabled;
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class OtherTarget
{
    public required long Id { get; init; }
    public required OtherAdGroup AdGroup { get; init; }
    public required OtherTargetKind Kind { get; init; }

    /// <summary>Of keywords.</summary>
    public MatchType? Match { get; init; }

    /// <summary>Keyword, ASIN, id of a category or brand, name of a theme or subject, or audience (<c>views:exactProduct:30</c>).</summary>
    public required string Text { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required decimal? Bid { get; set; }
    public EntityState State { get; set; } = EntityState.Enabled;
    public DateTimeOffset UpdatedAt { get; set; }

    public decimal BidInForce => Bid ?? AdGroup.DefaultBid ?? 0;
}

internal sealed class OtherNegative
{
    public required long Id { get; init; }
    public required OtherAdGroup AdGroup { get; init; }
    public required OtherNegativeKind Kind { get; init; }

    /// <summary>Written as a clause, not as a keyword.</summary>
    public bool IsClause => Kind is OtherNegativeKind.Product or OtherNegativeKind.Brand;
    public required string Text { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public EntityState State { get; set; } = EntityState.Enabled;
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>Why Amazon does not take an item.</summary>
internal enum OtherRefusal { NotFound, Archived, ParentArchived, BidOutOfRange, BudgetOutOfRange, Duplicate, Invalid, Throttled }

/// <param name="Id">Of what was written or created; null when refused.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Message">One sentence.</param>
internal readonly record struct OtherVerdict(long? Id, OtherRefusal? Refusal = null, string Message = "")
{
    public static OtherVerdict Taken(long id) => new(id);

    public static OtherVerdict No(OtherRefusal refusal, string message) => new(null, refusal, message);
}

/// <summary>One item that somebody tried to write.</summary>
internal sealed record OtherWrite(long Sequence, DateTimeOffset At, AdProduct AdProduct, string Entity, string Operation, long? Id, bool Accepted, string? Reason);

/// <summary>One value that a write changed, in the words of Amazon's change history.</summary>
/// <param name="At">When.</param>
/// <param name="Type">Kind of thing, for example <c>THEME</c>.</param>
/// <param name="Id">Which.</param>
/// <param name="Field">For example <c>BID_AMOUNT</c>.</param>
/// <param name="Before">Null for what is new.</param>
/// <param name="After">What stands there now.</param>
/// <param name="Campaign">Its campaign, or itself.</param>
/// <param name="AdGroup">Its ad group, or itself; null for campaigns.</param>
internal sealed record OtherEvent(DateTimeOffset At, string Type, long Id, string Field, string? Before, string After, long Campaign, long? AdGroup);

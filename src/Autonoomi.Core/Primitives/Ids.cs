namespace Autonoomi.Core.Primitives;

/// <summary>One selling partner in one Amazon region: the privacy boundary. Owns one data key.</summary>
public readonly record struct SellerId(Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>The Ads profile of one marketplace of one seller account: the unit of optimisation.</summary>
/// <param name="Value">Amazon's profile id, a positive 63-bit number.</param>
public readonly record struct StorefrontId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

// Amazon's entity ids are unsigned 64-bit on paper and have stayed far below 2^63; a larger one is refused where it is parsed.
public readonly record struct CampaignId(long Value);
public readonly record struct AdGroupId(long Value);
public readonly record struct AdId(long Value);

/// <summary>A keyword, product target or auto clause; Amazon numbers keywords and targets from one space.</summary>
public readonly record struct TargetId(long Value);
public readonly record struct NegativeId(long Value);

/// <summary>The seller's own article number, at most 40 characters at Amazon.</summary>
public readonly record struct Sku(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Amazon's article number: ten letters and digits.</summary>
public readonly record struct Asin(string Value)
{
    public override string ToString() => Value;
}

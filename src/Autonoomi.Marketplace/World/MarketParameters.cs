namespace Autonoomi.Marketplace.World;

/// <summary>The hidden numbers of one market. A scenario draws them from its ranges; the defaults are the demo's.</summary>
public sealed record MarketParameters
{
    /// <summary>σ of the lognormal search volumes; null draws 1.1 to 1.6 from the seed.</summary>
    public double? VolumeSpread { get; init; }

    /// <summary>σ of the rivals' lognormal bids; null draws 0.50 to 0.75 from the seed.</summary>
    public double? RivalSpread { get; init; }

    /// <summary>Standard deviation of the rivals' daily drift.</summary>
    public double RivalDrift { get; init; } = 0.012;

    /// <summary>Share of rivals that raise their bid by <see cref="ReactionStep"/> a day while outranked on their top terms.</summary>
    public double ReactingShare { get; init; } = 0.20;

    public double ReactionStep { get; init; } = 0.05;

    /// <summary>Most steps that a reacting rival goes up.</summary>
    public int ReactionLimit { get; init; } = 8;

    /// <summary>Power of quality in the auction's score, 0.5 to 1.</summary>
    public double QualityPower { get; init; } = 0.7;

    /// <summary>Share of clicks charged and later credited, 0.005 to 0.03.</summary>
    public double InvalidShare { get; init; } = 0.015;

    /// <summary>Orders per click by placement over rest of search: top, rest, product pages.</summary>
    public IReadOnlyList<double> PlacementConversion { get; init; } = [1.15, 1.0, 0.75];

    /// <summary>Share of orders within half a day of the click; null draws 0.65 to 0.75 from the seed.</summary>
    public double? SameDayShare { get; init; }

    /// <summary>Size of the restatements after 1, 7 and 28 days, 0.01 to 0.03: about half of them add, half take away.</summary>
    public double Restatement { get; init; } = 0.012;

    /// <summary>Median orders per click of a product's average search, rest of search.</summary>
    public double Conversion { get; init; } = 0.08;

    public double ConversionSpread { get; init; } = 0.30;

    /// <summary>σ of what no word explains of a term's conversion.</summary>
    public double TermSpread { get; init; } = 0.40;

    /// <summary>Contribution before ads over price, lowest and highest.</summary>
    public double LowestMargin { get; init; } = 0.22;

    public double HighestMargin { get; init; } = 0.48;

    /// <summary>Share of ad orders that would have come anyway: searches with the own brand, all others.</summary>
    public double CannibalOwnBrand { get; init; } = 0.70;

    public double CannibalGeneric { get; init; } = 0.12;

    /// <summary>Multiplies the searches with the seller's own brand.</summary>
    public double BrandVolume { get; init; } = 1;

    /// <summary>Orders of sibling products among an ad's orders.</summary>
    public double HaloShare { get; init; } = 0.12;
}

/// <summary>Something that happens in a market, counted in days from the hand-over of the clock (day 0 is the first day that a policy manages).</summary>
public abstract record MarketEvent;

/// <summary>A season's peak: more shoppers who buy more readily; carts fill beforehand.</summary>
/// <param name="Day">First day of the peak.</param>
/// <param name="Days">Length.</param>
/// <param name="Demand">Shoppers over usual.</param>
/// <param name="Conversion">Orders per click over usual.</param>
/// <param name="LeadInDays">Days before it with conversion at <paramref name="LeadInConversion"/>.</param>
/// <param name="LeadInConversion">Over usual.</param>
public sealed record DemandPeak(int Day, int Days, double Demand, double Conversion, int LeadInDays = 3, double LeadInConversion = 0.95) : MarketEvent;

/// <summary>Rivals' bids rise on a part of the searches for good, and new rivals come.</summary>
public sealed record RivalShock(int Day, double ShareOfSearches, double Level, int Entrants) : MarketEvent;

/// <summary>Price and cost of goods change for a share of the products.</summary>
public sealed record PriceChange(int Day, double ShareOfProducts, double Price, double CostOfGoods) : MarketEvent;

/// <summary>Shelves hold so many days of sales at the hand-over; one delivery comes around a day, and no other before it.</summary>
/// <param name="CoverDays">Days of sales on the shelf.</param>
/// <param name="InboundDay">Planned day of the delivery.</param>
/// <param name="Noise">Standard deviation of its delay in days.</param>
public sealed record ThinStock(double CoverDays, int InboundDay, double Noise) : MarketEvent;

/// <summary>Reports of these days never come (S11).</summary>
public sealed record MissingReports(int Day, int Days) : MarketEvent;

/// <summary>A share of the listings cannot be bought for a while.</summary>
public sealed record Suppression(int Day, int Days, double ShareOfProducts) : MarketEvent;

public enum MarketMode
{
    /// <summary>Clicks are Poisson around tabulated landscapes: fast.</summary>
    Fluid,

    /// <summary>Every page view is an auction with drawn rivals: exact, for sealed tests and to check the other.</summary>
    Event,
}

/// <summary>How the seller's own past looks.</summary>
public enum SellerPast
{
    /// <summary>What a person lays out who knows the trade a little; the demo.</summary>
    Usual,

    /// <summary>Campaigns exist but were switched on at the hand-over: no history.</summary>
    Launch,

    /// <summary>Duplicates across groups, brand words in generic groups, no negatives, wild bids (S8).</summary>
    Messy,

    /// <summary>Very many rarely searched keywords (S6).</summary>
    LongTail,

    /// <summary>A well-kept account: exact keywords for what is searched most, negatives for strays, sane bids (S2).</summary>
    Mature,
}

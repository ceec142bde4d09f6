using System.Collections.Frozen;

namespace Autonoomi.Core.Primitives;

public enum AmazonRegion { NorthAmerica, Europe, FarEast }

/// <summary>
/// One Amazon marketplace with the limits of Sponsored Products there. Source: Amazon Ads limits page, as restated in docs/amazon/limits.md.
/// </summary>
/// <param name="Id">Amazon's marketplace id.</param>
/// <param name="Country">Two-letter country code as the Ads API spells it (UK, not GB).</param>
/// <param name="Currency">Currency of bids, budgets and reports.</param>
/// <param name="Region">Which regional hosts serve it.</param>
/// <param name="TimeZone">IANA zone of the reporting day.</param>
/// <param name="MinimumBid">Lowest bid per click.</param>
/// <param name="MaximumBid">Highest bid per click.</param>
/// <param name="BidStep">Smallest difference between two bids.</param>
/// <param name="MinimumBudget">Lowest daily campaign budget.</param>
/// <param name="MaximumBudget">Highest daily campaign budget.</param>
public sealed record Marketplace(
    string Id, string Country, Currency Currency, AmazonRegion Region, string TimeZone,
    decimal MinimumBid, decimal MaximumBid, decimal BidStep, decimal MinimumBudget, decimal MaximumBudget)
{
    private static readonly Marketplace[] Known =
    [
        Of("ATVPDKIKX0DER", "US", "USD", AmazonRegion.NorthAmerica, "America/Los_Angeles", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A2EUQ1WTGCTBG2", "CA", "CAD", AmazonRegion.NorthAmerica, "America/Los_Angeles", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A1AM78C64UM0Y8", "MX", "MXN", AmazonRegion.NorthAmerica, "America/Los_Angeles", 0.1m, 20_000m, 1m, 21_000_000m),
        Of("A2Q3Y263D00KWC", "BR", "BRL", AmazonRegion.NorthAmerica, "America/Sao_Paulo", 0.07m, 3_700m, 1.32m, 5_300_000m),
        Of("A1F83G8C2ARO7P", "UK", "GBP", AmazonRegion.Europe, "Europe/London", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A1PA6795UKMFR9", "DE", "EUR", AmazonRegion.Europe, "Europe/Berlin", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A13V1IB3VIYZZH", "FR", "EUR", AmazonRegion.Europe, "Europe/Paris", 0.02m, 1000m, 1m, 1_000_000m),
        Of("APJ6JRA9NG5V4", "IT", "EUR", AmazonRegion.Europe, "Europe/Rome", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A1RKKUPIHCS9HS", "ES", "EUR", AmazonRegion.Europe, "Europe/Madrid", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A1805IZSGTT6HS", "NL", "EUR", AmazonRegion.Europe, "Europe/Amsterdam", 0.02m, 1000m, 1m, 1_000_000m),
        Of("AMEN7PMS3EDWL", "BE", "EUR", AmazonRegion.Europe, "Europe/Brussels", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A28R8C7NBKEWEA", "IE", "EUR", AmazonRegion.Europe, "Europe/Dublin", 0.02m, 1000m, 1m, 1_000_000m),
        Of("A2NODRKZP88ZB9", "SE", "SEK", AmazonRegion.Europe, "Europe/Stockholm", 0.18m, 9_300m, 9m, 9_300_000m),
        Of("A1C3SOZRARQ6R3", "PL", "PLN", AmazonRegion.Europe, "Europe/Warsaw", 0.04m, 2_000m, 2m, 2_000_000m),
        Of("A33AVAJ2PDY3EV", "TR", "TRY", AmazonRegion.Europe, "Europe/Istanbul", 0.05m, 2_500m, 2m, 2_500_000m),
        Of("A2VIGQ35RCS4UG", "AE", "AED", AmazonRegion.Europe, "Asia/Dubai", 0.24m, 184m, 4m, 3_700_000m),
        Of("A17E79C6D8DWNP", "SA", "SAR", AmazonRegion.Europe, "Asia/Riyadh", 0.10m, 3_670m, 4m, 3_700_000m),
        Of("AE08WJ6YKNBMC", "ZA", "ZAR", AmazonRegion.Europe, "Africa/Johannesburg", 1m, 7_000m, 20m, 7_000_000m),
        Of("A21TJRUUN4KGV", "IN", "INR", AmazonRegion.Europe, "Asia/Kolkata", 1m, 5_000m, 50m, 21_000_000m),
        Of("A1VC38T7YXB528", "JP", "JPY", AmazonRegion.FarEast, "Asia/Tokyo", 2m, 100_000m, 100m, 21_000_000m),
        Of("A39IBJ37TRP1C6", "AU", "AUD", AmazonRegion.FarEast, "Australia/Sydney", 0.02m, 1_410m, 1.4m, 1_500_000m),
        Of("A19VAU5U5O7RUS", "SG", "SGD", AmazonRegion.FarEast, "Asia/Singapore", 0.02m, 1_100m, 1.39m, 1_300_000m),
    ];

    private static readonly FrozenDictionary<string, Marketplace> ById = Known.ToFrozenDictionary(marketplace => marketplace.Id, StringComparer.Ordinal);

    /// <summary>By region, the largest of each first.</summary>
    public static IReadOnlyList<Marketplace> All => Known;

    /// <exception cref="ArgumentException">The id is of no marketplace that we know.</exception>
    public static Marketplace Find(string id) => ById.TryGetValue(id, out var found)
        ? found
        : throw new ArgumentException($"Marketplace '{id}' is not one of the {ById.Count} that Autonoomi knows.", nameof(id));

    public static bool IsKnown(string id) => ById.ContainsKey(id);

    /// <summary>Rounds down to the bid step, then into the marketplace's limits: never above what was computed unless the minimum demands it.</summary>
    /// <param name="bid">Bid per click in the marketplace's currency.</param>
    public Money RoundBid(double bid)
    {
        if (!double.IsFinite(bid) || bid < 0) throw new ArgumentOutOfRangeException(nameof(bid), bid, "A bid is a finite amount of zero or more.");
        var stepped = Math.Floor((decimal)Math.Min(bid, 1e7) / BidStep) * BidStep;
        return new Money(Math.Clamp(stepped, MinimumBid, MaximumBid), Currency);
    }

    private static Marketplace Of(string id, string country, string currency, AmazonRegion region, string zone, decimal minimumBid, decimal maximumBid, decimal minimumBudget, decimal maximumBudget) =>
        new(id, country, new Currency(currency), region, zone, minimumBid, maximumBid, currency == "JPY" ? 1m : 0.01m, minimumBudget, maximumBudget);
}

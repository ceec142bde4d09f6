using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.OtherAds;

/// <summary>What one target of Sponsored Brands or Display can reach: clicks by bid, their price, and how readily they buy. Hidden from everybody.</summary>
/// <remarks>
/// Share of the reachable clicks at bid b: x^2.2 / (1 + x^2.2) with x = b over the rivals' median. Price of a click: between 45 % and 85 % of the bid, rising with that
/// share. Both depend on what is reached and on the products shown, not on the target's id: a target that is made anew meets the same market.
/// </remarks>
internal sealed class OtherLandscape
{
    private const double Steepness = 2.2;

    private OtherLandscape(long key) => Key = key;

    /// <summary>Keys its draws.</summary>
    public long Key { get; }

    /// <summary>Clicks on an average day when every auction is won.</summary>
    public required double Clicks { get; init; }

    /// <summary>Median of the rivals' bids.</summary>
    public required double Median { get; init; }

    /// <summary>Orders per click.</summary>
    public required double Conversion { get; init; }

    /// <summary>Clicks per impression.</summary>
    public required double ClickRate { get; init; }

    /// <summary>What shoppers type when they meet it; one that is clicked more often stands more often.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    public double ShareAt(double bid)
    {
        if (bid <= 0) return 0;
        var odds = Math.Pow(bid / Median, Steepness);
        return odds / (1 + odds);
    }

    /// <returns>The bid at which this share of the reachable clicks is won, above 0 and below 1.</returns>
    public double BidAt(double share) => Median * Math.Pow(share / (1 - share), 1 / Steepness);

    /// <returns>Price of a click in the storefront's currency.</returns>
    public double PriceAt(double bid) => bid * (0.45 + (0.4 * ShareAt(bid)));

    public static OtherLandscape Of(Dice dice, Market market, OtherTarget target, IReadOnlyList<int> products)
    {
        var product = market.Products[products[0]];
        var isDisplay = target.AdGroup.Campaign.AdProduct == AdProduct.SponsoredDisplay;
        var key = KeyOf($"{target.AdGroup.Campaign.AdProduct}|{target.Kind}|{target.Match}|{target.Text.ToLowerInvariant()}|{product.Index}");
        var isBrand = target.Text.Contains(Catalogue.OwnBrand, StringComparison.OrdinalIgnoreCase) || target.Text.EndsWith("YOUR_BRAND", StringComparison.Ordinal);
        var usual = market.Queries.Where(query => query.Type == product.Type && !query.IsPage && query.BornOn < 0).OrderByDescending(query => query.Volume).Take(20).Average(query => query.RivalMedian);
        var (clicks, level, conversion) = (target.Kind, target.Match) switch
        {
            (OtherTargetKind.Keyword, MatchType.Exact) => (4.0, 1.2, 1.0),
            (OtherTargetKind.Keyword, MatchType.Phrase) => (6.0, 1.1, 0.85),
            (OtherTargetKind.Keyword, _) => (8.0, 1.0, 0.65),
            (OtherTargetKind.Theme, _) => (9.0, 1.0, 0.75),
            (OtherTargetKind.Category, _) => (isDisplay ? 10.0 : 7.0, isDisplay ? 0.5 : 0.9, 0.4),
            (OtherTargetKind.Product, _) => (isDisplay ? 4.0 : 2.5, isDisplay ? 0.6 : 0.9, 0.5),
            (OtherTargetKind.Similar, _) => (12.0, 0.55, 0.45),
            (OtherTargetKind.Audience, _) => (7.0, 0.7, 0.9),
            (OtherTargetKind.Brand, _) => (isDisplay ? 6.0 : 4.0, isDisplay ? 0.5 : 0.9, 0.4),
            (OtherTargetKind.ContentCategory, _) => (8.0, 0.4, 0.3),
            _ => throw new ArgumentOutOfRangeException(nameof(target), target.Kind, "No landscape."),
        };
        if (isBrand) (level, conversion) = (level * 0.5, conversion * 1.8);
        return new OtherLandscape(key)
        {
            Clicks = clicks * product.OrganicPerDay / 2.8 * dice.LogNormal(0.5, OtherDraws.Market, key, 1),
            Median = Math.Max(market.SmallestCharge, usual * level * dice.LogNormal(0.25, OtherDraws.Market, key, 2)),
            Conversion = Math.Clamp(products.Average(index => market.Products[index].Conversion) * conversion * dice.LogNormal(0.3, OtherDraws.Market, key, 3), 0.005, 0.35),
            ClickRate = (isDisplay ? 0.004 : 0.011) * dice.LogNormal(0.3, OtherDraws.Market, key, 4),
            Terms = TermsOf(market, target, product),
        };
    }

    private static List<string> TermsOf(Market market, OtherTarget target, Product product)
    {
        if (target.Kind == OtherTargetKind.Keyword && target.Match == MatchType.Exact) return [target.Text];
        if (target.Kind is not (OtherTargetKind.Keyword or OtherTargetKind.Theme)) return [];
        var words = Words.Fold(target.Text);
        var met = market.Queries.Where(query => !query.IsPage && query.BornOn < 0 && (target.Kind == OtherTargetKind.Theme
                ? query.Type == product.Type && query.IsOwnBrand == target.Text.EndsWith("YOUR_BRAND", StringComparison.Ordinal)
                : target.Match == MatchType.Phrase ? Words.IsPhrase(words, query.Words) : Words.IsBroad(words, query.Words, synonymsCount: true)))
            .OrderByDescending(query => query.Volume).Take(12).Select(query => query.Text).ToList();
        return met.Count > 0 ? met : [target.Kind == OtherTargetKind.Theme ? Catalogue.Types[product.Type].Heads[0] : target.Text];
    }

    // FNV-1a: the same on every machine.
    private static long KeyOf(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ octet) * 1_099_511_628_211UL);
        return (long)(hash >> 8);
    }
}

/// <summary>Streams of draws that the market itself does not use.</summary>
internal static class OtherDraws
{
    public const Draw Market = (Draw)3001;
    public const Draw Arrival = (Draw)3002;
    public const Draw Shown = (Draw)3003;
    public const Draw Click = (Draw)3004;
    public const Draw Order = (Draw)3005;
    public const Draw Delay = (Draw)3006;
    public const Draw Restated = (Draw)3007;
    public const Draw Seller = (Draw)3008;
    public const Draw View = (Draw)3009;
    public const Draw Suggested = (Draw)3010;
}

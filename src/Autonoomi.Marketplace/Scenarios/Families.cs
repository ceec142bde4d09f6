using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Scenarios;

/// <summary>
/// The families S1 to S13 as data: each parameter has a range for development and a shifted one for sealed seeds, and is drawn per seed. What all families share
/// depends on the seed alone, so that seed 7 is the same market in every family; what makes a family depends on its id too. See docs/maths/protocol.md.
/// </summary>
public static class Families
{
    private const string UnitedStates = "ATVPDKIKX0DER";
    private const string Germany = "A1PA6795UKMFR9";
    private const string Japan = "A1VC38T7YXB528";

    /// <summary>What every market draws, in a fixed order: the position is part of the draw's key, so new rows go to the end.</summary>
    private static readonly (Range Range, Func<MarketParameters, double, MarketParameters> With)[] Market =
    [
        (new(1.1, 1.6, 0.9, 2.0), (market, drawn) => market with { VolumeSpread = drawn }),
        (new(0.45, 0.75, 0.30, 1.0), (market, drawn) => market with { RivalSpread = drawn }),
        (new(0.008, 0.016, 0.005, 0.025), (market, drawn) => market with { RivalDrift = drawn }),
        (new(0.15, 0.25, 0.05, 0.40), (market, drawn) => market with { ReactingShare = drawn }),
        (new(0.60, 0.85, 0.50, 1.0), (market, drawn) => market with { QualityPower = drawn }),
        (new(0.008, 0.020, 0.005, 0.030), (market, drawn) => market with { InvalidShare = drawn }),
        (new(1.10, 1.25, 0.90, 1.50), (market, drawn) => market with { PlacementConversion = [drawn, market.PlacementConversion[1], market.PlacementConversion[2]] }),
        (new(0.65, 0.85, 0.55, 1.0), (market, drawn) => market with { PlacementConversion = [market.PlacementConversion[0], market.PlacementConversion[1], drawn] }),
        (new(0.65, 0.75, 0.55, 0.85), (market, drawn) => market with { SameDayShare = drawn }),
        (new(0.010, 0.016, 0.010, 0.030), (market, drawn) => market with { Restatement = drawn }),
        (new(0.070, 0.090, 0.055, 0.110), (market, drawn) => market with { Conversion = drawn }),
        (new(0.25, 0.35, 0.20, 0.50), (market, drawn) => market with { ConversionSpread = drawn }),
        (new(0.35, 0.50, 0.25, 0.70), (market, drawn) => market with { TermSpread = drawn }),
        (new(0.20, 0.24, 0.15, 0.28), (market, drawn) => market with { LowestMargin = drawn }),
        (new(0.46, 0.50, 0.40, 0.58), (market, drawn) => market with { HighestMargin = drawn }),
        (new(0.60, 0.80, 0.50, 0.90), (market, drawn) => market with { CannibalOwnBrand = drawn }),
        (new(0.08, 0.16, 0.05, 0.25), (market, drawn) => market with { CannibalGeneric = drawn }),
        (new(0.08, 0.16, 0.04, 0.20), (market, drawn) => market with { HaloShare = drawn }),
    ];

    /// <summary>All families, S1 to S13; S6 comes in a size for development too.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        One("S1", "launch", 90, draw => draw.Account(8, 10) with { HistoryDays = 0, Past = SellerPast.Launch }),
        One("S2", "mature", 120, draw => draw.Account(8, 10) with { Past = SellerPast.Mature }),
        One("S3", "seasonal spike", 120, draw => draw.Account(8, 10) with
        {
            Past = SellerPast.Mature,
            Events =
            [
                new DemandPeak(
                    draw.Whole(new(45, 75, 30, 90)), draw.Whole(new(12, 12, 8, 16)), draw.Next(new(2.3, 2.7, 1.8, 3.5)), draw.Next(new(1.30, 1.40, 1.15, 1.55))),
            ],
        }),
        One("S4", "stock-out", 120, draw => draw.Account(8, 10) with
        {
            Past = SellerPast.Mature,
            StockRunsOut = true,
            Events = [new ThinStock(draw.Next(new(18, 22, 12, 30)), draw.Whole(new(42, 48, 30, 60)), draw.Next(new(4, 6, 3, 10)))],
        }) with { StockBinds = true },
        One("S5", "competitor shock", 120, draw => draw.Account(8, 10) with
        {
            Past = SellerPast.Mature,
            Events =
            [
                new RivalShock(
                    draw.Whole(new(43, 47, 25, 80)), draw.Next(new(0.45, 0.55, 0.30, 0.80)), draw.Next(new(1.30, 1.40, 1.20, 1.60)), draw.Whole(new(2, 2, 1, 4))),
            ],
        }),
        One("S6", "long tail, 3,000 targets", 120, draw => draw.LongTail(draw.Whole(new(10, 10, 10, 10)), 300)),
        One("S6-50k", "long tail, 50,000 targets", 120, draw => draw.LongTail(40, 1250)),
        One("S7", "tight budget", 120, draw => draw.Account(8, 10) with { Past = SellerPast.Mature, BudgetFactor = draw.Next(new(0.35, 0.35, 0.25, 0.50)) }) with { BudgetBinds = true },
        One("S8", "messy account", 120, draw => draw.Account(8, 10) with { Past = SellerPast.Messy }),
        One("S9", "price and margin change", 120, draw => draw.Account(8, 10) with
        {
            Past = SellerPast.Mature,
            Events =
            [
                new PriceChange(
                    draw.Whole(new(35, 50, 25, 70)), draw.Next(new(0.4, 0.6, 0.3, 0.8)), draw.Next(new(0.88, 1.08, 0.80, 1.15)), draw.Next(new(1.0, 1.12, 0.90, 1.25))),
            ],
        }) with { SealedOnly = true },
        One("S10", "brand-heavy cannibalisation", 120, draw =>
        {
            var account = draw.Account(8, 10);
            return account with { Past = SellerPast.Mature, Market = account.Market with { BrandVolume = draw.Next(new(4, 6, 3, 9)) } };
        }) with { Incremental = true },
        One("S11", "dirty data", 120, draw => draw.Account(8, 10) with
        {
            Past = SellerPast.Mature,
            TypedCostFactor = draw.Flip() ? draw.Next(new(1.13, 1.17, 1.10, 1.25)) : draw.Next(new(0.83, 0.87, 0.75, 0.90)),
            WriteFailureShare = draw.Next(new(0.01, 0.03, 0.01, 0.05)),
            Events =
            [
                new MissingReports(draw.Whole(new(10, 30, 5, 40)), draw.Whole(new(1, 2, 1, 4))),
                new MissingReports(draw.Whole(new(55, 75, 45, 110)), draw.Whole(new(2, 4, 2, 7))),
                new Suppression(draw.Whole(new(35, 50, 20, 80)), draw.Whole(new(3, 6, 3, 10)), draw.Next(new(0.10, 0.20, 0.05, 0.35))),
            ],
        }),
        One("S12", "target ACoS", 120, draw => draw.Account(8, 10) with { Past = SellerPast.Mature }) with { TargetOfBreakEven = 0.45 },
        new("S13", "three marketplaces", 120, (seed, split) =>
        [
            Storefront(seed, split, UnitedStates, 0, 1),
            Storefront(seed, split, Germany, 1, 1),
            Storefront(seed, split, Japan, 2, 100),
        ]) { SealedOnly = true, UnitedStatesDollars = [1, 1.08, 0.0067] },
    ];

    /// <param name="id">S1 to S13 or S6-50k, in any case.</param>
    /// <returns>The family, or null when there is none of that name.</returns>
    public static Family? Find(string id) => All.FirstOrDefault(family => string.Equals(family.Id, id, StringComparison.OrdinalIgnoreCase));

    /// <returns>The split whose ranges a seed draws from.</returns>
    public static Split SplitOf(ulong seed) => seed >= 5000 ? Split.Shifted : Split.Development;

    /// <returns>The world's own seed: the storefronts of one seed are different markets.</returns>
    public static ulong WorldSeed(ulong seed, int storefront) => storefront == 0 ? seed : new Dice(seed).Bits(Draw.Ids, -1000 - storefront);

    private static Family One(string id, string name, int days, Func<Drawn, WorldSettings> settings) =>
        new(id, name, days, (seed, split) => [settings(new Drawn(id, seed, split))]);

    private static WorldSettings Storefront(ulong seed, Split split, string marketplace, int index, decimal scale) =>
        new Drawn("S13", WorldSeed(seed, index), split).Account(3, 4) with { MarketplaceId = marketplace, MoneyScale = scale, Past = SellerPast.Mature };

    /// <summary>One world's draws, each keyed by its place.</summary>
    private sealed class Drawn(string family, ulong seed, Split split)
    {
        private readonly Dice shared = new(seed);
        private readonly Dice own = new(family.Aggregate(seed, (hash, letter) => unchecked((hash ^ letter) * 0x100000001B3UL)));
        private long place;

        /// <summary>An account of ordinary size whose market is the seed's; 38 targets a product. Shelves stay full unless a family says otherwise.</summary>
        public WorldSettings Account(int fewest, int most) => new()
        {
            Products = (int)Math.Round(Of(shared, -1, new(fewest, most, fewest, most)), MidpointRounding.AwayFromZero),
            StockRunsOut = false,
            Mode = split == Split.Shifted ? MarketMode.Event : MarketMode.Fluid,
            Market = Market.Select((row, at) => (row, at)).Aggregate(new MarketParameters(), (market, next) => next.row.With(market, Of(shared, next.at, next.row.Range))),
        };

        /// <summary>Very many keywords for the shoppers of an ordinary account: a target is clicked twice a month.</summary>
        public WorldSettings LongTail(int products, int keywords) => Account(8, 10) with { Products = products, KeywordsPerProduct = keywords, Past = SellerPast.LongTail };

        public double Next(Range range) => Of(own, place++, range);

        public int Whole(Range range) => (int)Math.Round(Next(range), MidpointRounding.AwayFromZero);

        public bool Flip() => Next(new(0, 1, 0, 1)) < 0.5;

        private double Of(Dice dice, long entity, Range range) => split == Split.Shifted
            ? dice.Uniform(Draw.Scenario, entity, range.ShiftedLow, range.ShiftedHigh)
            : dice.Uniform(Draw.Scenario, entity, range.Low, range.High);
    }
}

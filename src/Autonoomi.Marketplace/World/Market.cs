using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>One target that may answer one shopper for one product.</summary>
internal readonly record struct Candidate(int Target, int Ad, int Campaign);

/// <summary>One product before one query in one placement: whoever of the account's targets bids highest competes here.</summary>
internal sealed class Cell
{
    public required int Placement { get; init; }

    /// <summary>Views per day at average demand.</summary>
    public required double Views { get; init; }

    /// <summary>Key of the shoppers' draws; the same whoever competes.</summary>
    public required long Key { get; init; }

    public int Target { get; set; } = -1;
    public int Ad { get; set; }
    public int Campaign { get; set; }
    public double Bid { get; set; }

    /// <summary>Day for which bid and rates hold.</summary>
    public int PricedOn { get; set; } = -1;
    public double[] Impressions { get; } = new double[Season.Regimes];
    public double[] Clicks { get; } = new double[Season.Regimes];
    public double[] Price { get; } = new double[Season.Regimes];

    /// <summary>Impressions not yet in the day book.</summary>
    public int Shown { get; set; }

    /// <summary>The campaign's paid share of the day up to which this cell is accounted for.</summary>
    public double SettledShare { get; set; }
}

/// <summary>One product before one query.</summary>
internal sealed class Pair
{
    public required int Product { get; init; }
    public required Query Query { get; init; }

    /// <summary>Orders per click, rest of search, before the hour.</summary>
    public required double Conversion { get; init; }

    /// <summary>Click-through over a slot's usual.</summary>
    public required double Relevance { get; init; }

    public required double LogQuality { get; init; }

    /// <summary>Amazon's noisy idea of this pair's conversion over the product's; moves bids under dynamic bidding.</summary>
    public required double Guess { get; init; }

    public required Cell[] Cells { get; init; }

    /// <summary>Place among the live pairs.</summary>
    public int Slot { get; set; }

    /// <summary>Start of this pair's click draws: <see cref="Dice.Begin"/>.</summary>
    public required ulong ClickDraws { get; init; }
    public List<Candidate> Candidates { get; } = [];
}

/// <summary>The hidden parameters: who fits whom, what a click is worth, who competes and at which price.</summary>
internal sealed class Market
{
    public const double InvalidShare = 0.015;
    public const double HaloShare = 0.12;
    public static readonly double[] PlacementConversion = [1.15, 1.0, 0.75];
    // Page views per search: results are scrolled and paged, product pages opened.
    private const double RestOfSearchViews = 2.2;
    private const double ProductPageViews = 2.5;
    private const int FewestRivals = 5;
    private const int MostRivals = 8;
    private const double QualityPower = 0.7;

    private readonly Dice dice;
    private readonly Landscape[,] landscapes = new Landscape[3, MostRivals + 1];
    private readonly Dictionary<long, Pair> pairs = [];
    private readonly Dictionary<string, List<int>> byWord = new(StringComparer.Ordinal);
    private readonly double[] typeScale;
    private readonly double[] orderValue;
    private readonly Product[][] siblings;

    public Market(Dice dice, WorldSettings settings)
    {
        this.dice = dice;
        Products = [.. Enumerable.Range(0, settings.Products).Select(index => Product.Make(dice, index))];
        siblings = [.. Products.Select(product => Products.Where(other => other.Index != product.Index && SameCategory(other.Type, product.Type)).ToArray())];
        orderValue = [.. Products.Select(product => OverOrders(product.Index, static sold => sold.OrderContribution))];
        Types = Math.Min(settings.Products, Catalogue.Types.Length);
        Queries = Shoppers.Lay(dice, Types, settings.Demand);
        var spread = dice.Uniform(Draw.Rivals, -1, 0.50, 0.75);
        for (var rivals = FewestRivals; rivals <= MostRivals; rivals++)
        {
            foreach (var placement in Enum.GetValues<Placement>()) landscapes[(int)placement, rivals] = new Landscape(placement, rivals, spread);
        }

        var typeValue = new double[Types];
        for (var type = 0; type < Types; type++)
        {
            var first = Products.First(product => product.Type == type);
            typeValue[type] = 0.105 * first.OrderContribution * dice.LogNormal(0.12, Draw.Rivals, type, 1);
        }

        typeScale = FitScales();
        foreach (var query in Queries)
        {
            // Eight to fourteen advertisers, of whom three in five are in budget and eligible at any moment.
            query.Rivals = MostRivals - dice.Pick(MostRivals - FewestRivals + 1, Draw.Rivals, query.Index, 2);
            var crowd = query.IsStray ? 0.6 : 1;
            query.RivalMedian = Math.Max(0.12, 0.75 * typeValue[query.Type] * crowd * dice.LogNormal(0.22, Draw.Rivals, query.Index, 3));
            foreach (var word in query.Words.Distinct(StringComparer.Ordinal))
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(byWord, word, out _);
                (list ??= []).Add(query.Index);
            }
        }

        // Every product meets every query and page of its own type, so that the oracle can use them all; loose matches are met when they occur.
        foreach (var query in Queries)
        {
            foreach (var product in Products.Where(product => product.Type == query.Type)) PairOf(product.Index, query);
        }
    }

    public Product[] Products { get; }

    public List<Query> Queries { get; }

    public int Types { get; }

    public IReadOnlyCollection<Pair> Pairs => pairs.Values;

    public Landscape LandscapeOf(int placement, Query query) => landscapes[placement, query.Rivals];

    /// <returns>Worth of one valid click before advertising cost: orders kept, own and sibling products.</returns>
    public double ClickValue(Pair pair, int placement, int regime) => OrderChance(pair, placement, regime) * Shop.KeptShare * orderValue[pair.Product];

    public static double OrderChance(Pair pair, int placement, int regime) =>
        Math.Min(0.6, pair.Conversion * PlacementConversion[placement] * Season.Readiness[regime]);

    public Pair PairOf(int product, Query query)
    {
        var key = ((long)product << 32) | (uint)query.Index;
        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, key, out _);
        return pair ??= Meet(Products[product], query);
    }

    /// <returns>Indices of the queries and pages that a target may answer for a product, ascending.</returns>
    public IEnumerable<int> Matches(WorldTarget target, Product product) => target.Match switch
    {
        MatchType.Exact => ByText(static (keyword, query, _) => World.Words.IsExact(keyword, query), target, product),
        MatchType.Phrase => ByText(static (keyword, query, _) => World.Words.IsPhrase(keyword, query), target, product),
        MatchType.Broad => ByText(static (keyword, query, synonyms) => World.Words.IsBroad(keyword, query, synonyms), target, product),
        MatchType.Product => Queries.Where(query => query.IsPage && string.Equals(query.Text, target.Text, StringComparison.OrdinalIgnoreCase)).Select(query => query.Index),
        MatchType.Category => Queries.Where(query => query.IsPage && CategoryId(query.Type) == target.Text).Select(query => query.Index),
        MatchType.CloseMatch => Queries.Where(query => !query.IsPage && query.Type == product.Type && Likeness(product, query) >= 0.62).Select(query => query.Index),
        MatchType.LooseMatch => Queries.Where(query => !query.IsPage && IsLoose(product, query)).Select(query => query.Index),
        MatchType.Substitutes => Queries.Where(query => query.IsPage && query.Type == product.Type).Select(query => query.Index),
        MatchType.Complements => Queries.Where(query => query.IsPage && query.Type != product.Type && SameCategory(product.Type, query.Type)
            && dice.Uniform(Draw.Page, product.Index, query.Index, 3) < 0.5).Select(query => query.Index),
    };

    public static string CategoryId(int type) => (1_055_000 + Catalogue.Types[type].Category).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Bid as it enters the auction: placement percentage, then dynamic bidding.</summary>
    public static double EffectiveBid(double bid, WorldCampaign campaign, Placement placement, Pair pair)
    {
        var raised = bid * (1 + (campaign.PercentAt(placement) / 100d));
        return campaign.Strategy switch
        {
            BiddingStrategy.Fixed or BiddingStrategy.RuleBased => raised,
            BiddingStrategy.DownOnly => raised * Math.Clamp(pair.Guess, 0.4, 1),
            BiddingStrategy.UpAndDown => raised * Math.Clamp(pair.Guess, 0.4, placement == Placement.TopOfSearch ? 2 : 1.5),
        };
    }

    /// <returns>Other products of the seller in the same category.</returns>
    public IReadOnlyList<Product> Siblings(int product) => siblings[product];

    /// <returns>Mean over the products that an order after an ad for <paramref name="product"/> is of: mostly itself, sometimes a sibling.</returns>
    public double OverOrders(int product, Func<Product, double> figure) => siblings[product].Length == 0
        ? figure(Products[product])
        : ((1 - HaloShare) * figure(Products[product])) + (HaloShare * siblings[product].Average(figure));

    private static bool SameCategory(int type, int other) => Catalogue.Types[type].Category == Catalogue.Types[other].Category;

    private List<int> ByText(Func<string[], string[], bool, bool> isMatch, WorldTarget target, Product product)
    {
        var keyword = World.Words.Fold(target.Text);
        if (keyword.Length == 0) return [];
        var found = new List<int>();
        var start = byWord.GetValueOrDefault(keyword[0]) ?? [];
        var other = Catalogue.Synonyms.TryGetValue(keyword[0], out var synonym) ? byWord.GetValueOrDefault(synonym) ?? [] : [];
        foreach (var index in start.Concat(other).Distinct().Order())
        {
            // A synonym is understood for some shoppers only; which ones is fixed per keyword and search.
            var synonyms = dice.Uniform(Draw.Broad, target.Id, index) < 0.6;
            if (isMatch(keyword, Queries[index].Words, synonyms) && IsRelevant(product, Queries[index])) found.Add(index);
        }

        return found;
    }

    // Even a loose word reaches only a few searches for things of quite another kind.
    private bool IsRelevant(Product product, Query query) =>
        SameCategory(product.Type, query.Type) || dice.Uniform(Draw.Broad, product.Index, query.Index, 8) < 0.12;

    private bool IsLoose(Product product, Query query) => query.Type == product.Type
        ? Likeness(product, query) < 0.62
        : SameCategory(query.Type, product.Type) && dice.Uniform(Draw.Broad, product.Index, query.Index, 9) < 0.04;

    // Share of the search's words that the listing's title holds, with some noise: what Amazon's matching sees.
    private double Likeness(Product product, Query query)
    {
        var known = query.Words.Count(word => product.TitleWords.Contains(word, StringComparer.Ordinal)
            || (Catalogue.Synonyms.TryGetValue(word, out var other) && product.TitleWords.Contains(other, StringComparer.Ordinal)));
        return ((double)known / query.Words.Length) + (0.08 * dice.Normal(Draw.Noise, product.Index, query.Index));
    }

    /// <summary>What a product is to a query, whether or not they ever met: orders per click (rest of search, before the hour) and click-through over a slot's usual.</summary>
    public (double Conversion, double Relevance) Rates(Product product, Query query)
    {
        var fit = Fit(product, query);
        return (
            Math.Min(0.45, product.Conversion * fit / typeScale[product.Type]),
            dice.LogNormal(0.25, Draw.Fit, product.Index, query.Index, 2) * Math.Clamp(Math.Pow(fit, 0.35), 0.4, 1.5) * (query.Type == product.Type ? 1 : 0.45));
    }

    public double QualityOf(double relevance) => Math.Pow(relevance, QualityPower);

    /// <returns>Placements that a search or page has, with their views per day at average demand.</returns>
    public static IEnumerable<(int Placement, double Views)> ViewsOf(Query query) => query.IsPage
        ? [((int)Placement.ProductPages, query.Volume)]
        : [((int)Placement.TopOfSearch, query.Volume), ((int)Placement.RestOfSearch, query.Volume * RestOfSearchViews), ((int)Placement.ProductPages, query.Volume * ProductPageViews)];

    private Pair Meet(Product product, Query query)
    {
        var (conversion, relevance) = Rates(product, query);
        var key = (((long)query.Index * 64) + product.Index) * 4;
        return new Pair
        {
            Product = product.Index,
            Query = query,
            Conversion = conversion,
            Relevance = relevance,
            LogQuality = QualityPower * Math.Log(relevance),
            Guess = Math.Sqrt(conversion / product.Conversion) * dice.LogNormal(0.35, Draw.Noise, product.Index, query.Index, 1),
            ClickDraws = dice.Begin(Draw.Clicks, key),
            Cells = [.. ViewsOf(query).Select(place => new Cell { Placement = place.Placement, Views = place.Views, Key = key + place.Placement })],
        };
    }

    // Meaning decides: a product that has what the words ask for converts, one that has not does so less, strays hardly ever.
    private double Fit(Product product, Query query)
    {
        var fit = dice.LogNormal(0.40, Draw.Fit, product.Index, query.Index, 1);
        if (query.Type != product.Type) return fit * (query.IsPage ? 0.18 : 0.03);
        foreach (var word in query.Attributes) fit *= product.Traits.Contains(word) ? 1.35 : 0.62;
        foreach (var word in query.Uses) fit *= product.Traits.Contains(word) ? 1.15 : 0.75;
        if (query.IsStray) fit *= 0.12;
        if (query.IsOwnBrand) fit *= 2.2;
        if (query.IsRivalBrand) fit *= query.IsPage ? 0.85 : 0.4;
        return fit;
    }

    // So that a product's average search converts at the product's rate.
    private double[] FitScales()
    {
        var scale = new double[Types];
        for (var type = 0; type < Types; type++)
        {
            var product = Products.First(product => product.Type == type);
            var own = Queries.Where(query => query.Type == type && !query.IsPage).ToList();
            scale[type] = own.Sum(query => query.Volume * Fit(product, query)) / own.Sum(query => query.Volume);
        }

        return scale;
    }
}

using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>The hidden parameters: who fits whom, what a click is worth, who competes and at which price. Nothing here knows what the seller does.</summary>
internal sealed class Market
{
    // Page views per search: results are scrolled and paged, product pages opened.
    private const double RestOfSearchViews = 2.2;
    private const double ProductPageViews = 2.5;
    private const int TopPerType = 6;
    private const double IrrelevantFit = 0.2;

    private readonly Dice dice;
    private readonly WorldSettings settings;
    private readonly Season season;
    private readonly Retail retail;
    private readonly Tail tail;
    private readonly Dictionary<long, Pair> pairs = [];
    private readonly List<Pair> allPairs = [];
    private readonly List<MarketDay> days = [];
    private readonly Dictionary<string, Query> byText;
    private readonly double[] placementConversion;
    private readonly double[] typeScale;
    private readonly double[] typeMedian;
    private readonly double scale;
    private readonly Product[][] siblings;
    private int grownTo;

    public Market(Dice dice, WorldSettings settings, DateOnly firstDay)
    {
        this.dice = dice;
        this.settings = settings;
        scale = (double)settings.MoneyScale;
        Parameters = settings.Market;
        placementConversion = [.. Parameters.PlacementConversion];
        Products = [.. Enumerable.Range(0, settings.Products).Select(index => Product.Make(dice, index, settings))];
        siblings = [.. Products.Select(product => Products.Where(other => other.Index != product.Index && SameCategory(other.Type, product.Type)).ToArray())];
        Types = Math.Min(settings.Products, Catalogue.Types.Length);
        season = new Season(dice, Types, firstDay, settings);
        retail = new Retail(dice, Products, settings.Events, settings.HistoryDays, settings.MoneyScale);
        Rivals = new Rivals(dice, season, settings);
        Landscapes = new Landscapes(Rivals);
        Matching = new Matching(dice);
        typeMedian = [.. Enumerable.Range(0, Types).Select(type =>
            0.75 * 0.100 * Products.First(product => product.Type == type).OrderContribution * dice.LogNormal(0.12, Draw.Rivals, type, 1))];
        (var queries, var rarest) = Shoppers.Lay(dice, Types, settings);
        tail = new Tail(dice, rarest, queries);
        typeScale = FitScales(queries);
        byText = queries.ToDictionary(query => query.Text, StringComparer.Ordinal);
        foreach (var query in queries) Admit(query);
        for (var type = 0; type < Types; type++)
        {
            foreach (var query in queries.Where(query => query.Type == type && !query.IsPage).OrderByDescending(query => query.Volume).Take(TopPerType)) query.IsTop = true;
        }

        TopSearches = [.. queries.Where(query => query.IsTop)];
    }

    public MarketParameters Parameters { get; }

    public Product[] Products { get; }

    /// <summary>By index; grows as new searches are born: <see cref="GrowTo"/>.</summary>
    public List<Query> Queries { get; } = [];

    /// <summary>Those that reacting rivals defend.</summary>
    public IReadOnlyList<Query> TopSearches { get; }

    public int Types { get; }

    public Rivals Rivals { get; }

    public Matching Matching { get; }

    public Landscapes Landscapes { get; }

    /// <summary>Every product with every query of its own type, and what loose targets made meet.</summary>
    public IReadOnlyList<Pair> Pairs => allPairs;

    /// <summary>Smallest amount that Amazon charges or pays: a cent, times the money scale.</summary>
    public decimal SmallestUnit => 0.01m * settings.MoneyScale;

    /// <summary>A click costs at least two cents, times the money scale.</summary>
    public double SmallestCharge => 0.02 * scale;

    /// <summary>Lets the searches be born that appear up to and on a day. Policies and oracles see the same ones.</summary>
    public void GrowTo(int day)
    {
        if (day <= grownTo) return;
        grownTo = day;
        foreach (var query in tail.Until(day, Queries.Count)) Admit(query);
    }

    public MarketDay On(int day)
    {
        while (days.Count <= day) days.Add(MarketDay.Of(days.Count, season, retail, Products, siblings, Parameters.HaloShare));
        return days[day];
    }

    /// <summary>Rivals at their frozen level: nobody has provoked them.</summary>
    /// <param name="placement">Of the auction.</param>
    /// <param name="query">Its rivals.</param>
    /// <param name="day">Scenario events add entrants.</param>
    /// <param name="regime">Part of the day.</param>
    public Landscape LandscapeOf(int placement, Query query, int day, int regime) => Landscapes.Of(placement, Rivals.Count(query, day, regime), 0);

    /// <returns>Orders per valid click: a logistic of product, fit, placement, hour, price gap and season, written in odds.</returns>
    /// <param name="odds">Of the product before the query, rest of search: <see cref="Rates"/>.</param>
    /// <param name="product">Its price gap.</param>
    /// <param name="placement">Shoppers at the top are readier.</param>
    /// <param name="regime">Part of the day.</param>
    /// <param name="today">Season.</param>
    public double OrderChance(double odds, int product, int placement, int regime, MarketDay today)
    {
        var all = odds * placementConversion[placement] * Season.Readiness[regime] * today.Odds[product];
        return all / (1 + all);
    }

    /// <returns>Share of an ad's orders that would have come without it.</returns>
    public double CannibalShare(Query query) => query.IsOwnBrand ? Parameters.CannibalOwnBrand : Parameters.CannibalGeneric;

    public Pair PairOf(int product, Query query)
    {
        ref var pair = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, ((long)product << 32) | (uint)query.Index, out _);
        if (pair is not null) return pair;
        pair = Meet(Products[product], query);
        allPairs.Add(pair);
        query.Pairs.Add(pair);
        return pair;
    }

    public static string CategoryId(int type) => (1_055_000 + Catalogue.Types[type].Category).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Bid as it enters the auction: placement percentage, then dynamic bidding.</summary>
    public static double EffectiveBid(double bid, WorldCampaign campaign, Placement placement, Pair pair) =>
        bid * BidFactor(campaign.Strategy, 1 + (campaign.PercentAt(placement) / 100d), (int)placement, pair.Guess);

    /// <param name="strategy">Dynamic bidding.</param>
    /// <param name="raised">1 + placement percentage.</param>
    /// <param name="placement">Top of search may be raised further.</param>
    /// <param name="guess">Amazon's idea of the pair: <see cref="Pair.Guess"/>.</param>
    public static double BidFactor(BiddingStrategy strategy, double raised, int placement, double guess) => strategy switch
    {
        BiddingStrategy.Fixed or BiddingStrategy.RuleBased => raised,
        BiddingStrategy.DownOnly => raised * Math.Clamp(guess, 0.4, 1),
        BiddingStrategy.UpAndDown => raised * Math.Clamp(guess, 0.4, placement == (int)Placement.TopOfSearch ? 2 : 1.5),
    };

    /// <returns>The search of this text on the first day; null when nobody searches it.</returns>
    public Query? QueryOf(string text) => byText.GetValueOrDefault(text);

    /// <returns>Worth of a click in the long run, rest of search, on a usual day.</returns>
    public double LongRunValue(Product product, Query query)
    {
        var odds = Rates(product, query).Odds;
        return odds / (1 + odds) * Shop.KeptShare * OverOrders(product.Index, static sold => sold.OrderContribution);
    }

    /// <returns>Queries known so far that a target reaches for a product, by index.</returns>
    public IEnumerable<int> Matches(WorldTarget target, Product product) => Matching.Reached(new MatchText(target), product).Select(query => query.Index);

    /// <returns>Other products of the seller in the same category.</returns>
    public IReadOnlyList<Product> Siblings(int product) => siblings[product];

    /// <returns>Mean over the products that an order after an ad for <paramref name="product"/> is of: mostly itself, sometimes a sibling.</returns>
    public double OverOrders(int product, Func<Product, double> figure) => siblings[product].Length == 0
        ? figure(Products[product])
        : ((1 - Parameters.HaloShare) * figure(Products[product])) + (Parameters.HaloShare * siblings[product].Average(figure));

    public static bool SameCategory(int type, int other) => Catalogue.Types[type].Category == Catalogue.Types[other].Category;

    // Every product meets every query and page of its own type, so that the oracle can use them all; loose matches are met when they occur.
    private void Admit(Query query)
    {
        Queries.Add(query);
        Matching.Add(query);
        Rivals.Settle(query, typeMedian[query.Type], scale);
        for (var product = query.Type; product < Products.Length; product += Catalogue.Types.Length) PairOf(product, query);
    }

    /// <summary>What a product is to a query, whether or not they ever met: odds of an order per click (rest of search, usual hour, price and season) and click-through over a slot's usual.</summary>
    public (double Odds, double Relevance) Rates(Product product, Query query)
    {
        var fit = Fit(product, query);
        return (
            product.Conversion / (1 - product.Conversion) * fit / typeScale[product.Type],
            dice.LogNormal(0.25, Draw.Fit, product.Index, query.Index, 2) * Math.Clamp(Math.Pow(fit, 0.35), 0.4, 1.5) * (query.Type == product.Type ? 1 : 0.45));
    }

    public double QualityOf(double relevance) => Math.Pow(relevance, Parameters.QualityPower);

    /// <returns>Placements that a search or page has, with their views per day at average demand.</returns>
    public static (int Placement, double Views)[] ViewsOf(Query query) => query.IsPage
        ? [((int)Placement.ProductPages, query.Volume)]
        : [((int)Placement.TopOfSearch, query.Volume), ((int)Placement.RestOfSearch, query.Volume * RestOfSearchViews), ((int)Placement.ProductPages, query.Volume * ProductPageViews)];

    private Pair Meet(Product product, Query query)
    {
        var (odds, relevance) = Rates(product, query);
        var key = (((long)query.Index * 512) + product.Index) * 4;
        return new Pair
        {
            Product = product.Index,
            Query = query,
            Key = key,
            Odds = odds,
            Relevance = relevance,
            Quality = QualityOf(relevance),
            Guess = Math.Sqrt(odds / (1 + odds) / product.Conversion) * dice.LogNormal(0.35, Draw.Noise, product.Index, query.Index, 1),
            Draws = dice.Begin(Draw.Arrival, key),
            MostClicks = relevance * ViewsOf(query).Sum(place => place.Views * Landscape.SlotsOf((Placement)place.Placement)[0]),
            Cells = [.. ViewsOf(query).Select(place => new Cell { Placement = place.Placement, Views = place.Views, Key = key + place.Placement })],
        };
    }

    // Meaning decides: a product that has what the words ask for converts, one that has not does so less, strays hardly ever.
    private double Fit(Product product, Query query)
    {
        var fit = dice.LogNormal(Parameters.TermSpread, Draw.Fit, product.Index, query.Index, 1);
        if (query.Type != product.Type) return fit * (query.IsPage ? 0.18 : 0.03);
        foreach (var word in query.Attributes) fit *= product.Traits.Contains(word) ? 1.35 : 0.62;
        foreach (var word in query.Uses) fit *= product.Traits.Contains(word) ? 1.15 : 0.75;
        // Strays are a fifth of all searches; with the lot below one search in four is for something else.
        if (query.IsStray || (!query.IsOwnBrand && dice.Uniform(Draw.Fit, product.Index, query.Index, 3) < 0.06)) fit *= IrrelevantFit;
        if (query.IsOwnBrand) fit *= 2.2;
        if (query.IsRivalBrand) fit *= query.IsPage ? 0.85 : 0.4;
        return fit;
    }

    // So that a product's average search converts at the product's rate.
    private double[] FitScales(List<Query> queries)
    {
        var scales = new double[Types];
        for (var type = 0; type < Types; type++)
        {
            var product = Products.First(product => product.Type == type);
            var own = queries.Where(query => query.Type == type && !query.IsPage).ToList();
            scales[type] = own.Sum(query => query.Volume * Fit(product, query)) / own.Sum(query => query.Volume);
        }

        return scales;
    }
}

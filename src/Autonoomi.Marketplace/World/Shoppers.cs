namespace Autonoomi.Marketplace.World;

/// <summary>Something a shopper looks at: a search, or the page of a rival's product.</summary>
internal sealed class Query
{
    public required int Index { get; init; }
    public required int Type { get; init; }

    /// <summary>As typed; for a page the ASIN in lower case, as search-term reports show it.</summary>
    public required string Text { get; init; }

    public required string[] Words { get; init; }
    public required bool IsPage { get; init; }

    /// <summary>Views per day when demand is average.</summary>
    public double Volume { get; set; }

    /// <summary>First day on which anybody searches it, counted from the first simulated day.</summary>
    public required int BornOn { get; init; }

    public required string[] Attributes { get; init; }
    public required string[] Uses { get; init; }
    public required bool IsStray { get; init; }
    public required bool IsOwnBrand { get; init; }
    public required bool IsRivalBrand { get; init; }

    /// <summary>Rivals present, by part of the day.</summary>
    public int[] Rivals { get; } = new int[Season.Regimes];

    /// <summary>Median of the rivals' scores on an average day.</summary>
    public double RivalMedian { get; set; }

    /// <summary>One of its type's most frequent searches, which reacting rivals defend.</summary>
    public bool IsTop { get; set; }

    /// <summary>The seller's products that have met it.</summary>
    public List<Pair> Pairs { get; } = [];
}

/// <summary>
/// The searches and pages of every product type on the first day: names × narrowing words, heavy-tailed volumes. Those that come later are the <see cref="Tail"/>'s.
/// </summary>
internal static class Shoppers
{
    public const int PagesPerType = 16;
    private const double ViewsPerType = 850;
    private const double PageViewsShare = 1.5;
    private const double DeepShare = 0.009;

    /// <returns>The queries, and per type the mean views a day of its longest searches.</returns>
    public static (List<Query> Queries, double[] Rarest) Lay(Dice dice, int types, WorldSettings settings)
    {
        var demand = settings.Demand;
        var queries = new List<Query>();
        var rarest = new double[types];
        var volumeSpread = settings.Market.VolumeSpread ?? dice.Uniform(Draw.Query, -1, 1.1, 1.6);
        for (var type = 0; type < types; type++)
        {
            var first = queries.Count;
            foreach (var (text, depth, attributes, uses, stray, own, rival) in Texts(dice, type))
            {
                var index = queries.Count;
                var depthShare = depth switch { 0 => 1, 1 => 0.16, 2 => 0.022, _ => DeepShare };
                queries.Add(new Query
                {
                    Index = index,
                    Type = type,
                    Text = text,
                    Words = World.Words.Fold(text),
                    IsPage = false,
                    Volume = depthShare * dice.LogNormal(volumeSpread, Draw.Query, index) * (own ? 0.25 * settings.Market.BrandVolume : 1),
                    BornOn = int.MinValue,
                    Attributes = attributes,
                    Uses = uses,
                    IsStray = stray,
                    IsOwnBrand = own,
                    IsRivalBrand = rival,
                });
            }

            var scale = Scale(queries, first, ViewsPerType * demand * dice.LogNormal(0.35, Draw.Query, 1_000_000 + type));
            rarest[type] = scale * DeepShare * Math.Exp(volumeSpread * volumeSpread / 2);
            first = queries.Count;
            for (var page = 0; page < PagesPerType; page++)
            {
                var index = queries.Count;
                queries.Add(new Query
                {
                    Index = index,
                    Type = type,
                    Text = AsinOf(dice, 10_000 + (type * PagesPerType) + page).ToLowerInvariant(),
                    Words = [],
                    IsPage = true,
                    Volume = dice.LogNormal(1.0, Draw.Page, index),
                    BornOn = int.MinValue,
                    Attributes = [],
                    Uses = [],
                    IsStray = false,
                    IsOwnBrand = false,
                    IsRivalBrand = true,
                });
            }

            Scale(queries, first, ViewsPerType * PageViewsShare * demand * dice.LogNormal(0.35, Draw.Page, 1_000_000 + type));
        }

        return (queries, rarest);
    }

    public static string AsinOf(Dice dice, int number)
    {
        const string Letters = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ";
        var bits = dice.Bits(Draw.Page, number, 7);
        return string.Create(10, bits, static (span, value) =>
        {
            span[0] = 'B';
            span[1] = '0';
            for (var place = 2; place < span.Length; place++)
            {
                span[place] = Letters[(int)(value % 33)];
                value /= 33;
            }
        });
    }

    private static double Scale(List<Query> queries, int first, double total)
    {
        var sum = 0d;
        for (var index = first; index < queries.Count; index++) sum += queries[index].Volume;
        for (var index = first; index < queries.Count; index++) queries[index].Volume *= total / sum;
        return total / sum;
    }

    private static IEnumerable<(string Text, int Depth, string[] Attributes, string[] Uses, bool Stray, bool Own, bool Rival)> Texts(Dice dice, int type)
    {
        var kind = Catalogue.Types[type];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (head, rank) in kind.Heads.Select((head, rank) => (head, rank)))
        {
            var heads = new List<(string, int, string[], string[], bool, bool, bool)> { (head, rank, [], [], false, false, false) };
            foreach (var attribute in kind.Attributes)
            {
                heads.Add(($"{attribute} {head}", 1 + rank, [attribute], [], false, false, false));
                foreach (var use in kind.Uses) heads.Add(($"{attribute} {head} for {use}", 2 + rank, [attribute], [use], false, false, false));
                foreach (var second in kind.Attributes.Where(second => second != attribute))
                {
                    var key = (type * 10_000L) + (rank * 1_000) + (Array.IndexOf(kind.Attributes, attribute) * 20) + Array.IndexOf(kind.Attributes, second);
                    if (dice.Uniform(Draw.Query, 2_000_000 + key) < 0.55) heads.Add(($"{attribute} {second} {head}", 2 + rank, [attribute, second], [], false, false, false));
                    var use = kind.Uses[dice.Pick(kind.Uses.Length, Draw.Query, 3_000_000 + key)];
                    heads.Add(($"{attribute} {second} {head} for {use}", 3, [attribute, second], [use], false, false, false));
                }
            }

            foreach (var use in kind.Uses) heads.Add(($"{head} for {use}", 1 + rank, [], [use], false, false, false));
            foreach (var stray in Catalogue.Strays)
            {
                heads.Add(($"{head} {stray}", 1 + rank, [], [], true, false, false));
                foreach (var attribute in kind.Attributes) heads.Add(($"{attribute} {head} {stray}", 2, [attribute], [], true, false, false));
            }

            foreach (var occasion in Catalogue.Occasions)
            {
                heads.Add(($"{occasion} {head}", 1 + rank, [], [], false, false, false));
                foreach (var attribute in kind.Attributes) heads.Add(($"{occasion} {attribute} {head}", 2 + rank, [attribute], [], false, false, false));
            }

            heads.Add(($"{Catalogue.Categories[kind.Category]} {head}", 1 + rank, [], [], false, false, false));
            heads.Add(($"{Catalogue.OwnBrand.ToLowerInvariant()} {head}", 1, [], [], false, true, false));
            foreach (var brand in Catalogue.RivalBrands)
            {
                heads.Add(($"{brand.ToLowerInvariant()} {head}", 1 + rank, [], [], false, false, true));
            }

            foreach (var item in heads.Where(item => seen.Add(item.Item1))) yield return item;
        }
    }
}

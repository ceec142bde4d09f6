namespace Autonoomi.Marketplace.World;

/// <summary>
/// Where one product stands among the organic results: search by search for its ten best searches, the rest together. Rank follows sales: a search that sells
/// at twice its usual velocity (14 days against four months) brings a third more organic orders.
/// </summary>
internal sealed class OrganicRank
{
    /// <summary>A product that sells nothing keeps so much of its usual organic orders.</summary>
    public const double Lowest = 0.6;

    private const int Searches = 10;
    private const double Elasticity = 0.4;
    private const double Steadiness = 0.3; // orders a day that keep the noise of rare sales out of the rank

    // Place 0 is the rest.
    private readonly Dictionary<int, int> places = [];
    private readonly double[] weights;
    private readonly double[] recent;
    private readonly double[] usual;
    private readonly int[] today;
    private readonly double[] factors;

    public OrganicRank(Market market, Product product, double velocity)
    {
        var searches = market.Queries.Where(query => query.Type == product.Type && !query.IsPage && query.BornOn < 0)
            .Select(query => (Query: query, Orders: query.Volume * market.Rates(product, query).Odds)).OrderByDescending(entry => entry.Orders).ToList();
        var all = searches.Sum(entry => entry.Orders);
        var best = searches.Take(Searches).ToList();
        weights = [1 - best.Sum(entry => entry.Orders / all), .. best.Select(entry => entry.Orders / all)];
        for (var place = 0; place < best.Count; place++) places.Add(best[place].Query.Index, place + 1);
        recent = [.. weights.Select(weight => weight * velocity)];
        usual = [.. recent];
        today = new int[weights.Length];
        factors = [.. weights.Select(_ => 1d)];
        Factor = 1;
    }

    /// <summary>Organic orders over usual.</summary>
    public double Factor { get; private set; }

    /// <returns>Where a sale after a click on a search counts.</returns>
    public int PlaceOf(Query query) => places.GetValueOrDefault(query.Index);

    /// <param name="uniform">In (0, 1).</param>
    /// <returns>The search that an organic order came from.</returns>
    public int Pick(double uniform)
    {
        var left = uniform * Factor;
        for (var place = weights.Length - 1; place > 0; place--)
        {
            left -= weights[place] * factors[place];
            if (left < 0) return place;
        }

        return 0;
    }

    public void Sold(int place, int units) => today[place] += units;

    /// <param name="wasOffered">An empty shelf teaches nothing.</param>
    public void EndDay(bool wasOffered)
    {
        Factor = 0;
        for (var place = 0; place < weights.Length; place++)
        {
            if (wasOffered)
            {
                recent[place] += (today[place] - recent[place]) * (2d / 15);
                usual[place] += (today[place] - usual[place]) * (2d / 120);
            }

            today[place] = 0;
            factors[place] = Math.Clamp(Math.Pow((recent[place] + Steadiness) / (usual[place] + Steadiness), Elasticity), Lowest, 1.5);
            Factor += weights[place] * factors[place];
        }
    }
}

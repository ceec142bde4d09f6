using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// What a bid buys in one kind of auction: rivals' scores are lognormal with median 1, some of them raised; the highest scores take the slots, and a slot
/// costs the next score below (never less than the reserve). Exact over the number of rivals above; tabulated over the logarithm of the own score.
/// </summary>
internal sealed class Landscape
{
    public const int Nodes = 129;
    public const double Lowest = -3.2;
    public const double Step = 0.05;
    public const double Reserve = 0.06;
    private const int Parts = 8; // of one step, for the integral

    // Click-through rates of the slots, best first.
    private static readonly double[] TopOfSearch = [0.050, 0.036, 0.027, 0.020];
    private static readonly double[] RestOfSearch = [0.0140, 0.0120, 0.0102, 0.0087, 0.0074, 0.0062, 0.0050];
    private static readonly double[] ProductPages = [0.0060, 0.0052, 0.0045, 0.0037, 0.0030];

    // Impressions, clicks, cost of one node side by side.
    private readonly double[] table = new double[Nodes * 3];
    private BestBids? best;

    /// <param name="placement">Decides slots and their click rates.</param>
    /// <param name="rivals">Rivals present, 0 or more.</param>
    /// <param name="spread">σ of the rivals' scores.</param>
    /// <param name="raisedShare">Share of rivals whose bids are raised, 0 to 1.</param>
    /// <param name="raisedBy">Logarithm of how far.</param>
    public Landscape(Placement placement, int rivals, double spread, double raisedShare = 0, double raisedBy = 0)
    {
        var slots = SlotsOf(placement);

        // ∫ F(t)^m dt from the reserve up to the node, for every number m of rivals below.
        var integral = new double[rivals + 1];
        var ways = new double[slots.Length];
        for (var above = 0; above < slots.Length; above++) ways[above] = above == 0 ? 1 : ways[above - 1] * Math.Max(0, rivals - above + 1) / above;
        for (var node = 0; node < Nodes; node++)
        {
            var log = Lowest + (node * Step);
            if (node > 0) Integrate(log - Step);
            var score = Math.Exp(log);
            if (score < Reserve) continue;
            var below = Below(log);
            for (var above = 0; above < slots.Length && above <= rivals; above++)
            {
                var power = Math.Pow(below, rivals - above);
                var chance = ways[above] * Math.Pow(1 - below, above) * power;
                table[node * 3] += chance;
                table[(node * 3) + 1] += chance * slots[above];
                table[(node * 3) + 2] += chance * slots[above] * (rivals == above || power <= 0 ? Reserve : score - (integral[rivals - above] / power));
            }
        }

        void Integrate(double from)
        {
            for (var part = 0; part < Parts; part++)
            {
                var (low, high) = (Math.Exp(from + (part * Step / Parts)), Math.Exp(from + ((part + 1) * Step / Parts)));
                if (high <= Reserve) continue;
                low = Math.Max(low, Reserve);
                var share = Below(Math.Log((low + high) / 2));
                var power = high - low;
                for (var below = 0; below <= rivals; below++)
                {
                    integral[below] += power;
                    power *= share;
                }
            }
        }

        double Below(double log) => raisedShare <= 0 || raisedBy <= 0
            ? NormalCdf(log / spread)
            : ((1 - raisedShare) * NormalCdf(log / spread)) + (raisedShare * NormalCdf((log - raisedBy) / spread));
    }

    /// <returns>Click-through rates of a placement's slots, best first.</returns>
    public static double[] SlotsOf(Placement placement) => placement switch
    {
        Placement.TopOfSearch => TopOfSearch,
        Placement.RestOfSearch => RestOfSearch,
        Placement.ProductPages => ProductPages,
    };

    /// <summary>Per view, for a score of exp(<paramref name="logScore"/>) rival medians. Click rate before relevance; cost in rival medians per view.</summary>
    public (double Impressions, double Clicks, double Cost) At(double logScore)
    {
        var place = (logScore - Lowest) / Step;
        if (place < 0) return default;
        var node = Math.Min((int)place, Nodes - 2);
        var share = Math.Min(1, place - node);
        var nodes = table.AsSpan(node * 3, 6);
        return (nodes[0] + (share * (nodes[3] - nodes[0])), nodes[1] + (share * (nodes[4] - nodes[1])), nodes[2] + (share * (nodes[5] - nodes[2])));
    }

    /// <summary>Only the click rate of <see cref="At"/>.</summary>
    public double ClicksAt(double logScore)
    {
        var place = (logScore - Lowest) / Step;
        if (place < 0) return 0;
        var node = Math.Min((int)place, Nodes - 2);
        return table[(node * 3) + 1] + (Math.Min(1, place - node) * (table[(node * 3) + 4] - table[(node * 3) + 1]));
    }

    /// <summary>The bids that are best for some value of a click.</summary>
    public BestBids Best => best ??= new BestBids(this);

    private static double NormalCdf(double z)
    {
        // Zelen and Severo's polynomial, absolute error below 7.5e-8.
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = 0.3989422804014327 * Math.Exp(-z * z / 2) * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z >= 0 ? 1 - tail : tail;
    }
}

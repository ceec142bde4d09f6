using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// What a bid buys in one kind of auction: rivals' scores are lognormal with median 1, the highest scores take the slots, and a slot costs the next
/// score below (never less than the reserve). Exact over the number of rivals above; tabulated over the logarithm of the own score.
/// </summary>
internal sealed class Landscape
{
    public const int Nodes = 129;
    public const double Lowest = -3.2;
    public const double Step = 0.05;
    public const double Reserve = 0.06;
    private const int ValueNodes = 600;
    private const double ValueLowest = -4.5;
    private const double ValueStep = 0.015;

    // Click-through rates of the slots, best first.
    private static readonly double[] TopOfSearch = [0.050, 0.036, 0.027, 0.020];
    private static readonly double[] RestOfSearch = [0.0140, 0.0120, 0.0102, 0.0087, 0.0074, 0.0062, 0.0050];
    private static readonly double[] ProductPages = [0.0060, 0.0052, 0.0045, 0.0037, 0.0030];

    private readonly double[] clicks = new double[Nodes];
    private readonly double[] impressions = new double[Nodes];
    private readonly double[] cost = new double[Nodes];
    private readonly double[] bestProfit = new double[ValueNodes];
    private readonly double[] bestCost = new double[ValueNodes];

    public Landscape(Placement placement, int rivals, double spread)
    {
        var slots = placement switch
        {
            Placement.TopOfSearch => TopOfSearch,
            Placement.RestOfSearch => RestOfSearch,
            Placement.ProductPages => ProductPages,
        };
        for (var node = 0; node < Nodes; node++)
        {
            var score = Math.Exp(Lowest + (node * Step));
            var below = NormalCdf((Lowest + (node * Step)) / spread);
            var ways = 1d;
            for (var above = 0; above < slots.Length && above <= rivals; above++)
            {
                if (above > 0) ways *= (double)(rivals - above + 1) / above;
                var chance = ways * Math.Pow(1 - below, above) * Math.Pow(below, rivals - above);
                if (score < Reserve) continue;
                impressions[node] += chance;
                clicks[node] += chance * slots[above];
                cost[node] += chance * slots[above] * PriceBelow(score, below, rivals - above, spread);
            }
        }

        for (var node = 0; node < ValueNodes; node++)
        {
            var value = Math.Exp(ValueLowest + (node * ValueStep));
            for (var bid = 0; bid < Nodes; bid++)
            {
                var profit = (clicks[bid] * value) - cost[bid];
                if (profit <= bestProfit[node]) continue;
                bestProfit[node] = profit;
                bestCost[node] = cost[bid];
            }
        }
    }

    /// <summary>Per view, for a score of exp(<paramref name="logScore"/>) rival medians. Click rate before relevance; cost in rival medians per view.</summary>
    public (double Impressions, double Clicks, double Cost) At(double logScore)
    {
        var place = (logScore - Lowest) / Step;
        if (place < 0) return default;
        if (place >= Nodes - 1) return (impressions[^1], clicks[^1], cost[^1]);
        var node = (int)place;
        var share = place - node;
        return (
            impressions[node] + (share * (impressions[node + 1] - impressions[node])),
            clicks[node] + (share * (clicks[node + 1] - clicks[node])),
            cost[node] + (share * (cost[node + 1] - cost[node])));
    }

    /// <summary>
    /// The best that any bid earns when a click is worth <paramref name="value"/> rival medians. Exact at the bid nodes (the tables are linear between
    /// them, so no bid in between earns more); between value nodes a chord of a convex function, so never too low.
    /// </summary>
    public (double Profit, double Cost) Best(double value)
    {
        if (value <= 0) return default;
        var place = (Math.Log(value) - ValueLowest) / ValueStep;
        if (place < 0) return (bestProfit[0], bestCost[0]);
        if (place >= ValueNodes - 1) return (Math.Max(bestProfit[^1], (clicks[^1] * value) - cost[^1]), cost[^1]);
        var node = (int)place;
        var low = Math.Exp(ValueLowest + (node * ValueStep));
        var share = (value - low) / (low * (Math.Exp(ValueStep) - 1));
        return (bestProfit[node] + (share * (bestProfit[node + 1] - bestProfit[node])), bestCost[node] + (share * (bestCost[node + 1] - bestCost[node])));
    }

    // Expected highest of `rivals` scores that all lie below `score`, floored at the reserve: score − ∫ (F(t)/F(score))^rivals dt.
    private static double PriceBelow(double score, double below, int rivals, double spread)
    {
        if (rivals == 0 || below <= 0) return Reserve;
        const int Parts = 60;
        var width = (score - Reserve) / Parts;
        var integral = 0d;
        for (var part = 0; part < Parts; part++)
        {
            var at = Reserve + ((part + 0.5) * width);
            integral += Math.Pow(NormalCdf(Math.Log(at) / spread) / below, rivals) * width;
        }

        return score - integral;
    }

    private static double NormalCdf(double z)
    {
        // Zelen and Severo's polynomial, absolute error below 7.5e-8.
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = 0.3989422804014327 * Math.Exp(-z * z / 2) * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z >= 0 ? 1 - tail : tail;
    }
}

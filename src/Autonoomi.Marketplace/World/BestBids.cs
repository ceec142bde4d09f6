namespace Autonoomi.Marketplace.World;

/// <summary>
/// The bids of one landscape that are best for some value of a click: the corners of the upper hull of (cost, clicks) over the landscape's nodes. The tables are
/// linear between nodes, so no bid in between earns more; exact.
/// </summary>
internal sealed class BestBids
{
    private readonly double[] clicks;
    private readonly double[] cost;

    /// <summary>Value of a click from which the corner of the same place is the best; rises.</summary>
    private readonly double[] from;

    // By the leading bits of a value (its octave and a 32nd of it): a corner at or before the best one, where the search begins.
    private const int BucketShift = 47;
    private static readonly long FirstBucket = BitConverter.DoubleToInt64Bits(1d / 64) >> BucketShift;
    private readonly int[] begin;

    public BestBids(Landscape landscape)
    {
        var corners = new List<(double Clicks, double Cost)>();
        for (var node = 0; node < Landscape.Nodes; node++)
        {
            var (_, gained, paid) = landscape.At(Landscape.Lowest + (node * Landscape.Step));
            if (gained <= (corners.Count == 0 ? 0 : corners[^1].Clicks)) continue;
            while (corners.Count > 0 && Slope(corners.Count == 1 ? default : corners[^2], corners[^1]) >= Slope(corners[^1], (gained, paid))) corners.RemoveAt(corners.Count - 1);
            corners.Add((gained, paid));
        }

        clicks = [.. corners.Select(corner => corner.Clicks)];
        cost = [.. corners.Select(corner => corner.Cost)];
        from = [.. corners.Select((corner, place) => Slope(place == 0 ? default : corners[place - 1], corner))];
        begin = new int[(int)((BitConverter.DoubleToInt64Bits(256d) >> BucketShift) - FirstBucket)];
        for (var bucket = 1; bucket < begin.Length; bucket++)
        {
            var lowest = BitConverter.Int64BitsToDouble((bucket + FirstBucket) << BucketShift);
            begin[bucket] = begin[bucket - 1];
            while (begin[bucket] + 1 < from.Length && from[begin[bucket] + 1] <= lowest) begin[bucket]++;
        }
    }

    /// <summary>Value of a click, in rival medians, below which no bid earns anything.</summary>
    public double Lowest => from.Length == 0 ? double.PositiveInfinity : from[0];

    /// <returns>Clicks and cost per view (cost in rival medians) of the best bid when a click is worth <paramref name="value"/> rival medians; zeros for no bid.</returns>
    public (double Clicks, double Cost) At(double value)
    {
        if (!(value > Lowest)) return default;
        var corner = begin[Math.Clamp((BitConverter.DoubleToInt64Bits(value) >> BucketShift) - FirstBucket, 0, begin.Length - 1)];
        while (corner + 1 < from.Length && from[corner + 1] <= value) corner++;
        return (clicks[corner], cost[corner]);
    }

    // Price of each further click between two corners.
    private static double Slope((double Clicks, double Cost) one, (double Clicks, double Cost) other) => (other.Cost - one.Cost) / (other.Clicks - one.Clicks);
}

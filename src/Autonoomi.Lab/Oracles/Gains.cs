using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>
/// What every effective bid would gain and cost in every seat of a field, per average day of a span: tables over the logarithm of the bid, summed over the
/// parts of the day.
/// </summary>
internal sealed class Gains
{
    public const double Step = 0.05;
    public const int Nodes = 170;

    private readonly float[] worth;
    private readonly float[] cost;
    private readonly float[] gain;
    private readonly (int Begin, int Last)[] ranges;

    /// <param name="seats">Number of seats.</param>
    /// <param name="lowest">Logarithm of the lowest effective bid of the tables.</param>
    public Gains(int seats, double lowest)
    {
        Lowest = lowest;
        worth = new float[seats * Nodes];
        cost = new float[seats * Nodes];
        gain = new float[seats * Nodes];
        ranges = new (int, int)[seats];
    }

    /// <summary>Logarithm of the first node's bid.</summary>
    public double Lowest { get; }

    /// <param name="seats">The field's.</param>
    /// <param name="terms">Terms of the span's days with each day's share of shoppers served, by product and part of the day.</param>
    public void Fill(Seat[] seats, IReadOnlyList<(int Day, DayTerms Terms, double[,] Served)> terms)
    {
        Array.Clear(worth);
        Array.Clear(cost);
        for (var place = 0; place < seats.Length; place++)
        {
            var range = (Begin: Nodes - 1, Last: 0);
            ref readonly var seat = ref seats[place];
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                // Days of a span differ little: one auction at the mean level stands for all of them.
                double views = 0, logUnit = 0, value = 0;
                Landscape? landscape = null;
                foreach (var (day, today, served) in terms)
                {
                    if (seat.Query.BornOn > day) continue;
                    var weight = served[seat.Product, regime] * today.Views(seat);
                    if (weight <= 0) continue;
                    views += weight;
                    logUnit += weight * Math.Log(today.Unit(seat));
                    value += weight * today.Chance(seat, regime) * today.Order(seat).Worth;
                    landscape ??= today.Landscape(seat, regime);
                }

                if (landscape is null) continue;
                logUnit /= views;
                value /= views;
                views /= terms.Count;
                var unit = views * Math.Exp(logUnit);
                var into = worth.AsSpan(place * Nodes, Nodes);
                var paid = cost.AsSpan(place * Nodes, Nodes);
                var begin = Math.Clamp((int)((logUnit + Landscape.Lowest - Lowest) / Step), 0, Nodes - 1);
                var last = Math.Clamp(begin + Landscape.Nodes + 1, 0, Nodes - 1);
                range = (Math.Min(range.Begin, begin), Math.Max(range.Last, last));
                double clicks = 0, price = 0;
                for (var node = begin; node < Nodes; node++)
                {
                    if (node <= last) (_, clicks, price) = landscape.At(Lowest + (node * Step) - logUnit);
                    into[node] += (float)(views * value * clicks);
                    paid[node] += (float)(unit * price);
                }
            }

            ranges[place] = range;
        }

        Charge(1);
    }

    /// <summary>From now on a unit of money costs <paramref name="price"/> units of worth.</summary>
    public void Charge(double price)
    {
        var factor = (float)price;
        for (var place = 0; place < gain.Length; place++) gain[place] = worth[place] - (factor * cost[place]);
    }

    public ReadOnlySpan<float> Of(int seat) => gain.AsSpan(seat * Nodes, Nodes);

    /// <returns>First node whose bid may gain or lose anything, and the last above which nothing changes.</returns>
    public (int Begin, int Last) RangeOf(int seat) => ranges[seat];

    public double Gain(int seat, double logBid) => At(gain, seat, logBid);

    public double Cost(int seat, double logBid) => At(cost, seat, logBid);

    private double At(float[] table, int seat, double logBid)
    {
        var place = (logBid - Lowest) / Step;
        if (place < 0) return 0;
        var nodes = table.AsSpan(seat * Nodes, Nodes);
        if (place >= Nodes - 1) return nodes[^1];
        var node = (int)place;
        return nodes[node] + ((place - node) * (nodes[node + 1] - nodes[node]));
    }
}

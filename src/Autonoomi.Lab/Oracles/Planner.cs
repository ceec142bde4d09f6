using System.Numerics;

namespace Autonoomi.Lab.Oracles;

/// <summary>One base bid per target and one multiplier per campaign and placement, as logarithms.</summary>
/// <param name="Bids">By target; <see cref="double.NegativeInfinity"/> is never shown.</param>
/// <param name="Multipliers">By <see cref="Field.Switch"/>, 0 to ln 10.</param>
internal sealed record Plan(double[] Bids, double[] Multipliers)
{
    public Plan Copy() => new([.. Bids], [.. Multipliers]);

    /// <returns>Whole percent that comes nearest to a multiplier, 0 to 900.</returns>
    public static int PercentOf(double logMultiplier) => Math.Clamp((int)Math.Round(100 * (Math.Exp(logMultiplier) - 1)), 0, 900);

    public static double LogOf(int percent) => Math.Log(1 + (percent / 100d));
}

/// <summary>
/// Coordinate ascent over a field: the best bid of one target given everything else, the best multiplier of one campaign's placement given everything else, in
/// turns until nothing gains. Finds a local optimum; several starting points make it a good one.
/// </summary>
internal sealed class Planner(Field field, Gains gains, double lowestBid, double highestBid)
{
    // 0 to 900 %.
    private const double HighestMultiplier = 2.302585092994046;
    private static readonly int MultiplierNodes = (int)(HighestMultiplier / Gains.Step) + 1;

    private readonly int firstBid = (int)Math.Ceiling((lowestBid - gains.Lowest) / Gains.Step);
    private readonly int bidNodes = Math.Min(Gains.Nodes, (int)((highestBid - gains.Lowest) / Gains.Step) + 1);
    private readonly float[] objective = new float[Gains.Nodes];
    private readonly float[] changes = new float[Gains.Nodes + 1];

    /// <returns>Gain and cost per average day.</returns>
    public (double Gain, double Cost) Value(Plan plan)
    {
        double gain = 0, cost = 0;
        for (var seat = 0; seat < field.Seats.Length; seat++)
        {
            var (_, bid) = field.WinnerOf(seat, plan);
            gain += gains.Gain(seat, bid);
            cost += gains.Cost(seat, bid);
        }

        return (gain, cost);
    }

    /// <returns>Cost per average day of what a campaign wins.</returns>
    public double[] CampaignCosts(Plan plan)
    {
        var costs = new double[field.Campaigns.Count];
        for (var seat = 0; seat < field.Seats.Length; seat++)
        {
            var (winner, bid) = field.WinnerOf(seat, plan);
            costs[winner.Campaign] += gains.Cost(seat, bid);
        }

        return costs;
    }

    /// <summary>Sweeps until a round gains less than a share of what there is.</summary>
    /// <param name="plan">Changed in place.</param>
    /// <param name="moveMultipliers">False leaves them as they are.</param>
    /// <param name="rounds">At most.</param>
    public double Climb(Plan plan, bool moveMultipliers, int rounds)
    {
        const double Enough = 0.0003;
        var value = double.NegativeInfinity;
        for (var round = 0; round < rounds; round++)
        {
            for (var target = 0; target < plan.Bids.Length; target++) plan.Bids[target] = BestBid(plan, target);
            if (moveMultipliers)
            {
                for (var place = 0; place < plan.Multipliers.Length; place++) plan.Multipliers[place] = BestMultiplier(plan, place);
                Normalise(plan);
            }

            var (now, _) = Value(plan);
            if (now - value < Enough * Math.Abs(now)) return now;
            value = now;
        }

        return value;
    }

    // A multiplier on all placements is a higher bid.
    private void Normalise(Plan plan)
    {
        for (var campaign = 0; campaign < field.Campaigns.Count; campaign++)
        {
            var common = Enumerable.Range(0, Field.Placements).Where(placement => field.SeatsOf[Field.Switch(campaign, placement)].Length > 0)
                .Select(placement => plan.Multipliers[Field.Switch(campaign, placement)]).DefaultIfEmpty(0).Min();
            if (common <= 0) continue;
            for (var placement = 0; placement < Field.Placements; placement++)
            {
                var place = Field.Switch(campaign, placement);
                plan.Multipliers[place] = Math.Max(0, plan.Multipliers[place] - common);
            }

            for (var target = 0; target < plan.Bids.Length; target++)
            {
                if (field.CampaignOf[target] == campaign) plan.Bids[target] += common;
            }
        }
    }

    private double BestBid(Plan plan, int target)
    {
        var campaign = field.CampaignOf[target];
        Array.Clear(objective);
        Array.Clear(changes);
        foreach (var (seat, factor) in field.PlacesOf[target])
        {
            var shift = plan.Multipliers[Field.Switch(campaign, field.Seats[seat].Placement)] + factor;
            Add(seat, shift, Highest(plan, seat, target), bidNodes);
        }

        return gains.Lowest + (Best(firstBid, bidNodes) * Gains.Step);
    }

    private double BestMultiplier(Plan plan, int place)
    {
        var campaign = place / Field.Placements;
        Array.Clear(objective);
        Array.Clear(changes);
        foreach (var seat in field.SeatsOf[place])
        {
            var own = double.NegativeInfinity;
            var others = double.NegativeInfinity;
            foreach (var contender in field.ContendersOf(seat))
            {
                if (contender.Campaign == campaign) own = Math.Max(own, plan.Bids[contender.Target] + contender.LogFactor);
                else others = Math.Max(others, plan.Bids[contender.Target] + contender.LogFactor + plan.Multipliers[Field.Switch(contender.Campaign, place % Field.Placements)]);
            }

            Add(seat, own - gains.Lowest, others, MultiplierNodes);
        }

        return Math.Min(HighestMultiplier, Best(0, MultiplierNodes) * Gains.Step);
    }

    /// <summary>Adds what a seat gains when node n bids (n · step + shift) over the tables' lowest, or the others bid more.</summary>
    private void Add(int seat, double shift, double others, int end)
    {
        var table = gains.Of(seat);
        var start = shift / Gains.Step;
        var whole = (int)Math.Floor(start);
        var share = (float)(start - whole);

        // Below the others nothing changes, then the table holds, and above its last corner nothing changes again.
        var (begin, last) = gains.RangeOf(seat);
        var overtakes = (int)Math.Clamp(Math.Floor(((others - gains.Lowest) / Gains.Step) - start) + 1, 0, end);
        var from = Math.Clamp(Math.Max(overtakes, begin - whole), 0, end);
        var until = Math.Clamp(last - whole, from, end);
        Constant((float)gains.Gain(seat, others), 0, overtakes);
        Constant(table[^1], Math.Max(overtakes, until), end);

        var node = from;
        var slope = new Vector<float>(share);
        for (; node + Vector<float>.Count <= until; node += Vector<float>.Count)
        {
            var low = new Vector<float>(table[(node + whole)..]);
            var high = new Vector<float>(table[(node + whole + 1)..]);
            var sum = new Vector<float>(objective.AsSpan(node)) + low + (slope * (high - low));
            sum.CopyTo(objective.AsSpan(node));
        }

        for (; node < until; node++)
        {
            var low = table[node + whole];
            objective[node] += low + (share * (table[node + whole + 1] - low));
        }
    }

    private void Constant(float amount, int from, int until)
    {
        if (amount == 0 || from >= until) return;
        changes[from] += amount;
        changes[until] -= amount;
    }

    // The lowest of the best: what gains nothing more is not bid.
    private int Best(int first, int end)
    {
        const float Same = 3e-6f;
        var best = first;
        var common = 0f;
        for (var node = 0; node < end; node++)
        {
            common += changes[node];
            objective[node] += common;
            if (node > first && objective[node] > objective[best] + (Same * Math.Abs(objective[best]))) best = node;
        }

        return best;
    }

    private double Highest(Plan plan, int seat, int exceptTarget)
    {
        var highest = double.NegativeInfinity;
        var placement = field.Seats[seat].Placement;
        foreach (var contender in field.ContendersOf(seat))
        {
            if (contender.Target == exceptTarget) continue;
            highest = Math.Max(highest, plan.Bids[contender.Target] + contender.LogFactor + plan.Multipliers[Field.Switch(contender.Campaign, placement)]);
        }

        return highest;
    }
}

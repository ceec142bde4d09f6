using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>Somebody who would click the best slot.</summary>
/// <param name="Minute">Since the world began, once the hour has come; before that within the hour.</param>
/// <param name="Pair">What they look at.</param>
/// <param name="Cell">Where.</param>
/// <param name="Number">Counts the pair's arrivals of the day.</param>
/// <param name="Luck">In (0, 1): they click when it is below our click rate over the best slot's.</param>
internal readonly record struct Arrival(int Minute, Pair Pair, Cell Cell, int Number, double Luck);

/// <summary>
/// Draws a day's potential clicks: a Poisson process at the rate of the best slot, thinned later by what the bid in force really gets. The same people come
/// whatever is bid, and a higher bid never loses a click that a lower one had.
/// </summary>
internal sealed class Arrivals(Dice dice)
{
    private static readonly double[] Until = Cumulate(Season.HourShare);
    private static readonly double[] BestRate = [.. Enum.GetValues<Placement>().Select(placement => Landscape.SlotsOf(placement)[0])];

    private readonly List<Arrival>[] hours = [.. Enumerable.Range(0, 24).Select(_ => new List<Arrival>())];

    public void StartDay()
    {
        foreach (var hour in hours) hour.Clear();
    }

    /// <summary>Draws a pair's people of the day, once.</summary>
    public void Draw(Pair pair, MarketDay today)
    {
        if (pair.DrawnOn == today.Day) return;
        pair.DrawnOn = today.Day;
        var count = Dice.Poisson(pair.MostClicks * today.Demand[pair.Query.Type], Dice.ToUnit(Dice.Continue(pair.Draws, today.Day)));
        for (var number = 0; number < count; number++)
        {
            var when = dice.Uniform(World.Draw.ClickMinute, pair.Key, today.Day, number);
            var hour = 0;
            while (when > Until[hour]) hour++;
            var minute = (int)(60 * (1 - ((Until[hour] - when) / Season.HourShare[hour])));
            var cell = CellAt(pair, dice.Uniform(World.Draw.Arrival, pair.Key, today.Day, number + 1));
            hours[hour].Add(new Arrival(Math.Clamp(minute, 0, 59), pair, cell, number, dice.Uniform(World.Draw.Clicks, pair.Key, today.Day, number)));
        }
    }

    /// <returns>The hour's people in the order of their minutes; nobody when the hour is taken again as the clocks go back.</returns>
    public List<Arrival> Take(int hour)
    {
        var taken = hours[hour];
        hours[hour] = [];
        taken.Sort(static (one, other) => (one.Minute, one.Pair.Key, one.Number).CompareTo((other.Minute, other.Pair.Key, other.Number)));
        return taken;
    }

    /// <returns>Whether they click when the slot expected has this click rate per view.</returns>
    public static bool Clicks(in Arrival arrival, double rate) => arrival.Luck * BestRate[arrival.Cell.Placement] < rate;

    private static Cell CellAt(Pair pair, double share)
    {
        var left = share * pair.MostClicks / pair.Relevance;
        foreach (var cell in pair.Cells)
        {
            left -= cell.Views * BestRate[cell.Placement];
            if (left <= 0) return cell;
        }

        return pair.Cells[^1];
    }

    private static double[] Cumulate(double[] shares)
    {
        var sum = 0d;
        var until = shares.Select(share => sum += share).ToArray();
        until[^1] = 1;
        return until;
    }
}

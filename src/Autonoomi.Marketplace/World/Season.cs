namespace Autonoomi.Marketplace.World;

/// <summary>What changes with the day and the hour for everybody: demand, rivals' drift, the shape of a day.</summary>
internal sealed class Season
{
    /// <summary>Parts of the day in which rivals bid alike: until 18, until 22, until midnight (some rivals are out of budget by then).</summary>
    public const int Regimes = 3;

    /// <summary>Shoppers' readiness to buy by part of the day, mean close to 1.</summary>
    public static readonly double[] Readiness = [0.98, 1.05, 0.98];

    /// <summary>The part of the day in which shoppers are readiest.</summary>
    public static readonly int Readiest = Array.IndexOf(Readiness, Readiness.Max());

    // Two humps, night at 0.3 of the mean, evening at 1.5; sums to 1.
    public static readonly double[] HourShare = Shares(
        0.45, 0.34, 0.30, 0.30, 0.32, 0.42, 0.60, 0.80, 0.98, 1.12, 1.20, 1.22, 1.20, 1.14, 1.08, 1.05, 1.08, 1.18, 1.32, 1.46, 1.52, 1.45, 1.15, 0.75);

    /// <summary>Share of a day's shoppers who come in each part of it; sums to 1.</summary>
    public static readonly double[] RegimeShare =
        [.. Enumerable.Range(0, Regimes).Select(regime => Enumerable.Range(0, 24).Where(hour => RegimeOf(hour) == regime).Sum(hour => HourShare[hour]))];

    private static readonly double[] WeekdayLevel = [1.06, 1.04, 1.02, 1.00, 0.97, 0.93, 0.98]; // Sunday first

    private readonly Dice dice;
    private readonly int types;
    private readonly DateOnly firstDay;
    private readonly double rivalDrift;
    private readonly int handOver;
    private readonly DemandPeak[] peaks;
    private readonly List<double[]> demand = [];
    private readonly List<double[]> logRivals = [];

    public Season(Dice dice, int types, DateOnly firstDay, WorldSettings settings)
    {
        this.dice = dice;
        this.types = types;
        this.firstDay = firstDay;
        rivalDrift = settings.Market.RivalDrift;
        handOver = settings.HistoryDays;
        peaks = [.. settings.Events.OfType<DemandPeak>()];
    }

    public static int RegimeOf(int hour) => hour < 18 ? 0 : hour < 22 ? 1 : 2;

    /// <returns>Shoppers of the day over an average day, per type.</returns>
    public double[] Demand(int day)
    {
        Extend(day);
        var peak = 1d;
        foreach (var one in peaks)
        {
            if (IsDuring(day, one.Day, one.Days)) peak *= one.Demand;
        }

        return peak == 1 ? demand[day] : [.. demand[day].Select(level => level * peak)];
    }

    /// <returns>Odds of an order over usual: a peak's, and the hesitation before it.</returns>
    public double Conversion(int day)
    {
        var odds = 1d;
        foreach (var peak in peaks)
        {
            if (IsDuring(day, peak.Day, peak.Days)) odds *= peak.Conversion;
            if (IsDuring(day, peak.Day - peak.LeadInDays, peak.LeadInDays)) odds *= peak.LeadInConversion;
        }

        return odds;
    }

    /// <returns>Logarithm of the rivals' level over the first day's, per type.</returns>
    public double[] LogRivals(int day)
    {
        Extend(day);
        return logRivals[day];
    }

    private bool IsDuring(int day, int first, int days) => day >= handOver + first && day < handOver + first + days;

    private void Extend(int day)
    {
        while (demand.Count <= day)
        {
            var next = demand.Count;
            var level = new double[types];
            var rivals = new double[types];
            for (var type = 0; type < types; type++)
            {
                // AR(1) around the weekday's level, stationary sd .05; rivals walk so much a day.
                var before = next == 0 ? 0 : Math.Log(demand[next - 1][type] / WeekdayLevel[(int)firstDay.AddDays(next - 1).DayOfWeek]);
                var shock = dice.Normal(Draw.Season, type, next) * 0.05;
                var mood = next == 0 ? shock : (0.8 * before) + (0.6 * shock);
                level[type] = WeekdayLevel[(int)firstDay.AddDays(next).DayOfWeek] * Math.Exp(mood);
                rivals[type] = next == 0 ? 0 : logRivals[next - 1][type] + (rivalDrift * dice.Normal(Draw.Drift, type, next));
            }

            demand.Add(level);
            logRivals.Add(rivals);
        }
    }

    private static double[] Shares(params double[] hours)
    {
        var sum = hours.Sum();
        return [.. hours.Select(hour => hour / sum)];
    }
}

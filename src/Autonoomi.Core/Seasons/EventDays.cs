using Autonoomi.Core.Facts;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Seasons;

/// <summary>Finished days that were not like others, by age (0 for yesterday): planned ones, and days on which clicks and organic orders jumped together.</summary>
internal sealed class EventDays
{
    /// <summary>Days looked back on.</summary>
    public const int Days = 90;

    /// <summary>What an event day counts for when long-run rates are learned.</summary>
    public const double LearningWeight = 0.3;

    private const int BaseDays = 28;
    private const int FewestBaseDays = 14;
    private const double Jump = 1.6;
    private const double Deviations = 4;

    public EventDays(Workspace workspace, Maturity maturity)
    {
        Clicks = new double[Days];
        IsEvent = new bool[Days];
        Planned = new double[Days];
        var organic = Organic(workspace, maturity);
        for (var age = 0; age < Days; age++)
        {
            Planned[age] = DemandOf(workspace, workspace.Today.AddDays(-age - 1));
            IsEvent[age] = workspace.Settings.Events.Any(planned => Holds(planned, workspace.Today.AddDays(-age - 1)));
        }

        // Oldest first, so that a day is compared with usual days before it. Bids move clicks but not organic orders, listings both: only demand moves both up at once.
        for (var age = Days - FewestBaseDays - 1; age >= 0; age--)
        {
            var before = Enumerable.Range(age + 1, Math.Min(BaseDays, Days - age - 1)).Where(day => !IsEvent[day] && Clicks[day] > 0).ToArray();
            if (before.Length < FewestBaseDays) continue;
            IsEvent[age] |= Jumps(Clicks[age], Median(Clicks, before)) && Jumps(organic[age], Median(organic, before));
        }
    }

    /// <summary>Clicks of the whole storefront.</summary>
    public double[] Clicks { get; }

    public bool[] IsEvent { get; }

    /// <summary>Demand over usual as the seller planned it.</summary>
    public double[] Planned { get; }

    /// <summary>A finished day's weight in what is learned for the long run, by age.</summary>
    public double WeightAt(int age) => age < Days && IsEvent[age] ? LearningWeight : 1;

    public static double DemandOf(Workspace workspace, DateOnly day) => Product(workspace, day, planned => Math.Clamp(planned.Demand, 0.1, 10));

    public static double ConversionOf(Workspace workspace, DateOnly day) => Product(workspace, day, planned => Math.Clamp(planned.Conversion, 0.3, 3));

    private static double Product(Workspace workspace, DateOnly day, Func<Profit.PlannedEvent, double> factor)
    {
        var product = 1d;
        foreach (var planned in workspace.Settings.Events) product *= Holds(planned, day) ? factor(planned) : 1;
        return product;
    }

    private static bool Holds(Profit.PlannedEvent planned, DateOnly day) => day >= planned.FirstDay && day <= planned.LastDay;

    private static bool Jumps(double value, double usual) => value > Jump * usual && value - usual > Deviations * Math.Sqrt(Math.Max(1, usual));

    private static double Median(double[] values, int[] ages)
    {
        var sorted = Array.ConvertAll(ages, age => values[age]);
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    // Units sold less those that ads brought, orders still to come counted.
    private double[] Organic(Workspace workspace, Maturity maturity)
    {
        var organic = new double[Days];
        var today = workspace.Today.DayNumber;
        var sold = workspace.OrderDays;
        var soldDays = sold.Ints("day");
        var units = sold.Longs("units");
        for (var row = 0; row < soldDays.Length; row++)
        {
            if (today - soldDays[row] - 1 is >= 0 and < Days and var age) organic[age] += units[row];
        }

        var facts = new AdColumns(workspace.TargetDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            if (today - facts.Days[row] - 1 is not (>= 0 and < Days and var age)) continue;
            Clicks[age] += facts.Clicks[row];
            organic[age] -= facts.Units[row] / maturity.VisibleShare(age);
        }

        for (var age = 0; age < Days; age++) organic[age] = Math.Max(0, organic[age]);
        return organic;
    }
}

using Autonoomi.Core.Facts;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Seasons;

/// <summary>What the calendar does to demand and to readiness to buy. Bids follow readiness, budgets follow demand. See docs/maths/seasons.md.</summary>
internal sealed class SeasonIndex
{
    private const int BaseFrom = 7;
    private const int BaseUntil = 35;
    private const int SpendDays = 5;
    private const double PseudoOrders = 30;
    private const double UsualEventConversion = 1.3;
    private const double Alarm = 3.5;
    private const double EventAlarm = 1;
    private const int LongestWindow = 14;
    private const double Highest = 1.8, Lowest = 0.6;

    // How far the share of orders seen so far may be wrong, as a fraction; it shrinks as orders arrive.
    private static readonly double[] DelayErrors = [0.10, 0.06, 0.05, 0.04, 0.03, 0.02, 0.02];

    private readonly Workspace workspace;
    private readonly EventDays events;
    private readonly double weight;
    private readonly double[] orders = new double[BaseUntil];
    private readonly double[] expected = new double[BaseUntil];

    public SeasonIndex(Measurement measured, DecisionSettings settings)
    {
        (workspace, events) = (measured.Workspace, measured.Events);
        var planned = EventDays.ConversionOf(workspace, workspace.Today);
        if (settings.SeasonWeight > 0) Count(measured);
        weight = settings.SeasonWeight;
        Conversion = weight <= 0 ? 1 : Math.Pow(planned != 1 ? planned : Found(), weight);
    }

    /// <summary>Orders per click today over what the estimates say, 0.3 to 3.</summary>
    public double Conversion { get; }

    /// <summary>Shoppers expected on a day over the mean of the last five, above 0; for budgets.</summary>
    public double DemandIndex(DateOnly day)
    {
        if (weight <= 0) return 1;
        double mean = 0, usual = 0, busy = 0;
        var (usualDays, busyDays) = (0, 0);
        for (var age = 0; age < SpendDays; age++)
        {
            var clicks = events.Clicks[age] / events.Planned[age];
            mean += events.Clicks[age] / SpendDays;
            if (!events.IsEvent[age] || events.Planned[age] != 1) (usual, usualDays) = (usual + clicks, usualDays + 1);
            else if (busyDays == age) (busy, busyDays) = (busy + clicks, busyDays + 1);
        }

        if (mean <= 0 || usualDays == 0) return EventDays.DemandOf(workspace, day);

        // An event that nobody announced is taken to go on for today and tomorrow.
        var goesOn = busyDays > 0 && day.DayNumber <= workspace.Today.DayNumber + 1;
        return EventDays.DemandOf(workspace, day) * (goesOn ? busy / busyDays : usual / usualDays) / mean;
    }

    /// <summary>Orders per click over usual on the days since something changed; 1 while nothing did beyond chance.</summary>
    /// <param name="orders">By age, 0 for yesterday.</param>
    /// <param name="expected">The same, expected by now under usual conditions.</param>
    /// <param name="isEvent">By age: demand says that the day was not usual.</param>
    public static double Find(ReadOnlySpan<double> orders, ReadOnlySpan<double> expected, ReadOnlySpan<bool> isEvent)
    {
        double seen = 0, usual = 0;
        for (var age = BaseFrom; age < Math.Min(BaseUntil, orders.Length); age++) (seen, usual) = isEvent[age] ? (seen, usual) : (seen + orders[age], usual + expected[age]);
        var level = (seen + PseudoOrders) / (usual + PseudoOrders);
        var (most, ratio) = (isEvent[0] ? EventAlarm : Alarm, 1.0);
        double y = 0, e = 0, error = 0;
        for (var age = 0; age < Math.Min(LongestWindow, orders.Length); age++)
        {
            // Usual days and an event's days are never judged together.
            if (isEvent[age] != isEvent[0]) break;
            var delay = age < DelayErrors.Length ? DelayErrors[age] : 0;
            (y, e, error) = (y + orders[age], e + level * expected[age], error + level * expected[age] * delay);
            var deviations = Math.Abs(y - e) / Math.Sqrt(Math.Max(1, e + error * error));
            if (deviations < most) continue;
            most = deviations;
            var prior = isEvent[0] ? Math.Sqrt(UsualEventConversion) : 1;
            ratio = (y + PseudoOrders * prior) / (e + PseudoOrders);
        }

        return Math.Clamp(ratio, Lowest, Highest);
    }

    private double Found() => Find(orders, expected, events.IsEvent.AsSpan(0, BaseUntil));

    private void Count(Measurement measured)
    {
        var facts = new AdColumns(workspace.TargetDays);
        var keys = workspace.TargetDays.Keys("target_id");
        var targetOf = measured.Structure.Targets(keys);
        var campaigns = workspace.TargetDays.Keys("campaign_id");
        var maturity = measured.Maturities(campaigns);
        var rates = new double[workspace.Targets.Length];
        for (var target = 0; target < rates.Length; target++) rates[target] = measured.PosteriorMean(target);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            if (workspace.Today.DayNumber - facts.Days[row] - 1 is not (>= 0 and < BaseUntil and var age) || targetOf[keys.Codes[row]] is not (>= 0 and var target)) continue;
            orders[age] += facts.Orders[row];
            expected[age] += facts.Clicks[row] * rates[target] * maturity[campaigns.Codes[row]].VisibleShare(age);
        }
    }
}

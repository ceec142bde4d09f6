using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Seasons;

/// <summary>What the calendar does to demand and to readiness to buy. Bids follow readiness, budgets follow demand. See docs/maths/seasons.md.</summary>
internal sealed class SeasonIndex
{
    private readonly Measurement measured;

    public SeasonIndex(Measurement measured, DecisionSettings settings)
    {
        this.measured = measured;
        Conversion = 1;
        foreach (var planned in measured.Workspace.Settings.Events)
        {
            if (measured.Workspace.Today >= planned.FirstDay && measured.Workspace.Today <= planned.LastDay) Conversion *= Math.Clamp(planned.Conversion, 0.3, 3);
        }

        Conversion = Math.Pow(Conversion, settings.SeasonWeight);
    }

    /// <summary>Orders per click today over what the estimates say, above 0.</summary>
    public double Conversion { get; }

    /// <returns>Shoppers expected on a day over the mean of the last ten, above 0; for budgets.</returns>
    public double DemandIndex(DateOnly day)
    {
        var index = 1d;
        foreach (var planned in measured.Workspace.Settings.Events)
        {
            if (day >= planned.FirstDay && day <= planned.LastDay) index *= Math.Clamp(planned.Demand, 0.1, 10);
        }

        return index;
    }
}

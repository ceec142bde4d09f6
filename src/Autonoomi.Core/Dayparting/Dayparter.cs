using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Dayparting;

/// <summary>Looks for hours that are worth more or less than others, where the seller has figures by the hour. See docs/maths/dayparting.md.</summary>
internal static class Dayparter
{
    private const int OutOfBudgetDays = 2;

    /// <returns>In order of the campaigns; only plans that pay.</returns>
    public static ImmutableArray<DaypartPlan> Plans(Measurement measured, DecisionSettings settings)
    {
        var workspace = measured.Workspace;
        if (workspace.HourDays.Rows == 0 || settings.DaypartWeight <= 0) return [];
        var (orders, clicks) = Count(measured);
        var (value, cost, traffic) = ByCampaign(measured);
        var plans = ImmutableArray.CreateBuilder<DaypartPlan>();
        for (var campaign = 0; campaign < workspace.Campaigns.Length; campaign++)
        {
            // A day that ends with an empty budget says little about its evening: the budget price comes first.
            if (!measured.IsManaged(campaign) || measured.OutOfBudgetDays[campaign] >= OutOfBudgetDays || traffic[campaign] <= 0 || value[campaign] <= cost[campaign]) continue;
            if (Plan(orders[campaign], clicks[campaign], settings) is not { } blocks) continue;
            var (gain, low, high) = Gain(blocks, clicks[campaign], value[campaign], cost[campaign], settings);
            var share = gain / (value[campaign] - cost[campaign]);
            if (share < settings.DaypartMinimumGain) continue;
            var least = blocks.Min(block => block.Worth);
            plans.Add(new DaypartPlan(
                workspace.Campaigns[campaign].Id, Math.Min(1, least),
                [.. blocks.Select(block => block with { IncreasePercent = (int)Math.Round(100 * (block.Worth / Math.Min(1, least) - 1), MidpointRounding.AwayFromZero) })],
                share, Effects.Of([(low, 0.25), (gain, 0.5), (high, 0.25)], workspace.Marketplace.Currency)));
        }

        return plans.ToImmutable();
    }

    /// <summary>Blocks of the day; null where no hours stand out.</summary>
    /// <param name="orders">Per hour.</param>
    /// <param name="clicks">Per hour, corrected for orders still to come.</param>
    /// <param name="settings">Pseudo-orders and weight.</param>
    public static IReadOnlyList<DaypartBlock>? Plan(double[] orders, double[] clicks, DecisionSettings settings)
    {
        var rate = clicks.Sum() > 0 ? orders.Sum() / clicks.Sum() : 0;
        if (rate <= 0) return null;
        var rates = new HourRates(orders, Array.ConvertAll(clicks, n => n * rate), settings.DaypartPseudoOrders);
        var classes = rates.Classes();
        if (Array.TrueForAll(classes, kind => kind == 0)) return null;
        var blocks = new List<DaypartBlock>();
        for (var from = 0; from < HourRates.Hours;)
        {
            var until = from + 1;
            while (until < HourRates.Hours && classes[until] == classes[from]) until++;

            // Both ends of a run through midnight are one block in all but name.
            var hours = Enumerable.Range(from, until - from).ToHashSet();
            if (from == 0) for (var hour = HourRates.Hours - 1; hour >= until && classes[hour] == classes[0]; hour--) hours.Add(hour);
            if (until == HourRates.Hours) for (var hour = 0; hour < from && classes[hour] == classes[from]; hour++) hours.Add(hour);
            var (mean, deviation) = rates.Over(hours);
            double Factor(double worth) => classes[from] == 0 ? 1 : Math.Pow(Math.Clamp(worth, HourRates.Lowest, HourRates.Highest), settings.DaypartWeight);
            blocks.Add(new DaypartBlock(from, until, Factor(mean), Factor(mean + Effects.Low * deviation), Factor(mean + Effects.High * deviation), 0));
            from = until;
        }

        return blocks;
    }

    // Profit with bids in proportion to the hour's worth less profit with one bid for all; what if the worth is at its low or high end.
    private static (double Mean, double Low, double High) Gain(IReadOnlyList<DaypartBlock> blocks, double[] clicks, double value, double cost, DecisionSettings settings)
    {
        double mean = 0, low = 0, high = 0;
        var all = clicks.Sum();
        foreach (var block in blocks)
        {
            double share = 0;
            for (var hour = block.FromHour; hour < block.UntilHour; hour++) share += clicks[hour] / all;
            var (more, dearer) = (Math.Pow(block.Worth, settings.ClickElasticity), Math.Pow(block.Worth, settings.PriceElasticity));
            double At(double worth) => share * (more * (worth * value - dearer * cost) - (worth * value - cost));
            var (one, other) = (At(block.Low), At(block.High));
            (mean, low, high) = (mean + At(block.Worth), low + Math.Min(one, other), high + Math.Max(one, other));
        }

        return (mean, low, high);
    }

    private static (double[][] Orders, double[][] Clicks) Count(Measurement measured)
    {
        var workspace = measured.Workspace;
        var (orders, clicks) = (Empty(), Empty());
        double[][] Empty() => [.. workspace.Campaigns.Select(_ => new double[HourRates.Hours])];
        var table = workspace.HourDays;
        var keys = table.Keys("campaign_id");
        var positions = measured.Structure.Campaigns(keys);
        var maturities = measured.Maturities(keys);
        var hours = table.Ints("hour");
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age < 0 || positions[keys.Codes[row]] is not (>= 0 and var campaign) || hours[row] is not (>= 0 and < HourRates.Hours and var hour)) continue;
            orders[campaign][hour] += facts.Orders[row];
            clicks[campaign][hour] += facts.Clicks[row] * maturities[keys.Codes[row]].VisibleShare(age);
        }

        foreach (var campaign in Enumerable.Range(0, orders.Length))
        {
            // Late corrections are negative and may leave less than nothing.
            for (var hour = 0; hour < HourRates.Hours; hour++) (orders[campaign][hour], clicks[campaign][hour]) = (Math.Max(0, orders[campaign][hour]), Math.Max(0, clicks[campaign][hour]));
        }

        return (orders, clicks);
    }

    // Value and cost of 30 days' clicks.
    private static (double[] Value, double[] Cost, double[] Clicks) ByCampaign(Measurement measured)
    {
        var campaigns = measured.Workspace.Campaigns.Length;
        var (value, cost, clicks) = (new double[campaigns], new double[campaigns], new double[campaigns]);
        for (var target = 0; target < measured.Clicks30.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] is not (>= 0 and var campaign) || double.IsNaN(measured.Contribution[target])) continue;
            value[campaign] += measured.Clicks30[target] * measured.ClickValue(target);
            cost[campaign] += measured.Cost30[target];
            clicks[campaign] += measured.Clicks30[target];
        }

        return (value, cost, clicks);
    }
}

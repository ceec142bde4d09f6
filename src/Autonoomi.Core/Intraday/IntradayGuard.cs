using System.Collections.Immutable;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Intraday;

/// <summary>One campaign's day so far. Amounts in the storefront's currency.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Planned">Spend planned for the whole day, zero or more.</param>
/// <param name="Budget">Daily budget in force.</param>
/// <param name="Least">Lowest budget that it may get: Amazon's lowest, and no less than its highest bid, which Amazon would refuse.</param>
/// <param name="Counts">What Amazon counted today, oldest first; empty before it counted.</param>
/// <param name="ChangesToday">How often this guard has changed the campaign today, 0 or more.</param>
/// <param name="IsOurs">False where its spend counts but nothing of it may be changed.</param>
public sealed record CampaignDay(CampaignId Campaign, decimal Planned, decimal Budget, decimal Least, ImmutableArray<SpendCount> Counts, int ChangesToday, bool IsOurs)
{
    /// <summary>Spent so far; corrections may leave less than nothing, which counts as nothing.</summary>
    public decimal Spent => Counts.IsEmpty ? 0 : Math.Max(0, Counts[^1].Spent);
}

/// <summary>One lowered budget, with everything it rests on; the next day's decision gives it back.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Spent">By the campaign so far.</param>
/// <param name="Planned">For its whole day.</param>
/// <param name="Forecast">Its spend expected by the end of the day.</param>
/// <param name="Inputs">From which the budget follows.</param>
public sealed record IntradayStep(CampaignId Campaign, decimal Spent, decimal Planned, double Forecast, IntradayInputs Inputs)
{
    /// <summary>The new daily budget, below the one before.</summary>
    public decimal After => Inputs.Budget();
}

/// <param name="Stops">True when the day's cap is reached: the campaign gets the lowest budget there is.</param>
/// <param name="Before">Daily budget in force.</param>
/// <param name="Forecast">What the campaign would spend.</param>
/// <param name="Excess">What must still be saved when its turn comes.</param>
/// <param name="Floor">Lowest budget it may get while the cap is not reached: what is spent and a little, or its plan where others can save enough.</param>
/// <param name="Least">Lowest budget at all.</param>
/// <param name="Unit">The currency's smallest budget step, above 0.</param>
public readonly record struct IntradayInputs(bool Stops, decimal Before, decimal Forecast, decimal Excess, decimal Floor, decimal Least, decimal Unit)
{
    /// <returns>The budget to set; the one before when it would not fall.</returns>
    public decimal Budget()
    {
        var after = Stops ? Up(Least) : Math.Max(Up(Floor), Math.Floor((Forecast - Excess) / Unit) * Unit);
        return Math.Min(Before, after);
    }

    private decimal Up(decimal amount) => Math.Ceiling(amount / Unit) * Unit;
}

/// <summary>Two hours that cost far more than planned.</summary>
/// <param name="From">Begin of the time looked at.</param>
/// <param name="Until">When Amazon counted last.</param>
/// <param name="Spent">In between.</param>
/// <param name="Planned">For that time.</param>
public sealed record Runaway(DateTimeOffset From, DateTimeOffset Until, decimal Spent, decimal Planned);

/// <param name="Spent">By all campaigns so far.</param>
/// <param name="Forecast">Spend of all campaigns expected by the end of the day.</param>
/// <param name="Cap">The most that the day may cost; null without a limit.</param>
/// <param name="Steps">In order of campaign; empty in quiet hours.</param>
/// <param name="RunsAway">Two hours of spend far beyond plan: nothing more is written until a person has looked (G9). Null in quiet hours.</param>
public sealed record IntradayDecision(decimal Spent, double Forecast, decimal? Cap, ImmutableArray<IntradayStep> Steps, Runaway? RunsAway);

/// <summary>Keeps a day within its hard cap while it runs: lower budgets, so that Amazon stops there itself. Never raises. See docs/maths/intraday.md.</summary>
public static class IntradayGuard
{
    /// <summary>Changes of one campaign in a day: one cut, one stop.</summary>
    public const int ChangesPerDay = 2;

    /// <summary>Times an even share of the month's rest, or times the plan where that is more, that a day may cost.</summary>
    public const decimal DayOverShare = 2;

    // So much of the day's plan counts as seen when the day begins: one dear click at one in the morning is not a trend.
    private const double PriorShare = 0.1;

    // Two hours, or a little less: counts come a little early or late.
    private static readonly TimeSpan Watched = TimeSpan.FromMinutes(110);
    private static readonly TimeSpan LongestWatched = TimeSpan.FromHours(4);

    // Of the day's plan, and of Amazon's lowest budget: less than this in two hours is no fire, however little was planned.
    private const decimal RunawayShare = 0.25m;
    private const decimal RunawayBudgets = 10;

    /// <summary>The most that a day may cost.</summary>
    /// <param name="dailyCap">The seller's own cap of a day; null for none.</param>
    /// <param name="monthLeft">The month's budget less what the days before this one have cost.</param>
    /// <param name="daysLeft">Days of the month that are left, this one among them, at least 1.</param>
    /// <param name="planned">Planned for this day.</param>
    /// <returns>Zero or more: the seller's cap, the month's rest, or twice an even share of it (twice the plan where more is planned), whichever is least.</returns>
    public static decimal DayCap(decimal? dailyCap, decimal monthLeft, int daysLeft, decimal planned)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(daysLeft, 1);
        var rest = Math.Max(0, monthLeft);
        return Math.Max(0, Math.Min(dailyCap ?? decimal.MaxValue, Math.Min(rest, DayOverShare * Math.Max(rest / daysLeft, planned))));
    }

    /// <param name="campaigns">Those whose spend counts, each once.</param>
    /// <param name="curve">How a usual day's spend is spread over its hours.</param>
    /// <param name="day">The day that runs.</param>
    /// <param name="hardCap">The most that all campaigns may spend today, zero or more; null without a limit.</param>
    /// <param name="lowestBudget">Amazon's lowest daily budget, above 0.</param>
    /// <param name="unit">The currency's smallest budget step, above 0.</param>
    /// <exception cref="ArgumentException">The cap or a plan is negative.</exception>
    public static IntradayDecision Decide(IReadOnlyList<CampaignDay> campaigns, DayCurve curve, ReportingDay day, decimal? hardCap, decimal lowestBudget, decimal unit)
    {
        if (hardCap < 0) throw new ArgumentException("The cap is an amount of zero or more.", nameof(hardCap));
        if (campaigns.FirstOrDefault(campaign => campaign.Planned < 0) is { } wrong) throw new ArgumentException($"Campaign {wrong.Campaign}: a plan is an amount of zero or more.", nameof(campaigns));
        var forecasts = campaigns.ToDictionary(campaign => campaign.Campaign, campaign => Forecast(campaign, curve, day));
        var (spent, forecast) = (campaigns.Sum(campaign => campaign.Spent), forecasts.Values.Sum());
        var steps = hardCap is not { } cap ? []
            : spent >= cap ? Stop(campaigns, forecasts, unit)
            : forecast > cap ? Lower(campaigns, forecasts, forecast - cap, lowestBudget, unit)
            : [];
        return new(spent, (double)forecast, hardCap, [.. steps.OrderBy(step => step.Campaign.Value)], RunsAway(campaigns, curve, day, lowestBudget));
    }

    /// <summary>Spend by the end of the day at the pace so far, which is believed the more, the more of the day has passed; Amazon never spends more than twice a budget.</summary>
    private static decimal Forecast(CampaignDay campaign, DayCurve curve, ReportingDay day)
    {
        var passed = campaign.Counts.IsEmpty ? 0 : curve.SpentBy(day.PassedAt(campaign.Counts[^1].At));
        var pace = ((double)campaign.Spent + (PriorShare * (double)campaign.Planned)) / (passed + PriorShare);
        var expected = campaign.Spent + decimal.Round((decimal)Math.Min(1e12, pace * (1 - passed)), 4);
        return Math.Min(expected, Math.Max(campaign.Spent, Coordinator.Overdelivery * campaign.Budget));
    }

    // The cap is reached: whatever is open closes, the second change of a campaign included.
    private static IEnumerable<IntradayStep> Stop(IReadOnlyList<CampaignDay> campaigns, Dictionary<CampaignId, decimal> forecasts, decimal unit) => campaigns
        .Where(campaign => campaign.IsOurs && campaign.ChangesToday < ChangesPerDay)
        .Select(campaign => Step(campaign, forecasts[campaign.Campaign], new(true, campaign.Budget, forecasts[campaign.Campaign], 0, campaign.Least, campaign.Least, unit)))
        .Where(step => step.After < step.Inputs.Before);

    // The furthest beyond its plan first, until the rest fits: down to the plan where that is enough, otherwise down to what is spent and a little. The second change is kept for the stop.
    private static List<IntradayStep> Lower(IReadOnlyList<CampaignDay> campaigns, Dictionary<CampaignId, decimal> forecasts, decimal excess, decimal lowestBudget, decimal unit)
    {
        var open = campaigns.Where(campaign => campaign.IsOurs && campaign.ChangesToday < ChangesPerDay - 1)
            .OrderByDescending(campaign => forecasts[campaign.Campaign] - campaign.Planned).ThenBy(campaign => campaign.Campaign.Value).ToList();
        decimal Lowest(CampaignDay campaign) => Math.Max(campaign.Spent + lowestBudget, campaign.Least);
        decimal AtPlan(CampaignDay campaign) => Math.Max(Lowest(campaign), campaign.Planned);
        IntradayInputs Inputs(CampaignDay campaign, decimal toSave, decimal floor) => new(false, campaign.Budget, forecasts[campaign.Campaign], toSave, floor, campaign.Least, unit);
        decimal Saves(CampaignDay campaign, IntradayInputs inputs) => inputs.Budget() < campaign.Budget ? Math.Max(0, forecasts[campaign.Campaign] - inputs.Budget()) : 0;
        var enough = open.Sum(campaign => Saves(campaign, Inputs(campaign, excess, AtPlan(campaign)))) >= excess;
        var steps = new List<IntradayStep>();
        foreach (var campaign in open)
        {
            if (excess <= 0) break;
            var inputs = Inputs(campaign, excess, enough ? AtPlan(campaign) : Lowest(campaign));
            if (Saves(campaign, inputs) is not (> 0 and var saved)) continue;
            steps.Add(Step(campaign, forecasts[campaign.Campaign], inputs));
            excess -= saved;
        }

        return steps;
    }

    private static IntradayStep Step(CampaignDay campaign, decimal forecast, IntradayInputs inputs) => new(campaign.Campaign, campaign.Spent, campaign.Planned, (double)forecast, inputs);

    // Spend alone, three times the plan for two hours, stands for the outlier of price or click rate: hours have no clicks here.
    private static Runaway? RunsAway(IReadOnlyList<CampaignDay> campaigns, DayCurve curve, ReportingDay day, decimal lowestBudget)
    {
        decimal spent = 0, planned = 0;
        DateTimeOffset? from = null, until = null;
        foreach (var campaign in campaigns)
        {
            if (campaign.Counts.IsEmpty) continue;
            var newest = campaign.Counts[^1];
            var begin = campaign.Counts.Prepend(new(day.Start, 0, campaign.Budget)).LastOrDefault(count => newest.At - count.At >= Watched);
            if (begin is null || newest.At - begin.At > LongestWatched) continue;
            spent += Math.Max(0, newest.Spent - begin.Spent);
            planned += campaign.Planned * (decimal)(curve.SpentBy(day.PassedAt(newest.At)) - curve.SpentBy(day.PassedAt(begin.At)));
            if (from is null || begin.At < from) from = begin.At;
            if (until is null || newest.At > until) until = newest.At;
        }

        var plan = campaigns.Sum(campaign => campaign.Planned);
        return from is { } first && until is { } last && planned > 0 && spent > 2 * (decimal)KillSwitch.RunawaySpend * planned && spent > RunawayShare * plan && spent > RunawayBudgets * lowestBudget
            ? new(first, last, spent, planned)
            : null;
    }
}

using System.Collections.Immutable;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Intraday;

/// <summary>One campaign's day so far. Amounts in the storefront's currency.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Planned">Spend planned for the whole day, zero or more.</param>
/// <param name="SpentByHour">Per hour of the reporting day that has passed, oldest first; late corrections may be negative.</param>
/// <param name="ChangesToday">How often this guard has changed the campaign today, 0 or more.</param>
public sealed record CampaignDay(CampaignId Campaign, double Planned, ImmutableArray<double> SpentByHour, int ChangesToday);

/// <summary>What to do with a campaign until the day ends; the next morning's decision takes it back.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="BidFactor">Multiplies every effective bid, above 0 and at most 1; 1 when it is paused.</param>
/// <param name="Pause">True when the campaign stops for the day.</param>
public sealed record IntradayStep(CampaignId Campaign, double BidFactor, bool Pause);

/// <param name="Forecast">Spend of all campaigns expected by the end of the day.</param>
/// <param name="Steps">In order of campaign; empty in quiet hours.</param>
/// <param name="RunsAway">Two hours of spend far beyond plan: nothing more is written until a person has looked (G9).</param>
public sealed record IntradayDecision(double Forecast, ImmutableArray<IntradayStep> Steps, bool RunsAway);

/// <summary>Keeps a day within its hard cap while it runs: first gentler bids, then a stop. Never raises. See docs/maths/intraday.md.</summary>
public static class IntradayGuard
{
    /// <summary>Changes of one campaign in a day: one cut of bids, one stop.</summary>
    public const int ChangesPerDay = 2;

    /// <summary>Percent less bid per percent of forecast over the cap: spend answers a bid more than one for one.</summary>
    public const double Gain = 0.8;

    // So much of the day's plan counts as seen when the day begins: one dear click at one in the morning is not a trend.
    private const double PriorShare = 0.1;
    private const double LeastFactor = 0.3;

    /// <param name="campaigns">Enabled campaigns, each once.</param>
    /// <param name="hourShares">Usual share of a day's spend per hour, 23 to 25 of them, summing to 1.</param>
    /// <param name="hardCap">The most that all campaigns may spend today, zero or more.</param>
    /// <exception cref="ArgumentException">The shares are no day, a plan is negative or no number, or a campaign has more hours than the day.</exception>
    public static IntradayDecision Decide(IReadOnlyList<CampaignDay> campaigns, ImmutableArray<double> hourShares, double hardCap)
    {
        if (hourShares.Length is < 23 or > 25 || hourShares.Any(share => !(share >= 0)) || Math.Abs(hourShares.Sum() - 1) > 1e-6) throw new ArgumentException("A day has 23 to 25 hours whose shares are zero or more and sum to 1.", nameof(hourShares));
        if (!(hardCap >= 0)) throw new ArgumentException("The cap is an amount of zero or more.", nameof(hardCap));
        double spent = 0, forecast = 0;
        foreach (var campaign in campaigns)
        {
            if (!(campaign.Planned >= 0) || !double.IsFinite(campaign.Planned) || campaign.SpentByHour.Length > hourShares.Length || campaign.SpentByHour.Any(hour => !double.IsFinite(hour)))
                throw new ArgumentException($"Campaign {campaign.Campaign}: plan or hours are no day's.", nameof(campaigns));
            var sofar = Math.Max(0, campaign.SpentByHour.Sum());
            spent += sofar;
            forecast += sofar + Remaining(campaign, sofar, hourShares);
        }

        var ordered = campaigns.OrderBy(campaign => campaign.Campaign.Value);
        if (spent >= hardCap) return new(forecast, [.. ordered.Select(campaign => new IntradayStep(campaign.Campaign, 1, true))], RunsAway(campaigns, hourShares));
        if (forecast <= hardCap) return new(forecast, [], RunsAway(campaigns, hourShares));
        var factor = Math.Max(LeastFactor, Math.Exp(-Gain * Math.Log(forecast / hardCap)));

        // The second change is kept for the stop.
        return new(forecast, [.. ordered.Where(campaign => campaign.ChangesToday < ChangesPerDay - 1).Select(campaign => new IntradayStep(campaign.Campaign, factor, false))], RunsAway(campaigns, hourShares));
    }

    /// <summary>The hours to come at the pace so far, which is believed the more, the more of the day has passed.</summary>
    private static double Remaining(CampaignDay campaign, double sofar, ImmutableArray<double> hourShares)
    {
        double passed = 0, left = 0;
        for (var hour = 0; hour < hourShares.Length; hour++)
        {
            if (hour < campaign.SpentByHour.Length) passed += hourShares[hour];
            else left += hourShares[hour];
        }

        return (sofar + PriorShare * campaign.Planned) / (passed + PriorShare) * left;
    }

    // Hours have no clicks here: spend alone, three times the plan for two hours, stands for the outlier.
    private static bool RunsAway(IReadOnlyList<CampaignDay> campaigns, ImmutableArray<double> hourShares)
    {
        double spent = 0, planned = 0;
        foreach (var campaign in campaigns)
        {
            var last = campaign.SpentByHour.Length;
            if (last < 2) return false;
            spent += Math.Max(0, campaign.SpentByHour[last - 1] + campaign.SpentByHour[last - 2]);
            planned += campaign.Planned * (hourShares[last - 1] + hourShares[last - 2]);
        }

        return planned > 0 && spent > 2 * KillSwitch.RunawaySpend * planned;
    }
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Intraday;

/// <summary>One reporting day of a storefront: 23, 24 or 25 hours.</summary>
/// <param name="Date">As reports name it.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant of the next day.</param>
public readonly record struct ReportingDay(DateOnly Date, DateTimeOffset Start, DateTimeOffset End)
{
    public bool Holds(DateTimeOffset at) => at >= Start && at < End;

    /// <returns>Share of the day that has passed, 0 to 1.</returns>
    public double PassedAt(DateTimeOffset at) => Math.Clamp((at - Start) / (End - Start), 0, 1);
}

/// <summary>What Amazon counted of one campaign.</summary>
/// <param name="At">When it counted.</param>
/// <param name="Spent">Spent of the reporting day by then, in the storefront's currency.</param>
/// <param name="Budget">The daily budget in force by then.</param>
public sealed record SpendCount(DateTimeOffset At, decimal Spent, decimal Budget);

/// <param name="Campaign">Which.</param>
/// <param name="Counts">Of one reporting day, oldest first, no two of one instant.</param>
public sealed record CampaignCounts(CampaignId Campaign, ImmutableArray<SpendCount> Counts);

/// <summary>One reporting day's spend, as Amazon counted it by the hour.</summary>
/// <param name="Date">Which day.</param>
/// <param name="Campaigns">Those that Amazon told of, by id.</param>
public sealed record SpendDay(DateOnly Date, ImmutableArray<CampaignCounts> Campaigns)
{
    /// <summary>Spent by all campaigns so far, in the storefront's currency.</summary>
    [JsonIgnore]
    public decimal Spent => Campaigns.Sum(campaign => campaign.Counts[^1].Spent);

    /// <summary>When Amazon counted last; null before it counted at all.</summary>
    [JsonIgnore]
    public DateTimeOffset? CountedAt => Campaigns.IsEmpty ? null : Campaigns.Max(campaign => campaign.Counts[^1].At);

    /// <summary>Adds what Amazon answered. An answer that is no younger than the last one, of another day, or from before the budget was changed that it is a share of, adds nothing.</summary>
    /// <param name="day">This day.</param>
    /// <param name="answers">Each campaign once.</param>
    /// <param name="movedAt">When we last changed a campaign's budget; campaigns that we left alone are missing.</param>
    public SpendDay With(ReportingDay day, IEnumerable<(CampaignId Campaign, SpendCount Count)> answers, IReadOnlyDictionary<CampaignId, DateTimeOffset> movedAt)
    {
        if (day.Date != Date) throw new ArgumentException($"These are counts of {Date:yyyy-MM-dd}, not of {day.Date:yyyy-MM-dd}.", nameof(day));
        var known = Campaigns.ToDictionary(campaign => campaign.Campaign);
        foreach (var (campaign, count) in answers)
        {
            if (!day.Holds(count.At) || (movedAt.TryGetValue(campaign, out var moved) && count.At < moved)) continue;
            var before = known.TryGetValue(campaign, out var counts) ? counts.Counts : [];
            if (before.IsEmpty || count.At > before[^1].At) known[campaign] = new(campaign, before.Add(count));
        }

        return this with { Campaigns = [.. known.Values.OrderBy(campaign => campaign.Campaign.Value)] };
    }
}

/// <summary>A finished day's spend of all campaigns, by hour.</summary>
/// <param name="Date">Which day.</param>
/// <param name="Spent">By hour, 24 of them, zero or more, in the storefront's currency.</param>
public sealed record SpendHours(DateOnly Date, ImmutableArray<decimal> Spent)
{
    // Between two counts further apart nobody knows when the money went.
    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(3);

    /// <returns>Null where counts have gaps of more than three hours, nothing was spent, or the clocks changed on that day: such a day says nothing about hours.</returns>
    public static SpendHours? Of(SpendDay counted, ReportingDay day)
    {
        if (day.End - day.Start != TimeSpan.FromHours(DayCurve.Hours)) return null;
        var instants = counted.Campaigns.SelectMany(campaign => campaign.Counts).Select(count => count.At).Prepend(day.Start).Append(day.End).Distinct().Order().ToList();
        if (instants.Zip(instants.Skip(1)).Any(pair => pair.Second - pair.First > LongestGap)) return null;
        var spent = new decimal[DayCurve.Hours];
        foreach (var campaign in counted.Campaigns)
        {
            for (var hour = 0; hour < spent.Length; hour++)
                spent[hour] += At(campaign.Counts, day, day.Start.AddHours(hour + 1)) - At(campaign.Counts, day, day.Start.AddHours(hour));
        }

        for (var hour = 0; hour < spent.Length; hour++) spent[hour] = Math.Max(0, spent[hour]);
        return spent.Sum() > 0 ? new(counted.Date, [.. spent]) : null;
    }

    // Straight lines between counts; after the last one its line goes on.
    private static decimal At(ImmutableArray<SpendCount> counts, ReportingDay day, DateTimeOffset instant)
    {
        var (from, to) = (new SpendCount(day.Start, 0, 0), counts[0]);
        for (var index = 1; index < counts.Length && instant > to.At; index++) (from, to) = (to, counts[index]);
        return to.At <= from.At ? to.Spent : from.Spent + ((to.Spent - from.Spent) * (instant - from.At).Ticks / (to.At - from.At).Ticks);
    }
}

/// <summary>How a usual day's spend is spread over its hours.</summary>
/// <param name="Shares">Of the 24 hours of a day, zero or more, summing to 1. A day of 23 or 25 hours is this one, stretched.</param>
public sealed record DayCurve(ImmutableArray<double> Shares)
{
    public const int Hours = 24;

    /// <summary>Days that are kept to learn from.</summary>
    public const int Days = 28;

    // An even day counts as so many seen: the first days move the curve a little, four weeks make it theirs.
    private const double EvenDays = 3;

    /// <returns>The mean of these days' shares, and of three days that spend evenly.</returns>
    public static DayCurve Of(IEnumerable<SpendHours> days)
    {
        var (shares, weight) = (Enumerable.Repeat(EvenDays / Hours, Hours).ToArray(), EvenDays);
        foreach (var day in days)
        {
            var total = (double)day.Spent.Sum();
            for (var hour = 0; hour < Hours; hour++) shares[hour] += (double)day.Spent[hour] / total;
            weight++;
        }

        return new([.. shares.Select(share => share / weight)]);
    }

    /// <param name="passed">Share of the day that has passed, 0 to 1.</param>
    /// <returns>Share of the day's spend that has usually been spent by then, 0 to 1.</returns>
    public double SpentBy(double passed)
    {
        var hours = Math.Clamp(passed, 0, 1) * Hours;
        var whole = Math.Min((int)hours, Hours - 1);
        double sum = 0;
        for (var hour = 0; hour < whole; hour++) sum += Shares[hour];
        return Math.Min(1, sum + (Shares[whole] * (hours - whole)));
    }
}

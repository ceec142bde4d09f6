namespace Autonoomi.Marketplace.World;

/// <summary>What a later restatement does to an order in the reports; both null for most.</summary>
/// <param name="AppearsMinute">Before it the reports do not know the order.</param>
/// <param name="LeavesMinute">From it on the reports have forgotten the order.</param>
internal readonly record struct Restatement(long? AppearsMinute, long? LeavesMinute);

/// <summary>
/// How long after its click an order happens, and how Amazon restates orders 1, 7 and 28 days after they happened. A share of the orders comes within
/// half a day (exponential, mean 1.5 h, at most 10 h), the others after half a day and a truncated exponential of mean 3.2 days, at most 14 days after
/// the click. The tail's mean puts about 90 % of a week's orders into the reports four days after the click's day, as a published analysis of reports
/// found.
/// </summary>
/// <param name="sameDayShare">Share within half a day, 0.65 to 0.75.</param>
/// <param name="restatement">Share of the orders that each of the three restatements changes: half of them come late, half are forgotten.</param>
internal readonly struct OrderDelay(double sameDayShare, double restatement)
{
    private const int MinutesPerDay = 1440;
    private const double QuickMeanHours = 1.5;
    private const double QuickMostHours = 10;
    private const double TailMeanDays = 3.2;
    private const double TailMostDays = 13.5;
    private static readonly int[] RestatedAfterDays = [1, 7, 28];

    /// <param name="uniform">In (0, 1); a higher one never comes sooner.</param>
    /// <returns>Whole minutes from click to order.</returns>
    public long Minutes(double uniform)
    {
        var hours = uniform < sameDayShare
            ? Math.Min(QuickMostHours, -QuickMeanHours * Math.Log(1 - (uniform / sameDayShare)))
            : 12 + (24 * -TailMeanDays * Math.Log(1 - ((uniform - sameDayShare) / (1 - sameDayShare) * TailMass)));
        return (long)(hours * 60);
    }

    /// <returns>Share of all orders that happen within so many days after the click: the formula behind <see cref="Minutes"/>.</returns>
    public double ShareWithin(double days) => days switch
    {
        <= 0 => 0,
        _ when days * 24 < QuickMostHours => sameDayShare * (1 - Math.Exp(-days * 24 / QuickMeanHours)),
        <= 0.5 => sameDayShare,
        _ => sameDayShare + ((1 - sameDayShare) * Math.Min(1, (1 - Math.Exp(-(days - 0.5) / TailMeanDays)) / TailMass)),
    };

    /// <param name="orderMinute">When the order happened.</param>
    /// <param name="uniform">In (0, 1).</param>
    public Restatement Restate(long orderMinute, double uniform)
    {
        var place = (int)Math.Min(int.MaxValue, restatement <= 0 ? int.MaxValue : uniform / (restatement / 2));
        if (place >= 2 * RestatedAfterDays.Length) return default;
        var minute = orderMinute + (RestatedAfterDays[place / 2] * MinutesPerDay);
        return place % 2 == 0 ? new Restatement(null, minute) : new Restatement(minute, null);
    }

    private static double TailMass => 1 - Math.Exp(-TailMostDays / TailMeanDays);
}

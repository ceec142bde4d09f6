using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Calibration;

/// <summary>What a market looks like from outside, under the seller's own past: the last 60 days of reports, and the truth about delays. Shares are fractions.</summary>
/// <param name="Seed">Of the world.</param>
/// <param name="Days">Days looked at.</param>
/// <param name="Targets">Enabled targets.</param>
/// <param name="ClicksPerDay">Of the whole account.</param>
/// <param name="ClickRate">Clicks per impression.</param>
/// <param name="Conversion">Orders within seven days per click.</param>
/// <param name="Acos">Spend over sales within seven days, the account's.</param>
/// <param name="MedianCampaignAcos">Median over campaigns with sales.</param>
/// <param name="TopOfSearchPremium">Price of a click at the top of search over one in the rest of search, minus 1.</param>
/// <param name="PriceOverBid">Spend over the sum of the bids in force at the clicks.</param>
/// <param name="TermsWithoutOrder">Share of the search terms with clicks that brought no order.</param>
/// <param name="Gini">Inequality of spend over enabled targets, those without spend included.</param>
/// <param name="GiniOfTerms">The same over search terms with clicks.</param>
/// <param name="SpendOfTopTenth">Share of the spend that the tenth of the search terms with the highest spend took.</param>
/// <param name="InvalidShare">Share of clicks that were credited.</param>
/// <param name="Delay">Share of a week's orders that reports show at eight in the morning 1, 2, … 7 days after the day of the click.</param>
internal sealed record CalibrationFigures(
    ulong Seed, int Days, int Targets, double ClicksPerDay, double ClickRate, double Conversion, double Acos, double MedianCampaignAcos, double TopOfSearchPremium,
    double PriceOverBid, double TermsWithoutOrder, double Gini, double GiniOfTerms, double SpendOfTopTenth, double InvalidShare, IReadOnlyList<double> Delay)
{
    private const int LongestSpan = 60;
    private const int MinutesPerDay = 1440;
    private const int EightInTheMorning = 480;

    /// <summary>Events over fluid auctions in the same world and days; null where that was not asked for.</summary>
    public ModeAgreement? Modes { get; init; }

    /// <param name="world">With at least 30 days of history under an ordinary account, nothing written to it since.</param>
    /// <exception cref="ArgumentException">The history is shorter.</exception>
    public static CalibrationFigures Of(MarketWorld world)
    {
        var lived = world.Today.DayNumber - world.FirstDay.DayNumber;
        if (lived < 30) throw new ArgumentException("Calibration looks at 30 days or more.", nameof(world));
        var span = DateSpan.Ending(world.Today.AddDays(-1), Math.Min(LongestSpan, lived));
        var bids = world.Ads.Targets.ToDictionary(target => target.Id, target => (double)world.Ads.BidInForce(target));
        var rows = world.TargetRows(span);
        var spendOf = rows.GroupBy(row => row.TargetId).ToDictionary(group => group.Key, group => group.Sum(row => (double)row.Metrics.Cost));
        var spend = spendOf.Values.Sum();
        var clicks = (double)rows.Sum(row => row.Metrics.Clicks);
        var sales = rows.Sum(row => (double)row.Metrics.Within7Days.Sales);
        var terms = world.SearchTermRows(span).GroupBy(row => row.SearchTerm, StringComparer.Ordinal)
            .Select(group => (Spend: group.Sum(row => (double)row.Metrics.Cost), Orders: group.Sum(row => row.Metrics.Within7Days.Orders))).ToList();
        var prices = world.PlacementRows(span).GroupBy(row => row.Placement)
            .ToDictionary(group => group.Key, group => (double)group.Sum(row => row.Metrics.Cost) / Math.Max(1, group.Sum(row => row.Metrics.Clicks)));
        return new CalibrationFigures(
            world.Seed,
            span.Days,
            world.Ads.Targets.Count(target => target.State == EntityState.Enabled),
            clicks / span.Days,
            clicks / Math.Max(1, rows.Sum(row => row.Metrics.Impressions)),
            rows.Sum(row => row.Metrics.Within7Days.Orders) / Math.Max(1, clicks),
            spend / Math.Max(0.01, sales),
            MedianAcos(world.CampaignRows(span)),
            (prices.GetValueOrDefault(Placement.TopOfSearch) / Math.Max(0.0001, prices.GetValueOrDefault(Placement.RestOfSearch))) - 1,
            spend / Math.Max(0.01, rows.Sum(row => row.Metrics.Clicks * bids[row.TargetId])),
            terms.Count(term => term.Orders == 0) / Math.Max(1d, terms.Count),
            GiniOf([.. world.Ads.Targets.Where(target => target.State == EntityState.Enabled).Select(target => spendOf.GetValueOrDefault(target.Id))]),
            GiniOf([.. terms.Select(term => term.Spend)]),
            terms.OrderByDescending(term => term.Spend).Take((terms.Count + 9) / 10).Sum(term => term.Spend) / Math.Max(0.01, terms.Sum(term => term.Spend)),
            Credited(world, span),
            [.. Enumerable.Range(1, 7).Select(age => SeenAt(world, span, age))]);
    }

    /// <returns>0 when all are equal, towards 1 when one has everything.</returns>
    public static double GiniOf(IReadOnlyList<double> amounts)
    {
        var sorted = amounts.Order().ToList();
        var total = sorted.Sum();
        if (sorted.Count == 0 || total <= 0) return 0;
        var ranked = sorted.Select((amount, place) => amount * ((2d * (place + 1)) - sorted.Count - 1)).Sum();
        return ranked / (sorted.Count * total);
    }

    private static double MedianAcos(IReadOnlyList<CampaignRow> rows)
    {
        var acos = rows.GroupBy(row => row.CampaignId).Select(group => (Cost: group.Sum(row => row.Metrics.Cost), Sales: group.Sum(row => row.Metrics.Within7Days.Sales)))
            .Where(campaign => campaign.Sales > 0).Select(campaign => (double)(campaign.Cost / campaign.Sales)).ToList();
        return Median(acos);
    }

    public static double Median(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static IEnumerable<(Click Click, int Day)> Clicks(MarketWorld world, DateSpan span)
    {
        for (var day = span.First.DayNumber - world.FirstDay.DayNumber; day <= span.Last.DayNumber - world.FirstDay.DayNumber; day++)
        {
            foreach (var click in world.Simulation.Days[day].Clicks) yield return (click, day);
        }
    }

    private static double Credited(MarketWorld world, DateSpan span)
    {
        var all = Clicks(world, span).ToList();
        return all.Count(entry => entry.Click.CreditedMinute is not null) / Math.Max(1d, all.Count);
    }

    // Clicks old enough that a week's orders have happened and been reported.
    private static double SeenAt(MarketWorld world, DateSpan span, int age)
    {
        var lag = world.Settings.OrderReportLagHours * 60L;
        var settled = span.Last.DayNumber - world.FirstDay.DayNumber - 10;
        var (seen, all) = (0, 0);
        foreach (var (click, day) in Clicks(world, span))
        {
            if (day > settled || click.Order is not { } order) continue;
            if (order.IsVisible(((day + age) * MinutesPerDay) + EightInTheMorning, lag, 7)) seen++;
            if (order.IsVisible(((day + 9) * MinutesPerDay) + EightInTheMorning, lag, 7)) all++;
        }

        return seen / Math.Max(1d, all);
    }
}

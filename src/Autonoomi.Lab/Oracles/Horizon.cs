using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>The managed days of one study as an oracle sees them from the hand-over: who can be served on them, and what prices make of them.</summary>
internal sealed class Horizon
{
    private readonly MarketWorld world;
    private readonly DateOnly start;
    private readonly int first;
    private readonly double[][,] served;

    public Horizon(MarketWorld world, int days)
    {
        this.world = world;
        start = world.Today;
        first = start.DayNumber - world.FirstDay.DayNumber;
        served = [.. Enumerable.Range(0, days).Select(_ => new double[world.Market.Products.Length, Season.Regimes])];
        Serve();
        var midnight = (world.Now - TimeZoneInfo.ConvertTime(world.Now, TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone)).TimeOfDay - world.Start).TotalDays;
        Shelves = [.. world.Market.Products.Select(product => world.Simulation.Shop.Supply(product.Index))
            .Select(supply => (supply.Units, supply.Delivery is { } minute ? Math.Clamp((int)Math.Floor((minute / 1440d) - midnight), 0, days) : days))];
    }

    /// <returns>Share of a managed day's shoppers who can be served, by product and part of the day.</returns>
    public double[,] Served(int day) => served[day];

    public int Days => served.Length;

    public int Products => world.Market.Products.Length;

    public DateOnly DateOf(int day) => start.AddDays(day);

    /// <returns>Managed days (0, 1, …) by calendar month, in order.</returns>
    public IReadOnlyList<(DateOnly Month, int[] Days)> Months() =>
        [.. Enumerable.Range(0, Days).GroupBy(day => new DateOnly(DateOf(day).Year, DateOf(day).Month, 1)).Select(month => (month.Key, month.ToArray()))];

    /// <returns>Money that the days before the hand-over have already taken from the month's cap, credits for invalid clicks deducted.</returns>
    public double SpentBefore(DateOnly month) => Spent(month, start);

    /// <summary>Plays the best bids for an aim on one managed day.</summary>
    public Expected Best(int day, Aim aim) => world.Oracle.Day(first + day, served[day], aim);

    /// <summary>The same by advertised product.</summary>
    public Expected[] BestByProduct(int day, Aim aim) => world.Oracle.ByProduct(first + day, served[day], aim);

    /// <summary>By product: units on the shelf at the hand-over, and the managed day from which the next delivery serves everybody (the whole study when none is on its way).</summary>
    public IReadOnlyList<(int Units, int Until)> Shelves { get; }

    /// <returns>Units that shoppers who come by themselves take at least on a managed day.</returns>
    public double LeastOrganic(int day, int product) => Shop.LeastOrganic(world.Market.Products[product], world.Market.On(first + day));

    /// <returns>The terms of one managed day, for plans: day number since the first day of the world, terms, shoppers served.</returns>
    public (int Day, DayTerms Terms, double[,] Served) TermsOf(int day, Aim aim) => (first + day, new DayTerms(world.Market, first + day, aim), served[day]);

    /// <returns>The day before which a plan made on a managed day should end: some days on, at the month's end, or when something happens.</returns>
    public int CalmUntil(int day, int most)
    {
        var breaks = world.Settings.Events.SelectMany(happening => happening switch
        {
            DemandPeak peak => [peak.Day - peak.LeadInDays, peak.Day, peak.Day + peak.Days],
            RivalShock shock => [shock.Day],
            PriceChange change => [change.Day],
            Suppression suppression => [suppression.Day, suppression.Day + suppression.Days],
            ThinStock stock => [stock.InboundDay],
            MissingReports => Array.Empty<int>(),
            _ => throw new InvalidOperationException($"An event without a plan: {happening}."),
        }).Concat(Shelves.Select(shelf => shelf.Until)).Append(Enumerable.Range(day + 1, 31).First(later => DateOf(later).Day == 1));
        return breaks.Where(later => later > day).Append(day + most).Min();
    }

    /// <returns>Money that the month's cap leaves from a managed day on, and how many average days of a plan's span the rest of the month makes.</returns>
    public (double Money, double Days) LeftOfMonth(int day, int planEnd, double cap)
    {
        var month = new DateOnly(DateOf(day).Year, DateOf(day).Month, 1);
        var spent = Spent(month, DateOf(day));
        var rest = Enumerable.Range(day, 31).TakeWhile(later => DateOf(later).Month == month.Month).ToArray();
        var ofPlan = Enumerable.Range(day, planEnd - day).Average(Shoppers);
        return (Math.Max(0, cap - spent), rest.Sum(Shoppers) / ofPlan);
    }

    private double Spent(DateOnly month, DateOnly before)
    {
        var from = month < world.FirstDay ? world.FirstDay : month;
        return from >= before ? 0 : (double)world.CampaignRows(new(from, before.AddDays(-1))).Sum(row => row.Metrics.Cost);
    }

    // All types alike: the days of a month differ by the weekday and little else.
    private double Shoppers(int day) => world.Oracle.DemandOn(first + day);

    // Every hour of every managed day, also the first hours of the first day that passed before the hand-over: nobody is ever refused.
    private void Serve()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
        for (var now = world.Now.AddHours(-26); ; now = now.AddHours(1))
        {
            var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
            var day = DateOnly.FromDateTime(local).DayNumber - start.DayNumber;
            if (day < 0) continue;
            if (day >= Days) return;
            for (var product = 0; product < Products; product++) served[day][product, Season.RegimeOf(local.Hour)] += Season.HourShare[local.Hour];
        }
    }
}

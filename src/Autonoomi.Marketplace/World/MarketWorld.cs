using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace; // the name alone would mean our own namespace

namespace Autonoomi.Marketplace.World;

/// <summary>
/// A seeded market with one seller in it. Deterministic: the same seed, writes and advances give the same rows. Not thread-safe: callers hold a lock.
/// </summary>
public sealed class MarketWorld
{
    private const int MostProducts = 400;

    private readonly TimeZoneInfo zone;
    private readonly DateTimeOffset start;
    private readonly Dice dice;
    private readonly Market market;
    private readonly Simulation simulation;
    private readonly Oracle oracle;
    private readonly Reports reports;
    private readonly Suggestions suggestions;
    private readonly Dictionary<int, (double Profit, double Spend)> freeOracle = [];

    /// <summary>Builds the market and simulates the history.</summary>
    public MarketWorld(ulong seed, WorldSettings? settings = null)
    {
        Seed = seed;
        Settings = settings ?? new WorldSettings();
        if (Settings.Products is < 1 or > MostProducts) throw new ArgumentException($"A world has 1 to {MostProducts} products.", nameof(settings));
        if (Settings.HistoryDays is < 0 or > 400) throw new ArgumentException("A history has 0 to 400 days.", nameof(settings));
        Marketplace = Settings.Limits ?? MarketplaceLimits.Find(Settings.MarketplaceId);
        zone = TimeZoneInfo.FindSystemTimeZoneById(Marketplace.TimeZone);
        dice = new Dice(seed);
        FirstDay = DayOf(Settings.HistoryEnd).AddDays(-Settings.HistoryDays);
        start = Midnight(FirstDay);
        Now = start;
        market = new Market(dice, Settings, FirstDay);
        oracle = new Oracle(market);
        var asins = market.Products.ToDictionary(product => product.Sku, product => product.Asin, StringComparer.Ordinal);
        Ads = new AdAccount(Marketplace, dice, () => Now, () => Today, asins.GetValueOrDefault) { FailureShare = Settings.WriteFailureShare };
        simulation = new Simulation(dice, market, new Shop(dice, market, Settings), Ads, Settings);
        reports = new Reports(simulation, Ads, market, FirstDay, Settings);
        suggestions = new Suggestions(dice, market, Ads, Marketplace, market.Rivals.Spread);
        if (Settings.NaiveCampaigns) NaiveSeller.LayOut(dice, Ads, market, Settings, DayOf(Settings.HistoryEnd), () => simulation.ExpectedDailySpend(FirstDay));
        while (Now < Settings.HistoryEnd) StepHour();
        Ads.IsLogging = true;
        Knowledge = new SellerKnowledge(
            [.. market.Products.Select(product => new ProductKnowledge(product.Sku, product.Asin, product.Title, TypedCost(product), product.Inbound, product.LeadTimeDays))],
            SuggestBudget(), Marketplace.Currency.Code);
    }

    public ulong Seed { get; }
    public WorldSettings Settings { get; }
    public MarketplaceLimits Marketplace { get; }

    /// <summary>The Ads profile of the one storefront.</summary>
    public long ProfileId => 1_000_000_000_000L + (long)(dice.Bits(Draw.Ids, -1) % 9_000_000_000_000UL);

    /// <summary>The seller's merchant id.</summary>
    public string SellingPartnerId => $"A{dice.Bits(Draw.Ids, -2) % 10_000_000_000_000UL:0000000000000}";

    public string StoreName => $"{Catalogue.OwnBrand} Goods";

    /// <summary>World time, UTC.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The reporting day that <see cref="Now"/> falls into.</summary>
    public DateOnly Today => DayOf(Now);

    /// <summary>First simulated day.</summary>
    public DateOnly FirstDay { get; }

    /// <summary>Entities and writes.</summary>
    public AdAccount Ads { get; }

    /// <summary>What the seller knows by heart and types in.</summary>
    public SellerKnowledge Knowledge { get; }

    /// <summary>Whole days with truth, first to last; before the first midnight the first day, of which <see cref="Truth"/> tells nothing yet.</summary>
    public DateSpan TruthDays => new(FirstDay, Today > FirstDay ? Today.AddDays(-1) : FirstDay);

    internal Simulation Simulation => simulation;
    internal Market Market => market;

    /// <summary>Minute 0 of the world.</summary>
    internal DateTimeOffset Start => start;
    internal Oracle Oracle => oracle;

    /// <returns>The reporting day of an instant.</returns>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <param name="hours">At least 1.</param>
    public void AdvanceHours(int hours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hours, 1);
        for (var hour = 0; hour < hours; hour++) StepHour();
    }

    /// <param name="days">At least 1; to the same local hour of a later day.</param>
    public void AdvanceDays(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var wanted = TimeZoneInfo.ConvertTime(Now, zone).DateTime.AddDays(days);
        if (zone.IsInvalidTime(wanted)) wanted = wanted.AddHours(1);
        var target = new DateTimeOffset(wanted, zone.GetUtcOffset(wanted)).ToUniversalTime();
        while (Now < target) StepHour();
    }

    // Report rows exist for days up to today, as visible now, in a fixed order (day, then ids).
    public IReadOnlyList<CampaignRow> CampaignRows(DateSpan days) => reports.Campaigns(days, Minute(Now));
    public IReadOnlyList<TargetRow> TargetRows(DateSpan days) => reports.Targets(days, Minute(Now));
    public IReadOnlyList<SearchTermRow> SearchTermRows(DateSpan days) => reports.SearchTerms(days, Minute(Now));
    public IReadOnlyList<PlacementRow> PlacementRows(DateSpan days) => reports.Placements(days, Minute(Now));
    public IReadOnlyList<ProductRow> ProductRows(DateSpan days) => reports.Products(days, Minute(Now));

    /// <returns>Whether advertising reports of a day ever come.</returns>
    internal bool IsReported(DateOnly day) => reports.IsReported(day.DayNumber - FirstDay.DayNumber);

    public IReadOnlyList<EconomicsRow> EconomicsRows(DateSpan days) =>
        simulation.Shop.Economics(days, FirstDay, Minute(Now), market.On, (day, product) => reports.AdCharge(day, product, Minute(Now)));

    /// <returns>Amazon's suggestions for enabled targets as of now; a target that reaches no search has none.</returns>
    public IReadOnlyList<BidSuggestion> SuggestedBids() => SuggestedBids(Ads.Targets);

    /// <returns>The same for some targets.</returns>
    internal IReadOnlyList<BidSuggestion> SuggestedBids(IEnumerable<WorldTarget> targets)
    {
        var day = Today.DayNumber - FirstDay.DayNumber;
        return suggestions.Of(
            targets,
            (target, product) => [.. market.Matches(target, product)],
            query => new RivalField(market.Rivals.Count(query, day, 0), query.RivalMedian * Math.Exp(market.Rivals.LogLevel(query, day))), day);
    }

    /// <returns>The hourly stream's messages about clicks and impressions of these days, as delivered until now.</returns>
    public IReadOnlyList<StreamRow> StreamRows(DateSpan days) =>
        new HourlyStream(dice, simulation.Days, Ads, market, FirstDay, start, Minute(Now), Settings.OrderReportLagHours * 60L, day => Minute(Midnight(day))).Rows(days);

    /// <returns>How far each campaign's budget reached, by day and campaign; today as it stands.</returns>
    public IReadOnlyList<BudgetUsageRow> BudgetUsage(DateSpan days) =>
        [.. simulation.Purses.SelectMany(entry => entry.Purse.Days.Append(entry.Purse.Today).Where(day => day.Day >= days.First && day.Day <= days.Last)
            .Select(day => new BudgetUsageRow(day.Day, entry.Campaign, day.Budget * market.SmallestUnit, day.Spent * market.SmallestUnit, day.InBudget)))
            .OrderBy(row => row.Day).ThenBy(row => row.CampaignId)];

    public IReadOnlyList<StockLevel> Stock() => [.. market.Products.Select(product => simulation.Shop.Level(product.Index, Minute(Now)))];

    public IReadOnlyList<Listing> Listings() =>
        [.. market.Products.Select(product => new Listing(new Sku(product.Sku), new Asin(product.Asin), product.Title, new Money(Offer(product).Price, Marketplace.Currency), Buyable: !Offer(product).IsSuppressed))];

    /// <returns>Orders whose status last changed in [from, until), oldest purchase first.</returns>
    public IReadOnlyList<OrderRecord> OrdersUpdated(DateTimeOffset from, DateTimeOffset until) => Orders(DateTimeOffset.MinValue, order => order.UpdatedAt >= from && order.UpdatedAt < until);

    /// <returns>Orders purchased in [from, until), oldest first.</returns>
    public IReadOnlyList<OrderRecord> OrdersPurchased(DateTimeOffset from, DateTimeOffset until) => Orders(from, order => order.PurchasedAt >= from && order.PurchasedAt < until);

    /// <returns>One row per simulated whole day in the span.</returns>
    public IReadOnlyList<DayTruth> Truth(DateSpan days)
    {
        if (Today == FirstDay) return [];
        var whole = TruthDays;
        var first = Math.Max(days.First.DayNumber, whole.First.DayNumber) - FirstDay.DayNumber;
        var last = Math.Min(days.Last.DayNumber, whole.Last.DayNumber) - FirstDay.DayNumber;
        var prices = new Dictionary<(int, int), double>();
        var rows = new List<DayTruth>();
        for (var day = first; day <= last; day++)
        {
            var date = FirstDay.AddDays(day);
            if (!prices.TryGetValue((date.Year, date.Month), out var price)) prices[(date.Year, date.Month)] = price = BudgetPrice(date);
            var best = price == 0 ? FreeOracle(day) : oracle.Day(day, simulation.Days[day].Served, price);
            var book = simulation.Days[day];
            rows.Add(new DayTruth(
                date, book.ExpectedProfit, book.IncrementalProfit, book.RealisedProfit, best.Profit, book.ExpectedSpend, book.ExpectedSales, best.Spend));
        }

        return rows;
    }

    private RetailDay Offer(Product product) => market.On(Today.DayNumber - FirstDay.DayNumber).Retail[product.Index];

    private void StepHour()
    {
        var local = TimeZoneInfo.ConvertTime(Now, zone);
        var date = DateOnly.FromDateTime(local.DateTime);
        simulation.StepHour(Minute(Now), date.DayNumber - FirstDay.DayNumber, date, local.Hour);
        Now = Now.AddHours(1);
    }

    private List<OrderRecord> Orders(DateTimeOffset purchasedFrom, Func<OrderRecord, bool> isWanted)
    {
        var now = Minute(Now);
        var products = market.Products;

        // Sales stand in the order of their hours; within an hour in none.
        var sales = simulation.Shop.Sales;
        var (low, high) = (0, sales.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sales[middle].Minute / 60 * 60 < (purchasedFrom - start).TotalMinutes - 60) low = middle + 1;
            else high = middle;
        }

        return [.. sales.Skip(low).Where(sale => sale.Minute < now).Select(sale =>
        {
            var shippedMinute = sale.Minute + (24 * 60);
            var (status, updated) = sale.CancelMinute is { } cancelled && cancelled <= now ? (OrderStatus.Cancelled, cancelled)
                : shippedMinute <= now ? (OrderStatus.Shipped, shippedMinute) : (OrderStatus.Unshipped, sale.Minute);
            return new OrderRecord(
                sale.OrderId, start.AddMinutes(sale.Minute), start.AddMinutes(updated), products[sale.Product].Sku, products[sale.Product].Asin,
                sale.Units, sale.UnitPrice, status);
        }).Where(isWanted).OrderBy(order => order.PurchasedAt).ThenBy(order => order.OrderId, StringComparer.Ordinal)];
    }

    private (double Profit, double Spend) FreeOracle(int day)
    {
        if (!freeOracle.TryGetValue(day, out var best)) freeOracle[day] = best = oracle.Day(day, simulation.Days[day].Served, 0);
        return best;
    }

    // The price at which the oracle's spend of the month's simulated days meets those days' share of the budget; 0 when it is slack.
    private double BudgetPrice(DateOnly date)
    {
        var days = Enumerable.Range(0, Today.DayNumber - FirstDay.DayNumber)
            .Where(day => FirstDay.AddDays(day).Year == date.Year && FirstDay.AddDays(day).Month == date.Month).ToList();
        var budget = (double)Knowledge.SuggestedMonthlyBudget * days.Count / DateTime.DaysInMonth(date.Year, date.Month);
        if (days.Sum(day => FreeOracle(day).Spend) <= budget) return 0;
        var (low, high) = (0d, 10d);
        for (var round = 0; round < 20; round++)
        {
            var middle = (low + high) / 2;
            if (days.Sum(day => oracle.Day(day, simulation.Days[day].Served, middle).Spend) > budget) low = middle;
            else high = middle;
        }

        return high;
    }

    // What the seller believes; wrong in some families.
    private decimal TypedCost(Product product) => Settings.TypedCostFactor == 1 ? product.CostOfGoods
        : decimal.Round(product.CostOfGoods / Settings.MoneyScale * (decimal)Settings.TypedCostFactor, 2) * Settings.MoneyScale;

    private decimal SuggestBudget()
    {
        var served = new double[market.Products.Length, Season.Regimes];
        foreach (var product in market.Products)
        {
            for (var regime = 0; regime < Season.Regimes; regime++) served[product.Index, regime] = Season.RegimeShare[regime];
        }

        var spend = oracle.Day(Today.DayNumber - FirstDay.DayNumber, served, 0).Spend / (double)Settings.MoneyScale;
        return Math.Max(50, decimal.Round((decimal)(spend * 30 * Settings.BudgetFactor) / 50, 0) * 50) * Settings.MoneyScale;
    }

    private long Minute(DateTimeOffset instant) => (long)(instant - start).TotalMinutes;

    private DateTimeOffset Midnight(DateOnly date)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}

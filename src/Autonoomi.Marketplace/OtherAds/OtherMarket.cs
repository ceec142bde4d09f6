using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.OtherAds;

/// <summary>Figures of one key on one day, as visible now. Orders within 14 days of the click or view, booked on its day; those after clicks once more alone.</summary>
internal readonly record struct OtherFigures(long Impressions, long Clicks, decimal Cost, long Orders, long Units, decimal Sales, long ClickOrders = 0, long ClickUnits = 0, decimal ClickSales = 0)
{
    public static OtherFigures operator +(OtherFigures one, OtherFigures other) => new(
        one.Impressions + other.Impressions, one.Clicks + other.Clicks, one.Cost + other.Cost, one.Orders + other.Orders, one.Units + other.Units, one.Sales + other.Sales,
        one.ClickOrders + other.ClickOrders, one.ClickUnits + other.ClickUnits, one.ClickSales + other.ClickSales);
}

/// <summary>
/// Sponsored Brands and Sponsored Display beside the market of Sponsored Products. It catches up with the world's clock whenever somebody asks, hour by hour, and follows from
/// the seed, the writes and the clock alone. Shoppers of the world are not touched: what its ads sell are orders of the seller's that happen in the world anyway, for which
/// these ads take credit, so orders, stock, economics and settlements agree with each other whatever is asked. Its clicks cost, and the cost is in the economics.
/// </summary>
internal sealed class OtherMarket
{
    private const int MinutesPerHour = 60;
    private const int MinutesPerDay = 1440;
    private const int WindowDays = 14;
    private const double OrdersPerView = 0.0006;
    private const double SuggestionNoise = 0.15;
    private const int CreditedAfterMinutes = 60 * MinutesPerHour;
    private static readonly (BrandPlacement Place, double Share)[] BrandPlaces = [(BrandPlacement.TopOfSearch, 0.55), (BrandPlacement.Other, 0.30), (BrandPlacement.DetailPage, 0.10), (BrandPlacement.Home, 0.05)];
    private static readonly (BrandPlacement Place, double Share)[] NoPlace = [(BrandPlacement.Other, 1)];

    private readonly MarketWorld world;
    private readonly Dice dice;
    private readonly TimeZoneInfo zone;
    private readonly OrderDelay delay;
    private readonly OtherAdAccount account;
    private readonly Dictionary<long, (int Product, OtherLandscape Landscape)> landscapes = [];
    private readonly List<OtherDay> days = [];
    private readonly List<OtherClick>[] waiting;
    private int sold;
    private DateTimeOffset simulatedTo;

    /// <param name="world">Whose clock, products and orders.</param>
    /// <param name="isLaidOut">False for an account without campaigns.</param>
    public OtherMarket(MarketWorld world, bool isLaidOut)
    {
        this.world = world;
        dice = new Dice(world.Seed);
        zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
        delay = new OrderDelay(0.6, world.Settings.Market.Restatement);
        simulatedTo = world.Start;
        waiting = [.. world.Market.Products.Select(_ => new List<OtherClick>())];

        // Above 2^53, where a careless reader loses digits.
        account = new OtherAdAccount(world.Marketplace, 72_057_594_037_927_937L + (long)(dice.Bits(OtherDraws.Seller, 1) % 1_000_000_000_000UL * 10_000UL), () => world.Now);
        if (isLaidOut) OtherSeller.LayOut(dice, world.Market, account, world.FirstDay, world.Settings.MoneyScale);
        account.IsLogging = true;
    }

    /// <summary>The entities, after everything has happened that had to happen under them until now.</summary>
    public OtherAdAccount Account
    {
        get
        {
            CatchUp();
            return account;
        }
    }

    /// <summary>What somebody wrote, without moving the clock.</summary>
    public IReadOnlyList<OtherWrite> Writes => account.Writes;

    /// <typeparam name="TKey">What a row is about.</typeparam>
    /// <param name="product">Sponsored Brands or Display.</param>
    /// <param name="span">Days up to today.</param>
    /// <param name="key">Row of an impression or a click; null leaves it out.</param>
    /// <param name="order">Of the keys of a day.</param>
    /// <returns>Rows with anything in them, by day and key.</returns>
    public IReadOnlyList<(DateOnly Day, TKey Key, OtherFigures Figures)> Rows<TKey>(AdProduct product, DateSpan span, Func<OtherShown, TKey?> key, IComparer<TKey> order)
        where TKey : class
    {
        CatchUp();
        var now = Minute(world.Now);
        var lag = world.Settings.OrderReportLagHours * MinutesPerHour;
        var rows = new List<(DateOnly, TKey, OtherFigures)>();
        for (var day = Math.Max(0, span.First.DayNumber - world.FirstDay.DayNumber); day < days.Count && world.FirstDay.AddDays(day) <= span.Last; day++)
        {
            var date = world.FirstDay.AddDays(day);
            if (!world.IsReported(date)) continue;
            var sums = new SortedDictionary<TKey, OtherFigures>(order);
            foreach (var (shown, impressions) in days[day].Shown.Where(each => each.Key.Target.AdGroup.Campaign.AdProduct == product))
                if (key(shown) is { } of) sums[of] = sums.GetValueOrDefault(of) + new OtherFigures(impressions, 0, days[day].Paid.GetValueOrDefault(shown), 0, 0, 0);
            foreach (var click in days[day].Clicks.Where(each => each.Shown.Target.AdGroup.Campaign.AdProduct == product && !(each.CreditedMinute <= now)))
                if (key(click.Shown) is { } of) sums[of] = sums.GetValueOrDefault(of) + click.Figures(now, lag, world.Market.SmallestUnit);
            rows.AddRange(sums.Select(sum => (date, sum.Key, sum.Value)));
        }

        return rows;
    }

    /// <returns>What ads of each product cost on one day, as of now: clicks, and views where views are paid for.</returns>
    public IReadOnlyDictionary<int, decimal> Charges(AdProduct product, DateOnly date)
    {
        CatchUp();
        var day = date.DayNumber - world.FirstDay.DayNumber;
        if (day < 0 || day >= days.Count) return new Dictionary<int, decimal>();
        var now = Minute(world.Now);
        return days[day].Clicks.Where(click => click.Shown.Target.AdGroup.Campaign.AdProduct == product && !(click.CreditedMinute <= now))
            .Select(click => (click.Shown.Product, Cost: click.Cents * world.Market.SmallestUnit))
            .Concat(days[day].Paid.Where(paid => paid.Key.Target.AdGroup.Campaign.AdProduct == product).Select(paid => (paid.Key.Product, Cost: paid.Value)))
            .GroupBy(each => each.Product).ToDictionary(group => group.Key, group => group.Sum(each => each.Cost));
    }

    /// <returns>Of each campaign of an ad product its budget and what it has spent of it today, as of now.</returns>
    public IReadOnlyDictionary<long, (decimal Budget, decimal Spent)> BudgetUsage(AdProduct product)
    {
        CatchUp();
        var today = world.Today.DayNumber - world.FirstDay.DayNumber;
        return account.Campaigns.Where(campaign => campaign.AdProduct == product).ToDictionary(campaign => campaign.Id, campaign => (campaign.DailyBudget, campaign.Spent.Day == today ? campaign.Spent.Amount : 0));
    }

    /// <summary>
    /// Suggested bids: those at which a quarter, half and three quarters of what a target reaches are won, told with an error of 15 % that changes every week. Where views are
    /// paid for, the bid for a thousand of them that costs the same.
    /// </summary>
    /// <returns>In whole bid steps and never below Amazon's lowest; null where the target's ad group shows nothing.</returns>
    public (decimal Low, decimal Middle, decimal High)? SuggestedBid(OtherTarget target)
    {
        CatchUp();
        if (account.Ads.FirstOrDefault(each => each.AdGroup == target.AdGroup && each.State == EntityState.Enabled) is not { } ad) return null;
        var landscape = LandscapeOf(target, ad);
        var campaign = target.AdGroup.Campaign;
        var week = Math.DivRem(world.Today.DayNumber - world.FirstDay.DayNumber, 7).Quotient;
        var scale = dice.LogNormal(SuggestionNoise, OtherDraws.Suggested, landscape.Key, week) * (campaign.IsPerThousand ? 1000 * landscape.ClickRate : 1);
        decimal At(double share) => Math.Max(world.Marketplace.For(campaign.AdProduct).MinimumBid, Math.Floor((decimal)(landscape.BidAt(share) * scale) / world.Marketplace.BidStep) * world.Marketplace.BidStep);
        return (At(0.25), At(0.5), At(0.75));
    }

    private void CatchUp()
    {
        for (; simulatedTo < world.Now; simulatedTo = simulatedTo.AddHours(1))
        {
            var local = TimeZoneInfo.ConvertTime(simulatedTo, zone);
            PlayHour(Minute(simulatedTo), DateOnly.FromDateTime(local.DateTime), local.Hour);
        }

        TakeCredit();
    }

    private void PlayHour(long minute, DateOnly date, int hour)
    {
        var day = date.DayNumber - world.FirstDay.DayNumber;
        while (days.Count <= day) days.Add(new OtherDay());
        var demand = world.Market.On(day).Demand;
        foreach (var target in account.Targets)
        {
            var campaign = target.AdGroup.Campaign;
            if (target.State != EntityState.Enabled || target.AdGroup.State != EntityState.Enabled || campaign.State != EntityState.Enabled || campaign.StartDate > date) continue;
            if (account.Ads.FirstOrDefault(each => each.AdGroup == target.AdGroup && each.State == EntityState.Enabled) is not { } ad) continue;
            if (campaign.Spent.Day != day) campaign.Spent = (day, 0);
            var landscape = LandscapeOf(target, ad);
            var isBrands = campaign.AdProduct == AdProduct.SponsoredBrands;
            foreach (var (place, share) in isBrands ? BrandPlaces : NoPlace)
            {
                if (campaign.Spent.Amount >= campaign.DailyBudget) break;
                var bid = (double)target.BidInForce * (1 + (campaign.Adjustments.GetValueOrDefault(place) / 100.0));

                // A bid for a thousand views competes as the bid for a click that costs the same.
                if (campaign.IsPerThousand) bid /= 1000 * landscape.ClickRate;
                var mean = landscape.Clicks * demand[world.Market.Products[ad.Products[0]].Type] * Season.HourShare[hour] * share * landscape.ShareAt(bid);
                var key = unchecked(landscape.Key + ((int)place * 7919L) + (target.AdGroup.Id * 31));
                var clicks = dice.Poisson(mean, OtherDraws.Arrival, key, minute);
                var shown = Math.Max(clicks, dice.Poisson(mean / landscape.ClickRate, OtherDraws.Shown, key, minute));
                if (shown > 0)
                {
                    var line = new OtherShown(target, ad, place, ad.Products[(int)(minute / MinutesPerHour % ad.Products.Count)], null);
                    if (campaign.IsPerThousand)
                    {
                        shown = Pay(days[day], line, shown, (decimal)(landscape.PriceAt(bid) * landscape.ClickRate));
                        clicks = Math.Min(clicks, shown);
                        Views(days[day], line, landscape, key, minute, shown);
                    }

                    days[day].Shown[line] = days[day].Shown.GetValueOrDefault(line) + shown;
                }

                for (var number = 0; number < clicks && (campaign.IsPerThousand || campaign.Spent.Amount < campaign.DailyBudget); number++) Click(days[day], target, ad, place, landscape, key, minute, number, bid);
            }
        }
    }

    /// <returns>How many of the views the day's budget pays for.</returns>
    private int Pay(OtherDay day, OtherShown line, int views, decimal price)
    {
        var campaign = line.Target.AdGroup.Campaign;
        var paid = (int)Math.Min(views, Math.Ceiling((campaign.DailyBudget - campaign.Spent.Amount) / price));
        var cost = decimal.Round(paid * price / world.Market.SmallestUnit) * world.Market.SmallestUnit;
        day.Paid[line] = day.Paid.GetValueOrDefault(line) + cost;
        campaign.Spent = (campaign.Spent.Day, campaign.Spent.Amount + cost);
        return paid;
    }

    // Some who only saw the ad buy later; where views are paid for, the ad takes credit for them.
    private void Views(OtherDay day, OtherShown line, OtherLandscape landscape, long key, long minute, int views)
    {
        var buyers = dice.Poisson(views * OrdersPerView, OtherDraws.View, key, minute);
        for (var number = 0; number < buyers; number++)
        {
            var at = minute + dice.Pick(MinutesPerHour, OtherDraws.View, key, minute, (number * 3L) + 1);
            var view = new OtherClick { Shown = line, Minute = at, Cents = 0, CreditedMinute = null, Luck = dice.Uniform(OtherDraws.View, key, minute, (number * 3L) + 2), IsView = true };
            view.WantedMinute = at + delay.Minutes(dice.Uniform(OtherDraws.View, key, minute, (number * 3L) + 3));
            day.Clicks.Add(view);
            waiting[line.Product].Add(view);
        }
    }

    private void Click(OtherDay day, OtherTarget target, OtherAd ad, BrandPlacement place, OtherLandscape landscape, long key, long minute, int number, double bid)
    {
        var price = landscape.PriceAt(bid) * dice.Uniform(OtherDraws.Click, key, 0.85, 1.0, minute, number * 4L);
        var cents = target.AdGroup.Campaign.IsPerThousand ? 0 : (int)Math.Round(Math.Max(world.Market.SmallestCharge, price) / (double)world.Market.SmallestUnit);
        var at = minute + dice.Pick(MinutesPerHour, OtherDraws.Click, key, minute, (number * 4L) + 1);
        var product = ad.Products[dice.Pick(ad.Products.Count, OtherDraws.Click, key, minute, (number * 4L) + 2)];

        // The first terms are clicked more often than the last.
        var luck = dice.Uniform(OtherDraws.Click, key, minute, (number * 4L) + 3);
        var term = landscape.Terms.Count == 0 ? null : landscape.Terms[(int)(luck * luck * landscape.Terms.Count)];
        var click = new OtherClick
        {
            Shown = new(target, ad, place, product, term), Minute = at, Cents = cents,
            CreditedMinute = dice.Uniform(OtherDraws.Restated, key, minute, number * 2L) < world.Settings.Market.InvalidShare ? at + CreditedAfterMinutes : null,
            Luck = dice.Uniform(OtherDraws.Restated, key, minute, (number * 2L) + 1),
        };
        day.Clicks.Add(click);
        target.AdGroup.Campaign.Spent = (target.AdGroup.Campaign.Spent.Day, target.AdGroup.Campaign.Spent.Amount + (cents * world.Market.SmallestUnit));
        if (click.CreditedMinute is null && dice.Uniform(OtherDraws.Order, key, minute, number) < landscape.Conversion)
        {
            click.WantedMinute = at + delay.Minutes(dice.Uniform(OtherDraws.Delay, key, minute, number));
            waiting[product].Add(click);
        }
    }

    // An order of the world goes to the click that waited longest for one of its product: the same whether the world was looked at every hour or once a month.
    private void TakeCredit()
    {
        var sales = world.Simulation.Shop.Sales;
        for (; sold < sales.Count; sold++)
        {
            var sale = sales[sold];
            var queue = waiting[sale.Product];
            OtherClick? first = null;
            foreach (var click in queue)
            {
                if (click.WantedMinute <= sale.Minute && sale.Minute <= click.Minute + (WindowDays * MinutesPerDay) && (first is null || click.WantedMinute < first.WantedMinute)) first = click;
            }

            if (first is null) continue;
            queue.Remove(first);
            first.Sale = sale;
            first.Restatement = delay.Restate(sale.Minute, first.Luck);
        }

        var now = Minute(world.Now);
        foreach (var queue in waiting) queue.RemoveAll(click => click.Minute + (WindowDays * MinutesPerDay) < now);
    }

    private OtherLandscape LandscapeOf(OtherTarget target, OtherAd ad)
    {
        if (!landscapes.TryGetValue(target.Id, out var known) || known.Product != ad.Products[0]) landscapes[target.Id] = known = (ad.Products[0], OtherLandscape.Of(dice, world.Market, target, ad.Products));
        return known.Landscape;
    }

    private long Minute(DateTimeOffset instant) => (long)(instant - world.Start).TotalMinutes;

    private sealed class OtherDay
    {
        public Dictionary<OtherShown, long> Shown { get; } = [];

        /// <summary>What views cost, where they are paid for.</summary>
        public Dictionary<OtherShown, decimal> Paid { get; } = [];

        public List<OtherClick> Clicks { get; } = [];
    }

    private sealed class OtherClick
    {
        public required OtherShown Shown { get; init; }
        public required long Minute { get; init; }
        public required int Cents { get; init; }

        /// <summary>Minute from which Amazon no longer counts or charges it; null for an honest click.</summary>
        public required long? CreditedMinute { get; init; }

        /// <summary>A view alone, which brought a shopper back without a click.</summary>
        public bool IsView { get; init; }

        /// <summary>Decides what restatements do to its order.</summary>
        public required double Luck { get; init; }

        /// <summary>When its shopper would buy.</summary>
        public long WantedMinute { get; set; }

        public Sale? Sale { get; set; }
        public Restatement Restatement { get; set; }

        public OtherFigures Figures(long now, long lag, decimal unit)
        {
            var isVisible = Sale is { } sale && sale.Minute + lag <= now && !(sale.CancelMinute + lag <= now) && !(Restatement.AppearsMinute > now) && !(Restatement.LeavesMinute <= now);
            var (clicks, orders, units, sales) = (IsView ? 0 : 1, isVisible ? 1 : 0, isVisible ? Sale!.Units : 0, isVisible ? Sale!.Units * Sale.UnitPrice : 0);
            return new(0, clicks, Cents * unit, orders, units, sales, clicks * orders, clicks * units, clicks * sales);
        }
    }
}

/// <summary>What somebody saw or clicked.</summary>
/// <param name="Target">Why it was shown.</param>
/// <param name="Ad">What was shown.</param>
/// <param name="Place">Where; Sponsored Display has one place.</param>
/// <param name="Product">Place of the product among the world's.</param>
/// <param name="Term">What was searched; null for impressions and where nothing was.</param>
internal sealed record OtherShown(OtherTarget Target, OtherAd Ad, BrandPlacement Place, int Product, string? Term);

using System.Runtime.InteropServices;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Runs the market hour by hour: who of the account competes where, who clicks at which price, what is bought, who runs out of money. Expected figures are
/// booked for the bids in force, so that the truth about a day holds no luck of clicks.
/// </summary>
internal sealed class Simulation
{
    private const int MinutesPerHour = 60;

    private readonly Dice dice;
    private readonly Market market;
    private readonly AdAccount ads;
    private readonly Router router;
    private readonly Reactions reactions;
    private readonly Arrivals arrivals;
    private readonly AuctionHouse? auctions;
    private readonly Counter counter;
    private readonly Purchases purchases;
    private readonly Purse? accountPurse;
    private readonly bool[] wasInStock;
    private readonly double unit;
    private readonly double validShare;
    private long seenRevision = -1;
    private bool[] hoursSeen = new bool[24];
    private int regime;
    private int day = -1;
    private MarketDay today;

    public Simulation(Dice dice, Market market, Shop shop, AdAccount ads, WorldSettings settings)
    {
        this.dice = dice;
        this.market = market;
        this.ads = ads;
        Shop = shop;
        today = market.On(0);
        unit = (double)market.SmallestUnit;
        validShare = 1 - settings.Market.InvalidShare;
        router = new Router(ads, market);
        reactions = new Reactions(settings.Market);
        arrivals = new Arrivals(dice);
        if (settings.Mode == MarketMode.Event) auctions = new AuctionHouse(dice, market, reactions);
        counter = new Counter(dice, isWhole: auctions is not null);
        var sameDay = settings.Market.SameDayShare ?? dice.Uniform(Draw.Delay, -1, 0.65, 0.75);
        purchases = new Purchases(dice, market, shop, Days, new OrderDelay(sameDay, settings.Market.Restatement));
        if (settings.AccountMonthlyCap is { } cap) accountPurse = new Purse(Units(cap));
        wasInStock = [.. market.Products.Select(_ => true)];
    }

    public Shop Shop { get; }

    public List<DayBook> Days { get; } = [];

    /// <summary>What each campaign may spend and spent, by campaign id.</summary>
    public IEnumerable<(long Campaign, Purse Purse)> Purses => router.Campaigns.Select(campaign => (campaign.Id, campaign.Purse));

    /// <param name="minute">Start of the hour, in minutes since the world began.</param>
    /// <param name="reportingDay">Day number since the first day.</param>
    /// <param name="date">The same day as a date.</param>
    /// <param name="hourOfDay">0 to 23, local.</param>
    public void StepHour(long minute, int reportingDay, DateOnly date, int hourOfDay)
    {
        if (reportingDay != day) StartDay(minute, reportingDay, date);
        regime = Season.RegimeOf(hourOfDay);
        Shop.Receive(minute, today);
        ReadWrites(minute, date);
        RefreshStock();
        Compete();

        // An hour that the clocks repeat brings nobody new.
        var share = hoursSeen[hourOfDay] ? 0 : Season.HourShare[hourOfDay];
        hoursSeen[hourOfDay] = true;
        var book = Days[day];
        foreach (var product in market.Products)
        {
            if (Shop.IsInStock(product.Index)) book.Served[product.Index, regime] += share;
        }

        if (auctions is null) ServeArrivals(minute, hourOfDay, book);
        else ServeAuctions(auctions, minute, share, book);
        Shop.SellOrganically(minute, minute / MinutesPerHour, share);
        purchases.Until(minute + MinutesPerHour, today);
        EndHour(minute, share);
        if (auctions is null && (hourOfDay == 23 || Season.RegimeOf(hourOfDay + 1) != regime))
        {
            foreach (var pair in router.Live) Settle(pair);
        }
    }

    /// <returns>Impressions of a day as reports drawn now show them; today's grow from hour to hour.</returns>
    public Impressions ImpressionsOf(int reportingDay) =>
        Days[reportingDay].Impressions ?? counter.Look(day, Days[day].Clicks, router.Lines, Pending());

    /// <returns>Expected cost of a whole average day per campaign id, without budgets; how a seller's past budgets are laid out.</returns>
    public Dictionary<long, double> ExpectedDailySpend(DateOnly date)
    {
        if (day < 0) StartDay(0, 0, date);
        ReadWrites(0, date);
        foreach (var campaign in router.Campaigns) campaign.IsOut = false;
        Compete();
        var spend = router.Campaigns.ToDictionary(campaign => campaign.Id, _ => 0d);
        foreach (var pair in router.Live)
        {
            foreach (var cell in pair.Cells)
            {
                if (cell.Line is { } line) spend[line.Campaign.Id] += cell.Views * Rates(pair, cell, 0).Cost;
            }
        }

        return spend;
    }

    private long Units(decimal amount) => (long)decimal.Round(amount / market.SmallestUnit);

    private void StartDay(long minute, int next, DateOnly date)
    {
        if (day >= 0)
        {
            Days[day].Impressions = counter.Look(day, Days[day].Clicks, router.Lines, []);
            Shop.CloseDay(minute, day);
            reactions.EndDay(market.TopSearches, query => market.Rivals.LogLevel(query, day));
        }

        day = next;
        today = market.On(next);
        while (Days.Count <= next) Days.Add(new DayBook { Served = new double[market.Products.Length, Season.Regimes] });
        hoursSeen = new bool[24];
        counter.StartDay(router.Live);
        router.AdmitUntil(next);
        router.OnDate(date);
        accountPurse?.Open(date, minute, null);
        foreach (var campaign in router.Campaigns) OpenPurse(campaign, date, minute);
        if (auctions is not null) return;
        arrivals.StartDay();
        foreach (var pair in router.Live) arrivals.Draw(pair, today);
    }

    private void ReadWrites(long minute, DateOnly date)
    {
        if (ads.Revision == seenRevision) return;
        seenRevision = ads.Revision;
        foreach (var campaign in router.Read(date)) OpenPurse(campaign, date, minute);
    }

    private void OpenPurse(CampaignLane campaign, DateOnly date, long minute)
    {
        campaign.Purse.Open(date, minute, campaign.Runs ? Units(ads.Campaign(campaign.Id)!.DailyBudget) : 0);
        var isOut = !campaign.Purse.Pays(minute);
        if (isOut == campaign.IsOut) return;
        campaign.IsOut = isOut;
        router.Touch(campaign);
    }

    private void RefreshStock()
    {
        foreach (var product in market.Products)
        {
            var isInStock = Shop.IsInStock(product.Index);
            if (isInStock == wasInStock[product.Index]) continue;
            wasInStock[product.Index] = isInStock;
            router.Touch(router.LiveOf(product.Index));
        }
    }

    // Picks the target that competes in each placement, wherever something changed.
    private void Compete()
    {
        foreach (var pair in router.Dirty)
        {
            pair.IsDirty = false;
            if (auctions is null)
            {
                Settle(pair);
                arrivals.Draw(pair, today);
            }

            var candidates = Shop.IsInStock(pair.Product) ? CollectionsMarshal.AsSpan(pair.Candidates) : [];
            foreach (var cell in pair.Cells)
            {
                var (line, bid) = Strongest(pair, cell.Placement, candidates);
                if (line == cell.Line && bid == cell.Bid) continue;
                if (line != cell.Line)
                {
                    if (cell.Line is not null) counter.Leave(pair, cell);
                    cell.Line = line;
                    cell.Settled = line?.Campaign.Purse.PaidShare ?? 0;
                }

                cell.Bid = bid;
                if (line is not null) cell.LogScore = Math.Log(bid / pair.Query.RivalMedian * pair.Quality);
            }
        }

        router.Dirty.Clear();
    }

    private static (AdLine? Line, double Bid) Strongest(Pair pair, int placement, ReadOnlySpan<Candidate> candidates)
    {
        AdLine? best = null;
        var highest = 0d;
        foreach (ref readonly var candidate in candidates)
        {
            var line = candidate.Line;
            var campaign = line.Campaign;
            if (candidate.Blocks > 0 || campaign.IsOut || !line.Route.Serves || !line.Ad.IsEnabled) continue;
            var bid = line.Route.Bid * Market.BidFactor(campaign.Strategy, campaign.Raised[placement], placement, pair.Guess);
            if (bid < highest || (bid == highest && (best is null || best.Route.Place < line.Route.Place))) continue;
            (best, highest) = (line, bid);
        }

        return (best, highest);
    }

    private void ServeArrivals(long minute, int hourOfDay, DayBook book)
    {
        foreach (var arrival in arrivals.Take(hourOfDay))
        {
            var (pair, cell) = (arrival.Pair, arrival.Cell);
            var at = minute + arrival.Minute;
            if (cell.Line is not { } line || !Pays(line.Campaign, at)) continue;
            var (_, clicks, cost) = Rates(pair, cell, regime);
            if (!Arrivals.Clicks(arrival, clicks / pair.Relevance * today.Offered[pair.Product])) continue;
            Charge(book, pair, cell, at, UnitsOf(cost / clicks, cell, day, arrival.Number), day, arrival.Number);
        }
    }

    private void ServeAuctions(AuctionHouse house, long minute, double share, DayBook book)
    {
        var time = minute / MinutesPerHour;
        var views = house.Play(router.Live, today, regime, time, share);
        foreach (var view in views)
        {
            var at = minute + view.Minute;
            if (!Pays(view.Cell.Line!.Campaign, at)) continue;
            var valid = view.ClickRate * validShare;
            Expect(book, view.Pair, view.Cell, valid, valid * view.Price);
            if (!view.IsClicked)
            {
                counter.Add(view.Cell, 1, router.Lines.Count);
                continue;
            }

            Charge(book, view.Pair, view.Cell, at, Whole(view.Price / unit, view.Cell, time, view.Number), time, view.Number);
        }
    }

    private bool Pays(CampaignLane campaign, long minute) => campaign.Purse.Pays(minute) && accountPurse?.Pays(minute) != false;

    private void Charge(DayBook book, Pair pair, Cell cell, long minute, int cents, long time, long number)
    {
        var line = cell.Line!;
        line.Campaign.Purse.Spend(minute, cents);
        accountPurse?.Spend(minute, cents);
        counter.Clicked(pair, cell);
        var isInvalid = dice.Uniform(Draw.Invalid, cell.Key, time, number) >= validShare;
        var click = new Click
        {
            Minute = minute,
            Line = line,
            Query = pair.Query,
            Placement = cell.Placement,
            Cents = cents,
            CreditedMinute = isInvalid ? minute + (long)(dice.Uniform(Draw.Invalid, cell.Key, 6, 72, time, number + 1_000_000) * MinutesPerHour) : null,
        };
        book.Clicks.Add(click);
        if (isInvalid) return;
        book.RealisedProfit -= cents * unit;
        if (dice.Uniform(Draw.Order, cell.Key, time, number) < market.OrderChance(pair.Odds, pair.Product, cell.Placement, regime, today)) purchases.Order(click, cell.Key, time, number, day);
    }

    // Around the expected price of the slot, never above the bid.
    private int UnitsOf(double price, Cell cell, long time, long number)
    {
        var room = Math.Clamp(Math.Min(0.25, (cell.Bid / price) - 1), 0, 0.25);
        return Whole(price * (1 + (room * ((2 * dice.Uniform(Draw.Price, cell.Key, time, number)) - 1))) / unit, cell, time, number);
    }

    // Whole units by lot, so that the mean is kept.
    private int Whole(double units, Cell cell, long time, long number)
    {
        var whole = (int)Math.Floor(units);
        return Math.Max(2, whole + (dice.Uniform(Draw.Price, cell.Key, time, number + 1_000_000) < units - whole ? 1 : 0));
    }

    private void EndHour(long minute, double share)
    {
        var closesAt = accountPurse?.ClosesAt ?? long.MaxValue;
        foreach (var campaign in router.Campaigns)
        {
            campaign.Purse.EndHour(minute, share, closesAt);
            if (campaign.IsOut || campaign.Purse.Pays(minute + MinutesPerHour)) continue;
            campaign.IsOut = true;
            router.Touch(campaign);
        }

        accountPurse?.EndHour(minute, share);
    }

    // What the bids in force were expected to bring since they were last settled; within one part of the day.
    private void Settle(Pair pair)
    {
        var rivals = default(RivalsNow);
        foreach (var cell in pair.Cells)
        {
            if (cell.Line is not { } line) continue;
            var views = Unsettled(pair, cell);
            cell.Settled = line.Campaign.Purse.PaidShare;
            if (views <= 0) continue;
            if (rivals.Unit == 0) rivals = RivalsOf(pair, regime);
            var (impressions, clicks, cost) = Rates(pair, cell, rivals);
            counter.Add(cell, views * Math.Max(0, impressions - clicks), router.Lines.Count);
            Expect(Days[day], pair, cell, views * validShare * clicks, views * validShare * cost);
        }
    }

    // Impressions since the last settling, for somebody who looks in the middle of it.
    private IEnumerable<(Cell Cell, double Mean)> Pending()
    {
        if (auctions is not null) yield break;
        foreach (var pair in router.Live)
        {
            foreach (var cell in pair.Cells)
            {
                if (cell.Line is null) continue;
                var views = Unsettled(pair, cell);
                if (views <= 0) continue;
                var (impressions, clicks, _) = Rates(pair, cell, regime);
                yield return (cell, views * Math.Max(0, impressions - clicks));
            }
        }
    }

    // Views since the cell was last settled during which its campaign could pay.
    private double Unsettled(Pair pair, Cell cell) =>
        cell.Views * today.Demand[pair.Query.Type] * today.Offered[pair.Product] * (cell.Line!.Campaign.Purse.PaidShare - cell.Settled);

    private void Expect(DayBook book, Pair pair, Cell cell, double clicks, double cost)
    {
        if (clicks <= 0) return;
        var orders = clicks * market.OrderChance(pair.Odds, pair.Product, cell.Placement, regime, today);
        var value = orders * today.OrderValue[pair.Product];
        book.ExpectedSpend += cost;
        book.ExpectedSales += orders * today.OrderSales[pair.Product];
        book.ExpectedProfit += value - cost;
        book.IncrementalProfit += (value * (1 - market.CannibalShare(pair.Query))) - cost;
    }

    private (double Impressions, double Clicks, double Cost) Rates(Pair pair, Cell cell, int part) => Rates(pair, cell, RivalsOf(pair, part));

    // Per view.
    private (double Impressions, double Clicks, double Cost) Rates(Pair pair, Cell cell, in RivalsNow rivals)
    {
        var (impressions, clicks, cost) = market.Landscapes.Of(cell.Placement, rivals.Count, rivals.Step).At(cell.LogScore - rivals.Level);
        clicks *= pair.Relevance;
        return (impressions, clicks, Math.Max(cost * pair.Relevance * rivals.Unit, clicks * market.SmallestCharge));
    }

    private RivalsNow RivalsOf(Pair pair, int part)
    {
        var query = pair.Query;
        var level = market.Rivals.LogLevel(query, day);
        return new RivalsNow(market.Rivals.Count(query, day, part), reactions.StepOf(query), level, query.RivalMedian * Math.Exp(level) / pair.Quality);
    }

    /// <param name="Count">Present in one part of today.</param>
    /// <param name="Step">How far the reacting ones have gone up.</param>
    /// <param name="Level">Logarithm of their median over the first day's.</param>
    /// <param name="Unit">Bid of ours that equals the median score.</param>
    private readonly record struct RivalsNow(int Count, int Step, double Level, double Unit);
}

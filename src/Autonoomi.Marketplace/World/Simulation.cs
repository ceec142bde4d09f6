using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Runs the market hour by hour. A fluid auction: clicks of a cell are Poisson around what its landscape says for the bid in force, with the same
/// uniform draw whatever the bid, so a higher bid never loses a click; everything after the click is drawn one by one.
/// </summary>
internal sealed class Simulation
{
    private const int MinutesPerHour = 60;
    private const double CannibalOwnBrand = 0.7;
    private const double CannibalGeneric = 0.12;

    private readonly Dice dice;
    private readonly Market market;
    private readonly Season season;
    private readonly AdAccount ads;
    private readonly double sameDayShare;
    private readonly Dictionary<long, CampaignDay> campaignDays = [];
    private readonly List<CampaignDay> campaignSlots = [];
    private readonly Dictionary<(long Target, int Product), int[]> matches = [];
    private readonly Dictionary<long, HashSet<int>> blocks = [];
    private readonly List<Pair> live = [];
    private readonly List<Pair>[] liveByProduct;
    private readonly bool[] wasInStock;
    private readonly PriorityQueue<AdOrder, (long Minute, long Order)> pendingOrders = new();
    private readonly List<(long Minute, Cell Cell, Pair Pair, long Draw)> arrivals = [];
    private long ordersQueued;
    private long seenRevision = -1;
    private readonly List<List<Pair>> liveByCampaign = [];
    private double[] hot = [];
    private bool[] countedCampaigns = [];
    private int hotRegime = -1;
    private long hour;
    private int regime;
    private int day = -1;

    public Simulation(Dice dice, Market market, Season season, Shop shop, AdAccount ads)
    {
        this.dice = dice;
        this.market = market;
        this.season = season;
        this.ads = ads;
        Shop = shop;
        sameDayShare = dice.Uniform(Draw.Delay, -1, 0.65, 0.75);
        liveByProduct = [.. market.Products.Select(_ => new List<Pair>())];
        wasInStock = [.. market.Products.Select(_ => true)];
    }

    /// <returns>Chance that an order after an ad would have come without it.</returns>
    public static double CannibalShare(Query query) => query.IsOwnBrand ? CannibalOwnBrand : CannibalGeneric;

    public Shop Shop { get; }

    public List<DayBook> Days { get; } = [];

    /// <summary>By campaign id.</summary>
    public Dictionary<long, Purse> Purses { get; } = [];

    /// <param name="minute">Start of the hour, in minutes since the world began.</param>
    /// <param name="hourKey">Absolute hour number: the time in every draw's key.</param>
    /// <param name="reportingDay">Day number since the first day.</param>
    /// <param name="date">The same day as a date.</param>
    /// <param name="hourOfDay">0 to 23, local.</param>
    public void StepHour(long minute, long hourKey, int reportingDay, DateOnly date, int hourOfDay)
    {
        var isNewDay = reportingDay != day;
        if (isNewDay) StartDay(minute, reportingDay);
        hour = hourKey;
        regime = Season.RegimeOf(hourOfDay);
        Shop.Receive(minute);
        if (ads.Revision != seenRevision) Rebuild(date);
        else if (isNewDay) Reprice(date);
        RefreshStock();

        var share = Season.HourShare[hourOfDay];
        var demand = season.Demand(day);
        var book = Days[day];
        foreach (var product in market.Products)
        {
            if (Shop.IsInStock(product.Index)) book.Served[product.Index, regime] += share;
        }

        DrawArrivals(minute, hourKey, share);
        ServeClicks(hourKey, book, minute);
        Shop.SellOrganically(minute, hourKey, share, demand);
        Purchase(minute + MinutesPerHour);
        foreach (var campaign in campaignDays.Values) campaign.EndHour(share);
        for (var slot = 0; slot < campaignSlots.Count; slot++)
        {
            if (campaignSlots[slot].HasRunDry) TakeOut(slot, campaignSlots[slot]);
        }

        if (hourOfDay == 23 || Season.RegimeOf(hourOfDay + 1) != regime) SettleAll();
    }

    /// <summary>Books what was shown up to the last change of bids or part of the day; traffic in reports lags by some hours, as it does at Amazon.</summary>
    public void BookImpressions()
    {
        foreach (var pair in live)
        {
            foreach (var cell in pair.Cells) Book(pair, cell);
        }
    }

    /// <returns>Expected cost of a whole average day per campaign id, without budgets; how a seller's past budgets are laid out.</returns>
    public Dictionary<long, double> ExpectedDailySpend(DateOnly date)
    {
        if (day < 0) StartDay(0, 0);
        Rebuild(date);
        var spend = ads.Campaigns.ToDictionary(campaign => campaign.Id, _ => 0d);
        foreach (var pair in live)
        {
            foreach (var cell in pair.Cells.Where(cell => cell.Target >= 0))
            {
                spend[ads.Campaigns[cell.Campaign].Id] += cell.Views * cell.Clicks[0] * cell.Price[0];
            }
        }

        seenRevision = -1;
        return spend;
    }

    private void StartDay(long minute, int next)
    {
        if (day >= 0)
        {
            BookImpressions();
            Days[day].Close();
            Shop.CloseDay(minute, day);
        }

        day = next;
        while (Days.Count <= next) Days.Add(new DayBook { Served = new double[market.Products.Length, Season.Regimes] });
        foreach (var campaign in campaignDays.Values) campaign.IsCounted = false;
    }

    // A new day without writes: budgets are full again, rivals have drifted, and perhaps a campaign began or ended.
    private void Reprice(DateOnly date)
    {
        if (!OpenCampaigns(date))
        {
            Rebuild(date);
            return;
        }

        foreach (var pair in live) Compete(pair);
    }

    /// <returns>False when other campaigns run than before.</returns>
    private bool OpenCampaigns(DateOnly date)
    {
        var counted = ads.Campaigns.Select(campaign => campaign.State == EntityState.Enabled && campaign.StartDate <= date && !(campaign.EndDate < date)).ToArray();
        var isSame = counted.AsSpan().SequenceEqual(countedCampaigns);
        countedCampaigns = counted;
        campaignSlots.Clear();
        for (var place = 0; place < counted.Length; place++)
        {
            var campaign = ads.Campaigns[place];
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(campaignDays, campaign.Id, out _);
            slot ??= new CampaignDay();
            slot.OnDay(date, counted[place] ? (double)campaign.DailyBudget : 0);
            campaignSlots.Add(slot);
            if (liveByCampaign.Count <= place) liveByCampaign.Add([]);
        }

        return isSame;
    }

    // Looks at all entities again after an accepted write.
    private void Rebuild(DateOnly date)
    {
        seenRevision = ads.Revision;
        foreach (var pair in live) pair.Candidates.Clear();
        var before = live.ToArray();
        live.Clear();
        foreach (var list in liveByProduct) list.Clear();
        foreach (var list in liveByCampaign) list.Clear();
        OpenCampaigns(date);

        var campaignPlaces = ads.Campaigns.Select((campaign, place) => (campaign.Id, place)).ToDictionary(entry => entry.Id, entry => entry.place);
        var adsByGroup = ads.ProductAds.Select((ad, place) => (ad, place)).Where(entry => entry.ad.State == EntityState.Enabled).ToLookup(entry => entry.ad.AdGroupId);
        var blockedByGroup = new Dictionary<long, List<HashSet<int>>>();
        var blockedByCampaign = new Dictionary<long, List<HashSet<int>>>();
        foreach (var negative in ads.Negatives.Where(negative => negative.State == EntityState.Enabled))
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(
                negative.AdGroupId is null ? blockedByCampaign : blockedByGroup, negative.AdGroupId ?? negative.CampaignId, out _);
            (list ??= []).Add(BlockedBy(negative));
        }

        var products = market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        for (var place = 0; place < ads.Targets.Count; place++)
        {
            var target = ads.Targets[place];
            var campaign = campaignPlaces[target.CampaignId];
            if (target.State != EntityState.Enabled || !countedCampaigns[campaign] || ads.AdGroup(target.AdGroupId)!.State != EntityState.Enabled) continue;
            var groupBlocks = blockedByGroup.GetValueOrDefault(target.AdGroupId);
            var campaignBlocks = blockedByCampaign.GetValueOrDefault(target.CampaignId);
            foreach (var (ad, adPlace) in adsByGroup[target.AdGroupId])
            {
                var product = products[ad.Sku];
                foreach (var index in MatchesOf(target, product))
                {
                    if (IsBlocked(groupBlocks, index) || IsBlocked(campaignBlocks, index)) continue;
                    var query = market.Queries[index];
                    var pair = market.PairOf(product.Index, query);
                    if (pair.Candidates.Count == 0)
                    {
                        pair.Slot = live.Count;
                        live.Add(pair);
                        liveByProduct[product.Index].Add(pair);
                    }

                    if (pair.Candidates.Count == 0 || pair.Candidates[^1].Campaign != campaign) liveByCampaign[campaign].Add(pair);
                    pair.Candidates.Add(new Candidate(place, adPlace, campaign));
                }
            }
        }

        hot = new double[live.Count * 3];
        hotRegime = -1;
        foreach (var pair in live) Compete(pair);
        foreach (var pair in before.Where(pair => pair.Candidates.Count == 0)) Leave(pair);
        foreach (var product in market.Products) wasInStock[product.Index] = Shop.IsInStock(product.Index);
    }

    private static bool IsBlocked(List<HashSet<int>>? blocked, int query)
    {
        if (blocked is null) return false;
        foreach (var set in blocked)
        {
            if (set.Contains(query)) return true;
        }

        return false;
    }

    public int[] MatchesOf(WorldTarget target, Product product)
    {
        var key = (target.Id, product.Index);
        if (!matches.TryGetValue(key, out var found)) matches[key] = found = [.. market.Matches(target, product)];
        return found;
    }

    private HashSet<int> BlockedBy(WorldNegative negative)
    {
        if (blocks.TryGetValue(negative.Id, out var found)) return found;
        var words = Words.Fold(negative.Text);
        return blocks[negative.Id] = [.. market.Queries.Where(query => negative.Match == NegativeMatch.Product
            ? query.IsPage && string.Equals(query.Text, negative.Text, StringComparison.OrdinalIgnoreCase)
            : !query.IsPage && Words.Blocks(negative.Match, words, query.Words)).Select(query => query.Index)];
    }

    private void RefreshStock()
    {
        foreach (var product in market.Products)
        {
            var isInStock = Shop.IsInStock(product.Index);
            if (isInStock == wasInStock[product.Index]) continue;
            wasInStock[product.Index] = isInStock;
            foreach (var pair in liveByProduct[product.Index]) Compete(pair);
        }
    }

    private void TakeOut(int slot, CampaignDay campaign)
    {
        campaign.Close();
        foreach (var pair in liveByCampaign[slot]) Compete(pair);
    }

    // Picks the target that competes in each placement and works out what its bid buys today.
    private void Compete(Pair pair)
    {
        var inStock = Shop.IsInStock(pair.Product);
        var logRivals = season.LogRivals(day)[pair.Query.Type];
        var demand = season.Demand(day)[pair.Query.Type];
        var place = 0;
        foreach (var cell in pair.Cells)
        {
            var best = 0d;
            var winner = default(Candidate);
            var target = -1;
            if (inStock && pair.Query.BornOn <= day)
            {
                foreach (var candidate in pair.Candidates)
                {
                    if (campaignSlots[candidate.Campaign].IsOut) continue;
                    var bid = Market.EffectiveBid(
                        (double)ads.BidInForce(ads.Targets[candidate.Target]), ads.Campaigns[candidate.Campaign], (Placement)cell.Placement, pair);
                    if (bid <= best) continue;
                    best = bid;
                    winner = candidate;
                    target = candidate.Target;
                }
            }

            // A cell that nothing changed for goes on as it was, so that a write elsewhere leaves its shoppers alone.
            var isSame = cell.PricedOn == day && cell.Target == target && cell.Ad == winner.Ad && cell.Campaign == winner.Campaign && cell.Bid == best;
            if (!isSame)
            {
                Settle(pair, cell);
                if (cell.Target != target) Book(pair, cell);
                (cell.Target, cell.Ad, cell.Campaign, cell.Bid, cell.PricedOn) = (target, winner.Ad, winner.Campaign, best, day);
                if (target >= 0) Price(pair, cell, logRivals);
            }

            hot[(pair.Slot * 3) + place++] = target < 0 ? 0 : cell.Views * demand * cell.Clicks[regime];
        }
    }

    private void Leave(Pair pair)
    {
        foreach (var cell in pair.Cells)
        {
            Settle(pair, cell);
            Book(pair, cell);
            cell.Target = -1;
        }
    }

    private void Price(Pair pair, Cell cell, double logRivals)
    {
        cell.SettledShare = campaignSlots[cell.Campaign].PaidShare;
        for (var part = 0; part < Season.Regimes; part++)
        {
            var median = pair.Query.RivalMedian * Math.Exp(logRivals) * Season.RivalLevel[part];
            var (impressions, clicks, cost) = market.LandscapeOf(cell.Placement, pair.Query).At(Math.Log(cell.Bid / median) + pair.LogQuality);
            cell.Impressions[part] = impressions;
            cell.Clicks[part] = clicks * pair.Relevance;
            cell.Price[part] = clicks <= 0 ? 0 : Math.Max(0.02, cost / clicks * median / Math.Exp(pair.LogQuality));
        }
    }

    private void DrawArrivals(long minute, long hourKey, double share)
    {
        if (hotRegime != regime) Reheat();
        arrivals.Clear();
        const ulong Lane = (1UL << 21) - 1;
        for (var slot = 0; slot < live.Count; slot++)
        {
            // One draw serves the three placements, 21 bits each; nearly always all three say that nobody clicks.
            var rates = hot.AsSpan(slot * 3, 3);
            if (rates[0] + rates[1] + rates[2] <= 0) continue;
            var bits = Dice.Continue(live[slot].ClickDraws, hourKey);
            for (var place = 0; place < 3; place++, bits >>= 21)
            {
                var mean = rates[place] * share;
                var lane = bits & Lane;
                if (mean <= 0 || lane + 1 <= (1 - mean) * (Lane + 1)) continue;
                var pair = live[slot];
                var cell = pair.Cells[place];
                var uniform = (lane + dice.Uniform(Draw.Clicks, cell.Key, hourKey, 1)) / (Lane + 1);
                var count = Dice.Poisson(mean, uniform);
                for (var draw = 0; draw < count; draw++)
                {
                    arrivals.Add((minute + dice.Pick(MinutesPerHour, Draw.ClickMinute, cell.Key, hourKey, draw), cell, pair, draw));
                }
            }
        }

        arrivals.Sort(static (one, other) => (one.Minute, one.Cell.Key, one.Draw).CompareTo((other.Minute, other.Cell.Key, other.Draw)));
    }

    private void Reheat()
    {
        hotRegime = regime;
        var demand = season.Demand(day);
        foreach (var pair in live)
        {
            for (var place = 0; place < pair.Cells.Length; place++)
            {
                var cell = pair.Cells[place];
                hot[(pair.Slot * 3) + place] = cell.Target < 0 ? 0 : cell.Views * demand[pair.Query.Type] * cell.Clicks[regime];
            }
        }
    }

    private void ServeClicks(long hourKey, DayBook book, long hourMinute)
    {
        foreach (var (minute, cell, pair, draw) in arrivals)
        {
            var campaign = campaignSlots[cell.Campaign];
            if (campaign.HasRunDry) continue;
            var cents = PriceInCents(cell, hourKey, draw);
            campaign.Spend(cents / 100d);
            if (campaign.HasRunDry) campaign.OutMinute = minute - hourMinute;
            cell.Shown++;
            var isInvalid = dice.Uniform(Draw.Invalid, cell.Key, hourKey, draw) < Market.InvalidShare;
            var click = new Click
            {
                Minute = minute,
                Target = cell.Target,
                Ad = cell.Ad,
                Product = pair.Product,
                Query = pair.Query,
                Placement = cell.Placement,
                Cents = cents,
                CreditedMinute = isInvalid ? minute + (long)(dice.Uniform(Draw.Invalid, cell.Key, 6, 72, hourKey, draw + 1_000) * 60) : null,
            };
            book.Clicks.Add(click);
            if (isInvalid) continue;
            book.RealisedProfit -= cents / 100d;
            if (dice.Uniform(Draw.Order, cell.Key, hourKey, draw) < Market.OrderChance(pair, cell.Placement, regime)) PlaceOrder(click, cell, hourKey, draw);
        }
    }

    // Around the expected GSP price, never above the bid; whole cents by lot, so that the mean is kept.
    private int PriceInCents(Cell cell, long hourKey, long draw)
    {
        var price = cell.Price[regime];
        var room = Math.Clamp(Math.Min(0.25, (cell.Bid / price) - 1), 0, 0.25);
        var cents = price * (1 + (room * ((2 * dice.Uniform(Draw.Price, cell.Key, hourKey, draw)) - 1))) * 100;
        var whole = (int)Math.Floor(cents);
        return Math.Max(2, whole + (dice.Uniform(Draw.Price, cell.Key, hourKey, draw + 1_000) < cents - whole ? 1 : 0));
    }

    private void PlaceOrder(Click click, Cell cell, long hourKey, long draw)
    {
        var chance = dice.Uniform(Draw.Delay, cell.Key, hourKey, draw);
        var hours = chance < sameDayShare
            ? Math.Min(10, -1.5 * Math.Log(1 - (chance / sameDayShare * 0.9999)))
            : 12 + (24 * Tail((chance - sameDayShare) / (1 - sameDayShare)));
        var bought = click.Product;
        if (dice.Uniform(Draw.Halo, cell.Key, hourKey, draw) < Market.HaloShare && market.Siblings(click.Product) is { Count: > 0 } siblings)
        {
            bought = siblings[dice.Pick(siblings.Count, Draw.Halo, cell.Key, hourKey, draw + 1_000)].Index;
        }

        var minute = click.Minute + (long)(hours * 60);
        var restated = dice.Uniform(Draw.Void, cell.Key, hourKey, draw);
        click.Order = new AdOrder
        {
            ClickMinute = click.Minute,
            Minute = minute,
            AdvertisedProduct = click.Product,
            Product = bought,
            Units = Shop.UnitsOf(cell.Key, hourKey, draw),
            RestatedMinute = restated < 0.006 ? minute + (7 * 1440) : restated < 0.012 ? minute + (28 * 1440) : null,
            Hour = hourKey,
            Draw = (cell.Key * 16) + draw,
            ClickDay = day,
        };
        pendingOrders.Enqueue(click.Order, (minute, ordersQueued++));
        var takesOrganic = dice.Uniform(Draw.Cannibal, cell.Key, hourKey, draw) < CannibalShare(click.Query);
        if (takesOrganic) Shop.Cannibalise(bought);

        // Exponential with mean 2.4 days, cut at 13.5.
        static double Tail(double uniform) => -2.4 * Math.Log(1 - (uniform * (1 - Math.Exp(-13.5 / 2.4))));
    }

    private void Purchase(long untilMinute)
    {
        while (pendingOrders.TryPeek(out var order, out _) && order.Minute < untilMinute)
        {
            pendingOrders.Dequeue();
            order.Sale = Shop.TrySell(order.Minute, order.Product, order.Units, order.Hour, order.Draw);
            if (order.Sale is { CancelMinute: null }) Days[order.ClickDay].RealisedProfit += market.Products[order.Product].UnitContribution * order.Units;
        }
    }

    private void SettleAll()
    {
        foreach (var pair in live)
        {
            foreach (var cell in pair.Cells) Settle(pair, cell);
        }
    }

    // Impressions without a click, and what the bid was expected to earn, since the cell last changed or the part of the day began.
    private void Settle(Pair pair, Cell cell)
    {
        if (cell.Target < 0) return;
        var campaign = campaignSlots[cell.Campaign];
        var views = cell.Views * season.Demand(day)[pair.Query.Type] * (campaign.PaidShare - cell.SettledShare);
        cell.SettledShare = campaign.PaidShare;
        if (views <= 0) return;
        cell.Shown += dice.Poisson(views * Math.Max(0, cell.Impressions[regime] - cell.Clicks[regime]), Draw.Impressions, cell.Key, hour);
        var clicks = views * cell.Clicks[regime] * (1 - Market.InvalidShare);
        Days[day].ExpectedSpend += clicks * cell.Price[regime];
        Days[day].ExpectedProfit += clicks * (market.ClickValue(pair, cell.Placement, regime) - cell.Price[regime]);
    }

    private void Book(Pair pair, Cell cell)
    {
        if (cell.Shown == 0) return;
        var book = Days[day];
        CollectionsMarshal.GetValueRefOrAddDefault(book.Impressions, (cell.Target, cell.Ad, cell.Placement), out _) += cell.Shown;
        CollectionsMarshal.GetValueRefOrAddDefault(book.TermImpressions, (cell.Target, pair.Query.Index), out _) += cell.Shown;
        cell.Shown = 0;
    }

    /// <summary>
    /// A campaign's purse. Each day adds the daily budget to the month's purse; a day may spend what the purse holds, at most twice its budget.
    /// </summary>
    private sealed class CampaignDay
    {
        private double purse;
        private double budget;
        private double spentToday;
        private int month;

        public bool IsCounted { get; set; }
        public bool IsOut { get; private set; }
        public bool HasRunDry { get; private set; }
        public long? OutMinute { get; set; }

        /// <summary>Share of today's shoppers during whose visit the campaign could pay.</summary>
        public double PaidShare { get; private set; }

        public void OnDay(DateOnly date, double dailyBudget)
        {
            if (!IsCounted)
            {
                purse = date.Month == month ? Math.Max(0, purse - spentToday) : 0;
                month = date.Month;
                spentToday = 0;
                budget = dailyBudget;
                purse += dailyBudget;
                PaidShare = 0;
                IsCounted = true;
            }
            else
            {
                purse += dailyBudget - budget;
                budget = dailyBudget;
            }

            IsOut = spentToday > 0 && spentToday >= Allowance;
            HasRunDry = false;
            OutMinute = null;
        }

        public void Spend(double amount)
        {
            spentToday += amount;
            HasRunDry = spentToday >= Allowance;
        }

        public void EndHour(double share)
        {
            if (!IsOut) PaidShare += share * (OutMinute is { } minute ? minute / (double)MinutesPerHour : 1);
        }

        public void Close()
        {
            IsOut = true;
            HasRunDry = false;
            OutMinute = null;
        }

        private double Allowance => Math.Min(2 * budget, purse);
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;
using Placement = Autonoomi.Core.Advertising.Placement;

namespace Autonoomi.Lab.Protocol;

/// <summary>
/// What single changes are truly worth to the account: expected profit of thirty average days with the change less without it, as the market stands this morning. Rivals where they stand
/// unprovoked, full budgets and shelves, everything else of the account unchanged; another target of the account takes over where it bids next.
/// </summary>
internal sealed class TrueGains
{
    private const int Days = 30;

    private readonly MarketWorld world;
    private readonly Market market;
    private readonly DayTerms truth;
    private readonly Dictionary<long, Route> routes = [];
    private readonly Dictionary<long, (double[] Raised, double Scale)> turned;
    private readonly Dictionary<Route, double> changed = [];
    private readonly Dictionary<Pair, double> before = [];
    private readonly Dictionary<Pair, double> after = [];

    /// <param name="world">On the morning, before the day's writes.</param>
    /// <param name="turned">Placement moves of the morning by campaign: 1 + percent after it, and the factor on the base bids that makes room for them. Bids are judged on top of them.</param>
    /// <param name="changes">All of the morning.</param>
    public TrueGains(MarketWorld world, IReadOnlyDictionary<long, (double[] Raised, double Scale)> turned, IEnumerable<Change> changes)
    {
        (this.world, market, this.turned) = (world, world.Market, new(turned));
        truth = new DayTerms(market, world.Today.DayNumber - world.FirstDay.DayNumber, Aim.Earn(0));
        foreach (var pair in market.Pairs)
        {
            foreach (var candidate in pair.Candidates) routes.TryAdd(world.Ads.Targets[candidate.Line.Route.Place].Id, candidate.Line.Route);
        }

        foreach (var change in changes.OfType<SetBid>())
        {
            if (routes.TryGetValue(change.Target.Value, out var route)) changed[route] = (double)change.After.Amount;
        }
    }

    /// <returns>Profit of 30 days; null for a change whose worth this does not tell: placements are judged by campaign.</returns>
    /// <param name="change">Of this morning.</param>
    /// <param name="bid">The bid at which a new target is judged; the change's own without.</param>
    public double? Of(Change change, double? bid = null) => change switch
    {
        SetBid set => OfBid(set.Target.Value, (double)set.After.Amount),
        SetTargetState { After: EntityState.Enabled } state => OfBid(state.Target.Value, routes.GetValueOrDefault(state.Target.Value)?.Bid ?? 0),
        SetTargetState state => OfBid(state.Target.Value, 0),
        AddNegative negative => OfNegative(negative.Campaign.Value, negative.AdGroup?.Value, negative.Match, negative.Text, 1),
        ArchiveNegative negative => OfNegative(negative.Campaign.Value, negative.AdGroup?.Value, negative.Match, negative.Text, -1),
        CreateTarget { Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad } create => OfKeyword(create, bid ?? (double)create.Bid.Amount),
        SetBudget budget => OfBudget(budget),
        _ => null,
    };

    /// <returns>Profit of 30 days of turning a campaign's placements, base bids making room.</returns>
    public double OfPlacements(long campaign)
    {
        var pairs = routes.Values.Where(route => route.Group.Campaign.Id == campaign).SelectMany(route => route.Pairs).Distinct().ToList();
        var with = pairs.Sum(Before);
        var (raised, scale) = turned[campaign];
        turned.Remove(campaign);
        var without = pairs.Sum(pair => Sum(pair, IsOpen, BidNow, null).Profit);
        turned[campaign] = (raised, scale);
        return (with - without) * Days;
    }

    /// <returns>Orders per click that the reports will show of a target at the bids in force; null where it gets no clicks.</returns>
    public double? RateOf(TargetId target)
    {
        if (!routes.TryGetValue(target.Value, out var route)) return null;
        double clicks = 0, orders = 0;
        foreach (var pair in route.Pairs)
        {
            var sums = Sum(pair, IsOpen, BidNow, line => line.Route == route);
            (clicks, orders) = (clicks + sums.Clicks, orders + sums.Orders);
        }

        return clicks > 0 ? orders / clicks : null;
    }

    /// <returns>Money that a day costs at the bids in force once the morning's are written, negatives and new targets aside.</returns>
    public double DailyCost() => market.Pairs.Where(pair => pair.Candidates.Count > 0).Sum(pair => Sum(pair, IsOpen, BidThen, null).Cost);

    /// <returns>Money that a day costs at these bids by target's number; others stand as they do.</returns>
    public double DailyCost(IReadOnlyDictionary<long, double> bids)
    {
        var ofRoute = routes.ToDictionary(entry => entry.Value, entry => bids.TryGetValue(entry.Key, out var bid) && entry.Value.Serves ? bid : BidNow(entry.Value));
        return market.Pairs.Where(pair => pair.Candidates.Count > 0).Sum(pair => Sum(pair, IsOpen, route => ofRoute.TryGetValue(route, out var bid) ? bid : BidNow(route), null).Cost);
    }

    private static bool IsOpen(Candidate candidate) => candidate.Blocks == 0;

    private double BidNow(Route route) => !route.Serves ? 0 : route.Bid * (turned.TryGetValue(route.Group.Campaign.Id, out var moved) ? moved.Scale : 1);

    private double BidThen(Route route) => changed.TryGetValue(route, out var bid) ? bid : BidNow(route);

    private double Before(Pair pair)
    {
        if (!before.TryGetValue(pair, out var profit)) before[pair] = profit = Sum(pair, IsOpen, BidNow, null).Profit;
        return profit;
    }

    private double After(Pair pair)
    {
        if (!after.TryGetValue(pair, out var profit)) after[pair] = profit = Sum(pair, IsOpen, BidThen, null).Profit;
        return profit;
    }

    // Targets of one account compete for the same searches: half of what the change brings alone, half of what it brings after the morning's other bids.
    private double OfBid(long target, double bid)
    {
        if (!routes.TryGetValue(target, out var route)) return 0;
        return route.Pairs.Sum(pair =>
            Sum(pair, IsOpen, other => other == route ? bid : BidNow(other), null).Profit - Before(pair) + After(pair) - Sum(pair, IsOpen, other => other == route ? BidNow(route) : BidThen(other), null).Profit) * Days / 2;
    }

    /// <returns>Profit of 30 days of all the morning's bids together.</returns>
    public double OfAllBids() => changed.Keys.SelectMany(route => route.Pairs).Distinct().Sum(pair => After(pair) - Before(pair)) * Days;

    private double OfNegative(long campaign, long? group, NegativeMatch match, string text, int more)
    {
        var block = new Block(new WorldNegative(0, campaign, group, match, text, EntityState.Enabled, default, default));
        bool IsHome(Candidate candidate) => world.Ads.Targets[candidate.Line.Route.Place] is { } home && (group is { } id ? home.AdGroupId == id : home.CampaignId == campaign);
        return market.Matching.StoppedBy(block).SelectMany(query => query.Pairs)
            .Sum(pair => Sum(pair, candidate => candidate.Blocks + (IsHome(candidate) ? more : 0) == 0, BidNow, null).Profit - Before(pair)) * Days;
    }

    // At the end of its hand-over: the loose targets that found the search are closed to it.
    private double OfKeyword(CreateTarget create, double bid)
    {
        var text = new MatchText(new WorldTarget(0, create.Campaign.Value, create.AdGroup.Value, TargetKind.Keyword, create.Match, create.Text, EntityState.Enabled, create.Bid.Amount, default, default));
        var campaign = world.Ads.Campaign(create.Campaign.Value)!;
        var products = market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        return world.Ads.ProductAds.Where(ad => ad.AdGroupId == create.AdGroup.Value && ad.State == EntityState.Enabled).Select(ad => products[ad.Sku])
            .SelectMany(product => market.Matching.Reached(text, product).Select(query => market.PairOf(product.Index, query)))
            .Sum(pair => Sum(pair, candidate => IsOpen(candidate) && candidate.Line.Route.Text.Match == MatchType.Exact, BidNow, null, placement => Market.EffectiveBid(bid, campaign, (Placement)placement, pair)).Profit - Before(pair)) * Days;
    }

    // A budget cuts all of a campaign's clicks alike.
    private double OfBudget(SetBudget change)
    {
        double profit = 0, cost = 0;
        foreach (var pair in routes.Values.Where(route => route.Group.Campaign.Id == change.Campaign.Value).SelectMany(route => route.Pairs).Distinct())
        {
            var sums = Sum(pair, IsOpen, BidNow, line => line.Campaign.Id == change.Campaign.Value);
            (profit, cost) = (profit + sums.Profit, cost + sums.Cost);
        }

        return cost <= 0 ? 0 : profit / cost * (Math.Min(cost, (double)change.After.Amount) - Math.Min(cost, (double)change.Before.Amount)) * Days;
    }

    private (double Profit, double Cost, double Clicks, double Orders) Sum(Pair pair, Func<Candidate, bool> admits, Func<Route, double> bidOf, Func<AdLine, bool>? counts, Func<int, double>? extra = null)
    {
        (double Profit, double Cost, double Clicks, double Orders) sums = default;
        foreach (var cell in pair.Cells)
        {
            var (best, bid) = ((AdLine?)null, extra?.Invoke(cell.Placement) ?? 0);
            foreach (var candidate in pair.Candidates)
            {
                var line = candidate.Line;
                if (!line.Ad.IsEnabled || !admits(candidate)) continue;
                var raised = turned.TryGetValue(line.Campaign.Id, out var moved) ? moved.Raised : line.Campaign.Raised;
                var own = bidOf(line.Route) * Market.BidFactor(line.Campaign.Strategy, raised[cell.Placement], cell.Placement, pair.Guess);
                if (own < bid || (own == bid && (best is null || best.Route.Place < line.Route.Place))) continue;
                (best, bid) = (line, own);
            }

            if (bid <= 0 || (counts is not null && (best is null || !counts(best)))) continue;
            var seat = new Seat(pair.Product, pair.Query, cell.Placement, cell.Views * pair.Relevance, pair.Quality, pair.Odds);
            var unit = truth.Unit(seat);
            var worth = truth.Order(seat).Worth;
            var views = seat.Views * (1 - market.Parameters.InvalidShare);
            for (var regime = 0; regime < Season.Regimes; regime++)
            {
                var (_, clicks, cost) = truth.Landscape(seat, regime).At(Math.Log(bid / unit));
                var share = Season.RegimeShare[regime] * views;
                var (paid, orders) = (share * Math.Max(cost * unit, clicks * market.SmallestCharge), share * clicks * truth.Chance(seat, regime));
                sums = (sums.Profit + (orders * worth) - paid, sums.Cost + paid, sums.Clicks + (share * clicks), sums.Orders + orders);
            }
        }

        return sums;
    }
}

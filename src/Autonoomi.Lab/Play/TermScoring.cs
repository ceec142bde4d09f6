using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>
/// Judges a policy's search-term decisions by the truth, as of the world's present day: bids in force, rivals where they stand unprovoked, average demand,
/// full budgets and shelves. Made before the policy's first write, so that it knows what is whose.
/// </summary>
internal sealed class TermScoring(MarketWorld world)
{
    private const int Days = 30;

    // Bids tried for a keyword of its own, from the landscape's low end to where every slot is won.
    private const int BidsTried = 48;
    private const double LowestBid = -3.0;
    private const double BidStep = 0.11;

    // Worth a change: a thirtieth of the product's price in thirty days, one dollar where things cost thirty.
    private const double WorthwhileShare = 1 / 30d;

    private readonly int targetsBefore = world.Ads.Targets.Count;
    private readonly int negativesBefore = world.Ads.Negatives.Count;
    private readonly Market market = world.Market;

    public TermScore Judge()
    {
        var truth = new DayTerms(market, world.Today.DayNumber - world.FirstDay.DayNumber, Aim.Earn(0));
        var negatives = world.Ads.Negatives.Skip(negativesBefore).Where(negative => negative.State == EntityState.Enabled).ToList();
        var stopped = StoppedBy(negatives);
        var (blocked, avoided) = (0d, 0d);
        foreach (var pair in stopped.Keys.Select(key => key.Pair).Distinct().Where(pair => !pair.Candidates.Exists(IsOwn)))
        {
            var lost = Profit(truth, pair, candidate => candidate.Blocks <= stopped.GetValueOrDefault((pair, candidate.Line))) - Profit(truth, pair, candidate => candidate.Blocks == 0);
            if (lost > 0) blocked += lost;
            else avoided -= lost;
        }

        var (harvests, paying, harvested, possible) = Harvest(truth, stopped);
        return new TermScore(negatives.Count, blocked * Days, avoided * Days, harvests, paying, harvested * Days, possible * Days);
    }

    private (int Harvests, int Paying, double Harvested, double Possible) Harvest(DayTerms truth, Dictionary<(Pair Pair, AdLine Line), int> stopped)
    {
        var own = world.Ads.Targets.Skip(targetsBefore).Where(target => target is { Kind: TargetKind.Keyword, Match: MatchType.Exact }).ToList();
        var adsByGroup = world.Ads.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroupId, ad => ad.Sku);
        var products = market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        var got = new HashSet<Pair>();
        var paying = 0;
        foreach (var target in own)
        {
            var pairs = adsByGroup[target.AdGroupId].Select(sku => products[sku])
                .SelectMany(product => market.Matching.Reached(new MatchText(target), product).Select(query => market.PairOf(product.Index, query))).ToList();
            if (pairs.Sum(pair => Best(truth, pair)) * Days >= pairs.Select(Worthwhile).DefaultIfEmpty(double.PositiveInfinity).Max()) paying++;
            if (target.State == EntityState.Enabled) got.UnionWith(pairs);
        }

        var (harvested, possible) = (0d, 0d);
        foreach (var pair in Found())
        {
            // Over what the targets that found it make of it by themselves; where they lose, a keyword is no remedy.
            var gain = Best(truth, pair) - Math.Max(0, Profit(truth, pair, candidate => IsLoose(candidate.Line) && candidate.Blocks <= stopped.GetValueOrDefault((pair, candidate.Line))));
            if (gain * Days < Worthwhile(pair)) continue;
            possible += gain;
            if (got.Contains(pair)) harvested += gain;
        }

        return (own.Count, paying, harvested, possible);
    }

    /// <returns>Searches that were clicked through targets that are not exact, and that no exact keyword of the seller's past holds.</returns>
    private IEnumerable<Pair> Found()
    {
        var found = new HashSet<(int Product, int Query)>();
        foreach (var click in world.Simulation.Days.SelectMany(day => day.Clicks))
        {
            if (!click.Query.IsPage && IsLoose(click.Line)) found.Add((click.Product, click.Query.Index));
        }

        return found.Order().Select(key => market.PairOf(key.Product, market.Queries[key.Query]))
            .Where(pair => !pair.Candidates.Exists(candidate => candidate.Line.Route.Place < targetsBefore && !IsLoose(candidate.Line) && candidate.Line.Route.IsEnabled));
    }

    // A keyword of the search's own serves it: what the negatives stop elsewhere is moved, not lost.
    private static bool IsOwn(Candidate candidate) => candidate is { Blocks: 0, Line: { Route.Serves: true, Ad.IsEnabled: true } line } && !IsLoose(line);

    private static bool IsLoose(AdLine line) => line.Route.Text.Match != MatchType.Exact;

    private double Worthwhile(Pair pair) => WorthwhileShare * (double)market.Products[pair.Product].Price;

    // How many of these negatives stand against each line at each pair.
    private Dictionary<(Pair Pair, AdLine Line), int> StoppedBy(List<WorldNegative> negatives)
    {
        var stopped = new Dictionary<(Pair, AdLine), int>();
        foreach (var negative in negatives)
        {
            foreach (var query in market.Matching.StoppedBy(new Block(negative)))
            {
                foreach (var pair in query.Pairs)
                {
                    foreach (var candidate in pair.Candidates)
                    {
                        var home = world.Ads.Targets[candidate.Line.Route.Place];
                        if (negative.AdGroupId is { } group ? home.AdGroupId != group : home.CampaignId != negative.CampaignId) continue;
                        stopped[(pair, candidate.Line)] = stopped.GetValueOrDefault((pair, candidate.Line)) + 1;
                    }
                }
            }
        }

        return stopped;
    }

    /// <returns>Expected profit of an average day when the strongest of the admitted lines competes in each placement.</returns>
    private double Profit(DayTerms truth, Pair pair, Func<Candidate, bool> admits)
    {
        var profit = 0d;
        foreach (var cell in pair.Cells)
        {
            var bid = 0d;
            foreach (var candidate in pair.Candidates)
            {
                var line = candidate.Line;
                if (!line.Route.Serves || !line.Ad.IsEnabled || !admits(candidate)) continue;
                bid = Math.Max(bid, line.Route.Bid * Market.BidFactor(line.Campaign.Strategy, line.Campaign.Raised[cell.Placement], cell.Placement, pair.Guess));
            }

            if (bid > 0) profit += At(truth, pair, cell, bid);
        }

        return profit;
    }

    /// <returns>Expected profit of an average day at the best bid of an own keyword without placement increases; 0 when no bid pays.</returns>
    private double Best(DayTerms truth, Pair pair)
    {
        var best = 0d;
        for (var step = 0; step < BidsTried; step++)
        {
            var bid = pair.Query.RivalMedian / pair.Quality * Math.Exp(LowestBid + (step * BidStep));
            best = Math.Max(best, pair.Cells.Sum(cell => At(truth, pair, cell, bid)));
        }

        return best;
    }

    private double At(DayTerms truth, Pair pair, Cell cell, double bid)
    {
        var seat = new Seat(pair.Product, pair.Query, cell.Placement, cell.Views * pair.Relevance, pair.Quality, pair.Odds);
        var unit = truth.Unit(seat);
        var worth = truth.Order(seat).Worth;
        var profit = 0d;
        for (var regime = 0; regime < Season.Regimes; regime++)
        {
            var (_, clicks, cost) = truth.Landscape(seat, regime).At(Math.Log(bid / unit));
            profit += Season.RegimeShare[regime] * ((clicks * truth.Chance(seat, regime) * worth) - Math.Max(cost * unit, clicks * market.SmallestCharge));
        }

        return profit * seat.Views * (1 - market.Parameters.InvalidShare);
    }
}

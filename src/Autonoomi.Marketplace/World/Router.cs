using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Keeps, for every pair, who of the account may answer there. Follows the account write by write: a bid touches the pairs of its target, a negative those it
/// stops, a new keyword those it reaches.
/// </summary>
internal sealed class Router(AdAccount ads, Market market)
{
    private readonly Dictionary<long, CampaignLane> campaigns = [];
    private readonly Dictionary<long, GroupLane> groups = [];
    private readonly Dictionary<long, AdLane> adLanes = [];
    private readonly Dictionary<long, Route> routes = [];
    private readonly Dictionary<long, Block> blocks = [];
    private readonly Dictionary<string, int> products = market.Products.ToDictionary(product => product.Sku, product => product.Index, StringComparer.Ordinal);
    private readonly Dictionary<string, List<Route>> routesByWord = new(StringComparer.Ordinal);
    private readonly List<Route> automatic = [];
    private readonly List<List<Pair>> liveByProduct = [.. market.Products.Select(_ => new List<Pair>())];
    private (int Campaigns, int Groups, int Ads, int Targets, int Negatives) seen;
    private int admitted;

    /// <summary>Campaigns in the account's order.</summary>
    public List<CampaignLane> Campaigns { get; } = [];

    public List<AdLine> Lines { get; } = [];

    /// <summary>Pairs that some ad may answer.</summary>
    public List<Pair> Live { get; } = [];

    /// <summary>Pairs to look at again.</summary>
    public List<Pair> Dirty { get; } = [];

    public IReadOnlyList<Pair> LiveOf(int product) => liveByProduct[product];

    /// <summary>Lets the searches that are born by a day meet the account's targets.</summary>
    public void AdmitUntil(int day)
    {
        market.GrowTo(day);
        for (; admitted < market.Queries.Count && market.Queries[admitted].BornOn <= day; admitted++)
        {
            if (market.Queries[admitted].BornOn >= 0) Admit(market.Queries[admitted]);
        }
    }

    /// <summary>Takes over what was written since the last time.</summary>
    /// <param name="date">Decides which campaigns run.</param>
    /// <returns>Campaigns whose budget or state may have changed.</returns>
    public List<CampaignLane> Read(DateOnly date)
    {
        var changed = new List<CampaignLane>();
        for (; seen.Campaigns < ads.Campaigns.Count; seen.Campaigns++)
        {
            var lane = new CampaignLane(ads.Campaigns[seen.Campaigns].Id);
            Campaigns.Add(lane);
            campaigns.Add(lane.Id, lane);
            Take(lane, ads.Campaigns[seen.Campaigns], date);
            changed.Add(lane);
        }

        for (; seen.Groups < ads.AdGroups.Count; seen.Groups++)
        {
            var entity = ads.AdGroups[seen.Groups];
            var lane = new GroupLane(campaigns[entity.CampaignId]) { IsEnabled = entity.State == EntityState.Enabled };
            lane.Campaign.Groups.Add(lane);
            groups.Add(entity.Id, lane);
        }

        for (; seen.Ads < ads.ProductAds.Count; seen.Ads++) Add(ads.ProductAds[seen.Ads], seen.Ads);
        for (; seen.Targets < ads.Targets.Count; seen.Targets++) Add(ads.Targets[seen.Targets], seen.Targets);
        for (; seen.Negatives < ads.Negatives.Count; seen.Negatives++)
        {
            var entity = ads.Negatives[seen.Negatives];
            var block = new Block(entity);
            blocks.Add(entity.Id, block);
            if (entity.AdGroupId is { } group) groups[group].Blocks.Add(block);
            else campaigns[entity.CampaignId].Blocks.Add(block);
            Take(block, entity);
        }

        foreach (var (kind, id) in ads.TakeTouched())
        {
            switch (kind)
            {
                case AdEntityKind.Campaign:
                    Take(campaigns[id], ads.Campaign(id)!, date);
                    changed.Add(campaigns[id]);
                    break;
                case AdEntityKind.AdGroup:
                    groups[id].IsEnabled = ads.AdGroup(id)!.State == EntityState.Enabled;
                    foreach (var route in groups[id].Routes) Take(route);
                    break;
                case AdEntityKind.ProductAd:
                    adLanes[id].IsEnabled = ads.ProductAd(id)!.State == EntityState.Enabled;
                    foreach (var route in adLanes[id].Group.Routes) Touch(route.Pairs);
                    break;
                case AdEntityKind.Keyword or AdEntityKind.Target:
                    Take(routes[id]);
                    break;
                default:
                    Take(blocks[id], ads.Negative(id)!);
                    break;
            }
        }

        return changed;
    }

    /// <summary>Campaigns begin and end at midnight without a write.</summary>
    public void OnDate(DateOnly date)
    {
        for (var place = 0; place < Campaigns.Count; place++)
        {
            if (IsRunning(ads.Campaigns[place], date) != Campaigns[place].Runs) Take(Campaigns[place], ads.Campaigns[place], date);
        }
    }

    public void Touch(IEnumerable<Pair> pairs)
    {
        foreach (var pair in pairs) Touch(pair);
    }

    public void Touch(CampaignLane campaign)
    {
        foreach (var group in campaign.Groups)
        {
            foreach (var route in group.Routes) Touch(route.Pairs);
        }
    }

    private void Touch(Pair pair)
    {
        if (pair.IsDirty) return;
        pair.IsDirty = true;
        Dirty.Add(pair);
    }

    private static bool IsRunning(WorldCampaign campaign, DateOnly date) =>
        campaign.State == EntityState.Enabled && campaign.StartDate <= date && !(campaign.EndDate < date);

    private void Take(CampaignLane lane, WorldCampaign entity, DateOnly date)
    {
        var isRunning = IsRunning(entity, date);
        var isSame = lane.Runs == isRunning && lane.Strategy == entity.Strategy;
        for (var placement = 0; placement < lane.Raised.Length; placement++)
        {
            var raised = 1 + (entity.PercentAt((Placement)placement) / 100d);
            isSame &= lane.Raised[placement] == raised;
            lane.Raised[placement] = raised;
        }

        if (isSame) return;
        (lane.Runs, lane.Strategy) = (isRunning, entity.Strategy);
        foreach (var group in lane.Groups)
        {
            foreach (var route in group.Routes) Take(route);
        }
    }

    private void Take(Route route)
    {
        var target = ads.Targets[route.Place];
        route.Bid = (double)ads.BidInForce(target);
        route.IsEnabled = target.State == EntityState.Enabled;
        route.Serves = route.IsEnabled && route.Group.IsEnabled && route.Group.Campaign.Runs;
        Touch(route.Pairs);
    }

    private void Take(Block block, WorldNegative entity)
    {
        var isEnabled = entity.State == EntityState.Enabled;
        if (block.IsEnabled == isEnabled) return;
        block.IsEnabled = isEnabled;
        var group = entity.AdGroupId is { } id ? groups[id] : null;
        var campaign = campaigns[entity.CampaignId];
        foreach (var query in market.Matching.StoppedBy(block))
        {
            foreach (var pair in query.Pairs)
            {
                foreach (ref var candidate in CollectionsMarshal.AsSpan(pair.Candidates))
                {
                    var home = candidate.Line.Route.Group;
                    if (group is null ? home.Campaign != campaign : home != group) continue;
                    candidate.Blocks += isEnabled ? 1 : -1;
                    Touch(pair);
                }
            }
        }
    }

    private void Add(WorldProductAd entity, int place)
    {
        var group = groups[entity.AdGroupId];
        var ad = new AdLane(place, products[entity.Sku], group) { IsEnabled = entity.State == EntityState.Enabled };
        adLanes.Add(entity.Id, ad);
        group.Ads.Add(ad);
        foreach (var route in group.Routes) Link(route, ad);
    }

    private void Add(WorldTarget entity, int place)
    {
        var route = new Route(place, groups[entity.AdGroupId], new MatchText(entity));
        routes.Add(entity.Id, route);
        route.Group.Routes.Add(route);
        if (entity.Kind == TargetKind.Auto) automatic.Add(route);
        else if (route.Text.Words.Length > 0) (CollectionsMarshal.GetValueRefOrAddDefault(routesByWord, route.Text.Words[0], out _) ??= []).Add(route);
        foreach (var ad in route.Group.Ads) Link(route, ad);
        Take(route);
    }

    private void Link(Route route, AdLane ad)
    {
        var line = new AdLine(Lines.Count, route, ad);
        Lines.Add(line);
        route.Lines.Add(line);
        var product = market.Products[ad.Product];
        foreach (var query in market.Matching.Reached(route.Text, product))
        {
            if (query.Index < admitted || query.BornOn < 0) Join(line, query);
        }
    }

    private void Join(AdLine line, Query query)
    {
        var pair = market.PairOf(line.Ad.Product, query);
        if (pair.Candidates.Count == 0)
        {
            Live.Add(pair);
            liveByProduct[pair.Product].Add(pair);
        }

        var group = line.Route.Group;
        pair.Candidates.Add(new Candidate(line, Count(group.Blocks) + Count(group.Campaign.Blocks)));
        line.Route.Pairs.Add(pair);
        Touch(pair);

        int Count(List<Block> list)
        {
            var count = 0;
            foreach (var block in list)
            {
                if (block.IsEnabled && block.Stops(query)) count++;
            }

            return count;
        }
    }

    private void Admit(Query query)
    {
        var found = new SortedSet<int>();
        foreach (var word in query.Words)
        {
            foreach (var route in routesByWord.GetValueOrDefault(word) ?? []) found.Add(route.Place);
            if (!Catalogue.Synonyms.TryGetValue(word, out var synonym)) continue;
            foreach (var route in routesByWord.GetValueOrDefault(synonym) ?? []) found.Add(route.Place);
        }

        foreach (var route in automatic) found.Add(route.Place);
        foreach (var place in found)
        {
            var route = routes[ads.Targets[place].Id];
            foreach (var line in route.Lines)
            {
                if (market.Matching.Meets(route.Text, market.Products[line.Ad.Product], query)) Join(line, query);
            }
        }
    }
}

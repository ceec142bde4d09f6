using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using Placement = Autonoomi.Core.Advertising.Placement;

namespace Autonoomi.Lab.Oracles;

/// <summary>
/// The seller's account as the market meets it at one moment: every place (product, query, placement) where targets may compete, and which. Within a place the
/// highest effective bid competes; effective bid = bid × campaign's placement multiplier × what dynamic bidding makes of it.
/// </summary>
internal sealed class Field
{
    public const int Placements = 3;

    private Field(WorldTarget[] targets, int[] campaignOf, WorldCampaign[] campaigns, Seat[] seats, int[] firstContender, Contender[] contenders)
    {
        (Targets, CampaignOf, Campaigns, Seats, this.firstContender, this.contenders) = (targets, campaignOf, campaigns, seats, firstContender, contenders);
        var placesOf = targets.Select(_ => new List<(int Seat, float Factor)>()).ToArray();
        var seatsOf = campaigns.Select(_ => new List<int>()).SelectMany(_ => Enumerable.Range(0, Placements).Select(_ => new List<int>())).ToArray();
        for (var seat = 0; seat < seats.Length; seat++)
        {
            foreach (var contender in ContendersOf(seat))
            {
                placesOf[contender.Target].Add((seat, contender.LogFactor));
                var list = seatsOf[Switch(contender.Campaign, seats[seat].Placement)];
                if (list.Count == 0 || list[^1] != seat) list.Add(seat);
            }
        }

        PlacesOf = [.. placesOf.Select(list => list.ToArray())];
        SeatsOf = [.. seatsOf.Select(list => list.ToArray())];
    }

    private readonly int[] firstContender;
    private readonly Contender[] contenders;

    /// <summary>Enabled targets in campaigns and groups that run, in the account's order.</summary>
    public IReadOnlyList<WorldTarget> Targets { get; }

    /// <summary>By target: place in <see cref="Campaigns"/>.</summary>
    public IReadOnlyList<int> CampaignOf { get; }

    public IReadOnlyList<WorldCampaign> Campaigns { get; }

    public Seat[] Seats { get; }

    /// <summary>By target: seats that it contends for, with the logarithm of its dynamic factor there.</summary>
    public (int Seat, float Factor)[][] PlacesOf { get; }

    /// <summary>By <see cref="Switch"/>: seats in which the campaign has a target.</summary>
    public int[][] SeatsOf { get; }

    public ReadOnlySpan<Contender> ContendersOf(int seat) => contenders.AsSpan(firstContender[seat], firstContender[seat + 1] - firstContender[seat]);

    /// <returns>Who competes in a seat under a plan, and the logarithm of the effective bid; (default, −∞) when nobody does.</returns>
    public (Contender Contender, double LogBid) WinnerOf(int seat, Plan plan)
    {
        var (winner, highest) = (default(Contender), double.NegativeInfinity);
        var placement = Seats[seat].Placement;
        foreach (var contender in ContendersOf(seat))
        {
            var bid = plan.Bids[contender.Target] + contender.LogFactor + plan.Multipliers[Switch(contender.Campaign, placement)];
            if (bid > highest) (winner, highest) = (contender, bid);
        }

        return (winner, highest);
    }

    /// <returns>The account as it stands now, as a plan.</returns>
    public Plan Present(MarketWorld world) => new(
        [.. Targets.Select(target => Math.Log((double)world.Ads.BidInForce(world.Ads.Target(target.Id)!)))],
        [.. Campaigns.SelectMany(campaign => Enumerable.Range(0, Placements).Select(placement => Plan.LogOf(world.Ads.Campaign(campaign.Id)!.PercentAt((Placement)placement))))]);

    /// <returns>Number of a campaign's placement percentage among all.</returns>
    public static int Switch(int campaign, int placement) => (campaign * Placements) + placement;

    /// <param name="world">At the present.</param>
    /// <param name="days">Days ahead whose newborn searches count too.</param>
    public static Field Of(MarketWorld world, int days)
    {
        var (ads, market) = (world.Ads, world.Market);
        market.GrowTo(world.Today.DayNumber - world.FirstDay.DayNumber + days);
        var today = world.Today;
        var campaigns = ads.Campaigns.Where(campaign => campaign.State == EntityState.Enabled && campaign.StartDate <= today && !(campaign.EndDate < today)).ToArray();
        var placeOf = campaigns.Select((campaign, place) => (campaign.Id, place)).ToDictionary(entry => entry.Id, entry => entry.place);
        var products = market.Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);
        var advertised = ads.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroupId, ad => products[ad.Sku]);
        var closed = ads.Negatives.Where(negative => negative.State == EntityState.Enabled)
            .Select(negative => (Place: negative.AdGroupId ?? negative.CampaignId, Queries: BlockedBy(market, negative))).ToLookup(entry => entry.Place, entry => entry.Queries);
        var targets = ads.Targets.Where(target => target.State == EntityState.Enabled && placeOf.ContainsKey(target.CampaignId) && ads.AdGroup(target.AdGroupId)!.State == EntityState.Enabled).ToArray();

        var meetings = new SortedDictionary<(int Product, int Query), List<int>>();
        for (var place = 0; place < targets.Length; place++)
        {
            var target = targets[place];
            var blocks = closed[target.AdGroupId].Concat(closed[target.CampaignId]).ToArray();
            foreach (var product in advertised[target.AdGroupId])
            {
                foreach (var query in market.Matches(target, product))
                {
                    if (blocks.Any(block => block.Contains(query))) continue;
                    if (!meetings.TryGetValue((product.Index, query), out var list)) meetings[(product.Index, query)] = list = [];
                    list.Add(place);
                }
            }
        }

        var seats = new List<Seat>();
        var first = new List<int> { 0 };
        var contenders = new List<Contender>();
        foreach (var ((product, index), list) in meetings)
        {
            var query = market.Queries[index];
            var pair = market.PairOf(product, query);
            foreach (var (placement, views) in Market.ViewsOf(query))
            {
                seats.Add(new Seat(product, query, placement, views * pair.Relevance, pair.Quality, pair.Odds));
                foreach (var target in list)
                {
                    var campaign = placeOf[targets[target].CampaignId];
                    var factor = Market.EffectiveBid(1, campaigns[campaign], (Placement)placement, pair) / (1 + (campaigns[campaign].PercentAt((Placement)placement) / 100d));
                    contenders.Add(new Contender(target, campaign, (float)Math.Log(factor)));
                }

                first.Add(contenders.Count);
            }
        }

        return new Field(targets, [.. targets.Select(target => placeOf[target.CampaignId])], campaigns, [.. seats], [.. first], [.. contenders]);
    }

    private static HashSet<int> BlockedBy(Market market, WorldNegative negative)
    {
        var words = Words.Fold(negative.Text);
        return [.. market.Queries.Where(query => negative.Match == NegativeMatch.Product
            ? query.IsPage && string.Equals(query.Text, negative.Text, StringComparison.OrdinalIgnoreCase)
            : !query.IsPage && Words.Blocks(negative.Match, words, query.Words)).Select(query => query.Index)];
    }
}

/// <param name="Target">Place among the field's targets.</param>
/// <param name="Campaign">Place among the field's campaigns.</param>
/// <param name="LogFactor">Logarithm of what dynamic bidding makes of the bid here.</param>
internal readonly record struct Contender(int Target, int Campaign, float LogFactor);

using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>
/// Clauses of Sponsored Products that the market itself has no shoppers for: a brand, a group of keywords, a genre, and a brand as a negative. They stand paused beside the clauses of the
/// first auto ad group, are listed, bid on, paused and archived like any other, and nobody ever clicks on them. The genre's text is its id, the group's Amazon's name.
/// </summary>
internal sealed class ClauseBook
{
    public const string Genre = "ASIN_GENRE_SAME_AS";

    private const long FirstId = 90_000_000_000_000_000;
    private readonly MarketWorld world;
    private readonly Dictionary<long, WorldTarget> targets = [];
    private readonly Dictionary<long, WorldNegative> negatives = [];

    public ClauseBook(MarketWorld world, bool isLaid)
    {
        this.world = world;
        var autos = world.Ads.Campaigns.Where(campaign => campaign.Targeting == TargetingType.Auto).Select(campaign => campaign.Id).ToHashSet();
        if (!isLaid || world.Ads.AdGroups.FirstOrDefault(group => autos.Contains(group.CampaignId)) is not { } home) return;
        var id = FirstId + (world.ProfileId % 1_000_000_000 * 10);
        Add(CoreMatch.Brand, "4711");
        Add(CoreMatch.KeywordGroup, "KEYWORDS_RELATED_TO_YOUR_PRODUCT_CATEGORY");
        Add(CoreMatch.Other, "42");
        negatives.Add(++id, new(id, home.CampaignId, home.Id, NegativeMatch.Brand, "815", EntityState.Enabled, home.CreatedAt, home.CreatedAt));

        void Add(CoreMatch match, string text) =>
            targets.Add(++id, new(id, home.CampaignId, home.Id, TargetKind.Product, match, text, EntityState.Paused, home.DefaultBid, home.CreatedAt, home.CreatedAt));
    }

    public IEnumerable<WorldTarget> Targets => targets.Values.Select(target => IsBuried(target.AdGroupId) ? target with { State = EntityState.Archived } : target);

    public IEnumerable<WorldNegative> Negatives => negatives.Values.Select(negative => IsBuried(negative.AdGroupId!.Value) ? negative with { State = EntityState.Archived } : negative);

    public bool Holds(long id) => targets.ContainsKey(id) || negatives.ContainsKey(id);

    public WorldTarget? Target(long id) => targets.GetValueOrDefault(id);

    public WorldNegative? Negative(long id) => negatives.GetValueOrDefault(id);

    /// <param name="id">One that this book holds.</param>
    /// <param name="bid">New bid; a negative has none.</param>
    /// <param name="state">New state; archived is final.</param>
    public WriteResult Update(long id, decimal? bid, EntityState? state)
    {
        if (negatives.TryGetValue(id, out var negative))
        {
            if (negative.State == EntityState.Archived || IsBuried(negative.AdGroupId!.Value)) return Buried;
            negatives[id] = negative with { State = state ?? negative.State, UpdatedAt = world.Now };
            return new Accepted(id);
        }

        var target = targets[id];
        if (target.State == EntityState.Archived || IsBuried(target.AdGroupId)) return Buried;
        if (bid is { } wanted && (wanted < world.Marketplace.MinimumBid || wanted > world.Marketplace.MaximumBid))
            return new Refused("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", "The bid is outside the marketplace's range.", "bid");
        targets[id] = target with { Bid = bid ?? target.Bid, State = state ?? target.State, UpdatedAt = world.Now };
        return new Accepted(id);
    }

    private static Refused Buried => new("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", "An archived entity cannot be changed.");

    private bool IsBuried(long adGroup) => world.Ads.AdGroup(adGroup) is not { } group || group.State == EntityState.Archived || world.Ads.Campaign(group.CampaignId)!.State == EntityState.Archived;
}

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;
using Listing = Autonoomi.Core.Advertising.Listing;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace;

namespace Autonoomi.Lab.Play;

/// <summary>
/// Looks at the world as the product does: each morning the reports of the same days are read anew, older days stay as they were last read, and nothing
/// of the truth comes along. The product is the reference: what it holds on a morning, this holds.
/// </summary>
internal sealed class Observer
{
    // As the product syncs. Economics and orders: 60 days at first, then the last 14, every seventh day of the calendar the last 31. Advertising reports: all at
    // first, then every night the last 14 days and those of 28 to 35 days ago, when Amazon restates. 90 days are kept in memory.
    private const int FirstDays = 60;
    private const int RecentDays = 14;
    private const int MonthDays = 31;
    private const int FirstRestated = 28;
    private const int LastRestated = 35;
    private const int KeptDays = 90;

    // The demo's seller never bids more than 500 times the marketplace's smallest bid.
    private const int HighestBidFactor = 500;

    private readonly MarketWorld world;
    private readonly MarketplaceLimits limits;
    private readonly DateOnly firstDay;
    private readonly ImmutableArray<ProductCost> costs;
    private readonly StorefrontSettings settings;
    private readonly FactBook facts;
    private readonly List<AppliedChange> changes = [];
    private (ImmutableArray<Campaign> Campaigns, ImmutableArray<AdGroup> AdGroups, ImmutableArray<ProductAd> ProductAds, ImmutableArray<Target> Targets, ImmutableArray<Negative> Negatives) structure;
    private ImmutableArray<AskedSuggestion> suggestions = [];
    private FactTable maturity = FactTable.Empty(Dataset.MaturityDay);
    private long structureRevision = -1;
    private bool begun;

    /// <param name="world">The world looked at.</param>
    /// <param name="incremental">The seller's own setting: count only what ads add.</param>
    /// <param name="goal">What the seller typed as the goal of all products; profit without one.</param>
    /// <param name="budgetFactor">Monthly budget that the seller typed over the one that fits the storefront's usual days.</param>
    public Observer(MarketWorld world, bool incremental = false, Goal? goal = null, decimal budgetFactor = 1)
    {
        this.world = world;
        limits = world.Marketplace;
        firstDay = world.Today;
        facts = new FactBook(world);
        var known = world.Knowledge;
        var currency = limits.Currency;
        costs = [.. known.Products.OrderBy(product => product.Sku, StringComparer.Ordinal).Select(product => new ProductCost(
            new Sku(product.Sku), firstDay.AddDays(-400), new Money(product.CostOfGoods, currency), new Money(product.InboundPerUnit, currency), null, product.LeadTimeDays))];
        settings = new StorefrontSettings(
            AutomationMode.Auto, new Money(known.SuggestedMonthlyBudget * budgetFactor, currency), new Money(limits.MinimumBid * HighestBidFactor, currency), [], [], Frozen: false) 
        {
            CountIncrementality = incremental,
            Goal = goal ?? Goal.Profit,
            PortfolioCap = world.Settings.AccountMonthlyCap is { } cap ? new Money(Math.Min(cap, known.SuggestedMonthlyBudget), currency) : null,
        };
    }

    /// <summary>Hand-overs under way.</summary>
    public ImmutableArray<Handover> Handovers { get; private set; } = [];

    /// <summary>Products without a unit on the shelf this morning.</summary>
    public int EmptyShelves => facts.EmptyShelves;

    /// <summary>This morning's view. Call it once a day, before the day's changes.</summary>
    public PolicyView Look()
    {
        var today = world.Today;
        var span = DateSpan.Ending(today.AddDays(-1), !begun ? FirstDays : today.DayNumber % 7 == 0 ? MonthDays : RecentDays);
        IReadOnlyList<DateSpan> reports = begun ? [DateSpan.Ending(today.AddDays(-1), RecentDays), new(today.AddDays(-LastRestated), today.AddDays(-FirstRestated))] : [span];
        begun = true;
        facts.Read(span, reports, today);
        if (structureRevision != world.Ads.Revision) structure = (Campaigns(), AdGroups(), ProductAds(), Targets(), Negatives());
        structureRevision = world.Ads.Revision;
        LearnSuggestions(today);
        facts.Forget(today.AddDays(1 - KeptDays));
        var targetDays = facts.Table(Dataset.TargetDay);
        maturity = MaturityBook.Add(maturity, today.AddDays(1 - KeptDays), facts.Table(Dataset.TargetDay, reports), structure.Campaigns, span);
        changes.RemoveAll(change => change.At < world.Now.AddDays(-KeptDays));
        return new PolicyView
        {
            Day = today.DayNumber - firstDay.DayNumber,
            Suggested = new MorningSuggestions(world),
            Workspace = new Workspace
            {
                Storefront = new StorefrontId(world.ProfileId),
                Marketplace = limits,
                Today = today,
                SyncedAt = world.Now,
                Campaigns = structure.Campaigns,
                AdGroups = structure.AdGroups,
                ProductAds = structure.ProductAds,
                Targets = structure.Targets,
                Negatives = structure.Negatives,
                Listings = Listings(),
                TargetDays = targetDays,
                SearchTermDays = facts.Table(Dataset.SearchTermDay),
                PlacementDays = facts.Table(Dataset.PlacementDay),
                ProductDays = facts.Table(Dataset.ProductDay),
                SkuDays = facts.Table(Dataset.SkuDay),
                OrderDays = facts.Table(Dataset.OrderDay),
                InventoryDays = facts.Table(Dataset.InventoryDay),
                MaturityDays = maturity,
                Suggestions = suggestions.Told(),
                Costs = costs,
                Settings = settings,
                Changes = [.. changes],
                Handovers = Handovers,
            },
        };
    }

    /// <summary>Remembers what Amazon took, and the hand-overs under way, for the next mornings.</summary>
    public void Remember(IReadOnlyList<Change> taken, ImmutableArray<Handover> underWay, IReadOnlyDictionary<string, Proposal> reasons)
    {
        // The product files changes of one run under a digest of what they change.
        changes.AddRange(taken.Select(change => (Change: change, Name: Digest(change.EntityKey))).OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => reasons.TryGetValue(pair.Change.EntityKey, out var proposal)
                ? new AppliedChange(pair.Change, world.Now, ByPerson: false) { Module = proposal.Module, Reason = proposal.Reason, Product = proposal.Product, Expected = proposal.Effect }
                : new AppliedChange(pair.Change, world.Now, ByPerson: false)));
        Handovers = [.. underWay.OrderBy(handover => handover.Term, StringComparer.Ordinal).ThenBy(handover => handover.Sku.Value, StringComparer.Ordinal)];
    }

    // In the product's order of questions; Amazon's answer does not depend on what else is asked.
    private void LearnSuggestions(DateOnly today)
    {
        var due = SuggestionRound.Due(structure.Targets, suggestions, today).SelectMany(group => group).ToList();
        var answers = world.SuggestedBids(due.Select(target => world.Ads.Target(target.Id.Value)!))
            .Select(bid => new Core.Advertising.BidSuggestion(new TargetId(bid.TargetId), Amount(bid.Low), Amount(bid.Median), Amount(bid.High)));
        suggestions = SuggestionRound.Learn(structure.Targets, suggestions, SuggestionRound.Answered(due, answers, today));
    }

    private static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));

    private Money Amount(decimal amount) => new(amount, limits.Currency);

    // Archived things are not listed; everything comes in order of its number.
    private ImmutableArray<Campaign> Campaigns() =>
    [
        .. world.Ads.Campaigns.Where(campaign => campaign.State != EntityState.Archived).OrderBy(campaign => campaign.Id).Select(campaign => new Campaign(
            new(campaign.Id), campaign.Name, campaign.Targeting, campaign.State, Amount(campaign.DailyBudget), campaign.Strategy,
            campaign.TopOfSearchPercent, campaign.RestOfSearchPercent, campaign.ProductPagesPercent)),
    ];

    private ImmutableArray<AdGroup> AdGroups() =>
    [
        .. world.Ads.AdGroups.Where(group => group.State != EntityState.Archived).OrderBy(group => group.Id)
            .Select(group => new AdGroup(new(group.Id), new(group.CampaignId), group.Name, group.State, Amount(group.DefaultBid))),
    ];

    private ImmutableArray<ProductAd> ProductAds() =>
    [
        .. world.Ads.ProductAds.Where(ad => ad.State != EntityState.Archived).OrderBy(ad => ad.Id)
            .Select(ad => new ProductAd(new(ad.Id), new(ad.CampaignId), new(ad.AdGroupId), new(ad.Sku), new(ad.Asin), ad.State)),
    ];

    // Without a bid of its own and without a living ad group a target has no bid in force, and the product leaves it out.
    private ImmutableArray<Target> Targets() =>
    [
        .. world.Ads.Targets.Where(target => target.State != EntityState.Archived && (target.Bid is not null || world.Ads.AdGroup(target.AdGroupId)!.State != EntityState.Archived))
            .OrderBy(target => target.Id)
            .Select(target => new Target(new(target.Id), new(target.CampaignId), new(target.AdGroupId), target.Kind, target.Match, target.Text, target.State, Amount(world.Ads.BidInForce(target)))),
    ];

    private ImmutableArray<Negative> Negatives() =>
    [
        .. world.Ads.Negatives.Where(negative => negative.State != EntityState.Archived).OrderBy(negative => negative.Id).Select(negative => new Negative(
            new(negative.Id), new(negative.CampaignId), negative.AdGroupId is { } group ? new AdGroupId(group) : null, negative.Match, negative.Text, negative.State)),
    ];

    private ImmutableArray<Listing> Listings() => [.. world.Listings().Select(listing => listing with { Buyable = listing.Buyable && listing.Price.Amount > 0 }).OrderBy(listing => listing.Sku.Value, StringComparer.Ordinal)];
}

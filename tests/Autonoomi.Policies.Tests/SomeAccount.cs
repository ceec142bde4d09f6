using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies.Tests;

/// <summary>
/// A storefront written down by hand: a product at 20 with an automatic campaign and a manual one (exact, phrase and broad ad groups), facts as they are
/// told. Amounts are multiplied by <see cref="Scale"/>.
/// </summary>
internal sealed class SomeAccount
{
    public const long Manual = 1, Auto = 2, ExactGroup = 11, PhraseGroup = 12, BroadGroup = 13, AutoGroup = 21;

    /// <summary>Target ACoS that <see cref="Settings"/> stands for.</summary>
    public const double TargetAcos = 0.25;

    private readonly List<Campaign> campaigns = [];
    private readonly List<AdGroup> groups = [];
    private readonly List<ProductAd> ads = [];
    private readonly List<Target> targets = [];
    private readonly List<Negative> negatives = [];
    private readonly List<Listing> listings = [];
    private readonly List<ProductCost> costs = [];
    private readonly Dictionary<TargetId, SuggestedBid> suggested = [];
    private readonly List<Action<FactTableBuilder>> targetDays = [];
    private readonly List<Action<FactTableBuilder>> termDays = [];
    private readonly List<Action<FactTableBuilder>> placementDays = [];
    private long nextId = 1000;

    public SomeAccount(string marketplace = "ATVPDKIKX0DER", decimal scale = 1, bool empty = false)
    {
        (Marketplace, Scale) = (Marketplace.Find(marketplace), scale);
        if (empty) return;
        Product("SKU-1", 20);
        Campaign(Manual, TargetingType.Manual);
        Campaign(Auto, TargetingType.Auto);
        Group(ExactGroup, Manual);
        Group(PhraseGroup, Manual);
        Group(BroadGroup, Manual);
        Group(AutoGroup, Auto);
    }

    public Marketplace Marketplace { get; }
    public decimal Scale { get; }
    public DateOnly Today { get; set; } = new(2026, 6, 1);
    public decimal MonthlyBudget { get; set; } = 3000;
    public decimal MaximumBid { get; set; } = 1000;
    public string[] ProtectedTerms { get; set; } = [];
    public CampaignId[] ProtectedCampaigns { get; set; } = [];
    public ImmutableArray<Handover> Handovers { get; set; } = [];

    public void Product(string sku, decimal price)
    {
        listings.Add(new Listing(new(sku), new("B0" + sku), sku, Amount(price), true));
        costs.Add(new ProductCost(new(sku), Today.AddDays(-100), Amount(price * 0.25m), Amount(price * 0.03m), null, 30));
    }

    public void Campaign(long id, TargetingType targeting, EntityState state = EntityState.Enabled, BiddingStrategy strategy = BiddingStrategy.DownOnly) =>
        campaigns.Add(new Campaign(new(id), $"C{id}", targeting, state, Amount(50), strategy, 0, 0, 0));

    public void Group(long id, long campaign, string sku = "SKU-1", EntityState state = EntityState.Enabled)
    {
        groups.Add(new AdGroup(new(id), new(campaign), $"G{id}", state, Amount(0.75m)));
        ads.Add(new ProductAd(new(id + 100_000), new(campaign), new(id), new(sku), new("B0" + sku), EntityState.Enabled));
    }

    public long Keyword(decimal bid = 1, string? text = null, MatchType match = MatchType.Exact, decimal? suggestion = 0.80m, EntityState state = EntityState.Enabled, long? group = null)
    {
        var home = group ?? (match switch { MatchType.Exact => ExactGroup, MatchType.Phrase => PhraseGroup, _ => BroadGroup });
        return Target(home, TargetKind.Keyword, match, text ?? $"keyword {nextId}", bid, suggestion, state);
    }

    public long Clause(decimal bid = 1, MatchType match = MatchType.CloseMatch, decimal? suggestion = 0.80m) => Target(AutoGroup, TargetKind.Auto, match, "", bid, suggestion, EntityState.Enabled);

    public void Negative(long group, string text, NegativeMatch match = NegativeMatch.Exact) =>
        negatives.Add(new Negative(new(nextId++), groups.First(entry => entry.Id.Value == group).Campaign, new(group), match, text, EntityState.Enabled));

    /// <summary>One row of facts; all of them on one day.</summary>
    public SomeAccount Facts(long target, int clicks, decimal cost = 0, int orders = 0, decimal? sales = null, int daysAgo = 10, int? impressions = null)
    {
        var (entry, day) = (Find(target), Today.AddDays(-daysAgo));
        targetDays.Add(table => table.Day(day).Long(entry.Campaign.Value).Long(entry.AdGroup.Value).Long(target)
            .Long(impressions ?? clicks * 100).Long(clicks).Long(Micros(cost)).Long(orders).Long(orders).Long(Micros(sales ?? orders * 20)));
        return this;
    }

    public SomeAccount Term(long target, string text, int clicks, decimal cost = 0, int orders = 0, decimal? sales = null, int daysAgo = 10)
    {
        var (entry, day) = (Find(target), Today.AddDays(-daysAgo));
        termDays.Add(table => table.Day(day).Long(entry.Campaign.Value).Long(entry.AdGroup.Value).Long(target).Text(text)
            .Long(clicks * 100).Long(clicks).Long(Micros(cost)).Long(orders).Long(orders).Long(Micros(sales ?? orders * 20)));
        return this;
    }

    public SomeAccount Placement(long campaign, Placement placement, int clicks, int orders, decimal sales, int daysAgo = 10)
    {
        var day = Today.AddDays(-daysAgo);
        placementDays.Add(table => table.Day(day).Long(campaign).Int((int)placement).Long(clicks * 100).Long(clicks).Long(Micros(clicks)).Long(orders).Long(orders).Long(Micros(sales)));
        return this;
    }

    public Target Find(long target) => targets.First(entry => entry.Id.Value == target);

    public PolicyView View(int day = 0) => new() { Workspace = Build(), Suggested = suggested, Day = day };

    /// <summary>Settings whose share of break-even makes the target ACoS of the first product <see cref="TargetAcos"/>.</summary>
    public PolicySettings Settings(double acos = TargetAcos, bool pooled = false, ulong seed = 7) =>
        new() { TargetOfBreakEven = acos / Economics.Of(Build())[new Sku("SKU-1")].BreakEvenAcos!.Value, Pooled = pooled, Seed = seed };

    /// <summary>A morning of a fresh policy.</summary>
    public IReadOnlyList<Change> Decide(string policy, int day = 0) => PolicyCatalogue.Find(policy).Create(Settings()).Decide(View(day));

    /// <summary>The bid after a morning of a fresh policy; the one in force when it was left alone. In units of <see cref="Scale"/>.</summary>
    public decimal Bid(string policy, long target, int day = 0) => After(Decide(policy, day), target);

    public decimal After(IReadOnlyList<Change> changes, long target) =>
        (changes.OfType<SetBid>().FirstOrDefault(change => change.Target.Value == target)?.After ?? Find(target).Bid).Amount / Scale;

    /// <summary>Takes the changes, as Amazon would, and lets a day pass.</summary>
    public void Apply(IReadOnlyList<Change> changes, int days = 1)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SetBid bid: Update(bid.Target, target => target with { Bid = bid.After }); break;
                case SetTargetState state: Update(state.Target, target => target with { State = state.After }); break;
                case SetBudget budget: Update(budget.Campaign, campaign => campaign with { DailyBudget = budget.After }); break;
                case SetPlacement place:
                    Update(place.Campaign, campaign => place.Placement switch
                    {
                        Core.Advertising.Placement.TopOfSearch => campaign with { TopOfSearchPercent = place.AfterPercent },
                        Core.Advertising.Placement.RestOfSearch => campaign with { RestOfSearchPercent = place.AfterPercent },
                        Core.Advertising.Placement.ProductPages => campaign with { ProductPagesPercent = place.AfterPercent },
                    });
                    break;
                case CreateTarget create:
                    targets.Add(new Target(new(nextId++), create.Campaign, create.AdGroup, TargetKind.Keyword, create.Match, create.Text, EntityState.Enabled, create.Bid));
                    break;
                case AddNegative negative:
                    negatives.Add(new Negative(new(nextId++), negative.Campaign, negative.AdGroup, negative.Match, negative.Text, EntityState.Enabled));
                    break;
            }
        }

        Today = Today.AddDays(days);
    }

    public Workspace Build() => new()
    {
        Storefront = new(4711), Marketplace = Marketplace, Today = Today, SyncedAt = new DateTimeOffset(Today.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero),
        Campaigns = [.. campaigns], AdGroups = [.. groups], ProductAds = [.. ads], Targets = [.. targets], Negatives = [.. negatives], Listings = [.. listings], Costs = [.. costs],
        TargetDays = Table(Dataset.TargetDay, targetDays), SearchTermDays = Table(Dataset.SearchTermDay, termDays), PlacementDays = Table(Dataset.PlacementDay, placementDays),
        Handovers = Handovers,
        Settings = new StorefrontSettings(AutomationMode.Auto, Amount(MonthlyBudget), Amount(MaximumBid), [.. ProtectedTerms], [.. ProtectedCampaigns], false),
    };

    public Money Amount(decimal amount) => new(decimal.Round(amount * Scale, Marketplace.Currency.Decimals), Marketplace.Currency);

    private static FactTable Table(Dataset dataset, List<Action<FactTableBuilder>> rows)
    {
        var builder = new FactTableBuilder(TableSchema.Of(dataset));
        foreach (var row in rows) row(builder);
        return builder.Build();
    }

    private long Target(long group, TargetKind kind, MatchType match, string text, decimal bid, decimal? suggestion, EntityState state)
    {
        var id = nextId++;
        targets.Add(new Target(new(id), groups.First(entry => entry.Id.Value == group).Campaign, new(group), kind, match, text, state, Amount(bid)));
        if (suggestion is { } median) suggested[new(id)] = new SuggestedBid(Amount(median * 0.7m), Amount(median), Amount(median * 1.4m));
        return id;
    }

    private long Micros(decimal amount) => new Money(amount * Scale, Marketplace.Currency).ToMicros();
    private void Update(TargetId id, Func<Target, Target> update) => targets[targets.FindIndex(target => target.Id == id)] = update(targets.First(target => target.Id == id));
    private void Update(CampaignId id, Func<Campaign, Campaign> update) => campaigns[campaigns.FindIndex(campaign => campaign.Id == id)] = update(campaigns.First(campaign => campaign.Id == id));
}

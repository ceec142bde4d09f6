using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Guardrails;

/// <summary>What the rules look at beside the proposal itself.</summary>
internal sealed class GuardContext
{
    private const int UntestedDays = 14;
    private const int TestedClicks = 20;
    private const int WatchedDays = 29;
    private const int FewestWatchedClicks = 20;
    private readonly Dictionary<(int Campaign, string Text), double> termOrders = [];
    private readonly double[] campaignOrders;
    private readonly HashSet<Sku> notBuyable;
    private readonly Lazy<ILookup<int, (string Text, double Orders)>> ordersByCampaign;
    private readonly Lazy<HashSet<(long Group, MatchType Match, string Text)>> twins;
    private readonly Lazy<bool[]> sellable;
    private readonly Lazy<double> untested;
    private readonly Lazy<ILookup<int, int>> targetsByCampaign;
    private readonly ProtectedAds protectedAds;
    private readonly Lazy<HashSet<string>> ownTexts;
    private readonly Dictionary<int, int> proposedPercent = [];

    /// <param name="situation">Of the decision.</param>
    /// <param name="emergency">What stops every raise already; null when these facts alone may.</param>
    public GuardContext(Situation situation, string? emergency = null)
    {
        Situation = situation;
        var (measured, terms) = (situation.Measured, situation.Terms);
        var structure = measured.Structure;
        campaignOrders = new double[measured.Workspace.Campaigns.Length];
        foreach (var cell in terms.Cells)
        {
            if (cell.AllOrders <= 0 || structure.GroupCampaign[cell.Group] is not (>= 0 and var campaign)) continue;
            var key = (campaign, TermText.Plain(terms.Words[cell.Term]));
            termOrders[key] = termOrders.GetValueOrDefault(key) + cell.AllOrders;
            campaignOrders[campaign] += cell.AllOrders;
        }

        ordersByCampaign = new(() => termOrders.ToLookup(pair => pair.Key.Campaign, pair => (pair.Key.Text, pair.Value)));
        Closed = NegativeIndex.Of(measured.Workspace.Negatives);
        notBuyable = [.. measured.Workspace.Listings.Where(listing => !listing.Buyable).Select(listing => listing.Sku)];
        twins = new(() => [.. measured.Workspace.Targets.Where(target => target.State != EntityState.Archived).Select(target => (target.AdGroup.Value, target.Match, TermText.Plain(target.Text)))]);
        sellable = new(FindSellable);
        untested = new(FindUntestedSpend);
        ownTexts = new(() => [.. measured.Workspace.Targets.Where(target => target is { State: EntityState.Enabled, Kind: TargetKind.Keyword, Match: MatchType.Exact }).Select(target => TermText.Plain(target.Text))]);
        targetsByCampaign = new(() => Enumerable.Range(0, Workspace.Targets.Length).ToLookup(target => structure.TargetCampaign[target]));
        protectedAds = ProtectedAds.Of(measured.Workspace);
        Emergency = emergency ?? FindEmergency(measured);
    }

    public Situation Situation { get; }
    public Measurement Measured => Situation.Measured;
    public StockPrices Stock => Situation.Stock;
    public DecisionSettings Settings => Situation.Settings;
    public NegativeIndex Closed { get; }
    public Workspace Workspace => Measured.Workspace;

    /// <summary>Why nothing may be raised anywhere; null in quiet times.</summary>
    public string? Emergency { get; }

    /// <summary>Money per day on targets that we created within two weeks and that have not been clicked often enough to judge.</summary>
    public double UntestedSpend => untested.Value;

    /// <summary>What a click is worth for guardrails: contribution, or what the seller's goal makes of an order where that is more.</summary>
    public double ClickValue(int target)
    {
        var contribution = Measured.Contribution[target];
        return double.IsNaN(contribution) ? 0 : Measured.PosteriorMean(target) * Math.Max(Math.Max(0, contribution), Situation.Worth.Of(target, contribution, 0));
    }

    /// <summary>Highest multiple of a bid that one click may cost, at the placements now or those being proposed, whichever is more.</summary>
    public double WorstMultiplier(int campaign)
    {
        var entry = Workspace.Campaigns[campaign];
        return proposedPercent.TryGetValue(campaign, out var percent)
            ? Math.Max(Measurement.WorstMultiplier(entry), Measurement.WorstMultiplier(entry with { TopOfSearchPercent = Math.Max(percent, entry.TopOfSearchPercent) }))
            : Measurement.WorstMultiplier(entry);
    }

    /// <summary>Notes the placements that this decision would like to set, so that bids and placements are judged by what both do together.</summary>
    public void Consider(IEnumerable<Proposal> proposals)
    {
        proposedPercent.Clear();
        foreach (var proposal in proposals)
        {
            if (proposal.Change is SetPlacement placement && Measured.Structure.Campaign(placement.Campaign) is >= 0 and var campaign) proposedPercent[campaign] = Math.Max(proposedPercent.GetValueOrDefault(campaign), placement.AfterPercent);
        }
    }

    /// <summary>True when some target's dearest click would cost more than it may at the bid in force: Amazon may take the placement and refuse the bid that makes room for it.</summary>
    public bool PlacementCostsTooMuch(int campaign)
    {
        var (now, then) = (Measurement.WorstMultiplier(Workspace.Campaigns[campaign]), WorstMultiplier(campaign));
        var own = (double)(Workspace.Settings.MaximumClickCost?.Amount ?? 10_000_000m);
        foreach (var target in targetsByCampaign.Value[campaign])
        {
            var entry = Workspace.Targets[target];
            if (entry.State != EntityState.Enabled || entry.Bid.Amount <= Workspace.Marketplace.MinimumBid) continue;
            var worst = (double)entry.Bid.Amount * then;
            if (worst > Math.Min(own, BidLimits.WorstOverValue * ClickValue(target)) && then > now) return true;
        }

        return false;
    }

    /// <returns>Share of the campaign's orders of 90 days that came through searches which the negative would close, 0 to 1.</returns>
    public double OrderShare(AddNegative negative)
    {
        var campaign = Measured.Structure.Campaign(negative.Campaign);
        if (campaign < 0 || campaignOrders[campaign] <= 0) return 0;
        var words = TermText.Plain(negative.Text);
        if (negative.Match != NegativeMatch.Phrase) return termOrders.GetValueOrDefault((campaign, words)) / campaignOrders[campaign];
        return ordersByCampaign.Value[campaign].Where(entry => HoldsWords(entry.Text, words)).Sum(entry => entry.Orders) / campaignOrders[campaign];
    }

    /// <returns>Share of the campaign's orders of 90 days that the negatives which stand close, searches with a target of their own left out.</returns>
    public double OrderShareClosed(CampaignId campaign)
    {
        var sum = 0.0;
        foreach (var negative in Workspace.Negatives)
        {
            if (negative.Campaign != campaign || negative.State != EntityState.Enabled) continue;
            if (ownTexts.Value.Contains(TermText.Plain(negative.Text)) && negative.Match == NegativeMatch.Exact) continue;
            sum += OrderShare(new AddNegative(campaign, negative.AdGroup, negative.Match, negative.Text));
        }

        return sum;
    }

    /// <summary>Mean placement multiplier that is proposed over the one in force.</summary>
    public double PlacementFactor(int campaign) => Situation.Multipliers[campaign] / Measured.MeanMultiplier[campaign];

    public static bool HoldsWords(string text, string words) => $" {text} ".Contains($" {words} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>A living target of the same ad group, match and text.</summary>
    public bool HasTwin(CreateTarget create) => twins.Value.Contains((create.AdGroup.Value, create.Match, TermText.Plain(create.Text)));

    /// <summary>True when an ad group with a protected product would change, or as a whole a campaign that advertises one.</summary>
    public bool TouchesProtectedProduct(Change change) => protectedAds.Holds(change);

    /// <summary>False when no product that the campaign advertises can be sold.</summary>
    public bool CampaignSells(int campaign) => campaign < 0 || sellable.Value[campaign];

    /// <summary>A raise back to where the bid stood before stock ran short: no leap, and no new spend.</summary>
    public bool IsReturn(SetBid bid) => bid.After > bid.Before && bid.After.Amount <= Measured.History.BeforeShortage(bid.EntityKey)
        && Measured.Structure.Target(bid.Target) is >= 0 and var target && !CannotSell(Measured.Structure.TargetProduct[target]);

    /// <summary>Sold out, or the offer cannot be bought.</summary>
    public bool CannotSell(int product) => product >= 0 && (Stock.IsOut[product] || notBuyable.Contains(Measured.Structure.Products[product]));

    /// <summary>True when the change can make Amazon charge more.</summary>
    public static bool Raises(Change change) => change switch
    {
        SetBid bid => bid.After > bid.Before,
        SetBudget budget => budget.After > budget.Before,
        SetPlacement placement => placement.AfterPercent > placement.BeforePercent,
        SetTargetState state => state.After == EntityState.Enabled,
        SetCampaignState state => state.After == EntityState.Enabled,
        SetAdGroupState state => state.After == EntityState.Enabled,
        CreateTarget or ArchiveNegative => true,
        AddNegative => false,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change without a guardrail."),
    };

    private bool[] FindSellable()
    {
        var structure = Measured.Structure;
        var (sells, advertises) = (new bool[Workspace.Campaigns.Length], new bool[Workspace.Campaigns.Length]);
        foreach (var ad in Workspace.ProductAds)
        {
            if (ad.State != EntityState.Enabled || structure.Campaign(ad.Campaign) is not (>= 0 and var campaign)) continue;
            advertises[campaign] = true;
            sells[campaign] |= !CannotSell(structure.Product(ad.Sku));
        }

        for (var campaign = 0; campaign < sells.Length; campaign++) sells[campaign] |= !advertises[campaign];
        return sells;
    }

    private double FindUntestedSpend()
    {
        var now = ChangeHistory.Now(Workspace);
        var young = new Dictionary<(long Group, MatchType Match, string Text), double>();
        foreach (var applied in Workspace.Changes)
        {
            var days = (now - applied.At).TotalDays;
            if (applied is { Change: CreateTarget create, ByPerson: false } && days is >= 0 and < UntestedDays) young[(create.AdGroup.Value, create.Match, TermText.Plain(create.Text))] = days;
        }

        double sum = 0;
        for (var target = 0; young.Count > 0 && target < Workspace.Targets.Length; target++)
        {
            var entry = Workspace.Targets[target];
            if (Measured.Clicks30[target] < TestedClicks && young.TryGetValue((entry.AdGroup.Value, entry.Match, TermText.Plain(entry.Text)), out var days)) sum += Measured.Cost7[target] / Math.Clamp(Math.Floor(days), 1, 7);
        }

        return sum;
    }

    // Days old enough to have shown most orders, young enough to matter.
    private static string? FindEmergency(Measurement measured)
    {
        var workspace = measured.Workspace;
        var facts = new AdColumns(workspace.TargetDays);
        double cost = 0, sales = 0;
        Span<double> spent = stackalloc double[WatchedDays], clicks = stackalloc double[WatchedDays], shown = stackalloc double[WatchedDays];
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age is >= 7 and < 21) (cost, sales) = (cost + facts.Cost[row] / 1e6, sales + facts.Sales[row] / 1e6);
            if (age is < 0 or >= WatchedDays) continue;
            spent[age] += facts.Cost[row] / 1e6;
            clicks[age] += facts.Clicks[row];
            shown[age] += facts.Impressions[row];
        }

        double margin = 0, weight = 0;
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is not (>= 0 and var product) || measured.Products[product] is not { IsKnown: true } economics) continue;
            margin += measured.Cost30[target] * economics.BreakEvenAcos!.Value;
            weight += measured.Cost30[target];
        }

        if (weight > 0 && measured.Clicks30.Sum() >= 100 && KillSwitch.LosesTwice(cost, sales, margin / weight))
            return $"ad cost is {KillSwitch.Percent(cost / sales)} of sales, more than twice the break-even of {KillSwitch.Percent(margin / weight)}";
        if (clicks[0] < FewestWatchedClicks) return null;

        // Two hours of a day are not known yet: the day itself is held against what the days before it and a day's growth allow.
        double before = 0;
        for (var age = 1; age <= 7; age++) before += spent[age] / 7;
        var (prices, rates) = (new double[WatchedDays], new double[WatchedDays]);
        for (var age = 0; age < WatchedDays; age++) (prices[age], rates[age]) = (clicks[age] > 0 ? spent[age] / clicks[age] : 0, shown[age] > 0 ? clicks[age] / shown[age] : 0);
        return KillSwitch.RunsAway(spent[0], Coordinator.HighestSpendGrowth * before, KillSwitch.RobustDeviations(prices[0], prices.Skip(1)), KillSwitch.RobustDeviations(rates[0], rates.Skip(1)))
            ? "yesterday's spend was far beyond plan, at a price per click or a click rate never seen before"
            : null;
    }
}

using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Edits;

/// <param name="Change">What a person wants, with the ad product of its campaign.</param>
/// <param name="Refusal">Why it is not written, with what would be; null when it may be.</param>
/// <param name="Warning">What it leads to, for whoever decides; null when there is nothing to say.</param>
public sealed record JudgedEdit(Change Change, string? Refusal, string? Warning)
{
    public bool MayBeWritten => Refusal is null;
}

/// <summary>
/// What a change that a person asks for is held against: Amazon's limits, what stands there now, and the limits that the seller set. Steps and evidence, which bind the optimiser, do not bind
/// a person.
/// </summary>
public sealed class EditRules
{
    private readonly Workspace workspace;
    private readonly Dictionary<CampaignId, Campaign> campaigns;
    private readonly Dictionary<AdGroupId, AdGroup> groups;
    private readonly Dictionary<TargetId, Target> targets;
    private readonly Lazy<HashSet<(AdGroupId, MatchType, string)>> texts;
    private readonly Lazy<HashSet<(CampaignId, AdGroupId?, NegativeMatch, string)>> closed;
    private readonly Lazy<Dictionary<(CampaignId, string), long>> orders;

    public EditRules(Workspace workspace)
    {
        this.workspace = workspace;
        campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id);
        groups = workspace.AdGroups.ToDictionary(group => group.Id);
        targets = workspace.Targets.ToDictionary(target => target.Id);
        texts = new(() => [.. workspace.Targets.Where(target => target.State != EntityState.Archived).Select(target => (target.AdGroup, target.Match, TermText.Plain(target.Text)))]);
        closed = new(() => [.. workspace.Negatives.Where(negative => negative.State == EntityState.Enabled).Select(negative => (negative.Campaign, negative.AdGroup, negative.Match, TermText.Plain(negative.Text)))]);
        orders = new(OrdersByTerm);
    }

    /// <returns>One verdict per change, in order. Of two changes of one thing the later one is refused.</returns>
    public IReadOnlyList<JudgedEdit> Judge(IReadOnlyList<Change> changes)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. changes.Select(change => seen.Add(change.EntityKey) ? Judge(change) : new JudgedEdit(change, "It is changed twice in this batch: keep one of the two.", null))];
    }

    public JudgedEdit Judge(Change change)
    {
        if (!campaigns.TryGetValue(change.Campaign, out var campaign) || campaign.State == EntityState.Archived) return new(change, "Its campaign no longer exists at Amazon.", null);
        var (refusal, warning) = change switch
        {
            SetBid bid => Bid(bid, campaign),
            SetBudget budget => Budget(budget, campaign),
            SetPlacement placement => Placement(placement, campaign),
            SetTargetState state => !targets.TryGetValue(state.Target, out var target) ? Gone
                : State(target.State, state.Before, state.After) is { } no ? (no, null)
                : (null, state.After == EntityState.Archived ? "Archived for good: Amazon never brings a target back." : null),
            SetCampaignState state => State(campaign.State, state.Before, state.After) is { } no ? (no, null)
                : (null, state.After == EntityState.Archived ? $"Archived for good with its {Count(workspace.Targets.Count(target => target.Campaign == campaign.Id), "target")}: Amazon never brings a campaign back." : null),
            SetAdGroupState { After: EntityState.Archived } => ("An ad group is not archived from here: pause it instead.", null),
            SetAdGroupState state => groups.TryGetValue(state.AdGroup, out var group) ? (State(group.State, state.Before, state.After), null) : Gone,
            CreateTarget create => Create(create, campaign),
            AddNegative negative => Negate(negative),
            ArchiveNegative archive => workspace.Negatives.Any(entry => entry.Id == archive.Negative && entry.State == EntityState.Enabled) ? (null, null) : ("The negative is gone already.", null),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change without a rule."),
        };
        return new(change with { AdProduct = campaign.AdProduct }, refusal, warning);
    }

    private static (string?, string?) Gone => ("It no longer exists at Amazon.", null);

    private (string?, string?) Bid(SetBid bid, Campaign campaign)
    {
        if (!targets.TryGetValue(bid.Target, out var target) || target.State == EntityState.Archived) return Gone;
        if (target.Bid != bid.Before) return Moved(target.Bid.ToString());
        if (bid.After == bid.Before) return Same;
        if (campaign is { AdProduct: AdProduct.SponsoredBrands, PaysPerClick: true, BidsAreOurs: false }) return ("Amazon places the bids of this campaign by itself: switch that off at Amazon first.", null);
        if (WithinLimits(bid.After, campaign) is { } refusal) return (refusal, null);
        return (null, !campaign.PaysPerClick ? "This campaign pays per thousand views, so the bid is for a thousand views, not for a click."
            : campaign.Strategy == BiddingStrategy.RuleBased ? "A rule at Amazon moves the bids of this campaign: it may change this one again."
            : null);
    }

    private string? WithinLimits(Money bid, Campaign campaign)
    {
        var market = workspace.Marketplace.For(campaign.AdProduct);
        var settings = workspace.Settings;
        if (bid.Currency != market.Currency) return $"The bid is in {bid.Currency}; this storefront's currency is {market.Currency}.";
        if (bid.Amount < market.MinimumBid || bid.Amount > market.MaximumBid) return $"The bid must lie between {Amount(market.MinimumBid)} and {Amount(market.MaximumBid)}, Amazon's limits here.";
        if (bid.Amount % market.BidStep != 0) return $"The bid must be a multiple of {Amount(market.BidStep)}.";
        if (campaign.PaysPerClick && bid > settings.MaximumBid && bid.Amount > market.MinimumBid) return $"The bid is above your highest bid of {settings.MaximumBid}: raise that limit first, or bid less.";
        if (bid > campaign.DailyBudget && campaign.BudgetIsDaily) return $"The bid is above the campaign's daily budget of {campaign.DailyBudget}, which Amazon refuses: raise the budget first, or bid less.";
        var dearest = DearestClick(bid.Amount, campaign);
        return campaign.PaysPerClick && settings.MaximumClickCost is { } limit && dearest > limit.Amount
            ? $"With this campaign's placement increases and dynamic bidding one click could cost {Amount(Math.Round(dearest, market.Currency.Decimals))}, above your highest click cost of {limit}: bid less, lower the increases, or raise that limit."
            : null;
    }

    /// <returns>The most that a click may cost at this bid: the dearest placement, twice where Amazon may raise bids.</returns>
    private static decimal DearestClick(decimal bid, Campaign campaign) =>
        bid * (1 + Enum.GetValues<Placement>().Max(campaign.PercentAt) / 100m) * (campaign.Strategy is BiddingStrategy.UpAndDown or BiddingStrategy.RuleBased ? 2 : 1);

    private (string?, string?) Budget(SetBudget budget, Campaign campaign)
    {
        var market = workspace.Marketplace.For(campaign.AdProduct);
        if (campaign.DailyBudget != budget.Before) return Moved(campaign.DailyBudget.ToString());
        if (budget.After == budget.Before) return Same;
        if (!campaign.BudgetIsDaily) return ("This campaign's budget is not a daily one: change it at Amazon.", null);
        if (budget.After.Currency != market.Currency) return ($"The budget is in {budget.After.Currency}; this storefront's currency is {market.Currency}.", null);
        if (budget.After.Amount < market.MinimumBudget || budget.After.Amount > market.MaximumBudget) return ($"The daily budget must lie between {Amount(market.MinimumBudget)} and {Amount(market.MaximumBudget)}, Amazon's limits here.", null);
        if (decimal.Round(budget.After.Amount, market.Currency.Decimals) != budget.After.Amount) return ($"The daily budget has at most {market.Currency.Decimals} digits after the point.", null);
        if (workspace.Controls?.UnderRule.Contains(campaign.Id) == true) return (null, "A budget rule at Amazon moves this budget: it may change it again.");
        var all = workspace.Campaigns.Where(each => each.State == EntityState.Enabled && each.BudgetIsDaily).Sum(each => each.Id == campaign.Id ? budget.After.Amount : each.DailyBudget.Amount);
        return (null, budget.After > budget.Before && workspace.Settings.DailyCap is { } cap && all > cap.Amount ? $"All daily budgets together are then {Amount(all)}, above your cap of {cap} a day: the guard of the day may lower them while it runs." : null);
    }

    private (string?, string?) Placement(SetPlacement placement, Campaign campaign)
    {
        if (campaign.AdProduct == AdProduct.SponsoredDisplay) return ("Sponsored Display has no placement increases.", null);
        if (campaign.PercentAt(placement.Placement) != placement.BeforePercent) return Moved(string.Create(CultureInfo.InvariantCulture, $"{campaign.PercentAt(placement.Placement)}%"));
        if (placement.AfterPercent == placement.BeforePercent) return Same;
        if (placement.AfterPercent is < 0 or > 900) return ("A placement increase lies between 0 and 900 percent.", null);
        var then = placement.Placement switch
        {
            Advertising.Placement.TopOfSearch => campaign with { TopOfSearchPercent = placement.AfterPercent },
            Advertising.Placement.RestOfSearch => campaign with { RestOfSearchPercent = placement.AfterPercent },
            Advertising.Placement.ProductPages => campaign with { ProductPagesPercent = placement.AfterPercent },
        };
        var highest = workspace.Targets.Where(target => target.Campaign == campaign.Id && target.State == EntityState.Enabled).Select(target => target.Bid.Amount).DefaultIfEmpty(0).Max();
        return workspace.Settings.MaximumClickCost is { } limit && placement.AfterPercent > placement.BeforePercent && DearestClick(highest, then) > limit.Amount
            ? ($"With the campaign's highest bid one click could cost {Amount(Math.Round(DearestClick(highest, then), workspace.Marketplace.Currency.Decimals))}, above your highest click cost of {limit}: lower its bids first, or raise that limit.", null)
            : (null, null);
    }

    private (string?, string?) Create(CreateTarget create, Campaign campaign)
    {
        if (!groups.TryGetValue(create.AdGroup, out var group) || group.State == EntityState.Archived) return ("Its ad group no longer exists at Amazon.", null);
        var isKeyword = create.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad;
        if (!isKeyword && create.Match != MatchType.Product) return ("Keywords and products can be added here, nothing else.", null);
        if (campaign.Targeting == TargetingType.Auto) return ("An automatic campaign takes no keywords or products of its own: add it to a manual one.", null);
        if ((isKeyword ? TargetText.Keyword(create.Text, TargetText.MostWords) : TargetText.Product(create.Text)) is { } wrong) return (wrong, null);
        if (texts.Value.Contains((create.AdGroup, create.Match, TermText.Plain(create.Text)))) return ("The ad group has this target already.", null);
        if (WithinLimits(create.Bid, campaign) is { } refusal) return (refusal, null);
        var blocked = Blocks(create);
        return (null, blocked ? "A negative of this campaign blocks it: remove that first, or it will not be shown." : null);
    }

    private (string?, string?) Negate(AddNegative negative)
    {
        if (negative.AdGroup is { } id && (!groups.TryGetValue(id, out var group) || group.State == EntityState.Archived)) return ("Its ad group no longer exists at Amazon.", null);
        if (negative.Match is not (NegativeMatch.Exact or NegativeMatch.Phrase or NegativeMatch.Product)) return ("Words and products can be blocked here, nothing else.", null);
        if ((negative.Match == NegativeMatch.Product ? TargetText.Product(negative.Text) : TargetText.Keyword(negative.Text, negative.Match == NegativeMatch.Phrase ? TargetText.MostPhraseWords : TargetText.MostWords)) is { } wrong) return (wrong, null);
        if (closed.Value.Contains((negative.Campaign, negative.AdGroup, negative.Match, TermText.Plain(negative.Text)))) return ("It is blocked there already.", null);
        if (ProtectedTerms.Holds(workspace.Settings.ProtectedTerms, negative.Text)) return ("It is one of your protected terms: take it off that list first.", null);
        return (null, orders.Value.GetValueOrDefault((negative.Campaign, TermText.Plain(negative.Text))) is > 0 and var sold && negative.Match == NegativeMatch.Exact
            ? $"This search brought {Count(sold, "order")} in the days that are kept."
            : null);
    }

    private bool Blocks(CreateTarget create)
    {
        var text = TermText.Plain(create.Text);
        var own = create.Match == MatchType.Product ? NegativeMatch.Product : NegativeMatch.Exact;
        return closed.Value.Contains((create.Campaign, null, own, text)) || closed.Value.Contains((create.Campaign, create.AdGroup, own, text))
            || (own == NegativeMatch.Exact && closed.Value.Any(negative => negative.Item1 == create.Campaign && (negative.Item2 is null || negative.Item2 == create.AdGroup) && negative.Item3 == NegativeMatch.Phrase && $" {text} ".Contains($" {negative.Item4} ", StringComparison.Ordinal)));
    }

    private static string? State(EntityState now, EntityState before, EntityState after) =>
        now == EntityState.Archived ? "What is archived never comes back at Amazon."
        : now == after ? "It is so already."
        : now != before ? Moved(now == EntityState.Enabled ? "enabled" : "paused").Item1
        : null;

    private static (string, string?) Moved(string now) => ($"It was changed meanwhile and stands at {now}: look again and decide anew.", null);

    private static (string, string?) Same => ("It has this value already.", null);

    private Dictionary<(CampaignId, string), long> OrdersByTerm()
    {
        var found = new Dictionary<(CampaignId, string), long>();
        var facts = new AdColumns(workspace.SearchTermDays);
        var of = workspace.SearchTermDays.Longs("campaign_id");
        var words = workspace.SearchTermDays.Texts("search_term");
        for (var row = 0; row < of.Length; row++)
        {
            if (facts.Orders[row] <= 0) continue;
            var key = (new CampaignId(of[row]), TermText.Plain(words[row]));
            found[key] = found.GetValueOrDefault(key) + facts.Orders[row];
        }

        return found;
    }

    private string Amount(decimal amount) => new Money(amount, workspace.Marketplace.Currency).ToString();

    private static string Count(long count, string singular) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {singular}{(count == 1 ? "" : "s")}");
}

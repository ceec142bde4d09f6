using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>What a plan is held against before the first call: Amazon's limits and the seller's. Amazon judges each part alone, so a fault that is found here saves half a campaign.</summary>
public static class LaunchRules
{
    /// <summary>Letters of a campaign's name.</summary>
    public const int MostCampaignLetters = 128;

    /// <summary>Letters of an ad group's name.</summary>
    public const int MostAdGroupLetters = 255;

    /// <summary>Campaigns that one launch makes: more are several launches.</summary>
    public const int MostCampaigns = 250;

    /// <summary>Targets of one ad group at Amazon.</summary>
    public const int MostTargets = 1000;

    /// <returns>Faults that stop the launch, and what a person should know before.</returns>
    public static IEnumerable<LaunchNote> Faults(Workspace workspace, LaunchPlan plan)
    {
        var (market, settings) = (workspace.Marketplace, workspace.Settings);
        string Amount(decimal amount) => new Money(amount, market.Currency).ToString();
        LaunchNote Stop(string where, string rule) => new(true, $"{where}: {rule}");

        if (plan.Campaigns.Length > MostCampaigns) yield return Stop("Products", string.Create(CultureInfo.InvariantCulture, $"these are {plan.Campaigns.Length} campaigns, and one launch makes {MostCampaigns} at most; launch fewer products at a time."));
        var living = workspace.Campaigns.Where(campaign => campaign.State != EntityState.Archived).Select(campaign => campaign.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var campaign in plan.Campaigns)
        {
            if (string.IsNullOrWhiteSpace(campaign.Name)) yield return Stop("Names", "a campaign needs a name; write a pattern with {product}, {sku} or {part} in it.");
            else if (campaign.Name.Length > MostCampaignLetters) yield return Stop(campaign.Name, string.Create(CultureInfo.InvariantCulture, $"the name has {campaign.Name.Length} letters and Amazon takes {MostCampaignLetters}; shorten the pattern."));
            else if (!living.Add(campaign.Name)) yield return Stop(campaign.Name, "another campaign has this name already; choose a different one.");
            if (campaign.DailyBudget.Currency != market.Currency) yield return Stop(campaign.Name, $"its budget is in {campaign.DailyBudget.Currency}; this storefront's currency is {market.Currency}.");
            else if (campaign.DailyBudget.Amount < market.MinimumBudget || campaign.DailyBudget.Amount > market.MaximumBudget)
                yield return Stop(campaign.Name, $"its daily budget must lie between {Amount(market.MinimumBudget)} and {Amount(market.MaximumBudget)}, Amazon's limits here.");
            if (campaign.Strategy == BiddingStrategy.RuleBased) yield return Stop(campaign.Name, "bids by Amazon's own rule cannot be launched from here; choose another bidding strategy.");
            var multiplier = (1 + (new[] { campaign.TopOfSearchPercent, campaign.RestOfSearchPercent, campaign.ProductPagesPercent }.Max() / 100m)) * (campaign.Strategy == BiddingStrategy.UpAndDown ? 2 : 1);
            foreach (var group in campaign.AdGroups)
            {
                if (group.Name.Length is 0 or > MostAdGroupLetters) yield return Stop(campaign.Name, $"the name of an ad group has 1 to {MostAdGroupLetters} letters.");
                if (group.Products.IsEmpty) yield return Stop(campaign.Name, $"ad group {group.Name} advertises nothing; choose a product.");
                if (group.Targets.Length > MostTargets) yield return Stop(campaign.Name, string.Create(CultureInfo.InvariantCulture, $"{group.Targets.Length} targets in one ad group, and Amazon takes {MostTargets}; take some off the lists."));
                if (campaign.Targeting == TargetingType.Auto && !group.Targets.IsEmpty) yield return Stop(campaign.Name, "an automatic campaign takes no keywords or products of its own.");
                if (campaign.Targeting == TargetingType.Manual && group.Targets.IsEmpty) yield return Stop(campaign.Name, "it has nothing to target; add a keyword or a product.");
                foreach (var fault in group.Targets.Select(TargetFault).OfType<string>().Take(3)) yield return Stop(campaign.Name, fault);
                var highest = group.Targets.Select(target => target.Bid.Amount).Append(group.DefaultBid.Amount).Max();
                if (highest > settings.MaximumBid.Amount && highest > market.MinimumBid) yield return Stop(campaign.Name, $"a bid of {Amount(highest)} is above your highest bid of {settings.MaximumBid}.");
                if (highest > campaign.DailyBudget.Amount) yield return Stop(campaign.Name, $"a bid of {Amount(highest)} is above its daily budget of {campaign.DailyBudget}, which Amazon refuses; raise the budget.");
                if (settings.MaximumClickCost is { } limit && highest * multiplier > limit.Amount)
                    yield return Stop(campaign.Name, $"with its bidding strategy and placements one click could cost {Amount(Math.Round(highest * multiplier, market.Currency.Decimals))}, above your highest click cost of {limit}.");
            }

            foreach (var negative in campaign.Negatives.Concat(campaign.AdGroups.SelectMany(group => group.Negatives)))
            {
                if (NegativeFault(negative) is { } fault) yield return Stop(campaign.Name, fault);
            }
        }

        if (plan.DailyBudget is not { } more || more.Currency != market.Currency) yield break;
        var all = more.Amount + workspace.Campaigns.Where(each => each.State == EntityState.Enabled && each.BudgetIsDaily).Sum(each => each.DailyBudget.Amount);
        if (settings.DailyCap is { } cap && all > cap.Amount) yield return new(false, $"All daily budgets together are then {Amount(all)}, above your cap of {cap} a day: the guard of the day may lower them while it runs.");
        var days = DateTime.DaysInMonth(workspace.Today.Year, workspace.Today.Month);
        if (all * days > settings.MonthlyBudget.Amount && settings.MonthlyBudget.Amount > 0)
            yield return new(false, $"All daily budgets together could then spend {Amount(Math.Round(all * days))} in this month, and your monthly budget is {settings.MonthlyBudget}: budgets are brought into line with it from the next decision on.");
    }

    private static string? TargetFault(PlannedTarget target) => target.Match switch
    {
        MatchType.Exact or MatchType.Phrase or MatchType.Broad => Named(target.Text, TargetText.Keyword(target.Text, TargetText.MostWords)),
        MatchType.Product => Named(target.Text, TargetText.Product(target.Text)),
        MatchType.Category => null,
        _ => $"'{target.Text}' is of a kind that is not made from here.",
    };

    private static string? NegativeFault(PlannedNegative negative) => negative.Match switch
    {
        NegativeMatch.Exact => Named(negative.Text, TargetText.Keyword(negative.Text, TargetText.MostWords)),
        NegativeMatch.Phrase => Named(negative.Text, TargetText.Keyword(negative.Text, TargetText.MostPhraseWords)),
        NegativeMatch.Product => Named(negative.Text, TargetText.Product(negative.Text)),
        _ => $"'{negative.Text}' is of a kind that is not made from here.",
    };

    private static string? Named(string text, string? fault) => fault is null ? null : $"'{text}': {fault}";
}

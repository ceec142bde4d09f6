using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Intraday;

/// <summary>The guard over a storefront: what it looks at, and what it says.</summary>
public static class DayProposals
{
    // What Brands and Display usually spend in a day is the mean of so many days before this one.
    private const int UsualDays = 14;

    /// <summary>
    /// Budgets of Sponsored Products keep the day. What Sponsored Brands and Display cost counts, where their budgets are the day's; those budgets stay as they are, and so such a campaign is planned to spend what it usually does.
    /// </summary>
    /// <param name="workspace">The storefront as it stands, with all ad products; its day is the one that runs.</param>
    /// <param name="plan">Of the newest decision; where there is none, a campaign is planned to spend its budget.</param>
    /// <param name="counted">Today's counts.</param>
    /// <param name="earlier">Hours of the days before.</param>
    /// <param name="day">The day that runs.</param>
    public static IntradayDecision Decide(Workspace workspace, IReadOnlyList<CampaignPlan> plan, SpendDay counted, IReadOnlyList<SpendHours> earlier, ReportingDay day)
    {
        var market = workspace.Marketplace;
        var counts = counted.Campaigns.ToDictionary(campaign => campaign.Campaign, campaign => campaign.Counts);
        var planned = plan.ToDictionary(item => item.Campaign, item => Math.Max(0, item.Spend.Amount));
        var highestBids = workspace.Targets.Where(target => target.State == EntityState.Enabled).GroupBy(target => target.Campaign).ToDictionary(group => group.Key, group => group.Max(target => target.Bid.Amount));
        var usual = Usual(workspace);
        var changes = workspace.Changes.Where(applied => applied.Change is SetBudget && day.Holds(applied.At)).ToLookup(applied => applied.Change.Campaign);
        var protectedAds = Guardrails.ProtectedAds.Of(workspace);
        List<CampaignDay> days =
        [
            .. workspace.Campaigns.Where(campaign => campaign.BudgetIsDaily && (campaign.State == EntityState.Enabled || counts.ContainsKey(campaign.Id))).Select(campaign => new CampaignDay(
                campaign.Id, Planned(campaign), campaign.DailyBudget.Amount, Math.Max(market.MinimumBudget, highestBids.GetValueOrDefault(campaign.Id)),
                counts.GetValueOrDefault(campaign.Id, []), changes[campaign.Id].Count(applied => applied.Module == Module.Intraday), IsOurs(workspace, campaign, changes[campaign.Id]) && !protectedAds.Holds(campaign.Id))),
        ];
        return IntradayGuard.Decide(days, DayCurve.Of(earlier), day, Cap(workspace, days.Sum(campaign => campaign.Planned), earlier), market.MinimumBudget, Unit(market));

        decimal Planned(Campaign campaign) => campaign.AdProduct == AdProduct.SponsoredProducts
            ? planned.GetValueOrDefault(campaign.Id, planned.Count == 0 ? campaign.DailyBudget.Amount : 0)
            : Math.Min(campaign.DailyBudget.Amount, usual.GetValueOrDefault(campaign.Id.Value));
    }

    private static Dictionary<long, decimal> Usual(Workspace workspace)
    {
        var sums = new Dictionary<long, decimal>();
        foreach (var table in new[] { workspace.BrandsTargetDays, workspace.DisplayTargetDays })
        {
            var days = table.Ints("day");
            var campaigns = table.Longs("campaign_id");
            var costs = table.Longs("cost");
            for (var row = 0; row < table.Rows; row++)
            {
                if (days[row] < workspace.Today.DayNumber && days[row] >= workspace.Today.DayNumber - UsualDays) sums[campaigns[row]] = sums.GetValueOrDefault(campaigns[row]) + (costs[row] / 1_000_000m);
            }
        }

        return sums.ToDictionary(sum => sum.Key, sum => Math.Max(0, sum.Value) / UsualDays);
    }

    /// <returns>What to write; empty in quiet hours.</returns>
    public static ImmutableArray<Proposal> Of(Workspace workspace, IntradayDecision decision, ReportingDay day)
    {
        var currency = workspace.Marketplace.Currency;
        var campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id);
        var evidence = new EvidenceList(currency.Code);
        return
        [
            .. decision.Steps.Select(step =>
            {
                var change = new SetBudget(step.Campaign, new Money(step.Inputs.Before, currency), new Money(step.After, currency)) { AdProduct = campaigns[step.Campaign].AdProduct };
                var times = workspace.Changes.Count(applied => applied.Module == Module.Intraday && applied.Change.EntityKey == change.EntityKey && day.Holds(applied.At));
                evidence.Count("stops", step.Inputs.Stops ? 1 : 0).Money("budgetBefore", (double)step.Inputs.Before).Money("forecast", (double)step.Inputs.Forecast).Money("excess", (double)step.Inputs.Excess)
                    .Money("floor", (double)step.Inputs.Floor).Money("least", (double)step.Inputs.Least).SharedMoney("unit", (double)step.Inputs.Unit).Money("spent", (double)step.Spent).Money("planned", (double)step.Planned)
                    .SharedMoney("spentByAll", (double)decision.Spent).SharedMoney("forecastOfAll", decision.Forecast).SharedMoney("cap", (double)decision.Cap!.Value);
                return new Proposal(ProposalNames.Of(workspace, Module.Intraday, $"{change.EntityKey}:{times}"), Module.Intraday, ReasonCode.KeepDay, null, change, evidence.Take(), Effects.Certain(0, currency));
            }),
        ];
    }

    internal static IntradayInputs Read(Evidence evidence) => new(
        evidence["stops"] == 1, (decimal)evidence["budgetBefore"], (decimal)evidence["forecast"], (decimal)evidence["excess"], (decimal)evidence["floor"], (decimal)evidence["least"], (decimal)evidence["unit"]);

    // Of another ad product, protected, not left to the software, moved by Amazon's own rules, not running, or set by a person today: hands off.
    private static bool IsOurs(Workspace workspace, Campaign campaign, IEnumerable<AppliedChange> today) =>
        campaign.AdProduct == AdProduct.SponsoredProducts && campaign.State == EntityState.Enabled && campaign.Strategy != BiddingStrategy.RuleBased && !workspace.Settings.ProtectedCampaigns.Contains(campaign.Id)
        && (workspace.Settings.CampaignModes.IsDefaultOrEmpty || !workspace.Settings.CampaignModes.Any(own => own.Campaign == campaign.Id && own.Mode != AutomationMode.Auto))
        && workspace.Controls?.UnderRule.Contains(campaign.Id) != true && !today.Any(applied => applied.ByPerson);

    // A storefront without a monthly budget is held by the seller's cap of a day alone. Days that no report tells of yet count as Amazon counted them by the hour.
    private static decimal? Cap(Workspace workspace, decimal planned, IReadOnlyList<SpendHours> earlier)
    {
        var (settings, today) = (workspace.Settings, workspace.Today);
        if (settings.MonthlyBudget.Amount <= 0) return settings.DailyCap?.Amount;
        var (month, newest) = (0m, int.MinValue);
        var first = new DateOnly(today.Year, today.Month, 1).DayNumber;
        foreach (var table in new[] { workspace.TargetDays, workspace.BrandsTargetDays, workspace.DisplayTargetDays })
        {
            var days = table.Ints("day");
            var costs = table.Longs("cost");
            for (var row = 0; row < table.Rows; row++)
            {
                if (days[row] >= today.DayNumber) continue;

                // How far reports tell is told by those of Sponsored Products, which every sync asks for.
                if (ReferenceEquals(table, workspace.TargetDays)) newest = Math.Max(newest, days[row]);
                if (days[row] >= first) month += costs[row] / 1_000_000m;
            }
        }

        month += earlier.Where(hours => hours.Date.DayNumber >= first && hours.Date.DayNumber > newest && hours.Date < today).Sum(hours => hours.Spent.Sum());
        return IntradayGuard.DayCap(settings.DailyCap?.Amount, settings.MonthlyBudget.Amount - Math.Max(0, month), DateTime.DaysInMonth(today.Year, today.Month) - today.Day + 1, planned);
    }

    private static decimal Unit(Marketplace market) => market.Currency.Decimals == 0 ? 1 : 0.01m;
}

using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Intraday;

/// <summary>The guard over a storefront: what it looks at, and what it says.</summary>
public static class DayProposals
{
    /// <param name="workspace">The storefront as it stands; its day is the one that runs.</param>
    /// <param name="plan">Of the newest decision; a campaign without one is planned to spend its budget.</param>
    /// <param name="counted">Today's counts.</param>
    /// <param name="earlier">Hours of the days before.</param>
    /// <param name="day">The day that runs.</param>
    public static IntradayDecision Decide(Workspace workspace, IReadOnlyList<CampaignPlan> plan, SpendDay counted, IReadOnlyList<SpendHours> earlier, ReportingDay day)
    {
        var market = workspace.Marketplace;
        var counts = counted.Campaigns.ToDictionary(campaign => campaign.Campaign, campaign => campaign.Counts);
        var planned = plan.ToDictionary(item => item.Campaign, item => Math.Max(0, item.Spend.Amount));
        var highestBids = workspace.Targets.Where(target => target.State == EntityState.Enabled).GroupBy(target => target.Campaign).ToDictionary(group => group.Key, group => group.Max(target => target.Bid.Amount));
        var changes = workspace.Changes.Where(applied => applied.Change is SetBudget && day.Holds(applied.At)).ToLookup(applied => applied.Change.Campaign);
        List<CampaignDay> days =
        [
            .. workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled || counts.ContainsKey(campaign.Id)).Select(campaign => new CampaignDay(
                campaign.Id, planned.GetValueOrDefault(campaign.Id, planned.Count == 0 ? campaign.DailyBudget.Amount : 0), campaign.DailyBudget.Amount, Math.Max(market.MinimumBudget, highestBids.GetValueOrDefault(campaign.Id)),
                counts.GetValueOrDefault(campaign.Id, []), changes[campaign.Id].Count(applied => applied.Module == Module.Intraday), IsOurs(workspace, campaign, changes[campaign.Id]))),
        ];
        return IntradayGuard.Decide(days, DayCurve.Of(earlier), day, Cap(workspace, days.Sum(campaign => campaign.Planned), earlier), market.MinimumBudget, Unit(market));
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

    // Protected, moved by Amazon's own rules, not running, or set by a person today: hands off.
    private static bool IsOurs(Workspace workspace, Campaign campaign, IEnumerable<AppliedChange> today) =>
        campaign.State == EntityState.Enabled && campaign.Strategy != BiddingStrategy.RuleBased && !workspace.Settings.ProtectedCampaigns.Contains(campaign.Id)
        && workspace.Controls?.UnderRule.Contains(campaign.Id) != true && !today.Any(applied => applied.ByPerson);

    // A storefront without a monthly budget is held by the seller's cap of a day alone. Days that no report tells of yet count as Amazon counted them by the hour.
    private static decimal? Cap(Workspace workspace, decimal planned, IReadOnlyList<SpendHours> earlier)
    {
        var (settings, today) = (workspace.Settings, workspace.Today);
        if (settings.MonthlyBudget.Amount <= 0) return settings.DailyCap?.Amount;
        var facts = new AdColumns(workspace.TargetDays);
        var (month, newest) = (0m, int.MinValue);
        var first = new DateOnly(today.Year, today.Month, 1).DayNumber;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            if (facts.Days[row] >= today.DayNumber) continue;
            newest = Math.Max(newest, facts.Days[row]);
            if (facts.Days[row] >= first) month += facts.Cost[row] / 1_000_000m;
        }

        month += earlier.Where(hours => hours.Date.DayNumber >= first && hours.Date.DayNumber > newest && hours.Date < today).Sum(hours => hours.Spent.Sum());
        return IntradayGuard.DayCap(settings.DailyCap?.Amount, settings.MonthlyBudget.Amount - Math.Max(0, month), DateTime.DaysInMonth(today.Year, today.Month) - today.Day + 1, planned);
    }

    private static decimal Unit(Marketplace market) => market.Currency.Decimals == 0 ? 1 : 0.01m;
}

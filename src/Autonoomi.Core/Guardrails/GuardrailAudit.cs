using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Guardrails;

/// <param name="Guardrail">G1 to G12.</param>
/// <param name="Change">What broke it; null when it is the sum of all changes.</param>
/// <param name="Why">One sentence.</param>
public sealed record Breach(string Guardrail, Change? Change, string Why);

/// <summary>Looks at what was really written and asks whether it was allowed. Shares no rule with the coordinator, so that a slip in one shows in the other.</summary>
public static class GuardrailAudit
{
    // The promises as they stand on paper (docs/maths/guardrails.md), deliberately not read from the rules that are audited.
    private const double DailyRise = 0.25, FirstWeekMove = 0.40, WeeklyRise = 0.60, BudgetMove = 0.25, SpendGrowth = 1.2, Response = 2.3;
    private const double OrdersCut = 0.02, WorstClick = 3, UntestedShare = 0.03;
    private const int BidsPerDay = 5_000, StructuresPerDay = 100;
    private const double Slack = 1e-6;

    /// <param name="before">The workspace on which was decided, as it was before the changes.</param>
    /// <param name="applied">What Amazon took in one round (one decision).</param>
    /// <returns>Breaches; empty when all was allowed.</returns>
    public static ImmutableArray<Breach> Check(Workspace before, IReadOnlyList<Change> applied)
    {
        if (applied.Count == 0) return [];
        var breaches = ImmutableArray.CreateBuilder<Breach>();
        var view = new View(before);
        foreach (var change in applied) CheckOne(view, change, breaches.Add);
        CheckTogether(view, applied, breaches.Add);
        return breaches.ToImmutable();
    }

    private static void CheckOne(View view, Change change, Action<Breach> report)
    {
        void Say(string guardrail, string why) => report(new Breach(guardrail, change, why));

        var workspace = view.Workspace;
        var campaign = workspace.Campaigns.FirstOrDefault(entry => entry.Id == change.Campaign);
        if (workspace.Settings.Frozen) Say("G7", "written while frozen");
        if (workspace.Settings.ProtectedCampaigns.Contains(change.Campaign)) Say("G7", "written into a protected campaign");
        if (workspace.SyncedAt is null || view.NewestAge is null) Say("G10", "written without any facts");
        if (campaign is null)
        {
            Say("G7", "written into an unknown campaign");
            return;
        }

        if (campaign.State != EntityState.Enabled || campaign.Strategy == BiddingStrategy.RuleBased) Say("G7", "written into a campaign that is not ours to move");
        switch (change)
        {
            case SetBid bid: CheckBid(view, campaign, bid, Say); break;
            case SetBudget budget: CheckBudget(view, campaign, budget, Say); break;
            case SetPlacement placement:
                if (placement.AfterPercent is < 0 or > 900) Say("G1", "a percentage outside 0 to 900");
                if (Math.Abs(placement.AfterPercent - placement.BeforePercent) > 25) Say("G2", "a placement moved by more than 25 points");
                if (campaign.PercentAt(placement.Placement) != placement.BeforePercent) Say("G11", "another percentage stood there before");
                break;
            case SetTargetState state:
                if (state.After != EntityState.Enabled && view.Sales(state.Target) * view.Margin(state.AdGroup) > view.Cost(state.Target)) Say("G6", "a target that earned money was switched off");
                break;
            case CreateTarget create: CheckCreate(view, create, Say); break;
            case AddNegative negative: CheckNegative(view, negative, Say); break;
            case ArchiveNegative archive:
                if (!workspace.Negatives.Any(entry => entry.Id == archive.Negative && entry.Text == archive.Text)) Say("G11", "no such negative stood there before");
                break;
            default: throw new ArgumentOutOfRangeException(nameof(change), change, "A change that the audit does not know.");
        }
    }

    private static void CheckBid(View view, Campaign campaign, SetBid bid, Action<string, string> say)
    {
        var (market, settings) = (view.Workspace.Marketplace, view.Workspace.Settings);
        if (!view.Targets.TryGetValue(bid.Target, out var target) || target.State != EntityState.Enabled)
        {
            say("G7", "an unknown or resting target was written");
            return;
        }

        if (target.Bid != bid.Before) say("G11", "another bid stood there before");
        if (bid.After.Amount < market.MinimumBid || bid.After.Amount > market.MaximumBid || bid.After.Amount % market.BidStep != 0) say("G1", "a bid outside the marketplace's limits");
        if (bid.After > settings.MaximumBid && bid.After.Amount > market.MinimumBid) say("G1", "a bid above the seller's limit");

        var (day, week, idleDays) = view.Earlier(bid.EntityKey, bid.Before.Amount);
        var move = (double)((day == 0 ? 1 : bid.After.Amount / day) - 1);
        var limit = view.IsFirstWeek ? FirstWeekMove : DailyRise;
        var small = Math.Abs(bid.After.Amount - bid.Before.Amount) <= market.BidStep && idleDays >= 2.7;
        if (!small && move > limit + Slack) say("G2", "a bid rose by more than a day's step");
        if (!small && move < -limit - Slack && bid.Before <= settings.MaximumBid) say("G2", "a bid fell by more than a day's step");
        if (bid.After <= bid.Before) return;

        if (!small && week > 0 && (double)(bid.After.Amount / week) - 1 > WeeklyRise + Slack) say("G2", "a bid rose too much within a week");
        if (view.NewestAge >= 2) say("G2", "a bid was raised on facts older than 48 hours");
        if (settings.MonthlyBudget.Amount <= view.MonthToDate) say("G4", "a bid was raised although the month's money is spent");
        if (!view.CanSell(bid.AdGroup)) say("G12", "a bid was raised for a product that cannot be sold");
        if (!(view.MaturedClicks(bid.AdGroup) >= 1)) say("G10", "a bid was raised before any click of the product was old enough");

        var percent = Math.Max(campaign.TopOfSearchPercent, Math.Max(campaign.ProductPagesPercent, campaign.RestOfSearchPercent));
        var worst = (double)bid.After.Amount * (100 + percent) / 100 * (campaign.Strategy == BiddingStrategy.UpAndDown ? 2 : 1);
        if (worst > WorstClick * view.ClickValue(bid.Target) + Slack) say("G1", "one click could cost more than three times its value");
    }

    private static void CheckBudget(View view, Campaign campaign, SetBudget budget, Action<string, string> say)
    {
        var market = view.Workspace.Marketplace;
        if (campaign.DailyBudget != budget.Before) say("G11", "another budget stood there before");
        if (budget.After.Amount < market.MinimumBudget || budget.After.Amount > market.MaximumBudget) say("G1", "a budget outside the marketplace's limits");
        var (day, _, _) = view.Earlier(budget.EntityKey, budget.Before.Amount);
        var move = (double)((day == 0 ? 1 : budget.After.Amount / day) - 1);
        if (move > BudgetMove + Slack) say("G3", "a budget rose by more than a quarter");
        if (move < -BudgetMove - Slack && !view.BudgetsExceedMonth(view.Workspace.Campaigns.Where(entry => entry.State == EntityState.Enabled).Sum(entry => entry.DailyBudget.Amount))) say("G3", "a budget fell by more than a quarter without need");
        if (budget.After > budget.Before && view.NewestAge >= 2) say("G3", "a budget was raised on facts older than 48 hours");
        if (budget.After > budget.Before && view.Workspace.Settings.MonthlyBudget.Amount <= view.MonthToDate) say("G4", "a budget was raised although the month's money is spent");
    }

    private static void CheckCreate(View view, CreateTarget create, Action<string, string> say)
    {
        var (market, settings) = (view.Workspace.Marketplace, view.Workspace.Settings);
        if (create.Bid.Amount < market.MinimumBid || create.Bid > settings.MaximumBid) say("G1", "a start bid outside the limits");
        if (!view.CanSell(create.AdGroup)) say("G12", "a target was created for a product that cannot be sold");
        if (view.NewestAge >= 2) say("G10", "a target was created on facts older than 48 hours");
        if (settings.MonthlyBudget.Amount <= view.MonthToDate) say("G4", "a target was created although the month's money is spent");
        if (view.Workspace.Targets.Any(target => target.AdGroup == create.AdGroup && target.Match == create.Match && target.State != EntityState.Archived && string.Equals(target.Text, create.Text, StringComparison.OrdinalIgnoreCase)))
            say("G7", "a twin of the target exists");
    }

    private static void CheckNegative(View view, AddNegative negative, Action<string, string> say)
    {
        foreach (var word in view.Workspace.Settings.ProtectedTerms)
        {
            if (word.Trim().Length > 0 && $" {negative.Text} ".Contains($" {word.Trim()} ", StringComparison.OrdinalIgnoreCase)) say("G5", "a protected term was closed");
        }

        if (negative.AdGroup is not { } group)
        {
            say("G5", "a whole campaign was closed to a term");
            return;
        }

        // A term that moved to a keyword of its own may carry any share of the orders: it still sells there.
        var moved = view.Workspace.Targets.Any(target => target is { State: EntityState.Enabled, Match: MatchType.Exact, Kind: TargetKind.Keyword } && target.AdGroup != group
            && string.Equals(target.Text.Trim(), negative.Text.Trim(), StringComparison.OrdinalIgnoreCase) && view.SameProduct(target.AdGroup, group) && view.WasSeen(target.Id));
        if (moved && negative.Match == NegativeMatch.Exact) return;
        if (view.OrdersOf(negative.Campaign, negative.Text) > OrdersCut * view.OrdersOf(negative.Campaign, null)) say("G5", "more than 2 % of the campaign's orders came through the term");
        if (view.TermClicks(group, negative.Text) < 1) say("G10", "a term without any click was closed");
    }

    private static void CheckTogether(View view, IReadOnlyList<Change> applied, Action<Breach> report)
    {
        foreach (var key in applied.GroupBy(change => change.EntityKey, StringComparer.Ordinal).Where(group => group.Count() > 1)) report(new Breach("G7", key.First(), "two writes to one thing in one round"));
        if (applied.Count(change => change is SetBid) > BidsPerDay) report(new Breach("G8", null, "more bids than may change in a day"));
        if (applied.Count(change => change is CreateTarget or AddNegative) > StructuresPerDay) report(new Breach("G8", null, "more new structure than may be built in a day"));

        var budgets = applied.OfType<SetBudget>().GroupBy(change => change.Campaign).ToDictionary(group => group.Key, group => group.Last().After.Amount);
        var sum = view.Workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Sum(campaign => budgets.GetValueOrDefault(campaign.Id, campaign.DailyBudget.Amount));
        if (applied.OfType<SetBudget>().Any(change => change.After > change.Before) && view.BudgetsExceedMonth(sum)) report(new Breach("G4", null, "budgets were raised beyond what is left of the month"));

        var bids = applied.OfType<SetBid>().Where(change => change.Before.Amount > 0).ToArray();
        var total = view.SpendOfWeek;
        if (total > 0 && bids.Any(change => change.After > change.Before))
        {
            var expected = total + bids.Sum(change => view.SpendOfWeekBy(change.Target) * (Math.Pow((double)(change.After.Amount / change.Before.Amount), Response) - 1));
            if (expected > SpendGrowth * total * (1 + 1e-9)) report(new Breach("G3", null, "the day's expected spend grew by more than a fifth"));
        }

        foreach (var group in applied.OfType<AddNegative>().Where(negative => !view.HasOwnTarget(negative)).GroupBy(negative => negative.Campaign))
        {
            var all = view.OrdersOf(group.Key, null);
            if (all > 0 && group.Sum(negative => view.OrdersOf(group.Key, negative.Text)) > OrdersCut * all + Slack) report(new Breach("G5", null, "together the negatives of a campaign cut more than 2 % of its orders"));
        }

        var untested = applied.OfType<CreateTarget>().Sum(view.NewSpend);
        if (total > 0 && untested > UntestedShare * total / 7 + Slack) report(new Breach("G8", null, "more new spend than may be tried in a day"));
    }

    /// <summary>The audit's own reading of the facts.</summary>
    private sealed class View
    {
        private readonly Dictionary<AdGroupId, Sku> products;
        private readonly Dictionary<Sku, ProductEconomics> economics;
        private readonly Dictionary<TargetId, (double Cost, double Sales, double Week, long Seen)> byTarget = [];
        private readonly Dictionary<Sku, double> matured = [];
        private readonly Dictionary<Sku, (int Day, long Units)> stock = [];
        private readonly Dictionary<(CampaignId Campaign, string Term), double> orders = [];
        private readonly Dictionary<CampaignId, double> campaignOrders = [];
        private readonly Dictionary<(AdGroupId Group, string Term), (double Clicks, double Clicks30, double Cost30, double Most, TargetId Source)> terms = [];
        private readonly Lazy<(Measurement Measured, Structure Structure)> measured;
        private readonly DateTimeOffset now;
        private readonly ILookup<string, AppliedChange> changes;

        public View(Workspace workspace)
        {
            Workspace = workspace;
            now = workspace.SyncedAt ?? new DateTimeOffset(workspace.Today.ToDateTime(default), TimeSpan.Zero);
            Targets = workspace.Targets.ToDictionary(target => target.Id);
            changes = workspace.Changes.ToLookup(applied => applied.Change.EntityKey, StringComparer.Ordinal);
            IsFirstWeek = workspace.Changes.IsEmpty || now - workspace.Changes.Min(applied => applied.At) < TimeSpan.FromDays(7);
            economics = Economics.Of(workspace).ToDictionary();
            var structure = new Structure(workspace);
            products = workspace.AdGroups.Where(group => structure.GroupProduct[structure.Group(group.Id)] >= 0).ToDictionary(group => group.Id, group => structure.Products[structure.GroupProduct[structure.Group(group.Id)]]);

            // What a click is worth is measured, not ruled: the audit takes the same measurement, and its own limit.
            measured = new(() =>
            {
                var measurement = new Measurement(workspace, DecisionSettings.Default);
                Graduation.HandoverSteps.Inherit(measurement, new SearchTerms(measurement, DecisionSettings.Default));
                return (measurement, structure);
            });
            ReadTargets();
            ReadTerms();
            ReadStock();
        }

        public Workspace Workspace { get; }
        public Dictionary<TargetId, Target> Targets { get; }

        /// <summary>Finished days since the newest fact, 0 when yesterday is there; null without facts.</summary>
        public int? NewestAge { get; private set; }
        public decimal MonthToDate { get; private set; }
        public double SpendOfWeek { get; private set; }
        public bool IsFirstWeek { get; }

        public double Sales(TargetId id) => byTarget.GetValueOrDefault(id).Sales;
        public double Cost(TargetId id) => byTarget.GetValueOrDefault(id).Cost;
        public double SpendOfWeekBy(TargetId id) => byTarget.GetValueOrDefault(id).Week;
        public bool WasSeen(TargetId id) => byTarget.GetValueOrDefault(id).Seen > 0;
        public double Margin(AdGroupId group) => products.TryGetValue(group, out var sku) && economics[sku].BreakEvenAcos is { } share ? share : 0;
        public double MaturedClicks(AdGroupId group) => products.TryGetValue(group, out var sku) ? matured.GetValueOrDefault(sku) : 0;
        public bool SameProduct(AdGroupId left, AdGroupId right) => products.TryGetValue(left, out var one) && products.TryGetValue(right, out var other) && one == other;
        public double TermClicks(AdGroupId group, string term) => terms.GetValueOrDefault((group, Plain(term))).Clicks;
        public double OrdersOf(CampaignId campaign, string? term) => term is null ? campaignOrders.GetValueOrDefault(campaign) : orders.GetValueOrDefault((campaign, Plain(term)));

        public double ClickValue(TargetId id) => measured.Value.Structure.Target(id) is >= 0 and var index ? measured.Value.Measured.ClickValue(index) : 0;

        public bool CanSell(AdGroupId group) => products.TryGetValue(group, out var sku)
            && (!stock.TryGetValue(sku, out var left) || left.Units > 0)
            && !Workspace.Listings.Any(listing => listing.Sku == sku && !listing.Buyable);

        public bool HasOwnTarget(AddNegative negative) => negative.AdGroup is { } group && Workspace.Targets.Any(target => target is { State: EntityState.Enabled, Match: MatchType.Exact } && target.AdGroup != group
            && string.Equals(target.Text.Trim(), negative.Text.Trim(), StringComparison.OrdinalIgnoreCase) && SameProduct(target.AdGroup, group));

        /// <summary>Do budgets of this sum, with one day of overdelivery, exceed what is left of the month?</summary>
        public bool BudgetsExceedMonth(decimal sum)
        {
            var left = DateTime.DaysInMonth(Workspace.Today.Year, Workspace.Today.Month) - Workspace.Today.Day + 1;
            return sum * (left + 1) > Math.Max(0, Workspace.Settings.MonthlyBudget.Amount - MonthToDate) + 0.02m;
        }

        /// <summary>Value when the day began, a week ago, and days since the last change.</summary>
        public (decimal Day, decimal Week, double IdleDays) Earlier(string key, decimal current)
        {
            var (day, week, idle) = (current, current, double.PositiveInfinity);
            foreach (var applied in changes[key].OrderByDescending(applied => applied.At))
            {
                var stood = applied.Change switch { SetBid bid => bid.Before.Amount, SetBudget budget => budget.Before.Amount, _ => current };
                var ago = now - applied.At;
                idle = Math.Min(idle, ago.TotalDays);
                if (ago.TotalHours < 20) day = stood;
                if (ago.TotalDays < 7) week = stood;
            }

            return (day, week, idle);
        }

        /// <summary>What the new target is expected to cost beyond what the term costs in its source.</summary>
        public double NewSpend(CreateTarget create)
        {
            if (!products.TryGetValue(create.AdGroup, out var sku)) return double.PositiveInfinity;
            var source = terms.Where(pair => pair.Key.Term == Plain(create.Text) && products.TryGetValue(pair.Key.Group, out var other) && other == sku && Targets.ContainsKey(pair.Value.Source))
                .OrderByDescending(pair => pair.Value.Clicks).ThenBy(pair => pair.Key.Group.Value).Select(pair => pair.Value).FirstOrDefault();
            if (source.Clicks == 0 || Targets[source.Source].Bid.Amount <= 0) return 0;
            return Math.Max(0, source.Cost30 / 30 * (Math.Pow((double)(create.Bid.Amount / Targets[source.Source].Bid.Amount), Response) - 1));
        }

        private static string Plain(string term) => term.Trim().ToLowerInvariant();

        private void ReadTargets()
        {
            var facts = new AdColumns(Workspace.TargetDays);
            var ids = Workspace.TargetDays.Longs("target_id");
            var groups = Workspace.TargetDays.Longs("ad_group_id");
            for (var row = 0; row < facts.Days.Length; row++)
            {
                var age = Workspace.Today.DayNumber - 1 - facts.Days[row];
                if (age < 0) continue;
                NewestAge = Math.Min(NewestAge ?? age, age);
                var cost = facts.Cost[row] / 1e6;
                var day = DateOnly.FromDayNumber(facts.Days[row]);
                if (day.Year == Workspace.Today.Year && day.Month == Workspace.Today.Month) MonthToDate += facts.Cost[row] / 1e6m;
                if (age < 7) SpendOfWeek += cost;
                var sum = byTarget.GetValueOrDefault(new(ids[row]));
                byTarget[new(ids[row])] = (sum.Cost + cost, sum.Sales + facts.Sales[row] / 1e6, sum.Week + (age < 7 ? cost : 0), sum.Seen + facts.Impressions[row]);
                if (age >= 3 && products.TryGetValue(new(groups[row]), out var sku)) matured[sku] = matured.GetValueOrDefault(sku) + facts.Clicks[row];
            }
        }

        private void ReadTerms()
        {
            var facts = new AdColumns(Workspace.SearchTermDays);
            var campaigns = Workspace.SearchTermDays.Longs("campaign_id");
            var groups = Workspace.SearchTermDays.Longs("ad_group_id");
            var ids = Workspace.SearchTermDays.Longs("target_id");
            var texts = Workspace.SearchTermDays.Texts("search_term");
            var words = texts.Words.Select(Plain).ToArray();
            for (var row = 0; row < facts.Days.Length; row++)
            {
                var age = Workspace.Today.DayNumber - 1 - facts.Days[row];
                if (age is < 0 or >= 90) continue;
                var term = words[texts.Codes[row]];
                var campaign = new CampaignId(campaigns[row]);
                if (facts.Orders[row] > 0)
                {
                    orders[(campaign, term)] = orders.GetValueOrDefault((campaign, term)) + facts.Orders[row];
                    campaignOrders[campaign] = campaignOrders.GetValueOrDefault(campaign) + facts.Orders[row];
                }

                if (Targets.TryGetValue(new(ids[row]), out var target) && target.Match == MatchType.Exact) continue;
                var key = (new AdGroupId(groups[row]), term);
                var sum = terms.GetValueOrDefault(key);
                var most = target is not null && facts.Clicks[row] >= sum.Most;
                terms[key] = (sum.Clicks + facts.Clicks[row], sum.Clicks30 + (age < 30 ? facts.Clicks[row] : 0), sum.Cost30 + (age < 30 ? facts.Cost[row] / 1e6 : 0),
                    most ? facts.Clicks[row] : sum.Most, most ? target!.Id : sum.Source);
            }
        }

        private void ReadStock()
        {
            var days = Workspace.InventoryDays.Ints("day");
            var skus = Workspace.InventoryDays.Texts("sku");
            var units = Workspace.InventoryDays.Longs("fulfillable");
            for (var row = 0; row < days.Length; row++)
            {
                var sku = new Sku(skus[row]);
                if (days[row] > Workspace.Today.DayNumber || (stock.TryGetValue(sku, out var known) && known.Day > days[row])) continue;
                stock[sku] = (days[row], units[row]);
            }
        }
    }
}

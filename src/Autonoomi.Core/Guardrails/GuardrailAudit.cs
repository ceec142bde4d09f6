using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.OtherAds;
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
    private const int HeldDays = 7;
    private const double DailyRise = 0.25, FirstWeekMove = 0.40, WeeklyRise = 0.60, BudgetMove = 0.25, SpendGrowth = 1.2, Response = 2.3;
    private const double OrdersCut = 0.02, WorstClick = 3, UntestedShare = 0.03, Overdelivery = 2, PlacementWeek = 25;
    private const int BidsPerDay = 5_000, StructuresPerDay = 100, NegativesPerCampaign = 50, RollbackRestDays = 7;
    private const double Slack = 1e-6;

    /// <param name="before">The workspace on which was decided, as it was before the changes.</param>
    /// <param name="applied">What Amazon took in one round (one decision).</param>
    /// <returns>Breaches; empty when all was allowed.</returns>
    public static ImmutableArray<Breach> Check(Workspace before, IReadOnlyList<Change> applied)
    {
        return Check(before, applied, null);
    }

    /// <summary>The same of a whole storefront, one ad product at a time, and of all of them together.</summary>
    /// <param name="before">The workspace on which was decided, with all ad products, as it was before the changes.</param>
    /// <param name="applied">What Amazon took in one round (one decision).</param>
    /// <returns>Breaches; empty when all was allowed.</returns>
    public static ImmutableArray<Breach> CheckAll(Workspace before, IReadOnlyList<Change> applied)
    {
        var breaches = ImmutableArray.CreateBuilder<Breach>();
        var adOf = before.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        var sponsored = before.OfSponsoredProducts();
        foreach (var group in applied.GroupBy(change => adOf.GetValueOrDefault(change.Campaign)).OrderBy(group => group.Key))
        {
            Change[] changes = [.. group];
            breaches.AddRange(group.Key == AdProduct.SponsoredProducts ? Check(sponsored, changes) : Check(OtherView.Of(before, group.Key), changes, () => OtherBids.Look(before, group.Key, DecisionSettings.Default, 0)));
            foreach (var change in group.Where(change => change.AdProduct != group.Key)) breaches.Add(new Breach("G11", change, "written as if it were of another ad product"));
        }

        var others = applied.Where(change => adOf.GetValueOrDefault(change.Campaign) != AdProduct.SponsoredProducts).ToList();
        if (others.Count == 0) return breaches.ToImmutable();

        // What one ad product alone does not show: the day's number of bids, the month's money, a fire beside it.
        var now = before.SyncedAt ?? new DateTimeOffset(before.Today.ToDateTime(default), TimeSpan.Zero);
        if (applied.Count + before.Changes.Count(earlier => (now - earlier.At).TotalHours < 20) > (before.Settings.MaximumChangesPerDay ?? int.MaxValue)) breaches.Add(new Breach("G8", null, "more changes than the seller allows in a day, of all ads together"));
        if (applied.Count(change => change is SetBid) + before.Changes.Count(earlier => earlier.Change is SetBid && (now - earlier.At).TotalHours < 20) > BidsPerDay) breaches.Add(new Breach("G8", null, "more bids than may change in a day"));
        var raised = others.Where(View.MakesDearer).ToList();
        if (raised.Count == 0) return breaches.ToImmutable();
        var spent = new[] { before.TargetDays, before.BrandsTargetDays, before.DisplayTargetDays }.Sum(table => SpentInMonth(table, before.Today));
        if (before.Settings.MonthlyBudget.Amount <= spent) breaches.AddRange(raised.Select(change => new Breach("G4", change, "raised although the month's money is spent on all ads together")));
        if (new View(sponsored, [], null).IsBurning) breaches.AddRange(raised.Select(change => new Breach("G9", change, "raised while money was running away in Sponsored Products")));
        return breaches.ToImmutable();
    }

    private static decimal SpentInMonth(FactTable table, DateOnly today)
    {
        var days = table.Ints("day");
        var cost = table.Longs("cost");
        decimal sum = 0;
        for (var row = 0; row < table.Rows; row++)
        {
            var day = DateOnly.FromDayNumber(days[row]);
            if (day < today && day.Year == today.Year && day.Month == today.Month) sum += cost[row] / 1e6m;
        }

        return sum;
    }

    private static ImmutableArray<Breach> Check(Workspace before, IReadOnlyList<Change> applied, Func<Situation>? look)
    {
        if (applied.Count == 0) return [];
        var breaches = ImmutableArray.CreateBuilder<Breach>();
        var view = new View(before, applied, look);
        foreach (var change in applied) CheckOne(view, change, breaches.Add);
        CheckTogether(view, applied, breaches.Add);
        return breaches.ToImmutable();
    }

    /// <summary>The same for what was written to keep a day's cap: budgets alone, down alone, twice a day at most.</summary>
    /// <param name="before">The workspace on which was decided, as it was before the changes.</param>
    /// <param name="applied">What Amazon took in one look.</param>
    /// <param name="day">The day that is kept.</param>
    /// <returns>Breaches; empty when all was allowed.</returns>
    public static ImmutableArray<Breach> CheckDay(Workspace before, IReadOnlyList<Change> applied, Intraday.ReportingDay day)
    {
        var breaches = ImmutableArray.CreateBuilder<Breach>();
        foreach (var change in applied)
        {
            void Say(string guardrail, string why) => breaches.Add(new Breach(guardrail, change, why));
            var campaign = before.Campaigns.FirstOrDefault(entry => entry.Id == change.Campaign);
            if (FrozenBy(before) is { } freeze) Say("G7", freeze);
            if (before.Settings.Mode != AutomationMode.Auto || before.Settings.CampaignModes.Any(own => own.Campaign == change.Campaign && own.Mode != AutomationMode.Auto)) Say("G7", "written without being asked to");
            if (before.Settings.ProtectedCampaigns.Contains(change.Campaign)) Say("G7", "written into a protected campaign");
            if (ProtectedProductOf(before, change) is { } kept) Say("G7", $"{kept} is protected");
            if (before.Controls?.UnderRule.Contains(change.Campaign) == true) Say("G7", "a budget was set that a rule at Amazon moves");
            if (campaign is null || campaign.State != EntityState.Enabled || campaign.Strategy == BiddingStrategy.RuleBased) Say("G7", "written into a campaign that is not ours to move");
            if (change is not SetBudget budget)
            {
                Say("G4", "something else than a budget was written to keep a day's cap");
                continue;
            }

            if (campaign is not null && campaign.DailyBudget != budget.Before) Say("G11", "another budget stood there before");
            if (budget.After >= budget.Before) Say("G4", "a budget was not lowered to keep a day's cap");
            if (budget.After.Amount < before.Marketplace.MinimumBudget) Say("G1", "a budget outside the marketplace's limits");
            if (before.Changes.Count(earlier => earlier.Module == Module.Intraday && earlier.Change.EntityKey == change.EntityKey && day.Holds(earlier.At)) >= 2) Say("G3", "a budget was lowered a third time within a day");
        }

        return breaches.ToImmutable();
    }

    private static void CheckOne(View view, Change change, Action<Breach> report)
    {
        void Say(string guardrail, string why) => report(new Breach(guardrail, change, why));

        var workspace = view.Workspace;
        var campaign = workspace.Campaigns.FirstOrDefault(entry => entry.Id == change.Campaign);
        if (FrozenBy(workspace) is { } freeze) Say("G7", freeze);
        if (workspace.Settings.ProtectedCampaigns.Contains(change.Campaign)) Say("G7", "written into a protected campaign");
        if (ProtectedProductOf(workspace, change) is { } kept) Say("G7", $"{kept} is protected");
        if (change is SetBudget && workspace.Controls?.UnderRule.Contains(change.Campaign) == true) Say("G7", "a budget was set that a rule at Amazon moves");
        if (workspace.SyncedAt is null || view.NewestAge is null) Say("G10", "written without any facts");
        if (view.HasHole) Say("G10", "written although a day of facts is missing between others");
        if (view.RolledBack.Contains(change.EntityKey) && !view.Restores(change)) Say("G7", "what was rolled back was moved again within a week");
        if (campaign is null)
        {
            Say("G7", "written into an unknown campaign");
            return;
        }

        if (campaign.State != EntityState.Enabled || campaign.Strategy == BiddingStrategy.RuleBased) Say("G7", "written into a campaign that is not ours to move");
        if (campaign.AdProduct != AdProduct.SponsoredProducts && change is SetBid)
        {
            if (campaign.CostType != CostType.PerClick) Say("G7", "a bid for clicks was set where clicks are not known to be what is paid for");
            if (campaign.AdProduct == AdProduct.SponsoredBrands && campaign.Strategy != BiddingStrategy.Fixed) Say("G7", "a bid was set where Amazon places bids by itself");
        }

        if (View.MakesDearer(change))
        {
            if (view.IsBurning) Say("G9", "raised while money was running away");
            if (workspace.Settings.MonthlyBudget.Amount <= view.MonthToDate) Say("G4", "raised although the month's money is spent");
            if (!view.CampaignSells(campaign.Id)) Say("G12", "raised where nothing can be sold");
        }

        switch (change)
        {
            case SetBid bid: CheckBid(view, campaign, bid, Say); break;
            case SetBudget budget: CheckBudget(view, campaign, budget, Say); break;
            case SetPlacement placement: CheckPlacement(view, campaign, placement, Say); break;
            case SetTargetState state: CheckState(view, campaign, state, Say); break;
            case CreateTarget create: CheckCreate(view, create, Say); break;
            case AddNegative negative: CheckNegative(view, negative, Say); break;
            case ArchiveNegative archive:
                if (!workspace.Negatives.Any(entry => entry.Id == archive.Negative && entry.Text == archive.Text)) Say("G11", "no such negative stood there before");
                break;
            case SetCampaignState or SetAdGroupState: Say("G7", "a campaign or an ad group was switched, which is for people alone"); break;
            default: throw new ArgumentOutOfRangeException(nameof(change), change, "A change that the audit does not know.");
        }
    }

    private static string? FrozenBy(Workspace workspace)
    {
        if (workspace.Settings.Frozen) return "written while frozen";
        foreach (var span in workspace.Settings.FreezeDates)
            if (workspace.Today.DayNumber >= span.First.DayNumber && workspace.Today.DayNumber <= span.Last.DayNumber) return "written on a day that is frozen";
        return null;
    }

    private static Sku? ProtectedProductOf(Workspace workspace, Change change)
    {
        if (workspace.Settings.ProtectedProducts.IsEmpty) return null;
        AdGroupId? group = change switch { SetBid bid => bid.AdGroup, CreateTarget create => create.AdGroup, SetTargetState state => state.AdGroup, AddNegative negative => negative.AdGroup, ArchiveNegative archive => archive.AdGroup, _ => null };
        foreach (var ad in workspace.ProductAds)
        {
            if (ad.State != EntityState.Archived && (group is { } one ? ad.AdGroup == one : ad.Campaign == change.Campaign) && workspace.Settings.ProtectedProducts.Contains(ad.Sku)) return ad.Sku;
        }

        return null;
    }

    private static void CheckBid(View view, Campaign campaign, SetBid bid, Action<string, string> say)
    {
        var (market, settings) = (view.Workspace.Marketplace.For(campaign.AdProduct), view.Workspace.Settings);
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

        // What shortage of stock took away may come back at once.
        small |= view.IsReturn(bid);
        if (!small && move > limit + Slack) say("G2", "a bid rose by more than a day's step");
        if (!small && move < -limit - Slack && bid.Before <= settings.MaximumBid) say("G2", "a bid fell by more than a day's step");
        if (bid.After <= bid.Before) return;

        if (!small && week > 0 && (double)(bid.After.Amount / week) - 1 > WeeklyRise + Slack) say("G2", "a bid rose too much within a week");
        if (view.NewestAge >= 2) say("G2", "a bid was raised on facts older than 48 hours");
        if (!view.CanSell(bid.AdGroup)) say("G12", "a bid was raised for a product that cannot be sold");
        if (!(view.MaturedClicks(bid.AdGroup) >= 1)) say("G10", "a bid was raised before any click of the product was old enough");

        if (view.DearestClick(campaign, bid.After.Amount) > view.MostForAClick(bid.Target) + Slack) say("G1", TooDear);
    }

    private const string TooDear = "one click could cost more than three times its value, or more than the seller allows";

    private static void CheckPlacement(View view, Campaign campaign, SetPlacement placement, Action<string, string> say)
    {
        if (placement.AfterPercent is < 0 or > 900) say("G1", "a percentage outside 0 to 900");
        if (campaign.PercentAt(placement.Placement) != placement.BeforePercent) say("G11", "another percentage stood there before");
        var (_, week, _) = view.Earlier(placement.EntityKey, placement.BeforePercent);
        if (Math.Abs(placement.AfterPercent - placement.BeforePercent) > PlacementWeek || Math.Abs(placement.AfterPercent - week) > (decimal)PlacementWeek) say("G2", "a placement moved by more than 25 points within a week");
        if (placement.AfterPercent <= placement.BeforePercent) return;
        if (view.NewestAge >= 2) say("G2", "a placement was raised on facts older than 48 hours");
        foreach (var target in view.Workspace.Targets)
        {
            if (target.Campaign != campaign.Id || target.State != EntityState.Enabled || target.Bid.Amount <= view.Workspace.Marketplace.MinimumBid) continue;
            var worst = view.DearestClick(campaign, view.BidAfter(target));
            if (worst > View.DearestClickBefore(campaign, target.Bid.Amount) * 1.001 && worst > view.MostForAClick(target.Id) + Slack) say("G1", TooDear);
        }
    }

    private static void CheckState(View view, Campaign campaign, SetTargetState state, Action<string, string> say)
    {
        if (!view.Targets.TryGetValue(state.Target, out var target) || target.State != state.Before) say("G11", "another state stood there before");
        if (state.Before == EntityState.Archived || state.After == EntityState.Archived) say("G11", "archiving cannot be taken back");
        if (state.After == EntityState.Enabled)
        {
            if (view.NewestAge >= 2) say("G2", "a target was switched on with facts older than 48 hours");
            if (!view.CanSell(state.AdGroup)) say("G12", "a target was switched on for a product that cannot be sold");
            if (target is not null && target.Bid.Amount > view.Workspace.Marketplace.MinimumBid && view.DearestClick(campaign, target.Bid.Amount) > view.MostForAClick(state.Target) + Slack) say("G1", TooDear);
            return;
        }

        if (view.CanSell(state.AdGroup) && view.Sales(state.Target) * view.Margin(state.AdGroup) > view.Cost(state.Target) && !view.TwinServes(state.Target)) say("G6", "a target that earned money was switched off");
    }

    private static void CheckBudget(View view, Campaign campaign, SetBudget budget, Action<string, string> say)
    {
        var market = view.Workspace.Marketplace;
        if (campaign.DailyBudget != budget.Before) say("G11", "another budget stood there before");
        if (budget.After.Amount < market.MinimumBudget || budget.After.Amount > market.MaximumBudget) say("G1", "a budget outside the marketplace's limits");
        var (day, _, _) = view.Earlier(budget.EntityKey, budget.Before.Amount);
        var move = (double)((day == 0 ? 1 : budget.After.Amount / day) - 1);
        if (move > BudgetMove + Slack) say("G3", "a budget rose by more than a quarter");
        if (budget.After < budget.Before && move < -BudgetMove - Slack && !view.BudgetsExceed(view.Workspace.Campaigns.Where(entry => entry.State == EntityState.Enabled).Sum(entry => entry.DailyBudget.Amount))) say("G3", "a budget fell by more than a quarter without need");
        if (budget.After > budget.Before && view.NewestAge >= 2) say("G3", "a budget was raised on facts older than 48 hours");
    }

    private static void CheckCreate(View view, CreateTarget create, Action<string, string> say)
    {
        var (market, settings) = (view.Workspace.Marketplace, view.Workspace.Settings);
        if (create.Bid.Amount < market.MinimumBid || create.Bid > settings.MaximumBid) say("G1", "a start bid outside the limits");
        if (!view.CanSell(create.AdGroup)) say("G12", "a target was created for a product that cannot be sold");
        if (view.NewestAge >= 2) say("G10", "a target was created on facts older than 48 hours");
        if (view.Workspace.Campaigns.FirstOrDefault(entry => entry.Id == create.Campaign) is { } home && view.MostForATerm(create) is { } most && view.DearestClick(home, create.Bid.Amount) > most + Slack) say("G1", TooDear);
        if (view.Workspace.Targets.Any(target => target.AdGroup == create.AdGroup && target.Match == create.Match && target.State != EntityState.Archived && string.Equals(target.Text, create.Text, StringComparison.OrdinalIgnoreCase)))
            say("G7", "a twin of the target exists");
    }

    private static void CheckNegative(View view, AddNegative negative, Action<string, string> say)
    {
        foreach (var word in view.Workspace.Settings.ProtectedTerms.Concat(view.Workspace.Settings.BrandTerms).Select(word => word.Trim()).Where(word => word.Length > 0))
        {
            if ($" {negative.Text} ".Contains($" {word} ", StringComparison.OrdinalIgnoreCase)) say("G5", "a protected term was closed");
            else if (negative.Match == NegativeMatch.Phrase && $" {word} ".Contains($" {negative.Text} ", StringComparison.OrdinalIgnoreCase)) say("G5", "words that close a protected term");
        }

        if (negative.AdGroup is not { } group)
        {
            say("G5", "a whole campaign was closed to a term");
            return;
        }

        // A term that moved to a keyword of its own may carry any share of the orders: it still sells there.
        var moved = view.Workspace.Targets.Any(target => target.State == EntityState.Enabled && target.Match == OwnMatch(negative) && target.AdGroup != group
            && string.Equals(target.Text.Trim(), negative.Text.Trim(), StringComparison.OrdinalIgnoreCase) && view.SameProduct(target.AdGroup, group) && view.WasSeen(target.Id));
        if (moved && negative.Match != NegativeMatch.Phrase) return;
        if (view.OrdersUnder(negative) > OrdersCut * view.OrdersOf(negative.Campaign)) say("G5", "more than 2% of the campaign's orders came through the term");
        if (view.TermClicks(group, negative) < 1) say("G10", "a term without any click was closed");
    }

    private static MatchType OwnMatch(AddNegative negative) => negative.Match == NegativeMatch.Product ? MatchType.Product : MatchType.Exact;

    private static void CheckTogether(View view, IReadOnlyList<Change> applied, Action<Breach> report)
    {
        foreach (var key in applied.GroupBy(change => change.EntityKey, StringComparer.Ordinal).Where(group => group.Count() > 1)) report(new Breach("G7", key.First(), "two writes to one thing in one round"));
        var today = view.Workspace.Changes.Where(earlier => view.DaysSince(earlier.At) < 20 / 24.0).Select(earlier => earlier.Change).Concat(applied).ToArray();
        if (view.Workspace.Settings.MaximumChangesPerDay is { } allowed && today.Length > allowed) report(new Breach("G8", null, "more changes than the seller allows in a day"));
        if (applied.Any(change => change is SetBid) && today.Count(change => change is SetBid) > BidsPerDay) report(new Breach("G8", null, "more bids than may change in a day"));
        if (applied.Any(change => change is CreateTarget or AddNegative) && today.Count(change => change is CreateTarget or AddNegative) > StructuresPerDay) report(new Breach("G8", null, "more new structure than may be built in a day"));
        if (applied.Any(change => change is AddNegative) && today.OfType<AddNegative>().GroupBy(negative => negative.Campaign).Any(group => group.Count() > NegativesPerCampaign)) report(new Breach("G8", null, "more negatives than a campaign may get in a day"));

        var budgets = applied.OfType<SetBudget>().GroupBy(change => change.Campaign).ToDictionary(group => group.Key, group => group.Last().After.Amount);
        var sum = view.Workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Sum(campaign => budgets.GetValueOrDefault(campaign.Id, campaign.DailyBudget.Amount));
        if (applied.OfType<SetBudget>().Any(change => change.After > change.Before) && view.BudgetsExceed(sum)) report(new Breach("G4", null, "budgets were raised beyond what is left of the month, or beyond the day's cap"));

        // What the day is expected to cost: bids, and the placements on top of them, of every target that is moved up by both together.
        var total = view.SpendOfWeek;
        var bids = applied.OfType<SetBid>().GroupBy(change => change.Target).ToDictionary(group => group.Key, group => group.Last());
        if (total > 0 && (applied.OfType<SetBid>().Any(change => change.After > change.Before) || applied.OfType<SetPlacement>().Any(change => change.AfterPercent > change.BeforePercent)))
        {
            var expected = total;
            foreach (var target in view.Workspace.Targets)
            {
                var ratio = view.MeanMultiplierRatio(target.Campaign) * (bids.TryGetValue(target.Id, out var bid) && bid.Before.Amount > 0 && !view.IsReturn(bid) ? (double)(bid.After.Amount / bid.Before.Amount) : 1);
                if (ratio != 1) expected += Math.Max(0, view.SpendOfWeekBy(target.Id)) * (Math.Pow(ratio, Response) - 1);
            }

            if (expected > SpendGrowth * total * (1 + 1e-6)) report(new Breach("G3", null, "the day's expected spend grew by more than a fifth"));
        }

        foreach (var group in applied.OfType<AddNegative>().Where(negative => !view.HasOwnTarget(negative) && view.OrdersUnder(negative) > 0).GroupBy(negative => negative.Campaign))
        {
            var all = view.OrdersOf(group.Key);
            if (all > 0 && group.Sum(view.OrdersUnder) + view.OrdersUnderStanding(group.Key) > OrdersCut * all + Slack) report(new Breach("G5", null, "together the negatives of a campaign cut more than 2% of its orders"));
        }

        var untested = applied.OfType<CreateTarget>().Sum(view.NewSpend);
        if (untested > 0 && total > 0 && untested + view.UntestedSpend > UntestedShare * total / 7 + Slack) report(new Breach("G8", null, "more new spend than may be tried in a day"));
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
        private readonly Lazy<Situation> situation;
        private readonly Lazy<HashSet<string>> exactTexts;
        private readonly IReadOnlyList<Change> applied;
        private readonly Dictionary<TargetId, decimal> bidsAfter;
        private readonly HashSet<Sku> notBuyable;
        private readonly ILookup<CampaignId, Sku> adsOf;
        private readonly Dictionary<TargetId, double> clicksOf = [];
        private readonly long[] rowsOfWeek = new long[14];
        private readonly double[] spentOn = new double[29], clickedOn = new double[29], shownOn = new double[29];
        private double maturedCost, maturedSales, marginWeighted, marginWeight, clicks30;
        private readonly DateTimeOffset now;
        private readonly ILookup<string, AppliedChange> changes;

        public View(Workspace workspace, IReadOnlyList<Change> applied, Func<Situation>? look)
        {
            (Workspace, this.applied) = (workspace, applied);
            now = workspace.SyncedAt ?? new DateTimeOffset(workspace.Today.ToDateTime(default), TimeSpan.Zero);
            Targets = workspace.Targets.ToDictionary(target => target.Id);
            changes = workspace.Changes.ToLookup(applied => applied.Change.EntityKey, StringComparer.Ordinal);
            RolledBack = workspace.Changes.Where(earlier => earlier.Module == Module.Rollback && DaysSince(earlier.At) is >= 0 and < RollbackRestDays).Select(earlier => earlier.Change.EntityKey).ToHashSet(StringComparer.Ordinal);
            bidsAfter = applied.OfType<SetBid>().GroupBy(bid => bid.Target).ToDictionary(group => group.Key, group => group.Last().After.Amount);
            notBuyable = [.. workspace.Listings.Where(listing => !listing.Buyable).Select(listing => listing.Sku)];
            adsOf = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.Campaign, ad => ad.Sku);
            IsFirstWeek = workspace.Changes.IsEmpty || now - workspace.Changes.Min(applied => applied.At) < TimeSpan.FromDays(7);
            economics = Economics.Of(workspace).ToDictionary();
            var structure = new Structure(workspace);
            products = workspace.AdGroups.Where(group => structure.GroupProduct[structure.Group(group.Id)] >= 0).ToDictionary(group => group.Id, group => structure.Products[structure.GroupProduct[structure.Group(group.Id)]]);

            // What a click is worth is measured, not ruled: the audit takes the same measurement, and its own limit.
            exactTexts = new(() => [.. workspace.Targets.Where(target => target is { State: EntityState.Enabled, Kind: TargetKind.Keyword, Match: MatchType.Exact }).Select(target => TermText.Plain(target.Text))]);
            situation = new(look ?? (() => Optimiser.Look(new Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default)));
            MonthToDate = workspace.SpentElsewhere?.Amount ?? 0;
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
        public double TermClicks(AdGroupId group, AddNegative negative) => negative.Match == NegativeMatch.Phrase
            ? terms.Where(pair => pair.Key.Group == group && Holds(pair.Key.Term, TermText.Plain(negative.Text))).Sum(pair => pair.Value.Clicks)
            : terms.GetValueOrDefault((group, TermText.Plain(negative.Text))).Clicks;

        public double OrdersOf(CampaignId campaign) => campaignOrders.GetValueOrDefault(campaign);

        /// <summary>Orders of 90 days that came through searches which the negative closes.</summary>
        public double OrdersUnder(AddNegative negative) => negative.Match == NegativeMatch.Phrase
            ? orders.Where(pair => pair.Key.Campaign == negative.Campaign && Holds(pair.Key.Term, TermText.Plain(negative.Text))).Sum(pair => pair.Value)
            : orders.GetValueOrDefault((negative.Campaign, TermText.Plain(negative.Text)));

        /// <summary>The same for the negatives that stand, but for searches that have an exact keyword somewhere.</summary>
        public double OrdersUnderStanding(CampaignId campaign) => Workspace.Negatives
            .Where(negative => negative.Campaign == campaign && negative.State == EntityState.Enabled)
            .Where(negative => negative.Match != NegativeMatch.Exact || !exactTexts.Value.Contains(TermText.Plain(negative.Text)))
            .Sum(negative => OrdersUnder(new AddNegative(campaign, negative.AdGroup, negative.Match, negative.Text)));

        public double ClickValue(TargetId id)
        {
            var (seen, worth) = (situation.Value.Measured, situation.Value.Worth);
            if (seen.Structure.Target(id) is not (>= 0 and var index) || double.IsNaN(seen.Contribution[index])) return 0;
            return seen.PosteriorMean(index) * Math.Max(Math.Max(0, seen.Contribution[index]), worth.Of(index, seen.Contribution[index], 0));
        }

        public double MostForAClick(TargetId id) => Math.Min(WorstClick * ClickValue(id), OwnCeiling);

        /// <summary>As above for a search that gets a target of its own; null where the search is not known.</summary>
        public double? MostForATerm(CreateTarget create)
        {
            var (look, best) = (situation.Value, double.NaN);
            if (!products.TryGetValue(create.AdGroup, out var sku) || !economics[sku].IsKnown) return null;
            foreach (var cell in look.Terms.Cells)
            {
                if (cell.IsExact || TermText.Plain(look.Terms.Words[cell.Term]) != TermText.Plain(create.Text) || look.Measured.Structure.GroupProduct[cell.Group] != look.Measured.Structure.Product(sku)) continue;
                var contribution = economics[sku].ContributionPerOrder;
                var value = look.Terms.Posterior(cell).Mean * (cell.Source < 0 ? contribution : Math.Max(contribution, look.Worth.Of(cell.Source, contribution, 0)));
                if (!(value <= best)) best = value;
            }

            return double.IsNaN(best) ? null : Math.Min(WorstClick * best, OwnCeiling);
        }

        private double OwnCeiling => Workspace.Settings.MaximumClickCost is { } own ? (double)own.Amount : double.PositiveInfinity;

        /// <summary>One click at the best placement there is or will be, doubled where Amazon may raise bids.</summary>
        public double DearestClick(Campaign campaign, decimal bid) => DearestClickBefore(After(campaign), bid);

        public static double DearestClickBefore(Campaign campaign, decimal bid)
        {
            var percent = Math.Max(Math.Max(campaign.TopOfSearchPercent, 0), Math.Max(campaign.ProductPagesPercent, campaign.RestOfSearchPercent));
            return (double)bid * (100 + percent) / 100 * (campaign.Strategy == BiddingStrategy.UpAndDown ? 2 : 1);
        }

        public decimal BidAfter(Target target) => bidsAfter.GetValueOrDefault(target.Id, target.Bid.Amount);

        /// <summary>Keys of what was rolled back less than a week ago.</summary>
        public HashSet<string> RolledBack { get; }

        /// <summary>Click-weighted mean placement multiplier of three weeks after the changes over before.</summary>
        public double MeanMultiplierRatio(CampaignId id)
        {
            if (!applied.Any(change => change is SetPlacement && change.Campaign == id) || Workspace.Campaigns.FirstOrDefault(entry => entry.Id == id) is not { } campaign) return 1;
            var facts = new AdColumns(Workspace.PlacementDays);
            var campaigns = Workspace.PlacementDays.Longs("campaign_id");
            var placements = Workspace.PlacementDays.Ints("placement");
            double[] clicks = [1, 1, 1];
            for (var row = 0; row < facts.Days.Length; row++)
            {
                if (campaigns[row] == id.Value && Workspace.Today.DayNumber - 1 - facts.Days[row] is >= 0 and < 21) clicks[placements[row]] += Math.Max(0, facts.Clicks[row]);
            }

            double Mean(Campaign entry) => Enum.GetValues<Placement>().Sum(placement => clicks[(int)placement] * (1 + entry.PercentAt(placement) / 100.0)) / clicks.Sum();
            return Mean(After(campaign)) / Mean(campaign);
        }

        public static bool MakesDearer(Change change) => change switch
        {
            SetBid bid => bid.After > bid.Before,
            SetBudget budget => budget.After > budget.Before,
            SetPlacement placement => placement.AfterPercent > placement.BeforePercent,
            SetTargetState state => state.After == EntityState.Enabled,
            CreateTarget => true,
            _ => false,
        };

        /// <summary>A write that goes on taking back what was taken back: towards the value before the first rollback of the week.</summary>
        public bool Restores(Change change) => change is SetBid bid && Workspace.Changes.Any(earlier => earlier is { Module: Module.Rollback, Change: SetBid before } && before.Target == bid.Target
            && (before.After > before.Before) == (bid.After > bid.Before));

        public double DaysSince(DateTimeOffset at) => (now - at).TotalDays;

        /// <summary>A day without a row between days that are usually full.</summary>
        public bool HasHole => rowsOfWeek.Order().ElementAt(7) >= 20 && Enumerable.Range(Math.Max(0, NewestAge ?? 0), Math.Max(0, 7 - Math.Max(0, NewestAge ?? 0))).Any(age => rowsOfWeek[age] == 0);

        /// <summary>Ads cost more than twice what they leave (five percent of doubt), or yesterday ran away.</summary>
        public bool IsBurning
        {
            get
            {
                if (marginWeight > 0 && marginWeighted > 0 && maturedSales > 0 && clicks30 >= 100 && maturedCost / maturedSales > 2.1 * marginWeighted / marginWeight) return true;
                var usual = spentOn.Skip(1).Take(7).Sum() / 7;
                return clickedOn[0] >= 20 && usual > 0 && spentOn[0] > 1.5 * SpendGrowth * usual * 1.001
                    && (IsStrange(spentOn.Zip(clickedOn, (cost, clicks) => cost / clicks)) || IsStrange(clickedOn.Zip(shownOn, (clicks, shown) => clicks / shown)));
            }
        }

        // The first of the numbers stands more than six robust deviations from the others, on a logarithmic scale where a tenth counts as quiet.
        private static bool IsStrange(IEnumerable<double> newestFirst)
        {
            var logs = newestFirst.Select(value => Math.Log(value)).ToArray();
            var rest = logs.Skip(1).Where(double.IsFinite).Order().ToArray();
            if (!double.IsFinite(logs[0]) || rest.Length < 5) return false;
            var middle = (rest[(rest.Length - 1) / 2] + rest[rest.Length / 2]) / 2;
            var far = rest.Select(log => Math.Abs(log - middle)).Order().ToArray();
            var deviation = 1.4826 * (far[(far.Length - 1) / 2] + far[far.Length / 2]) / 2;
            return Math.Abs(logs[0] - middle) > 6.01 * Math.Max(0.1, deviation);
        }

        public bool CampaignSells(CampaignId id)
        {
            var skus = adsOf[id];
            return !skus.Any() || skus.Any(Sells);
        }

        /// <summary>Another enabled target of the same words and match answers for the same product.</summary>
        public bool TwinServes(TargetId id) => Targets.TryGetValue(id, out var target) && Workspace.Targets.Any(twin => twin.Id != id && twin.State == EntityState.Enabled && twin.Match == target.Match
            && TermText.Plain(twin.Text) == TermText.Plain(target.Text) && SameProduct(twin.AdGroup, target.AdGroup)
            && !applied.Any(change => change is SetTargetState { After: not EntityState.Enabled } state && state.Target == twin.Id));

        /// <summary>Daily spend on targets that we created within two weeks and that were clicked fewer than twenty times in a month.</summary>
        public double UntestedSpend
        {
            get
            {
                var sum = 0.0;
                var made = Workspace.Changes.Where(earlier => earlier is { Change: CreateTarget, ByPerson: false } && DaysSince(earlier.At) is >= 0 and < 14)
                    .GroupBy(earlier => (CreateTarget)earlier.Change is var create ? (create.AdGroup, create.Match, TermText.Plain(create.Text)) : default)
                    .ToDictionary(group => group.Key, group => group.Min(earlier => DaysSince(earlier.At)));
                foreach (var target in Workspace.Targets)
                {
                    if (clicksOf.GetValueOrDefault(target.Id) < 20 && made.TryGetValue((target.AdGroup, target.Match, TermText.Plain(target.Text)), out var days)) sum += SpendOfWeekBy(target.Id) / Math.Clamp(Math.Floor(days), 1, 7);
                }

                return sum;
            }
        }

        private Campaign After(Campaign campaign)
        {
            foreach (var change in applied.OfType<SetPlacement>().Where(change => change.Campaign == campaign.Id))
            {
                campaign = change.Placement switch
                {
                    Placement.TopOfSearch => campaign with { TopOfSearchPercent = change.AfterPercent },
                    Placement.RestOfSearch => campaign with { RestOfSearchPercent = change.AfterPercent },
                    Placement.ProductPages => campaign with { ProductPagesPercent = change.AfterPercent },
                };
            }

            return campaign;
        }

        private static bool Holds(string term, string words) => $" {term} ".Contains($" {words} ", StringComparison.Ordinal);

        private bool Sells(Sku sku) => (!stock.TryGetValue(sku, out var left) || left.Units > 0) && !notBuyable.Contains(sku);

        public bool CanSell(AdGroupId group) => products.TryGetValue(group, out var sku) && Sells(sku);

        public bool HasOwnTarget(AddNegative negative) => negative.AdGroup is { } group && Workspace.Targets.Any(target => target.State == EntityState.Enabled && target.Match == OwnMatch(negative) && target.AdGroup != group
            && string.Equals(target.Text.Trim(), negative.Text.Trim(), StringComparison.OrdinalIgnoreCase) && SameProduct(target.AdGroup, group));

        /// <summary>Do budgets of this sum, with one day of overdelivery, exceed what is left of the month, or the seller's cap of a day?</summary>
        public bool BudgetsExceed(decimal sum)
        {
            var left = DateTime.DaysInMonth(Workspace.Today.Year, Workspace.Today.Month) - Workspace.Today.Day + 1;
            if (Workspace.HeldMonth is { } held && held.Amount <= Workspace.Settings.MonthlyBudget.Amount && left > HeldDays) left = HeldDays;
            return sum * (left + 1) > Math.Max(0, Workspace.Settings.MonthlyBudget.Amount - Math.Max(0, MonthToDate)) + 0.02m
                || (Workspace.Settings.DailyCap is { } cap && sum * (decimal)Overdelivery > cap.Amount + 0.02m);
        }

        /// <summary>Value when the day began, a week ago, and days since the last change.</summary>
        public (decimal Day, decimal Week, double IdleDays) Earlier(string key, decimal current)
        {
            // What was lowered to keep a day's cap still counts as standing where it stood.
            var (stands, heldAt) = (new List<(AppliedChange Applied, decimal Stood)>(), (decimal?)null);
            foreach (var applied in changes[key].OrderBy(applied => applied.At))
            {
                var stood = applied.Change switch { SetBid bid => bid.Before.Amount, SetBudget budget => budget.Before.Amount, SetPlacement placement => placement.BeforePercent, _ => current };
                if (applied.Module == Module.Intraday) heldAt ??= stood;
                else
                {
                    stands.Add((applied, heldAt ?? stood));
                    heldAt = null;
                }
            }

            var (day, week, idle) = (heldAt ?? current, heldAt ?? current, double.PositiveInfinity);
            foreach (var (applied, stood) in Enumerable.Reverse(stands))
            {
                var ago = now - applied.At;
                idle = Math.Min(idle, ago.TotalDays);
                if (ago.TotalHours < 20) day = stood;
                if (ago.TotalDays < (applied.Change is SetPlacement ? 6.6 : 7)) week = stood;
            }

            return (day, week, idle);
        }

        /// <summary>A raise to no more than the bid from which cuts for want of stock began, within a week of the first such raise, and no person in between.</summary>
        public bool IsReturn(SetBid raise)
        {
            if (raise.After <= raise.Before || !CanSell(raise.AdGroup)) return false;
            var own = changes[raise.EntityKey].Where(applied => applied.At <= now && applied.Change is SetBid).OrderByDescending(applied => applied.At)
                .TakeWhile(applied => !applied.ByPerson).ToList();
            decimal stood = 0;
            DateTimeOffset? first = null;
            foreach (var applied in Enumerable.Reverse(own))
            {
                var bid = (SetBid)applied.Change;
                if (bid.After < bid.Before && applied.Reason == ReasonCode.LowStock) (stood, first) = (stood == 0 ? bid.Before.Amount : stood, null);
                else if (stood > 0 && bid.After.Amount >= stood) (stood, first) = (0, null);
                else if (bid.After > bid.Before) first ??= applied.At;
            }

            return raise.After.Amount <= stood && !(now - first >= TimeSpan.FromDays(7));
        }

        /// <summary>What the new target is expected to cost beyond what the term costs in its source.</summary>
        public double NewSpend(CreateTarget create)
        {
            if (!products.TryGetValue(create.AdGroup, out var sku)) return double.PositiveInfinity;
            var source = terms.Where(pair => pair.Key.Term == TermText.Plain(create.Text) && products.TryGetValue(pair.Key.Group, out var other) && other == sku && Targets.ContainsKey(pair.Value.Source))
                .OrderByDescending(pair => pair.Value.Clicks).ThenBy(pair => pair.Key.Group.Value).Select(pair => pair.Value).FirstOrDefault();
            if (source.Clicks == 0 || Targets[source.Source].Bid.Amount <= 0) return 0;
            return Math.Max(0, source.Cost30 / 30 * (Math.Pow((double)(create.Bid.Amount / Targets[source.Source].Bid.Amount), Response) - 1));
        }

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
                if (age < rowsOfWeek.Length) rowsOfWeek[age]++;
                if (age is >= 7 and < 21) (maturedCost, maturedSales) = (maturedCost + cost, maturedSales + facts.Sales[row] / 1e6);
                if (age < spentOn.Length) (spentOn[age], clickedOn[age], shownOn[age]) = (spentOn[age] + cost, clickedOn[age] + facts.Clicks[row], shownOn[age] + facts.Impressions[row]);
                if (age < 30)
                {
                    clicks30 += facts.Clicks[row];
                    clicksOf[new(ids[row])] = clicksOf.GetValueOrDefault(new(ids[row])) + facts.Clicks[row];
                    if (products.TryGetValue(new(groups[row]), out var advertised) && economics[advertised].BreakEvenAcos is { } share) (marginWeighted, marginWeight) = (marginWeighted + cost * share, marginWeight + cost);
                }

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
            var words = texts.Words.Select(TermText.Plain).ToArray();
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
                var most = target is not null && (sum.Source == default || facts.Clicks[row] > sum.Most || (facts.Clicks[row] == sum.Most && target.Id.Value < sum.Source.Value));
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

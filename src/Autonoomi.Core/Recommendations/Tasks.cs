using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Recommendations;

/// <param name="Entry">Catalogue id.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Product">The product, where it is about one.</param>
/// <param name="Evidence">Every number that its text shows.</param>
/// <param name="AtStake">Money over 30 days.</param>
internal sealed record PersonTask(string Entry, string Subject, Sku? Product, Evidence Evidence, Money AtStake);

/// <summary>What only a person can do, found in the same estimates that decide.</summary>
internal static class Tasks
{
    private const int RecentDays = ProductRates.RecentDays, EarlierDays = ProductRates.EarlierDays;
    private const double FewestExpected = 8;
    private const double DropChance = 0.005;
    private const double BrandShare = 0.03;
    private const double WeakListing = 0.7;
    private const double WeakListingChance = 0.9;
    private const double FewestClicks = 100;
    private const double RiskyMultiple = 3;
    private const int EventDays = 21;

    public static IEnumerable<PersonTask> Of(Situation situation, Decision decision)
    {
        var tasks = new List<PersonTask>();
        var rates = new ProductRates(situation);
        AddOverstock(situation, rates, tasks);
        AddHiddenOffers(situation, rates, tasks);
        AddLostBoxes(situation, rates, tasks);
        AddDrops(situation, rates, tasks);
        AddEvents(situation, tasks);
        AddDayparts(situation, decision, tasks);
        AddBrand(situation, tasks);
        AddMissingCosts(situation, rates, tasks);
        AddUnreachable(situation, tasks);
        AddMixedGroups(situation, tasks);
        AddWeakListings(situation, rates, tasks);
        AddRisks(situation, tasks);
        AddPaused(situation, tasks);
        return tasks;
    }

    // R16: a goal is a person's choice; where it is in force already there is nothing to ask.
    private static void AddOverstock(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var (measured, goals) = (situation.Measured, new GoalBook(situation.Measured.Structure));
        for (var product = 0; product < measured.Products.Length; product++)
        {
            if (rates.Spend30[product] <= 0 || goals.Of[product].Kind == GoalKind.ClearStock) continue;
            if (Overstock.Of(situation.Stock, measured, product) is not { Excess: > 0 } stock) continue;
            List<EvidenceValue> evidence = [new("unitsInStock", stock.Units, "units"), new("unitsTooMany", Math.Round(stock.Excess), "units"), Money(situation, "storageNextMonth", stock.Storage)];
            if (stock.UnitsADay > 0) evidence.Add(new("coverDays", stock.Units / stock.UnitsADay, "days"));
            if (stock.OldLeft > 0)
            {
                evidence.Add(new("oldUnits", stock.OldUnits, "units"));
                evidence.Add(new("oldAfterDays", StockPlans.OldAfterDays, "days"));
            }

            Add(into, situation, "R16", measured.Structure.Products[product], [.. evidence], stock.Cost);
        }
    }

    // R17
    private static void AddHiddenOffers(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        foreach (var listing in workspace.Listings.Where(listing => !listing.Buyable).OrderBy(listing => listing.Sku.Value, StringComparer.Ordinal))
        {
            if (measured.Structure.Product(listing.Sku) is not (>= 0 and var product)) continue;
            var spend = rates.Spend7[product];
            if (spend > 0) Add(into, situation, "R17", listing.Sku, [Money(situation, "spend7", spend)], spend / 7 * 30);
        }
    }

    // R17 again: an offer that can be bought, but stands behind another seller's on its own page.
    private static void AddLostBoxes(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var structure = situation.Measured.Structure;
        var box = new BuyBox(situation.Workspace, structure);
        var hidden = situation.Workspace.Listings.Where(listing => !listing.Buyable).Select(listing => listing.Sku).ToHashSet();
        for (var product = 0; product < box.Share.Length; product++)
        {
            var spend = rates.Spend7[product];
            if (!box.IsLost(product) || spend <= 0 || hidden.Contains(structure.Products[product])) continue;
            Add(into, situation, "R17", structure.Products[product],
                [Money(situation, "spend7", spend), new("buyBoxShare", box.Share[product], "fraction"), new("pageViews", box.Views[product], "count"), new("days", BuyBox.Days, "days")], (1 - box.Share[product]) * spend / 7 * 30);
        }
    }

    // R18
    private static void AddDrops(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var products = situation.Measured.Structure.Products;
        for (var product = 0; product < products.Length; product++)
        {
            if (situation.Measured.Products[product] is not { IsKnown: true } economics || rates.EarlierClicks[product] <= 0) continue;
            var expected = rates.EarlierOrders[product] / rates.EarlierClicks[product] * rates.RecentClicks[product];
            if (expected < FewestExpected) continue;
            var seen = rates.RecentOrders[product];

            // The earlier rate is uncertain too: as wide as both windows together make it.
            var deviation = Math.Sqrt(expected * (1 + rates.RecentClicks[product] / rates.EarlierClicks[product]));
            var luck = Normal.CDF(expected, deviation, seen);
            if (luck > DropChance) continue;
            Add(into, situation, "R18", products[product],
                [
                    new("orders", seen, "orders"), new("ordersExpected", expected, "orders"), new("clicks", rates.RecentClicks[product], "clicks"), new("days", RecentDays, "days"),
                    new("chanceOfLuck", luck, "fraction"), Money(situation, "contribution", economics.ContributionPerOrder),
                ],
                Math.Max(0, economics.ContributionPerOrder) * (expected - seen) / RecentDays * 30);
        }
    }

    // R19
    private static void AddEvents(Situation situation, List<PersonTask> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        foreach (var planned in workspace.Settings.Events.OrderBy(planned => planned.FirstDay).ThenBy(planned => planned.Name, StringComparer.Ordinal))
        {
            var away = planned.FirstDay.DayNumber - workspace.Today.DayNumber;
            if (away is < 1 or > EventDays) continue;
            double value = 0, cost = 0;
            for (var target = 0; target < measured.Clicks30.Length; target++)
            {
                if (double.IsNaN(measured.Contribution[target])) continue;
                value += measured.Clicks30[target] * measured.ClickValue(target);
                cost += measured.Cost30[target];
            }

            var days = planned.LastDay.DayNumber - planned.FirstDay.DayNumber + 1;
            var more = days / 30.0 * (planned.Demand * (value * planned.Conversion - cost) - (value - cost));
            Add(into, situation, "R19", planned.Name, null,
                [new("daysAway", away, "days"), new("eventDays", days, "days"), new("demand", planned.Demand, "factor"), new("conversion", planned.Conversion, "factor"), new("event", double.NaN, "text", planned.Name)], more);
        }
    }

    // R14: the hours that stand out most; a person enters the schedule.
    private static void AddDayparts(Situation situation, Decision decision, List<PersonTask> into)
    {
        foreach (var plan in decision.Dayparts)
        {
            var block = plan.Blocks.MaxBy(block => Math.Abs(block.Worth - 1))!;
            var name = situation.Workspace.Campaigns[situation.Measured.Structure.Campaign(plan.Campaign)].Name;
            Add(into, situation, "R14", plan.Campaign.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), null,
                [
                    new("fromHour", block.FromHour, "hours"), new("untilHour", block.UntilHour, "hours"), new("worth", block.Worth, "factor"), new("worthLow", block.Low, "factor"), new("worthHigh", block.High, "factor"),
                    new("baseFactor", plan.BaseFactor, "factor"), new("increase", block.IncreasePercent / 100.0, "fraction"), new("campaign", double.NaN, "text", name),
                ],
                (double)plan.Effect.Mean.Amount);
        }
    }

    // R20: a test pays for itself only where a good part of the money may be for nothing.
    private static void AddBrand(Situation situation, List<PersonTask> into)
    {
        if (situation.Workspace.Settings.CountIncrementality || BrandSearches.Spend(situation) is not { } brand) return;
        var spend = situation.Measured.Cost30.Sum();
        if (spend <= 0 || brand / spend <= BrandShare) return;
        Add(into, situation, "R20", "brand", null,
            [Money(situation, "spendOnOwnBrand", brand), new("shareOfSpend", brand / spend, "fraction"), new("shareThatTheAdsBring", Incrementality.OwnBrand, "fraction")], (1 - Incrementality.OwnBrand) * brand);
    }

    // R22
    private static void AddMissingCosts(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var measured = situation.Measured;
        for (var product = 0; product < measured.Products.Length; product++)
        {
            if (measured.Products[product] is { IsKnown: true }) continue;
            var spend = rates.Spend30[product];
            if (spend > 0) Add(into, situation, "R22", measured.Structure.Products[product], [Money(situation, "spend30", spend)], spend);
        }
    }

    // R24: what is given up is the profit of the best point of the same frontier.
    private static void AddUnreachable(Situation situation, List<PersonTask> into)
    {
        if (situation.Worth.AcosGroups.All(group => group.IsFeasible)) return;
        foreach (var frontier in Frontier.Of(situation).Where(frontier => !frontier.IsFeasible && frontier.MostProfit is not null))
        {
            var now = frontier.Points.Single(point => point.Multiple == 1);
            Add(into, situation, "R24", frontier.Product?.Value ?? "storefront", frontier.Product,
                [new("goal", frontier.Target!.Value, "fraction"), new("lowestAcos", now.Acos, "fraction")], (double)(frontier.MostProfit!.Profit - now.Profit).Amount);
        }
    }

    // R25
    private static void AddMixedGroups(Situation situation, List<PersonTask> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var mixedGroups = MixedGroups.Of(workspace, measured.Structure);
        if (mixedGroups.Count == 0) return;
        var spent = new double[workspace.AdGroups.Length];
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (measured.Structure.TargetGroup[target] is >= 0 and var group) spent[group] += measured.Cost30[target];
        }

        foreach (var mixed in mixedGroups)
        {
            var (group, spend) = (workspace.AdGroups[mixed.AdGroup], spent[mixed.AdGroup]);
            if (spend > 0) Add(into, situation, "R25", group.Id.ToString(), null, [Money(situation, "lowestPrice", mixed.Lowest), Money(situation, "highestPrice", mixed.Highest), Money(situation, "spend30", spend), new("adGroup", double.NaN, "text", group.Name)], spend);
        }
    }

    // R28: no category figure is reported to sellers, so the seller's other products are the measure.
    private static void AddWeakListings(Situation situation, ProductRates rates, List<PersonTask> into)
    {
        var (clicks, orders) = (rates.RecentClicks.Sum() + rates.EarlierClicks.Sum(), rates.RecentOrders.Sum() + rates.EarlierOrders.Sum());
        for (var product = 0; product < rates.RecentClicks.Length; product++)
        {
            if (situation.Measured.Products[product] is not { IsKnown: true, ContributionPerOrder: > 0 } economics) continue;
            var (own, sold) = (rates.RecentClicks[product] + rates.EarlierClicks[product], rates.RecentOrders[product] + rates.EarlierOrders[product]);
            var (otherClicks, otherOrders) = (clicks - own, orders - sold);
            if (own < FewestClicks || otherClicks < FewestClicks || otherOrders < FewestExpected) continue;
            var usual = otherOrders / otherClicks;
            var posterior = Posterior.Of(Math.Max(0, sold), Math.Max(own, sold / 3), Math.Clamp(usual, 1e-4, 0.6), 20);
            if (posterior.Cdf(WeakListing * usual) < WeakListingChance) continue;
            Add(into, situation, "R28", situation.Measured.Structure.Products[product],
                [
                    new("clicks", own, "clicks"), new("orders", sold, "orders"), new("ordersPerClick", sold / own, "fraction"), new("usualOrdersPerClick", usual, "fraction"),
                    new("chanceThatItIsWeak", posterior.Cdf(WeakListing * usual), "fraction"), new("aim", WeakListing, "fraction"), Money(situation, "contribution", economics.ContributionPerOrder),
                ],
                (WeakListing * usual - posterior.Mean) * own / (RecentDays + EarlierDays) * 30 * economics.ContributionPerOrder);
        }
    }

    // R29: one task a campaign; the dearest possible click speaks for it.
    private static void AddRisks(Situation situation, List<PersonTask> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var (worst, excess, risky) = (new int[workspace.Campaigns.Length], new double[workspace.Campaigns.Length], new double[workspace.Campaigns.Length]);
        Array.Fill(worst, -1);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            var campaign = measured.Structure.TargetCampaign[target];
            if (!measured.IsDecidable(target) || measured.Clicks30[target] <= 0) continue;
            var over = Measurement.WorstMultiplier(workspace.Campaigns[campaign]) * (double)workspace.Targets[target].Bid.Amount - RiskyMultiple * measured.ClickValue(target);

            // A bid that is too high by itself is lowered anyway; this is about what multiplies it.
            if (over <= 0 || (double)workspace.Targets[target].Bid.Amount > RiskyMultiple * measured.ClickValue(target)) continue;
            risky[campaign] += over * measured.Clicks30[target];
            if (worst[campaign] < 0 || over > excess[campaign]) (worst[campaign], excess[campaign]) = (target, over);
        }

        for (var campaign = 0; campaign < worst.Length; campaign++)
        {
            if (worst[campaign] is not (>= 0 and var target)) continue;
            var bid = (double)workspace.Targets[target].Bid.Amount;
            var multiple = Measurement.WorstMultiplier(workspace.Campaigns[campaign]);
            Add(into, situation, "R29", workspace.Campaigns[campaign].Id.ToString(), null,
                [Money(situation, "bid", bid), new("multiplier", multiple, "factor"), Money(situation, "dearestClick", bid * multiple), Money(situation, "clickValue", measured.ClickValue(target)), new("campaign", double.NaN, "text", workspace.Campaigns[campaign].Name)],
                risky[campaign]);
        }
    }

    // R27: what a person paused, a person starts again.
    private static void AddPaused(Situation situation, List<PersonTask> into)
    {
        foreach (var (index, inputs) in PausedTargets.ThatWouldPay(situation))
        {
            var target = situation.Workspace.Targets[index];
            Add(into, situation, "R27", target.Id.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), situation.Measured.Structure.Products[situation.Measured.Structure.TargetProduct[index]],
                [
                    new("clicks", inputs.Clicks, "clicks"), new("orders", inputs.Orders, "orders"), Money(situation, "clickValue", inputs.ClickValue), Money(situation, "clickPrice", inputs.ClickPrice),
                    new("chanceToPay", inputs.ChanceToPay, "fraction"), new("target", double.NaN, "text", target.Text.Length > 0 ? target.Text : target.Match.ToString()),
                ],
                (double)inputs.Effect(situation.Workspace.Marketplace.Currency).Mean.Amount);
        }
    }

    private static EvidenceValue Money(Situation situation, string name, double amount) => new(name, amount, situation.Workspace.Marketplace.Currency.Code);

    private static void Add(List<PersonTask> into, Situation situation, string entry, Sku product, EvidenceValue[] evidence, double atStake) => Add(into, situation, entry, product.Value, product, evidence, atStake);

    private static void Add(List<PersonTask> into, Situation situation, string entry, string subject, Sku? product, EvidenceValue[] evidence, double atStake)
    {
        var amount = HealthScore.Amount(atStake, situation.Workspace.Marketplace.Currency);
        into.Add(new PersonTask(entry, subject, product, new Evidence([.. evidence, new("atStake", (double)amount.Amount, amount.Currency.Code)]), amount));
    }
}

/// <summary>Clicks and orders of two settled weeks and the eight before, product by product; clicks are those whose orders are visible.</summary>
internal sealed class ProductRates
{
    /// <summary>Fresher days lack orders that are still to come.</summary>
    private const int FreshestAge = 2;
    public const int RecentDays = 14, EarlierDays = 56;

    public ProductRates(Situation situation)
    {
        var measured = situation.Measured;
        var products = measured.Structure.Products.Length;
        (RecentClicks, RecentOrders, EarlierClicks, EarlierOrders) = (new double[products], new double[products], new double[products], new double[products]);
        (Spend7, Spend30) = (new double[products], new double[products]);
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is not (>= 0 and var advertised)) continue;
            Spend7[advertised] += measured.Cost7[target];
            Spend30[advertised] += measured.Cost30[target];
        }

        var table = situation.Workspace.TargetDays;
        var keys = table.Keys("ad_group_id");
        var maturityOf = measured.Structure.Groups(keys).Select(group => measured.MaturityOf(group < 0 ? -1 : measured.Structure.GroupCampaign[group])).ToArray();
        var productOf = measured.Structure.Groups(keys).Select(group => group < 0 ? -1 : measured.Structure.GroupProduct[group]).ToArray();
        var campaigns = table.Keys("campaign_id");
        var maturities = measured.Maturities(campaigns);
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var (age, product) = (situation.Workspace.Today.DayNumber - facts.Days[row] - 1 - FreshestAge, productOf[keys.Codes[row]]);
            if (age < 0 || age >= RecentDays + EarlierDays || product < 0) continue;
            var visible = maturities[campaigns.Codes[row]].VisibleShare(age + FreshestAge) * facts.Clicks[row];
            if (age < RecentDays)
            {
                RecentClicks[product] += visible;
                RecentOrders[product] += facts.Orders[row];
            }
            else
            {
                EarlierClicks[product] += visible;
                EarlierOrders[product] += facts.Orders[row];
            }
        }
    }

    /// <summary>Ad spend of the last 7 and 30 days.</summary>
    public double[] Spend7 { get; }
    public double[] Spend30 { get; }
    public double[] RecentClicks { get; }
    public double[] RecentOrders { get; }
    public double[] EarlierClicks { get; }
    public double[] EarlierOrders { get; }
}

using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Strategies;

/// <summary>What one product should be run for, and why.</summary>
/// <param name="Product">Which.</param>
/// <param name="Now">The goal in force.</param>
/// <param name="Suggested">The goal that its figures speak for; complete, so that it can be stored as it is.</param>
/// <param name="Evidence">Every number that its text shows.</param>
/// <param name="Profit">Contribution after ads over 30 days under the suggested goal, less that under plain profit.</param>
/// <param name="Sales">Ad sales over 30 days, the same difference.</param>
public sealed record StrategyProposal(Sku Product, Goal Now, Goal Suggested, Evidence Evidence, Effect Profit, Money Sales)
{
    /// <summary>True when the product is run for it already.</summary>
    public bool IsInForce => Now.Kind == Suggested.Kind;
}

/// <summary>A goal for every advertised product whose economics are known. See docs/maths/strategies.md.</summary>
internal static class StrategyAdvisor
{
    private const double LaunchCover = 30, GrowthCover = 45;
    private const int LaunchAge = 45, LaunchDays = 60, ClearDays = 60;
    private const double FewOrders = 50;
    private const double LowAcosOfBreakEven = 0.6;
    private const double GrowthShare = 0.05;

    // Until bids stand where profit wants them, more sales are to be had for nothing: growth is no question yet.
    private const double NearProfit = 0.15;
    private const double RankShare = 0.25;
    private const double KeepingShare = 0.30;
    private const double ElasticityDeviation = 0.5;
    private const double HighestRatio = 3;

    // Midpoints of eleven equally likely slices of the standard normal, and three points that carry mean and variance of the elasticity.
    private static readonly double[] Slices = [-1.6906, -1.0968, -0.7479, -0.4728, -0.2299, 0, 0.2299, 0.4728, 0.7479, 1.0968, 1.6906];
    private static readonly (double Shift, double Weight)[] Elasticities = [(-1.7320508075688772, 1.0 / 6), (0, 2.0 / 3), (1.7320508075688772, 1.0 / 6)];

    public static ImmutableArray<StrategyProposal> Of(Situation situation)
    {
        var measured = situation.Measured;
        var goals = new GoalBook(measured.Structure);
        var members = new List<int>?[measured.Structure.Products.Length];
        for (var target = 0; target < situation.Workspace.Targets.Length; target++)
        {
            if (measured.IsDecidable(target) && measured.Structure.TargetProduct[target] is >= 0 and var product) (members[product] ??= []).Add(target);
        }

        return [.. Enumerable.Range(0, members.Length).Where(product => members[product] is not null).Select(product => Advise(situation, product, members[product]!, goals.Of[product]))];
    }

    private static StrategyProposal Advise(Situation situation, int product, List<int> targets, Goal now)
    {
        var (measured, workspace, currency) = (situation.Measured, situation.Workspace, situation.Workspace.Marketplace.Currency);
        var economics = measured.Products[product]!;
        double spend = 0, clicks = 0, orders = 0, away = 0;
        var first = int.MaxValue;
        foreach (var target in targets)
        {
            spend += measured.Cost30[target];
            clicks += measured.Clicks30[target];
            orders += measured.Clicks30[target] * measured.PosteriorMean(target);
            if (measured.Cost30[target] > 0) away += measured.Cost30[target] * Math.Log(Math.Max(0.01, Ratio(situation, target, measured.ClickValue(target))));
            first = Math.Min(first, measured.FirstSeen[target]);
        }

        var age = first == int.MaxValue ? 0 : workspace.Today.DayNumber - first;
        var sales = orders * economics.UnitsPerOrder * economics.Price;
        var (breakEven, cover) = (economics.BreakEvenAcos ?? 0, situation.Stock.CoverDays[product]);
        var contribution = Math.Max(0, economics.ContributionPerOrder);
        var known = situation.Stock.HorizonDays[product] > 0;
        var stocked = !known || cover >= GrowthCover;
        var stock = Overstock.Of(situation.Stock, measured, product);

        // Without a single day of its own before the window a product may be old and only its ads' reports young.
        var young = age > 0 && age <= LaunchAge && measured.ProductOrders[product] < FewOrders;
        Goal suggested;
        double addition;
        if (economics.ContributionPerOrder <= 0) (suggested, addition) = (Goal.Profit, 0);
        else if (stock is { Excess: > 0 } && !double.IsInfinity(cover))
            (suggested, addition) = (new Goal(GoalKind.ClearStock) { From = workspace.Today, Until = workspace.Today.AddDays(ClearDays) }, KeepingShare * contribution);
        else if (young && (!known || cover >= LaunchCover))
            (suggested, addition) = (new Goal(GoalKind.Launch) { RankWorth = HealthScore.Amount(RankShare * contribution, currency), LossBudget = HealthScore.Amount(0, currency), From = workspace.Today, Until = workspace.Today.AddDays(LaunchDays) }, RankShare * contribution);
        else if (clicks >= 100 && sales > 0 && Math.Abs(away / spend) <= NearProfit && spend / sales <= LowAcosOfBreakEven * breakEven && stocked && situation.BudgetPrice == 0)
            (suggested, addition) = (new Goal(GoalKind.Grow) { GrowthShare = GrowthShare }, GrowthShare * economics.UnitsPerOrder * economics.Price);
        else (suggested, addition) = (Goal.Profit, 0);

        var (effect, moreSales) = EffectOf(situation, targets, product, addition);
        if (suggested.Kind == GoalKind.Launch)
        {
            // What the rank is bought for: the loss expected at worst over the whole launch, and never less than a unit of money.
            var loss = Math.Max(1, -(double)effect.Low.Amount) * LaunchDays / 30;
            suggested = suggested with { LossBudget = HealthScore.Amount(loss, currency) };
        }

        var evidence = ImmutableArray.CreateBuilder<EvidenceValue>();
        evidence.Add(new("spend30", spend, currency.Code));
        evidence.Add(new("orders30", orders, "orders"));
        if (sales > 0) evidence.Add(new("acos", spend / sales, "fraction"));
        evidence.Add(new("breakEvenAcos", breakEven, "fraction"));
        if (known && !double.IsInfinity(cover)) evidence.Add(new("coverDays", cover, "days"));
        if (stock is { OldLeft: > 0 } lying)
        {
            evidence.Add(new("oldUnits", lying.OldUnits, "units"));
            evidence.Add(new("oldAfterDays", StockPlans.OldAfterDays, "days"));
        }

        evidence.Add(new("advertisedDays", age, "days"));
        if (addition > 0) evidence.Add(new("worthBeyondProfit", addition, currency.Code));
        if (suggested.Kind == GoalKind.Grow) evidence.Add(new("growthShare", suggested.GrowthShare, "fraction"));
        if (suggested.LossBudget is { } most) evidence.Add(new("lossBudget", (double)most.Amount, currency.Code));
        if (suggested is { Until: { } until, From: { } from }) evidence.Add(new("goalDays", until.DayNumber - from.DayNumber, "days"));
        if (situation.BudgetPrice > 0) evidence.Add(new("budgetPrice", situation.BudgetPrice, "factor"));
        evidence.Add(new("moreSales", moreSales, currency.Code));
        return new StrategyProposal(measured.Structure.Products[product], now, suggested, new Evidence(evidence.ToImmutable()), effect, HealthScore.Amount(moreSales, currency));
    }

    // Profit and sales at the bids that the addition leads to, less those at the bids of plain profit.
    private static (Effect Profit, double Sales) EffectOf(Situation situation, List<int> targets, int product, double addition)
    {
        var (measured, settings) = (situation.Measured, situation.Settings);
        var (economics, currency) = (measured.Products[product]!, situation.Workspace.Marketplace.Currency);
        if (addition <= 0) return (Effects.Certain(0, currency), 0);
        var spread = 1 / Math.Sqrt(4 + measured.ProductOrders[product]);
        Span<(double, double)> points = stackalloc (double, double)[Slices.Length * Elasticities.Length];
        var (at, sales) = (0, 0.0);
        foreach (var (shift, weight) in Elasticities)
        {
            var elasticity = Math.Max(0.3, settings.ClickElasticity + shift * ElasticityDeviation);
            foreach (var slice in Slices)
            {
                double difference = 0, sold = 0;
                foreach (var target in targets)
                {
                    var contribution = measured.Contribution[target];
                    if (measured.Clicks30[target] <= 0 || contribution <= 0) continue;
                    var (clicks, price) = (measured.Clicks30[target], measured.ClickPrice(target));
                    var rate = measured.PosteriorMean(target);
                    var value = rate * contribution * Math.Exp(spread * slice - spread * spread / 2);
                    var (plain, pushed) = (Ratio(situation, target, rate * contribution), Ratio(situation, target, rate * (contribution + addition)));
                    difference += Profit(clicks, price, value, pushed, elasticity, settings.PriceElasticity) - Profit(clicks, price, value, plain, elasticity, settings.PriceElasticity);
                    sold += clicks * (Math.Pow(pushed, elasticity) - Math.Pow(plain, elasticity)) * rate;
                }

                points[at++] = (difference, weight / Slices.Length);
                sales += weight / Slices.Length * sold;
            }
        }

        return (Effects.Of(points, currency), sales * economics.UnitsPerOrder * economics.Price);
    }

    private static double Ratio(Situation situation, int target, double value)
    {
        var bid = (double)situation.Workspace.Targets[target].Bid.Amount;
        return bid <= 0 ? 1 : Math.Min(HighestRatio, Bidder.WantedBid(situation, target, value) / bid);
    }

    /// <summary>Contribution after ads of 30 days at another bid.</summary>
    /// <param name="clicks">Of 30 days at the bid in force.</param>
    /// <param name="price">Of a click at the bid in force.</param>
    /// <param name="value">Of a click.</param>
    /// <param name="ratio">The other bid over the one in force.</param>
    /// <param name="elasticity">Percent more clicks per percent more bid.</param>
    /// <param name="priceElasticity">Percent higher price per percent more bid.</param>
    internal static double Profit(double clicks, double price, double value, double ratio, double elasticity, double priceElasticity) =>
        clicks * Math.Pow(ratio, elasticity) * (value - price * Math.Pow(ratio, priceElasticity));
}

/// <summary>Why a goal is suggested, made of stored numbers alone.</summary>
public static class StrategyText
{
    public static string Sentence(StrategyProposal proposal)
    {
        var (evidence, currency) = (proposal.Evidence, proposal.Sales.Currency);
        string Money(string name) => Figure.Amount(new Money((decimal)Math.Clamp(evidence[name], -1e12, 1e12), currency));
        string Number(string name) => evidence[name].ToString("0", CultureInfo.InvariantCulture);
        var acos = evidence.Find("acos") is { } share ? $"ACoS is {Figure.Percent(share)} against a break-even of {Figure.Percent(evidence["breakEvenAcos"])}" : $"It has no ad sales yet; its break-even ACoS is {Figure.Percent(evidence["breakEvenAcos"])}";
        var trade = $"Against plain profit: {Figure.Range(proposal.Profit)} of profit and {Figure.Signed(proposal.Sales)} of ad sales a month.";
        return proposal.Suggested.Kind switch
        {
            GoalKind.ClearStock => $"Stock lasts {Number("coverDays")} days at today's sales{(evidence.Find("oldUnits") is null ? "" : $", and {Number("oldUnits")} units are older than {Number("oldAfterDays")} days, for which Amazon charges extra")}. For {Number("goalDays")} days an order may count {Money("worthBeyondProfit")} more, which is what keeping the goods would cost. {trade}",
            GoalKind.Launch => $"Advertised for {Number("advertisedDays")} days with few orders so far. For {Number("goalDays")} days an order may count {Money("worthBeyondProfit")} more for the rank that it brings, until {Money("lossBudget")} are lost. {trade}",
            GoalKind.Grow => $"{acos}, so sales can be bought that still pay: each may count {Figure.Percent(evidence["growthShare"])} of its revenue more. {trade}",
            _ => evidence.Find("budgetPrice") is > 0 ? $"{acos}. The month's budget binds, so every click has to earn its place." : $"{acos}. Nothing in its figures speaks for anything but profit.",
        };
    }
}

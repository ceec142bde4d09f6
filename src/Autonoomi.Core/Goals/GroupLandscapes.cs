using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core.Goals;

/// <summary>What targets cost and sell a day at the bid in force, from the last weeks, and the landscapes made of it.</summary>
internal sealed class GroupLandscapes
{
    private const int WindowDays = 21;
    private const double HalfLifeDays = 7;

    // Orders are attributed within seven days of the click: only older days tell how many there were.
    private const int MaturedAge = 8;
    private const int MaturedDays = 28;

    // A deviation within two standard deviations is luck, which the estimates have counted already; far beyond it is taken at its word.
    private const double LuckDeviations = 2;

    private readonly Measurement measured;
    private readonly StockPrices stock;
    private readonly OrderWorth worth;
    private readonly DecisionSettings settings;
    private readonly double[] cost;
    private readonly double[] clicks;
    private readonly double[] orders;
    private readonly double[] exposure;

    public GroupLandscapes(Measurement measured, StockPrices stock, OrderWorth worth, DecisionSettings settings)
    {
        (this.measured, this.stock, this.worth, this.settings) = (measured, stock, worth, settings);
        var targets = measured.Workspace.Targets.Length;
        (cost, clicks, orders, exposure) = (new double[targets], new double[targets], new double[targets], new double[targets]);
        Read();
    }

    /// <summary>Conversion of the last matured weeks over what the estimates, which look back much further, expect of the same clicks; 1 without any.</summary>
    public double Drift(IReadOnlyList<int> members)
    {
        double seen = 0, expected = 0;
        foreach (var target in members)
        {
            seen += orders[target];
            expected += exposure[target] * measured.PosteriorMean(target);
        }

        return Math.Pow(DriftOf(seen, expected), settings.GoalDriftWeight);
    }

    /// <summary>The positive part of a James–Stein estimate: ln(seen / expected), less of it the nearer it lies to luck.</summary>
    public static double DriftOf(double seen, double expected)
    {
        if (!(expected > 1)) return 1;
        var deviation = Math.Log(Math.Max(0.5, seen) / expected);
        var luck = LuckDeviations * LuckDeviations / expected;
        return deviation == 0 ? 1 : Math.Exp(deviation * Math.Max(0, 1 - (luck / (deviation * deviation))));
    }

    /// <param name="members">Positions of targets.</param>
    /// <param name="followsProfit">True where no bid passes what profit leads to, false where τ alone decides.</param>
    public SalesLandscape Of(IReadOnlyList<int> members, bool followsProfit)
    {
        var drift = Drift(members);
        var cells = new List<LandscapeCell>(members.Count);
        foreach (var target in members)
        {
            if (clicks[target] > 0) cells.Add(Cell(target, followsProfit, drift));
        }

        return new SalesLandscape(cells, settings.ClickElasticity, settings.PriceElasticity);
    }

    private LandscapeCell Cell(int target, bool followsProfit, double drift)
    {
        var rate = measured.PosteriorMean(target);
        var (sales, contribution) = (drift * rate * measured.OrderValue(target), double.IsNaN(measured.Contribution[target]) ? 0 : drift * rate * measured.Contribution[target]);
        var bid = (double)measured.Workspace.Targets[target].Bid.Amount;

        // Nobody moves it, but its cost and its sales count.
        if (bid <= 0 || !measured.IsDecidable(target)) return new LandscapeCell(cost[target], clicks[target], sales, contribution, 0, 0, 0, 1, 1);

        // The bid rule's own formula, without a step or a budget price.
        var perWorth = rate / (measured.MeanMultiplier[measured.Structure.TargetCampaign[target]] * bid);
        var price = stock.Price[measured.Structure.TargetProduct[target]];
        var byAcos = OrderWorth.Of(measured.Contribution[target], 0, price, 1, worth.Season[target], measured.OrderValue(target), acosOnly: true);
        var profitRatio = double.PositiveInfinity;
        if (followsProfit)
        {
            var byProfit = OrderWorth.Of(measured.Contribution[target], worth.Addition[target], price, worth.Incrementality[target], worth.Season[target], 0, acosOnly: false);
            profitRatio = perWorth * byProfit * Math.Clamp(Bidder.FreeShading(measured, settings, target, rate * byProfit), Bidder.LeastShading, Bidder.MostShading);
        }

        return new LandscapeCell(
            cost[target], clicks[target], sales, contribution, perWorth * byAcos, Bidder.FreeShading(measured, settings, target, rate * byAcos),
            double.IsNaN(measured.Suggested[target]) ? 0 : settings.MarketWeight, profitRatio, (double)measured.Workspace.Marketplace.MinimumBid / bid);
    }

    // Cost and clicks of each day, brought from the bid of that day to the bid in force.
    private void Read()
    {
        var workspace = measured.Workspace;
        var table = workspace.TargetDays;
        var keys = table.Keys("target_id");
        var targetOf = measured.Structure.Targets(keys);
        var campaignOf = measured.Structure.TargetCampaign;
        var facts = new AdColumns(table);
        var today = workspace.Today.DayNumber;
        var histories = new BidHistory?[workspace.Targets.Length];
        double days = 0;
        var weights = new double[WindowDays];
        for (var age = 0; age < WindowDays; age++) days += weights[age] = Math.Pow(0.5, age / HalfLifeDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today - facts.Days[row] - 1;
            if (age is < 0 or >= MaturedAge + MaturedDays || targetOf[keys.Codes[row]] is not (>= 0 and var target)) continue;
            if (age >= MaturedAge)
            {
                exposure[target] += facts.Clicks[row] * measured.MaturityOf(measured.Structure.TargetCampaign[target]).VisibleShare(age);
                orders[target] += facts.Orders[row];
            }

            if (age >= WindowDays) continue;
            var bid = workspace.Targets[target].Bid.Amount;
            var history = histories[target] ??= measured.History.Bid($"target:{workspace.Targets[target].Id.Value}:bid", bid);
            var then = history.At(age + 0.5, bid);
            var (weight, moreClicks, morePrice) = (weights[age] / days, 1.0, 1.0);
            if (then > 0 && then != bid)
            {
                var more = Math.Clamp((double)(bid / then), 0.05, 20);
                (moreClicks, morePrice) = (Math.Pow(more, settings.ClickElasticity), Math.Pow(more, settings.PriceElasticity));
            }

            clicks[target] += weight * facts.Clicks[row] * moreClicks;
            cost[target] += weight * facts.Cost[row] / 1e6 * moreClicks * morePrice;
        }
    }
}

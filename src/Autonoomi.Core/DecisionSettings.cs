namespace Autonoomi.Core;

/// <summary>Every number of the optimiser that may be tuned, with its range. Sellers' own limits live in StorefrontSettings.</summary>
public sealed record DecisionSettings
{
    public static DecisionSettings Default { get; } = new();

    /// <summary>Share of a click's value that is bid, 0.30 to 0.95.</summary>
    public double Shading { get; init; } = 0.67;

    /// <summary>How far the market's level, Amazon's median suggestion, moves the share that is bid: 0 not at all, 1 the suggestion decides; 0 to 1.</summary>
    public double MarketWeight { get; init; } = 0.3;

    /// <summary>How far a target's own price per click over its bid moves the share that is bid, 0 to 1.</summary>
    public double PriceWeight { get; init; } = 0.7;

    /// <summary>How much of what words tell enters the prior rates of keywords, 0 to 1.</summary>
    public double WordWeight { get; init; } = 1;

    /// <summary>Largest bid move a day as a fraction, 0.10 to 0.50.</summary>
    public double DailyStep { get; init; } = 0.25;

    /// <summary>As <see cref="DailyStep"/>, in the first seven days of management where the estimate is firm; 0.10 to 0.50.</summary>
    public double FirstWeekStep { get; init; } = 0.40;

    /// <summary>Largest rise over seven days as a fraction, 0.10 to 1.</summary>
    public double WeeklyRise { get; init; } = 0.60;

    /// <summary>Smaller relative bid moves are not made, 0.01 to 0.05.</summary>
    public double DeadBand { get; init; } = 0.02;

    /// <summary>Days after which a click counts half, 30 to 400.</summary>
    public double HalfLifeDays { get; init; } = 200;

    /// <summary>Percent more clicks per percent more bid, 0.6 to 3.</summary>
    public double ClickElasticity { get; init; } = 1.4;

    /// <summary>Percent higher price per click per percent more bid, 0.6 to 1.</summary>
    public double PriceElasticity { get; init; } = 0.9;

    /// <summary>Daily budget over planned spend, 1 to 1.3.</summary>
    public double BudgetHeadroom { get; init; } = 1.15;

    /// <summary>How far the price of money moves bids where a month's budget binds: 0 not at all, 1 fully.</summary>
    public double BudgetPriceWeight { get; init; } = 1;

    /// <summary>Share of the month's rest kept back until three days before its end, 0 to 0.2.</summary>
    public double BudgetReserve { get; init; } = 0.02;

    /// <summary>Share of a day's demand taken to be served where a campaign ran out of budget and its hours are not reported, 0.3 to 1.</summary>
    public double ServedShare { get; init; } = 0.5;

    /// <summary>Largest budget move a day as a fraction, 0.05 to 0.5.</summary>
    public double BudgetStep { get; init; } = 0.25;

    /// <summary>Pseudo-clicks that pull a placement's conversion towards 1, 50 to 5,000.</summary>
    public double PlacementPseudoClicks { get; init; } = 500;

    /// <summary>Largest weekly move of a placement increase in points, 0 to 100; 0 leaves placements alone.</summary>
    public double PlacementStep { get; init; } = 25;

    /// <summary>Largest posterior chance of paying off at which a term is negated, 0 (never) to 0.2.</summary>
    public double NegationChance { get; init; } = 0.05;

    /// <summary>Evidence (e-value) that a term must reach before it is negated, 5 to 1000.</summary>
    public double NegationEvidence { get; init; } = 20;

    /// <summary>Chance that a term's value beats its price before it gets its own target, 0.6 to 1 (never).</summary>
    public double HarvestChance { get; init; } = 0.80;

    /// <summary>Smallest effect worth a structural change: currency units a month at price levels of USD, 0.1 to 100. Scaled by the storefront's prices.</summary>
    public double MinimumGain { get; init; } = 1.0;

    /// <summary>Bids a day at most, 1 to 100,000.</summary>
    public int MaximumBidsPerDay { get; init; } = 5_000;

    /// <summary>New targets and negatives a day at most, 0 to 10,000.</summary>
    public int MaximumStructuresPerDay { get; init; } = 100;

    /// <summary>Share of products left untouched for comparison where the seller's own setting asks for less, 0 to 0.2.</summary>
    public double HoldOutShare { get; init; }

    /// <summary>Evidence (e-value) that a cohort of changes made things worse at which it is taken back, 5 to 1,000,000.</summary>
    public double RollbackEvidence { get; init; } = 20;

    /// <summary>How far incrementality counts where the seller asks for it: 0 not at all, 1 fully.</summary>
    public double IncrementalityWeight { get; init; } = 1;

    /// <summary>How far the price of scarce units counts: 0 not at all, 1 fully. Half: delivery dates are guesses, and sales for ads keep the rank that organic sales live on.</summary>
    public double InventoryWeight { get; init; } = 0.5;

    /// <summary>How far the day's readiness to buy moves bids: 0 not at all, 1 fully.</summary>
    public double SeasonWeight { get; init; } = 1;

    /// <summary>How far days at another price count less and are told in today's: 0 not at all, 1 fully.</summary>
    public double PriceHistoryWeight { get; init; } = 1;

    /// <summary>How far a change of conversion in the last matured weeks moves what ACoS goals lead to: 0 not at all, 1 fully.</summary>
    public double GoalDriftWeight { get; init; } = 1;

    /// <summary>0 leaves looser targets open to terms with a target of their own, 1 closes them where that pays.</summary>
    public int CloseDuplicates { get; init; } = 1;

    /// <summary>How far hours move bids in a plan by the hour: 0 not at all, 1 fully.</summary>
    public double DaypartWeight { get; init; } = 1;

    /// <summary>Expected orders that the belief "all hours are alike" is worth, 10 to 500.</summary>
    public double DaypartPseudoOrders { get; init; } = 40;

    /// <summary>Smallest gain of a plan by the hour over the campaign's profit, 0 to 0.5.</summary>
    public double DaypartMinimumGain { get; init; } = 0.02;

    /// <summary>Orders that the assumed delay of orders counts for against what the storefront's own restatements show, 20 to 1,000,000,000 (as good as never learning).</summary>
    public double DelayPseudoOrders { get; init; } = 200;

    /// <summary>Smallest gain worth a target of its own, as a share of the product's profit of 30 days, 0 to 0.05.</summary>
    public double HarvestProfitShare { get; init; } = 0.001;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its documented range, or not a number.</exception>
    public void Validate()
    {
        Within(Shading, 0.30, 0.95, nameof(Shading));
        Within(MarketWeight, 0, 1, nameof(MarketWeight));
        Within(PriceWeight, 0, 1, nameof(PriceWeight));
        Within(WordWeight, 0, 1, nameof(WordWeight));
        Within(BudgetPriceWeight, 0, 1, nameof(BudgetPriceWeight));
        Within(PriceHistoryWeight, 0, 1, nameof(PriceHistoryWeight));
        Within(GoalDriftWeight, 0, 1, nameof(GoalDriftWeight));
        Within(CloseDuplicates, 0, 1, nameof(CloseDuplicates));
        Within(DailyStep, 0.10, 0.50, nameof(DailyStep));
        Within(FirstWeekStep, 0.10, 0.50, nameof(FirstWeekStep));
        Within(WeeklyRise, 0.10, 1, nameof(WeeklyRise));
        Within(DeadBand, 0.01, 0.05, nameof(DeadBand));
        Within(HalfLifeDays, 30, 400, nameof(HalfLifeDays));
        Within(ClickElasticity, 0.6, 3, nameof(ClickElasticity));
        Within(PriceElasticity, 0.6, 1, nameof(PriceElasticity));
        Within(BudgetHeadroom, 1, 1.3, nameof(BudgetHeadroom));
        Within(BudgetReserve, 0, 0.2, nameof(BudgetReserve));
        Within(ServedShare, 0.3, 1, nameof(ServedShare));
        Within(BudgetStep, 0.05, 0.5, nameof(BudgetStep));
        Within(PlacementPseudoClicks, 50, 5_000, nameof(PlacementPseudoClicks));
        Within(PlacementStep, 0, 100, nameof(PlacementStep));
        Within(NegationChance, 0, 0.2, nameof(NegationChance));
        Within(NegationEvidence, 5, 1000, nameof(NegationEvidence));
        Within(HarvestChance, 0.6, 1, nameof(HarvestChance));
        Within(MinimumGain, 0.1, 100, nameof(MinimumGain));
        Within(MaximumBidsPerDay, 1, 100_000, nameof(MaximumBidsPerDay));
        Within(MaximumStructuresPerDay, 0, 10_000, nameof(MaximumStructuresPerDay));
        Within(HoldOutShare, 0, 0.2, nameof(HoldOutShare));
        Within(RollbackEvidence, 5, 1_000_000, nameof(RollbackEvidence));
        Within(IncrementalityWeight, 0, 1, nameof(IncrementalityWeight));
        Within(InventoryWeight, 0, 1, nameof(InventoryWeight));
        Within(SeasonWeight, 0, 1, nameof(SeasonWeight));
        Within(DelayPseudoOrders, 20, 1e9, nameof(DelayPseudoOrders));
        Within(HarvestProfitShare, 0, 0.05, nameof(HarvestProfitShare));
        Within(DaypartWeight, 0, 1, nameof(DaypartWeight));
        Within(DaypartPseudoOrders, 10, 500, nameof(DaypartPseudoOrders));
        Within(DaypartMinimumGain, 0, 0.5, nameof(DaypartMinimumGain));
    }

    private static void Within(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high)) throw new ArgumentOutOfRangeException(name, value, $"{name} lies between {low} and {high}.");
    }
}

namespace Autonoomi.Lab.Oracles;

/// <summary>Which relaxed oracle is asked for; the defaults are plain profit without constraints.</summary>
internal sealed record OracleOptions
{
    /// <summary>Ceiling of the spend in each calendar month, in the storefront's currency (S7); null when money never runs out.</summary>
    public decimal? MonthlyCap { get; init; }

    /// <summary>True counts of an order only what would not have come without the ad (S10).</summary>
    public bool Incremental { get; init; }

    /// <summary>Spend over sales that must hold over the whole study while sales are maximised (S12), as a fraction; null maximises profit.</summary>
    public double? AcosCeiling { get; init; }

    /// <summary>True couples the days through each product's shelf (O4, S4); false serves every shopper of every day.</summary>
    public bool StockBinds { get; init; }
}

/// <summary>What the relaxed oracle makes of one world; amounts in the storefront's currency, one entry per managed day.</summary>
internal sealed record OracleResult
{
    /// <summary>Expected profit (incremental profit when so asked) of the plan found.</summary>
    public required IReadOnlyList<double> Profit { get; init; }

    public required IReadOnlyList<double> Spend { get; init; }

    public required IReadOnlyList<double> Sales { get; init; }

    /// <summary>
    /// What no policy can pass over the whole study: the dual value where a constraint couples the days, the sum of the days otherwise.
    /// Profit, except under an ACoS ceiling, where it counts sales.
    /// </summary>
    public required double Bound { get; init; }

    /// <summary>The same objective for the plan found, which keeps the constraints: at most <see cref="Bound"/>.</summary>
    public required double Found { get; init; }

    /// <summary>Price of one unit of money by month in order, empty without a cap.</summary>
    public IReadOnlyList<double> BudgetPrices { get; init; } = [];

    /// <summary>Price of one unit of stock by product, in the storefront's currency; empty unless stock binds.</summary>
    public IReadOnlyList<double> StockPrices { get; init; } = [];

    /// <summary>Multiplier of the ACoS ceiling (sales gained per unit of cost allowed), 0 when it is slack; null without one.</summary>
    public double? CeilingPrice { get; init; }

    /// <summary>Share of the bound that the plan does not reach, 0 or more; normally below 0.003.</summary>
    public double DualGap => Bound <= 0 ? 0 : (Bound - Found) / Bound;

    /// <summary>Profit bound of the whole study: <see cref="Bound"/> unless sales were maximised, then the profit of the plan.</summary>
    public required double Total { get; init; }

    /// <returns>Expected profit of the last <paramref name="days"/> days.</returns>
    public double Last(int days) => Profit.Skip(Math.Max(0, Profit.Count - days)).Sum();
}

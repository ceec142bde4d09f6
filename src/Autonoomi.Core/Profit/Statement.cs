using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Amounts by profit line in micros of one currency, positive to the seller. Whole numbers: sums are exact, in whatever order and grouping.</summary>
public sealed class Statement : IEquatable<Statement>
{
    public static readonly ImmutableArray<ProfitLine> Lines = [.. Enum.GetValues<ProfitLine>()];
    public static readonly Statement Empty = new(new long[Lines.Length]);

    private readonly long[] amounts;

    private Statement(long[] amounts) => this.amounts = amounts;

    /// <param name="amounts">Micros by line; several of one line are added.</param>
    public static Statement Of(params IEnumerable<(ProfitLine Line, long Micros)> amounts)
    {
        var sums = new long[Lines.Length];
        foreach (var (line, micros) in amounts) sums[(int)line] += micros;
        return new(sums);
    }

    public static Statement Sum(IEnumerable<Statement> statements)
    {
        var sums = new long[Lines.Length];
        foreach (var statement in statements)
        {
            for (var line = 0; line < sums.Length; line++) sums[line] += statement.amounts[line];
        }

        return new(sums);
    }

    /// <summary>Micros of the line.</summary>
    public long this[ProfitLine line] => amounts[(int)line];

    /// <summary>Micros of what buyers paid for goods: what ratios divide by.</summary>
    public long Sales => this[ProfitLine.ProductSales];

    /// <summary>Micros of ad spend of all types, positive.</summary>
    public long AdSpend => -(this[ProfitLine.SponsoredProducts] + this[ProfitLine.SponsoredBrands] + this[ProfitLine.SponsoredDisplay]);

    /// <summary>Micros of all lines together.</summary>
    public long Total => amounts.Sum();

    /// <summary>Micros of all lines but ad spend.</summary>
    public long BeforeAds => Total + AdSpend;

    public static Statement operator +(Statement left, Statement right) => Sum([left, right]);
    public static Statement operator -(Statement left, Statement right) => left.Select((line, amount) => amount - right[line]);

    public bool Equals(Statement? other) => other is not null && amounts.AsSpan().SequenceEqual(other.amounts);
    public override bool Equals(object? obj) => Equals(obj as Statement);
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(amounts.AsSpan()));
        return hash.ToHashCode();
    }

    /// <summary>Each line in another amount.</summary>
    internal Statement Select(Func<ProfitLine, long, long> amount) => new([.. Lines.Select(line => amount(line, this[line]))]);
}

/// <summary>What is left of sales, with what is not known said openly.</summary>
/// <param name="Known">Of products and days whose goods have a cost.</param>
/// <param name="WithoutCost">Of those whose goods have none: every line but goods, so their total is no profit.</param>
/// <param name="IsComplete">False while any of it lacks a cost, or its sales are not known.</param>
/// <param name="Currency">Of all amounts.</param>
public sealed record Contribution(Statement Known, Statement WithoutCost, bool IsComplete, Currency Currency)
{
    /// <param name="rows">What is summed.</param>
    /// <param name="currency">Of the rows.</param>
    /// <param name="salesKnown">False where there is ad spend and nobody knows yet what was sold.</param>
    public static Contribution Of(IEnumerable<ProfitRow> rows, Currency currency, bool salesKnown = true)
    {
        var known = rows.ToLookup(row => row.CostKnown, row => row.Lines);
        return new(Statement.Sum(known[true]), Statement.Sum(known[false]), salesKnown && !known.Contains(false), currency) { CostsMissing = known.Contains(false) };
    }

    /// <summary>True while any of it lacks a cost.</summary>
    public bool CostsMissing { get; private init; }

    /// <summary>Profit after ads; null while any of it lacks a cost or its sales are not known.</summary>
    public Money? Profit => IsComplete ? KnownProfit : null;

    /// <summary>Profit after ads of what has a cost: no more than a part of the whole while <see cref="ShareWithoutCost"/> is above zero.</summary>
    public Money KnownProfit => Money.FromMicros(Known.Total, Currency);

    public Money Sales => Money.FromMicros(Known.Sales + WithoutCost.Sales, Currency);

    public Money AdSpend => Money.FromMicros(Known.AdSpend + WithoutCost.AdSpend, Currency);

    /// <summary>Spend of one ad type, zero or more.</summary>
    public Money Spend(Advertising.AdProduct ad) => Money.FromMicros(-(Known[ProductProfit.LineOf(ad)] + WithoutCost[ProductProfit.LineOf(ad)]), Currency);

    /// <summary>Amount of a line, known and without cost together; null for goods and inbound while a cost is missing.</summary>
    public Money? Line(ProfitLine line) => line is ProfitLine.Goods or ProfitLine.Inbound && !IsComplete ? null : Money.FromMicros(Known[line] + WithoutCost[line], Currency);

    /// <returns>Share of the sales whose goods have no cost, 0 to 1; null without sales.</returns>
    public double? ShareWithoutCost => AdFigures.Ratio(WithoutCost.Sales, Known.Sales + WithoutCost.Sales);

    /// <returns>What sales leave before ads, over sales, of what has a cost: the ACoS, of ad sales, and the TACoS, of all sales, at which ads leave nothing. Null where nothing with a cost was sold.</returns>
    public double? BreakEven => AdFigures.Ratio(Known.BeforeAds, Known.Sales);

    /// <returns>Ad spend over sales, as a fraction; null without sales.</returns>
    public double? Tacos => AdFigures.Ratio(AdSpend.Amount, Sales.Amount);
}

/// <summary>A part of the profit, of which any others are sums: by product, campaign, ad group, target, search term, day, or all of them.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="Sku">The product; empty for what is of none.</param>
/// <param name="Campaign">Id of the campaign that is credited with the sale; 0 for sales without an ad.</param>
/// <param name="AdGroup">Its ad group; 0 without.</param>
/// <param name="Target">Its target; 0 without.</param>
/// <param name="SearchTerm">What the buyer searched; empty where Amazon does not tell.</param>
/// <param name="Lines">Amounts.</param>
/// <param name="CostKnown">False where the goods have no cost: <see cref="ProfitLine.Goods"/> is zero there because it is not known.</param>
public sealed record ProfitRow(DateOnly Day, Sku Sku, long Campaign, long AdGroup, long Target, string SearchTerm, Statement Lines, bool CostKnown)
{
    /// <summary>Ad type of the ad that is credited; null for sales without an ad.</summary>
    public Advertising.AdProduct? Ad { get; init; }
}

using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Profit;

/// <summary>From what the amount of a step is known.</summary>
public enum StepSource
{
    /// <summary>Amazon's books: settlements, and reports until they come.</summary>
    Amazon,

    /// <summary>Value added tax in prices, reckoned.</summary>
    Prices,

    /// <summary>Costs that the seller told.</summary>
    Seller,

    /// <summary>The Ads reports.</summary>
    Ads,

    /// <summary>A sum of the steps above.</summary>
    Sum,
}

/// <summary>One step of the way from sales to what is left.</summary>
/// <param name="Line">Line of the statement; null for sums.</param>
/// <param name="Source">From what.</param>
/// <param name="Amount">Positive to the seller; null where it is not known.</param>
/// <param name="Settled">The part of the amount that is in settlements; null where settlements are not what tells it.</param>
/// <param name="From">Where its bar begins, on the scale of amounts.</param>
/// <param name="To">Where its bar ends.</param>
public sealed record WaterfallStep(ProfitLine? Line, StepSource Source, Money? Amount, Money? Settled, decimal From, decimal To)
{
    /// <summary>The part that no settlement has yet; with <see cref="Settled"/> it makes the amount.</summary>
    public Money? Unsettled => Amount - Settled;

    /// <returns>Share in settlements, 0 to 1; null where settlements do not tell it, or it is nothing.</returns>
    public double? SettledShare => Amount is { } amount && Settled is { } settled && amount.Amount != 0 ? (double)(settled.Amount / amount.Amount) : null;
}

/// <summary>From sales to what is left after ads, step by step. The steps that are no sums add up to the profit, to the last millionth. Pure.</summary>
/// <param name="Steps">In the order of the statement; a sum before ads and the profit at the end.</param>
public sealed record Waterfall(ImmutableArray<WaterfallStep> Steps)
{
    /// <summary>The lowest and the highest point of any bar, zero among them.</summary>
    public (decimal Low, decimal High) Reach => (Math.Min(0, Steps.Min(step => Math.Min(step.From, step.To))), Math.Max(0, Steps.Max(step => Math.Max(step.From, step.To))));

    /// <param name="whole">What is told.</param>
    /// <param name="source">From what its table is drawn up: of settlements everything of Amazon's is settled.</param>
    /// <param name="settled">What settlements hold of the same days and products.</param>
    public static Waterfall Of(Contribution whole, ProfitSource source, Statement settled)
    {
        var steps = ImmutableArray.CreateBuilder<WaterfallStep>();
        var sum = 0m;
        var hasAds = false;
        foreach (var line in Statement.Lines.Where(line => line is ProfitLine.ProductSales or ProfitLine.Goods || whole.Line(line) is not { Amount: 0 }))
        {
            if (line >= ProfitLine.SponsoredProducts && !hasAds)
            {
                hasAds = true;
                steps.Add(new(null, StepSource.Sum, whole.IsComplete ? new Money(sum, whole.Currency) : null, null, 0, sum));
            }

            var (amount, from) = (whole.Line(line), SourceOf(line));
            steps.Add(new(line, from, amount, from == StepSource.Amazon && amount is { } known ? source == ProfitSource.Settlements ? known : Part(known, Money.FromMicros(settled[line], whole.Currency)) : null, sum, sum + (amount?.Amount ?? 0)));
            sum += amount?.Amount ?? 0;
        }

        steps.Add(new(null, StepSource.Sum, whole.Profit, null, 0, whole.IsComplete ? sum : 0));
        return new(steps.ToImmutable());
    }

    /// <summary>What settlements hold of the product, or of all.</summary>
    /// <param name="settled">By product.</param>
    /// <param name="sku">The product; null for all.</param>
    public static Statement SettledOf(ImmutableDictionary<Sku, Statement> settled, string? sku) =>
        sku is null ? Statement.Sum(settled.Values) : settled.GetValueOrDefault(new Sku(sku)) ?? Statement.Empty;

    private static StepSource SourceOf(ProfitLine line) => line switch
    {
        ProfitLine.Vat => StepSource.Prices,
        ProfitLine.Goods or ProfitLine.Inbound or ProfitLine.OtherCosts => StepSource.Seller,
        ProfitLine.SponsoredProducts or ProfitLine.SponsoredBrands or ProfitLine.SponsoredDisplay => StepSource.Ads,
        _ => StepSource.Amazon,
    };

    // Days of orders and days of postings differ: no more than the amount itself is called settled.
    private static Money Part(Money amount, Money settled) =>
        amount.Amount >= 0 ? amount with { Amount = Math.Clamp(settled.Amount, 0, amount.Amount) } : amount with { Amount = Math.Clamp(settled.Amount, amount.Amount, 0) };
}

using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>Goods bought together, as typed.</summary>
public sealed record TypedBatch(string Sku, string Received, string Quantity, string Cost, string Inbound)
{
    public static TypedBatch Blank { get; } = new("", "", "", "", "");

    public bool IsBlank => (Sku + Received + Quantity + Cost + Inbound).Trim().Length == 0;

    public static TypedBatch Of(GoodsBatch batch) => new(
        batch.Sku.Value, TypedGoal.Day(batch.Received), batch.Quantity.ToString(CultureInfo.InvariantCulture), CostText.Of(batch.CostOfGoods.Amount), CostText.Of(batch.InboundPerUnit.Amount));
}

/// <summary>A further cost as typed.</summary>
public sealed record TypedOther(string Name, string Sku, string Amount, bool Monthly, string First, string Last)
{
    /// <summary>The last day of a monthly cost that goes on.</summary>
    public static readonly DateOnly Open = new(9999, 12, 31);

    public static TypedOther Blank { get; } = new("", "", "", false, "", "");

    public bool IsBlank => (Name + Sku + Amount + First + Last).Trim().Length == 0;

    public static TypedOther Of(OtherCost cost) => new(
        cost.Name ?? "", cost.Sku?.Value ?? "", CostText.Of(cost.Amount.Amount), cost.Monthly, TypedGoal.Day(cost.First), cost.Last == Open ? "" : TypedGoal.Day(cost.Last));
}

/// <summary>A product's own rate of value added tax, as typed.</summary>
public sealed record TypedVat(string Sku, string Percent, string From)
{
    public static TypedVat Blank { get; } = new("", "", "");

    public bool IsBlank => (Sku + Percent + From).Trim().Length == 0;

    public static TypedVat Of(VatRate rate) => new(rate.Sku?.Value ?? "", CostText.Percent((double)rate.InPrices), rate.From == DateOnly.MinValue ? "" : TypedGoal.Day(rate.From));
}

/// <summary>The form of goods, further costs and tax as typed: what profit needs beside the cost per unit.</summary>
public sealed record TypedGoods(ImmutableArray<TypedBatch> Batches, ImmutableArray<TypedOther> Others, ImmutableArray<TypedVat> Rates)
{
    public static TypedGoods Of(StorefrontSettings settings) => new(
        [.. settings.Batches.Select(TypedBatch.Of)], [.. settings.OtherCosts.Select(TypedOther.Of)], [.. settings.VatRates.Where(rate => rate.Sku is not null).Select(TypedVat.Of)]);

    /// <param name="settings">What was stored before; everything that this form does not show stays.</param>
    /// <param name="currency">Of the storefront.</param>
    /// <param name="problems">One sentence each: field, rule, fix. Ranges are judged when it is stored.</param>
    public StorefrontSettings Apply(StorefrontSettings settings, Currency currency, out IReadOnlyList<string> problems)
    {
        var reader = new Reader(currency);
        var goods = settings with
        {
            Batches = [.. Batches.Where(batch => !batch.IsBlank).Select(reader.Batch).OrderBy(batch => batch.Sku.Value, StringComparer.Ordinal).ThenBy(batch => batch.Received)],
            OtherCosts = [.. Others.Where(cost => !cost.IsBlank).Select(reader.Other).OrderBy(cost => cost.First).ThenBy(cost => cost.Name, StringComparer.Ordinal)],
            VatRates = [.. settings.VatRates.Where(rate => rate.Sku is null), .. Rates.Where(rate => !rate.IsBlank).Select(reader.Rate).OrderBy(rate => rate.Sku!.Value.Value, StringComparer.Ordinal).ThenBy(rate => rate.From)],
        };
        problems = reader.Problems;
        return goods;
    }

    private sealed class Reader(Currency currency)
    {
        public List<string> Problems { get; } = [];

        public GoodsBatch Batch(TypedBatch typed)
        {
            var where = $"Batch of {Named(typed.Sku)}";
            var quantity = 0L;
            if (!long.TryParse(typed.Quantity.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out quantity)) Problems.Add($"{where}, units: '{Short(typed.Quantity)}' is not a whole number. Write it like 500.");
            return new GoodsBatch(new Sku(typed.Sku.Trim()), Day($"{where}, in stock since", typed.Received, null), quantity, Money($"{where}, cost per unit", typed.Cost, null), Money($"{where}, inbound per unit", typed.Inbound, 0));
        }

        public OtherCost Other(TypedOther typed)
        {
            var where = $"Further cost '{Short(typed.Name)}'";
            var first = Day($"{where}, first day", typed.First, null);
            return new OtherCost(typed.Sku.Trim().Length == 0 ? null : new Sku(typed.Sku.Trim()), first, Day($"{where}, last day", typed.Last, typed.Monthly ? TypedOther.Open : first), Money($"{where}, amount", typed.Amount, null))
            {
                Name = typed.Name.Trim(), Monthly = typed.Monthly,
            };
        }

        public VatRate Rate(TypedVat typed)
        {
            var where = $"Value added tax of {Named(typed.Sku)}";
            return new VatRate(Day($"{where}, first day", typed.From, DateOnly.MinValue), new Sku(typed.Sku.Trim()), Number($"{where}, rate", typed.Percent.TrimEnd().TrimEnd('%'), "7 for 7%", null) / 100);
        }

        private Money Money(string field, string text, decimal? empty) => new(Number(field, text, "12.50, without currency sign", empty), currency);

        private decimal Number(string field, string text, string example, decimal? empty)
        {
            if (text.Trim().Length == 0 && empty is { } held) return held;
            if (CostNumber.TryParseTyped(text, out var number)) return number;
            Problems.Add($"{field}: '{Short(text)}' is not a number. Write it like {example}.");
            return 0;
        }

        private DateOnly Day(string field, string text, DateOnly? empty)
        {
            if (text.Trim().Length == 0 && empty is { } held) return held;
            if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            Problems.Add($"{field}: '{Short(text)}' is no date. Write it like 2026-11-27.");
            return DateOnly.MinValue;
        }

        private static string Named(string sku) => sku.Trim().Length == 0 ? "a product without SKU" : Short(sku);

        private static string Short(string text) => text.Trim() is { Length: > 30 } trimmed ? trimmed[..30] + "…" : text.Trim();
    }
}

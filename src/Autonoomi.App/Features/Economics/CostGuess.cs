using System.Globalization;
using Autonoomi.App.Platform;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

public sealed record WrongGuess(string Text) : Error(Text);

/// <summary>A cost for products of which nobody has told one: a share of their price, kept and shown as a guess.</summary>
/// <param name="Share">Of the price, above 0 and below 1.</param>
public sealed record CostGuess(decimal Share)
{
    /// <summary>Offered where nobody has said another one, in percent of the price.</summary>
    public const int UsualPercent = 30;

    /// <param name="text">Percent of the price as typed.</param>
    public static Result<CostGuess> Read(string? text)
    {
        if (!CostNumber.TryParseTyped((text ?? "").Trim().TrimEnd('%'), out var percent)) return new WrongGuess($"Share of the price: '{Short(text)}' is not a number. Write it like {UsualPercent} for {UsualPercent}%.");
        if (percent is < 1 or > 95) return new WrongGuess(string.Create(CultureInfo.InvariantCulture, $"Share of the price: {percent}% is outside 1 to 95%. A unit costs something, and less than it sells for."));
        return new CostGuess(percent / 100);
    }

    /// <param name="workspace">Prices, and the costs that are known.</param>
    /// <param name="told">Products whose cost is told together with the guess.</param>
    /// <returns>One entry for each product with a price and without a word of the seller's.</returns>
    public IReadOnlyList<ProductCost> Costs(Workspace workspace, IReadOnlySet<Sku> told)
    {
        var current = KnownCosts.Current(workspace);
        var currency = workspace.Marketplace.Currency;
        return
        [
            .. from listing in workspace.Listings
               where listing.Price.Amount > 0 && !told.Contains(listing.Sku) && current.GetValueOrDefault(listing.Sku.Value) is null or { Guessed: true }
               select new ProductCost(listing.Sku, current.GetValueOrDefault(listing.Sku.Value)?.From ?? workspace.Today, Of(listing.Price, currency), new Money(0, currency), null, CostFile.UsualLeadTimeDays) { Guessed = true },
        ];
    }

    /// <returns>What a unit is taken to cost.</returns>
    public Money Of(Money price, Currency currency) => new(decimal.Round(price.Amount * Share, currency.Decimals), currency);

    private static string Short(string? text) => (text ?? "").Trim() is { Length: > 30 } trimmed ? trimmed[..30] + "…" : (text ?? "").Trim();
}

using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Inventory;

/// <summary>How long one product's stock lasts, as decisions see it. See docs/maths/inventory.md.</summary>
/// <param name="Product">The product.</param>
/// <param name="Units">Units in stock.</param>
/// <param name="UnitsADay">Units that sell on a day with stock, above zero.</param>
/// <param name="CoverDays">Days that the stock lasts at those sales.</param>
/// <param name="DeliveryDays">Days until the next delivery is likely to have come.</param>
/// <param name="AdSpendPerDay">What its ads cost a day, mean of the last seven days.</param>
/// <param name="PerUnit">What a unit leaves before ads.</param>
public sealed record StockCover(Sku Product, double Units, double UnitsADay, double CoverDays, double DeliveryDays, Money AdSpendPerDay, Money PerUnit)
{
    private const int MonthDays = 30;

    /// <summary>True where it is likely to sell out before more comes.</summary>
    public bool RunsShort => CoverDays < DeliveryDays;

    /// <summary>What the units that will be missing would leave, within 30 days.</summary>
    public Money AtStake => PerUnit * (decimal)(Math.Max(0, Math.Min(MonthDays, DeliveryDays) - CoverDays) * UnitsADay);

    /// <returns>Products that are advertised or sell, the soonest to run out first; those without a figure of stock are left out.</returns>
    internal static ImmutableArray<StockCover> Of(Situation situation)
    {
        var (measured, stock, currency) = (situation.Measured, situation.Stock, situation.Workspace.Marketplace.Currency);
        var products = measured.Structure.Products;
        var spend = new double[products.Length];
        for (var target = 0; target < measured.Cost7.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is >= 0 and var product) spend[product] += measured.Cost7[target] / 7;
        }

        Money Of(double amount) => new(decimal.Round((decimal)Math.Clamp(amount, -1e12, 1e12), currency.Decimals), currency);
        return
        [
            .. Enumerable.Range(0, products.Length)
                .Where(product => stock.UnitsADay[product] > 0 && double.IsFinite(stock.CoverDays[product]))
                .Select(product => new StockCover(products[product], stock.Units[product], stock.UnitsADay[product], stock.CoverDays[product], stock.HorizonDays[product], Of(spend[product]), Of(measured.Products[product]?.ContributionPerUnit ?? 0)))
                .OrderBy(cover => cover.CoverDays).ThenBy(cover => cover.Product.Value, StringComparer.Ordinal),
        ];
    }
}

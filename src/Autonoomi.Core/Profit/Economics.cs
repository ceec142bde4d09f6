using System.Collections.Frozen;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Profit;

/// <summary>What one unit and one order of a product leave before ads. Amounts in the storefront's currency. See docs/maths/profit.md.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Price">Price per unit.</param>
/// <param name="ReferralRate">Referral fee over price, 0 to 1.</param>
/// <param name="FulfilmentFee">Per unit.</param>
/// <param name="StorageFee">Per unit sold.</param>
/// <param name="OtherFee">Per unit sold.</param>
/// <param name="CostOfGoods">Per unit, inbound included; NaN when the seller has not told.</param>
/// <param name="RefundRate">Units refunded over units ordered, 0 to 1.</param>
/// <param name="UnitsPerOrder">At least 1.</param>
/// <param name="LeadTimeDays">Days from order to available stock; 0 when unknown.</param>
public sealed record ProductEconomics(
    Sku Sku, double Price, double ReferralRate, double FulfilmentFee, double StorageFee, double OtherFee, double CostOfGoods,
    double RefundRate, double UnitsPerOrder, int LeadTimeDays)
{
    /// <summary>Share of a refunded unit's cost of goods that is lost. All of it until resale is measured: few opened parcels come back as new.</summary>
    public const double LostShareOfRefundedGoods = 1;

    /// <summary>Share of the referral fee that Amazon keeps when it refunds.</summary>
    public const double KeptShareOfReferralFee = 0.2;

    /// <summary>False while the cost of goods or the price is missing: nothing may be decided on it.</summary>
    public bool IsKnown => double.IsFinite(CostOfGoods) && Price > 0;

    /// <summary>Share of the price that is value added tax, 0 to 1. Nothing of a refunded price is owed.</summary>
    public double VatShare { get; init; }

    /// <summary>Of a unit that is kept by its buyer, before ads.</summary>
    public double KeptUnit => Price * (1 - VatShare - ReferralRate) - FulfilmentFee - StorageFee - OtherFee - CostOfGoods;

    /// <summary>What a refunded unit costs: carriage both ways is the seller's, part of the referral fee and of the goods is lost.</summary>
    public double RefundedUnit => FulfilmentFee + StorageFee + OtherFee + KeptShareOfReferralFee * ReferralRate * Price + LostShareOfRefundedGoods * CostOfGoods;

    /// <summary>Expected contribution of a unit ordered, before ads, refunds counted.</summary>
    public double ContributionPerUnit => KeptUnit * (1 - RefundRate) - RefundRate * RefundedUnit;

    /// <summary>Expected contribution of an order before ads.</summary>
    public double ContributionPerOrder => UnitsPerOrder * ContributionPerUnit;

    /// <summary>The ACoS at which ads earn nothing, as a fraction; null while economics are not known.</summary>
    public double? BreakEvenAcos => IsKnown ? ContributionPerUnit / Price : null;
}

/// <summary>Unit economics from costs, listings and what Amazon charged; unknown fees are shrunk towards typical ones.</summary>
public static class Economics
{
    private const double TypicalReferralRate = 0.15;
    private const double TypicalFulfilmentShare = 0.18; // of the price: middle of the published fee table for standard parcels
    private const double TypicalStorageShare = 0.01;
    private const double TypicalRefundRate = 0.05;
    private const double FeePseudoUnits = 10;
    private const double RefundPseudoUnits = 50;
    private const int WindowDays = 60;

    /// <summary>Settled units from which on settlements alone say what Amazon charges.</summary>
    private const int EnoughSettledUnits = 30;

    /// <summary>One entry per product that is listed, advertised, costed or sold.</summary>
    public static FrozenDictionary<Sku, ProductEconomics> Of(Workspace workspace)
    {
        var sums = new Dictionary<Sku, Sums>();
        foreach (var listing in workspace.Listings) Of(sums, listing.Sku).Price = (double)listing.Price.Amount;
        foreach (var ad in workspace.ProductAds) Of(sums, ad.Sku);
        foreach (var cost in workspace.Costs) Of(sums, cost.Sku);
        AddSkuDays(workspace, sums);
        AddSettled(workspace, sums);
        AddAdOrders(workspace, sums);

        var costs = new CostBook(workspace.Costs);
        var estimates = FeeBook.Of(workspace.FeeEstimates);
        var vat = new VatBook(workspace.VatRates);
        return sums.ToFrozenDictionary(pair => pair.Key, pair => Build(pair.Key, pair.Value, costs.At(pair.Key, workspace.Today), estimates.At(pair.Key, workspace.Today), vat.Rate(pair.Key, workspace.Today)));
    }

    private static ProductEconomics Build(Sku sku, Sums sums, ProductCost? cost, FeeRate? estimate, decimal vat)
    {
        var price = sums.Price > 0 ? sums.Price : sums.Units > 0 ? sums.Sales / sums.Units : 0;
        var charged = sums.FeeUnits + FeePseudoUnits;

        // Amazon's own estimate knows the product; without one it is taken for a typical one.
        var referral = (double)(estimate?.ReferralRate ?? (decimal)TypicalReferralRate);
        var fulfilment = estimate is null || price <= 0 ? TypicalFulfilmentShare : (double)estimate.FulfilmentFee / price;
        return new ProductEconomics(
            sku, price,
            price > 0 ? Math.Clamp((sums.Referral + FeePseudoUnits * price * referral) / (sums.FeeSales + FeePseudoUnits * price), 0, 1) : referral,
            (sums.Fulfilment + FeePseudoUnits * price * fulfilment) / charged,
            (sums.Storage + FeePseudoUnits * price * TypicalStorageShare) / charged,
            sums.Other / charged,
            cost is null ? double.NaN : (double)(cost.CostOfGoods.Amount + cost.InboundPerUnit.Amount),
            Math.Clamp((sums.Refunded + RefundPseudoUnits * TypicalRefundRate) / (sums.Units + RefundPseudoUnits), 0, 1),
            Math.Max(1, (sums.AdUnits + 10) / (sums.AdOrders + 10)),
            cost?.LeadTimeDays ?? 0)
        {
            VatShare = (double)(vat / (1 + vat)),
        };
    }

    private static void AddSkuDays(Workspace workspace, Dictionary<Sku, Sums> sums)
    {
        var table = workspace.SkuDays;
        var from = workspace.Today.DayNumber - WindowDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var per = skus.Words.Select(word => Of(sums, new Sku(word))).ToArray();
        var units = table.Longs("units_ordered");
        var refunded = table.Longs("units_refunded");
        var sales = table.Longs("ordered_sales");
        var referral = table.Longs("referral_fee");
        var fulfilment = table.Longs("fulfilment_fee");
        var storage = table.Longs("storage_fee");
        var other = table.Longs("other_fee");
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] < from || days[row] >= workspace.Today.DayNumber) continue;
            var sum = per[skus.Codes[row]];
            sum.Units += units[row];
            sum.Refunded += refunded[row];
            sum.Sales += sales[row] / 1e6;

            // Sales without any fee are not charged yet: counting them would make the product look too good.
            if (referral[row] <= 0 && fulfilment[row] <= 0) continue;
            sum.FeeUnits += units[row];
            sum.FeeSales += sales[row] / 1e6;
            sum.Referral += referral[row] / 1e6;
            sum.Fulfilment += fulfilment[row] / 1e6;
            sum.Storage += storage[row] / 1e6;
            sum.Other += other[row] / 1e6;
        }
    }

    /// <summary>Settled fees in the place of reported ones, where enough units are settled. Storage is charged by the month and stays as reported, per unit.</summary>
    private static void AddSettled(Workspace workspace, Dictionary<Sku, Sums> sums)
    {
        var from = workspace.Today.AddDays(-WindowDays);
        var lines = Movement.Of(workspace.LedgerDays).Where(movement => movement.OrderKey != 0 && movement.Source == LedgerSource.Settlement && movement.Day >= from && movement.Day < workspace.Today);
        foreach (var product in lines.GroupBy(movement => movement.Sku))
        {
            var by = product.ToLookup(movement => movement.Kind);
            var units = by[LedgerKind.ProductCharge].Sum(movement => movement.Quantity);
            if (units < EnoughSettledUnits) continue;
            var sum = Of(sums, product.Key);
            sum.Storage *= sum.FeeUnits > 0 ? units / sum.FeeUnits : 0;
            sum.FeeUnits = units;
            sum.FeeSales = by[LedgerKind.ProductCharge].Sum(movement => movement.Micros) / 1e6;
            sum.Referral = -by[LedgerKind.ReferralFee].Sum(movement => movement.Micros) / 1e6;
            sum.Fulfilment = -by[LedgerKind.FulfilmentFee].Sum(movement => movement.Micros) / 1e6;
            sum.Other = -(by[LedgerKind.SellingFee].Sum(movement => movement.Micros) + by[LedgerKind.Promotion].Sum(movement => movement.Micros) + by[LedgerKind.PromotionFee].Sum(movement => movement.Micros)) / 1e6;
        }
    }

    private static void AddAdOrders(Workspace workspace, Dictionary<Sku, Sums> sums)
    {
        var table = workspace.ProductDays;
        var skus = table.Texts("sku");
        var per = skus.Words.Select(word => Of(sums, new Sku(word))).ToArray();
        var orders = table.Longs("orders");
        var units = table.Longs("units");
        for (var row = 0; row < table.Rows; row++)
        {
            per[skus.Codes[row]].AdOrders += orders[row];
            per[skus.Codes[row]].AdUnits += units[row];
        }
    }

    private static Sums Of(Dictionary<Sku, Sums> sums, Sku sku)
    {
        if (!sums.TryGetValue(sku, out var found)) sums.Add(sku, found = new Sums());
        return found;
    }

    private sealed class Sums
    {
        public double Price, Units, Refunded, Sales, FeeUnits, FeeSales, Referral, Fulfilment, Storage, Other, AdOrders, AdUnits;
    }
}

using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core.Health;

/// <summary>Parts that only the whole storefront has: shelves, brand, data.</summary>
internal sealed class AccountParts
{
    public const double CoverDays = 14;
    private const double HighestMargin = 0.8;
    private const int CompleteDays = 14;

    private readonly string currency;
    private readonly bool stockKnown, boxKnown;
    private readonly double covered, first, buyable, retail, sane, complete;

    public AccountParts(Situation situation, CampaignSums sums)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        currency = workspace.Marketplace.Currency.Code;
        Spend = sums.Spend.Sum();
        var hidden = workspace.Listings.Where(listing => !listing.Buyable).Select(listing => listing.Sku).ToHashSet();
        var box = new BuyBox(workspace, measured.Structure);
        double stocked = 0, boxed = 0, passes = 0, judged = 0;
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            var cost = measured.Cost30[target];
            if (cost <= 0) continue;
            var product = measured.Structure.TargetProduct[target];
            var economics = product < 0 ? null : measured.Products[product];
            if (economics is { IsKnown: true })
            {
                Costed += cost;
                if (economics.BreakEvenAcos is > 0 and < HighestMargin) sane += cost;
            }

            if (product >= 0)
            {
                var sells = !hidden.Contains(measured.Structure.Products[product]);
                if (sells) buyable += cost;
                var (points, tests) = (sells ? 1.0 : 0, 1);
                if (situation.Stock.HorizonDays[product] > 0 || situation.Stock.IsOut[product])
                {
                    var enough = !situation.Stock.IsOut[product] && situation.Stock.CoverDays[product] >= CoverDays;
                    (points, tests) = (points + (enough ? 1 : 0), tests + 1);
                    stocked += cost;
                    if (enough) covered += cost;
                }

                if (!double.IsNaN(box.Share[product]))
                {
                    (points, tests) = (points + (box.IsLost(product) ? 0 : 1), tests + 1);
                    boxed += cost;
                    if (!box.IsLost(product)) first += cost;
                }

                passes += cost * points / tests;
                judged += cost;
            }
        }

        (stockKnown, boxKnown, retail) = (stocked > 0, boxed > 0, judged > 0 ? passes / judged : double.NaN);
        covered = stocked > 0 ? covered / stocked : 0;
        first = boxed > 0 ? first / boxed : 0;
        buyable = judged > 0 ? buyable / judged : 0;
        (FactsAge, complete) = Freshness(workspace);
        BrandSpend = BrandSearches.Spend(situation);
    }

    /// <summary>Ad spend of 30 days.</summary>
    public double Spend { get; }

    /// <summary>Ad spend of 30 days on products whose costs are known.</summary>
    public double Costed { get; }

    /// <summary>Ad spend of 30 days on searches for the seller's own brand; null where nobody knows the brand.</summary>
    public double? BrandSpend { get; }

    /// <summary>Finished days since the newest facts; 0 when yesterday is there.</summary>
    public int FactsAge { get; }

    public double? ScoreOf(HealthPart part) => part switch
    {
        _ when Spend <= 0 => null,
        HealthPart.RetailReadiness => double.IsNaN(retail) ? null : 100 * retail,
        HealthPart.Incrementality => BrandSpend is { } brand ? HealthRules.Brand(brand / Spend) : null,
        HealthPart.DataAndEconomics => 100 * (0.4 * Costed / Spend + 0.2 * Fresh + 0.2 * complete + 0.2 * (Costed > 0 ? sane / Costed : 0)),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "A part of campaigns."),
    };

    public ImmutableArray<EvidenceValue> FiguresOf(HealthPart part) => part switch
    {
        HealthPart.RetailReadiness =>
        [
            new("spendOnOffersThatCanBeBought", buyable, "fraction"),
            .. stockKnown ? [new EvidenceValue("spendOnProductsInStock", covered, "fraction"), new("daysOfCoverAskedFor", CoverDays, "days")] : ImmutableArray<EvidenceValue>.Empty,
            .. boxKnown ? [new EvidenceValue("spendOnOffersThatStandFirst", first, "fraction"), new("shareOfPageViewsAskedFor", BuyBox.LeastShare, "fraction")] : ImmutableArray<EvidenceValue>.Empty,
        ],
        HealthPart.Incrementality => BrandSpend is { } brand ? [new("spendOnOwnBrand", brand, currency), new("adSpend", Spend, currency), new("shareThatTheAdsBring", Incrementality.OwnBrand, "fraction")] : [],
        HealthPart.DataAndEconomics =>
        [
            new("spendWithKnownCosts", Spend > 0 ? Costed / Spend : 0, "fraction"), new("daysBehind", FactsAge, "days"),
            new("completeDays", complete, "fraction"), new("spendWithSoundMargin", Costed > 0 ? sane / Costed : 0, "fraction"),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "A part of campaigns."),
    };

    private double Fresh => FactsAge switch { 0 => 1, 1 => 0.5, _ => 0 };

    // Days behind, and the share of the last fourteen finished days that have any fact.
    private static (int Age, double Complete) Freshness(Workspace workspace)
    {
        var seen = new bool[CompleteDays];
        var latest = int.MinValue;
        foreach (var day in workspace.TargetDays.Ints("day"))
        {
            var age = workspace.Today.DayNumber - day - 1;
            if (age < 0) continue;
            latest = Math.Max(latest, day);
            if (age < CompleteDays) seen[age] = true;
        }

        return (latest == int.MinValue ? int.MaxValue : workspace.Today.DayNumber - 1 - latest, seen.Count(has => has) / (double)CompleteDays);
    }
}

/// <summary>What is paid for shoppers who typed the seller's own name: most of them would have bought without the ad.</summary>
internal static class BrandSearches
{
    /// <returns>Ad spend of 30 days; null where nobody knows the brand.</returns>
    public static double? Spend(Situation situation)
    {
        var brand = BrandWords.Of(situation.Workspace);
        if (brand.IsEmpty) return null;
        var terms = situation.Terms;
        var judged = new sbyte[terms.Words.Length];
        double spend = 0;
        foreach (ref readonly var cell in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.Cost30 <= 0) continue;
            if (judged[cell.Term] == 0) judged[cell.Term] = (sbyte)(BrandWords.Holds(brand, terms.Words[cell.Term]) ? 1 : -1);
            if (judged[cell.Term] > 0) spend += cell.Cost30;
        }

        return spend;
    }
}

using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>The fees that Amazon announced for a product, until a later entry replaces them.</summary>
/// <param name="Sku">The product.</param>
/// <param name="From">First day on which they hold.</param>
/// <param name="ReferralRate">Referral fee over what the buyer pays, 0 to 1.</param>
/// <param name="ReferralMinimum">Lowest referral fee per unit, in the storefront's currency, zero or more.</param>
/// <param name="FulfilmentFee">Per unit, in the storefront's currency, zero or more.</param>
/// <param name="Until">Last day on which they are known to have held; null while nothing replaced them.</param>
public sealed record FeeRate(Sku Sku, DateOnly From, decimal ReferralRate, decimal ReferralMinimum, decimal FulfilmentFee, DateOnly? Until = null);

/// <summary>Which fees held when. Unlike costs, a rate says nothing about the days before it, nor about those between its last day and the next rate: nobody is blamed by a rate that did not hold.</summary>
public sealed class FeeBook
{
    // As long as the daily facts that are judged by them.
    private const int KeepDays = 540;

    private readonly Dictionary<Sku, FeeRate[]> rates;

    public FeeBook(IEnumerable<FeeRate> rates) => this.rates = rates.GroupBy(rate => rate.Sku).ToDictionary(group => group.Key, group => group.OrderByDescending(rate => rate.From).ToArray());

    public FeeRate? At(Sku sku, DateOnly day) => rates.TryGetValue(sku, out var known) ? known.FirstOrDefault(rate => rate.From <= day) is { } rate && !(rate.Until < day) ? rate : null : null;

    /// <summary>Amazon's own estimates as rates from the day on which it was asked, superseded ones until the last day on which it told them.</summary>
    /// <param name="estimates">A table of <see cref="Dataset.FeeEstimate"/>.</param>
    public static FeeBook Of(FactTable estimates)
    {
        var asked = estimates.Ints("asked_on");
        var prices = estimates.Longs("price");
        var referral = estimates.Longs("referral_fee");
        var fulfilment = estimates.Longs("fulfilment_fee");
        var skus = estimates.Texts("sku");
        var holding = Holding(estimates).Values.ToHashSet();
        var all = new List<FeeRate>();
        for (var row = 0; row < estimates.Rows; row++)
        {
            if (prices[row] <= 0) continue;
            all.Add(new FeeRate(new Sku(skus[row]), DateOnly.FromDayNumber(asked[row]), (decimal)referral[row] / prices[row], 0, (decimal)fulfilment[row] / Money.MicrosPerUnit,
                holding.Contains(row) ? null : DateOnly.FromDayNumber(ToldOn(estimates, row))));
        }

        return new FeeBook(all);
    }

    /// <returns>By product the row of the estimate that holds: the one of the latest day.</returns>
    /// <param name="estimates">A table of <see cref="Dataset.FeeEstimate"/>.</param>
    public static IReadOnlyDictionary<string, int> Holding(FactTable estimates)
    {
        var asked = estimates.Ints("asked_on");
        var skus = estimates.Texts("sku");
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < estimates.Rows; row++)
        {
            if (!rows.TryGetValue(skus[row], out var other) || asked[row] > asked[other]) rows[skus[row]] = row;
        }

        return rows;
    }

    /// <summary>
    /// What to store when some products were asked for anew. Fees that are still the same keep the day since which they are known to hold, so that yesterday's orders can be judged
    /// too; those that changed stay beside the new ones with their first and their last day, for the orders of their time.
    /// </summary>
    /// <param name="before">Estimates stored before.</param>
    /// <param name="now">Estimates just read, one a product.</param>
    /// <param name="currency">Decides what a cent is, by which a referral fee may differ through rounding.</param>
    public static FactTable Since(FactTable before, FactTable now, Currency currency)
    {
        var (old, skus) = (before.Texts("sku"), now.Texts("sku"));
        var holding = Holding(before);
        var (oldAsked, oldPrice, oldReferral, oldFulfilment, oldOther) =
            (before.Ints("asked_on").ToArray(), before.Longs("price").ToArray(), before.Longs("referral_fee").ToArray(), before.Longs("fulfilment_fee").ToArray(), before.Longs("other_fee").ToArray());
        var table = new FactTableBuilder(now.Schema);
        var renewed = new HashSet<int>();
        var newest = 0;
        for (var row = 0; row < now.Rows; row++)
        {
            var (price, referral, fulfilment) = (now.Longs("price")[row], now.Longs("referral_fee")[row], now.Longs("fulfilment_fee")[row]);
            var today = now.Ints("asked_on")[row];
            newest = Math.Max(newest, today);
            var asked = today;
            if (holding.TryGetValue(skus[row], out var at))
            {
                var same = oldPrice[at] > 0 && oldFulfilment[at] == fulfilment
                    && Math.Abs(referral - (decimal)oldReferral[at] / oldPrice[at] * price) <= Money.MicrosPerUnit / (currency.Decimals == 0 ? 1 : 100);
                if (same) asked = Math.Min(asked, oldAsked[at]);
                // Asked twice on one day: the later answer is the day's.
                if (same || oldAsked[at] >= today) renewed.Add(at);
            }

            table.Text(skus[row]).Int(asked).Long(price).Long(referral).Long(fulfilment).Long(now.Longs("other_fee")[row]).Int(today);
        }

        for (var row = 0; row < before.Rows; row++)
        {
            var told = ToldOn(before, row);
            if (renewed.Contains(row) || told < newest - KeepDays) continue;
            table.Text(old[row]).Int(oldAsked[row]).Long(oldPrice[row]).Long(oldReferral[row]).Long(oldFulfilment[row]).Long(oldOther[row]).Int(told);
        }

        return table.Build();
    }

    private static int ToldOn(FactTable estimates, int row) => Math.Max(estimates.Ints("asked_on")[row], estimates.Ints("told_on")[row]);

    /// <returns>Referral fee of a sale in micros, rounded to the currency's cents; zero or more.</returns>
    /// <param name="rate">That holds.</param>
    /// <param name="paid">What the buyer paid for goods and shipping, promotions deducted, in micros.</param>
    /// <param name="units">Units sold.</param>
    /// <param name="currency">Decides what a cent is.</param>
    public static long Referral(FeeRate rate, long paid, long units, Currency currency) =>
        Cents(Math.Max(rate.ReferralRate * paid, rate.ReferralMinimum * units * Money.MicrosPerUnit), currency);

    /// <returns>Fulfilment fee of units in micros, rounded to the currency's cents; zero or more.</returns>
    /// <param name="rate">That holds.</param>
    /// <param name="units">Units shipped.</param>
    /// <param name="currency">Decides what a cent is.</param>
    public static long Fulfilment(FeeRate rate, long units, Currency currency) => Cents(rate.FulfilmentFee * units * Money.MicrosPerUnit, currency);

    private static long Cents(decimal micros, Currency currency) =>
        (long)(decimal.Round(micros / Money.MicrosPerUnit, currency.Decimals, MidpointRounding.AwayFromZero) * Money.MicrosPerUnit);
}

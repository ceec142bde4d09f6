using System.Globalization;
using System.Text.Json;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Product Fees v0: what Amazon would keep of a sale at today's price. An estimate; what was kept is in economics and in the ledger.</summary>
public sealed partial class SellingPartnerClient
{
    private const int FeeBatch = 20;

    /// <summary>Asks in batches of twenty. A product without a price is not asked for, and one that Amazon has no estimate for is left out.</summary>
    /// <param name="listings">Which products, fulfilled by Amazon, at which prices.</param>
    /// <param name="today">The storefront's current day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>FeeEstimate; taxes that Amazon adds to a fee are part of it.</returns>
    public async Task<FactTable> FeeEstimatesAsync(IReadOnlyCollection<Listing> listings, DateOnly today, CancellationToken cancellationToken)
    {
        const string Path = "/products/fees/v0/feesEstimate";
        var table = new FactTableBuilder(TableSchema.Of(Dataset.FeeEstimate));
        foreach (var batch in listings.Where(listing => listing.Price.Amount > 0).DistinctBy(listing => listing.Sku).OrderBy(listing => listing.Sku.Value, StringComparer.Ordinal).Chunk(FeeBatch))
        {
            var questions = batch.Select((listing, index) => new FeeQuestion(
                new(marketplace.Id, IsAmazonFulfilled: true, new(new(marketplace.Currency.Code, listing.Price.Amount)), index.ToString(CultureInfo.InvariantCulture)), "SellerSKU", listing.Sku.Value)).ToArray();
            // A question changes nothing at Amazon: it may be asked again.
            var call = new AmazonCalls.Call(HttpMethod.Post, Address(Path), new CallPlan($"POST {Path}", Lane("fees"), Rates.FeeEstimates, Repeatable: true), Body: JsonSerializer.SerializeToUtf8Bytes(questions, ProductFeesJson.Default.FeeQuestionArray));
            var answers = await calls.ReadAsync(grant, call, ProductFeesJson.Default.FeeAnswerArray, cancellationToken).ConfigureAwait(false);
            foreach (var listing in batch)
            {
                // ClientError is normal: a listing that was closed, a price that was never set.
                if (Array.Find(answers, answer => answer.FeesEstimateIdentifier?.IdValue == listing.Sku.Value) is not { Status: "Success", FeesEstimate: { } estimate }) continue;
                var (referral, fulfilment, other) = Split(estimate);
                table.Text(listing.Sku.Value).Int(today.DayNumber).Long(listing.Price.ToMicros()).Long(referral).Long(fulfilment).Long(other).Int(today.DayNumber);
            }
        }

        return table.Build();
    }

    private (long Referral, long Fulfilment, long Other) Split(FeeEstimateWire estimate)
    {
        const string Name = "A fee estimate";
        var (referral, fulfilment, listed) = (0L, 0L, 0L);
        foreach (var detail in estimate.FeeDetailList ?? [])
        {
            var fee = Of(detail.FinalFee, "FinalFee");
            listed += fee;
            if (detail.FeeType == "ReferralFee") referral += fee;
            else if (detail.FeeType is { } type && type.StartsWith("FBA", StringComparison.Ordinal)) fulfilment += fee;
        }

        // The total is Amazon's word; what its list does not name is among the others.
        var total = estimate.TotalFeesEstimate is null ? listed : Of(estimate.TotalFeesEstimate, "TotalFeesEstimate");
        return (referral, fulfilment, total - referral - fulfilment);

        long Of(FeeMoney? money, string field) => money is null ? 0 : Micros(new Amount(money.Amount, money.CurrencyCode), Name, 0, field);
    }
}

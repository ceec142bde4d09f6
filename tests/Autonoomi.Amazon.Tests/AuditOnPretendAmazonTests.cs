using System.Text;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.Tests;

/// <summary>From Amazon's files and answers to the audit: what the pretend Amazon books wrongly on purpose, and what the audit makes of it.</summary>
public sealed class AuditOnPretendAmazonTests(SellingShop shop) : IClassFixture<SellingShop>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mistake_of_the_pretend_amazon_is_found_with_what_it_cost_and_nothing_else_is_flagged()
    {
        await shop.FaultsAsync(new { ledgerErrors = 40 }, Ct);
        var found = (await AuditAsync()).Select(finding => (finding.OrderKey, Kind: finding.Kind.ToString(), Owed: finding.Owed!.Value.Amount)).OrderBy(finding => (finding.Kind, finding.OrderKey)).ToArray();
        // An order that was refunded on two days, wrongly both times, is one finding.
        var planted = (await shop.Amazon.GetAsync("/world/ledger", Ct)).GetProperty("planted").EnumerateArray()
            .Select(each => (
                OrderKey: SellingShop.Keys.Of(Encoding.UTF8.GetBytes(each.GetProperty("orderId").GetString()!)),
                Kind: each.GetProperty("kind").GetString() switch { "wrongFee" => "WrongFee", "doubleCharge" => "DoubleCharge", "missedRefund" => "ReferralFeeNotReturned", var other => other! },
                Owed: each.GetProperty("amount").GetDecimal()))
            .GroupBy(each => (each.Kind, each.OrderKey), each => each.Owed)
            .Select(each => (each.Key.OrderKey, each.Key.Kind, Owed: each.Sum())).OrderBy(each => (each.Kind, each.OrderKey)).ToArray();

        Assert.True(planted.Select(each => each.Kind).Distinct().Count() == 3 && planted.Length > 20, $"{planted.Length} planted");
        Assert.Equal(planted.Select(each => (each.Kind, each.OrderKey)), found.Select(each => (each.Kind, each.OrderKey)));
        Assert.All(planted.Zip(found), pair => Assert.InRange(pair.First.Owed - pair.Second.Owed, -0.02m, 0.02m));
    }

    private async Task<IReadOnlyList<Finding>> AuditAsync()
    {
        var (partner, days) = (shop.Partner, new DateSpan(shop.Today.AddDays(-50), shop.Today));
        var tables = new List<FactTable> { (await partner.TransactionsAsync(days, shop.Now, SellingShop.Keys, Ct)).Rows, (await shop.OrderFileAsync(days, Ct)).Lines };
        foreach (var report in await partner.SettlementsAsync(shop.Now.AddDays(-89), Ct)) tables.Add((await partner.DownloadSettlementAsync(report.DocumentId!, SellingShop.Keys, Ct)).Rows);

        // The pretend Amazon never changed its fees: today's estimate held from the beginning.
        var fees = FeeBook.Of(await partner.FeeEstimatesAsync([.. await partner.ListingsAsync(Ct)], days.First.AddDays(-1), Ct));
        return LedgerAudit.Of(Movement.Of(FactTable.Concat(Dataset.LedgerDay, tables)), fees, null, AuditRules.For(Clients.Us.Currency), Clients.Us.Currency, shop.Today);
    }
}

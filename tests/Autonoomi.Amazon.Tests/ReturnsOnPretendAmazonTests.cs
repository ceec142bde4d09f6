using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>Refunded goods from the pretend Amazon's files to the audit: those that it never sends back, on purpose, are missed, and no others.</summary>
public sealed class ReturnsOnPretendAmazonTests(OldShop shop) : IClassFixture<OldShop>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exactly_the_refunded_goods_that_never_came_back_are_missed()
    {
        var orderly = await FoundAsync();
        await shop.FaultsAsync(new { keptGoods = 250 }, Ct);
        var found = await FoundAsync();
        var kept = (await shop.Amazon.GetAsync("/world/ledger", Ct)).GetProperty("kept").EnumerateArray().ToList();
        await shop.FaultsAsync(new { keptGoods = 0 }, Ct);

        var planted = kept.Select(each => (
                Order: SellingShop.Keys.Of(Encoding.UTF8.GetBytes(each.GetProperty("orderId").GetString()!)), Units: each.GetProperty("units").GetInt64(),
                Day: DateOnly.ParseExact(each.GetProperty("refundedOn").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .GroupBy(each => each.Order).Select(order => (Order: order.Key, Units: order.Sum(each => each.Units), Day: order.Max(each => each.Day)))
            .Where(order => order.Day.AddDays(60) < shop.Today).OrderBy(order => order.Order).ToArray();
        Assert.InRange(planted.Length, 5, kept.Count - 1);
        Assert.Equal(planted.Select(order => (order.Order, order.Units)), found.Select(finding => (finding.OrderKey, finding.Units)).Order());
        Assert.All(found, finding => Assert.Null(finding.Owed));
        Assert.Empty(orderly);
        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{planted.Length} orders whose refunded goods never came back found, 0 false"));
    }

    [Fact]
    public async Task Goods_come_back_after_their_refund_and_none_is_there_twice()
    {
        var goods = await GoodsAsync();

        Assert.True(goods.Length > 20, $"{goods.Length} rows");
        var told = (await shop.Amazon.GetAsync("/world/ledger", Ct)).GetProperty("returned").EnumerateArray().Select(each => (
            Day: DateOnly.ParseExact(each.GetProperty("returnedOn").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture), Order: SellingShop.Keys.Of(Encoding.UTF8.GetBytes(each.GetProperty("orderId").GetString()!)),
            Sku: each.GetProperty("sku").GetString()!, Units: each.GetProperty("units").GetInt64())).Where(each => each.Day < shop.Today)
            .GroupBy(each => (each.Day, each.Order, each.Sku)).Select(each => (each.Key.Day, each.Key.Order, each.Key.Sku, each.Sum(part => part.Units)));
        Assert.Equal(told.Order(), goods.GroupBy(each => (each.Day, each.OrderKey, each.Sku)).Select(each => (each.Key.Day, each.Key.OrderKey, each.Key.Sku.Value, each.Sum(part => part.Quantity))).Order());
        Assert.Equal([ReturnOutcome.Sellable, ReturnOutcome.Unsellable], goods.Select(each => each.Outcome).Distinct().Order());
        var refunds = (await MovementsAsync()).Where(movement => movement.Kind == LedgerKind.RefundProduct).ToLookup(movement => (movement.OrderKey, movement.Sku));
        Assert.All(goods, each => Assert.Contains(refunds[(each.OrderKey, each.Sku)], refund => refund.Day < each.Day && refund.Day.AddDays(21) >= each.Day));
        shop.AssertSpecified();
    }

    private async Task<IReadOnlyList<Finding>> FoundAsync()
    {
        var known = new KnownReturns(new DateSpan(shop.Today.AddDays(-120), shop.Today.AddDays(-1)), await GoodsAsync());
        return [.. LedgerAudit.Of(await MovementsAsync(), new FeeBook([]), known, AuditRules.For(Clients.Us.Currency), Clients.Us.Currency, shop.Today).Where(finding => finding.Kind == FindingKind.GoodsNotReturned)];
    }

    private async Task<ImmutableArray<Movement>> MovementsAsync() =>
        Movement.Of((await shop.Partner.TransactionsAsync(new DateSpan(shop.Today.AddDays(-110), shop.Today), shop.Now, SellingShop.Keys, Ct)).Rows);

    private async Task<ImmutableArray<ReturnedGoods>> GoodsAsync()
    {
        var tables = new List<FactTable>();
        for (var first = shop.Today.AddDays(-120); first < shop.Today; first = first.AddDays(30))
        {
            var report = await shop.EndedAsync(await shop.Partner.RequestReturnsAsync(new DateSpan(first, first.AddDays(29)), Ct), Ct);
            if (report.DocumentId is { } document) tables.Add(await shop.Partner.DownloadReturnsAsync(document, SellingShop.Keys, Ct));
            else Assert.Equal(PartnerReportState.NoData, report.State);
        }

        return ReturnedGoods.Of(FactTable.Concat(Dataset.ReturnDay, tables));
    }
}

/// <summary>A shop that is old enough for refunds whose goods are due.</summary>
public sealed class OldShop : SellingShop
{
    protected override int HistoryDays => 110;
}

using System.Globalization;
using System.Text;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>Returns from the pretend Amazon through the product's own steps to what the page Profit shows.</summary>
public sealed class ReturnsTests : IAsyncLifetime
{
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 8, historyDays: 110, "--products", "4");
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task A_sync_reads_returns_and_the_books_miss_exactly_what_never_came_back()
    {
        var today = shop.Services.GetRequiredService<BusinessClock>().Today(await shop.Services.GetRequiredService<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop));
        await amazon.SetFaultsAsync(new { keptGoods = 300 }, Stop);
        Assert.Equal(4, SellingPlan.ReturnSpans(null, today).Count);

        var run = await shop.RunAsync(RunKind.Apply, [new(StepNames.Listings, null), new(StepNames.Ledger, null), .. SellingPlan.ReturnSpans(null, today).Select(Step)], Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        var mark = await MarkAsync();
        Assert.Equal(new DateSpan(today.AddDays(-120), today.AddDays(-1)), mark!.Newest);
        var rows = await (await shop.VaultAsync(Stop)).ReadAsync(Dataset.ReturnDay, shop.Storefront, null, Stop);
        Assert.InRange(rows.Rows, 10, (await amazon.GetAsync("/world/ledger", Stop)).GetProperty("returned").GetArrayLength());

        var books = await shop.Services.GetRequiredService<ProfitShelf>().BooksAsync(shop.Seller, shop.Storefront, Stop);
        var keys = shop.Services.GetRequiredService<SellerLink>().OrderKeys(shop.Seller);
        // Amazon no longer lists the settlement of the oldest sales: a refund alone is held against nothing.
        var settled = books.Lines.Where(line => line.Posted > 0).Select(line => line.OrderKey).ToHashSet();
        var planted = (await amazon.GetAsync("/world/ledger", Stop)).GetProperty("kept").EnumerateArray().Select(each => (
                Order: keys.Of(Encoding.UTF8.GetBytes(each.GetProperty("orderId").GetString()!)), Units: each.GetProperty("units").GetInt64(),
                Day: DateOnly.ParseExact(each.GetProperty("refundedOn").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .GroupBy(each => each.Order).Select(order => (Order: order.Key, Units: order.Sum(each => each.Units), Day: order.Max(each => each.Day)))
            .Where(order => order.Day.AddDays(60) < today && settled.Contains(order.Order)).Select(order => (order.Order, order.Units)).Order().ToArray();
        Assert.True(planted.Length >= 3, $"{planted.Length} planted");
        Assert.Equal(planted, books.Findings.Where(finding => finding.Kind == FindingKind.GoodsNotReturned).Select(finding => (finding.OrderKey, finding.Units)).Order());

        // Read anew nothing changes; without the role, and where Amazon has nothing to say or fails, all stays as it is.
        var known = await shop.ContentAsync(Stop);
        foreach (var faults in new object[] { new { pollsBeforeCompletion = 2 }, new { cancelledReports = 1 }, new { fatalReports = 1 }, new { removeRoles = new[] { "customerReturns" } } })
        {
            await amazon.SetFaultsAsync(faults, Stop);
            var again = await shop.RunAsync(RunKind.Apply, [Step(DateSpan.Ending(today.AddDays(-1), 8)), new(StepNames.Listings, null)], Stop);
            Assert.True(again.State == RunState.Done, again.Error);
            Assert.Equal(known, await shop.ContentAsync(Stop));
            Assert.Equal(mark.Newest, (await MarkAsync())!.Newest);
        }
    }

    private static NewStep Step(DateSpan span) => NewStep.With(StepNames.Selling, new ReportNotes(Dataset.ReturnDay, span.First, span.Last), NotesJson.Default.ReportNotes);

    private async Task<ReturnsMark?> MarkAsync() =>
        await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Sync, RecordKind.RecordId(shop.Storefront, "returns"), StoredJson.Default.ReturnsMark, Stop);
}

using System.Net;
using Autonoomi.Amazon.Reports;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The page Imports: what was read of Amazon's reports, and every row that was left out.</summary>
[Collection<PeopleTests>]
public sealed class ImportsPageTests(RunningProduct product)
{
    private static readonly DateOnly Today = new(2026, 9, 8);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_left_out_are_listed_for_every_report_with_row_field_and_rule()
    {
        var (browser, seller, storefront) = await OpenAsync();
        var write = new VaultWrite();
        foreach (var dataset in ReportPlan.All)
        {
            Read(write, storefront, dataset, StoredReadings.None.With(new(Today.AddDays(-14), Today.AddDays(-1), Today, new ReportTotal(5_000, 250, 900, 7_000_000))));
            Rejected(write, storefront, dataset, new(Today.AddDays(-14), Today.AddDays(-1), Today, [.. Enumerable.Range(1, 100).Select(row => new RejectedRow(row * 7, "clicks", $"<b>{dataset}</b> a count is zero or more, and this one is negative"))]));
        }

        await CommitAsync(seller, write);
        var html = await browser.ReadAsync("/imports");
        var page = WebUtility.HtmlDecode(html);

        foreach (var dataset in ReportPlan.All)
        {
            Assert.Contains($"data-report=\"{dataset}\"", page, StringComparison.Ordinal);
            Assert.Contains($"250 rows left out of the {ReportWords.Of(dataset)} report of 25 Aug to 7 Sep 2026, read on 8 Sep", page, StringComparison.Ordinal);
            Assert.Equal(100, page.Split($"<b>{dataset}</b> a count is zero or more").Length - 1);
            Assert.DoesNotContain($"<b>{dataset}</b>", html, StringComparison.Ordinal);
            Assert.NotEqual(dataset.ToString(), ReportWords.Of(dataset));
        }

        Assert.Contains("<td class=\"num\">700</td><td><code>clicks</code></td>", page, StringComparison.Ordinal);
        Assert.Contains("The first 100 are listed.", page, StringComparison.Ordinal);

        var (stranger, _) = await product.SignedInAsync();
        Assert.DoesNotContain("data-report", await stranger.ReadAsync("/imports"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_that_were_read_again_without_wrong_rows_are_not_warned_of()
    {
        var (browser, seller, storefront) = await OpenAsync();
        var first = StoredReadings.None.With(new(Today.AddDays(-14), Today.AddDays(-1), Today, new ReportTotal(50, 1, 9, 7)));
        var rejects = new StoredRejects(Today.AddDays(-14), Today.AddDays(-1), Today, [new RejectedRow(3, null, "the row is no object")]);
        var write = new VaultWrite();
        Read(write, storefront, Dataset.TargetDay, first.With(new(Today.AddDays(-14), Today.AddDays(-1), Today.AddDays(1), new ReportTotal(50, 0, 9, 7))));
        Rejected(write, storefront, Dataset.TargetDay, rejects);
        Read(write, storefront, Dataset.SearchTermDay, first.With(new(Today.AddDays(-13), Today.AddDays(-1), Today.AddDays(1), new ReportTotal(50, 0, 9, 7))));
        Rejected(write, storefront, Dataset.SearchTermDay, rejects);
        Read(write, storefront, Dataset.PlacementDay, first);
        await CommitAsync(seller, write);

        var page = await browser.ReadAsync("/imports");

        Assert.Contains("read again without", Row(page, Dataset.TargetDay), StringComparison.Ordinal);
        Assert.Contains("1 row<", Row(page, Dataset.SearchTermDay), StringComparison.Ordinal);
        Assert.Contains("none", Row(page, Dataset.PlacementDay), StringComparison.Ordinal);
        Assert.DoesNotContain("data-rejects=\"PlacementDay\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_report_the_page_says_so()
    {
        var (browser, _, _) = await OpenAsync();

        Assert.Contains("No report was read yet", await browser.ReadAsync("/imports"), StringComparison.Ordinal);
    }

    private static string Row(string page, Dataset dataset)
    {
        var begin = page.IndexOf($"data-report=\"{dataset}\"", StringComparison.Ordinal);
        return page[begin..page.IndexOf("</tr>", begin, StringComparison.Ordinal)];
    }

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> OpenAsync()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        await CommitAsync(seller, new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(2026, 9, 8, 6, 0, 0, TimeSpan.Zero), Today.AddDays(-1)), StoredJson.Default.SyncMark, "done"));
        return (browser, seller, storefront);
    }

    private async Task CommitAsync(SellerId seller, VaultWrite write) => await (await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop)).CommitAsync(write, Stop);

    private static void Read(VaultWrite write, StorefrontId storefront, Dataset dataset, StoredReadings readings) =>
        write.Put(RecordKind.Reading, RecordKind.RecordId(storefront, dataset.ToString()), readings, StoredJson.Default.StoredReadings, "read");

    private static void Rejected(VaultWrite write, StorefrontId storefront, Dataset dataset, StoredRejects rejects) =>
        write.Put(RecordKind.Rejects, RecordKind.RecordId(storefront, dataset.ToString()), rejects, StoredJson.Default.StoredRejects, "left-out");
}

using System.Net;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Hours;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The page Hours, drawn by the running product from a vault.</summary>
[Collection<PeopleTests>]
public sealed class HoursPageTests(RunningProduct product)
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateOnly Today => product.Services.GetRequiredService<BusinessClock>().Today(Us);

    [Fact]
    public async Task Without_counts_it_says_what_is_missing_and_with_them_it_shows_cost_alone()
    {
        var (browser, vault, storefront) = await FilledAsync();
        var before = await ReadAsync(browser, "/hours");
        Assert.Contains("Hours are not known yet", before, StringComparison.Ordinal);
        Assert.Contains("Amazon Marketing Stream", before, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"hours\"", before, StringComparison.Ordinal);

        var hours = Enumerable.Range(0, 24).Select(hour => hour == 7 ? 3.25m : 0.5m).ToArray();
        var stored = new StoredHours(new SpendDay(Today, []), [new SpendHours(Today.AddDays(-8), [.. hours]), new SpendHours(Today.AddDays(-1), [.. hours.Select(spent => spent + 1)])]);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Hours, RecordKind.RecordId(storefront, "latest"), stored, StoredJson.Default.StoredHours, "latest"), Stop);
        var page = await ReadAsync(browser, "/hours?show=Clicks");

        // Both days are of one weekday: the mean of 3.25 and 4.25, and of 0.50 and 1.50; all hours together 23 × 1.00 + 3.75.
        Assert.Contains(">3.75</td>", page, StringComparison.Ordinal);
        Assert.Equal(23, Regex.Count(page, "heat-2\">1.00</td>"));
        Assert.Contains("<b>26.75</b>", page, StringComparison.Ordinal);
        Assert.Contains("Clicks, orders, conversion and ACoS by hour are not known", page, StringComparison.Ordinal);
        Assert.Contains("2 days are few", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_hourly_stream_every_figure_is_drawn()
    {
        var (browser, vault, storefront) = await FilledAsync();
        var table = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        foreach (var back in (int[])[8, 1]) table.Day(Today.AddDays(-back)).Int(20).Long(1).Long(400).Long(50).Long(40_000_000).Long(5).Long(5).Long(125_000_000);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.HourDay, storefront, new DateSpan(Today.AddDays(-8), Today.AddDays(-1)), table.Build()), Stop);

        foreach (var (figure, words) in new[] { ("Cost", "40.00"), ("Clicks", "50"), ("Orders", "5"), ("Conversion", "10.0%"), ("Acos", "32%") })
        {
            var page = await ReadAsync(browser, $"/hours?show={figure}");
            Assert.Contains($"heat-5\">{words}</td>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("hours-unknown", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shades_follow_the_highest_hour_and_nothing_has_none()
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        foreach (var (hour, clicks) in new[] { (1, 100L), (2, 41L), (3, 20L), (4, 0L) }) table.Day(new(2026, 11, 2)).Int(hour).Long(1).Long(0).Long(clicks).Long(0).Long(0).Long(0).Long(0);
        var view = new HourView(HourGrid.Of(table.Build()), HourFigure.Clicks, Us.Currency);

        Assert.Equal([5, 3, 1, 0, 0], new[] { 1, 2, 3, 4, 5 }.Select(hour => view.Shade(view.Grid[0, hour])));
        Assert.Equal(Platform.Shell.Display.None, view.Words(view.Grid[1, 1]));
    }

    private static async Task<string> ReadAsync(Browser browser, string path) => Regex.Replace(WebUtility.HtmlDecode(await browser.ReadAsync(path)), "<!--.*?-->", "");

    private async Task<(Browser Browser, SellerVault Vault, StorefrontId Storefront)> FilledAsync()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await SmallShop.FillAsync(vault, storefront, Today, 30, Stop);
        return (browser, vault, storefront);
    }
}

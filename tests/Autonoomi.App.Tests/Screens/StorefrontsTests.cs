using System.Net;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Overview;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>All storefronts side by side: each row has the figures of its own vault, and nobody sees another organisation's.</summary>
[Collection<PeopleTests>]
public sealed class StorefrontsTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateOnly Today => product.Services.GetRequiredService<BusinessClock>().Today(Us);

    [Fact]
    public async Task Every_row_has_the_figures_of_its_own_seller_and_nothing_is_added_up()
    {
        var (browser, who) = await product.SignedInAsync();
        var (calm, dear) = (await FilledAsync(who.Organisation, 1), await FilledAsync(who.Organisation, 2));
        var (_, other) = await product.SignedInAsync();
        var foreign = await FilledAsync(other.Organisation, 3);

        var page = Regex.Replace(WebUtility.HtmlDecode(await browser.ReadAsync("/storefronts?days=30")), "<!--.*?-->", "");

        // Twelve units a day at 25.00, less 15 %, 6.00 a unit and the clicks.
        decimal Cost(int at) => SmallShop.Bid(at) * 0.8m * SmallShop.Clicks(at);
        var perDay = Enumerable.Range(0, 2 * SmallShop.Keywords).Sum(Cost);
        foreach (var (seller, spend) in new[] { (calm, 30 * perDay), (dear, 30 * (perDay + Cost(0))) })
        {
            var row = Row(page, seller);
            Assert.Contains($">{Amount(30 * (300m - 45 - 72) - spend)}</td>", row, StringComparison.Ordinal);
            Assert.Contains(">$9,000</td>", row, StringComparison.Ordinal);
            Assert.Contains($">{Amount(spend)}</td>", row, StringComparison.Ordinal);
            Assert.Contains($">{Display.Percent((double)(spend / 9000))}</td>", row, StringComparison.Ordinal);
            Assert.Contains($">{Display.Percent((double)(spend / (30 * 8 * 25)))}</td>", row, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("$18,000", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Amount(60 * perDay + 30 * Cost(0)), page, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign.ToString(), page, StringComparison.Ordinal);
        Assert.DoesNotContain(Amount(30 * (perDay + 2 * Cost(0))), page, StringComparison.Ordinal);

        // A row leads into its storefront.
        var link = Regex.Match(Row(page, dear), "href=\"(/storefront[?][^\"]+)\"").Groups[1].Value;
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(link)).StatusCode);
        Assert.Contains(Amount(30 * (perDay + Cost(0))), WebUtility.HtmlDecode(await browser.ReadAsync("/?days=30")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storefront_of_another_organisation_is_not_read_even_when_it_is_asked_for()
    {
        var (_, who) = await product.SignedInAsync();
        await FilledAsync(who.Organisation, 1);
        var (_, other) = await product.SignedInAsync();
        await FilledAsync(other.Organisation, 1);
        await using var mine = product.Services.CreateAsyncScope();
        await using var theirs = product.Services.CreateAsyncScope();
        var (me, them) = (await CurrentAsync(mine, who.User), await CurrentAsync(theirs, other.User));
        var reader = product.Services.GetRequiredService<StorefrontReader>();

        await Assert.ThrowsAsync<ArgumentException>(() => reader.ReadAsync(me, Assert.Single(them.Choices), 30, Stop));
        Assert.True((await reader.ReadAsync(me, Assert.Single(me.Choices), 30, Stop)).IsRead);
    }

    [Fact]
    public async Task Of_many_storefronts_the_first_are_there_at_once_and_the_switcher_has_a_search()
    {
        var (browser, who) = await product.SignedInAsync();
        for (var at = 0; at < 5; at++) await product.ConnectAsync(who.Organisation);
        Assert.DoesNotContain("data-filters=\"switcher\"", await browser.ReadAsync("/storefronts"), StringComparison.Ordinal);
        for (var at = 0; at < 5; at++) await product.ConnectAsync(who.Organisation);

        var page = await browser.ReadAsync("/storefronts");

        Assert.Contains("data-filters=\"switcher\"", page, StringComparison.Ordinal);
        Assert.Equal(10, Regex.Count(page, "<tr data-storefront="));
        Assert.Equal(8, Regex.Count(page, "not read yet</td>"));
        Assert.Contains("2 storefronts still to be read.", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "Still to be read"));
    }

    [Fact]
    public void Amounts_are_sorted_within_their_currency_and_rows_without_a_figure_stand_last()
    {
        var (dollars, yen) = (Row("Dollars", "ATVPDKIKX0DER", 900), Row("Yen", "A1VC38T7YXB528", 50_000));
        var (fewer, none) = (Row("Fewer", "ATVPDKIKX0DER", 100), new StorefrontRow(Choice("Unread", "ATVPDKIKX0DER")));
        StorefrontRow[] all = [none, dollars, yen, fewer];

        string Order(StorefrontSort by, bool down) => string.Join(' ', StorefrontOrder.Of(all, by, down).Select(row => row.Choice.SellerName));
        Assert.Equal("Yen Dollars Fewer Unread", Order(StorefrontSort.Spend, true));
        Assert.Equal("Yen Fewer Dollars Unread", Order(StorefrontSort.Spend, false));
        Assert.Equal("Dollars Fewer Unread Yen", Order(StorefrontSort.Name, false));
        Assert.Equal("Yen Unread Fewer Dollars", Order(StorefrontSort.Name, true));

        StorefrontRow Row(string name, string marketplace, decimal spend)
        {
            var today = new DateOnly(2026, 11, 2);
            var market = Marketplace.Find(marketplace);
            var ads = new FactTableBuilder(TableSchema.Of(Dataset.ProductDay));
            ads.Day(today.AddDays(-1)).Long(1).Long(2).Long(4).Text("A").Long(10).Long(5).Long((long)(spend * 1_000_000)).Long(0).Long(0).Long(0);
            var shop = new Workspace { Storefront = new(1), Marketplace = market, Today = today, SyncedAt = null, ProductDays = ads.Build(), Settings = Platform.Storefronts.Workspaces.DefaultSettings(market) };
            return new StorefrontRow(Choice(name, marketplace)) { IsRead = true, Figures = new ProfitBooks(shop).Figures(DateSpan.Ending(today.AddDays(-1), 30)) };
        }

        static StorefrontChoice Choice(string name, string marketplace) => new(new(Guid.NewGuid()), new(1), Marketplace.Find(marketplace), name, true);
    }

    private static async Task<CurrentStorefront> CurrentAsync(AsyncServiceScope scope, Guid user)
    {
        var current = scope.ServiceProvider.GetRequiredService<CurrentStorefront>();
        Assert.True(await current.LoadAsync(new(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.NameIdentifier, user.ToString())], "test")), Stop));
        return current;
    }

    private static string Amount(decimal amount) => Display.Amount(new Money(amount, Usd));

    private static string Row(string page, SellerId seller) => Regex.Match(page, $"<tr data-storefront=\"{seller}[.].*?</tr>", RegexOptions.Singleline).Value;

    /// <param name="organisation">Whose.</param>
    /// <param name="times">How often the dear first keyword is clicked, against the others.</param>
    private async Task<SellerId> FilledAsync(Guid organisation, int times)
    {
        var (seller, storefront) = await product.ConnectAsync(organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await SmallShop.FillAsync(vault, storefront, Today.AddDays(-30), 30, Stop);
        await SmallShop.GoOnAsync(vault, storefront, Today.AddDays(-30), Today, Stop, at => at == 0 ? times : 1);
        return seller;
    }
}

using System.Globalization;
using System.Net;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The page Profit, drawn by the running product from sealed settlements of five months: a sale of 20.00 a day with 3.00 referral fee, and storage that was once charged twice.</summary>
[Collection<PeopleTests>]
public sealed class ProfitPageTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateOnly Today => product.Services.GetRequiredService<Platform.Environments.BusinessClock>().Today(Us);

    /// <summary>Older than anything that the workspace keeps in memory.</summary>
    private DateOnly Oldest => new DateOnly(Today.Year, Today.Month, 1).AddMonths(-5);

    private string OldMonth => Oldest.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_month_older_than_the_memory_is_closed_and_told_from_its_settlements()
    {
        var (browser, _, _) = await FilledAsync("A-1");
        Assert.True(Oldest.AddMonths(1) < Today.AddDays(1 - Workspaces.Days));

        var page = await browser.ReadAsync($"/profit?month={OldMonth}");

        // 20 − 3 − 5 a day, and storage of 6 twice.
        var profit = (DateTime.DaysInMonth(Oldest.Year, Oldest.Month) * 12) - 12;
        Assert.Contains("From settlements, on the day Amazon posted it: final.", page, StringComparison.Ordinal);
        Assert.Contains($"${profit}.00", page, StringComparison.Ordinal);
        Assert.Contains("Kettle &lt;b&gt;bold&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold</b>", page, StringComparison.Ordinal);
        Assert.Contains("<td>closed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"profit-unknown\"", page, StringComparison.Ordinal);
        Assert.Contains("Charged twice", page, StringComparison.Ordinal);
        Assert.Contains(">settled</td>", page[page.IndexOf("id=\"statement\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
        var truth = page[page.IndexOf("id=\"profit-truth\"", StringComparison.Ordinal)..];
        Assert.Contains($"${20 * DateTime.DaysInMonth(Oldest.Year, Oldest.Month)}.00", truth[..truth.IndexOf("</table>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("$6.00", page[page.IndexOf("profit-findings", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("Of all settlements read, ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Settlement does not add up", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_without_a_cost_is_unknown_everywhere_and_its_share_is_told()
    {
        var (browser, _, _) = await FilledAsync();

        var page = await browser.ReadAsync($"/profit?month={OldMonth}");

        Assert.Contains("The contribution is unknown: 1 product that sold or was advertised has no cost.", page, StringComparison.Ordinal);
        Assert.Contains("Of the 0.0% of sales that have one", page, StringComparison.Ordinal);
        Assert.Contains(">unknown</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_has_the_rows_shown_and_every_line()
    {
        var (browser, _, _) = await FilledAsync("A-1");

        var answer = await browser.GetAsync($"/profit/export.csv?by=Product&month={OldMonth}");
        var lines = (await answer.Content.ReadAsStringAsync(Stop)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, lines.Length);
        Assert.Contains("Referral fees,Fulfilment fees,Storage", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"\"Kettle <b>bold</b>\",\"A-1\",USD,{20 * DateTime.DaysInMonth(Oldest.Year, Oldest.Month)},", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reporting_currency_stands_beside_the_storefronts_with_its_rates_and_is_unknown_where_a_day_has_none()
    {
        var (browser, seller, storefront) = await FilledAsync("A-1");
        var euro = new Currency("EUR");
        var book = product.Services.GetRequiredService<ReportingBook>();
        var days = DateTime.DaysInMonth(Oldest.Year, Oldest.Month);
        var middle = Oldest.AddDays(10);
        Reporting Typed(DateOnly first) => new(euro, [new(Usd, euro, first, 0.9m), new(Usd, euro, middle, 0.95m)]);

        Assert.Empty(await book.StoreAsync(seller, storefront, Typed(Oldest), Platform.Audit.Actor.Operator, Stop));
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/profit?month={OldMonth}"));
        Assert.Contains($"Beside it in EUR, converted at 0.9000 since {Oldest:yyyy-MM-dd} and 0.9500 since {middle:yyyy-MM-dd}; each day at its own rate.", page, StringComparison.Ordinal);

        // Ten days at 0.90, the rest at 0.95; both charges of storage lie in the first ten.
        var (sales, contribution) = (20 * ((10 * 0.9m) + ((days - 10) * 0.95m)), (((10 * 12) - 12) * 0.9m) + ((days - 10) * 12 * 0.95m));
        Assert.Matches($@"\${20 * days}\.00\s*<span class=""beside soft"" title=""converted at 0\.9000 since {Oldest:yyyy-MM-dd} and 0\.9500 since {middle:yyyy-MM-dd}"">€{sales:0.00}</span>", page);
        Assert.Contains($">€{contribution:0.00}</span>", page, StringComparison.Ordinal);
        Assert.Contains("In EUR</th>", page, StringComparison.Ordinal);
        Assert.Contains("−€10.80</td>", page, StringComparison.Ordinal);

        Assert.Empty(await book.StoreAsync(seller, storefront, Typed(Oldest.AddDays(1)), Platform.Audit.Actor.Operator, Stop));
        page = WebUtility.HtmlDecode(await browser.ReadAsync($"/profit?month={OldMonth}"));
        Assert.Contains($"No rate holds on {Oldest:yyyy-MM-dd}: what lies on it is unknown in EUR.", page, StringComparison.Ordinal);
        Assert.Matches($@"\${20 * days}\.00\s*<span class=""beside soft""", page);
        Assert.Contains(">EUR unknown</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain($">€{contribution:0.00}</span>", page, StringComparison.Ordinal);
        Assert.Contains("−€10.80</td>", page, StringComparison.Ordinal);

        // Without a reporting currency, and with the storefront's own, there is nothing beside.
        Assert.Empty(await book.StoreAsync(seller, storefront, Typed(Oldest) with { Currency = null }, Platform.Audit.Actor.Operator, Stop));
        page = WebUtility.HtmlDecode(await browser.ReadAsync($"/profit?month={OldMonth}"));
        Assert.DoesNotContain("€", page, StringComparison.Ordinal);
        Assert.Contains("Show another currency beside it", page, StringComparison.Ordinal);
        Assert.Empty(await book.StoreAsync(seller, storefront, Typed(Oldest) with { Currency = Usd }, Platform.Audit.Actor.Operator, Stop));
        Assert.DoesNotContain("class=\"beside", WebUtility.HtmlDecode(await browser.ReadAsync($"/profit?month={OldMonth}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_typed_for_a_product_are_used_up_from_the_beginning()
    {
        var (browser, seller, storefront) = await FilledAsync("A-1");
        var before = await browser.ReadAsync($"/profit?month={OldMonth}");
        var handler = product.Services.GetRequiredService<Features.Economics.SaveSettingsHandler>();
        var settings = (await product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop)).Settings;

        Assert.True((await handler.Handle(new(seller, storefront, settings with { Batches = [new GoodsBatch(new("A-1"), Oldest, 10, new(1m, Usd), new(0m, Usd))] }, Platform.Audit.Actor.Operator), Stop)).IsOk);
        var after = await browser.ReadAsync($"/profit?month={OldMonth}");

        // Those ten are long sold: the dated cost holds again, until there is a batch that is not.
        var (shelf, workspaces) = (product.Services.GetRequiredService<ProfitShelf>(), product.Services.GetRequiredService<Workspaces>());
        async Task<double> DecidedByAsync() => Core.Profit.Economics.Of(await shelf.DecidedOnAsync(seller, await workspaces.GetAsync(seller, storefront, Stop), Stop))[new Sku("A-1")].CostOfGoods;
        Assert.Equal(5, await DecidedByAsync());
        Assert.True((await handler.Handle(new(seller, storefront, settings with { Batches = [new GoodsBatch(new("A-1"), Oldest, 10, new(1m, Usd), new(0m, Usd)), new GoodsBatch(new("A-1"), Oldest.AddDays(1), 9999, new(2m, Usd), new(0.5m, Usd))] }, Platform.Audit.Actor.Operator), Stop)).IsOk);
        Assert.Equal(2.5, await DecidedByAsync());

        // Ten units at 1 instead of 5.
        var profit = (DateTime.DaysInMonth(Oldest.Year, Oldest.Month) * 12) - 12;
        Assert.Contains($"${profit}.00", before, StringComparison.Ordinal);
        Assert.Contains($"${profit + 40}.00", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_it_is_shown_to_another_organisation()
    {
        await FilledAsync("A-1");
        var (stranger, _) = await product.SignedInAsync();

        Assert.DoesNotContain("statement-title", await stranger.ReadAsync("/profit"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/profit/export.csv")).StatusCode);
    }

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> FilledAsync(params string[] costed)
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var ledger = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay));
        var settlement = 0L;
        for (var first = Oldest; first.AddDays(14) < Today; first = first.AddDays(14))
        {
            settlement++;
            var sum = 0L;
            for (var day = first; day < first.AddDays(14); day = day.AddDays(1))
            {
                Add(day, 1000 + day.DayNumber, "A-1", LedgerKind.ProductCharge, 1, 1, 20_000_000);
                Add(day, 1000 + day.DayNumber, "A-1", LedgerKind.ReferralFee, 2, 0, -3_000_000);
            }

            if (settlement == 1) foreach (var line in (long[])[3, 4]) Add(first.AddDays(5), 0, "A-1", LedgerKind.StorageMonthly, line, 0, -6_000_000);
            Add(first.AddDays(13), 0, "", LedgerKind.Payout, 9, 14, -sum);

            void Add(DateOnly day, long order, string sku, LedgerKind kind, long line, long quantity, long micros)
            {
                sum += micros;
                new Movement(day, order, new Sku(sku), kind, LedgerSource.Settlement, line, LedgerState.Released, quantity, micros, settlement).AddTo(ledger);
            }
        }

        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var write = new VaultWrite()
            .Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(Today, new(6, 0), TimeSpan.Zero), Today.AddDays(-1)), StoredJson.Default.SyncMark, "done")
            .ReplaceDays(Dataset.LedgerDay, storefront, new DateSpan(Oldest, Today), ledger.Build());
        foreach (var sku in costed) write.Put(RecordKind.Cost, RecordKind.RecordId(storefront, sku), new ProductCost(new(sku), Oldest, new(5m, Usd), new(0m, Usd), null, 30), StoredJson.Default.ProductCost, "set");
        await vault.CommitAsync(write, Stop);
        return (browser, seller, storefront);
    }
}

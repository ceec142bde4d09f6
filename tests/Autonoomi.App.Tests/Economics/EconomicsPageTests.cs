using System.Net;
using System.Text;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Economics;

[Collection<PeopleTests>]
public sealed partial class EconomicsPageTests(RunningProduct product)
{
    [Fact]
    public async Task A_good_file_is_shown_first_and_stored_only_after_a_yes()
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        var preview = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku;cost_of_goods;lead_time_days\nA-1;7,50;20\nC-3;9,99;\n")));
        Assert.Contains("2 rows are", preview, StringComparison.Ordinal);
        Assert.Contains("7.50", preview, StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));

        var token = ConfirmToken().Match(preview).Groups[1].Value;
        var stored = await browser.SubmitAsync("/economics", "confirm-file", new() { ["token"] = token });
        Assert.Equal(HttpStatusCode.Redirect, stored.StatusCode);
        Assert.Equal([("A-1", 7.5m, 20), ("C-3", 9.99m, 30)], (await CostsAsync(seller, storefront)).Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount, cost.LeadTimeDays)));

        var again = await BodyAsync(await browser.SubmitAsync("/economics", "confirm-file", new() { ["token"] = token }));
        Assert.Contains("This preview is gone", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sku,price\nA-1,1\n", "Row 1, cost_of_goods: The column is missing")]
    [InlineData("sku,cost_of_goods\nA-1,5\nA-1,-4\n", "Row 3, cost_of_goods: -4 is below zero")]
    [InlineData("sku,cost_of_goods\nX,4\n", "Row 2, sku: &#x27;X&#x27; is not among the 3 products")]
    [InlineData("sku,cost_of_goods\nA-1,=1+1\n", "Row 2, cost_of_goods: &#x27;=1&#x2B;1&#x27; starts like a formula")]
    public async Task A_bad_file_names_row_field_rule_and_fix_and_stores_nothing(string text, string words)
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        var page = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes(text)));

        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains("Nothing changed", page, StringComparison.Ordinal);
        Assert.Equal(text.Contains("A-1,5", StringComparison.Ordinal), ConfirmToken().IsMatch(page)); // only a good row can be kept
        Assert.Empty(await CostsAsync(seller, storefront));
    }

    [Fact]
    public async Task Good_rows_of_a_faulty_file_are_stored_only_when_a_person_says_so()
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        var page = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku,cost_of_goods\nA-1,5\nA-1,-4\nC-3,2\n")));
        Assert.Contains("Row 3, cost_of_goods: -4 is below zero", page, StringComparison.Ordinal);
        Assert.Contains("Store the 2 good rows", page, StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));

        await browser.SubmitAsync("/economics", "confirm-file", new() { ["token"] = ConfirmToken().Match(page).Groups[1].Value });
        Assert.Equal([("A-1", 5m), ("C-3", 2m)], (await CostsAsync(seller, storefront)).Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount)));
    }

    [Fact]
    public async Task Columns_are_pointed_out_by_hand_where_headings_are_not_recognised()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var (other, _, _) = await ConnectedAsync();

        var page = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("Article <b>;Buying price;Note\nA-1;7,50;x\n")));
        Assert.Contains("Row 1, sku: The column is missing", page, StringComparison.Ordinal);
        Assert.Contains("Article &lt;b&gt;</option>", page, StringComparison.Ordinal);
        var token = MapToken().Match(page).Groups[1].Value;
        var fields = new Dictionary<string, string> { ["file-token"] = token, ["mark"] = "Detect", ["map.sku"] = "0", ["map.cost_of_goods"] = "0" };
        Assert.Contains("is chosen for sku already", await BodyAsync(await browser.SubmitAsync("/economics", "map-file", fields)), StringComparison.Ordinal);
        Assert.Contains("The file is gone", await BodyAsync(await other.SubmitAsync("/economics", "map-file", fields)), StringComparison.Ordinal);

        fields["map.cost_of_goods"] = "1";
        page = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("Article <b>;Buying price;Note\nA-1;7,50;x\n")));
        fields["file-token"] = MapToken().Match(page).Groups[1].Value;
        page = await BodyAsync(await browser.SubmitAsync("/economics", "map-file", fields));
        Assert.Contains("One row is", page, StringComparison.Ordinal);
        Assert.Contains("Columns left aside: Note.", page, StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));
        await browser.SubmitAsync("/economics", "confirm-file", new() { ["token"] = ConfirmToken().Match(page).Groups[1].Value });
        Assert.Equal(7.5m, Assert.Single(await CostsAsync(seller, storefront)).CostOfGoods.Amount);
    }

    [Fact]
    public async Task A_file_just_above_ten_mebibytes_and_one_in_utf_16_are_named()
    {
        var (browser, _, _) = await ConnectedAsync();

        Assert.Contains("larger than 10 MiB", await BodyAsync(await browser.UploadAsync("/economics", "file", new byte[CostFile.MaximumBytes + 1])), StringComparison.Ordinal);
        Assert.Contains("UTF-16", await BodyAsync(await browser.UploadAsync("/economics", "file", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("sku,cost_of_goods\n")])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_named_like_a_table_is_not_read()
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        Assert.Contains("neither .csv nor .txt nor .xlsx", await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku,cost_of_goods\nA-1,5\n"), name: "costs.exe")), StringComparison.Ordinal);
        Assert.Contains("One row is", await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku,cost_of_goods\nA-1,5\n"), name: "COSTS.TXT")), StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));
    }

    [Fact]
    public async Task Another_person_cannot_confirm_the_preview()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var (other, _, _) = await ConnectedAsync();
        var preview = await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku,cost_of_goods\nA-1,5\n")));

        var answer = await BodyAsync(await other.SubmitAsync("/economics", "confirm-file", new() { ["token"] = ConfirmToken().Match(preview).Groups[1].Value }));

        Assert.Contains("This preview is gone", answer, StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));
    }

    [Fact]
    [Promise("P-1.1-c")]
    public async Task Typed_costs_are_stored_and_a_wrong_cell_stores_none()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var fields = new Dictionary<string, string>
        {
            ["validFrom"] = "2026-01-15",
            ["sku.0"] = "A-1", ["cost.0"] = "6,40", ["inbound.0"] = "0.5", ["margin.0"] = "15%", ["lead.0"] = "25",
            ["sku.1"] = "C-3", ["cost.1"] = "-1", ["inbound.1"] = "", ["margin.1"] = "", ["lead.1"] = "",
            ["sku.2"] = "B-2", ["cost.2"] = "", ["inbound.2"] = "", ["margin.2"] = "", ["lead.2"] = "",
        };

        var refused = await BodyAsync(await browser.SubmitAsync("/economics", "costs", fields));
        Assert.Contains("-1 is below zero", refused, StringComparison.Ordinal);
        Assert.Empty(await CostsAsync(seller, storefront));

        fields["cost.1"] = "3";
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/economics", "costs", fields)).StatusCode);
        var costs = await CostsAsync(seller, storefront);
        Assert.Equal(2, costs.Count);
        Assert.Equal(new ProductCost(new Sku("A-1"), new DateOnly(2026, 1, 15), new Money(6.4m, new("USD")), new Money(0.5m, new("USD")), 0.15, 25), costs[0]);
    }

    [Fact]
    public async Task Goals_are_stored_and_a_bid_beyond_amazons_limit_is_refused()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var fields = new Dictionary<string, string> { ["mode"] = "Auto", ["budget"] = "1500", ["bid"] = "5000", ["terms"] = " My  Brand \nmy brand\nOther", ["frozen"] = "true" };

        Assert.Contains("highest bid lies between", await BodyAsync(await browser.SubmitAsync("/control", "goals", fields)), StringComparison.Ordinal);

        fields["bid"] = "2,50";
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "goals", fields)).StatusCode);
        var settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal((AutomationMode.Auto, 1500m, 2.5m, true), (settings.Mode, settings.MonthlyBudget.Amount, settings.MaximumBid.Amount, settings.Frozen));
        Assert.Equal(["my brand", "other"], settings.ProtectedTerms);
    }

    [Fact]
    [Promise("P-1.1-d")]
    public async Task What_to_strive_for_is_stored_beside_the_limits_and_a_wrong_cell_stores_nothing()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var fields = new Dictionary<string, string>
        {
            ["kind.0"] = "TargetAcos", ["acos.0"] = "", ["sku.1"] = "B-2", ["kind.1"] = "Grow", ["growth.1"] = "12,5%", ["brand"] = " Acme \nacme", ["incremental"] = "true",
            ["event.0"] = "Sale <b>", ["first.0"] = "2026-11-27", ["last.0"] = "2026-11-30", ["demand.0"] = "2.5", ["conversion.0"] = "", ["click"] = "", ["cap"] = "80", ["hold"] = "10",
        };

        var page = await BodyAsync(await browser.SubmitAsync("/control", "aims", fields));
        Assert.Contains("A target ACoS goal needs its ACoS.", page, StringComparison.Ordinal);
        Assert.Contains("Sale &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Equal(Core.Goals.Goal.Profit, (await WorkspaceAsync(seller, storefront)).Settings.Goal);

        fields["acos.0"] = "30";
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "aims", fields)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "goals", new() { ["mode"] = "Ask", ["budget"] = "900", ["bid"] = "2", ["terms"] = "" })).StatusCode);
        var settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal((AutomationMode.Ask, 0.3, 0.1, true, 80m), (settings.Mode, settings.Goal.TargetAcos, settings.HoldOutShare, settings.CountIncrementality, settings.DailyCap!.Value.Amount));
        Assert.Equal(("B-2", 0.125), (Assert.Single(settings.Goals).Sku.Value, settings.Goals[0].Goal.GrowthShare));
        Assert.Equal(["acme"], settings.BrandTerms);
        Assert.Equal(new PlannedEvent("Sale <b>", new(2026, 11, 27), new(2026, 11, 30), 2.5, 1), Assert.Single(settings.Events));
    }

    [Fact]
    public async Task Batches_costs_and_tax_are_stored_and_a_wrong_cell_stores_nothing()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var fields = new Dictionary<string, string>
        {
            ["batch.0"] = "A-1", ["received.0"] = "2026-03-01", ["quantity.0"] = "500", ["unit.0"] = "4,20", ["freight.0"] = "",
            ["other.0"] = "Rent <b>", ["amount.0"] = "120", ["often.0"] = "month", ["otherFirst.0"] = "2026-01-01", ["otherLast.0"] = "",
            ["vatSku.0"] = "B-2", ["vatRate.0"] = "7%", ["vatFrom.0"] = "",
        };

        var page = await BodyAsync(await browser.SubmitAsync("/economics", "goods", fields));
        Assert.Contains("Batch of A-1: the product has no cost per unit yet", page, StringComparison.Ordinal);
        Assert.Contains("Rent &lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Empty((await WorkspaceAsync(seller, storefront)).Settings.OtherCosts);

        await browser.SubmitAsync("/economics", "costs", new() { ["sku.0"] = "A-1", ["cost.0"] = "4", ["inbound.0"] = "0", ["margin.0"] = "", ["lead.0"] = "30" });
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/economics", "goods", fields)).StatusCode);
        var settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal(("A-1", 500, 4.2m, 0m), (Assert.Single(settings.Batches).Sku.Value, settings.Batches[0].Quantity, settings.Batches[0].CostOfGoods.Amount, settings.Batches[0].InboundPerUnit.Amount));
        Assert.Equal(("Rent <b>", true, 120m, TypedOther.Open), (Assert.Single(settings.OtherCosts).Name, settings.OtherCosts[0].Monthly, settings.OtherCosts[0].Amount.Amount, settings.OtherCosts[0].Last));
        Assert.Equal(("B-2", 0.07m), (Assert.Single(settings.VatRates).Sku!.Value.Value, settings.VatRates[0].InPrices));
    }

    [Fact]
    public async Task A_reporting_currency_and_rates_are_stored_for_the_seller_account_alone_and_a_wrong_cell_stores_nothing()
    {
        var (browser, seller, _) = await ConnectedAsync();
        var (_, other, _) = await ConnectedAsync();
        var book = product.Services.GetRequiredService<ReportingBook>();
        var fields = new Dictionary<string, string>
        {
            ["reporting"] = "EUR",
            ["rateFrom.0"] = "", ["rateTo.0"] = "", ["rateSince.0"] = "2026-11-01", ["rate.0"] = "0.9225",
            ["rateFrom.1"] = "gbp", ["rateTo.1"] = "", ["rateSince.1"] = "2026-10-15", ["rate.1"] = "1,084",
            ["rateFrom.2"] = "", ["rateTo.2"] = "", ["rateSince.2"] = "", ["rate.2"] = "",
        };

        var page = await BodyAsync(await browser.SubmitAsync("/economics", "exchange", fields));
        Assert.Contains("Rate from GBP to EUR since 2026-10-15, rate: &#x27;1,084&#x27; may be a fraction or thousands. Write it with a decimal point, like 1.0840.", page, StringComparison.Ordinal);
        Assert.Contains("value=\"1,084\"", page, StringComparison.Ordinal);
        Assert.Equal(Reporting.None, await book.ReadAsync(seller, TestContext.Current.CancellationToken));

        fields["rate.1"] = "1.084";
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/economics", "exchange", fields)).StatusCode);
        var stored = await book.ReadAsync(seller, TestContext.Current.CancellationToken);
        Currency eur = new("EUR"), usd = new("USD"), gbp = new("GBP");
        Assert.Equal(eur, stored.Currency);
        Assert.Equal([new ExchangeRate(gbp, eur, new(2026, 10, 15), 1.084m), new ExchangeRate(usd, eur, new(2026, 11, 1), 0.9225m)], stored.Rates);
        Assert.Equal(Reporting.None, await book.ReadAsync(other, TestContext.Current.CancellationToken));
        Assert.Contains("value=\"1.0840\"", await browser.ReadAsync("/economics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_template_calculates_nowhere_and_comes_back_as_it_went()
    {
        var (browser, _, _) = await ConnectedAsync();

        var answer = await browser.GetAsync("/economics/template.csv");
        var file = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(file);

        Assert.Contains("\"'=HYPERLINK(", text, StringComparison.Ordinal);
        var filled = text.Replace("\"A-1\",,,,,", "\"A-1\",5.5,,,,", StringComparison.Ordinal).Replace("\"B-2\",,,,,", "\"B-2\",6,,,,", StringComparison.Ordinal).Replace("\"C-3\",,,,,", "\"C-3\",7,,,,", StringComparison.Ordinal);
        Assert.Contains("3 rows are", await BodyAsync(await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes(filled))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Titles_are_shown_as_text()
    {
        var (browser, _, _) = await ConnectedAsync();

        var page = await browser.ReadAsync("/economics");

        Assert.Contains("Kettle &lt;b&gt;bold&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold</b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_marketplace_of_the_first_account_is_on_screen_until_another_is_chosen()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
        {
            // Japan's id comes before that of the United States, Mexico's too.
            db.Storefronts.Add(new StorefrontRow { Seller = seller.Value, Organisation = who.Organisation, MarketplaceId = "A1VC38T7YXB528", Storefront = 77, Active = true });
            db.Storefronts.Add(new StorefrontRow { Seller = seller.Value, Organisation = who.Organisation, MarketplaceId = "A1AM78C64UM0Y8", Storefront = 78, Active = true });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var page = await BodyAsync(await browser.GetAsync("/economics"));

        Assert.Contains("<b>Test shop</b><small>United States", page, StringComparison.Ordinal);
        var order = new[] { "ATVPDKIKX0DER", "A1AM78C64UM0Y8", "A1VC38T7YXB528" }.Select(id => page.IndexOf($"marketplace={id}", StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
    }

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> ConnectedAsync()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        return (browser, seller, storefront);
    }

    private Task<Core.Facts.Workspace> WorkspaceAsync(SellerId seller, StorefrontId storefront) =>
        product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<ProductCost>> CostsAsync(SellerId seller, StorefrontId storefront) => (await WorkspaceAsync(seller, storefront)).Costs;

    private static Task<string> BodyAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [System.Text.RegularExpressions.GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial System.Text.RegularExpressions.Regex ConfirmToken();

    [System.Text.RegularExpressions.GeneratedRegex("name=\"file-token\" value=\"([^\"]+)\"")]
    private static partial System.Text.RegularExpressions.Regex MapToken();
}

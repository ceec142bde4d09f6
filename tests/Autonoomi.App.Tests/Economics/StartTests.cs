using System.Net;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Economics;

/// <summary>The first steps: their forms, and a beginning that is read from what is stored.</summary>
[Collection<PeopleTests>]
public sealed class StartTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_are_read_from_what_is_stored_and_may_be_left_and_taken_up_anywhere()
    {
        var (browser, who) = await product.SignedInAsync();
        var page = await browser.ReadAsync("/start");
        Assert.Equal(["now", "next", "next", "next"], States(page));
        Assert.Contains("Connect Amazon", page, StringComparison.Ordinal);
        Assert.Contains("Waits for the connection", page, StringComparison.Ordinal);
        Assert.Contains("This is the practice shop", page, StringComparison.Ordinal); // this product is one
        foreach (var early in new[] { "/start/costs", "/start/goals" }) Assert.Contains("wait for the connection", await browser.ReadAsync(early), StringComparison.Ordinal);

        // Goals first, costs later: any order.
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        Assert.Equal(["done", "now", "next", "next"], States(await browser.ReadAsync("/start")));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/goals", "start-goals", new() { ["kind.0"] = "Profit", ["budget"] = "900", ["mode"] = "Watch" })).StatusCode);
        Assert.Equal(["done", "now", "done", "next"], States(await browser.ReadAsync("/start")));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/costs", "start-costs", new() { ["share"] = "30", ["act"] = "guess" })).StatusCode);
        page = await browser.ReadAsync("/start");
        Assert.Equal(["done", "done", "done", "now"], States(page));
        Assert.Contains("3 of 3 products have a cost, 3 of them guessed.", page, StringComparison.Ordinal);
        Assert.Contains("$900.00 a month, mode Watch.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("All steps are done", page, StringComparison.Ordinal);

        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(DateTimeOffset.UtcNow, new(2026, 1, 1)), StoredJson.Default.SyncMark, "done"), Stop);
        page = await browser.ReadAsync("/start");
        Assert.Equal(["done", "done", "done", "done"], States(page));
        Assert.Contains("All steps are done", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guessed_cost_is_named_on_every_page_that_shows_profit_until_the_cost_is_told()
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/costs", "start-costs", new() { ["sku.0"] = "B-2", ["cost.0"] = "6,40", ["share"] = "25%", ["act"] = "guess" })).StatusCode);
        var costs = (await WorkspaceAsync(seller, storefront)).Costs;
        Assert.Equal([("A-1", 5m, true), ("B-2", 6.4m, false), ("C-3", 2.5m, true)], costs.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount, cost.Guessed)));

        await ImportedAsync(seller, storefront);
        foreach (var path in new[] { "/", "/profit", "/targets", "/recommendations", "/score", "/strategies", "/start" })
            Assert.Contains("Profit and break-even of A-1, C-3 are guesses", await browser.ReadAsync(path), StringComparison.Ordinal);
        var table = await browser.ReadAsync("/economics");
        Assert.Contains("1 of 3 products have a cost, and of 2 it is guessed", table, StringComparison.Ordinal);
        Assert.Contains("guessed: 5.00", table, StringComparison.Ordinal);
        var template = await browser.ReadAsync("/economics/template.csv");
        Assert.Contains("\"A-1\",,,,,", template, StringComparison.Ordinal); // a guess that came back would pass for the seller's word
        Assert.Contains("\"B-2\",6.40,", template, StringComparison.Ordinal);

        // The word of the seller takes the guess's place, for the days before it too.
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/costs", "start-costs", new() { ["sku.0"] = "A-1", ["cost.0"] = "5.00", ["sku.1"] = "C-3", ["cost.1"] = "", ["act"] = "typed" })).StatusCode);
        costs = (await WorkspaceAsync(seller, storefront)).Costs;
        Assert.Equal([("A-1", 5m, false), ("B-2", 6.4m, false), ("C-3", 2.5m, true)], costs.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount, cost.Guessed)));
        Assert.Contains("Profit and break-even of C-3 are guesses", await browser.ReadAsync("/profit"), StringComparison.Ordinal);
        await browser.SubmitAsync("/economics", "costs", new() { ["validFrom"] = DateTimeOffset.UtcNow.AddDays(200).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["sku.0"] = "C-3", ["cost.0"] = "3", ["inbound.0"] = "", ["margin.0"] = "", ["lead.0"] = "" });
        Assert.Equal(3m, (await WorkspaceAsync(seller, storefront)).Costs.Single(cost => cost.Sku.Value == "C-3").CostOfGoods.Amount);
        Assert.DoesNotContain("guessed-costs", await browser.ReadAsync("/profit"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Share of the price: &#x27;&#x27; is not a number. Write it like 30 for 30%.")]
    [InlineData("0", "Share of the price: 0% is outside 1 to 95%.")]
    [InlineData("120", "Share of the price: 120% is outside 1 to 95%.")]
    public async Task A_guess_out_of_range_names_field_rule_and_fix_and_stores_nothing(string share, string words)
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        var page = await BodyAsync(await browser.SubmitAsync("/start/costs", "start-costs", new() { ["sku.0"] = "A-1", ["cost.0"] = "4", ["share"] = share, ["act"] = "guess" }));

        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Empty((await WorkspaceAsync(seller, storefront)).Costs);
    }

    [Fact]
    public async Task A_wrong_cell_stores_neither_the_other_cells_nor_the_guesses()
    {
        var (browser, seller, storefront) = await ConnectedAsync();

        var page = await BodyAsync(await browser.SubmitAsync("/start/costs", "start-costs", new() { ["sku.0"] = "A-1", ["cost.0"] = "4", ["sku.1"] = "B-2", ["cost.1"] = "-2", ["share"] = "30", ["act"] = "guess" }));

        Assert.Contains("-2 is below zero. Costs are written as amounts of zero or more.", page, StringComparison.Ordinal);
        Assert.Contains("nothing was stored", page, StringComparison.Ordinal);
        Assert.Contains("value=\"-2\"", page, StringComparison.Ordinal);
        Assert.Empty((await WorkspaceAsync(seller, storefront)).Costs);
    }

    [Fact]
    public async Task A_goal_per_group_a_budget_and_a_mode_are_stored_together_or_not_at_all()
    {
        var (browser, seller, storefront) = await ConnectedAsync();
        var fields = new Dictionary<string, string> { ["kind.0"] = "TargetAcos", ["acos.0"] = "", ["kind.1"] = "Grow", ["growth.1"] = "", ["kind.2"] = "None", ["budget"] = "lots", ["mode"] = "Ask" };

        var page = await BodyAsync(await browser.SubmitAsync("/start/goals", "start-goals", fields));
        Assert.Contains("The monthly budget is not a number. Write it like 1500.00", page, StringComparison.Ordinal);
        Assert.Contains("Group 1, products: none is chosen. Choose some", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was stored", page, StringComparison.Ordinal);
        (fields["budget"], fields["products.1"]) = ("1.500,50", "B-2");
        Assert.Contains("A target ACoS goal needs its ACoS.", await BodyAsync(await browser.SubmitAsync("/start/goals", "start-goals", fields)), StringComparison.Ordinal);
        var settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal((AutomationMode.Watch, Goal.Profit), (settings.Mode, settings.Goal));

        fields["acos.0"] = "27,5";
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/goals", "start-goals", fields)).StatusCode);
        settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal((AutomationMode.Ask, 1500.5m, GoalKind.TargetAcos, 0.275), (settings.Mode, settings.MonthlyBudget.Amount, settings.Goal.Kind, settings.Goal.TargetAcos));
        Assert.Equal(("B-2", GoalKind.Grow, 0.1), (Assert.Single(settings.Goals).Sku.Value, settings.Goals[0].Goal.Kind, settings.Goals[0].Goal.GrowthShare));

        // A launch has dates and amounts that this form does not show: it stays. A group that is taken away follows the others again.
        await browser.SubmitAsync("/control", "aims", new() { ["kind.0"] = "Profit", ["sku.1"] = "B-2", ["kind.1"] = "Grow", ["growth.1"] = "10", ["sku.2"] = "C-3", ["kind.2"] = "Launch", ["rank.2"] = "2", ["loss.2"] = "300", ["from.2"] = "2026-03-01", ["brand"] = "acme" });
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/start/goals", "start-goals", new() { ["kind.0"] = "Profit", ["kind.1"] = "None", ["kind.2"] = "None", ["budget"] = "700", ["mode"] = "Watch" })).StatusCode);
        settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal(("C-3", GoalKind.Launch, 300m), (Assert.Single(settings.Goals).Sku.Value, settings.Goals[0].Goal.Kind, settings.Goals[0].Goal.LossBudget!.Value.Amount));
        Assert.Equal(["acme"], settings.BrandTerms);
    }

    [Fact]
    public void A_guess_is_a_share_of_the_price_and_never_of_a_product_that_has_a_cost_or_no_price()
    {
        var workspace = new Workspace
        {
            Storefront = new(1), Marketplace = Marketplace.Find("ATVPDKIKX0DER"), Today = new(2026, 11, 2), SyncedAt = null,
            Listings = [new(new("A"), new("B000000001"), "", new(19.99m, Usd), true), new(new("B"), new("B000000002"), "", new(0, Usd), true), new(new("C"), new("B000000003"), "", new(10, Usd), true), new(new("D"), new("B000000004"), "", new(10, Usd), true)],
            Costs = [new(new("C"), new(2026, 1, 1), new(3, Usd), new(0, Usd), null, 30)],
            Settings = new(AutomationMode.Watch, new(100m, Usd), new(2m, Usd), [], [], Frozen: false),
        };

        var guessed = Assert.Single(CostGuess.Read("33,3 %".Replace(" ", "", StringComparison.Ordinal)).Value.Costs(workspace, new HashSet<Sku> { new("D") }));

        Assert.Equal(("A", 6.66m, true, new DateOnly(2026, 11, 2)), (guessed.Sku.Value, guessed.CostOfGoods.Amount, guessed.Guessed, guessed.From));
    }

    private static string[] States(string page) => [.. System.Text.RegularExpressions.Regex.Matches(page, "data-step=\"[A-Za-z]+\" data-state=\"([a-z]+)\"").Select(match => match.Groups[1].Value)];

    private static async Task<string> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync(Stop);

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> ConnectedAsync()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        return (browser, seller, storefront);
    }

    private async Task ImportedAsync(SellerId seller, StorefrontId storefront) =>
        await (await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop)).CommitAsync(
            new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(DateTimeOffset.UtcNow, new(2026, 1, 1)), StoredJson.Default.SyncMark, "done"), Stop);

    private Task<Workspace> WorkspaceAsync(SellerId seller, StorefrontId storefront) => product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop);
}

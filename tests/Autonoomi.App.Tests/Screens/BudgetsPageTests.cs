using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Overview;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The page Budgets shows what the newest decision stored, and nothing that it did not.</summary>
[Collection<PeopleTests>]
public sealed class BudgetsPageTests(RunningProduct product)
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Campaigns_stand_by_what_more_budget_returns_as_stored_and_one_without_evidence_says_so()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var today = product.Services.GetRequiredService<BusinessClock>().Today(Us);
        await SmallShop.FillAsync(vault, storefront, today, 30, Stop, Workspaces.DefaultSettings(Us) with { MonthlyBudget = Usd(1_000) });
        Assert.Contains("Not decided yet", await browser.ReadAsync("/budgets"), StringComparison.Ordinal);

        var decision = new StoredDecision(today, 1, 0.35, Usd(40), [], ImmutableSortedDictionary<string, int>.Empty) { Plan = [new(new(1), Usd(12.5m)), new(new(2), Usd(27.5m))] };
        var newest = Proposal("new", 2, 0.8, today, 260);
        var old = Proposal("old", 1, 9, today.AddDays(-3), 300);
        await vault.CommitAsync(new VaultWrite()
            .Put(RecordKind.Decision, RecordKind.RecordId(storefront, "latest"), decision, StoredJson.Default.StoredDecision, "latest")
            .Put(RecordKind.Proposal, RecordKind.RecordId(storefront, "new"), newest, StoredJson.Default.StoredProposal, "open")
            .Put(RecordKind.Proposal, RecordKind.RecordId(storefront, "old"), old, StoredJson.Default.StoredProposal, "open"), Stop);
        product.Services.GetRequiredService<Workspaces>().RecordsChanged(seller, storefront);
        var page = Regex.Replace(WebUtility.HtmlDecode(await browser.ReadAsync("/budgets")), "<!--.*?-->", "");
        var rows = Regex.Matches(page[page.IndexOf("id=\"budgets\"", StringComparison.Ordinal)..], "<tr>.*?</tr>", RegexOptions.Singleline).Select(match => match.Value).Skip(1).ToArray();

        Assert.Equal(2, rows.Length);
        Assert.Contains("Kitchen 2", rows[0], StringComparison.Ordinal);
        Assert.Contains("+80.0%", rows[0], StringComparison.Ordinal);
        Assert.Contains("+30.0% to +130.0%", rows[0], StringComparison.Ordinal);
        Assert.Contains("$260.00", rows[0], StringComparison.Ordinal);
        Assert.Contains("$27.50", rows[0], StringComparison.Ordinal);

        // What an older decision stored is not of this one.
        Assert.Contains("Kitchen 1", rows[1], StringComparison.Ordinal);
        Assert.Contains("not stored", rows[1], StringComparison.Ordinal);
        Assert.DoesNotContain("$300.00", rows[1], StringComparison.Ordinal);

        // Spend a day and ad profit are those of the facts: four orders a day at 25.00 less 15 % and 6.00.
        var spent = Enumerable.Range(0, SmallShop.Keywords).Sum(at => SmallShop.Bid(at) * 0.8m * SmallShop.Clicks(at));
        Assert.Contains(Display.Amount(Usd(spent)), rows[1], StringComparison.Ordinal);
        Assert.Contains(Display.Amount(Usd(30 * ((4 * 15.25m) - spent))), rows[1], StringComparison.Ordinal);
        Assert.Contains("The month's budget of $1,000 binds: $1.00 more would bring $1.35 back.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_budget_ran_out_stands_first_even_with_a_smaller_return()
    {
        var (_, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var today = product.Services.GetRequiredService<BusinessClock>().Today(Us);
        await SmallShop.FillAsync(vault, storefront, today, 30, Stop);
        var workspace = await product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop);
        var figures = await product.Services.GetRequiredService<ProfitShelf>().FiguresAsync(seller, storefront, Core.Profit.Performance.LastDays(workspace, 30)!.Value, Stop);
        var decision = new StoredDecision(today, 1, 0, Usd(40), [], ImmutableSortedDictionary<string, int>.Empty);
        ListedProposal Listed(StoredProposal stored) => new(stored.Proposal, "open", stored.Created, null);

        var rows = BudgetBoard.Of(workspace, decision, [Listed(Proposal("dry", 1, 0.2, today, 260)), Listed(Proposal("roomy", 2, 3, today, 150, outOfBudget: 0))], figures);

        Assert.Equal([1L, 2L], rows.Select(row => row.Campaign.Id.Value));
        Assert.Equal([4d, 0d], rows.Select(row => row.OutOfBudget!.Value));
        Assert.All(rows, row => Assert.Null(row.Planned));
    }

    private static Money Usd(decimal amount) => new(amount, Us.Currency);

    private static StoredProposal Proposal(string id, long campaign, double more, DateOnly day, decimal wanted, double outOfBudget = 4)
    {
        var evidence = new Evidence([new("marginalReturn", more, "factor"), new("marginalLow", more - 0.5, "factor"), new("marginalHigh", more + 0.5, "factor"), new("daysOutOfBudget", outOfBudget, "days")]);
        return new(new(new(id), Module.Budgeting, ReasonCode.BudgetUp, null, new SetBudget(new(campaign), Usd(200), Usd(wanted)), evidence, new(Usd(10), Usd(1), Usd(20), 0.9)), day, null);
    }
}

using System.Collections.Immutable;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Strategies;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The pages Health and Strategies, drawn by the running product from sealed records.</summary>
[Collection<PeopleTests>]
public sealed class ScorePageTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");
    private static readonly HealthPart[] Parts = Enum.GetValues<HealthPart>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateOnly Today => product.Services.GetRequiredService<Platform.Environments.BusinessClock>().Today(Marketplace.Find("ATVPDKIKX0DER"));

    private static HealthReport Health => new()
    {
        Score = 62.4, Low = 58, High = 66.2, Band = HealthBand.C, Clicks = 812, Spend = new(640m, Usd), Profit = new(410m, Usd), Lost = new(198m, Usd),
        Parts = [.. Parts.Select((part, index) => new HealthComponent(part, HealthScore.WeightOf(part), part == HealthPart.Incrementality ? null : 50 + (5 * index), part < HealthPart.Structure ? new Money(10m * (index + 1), Usd) : null,
            part == HealthPart.Incrementality ? [] : [new EvidenceValue("adSpend", 640, "USD")], part == HealthPart.WastedSpend ? "R04" : part == HealthPart.DataAndEconomics ? "R22" : null))],
        Gates = [new HealthGate(HealthGateKind.BudgetExceeded, 39, [new EvidenceValue("monthToDate", 712, "USD"), new EvidenceValue("monthlyBudget", 700, "USD")])],
        Campaigns = [new CampaignHealth(new(77), 41.6, new(300m, Usd), new(90m, Usd))],
    };

    private static StrategyProposal Grow(string sku) => new(new(sku), Goal.Profit, new Goal(GoalKind.Grow) { GrowthShare = 0.08 },
        new Evidence([new EvidenceValue("acos", 0.18, "fraction"), new EvidenceValue("breakEvenAcos", 0.42, "fraction"), new EvidenceValue("growthShare", 0.08, "fraction")]), new Effect(new(-20m, Usd), new(-40m, Usd), new(-5m, Usd), 0.1), new(310m, Usd));

    private static StrategyProposal Stay(string sku) => new(new(sku), Goal.Profit, Goal.Profit,
        new Evidence([new EvidenceValue("acos", 0.3, "fraction"), new EvidenceValue("breakEvenAcos", 0.35, "fraction")]), new Effect(new(0m, Usd), new(0m, Usd), new(0m, Usd), 0.5), new(0m, Usd));

    [Fact]
    public async Task Before_the_first_look_both_pages_say_so()
    {
        var (browser, _, _) = await FilledAsync(null);

        Assert.Contains("Not looked at yet", await browser.ReadAsync("/score"), StringComparison.Ordinal);
        Assert.Contains("Nothing to advise yet", await browser.ReadAsync("/strategies"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_score_shows_its_range_its_gates_its_parts_and_what_costs_most()
    {
        var (browser, _, _) = await FilledAsync(new(Today, Health, [], []), new StoredScore(Today.AddDays(-1), 50, 45, 55, new(260m, Usd)), new StoredScore(Today, 62.4, 58, 66.2, new(198m, Usd)));

        var page = await browser.ReadAsync("/score");

        Assert.Contains("C, fair", page, StringComparison.Ordinal);
        Assert.Contains("58 to 66 with 80% certainty", page, StringComparison.Ordinal);
        Assert.Contains("12 points up since", page, StringComparison.Ordinal);
        Assert.Contains("Held at 39 at most.", page, StringComparison.Ordinal);
        Assert.Contains("$712.00 were spent this month, more than the budget of $700.00.", page, StringComparison.Ordinal);
        foreach (var part in Parts) Assert.Contains($"<b>{Platform.Shell.HealthWords.Of(part).Title}</b>", page, StringComparison.Ordinal);
        Assert.Equal(Parts.Length - 1, page.Split("<meter").Length - 1);
        Assert.Contains("href=\"/recommendations?reason=NegateTerm\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/economics\"", page, StringComparison.Ordinal);
        Assert.Contains("Campaign 77", page, StringComparison.Ordinal);

        // The three dearest parts, dearest first.
        var costly = page[page.IndexOf("costly-title", StringComparison.Ordinal)..page.IndexOf("parts-title", StringComparison.Ordinal)];
        Assert.Equal(["Placements and hours", "Search terms on their own", "Budgets"], Parts.Select(part => Platform.Shell.HealthWords.Of(part).Title).Where(title => costly.Contains($"<b>{title}</b>", StringComparison.Ordinal))
            .OrderBy(title => costly.IndexOf($"<b>{title}</b>", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Too_few_clicks_and_old_looks_are_said_and_never_shown_as_a_score()
    {
        var (few, _, _) = await FilledAsync(new(Today, Health with { Score = null, Band = HealthBand.NotRated, Clicks = 43 }, [], []));
        Assert.Contains("43 clicks in 30 days are too few to judge by: from 100 on there is a score.", await few.ReadAsync("/score"), StringComparison.Ordinal);

        var (old, _, _) = await FilledAsync(new(Today.AddDays(-5), Health, [], []));
        Assert.Contains("C, fair, of old figures", await old.ReadAsync("/score"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_gate_has_its_words()
    {
        var gates = Enum.GetValues<HealthGateKind>().Select(kind => new HealthGate(kind, 20,
        [
            .. ImmutableArray.Create("spendOnWhatCannotBeBought", "adSpend", "days", "spendWithoutCosts", "daysBehind", "monthToDate", "monthlyBudget", "expectedProfit", "profitLeftLying").Select(name => new EvidenceValue(name, 12, "USD")),
        ])).ToImmutableArray();
        var (browser, _, _) = await FilledAsync(new(Today, Health with { Gates = [.. gates, new(HealthGateKind.MoneyLeftLying, 0, [])] }, [], []));

        var page = await browser.ReadAsync("/score");

        foreach (var gate in gates) Assert.Contains($"data-gate=\"{gate.Kind}\"", page, StringComparison.Ordinal);
        Assert.Contains("earn $12.00 in 30 days and leave $12.00 lying", page, StringComparison.Ordinal);
        Assert.Contains("No ad of a product in stock ran in the last ten days", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategy_shows_its_reasons_and_the_chosen_goal_is_stored_and_in_force()
    {
        var (browser, seller, storefront) = await FilledAsync(new(Today, Health, [], [Stay("C-3"), Grow("A-1")]));

        var before = await browser.ReadAsync("/strategies");
        Assert.Contains("Kettle &lt;b&gt;bold&lt;/b&gt;", before, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>bold</b>", before, StringComparison.Ordinal);
        Assert.Contains("ACoS is 18 % against a break-even of 42 %, so sales can be bought that still pay", before, StringComparison.Ordinal);
        Assert.Contains("1 product could be run for something else", before, StringComparison.Ordinal);
        Assert.True(before.IndexOf("data-product=\"A-1\"", StringComparison.Ordinal) < before.IndexOf("data-product=\"C-3\"", StringComparison.Ordinal), "what could change comes first");
        Assert.Contains("Use this goal for A-1", before, StringComparison.Ordinal);
        Assert.DoesNotContain("Use this goal for C-3", before, StringComparison.Ordinal);

        var reviews = product.Services.GetRequiredService<ReviewBook>();
        Assert.NotNull(await reviews.UseGoalAsync(seller, storefront, new("A-1"), new Goal(GoalKind.Grow) { GrowthShare = 4 }, Stop));
        Assert.Null(await reviews.UseGoalAsync(seller, storefront, new("A-1"), Grow("A-1").Suggested, Stop));

        var own = Assert.Single((await product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop)).Settings.Goals);
        Assert.Equal(("A-1", GoalKind.Grow, 0.08), (own.Sku.Value, own.Goal.Kind, own.Goal.GrowthShare));
        var after = await browser.ReadAsync("/strategies");
        Assert.DoesNotContain("Use this goal for", after, StringComparison.Ordinal);
        Assert.Contains("Every product is run for what its figures speak for", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_of_another_organisation_show_nothing_of_it()
    {
        await FilledAsync(new(Today, Health, [], [Grow("A-1")]));
        var (stranger, _) = await product.SignedInAsync();

        Assert.DoesNotContain("C, fair", await stranger.ReadAsync("/score"), StringComparison.Ordinal);
        Assert.DoesNotContain("data-product", await stranger.ReadAsync("/strategies"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_that_hold_writes_back_are_on_the_overview_of_recommendations()
    {
        var (browser, seller, storefront) = await FilledAsync(new(Today, Health, [], []));
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, "test", Stop);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Decision, RecordKind.RecordId(storefront, "latest"), new StoredDecision(Today, 0, 0, new(10m, Usd),
        [
            new DataNote(DataIssue.WritesFail, null, "30 of the last hour's 40 writes failed at Amazon.", true), new DataNote(DataIssue.MissingStock, new Sku("A-1"), "A-1 has no stock figure.", false),
        ], ImmutableSortedDictionary<string, int>.Empty), StoredJson.Default.StoredDecision, "latest"), Stop);

        var page = await browser.ReadAsync("/recommendations");

        Assert.Contains("<b>Writing rests. </b>30 of the last hour&#x27;s 40 writes failed at Amazon.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("A-1 has no stock figure.", page, StringComparison.Ordinal);
    }

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> FilledAsync(StoredReview? review, params StoredScore[] scores)
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, "test", Stop);
        var write = new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(Today, new(6, 0), TimeSpan.Zero), Today.AddDays(-1)), StoredJson.Default.SyncMark, "done");
        if (review is not null) write.Put(RecordKind.Review, RecordKind.RecordId(storefront, "latest"), review, StoredJson.Default.StoredReview, "latest");
        foreach (var score in scores) write.Put(RecordKind.Score, RecordKind.RecordId(storefront, score.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), score, StoredJson.Default.StoredScore, "day");
        await vault.CommitAsync(write, Stop);
        return (browser, seller, storefront);
    }
}

using System.Collections.Immutable;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Strategies;
using Autonoomi.Privacy;
using Autonoomi.Testing;
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
    [Promise("P-2-e")]
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
    [Promise("P-2-e")]
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
        Assert.Contains("ACoS is 18% against a break-even of 42%, so sales can be bought that still pay", before, StringComparison.Ordinal);
        Assert.Contains("1 product could be run for something else", before, StringComparison.Ordinal);
        Assert.True(before.IndexOf("data-product=\"A-1\"", StringComparison.Ordinal) < before.IndexOf("data-product=\"C-3\"", StringComparison.Ordinal), "what could change comes first");
        Assert.Contains("Use this goal for A-1", before, StringComparison.Ordinal);
        Assert.DoesNotContain("Use this goal for C-3", before, StringComparison.Ordinal);

        var reviews = product.Services.GetRequiredService<ReviewBook>();
        Assert.NotNull(await reviews.UseGoalAsync(seller, storefront, new("A-1"), new Goal(GoalKind.Grow) { GrowthShare = 4 }, Platform.Audit.Actor.Operator, Stop));
        Assert.Null(await reviews.UseGoalAsync(seller, storefront, new("A-1"), Grow("A-1").Suggested, Platform.Audit.Actor.Operator, Stop));

        var own = Assert.Single((await product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop)).Settings.Goals);
        Assert.Equal(("A-1", GoalKind.Grow, 0.08), (own.Sku.Value, own.Goal.Kind, own.Goal.GrowthShare));
        var after = await browser.ReadAsync("/strategies");
        Assert.DoesNotContain("Use this goal for", after, StringComparison.Ordinal);
        Assert.Contains("Every product is run for what its figures speak for", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_guardrails_refused_is_listed_dearest_first_with_its_reason()
    {
        var (browser, seller, storefront) = await FilledAsync(new(Today, Health, [], []));
        Assert.DoesNotContain("Held back today", await browser.ReadAsync("/recommendations"), StringComparison.Ordinal);
        ImmutableArray<Withheld> withheld =
        [
            .. Enumerable.Range(1, 60).Select(number => new Withheld(Wish(number), number % 2 == 0 ? "G3" : "G9", number % 2 == 0 ? "the day's expected spend would grow by more than a fifth" : "spend runs away")),
        ];
        await DecideAsync(seller, storefront, new StoredDecision(Today, 0, 0, new(10m, Usd), [], new Dictionary<string, int> { ["G3"] = 30, ["G9"] = 30 }.ToImmutableSortedDictionary()) { Held = StoredDecision.Dearest(withheld) });

        var page = System.Net.WebUtility.HtmlDecode(await browser.ReadAsync("/recommendations"));

        Assert.Contains("60 wishes that your limits and the guardrails refused", page, StringComparison.Ordinal);
        Assert.Contains("The 50 with the largest expected effect are listed.", page, StringComparison.Ordinal);
        Assert.Contains("The day's expected spend would grow by more than a fifth.", page, StringComparison.Ordinal);
        Assert.Contains("Bid: $0.50 → $0.60", page, StringComparison.Ordinal);
        Assert.Contains("Spend grows step by step", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("Target 60", StringComparison.Ordinal) < page.IndexOf("Target 11", StringComparison.Ordinal));
        Assert.DoesNotContain("<b>Target 10</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Held back today", await browser.ReadAsync("/recommendations?show=applied"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_guardrail_has_a_name() => Assert.All(Enumerable.Range(1, 12).Select(number => $"G{number}").Append("hold-out"), id => Assert.NotEqual(id, Platform.Shell.ChangeWords.Guardrail(id)));

    [Fact]
    public async Task A_frontier_shows_today_the_most_profit_and_the_goal_in_a_sentence_and_a_table()
    {
        FrontierPoint Point(double multiple, double acos, decimal cost, decimal sales, decimal profit) => new(multiple, acos, new(cost, Usd), new(sales, Usd), new(profit, Usd));
        var frontier = new Frontier(null, 0.2, true, Point(0.82, 0.19, 190, 1000, 210), [Point(0.4, double.PositiveInfinity, 20, 0, -20), Point(1, 0.24, 288, 1200, 192), Point(2.5, 0.5, 900, 1800, -180)]);
        var own = new Frontier(new("A-1"), 0.05, false, Point(2, 0.12, 12, 100, 28), [Point(1, 0.08, 4, 50, 16)]);
        var (browser, _, _) = await FilledAsync(new(Today, Health, [], [Stay("C-3")]) { Frontiers = [frontier, own] });

        var page = await browser.ReadAsync("/strategies");

        Assert.Contains("expected to cost $288, sell for $1,200 at an ACoS of 24.0% and earn $192. The most they can earn is $210, at an ACoS of 19.0%. The goal is an ACoS of 20.0%.", page, StringComparison.Ordinal);
        Assert.Contains("<td>today</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>most profit</td>", page, StringComparison.Ordinal);
        Assert.Contains("All that follow the storefront", page, StringComparison.Ordinal);
        Assert.Contains(" That is the most they can earn.", Features.Strategies.FrontierWords.Of(frontier with { MostProfit = frontier.Points[1] }), StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", page, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
        Assert.Contains("The goal of 5.0% would leave hardly any sales", Features.Strategies.FrontierWords.Of(own), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_that_several_targets_answer_show_each_with_its_figures_and_what_is_proposed()
    {
        var shared = new SharedTerm("steel <i>kettle</i>", new("A-1"), new(41m, Usd), false,
            [new TermServer(new(9001), 31, 2, new(0.9m, Usd), new(1.1m, Usd), null), new TermServer(new(9002), 17, 1, new(0.77m, Usd), new(0.8m, Usd), ReasonCode.RemoveDuplicate)]);
        var (browser, _, _) = await FilledAsync(new(Today, Health, [], []) { SharedTerms = [shared] });

        var page = await browser.ReadAsync("/score");

        Assert.Contains("<b>steel &lt;i&gt;kettle&lt;/i&gt;</b>", page, StringComparison.Ordinal);
        Assert.Contains("1 search within 30 days, the dearest first; a proposal for 1.", page, StringComparison.Ordinal);
        foreach (var figure in new[] { "Target 9001", "Target 9002", ">31<", ">17<", "$0.90", "$0.77", "href=\"/recommendations?reason=RemoveDuplicate\"" }) Assert.Contains(figure, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_before_read_as_empty_and_what_is_stored_comes_back()
    {
        var frontier = new Frontier(null, null, true, null, [new FrontierPoint(1, double.PositiveInfinity, new(1m, Usd), new(0m, Usd), new(-1m, Usd))]);
        var review = new StoredReview(Today, Health, [], []) { Frontiers = [frontier] };
        var text = System.Text.Json.JsonSerializer.Serialize(review, StoredJson.Default.StoredReview);
        var back = System.Text.Json.JsonSerializer.Deserialize(text, StoredJson.Default.StoredReview)!.Whole();
        Assert.Equal(frontier.Points[0], Assert.Single(Assert.Single(back.Frontiers).Points));

        var old = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsObject();
        Assert.True(old.Remove("frontiers") && old.Remove("sharedTerms"));
        var older = System.Text.Json.JsonSerializer.Deserialize(old.ToJsonString(), StoredJson.Default.StoredReview)!.Whole();
        Assert.Empty(older.Frontiers);
        Assert.Empty(older.SharedTerms);

        var decision = System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(
            new StoredDecision(Today, 0, 0, new(10m, Usd), [], ImmutableSortedDictionary<string, int>.Empty), StoredJson.Default.StoredDecision))!.AsObject();
        Assert.True(decision.Remove("held"));
        Assert.Empty(System.Text.Json.JsonSerializer.Deserialize(decision.ToJsonString(), StoredJson.Default.StoredDecision)!.Whole().Held);
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
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Decision, RecordKind.RecordId(storefront, "latest"), new StoredDecision(Today, 0, 0, new(10m, Usd),
        [
            new DataNote(DataIssue.WritesFail, null, "30 of the last hour's 40 writes failed at Amazon.", true), new DataNote(DataIssue.MissingStock, new Sku("A-1"), "A-1 has no stock figure.", false),
        ], ImmutableSortedDictionary<string, int>.Empty), StoredJson.Default.StoredDecision, "latest"), Stop);

        var page = await browser.ReadAsync("/recommendations");

        Assert.Contains("<b>Writing rests. </b>30 of the last hour&#x27;s 40 writes failed at Amazon.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("A-1 has no stock figure.", page, StringComparison.Ordinal);
    }

    private static Proposal Wish(int number) => new(new($"wish-{number:00}"), Module.Bidding, ReasonCode.RaiseBid, new("A-1"), new SetBid(new(77), new(78), new(number), Core.Advertising.TargetKind.Keyword, new(0.5m, Usd), new(0.6m, Usd)),
        new Evidence([]), new Effect(new(number, Usd), new(0m, Usd), new(2 * number, Usd), 0.9));

    private async Task DecideAsync(SellerId seller, StorefrontId storefront, StoredDecision decision)
    {
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Decision, RecordKind.RecordId(storefront, "latest"), decision, StoredJson.Default.StoredDecision, "latest"), Stop);
    }

    private async Task<(Browser Browser, SellerId Seller, StorefrontId Storefront)> FilledAsync(StoredReview? review, params StoredScore[] scores)
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var write = new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(Today, new(6, 0), TimeSpan.Zero), Today.AddDays(-1)), StoredJson.Default.SyncMark, "done");
        if (review is not null) write.Put(RecordKind.Review, RecordKind.RecordId(storefront, "latest"), review, StoredJson.Default.StoredReview, "latest");
        foreach (var score in scores) write.Put(RecordKind.Score, RecordKind.RecordId(storefront, score.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), score, StoredJson.Default.StoredScore, "day");
        await vault.CommitAsync(write, Stop);
        return (browser, seller, storefront);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Tests.OtherAds;

namespace Autonoomi.Core.Tests.Intraday;

/// <summary>The guard over a whole storefront, and what the next decision makes of a budget that it lowered.</summary>
public sealed class DayProposalTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 11, 7, 0, 0, TimeSpan.Zero);
    private static readonly ReportingDay Day = new(SomeStorefront.Today, Midnight, Midnight.AddHours(24));

    private static Workspace Shop(decimal? dailyCap = null, decimal monthlyBudget = 1_000_000, Marketplace? marketplace = null) =>
        new SomeStorefront { Products = 3, DailyBudget = 60, MonthlyBudget = monthlyBudget, Marketplace = marketplace ?? SomeStorefront.Us, Money = marketplace is null ? 1 : 150 }.Build() is var shop && dailyCap is { } cap
            ? shop with { Settings = shop.Settings with { DailyCap = new Money(cap, shop.Marketplace.Currency) } }
            : shop;

    private static SpendDay Counted(Workspace shop, decimal perHour, int hours = 12) => new(Day.Date, [.. shop.Campaigns.Select(campaign => new CampaignCounts(
        campaign.Id, [.. Enumerable.Range(1, hours).Select(hour => new SpendCount(Midnight.AddHours(hour), perHour * hour, campaign.DailyBudget.Amount))]))]);

    private static ImmutableArray<CampaignPlan> Planned(Workspace shop, decimal each) => [.. shop.Campaigns.Select(campaign => new CampaignPlan(campaign.Id, new Money(each, shop.Marketplace.Currency)))];

    private static Workspace Lowered(Workspace shop, CampaignId id, decimal to, double hoursAgo = 10, bool today = false)
    {
        var campaign = shop.Campaigns.Single(entry => entry.Id == id);
        var change = new SetBudget(id, campaign.DailyBudget, campaign.DailyBudget with { Amount = to });
        return shop with
        {
            Campaigns = [.. shop.Campaigns.Select(entry => entry.Id == id ? entry with { DailyBudget = change.After } : entry)],
            Changes = [.. shop.Changes, new AppliedChange(change, shop.SyncedAt!.Value.AddHours(-hoursAgo), false) { Module = Module.Intraday, Reason = ReasonCode.KeepDay }],
            LoweredToday = today ? [id] : [],
        };
    }

    [Fact]
    public void A_plan_by_campaign_adds_up_to_the_planned_spend()
    {
        var decision = Optimiser.Decide(Shop(), DecisionSettings.Default);

        Assert.NotEmpty(decision.Plan);
        Assert.InRange(decision.Plan.Sum(plan => plan.Spend.Amount) - decision.PlannedSpend.Amount, -0.05m, 0.05m);
    }

    [Theory]
    [InlineData("ATVPDKIKX0DER", 1)]
    [InlineData("A1VC38T7YXB528", 150)]
    public void A_day_beyond_its_cap_lowers_budgets_that_the_audit_allows_and_the_evidence_repeats(string market, int money)
    {
        var shop = Shop(100 * money, marketplace: money == 1 ? null : Marketplace.Find(market));
        var decision = DayProposals.Decide(shop, Planned(shop, 10 * money), Counted(shop, 1.2m * money), [], Day);
        var proposals = DayProposals.Of(shop, decision, Day);

        Assert.Equal(100 * money, decision.Cap);
        Assert.NotEmpty(proposals);
        Assert.Empty(GuardrailAudit.CheckDay(shop, [.. proposals.Select(proposal => proposal.Change)], Day));
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() } };
        foreach (var proposal in proposals)
        {
            var stored = JsonSerializer.Deserialize<Proposal>(JsonSerializer.SerializeToUtf8Bytes(proposal, options), options)!;
            Assert.Equal(proposal.Change, Replay.Recompute(stored));
            Assert.Equal(ProposalText.Sentence(proposal), ProposalText.Sentence(stored));
            Assert.Equal(0, ((SetBudget)proposal.Change).After.Amount % (money == 1 ? 0.01m : 1));
        }

        Assert.Equal(proposals.Length, proposals.Select(proposal => proposal.Id).Distinct().Count());
    }

    [Fact]
    public void A_sentence_says_what_was_spent_planned_expected_and_allowed()
    {
        var shop = Shop(305);
        shop = shop with { Campaigns = [shop.Campaigns[0] with { DailyBudget = new Money(500, shop.Marketplace.Currency) }] };
        Proposal Only(decimal perHour) => Assert.Single(DayProposals.Of(shop, DayProposals.Decide(shop, Planned(shop, 240), Counted(shop, perHour), [], Day), Day));

        Assert.Equal("Daily budget $500.00 → $305.00 until the day ends: all campaigns together were on the way to $460.00, and the day may cost $305.00. The campaign has spent $240.00 of its $240.00 planned for the day and was on the way to $460.00. The next day's decision gives the budget back.",
            ProposalText.Sentence(Only(20)));
        Assert.StartsWith("Daily budget $500.00 → $", ProposalText.Sentence(Only(26)), StringComparison.Ordinal);
        Assert.Contains("all campaigns together have spent $312.00, and the day may cost $305.00", ProposalText.Sentence(Only(26)), StringComparison.Ordinal);
    }

    [Fact]
    public void Hands_off_what_is_protected_ruled_paused_or_set_by_a_person_today_but_its_spend_counts()
    {
        var shop = Shop(100);
        var ids = shop.Campaigns.Select(campaign => campaign.Id).ToList();
        var byPerson = new AppliedChange(new SetBudget(ids[2], shop.Campaigns[2].DailyBudget, shop.Campaigns[2].DailyBudget), Midnight.AddHours(5), ByPerson: true);
        var touchy = shop with
        {
            Settings = shop.Settings with { ProtectedCampaigns = [ids[0]] },
            Controls = AmazonControls.Unread with { UnderRule = [ids[1]] },
            Changes = [byPerson],
            Campaigns = [.. shop.Campaigns.Select(campaign => campaign.Id == ids[3] ? campaign with { State = Advertising.EntityState.Paused } : campaign)],
        };
        var decision = DayProposals.Decide(touchy, Planned(shop, 10), Counted(shop, 3), [], Day);

        Assert.Equal(12 * 3 * ids.Count, decision.Spent);
        Assert.Equal(ids.Skip(4), decision.Steps.Select(step => step.Campaign));
        var wrong = shop.Campaigns.Select(campaign => new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = 10 })).ToList();
        Assert.Equal(3, GuardrailAudit.CheckDay(touchy, [.. wrong], Day).Count(breach => breach.Guardrail == "G7"));
    }

    [Fact]
    public void The_audit_finds_every_breach_of_the_days_promise()
    {
        var shop = Shop(100);
        var campaign = shop.Campaigns[0];
        SetBudget To(decimal amount, decimal? before = null) => new(campaign.Id, campaign.DailyBudget with { Amount = before ?? campaign.DailyBudget.Amount }, campaign.DailyBudget with { Amount = amount });
        string[] Found(Workspace workspace, Change change) => [.. GuardrailAudit.CheckDay(workspace, [change], Day).Select(breach => breach.Guardrail)];
        var twice = Enumerable.Range(1, 2).Select(hour => new AppliedChange(To(30), Midnight.AddHours(hour), false) { Module = Module.Intraday });

        Assert.Empty(Found(shop, To(30)));
        Assert.Equal(["G4"], Found(shop, To(61)));
        Assert.Equal(["G1"], Found(shop, To(0.5m)));
        Assert.Equal(["G11"], Found(shop, To(30, before: 59)));
        Assert.Equal(["G3"], Found(shop with { Changes = [.. twice] }, To(30)));
        Assert.Empty(Found(shop with { Changes = [.. twice.Select(applied => applied with { At = applied.At.AddDays(-1) })] }, To(30)));
        Assert.Equal(["G7"], Found(shop with { Settings = shop.Settings with { Mode = AutomationMode.Ask } }, To(30)));
        Assert.Equal(["G7"], Found(shop with { Settings = shop.Settings with { Frozen = true } }, To(30)));
        Assert.Equal(["G4"], Found(shop, new SetBid(campaign.Id, shop.Targets[0].AdGroup, shop.Targets[0].Id, shop.Targets[0].Kind, shop.Targets[0].Bid, shop.Targets[0].Bid)));
    }

    [Fact]
    public void The_next_decision_sets_the_budget_that_it_would_have_set_had_nothing_been_lowered()
    {
        var (restored, exact) = (0, 0);
        for (var seed = 1; seed <= 6; seed++)
        {
            var shop = new SomeStorefront { Seed = seed, Products = 3, DailyBudget = 20 + (8 * seed), ClicksPerDay = 2 }.Build();
            var before = Budgets(Optimiser.Decide(shop, DecisionSettings.Default), shop);
            foreach (var campaign in shop.Campaigns)
            {
                var lowered = Lowered(shop, campaign.Id, 5);
                var decision = Optimiser.Decide(lowered, DecisionSettings.Default);
                var after = Budgets(decision, lowered);

                // What is within the dead band of what stands is left as it is, whatever stands; and where the plan wants less than a day's step down, there is nothing to step down from.
                var (expected, step) = (before[campaign.Id], Math.Ceiling(campaign.DailyBudget.Amount * 75) / 100);
                if (Math.Abs((expected / 5) - 1) >= 0.05m) Assert.True(after[campaign.Id] == expected || (expected == step && after[campaign.Id] < step) || (expected == campaign.DailyBudget.Amount && Math.Abs((after[campaign.Id] / expected) - 1) < 0.05m), $"seed {seed}: {after[campaign.Id]} where {expected} was decided");
                if (after[campaign.Id] == expected && expected > step) exact++;
                if (after[campaign.Id] > 5 * 1.25m) restored++;
                var breaches = GuardrailAudit.Check(lowered, [.. decision.Proposals.Select(proposal => proposal.Change)]);
                Assert.True(breaches.IsEmpty, $"seed {seed}: {breaches.FirstOrDefault()}");
            }
        }

        Assert.True(restored > 20 && exact > 5, $"{restored} budgets were given back beyond a day's step, {exact} of them to the cent of the plan");
    }

    [Fact]
    public void On_the_same_day_nothing_is_given_back_and_a_second_decision_of_the_next_day_takes_no_second_step()
    {
        var shop = new SomeStorefront { Products = 3, DailyBudget = 60, ClicksPerDay = 2 }.Build();
        var campaign = shop.Campaigns[1].Id;
        var sameDay = Optimiser.Decide(Lowered(shop, campaign, 5, hoursAgo: 1, today: true), DecisionSettings.Default);
        Assert.DoesNotContain(sameDay.Proposals, proposal => proposal.Change is SetBudget budget && budget.Campaign == campaign);
        Assert.Contains(sameDay.Withheld, held => held.Guardrail == "G4" && held.Proposal.Change.Campaign == campaign);

        // Given back in the morning; an hour later the day's step still starts from where the budget stood before it was lowered.
        var lowered = Lowered(shop, campaign, 5);
        var back = new SetBudget(campaign, new Money(5, shop.Marketplace.Currency), new Money(66, shop.Marketplace.Currency));
        var later = lowered with
        {
            Campaigns = [.. lowered.Campaigns.Select(entry => entry.Id == campaign ? entry with { DailyBudget = back.After } : entry)],
            Changes = [.. lowered.Changes, new AppliedChange(back, shop.SyncedAt!.Value.AddHours(-1), false) { Module = Module.Budgeting }],
        };
        var history = new ChangeHistory(later).Budget(back.EntityKey, 66);
        Assert.Equal((60m, 60m, false), (history.DayStart, history.WeekStart, history.UndoneByPerson));
        Assert.Equal(60, new ChangeHistory(lowered).Budget(back.EntityKey, 5).DayStart);
        Assert.Equal(5, history.At(0.2, 66)); // what was really in force stays known
        Assert.Empty(GuardrailAudit.Check(later, [back with { Before = back.After, After = back.Before with { Amount = 74 } }]));
        Assert.Contains(GuardrailAudit.Check(later, [back with { Before = back.After, After = back.Before with { Amount = 76 } }]), breach => breach.Guardrail == "G3");
    }

    [Fact]
    public void A_person_who_takes_the_lowering_back_is_no_step_either_and_a_budget_that_somebody_else_moved_stands_as_it_is()
    {
        var shop = Shop();
        var campaign = shop.Campaigns[0].Id;
        var lowered = Lowered(shop, campaign, 20);
        var key = lowered.Changes[0].Change.EntityKey;
        var taken = lowered with { Changes = [.. lowered.Changes, new AppliedChange(new SetBudget(campaign, new Money(20, shop.Marketplace.Currency), new Money(60, shop.Marketplace.Currency)), shop.SyncedAt!.Value.AddHours(-2), ByPerson: true)] };

        Assert.Equal((60m, false), (new ChangeHistory(taken).Budget(key, 60).DayStart, new ChangeHistory(taken).Budget(key, 60).UndoneByPerson));
        Assert.Equal(33, new ChangeHistory(lowered).Budget(key, 33).DayStart);
    }

    [Fact]
    public void Days_that_no_report_tells_of_yet_count_as_they_were_counted_by_the_hour()
    {
        var shop = Shop(monthlyBudget: 100_000);
        var facts = DayProposals.Decide(shop, Planned(shop, 10), new(Day.Date, []), [], Day).Cap!.Value;
        var yesterday = new SpendHours(SomeStorefront.Today.AddDays(-1), [.. Enumerable.Repeat(10m, 24)]);

        Assert.Equal(facts, DayProposals.Decide(shop, Planned(shop, 10), new(Day.Date, []), [yesterday], Day).Cap);
        var unread = shop with { TargetDays = FactTable.Empty(Dataset.TargetDay) };
        Assert.Equal(2 * (100_000 - 240) / 21m, DayProposals.Decide(unread, Planned(shop, 10), new(Day.Date, []), [yesterday], Day).Cap!.Value, 6);
        Assert.Null(DayProposals.Decide(shop with { Settings = shop.Settings with { MonthlyBudget = new Money(0, shop.Marketplace.Currency) } }, [], new(Day.Date, []), [], Day).Cap);
    }

    [Fact]
    public void What_Brands_and_Display_cost_counts_where_their_budgets_are_the_days_and_no_budget_of_theirs_is_lowered()
    {
        var shop = Shop();
        var whole = SomeOtherAds.With(shop);
        whole = whole with
        {
            Campaigns = [.. whole.Campaigns.Select(campaign => campaign.AdProduct != AdProduct.SponsoredBrands ? campaign : campaign with { BudgetPeriod = campaign.Id.Value switch { SomeOtherAds.Brands => BudgetPeriod.Daily, SomeOtherAds.BrandsSeen => BudgetPeriod.Lifetime, _ => BudgetPeriod.Unknown } })],
        };
        long[] daily = [SomeOtherAds.Brands, SomeOtherAds.Display, SomeOtherAds.DisplaySeen, SomeOtherAds.DisplayTwo];
        var cap = new Money((36 * shop.Campaigns.Length) + 100, shop.Marketplace.Currency);
        IntradayDecision At(Workspace one) => DayProposals.Decide(one with { Settings = one.Settings with { DailyCap = cap } }, Planned(shop, 10), Counted(one, 3), [], Day);

        // Alone the day is still within its cap; with the others it has reached it, and what is ours to lower goes to its lowest.
        Assert.All(At(shop).Steps, step => Assert.False(step.Inputs.Stops));
        var all = At(whole);
        Assert.Equal(36 * (shop.Campaigns.Length + daily.Length), all.Spent);
        Assert.Equal(shop.Campaigns.Select(campaign => campaign.Id).OrderBy(id => id.Value), all.Steps.Select(step => step.Campaign));
        Assert.All(all.Steps, step => Assert.True(step.Inputs.Stops));

        // The month's rest is what all ads left of it, and a day is planned with what the others usually cost, budgets at most.
        var spent = new[] { whole.BrandsTargetDays, whole.DisplayTargetDays }.Sum(table => Enumerable.Range(0, table.Rows).Where(row => DateOnly.FromDayNumber(table.Ints("day")[row]) >= new DateOnly(Day.Date.Year, Day.Date.Month, 1)).Sum(row => table.Longs("cost")[row])) / 1_000_000m;
        Assert.True(spent > 0);
        Assert.Equal(DayProposals.Decide(shop, Planned(shop, 10), new(Day.Date, []), [], Day).Cap!.Value - (2 * spent / 21m), DayProposals.Decide(whole, Planned(shop, 10), new(Day.Date, []), [], Day).Cap!.Value, 6);
        var poor = whole with { Settings = whole.Settings with { MonthlyBudget = new Money(spent + 2, shop.Marketplace.Currency) }, TargetDays = FactTable.Empty(Dataset.TargetDay) };
        Assert.Equal(2, DayProposals.Decide(poor, [.. Planned(shop, 0)], new(Day.Date, []), [], Day).Cap);
        Assert.InRange(DayProposals.Decide(whole, Planned(shop, 0), new(Day.Date, []), [], Day).Forecast, 1, (double)whole.Campaigns.Where(campaign => daily.Contains(campaign.Id.Value)).Sum(campaign => campaign.DailyBudget.Amount));
    }

    private static Dictionary<CampaignId, decimal> Budgets(Decision decision, Workspace shop) => shop.Campaigns.ToDictionary(campaign => campaign.Id,
        campaign => decision.Proposals.Select(proposal => proposal.Change).OfType<SetBudget>().FirstOrDefault(budget => budget.Campaign == campaign.Id)?.After.Amount ?? campaign.DailyBudget.Amount);
}

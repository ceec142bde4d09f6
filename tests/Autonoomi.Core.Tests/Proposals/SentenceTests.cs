using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Tests.Fuzz;
using Autonoomi.Core.Tests.Hygiene;
using Autonoomi.Core.Tests.Rollback;

namespace Autonoomi.Core.Tests.Proposals;

/// <summary>Every kind of change says what it is worth, and says nothing that its evidence does not hold.</summary>
public sealed class SentenceTests(ITestOutputHelper output)
{
    private const string NoMoney = "changes nothing in money";

    [Fact]
    public void Every_kind_of_change_has_a_sentence_with_its_money_and_its_interval()
    {
        var kinds = new Dictionary<(string Kind, ReasonCode Reason), int>();
        foreach (var proposal in Everything())
        {
            var sentence = ProposalText.Sentence(proposal);
            var still = proposal.Effect is { Mean.Amount: 0, Low.Amount: 0, High.Amount: 0 };
            Assert.True(sentence.Contains(Figure.Range(proposal.Effect), StringComparison.Ordinal) || (still && sentence.Contains(NoMoney, StringComparison.Ordinal)), sentence);
            Assert.False(!still && sentence.Contains(NoMoney, StringComparison.Ordinal), sentence);
            RecommendationTests.CheckFigures(sentence, RecommendationTests.Known(proposal.Evidence, proposal.Effect, proposal.Change));
            var kind = (proposal.Change.GetType().Name, proposal.Reason);
            if (!kinds.TryAdd(kind, 1)) kinds[kind]++;
            else output.WriteLine($"{kind}: {sentence}");
        }

        // All that is ever proposed.
        Assert.Superset(
            new HashSet<(string, ReasonCode)>
            {
                (nameof(SetBid), ReasonCode.LowerBid), (nameof(SetBid), ReasonCode.RaiseBid), (nameof(SetBid), ReasonCode.LowStock), (nameof(SetBid), ReasonCode.Resume), (nameof(SetBid), ReasonCode.RollBack),
                (nameof(SetBudget), ReasonCode.BudgetUp), (nameof(SetBudget), ReasonCode.BudgetDown), (nameof(SetPlacement), ReasonCode.PlacementChange),
                (nameof(SetTargetState), ReasonCode.RollBack), (nameof(CreateTarget), ReasonCode.HarvestExact), (nameof(CreateTarget), ReasonCode.HarvestProduct),
                (nameof(AddNegative), ReasonCode.NegateTerm), (nameof(AddNegative), ReasonCode.IsolateSource), (nameof(AddNegative), ReasonCode.RemoveDuplicate),
                (nameof(ArchiveNegative), ReasonCode.RestoreSource), (nameof(ArchiveNegative), ReasonCode.RollBack),
            },
            kinds.Keys.ToHashSet());
        Assert.True(kinds.Values.Sum() > 4000, $"only {kinds.Values.Sum()} sentences");
    }

    [Fact]
    public void A_budget_tells_what_one_more_dollar_brings_and_what_it_must()
    {
        var decision = Optimiser.Decide(new SomeStorefront { ClicksPerDay = 2, MonthlyBudget = 1200, DailyBudget = 20 }.Build(), DecisionSettings.Default);
        var budget = decision.Proposals.Concat(decision.Withheld.Select(held => held.Proposal)).First(proposal => proposal.Change is SetBudget && proposal.Evidence.Find("marginalReturn") is not null);

        Assert.True(decision.BudgetPrice > 0);
        Assert.Equal(decision.BudgetPrice, budget.Evidence["budgetPrice"], 12);
        Assert.InRange(budget.Evidence["marginalReturn"], budget.Evidence["marginalLow"], budget.Evidence["marginalHigh"]);
        Assert.Contains(FormattableString.Invariant($"One more dollar of clicks here returns {1 + budget.Evidence["marginalReturn"]:0.00}"), ProposalText.Sentence(budget), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"where the account's money must return {1 + decision.BudgetPrice:0.00}"), ProposalText.Sentence(budget), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_clicks_at_80_cents_that_bring_100_return_1_25()
    {
        var (mean, low, high) = Budgeting.BudgetPlanner.Return(100, 20, 80);

        Assert.Equal(0.25, mean, 12);
        Assert.Equal((100 - (1.2816 * 20)) / 80 - 1, low, 4);
        Assert.Equal((100 + (1.2816 * 20)) / 80 - 1, high, 4);
    }

    [Fact]
    public void A_placement_tells_clicks_orders_and_ratio_and_scarce_stock_its_days()
    {
        var placement = RecommendationTests.Fuzzed().Take(4).SelectMany(workspace => Optimiser.Decide(workspace, DecisionSettings.Default).Proposals).First(proposal => proposal.Change is SetPlacement);
        Assert.Contains(FormattableString.Invariant($"buy {placement.Evidence["ratio"]:0.00} times as often"), ProposalText.Sentence(placement), StringComparison.Ordinal);
        Assert.Contains($"from {Figure.Number(placement.Evidence["clicks"])} clicks and {Figure.Number(placement.Evidence["orders"])} orders there", ProposalText.Sentence(placement), StringComparison.Ordinal);

        var scarce = RecommendationTests.Fuzzed().Take(4).SelectMany(workspace => Optimiser.Decide(workspace, DecisionSettings.Default).Proposals).First(proposal => proposal.Reason == ReasonCode.LowStock);
        Assert.Contains($"Stock lasts for {Figure.Number(scarce.Evidence["coverDays"])} days", ProposalText.Sentence(scarce), StringComparison.Ordinal);
        Assert.True(scarce.Evidence["coverDays"] < scarce.Evidence["deliveryDays"]);
    }

    [Theory]
    [InlineData(1.00, 1.00, 1.00, 0)] // there
    [InlineData(1.00, 1.00, 1.24, 1)] // a quarter more
    [InlineData(1.00, 1.00, 0.60, 2)] // 0.75, 0.60
    [InlineData(1.00, 1.00, 0.30, 5)] // 0.75, 0.57, 0.43, 0.33, 0.30
    [InlineData(1.25, 1.00, 1.60, 2)] // 1.56, 1.60
    [InlineData(1.60, 1.00, 2.00, 4)] // the weekly rise holds it: 1.60 times the bids of 1.07, 1.14, 1.22 and 1.31 a week before
    [InlineData(0.02, 0.02, 0.04, 6)] // a cent every three days
    public void Days_until_a_bid_stands_at_its_goal(double today, double aWeekAgo, double goal, int days) => Assert.Equal(days, BidRule.DaysLeft(Inputs(aWeekAgo), new BidResult((decimal)today, goal, 1)));

    [Fact]
    public void A_bid_held_by_the_sellers_limit_is_not_told_to_go_on() => Assert.Equal(0, BidRule.DaysLeft(Inputs(1) with { MaximumBid = 1.00 }, new BidResult(1.00m, 3, 1)));

    [Fact]
    public void Days_left_are_the_days_that_the_rule_itself_takes()
    {
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[5, 400], CsCheck.Gen.Double[0.02, 6]), pair =>
        {
            var (bid, wanted) = (pair.Item1 / 100.0, pair.Item2);
            var inputs = Inputs(bid) with { BidBefore = bid, DayBid = bid };
            var foretold = BidRule.DaysLeft(inputs, new BidResult((decimal)bid, wanted, 1));

            // Nothing changes but the bid: the rule is asked day by day, with the week as it was.
            var (bids, days, lastMove) = (new List<double>(Enumerable.Repeat(bid, 8)), 0, 0);
            for (; days < 999; days++)
            {
                var next = (double)BidRule.Apply(inputs with { BidBefore = bids[^1], DayBid = bids[^1], WeekBid = bids[^7], Shading = wanted, SingleStep = days + 1 - lastMove >= 3 ? 1 : 0 }).Bid;
                if (next != bids[^1]) lastMove = days + 1;
                bids.Add(next);
                if (Math.Abs(Math.Floor((wanted / 0.01) + 1e-9) * 0.01 - bids[^1]) < Math.Max(0.01, 0.02 * bids[^1]) * (1 - 1e-9)) break;
            }

            var taken = foretold == 0 ? 0 : days + 1;
            Assert.True(Math.Abs(foretold - taken) <= 3, $"{bid} to {wanted}: foretold {foretold}, taken {taken}");
        });
    }

    // A click is worth exactly the shading, in money: rate 1/10, 10 an order.
    private static BidInputs Inputs(double aWeekAgo) => new()
    {
        Clicks = 1e7, Orders = 1e6, PriorMean = 0.1, PriorStrength = 20, Contribution = 10, Incrementality = 1, Season = 1, Shading = 1, PlacementMultiplier = 1, BidBefore = 1, DayBid = 1, WeekBid = aWeekAgo,
        Step = 0.25, WeeklyRise = 0.6, DeadBand = 0.02, MaximumBid = 100, MarketMinimum = 0.02, MarketMaximum = 1000, BidStep = 0.01,
    };

    private static IEnumerable<Proposal> Everything()
    {
        IEnumerable<Workspace> storefronts =
        [
            .. RecommendationTests.Fuzzed(), RollbackTests.WithEveryKind(), WorthTests.Restocked(), HandoverTests.WithLostTraffic(), HygieneStorefronts.WithDuplicates(), HygieneStorefronts.WithSoldProductPage(),
            .. Enumerable.Range(3000, 60).Select(FuzzedWorld.Make),
        ];

        foreach (var workspace in storefronts)
        {
            var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            foreach (var proposal in decision.Proposals.Concat(decision.Withheld.Select(held => held.Proposal))) yield return proposal;
        }
    }
}

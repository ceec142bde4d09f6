using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies.Tests;

public sealed class CatalogueTests
{
    [Fact]
    public void Ours_and_every_baseline_are_there() =>
        Assert.Equal(
            ["ours", "B00", "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B07x", "B08", "B09", "B10", "B11", "B11z", "B11o", "B11v", "B11s", "B12", "B13"],
            PolicyCatalogue.All.Select(kind => kind.Id));

    [Fact]
    public void Every_entry_is_found_by_its_id_and_says_where_it_comes_from() =>
        Assert.All(PolicyCatalogue.All.Concat(PolicyCatalogue.TermModules), kind =>
        {
            Assert.Same(kind, PolicyCatalogue.Find(kind.Id));
            Assert.NotEmpty(kind.Source);
            Assert.NotNull(kind.Create(new PolicySettings()));
        });

    [Fact]
    public void Bids_pair_with_a_search_term_module()
    {
        var pair = PolicyCatalogue.Find("b03+h-zon");
        Assert.Equal(("B03+H-Zon", true), (pair.Id, pair.IsTuned));

        var account = new SomeAccount();
        var (keyword, clause) = (account.Keyword(), account.Clause());
        account.Facts(keyword, clicks: 10, cost: 5).Term(clause, "red shoes", clicks: 10);
        var changes = account.Decide("B03+H-Zon");
        Assert.Equal(0.20m, account.After(changes, keyword));
        Assert.Equal("red shoes", Assert.Single(changes.OfType<AddNegative>()).Text);
    }

    [Theory]
    [InlineData("B99", "no policy 'B99'")]
    [InlineData("B03+H-None", "no policy 'H-None'")]
    [InlineData("B12+H-Zon", "of its own")]
    [InlineData("ours+H-Zon", "of its own")]
    [InlineData("B03+H-Zon+H-pal", "no policy")]
    public void What_does_not_exist_is_refused_with_a_reason(string id, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => PolicyCatalogue.Find(id)).Message, StringComparison.Ordinal);
}

public sealed class OursTests
{
    [Fact]
    public void Ours_writes_what_the_optimiser_decides_largest_effect_first()
    {
        var account = Busy();
        var decision = Optimiser.Decide(account.Build(), DecisionSettings.Default);
        Assert.True(decision.Proposals.Length > 10);

        var effects = decision.Proposals.ToDictionary(proposal => proposal.Change.EntityKey, proposal => (-proposal.Effect.Mean.Amount, proposal.Id.Value), StringComparer.Ordinal);
        var changes = account.Decide("ours");
        Assert.Equal(effects.Keys.Order(StringComparer.Ordinal), changes.Select(change => change.EntityKey).Order(StringComparer.Ordinal));
        Assert.Equal(changes.Select(change => effects[change.EntityKey]).OrderBy(pair => pair.Item1).ThenBy(pair => pair.Value, StringComparer.Ordinal), changes.Select(change => effects[change.EntityKey]));
    }

    [Fact]
    public void Ours_gives_a_decisions_handovers_out_and_goes_on_with_those_of_the_next_view()
    {
        var account = Busy();
        var clause = account.Clause(bid: 0.60m);
        account.Facts(clause, clicks: 200, cost: 40, orders: 40);
        var big = account.Keyword(); // so that three percent of the day's spend is enough to try something new
        for (var day = 1; day <= 60; day++) account.Facts(big, clicks: 300, cost: 300, orders: 60, daysAgo: day);
        for (var day = 1; day <= 20; day++) account.Term(clause, "golden words", clicks: 5, cost: 1, orders: 1, daysAgo: day);
        var policy = PolicyCatalogue.Find("ours").Create(new PolicySettings());

        var first = policy.Decide(account.View());
        Assert.Contains(first, change => change is CreateTarget { Text: "golden words" });
        var handovers = policy.Handovers;
        Assert.Equal(("golden words", HandoverState.Created), (Assert.Single(handovers).Term, handovers[0].State));
        account.Apply(first);
        account.Facts(account.Build().Targets[^1].Id.Value, clicks: 8, cost: 2, orders: 1, daysAgo: 1);

        // Only who knows of the hand-over closes the source once the new keyword delivers.
        Assert.DoesNotContain(policy.Decide(account.View(day: 1)), change => change is AddNegative { Text: "golden words" });
        account.Handovers = handovers;
        Assert.Contains(policy.Decide(account.View(day: 1)), change => change is AddNegative { Text: "golden words", Match: NegativeMatch.Exact });
        Assert.Equal(HandoverState.Delivering, Assert.Single(policy.Handovers).State);
    }

    [Fact]
    public void Numbers_change_the_decision()
    {
        var account = Busy();
        var low = PolicyCatalogue.Find("ours").Create(new PolicySettings { Numbers = Number("dailyStep", 0.10).Concat(Number("firstWeekStep", 0.10)).ToDictionary() }).Decide(account.View()).OfType<SetBid>();
        var high = account.Decide("ours").OfType<SetBid>();

        Assert.All(low, change => Assert.InRange(change.After.Amount / change.Before.Amount, 0.89m, 1.11m));
        Assert.Contains(high, change => change.After.Amount / change.Before.Amount is < 0.85m or > 1.15m);
    }

    [Fact]
    public void Every_number_of_the_optimiser_can_be_set()
    {
        Assert.Equal(typeof(DecisionSettings).GetProperties().Count(property => property.CanWrite), DecisionNumbers.Names.Count);
        Assert.Equal(0.9, DecisionNumbers.Apply(DecisionSettings.Default, Number("shading", 0.9)).Shading);
        Assert.Equal(7, DecisionNumbers.Apply(DecisionSettings.Default, Number("maximumStructuresPerDay", 7)).MaximumStructuresPerDay);
        Assert.NotEqual(0.9, DecisionSettings.Default.Shading);
    }

    [Fact]
    public void Unknown_numbers_and_values_out_of_range_are_refused()
    {
        static IPolicy Create(string name, double value) => PolicyCatalogue.Find("ours").Create(new PolicySettings { Numbers = Number(name, value) });

        Assert.Contains("'Shading' is no number", Assert.Throws<ArgumentException>(() => Create("Shading", 0.8)).Message, StringComparison.Ordinal);
        Assert.Contains("Shading lies between", Assert.Throws<ArgumentOutOfRangeException>(() => Create("shading", 0.2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Create("halfLifeDays", double.NaN));
        Assert.Contains("whole number", Assert.Throws<ArgumentException>(() => Create("maximumBidsPerDay", 1.5)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, double> Number(string name, double value) => new(StringComparer.Ordinal) { [name] = value };

    private static SomeAccount Busy()
    {
        var account = new SomeAccount { MonthlyBudget = 100_000 };
        for (var index = 0; index < 30; index++)
        {
            var target = account.Keyword(bid: 0.30m + 0.05m * index);
            for (var day = 1; day <= 60; day++) account.Facts(target, clicks: 2, cost: 0.6m, orders: (day + index) % (5 + index) == 0 ? 1 : 0, daysAgo: day);
        }

        return account;
    }
}

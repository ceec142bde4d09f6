using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using CsCheck;

namespace Autonoomi.Policies.Tests;

/// <summary>What holds for every policy on any account.</summary>
public sealed class EveryPolicyTests
{
    // Four mornings of a week and a day, so that weekly and three-day rules act more than once.
    private static readonly int[] Mornings = [0, 1, 3, 7];

    public static TheoryData<string> Policies => [.. PolicyCatalogue.All.Concat(PolicyCatalogue.TermModules).Select(kind => kind.Id), "B02+H-Zon", "B08+H-open"];
    public static TheoryData<string> Peers => [.. PolicyCatalogue.All.Concat(PolicyCatalogue.TermModules).Select(kind => kind.Id).Where(id => id != "ours")];

    [Theory, MemberData(nameof(Policies))]
    public void Writes_stay_within_amazons_limits_and_name_what_is_there(string policy) =>
        Accounts.Sample(rough =>
        {
            var account = rough.Build();
            var instance = PolicyCatalogue.Find(policy).Create(account.Settings(rough.Acos, rough.Pooled));
            foreach (var day in Mornings)
            {
                var view = account.View(day);
                var changes = instance.Decide(view);
                Assert.Equal(changes.Count, changes.Select(change => change.EntityKey).Distinct(StringComparer.Ordinal).Count());
                foreach (var change in changes) Check(view, change, account.MaximumBid * account.Scale);
                account.Apply(changes);
            }
        }, iter: 60);

    [Theory, MemberData(nameof(Policies))]
    public void The_same_views_give_the_same_changes(string policy) =>
        Accounts.Sample(rough => Assert.Equal(Play(rough, policy, "ATVPDKIKX0DER", 1), Play(rough, policy, "ATVPDKIKX0DER", 1)), iter: 15);

    // One dollar is a hundred yen in every limit, so a shop in yen gets the same decisions a hundred times as large, up to the last digit.
    [Theory, MemberData(nameof(Peers))]
    public void A_shop_in_yen_is_run_like_one_in_dollars(string policy) =>
        Accounts.Sample(rough =>
        {
            var dollars = Play(rough, policy, "ATVPDKIKX0DER", 1, mornings: 1);
            var yen = Play(rough, policy, "A1VC38T7YXB528", 100, mornings: 1).ToDictionary(change => change.EntityKey, StringComparer.Ordinal);
            foreach (var change in dollars)
            {
                if (change is SetBid bid && yen.GetValueOrDefault(change.EntityKey) is SetBid other) Assert.InRange(other.After.Amount, 100 * bid.After.Amount - 1, 100 * bid.After.Amount + 1);
                else if (change is SetBid near) Assert.InRange(near.After.Amount, near.Before.Amount - 0.01m, near.Before.Amount + 0.01m);
                else if (change is SetBudget budget) Assert.InRange(((SetBudget)yen[change.EntityKey]).After.Amount, 100 * budget.After.Amount - 1, 100 * budget.After.Amount + 1);
                else Assert.Contains(change.EntityKey, yen.Keys);
            }
        }, iter: 15);

    [Theory, MemberData(nameof(Policies))]
    public void An_empty_workspace_gives_no_change(string policy)
    {
        var instance = PolicyCatalogue.Find(policy).Create(new PolicySettings());
        foreach (var day in Mornings) Assert.Empty(instance.Decide(new SomeAccount(empty: true).View(day)));
    }

    [Theory, MemberData(nameof(Peers))]
    public void What_is_protected_paused_archived_or_run_by_amazon_is_left_alone(string policy)
    {
        var account = new SomeAccount { ProtectedCampaigns = [new(SomeAccount.Auto)] };
        account.Campaign(3, TargetingType.Manual, EntityState.Paused);
        account.Campaign(4, TargetingType.Manual, strategy: BiddingStrategy.RuleBased);
        account.Group(31, 3);
        account.Group(41, 4);
        account.Group(14, SomeAccount.Manual, state: EntityState.Paused);
        foreach (var target in new[]
        {
            account.Clause(), account.Keyword(group: 31), account.Keyword(group: 41), account.Keyword(group: 14), account.Keyword(state: EntityState.Paused), account.Keyword(state: EntityState.Archived),
        })
        {
            for (var day = 1; day < 20; day++) account.Facts(target, clicks: 5, cost: 50, orders: day % 2, daysAgo: day).Term(target, $"term {target}", clicks: 5, cost: 1, orders: day % 2, daysAgo: day);
            account.Term(target, $"loss {target}", clicks: 50, cost: 50);
        }

        // The manual campaign itself is open: its budget may be set, and the paused keyword's terms closed and promoted there.
        var changes = account.Decide(policy, day: 7).Concat(account.Decide(policy)).ToList();
        Assert.All(changes, change => Assert.Equal(SomeAccount.Manual, change.Campaign.Value));
        Assert.DoesNotContain(changes, change => change is SetBid or SetTargetState);
    }

    private static List<Change> Play(RoughAccount rough, string policy, string marketplace, decimal scale, int mornings = 4)
    {
        var account = rough.Build(marketplace, scale);
        var instance = PolicyCatalogue.Find(policy).Create(account.Settings(rough.Acos, rough.Pooled));
        var all = new List<Change>();
        foreach (var day in Mornings.Take(mornings))
        {
            var changes = instance.Decide(account.View(day));
            all.AddRange(changes);
            account.Apply(changes);
        }

        return all;
    }

    private static void Check(PolicyView view, Change change, decimal sellersMaximum)
    {
        var workspace = view.Workspace;
        var market = workspace.Marketplace;
        var highest = Math.Max(market.MinimumBid, Math.Min(market.MaximumBid, sellersMaximum));
        var campaign = Assert.Single(workspace.Campaigns, entry => entry.Id == change.Campaign);
        Assert.Equal(EntityState.Enabled, campaign.State);
        void IsBid(Money bid)
        {
            Assert.Equal(market.Currency, bid.Currency);
            Assert.InRange(bid.Amount, market.MinimumBid, highest);
            Assert.Equal(0, bid.Amount % market.BidStep);
        }

        switch (change)
        {
            case SetBid bid:
                var target = Assert.Single(workspace.Targets, entry => entry.Id == bid.Target);
                Assert.Equal((target.Campaign, target.AdGroup, target.Kind, target.Bid, EntityState.Enabled), (bid.Campaign, bid.AdGroup, bid.Kind, bid.Before, target.State));
                IsBid(bid.After);
                Assert.True(Math.Abs(bid.After.Amount - bid.Before.Amount) >= market.BidStep);
                break;
            case SetBudget budget:
                Assert.Equal(campaign.DailyBudget, budget.Before);
                Assert.NotEqual(budget.Before, budget.After);
                Assert.InRange(budget.After.Amount, market.MinimumBudget, market.MaximumBudget);
                break;
            case SetPlacement place:
                Assert.Equal(campaign.PercentAt(place.Placement), place.BeforePercent);
                Assert.InRange(place.AfterPercent, 0, 900);
                break;
            case SetTargetState state:
                Assert.Equal((EntityState.Enabled, EntityState.Paused), (Assert.Single(workspace.Targets, entry => entry.Id == state.Target).State, state.After));
                break;
            case CreateTarget create:
                Assert.Equal(change.Campaign, Assert.Single(workspace.AdGroups, entry => entry.Id == create.AdGroup).Campaign);
                Assert.Equal(TargetingType.Manual, campaign.Targeting);
                Assert.InRange(create.Text.Length, 1, 80);
                Assert.InRange(create.Text.Split(' ').Length, 1, 10);
                Assert.DoesNotContain(workspace.Targets, entry => entry.AdGroup == create.AdGroup && entry.Match == create.Match && string.Equals(entry.Text, create.Text, StringComparison.OrdinalIgnoreCase));
                IsBid(create.Bid);
                break;
            case AddNegative negative:
                Assert.InRange(negative.Text.Length, 1, 80);
                Assert.InRange(negative.Text.Split(' ').Length, 1, negative.Match == NegativeMatch.Phrase ? 4 : 10);
                Assert.DoesNotContain(workspace.Negatives, entry => entry.AdGroup == negative.AdGroup && entry.Match == negative.Match && string.Equals(entry.Text, negative.Text, StringComparison.OrdinalIgnoreCase));
                break;
            default:
                Assert.IsType<ArchiveNegative>(change);
                break;
        }
    }

    /// <summary>An account in numbers, so that a failing one can be printed.</summary>
    private sealed record RoughAccount(double Acos, bool Pooled, decimal Maximum, RoughTarget[] Targets, RoughPlacement[] Placements)
    {
        public SomeAccount Build(string marketplace = "ATVPDKIKX0DER", decimal scale = 1)
        {
            var account = new SomeAccount(marketplace, scale) { MaximumBid = Maximum, MonthlyBudget = 1000 };
            foreach (var rough in Targets)
            {
                var bid = Math.Min(Maximum, rough.Bid);
                var target = rough.Where switch
                {
                    0 => account.Clause(bid, suggestion: rough.Suggestion),
                    1 => account.Keyword(bid, match: MatchType.Exact, suggestion: rough.Suggestion),
                    2 => account.Keyword(bid, match: MatchType.Phrase, suggestion: rough.Suggestion),
                    _ => account.Keyword(bid, match: MatchType.Broad, suggestion: rough.Suggestion),
                };
                foreach (var fact in rough.Facts)
                {
                    account.Facts(target, fact.Clicks, fact.Cost, fact.Orders, daysAgo: fact.DaysAgo);
                    account.Term(target, $"words {fact.Clicks % 7}", fact.Clicks, fact.Cost, fact.Orders, daysAgo: fact.DaysAgo);
                }
            }

            foreach (var place in Placements) account.Placement(SomeAccount.Manual, place.Placement, place.Clicks, place.Orders, place.Orders * 20, place.DaysAgo);
            return account;
        }
    }

    private sealed record RoughTarget(int Where, decimal Bid, decimal? Suggestion, RoughFact[] Facts);

    /// <summary>Corrections make clicks and cost negative; a click may bring several orders.</summary>
    private sealed record RoughFact(int DaysAgo, int Clicks, decimal Cost, int Orders);

    private sealed record RoughPlacement(Placement Placement, int DaysAgo, int Clicks, int Orders);

    private static readonly Gen<decimal> Cents = Gen.Frequency((8, Gen.Int[2, 500]), (1, Gen.Int[2, 3]), (1, Gen.Int[2, 90_000])).Select(cents => cents / 100m);

    private static readonly Gen<RoughFact> Fact = Gen.Select(
        Gen.Int[0, 70], Gen.Frequency((8, Gen.Int[0, 30]), (1, Gen.Int[-5, 0]), (1, Gen.Int[0, 1_000_000])), Cents, Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[0, 5]), (1, Gen.Int[0, 1_000_000])),
        (daysAgo, clicks, price, orders) => new RoughFact(daysAgo, clicks, clicks * Math.Min(price, 5), orders));

    private static readonly Gen<RoughTarget> Target = Gen.Select(
        Gen.Int[0, 3], Cents, Gen.Bool.SelectMany(has => has ? Cents.Select(amount => (decimal?)amount) : Gen.Const((decimal?)null)), Fact.Array[0, 12],
        (where, bid, suggestion, facts) => new RoughTarget(where, bid, suggestion, facts));

    private static readonly Gen<RoughPlacement> SomePlacement = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 70], Gen.Int[-3, 60], Gen.Int[0, 6], (placement, daysAgo, clicks, orders) => new RoughPlacement((Placement)placement, daysAgo, clicks, orders));

    private static readonly Gen<RoughAccount> Accounts = Gen.Select(
        Gen.Frequency((9, Gen.Double[0.05, 0.6]), (1, Gen.Double[0, 2])), Gen.Bool, Gen.Frequency((4, Gen.Const(1000m)), (1, Cents)), Target.Array[0, 10], SomePlacement.Array[0, 12],
        (acos, pooled, maximum, targets, placements) => new RoughAccount(acos, pooled, maximum, targets, placements));
}

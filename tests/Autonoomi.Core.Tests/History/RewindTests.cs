using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.History;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;

namespace Autonoomi.Core.Tests.History;

public sealed class RewindTests
{
    private static readonly Workspace Start = new SomeStorefront { Products = 3, KeywordsPerGroup = 3, Days = 1, DailyBudget = 50 }.Build() with { SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) };

    /// <summary>Readings come after some changes each; the way back is written and compared with how it stood.</summary>
    [Fact]
    public void From_anywhere_back_to_any_reading_but_for_what_is_told()
    {
        var (returns, written, left, noted) = (0, 0, 0, 0);
        for (var seed = 1; seed <= 40; seed++)
        {
            var walk = new AccountWalk(Start, seed);
            var random = new Random(seed);
            var readings = new List<(Workspace Then, ImmutableArray<Move> Moves)> { (walk.Now, []) };
            for (var reading = 0; reading < 12; reading++)
            {
                for (var step = random.Next(1, 8); step > 0; step--) walk.Step();
                readings.Add((walk.Now, AccountState.Of(readings[^1].Then).MovesTo(AccountState.Of(walk.Now))));
            }

            for (var trip = 0; trip < 3; trip++)
            {
                var moment = random.Next(readings.Count);
                var plan = Rewind.Plan(walk.Now, readings.Skip(moment + 1).SelectMany(reading => reading.Moves), _ => true);
                Assert.Equal(plan.Writes.Length, plan.Writes.Select(way => way.Change.EntityKey).Distinct().Count());
                var before = walk.Now;
                foreach (var way in plan.Writes) walk.Take(way.Change);
                Compare(readings[moment].Then, walk.Now, plan);
                (returns, written, left, noted) = (returns + 1, written + plan.Writes.Length, left + plan.Left.Length, noted + plan.Writes.Count(way => way.Note is not null));
                readings.Add((walk.Now, AccountState.Of(before).MovesTo(AccountState.Of(walk.Now))));
            }
        }

        Assert.True(left > 20 && noted > 100, $"{left} and {noted} prove nothing");
        Figures.Tell($"time machine: {returns} returns, {written:#,0} writes, {noted:#,0} with a note, {left:#,0} things that stay as they are");
    }

    [Fact]
    public void One_campaign_alone_comes_back()
    {
        var walk = new AccountWalk(Start, 5);
        for (var step = 0; step < 60; step++) walk.Step();
        var moves = AccountState.Of(Start).MovesTo(AccountState.Of(walk.Now));
        var campaign = moves.Select(move => move.Change).OfType<SetBudget>().First().Campaign;

        var plan = Rewind.Plan(walk.Now, moves, change => change.Campaign == campaign);

        Assert.NotEmpty(plan.Writes);
        Assert.All(plan.Writes, way => Assert.Equal(campaign, way.Change.Campaign));
    }

    [Fact]
    public void A_way_back_beyond_the_limits_of_today_is_told_and_not_taken()
    {
        var target = Start.Targets[0];
        var dear = new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid with { Amount = 9 }, target.Bid);

        var plan = Rewind.Plan(Start, [new Move(dear)], _ => true);

        Assert.Empty(plan.Writes);
        Assert.Contains("above your highest bid", Assert.Single(plan.Left).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Budgets_rise_first_and_fall_last_and_make_room_for_bids_of_then()
    {
        var target = Start.Targets[0];
        var (poor, other) = (Start.Campaigns.Single(campaign => campaign.Id == target.Campaign), Start.Campaigns.First(campaign => campaign.Id != target.Campaign));
        var now = Start with { Campaigns = [.. Start.Campaigns.Select(campaign => campaign.Id == poor.Id ? campaign with { DailyBudget = new(2, poor.DailyBudget.Currency) } : campaign)] };
        Move[] moves =
        [
            new(new SetBudget(other.Id, new(10, poor.DailyBudget.Currency), other.DailyBudget)),
            new(new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid with { Amount = 4 }, target.Bid)),
            new(new SetBudget(poor.Id, poor.DailyBudget, new(2, poor.DailyBudget.Currency))),
        ];

        var plan = Rewind.Plan(now, moves, _ => true);

        Assert.Empty(plan.Left);
        Assert.Equal([$"campaign:{poor.Id.Value}:budget", $"target:{target.Id.Value}:bid", $"campaign:{other.Id.Value}:budget"], plan.Writes.Select(way => way.Change.EntityKey));
    }

    private static void Compare(Workspace then, Workspace now, RewindPlan plan)
    {
        var (was, isNow) = (Values(then), Values(now));
        var told = plan.Writes.Where(way => way.Note is not null).Select(way => way.Change).Concat(plan.Left.Select(left => left.Move)).ToList();
        foreach (var (key, value) in was)
        {
            if (isNow.GetValueOrDefault(key) == value) continue;
            Assert.True(told.Any(change => IsAbout(change, key, then)), $"{key} was {value} and is {isNow.GetValueOrDefault(key)}");
        }

        foreach (var (key, value) in isNow.Where(pair => !was.ContainsKey(pair.Key))) Assert.True(value.StartsWith(nameof(EntityState.Paused), StringComparison.Ordinal), $"{key} is new and stands at {value}");
    }

    private static Dictionary<string, string> Values(Workspace shop) => shop.Campaigns.Select(campaign => ($"campaign {campaign.Id}", $"{campaign.State} {campaign.DailyBudget} {campaign.TopOfSearchPercent} {campaign.RestOfSearchPercent} {campaign.ProductPagesPercent}"))
        .Concat(shop.AdGroups.Select(group => ($"group {group.Id}", $"{group.State}")))
        .Concat(shop.Targets.Select(target => ($"target {target.Id}", $"{target.State} {target.Bid}")))
        .Concat(shop.Negatives.Select(negative => ($"negative {negative.Campaign} {negative.AdGroup} {negative.Text}", $"{EntityState.Paused} or not")))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    // What went with its campaign is told with the campaign.
    private static bool IsAbout(Change told, string key, Workspace then) => told switch
    {
        SetTargetState state => key == $"target {state.Target}",
        SetAdGroupState state => key == $"group {state.AdGroup}",
        SetCampaignState state => key == $"campaign {state.Campaign}" || then.AdGroups.Any(group => group.Campaign == state.Campaign && key == $"group {group.Id}")
            || then.Targets.Any(target => target.Campaign == state.Campaign && key == $"target {target.Id}") || key.StartsWith($"negative {state.Campaign} ", StringComparison.Ordinal),
        _ => false,
    };
}

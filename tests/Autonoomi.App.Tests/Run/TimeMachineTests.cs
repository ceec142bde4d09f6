using System.Net.Http.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.History;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Run;

/// <summary>People's own changes and the way back, as the product does them: runs on a SQLite vault against the pretend Amazon.</summary>
public sealed class TimeMachineTests : IAsyncLifetime
{
    private readonly Random random = new(11);
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;
    private int names;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 20, "--products", "3");
        shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
        await WholeRunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task What_a_person_changes_is_judged_written_logged_and_taken_back_together()
    {
        var before = await AtAmazonAsync();
        var group = before.AdGroups.First(each => before.Targets.Count(target => target.AdGroup == each.Id && target is { Kind: TargetKind.Keyword, State: EntityState.Enabled }) > 2);
        var home = before.Campaigns.Single(campaign => campaign.Id == group.Campaign);
        var targets = before.Targets.Where(target => target.AdGroup == group.Id && target.State == EntityState.Enabled).ToList();
        SetBid good = Bid(targets[0], targets[0].Bid.Amount + 0.05m), dear = Bid(targets[1], 500);
        Change[] wanted = [good, dear, new SetBudget(home.Id, home.DailyBudget, home.DailyBudget with { Amount = home.DailyBudget.Amount + 3 }), new SetAdGroupState(home.Id, group.Id, EntityState.Enabled, EntityState.Paused)];

        // Somebody at Amazon was quicker with the budget.
        var elsewhere = new SetBudget(home.Id, home.DailyBudget, home.DailyBudget with { Amount = home.DailyBudget.Amount + 1 });
        await ConsoleAsync([elsewhere]);
        var result = await EditAsync(wanted);

        Assert.Equal([true, false, true, true], result.Edits.Select(edit => edit.MayBeWritten));
        var refused = Assert.Single(await Get<EditBook>().RefusedAsync(shop.Seller, shop.Storefront, result.Run!.Value, Stop));
        Assert.Equal(wanted[2].EntityKey, refused.Change.EntityKey);
        Assert.Contains("changed at Amazon meanwhile", refused.Why, StringComparison.Ordinal);
        var after = await AtAmazonAsync();
        Assert.Equal(good.After, after.Targets.Single(target => target.Id == good.Target).Bid);
        Assert.Equal(targets[1].Bid, after.Targets.Single(target => target.Id == dear.Target).Bid);
        Assert.Equal(elsewhere.After, after.Campaigns.Single(campaign => campaign.Id == home.Id).DailyBudget);
        Assert.Equal(EntityState.Paused, after.AdGroups.Single(each => each.Id == group.Id).State);

        var log = (await Get<ChangeBook>().ListAsync(shop.Seller, shop.Storefront, Stop)).Where(change => change.Run == result.Run).ToList();
        Assert.Equal(2, log.Count);
        Assert.All(log, change => Assert.Equal((ChangeOutcomeKind.Confirmed, true, null), (change.Outcome, change.Applied.ByPerson, change.Reason)));

        var undo = await Get<ChangeBook>().UndoBatchAsync(shop.Seller, shop.Storefront, result.Run.Value, Actor.Operator, Stop);
        await EndAsync(undo.Run!.Value);
        after = await AtAmazonAsync();
        Assert.Equal(targets[0].Bid, after.Targets.Single(target => target.Id == good.Target).Bid);
        Assert.Equal(EntityState.Enabled, after.AdGroups.Single(each => each.Id == group.Id).State);
        Assert.All((await Get<ChangeBook>().ListAsync(shop.Seller, shop.Storefront, Stop)).Where(change => change.Run == result.Run), change => Assert.NotNull(change.UndoneBy));
        Assert.Null((await Get<ChangeBook>().UndoBatchAsync(shop.Seller, shop.Storefront, result.Run.Value, Actor.Operator, Stop)).Run);

        // Under the emergency stop nothing is written, and nothing is lost.
        await SetAsync(settings => settings with { Frozen = true });
        var stopped = await Get<EditBook>().ApplyAsync(shop.Seller, shop.Storefront, [Bid(targets[0], targets[0].Bid.Amount + 0.05m)], Actor.Operator, Stop);
        Assert.Contains("emergency stop", stopped.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emergency_stop_holds_back_what_was_already_on_its_way_and_undoing_stays_possible()
    {
        var before = await AtAmazonAsync();
        var targets = before.Targets.Where(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled }).Take(2).ToList();
        var written = await EditAsync([Bid(targets[0], targets[0].Bid.Amount + 0.05m)]);
        var waiting = await Get<EditBook>().ApplyAsync(shop.Seller, shop.Storefront, [Bid(targets[1], targets[1].Bid.Amount + 0.05m)], Actor.Operator, Stop);

        Assert.Null(await Get<StopSwitch>().StopAsync(shop.Seller, shop.Storefront, Actor.Operator, Stop));
        await shop.PumpAsync(Stop);

        var held = await Get<Runs>().WaitAsync(waiting.Value.Run!.Value, Stop);
        Assert.Equal(RunState.Failed, held.State);
        Assert.Contains("emergency stop", held.Error, StringComparison.Ordinal);
        Assert.Equal(targets[1].Bid, (await AtAmazonAsync()).Targets.Single(target => target.Id == targets[1].Id).Bid);

        var undo = await Get<ChangeBook>().UndoBatchAsync(shop.Seller, shop.Storefront, written.Run!.Value, Actor.Operator, Stop);
        await EndAsync(undo.Run!.Value);
        Assert.Equal(targets[0].Bid, (await AtAmazonAsync()).Targets.Single(target => target.Id == targets[0].Id).Bid);
    }

    /// <summary>By the optimiser, by a person here and by somebody in Amazon's console, in readings of some changes each; then back to moments anywhere.</summary>
    [Fact]
    public async Task After_a_thousand_changes_by_anybody_Amazon_stands_as_at_any_of_twenty_moments_but_for_what_is_told()
    {
        await SetAsync(settings => settings with { Mode = AutomationMode.Auto, MonthlyBudget = settings.MonthlyBudget with { Amount = 100_000 }, MaximumBid = settings.MaximumBid with { Amount = 900 }, MaximumClickCost = null });
        var stood = new Dictionary<string, AccountState>(StringComparer.Ordinal);
        var (ours, people, console, returns, back, left) = (0, 0, 0, 0, 0, 0);
        while (ours + people + console < 1000 || returns < 20)
        {
            if (random.Next(8) == 0)
            {
                var (known, before) = ((await ChangesAsync()).Count, ours);
                await AdvanceAsync(24);
                await WholeRunAsync();
                ours += (await ChangesAsync()).Count - known;
            }

            var seen = await AtAmazonAsync();
            console += await ConsoleAsync(Some(seen, random.Next(12)));
            var edit = await EditAsync(Some(AccountState.Of(await WorkspaceAsync()), 1 + random.Next(24)));
            people += edit.Written;
            await RememberAsync(stood);
            if (returns >= 20 || ours + people + console < 1000 * (returns + 1) / 21) continue;

            var moment = stood.Keys.ElementAt(random.Next(stood.Count));
            var result = await Get<MoveBook>().ReturnAsync(shop.Seller, shop.Storefront, moment, null, Actor.Operator, Stop);
            Assert.True(result.IsOk, result.Error?.Message);
            if (result.Value.Run is { } run)
            {
                await EndAsync(run);
                Assert.Empty(await Get<EditBook>().RefusedAsync(shop.Seller, shop.Storefront, run, Stop));
            }

            AssertStands(stood[moment], await AtAmazonAsync(), result.Value.Plan);
            (returns, back, left) = (returns + 1, back + result.Value.Plan.Writes.Length, left + result.Value.Plan.Left.Length);
            await RememberAsync(stood);
        }

        Assert.True(ours > 10 && people > 200 && console > 200 && back > 300, $"{ours}, {people}, {console} and {back} prove nothing");
        Testing.Figures.Tell($"time machine at the pretend Amazon: {ours} changes by the optimiser, {people} by a person, {console} in the console; {returns} returns with {back:#,0} writes, {left} things that stay as they are");
    }

    private static void AssertStands(AccountState then, AccountState now, RewindPlan plan)
    {
        // How it differs from then: what is told to differ, and new things that are paused.
        var noted = plan.Writes.Where(way => way.Note is not null).Select(way => way.Change.EntityKey).Concat(plan.Left.Select(left => left.Move.EntityKey)).ToHashSet(StringComparer.Ordinal);
        foreach (var move in then.MovesTo(now))
        {
            var told = noted.Contains(move.Change.EntityKey) || move switch
            {
                { Change: CreateTarget, CreatedId: { } id } => now.Targets.Single(target => target.Id.Value == id).State == EntityState.Paused,

                // A negative that went and came back has another id.
                { Change: ArchiveNegative gone } => now.Negatives.Any(negative => (negative.Campaign, negative.AdGroup, negative.Match, negative.Text) == (gone.Campaign, gone.AdGroup, gone.Match, gone.Text)),
                { Change: AddNegative added } => then.Negatives.Any(negative => (negative.Campaign, negative.AdGroup, negative.Match, negative.Text) == (added.Campaign, added.AdGroup, added.Match, added.Text)),
                _ => false,
            };
            Assert.True(told, $"not told: {move}");
        }
    }

    private async Task RememberAsync(Dictionary<string, AccountState> stood)
    {
        if ((await Get<MoveBook>().ListAsync(shop.Seller, shop.Storefront, Stop)) is [.., { } newest]) stood[newest.Id] = AccountState.Of(await WorkspaceAsync());
    }

    // Things that anybody might do; no two of one entity.
    private List<Change> Some(AccountState seen, int count)
    {
        var changes = new List<Change>();
        var groups = seen.AdGroups.ToDictionary(group => group.Id);
        var campaigns = seen.Campaigns.ToDictionary(campaign => campaign.Id);
        for (var tries = 0; changes.Count < count && tries < 200; tries++)
        {
            var target = seen.Targets[random.Next(seen.Targets.Length)];
            if (!groups.TryGetValue(target.AdGroup, out var group) || !campaigns.TryGetValue(target.Campaign, out var campaign)) continue;
            var currency = campaign.DailyBudget.Currency;
            Change? change = random.Next(20) switch
            {
                < 8 => Bid(target, Math.Max(0.30m, Math.Min(campaign.DailyBudget.Amount, random.Next(30, 200) / 100m))),
                < 11 => new SetBudget(campaign.Id, campaign.DailyBudget, new(random.Next(5, 90), currency)),
                < 13 when campaign.AdProduct == AdProduct.SponsoredProducts && campaign.Strategy != BiddingStrategy.RuleBased => new SetPlacement(campaign.Id, Placement.TopOfSearch, campaign.TopOfSearchPercent, random.Next(9) * 10),
                < 16 => new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, target.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
                < 17 => new SetCampaignState(campaign.Id, campaign.State, campaign.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
                < 18 => new SetAdGroupState(campaign.Id, group.Id, group.State, group.State == EntityState.Enabled ? EntityState.Paused : EntityState.Enabled),
                18 when target is { Kind: TargetKind.Keyword } && campaign.AdProduct == AdProduct.SponsoredProducts => new CreateTarget(campaign.Id, group.Id, MatchType.Exact, $"quite new words {names++}", new(0.4m, currency)),
                18 when random.Next(6) == 0 => new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, EntityState.Archived),
                19 when seen.Negatives.Length > 0 && random.Next(2) == 0 && seen.Negatives[random.Next(seen.Negatives.Length)] is { Match: not (NegativeMatch.Brand or NegativeMatch.Other) } gone && campaigns.ContainsKey(gone.Campaign)
                    => new ArchiveNegative(gone.Campaign, gone.AdGroup, gone.Id, gone.Match, gone.Text),
                19 when campaign.AdProduct == AdProduct.SponsoredProducts => new AddNegative(campaign.Id, random.Next(2) == 0 ? null : group.Id, NegativeMatch.Exact, $"never again {random.Next(40)}"),
                _ => null,
            };
            if (change is null || changes.Any(each => each.EntityKey == change.EntityKey)) continue;
            changes.Add(change with { AdProduct = seen.Campaigns.Single(each => each.Id == change.Campaign).AdProduct });
        }

        return changes;
    }

    private async Task<EditResult> EditAsync(IReadOnlyList<Change> wanted)
    {
        var result = await Get<EditBook>().ApplyAsync(shop.Seller, shop.Storefront, wanted, Actor.Operator, Stop);
        Assert.True(result.IsOk, result.Error?.Message);
        if (result.Value.Run is { } run) await EndAsync(run);
        return result.Value;
    }

    private async Task<int> ConsoleAsync(List<Change> changes)
    {
        if (changes.Count == 0) return 0;
        return (await (await AdsAsync()).ApplyAsync(changes, Stop)).Count(outcome => outcome.Kind == OutcomeKind.Accepted);
    }

    private async Task EndAsync(Guid run)
    {
        await shop.PumpAsync(Stop);
        var ended = await Get<Runs>().WaitAsync(run, Stop);
        Assert.True(ended.State == RunState.Done, ended.Error);
    }

    private async Task WholeRunAsync()
    {
        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);
        Assert.True(run.State == RunState.Done, run.Error);
    }

    private async Task SetAsync(Func<StorefrontSettings, StorefrontSettings> change)
    {
        var stored = await Get<SaveSettingsHandler>().Handle(new(shop.Seller, shop.Storefront, change((await WorkspaceAsync()).Settings), Actor.Operator), Stop);
        Assert.True(stored.IsOk, stored.Error?.Message);
    }

    private async Task AdvanceAsync(int hours)
    {
        using var response = await amazon.Control.PostAsJsonAsync("/world/advance", new { hours }, Stop);
        response.EnsureSuccessStatusCode();
        Get<BusinessClock>().Freeze(await amazon.ClockAsync(Stop));
    }

    private async Task<AccountState> AtAmazonAsync()
    {
        var there = await (await AdsAsync()).StructureAsync(exports: false, Stop);
        return new([.. there.Campaigns], [.. there.AdGroups], [.. there.Targets], [.. there.Negatives]);
    }

    private Task<Core.Facts.Workspace> WorkspaceAsync() => Get<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop);

    private Task<IReadOnlyList<StoredChange>> ChangesAsync() => Get<ChangeBook>().ListAsync(shop.Seller, shop.Storefront, Stop);

    private Task<AdsClient> AdsAsync() => Get<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);

    private T Get<T>() where T : notnull => shop.Services.GetRequiredService<T>();

    private static SetBid Bid(Target target, decimal amount) => new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = amount });
}

using System.Net.Http.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Run;

/// <summary>The guard of the day's cap, as the product calls it: whole runs and hourly looks on a SQLite vault against the pretend Amazon.</summary>
public sealed class GuardTests : IAsyncLifetime
{
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;
    private List<CampaignPlan> plans = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 30, "--products", "4");
        shop = await Workshop.AtPretendAmazonAsync(amazon, new() { ["Autonoomi:Runs:WriteLimit"] = "00:00:02", ["Autonoomi:Runs:WriteSlack"] = "00:00:00.100" }, null, Stop);

        // The morning: six o'clock of a new day, a whole run, everything decided and written.
        var clock = Get<BusinessClock>();
        var hour = (clock.GetUtcNow() - clock.Day(await MarketplaceAsync()).Start).TotalHours;
        await AdvanceAsync(24 - (int)hour + 6);
        await WholeRunAsync();
        await SetAsync(settings => settings with { Mode = AutomationMode.Auto, MonthlyBudget = settings.MonthlyBudget with { Amount = 100_000 }, DailyCap = null });
        await WholeRunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    [Promise("P-1.1-e")]
    public async Task A_day_that_runs_away_is_lowered_within_the_next_hour_stops_at_its_cap_and_has_its_budgets_back_the_next_morning()
    {
        await AdvanceAsync(4);
        await LookAsync();
        var (seen, morning) = (await StoredAsync(), await BudgetsAsync());
        var spentBySix = seen.Today.Spent;
        Assert.True(spentBySix > 5, $"{spentBySix} spent proves nothing");
        Assert.Empty(await LoweredAsync());

        // At ten a person types a cap of the day that is a fifth above what is spent: nobody could have kept it in the morning.
        var cap = decimal.Round(spentBySix * 1.2m, 2);
        await SetAsync(settings => settings with { DailyCap = settings.MonthlyBudget with { Amount = cap } });
        await AdvanceAsync(1);
        await LookAsync();

        var cut = await LoweredAsync();
        Assert.NotEmpty(cut);
        var before = morning.ToDictionary(campaign => campaign.Id, campaign => campaign.DailyBudget.Amount);
        Assert.All(cut, change => Assert.True(Budget(change).After < Budget(change).Before && Budget(change).Before.Amount == before[Budget(change).Campaign]));
        Assert.All(cut, change => Assert.Equal((ChangeOutcomeKind.Confirmed, false, Module.Intraday), (change.Outcome, change.Applied.ByPerson, change.Applied.Module)));
        Assert.All(cut, change => Assert.Contains($"the day may cost ${cap:0.00}", change.Words, StringComparison.Ordinal));
        Assert.Contains("the next day's decision gives them back", (await NoteAsync(DataIssue.DayCap))!, StringComparison.Ordinal);
        Assert.All(await AuditsAsync(), audit => Assert.Empty(audit.Breaches));

        // Hour by hour until midnight: Amazon's leftovers of earlier days let it go on beyond a budget, so the second change stops what is left.
        for (var hour = 12; hour <= 23; hour++)
        {
            await AdvanceAsync(1);
            await LookAsync();
        }

        var day = await LoweredAsync();
        Assert.All(day.GroupBy(change => Budget(change).Campaign), changes => Assert.InRange(changes.Count(), 1, 2));
        var hours = (await StoredAsync()).Today;
        var longest = hours.Campaigns.SelectMany(campaign => campaign.Counts).GroupBy(count => count.At).Select(group => group.Sum(count => count.Spent)).Order().ToList() is var sums ? sums.Zip(sums.Skip(1)).Max(pair => pair.Second - pair.First) : 0;
        Assert.True(hours.Spent <= cap + (2 * longest), $"{hours.Spent} of {cap}, {longest} in the worst hour");
        Assert.Contains(await BudgetsAsync(), campaign => campaign.DailyBudget.Amount < before[campaign.Id]);

        // The next morning decides as though nothing had been lowered; the person's cap is gone.
        await SetAsync(settings => settings with { DailyCap = null });
        await AdvanceAsync(7);
        await LookAsync();
        await WholeRunAsync();
        var after = await BudgetsAsync();
        var lowered = day.Select(change => Budget(change).Campaign).Distinct().ToList();
        var planned = (await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Decision, Id("latest"), StoredJson.Default.StoredDecision, Stop))!.Plan.ToDictionary(plan => plan.Campaign, plan => plan.Spend.Amount);
        Assert.All(lowered, id => Assert.True(after.Single(campaign => campaign.Id == id).DailyBudget.Amount >= Math.Min(0.74m * before[id], planned.GetValueOrDefault(id)), $"{id}: {after.Single(campaign => campaign.Id == id).DailyBudget} after {before[id]}"));
        Assert.Contains(await ChangesAsync(), change => change.Applied is { Module: Module.Budgeting, Change: SetBudget back } && back.After.Amount > 1.26m * back.Before.Amount);
        Assert.All(await AuditsAsync(), audit => Assert.Empty(audit.Breaches));
        Assert.Null(await NoteAsync(DataIssue.DayCap));
    }

    [Fact]
    public async Task A_calm_day_writes_nothing_and_says_nothing()
    {
        var writes = await WritesAsync();
        for (var look = 0; look < 5; look++)
        {
            await AdvanceAsync(3);
            await LookAsync();
        }

        Assert.True((await StoredAsync()).Today.Spent > 5);
        Assert.Equal(writes, await WritesAsync());
        Assert.Null(await NoteAsync(DataIssue.DayCap));
        Assert.Null(await NoteAsync(DataIssue.RunsAway));
    }

    [Theory]
    [InlineData(AutomationMode.Ask)]
    [InlineData(AutomationMode.Watch)]
    public async Task Where_nobody_gave_permission_it_only_tells(AutomationMode mode)
    {
        await SetAsync(settings => settings with { Mode = mode, DailyCap = settings.MonthlyBudget with { Amount = 5 } });
        await RunAwayAsync();
        var writes = await WritesAsync();
        await AdvanceAsync(8);
        await LookAsync();
        await AdvanceAsync(2);
        await LookAsync();

        Assert.Equal(writes, await WritesAsync());
        Assert.Empty(await LoweredAsync());
        Assert.Contains("In this mode nothing is changed by itself", (await NoteAsync(DataIssue.DayCap))!, StringComparison.Ordinal);
        Assert.Contains("nothing is changed or stopped by itself", (await NoteAsync(DataIssue.RunsAway))!, StringComparison.Ordinal);
        Assert.False((await SettingsAsync()).Frozen);
    }

    [Fact]
    public async Task Two_hours_far_beyond_plan_stop_all_writing_until_a_person_lets_it_go_on_and_then_the_day_is_theirs()
    {
        await RunAwayAsync();
        await AdvanceAsync(8);
        await LookAsync();
        Assert.False((await SettingsAsync()).Frozen); // one count is no two hours
        await AdvanceAsync(2);
        await LookAsync();

        Assert.True((await SettingsAsync()).Frozen);
        Assert.Matches(@"^Between 14:00 and 16:00 ads cost \$\d+\.\d\d where \$\d+\.\d\d were planned\. All writing is stopped for this storefront\.", (await NoteAsync(DataIssue.RunsAway))!);
        var writes = await WritesAsync();
        var applied = await shop.RunAsync(RunKind.Apply, [new(StepNames.Apply, null)], Stop);
        Assert.Equal(RunState.Failed, applied.State);
        Assert.Contains("kill switch", applied.Error, StringComparison.Ordinal);

        // The reason stays beside the next decision as long as writing is stopped.
        await WholeRunAsync();
        Assert.NotNull(await NoteAsync(DataIssue.RunsAway));
        Assert.Equal(writes, await WritesAsync());

        // Let go, the same day does not stop it again.
        await SetAsync(settings => settings with { Frozen = false });
        await PlanAsync(0.1m);
        await AdvanceAsync(2);
        await LookAsync();
        Assert.False((await SettingsAsync()).Frozen);
        Assert.Null(await NoteAsync(DataIssue.RunsAway));
    }

    [Fact]
    public async Task A_restart_in_the_middle_does_nothing_twice_and_a_day_that_is_over_is_not_lowered()
    {
        await AdvanceAsync(4);
        await LookAsync();
        var spent = (await StoredAsync()).Today.Spent;
        await SetAsync(settings => settings with { DailyCap = settings.MonthlyBudget with { Amount = decimal.Round(spent * 1.02m, 2) } });
        await AdvanceAsync(1);

        // The process dies at the first write: the intent is on disk, the answer is not.
        await amazon.SetFaultsAsync(new { faults = new[] { new { path = "/sp/campaigns", method = "PUT", kind = "lostAnswer", count = 1 } } }, Stop);
        var run = await shop.RequestAsync(RunKind.Hour, [new(StepNames.Hour, null)], Stop);
        using (var dying = CancellationTokenSource.CreateLinkedTokenSource(Stop))
        {
            dying.CancelAfter(TimeSpan.FromMilliseconds(900));
            try
            {
                await shop.PumpAsync(dying.Token);
            }
            catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
            {
                // Somewhere between the look and its end.
            }
        }

        await shop.RestartAsync(Stop);
        await FreezeAsync();
        await shop.PumpAsync(Stop);
        var ended = await Get<Runs>().WaitAsync(run, Stop);
        Assert.True(ended.State == RunState.Done, ended.Error);
        var lowered = await LoweredAsync();
        Assert.NotEmpty(lowered);
        Assert.Equal(lowered.Count, lowered.Select(change => Budget(change).Campaign).Distinct().Count());
        var accepted = (await amazon.GetAsync("/world/writes", Stop)).GetProperty("writes").EnumerateArray().Count(write => write.GetProperty("entity").GetString() == "campaign" && write.GetProperty("accepted").GetBoolean() && lowered.Any(change => Budget(change).Campaign.Value == write.GetProperty("id").GetInt64()
            && write.GetProperty("at").GetDateTimeOffset() == change.Applied.At));
        Assert.Equal(lowered.Count, accepted);

        // Written down, and then nobody came before the day was over.
        var budgets = await BudgetsAsync();
        var target = budgets.OrderByDescending(campaign => campaign.DailyBudget.Amount).First();
        var late = new WriteNotes([new PlannedWrite(new SetBudget(target.Id, target.DailyBudget, target.DailyBudget with { Amount = 1 }), null, null, null, Module.Intraday, ReasonCode.KeepDay)], Verify: true, Until: Get<BusinessClock>().Day(await MarketplaceAsync()).End);
        await AdvanceAsync(20);
        var over = await shop.RunAsync(RunKind.Hour, [NewStep.With(StepNames.Write, late, NotesJson.Default.WriteNotes)], Stop);
        Assert.Equal(RunState.Done, over.State);
        Assert.Equal(target.DailyBudget, (await BudgetsAsync()).Single(campaign => campaign.Id == target.Id).DailyBudget);
    }

    [Fact]
    public async Task Lowered_budgets_whose_decision_is_late_ask_for_one_themselves_and_an_undo_of_a_person_is_left_alone()
    {
        await AdvanceAsync(4);
        await LookAsync();
        var spent = (await StoredAsync()).Today.Spent;
        await SetAsync(settings => settings with { DailyCap = settings.MonthlyBudget with { Amount = decimal.Round(spent * 1.02m, 2) } });
        await AdvanceAsync(1);
        await LookAsync();
        var first = (await LoweredAsync())[0];

        var undo = await Get<ChangeBook>().UndoAsync(shop.Seller, shop.Storefront, first.Id, Platform.Audit.Actor.Operator, Stop);
        await shop.PumpAsync(Stop);
        Assert.Equal(RunState.Done, (await Get<Runs>().WaitAsync(undo.Run!.Value, Stop)).State);
        Assert.Equal(Budget(first).Before, (await BudgetsAsync()).Single(campaign => campaign.Id == Budget(first).Campaign).DailyBudget);
        await AdvanceAsync(1);
        await LookAsync();
        Assert.Single(await LoweredAsync(), change => Budget(change).Campaign == Budget(first).Campaign);

        // The rest of the day passes, and a night: at three nothing is asked for yet, at five a whole run is.
        await AdvanceAsync(24 - 12 + 3);
        await LookAsync();
        Assert.Equal(2, await WholeRunsAsync());
        await AdvanceAsync(2);
        await LookAsync(); // the pump goes on with what was asked for
        Assert.Equal(3, await WholeRunsAsync());
        await AdvanceAsync(1);
        await LookAsync();
        Assert.Equal(3, await WholeRunsAsync());
    }

    private async Task WholeRunAsync()
    {
        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);
        Assert.True(run.State == RunState.Done, run.Error);
    }

    private async Task LookAsync()
    {
        var run = await shop.RunAsync(RunKind.Hour, [new(StepNames.Hour, null)], Stop);
        Assert.True(run.State == RunState.Done, run.Error);
    }

    private async Task SetAsync(Func<StorefrontSettings, StorefrontSettings> change)
    {
        var stored = await Get<SaveSettingsHandler>().Handle(new(shop.Seller, shop.Storefront, change(await SettingsAsync()), Platform.Audit.Actor.Operator), Stop);
        Assert.True(stored.IsOk, stored.Error?.Message);
    }

    // Somebody raises all bids and budgets at Amazon after the morning's plan, which is a tenth of the usual one, so that any day of this world runs away from it.
    private async Task RunAwayAsync()
    {
        var ads = await Get<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);
        var there = await ads.StructureAsync(exports: false, Stop);
        var ours = there.Campaigns.Where(campaign => campaign is { AdProduct: AdProduct.SponsoredProducts, State: EntityState.Enabled }).Select(campaign => campaign.Id).ToHashSet();
        Change[] budgets = [.. there.Campaigns.Where(campaign => ours.Contains(campaign.Id)).Select(campaign => new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = 1_000 }))];
        Change[] bids = [.. there.Targets.Where(target => ours.Contains(target.Campaign) && target.State == EntityState.Enabled)
            .Select(target => new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = Math.Min(20, 6 * target.Bid.Amount) }))];
        foreach (var changes in new[] { budgets, bids }) Assert.All(await ads.ApplyAsync(changes, Stop), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        await PlanAsync(0.1m);
    }

    // What the morning planned, as though it had been this share of it; a decision that was held has no plan, and then the last one stands.
    private async Task PlanAsync(decimal share)
    {
        var vault = await shop.VaultAsync(Stop);
        var decision = (await vault.RecordAsync(RecordKind.Decision, Id("latest"), StoredJson.Default.StoredDecision, Stop))!;
        if (!decision.Plan.IsEmpty) plans = [.. decision.Plan.Select(plan => plan with { Spend = plan.Spend with { Amount = plan.Spend.Amount * share } })];
        Assert.NotEmpty(plans);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Decision, Id("latest"), decision with { Plan = [.. plans] }, StoredJson.Default.StoredDecision, "latest"), Stop);
    }

    private async Task AdvanceAsync(int hours)
    {
        using var response = await amazon.Control.PostAsJsonAsync("/world/advance", new { hours }, Stop);
        response.EnsureSuccessStatusCode();
        await FreezeAsync();
    }

    private async Task FreezeAsync() => Get<BusinessClock>().Freeze(await amazon.ClockAsync(Stop));

    private T Get<T>() where T : notnull => shop.Services.GetRequiredService<T>();

    private string Id(string id) => RecordKind.RecordId(shop.Storefront, id);

    private static SetBudget Budget(StoredChange change) => (SetBudget)change.Applied.Change;

    private Task<Marketplace> MarketplaceAsync() => Get<SellerLink>().MarketplaceAsync(shop.Seller, shop.Storefront, Stop);

    private async Task<StorefrontSettings> SettingsAsync() => (await Get<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop)).Settings;

    private async Task<StoredHours> StoredAsync() => (await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Hours, Id("latest"), StoredJson.Default.StoredHours, Stop))!;

    private async Task<string?> NoteAsync(DataIssue issue) =>
        (await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Decision, Id("latest"), StoredJson.Default.StoredDecision, Stop))!.Notes.SingleOrDefault(note => note.Issue == issue)?.Text;

    private async Task<List<StoredChange>> ChangesAsync() => [.. (await (await shop.VaultAsync(Stop)).RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, Stop)).Select(record => record.Value).OrderBy(change => change.Applied.At)];

    private async Task<List<StoredChange>> LoweredAsync() => [.. (await ChangesAsync()).Where(change => change.Applied.Module == Module.Intraday)];

    private async Task<List<StoredAudit>> AuditsAsync() => [.. (await (await shop.VaultAsync(Stop)).RecordsAsync(RecordKind.Audit, StoredJson.Default.StoredAudit, null, Stop)).Select(record => record.Value)];

    private async Task<IReadOnlyList<Campaign>> BudgetsAsync() =>
        [.. (await (await Get<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop)).CampaignsAsync(Stop)).Where(campaign => campaign.AdProduct == AdProduct.SponsoredProducts)];

    private async Task<int> WritesAsync() => (await amazon.GetAsync("/world/writes", Stop)).GetProperty("writes").GetArrayLength();

    private async Task<int> WholeRunsAsync()
    {
        await using var db = Get<AppDbs>().System();
        return await db.Runs.CountAsync(run => run.Kind == RunKind.Full && run.State == RunState.Done, Stop);
    }
}

using System.Net.Http.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Run;

/// <summary>Launches as the product makes them: on a SQLite vault against the pretend Amazon, in calm and in storms.</summary>
public sealed class LaunchTests : IAsyncLifetime
{
    private PretendAmazon amazon = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 6, historyDays: 20, "--products", "3");
        shop = await Workshop.AtPretendAmazonAsync(amazon, new() { ["Autonoomi:Runs:WriteLimit"] = "00:00:02", ["Autonoomi:Runs:WriteSlack"] = "00:00:00.100" }, null, Stop);
        await WholeRunAsync();
        var workspace = await WorkspaceAsync();
        var stored = await Get<SaveCostsHandler>().Handle(new(shop.Seller, shop.Storefront, [.. workspace.Listings.Select(listing => new ProductCost(listing.Sku, workspace.Today.AddDays(-60), listing.Price * 0.2m, listing.Price * 0, null, 30))], Actor.Operator), Stop);
        Assert.True(stored.IsOk, stored.Error?.Message);
        await SetAsync(settings => settings with { MaximumBid = settings.MaximumBid with { Amount = 20 }, MaximumClickCost = null });
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await amazon.DisposeAsync();
    }

    [Fact]
    public async Task A_launch_stands_at_Amazon_as_it_was_planned_is_switched_on_earns_clicks_and_can_be_taken_back()
    {
        var before = await AtAmazonAsync();
        var plan = await PlanAsync();
        var begun = await Get<LaunchBook>().BeginAsync(shop.Seller, shop.Storefront, "Boards", plan, switchOn: true, Actor.Operator, Stop);
        Assert.True(begun.IsOk, begun.Error?.Message);
        await EndAsync(begun.Value.Run);

        var launch = (await Get<LaunchBook>().FindAsync(shop.Seller, shop.Storefront, begun.Value.Id, Stop))!;
        Assert.True(launch.IsOver);
        Assert.Equal(LaunchProgress.Parts(plan), launch.Made.Values.Count(part => part.Stands));
        var after = await AtAmazonAsync();
        Assert.Empty(Differences(plan, before, after, EntityState.Enabled));

        // What people see: the switching on in the change log, nothing of it as somebody else's, the structure read anew.
        var log = (await Get<ChangeBook>().ListAsync(shop.Seller, shop.Storefront, Stop)).Where(change => change.Run == begun.Value.Run).ToList();
        Assert.Equal(plan.Campaigns.Length, log.Count);
        Assert.All(log, change => Assert.Equal((ChangeOutcomeKind.Confirmed, true), (change.Outcome, change.Applied.ByPerson)));
        var workspace = await WorkspaceAsync();
        Assert.All(plan.Campaigns, campaign => Assert.Single(workspace.Campaigns, each => each.Name == campaign.Name && each.State == EntityState.Enabled));

        // Ten days later it has cost something, and a whole run reads it, decides on it and calls none of it foreign.
        await AdvanceAsync(10 * 24);
        await WholeRunAsync();
        workspace = await WorkspaceAsync();
        var mine = workspace.Campaigns.Where(campaign => plan.Campaigns.Any(each => each.Name == campaign.Name)).Select(campaign => campaign.Id.Value).ToHashSet();
        var (of, facts) = (workspace.TargetDays.Longs("campaign_id").ToArray(), workspace.TargetDays.Longs("clicks").ToArray());
        Assert.True(of.Zip(facts).Where(pair => mine.Contains(pair.First)).Sum(pair => pair.Second) > 0, "no click on anything that was launched");
        var others = await Get<ChangeBook>().OthersAsync(shop.Seller, shop.Storefront, Stop);
        Assert.NotNull(others);
        Assert.DoesNotContain(others.Foreign, happened => mine.Contains(happened.Id) || (happened.Campaign is { } campaign && mine.Contains(campaign.Value)));

        var undo = await Get<ChangeBook>().UndoBatchAsync(shop.Seller, shop.Storefront, begun.Value.Run, Actor.Operator, Stop);
        await EndAsync(undo.Run!.Value);
        Assert.All((await AtAmazonAsync()).Campaigns.Where(campaign => mine.Contains(campaign.Id.Value)), campaign => Assert.Equal(EntityState.Paused, campaign.State));
        Assert.Contains("is over", (await Get<LaunchBook>().GoOnAsync(shop.Seller, shop.Storefront, begun.Value.Id, Actor.Operator, Stop)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Amazon_does_not_take_is_named_and_nothing_hangs_on_it()
    {
        var before = await AtAmazonAsync();
        var plan = await PlanAsync();

        // Somebody made a campaign of the second name meanwhile, and one ad is of a product that Amazon does not know.
        var taken = plan.Campaigns[1];
        Assert.Equal(OutcomeKind.Accepted, Assert.Single(await (await AdsAsync()).CreateAsync([new CreateCampaign(taken.Name, TargetingType.Manual, new(99, taken.DailyBudget.Currency), BiddingStrategy.Fixed, taken.Start)], Stop)).Kind);
        var first = plan.Campaigns[0];
        plan = new([first with { AdGroups = [first.AdGroups[0] with { Products = [.. first.AdGroups[0].Products, new Sku("NOBODY-KNOWS")] }] }, .. plan.Campaigns.Skip(1)]);
        var begun = await Get<LaunchBook>().BeginAsync(shop.Seller, shop.Storefront, "Boards", plan, switchOn: true, Actor.Operator, Stop);
        await EndAsync(begun.Value.Run);

        var launch = (await Get<LaunchBook>().FindAsync(shop.Seller, shop.Storefront, begun.Value.Id, Stop))!;
        Assert.True(launch.IsOver);
        var standing = LaunchProgress.Standing(plan, launch.Made);
        Assert.Contains("Amazon refused", Assert.Single(standing[0].Problems).Problem, StringComparison.Ordinal);
        Assert.True(standing[0].CanRun);
        Assert.Equal("campaign", Assert.Single(standing[1].Problems).What);
        Assert.False(standing[1].CanRun);
        Assert.All(standing.Skip(2), campaign => Assert.Empty(campaign.Problems));
        var after = await AtAmazonAsync();
        Assert.Equal(EntityState.Paused, after.Campaigns.Single(campaign => campaign.Name == taken.Name).State);
        Assert.DoesNotContain(after.AdGroups, group => group.Campaign == after.Campaigns.Single(campaign => campaign.Name == taken.Name).Id);
        Assert.Equal(plan.Campaigns.Length - 1, after.Campaigns.Count(campaign => before.Campaigns.All(each => each.Id != campaign.Id) && campaign.State == EntityState.Enabled));
    }

    [Fact]
    public async Task In_a_storm_it_stands_as_in_calm_and_nothing_is_made_twice()
    {
        foreach (var (fault, at) in new[] { "lostAnswer", "throttledButAccepted", "silentItems", "throttledItems" }.Select((fault, at) => (fault, at))) await StormAsync(fault, at);
    }

    private async Task StormAsync(string fault, int at)
    {
        var before = await AtAmazonAsync();
        var whole = await PlanAsync();
        var plan = new LaunchPlan([.. whole.Campaigns.Select(campaign => campaign with { Name = $"{campaign.Name} {fault}" })]);
        await amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { kind = fault, path = "/sp/", method = "POST", count = 9, skip = 0 } }, storm = new { share = 0.1, seed = 7 + at } }, Stop);
        var begun = await Get<LaunchBook>().BeginAsync(shop.Seller, shop.Storefront, "Boards", plan, switchOn: false, Actor.Operator, Stop);
        var (run, over) = (begun.Value.Run, false);
        for (var attempt = 0; attempt < 12 && !over; attempt++)
        {
            await shop.PumpAsync(Stop);
            over = await Get<Runs>().WaitAsync(run, Stop) is { State: RunState.Done };
            if (over) break;

            // Stopped because too much failed within the hour: a person goes on later.
            await AdvanceAsync(2);
            var again = await Get<LaunchBook>().GoOnAsync(shop.Seller, shop.Storefront, begun.Value.Id, Actor.Operator, Stop);
            Assert.True(again.IsOk, again.Error?.Message);
            run = again.Value.Run;
        }

        var struck = (await amazon.GetAsync("/world/faults", Stop)).GetProperty("struck").ToString();
        Assert.Contains(fault, struck, StringComparison.Ordinal);
        await amazon.SetFaultsAsync(new { clear = true }, Stop);
        var launch = (await Get<LaunchBook>().FindAsync(shop.Seller, shop.Storefront, begun.Value.Id, Stop))!;
        Assert.True(launch.IsOver);
        Assert.Empty(launch.Made.Values.Where(part => !part.Stands).Select(part => part.Problem));
        Assert.Empty(Differences(plan, before, await AtAmazonAsync(), EntityState.Paused));
    }

    [Fact]
    public async Task The_emergency_stop_ends_a_launch_on_its_way_and_releasing_it_lets_it_go_on()
    {
        var before = await AtAmazonAsync();
        var plan = await PlanAsync();
        var begun = await Get<LaunchBook>().BeginAsync(shop.Seller, shop.Storefront, "Boards", plan, switchOn: false, Actor.Operator, Stop);
        Assert.Null(await Get<StopSwitch>().StopAsync(shop.Seller, shop.Storefront, Actor.Operator, Stop));
        await shop.PumpAsync(Stop);
        var held = await Get<Runs>().WaitAsync(begun.Value.Run, Stop);
        Assert.Equal(RunState.Failed, held.State);
        Assert.Equal(before.Campaigns.Count, (await AtAmazonAsync()).Campaigns.Count);
        Assert.Contains("emergency stop", (await Get<LaunchBook>().FindAsync(shop.Seller, shop.Storefront, begun.Value.Id, Stop))!.Stopped, StringComparison.Ordinal);
        Assert.Contains("emergency stop", (await Get<LaunchBook>().GoOnAsync(shop.Seller, shop.Storefront, begun.Value.Id, Actor.Operator, Stop)).Error!.Message, StringComparison.Ordinal);

        await SetAsync(settings => settings with { Frozen = false });
        var again = await Get<LaunchBook>().GoOnAsync(shop.Seller, shop.Storefront, begun.Value.Id, Actor.Operator, Stop);
        await EndAsync(again.Value.Run);
        Assert.Empty(Differences(plan, before, await AtAmazonAsync(), EntityState.Paused));
    }

    [Fact]
    public async Task Layouts_are_kept_by_name_and_a_plan_outside_the_limits_is_refused_whole()
    {
        var layout = new LaunchLayout([LaunchPart.Auto], "{product}", new(20, new("USD")), BiddingStrategy.Fixed);
        var book = Get<LaunchBook>();
        Assert.Contains("1 to 60 letters", (await book.KeepAsync(shop.Seller, shop.Storefront, " ", layout, Actor.Operator, Stop)).Error!.Message, StringComparison.Ordinal);
        await book.KeepAsync(shop.Seller, shop.Storefront, "Mine", layout, Actor.Operator, Stop);
        await book.KeepAsync(shop.Seller, shop.Storefront, "mine", layout with { NamePattern = "{sku}" }, Actor.Operator, Stop);
        var kept = Assert.Single(await book.LayoutsAsync(shop.Seller, shop.Storefront, Stop));
        Assert.Equal(("mine", "{sku}"), (kept.Name, kept.Layout.NamePattern));
        Assert.Empty((await book.ForgetAsync(shop.Seller, shop.Storefront, "MINE", Actor.Operator, Stop)).Value);

        var plan = await PlanAsync();
        var dear = new LaunchPlan([plan.Campaigns[0] with { DailyBudget = new(0.10m, new("USD")) }]);
        var refused = await book.BeginAsync(shop.Seller, shop.Storefront, "Dear", dear, switchOn: true, Actor.Operator, Stop);
        Assert.Contains("daily budget must lie between", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(await book.ListAsync(shop.Seller, shop.Storefront, Stop));
    }

    private async Task<LaunchPlan> PlanAsync()
    {
        var workspace = await WorkspaceAsync();
        var wish = new LaunchWish(new([.. Enum.GetValues<LaunchPart>()], LaunchLayout.UsualPattern, new(60, workspace.Marketplace.Currency), BiddingStrategy.DownOnly), [workspace.Listings[0].Sku], workspace.Today)
        {
            WithIdeas = true, Asins = [workspace.Listings[1].Asin.Value], Keywords = ["a keyword of our own"], Blocked = ["never this"],
        };
        var draft = LaunchBuilder.Draft(workspace, wish, DecisionSettings.Default);
        Assert.True(draft.MayBeMade, string.Join('\n', draft.Notes.Select(note => note.Text)));
        Assert.Equal(5, draft.Plan.Campaigns.Length);
        return draft.Plan;
    }

    private static IEnumerable<string> Differences(LaunchPlan plan, AdStructure before, AdStructure after, EntityState state)
    {
        var known = before.Campaigns.Select(campaign => campaign.Id).ToHashSet();
        var fresh = after.Campaigns.Where(campaign => !known.Contains(campaign.Id)).ToList();
        if (fresh.Count != plan.Campaigns.Length) yield return $"{fresh.Count} new campaigns, not {plan.Campaigns.Length}";
        foreach (var planned in plan.Campaigns)
        {
            var found = fresh.Where(each => each.Name == planned.Name).ToList();
            if (found is not [var campaign])
            {
                yield return $"{planned.Name}: {found.Count} times";
                continue;
            }

            if ((campaign.Targeting, campaign.DailyBudget, campaign.Strategy, campaign.State) != (planned.Targeting, planned.DailyBudget, planned.Strategy, state)) yield return $"{planned.Name}: {campaign}";
            if (after.AdGroups.Where(each => each.Campaign == campaign.Id).ToList() is not [var group] || group.Name != planned.AdGroups[0].Name || group.DefaultBid != planned.AdGroups[0].DefaultBid)
            {
                yield return $"{planned.Name}: another ad group";
                continue;
            }

            var skus = after.ProductAds.Where(ad => ad.AdGroup == group.Id).Select(ad => ad.Sku).ToList();
            if (!skus.SequenceEqual(planned.AdGroups[0].Products)) yield return $"{planned.Name}: advertises {string.Join(", ", skus)}";
            var targets = after.Targets.Where(target => target.AdGroup == group.Id && target.Kind != TargetKind.Auto).Select(target => (target.Match, target.Text.ToUpperInvariant(), target.Bid)).Order().ToList();
            if (!targets.SequenceEqual(planned.AdGroups[0].Targets.Select(target => (target.Match, target.Text.ToUpperInvariant(), target.Bid)).Order())) yield return $"{planned.Name}: {targets.Count} other targets";
            if (planned.Targeting == TargetingType.Auto && after.Targets.Count(target => target.AdGroup == group.Id && target.Bid == group.DefaultBid) != 4) yield return $"{planned.Name}: not Amazon's four clauses";
            var negatives = after.Negatives.Where(negative => negative.Campaign == campaign.Id).Select(negative => (negative.Match, negative.Text.ToUpperInvariant())).Order().ToList();
            if (!negatives.SequenceEqual(planned.Negatives.Select(negative => (negative.Match, negative.Text.ToUpperInvariant())).Order())) yield return $"{planned.Name}: {negatives.Count} other negatives";
        }
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

    private async Task<AdStructure> AtAmazonAsync() => await (await AdsAsync()).StructureAsync(exports: false, Stop);

    private Task<Workspace> WorkspaceAsync() => Get<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop);

    private Task<AdsClient> AdsAsync() => Get<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);

    private T Get<T>() where T : notnull => shop.Services.GetRequiredService<T>();
}

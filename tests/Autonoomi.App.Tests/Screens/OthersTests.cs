using System.Collections.Immutable;
using System.Net;
using Autonoomi.App.Features.ChangeLog;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;
using EntityState = Autonoomi.Core.Advertising.EntityState;

namespace Autonoomi.App.Tests.Screens;

/// <summary>What others changed at Amazon, on the change log.</summary>
[Collection<PeopleTests>]
public sealed class OthersTests(RunningProduct product)
{
    private static readonly DateTimeOffset At = new(2026, 9, 8, 15, 30, 0, TimeSpan.Zero);
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bid_that_somebody_else_set_at_Amazon_is_told_with_before_after_and_campaign_and_our_own_is_not()
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 9, historyDays: 2, "--products", "4");
        await using var shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
        var ads = await shop.Services.GetRequiredService<SellerLink>().AdsAsync(shop.Seller, shop.Storefront, Stop);
        var vault = await shop.VaultAsync(Stop);
        var structure = new VaultWrite();
        StructureStep.Snapshot(await ads.StructureAsync(exports: false, Stop), shop.Storefront, structure);
        await vault.CommitAsync(structure, Stop);
        var workspace = await shop.Services.GetRequiredService<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop);
        var keywords = workspace.OfSponsoredProducts().Targets.Where(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled }).Take(2).ToArray();
        SetBid To(Target target) => new(target.Campaign, target.AdGroup, target.Id, TargetKind.Keyword, target.Bid, new Money(target.Bid.Amount + 0.11m, target.Bid.Currency));
        Assert.All(await ads.ApplyAsync([To(keywords[0]), To(keywords[1])], Stop), outcome => Assert.Equal(Amazon.Ads.OutcomeKind.Accepted, outcome.Kind));

        // The second of them stands in our log: it was ours.
        var now = await amazon.ClockAsync(Stop);
        var ours = new StoredChange("c1", new AppliedChange(To(keywords[1]), now, ByPerson: false), null, null, ChangeOutcomeKind.Confirmed);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Change, RecordKind.RecordId(shop.Storefront, "c1"), ours, StoredJson.Default.StoredChange, "confirmed"), Stop);
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [new(StepNames.Controls, null)], Stop)).State);

        var history = await shop.Services.GetRequiredService<ChangeBook>().OthersAsync(shop.Seller, shop.Storefront, Stop);
        var told = Assert.Single(ForeignChanges.Of(workspace, history!));
        Assert.Equal($"{keywords[0].Text} ({keywords[0].Match.ToString().ToLowerInvariant()})", told.View.What);
        Assert.StartsWith(workspace.Campaigns.Single(campaign => campaign.Id == keywords[0].Campaign).Name + " › ", told.View.Where, StringComparison.Ordinal);
        Assert.Equal(("Bid", Platform.Shell.Display.Amount(keywords[0].Bid), Platform.Shell.Display.Amount(To(keywords[0]).After)), (told.View.Aspect, told.View.Before, told.View.After));
        Assert.InRange(told.At, now.AddMinutes(-1), now.AddMinutes(1));
    }

    [Fact]
    public async Task The_change_log_tells_them_apart_and_says_that_Amazon_names_no_author()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(At, new(2026, 9, 7)), StoredJson.Default.SyncMark, "done"), Stop);

        var before = WebUtility.HtmlDecode(await browser.ReadAsync("/changes?by=others"));
        Assert.Contains("The history was not read yet", before, StringComparison.Ordinal);

        await vault.CommitAsync(new VaultWrite()
            .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable((Campaign[])[new(new(7), "Kitchen <i>", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0)]))
            .Put(RecordKind.History, RecordKind.RecordId(storefront, "others"), new StoredHistory(At.AddHours(1), [new(At, EventEntity.Campaign, 7, EventField.Budget, "10.0", "25.5", new CampaignId(7))]), StoredJson.Default.StoredHistory, "latest"), Stop);
        product.Services.GetRequiredService<Workspaces>().FactsReplaced(seller, storefront);
        var after = WebUtility.HtmlDecode(await browser.ReadAsync("/changes?by=others"));
        Assert.Contains("Amazon's change history names no author.", after, StringComparison.Ordinal);
        Assert.Contains("Read until 8 Sep 2026, 09:30", after, StringComparison.Ordinal);
        Assert.Contains("<b>Kitchen <i></b>", after, StringComparison.Ordinal);
        Assert.DoesNotContain("Kitchen <i>", await browser.ReadAsync("/changes?by=others"), StringComparison.Ordinal);
        foreach (var words in new[] { "8 Sep 2026, 08:30", "Daily budget", "$10.00", "$25.50" }) Assert.Contains(words, after, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"others\"", await browser.ReadAsync("/changes"), StringComparison.Ordinal);

        var (stranger, _) = await product.SignedInAsync();
        Assert.DoesNotContain("$25.50", await stranger.ReadAsync("/changes?by=others"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_thing_and_every_field_has_words_and_the_newest_stands_first()
    {
        var workspace = Workspace() with
        {
            ProductAds = [new(new(30), new(7), new(20), new("SKU-1"), new("B000000001"), EntityState.Enabled)],
            Targets = [new(new(40), new(7), new(20), TargetKind.Keyword, MatchType.Phrase, "red mug", EntityState.Enabled, new Money(1m, Us.Currency)), new(new(41), new(7), new(20), TargetKind.Auto, MatchType.CloseMatch, "", EntityState.Enabled, new Money(1m, Us.Currency))],
            Negatives = [new(new(50), new(7), null, NegativeMatch.Exact, "blue mug", EntityState.Enabled)],
        };
        var events = ImmutableArray.Create(
            Event(0, EventEntity.Campaign, 7, EventField.Strategy, "LEGACY_FOR_SALES", "AUTO_FOR_SALES"),
            Event(1, EventEntity.AdGroup, 20, EventField.DefaultBid, "0.5", "0.75"),
            Event(2, EventEntity.Ad, 30, EventField.State, "ENABLED", "PAUSED"),
            Event(3, EventEntity.Keyword, 40, EventField.State, null, "ENABLED"),
            Event(4, EventEntity.ProductTarget, 41, EventField.Bid, "1", "no number"),
            Event(5, EventEntity.NegativeKeyword, 50, EventField.State, "ENABLED", "ARCHIVED"),
            Event(6, EventEntity.Campaign, 7, EventField.Placement, "20", "35"),
            Event(7, EventEntity.Campaign, 7, EventField.Name, null, null),
            Event(8, EventEntity.Keyword, 999, EventField.Other, null, "x"));

        var told = ForeignChanges.Of(workspace, new(At, events));

        Assert.Equal(Enumerable.Range(0, 9).Reverse().Select(minutes => At.AddMinutes(minutes)), told.Select(change => change.At));
        Assert.Equal(
        [
            "Kitchen||Bidding strategy|Legacy for sales|Auto for sales",
            "Main|Kitchen|Default bid|$0.50|$0.75",
            "Ad of SKU-1|Kitchen › Main|State|Enabled|Paused",
            "red mug (phrase)|Kitchen › Main|New keyword||Enabled",
            "Close match|Kitchen › Main|Bid|$1.00|no number",
            "blue mug|Kitchen|State|Enabled|Archived",
            "Kitchen||Placement increase|20%|35%",
            "Kitchen||Name||Changed",
            "Keyword 999|Kitchen|Another setting||x",
        ], told.Reverse().Select(change => string.Join('|', change.View.What, change.View.Where, change.View.Aspect, change.View.Before, change.View.After)));
        foreach (var entity in Enum.GetValues<EventEntity>())
            foreach (var field in Enum.GetValues<EventField>())
                Assert.NotEmpty(Assert.Single(ForeignChanges.Of(workspace, new(At, [Event(0, entity, 12345, field, "", "1")]))).View.What);
    }

    private static AccountEvent Event(int minute, EventEntity entity, long id, EventField field, string? before, string? after) => new(At.AddMinutes(minute), entity, id, field, before, after, new CampaignId(7));

    private static Workspace Workspace() => new()
    {
        Storefront = new(1),
        Marketplace = Us,
        Today = new(2026, 9, 8),
        SyncedAt = At,
        Campaigns = [new(new(7), "Kitchen", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0)],
        AdGroups = [new(new(20), new(7), "Main", EntityState.Enabled, new Money(0.5m, Us.Currency))],
        Settings = Workspaces.DefaultSettings(Us),
    };
}

using System.Net;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Economics;

/// <summary>The page Strategy and limits, and that the writer heeds it.</summary>
[Collection<PeopleTests>]
public sealed class LimitsTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_are_stored_beside_the_others_and_a_wrong_cell_stores_nothing()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable((Campaign[])[Of(1, "Brand <b>"), Of(2, "Generic")])), Stop);
        product.Services.GetRequiredService<Workspaces>().FactsReplaced(seller, storefront);
        var fields = new Dictionary<string, string>
        {
            ["changes"] = "many", ["campaigns"] = "1", ["products"] = "B-2", ["freeze.0"] = "Peak <i>", ["freezeFirst.0"] = "2026-11-27", ["freezeLast.0"] = "27.11.", ["modeCampaign.0"] = "99", ["modeOf.0"] = "Ask",
        };

        var page = await BodyAsync(await browser.SubmitAsync("/control", "limits", fields));
        Assert.Contains("Most changes in a day: &#x27;many&#x27; is not a whole number. Write it like 200, or leave it empty.", page, StringComparison.Ordinal);
        Assert.Contains("Days without changes &#x27;Peak &lt;i&gt;&#x27;, last day: &#x27;27.11.&#x27; is no date. Write it like 2026-11-27.", page, StringComparison.Ordinal);
        Assert.Contains("it is not among the campaigns of this storefront. Choose one from the list.", page, StringComparison.Ordinal);
        (fields["changes"], fields["freezeLast.0"], fields["modeCampaign.0"]) = ("0", "2026-11-20", "2");
        page = await BodyAsync(await browser.SubmitAsync("/control", "limits", fields));
        Assert.Contains("Most changes in a day: 0 is outside 1 to 100,000.", page, StringComparison.Ordinal);
        Assert.Contains("Days without changes from 2026-11-27, last day: it lies before the first day. Exchange the two dates.", page, StringComparison.Ordinal);
        var settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.True(settings.ProtectedCampaigns.IsEmpty && settings.ProtectedProducts.IsEmpty && settings.FreezeDates.IsEmpty && settings.MaximumChangesPerDay is null);

        (fields["changes"], fields["freezeLast.0"]) = ("200", "2026-11-30");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "limits", fields)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "goals", new() { ["mode"] = "Auto", ["budget"] = "900", ["bid"] = "2", ["terms"] = "acme" })).StatusCode);
        settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.Equal(200, settings.MaximumChangesPerDay);
        Assert.Equal([new CampaignId(1)], settings.ProtectedCampaigns);
        Assert.Equal([new Sku("B-2")], settings.ProtectedProducts);
        Assert.Equal([new FreezeSpan(new(2026, 11, 27), new(2026, 11, 30), "Peak <i>")], settings.FreezeDates);
        Assert.Equal([new CampaignMode(new(2), AutomationMode.Ask)], settings.CampaignModes);
        Assert.Equal((AutomationMode.Auto, AutomationMode.Ask), (settings.ModeOf(new(1)), settings.ModeOf(new(2))));
        Assert.Contains("Brand &lt;b&gt;", await browser.ReadAsync("/control"), StringComparison.Ordinal);

        // Emptied rows are gone; the old page leads here.
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "limits", new() { ["changes"] = "" })).StatusCode);
        settings = (await WorkspaceAsync(seller, storefront)).Settings;
        Assert.True(settings.ProtectedCampaigns.IsEmpty && settings.ProtectedProducts.IsEmpty && settings.FreezeDates.IsEmpty && settings.CampaignModes.IsEmpty && settings.MaximumChangesPerDay is null);
        Assert.Contains("href=\"/control\"", await browser.ReadAsync("/economics"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_from_before_these_limits_is_whole()
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(new StorefrontSettings(AutomationMode.Auto, new(10m, Usd), new(1m, Usd), [], [], Frozen: false), StoredJson.Default.StorefrontSettings)!.AsObject();
        foreach (var newer in new[] { "protectedProducts", "campaignModes", "freezeDates", "maximumChangesPerDay" }) Assert.True(json.Remove(newer), newer);

        var stored = System.Text.Json.JsonSerializer.Deserialize(json, StoredJson.Default.StorefrontSettings)!.Whole();

        Assert.True(stored.ProtectedProducts.IsEmpty && stored.CampaignModes.IsEmpty && stored.FreezeDates.IsEmpty && stored.MaximumChangesPerDay is null);
        Assert.False(stored.IsFrozenOn(new(2026, 1, 1)));
        Assert.Equal(AutomationMode.Auto, stored.ModeOf(new(1)));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "b3")]
    [InlineData(2, "p1 b1")]
    [InlineData(3, "p1 b1 b3")]
    [InlineData(9, "p1 b1 b3")]
    public void What_is_written_keeps_to_the_days_limit_and_takes_no_placement_without_its_bids(int room, string written)
    {
        var day = new DateOnly(2026, 3, 1);
        StoredProposal Of(string id, Change change) => new(new Proposal(new(id), change is SetPlacement ? Module.Placements : Module.Bidding, change is SetPlacement ? ReasonCode.PlacementChange : ReasonCode.LowerBid, null, change, new Evidence([]), new Effect(new(1, Usd), new(0, Usd), new(2, Usd), 0.9)), day);
        SetBid Bid(long campaign, long target) => new(new(campaign), new(1), new(target), TargetKind.Keyword, new(1.00m, Usd), new(0.85m, Usd));
        StoredProposal[] approved = [Of("p1", new SetPlacement(new(1), Placement.TopOfSearch, 0, 20)), Of("b1", Bid(1, 11)), Of("b3", Bid(2, 13))];

        Assert.Equal(written, string.Join(' ', ApplyStep.Within(approved, room).Select(stored => stored.Proposal.Id.Value)));
    }

    private static Campaign Of(long id, string name) => new(new(id), name, TargetingType.Manual, EntityState.Enabled, new(10m, Usd), BiddingStrategy.DownOnly, 0, 0, 0);

    private static async Task<string> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync(Stop);

    private Task<Workspace> WorkspaceAsync(SellerId seller, StorefrontId storefront) => product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop);
}

using System.Net;
using System.Text.Json;
using Autonoomi.App.Features.Palette;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Access;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The box behind Ctrl K: what it finds, and what it may do.</summary>
[Collection<PeopleTests>]
public sealed class PaletteTests(RunningProduct product)
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Today = new(2026, 11, 30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kettle", "Campaign Kettle exact|Campaign Old kettle|Product Blue kettle|Search term red kettle|Search term kettle")]
    [InlineData("EXACT kettle", "Campaign Kettle exact")]
    [InlineData("mug-7", "Product Mug")]
    [InlineData("B000000001", "Product Blue kettle")]
    [InlineData("k", "")]
    [InlineData("  ", "")]
    [InlineData("nothing of the kind", "")]
    public void Things_are_found_by_all_words_of_the_query_the_most_clicked_terms_first(string query, string expected) =>
        Assert.Equal(expected, string.Join('|', PaletteSearch.Find(Shop(), query).Select(thing => $"{thing.Kind} {thing.Name}")));

    [Fact]
    public void Of_each_kind_only_a_few_are_shown_and_addresses_hold_the_name_safely()
    {
        var shop = Shop() with { Campaigns = [.. Enumerable.Range(0, 50).Select(index => Of(index, $"A&B #{index:00}", EntityState.Enabled))] };

        var found = PaletteSearch.Find(shop, "a&b");

        Assert.Equal(6, found.Count);
        Assert.EndsWith("?q=A%26B%20%2300", found[0].Address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_finds_the_own_things_and_only_who_may_decide_stops_everything()
    {
        var (owner, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (viewer, person) = await product.SignedInAsync();
        await house.AdmitAsync(person.User, MemberRole.Viewer, Stop);
        var (stranger, _) = await product.SignedInAsync();

        foreach (var member in new[] { owner, viewer })
        {
            var found = JsonDocument.Parse(await member.ReadAsync($"/palette?q={Uri.EscapeDataString(house.Title)}")).RootElement;
            Assert.Equal(1, found.GetArrayLength());
            Assert.Equal(("Product", house.Title), (found[0].GetProperty("kind").GetString(), found[0].GetProperty("name").GetString()));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/palette?q=kettle")).StatusCode);

        async Task<HttpResponseMessage> StopAsync(Browser browser) => await browser.PostAsync("/palette/stop", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/security") });
        Assert.Equal(HttpStatusCode.Forbidden, (await StopAsync(viewer)).StatusCode);
        Assert.False((await SettingsAsync(house)).Frozen);
        Assert.Equal("/control", (await StopAsync(owner)).Headers.Location?.ToString());
        Assert.True((await SettingsAsync(house)).Frozen);
        Assert.Contains("All writing is stopped", await owner.ReadAsync("/control"), StringComparison.Ordinal);
    }

    private async Task<StorefrontSettings> SettingsAsync(FilledHouse house) => (await product.Services.GetRequiredService<Workspaces>().GetAsync(house.Seller, house.Storefront, Stop)).Settings;

    private static Campaign Of(long id, string name, EntityState state) => new(new(id), name, TargetingType.Manual, state, new(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0);

    private static Workspace Shop()
    {
        var terms = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        foreach (var (term, clicks) in new[] { ("kettle", 3), ("red kettle", 9), ("toaster", 20) }) terms.Day(Today.AddDays(-3)).Long(1).Long(2).Long(3).Text(term).Long(100).Long(clicks).Long(1_000_000).Long(0).Long(0).Long(0);
        return new Workspace
        {
            Storefront = new(1), Marketplace = Us, Today = Today, SyncedAt = null, SearchTermDays = terms.Build(),
            Campaigns = [Of(1, "Old kettle", EntityState.Paused), Of(2, "Kettle exact", EntityState.Enabled), Of(3, "Gone kettle", EntityState.Archived)],
            Listings = [new(new("KET-1"), new("B000000001"), "Blue kettle", new(20m, Us.Currency), true), new(new("MUG-7"), new("B000000002"), "Mug", new(10m, Us.Currency), true)],
            Settings = new(AutomationMode.Watch, new(100m, Us.Currency), new(2m, Us.Currency), [], [], Frozen: false),
        };
    }
}

using System.Net;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Run;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Searches of all sellers, from the pretend Amazon to the details of a target.</summary>
public sealed class SearchedTests
{
    private static readonly Asin Mug = new("B000000001");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_targets_details_tell_its_search_where_the_role_is_and_say_nothing_without_it_and_what_Amazon_suggests_once_it_was_asked()
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 8, historyDays: 40, "--products", "4", "--other-ads");
        await using var shop = await Workshop.AtPretendAmazonAsync(amazon, null, null, Stop);
        var link = shop.Services.GetRequiredService<SellerLink>();
        var today = shop.Services.GetRequiredService<BusinessClock>().Today(await link.MarketplaceAsync(shop.Seller, shop.Storefront, Stop));
        var structure = new VaultWrite();
        StructureStep.Snapshot(await (await link.AdsAsync(shop.Seller, shop.Storefront, Stop)).StructureAsync(exports: false, Stop), shop.Storefront, structure);
        await (await shop.VaultAsync(Stop)).CommitAsync(structure, Stop);
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [new(StepNames.Listings, null)], Stop)).State);
        var asins = (await WorkspaceAsync(shop)).Listings.Select(listing => listing.Asin.Value).Distinct();
        var sunday = today.AddDays(-(int)today.DayOfWeek - 14);
        NewStep Step(Dataset dataset) => NewStep.With(StepNames.Selling, new ReportNotes(dataset, sunday, sunday, Products: dataset == Dataset.SearchQueryWeek ? string.Join(' ', asins) : null), NotesJson.Default.ReportNotes);

        await amazon.SetFaultsAsync(new { removeRoles = new[] { "brandAnalytics" } }, Stop);
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [Step(Dataset.SearchQueryWeek), Step(Dataset.SearchCatalogueWeek), Step(Dataset.SearchTermWeek)], Stop)).State);
        var before = await WorkspaceAsync(shop);
        Assert.All(before.Targets, target => Assert.True(Searched.After(before, target) is null && Searched.Products(before, target).IsEmpty && Searched.Ranked(before, target) is null));
        var keyword = before.Targets.First(target => target.Kind == TargetKind.Keyword);
        var silent = await DrawnAsync(shop.Services, before, keyword, new(sunday, today));
        Assert.Contains(keyword.Text, silent, StringComparison.Ordinal);
        foreach (var words in new[] { "at Amazon", "searched", "search-sums", "all searches", "search-rank", "clicked most" }) Assert.DoesNotContain(words, silent, StringComparison.Ordinal);

        // A target has no total sales of its own: it shows those of its product where there is one.
        Assert.DoesNotContain("TACoS", silent, StringComparison.Ordinal);
        Assert.Contains("34.2% (break-even 46.2%)", await DrawnAsync(shop.Services, before, keyword, new(sunday, today), new ProductTacos(0.342, 0.462)), StringComparison.Ordinal);

        // Of every ad product.
        Assert.DoesNotContain("Amazon suggests", silent, StringComparison.Ordinal);
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [new(StepNames.Suggestions, null)], Stop)).State);
        shop.Services.GetRequiredService<Workspaces>().FactsReplaced(shop.Seller, shop.Storefront);
        var advised = await WorkspaceAsync(shop);
        foreach (var product in Enum.GetValues<AdProduct>())
        {
            var campaigns = advised.Campaigns.Where(campaign => campaign.AdProduct == product).Select(campaign => campaign.Id).ToHashSet();
            var (target, told) = advised.Targets.Where(target => campaigns.Contains(target.Campaign)).Join(advised.Suggestions, target => target.Id, told => told.Target, (target, told) => (target, told)).First();
            Assert.Contains($"{Display.Amount(told.Median)} ({Display.Amount(told.Low)} to {Display.Amount(told.High)})", await DrawnAsync(shop.Services, advised, target, new(sunday, today)), StringComparison.Ordinal);
        }

        await amazon.SetFaultsAsync(new { removeRoles = Array.Empty<string>() }, Stop);
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [Step(Dataset.SearchQueryWeek), Step(Dataset.SearchCatalogueWeek), Step(Dataset.SearchTermWeek)], Stop)).State);
        var workspace = await WorkspaceAsync(shop);
        var found = workspace.Targets.Select(target => (Target: target, Week: Searched.After(workspace, target))).Where(each => each.Week is not null).ToList();
        Assert.True(found.Count >= 3, $"{found.Count} keywords with a search");
        Assert.Contains(found, each => each.Week!.Products.Any(share => share.Standing != 0));
        foreach (var (target, week) in found.Take(5))
        {
            var drawn = await DrawnAsync(shop.Services, workspace, target, new(sunday, today));
            Assert.Contains($"Searched {Display.Count(week!.Volume, "time")} at Amazon in the week from {Display.Day(sunday)}.", drawn, StringComparison.Ordinal);
            Assert.Contains(SearchWords.Shares(week.Products[0], week.Products.Length == 1)!, drawn, StringComparison.Ordinal);
            Assert.Contains(SearchWords.Sum(Searched.Products(workspace, target)[0]), drawn, StringComparison.Ordinal);
            var ranked = Searched.Ranked(workspace, target)!;
            Assert.Contains(ranked.Products, product => product.Listing is not null);
            Assert.Contains(SearchWords.Rank(ranked), drawn, StringComparison.Ordinal);
            foreach (var (at, product) in ranked.Products.Index()) Assert.Contains(SearchWords.Clicked(product, at + 1), drawn, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shares_of_nothing_are_left_out_and_only_a_plain_difference_is_said()
    {
        var share = new SearchShare(Mug, null, 10_000, 500, 1000, 100, 100, 20);

        Assert.Equal("Your product got 5.0% of what was shown, 10.0% of the clicks, 20.0% of the purchases.", SearchWords.Shares(share, alone: true));
        Assert.Equal("20.0% of its clicks became a purchase, more than the 10.0% of all products.", SearchWords.Standing(share));
        Assert.Equal("4.0% of its clicks became a purchase, less than the 10.0% of all products.", SearchWords.Standing(share with { OwnPurchases = 4 }));
        Assert.Null(SearchWords.Standing(share with { OwnPurchases = 12 }));
        Assert.Equal("B000000001 got 5.0% of what was shown, 10.0% of the clicks.", SearchWords.Shares(share with { Purchases = 0, OwnPurchases = 0 }, alone: false));
        Assert.Null(SearchWords.Shares(new(Mug, null, 0, 0, 0, 0, 0, 0), alone: true));
        Assert.Equal("Searched 1 time at Amazon in the week from 8 Nov.", SearchWords.Volume(new(new(2026, 11, 8), 1, [share])));
        Assert.Equal("B000000001 in the week from 8 Nov: shown 900 times, 90 clicks, put into a cart 30 times, 9 purchases for $180.50.",
            SearchWords.Sum(new(new(2026, 11, 8), Mug, null, 900, 90, 30, 9, new Money(180.5m, Marketplace.Find("ATVPDKIKX0DER").Currency))));
    }

    [Fact]
    public void A_rank_and_the_products_clicked_most_say_which_one_is_yours()
    {
        var listing = new Listing(new("MUG"), Mug, "Mug", new Money(20m, Marketplace.Find("ATVPDKIKX0DER").Currency), true);
        var ranked = new SearchRank(new(2026, 11, 8), "Amazon.com", 1812, [new(Mug, listing, 0.077, 0.09), new(new("B0RIVAL001"), null, 0.05, 0)]);

        Assert.Equal("Search frequency rank 1,812 of Amazon.com in the week from 8 Nov; the products clicked most:", SearchWords.Rank(ranked));
        Assert.Equal("1. MUG, yours: 7.7% of the clicks, 9.0% of the purchases", SearchWords.Clicked(ranked.Products[0], 1));
        Assert.Equal("2. B0RIVAL001: 5.0% of the clicks, 0.0% of the purchases", SearchWords.Clicked(ranked.Products[1], 2));
    }

    private static Task<Workspace> WorkspaceAsync(Workshop shop) => shop.Services.GetRequiredService<Workspaces>().GetAsync(shop.Seller, shop.Storefront, Stop);

    private static async Task<string> DrawnAsync(IServiceProvider services, Workspace workspace, Target target, DateSpan span, ProductTacos? tacos = null)
    {
        var board = new TargetBoard(workspace, new ProfitBooks(workspace).Figures(span));
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () => WebUtility.HtmlDecode((await renderer.RenderComponentAsync<TargetDetail>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(TargetDetail.Board)] = board, [nameof(TargetDetail.Workspace)] = workspace, [nameof(TargetDetail.Span)] = span, [nameof(TargetDetail.Tacos)] = tacos,
            [nameof(TargetDetail.Row)] = board.Grid.Targets.ToList().FindIndex(each => each.Id == target.Id),
        }))).ToHtmlString()));
    }
}

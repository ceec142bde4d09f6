using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Screens;

public sealed class TargetBoardTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Day = new(2026, 11, 2);
    private static readonly GridQuery All = GridQuery.All;

    [Fact]
    [Promise("P-1.2-d")]
    public void Totals_are_ratios_of_sums_not_means_of_ratios()
    {
        var answer = Sum(Board((1, 10, 100), (2, 90, 300)), All);

        // The mean of 0.1 and 0.3 would be 0.2.
        Assert.Equal(0.25, answer.Totals.Acos);
        Assert.Equal(new Money(100m, Us.Currency), answer.Totals.Cost);
    }

    [Fact]
    public void A_target_without_sales_sorts_last_by_acos_in_both_directions()
    {
        var board = Board((1, 10, 100), (2, 50, 0), (3, 30, 100));

        Assert.Equal([1, 3, 2], Ids(board, All with { Sort = "acos", Up = true }));
        Assert.Equal([3, 1, 2], Ids(board, All with { Sort = "acos" }));
    }

    [Fact]
    public void All_words_of_a_filter_must_occur_somewhere()
    {
        var board = Board((1, 10, 100), (2, 50, 0));

        Assert.Equal([1], Ids(board, All with { Text = "KITCHEN keyword1" }));
        Assert.Empty(Ids(board, All with { Text = "keyword1 garden" }));
    }

    [Fact]
    public void A_filter_by_match_leaves_only_that_match() => Assert.Empty(Ids(Board((1, 10, 100)), All.With("match", "Broad")));

    [Fact]
    public async Task An_export_has_one_line_per_row_shown_and_figures_that_add_up()
    {
        var board = Board((1, 10.5m, 100), (2, 50.25m, 0));

        var lines = await SheetFiles.LinesAsync(board.Sheet, All with { Columns = "ad,match,state,campaign,group,bid,spend,sales" });

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("\"keyword2\",Sponsored Products,Exact,Enabled,\"Kitchen\",\"Exact\",", lines[1], StringComparison.Ordinal);
        Assert.Contains(",50.25,", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
    }

    [Fact]
    public async Task Targets_of_three_ad_types_stand_side_by_side_and_each_can_be_asked_for_alone()
    {
        var board = Mixed(age: 30);

        Assert.Equal([3, 2, 1], Ids(board, All));
        foreach (var (product, id) in new[] { (AdProduct.SponsoredProducts, 1L), (AdProduct.SponsoredBrands, 2L), (AdProduct.SponsoredDisplay, 3L) }) Assert.Equal([id], Ids(board, All.With("ad", product.ToString())));
        Assert.Equal([2, 3, 1], Ids(board, All with { Sort = "ad" }));
        var lines = await SheetFiles.LinesAsync(board.Sheet, All);
        Assert.Equal(["Ad type", "Sponsored Display", "Sponsored Brands", "Sponsored Products"], lines.Select(line => line.Split(',')[2]));
    }

    [Fact]
    public void Figures_say_whether_they_are_settled_each_ad_type_by_its_own_delay()
    {
        Assert.Equal("settled", Sum(Mixed(age: 30), All).State);

        // Fifteen days after the click orders of Sponsored Products are all there; those of Brands and Display have six days to come.
        var between = Mixed(age: 15);
        Assert.Equal("settled", Sum(between, All.With("ad", "SponsoredProducts")).State);
        Assert.StartsWith("expected +", Sum(between, All.With("ad", "SponsoredBrands")).State, StringComparison.Ordinal);
        Assert.StartsWith("expected +", Sum(between, All).State, StringComparison.Ordinal);
        Assert.Equal(Sum(between, All.With("ad", "SponsoredBrands")).State, between.State(1));

        var share = Maturity.Assumed(AdProduct.SponsoredProducts).VisibleShare(0);
        Assert.Equal($"expected +{Display.Percent((1 - share) / share)}", Sum(Board((1, 10, 100)), All).State);
        Assert.Equal("orders may still come", Sum(Board((1, 10, 0)), All).State);
        Assert.Equal("settled", Sum(Board(), All).State);
    }

    private static TargetBoard Of(Workspace workspace, DateSpan span) => new(workspace, new ProfitBooks(workspace).Figures(span));

    [Fact]
    public void A_campaign_whose_bids_are_left_alone_says_why_and_any_other_says_nothing()
    {
        string? Of(AdProduct product, CostType cost, BiddingStrategy strategy) => TargetWords.BidStays(new Campaign(new(1), "c", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), strategy, 0, 0, 0) { AdProduct = product, CostType = cost });

        Assert.Null(Of(AdProduct.SponsoredProducts, CostType.Unknown, BiddingStrategy.DownOnly));
        Assert.Null(Of(AdProduct.SponsoredBrands, CostType.PerClick, BiddingStrategy.Fixed));
        Assert.Null(Of(AdProduct.SponsoredDisplay, CostType.PerClick, BiddingStrategy.UpAndDown));
        Assert.Contains("rule of Amazon's", Of(AdProduct.SponsoredProducts, CostType.Unknown, BiddingStrategy.RuleBased), StringComparison.Ordinal);
        Assert.Contains("per thousand views", Of(AdProduct.SponsoredDisplay, CostType.PerThousandViews, BiddingStrategy.UpAndDown), StringComparison.Ordinal);
        Assert.Contains("does not say", Of(AdProduct.SponsoredBrands, CostType.Unknown, BiddingStrategy.Fixed), StringComparison.Ordinal);
        Assert.Contains("places the bids", Of(AdProduct.SponsoredBrands, CostType.PerClick, BiddingStrategy.DownOnly), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TargetKind.Product, MatchType.Brand, "4711", "Brand 4711", "Brand")]
    [InlineData(TargetKind.Auto, MatchType.KeywordGroup, "Keyword group: gifts", "Keyword group: gifts", "Keyword group")]
    [InlineData(TargetKind.Auto, MatchType.ContentCategory, "garden", "Content category garden", "Content category")]
    [InlineData(TargetKind.Product, MatchType.Other, "ASIN_GENRE_SAME_AS 42", "ASIN_GENRE_SAME_AS 42", "Other")]
    public void Rarer_kinds_have_plain_words_and_only_an_unknown_one_keeps_its_bid(TargetKind kind, MatchType match, string text, string name, string word)
    {
        var target = new Target(new(1), new(1), new(2), kind, match, text, EntityState.Enabled, new Money(1m, Us.Currency));
        var campaign = new Campaign(new(1), "c", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0);

        Assert.Equal((name, word), (TargetWords.Name(target), TargetWords.Match(match)));
        Assert.Equal(match == MatchType.Other, TargetWords.BidStays(campaign, target) is not null);
    }

    [Fact]
    public void A_search_that_names_no_target_is_that_of_the_ad_groups_only_theme_or_product_target()
    {
        var keyword = new Target(new(1), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "kettle", EntityState.Enabled, new Money(0.5m, Us.Currency));
        var theme = keyword with { Id = new(77), Kind = TargetKind.Auto, Match = MatchType.CloseMatch, Text = "Theme: your brand" };
        var table = new FactTableBuilder(TableSchema.Of(Dataset.BrandsSearchTermDay));
        foreach (var (id, group) in new[] { (keyword.Id.Value, keyword.AdGroup.Value), (0L, keyword.AdGroup.Value), (0L, 999L) })
            table.Day(Day).Long(1).Long(group).Long(id).Text("kettle").Long(1).Long(1).Long(1).Long(0).Long(0).Long(0);
        var terms = table.Build();
        bool[] Rows(Target target, params Target[] all) => [.. Enumerable.Range(0, 3).Select(AnsweredSearches.Of(new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Day,
            SyncedAt = null,
            Targets = [.. all],
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        }, target, terms))];

        Assert.Equal([true, false, false], Rows(keyword, keyword, theme));
        Assert.Equal([false, true, false], Rows(theme, keyword, theme));
        Assert.Equal([false, false, false], Rows(theme, keyword, theme, theme with { Id = new(78) }));
    }

    private static FigureSum Sum(TargetBoard board, GridQuery query) => board.Figures.Sum(board.Sheet.Ask(query).Rows);

    private static long[] Ids(TargetBoard board, GridQuery query) => [.. board.Sheet.Ask(query).Rows.Select(row => board.Grid.Targets[row].Id.Value)];

    /// <summary>A target of each ad type with one click day, so many days before yesterday.</summary>
    private static TargetBoard Mixed(int age)
    {
        var products = Enum.GetValues<AdProduct>();
        var clicked = Day.AddDays(-age);
        FactTable Facts(Dataset dataset, long id)
        {
            var table = new FactTableBuilder(TableSchema.Of(dataset)).Day(clicked).Long(id).Long(10 + id).Long(id).Long(1000).Long(50).Long(id * 1_000_000).Long(4).Long(4).Long(90_000_000);
            if (dataset == Dataset.DisplayTargetDay) table.Long(4).Long(4).Long(90_000_000);
            if (dataset == Dataset.BrandsTargetDay) table.Long(4).Long(90_000_000);
            return table.Build();
        }

        return Of(new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Day.AddDays(1),
            SyncedAt = null,
            Campaigns = [.. products.Select((product, at) => new Campaign(new(at + 1), "Kitchen", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0) { AdProduct = product })],
            Targets = [.. products.Select((_, at) => new Target(new(at + 1), new(at + 1), new(at + 11), TargetKind.Keyword, MatchType.Exact, $"keyword{at + 1}", EntityState.Enabled, new Money(0.5m, Us.Currency)))],
            TargetDays = Facts(Dataset.TargetDay, 1),
            BrandsTargetDays = Facts(Dataset.BrandsTargetDay, 2),
            DisplayTargetDays = Facts(Dataset.DisplayTargetDay, 3),
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        }, new DateSpan(clicked, Day));
    }

    private static TargetBoard Board(params (long Id, decimal Cost, decimal Sales)[] targets)
    {
        var facts = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
        foreach (var (id, cost, sales) in targets)
            facts.Day(Day).Long(1).Long(2).Long(id).Long(1000).Long(50).Long((long)(cost * 1_000_000)).Long(sales > 0 ? 4 : 0).Long(sales > 0 ? 4 : 0).Long((long)(sales * 1_000_000));
        return Of(new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Day.AddDays(1),
            SyncedAt = null,
            Campaigns = [new(new(1), "Kitchen", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0)],
            AdGroups = [new(new(2), new(1), "Exact", EntityState.Enabled, new Money(0.5m, Us.Currency))],
            Targets = [.. targets.Select(target => new Target(new(target.Id), new(1), new(2), TargetKind.Keyword, MatchType.Exact, $"keyword{target.Id}", EntityState.Enabled, new Money(0.5m, Us.Currency)))],
            TargetDays = facts.Build(),
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        }, new DateSpan(Day, Day));
    }
}

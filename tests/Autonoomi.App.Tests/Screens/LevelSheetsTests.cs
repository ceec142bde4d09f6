using System.Globalization;
using Autonoomi.App.Features.AdGroups;
using Autonoomi.App.Features.Campaigns;
using Autonoomi.App.Features.Negatives;
using Autonoomi.App.Features.Placements;
using Autonoomi.App.Features.Products;
using Autonoomi.App.Features.SearchTerms;
using Autonoomi.App.Platform.Grid;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Every number of the grids, added up again from the facts by plain loops; what sales left is compared with the page Profit, to the cent.</summary>
public sealed class LevelSheetsTests
{
    private static readonly DateSpan Month = AgreementTests.Month;

    public static TheoryData<string> Shops => ["usual", "old", "cost missing", "nothing sold"];

    [Theory, MemberData(nameof(Shops))]
    public void Campaigns_add_up_to_their_targets_those_that_Amazon_no_longer_lists_among_them(string shop)
    {
        var workspace = AgreementTests.Shop(shop);
        var table = new ProfitBooks(workspace).Table(Month);
        var sheet = CampaignSheet.Of(workspace, Month, 30, table, [Budget(workspace.Campaigns[0].Id, 3)]);

        Assert.Equal(workspace.Campaigns.Length, sheet.Rows);
        foreach (var row in Enumerable.Range(0, sheet.Rows))
        {
            var id = workspace.Campaigns[row].Id.Value;
            Same(sheet, row, Sum(workspace, "campaign_id", id), Left(table, part => part.Campaign == id));
        }

        Assert.Equal((3m, null), (sheet.Column("out")!.Cell(0), sheet.Column("out")!.Cell(1)));
        var all = Sum(workspace, null, 0);
        Assert.Equal(all.Cost, Column(sheet, "spend").Sum());
        Assert.Equal(all.Sales, Column(sheet, "sales").Sum());
        Assert.DoesNotContain(sheet.Totals([.. Enumerable.Range(0, sheet.Rows)]), total => total.Id == "unlisted");

        // One campaign fewer in the list: what it spent is said beside the totals.
        var fewer = workspace with { Campaigns = workspace.Campaigns.RemoveAt(0) };
        Assert.Contains("by campaigns that Amazon no longer lists", CampaignSheet.Of(fewer, Month, 30, table, []).Totals([0]).Single(total => total.Id == "unlisted").Words, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Shops))]
    public void Ad_groups_add_up_to_their_targets(string shop)
    {
        var workspace = AgreementTests.Shop(shop);
        var table = new ProfitBooks(workspace).Table(Month);
        var sheet = AdGroupSheet.Of(workspace, Month, 30, table);

        foreach (var row in Enumerable.Range(0, sheet.Rows))
        {
            var id = workspace.AdGroups[row].Id.Value;
            Same(sheet, row, Sum(workspace, "ad_group_id", id), Left(table, part => part.AdGroup == id));
        }

        Assert.Equal("/targets?in=1.2", sheet.Columns[0].Link!(0));
        Assert.Equal([0], sheet.Ask(GridQuery.Parse("?in=1")).Rows);
        Assert.Empty(sheet.Ask(GridQuery.Parse("?in=1.6")).Rows);
    }

    [Theory, MemberData(nameof(Shops))]
    public void Search_terms_add_up_to_their_reports(string shop)
    {
        var workspace = AgreementTests.Shop(shop);
        var table = new ProfitBooks(workspace).Table(Month);
        var sheet = SearchTermSheet.Of(workspace, Month, 30, table, []);

        // Five terms through each of two listed targets and one that is no longer listed.
        Assert.Equal(15, sheet.Rows);
        foreach (var row in Enumerable.Range(0, sheet.Rows))
        {
            var of = (TermRow)sheet.Id(row);
            var sums = default(Sums);
            foreach (var fact in Facts(workspace.SearchTermDays))
            {
                if (workspace.SearchTermDays.Longs("target_id")[fact] == of.Target && workspace.SearchTermDays.Texts("search_term")[fact] == of.Term) sums += At(workspace.SearchTermDays, fact);
            }

            Same(sheet, row, sums, Left(table, part => part.Target == of.Target && part.SearchTerm == of.Term));
        }

        Assert.Equal(Facts(workspace.SearchTermDays).Sum(fact => At(workspace.SearchTermDays, fact).Cost), Column(sheet, "spend").Sum());
    }

    [Fact]
    public void A_search_term_says_whether_it_has_a_target_is_negated_and_what_comes_next()
    {
        var shop = AgreementTests.Shop("usual");
        var workspace = shop with
        {
            Targets = [.. shop.Targets, shop.Targets[0] with { Id = new(300), Text = "Term 1" }],
            Negatives = [new(new(1), new(1), null, NegativeMatch.Phrase, "2", EntityState.Enabled), new(new(2), new(1), new(2), NegativeMatch.Exact, "term 3", EntityState.Archived), new(new(3), new(5), new(6), NegativeMatch.Exact, "TERM 3", EntityState.Enabled)],
            Handovers = [new("term 4", new("A"), new(1), new(2), new(1), new(2), HandoverState.Delivering, Month.Last, 1)],
        };
        Proposal[] open = [Of(new AddNegative(new(1), new(2), NegativeMatch.Exact, "term 0")), Of(new CreateTarget(new(5), new(6), MatchType.Exact, "term 0", Euro(0.4m)))];
        var sheet = SearchTermSheet.Of(workspace, Month, 30, new ProfitBooks(workspace).Table(Month), open);
        string Cell(long target, string term, string column) => sheet.Column(column)!.Words(Enumerable.Range(0, sheet.Rows).Single(row => (TermRow)sheet.Id(row) is var of && of.Target == target && of.Term == term), Euro(0).Currency);

        Assert.Equal(["None", "Has one", "None"], new[] { "term 0", "term 1", "term 2" }.Select(term => Cell(3, term, "own")));
        Assert.Equal(["", "Negated", "", "Negated"], new[] { (3L, "term 1"), (3L, "term 2"), (3L, "term 3"), (7L, "term 3") }.Select(at => Cell(at.Item1, at.Item2, "negated")));
        Assert.Equal(["Negative waits for a decision", "Own target waits for a decision", "", "Own target delivers"], new[] { (3L, "term 0"), (7L, "term 0"), (3L, "term 2"), (3L, "term 4") }.Select(at => Cell(at.Item1, at.Item2, "next")));
        Assert.Equal("keyword 3", Cell(3, "term 0", "through"));
    }

    [Theory]
    [InlineData("usual"), InlineData("cost missing"), InlineData("some days estimated")]
    public void Products_say_what_sold_what_it_left_and_how_long_the_stock_lasts(string shop)
    {
        var filled = AgreementTests.Shop(shop);
        var stock = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        stock.Day(Month.Last.AddDays(-3)).Text("A").Long(900).Long(0).Long(0);
        stock.Day(Month.Last).Text("A").Long(240).Long(10).Long(5);
        var workspace = filled with { InventoryDays = stock.Build(), Listings = [.. filled.Listings.Select(listing => listing with { Buyable = listing.Sku.Value != "B" })] };
        var table = new ProfitBooks(workspace).Table(Month);
        var sheet = ProductSheet.Of(workspace, Month, 30, table);

        foreach (var row in Enumerable.Range(0, sheet.Rows).Where(row => ((string)sheet.Id(row)).Length > 0))
        {
            var sku = (string)sheet.Id(row);
            long units = 0, sales = 0;
            var reported = workspace.SkuDays.Ints("day").ToArray().ToHashSet();
            foreach (var (facts, sold, worth) in new[] { (workspace.SkuDays, "units_ordered", "ordered_sales"), (workspace.OrderDays, "units", "sales") })
            {
                for (var fact = 0; fact < facts.Rows; fact++)
                {
                    if (facts.Texts("sku")[fact] != sku || (facts == workspace.OrderDays && reported.Contains(facts.Ints("day")[fact]))) continue;
                    units += facts.Longs(sold)[fact];
                    sales += facts.Longs(worth)[fact];
                }
            }

            Assert.Equal(((decimal)units, sales / 1e6m), (sheet.Column("units")!.Cell(row), sheet.Column("sales")!.Cell(row)));
            var parts = table.Rows.Where(part => part.Sku.Value == sku).ToList();
            Assert.Equal(parts.Sum(part => part.Lines.AdSpend) / 1e6m, sheet.Column("spend")!.Cell(row));
            Assert.Equal(parts.All(part => part.CostKnown) ? parts.Sum(part => part.Lines.Total) / 1e6m : null, (decimal?)sheet.Column("profit")!.Cell(row));
            Assert.Equal(sku == "B" ? "no" : "yes", sheet.Column("offer")!.Text!(row));
            Assert.Equal(sku == "A" ? (240m, Math.Floor(240m / (units / 30m))) : (null, null), ((decimal?)sheet.Column("stock")!.Cell(row), (decimal?)sheet.Column("cover")!.Cell(row)));
        }
    }

    [Fact]
    public void Placements_share_what_the_campaign_left_by_their_sales_and_without_a_sale_only_spend()
    {
        var shop = AgreementTests.Shop("usual");
        var placed = new FactTableBuilder(TableSchema.Of(Dataset.PlacementDay));
        placed.Day(Month.First).Long(1).Int((int)Placement.TopOfSearch).Long(100).Long(10).Long(4_000_000).Long(2).Long(2).Long(50_000_000);
        placed.Day(Month.Last).Long(1).Int((int)Placement.TopOfSearch).Long(100).Long(5).Long(1_000_000).Long(0).Long(0).Long(0);
        placed.Day(Month.Last).Long(1).Int((int)Placement.ProductPages).Long(70).Long(3).Long(2_000_000).Long(0).Long(0).Long(0);
        placed.Day(Month.Last.AddDays(1)).Long(1).Int((int)Placement.ProductPages).Long(1).Long(1).Long(9_000_000).Long(0).Long(0).Long(0);
        var workspace = shop with { PlacementDays = placed.Build(), Campaigns = [shop.Campaigns[0] with { TopOfSearchPercent = 35 }, .. shop.Campaigns.Skip(1)] };
        var table = new ProfitBooks(workspace).Table(Month);
        var sheet = PlacementSheet.Of(workspace, Month, 30, table);
        object? Cell(Placement placement, string column) => sheet.Column(column)!.Cell(Enumerable.Range(0, sheet.Rows).Single(row => sheet.Id(row) is (CampaignId { Value: 1 }, Placement at) && at == placement));

        Assert.Equal((5m, 50m, 15m, 0.35m, 0.1m), (Cell(Placement.TopOfSearch, "spend"), Cell(Placement.TopOfSearch, "sales"), Cell(Placement.TopOfSearch, "clicks"), Cell(Placement.TopOfSearch, "percent"), Cell(Placement.TopOfSearch, "acos")));
        Assert.Equal((2m, -2m, null), (Cell(Placement.ProductPages, "spend"), Cell(Placement.ProductPages, "profit"), Cell(Placement.ProductPages, "acos")));
        Assert.Equal((0m, 0m), (Cell(Placement.RestOfSearch, "spend"), Cell(Placement.RestOfSearch, "profit")));
        var mine = table.Rows.Where(part => part.Campaign == 1).ToList();
        var share = mine.Sum(part => part.Lines.BeforeAds) / (decimal)mine.Sum(part => part.Lines.Sales);
        Assert.Equal(decimal.Round((50m * share) - 5m, 2), decimal.Round((decimal)Cell(Placement.TopOfSearch, "profit")!, 2));
    }

    [Fact]
    public void Negatives_say_where_they_hold()
    {
        var shop = AgreementTests.Shop("usual");
        var sheet = NegativeSheet.Of(shop with
        {
            Negatives = [new(new(1), new(5), null, NegativeMatch.Phrase, "cheap", EntityState.Enabled), new(new(2), new(1), new(2), NegativeMatch.Exact, "bulk", EntityState.Archived), new(new(3), new(1), new(2), NegativeMatch.Product, "B0000000AA", EntityState.Enabled)],
        });

        Assert.Equal([2, 1, 0], sheet.Ask(GridQuery.All).Rows);
        Assert.Equal([0], sheet.Ask(GridQuery.All.With("where", "campaign")).Rows);
        Assert.Equal([1], sheet.Ask(GridQuery.Parse("?in=1.2&state=Archived")).Rows);
        Assert.Equal(("Campaign 1", "Group 2", "Archived"), (sheet.Column("campaign")!.Text!(1), sheet.Column("group")!.Text!(1), sheet.Column("state")!.Cell(1)));
        Assert.Equal("2", sheet.Totals([0, 1]).Single(total => total.Id == "campaigns").Words);
    }

    [Fact]
    public void The_small_line_draws_the_spend_of_each_of_thirty_days()
    {
        var workspace = AgreementTests.Shop("usual");
        var days = new DayTrend(workspace, 2, AdReports.Targets(workspace), AdReports.By("campaign_id", new Dictionary<long, int> { [1] = 0 }));

        Assert.Equal(30, days.Of(0).Count);
        Assert.Empty(days.Of(1));
        foreach (var (at, spent) in days.Of(0).Index())
        {
            var table = workspace.TargetDays;
            var wanted = Facts(table).Where(fact => table.Ints("day")[fact] == Month.First.DayNumber + at && table.Longs("campaign_id")[fact] == 1).Sum(fact => table.Longs("cost")[fact]) / 1e6;
            Assert.Equal(wanted, spent!.Value, 4);
        }
    }

    [Fact]
    public void Totals_are_those_of_the_rows_shown_and_name_rows_without_costs()
    {
        var workspace = AgreementTests.Shop("cost missing");
        var sheet = CampaignSheet.Of(workspace, Month, 30, new ProfitBooks(workspace).Table(Month), []);
        var rows = sheet.Ask(GridQuery.All.With("ad", "SponsoredProducts,SponsoredDisplay")).Rows;
        var totals = sheet.Totals(rows).ToDictionary(total => total.Id);

        Assert.Equal(3, rows.Length);
        Assert.Equal("without 1 campaign of unknown cost", totals["profit"].Beside);
        var sums = rows.Select(row => Sum(workspace, "campaign_id", workspace.Campaigns[row].Id.Value)).Aggregate((one, other) => one + other);
        Assert.Equal(Platform.Shell.Display.Percent((double)(sums.Cost / sums.Sales)), totals["acos"].Words);
        Assert.Equal(Platform.Shell.Display.Count(sums.Clicks), totals["clicks"].Words);
    }

    private static void Same(Sheet sheet, int row, Sums sums, decimal? left)
    {
        object? Cell(string column) => sheet.Column(column)!.Cell(row);
        Assert.Equal((sums.Cost, sums.Sales, (decimal)sums.Clicks, (decimal)sums.Orders, (decimal)sums.Impressions), (Cell("spend"), Cell("sales"), Cell("clicks"), Cell("orders"), Cell("impressions")));
        Assert.Equal(sums.Sales == 0 ? null : decimal.Round(sums.Cost / sums.Sales, 6), (decimal?)Cell("acos"));
        Assert.Equal(sums.Clicks == 0 ? (decimal?)null : decimal.Round(sums.Cost / sums.Clicks, 4), Cell("cpc") is decimal cpc ? decimal.Round(cpc, 4) : (decimal?)null);
        Assert.Equal(left - sums.Cost, (decimal?)Cell("profit"));
    }

    // Unknown where a cost is missing, where nobody knows what was sold, and of what the table of profit does not tell.
    private static decimal? Left(ProfitTable table, Func<ProfitRow, bool> isMine)
    {
        var mine = table.Rows.Where(part => part.Campaign != 0 && isMine(part)).ToList();
        return table.Sold is null || mine.Exists(part => !part.CostKnown) ? null : mine.Sum(part => part.Lines.BeforeAds) / 1e6m;
    }

    private static Sums Sum(Workspace workspace, string? column, long id)
    {
        var sums = default(Sums);
        foreach (var table in new[] { workspace.TargetDays, workspace.BrandsTargetDays, workspace.DisplayTargetDays })
        {
            foreach (var fact in Facts(table))
                if (column is null || table.Longs(column)[fact] == id) sums += At(table, fact);
        }

        return sums;
    }

    private static IEnumerable<int> Facts(FactTable table) => Enumerable.Range(0, table.Rows).Where(fact => Month.Contains(DateOnly.FromDayNumber(table.Ints("day")[fact])));

    private static Sums At(FactTable table, int fact) => new(table.Longs("impressions")[fact], table.Longs("clicks")[fact], table.Longs("cost")[fact] / 1e6m, table.Longs("orders")[fact], table.Longs("sales")[fact] / 1e6m);

    private static IEnumerable<decimal> Column(Sheet sheet, string id) => Enumerable.Range(0, sheet.Rows).Select(row => (decimal)sheet.Column(id)!.Cell(row)!);

    private static Money Euro(decimal amount) => new(amount, AgreementTests.Germany.Currency);

    private static Proposal Budget(CampaignId campaign, double days) => Of(new SetBudget(campaign, Euro(10), Euro(12))) with { Evidence = new([new("daysOutOfBudget", days, "days")]) };

    private static Proposal Of(Change change) => new(new(change.EntityKey.ToString(CultureInfo.InvariantCulture)), Module.Graduation, ReasonCode.HarvestExact, null, change, new([]), new(Euro(1), Euro(0), Euro(2), 0.9));

    private readonly record struct Sums(long Impressions, long Clicks, decimal Cost, long Orders, decimal Sales)
    {
        public static Sums operator +(Sums one, Sums other) => new(one.Impressions + other.Impressions, one.Clicks + other.Clicks, one.Cost + other.Cost, one.Orders + other.Orders, one.Sales + other.Sales);
    }
}

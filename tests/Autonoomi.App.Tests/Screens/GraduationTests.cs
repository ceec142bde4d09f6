using Autonoomi.App.Features.Stock;
using Autonoomi.App.Features.Graduation;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The ladder of search terms and the shelf of stock, held against facts that are written down beside them.</summary>
public sealed class GraduationTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Today = new(2026, 6, 10);
    private static readonly DateSpan Span = new(Today.AddDays(-3), Today.AddDays(-1));

    // Term, target, clicks, cents, orders, on each of three days; the day before is outside.
    private static readonly (string Term, long Target, long Clicks, long Cents, long Orders)[] Rows =
    [
        ("red kettle", 31, 10, 500, 1), ("red kettle", 32, 4, 240, 0), ("Red Kettle ", 34, 6, 420, 2),
        ("blue kettle", 31, 8, 400, 1), ("kettle cheap", 32, 5, 100, 0), ("b0rival001", 35, 3, 90, 1), ("never clicked", 31, 0, 0, 0),
    ];

    [Fact]
    public void Every_term_has_the_sums_of_its_rows_rung_by_rung()
    {
        var ladder = TermLadder.Of(Shop(), Span, []);

        Assert.Equal(["red kettle", "b0rival001", "blue kettle", "kettle cheap"], ladder.OrderByDescending(term => term.AllOrders).ThenBy(term => term.Term, StringComparer.Ordinal).Select(term => term.Term));
        foreach (var group in Rows.Where(row => row.Clicks > 0).GroupBy(row => row.Term.Trim().ToLowerInvariant()))
        {
            var term = ladder.Single(one => one.Term == group.Key);
            Assert.Equal((3 * group.Sum(row => row.Clicks), 3 * group.Sum(row => row.Orders), 3 * group.Sum(row => row.Cents) / 100m), (term.AllClicks, term.AllOrders, term.Cost.Amount));
            foreach (var (rung, target) in new[] { (Rung.Auto, 31L), (Rung.Broad, 32L), (Rung.Phrase, 33L), (Rung.Exact, 34L), (Rung.Product, 35L) })
                Assert.Equal(3 * group.Where(row => row.Target == target).Sum(row => row.Clicks), term.Clicks[(int)rung]);
        }

        var red = ladder.Single(term => term.Term == "red kettle");
        Assert.Equal((Rung.Exact, new Sku("A"), true, false), (red.Highest, red.Product!.Value, red.Is(LadderView.Own), red.Is(LadderView.Loose)));
        Assert.Equal("Nothing: it has a target of its own", red.Next);
        Assert.Equal("Moves once a bid of its own would earn more", ladder.Single(term => term.Term == "blue kettle").Next);
        Assert.Equal("Too few orders to move", ladder.Single(term => term.Term == "kettle cheap").Next);
    }

    [Fact]
    public void A_hand_over_and_a_waiting_proposal_say_what_comes_next()
    {
        var handover = new Handover("red kettle", new("A"), new(1), new(2), new(1), new(2), HandoverState.Delivering, Today.AddDays(-4), 3);
        var create = new Proposal(new("p"), Module.Graduation, ReasonCode.HarvestExact, new("A"), new CreateTarget(new(1), new(2), MatchType.Exact, "blue kettle", new(0.9m, Us.Currency)), new([]), new(new(5, Us.Currency), new(1, Us.Currency), new(9, Us.Currency), 0.9));

        var ladder = TermLadder.Of(Shop() with { Handovers = [handover] }, Span, [new ListedProposal(create, ProposalState.Open, Today, null)]);

        var (red, blue) = (ladder.Single(term => term.Term == "red kettle"), ladder.Single(term => term.Term == "blue kettle"));
        Assert.Equal(("Its source is closed to it next", HandoverState.Delivering), (red.Next, red.Handover!.State));
        Assert.Equal(("A target of its own at $0.90 waits for your yes", "p"), (blue.Next, blue.Proposal!.Value.Value));
        Assert.Equal(["blue kettle", "red kettle"], ladder.Where(term => term.Is(LadderView.OnTheWay)).Select(term => term.Term).Order());
    }

    [Fact]
    public void A_shelf_shows_mornings_that_were_counted_then_what_is_left()
    {
        var stock = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        for (var age = 40; age >= 0; age--) stock.Day(Today.AddDays(-age)).Text("A").Long(100 - (40 - age)).Long(0).Long(0);
        var cover = new StockCover(new("A"), 60, 4, 15, 20, new(5, Us.Currency), new(8, Us.Currency));
        Proposal Low(string id, decimal after) => new(new(id), Module.Bidding, ReasonCode.LowStock, new("A"), new SetBid(new(1), new(2), new(31), TargetKind.Keyword, new(1, Us.Currency), new(after, Us.Currency)), new([new("inventoryPrice", 2.345, "USD")]), new(new(5, Us.Currency), new(1, Us.Currency), new(9, Us.Currency), 0.9));

        var shelf = Assert.Single(StockShelf.Of(Shop() with { InventoryDays = stock.Build() }, [cover], [new(Low("a", 0.8m), ProposalState.Open, Today, null), new(Low("b", 0.6m), ProposalState.Approved, Today, null), new(Low("c", 0.1m), ProposalState.Rejected, Today, null)]));

        Assert.Equal(31, shelf.Points.Count(point => !point.IsAhead));
        Assert.Equal((Today, 60.0), (shelf.Points.Last(point => !point.IsAhead).Day, shelf.Points.Last(point => !point.IsAhead).Units));
        Assert.Equal([56, 52, 48], shelf.Points.Where(point => point.IsAhead).Take(3).Select(point => point.Units));
        Assert.Equal(Today.AddDays(15), shelf.Points.First(point => point is { IsAhead: true, Units: 0 }).Day);
        Assert.Equal((2, 0, 2.34m), (shelf.Bids.Down, shelf.Bids.Up, shelf.Bids.KeptUnit!.Value.Amount));
        Assert.Equal(-0.3, shelf.Bids.MeanStep, 9);
    }

    private static Workspace Shop()
    {
        Money Usd(decimal amount) => new(amount, Us.Currency);
        var terms = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        for (var day = Today.AddDays(-4); day < Today; day = day.AddDays(1))
            foreach (var row in Rows) terms.Day(day).Long(1).Long(2).Long(row.Target).Text(row.Term).Long(row.Clicks * 20).Long(row.Clicks).Long(row.Cents * 10_000).Long(row.Orders).Long(row.Orders).Long(row.Orders * 25_000_000);
        return new Workspace
        {
            Storefront = new(1), Marketplace = Us, Today = Today, SyncedAt = null,
            Campaigns = [new(new(1), "Kitchen", TargetingType.Manual, EntityState.Enabled, Usd(10), BiddingStrategy.DownOnly, 0, 0, 0)],
            AdGroups = [new(new(2), new(1), "All", EntityState.Enabled, Usd(0.5m))],
            ProductAds = [new(new(4), new(1), new(2), new("A"), new("B000000001"), EntityState.Enabled)],
            Targets =
            [
                new(new(31), new(1), new(2), TargetKind.Auto, MatchType.CloseMatch, "", EntityState.Enabled, Usd(0.5m)),
                new(new(32), new(1), new(2), TargetKind.Keyword, MatchType.Broad, "kettle", EntityState.Enabled, Usd(0.5m)),
                new(new(33), new(1), new(2), TargetKind.Keyword, MatchType.Phrase, "kettle", EntityState.Enabled, Usd(0.5m)),
                new(new(34), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "red kettle", EntityState.Enabled, Usd(0.7m)),
                new(new(35), new(1), new(2), TargetKind.Product, MatchType.Product, "B0RIVAL001", EntityState.Enabled, Usd(0.4m)),
            ],
            Listings = [new(new("A"), new("B000000001"), "Kettle", Usd(25), true)],
            SearchTermDays = terms.Build(),
            Settings = Workspaces.DefaultSettings(Us),
        };
    }
}

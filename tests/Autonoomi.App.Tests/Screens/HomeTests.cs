using System.Globalization;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Overview;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>The overview of a shop whose facts are known by heart: every number on it is worked out here from those facts, by hand.</summary>
[Collection<PeopleTests>]
public sealed class HomeTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly Day = new(2026, 6, 10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_number_is_that_of_the_facts()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var market = Marketplace.Find("ATVPDKIKX0DER");
        var today = product.Services.GetRequiredService<BusinessClock>().Today(market);
        var settings = Workspaces.DefaultSettings(market) with { MonthlyBudget = new(1_000, Usd) };

        // Sixty days; in the newest thirty the first keyword is clicked twice as often and still never sells.
        await SmallShop.FillAsync(vault, storefront, today.AddDays(-30), 30, Stop, settings);
        await SmallShop.GoOnAsync(vault, storefront, today.AddDays(-30), today, Stop, at => at == 0 ? 2 : 1);
        var yesterday = BusinessClock.Day(market, today.AddDays(-1)).Start.AddHours(3);
        var write = new VaultWrite();
        foreach (var (at, after) in new[] { (0, 0.5m), (2, 0.6m), (3, 0.9m) })
        {
            var change = new AppliedChange(new SetBid(new(1), new(11), new(SmallShop.Id(at)), TargetKind.Keyword, new(SmallShop.Bid(at), Usd), new(after, Usd)), yesterday, ByPerson: at == 3);
            write.Put(RecordKind.Change, RecordKind.RecordId(storefront, $"c{at}"), new StoredChange($"c{at}", change, null, null, ChangeOutcomeKind.Confirmed), StoredJson.Default.StoredChange, "confirmed");
        }

        await vault.CommitAsync(write, Stop);
        var page = Regex.Replace(System.Net.WebUtility.HtmlDecode(await browser.ReadAsync("/?days=30")), "<!--.*?-->", "");

        decimal Cost(int at) => SmallShop.Bid(at) * 0.8m * SmallShop.Clicks(at);
        var keywords = Enumerable.Range(0, 2 * SmallShop.Keywords).ToArray();
        var perDay = keywords.Sum(Cost) + Cost(0);

        // The month: whole days times what a day costs; without a decision the last week's pace goes on.
        var gone = today.Day - 1;
        var days = DateTime.DaysInMonth(today.Year, today.Month);
        Assert.True(gone <= 30);
        var (spent, ends) = (gone * perDay, days * perDay);
        Assert.Contains($"{Rounded(spent)} of $1,000 spent, {Rounded(1_000m * gone / days)} by an even share. At {Rounded(perDay)} a day the month ends at {Rounded(ends)}.", Text(page, "pace-words"), StringComparison.Ordinal);

        // Dear keywords never sold; cheap ones sold every day at 25.00 less 15 % and 6.00.
        Assert.Contains($"<b>{Rounded(30 * (keywords.Where(at => at % 2 == 0).Sum(Cost) + Cost(0)))}</b>", Part(page, "losing"), StringComparison.Ordinal);
        Assert.Contains($"<b>{Rounded(30 * keywords.Where(at => at % 2 == 1).Sum(Cost))}</b>", Part(page, "profitable"), StringComparison.Ordinal);
        Assert.Contains("<b>$0</b>", Part(page, "unknown"), StringComparison.Ordinal);

        // The first campaign lost what the additional clicks cost, and nothing else moved.
        var lost = $"−{Display.Amount(new Money(30 * Cost(0), Usd))}";
        var movers = page[page.IndexOf("id=\"movers\"", StringComparison.Ordinal)..];
        Assert.Contains($"<b class=\"bad\">{lost}</b>", movers[..movers.IndexOf("</tr>", movers.IndexOf("Kitchen 1", StringComparison.Ordinal), StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains($"<b class=\"bad\">{lost}</b>", movers[movers.IndexOf("All campaigns", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("Kitchen 2", movers, StringComparison.Ordinal);

        Assert.Contains("2 bids lowered and 1 bid raised; 1 of them as you decided.", page, StringComparison.Ordinal);
        Assert.Contains($"Ads to {Display.Day(today.AddDays(-1))}", page, StringComparison.Ordinal);
        Assert.Contains($"Stock to {Display.Day(today)}", page, StringComparison.Ordinal);
        Assert.Contains("Money movements not read", page, StringComparison.Ordinal);

        // A budget of a thousand does not last at that pace: it is the one thing that needs somebody.
        Assert.Equal(ends > 1_000, page.Contains("data-need=\"budget\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_pace_goes_on_as_planned_and_says_when_the_money_is_gone()
    {
        var month = Enumerable.Range(1, 9).Select(day => Of(new(2026, 6, day), 20)).ToArray();

        var pace = Pace.Of(month, [], Day, new(600, Usd), new Money(30, Usd));

        Assert.Equal((180m, 180m + (21 * 30), 180m), (pace.Spent.Amount, pace.Ends.Amount, pace.PlanSoFar.Amount));
        Assert.Equal(new DateOnly(2026, 6, 24), pace.UsedUp); // 180 + 14 × 30 = 600 on the 23rd, beyond it the day after
        Assert.Equal(30, pace.Points.Count);
        Assert.Null(Pace.Of(month, [], Day, new(810, Usd), new Money(30, Usd)).UsedUp);

        // On the first of a month nothing is spent, and the last week's mean goes on.
        var first = Pace.Of([], [.. month.Take(7)], new(2026, 7, 1), new(600, Usd), null);
        Assert.Equal((0m, 31m * 20, 0m, false), (first.Spent.Amount, first.Ends.Amount, first.PlanSoFar.Amount, first.IsPlanned));
    }

    [Fact]
    public void What_needs_somebody_is_ranked_by_money_and_what_stops_everything_comes_first()
    {
        var names = new Dictionary<Sku, string> { [new("A-1")] = "Kettle" };
        var pace = Pace.Of([.. Enumerable.Range(1, 9).Select(day => Of(new(2026, 6, day), 20))], [], Day, new(600, Usd), new Money(30, Usd));
        Recommendation Task(string entry, string sku, decimal stake) => new(entry, sku, new(sku), [], new([]), null, new(stake, Usd), 1, Day.AddDays(7));
        var review = new StoredReview(Day, null!, [Task("R22", "A-1", 90), Task("R22", "B-2", 30), Task("R17", "A-1", 400)], [])
        {
            Stock = [new StockCover(new("A-1"), 10, 2, 5, 20, new(4, Usd), new(8, Usd)), new StockCover(new("B-2"), 10, 2, 5, 20, new(0, Usd), new(8, Usd)), new StockCover(new("C-3"), 90, 2, 45, 20, new(4, Usd), new(8, Usd))],
        };
        var open = new[] { Proposal("a", 150), Proposal("b", 50) };

        var needs = NeedsYou.Of(open, review, Day, pace, null, [], names, DateTimeOffset.UnixEpoch);

        // (20 − 5) days × 2 units × 8.00; unadvertised products and those with stock enough are nobody's worry.
        Assert.Equal([("offers", 400m), ("stock", 240m), ("budget", 210m), ("approvals", 200m), ("costs", 120m)], needs.Select(need => (need.Id, need.AtStake!.Value.Amount)));
        Assert.Equal("Kettle runs out in 5 days", needs[1].Title);
        Assert.Equal("2 advertised products have no cost", needs[4].Title);
        Assert.All(needs, need => Assert.StartsWith("/", need.Address, StringComparison.Ordinal));

        var failed = new RunView(Guid.NewGuid(), new(Guid.NewGuid()), new(1), RunKind.Full, RunState.Failed, "", 1, 2, 0, 0, "Amazon said no.", DateTimeOffset.UnixEpoch, null);
        var urgent = NeedsYou.Of(open, review, Day, pace, failed, [], names, DateTimeOffset.UnixEpoch);
        Assert.Equal(("run", NeedsYou.Most), (urgent[0].Id, urgent.Count));
        Assert.DoesNotContain(urgent, need => need.Id == "costs");
        Assert.Empty(NeedsYou.Of([], null, Day, null, null, [], names, DateTimeOffset.UnixEpoch));
    }

    private static string Rounded(decimal amount) => "$" + decimal.Round(amount, 0).ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(string page, string id) => Regex.Match(page, $"id=\"{id}\"[^>]*>(.*?)</p>", RegexOptions.Singleline).Groups[1].Value;

    private static string Part(string page, string part) => Regex.Match(page, $"data-part=\"{part}\".*?</li>", RegexOptions.Singleline).Value;

    private static (DateOnly Day, Money Spend) Of(DateOnly day, decimal spend) => (day, new(spend, Usd));

    private static ListedProposal Proposal(string id, decimal gain) => new(
        new(new(id), Module.Bidding, ReasonCode.LowerBid, null, new SetBid(new(1), new(1), new(1), TargetKind.Keyword, new(1, Usd), new(0.9m, Usd)), new([]), new(new(gain, Usd), new(1, Usd), new(gain * 2, Usd), 0.9)),
        ProposalState.Open, Day, null);
}

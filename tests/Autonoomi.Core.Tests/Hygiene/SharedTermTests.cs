using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Hygiene;

public sealed class SharedTermTests
{
    private static readonly Workspace Storefront = new SomeStorefront { Products = 2, ClicksPerDay = 2, TermsPerGroup = 4 }.Build();

    [Fact]
    public void Every_search_that_two_targets_of_a_product_answered_is_told_with_the_figures_of_its_rows()
    {
        var terms = Optimiser.Review(Storefront, DecisionSettings.Default).SharedTerms;

        // All targets of this storefront but exact keywords draw from the same four searches of their product.
        Assert.Equal(8, terms.Length);
        Assert.Equal(terms.OrderByDescending(term => term.Spend.Amount).Select(term => term.Term), terms.Select(term => term.Term));
        foreach (var term in terms)
        {
            Assert.True(term.Servers.Length >= 2);
            Assert.Equal(term.Servers.Length, term.Servers.DistinctBy(server => server.Target).Count());
            foreach (var server in term.Servers)
            {
                var (clicks, orders, cost) = Rows(term.Term, server.Target);
                Assert.Equal((clicks, orders), (server.Clicks, server.Orders));
                Assert.Equal(decimal.Round((decimal)cost / clicks / 1e6m, 2), server.ClickPrice.Amount);
                Assert.Equal(Storefront.Targets.Single(target => target.Id == server.Target).Bid, server.Bid);
            }

            Assert.Equal((double)term.Servers.Sum(server => Rows(term.Term, server.Target).Cost) / 1e6, (double)term.Spend.Amount, 0.006);
        }
    }

    [Fact]
    public void An_ad_group_that_is_closed_to_a_search_and_a_paused_target_do_not_count()
    {
        var term = Optimiser.Review(Storefront, DecisionSettings.Default).SharedTerms[0];
        var (first, second) = (Target(term.Servers[0].Target), Target(term.Servers[1].Target));

        var closed = Of(Storefront with { Negatives = [new Negative(new(5), first.Campaign, first.AdGroup, NegativeMatch.Exact, term.Term, EntityState.Enabled)] }, term.Term);
        Assert.DoesNotContain(closed!.Servers, server => Target(server.Target).AdGroup == first.AdGroup);

        var paused = Of(Storefront with { Targets = [.. Storefront.Targets.Select(target => target.Id == second.Id ? target with { State = EntityState.Paused } : target)] }, term.Term);
        Assert.DoesNotContain(paused!.Servers, server => server.Target == second.Id);

        var campaign = Of(Storefront with { Negatives = [.. Storefront.Campaigns.Select((home, index) => new Negative(new(index + 5), home.Id, null, NegativeMatch.Exact, term.Term, EntityState.Enabled))] }, term.Term);
        Assert.Null(campaign);
    }

    [Fact]
    public void What_is_proposed_stands_beside_the_ad_group_that_is_to_be_closed()
    {
        // Nobody who searches for this buys, and many do search.
        var workspace = WithoutOrders(Storefront, "term sku-001 2");
        var review = Optimiser.Review(workspace, DecisionSettings.Default);
        var negatives = review.Decision.Proposals.Where(proposal => proposal.Change is AddNegative).ToDictionary(proposal => (((AddNegative)proposal.Change).AdGroup, ((AddNegative)proposal.Change).Text), proposal => proposal.Reason);
        var seen = 0;
        foreach (var term in review.SharedTerms)
        {
            foreach (var server in term.Servers)
            {
                Assert.Equal(negatives.TryGetValue((Target(server.Target).AdGroup, term.Term), out var reason) ? (ReasonCode?)reason : null, server.Proposed);
                if (server.Proposed is not null) seen++;
            }
        }

        Assert.True(seen > 0, "the search is not to be closed anywhere");
    }

    private static Workspace WithoutOrders(Workspace workspace, string term)
    {
        var table = workspace.SearchTermDays;
        var columns = Enumerable.Range(0, table.Schema.Columns.Length).Select(index => table[index]).ToArray();
        var (orders, clicks, cost, texts) = (table.Longs("orders").ToArray(), table.Longs("clicks").ToArray(), table.Longs("cost").ToArray(), table.Texts("search_term"));
        for (var row = 0; row < orders.Length; row++)
        {
            if (texts[row] != term) continue;
            orders[row] = 0;
            (clicks[row], cost[row]) = (clicks[row] * 3, cost[row] * 3);
        }

        columns[table.Schema.IndexOf("orders")] = new LongColumn(orders);
        columns[table.Schema.IndexOf("clicks")] = new LongColumn(clicks);
        columns[table.Schema.IndexOf("cost")] = new LongColumn(cost);
        return workspace with { SearchTermDays = new FactTable(table.Schema, columns) };
    }

    private static SharedTerm? Of(Workspace workspace, string term) => Optimiser.Review(workspace, DecisionSettings.Default).SharedTerms.FirstOrDefault(shared => shared.Term == term);

    private static Target Target(TargetId id) => Storefront.Targets.Single(target => target.Id == id);

    private static (long Clicks, long Orders, long Cost) Rows(string term, TargetId target)
    {
        var table = Storefront.SearchTermDays;
        var days = table.Ints("day");
        var words = table.Texts("search_term");
        (long Clicks, long Orders, long Cost) sum = default;
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] < Storefront.Today.DayNumber - 30 || words[row] != term || table.Longs("target_id")[row] != target.Value) continue;
            sum = (sum.Clicks + table.Longs("clicks")[row], sum.Orders + table.Longs("orders")[row], sum.Cost + table.Longs("cost")[row]);
        }

        return sum;
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies.Tests;

/// <summary>Search-term modules alone: an order is worth 20, the target ACoS is 25 %.</summary>
public sealed class TermModuleTests
{
    [Fact]
    public void Zon_makes_three_keywords_of_a_term_with_two_orders_and_closes_what_would_compete()
    {
        var account = new SomeAccount();
        var (clause, _, _) = (account.Clause(), account.Keyword(match: MatchType.Phrase), account.Keyword(match: MatchType.Broad));
        account.Keyword();
        account.Term(clause, "Red Shoes", clicks: 8, cost: 4, orders: 1).Term(clause, "red shoes", clicks: 2, cost: 1.2m, orders: 1, daysAgo: 59);

        var changes = account.Decide("H-Zon");
        Assert.Equal(
            [(MatchType.Exact, SomeAccount.ExactGroup, "red shoes", 0.52m), (MatchType.Phrase, SomeAccount.PhraseGroup, "red shoes", 0.52m), (MatchType.Broad, SomeAccount.BroadGroup, "red shoes", 0.52m)],
            changes.OfType<CreateTarget>().Select(change => (change.Match, change.AdGroup.Value, change.Text, change.Bid.Amount)));
        Assert.Equal(
            [(SomeAccount.PhraseGroup, NegativeMatch.Exact), (SomeAccount.BroadGroup, NegativeMatch.Phrase), (SomeAccount.AutoGroup, NegativeMatch.Exact)],
            changes.OfType<AddNegative>().Select(change => (change.AdGroup!.Value.Value, change.Match)));
    }

    [Theory]
    [InlineData(10, 1, 0, 1)] // ten clicks
    [InlineData(9, 9.9, 0, 0)]
    [InlineData(5, 10, 0, 1)] // spent 2 × 20 × 25 %
    [InlineData(30, 30, 1, 0)] // an order saves it
    public void Zon_negates_ten_clicks_or_the_largest_spend(int clicks, double cost, int orders, int negatives)
    {
        var account = new SomeAccount();
        account.Term(account.Clause(), "red shoes", clicks, (decimal)cost, orders);

        Assert.Equal(negatives, account.Decide("H-Zon").OfType<AddNegative>().Count());
    }

    [Fact]
    public void Sellics_goes_from_automatic_to_phrase_at_one_order_and_to_exact_at_two_after_x_clicks()
    {
        var account = new SomeAccount();
        var (clause, broad) = (account.Clause(bid: 0.40m), account.Keyword(bid: 0.70m, match: MatchType.Broad));
        account.Keyword();
        account.Facts(clause, clicks: 100, orders: 10); // X is 10
        account.Term(clause, "one", clicks: 3, orders: 1).Term(broad, "broad one", clicks: 3, orders: 1)
            .Term(broad, "two late", clicks: 10, orders: 2).Term(broad, "two early", clicks: 9, orders: 2)
            .Term(broad, "never", clicks: 20).Term(broad, "hardly", clicks: 19);

        var changes = account.Decide("H-Sellics");
        Assert.Equal([(MatchType.Exact, "two late", 0.70m), (MatchType.Phrase, "one", 0.40m)], changes.OfType<CreateTarget>().Select(change => (change.Match, change.Text, change.Bid.Amount)).Order());
        Assert.Equal(["never", "two late"], changes.OfType<AddNegative>().Select(change => change.Text).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(10, 0, 1)]
    [InlineData(9.9, 0, 0)]
    [InlineData(10, 1, 1)] // ACoS 50 %
    [InlineData(10, 2, 0)] // ACoS 25 %
    public void Scale_insights_negates_ten_dollars_without_return(double cost, int orders, int negatives)
    {
        var account = new SomeAccount();
        account.Term(account.Clause(), "red shoes", clicks: 5, (decimal)cost, orders, daysAgo: 59);

        Assert.Equal(negatives, account.Decide("H-Scale").OfType<AddNegative>().Count());
    }

    [Theory]
    [InlineData(10, 14, 2, 14, 1, 1)] // two orders at ACoS 35 %: keyword at 1.40, source closed
    [InlineData(10, 14.1, 2, 14, 0, 0)]
    [InlineData(10, 14, 2, 15, 0, 0)] // too long ago
    [InlineData(20, 1, 0, 14, 0, 1)]
    [InlineData(19, 9.9, 0, 14, 0, 0)]
    [InlineData(5, 10, 0, 14, 0, 1)]
    public void Pal_harvests_two_orders_and_negates_twenty_clicks_or_ten_dollars(int clicks, double cost, int orders, int daysAgo, int creates, int negatives)
    {
        var account = new SomeAccount();
        account.Term(account.Clause(), "red shoes", clicks, (decimal)cost, orders, daysAgo: daysAgo);

        var changes = account.Decide("H-pal");
        Assert.Equal((creates, negatives), (changes.OfType<CreateTarget>().Count(), changes.OfType<AddNegative>().Count()));
        Assert.All(changes.OfType<CreateTarget>(), change => Assert.Equal((MatchType.Exact, 1.40m), (change.Match, change.Bid.Amount)));
    }

    [Fact]
    public void The_open_funnel_goes_to_phrase_at_three_orders_and_to_exact_at_ten()
    {
        var account = new SomeAccount();
        var (broad, phrase) = (account.Keyword(match: MatchType.Broad), account.Keyword(match: MatchType.Phrase));
        account.Keyword();
        account.Term(broad, "three", clicks: 10, cost: 5, orders: 3).Term(broad, "two", clicks: 10, cost: 5, orders: 2).Term(broad, "loss", clicks: 10, cost: 61, orders: 3)
            .Term(phrase, "ten", clicks: 40, cost: 40, orders: 10).Term(phrase, "nine", clicks: 40, cost: 20, orders: 9).Term(phrase, "dear", clicks: 40, cost: 41, orders: 10);

        var changes = account.Decide("H-open");
        Assert.Equal([(MatchType.Exact, "ten", 1.20m), (MatchType.Phrase, "three", 0.60m)], changes.OfType<CreateTarget>().Select(change => (change.Match, change.Text, change.Bid.Amount)).Order());
        Assert.Equal([(SomeAccount.PhraseGroup, "ten"), (SomeAccount.BroadGroup, "three")], changes.OfType<AddNegative>().Select(change => (change.AdGroup!.Value.Value, change.Text)).Order());
    }

    [Fact]
    public void What_exists_is_not_written_again()
    {
        var account = new SomeAccount();
        var clause = account.Clause();
        account.Keyword(text: "Red Shoes");
        account.Negative(SomeAccount.AutoGroup, "Blue Hat");
        account.Term(clause, "red shoes", clicks: 10, cost: 5, orders: 2).Term(clause, "blue hat", clicks: 30);
        Assert.Empty(account.Decide("H-pal"));

        account.Term(clause, "green tie", clicks: 10, cost: 5, orders: 2).Term(clause, "old sock", clicks: 30);
        var changes = account.Decide("H-pal");
        Assert.Equal(3, changes.Count);
        account.Apply(changes);
        Assert.Empty(account.Decide("H-pal"));
    }

    [Fact]
    public void Amazons_limits_of_words_and_letters_hold()
    {
        var account = new SomeAccount();
        var clause = account.Clause();
        account.Keyword(match: MatchType.Phrase);
        account.Keyword(match: MatchType.Broad);
        account.Keyword();
        var words = Enumerable.Range(1, 11).Select(word => $"w{word}").ToArray();
        account.Term(clause, string.Join(' ', words[..10]), clicks: 10, cost: 5, orders: 2).Term(clause, string.Join(' ', words), clicks: 10, cost: 5, orders: 2)
            .Term(clause, new string('x', 80), clicks: 10, cost: 5, orders: 2).Term(clause, new string('y', 81), clicks: 10, cost: 5, orders: 2)
            .Term(clause, "*", clicks: 10, cost: 5, orders: 2).Term(clause, "b0abcdefgh", clicks: 10, cost: 5, orders: 2);

        var changes = account.Decide("H-Zon");
        var exact = changes.OfType<CreateTarget>().Where(change => change.Match == MatchType.Exact).Select(change => change.Text);
        Assert.Equal([string.Join(' ', words[..10]), new string('x', 80)], exact);

        // Ten words are too many for a negative phrase, so there is no broad keyword either.
        Assert.Equal(new string('x', 80), Assert.Single(changes.OfType<CreateTarget>(), change => change.Match == MatchType.Broad).Text);
        Assert.Equal(new string('x', 80), Assert.Single(changes.OfType<AddNegative>(), change => change.Match == NegativeMatch.Phrase).Text);
    }

    [Fact]
    public void A_product_page_is_closed_by_its_asin()
    {
        var account = new SomeAccount();
        account.Term(account.Clause(match: MatchType.Substitutes), "b0abcdefgh", clicks: 30);

        var negative = Assert.Single(account.Decide("H-Sellics").OfType<AddNegative>());
        Assert.Equal((NegativeMatch.Product, "B0ABCDEFGH"), (negative.Match, negative.Text));
    }

    [Fact]
    public void Protected_terms_are_never_negated()
    {
        var account = new SomeAccount { ProtectedTerms = ["brand"] };
        account.Term(account.Clause(), "brand shoes", clicks: 30).Term(1000, "branded shoes", clicks: 30);

        Assert.Equal("branded shoes", Assert.Single(account.Decide("H-Sellics").OfType<AddNegative>()).Text);
    }

    [Fact]
    public void An_exact_keyword_is_steered_by_its_bid_not_closed()
    {
        var account = new SomeAccount();
        var keyword = account.Keyword(text: "red shoes");
        account.Term(keyword, "red shoes", clicks: 50, cost: 50);

        Assert.Empty(account.Decide("H-Zon"));
    }

    [Fact]
    public void Without_a_manual_ad_group_nothing_is_created_and_nothing_is_closed_for_it()
    {
        var account = new SomeAccount(empty: true);
        account.Product("SKU-1", 20);
        account.Campaign(SomeAccount.Auto, TargetingType.Auto);
        account.Group(SomeAccount.AutoGroup, SomeAccount.Auto);
        account.Term(account.Clause(), "red shoes", clicks: 10, cost: 5, orders: 3);

        Assert.DoesNotContain(account.Decide("H-Zon"), change => change is CreateTarget or AddNegative);
    }

    [Theory]
    [InlineData("H-Zon")]
    [InlineData("H-Sellics")]
    [InlineData("H-pal")]
    [InlineData("H-open")]
    public void A_new_keyword_is_never_closed_by_its_own_negative(string module)
    {
        // One manual ad group for all match types: the source is where the new keyword goes.
        var account = new SomeAccount(empty: true);
        account.Product("SKU-1", 20);
        account.Campaign(SomeAccount.Manual, TargetingType.Manual);
        account.Group(SomeAccount.BroadGroup, SomeAccount.Manual);
        var broad = account.Keyword(match: MatchType.Broad);
        account.Facts(broad, clicks: 30, orders: 12).Term(broad, "red shoes", clicks: 30, cost: 30, orders: 12);

        var changes = account.Decide(module);
        Assert.Equal("red shoes", Assert.Single(changes.OfType<CreateTarget>()).Text);
        Assert.Empty(changes.OfType<AddNegative>());
    }
}

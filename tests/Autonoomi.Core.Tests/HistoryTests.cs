using Autonoomi.Core.Advertising;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Facts;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests;

/// <summary>Who changed it, how what we set stands now, and whether Amazon really holds the month.</summary>
public sealed class HistoryTests
{
    private static readonly DateTimeOffset At = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly Currency Usd = Marketplace.Find("ATVPDKIKX0DER").Currency;
    private static readonly SetBid Ours = new(new(1), new(2), new(3), TargetKind.Keyword, new Money(0.5m, Usd), new Money(0.6m, Usd));

    [Fact]
    public void An_event_that_the_journal_explains_is_ours_and_every_other_is_somebody_elses()
    {
        AccountEvent[] events =
        [
            Bid(At.AddMinutes(3), "0.6"), Bid(At.AddMinutes(4), "0.9"), Bid(At.AddHours(2), "0.6"),
            new(At, EventEntity.Campaign, 3, EventField.Budget, "10", "0.6", new(3)), new(At.AddMinutes(5), EventEntity.Keyword, 77, EventField.State, null, "ENABLED", new(1)),
        ];
        JournalEntry[] journal = [new(new AppliedChange(Ours, At, ByPerson: false)), new(new AppliedChange(new CreateTarget(new(1), new(2), MatchType.Exact, "new", Ours.After), At.AddMinutes(5), false), 77)];

        var judged = Authorship.Attribute(events.Reverse(), journal);

        Assert.Equal([false, true, false, true, false], judged.Select(item => item.IsOurs));
        Assert.Equal(judged.Select(item => item.Event.At).Order(), judged.Select(item => item.Event.At));
    }

    [Fact]
    public void One_change_of_ours_explains_one_event_so_that_a_person_who_sets_our_value_again_is_seen()
    {
        var judged = Authorship.Attribute([Bid(At.AddMinutes(1), "0.60"), Bid(At.AddMinutes(5), "0.6")], [new(new AppliedChange(Ours, At, ByPerson: false))]);

        Assert.Equal([true, false], judged.Select(item => item.IsOurs));
    }

    [Fact]
    public void The_three_facts_of_a_value_are_what_we_set_what_Amazon_says_and_when_both_last_agreed()
    {
        var target = new Target(new(3), new(1), new(2), TargetKind.Keyword, MatchType.Exact, "board", EntityState.Enabled, new Money(0.9m, Usd));
        var workspace = Plain with { Targets = [target], Changes = [new AppliedChange(Ours, At, false)] };
        var foreign = Authorship.Attribute([Bid(At.AddHours(3), "0.9")], []);

        var parted = Assert.Single(Standings.Of(workspace, foreign));
        var agreed = Assert.Single(Standings.Of(workspace with { Targets = [target with { Bid = Ours.After }] }, foreign));
        var gone = Assert.Single(Standings.Of(workspace with { Targets = [] }, []));

        Assert.Equal(("0.6", "0.9", At.AddHours(3)), (parted.WeSet, parted.AmazonSays, parted.LastAgreed));
        Assert.Equal((true, workspace.SyncedAt), (agreed.Agrees, agreed.LastAgreed));
        Assert.Equal((null, null), (gone.AmazonSays, gone.LastAgreed));
    }

    [Theory]
    [InlineData("not claimed", PortfolioVerdict.NotClaimed, null)]
    [InlineData("held", PortfolioVerdict.Held, 900)]
    [InlineData("lower at Amazon", PortfolioVerdict.Held, 800)]
    [InlineData("higher at Amazon", PortfolioVerdict.Higher, null)]
    [InlineData("one outside", PortfolioVerdict.Outside, null)]
    [InlineData("a paused one outside", PortfolioVerdict.Held, 900)]
    [InlineData("one of Display", PortfolioVerdict.Outside, null)]
    [InlineData("no cap", PortfolioVerdict.NoCap, null)]
    [InlineData("never read", PortfolioVerdict.Unread, null)]
    [InlineData("read long ago", PortfolioVerdict.Unread, null)]
    public void The_month_is_held_only_as_far_as_Amazon_confirms_it(string how, PortfolioVerdict verdict, int? held)
    {
        var controls = new AmazonControls(At, [new(5, "All", new Money(900, Usd), [new(1), new(2)])], [], []);
        controls = how switch
        {
            "lower at Amazon" => controls with { Caps = [controls.Caps[0] with { Monthly = new Money(800, Usd) }] },
            "higher at Amazon" => controls with { Caps = [controls.Caps[0] with { Monthly = new Money(901, Usd) }] },
            "one outside" or "a paused one outside" => controls with { Caps = [controls.Caps[0] with { Campaigns = [new(1)] }] },
            "no cap" => controls with { Caps = [] },
            "never read" => AmazonControls.Unread,
            "read long ago" => controls with { At = At.AddDays(-8) },
            _ => controls,
        };
        var workspace = Plain with
        {
            Controls = controls,
            Campaigns = [Campaign(1, EntityState.Enabled), Campaign(2, how == "a paused one outside" ? EntityState.Paused : EntityState.Enabled) with { AdProduct = how == "one of Display" ? AdProduct.SponsoredDisplay : AdProduct.SponsoredProducts }],
            Settings = Plain.Settings with { PortfolioCap = how == "not claimed" ? null : new Money(900, Usd) },
        };

        var check = PortfolioCheck.Of(workspace);

        Assert.Equal((verdict, held), (check.Verdict, (int?)check.Held?.Amount));
        Assert.Equal(verdict is not (PortfolioVerdict.Held or PortfolioVerdict.NotClaimed), check.Words is not null);
        Assert.Equal(held is null ? 21 : 8, BudgetPricing.DaysCovered(workspace, daysLeft: 20));
    }

    [Fact]
    public void Where_nobody_asks_Amazon_the_sellers_word_counts() =>
        Assert.Equal(8, BudgetPricing.DaysCovered(Plain with { Settings = Plain.Settings with { PortfolioCap = new Money(900, Usd) } }, daysLeft: 20));

    private static Workspace Plain => new()
    {
        Storefront = new(7), Marketplace = Marketplace.Find("ATVPDKIKX0DER"), Today = new(2026, 6, 2), SyncedAt = At.AddHours(6),
        Settings = new StorefrontSettings(AutomationMode.Auto, new Money(1_000, Usd), new Money(2, Usd), [], [], Frozen: false),
    };

    private static AccountEvent Bid(DateTimeOffset at, string after) => new(at, EventEntity.Keyword, 3, EventField.Bid, "0.5", after, new(1));

    private static Campaign Campaign(long id, EntityState state) => new(new(id), $"C{id}", TargetingType.Manual, state, new Money(10, Usd), BiddingStrategy.Fixed, 0, 0, 0);
}

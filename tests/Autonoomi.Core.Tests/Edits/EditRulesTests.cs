using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Edits;

/// <summary>What a person's own changes are held against.</summary>
public sealed class EditRulesTests
{
    private static readonly Workspace Shop = new SomeStorefront { DailyBudget = 20 }.Build();
    private static readonly Target Keyword = Shop.Targets.First(target => target.Match == MatchType.Exact && target.Bid.Amount < 1.5m);
    private static readonly Campaign Home = Shop.Campaigns.Single(campaign => campaign.Id == Keyword.Campaign);

    [Fact]
    public void What_is_within_all_limits_is_written_without_a_word()
    {
        Change[] wanted =
        [
            Bid(Keyword, 1.6m), new SetBudget(Home.Id, Home.DailyBudget, Home.DailyBudget with { Amount = 31.5m }), new SetPlacement(Home.Id, Placement.ProductPages, Home.ProductPagesPercent, 35),
            new SetTargetState(Home.Id, Keyword.AdGroup, Keyword.Id, Keyword.Kind, EntityState.Enabled, EntityState.Paused), new SetCampaignState(Home.Id, EntityState.Enabled, EntityState.Paused),
            new SetAdGroupState(Home.Id, Keyword.AdGroup, EntityState.Enabled, EntityState.Paused), new CreateTarget(Home.Id, Keyword.AdGroup, MatchType.Exact, "quite new words", Keyword.Bid),
            new CreateTarget(Home.Id, Keyword.AdGroup, MatchType.Product, "B0ABCDEFGH", Keyword.Bid), new AddNegative(Home.Id, null, NegativeMatch.Phrase, "not these"),
        ];
        Assert.All(new EditRules(Shop).Judge(wanted), edit => Assert.True(edit is { Refusal: null, Warning: null }, $"{edit.Change}: {edit.Refusal} {edit.Warning}"));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "bid too low", "must lie between 0.02 USD and" }, { "bid between steps", "multiple of 0.01 USD" }, { "bid above the highest", "above your highest bid of 5" }, { "bid above the budget", "above the campaign's daily budget of 4.00 USD" },
        { "bid that moved", "stands at" }, { "bid as it is", "has this value already" }, { "bid of nobody", "no longer exists" }, { "foreign currency", "this storefront's currency is USD" }, { "click too dear", "above your highest click cost of 1" },
        { "budget too low", "daily budget must lie between 1" }, { "budget with too many digits", "at most 2 digits" }, { "budget of a whole life", "not a daily one" }, { "placement too high", "between 0 and 900" }, { "placement makes clicks too dear", "above your highest click cost of 3" },
        { "archived never comes back", "never comes back" }, { "group for good", "pause it instead" }, { "campaign that is gone", "campaign no longer exists" },
        { "keyword in an automatic campaign", "takes no keywords" }, { "keyword twice", "has this target already" }, { "keyword too long", "80 at most" }, { "too many words", "Amazon takes 10 at most" }, { "no text", "text is missing" }, { "masked", "masked word" }, { "no ASIN", "ten letters and digits" },
        { "phrase of five words", "Amazon takes 4 at most" }, { "protected", "protected terms" }, { "blocked already", "blocked there already" }, { "negative that is gone", "gone already" },
        { "brands placed by Amazon", "Amazon places the bids" }, { "placement of display", "no placement increases" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_breaks_a_limit_is_refused_with_the_rule_and_the_value(string what, string words)
    {
        var (shop, change) = Broken(what);
        var edit = new EditRules(shop).Judge(change);
        Assert.NotNull(edit.Refusal);
        Assert.Contains(words, edit.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Consequences_are_told_and_one_thing_is_changed_once()
    {
        var sold = Shop.SearchTermDays.Texts("search_term");
        var campaigns = Shop.SearchTermDays.Longs("campaign_id");
        var orders = Shop.SearchTermDays.Longs("orders");
        var row = orders.ToArray().ToList().FindIndex(count => count > 0);
        long expected = 0;
        for (var at = 0; at < orders.Length; at++) expected += campaigns[at] == campaigns[row] && sold[at] == sold[row] ? orders[at] : 0;

        var blocked = Shop with { Negatives = [new(new(1), Home.Id, null, NegativeMatch.Phrase, "cheap", EntityState.Enabled)] };
        Assert.Contains("blocks it", new EditRules(blocked).Judge(new CreateTarget(Home.Id, Keyword.AdGroup, MatchType.Broad, "very cheap thing", Keyword.Bid)).Warning, StringComparison.Ordinal);
        Assert.Contains($"brought {expected} order", new EditRules(Shop).Judge(new AddNegative(new(campaigns[row]), null, NegativeMatch.Exact, sold[row])).Warning, StringComparison.Ordinal);
        var own = Shop.Targets.Count(target => target.Campaign == Home.Id);
        Assert.Contains($"with its {own} targets", new EditRules(Shop).Judge(new SetCampaignState(Home.Id, EntityState.Enabled, EntityState.Archived)).Warning, StringComparison.Ordinal);
        Assert.Contains("above your cap of 50", new EditRules(With(settings => settings with { DailyCap = new(50, Home.DailyBudget.Currency) })).Judge(new SetBudget(Home.Id, Home.DailyBudget, Home.DailyBudget with { Amount = 40 })).Warning, StringComparison.Ordinal);

        var twice = new EditRules(Shop).Judge([Bid(Keyword, 1.6m), Bid(Keyword, 1.7m)]);
        Assert.Equal([true, false], twice.Select(edit => edit.MayBeWritten));
    }

    [Fact]
    public void The_ad_product_of_the_campaign_goes_along()
    {
        var shop = Shop with { Campaigns = [.. Shop.Campaigns.Select(campaign => campaign with { AdProduct = AdProduct.SponsoredDisplay, CostType = CostType.PerClick })] };
        Assert.Equal(AdProduct.SponsoredDisplay, new EditRules(shop).Judge(Bid(Keyword, 1.6m)).Change.AdProduct);
    }

    private static (Workspace Shop, Change Change) Broken(string what)
    {
        var (group, bid) = (Keyword.AdGroup, Keyword.Bid);
        var auto = Shop.Campaigns.First(campaign => campaign.Targeting == TargetingType.Auto);
        var brands = Shop with { Campaigns = [.. Shop.Campaigns.Select(campaign => campaign with { AdProduct = AdProduct.SponsoredBrands, CostType = CostType.PerClick, Strategy = BiddingStrategy.UpAndDown, BudgetPeriod = BudgetPeriod.Lifetime })] };
        Workspace Cheap(decimal most) => With(settings => settings with { MaximumClickCost = new(most, bid.Currency) });
        Change Exact(string text) => new CreateTarget(Home.Id, group, MatchType.Exact, text, bid);
        return what switch
        {
            "bid too low" => (Shop, Bid(Keyword, 0.01m)),
            "bid between steps" => (Shop, Bid(Keyword, 1.005m)),
            "bid above the highest" => (Shop, Bid(Keyword, 5.01m)),
            "bid above the budget" => (Shop with { Campaigns = [.. Shop.Campaigns.Select(campaign => campaign with { DailyBudget = new(4.00m, bid.Currency) })] }, Bid(Keyword, 4.01m)),
            "bid that moved" => (Shop, Bid(Keyword with { Bid = bid with { Amount = bid.Amount + 0.01m } }, 1.6m)),
            "bid as it is" => (Shop, Bid(Keyword, bid.Amount)),
            "bid of nobody" => (Shop, Bid(Keyword with { Id = new(4) }, 1.6m)),
            "foreign currency" => (Shop, Bid(Keyword, 1.6m) with { After = new(1.6m, new("EUR")) }),
            "click too dear" => (Cheap(1), Bid(Keyword, 1.6m)),
            "budget too low" => (Shop, new SetBudget(Home.Id, Home.DailyBudget, Home.DailyBudget with { Amount = 0.5m })),
            "budget with too many digits" => (Shop, new SetBudget(Home.Id, Home.DailyBudget, Home.DailyBudget with { Amount = 12.345m })),
            "budget of a whole life" => (brands, new SetBudget(Home.Id, Home.DailyBudget, Home.DailyBudget with { Amount = 30 })),
            "placement too high" => (Shop, new SetPlacement(Home.Id, Placement.TopOfSearch, Home.TopOfSearchPercent, 901)),
            "placement makes clicks too dear" => (Cheap(3), new SetPlacement(Home.Id, Placement.TopOfSearch, Home.TopOfSearchPercent, 800)),
            "archived never comes back" => (Shop with { Targets = [.. Shop.Targets.Select(target => target.Id == Keyword.Id ? target with { State = EntityState.Archived } : target)] }, new SetTargetState(Home.Id, group, Keyword.Id, Keyword.Kind, EntityState.Archived, EntityState.Enabled)),
            "group for good" => (Shop, new SetAdGroupState(Home.Id, group, EntityState.Enabled, EntityState.Archived)),
            "campaign that is gone" => (Shop, new SetCampaignState(new(3), EntityState.Enabled, EntityState.Paused)),
            "keyword in an automatic campaign" => (Shop, new CreateTarget(auto.Id, Shop.AdGroups.First(each => each.Campaign == auto.Id).Id, MatchType.Broad, "words", bid)),
            "keyword twice" => (Shop, Exact(Keyword.Text.ToUpperInvariant() + " ")),
            "keyword too long" => (Shop, Exact(new string('x', 81))),
            "too many words" => (Shop, Exact("a b c d e f g h i j k")),
            "no text" => (Shop, Exact(" ")),
            "masked" => (Shop, Exact("mail of ⟦mail⟧")),
            "no ASIN" => (Shop, new CreateTarget(Home.Id, group, MatchType.Product, "B0", bid)),
            "phrase of five words" => (Shop, new AddNegative(Home.Id, group, NegativeMatch.Phrase, "one two three four five")),
            "protected" => (With(settings => settings with { ProtectedTerms = ["my brand"] }), new AddNegative(Home.Id, group, NegativeMatch.Exact, "My Brand bottle")),
            "blocked already" => (Shop with { Negatives = [new(new(1), Home.Id, group, NegativeMatch.Exact, "never", EntityState.Enabled)] }, new AddNegative(Home.Id, group, NegativeMatch.Exact, " NEVER")),
            "negative that is gone" => (Shop, new ArchiveNegative(Home.Id, group, new(9), NegativeMatch.Exact, "never")),
            "brands placed by Amazon" => (brands, Bid(Keyword, 1.6m)),
            "placement of display" => (Shop with { Campaigns = [.. Shop.Campaigns.Select(campaign => campaign with { AdProduct = AdProduct.SponsoredDisplay })] }, new SetPlacement(Home.Id, Placement.TopOfSearch, 0, 20)),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "Nobody said what this is."),
        };
    }

    private static SetBid Bid(Target target, decimal amount) => new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = amount });

    private static Workspace With(Func<Core.Profit.StorefrontSettings, Core.Profit.StorefrontSettings> change) => Shop with { Settings = change(Shop.Settings) };
}

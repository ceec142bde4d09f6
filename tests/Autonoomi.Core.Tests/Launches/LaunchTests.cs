using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests.Launches;

public sealed class LaunchTests
{
    private static readonly Workspace Shop = new SomeStorefront { HasCosts = product => product != 3 }.Build();
    private static readonly Currency Usd = Shop.Marketplace.Currency;
    private static readonly Sku First = new("SKU-000");
    private static readonly ImmutableArray<LaunchPart> AllParts = [.. Enum.GetValues<LaunchPart>()];

    private static LaunchWish Wish(ImmutableArray<LaunchPart>? parts = null, decimal budget = 40) => new(new(parts ?? AllParts, LaunchLayout.UsualPattern, new(budget, Usd), BiddingStrategy.DownOnly), [First], Shop.Today)
    {
        Keywords = ["Oak  Cutting board", "walnut board", "large board for bread and cheese"], Asins = ["b0zzzzzzz1"], Blocked = ["plastic"],
    };

    private static LaunchDraft Draft(LaunchWish wish, Workspace? shop = null) => LaunchBuilder.Draft(shop ?? Shop, wish, DecisionSettings.Default);

    [Fact]
    public void A_product_gets_one_campaign_per_part_with_names_budgets_bids_and_negatives()
    {
        var draft = Draft(Wish());
        Assert.True(draft.MayBeMade, string.Join('\n', draft.Notes.Select(note => note.Text)));
        Assert.Equal(["Product 0 | SKU-000 | Auto", "Product 0 | SKU-000 | Broad", "Product 0 | SKU-000 | Phrase", "Product 0 | SKU-000 | Exact", "Product 0 | SKU-000 | Products"], draft.Plan.Campaigns.Select(campaign => campaign.Name));
        Assert.Equal(new Money(40, Usd), draft.Plan.DailyBudget);
        Assert.Equal([12m, 4m, 4m, 14m, 6m], draft.Plan.Campaigns.Select(campaign => campaign.DailyBudget.Amount));

        var (auto, broad, phrase, exact, products) = (draft.Plan.Campaigns[0], draft.Plan.Campaigns[1], draft.Plan.Campaigns[2], draft.Plan.Campaigns[3], draft.Plan.Campaigns[4]);
        Assert.Equal(TargetingType.Auto, auto.Targeting);
        Assert.Empty(Assert.Single(auto.AdGroups).Targets);
        Assert.Equal(["oak cutting board", "walnut board", "large board for bread and cheese"], exact.AdGroups[0].Targets.Select(target => target.Text));
        Assert.All(draft.Plan.Campaigns, campaign => Assert.Equal([First], campaign.AdGroups[0].Products));
        Assert.Equal("B0ZZZZZZZ1", Assert.Single(products.AdGroups[0].Targets).Text);

        // A search with a keyword of its own is closed in looser campaigns; six words are too many for a phrase negative.
        PlannedNegative[] exactOnes = [new(NegativeMatch.Exact, "oak cutting board"), new(NegativeMatch.Exact, "walnut board"), new(NegativeMatch.Exact, "large board for bread and cheese")];
        PlannedNegative plastic = new(NegativeMatch.Phrase, "plastic");
        Assert.Equal([plastic, .. exactOnes, new(NegativeMatch.Phrase, "oak cutting board"), new(NegativeMatch.Phrase, "walnut board"), new(NegativeMatch.Product, "B0ZZZZZZZ1")], auto.Negatives);
        Assert.Equal([plastic, .. exactOnes, new(NegativeMatch.Phrase, "oak cutting board"), new(NegativeMatch.Phrase, "walnut board")], broad.Negatives);
        Assert.Equal([plastic, .. exactOnes], phrase.Negatives);
        Assert.Equal([plastic], exact.Negatives);
        Assert.Empty(products.Negatives);

        // Every bid is told: a click's worth is the chance of an order times its worth, and less than all of it is bid.
        foreach (var target in draft.Plan.Campaigns.SelectMany(campaign => campaign.AdGroups[0].Targets))
        {
            var grounds = target.Grounds!;
            Assert.InRange((double)grounds.ClickWorth.Amount, (grounds.OrdersPerClick * (double)grounds.OrderWorth.Amount) - 0.02, (grounds.OrdersPerClick * (double)grounds.OrderWorth.Amount) + 0.02);
            Assert.InRange(target.Bid.Amount, Shop.Marketplace.MinimumBid, grounds.ClickWorth.Amount);
        }
    }

    /// <summary>The worked numbers of docs/maths/launches.md.</summary>
    [Fact]
    public void Budgets_are_shared_among_the_parts_that_are_chosen()
    {
        Assert.Equal([18.46m, 21.54m], Draft(Wish([LaunchPart.Auto, LaunchPart.Exact])).Plan.Campaigns.Select(campaign => campaign.DailyBudget.Amount));
        Assert.Equal(0.96, 0.081 * 11.89, 2);
    }

    [Fact]
    public void Bids_are_those_that_the_optimiser_would_set_once_the_campaigns_are_there()
    {
        var plan = Draft(Wish()).Plan;
        var there = Made(Shop, plan);
        var theirs = there.Campaigns.Skip(Shop.Campaigns.Length).Where(campaign => campaign.Targeting == TargetingType.Manual).Select(campaign => campaign.Id).ToHashSet();
        var decision = Optimiser.Decide(there, DecisionSettings.Default);
        Assert.Contains(decision.Proposals, proposal => proposal.Change is SetBid);
        Assert.DoesNotContain(decision.Proposals, proposal => proposal.Change is SetBid bid && theirs.Contains(bid.Campaign));

        // The comparison can fail: twice the bid would be lowered.
        var doubled = there with { Targets = [.. there.Targets.Select(target => theirs.Contains(target.Campaign) ? target with { Bid = target.Bid * 2 } : target)] };
        Assert.Contains(Optimiser.Decide(doubled, DecisionSettings.Default).Proposals, proposal => proposal.Change is SetBid bid && theirs.Contains(bid.Campaign) && bid.After < bid.Before);
    }

    [Fact]
    public void What_the_product_is_already_advertised_for_is_left_out_and_named()
    {
        var draft = Draft(Wish([LaunchPart.Exact]) with { Keywords = ["words 0 1", "walnut board"] });
        Assert.True(draft.MayBeMade);
        Assert.Equal(["walnut board"], Assert.Single(draft.Plan.Campaigns).AdGroups[0].Targets.Select(target => target.Text));
        Assert.Contains(draft.Notes, note => !note.Stops && note.Text.Contains("words 0 1", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "nothing chosen", "Products: choose" }, { "no part", "Campaigns: choose" }, { "yen", "Daily budget: it is in JPY" }, { "yesterday", "Start: 2026-03-10 is over" }, { "poor", "need at least 5" },
        { "protected", "is one of your protected terms" }, { "both", "holds words that you never want" }, { "masked", "masked word" }, { "asin", "An ASIN has ten" }, { "unknown", "no listing of this storefront" }, { "no costs", "cost of goods" },
        { "long block", "Amazon takes 4 at most" }, { "dear", "above your highest click cost" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_made_says_which_field_which_rule_and_the_fix(string what, string words)
    {
        var wish = Wish();
        var shop = Shop;
        (wish, shop) = what switch
        {
            "nothing chosen" => (wish with { Products = [] }, shop),
            "no part" => (Wish([]), shop),
            "yen" => (wish with { Layout = wish.Layout with { DailyBudget = new(4000, new("JPY")) } }, shop),
            "yesterday" => (wish with { Start = Shop.Today.AddDays(-1) }, shop),
            "poor" => (Wish(budget: 3), shop),
            "protected" => (wish, shop with { Settings = shop.Settings with { ProtectedTerms = ["plastic"] } }),
            "both" => (wish with { Blocked = ["walnut"] }, shop),
            "masked" => (wish with { Keywords = ["board*"] }, shop),
            "asin" => (wish with { Asins = ["B01"] }, shop),
            "unknown" => (wish with { Products = [new("NOBODY")] }, shop),
            "no costs" => (wish with { Products = [new("SKU-003")] }, shop),
            "long block" => (wish with { Blocked = ["one two three four five"] }, shop),
            _ => (wish, shop with { Settings = shop.Settings with { MaximumClickCost = new(0.01m, Usd) } }),
        };
        var draft = Draft(wish, shop);
        Assert.False(draft.MayBeMade);
        Assert.Contains(draft.Notes, note => note.Stops && note.Text.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_asked_the_plan_keeps_Amazons_limits_or_says_what_stops_it()
    {
        var (random, made) = (new Random(5), 0);
        for (var round = 0; round < 120; round++)
        {
            var parts = AllParts.Where(_ => random.Next(2) == 0).ToImmutableArray();
            var wish = new LaunchWish(new(parts, random.Next(3) switch { 0 => "{product}", 1 => new string('n', 140), _ => LaunchLayout.UsualPattern }, new(random.Next(1, 60), Usd), (BiddingStrategy)random.Next(3)),
                [.. Enumerable.Range(0, 3).Where(_ => random.Next(2) == 0).Select(product => new Sku($"SKU-{product:000}"))], Shop.Today)
            {
                Keywords = [.. Enumerable.Range(0, random.Next(6)).Select(index => string.Join(' ', Enumerable.Repeat($"w{index}", random.Next(1, 12))))], Asins = random.Next(2) == 0 ? ["B0QQQQQQQ1"] : [], WithIdeas = random.Next(2) == 0,
            };
            var draft = Draft(wish);
            Assert.Equal(draft.Plan.Campaigns.Length, draft.Plan.Campaigns.Select(campaign => campaign.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            if (!draft.MayBeMade) continue;
            made++;
            Assert.DoesNotContain(LaunchRules.Faults(Shop, draft.Plan), note => note.Stops);
            Assert.All(draft.Plan.Campaigns, campaign => Assert.True(campaign.Name.Length <= LaunchRules.MostCampaignLetters));
            foreach (var sku in wish.Products)
            {
                var budgets = draft.Plan.Campaigns.Where(campaign => campaign.AdGroups[0].Products.Contains(sku)).Sum(campaign => campaign.DailyBudget.Amount);
                Assert.True(budgets is 0 || budgets == wish.Layout.DailyBudget.Amount, $"{budgets} of {wish.Layout.DailyBudget}");
            }
        }

        Assert.True(made > 20, $"only {made} plans could be made");
    }

    [Fact]
    public void Ideas_are_what_sold_the_product_before_what_sold_others()
    {
        var ideas = LaunchIdeas.For(Shop, First);
        Assert.NotEmpty(ideas.Keywords);
        Assert.All(ideas.Keywords, idea => Assert.True(idea.Own && idea.Orders > 0));
        Assert.Equal(ideas.Keywords.OrderByDescending(idea => idea.Orders).Select(idea => idea.Orders), ideas.Keywords.Select(idea => idea.Orders));

        // A product that nobody advertised yet is spoken of by searches that sold others and stand in its title.
        var term = ideas.Keywords[0].Text;
        var young = Shop with { Listings = [.. Shop.Listings, new Listing(new("NEW"), new("B0NEWNEWN1"), $"A {term} of oak", new(20, Usd), true)] };
        var theirs = LaunchIdeas.For(young, new("NEW"));
        Assert.Contains(theirs.Keywords, idea => idea.Text == term && !idea.Own);
        Assert.Empty(LaunchIdeas.For(young with { SearchTermDays = FactTable.Empty(Dataset.SearchTermDay) }, new("NEW")).Keywords);
    }

    [Fact]
    public void A_copy_is_the_campaign_once_more_under_another_name()
    {
        var source = Shop.Campaigns.First(campaign => campaign.Targeting == TargetingType.Manual);
        var draft = CampaignCopy.Draft(Shop, source.Id, "Another", new(25, Usd), new Sku("SKU-001"), Shop.Today);
        Assert.True(draft.MayBeMade, string.Join('\n', draft.Notes.Select(note => note.Text)));
        var copy = Assert.Single(draft.Plan.Campaigns);
        Assert.Equal((source.Targeting, source.Strategy, source.TopOfSearchPercent, new Money(25, Usd)), (copy.Targeting, copy.Strategy, copy.TopOfSearchPercent, copy.DailyBudget));
        Assert.Equal(Shop.Targets.Where(target => target.Campaign == source.Id).Select(target => (target.Match, target.Text, target.Bid)).Order(), copy.AdGroups.SelectMany(group => group.Targets).Select(target => (target.Match, target.Text, target.Bid)).Order());
        Assert.All(copy.AdGroups, group => Assert.Equal([new Sku("SKU-001")], group.Products));
        Assert.Contains(CampaignCopy.Draft(Shop, source.Id, source.Name, new(25, Usd), null, Shop.Today).Notes, note => note.Stops && note.Text.Contains("has this name already", StringComparison.Ordinal));
        Assert.False(CampaignCopy.Draft(Shop, new(1), "Another", new(25, Usd), null, Shop.Today).MayBeMade);
    }

    [Fact]
    public void Parts_are_made_layer_by_layer_each_once_and_nothing_hangs_on_what_was_refused()
    {
        var plan = Draft(Wish()).Plan;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var made = ImmutableDictionary<string, MadePart>.Empty;
            var (ids, rounds) = (100L, 0);
            while (LaunchProgress.Next(plan, made, 7) is { Count: > 0 } next)
            {
                Assert.True(rounds++ < 200);
                Assert.Single(next.Select(item => (item.Creation?.GetType(), item.Change is not null)).Distinct());
                Assert.Equal(next.Count, next.Select(item => item.EntityKey).Distinct(StringComparer.Ordinal).Count());
                foreach (var item in next)
                {
                    var parent = item.Part.Contains('.', StringComparison.Ordinal) ? item.Part[..item.Part.LastIndexOf('.')] : null;
                    Assert.True(parent is null || made[parent] is { Stands: true, Id: not null });
                    made = made.Add(item.Part, random.Next(5) == 0 ? new(null, "Amazon refused: no.") : new(ids++, null));
                }
            }

            Assert.True(LaunchProgress.IsOver(plan, made));
            var standing = LaunchProgress.Standing(plan, made);
            Assert.Equal(LaunchProgress.Parts(plan), standing.Sum(campaign => campaign.Parts));
            foreach (var campaign in standing)
            {
                Assert.Equal(made.Count(pair => pair.Key.Split('.')[0] == $"c{campaign.Index}" && !pair.Value.Stands), campaign.Problems.Length);
                if (campaign.Problems.IsEmpty) Assert.True(campaign.CanRun && campaign.Made == campaign.Parts);
                if (campaign.Id is null) Assert.False(campaign.CanRun);
            }
        }
    }

    [Fact]
    public void A_search_becomes_a_keyword_where_the_products_keywords_of_its_match_type_are_at_what_a_click_is_worth()
    {
        var wanted = new KeywordWish[] { new(First, "Walnut  board"), new(new("NOBODY"), "walnut board"), new(First, "oak board") };
        var found = NewKeywords.Of(Shop, wanted, MatchType.Phrase, DecisionSettings.Default);
        Assert.Null(found[1]);
        var groups = Shop.ProductAds.Where(ad => ad.Sku == First).Select(ad => ad.AdGroup).ToHashSet();
        var home = Shop.Targets.First(target => target.Match == MatchType.Phrase && groups.Contains(target.AdGroup)).AdGroup;
        Assert.All([found[0]!, found[2]!], keyword => Assert.Equal((home, MatchType.Phrase), (keyword.AdGroup, keyword.Match)));
        Assert.Equal("walnut board", found[0]!.Text);
        Assert.All([found[0]!, found[2]!], keyword => Assert.Null(new Core.Edits.EditRules(Shop).Judge(keyword).Refusal));

        // The same words in a launch of a phrase campaign are worth the same.
        var launched = Draft(Wish([LaunchPart.Phrase]) with { Keywords = ["walnut board"] }).Plan.Campaigns[0].AdGroups[0].Targets[0];
        Assert.InRange(found[0]!.Bid.Amount, launched.Bid.Amount * 0.5m, launched.Bid.Amount * 2m);
        Assert.True(found[0]!.Bid.Amount > Shop.Marketplace.MinimumBid);

        // Without costs nothing can be said: the ad group's own bid stands.
        var dark = NewKeywords.Of(Shop, [new(new("SKU-003"), "walnut board")], MatchType.Exact, DecisionSettings.Default)[0]!;
        Assert.Equal(Shop.AdGroups.Single(group => group.Id == dark.AdGroup).DefaultBid, dark.Bid);
        Assert.False(NewKeywords.Takes("b012345678"));
        Assert.False(NewKeywords.Takes("board*"));
    }

    private static Workspace Made(Workspace shop, LaunchPlan plan)
    {
        var (campaigns, groups, ads, targets) = (shop.Campaigns.ToBuilder(), shop.AdGroups.ToBuilder(), shop.ProductAds.ToBuilder(), shop.Targets.ToBuilder());
        var id = 900_000L;
        foreach (var planned in plan.Campaigns)
        {
            var campaign = new Campaign(new(id++), planned.Name, planned.Targeting, EntityState.Enabled, planned.DailyBudget, planned.Strategy, 0, 0, 0);
            campaigns.Add(campaign);
            foreach (var part in planned.AdGroups)
            {
                var group = new AdGroup(new(id++), campaign.Id, part.Name, EntityState.Enabled, part.DefaultBid);
                groups.Add(group);
                ads.Add(new ProductAd(new(id++), campaign.Id, group.Id, part.Products[0], shop.Listings.First(listing => listing.Sku == part.Products[0]).Asin, EntityState.Enabled));
                if (planned.Targeting == TargetingType.Auto)
                    foreach (var clause in new[] { MatchType.CloseMatch, MatchType.LooseMatch, MatchType.Substitutes, MatchType.Complements }) targets.Add(new(new(id++), campaign.Id, group.Id, TargetKind.Auto, clause, "", EntityState.Enabled, part.DefaultBid));
                foreach (var target in part.Targets) targets.Add(new(new(id++), campaign.Id, group.Id, target.Match == MatchType.Product ? TargetKind.Product : TargetKind.Keyword, target.Match, target.Text, EntityState.Enabled, target.Bid));
            }
        }

        return shop with { Campaigns = campaigns.ToImmutable(), AdGroups = groups.ToImmutable(), ProductAds = ads.ToImmutable(), Targets = targets.ToImmutable() };
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Tests;

/// <summary>The worked numbers of docs/maths/graduation.md, negation.md and hygiene.md, and the promises of a hand-over.</summary>
public sealed class GraduationTests
{
    private static readonly HarvestInputs Worked = new()
    {
        Clicks = 200, Orders = 24, PriorMean = 0.10, PriorStrength = 50, Contribution = 12, Shading = 0.8, BudgetPrice = 0, PlacementMultiplier = 1,
        SourceBid = 1.50, HighestSourceBid = 1.50, Separable = 1, Clicks30 = 100, ClickPrice = 1.40, ClickElasticity = 1.4, PriceElasticity = 0.9,
        MinimumGain = 1, Chance = 0.8, MaximumBid = 5, MarketMinimum = 0.02, MarketMaximum = 1000, BidStep = 0.01,
    };

    [Fact]
    public void A_term_that_its_source_overpays_gets_a_keyword_above_the_source_first_and_its_own_bid_later()
    {
        // (50 × 0.10 + 24) / 250 = 11.6 %; 12 × 11.6 % = 1.392 a click; 0.8 × 1.392 = 1.1136.
        Assert.Equal(0.116, Worked.Posterior.Mean, 9);
        Assert.Equal(1.1136, Worked.Wanted, 9);
        Assert.Equal(1.57m, Worked.Bid());

        // Told by the curves of effects: 2.181 / 2.941 = 74 % of the clicks at 1.40 × 2.492 / 3.165 = 1.10 each: 21.5 a month instead of −0.8.
        Assert.Equal(22.3, (double)Worked.Effect(SomeStorefront.Us.Currency).Mean.Amount, 0.3);

        // Decided by elasticities: (1.1136 / 1.50)^1.4 = 66 % of the clicks and 1.40 × 0.742^0.9 = 1.07 each: 22 more, and a little for what the month teaches.
        Assert.Equal(22.3, Worked.Gain, 0.4);
    }

    [Fact]
    public void A_source_that_cannot_be_closed_can_only_be_outbid()
    {
        Assert.NotNull((Worked with { Separable = 0, SourceBid = 0.7, HighestSourceBid = 0.7, ClickPrice = 0.6 }).Bid());
        Assert.Null((Worked with { Separable = 0 }).Bid());
    }

    [Fact]
    public void One_order_or_none_earns_no_keyword() => Assert.Null((Worked with { Orders = 1 }).Bid());

    [Fact]
    public void What_a_term_earns_alone_decides_and_its_gain_must_only_be_no_loss()
    {
        // Six clicks a month at 0.80 that are worth 1.392 each, and a source that bids 1.10 where the term is worth 1.11: separating changes little.
        var small = Worked with { Clicks30 = 6, SourceBid = 1.10, HighestSourceBid = 1.10, ClickPrice = 0.80 };

        Assert.InRange(small.Gain, 0, 0.9);
        Assert.True(small.Alone > 3);
        Assert.NotNull(small.Bid());
        Assert.Null((small with { MinimumGain = 10 }).Bid());
    }

    [Fact]
    public void A_search_for_the_own_brand_is_bid_what_the_ad_adds()
    {
        var brand = Worked with { Incrementality = 0.30, Clicks30 = 400 };

        Assert.Equal(0.3 * Worked.Wanted, brand.Wanted, 9);
        Assert.NotNull(brand.Bid());
        Assert.True(brand.Gain > Worked.Gain);
        Assert.Null((brand with { Clicks30 = 100 }).Bid());
    }

    [Fact]
    public void The_gain_does_not_depend_on_the_currency()
    {
        var yen = Worked with
        {
            Contribution = 1200, SourceBid = 150, HighestSourceBid = 150, ClickPrice = 140, MinimumGain = 100, MaximumBid = 500, MarketMinimum = 2, MarketMaximum = 100_000, BidStep = 1,
        };

        Assert.Equal(100 * Worked.Gain, yen.Gain, 6);
        Assert.Equal(157m, yen.Bid());
    }

    [Fact]
    public void More_money_to_be_had_elsewhere_means_a_lower_own_bid() => Assert.True((Worked with { BudgetPrice = 0.5 }).Wanted < Worked.Wanted);

    [Fact]
    public void A_negative_is_judged_at_the_price_that_bidding_will_reach()
    {
        // 1.00 a click now, but the source's bid is on its way to 60 %: 0.6^0.9 = 0.63.
        var inputs = new NegationInputs(120, 3, 0.05, 20, 12, 1.00, 60, 0.6, 1.4, 0.9, 0.05, 20, 1);

        Assert.Equal(0.6314, inputs.FairPrice, 4);
        Assert.Equal(0.0526, inputs.BreakEvenRate, 4);
        Assert.False(inputs.Holds);
        Assert.True((inputs with { BidRatio = 1, Orders = 0 }).Holds);
    }

    [Fact]
    public void A_looser_target_is_closed_only_where_it_outbids_the_own_one_and_costs_money()
    {
        var inputs = new DuplicateInputs(100, 8, 0.08, 50, 10, 0.60, 0.90, 40, 0.85, 0, 1.4, 0.9, 1);

        Assert.True(inputs.Holds);

        // At 8 % × 10 = 0.80 a click: (0.6 / 0.9)^1.4 × (0.80 − 0.85 × (0.6 / 0.9)^0.9) + 0.05, forty times.
        Assert.Equal(6.8, (double)inputs.Effect(SomeStorefront.Us.Currency).Mean.Amount, 0.3);
        Assert.False((inputs with { OwnBid = 1.00 }).Holds);
        Assert.False((inputs with { Orders = 30 }).Holds);
    }

    /// <summary>Writes are refused at random, decisions are lost or made twice, reports are late. Whatever happens, words that sold keep a target that may serve them.</summary>
    [Fact]
    public void Whatever_fails_a_proven_term_is_served_by_an_open_enabled_target_at_every_moment()
    {
        var (isolated, restored) = (0, 0);
        for (var seed = 1; seed <= 4; seed++)
        {
            var random = new Random(seed);
            var workspace = new SomeStorefront { Seed = seed, Products = 2, TermsPerGroup = 3, ClicksPerDay = 3, DailyBudget = 300 }.Build();
            var next = 90_000_000L;
            var sold = new HashSet<(string Sku, string Term)>();
            for (var day = 0; day < 40; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                var again = Optimiser.Decide(workspace with { Handovers = decision.Handovers }, DecisionSettings.Default);
                Assert.True(again.Handovers.Length >= decision.Handovers.Count(handover => workspace.Handovers.Any(earlier => Same(earlier, handover))), "deciding twice loses a hand-over");

                // A write may be refused, the whole batch lost, or the memory of the decision lost after its writes.
                var taken = decision.Proposals.Where(_ => random.Next(3) > 0).Select(proposal => proposal.Change).DistinctBy(change => change.EntityKey).ToList();
                if (random.Next(10) == 0) taken.Clear();
                isolated += decision.Proposals.Count(proposal => taken.Contains(proposal.Change) && proposal.Reason == ReasonCode.IsolateSource);
                restored += decision.Proposals.Count(proposal => proposal.Reason == ReasonCode.RestoreSource);
                var remembered = random.Next(10) == 0 ? workspace.Handovers : decision.Handovers;

                foreach (var change in Shuffled(taken, random))
                {
                    workspace = Applied(workspace, change, ++next);
                    foreach (var term in sold) Assert.True(IsServed(workspace, term.Sku, term.Term), $"seed {seed}, day {day}: '{term.Term}' is served by nothing after {change}");
                }

                workspace = SomeStorefront.NextDay(workspace, [], random, 3) with { Handovers = remembered };
                foreach (var handover in decision.Handovers) sold.Add((handover.Sku.Value, handover.Term));
            }
        }

        Assert.True(isolated > 5, $"{isolated} isolated, {restored} restored");
    }

    private static bool Same(Handover one, Handover other) => (one.Term, one.SourceAdGroup, one.TargetAdGroup) == (other.Term, other.SourceAdGroup, other.TargetAdGroup);

    // The storefront's looser targets all reach its terms, so any of them that is on and open serves; so does the exact keyword.
    private static bool IsServed(Workspace workspace, string sku, string term)
    {
        var groups = workspace.ProductAds.Where(ad => ad.Sku.Value == sku && ad.State == EntityState.Enabled).Select(ad => ad.AdGroup).ToHashSet();
        return workspace.Targets.Any(target => groups.Contains(target.AdGroup) && target.State == EntityState.Enabled
            && (target.Match != MatchType.Exact || target.Text == term)
            && !workspace.Negatives.Any(negative => negative.State == EntityState.Enabled && negative.Text == term && (negative.AdGroup == target.AdGroup || (negative.AdGroup is null && negative.Campaign == target.Campaign))));
    }

    private static Workspace Applied(Workspace workspace, Change change, long id) => change switch
    {
        CreateTarget create => workspace with { Targets = workspace.Targets.Add(new Target(new(id), create.Campaign, create.AdGroup, TargetKind.Keyword, create.Match, create.Text, EntityState.Enabled, create.Bid)) },
        AddNegative negative => workspace with { Negatives = workspace.Negatives.Add(new Negative(new(id), negative.Campaign, negative.AdGroup, negative.Match, negative.Text, EntityState.Enabled)) },
        ArchiveNegative archive => workspace with { Negatives = [.. workspace.Negatives.Select(entry => entry.Id == archive.Negative ? entry with { State = EntityState.Archived } : entry)] },
        SetTargetState state => workspace with { Targets = [.. workspace.Targets.Select(target => target.Id == state.Target ? target with { State = state.After } : target)] },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "No structure."),
    } with { Changes = workspace.Changes.Add(new AppliedChange(change, workspace.SyncedAt!.Value.AddMinutes(5), false)) };

    private static List<Change> Shuffled(List<Change> changes, Random random)
    {
        var shuffled = changes.Where(change => change is CreateTarget or AddNegative or ArchiveNegative or SetTargetState).ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }
}

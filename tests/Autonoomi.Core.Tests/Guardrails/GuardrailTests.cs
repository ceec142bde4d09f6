using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Rollback;
using Autonoomi.Testing;

namespace Autonoomi.Core.Tests;

public sealed class GuardrailTests
{
    [Fact]
    [Promise("P-1.1-e")]
    public void Over_many_thousand_decisions_on_unruly_storefronts_the_audit_finds_no_breach()
    {
        var decided = 0;
        var kinds = new HashSet<string>();
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var workspace = Unruly(seed, random);
            for (var day = 0; day < 12; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                var changes = decision.Proposals.Select(proposal => proposal.Change).ToList();
                var breaches = GuardrailAudit.Check(workspace, changes);

                Assert.True(breaches.IsEmpty, $"seed {seed}, day {day}: {breaches.FirstOrDefault()}");

                // A person approves some, Amazon refuses some: whatever part is taken must be allowed too.
                // Placements and the bids of their campaign are one write.
                var paired = changes.OfType<SetPlacement>().Select(change => change.Campaign).ToHashSet();
                var dropped = paired.Where(_ => random.Next(3) == 0).ToHashSet();
                var part = changes.Where(change => change is SetPlacement or SetBid && paired.Contains(change.Campaign) ? !dropped.Contains(change.Campaign) : random.Next(3) > 0).ToList();
                var partial = GuardrailAudit.Check(workspace, part);
                Assert.True(partial.IsEmpty, $"seed {seed}, day {day}, in part: {partial.FirstOrDefault()}");

                decided += changes.Count;
                foreach (var change in changes) kinds.Add(change.GetType().Name);
                workspace = SomeStorefront.NextDay(workspace, random.Next(2) == 0 ? changes : part, random, 2) with { Handovers = decision.Handovers };
            }
        }

        Assert.True(decided > 5_000, $"only {decided} decisions");
        Assert.Superset(new HashSet<string> { nameof(SetBid), nameof(SetBudget), nameof(CreateTarget), nameof(AddNegative) }, kinds);
    }

    private static Workspace Unruly(int seed, Random random)
    {
        var workspace = new SomeStorefront
        {
            Seed = seed, Products = random.Next(1, 6), KeywordsPerGroup = random.Next(1, 8), Days = random.Next(5, 61), ClicksPerDay = Math.Exp(random.NextDouble() * 4 - 1.5),
            MonthlyBudget = random.Next(3) switch { 0 => 0, 1 => random.Next(200, 3000), _ => 1_000_000 }, DailyBudget = random.Next(1, 80), TermsPerGroup = random.Next(2, 30),
            HasCosts = product => product % 5 != 4, Stock = product => (product + seed) % 4 == 0 ? 0 : (product + seed) % 4 == 1 ? 20 : 5000,
            Marketplace = seed % 7 == 0 ? Marketplace.Find("A1VC38T7YXB528") : SomeStorefront.Us, Money = seed % 7 == 0 ? 150 : 1,
        }.Build();
        return workspace with
        {
            Listings = [.. workspace.Listings.Select((listing, index) => listing with { Buyable = (index + seed) % 6 != 0 })],
            Settings = workspace.Settings with { ProtectedTerms = ["term sku-000 1"], ProtectedCampaigns = seed % 3 == 0 ? [workspace.Campaigns[0].Id] : [] },
        };
    }

    private static readonly Workspace Plain = new SomeStorefront { Stock = product => product == 0 ? 0 : 1000, MonthlyBudget = 20_000, DailyBudget = 50 }.Build();

    public static TheoryData<string, string> Crafted => new()
    {
        { "G1", "above the seller's limit" }, { "G1", "below the minimum" }, { "G1", "far above value" }, { "G2", "leap" }, { "G2", "fall" }, { "G2", "stale" }, { "G2", "week" },
        { "G3", "budget leap" }, { "G3", "all at once" }, { "G4", "month spent" }, { "G4", "pool" }, { "G5", "protected" }, { "G5", "proven" }, { "G6", "pause" },
        { "G1", "dear click" }, { "G1", "dear placement" }, { "G1", "placement out of range" }, { "G2", "placement leap" }, { "G2", "placement week" }, { "G2", "stale placement" }, { "G2", "stale awakening" },
        { "G3", "placements alone" }, { "G4", "day cap" }, { "G4", "portfolio cap above the budget" }, { "G4", "portfolio cap and a week" }, { "G5", "brand" }, { "G5", "phrase over protected" }, { "G5", "phrase over orders" }, { "G5", "standing negatives" }, { "G7", "rolled back" }, { "G8", "too many for a campaign" },
        { "G8", "untested" }, { "G9", "burning" }, { "G9", "runaway" }, { "G10", "hole" }, { "G11", "other percent" }, { "G11", "archived" }, { "G12", "sold out placement" }, { "G12", "sold out awakening" },
        { "G7", "protected campaign" }, { "G7", "frozen" }, { "G7", "twice" }, { "G8", "too many" }, { "G10", "never clicked" }, { "G11", "other before" }, { "G12", "sold out" },
        { "G7", "protected product" }, { "G7", "campaign of a protected product" }, { "G7", "frozen day" }, { "G8", "more than the seller allows" }, { "G8", "more than the seller allows, with earlier ones" },
    };

    [Theory, MemberData(nameof(Crafted))]
    public void The_audit_finds_a_crafted_breach(string guardrail, string craft)
    {
        var (workspace, changes) = Craft(craft);

        Assert.Contains(GuardrailAudit.Check(workspace, changes), breach => breach.Guardrail == guardrail);
    }

    [Fact]
    public void The_audit_lets_a_small_cut_pass()
    {
        var target = Plain.Targets.First(target => target.Bid.Amount > 0.5m);

        Assert.Empty(GuardrailAudit.Check(Plain, [Bid(target, 0.9m)]));
    }

    private static (Workspace, IReadOnlyList<Change>) Craft(string craft)
    {
        var inStock = Plain.ProductAds.First(ad => ad.Sku.Value == "SKU-001").AdGroup;
        var target = Plain.Targets.First(target => target.AdGroup == inStock && target.Bid.Amount > 0.5m);
        var soldOut = Plain.Targets.First(target => Plain.ProductAds.Any(ad => ad.AdGroup == target.AdGroup && ad.Sku.Value == "SKU-000"));
        var campaign = Plain.Campaigns[0];
        var group = Plain.AdGroups.First(group => group.Campaign == campaign.Id);
        Money Usd(decimal amount) => new(amount, campaign.DailyBudget.Currency);
        var proven = Plain.SearchTermDays.Texts("search_term")[ProvenRow()];
        var provenCampaign = new CampaignId(Plain.SearchTermDays.Longs("campaign_id")[ProvenRow()]);
        var provenGroup = new AdGroupId(Plain.SearchTermDays.Longs("ad_group_id")[ProvenRow()]);
        return craft switch
        {
            "above the seller's limit" => (Plain, [Bid(target, 1) with { After = Usd(5.01m) }]),
            "below the minimum" => (Plain, [Bid(target, 1) with { After = Usd(0.01m) }]),
            "far above value" => (Plain with { Campaigns = [.. Plain.Campaigns.Select(entry => entry with { TopOfSearchPercent = 900, Strategy = BiddingStrategy.UpAndDown })] }, [Bid(target, 1.1m)]),
            "leap" => (Plain, [Bid(target, 1.6m)]),
            "fall" => (Plain, [Bid(target, 0.4m)]),
            "stale" => (Plain with { Today = Plain.Today.AddDays(3) }, [Bid(target, 1.1m)]),
            "week" => (Plain with { Changes = [new AppliedChange(Bid(target, 1) with { Before = Usd(Math.Round(target.Bid.Amount / 1.55m, 2)) }, Plain.SyncedAt!.Value.AddDays(-3), false), new AppliedChange(new SetBudget(campaign.Id, Usd(1), Usd(1)), Plain.SyncedAt!.Value.AddDays(-30), false)] }, [Bid(target, 1.2m)]),
            "budget leap" => (Plain, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 1.3m)]),
            "all at once" => (Plain, [.. Plain.Targets.Select(entry => Bid(entry, 1.24m))]),
            "month spent" => (Plain with { Settings = Plain.Settings with { MonthlyBudget = Usd(1) } }, [Bid(target, 1.1m)]),
            "pool" => (Plain with { Settings = Plain.Settings with { MonthlyBudget = Usd(600) } }, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 1.2m)]),
            "protected" => (Plain with { Settings = Plain.Settings with { ProtectedTerms = ["own brand"] } }, [new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, "my own brand x")]),
            "proven" => (Plain, [new AddNegative(provenCampaign, provenGroup, NegativeMatch.Exact, proven)]),
            "pause" => (Plain, [.. Plain.Targets.Select(entry => new SetTargetState(entry.Campaign, entry.AdGroup, entry.Id, entry.Kind, EntityState.Enabled, EntityState.Paused))]),
            "protected campaign" => (Plain with { Settings = Plain.Settings with { ProtectedCampaigns = [target.Campaign] } }, [Bid(target, 0.9m)]),
            "frozen" => (Plain with { Settings = Plain.Settings with { Frozen = true } }, [Bid(target, 0.9m)]),
            "protected product" => (Plain with { Settings = Plain.Settings with { ProtectedProducts = [new("SKU-001")] } }, [Bid(target, 0.9m)]),
            "campaign of a protected product" => (Plain with { Settings = Plain.Settings with { ProtectedProducts = [Plain.ProductAds.First(ad => ad.Campaign == campaign.Id).Sku] } }, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 0.9m)]),
            "frozen day" => (Plain with { Settings = Plain.Settings with { FreezeDates = [new(Plain.Today.AddDays(-1), Plain.Today, "peak")] } }, [Bid(target, 0.9m)]),
            "more than the seller allows" => (Plain with { Settings = Plain.Settings with { MaximumChangesPerDay = 1 } }, [.. Plain.Targets.Take(2).Select(entry => Bid(entry, 0.9m))]),
            "more than the seller allows, with earlier ones" => (Plain with { Settings = Plain.Settings with { MaximumChangesPerDay = 1 }, Changes = [new AppliedChange(new SetBudget(campaign.Id, Usd(1), Usd(1)), Plain.SyncedAt!.Value.AddHours(-3), false)] }, [Bid(target, 0.9m)]),
            "twice" => (Plain, [Bid(target, 0.9m), Bid(target, 0.8m)]),
            "too many" => (Plain, [.. Enumerable.Range(0, 101).Select(index => new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, $"word {index}"))]),
            "never clicked" => (Plain, [new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, "a word nobody typed")]),
            "other before" => (Plain, [Bid(target, 0.9m) with { Before = Usd(9) }]),
            "sold out" => (Plain, [Bid(soldOut, 1.1m)]),
            "dear click" => (Plain with { Settings = Plain.Settings with { MaximumClickCost = target.Bid } }, [Bid(target, 1.1m)]),
            "dear placement" => (Plain, [new SetPlacement(target.Campaign, Placement.RestOfSearch, 0, 25), .. Plain.Targets.Where(entry => entry.Campaign == target.Campaign).Select(entry => Bid(entry, 1.2m))]),
            "placement out of range" => (Plain, [new SetPlacement(campaign.Id, Placement.RestOfSearch, 0, 901)]),
            "placement leap" => (Plain, [new SetPlacement(campaign.Id, Placement.RestOfSearch, 0, 26)]),
            "placement week" => (Plain with
            {
                Campaigns = [campaign with { RestOfSearchPercent = 20 }, .. Plain.Campaigns.Skip(1)],
                Changes = [new AppliedChange(new SetPlacement(campaign.Id, Placement.RestOfSearch, 0, 20), Plain.SyncedAt!.Value.AddDays(-3), false)],
            }, [new SetPlacement(campaign.Id, Placement.RestOfSearch, 20, 30)]),
            "stale placement" => (Plain with { Today = Plain.Today.AddDays(3) }, [new SetPlacement(campaign.Id, Placement.RestOfSearch, 0, 5)]),
            "stale awakening" => (Plain with { Today = Plain.Today.AddDays(3), Targets = [.. Plain.Targets.Select(entry => entry.Id == target.Id ? entry with { State = EntityState.Paused } : entry)] }, [Wake(target)]),
            "placements alone" => (Plain, [.. Plain.Campaigns.SelectMany(entry => Enum.GetValues<Placement>().Select(placement => new SetPlacement(entry.Id, placement, entry.PercentAt(placement), entry.PercentAt(placement) + 25)))]),
            "portfolio cap above the budget" => (Plain with { Settings = Plain.Settings with { MonthlyBudget = Usd(3000), PortfolioCap = Usd(3001) } }, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 1.2m)]),
            "portfolio cap and a week" => (Plain with { Settings = Plain.Settings with { MonthlyBudget = Usd(1000), PortfolioCap = Usd(1000) } }, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 1.2m)]),
            "day cap" => (Plain with { Settings = Plain.Settings with { DailyCap = Usd(500) } }, [new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget * 1.2m)]),
            "brand" => (Plain with { Settings = Plain.Settings with { BrandTerms = ["acme"] } }, [new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, "acme shoes")]),
            "phrase over protected" => (Plain with { Settings = Plain.Settings with { ProtectedTerms = ["red acme shoes"] } }, [new AddNegative(campaign.Id, group.Id, NegativeMatch.Phrase, "acme shoes")]),
            "phrase over orders" => (Plain, [new AddNegative(provenCampaign, provenGroup, NegativeMatch.Phrase, "term")]),
            "standing negatives" => (Plain with { Negatives = [new Negative(new(9), provenCampaign, provenGroup, NegativeMatch.Phrase, "term", EntityState.Enabled)] }, [new AddNegative(provenCampaign, provenGroup, NegativeMatch.Exact, proven)]),
            "rolled back" => (Plain with { Changes = [new AppliedChange(Bid(target, 1) with { Before = target.Bid * 1.2m }, Plain.SyncedAt!.Value.AddDays(-2), false) { Module = Module.Rollback }] }, [Bid(target, 1.1m)]),
            "too many for a campaign" => (Plain, [.. Enumerable.Range(0, 51).Select(index => new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, $"word {index}"))]),
            "untested" => (Plain, [.. Plain.AdGroups.SelectMany(entry => Enumerable.Range(0, 10).Select(index => new CreateTarget(entry.Campaign, entry.Id, MatchType.Exact, Term(entry, index), Usd(4.9m))))]),
            "burning" => (Plain with { TargetDays = Scaled(Plain.TargetDays, (column, age) => column == "cost" && age >= 7 ? 8 : 1) }, [Bid(target, 1.1m)]),
            "runaway" => (Plain with { TargetDays = Scaled(Plain.TargetDays, (column, age) => column == "cost" && age == 0 ? 9 : 1) }, [Bid(target, 1.1m)]),
            "hole" => (Plain with { TargetDays = Scaled(Plain.TargetDays, (_, age) => age == 2 ? 0 : 1) }, [Bid(target, 0.9m)]),
            "other percent" => (Plain, [new SetPlacement(campaign.Id, Placement.RestOfSearch, 5, 0)]),
            "archived" => (Plain, [new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Enabled, EntityState.Archived)]),
            "sold out placement" => (Plain, [new SetPlacement(soldOut.Campaign, Placement.RestOfSearch, 0, 5)]),
            "sold out awakening" => (Plain with { Targets = [.. Plain.Targets.Select(entry => entry.Id == soldOut.Id ? entry with { State = EntityState.Paused } : entry)] }, [Wake(soldOut)]),
            _ => throw new ArgumentOutOfRangeException(nameof(craft), craft, null),
        };
    }

    private static SetTargetState Wake(Target target) => new(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Paused, EntityState.Enabled);

    private static string Term(AdGroup group, int index) => $"term {Plain.ProductAds.First(ad => ad.AdGroup == group.Id).Sku.Value} {index}".ToLowerInvariant();

    // Rows of factor zero are left out.
    private static FactTable Scaled(FactTable table, Func<string, int, long> factor)
    {
        var builder = new FactTableBuilder(table.Schema);
        for (var row = 0; row < table.Rows; row++)
        {
            var age = Plain.Today.DayNumber - 1 - table.Ints("day")[row];
            if (factor("cost", age) == 0) continue;
            builder.Int(table.Ints("day")[row]);
            foreach (var column in table.Schema.Columns.Skip(1)) builder.Long(table.Longs(column.Name)[row] * factor(column.Name, age));
        }

        return builder.Build();
    }

    private static int ProvenRow()
    {
        var orders = Plain.SearchTermDays.Longs("orders");
        var targets = Plain.SearchTermDays.Longs("target_id");
        var exact = Plain.Targets.Where(target => target.Match == MatchType.Exact).Select(target => target.Id.Value).ToHashSet();
        for (var row = 0; row < orders.Length; row++)
        {
            if (orders[row] > 0 && !exact.Contains(targets[row])) return row;
        }

        throw new InvalidOperationException("No proven term.");
    }

    private static SetBid Bid(Target target, decimal factor) =>
        new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = Math.Floor(target.Bid.Amount * factor * 100) / 100 });

    [Fact]
    public void Nothing_is_decided_about_a_protected_product_or_the_campaigns_that_advertise_it_and_the_others_go_on()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 6, MonthlyBudget = 3000, DailyBudget = 25, TermsPerGroup = 8, Products = 4 }.Build();
        var kept = workspace.ProductAds[0].Sku;
        var groups = workspace.ProductAds.Where(ad => ad.Sku == kept).Select(ad => ad.AdGroup).ToHashSet();
        var campaigns = workspace.ProductAds.Where(ad => ad.Sku == kept).Select(ad => ad.Campaign).ToHashSet();
        bool Touches(Change change) => change switch { SetBid bid => groups.Contains(bid.AdGroup), CreateTarget create => groups.Contains(create.AdGroup), AddNegative negative => groups.Contains(negative.AdGroup!.Value), SetTargetState state => groups.Contains(state.AdGroup), _ => campaigns.Contains(change.Campaign) };

        var before = Optimiser.Decide(workspace, DecisionSettings.Default).Proposals;
        var after = Optimiser.Decide(workspace with { Settings = workspace.Settings with { ProtectedProducts = [kept] } }, DecisionSettings.Default);

        Assert.Contains(before, proposal => Touches(proposal.Change));
        Assert.DoesNotContain(after.Proposals, proposal => Touches(proposal.Change));
        Assert.Contains(after.Withheld, held => held is { Guardrail: "G7", Why: "a product that it would touch is protected" });
        Assert.NotEmpty(after.Proposals);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    [InlineData(-3, false)]
    public void On_a_frozen_day_nothing_is_decided_and_the_day_after_it_goes_on(int firstFromToday, bool frozen)
    {
        var workspace = new SomeStorefront { ClicksPerDay = 6, MonthlyBudget = 3000, DailyBudget = 25 }.Build();

        var decision = Optimiser.Decide(workspace with { Settings = workspace.Settings with { FreezeDates = [new(workspace.Today.AddDays(firstFromToday), workspace.Today.AddDays(firstFromToday + 2), "")] } }, DecisionSettings.Default);

        Assert.Equal(frozen && firstFromToday > -3, decision.Proposals.IsEmpty);
        Assert.Equal(frozen, decision.Notes.Any(note => note.Issue == DataIssue.Frozen));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    [InlineData(5, 9)]
    public void No_more_is_decided_than_the_seller_allows_in_a_day_and_the_most_valuable_of_it(int allowed, int earlier)
    {
        var workspace = new SomeStorefront { ClicksPerDay = 6, MonthlyBudget = 3000, DailyBudget = 25, Products = 4 }.Build();
        var rested = workspace.Campaigns[^1];
        var written = Enumerable.Range(0, earlier).Select(index => new AppliedChange(new SetBudget(rested.Id, rested.DailyBudget, rested.DailyBudget), workspace.SyncedAt!.Value.AddHours(-2), false)).ToImmutableArray();
        var all = Optimiser.Decide(workspace with { Changes = written }, DecisionSettings.Default).Proposals;
        Assert.True(all.Length > allowed);

        var limited = Optimiser.Decide(workspace with { Changes = written, Settings = workspace.Settings with { MaximumChangesPerDay = allowed } }, DecisionSettings.Default);

        Assert.True(limited.Proposals.Length <= Math.Max(0, allowed - earlier), $"{limited.Proposals.Length}");
        if (earlier < allowed) Assert.NotEmpty(limited.Proposals);
        Assert.Contains(limited.Withheld, held => held is { Guardrail: "G8", Why: "more changes than you allow in a day" });
    }

    [Theory]
    [InlineData(AutomationMode.Auto, AutomationMode.Watch, AutomationMode.Watch)]
    [InlineData(AutomationMode.Ask, AutomationMode.Auto, AutomationMode.Ask)]
    [InlineData(AutomationMode.Auto, null, AutomationMode.Auto)]
    [InlineData(AutomationMode.Watch, AutomationMode.Auto, AutomationMode.Watch)]
    public void A_campaign_never_goes_further_than_its_storefront(AutomationMode storefront, AutomationMode? own, AutomationMode expected) =>
        Assert.Equal(expected, (Plain.Settings with { Mode = storefront, CampaignModes = own is { } mode ? [new(new(7), mode)] : [] }).ModeOf(new(7)));

    [Fact]
    public void The_coordinator_permits_again_what_it_permitted_and_does_not_care_for_order()
    {
        var reasons = new HashSet<ReasonCode>();
        foreach (var (workspace, seed) in Coordinated().Select((workspace, seed) => (workspace, seed)))
        {
            var (context, proposals) = Proposed(workspace);
            var shuffled = proposals.ToArray();
            new Random(seed).Shuffle(shuffled);
            var first = Coordinator.Compose(proposals, context);
            var other = Coordinator.Compose(shuffled, context);
            var again = Coordinator.Compose(first.Accepted, context);

            Assert.Equal(first.Accepted.Select(proposal => proposal.Change), other.Accepted.Select(proposal => proposal.Change));
            Assert.Equal(first.Withheld.Select(held => (held.Proposal.Id, held.Guardrail)).ToHashSet(), other.Withheld.Select(held => (held.Proposal.Id, held.Guardrail)).ToHashSet());
            Assert.Equal(first.Accepted.Select(proposal => proposal.Change), again.Accepted.Select(proposal => proposal.Change));
            Assert.Empty(again.Withheld);
            reasons.UnionWith(first.Accepted.Select(proposal => proposal.Reason));
        }

        Assert.Superset(
            new HashSet<ReasonCode> { ReasonCode.HarvestExact, ReasonCode.HarvestProduct, ReasonCode.IsolateSource, ReasonCode.RestoreSource, ReasonCode.RemoveDuplicate, ReasonCode.RollBack, ReasonCode.PlacementChange, ReasonCode.BudgetDown },
            reasons);
    }

    // Beside plain ones: with what takes harm back, duplicates, hand-overs under way and lost ones.
    private static IEnumerable<Workspace> Coordinated()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var workspace = new SomeStorefront { Seed = seed, ClicksPerDay = 3, MonthlyBudget = 3000, DailyBudget = 25, TermsPerGroup = 5 }.Build();
            yield return workspace;
            var random = new Random(seed);
            for (var day = 0; day < 8; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 3) with { Handovers = decision.Handovers };
                if (day > 3) yield return workspace;
            }
        }

        yield return Rollback.RollbackTests.WithEveryKind();
        yield return HandoverTests.WithLostTraffic();
        yield return Hygiene.HygieneStorefronts.WithDuplicates();

        // Its source is closed within days.
        var (page, dice) = (Hygiene.HygieneStorefronts.WithSoldProductPage(), new Random(4));
        for (var day = 0; day < 5; day++)
        {
            yield return page;
            var decision = Optimiser.Decide(page, DecisionSettings.Default);
            page = SomeStorefront.NextDay(page, [.. decision.Proposals.Select(proposal => proposal.Change)], dice, 4) with { Handovers = decision.Handovers };
        }
    }

    // Everything that modules want of a storefront, as the optimiser collects it.
    private static (GuardContext, ImmutableArray<Proposal>) Proposed(Workspace workspace)
    {
        var settings = DecisionSettings.Default;
        var measured = new Signals.Measurement(workspace, settings);
        var situation = Optimiser.Look(measured, settings);
        var proposals = new List<Proposal>();
        var context = new GuardContext(situation);
        situation.Placements.Propose(situation, proposals);
        Coordinator.TakeOutUnfitPlacements(proposals, context);
        Bidding.Bidder.Propose(situation, proposals);
        var handovers = Graduation.HandoverSteps.Step(situation, proposals);
        Graduation.Harvest.Propose(situation, handovers, proposals);
        Duplicates.Propose(situation, handovers, proposals);
        Negation.Negator.Propose(situation, handovers, proposals);
        Budgeting.BudgetPlanner.Propose(situation, Budgeting.BudgetPlanner.Plan(situation, proposals), proposals);
        Rollbacks.Propose(situation, proposals);
        return (context, [.. proposals]);
    }
}

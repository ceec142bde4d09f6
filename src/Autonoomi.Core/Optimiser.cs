using System.Collections.Immutable;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Health;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Negation;
using Autonoomi.Core.OtherAds;
using Autonoomi.Core.Placements;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Seasons;
using Autonoomi.Core.Rollback;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Strategies;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core;

/// <summary>The one entry: a snapshot of a storefront in, a decision out. Pure, synchronous, deterministic.</summary>
public static class Optimiser
{
    /// <summary>Price level, in currency units, at which the smallest worthwhile gain of the settings is meant.</summary>
    private const double UsualPrice = 30;

    /// <param name="workspace">Facts, structure, costs, what was applied before; never changed.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static Decision Decide(Workspace workspace, DecisionSettings settings)
    {
        settings.Validate();
        var measured = new Measurement(workspace, settings);
        return measured.HoldAll ? Held(measured) : Decide(Look(measured, settings));
    }

    /// <summary>A decision, and what sellers see around it: the same estimates, looked at once.</summary>
    /// <param name="workspace">Facts, structure, costs, what was applied before; never changed.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static Review Review(Workspace workspace, DecisionSettings settings)
    {
        settings.Validate();
        var measured = new Measurement(workspace, settings);
        var situation = Look(measured, settings);
        var decision = measured.HoldAll ? Held(measured) : Decide(situation);
        var recommendations = Recommender.Of(situation, decision);
        return new Review(decision, HealthScore.Of(situation, decision).With(recommendations), recommendations, StrategyAdvisor.Of(situation)) 
        {
            Frontiers = Frontier.Of(situation),
            SharedTerms = SharedTerms.Of(situation, decision),
            Stock = Inventory.StockCover.Of(situation),
        };
    }

    /// <summary>The same of a whole storefront: Sponsored Products as above, and bids of Sponsored Brands and Display under the price on money that it found.</summary>
    /// <param name="workspace">Facts, structure, costs, what was applied before, of all ad products; never changed.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static Review ReviewAll(Workspace workspace, DecisionSettings settings)
    {
        settings.Validate();
        var sponsored = workspace.OfSponsoredProducts();

        // What was written for the other ad products counts against the seller's limit too.
        if (workspace.Settings.MaximumChangesPerDay is { } allowed) sponsored = sponsored with { Settings = sponsored.Settings with { MaximumChangesPerDay = Math.Max(0, allowed - OtherBids.ChangedToday(workspace)) } };
        var review = Review(sponsored, settings with { MaximumBidsPerDay = Math.Max(1, settings.MaximumBidsPerDay - OtherBids.WrittenToday(workspace)) });
        return review with { Decision = OtherBids.Add(workspace, review.Decision, settings) };
    }

    /// <summary>What a situation leads to; the lab also asks it about situations whose estimates are the truth.</summary>
    internal static Decision Decide(Situation situation)
    {
        var (measured, settings, workspace) = (situation.Measured, situation.Settings, situation.Workspace);
        var proposals = new List<Proposal>();
        var guards = new GuardContext(situation);
        situation.Placements.Propose(situation, proposals);
        var unfit = Coordinator.TakeOutUnfitPlacements(proposals, guards);
        Bidder.Propose(situation, proposals);
        var handovers = HandoverSteps.Step(situation, proposals);
        Harvest.Propose(situation, handovers, proposals);
        Duplicates.Propose(situation, handovers, proposals);
        Negator.Propose(situation, handovers, proposals);
        BudgetPlanner.Propose(situation, BudgetPlanner.Plan(situation, proposals), proposals);

        var notes = Notes(situation).ToBuilder();
        notes.AddRange(Rollbacks.Propose(situation, proposals));
        if (guards.Emergency is { } emergency) notes.Add(new DataNote(DataIssue.Emergency, null, $"Nothing is raised: {emergency}.", true));
        var alone = new List<Withheld>();
        HoldOut.TakeOut(situation, proposals, alone);
        var (accepted, withheld) = Coordinator.Compose(proposals, guards);
        var plan = BudgetPlanner.Plan(situation, accepted);
        return new Decision
        {
            Proposals = accepted,
            Withheld = [.. unfit, .. withheld, .. alone],
            Handovers = WithoutRefused(handovers, workspace, accepted),
            BudgetPrice = situation.BudgetPrice,
            PlannedSpend = Amount(plan.Sum(), workspace.Marketplace.Currency),
            Plan = [.. workspace.Campaigns.Zip(plan).Where(pair => pair.Second > 0).Select(pair => new CampaignPlan(pair.First.Id, Amount(pair.Second, workspace.Marketplace.Currency)))],
            Dayparts = Dayparter.Plans(measured, settings),
            Notes = notes.ToImmutable(),
        };
    }

    private static ImmutableArray<DataNote> Notes(Situation situation) => [.. situation.Measured.Notes, .. AcosControl.Notes(situation)];

    private static Decision Held(Measurement measured) => new()
    {
        Proposals = [], Withheld = [], Handovers = measured.Workspace.Handovers, BudgetPrice = 0, PlannedSpend = Amount(measured.SpendPerDay7, measured.Workspace.Marketplace.Currency), Notes = measured.Notes,
    };

    /// <summary>Estimates, worth and prices of one decision; from here on nothing of it changes.</summary>
    internal static Situation Look(Measurement measured, DecisionSettings settings) => Look(measured, settings, new PlacementSums(measured, settings));

    /// <summary>The same with what is known of placements.</summary>
    internal static Situation Look(Measurement measured, DecisionSettings settings, PlacementSums sums)
    {
        var terms = new SearchTerms(measured, settings);
        HandoverSteps.Inherit(measured, terms);
        var stock = new StockPrices(measured, settings);
        var placements = new PlacementPlan(measured, settings, sums);
        var seasons = new SeasonIndex(measured, settings);
        var situation = new Situation
        {
            Settings = settings,
            Measured = measured,
            Terms = terms,
            Stock = stock,
            Worth = OrderWorth.Of(measured, stock, seasons, settings),
            Seasons = seasons,
            Placements = placements,
            BudgetPrice = 0,
            MinimumGain = settings.MinimumGain * PriceLevel(measured.Workspace) / UsualPrice,
        };
        return situation with { BudgetPrice = BudgetPlanner.Price(situation) };
    }

    // A hand-over begins with its target; where that was refused there is nothing to hand over yet.
    private static ImmutableArray<Handover> WithoutRefused(List<Handover> handovers, Workspace workspace, ImmutableArray<Proposal> accepted)
    {
        // Amazon writes product pages in capitals, search terms come in small letters.
        var created = accepted.Select(proposal => proposal.Change).OfType<CreateTarget>().Select(change => (change.AdGroup, TermText.Plain(change.Text))).ToHashSet();
        var earlier = workspace.Handovers.Select(handover => (handover.Term, handover.SourceAdGroup, handover.TargetAdGroup)).ToHashSet();
        return [.. handovers.Where(handover => handover.State != HandoverState.Created
            || earlier.Contains((handover.Term, handover.SourceAdGroup, handover.TargetAdGroup))
            || created.Contains((handover.TargetAdGroup, handover.Term)))];
    }

    private static double PriceLevel(Workspace workspace)
    {
        var prices = workspace.Listings.Select(listing => (double)listing.Price.Amount).Where(amount => amount > 0).Order().ToArray();
        return prices.Length == 0 ? UsualPrice : prices[prices.Length / 2];
    }

    private static Money Amount(double amount, Currency currency) => new(decimal.Round((decimal)Math.Min(amount, 1e12), currency.Decimals), currency);
}

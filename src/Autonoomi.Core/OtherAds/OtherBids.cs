using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Rollback;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.OtherAds;

/// <summary>
/// Bids of Sponsored Brands and Display, beside a decision on Sponsored Products: the same functions on their own facts, under the price on money that was found there. Budgets, placements and
/// terms stay as they are, and so do bids that are not per click or that Amazon places by itself. See docs/maths/other-ads.md.
/// </summary>
internal static class OtherBids
{
    private static readonly ImmutableArray<AdProduct> Others = [AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay];
    private static readonly TimeSpan Day = TimeSpan.FromHours(20);

    /// <returns>Bids of Sponsored Brands and Display that were written within the last 20 hours.</returns>
    public static int WrittenToday(Workspace whole) => Written(whole, applied => applied.Change.AdProduct != AdProduct.SponsoredProducts);

    /// <returns>Changes of all kinds in Sponsored Brands and Display that were written within the last 20 hours.</returns>
    public static int ChangedToday(Workspace whole)
    {
        var others = whole.Campaigns.Where(campaign => campaign.AdProduct != AdProduct.SponsoredProducts).Select(campaign => campaign.Id).ToHashSet();
        var now = ChangeHistory.Now(whole);
        return whole.Changes.Count(applied => now - applied.At < Day && others.Contains(applied.Change.Campaign));
    }

    /// <param name="whole">The storefront with all ad products.</param>
    /// <param name="sponsored">What was decided on Sponsored Products; nothing of it changes.</param>
    /// <param name="settings">Tunable numbers.</param>
    public static Decision Add(Workspace whole, Decision sponsored, DecisionSettings settings)
    {
        var (accepted, withheld, notes) = (new List<Proposal>(), new List<Withheld>(), new List<DataNote>());

        // A decision that was held found no price on money, unless there is nothing to spend money on.
        var held = sponsored.Notes.Any(note => note is { Holds: true, Product: null, Issue: not (DataIssue.StaleFacts or DataIssue.NoBudget or DataIssue.Emergency) })
            && whole.Campaigns.Any(campaign => campaign is { AdProduct: AdProduct.SponsoredProducts, State: EntityState.Enabled });
        var room = settings.MaximumBidsPerDay - Written(whole, _ => true) - sponsored.Proposals.Count(proposal => proposal.Change is SetBid);
        if (whole.Settings.MaximumChangesPerDay is { } allowed) room = Math.Min(room, allowed - whole.Changes.Count(applied => ChangeHistory.Now(whole) - applied.At < Day) - sponsored.Proposals.Length);
        foreach (var product in Others)
        {
            notes.AddRange(Stays(whole, product));
            if (held || room <= 0 || !whole.Campaigns.Any(campaign => campaign.AdProduct == product && campaign.State == EntityState.Enabled && campaign.BidsAreOurs)) continue;
            var before = accepted.Count;
            Decide(whole, product, sponsored, settings with { MaximumBidsPerDay = room + Written(whole, applied => applied.Change.AdProduct == product) }, accepted, withheld, notes);
            room -= accepted.Count - before;
        }

        return accepted.Count + withheld.Count + notes.Count == 0 ? sponsored : sponsored with
        {
            // The order of the coordinator: what takes harm back, then the largest effect, then the name.
            Proposals = [.. sponsored.Proposals.Concat(accepted).OrderByDescending(proposal => proposal.Module == Module.Rollback).ThenByDescending(proposal => proposal.Effect.Mean.Amount).ThenBy(proposal => proposal.Id.Value, StringComparer.Ordinal)],
            Withheld = [.. sponsored.Withheld, .. withheld],
            Notes = [.. sponsored.Notes, .. notes],
        };
    }

    /// <summary>Estimates, worth and prices of one ad product's decision.</summary>
    /// <param name="whole">The storefront with all ad products.</param>
    /// <param name="product">Brands or Display.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <param name="budgetPrice">λ of the decision on Sponsored Products.</param>
    public static Situation Look(Workspace whole, AdProduct product, DecisionSettings settings, double budgetPrice) => Look(whole, product, settings, budgetPrice, out _);

    private static Situation Look(Workspace whole, AdProduct product, DecisionSettings settings, double budgetPrice, out OtherWorth worth)
    {
        var measured = new Measurement(OtherView.Of(whole, product), settings, OrdersPerClick(whole.TargetDays, Maturity.Of(whole, AdProduct.SponsoredProducts, settings), whole.Today, settings));
        worth = new OtherWorth(measured, product == AdProduct.SponsoredBrands);

        // Placements stay: the multipliers are those in force.
        return Optimiser.Look(measured, settings with { PlacementStep = 0 }) with { BudgetPrice = budgetPrice };
    }

    /// <summary>Orders per click of Sponsored Products: what the rates of the other ad products are pulled towards.</summary>
    /// <param name="table">Facts by target and day.</param>
    /// <param name="maturity">How its orders arrive.</param>
    /// <param name="today">Days before it count.</param>
    /// <param name="settings">Half-life of a click.</param>
    /// <returns>0 to 0.6; a tenth without a click.</returns>
    internal static double OrdersPerClick(FactTable table, Maturity maturity, DateOnly today, DecisionSettings settings)
    {
        var facts = new AdColumns(table);
        double orders = 2, clicks = 20;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today.DayNumber - facts.Days[row] - 1;
            if (age < 0) continue;
            var weight = Math.Pow(0.5, age / settings.HalfLifeDays);
            orders += weight * facts.Orders[row];
            clicks += weight * maturity.VisibleShare(age) * facts.Clicks[row];
        }

        return Math.Clamp(orders / Math.Max(1, clicks), 1e-4, 0.6);
    }

    private static void Decide(Workspace whole, AdProduct product, Decision sponsored, DecisionSettings settings, List<Proposal> into, List<Withheld> withheld, List<DataNote> notes)
    {
        var situation = Look(whole, product, settings, sponsored.BudgetPrice, out var worth);
        if (situation.Measured.HoldAll) return;
        var emergency = sponsored.Notes.Any(note => note.Issue == DataIssue.Emergency) ? "an alarm in Sponsored Products stops every raise" : null;
        var guards = new GuardContext(situation, emergency);
        if (emergency is null && guards.Emergency is { } own) notes.Add(new DataNote(DataIssue.Emergency, null, $"{product.Name()}: nothing is raised: {own}.", true));

        var proposals = new List<Proposal>();
        Bidder.Propose(situation, proposals);
        for (var at = 0; at < proposals.Count; at++) proposals[at] = Explained(proposals[at], situation.Measured.Structure, product, worth);
        notes.AddRange(Rollbacks.Propose(situation, proposals).Where(note => note.Issue == DataIssue.RollbackWatch).Select(note => note with { Text = $"{product.Name()}: {note.Text}" }));

        // The products that are left alone are the same in every ad product.
        HoldOut.TakeOut(situation, HoldOut.Of(whole.OfSponsoredProducts(), Math.Max(settings.HoldOutShare, whole.Settings.HoldOutShare)), proposals, withheld);
        var (accepted, refused) = Coordinator.Compose(proposals, guards);
        into.AddRange(accepted);
        withheld.AddRange(refused);
    }

    private static Proposal Explained(Proposal proposal, Structure structure, AdProduct product, OtherWorth worth)
    {
        var values = proposal.Evidence.Values.Add(new EvidenceValue("adProduct", double.NaN, "text", product.Name()));
        if (proposal.Change is SetBid bid && structure.Group(bid.AdGroup) is >= 0 and var group && worth.BoughtOrders[group] > 0) values = values.Add(new EvidenceValue("boughtOrders", worth.BoughtOrders[group], "orders"));
        return proposal with { Evidence = new Evidence(values) };
    }

    // Said once and quietly: nothing is wrong with these campaigns.
    private static IEnumerable<DataNote> Stays(Workspace whole, AdProduct product)
    {
        var campaigns = whole.Campaigns.Where(campaign => campaign.AdProduct == product && campaign.State == EntityState.Enabled).ToList();
        string Campaigns(int count) => count == 1 ? $"One campaign of {product.Name()}" : $"{count} campaigns of {product.Name()}";
        if (campaigns.Count(campaign => campaign.CostType == CostType.PerThousandViews) is > 0 and var views)
            yield return new(DataIssue.BidsStay, null, $"{Campaigns(views)} {(views == 1 ? "pays" : "pay")} per thousand views, not per click; {(views == 1 ? "its" : "their")} bids stay as you set them.", false);
        if (campaigns.Count(campaign => campaign.CostType == CostType.Unknown) is > 0 and var untold)
            yield return new(DataIssue.BidsStay, null, $"{Campaigns(untold)} {(untold == 1 ? "does not say whether it pays" : "do not say whether they pay")} for clicks or for views; {(untold == 1 ? "its" : "their")} bids stay as you set them.", false);
        if (campaigns.Count(campaign => campaign.PaysPerClick && !campaign.BidsAreOurs) is > 0 and var placed)
            yield return new(DataIssue.BidsStay, null, $"{Campaigns(placed)} {(placed == 1 ? "lets" : "let")} Amazon place bids by itself; {(placed == 1 ? "its" : "their")} bids stay as you set them.", false);
    }

    private static int Written(Workspace whole, Func<AppliedChange, bool> of)
    {
        var now = ChangeHistory.Now(whole);
        return whole.Changes.Count(applied => applied.Change is SetBid && now - applied.At < Day && of(applied));
    }
}

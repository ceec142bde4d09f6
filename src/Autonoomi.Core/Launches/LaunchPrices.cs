using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Launches;

/// <summary>
/// Bids for what nobody has bid on yet, from the same model as all others: the storefront is looked at as if the planned campaigns were there already, so that what it knows of the product, of
/// the words and of the match type says how often a click would sell.
/// </summary>
internal sealed class LaunchPrices
{
    private readonly Situation situation;

    /// <param name="imagined">The storefront with what is planned in it.</param>
    /// <param name="settings">Numbers of the model.</param>
    private LaunchPrices(Workspace imagined, DecisionSettings settings) => situation = Optimiser.Look(new Measurement(imagined, settings), settings);

    private static readonly MatchType[] Clauses = [MatchType.CloseMatch, MatchType.LooseMatch, MatchType.Substitutes, MatchType.Complements];

    /// <returns>The plan with bids and what they rest on. A product without costs keeps the lowest bid, and a note says why nothing is made of it.</returns>
    public static LaunchPlan Set(Workspace workspace, LaunchPlan plan, DecisionSettings settings, List<LaunchNote> notes)
    {
        if (plan.Campaigns.IsEmpty) return plan;
        var (imagined, first) = Imagine(workspace.OfSponsoredProducts(), plan);
        var prices = new LaunchPrices(imagined, settings);
        var measured = prices.situation.Measured;
        foreach (var sku in plan.Campaigns.SelectMany(campaign => campaign.AdGroups).SelectMany(group => group.Products).Distinct())
        {
            if (measured.Structure.Product(sku) is not (>= 0 and var product) || measured.Products[product] is not { IsKnown: true } economics)
                notes.Add(new(true, $"{sku}: its cost of goods or its price is not known, so nobody can say what a click is worth; enter its costs first."));
            else if (economics.ContributionPerOrder <= 0)
                notes.Add(new(false, $"{sku}: an order leaves nothing before ads at today's price and costs, so every click loses money; its bids stand at the lowest."));
        }

        var next = first;
        PlannedAdGroup Priced(PlannedAdGroup group, TargetingType targeting)
        {
            if (targeting == TargetingType.Auto)
            {
                // The clauses share one bid at first: the mean of what each is worth.
                var clauses = Clauses.Select(_ => prices.Price(next++)).ToList();
                var grounds = clauses.TrueForAll(clause => clause.Grounds is not null)
                    ? new BidGrounds(clauses.Average(clause => clause.Grounds!.OrdersPerClick), clauses[0].Grounds!.OrderWorth, Mean(clauses.Select(clause => clause.Grounds!.ClickWorth), workspace.Marketplace.Currency.Decimals))
                    : null;
                return group with { DefaultBid = workspace.Marketplace.RoundBid((double)clauses.Average(clause => clause.Bid.Amount)), Grounds = grounds };
            }

            var targets = group.Targets.Select(target =>
            {
                var (bid, grounds) = prices.Price(next++);
                return target with { Bid = bid, Grounds = grounds };
            }).ToImmutableArray();
            return group with { Targets = targets, DefaultBid = targets.IsEmpty ? group.DefaultBid : workspace.Marketplace.RoundBid((double)targets.Average(target => target.Bid.Amount)) };
        }

        return new([.. plan.Campaigns.Select(campaign => campaign with { AdGroups = [.. campaign.AdGroups.Select(group => Priced(group, campaign.Targeting))] })]);
    }

    /// <summary>Keywords for ad groups that are there: the same, each at what a click of it is worth; where nothing can be said, at the ad group's default bid.</summary>
    public static ImmutableArray<CreateTarget> Set(Workspace workspace, IReadOnlyList<CreateTarget> wanted, DecisionSettings settings)
    {
        if (wanted.Count == 0) return [];
        var sponsored = workspace.OfSponsoredProducts();
        var groups = workspace.AdGroups.ToDictionary(group => group.Id);
        var id = 0L;
        var prices = new LaunchPrices(sponsored with { Targets = [.. sponsored.Targets, .. wanted.Select(target => new Target(new(--id), target.Campaign, target.AdGroup, TargetKind.Keyword, target.Match, target.Text, EntityState.Enabled, target.Bid))] }, settings);
        return [.. wanted.Select((target, at) => prices.Price(sponsored.Targets.Length + at) is { Grounds: not null } priced ? target with { Bid = priced.Bid } : target with { Bid = groups[target.AdGroup].DefaultBid })];
    }

    private (Money Bid, BidGrounds? Grounds) Price(int index)
    {
        var (measured, market) = (situation.Measured, situation.Workspace.Marketplace);
        if (!measured.IsDecidable(index)) return (new(market.MinimumBid, market.Currency), null);
        var rate = measured.PosteriorMean(index);
        var worth = situation.Worth.Lasting(index, measured.Contribution[index], situation.Worth.Incrementality[index]);
        Money Of(double amount) => new(Math.Round((decimal)amount, market.Currency.Decimals), market.Currency);
        return (new((decimal)Bidder.WantedBid(situation, index, rate * worth), market.Currency), new(rate, Of(worth), Of(rate * worth)));
    }

    private static Money Mean(IEnumerable<Money> amounts, int decimals)
    {
        var all = amounts.ToList();
        return new(Math.Round(all.Average(amount => amount.Amount), decimals), all[0].Currency);
    }

    // Ids below zero are nobody's at Amazon.
    private static (Workspace Imagined, int First) Imagine(Workspace workspace, LaunchPlan plan)
    {
        var least = new Money(workspace.Marketplace.MinimumBid, workspace.Marketplace.Currency);
        var asins = workspace.Listings.GroupBy(listing => listing.Sku).ToDictionary(group => group.Key, group => group.First().Asin);
        var (campaigns, groups, ads, targets) = (workspace.Campaigns.ToBuilder(), workspace.AdGroups.ToBuilder(), workspace.ProductAds.ToBuilder(), workspace.Targets.ToBuilder());
        var id = 0L;
        foreach (var planned in plan.Campaigns)
        {
            var campaign = new Campaign(new(--id), planned.Name, planned.Targeting, EntityState.Enabled, planned.DailyBudget, planned.Strategy, planned.TopOfSearchPercent, planned.RestOfSearchPercent, planned.ProductPagesPercent);
            campaigns.Add(campaign);
            foreach (var part in planned.AdGroups)
            {
                var group = new AdGroup(new(--id), campaign.Id, part.Name, EntityState.Enabled, least);
                groups.Add(group);
                ads.AddRange(part.Products.Select(sku => new ProductAd(new(--id), campaign.Id, group.Id, sku, asins.GetValueOrDefault(sku), EntityState.Enabled)));
                targets.AddRange(planned.Targeting == TargetingType.Auto
                    ? Clauses.Select(clause => new Target(new(--id), campaign.Id, group.Id, TargetKind.Auto, clause, "", EntityState.Enabled, least))
                    : part.Targets.Select(target => new Target(new(--id), campaign.Id, group.Id, target.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad ? TargetKind.Keyword : TargetKind.Product, target.Match, target.Text, EntityState.Enabled, least)));
            }
        }

        return (workspace with { Campaigns = campaigns.ToImmutable(), AdGroups = groups.ToImmutable(), ProductAds = ads.ToImmutable(), Targets = targets.ToImmutable() }, workspace.Targets.Length);
    }
}

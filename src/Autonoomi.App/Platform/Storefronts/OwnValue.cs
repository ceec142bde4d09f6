using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Storefronts;

/// <param name="Change">What would be written; null when it may not be.</param>
/// <param name="Refusal">Field, rule and fix; null when it may be written.</param>
public sealed record OwnChange(Change? Change, string? Refusal);

/// <summary>Another value than the proposed one, as a person wants it, held against the seller's limits and Amazon's.</summary>
public static class OwnValue
{
    /// <summary>What Amazon may spend of a daily budget on one day.</summary>
    private const int Overdelivery = 2;

    private const int HighestPercent = 900;

    /// <summary>The value that is proposed: money, or whole percent of a placement; null where there is nothing to set.</summary>
    public static decimal? Proposed(Change change) => change switch
    {
        SetBid bid => bid.After.Amount,
        SetBudget budget => budget.After.Amount,
        SetPlacement placement => placement.AfterPercent,
        CreateTarget create => create.Bid.Amount,
        _ => null,
    };

    /// <param name="proposal">As it was proposed.</param>
    /// <param name="value">Money of the storefront, or whole percent of a placement.</param>
    /// <param name="workspace">Limits, marketplace, campaigns.</param>
    public static OwnChange Of(Proposal proposal, decimal value, Workspace workspace)
    {
        if (workspace.Settings.ProtectedCampaigns.Contains(proposal.Change.Campaign)) return new(null, "This campaign is protected: take it off the list on Products and costs first.");
        return proposal.Change switch
        {
            SetBid bid => Bid(value, bid.Before.Amount, bid.Campaign, workspace) is { } fault ? new(null, fault) : new(bid with { After = bid.After with { Amount = value } }, null),
            CreateTarget create => Bid(value, null, create.Campaign, workspace) is { } fault ? new(null, fault) : new(create with { Bid = create.Bid with { Amount = value } }, null),
            SetBudget budget => Budget(value, budget, workspace) is { } fault ? new(null, fault) : new(budget with { After = budget.After with { Amount = value } }, null),
            SetPlacement placement => Percent(value, placement) is { } fault ? new(null, fault) : new(placement with { AfterPercent = (int)value }, null),
            _ => new(null, "There is no value in this proposal that could be another: approve or reject it."),
        };
    }

    /// <returns>Null where the text is no number. A comma or a point may stand before the cents.</returns>
    public static decimal? Read(string? text) =>
        decimal.TryParse((text ?? "").Trim().TrimEnd('%').Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string? Bid(decimal value, decimal? before, CampaignId id, Workspace workspace)
    {
        var (market, settings) = (workspace.Marketplace, workspace.Settings);
        if (value % market.BidStep != 0) return Said($"Bid: Amazon takes steps of {market.BidStep} {market.Currency}. Round {value} to one.");
        if (value < market.MinimumBid || value > market.MaximumBid) return Said($"Bid: Amazon takes {market.MinimumBid} to {market.MaximumBid} {market.Currency} here, and {value} lies outside.");
        if (value > settings.MaximumBid.Amount) return Said($"Bid: your highest bid is {settings.MaximumBid.Amount} {market.Currency}, and {value} is above it. Choose less, or raise the limit on Products and costs.");
        if (before == value) return Said($"Bid: {value} {market.Currency} is what stands there now. Reject the proposal to leave it so.");
        if (settings.MaximumClickCost is { } most && workspace.Campaigns.FirstOrDefault(campaign => campaign.Id == id) is { } campaign && value * (decimal)Multiplier(campaign) is var dearest && dearest > most.Amount)
            return Said($"Bid: with placements and dynamic bidding one click could cost {dearest:0.00} {market.Currency}, and your limit is {most.Amount}. Choose less, or raise the limit on Products and costs.");
        return null;
    }

    private static string? Budget(decimal value, SetBudget budget, Workspace workspace)
    {
        var (market, settings) = (workspace.Marketplace, workspace.Settings);
        if (decimal.Round(value, market.Currency.Decimals) != value) return Said($"Daily budget: {market.Currency} has {market.Currency.Decimals} digits after the point, and {value} has more.");
        if (value < market.MinimumBudget || value > market.MaximumBudget) return Said($"Daily budget: Amazon takes {market.MinimumBudget} to {market.MaximumBudget} {market.Currency} here, and {value} lies outside.");
        if (value == budget.Before.Amount) return Said($"Daily budget: {value} {market.Currency} is what stands there now. Reject the proposal to leave it so.");
        if (value <= budget.Before.Amount) return null;
        if (value > settings.MonthlyBudget.Amount) return Said($"Daily budget: your month has {settings.MonthlyBudget.Amount} {market.Currency}, and {value} a day is more than all of it. Choose less.");
        var all = workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled && campaign.Id != budget.Campaign).Sum(campaign => campaign.DailyBudget.Amount) + value;
        return settings.DailyCap is { } cap && all * Overdelivery > cap.Amount
            ? Said($"Daily budget: all budgets together would be {all} {market.Currency}, of which Amazon may spend twice as much on one day; your cap of a day is {cap.Amount}. Choose less, or raise the cap on Products and costs.")
            : null;
    }

    private static string? Percent(decimal value, SetPlacement placement)
    {
        if (value != decimal.Truncate(value) || value is < 0 or > HighestPercent) return Said($"Increase: Amazon takes whole percents from 0 to {HighestPercent}, and {value} is none.");
        return value == placement.BeforePercent ? Said($"Increase: {value}% is what stands there now. Reject the proposal to leave it so.") : null;
    }

    // Best placement, and doubled where Amazon may raise bids by itself.
    private static double Multiplier(Campaign campaign)
    {
        var percent = Math.Max(0, Math.Max(campaign.TopOfSearchPercent, Math.Max(campaign.RestOfSearchPercent, campaign.ProductPagesPercent)));
        return (1 + percent / 100.0) * (campaign.Strategy == BiddingStrategy.UpAndDown ? 2 : 1);
    }

    private static string Said(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}

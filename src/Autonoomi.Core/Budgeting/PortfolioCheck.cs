using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Budgeting;

public enum PortfolioVerdict
{
    /// <summary>The seller says nothing of a portfolio.</summary>
    NotClaimed,

    /// <summary>One portfolio holds all enabled campaigns, with a monthly budget no higher than the seller says.</summary>
    Held,

    /// <summary>Amazon was not asked for a week, or never.</summary>
    Unread,

    /// <summary>No portfolio has a monthly budget.</summary>
    NoCap,

    /// <summary>The portfolio's monthly budget is higher than the seller says.</summary>
    Higher,

    /// <summary>Enabled campaigns stand outside of it: their spend is not ended.</summary>
    Outside,
}

/// <summary>
/// The portfolio that ends the month's spend at Amazon, read instead of believed (docs/decisions/0006). Only what Amazon confirms lets daily budgets be looser than the month's rest;
/// where Amazon says otherwise, or was not asked, the cautious rule holds and the seller is told why.
/// </summary>
/// <param name="Verdict">How the seller's claim stands.</param>
/// <param name="Held">What Amazon holds the month at; null where nothing is certain.</param>
/// <param name="Words">One sentence with the fix; null where nothing needs to be said.</param>
public sealed record PortfolioCheck(PortfolioVerdict Verdict, Money? Held, string? Words)
{
    /// <summary>How long an answer of Amazon's counts.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    public static PortfolioCheck Of(Workspace workspace) => Of(workspace.Settings.PortfolioCap, workspace.Campaigns, workspace.Controls ?? AmazonControls.Unread, workspace.SyncedAt);

    /// <param name="claimed">What the seller typed; null for nothing.</param>
    /// <param name="campaigns">All of the storefront; enabled ones count.</param>
    /// <param name="controls">Amazon's answer.</param>
    /// <param name="now">When the other facts were read; null before the first sync.</param>
    public static PortfolioCheck Of(Money? claimed, IReadOnlyList<Campaign> campaigns, AmazonControls controls, DateTimeOffset? now)
    {
        if (claimed is not { } typed) return new(PortfolioVerdict.NotClaimed, null, null);
        if (controls.At == DateTimeOffset.MinValue || now - controls.At > Fresh)
            return new(PortfolioVerdict.Unread, null, $"Amazon has not confirmed the portfolio budget of {typed} yet: until it does, daily budgets fit into the month's rest.");
        if (controls.Caps.Length == 0)
            return new(PortfolioVerdict.NoCap, null, $"You typed a portfolio budget of {typed}, but no portfolio at Amazon has a monthly budget. Set one there, or clear the field; until then daily budgets fit into the month's rest.");

        // The portfolio with most of the campaigns is the one that was meant.
        var ours = campaigns.Where(campaign => campaign.State == EntityState.Enabled).ToLookup(campaign => campaign.AdProduct == AdProduct.SponsoredProducts);
        var enabled = ours[true].Select(campaign => campaign.Id).ToHashSet();
        var meant = controls.Caps.OrderByDescending(cap => cap.Campaigns.Count(enabled.Contains)).ThenBy(cap => cap.Monthly.Amount).First();
        var outside = enabled.Count - meant.Campaigns.Count(enabled.Contains);
        if (outside > 0)
            return new(PortfolioVerdict.Outside, null, $"{outside} enabled {(outside == 1 ? "campaign stands" : "campaigns stand")} outside the portfolio '{meant.Name}': its budget does not end their spend. Move them into it; until then daily budgets fit into the month's rest.");

        // Amazon is asked for members among Sponsored Products alone.
        if (ours[false].Any())
            return new(PortfolioVerdict.Outside, null, $"Whether your campaigns of Sponsored Brands and Display stand in the portfolio '{meant.Name}' is not read from Amazon: their spend may not end with it, so daily budgets fit into the month's rest.");
        return meant.Monthly > typed
            ? new(PortfolioVerdict.Higher, null, $"The portfolio '{meant.Name}' has {meant.Monthly} a month at Amazon, more than the {typed} that you typed. Correct one of the two; until then daily budgets fit into the month's rest.")
            : new(PortfolioVerdict.Held, meant.Monthly, null);
    }
}

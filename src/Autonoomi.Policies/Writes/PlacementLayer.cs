using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Writes;

/// <summary>
/// The composite's placements: a placement's multiplier is its revenue per click over the lowest of the three, not shrunk, at most 4, where each has 20
/// clicks and 2 orders in 60 days. The bids under it are steered times the mean multiplier, so that a new multiplier is spend-neutral to first order.
/// </summary>
/// <remarks>
/// Gaps filled (*): looked at once a week, as AdLabs does; a campaign without enough figures keeps its increases; click shares of 60 days with one
/// pseudo-click each weigh the mean.
/// </remarks>
internal sealed class PlacementLayer
{
    private const int WindowDays = 60;
    private const int FewestClicks = 20;
    private const int FewestOrders = 2;
    private const double HighestMultiplier = 4;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var window = account.Placements(WindowDays);
        Span<int> percents = stackalloc int[PlacementWindow.Placements];
        for (var campaign = 0; campaign < account.Campaigns.Length; campaign++)
        {
            if (!account.IsOpenCampaign[campaign]) continue;
            var entry = account.Campaigns[campaign];
            var before = window.MeanMultiplier(campaign);
            var after = before;
            if (account.Day % 7 == 0 && Ratios(window.Sums, campaign, FewestClicks, FewestOrders, HighestMultiplier, percents))
            {
                after = window.MeanMultiplier(campaign, percents);
                AddTo(changes, entry, percents);
            }

            bids.Rescale(campaign, before, after);
        }
    }

    /// <summary>Increases in whole percent from revenue per click; the worst placement is the base.</summary>
    /// <param name="sums">Per campaign and placement.</param>
    /// <param name="campaign">Position of the campaign.</param>
    /// <param name="fewestClicks">Needed in every placement.</param>
    /// <param name="fewestOrders">Needed in every placement.</param>
    /// <param name="highest">Largest multiplier, 1 to 10.</param>
    /// <param name="percents">Filled in the order of <see cref="Placement"/>, 0 to 900.</param>
    /// <returns>False, and nothing filled, where a placement has too few figures.</returns>
    public static bool Ratios(Sums sums, int campaign, double fewestClicks, double fewestOrders, double highest, Span<int> percents)
    {
        var lowest = double.PositiveInfinity;
        for (var placement = 0; placement < PlacementWindow.Placements; placement++)
        {
            var entry = campaign * PlacementWindow.Placements + placement;
            if (sums.Clicks[entry] < fewestClicks || sums.Orders[entry] < fewestOrders || !(sums.RevenuePerClick(entry) > 0)) return false;
            lowest = Math.Min(lowest, sums.RevenuePerClick(entry));
        }

        for (var placement = 0; placement < PlacementWindow.Placements; placement++)
        {
            var ratio = Math.Min(highest, sums.RevenuePerClick(campaign * PlacementWindow.Placements + placement) / lowest);

            // Half percents are common with few orders: not for the last digit to decide.
            percents[placement] = (int)Math.Round(Math.Round(100 * (ratio - 1), 6), MidpointRounding.AwayFromZero);
        }

        return true;
    }

    public static void AddTo(List<Change> changes, Campaign campaign, ReadOnlySpan<int> percents)
    {
        for (var placement = 0; placement < PlacementWindow.Placements; placement++)
        {
            var before = campaign.PercentAt((Placement)placement);
            if (before != percents[placement]) changes.Add(new SetPlacement(campaign.Id, (Placement)placement, before, percents[placement]));
        }
    }
}

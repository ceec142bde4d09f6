using Autonoomi.Core.Advertising;

namespace Autonoomi.Policies.Reports;

/// <summary>Figures per campaign and placement of the last days.</summary>
internal sealed class PlacementWindow
{
    public const int Placements = 3;

    private readonly Account account;

    /// <param name="account">Whose facts.</param>
    /// <param name="days">How many days, at least 1.</param>
    /// <param name="skip">Latest complete days left out; today never counts.</param>
    public PlacementWindow(Account account, int days, int skip)
    {
        this.account = account;
        Sums = new Sums(account.Campaigns.Length * Placements);
        var table = account.Workspace.PlacementDays;
        var keys = table.Keys("campaign_id");
        var positions = new int[keys.Values.Length];
        for (var index = 0; index < positions.Length; index++) positions[index] = account.CampaignOf(keys.Values[index]);

        var last = account.Workspace.Today.DayNumber - 1 - skip;
        var first = last - days + 1;
        var codes = keys.Codes;
        var day = table.Ints("day");
        var placement = table.Ints("placement");
        var clicks = table.Longs("clicks");
        var cost = table.Longs("cost");
        var orders = table.Longs("orders");
        var sales = table.Longs("sales");
        for (var row = 0; row < codes.Length; row++)
        {
            if (day[row] < first || day[row] > last || positions[codes[row]] is var campaign && campaign < 0) continue;
            var entry = campaign * Placements + placement[row];
            Sums.Clicks[entry] += clicks[row];
            Sums.Cost[entry] += cost[row];
            Sums.Orders[entry] += orders[row];
            Sums.Sales[entry] += sales[row];
        }

        Sums.Settle();
    }

    /// <summary>Entry <c>campaign × 3 + placement</c>.</summary>
    public Sums Sums { get; }

    public static int Entry(int campaign, Placement placement) => campaign * Placements + (int)placement;

    /// <summary>Mean of the campaign's bid multipliers over its clicks, with one pseudo-click per placement.</summary>
    /// <param name="campaign">Position of the campaign.</param>
    /// <param name="percents">Placement increases in whole percent, in the order of <see cref="Placement"/>.</param>
    /// <returns>1 or more.</returns>
    public double MeanMultiplier(int campaign, ReadOnlySpan<int> percents)
    {
        double clicks = 0, weighted = 0;
        for (var placement = 0; placement < Placements; placement++)
        {
            var share = Sums.Clicks[campaign * Placements + placement] + 1;
            clicks += share;
            weighted += share * (1 + percents[placement] / 100.0);
        }

        return weighted / clicks;
    }

    /// <returns>The same at the increases in force.</returns>
    public double MeanMultiplier(int campaign)
    {
        var entry = account.Campaigns[campaign];
        return MeanMultiplier(campaign, [entry.TopOfSearchPercent, entry.RestOfSearchPercent, entry.ProductPagesPercent]);
    }
}

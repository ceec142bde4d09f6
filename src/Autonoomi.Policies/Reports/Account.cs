using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit;

namespace Autonoomi.Policies.Reports;

/// <summary>One morning's view with everything numbered: positions in the workspace's arrays instead of ids, −1 where there is nobody.</summary>
internal sealed class Account
{
    /// <summary>The lowest bid of the marketplace in whose currency the peers published their amounts.</summary>
    private const double MinimumBidInUsd = 0.02;

    /// <summary>Target of a product whose costs nobody told: a default that Helium 10 publishes for its own users.</summary>
    private const double TargetWithoutCosts = 0.30;

    private readonly PolicyView view;
    private readonly Dictionary<(int Days, int Skip), Window> windows = [];
    private readonly Dictionary<(int Days, int Skip), PlacementWindow> placementWindows = [];
    private readonly Dictionary<long, int> targets;
    private readonly Dictionary<long, int> groups;
    private readonly Dictionary<long, int> campaigns;

    /// <param name="view">This morning's reports and suggestions.</param>
    /// <param name="targetOfBreakEven">Target ACoS of every product as a share of its break-even ACoS.</param>
    public Account(PolicyView view, double targetOfBreakEven)
    {
        this.view = view;
        var workspace = view.Workspace;
        campaigns = Numbered(workspace.Campaigns, campaign => campaign.Id.Value);
        groups = Numbered(workspace.AdGroups, group => group.Id.Value);
        targets = Numbered(workspace.Targets, target => target.Id.Value);

        var products = new Dictionary<Core.Primitives.Sku, int>();
        foreach (var ad in workspace.ProductAds) products.TryAdd(ad.Sku, products.Count);
        Products = products.Count;
        (Price, TargetAcos) = (new double[Products], new double[Products]);
        var economics = Economics.Of(workspace);
        foreach (var (sku, product) in products)
        {
            var known = economics.GetValueOrDefault(sku);
            Price[product] = known?.Price ?? 0;
            TargetAcos[product] = Math.Max(0, known?.BreakEvenAcos is { } breakEven ? targetOfBreakEven * breakEven : TargetWithoutCosts);
        }

        GroupCampaign = new int[workspace.AdGroups.Length];
        GroupProduct = new int[workspace.AdGroups.Length];
        for (var group = 0; group < GroupCampaign.Length; group++) GroupCampaign[group] = CampaignOf(workspace.AdGroups[group].Campaign.Value);
        Array.Fill(GroupProduct, -1);

        // Where a group shows several products the first ad speaks for it: peers set one target per group.
        foreach (var ad in workspace.ProductAds)
        {
            if (ad.State == EntityState.Enabled && groups.TryGetValue(ad.AdGroup.Value, out var group) && GroupProduct[group] < 0) GroupProduct[group] = products[ad.Sku];
        }

        IsOpenCampaign = new bool[workspace.Campaigns.Length];
        for (var campaign = 0; campaign < IsOpenCampaign.Length; campaign++)
        {
            var entry = workspace.Campaigns[campaign];
            IsOpenCampaign[campaign] = entry.State == EntityState.Enabled && entry.Strategy != BiddingStrategy.RuleBased && !workspace.Settings.ProtectedCampaigns.Contains(entry.Id);
        }

        var count = workspace.Targets.Length;
        (TargetGroup, TargetCampaign, TargetProduct, IsOpen) = (new int[count], new int[count], new int[count], new bool[count]);
        for (var target = 0; target < count; target++)
        {
            var entry = workspace.Targets[target];
            var group = TargetGroup[target] = groups.GetValueOrDefault(entry.AdGroup.Value, -1);
            TargetCampaign[target] = CampaignOf(entry.Campaign.Value);
            TargetProduct[target] = group < 0 ? -1 : GroupProduct[group];
            IsOpen[target] = entry.State == EntityState.Enabled && TargetProduct[target] >= 0 && IsOpenGroup(group) && TargetCampaign[target] == GroupCampaign[group];
        }
    }

    public Workspace Workspace => view.Workspace;
    public ImmutableArray<Target> Targets => view.Workspace.Targets;
    public ImmutableArray<Campaign> Campaigns => view.Workspace.Campaigns;

    /// <summary>Days since the policy took over.</summary>
    public int Day => view.Day;

    public int Products { get; }
    public int[] GroupCampaign { get; }
    public int[] GroupProduct { get; }
    public int[] TargetGroup { get; }
    public int[] TargetCampaign { get; }
    public int[] TargetProduct { get; }

    /// <summary>Per target: enabled all the way up, with a product, in a campaign that may be touched.</summary>
    public bool[] IsOpen { get; }

    /// <summary>Per campaign: enabled, not steered by Amazon's own rule, not protected.</summary>
    public bool[] IsOpenCampaign { get; }

    /// <summary>Per product: of one unit; 0 when unknown.</summary>
    public double[] Price { get; }

    /// <returns>The target ACoS of the target's product, as a fraction.</returns>
    public double TargetAcosOf(int target) => TargetAcos[TargetProduct[target]];

    /// <summary>Per product: the ACoS that the peer's user would set, as a fraction, zero or more.</summary>
    public double[] TargetAcos { get; }

    public bool IsOpenGroup(int group) =>
        group >= 0 && GroupCampaign[group] >= 0 && IsOpenCampaign[GroupCampaign[group]] && Workspace.AdGroups[group].State == EntityState.Enabled;

    public int TargetOf(long id) => targets.GetValueOrDefault(id, -1);
    public int GroupOf(long id) => groups.GetValueOrDefault(id, -1);
    public int CampaignOf(long id) => campaigns.GetValueOrDefault(id, -1);

    /// <returns>Amazon's median suggestion per click; where there is none, the ad group's default bid stands in.</returns>
    public double Suggested(int target) => (double)(view.Suggested.TryGetValue(Targets[target].Id, out var suggested)
        ? suggested.Median.Amount
        : Workspace.AdGroups[TargetGroup[target]].DefaultBid.Amount);

    /// <returns>The median suggestion per click; null where there is none.</returns>
    public double? SuggestedOrNone(int target) => view.Suggested.TryGetValue(Targets[target].Id, out var suggested) ? (double)suggested.Median.Amount : null;

    /// <summary>An amount that a peer published in dollars, as the same multiple of this marketplace's lowest bid.</summary>
    /// <param name="dollars">As published.</param>
    /// <returns>In the storefront's currency.</returns>
    public double Dollars(double dollars) => dollars / MinimumBidInUsd * (double)Workspace.Marketplace.MinimumBid;

    /// <summary>Target figures of the days from <paramref name="skip"/> days ago backwards; worked out once a morning.</summary>
    /// <param name="days">How many days, at least 1.</param>
    /// <param name="skip">Latest complete days left out, 0 or more; today never counts.</param>
    public Window Window(int days, int skip = 0)
    {
        if (!windows.TryGetValue((days, skip), out var window)) windows.Add((days, skip), window = new Window(this, days, skip));
        return window;
    }

    /// <summary>Figures per campaign and placement, of the same days.</summary>
    /// <param name="days">How many days, at least 1.</param>
    /// <param name="skip">Latest complete days left out, 0 or more; today never counts.</param>
    public PlacementWindow Placements(int days, int skip = 0)
    {
        if (!placementWindows.TryGetValue((days, skip), out var window)) placementWindows.Add((days, skip), window = new PlacementWindow(this, days, skip));
        return window;
    }

    private static Dictionary<long, int> Numbered<T>(ImmutableArray<T> entries, Func<T, long> id)
    {
        var numbers = new Dictionary<long, int>(entries.Length);
        for (var index = 0; index < entries.Length; index++) numbers[id(entries[index])] = index;
        return numbers;
    }
}

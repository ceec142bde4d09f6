using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Facts;

/// <summary>Who belongs to whom: positions in the workspace's arrays instead of ids, −1 where there is nobody.</summary>
internal sealed class Structure
{
    public Structure(Workspace workspace)
    {
        Workspace = workspace;
        for (var index = 0; index < workspace.Campaigns.Length; index++) campaigns[workspace.Campaigns[index].Id.Value] = index;
        for (var index = 0; index < workspace.AdGroups.Length; index++) groups[workspace.AdGroups[index].Id.Value] = index;
        for (var index = 0; index < workspace.Targets.Length; index++) targets[workspace.Targets[index].Id.Value] = index;

        Products = [.. workspace.ProductAds.Select(ad => ad.Sku)
            .Concat(workspace.Listings.Select(listing => listing.Sku))
            .Concat(workspace.Costs.Select(cost => cost.Sku))
            .Distinct().OrderBy(sku => sku.Value, StringComparer.Ordinal)];
        for (var index = 0; index < Products.Length; index++) products[Products[index]] = index;

        GroupCampaign = [.. workspace.AdGroups.Select(group => Campaign(group.Campaign))];
        GroupProduct = new int[workspace.AdGroups.Length];
        SeveralProducts = new bool[workspace.AdGroups.Length];
        FindProducts();

        TargetGroup = [.. workspace.Targets.Select(target => Group(target.AdGroup))];
        TargetCampaign = [.. workspace.Targets.Select(target => Campaign(target.Campaign))];
        for (var index = 0; index < workspace.Targets.Length; index++)
        {
            if (workspace.Targets[index] is not { Kind: TargetKind.Keyword, Match: MatchType.Exact } target) continue;
            if (!ExactByGroup.TryGetValue(target.AdGroup.Value, out var texts)) ExactByGroup.Add(target.AdGroup.Value, texts = new(StringComparer.OrdinalIgnoreCase));

            // An archived keyword may have a living twin; the living one counts.
            if (target.State != EntityState.Archived || !texts.ContainsKey(target.Text.Trim())) texts[target.Text.Trim()] = index;
        }

        TargetProduct = [.. TargetGroup.Select(group => group < 0 ? -1 : GroupProduct[group])];
    }

    private readonly Dictionary<long, int> campaigns = [];
    private readonly Dictionary<long, int> groups = [];
    private readonly Dictionary<long, int> targets = [];
    private readonly Dictionary<Sku, int> products = [];

    public Workspace Workspace { get; }

    /// <summary>In order of SKU.</summary>
    public Sku[] Products { get; }

    public int[] GroupCampaign { get; }

    /// <summary>Exact keywords by ad group id and text.</summary>
    public Dictionary<long, Dictionary<string, int>> ExactByGroup { get; } = [];

    /// <summary>The product with the most clicks among the group's ads.</summary>
    public int[] GroupProduct { get; }
    public bool[] SeveralProducts { get; }
    public int[] TargetGroup { get; }
    public int[] TargetCampaign { get; }
    public int[] TargetProduct { get; }

    public int Campaign(CampaignId id) => campaigns.GetValueOrDefault(id.Value, -1);
    public int Group(AdGroupId id) => groups.GetValueOrDefault(id.Value, -1);
    public int Target(TargetId id) => targets.GetValueOrDefault(id.Value, -1);
    public int Product(Sku sku) => products.GetValueOrDefault(sku, -1);

    /// <returns>Per number of the key column: the position in the workspace's array.</returns>
    public int[] Targets(KeyColumn keys) => Positions(keys, targets);
    public int[] Groups(KeyColumn keys) => Positions(keys, groups);
    public int[] Campaigns(KeyColumn keys) => Positions(keys, campaigns);

    private static int[] Positions(KeyColumn keys, Dictionary<long, int> known)
    {
        var positions = new int[keys.Values.Length];
        for (var index = 0; index < positions.Length; index++) positions[index] = known.GetValueOrDefault(keys.Values[index], -1);
        return positions;
    }

    private void FindProducts()
    {
        var table = Workspace.ProductDays;
        var clicks = new Dictionary<(int Group, int Product), long>();
        var keys = table.Keys("ad_group_id");
        var groupOf = Groups(keys);
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => Product(new Sku(word))).ToArray();
        var clicked = table.Longs("clicks");
        for (var row = 0; row < table.Rows; row++)
        {
            var key = (groupOf[keys.Codes[row]], productOf[skus.Codes[row]]);
            clicks[key] = clicks.GetValueOrDefault(key) + clicked[row];
        }

        Array.Fill(GroupProduct, -1);
        var best = new long[GroupProduct.Length];
        foreach (var ad in Workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).OrderBy(ad => ad.Sku.Value, StringComparer.Ordinal))
        {
            var group = Group(ad.AdGroup);
            if (group < 0) continue;
            var product = Product(ad.Sku);
            if (GroupProduct[group] >= 0 && GroupProduct[group] != product) SeveralProducts[group] = true;
            var seen = clicks.GetValueOrDefault((group, product));
            if (GroupProduct[group] >= 0 && seen <= best[group]) continue;
            GroupProduct[group] = product;
            best[group] = seen;
        }
    }
}

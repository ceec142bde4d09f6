using Autonoomi.Core.Advertising;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Worth;

/// <summary>
/// How much of an attributed order the ad itself brought, by kind of search; one everywhere unless the seller counts only what ads add.
/// See docs/maths/incrementality.md.
/// </summary>
internal sealed class Incrementality
{
    /// <summary>Priors where nobody has measured: shoppers who type the brand mostly buy without the ad.</summary>
    public const double OwnBrand = 0.30;
    public const double Others = 0.85;
    public const double RivalProduct = 0.90;

    // Clicks stand for a twentieth of an order each, so that searches without an order count for what they may bring; two orders of the target's own kind are added.
    private const double OrdersPerClick = 0.05;
    private const double OwnKindOrders = 2;

    private readonly System.Collections.Immutable.ImmutableArray<string> brand = [];
    private readonly double weight;

    public Incrementality(Measurement measured, DecisionSettings settings)
    {
        var workspace = measured.Workspace;
        Factor = new double[workspace.Targets.Length];
        Array.Fill(Factor, 1);
        weight = workspace.Settings.CountIncrementality ? settings.IncrementalityWeight : 0;
        if (weight <= 0) return;

        brand = BrandWords.Of(workspace);
        var share = BrandShares(measured);
        for (var target = 0; target < Factor.Length; target++)
        {
            var other = workspace.Targets[target].Kind == TargetKind.Product ? RivalProduct : Others;
            Factor[target] = Weighted(share[target] * OwnBrand + (1 - share[target]) * other);
        }
    }

    /// <summary>Per target: 0 to 1.</summary>
    public double[] Factor { get; }

    /// <returns>The share for one search, or for one product page, 0 to 1.</returns>
    public double OfSearch(string text, bool isProduct) => weight <= 0 ? 1 : Weighted(BrandWords.Holds(brand, text) ? OwnBrand : isProduct ? RivalProduct : Others);

    private double Weighted(double factor) => 1 - weight * (1 - factor);

    // A loose target answers brand searches and others at one bid: it gets the mean of its own orders.
    private double[] BrandShares(Measurement measured)
    {
        var workspace = measured.Workspace;
        var share = new double[Factor.Length];
        if (brand.IsEmpty) return share;
        var (own, all) = (new double[Factor.Length], new double[Factor.Length]);
        var table = workspace.SearchTermDays;
        var keys = table.Keys("target_id");
        var targetOf = measured.Structure.Targets(keys);
        var terms = table.Texts("search_term");
        var isBrand = Array.ConvertAll(terms.Words, word => BrandWords.Holds(brand, word));
        var clicks = table.Longs("clicks");
        var orders = table.Longs("orders");
        for (var row = 0; row < table.Rows; row++)
        {
            var target = targetOf[keys.Codes[row]];
            if (target < 0) continue;
            var brought = orders[row] + OrdersPerClick * clicks[row];
            all[target] += brought;
            if (isBrand[terms.Codes[row]]) own[target] += brought;
        }

        for (var target = 0; target < share.Length; target++)
        {
            var itself = workspace.Targets[target].Kind == TargetKind.Keyword && BrandWords.Holds(brand, workspace.Targets[target].Text) ? 1 : 0;
            share[target] = Math.Clamp((own[target] + OwnKindOrders * itself) / (all[target] + OwnKindOrders), 0, 1);
        }

        return share;
    }
}

using System.Security.Cryptography;
using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Rollback;

/// <summary>Products that are left as they are, so that the others can be compared with them. The same products for as long as a store sells them: drawn by a digest of their names.</summary>
public static class HoldOut
{
    private const int FewestProducts = 8;

    /// <param name="workspace">Whose advertised products are drawn from.</param>
    /// <param name="share">Of the products, 0 to 0.2; one at least where there are eight or more, none where there are fewer.</param>
    public static IReadOnlySet<Sku> Of(Workspace workspace, double share)
    {
        var products = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).Select(ad => ad.Sku).Distinct().ToArray();
        if (!(share > 0) || products.Length < FewestProducts) return new HashSet<Sku>();
        var count = Math.Max(1, (int)Math.Round(share * products.Length, MidpointRounding.AwayFromZero));
        return products.OrderBy(sku => Digest(workspace.Storefront, sku), StringComparer.Ordinal).ThenBy(sku => sku.Value, StringComparer.Ordinal).Take(count).ToHashSet();
    }

    internal static IReadOnlySet<Sku> Of(Situation situation) => Of(situation.Workspace, Math.Max(situation.Settings.HoldOutShare, situation.Workspace.Settings.HoldOutShare));

    /// <summary>Takes out what concerns products that are left alone; cuts of budgets stay, because caps hold for everybody.</summary>
    internal static void TakeOut(Situation situation, List<Proposal> proposals, List<Withheld> withheld) => TakeOut(situation, Of(situation), proposals, withheld);

    /// <inheritdoc cref="TakeOut(Situation, List{Proposal}, List{Withheld})"/>
    internal static void TakeOut(Situation situation, IReadOnlySet<Sku> alone, List<Proposal> proposals, List<Withheld> withheld)
    {
        if (alone.Count == 0) return;
        var structure = situation.Measured.Structure;
        var campaigns = situation.Workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).GroupBy(ad => ad.Campaign).Where(group => group.All(ad => alone.Contains(ad.Sku))).Select(group => group.Key).ToHashSet();
        proposals.RemoveAll(proposal =>
        {
            var product = proposal.Product ?? (proposal.Change is SetBid bid && structure.Target(bid.Target) is >= 0 and var target && structure.TargetProduct[target] is >= 0 and var its ? structure.Products[its] : null);
            var held = product is { } sku ? alone.Contains(sku) : campaigns.Contains(proposal.Change.Campaign);
            if (!held || proposal.Change is SetBudget budget && budget.After < budget.Before) return false;
            withheld.Add(new Withheld(proposal, "hold-out", "the product is left as it is, so that the others can be compared with it"));
            return true;
        });
    }

    private static string Digest(StorefrontId storefront, Sku sku) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{storefront.Value}|hold-out|{sku.Value}")).AsSpan(0, 8));
}

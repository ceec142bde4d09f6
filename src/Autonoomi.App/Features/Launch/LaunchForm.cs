using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Launch;

/// <summary>One product that can be chosen.</summary>
/// <param name="Sku">The seller's article number.</param>
/// <param name="Title">Of the listing.</param>
/// <param name="Price">Today's.</param>
/// <param name="Campaigns">Enabled campaigns that advertise it.</param>
public sealed record LaunchProduct(Sku Sku, string Title, Money Price, int Campaigns);

/// <summary>What stands in the form, as typed.</summary>
public sealed class LaunchForm
{
    /// <summary>Layouts that are always there.</summary>
    public static ImmutableArray<(string Name, ImmutableArray<LaunchPart> Parts)> Usual { get; } =
    [
        ("Auto and exact", [LaunchPart.Auto, LaunchPart.Exact]),
        ("All five", [.. Enum.GetValues<LaunchPart>()]),
        ("Find searches: auto and broad", [LaunchPart.Auto, LaunchPart.Broad]),
    ];

    public HashSet<Sku> Products { get; } = [];

    public HashSet<LaunchPart> Parts { get; } = [.. Usual[0].Parts];

    public string NamePattern { get; set; } = LaunchLayout.UsualPattern;

    public string? Budget { get; set; }

    public BiddingStrategy Strategy { get; set; } = BiddingStrategy.DownOnly;

    public bool CloseWithin { get; set; } = true;

    public bool WithIdeas { get; set; } = true;

    public string? Keywords { get; set; }

    public string? Asins { get; set; }

    public string? Blocked { get; set; }

    public string? Start { get; set; }

    public void Take(LaunchLayout layout)
    {
        Parts.Clear();
        Parts.UnionWith(layout.Parts);
        (NamePattern, Budget, Strategy, CloseWithin) = (layout.NamePattern, layout.DailyBudget.Amount.ToString(CultureInfo.InvariantCulture), layout.Strategy, layout.CloseWithin);
    }

    /// <returns>The layout, or what is wrong with a field.</returns>
    public (LaunchLayout? Layout, string? Fault) Layout(Workspace workspace)
    {
        if (OwnValue.Read(Budget) is not { } budget || budget <= 0) return (null, $"Daily budget: '{Budget}' is no amount above zero. Write one like 30 or 12.50, in {workspace.Marketplace.Currency}.");
        return (new([.. Parts.Order()], NamePattern, new(budget, workspace.Marketplace.Currency), Strategy, CloseWithin), null);
    }

    /// <returns>What is asked for, or what is wrong with a field.</returns>
    public (LaunchWish? Wish, string? Fault) Wish(Workspace workspace)
    {
        if (Layout(workspace) is var (layout, fault) && layout is null) return (null, fault);
        if (!DateOnly.TryParse(Start, CultureInfo.InvariantCulture, out var start)) return (null, $"Start: '{Start}' is no day. Write one like {workspace.Today:yyyy-MM-dd}.");
        return (new(layout, [.. Products.OrderBy(sku => sku.Value, StringComparer.Ordinal)], start) { Keywords = Lines(Keywords), Asins = Lines(Asins), Blocked = Lines(Blocked), WithIdeas = WithIdeas }, null);
    }

    /// <returns>Products whose title, SKU or ASIN holds all words, the least advertised first.</returns>
    public static IReadOnlyList<LaunchProduct> Find(Workspace workspace, string? text)
    {
        var living = workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Select(campaign => campaign.Id).ToHashSet();
        var campaigns = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled && living.Contains(ad.Campaign)).GroupBy(ad => ad.Sku).ToDictionary(group => group.Key, group => group.Select(ad => ad.Campaign).Distinct().Count());
        var words = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. workspace.Listings.Where(listing => words.All(word => $"{listing.Title} {listing.Sku} {listing.Asin}".Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Select(listing => new LaunchProduct(listing.Sku, listing.Title, listing.Price, campaigns.GetValueOrDefault(listing.Sku)))
                .OrderBy(product => product.Campaigns).ThenBy(product => product.Sku.Value, StringComparer.Ordinal),
        ];
    }

    private static ImmutableArray<string> Lines(string? text) => [.. (text ?? "").Split(['\n', '\r', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}

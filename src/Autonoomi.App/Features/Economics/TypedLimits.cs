using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>Days without changes, as typed.</summary>
public sealed record TypedFreeze(string Name, string First, string Last)
{
    public static TypedFreeze Blank { get; } = new("", "", "");

    public bool IsBlank => (Name + First + Last).Trim().Length == 0;

    public static TypedFreeze Of(FreezeSpan span) => new(span.Name, TypedGoal.Day(span.First), TypedGoal.Day(span.Last));
}

/// <summary>A campaign's own mode, as typed.</summary>
public sealed record TypedMode(string Campaign, string Mode)
{
    public static TypedMode Blank { get; } = new("", nameof(AutomationMode.Watch));

    public bool IsBlank => Campaign.Trim().Length == 0;

    public static TypedMode Of(CampaignMode own) => new(own.Campaign.Value.ToString(CultureInfo.InvariantCulture), own.Mode.ToString());
}

/// <summary>The form of what is never touched, as typed.</summary>
public sealed record TypedLimits(string Changes, ImmutableArray<long> Campaigns, ImmutableArray<string> Products, ImmutableArray<TypedFreeze> Freezes, ImmutableArray<TypedMode> Modes)
{
    /// <summary>So many campaigns and products can be chosen from.</summary>
    public const int MostOffered = 1_000;

    public static TypedLimits Of(StorefrontSettings settings) => new(
        settings.MaximumChangesPerDay?.ToString(CultureInfo.InvariantCulture) ?? "", [.. settings.ProtectedCampaigns.Select(campaign => campaign.Value)], [.. settings.ProtectedProducts.Select(sku => sku.Value)],
        [.. settings.FreezeDates.Select(TypedFreeze.Of)], [.. settings.CampaignModes.Select(TypedMode.Of)]);

    /// <returns>Campaigns that are not archived, enabled ones and chosen ones first.</returns>
    public static IReadOnlyList<Campaign> Offered(Workspace workspace)
    {
        var chosen = workspace.Settings.ProtectedCampaigns.Concat(workspace.Settings.CampaignModes.Select(own => own.Campaign)).ToHashSet();
        return
        [
            .. workspace.Campaigns.Where(campaign => campaign.State != EntityState.Archived || chosen.Contains(campaign.Id))
                .OrderByDescending(campaign => chosen.Contains(campaign.Id)).ThenByDescending(campaign => campaign.State == EntityState.Enabled).ThenBy(campaign => campaign.Name, StringComparer.OrdinalIgnoreCase).Take(MostOffered),
        ];
    }

    /// <param name="workspace">What was stored before; everything that this form does not show stays.</param>
    /// <param name="problems">One sentence each: field, rule, fix. Ranges are judged when it is stored.</param>
    public StorefrontSettings Apply(Workspace workspace, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var before = workspace.Settings;
        var campaigns = Offered(workspace).Select(campaign => campaign.Id).ToHashSet();
        var products = workspace.Listings.Take(MostOffered).Select(listing => listing.Sku).ToHashSet();
        int? changes = null;
        if (Changes.Trim().Length > 0)
        {
            if (int.TryParse(Changes.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) changes = number;
            else found.Add($"Most changes in a day: '{Short(Changes)}' is not a whole number. Write it like 200, or leave it empty.");
        }

        var freezes = Freezes.Where(freeze => !freeze.IsBlank).Select(freeze => new FreezeSpan(Day(freeze, freeze.First, "first day"), Day(freeze, freeze.Last, "last day"), freeze.Name.Trim())).ToImmutableArray();
        var modes = Modes.Where(own => !own.IsBlank).Select(Mode).ToImmutableArray();
        problems = found;
        return before with
        {
            MaximumChangesPerDay = changes,
            ProtectedCampaigns = [.. before.ProtectedCampaigns.Where(campaign => !campaigns.Contains(campaign)), .. Campaigns.Select(id => new CampaignId(id)).Where(campaigns.Contains).Distinct()],
            ProtectedProducts = [.. before.ProtectedProducts.Where(sku => !products.Contains(sku)), .. Products.Select(sku => new Sku(sku)).Where(products.Contains).Distinct()],
            FreezeDates = [.. freezes.OrderBy(span => span.First).ThenBy(span => span.Last)],
            CampaignModes = [.. before.CampaignModes.Where(own => !campaigns.Contains(own.Campaign)), .. modes],
        };

        DateOnly Day(TypedFreeze freeze, string text, string what)
        {
            if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            found.Add($"Days without changes{(freeze.Name.Trim().Length > 0 ? $" '{Short(freeze.Name)}'" : "")}, {what}: '{Short(text)}' is no date. Write it like 2026-11-27.");
            return DateOnly.MinValue;
        }

        CampaignMode Mode(TypedMode own)
        {
            var known = long.TryParse(own.Campaign, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && campaigns.Contains(new(id));
            if (!known) found.Add("Campaign with a mode of its own, campaign: it is not among the campaigns of this storefront. Choose one from the list.");
            if (!Enum.TryParse<AutomationMode>(own.Mode, out var mode) || !Enum.IsDefined(mode)) found.Add("Campaign with a mode of its own, mode: it is Watch, Ask or Auto. Choose one from the list.");
            return new(new(id), mode);
        }
    }

    private static string Short(string text) => text.Trim() is { Length: > 30 } trimmed ? trimmed[..30] + "…" : text.Trim();
}

using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.ChangeLog;

/// <summary>One change at Amazon that was not ours, as people read it.</summary>
/// <param name="At">When Amazon recorded it.</param>
/// <param name="View">What, where, which property, before and after.</param>
public sealed record ForeignChange(DateTimeOffset At, ChangeView View);

/// <summary>What others changed at Amazon, with the names of today's workspace.</summary>
public static class ForeignChanges
{
    /// <returns>The newest first.</returns>
    public static IReadOnlyList<ForeignChange> Of(Workspace workspace, StoredHistory history)
    {
        var names = new Names(workspace);
        return [.. history.Foreign.Reverse().Select(happened => new ForeignChange(happened.At, View(happened, names, workspace.Marketplace.Currency)))];
    }

    private static ChangeView View(AccountEvent happened, Names names, Currency currency)
    {
        var (what, group, campaign) = names.Of(happened);
        var where = happened.Entity == EventEntity.Campaign ? "" : string.Join(" › ", new[] { (happened.Campaign ?? campaign) is { } id ? names.Campaign(id) : null, group }.OfType<string>());
        var isNew = happened is { Field: EventField.State, Before: null };
        return new(what, where, isNew ? $"New {Kind(happened.Entity)}" : Aspect(happened.Field), Value(happened.Before, happened.Field, currency), Value(happened.After, happened.Field, currency) ?? "Changed");
    }

    private static string Kind(EventEntity entity) => entity switch
    {
        EventEntity.Campaign => "campaign",
        EventEntity.AdGroup => "ad group",
        EventEntity.Ad => "ad",
        EventEntity.Keyword => "keyword",
        EventEntity.ProductTarget => "target",
        EventEntity.NegativeKeyword => "negative keyword",
    };

    private static string Aspect(EventField field) => field switch
    {
        EventField.Bid => "Bid",
        EventField.Budget => "Daily budget",
        EventField.DefaultBid => "Default bid",
        EventField.Placement => "Placement increase",
        EventField.State => "State",
        EventField.Strategy => "Bidding strategy",
        EventField.Name => "Name",
        EventField.Other => "Another setting",
    };

    // Amazon writes all values as text; what is no number where one belongs is shown as it came.
    private static string? Value(string? text, EventField field, Currency currency) => (field, text) switch
    {
        (_, null or "") => null,
        (EventField.Bid or EventField.Budget or EventField.DefaultBid, _) when Number(text) is { } amount => Display.Amount(new Money(amount, currency)),
        (EventField.Placement, _) when Number(text) is { } percent => $"{percent.ToString("0.##", CultureInfo.InvariantCulture)}%",
        (EventField.State, _) when Enum.TryParse<EntityState>(text, ignoreCase: true, out var state) && Enum.IsDefined(state) => TargetWords.State(state),
        (EventField.Strategy, _) => char.ToUpperInvariant(text[0]) + text[1..].Replace('_', ' ').ToLowerInvariant(),
        _ => text,
    };

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private sealed class Names(Workspace workspace)
    {
        private readonly Dictionary<long, Campaign> campaigns = workspace.Campaigns.ToDictionary(item => item.Id.Value);
        private readonly Dictionary<long, AdGroup> adGroups = workspace.AdGroups.ToDictionary(item => item.Id.Value);
        private readonly ILookup<long, ProductAd> ads = workspace.ProductAds.ToLookup(item => item.Id.Value);
        private readonly Dictionary<long, Target> targets = workspace.Targets.ToDictionary(item => item.Id.Value);
        private readonly Dictionary<long, Negative> negatives = workspace.Negatives.ToDictionary(item => item.Id.Value);

        public string Campaign(CampaignId id) => campaigns.GetValueOrDefault(id.Value)?.Name ?? $"Campaign {id.Value}";

        public (string What, string? Group, CampaignId? Campaign) Of(AccountEvent happened)
        {
            var id = happened.Id;
            return happened.Entity switch
            {
                EventEntity.Campaign => (Campaign(new(id)), null, null),
                EventEntity.AdGroup when adGroups.TryGetValue(id, out var group) => (group.Name, null, group.Campaign),
                EventEntity.Ad when ads[id].FirstOrDefault() is { } ad => ($"Ad of {string.Join(", ", ads[id].Select(each => each.Sku.Value))}", Group(ad.AdGroup), ad.Campaign),
                EventEntity.Keyword or EventEntity.ProductTarget when targets.TryGetValue(id, out var target) => (target.Kind == TargetKind.Auto ? TargetWords.Name(target) : $"{TargetWords.Name(target)} ({TargetWords.Match(target.Match).ToLowerInvariant()})", Group(target.AdGroup), target.Campaign),
                EventEntity.NegativeKeyword when negatives.TryGetValue(id, out var negative) => (negative.Text, negative.AdGroup is { } of ? Group(of) : null, negative.Campaign),
                _ => ($"{char.ToUpperInvariant(Kind(happened.Entity)[0])}{Kind(happened.Entity)[1..]} {id}", null, null),
            };
        }

        private string? Group(AdGroupId id) => adGroups.GetValueOrDefault(id.Value)?.Name;
    }
}

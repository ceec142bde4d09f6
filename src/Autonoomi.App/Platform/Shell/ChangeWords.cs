using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Shell;

/// <summary>A change as people read it.</summary>
/// <param name="What">The thing that is changed: a keyword, a campaign.</param>
/// <param name="Where">Campaign and ad group.</param>
/// <param name="Aspect">Which of its properties: "Bid", "Daily budget".</param>
/// <param name="Before">Null for something new.</param>
/// <param name="After">Null for something that goes.</param>
public sealed record ChangeView(string What, string Where, string Aspect, string? Before, string? After);

/// <summary>Names of one workspace's things, and changes, reasons and evidence in the trade's words.</summary>
public sealed partial class ChangeWords
{
    private readonly FrozenDictionary<CampaignId, string> campaigns;
    private readonly FrozenDictionary<AdGroupId, string> adGroups;
    private readonly FrozenDictionary<TargetId, Target> targets;

    public ChangeWords(Workspace workspace)
    {
        campaigns = workspace.Campaigns.ToFrozenDictionary(campaign => campaign.Id, campaign => campaign.Name);
        adGroups = workspace.AdGroups.ToFrozenDictionary(group => group.Id, group => group.Name);
        targets = workspace.Targets.ToFrozenDictionary(target => target.Id);
    }

    public ChangeView Of(Change change) => change switch
    {
        SetBid bid => new(Target(bid.Target), Place(bid.Campaign, bid.AdGroup), "Bid", Display.Amount(bid.Before), Display.Amount(bid.After)),
        SetBudget budget => new(Campaign(budget.Campaign), "", "Daily budget", Display.Amount(budget.Before), Display.Amount(budget.After)),
        SetPlacement placement => new(Campaign(placement.Campaign), "", $"Increase at {Placement(placement.Placement)}", $"{placement.BeforePercent}%", $"{placement.AfterPercent}%"),
        SetTargetState state => new(Target(state.Target), Place(state.Campaign, state.AdGroup), "State", TargetWords.State(state.Before), TargetWords.State(state.After)),
        SetCampaignState state => new(Campaign(state.Campaign), "", "State", TargetWords.State(state.Before), TargetWords.State(state.After)),
        SetAdGroupState state => new(AdGroup(state.AdGroup), Campaign(state.Campaign), "State", TargetWords.State(state.Before), TargetWords.State(state.After)),
        CreateTarget created => new(created.Text, Place(created.Campaign, created.AdGroup), $"New {TargetWords.Match(created.Match).ToLowerInvariant()} target", null, Display.Amount(created.Bid)),
        AddNegative negative => new(negative.Text, Place(negative.Campaign, negative.AdGroup), $"Negative {Negative(negative.Match)}", null, "Blocked"),
        ArchiveNegative negative => new(negative.Text, Place(negative.Campaign, negative.AdGroup), $"Negative {Negative(negative.Match)}", "Blocked", "Allowed again"),
        _ => throw new InvalidOperationException($"{change.GetType().Name} has no words here."),
    };

    public static (string Title, string Icon, string Why) Of(ReasonCode reason) => reason switch
    {
        ReasonCode.LowerBid => ("Lower bids", "arrow-down-to-line", "These targets pay more for a click than a click earns."),
        ReasonCode.RaiseBid => ("Raise bids", "arrow-up-from-line", "These targets earn more per click than they pay; more clicks would earn more."),
        ReasonCode.LowStock => ("Slow down before stock runs out", "package", "Ads would sell the last units before new ones arrive."),
        ReasonCode.BudgetUp => ("Raise daily budgets", "wallet", "These campaigns would earn more than an extra unit of budget costs."),
        ReasonCode.BudgetDown => ("Lower daily budgets", "wallet", "This money earns more elsewhere."),
        ReasonCode.PlacementChange => ("Change placement increases", "percent", "Clicks at this placement are worth more or less than elsewhere."),
        ReasonCode.NegateTerm => ("Block search terms that do not pay", "circle-minus", "Enough clicks to know that these terms lose money."),
        ReasonCode.HarvestExact => ("Give proven search terms a target of their own", "circle-plus", "A term of its own can be bid for what it is worth."),
        ReasonCode.IsolateSource => ("Finish moving a search term", "arrow-right", "The new target delivers; the old way is closed."),
        ReasonCode.RestoreSource => ("Open the old way again", "rotate-ccw", "The new target does not deliver; nothing is lost."),
        ReasonCode.HarvestProduct => ("Target products that sell", "circle-plus", "Shoppers who look at these products buy yours."),
        ReasonCode.RemoveDuplicate => ("Remove duplicates", "copy", "Two targets of one product bid for the same shoppers."),
        ReasonCode.Daypart => ("Follow the hours", "clock", "Clicks at these hours are worth more or less than at others."),
        ReasonCode.RollBack => ("Take changes back", "rotate-ccw", "The days after these changes earned less than expected."),
        ReasonCode.Resume => ("Resume after a pause", "play", "What stopped these ads is over."),
        ReasonCode.KeepDay => ("Keep the day's cap", "shield", "The day was on the way beyond what it may cost."),
    };

    /// <param name="id">G1 to G12, or <c>hold-out</c>.</param>
    public static string Guardrail(string id) => id switch
    {
        "G1" => "Limits of a bid",
        "G2" => "No leaps",
        "G3" => "Spend grows step by step",
        "G4" => "Caps of month and day",
        "G5" => "Searches that sell stay open",
        "G6" => "What earns stays on",
        "G7" => "Hands off",
        "G8" => "Not too much at once",
        "G9" => "Emergency",
        "G10" => "Whole facts first",
        "G11" => "Whole records",
        "G12" => "Only what can be bought",
        "hold-out" => "Left alone to compare",
        _ => id,
    };

    public static string State(string state) => state switch
    {
        Storefronts.ProposalState.Open => "Waiting",
        Storefronts.ProposalState.Approved => "Approved",
        Storefronts.ProposalState.Rejected => "Rejected",
        Storefronts.ProposalState.Applied => "Applied",
        Storefronts.ProposalState.Refused => "Refused by Amazon",
        Storefronts.ProposalState.Expired => "Expired",
        Storefronts.ProposalState.Snoozed => "Put aside",
        _ => state,
    };

    /// <param name="change">One of the group: a placement or a bid.</param>
    /// <param name="count">How many move together, itself among them.</param>
    /// <param name="state">One of <see cref="Storefronts.ProposalState"/>.</param>
    public static string Together(Change change, int count, string state)
    {
        var others = count - 1;
        var what = change is SetPlacement
            ? $"Moves together with {Display.Count(others, "other change")} of this campaign: its placements, and the bids that make room for them."
            : $"This bid was worked out for new placement increases of its campaign and moves together with {Display.Count(others, "other change")}.";
        var all = count == 2 ? "both" : $"all {Display.Count(count)}";
        return state switch
        {
            Storefronts.ProposalState.Open => $"{what} Approving or rejecting one decides {all}.",
            Storefronts.ProposalState.Approved or Storefronts.ProposalState.Rejected => $"{what} Taking one back takes back {all}.",
            Storefronts.ProposalState.Snoozed => $"{what} Waking one wakes {all}.",
            _ => what,
        };
    }

    /// <summary>"clickValue" becomes "Click value".</summary>
    public static string Name(EvidenceValue value)
    {
        var words = new StringBuilder();
        foreach (var letter in DaysInName().Replace(value.Name, " in ${days} days"))
        {
            if (words.Length == 0) words.Append(char.ToUpperInvariant(letter));
            else if (char.IsUpper(letter)) words.Append(' ').Append(char.ToLowerInvariant(letter));
            else words.Append(letter);
        }

        return words.Replace("acos", "ACoS").Replace("Acos", "ACoS").ToString();
    }

    public static string Figure(EvidenceValue value) => value.Unit switch
    {
        "text" => value.Text ?? Display.None,
        _ when double.IsNaN(value.Value) => Display.None,
        _ when double.IsInfinity(value.Value) => "no limit",
        "fraction" => Display.Percent(value.Value),
        "count" => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        "factor" => "×" + value.Value.ToString("0.###", CultureInfo.InvariantCulture),
        { Length: 3 } code when code.All(char.IsAsciiLetterUpper) => (value.Value < 0 ? "−" : "") + Display.Symbol(new Currency(code)) + Math.Abs(value.Value).ToString(Math.Abs(value.Value) < 10 ? "0.00##" : "N2", CultureInfo.InvariantCulture),
        _ => $"{value.Value.ToString("#,0.##", CultureInfo.InvariantCulture)} {(value.Value == 1 ? value.Unit.TrimEnd('s') : value.Unit)}",
    };

    public string Campaign(CampaignId id) => campaigns.GetValueOrDefault(id) ?? $"Campaign {id.Value}";

    public string Target(TargetId id) => targets.TryGetValue(id, out var target)
        ? $"{TargetWords.Name(target)}{(target.Kind == TargetKind.Auto ? "" : $" ({TargetWords.Match(target.Match).ToLowerInvariant()})")}"
        : $"Target {id.Value}";

    public string AdGroup(AdGroupId id) => adGroups.GetValueOrDefault(id) ?? $"Ad group {id.Value}";

    /// <returns>Campaign and ad group of a target; empty where it is gone.</returns>
    public string PlaceOf(TargetId id) => targets.TryGetValue(id, out var target) ? Place(target.Campaign, target.AdGroup) : "";

    // "clicks30" are clicks of 30 days.
    [System.Text.RegularExpressions.GeneratedRegex(@"(?<=[a-z])(?<days>\d+)$", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex DaysInName();

    private string Place(CampaignId campaign, AdGroupId? adGroup) => adGroup is { } group && adGroups.TryGetValue(group, out var name) ? $"{Campaign(campaign)} › {name}" : Campaign(campaign);

    private static string Placement(Placement placement) => placement switch
    {
        Core.Advertising.Placement.TopOfSearch => "top of search",
        Core.Advertising.Placement.RestOfSearch => "rest of search",
        Core.Advertising.Placement.ProductPages => "product pages",
    };

    private static string Negative(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => "exact",
        NegativeMatch.Phrase => "phrase",
        NegativeMatch.Product => "product",
        NegativeMatch.Brand => "brand",
        NegativeMatch.Other => "other",
    };
}

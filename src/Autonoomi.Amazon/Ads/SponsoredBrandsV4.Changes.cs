using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire.Brands;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredBrandsV4
{
    private const int CampaignsPerWrite = 10;
    private const int ItemsPerWrite = 100;
    private const string KeywordAnswer = "application/vnd.sbkeywordresponse.v3+json";

    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var outcomes = new ChangeOutcome?[changes.Count];
        await EachAsync<SetBid>(ItemsPerWrite, change => change.Kind == TargetKind.Keyword, (batch, ct) => KeywordsAsync(HttpMethod.Put, "/sb/keywords",
            [.. batch.Select(change => Of(change.Target, change.AdGroup, change.Campaign) with { Bid = change.After.Amount })], BrandsJson.Default.KeywordUpdateArray, [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(ItemsPerWrite, change => change.Kind == TargetKind.Keyword, (batch, ct) => KeywordsAsync(HttpMethod.Put, "/sb/keywords",
            [.. batch.Select(change => Of(change.Target, change.AdGroup, change.Campaign) with { State = Written(change.After) })], BrandsJson.Default.KeywordUpdateArray, [.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetBid>(ItemsPerWrite, change => change.Kind == TargetKind.Product, (batch, ct) => ClausesAsync("/sb/targets", "targets", "application/vnd.updatetargetsresponse.v3+json",
            [.. batch.Select(change => new Wire.Brands.ClauseUpdate(change.Target.Value, change.AdGroup.Value) { CampaignId = change.Campaign.Value, Bid = change.After.Amount })], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(ItemsPerWrite, change => change.Kind == TargetKind.Product, (batch, ct) => ClausesAsync("/sb/targets", "targets", "application/vnd.updatetargetsresponse.v3+json",
            [.. batch.Select(change => new Wire.Brands.ClauseUpdate(change.Target.Value, change.AdGroup.Value) { CampaignId = change.Campaign.Value, State = Written(change.After) })], ct)).ConfigureAwait(false);
        await EachAsync<SetBid>(ItemsPerWrite, change => change.Kind == TargetKind.Auto, (batch, ct) => ThemesAsync(
            [.. batch.Select(change => new ThemeUpdate(Text(change.Target.Value), Text(change.AdGroup.Value), Text(change.Campaign.Value)) { Bid = change.After.Amount })], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(ItemsPerWrite, change => change.Kind == TargetKind.Auto, (batch, ct) => ThemesAsync(
            [.. batch.Select(change => new ThemeUpdate(Text(change.Target.Value), Text(change.AdGroup.Value), Text(change.Campaign.Value)) { State = Written(change.After) })], ct)).ConfigureAwait(false);
        await EachAsync<SetBudget>(CampaignsPerWrite, _ => true, (batch, ct) => CampaignsAsync([.. batch.Select(change => new Wire.Brands.CampaignUpdate(Text(change.Campaign.Value)) { Budget = change.After.Amount })], ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(CampaignsPerWrite, change => change.After != EntityState.Archived, (batch, ct) =>
            CampaignsAsync([.. batch.Select(change => new Wire.Brands.CampaignUpdate(Text(change.Campaign.Value)) { State = change.After == EntityState.Enabled ? "ENABLED" : "PAUSED" })], ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(CampaignsPerWrite, change => change.After == EntityState.Archived, (batch, ct) => Writes.SendAsync(session,
            session.Call(HttpMethod.Post, "/sb/v4/campaigns/delete", CampaignType, repeatable: false, new Dictionary<string, Wire.Ids>(StringComparer.Ordinal) { ["campaignIdFilter"] = new([.. batch.Select(change => Text(change.Campaign.Value))]) }, BrandsJson.Default.DictionaryStringIds),
            batch.Count, body => Writes.Indexed(body, "campaigns", batch.Count, [.. batch.Select(change => change.Campaign.Value)]), ct)).ConfigureAwait(false);
        await EachAsync<SetAdGroupState>(ItemsPerWrite, change => change.After != EntityState.Archived, (batch, ct) => Writes.SendAsync(session,
            session.Call(HttpMethod.Put, "/sb/v4/adGroups", AdGroupType, repeatable: false, Payload("adGroups", [.. batch.Select(change => new Wire.Brands.AdGroupUpdate(Text(change.AdGroup.Value), change.After == EntityState.Enabled ? "ENABLED" : "PAUSED"))]), BrandsJson.Default.DictionaryStringAdGroupUpdateArray),
            batch.Count, body => Writes.Indexed(body, "adGroups", batch.Count, null), ct)).ConfigureAwait(false);
        await EachAsync<SetPlacement>(CampaignsPerWrite, _ => true, PlacementsAsync).ConfigureAwait(false);
        await EachAsync<CreateTarget>(ItemsPerWrite, change => change.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad, (batch, ct) => KeywordsAsync(HttpMethod.Post, "/sb/keywords",
            [.. batch.Select(change => new Wire.Brands.KeywordCreation(change.AdGroup.Value, change.Campaign.Value, change.Text, Written(change.Match)) { Bid = change.Bid.Amount })], BrandsJson.Default.KeywordCreationArray, null, ct)).ConfigureAwait(false);
        await EachAsync<CreateTarget>(ItemsPerWrite, change => change.Match is MatchType.Product or MatchType.Category, (batch, ct) => CreateClausesAsync("/sb/targets", "targets", "application/vnd.sbcreatetargetsresponse.v3+json",
            [.. batch.Select(change => new Wire.Brands.ClauseCreation(change.AdGroup.Value, change.Campaign.Value, [new(Written(change.Match), change.Text)]) { Bid = change.Bid.Amount })], ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(ItemsPerWrite, change => change.AdGroup is not null && !ClauseWords.IsClause(change.Match), (batch, ct) => KeywordsAsync(HttpMethod.Post, "/sb/negativeKeywords",
            [.. batch.Select(change => new Wire.Brands.KeywordCreation(change.AdGroup!.Value.Value, change.Campaign.Value, change.Text, Written(change.Match)))], BrandsJson.Default.KeywordCreationArray, null, ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(ItemsPerWrite, change => change is { AdGroup: not null, Match: NegativeMatch.Product }, (batch, ct) => CreateClausesAsync("/sb/negativeTargets", "negativeTargets", "application/vnd.sbcreatenegativetargetsrequest.v3+json",
            [.. batch.Select(change => new Wire.Brands.ClauseCreation(change.AdGroup!.Value.Value, change.Campaign.Value, [new("asinSameAs", change.Text)]))], ct)).ConfigureAwait(false);
        await EachAsync<ArchiveNegative>(ItemsPerWrite, change => change.AdGroup is not null && !ClauseWords.IsClause(change.Match), (batch, ct) => KeywordsAsync(HttpMethod.Put, "/sb/negativeKeywords",
            [.. batch.Select(change => new Wire.Brands.KeywordUpdate(change.Negative.Value, change.AdGroup!.Value.Value, change.Campaign.Value) { State = "archived" })], BrandsJson.Default.KeywordUpdateArray, [.. batch.Select(change => change.Negative.Value)], ct)).ConfigureAwait(false);
        await EachAsync<ArchiveNegative>(ItemsPerWrite, change => change.AdGroup is not null && ClauseWords.IsClause(change.Match), (batch, ct) => ClausesAsync("/sb/negativeTargets", "negativeTargets", "application/vnd.updatenegativetargetsresponse.v3+json",
            [.. batch.Select(change => new Wire.Brands.ClauseUpdate(change.Negative.Value, change.AdGroup!.Value.Value) { State = "archived" })], ct)).ConfigureAwait(false);

        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation("Sponsored Brands has no operation for this change: negatives belong to ad groups, themes come with the campaign, and brands are chosen by people."))];

        Task EachAsync<T>(int batchSize, Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Change => Writes.EachAsync(changes, outcomes, batchSize, belongs, write, cancellationToken);
    }

    // All three ids are demanded, not the keyword's alone.
    private static Wire.Brands.KeywordUpdate Of(Core.Primitives.TargetId keyword, Core.Primitives.AdGroupId adGroup, Core.Primitives.CampaignId campaign) => new(keyword.Value, adGroup.Value, campaign.Value);

    /// <summary>All placements of a campaign are one field: what is not changed is read first and written back with the rest.</summary>
    private async Task<IReadOnlyList<ChangeOutcome>> PlacementsAsync(IReadOnlyList<SetPlacement> batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(change => Text(change.Campaign.Value)).Distinct(StringComparer.Ordinal).ToList();
        var present = (await CampaignsByIdAsync(ids, cancellationToken).ConfigureAwait(false)).ToDictionary(campaign => campaign.CampaignId, StringComparer.Ordinal);

        // Adjustments hold only while Amazon does not place the bids itself, which is not ours to switch off.
        var known = ids.Where(id => present.TryGetValue(id, out var campaign) && campaign.Bidding?.BidOptimization == false).ToList();
        var answers = known.Count == 0 ? [] : await CampaignsAsync([.. known.Select(id =>
        {
            var placements = (present[id].Bidding!.BidAdjustmentsByPlacement ?? []).ToDictionary(entry => entry.Placement, entry => entry.Percentage, StringComparer.Ordinal);
            foreach (var change in batch.Where(change => Text(change.Campaign.Value) == id)) placements[Written(change.Placement)] = change.AfterPercent;
            return new Wire.Brands.CampaignUpdate(id)
            {
                Bidding = new(false, [.. placements.Select(entry => new PlacementAdjustment(entry.Key, entry.Value))]) { ShopperCohortBidAdjustments = present[id].Bidding!.ShopperCohortBidAdjustments },
            };
        })], cancellationToken).ConfigureAwait(false);
        return [.. batch.Select(change => Text(change.Campaign.Value)).Select(id =>
            known.IndexOf(id) is >= 0 and var at ? answers[at]
            : present.ContainsKey(id) ? new ChangeOutcome(OutcomeKind.Refused, Code: "AUTOMATED_BIDDING", Message: "Amazon places this campaign's bids itself: turn its automated bidding off before placements are changed.")
            : new ChangeOutcome(OutcomeKind.Refused, Code: "ENTITY_NOT_FOUND", Message: "The campaign is not there."))];
    }

    private Task<IReadOnlyList<ChangeOutcome>> CampaignsAsync(Wire.Brands.CampaignUpdate[] items, CancellationToken cancellationToken) => Writes.SendAsync(session,
        session.Call(HttpMethod.Put, "/sb/v4/campaigns", CampaignType, repeatable: false, Payload("campaigns", items), BrandsJson.Default.DictionaryStringCampaignUpdateArray),
        items.Length, body => Writes.Indexed(body, "campaigns", items.Length, null), cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> KeywordsAsync<T>(HttpMethod method, string path, T[] items, JsonTypeInfo<T[]> type, IReadOnlyList<long>? ids, CancellationToken cancellationToken) => Writes.SendAsync(session,
        Call(method, path, KeywordAnswer, repeatable: false, items, type), items.Length, body => Writes.Ordered(body, "keywordId", items.Length, ids), cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> ClausesAsync(string path, string payload, string answer, Wire.Brands.ClauseUpdate[] items, CancellationToken cancellationToken) => Writes.SendAsync(session,
        Call(HttpMethod.Put, path, answer, repeatable: false, Payload(payload, items), BrandsJson.Default.DictionaryStringClauseUpdateArray),
        items.Length, body => Writes.Listed(body, "updateTargetSuccessResults", "updateTargetErrorResults", "targetRequestIndex", items.Length), cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> CreateClausesAsync(string path, string payload, string answer, Wire.Brands.ClauseCreation[] items, CancellationToken cancellationToken) => Writes.SendAsync(session,
        Call(HttpMethod.Post, path, answer, repeatable: false, Payload(payload, items), BrandsJson.Default.DictionaryStringClauseCreationArray),
        items.Length, body => Writes.Listed(body, "createTargetSuccessResults", "createTargetErrorResults", "targetRequestIndex", items.Length), cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> ThemesAsync(ThemeUpdate[] items, CancellationToken cancellationToken) => Writes.SendAsync(session,
        Call(HttpMethod.Put, "/sb/themes", "application/vnd.sbthemesupdateresponse.v3+json", repeatable: false, Payload("themes", items), BrandsJson.Default.DictionaryStringThemeUpdateArray),
        items.Length, body => Writes.Listed(body, "success", "error", "index", items.Length), cancellationToken);

    private static Dictionary<string, T[]> Payload<T>(string name, T[] items) => new(StringComparer.Ordinal) { [name] = items };

    private static string Written(EntityState state) => state switch { EntityState.Enabled => "enabled", EntityState.Paused => "paused", EntityState.Archived => "archived" };

    private static string Written(MatchType match) => match switch
    {
        MatchType.Exact => "exact",
        MatchType.Phrase => "phrase",
        MatchType.Broad => "broad",
        MatchType.Product => "asinSameAs",
        MatchType.Category => "asinCategorySameAs",
        _ => throw new ArgumentOutOfRangeException(nameof(match), match, "Never created here."),
    };

    private static string Written(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => "negativeExact",
        NegativeMatch.Phrase => "negativePhrase",
        NegativeMatch.Product => "asinSameAs",
        NegativeMatch.Brand => "asinBrandSameAs",
        NegativeMatch.Other => throw new ArgumentOutOfRangeException(nameof(match), match, "Never created here."),
    };
}

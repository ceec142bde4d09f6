using System.Text.Json;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads.V1;

internal sealed partial class UnifiedV1
{
    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var outcomes = new ChangeOutcome?[changes.Count];
        await EachAsync<SetBid>(Limits.TargetsPerWrite, _ => true, (batch, ct) =>
            WriteTargetsAsync("update", [.. batch.Select(change => new UnifiedTarget { TargetId = UnifiedWords.Text(change.Target.Value), Bid = new(change.After.Amount) })], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(Limits.TargetsPerWrite, change => change.After != EntityState.Archived, (batch, ct) =>
            WriteTargetsAsync("update", [.. batch.Select(change => new UnifiedTarget { TargetId = UnifiedWords.Text(change.Target.Value), State = UnifiedWords.Written(change.After) })], ct)).ConfigureAwait(false);
        await EachAsync<SetTargetState>(Limits.TargetsPerWrite, change => change.After == EntityState.Archived, (batch, ct) => ArchiveAsync([.. batch.Select(change => change.Target.Value)], ct)).ConfigureAwait(false);
        await EachAsync<SetBudget>(limits.CampaignsPerWrite, _ => true, (batch, ct) => WriteCampaignsAsync([.. batch.Select(change => new UnifiedCampaign(UnifiedWords.Text(change.Campaign.Value))
        {
            Budgets = [new("MONETARY", "DAILY", new(new(new(change.After.Amount))))],
        })], ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(limits.CampaignsPerWrite, change => change.After != EntityState.Archived, (batch, ct) =>
            WriteCampaignsAsync([.. batch.Select(change => new UnifiedCampaign(UnifiedWords.Text(change.Campaign.Value)) { State = UnifiedWords.Written(change.After) })], ct)).ConfigureAwait(false);
        await EachAsync<SetCampaignState>(limits.CampaignsPerWrite, change => change.After == EntityState.Archived, (batch, ct) =>
            SendAsync(Call("delete/campaigns", repeatable: false, new CampaignDeletion([.. batch.Select(change => UnifiedWords.Text(change.Campaign.Value))]), UnifiedJson.Default.CampaignDeletion), batch.Count, "campaign", ct)).ConfigureAwait(false);
        await EachAsync<SetAdGroupState>(limits.CampaignsPerWrite, change => change.After != EntityState.Archived, (batch, ct) =>
            SendAsync(Call("update/adGroups", repeatable: false, new AdGroupWrites([.. batch.Select(change => new AdGroupUpdate(UnifiedWords.Text(change.AdGroup.Value), UnifiedWords.Written(change.After)))]), UnifiedJson.Default.AdGroupWrites), batch.Count, "adGroup", ct)).ConfigureAwait(false);
        await EachAsync<SetPlacement>(limits.CampaignsPerWrite, _ => true, PlacementsAsync).ConfigureAwait(false);
        await EachAsync<CreateTarget>(Limits.TargetsPerWrite, change => UnifiedWords.Creation(change.Match, change.Text) is not null, (batch, ct) =>
            WriteTargetsAsync("create", [.. batch.Select(change => Creation(change.Match, change.Text) with { AdGroupId = UnifiedWords.Text(change.AdGroup.Value), Negative = false, Bid = new(change.Bid.Amount) })], ct)).ConfigureAwait(false);
        await EachAsync<AddNegative>(Limits.TargetsPerWrite, change => (change.AdGroup is not null || limits.CampaignNegatives) && UnifiedWords.Creation(UnifiedWords.Positive(change.Match), change.Text) is not null, (batch, ct) => WriteTargetsAsync("create", [.. batch.Select(change => Creation(UnifiedWords.Positive(change.Match), change.Text) with
        {
            // One of the two parents is named: the campaign's own negatives have no ad group.
            AdGroupId = change.AdGroup is { } group ? UnifiedWords.Text(group.Value) : null,
            CampaignId = change.AdGroup is null ? UnifiedWords.Text(change.Campaign.Value) : null,
            Negative = true,
        })], ct)).ConfigureAwait(false);
        await EachAsync<ArchiveNegative>(Limits.TargetsPerWrite, _ => true, (batch, ct) => ArchiveAsync([.. batch.Select(change => change.Negative.Value)], ct)).ConfigureAwait(false);

        // What no operation exists for is refused here, and so is a kind of change that this writer has not learned.
        return [.. outcomes.Select(outcome => outcome ?? Writes.NoSuchOperation("No operation for this change: auto clauses come with their ad group, brands and keyword groups are chosen by people, and Sponsored Brands has no negatives of a whole campaign."))];

        Task EachAsync<T>(int batchSize, Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write)
            where T : Change => Writes.EachAsync(changes, outcomes, batchSize, belongs, write, cancellationToken);
    }

    private UnifiedTarget Creation(MatchType match, string text)
    {
        var (type, details) = UnifiedWords.Creation(match, text) ?? throw new ArgumentOutOfRangeException(nameof(match), match, "Auto clauses are never created.");
        return new UnifiedTarget { AdProduct = UnifiedWords.Written(product), State = "ENABLED", TargetType = type, TargetDetails = details };
    }

    /// <summary>All bid adjustments of a campaign are one field: what is not changed is read first and written back with the rest.</summary>
    private async Task<IReadOnlyList<ChangeOutcome>> PlacementsAsync(IReadOnlyList<SetPlacement> batch, CancellationToken cancellationToken)
    {
        var present = await LookUpAsync(batch.Select(change => change.Campaign.Value), limits.CampaignIds, (ids, ct) => CampaignsAsync(new UnifiedQuery { CampaignIdFilter = ids, StateFilter = AnyState }, ct), item => item.CampaignId, cancellationToken).ConfigureAwait(false);

        // Where Amazon places a brand's bids itself, it takes no adjustments.
        var known = present.Keys.Where(id => !(product == AdProduct.SponsoredBrands && Strategy(present[id]) != BiddingStrategy.Fixed)).ToList();
        var updates = known.Select(id =>
        {
            var settings = present[id].Optimizations?.BidSettings;
            var placements = (settings?.BidAdjustments?.PlacementBidAdjustments ?? []).ToDictionary(entry => entry.Placement, entry => entry.Percentage, StringComparer.Ordinal);
            foreach (var change in batch.Where(change => change.Campaign.Value == id)) placements[UnifiedWords.Written(change.Placement)] = change.AfterPercent;
            var adjustments = (settings?.BidAdjustments ?? new(null)) with { PlacementBidAdjustments = [.. placements.Select(entry => new PlacementAdjustment(entry.Key, entry.Value))] };
            return new UnifiedCampaign(UnifiedWords.Text(id)) { Optimizations = new(new(settings?.BidStrategy, adjustments)) };
        }).ToArray();
        var answers = updates.Length == 0 ? [] : await WriteCampaignsAsync(updates, cancellationToken).ConfigureAwait(false);
        return [.. batch.Select(change => known.IndexOf(change.Campaign.Value) is >= 0 and var at ? answers[at]
            : present.ContainsKey(change.Campaign.Value) ? new ChangeOutcome(OutcomeKind.Refused, Code: "AUTOMATED_BIDDING", Message: "Amazon places this campaign's bids itself: turn its automated bidding off before placements are changed.")
            : new ChangeOutcome(OutcomeKind.Refused, Code: "RESOURCE_ID_NOT_FOUND", Message: "The campaign is not there."))];
    }

    private Task<IReadOnlyList<ChangeOutcome>> WriteCampaignsAsync(UnifiedCampaign[] items, CancellationToken cancellationToken) =>
        SendAsync(Call("update/campaigns", repeatable: false, new CampaignWrites(items), UnifiedJson.Default.CampaignWrites), items.Length, "campaign", cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> WriteTargetsAsync(string verb, UnifiedTarget[] items, CancellationToken cancellationToken) =>
        SendAsync(Call($"{verb}/targets", repeatable: false, new TargetWrites(items), UnifiedJson.Default.TargetWrites), items.Length, "target", cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> ArchiveAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        SendAsync(Call("delete/targets", repeatable: false, new TargetDeletion([.. ids.Select(UnifiedWords.Text)]), UnifiedJson.Default.TargetDeletion), ids.Count, "target", cancellationToken);

    private Task<IReadOnlyList<ChangeOutcome>> SendAsync(AmazonCalls.Call call, int count, string single, CancellationToken cancellationToken) =>
        Writes.SendAsync(session, call, count, body => Outcomes(body, single, count), cancellationToken);

    /// <summary>
    /// The lists of a multi-status answer, brought back into the order of the request. An index in no list is unknown, and so is one in a list of partial successes: what stands
    /// there now has to be looked at.
    /// </summary>
    internal static IReadOnlyList<ChangeOutcome> Outcomes(ReadOnlyMemory<byte> body, string single, int count)
    {
        var outcomes = Writes.NotMentioned(count);
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var item in Items(json.RootElement, "success"))
            {
                if (Position(item) is not { } at) continue;
                var id = item.TryGetProperty(single, out var made) && Word(made, single + "Id") is { } text && long.TryParse(text, out var number) ? number : (long?)null;
                outcomes[at] = new(OutcomeKind.Accepted, id);
            }

            foreach (var item in Items(json.RootElement, "error"))
            {
                if (Position(item) is not { } at) continue;
                var error = item.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array ? errors.EnumerateArray().FirstOrDefault() : default;
                var code = Word(error, "code");
                outcomes[at] = new(code is "TOO_MANY_REQUESTS" or "INTERNAL_ERROR" ? OutcomeKind.Retryable : OutcomeKind.Refused, Code: AmazonError.Clean(code ?? "NO_REASON", 60), Message: AmazonError.Clean(Word(error, "message")));
            }
        }
        catch (JsonException)
        {
            // An answer that cannot be read says nothing about any item.
        }

        return outcomes;

        static IEnumerable<JsonElement> Items(JsonElement lists, string name) =>
            lists.ValueKind == JsonValueKind.Object && lists.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

        int? Position(JsonElement item) => item.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var at) && at >= 0 && at < count ? at : null;

        static string? Word(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}

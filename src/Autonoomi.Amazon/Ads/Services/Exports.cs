using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using MatchType = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Amazon.Ads.Services;

/// <summary>
/// Entity exports of Sponsored Products: order, poll with the same media type, download. One file per kind of entity in place of a page for each thousand; Amazon means them for one or
/// two full syncs a day and allows five unfinished ones per kind.
/// </summary>
internal sealed class Exports(AdsSession session, Documents documents, TimeProvider clock)
{
    private static readonly string[] Product = ["SPONSORED_PRODUCTS"];
    private static readonly string[] Living = ["ENABLED", "PAUSED"];

    // Ads and some targets name their ad group alone: archived ad groups tell them their campaign.
    private static readonly string[] AnyState = ["ENABLED", "PAUSED", "ARCHIVED"];

    /// <exception cref="AmazonApiException">An export could not be ordered, failed, or took longer than <see cref="AmazonOptions.ExportPatience"/>.</exception>
    /// <exception cref="AmazonDocumentException">A row breaks a rule, or does not say what the lists would; nothing of it may be kept.</exception>
    public async Task<AdStructure> ReadAsync(CancellationToken cancellationToken)
    {
        // All four are ordered before the first is awaited: Amazon makes them side by side.
        var campaigns = await OrderAsync("campaigns", Living, cancellationToken).ConfigureAwait(false);
        var adGroups = await OrderAsync("adGroups", AnyState, cancellationToken).ConfigureAwait(false);
        var ads = await OrderAsync("ads", Living, cancellationToken).ConfigureAwait(false);
        var targets = await OrderAsync("targets", Living, cancellationToken).ConfigureAwait(false);

        var began = clock.GetTimestamp();
        var allGroups = await LoadAsync(adGroups, began, ExportJson.Default.ExportedAdGroup, AdGroup, cancellationToken).ConfigureAwait(false);
        var parents = allGroups.ToDictionary(group => group.Id);
        var foundTargets = new List<Target>();
        var negatives = new List<Negative>();
        var foundCampaigns = await LoadAsync(campaigns, began, ExportJson.Default.ExportedCampaign, Campaign, cancellationToken).ConfigureAwait(false);
        var foundAds = await LoadAsync(ads, began, ExportJson.Default.ExportedAd, ad => Ad(ad, parents), cancellationToken).ConfigureAwait(false);
        foreach (var (target, negative) in await LoadAsync(targets, began, ExportJson.Default.ExportedTarget, target => Clause(target, parents), cancellationToken).ConfigureAwait(false))
        {
            if (target is not null) foundTargets.Add(target);
            if (negative is not null) negatives.Add(negative);
        }

        return new(foundCampaigns, [.. allGroups.Where(group => group.State != EntityState.Archived)], foundAds, foundTargets, negatives);
    }

    private static string Media(string kind) => $"application/vnd.{kind.ToLowerInvariant()}export.v1+json";

    private async Task<(string Kind, string Id)> OrderAsync(string kind, string[] states, CancellationToken cancellationToken)
    {
        // Not repeated: where exports are refused or throttled, the lists are quicker than patience.
        var call = session.Call(HttpMethod.Post, $"/{kind}/export", Media(kind), repeatable: false, new ExportRequest(Product, states), ExportJson.Default.ExportRequest);
        var made = await session.ReadAsync(call, ExportJson.Default.ExportJob, cancellationToken).ConfigureAwait(false);
        return (kind, made.ExportId ?? throw new AmazonApiException(call.Plan.Operation, null, null, "the answer has no exportId", null));
    }

    private async Task<List<TOut>> LoadAsync<TRow, TOut>((string Kind, string Id) export, long began, JsonTypeInfo<TRow> type, Func<TRow, TOut?> convert, CancellationToken cancellationToken)
        where TOut : notnull
    {
        var name = $"{export.Kind} export";
        var location = await WaitAsync(export, began, cancellationToken).ConfigureAwait(false);
        return await documents.ReadAsync(session.Grant, name, location, async (plain, ct) =>
        {
            var all = new List<TOut>();
            await foreach (var row in RowsAsync(name, plain, type, ct).ConfigureAwait(false))
                if (convert(row) is { } item) all.Add(item);
            return all;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rows of a document while it arrives: a few kilobytes in memory, however long it is.</summary>
    internal static async IAsyncEnumerable<T> RowsAsync<T>(string name, Stream plain, JsonTypeInfo<T> type, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watched = new EndWatch(plain);
        var rows = JsonSerializer.DeserializeAsyncEnumerable(watched, type, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows.ConfigureAwait(false))
        {
            for (long number = 1; ; number++)
            {
                try
                {
                    if (!await rows.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (JsonException cut) when (watched.IsCutOff)
                {
                    throw new EndOfStreamException($"The {name} ends before its last row.", cut);
                }
                catch (JsonException broken)
                {
                    // Only the place is passed on: the parser's words may quote the row, and it reads some rows ahead.
                    throw new AmazonDocumentException(name, number, broken.Path is { Length: > 0 } path ? path.Split('.')[^1] : null, "this row, or one soon after it, is not what was expected");
                }

                yield return rows.Current ?? throw new AmazonDocumentException(name, number, null, "a row is null");
            }
        }
    }

    /// <summary>Remembers the last byte: an array that ended with its bracket was not cut off, whatever else is wrong with it.</summary>
    private sealed class EndWatch(Stream inner) : ReadOnlyStream
    {
        private byte last;
        private bool ended;

        public bool IsCutOff => ended && last != (byte)']';

        public override int Read(Span<byte> buffer) => Seen(buffer, inner.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return Seen(buffer.Span, read);
        }

        private int Seen(ReadOnlySpan<byte> buffer, int read)
        {
            ended |= read == 0 && !buffer.IsEmpty;
            var text = buffer[..read].TrimEnd(" \r\n\t"u8);
            if (!text.IsEmpty) last = text[^1];
            return read;
        }
    }

    private async Task<Uri> WaitAsync((string Kind, string Id) export, long began, CancellationToken cancellationToken)
    {
        var plan = new CallPlan("GET /exports/{id}", session.Lane, Rate: null, Repeatable: true);
        var call = new AmazonCalls.Call(HttpMethod.Get, session.Address("/exports/" + Uri.EscapeDataString(export.Id)), plan, session.Scope, Accept: Media(export.Kind));
        for (var wait = session.Options.ExportPollFirst; ; wait = wait * 2 < session.Options.ExportPollLimit ? wait * 2 : session.Options.ExportPollLimit)
        {
            var job = await session.ReadAsync(call, ExportJson.Default.ExportJob, cancellationToken).ConfigureAwait(false);
            switch (job.Status)
            {
                case "COMPLETED": return string.IsNullOrEmpty(job.Url) ? throw new AmazonApiException(plan.Operation, null, null, $"the {export.Kind} export is finished and has no address", null) : AdsClient.Location($"The {export.Kind} export", job.Url);
                case "FAILED": throw new AmazonApiException(plan.Operation, null, job.Error?.ErrorCode, AmazonError.Clean(job.Error?.Message) ?? $"Amazon could not make the {export.Kind} export", null);
            }

            if (clock.GetElapsedTime(began) + wait > session.Options.ExportPatience) throw new AmazonApiException(plan.Operation, null, "EXPORT_TOO_SLOW", $"the {export.Kind} export was not finished within {session.Options.ExportPatience}", null);
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private Campaign? Campaign(ExportedCampaign row) => new(
        new(UnifiedWords.Number(row.CampaignId, "campaignId")), row.Name ?? "", row.TargetingSettings == "AUTO" ? TargetingType.Auto : TargetingType.Manual, UnifiedWords.State(row.State),
        new Money(row.BudgetCaps?.BudgetValue?.MonetaryBudget?.Amount ?? throw Missing("campaigns", "budgetCaps"), session.Marketplace.Currency), UnifiedWords.Strategy(row.Optimization?.BidStrategy),
        Percent(row, Placement.TopOfSearch), Percent(row, Placement.RestOfSearch), Percent(row, Placement.ProductPages));

    private static int Percent(ExportedCampaign row, Placement placement) =>
        row.Optimization?.PlacementBidAdjustments?.FirstOrDefault(entry => entry.Placement == UnifiedWords.Written(placement))?.Percentage ?? 0;

    private AdGroup? AdGroup(ExportedAdGroup row) => new(
        new(UnifiedWords.Number(row.AdGroupId, "adGroupId")), new(UnifiedWords.Number(row.CampaignId, "campaignId")), row.Name ?? "", UnifiedWords.State(row.State),
        new Money(row.Bid?.Amount ?? throw Missing("adGroups", "bid"), session.Marketplace.Currency));

    private static ProductAd? Ad(ExportedAd row, Dictionary<AdGroupId, AdGroup> parents)
    {
        var parent = Parent(row.AdGroupId, parents, "ads");
        return new(new(UnifiedWords.Number(row.AdId, "adId")), parent.Campaign, parent.Id, new(Id("SKU")), new(Id("ASIN")), UnifiedWords.State(row.State));

        // The lists name both; a file that names one alone is no substitute for them.
        string Id(string type) => row.Creative?.Products?.FirstOrDefault(product => product.ProductIdType == type)?.ProductId ?? throw Missing("ads", $"creative.products ({type})");
    }

    private (Target? Target, Negative? Negative) Clause(ExportedTarget row, Dictionary<AdGroupId, AdGroup> parents)
    {
        var (kind, match, text) = Words(row.TargetDetails);
        var parent = row.AdGroupId is null ? null : Parent(row.AdGroupId, parents, "targets");
        var campaign = parent?.Campaign ?? new CampaignId(UnifiedWords.Number(row.CampaignId, "campaignId"));
        var id = UnifiedWords.Number(row.TargetId, "targetId");
        if (row.Negative)
            return (null, new Negative(new(id), campaign, parent?.Id, UnifiedWords.Negated(match), text, UnifiedWords.State(row.State)));

        // Without an own bid and without a living ad group there is nothing in force.
        var bid = row.Bid?.Amount is { } own ? new Money(own, session.Marketplace.Currency) : parent is { State: not EntityState.Archived } ? parent.DefaultBid : (Money?)null;
        return parent is not null && bid is { } inForce ? (new Target(new(id), campaign, parent.Id, kind, match, text, UnifiedWords.State(row.State), inForce), null) : default;
    }

    // Exports have words of their own for auto clauses; those of Ads API v1 are understood too.
    private static (TargetKind Kind, MatchType Match, string Text) Words(ExportedDetails? details) => details switch
    {
        { Keyword: { } word, MatchType: "EXACT" } => (TargetKind.Keyword, MatchType.Exact, word),
        { Keyword: { } word, MatchType: "PHRASE" } => (TargetKind.Keyword, MatchType.Phrase, word),
        { Keyword: { } word, MatchType: "BROAD" } => (TargetKind.Keyword, MatchType.Broad, word),
        { Asin: { } asin } => (TargetKind.Product, MatchType.Product, asin),
        { ProductCategoryId: { } category } => (TargetKind.Product, MatchType.Category, details.IsRefined ? category + SponsoredProductsV3.Refined : category),
        { MatchType: "SEARCH_CLOSE_MATCH" or "KEYWORDS_CLOSE_MATCH" } => (TargetKind.Auto, MatchType.CloseMatch, ""),
        { MatchType: "SEARCH_LOOSE_MATCH" or "KEYWORDS_LOOSE_MATCH" } => (TargetKind.Auto, MatchType.LooseMatch, ""),
        { MatchType: "PRODUCT_SUBSTITUTES" } => (TargetKind.Auto, MatchType.Substitutes, ""),
        { MatchType: "PRODUCT_COMPLEMENTS" } => (TargetKind.Auto, MatchType.Complements, ""),
        { Keyword: { } word } => (TargetKind.Keyword, MatchType.Other, ClauseWords.OtherKeyword(details.MatchType, word)),
        { ProductBrand: { } brand } => (TargetKind.Product, MatchType.Brand, details.IsNarrowed ? brand + SponsoredProductsV3.Refined : brand),
        { ProductGenre: { } genre } => (TargetKind.Product, MatchType.Other, $"ASIN_GENRE_SAME_AS {genre}"),
        { ProductAgeRange: { } ages } => (TargetKind.Product, MatchType.Other, $"ASIN_AGE_RANGE_SAME_AS {ages}"),
        { MatchType: { } group } when group.StartsWith("KEYWORDS_RELATED_TO_", StringComparison.Ordinal) => ClauseWords.Group(group),
        _ => (TargetKind.Product, MatchType.Other, details?.MatchType ?? ClauseWords.Nameless),
    };

    private static AdGroup Parent(string? id, Dictionary<AdGroupId, AdGroup> parents, string kind) =>
        parents.TryGetValue(new(UnifiedWords.Number(id, "adGroupId")), out var parent) ? parent : throw new AmazonDocumentException($"{kind} export", 0, "adGroupId", "it names an ad group that the export of ad groups does not hold");

    private static AmazonDocumentException Missing(string kind, string field) => new($"{kind} export", 0, field, "required, and missing");
}

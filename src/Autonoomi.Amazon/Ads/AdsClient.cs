using System.Net;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

/// <summary>The Ads API for one profile of one consent: campaigns of every ad product behind one port, and Reporting v3. Made by <see cref="AmazonConnections"/>.</summary>
/// <remarks>Every member may throw <see cref="AmazonApiException"/>, <see cref="GrantRevokedException"/> and <see cref="OperatorCredentialsException"/>.</remarks>
public sealed partial class AdsClient
{
    private const int Rounds = 3;
    private readonly AdsSession session;
    private readonly Documents documents;
    private readonly Jitter jitter;
    private readonly TimeProvider clock;
    private readonly IReadOnlyList<IAdAdapter> adapters;

    internal AdsClient(AmazonCalls calls, Documents documents, Jitter jitter, TimeProvider clock, GrantHandle grant, StorefrontId? storefront, Marketplace? marketplace)
    {
        (this.documents, this.jitter, this.clock) = (documents, jitter, clock);
        session = new(calls, grant, storefront, marketplace);
        adapters = AdAdapters.Of(session);
    }

    /// <summary>The profiles that this consent reaches, on every regional host, or on the marketplace's host when the client has one. Sellers only.</summary>
    public async Task<IReadOnlyList<AdsProfile>> ProfilesAsync(CancellationToken cancellationToken)
    {
        var hosts = session.HasMarketplace ? [session.Options.Regions[session.Marketplace.Region].Ads] : session.Options.Regions.Values.Select(region => region.Ads).Distinct();
        var found = new Dictionary<long, AdsProfile>();
        foreach (var host in hosts)
        {
            var call = new AmazonCalls.Call(HttpMethod.Get, new(host, "/v2/profiles?profileTypeFilter=seller"), new CallPlan("GET /v2/profiles", $"ads:{session.Grant.Key}", Rate: null, Repeatable: true));
            foreach (var profile in await session.ReadAsync(call, AdsJson.Default.ProfileArray, cancellationToken).ConfigureAwait(false))
            {
                if (profile.AccountInfo is { MarketplaceStringId: { } at, Id: { } account, Type: "seller" } && Marketplace.IsKnown(at))
                    found[profile.ProfileId] = new(new(profile.ProfileId), Marketplace.Find(at), profile.Timezone ?? Marketplace.Find(at).TimeZone, account);
            }
        }

        return [.. found.Values];
    }

    /// <summary>All campaigns of every ad product, archived ones excluded. An ad product that Amazon does not open to this seller (403) has none.</summary>
    public Task<IReadOnlyList<Core.Advertising.Campaign>> CampaignsAsync(CancellationToken cancellationToken) => AllAsync(null, CampaignsOfAsync, cancellationToken);

    /// <summary>All ad groups, archived ones excluded.</summary>
    public Task<IReadOnlyList<Core.Advertising.AdGroup>> AdGroupsAsync(CancellationToken cancellationToken) => AdGroupsAsync(null, cancellationToken);

    /// <summary>All ad groups of the ad products that are there, archived ones excluded.</summary>
    /// <param name="products">Of which campaigns exist: what a profile does not use costs no calls. Null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Core.Advertising.AdGroup>> AdGroupsAsync(IReadOnlyCollection<AdProduct>? products, CancellationToken cancellationToken) => AllAsync(products, (adapter, ct) => adapter.AdGroupsAsync(ct), cancellationToken);

    /// <summary>All product ads, archived ones excluded.</summary>
    public Task<IReadOnlyList<Core.Advertising.ProductAd>> ProductAdsAsync(CancellationToken cancellationToken) => ProductAdsAsync(null, cancellationToken);

    /// <inheritdoc cref="AdGroupsAsync(IReadOnlyCollection{AdProduct}?, CancellationToken)"/>
    public Task<IReadOnlyList<Core.Advertising.ProductAd>> ProductAdsAsync(IReadOnlyCollection<AdProduct>? products, CancellationToken cancellationToken) => AllAsync(products, (adapter, ct) => adapter.ProductAdsAsync(ct), cancellationToken);

    /// <summary>Keywords, product targets and auto clauses together. Clauses that Core has no word for (brands, keyword groups) are left out.</summary>
    /// <param name="adGroups">Whose default bid stands where a target has none of its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<Core.Advertising.AdGroup> adGroups, CancellationToken cancellationToken) => TargetsAsync(adGroups, null, cancellationToken);

    /// <inheritdoc cref="TargetsAsync(IReadOnlyList{Core.Advertising.AdGroup}, CancellationToken)"/>
    /// <param name="adGroups">Whose default bid stands where a target has none of its own.</param>
    /// <param name="products">Of which campaigns exist; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Target>> TargetsAsync(IReadOnlyList<Core.Advertising.AdGroup> adGroups, IReadOnlyCollection<AdProduct>? products, CancellationToken cancellationToken) =>
        AllAsync(products, (adapter, ct) => adapter.TargetsAsync(adGroups, ct), cancellationToken);

    /// <summary>Negatives of ad groups and of campaigns, keywords and products.</summary>
    public Task<IReadOnlyList<Negative>> NegativesAsync(CancellationToken cancellationToken) => NegativesAsync(null, cancellationToken);

    /// <inheritdoc cref="NegativesAsync(CancellationToken)"/>
    /// <param name="products">Of which campaigns exist; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Negative>> NegativesAsync(IReadOnlyCollection<AdProduct>? products, CancellationToken cancellationToken) => AllAsync(products, (adapter, ct) => adapter.NegativesAsync(ct), cancellationToken);

    /// <summary>Writes, in batches. Amazon judges each item alone, so nothing of this is a transaction.</summary>
    /// <remarks>A batch that Amazon throttled is looked at and sent again, without what is done by then; a batch whose answer never came is not.</remarks>
    /// <param name="changes">No two with the same <see cref="Change.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per change, in the order given. A batch whose answer never came is <see cref="OutcomeKind.Unknown"/> for each of its changes: observe before repeating.</returns>
    public async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        if (changes.GroupBy(change => change.EntityKey, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"Two changes of one batch write the same thing ({twice.Key.Split(':')[0]}): one of them would be lost.", nameof(changes));

        var outcomes = new ChangeOutcome[changes.Count];
        var pending = Enumerable.Range(0, changes.Count).ToList();
        for (var round = 0; pending.Count > 0; round++)
        {
            if (round > 0)
            {
                // Item-level refusals carry no hint; the lane has its own memory of those that do.
                await Task.Delay(BackOff.Delay(session.Options, jitter, round - 1, hint: null, slow: false), clock, cancellationToken).ConfigureAwait(false);
                var seen = await ObserveAsync([.. pending.Select(index => changes[index])], cancellationToken).ConfigureAwait(false);
                for (var at = pending.Count - 1; at >= 0; at--)
                {
                    if (seen[at] == Observation.Untouched) continue;
                    outcomes[pending[at]] = seen[at] == Observation.Done
                        ? new(OutcomeKind.Accepted)
                        : new(OutcomeKind.Refused, Code: seen[at] == Observation.Gone ? "GONE" : "CHANGED_MEANWHILE", Message: "Somebody else changed it while Amazon was throttling.");
                    pending.RemoveAt(at);
                }
            }

            var answers = await ByProductAsync([.. pending.Select(index => changes[index])], (adapter, mine, ct) => adapter.ApplyAsync(mine, ct), cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < pending.Count; at++) outcomes[pending[at]] = answers[at];
            pending = round + 1 < Rounds ? [.. pending.Where(index => outcomes[index].Kind == OutcomeKind.Retryable)] : [];
        }

        return outcomes;
    }

    /// <summary>Reads what the changes speak of and says how it stands now.</summary>
    /// <returns>One observation per change, in the order given.</returns>
    public Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken) =>
        ByProductAsync(changes, (adapter, mine, ct) => adapter.ObserveAsync(mine, ct), cancellationToken);

    /// <summary>Whether the account has archived campaigns of an ad product; none where Amazon does not open it to the seller.</summary>
    public async Task<bool> HasArchivedAsync(AdProduct product, CancellationToken cancellationToken)
    {
        var adapter = adapters.FirstOrDefault(each => each.AdProduct == product) ?? throw new NotSupportedException($"No adapter reads {product}.");
        try
        {
            return await adapter.HasArchivedAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonApiException closed) when (closed.Status == HttpStatusCode.Forbidden && product != AdProduct.SponsoredProducts)
        {
            return false;
        }
    }

    private static async Task<IReadOnlyList<Core.Advertising.Campaign>> CampaignsOfAsync(IAdAdapter adapter, CancellationToken cancellationToken)
    {
        try
        {
            return await adapter.CampaignsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonApiException closed) when (closed.Status == HttpStatusCode.Forbidden && adapter.AdProduct != AdProduct.SponsoredProducts)
        {
            // Sponsored Brands asks for a registered brand.
            return [];
        }
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(IReadOnlyCollection<AdProduct>? products, Func<IAdAdapter, CancellationToken, Task<IReadOnlyList<T>>> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        foreach (var adapter in adapters.Where(adapter => products?.Contains(adapter.AdProduct) ?? true)) all.AddRange(await read(adapter, cancellationToken).ConfigureAwait(false));
        return all;
    }

    /// <summary>Each adapter gets its own changes, and the answers return to the places of the changes.</summary>
    private async Task<IReadOnlyList<T>> ByProductAsync<T>(IReadOnlyList<Change> changes, Func<IAdAdapter, IReadOnlyList<Change>, CancellationToken, Task<IReadOnlyList<T>>> ask, CancellationToken cancellationToken)
    {
        var answers = new T[changes.Count];
        foreach (var group in Enumerable.Range(0, changes.Count).GroupBy(index => changes[index].AdProduct))
        {
            var adapter = adapters.FirstOrDefault(each => each.AdProduct == group.Key) ?? throw new NotSupportedException($"No adapter writes {group.Key}.");
            var places = group.ToList();
            var mine = await ask(adapter, [.. places.Select(index => changes[index])], cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < places.Count; at++) answers[places[at]] = mine[at];
        }

        return answers;
    }
}

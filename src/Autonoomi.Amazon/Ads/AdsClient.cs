using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>The Ads API for one profile of one consent: Sponsored Products v3 and Reporting v3. Made by <see cref="AmazonConnections"/>.</summary>
/// <remarks>Every member may throw <see cref="AmazonApiException"/>, <see cref="GrantRevokedException"/> and <see cref="OperatorCredentialsException"/>.</remarks>
public sealed partial class AdsClient
{
    private readonly AmazonCalls calls;
    private readonly Documents documents;
    private readonly Jitter jitter;
    private readonly TimeProvider clock;
    private readonly GrantHandle grant;
    private readonly StorefrontId? storefront;
    private readonly Marketplace? marketplace;

    internal AdsClient(AmazonCalls calls, Documents documents, Jitter jitter, TimeProvider clock, GrantHandle grant, StorefrontId? storefront, Marketplace? marketplace) =>
        (this.calls, this.documents, this.jitter, this.clock, this.grant, this.storefront, this.marketplace) = (calls, documents, jitter, clock, grant, storefront, marketplace);

    private Marketplace Marketplace => marketplace ?? throw new InvalidOperationException("This client was made without a marketplace: it can only list profiles.");

    private string Scope => storefront?.ToString() ?? throw new InvalidOperationException("This client was made without a profile: it can only list profiles.");

    private string Lane => $"ads:{grant.Key}:{storefront}";

    /// <summary>The profiles that this consent reaches, on every regional host, or on the marketplace's host when the client has one. Sellers only.</summary>
    public async Task<IReadOnlyList<AdsProfile>> ProfilesAsync(CancellationToken cancellationToken)
    {
        var hosts = marketplace is null ? calls.Options.Regions.Values.Select(region => region.Ads).Distinct() : [calls.Options.Regions[marketplace.Region].Ads];
        var found = new Dictionary<long, AdsProfile>();
        foreach (var host in hosts)
        {
            var call = new AmazonCalls.Call(HttpMethod.Get, new(host, "/v2/profiles?profileTypeFilter=seller"), new CallPlan("GET /v2/profiles", $"ads:{grant.Key}", Rate: null, Repeatable: true));
            foreach (var profile in await calls.ReadAsync(grant, call, AdsJson.Default.ProfileArray, cancellationToken).ConfigureAwait(false))
            {
                if (profile.AccountInfo is { MarketplaceStringId: { } at, Id: { } account, Type: "seller" } && Marketplace.IsKnown(at))
                    found[profile.ProfileId] = new(new(profile.ProfileId), Marketplace.Find(at), profile.Timezone ?? Marketplace.Find(at).TimeZone, account);
            }
        }

        return [.. found.Values];
    }

    private Uri Address(string path) => new(calls.Options.Regions[Marketplace.Region].Ads, path);

    private AmazonCalls.Call Call<T>(HttpMethod method, string path, string mediaType, bool repeatable, T body, JsonTypeInfo<T> type) =>
        new(method, Address(path), new CallPlan($"{method} {path}", Lane, Rate: null, repeatable), Scope, mediaType, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>All pages of one list. Pages are no snapshot, so an entity may come twice: the later one counts.</summary>
    private async Task<IReadOnlyList<T>> ListAsync<T>(Route route, ListRequest filter, Func<Page, T[]?> items, Func<T, string> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var call = Call(HttpMethod.Post, route.Path + "/list", route.MediaType, repeatable: true, filter with { NextToken = next }, AdsJson.Default.ListRequest);
            var page = await calls.ReadAsync(grant, call, AdsJson.Default.Page, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page) ?? []) found[id(item)] = item;
            if (page.NextToken is { Length: > 0 } token && token == next) throw new AmazonApiException(call.Plan.Operation, null, null, "the list gives the same page for ever", null);
            next = string.IsNullOrEmpty(page.NextToken) ? null : page.NextToken;
        }
        while (next is not null);

        return [.. found.Values];
    }
}

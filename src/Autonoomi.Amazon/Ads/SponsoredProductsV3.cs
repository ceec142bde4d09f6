using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>Adapter A for Sponsored Products: <c>/sp/…</c> version 3. Batches of 1000, ids as text, upper-case words.</summary>
internal sealed partial class SponsoredProductsV3(AdsSession session) : IAdAdapter
{
    public AdProduct AdProduct => AdProduct.SponsoredProducts;

    /// <summary>All pages of one list. Pages are no snapshot, so an entity may come twice: the later one counts.</summary>
    private async Task<IReadOnlyList<T>> ListAsync<T>(Route route, ListRequest filter, Func<Page, T[]?> items, Func<T, string> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var call = session.Call(HttpMethod.Post, route.Path + "/list", route.MediaType, repeatable: true, filter with { NextToken = next }, AdsJson.Default.ListRequest);
            var page = await session.ReadAsync(call, AdsJson.Default.Page, cancellationToken).ConfigureAwait(false);
            foreach (var item in items(page) ?? []) found[id(item)] = item;
            if (page.NextToken is { Length: > 0 } token && token == next) throw new AmazonApiException(call.Plan.Operation, null, null, "the list gives the same page for ever", null);
            next = string.IsNullOrEmpty(page.NextToken) ? null : page.NextToken;
        }
        while (next is not null);

        return [.. found.Values];
    }
}

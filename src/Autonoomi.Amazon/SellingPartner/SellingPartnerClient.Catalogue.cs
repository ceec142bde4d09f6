using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Catalogue 2022-04-01: what everybody can see of products, other sellers' too.</summary>
public sealed partial class SellingPartnerClient
{
    private const int CatalogueBatch = 20;

    /// <summary>Brand, title, parent and browse category of products. A product that Amazon does not know is left out.</summary>
    public async Task<IReadOnlyList<CatalogueItem>> CatalogueAsync(IReadOnlyCollection<Asin> asins, CancellationToken cancellationToken)
    {
        var found = new List<CatalogueItem>();
        foreach (var batch in asins.Distinct().Chunk(CatalogueBatch))
        {
            string? next = null;
            do
            {
                var query = $"?identifiers={string.Join(',', batch.Select(asin => Uri.EscapeDataString(asin.Value)))}&identifiersType=ASIN&marketplaceIds={marketplace.Id}&includedData=summaries,relationships&pageSize={CatalogueBatch}{Token("pageToken", next)}";
                var call = Get("/catalog/2022-04-01/items", query, "catalogue", Rates.CatalogueSearch);
                var page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.CataloguePage, cancellationToken).ConfigureAwait(false);
                found.AddRange((page.Items ?? []).Select(Read));
                next = Next(call, next, page.Pagination);
            }
            while (next is not null);
        }

        return found;
    }

    private CatalogueItem Read(CatalogueEntry entry)
    {
        var summary = entry.Summaries?.FirstOrDefault(each => each.MarketplaceId == marketplace.Id);
        var parent = entry.Relationships?.FirstOrDefault(each => each.MarketplaceId == marketplace.Id)?.Relationships?.SelectMany(each => each.ParentAsins ?? []).FirstOrDefault();
        return new(new(entry.Asin), summary?.ItemName ?? "", summary?.Brand ?? "", parent is null ? null : new Asin(parent), summary?.BrowseClassification?.ClassificationId, summary?.BrowseClassification?.DisplayName);
    }
}

/// <param name="Asin">Which product.</param>
/// <param name="Title">Its name in the marketplace; empty when it is not offered there.</param>
/// <param name="Brand">Empty when unknown.</param>
/// <param name="Parent">The product whose variation it is; null for one that stands alone.</param>
/// <param name="CategoryId">Browse category.</param>
/// <param name="Category">Its name.</param>
public sealed record CatalogueItem(Asin Asin, string Title, string Brand, Asin? Parent, string? CategoryId, string? Category);

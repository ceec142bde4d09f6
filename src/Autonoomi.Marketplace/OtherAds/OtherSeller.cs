using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.OtherAds;

/// <summary>What the demo seller has laid out of Sponsored Brands and Display before anybody manages it: a brand's defence, searches by category, rivals' pages, remarketing.</summary>
internal sealed class OtherSeller
{
    private readonly Dice dice;
    private readonly Market market;
    private readonly OtherAdAccount account;
    private readonly DateOnly start;
    private readonly decimal scale;

    private OtherSeller(Dice dice, Market market, OtherAdAccount account, DateOnly start, decimal scale) =>
        (this.dice, this.market, this.account, this.start, this.scale) = (dice, market, account, start, scale);

    public static void LayOut(Dice dice, Market market, OtherAdAccount account, DateOnly start, decimal scale)
    {
        var seller = new OtherSeller(dice, market, account, start, scale);
        var heads = market.Products.DistinctBy(product => product.Type).Take(6).ToList();
        seller.LayBrand([.. heads.Take(3)]);
        foreach (var product in heads.Take(2)) seller.LayCategory(product);
        seller.LayRivals(heads[0]);
        seller.LayVideo(heads[^1]);
        foreach (var product in heads.Take(3)) seller.LayDisplay(product);
        seller.LayRemarketing([.. heads.Take(2)]);
        seller.LayImpressions(heads[0]);
        seller.LayReach([.. heads.Take(2)]);
        seller.LayBrands(heads[0]);
    }

    private void LayBrand(IReadOnlyList<Product> products)
    {
        var campaign = account.Add(AdProduct.SponsoredBrands, $"SB {Catalogue.OwnBrand} brand", 20 * scale, start);
        campaign.Adjustments[BrandPlacement.TopOfSearch] = 20;
        var group = Group(campaign, "Brand words", null, [.. products.Select(product => product.Index)]);
        var brand = Catalogue.OwnBrand.ToLowerInvariant();
        foreach (var (text, match) in new[] { (brand, MatchType.Exact), (brand, MatchType.Phrase), (brand, MatchType.Broad) }) Keyword(group, text, match, products[0], 0.7);
        foreach (var product in products) Keyword(group, $"{brand} {Head(product)}", MatchType.Exact, product, 0.7);
        Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Theme, null, "KEYWORDS_RELATED_TO_YOUR_BRAND", Bid(products[0], 0.6)));
        Take(account.CreateNegative(AdProduct.SponsoredBrands, group.Id, OtherNegativeKind.Phrase, "toy"));
    }

    private void LayCategory(Product product)
    {
        var campaign = account.Add(AdProduct.SponsoredBrands, $"SB {Head(product)}", 25 * scale, start);
        var group = Group(campaign, "Category words", null, [product.Index]);
        var kind = Catalogue.Types[product.Type];
        foreach (var head in kind.Heads) Keyword(group, head, MatchType.Phrase, product, 1);
        foreach (var attribute in kind.Attributes.Take(4)) Keyword(group, $"{attribute} {kind.Heads[0]}", MatchType.Exact, product, 1);
        foreach (var use in kind.Uses.Take(2)) Keyword(group, $"{kind.Heads[0]} {use}", MatchType.Broad, product, 0.8);
        Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Theme, null, "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES", Bid(product, 0.8)));
    }

    private void LayRivals(Product product)
    {
        var campaign = account.Add(AdProduct.SponsoredBrands, $"SB rivals of {Head(product)}", 10 * scale, start);
        var group = Group(campaign, "Rivals' pages", null, [product.Index]);
        foreach (var asin in Pages(product).Take(6)) Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Product, null, asin, Bid(product, 0.8)));
        Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Category, null, Market.CategoryId(product.Type), Bid(product, 0.6)));
    }

    // One campaign leaves its bids to Amazon.
    private void LayVideo(Product product)
    {
        var campaign = account.Add(AdProduct.SponsoredBrands, $"SB video {Head(product)}", 12 * scale, start, isBidAutomatic: true);
        var group = Group(campaign, "Video", null, [product.Index]);
        foreach (var head in Catalogue.Types[product.Type].Heads) Keyword(group, head, MatchType.Broad, product, 0.9);
    }

    private void LayDisplay(Product product)
    {
        var campaign = account.Add(AdProduct.SponsoredDisplay, $"SD pages like {Head(product)}", 12 * scale, start);
        var group = Group(campaign, "Pages", Bid(product, 0.45), [product.Index]);
        foreach (var asin in Pages(product).Take(5)) Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Product, null, asin, Bid(product, 0.5)));
        Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Category, null, Market.CategoryId(product.Type), Bid(product, 0.4)));
        Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Similar, null, "", null));
    }

    private void LayRemarketing(IReadOnlyList<Product> products)
    {
        var campaign = account.Add(AdProduct.SponsoredDisplay, "SD remarketing", 15 * scale, start, reachesAudiences: true);
        foreach (var product in products)
        {
            var group = Group(campaign, $"Views of {Head(product)}", Bid(product, 0.5), [product.Index]);
            Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Audience, null, "views:exactProduct:30", Bid(product, 0.6)));
            Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Audience, null, "views:similarProduct:14", null));
            Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Audience, null, "purchases:relatedProduct:90", Bid(product, 0.35)));
        }
    }

    // Two campaigns pay for views. A thousand of them bring eleven clicks in Sponsored Brands and four in Display, and are bid on accordingly.
    private void LayImpressions(Product product)
    {
        var campaign = account.Add(AdProduct.SponsoredBrands, $"SB seen for {Head(product)}", 8 * scale, start, isPerThousand: true);
        var group = Group(campaign, "Seen first", null, [product.Index]);
        foreach (var head in Catalogue.Types[product.Type].Heads.Take(2)) Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Keyword, MatchType.Broad, head, 11 * Bid(product, 0.7)));
    }

    private void LayReach(IReadOnlyList<Product> products)
    {
        var campaign = account.Add(AdProduct.SponsoredDisplay, "SD reach", 9 * scale, start, reachesAudiences: true, isPerThousand: true);
        foreach (var product in products)
        {
            var group = Group(campaign, $"Reach of {Head(product)}", 4 * Bid(product, 0.6), [product.Index]);
            Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Audience, null, "views:similarProduct:30", 4 * Bid(product, 0.7)));
            Take(account.CreateTarget(AdProduct.SponsoredDisplay, group.Id, OtherTargetKind.Similar, null, "", null));
        }
    }

    // Last, so that nothing that was there before takes other ids.
    private void LayBrands(Product product)
    {
        var rivals = account.AdGroups.First(group => group.Name == "Rivals' pages");
        Take(account.CreateTarget(AdProduct.SponsoredBrands, rivals.Id, OtherTargetKind.Brand, null, "4711", Bid(product, 0.6)));
        Take(account.CreateNegative(AdProduct.SponsoredBrands, rivals.Id, OtherNegativeKind.Brand, "815"));
        var pages = account.AdGroups.First(group => group.Name == "Pages");
        Take(account.CreateTarget(AdProduct.SponsoredDisplay, pages.Id, OtherTargetKind.Brand, null, "4711", Bid(product, 0.4)));
        Take(account.CreateTarget(AdProduct.SponsoredDisplay, pages.Id, OtherTargetKind.ContentCategory, null, "amzn1.iab-content.home-and-garden", Bid(product, 0.35)));
        Take(account.CreateNegative(AdProduct.SponsoredDisplay, pages.Id, OtherNegativeKind.Brand, "815"));
    }

    private OtherAdGroup Group(OtherCampaign campaign, string name, decimal? defaultBid, IReadOnlyList<int> products)
    {
        var group = account.AdGroup(Take(account.CreateAdGroup(campaign.AdProduct, campaign.Id, name, defaultBid)))!;
        account.Add(group, products);
        return group;
    }

    private void Keyword(OtherAdGroup group, string text, MatchType match, Product product, double level) =>
        Take(account.CreateTarget(AdProduct.SponsoredBrands, group.Id, OtherTargetKind.Keyword, match, text, Bid(product, level * dice.Uniform(OtherDraws.Seller, group.Id, 0.7, 1.4, text.Length, (long)match))));

    // What rivals of the product's searches bid, in whole cents at scale 1 and never below Sponsored Brands' lowest.
    private decimal Bid(Product product, double level)
    {
        var usual = market.Queries.Where(query => query.Type == product.Type && !query.IsPage && query.BornOn < 0).OrderByDescending(query => query.Volume).Take(20).Average(query => query.RivalMedian);
        return Math.Max(0.10m, decimal.Round((decimal)(usual * level / (double)scale), 2)) * scale;
    }

    private IEnumerable<string> Pages(Product product) => market.Queries.Where(query => query.IsPage && query.Type == product.Type).OrderByDescending(query => query.Volume).Select(query => query.Text.ToUpperInvariant());

    private static string Head(Product product) => Catalogue.Types[product.Type].Heads[0];

    private static long Take(OtherVerdict verdict) => verdict.Id ?? throw new InvalidOperationException($"The seller's own past was refused: {verdict.Message}");
}

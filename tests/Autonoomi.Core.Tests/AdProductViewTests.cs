using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Tests;

public sealed class AdProductViewTests
{
    private static readonly Workspace Plain = new SomeStorefront { Seed = 3 }.Build();

    [Fact]
    public void Brands_and_display_disturb_no_decision()
    {
        var together = WithOthers(Plain);

        Assert.Equal(Plain.Targets.Length + 2, together.Targets.Length);
        Assert.Equal(Shown(Plain), Shown(together.OfSponsoredProducts()));
        Assert.NotEmpty(Shown(Plain));
        Assert.Same(Plain, Plain.OfSponsoredProducts());
    }

    [Fact]
    public void A_target_of_an_unknown_kind_is_kept_and_disturbs_no_decision()
    {
        var stranger = Plain.Targets[0] with { Id = new(900_021), Kind = TargetKind.Product, Match = MatchType.Other, Text = "ASIN_GENRE_SAME_AS 42", State = EntityState.Enabled };
        var group = stranger with { Id = new(900_022), Kind = TargetKind.Auto, Match = MatchType.KeywordGroup, Text = "Keyword group: gifts" };
        var strange = Plain with { Targets = [.. Plain.Targets, stranger] };

        Assert.Equal(Shown(Plain), Shown(strange.OfSponsoredProducts()));
        Assert.DoesNotContain(stranger, strange.OfSponsoredProducts().Targets);
        Assert.Contains(group, (strange with { Targets = [.. strange.Targets, group] }).OfSponsoredProducts().Targets);
        Assert.Contains(stranger, strange.Targets);
    }

    [Fact]
    public void Their_spend_and_sales_are_shown_by_target_and_by_campaign()
    {
        var together = WithOthers(Plain);
        var span = DateSpan.Ending(SomeStorefront.Today.AddDays(-1), 7);

        var (figures, books) = (new ProfitBooks(together).Figures(span), new ProfitBooks(together));
        var (before, after) = (new ProfitBooks(Plain).Figures(span).Targets, figures.Targets);
        Assert.Equal((3_000_000, 12_000_000), (after.Cost[^2], after.Sales[^2]));
        Assert.Equal((1_500_000, 5_000_000), (after.Cost[^1], after.Sales[^1]));
        Assert.Equal(before.Cost, after.Cost[..before.Rows]);
        var campaigns = books.Table(span).By(row => row.Campaign);
        Assert.Equal([3m, 1.5m], together.Campaigns[^2..].Select(campaign => campaigns[campaign.Id.Value].AdSpend.Amount));
        Assert.Equal(4.5m + before.Cost.Sum() / 1e6m, figures.Whole.Ads.Cost.Amount);
        Assert.Equal(3m, figures.Whole.Left.Spend(AdProduct.SponsoredBrands).Amount);
    }

    [Fact]
    public void An_ad_that_names_its_product_by_asin_gets_the_listing_s_sku()
    {
        var listing = Plain.Listings[0];
        var ad = new ProductAd(new(1), new(2), new(3), new(""), listing.Asin, EntityState.Enabled);
        ImmutableArray<ProductAd> ads = [Plain.ProductAds[0], ad, ad with { Asin = new("B0STRANGER") }];

        Assert.Equal([Plain.ProductAds[0].Sku, listing.Sku], ads.Named(Plain.Listings).Select(each => each.Sku));
    }

    private static IEnumerable<string> Shown(Workspace workspace) => Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.Select(proposal => $"{proposal.Change} {proposal.Reason}");

    // The same keyword texts as the account's own, so that whoever looks at all targets would see duplicates.
    private static Workspace WithOthers(Workspace workspace)
    {
        var currency = workspace.Marketplace.Currency;
        var keyword = workspace.Targets.First(target => target.Match == MatchType.Exact);
        Campaign Of(long id, AdProduct product) => new(new(id), product.ToString(), TargetingType.Manual, EntityState.Enabled, new Money(20, currency), BiddingStrategy.Fixed, 0, 0, 0) { AdProduct = product };
        AdGroup Group(long id, long campaign) => new(new(id), new(campaign), "g", EntityState.Enabled, new Money(0, currency));
        FactTable Facts(Dataset dataset, long id, long cost, long sales)
        {
            var table = new FactTableBuilder(TableSchema.Of(dataset));
            table.Int(SomeStorefront.Today.AddDays(-2).DayNumber).Long(id).Long(id + 1).Long(id + 2).Long(1000).Long(5).Long(cost).Long(1).Long(1).Long(sales);
            (dataset == Dataset.DisplayTargetDay ? table.Long(1).Long(1) : table.Long(1)).Long(sales);
            return table.Build();
        }

        return workspace with
        {
            Campaigns = [.. workspace.Campaigns, Of(900_001, AdProduct.SponsoredBrands), Of(900_011, AdProduct.SponsoredDisplay)],
            AdGroups = [.. workspace.AdGroups, Group(900_002, 900_001), Group(900_012, 900_011)],
            ProductAds = [.. workspace.ProductAds, new(new(900_004), new(900_001), new(900_002), workspace.ProductAds[0].Sku, workspace.ProductAds[0].Asin, EntityState.Enabled)],
            Targets =
            [
                .. workspace.Targets, keyword with { Id = new(900_003), Campaign = new(900_001), AdGroup = new(900_002), Bid = new Money(9, currency) },
                new(new(900_013), new(900_011), new(900_012), TargetKind.Product, MatchType.Product, "B0RIVAL001", EntityState.Enabled, new Money(0.5m, currency)),
            ],
            Negatives = [.. workspace.Negatives, new(new(900_005), new(900_001), new AdGroupId(900_002), NegativeMatch.Exact, keyword.Text, EntityState.Enabled)],
            BrandsTargetDays = Facts(Dataset.BrandsTargetDay, 900_001, 3_000_000, 12_000_000),
            DisplayTargetDays = Facts(Dataset.DisplayTargetDay, 900_011, 1_500_000, 5_000_000),
        };
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Tests.Profit;

public sealed class BoughtTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Day = new(2026, 11, 2);
    private static readonly DateSpan Week = DateSpan.Ending(Day, 7);
    private static readonly Asin Mug = new("B000000001"), Kettle = new("B000000002"), Foreign = new("B000000009");

    [Fact]
    public void Orders_of_other_products_are_summed_by_product_the_most_sold_first()
    {
        var bought = Bought.After(Shop(AdProduct.SponsoredProducts), Target(1), Week);

        Assert.Equal([(Foreign.Value, 1L, 1L, 50m), (Kettle.Value, 3L, 4L, 40m)], bought.Select(product => (product.Asin.Value, product.Orders, product.Units, product.Sales.Amount)));
        Assert.Equal([null, "KETTLE"], bought.Select(product => product.Listing?.Sku.Value));
    }

    [Fact]
    public void Other_targets_and_other_days_are_not_counted()
    {
        Assert.Equal(9m, Assert.Single(Bought.After(Shop(AdProduct.SponsoredProducts), Target(2), Week)).Sales.Amount);
        Assert.Empty(Bought.After(Shop(AdProduct.SponsoredProducts), Target(1), new DateSpan(Day.AddDays(-6), Day.AddDays(-6))));
    }

    [Theory]
    [InlineData(AdProduct.SponsoredBrands)]
    [InlineData(AdProduct.SponsoredDisplay)]
    public void Brands_and_Display_tell_it_for_the_whole_ad_group_and_what_the_group_advertises_is_left_out(AdProduct product)
    {
        var shop = Shop(product);

        Assert.Equal([(Kettle.Value, 2L)], Bought.After(shop, Target(1), Week).Select(other => (other.Asin.Value, other.Orders)));
        Assert.Equal(Bought.After(shop, Target(1), Week), Bought.After(shop, Target(2), Week));
    }

    private static Target Target(long id) => new(new(id), new(7), new(8), TargetKind.Keyword, MatchType.Exact, $"keyword{id}", EntityState.Enabled, new Money(1m, Us.Currency));

    private static Workspace Shop(AdProduct product)
    {
        var purchases = new FactTableBuilder(TableSchema.Of(Dataset.PurchaseDay));
        void Sold(DateOnly day, long target, Asin asin, long orders, long units, decimal sales) =>
            purchases.Day(day).Long(7).Long(8).Long(target).Text("MUG").Text(asin.Value).Long(orders).Long(units).Long((long)(sales * 1_000_000));
        Sold(Day, 1, Kettle, 1, 2, 20m);
        Sold(Day.AddDays(-5), 1, Kettle, 2, 2, 20m);
        Sold(Day.AddDays(-1), 1, Foreign, 1, 1, 50m);
        Sold(Day.AddDays(-7), 1, Kettle, 5, 5, 500m);
        Sold(Day, 2, Kettle, 1, 1, 9m);
        var brands = new FactTableBuilder(TableSchema.Of(Dataset.BrandsPurchaseDay));
        brands.Day(Day).Long(7).Long(8).Text(Mug.Value).Long(9).Long(9).Long(90_000_000);
        brands.Day(Day).Long(7).Long(8).Text(Kettle.Value).Long(2).Long(2).Long(20_000_000);
        brands.Day(Day).Long(7).Long(99).Text(Kettle.Value).Long(4).Long(4).Long(40_000_000);
        var display = new FactTableBuilder(TableSchema.Of(Dataset.DisplayPurchaseDay));
        display.Day(Day).Long(7).Long(8).Text("MUG").Text(Kettle.Value).Long(2).Long(2).Long(20_000_000);
        display.Day(Day).Long(7).Long(99).Text("MUG").Text(Kettle.Value).Long(4).Long(4).Long(40_000_000);
        return new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Day.AddDays(1),
            SyncedAt = null,
            Campaigns = [new(new(7), "Kitchen", TargetingType.Manual, EntityState.Enabled, new Money(10m, Us.Currency), BiddingStrategy.DownOnly, 0, 0, 0) { AdProduct = product }],
            ProductAds = [new(new(30), new(7), new(8), new("MUG"), Mug, EntityState.Enabled)],
            Targets = [Target(1), Target(2)],
            Listings = [new(new("MUG"), Mug, "Mug", new Money(10m, Us.Currency), true), new(new("KETTLE"), Kettle, "Kettle", new Money(10m, Us.Currency), true)],
            PurchaseDays = purchases.Build(),
            BrandsPurchaseDays = brands.Build(),
            DisplayPurchaseDays = display.Build(),
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        };
    }
}

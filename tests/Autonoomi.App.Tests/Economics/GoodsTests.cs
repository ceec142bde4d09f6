using System.Text.Json;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Tests.Economics;

public sealed class GoodsTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly Currency Usd = Us.Currency;
    private static readonly StorefrontSettings Before = Workspaces.DefaultSettings(Us) with { VatRates = [new VatRate(DateOnly.MinValue, null, 0.19m)], ProtectedTerms = ["kept"] };

    private static readonly StorefrontSettings Full = Before with
    {
        Batches = [new(new("A-1"), new(2026, 3, 1), 500, new(4.20m, Usd), new(0.35m, Usd)), new(new("A-1"), new(2026, 6, 1), 800, new(3.90m, Usd), new(0.00m, Usd))],
        OtherCosts =
        [
            new(null, new(2026, 1, 1), TypedOther.Open, new(49.00m, Usd)) { Name = "Software", Monthly = true },
            new(new Sku("B-2"), new(2026, 5, 1), new(2026, 10, 31), new(600.00m, Usd)) { Name = "Photos" },
        ],
        VatRates = [.. Before.VatRates, new VatRate(DateOnly.MinValue, new Sku("A-1"), 0.05m), new VatRate(new(2026, 7, 1), new Sku("A-1"), 0.07m)],
    };

    private static readonly Workspace Shop = new()
    {
        Storefront = new(7), Marketplace = Us, Today = new(2026, 11, 2), SyncedAt = null, Settings = Before,
        Listings = [new(new("A-1"), new("B000000001"), "Kettle", new(20m, Usd), true), new(new("B-2"), new("B000000002"), "Mug", new(10m, Usd), true)],
        Costs = [new(new("A-1"), new(2026, 1, 1), new(4m, Usd), new(0m, Usd), null, 30)],
    };

    [Fact]
    public void What_is_stored_is_shown_and_what_is_shown_is_stored_again()
    {
        var again = TypedGoods.Of(Full).Apply(Before, Usd, out var problems);

        Assert.Empty(problems);
        Assert.Equal(Json(Full), Json(again));
        Assert.Empty(SettingRules.Faults(again, Shop));
    }

    [Fact]
    public void An_emptied_row_is_taken_away_and_nothing_else()
    {
        var typed = TypedGoods.Of(Full) with { Batches = [TypedBatch.Blank, TypedBatch.Of(Full.Batches[1])], Others = [TypedOther.Blank], Rates = [] };

        var goods = typed.Apply(Full, Usd, out var problems);

        Assert.Empty(problems);
        Assert.Equal([Full.Batches[1]], goods.Batches);
        Assert.Empty(goods.OtherCosts);
        Assert.Equal(Before.VatRates, goods.VatRates);
        Assert.Equal(["kept"], goods.ProtectedTerms);
    }

    [Theory]
    [InlineData("batch", "A-1|2026-03-01|ten|4|", "Batch of A-1, units: 'ten' is not a whole number. Write it like 500.")]
    [InlineData("batch", "A-1|2026-03-01|0|4|", "Batch of A-1, units: they lie between 1 and 100,000,000.")]
    [InlineData("batch", "A-1|1.3.2026|10|4|", "Batch of A-1, in stock since: '1.3.2026' is no date. Write it like 2026-11-27.")]
    [InlineData("batch", "A-1|2026-03-01|10||", "Batch of A-1, cost per unit: '' is not a number. Write it like 12.50, without currency sign.")]
    [InlineData("batch", "A-1|2026-03-01|10|-1|", "Batch of A-1, cost per unit: it lies between 0 and one million, with at most six digits after the decimal mark.")]
    [InlineData("batch", "A-1|1026-03-01|10|4|", "Batch of A-1, in stock since: the day lies between 2000 and 2100. Correct the year.")]
    [InlineData("batch", "X|2026-03-01|10|4|", "Batch of 'X', SKU: it is not among the 2 products of this storefront. Take the SKU from the table of costs below.")]
    [InlineData("batch", "B-2|2026-03-01|10|4|", "Batch of B-2: the product has no cost per unit yet, which holds before the first batch and beyond the last. Store one in the table of costs below first.")]
    [InlineData("other", "||5|2026-03-01|", "Further cost '', what for: it has 1 to 80 characters.")]
    [InlineData("other", "Rent||0|2026-03-01|", "Further cost 'Rent', amount: it is above zero and at most a thousand million, with at most six digits after the decimal mark.")]
    [InlineData("other", "Rent|X|5|2026-03-01|", "Further cost 'Rent', SKU: 'X' is not among the 2 products of this storefront. Take it from the table of costs below, or leave it empty for all.")]
    [InlineData("other", "Rent||5|2026-03-01|2026-02-01", "Further cost 'Rent', last day: it lies before the first day. Exchange the two dates.")]
    [InlineData("other", "Rent||5||", "Further cost 'Rent', first day: '' is no date. Write it like 2026-11-27.")]
    [InlineData("vat", "A-1|60|", "Value added tax in your prices: the rate lies between 0 and 50% of the net price; 0 where you owe none.")]
    [InlineData("vat", "X|7|", "Value added tax of 'X', SKU: it is not among the 2 products of this storefront. Take it from the table of costs below.")]
    public void A_wrong_cell_names_field_rule_and_fix(string form, string typed, string words)
    {
        var cells = typed.Split('|');
        var goods = new TypedGoods(
            form == "batch" ? [new(cells[0], cells[1], cells[2], cells[3], cells[4])] : [], form == "other" ? [new(cells[0], cells[1], cells[2], false, cells[3], cells[4])] : [], form == "vat" ? [new(cells[0], cells[1], cells[2])] : []);

        var settings = goods.Apply(Before, Usd, out var problems);

        Assert.Equal(words, Assert.Single(problems.Count > 0 ? problems : [.. SettingRules.Faults(settings, Shop)]));
    }

    [Fact]
    public void Two_rates_of_one_product_from_the_same_day_are_refused()
    {
        var settings = new TypedGoods([], [], [new("A-1", "7", ""), new("A-1", "5", "")]).Apply(Before, Usd, out _);

        Assert.Equal("Value added tax of A-1, first day: two rates hold from the same day. Take one away.", Assert.Single(SettingRules.Faults(settings, Shop)));
    }

    [Fact]
    public void Another_currency_is_refused() =>
        Assert.Equal("Amounts of this storefront are in USD.", Assert.Single(SettingRules.Faults(Before with { OtherCosts = [new(null, new(2026, 1, 1), new(2026, 1, 2), new(5m, new Currency("EUR"))) { Name = "Rent" }] }, Shop)));

    private static string Json(StorefrontSettings settings) => JsonSerializer.Serialize(settings, StoredJson.Default.StorefrontSettings);
}

using System.Text.Json;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Tests.Economics;

public sealed class AimsTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly Currency Usd = Us.Currency;
    private static readonly TypedGoal Nothing = new("", TypedGoal.NoGoal, "", "", "", "", "", "", "");

    private static readonly StorefrontSettings Before = Workspaces.DefaultSettings(Us) with { ProtectedTerms = ["kept"] };

    private static readonly StorefrontSettings Full = Before with
    {
        Goal = new Goal(GoalKind.Grow) { GrowthShare = 0.1, TargetAcos = 0.35 },
        Goals =
        [
            new(new Sku("A-1"), new Goal(GoalKind.Launch) { RankWorth = new(4.00m, Usd), LossBudget = new(500.00m, Usd), From = new(2026, 11, 1), Until = new(2026, 12, 24) }),
            new(new Sku("B-2"), new Goal(GoalKind.ClearStock) { KeepingCost = new(1.25m, Usd) }),
        ],
        BrandTerms = ["acme", "acme home"],
        Events = [new PlannedEvent("Black Friday", new(2026, 11, 27), new(2026, 11, 30), 2.4, 1.3)],
        MaximumClickCost = new(3.50m, Usd), DailyCap = new(120.00m, Usd), PortfolioCap = new(900.00m, Usd), HoldOutShare = 0.1, CountIncrementality = true,
        VatRates = [new VatRate(DateOnly.MinValue, null, 0.19m)],
    };

    private static readonly Workspace Shop = new()
    {
        Storefront = new(7), Marketplace = Us, Today = new(2026, 11, 2), SyncedAt = null, Settings = Before,
        Listings = [new(new("A-1"), new("B000000001"), "Kettle", new(20m, Usd), true), new(new("B-2"), new("B000000002"), "Mug", new(10m, Usd), true)],
    };

    [Fact]
    public void What_is_stored_is_shown_and_what_is_shown_is_stored_again()
    {
        var again = TypedAims.Of(Full).Apply(Before, Usd, out var problems);

        Assert.Empty(problems);
        Assert.Equal(Json(Full), Json(again));
        Assert.Empty(SettingRules.Faults(again, Shop));
    }

    [Fact]
    public void A_row_without_a_goal_takes_the_products_own_goal_away_and_empty_rows_say_nothing()
    {
        var typed = TypedAims.Of(Full) with { Goals = [Nothing with { Sku = "A-1" }, Nothing], Events = [new("", "", "", "", "")], Vat = "" };
        var reduced = new VatRate(new(2026, 7, 1), new Sku("A-1"), 0.07m);

        var aims = typed.Apply(Full with { VatRates = [.. Full.VatRates, reduced] }, Usd, out var problems);

        Assert.Empty(problems);
        Assert.Empty(aims.Goals);
        Assert.Empty(aims.Events);
        Assert.Equal([reduced], aims.VatRates);
        Assert.Equal(["kept"], aims.ProtectedTerms);
    }

    public static TheoryData<string, string, string> WrongCells => new()
    {
        { "goal", "a lot", "Storefront, target ACoS: 'a lot' is not a number. Write it like 25 for 25%." },
        { "goal", "300", "Storefront, goal: A target ACoS lies between 1% and 200%." },
        { "sku", "Z-9", "Goal of 'Z-9', SKU: it is not among the 2 products of this storefront. Take the SKU from the page Products and costs." },
        { "sku", "A-1", "Goal of A-1, SKU: a product has one goal, and 2 are given. Take the others away." },
        { "first", "27.11.2026", "Black Friday, first day: '27.11.2026' is no date. Write it like 2026-11-27." },
        { "last", "2026-11-01", "Event 'Black Friday', last day: it lies before the first day. Exchange the two dates." },
        { "demand", "40", "Event 'Black Friday', shoppers: the factor lies between 0.1 and 10, and 1 is as usual." },
        { "conversion", "-1", "Event 'Black Friday', readiness to buy: the factor lies between 0.3 and 3, and 1 is as usual." },
        { "portfolio", "1000000", "Monthly budget of your portfolio at Amazon: 1000000 USD does not keep the month at 1000. Lower it at Amazon and here, or leave it empty." },
        { "cap", "0.5", "Daily cap: 0.5 USD is below Amazon's lowest daily budget of 1. Raise it, or leave it empty." },
        { "click", "€2", "Highest cost of a click: '€2' is not a number. Write it like 12.50, without currency sign." },
        { "hold", "50%", "Products left alone: the share lies between 0 and 20%. More would cost more than it teaches." },
        { "vat", "119", "Value added tax in your prices: the rate lies between 0 and 50% of the net price; 0 where you owe none." },
        { "none", "B-3", "B-3, goal: none is chosen. Choose one from the list, or empty the row." },
    };

    [Theory]
    [MemberData(nameof(WrongCells))]
    public void A_wrong_cell_names_field_rule_and_fix(string field, string text, string words)
    {
        var right = TypedAims.Of(Full);
        var black = right.Events[0];
        var typed = field switch
        {
            "goal" => right with { Goal = right.Goal with { Acos = text } },
            "sku" => right with { Goals = [.. right.Goals, new TypedGoal(text, "Profit", "", "", "", "", "", "", "")] },
            "none" => right with { Goals = [.. right.Goals, Nothing with { Sku = text }] },
            "first" => right with { Events = [black with { First = text }] },
            "last" => right with { Events = [black with { Last = text }] },
            "demand" => right with { Events = [black with { Demand = text }] },
            "conversion" => right with { Events = [black with { Conversion = text }] },
            "cap" => right with { DailyCap = text },
            "portfolio" => right with { PortfolioCap = text },
            "click" => right with { ClickCost = text },
            "vat" => right with { Vat = text },
            _ => right with { HoldOut = text },
        };

        var aims = typed.Apply(Before, Usd, out var problems);

        Assert.Equal(words, Assert.Single(problems.Count > 0 ? problems : [.. SettingRules.Faults(aims, Shop)]));
    }

    [Fact]
    public void Settings_survive_their_record_and_older_and_newer_records_open()
    {
        var stored = JsonSerializer.Deserialize(Json(Full), StoredJson.Default.StorefrontSettings)!.Whole();
        Assert.Equal(Json(Full), Json(stored));
        Assert.Equal(Full.Events, stored.Events);

        // As the first version wrote it, and with a word that only a later version knows.
        const string First = """
            {"mode":"Ask","monthlyBudget":{"amount":900,"currency":{"code":"USD"}},"maximumBid":{"amount":2.5,"currency":{"code":"USD"}},"protectedTerms":["a"],"protectedCampaigns":[],"frozen":true,"moonPhase":3}
            """;
        var older = JsonSerializer.Deserialize(First, StoredJson.Default.StorefrontSettings)!.Whole();
        Assert.Equal((AutomationMode.Ask, 900m, true), (older.Mode, older.MonthlyBudget.Amount, older.Frozen));
        Assert.Equal(Goal.Profit, older.Goal);
        Assert.Empty(older.Goals);
        Assert.Empty(older.BrandTerms);
        Assert.Empty(older.Events);
        Assert.Empty(older.VatRates);
        Assert.Empty(older.Batches);
        Assert.Empty(older.OtherCosts);
        Assert.Empty(SettingRules.Faults(older, Shop));
    }

    [Fact]
    public void A_change_remembers_who_asked_why_and_what_was_expected_and_older_changes_open_without()
    {
        var change = new SetBid(new(1), new(2), new(3), TargetKind.Keyword, new(0.5m, Usd), new(0.6m, Usd));
        var applied = new AppliedChange(change, new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero), false)
        {
            Module = Core.Proposals.Module.Bidding, Product = new Sku("A-1"), Expected = new Effect(new(1m, Usd), new(-0.5m, Usd), new(2.5m, Usd), 0.8),
        };
        var record = new StoredChange("id", applied, null, null, ChangeOutcomeKind.Accepted);
        var json = JsonSerializer.Serialize(record, StoredJson.Default.StoredChange);

        Assert.Equal(record, JsonSerializer.Deserialize(json, StoredJson.Default.StoredChange));

        var plain = JsonSerializer.Serialize(record with { Applied = new AppliedChange(change, applied.At, false) }, StoredJson.Default.StoredChange);
        var older = System.Text.RegularExpressions.Regex.Replace(plain, "\"(module|reason|product|expected)\":null,?", "").Replace(",}", "}", StringComparison.Ordinal);
        Assert.DoesNotContain("expected", older, StringComparison.Ordinal);
        Assert.Equal(new AppliedChange(change, applied.At, false), JsonSerializer.Deserialize(older, StoredJson.Default.StoredChange)!.Applied);
    }

    private static string Json(StorefrontSettings settings) => JsonSerializer.Serialize(settings, StoredJson.Default.StorefrontSettings);
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Tests.Fuzz;

/// <summary>Storefronts as nobody would build them: odd currencies, empty shelves, corrections below zero, numbers with many digits, freezes, old facts, missing days.</summary>
internal static class FuzzedWorld
{
    private static readonly (string Id, decimal Money)[] Markets =
    [
        ("ATVPDKIKX0DER", 1), ("A1VC38T7YXB528", 150), ("A21TJRUUN4KGV", 83), ("A1AM78C64UM0Y8", 17), ("A1PA6795UKMFR9", 0.9m), ("A2NODRKZP88ZB9", 10.5m), ("AE08WJ6YKNBMC", 18), ("A2VIGQ35RCS4UG", 3.7m),
    ];

    public static Workspace Make(int seed)
    {
        var random = new Random(seed);
        var (market, money) = Markets[random.Next(Markets.Length)];
        var workspace = new SomeStorefront
        {
            Seed = seed, Products = random.Next(1, 10), KeywordsPerGroup = random.Next(1, 16), Days = random.Next(1, 61), ClicksPerDay = Math.Exp(random.NextDouble() * 5 - 2), TermsPerGroup = random.Next(1, 30),
            MonthlyBudget = random.Next(4) switch { 0 => 0, 1 => random.Next(10, 3000), _ => 10_000_000 }, DailyBudget = random.Next(1, 200),
            HasCosts = product => (product + seed) % 6 != 0, Stock = product => ((product + seed) % 5) switch { 0 => 0, 1 => 15, 2 => 1_000_000_000, _ => 3000 },
            Marketplace = Marketplace.Find(market), Money = money,
        }.Build();
        Money Of(double amount) => new(decimal.Round((decimal)amount * money, workspace.Marketplace.Currency.Decimals), workspace.Marketplace.Currency);

        workspace = workspace with
        {
            TargetDays = Bend(workspace.TargetDays, random), SearchTermDays = Bend(workspace.SearchTermDays, random), PlacementDays = Bend(workspace.PlacementDays, random), SkuDays = Bend(workspace.SkuDays, random),
            Today = random.Next(8) == 0 ? workspace.Today.AddDays(random.Next(1, 15)) : workspace.Today,
            SyncedAt = random.Next(40) == 0 ? null : workspace.SyncedAt,
            Listings = [.. workspace.Listings.Select(listing => listing with { Buyable = random.Next(7) != 0, Price = random.Next(9) switch { 0 => listing.Price * 1000m, 1 => listing.Price with { Amount = 0 }, _ => listing.Price } })],
            Campaigns = [.. workspace.Campaigns.Select(campaign => campaign with
            {
                State = random.Next(12) == 0 ? EntityState.Paused : EntityState.Enabled, Strategy = (BiddingStrategy)random.Next(4) is var strategy && random.Next(3) == 0 ? strategy : campaign.Strategy,
                TopOfSearchPercent = random.Next(6) == 0 ? random.Next(901) : campaign.TopOfSearchPercent,
            })],
            Targets = [.. workspace.Targets.Select(target => target with
            {
                State = random.Next(15) switch { 0 => EntityState.Paused, 1 => EntityState.Archived, _ => target.State },
                Bid = random.Next(12) switch { 0 => target.Bid with { Amount = workspace.Marketplace.MinimumBid }, 1 => Of(50 + random.Next(900)) is var dear && dear.Amount <= workspace.Marketplace.MaximumBid ? dear : target.Bid, _ => target.Bid },
            })],
        };
        var products = workspace.Listings.Select(listing => listing.Sku).ToArray();
        return workspace with
        {
            Settings = workspace.Settings with
            {
                Frozen = random.Next(30) == 0, MaximumBid = Of(random.Next(1, 40)), ProtectedTerms = ["term sku-000 1"], BrandTerms = ["words 0"],
                ProtectedCampaigns = random.Next(4) == 0 ? [workspace.Campaigns[random.Next(workspace.Campaigns.Length)].Id] : [],
                MaximumClickCost = random.Next(3) == 0 ? Of(0.5 + random.NextDouble() * 5) : null, DailyCap = random.Next(4) == 0 ? Of(random.Next(10, 3000)) : null, PortfolioCap = random.Next(4) == 0 ? Of(random.Next(10, 3000)) : null, HoldOutShare = random.Next(4) == 0 ? 0.1 : 0,
                Goals = random.Next(3) != 0 ? [] : [new ProductGoal(products[0], random.Next(4) switch
                {
                    0 => new Goal(GoalKind.Grow) { GrowthShare = 0.2 },
                    1 => new Goal(GoalKind.Launch) { RankWorth = Of(10), LossBudget = Of(500), Until = workspace.Today.AddDays(30) },
                    2 => new Goal(GoalKind.TargetAcos) { TargetAcos = 0.05 + random.NextDouble() * 0.5 },
                    _ => new Goal(GoalKind.ClearStock),
                })],
            },
        };
    }

    // Corrections below zero, and now and then a figure with nine digits more than it should have.
    private static FactTable Bend(FactTable table, Random random)
    {
        var builder = new FactTableBuilder(table.Schema);
        var huge = random.Next(6) == 0;
        var skip = random.Next(10) == 0 && table.Rows > 0 ? table.Ints("day")[random.Next(table.Rows)] : int.MinValue;
        for (var row = 0; row < table.Rows; row++)
        {
            if (table.Ints("day")[row] == skip) continue;
            var bend = random.Next(200);
            foreach (var column in table.Schema.Columns)
            {
                if (column.Kind == ColumnKind.Text) builder.Text(table.Texts(column.Name)[row]);
                else if (column.Kind is ColumnKind.Day or ColumnKind.Int) builder.Int(table.Ints(column.Name)[row]);
                else
                {
                    var value = table.Longs(column.Name)[row];
                    builder.Long(column.Key || column.Name.EndsWith("_id", StringComparison.Ordinal) ? value : bend == 0 ? -value : bend == 1 && huge ? Math.Min(1_000_000_000_000_000, value * 1_000_000) : value);
                }
            }
        }

        return builder.Build();
    }
}

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

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
        workspace = workspace with
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

        // Dice of their own: what is added here leaves the rest of a seed's world as it is.
        return WithSellersLimits(WithAmazonsSide(workspace, new Random(seed ^ 0x5EED)), new Random(seed ^ 0x11A17));
    }

    // Products that are protected, days that are frozen, and few changes in a day.
    private static Workspace WithSellersLimits(Workspace workspace, Random random) => workspace with
    {
        Settings = workspace.Settings with
        {
            ProtectedProducts = random.Next(4) == 0 ? [workspace.Listings[random.Next(workspace.Listings.Length)].Sku] : [],
            FreezeDates = random.Next(6) == 0 ? [new FreezeSpan(workspace.Today.AddDays(random.Next(-3, 4)), workspace.Today.AddDays(random.Next(4, 6)), "peak")] : [],
            MaximumChangesPerDay = random.Next(5) == 0 ? random.Next(1, 40) : null,
        },
    };

    // What Amazon suggests, holds and promotes, how orders of earlier days arrived, hours, planned days, orders that count in part.
    private static Workspace WithAmazonsSide(Workspace workspace, Random random)
    {
        var (suggestions, events, controls) = (random.Next(3), random.Next(3), random.Next(2));
        return workspace with
        {
            Suggestions = suggestions == 0 ? [] : SomeStorefront.Suggested(workspace, random, suggestions == 1 ? 0.6 : 2.5),
            MaturityDays = random.Next(2) == 0 ? workspace.MaturityDays : Restated(workspace.Today, random),
            HourDays = random.Next(3) == 0 ? ByTheHour(workspace, random) : workspace.HourDays,
            Controls = controls == 0 ? null : ControlsOf(workspace, random),
            Settings = workspace.Settings with
            {
                CountIncrementality = random.Next(3) == 0,
                Events = [.. Enumerable.Range(0, events).Select(each => Event(workspace.Today.AddDays(random.Next(-40, 8)), each, random))],
            },
        };
    }

    private static PlannedEvent Event(DateOnly first, int number, Random random) =>
        new($"Event {number}", first, first.AddDays(random.Next(5)), 0.1 + (random.NextDouble() * random.NextDouble() * 9.9), 0.3 + (random.NextDouble() * 2.7));

    // Few orders at first, more at each later reading; now and then fewer than before, none, or far too many.
    private static FactTable Restated(DateOnly today, Random random)
    {
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.MaturityDay));
        for (var back = random.Next(20, 61); back > 0; back--)
        {
            foreach (var product in Enumerable.Range(0, 1 + random.Next(3)))
            {
                var (clicks, share) = ((long)random.Next(400), random.NextDouble());
                for (var age = 0; age < Math.Min(back, 20); age++)
                {
                    share = Math.Min(1.2, share + (random.NextDouble() * 0.2) - 0.02);
                    var orders = random.Next(100) switch { 0 => 0, 1 => 1_000_000_000, _ => (long)(clicks * 0.1 * share) };
                    builder.Day(today.AddDays(-back)).Int(product).Int(age).Long(clicks).Long(orders);
                }
            }
        }

        return builder.Build();
    }

    private static FactTable ByTheHour(Workspace workspace, Random random)
    {
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        var (best, lift, price) = (random.Next(24), random.NextDouble() * 6, (long)(workspace.Listings[0].Price.Amount * 1e6m));
        for (var day = workspace.Today.AddDays(-10); day < workspace.Today; day = day.AddDays(1))
        {
            for (var hour = 0; hour < 24; hour++)
            {
                foreach (var campaign in workspace.Campaigns)
                {
                    var clicks = (long)random.Next(12);
                    var orders = (long)Math.Round(clicks * 0.1 * (1 + (Math.Abs(hour - best) < 5 ? lift : 0)) * random.NextDouble());
                    if (random.Next(300) == 0) (clicks, orders) = (-clicks, -orders);
                    builder.Day(day).Int(hour).Long(campaign.Id.Value).Long(clicks * 100).Long(clicks).Long(clicks * 500_000).Long(orders).Long(orders).Long(orders * price);
                }
            }
        }

        return builder.Build();
    }

    // Read lately, long ago, or with campaigns outside of the portfolio, some of them under a rule.
    private static AmazonControls ControlsOf(Workspace workspace, Random random)
    {
        var at = (workspace.SyncedAt ?? DateTimeOffset.UnixEpoch.AddYears(56)).AddDays(-random.Next(3) * 4);
        var (inside, month) = (random.Next(3) == 0 ? 0.7 : 1, workspace.Settings.PortfolioCap ?? workspace.Settings.MonthlyBudget);
        CampaignId[] Some(double share) => [.. workspace.Campaigns.Where(_ => random.NextDouble() < share).Select(campaign => campaign.Id)];
        return new AmazonControls(
            at, random.Next(4) == 0 ? [] : [new CappedPortfolio(77, "Ours", random.Next(3) == 0 ? month * 2m : month, [.. Some(inside)])], [.. Some(0.2)], [.. workspace.AdGroups.Where(_ => random.Next(5) == 0).Select(group => group.Id)]);
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

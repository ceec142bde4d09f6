using System.Globalization;
using Autonoomi.Marketplace.Http;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;
using Family = Autonoomi.Marketplace.Scenarios.Family;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace; // the name alone would mean our own namespace

namespace Autonoomi.Marketplace;

/// <summary>What the pretend Amazon was started with.</summary>
internal sealed record CommandLine
{
    public const string Usage =
        "Autonoomi.Marketplace [--urls http://127.0.0.1:0] [--seed 7] [--family S2 [--storefront 0]] [--history-days 60] [--products 20] [--sellers US+JP,UK+DE] [--world-key-file world.key] [--rate-factor 1000] [--other-ads] [--faults mixed:0.2] [--exit-with-parent]";

    public string Urls { get; private set; } = "http://127.0.0.1:0";

    public ulong Seed { get; private set; } = 7;

    /// <summary>Scenario whose world of the seed is served, the same that the lab plays; null serves the demo.</summary>
    public Family? Family { get; private set; }

    /// <summary>Which of the family's storefronts.</summary>
    public int Storefront { get; private set; }

    /// <summary>Null leaves it to the scenario, or 60.</summary>
    public int? HistoryDays { get; private set; }

    /// <summary>Null leaves it to the scenario, or 20.</summary>
    public int? Products { get; private set; }

    /// <summary>Countries per seller; the first storefront of the first seller is the world of the other arguments, the rest are smaller worlds of their own.</summary>
    public IReadOnlyList<IReadOnlyList<MarketplaceLimits>> Sellers { get; private set; } = [];

    public string WorldKeyFile { get; private set; } = "world.key";

    public double RateFactor { get; private set; } = 1000;

    /// <summary>Sponsored Brands and Sponsored Display campaigns beside Sponsored Products.</summary>
    public bool OtherAds { get; private set; }

    /// <summary>What strikes calls from the first one on; null for fair weather.</summary>
    public FaultScenario? Faults { get; private set; }

    public bool ExitWithParent { get; private set; }

    public static bool TryParse(string[] arguments, out CommandLine command, out string problem)
    {
        command = new CommandLine();
        problem = "";
        for (var index = 0; index < arguments.Length && problem.Length == 0; index++)
        {
            var name = arguments[index];
            if (name == "--exit-with-parent")
            {
                command.ExitWithParent = true;
                continue;
            }

            if (name == "--other-ads")
            {
                command.OtherAds = true;
                continue;
            }

            if (name is not ("--urls" or "--seed" or "--history-days" or "--products" or "--family" or "--storefront" or "--sellers" or "--world-key-file" or "--rate-factor" or "--faults")) problem = $"Unknown argument '{name}'.";
            else if (++index == arguments.Length) problem = $"{name} needs a value.";
            else if (!command.TrySet(name, arguments[index])) problem = $"{name} cannot be '{arguments[index]}'.";
        }

        if (problem.Length == 0) problem = command.Contradiction();
        return problem.Length == 0;
    }

    /// <returns>The seed and settings of the world to serve.</returns>
    public (ulong Seed, WorldSettings Settings) World()
    {
        var settings = Family is null ? new WorldSettings() : Family.Storefronts(Seed, Families.SplitOf(Seed))[Storefront];
        return (Family is null ? Seed : Families.WorldSeed(Seed, Storefront), settings with
        {
            HistoryDays = HistoryDays ?? settings.HistoryDays,
            Products = Products ?? settings.Products,
        });
    }

    /// <returns>The sellers to serve, their histories simulated.</returns>
    public IReadOnlyList<PretendSeller> PretendSellers()
    {
        var (seed, settings) = World();
        var first = new MarketWorld(seed, settings);
        if (Sellers.Count == 0) return [new(null, [first])];
        var number = 0;
        return [.. Sellers.Select((countries, seller) => new PretendSeller(seller == 0 ? null : $"{Catalogue.OwnBrand} {OtherStores[(seller - 1) % OtherStores.Length]}",
            [.. countries.Select((marketplace, storefront) => seller == 0 && storefront == 0 ? first : Further(marketplace, ++number))]))];
    }

    private static readonly string[] OtherStores = ["Europe", "Trading", "Supply"];

    private const int FurtherProducts = 8;

    private MarketWorld Further(MarketplaceLimits marketplace, int number) => new(Families.WorldSeed(Seed, number), new WorldSettings
    {
        MarketplaceId = marketplace.Id,
        HistoryDays = HistoryDays ?? new WorldSettings().HistoryDays,
        Products = Math.Min(Products ?? FurtherProducts, FurtherProducts),
        MoneyScale = marketplace.MinimumBid >= 1 ? 100 : 1, // yen and the like
    });

    private string Contradiction()
    {
        if (Sellers.Count > 0 && Family is not null) return "--sellers is for the demo: it cannot be combined with --family.";
        if (Sellers.Count > 0 && Sellers[0][0].Id != new WorldSettings().MarketplaceId) return "--sellers begins with the US storefront of the demo.";
        if (Family is null) return Storefront == 0 ? "" : "--storefront needs a --family.";
        if (Family.SealedOnly || Families.SplitOf(Seed) == Split.Shifted) return $"{Family.Id} with seed {Seed} is kept for sealed studies; the lab alone plays it.";
        var storefronts = Family.Storefronts(Seed, Split.Development).Count;
        return Storefront < storefronts ? "" : $"{Family.Id} has storefronts 0 to {storefronts - 1}.";
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--urls":
                Urls = value;
                return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == "http" && address.IsLoopback;
            case "--seed":
                var isSeed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed);
                Seed = seed;
                return isSeed;
            case "--family":
                Family = Families.Find(value);
                return Family is not null;
            case "--storefront":
                var isStorefront = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var storefront);
                Storefront = storefront;
                return isStorefront;
            case "--history-days":
                var isDays = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var days);
                HistoryDays = days;
                return isDays && days <= 400;
            case "--products":
                var isProducts = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var products);
                Products = products;
                return isProducts && products is >= 1 and <= 40;
            case "--sellers":
                var countries = value.Split(',').Select(seller => seller.Split('+').Select(country => MarketplaceLimits.All.FirstOrDefault(each => each.Country == country)).ToArray()).ToArray();
                if (countries.Any(seller => seller.Contains(null) || seller.Distinct().Count() < seller.Length)) return false;
                Sellers = countries!;
                return true;
            case "--faults":
                Faults = FaultScenario.Read(value);
                return Faults is not null;
            case "--rate-factor":
                var isFactor = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor);
                RateFactor = factor;
                return isFactor && factor > 0 && double.IsFinite(factor);
            default:
                WorldKeyFile = value;
                return value.Length > 0;
        }
    }
}

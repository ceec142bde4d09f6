using System.IO;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.Http.Ads.V1;
using Autonoomi.Marketplace.Http.Control;
using Autonoomi.Marketplace.Http.Login;
using Autonoomi.Marketplace.Http.SellingPartner;
using Autonoomi.Marketplace.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Autonoomi.Marketplace.Http;

/// <summary>The pretend Amazon: all of Amazon's hosts on one base address, over the worlds of its sellers.</summary>
public sealed class MarketplaceServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private MarketplaceServer(WebApplication app) => this.app = app;

    /// <summary>The base address, with the port that was really taken.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="IOException">The address is in use.</exception>
    public static Task<MarketplaceServer> StartAsync(MarketWorld world, MarketplaceSettings settings, TimeProvider clock, CancellationToken cancellationToken) =>
        StartAsync([new PretendSeller(null, [world])], settings, clock, cancellationToken);

    /// <param name="sellers">At least one, each with a name of its own; the first storefront of the first is the one that the control routes speak of unasked.</param>
    /// <param name="settings">How it is served.</param>
    /// <param name="clock">Of the rate limits.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<MarketplaceServer> StartAsync(IReadOnlyList<PretendSeller> sellers, MarketplaceSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        Map(app, new Memory(sellers), settings, clock);
        await app.StartAsync(cancellationToken);
        return new(app);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static void Map(WebApplication app, Memory memory, MarketplaceSettings settings, TimeProvider clock)
    {
        var gates = memory.Sellers.SelectMany(seller => seller.Worlds.Select(world => new WorldGate(world, seller, memory, settings.OtherAds))).ToList();
        if (settings.Faults is { } faults) memory.Faults.Begin(faults);
        var downloads = new Downloads(gates[0]);
        var front = new Front(memory, [.. gates.Select(gate => new Storefront(gate, RoutesOf(gate, downloads, settings, clock)))]);
        new Edge(front, memory).Map(app);
        app.MapFallback((HttpContext context) => Edge.WriteAsync(context, Unknown(context.Request.Path.Value ?? "/")));
    }

    private static Routes RoutesOf(WorldGate gate, Downloads downloads, MarketplaceSettings settings, TimeProvider clock)
    {
        var routes = new Routes();

        var pages = new ConsentPages(gate);
        routes.Get("/ap/oa", pages.ShowAds);
        routes.Post("/ap/oa", pages.DecideAds);
        routes.Get("/apps/authorize/consent", pages.ShowSeller);
        routes.Post("/apps/authorize/consent", pages.DecideSeller);
        routes.Get("/appstore/apps", pages.ShowAppstore);
        routes.Post("/appstore/apps", pages.DecideAppstore);
        routes.Get("/apps/authorize/confirm/{applicationId}", pages.Confirm);
        routes.Post("/auth/o2/token", new TokenEndpoint(gate).Handle);

        routes.Get(Downloads.Pattern, downloads.Handle);

        new Profiles(gate).Map(routes);
        new SponsoredProducts(gate).Map(routes);
        new SponsoredBrands(gate).Map(routes);
        new BrandTargets(gate).Map(routes);
        new SponsoredDisplay(gate).Map(routes);
        new BidRecommendations(gate).Map(routes);
        new OtherBidRecommendations(gate).Map(routes);
        new UnifiedAds(gate, [new UnifiedSponsoredProducts(gate), new UnifiedSponsoredBrands(gate)]).Map(routes);
        new Reporting(gate, downloads).Map(routes);
        new Exports(gate, downloads, [new SponsoredProductsExport(gate)]).Map(routes);
        new ChangeHistory(gate).Map(routes);
        new BudgetUsage(gate).Map(routes);
        new Portfolios(gate).Map(routes);
        new BudgetRules(gate).Map(routes);
        new TargetPromotionGroups(gate).Map(routes);

        var partner = new PartnerAccess(gate, new Throttle(clock, settings.RateFactor));
        new Sellers(gate, partner).Map(routes);
        new Listings(gate, partner).Map(routes);
        new Inventory(gate, partner).Map(routes);
        new Orders(gate, partner).Map(routes);
        new DataKiosk(gate, partner, downloads).Map(routes);
        new PartnerReports(gate, partner, downloads).Map(routes);
        new Finances(gate, partner).Map(routes);
        new ProductFees(gate, partner).Map(routes);
        new CatalogueItems(gate, partner).Map(routes);

        new ControlRoutes(gate, settings.WorldKey).Map(routes);
        return routes;
    }

    // The Selling Partner API answers a path it does not have like one that is forbidden.
    private static Answer Unknown(string path) => Family.Of(path) == ApiFamily.SellingPartner
        ? Family.Error(path, 403, "Unauthorized", "Access to requested resource is denied.")
        : Family.Error(path, 404, "NOT_FOUND", "Could not find resource for the path.");
}

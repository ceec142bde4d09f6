using System.IO;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Http.Control;
using Autonoomi.Marketplace.Http.Login;
using Autonoomi.Marketplace.Http.SellingPartner;
using Autonoomi.Marketplace.World;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Autonoomi.Marketplace.Http;

/// <summary>The pretend Amazon: all of Amazon's hosts on one base address, over one world.</summary>
public sealed class MarketplaceServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private MarketplaceServer(WebApplication app) => this.app = app;

    /// <summary>The base address, with the port that was really taken.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<MarketplaceServer> StartAsync(MarketWorld world, MarketplaceSettings settings, TimeProvider clock, CancellationToken cancellationToken)
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
        Map(app, new WorldGate(world), settings, clock);
        await app.StartAsync(cancellationToken);
        return new(app);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static void Map(WebApplication app, WorldGate gate, MarketplaceSettings settings, TimeProvider clock)
    {
        var routes = new Routes(app, gate);

        var pages = new ConsentPages(gate);
        routes.Get("/ap/oa", pages.ShowAds);
        routes.Post("/ap/oa", pages.DecideAds);
        routes.Get("/apps/authorize/consent", pages.ShowSeller);
        routes.Post("/apps/authorize/consent", pages.DecideSeller);
        routes.Post("/auth/o2/token", new TokenEndpoint(gate).Handle);

        var downloads = new Downloads(gate);
        routes.Get(Downloads.Pattern, downloads.Handle);

        new Profiles(gate).Map(routes);
        new SponsoredProducts(gate).Map(routes);
        new BidRecommendations(gate).Map(routes);
        new Reporting(gate, downloads).Map(routes);

        var partner = new PartnerAccess(gate, new Throttle(clock, settings.RateFactor));
        new Sellers(gate, partner).Map(routes);
        new Listings(gate, partner).Map(routes);
        new Inventory(gate, partner).Map(routes);
        new Orders(gate, partner).Map(routes);
        new DataKiosk(gate, partner, downloads).Map(routes);

        new ControlRoutes(gate, settings.WorldKey).Map(routes);
        app.MapFallback((HttpContext context) => Routes.WriteAsync(context, Unknown(context.Request.Path.Value ?? "/")));
    }

    // The Selling Partner API answers a path it does not have like one that is forbidden.
    private static Answer Unknown(string path) => Family.Of(path) == ApiFamily.SellingPartner
        ? Family.Error(path, 403, "Unauthorized", "Access to requested resource is denied.")
        : Family.Error(path, 404, "NOT_FOUND", "Could not find resource for the path.");
}

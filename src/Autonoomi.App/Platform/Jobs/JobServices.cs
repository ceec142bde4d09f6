using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Jobs;

public static class JobServices
{
    /// <summary>The ledger, and Orleans as the owner of sellers: an in-process silo that nobody outside this process reaches.</summary>
    public static WebApplicationBuilder AddJobs(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RunOptions>().BindConfiguration("Autonoomi:Runs");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RunOptions>>().Value);
        services.AddSingleton<DueSignal>();
        services.AddSingleton<RunProgress>();
        services.AddSingleton<Runs>();
        services.AddSingleton<Intents>();
        services.AddSingleton<CpuGate>();
        services.AddSingleton<SellerLedger>();
        services.AddSingleton<Pump>();
        builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: "autonoomi", clusterId: Guid.NewGuid().ToString("N")));
        services.AddHostedService<DuePoller>(); // after the silo: hosted services start in order
        return builder;
    }

    // The silo insists on a port although it talks to nobody: one that is free now, on loopback.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

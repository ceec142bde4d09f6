using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Privacy.Egress;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Autonoomi.Amazon;

public static class AmazonServices
{
    /// <summary>Registers <see cref="LoginWithAmazon"/> and <see cref="AmazonConnections"/>. Delays use the registered <see cref="TimeProvider"/>, or the system's; calls leave by the registered <see cref="EgressDoor"/>, or by one that knows Amazon's places alone.</summary>
    public static IServiceCollection AddAmazon(this IServiceCollection services, Action<AmazonOptions> configure)
    {
        services.AddOptions<AmazonOptions>().Configure(configure);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new Jitter(provider.GetRequiredService<IOptions<AmazonOptions>>().Value.JitterSeed));
        services.TryAddSingleton<IBucketStore, NoBucketStore>();
        services.TryAddSingleton<IEgressLedger, NoEgressLedger>();
        services.TryAddSingleton(provider => new EgressDoor(purpose => AmazonPlaces.Of(purpose, Options(provider).Value), provider.GetRequiredService<IEgressLedger>()));
        services.ConfigureHttpClientDefaults(clients => clients.ConfigurePrimaryHttpMessageHandler(EgressDoor.Closed));
        services.AddSingleton<Pacer>();
        services.AddTransient<PaceHandler>();
        AddClient(services, TokenService.ClientName, EgressPurpose.Login);
        AddClient(services, AmazonCalls.AdsClientName, EgressPurpose.Ads);
        AddClient(services, AmazonCalls.SellingPartnerClientName, EgressPurpose.SellingPartner);

        // Documents lie on other people's hosts: no pipeline that knows our headers.
        services.AddHttpClient(Documents.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<EgressDoor>().Handler(EgressPurpose.Documents));

        services.AddSingleton(provider => new TokenService(provider.GetRequiredService<IHttpClientFactory>(), Options(provider), Clock(provider)));
        services.AddSingleton(provider => new AccessTokens(provider.GetRequiredService<TokenService>(), Options(provider), Clock(provider)));
        services.AddSingleton(provider => new LoginWithAmazon(Options(provider), provider.GetRequiredService<TokenService>()));
        services.AddSingleton(provider => new AmazonCalls(provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<AccessTokens>(), Options(provider), provider.GetRequiredService<ILogger<AmazonCalls>>()));
        services.AddSingleton(provider => new Documents(provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<EgressDoor>(), Options(provider), provider.GetRequiredService<Jitter>(), Clock(provider)));
        services.AddSingleton(provider => new AmazonConnections(provider.GetRequiredService<AmazonCalls>(), provider.GetRequiredService<Documents>(), provider.GetRequiredService<AccessTokens>(), provider.GetRequiredService<Jitter>(), Clock(provider)));
        return services;
    }

    private static void AddClient(IServiceCollection services, string name, EgressPurpose purpose)
    {
        // Time is limited per attempt by the pace handler; a waiting call is not a slow one.
        var client = services.AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
            // The factory's own log lines carry addresses; ours carry what is needed.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<EgressDoor>().Handler(purpose));
        client.AddResilienceHandler(name, (builder, context) =>
        {
            var provider = context.ServiceProvider;
            builder.TimeProvider = Clock(provider);
            builder.AddRetry(BackOff.Strategy(Options(provider).Value, provider.GetRequiredService<Jitter>(), Clock(provider)));
        });
        client.AddHttpMessageHandler<PaceHandler>();
    }

    private static IOptions<AmazonOptions> Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AmazonOptions>>();

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}

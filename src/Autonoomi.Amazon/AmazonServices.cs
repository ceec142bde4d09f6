using Autonoomi.Amazon.Login;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.Amazon;

public static class AmazonServices
{
    /// <summary>Registers <see cref="LoginWithAmazon"/> and <see cref="AmazonConnections"/>. Delays use the registered <see cref="TimeProvider"/>, or the system's.</summary>
    public static IServiceCollection AddAmazon(this IServiceCollection services, Action<AmazonOptions> configure)
    {
        services.AddOptions<AmazonOptions>().Configure(configure);
        services.AddHttpClient();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LoginWithAmazon>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AmazonConnections>();
        return services;
    }
}

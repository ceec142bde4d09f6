using Autonoomi.Amazon;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Promises;
using Autonoomi.Privacy.Egress;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Egress;

public static class EgressServices
{
    /// <summary>The door that every request outward takes, and the book that counts them.</summary>
    public static WebApplicationBuilder AddEgress(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<EgressBook>();
        services.AddSingleton<IEgressLedger>(provider => provider.GetRequiredService<EgressBook>());
        services.AddHostedService(provider => provider.GetRequiredService<EgressBook>());
        services.AddSingleton(provider => new EgressDoor(
            purpose => Rule(purpose, provider.GetRequiredService<IOptions<AmazonOptions>>().Value, provider.GetRequiredService<StorageSettings>().Environment, () => OwnDoor.Origins(provider.GetRequiredService<IServer>()), provider.GetRequiredService<MailSettings>(), provider.GetService<SignOnSettings>()),
            provider.GetRequiredService<IEgressLedger>()));
        return builder;
    }

    /// <param name="purpose">What a request is for.</param>
    /// <param name="amazon">Amazon's hosts as configured.</param>
    /// <param name="environment">Production knows no pretend Amazon, whatever the addresses say.</param>
    /// <param name="own">Where this process listens.</param>
    /// <param name="mail">The mail server, exactly as configured; it may lie in a private network.</param>
    /// <param name="signOn">The provider of single sign-on; null for none.</param>
    internal static EgressRule Rule(EgressPurpose purpose, AmazonOptions amazon, DataEnvironment environment, Func<IEnumerable<Uri>> own, MailSettings mail, SignOnSettings? signOn = null)
    {
        var production = environment == DataEnvironment.Production;
        return purpose switch
        {
            EgressPurpose.SignOn => SignOnSetup.Rule(signOn),
            EgressPurpose.OwnDoor => new([], [.. own()]),
            EgressPurpose.Mail => mail.IsOn ? new([], [mail.Server]) : EgressRule.Nowhere,
            EgressPurpose.Pretend => production || amazon.PretendAt is null ? EgressRule.Nowhere : new([], [amazon.PretendAt]),
            _ when production => AmazonPlaces.Of(purpose, amazon) with { Origins = [] },
            _ => AmazonPlaces.Of(purpose, amazon),
        };
    }
}

using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Platform.Retention;

public static class RetentionServices
{
    public static WebApplicationBuilder AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SellerRetention>();
        builder.Services.AddSingleton<BuyerQuarantine>();
        builder.Services.AddSingleton<IStep, RetainStep>();
        builder.Services.AddSingleton<RetentionKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RetentionKeeper>());
        return builder;
    }
}

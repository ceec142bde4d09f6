using Autonoomi.Amazon;
using Autonoomi.Amazon.Throttling;

namespace Autonoomi.App.Platform.AmazonLink;

public static class AmazonLinkServices
{
    /// <summary>Amazon's clients from the configuration section <c>Autonoomi:Amazon</c>; <c>BaseAddress</c> there points everything at one pretend Amazon.</summary>
    public static WebApplicationBuilder AddAmazonLink(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection("Autonoomi:Amazon");
        builder.Services.AddSingleton<IBucketStore, RateBuckets>();
        builder.Services.AddAmazon(options => Configure(options, section));
        builder.Services.AddSingleton<GrantBook>();
        builder.Services.AddSingleton<NoticeBook>();
        builder.Services.AddSingleton<SellerLink>();
        return builder;
    }

    internal static AmazonOptions Configure(AmazonOptions options, IConfigurationSection section)
    {
        section.Bind(options);
        if (section["BaseAddress"] is { Length: > 0 } address) options.PointAt(new Uri(address));
        return options;
    }
}

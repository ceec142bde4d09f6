using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;

namespace Autonoomi.App;

/// <summary>The product as one host: the table of contents. A slice adds its two lines here.</summary>
public static class Product
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var storage = builder.AddEnvironments();
        builder.AddData(storage);
        builder.AddTenancy();
        builder.AddAmazonLink();
        builder.AddJobs();
        builder.AddStorefronts();

        var app = builder.Build();
        return app;
    }
}

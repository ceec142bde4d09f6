using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.AdGroups;
using Autonoomi.App.Features.BrandAnalytics;
using Autonoomi.App.Features.Campaigns;
using Autonoomi.App.Features.Connect;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Features.Mail;
using Autonoomi.App.Features.Negatives;
using Autonoomi.App.Features.Overview;
using Autonoomi.App.Features.Palette;
using Autonoomi.App.Features.Placements;
using Autonoomi.App.Features.Policy;
using Autonoomi.App.Features.Products;
using Autonoomi.App.Features.Profit;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Features.SearchTerms;
using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.Privacy;
using Microsoft.Extensions.Logging.Console;

namespace Autonoomi.App;

/// <summary>The product as one host: the table of contents. A slice adds its two lines here.</summary>
public static class Product
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '";

    /// <summary>A builder that finds its files beside the program, wherever it is started from.</summary>
    /// <param name="dataFolder">Data folder, when it is not the configured one.</param>
    public static WebApplicationBuilder CreateBuilder(string? dataFolder = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(Product).Assembly.GetName().Name });
        builder.WebHost.UseStaticWebAssets();
        if (dataFolder is not null) builder.Configuration["Autonoomi:Storage:DataFolder"] = dataFolder;
        if (builder.Configuration["Autonoomi:SecretsFolder"] is { Length: > 0 } secrets) builder.Configuration.AddKeyPerFile(secrets, optional: false);
        // One line each, with its time: what collects them may be another machine in another zone.
        builder.Services.Configure<SimpleConsoleFormatterOptions>(lines => (lines.SingleLine, lines.UseUtcTimestamp, lines.TimestampFormat) = (true, true, Timestamp));
        builder.Services.Configure<JsonConsoleFormatterOptions>(lines => (lines.UseUtcTimestamp, lines.TimestampFormat) = (true, Timestamp));
        // A parameter of a log line that carries a class of data is erased, whatever the line says.
        builder.Services.AddPrivacyRedaction();
        builder.Logging.EnableRedaction();
        if (!builder.Environment.IsDevelopment()) builder.Services.PostConfigure<LoggerFilterOptions>(LogRules.Demand);
        return builder;
    }

    /// <param name="builder">From <see cref="CreateBuilder"/>, with its configuration.</param>
    /// <param name="replacements">What a test puts in another's place, made last.</param>
    /// <exception cref="EnvironmentMismatchException">Storage, keys, database and Amazon addresses are not of one environment; nothing was opened or made.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, Action<IServiceCollection>? replacements = null)
    {
        var storage = builder.AddEnvironments();
        EnvironmentMatch.Demand(storage, builder.Environment.IsDevelopment(), AmazonLinkServices.Configure(new(), builder.Configuration.GetSection("Autonoomi:Amazon")));
        builder.AddData(storage);
        builder.AddTenancy();
        builder.AddAudit();
        builder.AddEgress();
        builder.AddMail(storage);
        builder.AddAgreements();
        builder.AddDuties();
        builder.AddIncidents();
        builder.AddAmazonLink();
        builder.AddJobs();
        builder.AddStorefronts();
        builder.AddRetention();
        builder.AddDeletion();
        builder.AddWeb(storage);
        builder.AddIdentity(storage);
        builder.Services.AddShell();
        builder.AddPolicy(storage);
        builder.AddCopies();
        builder.AddRequests();
        builder.AddStaff();
        builder.AddPromises();
        builder.AddRun();
        builder.AddAccount();
        builder.AddConnect();
        builder.AddEconomics();
        builder.Services.AddSingleton<StorefrontReader>();
        builder.AddGrid<CampaignSheet>();
        builder.AddGrid<AdGroupSheet>();
        builder.AddGrid<TargetSheet>();
        builder.AddGrid<SearchTermSheet>();
        builder.AddGrid<ProductSheet>();
        builder.AddGrid<PlacementSheet>();
        builder.AddGrid<NegativeSheet>();
        builder.AddGrid<BrandSheet>();
        replacements?.Invoke(builder.Services);

        var app = builder.Build();
        DestinationGate.Demand(app.Services);
        app.UseProxyHeaders();
        app.UseWeb();
        app.MapAccount();
        app.MapSignOn();
        app.MapYourData();
        app.MapConnect();
        app.MapEconomics();
        app.MapPalette();
        app.MapProfit();
        app.MapGrid<CampaignSheet>("/campaigns");
        app.MapGrid<AdGroupSheet>("/ad-groups");
        app.MapGrid<TargetSheet>("/targets");
        app.MapGrid<SearchTermSheet>("/search-terms");
        app.MapGrid<ProductSheet>("/products");
        app.MapGrid<PlacementSheet>("/placements");
        app.MapGrid<NegativeSheet>("/negatives");
        app.MapGrid<BrandSheet>("/brand-analytics");
        app.MapPolicy();
        app.MapLeaving();
        app.MapShell();
        return app;
    }
}

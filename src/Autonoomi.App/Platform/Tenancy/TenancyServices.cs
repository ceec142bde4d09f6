namespace Autonoomi.App.Platform.Tenancy;

public static class TenancyServices
{
    public static WebApplicationBuilder AddTenancy(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<CurrentStorefront>();
        builder.Services.AddSingleton<Rights>();
        builder.Services.AddSingleton<MemberBook>();
        return builder;
    }
}

namespace Autonoomi.App.Platform.Audit;

public static class AuditServices
{
    public static WebApplicationBuilder AddAudit(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<AuditKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AuditKeeper>());
        return builder;
    }
}

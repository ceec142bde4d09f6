namespace Autonoomi.App.Platform.Promises;

/// <summary>Section <c>Autonoomi:Promises</c>.</summary>
public sealed class PromiseSettings
{
    /// <summary>How long after the start the probes are asked first.</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(20);
}

public static class PromiseServices
{
    /// <summary>The probes, and their hour.</summary>
    public static WebApplicationBuilder AddPromises(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PromiseSettings>().BindConfiguration("Autonoomi:Promises");
        services.AddHttpClient(OwnDoor.Client, client => client.Timeout = TimeSpan.FromSeconds(30)).RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(OwnDoor.Handler);
        services.AddSingleton<OwnDoor>();
        services.AddSingleton<IProbe, AtRestProbe>();
        services.AddSingleton<IProbe, ColumnsProbe>();
        services.AddSingleton<IProbe, TamperProbe>();
        services.AddSingleton<IProbe, TenantsProbe>();
        services.AddSingleton<IProbe, EnvironmentProbe>();
        services.AddSingleton<IProbe, AgeProbe>();
        services.AddSingleton<IProbe, GrantsProbe>();
        services.AddSingleton<IProbe, EgressProbe>();
        services.AddSingleton<IProbe, ScopesProbe>();
        services.AddSingleton<IProbe, HeadersProbe>();
        services.AddSingleton<IProbe, CookiesProbe>();
        services.AddSingleton<IProbe, TlsProbe>();
        services.AddSingleton<IProbe, PolicyProbe>();
        services.AddSingleton<IProbe, StaffProbe>();
        services.AddSingleton<IProbe, ReviewsProbe>();
        services.AddSingleton<ProbeBook>();
        services.AddHostedService<ProbeHour>();
        return builder;
    }
}

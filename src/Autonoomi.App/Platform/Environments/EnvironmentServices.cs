namespace Autonoomi.App.Platform.Environments;

public static class EnvironmentServices
{
    public static StorageSettings AddEnvironments(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BusinessClock>(provider => new BusinessClock(provider.GetRequiredService<TimeProvider>()));
        return builder.ReadStorage();
    }

    /// <summary>The configured storage, with defaults filled in; touches nothing.</summary>
    public static StorageSettings ReadStorage(this WebApplicationBuilder builder)
    {
        var storage = new StorageSettings { Environment = builder.Environment.IsDevelopment() ? DataEnvironment.Development : DataEnvironment.Production };
        builder.Configuration.GetSection("Autonoomi:Storage").Bind(storage);
        return storage.Completed();
    }
}

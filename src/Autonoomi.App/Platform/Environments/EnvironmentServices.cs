namespace Autonoomi.App.Platform.Environments;

public static class EnvironmentServices
{
    public static StorageSettings AddEnvironments(this WebApplicationBuilder builder)
    {
        var storage = new StorageSettings { Environment = builder.Environment.IsDevelopment() ? DataEnvironment.Development : DataEnvironment.Production };
        builder.Configuration.GetSection("Autonoomi:Storage").Bind(storage);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BusinessClock>(provider => new BusinessClock(provider.GetRequiredService<TimeProvider>()));
        return storage.Completed();
    }
}

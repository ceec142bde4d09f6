using Microsoft.AspNetCore.DataProtection;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

public static class DataServices
{
    /// <summary>Keys, contexts and vaults. The database is brought up to date by <see cref="StoreStart.PrepareAsync"/>, before the host starts.</summary>
    public static WebApplicationBuilder AddData(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var services = builder.Services;
        services.AddSingleton(storage);
        services.AddSingleton(_ => KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, StoreStart.HasData(storage)));
        services.AddSingleton<DataFolderLock>();
        services.AddScoped<Tenant>();
        services.AddSingleton(new AppDbs(tenant => Open(storage, tenant)));
        services.AddSingleton(provider => new SellerVaults(provider.GetRequiredService<AppDbs>().System, provider.GetRequiredService<KeyChain>(), provider.GetRequiredService<ILogger<SellerVaults>>()));
        services.AddScoped(provider => provider.GetRequiredService<AppDbs>().For(provider.GetRequiredService<Tenant>()));
        services.AddSingleton<SealedProtectionKeys>();
        services.AddDataProtection().SetApplicationName("Autonoomi");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<SealedProtectionKeys>((options, keys) => options.XmlRepository = keys);
        return builder;
    }

    internal static AppDb Open(StorageSettings storage, Tenant tenant)
    {
        if (storage.Provider == StorageEngine.Postgres)
        {
            var postgres = new DbContextOptionsBuilder<PostgresAppDb>();
            VaultEngine.ConfigurePostgres(postgres, storage.ConnectionString!);
            return new PostgresAppDb(postgres.Options, tenant);
        }

        var sqlite = new DbContextOptionsBuilder<SqliteAppDb>();
        VaultEngine.ConfigureSqlite(sqlite, storage.DatabaseFile);
        return new SqliteAppDb(sqlite.Options, tenant);
    }
}

using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore.Design;

namespace Autonoomi.App.Platform.Data;

// For `dotnet ef migrations add NAME --context SqliteAppDb --output-dir Platform/Data/Migrations/Sqlite` and its twin; see docs/operating/configuration.md.

internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteAppDb>
{
    public SqliteAppDb CreateDbContext(string[] args) => (SqliteAppDb)DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());
}

internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresAppDb>
{
    public PostgresAppDb CreateDbContext(string[] args) =>
        (PostgresAppDb)DataServices.Open(new StorageSettings { Provider = StorageEngine.Postgres, ConnectionString = "Host=localhost" }, new Tenant());
}

using System.IO;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Data;

public sealed class TenancyTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-tenancy-").FullName;
    private readonly Guid mine = Guid.NewGuid();
    private readonly Guid theirs = Guid.NewGuid();
    private AppDbs databases = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        databases = new AppDbs(tenant => DataServices.Open(new StorageSettings { DataFolder = folder }, tenant));
        await using var db = databases.System();
        await db.Database.MigrateAsync(Stop);
        db.Memberships.Add(new MembershipRow { Organisation = mine, User = Guid.NewGuid() });
        db.Memberships.Add(new MembershipRow { Organisation = theirs, User = Guid.NewGuid() });
        await db.SaveChangesAsync(Stop);
    }

    public ValueTask DisposeAsync()
    {
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rows_of_another_organisation_are_not_there()
    {
        await using var db = databases.For(For(mine));

        Assert.Equal([mine], await db.Memberships.Select(row => row.Organisation).ToListAsync(Stop));
    }

    [Fact]
    public async Task Without_an_organisation_nothing_is_there()
    {
        await using var db = databases.For(new Tenant());

        Assert.Empty(await db.Memberships.ToListAsync(Stop));
    }

    [Fact]
    public async Task A_row_of_another_organisation_is_not_written()
    {
        await using var db = databases.For(For(mine));
        db.Memberships.Add(new MembershipRow { Organisation = theirs, User = Guid.NewGuid() });

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Stop));
    }

    [Fact]
    public void Every_row_with_an_organisation_is_filtered()
    {
        using var db = databases.System();
        var owned = db.Model.GetEntityTypes().Where(type => type.FindProperty("Organisation") is not null).ToList();

        Assert.NotEmpty(owned);
        Assert.All(owned, type => Assert.NotEmpty(type.GetDeclaredQueryFilters()));
    }

    [Fact]
    public void Migrations_are_up_to_date_on_both_engines()
    {
        using var sqlite = databases.System();
        using var postgres = DataServices.Open(new StorageSettings { Provider = StorageEngine.Postgres, ConnectionString = "Host=localhost" }, For(mine));

        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgres.Database.HasPendingModelChanges());
    }

    private static Tenant For(Guid organisation)
    {
        var tenant = new Tenant();
        tenant.ActFor(organisation);
        return tenant;
    }
}

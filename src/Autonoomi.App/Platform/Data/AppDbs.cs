using Autonoomi.App.Platform.Tenancy;

namespace Autonoomi.App.Platform.Data;

/// <summary>Opens contexts outside a request: jobs, commands, single-lived services. Dispose what you open.</summary>
public sealed class AppDbs(Func<Tenant, AppDb> open)
{
    /// <summary>Sees every organisation's control rows. For jobs, sign-in and commands only.</summary>
    public AppDb System()
    {
        var tenant = new Tenant();
        tenant.ActAsSystem();
        return open(tenant);
    }

    public AppDb For(Tenant tenant) => open(tenant);
}

using System.IO;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Autonoomi.App.Tests.Promises;

/// <summary>A store with a person and a connected seller, and the product's front door; nothing works by itself.</summary>
internal sealed class Probed : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-probes-").FullName;
    private PostgresCopy? copy;

    public WebApplication App { get; private set; } = null!;

    public string Email { get; private set; } = "";

    public SellerId Seller { get; private set; }

    public StorefrontId Storefront { get; private set; }

    public T Get<T>() where T : notnull => App.Services.GetRequiredService<T>();

    public AppDb Db() => Get<AppDbs>().System();

    /// <param name="postgres">On which engine; without PostgreSQL the test is skipped.</param>
    /// <param name="services">Replacements that break something.</param>
    /// <param name="unsealed">Keys that seal nothing.</param>
    /// <param name="more">Overrides of the configuration.</param>
    public static async Task<Probed> StartAsync(bool postgres, Action<IServiceCollection>? services = null, bool unsealed = false, Dictionary<string, string?>? more = null)
    {
        var stop = TestContext.Current.CancellationToken;
        var probed = new Probed();
        var configuration = more ?? [];
        if (postgres)
        {
            probed.copy = await PostgresCopies.TakeAsync();
            (configuration["Autonoomi:Storage:Provider"], configuration["Autonoomi:Storage:ConnectionString"]) = ("Postgres", probed.copy.PlainConnection);
        }

        probed.App = RunningProduct.Build(probed.folder, configuration, set =>
        {
            set.RemoveAll<IHostedService>();
            if (unsealed) set.Replace(ServiceDescriptor.Singleton(_ => KeyChain.OpenUnsealed(Path.Combine(probed.folder, "keys"), "demo")));
            services?.Invoke(set);
        });
        await StoreStart.PrepareAsync(probed.App.Services, stop);
        await probed.App.StartAsync(stop);
        probed.Email = $"p{Guid.NewGuid():N}@example.com";
        await using (var scope = probed.App.Services.CreateAsyncScope())
        {
            var who = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Test house", "Ada Test", probed.Email, RunningProduct.Password, true, true, RunningProduct.Policy), stop)).Value;
            (probed.Seller, probed.Storefront) = await RunningProduct.ConnectAsync(probed.App.Services, who.Organisation);
            await using var db = probed.Db();
            foreach (var kind in Enum.GetValues<GrantKind>())
            {
                db.Grants.Add(new GrantRow
                {
                    Seller = probed.Seller.Value, Organisation = who.Organisation, Kind = kind, State = GrantState.Active, ConsentedAt = DateTimeOffset.UtcNow,
                    SealedToken = probed.Get<KeyChain>().Application.SealText("grant", "token", $"{probed.Seller}/{kind}", "a token"),
                });
            }

            await db.SaveChangesAsync(stop);
        }

        return probed;
    }

    public Task<ProbeResult> AskAsync(string probe) => Get<ProbeBook>().AskAsync(Get<ProbeBook>().Probes.Single(known => known.Id == probe), TestContext.Current.CancellationToken);

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var db = Db();
        await db.Database.ExecuteSqlRawAsync(sql, values, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        if (copy is not null) await copy.DisposeAsync();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }
}

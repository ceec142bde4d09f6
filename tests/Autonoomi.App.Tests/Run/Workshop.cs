using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Demo;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>The product's own steps, clients and SQLite vault without its silo and its pages: a test says which steps to run, and the product's pump runs them.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-workshop-").FullName;
    private Func<WebApplication> build = null!;
    private WebApplication app = null!;
    private long epoch;

    /// <summary>Everything that is connected; the first is the one that runs unasked.</summary>
    public IReadOnlyList<(SellerId Seller, StorefrontId Storefront)> Connected { get; private set; } = [];

    public SellerId Seller { get; private set; }

    public StorefrontId Storefront { get; private set; }

    public IServiceProvider Services => app.Services;

    /// <summary>Connected to a stub: one storefront with both consents.</summary>
    public static async Task<Workshop> AtStubAsync(Uri stub, DateTimeOffset now, Dictionary<string, string?>? more, CancellationToken cancellationToken)
    {
        var shop = await BuildAsync(stub, now, more, null, cancellationToken);
        var organisation = Guid.NewGuid();
        (shop.Seller, shop.Storefront) = await RunningProduct.ConnectAsync(shop.Services, organisation);
        var keys = shop.Services.GetRequiredService<KeyChain>();
        await using (var db = shop.Services.GetRequiredService<AppDbs>().System())
        {
            foreach (var kind in new[] { GrantKind.Ads, GrantKind.SellingPartner })
                db.Grants.Add(new GrantRow { Seller = shop.Seller.Value, Kind = kind, Organisation = organisation, ConsentedAt = now, State = GrantState.Active, SealedToken = keys.Application.SealText("grant", "token", $"{shop.Seller}/{kind}", "Atzr|test") });
            await db.SaveChangesAsync(cancellationToken);
        }

        await shop.OwnAsync(cancellationToken);
        return shop;
    }

    /// <summary>Connected to the pretend Amazon as the demo seller.</summary>
    public static async Task<Workshop> AtPretendAmazonAsync(PretendAmazon amazon, Dictionary<string, string?>? more, Action<IServiceCollection>? services, CancellationToken cancellationToken)
    {
        var shop = await BuildAsync(amazon.Address, await amazon.ClockAsync(cancellationToken), more, services, cancellationToken);
        var keyFile = await DemoChild.KeyFileAsync(amazon, shop.folder, cancellationToken);
        using var control = new HttpClient();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var demo = new DemoSeller(shop.Services, World.At(control, amazon.Address, keyFile), browser, new Uri("http://localhost:5080"));
        var (organisation, _) = await demo.SignUpAsync(cancellationToken);
        shop.Connected = await demo.ConnectAsync(organisation, cancellationToken);
        (shop.Seller, shop.Storefront) = shop.Connected[0];
        await shop.OwnAsync(cancellationToken);
        return shop;
    }

    /// <summary>Goes on with another of those that are connected.</summary>
    public async Task TurnToAsync((SellerId Seller, StorefrontId Storefront) other, CancellationToken cancellationToken)
    {
        (Seller, Storefront) = other;
        await OwnAsync(cancellationToken);
    }

    /// <summary>A new process on the same data: whatever the old one had only in memory is gone.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await app.DisposeAsync();
        SqliteFiles.Release(folder);
        app = build();
        await OwnAsync(cancellationToken);
    }

    /// <summary>Writes a run into the ledger, for <see cref="PumpAsync"/>.</summary>
    public Task<Guid> RequestAsync(RunKind kind, IReadOnlyList<NewStep> steps, CancellationToken cancellationToken) =>
        Services.GetRequiredService<Runs>().BeginAsync(Seller, Storefront, kind, steps, shared: false, cancellationToken);

    /// <summary>Works on whatever the ledger holds.</summary>
    public Task PumpAsync(CancellationToken cancellationToken) => Services.GetRequiredService<Pump>().RunAsync(Seller, epoch, cancellationToken);

    /// <summary>Runs these steps and whatever follows from them to the end.</summary>
    public async Task<RunView> RunAsync(RunKind kind, IReadOnlyList<NewStep> steps, CancellationToken cancellationToken)
    {
        var run = await RequestAsync(kind, steps, cancellationToken);
        await PumpAsync(cancellationToken);
        return await Services.GetRequiredService<Runs>().WaitAsync(run, cancellationToken);
    }

    public Task<SellerVault> VaultAsync(CancellationToken cancellationToken) => Services.GetRequiredService<SellerVaults>().OpenAsync(Seller, Purpose.Run, cancellationToken);

    /// <returns>A hash over every byte of the plain content of each dataset.</returns>
    public async Task<SortedDictionary<Dataset, string>> ContentAsync(CancellationToken cancellationToken)
    {
        var vault = await VaultAsync(cancellationToken);
        var found = new SortedDictionary<Dataset, string>();
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            var table = await vault.ReadAsync(dataset, Storefront, null, cancellationToken);
            if (table.Rows > 0) found[dataset] = $"{table.Rows} rows {Hash(table)}";
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Workshop> BuildAsync(Uri address, DateTimeOffset now, Dictionary<string, string?>? more, Action<IServiceCollection>? services, CancellationToken cancellationToken)
    {
        var shop = new Workshop();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Autonoomi:Amazon:BaseAddress"] = address.ToString(),
            ["Autonoomi:Amazon:MaximumAttempts"] = "3",
            ["Autonoomi:Amazon:BackOffBase"] = "00:00:00.002",
            ["Autonoomi:Amazon:BackOffLimit"] = "00:00:00.020",
            ["Autonoomi:Amazon:DuplicateWait"] = "00:00:00.020",
            ["Autonoomi:Amazon:RevocationRecheck"] = "00:00:00.010",
            ["Autonoomi:Amazon:JitterSeed"] = "1",
            ["Autonoomi:Runs:PollFirst"] = "00:00:00.005",
            ["Autonoomi:Runs:PollLimit"] = "00:00:00.050",
            ["Autonoomi:Runs:RetryFirst"] = "00:00:00.005",
            ["Autonoomi:Runs:Attempts"] = "2",
        };
        foreach (var (name, value) in more ?? []) settings[name] = value;
        shop.build = () =>
        {
            var app = RunningProduct.Build(shop.folder, settings, services);
            app.Services.GetRequiredService<BusinessClock>().Freeze(now);
            return app;
        };
        shop.app = shop.build();
        await StoreStart.PrepareAsync(shop.Services, cancellationToken);
        return shop;
    }

    private async Task OwnAsync(CancellationToken cancellationToken) => epoch = await Services.GetRequiredService<SellerLedger>().AcquireAsync(Seller, "test", cancellationToken);

    private static string Hash(FactTable table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        for (var column = 0; column < table.Schema.Columns.Length; column++)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                switch (table[column])
                {
                    case LongColumn longs:
                        BinaryPrimitives.WriteInt64LittleEndian(number, longs.Values[row]);
                        hash.AppendData(number);
                        break;
                    case IntColumn ints:
                        BinaryPrimitives.WriteInt64LittleEndian(number, ints.Values[row]);
                        hash.AppendData(number);
                        break;
                    case TextColumn text:
                        hash.AppendData(Encoding.UTF8.GetBytes(text.Words[text.Codes[row]] + "\0"));
                        break;
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

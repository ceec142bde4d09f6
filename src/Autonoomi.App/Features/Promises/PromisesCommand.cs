#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Promises;
using Autonoomi.Privacy;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Features.Promises;

/// <summary>Runs every promise's probe on a store, whether or not the product works on it at the same time, and says how all promises stand.</summary>
internal static class PromisesCommand
{
    private const string NobodyThere = "http://127.0.0.1:9";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one. The keys stay in their own. Without a store there a throw-away one is made and looked at." };
        var json = new Option<string?>("--json") { Description = "File for the result: proven, failing, stale, organisational, tested, open, promises[{id, state, measured, at}]." };
        var command = new Command("promises", """
            Runs every promise's probe and prints how each promise stands. Exit code 1 when one fails.
            proven: a probe asked the running store and it is so. failing: it is not so. stale: the last answer is too old.
            organisational: only people can keep it. Counted apart: tested (held by tests, nothing to ask) and open (not built
            yet; the text says what is missing, and it is no failure unless its probe measures a breach).
            """) { data, json };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(parsed.GetValue(data), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? data, string? json, CancellationToken cancellationToken)
    {
        var configured = Quiet(Product.CreateBuilder(data));
        var storage = configured.ReadStorage();
        if (storage.Provider == StorageEngine.Postgres || StoreStart.HasData(storage))
            return await LookAsync(configured, fresh: false, json, cancellationToken);

        await Console.Error.WriteLineAsync($"There is no store in {storage.DataFolder}: a throw-away one is made and looked at.");
        var folder = Directory.CreateTempSubdirectory("autonoomi-promises-").FullName;
        try
        {
            var builder = Quiet(Product.CreateBuilder(Path.Combine(folder, "data")));
            builder.Configuration["Autonoomi:Storage:KeyFolder"] = Path.Combine(folder, "keys");
            builder.Configuration["Autonoomi:Storage:Environment"] = nameof(DataEnvironment.Demo);
            return await LookAsync(builder, fresh: true, json, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WebApplicationBuilder Quiet(WebApplicationBuilder builder)
    {
        builder.Configuration["Logging:LogLevel:Default"] = "None"; // the answers are the output
        return builder;
    }

    private static async Task<int> LookAsync(WebApplicationBuilder builder, bool fresh, string? json, CancellationToken cancellationToken)
    {
        var storage = builder.ReadStorage();
        var announced = fresh ? null : Transport.Configured(builder.Configuration);
        // The door is looked at under the rules of the store's environment, and nobody but this command comes through it.
        // A look never calls Amazon: outside Production, where Amazon's own addresses are refused, it needs none that answers.
        if (storage.Environment != DataEnvironment.Production) builder.Configuration["Autonoomi:Amazon:BaseAddress"] ??= NobodyThere;
        var secure = storage.Environment == DataEnvironment.Production && !builder.Configuration.GetValue<bool>(Transport.ProxySetting);
        var own = secure ? "https://127.0.0.1:0" : "http://127.0.0.1:0";
        builder.Configuration["urls"] = own;
        foreach (var endpoint in builder.Configuration.GetSection(Transport.Endpoints).GetChildren().ToList()) endpoint["Url"] = own;
        using var certificate = secure ? new OwnCertificate(builder.Configuration) : null;
        await using var app = Product.Build(builder, services =>
        {
            // A look does no work: no runs, no owner of sellers, no hour; only the door opens.
            services.RemoveAll<IHostedService>();
            if (announced is not null) services.AddSingleton(new AnnouncedAddresses(announced));
        });
        if (fresh) await StoreStart.PrepareAsync(app.Services, cancellationToken);
        else await OpenedStore.DemandCurrentAsync(app.Services.GetRequiredService<AppDbs>(), cancellationToken);
        await app.StartAsync(cancellationToken);

        var results = await app.Services.GetRequiredService<ProbeBook>().AskAllAsync(cancellationToken);
        await app.StopAsync(CancellationToken.None);
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var report = PromisesReport.Of(PromiseBoard.Of(PromiseRegister.Promises, results, now));
        Print(report);
        if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, PromisesJson.Default.PromisesReport) + "\n", cancellationToken);
        return report.Failing == 0 ? 0 : 1;
    }

    private static void Print(PromisesReport report)
    {
        foreach (var promise in report.Promises) Console.WriteLine($"{promise.State,-15} {promise.Id,-8} {promise.Measured}");
        Console.WriteLine($"{report.Proven} proven, {report.Failing} failing, {report.Stale} stale, {report.Organisational} organisational; besides {report.Tested} held by tests, {report.Open} open");
    }
}

/// <summary>A certificate for the one visitor that the command is, in a file for as long as its door is open.</summary>
internal sealed class OwnCertificate : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-door-").FullName;

    public OwnCertificate(IConfiguration configuration)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        var file = Path.Combine(folder, "door.pfx");
        File.WriteAllBytes(file, made.Export(X509ContentType.Pkcs12));
        (configuration["Kestrel:Certificates:Default:Path"], configuration["Kestrel:Certificates:Default:Password"]) = (file, "");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>The file that <c>--json</c> writes; its names are a contract.</summary>
internal sealed record PromisesReport(int Proven, int Failing, int Stale, int Organisational, int Tested, int Open, IReadOnlyList<ReportedPromise> Promises)
{
    public static PromisesReport Of(IReadOnlyCollection<StandingPromise> board)
    {
        int Count(Standing standing) => board.Count(promise => promise.Standing == standing);
        return new(Count(Standing.Proven), Count(Standing.Failing), Count(Standing.Stale), Count(Standing.Organisational), Count(Standing.Tested), Count(Standing.Open),
            [.. board.Select(promise => new ReportedPromise(promise.Promise.Id, promise.Standing.ToString().ToLowerInvariant(), promise.Measured, promise.At))]);
    }
}

internal sealed record ReportedPromise(string Id, string State, string Measured, DateTimeOffset? At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(PromisesReport))]
internal sealed partial class PromisesJson : JsonSerializerContext;

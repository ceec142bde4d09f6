#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Autonoomi.App.Features.Serve;

/// <summary>The product alone, configured by environment variables and files.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string?>("--urls") { Description = $"Addresses to listen on, separated by semicolons; default {Transport.DefaultAddress}." };
        var data = new Option<string?>("--data") { Description = "Data folder; the keys stay in their own." };
        var command = new Command("serve", "Runs the product. Configuration: environment variables (Autonoomi__Storage__Provider and the like), appsettings.json, and files named in Autonoomi__SecretsFolder.") { urls, data };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(parsed.GetValue(urls), parsed.GetValue(data), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? urls, string? data, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        if (urls is not null) builder.Configuration["urls"] = urls;
        if (!builder.Configuration.GetSection(Transport.Endpoints).Exists() && string.IsNullOrEmpty(builder.Configuration["urls"])) builder.Configuration["urls"] = Transport.DefaultAddress;
        Transport.Demand(Transport.Configured(builder.Configuration), builder.ReadStorage().Environment, builder.Configuration.GetValue<bool>(Transport.ProxySetting));

        await using var app = Product.Build(builder);
        await StoreStart.PrepareAsync(app.Services, cancellationToken);
        NoteNewKey(app.Services.GetRequiredService<KeyChain>());
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"Autonoomi listens on {string.Join(", ", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)}");
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    internal static void NoteNewKey(KeyChain keys)
    {
        if (!keys.Created) return;
        Console.Error.WriteLine("""

            ============================ BACK UP THE MASTER KEY ============================
            """);
        Console.Error.WriteLine($"A new master key was made: {keys.MasterKeyFile}");
        Console.Error.WriteLine("""
            Copy it to a safe place apart from the data. Without it nobody, not even the
            makers of Autonoomi, can read the data again.
            ================================================================================

            """);
    }
}

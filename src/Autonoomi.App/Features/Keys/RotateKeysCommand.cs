#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Keys;

/// <summary><c>rotate-keys</c>.</summary>
internal static class RotateKeysCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one." };
        var command = new Command("rotate-keys", "Makes a new master key, a new environment key and a new key for each seller, and re-encrypts the sellers' data. May run while the product does; writing waits meanwhile, seller by seller.") { data };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(parsed.GetValue(data), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? data, CancellationToken cancellationToken)
    {
        var terminal = !Console.IsErrorRedirected;
        var rotated = await RotateKeys.RunAsync(Product.CreateBuilder(data).ReadStorage(), TimeProvider.System.GetUtcNow(), terminal ? new Lines() : null, cancellationToken);
        Console.WriteLine($"{rotated.Sellers} sellers re-encrypted. Master key {rotated.NewMaster} takes the place of {rotated.OldMaster}, which is refused from now on: {rotated.MasterKeyFile}");
        Console.WriteLine($"""
            Now: 1. copy the new master key to its safe place; 2. take a backup; 3. keep the old copy of the master key
            for {BackupSet.Limit.Days} days, in case the key folder is lost and only a backup of before is left; then destroy it.
            """);
        return 0;
    }

    private sealed class Lines : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value) => Console.Error.WriteLine($"Re-encrypting seller {value.Done + 1} of {value.Of} …");
    }
}

#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Backups;

/// <summary><c>backup</c> and <c>restore</c>.</summary>
internal static class BackupCommands
{
    public static Command CreateBackup()
    {
        var to = new Option<string>("--to") { Description = "Folder of the backup sets, on another disk than the data.", Required = true };
        var data = Data();
        var command = new Command("backup", $"Copies the store, sealed, while the product runs or not; reads the copy back, and removes sets of {BackupSet.Kept.Days} days and older. Meant to run daily.") { to, data };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(async () =>
        {
            var taken = await TakeBackup.RunAsync(Storage(parsed.GetValue(data)), parsed.GetValue(to)!, TimeProvider.System.GetUtcNow(), cancellationToken);
            Console.WriteLine($"Backed up {taken.Bytes / (1 << 20)} MiB to {taken.Folder} and read it back. Sets here: {taken.Kept}; removed as too old: {taken.Removed}.");
            Console.WriteLine("A set opens with the master key alone: keep a copy of master.key apart from the sets.");
            return 0;
        }));
        return command;
    }

    public static Command CreateRestore()
    {
        var from = new Option<string>("--from") { Description = "A backup set, or a folder of sets: then the newest.", Required = true };
        var replace = new Option<bool>("--replace") { Description = "The database that is there may be deleted." };
        var data = Data();
        var command = new Command("restore", "Puts a backup set in the place of the store, after all of it was checked. The product must be stopped.") { from, replace, data };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(async () =>
        {
            var restored = await RestoreBackup.RunAsync(Storage(parsed.GetValue(data)), parsed.GetValue(from)!, parsed.GetValue(replace), TimeProvider.System.GetUtcNow(), cancellationToken);
            Console.WriteLine($"Restored the set of {restored.MadeAt:yyyy-MM-dd HH:mm} UTC ({restored.Folder}): {restored.Sellers} sellers, {restored.Pieces} sealed pieces proven.");
            if (restored.Forgotten > 0) Console.WriteLine($"Left out: {restored.Forgotten} rows of sellers that were deleted since.");
            return 0;
        }));
        return command;
    }

    private static Option<string?> Data() => new("--data") { Description = "Data folder, when it is not the configured one." };

    private static StorageSettings Storage(string? data) => Product.CreateBuilder(data).ReadStorage();
}

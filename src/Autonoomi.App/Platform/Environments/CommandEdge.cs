#pragma warning disable RS0030 // the command-line edge: this is where people read results and errors

using System.IO;
using System.Net.Sockets;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Environments;

/// <summary>What every command has in common: exit code 0 done, 1 failed, 2 wrong usage, 78 wrong environment or keys; errors on standard error, with the fix.</summary>
public static class CommandEdge
{
    private const int WrongEnvironment = 78;

    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
#pragma warning disable CA1031 // the outermost frame: a person reads a sentence, not a stack
        catch (Exception failure)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"autonoomi: {InWords(failure)}");
            if (!IsExpected(failure)) await Console.Error.WriteLineAsync(failure.ToString());
            return failure is EnvironmentMismatchException or WrongMasterKeyException or MasterKeyMissingException ? WrongEnvironment : 1;
        }
    }

    /// <summary>Prints words, or the refusal on standard error.</summary>
    /// <returns>The exit code.</returns>
    internal static int Told(Error? wrong, string words)
    {
        if (wrong is null) Console.WriteLine(words);
        else Console.Error.WriteLine($"autonoomi: {wrong.Message}");
        return wrong is null ? 0 : 1;
    }

    internal static string InWords(Exception failure)
    {
        if (Pump.IsStorageFull(failure)) return "The disk of the data folder is full. Free some space and start again: what was committed is safe.";
        for (var at = failure; at is not null; at = at.InnerException)
        {
            if (at is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) return $"{failure.Message.TrimEnd('.')}. Stop the other program, or choose another port with --port (demo) or --urls (serve).";
            if (at is SocketException { SocketErrorCode: SocketError.AccessDenied }) return $"{failure.Message.TrimEnd('.')}. Ports below 1024 need a right that this user does not have: choose another.";
        }

        return failure.Message;
    }

    private static bool IsExpected(Exception failure) =>
        failure is SetupException or EnvironmentMismatchException or VaultException or AmazonApiException or GrantRevokedException or OperatorCredentialsException or IOException or UnauthorizedAccessException || Pump.IsStorageFull(failure);
}

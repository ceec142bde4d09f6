using System.Diagnostics;
using System.IO;

namespace Autonoomi.Breaks;

/// <param name="Code">Exit code; null when it was stopped for taking too long.</param>
/// <param name="Output">Both streams as they came.</param>
internal sealed record Ended(int? Code, string Output);

/// <summary>Runs a program to its end, or ends it with all its children.</summary>
internal static class Commands
{
    public static async Task<Ended> RunAsync(string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, TimeSpan longest, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
        {
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        var output = new System.Text.StringBuilder();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (output) output.AppendLine(line.Data);
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        if (!process.Start()) throw new IOException($"{command[0]} did not start.");
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(longest);
        int? code = null;
        try
        {
            await process.WaitForExitAsync(limit.Token);
            code = process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
        }

        lock (output) return new(code, output.ToString());
    }
}

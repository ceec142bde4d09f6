using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Reflection;

namespace Autonoomi.Benchmarks;

/// <summary>One contestant in a process of its own, so that its peak memory is its own: the benchmark starts itself again with <see cref="Word"/>.</summary>
internal static class Contestant
{
    /// <summary>First argument of such a process; not for people.</summary>
    public const string Word = "contestant";

    // The compiler goes on improving hot code for a few runs, as it does in a server that stays up.
    private const int Rounds = 4;

    /// <summary>Runs a contestant in a new process: once to warm up, then four times for the clock, of which the best counts.</summary>
    /// <param name="arguments">After <see cref="Word"/>.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static async Task<Timing> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(Word);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var said = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Split(' ', StringSplitOptions.TrimEntries);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0 || said.Length != 3) throw new InvalidOperationException($"Contestant '{arguments[0]}' ended with {process.ExitCode}.");
            return new(double.Parse(said[0], CultureInfo.InvariantCulture), double.Parse(said[1], CultureInfo.InvariantCulture), int.Parse(said[2], CultureInfo.InvariantCulture));
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>In the new process: runs and says wall clock, processor time and peak memory.</summary>
    public static async Task RunAsync(Func<Task> run)
    {
        await run();
        var timings = new List<Timing>();
        for (var round = 0; round < Rounds; round++) timings.Add(await Bench.TimeAsync(run));
        var timing = Bench.Best(timings);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timing.Seconds} {timing.ProcessorSeconds} {PeakMegabytes()}"));
    }

    /// <summary>The same for what takes long: once, nothing warmed up.</summary>
    public static async Task RunOnceAsync(Func<Task> run)
    {
        var timing = await Bench.TimeAsync(run);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timing.Seconds} {timing.ProcessorSeconds} {PeakMegabytes()}"));
    }

    /// <summary>Largest resident memory since the process began, whoever allocated it.</summary>
    private static int PeakMegabytes()
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
            return int.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture) >> 10;
        using var self = Process.GetCurrentProcess();
        return (int)(self.PeakWorkingSet64 >> 20);
    }
}

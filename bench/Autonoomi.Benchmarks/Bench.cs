using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Autonoomi.Benchmarks;

/// <param name="Name">What was measured.</param>
/// <param name="Baseline">What it is held against, in the same process run.</param>
/// <param name="Value">Median of ours.</param>
/// <param name="BaselineValue">Median of the baseline's.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Ratio">How many times faster than the baseline; for a goal with a ceiling, how many times its time.</param>
/// <param name="Goal">What the ratio must reach, or for a ceiling must not pass.</param>
/// <param name="Met">Whether it does.</param>
/// <param name="PeakMemoryMegabytes">Largest resident memory of the process while ours ran.</param>
internal sealed record BenchResult(string Name, string Baseline, double Value, double BaselineValue, string Unit, double Ratio, double Goal, bool Met, int PeakMemoryMegabytes)
{
    public static BenchResult Faster(string name, string baseline, Timing ours, Timing theirs, double goal) =>
        new(name, baseline, ours.Seconds, theirs.Seconds, "s", theirs.Seconds / ours.Seconds, goal, theirs.Seconds / ours.Seconds >= goal, ours.PeakMegabytes);

    public static BenchResult AtMost(string name, string baseline, Timing ours, Timing theirs, double ceiling) =>
        new(name, baseline, ours.Seconds, theirs.Seconds, "s", ours.Seconds / theirs.Seconds, ceiling, ours.Seconds / theirs.Seconds <= ceiling, ours.PeakMegabytes);
}

/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Of all cores together: what a busy machine cannot blur.</param>
/// <param name="PeakMegabytes">Largest resident memory seen.</param>
internal readonly record struct Timing(double Seconds, double ProcessorSeconds, int PeakMegabytes);

internal static class Bench
{
    /// <summary>One measured run on a clean heap.</summary>
    public static async Task<Timing> TimeAsync(Func<Task> run)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var done = new CancellationTokenSource();
        var peak = 0L;
        var watch = new Thread(() =>
        {
            do peak = Math.Max(peak, Environment.WorkingSet);
            while (!done.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(10)));
        }) { IsBackground = true };
        watch.Start();
        try
        {
            var processor = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await run();
            return new(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, (int)(Math.Max(peak, Environment.WorkingSet) >> 20));
        }
        finally
        {
            await done.CancelAsync();
            watch.Join();
        }
    }

    /// <summary>Says the processor time beside the wall clock: on a busy machine the wall clock measures the others.</summary>
    public static Task NoteAsync(string baseline, Timing ours, Timing theirs) => Console.Error.WriteLineAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"  processor time: ours {ours.ProcessorSeconds:0.000} s, {baseline} {theirs.ProcessorSeconds:0.000} s ({theirs.ProcessorSeconds / ours.ProcessorSeconds:0.00} times)"));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>The run that the machine's other work disturbed least; of memory the largest.</summary>
    public static Timing Best(IReadOnlyList<Timing> timings) => new(timings.Min(timing => timing.Seconds), timings.Min(timing => timing.ProcessorSeconds), timings.Max(timing => timing.PeakMegabytes));

    public static Timing Median(IReadOnlyList<Timing> timings) => new(Median(timings.Select(timing => timing.Seconds)), Median(timings.Select(timing => timing.ProcessorSeconds)), timings.Max(timing => timing.PeakMegabytes));
}

internal sealed record BenchReport(IReadOnlyList<BenchResult> Results);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;

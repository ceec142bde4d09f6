using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Autonoomi.Lab.Play;

/// <summary>Processor time of the calling thread, so that a study's figures do not depend on who else uses the machine; elapsed time where the system does not tell.</summary>
internal sealed class ProcessorClock
{
    // First figure: nanoseconds on a processor (Linux, proc(5)).
    private const string Schedule = "/proc/thread-self/schedstat";

    private static readonly bool IsTold = File.Exists(Schedule);

    private double begun;

    public double Seconds { get; private set; }

    public void Start() => begun = Now();

    /// <summary>Ends what <see cref="Start"/> began, on the same thread.</summary>
    public void Stop() => Seconds += Now() - begun;

    private static double Now()
    {
        if (!IsTold) return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        var text = File.ReadAllText(Schedule);
        return double.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture) / 1e9;
    }
}

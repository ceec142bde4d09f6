#pragma warning disable RS0030 // the command-line edge: progress goes to standard error

using System.Diagnostics;
using System.Globalization;
using Autonoomi.Lab.Protocol;
using Spectre.Console;

namespace Autonoomi.Lab.Report;

/// <summary>On a terminal one line that changes, with the time left; elsewhere a line every half minute.</summary>
internal sealed class LabProgress : IStudyProgress, IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly bool terminal = !Console.IsErrorRedirected;
    private readonly Lock gate = new();
    private readonly Stopwatch watch = new();
    private TimeSpan said;
    private string what = "";
    private int jobs;
    private int done;

    public void Begin(string what, int jobs)
    {
        lock (gate)
        {
            (this.what, this.jobs, done, said) = (what, jobs, 0, TimeSpan.Zero);
            watch.Restart();
            Say($"{jobs} {what} to go");
        }
    }

    public void Done(string job)
    {
        lock (gate)
        {
            done++;
            var elapsed = watch.Elapsed;
            if (!terminal && done < jobs && elapsed - said < Quiet) return;
            said = elapsed;
            Say(string.Create(CultureInfo.InvariantCulture, $"{done} of {jobs} {what}, {100 * done / jobs} %, {Left(elapsed / done * (jobs - done))} left: {job}"));
        }
    }

    public void Say(string line)
    {
        if (terminal) console.Write(new ControlCode("\r\u001b[2K"));
        if (terminal) console.Write(new Text(line));
        else console.Profile.Out.Writer.WriteLine(line);
    }

    public void Dispose()
    {
        if (terminal) console.Write(new ControlCode("\r\u001b[2K"));
    }

    private static string Left(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s");
}

#pragma warning disable RS0030 // the command-line edge

using System.Diagnostics;
using Autonoomi.App.Platform.Jobs;
using Spectre.Console;

namespace Autonoomi.App.Features.Demo;

/// <summary>Progress on a terminal: one line that changes. Elsewhere a line per step that is new, on standard error.</summary>
internal sealed class DemoProgress : IDisposable
{
    private readonly RunProgress progress;
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly bool terminal = !Console.IsErrorRedirected;
    private readonly Lock gate = new();
    private readonly Stopwatch watch = new();
    private Guid run;
    private string day = "";
    private string last = "";
    private bool disposed;

    public DemoProgress(RunProgress progress)
    {
        this.progress = progress;
        progress.Changed += Show;
    }

    /// <summary>How long the run that is followed needed until everything was imported.</summary>
    public TimeSpan? ImportedAfter { get; private set; }

    public void Day(int number, int of) => day = $"Day {number} of {of} · ";

    public void Say(string text) => Write(text, text);

    public void Follow(Guid next)
    {
        lock (gate)
        {
            (run, ImportedAfter) = (next, null);
            watch.Restart();
        }
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        progress.Changed -= Show;
        if (terminal) console.Write(new ControlCode("\r\u001b[2K"));
    }

    private void Show(RunView view)
    {
        lock (gate)
        {
            if (run != Guid.Empty && view.Run != run) return;
            if (ImportedAfter is null && view.Step == StepNames.InWords(StepNames.Decide)) ImportedAfter = watch.Elapsed;
            Write($"{day}{view.Step} · {view.Percent}% · {view.Rows:N0} rows{(view.Changes > 0 ? $" · {view.Changes:N0} changes" : "")}", $"{day}{view.Step}");
        }
    }

    private void Write(string line, string key)
    {
        if (disposed) return;
        if (terminal)
        {
            console.Write(new ControlCode("\r\u001b[2K"));
            console.Write(new Text(line, Style.Plain));
        }
        else if (last != key)
        {
            last = key;
            console.WriteLine(line);
        }
    }
}

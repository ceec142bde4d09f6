using System.IO;
using Autonoomi.Lab.Report;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary>Where the lab meets the outside: a person's terminal, the clock, the checkout whose ledger and tuned values it writes.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and progress.</param>
/// <param name="Clock">Asked only for the time of ledger lines.</param>
/// <param name="Root">The folder that holds <c>Autonoomi.slnx</c>.</param>
internal sealed record LabEdge(TextWriter Out, TextWriter Error, TimeProvider Clock, string Root)
{
    /// <summary>Told of progress; the terminal's, unless a test looks on.</summary>
    public Func<IStudyProgress> Progress { get; init; } = () => new LabProgress();

    /// <summary>The tuned values in force.</summary>
    public Tuned Tuned { get; init; } = Tuned.Shipped();

    /// <summary>A console for tables; elsewhere than on a terminal as wide as the tables need.</summary>
    public IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Out) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 220;
        return console;
    }

    /// <returns>The folder above the program that holds the solution, or the working folder.</returns>
    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Autonoomi.slnx"))) return folder.FullName;
        }

        return Directory.GetCurrentDirectory();
    }

    /// <summary>Exit code 0 done, 1 failed; a person reads a sentence.</summary>
    /// <param name="journal">File from which the same command goes on, or null.</param>
    /// <param name="command">What to do; synchronous work on the caller's thread.</param>
    public int Guard(string? journal, Func<int> command)
    {
        try
        {
            return command();
        }
        catch (OperationCanceledException)
        {
            Error.WriteLine(journal is null ? "Stopped. Without --json nothing was kept." : $"Stopped. The same command goes on from {journal}.");
            return 1;
        }
        catch (Exception failure) when (Expected(failure) is { } known)
        {
            Error.WriteLine($"lab: {known.Message}");
            return 1;
        }
    }

    private static Exception? Expected(Exception failure) => failure switch
    {
        LabException or IOException or UnauthorizedAccessException => failure,
        AggregateException several => several.Flatten().InnerExceptions.Select(Expected).FirstOrDefault(known => known is not null),
        _ => null,
    };
}

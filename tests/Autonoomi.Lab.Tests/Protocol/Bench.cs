using System.Diagnostics;
using System.IO;
using Autonoomi.Lab.Protocol;
using Autonoomi.Lab.Protocol.Commands;

namespace Autonoomi.Lab.Tests.Protocol;

/// <summary>The lab's command line on a temporary folder.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("autonoomi-lab-").FullName;
    public string Output => output.ToString();
    public string Error => error.ToString();
    public Tuned Tuned { get; init; } = new([]);
    public IStudyProgress Progress { get; init; } = new Silence();

    public string File(string name) => Path.Combine(Folder, name);

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(params string[] arguments) =>
        LabCommands.InvokeAsync(new LabEdge(output, error, new Fixed(), Folder) { Progress = () => Progress, Tuned = Tuned }, arguments);

    /// <summary>The lab as a process of its own, which can be killed.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(typeof(LabCommands).Assembly.Location)) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class Fixed : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }

    private sealed class Silence : IStudyProgress
    {
        public void Begin(string what, int jobs)
        {
        }

        public void Done(string job)
        {
        }
    }
}

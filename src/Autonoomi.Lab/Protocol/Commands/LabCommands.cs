using System.CommandLine;
using Autonoomi.Lab.Calibration;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary>Everything that <c>./run lab</c> understands.</summary>
internal static class LabCommands
{
    public static RootCommand Create(LabEdge edge)
    {
        var root = new RootCommand("The lab: policies in markets whose truth is known, compared with the best possible. Without a command: a study. docs/operating/lab.md explains the figures.")
        {
            TuneCommand.Create(edge),
            AblateCommand.Create(edge),
            AcosCommand.Create(edge),
            CalibrateCommand.Create(edge),
            HealthCommand.Create(edge),
            LadderCommand.Create(edge),
            PredictCommand.Create(edge),
        };
        StudyCommand.AddTo(root, edge);
        return root;
    }

    /// <returns>0 done, 1 failed, 2 wrong usage (said on standard error).</returns>
    public static async Task<int> InvokeAsync(LabEdge edge, IReadOnlyList<string> arguments)
    {
        var parsed = Create(edge).Parse(arguments);
        // After Ctrl+C a world in hand may take some seconds to notice; whatever is cut off then is simply played again.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = edge.Out, Error = edge.Error, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        return parsed.Errors.Count == 0 ? code : 2;
    }
}

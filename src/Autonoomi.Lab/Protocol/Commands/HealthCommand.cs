using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab health --families S2,S8 --policies ours,B00,B03 --worlds 4</c>: whether the health score tells well run accounts from badly run ones.</summary>
internal static class HealthCommand
{
    /// <summary>Correlation with % of O2 that the score is built to reach.</summary>
    private const double Goal = 0.8;

    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: true, worlds: 4);
        var command = new Command("health", "The product's health score under policies of every quality, beside what they truly earn.") { options.Families, options.Policies, options.Worlds, options.Seed, options.Json, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (!StudyOptions.Typed(result, options.Policies)) result.AddError("--policies names who plays, for example --policies ours,B00,B03.");
            else if (StudyOptions.Split(result.GetValue(options.Policies)!).Any(name => string.Equals(name, Contestant.Implementable, StringComparison.OrdinalIgnoreCase) || string.Equals(name, "B14", StringComparison.OrdinalIgnoreCase))) result.AddError("References know the truth; the score is of those who do not.");
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError("The score is developed: seeds below 5000 alone.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() => edge.Guard(null, () =>
        {
            var (families, contestants) = (options.FamiliesOf(parsed), options.PoliciesOf(parsed));
            var header = StudyCommand.HeaderOf("health", families, contestants, options, parsed) with { Setups = Study.Setups(families, contestants, edge.Tuned) };
            var json = parsed.GetValue(options.Json);
            StudyCommand.Log(edge, header, json);
            var progress = edge.Progress();
            HealthStudyReport report;
            try
            {
                report = new HealthStudy(header, families, contestants).Run(progress, parsed.GetValue(options.Workers), cancellationToken);
            }
            finally
            {
                (progress as IDisposable)?.Dispose();
            }

            Print(edge.Console(), report);
            if (json is not null) WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.HealthStudyReport));
            return 0;
        }), cancellationToken));
        return command;
    }

    private static void Print(IAnsiConsole console, HealthStudyReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("family").AddColumn("policy").AddColumn(new TableColumn("target").RightAligned()).AddColumn(new TableColumn("day").RightAligned());
        foreach (var column in new[] { "looks", "not rated", "mean score", "% of O1", "% of O2" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var group in report.Looks.GroupBy(look => (look.Family, look.Policy, look.Target, look.Day)).OrderBy(group => group.Key.Family, StringComparer.Ordinal).ThenBy(group => group.Key.Policy, StringComparer.Ordinal).ThenBy(group => group.Key.Target).ThenBy(group => group.Key.Day))
        {
            var rated = group.Where(look => look.Score is not null).ToList();
            string[] cells =
            [
                group.Key.Family, group.Key.Policy, Text(group.Key.Target, "0.##"), Text(group.Key.Day, "0"), Text(group.Count(), "0"), Text(group.Count() - rated.Count, "0"),
                rated.Count == 0 ? "" : Text(rated.Average(look => look.Score!.Value), "0.0"), Text(group.Average(look => look.PercentOfOracle), "0.0"), Text(group.Average(look => look.PercentOfImplementable), "0.0"),
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Correlation of score with % of O2: {report.WithImplementable:0.00} (goal {Goal:0.0}), with losses as 0 {report.WithFloored:0.00}; within worlds {report.WithinWorlds:0.00}; of ranks {report.Ranks:0.00}; with % of O1 {report.WithOracle:0.00}. {report.Looks.Count} looks."));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

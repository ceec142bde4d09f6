using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Protocol;
using Autonoomi.Lab.Protocol.Commands;
using Spectre.Console;

namespace Autonoomi.Lab.Calibration;

/// <summary><c>./run lab calibrate --family S2 --worlds 10 --seed 0 --json FILE</c>: whether the family's markets look like markets.</summary>
internal static class CalibrateCommand
{
    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: false, worlds: 10);
        var own = new Option<bool>("--own-account") { Description = "Judge under the family's own account, not under an ordinary seller's." };
        var modes = new Option<int>("--modes") { Description = "Compare event with fluid auctions in so many of the worlds; much slower than the rest.", DefaultValueFactory = _ => 0 };
        var markdown = new Option<string?>("--markdown") { Description = "File for a table as in docs/maths/calibration.md." };
        var command = new Command("calibrate", "Checks the markets of a family against public figures. Exit code 1 when a median lies outside.") { options.Families, options.Worlds, options.Seed, own, modes, options.Json, markdown, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError("Calibration looks at development seeds: below 5000.");
            if (StudyOptions.Typed(result, modes) && result.GetValue(modes) < 0) result.AddError("--modes is 0 or more.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() => edge.Guard(null, () =>
        {
            var progress = edge.Progress();
            CalibrationReport report;
            try
            {
                report = CalibrationReport.Run(
                    options.FamiliesOf(parsed)[0], parsed.GetValue(options.Seed), parsed.GetValue(options.Worlds), parsed.GetValue(own), parsed.GetValue(modes), parsed.GetValue(options.Workers), progress, cancellationToken);
            }
            finally
            {
                (progress as IDisposable)?.Dispose();
            }

            Print(edge.Console(), report);
            if (parsed.GetValue(options.Json) is { } json) WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.CalibrationReport));
            if (parsed.GetValue(markdown) is { } file) File.WriteAllText(file, report.ToMarkdown());
            return report.Passed ? 0 : 1;
        }), cancellationToken));
        return command;
    }

    private static void Print(IAnsiConsole console, CalibrationReport report)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Family}, {report.Worlds} worlds from seed {report.Seed}, version {report.Version}, market {report.Market}"));
        var table = new Table().Border(TableBorder.Simple).AddColumn("figure");
        foreach (var column in new[] { "lowest", "median", "highest", "wanted median", "worlds left out", "" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (rule, verdict) in CalibrationRules.All.Zip(report.Verdicts))
        {
            Row(rule.Name, rule.Text(verdict.Lowest), rule.Text(verdict.Median), rule.Text(verdict.Highest), $"{rule.Text(rule.MedianLow)} to {rule.Text(rule.MedianHigh)}", $"{verdict.WorldsFailed}", verdict.MedianFits ? "ok" : "OUTSIDE");
        }

        foreach (var verdict in report.Verdicts.Skip(CalibrationRules.All.Count))
            Row(verdict.Name, Ratio(verdict.Lowest), Ratio(verdict.Median), Ratio(verdict.Highest), $"{Ratio(1 - CalibrationReport.ModeTolerance)} to {Ratio(1 + CalibrationReport.ModeTolerance)}", "", verdict.MedianFits ? "ok" : "OUTSIDE");
        console.Write(table);
        foreach (var world in report.Unfit) console.WriteLine($"World {world.Seed} is left out: {string.Join("; ", world.Faults)}.");

        void Row(params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

        static string Ratio(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
    }
}

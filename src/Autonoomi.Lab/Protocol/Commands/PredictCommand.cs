using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Autonoomi.Core;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab predict --families S2,S1,S8 --worlds 4</c>: whether the product's 80 % intervals hold 80 %, and whether its changes bring what they are said to bring.</summary>
internal static class PredictCommand
{
    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: true, worlds: 4);
        var command = new Command("predict", "Our policy's intervals against what came, and its expected effects against the truth.") { options.Families, options.Worlds, options.Seed, options.Json, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError("Predictions are developed: seeds below 5000 alone.");
            var families = StudyOptions.Typed(result, options.Families) ? StudyOptions.Split(result.GetValue(options.Families)!) : [];
            if (families.Select(Marketplace.Scenarios.Families.Find).FirstOrDefault(family => family is { SealedOnly: true }) is { } hidden) result.AddError($"Development must never have seen {hidden.Id}.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() => edge.Guard(null, () =>
        {
            var families = options.FamiliesOf(parsed);
            var header = StudyCommand.HeaderOf("predict", families, [Contestant.Find(Contestant.Ours)], options, parsed);
            var json = parsed.GetValue(options.Json);
            StudyCommand.Log(edge, header, json);
            var progress = edge.Progress();
            PredictionReport report;
            try
            {
                report = new PredictionStudy(header, families, DecisionSettings.Default).Run(progress, parsed.GetValue(options.Workers), cancellationToken);
            }
            finally
            {
                (progress as IDisposable)?.Dispose();
            }

            Print(edge.Console(), report);
            if (json is not null) WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.PredictionReport));
            return 0;
        }), cancellationToken));
        return command;
    }

    private static void Print(IAnsiConsole console, PredictionReport report)
    {
        Table TableOf(params string[] columns)
        {
            var table = new Table().Border(TableBorder.Simple);
            foreach (var (place, column) in columns.Index()) table.AddColumn(place < 2 ? new TableColumn(column) : new TableColumn(column).RightAligned());
            return table;
        }

        var coverage = TableOf("80 % intervals of", "family", "clicks", "intervals", "held", "came below", "came above");
        foreach (var row in report.Coverage) coverage.AddRow(row.Of, row.Family, row.Band, Text(row.Count, "0"), Percent(row.Covered), Percent(row.Under), Percent(row.Over));
        console.Write(coverage);
        var gains = TableOf("changes", "family", "number", "expected", "gained", "gained / expected", "intervals held", "worth a unit", "of those held");
        foreach (var row in report.Gains) gains.AddRow(row.Kind, row.Family, Text(row.Count, "0"), Text(row.Expected, "0"), Text(row.Gained, "0"), row.Ratio is { } ratio ? Text(ratio, "0.00") : "", Percent(row.Covered), Text(row.Notable, "0"), row.NotableCovered is { } held ? Percent(held) : "");
        console.Write(gains);
        foreach (var world in report.Header.Excluded) console.WriteLine($"{world.Family} world {world.Seed} is left out: {string.Join("; ", world.Faults)}.");
    }

    private static string Percent(double share) => Text(100 * share, "0.0") + " %";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

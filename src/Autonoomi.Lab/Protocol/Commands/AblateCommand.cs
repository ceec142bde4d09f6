using System.CommandLine;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Report;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab ablate --family S2 --worlds 20</c>: our policy with one number changed at a time.</summary>
internal static class AblateCommand
{
    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: false, worlds: 20);
        var only = new Option<string?>("--only") { Description = "Names or beginnings of names, separated by commas: shading,halfLifeDays." };
        var command = new Command("ablate", "Our policy with one number changed at a time, or told less, against itself.") { options.Families, options.Worlds, options.Seed, only, options.Json, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError("Ablations choose between models: seeds below 5000 alone.");
            if (StudyOptions.Typed(result, options.Families) && Marketplace.Scenarios.Families.Find(result.GetValue(options.Families)!) is { SealedOnly: true } hidden) result.AddError($"Development must never have seen {hidden.Id}.");
            if (StudyOptions.Typed(result, only) && Chosen(result.GetValue(only)).Count == 0) result.AddError($"--only fits none of: {string.Join(", ", Ablation.All.Select(variant => variant.Name))}.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var json = parsed.GetValue(options.Json);
            return edge.Guard(json is null ? null : StudyCommand.JournalOf(json), () =>
            {
                var family = options.FamiliesOf(parsed)[0];
                var header = StudyCommand.HeaderOf("ablate", [family], [Contestant.Find(Contestant.Ours)], options, parsed);
                Run(edge, header, new Ablation(header, family, Chosen(parsed.GetValue(only))), json, parsed.GetValue(options.Workers), cancellationToken);
                return 0;
            });
        }, cancellationToken));
        return command;
    }

    private static IReadOnlyList<Variant> Chosen(string? only)
    {
        if (only is null) return Ablation.All;
        var names = StudyOptions.Split(only);
        return [.. Ablation.All.Where(variant => names.Any(name => variant.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];
    }

    private static void Run(LabEdge edge, StudyHeader header, Ablation ablation, string? json, int workers, CancellationToken cancellationToken)
    {
        using var journal = json is null ? new Journal() : new Journal(StudyCommand.JournalOf(json), header);
        StudyCommand.Log(edge, header, json);
        var progress = edge.Progress();
        IReadOnlyList<AblationRow> rows;
        IReadOnlyList<PlayFigures> plays;
        try
        {
            (rows, plays) = ablation.Run(new Field(journal, progress, workers), cancellationToken);
        }
        finally
        {
            (progress as IDisposable)?.Dispose();
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("changed").AddColumn(new TableColumn("points of O1 gained").RightAligned());
        foreach (var row in rows) table.AddRow(new Text(row.Variant), new Text(StudyTable.Text(new Interval(row.Mean, row.Low, row.High))));
        edge.Console().Write(table);
        if (json is null) return;
        WholeFile.Write(json, JsonSerializer.Serialize(new AblationReport(header, rows, plays), ReportJson.Default.AblationReport));
        journal.Dispose();
        File.Delete(StudyCommand.JournalOf(json));
    }
}

internal sealed record AblationReport(StudyHeader Header, IReadOnlyList<AblationRow> Rows, IReadOnlyList<PlayFigures> Plays);

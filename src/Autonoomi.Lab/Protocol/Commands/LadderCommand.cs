using System.CommandLine;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Report;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab ladder --family S7 --worlds 4 --seed 60</c>: our rules told the truth, then less from rung to rung, down to ours as they are.</summary>
internal static class LadderCommand
{
    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: false, worlds: 4);
        var command = new Command("ladder", "Where regret comes from: our rules told the truth, then less from rung to rung.") { options.Families, options.Worlds, options.Seed, options.Json, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError("The ladder is for development: seeds below 5000 alone.");
            if (StudyOptions.Typed(result, options.Families) && Marketplace.Scenarios.Families.Find(result.GetValue(options.Families)!) is { SealedOnly: true } hidden) result.AddError($"Development must never have seen {hidden.Id}.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var json = parsed.GetValue(options.Json);
            return edge.Guard(json is null ? null : StudyCommand.JournalOf(json), () =>
            {
                var family = options.FamiliesOf(parsed)[0];
                var header = StudyCommand.HeaderOf("ladder", [family], [.. RegretLadder.Steps.Select(step => Contestant.Find(step.Id))], options, parsed);
                Run(edge, header, new RegretLadder(header, family), json, parsed.GetValue(options.Workers), cancellationToken);
                return 0;
            });
        }, cancellationToken));
        return command;
    }

    private static void Run(LabEdge edge, StudyHeader header, RegretLadder ladder, string? json, int workers, CancellationToken cancellationToken)
    {
        using var journal = json is null ? new Journal() : new Journal(StudyCommand.JournalOf(json), header);
        StudyCommand.Log(edge, header, json);
        var progress = edge.Progress();
        LadderReport report;
        try
        {
            var (rows, plays, excluded) = ladder.Run(new Field(journal, progress, workers), cancellationToken);
            report = new LadderReport(header with { Excluded = excluded }, rows, plays);
        }
        finally
        {
            (progress as IDisposable)?.Dispose();
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("rung").AddColumn("what it knows, or estimates from here on");
        foreach (var column in new[] { "% of O1", "% of O2", "points of O1 lost here", "points of O2 lost here" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in report.Rows) table.AddRow([.. new[] { row.Id, row.What, StudyTable.Text(row.OfOracle), StudyTable.Text(row.OfImplementable), StudyTable.Text(row.Lost), StudyTable.Text(row.LostOfImplementable) }.Select(cell => new Text(cell))]);
        var console = edge.Console();
        console.Write(table);
        foreach (var world in report.Header.Excluded) console.WriteLine($"{world.Family} world {world.Seed} is left out: {string.Join("; ", world.Faults)}.");
        if (json is null) return;
        WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.LadderReport));
        journal.Dispose();
        File.Delete(StudyCommand.JournalOf(json));
    }
}

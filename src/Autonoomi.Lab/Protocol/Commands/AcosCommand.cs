using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Report;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab acos --worlds 8 --policies B03,B11z</c>: ours at several target ACoS against peers at the same realised ACoS in the same world.</summary>
internal static class AcosCommand
{
    // Of break-even: the family's own ceiling, and 0.6, 0.8 and 1.0 of the ACoS at which profit is largest under usual elasticities, 1.4 / (1.4 + 0.9).
    private const string Usual = "0.365,0.45,0.487,0.609";

    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: false, worlds: 8);
        var targets = new Option<string>("--targets") { Description = "What ours is told, over the account's break-even ACoS.", DefaultValueFactory = _ => Usual };
        var command = new Command("acos", "Ours at several target ACoS, each peer's sales read off at the same realised ACoS in the same world.") { options.Policies, targets, options.Worlds, options.Seed, options.Json, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (StudyOptions.Typed(result, targets) && !StudyOptions.Split(result.GetValue(targets)!).All(word => Parse(word) is > 0 and < 4)) result.AddError("--targets lists shares of break-even, for example 0.45,0.6.");
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed) result.AddError(StudyCommand.Refusal);
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var json = parsed.GetValue(options.Json);
            return edge.Guard(json is null ? null : StudyCommand.JournalOf(json), () =>
            {
                var family = StudyOptions.Shortened(Marketplace.Scenarios.Families.Find("S12")!, parsed.GetValue(options.Days));
                var peers = parsed.GetValue(options.Policies) is null ? [] : options.PoliciesOf(parsed).Where(peer => peer.IsTuned).ToList();
                var header = StudyCommand.HeaderOf("acos", [family], peers, options, parsed);
                Run(edge, header, new EqualAcos(header, family, peers, [.. StudyOptions.Split(parsed.GetValue(targets)!).Select(Parse).OfType<double>()]), json, parsed.GetValue(options.Workers), cancellationToken);
                return 0;
            });
        }, cancellationToken));
        return command;
    }

    private static double? Parse(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static void Run(LabEdge edge, StudyHeader header, EqualAcos study, string? json, int workers, CancellationToken cancellationToken)
    {
        using var journal = json is null ? new Journal() : new Journal(StudyCommand.JournalOf(json), header);
        StudyCommand.Log(edge, header, json);
        var progress = edge.Progress();
        AcosReport report;
        try
        {
            var (rows, comparisons, plays) = study.Run(new Field(journal, progress, workers), cancellationToken);
            report = new AcosReport(header, rows, comparisons, plays);
        }
        finally
        {
            (progress as IDisposable)?.Dispose();
        }

        Print(edge.Console(), report);
        if (json is null) return;
        WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.AcosReport));
        journal.Dispose();
        File.Delete(StudyCommand.JournalOf(json));
    }

    private static void Print(IAnsiConsole console, AcosReport report)
    {
        var peers = report.Header.Policies;
        var table = new Table().Border(TableBorder.Simple).AddColumn("target of break-even");
        foreach (var column in peers.Select(peer => $"sales over {peer}, %").Prepend("28 days within 5 %").Prepend("realised over target")) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in report.Rows)
        {
            var cells = peers.Select(peer => report.Comparisons.Single(comparison => comparison.Target == row.Target && comparison.Over == peer))
                .Select(comparison => comparison.Worlds == row.Worlds ? StudyTable.Text(comparison.Percent) : $"{StudyTable.Text(comparison.Percent)} ({comparison.Worlds} worlds)");
            table.AddRow([.. cells.Prepend($"{StudyTable.Text(100 * row.WindowsWithin)} % of {row.Worlds}").Prepend(row.Held.ToString("0.000", CultureInfo.InvariantCulture)).Prepend(row.Target.ToString("0.000", CultureInfo.InvariantCulture)).Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }
}

internal sealed record AcosReport(StudyHeader Header, IReadOnlyList<AcosRow> Rows, IReadOnlyList<AcosComparison> Comparisons, IReadOnlyList<PlayFigures> Plays);

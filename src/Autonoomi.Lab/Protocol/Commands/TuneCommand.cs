using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Report;
using Spectre.Console;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary><c>./run lab tune --families S2 --policies B01,B03 --worlds 8</c>: finds targets on development seeds and writes them to <c>tuned.json</c>.</summary>
internal static class TuneCommand
{
    public static Command Create(LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: true, worlds: 8);
        var into = new Option<string?>("--into") { Description = "File for the winners; default: src/Autonoomi.Lab/Protocol/tuned.json of this checkout." };
        var command = new Command("tune", "Finds each policy's best target ACoS on development seeds: 15 values or more, coarse to fine.") { options.Families, options.Policies, options.Worlds, options.Seed, options.Json, into, options.Days, options.Workers };
        options.Judge(command);
        command.Validators.Add(result =>
        {
            if (!StudyOptions.Typed(result, options.Policies)) result.AddError("--policies names who is tuned, for example --policies B03,B11z.");
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) is not (SeedUse.Development or null)) result.AddError("Tuning may look at development seeds alone: 0 to 99.");
            var families = StudyOptions.Typed(result, options.Families) ? StudyOptions.Split(result.GetValue(options.Families)!) : [];
            if (families.Select(Marketplace.Scenarios.Families.Find).FirstOrDefault(family => family is { SealedOnly: true }) is { } hidden) result.AddError($"Development must never have seen {hidden.Id}.");
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var json = parsed.GetValue(options.Json);
            return edge.Guard(json is null ? null : StudyCommand.JournalOf(json), () =>
            {
                var (families, named) = (options.FamiliesOf(parsed), options.PoliciesOf(parsed));
                var contestants = named.Where(contestant => contestant.IsTuned).ToList();
                foreach (var untuned in named.Except(contestants)) edge.Error.WriteLine($"{untuned.Id} has no target to tune.");
                if (contestants.Count == 0) throw new LabException("Nobody to tune.");
                var header = StudyCommand.HeaderOf("tune", families, contestants, options, parsed);
                var curves = Run(edge, header, new Tuning(header, families, contestants), json, parsed.GetValue(options.Workers), cancellationToken);
                var file = parsed.GetValue(into) ?? Path.Combine(edge.Root, "src", "Autonoomi.Lab", "Protocol", "tuned.json");
                Tuned.Write(file, curves.Select(curve => curve.Best));
                edge.Out.WriteLine($"Written to {file}; the next build of the lab uses them.");
                return 0;
            });
        }, cancellationToken));
        return command;
    }

    private static IReadOnlyList<Curve> Run(LabEdge edge, StudyHeader header, Tuning tuning, string? json, int workers, CancellationToken cancellationToken)
    {
        using var journal = json is null ? new Journal() : new Journal(StudyCommand.JournalOf(json), header);
        var progress = edge.Progress();
        IReadOnlyList<Curve> curves;
        try
        {
            curves = tuning.Run(new Field(journal, progress, workers), cancellationToken);
        }
        finally
        {
            (progress as IDisposable)?.Dispose();
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("family", "policy", "target", "budgets", "% of O1", "lowest and highest tried");
        foreach (var curve in curves)
        {
            table.AddRow([.. new[]
            {
                curve.Family, curve.Policy, Number(curve.Best.Target), curve.Best.Pooled ? "pooled" : "split", StudyTable.Text(curve.Best.Score),
                $"{Number(curve.Points.Min(point => point.Target))} to {Number(curve.Points.Max(point => point.Target))}, {curve.Points.Count} values",
            }.Select(cell => new Text(cell))]);
        }

        edge.Console().Write(table);
        if (json is null) return curves;
        WholeFile.Write(json, JsonSerializer.Serialize(new TuneReport(header, curves), ReportJson.Default.TuneReport));
        journal.Dispose();
        File.Delete(StudyCommand.JournalOf(json));
        return curves;
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}

internal sealed record TuneReport(StudyHeader Header, IReadOnlyList<Curve> Curves);

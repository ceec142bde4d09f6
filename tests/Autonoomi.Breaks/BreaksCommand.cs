using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Autonoomi.Privacy;
using Spectre.Console;

namespace Autonoomi.Breaks;

/// <summary><c>./run breaks --only P-3-b --json breaks.json</c></summary>
internal static class BreaksCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <param name="root">The checkout.</param>
    /// <param name="output">Progress and results.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="specs">Amazon's published schemas, where the environment names them.</param>
    public static RootCommand Create(string root, TextWriter output, TextWriter error, string? specs)
    {
        var only = new Option<string[]>("--only") { Description = "Promises to break, for example P-3-b,P-6-a; else all.", CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))] };
        var json = new Option<string?>("--json") { Description = "File for the findings." };
        var work = new Option<string>("--work") { Description = "Folder of the scratch copy and its journal: the same folder goes on where it stopped.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "autonoomi-breaks") };
        var buildOnly = new Option<bool>("--build-only") { Description = "Makes and builds the scratch copy, and runs nothing." };
        var noBuild = new Option<bool>("--no-build") { Description = "Runs the copy as it was built last; what changed since is not seen." };
        var command = new RootCommand("Breaks every kept promise in a scratch copy, one by one, and runs the tests that carry it: each break must be caught. docs/privacy/promises.md tells how.") { only, json, work, buildOnly, noBuild };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(root, output, parsed.GetValue(only) ?? [], parsed.GetValue(json), Path.GetFullPath(parsed.GetValue(work)!), parsed.GetValue(buildOnly), parsed.GetValue(noBuild), specs ?? Beside(root), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await error.WriteLineAsync($"Stopped. The same command goes on from {parsed.GetValue(work)}.");
                return 1;
            }
            catch (Exception failure) when (failure is BreakException or FormatException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync($"breaks: {failure.Message}");
                return 1;
            }
        });
        return command;
    }

    private static string? Beside(string root) => Path.GetFullPath(Path.Combine(root, "..", "shared", "specs")) is var path && Directory.Exists(path) ? path : null;

    private static async Task<int> RunAsync(string root, TextWriter output, string[] only, string? json, string work, bool buildOnly, bool noBuild, string? specs, CancellationToken cancellationToken)
    {
        var breaks = BreakList.Load();
        var faults = (noBuild ? [] : BreakList.Faults(breaks, PromiseRegister.Promises, file => File.Exists(Path.Combine(root, file)) ? File.ReadAllText(Path.Combine(root, file)) : null))
            .Concat(only.Except(breaks.SelectMany(one => one.Promises)).Select(id => $"--only {id}: no break breaks it")).ToList();
        if (faults.Count > 0) throw new BreakException($"Nothing was built.\n  {string.Join("\n  ", faults)}");
        var without = only.Length > 0 ? [] : BreakList.Unbroken(breaks, PromiseRegister.Promises).ToList();
        var cases = (from one in breaks from id in one.Promises where only.Length == 0 || only.Contains(id) select (one, PromiseRegister.Find(id))).ToList();

        var clock = Stopwatch.StartNew();
        Directory.CreateDirectory(Path.Combine(work, ".breaks"));
        var scratch = new Scratch(root, work);
        var built = Path.Combine(work, ".breaks", "source");
        if (noBuild && !File.Exists(built)) throw new BreakException($"Nothing was built in {work} before: leave --no-build out.");
        var source = noBuild ? await File.ReadAllTextAsync(built, cancellationToken) : await scratch.FillAsync(breaks, cancellationToken);
        if (!noBuild)
        {
            File.Delete(built);
            await output.WriteLineAsync($"Building the copy in {work}, with {breaks.Length} breaks in it …");
            await scratch.BuildAsync(cases.SelectMany(pair => pair.Item2.Tests.SelectMany(name => scratch.ProjectsWith(name, pair.Item2.Id))).Distinct(), cancellationToken);
            await File.WriteAllTextAsync(built, source, cancellationToken);
            await output.WriteLineAsync($"Built ({clock.Elapsed.TotalSeconds:0} s).");
        }

        if (buildOnly) return 0;

        clock.Restart();
        var study = new Study(scratch, source, new Journal(Path.Combine(work, ".breaks", "journal")), output.WriteLine, specs);
        var findings = await study.RunAsync(cases, cancellationToken);

        var report = new Report(source, findings.Count, findings.Count(finding => finding.Outcome == Outcome.Caught), without, clock.Elapsed.TotalSeconds,
            [.. findings.Zip(cases, (finding, pair) => new ReportRow(finding.Promise, pair.one.Why, finding.Outcome, finding.Test, finding.Seconds))]);
        Print(output, report);
        if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, Json) + "\n", cancellationToken);
        return report.Caught == report.Broken && without.Count == 0 ? 0 : 1;
    }

    private static void Print(TextWriter output, Report report)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 200;
        var open = report.Findings.Where(row => row.Outcome != Outcome.Caught).ToList();
        if (open.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("promise").AddColumn("outcome").AddColumn("what was broken").AddColumn("what happened");
            foreach (var row in open) table.AddRow(new Text(row.Promise), new Text(row.Outcome.ToString()), new Text(row.Why), new Text(row.Test));
            console.Write(table);
        }

        foreach (var id in report.WithoutBreak) output.WriteLine($"{id} is kept, and no break of the list breaks it.");
        output.WriteLine($"{report.Caught} of {report.Broken} breaks caught, of {report.Findings.Select(row => row.Promise).Distinct().Count()} promises.");
    }
}

/// <param name="Source">Hash of sources, tests and build files.</param>
/// <param name="Broken">Breaks that were run, one for each promise they break.</param>
/// <param name="Caught">Those that made a test fail.</param>
/// <param name="WithoutBreak">Kept promises that nothing breaks yet.</param>
/// <param name="Seconds">Of this run alone; what came from the journal took none.</param>
/// <param name="Findings">In the order of the list.</param>
internal sealed record Report(string Source, int Broken, int Caught, IReadOnlyList<string> WithoutBreak, double Seconds, IReadOnlyList<ReportRow> Findings);

internal sealed record ReportRow(string Promise, string Why, Outcome Outcome, string Test, double Seconds);

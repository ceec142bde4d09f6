using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Privacy;

namespace Autonoomi.Breaks;

/// <summary>
/// Breaks one promise after the other and runs the tests that carry its id, of the classes that its entry names. Each class must pass unbroken first.
/// </summary>
/// <param name="scratch">Filled and built.</param>
/// <param name="source">Hash of what the tests depend on.</param>
/// <param name="journal">What is finished already is not run again, unless it was not caught.</param>
/// <param name="tell">Told one line for each finding.</param>
/// <param name="specs">Amazon's published schemas, or null where there are none.</param>
internal sealed partial class Study(Scratch scratch, string source, Journal journal, Action<string> tell, string? specs)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);

    /// <returns>One finding for each break and promise, in order.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<(Break Break, Promise Promise)> cases, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var (run, clock) = (0, Stopwatch.StartNew());
        foreach (var ((one, promise), at) in cases.Select((pair, at) => (pair, at)))
        {
            var key = KeyOf(one);
            var finding = journal.Find(source, key, promise.Id) is { Outcome: Outcome.Caught } known ? known : null;
            var kept = finding is not null;
            if (finding is null)
            {
                finding = await CaseAsync(one, key, promise, cancellationToken);
                journal.Add(finding);
                run++;
            }

            findings.Add(finding);
            var open = cases.Skip(at + 1).Count(left => journal.Find(source, KeyOf(left.Break), left.Promise.Id) is not { Outcome: Outcome.Caught });
            var left = run == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", about {open * clock.Elapsed.TotalMinutes / run:0} min left");
            tell(string.Create(CultureInfo.InvariantCulture, $"[{at + 1}/{cases.Count}] {promise.Id,-8} {Word(finding)} {finding.Test} ({(kept ? "from the journal" : $"{finding.Seconds:0} s{left}")})"));
        }

        return findings;
    }

    public static string Word(Finding finding) => finding.Outcome switch
    {
        Outcome.Caught => "caught by",
        Outcome.NotCaught => finding.Reached ? "NOT CAUGHT:" : "NOT CAUGHT, and the broken code was never reached:",
        Outcome.NoProof => "NO PROOF:",
    };

    private static string KeyOf(Break one) => $"{one.Key} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', one.Changes))))[..12]}";

    private async Task<Finding> CaseAsync(Break one, string key, Promise promise, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var places = promise.Tests.SelectMany(name => scratch.ProjectsWith(name, promise.Id).Select(project => (Project: project, Class: name))).ToList();
        var (tests, anyReached) = (0, false);
        // The fastest first: one failing test is enough.
        foreach (var (project, name) in places.OrderBy(place => journal.Seconds($"{place.Project} {place.Class}") ?? scratch.Guess(place.Project, place.Class)))
        {
            var ran = await UnbrokenAsync(project, name, cancellationToken);
            if (ran.Outcome != Outcome.NotCaught) return new(source, key, promise.Id, Outcome.NoProof, $"{name} does not pass unbroken: {ran.Test}", false, clock.Elapsed.TotalSeconds);
            var (outcome, test, reached) = await TestAsync(project, [.. Classes(name), "-trait", $"promise={promise.Id}", "-stopOnFail"], one.Key, cancellationToken);
            anyReached |= reached;
            if (outcome == Outcome.Caught) return new(source, key, promise.Id, outcome, test, reached, clock.Elapsed.TotalSeconds);
            if (outcome == Outcome.NoProof && test != NoTest) return new(source, key, promise.Id, outcome, $"{name}: {test}", reached, clock.Elapsed.TotalSeconds);
            if (outcome == Outcome.NotCaught) tests++;
        }

        return tests == 0
            ? new(source, key, promise.Id, Outcome.NoProof, NoTest, anyReached, clock.Elapsed.TotalSeconds)
            : new(source, key, promise.Id, Outcome.NotCaught, one.Why, anyReached, clock.Elapsed.TotalSeconds);
    }

    private async Task<Finding> UnbrokenAsync(string project, string name, CancellationToken cancellationToken)
    {
        if (journal.Find(source, "-", $"{project} {name}") is { Outcome: Outcome.NotCaught } known) return known;
        var clock = Stopwatch.StartNew();
        var (outcome, test, _) = await TestAsync(project, [.. Classes(name)], null, cancellationToken);
        var finding = new Finding(source, "-", $"{project} {name}", outcome, test, false, clock.Elapsed.TotalSeconds);
        journal.Add(finding);
        tell(string.Create(CultureInfo.InvariantCulture, $"        {name} unbroken: {test} ({finding.Seconds:0} s)"));
        return finding;
    }

    /// <summary>Classes of this name; where several engines share a suite, each engine's class has its name before it.</summary>
    private static IEnumerable<string> Classes(string name) => ((string[])["", "Sqlite", "Postgres"]).SelectMany(engine => (string[])["-class", $"*.{engine}{name}"]);

    private const string NoTest = "no test ran";

    private async Task<(Outcome Outcome, string Test, bool Reached)> TestAsync(string project, string[] filters, string? broken, CancellationToken cancellationToken)
    {
        var reached = Path.Combine(scratch.Folder, ".breaks", "reached");
        File.Delete(reached);
        var environment = new Dictionary<string, string?> { ["AUTONOOMI_BROKEN"] = broken, ["AUTONOOMI_BROKEN_REACHED"] = broken is null ? null : reached, ["AUTONOOMI_SPECS"] = specs };
        var program = Path.Combine(scratch.Folder, "tests", project, "bin", "Release", "net10.0", $"{project}.dll");
        var ended = await Commands.RunAsync(scratch.Folder, ["dotnet", program, "-noColor", "-noLogo", .. filters], environment, Longest, cancellationToken);
        var (outcome, test) = Judge(ended);
        if (outcome == Outcome.NoProof && test != NoTest) await File.WriteAllTextAsync(Path.Combine(scratch.Folder, ".breaks", "last-without-proof.log"), ended.Output, cancellationToken);
        return (outcome, test, File.Exists(reached));
    }

    /// <summary>Caught is a test that failed, and nothing else: not a runner that crashed, not a run without tests, not one that took too long.</summary>
    internal static (Outcome Outcome, string Test) Judge(Ended ended)
    {
        if (ended.Code is not { } code) return (Outcome.NoProof, "it took too long");
        if (Summary().Match(ended.Output) is not { Success: true } summary) return (Outcome.NoProof, $"the runner ended with {code} and counted nothing");
        int Number(string name) => summary.Groups[name] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        var ran = Number("total") - Number("skipped") - Number("not");
        if (Number("failed") > 0) return (Outcome.Caught, FirstFailure(ended.Output));
        if (Number("errors") > 0) return (Outcome.NoProof, "a test class could not be set up");
        if (ran <= 0) return (Outcome.NoProof, NoTest);
        return code == 0 ? (Outcome.NotCaught, $"{ran} tests passed") : (Outcome.NoProof, $"the runner ended with {code}");
    }

    private static string FirstFailure(string output) => Failure().Match(output) is { Success: true } failure
        ? failure.Groups["name"].Value.Split('(')[0] is var name && name.Split('.') is [.., var holder, var method] ? $"{holder}.{method}" : name
        : "a test";

    [GeneratedRegex(@"Total:\s+(?<total>\d+)(,\s+Errors:\s+(?<errors>\d+),\s+Failed:\s+(?<failed>\d+),\s+Skipped:\s+(?<skipped>\d+),\s+Not Run:\s+(?<not>\d+))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Summary();

    [GeneratedRegex(@"^\s+(?<name>\S.*?) \[FAIL\]", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Failure();
}

using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>docs/privacy/asvs.md and threats.md are whole, count rightly, and name only tests and files that are there. Whether a proof proves enough is for the reader.</summary>
public sealed class SecurityPagesTests
{
    private static readonly Named House = Named.In(Repository.Root);

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "privacy", name));

    [Fact]
    public void The_page_of_requirements_is_true()
    {
        Assert.Empty(SecurityPages.RequirementFaults(Page("asvs.md"), House));

        var rows = SecurityPages.Requirements(Page("asvs.md"));
        Figures.Tell(string.Join(", ", rows.GroupBy(row => row.State, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}")));
    }

    [Fact]
    public void The_page_of_threats_is_true() => Assert.Empty(SecurityPages.ThreatFaults(Page("threats.md"), House));

    /// <summary>What is written in place of a sound row, and a part of the fault that must be found.</summary>
    public static TheoryData<string, string> Untrue => new()
    {
        { "| V1.1.1 | 2 | made up | met | `NoSuchTests.Nothing` |", "V1.1.1: there is no test class NoSuchTests" },
        { "| V1.1.1 | 2 | made up | met | `SecurityPagesTests.Nothing_of_that_name` |", "V1.1.1: SecurityPagesTests has no Nothing_of_that_name" },
        { "| V1.1.1 | 2 | made up | met | `src/Autonoomi.App/Nowhere.cs` |", "V1.1.1: there is no file src/Autonoomi.App/Nowhere.cs" },
        { "| V1.1.1 | 2 | made up | met | it is obvious |", "V1.1.1: 'met' names no proof" },
        { "| V1.1.1 | 2 | made up | part | `README.md` |", "V1.1.1: it is 'part' and not in the list of what is missing" },
        { "| V1.1.1 | 2 | made up | unmet | – |", "V1.1.1: it is 'unmet' and not in the list of what is missing" },
        { "| V1.1.1 | 2 | made up | n/a | – |", "V1.1.1: 'n/a' gives no reason" },
        { "| V1.1.1 | 2 | made up | nearly | `README.md` |", "V1.1.1: 'nearly' is no state" },
        { "| V1.1.2 | 2 | made up | met | `README.md` |", "V1.1.2 stands 2 times" },
        { "| V1.1.1 | 1 | made up | met | `README.md` |", "levels" },
        { "", "252 rows" },
        { "| V17.9.9 | 2 | made up | met | `README.md` |", "V17.9.9: WebRTC does not apply" },
    };

    [Theory, MemberData(nameof(Untrue))]
    public void A_row_that_is_not_true_is_found(string row, string fault)
    {
        var sound = Page("asvs.md");
        var first = sound.Split('\n').Single(line => line.StartsWith("| V1.1.1 |", StringComparison.Ordinal));

        Assert.Contains(SecurityPages.RequirementFaults(sound.Replace(first, row, StringComparison.Ordinal), House), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_count_is_found()
    {
        var sound = Page("asvs.md");
        var count = sound.Split('\n').Single(line => line.StartsWith("| V17 ", StringComparison.Ordinal));

        Assert.Contains("V17: the table of counts says otherwise", SecurityPages.RequirementFaults(sound.Replace(count, "| V17 WebRTC | 1 | 0 | 0 | 6 |", StringComparison.Ordinal), House));
    }

    [Theory]
    [InlineData("| T-01 | I | made up | nothing | `NoSuchTests` |", "T-01: there is no test class NoSuchTests")]
    [InlineData("| T-01 | I | made up | `src/Nowhere.cs` | open: all |", "T-01: there is no file src/Nowhere.cs")]
    [InlineData("| T-01 | I | made up | nothing | it is obvious |", "T-01: neither a test nor what is open")]
    [InlineData("", "the threats are not T-01 to T-40")]
    public void A_threat_that_is_not_told_truly_is_found(string row, string fault)
    {
        var sound = Page("threats.md");
        var first = sound.Split('\n').Single(line => line.StartsWith("| T-01 |", StringComparison.Ordinal));

        Assert.Contains(fault, SecurityPages.ThreatFaults(sound.Replace(first, row, StringComparison.Ordinal), House));
    }
}

/// <param name="Id">For example <c>V6.2.1</c>.</param>
/// <param name="Level">1 or 2.</param>
/// <param name="State">met, part, unmet or n/a.</param>
/// <param name="Proof">The last cell.</param>
internal sealed record Requirement(string Id, int Level, string State, string Proof)
{
    public string Chapter => Id.Split('.')[0];
}

/// <summary>Reads the two pages and says what is wrong with them.</summary>
internal static partial class SecurityPages
{
    private static readonly string[] States = ["met", "part", "unmet", "n/a"];

    public static IReadOnlyList<Requirement> Requirements(string page) =>
        [.. Row().Matches(page).Select(row => new Requirement(row.Groups["id"].Value, int.Parse(row.Groups["level"].Value, CultureInfo.InvariantCulture), row.Groups["state"].Value, row.Groups["proof"].Value))];

    public static IReadOnlyList<string> RequirementFaults(string page, Named house)
    {
        var rows = Requirements(page);
        var missing = Missing().Matches(page).Select(line => line.Groups["id"].Value).ToHashSet(StringComparer.Ordinal);
        var faults = new List<string>();
        if (rows.Count != 253) faults.Add($"{rows.Count} rows, and levels 1 and 2 have 253 requirements");
        if (rows.Count(row => row.Level == 1) != 70) faults.Add("the levels are not those of the standard: 70 requirements are of level 1");
        faults.AddRange(rows.GroupBy(row => row.Id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"{group.Key} stands {group.Count()} times"));
        if (rows.Count(row => row is { Chapter: "V17", State: "n/a" }) != 7) faults.Add("seven requirements are about WebRTC");
        foreach (var row in rows)
        {
            var named = house.Faults(row.Proof, out var proofs);
            faults.AddRange(named.Select(fault => $"{row.Id}: {fault}"));
            if (row is { Chapter: "V17", State: not "n/a" }) faults.Add($"{row.Id}: WebRTC does not apply");
            if (!States.Contains(row.State)) faults.Add($"{row.Id}: '{row.State}' is no state");
            if (row.State is "met" or "part" && proofs == 0) faults.Add($"{row.Id}: '{row.State}' names no proof");
            if (row.State == "n/a" && row.Proof.Length < 5) faults.Add($"{row.Id}: 'n/a' gives no reason");
            if (row.State is "part" or "unmet" != missing.Contains(row.Id)) faults.Add($"{row.Id}: it is '{row.State}' and {(missing.Contains(row.Id) ? "" : "not ")}in the list of what is missing");
        }

        foreach (var chapter in rows.GroupBy(row => row.Chapter, StringComparer.Ordinal))
            if (!Count().Matches(page).Any(line => line.Groups["chapter"].Value == chapter.Key && line.Groups["counts"].Value == Counts(chapter))) faults.Add($"{chapter.Key}: the table of counts says otherwise");
        if (!page.Contains($"| all {Counts(rows)}", StringComparison.Ordinal)) faults.Add("the last line of the table of counts says otherwise");
        return faults;
    }

    public static IReadOnlyList<string> ThreatFaults(string page, Named house)
    {
        var rows = Threat().Matches(page).Select(row => (Id: row.Groups["id"].Value, Stands: row.Groups["stands"].Value, Shown: row.Groups["shown"].Value)).ToList();
        var faults = new List<string>();
        if (!rows.Select(row => row.Id).SequenceEqual(Enumerable.Range(1, 40).Select(number => $"T-{number:00}"))) faults.Add("the threats are not T-01 to T-40");
        foreach (var (id, stands, shown) in rows)
        {
            faults.AddRange(house.Faults(stands, out _).Concat(house.Faults(shown, out var proofs)).Select(fault => $"{id}: {fault}"));
            if (proofs == 0 && !shown.Contains("open: ", StringComparison.Ordinal)) faults.Add($"{id}: neither a test nor what is open");
        }

        return faults;
    }

    private static string Counts(IEnumerable<Requirement> rows) => string.Concat(States.Select(state => string.Create(CultureInfo.InvariantCulture, $"| {rows.Count(row => row.State == state)} "))) + "|";

    [GeneratedRegex(@"^\| (?<id>V\d+\.\d+\.\d+) \| (?<level>[12]) \| [^|]+ \| (?<state>[^|]+) \| (?<proof>[^|]+) \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^- (?<id>V\d+\.\d+\.\d+) \(level [12]\), [^:]+: .", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^\| (?<chapter>V\d+) [^|]+ (?<counts>(\| \d+ ){4}\|)\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Count();

    [GeneratedRegex(@"^\| (?<id>T-\d\d) \| [^|]+ \| [^|]+ \| (?<stands>[^|]+) \| (?<shown>[^|]+) \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Threat();
}

/// <summary>What a page may name: files of the repository, and test classes with their methods.</summary>
internal sealed partial class Named
{
    private readonly string root;
    private readonly List<(HashSet<string> Classes, HashSet<string> Methods)> tests = [];

    private Named(string root) => this.root = root;

    public static Named In(string root)
    {
        var named = new Named(root);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) continue;
            var text = File.ReadAllText(file);
            named.tests.Add(([.. Class().Matches(text).Select(match => match.Groups["name"].Value)], [.. Method().Matches(text).Select(match => match.Groups["name"].Value)]));
        }

        return named;
    }

    /// <param name="cell">Names stand in backticks; other words in backticks are no proof.</param>
    /// <param name="proofs">How many files and tests are named, there or not.</param>
    public IReadOnlyList<string> Faults(string cell, out int proofs)
    {
        var faults = new List<string>();
        proofs = 0;
        foreach (var token in Token().Matches(cell).Select(match => match.Groups["token"].Value))
        {
            if (Test().Match(token) is { Success: true } test)
            {
                proofs++;
                var (name, method) = (test.Groups["class"].Value, test.Groups["method"].Value);
                var declared = tests.Where(file => file.Classes.Contains(name)).ToList();
                if (declared.Count == 0) faults.Add($"there is no test class {name}");
                else if (method.Length > 0 && !declared.Any(file => file.Methods.Contains(method))) faults.Add($"{name} has no {method}");
            }
            else if (token.AsSpan().ContainsAny('/', '.'))
            {
                proofs++;
                if (!File.Exists(Path.Combine(root, token))) faults.Add($"there is no file {token}");
            }
        }

        return faults;
    }

    [GeneratedRegex("`(?<token>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex(@"^(?<class>[A-Z]\w*(Tests|Suite))(\.(?<method>\w+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Test();

    [GeneratedRegex(@"^[ ]*((public|internal|private|sealed|abstract|static|partial) )*class (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Class();

    [GeneratedRegex(@"\bpublic (static )?(async )?[\w<>]+ (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Method();
}

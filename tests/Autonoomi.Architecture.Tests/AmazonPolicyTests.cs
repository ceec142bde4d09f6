using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>docs/privacy/amazon-policies.md has every rule once, counts rightly, and names only tests, files and duties that are there. Whether a proof proves enough is for the reader.</summary>
public sealed class AmazonPolicyTests
{
    private static readonly Named House = Named.In(Repository.Root);

    private static string Page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "privacy", "amazon-policies.md"));

    [Fact]
    [Promise("P-8-k")]
    public void The_page_of_Amazons_rules_is_true()
    {
        Assert.Empty(AmazonRules.Faults(Page, House));

        Figures.Tell(string.Join(", ", AmazonRules.Read(Page).GroupBy(rule => rule.State, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}")));
    }

    /// <summary>What is written in place of the row of A-01, and the fault that must be found.</summary>
    public static TheoryData<string, string> Untrue => new()
    {
        { "", "the rules are not A-01 to A-57" },
        { "| A-02 | 1.1 | made up | kept | `README.md` |", "the rules are not A-01 to A-57" },
        { "| A-01 | 1.1 | made up | nearly | `README.md` |", "A-01: 'nearly' is no state" },
        { "| A-01 | 1.1 | made up | kept | it is obvious |", "A-01: 'kept' names no proof" },
        { "| A-01 | 1.1 | made up | part | besides: nobody knows |", "A-01: 'part' names no proof" },
        { "| A-01 | 1.1 | made up | part | `README.md` |", "A-01: 'part' does not say what is besides" },
        { "| A-01 | 1.1 | made up | people | somebody does it |", "A-01: 'people' names neither a duty nor the operator's order" },
        { "| A-01 | 1.1 | made up | people | duty `made-up` |", "A-01: there is no duty made-up" },
        { "| A-01 | 1.1 | made up | open | – |", "A-01: 'open' does not say what is missing" },
        { "| A-01 | 1.1 | made up | n/a | – |", "A-01: 'n/a' gives no reason" },
        { "| A-01 | 1.1 | made up | kept | `NoSuchTests` |", "A-01: there is no test class NoSuchTests" },
        { "| A-01 | 1.1 | made up | kept | `PromiseTests.Nothing_of_that_name` |", "A-01: PromiseTests has no Nothing_of_that_name" },
        { "| A-01 | 1.1 | made up | kept | `src/Nowhere.cs` |", "A-01: there is no file src/Nowhere.cs" },
        { "| A-01 | 1.1 | made up | kept | `README.md` |", "the counts say otherwise" },
    };

    [Theory, MemberData(nameof(Untrue))]
    public void A_row_that_is_not_true_is_found(string row, string fault)
    {
        var sound = Page;
        var first = sound.Split('\n').Single(line => line.StartsWith("| A-01 |", StringComparison.Ordinal));

        Assert.Contains(AmazonRules.Faults(sound.Replace(first, row, StringComparison.Ordinal), House), found => found.Contains(fault, StringComparison.Ordinal));
    }
}

/// <param name="Id"><c>A-01</c> to <c>A-57</c>.</param>
/// <param name="State">kept, part, people, open or n/a.</param>
/// <param name="Kept">The last cell.</param>
internal sealed record AmazonRule(string Id, string State, string Kept);

/// <summary>Reads the page and says what is wrong with it.</summary>
internal static partial class AmazonRules
{
    private const int All = 57;
    private static readonly string[] States = ["kept", "part", "people", "open", "n/a"];

    public static IReadOnlyList<AmazonRule> Read(string page) => [.. Row().Matches(page).Select(row => new AmazonRule(row.Groups["id"].Value, row.Groups["state"].Value, row.Groups["kept"].Value))];

    public static IReadOnlyList<string> Faults(string page, Named house)
    {
        var rules = Read(page);
        var faults = new List<string>();
        if (!rules.Select(rule => rule.Id).SequenceEqual(Enumerable.Range(1, All).Select(number => $"A-{number:00}"))) faults.Add($"the rules are not A-01 to A-{All}");
        foreach (var (id, state, kept) in rules)
        {
            faults.AddRange(house.Faults(kept, out var proofs).Select(fault => $"{id}: {fault}"));
            var duties = Duty().Matches(kept).SelectMany(match => Word().Matches(match.Value)).Select(match => match.Groups["word"].Value).ToList();
            faults.AddRange(duties.Where(duty => DutyTable.Find(duty) is null).Select(duty => $"{id}: there is no duty {duty}"));
            var fault = state switch
            {
                "kept" or "part" when proofs == 0 => "names no proof",
                "part" when !kept.Contains("besides: ", StringComparison.Ordinal) => "does not say what is besides",
                "people" when duties.Count == 0 && !kept.Contains("The operator's order", StringComparison.Ordinal) => "names neither a duty nor the operator's order",
                "open" when !kept.Contains("missing: ", StringComparison.Ordinal) => "does not say what is missing",
                "n/a" when kept.Length < 10 => "gives no reason",
                _ => States.Contains(state) ? null : "is no state",
            };
            if (fault is not null) faults.Add($"{id}: '{state}' {fault}");
        }

        if (!page.Contains($"|---|---|---|---|---|\n| {string.Join(" | ", States.Select(state => rules.Count(rule => rule.State == state)))} |\n", StringComparison.Ordinal)) faults.Add("the counts say otherwise");
        return faults;
    }

    [GeneratedRegex(@"^\| (?<id>A-\d\d) \| [^|]+ \| [^|]+ \| (?<state>[^|]+) \| (?<kept>[^|]+) \|\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"(duty|duties) `[a-z-]+`( and `[a-z-]+`)*", RegexOptions.ExplicitCapture)]
    private static partial Regex Duty();

    [GeneratedRegex("`(?<word>[a-z-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}

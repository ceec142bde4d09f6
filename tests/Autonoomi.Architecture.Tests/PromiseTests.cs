using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>The register of promises against the tests of this checkout, in both directions: neither can lag behind the other.</summary>
public sealed partial class PromiseTests
{
    [Fact]
    public void Register_and_tests_say_the_same_of_each_other() => Assert.Empty(PromiseAudit.Faults(PromiseRegister.Promises, Carried));

    [Fact]
    public void The_tests_of_this_checkout_are_seen() => Assert.True(Carried.Count >= 50, $"only {Carried.Count} were found");

    [Theory]
    [InlineData("P-1-a", "kept", "tests: OneTests", "", "P-1-a is called kept, and no test carries it")]
    [InlineData("P-1-a", "kept", "tests: OneTests", "OneTests P-1-a; OneTests P-9-z", "OneTests carries P-9-z, which the register does not know")]
    [InlineData("P-1-a", "open", "missing: All.", "OneTests P-1-a", "P-1-a is called open, and a test carries it: OneTests")]
    [InlineData("P-1-a", "kept", "tests: OneTests", "OneTests P-1-a; OtherTests P-1-a", "P-1-a is carried by OtherTests, which its entry does not name")]
    [InlineData("P-1-a", "kept", "tests: OneTests, OtherTests", "OneTests P-1-a", "P-1-a names OtherTests, where no test carries it")]
    [InlineData("P-1-a", "kept", "tests: OneTests", "OneTests P-1-a", null)]
    public void Every_way_to_lag_is_found(string id, string state, string more, string carried, string? fault)
    {
        var claims = state == "open" ? "" : "does: Something.\nshown: Somewhere\n";
        var register = PromiseRegister.Read(new StringReader($"= {id} | {state} | seller | Part |\nsays: Something.\n{claims}{more}"));
        var tests = carried.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => pair.Split(' ')).Select(pair => (pair[0], pair[1])).ToList();

        Assert.Equal(fault is null ? [] : [fault], PromiseAudit.Faults(register, tests));
    }

    [Fact]
    public void A_comment_carries_nothing() =>
        Assert.Equal([("SomeTests", "P-2-b"), ("SomeTests", "P-2-c")], PromiseAudit.Carried("SomeTests.cs", "    // [Promise(\"P-1-a\")]\n    [Promise(\"P-2-b\", \"P-2-c\")]\n    public void A_test() { }"));

    [Fact]
    public void All_hundred_promises_of_the_policy_are_there() => Assert.Equal(
        [
            "0: a b c", "1.1: a b c d e f", "1.2: a b c d e f g h i j", "1.3: a b", "2: a b c d e f g h i", "3: a b c d e f g h i", "4: a b c d e f g h i j k l m n o", "5: a b", "6: a b c d e f g",
            "7: a b c d e f g h", "8: a b c d e f g h i j k", "9.1: a b c", "9.2: a b c d", "10: a b c", "11: a b", "12: a b c d", "13: a b",
        ],
        PromiseRegister.Promises.GroupBy(promise => promise.Section).Select(section => $"{section.Key}: {string.Join(' ', section.Select(promise => promise.Id[^1]))}"));

    private static List<(string Class, string Id)> Carried { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Built().IsMatch(file) && Path.GetFileName(file) != "PromiseTests.cs")
            .SelectMany(file => PromiseAudit.Carried(file, File.ReadAllText(file)))];

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex Built();
}

/// <summary>What tests carry and what the register says, held against each other.</summary>
internal static partial class PromiseAudit
{
    /// <returns>The classes (named as their file) and the ids that their tests carry.</returns>
    public static IEnumerable<(string Class, string Id)> Carried(string file, string code) =>
        from Match attribute in Attribute().Matches(code)
        from Match id in Id().Matches(attribute.Value)
        select (Path.GetFileNameWithoutExtension(file), id.Groups[1].Value);

    /// <returns>One sentence each; none when both say the same.</returns>
    public static IEnumerable<string> Faults(IReadOnlyCollection<Promise> register, IReadOnlyCollection<(string Class, string Id)> carried)
    {
        foreach (var (holder, id) in carried.Distinct())
            if (!register.Any(promise => promise.Id == id)) yield return $"{holder} carries {id}, which the register does not know";
        foreach (var promise in register)
        {
            var holders = carried.Where(test => test.Id == promise.Id).Select(test => test.Class).Distinct().Order(StringComparer.Ordinal).ToList();
            if (promise.State == PromiseState.Open)
            {
                if (holders.Count > 0) yield return $"{promise.Id} is called open, and a test carries it: {string.Join(", ", holders)}";
                continue;
            }

            if (promise.State == PromiseState.Kept && holders.Count == 0)
            {
                yield return $"{promise.Id} is called kept, and no test carries it";
                continue;
            }

            foreach (var holder in holders.Except(promise.Tests)) yield return $"{promise.Id} is carried by {holder}, which its entry does not name";
            foreach (var named in promise.Tests.Except(holders)) yield return $"{promise.Id} names {named}, where no test carries it";
        }
    }

    // At the beginning of a line: a comment does not count.
    [GeneratedRegex(@"^[ \t]*\[Promise\([^)]*\)\]", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex("\"(P-[0-9.]+-[a-z])\"")]
    private static partial Regex Id();
}

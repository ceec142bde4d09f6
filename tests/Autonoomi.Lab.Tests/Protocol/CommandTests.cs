using System.IO;
using System.Text.Json.Nodes;
using Autonoomi.Lab.Protocol;
using Autonoomi.Testing;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class CommandTests
{
    [Theory]
    [InlineData("--policies is needed", "--families", "S2")]
    [InlineData("There is no family 'S99'. Known: S1, S2", "--families", "S2,S99", "--policies", "B03")]
    [InlineData("There is no policy 'B77'", "--families", "S2", "--policies", "B03,B77")]
    [InlineData("0 to 99 are for development", "--families", "S2", "--policies", "B03", "--seed", "300")]
    [InlineData("do not lie within one range", "--families", "S2", "--policies", "B03", "--seed", "95", "--worlds", "20")]
    [InlineData("--worlds lies between", "--families", "S2", "--policies", "B03", "--worlds", "0")]
    [InlineData("Development must never have seen S9", "--families", "S9", "--policies", "B03", "--seed", "3")]
    [InlineData("Development must never have seen S13", "--families", "S13", "--policies", "B03", "--seed", "1000")]
    [InlineData("Tuning may look at development seeds alone", "tune", "--families", "S2", "--policies", "B03", "--seed", "1000")]
    [InlineData("Development must never have seen S9", "tune", "--families", "S9", "--policies", "B03")]
    [InlineData("seeds below 5000 alone", "ablate", "--family", "S2", "--seed", "5000")]
    [InlineData("seeds below 5000 alone", "ladder", "--family", "S7", "--seed", "5000")]
    [InlineData("seeds below 5000 alone", "predict", "--families", "S2", "--seed", "5000")]
    [InlineData("Development must never have seen S9", "predict", "--families", "S2,S9")]
    [InlineData("--from repeats a study as it was", "--from", "old.json", "--policies", "B03")]
    public async Task Wrong_usage_is_said_on_standard_error_with_exit_code_2(string words, params string[] arguments)
    {
        using var bench = new Bench();

        Assert.Equal(2, await bench.RunAsync(arguments));

        Assert.Contains(words.Replace(" is needed", " names who plays", StringComparison.Ordinal), bench.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Folder));
    }

    [Fact]
    public async Task Sealed_seeds_are_refused_and_leave_no_trace()
    {
        using var bench = new Bench();

        Assert.Equal(2, await bench.RunAsync("--families", "S1", "--policies", "B03", "--worlds", "1", "--seed", "5000", "--days", "1", "--json", bench.File("out.json")));

        Assert.Contains("sealed", bench.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Folder));
    }

    [Fact]
    public async Task Looking_at_sealed_seeds_is_a_public_line_before_anything_runs()
    {
        // The progress breaks the study off at its first word: nothing of a sealed world is ever computed here.
        using var bench = new Bench { Progress = new Broken() };

        Assert.Equal(1, await bench.RunAsync("--sealed", "--families", "S1,S9", "--policies", "B03,B01", "--worlds", "2", "--seed", "5000", "--json", bench.File("out.json")));

        var line = JsonNode.Parse(Assert.Single(File.ReadAllLines(bench.File("docs/lab/sealed-ledger.jsonl"))))!;
        Assert.Equal(Bench.Noon, line["at"]!.GetValue<DateTimeOffset>());
        Assert.Equal(StudyHeader.BuiltVersion, (string?)line["version"]);
        Assert.Equal("[\"S1\",\"S9\"]", line["families"]!.ToJsonString());
        Assert.Equal("[\"B03\",\"B01\"]", line["policies"]!.ToJsonString());
        Assert.Equal((5000, 2), ((int)line["seed"]!, (int)line["worlds"]!));
    }

    [Fact]
    public async Task Looking_at_validation_seeds_is_a_line_beside_the_results()
    {
        using var bench = new Bench { Progress = new Broken() };

        await bench.RunAsync("--families", "S1", "--policies", "B03", "--worlds", "2", "--seed", "1000", "--json", bench.File("out.json"));

        Assert.Single(File.ReadAllLines(bench.File("validation-reads.jsonl")));
        Assert.False(File.Exists(bench.File("docs/lab/sealed-ledger.jsonl")));
    }

    [Fact]
    public void Nothing_in_the_repository_runs_sealed_seeds()
    {
        var scripts = new[] { "run", "test", "build", ".ci", ".github", "bench" }.Select(name => Path.Combine(Repository.Root, name))
            .SelectMany(path => File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [])
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();

        Assert.Contains(scripts, path => File.ReadAllText(path).Contains("lab", StringComparison.Ordinal));
        Assert.DoesNotContain(scripts, path => File.ReadAllText(path).Contains("--sealed", StringComparison.Ordinal));
    }

    private sealed class Broken : IStudyProgress
    {
        public void Begin(string what, int jobs) => throw new LabException("Broken off.");

        public void Done(string job)
        {
        }
    }
}

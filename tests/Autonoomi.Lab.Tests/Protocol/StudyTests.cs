using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;
using Autonoomi.Lab.Protocol;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class StudyTests
{
    // A launch has no history to simulate, so that three days of it cost next to nothing.
    private static string[] Small(string json) => ["--families", "S1", "--policies", "B03,B01", "--worlds", "2", "--seed", "0", "--days", "3", "--workers", "1", "--json", json];

    [Fact]
    public async Task A_study_that_was_killed_goes_on_and_ends_like_one_that_was_not()
    {
        // The process has the shipped targets, so the others must have them too: a study with other targets is another study.
        using var bench = new Bench { Tuned = Tuned.Shipped() };
        var (whole, broken) = (bench.File("whole.json"), bench.File("broken.json"));
        Assert.Equal(0, await bench.RunAsync(Small(whole)));

        using (var process = Bench.Start(Small(broken)))
        {
            var journal = broken + ".journal";
            // The process holds a lock on it, so only its length can be seen: header and worlds fill less than 1,200 bytes, a play 500.
            while (!process.HasExited && (!File.Exists(journal) || new FileInfo(journal).Length < 1_700)) await Task.Delay(5, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.False(File.Exists(broken), "It was too fast to be killed in the middle.");
            Assert.InRange(Lines(journal), 4, 8);
            // The line that was being written when the power went.
            await File.AppendAllTextAsync(journal, "{\"line\":\"play\",\"fam", TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, await bench.RunAsync(Small(broken)));

        Assert.Contains("Going on: ", bench.Error, StringComparison.Ordinal);
        Assert.Equal(WithoutTimes(whole), WithoutTimes(broken));
        Assert.False(File.Exists(broken + ".journal"));
    }

    [Fact]
    public async Task A_journal_of_another_study_is_refused_and_left_alone()
    {
        using var bench = new Bench();
        var json = bench.File("out.json");
        await File.WriteAllTextAsync(json + ".journal", """{"command":"study","families":["S1"],"policies":["B03"],"worlds":9}""" + "\n", TestContext.Current.CancellationToken);

        Assert.Equal(1, await bench.RunAsync(Small(json)));

        Assert.Contains("belongs to another study: policies is [\"B03\"] there and [\"B03\",\"B01\"] here; worlds is 9 there and 2 here", bench.Error, StringComparison.Ordinal);
        Assert.Equal(1, Lines(json + ".journal"));
    }

    [Fact]
    public async Task The_json_keeps_its_contract_and_its_header_repeats_the_study_to_the_last_digit()
    {
        using var bench = new Bench();
        var json = bench.File("out.json");
        Assert.Equal(0, await bench.RunAsync("--families", "S1", "--policies", "b03,B14", "--worlds", "2", "--days", "2", "--json", json));

        var report = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!;
        var header = report["header"]!;
        Assert.Equal("[\"S1\"]", header["families"]!.ToJsonString());
        Assert.Equal("[\"B03\",\"B14\"]", header["policies"]!.ToJsonString());
        Assert.Equal((2, 0), ((int)header["worlds"]!, (int)header["seed"]!));
        Assert.NotEmpty((string)header["version"]!);
        Assert.Equal(12, ((string)header["sources"]!["market"]!).Length);
        var row = report["rows"]![0]!;
        Assert.Equal(("S1", "B03", 2), ((string?)row["family"], (string?)row["policy"], (int)row["worlds"]!));
        foreach (var interval in new[] { "percentOfOracle", "percentOfImplementable", "lastThirtyDays" })
        {
            var (low, mean, high) = ((double)row[interval]!["low"]!, (double)row[interval]!["mean"]!, (double)row[interval]!["high"]!);
            Assert.True(low <= mean && mean <= high);
        }

        Assert.Equal("B03", (string?)report["rows"]![1]!["advantage"]!["over"]);
        Assert.Contains("B03 was never tuned", bench.Output, StringComparison.Ordinal);

        Assert.Equal(0, await bench.RunAsync("--from", json));
        Assert.Contains("The same figures: 6 plays", bench.Output, StringComparison.Ordinal);

        // A later study takes the peers' figures over; three worlds, so that one more than the repeated ones is really played.
        var later = bench.File("later.json");
        string[] three = ["--families", "S1", "--policies", "b03,B14", "--worlds", "3", "--days", "2"];
        Assert.Equal(0, await bench.RunAsync([.. three, "--take", json, "--json", later]));
        Assert.Contains("came out the same", bench.Output, StringComparison.Ordinal);
        var whole = bench.File("whole.json");
        Assert.Equal(0, await bench.RunAsync([.. three, "--json", whole]));
        Assert.Equal(Plays(whole), Plays(later));

        var first = report["plays"]!.AsArray().First(play => (string?)play!["policy"] == "B03")!;
        first["score"] = (double)first["score"]! + 0.001;
        await File.WriteAllTextAsync(json, report.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Equal(1, await bench.RunAsync("--from", json));
        Assert.Contains("1 of 6 plays differ", bench.Error, StringComparison.Ordinal);
        Assert.Equal(1, await bench.RunAsync([.. three, "--take", json]));
        Assert.Contains("Leave out --take", bench.Error, StringComparison.Ordinal);
    }

    private static string Plays(string path) => string.Join('\n', JsonNode.Parse(File.ReadAllText(path))!["plays"]!.AsArray().Select(play => $"{play!["policy"]} {play["seed"]} {play["score"]} {play["days"]}"));

    private static int Lines(string path) => File.ReadAllLines(path).Length;

    private static string WithoutTimes(string path)
    {
        var report = JsonNode.Parse(File.ReadAllText(path))!;
        foreach (var play in report["plays"]!.AsArray())
        {
            play!["seconds"] = 0;
            play["decideSeconds"] = 0;
        }

        foreach (var row in report["rows"]!.AsArray()) row!["cpuSecondsPer10000Targets"] = 0;
        Assert.True(report["plays"]!.AsArray().Count == 6, report["plays"]!.AsArray().Count.ToString(CultureInfo.InvariantCulture));
        return report.ToJsonString();
    }
}

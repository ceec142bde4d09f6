using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Lab.Protocol;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class TuningTests
{
    [Fact]
    public void Fifteen_values_from_0_15_to_1_25_lie_at_most_twelve_percent_apart_around_every_possible_best()
    {
        Assert.Equal((0.15, 1.25), (TargetGrid.Coarse[0], TargetGrid.Coarse[^1]));
        foreach (var best in TargetGrid.Coarse.Skip(1).SkipLast(1))
        {
            var all = TargetGrid.Coarse.Concat(TargetGrid.Around(best)).Distinct().Order().ToList();
            Assert.Equal(15, all.Count);
            var place = all.IndexOf(best);
            Assert.All(all.Skip(place - 4).Take(8).Zip(all.Skip(place - 3)), gap => Assert.InRange(gap.Second / gap.First, 1, 1.12));
        }
    }

    [Fact]
    public void A_best_value_at_an_edge_pushes_the_edge_out_until_it_is_none_or_the_end_is_reached()
    {
        Assert.Null(TargetGrid.Beyond(TargetGrid.Coarse, TargetGrid.Coarse[3]));
        Assert.Equal(1.63, TargetGrid.Beyond(TargetGrid.Coarse, 1.25)!.Value, 0.01);
        Assert.Equal(0.115, TargetGrid.Beyond(TargetGrid.Coarse, 0.15)!.Value, 0.001);
        Assert.Null(TargetGrid.Beyond([0.02, 0.15], 0.02));
    }

    [Fact]
    public async Task Tuning_writes_the_best_of_all_values_tried_and_keeps_what_others_tuned()
    {
        using var bench = new Bench();
        var (json, into) = (bench.File("tune.json"), bench.File("tuned.json"));
        var other = new TunedValue("S2", "B01", 0.5, Pooled: false, 40, 0, 8, 15, "abc");
        Tuned.Write(into, [other, other with { Family = "S1", Policy = "B03" }]);

        Assert.Equal(0, await bench.RunAsync("tune", "--families", "S1", "--policies", "B03,ours", "--worlds", "1", "--days", "2", "--json", json, "--into", into));

        Assert.Contains("ours has no target to tune", bench.Error, StringComparison.Ordinal);
        var curve = JsonNode.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken))!["curves"]![0]!;
        var points = curve["points"]!.AsArray().Select(point => (Target: (double)point!["target"]!, Score: (double)point["score"]!)).ToList();
        Assert.True(points.Count >= 15);
        var best = points.MaxBy(point => point.Score);
        var written = JsonSerializer.Deserialize(await File.ReadAllTextAsync(into, TestContext.Current.CancellationToken), ReportJson.Default.ListTunedValue)!;
        Assert.Equal(2, written.Count);
        Assert.Equal(new TunedValue("S1", "B03", best.Target, true, Math.Round(best.Score, 2), 0, 1, points.Count, Sources.Built.Market), written[0]);
        Assert.Equal(other, written[1]);
    }

    [Fact]
    public void A_family_without_a_value_of_its_own_borrows_the_mature_familys()
    {
        var tuned = new Tuned([new("S2", "B03", 0.5, false, 70, 0, 8, 15, "m"), new("S5", "B03", 0.6, false, 70, 0, 8, 15, "m")]);

        Assert.Equal(0.6, tuned.Find("S5", "B03")!.Target);
        Assert.Equal(("S2", 0.5), (tuned.Find("S3", "B03")!.Family, tuned.Find("S3", "B03")!.Target));
        Assert.Null(tuned.Find("S2", "B04"));
    }

    [Fact]
    public void The_shipped_values_can_be_read_and_belong_to_policies_that_exist() =>
        Assert.All(Tuned.Shipped().Values, value => Assert.True(Contestant.Find(value.Policy).IsTuned));
}

using System.IO;
using System.Text.Json.Nodes;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.Protocol;
using Autonoomi.Lab.References;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Protocol;

/// <summary>The regret ladder: who is told more earns more, and what is lost from rung to rung adds up.</summary>
public sealed class LadderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Whoever_is_told_the_rates_earns_more_than_who_has_to_estimate_them()
    {
        var (told, estimated) = (0.0, 0.0);
        for (ulong seed = 1; seed <= 4; seed++)
        {
            told += Play(seed, Rung.Rates);
            estimated += Play(seed, Rung.Delay);
        }

        Assert.True(told > 1.02 * estimated, $"{told} told, {estimated} estimated");
    }

    [Fact]
    public async Task What_is_lost_from_rung_to_rung_adds_up_to_what_ours_lack()
    {
        using var bench = new Bench();

        Assert.Equal(0, await bench.RunAsync("ladder", "--family", "S7", "--worlds", "1", "--seed", "0", "--days", "3", "--workers", "1", "--json", bench.File("out.json")));

        var rows = JsonNode.Parse(await File.ReadAllTextAsync(bench.File("out.json"), Stop))!["rows"]!.AsArray();
        double Of(int row, string name) => rows[row]![name]!["mean"]!.GetValue<double>();
        Assert.Equal(RegretLadder.Steps.Select(step => step.Id), rows.Select(row => row!["id"]!.GetValue<string>()));
        Assert.Equal(Of(0, "ofOracle") - Of(5, "ofOracle"), Enumerable.Range(1, 5).Sum(row => Of(row, "lost")), 9);
        Assert.Equal(100, Of(0, "ofImplementable"), 9);
        Assert.Equal(6, rows.Select((_, row) => Of(row, "ofOracle")).Distinct().Count());
        Assert.Contains("O3c", bench.Output, StringComparison.Ordinal);
    }

    private static WorldSettings Settings => new() { Products = 2, HistoryDays = 12, StockRunsOut = false };

    private static double Play(ulong seed, Rung rung) =>
        Episodes.Play(Settings, seed, 30, () => new Rungs(30, rung, null), new EpisodeOptions { BudgetFactor = 3 }, Stop).Days.Sum(day => day.ExpectedProfit);
}

using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Calibration;
using Autonoomi.Lab.Protocol;
using Autonoomi.Lab.Protocol.Commands;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Calibration;

/// <summary>The checks on small worlds; the figures of full ones are in docs/maths/calibration.md.</summary>
public sealed class CalibrationTests
{
    private static readonly IReadOnlyList<CalibrationFigures> Small = [.. new ulong[] { 0, 1, 2 }.Select(seed => CalibrationFigures.Of(new MarketWorld(seed, new WorldSettings { Products = 5 })))];

    [Fact]
    public void Small_ordinary_worlds_look_like_markets() => Assert.All(Small, figures => Assert.Empty(CalibrationRules.Faults(figures)));

    [Fact]
    public void A_figure_outside_its_range_is_told_with_its_value_and_the_range() => Assert.Equal(
        ["ACoS of the account is 90.0 %, wanted 15.0 % to 50.0 %", "credited clicks is 20.0 %, wanted 0.3 % to 3.5 %"],
        CalibrationRules.Faults(Small[0] with { InvalidShare = 0.2, Acos = 0.9 }));

    [Fact]
    public void Figures_are_those_of_the_reports()
    {
        var world = new MarketWorld(3, new WorldSettings { Products = 2, HistoryDays = 40 });
        var rows = world.TargetRows(new(world.FirstDay, world.Today.AddDays(-1)));

        var figures = CalibrationFigures.Of(world);

        Assert.Equal(40, figures.Days);
        Assert.Equal(rows.Sum(row => row.Metrics.Clicks) / 40d, figures.ClicksPerDay, 10);
        Assert.Equal((double)(rows.Sum(row => row.Metrics.Cost) / rows.Sum(row => row.Metrics.Within7Days.Sales)), figures.Acos, 8);
        Assert.Equal(figures.Delay.Order(), figures.Delay);
    }

    [Fact]
    public void A_history_too_short_to_judge_is_refused() =>
        Assert.Throws<ArgumentException>(() => CalibrationFigures.Of(new MarketWorld(3, new WorldSettings { Products = 1, HistoryDays = 5 })));

    [Theory]
    [InlineData(new[] { 1.0, 1, 1, 1 }, 0)]
    [InlineData(new[] { 0.0, 0, 0, 1 }, 0.75)]
    // Half the absolute differences over n² times the mean: (1+2+3+1+2+1) / (16 × 2.5).
    [InlineData(new[] { 4.0, 1, 3, 2 }, 0.25)]
    [InlineData(new double[0], 0)]
    public void Gini_is_as_worked_out_by_hand(double[] amounts, double gini) => Assert.Equal(gini, CalibrationFigures.GiniOf(amounts), 10);

    [Fact]
    public void A_market_is_judged_under_an_ordinary_account_whatever_the_scenario_did_to_the_sellers()
    {
        var launch = new MarketWorld(3, new WorldSettings { Products = 2, HistoryDays = 0, Past = SellerPast.Launch });
        var usual = new MarketWorld(3, new WorldSettings { Products = 2 });

        var judged = CalibrationRules.Judged(launch);

        Assert.Same(usual, CalibrationRules.Judged(usual));
        Assert.Equal((60, SellerPast.Usual, 3UL), (judged.Settings.HistoryDays, judged.Settings.Past, judged.Seed));
    }

    [Fact]
    public async Task The_command_writes_table_json_and_markdown()
    {
        var folder = Directory.CreateTempSubdirectory("calibrate");
        try
        {
            var (json, markdown) = (Path.Combine(folder.FullName, "out.json"), Path.Combine(folder.FullName, "out.md"));
            using var output = new StringWriter();
            using var error = new StringWriter();
            var edge = new LabEdge(output, error, TimeProvider.System, folder.FullName) { Progress = () => new Silent() };

            var code = await LabCommands.InvokeAsync(edge, ["calibrate", "--family", "S2", "--worlds", "1", "--seed", "4", "--json", json, "--markdown", markdown]);

            var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken)).RootElement;
            Assert.True(code is 0 or 1, error.ToString());
            Assert.Equal(4UL, report.GetProperty("figures")[0].GetProperty("seed").GetUInt64());
            Assert.Equal(CalibrationRules.All.Count, report.GetProperty("verdicts").GetArrayLength());
            Assert.All(CalibrationRules.All, rule => Assert.Contains(rule.Name, output.ToString(), StringComparison.Ordinal));
            Assert.Contains("| Gini of spend over targets |", await File.ReadAllTextAsync(markdown, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--seed 5000", "Calibration looks at development seeds")]
    [InlineData("--family S77", "There is no family 'S77'")]
    [InlineData("--modes -1", "--modes is 0 or more")]
    public async Task What_cannot_be_calibrated_is_wrong_usage(string arguments, string message)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(2, await LabCommands.InvokeAsync(new LabEdge(output, error, TimeProvider.System, "."), ["calibrate", "--worlds", "1", .. arguments.Split(' ')]));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_tells_which_worlds_are_left_out_and_which_medians_lie_outside()
    {
        var report = CalibrationReport.Of("S2", 0, [Small[0] with { Acos = 0.6 }, Small[1] with { Acos = 0.45 }, Small[2] with { Acos = 0.3 }]);

        Assert.False(report.Passed);
        Assert.Equal(("ACoS of the account", 0.3, 0.45, 0.6, 1, false), (report.Verdicts[0].Name, report.Verdicts[0].Lowest, report.Verdicts[0].Median, report.Verdicts[0].Highest, report.Verdicts[0].WorldsFailed, report.Verdicts[0].MedianFits));
        Assert.Equal([0UL], report.Unfit.Select(world => world.Seed));
        Assert.Contains("**outside**", report.ToMarkdown(), StringComparison.Ordinal);
    }

    private sealed class Silent : IStudyProgress
    {
        public void Begin(string what, int jobs)
        {
        }

        public void Done(string job)
        {
        }
    }
}

using System.Globalization;
using Autonoomi.Lab.Protocol;
using Spectre.Console;

namespace Autonoomi.Lab.Report;

/// <summary>The study as a person reads it: one table per family, best first, notes below.</summary>
internal static class StudyTable
{
    public static void Print(IAnsiConsole console, StudyReport report)
    {
        var header = report.Header;
        console.WriteLine($"{header.Worlds} worlds a family from seed {header.Seed} ({header.Split}), version {Short(header.Version)}, market {header.Sources.Market}; 95 % intervals over worlds (BCa)");
        foreach (var family in header.Families)
        {
            var rows = report.Rows.Where(row => row.Family == family).OrderByDescending(row => row.PercentOfOracle.Mean).ToList();
            console.WriteLine();
            console.WriteLine($"{family} {Marketplace.Scenarios.Families.Find(family)?.Name}, {rows[0].Worlds} worlds used");
            console.Write(Money(report, rows));
            console.Write(Conduct(rows));
        }

        if (header.Families.Count > 1)
        {
            console.WriteLine();
            foreach (var summary in report.Summaries.OrderByDescending(summary => summary.MeanOfFamilies))
                console.WriteLine($"{summary.Policy}: {Text(summary.MeanOfFamilies)} % of O1 over all families, worst {summary.WorstFamily} with {Text(summary.WorstPercentOfOracle)} %");
        }

        if (report.Notes.Count > 0) console.WriteLine();
        foreach (var note in report.Notes) console.WriteLine(note);
    }

    /// <returns>For example <c>89.7 [88.8, 90.5]</c>.</returns>
    public static string Text(Interval? interval) =>
        interval is null ? "–" : interval.Low is null ? Text(interval.Mean) : $"{Text(interval.Mean)} [{Text(interval.Low.Value)}, {Text(interval.High!.Value)}]";

    public static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static Table Money(StudyReport report, List<Row> rows)
    {
        var hasOurs = report.Comparisons.Count > 0;
        var hasHindsight = rows.Exists(row => row.Hindsight is not null);
        var table = Plain("policy", "% of O1", "% of O2", "last 30 d, % of O1", "median", "5 % quantile", hasOurs ? "ours ahead by" : "ahead of the best other by");
        if (hasHindsight) table.AddColumn(new TableColumn("best target in hindsight").RightAligned());
        foreach (var row in rows)
        {
            List<string> cells =
            [
                row.Policy, Text(row.PercentOfOracle), Text(row.PercentOfImplementable), Text(row.LastThirtyDays), Text(row.Median), Text(row.FivePercentQuantile),
                hasOurs ? Ahead(report.Comparisons.FirstOrDefault(comparison => comparison.Family == row.Family && comparison.Over == row.Policy))
                : row.Advantage is { } advantage ? $"{Text(new Interval(advantage.Mean, advantage.Low, advantage.High))} ({advantage.Over})" : "–",
            ];
            if (hasHindsight) cells.Add(Text(row.Hindsight));
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static Table Conduct(List<Row> rows)
    {
        var table = Plain("policy", "target", "actions a day", "breaches", "failed writes", "day at 80 % / 90 % of O2", "blocked of avoided", "harvest precision / recall", "stock-out days", "spend of cap", "ACoS error", "CPU s a day, 10,000 targets");
        foreach (var row in rows)
        {
            table.AddRow([.. new[]
            {
                row.Policy,
                row.Target is { } target ? $"{target.ToString("0.##", CultureInfo.InvariantCulture)}{(row.Pooled ? " pooled" : "")}" : "–",
                Text(row.ActionsPerDay), row.Breaches?.ToString(CultureInfo.InvariantCulture) ?? "–", row.Failures.ToString(CultureInfo.InvariantCulture),
                $"{row.DaysTo80?.ToString(CultureInfo.InvariantCulture) ?? "–"} / {row.DaysTo90?.ToString(CultureInfo.InvariantCulture) ?? "–"}",
                Share(row.BlockedOfAvoided), $"{Share(row.HarvestPrecision)} / {Share(row.HarvestRecall)}", Text(row.StockOutDays), Share(row.SpendOfCap), Share(row.AcosError), row.CpuSecondsPer10000Targets.ToString("0.00", CultureInfo.InvariantCulture),
            }.Select(cell => new Text(cell))]);
        }

        return table;
    }

    // Ten letters of the commit are enough for a person.
    private static string Short(string version) => version.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && version.Length > plus + 11 ? version[..(plus + 11)] : version;

    private static string Share(double? share) => share is { } value ? $"{Text(100 * value)} %" : "–";

    // A star where superiority holds after the correction for all comparisons of the study.
    private static string Ahead(Comparison? comparison) =>
        comparison is null ? "–" : Text(new Interval(comparison.Mean, comparison.Low, comparison.High)) + (comparison.Superior ? " *" : "");

    private static Table Plain(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (place, column) in columns.Index()) table.AddColumn(place == 0 ? new TableColumn(column) : new TableColumn(column).RightAligned());
        return table;
    }
}

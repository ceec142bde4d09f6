using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.Benchmarks;

const string Usage = """
    usage: ./run bench [workspace|ingest|market|decide|searches|grid] [--rows N] [--json FILE]

      workspace   open 2 million fact rows from cold: prove, decrypt, decode, group by target; against the same rows in plain SQLite
      ingest      gzip JSON search-term report of 1 million rows into the vault; against gunzip alone and against DuckDB's read_json
      market      120 days of the pretend market with 3,000 and 50,000 targets; against a counter-based draw per cell and hour alone
      decide      one decision for 50,000 targets and 500,000 search terms; against one pass that sums all facts
      searches    the ranking of all searches of Brand Analytics, a gigabyte of it, through the client: how much memory it takes
      grid        the sheet of 100,000 targets over 60 days: the server's part, and what a person waits for in a real browser
      (none)      all of them

      --rows N    another number of rows (of targets in the market, in decide and in the grid), for a quick look
      --json FILE results as JSON

    Exit codes: 0 every goal met, 1 a goal missed or a failure, 2 wrong usage.
    """;

var all = new Dictionary<string, Func<int?, CancellationToken, Task<IReadOnlyList<BenchResult>>>>(StringComparer.Ordinal)
{
    ["workspace"] = WorkspaceBenchmark.RunAsync,
    ["ingest"] = IngestBenchmark.RunAsync,
    ["market"] = MarketBenchmark.RunAsync,
    ["decide"] = DecideBenchmark.RunAsync,
    ["searches"] = SearchesBenchmark.RunAsync,
    ["grid"] = GridBenchmark.RunAsync,
};
if (args is [Contestant.Word, "ingest", .. var competing])
{
    await IngestBenchmark.CompeteAsync(competing, CancellationToken.None);
    return 0;
}

if (args is [Contestant.Word, "market", .. var size])
{
    await MarketBenchmark.CompeteAsync(size);
    return 0;
}

if (args is [Contestant.Word, "decide", .. var decision])
{
    await DecideBenchmark.CompeteAsync(decision);
    return 0;
}

if (args is [Contestant.Word, "searches", .. var ranking])
{
    await SearchesBenchmark.CompeteAsync(ranking, CancellationToken.None);
    return 0;
}

var names = new List<string>();
string? json = null;
int? rows = null;
for (var at = 0; at < args.Length; at++)
{
    switch (args[at])
    {
        case "--help" or "-h":
            Console.WriteLine(Usage);
            return 0;
        case "--json" when at + 1 < args.Length:
            json = args[++at];
            break;
        case "--rows" when at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var wanted) && wanted is >= 1_000 and <= 20_000_000:
            rows = wanted;
            at++;
            break;
        case var name when all.ContainsKey(name):
            names.Add(name);
            break;
        default:
            await Console.Error.WriteLineAsync($"'{args[at]}' is not understood here.");
            await Console.Error.WriteLineAsync(Usage);
            return 2;
    }
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    var results = new List<BenchResult>();
    foreach (var name in names.Count == 0 ? [.. all.Keys] : names)
    {
        await Console.Error.WriteLineAsync($"{name} …");
        results.AddRange(await all[name](rows, stop.Token));
    }

    Console.WriteLine($"{"name",-34} {"value",9} {"baseline",9} {"ratio",7} {"goal",7} {"met",4} {"peak MB",8}  baseline");
    foreach (var result in results)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Name,-34} {result.Value,7:0.000} {result.Unit} {result.BaselineValue,7:0.000} {result.Unit} {result.Ratio,7:0.00} {result.Goal,7:0.00} {(result.Met ? "yes" : "NO"),4} {result.PeakMemoryMegabytes,8}  {result.Baseline}"));
    if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new BenchReport(results), BenchJson.Default.BenchReport), stop.Token);
    return results.TrueForAll(result => result.Met) ? 0 : 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 1;
}

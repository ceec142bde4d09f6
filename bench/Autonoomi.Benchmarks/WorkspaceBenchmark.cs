using System.IO;
using System.Runtime.InteropServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;

namespace Autonoomi.Benchmarks;

/// <summary>Opening a workspace from cold: fetch, prove, decrypt and decode every row, then sum by target; against plain rows in the same SQLite.</summary>
internal static class WorkspaceBenchmark
{
    private const int Days = 90;
    private const int Rounds = 5;
    private static readonly StorefrontId Shop = new(1);
    private static readonly DateOnly LastDay = new(2026, 11, 1);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        using var store = new BenchStore();
        var vaults = await store.CreateAsync(cancellationToken);
        var plain = Path.Combine(store.Folder, "plain.db");
        var rows = await FillAsync(vaults, store.Seller, plain, (wanted ?? 2_000_000) / Days, cancellationToken);
        var ours = new List<Timing>();
        var theirs = new List<Timing>();

        // The first round warms the compiler up on both sides and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            var (mine, sqlite) = (0L, 0L);
            var timing = await Bench.TimeAsync(async () => mine = await OpenAsync(store, cancellationToken));
            var baseline = await Bench.TimeAsync(() => Task.FromResult(sqlite = GroupBySqlite(plain)));
            if (mine != sqlite) throw new InvalidOperationException($"The two sums differ ({mine}, {sqlite}): something was not measured.");
            if (round == 0) continue;
            ours.Add(timing);
            theirs.Add(baseline);
        }

        await Console.Error.WriteLineAsync($"  {rows:N0} rows; sealed {new FileInfo(Path.Combine(store.Folder, "vault.db")).Length / (double)rows:0.0} bytes a row, plain {new FileInfo(plain).Length / (double)rows:0.0}");
        await Bench.NoteAsync("plain SQLite", Bench.Median(ours), Bench.Median(theirs));
        return [BenchResult.Faster("workspace", "plain SQLite rows, GROUP BY", Bench.Median(ours), Bench.Median(theirs), goal: 4)];
    }

    private static async Task<long> OpenAsync(BenchStore store, CancellationToken cancellationToken)
    {
        var vault = await store.FromCold().OpenAsync(store.Seller, Purpose.Run, cancellationToken);
        var facts = await vault.ReadAsync(Dataset.TargetDay, Shop, null, cancellationToken);
        return Checksum(facts);
    }

    private static long Checksum(FactTable facts)
    {
        var targets = facts.Longs("target_id");
        var impressions = facts.Longs("impressions");
        var clicks = facts.Longs("clicks");
        var cost = facts.Longs("cost");
        var orders = facts.Longs("orders");
        var sales = facts.Longs("sales");
        var slots = new Dictionary<long, int>(50_000);
        var sums = new long[5 * 64];
        for (var row = 0; row < targets.Length; row++)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(slots, targets[row], out var known);
            if (!known)
            {
                slot = (slots.Count - 1) * 5;
                if (slot + 5 > sums.Length) Array.Resize(ref sums, sums.Length * 2);
            }

            var sum = sums.AsSpan(slot, 5);
            sum[0] += impressions[row];
            sum[1] += clicks[row];
            sum[2] += cost[row];
            sum[3] += orders[row];
            sum[4] += sales[row];
        }

        return sums.Sum() + slots.Count;
    }

    private static long GroupBySqlite(string file)
    {
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT target_id, SUM(impressions), SUM(clicks), SUM(cost), SUM(orders), SUM(sales) FROM target_day GROUP BY target_id";
        using var reader = command.ExecuteReader();
        var sum = 0L;
        while (reader.Read()) sum += 1 + reader.GetInt64(1) + reader.GetInt64(2) + reader.GetInt64(3) + reader.GetInt64(4) + reader.GetInt64(5);
        return sum;
    }

    /// <summary>Writes the same rows into the vault and into plain SQLite, ten days at a time.</summary>
    private static async Task<int> FillAsync(SellerVaults vaults, SellerId seller, string plain, int targets, CancellationToken cancellationToken)
    {
        var random = new Random(1);

        // About 20 targets to an ad group and 4 ad groups to a campaign, as sellers build them.
        var groups = Enumerable.Range(0, targets / 20 + 1).Select(_ => random.NextInt64(1L << 47, 1L << 49)).ToArray();
        var campaigns = Enumerable.Range(0, groups.Length / 4 + 1).Select(_ => random.NextInt64(1L << 47, 1L << 49)).ToArray();
        var ids = Enumerable.Range(0, targets).Select(number => (Campaign: campaigns[number / 80], Group: groups[number / 20], Target: random.NextInt64(1L << 47, 1L << 49))).ToArray();
        var vault = await vaults.OpenAsync(seller, Purpose.Run, cancellationToken);
        using var connection = new SqliteConnection($"Data Source={plain}");
        await connection.OpenAsync(cancellationToken);
        Execute(connection, """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE target_day(day INTEGER, campaign_id INTEGER, ad_group_id INTEGER, target_id INTEGER, impressions INTEGER, clicks INTEGER, cost INTEGER, orders INTEGER, units INTEGER, sales INTEGER);
            """);
        for (var begin = 0; begin < Days; begin += 10)
        {
            var builder = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay));
            for (var day = begin; day < begin + 10; day++)
                foreach (var (campaign, group, target) in ids)
                {
                    var impressions = (long)(-Math.Log(1 - random.NextDouble()) * 120);
                    var clicks = random.NextInt64(impressions / 60 + 1);
                    var orders = clicks > 4 ? random.NextInt64(clicks / 4) : 0;
                    builder.Day(LastDay.AddDays(day - Days + 1)).Long(campaign).Long(group).Long(target)
                        .Long(impressions).Long(clicks).Long(clicks * random.NextInt64(30, 240) * 10_000).Long(orders).Long(orders).Long(orders * 24_990_000);
                }

            var table = builder.Build();
            await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, Shop, new(LastDay.AddDays(begin - Days + 1), LastDay.AddDays(begin - Days + 10)), table), cancellationToken);
            Insert(connection, table);
        }

        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return targets * Days;
    }

    private static void Insert(SqliteConnection connection, FactTable table)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        var names = table.Schema.Columns.Select((_, index) => $"${index}").ToArray();
        command.CommandText = $"INSERT INTO target_day VALUES ({string.Join(',', names)})";
        var parameters = names.Select(name => command.Parameters.Add(name, SqliteType.Integer)).ToArray();
        for (var row = 0; row < table.Rows; row++)
        {
            for (var column = 0; column < parameters.Length; column++)
                parameters[column].Value = table[column] is LongColumn numbers ? numbers.Values[row] : ((IntColumn)table[column]).Values[row];
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

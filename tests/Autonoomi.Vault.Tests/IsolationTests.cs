using System.Diagnostics;
using System.Globalization;
using System.Transactions;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Autonoomi.Vault.Tests;

/// <summary>
/// Twenty thousand units of work for four sellers, sixteen at a time over four pooled connections, in an order that a seed draws: whatever one reads is its
/// own seller's. The same hammer is run over ways that are known to leak, and finds them.
/// </summary>
public sealed class IsolationTests
{
    private const int Units = 20_000;
    private const int Connections = 4;
    private const int AtOnce = 16;
    private const int Sellers = 4;
    private const int RecordsEach = 3;
    private const string Kind = "score";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    [Promise("P-4-b", "P-4-o", "P-8-d")]
    public async Task Twenty_thousand_concurrent_units_see_no_foreign_row(Engine engine)
    {
        await using var house = await House.StartAsync(engine);

        var (read, foreign, refused, seconds) = await HammerAsync(house, Units, house.UnitAsync);

        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"isolation on {engine}: {Units:N0} units of {Sellers} sellers, {read:N0} rows read, {foreign} foreign, {refused:N0} attempts on foreign rows came to nothing, {seconds:0} s"));
        Assert.Equal(0, foreign);
        Assert.True(read > Units, $"only {read} rows were read");
        Assert.True(refused > Units / 100, $"only {refused} attempts were made");
    }

    [Fact]
    public async Task A_setting_that_outlives_its_use_is_found()
    {
        await using var house = await House.StartAsync(Engine.Postgres);

        // As it must not be done: for the session, on a pool that hands connections on as they are.
        var leaky = new NpgsqlConnectionStringBuilder(house.Connection!) { NoResetOnClose = true, ApplicationName = "leaky" }.ToString();
        var (_, foreign, _, _) = await HammerAsync(house, 2_000, async (mine, random) =>
        {
            await using var connection = new NpgsqlConnection(leaky);
            await connection.OpenAsync(Cancel);

            // Every other unit forgets to say whose it is, and sees what the last user saw.
            if (random.Next(2) == 0) await ExecuteAsync(connection, $"select set_config('app.seller', '{mine}', false)");
            return (await SellersAsync(connection), 0);
        });

        Assert.True(foreign > 100, $"the hammer saw {foreign} foreign rows of a way that leaks");
    }

    [Fact]
    public async Task A_setting_in_an_ambient_transaction_is_found()
    {
        await using var house = await House.StartAsync(Engine.Postgres);
        var foreign = 0;
        for (var round = 0; round < 50; round++)
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await using (var first = new NpgsqlConnection(house.Connection))
            {
                await first.OpenAsync(Cancel);
                await ExecuteAsync(first, $"select set_config('app.seller', '{house.All[0]}', false)");
            }

            // Closed and opened again within one ambient transaction it is the same connection, not reset: Npgsql 4451. The vault never enlists.
            await using var second = new NpgsqlConnection(house.Connection);
            await second.OpenAsync(Cancel);
            foreign += (await SellersAsync(second)).Count(seller => seller != house.All[1].Value);
        }

        Assert.True(foreign > 0);
        await using var db = house.OpenDb();
        Assert.Contains("Enlist=False", db.Database.GetConnectionString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_table_without_its_policy_is_found()
    {
        await using var house = await House.StartAsync(Engine.Postgres);
        await using (var db = house.OpenAsIntruder()) await db.Database.ExecuteSqlRawAsync("alter table record disable row level security", Cancel);

        var (_, foreign, _, _) = await HammerAsync(house, 500, house.UnitAsync);

        Assert.True(foreign > 100, $"the hammer saw {foreign} foreign rows without a policy");
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task A_vault_that_is_handed_to_another_seller_is_found(Engine engine)
    {
        await using var house = await House.StartAsync(engine);

        var (_, foreign, _, _) = await HammerAsync(house, 500, (mine, random) => house.ThroughVaultAsync(random.Next(50) == 0 ? house.All[(house.IndexOf(mine) + 1) % Sellers] : mine));

        Assert.True(foreign > 0);
    }

    /// <returns>Rows read, those of another seller than the unit's, attempts on foreign rows that came to nothing, and the seconds it took.</returns>
    private static async Task<(long Read, long Foreign, long Refused, double Seconds)> HammerAsync(House house, int units, Func<SellerId, Random, Task<(IReadOnlyList<Guid> Seen, int Refused)>> unit)
    {
        var (read, foreign, refused) = (0L, 0L, 0L);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, units), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel }, async (number, _) =>
        {
            var random = new Random(number);
            var mine = house.All[random.Next(Sellers)];
            var (seen, came) = await unit(mine, random);
            Interlocked.Add(ref read, seen.Count);
            Interlocked.Add(ref foreign, seen.Count(seller => seller != mine.Value));
            Interlocked.Add(ref refused, came);
        });
        return (read, foreign, refused, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<IReadOnlyList<Guid>> SellersAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select seller from record", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var sellers = new List<Guid>();
        while (await reader.ReadAsync(Cancel)) sellers.Add(reader.GetGuid(0));
        return sellers;
    }

    /// <summary>Four sellers with four notes each, every note with its seller's id; on PostgreSQL over four connections.</summary>
    private sealed class House : IAsyncDisposable
    {
        private readonly Store store;
        private readonly Func<VaultTestDb> open;
        private readonly Dictionary<SellerId, SellerVault> vaults = [];

        private House(Store store)
        {
            this.store = store;
            using var db = store.OpenDb();
            if (store.Engine == Engine.Postgres)
            {
                Connection = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { MaxPoolSize = Connections, Enlist = true }.ToString();
                open = () => new VaultTestDb(VaultEngine.ConfigurePostgres(new DbContextOptionsBuilder<VaultTestDb>(), Connection).Options);
            }
            else
            {
                open = store.OpenDb;
            }
        }

        public string? Connection { get; }

        public List<SellerId> All { get; } = [];

        public static async Task<House> StartAsync(Engine engine)
        {
            var house = new House(await Store.StartAsync(engine, cancellationToken: Cancel));
            var doors = new SellerVaults(house.open, house.store.Keys);
            for (var number = 0; number < Sellers; number++)
            {
                var seller = await house.store.NewSellerAsync(Cancel);
                house.All.Add(seller);
                var vault = house.vaults[seller] = await doors.OpenAsync(seller, Purpose.Run, Cancel);
                var write = new VaultWrite();
                for (var note = 0; note < RecordsEach; note++) write.Put(Kind, $"n{note}", new Note(seller.ToString(), note), TestJson.Default.Note, "new");
                write.Put(Kind, $"own-{seller}", new Note(seller.ToString(), 0), TestJson.Default.Note, "new");
                await vault.CommitAsync(write, Cancel);
            }

            return house;
        }

        public VaultTestDb OpenDb() => open();

        public VaultTestDb OpenAsIntruder() => store.OpenAsIntruder();

        public int IndexOf(SellerId seller) => All.IndexOf(seller);

        /// <summary>What the product does, in many moods: reads through the vault, raw reads, units that are abandoned or fail, attempts on others' rows, and units that forget to say whose they are.</summary>
        public async Task<(IReadOnlyList<Guid> Seen, int Refused)> UnitAsync(SellerId mine, Random random)
        {
            var mood = random.Next(200);
            if (mood < 10)
            {
                try
                {
                    await vaults[mine].CommitAsync(new VaultWrite().Put(Kind, $"n{random.Next(RecordsEach)}", new Note(mine.ToString(), random.Next()), TestJson.Default.Note, "new"), Cancel);
                }
                catch (VaultConflictException)
                {
                    // Another unit of the same seller was first.
                }

                return ([], 0);
            }

            if (store.Engine == Engine.Sqlite || mood < 80) return mood is >= 10 and < 20 ? await StealAsync(mine) : await ThroughVaultAsync(mine);
            await using var db = open();
            if (mood < 90) return (await SellersAsync(db), 1); // outside a transaction nobody is anybody
            if (mood < 100)
            {
                await using var nobody = await db.Database.BeginTransactionAsync(Cancel);
                return (await SellersAsync(db), 1);
            }

            await using var transaction = await VaultEngine.BeginAsync(db, mine, write: mood < 120, Cancel);
            if (mood < 110)
            {
                var other = All[(IndexOf(mine) + 1) % Sellers].Value;
                var changed = await db.Records.Where(row => row.Seller == other).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, "stolen"), Cancel);
                return (Enumerable.Repeat(other, changed).ToList(), 1);
            }

            var seen = await SellersAsync(db);
            if (mood < 115)
            {
                // A unit that dies with an error leaves its connection to the pool in the middle of a failed transaction.
                await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync("select 1/0", Cancel));
                return (seen, 0);
            }

            if (mood < 150) await transaction.CommitAsync(Cancel);
            return (seen, 0);
        }

        public async Task<(IReadOnlyList<Guid> Seen, int Refused)> ThroughVaultAsync(SellerId whose) =>
            ([.. (await vaults[whose].RecordsAsync(Kind, TestJson.Default.Note, null, Cancel)).Select(record => Guid.Parse(record.Value.Text))], 0);

        public ValueTask DisposeAsync()
        {
            if (Connection is not null)
            {
                using var db = open();
                NpgsqlConnection.ClearPool((NpgsqlConnection)db.Database.GetDbConnection());
                using var plain = new NpgsqlConnection(Connection);
                NpgsqlConnection.ClearPool(plain);
            }

            return store.DisposeAsync();
        }

        /// <summary>Asks for a note that only another seller has.</summary>
        private async Task<(IReadOnlyList<Guid> Seen, int Refused)> StealAsync(SellerId mine)
        {
            var other = All[(IndexOf(mine) + 1) % Sellers];
            return await vaults[mine].RecordAsync(Kind, $"own-{other}", TestJson.Default.Note, Cancel) is { } stolen ? ([Guid.Parse(stolen.Text)], 0) : ([], 1);
        }

        private static async Task<IReadOnlyList<Guid>> SellersAsync(VaultTestDb db) =>
            await db.Database.SqlQueryRaw<Guid>("select seller as \"Value\" from record union all select seller from segment").ToListAsync(Cancel);
    }
}

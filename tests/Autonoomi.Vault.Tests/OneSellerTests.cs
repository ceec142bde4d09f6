using System.Data.Common;
using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Autonoomi.Vault.Tests;

/// <summary>Every statement that the vault sends about rows of sellers names one seller: there is none that could add up over two.</summary>
public sealed partial class OneSellerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-4-b", "P-4-o", "P-6-g", "P-8-d")]
    public async Task Every_statement_about_rows_of_sellers_names_one_seller()
    {
        await using var store = await Store.StartAsync(Engine.Sqlite, cancellationToken: Cancel);
        var sent = new Sent();
        var vaults = new SellerVaults(() => Listening(store, sent), store.Keys);
        SellerId[] sellers = [new(Guid.NewGuid()), new(Guid.NewGuid())];
        foreach (var seller in sellers)
        {
            await vaults.CreateAsync(seller, Cancel);
            var vault = await vaults.OpenAsync(seller, Purpose.Run, Cancel);
            for (var turn = 0; turn < 2; turn++)
                await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, Facts.Shop, Facts.Days(3), Facts.Table(Dataset.TargetDay, 3, 4, seed: turn))
                    .ReplaceSnapshot(Dataset.Listing, Facts.Shop, Facts.Table(Dataset.Listing, 1, 3, seed: turn))
                    .Put("score", "1", new Note("one", turn), TestJson.Default.Note, "new").Put("cost", $"{turn}", new Note("two", turn), TestJson.Default.Note, "new"), Cancel);
        }

        foreach (var seller in sellers)
        {
            // Another process, which has nothing in memory.
            var fresh = new SellerVaults(() => Listening(store, sent), store.Keys);
            var vault = await fresh.OpenAsync(seller, Purpose.Run, Cancel);
            Assert.Equal(12, (await vault.ReadAsync(Dataset.TargetDay, Facts.Shop, null, Cancel)).Rows);
            Assert.Equal(4, (await vault.ReadAsync(Dataset.TargetDay, Facts.Shop, Facts.Days(1), Cancel)).Rows);
            Assert.NotNull(await vault.RecordAsync("score", "1", TestJson.Default.Note, Cancel));
            Assert.Equal(2, (await vault.RecordsAsync("cost", TestJson.Default.Note, null, Cancel)).Count);
            await vault.CommitAsync(new VaultWrite().Delete("cost", "0"), Cancel);
            await fresh.RotateAsync(seller, null, Cancel);
            Assert.True(await fresh.ProveAsync(seller, Cancel) > 0);
        }

        await vaults.ShredAsync(sellers[0], Cancel);

        Assert.True(sent.Statements.Count > 40, $"only {sent.Statements.Count} statements were seen");
        Assert.Empty(sent.Statements.SelectMany(statement => Faults(statement, sellers)));
    }

    [Fact]
    public async Task A_statement_over_several_sellers_is_found()
    {
        await using var store = await Store.StartAsync(Engine.Sqlite, cancellationToken: Cancel);
        var sent = new Sent();
        SellerId[] sellers = [new(Guid.NewGuid()), new(Guid.NewGuid())];
        var ids = sellers.Select(seller => seller.Value).ToArray();
        await using var db = Listening(store, sent);
        _ = await db.Segments.SumAsync(row => row.Rows, Cancel);
        _ = await db.Records.GroupBy(row => row.Kind).Select(group => group.Count()).ToListAsync(Cancel);
        _ = await db.Segments.Where(row => ids.Contains(row.Seller)).SumAsync(row => row.Rows, Cancel);
        _ = await (from record in db.Records join other in db.Records on record.Kind equals other.Kind where record.Seller == ids[0] && other.Seller == ids[1] select record.Kind).ToListAsync(Cancel);

        Assert.Equal(4, sent.Statements.Count(statement => Faults(statement, sellers).Any()));
    }

    private static VaultTestDb Listening(Store store, Sent sent) =>
        new(VaultEngine.ConfigureSqlite(new DbContextOptionsBuilder<VaultTestDb>(), Path.Combine(store.Data, "autonoomi.db")).AddInterceptors(sent).Options);

    private static IEnumerable<string> Faults((string Text, string[] Values) statement, SellerId[] sellers)
    {
        if (!Rows().IsMatch(statement.Text)) yield break;
        var named = sellers.Where(seller => statement.Values.Contains(seller.Value.ToString(), StringComparer.OrdinalIgnoreCase)).ToList();
        if (named.Count != 1) yield return $"{named.Count} sellers are named: {statement.Text}";
        if (!statement.Text.StartsWith("INSERT", StringComparison.Ordinal) && !OfOne().IsMatch(statement.Text)) yield return $"its rows are not those of one seller: {statement.Text}";
    }

    /// <summary>What was sent, with its values as text.</summary>
    private sealed class Sent : DbCommandInterceptor
    {
        public List<(string Text, string[] Values)> Statements { get; } = [];

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => Keep(command, result);

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => Keep(command, result);

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => Keep(command, result);

        private ValueTask<InterceptionResult<T>> Keep<T>(DbCommand command, InterceptionResult<T> result)
        {
            lock (Statements) Statements.Add((command.CommandText.Trim(), [.. command.Parameters.Cast<DbParameter>().Select(parameter => parameter.Value?.ToString() ?? "")]));
            return ValueTask.FromResult(result);
        }
    }

    // The tables whose rows hold what a seller or Amazon said.
    [GeneratedRegex("\"(?:segment|record)\"")]
    private static partial Regex Rows();

    [GeneratedRegex("\"seller\" = @")]
    private static partial Regex OfOne();
}

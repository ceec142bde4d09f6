using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;

namespace Autonoomi.Vault.Tests;

public abstract class RoundTripTests(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_dataset_reads_back_as_it_was_written()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var written = Enum.GetValues<Dataset>().ToDictionary(dataset => dataset, dataset => Facts.Table(dataset, days: 5, rows: 300, seed: (int)dataset));
        var write = new VaultWrite();
        foreach (var (dataset, table) in written)
            _ = table.Schema.IsDaily ? write.ReplaceDays(dataset, Facts.Shop, Facts.Days(5), table) : write.ReplaceSnapshot(dataset, Facts.Shop, table);
        await (await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel)).CommitAsync(write, Cancel);

        store.Restart();

        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        foreach (var (dataset, table) in written) Facts.AssertEqual(table, await vault.ReadAsync(dataset, Facts.Shop, null, Cancel));
    }

    [Fact]
    public async Task Only_the_days_asked_for_are_read()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, Facts.Shop, Facts.Days(40), Facts.Table(Dataset.TargetDay, 40, 3, 1)), Cancel);

        var read = await vault.ReadAsync(Dataset.TargetDay, Facts.Shop, new(Facts.Day.AddDays(-6), Facts.Day.AddDays(-2)), Cancel);

        Assert.Equal(15, read.Rows);
        Assert.Equal(Enumerable.Range(-6, 5).Select(offset => Facts.Day.AddDays(offset).DayNumber), read.Ints("day").ToArray().Distinct());
        Assert.Equal(0, (await vault.ReadAsync(Dataset.TargetDay, new StorefrontId(8), null, Cancel)).Rows);
    }

    [Fact]
    public async Task Writing_the_same_days_again_replaces_them_and_leaves_the_others()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);
        var first = Facts.Table(Dataset.SearchTermDay, 10, 20, 1);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchTermDay, Facts.Shop, Facts.Days(10), first), Cancel);
        var restated = Facts.Table(Dataset.SearchTermDay, 3, 25, 2);

        for (var time = 0; time < 3; time++)
            await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchTermDay, Facts.Shop, Facts.Days(3), restated), Cancel);

        var read = await vault.ReadAsync(Dataset.SearchTermDay, Facts.Shop, null, Cancel);
        Assert.Equal([.. Facts.Text(first)[..(7 * 20)], .. Facts.Text(restated)], Facts.Text(read));
    }

    [Fact]
    public async Task Days_taken_in_parts_read_back_in_order_and_are_restated_as_a_whole()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        FactTable[] parts = [.. Enumerable.Range(0, 7).Select(part => Facts.Table(Dataset.SearchTermDay, days: 3, rows: 40, seed: part))];
        using (var staged = await StagedDays.TakeAsync(Dataset.SearchTermDay, Facts.Shop, Facts.Days(4), parts.ToAsyncEnumerable(), Cancel))
        {
            Assert.Equal(7 * 3 * 40, staged.Rows);
            var sums = await staged.SumAsync(Cancel);
            foreach (var column in new[] { "impressions", "clicks", "cost" }) Assert.Equal(parts.Sum(part => part.Longs(column).ToArray().Sum()), sums[column]);
            await vault.CommitAsync(new VaultWrite().ReplaceDays(staged), Cancel);
        }

        store.Restart();

        vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var expected = Enumerable.Range(0, 3).SelectMany(day => parts.SelectMany(part => Facts.Text(part)[(day * 40)..((day + 1) * 40)])).ToArray();
        Assert.Equal(expected, Facts.Text(await vault.ReadAsync(Dataset.SearchTermDay, Facts.Shop, null, Cancel)));

        // The last two days in fewer parts, twice: what is no longer there goes, the day before stays.
        FactTable[] fewer = [.. parts.Take(2).Select(_ => Facts.Table(Dataset.SearchTermDay, days: 2, rows: 5, seed: 9))];
        for (var time = 0; time < 2; time++)
        {
            using var staged = await StagedDays.TakeAsync(Dataset.SearchTermDay, Facts.Shop, Facts.Days(2), fewer.ToAsyncEnumerable(), Cancel);
            await vault.CommitAsync(new VaultWrite().ReplaceDays(staged), Cancel);
        }

        store.Restart();
        vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var restated = Enumerable.Range(0, 2).SelectMany(day => fewer.SelectMany(part => Facts.Text(part)[(day * 5)..((day + 1) * 5)]));
        var read = await vault.ReadAsync(Dataset.SearchTermDay, Facts.Shop, null, Cancel);
        Assert.Equal([.. expected[..(7 * 40)], .. restated], Facts.Text(read));
    }

    [Fact]
    public async Task Parts_outside_the_covered_days_or_of_another_dataset_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StagedDays.TakeAsync(Dataset.SkuDay, Facts.Shop, Facts.Days(2), new[] { Facts.Table(Dataset.SkuDay, 3, 1, 1) }.ToAsyncEnumerable(), Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => StagedDays.TakeAsync(Dataset.SkuDay, Facts.Shop, Facts.Days(2), new[] { Facts.Table(Dataset.TargetDay, 1, 1, 1) }.ToAsyncEnumerable(), Cancel));
    }

    [Fact]
    public async Task A_covered_day_without_rows_becomes_empty()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SkuDay, Facts.Shop, Facts.Days(4), Facts.Table(Dataset.SkuDay, 4, 2, 1)), Cancel);

        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SkuDay, Facts.Shop, Facts.Days(3), Facts.Table(Dataset.SkuDay, 1, 2, 5)), Cancel);

        var days = (await vault.ReadAsync(Dataset.SkuDay, Facts.Shop, null, Cancel)).Ints("day").ToArray().Distinct();
        Assert.Equal([Facts.Day.AddDays(-3).DayNumber, Facts.Day.DayNumber], days);
    }

    [Fact]
    public async Task An_empty_snapshot_and_a_snapshot_after_it_read_back()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);

        await vault.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Campaign, Facts.Shop, FactTable.Empty(Dataset.Campaign)), Cancel);
        Assert.Equal(0, (await vault.ReadAsync(Dataset.Campaign, Facts.Shop, null, Cancel)).Rows);

        var campaigns = Facts.Table(Dataset.Campaign, 1, 12, 3);
        await vault.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Campaign, Facts.Shop, campaigns), Cancel);
        Facts.AssertEqual(campaigns, await vault.ReadAsync(Dataset.Campaign, Facts.Shop, null, Cancel));
    }

    [Fact]
    public async Task Records_are_put_changed_listed_by_state_and_deleted()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var due = new DateTimeOffset(2026, 11, 2, 3, 4, 5, 678, TimeSpan.FromHours(2));
        await vault.CommitAsync(new VaultWrite()
            .Put("proposal", "a", new Note("first", 1), TestJson.Default.Note, "open", due)
            .Put("proposal", "b", new Note("zwölf \"%", 2), TestJson.Default.Note, "open")
            .Put("cost", "a", new Note("other kind", 3), TestJson.Default.Note, "current"), Cancel);
        await vault.CommitAsync(new VaultWrite().Put("proposal", "a", new Note("again", 4), TestJson.Default.Note, "approved", due).Delete("cost", "a").Delete("cost", "never"), Cancel);

        store.Restart();

        var reader = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);
        var all = await reader.RecordsAsync("proposal", TestJson.Default.Note, null, Cancel);
        Assert.Equal([new("b", "open", null, 1, new("zwölf \"%", 2)), new VaultRecord<Note>("a", "approved", due, 2, new("again", 4))], all);
        Assert.Equal("b", Assert.Single(await reader.RecordsAsync("proposal", TestJson.Default.Note, "open", Cancel)).Id);
        Assert.Equal(new Note("again", 4), await reader.RecordAsync("proposal", "a", TestJson.Default.Note, Cancel));
        Assert.Null(await reader.RecordAsync("cost", "a", TestJson.Default.Note, Cancel));
        Assert.Empty(await reader.RecordsAsync("cost", TestJson.Default.Note, null, Cancel));
    }

    [Fact]
    public async Task Control_rows_commit_with_the_data_or_not_at_all()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);
        var vault = await store.Vaults.OpenAsync(await store.NewSellerAsync(Cancel), Purpose.Run, Cancel);

        await vault.CommitAsync(new VaultWrite().Put("score", "1", new Note("kept", 1), TestJson.Default.Note, "new").Also(Step(1)), Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => vault.CommitAsync(new VaultWrite()
            .Put("score", "2", new Note("lost", 2), TestJson.Default.Note, "new").Also(Step(2)).Also((_, _) => throw new InvalidOperationException("refused")), Cancel));

        await using var db = store.OpenDb();
        Assert.Equal([1], db.Steps.Select(step => step.Id).ToArray());
        Assert.Equal(1, Assert.Single(await vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel)).Value.Number);
    }

    [Fact]
    public async Task Rows_outside_the_covered_days_are_refused_before_anything_is_written()
    {
        await using var store = await Store.StartAsync(engine, cancellationToken: Cancel);

        Assert.Throws<ArgumentException>(() => new VaultWrite().ReplaceDays(Dataset.SkuDay, Facts.Shop, Facts.Days(2), Facts.Table(Dataset.SkuDay, 3, 1, 1)));
        Assert.Throws<ArgumentException>(() => new VaultWrite().ReplaceSnapshot(Dataset.SkuDay, Facts.Shop, Facts.Table(Dataset.SkuDay, 3, 1, 1)));
        Assert.Throws<ArgumentException>(() => new VaultWrite().ReplaceDays(Dataset.Campaign, Facts.Shop, Facts.Days(2), Facts.Table(Dataset.Campaign, 1, 1, 1)));
        Assert.Throws<ArgumentException>(() => new VaultWrite().Put("Cost of B0TEST", "1", new Note("", 1), TestJson.Default.Note, "open"));
    }

    private static Func<VaultDb, CancellationToken, Task> Step(int id) => (db, _) =>
    {
        db.Add(new StepRow { Id = id, Name = "import" });
        return Task.CompletedTask;
    };
}

public sealed class SqliteRoundTripTests() : RoundTripTests(Engine.Sqlite);

public sealed class PostgresRoundTripTests() : RoundTripTests(Engine.Postgres);

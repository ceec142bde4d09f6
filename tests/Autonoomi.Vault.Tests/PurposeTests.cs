using Autonoomi.Core.Facts;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.Vault.Tests;

/// <summary>A vault shows and takes what its purpose covers.</summary>
public sealed class PurposeTests
{
    // Of each class of data that rests in a vault.
    private const string Facts7 = "TargetDay";
    private static readonly string[] Kinds = ["cost", "score", "quarantine", "canary"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Purpose, string> Covered => new()
    {
        { Purpose.Run, "TargetDay cost score" },
        { Purpose.Show, "TargetDay cost score" },
        { Purpose.Instruct, "TargetDay cost score" },
        { Purpose.SetApart, "quarantine" },
        { Purpose.Retain, "TargetDay score quarantine" },
        { Purpose.Delete, "TargetDay cost score quarantine canary" },
        { Purpose.Prove, "canary" },
    };

    [Fact]
    public void Every_purpose_that_opens_vaults_is_tried() => Assert.Equal(Purposes.All.Where(rule => rule.OpensVaults).Select(rule => rule.Purpose), Covered.Select(row => row.Data.Item1));

    [Theory, MemberData(nameof(Covered))]
    [Promise("P-2-a", "P-4-c", "P-4-n", "P-6-f")]
    public async Task A_vault_shows_and_takes_what_its_purpose_covers_and_refuses_the_rest(Purpose purpose, string covered)
    {
        await using var store = await Store.StartAsync(Engine.Sqlite, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var (read, written) = (new List<string>(), new List<string>());

        var vault = await store.Vaults.OpenAsync(seller, purpose, Cancel);
        await TryAsync(Facts7, read, () => vault.ReadAsync(Dataset.TargetDay, Facts.Shop, null, Cancel));
        await TryAsync(Facts7, written, () => vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.TargetDay, Facts.Shop, Facts.Days(1), Facts.Table(Dataset.TargetDay, 1, 2, seed: 1)), Cancel));
        foreach (var kind in Kinds)
        {
            await TryAsync(kind, read, () => vault.RecordAsync(kind, "1", TestJson.Default.Note, Cancel));
            await TryAsync(kind, written, () => vault.CommitAsync(new VaultWrite().Put(kind, "1", new Note("x", 1), TestJson.Default.Note, "new"), Cancel));
            await TryAsync(kind, [], () => vault.RecordsAsync(kind, TestJson.Default.Note, null, Cancel));
        }

        Assert.Equal(purpose, vault.Purpose);
        Assert.Equal(covered.Split(' '), read);
        Assert.Equal(covered.Split(' '), written);
    }

    [Theory]
    [InlineData(Purpose.Connect)]
    [InlineData(Purpose.Account)]
    [InlineData(Purpose.Secure)]
    [InlineData(Purpose.Tell)]
    [InlineData((Purpose)99)]
    [Promise("P-2-a")]
    public async Task For_other_purposes_no_vault_is_opened(Purpose purpose)
    {
        await using var store = await Store.StartAsync(Engine.Sqlite, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);

        await Assert.ThrowsAsync<PurposeException>(() => store.Vaults.OpenAsync(seller, purpose, Cancel));
    }

    [Fact]
    [Promise("P-2-a")]
    public async Task What_nobody_described_is_neither_shown_nor_taken_and_a_refused_write_leaves_nothing()
    {
        await using var store = await Store.StartAsync(Engine.Sqlite, cancellationToken: Cancel);
        var seller = await store.NewSellerAsync(Cancel);
        var vault = await store.Vaults.OpenAsync(seller, Purpose.Run, Cancel);

        var refused = await Assert.ThrowsAsync<PurposeException>(() => vault.CommitAsync(new VaultWrite()
            .Put("score", "1", new Note("x", 1), TestJson.Default.Note, "new").Put("insight", "1", new Note("x", 1), TestJson.Default.Note, "new"), Cancel));

        Assert.Contains("'insight'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await vault.RecordsAsync("score", TestJson.Default.Note, null, Cancel));
        await Assert.ThrowsAsync<PurposeException>(() => vault.RecordsAsync("insight", TestJson.Default.Note, null, Cancel));
    }

    private static async Task TryAsync(string what, List<string> went, Func<Task> work)
    {
        try
        {
            await work();
            went.Add(what);
        }
        catch (PurposeException)
        {
            // Refused, as some must be.
        }
    }
}

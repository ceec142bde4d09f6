using System.IO;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault.Tests;

/// <summary>A destroyed key is gone from the disk, whatever the moment at which the machine stops.</summary>
public sealed class KeyDestructionTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("autonoomi-destroy-").FullName;
    private readonly SellerId gone = new(Guid.NewGuid());
    private readonly SellerId stays = new(Guid.NewGuid());

    private string Folder => Path.Combine(root, "keys");
    private string Ledger => Path.Combine(Folder, "ledger.json");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_stood_in_the_replaced_ledger_is_overwritten_and_not_only_unlinked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Hard links show the blocks of a file that has lost its name; the test makes them as on Unix.");
        using var keys = Begun();
        var blocks = Path.Combine(root, "blocks");
        Assert.Equal(0, Unix.Link(Ledger, blocks));
        var length = new FileInfo(blocks).Length;

        keys.DestroySeller(gone);

        Assert.Equal(new byte[length], File.ReadAllBytes(blocks));
        Assert.Equal(["anchors", "ledger.json", "ledger.lock", "master.key"], Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order());
        Assert.Equal([gone], keys.Destroyed());
    }

    [Fact]
    public void Written_up_to_any_byte_the_new_ledger_leaves_the_old_one_in_force()
    {
        var (before, after) = OldAndNew();

        for (var length = 0; length <= after.Length; length++)
        {
            File.WriteAllBytes(Ledger, before);
            Write(KeyFiles.Beside(Ledger), after.AsSpan(0, length));

            using var keys = KeyChain.OpenOrCreate(Folder, "test");

            Assert.True(keys.HasSeller(gone) && keys.HasSeller(stays));
            Assert.False(File.Exists(KeyFiles.Beside(Ledger)));
            if (length % 100 != 0) continue;
            keys.DestroySeller(gone);
            Assert.False(keys.HasSeller(gone));
        }
    }

    [Fact]
    public void A_stop_between_the_second_name_and_the_rename_overwrites_nothing_that_is_in_use()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no second name on Windows.");
        var (before, after) = OldAndNew();
        File.WriteAllBytes(Ledger, before);
        Write(KeyFiles.Beside(Ledger), after);
        Assert.Equal(0, Unix.Link(Ledger, KeyFiles.Before(Ledger)));

        using var keys = KeyChain.OpenOrCreate(Folder, "test");

        Assert.Equal(before, File.ReadAllBytes(Ledger));
        Assert.True(keys.HasSeller(gone));
        Assert.False(File.Exists(KeyFiles.Before(Ledger)) || File.Exists(KeyFiles.Beside(Ledger)));
    }

    [Fact]
    public void Overwritten_up_to_any_byte_the_old_ledger_is_finished_off_by_the_next_start()
    {
        var (before, after) = OldAndNew();

        for (var zeros = 0; zeros <= before.Length; zeros++)
        {
            File.WriteAllBytes(Ledger, after);
            var torn = (byte[])before.Clone();
            torn.AsSpan(0, zeros).Clear();
            Write(KeyFiles.Before(Ledger), torn);

            using var keys = KeyChain.OpenOrCreate(Folder, "test");

            Assert.False(keys.HasSeller(gone));
            Assert.True(keys.HasSeller(stays));
            Assert.False(File.Exists(KeyFiles.Before(Ledger)));
        }
    }

    [Fact]
    public void A_destruction_that_is_repeated_takes_away_an_anchor_that_a_stop_left()
    {
        using var keys = Begun();
        keys.DestroySeller(gone);
        var anchor = Path.Combine(Folder, "anchors", gone.ToString());
        File.WriteAllText(anchor, "left");

        keys.DestroySeller(gone);

        Assert.False(File.Exists(anchor));
    }

    [Fact]
    public async Task A_process_that_reads_the_ledger_while_another_replaces_it_reads_the_old_one_or_the_new_one()
    {
        using var writer = Begun();
        using var reader = KeyChain.OpenOrCreate(Folder, "test");
        var done = false;
        var reading = Task.Run(
            () =>
            {
                var reads = 0;
                for (; !Volatile.Read(ref done) || reads == 0; reads++) Assert.True(reader.HasSeller(stays));
                return reads;
            },
            TestContext.Current.CancellationToken);

        for (var round = 0; round < 150; round++)
        {
            var seller = new SellerId(Guid.NewGuid());
            writer.CreateSeller(seller);
            writer.DestroySeller(seller);
        }

        Volatile.Write(ref done, true);
        Assert.True(await reading > 0);
        Assert.Equal(150, reader.Destroyed().Count);
    }

    private KeyChain Begun()
    {
        var keys = KeyChain.OpenOrCreate(Folder, "test");
        keys.CreateSeller(gone);
        keys.CreateSeller(stays);
        return keys;
    }

    private (byte[] Before, byte[] After) OldAndNew()
    {
        using var keys = Begun();
        var before = File.ReadAllBytes(Ledger);
        keys.DestroySeller(gone);
        return (before, File.ReadAllBytes(Ledger));
    }

    private static void Write(string file, ReadOnlySpan<byte> bytes)
    {
        File.Delete(file);
        using var stream = KeyFiles.Create(file);
        stream.Write(bytes);
    }
}

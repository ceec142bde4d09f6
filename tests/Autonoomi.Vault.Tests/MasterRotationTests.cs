using System.IO;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault.Tests;

/// <summary>A new master key and environment key: all that was sealed opens, and the old master key opens nothing of it.</summary>
public sealed class MasterRotationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
    private readonly string root = Directory.CreateTempSubdirectory("autonoomi-rotate-").FullName;
    private readonly SellerId seller = new(Guid.NewGuid());

    private string Folder => Path.Combine(root, "keys");
    private string Master => Path.Combine(Folder, "master.key");
    private string Ledger => Path.Combine(Folder, "ledger.json");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_was_sealed_before_opens_after_in_this_process_and_the_next_and_in_one_that_ran_meanwhile()
    {
        using var keys = Begun();
        using var running = KeyChain.OpenOrCreate(Folder, "test");
        var (mail, hash, token) = (keys.Application.SealText("user", "email", "1", "somebody"), keys.Application.LookupHash("email", "somebody"), keys.ForSeller(seller).SealText("t", "c", "1", "token"));

        for (var round = 0; round < 5; round++)
        {
            var other = new SellerId(Guid.NewGuid());
            keys.RotateMaster(Now);
            running.CreateSeller(other);
            using var next = KeyChain.OpenOrCreate(Folder, "test", dataExists: true);
            foreach (var chain in (KeyChain[])[keys, running, next])
            {
                Assert.Equal("somebody", chain.Application.OpenText("user", "email", "1", mail));
                Assert.Equal(hash, chain.Application.LookupHash("email", "somebody"));
                Assert.Equal("token", chain.ForSeller(seller).OpenText("t", "c", "1", token));
                Assert.True(chain.HasSeller(other));
            }
        }

        Assert.Equal(["anchors", "ledger.json", "ledger.lock", "master.key"], Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_old_master_key_is_refused_and_overwritten_on_disk()
    {
        using var keys = Begun();
        var (oldMaster, oldLedger) = (File.ReadAllText(Master), File.ReadAllText(Ledger));
        var blocks = Path.Combine(root, "blocks");
        if (!OperatingSystem.IsWindows()) Assert.Equal(0, Unix.Link(Master, blocks));

        var (old, next) = keys.RotateMaster(Now);

        if (!OperatingSystem.IsWindows()) Assert.All(File.ReadAllBytes(blocks), value => Assert.Equal(0, value));
        Assert.Contains(next, File.ReadAllText(Master), StringComparison.Ordinal);
        foreach (var wrapped in oldLedger.Split('"').Where(text => text.Length > 60 && !text.Contains(' ', StringComparison.Ordinal)))
            Assert.DoesNotContain(wrapped, File.ReadAllText(Ledger), StringComparison.Ordinal);
        File.WriteAllText(Master, oldMaster);
        var refused = Assert.Throws<WrongMasterKeyException>(() => KeyChain.OpenOrCreate(Folder, "test"));
        Assert.Contains(old, refused.Message, StringComparison.Ordinal);
        Assert.Contains(next, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_off_at_any_step_the_rotation_leaves_a_master_key_with_the_ledger_that_it_opens()
    {
        byte[] oldMaster, oldLedger;
        using (var keys = Begun())
        {
            (oldMaster, oldLedger) = (File.ReadAllBytes(Master), File.ReadAllBytes(Ledger));
            keys.RotateMaster(Now);
        }

        var (newMaster, newLedger) = (File.ReadAllBytes(Master), File.ReadAllBytes(Ledger));
        (string Step, byte[] Master, byte[] Ledger, byte[]? Beside, byte[] Expected)[] steps =
        [
            ("new key beside", oldMaster, oldLedger, newMaster, oldMaster),
            ("ledger replaced", oldMaster, newLedger, newMaster, newMaster),
            ("both in place", newMaster, newLedger, newMaster, newMaster),
            ("done", newMaster, newLedger, null, newMaster),
        ];
        foreach (var step in steps)
            foreach (var torn in (int[])[-1, 0, 1, 30, newMaster.Length - 1])
            {
                Write(Master, step.Master);
                Write(Ledger, step.Ledger);
                Write(Master + ".new", step.Beside);
                Write(KeyFiles.Beside(Master), torn < 0 ? null : newMaster[..torn]);

                using var keys = KeyChain.OpenOrCreate(Folder, "test", dataExists: true);

                Assert.Equal(step.Expected, File.ReadAllBytes(Master));
                Assert.True(keys.HasSeller(seller), step.Step);
                Assert.False(File.Exists(Master + ".new") || File.Exists(KeyFiles.Beside(Master)), step.Step);
            }
    }

    [Fact]
    public void A_backup_of_before_opens_for_fourteen_days_and_then_no_key_of_it_is_left()
    {
        byte[] sealedText;
        string set;
        using (var keys = Begun())
        {
            sealedText = keys.ForSeller(seller).SealText("t", "c", "1", "text");
            var file = Path.Combine(root, "store");
            File.WriteAllBytes(file, new byte[5000]);
            set = BackupSet.Write(Path.Combine(root, "sets"), keys, file, "Initial", Now);
            keys.RotateMaster(Now);
            keys.RotateMaster(Now.AddDays(1));
            keys.BeginRotation(seller);
            keys.FinishRotation(seller);
            Assert.Throws<SealBrokenException>(() => keys.ForSeller(seller).OpenText("t", "c", "1", sealedText));
            keys.DropRetired(Now.AddDays(14).AddSeconds(-1));
        }

        using (var opened = BackupSet.Open(set, Folder, "test", Now.AddDays(14)))
        {
            opened.CopyStoreTo(Path.Combine(root, "copy"));
            Assert.Equal("text", opened.Keys.ForSeller(seller).OpenText("t", "c", "1", sealedText));
        }

        using (var keys = KeyChain.OpenOrCreate(Folder, "test")) keys.DropRetired(Now.AddDays(14));
        Assert.Throws<WrongMasterKeyException>(() => BackupSet.Open(set, Folder, "test", Now.AddDays(14)));
        using (var keys = KeyChain.OpenOrCreate(Folder, "test")) keys.DropRetired(Now.AddDays(15));
        Assert.DoesNotContain("retired", File.ReadAllText(Ledger), StringComparison.Ordinal);
    }

    private KeyChain Begun()
    {
        var keys = KeyChain.OpenOrCreate(Folder, "test");
        keys.CreateSeller(seller);
        return keys;
    }

    private static void Write(string file, byte[]? bytes)
    {
        File.Delete(file);
        if (bytes is null) return;
        using var stream = KeyFiles.Create(file);
        stream.Write(bytes);
    }
}

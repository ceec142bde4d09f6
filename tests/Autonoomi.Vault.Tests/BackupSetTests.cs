using System.IO;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault.Tests;

/// <summary>A set opens whole, in its environment, with its keys and in its time, or not at all.</summary>
public sealed class BackupSetTests : IDisposable
{
    private const int PieceBytes = 4096;
    private static readonly DateTimeOffset Made = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
    private readonly string root = Directory.CreateTempSubdirectory("autonoomi-backup-").FullName;
    private readonly byte[] store = RandomNumberGenerator.GetBytes((6 * PieceBytes) + 77);
    private readonly SellerId seller = new(Guid.NewGuid());

    private string KeyFolder => Path.Combine(root, "keys");
    private string Sets => Path.Combine(root, "sets");
    private string Copy => Path.Combine(root, "copy");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_went_in_comes_out_and_nothing_of_it_is_readable_in_the_set()
    {
        var set = Make("test", Made);

        Restore(set);

        Assert.Equal(store, File.ReadAllBytes(Copy));
        var sealedBytes = File.ReadAllBytes(Path.Combine(set, "store.sealed"));
        for (var at = 0; at + 32 <= store.Length; at += 32) Assert.Equal(-1, sealedBytes.AsSpan().IndexOf(store.AsSpan(at, 32)));
    }

    [Fact]
    public void An_empty_store_and_one_of_whole_pieces_come_back_too()
    {
        foreach (var length in (int[])[0, 1, PieceBytes, 2 * PieceBytes])
        {
            var set = Make("test", Made.AddMinutes(length), store[..length]);
            Restore(set);
            Assert.Equal(store[..length], File.ReadAllBytes(Copy));
            File.Delete(Copy);
        }
    }

    [Fact]
    public void Cut_within_or_after_any_piece_the_set_is_refused()
    {
        var set = Make("test", Made);
        var file = Path.Combine(set, "store.sealed");
        var whole = File.ReadAllBytes(file);
        var sealedPiece = PieceBytes + Cipher.Overhead;

        for (var piece = 0; piece < 7; piece++)
            foreach (var cut in (int[])[piece * sealedPiece, (piece * sealedPiece) + 1, (piece * sealedPiece) + 50])
            {
                File.WriteAllBytes(file, whole[..cut]);
                Assert.Contains("cut off", Assert.Throws<BackupException>(() => Restore(set)).Message, StringComparison.Ordinal);
            }

        File.WriteAllBytes(file, [.. whole, 0]);
        Refused(set);
    }

    [Fact]
    public void One_flipped_bit_in_any_piece_or_its_nonce_or_seal_is_named_by_piece()
    {
        var set = Make("test", Made);
        var file = Path.Combine(set, "store.sealed");
        var whole = File.ReadAllBytes(file);
        var sealedPiece = PieceBytes + Cipher.Overhead;

        for (var piece = 0; piece < 7; piece++)
            foreach (var at in (int[])[0, 3, 9, 20, 40, 33 + 76])
            {
                var changed = (byte[])whole.Clone();
                changed[(piece * sealedPiece) + at] ^= 0x10;
                File.WriteAllBytes(file, changed);
                Assert.Contains($"Piece {piece + 1} of 7", Assert.Throws<BackupException>(() => Restore(set)).Message, StringComparison.Ordinal);
                Assert.False(File.Exists(Copy));
            }
    }

    [Fact]
    public void Pieces_that_change_places_or_come_from_another_set_are_refused()
    {
        var set = Make("test", Made);
        var other = Make("test", Made.AddHours(1));
        var file = Path.Combine(set, "store.sealed");
        var whole = File.ReadAllBytes(file);
        var foreign = File.ReadAllBytes(Path.Combine(other, "store.sealed"));
        var sealedPiece = PieceBytes + Cipher.Overhead;

        var swapped = (byte[])whole.Clone();
        whole.AsSpan(0, sealedPiece).CopyTo(swapped.AsSpan(sealedPiece));
        whole.AsSpan(sealedPiece, sealedPiece).CopyTo(swapped);
        File.WriteAllBytes(file, swapped);
        Refused(set);

        File.WriteAllBytes(file, [.. whole.AsSpan(0, 2 * sealedPiece), .. foreign.AsSpan(2 * sealedPiece)]);
        Refused(set);

        File.WriteAllBytes(file, foreign);
        Refused(set);
    }

    [Theory]
    [InlineData("store.sealed")]
    [InlineData("ledger.json")]
    [InlineData("manifest.json")]
    public void A_missing_file_is_named(string name)
    {
        var set = Make("test", Made);
        File.Delete(Path.Combine(set, name));

        Assert.Contains(name, Assert.Throws<BackupException>(() => Restore(set)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger.json")]
    [InlineData("manifest.json")]
    public void No_character_of_manifest_and_ledger_can_be_changed(string name)
    {
        var set = Make("test", Made);
        var file = Path.Combine(set, name);
        var whole = File.ReadAllBytes(file);

        for (var at = 0; at < whole.Length; at++)
        {
            if (char.IsWhiteSpace((char)whole[at])) continue;
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            File.WriteAllBytes(file, changed);
            Refused(set);
        }
    }

    [Fact]
    public void Other_keys_of_the_same_environment_open_nothing()
    {
        var set = Make("test", Made);
        var other = Path.Combine(root, "other");
        KeyChain.OpenOrCreate(other, "test").Dispose();

        Assert.Throws<WrongMasterKeyException>(() => BackupSet.Open(set, other, "test", Made));

        // The other master key beside a ledger that is lost opens nothing either.
        File.Delete(Path.Combine(other, "ledger.json"));
        Assert.Throws<WrongMasterKeyException>(() => BackupSet.Open(set, other, "test", Made));
        Assert.Throws<MasterKeyMissingException>(() => BackupSet.Open(set, Path.Combine(root, "none"), "test", Made));
    }

    [Fact]
    public void A_set_of_another_environment_is_refused_even_when_its_tags_are_rewritten()
    {
        var set = Make("demo", Made);
        var production = Path.Combine(root, "production");
        KeyChain.OpenOrCreate(production, "production").Dispose();

        Assert.Contains("'demo'", Assert.Throws<BackupException>(() => BackupSet.Open(set, production, "production", Made)).Message, StringComparison.Ordinal);

        foreach (var name in (string[])["manifest.json", "ledger.json"])
        {
            var file = Path.Combine(set, name);
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            json["environment"] = "production";
            File.WriteAllText(file, json.ToJsonString());
        }

        Assert.ThrowsAny<VaultException>(() => BackupSet.Open(set, production, "production", Made));
    }

    [Fact]
    public void After_fourteen_days_a_set_is_refused_and_before_that_the_daily_backup_has_removed_it()
    {
        var set = Make("test", Made);
        BackupSet.Open(set, KeyFolder, "test", Made.AddDays(14)).Dispose();
        Assert.Contains("14 days", Assert.Throws<BackupException>(() => BackupSet.Open(set, KeyFolder, "test", Made.AddDays(14).AddSeconds(1))).Message, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(Sets, "autonoomi-demo-20261101T000000Z"));
        Directory.CreateDirectory(Path.Combine(Sets, "my photographs"));
        Directory.CreateDirectory(set + "x");
        for (var day = 1; day <= 30; day++)
        {
            Make("test", Made.AddDays(day));
            BackupSet.Prune(Sets, "test", Made.AddDays(day));
            var oldest = BackupSet.In(Sets, "test").Min(found => found.MadeAt);
            Assert.InRange(Made.AddDays(day) - oldest, TimeSpan.Zero, BackupSet.Limit);
        }

        Assert.Equal(13, BackupSet.In(Sets, "test").Count);
        Assert.True(Directory.Exists(Path.Combine(Sets, "my photographs")) && Directory.Exists(set + "x") && Directory.Exists(Path.Combine(Sets, "autonoomi-demo-20261101T000000Z")));
    }

    [Fact]
    public void A_set_that_goes_takes_its_copy_of_the_ledger_from_the_disk()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Hard links show the blocks of a file that has lost its name; the test makes them as on Unix.");
        var set = Make("test", Made);
        var blocks = Path.Combine(root, "blocks");
        Assert.Equal(0, Unix.Link(Path.Combine(set, "ledger.json"), blocks));

        Assert.Equal(1, BackupSet.Prune(Sets, "test", Made.AddDays(13)));

        Assert.False(Directory.Exists(set));
        Assert.All(File.ReadAllBytes(blocks), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_seller_destroyed_since_stays_destroyed_and_the_others_are_adopted()
    {
        var stays = new SellerId(Guid.NewGuid());
        using (var keys = KeyChain.OpenOrCreate(KeyFolder, "test")) keys.CreateSeller(stays);
        var set = Make("test", Made);
        using (var keys = KeyChain.OpenOrCreate(KeyFolder, "test")) keys.DestroySeller(seller);

        using (var opened = BackupSet.Open(set, KeyFolder, "test", Made))
        {
            Assert.Equal([seller], opened.Keys.Destroyed());
            Assert.False(opened.Keys.HasSeller(seller));
            opened.AdoptKeys();
        }

        using var after = KeyChain.OpenOrCreate(KeyFolder, "test");
        Assert.False(after.HasSeller(seller));
        Assert.True(after.HasSeller(stays));
        Assert.Throws<SellerKeyMissingException>(() => after.CreateSeller(seller));
    }

    [Fact]
    public void With_the_ledger_lost_the_master_key_opens_the_set_and_a_newer_set_tells_who_was_destroyed_since()
    {
        var stays = new SellerId(Guid.NewGuid());
        byte[] text;
        using (var keys = KeyChain.OpenOrCreate(KeyFolder, "test"))
        {
            keys.CreateSeller(stays);
            text = keys.ForSeller(stays).SealText("t", "c", "1", "kept");
        }

        var older = Make("test", Made);
        using (var keys = KeyChain.OpenOrCreate(KeyFolder, "test")) keys.DestroySeller(seller);
        _ = Make("test", Made.AddDays(1));
        File.Delete(Path.Combine(KeyFolder, "ledger.json"));

        using (var opened = BackupSet.Open(older, KeyFolder, "test", Made.AddDays(1))) opened.AdoptKeys();

        using var after = KeyChain.OpenOrCreate(KeyFolder, "test", dataExists: true);
        Assert.Equal([seller], after.Destroyed());
        Assert.False(after.HasSeller(seller));
        Assert.Equal("kept", after.ForSeller(stays).OpenText("t", "c", "1", text));
    }

    private string Make(string environment, DateTimeOffset at, byte[]? content = null)
    {
        var file = Path.Combine(root, "store");
        File.WriteAllBytes(file, content ?? store);
        using var keys = KeyChain.OpenOrCreate(environment == "test" ? KeyFolder : Path.Combine(root, environment + "-keys"), environment);
        if (!keys.Destroyed().Contains(seller)) keys.CreateSeller(seller);
        return BackupSet.Write(Sets, keys, file, "20261123_Initial", at, PieceBytes);
    }

    private void Restore(string set)
    {
        using var opened = BackupSet.Open(set, KeyFolder, "test", Made.AddHours(2));
        opened.CopyStoreTo(Copy);
    }

    private void Refused(string set) => Assert.ThrowsAny<VaultException>(() => Restore(set));
}
